"""Periodic surveys (R-091): a schedule in the settings puts a questionnaire to customers once in every period.

Each is a campaign like those of `survey send`, named by its schedule and its period. The name is used once, ever, so a restart,
a second process or a moved clock asks nobody twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import partial

from bot import campaigns
from bot.campaigns import Plan
from bot.desk import Desk
from bot.settings import Settings
from bot.storage import surveys
from bot.storage.database import Database
from bot.storage.work import Work
from bot.surveying import plan_of
from complaints.calendar import WorkingCalendar
from complaints.errors import ComplaintError, ConfigError

_DAY = timedelta(days=1)
_LONGEST_NAME = 40  # with its period behind it, it must fit a campaign's
_LATE = timedelta(hours=1)


class Period(StrEnum):
    """How often a schedule asks."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
_AGAIN_DAYS = {Period.WEEK: 6, Period.MONTH: 21, Period.QUARTER: 80, Period.YEAR: 350}
"""Nobody is asked more often, where a schedule does not say: a little less than the period, which begins on a working day."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A row of `surveys.periodic`. plan: what is sent, its name without the period. sites: codes, none = all. closed: only
    those whose complaint was closed since the period before began; else every customer. zone: the company's.
    """

    plan: Plan
    period: Period
    closed: bool
    sites: tuple[str, ...]
    zone: tzinfo

    def name(self, day: date) -> str:
        """Return the name of the campaign of the period that `day` lies in."""
        return f"{self.plan.name} {label(self.period, day)}"

    def due(self, day: date, calendar: WorkingCalendar) -> datetime | None:
        """Return when the survey of that period goes out: as people begin work first in it; None where nobody does."""
        first = begins(self.period, day)
        while begins(self.period, first) == begins(self.period, day):
            if hours := calendar.hours(first):
                return datetime.combine(first, hours[0][0], calendar.zone)
            first += _DAY
        return None


def begins(period: Period, day: date) -> date:
    """Return the first day of the period that `day` lies in; a week begins on Monday."""
    if period is Period.WEEK:
        return day - day.weekday() * _DAY
    months = _MONTHS[period]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def label(period: Period, day: date) -> str:
    """Return what the period that `day` lies in is called: 2026-W47, 2026-11, 2026-Q4, 2026."""
    match period:
        case Period.WEEK:
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
        case Period.MONTH:
            return f"{day:%Y-%m}"
        case Period.QUARTER:
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case Period.YEAR:
            return f"{day.year}"


def schedules(settings: Settings) -> tuple[Schedule, ...]:
    """Return the schedules of the settings. Raises ConfigError naming the key and the cure."""
    found: dict[str, Schedule] = {}
    for number, row in enumerate(settings.surveys.periodic, start=1):
        where = f"surveys.periodic.{number}"
        if not 0 < len(row.name.strip()) <= _LONGEST_NAME:
            raise ConfigError(f'{where}.name is {row.name!r}: give it 1 to {_LONGEST_NAME} letters, such as "维修回访"')
        if row.name in found:
            raise ConfigError(f"{where}.name is {row.name!r}, as that of another: every schedule has a name of its own")
        period = Period(row.every)
        try:
            plan = plan_of(
                settings,
                name=row.name,
                questionnaire=row.questionnaire,
                per_minute=row.per_minute,
                every_days=row.again_days or _AGAIN_DAYS[period],
                expire_days=row.expire_days,
                note=row.note,
            )
        except ComplaintError as error:
            raise ConfigError(f"{where}.questionnaire: {error}") from None
        found[row.name] = Schedule(plan, period, row.to == "closed", row.sites, settings.service.zone)
    return tuple(found.values())


class Periodic:
    """Begins each survey in its period; the campaigns' own tick sends it."""

    def __init__(self, database: Database, desk: Desk, scheduled: Sequence[Schedule]) -> None:
        self._database = database
        self._desk = desk
        self._scheduled = scheduled
        self._begun: set[str] = set()  # names that need no look into the table any more

    async def look(self) -> None:
        """Begin what is due and has not begun; called every minute."""
        now, calendar = self._desk.clock.now(), self._desk.book.current.calendar
        day = now.astimezone(calendar.zone).date()
        for schedule in self._scheduled:
            due, name = schedule.due(day, calendar), schedule.name(day)
            if due is not None and due <= now and name not in self._begun:
                begin = partial(_begin, schedule=schedule, day=day, now=now)
                await self._database.write(begin)
                self._begun.add(name)


async def _begin(work: Work, schedule: Schedule, day: date, now: datetime) -> None:
    name = schedule.name(day)
    if await surveys.campaign(work, name) is None:
        persons = await _persons(work, schedule, day)
        await campaigns.start(work, replace(schedule.plan, name=name), persons, now)


async def _persons(work: Work, schedule: Schedule, day: date) -> list[str]:
    zone = schedule.zone
    before = begins(schedule.period, begins(schedule.period, day) - _DAY)
    since = datetime.combine(before, time.min, zone) if schedule.closed else None
    if not schedule.sites:
        return await surveys.customers(work, closed_since=since)
    found = {
        person for site in schedule.sites for person in await surveys.customers(work, closed_since=since, site=site)
    }
    return sorted(found)


# ── what people are told of them ──────────────────────────────────────────────────────────────────────────────────────


async def lines(work: Work, scheduled: Sequence[Schedule], calendar: WorkingCalendar, now: datetime) -> list[str]:
    """Return a line for each schedule: whom it asks what, and whether this period's survey has begun or when it will."""
    day, told = now.astimezone(calendar.zone).date(), []
    for each in scheduled:
        whom = "customers whose complaint was closed" if each.closed else "all customers"
        where = f" of {', '.join(each.sites)}" if each.sites else ""
        row, due = await surveys.campaign(work, each.name(day)), each.due(day, calendar)
        if row is not None:
            state = f"{row.name} began {row.created_at.astimezone(calendar.zone):%Y-%m-%d %H:%M}"
        elif due is None:
            state = f"{each.name(day)} does not begin: nobody works in that {each.period}"
        else:
            state = f"{each.name(day)} begins {due:%Y-%m-%d %H:%M}" if due > now else f"{each.name(day)} begins now"
        told.append(f"{each.plan.name}: every {each.period}, {each.plan.questionnaire}, {whom}{where}; {state}")
    return told


async def late(work: Work, scheduled: Sequence[Schedule], calendar: WorkingCalendar, now: datetime) -> list[str]:
    """Return the names of surveys that should have begun and have not."""
    day = now.astimezone(calendar.zone).date()
    owed = [each.name(day) for each in scheduled if (due := each.due(day, calendar)) is not None and due + _LATE < now]
    return [name for name in owed if await surveys.campaign(work, name) is None]


def unknown_sites(scheduled: Sequence[Schedule], known: Collection[str]) -> Iterator[str]:
    """Yield a sentence for each schedule that names a site which there is not: it asks nobody there."""
    for number, each in enumerate(scheduled, start=1):
        if unknown := sorted(set(each.sites) - set(known)):
            yield f"surveys.periodic.{number}.sites holds {unknown[0]!r}, which is no site's code"
