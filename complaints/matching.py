"""The same matter or another? Two complaints are compared by who, where, what and when, with reasons that can be read.

It never merges by itself: it suggests, and a person decides (C2). Numbers and things that differ are a veto, however alike the
words are. The cost is that of the few candidates that storage hands over, not of all that is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from complaints.complaint import Complaint
from complaints.taxonomy import OTHER
from complaints.whereabouts import Named, Reach, named

WINDOW: Final = timedelta(days=31)
"""Complaints of different people are of one matter within a rolling calendar month (C2)."""

SUGGESTED: Final = 0.5
"""From this score on the service centre is asked whether two complaints are one."""

CLEAR: Final = 0.6
"""From this score on a customer's words are taken to be about their open complaint without asking."""

DOUBT: Final = 0.3
"""Below this score they are taken for a new matter without asking."""


class Kin(StrEnum):
    """How two complaints of one matter belong together."""

    DUPLICATE = "duplicate"  # of one person
    GROUP = "group"  # of several


@dataclass(frozen=True, slots=True)
class Matter:
    """What is compared. who: the person, by as many signs as are known of them. text: their own words. home: where they live,
    or where the complaint says that it is.
    """

    who: frozenset[str]
    text: str
    at: datetime
    site: str = ""
    category: str = OTHER
    home: str = ""
    respondents: frozenset[str] = frozenset()

    @classmethod
    def of(cls, complaint: Complaint, *signs: str) -> Matter:
        """Return what a complaint is about. signs: what else is known of its customer, such as a phone number."""
        return cls(
            frozenset({complaint.complainant, *filter(None, signs)}),
            complaint.summary,
            complaint.received_at,
            complaint.site,
            complaint.category,
            complaint.place,
            complaint.respondents,
        )


@dataclass(frozen=True, slots=True)
class Match:
    """How alike two matters are, 0 to 1, and why. reasons: a code each, with what it rests on after a colon. veto: the kind of
    number or thing that differs; the score is then 0.
    """

    kin: Kin
    score: float
    reasons: tuple[str, ...] = ()
    veto: str = ""


# How much each sign is worth. Set on the labelled pairs of the tests, of which a third was kept aside.
_WORDS, _WORDS_ALONE, _THING, _PLACE, _CATEGORY, _RESPONDENT, _NEAR = 0.55, 0.9, 0.2, 0.2, 0.1, 0.25, 0.05
_ONLY_A_THING = 0.45  # "the tap is brown", "the tap is loose": of one thing, and nothing said of it is the same
_TROUBLE: Final = "!"  # how the terms begin that say only that something is wrong
_EXACT: Final = ("building", "unit", "lift", "level", "gate", "plate", "order", "amount", "space", "numbered", "person")
_TELLING: Final = (
    "building",
    "lift",
    "level",
    "gate",
    "plate",
    "order",
    "amount",
    "space",
    "numbered",
    "person",
    "room",
)
_SHOWN = 4  # words that a reason names


def match(one: Matter, other: Matter) -> Match:
    """Return how alike two matters are. Symmetric."""
    kin = Kin.DUPLICATE if one.who & other.who else Kin.GROUP
    mine, theirs = named(one.text), named(other.text)
    here, there = _located(one.home, one.text), _located(other.home, other.text)
    if veto := _veto(kin, one, other, mine, theirs, here, there):
        return Match(kin, 0.0, (), veto)
    reasons: list[str] = ["person"] if kin is Kin.DUPLICATE else []
    alike, words = _alike(mine, theirs)
    things = mine.things & theirs.things
    # Where no thing is known of both, their words are all there is.
    score = (_WORDS if mine.things and theirs.things else _WORDS_ALONE) * alike
    if words:
        reasons.append(f"words:{', '.join(words)}")
    if things:
        score += _THING
        reasons.append(f"things:{', '.join(sorted(mine.said[thing] for thing in things))}")
    if places := _same_places(here, there):
        score += _PLACE
        reasons += places
    if (category := _category(one.category, other.category)) > 0:
        score += _CATEGORY * category
        reasons.append("category")
    if one.respondents & other.respondents:
        score += _RESPONDENT
        reasons.append("respondent")
    apart = abs(one.at - other.at)
    score += _NEAR * max(0.0, 1 - apart / WINDOW)
    if alike:
        reasons.append(f"days:{apart.days}")
    building = Reach.BUILDING in (mine.reach, theirs.reach)
    telling = [place for place in places if building or place.partition(":")[0] not in ("building", "room")]
    if not words and not telling and _said_otherwise(mine, theirs):
        score = min(score, _ONLY_A_THING)
    common = mine.terms.keys() & theirs.terms.keys()
    of_all = len(common) < 2 or all(term.startswith(_TROUBLE) for term in common)
    if kin is Kin.GROUP and of_all and not (things or telling or one.respondents & other.respondents):
        score = min(score, _ONLY_A_THING)  # "broken", "it hurts" is said of everything
    return Match(kin, min(score, 1.0), tuple(reasons))


def _said_otherwise(mine: Named, theirs: Named) -> bool:
    """Say whether both tell what is wrong, in one language, and not the same: "the pool is dirty", "no lifeguard there"."""
    first, second = mine.terms.keys() - mine.things, theirs.terms.keys() - theirs.things
    return bool(first and second) and any(map(str.isascii, first)) == any(map(str.isascii, second))


def _veto(
    kin: Kin,
    one: Matter,
    other: Matter,
    mine: Named,
    theirs: Named,
    here: Mapping[str, frozenset[str]],
    there: Mapping[str, frozenset[str]],
) -> str:
    """Return what differs. here, there: where the one and the other are."""
    if one.site and other.site and one.site != other.site:
        return "site"
    if both := mine.numbers.keys() & theirs.numbers.keys():
        for kind in _EXACT:
            if kind in both and not mine.numbers[kind] & theirs.numbers[kind]:
                return kind
    reach = {mine.reach, theirs.reach}
    for kind in ("building", "unit"):
        first, second = here.get(kind), there.get(kind)
        if Reach.SITE not in reach and reach != {Reach.NONE} and first and second and not first & second:
            return kind
    in_homes = not (mine.shared or theirs.shared) and reach <= {Reach.HOME, Reach.NONE}
    first, second = here.get("room"), there.get("room")
    if in_homes and first and second and not first & second:
        return "room"
    if kin is Kin.GROUP and reach == {Reach.HOME} and not (first and second) and not (mine.shared and theirs.shared):
        return "home"  # each in a home of their own, as far as anybody knows
    one_home = kin is Kin.DUPLICATE and reach == {Reach.HOME}  # a leak in the kitchen is soon in the living room
    if mine.things and theirs.things and not mine.things & theirs.things and not one_home:
        return "things"
    return ""


@lru_cache(maxsize=1024)
def _located(home: str, text: str) -> Mapping[str, frozenset[str]]:
    """Return which building, unit, room and so on a text is about: as its words say, else where its customer lives."""
    return {**named(home).numbers, **named(text).numbers}


def _same_places(mine: Mapping[str, frozenset[str]], theirs: Mapping[str, frozenset[str]]) -> list[str]:
    found = []
    for kind in _TELLING:
        if kind in mine and kind in theirs and (common := mine[kind] & theirs[kind]):
            found.append(f"{kind}:{', '.join(sorted(common))}")
    return found


def _category(one: str, other: str) -> float:
    if OTHER in (one, other):
        return 0.0
    if one == other:
        return 1.0
    return 0.5 if one.partition(".")[0] == other.partition(".")[0] else 0.0


def _alike(mine: Named, theirs: Named) -> tuple[float, list[str]]:
    """Return how much of the shorter text is in the other, 0 to 1, and the words that both have, the weightiest first."""
    common = mine.terms.keys() & theirs.terms.keys()
    shared = sum([mine.terms[term] for term in common])
    if not shared:
        return 0.0, []
    inside, both = shared / min(mine.weight, theirs.weight), 2 * shared / (mine.weight + theirs.weight)
    shown = sorted([term for term in common - mine.things if len(term) > 1])
    shown.sort(key=mine.terms.__getitem__, reverse=True)  # equals stay in order
    return 0.6 * inside + 0.4 * both, [_as_said(term, mine, theirs) for term in shown[:_SHOWN]]


def _as_said(term: str, mine: Named, theirs: Named) -> str:
    """Return a word that both have; where they say one thing in two ways, both of them."""
    return "/".join(sorted({mine.said.get(term, term), theirs.said.get(term, term)}))
