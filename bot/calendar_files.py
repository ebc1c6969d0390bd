"""Days that an administrator publishes: read from a table or TOML, whole or not at all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from bot.calendars import Imported, OwnDay, read_hours
from bot.tabular import read_lines
from complaints.calendar import Hours
from complaints.errors import ComplaintError

COLUMNS: Final = ("date", "day", "name", "source")
_CHINESE: Final = {
    "日期": "date", "安排": "day", "类型": "day", "休班": "day", "上班安排": "day", "名称": "name", "节日": "name",
    "说明": "name", "来源": "source", "依据": "source",
}  # fmt: skip
_OFF: Final = frozenset({"休", "休息", "放假", "假", "节假日", "off", "holiday", "rest", "closed"})
_WORK: Final = frozenset({"班", "上班", "补班", "调休上班", "工作日", "work", "workday", "working", "open"})
_AS_BEFORE: Final = frozenset({"平日", "照常", "取消", "ordinary", "usual", "remove"})
_DATE: Final = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00:00)?"
_DATES: Final = re.compile(rf"{_DATE}(?:\s*(?:/|~|～|至|到|–|—|to)\s*{_DATE})?", re.ASCII)
_LONGEST: Final = 366
_YEARS: Final = (1990, 2100)
_SHOWN: Final = 20  # of the wrong lines: whoever has more has another mistake


class CalendarFileError(ComplaintError):
    """A calendar file is wrong: every line that is, and the cure."""


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """What a file says. removed: days that are to count as if they had never been imported. years: those that it tells
    wholly, so that nothing else is said of them.
    """

    days: tuple[OwnDay, ...]
    removed: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def over(self, before: Imported) -> Imported:
        """Return what is imported for a calendar once this is."""
        kept = {day: own for day, own in before.days.items() if day not in self.removed and day.year not in self.years}
        return Imported({**kept, **{own.day: own for own in self.days}}, before.years | self.years)


@dataclass(frozen=True, slots=True)
class _Line:
    """What one line says of the days from the first to the last. removed: they are to count as if nothing had been said."""

    days: tuple[date, ...]
    hours: Hours | None
    removed: bool
    name: str
    source: str


def read_calendar(path: Path, *, complete: bool = False) -> CalendarFile:
    """Read a .csv, .xlsx or .toml. complete: it holds every special day of its years. Raises CalendarFileError."""
    lines: dict[date, _Line] = {}
    stood: dict[date, str] = {}
    wrong: list[str] = []
    for where, values in _toml(path) if path.suffix.lower() == ".toml" else _table(path):
        try:
            line = _line(values)
        except ValueError as error:
            wrong.append(f"{where}: {error}")
            continue
        for day in line.days:
            if day in stood:
                wrong.append(f"{where}: {day} stands in {stood[day]} already: keep one of them")
                break
            stood[day], lines[day] = where, line
    if wrong:
        more = [f"… and {len(wrong) - _SHOWN} more"] if len(wrong) > _SHOWN else []
        raise CalendarFileError("\n".join([f"{path}: nothing was imported", *wrong[:_SHOWN], *more]))
    if not lines:
        raise CalendarFileError(f"{path}: there is no day in it: write a line for each, {', '.join(COLUMNS)}")
    return CalendarFile(
        days=tuple(OwnDay(day, e.hours, e.name, e.source) for day, e in sorted(lines.items()) if not e.removed),
        removed=frozenset(day for day, each in lines.items() if each.removed),
        years=frozenset(day.year for day in lines) if complete else frozenset(),
    )


def _table(path: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    for number, values in read_lines(path, COLUMNS, _CHINESE, "date", CalendarFileError):
        yield f"line {number}", values


def _toml(path: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the tables [[days]] of a file; a date may be written as one, without quotes."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CalendarFileError(f"{path}: it cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CalendarFileError(f"{path}: it is not valid TOML: {error}") from None
    tables: Any = data.pop("days", [])
    if data or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise CalendarFileError(
            f"{path}: write [[days]] and below it {', '.join(COLUMNS)}, once for each day, nothing else"
        )
    for number, table in enumerate(tables, start=1):
        if unknown := table.keys() - set(COLUMNS):
            raise CalendarFileError(f"{path}: days {number}: {min(unknown)} is unknown; known are {', '.join(COLUMNS)}")
        yield f"days {number}", {key: str(value).strip() for key, value in table.items()}


def _line(values: Mapping[str, str]) -> _Line:
    """Raises ValueError saying all that is wrong and the cure."""
    wrong: list[str] = []
    days: list[date] = []
    hours: Hours | None = None
    try:
        hours = _open(values.get("day", ""))
    except ValueError as error:
        wrong.append(str(error))
    try:
        days = _dates(values.get("date", ""))
    except ValueError as error:
        wrong.append(str(error))
    if wrong:
        raise ValueError("; ".join(wrong))
    removed = values.get("day", "").strip().lower() in _AS_BEFORE
    return _Line(tuple(days), hours, removed, values.get("name", ""), values.get("source", ""))


def _open(text: str) -> Hours | None:
    """Return the hours of a day, none where it is off, None for the usual ones. Raises ValueError."""
    said = text.strip().lower()
    if said in _OFF:
        return ()
    if not said:
        raise ValueError("day is empty: write off or work (休 or 班), or its hours, 09:00-12:00")
    if said in _WORK | _AS_BEFORE:
        return None
    try:
        return read_hours(re.split(r"[\s,;、，；]+", said.replace("：", ":").replace("–", "-").replace("~", "-")))
    except ValueError as error:
        raise ValueError(f"day is {said!r}: write off or work (休 or 班), or its hours; {error}") from None


def _dates(text: str) -> list[date]:
    found = _DATES.fullmatch(text.strip())
    cure = "write 2027-02-05, or 2027-02-05/2027-02-11 for several days"
    if found is None:
        raise ValueError(f"{text!r} is no date: {cure}")
    try:
        first = date(*map(int, found.group(1, 2, 3)))
        last = date(*map(int, found.group(4, 5, 6))) if found[4] else first
    except ValueError:
        raise ValueError(f"{text!r} is no day of the calendar: {cure}") from None
    if not first <= last <= first + timedelta(days=_LONGEST):
        raise ValueError(f"{text!r} must run from the earlier day to the later, {_LONGEST} days at the most: {cure}")
    if not _YEARS[0] <= first.year <= last.year <= _YEARS[1]:
        raise ValueError(f"{text!r} must lie between {_YEARS[0]} and {_YEARS[1]}")
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
