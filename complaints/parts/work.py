"""The work and who has it: tasks and what is wished for them, evidence, the steps of a plan, a task force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.vocabulary import (
    Status,
    TaskStatus,
)


@dataclass(frozen=True, slots=True)
class PartWish:
    """An assistant's wish for more time for their part, until it is decided. put_to: as of an `ExtensionRequest`."""

    asked_at: datetime
    limit: str
    reason: str
    put_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Where a complaint stood when its customer took it back. tasks: the numbers of those that were open."""

    status: Status
    tasks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MoreTime:
    """Time that was granted on top of a task's limit, and when."""

    limit: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """One assignee's part of a complaint: the lead's, who answers for all of it, or an assisting one (主办/协办).

    due_at: its own limit, which lies before that of the whole, where it has one. It came of what was said (`limit`), or of the
    time that the lead had left (`share`), counted from limited_at (None: assigned_at), and of `extensions`; settings: how
    often it was set anew, or moved. wish: for more time; extended: how often it got some; chased: how often it was asked
    after; reminded_of: the limit that it was last reminded of. Of an assisting part alone: what: what there is to do; said: its
    last line of progress; asked_at: when its assignee was last asked for one.
    """

    number: int
    assignee: str
    status: TaskStatus
    assigned_at: datetime
    why: str = ""  # why this person: by hand, or which rule
    accepted_at: datetime | None = None
    done_at: datetime | None = None
    result: str = ""
    assisting: bool = False
    what: str = ""
    due_at: datetime | None = None
    limit: str = ""
    share: timedelta | None = None
    limited_at: datetime | None = None
    extensions: tuple[MoreTime, ...] = ()
    settings: int = 0
    said: str = ""
    said_at: datetime | None = None
    wish: PartWish | None = None
    extended: int = 0
    chased: int = 0
    asked_at: datetime | None = None
    reminded_of: datetime | None = None

    @property
    def open(self) -> bool:
        return self.status in (TaskStatus.DISPATCHED, TaskStatus.WORKING)


@dataclass(frozen=True, slots=True)
class KeptResult:
    """The lead's result, while assisting parts are still open: carried out when the last of them is done."""

    result: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that somebody who has a task sent for it. signed: a statement that the customer signed. witness: no file, but who
    saw it and what they say, in `name`.
    """

    task: int
    name: str
    by: str
    at: datetime
    round: int = 1
    signed: bool = False
    witness: bool = False


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step of the plan that was carried out (R-082). number: counted from 1."""

    number: int
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Redress:
    """What a plan offers (R-075, R-078). kinds: their codes; amount: the money as it was written, with its currency; money: its
    sum, in whatever currency. basis: the law, contract or standard it rests on; basis_told: the customer reads that, too.
    """

    kinds: tuple[str, ...]
    amount: str = ""
    money: int = 0
    basis: str = ""
    basis_told: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """What everybody says to the customer (R-053). agreed_at: when it was agreed to; None: it waits for that."""

    text: str
    by: str
    at: datetime
    agreed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody of another department was asked about a complaint, and said (R-030). of, by: who was asked, and who asked.

    told: how often they were asked again.
    """

    number: int
    of: str
    by: str
    at: datetime
    due_at: datetime
    question: str = ""
    answer: str = ""
    answered_at: datetime | None = None
    told: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a task force. confirmed_at: when they answered 收到; chased: how often they were asked again."""

    person: str
    told_at: datetime
    confirmed_at: datetime | None = None
    chased: int = 0


@dataclass(frozen=True, slots=True)
class TaskForce:
    """Several people who work on one complaint under one commander, whose word alone goes outward (R-038, R-039).

    room: the group chat that is theirs, as `channel address`; empty while there is none.
    """

    members: tuple[Member, ...]
    commander: str
    formed_by: str
    formed_at: datetime
    room: str = ""
    dissolved_at: datetime | None = None

    @property
    def active(self) -> bool:
        return self.dissolved_at is None

    def has(self, person: str | None) -> bool:
        """Say whether that person is a member, while there is a task force."""
        return self.active and self.member(person) is not None

    def member(self, person: str | None) -> Member | None:
        """Return the member who is that person; None where they are none."""
        return next((member for member in self.members if member.person == person), None)
