"""Where a picture was taken goes; everything else of it stays, byte for byte."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.positions import without_position

DEGREES = struct.pack("<6I", 31, 1, 14, 1, 987654, 1000)  # 31° 14' 987.654"
TAKEN = b"2026:03:02 09:15:00\0"
FIGURES = struct.pack(">iii", int(121.4737 * 65536), int(31.2304 * 65536), 0)  # as 3GPP has them
PLACE = (DEGREES, b"+31.2304+121.4737", FIGURES, b"Lujiazui")


def exif(order: str = "<") -> bytes:
    """A camera's notes: turned by 90 degrees, when, and where."""
    ifd0 = struct.pack(f"{order}H", 3)
    ifd0 += struct.pack(f"{order}HHIHH", 0x0112, 3, 1, 6, 0)
    ifd0 += struct.pack(f"{order}HHII", 0x0132, 2, len(TAKEN), 100)
    ifd0 += struct.pack(f"{order}HHII", 0x8825, 4, 1, 140)
    gps = struct.pack(f"{order}H", 2)
    gps += struct.pack(f"{order}HHI", 1, 2, 2) + b"N\0\0\0"
    gps += struct.pack(f"{order}HHII", 2, 5, 3, 200)
    block = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8) + ifd0 + bytes(4)
    block = block.ljust(100, b"\0") + TAKEN
    block = block.ljust(140, b"\0") + gps + bytes(4)
    return block.ljust(200, b"\0") + DEGREES


XMP = (
    b'<x:xmpmeta><rdf:Description exif:GPSLatitude="31,14.9876N" tiff:Make="Canon">'
    b"<exif:GPSLongitude>121,28.42E</exif:GPSLongitude></rdf:Description></x:xmpmeta>"
)
PICTURE = b"\xff\xda\x00\x02" + bytes(range(200)) * 3 + b"\xff\xd9"


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def jpeg(*segments: bytes, behind: bytes = b"") -> bytes:
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1") + b"".join(segments) + PICTURE + behind


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(*chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(kind + struct.pack("<I", len(content)) + content for kind, content in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


FILM = box(b"\xa9xyz", struct.pack(">HH", 18, 0) + b"+31.2304+121.4737/")
KEYED = box(b"ilst", b"com.apple.quicktime.location.ISO6709" + b"+31.2304+121.4737+012.000/")

PLACE_BOX = box(b"loci", bytes(4) + b"\x15\xc7" + b"Lujiazui\0\0" + FIGURES + b"earth\0\0")

TAKEN_SOMEWHERE = {
    "jpeg": jpeg(segment(0xE1, b"Exif\0\0" + exif())),
    "jpeg of a big-endian camera": jpeg(segment(0xE1, b"Exif\0\0" + exif(">"))),
    "jpeg with xmp": jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)),
    "second picture behind the first": jpeg(behind=jpeg(segment(0xE1, b"Exif\0\0" + exif()))),
    "png": png(chunk(b"eXIf", exif())),
    "png of a program": png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)),
    "png that packed it": png(chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(DEGREES.hex().encode()))),
    "webp": webp((b"VP8 ", b"pixels"), (b"EXIF", exif()), (b"XMP ", XMP)),
    "heic": box(b"ftyp", b"heicmif1") + box(b"mdat", struct.pack(">I", 6) + b"Exif\0\0" + exif(">") + b"pixels"),
    "heic that does not say exif": box(b"ftyp", b"heicmif1") + box(b"mdat", bytes(4) + exif(">") + b"pixels"),
    "avif": box(b"ftyp", b"avifmif1") + box(b"meta", b"infeExif\0") + box(b"mdat", bytes(4) + exif() + b"pixels"),
    "film of an old phone": box(b"ftyp", b"3gp4") + box(b"moov", box(b"udta", PLACE_BOX)) + box(b"mdat", b"frames"),
    "film with its place in a track": box(b"ftyp", b"3gp6") + box(b"moov", box(b"trak", box(b"udta", PLACE_BOX))),
    "film of a phone": box(b"ftyp", b"mp42") + box(b"moov", box(b"udta", FILM)) + box(b"mdat", b"frames"),
    "film of an iphone": box(b"ftyp", b"qt  ") + box(b"mdat", b"frames") + box(b"moov", KEYED),
    "tiff": exif(),
}
WHERE = (*PLACE, struct.pack(">6I", 31, 1, 14, 1, 987654, 1000), DEGREES.hex().encode(), b"31,14.9876N", b"121,28.42E")


@pytest.mark.parametrize("kind", TAKEN_SOMEWHERE)
def test_the_position_is_gone_and_the_picture_is_not(kind: str) -> None:
    taken = TAKEN_SOMEWHERE[kind]
    kept = without_position(taken)
    assert any(each in taken for each in WHERE) or b"zTXt" in taken
    assert not [each for each in WHERE if each in kept]
    assert len(kept) == len(taken)
    for stays in (TAKEN, PICTURE, b"pixels", b"frames", b'tiff:Make="Canon"'):
        assert (stays in kept) >= (stays in taken and b"iTXt" not in taken)
    assert without_position(kept) == kept


def test_which_way_up_it_was_held_stays() -> None:
    kept = without_position(TAKEN_SOMEWHERE["jpeg"])
    assert struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0) in kept
    assert struct.pack("<H", 0x8825) in kept  # the entry is there, and leads to a directory of nothing
    assert b"N\0\0\0" not in kept[kept.index(b"Exif") : kept.index(TAKEN)]


def test_the_chunks_of_a_png_add_up_again() -> None:
    kept = without_position(png(chunk(b"eXIf", exif()), chunk(b"iTXt", b"XML:com.adobe.xmp\0" + XMP)))
    at = 8
    while at < len(kept):
        size = int.from_bytes(kept[at : at + 4], "big")
        assert zlib.crc32(kept[at + 4 : at + 8 + size]) == int.from_bytes(kept[at + 8 + size : at + 12 + size], "big")
        at += 12 + size


@pytest.mark.parametrize("break_at", [4, 8, 10, 30, 46, 140, 142])
def test_notes_that_cannot_be_read_are_gone_altogether(break_at: int) -> None:
    broken = exif()[:break_at] + b"\xff\xff\xff\xff" + exif()[break_at + 4 :]
    kept = without_position(jpeg(segment(0xE1, b"Exif\0\0" + broken)))
    assert DEGREES not in kept or break_at == 46  # 46: nothing says any more that there is a position
    assert PICTURE in kept


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8\xff", b"%PDF-1.7", '3栋电梯坏了 :GPSLatitude="31"'.encode(), b"RIFF", b"\0\0\0\1ftyp"]
)
def test_what_is_no_picture_is_left_alone(data: bytes) -> None:
    assert without_position(data) == data


@given(st.sampled_from(sorted(TAKEN_SOMEWHERE)), st.data())
def test_no_file_makes_it_fail_or_grow(kind: str, data: st.DataObject) -> None:
    taken = bytearray(TAKEN_SOMEWHERE[kind])
    for at in data.draw(st.lists(st.integers(4, len(taken) - 1), max_size=12)):
        taken[at] = data.draw(st.integers(0, 255))
    cut = bytes(taken[: data.draw(st.integers(0, len(taken)))])
    assert len(without_position(cut)) == len(cut)
