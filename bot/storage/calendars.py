"""The days that were imported, and how far a change of the calendars has been carried through the open complaints."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql, sqlite

from bot.calendar_files import CalendarFile
from bot.calendars import Imported, OwnDay, read_hours, say_hours
from bot.storage.audit import record_act
from bot.storage.models import CalendarDayRow, CalendarYearRow, ComplaintRow, CounterRow, ReckoningRow
from bot.storage.work import STAFF_VERSION, Work
from complaints.calendar import Hours

_VERSION = "calendar-version"
_RECKONING = "calendar"
_OPEN = text("status NOT IN ('closed', 'invalid', 'withdrawn', 'merged')")  # word for word as in the index


async def versions(work: Work) -> tuple[int, int]:
    """Return what counts up with every import of days, and of staff and sites."""
    rows = await work.session.scalars(select(CounterRow).where(CounterRow.name.in_((_VERSION, STAFF_VERSION))))
    known = {row.name: row.value for row in rows}
    return known.get(_VERSION, 0), known.get(STAFF_VERSION, 0)


async def imported(work: Work) -> dict[str, Imported]:
    """Return what was imported, by the calendar's name."""
    days: dict[str, dict[date, OwnDay]] = defaultdict(dict)
    for row in await work.session.scalars(select(CalendarDayRow)):
        days[row.calendar][row.day] = OwnDay(row.day, _hours(row), row.name, row.source)
    years: dict[str, set[int]] = defaultdict(set)
    for each in await work.session.scalars(select(CalendarYearRow)):
        years[each.calendar].add(each.year)
    return {name: Imported(days[name], frozenset(years[name])) for name in days.keys() | years.keys()}


def _hours(row: CalendarDayRow) -> Hours | None:
    if row.kind == "work":
        return None
    return read_hours(row.hours.split()) if row.kind == "hours" else ()


async def publish(work: Work, calendar: str, file: CalendarFile, now: datetime) -> None:
    """Keep what a file says for a calendar; every process takes it up when it next looks."""
    told = {own.day for own in file.days} | file.removed
    known = await work.session.scalars(select(CalendarDayRow).where(CalendarDayRow.calendar == calendar))
    for row in list(known):
        if row.day in told or row.day.year in file.years:
            await work.session.delete(row)
    await work.session.flush()
    for own in file.days:
        kind = "work" if own.hours is None else "hours" if own.hours else "off"
        hours = say_hours(own.hours) if own.hours else ""
        work.session.add(
            CalendarDayRow(
                calendar=calendar,
                day=own.day,
                kind=kind,
                hours=hours,
                name=own.name,
                source=own.source,
                imported_at=now,
            )
        )
    for year in file.years:
        await work.session.merge(CalendarYearRow(calendar=calendar, year=year, imported_at=now))
    await work.next_number(_VERSION)
    record_act(work, "calendar_published", now, calendar=calendar, days=len(file.days), removed=len(file.removed))


async def reckoning(work: Work) -> ReckoningRow:
    """Return how far the present change has been carried, held by this transaction alone."""
    if (row := await work.session.get(ReckoningRow, _RECKONING, with_for_update=True)) is not None:
        return row
    # Several processes may begin at once: one of them makes the row, and all of them then have it.
    values = {
        "name": _RECKONING,
        "calendars": "",
        "running": False,
        "number": 0,
        "after": "",
        "later": 0,
        "earlier": 0,
        "shown": "",
    }
    dialect = sqlite if work.sqlite else postgresql
    await work.session.execute(dialect.insert(ReckoningRow).values(values).on_conflict_do_nothing())
    return await work.session.get_one(ReckoningRow, _RECKONING, with_for_update=True)


async def open_after(work: Work, reference: str, limit: int) -> list[str]:
    """Return the references of unsettled complaints after one, in order: the cost is theirs, not that of all there are."""
    rows = await work.session.scalars(
        select(ComplaintRow.reference)
        .where(_OPEN, ComplaintRow.reference > reference)
        .order_by(ComplaintRow.reference)
        .limit(limit)
    )
    return list(rows)
