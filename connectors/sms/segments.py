"""How many messages a text is to a carrier, and so what it costs.

GSM 7-bit (3GPP TS 23.038) holds 160 characters, or 153 in each part of a longer text; anything outside its alphabet makes the
whole text UCS-2: 70 UTF-16 units, or 67 in each part (the same 70 and 67 that Chinese gateways reckon with).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = "\f^{}\\[~]|€"
_SEPTETS = {**dict.fromkeys(_BASIC, 1), **dict.fromkeys(_EXTENDED, 2)}

ONE_UCS2, PART_UCS2 = 70, 67
_ONE_GSM7, _PART_GSM7 = 160, 153


class Coding(StrEnum):
    """How the characters travel."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True)
class Segments:
    """coding: of all parts. units: septets, or UTF-16 units. parts: what the carrier counts and charges."""

    coding: Coding
    units: int
    parts: int


def segments(text: str, *, ucs2_only: bool = False) -> Segments:
    """Reckon a text. ucs2_only: Chinese gateways count 70 and 67 for every text, whatever its alphabet.

    A character that takes two units (an emoji, or one of the GSM extension) is never parted, so a part can hold one less.
    """
    widths = [] if ucs2_only else [_SEPTETS.get(character, 0) for character in text]
    if not ucs2_only and all(widths):
        return _reckon(Coding.GSM7, widths, _ONE_GSM7, _PART_GSM7)
    widths = [2 if ord(character) > 0xFFFF else 1 for character in text]
    return _reckon(Coding.UCS2, widths, ONE_UCS2, PART_UCS2)


def most_chars(parts: int) -> int:
    """Return how many characters fit into so many parts in any script (emoji apart)."""
    return ONE_UCS2 if parts == 1 else PART_UCS2 * parts


def _reckon(coding: Coding, widths: list[int], one: int, part: int) -> Segments:
    units = sum(widths)
    if units <= one:
        return Segments(coding, units, 1)
    parts, used = 1, 0
    for width in widths:
        if used + width > part:
            parts, used = parts + 1, 0
        used += width
    return Segments(coding, units, parts)
