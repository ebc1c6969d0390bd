"""Which days and hours are worked: the company's week, the country's published days, and the company's own, which win.

China's days come from `chinesecalendar`, which holds the State Council's yearly lists (holidays and the weekend days worked to
make up for them). A year that it does not know yet has its statutory holidays reckoned by `holidays`, is without make-up days
and counts as provisional. Other countries and their regions come from `holidays` alone, with the weekend days worked where it
knows some. Over both stand the days named in the settings, and over
these the days that an administrator imported (`bot.calendar_files`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, time, timedelta, tzinfo
from functools import cache
from importlib.metadata import version
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.settings import CalendarSection, Settings
from bot.settings.tables import nearest
from complaints.calendar import Hours
from complaints.errors import ConfigError

DEFAULT: Final = ""
"""The name of the calendar of whoever has none of their own: the section [calendar]."""

_INTERVAL = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))", re.ASCII)
_MAINLAND = "CN"


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day as an administrator imported it. hours: () is a day off, None a working day with its ordinary hours."""

    day: date
    hours: Hours | None
    name: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was imported for one calendar. years: those whose whole list was: what the libraries say of them counts no more."""

    days: Mapping[date, OwnDay] = field(default_factory=lambda: MappingProxyType({}))
    years: frozenset[int] = frozenset()

    def over(self, under: Imported) -> Imported:
        """Return both, this one winning."""
        return Imported({**under.days, **self.days}, under.years | self.years)


NOTHING: Final = Imported()


@dataclass(frozen=True, slots=True)
class Unusual:
    """A day that is not as its weekday would be. origin: published, provisional, settings or imported."""

    day: date
    hours: Hours
    name: str
    origin: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Year:
    """The days of one year that differ from the week, with their names. published: the list is official."""

    off: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))
    worked: frozenset[date] = frozenset()
    published: bool = True
    source: str = ""


class CompanyCalendar:
    """A `complaints.calendar.WorkingCalendar`. A make-up day has the hours of the first weekday that has any.

    What is imported may change while it is in use (`publish`); everything else is fixed.
    """

    def __init__(self, section: CalendarSection, zone: tzinfo, where: str = "calendar") -> None:
        """where: the section's name. Raises ConfigError naming the key that is wrong."""
        self._zone = zone
        self._where = where
        self.country = _country(section.country, where)
        self._week = tuple(_hours(f"{where}.{name}", getattr(section, name)) for name in _WEEKDAYS)
        self._ordinary = next((hours for hours in self._week if hours), ())
        if not self._ordinary:
            raise ConfigError(f"{where}: no day of the week has working hours: give monday to sunday some")
        self._off = _dates(f"{where}.holidays", section.holidays)
        self._worked = _dates(f"{where}.workdays", section.workdays)
        if both := self._off & self._worked:
            raise ConfigError(f"{where}: {min(both)} stands in holidays and in workdays: keep it in one of them")
        self._published = _years(f"{where}.published_years", section.published_years)
        self._years: dict[int, _Year] = {}
        self._imported = NOTHING

    @property
    def zone(self) -> tzinfo:
        return self._zone

    def publish(self, imported: Imported) -> None:
        """Let what was imported count from now on, instead of what was imported before."""
        self._imported = imported

    def hours(self, day: date) -> Hours:
        usual = self._week[day.weekday()]
        if (own := self._imported.days.get(day)) is not None:
            return (usual or self._ordinary) if own.hours is None else own.hours
        if day in self._off:
            return ()
        if day in self._worked:
            return usual or self._ordinary
        year = self._year(day.year)
        if day in year.worked:
            return usual or self._ordinary
        return () if day in year.off else usual

    def published(self, day: date) -> bool:
        own = day in self._imported.days or day in self._off or day in self._worked
        return own or self.year_published(day.year)

    def year_published(self, number: int) -> bool:
        """Say whether a year's holidays and make-up days are officially known, to a library or because they were entered."""
        return number in self._imported.years or number in self._published or self._year(number).published

    def unusual(self, number: int) -> Iterator[Unusual]:
        """Yield each day of a year that somebody says something about, in order, as it now counts."""
        year = self._year(number)
        days = {*self._imported.days, *self._off, *self._worked, *year.off, *year.worked}
        for day in sorted(day for day in days if day.year == number):
            yield self._told(day, year)

    def _told(self, day: date, year: _Year) -> Unusual:
        hours = self.hours(day)
        if (own := self._imported.days.get(day)) is not None:
            return Unusual(day, hours, own.name, "imported", own.source)
        if day in self._off or day in self._worked:
            return Unusual(
                day, hours, "", "settings", f"{self._where}.{'holidays' if day in self._off else 'workdays'}"
            )
        origin = "published" if self.year_published(day.year) else "provisional"
        return Unusual(day, hours, year.off.get(day, "make-up working day"), origin, year.source)

    def _year(self, number: int) -> _Year:
        if number in self._imported.years:
            return _Year()
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = _known(self.country, number)
        return year


class Calendars:
    """The calendar of [calendar], and one for each [calendars.NAME] beside it.

    What was imported for the first holds for those of the same country too; what was imported for one of these wins there.
    """

    def __init__(self, settings: Settings) -> None:
        """Raises ConfigError naming the key that is wrong."""
        service = settings.service
        self._sections = {DEFAULT: settings.calendar, **settings.calendars}
        self._timezone = service.timezone
        self._imported: Mapping[str, Imported] = MappingProxyType({})
        self.default = CompanyCalendar(settings.calendar, _zone(settings.calendar, service.timezone, "calendar"))
        self._named = {
            name: CompanyCalendar(section, _zone(section, service.timezone, where), where)
            for name, section in settings.calendars.items()
            for where in [f"calendars.{name}"]
        }
        self._of_site: Mapping[str, str] = MappingProxyType({})

    @property
    def fingerprint(self) -> str:
        """A short text that is another whenever any day, or the calendar of any site, may count differently."""
        sections = {name: asdict(section) for name, section in self._sections.items()}
        imported = [
            (name, sorted((day, own.hours) for day, own in each.days.items()), sorted(each.years))
            for name, each in sorted(self._imported.items())
        ]
        told = [sections, self._timezone, sorted(self._of_site.items()), imported, _libraries()]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]

    @property
    def names(self) -> tuple[str, ...]:
        """The names that settings know, the default's (an empty one) first."""
        return (DEFAULT, *self._named)

    def named(self, name: str) -> CompanyCalendar:
        """Return the calendar of that name; the default where there is none such."""
        return self._named.get(name, self.default)

    def existing(self, name: str) -> CompanyCalendar:
        """Return the calendar of that name. Raises ConfigError, saying which there are, where there is none such."""
        if name not in self.names:
            known = ", ".join(name for name in self.names if name) or "none besides the default"
            raise ConfigError(
                f"the settings have no calendar {name!r}: write [calendars.{name}] there; they have {known}"
            )
        return self.named(name)

    def of_site(self, code: str) -> CompanyCalendar:
        """Return the calendar of a site; the default where it has none of its own."""
        return self.named(self._of_site.get(code, DEFAULT))

    def place(self, of_site: Mapping[str, str]) -> None:
        """Let sites have these calendars from now on. of_site: the calendar's name, by the site's code."""
        self._of_site = dict(of_site)

    def publish(self, imported: Mapping[str, Imported]) -> None:
        """Let what was imported count from now on. imported: by the calendar's name; "" for the default."""
        self._imported = dict(imported)
        general = imported.get(DEFAULT, NOTHING)
        self.default.publish(general)
        for name, calendar in self._named.items():
            own = imported.get(name, NOTHING)
            calendar.publish(own.over(general) if calendar.country == self.default.country else own)


@cache
def _libraries() -> list[str]:
    return [f"{name} {version(name)}" for name in ("chinesecalendar", "holidays")]


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _known(country: str, number: int) -> _Year:
    if not country:
        return _Year()
    if country == _MAINLAND and (year := _state_council(number)):
        return year
    # Imported here: it takes a third of a second, and most desks never need it.
    import holidays

    code, _, region = country.partition("-")
    # The next year, too: it says which of this year's last days are worked to make up for its first.
    known = holidays.country_holidays(code, subdiv=region or None, years=[number, number + 1])
    off = {day: name for day, name in known.items() if day.year == number}
    return _Year(
        off=off,
        worked=frozenset(day for day in known.weekend_workdays if day.year == number),
        published=country != _MAINLAND and not any("estimated" in name for name in off.values()),
        source="reckoned by holidays",
    )


def holiday_names(number: int, *, reckoned: bool = False) -> Mapping[date, str]:
    """Return China's days off of a year with their English names: as published where they are, else, or `reckoned`, the
    statutory ones.
    """
    published = None if reckoned else _state_council(number)
    if published is not None:
        return published.off
    import holidays

    return dict(holidays.country_holidays(_MAINLAND, years=[number], language="en_US"))


def _state_council(number: int) -> _Year | None:
    from chinese_calendar import constants

    off = {day: str(name) for day, name in constants.holidays.items() if day.year == number}
    if not off:
        return None
    worked = frozenset(day for day in constants.workdays if day.year == number)
    return _Year(off=off, worked=worked, source="State Council, by chinesecalendar")


def _country(text: str, where: str) -> str:
    """Return a country's two letters, with a region's code behind them where one is named: `GB-ENG`."""
    code, dash, region = (part.strip() for part in text.partition("-"))
    code = code.upper()
    if not dash and code in ("", _MAINLAND):
        return code
    import holidays

    if code not in holidays.list_supported_countries():
        raise ConfigError(
            f"{where}.country is {text!r}, whose holidays are not known: write a country's two letters, such as CN or HK, "
            f'with a region where it has some, GB-ENG, or "" and list the days in {where}.holidays'
        )
    known = holidays.country_holidays(code)
    if not dash:
        return known.country
    regions = known.get_subdivision_aliases()
    named = {name.casefold(): found for found, names in regions.items() for name in (found, *names)}
    if found := named.get(region.casefold()):
        return f"{known.country}-{found}"
    cure = f"choose a region of {', '.join(regions)}, or write" if regions else "it has no regions; write"
    raise ConfigError(f"{where}.country is {text!r}: {cure} {known.country} alone")


def _zone(section: CalendarSection, timezone: str, where: str) -> ZoneInfo:
    name = section.timezone or timezone
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = nearest(name, available_timezones())
        raise ConfigError(
            f"{where}.timezone is {name!r}, which is no time zone{near} (such as Asia/Shanghai)"
        ) from None


def _hours(key: str, intervals: Sequence[str]) -> Hours:
    try:
        return read_hours(intervals)
    except ValueError as error:
        raise ConfigError(f"{key}: {error}") from None


def read_hours(intervals: Iterable[str]) -> Hours:
    """Read `09:00-12:00` and the like, one after the other. Raises ValueError saying what is wrong and the cure."""
    hours: list[tuple[time, time]] = []
    for interval in intervals:
        match = _INTERVAL.fullmatch(interval.strip())
        if match is None:
            raise ValueError(f'{interval!r} is no span of hours: write "09:00-12:00"')
        opens = time(int(match[1]), int(match[2]))
        closes = time.max if match[5] else time(int(match[3]), int(match[4]))
        if opens >= closes:
            raise ValueError(f"{interval!r} ends before it begins: split a night at midnight")
        if hours and opens < hours[-1][1]:
            raise ValueError(f"{interval!r} begins before the span in front of it ends")
        hours.append((opens, closes))
    return tuple(hours)


def say_hours(hours: Hours) -> str:
    """Return working hours as `read_hours` takes them, with blanks between; "off" where there are none."""
    spans = (f"{opens:%H:%M}-{'24:00' if closes == time.max else f'{closes:%H:%M}'}" for opens, closes in hours)
    return " ".join(spans) or "off"


def _dates(key: str, texts: Sequence[str]) -> frozenset[date]:
    return frozenset(day for text in texts for day in _days(key, text))


def _days(key: str, text: str) -> list[date]:
    """Read `2027-02-05`, or `2027-02-05/2027-02-11` for all days from the one to the other."""
    try:
        return read_days(text)
    except ValueError as error:
        raise ConfigError(f"{key}: {error}") from None


def read_days(text: str) -> list[date]:
    """Read a date, or two with a stroke between for all days from the one to the other. Raises ValueError with the cure."""
    first, stroke, last = text.partition("/")
    try:
        begin = date.fromisoformat(first.strip())
        end = date.fromisoformat(last.strip()) if stroke else begin
    except ValueError:
        raise ValueError(
            f'{text!r} is no date: write "2027-02-05", or "2027-02-05/2027-02-11" for several days'
        ) from None
    if not begin <= end <= begin + timedelta(days=366):
        raise ValueError(f"{text!r} must run from an earlier day to a later one, of the same year")
    return [begin + timedelta(days=number) for number in range((end - begin).days + 1)]


def _years(key: str, texts: Sequence[str]) -> frozenset[int]:
    for text in texts:
        if not re.fullmatch(r"20\d\d", text, re.ASCII):
            raise ConfigError(f'{key}: {text!r} is no year: write "2027"')
    return frozenset(map(int, texts))
