"""Mails of a megabyte made to hold a reader up. Each of these took it minutes, or for ever, with one rule or another."""

from __future__ import annotations

import pytest

from connectors.email.message import parse_mail
from tests.unit.connectors.email.samples import mail

SIZE = 1_000_000


def filled(unit: str | bytes, size: int = SIZE) -> bytes:
    data = unit if isinstance(unit, bytes) else unit.encode()
    return data * (size // len(data))


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
    assert parse_mail(b"X-First: 1\r\n" + head + b"\r\n\r\n\xe6\xbc\x8f\xe6\xb0\xb4").text == "漏水"


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
