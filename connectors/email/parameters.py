"""The fields `value; name=parameter`: as RFC 2045, 2231 and 2047 have them, and as clients mix the three."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from types import MappingProxyType

from connectors.email.charsets import decode
from connectors.email.words import decode_words

_MAX_FIELD = 100_000
_MOST_PIECES = 1000
_PARAMETER = re.compile(
    r";\s*+(?P<name>[\w!#$&+^.%-]++)(?:\*(?P<number>\d{1,5}))?(?P<extended>\*)?\s*+="
    r"\s*+(?P<value>\"(?:[^\"\\]++|\\.)*+\"?|[^;]*+)",
    re.S,
)
_ESCAPED = re.compile(r"\\([\"\\])")
_PERCENT = re.compile(rb"%([0-9a-fA-F]{2})")
_HAS_PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
_EXTENDED_IN_PLAIN = re.compile(r"^[\w.-]{2,30}'[\w-]{0,20}'(?=.*%[0-9a-fA-F]{2})", re.S)
_ENTITY = re.compile(r"&#x?[0-9a-fA-F]{2,6};")
_Piece = tuple[str, bool]  # what is written, whether in the extended form

NOTHING: Mapping[str, str] = MappingProxyType({})


def parse_parameters(field: str) -> tuple[str, Mapping[str, str]]:
    """Return a field's value, lower-cased, and its parameters, decoded, under lower-cased names."""
    value, semicolon, rest = field.partition(";")
    value = value.strip()
    if not semicolon:
        value, blank, rest = value.partition(" ")
        if not (blank and "=" in rest):
            return value.lower(), NOTHING
    elif "=" in value and " " in value:  # the first semicolon forgotten
        value, _, forgotten = value.partition(" ")
        rest = f"{forgotten};{rest}"
    pieces: dict[str, dict[int, _Piece]] = {}
    plain: dict[str, str] = {}
    for match in _PARAMETER.finditer(";" + rest[:_MAX_FIELD]):
        name, written = match["name"].lower(), match["value"].strip()
        if written.startswith('"'):
            written = _ESCAPED.sub(r"\1", written[1:].removesuffix('"'))
        if match["number"] or match["extended"]:
            found = pieces.setdefault(name, {})
            if len(found) < _MOST_PIECES:
                found.setdefault(int(match["number"] or -1), (written, bool(match["extended"])))
        elif written:
            plain.setdefault(name, written)
    result = {name: _plain(written) for name, written in plain.items()}
    for name, found in pieces.items():
        joined = _from_2231([found[number] for number in sorted(found)])
        if joined and ("\ufffd" not in joined or name not in result):
            result[name] = joined
    return value.strip("\"'").lower(), result


def _plain(written: str) -> str:
    """Decode what should be plain: encoded words (forbidden here, and usual), percent signs, entities."""
    if _EXTENDED_IN_PLAIN.match(written):
        return _from_2231([(written, True)])
    text = decode_words(written)
    if "%" in text and _HAS_PERCENT.search(text) and text.isascii():
        decoded = decode(_percent_decoded(text))
        text = decoded if "\ufffd" not in decoded else text
    return unescape(text) if "&#" in text and _ENTITY.search(text) else text


def _from_2231(pieces: list[_Piece]) -> str:
    charset = ""
    out: list[bytes] = []
    first, extended = pieces[0]
    if extended and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
        pieces = [(first, True), *pieces[1:]]
    raw = any(not written.isascii() for written, _ in pieces)
    for written, percent in pieces:
        # Some mark the first piece only as extended, and encode them all.
        if percent or (extended and _HAS_PERCENT.search(written)):
            out.append(_percent_decoded(written))
        else:
            out.append(written.encode("utf-8", "replace"))
    return decode_words(decode(b"".join(out), "utf-8" if raw else charset or None))


def _percent_decoded(text: str) -> bytes:
    return _PERCENT.sub(lambda match: bytes((int(match[1], 16),)), text.encode("utf-8", "replace"))
