"""When people may be disturbed, and which promises run out while they sleep. R-041; traps 27, 35."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from complaints import handling, policy
from complaints.calendar import QuietHours
from complaints.quiet import later, quiet_staff, slept_through, unwatched, wakes
from complaints.vocabulary import Severity
from tests.unit.complaints import build
from tests.unit.complaints.build import AGENT, BASE, HANDLER, MONDAY, WEEK, at


@pytest.mark.parametrize(
    ("span", "hours"),
    [("22:00-07:00", 9), ("00:00-06:30", 6.5), ("12:00-14:00", 2), ("21:00-08:00", 11)],
)
def test_quiet_hours_have_a_length(span: str, hours: float) -> None:
    begin, end = (time.fromisoformat(each) for each in span.split("-"))
    assert QuietHours(begin, end).length == timedelta(hours=hours)


@pytest.mark.parametrize("severity", list(Severity))
def test_r041_what_is_severe_wakes_people_until_somebody_has_it_in_hand(severity: Severity) -> None:
    severe = severity in (Severity.S0, Severity.S1)
    waiting = build.dispatched(severity=severity)
    assert wakes(waiting, BASE) is severe
    assert (quiet_staff(waiting, BASE) is None) is severe
    assert not wakes(handling.accept(waiting, HANDLER, BASE, MONDAY).complaint, BASE)


def test_what_becomes_severe_wakes_people_again() -> None:
    working = build.working()
    raised = handling.grade(working, Severity.S0, "漏电", AGENT, BASE, MONDAY + timedelta(hours=1)).complaint
    assert wakes(raised, BASE)


def test_what_falls_into_the_quiet_hours_is_put_off_to_their_end() -> None:
    assert later(at("2026-11-23 23:00"), BASE.policy.quiet_staff, BASE) == at("2026-11-24 07:00")
    assert later(at("2026-11-23 23:00"), None, BASE) == at("2026-11-23 23:00")


@pytest.mark.parametrize(
    ("profile", "clocks"),
    [
        pytest.param("base", {"first_contact"}, id="two hours"),
        pytest.param("leyoujia-24h", {"first_contact", "investigate_feedback"}, id="six hours; 24 outlast the night"),
    ],
)
def test_promises_that_run_out_in_the_night(profile: str, clocks: set[str]) -> None:
    assert {clock.name for clock in slept_through(policy.load(profile))} == clocks


def test_a_night_is_watched_where_somebody_is_on_duty_in_each_of_its_hours() -> None:
    quiet = QuietHours(time(22), time(7))

    def until(hour: int) -> datetime | None:
        return unwatched(quiet, lambda moment: not hour <= moment.astimezone(WEEK.zone).hour < 7, WEEK, MONDAY)

    assert until(7) is None
    assert until(5) == at("2026-11-24 05:00")
    assert unwatched(quiet, lambda _: False, WEEK, MONDAY) == at("2026-11-23 22:00")
