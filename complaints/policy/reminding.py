"""Reminders before a limit, and the chase once it has passed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache

from complaints.errors import PolicyError
from complaints.limits import Limit
from complaints.policy.table import Table, span_of
from complaints.vocabulary import Post, Role

_RELATIONS = ("superior", "backup")


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before a limit to remind: a share of the limit gone by, or a time before its end."""

    text: str
    share: Decimal | None = None
    before: timedelta | None = None

    @classmethod
    @lru_cache(maxsize=64)  # the same few are read for each deadline
    def parse(cls, text: str) -> Lead:
        if match := re.fullmatch(r"(\d{1,4})%", text, re.ASCII):
            if not 0 < int(match[1]) < 100:
                raise PolicyError(f"{text!r} is no reminder: a share lies between 1% and 99%")
            return cls(text, share=Decimal(match[1]) / 100)
        return cls(text, before=span_of(Limit.parse(text)))


@dataclass(frozen=True, slots=True)
class Reminders:
    """When to remind: `short` for limits under `short_below`, else `long` (a day-before reminder is useless for 6 hours).

    by_phone: of these the duty desk is asked to phone the assignee as well (R-060).
    """

    short_below: timedelta
    short: tuple[Lead, ...]
    long: tuple[Lead, ...]
    by_phone: frozenset[str] = frozenset()

    def leads(self, length: timedelta) -> tuple[Lead, ...]:
        return self.short if length < self.short_below else self.long


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the escalation ladder: from the `after`-th overdue notice on, `tell` hears of it too."""

    after: int
    tell: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overdue:
    """Chasing: a first notice when the limit passes, then one every `nag_every`, with a ladder of others who hear.

    phone_from: from which notice on the duty desk is asked to phone the assignee as well (R-061); 0: never. take_back_after:
    after so many of them work that nobody has taken up goes back to the service centre (trap 36); 0: never.
    """

    nag_every: timedelta
    ladder: tuple[Rung, ...]
    phone_from: int = 0
    take_back_after: int = 0


def read_reminders(table: Table) -> Reminders:
    def leads(key: str) -> tuple[Lead, ...]:
        try:
            return tuple(Lead.parse(str(text)) for text in table.get(key, list))
        except PolicyError as error:
            raise PolicyError(f"{table.where}.{key}: {error}") from None

    short, long = leads("short"), leads("long")
    by_phone = table.texts("by_phone")
    for text in by_phone - {lead.text for lead in (*short, *long)}:
        raise PolicyError(f"{table.where}.by_phone holds {text!r}, which is no reminder: add it to short or long")
    reminders = Reminders(table.span("short_below"), short, long, by_phone)
    table.done()
    return reminders


def read_overdue(table: Table) -> Overdue:
    ladder = read_rungs(table, "ladder")
    take_back_after, last = table.count("take_back_after", default=0), max((rung.after for rung in ladder), default=1)
    overdue = Overdue(table.span("nag_every"), ladder, table.count("phone_from", default=0), take_back_after)
    if 0 < take_back_after < last:
        raise PolicyError(
            f"{table.where}.take_back_after is {take_back_after}, and the ladder first tells somebody at {last}: choose {last} "
            "or more, or 0 for never"
        )
    table.done()
    return overdue


def read_rungs(table: Table, key: str) -> tuple[Rung, ...]:
    rungs = []
    for index, values in enumerate(table.get(key, list)):
        entry = Table(f"{table.where}.{key}[{index}]", values)
        tell = tuple(entry.get("tell", list))
        for who in tell:
            check_told(f"{entry.where}.tell", who)
        rungs.append(Rung(entry.count("after", 1), tell))
        entry.done()
    return tuple(rungs)


def check_told(where: str, who: str) -> None:
    """Raise PolicyError unless `who` names somebody whom a notice can go to."""
    if who not in (*_RELATIONS, *Post, *Role):
        staff = (role for role in Role if role not in (Role.SYSTEM, Role.CUSTOMER))
        raise PolicyError(f"{where} is {who!r}: choose from {', '.join((*_RELATIONS, *Post, *staff))}")
