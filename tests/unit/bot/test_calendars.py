"""The company's calendar: published days, make-up days, years that are not known yet, and what the company says itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
import pytest

from bot.calendars import Calendars, CompanyCalendar
from bot.settings import CalendarSection, Settings
from complaints.errors import ConfigError

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = ((time(9), time(12)), (time(13), time(18)))


def calendar(**keys: object) -> CompanyCalendar:
    return CompanyCalendar(replace(CalendarSection(), **keys), SHANGHAI)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2024-02-04", True),  # Sundays and Saturdays worked to make up
        ("2025-01-26", True),
        ("2025-02-08", True),
        ("2026-02-14", True),
        ("2026-10-10", True),
        ("2025-10-08", False),
        ("2026-02-23", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-11-21", False),  # an ordinary Saturday
        ("2026-11-20", True),
    ],
)
def test_the_published_days_of_china(day: str, worked: bool) -> None:
    assert calendar().hours(date.fromisoformat(day)) == (DAY if worked else ())
    assert calendar().published(date.fromisoformat(day))


def test_two_libraries_agree_on_every_published_day() -> None:
    china = holidays.country_holidays("CN", years=range(2024, 2027))
    desk = calendar()
    day = date(2024, 1, 1)
    while day.year < 2027:
        assert bool(desk.hours(day)) == chinese_calendar.is_workday(day) == china.is_working_day(day), day
        day += timedelta(days=1)


def test_a_year_without_a_published_list_has_its_statutory_days_and_is_provisional() -> None:
    desk = calendar()
    assert desk.hours(date(2027, 10, 1)) == ()
    assert desk.hours(date(2027, 10, 11)) == DAY
    assert not desk.published(date(2027, 1, 4))


def test_the_companys_own_days_win_and_a_list_that_was_entered_is_no_longer_provisional() -> None:
    desk = calendar(holidays=("2027-02-11",), workdays=("2027-02-20", "2027-10-01"), published_years=("2027",))
    assert desk.hours(date(2027, 2, 11)) == ()
    assert desk.hours(date(2027, 2, 20)) == DAY
    assert desk.hours(date(2027, 10, 1)) == DAY
    assert desk.published(date(2027, 6, 1))
    assert not desk.published(date(2028, 6, 1))


def test_a_saturday_that_is_worked_has_its_own_hours_and_a_make_up_day_those_of_a_weekday() -> None:
    desk = calendar(saturday=("09:00-12:00",))
    assert desk.hours(date(2026, 11, 21)) == ((time(9), time(12)),)
    assert desk.hours(date(2026, 10, 3)) == ()  # a holiday on a Saturday
    assert desk.hours(date(2026, 9, 20)) == DAY  # a Sunday worked to make up


def test_another_country_and_none() -> None:
    assert calendar(country="HK").hours(date(2026, 7, 1)) == ()
    assert calendar(country="HK").published(date(2026, 7, 2))
    assert calendar(country="").hours(date(2026, 10, 1)) == DAY


def test_a_region_has_days_of_its_own() -> None:
    easter_monday, august, january = date(2026, 4, 6), date(2026, 8, 31), date(2026, 1, 2)
    whole, england, scotland = (calendar(country=code) for code in ("GB", "GB-ENG", "gb-scotland"))
    assert [whole.hours(day) for day in (easter_monday, august)] == [DAY, DAY]
    assert [england.hours(day) for day in (easter_monday, august)] == [(), ()]
    assert [scotland.hours(day) for day in (easter_monday, august, january)] == [DAY, DAY, ()]
    assert (england.country, scotland.country) == ("GB-ENG", "GB-SCT")


def test_trap_29_days_worked_to_make_up_count_wherever_the_library_knows_them() -> None:
    taiwan, hungary = calendar(country="TW"), calendar(country="HU")
    assert taiwan.hours(date(2025, 2, 8)) == DAY
    assert hungary.hours(date(2024, 12, 7)) == DAY
    assert hungary.hours(date(2024, 12, 28)) == ()
    assert [each.name for each in taiwan.unusual(2025) if each.day == date(2025, 2, 8)] == ["make-up working day"]


def test_a_country_is_known_in_any_spelling() -> None:
    assert [calendar(country=code).country for code in ("gb", "GBR", "chn", "cn", " HK ")] == [
        "GB",
        "GB",
        "CN",
        "CN",
        "HK",
    ]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"country": "XX"}, "calendar.country is 'XX'"),
        ({"country": "GB-XX"}, "calendar.country is 'GB-XX': choose a region of ENG, NIR, SCT, WLS, or write GB alone"),
        ({"country": "CN-BJ"}, "calendar.country is 'CN-BJ': it has no regions; write CN alone"),
        ({"monday": ("9-12",)}, "calendar.monday: '9-12' is no span of hours"),
        ({"friday": ("12:00-09:00",)}, "calendar.friday: '12:00-09:00' ends before it begins"),
        ({"friday": ("09:00-12:00", "11:00-13:00")}, "calendar.friday: '11:00-13:00' begins before"),
        ({"holidays": ("5 May",)}, "calendar.holidays: '5 May' is no date"),
        ({"workdays": ("2026-02-30",)}, "calendar.workdays: '2026-02-30' is no date"),
        ({"holidays": ("2026-05-05",), "workdays": ("2026-05-05",)}, "2026-05-05 stands in holidays and in workdays"),
        ({"published_years": ("next",)}, "calendar.published_years: 'next' is no year"),
        (dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ()), "no day of the week"),
    ],
)
def test_a_mistake_names_its_key(keys: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError, match=f"^.*{told}"):
        calendar(**keys)


@pytest.mark.parametrize("name", ["Asia/Peking", "asia/shanghai", "Asia/Shanghai ", "a b", "Asia", "../etc/passwd"])
def test_a_time_zone_that_is_none_names_its_key_and_the_cure(name: str) -> None:
    wrong = CalendarSection(timezone=name)
    with pytest.raises(ConfigError, match=r"^calendar\.timezone is .*such as Asia/Shanghai"):
        Calendars(Settings(calendar=wrong))
    with pytest.raises(ConfigError, match=r"^calendars\.north\.timezone is .*such as Asia/Shanghai"):
        Calendars(Settings(calendars={"north": wrong}))
