"""How grave it is and who says what of it: grounds, proposals, orders, words for the outside, the profile it runs under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from complaints.vocabulary import (
    Role,
    Severity,
)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a complaint has a severity. rule: the profile's, or "" for a person's word; detail: what it rests on, or the reason
    given; by: who said or confirmed it, None for a rule alone.
    """

    severity: Severity
    rule: str
    at: datetime
    detail: str = ""
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A severity that what a customer said proposes, until somebody of the centre says whether it is so (C2).

    before: what the complaint had; it has the proposed one already only where that is S0. told: how many more were told
    because nobody had said.
    """

    severity: Severity
    rule: str
    words: str
    at: datetime
    before: Severity
    told: int = 0


@dataclass(frozen=True, slots=True)
class Overruled:
    """A cause that a person found too weak: the rule does not raise for it again. measure: how much of it there was."""

    rule: str
    words: str = ""
    measure: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """What a leader ordered (批示). answered_at: when whoever has it showed so; told: how often they were asked."""

    number: int
    by: str
    at: datetime
    text: str
    answered_at: datetime | None = None
    told: int = 0


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words for the outside that wait for whoever alone may speak (R-039, R-069). what: the step they are for; by, roles,
    channel: who wants to say them, as what, and where they said so. passed: whoever alone may speak let them out, and they wait
    for the lead's consent to what they cost.
    """

    number: int
    what: str
    text: str
    by: str
    roles: frozenset[Role]
    channel: str
    at: datetime
    passed: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """An answer that was published where the complaint stands for all to read (R-004, R-071)."""

    url: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """The profile a complaint began under; a later change of the profile does not move it."""

    name: str
    version: str
