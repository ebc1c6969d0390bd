"""Any tree of parts gives its words and its files."""

# ruff: noqa: E501 - one sample per line reads better than one sample over ten

from __future__ import annotations

import base64
import binascii
import quopri
import struct

import pytest

from connectors.email.message import parse_mail
from tests.unit.connectors.email.samples import ATTACHMENT, mail, parts, word

PLAIN = ("Content-Type: text/plain; charset=utf-8", "空调坏了")
HTML = ("Content-Type: text/html; charset=utf-8", "<p>空调坏了</p>")


def tree(subtype: str, *children: tuple[str, str | bytes], boundary: str) -> tuple[str, bytes]:
    """Return a multipart as a part of another."""
    body = b"".join(
        f"--{boundary}\r\n{head}\r\n\r\n".encode().replace(b"\n", b"\r\n").replace(b"\r\r", b"\r")
        + (said if isinstance(said, bytes) else said.encode())
        + b"\r\n"
        for head, said in children
    )
    return f'Content-Type: multipart/{subtype}; boundary="{boundary}"', body + f"--{boundary}--\r\n".encode()


ALTERNATIVE = tree("alternative", PLAIN, HTML, boundary="alt")
RELATED = tree("related", HTML, ("Content-Type: image/png\nContent-ID: <i>", b"x"), boundary="rel")

TREES = [
    pytest.param(parts("mixed", ALTERNATIVE, ATTACHMENT), "空调坏了", ["a.png"], id="mixed(alternative, file)"),
    pytest.param(parts("alternative", PLAIN, RELATED), "空调坏了", ["attachment-1.png"], id="alternative(plain, related)"),
    pytest.param(parts("related", ALTERNATIVE, ("Content-Type: image/png\nContent-ID: <image001.png@01D>", b"x")), "空调坏了", ["image001.png"], id="related(alternative, picture)"),
    pytest.param(parts("signed", PLAIN, ("Content-Type: application/pgp-signature", "-----BEGIN")), "空调坏了", ["attachment-1.asc"], id="signed"),
    pytest.param(parts("encrypted", ("Content-Type: application/pgp-encrypted", "Version: 1"), ("Content-Type: application/octet-stream; name=encrypted.asc", "-----BEGIN")), "", ["attachment-1.asc", "encrypted.asc"], id="encrypted"),
    pytest.param(parts("mixed", ("Content-Type: text/html", "<p>一</p>"), ATTACHMENT, ("Content-Type: text/html", "<p>二</p>")), "一\n\n二", ["a.png"], id="Apple's HTML around a picture"),
    pytest.param(parts("alternative", ("Content-Type: text/plain", "一\n\n二"), tree("mixed", ("Content-Type: text/html", "<p>一</p>"), ATTACHMENT, ("Content-Type: text/html", "<p>二</p>"), boundary="m")), "一\n\n二", ["a.png"], id="Apple's alternative of the same"),
    pytest.param(parts("mixed", PLAIN, HTML), "空调坏了", [], id="alternatives not declared"),
    pytest.param(parts("alternative", PLAIN, PLAIN), "空调坏了", [], id="the same twice"),
    pytest.param(parts("alternative", HTML, PLAIN), "空调坏了", [], id="alternatives in the wrong order"),
    pytest.param(parts("alternative", PLAIN, ("Content-Type: text/x-amp-html", "<html amp4email>x"), HTML), "空调坏了", [], id="AMP"),
    pytest.param(parts("alternative", PLAIN, HTML, ("Content-Type: text/calendar; method=REQUEST", "BEGIN:VCALENDAR\nSUMMARY:会议")), "空调坏了", ["invite.ics"], id="invitation with words"),
    pytest.param(mail("Content-Type: text/calendar; charset=utf-8; method=REQUEST", "BEGIN:VCALENDAR\r\nSUMMARY:现场\r\n 查看\r\nLOCATION:1号楼\\, 大厅\r\nDESCRIPTION;LANGUAGE=zh:请\\n准时\r\nEND:VCALENDAR"), "现场查看\n1号楼, 大厅\n请\n准时", ["invite.ics"], id="nothing but an invitation"),
    pytest.param(parts("appledouble", ("Content-Type: application/applefile; name=a.doc", b"x"), ("Content-Type: application/msword; name=a.doc", b"y")), "", ["a.doc", "a.doc"], id="Mac's double file"),
    pytest.param(parts("x-unknown", PLAIN, ATTACHMENT), "空调坏了", ["a.png"], id="unknown multipart"),
    pytest.param(parts("mixed", PLAIN, ("Content-Type: text/plain; name=说明.txt", "内容")), "空调坏了", ["说明.txt"], id="a text with a name is a file"),
    pytest.param(parts("mixed", ("Content-Type: text/plain; name=body.txt", "空调坏了"), ATTACHMENT), "空调坏了", ["body.txt", "a.png"], id="unless it is all there is"),
    pytest.param(parts("mixed", ATTACHMENT), "", ["a.png"], id="a file and no words"),
    pytest.param(mail("Content-Type: image/jpeg; name=a.jpg\nContent-Transfer-Encoding: base64", base64.b64encode(b"x")), "", ["a.jpg"], id="nothing but a picture"),
    pytest.param(mail("Content-Type: text/markdown", "# 空调"), "# 空调", [], id="text of another kind"),
    pytest.param(mail("Content-Type: text/enriched", "<bold>空调</bold>\n<param>x</param>坏了<<1>\n\n完"), "空调 坏了<1>\n完", [], id="enriched"),
    pytest.param(mail("Content-Type: text", "空调坏了"), "空调坏了", [], id="half a type"),
    pytest.param(mail("Content-Type: text/plain charset=gbk", "空调坏了", "gbk"), "空调坏了", [], id="semicolon forgotten"),
    pytest.param(mail("Content-Type: text/plain\nContent-Disposition: attachment", "空调坏了"), "空调坏了", ["attachment-1.txt"], id="the body called an attachment"),
    pytest.param(parts("digest", ("", mail("Subject: 一\nFrom: a@b.cn", "漏水")), ("", mail("Subject: 二\nFrom: a@b.cn", "停电"))), "漏水", ["一.eml", "二.eml"], id="digest"),
    pytest.param(parts("mixed", PLAIN, ("Content-Type: message/rfc822", parts("mixed", PLAIN, ATTACHMENT, head="Subject: 内").replace(b"b0", b"b9"))), "空调坏了", ["内.eml"], id="a mail with files in a mail"),
    pytest.param(parts("mixed", ("Content-Type: text/plain", " "), ("Content-Type: message/rfc822", mail("Subject: 内", "漏水"))), "漏水", ["内.eml"], id="a mail in an empty mail"),
    pytest.param(parts("mixed", PLAIN, ("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64", base64.b64encode(mail("Subject: 内", "漏水")))), "空调坏了", ["内.eml"], id="a mail in base64"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "text", "names"), TREES)
def test_trees(raw: bytes, text: str, names: list[str]) -> None:
    message = parse_mail(raw)
    assert (message.text, [attachment.name for attachment in message.attachments]) == (text, names)


def broken(body: str, boundary: str = 'boundary="b0"', head: str = "") -> bytes:
    return mail(f"{head}Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; {boundary}", body)


PART = "Content-Type: text/plain; charset=utf-8\r\n\r\n空调坏了\r\n"
BROKEN = [
    pytest.param(broken(f"--b0\r\n{PART}"), id="last boundary missing"),
    pytest.param(broken(f"--b0\r\n{PART}--b0--", ""), id="boundary not named"),
    pytest.param(broken(f"--other\r\n{PART}--other--"), id="boundary named wrongly"),
    pytest.param(broken(f"--b0  \r\n{PART}--b0-- \r\n"), id="blanks behind the boundary"),
    pytest.param(broken(f"--b0\n{PART}--b0--".replace("\r\n", "\n")), id="bare line feeds"),
    pytest.param(broken(f"\r\nThis is a multi-part message in MIME format.\r\n\r\n--b0\r\n{PART}--b0--\r\nepilogue"), id="preamble and epilogue"),
    pytest.param(broken(f"--b0\r\n{PART}--b00\r\nnot a boundary\r\n--b0--").replace(b"--b00\r\nnot a boundary\r\n", b""), id="a boundary that begins another"),
    pytest.param(broken("--b0\r\n\r\n空调坏了\r\n--b0--"), id="a part without a header"),
    pytest.param(broken(f"--b0\r\n{PART}--b0\r\n--b0--"), id="an empty part"),
    pytest.param(broken(f"--b0\r\nContent-Type: multipart/alternative; boundary=b0\r\n\r\n--b0\r\n{PART}--b0--"), id="one boundary for two trees"),
    pytest.param(broken(f"--b0\r\nContent-Type: multipart/alternative; boundary=b1\r\n\r\n--b1\r\n{PART}--b0--"), id="the inner tree never ends"),
    pytest.param(broken(base64.b64encode(f"--b0\r\n{PART}--b0--".encode()).decode(), head="Content-Transfer-Encoding: base64\n"), id="the tree itself in base64"),
    pytest.param(broken(f"--=_b0(?)\r\n{PART}--=_b0(?)--", 'boundary="=_b0(?)"'), id="odd characters in the boundary"),
    pytest.param(broken(f"--b0\r\n{PART}--b0--", "boundary=b0; charset=gbk"), id="boundary without quotes"),
    pytest.param(broken("空调坏了"), id="no boundary anywhere"),
    pytest.param(mail("Content-Type: multipart/mixed", "空调坏了"), id="a tree of nothing"),
]  # fmt: skip


@pytest.mark.parametrize("raw", BROKEN)
def test_broken_trees(raw: bytes) -> None:
    assert parse_mail(raw).text == "空调坏了"


SAID = "您好，空调坏了三天了，请尽快派人来修理，谢谢"
QP = quopri.encodestring(SAID.encode()).decode()
B64 = base64.b64encode(SAID.encode()).decode()
ENCODINGS = [
    pytest.param("base64", B64, SAID, id="base64"),
    pytest.param("BASE64 ", B64, SAID, id="written otherwise"),
    pytest.param('"base64"', B64, SAID, id="in quotes"),
    pytest.param("base64", "\r\n".join(B64[i : i + 7] for i in range(0, len(B64), 7)), SAID, id="odd lines"),
    pytest.param("base64", B64[:40] + "\x00!" + B64[40:], SAID, id="junk in between"),
    pytest.param("base64", B64.rstrip("="), SAID, id="no padding"),
    pytest.param("base64", base64.b64encode(SAID[:8].encode()).decode() + base64.b64encode(SAID[8:].encode()).decode(), SAID, id="padding in the middle"),
    pytest.param("base64", B64 + "\r\n_______________\r\n本邮件已扫描\r\n", SAID + "_______________\n本邮件已扫描", id="plain lines below"),
    pytest.param("base64", SAID, SAID, id="says base64, is plain"),
    pytest.param("base64", "Hello, the lift is broken again", "Hello, the lift is broken again", id="says base64, is plain English"),
    pytest.param("quoted-printable", QP, SAID, id="quoted-printable"),
    pytest.param("Quoted-Printable; x", QP.lower(), SAID, id="lower case"),
    pytest.param("quoted-printable", "a=b, 1=2, 100%=\r\n ok", "a=b, 1=2, 100% ok", id="says quoted-printable, is plain"),
    pytest.param("7bit", QP, SAID, id="quoted-printable, not declared"),
    pytest.param("8bit", B64, SAID, id="base64, not declared"),
    pytest.param("7bit", "aGVsbG8gd29ybGQsIHRoaXMgaXMgYSB0ZXN0", "aGVsbG8gd29ybGQsIHRoaXMgaXMgYSB0ZXN0", id="a code that looks like base64"),
    pytest.param("7bit", "http://x.cn/?a=E7&b=A9", "http://x.cn/?a=E7&b=A9", id="a link that looks like quoted-printable"),
    pytest.param("x-nonsense", SAID, SAID, id="unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "body", "text"), ENCODINGS)
def test_transfer_encodings(encoding: str, body: str, text: str) -> None:
    raw = mail(f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}", body)
    assert parse_mail(raw).text == text


def test_a_long_word_that_is_nearly_base64() -> None:
    """Found by fuzzing: the pattern for base64 tried each way to cut it into lines."""
    assert parse_mail(mail("Subject: x", "A" * 50_000 + "!")).text == "A" * 50_000 + "!"


def test_files_uuencoded_inside_the_text_are_taken_out() -> None:
    lines = b"".join(binascii.b2a_uu(b"hello" * 9)[:-1] + b"\r\n" for _ in range(3))
    raw = mail("Subject: x", "请看\r\n\r\nbegin 644 现场.jpg\r\n".encode() + lines + "`\r\nend\r\n谢谢".encode())
    message = parse_mail(raw)
    assert message.text == "请看\n\n谢谢"
    assert [(a.name, a.data) for a in message.attachments] == [("现场.jpg", b"hello" * 27)]


def test_begin_is_also_a_word() -> None:
    assert parse_mail(mail("Subject: x", "begin 644 times\r\nand stop\r\nend")).text == "begin 644 times\nand stop\nend"


def test_a_whole_body_uuencoded() -> None:
    body = b"begin 644 a.txt\n" + binascii.b2a_uu("空调坏了".encode()) + b"`\nend\n"
    raw = mail("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: x-uuencode", body)
    assert parse_mail(raw).text == "空调坏了"


RICHER = [
    pytest.param("", "<p>空调坏了</p>", "空调坏了", id="empty"),
    pytest.param("\u200b \xa0", "<p>空调坏了</p>", "空调坏了", id="nothing to be seen"),
    pytest.param("您的邮件客户端不支持HTML格式，请使用网页查看", "<p>空调坏了</p>", "空调坏了", id="words in its place"),
    pytest.param("Your email client does not support HTML messages", "<p>空调坏了</p>", "空调坏了", id="the same in English"),
    pytest.param("To view this e-mail, please use an HTML compatible viewer", "<p>空调坏了</p>", "空调坏了", id="the same again"),
    pytest.param("您好", "<p>您好</p><p>" + "空调坏了三天了，" * 20 + "</p>", "您好\n\n" + "空调坏了三天了，" * 20, id="the beginning only"),
    pytest.param("空调坏了", "<p>空调坏了</p><div style='display:none'>" + "x" * 500 + "</div>", "空调坏了", id="more, but hidden"),
    pytest.param("空调坏了 http://x.cn", "<p>空调<a href='http://x.cn'>坏了</a></p>", "空调坏了 http://x.cn", id="as much"),
    pytest.param("空调坏了", "", "空调坏了", id="empty HTML"),
    pytest.param("空调坏了", "<img src=x>", "空调坏了", id="HTML without words"),
]  # fmt: skip


@pytest.mark.parametrize(("plain", "html", "text"), RICHER)
def test_the_alternative_that_says_more(plain: str, html: str, text: str) -> None:
    raw = parts(
        "alternative",
        ("Content-Type: text/plain; charset=utf-8", plain),
        ("Content-Type: text/html; charset=utf-8", html),
    )
    assert parse_mail(raw).text == text


FLOWED = [
    pytest.param("one \r\ntwo \r\nthree\r\nfour", "no", "one two three\nfour", id="paragraph"),
    pytest.param("空 \r\n调\r\n坏 \r\n了", "yes", "空调\n坏了", id="blanks deleted"),
    pytest.param("> a \r\n> b\r\n> c\r\nd \r\n> e", "no", "> a b\n> c\nd\n> e", id="quotations apart"),
    pytest.param(">> a \r\n>> b\r\n> c", "no", ">> a b\n> c", id="two depths"),
    pytest.param(" From here \r\n >not quoted", "no", "From here >not quoted", id="stuffed"),
    pytest.param("a\r\n-- \r\nZhang \r\nSan", "no", "a\n-- \nZhang San", id="signature"),
    pytest.param("a \r\n\r\nb", "no", "a\n\nb", id="empty line"),
]


@pytest.mark.parametrize(("body", "delsp", "text"), FLOWED)
def test_format_flowed(body: str, delsp: str, text: str) -> None:
    assert parse_mail(mail(f"Content-Type: text/plain; charset=utf-8; format=flowed; delsp={delsp}", body)).text == text


def signed_opaquely(inner: bytes, chunk: int | None = None) -> bytes:
    """Return as much of a signed-data structure as stands around the mail inside it."""
    pieces = [inner] if chunk is None else [inner[i : i + chunk] for i in range(0, len(inner), chunk)]
    octets = b"".join(b"\x04\x82" + struct.pack(">H", len(piece)) + piece for piece in pieces)
    return (
        b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x24\x80"
        + octets
        + b"\0\0\0\0"
        + b"\x30\x03cert"
    )


@pytest.mark.parametrize("chunk", [None, 300])
def test_a_mail_inside_its_signature(chunk: int | None) -> None:
    inner = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + SAID.encode() * 20
    head = "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\nContent-Transfer-Encoding: base64"
    assert parse_mail(mail(head, base64.encodebytes(signed_opaquely(inner, chunk)))).text == SAID * 20


def test_an_encrypted_mail_is_a_file() -> None:
    head = "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\nContent-Transfer-Encoding: base64"
    message = parse_mail(mail(head, base64.encodebytes(b"\x30\x80secret")))
    assert (message.text, [a.name for a in message.attachments]) == ("", ["smime.p7m"])


def test_an_inner_mail_is_kept_byte_for_byte() -> None:
    inner = mail("Subject: x\nX-Odd:  two  blanks\t", b"raw \xb2\xe2\xca\xd4 bytes\r\n.\r\n")
    (attachment,) = parse_mail(parts("mixed", PLAIN, ("Content-Type: message/rfc822", inner))).attachments
    assert attachment.data == inner


def test_of_a_thousand_parts_none_is_lost() -> None:
    raw = parts("mixed", PLAIN, *(ATTACHMENT for _ in range(1000)))
    message = parse_mail(raw)
    assert message.text == "空调坏了"
    assert len(message.attachments) <= 501
    assert (message.attachments[-1].name, message.attachments[-1].data) == ("whole-mail.eml", raw)


def test_a_subject_makes_a_safe_file_name() -> None:
    inner = mail(f"Subject: {word('../../投诉: a/b')}", "x")
    (attachment,) = parse_mail(parts("mixed", PLAIN, ("Content-Type: message/rfc822", inner))).attachments
    assert attachment.name == "_.._投诉_ a_b.eml"
