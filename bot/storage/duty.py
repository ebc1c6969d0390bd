"""Sites, the rota and absences as rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select

from bot.storage import codec
from bot.storage.models import AbsenceRow, ShiftRow, SiteRow, TaskRow
from bot.storage.work import Work
from complaints.rota import Shift

ASKED, LATE, PLANNED, RUNNING = "asked", "late", "planned", "running"
OVER, REFUSED, CANCELLED = "over", "refused", "cancelled"
_UNDECIDED = (ASKED, LATE)
_AT_ONCE = 500  # persons that one statement asks about


async def add_absence(work: Work, row: AbsenceRow) -> AbsenceRow:
    """Store an absence and give it its number."""
    work.session.add(row)
    await work.session.flush()
    await work.staff_changed()
    return row


async def absence(work: Work, id: int) -> AbsenceRow | None:
    return await work.session.get(AbsenceRow, id)


async def absences_of(work: Work, person: str) -> list[AbsenceRow]:
    """Return a person's absences that are asked for, to come or running, the earliest first."""
    rows = await work.session.scalars(
        select(AbsenceRow)
        .where(AbsenceRow.person == person, AbsenceRow.state.in_((*_UNDECIDED, PLANNED, RUNNING)))
        .order_by(AbsenceRow.start)
    )
    return list(rows)


async def absences_asked(work: Work) -> list[AbsenceRow]:
    """Return absences that wait for a superior's word, the oldest first."""
    rows = await work.session.scalars(
        select(AbsenceRow).where(AbsenceRow.state.in_(_UNDECIDED)).order_by(AbsenceRow.id)
    )
    return list(rows)


async def absences_turning(work: Work, now: datetime) -> list[AbsenceRow]:
    """Return absences that have begun or ended and were not dealt with yet, those that nobody has granted among them."""
    begun = AbsenceRow.state.in_((PLANNED, ASKED)) & (AbsenceRow.start <= now)
    ended = (AbsenceRow.state == RUNNING) & (AbsenceRow.end <= now)
    rows = await work.session.scalars(select(AbsenceRow).where(begun | ended).order_by(AbsenceRow.id))
    return list(rows)


async def with_tasks(work: Work, persons: Collection[str]) -> list[str]:
    """Return who of the persons has an open task, in a stable order."""
    await work.flush_if_writing()
    found, asked = set[str](), sorted(persons)
    for some in (asked[at : at + _AT_ONCE] for at in range(0, len(asked), _AT_ONCE)):
        having = select(TaskRow.assignee).where(TaskRow.open.is_(True), TaskRow.assignee.in_(some)).distinct()
        found.update(await work.session.scalars(having))
    return sorted(found)


async def save_site(work: Work, row: SiteRow) -> str:
    """Store a site; return "added", "changed" or "same"."""
    known = await work.session.get(SiteRow, row.code)
    if known is None:
        work.session.add(row)
        return "added"
    changed = False
    for column in SiteRow.__table__.columns:
        value = getattr(row, column.key)
        if getattr(known, column.key) != value:
            setattr(known, column.key, value)
            changed = True
    return "changed" if changed else "same"


async def standing_shifts(work: Work, teams: Collection[str]) -> list[ShiftRow]:
    """Return the rows of these teams' rota itself, imported or said in chat, without what was said over it."""
    rows = await work.session.scalars(
        select(ShiftRow).where(ShiftRow.team.in_(teams), ShiftRow.override.is_(False)).order_by(ShiftRow.id)
    )
    return list(rows)


async def overrides(work: Work, team: str) -> list[ShiftRow]:
    """Return what was said over a team's rota."""
    rows = await work.session.scalars(
        select(ShiftRow).where(ShiftRow.team == team, ShiftRow.override.is_(True)).order_by(ShiftRow.id)
    )
    return list(rows)


async def remove_shifts(work: Work, rows: Iterable[ShiftRow]) -> None:
    ids = [row.id for row in rows]
    if ids:
        await work.session.execute(delete(ShiftRow).where(ShiftRow.id.in_(ids)))


def shift_of(row: ShiftRow) -> Shift:
    return codec.shift(row)


def add_shift(work: Work, shift: Shift, now: datetime, set_by: str | None = None) -> None:
    work.session.add(
        ShiftRow(
            team=shift.team,
            person=shift.person,
            days=str(shift.days),
            starts=f"{shift.starts:%H:%M}",
            ends=f"{shift.ends:%H:%M}",
            override=shift.override,
            set_by=set_by,
            set_at=now,
        )
    )
