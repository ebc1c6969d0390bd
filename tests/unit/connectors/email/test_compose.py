"""The mail that leaves: the same words twice, as text and as HTML, and no words of anybody's become markup or a header."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from connectors.email import parse_mail
from connectors.email.compose import Composer, html_of
from connectors.email.settings import EmailSettings
from connectors.port import Attachment, OutgoingMessage

COMPOSER = Composer(
    EmailSettings(address="kf@x.cn", imap_host="i", imap_user="kf", smtp_host="s"),
    lambda: datetime(2026, 3, 5, tzinfo=UTC),
)
OURS = {"html", "head", "meta", "body", "p", "br", "a", "-text", "-doctype", "-undef"}


def written(text: str, locale: str = "", *files: Attachment) -> EmailMessage:
    letter = COMPOSER.compose(OutgoingMessage("k", "a@b.cn", text, subject="s", locale=locale, attachments=files))
    mail = email.message_from_bytes(re.sub(rb"^\.\.", b".", letter.payload, flags=re.M), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\nb\n\n\nc", "<p>a<br>\nb</p>\n<p>c</p>"),
        ("x < y & <b>z</b>", "<p>x &lt; y &amp; &lt;b&gt;z&lt;/b&gt;</p>"),
        ('看 https://x.cn/a?b=1&c="d。完', '<p>看 <a href="https://x.cn/a?b=1&amp;c=">https://x.cn/a?b=1&amp;c=</a>&quot;d。完</p>'),
        ("(http://x.cn/).", '<p>(<a href="http://x.cn/">http://x.cn/</a>).</p>'),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        ("https://x.cn/'onclick=", '<p><a href="https://x.cn/&#x27;onclick=">https://x.cn/&#x27;onclick=</a></p>'),
        ("\x00\x1bx", "<p>x</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_of_a_text(text: str, html: str) -> None:
    assert html_of(text).partition("<body")[2].partition(">\n")[2].removesuffix("\n</body>\n</html>\n") == html


@given(st.text(alphabet=st.one_of(st.sampled_from("<>&\"'/=:.\n ahtps"), st.characters()), max_size=200))
def test_no_text_becomes_markup(text: str) -> None:
    tree = LexborHTMLParser(html_of(text, locale=text))
    assert tree.root is not None
    for node in tree.root.traverse():
        assert node.tag in OURS, node.tag
        assert set(node.attributes) <= {"href", "lang", "charset", "style"}
        if node.tag == "a":
            assert node.attributes["href"] == node.text()
            assert node.text().startswith(("http://", "https://"))


@given(st.text(max_size=300))
def test_both_parts_say_the_same_and_any_server_takes_the_lines(text: str) -> None:
    mail = written(text)
    kinds = [part.get_content_type() for part in mail.iter_parts()]
    assert (mail.get_content_type(), kinds) == ("multipart/alternative", ["text/plain", "text/html"])
    assert all(len(line) <= 998 for line in mail.as_bytes().splitlines())
    assert not mail.defects
    for part in mail.iter_parts():
        assert not part.defects


def test_we_read_what_we_write() -> None:
    """An answer that quotes us is read from the text, not from two texts glued together."""
    mail = parse_mail(written("您好：\n\n编号 TS20260305-0001，请回复。").as_bytes())
    assert mail.text == "您好：\n\n编号 TS20260305-0001，请回复。"
    assert mail.attachments == ()


@pytest.mark.parametrize(("locale", "lang"), [("zh", "zh"), ("zh-CN", "zh-CN"), ('"><script>', None), ("", None)])
def test_the_language(locale: str, lang: str | None) -> None:
    html = LexborHTMLParser(html_of("x", locale)).css_first("html")
    assert html is not None
    assert html.attributes.get("lang") == lang


def test_it_is_a_letter_and_no_list() -> None:
    """What keeps machines from answering is there (RFC 3834); what would make it a list's or a bulk mail is not."""
    head = written("x")
    assert (head["Auto-Submitted"], head["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert not [name for name in head if name.lower().startswith(("list-", "precedence", "feedback-id"))]


NAMES = ["TS1.ics", "上门 时间.ics", 'a"b\\c/../d.ics', "x\r\nBcc: a@b.cn", "", "长" * 300]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_goes_with_the_words_whatever_it_is_called(name: str) -> None:
    data = bytes(range(256)) * 40 + b"\r\n.\r\n--=_\r\n"
    mail = written("见附件", "zh", Attachment(name, "text/calendar; charset=utf-8; method=PUBLISH", data, len(data)))
    assert not mail.defects
    assert (mail["To"], mail["Bcc"]) == ("a@b.cn", None)
    words, file = mail.iter_parts()
    assert [part.get_content_type() for part in words.iter_parts()] == ["text/plain", "text/html"]
    assert file.get_content_disposition() == "attachment"
    assert (file.get_content_type(), file.get_param("method")) == ("text/calendar", "PUBLISH")
    assert file.get_payload(decode=True) == data
    shown = file.get_filename() or ""
    assert shown
    assert not set(shown) & set("/\\\r\n")
    assert all(len(line) <= 998 for line in mail.as_bytes().splitlines())
    read = parse_mail(mail.as_bytes())
    assert read.text == "见附件"
    assert [(each.type, each.data) for each in read.attachments] == [("text/calendar", data)]


def test_a_type_that_is_none_is_an_unknown_one() -> None:
    bad = Attachment("a.bin", "text/x\r\nBcc: a@b.cn", b"x", 1)
    empty = Attachment("b.bin", "text/plain", b"", 0)
    mail = written("x", "zh", bad, empty)
    _, *files = mail.iter_parts()
    assert [file.get_content_type() for file in files] == ["application/octet-stream"]
    assert mail["Bcc"] is None
