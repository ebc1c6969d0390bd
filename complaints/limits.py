"""Limits such as `24h` or `13wd`, and the due moment that follows from one, with its arithmetic in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from complaints.calendar import WorkingCalendar
from complaints.errors import PolicyError

_SECOND = "%Y-%m-%d %H:%M:%S"
END_OF_DAY = time(23, 59, 59, fold=1)  # where the clocks go back at midnight, the day ends the second time
MAX_LIMIT_DAYS = 3660  # ten years: anything longer is a slip of the pen, and would walk the calendar for ever


class Unit(StrEnum):
    HOURS = "h"
    DAYS = "d"
    WORKING_DAYS = "wd"
    WORKING_HOURS = "wh"


class DayMode(StrEnum):
    """What "2 days" means: 48 hours, or until the end of the second day after (the usual reading of 日)."""

    HOURS = "hours"
    END_OF_DAY = "end_of_day"


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of time. Days, working or not, are whole."""

    amount: Decimal
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Limit:
        """Read `0.5h`, `24h`, `2d`, `13wd`, `4wh`. Raises PolicyError saying what is allowed."""
        match = re.fullmatch(r"\s*(\d{1,5}(?:\.\d{1,3})?)\s*(h|d|wd|wh)\s*", text, re.ASCII)
        if match is None:
            raise PolicyError(f"{text!r} is no limit: write a number and h, d, wd or wh, such as 24h or 15wd")
        limit = cls(Decimal(match[1]), Unit(match[2]))
        if limit.amount <= 0:
            raise PolicyError(f"{text!r} is no limit: it must be more than zero")
        if limit.unit in (Unit.DAYS, Unit.WORKING_DAYS) and limit.amount != int(limit.amount):
            raise PolicyError(f"{text!r} is no limit: days are whole; write hours for a part of one")
        if limit.roughly > timedelta(days=MAX_LIMIT_DAYS):
            raise PolicyError(f"{text!r} is longer than ten years: write a shorter limit")
        return limit

    @property
    def roughly(self) -> timedelta:
        """Its length on an ordinary clock; for comparing limits, never for due moments."""
        hours = {Unit.HOURS: 1, Unit.DAYS: 24, Unit.WORKING_DAYS: 24, Unit.WORKING_HOURS: 3}[self.unit]
        return timedelta(hours=float(self.amount) * hours)

    def __str__(self) -> str:
        return f"{self.amount.normalize():f}{self.unit}"


@dataclass(frozen=True, slots=True)
class Due:
    """A due moment (aware, UTC) that can explain itself."""

    at: datetime
    steps: tuple[str, ...]
    provisional: bool = False


Span = tuple[datetime, datetime]


def due(
    start: datetime,
    limit: Limit,
    calendar: WorkingCalendar,
    day_mode: DayMode = DayMode.END_OF_DAY,
    pauses: Sequence[Span] = (),
) -> Due:
    """Return the last moment that is still on time.

    start: aware, any zone; a naive one is a ValueError. Days count from the day after `start` and last to the end of the
    last one, or are 24 hours each (`day_mode`). Working days end at the end of the day; working hours stop with the clock.
    pauses: spans (from, to), aware, in which the clock stands still: hours in them are not counted, nor is a day whose end
    lies in one.
    """
    if start.tzinfo is None:
        raise ValueError("start must carry a time zone")
    still = _Pauses(pauses)
    local = start.astimezone(UTC).astimezone(calendar.zone)  # an hour that the clocks skip is named as it really is
    begin = f"{local:%Y-%m-%d %H:%M:%S} start"
    match limit.unit:
        case Unit.HOURS:
            end, steps, provisional = still.after(local, _hours(limit.amount)), [f"+ {limit}"], False
        case Unit.DAYS if day_mode is DayMode.HOURS:
            hours = limit.amount * 24
            end, steps, provisional = still.after(local, _hours(hours)), [f"+ {limit} = {hours}h"], False
        case Unit.DAYS:
            end = _end_of(_nth_day(local, int(limit.amount), calendar, still), calendar)
            steps, provisional = [f"+ {limit}: until the end of {end:%Y-%m-%d}"], False
        case Unit.WORKING_DAYS:
            end, steps, provisional = _plus_working_days(local, int(limit.amount), calendar, still)
        case Unit.WORKING_HOURS:
            end, steps, provisional = _plus_working_hours(local, limit, calendar, still)
    stood = still.told(local, end)
    return Due(end.astimezone(UTC), (begin, *stood, *steps, f"= {end:%Y-%m-%d %H:%M:%S}"), provisional)


def _hours(amount: Decimal) -> timedelta:
    return timedelta(hours=float(amount))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _closing(day: date, closes: time, calendar: WorkingCalendar) -> datetime:
    if closes == time.max:  # how a calendar writes 24:00
        return datetime.combine(day + timedelta(days=1), time.min, calendar.zone)
    return datetime.combine(day, closes, calendar.zone)


def _end_of(day: date, calendar: WorkingCalendar) -> datetime:
    return datetime.combine(day, END_OF_DAY, calendar.zone)


class _Pauses:
    """Spans in which a clock stands still, in order and apart from each other."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans: list[Span] = []
        for begin, end in sorted((_utc(begin), _utc(end)) for begin, end in spans):
            if begin >= end:
                raise ValueError("a pause must begin before it ends")
            if self._spans and begin <= self._spans[-1][1]:
                self._spans[-1] = (self._spans[-1][0], max(end, self._spans[-1][1]))
            else:
                self._spans.append((begin, end))

    def holds(self, moment: datetime) -> bool:
        at = _utc(moment)
        return any(begin <= at < end for begin, end in self._spans)

    def running(self, begin: datetime, end: datetime) -> Iterator[Span]:
        """Yield the parts of a span in which the clock runs, in UTC."""
        at, end = _utc(begin), _utc(end)
        for pause, resumed in self._spans:
            if at < min(pause, end):
                yield at, min(pause, end)
            at = max(at, resumed)
        if at < end:
            yield at, end

    def after(self, local: datetime, span: timedelta) -> datetime:
        """Return the moment at which the clock has run for `span`: real elapsed time, so that a change of the clocks
        neither gives nor takes an hour.
        """
        at, left = _utc(local), span
        for pause, resumed in self._spans:
            if resumed <= at:
                continue
            if at + left <= pause:
                break
            left -= max(pause - at, timedelta(0))
            at = resumed
        return (at + left).astimezone(local.tzinfo)

    def told(self, start: datetime, end: datetime) -> list[str]:
        """Return one step for each pause that fell between the two."""
        spans = ((max(begin, _utc(start)), min(stop, _utc(end))) for begin, stop in self._spans)
        return [
            f"stands still {begin.astimezone(start.tzinfo):{_SECOND}} to {stop.astimezone(start.tzinfo):{_SECOND}}"
            for begin, stop in spans
            if begin < stop
        ]


def _nth_day(local: datetime, days: int, calendar: WorkingCalendar, still: _Pauses) -> date:
    day = local.date()
    while days:
        day += timedelta(days=1)
        days -= not still.holds(_end_of(day, calendar))
    return day


def _plus_working_days(
    local: datetime, days: int, calendar: WorkingCalendar, still: _Pauses
) -> tuple[datetime, list[str], bool]:
    day, counted, off, provisional = local.date(), 0, 0, False
    for _ in range(MAX_LIMIT_DAYS * 3):
        if counted == days:
            break
        day += timedelta(days=1)
        provisional |= not calendar.published(day)
        if not calendar.hours(day):
            off += 1
        elif not still.holds(_end_of(day, calendar)):
            counted += 1
    else:
        raise PolicyError("the working calendar has no working days: give it some")
    steps = [f"+ {days} working days, {off} days off passed over: until the end of {day}"]
    return _end_of(day, calendar), steps, provisional


def _plus_working_hours(
    local: datetime, limit: Limit, calendar: WorkingCalendar, still: _Pauses
) -> tuple[datetime, list[str], bool]:
    left = _hours(limit.amount)
    steps: list[str] = []
    provisional = False
    day: date = local.date()
    for _ in range(MAX_LIMIT_DAYS * 3):
        provisional |= not calendar.published(day)
        for opens, closes in calendar.hours(day):
            # Compared in UTC: on the night the clocks go back, local times do not tell the order.
            opened = max(datetime.combine(day, opens, calendar.zone), local, key=_utc)
            for begin, end in still.running(opened, _closing(day, closes, calendar)):
                stop = min(end, begin + left)
                steps.append(
                    f"+ {begin.astimezone(calendar.zone):%Y-%m-%d %H:%M}–{stop.astimezone(calendar.zone):%H:%M}"
                )
                left -= stop - begin
                if not left:
                    return stop.astimezone(calendar.zone), steps, provisional
        day += timedelta(days=1)
    raise PolicyError("the working calendar has no working hours: give it some")
