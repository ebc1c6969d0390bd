"""Today's numbers in words: whose they are, and what stands on the board (R-115)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.people import Directory, Person
from bot.storage import board as tables
from bot.storage.board import Numbers, Open, Scope
from bot.storage.work import Work
from complaints.calendar import WorkingCalendar
from complaints.rota import Site
from complaints.vocabulary import SERVICE_CENTRE, Role

_OF_ALL = SERVICE_CENTRE | {Role.LEADER, Role.HR_AUDITOR}
_MOST = 12  # sites that are listed


def scope_of(person: Person, directory: Directory, asked: Site | None) -> Scope:
    """Return whose numbers somebody reads: a head those of their sites, one without sites those of their people."""
    own = None if person.roles & _OF_ALL else directory.area_of(person)
    if own is None:
        return Scope() if asked is None else Scope(frozenset({asked.code}))
    if not own.sites:
        return Scope(None if asked is None else frozenset({asked.code}), own.people | {person.id})
    return Scope(own.sites if asked is None else own.sites & {asked.code})


async def numbers(work: Work, reader: str, scope: Scope, now: datetime, calendar: WorkingCalendar) -> Numbers:
    """Return today's numbers, by the calendar day of the company's zone."""
    today = now.astimezone(calendar.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = (today + timedelta(days=1, hours=12)).replace(hour=0)
    return await tables.numbers(work, reader, scope, now, today, tomorrow, today.replace(day=1))


def facts(numbers: Numbers, directory: Directory, site: Site | None) -> dict[str, str]:
    """Return the numbers as the template's facts; `sites`: a line each, the fullest first, where there are several."""
    told = {
        "new": numbers.new,
        "accepted": numbers.accepted,
        "satisfied": numbers.satisfied,
        "rated": numbers.rated,
        **_open(numbers.open),
    }
    said = {name: str(count) for name, count in told.items()}
    if numbers.rated:
        said["share"] = f"{numbers.satisfied / numbers.rated:.0%}"
    if site is not None:
        said["site"] = site.name
    elif len(numbers.by_site) > 1:
        fullest = sorted(numbers.by_site.items(), key=lambda each: (-each[1].overdue, -each[1].total, each[0]))
        lines = (_line(directory, code, there) for code, there in fullest[:_MOST])
        said["sites"] = "\n".join(lines)
    return said


def _open(there: Open) -> dict[str, int]:
    return {name: getattr(there, name) for name in Open.__slots__}


def _line(directory: Directory, code: str, there: Open) -> str:
    known = directory.sites.get(code)
    return f"{known.name if known is not None else code or '—'}: {there.total} / {there.overdue} / {there.due_today}"
