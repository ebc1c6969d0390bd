"""Mails of a megabyte made to hold a reader up. Each of these took it minutes, or for ever, with one rule or another."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest

from connectors.email.follower import raw_message
from connectors.email.headers import MAX_FIELDS, MAX_HEADER, split, split_part
from connectors.email.message import parse_mail
from connectors.port import NotUnderstood
from tests.unit.connectors.email.samples import mail

SIZE = 1_000_000


def filled(unit: str | bytes, size: int = SIZE) -> bytes:
    data = unit if isinstance(unit, bytes) else unit.encode()
    return data * (size // len(data))


FIRST = b"From: z@qq.com\r\nMessage-ID: <1@qq.com>\r\nSubject: x\r\n"
NESTED = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (i, i) for i in range(150))
HEADERS = [
    pytest.param(b"From: " + filled("a,"), id="commas in From"),
    pytest.param(b"From: " + filled("@,"), id="at signs in From"),
    pytest.param(b"From: " + filled('"\\'), id="quotes never closed"),
    pytest.param(b"From: " + filled("("), id="comments never closed"),
    pytest.param(b"From: " + filled("<"), id="brackets never closed"),
    pytest.param(b"From: " + filled("=?utf-8?Q?a"), id="words never closed"),
    pytest.param(b"From: " + filled("=?utf-8?B?YQ==?= "), id="words without end"),
    pytest.param(b"To: " + filled("a@b.cn, "), id="a hundred thousand recipients"),
    pytest.param(filled("To: a@b.cn\r\n").rstrip(), id="ninety thousand fields"),
    pytest.param(b"X: y" + filled("\r\n z"), id="a field folded without end"),
    pytest.param(filled("no field\r\nX: y\r\n").rstrip(), id="broken lines between fields"),
    pytest.param(b"References: " + filled("<a@b.cn> "), id="references"),
    pytest.param(b"References: " + filled("<a"), id="references never closed"),
    pytest.param(b"Subject: " + filled("=?gb2312?B?"), id="a subject of beginnings"),
    pytest.param(b"Subject: " + filled(b"\xff"), id="a subject of no charset"),
    pytest.param(b"Date: " + filled("1"), id="a date of digits"),
    pytest.param(b"Content-Type: text/plain;" + filled(" "), id="blanks for a parameter"),
    pytest.param(b"Content-Type: text/plain; " + filled("a=b;"), id="parameters"),
    pytest.param(b"Content-Type: text/plain; name*0*=x''a;" + filled("name*1=%41;"), id="one piece again and again"),
    pytest.param(b'Content-Type: text/plain; name="' + filled("\\"), id="backslashes"),
]


@pytest.mark.parametrize("head", HEADERS)
def test_headers_without_end(head: bytes) -> None:
    assert parse_mail(FIRST + head + b"\r\n\r\n\xe6\xbc\x8f\xe6\xb0\xb4").text == "漏水"


# A list entry for each line, and then a field: a hundred times what came in.
BOMB = 4_000_000
BOMBS = [
    pytest.param(FIRST + filled("X: a\r\n", BOMB), id="fields"),
    pytest.param(FIRST + filled("X: a\n", BOMB), id="fields, unix"),
    pytest.param(FIRST + b"X: a\r\n" + filled(" b\r\n", BOMB), id="folds"),
    pytest.param(FIRST + b"X: a\r\n" + filled("no field\r\nX: y\r\n", BOMB), id="broken lines"),
    pytest.param(
        FIRST + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + filled("X: a\r\n", BOMB), id="fields of a part"
    ),
    pytest.param(
        FIRST + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX: a\r\n" + filled(" b\r\n", BOMB),
        id="folds of a part",
    ),
    pytest.param(FIRST + b"Content-Type: message/rfc822\r\n\r\n" + filled("X: a\r\n", BOMB), id="fields of a mail in it"),
    pytest.param(
        FIRST + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + (b"--b\r\n" + filled("X:\n", 20_000) + b"\n") * 200,
        id="fields of many parts",
    ),
]  # fmt: skip


def peak_of(work: Callable[[], object]) -> int:
    """Return how many bytes were taken at most meanwhile."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("head", BOMBS)
def test_a_bomb_of_header_lines_takes_a_few_times_its_size(head: bytes) -> None:
    raw = head + b"\r\n\xe6\xbc\x8f\xe6\xb0\xb4"
    assert peak_of(lambda: raw_message(raw)) < 3 * len(raw)
    assert peak_of(lambda: parse_mail(raw)) < 5 * len(raw)
    message = parse_mail(raw)
    assert (message.conversation, message.subject) == ("z@qq.com", "x")
    if b"multipart" not in head[:200]:
        assert message.text == "漏水"


def test_a_report_of_fields_without_end() -> None:
    head = FIRST + b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\n"
    fields = b"".join(b"X%d: a\r\n" % number for number in range(300_000))
    said = b"Content-Type: message/delivery-status\r\n\r\n\r\nFinal-Recipient: rfc822; a@b.cn\r\nAction: failed\r\n"
    raw = head + said + fields + b"--b--"
    assert peak_of(lambda: parse_mail(raw)) < 6 * len(raw)
    (receipt,) = parse_mail(raw).receipts
    assert receipt.address == "a@b.cn"


@pytest.mark.parametrize("more", ["X: a\r\n", "X: a\n", "To: a@b.cn,\r\n b@b.cn\r\n"])
@pytest.mark.parametrize("size", [50_000, MAX_HEADER, 2 * MAX_HEADER])
def test_of_a_cut_header_the_first_fields_and_the_whole_text_count(more: str, size: int) -> None:
    header = split(FIRST + filled(more, size) + b"\r\nwords\r\n\r\nX: more words")
    assert header.cut
    assert len(header.fields) <= MAX_FIELDS
    assert header.body == b"words\r\n\r\nX: more words"
    whole = raw_message(FIRST + b"\r\nwords\r\n\r\nX: more words")
    assert raw_message(FIRST + filled(more, size) + b"\r\nwords\r\n\r\nX: more words").external_id == whole.external_id


def test_a_header_at_the_limit_is_whole() -> None:
    header = split(b"".join(b"X-%d: a\r\n" % number for number in range(MAX_FIELDS)) + b"\r\nwords")
    assert (len(header.fields), header.cut, header.body) == (MAX_FIELDS, False, b"words")
    assert not split_part(filled("X: a\r\n", 600) + b"\r\nwords").cut


@pytest.mark.parametrize("missing", ["From", "Message-ID", "Subject"])
def test_a_cut_header_that_does_not_say_who_and_what_is_for_a_person(missing: str) -> None:
    """It is stored all the same, with its bytes: the inbox puts it into quarantine."""
    lines = [line for line in FIRST.splitlines(keepends=True) if not line.startswith(missing.encode())]
    raw = b"".join(lines) + filled("X: a\r\n") + FIRST + b"\r\nwords"
    assert raw_message(raw).raw == raw
    with pytest.raises(NotUnderstood, match=f"has no {missing.lower()}: look at it"):
        parse_mail(raw)


PLAIN = "Content-Type: text/plain; charset=utf-8\n"
BODIES = [
    pytest.param("X: y\n", b"\r\n" + NESTED + filled("--x\n"), id="boundaries that are none"),
    pytest.param("Content-Type: multipart/mixed; boundary=b\n", filled("--b\n"), id="empty parts"),
    pytest.param("Content-Type: multipart/mixed; boundary=b\n", filled("--bb\n"), id="boundaries that begin so"),
    pytest.param("Content-Type: multipart/mixed\n", filled("\n--" + " " * 199), id="blanks for a boundary"),
    pytest.param(PLAIN + "Content-Transfer-Encoding: base64\n", filled("=a"), id="padding everywhere"),
    pytest.param(PLAIN + "Content-Transfer-Encoding: quoted-printable\n", filled("=\n"), id="soft breaks"),
    pytest.param(PLAIN.rstrip() + "; format=flowed\n", filled("a \n"), id="a paragraph without end"),
    pytest.param(PLAIN.rstrip() + "; format=flowed\n", filled(">"), id="a quotation without end"),
    pytest.param(PLAIN, filled("A", 900_000) + b"!", id="nearly base64"),
    pytest.param(PLAIN, filled("begin 644 a\n"), id="files that only begin"),
    pytest.param(PLAIN, filled("\n"), id="empty lines"),
    pytest.param(PLAIN, filled(" "), id="blanks"),
    pytest.param("Content-Type: text/enriched\n", filled("<param>"), id="enriched"),
    pytest.param("Content-Type: text/calendar\n", filled("SUMMARY:\n"), id="an invitation of summaries"),
    pytest.param("Content-Type: text/html\n", filled("<div>"), id="open tags"),
    pytest.param("Content-Type: text/html\n", filled("<div style='max-height:0;"), id="styles never closed"),
    pytest.param(
        "Content-Type: text/html\n", b"<p style='" + filled("max-height:0;") + b"'>x", id="one style without end"
    ),
    pytest.param("Content-Type: text/html\n", filled("<meta "), id="meta"),
    pytest.param("Content-Type: application/ms-tnef\n", b"\x78\x9f\x3e\x22" + filled(b"\0"), id="winmail of nothing"),
    pytest.param("Content-Type: application/pkcs7-mime\n", filled(b"\x04\x82\x00\x01A"), id="a signature of octets"),
    pytest.param("Content-Type: message/rfc822\n", filled("Content-Type: message/rfc822\n\n"), id="mails in mails"),
    pytest.param("Content-Type: multipart/report; boundary=b\n", b"--b\n" + NESTED + filled("--x\n"), id="a report"),
]


@pytest.mark.parametrize(("head", "body"), BODIES)
def test_bodies_without_end(head: str, body: bytes) -> None:
    message = parse_mail(mail(head + "Subject: x", body))
    assert message.subject == "x"
    assert len(message.text) <= 200_000
    assert sum(len(file.data or b"") for file in message.attachments) <= 2 * len(body)


def test_an_expanding_mail_does_not_expand() -> None:
    """Nothing in a mail is compressed: what comes out is never much more than what came in."""
    bomb = b"".join(b"--b\r\nContent-Type: message/rfc822\r\n\r\n" for _ in range(20_000))
    message = parse_mail(mail("Subject: x\nContent-Type: multipart/mixed; boundary=b", bomb))
    assert sum(file.size for file in message.attachments) <= 3 * len(bomb)


def in_base64(body: bytes, kind: str = "text/plain") -> bytes:
    return FIRST + f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + body


def nested(levels: int, body: bytes) -> bytes:
    heads = (b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(levels))
    return FIRST + b"".join(heads) + b"\r\n" + body


BODY_BOMB = 2_000_000
SLOW_BOMB = 400_000  # takes seconds where memory is traced
BODY_BOMBS = [
    pytest.param(in_base64(filled("!\n", BODY_BOMB)), id="base64 of plain lines"),
    pytest.param(in_base64(b"YWFh\n" + filled("!\n", BODY_BOMB)), id="plain lines below base64"),
    pytest.param(in_base64(filled("\r", BODY_BOMB) + b"!!!"), id="base64 of empty lines"),
    pytest.param(in_base64(filled("YQ==\n", SLOW_BOMB) + b"!!!"), id="base64 in many runs"),
    pytest.param(in_base64(filled("=aa", SLOW_BOMB)), id="padding everywhere"),
    pytest.param(in_base64(filled("=a", SLOW_BOMB), "application/pdf"), id="padding everywhere, in a file"),
    pytest.param(nested(29, filled("aaaaaaa\r\n", BODY_BOMB)), id="multiparts in multiparts"),
    pytest.param(nested(200, filled("aaaaaaa\r\n", BODY_BOMB)), id="more of them than are opened"),
    pytest.param(FIRST + b"\r\nbegin 644 a\n" + filled("\n", SLOW_BOMB) + b"end\n", id="a uuencoded file of empty lines"),
    pytest.param(FIRST + b"\r\nbegin 644 a\n" + filled("M\n", BODY_BOMB) + b"end\n", id="a uuencoded file of zeros"),
    pytest.param(
        FIRST + b"Content-Type: application/pkcs7-mime\r\n\r\n\x04\x82\x00\x05AAAA:" + filled(b"\x04\x82\x00\x00", SLOW_BOMB),
        id="a signature of nothing",
    ),
    pytest.param(FIRST + b"Content-Type: text/enriched\r\n\r\n" + filled("<<", BODY_BOMB), id="enriched marks"),
]  # fmt: skip


@pytest.mark.parametrize("raw", BODY_BOMBS)
def test_a_bomb_in_the_body_takes_a_few_times_its_size(raw: bytes) -> None:
    assert peak_of(lambda: parse_mail(raw)) < 6 * len(raw)


def test_all_that_stands_in_nested_multiparts_is_read() -> None:
    message = parse_mail(nested(29, b"words" + b"\r\n--b28\r\n\r\nmore"))
    assert message.text == "words\n\nmore"


@pytest.mark.parametrize(
    ("encoded", "plain"),
    [
        (b"5ryP5rC0\r\n", "漏水"),
        (b"5ryP\r\n5rC0\r\n-- \r\nsent by a list, http://list.example/\r\n", "漏水--\nsent by a list, http://list.example/"),
        (b"5ryP5rC0  \r\n\r\n -- of a list, no base64\r\n", "漏水 -- of a list, no base64"),
        (b"5ryP\r5rC0\rno base64, that.\r5ryP", "漏水no base64, that.\n5ryP"),
        (b"5ryP5ryP5ryP5ryP5ryP-5ryP\n5rC0\nthe list: http://l.example", "漏漏漏漏漏漏水the list: http://l.example"),
        (b"5ryP5rC0YQ==5ryP5rC0", "漏水a漏水"),
        ("漏水，不是 base64".encode(), "漏水，不是 base64"),
    ],
)  # fmt: skip
def test_where_base64_ends_and_plain_lines_begin(encoded: bytes, plain: str) -> None:
    assert parse_mail(in_base64(encoded, "text/plain; charset=utf-8")).text == plain


def test_an_empty_line_of_a_uuencoded_file_stands_for_nothing() -> None:
    (file,) = parse_mail(FIRST + b"\r\nbegin 644 a.txt\n#86)C\n\nend\n").attachments
    assert (file.name, file.data) == ("a.txt", b"abc")
