"""Ladders: whom to tell, step by step, while something that must happen does not; and the phone calls that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from complaints.change import EventKind
from complaints.errors import PolicyError
from complaints.policy.table import TIMER_NAME, Table
from complaints.vocabulary import Kind, Post, Role, Severity

ASSIGNEE, SUPERIOR, BACKUP, DUTY_DESK = "assignee", "superior", "backup", "duty_desk"
_RELATIONS = (ASSIGNEE, SUPERIOR, BACKUP, DUTY_DESK)
_SHORTEST_REPEAT = timedelta(minutes=5)
_BY_THE_CLOCK = frozenset(
    {EventKind.REMINDED, EventKind.OVERDUE, EventKind.LADDER_STEP, EventKind.LEVEL_SKIPPED, EventKind.CONFIRM_ASKED,
     EventKind.ACK_LAPSED, EventKind.CALL_ASKED}
)  # fmt: skip
"""What the clock does itself neither starts nor ends a ladder: it would feed on its own steps."""


class How(StrEnum):
    """By which way a step speaks."""

    NOTICE = "notice"  # by the person's first channel
    SMS = "sms"  # by SMS alone
    PLEASE_PHONE = "please_phone"  # the duty desk is asked to phone them


@dataclass(frozen=True, slots=True)
class LadderStep:
    """`after` the ladder began those of `tell` hear of it."""

    after: timedelta
    tell: tuple[str, ...]
    how: How


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps taken one after the other from an event of `starts` on, until one of `until` happens or the work is done.

    severities, kinds: for these only; empty for all. repeat: the last step is taken again every so often. at_night: in the
    quiet hours too, as long as nobody has answered, and for `night_within` after it began even then. answer: whoever is told
    is asked to answer 收到; that holds the ladder for `confirm_every`, which doubles with every answer, and an answer that is
    not confirmed within `confirm_within` lapses. only_quiet: only where it begins in the quiet hours of the staff.
    """

    name: str
    starts: tuple[EventKind, ...]
    until: tuple[EventKind, ...]
    steps: tuple[LadderStep, ...]
    severities: frozenset[Severity] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    repeat: timedelta | None = None
    at_night: bool = False
    night_within: timedelta = timedelta(hours=24)
    answer: bool = False
    confirm_every: timedelta | None = None
    confirm_within: timedelta = timedelta(minutes=30)
    only_quiet: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Calls:
    """Phone calls that the duty desk is asked to make (R-032): asked again `again_after`, and after so many `unanswered` those
    of `then` are pulled in.
    """

    unanswered: int
    again_after: timedelta
    then: tuple[str, ...]


def read_ladders(table: Table) -> tuple[Ladder, ...]:
    ladders = []
    for name in table.values:
        if table.values[name] is False:  # a child profile takes a ladder of its parent away
            table.asked.add(name)
            continue
        if not TIMER_NAME.fullmatch(name):
            raise PolicyError(f"{table.where}.{name}: a ladder's name is made of a-z, 0-9, '_' and '-', 32 at the most")
        ladders.append(_read_ladder(name, table.table(name)))
    return tuple(ladders)


def _read_ladder(name: str, entry: Table) -> Ladder:
    ladder = Ladder(
        name=name,
        starts=_events(entry, "from"),
        until=_events(entry, "until"),
        steps=_read_steps(entry),
        severities=frozenset(entry.words("severities", Severity, [])),
        kinds=frozenset(entry.words("kinds", Kind, [])),
        repeat=_some(entry, "repeat"),
        at_night=entry.get("at_night", bool, False),
        night_within=entry.span("night_within", "24h"),
        answer=entry.get("answer", bool, False),
        confirm_every=_some(entry, "confirm_every"),
        confirm_within=entry.span("confirm_within", "30min"),
        only_quiet=entry.get("only_quiet", bool, False),
        source=entry.get("source", str, ""),
    )
    if ladder.repeat is not None and ladder.repeat < _SHORTEST_REPEAT:
        raise PolicyError(f"{entry.where}.repeat is too often: every 5min at the most")
    if ladder.at_night and not ladder.severities:
        raise PolicyError(f"{entry.where}.at_night: only severe complaints wake people; name the severities")
    if ladder.confirm_every is not None and not ladder.answer:
        raise PolicyError(f"{entry.where}.confirm_every: nobody answers this ladder; add answer = true")
    entry.done()
    return ladder


def _some(entry: Table, key: str) -> timedelta | None:
    return None if entry.get(key, str, "none") == "none" else entry.span(key)


def _events(entry: Table, key: str) -> tuple[EventKind, ...]:
    given = entry.get(key, (str, list))
    words = [given] if isinstance(given, str) else given
    events = tuple(entry.as_word(key, word, EventKind) for word in words)
    if not events:
        raise PolicyError(f"{entry.where}.{key} is empty: name an event, such as received or accepted")
    for event in events:
        if event in _BY_THE_CLOCK:
            raise PolicyError(
                f"{entry.where}.{key} is {str(event)!r}, which the clock does itself: name what a person does"
            )
    return events


def _read_steps(entry: Table) -> tuple[LadderStep, ...]:
    steps: list[LadderStep] = []
    for index, values in enumerate(entry.get("steps", list)):
        row = Table(f"{entry.where}.steps[{index}]", values)
        step = LadderStep(row.span("after", at_once=True), told(row, "tell"), row.word("how", How, How.NOTICE))
        if steps and step.after < steps[-1].after:
            raise PolicyError(f"{row.where}.after comes before the step above it: put the steps in their order")
        if step.how is How.PLEASE_PHONE and step.tell != (ASSIGNEE,):
            raise PolicyError(f'{row.where}.tell: it is the assignee whom the duty desk phones; write ["assignee"]')
        row.done()
        steps.append(step)
    if not steps:
        raise PolicyError(f"{entry.where}.steps is empty: say whom to tell")
    return tuple(steps)


def told(row: Table, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
    """Read whom to tell: a role, a post, or somebody by how they stand to the assignee."""
    tell = tuple(row.get(key, list, default))
    for who in tell:
        if who in (Role.SYSTEM, Role.CUSTOMER) or who not in (*_RELATIONS, *Post, *Role):
            staff = (role for role in Role if role not in (Role.SYSTEM, Role.CUSTOMER))
            raise PolicyError(f"{row.where}.{key} is {who!r}: choose from {', '.join((*_RELATIONS, *Post, *staff))}")
    if not tell:
        raise PolicyError(f"{row.where}.{key} is empty: say whom to tell")
    return tell


def read_calls(table: Table) -> Calls:
    calls = Calls(
        unanswered=table.count("unanswered", 1, 3),
        again_after=table.span("again_after", "15min"),
        then=told(table, "then", [BACKUP, SUPERIOR]),
    )
    if calls.again_after < _SHORTEST_REPEAT:
        raise PolicyError(f"{table.where}.again_after is too soon: 5min at the least")
    table.done()
    return calls
