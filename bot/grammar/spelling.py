"""Slips of the finger in the English words that decide: "satified", "finsihed", "complet". Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar.arguments import Words
from bot.grammar.patterns import regex

_KNOWN: Final = (
    "satisfied dissatisfied unsatisfied complaint complain complained withdraw cancel progress status extension extend"
    " appointment transfer reassign finished unfinished completed complete resolved unresolved repaired replaced "
    "fixed broken"
    " leaking working waiting accepted accept approve approved reject rejected received customer technician supplier"
    " happy unhappy terrible excellent thanks please manager urgent nobody assign escalate"
)
_WORDS: Final = frozenset(_KNOWN.split())
_BEGINNING: Final = {
    first: tuple(word for word in _WORDS if word[0] == first) for first in {word[0] for word in _WORDS}
}
"""By their first letter, for no slip is there."""
_WORD: Final = regex(r"[a-z]{5,14}")
_INFLECTIONS: Final = ("s", "d", "r", "y", "ed", "er", "es", "ing", "t")
_LOOKED_AT: Final = 400  # characters


def _is_slip(word: str, meant: str) -> bool:
    """Say whether one letter is missing, doubled, wrong or in the wrong place; not at an end, where words are inflected."""
    if word == meant or word[0] != meant[0] or abs(len(word) - len(meant)) > 1:
        return False
    start = next(
        (at for at, (one, two) in enumerate(zip(word, meant, strict=False)) if one != two), min(len(word), len(meant))
    )
    rest, due = word[start:], meant[start:]
    if rest in ("", *_INFLECTIONS) and due in ("", *_INFLECTIONS):
        return False
    return rest[1:] == due[1:] or rest == due[1:] or rest[1:] == due or (rest[:2] == due[1::-1] and rest[2:] == due[2:])


def mended(words: Words) -> Words:
    """Return the words with slips put right in both spellings; most texts come back as they are."""
    for found in reversed(list(_WORD.finditer(words.key, 0, _LOOKED_AT))):
        word = found[0]
        if word in _WORDS:
            continue
        meant = [known for known in _BEGINNING.get(word[0], ()) if _is_slip(word, known)]
        if len(meant) == 1:
            start, end = found.span()
            key = words.key[:start] + meant[0] + words.key[end:]
            words = Words(key, words.said[:start] + meant[0] + words.said[end:])
    return words
