"""When people may be disturbed, and which promises run out while they sleep. R-041; traps 27, 35."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from complaints import customer, handling, policy
from complaints.calendar import QuietHours
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.promises import Terms
from complaints.quiet import later, quiet_staff, slept_through, unwatched, wakes
from complaints.vocabulary import Severity
from tests.unit.complaints import build
from tests.unit.complaints.build import AGENT, BASE, CUSTOMER, HANDLER, MONDAY, WEEK, at


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
        pytest.param("base", set(), id="the two hours of the first word wait for the morning"),
        pytest.param("leyoujia-24h", {"investigate_feedback"}, id="six hours; 24 outlast the night"),
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


NIGHT = at("2026-11-24 00:43")


def first_word(complaint: Complaint) -> datetime:
    deadline = complaint.deadline("first_contact")
    assert deadline is not None
    return deadline.due_at


@pytest.mark.parametrize("profile", policy.available())
def test_no_first_word_is_promised_before_anybody_can_hear_of_it(profile: str) -> None:
    terms = Terms(policy.load(profile), WEEK)
    quiet = terms.policy.quiet_staff
    if quiet is None or terms.policy.clock("first_contact") is None:
        pytest.skip("nobody sleeps here, or nothing is promised")
    filed = build.filed(terms, NIGHT)
    assert first_word(filed) == quiet.after(NIGHT, WEEK.zone) + timedelta(hours=2)


def test_what_wakes_somebody_counts_at_once_also_when_it_turns_out_so_in_the_night() -> None:
    assert first_word(build.filed(BASE, NIGHT, severity=Severity.S0)) == NIGHT + timedelta(hours=2)
    filed = build.filed(BASE, NIGHT)
    later_on = NIGHT + timedelta(hours=1)
    raised = handling.grade(filed, Severity.S0, "漏电", AGENT, BASE, later_on).complaint
    assert first_word(raised) == later_on + timedelta(hours=2)
    assert first_word(handling.grade(filed, Severity.S2, "业委会", AGENT, BASE, later_on).complaint) == first_word(
        filed
    )


def test_by_day_the_first_word_counts_at_once() -> None:
    assert first_word(build.filed(BASE, MONDAY)) == MONDAY + timedelta(hours=2)


@pytest.mark.parametrize(("when", "heard"), [(NIGHT, "2026-11-24 07:00"), (MONDAY, "")])
def test_who_presses_at_night_hears_when_it_is_passed_on(when: datetime, heard: str) -> None:
    filed = build.filed(BASE, when)
    change = customer.urge(filed, "快点行不行", CUSTOMER, BASE, when + timedelta(minutes=1))
    [told] = [each for each in change.notices if each.kind is NoticeKind.URGE_RECORDED]
    assert told.facts.get("asleep", "") == (at(heard).isoformat() if heard else "")
