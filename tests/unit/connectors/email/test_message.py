"""What is understood of a mail's bytes."""

# ruff: noqa: E501 - one sample per line reads better than one sample over ten

from __future__ import annotations

import base64
import dataclasses
import quopri
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.email.message import parse_mail
from connectors.port import Content, IncomingMessage, NotUnderstood, Party
from tests.unit.connectors.email.samples import ATTACHMENT, mail, parts, word

SENDERS = [
    pytest.param("张三 <zhang@QQ.com>", Party("zhang@qq.com", "张三"), id="raw utf-8"),
    pytest.param("zhang@qq.com", Party("zhang@qq.com"), id="bare"),
    pytest.param("<zhang@qq.com>", Party("zhang@qq.com"), id="brackets only"),
    pytest.param('"张三, 工程部" <zhang@qq.com>', Party("zhang@qq.com", "张三, 工程部"), id="comma in quotes"),
    pytest.param("zhang@qq.com (张三)", Party("zhang@qq.com", "张三"), id="comment"),
    pytest.param(f"{word('张三')} <zhang@qq.com>", Party("zhang@qq.com", "张三"), id="encoded word"),
    pytest.param(f'"{word("张三")}" <zhang@qq.com>', Party("zhang@qq.com", "张三"), id="encoded word in quotes"),
    pytest.param(word("张三 <zhang@qq.com>"), Party("zhang@qq.com", "张三"), id="all of it encoded"),
    pytest.param(f"{word('张三', 'gb18030', 'gb2312')}<zhang@qq.com>", Party("zhang@qq.com", "张三"), id="no blank"),
    pytest.param(
        '"boss <boss@x.cn>" <zhang@qq.com>', Party("zhang@qq.com", "boss <boss@x.cn>"), id="address as a name"
    ),
    pytest.param('"张三 <zhang@qq.com>', Party("zhang@qq.com", "张三"), id="quote never closed"),
    pytest.param("张三 <zhang@qq.com", Party("zhang@qq.com", "张三"), id="bracket never closed"),
    pytest.param("张三 zhang@qq.com", Party("zhang@qq.com", "张三"), id="no brackets"),
    pytest.param("张三 ＜zhang@qq.com＞", Party("zhang@qq.com", "张三"), id="full-width brackets"),
    pytest.param("张三 <mailto:zhang@qq.com>", Party("zhang@qq.com", "张三"), id="mailto"),
    pytest.param("张三 < zhang@qq.com >", Party("zhang@qq.com", "张三"), id="blanks inside"),
    pytest.param("a@b.cn, c@d.cn", Party("a@b.cn"), id="two authors"),
    pytest.param('"john doe"@Example.com', Party('"john doe"@example.com'), id="quoted local part"),
    pytest.param("用户@例子.公司", Party("用户@例子.公司"), id="beyond ascii"),
    pytest.param("undisclosed-recipients:;", None, id="nobody"),
    pytest.param("张三", None, id="a name only"),
    pytest.param("", None, id="empty"),
    pytest.param("@", None, id="at"),
]


@pytest.mark.parametrize(("value", "sender"), SENDERS)
def test_sender_in_every_form(value: str, sender: Party | None) -> None:
    message = parse_mail(mail(f"From: {value}\nSubject: x"))
    assert message.sender == sender
    assert message.conversation == (sender.address.lower() if sender else "")
    assert message.text == "空调坏了"


def test_sender_in_raw_gbk() -> None:
    assert parse_mail(mail("From: 张三 <z@x.cn>\nSubject: 空调坏了请修理", charset="gb18030")).sender == Party(
        "z@x.cn", "张三"
    )


SUBJECTS = [
    pytest.param("Subject: 空调坏了", "空调坏了", id="raw utf-8"),
    pytest.param("Subject: 空调坏了请来修理".encode("gb18030"), "空调坏了请来修理", id="raw gbk"),
    pytest.param(f"Subject: {word('空调䶮', 'gb18030', 'gb2312')}", "空调䶮", id="gb2312 is gb18030"),
    pytest.param(f"Subject: {word('空调', 'gb18030', 'x-unknown')}", "空调", id="unknown charset"),
    pytest.param(f"Subject: {word('空調壞了', 'big5')}", "空調壞了", id="big5"),
    pytest.param("Subject: =?utf-8?B?56m6?= =?utf-8?B?6LCD?=", "空调", id="two words, no blank between"),
    pytest.param("Subject: =?utf-8?B?56m66LA=?=\n =?utf-8?B?gw==?=", "空调", id="character split across words"),
    pytest.param("Subject: =?utf-8?B?56m66L?=\n =?utf-8?B?CD?=", "空调", id="base64 split across words"),
    pytest.param("Subject: =?utf-8?Q?=E7=A9=BA=E8?= =?utf-8?Q?=B0=83_ok?=", "空调 ok", id="q split"),
    pytest.param("Subject: Re: =?gbk?B?v9W19w==?= x =?gbk?Q?=BF=D5?=", "Re: 空调 x 空", id="mixed with text"),
    pytest.param("Subject: =?utf-8*zh?Q?=E7=A9=BA?=", "空", id="language tag"),
    pytest.param("Subject: =?utf-8?B?????=", "=?utf-8?B?????=", id="junk word"),
    pytest.param("Subject: a\n  b\n\tc", "a b c", id="folded"),
    pytest.param("Subject:", "", id="empty"),
    pytest.param("X: y", None, id="none"),
]


@pytest.mark.parametrize(("head", "subject"), SUBJECTS)
def test_subject(head: str | bytes, subject: str | None) -> None:
    """Words are joined before their bytes are decoded, gb2312 is read as gb18030 (trap 13)."""
    assert parse_mail(mail(head)).subject == subject


BODIES = [
    pytest.param("Content-Type: text/plain; charset=gb2312", "䶮空调".encode("gb18030"), "䶮空调", id="gb2312"),
    pytest.param('Content-Type: text/plain; charset="GB2312_CHARSET"', "空调".encode("gbk"), "空调", id="quoted odd name"),
    pytest.param("Content-Type: text/plain; charset=x-gbk", "空调".encode("gbk"), "空调", id="x-gbk"),
    pytest.param("Content-Type: text/plain; charset=unknown-8bit", "空调坏了".encode("gbk"), "空调坏了", id="unknown-8bit"),
    pytest.param("Content-Type: text/plain; charset=ansi", "空调".encode("gbk"), "空调", id="ansi"),
    pytest.param("Content-Type: text/plain; charset=utf-8", "空调坏了".encode("gbk"), "空调坏了", id="says utf-8, is gbk"),
    pytest.param("Content-Type: text/plain; charset=gb2312", "空调坏了".encode(), "空调坏了", id="says gb2312, is utf-8"),
    pytest.param("Content-Type: text/plain; charset=us-ascii", "空调坏了".encode(), "空调坏了", id="says ascii, is utf-8"),
    pytest.param("Content-Type: text/plain; charset=us-ascii", "空调坏了".encode("gbk"), "空调坏了", id="says ascii, is gbk"),
    pytest.param("Content-Type: text/plain; charset=iso-8859-1", b"caf\xe9", "café", id="latin-1"),
    pytest.param("Content-Type: text/plain; charset=iso-8859-1", "空调".encode(), "空调", id="says latin-1, is utf-8"),
    pytest.param("Content-Type: text/plain; charset=big5", "空調壞了".encode("big5"), "空調壞了", id="big5"),
    pytest.param("Content-Type: text/plain; charset=iso-2022-jp", "エアコン".encode("iso-2022-jp"), "エアコン", id="japanese"),
    pytest.param("Content-Type: text/plain; charset=hz-gb-2312", "空调".encode("hz"), "空调", id="hz"),
    pytest.param("Content-Type: text/plain; charset=utf-16", "空调".encode("utf-16"), "空调", id="utf-16"),
    pytest.param("Content-Type: text/plain; charset=rot13", b"hello", "hello", id="a codec that is no charset"),
    pytest.param("Content-Type: text/plain; charset=unicode_escape", b"\\x41\\q", "\\x41\\q", id="a codec that interprets"),
    pytest.param("Content-Type: text/plain; charset=\0\xff", b"hello", "hello", id="nul in the name"),
    pytest.param("X: y", "空调坏了".encode(), "空调坏了", id="nothing said, utf-8"),
    pytest.param("X: y", "空调坏了".encode("gbk"), "空调坏了", id="nothing said, gbk"),
    pytest.param("Content-Type: text/plain; charset=utf-8", "空调坏了".encode()[:-1], "空调坏\ufffd", id="cut in a character"),
    pytest.param("Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=gbk", base64.b64encode("空调".encode("gbk")), "空调", id="base64"),
    pytest.param("Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8", quopri.encodestring("空调".encode()), "空调", id="quoted-printable"),
    pytest.param("Content-Transfer-Encoding: x-nonsense\nContent-Type: text/plain", b"hello", "hello", id="unknown encoding"),
    pytest.param("Content-Type: nonsense", b"hello", "hello", id="broken content type"),
    pytest.param("Content-Type: text/plain; format=flowed", b"one \r\ntwo\r\n>quoted \r\n>text\r\n -- x", "one two\n> quoted text\n-- x", id="flowed"),
    pytest.param("Content-Type: text/plain; format=flowed; delsp=yes", "空 \r\n调".encode(), "空调", id="flowed, deleted blanks"),
    pytest.param("Content-Type: text/html; charset=gb2312", "<p>空调<b>坏</b>了&nbsp;</p><p>快来</p>".encode("gbk"), "空调坏了\n\n快来", id="html"),
    pytest.param("Content-Type: text/html", '<meta charset="gbk"><p>空调坏了'.encode("gbk"), "空调坏了", id="html names its charset"),
    pytest.param("Content-Type: text/html", b"<style>p{}</style><script>alert(1)</script><title>t</title>hello", "hello", id="scripts and styles"),
    pytest.param("Content-Type: text/html", b"", "", id="empty html"),
    pytest.param("Content-Type: text/html", b"<div>" * 20000 + b"hello", "hello", id="nested without end"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "body", "text"), BODIES)
def test_text_in_every_charset(head: str, body: bytes, text: str) -> None:
    """No label, however wrong, garbles or stops a mail (trap 5, 13)."""
    assert parse_mail(mail(f"Subject: x\n{head}", body)).text == text


def test_broken_base64_gives_what_there_is() -> None:
    raw = mail(
        "Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-8",
        base64.b64encode("空调坏了".encode())[:-1],
    )
    assert parse_mail(raw).text


# --- trees -----------------------------------------------------------------------------------------------------------

PLAIN = ("Content-Type: text/plain; charset=utf-8", "空调坏了")
HTML = ("Content-Type: text/html; charset=utf-8", "<p>空调坏了</p>")


def test_alternatives_are_one_text() -> None:
    message = parse_mail(parts("alternative", PLAIN, HTML))
    assert (message.text, message.attachments) == ("空调坏了", ())


def test_html_speaks_where_the_plain_alternative_is_empty() -> None:
    assert parse_mail(parts("alternative", ("Content-Type: text/plain", "\r\n \r\n"), HTML)).text == "空调坏了"


def test_texts_around_a_picture_are_joined() -> None:
    message = parse_mail(parts("mixed", PLAIN, ATTACHMENT, ("Content-Type: text/plain", "thanks")))
    assert message.text == "空调坏了\n\nthanks"
    assert [(a.name, a.type, a.data, a.size) for a in message.attachments] == [
        ("a.png", "image/png", b"\x89PNG1234", 8)
    ]


def test_an_inline_picture_is_an_attachment() -> None:
    picture = ("Content-Type: image/jpeg\nContent-ID: <p1>\nContent-Disposition: inline", b"\xff\xd8x")
    message = parse_mail(parts("related", HTML, picture))
    assert message.text == "空调坏了"
    assert [(a.name, a.size) for a in message.attachments] == [("attachment-1.jpg", 3)]


def test_a_mail_in_a_mail_is_an_attachment() -> None:
    inner = mail(f"Subject: {word('漏水')}\nFrom: 王五 <w@x.cn>", "卫生间漏水")
    message = parse_mail(parts("mixed", PLAIN, ("Content-Type: message/rfc822", inner)))
    assert message.text == "空调坏了"
    (attachment,) = message.attachments
    assert (attachment.name, attachment.type) == ("漏水.eml", "message/rfc822")
    assert attachment.data is not None
    assert parse_mail(attachment.data).text == "卫生间漏水"


def test_a_text_file_is_not_the_message() -> None:
    log = ("Content-Type: text/plain; name=log.txt\nContent-Disposition: attachment; filename=log.txt", "boot ok")
    message = parse_mail(parts("mixed", PLAIN, log))
    assert message.text == "空调坏了"
    assert message.attachments[0].data == b"boot ok"


def test_a_tree_without_its_boundary_still_speaks() -> None:
    raw = mail("Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed", "空调坏了")
    assert "空调坏了" in parse_mail(raw).text


def test_a_tree_nested_without_end_still_speaks() -> None:
    body = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (i, i) for i in range(2000))
    raw = b"From: a@b.cn\r\nMIME-Version: 1.0\r\n" + body + b"\r\nhelp"
    assert "help" in parse_mail(raw).text


NAMES = [
    pytest.param("attachment; filename*=utf-8''%E7%85%A7%E7%89%87.jpg", "照片.jpg", id="rfc 2231"),
    pytest.param(
        "attachment; filename*0*=utf-8''%E7%85%A7;\n filename*1*=%E7%89%87;\n filename*2=.jpg",
        "照片.jpg",
        id="2231 in pieces",
    ),
    pytest.param("attachment; filename*0*=gb2312''%D5%D5;\n filename*1*=%C6%AC.jpg", "照片.jpg", id="2231 in gb2312"),
    pytest.param(f'attachment; filename="{word("照片.jpg")}"', "照片.jpg", id="encoded word, forbidden and usual"),
    pytest.param(f'attachment; filename="{word("照片.jpg", "gbk")}"', "照片.jpg", id="encoded word, gbk"),
    pytest.param('attachment; filename="照片.jpg"', "照片.jpg", id="raw utf-8"),
    pytest.param("attachment; filename=%E7%85%A7%E7%89%87.jpg", "照片.jpg", id="percent signs, undeclared"),
    pytest.param('attachment; filename="../../etc/pass;wd"', "pass;wd", id="path"),
    pytest.param('attachment; filename="C:\\\\temp\\\\a.jpg"', "a.jpg", id="windows path"),
    pytest.param('attachment; filename="a\tb.jpg"', "a b.jpg", id="control"),
    pytest.param("attachment; filename=a b.jpg", "a b.jpg", id="blank without quotes"),
    pytest.param("attachment; filename*=nonsense''%41.jpg", "A.jpg", id="unknown charset"),
    pytest.param("attachment; filename*x*=1; filename=a.jpg", "a.jpg", id="broken number"),
    pytest.param("attachment", "attachment-1.jpg", id="none"),
]


@pytest.mark.parametrize(("disposition", "name"), NAMES)
def test_file_names(disposition: str, name: str) -> None:
    message = parse_mail(parts("mixed", PLAIN, (f"Content-Type: image/jpeg\nContent-Disposition: {disposition}", b"x")))
    assert [attachment.name for attachment in message.attachments] == [name]


def test_endless_text_is_cut_and_comes_along_whole() -> None:
    message = parse_mail(mail("Subject: x", "漏水\n" * 500_000))
    assert len(message.text) <= 1_000_000
    assert [(a.name, a.size) for a in message.attachments] == [("text.txt", len(("漏水\n" * 500_000).encode()))]


def test_many_texts_are_together_no_longer_than_one_and_come_along_whole() -> None:
    said = "漏水\n" * 10_000
    message = parse_mail(parts("mixed", *[("Content-Type: text/plain; charset=utf-8", said)] * 50))
    assert len(message.text) <= 200_000
    [rest] = message.attachments
    assert rest.name == "text.txt"
    assert message.text.count("漏水") + (rest.data or b"").decode().count("漏水") == 50 * 10_000


# --- quotations in HTML ----------------------------------------------------------------------------------------------

HTML_REPLIES = [
    pytest.param('<div>{}</div><div class="gmail_quote"><div class="gmail_attr">x wrote:<br></div><blockquote>旧</blockquote></div>', id="Gmail"),
    pytest.param('<div>{}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">发件人: x</div><div>旧</div>', id="Outlook on the web"),
    pytest.param('<div>{}</div><br><div id="isReplyContent">在 2026 旧</div>', id="163"),
    pytest.param('<div>{}</div><div class="ntes-mailmaster-quote"><div>旧</div></div>', id="Mail Master"),
    pytest.param('<div>{}</div><div><includetail><div>------原始邮件------</div>旧</includetail></div>', id="QQ"),
    pytest.param('<p>{}</p><div class="moz-cite-prefix">在 2026/3/5 写道：</div><blockquote type="cite">旧</blockquote>', id="Thunderbird"),
    pytest.param("<div>{}</div><br><div>发自我的iPhone</div><blockquote type=cite>旧<blockquote>更旧</blockquote></blockquote>", id="Apple"),
    pytest.param("<div>{}</div><blockquote>旧</blockquote><div>发自我的iPhone</div>", id="signature below"),
    pytest.param('<div>{}</div><div style="border-top:solid #B5C4DF 1.0pt"><div><b>发件人：</b> x</div><div><b>发送时间：</b> 2026-03-05</div><div><b>主题：</b> y</div></div>旧', id="Foxmail"),
]  # fmt: skip


@pytest.mark.parametrize("html", HTML_REPLIES)
def test_html_quotations_are_cut_by_structure(html: str) -> None:
    message = parse_mail(
        mail("Subject: Re: x\nIn-Reply-To: <9@x.cn>\nContent-Type: text/html", html.format("还在漏水"))
    )
    assert message.visible_reply == "还在漏水"
    assert "旧" in message.text


def test_html_knows_where_the_plain_alternative_does_not() -> None:
    html = '<div>还在漏水</div><div class="gmail_quote">一行旧文</div>'
    raw = parts(
        "alternative",
        ("Content-Type: text/plain", "还在漏水\n一行旧文"),
        ("Content-Type: text/html", html),
        head="Subject: Re: x",
    )
    assert parse_mail(raw).visible_reply == "还在漏水"


def test_a_blockquote_that_is_answered_stays() -> None:
    html = "<blockquote>修好了吗？</blockquote><p>没有</p>"
    message = parse_mail(mail("Subject: Re: x\nContent-Type: text/html", html))
    assert "修好了吗" in message.visible_reply
    assert "没有" in message.visible_reply


def test_a_first_mail_is_never_cut_to_nothing() -> None:
    message = parse_mail(mail("Subject: 投诉\nContent-Type: text/html", "<blockquote>空调坏了</blockquote>"))
    assert message.visible_reply == "空调坏了"


def test_a_reply_that_says_nothing_says_nothing() -> None:
    raw = mail("Subject: Re: x\nIn-Reply-To: <9@x.cn>", "\n> 满意请回复 1\n> 不满意请回复 3\n")
    assert parse_mail(raw).visible_reply == ""


# --- threads, identity, dates ----------------------------------------------------------------------------------------


def test_thread() -> None:
    message = parse_mail(
        mail("Subject: Re: x\nIn-Reply-To: <2@x.cn> (of yesterday)\nReferences: <1@x.cn>\n <2@x.cn>\n <1@x.cn>")
    )
    assert message.in_reply_to == message.reply_to_message == "<2@x.cn>"
    assert message.references == ("<1@x.cn>", "<2@x.cn>")


def test_an_answer_known_by_its_references_only() -> None:
    assert parse_mail(mail("References: <1@x.cn> <2@x.cn>")).reply_to_message == "<2@x.cn>"


@pytest.mark.parametrize("value", ["", "<>", "< >", "nonsense"])
def test_a_missing_message_id_is_made_up_from_the_content(value: str) -> None:
    """The same mail gives the same id, another mail another (trap 4)."""
    one, again = (parse_mail(mail(f"Message-ID: {value}")) for _ in range(2))
    other = parse_mail(mail(f"Message-ID: {value}", "电梯坏了"))
    assert one.message_id is not None
    assert one.message_id.endswith("@missing.invalid>")
    assert one.message_id == again.message_id
    assert one.external_id == again.external_id
    assert len({one.external_id, other.external_id}) == 2


def test_a_bare_message_id_counts() -> None:
    assert parse_mail(mail("Message-ID: 1@qq.com")).message_id == "<1@qq.com>"


def test_one_mail_in_two_mailboxes_is_one() -> None:
    """trap 9"""
    one = parse_mail(mail("Delivered-To: kf@x.cn\nReceived: by a"))
    two = parse_mail(mail("Delivered-To: tousu@x.cn\nReceived: by b"))
    assert one.external_id == two.external_id


def test_two_mails_under_one_message_id_are_two() -> None:
    assert parse_mail(mail("X: y", "空调")).external_id != parse_mail(mail("X: y", "电梯")).external_id


def test_two_mails_without_id_or_date_are_two() -> None:
    one, two = (parse_mail(f"From: a@b.cn\nReceived: {when}\n\nhelp".encode()) for when in ("10:00", "11:00"))
    assert one.external_id != two.external_id


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        pytest.param("Thu, 05 Mar 2026 10:20:30 +0800", datetime(2026, 3, 5, 2, 20, 30, tzinfo=UTC), id="usual"),
        pytest.param("Thu, 5 Mar 2026 10:20:30 +0800 (CST)", datetime(2026, 3, 5, 2, 20, 30, tzinfo=UTC), id="comment"),
        pytest.param("5 Mar 2026 10:20 -0000", datetime(2026, 3, 5, 10, 20, tzinfo=UTC), id="no zone known"),
        pytest.param("2026年3月5日", None, id="chinese"),
        pytest.param("Thu, 99 Mar 99999 10:20:30 +9999", None, id="impossible"),
        pytest.param("", None, id="empty"),
    ],
)
def test_date(value: str, moment: datetime | None) -> None:
    assert parse_mail(mail(f"Date: {value}")).sent_at == moment


def test_recipients_and_reply_to() -> None:
    raw = mail(
        'To: 客服 <kf@X.cn>, "a, b <no@x.cn>" <b@x.cn>\nCc: c@x.cn\nDelivered-To: kf+t1@x.cn\nReply-To: 张三 <z2@qq.com>'
    )
    message = parse_mail(raw)
    assert message.recipients == ("kf@x.cn", "b@x.cn", "c@x.cn", "kf+t1@x.cn")
    assert message.reply_address == "z2@qq.com"
    assert message.content is Content.TEXT


def test_automatic_mail_is_marked() -> None:
    message = parse_mail(mail("Auto-Submitted: auto-replied"))
    assert message.automatic
    assert message.automatic_reason == "Auto-Submitted: auto-replied"
    assert not parse_mail(mail("Subject: x")).automatic
    assert parse_mail(mail("From: KF@x.cn"), own_addresses={"kf@x.cn"}).automatic


# --- forwards --------------------------------------------------------------------------------------------------------

HANDED_ON = '请处理\n\n-------- 转发邮件信息 --------\n发件人："王五" <w@163.com>\n发送日期：2026-03-05 10:20:30\n收件人：li@x.cn\n主题：漏水\n\n卫生间漏水'


def test_the_original_sender_of_a_forward() -> None:
    """A colleague hands a customer's mail on: the customer stays known, and the customer's words stay (trap 15)."""
    message = parse_mail(mail("From: 李四 <li@x.cn>\nSubject: 转发：漏水", HANDED_ON))
    assert message.forwarded_from == "王五 <w@163.com>"
    assert "卫生间漏水" in message.text
    assert message.visible_reply == "请处理"


def test_of_several_senders_the_first_from_outside() -> None:
    text = "\n\n发件人： 赵六 <zhao@x.cn>\n发送时间： 2026-03-05\n收件人： 李四\n主题： 转发\n\n" + HANDED_ON
    message = parse_mail(mail("From: 李四 <li@x.cn>\nSubject: FW: 漏水", text), own_domains=("x.cn",))
    assert message.forwarded_from == "王五 <w@163.com>"


def test_a_forward_as_attachment() -> None:
    inner = mail("Subject: 漏水\nFrom: 王五 <w@163.com>", "卫生间漏水")
    raw = parts("mixed", PLAIN, ("Content-Type: message/rfc822", inner), head="Subject: Fwd: x")
    assert parse_mail(raw).forwarded_from == "王五 <w@163.com>"


def test_a_mail_attached_as_evidence_is_no_forward() -> None:
    inner = mail("Subject: 答复\nFrom: 客服 <kf@x.cn>", "已修好")
    raw = parts("mixed", PLAIN, ("Content-Type: message/rfc822", inner), head="Subject: 你们说已修好")
    assert parse_mail(raw).forwarded_from is None


def test_a_mail_that_is_nothing_but_another_mail() -> None:
    inner = mail("Subject: 漏水\nFrom: 王五 <w@163.com>", "卫生间漏水")
    message = parse_mail(mail("Subject: x\nMIME-Version: 1.0\nContent-Type: message/rfc822", inner))
    assert message.forwarded_from == "王五 <w@163.com>"
    assert [attachment.name for attachment in message.attachments] == ["漏水.eml"]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        pytest.param(
            "Re: 转发：漏水",
            "没修好\n\n------------------ 原始邮件 ------------------\n" + HANDED_ON,
            id="answers a forward",
        ),
        pytest.param("投诉", "发件人：王五\n收件人：李四\n时间：2026-03-05", id="a parcel"),
        pytest.param(
            "Re: x", "好\n\n发件人: 客服 <kf@x.cn>\n发送时间: 2026年3月5日\n收件人: z\n主题: y\n\n旧", id="a reply"
        ),
    ],
)
def test_what_is_no_forward(subject: str, text: str) -> None:
    assert parse_mail(mail(f"Subject: {subject}", text)).forwarded_from is None


# --- what cannot be read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", b"\0\0\0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", bytes(range(256)) * 4]
)
def test_what_is_no_mail_is_not_understood(raw: bytes) -> None:
    with pytest.raises(NotUnderstood):
        parse_mail(raw)


def test_a_text_without_header_is_a_text() -> None:
    message = parse_mail("空调坏了，快来修".encode())
    assert (message.sender, message.text, message.conversation) == (None, "空调坏了，快来修", "")


def test_a_mail_with_nothing_in_it() -> None:
    message = parse_mail(mail("Subject: x", ""))
    assert (message.text, message.visible_reply) == ("", "")


def test_odd_beginnings_and_broken_headers() -> None:
    assert parse_mail(b"\xef\xbb\xbf\r\nFrom: a@b.cn\nSubject: x\n\nhi").sender == Party("a@b.cn")
    assert parse_mail(b"From zhang Thu Mar  5 10:20:30 2026\nFrom: a@b.cn\n\nhi").sender == Party("a@b.cn")
    assert parse_mail(b"From: a@b.cn\nthis is no header\nSubject: x\n\nhi").subject == "x"
    assert "the text began" in parse_mail(b"From: a@b.cn\nthe text began without a blank line\nand went on").text


def test_a_mail_too_large_is_announced() -> None:
    message = parse_mail(b"X-Complaintbot-Oversize: 99000000\r\n" + mail("Subject: 照片", ""))
    assert (message.subject, message.text, message.automatic, message.ignored) == ("照片", "", False, None)
    assert [(a.name, a.type, a.data, a.size) for a in message.attachments] == [
        ("oversize.eml", "message/rfc822", None, 99_000_000)
    ]


def test_nobody_outside_can_announce_that() -> None:
    message = parse_mail(mail("X-Complaintbot-Oversize: 99\nX-Complaintbot-Unfetched: x"))
    assert (message.text, message.attachments) == ("空调坏了", ())


def test_a_mail_the_server_keeps_back_is_named() -> None:
    with pytest.raises(NotUnderstood, match="UID 7"):
        parse_mail(b"X-Complaintbot-Unfetched: UID 7, UIDVALIDITY 1, mailbox 'INBOX'\r\n\r\n")


# --- any bytes -------------------------------------------------------------------------------------------------------

SEEDS = [
    mail("Subject: x", "空调坏了\n\n------------------ 原始邮件 ------------------\n旧"),
    parts("mixed", PLAIN, HTML, ATTACHMENT),
    parts(
        "alternative",
        PLAIN,
        ("Content-Type: text/html", '<div>a<blockquote>b<div class="gmail_quote">c</div></blockquote></div>'),
    ),
    parts("mixed", ("Content-Type: message/rfc822", parts("related", PLAIN, ATTACHMENT))),
    mail(
        f"Subject: {word('空调')} =?gbk?Q?=BF=D5?=\nReferences: <1@x> <2@x>\nContent-Type: text/plain; format=flowed",
        "a \nb\n-- \nc",
    ),
    mail("Subject: FW: x\nContent-Disposition: attachment; filename*0*=gbk''%D5", HANDED_ON),
]
INSERTS = [
    b"\0",
    b"\x1b",
    b"\r\nMessage-ID: <\0>\r\n",
    b"\r\nContent-Type: a/\0\r\n",
    b"\r\nAuto-Submitted: \0x\r\n",
    b"\xff",
    b"=?",
    b"?=",
    b"--b0\r\n",
    b"\r\n\r\n",
    b'"',
    b"<",
    b">",
    b"(",
    b"@",
    b";",
    b"*0*=",
    b"<div>",
    b"\xef\xbb\xbf",
    b"%",
    b"charset=",
]


def strings(value: object) -> Iterator[str]:
    """Yield every text inside a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from strings(each)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from strings(getattr(value, field.name))


def understood(raw: bytes) -> IncomingMessage | None:
    try:
        return parse_mail(raw, own_domains=("x.cn",))
    except NotUnderstood:
        return None


@given(st.binary(max_size=400))
def test_no_bytes_break_it(raw: bytes) -> None:
    understood(raw)
    understood(b"From: a@b.cn\r\nSubject: " + raw)


@given(st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_damage_breaks_it(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(SEEDS))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        cut = data.draw(st.integers(0, 30))
        raw = raw[:start] + data.draw(st.sampled_from(INSERTS) | st.binary(max_size=6)) + raw[start + cut :]
    message = understood(raw)
    if message is not None:
        assert message == understood(raw)
        for text in strings(message):
            assert "\0" not in text  # storable in any database, and not half a surrogate pair
            text.encode()


@given(st.text(max_size=300), st.sampled_from(["utf-8", "gb18030"]))
def test_what_a_mail_program_writes_is_read_back(text: str, charset: str) -> None:
    message = EmailMessage()
    message["From"] = "a@b.cn"
    invisible = "\u034f\ufffc"
    clean = "".join(c for c in text if c.isprintable() and not c.isspace() and c not in invisible)
    message.set_content(clean, charset=charset, cte="base64")
    assert parse_mail(message.as_bytes()).text == clean
