"""`complaintbot calendar`: days are imported, with what that moves; and what a year looks like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.calendar_files import CalendarFile
from bot.calendars import NOTHING, Calendars, CompanyCalendar, Unusual, say_hours
from bot.policies import PolicyBook
from bot.reckoning import Moves, load, moves
from bot.settings import Settings
from bot.storage import calendars as kept
from bot.storage.database import Database

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Import:
    """What an import says and does. provisional: the years of its days that stay so."""

    days: int
    removed: int
    moves: Moves
    provisional: tuple[int, ...]


async def published(database: Database, settings: Settings) -> Calendars:
    """Return the calendars as a service that starts now would go by them."""
    calendars = Calendars(settings)
    await database.read(lambda work: load(work, calendars))
    return calendars


async def import_days(
    database: Database,
    calendars: Calendars,
    book: PolicyBook,
    name: str,
    file: CalendarFile,
    now: datetime,
    *,
    dry: bool,
) -> Import:
    """Publish what a file says for a calendar, or with `dry` only find out what that would move.

    calendars: those that `book` goes by; they count afterwards as they would. Raises ConfigError where there is none such.
    """
    calendar = calendars.existing(name)
    imported = await database.read(kept.imported)
    calendars.publish({**imported, name: file.over(imported.get(name, NOTHING))})
    found = await moves(database, book, now)
    if not dry:
        await database.write(lambda work: kept.publish(work, name, file, now))
    years = sorted({own.day.year for own in file.days})
    provisional = tuple(year for year in years if not calendar.year_published(year))
    return Import(len(file.days), len(file.removed), found, provisional)


def told(calendar: CompanyCalendar, year: int) -> Iterator[str]:
    """Yield the lines that show a year: whether it is official, and each day that is not an ordinary one."""
    state = "published" if calendar.year_published(year) else "provisional: its official list is not known yet"
    yield f"{year}: {state}"
    for each in calendar.unusual(year):
        yield "\t".join(_line(each))


def _line(each: Unusual) -> tuple[str, ...]:
    origin = f"{each.origin} ({each.source})" if each.source else each.origin
    return f"{each.day} {_DAYS[each.day.weekday()]}", say_hours(each.hours), each.name or "-", origin


def listed(calendars: Calendars, today: date) -> Iterator[str]:
    """Yield a line for each calendar: its name, zone, country, and which years are known."""
    yield "\t".join(("NAME", "TIME ZONE", "COUNTRY", "PUBLISHED", "PROVISIONAL"))
    for name in calendars.names:
        calendar = calendars.named(name)
        years = range(today.year - 1, today.year + 3)
        official = [str(year) for year in years if calendar.year_published(year)]
        reckoned = [str(year) for year in years if not calendar.year_published(year)]
        yield "\t".join(
            (
                name or "(default)",
                str(calendar.zone),
                calendar.country or "-",
                " ".join(official) or "-",
                " ".join(reckoned) or "-",
            )
        )
