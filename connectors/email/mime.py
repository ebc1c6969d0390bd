"""The tree of a mail's parts, and their bytes.

Own code, because the standard library's parser takes 5 s for 1 MB of parts nested in each other, does not give an inner
mail back as it came, and drops what stands in a tree whose boundary is wrong.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connectors.email.headers import Header, split_part, without_body
from connectors.email.parameters import NOTHING, parse_parameters

_MAX_DEPTH = 30
MAX_PARTS = 500
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+_!#$&^-]{0,99}/[a-z0-9][a-z0-9.+_!#$&^-]{0,99}")
_GUESSED_BOUNDARY = re.compile(rb"(?:\A|\n)--([!-~][ -~]{0,199}+)\r?\n(?=content-[a-z-]{1,30}:)", re.I)
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_WHITE = b" \t\r\n\f\v"
_BETWEEN_PADDING = re.compile(rb"[^=]++")
_NOTHING_ELSE = re.compile(rb"[A-Za-z0-9+/=\r\n]*+")  # lines that can be nothing but base64
_LINE = re.compile(rb"[^\r\n]*+(?:\r\n|\r|\n)?")
_NOT_BLANK = re.compile(rb"\S")
_CONTAINERS = ("message/rfc822", "message/global", "message/news")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mail. type: `text/plain`, lower-cased. A multipart none of whose parts can be found counts as the text
    that stands there; one that has parts keeps nothing of its bytes but what may name a charset.
    """

    header: Header
    type: str
    parameters: Mapping[str, str]
    disposition: str
    disposition_parameters: Mapping[str, str]
    children: tuple[Part, ...] = ()

    @property
    def main(self) -> str:
        """The type's first half."""
        return self.type.partition("/")[0]

    def data(self) -> bytes:
        """Return the part's bytes, its transfer encoding undone."""
        return undone(self.header.body, self.encoding, text=self.main == "text")

    @property
    def encoding(self) -> str:
        return self.header.plain("content-transfer-encoding").partition(";")[0].strip(" \"'").lower()


def is_mail(content_type: str) -> bool:
    """Tell whether what has this type is a whole mail."""
    return content_type in _CONTAINERS


def read_tree(header: Header) -> tuple[Part, bool]:
    """Return a mail's tree, and whether it is all of it: after 500 parts the rest stays unread.

    What is nested more than 30 deep is text.
    """
    budget = _Budget(MAX_PARTS)
    return _read(header, "text/plain", 0, budget), budget.parts > 0


@dataclass(slots=True)
class _Budget:
    parts: int


def _read(header: Header, default: str, depth: int, budget: _Budget) -> Part:
    budget.parts -= 1
    disposition, named = parse_parameters(header.plain("content-disposition"))
    content_type, parameters = _content_type(header, default, is_file=disposition == "attachment")
    part = Part(header, content_type, parameters, disposition, named)
    if depth >= _MAX_DEPTH or disposition == "attachment":
        return part if part.main != "multipart" or disposition else _as_text(part)
    if part.main != "multipart":
        return part
    inner = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
    pieces = _cut(part)
    if not pieces or budget.parts <= 0:
        return _as_text(part)
    # Thirty levels that each hold all that is below them would be thirty mails: nothing here, nor in who called, keeps the
    # bytes of a multipart once they are cut, or those of a piece once it is split.
    charset = header.charset()
    header = without_body(header)
    del part
    children: list[Part] = []
    pieces.reverse()
    while pieces and budget.parts > 0:
        children.append(_read(split_part(pieces.pop(), charset), inner, depth + 1, budget))
    return Part(header, content_type, parameters, disposition, named, tuple(children))


def _as_text(part: Part) -> Part:
    return Part(part.header, "text/plain", part.parameters, part.disposition, part.disposition_parameters)


def _content_type(header: Header, default: str, *, is_file: bool) -> tuple[str, Mapping[str, str]]:
    written = header.plain("content-type")
    if not written:
        return default, NOTHING
    content_type, parameters = parse_parameters(written)
    content_type = content_type.partition(" ")[0].partition("(")[0].strip()
    if _TYPE.fullmatch(content_type):
        return content_type, parameters
    # RFC 2045 section 5.2: what cannot be read is plain text; a name says that it is a file.
    is_file = is_file or ("/" in content_type and "name" in parameters)
    return ("application/octet-stream" if is_file else "text/plain"), parameters


def _cut(part: Part) -> list[bytes]:
    body = part.header.body
    boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
    pieces = _between(body, boundary) if boundary else []
    if not pieces and part.encoding in ("base64", "quoted-printable"):
        body = undone(body, part.encoding, text=True)  # forbidden, and done by some gateways
        pieces = _between(body, boundary) if boundary else []
    if not pieces and (guessed := _GUESSED_BOUNDARY.search(body)):
        pieces = _between(body, guessed[1].rstrip())
    return pieces


def _between(body: bytes, boundary: bytes) -> list[bytes]:
    """Return what stands between the lines of a boundary; a missing last one is no harm."""
    mark = b"--" + boundary
    pieces: list[bytes] = []
    begin = -1
    position = 0
    while (start := body.find(mark, position)) >= 0:
        position = start + len(mark)
        end = body.find(b"\n", position)
        end = len(body) if end < 0 else end + 1
        rest = body[position : min(end, position + 1000)].strip()
        if (start and body[start - 1] not in b"\r\n") or rest not in (b"", b"--"):
            continue
        if begin >= 0:
            pieces.append(body[begin : _before_break(body, start)])
            if len(pieces) >= MAX_PARTS:
                return pieces
        begin = -1 if rest == b"--" else end
        position = end
        if rest == b"--":
            break
    if begin >= 0 and _NOT_BLANK.search(body, begin):
        pieces.append(body[begin:])
    return pieces


def _before_break(body: bytes, start: int) -> int:
    """Return where the line break before `start` begins: it belongs to the boundary."""
    if body[start - 2 : start] == b"\r\n":
        return start - 2
    return start - 1 if body[start - 1 : start] in (b"\n", b"\r") else start


# --- transfer encodings ----------------------------------------------------------------------------------------------


def undone(data: bytes, encoding: str, *, text: bool) -> bytes:
    """Return bytes with a transfer encoding undone, never failing. text: what comes out should be readable."""
    if encoding in ("base64", "base 64", "b"):
        return _from_base64(data, text=text)
    if encoding in ("quoted-printable", "quotedprintable", "quoted_printable", "q"):
        return binascii.a2b_qp(data)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return next((inner for _, inner, _, _ in uuencoded(data)), data)
    return data


def _from_base64(data: bytes, *, text: bool) -> bytes:
    clean = data.translate(None, _NOT_BASE64)
    if not text or len(clean) == len(data.translate(None, _WHITE)):
        return _decoded(clean)
    # Lists and virus scanners write plain lines below base64, and some programs call base64 what is plain.
    end = _end_of_base64(data)
    clean = data[:end].translate(None, _NOT_BASE64)
    return _decoded(clean) + data[end:]


def _end_of_base64(data: bytes) -> int:
    """Return where the first line that does not read as base64 begins. Line by line: a list of them would be a bomb."""
    position = 0
    while position < len(data):
        stop = _end_of(_NOTHING_ELSE, data, position)
        if stop == len(data):
            break
        # The line in which something else stands.
        position = max(position, data.rfind(b"\n", position, stop) + 1, data.rfind(b"\r", position, stop) + 1)
        end = _end_of(_LINE, data, position)
        if not _reads_as_base64(data[position:end]):
            return position
        position = end
    return len(data)


def _end_of(pattern: re.Pattern[bytes], data: bytes, position: int) -> int:
    """Return where a match that may be empty, and so is always there, ends."""
    match = pattern.match(data, position)
    return match.end() if match is not None else position


def _reads_as_base64(line: bytes) -> bool:
    line = line.strip(_WHITE)
    return (len(line) - len(line.translate(None, _NOT_BASE64))) * 20 <= len(line)


def _decoded(clean: bytes) -> bytes:
    """Decode base64; padding in the middle ends one run and begins the next."""
    body = clean.rstrip(b"=")
    if b"=" not in body:
        return _run(body)
    out = bytearray()  # and no list: padding after every two letters would make one of millions
    for match in _BETWEEN_PADDING.finditer(body):
        out += _run(match[0])
    return bytes(out)


def _run(run: bytes) -> bytes:
    if len(run) % 4 == 1:
        run = run[:-1]
    return binascii.a2b_base64(run + b"=" * (-len(run) % 4))


# A line whose blanks were cut off at its end stands for 45 zeros: a whole file of them is no file.
_MOST_FROM_UU = 2
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,300})\r?\n", re.M)


def uuencoded(data: bytes) -> Iterator[tuple[bytes, bytes, int, int]]:
    """Yield each uuencoded file inside some text: its name, its bytes, where it begins and ends."""
    position = 0
    while match := _UU_BEGIN.search(data, position):
        out = bytearray()
        position = match.end()
        while position < len(data):
            end = data.find(b"\n", position)
            end = len(data) if end < 0 else end + 1
            line = data[position:end].rstrip(b"\r\n")
            if line == b"end":
                yield match[1], bytes(out), match.start(), end
                position = end
                break
            try:
                out += binascii.a2b_uu(line) if line else b""  # of nothing it would make 32 zeros
            except binascii.Error:
                break
            if len(out) > _MOST_FROM_UU * (end - match.start()):
                break
            position = end
