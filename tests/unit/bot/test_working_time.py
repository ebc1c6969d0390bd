"""Working time over real calendars: named cases, and what always holds of adding, subtracting and counting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.calendars import CompanyCalendar
from bot.settings import CalendarSection
from complaints.limits import DayMode, Limit, Unit, between, due, is_working_time, latest_start

ONE_SPAN = ("08:00-16:30",)
TWO_SHIFTS = ("00:00-02:30", "09:00-11:45", "13:15-17:00", "20:00-24:00")


@cache
def calendar(name: str) -> CompanyCalendar:
    section = CalendarSection()
    match name:
        case "china":
            return CompanyCalendar(section, ZoneInfo("Asia/Shanghai"))
        case "berlin":
            return CompanyCalendar(replace(section, country="DE"), ZoneInfo("Europe/Berlin"))
        case "new york":
            week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ONE_SPAN)
            return CompanyCalendar(replace(section, country="US", **week), ZoneInfo("America/New_York"))  # type: ignore[arg-type]
        case "shifts":  # through the nights in which the clocks change
            days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
            always = dict.fromkeys(days, TWO_SHIFTS)
            return CompanyCalendar(replace(section, country="", **always), ZoneInfo("Europe/Berlin"))  # type: ignore[arg-type]
    raise AssertionError(name)


def at(text: str, name: str = "china") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=calendar(name).zone)


# ── named cases ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        # weekends
        pytest.param("2026-11-20 16:00", "4wh", "2026-11-23 11:00", id="over a weekend"),
        pytest.param("2026-11-20 10:00", "1wd", "2026-11-23 23:59:59", id="a working day from a friday"),
        pytest.param("2026-11-21 10:00", "1wd", "2026-11-23 23:59:59", id="a working day from a saturday"),
        pytest.param("2026-11-20 10:00", "1d", "2026-11-21 23:59:59", id="a natural day ends on a saturday"),
        # Spring Festival 2025: off from 28 January to 4 February; Sunday the 26th and Saturday the 8th are worked (trap 29)
        pytest.param("2025-01-24 17:00", "4wh", "2025-01-26 12:00", id="trap 29: the sunday before is worked"),
        pytest.param("2025-01-25 10:00", "4wh", "2025-01-26 14:00", id="trap 29: from the saturday before"),
        pytest.param("2025-01-27 17:00", "2wh", "2025-02-05 10:00", id="over spring festival"),
        pytest.param("2025-01-24 10:00", "3wd", "2025-02-05 23:59:59", id="working days over spring festival"),
        pytest.param("2025-02-07 17:00", "2wh", "2025-02-08 10:00", id="trap 29: the saturday after is worked"),
        pytest.param("2025-02-08 17:00", "2wh", "2025-02-10 10:00", id="from a worked saturday over its sunday"),
        # National Day 2025: off from 1 to 8 October; 28 September and 11 October are worked
        pytest.param("2025-09-26 17:00", "2wh", "2025-09-28 10:00", id="the sunday before national day"),
        pytest.param("2025-09-30 17:00", "2wh", "2025-10-09 10:00", id="over national day"),
        pytest.param("2025-09-30 10:00", "3wd", "2025-10-11 23:59:59", id="national day, and its worked saturday"),
        # Spring Festival 2026: off from 15 to 23 February; 14 and 28 February are worked
        pytest.param("2026-02-13 17:00", "2wh", "2026-02-14 10:00", id="the saturday before spring festival 2026"),
        pytest.param("2026-02-14 17:30", "1wh", "2026-02-24 09:30", id="over spring festival 2026"),
        pytest.param("2026-02-27 10:00", "1wd", "2026-02-28 23:59:59", id="the saturday after spring festival 2026"),
        # trap 28: a holiday is its own local day, not the UTC one
        pytest.param("2026-09-30 23:30", "1wd", "2026-10-08 23:59:59", id="trap 28: the eve of a holiday, late"),
        pytest.param("2026-10-08 00:30", "1wd", "2026-10-09 23:59:59", id="trap 28: right after it, at night"),
        # lunch (trap 31)
        pytest.param("2026-11-20 11:30", "1wh", "2026-11-20 13:30", id="trap 31: over lunch"),
        pytest.param("2026-11-20 12:15", "0.5wh", "2026-11-20 13:30", id="trap 31: from lunch"),
        pytest.param("2026-11-20 09:00", "3wh", "2026-11-20 12:00", id="trap 31: up to lunch, not past it"),
        pytest.param("2026-11-20 18:00", "1wh", "2026-11-23 10:00", id="from the moment work ends"),
        # trap 34: what is off makes it longer, never shorter
        pytest.param("2026-09-30 10:00", "5wd", "2026-10-13 23:59:59", id="trap 34: a holiday lengthens"),
        # the year's end
        pytest.param("2025-12-31 17:00", "2wh", "2026-01-04 10:00", id="into a year that is published"),
        pytest.param("2026-12-31 17:00", "2wh", "2027-01-04 10:00", id="into a year that is not"),
    ],
)
def test_the_official_days_of_china(start: str, limit: str, expected: str) -> None:
    assert due(at(start), Limit.parse(limit), calendar("china")).at == at(expected)


@pytest.mark.parametrize(
    ("start", "provisional"),
    [("2025-12-20 10:00", False), ("2026-12-20 10:00", False), ("2026-12-28 10:00", True), ("2027-03-01 10:00", True)],
)
def test_what_rests_on_days_not_published_says_so(start: str, provisional: bool) -> None:
    assert due(at(start), Limit.parse("5wd"), calendar("china")).provisional is provisional


@pytest.mark.parametrize(
    ("name", "start", "limit", "expected_utc"),
    [
        pytest.param("berlin", "2026-03-27 17:00", "2wh", "2026-03-30 08:00", id="berlin, spring"),
        pytest.param("berlin", "2026-10-23 17:00", "2wh", "2026-10-26 09:00", id="berlin, autumn"),
        pytest.param("berlin", "2026-04-02 17:30", "1wh", "2026-04-07 07:30", id="berlin, easter"),
        pytest.param("new york", "2026-03-06 16:00", "1wh", "2026-03-09 12:30", id="new york, spring"),
        pytest.param("new york", "2026-10-30 16:00", "1wh", "2026-11-02 13:30", id="new york, autumn"),
        pytest.param("new york", "2026-11-25 16:00", "1wh", "2026-11-27 13:30", id="new york, thanksgiving"),
        pytest.param("shifts", "2026-03-29 00:30", "2.5wh", "2026-03-29 08:00", id="the lost hour is not worked"),
        pytest.param(
            "shifts", "2026-10-25 00:30", "3wh", "2026-10-25 09:00", id="its second half past two is not worked"
        ),
        pytest.param("shifts", "2026-10-24 23:00", "1.5wh", "2026-10-24 22:30", id="over midnight by two spans"),
    ],
)
def test_clocks_that_change(name: str, start: str, limit: str, expected_utc: str) -> None:
    expected = datetime.fromisoformat(expected_utc).replace(tzinfo=UTC)
    assert due(at(start, name), Limit.parse(limit), calendar(name)).at == expected


@pytest.mark.parametrize(
    ("limit", "pauses", "expected"),
    [
        pytest.param(
            "2wh", [("2026-11-20 10:00", "2026-11-20 11:00")], "2026-11-20 14:00", id="trap 30: an hour of work"
        ),
        pytest.param(
            "2wh", [("2026-11-20 18:00", "2026-11-21 18:00")], "2026-11-20 12:00", id="trap 30: only off time"
        ),
        pytest.param(
            "8wh", [("2026-11-20 18:00", "2026-11-23 09:00")], "2026-11-23 10:00", id="trap 30: a weekend is free"
        ),
        pytest.param("8wh", [("2026-11-20 12:00", "2026-11-20 13:00")], "2026-11-23 10:00", id="trap 30: so is lunch"),
        pytest.param(
            "1wd", [("2026-11-23 00:00", "2026-11-24 00:00")], "2026-11-24 23:59:59", id="a day that is paused"
        ),
        pytest.param("6h", [("2026-11-20 11:00", "2026-11-20 23:00")], "2026-11-21 04:00", id="natural hours"),
        pytest.param(
            "2wh",
            [("2026-11-20 10:30", "2026-11-20 11:30"), ("2026-11-20 11:00", "2026-11-20 12:00")],
            "2026-11-20 14:30",
            id="pauses that overlap count once",
        ),
    ],
)
def test_pauses_count_in_the_time_of_the_clock(limit: str, pauses: Sequence[tuple[str, str]], expected: str) -> None:
    spans = [(at(begin), at(end)) for begin, end in pauses]
    assert due(at("2026-11-20 10:00"), Limit.parse(limit), calendar("china"), pauses=spans).at == at(expected)


@pytest.mark.parametrize(
    ("end", "limit", "expected"),
    [
        pytest.param("2026-11-23 11:00", "4wh", "2026-11-20 16:00", id="working hours back over a weekend"),
        pytest.param("2025-02-05 10:00", "2wh", "2025-01-27 17:00", id="back over spring festival"),
        pytest.param("2025-01-26 12:00", "4wh", "2025-01-24 17:00", id="back over a saturday from a worked sunday"),
        pytest.param("2026-11-22 12:00", "1wh", "2026-11-20 17:00", id="from a day off"),
        pytest.param("2026-11-23 23:59:59", "1wd", "2026-11-22 23:59:59", id="a working day back"),
        pytest.param("2026-11-23 12:00", "1wd", "2026-11-19 23:59:59", id="a day that is not over counts not"),
        pytest.param("2026-11-23 12:00", "24h", "2026-11-22 12:00", id="hours back"),
    ],
)
def test_a_limit_is_subtracted(end: str, limit: str, expected: str) -> None:
    assert latest_start(at(end), Limit.parse(limit), calendar("china")) == at(expected)


@pytest.mark.parametrize(
    ("start", "end", "unit", "expected"),
    [
        pytest.param("2026-11-20 16:00", "2026-11-23 11:00", Unit.WORKING_HOURS, "4", id="working hours"),
        pytest.param("2025-01-24 17:00", "2025-02-05 09:30", Unit.WORKING_HOURS, "17.5", id="over spring festival"),
        pytest.param("2026-11-20 16:00", "2026-11-23 11:00", Unit.WORKING_DAYS, "0", id="no working day is over"),
        pytest.param("2026-09-29 10:00", "2026-10-12 23:59:59", Unit.WORKING_DAYS, "5", id="working days"),
        pytest.param("2026-11-20 16:00", "2026-11-23 11:00", Unit.DAYS, "2", id="days"),
        pytest.param("2026-11-20 16:00", "2026-11-20 17:30", Unit.HOURS, "1.5", id="hours"),
        pytest.param("2026-11-20 16:00", "2026-11-20 15:00", Unit.HOURS, "0", id="not later"),
    ],
)
def test_what_lies_between_is_counted(start: str, end: str, unit: Unit, expected: str) -> None:
    assert between(at(start), at(end), unit, calendar("china")) == Decimal(expected)


def test_every_due_moment_of_three_years_is_a_working_day_and_in_order() -> None:
    china = calendar("china")
    starts = [at("2024-01-01 10:00") + timedelta(days=number) for number in range(1096)]
    dues = [due(start, Limit.parse("5wd"), china).at.astimezone(china.zone) for start in starts]
    assert dues == sorted(dues)
    assert all(china.hours(moment.date()) for moment in dues)


# ── what always holds ─────────────────────────────────────────────────────────────────────────────────────────────────

names = st.sampled_from(["china", "berlin", "new york", "shifts"])
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 2, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))
hours = st.integers(1, 4000).map(
    lambda number: Limit(Decimal(number) / 20, Unit.WORKING_HOURS)
)  # 3 minutes to 200 hours
days = st.builds(Limit, st.integers(1, 60).map(Decimal), st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS]))
limits = hours | days | st.integers(1, 4000).map(lambda number: Limit(Decimal(number) / 20, Unit.HOURS))
pauses = st.lists(st.tuples(moments, st.timedeltas(timedelta(minutes=1), timedelta(days=20))), max_size=3).map(
    lambda found: [(begin, begin + length) for begin, length in found]
)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


def ends_in_working_time(moment: datetime, name: str) -> bool:
    """Due is the last moment still on time: the end of what is worked counts, its beginning does not."""
    return is_working_time(moment - timedelta(microseconds=1), calendar(name))


@quick
@given(names, moments, hours, pauses)
def test_working_hours_end_in_working_time(
    name: str, start: datetime, limit: Limit, still: list[tuple[datetime, datetime]]
) -> None:
    moment = due(start, limit, calendar(name), pauses=still).at
    assert ends_in_working_time(moment, name)
    assert not any(begin < moment <= end for begin, end in still)


@quick
@given(names, moments, hours, pauses)
def test_adding_and_then_subtracting_returns(
    name: str, start: datetime, limit: Limit, still: list[tuple[datetime, datetime]]
) -> None:
    known = calendar(name)
    assume(is_working_time(start, known) and not any(begin <= start < end for begin, end in still))
    assert latest_start(due(start, limit, known, pauses=still).at, limit, known, pauses=still) == start


@quick
@given(names, moments, limits, pauses, st.sampled_from(DayMode))
def test_the_latest_start_is_in_time_and_no_later_one_is(
    name: str, end: datetime, limit: Limit, still: list[tuple[datetime, datetime]], mode: DayMode
) -> None:
    known = calendar(name)
    start = latest_start(end, limit, known, mode, still)
    assert due(start, limit, known, mode, still).at <= end
    held = any(begin <= start < stop for begin, stop in still)
    assert held or due(start + timedelta(seconds=1), limit, known, mode, still).at > end


@quick
@given(names, moments, st.integers(1, 2000), st.integers(1, 2000), st.sampled_from([Unit.WORKING_HOURS, Unit.HOURS]))
def test_splitting_hours_in_two_gives_the_same(name: str, start: datetime, one: int, other: int, unit: Unit) -> None:
    known = calendar(name)
    first, second = (Limit(Decimal(part) / 20, unit) for part in (one, other))
    whole = Limit(first.amount + second.amount, unit)
    assert due(due(start, first, known).at, second, known).at == due(start, whole, known).at


@quick
@given(names, moments, st.integers(1, 30), st.integers(1, 30), st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS]))
def test_splitting_days_in_two_gives_the_same(name: str, start: datetime, one: int, other: int, unit: Unit) -> None:
    known = calendar(name)
    first, second, whole = (Limit(Decimal(part), unit) for part in (one, other, one + other))
    assert due(due(start, first, known).at, second, known).at == due(start, whole, known).at


@quick
@given(names, moments, limits, pauses, st.sampled_from(DayMode))
def test_what_lies_between_a_start_and_its_due_moment_is_the_limit(
    name: str, start: datetime, limit: Limit, still: list[tuple[datetime, datetime]], mode: DayMode
) -> None:
    known = calendar(name)
    end = due(start, limit, known, mode, still).at
    assert between(start, end, limit.unit, known, mode, still) == limit.amount


@quick
@given(names, moments, limits, pauses)
def test_trap_30_a_pause_never_shortens(
    name: str, start: datetime, limit: Limit, still: list[tuple[datetime, datetime]]
) -> None:
    known = calendar(name)
    assert due(start, limit, known, pauses=still).at >= due(start, limit, known).at


@quick
@given(moments, limits, st.lists(st.dates(date(2024, 1, 1), date(2027, 3, 1)), max_size=12))
def test_trap_34_a_holiday_never_shortens(start: datetime, limit: Limit, off: list[date]) -> None:
    section = replace(CalendarSection(), holidays=tuple(sorted({str(day) for day in off})))
    more = CompanyCalendar(section, ZoneInfo("Asia/Shanghai"))
    assert due(start, limit, more).at >= due(start, limit, calendar("china")).at


@quick
@given(names, moments, st.timedeltas(timedelta(0), timedelta(days=30)), limits)
def test_who_starts_later_is_never_due_earlier(name: str, start: datetime, later: timedelta, limit: Limit) -> None:
    known = calendar(name)
    assert due(start + later, limit, known).at >= due(start, limit, known).at
