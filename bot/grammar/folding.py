"""One spelling for many: width, case, traditional characters, dashes, quotes, invisible marks.

`clean` keeps what the person wrote, minus what cannot be seen. `fold` changes one character into one character, so that
a place found in the folded text is the same place in the clean one: rules look at the folded text, and what is handed
on (a result, a reason, a comment) is cut out of the clean one, as it was written.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from bot.grammar.patterns import regex
from complaints.characters import SIMPLER, Characters

_KEPT: Final = 8
"""Spellings that are remembered: each table of words asks for those of the same message."""

_PUNCTUATION: Final = {
    "　": " ", "\u00a0": " ", "\u202f": " ", "\t": " ", "\r": " ", "\v": " ", "\f": " ", "\u2028": "\n", "\u2029": "\n",
    "\x85": " ", "。": ".", "．": ".", "｡": ".", "、": ",", "…": ".", "·": " ", "•": " ", "～": "~", "〜": "~",
    "“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"', "《": '"', "》": '"',
    "‘": "'", "’": "'", "′": "'", "`": "'", "´": "'", "【": "[", "】": "]", "〔": "[", "〕": "]",
    "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "−": "-", "―": "-", "﹣": "-", "﹐": ",", "﹕": ":", "︰": ":",
    "①": "1", "②": "2", "③": "3", "④": "4", "⑤": "5", "⑥": "6", "⑦": "7", "⑧": "8", "⑨": "9",
}  # fmt: skip


PICTURES: Final = regex("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff]+")
"""Emojis: they end a clause as a full stop does."""


def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= {ord(char): char.lower() for char in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    table |= {code: chr(code - 0xFEE0).lower() for code in range(0xFF21, 0xFF3B)}
    table |= SIMPLER
    table |= {ord(char): plain for char, plain in _PUNCTUATION.items()}
    table[0xFF40] = "'"  # a full-width back quote must not become a plain one, which folds again
    return table


_FOLDED: Final = _table()
_FOLD: Final = Characters(_FOLDED)
ALIKE: Final = Characters({code: plain for code, plain in _FOLDED.items() if plain in "0123456789-:, "} | SIMPLER)
"""What `fold` makes of digits, dashes, colons, commas, blanks and traditional characters, and of nothing else."""
_INVISIBLE: Final = Characters.fromkeys(
    [
        *(code for code in range(0x20) if chr(code) not in "\t\n\r\v\f"),
        0x7F,
        0xAD,
        0x20E3,  # the frame of a keycap: 5️⃣ is a five
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),  # variation selectors
        *range(0x1F3FB, 0x1F400),  # skin tones
    ]
)


@lru_cache(maxsize=_KEPT)
def clean(text: str) -> str:
    """Return `text` without invisible characters and without white space around it."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return text.translate(_INVISIBLE).strip()


class _Narrow(dict[int, str]):
    """What is narrow of each character met so far, as far as people use so many."""

    def __missing__(self, code: int) -> str:
        found = unicodedata.normalize("NFKC", chr(code))
        narrowed = found if len(found) == 1 else chr(code)
        if len(self) < _MET:
            self[code] = narrowed
        return narrowed


_MET: Final = 20_000
_NARROW: Final = _Narrow()


def narrow(text: str) -> str:
    """Return a text with its wide letters, digits and marks made narrow, each in its place: cut from the text as written."""
    return text.translate(_NARROW)


# Of dialects, what denies and asks: what denies must never be missed. As long as what it stands for.
_DIALECT: Final = {"点解": "为何", "仲未": "还没", "仲没": "还没", "边个": "哪个", "咩事": "啥事"}
_SPOKEN: Final = regex("|".join(_DIALECT))
_DENYING: Final = regex(
    "唔(?!该)|(?:[莫冒]|(?<![树积灌原实苗乔花])木)(?=得|有)|(?<=[没莫木冒])得(?=[修弄搞处解换来去人])|"
    "勿(?=[满好行可要来])|弗"
)


@lru_cache(maxsize=_KEPT)
def fold(cleaned: str) -> str:
    """Return the folded form, character for character as long as `cleaned`."""
    folded = cleaned.translate(_FOLD)
    if folded.isascii():
        return folded
    folded = _SPOKEN.sub(lambda found: _DIALECT[found[0]], folded)
    return _DENYING.sub(lambda found: "没" if found[0] in "莫木冒" else "有" if found[0] == "得" else "不", folded)


def normalise(text: str) -> str:
    """Return the one spelling under which the rules look at `text`. Doing it twice changes nothing."""
    return fold(clean(text)).strip()
