"""Tables of characters for `str.translate`, and one spelling for traditional and simplified ones."""

from __future__ import annotations

from typing import Final

from opencc import OpenCC

_KEPT = 20_000  # characters that are remembered to stay as they are: more than people use


class Characters(dict[int, "int | str | None"]):
    """What becomes of characters; any other stays. Of one that a plain dict lacks `str.translate` hears by an error, made and
    caught for each: for Chinese words that takes ten times as long.
    """

    def __missing__(self, code: int) -> int:
        if len(self) < _KEPT:
            self[code] = code
        return code


_IDEOGRAPHS = range(0x3400, 0xA000)  # CJK Unified Ideographs with Extension A
# Each with the one that is written for it, where OpenCC converts none by itself, or another than people mean who complain: Japanese
# and other spellings, characters that it converts within words only, and what Cantonese and other speech writes.
_OURS = "処处甚什畫划瞭了鍊链佢他喺在啲些嚟来睇看冇没咗了嘅的喇啦喎哦咁这俺我恁你侬你伲我咾了掂定咩么"


def _simpler() -> dict[int, str]:
    every = [chr(code) for code in _IDEOGRAPHS]
    plain = OpenCC("t2s").convert("\n".join(every)).split("\n")  # a line each, so that none is read as part of a word
    converted = {ord(one): simple for one, simple in zip(every, plain, strict=True) if simple != one}
    return converted | {ord(one): simple for one, simple in zip(_OURS[::2], _OURS[1::2], strict=True)}


SIMPLER: Final = _simpler()
_SIMPLER: Final = Characters(SIMPLER)


def simplified(text: str) -> str:
    """Return a text with simplified characters in place of traditional and Cantonese ones, each in its place."""
    return text if text.isascii() else text.translate(_SIMPLER)
