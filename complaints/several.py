"""Several matters told in one breath: "the lift stops, the corridor light is out and the neighbour's dog barks all night".

What is told of one another's consequences is one matter: "the kitchen leaks and the floor is ruined". Only ever a suggestion.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from complaints.patterns import deferred
from complaints.taxonomy import OTHER
from complaints.whereabouts import named

_CLAUSE: Final = deferred(
    r"((?:[，。；;,.!！\n、]\s*)?(?:\b(?:and also|and|also|plus)\s|还有|另外|以及|而且|同时)|[，。；;,.!！\n、]+)",
    re.IGNORECASE,
)
_ADDS: Final = deferred(r"还有|另外|以及|而且|同时|\b(?:and|also|plus)\b", re.IGNORECASE)
_ADDS_INSIDE: Final = deferred(r"也|又|还(?!是|没|不|未|算|好)|\b(?:as well|too|either)\b", re.IGNORECASE)
_FOLLOWS: Final = deferred(
    r"\s*(?:把|被|害|导致|造成|弄得|搞得|所以|因此|结果|连带|泡|使得|which|so\b|because|since|it\b|that\b|this\b"
    r"|they\b|now the\b|causing)",
    re.IGNORECASE,
)
_CAUSED: Final = deferred(
    r"泡[坏烂了]|淹|滴到|漏到|渗到|流到|溅到|导致|造成|因为|由于|\b(?:because|due to|through|onto|into|ruin\w*"
    r"|soak\w*|drip\w* on)\b",
    re.IGNORECASE,
)
_AGAIN: Final = deferred(
    r"(?:投诉|反映|打电话|报修|报过|问过|说(?!明)|催)|\b(?:told|called|rang|reported|wrote|complained|asked)\b",
    re.IGNORECASE,
)
_LEAST = 4  # characters of a clause that tells of something
_READ = 400
_MOST = 6


def matters(text: str, guess: Callable[[str], str]) -> tuple[str, ...]:
    """Return the clauses that each tell of a matter of their own, in the words that were said; () where there is but one, or
    nothing says that another is added.

    guess: the category of words, by the pack in use.
    """
    if _CAUSED.search(text[:_READ]) is not None:
        return ()
    found: list[str] = []
    things: set[str] = set()
    kinds: set[str] = set()
    added = False
    pieces = ["", *_CLAUSE.split(text[:_READ])]
    for before, clause in zip(pieces[::2], pieces[1::2], strict=True):
        said = clause.strip()
        if len(said) < _LEAST or _FOLLOWS.match(said) or _AGAIN.search(said):
            continue
        of = named(said).things
        if not of:
            continue
        if of & things:
            return ()  # more about what was told before
        kind = guess(said)
        if kind in kinds and kind != OTHER:
            return ()
        found.append(said)
        added = added or (len(found) > 1 and (_ADDS.search(before) or _ADDS_INSIDE.search(said)) is not None)
        things |= of
        kinds.add(kind)
    return tuple(found[:_MOST]) if added else ()
