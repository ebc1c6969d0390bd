"""The rota: imported from a table, shown for a day, and overruled in chat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

from bot.people import Directory, Person
from bot.storage import duty
from bot.storage.audit import record_act
from bot.storage.database import Database
from bot.storage.models import ShiftRow
from bot.storage.work import Work
from bot.tabular import Faults, read_each, read_lines
from complaints.calendar import WorkingCalendar
from complaints.errors import ComplaintError
from complaints.rota import Days, DutyError, Shift, parse_hours

COLUMNS = ("team", "person", "days", "hours")
_CHINESE = {
    "班组": "team", "项目": "team", "片区": "team", "站点": "team", "部门": "team", "姓名": "person", "值班人": "person",
    "人员": "person", "日期": "days", "星期": "days", "班期": "days", "时间": "hours", "时段": "hours",
}  # fmt: skip
_EVERYBODY = frozenset({"", "*", "all", "全公司", "全部"})


class RotaError(ComplaintError):
    """The table of the rota is wrong: the line, the column and the cure are named."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table. team, person: names. shift: with neither resolved yet."""

    where: str
    team: str
    person: str
    shift: Shift


def read_rota(path: Path, directory: Directory | None = None) -> list[Entry]:
    """Read a .csv or .xlsx table. directory: whom and what it may name. Raises RotaError naming all that is wrong."""
    lines = read_lines(path, COLUMNS, _CHINESE, "person", RotaError)
    return read_each(lines, lambda line: _entry(f"{path}, line {line[0]}", line[1], directory), RotaError)


def _entry(where: str, values: Mapping[str, str], directory: Directory | None) -> Entry:
    faults = Faults(RotaError)
    days, hours = Days(), (time(0), time(0))
    with faults.noted():
        if not values.get("person"):
            raise RotaError(f"{where}: person is empty")
    with faults.noted():
        days = _days(values.get("days", ""), where)
    with faults.noted():
        hours = _hours(values.get("hours", ""), where)
    entry = Entry(where, values.get("team", ""), values.get("person", ""), Shift("", "", days, *hours))
    if directory is not None:
        with faults.noted():
            _team(entry, directory)
        with faults.noted():
            if entry.person:
                _person(entry, directory)
    faults.check()
    return entry


def _days(text: str, where: str) -> Days:
    if not text:
        raise RotaError(f"{where}: days is empty: write mon-fri, 节假日, daily, a date or 2026-10-01..2026-10-07")
    try:
        return Days.parse(text)
    except DutyError as error:
        raise RotaError(f"{where}: {error}") from None


def _hours(text: str, where: str) -> tuple[time, time]:
    try:
        return parse_hours(text)
    except DutyError as error:
        raise RotaError(f"{where}: {error}") from None


async def import_rota(database: Database, entries: Sequence[Entry], now: datetime) -> tuple[int, int]:
    """Let the table be the rota of the teams that stand in it; return how many rows were added and how many taken away.

    What was said over it in chat stays. Raises RotaError naming every line whose team or person is not known.
    """

    async def job(work: Work) -> tuple[int, int]:
        directory = await work.directory()
        shifts = set(read_each(entries, lambda entry: _shift(entry, directory), RotaError))
        teams = {shift.team for shift in shifts}
        rows = [row for row in await duty.standing_shifts(work, teams) if row.set_by is None]
        known = {duty.shift_of(row): row for row in rows}
        gone = [row for row in rows if duty.shift_of(row) not in shifts]
        added = [shift for shift in sorted(shifts, key=_order) if shift not in known]
        await duty.remove_shifts(work, gone)
        for shift in added:
            duty.add_shift(work, shift, now)
        await work.staff_changed()
        record_act(work, "rota_imported", now, added=len(added), gone=len(gone))
        return len(added), len(gone)

    return await database.write(job)


def _order(shift: Shift) -> tuple[str, str, str, str]:
    return shift.team, str(shift.days), f"{shift.starts:%H:%M}", shift.person


def _shift(entry: Entry, directory: Directory) -> Shift:
    return replace(entry.shift, team=_team(entry, directory), person=_person(entry, directory).id)


def _team(entry: Entry, directory: Directory) -> str:
    team = find_team(entry.team, directory)
    if team is None:
        raise RotaError(
            f"{entry.where}: team {entry.team!r} is no site and no unit; leave it empty for the whole company"
        )
    return team


def _person(entry: Entry, directory: Directory) -> Person:
    found = [person for person in directory.named(entry.person) if person.name.casefold() == entry.person.casefold()]
    if len(found) != 1:
        raise RotaError(f"{entry.where}: person {entry.person!r} is nobody on the staff: import the staff first")
    return found[0]


def find_team(name: str, directory: Directory) -> str | None:
    """Return the team that is called so: a site's code, a unit's name, or empty for the whole company; None: there is none."""
    if name.strip().casefold() in _EVERYBODY:
        return ""
    site = directory.site_named(name)
    if site is not None:
        return site.code
    return name if any(person.unit == name for person in directory.persons.values()) else None


async def overrule(
    work: Work, team: str, person: Person, days: Days, hours: tuple[time, time], by: Person, now: datetime
) -> Shift:
    """Put somebody on duty whatever the rota says; what was said before for the same hours of these days gives way."""
    shift = Shift(team, person.id, days, *hours, override=True)
    old = [row for row in await duty.overrides(work, team) if row.days == str(days) and _same_hours(row, shift)]
    await duty.remove_shifts(work, old)
    duty.add_shift(work, shift, now, by.id)
    await work.flush()
    await work.staff_changed()
    return shift


async def recur(
    work: Work, team: str, person: Person, days: Days, hours: tuple[time, time], by: Person, now: datetime
) -> Shift:
    """Put somebody on duty on days that come again; a row of the rota for the same days and hours gives way.

    What is said of a date still goes before it, and an imported table does not take it away.
    """
    shift = Shift(team, person.id, days, *hours)
    old = [row for row in await duty.standing_shifts(work, {team}) if row.days == str(days) and _same_hours(row, shift)]
    await duty.remove_shifts(work, old)
    duty.add_shift(work, shift, now, by.id)
    await work.flush()
    await work.staff_changed()
    return shift


def _same_hours(row: ShiftRow, shift: Shift) -> bool:
    return (row.starts, row.ends) == (f"{shift.starts:%H:%M}", f"{shift.ends:%H:%M}")


def shown(directory: Directory, day: date, calendar_at: Callable[[str], WorkingCalendar]) -> str:
    """Return who is on duty on a day, team by team, as lines for a terminal: a line for each change of hands, in the team's
    own zone.
    """
    lines = [("TEAM", "FROM", "TO", "ON DUTY", "ZONE")]
    teams = sorted(directory.shifts.keys() | directory.sites.keys())
    for team in teams:
        lines += [
            (
                team or "*",
                f"{begin:%H:%M}",
                f"{end:%H:%M}" if end.date() == day else "24:00",
                who or "-",
                str(calendar_at(team).zone),
            )
            for begin, end, who in spans(directory, team, day, calendar_at)
        ]
    return "\n".join("\t".join(line) for line in lines)


def spans(
    directory: Directory, team: str, day: date, calendar_at: Callable[[str], WorkingCalendar]
) -> list[tuple[datetime, datetime, str]]:
    """Return the parts of a day of the team's in which the same people are on duty. calendar_at: as for `on_duty`."""
    zone = calendar_at(team).zone
    begin, end = (datetime.combine(day + timedelta(days=n), time(), zone).astimezone(UTC) for n in (0, 1))
    edges = {begin, end}
    for shift in directory.rota(team):
        near = (day + timedelta(days=n) for n in (-2, -1, 0, 1))  # the row may be of another zone
        edges |= {moment for on in near for moment in shift.span(on, calendar_at(shift.team))}
    for absences in directory.absences.values():
        edges |= {moment for absence in absences for moment in (absence.start, absence.end)}
    found: list[tuple[datetime, datetime, str]] = []
    for first, last in pairwise(edge.astimezone(zone) for edge in sorted(edges) if begin <= edge <= end):
        who = "、".join(person.name for person in directory.on_duty(team, first, calendar_at))
        if found and found[-1][2] == who:
            found[-1] = (found[-1][0], last, who)
        else:
            found.append((first, last, who))
    return found
