"""The header of a mail or of a part, read from its bytes: lines, fields, ids.

Own code because the standard library's reading raises or garbles on what real clients send (raw 8-bit text, broken lines),
and takes a time that grows with the square of some headers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from connectors.email.addresses import addresses, clean_address, display_name, first_address
from connectors.email.charsets import codec_for, decode
from connectors.email.dates import read_date
from connectors.email.words import decode_words, tidy_line

__all__ = [
    "MISSING_ID_DOMAIN",
    "Header",
    "addresses",
    "clean_address",
    "decode_words",
    "display_name",
    "external_id",
    "first_address",
    "from_first_field",
    "message_id",
    "message_ids",
    "sent_at",
    "split",
    "split_part",
    "tidy_line",
    "without_body",
]

# White space alone on a line ends a header too, unless the next line goes on with the field.
_BLANK_LINE = re.compile(rb"\r?\n(?:\r?\n|[ \t]++\r?\n(?![ \t]))|\r\r")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_LINE_BREAK = re.compile(rb"\r\n|\n|\r")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.I)
_MAX_TEXT = 20_000  # bytes of a field that are read as a line of text: no subject is longer
_MAX_FIELD = 100_000  # of any field
# What is read of a header: a mail of nothing but lines costs a hundred times its size once they are fields. Mail servers take
# 100 to 500 KB (Postfix 100 KB a field, Exchange 256 KB in all); a part needs some ten fields, and a mail can have many parts.
MAX_HEADER = 262_144  # bytes
MAX_FIELDS = 1_000
_MAX_PART_HEADER = 65_536
_MAX_PART_FIELDS = 100
_NEAR = 4_000  # bytes of the body in which a part names its charset
_ID = re.compile(r"<\s*([^<>\s\x00-\x1f\x7f]{1,900})\s*>")
_BARE_ID = re.compile(r"^[^<>\s@\x00-\x1f\x7f]{1,400}@[^<>\s@\x00-\x1f\x7f]{1,400}$")
_IDENTIFYING = frozenset({"from", "to", "cc", "date", "subject", "message-id", "in-reply-to", "references"})
MISSING_ID_DOMAIN = "missing.invalid"


@dataclass(frozen=True, slots=True)
class Header:
    """A mail's header: fields in order, names lower-cased, values raw and unfolded. body: all after the blank line. around: the
    charset that the mail around a part speaks of. cut: there were more fields than are read of any header.
    """

    fields: tuple[tuple[str, bytes], ...]
    body: bytes
    around: str | None = field(default=None, repr=False, compare=False)
    cut: bool = field(default=False, compare=False)
    _index: dict[str, list[bytes]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index: dict[str, list[bytes]] = {}
        for name, value in self.fields:
            index.setdefault(name, []).append(value)
        object.__setattr__(self, "_index", index)

    def raw(self, name: str) -> list[bytes]:
        """Return every value of a field, in order."""
        return self._index.get(name, [])

    def values(self, name: str) -> Iterator[str]:
        """Yield every value of a field, its bytes read as text, its encoded words as they are."""
        return map(self._as_text, self.raw(name))

    def text(self, name: str) -> str | None:
        """Return the first value of a field as a line of text, or None where there is no such field."""
        for value in self.raw(name):
            return tidy_line(decode_words(self._as_text(value[:_MAX_TEXT])))
        return None

    def plain(self, name: str) -> str:
        """Return the first value of a field undecoded, `""` where there is none: for tokens and addresses."""
        for value in self.raw(name):
            return self._as_text(value).strip()
        return ""

    def _as_text(self, value: bytes) -> str:
        if value.isascii() and b"\x1b" not in value and b"~{" not in value:
            return value[:_MAX_FIELD].decode("ascii")
        return self._read(value[:_MAX_FIELD])

    def _read(self, value: bytes) -> str:
        """Read a field in which no charset is named: UTF-8, or else what the body says that it is in, or else GB18030."""
        try:
            if b"\x1b" not in value and b"~{" not in value:
                return value.decode("utf-8")
        except UnicodeDecodeError:
            pass
        charset = self.charset()
        codec = codec_for(charset) if charset else None
        return decode(value, None if codec in (None, "cp1252", "utf-8") else charset)

    def charset(self) -> str | None:
        """Return the charset first spoken of: in Content-Type, in that of a part, in the mail around."""
        found = _CHARSET.search(b" ".join(self.raw("content-type")[:1])) or _CHARSET.search(self.body, 0, _NEAR)
        return found[1].decode("ascii") if found else self.around


def from_first_field(raw: bytes) -> bytes:
    """Return a mail without the blank lines and the byte order mark that some programs put in front."""
    return raw.lstrip(b"\r\n\t \xef\xbb\xbf") if raw[:1] in (b"\r", b"\n", b"\t", b" ", b"\xef") else raw


def split(raw: bytes) -> Header:
    """Split a mail into header and body. Whatever comes before the first line that can be no header is the header."""
    return _split(from_first_field(raw), None, MAX_HEADER, MAX_FIELDS)


def split_part(data: bytes, around: str | None = None) -> Header:
    """Split a part of a mail: one that begins with an empty line has no header. around: the charset of the mail."""
    for empty in (b"\r\n", b"\n"):
        if data.startswith(empty):
            return Header((), data[len(empty) :], around)
    return _split(data, around, _MAX_PART_HEADER, _MAX_PART_FIELDS)


def without_body(header: Header) -> Header:
    """Return a header without what follows it, but for the bytes in which a charset is looked for."""
    return Header(header.fields, header.body[:_NEAR], header.around, header.cut)


def _split(data: bytes, around: str | None, most_bytes: int, most_fields: int) -> Header:
    """Split into header and body, making no more of the header than the first bytes and fields allowed."""
    gap = _BLANK_LINE.search(data, 0, most_bytes)
    cut = False
    if gap is not None:
        head, after, body = data[: gap.start()], b"\n\n", data[gap.end() :]
    elif len(data) <= most_bytes:
        head, after, body = data, b"", b""
    else:
        cut = True
        end = _whole_lines(data, most_bytes)
        # What follows the first fields is the header's rest, or text that begins without a blank line: the lines will tell.
        head, after, body = data[:end], b"", data[end:]
    found: list[tuple[str, list[bytes]]] = []
    lines = _LINE_BREAK.split(head)
    for number, line in enumerate(lines):
        if line[:1] in (b" ", b"\t"):
            if found:
                found[-1][1].append(line.strip())
            continue
        match = _FIELD.fullmatch(line)
        if match is not None:
            if len(found) >= most_fields:
                cut = True
                break
            found.append((match[1].decode("ascii").lower(), [match[2].strip()]))
        elif not line.strip() or (number == 0 and line.startswith(b"From ")) or line.startswith(b">From "):
            continue  # the envelope line of an mbox file
        elif not found:
            return Header((), data, around)  # no header at all: a text somebody saved as a file
        elif not _looks_like_more_header(lines[number + 1 : number + 4]):
            # A broken header: the rest is text, the more useful mistake than dropping a line somebody wrote.
            rest = b"\n".join(lines[number:])
            return Header(_joined(found), rest + after + body, around)
    if gap is None and cut:
        body = body[_first_blank_line(body) :]
    return Header(_joined(found), body, around, cut)


def _whole_lines(data: bytes, most: int) -> int:
    """Return where the last line break within the first bytes begins: half an address would be another's. Of a line that fills
    most of them, its beginning is more than nothing.
    """
    end = max(data.rfind(b"\n", 0, most), data.rfind(b"\r", 0, most))
    return end if end >= most // 2 else most


def _first_blank_line(data: bytes) -> int:
    """Return where the text after the first empty line begins. Only looked for by finding: there may be 25 MB of lines."""
    wide = data.find(b"\n\r\n")
    narrow = data.find(b"\n\n", 0, wide if wide >= 0 else len(data))
    if narrow >= 0:
        return narrow + 2
    return wide + 3 if wide >= 0 else len(data)


def _joined(found: Sequence[tuple[str, list[bytes]]]) -> tuple[tuple[str, bytes], ...]:
    return tuple((name, b" ".join(pieces) if len(pieces) > 1 else pieces[0]) for name, pieces in found)


def _looks_like_more_header(lines: Iterable[bytes]) -> bool:
    return any(_FIELD.fullmatch(line) and b" " not in line.split(b":", 1)[0].strip() for line in lines)


# --- ids -------------------------------------------------------------------------------------------------------------


def message_ids(values: Iterable[bytes], limit: int = 100) -> tuple[str, ...]:
    """Return the message ids named in some fields, with angle brackets, each once, in order."""
    found: dict[str, None] = {}
    for value in values:
        if len(value) > _MAX_FIELD:
            value = value[: _MAX_FIELD // 2] + b" " + value[-_MAX_FIELD // 2 :]
        text = decode(value)
        ids = [f"<{match}>" for match in _ID.findall(text)]
        if not ids and _BARE_ID.match(text.strip()):
            ids = [f"<{text.strip()}>"]
        found.update(dict.fromkeys(ids))
    ids = list(found)
    # The oldest opens the thread, the newest say where we are; a list of thousands is an attack or a fault.
    return tuple(ids if len(ids) <= limit else [ids[0], *ids[1 - limit :]])


def message_id(header: Header) -> str:
    """Return the mail's Message-ID, or one made of its content where there is not exactly one (trap 4).

    A mail made of the same bytes gives the same id again. Fields that differ from copy to copy of one mail (Received,
    Delivered-To) do not count, unless there is no Date to tell two mails with the same words apart.
    """
    ids = message_ids(header.raw("message-id"))
    if len(ids) == 1:
        return ids[0]
    digest = hashlib.sha256()
    dated = bool(header.raw("date"))
    for name, value in header.fields:
        if not dated or name in _IDENTIFYING:
            digest.update(name.encode() + b":" + value + b"\n")
    digest.update(b"\n" + header.body)
    return f"<{digest.hexdigest()[:40]}@{MISSING_ID_DOMAIN}>"


def external_id(header: Header) -> str:
    """Return a mail's identity: its id and a mark of its body.

    One mail found in two mailboxes, or fetched again, is one (trap 9); two mails that carry the same id are two.
    """
    return f"{message_id(header)}#{hashlib.sha256(header.body).hexdigest()[:16]}"


# --- the moment ------------------------------------------------------------------------------------------------------


def sent_at(header: Header) -> datetime | None:
    """Return the moment of the Date field in UTC; where it says none, the moment the first mail server took the mail in."""
    for value in islice(header.values("date"), 5):
        if moment := read_date(value):
            return moment
    for received in reversed(header.raw("received")[-5:]):
        if moment := read_date(decode(received.rpartition(b";")[2][:300])):
            return moment
    return None
