"""What is owed by a day, again and again: reports to be sent, and books and boxes of suggestions to be read (R-003, R-100)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from complaints.errors import PolicyError
from complaints.policy.table import Table
from complaints.vocabulary import Role

_LAST = {"week": 7, "month": 31}


class Sheet(StrEnum):
    """What is sent."""

    HALF_MONTH = "half-month"
    MONTH = "monthly"
    QUARTER = "quarterly"
    WARRANTY = "warranty"  # 工程质量保修记录表


class Often(StrEnum):
    """How often a chore is owed."""

    DAY = "day"  # on every day on which people work there
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class ReportRule:
    """A report that is owed by a day of the month. each_site: one of each site, from its head to `to`; else one, from the
    centre's lead. categories: of a table of warranty work; empty: all.
    """

    name: str
    sheet: Sheet
    day: int
    each_site: bool
    to: tuple[Role, ...]
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class ChoreRule:
    """What the head of each site does and ticks off. what: in words. day: of the week, Monday 1, or of the month. by: the time
    of day; None: when people stop working.
    """

    name: str
    what: Mapping[str, str]
    often: Often
    day: int
    by: time | None


def read_reports(table: Table) -> tuple[ReportRule, ...]:
    """Read `[reports]`; a profile without one sends none by itself. Raises PolicyError naming the key."""
    found = []
    for name in table.values:
        each = _of(table, name)
        if each is None:
            continue
        each.get("source", str, "own")
        rule = ReportRule(
            name=name,
            sheet=each.word("report", Sheet),
            day=_day(each, 31, None),
            each_site=each.get("each_site", bool, False),
            to=tuple(each.words("to", Role)),
            categories=each.texts("categories"),
        )
        each.done()
        found.append(rule)
    return tuple(found)


def read_chores(table: Table) -> tuple[ChoreRule, ...]:
    """Read `[chores]`; a profile without one asks nobody. Raises PolicyError naming the key."""
    found = []
    for name in table.values:
        each = _of(table, name)
        if each is None:
            continue
        each.get("source", str, "own")
        words = each.table("what")
        often = each.word("every", Often)
        rule = ChoreRule(
            name=name,
            what=words.said(),
            often=often,
            day=_day(each, _LAST[often], 1) if often in _LAST else 0,
            by=each.clock("by") if "by" in each.values else None,
        )
        for part in (words, each):
            part.done()
        found.append(rule)
    return tuple(found)


def _of(table: Table, name: str) -> Table | None:
    """Return what stands under a name; None where a profile takes its parent's away by `false`."""
    table.asked.add(name)
    return None if table.values[name] is False else table.table(name)


def _day(table: Table, last: int, default: int | None) -> int:
    day = table.count("day", 1, default)
    if day > last:
        raise PolicyError(f"{table.where}.day is {day}: it must be {last} or less")
    return day
