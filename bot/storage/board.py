"""Today's numbers: a few aggregates over indexes, whatever is stored besides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from bot.storage.models import OPEN, ComplaintRow
from bot.storage.work import Work
from complaints.vocabulary import Severity, Status


@dataclass(frozen=True, slots=True)
class Open:
    """What is open: how much of it is late, due today, with nobody, grave, or waits for its customer's word."""

    total: int = 0
    overdue: int = 0
    due_today: int = 0
    unassigned: int = 0
    s0: int = 0
    s1: int = 0
    s2: int = 0
    surveying: int = 0

    def __add__(self, other: Open) -> Open:
        return Open(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Today's numbers. new, accepted: today; satisfied of rated: this month; by_site: what is open, by the site's code."""

    new: int = 0
    accepted: int = 0
    satisfied: int = 0
    rated: int = 0
    by_site: Mapping[str, Open] = field(default_factory=dict)

    @property
    def open(self) -> Open:
        return sum(self.by_site.values(), Open())


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose complaints are counted: those at some sites or with some people; all where both are None."""

    sites: Collection[str] | None = None
    owners: Collection[str] | None = None


async def numbers(
    work: Work,
    reader: str,
    scope: Scope,
    now: datetime,
    today: datetime,
    tomorrow: datetime,
    month: datetime,
) -> Numbers:
    """Return the numbers of what is in `scope`. today, tomorrow, month: when they begin.

    Practice, testers' complaints, and what names the reader count nowhere.
    """
    await work.flush_if_writing()
    row = ComplaintRow
    counted: list[ColumnElement[bool]] = [
        row.drill.is_(False),
        row.mystery.is_(False),
        row.names.not_like(f"%,{reader},%"),
    ]
    if scope.sites is not None:
        counted.append(row.site.in_(sorted(scope.sites)))
    if scope.owners is not None:
        counted.append(row.owner.in_(sorted(scope.owners)))
    still = row.due_at >= now
    found = await work.session.execute(
        select(
            row.site,
            func.count(),
            _count(row.due_at < now),
            _count(and_(still, row.due_at < tomorrow)),
            _count(and_(row.owner.is_(None), row.status.not_in((Status.RESOLVED,)))),
            *(_count(row.severity == severity) for severity in (Severity.S0, Severity.S1, Severity.S2)),
            _count(row.status == Status.RESOLVED),
        )
        .where(OPEN, *counted)
        .group_by(row.site)
    )
    by_site = {site: Open(*map(int, counts)) for site, *counts in found}
    new = await work.session.scalar(select(func.count()).where(row.received_at >= today, *counted))
    accepted = await work.session.scalar(select(func.count()).where(row.accepted_at >= today, *counted))
    rated, satisfied = (
        await work.session.execute(
            select(func.count(), _count(row.satisfied.is_(True))).where(row.rated_at >= month, *counted)
        )
    ).one()
    return Numbers(new or 0, accepted or 0, int(satisfied), int(rated), by_site)


def _count(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
