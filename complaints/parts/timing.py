"""Limits and what became of them: deadlines, pauses, wishes for more time, what was reached, climbed, answered and phoned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from complaints.vocabulary import (
    Lasts,
    Milestone,
    Role,
    Status,
    WaitsFor,
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A running or finished clock of a policy.

    steps: its arithmetic in words, so that every due moment can explain itself. provisional: it rests on days whose
    holidays are not published yet. extensions: the time that was granted on top of the limit, in order; extended: how often.
    moves: how often else it moved, because its clock stood still or the calendar changed. moved_at: when it last moved. nags:
    overdue occurrences already used up; off: those of them that fell on time in which nobody works, and count for nothing.
    whose: the role that is reminded and chased; None: the assignee. profile: which one it comes from, where a second profile
    adds its clocks. ended_at: it no longer applies; it was neither kept nor broken.
    anew: whoever got the complaint from somebody else owes it from then on; it says nothing of when the work is due. lasts: how
    long it is owed. reminded: what was last reminded of, as `lead moment`: a limit that moved and came back is not said twice.
    """

    clock: str
    round: int
    limit: str
    started_at: datetime
    due_at: datetime
    steps: tuple[str, ...] = ()
    provisional: bool = False
    met_at: datetime | None = None
    extended: int = 0
    extensions: tuple[str, ...] = ()
    moves: int = 0
    moved_at: datetime | None = None
    nags: int = 0
    off: int = 0
    missed_told_at: datetime | None = None  # when the customer heard that this promise was not kept
    whose: Role | None = None
    repeats: bool = False
    profile: str = ""
    ended_at: datetime | None = None
    turn: int = 0  # the settings that earlier deadlines of its clock have used up
    anew: bool = False
    lasts: Lasts = Lasts.WORK
    reminded: str = ""

    @property
    def open(self) -> bool:
        return self.met_at is None and self.ended_at is None

    @property
    def setting(self) -> int:
        """A number that is another each time the deadline moved or its clock began anew: what was reminded of before is
        reminded of again.
        """
        return self.turn + self.extended + self.moves

    def overdue(self, now: datetime) -> bool:
        return self.open and now > self.due_at


@dataclass(frozen=True, slots=True)
class Reached:
    """When a milestone was reached, the last time that it was."""

    milestone: Milestone
    at: datetime


@dataclass(frozen=True, slots=True)
class ExtensionRequest:
    """An assignee's wish for more time, until it is decided (R-055). approver: the role that was asked; put_to: who decides in
    its place, where nobody else holds it.
    """

    asked_by: str
    asked_at: datetime
    clock: str
    limit: str
    reason: str
    approver: Role | None = None
    put_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """An assignee's wish that the clocks stand still for so long, until it is decided (C3 `on_hold`). approver, put_to: as of
    an `ExtensionRequest`.
    """

    asked_by: str
    asked_at: datetime
    waits_for: WaitsFor
    limit: str
    reason: str
    approver: Role | None = None
    put_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """A span in which clocks stand still. until: when it ends by itself; ends: when it did end, None while it lasts."""

    begins: datetime
    until: datetime
    waits_for: WaitsFor
    reason: str = ""
    approved_by: str | None = None
    round: int = 1
    back_to: Status = Status.WORKING  # where the work goes on
    ends: datetime | None = None

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when to when, as far as is known now."""
        return self.begins, self.ends or self.until


@dataclass(frozen=True, slots=True)
class Mediation:
    """A third party mediates (R-078). mediator: who, in words; until: when it is expected to be over; asked: how often it was
    asked what came of it; ended_at: when its result was told.
    """

    number: int
    mediator: str
    until: datetime
    by: str
    begun_at: datetime
    round: int = 1
    asked: int = 0
    ended_at: datetime | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """When something last happened to a complaint: an event's kind, or `RAISED` for its severity."""

    kind: str
    at: datetime


RAISED = "raised"
ALL_CLEAR = "all_clear"
"""The mark of somebody's word that the danger is over."""


@dataclass(frozen=True, slots=True)
class Climb:
    """How far a ladder was climbed since it began: steps spoken, repeats included, and the last one's own moment."""

    ladder: str
    since: datetime
    steps: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Ack:
    """Somebody answered that they have it in hand (收到)."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """A phone call that the duty desk was asked to make, until somebody is reached or it is given up.

    whom: a person's id. why: the ladder or the clock it is for; facts: what to say. asked: how often the desk was asked,
    asked_at: when last; unanswered: how often nobody picked up; reached: somebody did. night: it may be made in the quiet
    hours.
    """

    number: int
    whom: str
    why: str
    asked_at: datetime
    facts: Mapping[str, str] = field(default_factory=dict)
    asked: int = 1
    unanswered: int = 0
    night: bool = False
    ended_at: datetime | None = None
    reached: bool = False

    @property
    def open(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class ProgressDuty:
    """The assignee's duty to say how it stands. asked: how often they were asked since their last word, which was at
    `since`; asked_at: the question that waits for an answer; missed: how many such questions ran out, ever.
    """

    since: datetime | None = None
    asked: int = 0
    asked_at: datetime | None = None
    missed: int = 0


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """What an assignee reported and the service centre has not let out to the customer yet."""

    text: str
    by: str
    at: datetime
