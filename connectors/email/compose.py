"""Writing a mail: what is to be said, in plain text and in HTML made of the very same text, as bytes for the wire."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import quote

from connectors.email.automatic import OWN_MARK
from connectors.email.headers import MISSING_ID_DOMAIN
from connectors.email.settings import EmailSettings
from connectors.port import Attachment, OutgoingMessage, WillNotDeliver

_MAX_REFERENCES = 20
_LONGEST_LINE = 900  # RFC 5322 section 2.1.1: 998

_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_BAD_IN_ADDRESS = re.compile(r'[\s<>"\\,;:()\[\]\x00-\x1f\x7f]')
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\x85]+")
_LINE_END = re.compile(r"\r\n|\r|\n|\x85|\u2028|\u2029|\x0b|\x0c")
_DOT = re.compile(rb"^\.", re.M)
_ATOM_TEXT = re.compile(r"^[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*$")
_LINK = re.compile(r"https?://[!#-;=?-~]{1,2000}")  # no quotes, no angle brackets
_NOT_OF_A_LINK = ".,;:!?)]}'*"
_PARAGRAPH = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MIME_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}(?:; [a-z]{1,20}=[A-Za-z0-9._-]{1,40}){0,4}")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._ -]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it goes over the wire, dots stuffed, without the final one. recipient: for the envelope."""

    recipient: str
    message_id: str
    payload: bytes = field(repr=False)


class Composer:
    """Writes the mails that leave from one address."""

    def __init__(self, settings: EmailSettings, now: Callable[[], datetime]) -> None:
        self._domain = settings.domain
        self._now = now
        self._from = f"From: {mailbox_header(settings.display_name, settings.address)}\r\n"
        self._date_of = (-1, "")

    def compose(self, message: OutgoingMessage) -> Letter:
        """Return the mail. Raises WillNotDeliver where an address is none."""
        recipient = envelope_address(message.address)
        message_id = own_message_id(message, self._domain)
        head = [
            self._from,
            f"To: <{recipient}>\r\n",
            f"Subject: {encode_text(message.subject or '')}\r\n",
            f"Date: {self._date()}\r\nMessage-ID: {message_id}\r\n",
            *_threading(message),
        ]
        if message.reply_address:
            head.append(f"Reply-To: <{envelope_address(message.reply_address)}>\r\n")
        if message.automatic:
            # RFC 3834 section 5, and what Exchange heeds. No List-* and no Precedence: this is a letter to one person.
            head.append(f"Auto-Submitted: {'auto-replied' if message.reply_to else 'auto-generated'}\r\n")
            head.append("X-Auto-Response-Suppress: All\r\n")
        head.append(f"{OWN_MARK}: 1\r\nMIME-Version: 1.0\r\n")
        payload = "".join(head).encode() + _body(message)
        return Letter(recipient, message_id, _DOT.sub(b"..", payload))

    def _date(self) -> str:
        now = self._now()
        second = int(now.timestamp())
        if self._date_of[0] != second:
            self._date_of = (second, format_datetime(now.astimezone(UTC)))
        return self._date_of[1]


def _threading(message: OutgoingMessage) -> list[str]:
    """Return the header lines that put a mail into its thread (RFC 5322 section 3.6.4)."""
    answered = _real_ids([message.reply_to or ""])
    references = _real_ids([*message.references, *answered])
    if len(references) > _MAX_REFERENCES:
        references = [references[0], *references[1 - _MAX_REFERENCES :]]
    lines = [f"In-Reply-To: {answered[0]}\r\n"] if answered else []
    if references:
        lines.append("References: " + "\r\n ".join(references) + "\r\n")
    return lines


def _body(message: OutgoingMessage) -> bytes:
    """Return the body with its own header lines: what is said, and the files that go with it."""
    words, files = _alternatives(message), message.files
    if not files:
        return words
    parts = [words, *(_attached(file) for file in files)]
    boundary = "=_" + hashlib.sha256(b"".join(parts)).hexdigest()[:40]
    written = b"".join(f"--{boundary}\r\n".encode() + part + b"\r\n" for part in parts)
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'
    return head.encode() + written + f"--{boundary}--\r\n".encode()


def _attached(file: Attachment) -> bytes:
    """Return a file as a MIME part. Its name as RFC 2231 writes it, with a plain one beside it for older programs."""
    assert file.data is not None
    type_ = file.type if _MIME_TYPE.fullmatch(file.type) else "application/octet-stream"
    name = _CONTROL.sub("", file.name).replace("/", "_").replace("\\", "_")[:100] or "file"
    plain = _NOT_PLAIN.sub("_", name)
    named = f'filename="{plain}"' if plain == name else f"filename=\"{plain}\"; filename*=utf-8''{quote(name, safe='')}"
    encoded = base64.encodebytes(file.data).replace(b"\n", b"\r\n")
    head = f"Content-Type: {type_}\r\nContent-Disposition: attachment; {named}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + encoded


def _alternatives(message: OutgoingMessage) -> bytes:
    """Return the body with its own header lines: the text, and the same as HTML for those who see that only."""
    text = _LINE_END.sub("\n", message.text).rstrip("\n") + "\n"
    # Made of the text itself, so that no text can contain it.
    boundary = "=_" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:40]
    parts = (("plain", text), ("html", html_of(text, message.locale)))
    written = b"".join(
        f"--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n".encode() + _encoded(words)
        for kind, words in parts
    )
    head = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'
    return head.encode() + written + f"--{boundary}--\r\n".encode()


def _encoded(text: str) -> bytes:
    """Return a text as the rest of a MIME part: how it is encoded, and itself, in lines that any server takes."""
    if text.isascii() and "\0" not in text and max(map(len, text.split("\n"))) <= _LONGEST_LINE:
        return b"Content-Transfer-Encoding: 7bit\r\n\r\n" + text.replace("\n", "\r\n").encode("ascii")
    encoded = base64.encodebytes(text.replace("\n", "\r\n").encode("utf-8", "replace")).replace(b"\n", b"\r\n")
    return b"Content-Transfer-Encoding: base64\r\n\r\n" + encoded


def html_of(text: str, locale: str = "") -> str:
    """Return a text as a small HTML page: paragraphs, line ends and links. Nothing in the text can become markup."""
    language = f' lang="{locale}"' if _LANGUAGE.fullmatch(locale) else ""
    paragraphs = [part for part in _PARAGRAPH.split(_INVISIBLE.sub("", text).strip("\n")) if part]
    body = "\n".join(f"<p>{_marked_up(part)}</p>" for part in paragraphs)
    return (
        f'<!DOCTYPE html>\n<html{language}>\n<head><meta charset="utf-8"></head>\n'
        f'<body style="font-family:sans-serif;line-height:1.5">\n{body}\n</body>\n</html>\n'
    )


def _marked_up(paragraph: str) -> str:
    out: list[str] = []
    position = 0
    for match in _LINK.finditer(paragraph):
        link = match[0].rstrip(_NOT_OF_A_LINK)
        # What is shown is where it leads: a link in somebody's words can hide nothing.
        out += [escape(paragraph[position : match.start()]), f'<a href="{escape(link)}">{escape(link)}</a>']
        position = match.start() + len(link)
    out.append(escape(paragraph[position:]))
    return "".join(out).replace("\n", "<br>\n")


def own_message_id(message: OutgoingMessage, domain: str) -> str:
    """Return the Message-ID a mail goes out under: the one asked for, else one made of its key, so that a repeat is known."""
    match = _ID.fullmatch(message.message_id or "")
    if match:
        return match[0]
    return f"<{hashlib.sha256(message.key.encode('utf-8', 'replace')).hexdigest()[:32]}@{ascii_domain(domain)}>"


def encode_text(text: str) -> str:
    """Return a header text safe to put on a line: one line, encoded words (RFC 2047) beyond ASCII, folded."""
    text = " ".join(_CONTROL.sub(" ", text).split())
    if text.isascii() and "=?" not in text and len(text) <= 180:
        return text
    words: list[str] = []
    chunk = b""
    for char in text.encode("utf-8", "replace").decode("utf-8"):
        encoded = char.encode()
        if len(chunk) + len(encoded) > 45:
            words.append(base64.b64encode(chunk).decode())
            chunk = b""
        chunk += encoded
    words.append(base64.b64encode(chunk).decode())
    return "\r\n ".join(f"=?utf-8?B?{word}?=" for word in words)


def mailbox_header(name: str, address: str) -> str:
    """Return `name <address>` for a header."""
    if not name:
        return f"<{address}>"
    if _ATOM_TEXT.match(name) and "=?" not in name:
        return f"{name} <{address}>"
    if name.isascii() and "=?" not in name:
        escaped = _CONTROL.sub(" ", name).replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{address}>'
    return f"{encode_text(name)} <{address}>"


def _real_ids(values: Iterable[str]) -> list[str]:
    """Return the Message-IDs in some texts, each once, without those we made up for mails that had none."""
    found = {match: None for value in values for match in _ID.findall(value)}
    return [each for each in found if not each.endswith(f"@{MISSING_ID_DOMAIN}>")]


def envelope_address(address: str) -> str:
    """Return an address fit for the envelope. Raises WillNotDeliver where it is none."""
    local, at, domain = address.strip().rpartition("@")
    if not (local and at and domain) or _BAD_IN_ADDRESS.search(local + domain) or len(address) > 320:
        raise WillNotDeliver(
            f"{_CONTROL.sub(' ', address)[:80]!r} is no mail address: correct it in the person's contact data"
        )
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            raise WillNotDeliver(
                f"the domain of {address[:80]!r} is none: correct it in the person's contact data"
            ) from None
    return f"{local}@{domain}"


def ascii_domain(domain: str) -> str:
    """Return a domain as names in the protocols must be written."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return "localhost"
