"""Sites, shifts and absences: who watches where and when, and who is away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum

from complaints.calendar import WorkingCalendar
from complaints.errors import ComplaintError


class DutyError(ComplaintError):
    """Words that name no days or hours of duty; the message says how to write them."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place we serve (a project, a station, an outlet). head, duty, backup: persons' ids.

    aliases: what people call it. addresses: of ours that are written to about it. calendar, policy: names, empty for the
    company's own. duty: who answers there when nobody else does; duty_role: a role in place of a person. phone: the desk's.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    calendar: str = ""
    policy: str = ""
    head: str | None = None
    duty: str | None = None
    duty_role: str = ""
    backup: str | None = None
    phone: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that people may write for it."""
        return (self.code, self.name, *self.aliases)


class Rank(IntEnum):
    """Which rows of a rota win where several cover a moment: the higher."""

    WEEKLY = 0  # on these weekdays
    BY_CALENDAR = 1  # on working days, or on days off
    DATED = 2  # on these dates
    OVERRIDE = 3  # said later, in chat


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE_DAYS = {"一": "mon", "二": "tue", "三": "wed", "四": "thu", "五": "fri", "六": "sat", "日": "sun", "天": "sun"}
_EVERY = frozenset({"daily", "every day", "每天", "每日", "天天"})
_WORKDAYS = frozenset({"workday", "workdays", "工作日", "上班日"})
_DAYS_OFF = frozenset({"day off", "days off", "holiday", "holidays", "节假日", "休息日", "假日", "非工作日"})
_WEEKEND = frozenset({"weekend", "weekends", "周末", "双休日"})
_DATES = re.compile(r"(\d{4}-\d\d-\d\d)(?:\s*(?:\.\.|至|到|~|/)\s*(\d{4}-\d\d-\d\d))?")
_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–~至到]\s*(?:([01]?\d|2[0-4]):([0-5]\d))")


@dataclass(frozen=True, slots=True)
class Days:
    """On which days a row of the rota counts. weekdays: 0 is Monday. first, last: the dates, both included.

    Without dates and weekdays: on days off (`off`), else on working days, as the calendar has them.
    """

    weekdays: frozenset[int] = frozenset()
    first: date | None = None
    last: date | None = None
    off: bool = False

    @classmethod
    def parse(cls, text: str) -> Days:
        """Read "mon-fri", "周六、周日", "weekend", "daily", "workdays", "节假日", "2026-10-01" or "2026-10-01..2026-10-07".

        Raises DutyError.
        """
        said = " ".join(text.strip().lower().split())
        if said in _EVERY:
            return cls(weekdays=frozenset(range(7)))
        if said in _WORKDAYS or said in _DAYS_OFF:
            return cls(off=said in _DAYS_OFF)
        if (dates := _DATES.fullmatch(said)) is not None:
            return cls._between(text, dates[1], dates[2] or dates[1])
        weekdays: set[int] = set()
        for part in re.split(r"[\s,;、，；]+", said):
            weekdays |= {5, 6} if part in _WEEKEND else _weekdays(part, text)
        return cls(weekdays=frozenset(weekdays))

    @classmethod
    def _between(cls, text: str, first: str, last: str) -> Days:
        try:
            days = cls(first=date.fromisoformat(first), last=date.fromisoformat(last))
        except ValueError:
            raise DutyError(f"{text!r} is no date: write 2026-10-01 or 2026-10-01..2026-10-07") from None
        if last < first:
            raise DutyError(f"{text!r} ends before it begins")
        return days

    def __str__(self) -> str:
        if self.first is not None and self.last is not None:
            return f"{self.first}" if self.first == self.last else f"{self.first}..{self.last}"
        if self.weekdays:
            return "daily" if len(self.weekdays) == 7 else ",".join(_WEEKDAYS[day] for day in sorted(self.weekdays))
        return "days off" if self.off else "workdays"

    def include(self, day: date, calendar: WorkingCalendar) -> bool:
        if self.first is not None and self.last is not None:
            return self.first <= day <= self.last
        if self.weekdays:
            return day.weekday() in self.weekdays
        return self.off is not bool(calendar.hours(day))


def _weekdays(part: str, text: str) -> set[int]:
    first, _, last = re.sub(r"[至到~]", "-", part).partition("-")
    begin, end = _weekday(first, text), _weekday(last or first, text)
    return {day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)}


def _weekday(word: str, text: str) -> int:
    plain = re.sub("^(?:周|星期|礼拜)", "", word)
    code = _CHINESE_DAYS.get(plain) or word[:3]
    if code not in _WEEKDAYS:
        raise DutyError(
            f"{text!r} names no days: write mon-fri, 周六、周日, daily, workdays, days off, a date or 2026-10-01..2026-10-07"
        )
    return _WEEKDAYS.index(code)


def parse_hours(text: str) -> tuple[time, time]:
    """Read "09:00-18:00"; empty or "00:00-24:00" is the whole day, "22:00-06:00" ends on the next. Raises DutyError."""
    if not text.strip():
        return time(0), time(0)
    match = _HOURS.fullmatch(text.strip().replace("：", ":"))
    if match is None or (match[3] == "24" and match[4] != "00"):
        raise DutyError(f"{text!r} are no hours: write 09:00-18:00, or 22:00-06:00 for a night")
    return time(int(match[1]), int(match[2])), time(int(match[3]) % 24, int(match[4]))


@dataclass(frozen=True, slots=True)
class Shift:
    """A row of the rota. team: a site's code or a unit's name; empty: the whole company. Hours are local to the calendar.

    A shift whose `ends` is not after its `starts` runs into the next day and belongs to the day on which it begins.
    """

    team: str
    person: str
    days: Days
    starts: time = time(0)
    ends: time = time(0)
    override: bool = False

    @property
    def rank(self) -> Rank:
        if self.override:
            return Rank.OVERRIDE
        if self.days.first is not None:
            return Rank.DATED
        return Rank.WEEKLY if self.days.weekdays else Rank.BY_CALENDAR

    def covers(self, at: datetime, calendar: WorkingCalendar) -> bool:
        """Say whether the shift runs at that moment; hours that the clock skips or repeats last as long as they really do."""
        today = at.astimezone(calendar.zone).date()
        return any(
            begin <= at < end and self.days.include(day, calendar)
            for day in (today - timedelta(days=1), today)
            for begin, end in [self.span(day, calendar)]
        )

    def span(self, day: date, calendar: WorkingCalendar) -> tuple[datetime, datetime]:
        """Return from when to when it runs if it begins on that day, UTC."""
        until = day if self.ends > self.starts else day + timedelta(days=1)
        begin = datetime.combine(day, self.starts, calendar.zone)
        return begin.astimezone(UTC), datetime.combine(until, self.ends, calendar.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away from `start` until before `end`. stand_in: who was named for it; else their backup does it."""

    id: int
    person: str
    start: datetime
    end: datetime
    stand_in: str | None = None
    note: str = ""

    def covers(self, at: datetime) -> bool:
        return self.start <= at < self.end


def away(absences: Sequence[Absence], at: datetime) -> Absence | None:
    """Return the absence that a moment falls into, the longest one where there are several."""
    return max((each for each in absences if each.covers(at)), key=lambda each: each.end, default=None)
