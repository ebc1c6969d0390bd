"""Limits such as `24h` or `13wd`, and the due moment that follows from one, with its arithmetic in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import chain

from complaints.calendar import WorkingCalendar
from complaints.errors import PolicyError, WrongLimit

_SECOND = "%Y-%m-%d %H:%M:%S"
END_OF_DAY = time(23, 59, 59, fold=1)  # where the clocks go back at midnight, the day ends the second time
MAX_LIMIT_DAYS = 3660  # ten years: anything longer is a slip of the pen, and would walk the calendar for ever


class Unit(StrEnum):
    HOURS = "h"
    DAYS = "d"
    WORKING_DAYS = "wd"
    WORKING_HOURS = "wh"

    @property
    def of_work(self) -> bool:
        """Whether it counts time in which people work."""
        return self in (Unit.WORKING_DAYS, Unit.WORKING_HOURS)


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
    @lru_cache(maxsize=256)  # the rules of time read the same few again and again
    def parse(cls, text: str, *, at_once: bool = False) -> Limit:
        """Read `0.5h`, `24h`, `2d`, `13wd`, `4wh`. Raises WrongLimit saying what is allowed.

        at_once: `0h` (now) and `0d` (until the end of the same day) are limits too, as a policy may set them.
        """
        match = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,3})?)\s*(h|d|wd|wh)\s*", text, re.ASCII)
        if match is None:
            raise WrongLimit(f"{text!r} is no limit: write a number and h, d, wd or wh, such as 24h or 15wd")
        limit = cls(Decimal(match[1]), Unit(match[2]))
        if limit.amount <= 0 and not (at_once and limit.unit in (Unit.HOURS, Unit.DAYS)):
            raise WrongLimit(f"{text!r} is no limit: it must be more than zero")
        if limit.unit in (Unit.DAYS, Unit.WORKING_DAYS) and limit.amount != int(limit.amount):
            raise WrongLimit(f"{text!r} is no limit: days are whole; write hours for a part of one")
        if limit.roughly > timedelta(days=MAX_LIMIT_DAYS):
            raise WrongLimit(f"{text!r} is longer than ten years: write a shorter limit")
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
    """Return the last moment that is still on time: `limit` added to `start`.

    start: aware, any zone; a naive one is a ValueError. Days count from the day after `start` and last to the end of the
    last one, or are 24 hours each (`day_mode`). Working days end at the end of the day; working hours stop with the clock.
    pauses: spans (from, to), aware, in which the clock stands still: hours in them are not counted, nor is a day whose end
    lies in one.
    """
    still = _Pauses(pauses)
    local = _local(start, calendar)
    begin = f"{local:%Y-%m-%d %H:%M:%S} start"
    match _counted(limit, day_mode):
        case Unit.HOURS:
            hours = limit.amount * (24 if limit.unit is Unit.DAYS else 1)
            steps = [f"+ {limit}" if limit.unit is Unit.HOURS else f"+ {limit} = {hours}h"]
            end, provisional = still.after(local, _hours(hours)), False
        case Unit.DAYS:
            end = _end_of(_nth_day(local, int(limit.amount), calendar, still), calendar)
            steps, provisional = [f"+ {limit}: until the end of {end:%Y-%m-%d}"], False
        case Unit.WORKING_DAYS:
            end, steps, provisional = _plus_working_days(local, int(limit.amount), calendar, still)
        case Unit.WORKING_HOURS:
            end, steps, provisional = _plus_working_hours(local, limit, calendar, still)
    stood = still.told(local, end)
    return Due(end.astimezone(UTC), (begin, *stood, *steps, f"= {end:%Y-%m-%d %H:%M:%S}"), provisional)


def latest_start(
    end: datetime,
    limit: Limit,
    calendar: WorkingCalendar,
    day_mode: DayMode = DayMode.END_OF_DAY,
    pauses: Sequence[Span] = (),
) -> datetime:
    """Return the last moment (UTC) from which `limit` runs out no later than `end`: `limit` subtracted from `end`.

    It undoes `due`: what began in working time is found again, and `due` of the result is never after `end`. Of days that
    last to their end it is the end of the day before the first that counts. Arguments as for `due`.
    """
    still = _Pauses(pauses)
    local = _local(end, calendar)
    match _counted(limit, day_mode):
        case Unit.HOURS:
            hours = limit.amount * (24 if limit.unit is Unit.DAYS else 1)
            return still.before(local, _hours(hours))
        case Unit.WORKING_HOURS:
            return _minus_working_hours(local, _hours(limit.amount), calendar, still)
    whole = _utc(local) >= _utc(_end_of(local.date(), calendar))
    day, left = local.date() + timedelta(days=whole), int(limit.amount)
    for _ in range(_FARTHEST):
        day -= timedelta(days=1)
        left -= _counts(day, limit.unit, calendar, still)
        if not left:
            return _utc(_end_of(day - timedelta(days=1), calendar))
    raise PolicyError("the working calendar has no working days: give it some")


def between(
    start: datetime,
    end: datetime,
    unit: Unit,
    calendar: WorkingCalendar,
    day_mode: DayMode = DayMode.END_OF_DAY,
    pauses: Sequence[Span] = (),
) -> Decimal:
    """Return how much of `unit` has gone by from `start` to `end`, pauses left out; zero where `end` is not later.

    The amount of a limit is what lies between its start and its due moment. Days that last to their end are counted when
    they are over, and so are whole. Arguments as for `due`.
    """
    still = _Pauses(pauses)
    local, until = _local(start, calendar), _local(end, calendar)
    if unit is Unit.HOURS or (unit is Unit.DAYS and day_mode is DayMode.HOURS):
        hours = _in_hours(stop - begin for begin, stop in still.running(local, until))
        return hours / 24 if unit is Unit.DAYS else hours
    days = (local.date() + timedelta(days=number) for number in range((until.date() - local.date()).days + 1))
    if unit is Unit.WORKING_HOURS:
        spans = chain.from_iterable(_working(day, calendar, still) for day in days)
        return _in_hours(_overlap(span, (_utc(local), _utc(until))) for span in spans)
    whole = (day for day in days if day > local.date() and _utc(_end_of(day, calendar)) <= _utc(until))
    return Decimal(sum(_counts(day, unit, calendar, still) for day in whole))


def is_working_time(moment: datetime, calendar: WorkingCalendar) -> bool:
    """Say whether somebody is at work at that moment: from an opening on, until right before the closing."""
    local = _local(moment, calendar)
    return any(begin <= _utc(local) < end for begin, end in _working(local.date(), calendar, _Pauses(())))


_FARTHEST = MAX_LIMIT_DAYS * 3  # days to walk before a calendar without working time is told as such


def _counted(limit: Limit, day_mode: DayMode) -> Unit:
    """Return what is counted: days that are 24 hours each are hours; "the same day" ends at midnight all the same."""
    return Unit.HOURS if limit.unit is Unit.DAYS and day_mode is DayMode.HOURS and limit.amount else limit.unit


def _local(moment: datetime, calendar: WorkingCalendar) -> datetime:
    """Return the moment in the calendar's zone; an hour that the clocks skip is named as it really is."""
    if moment.tzinfo is None:
        raise ValueError("a moment must carry a time zone")
    return moment.astimezone(UTC).astimezone(calendar.zone)


def _hours(amount: Decimal) -> timedelta:
    return timedelta(hours=float(amount))


def _in_hours(spans: Iterable[timedelta]) -> Decimal:
    return Decimal(sum(spans, timedelta()) // timedelta(microseconds=1)) / 3_600_000_000


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _opening(day: date, opens: time, calendar: WorkingCalendar) -> datetime:
    """Return the moment (UTC) of a local time; one that the clocks skip is the moment at which they go forward."""
    named = datetime.combine(day, opens, calendar.zone)
    moment = _utc(named)
    if moment.astimezone(calendar.zone).replace(tzinfo=None) == named.replace(tzinfo=None):
        return moment
    before, after = _utc(named.replace(fold=1)), moment
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        if middle.astimezone(calendar.zone).utcoffset() == after.astimezone(calendar.zone).utcoffset():
            after = middle
        else:
            before = middle
    return after.replace(second=0, microsecond=0)


def _closing(day: date, closes: time, calendar: WorkingCalendar) -> datetime:
    if closes == time.max:  # how a calendar writes 24:00
        return _opening(day + timedelta(days=1), time.min, calendar)
    return _opening(day, closes, calendar)


def _end_of(day: date, calendar: WorkingCalendar) -> datetime:
    return datetime.combine(day, END_OF_DAY, calendar.zone)


def _overlap(span: Span, other: Span) -> timedelta:
    return max(min(span[1], other[1]) - max(span[0], other[0]), timedelta(0))


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

    def __bool__(self) -> bool:
        return bool(self._spans)

    def holds(self, moment: datetime) -> bool:
        """Say whether the clock stands still at the end of a day; a pause until that very moment held the day too."""
        at = _utc(moment)
        return any(begin <= at <= end for begin, end in self._spans)

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

    def before(self, local: datetime, span: timedelta) -> datetime:
        """Return the moment (UTC) from which the clock has run for `span` until `local`."""
        at, left = _utc(local), span
        for pause, resumed in reversed(self._spans):
            if pause >= at:
                continue
            if at - left >= resumed:
                break
            left -= max(at - resumed, timedelta(0))
            at = pause
        return at - left

    def told(self, start: datetime, end: datetime) -> list[str]:
        """Return one step for each pause that fell between the two."""
        spans = ((max(begin, _utc(start)), min(stop, _utc(end))) for begin, stop in self._spans)
        return [
            f"stands still {begin.astimezone(start.tzinfo):{_SECOND}} to {stop.astimezone(start.tzinfo):{_SECOND}}"
            for begin, stop in spans
            if begin < stop
        ]


def _counts(day: date, unit: Unit, calendar: WorkingCalendar, still: _Pauses) -> bool:
    """Say whether a day is one of those counted: worked, where only such count, and not ended by a pause."""
    return (unit is Unit.DAYS or bool(calendar.hours(day))) and not (still and still.holds(_end_of(day, calendar)))


def _nth_day(local: datetime, days: int, calendar: WorkingCalendar, still: _Pauses) -> date:
    day = local.date()
    if not still:  # every day counts
        return day + timedelta(days=days)
    while days or not _counts(day, Unit.DAYS, calendar, still):
        day += timedelta(days=1)
        days -= bool(days) and _counts(day, Unit.DAYS, calendar, still)
    return day


def _plus_working_days(
    local: datetime, days: int, calendar: WorkingCalendar, still: _Pauses
) -> tuple[datetime, list[str], bool]:
    day, counted, off, provisional = local.date(), 0, 0, False
    for _ in range(_FARTHEST):
        if counted == days:
            break
        day += timedelta(days=1)
        provisional |= not calendar.published(day)
        if not calendar.hours(day):
            off += 1
        else:
            counted += _counts(day, Unit.WORKING_DAYS, calendar, still)
    else:
        raise PolicyError("the working calendar has no working days: give it some")
    steps = [f"+ {days} working days, {off} days off passed over: until the end of {day}"]
    return _end_of(day, calendar), steps, provisional


def _working(day: date, calendar: WorkingCalendar, still: _Pauses) -> Iterator[Span]:
    """Yield the spans of a day's working hours in which the clock runs, in UTC and in order.

    In UTC, because on the night the clocks go back local times do not tell the order.
    """
    for opens, closes in calendar.hours(day):
        yield from still.running(_opening(day, opens, calendar), _closing(day, closes, calendar))


def _plus_working_hours(
    local: datetime, limit: Limit, calendar: WorkingCalendar, still: _Pauses
) -> tuple[datetime, list[str], bool]:
    start, left = _utc(local), _hours(limit.amount)
    steps: list[str] = []
    provisional = False
    day: date = local.date()
    for _ in range(_FARTHEST):
        provisional |= not calendar.published(day)
        for opened, end in _working(day, calendar, still):
            begin = max(opened, start)
            if begin >= end:
                continue
            stop = min(end, begin + left)
            steps.append(f"+ {begin.astimezone(calendar.zone):%Y-%m-%d %H:%M}–{stop.astimezone(calendar.zone):%H:%M}")
            left -= stop - begin
            if not left:
                return stop.astimezone(calendar.zone), steps, provisional
        day += timedelta(days=1)
    raise PolicyError("the working calendar has no working hours: give it some")


def _minus_working_hours(local: datetime, left: timedelta, calendar: WorkingCalendar, still: _Pauses) -> datetime:
    until = _utc(local)
    day: date = local.date()
    for _ in range(_FARTHEST):
        for begin, closed in reversed(list(_working(day, calendar, still))):
            end = min(closed, until)
            if begin >= end:
                continue
            start = max(begin, end - left)
            left -= end - start
            if not left:
                return start
        day -= timedelta(days=1)
    raise PolicyError("the working calendar has no working hours: give it some")
