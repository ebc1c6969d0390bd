"""winmail.dat: what Outlook wraps a mail in when it takes the receiver for another Outlook (TNEF)."""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tnefparse import TNEF

from connectors.email.charsets import decode

TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_SIGNATURE = 0x223E9F78
_PROPERTIES, _ATTACHMENT = 0x9003, 0x9005
_RECIPIENTS = 0x9004
_EMBEDDED = bytes.fromhex("0703020000000000c000000000000046")
_FIXED = {0x02: 2, 0x0B: 2, 0x03: 4, 0x04: 4, 0x0A: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_LISTS = frozenset({0x00, 0x0D, 0x1E, 0x1F, 0x102})
_MOST_OBJECTS = 3000
_MOST_COPIED = 500_000_000
_MOST_NESTED = 4

logging.getLogger("tnefparse").setLevel(logging.CRITICAL)  # it logs what it reads


@dataclass(frozen=True, slots=True)
class Winmail:
    """What was inside. text and html: the mail's words, empty where there are none. files: (name, bytes)."""

    text: str
    html: str
    files: tuple[tuple[str, bytes], ...]


def open_winmail(data: bytes) -> Winmail | None:
    """Return what is inside, None where it cannot be read: then it is a file like any other."""
    try:
        _check(data, 0)
        tnef = TNEF(data, do_checksum=False)
        files = tuple((_text(file.long_filename()), _bytes(file.data)) for file in tnef.attachments)
        opened = Winmail(_text(tnef.body), _text(tnef.htmlbody), tuple(file for file in files if file[1]))
    except Exception:  # the library raises whatever its reading runs into
        return None
    return opened if opened.text or opened.html or opened.files else None


def _text(value: object) -> str:
    """Return what the library found, which may be bytes, a list or nothing, as text."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, bytes):
        value = decode(value.rstrip(b"\0"))
    return value.strip("\0") if isinstance(value, str) else ""


def _bytes(value: object) -> bytes:
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, bytes) else b""


# --- guarding the library: it believes every count it reads, and four billion of nothing take for ever ----------------


def _check(data: bytes, depth: int) -> None:
    """Raise ValueError or struct.error where counts speak of more than there is."""
    if depth > _MOST_NESTED or len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        raise ValueError("no TNEF")
    offset = 6
    objects = 0
    while offset + 12 < len(data):
        name, length = struct.unpack_from("<xHxxI", data, offset)
        body = data[offset + 9 : offset + 9 + length]
        objects += 1
        if objects > _MOST_OBJECTS or objects * len(data) > _MOST_COPIED:
            raise ValueError("too many objects")
        if name in (_PROPERTIES, _ATTACHMENT):
            for value in _values(body):
                if value.startswith(_EMBEDDED):
                    _check(value[len(_EMBEDDED) :], depth + 1)
        elif name == _RECIPIENTS:
            raise ValueError("a table of recipients: never sent along")
        offset += length + 11


def _values(data: bytes) -> Iterator[bytes]:
    """Walk a list of MAPI properties, yielding the long values."""
    (count,) = struct.unpack_from("<I", data)
    offset = 4
    if count > len(data):
        raise ValueError("more properties than bytes")
    for _ in range(count):
        if offset >= len(data):
            return
        kind, name = struct.unpack_from("<HH", data, offset)
        offset += 4
        if name >= 0x8000:
            named, length = struct.unpack_from("<16xII", data, offset)
            offset += 20 + (4 if not named else 4 + length + -length % 4)
        times = 1
        if kind & 0x1000:
            (times,) = struct.unpack_from("<I", data, offset)
            offset += 4
        if times > len(data):
            raise ValueError("more values than bytes")
        size = _FIXED.get(kind & ~0x1000)
        if size is not None:
            offset += size * times + (2 if size == 2 and times % 2 else 0)
        elif kind & ~0x1000 in _LISTS:
            if not kind & 0x1000:
                (times,) = struct.unpack_from("<I", data, offset)
                offset += 4
            for _ in range(times):
                (length,) = struct.unpack_from("<I", data, offset)
                yield data[offset + 4 : offset + 4 + length]
                offset += 4 + length + -length % 4
        else:
            return  # the library stops here too
