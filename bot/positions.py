"""Where a picture or a film was taken: taken out of the file before anybody looks at it.

Only the position goes, byte for byte in its own place: the picture stays as it was taken, turned the right way, with its
time, and nothing is decoded, so no file can unpack itself to more than it is. What cannot be read as it should be loses all
that a camera noted in it.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Final

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_EXIF: Final = b"Exif\0\0"
_TIFF: Final = (b"II*\0", b"MM\0*")
_GPS: Final = 0x8825  # the entry of IFD0 that points at the position
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_MOST_ENTRIES: Final = 1000
_MOST_FOUND: Final = 200  # whoever hides a position behind more than a camera writes hides their own

# XMP says the same in words, in attributes or in elements.
_XMP: Final = re.compile(
    rb""":GPS[A-Za-z]{1,40}+(?:\s{0,9}+=\s{0,9}+(?:"([^"<]{0,200}+)"|'([^'<]{0,200}+)')|(?:\s[^<>]{0,200}+)?+>([^<]{0,200}+))"""
)
_FILM_PLACE: Final = re.compile(rb"[+-]\d{2}(?:\.\d{1,9})?[+-]\d{3}(?:\.\d{1,9})?(?:[+-]\d{1,6}(?:\.\d{1,9})?)?/")
_NO_CHUNK: Final = b"rmVd"  # a chunk that nobody knows, and everybody passes over
_NO_BOX: Final = b"free"  # the same among boxes
_SHORTEST_PLACE: Final = (
    29  # bytes of a box "loci": its head, flags, language, role, three figures and three empty names
)
_PNG_TEXTS: Final = frozenset(
    {b"tEXt", b"zTXt", b"iTXt"}
)  # XMP, and what programs make of Exif that had no place of its own


def without_position(data: bytes) -> bytes:
    """Return a file without the place where it was taken. Another kind of file is returned as it is; nothing is raised."""
    clean = _cleaner_of(data)
    if clean is None:
        return data
    kept = bytearray(data)
    clean(kept)
    return bytes(kept)


def _cleaner_of(data: bytes) -> Callable[[bytearray], None] | None:
    if data[:3] == b"\xff\xd8\xff":
        return _jpeg
    if data[:8] == _PNG:
        return _png
    if data[:4] in _TIFF:
        return _tiff
    if (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or data[4:8] == b"ftyp":
        return _boxed
    return None


def _jpeg(data: bytearray) -> None:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in (0xD9, 0xDA):  # the picture itself begins
            break
        if marker == 0xFF:
            at += 1
            continue
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        _segment(data, at + 4, min(at + 2 + size, len(data)), marker)
        at += 2 + max(size, 2)
    # A second picture behind the first (a preview, a "live" photo) is one more JPEG with an Exif of its own.
    _everywhere(data, at)


def _segment(data: bytearray, start: int, end: int, marker: int) -> None:
    if marker == 0xE1:
        if data[start : start + 6] == _EXIF:
            _exif(data, start + 6, end)
        else:
            _words(data, start, end)


def _png(data: bytearray) -> None:
    at = len(_PNG)
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        kind, start = bytes(data[at + 4 : at + 8]), at + 8
        end = start + size
        if end + 4 > len(data):
            break
        if kind == b"eXIf":
            _exif(data, start, end)
        elif kind in _PNG_TEXTS and _tells_of_the_camera(bytes(data[start : min(end, start + 80)])):
            data[at + 4 : end] = _NO_CHUNK + bytes(size)
        else:
            at = end + 4
            continue
        data[end : end + 4] = zlib.crc32(data[at + 4 : end]).to_bytes(4, "big")
        at = end + 4


def _tells_of_the_camera(beginning: bytes) -> bool:
    keyword = beginning.partition(b"\0")[0].lower()
    return b"xmp" in keyword or b"exif" in keyword or b"gps" in keyword


def _tiff(data: bytearray) -> None:
    _exif(data, 0, len(data), keep_rest=True)
    _words(data, 0, len(data))


def _boxed(data: bytearray) -> None:
    """WebP, HEIF, AVIF, MP4, MOV, 3GP: files of boxes, in which what a camera notes is found by how it begins."""
    _everywhere(data, 0)
    if data[4:8] == b"ftyp":
        for order in _TIFF:  # an item of Exif need not say so before its TIFF header
            for at in _found(data, order, 0):
                _exif(data, at, len(data), keep_rest=True)
        for start, end in _boxes(data, b"moov"):
            _blank(data, _FILM_PLACE, start, end)
            _places(data, start, end)
    else:
        for start, end in _chunks(data, b"EXIF"):
            if bytes(data[start : start + 4]) in _TIFF:
                _exif(data, start, end)


def _places(data: bytearray, start: int, end: int) -> None:
    """Make boxes of nothing of those that say in figures, and by name, where a film was taken."""
    for at in _found(data, b"loci", start + 4):
        size = int.from_bytes(data[at - 4 : at], "big")
        if _SHORTEST_PLACE <= size <= end - (at - 4):
            data[at : at - 4 + size] = _NO_BOX + bytes(size - 8)


def _boxes(data: bytearray, wanted: bytes) -> Iterator[tuple[int, int]]:
    """Yield where the content of each outermost box of a kind begins and ends."""
    at = 0
    while at + 8 <= len(data):
        size, kind, head = int.from_bytes(data[at : at + 4], "big"), bytes(data[at + 4 : at + 8]), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        end = len(data) if size == 0 else min(at + max(size, head), len(data))
        if kind == wanted:
            yield at + head, end
        at = end


def _chunks(data: bytearray, wanted: bytes) -> Iterator[tuple[int, int]]:
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == wanted:
            yield at + 8, min(at + 8 + size, len(data))
        at += 8 + size + size % 2


def _everywhere(data: bytearray, start: int) -> None:
    """Clean every Exif block and every word of XMP from `start` on, wherever it stands."""
    for at in _found(data, _EXIF, start):
        if bytes(data[at + len(_EXIF) : at + len(_EXIF) + 4]) in _TIFF:
            _exif(data, at + len(_EXIF), len(data), keep_rest=True)
    _words(data, start, len(data))


def _found(data: bytearray, wanted: bytes, start: int) -> Iterator[int]:
    at = data.find(wanted, start)
    for _ in range(_MOST_FOUND):
        if at < 0:
            return
        yield at
        at = data.find(wanted, at + 1)


# ── Exif ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _exif(data: bytearray, start: int, end: int, *, keep_rest: bool = False) -> None:
    """Empty the position in an Exif block. keep_rest: what cannot be read is left, for more than Exif stands there."""
    try:
        order = {b"II*\0": "<", b"MM\0*": ">"}[bytes(data[start : start + 4])]
        ifd = struct.unpack_from(f"{order}I", data, start + 4)[0]
        for entry in _entries(data, start, end, ifd, order):
            tag, _, _, place = struct.unpack_from(f"{order}HHII", data, entry)
            if tag == _GPS:
                _empty(data, start, end, place, order)
                data[entry : entry + 12] = struct.pack(f"{order}HHII", tag, 4, 1, place)
    except (KeyError, struct.error, ValueError):
        if not keep_rest:
            data[start:end] = bytes(end - start)


def _entries(data: bytearray, start: int, end: int, ifd: int, order: str) -> Iterator[int]:
    """Yield where each entry of a directory stands. Raises ValueError where it does not lie in the block."""
    first = start + ifd
    if not start + 8 <= first <= end - 2:
        raise ValueError("the directory lies outside")
    count = struct.unpack_from(f"{order}H", data, first)[0]
    if count > _MOST_ENTRIES or first + 2 + 12 * count > end:
        raise ValueError("the directory is longer than the block")
    for number in range(count):
        yield first + 2 + 12 * number


def _empty(data: bytearray, start: int, end: int, ifd: int, order: str) -> None:
    """Write nothing over a directory of the position and over every value that it points at."""
    for entry in _entries(data, start, end, ifd, order):
        _, kind, count, place = struct.unpack_from(f"{order}HHII", data, entry)
        size = _SIZES.get(kind, 1) * count
        if size > 4:
            if start + place + size > end:
                raise ValueError("a value lies outside")
            data[start + place : start + place + size] = bytes(size)
        data[entry : entry + 12] = bytes(12)
    data[start + ifd : start + ifd + 2] = bytes(2)  # a directory of no entries


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _words(data: bytearray, start: int, end: int) -> None:
    """Put blanks in place of what XMP says of the position, in words."""
    for at in _found(data, b":GPS", start):
        if said := _XMP.match(data, at, end):
            first, last = next(said.span(group) for group in (1, 2, 3) if said[group] is not None)
            data[first:last] = b" " * (last - first)


def _blank(data: bytearray, pattern: re.Pattern[bytes], start: int, end: int) -> None:
    for found in list(pattern.finditer(data, start, end)):
        data[found.start() : found.end()] = re.sub(rb"\d", b"0", found[0])
