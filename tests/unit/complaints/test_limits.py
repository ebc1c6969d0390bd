"""Limits and the due moments that follow from them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.calendar import QuietHours
from complaints.errors import PolicyError
from complaints.limits import DayMode, Limit, Unit, due
from tests.calendars import WeekCalendar
from tests.unit.complaints.build import MONDAY, SHANGHAI, WEEK, PublishedWeek, at

BERLIN = ZoneInfo("Europe/Berlin")
HAVANA = ZoneInfo("America/Havana")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("24h", "24h", id="hours"),
        pytest.param("0.5h", "0.5h", id="half an hour"),
        pytest.param("2.50h", "2.5h", id="trailing zero"),
        pytest.param("100h", "100h", id="no exponent"),
        pytest.param("1d", "1d", id="a day"),
        pytest.param("13wd", "13wd", id="working days"),
        pytest.param("4wh", "4wh", id="working hours"),
        pytest.param(" 3 wd ", "3wd", id="spaces"),
    ],
)
def test_a_limit_is_read_and_written(text: str, written: str) -> None:
    assert str(Limit.parse(text)) == written
    assert Limit.parse(written) == Limit.parse(text)


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        pytest.param("", "write a number", id="empty"),
        pytest.param("soon", "write a number", id="a word"),
        pytest.param("24", "write a number", id="no unit"),
        pytest.param("-1h", "write a number", id="negative"),
        pytest.param("2 weeks", "write a number", id="unknown unit"),
        pytest.param("２４h", "write a number", id="full-width digits"),
        pytest.param("1e3h", "write a number", id="exponent"),
        pytest.param("0h", "more than zero", id="zero"),
        pytest.param("1.5d", "days are whole", id="part of a day"),
        pytest.param("0.5wd", "days are whole", id="part of a working day"),
        pytest.param("99999h", "ten years", id="hours beyond ten years"),
        pytest.param("4000d", "ten years", id="days beyond ten years"),
    ],
)
def test_a_wrong_limit_is_refused_with_the_cure(text: str, cure: str) -> None:
    with pytest.raises(PolicyError, match=cure):
        Limit.parse(text)


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        pytest.param("2026-11-23 10:00", "6h", "2026-11-23 16:00:00", id="six hours"),
        pytest.param("2026-11-23 10:00", "0.5h", "2026-11-23 10:30:00", id="half an hour"),
        pytest.param("2026-11-23 22:00", "6h", "2026-11-24 04:00:00", id="hours run through the night"),
        pytest.param("2026-11-27 20:00", "24h", "2026-11-28 20:00:00", id="hours run into the weekend"),
        pytest.param("2026-11-23 10:00", "1d", "2026-11-24 23:59:59", id="a day ends at midnight"),
        pytest.param("2026-11-23 00:00", "1d", "2026-11-24 23:59:59", id="a day from midnight"),
        pytest.param("2026-11-23 23:59:59", "1d", "2026-11-24 23:59:59", id="a day from the last second"),
        pytest.param("2026-11-27 10:00", "2d", "2026-11-29 23:59:59", id="natural days count the weekend"),
        pytest.param("2028-02-28 10:00", "1d", "2028-02-29 23:59:59", id="leap day"),
        pytest.param("2027-02-28 10:00", "1d", "2027-03-01 23:59:59", id="no leap day"),
        pytest.param("2026-12-31 10:00", "1d", "2027-01-01 23:59:59", id="over new year"),
        pytest.param("2026-11-23 10:00", "1wd", "2026-11-24 23:59:59", id="a working day"),
        pytest.param("2026-11-27 10:00", "1wd", "2026-11-30 23:59:59", id="friday to monday"),
        pytest.param("2026-11-28 10:00", "1wd", "2026-11-30 23:59:59", id="from a saturday"),
        pytest.param("2026-11-23 10:00", "13wd", "2026-12-10 23:59:59", id="thirteen working days"),
        pytest.param("2026-11-23 10:00", "1wh", "2026-11-23 11:00:00", id="a working hour"),
        pytest.param("2026-11-23 11:30", "1wh", "2026-11-23 13:30:00", id="over lunch (trap 31)"),
        pytest.param("2026-11-23 12:30", "1wh", "2026-11-23 14:00:00", id="from lunch"),
        pytest.param(
            "2026-11-23 17:00", "1wh", "2026-11-23 18:00:00", id="to the end of the day, not the next morning"
        ),
        pytest.param("2026-11-23 07:00", "1wh", "2026-11-23 10:00:00", id="before work begins"),
        pytest.param("2026-11-27 16:00", "4wh", "2026-11-30 11:00:00", id="working hours over a weekend"),
        pytest.param("2026-11-28 10:00", "8wh", "2026-11-30 18:00:00", id="a whole working day from a saturday"),
    ],
)
def test_due(start: str, limit: str, expected: str) -> None:
    moment = due(at(start), Limit.parse(limit), WEEK)
    assert moment.at == at(expected)
    assert moment.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        pytest.param("2026-11-23 10:00", "1d", "2026-11-24 10:00", id="a day is 24 hours"),
        pytest.param("2028-02-28 10:00", "2d", "2028-03-01 10:00", id="over the leap day"),
        pytest.param("2026-11-27 10:00", "1wd", "2026-11-30 23:59:59", id="working days still end at midnight"),
    ],
)
def test_due_where_a_day_means_24_hours(start: str, limit: str, expected: str) -> None:
    assert due(at(start), Limit.parse(limit), WEEK, DayMode.HOURS).at == at(expected)


@pytest.mark.parametrize(
    ("start", "limit", "mode", "expected_utc"),
    [
        pytest.param("2026-03-28 12:00", "24h", DayMode.END_OF_DAY, "2026-03-29 11:00", id="spring: 24 real hours"),
        pytest.param("2026-10-24 12:00", "24h", DayMode.END_OF_DAY, "2026-10-25 10:00", id="autumn: 24 real hours"),
        pytest.param("2026-10-24 12:00", "1d", DayMode.HOURS, "2026-10-25 10:00", id="autumn: a day of 24 hours"),
        pytest.param(
            "2026-03-28 12:00", "1d", DayMode.END_OF_DAY, "2026-03-29 21:59:59", id="spring: the local midnight"
        ),
        pytest.param(
            "2026-10-24 12:00", "1d", DayMode.END_OF_DAY, "2026-10-25 22:59:59", id="autumn: the local midnight"
        ),
        pytest.param("2026-03-27 17:00", "2wh", DayMode.END_OF_DAY, "2026-03-30 08:00", id="working hours over spring"),
        pytest.param(
            "2026-03-27 17:00", "1wd", DayMode.END_OF_DAY, "2026-03-30 21:59:59", id="working day over spring"
        ),
    ],
)
def test_due_in_a_zone_that_changes_its_clocks(start: str, limit: str, mode: DayMode, expected_utc: str) -> None:
    calendar = WeekCalendar(BERLIN)
    assert due(at(start, BERLIN), Limit.parse(limit), calendar, mode).at == at(expected_utc).replace(tzinfo=UTC)


def test_a_day_that_has_its_last_hour_twice_ends_the_second_time() -> None:
    # In Havana the clocks go back from 01:00 to 00:00: 23:59:59 of the day before comes once, 00:30 twice.
    calendar = WeekCalendar(HAVANA, ((time(0), time(3)),))
    start = datetime(2025, 11, 2, 0, 30, tzinfo=HAVANA, fold=1)
    sunday = PublishedWeek(HAVANA, on=frozenset({date(2025, 11, 2)}))
    assert due(start, Limit.parse("1d"), calendar).at == datetime(2025, 11, 4, 4, 59, 59, tzinfo=UTC)
    assert due(start, Limit.parse("1wh"), sunday).at == datetime(2025, 11, 2, 15, tzinfo=UTC)


def test_working_hours_that_begin_in_the_doubled_hour_are_not_counted_twice() -> None:
    night = WeekCalendar(BERLIN, ((time(2, 45), time(8)),))
    sunday = _Everyday(night)
    second_half_past_two = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)
    assert due(second_half_past_two, Limit.parse("1wh"), sunday).at == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)


class _Everyday:
    def __init__(self, week: WeekCalendar) -> None:
        self.zone = week.zone
        self._day = week.day

    def hours(self, day: date) -> tuple[tuple[time, time], ...]:
        return self._day

    def published(self, day: date) -> bool:
        return True


def test_published_days_overrule_the_weekday() -> None:
    calendar = PublishedWeek(off=frozenset({date(2026, 11, 24)}), on=frozenset({date(2026, 11, 28)}))
    assert due(MONDAY, Limit.parse("1wd"), calendar).at == at("2026-11-25 23:59:59")
    assert due(at("2026-11-27 10:00"), Limit.parse("1wd"), calendar).at == at("2026-11-28 23:59:59")
    assert due(at("2026-11-27 17:00"), Limit.parse("2wh"), calendar).at == at("2026-11-28 10:00")


@pytest.mark.parametrize(
    ("start", "limit", "provisional"),
    [
        pytest.param("2026-11-23 10:00", "5wd", False, id="inside the published days"),
        pytest.param("2026-12-30 10:00", "5wd", True, id="beyond the published days"),
        pytest.param("2026-12-31 17:00", "2wh", True, id="working hours beyond them"),
        pytest.param("2026-12-30 10:00", "5d", False, id="natural days need no calendar"),
        pytest.param("2026-12-31 10:00", "48h", False, id="nor do hours"),
    ],
)
def test_a_due_moment_says_that_it_is_provisional(start: str, limit: str, provisional: bool) -> None:
    assert due(at(start), Limit.parse(limit), PublishedWeek()).provisional is provisional


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 11, 23, 10), Limit.parse("1h"), WEEK)


@pytest.mark.parametrize("limit", ["5wd", "5wh"])
def test_a_calendar_without_working_time_is_an_error_and_no_endless_walk(limit: str) -> None:
    with pytest.raises(PolicyError, match="give it some"):
        due(MONDAY, Limit.parse(limit), WeekCalendar(SHANGHAI, ()))


@pytest.mark.parametrize(
    ("limit", "steps"),
    [
        pytest.param("6h", ("2026-11-23 10:00:00 start", "+ 6h", "= 2026-11-23 16:00:00"), id="hours"),
        pytest.param(
            "2d", ("2026-11-23 10:00:00 start", "+ 2d: until the end of 2026-11-25", "= 2026-11-25 23:59:59"), id="days"
        ),
        pytest.param(
            "6wd",
            (
                "2026-11-23 10:00:00 start",
                "+ 6 working days, 2 days off passed over: until the end of 2026-12-01",
                "= 2026-12-01 23:59:59",
            ),
            id="working days",
        ),
        pytest.param(
            "4wh",
            (
                "2026-11-23 10:00:00 start",
                "+ 2026-11-23 10:00–12:00",
                "+ 2026-11-23 13:00–15:00",
                "= 2026-11-23 15:00:00",
            ),
            id="working hours",
        ),
    ],
)
def test_a_due_moment_explains_its_arithmetic(limit: str, steps: tuple[str, ...]) -> None:
    assert due(MONDAY, Limit.parse(limit), WEEK).steps == steps


moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.sampled_from([SHANGHAI, BERLIN, UTC]))
limits = st.builds(lambda amount, unit: Limit.parse(f"{amount}{unit}"), st.integers(1, 40), st.sampled_from(list(Unit)))


@given(moments, limits, st.sampled_from([WEEK, WeekCalendar(BERLIN)]), st.sampled_from(list(DayMode)))
def test_every_due_moment_lies_ahead_and_ends_its_own_explanation(
    start: datetime, limit: Limit, calendar: WeekCalendar, mode: DayMode
) -> None:
    moment = due(start, limit, calendar, mode)
    assert moment.at > start
    assert moment.steps[-1] == f"= {moment.at.astimezone(calendar.zone):%Y-%m-%d %H:%M:%S}"
    assert due(start.astimezone(UTC), limit, calendar, mode) == moment  # the zone of the start does not matter


@given(moments, limits, st.integers(0, 200_000))
def test_who_starts_later_is_never_due_earlier(start: datetime, limit: Limit, seconds: int) -> None:
    later = (start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(start.tzinfo)
    assert due(start, limit, WEEK).at <= due(later, limit, WEEK).at


NIGHT = QuietHours(time(22), time(7))
NOON = QuietHours(time(12), time(14))


@pytest.mark.parametrize(
    ("quiet", "moment", "after", "before"),
    [
        pytest.param(NIGHT, "2026-11-23 23:00", "2026-11-24 07:00", "2026-11-23 21:59", id="evening"),
        pytest.param(NIGHT, "2026-11-24 03:00", "2026-11-24 07:00", "2026-11-23 21:59", id="after midnight"),
        pytest.param(NIGHT, "2026-11-24 00:00", "2026-11-24 07:00", "2026-11-23 21:59", id="midnight"),
        pytest.param(NIGHT, "2026-11-23 22:00", "2026-11-24 07:00", "2026-11-23 21:59", id="its first moment"),
        pytest.param(NIGHT, "2026-11-24 07:00", "2026-11-24 07:00", "2026-11-24 07:00", id="its end is outside"),
        pytest.param(NIGHT, "2026-11-24 15:00", "2026-11-24 15:00", "2026-11-24 15:00", id="daytime"),
        pytest.param(NOON, "2026-11-24 13:00", "2026-11-24 14:00", "2026-11-24 11:59", id="a span within the day"),
        pytest.param(NOON, "2026-11-24 23:00", "2026-11-24 23:00", "2026-11-24 23:00", id="outside of it"),
    ],
)
def test_quiet_hours_shift_later_or_earlier(quiet: QuietHours, moment: str, after: str, before: str) -> None:
    assert quiet.after(at(moment).astimezone(UTC), SHANGHAI) == at(after)
    assert quiet.before(at(moment).astimezone(UTC), SHANGHAI) == at(before)


def test_quiet_hours_are_local_on_the_night_the_clocks_change() -> None:
    one_in_the_night = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 01:30 in Berlin, half an hour before the change
    assert NIGHT.after(one_in_the_night, BERLIN) == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)
    assert NIGHT.before(one_in_the_night, BERLIN) == datetime(2026, 3, 28, 20, 59, tzinfo=UTC)


def test_quiet_hours_of_no_length_are_none() -> None:
    assert not QuietHours(time(8), time(8)).contains(time(8))


# --- pauses -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "pause", "expected"),
    [
        pytest.param("4h", ("2026-11-23 11:00", "2026-11-23 13:30"), "2026-11-23 16:30:00", id="hours go on later"),
        pytest.param("4h", ("2026-11-23 08:00", "2026-11-23 13:00"), "2026-11-23 17:00:00", id="it begins in a pause"),
        pytest.param("4h", ("2026-11-23 14:00", "2026-11-24 14:00"), "2026-11-23 14:00:00", id="it ended before"),
        pytest.param("2d", ("2026-11-23 11:00", "2026-11-23 16:00"), "2026-11-25 23:59:59", id="within a day"),
        pytest.param("2d", ("2026-11-24 11:00", "2026-11-26 09:00"), "2026-11-27 23:59:59", id="over two day ends"),
        pytest.param("2wd", ("2026-11-24 11:00", "2026-11-30 09:00"), "2026-12-01 23:59:59", id="over a weekend"),
        pytest.param("4wh", ("2026-11-23 11:00", "2026-11-23 14:00"), "2026-11-23 17:00:00", id="over the lunch break"),
        pytest.param("4wh", ("2026-11-23 17:00", "2026-11-24 09:00"), "2026-11-23 15:00:00", id="after the end"),
    ],
)
def test_a_clock_that_stands_still(limit: str, pause: tuple[str, str], expected: str) -> None:
    spans = [(at(pause[0]), at(pause[1]))]
    assert due(at("2026-11-23 10:00"), Limit.parse(limit), WEEK, pauses=spans).at == at(expected)


def test_pauses_that_overlap_count_once_and_each_is_told() -> None:
    spans = [(at("2026-11-23 11:00"), at("2026-11-23 13:00")), (at("2026-11-23 12:00"), at("2026-11-23 14:00"))]
    moment = due(at("2026-11-23 10:00"), Limit.parse("2h"), WEEK, pauses=spans)
    assert moment.at == at("2026-11-23 15:00:00")
    assert [step for step in moment.steps if "stands still" in step] == [
        "stands still 2026-11-23 11:00:00 to 2026-11-23 14:00:00"
    ]


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="begin before it ends"):
        due(MONDAY, Limit.parse("1h"), WEEK, pauses=[(MONDAY, MONDAY)])


@given(
    moments, limits, st.lists(st.tuples(moments, st.timedeltas(timedelta(minutes=1), timedelta(days=9))), max_size=3)
)
def test_a_pause_never_makes_anything_due_earlier(
    start: datetime, limit: Limit, pauses: list[tuple[datetime, timedelta]]
) -> None:
    spans = [(begin.astimezone(UTC), begin.astimezone(UTC) + span) for begin, span in pauses]
    assert due(start, limit, WEEK, pauses=spans).at >= due(start, limit, WEEK).at


def test_a_desk_that_never_closes_counts_working_hours_like_any_other() -> None:
    always = WeekCalendar(SHANGHAI, ((time(0), time.max),))
    assert due(at("2026-11-23 10:00"), Limit.parse("30wh"), always).at == at("2026-11-24 16:00:00")


@pytest.mark.parametrize(
    ("start", "limit", "mode", "expected"),
    [
        pytest.param("2026-11-23 10:00", "0h", DayMode.END_OF_DAY, "2026-11-23 10:00:00", id="at once"),
        pytest.param("2026-11-23 10:00", "0d", DayMode.END_OF_DAY, "2026-11-23 23:59:59", id="the same day"),
        pytest.param("2026-11-23 10:00", "0d", DayMode.HOURS, "2026-11-23 23:59:59", id="where a day is 24 hours too"),
        pytest.param("2026-11-22 23:59", "0d", DayMode.END_OF_DAY, "2026-11-22 23:59:59", id="in its last minute"),
    ],
)
def test_a_profile_may_ask_for_something_at_once(start: str, limit: str, mode: DayMode, expected: str) -> None:
    assert due(at(start), Limit.parse(limit, at_once=True), WEEK, mode).at == at(expected)


def test_the_same_day_waits_for_a_pause_to_end() -> None:
    pause = (at("2026-11-23 20:00"), at("2026-11-24 08:00"))
    assert due(MONDAY, Limit.parse("0d", at_once=True), WEEK, pauses=[pause]).at == at("2026-11-24 23:59:59")


@pytest.mark.parametrize("text", ["0wd", "0wh", "-1h", "0.5d"])
def test_only_hours_and_days_can_be_none(text: str) -> None:
    with pytest.raises(PolicyError):
        Limit.parse(text, at_once=True)
