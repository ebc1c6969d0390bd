"""Which days and hours are worked: the company's week, the country's published days, and the company's own, which win.

China's days come from `chinesecalendar`, which holds the State Council's yearly lists (holidays and the weekend days worked to
make up for them). A year that it does not know yet has its statutory holidays reckoned by `holidays`, is without make-up days
and counts as provisional. Other countries come from `holidays` alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, tzinfo

from bot.settings import CalendarSection
from complaints.calendar import Hours
from complaints.errors import ConfigError

_INTERVAL = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))", re.ASCII)
_MAINLAND = "CN"


@dataclass(frozen=True, slots=True)
class _Year:
    """The days of one year that differ from the week. published: the list is official, not reckoned ahead of it."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    published: bool = True


class CompanyCalendar:
    """A `complaints.calendar.WorkingCalendar`. A make-up day has the hours of the first weekday that has any."""

    def __init__(self, section: CalendarSection, zone: tzinfo) -> None:
        """Raises ConfigError naming the key that is wrong."""
        self._zone = zone
        self._country = _country(section.country)
        self._week = tuple(_hours(name, getattr(section, name)) for name in _WEEKDAYS)
        self._ordinary = next((hours for hours in self._week if hours), ())
        if not self._ordinary:
            raise ConfigError("calendar: no day of the week has working hours: give monday to sunday some")
        self._off = _dates("holidays", section.holidays)
        self._worked = _dates("workdays", section.workdays)
        if both := self._off & self._worked:
            raise ConfigError(f"calendar: {min(both)} stands in holidays and in workdays: keep it in one of them")
        self._published = _years(section.published_years)
        self._years: dict[int, _Year] = {}

    @property
    def zone(self) -> tzinfo:
        return self._zone

    def hours(self, day: date) -> Hours:
        if day in self._off:
            return ()
        year = self._year(day.year)
        if day in self._worked or day in year.worked:
            return self._week[day.weekday()] or self._ordinary
        return () if day in year.off else self._week[day.weekday()]

    def published(self, day: date) -> bool:
        return day.year in self._published or day in self._off or day in self._worked or self._year(day.year).published

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = _known(self._country, number)
        return year


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _known(country: str, number: int) -> _Year:
    if not country:
        return _Year()
    if country == _MAINLAND and (year := _state_council(number)):
        return year
    # Imported here: it takes a third of a second, and most desks never need it.
    import holidays

    days = holidays.country_holidays(country, years=[number])
    estimated = any("estimated" in name for name in days.values())
    return _Year(off=frozenset(days), published=country != _MAINLAND and not estimated)


def _state_council(number: int) -> _Year | None:
    from chinese_calendar import constants

    off = frozenset(day for day in constants.holidays if day.year == number)
    if not off:
        return None
    return _Year(off=off, worked=frozenset(day for day in constants.workdays if day.year == number))


def _country(code: str) -> str:
    if code in ("", _MAINLAND):
        return code
    import holidays

    if code not in holidays.list_supported_countries():
        raise ConfigError(
            f"calendar.country is {code!r}, whose holidays are not known: write a country's two letters, such as CN or HK, "
            'or "" and list the days in calendar.holidays'
        )
    return code


def _hours(day: str, intervals: Sequence[str]) -> Hours:
    hours: list[tuple[time, time]] = []
    for interval in intervals:
        match = _INTERVAL.fullmatch(interval.strip())
        if match is None:
            raise ConfigError(f'calendar.{day}: {interval!r} is no span of hours: write "09:00-12:00"')
        opens = time(int(match[1]), int(match[2]))
        closes = time.max if match[5] else time(int(match[3]), int(match[4]))
        if opens >= closes:
            raise ConfigError(f"calendar.{day}: {interval!r} ends before it begins: split a night at midnight")
        if hours and opens < hours[-1][1]:
            raise ConfigError(f"calendar.{day}: {interval!r} begins before the span in front of it ends")
        hours.append((opens, closes))
    return tuple(hours)


def _dates(key: str, texts: Sequence[str]) -> frozenset[date]:
    try:
        return frozenset(date.fromisoformat(text) for text in texts)
    except ValueError:
        wrong = next(text for text in texts if not _is_date(text))
        raise ConfigError(f'calendar.{key}: {wrong!r} is no date: write "2027-02-05"') from None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _years(texts: Sequence[str]) -> frozenset[int]:
    for text in texts:
        if not re.fullmatch(r"20\d\d", text, re.ASCII):
            raise ConfigError(f'calendar.published_years: {text!r} is no year: write "2027"')
    return frozenset(map(int, texts))
