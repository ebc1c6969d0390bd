"""Mails by hand, byte for byte as clients send them."""

from __future__ import annotations

import base64


def mail(head: str | bytes, body: str | bytes = "空调坏了", charset: str = "utf-8") -> bytes:
    """Return a mail: From, Message-ID and Date unless given; texts in `charset`."""
    lines = head if isinstance(head, bytes) else head.encode(charset)
    low = b"\n" + lines.lower()
    for name, value in (
        (b"From", "张三 <zhang@qq.com>".encode()),
        (b"Message-ID", b"<1@qq.com>"),
        (b"Date", b"Thu, 05 Mar 2026 10:20:30 +0800"),
    ):
        if b"\n" + name.lower() + b":" not in low:
            lines = name + b": " + value + b"\n" + lines
    said = body if isinstance(body, bytes) else body.encode(charset)
    return lines.rstrip(b"\n").replace(b"\n", b"\r\n") + b"\r\n\r\n" + said


def parts(subtype: str, *children: tuple[str, str | bytes], head: str = "Subject: x") -> bytes:
    """Return a multipart mail; each child is (header lines, body)."""
    body = b""
    for lines, said in children:
        data = said if isinstance(said, bytes) else said.encode()
        body += b"--b0\r\n" + lines.encode().replace(b"\n", b"\r\n") + b"\r\n\r\n" + data + b"\r\n"
    return mail(f'{head}\nMIME-Version: 1.0\nContent-Type: multipart/{subtype}; boundary="b0"', body + b"--b0--\r\n")


def word(text: str, charset: str = "utf-8", label: str = "") -> str:
    """Return an encoded word."""
    return f"=?{label or charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


ATTACHMENT = (
    "Content-Type: image/png; name=a.png\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64",
    base64.b64encode(b"\x89PNG1234"),
)
