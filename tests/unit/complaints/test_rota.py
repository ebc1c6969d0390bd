"""Days, hours and shifts of a rota, over midnight, on days off, and when the clock is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.rota import Absence, Days, DutyError, Rank, Shift, away, parse_hours
from tests.calendars import WeekCalendar

SHANGHAI = WeekCalendar(ZoneInfo("Asia/Shanghai"))
BERLIN = WeekCalendar(ZoneInfo("Europe/Berlin"))


def at(text: str, calendar: WeekCalendar = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("mon-fri", "mon,tue,wed,thu,fri"),
        ("周一至周五", "mon,tue,wed,thu,fri"),
        ("周六、周日", "sat,sun"),
        ("weekend", "sat,sun"),
        ("Fri-Mon", "mon,fri,sat,sun"),
        ("星期天", "sun"),
        ("每天", "daily"),
        ("工作日", "workdays"),
        ("节假日", "days off"),
        ("2026-10-01", "2026-10-01"),
        ("2026-10-01至2026-10-07", "2026-10-01..2026-10-07"),
    ],
)
def test_days_are_read_in_both_languages_and_written_in_one(text: str, written: str) -> None:
    assert str(Days.parse(text)) == written
    assert Days.parse(written) == Days.parse(text)


@pytest.mark.parametrize("text", ["", "someday", "周八", "2026-13-01", "2026-10-07..2026-10-01", "mon-", "1"])
def test_what_names_no_days_is_refused_with_the_cure(text: str) -> None:
    if text == "mon-":
        assert str(Days.parse(text)) == "mon"
        return
    with pytest.raises(DutyError):
        Days.parse(text)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", (time(0), time(0))),
        ("00:00-24:00", (time(0), time(0))),
        ("9:00-18:00", (time(9), time(18))),
        ("22:00 至 06:00", (time(22), time(6))),
    ],
)
def test_hours(text: str, hours: tuple[time, time]) -> None:
    assert parse_hours(text) == hours


@pytest.mark.parametrize("text", ["9-18", "25:00-26:00", "09:00", "09:00-24:30", "abc"])
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(DutyError):
        parse_hours(text)


def shift(days: str, hours: str = "", person: str = "zhang", team: str = "", *, override: bool = False) -> Shift:
    return Shift(team, person, Days.parse(days), *parse_hours(hours), override=override)


@pytest.mark.parametrize(
    ("moment", "covered"),
    [
        ("2026-03-06 21:59", False),
        ("2026-03-06 22:00", True),
        ("2026-03-07 05:59", True),  # the night that began on Friday
        ("2026-03-07 06:00", False),
        ("2026-03-07 22:30", False),  # Saturday's night is another's
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(moment: str, covered: bool) -> None:
    assert shift("fri", "22:00-06:00").covers(at(moment), SHANGHAI) is covered


@pytest.mark.parametrize(
    ("moment", "covered"),
    [
        ("2026-03-28 22:00", True),
        ("2026-03-29 01:30", True),
        ("2026-03-29 03:30", True),  # two o'clock was skipped
        ("2026-03-29 06:00", False),
        ("2026-10-25 02:30", True),  # and is met twice in autumn
    ],
)
def test_a_night_in_which_the_clock_is_changed(moment: str, covered: bool) -> None:
    assert shift("daily", "22:00-06:00").covers(at(moment, BERLIN), BERLIN) is covered


def test_the_night_of_the_changed_clock_is_an_hour_shorter() -> None:
    begin, end = shift("daily", "22:00-06:00").span(date(2026, 3, 28), BERLIN)
    assert (end - begin).total_seconds() == 7 * 3600


def test_r031_days_off_are_the_calendars() -> None:
    calendar = WeekCalendar(ZoneInfo("Asia/Shanghai"))
    sunday, monday = at("2026-03-08 10:00"), at("2026-03-09 10:00")
    assert shift("节假日").covers(sunday, calendar)
    assert not shift("节假日").covers(monday, calendar)
    assert shift("workdays").covers(monday, calendar)


def test_the_ranks_of_rows() -> None:
    rows = [shift("mon"), shift("workdays"), shift("2026-03-02"), shift("2026-03-02", override=True)]
    assert [row.rank for row in rows] == sorted(Rank)


@given(
    st.sampled_from(["daily", "mon", "workdays", "days off", "2026-03-02..2026-03-05"]),
    st.integers(0, 23),
    st.integers(0, 23),
)
def test_every_moment_of_its_span_is_covered_and_none_before_it(days: str, starts: int, ends: int) -> None:
    row = Shift("", "zhang", Days.parse(days), time(starts), time(ends))
    day = date(2026, 3, 2)
    begin, end = row.span(day, SHANGHAI)
    included = row.days.include(day, SHANGHAI)
    assert row.covers(begin, SHANGHAI) or not included
    assert row.covers(end.replace(microsecond=0) - (end - begin) / 2, SHANGHAI) or not included


def test_the_longest_absence_counts() -> None:
    short = Absence(1, "zhang", at("2026-03-02 00:00"), at("2026-03-03 00:00"))
    long = Absence(2, "zhang", at("2026-03-02 00:00"), at("2026-03-09 00:00"))
    assert away([short, long], at("2026-03-02 10:00")) == long
    assert away([short, long], at("2026-03-05 10:00")) == long
    assert away([short], at("2026-03-03 00:00")) is None
