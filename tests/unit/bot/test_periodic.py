"""Periodic surveys: when each period's begins, that it begins once, and whom it asks. R-091."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial

import pytest

from bot import campaigns
from bot.periodic import Period, Periodic, begins, label, late, lines, schedules, unknown_sites
from bot.settings import PeriodicSurvey, Settings, SurveysSection
from bot.storage import surveys
from bot.storage.work import Work
from complaints.errors import ConfigError
from tests.calendars import WeekCalendar
from tests.unit.bot.desk_kit import CHAT, ZONE, FakeChannel, Kit, open_desk

WEEK = WeekCalendar(ZONE)
MONTHLY = PeriodicSurvey(name="维修回访", questionnaire="visit", to="all")


def settings(*rows: PeriodicSurvey) -> Settings:
    return replace(Settings(), surveys=SurveysSection(rows))


@pytest.mark.parametrize(
    ("period", "first", "name", "due"),
    [
        (Period.WEEK, "2026-11-23", "2026-W48", "2026-11-23"),
        (Period.MONTH, "2026-11-01", "2026-11", "2026-11-02"),  # the first is a Sunday
        (Period.QUARTER, "2026-10-01", "2026-Q4", "2026-10-01"),
        (Period.YEAR, "2026-01-01", "2026", "2026-01-01"),
    ],
)
def test_a_period_begins_as_people_begin_work_first_in_it(period: Period, first: str, name: str, due: str) -> None:
    day = date(2026, 11, 25)
    assert (begins(period, day).isoformat(), label(period, day)) == (first, name)
    [schedule] = schedules(settings(replace(MONTHLY, every=period.value)))
    moment = schedule.due(day, WEEK)
    assert moment is not None
    assert (moment.date().isoformat(), moment.tzinfo, moment.time()) == (due, ZONE, WEEK.hours(moment.date())[0][0])


def test_a_year_of_weeks_has_names_of_its_own() -> None:
    days = [date.fromordinal(date(2026, 12, 21).toordinal() + 7 * week) for week in range(4)]
    assert [label(Period.WEEK, day) for day in days] == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]


@pytest.mark.parametrize(
    ("rows", "where", "cure"),
    [
        ([replace(MONTHLY, name=" ")], "surveys.periodic.1.name is ' '", "give it"),
        ([MONTHLY, MONTHLY], "surveys.periodic.2.name", "of its own"),
        ([replace(MONTHLY, questionnaire="vsit")], "surveys.periodic.1.questionnaire", "visit"),
    ],
)
def test_a_wrong_schedule_names_itself_the_key_and_the_cure(rows: list[PeriodicSurvey], where: str, cure: str) -> None:
    with pytest.raises(ConfigError) as error:
        schedules(settings(*rows))
    assert where in str(error.value)
    assert cure in str(error.value)


def test_a_site_that_there_is_not_is_named() -> None:
    [said] = unknown_sites(schedules(settings(replace(MONTHLY, sites=("north", "nort")))), {"north"})
    assert "surveys.periodic.1.sites holds 'nort'" in said


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        yield kit


async def test_r091_each_period_asks_once_whoever_looks_and_however_often(kit: Kit) -> None:
    await kit.says("你好", "c1")
    scheduled = schedules(settings(MONTHLY))
    calendar = kit.desk.book.current.calendar
    for moment in ("2026-11-01 10:00", "2026-11-02 08:59", "2026-11-02 09:00", "2026-11-30 10:00", "2026-12-01 09:01"):
        kit.clock.move_to(datetime.fromisoformat(moment).replace(tzinfo=ZONE))
        for _ in range(2):  # another process, or the same after a restart
            looking = Periodic(kit.database, kit.desk, scheduled)
            await looking.look()
            await looking.look()

    async def begun(work: Work) -> list[str]:
        rows = [await surveys.campaign_by_id(work, id) for id in (1, 2, 3)]
        return [f"{row.name} {row.created_at.astimezone(ZONE):%d %H:%M}" for row in rows if row is not None]

    assert await kit.database.read(begun) == ["维修回访 2026-11 02 09:00", "维修回访 2026-12 01 09:01"]
    tally = await kit.database.read(lambda work: campaigns.results(work, "维修回访 2026-12"))
    assert tally.states == {"waiting": 1}
    later = kit.clock.now().replace(month=12, day=30)
    january = later.replace(year=2027, month=1, day=4)
    for now, missing in ((later, []), (january, ["维修回访 2027-01"])):
        owed = partial(late, scheduled=scheduled, calendar=calendar, now=now)
        assert await kit.database.read(owed) == missing
    [line] = await kit.database.read(lambda work: lines(work, scheduled, calendar, later))
    assert line == "维修回访: every month, visit, all customers; 维修回访 2026-12 began 2026-12-01 09:01"
