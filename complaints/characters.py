"""Tables of characters for `str.translate`, and one spelling for traditional and simplified ones."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

_KEPT = 20_000  # characters that are remembered to stay as they are: more than people use


class Characters(dict[int, "int | str | None"]):
    """What becomes of characters; any other stays. Of one that a plain dict lacks `str.translate` hears by an error, made and
    caught for each: for Chinese words that takes ten times as long.
    """

    def __missing__(self, code: int) -> int:
        if len(self) < _KEPT:
            self[code] = code
        return code


# Each with the one that is written for it, where OpenCC's table has none, or another than people mean who complain: Japanese
# and other spellings, characters that stand for it within words only, and what Cantonese and other speech writes.
_OURS = "処处甚什畫划瞭了鍊链佢他喺在啲些嚟来睇看冇没咗了嘅的喇啦喎哦咁这俺我恁你侬你伲我咾了掂定咩么"


def _simpler() -> dict[int, str]:
    # OpenCC itself is not asked: it takes as long as all other imports of this package. `python -m tests.simplified` asks it.
    told = "".join(files("complaints").joinpath("simplified.txt").read_text("utf-8").split())
    return {ord(one): simple for pairs in (told, _OURS) for one, simple in zip(pairs[::2], pairs[1::2], strict=True)}


SIMPLER: Final = _simpler()
_SIMPLER: Final = Characters(SIMPLER)


def simplified(text: str) -> str:
    """Return a text with simplified characters in place of traditional and Cantonese ones, each in its place."""
    return text if text.isascii() else text.translate(_SIMPLER)
