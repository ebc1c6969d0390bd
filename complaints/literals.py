"""Which words a regular expression cannot do without, and which of all such words occur in a text.

Most patterns cannot match most texts, because no word that they need is in it; to know that takes less time than to let them
try. The idea is that of RE2's FilteredRE2, for patterns that RE2 does not read (they look ahead and behind).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from operator import add
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final, TypeAlias

Literals: TypeAlias = frozenset[str]

_MOST_SPELLED: Final = 64  # more spellings of one part are not written out
_REPEATS: Final = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)
_TEXTS: Final = 64  # whose words are remembered: every pattern asks for those of the same text and of its clauses
_NOTHING: Final[Literals] = frozenset({""})


# ── what a pattern needs ──────────────────────────────────────────────────────────────────────────────────────────────


def needed(source: str, flags: int = 0) -> Literals | None:
    """Return words of which at least one is in whatever the pattern matches; None where there are none such.

    What is not understood needs nothing, so a pattern is rather tried in vain than not tried.
    """
    tree = parser.parse(source, flags)
    spelled, needs = _of_all(tree, bool(tree.state.flags & re.IGNORECASE))
    return _better(needs, _asked(spelled))


_Known: TypeAlias = tuple[Literals | None, Literals | None]
"""Of a part of a pattern: all that it can be spelled, None where that is too much; else words of which it needs one."""


def _of_all(parts: Iterable[Any], folds: bool) -> _Known:
    """Return what is known of parts that follow each other: of what each of them needs, the rarest."""
    needs: Literals | None = None
    whole, spelled = True, _NOTHING
    for op, argument in parts:
        more, its_needs = _of_one(op, argument, folds)
        needs = _better(needs, its_needs)
        if more is not None and len(spelled) * len(more) <= _MOST_SPELLED:
            spelled = frozenset(start + end for start in spelled for end in more)
            continue
        whole, needs = False, _better(needs, _asked(spelled))
        spelled = _NOTHING if more is None else more
    return (spelled, None) if whole else (None, _better(needs, _asked(spelled)))


def _of_one(op: object, argument: Any, folds: bool) -> _Known:
    if op is code.LITERAL:
        return _letters((chr(argument),), folds), None
    if op is code.IN and all(kind is code.LITERAL for kind, _ in argument):
        return _letters([chr(letter) for _, letter in argument], folds), None
    if op in (code.AT, code.ASSERT, code.ASSERT_NOT):
        return _NOTHING, None  # they take no letters; what stands on either side of them stands side by side
    if op is code.SUBPATTERN and not argument[1] and not argument[2]:
        return _of_all(argument[3], folds)
    if op is code.ATOMIC_GROUP:
        return _of_all(argument, folds)
    if op is code.BRANCH:
        return _of_either([_of_all(each, folds) for each in argument[1]])
    if op in _REPEATS:
        least, most, parts = argument
        spelled, needs = _of_all(parts, folds)
        if most == 1:
            return (spelled, needs) if least else (None if spelled is None else spelled | _NOTHING, None)
        return None, _better(needs, _asked(spelled)) if least else None
    return None, None


def _of_either(ways: Sequence[_Known]) -> _Known:
    if all(spelled is not None for spelled, _ in ways):
        return frozenset(word for spelled, _ in ways for word in spelled or ()), None
    asked = [_better(needs, _asked(spelled)) for spelled, needs in ways]
    return None, None if None in asked else frozenset(word for each in asked for word in each or ())


def _letters(letters: Collection[str], folds: bool) -> Literals | None:
    """Return letters as they are to be found in a text; None where they may be written otherwise."""
    if len(letters) > _MOST_SPELLED or (folds and any(each.lower() != each.upper() for each in letters)):
        return None
    return frozenset(letters)


def _asked(spelled: Literals | None) -> Literals | None:
    return None if spelled is None or "" in spelled else spelled


def _better(one: Literals | None, other: Literals | None) -> Literals | None:
    """Return the words that are the less likely to be in a text."""
    if one is None or other is None:
        return other if one is None else one
    return min(one, other, key=_commonness)


def _commonness(words: Literals) -> float:
    """Return roughly how many of the words stand in a text of a line: each letter makes a word rarer, a space does not."""
    return sum(
        min(1.0, 40 * (0.06 ** (len(word) - word.count(" ")) if word.isascii() else 0.01 ** len(word)))
        for word in words
    )


# ── what a text has ───────────────────────────────────────────────────────────────────────────────────────────────────

_LOOKED_UP: Final = 4  # letters: what is longer is found by its first ones
_starts: Final[list[set[str]]] = [set() for _ in range(_LOOKED_UP)]
"""All words, or how they begin, by their length."""
_longer: Final[dict[str, list[str]]] = {}
"""By how they begin, the words that are longer."""
_askers: Final[dict[str, tuple[int, ...]]] = {}
"""By word, who needs it."""


def _possible(text: str) -> frozenset[int]:
    """Look once at each place of a text, whatever the number of words."""
    found = _starts[0].intersection(text)
    stretches: Iterable[str] = text
    for size in range(2, _LOOKED_UP + 1):
        stretches = list(map(add, stretches, text[size - 1 :]))  # one letter longer: quicker than cutting each out
        found |= _starts[size - 1].intersection(stretches)
    for start in found & _longer.keys():
        found.update([word for word in _longer[start] if word in text])
    return frozenset().union(*[_askers[word] for word in found & _askers.keys()])


possible: Callable[[str], frozenset[int]] = lru_cache(_TEXTS)(_possible)
"""Return of which askers a text has a word. To be asked by its full name: another takes its place with every asker."""


def know(words: Literals, asker: int) -> None:
    """Look for these words, too, from now on, for somebody who needs one of them."""
    global possible
    alone = (asker,)
    for word in words:
        if word not in _askers:
            start = word[:_LOOKED_UP]
            _starts[len(start) - 1].add(start)
            if word != start:
                _longer.setdefault(start, []).append(word)
        others = _askers.get(word)
        _askers[word] = alone if others is None else (*others, asker)
    possible = lru_cache(_TEXTS)(_possible)  # what another thread found meanwhile, without them, goes into the old one
