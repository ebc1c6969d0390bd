"""Work that nobody takes up goes back to the service centre, where the policy says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from complaints import assigning, clockwork, handling, taking_back
from complaints.change import NoticeKind
from complaints.errors import PolicyError
from complaints.policy import parse
from complaints.policy.loading import merged
from complaints.promises import Terms
from complaints.vocabulary import Status
from tests.unit.complaints.build import AGENT, BASE, COLLEAGUE, HANDLER, MONDAY, WEEK, Desk, dispatched

DAY = timedelta(days=1)


def taking(after: int) -> Terms:
    data = merged("base")
    data["overdue"]["take_back_after"] = after
    return Terms(parse(data, "ours"), WEEK)


def test_trap_36_work_that_nobody_takes_up_is_taken_back_and_everyone_concerned_hears_so() -> None:
    rules = taking(3)
    desk = Desk(dispatched(rules), rules).until(MONDAY + 3 * DAY + timedelta(hours=23))
    assert "escalation:first_contact @center_lead" in " ".join(desk.said())  # one speaks for both limits
    assert desk.complaint.owner == "zhang"
    desk.until(MONDAY + 4 * DAY)
    assert [
        line for line in desk.said(since=MONDAY + 4 * DAY - timedelta(minutes=1)) if "first_contact" not in line
    ] == [
        "11-27 10:00:00 unassigned zhang",
        "11-27 10:00:00 given_back superior of zhang",
        "11-27 10:00:00 given_back @agent",
        "11-27 10:00:00 given_back @center_lead",
    ]
    taken = desk.complaint
    assert (taken.status, taken.owner, taken.nobody_since) == (Status.ACCEPTED, None, MONDAY + 4 * DAY)
    assert assigning.given_back(taken)
    assert "accept" not in [deadline.clock for deadline in taken.running]
    assert "11-28 10:00:00 nobody_available @center_lead" in desk.until(MONDAY + 5 * DAY).said()
    again = handling.dispatch(desk.complaint, "li", "by hand", AGENT, rules, desk.now).complaint
    assert "accept" in [deadline.clock for deadline in again.running]
    assert "unassigned li" in "".join(Desk(again, rules, desk.now).until(desk.now + 5 * DAY).said())


def test_trap_36_what_is_taken_up_stays_and_nothing_is_taken_back_where_the_policy_does_not_say_so() -> None:
    rules = taking(3)
    late = Desk(dispatched(rules), rules).until(MONDAY + 3 * DAY + timedelta(hours=23))
    [timer] = [each for each in clockwork.wanted(late.complaint, rules) if each.rule.startswith(taking_back.RULE)]
    late.apply(handling.accept(late.complaint, HANDLER, rules, late.now))
    assert clockwork.fire(late.complaint, timer, rules, timer.due_at) is None
    late.apply(handling.dispatch(late.complaint, "li", "by hand", AGENT, rules, late.now))
    assert clockwork.fire(late.complaint, timer, rules, timer.due_at) is None
    kept = Desk(dispatched(), BASE).until(MONDAY + 20 * DAY)
    assert kept.complaint.owner == "zhang"
    assert NoticeKind.GIVEN_BACK not in kept.kinds()


def test_trap_33_after_an_outage_whoever_has_it_is_asked_before_it_is_taken_back() -> None:
    desk = Desk(dispatched(taking(3)), taking(3)).until(MONDAY + 9 * DAY, asleep=True)
    assert desk.complaint.owner == "zhang"
    assert NoticeKind.OVERDUE in desk.kinds()


def test_the_ladder_is_through_first() -> None:
    with pytest.raises(PolicyError, match=r"overdue\.take_back_after is 2, .* somebody at 3: choose 3 or more, or 0"):
        taking(2)
    assert replace(taking(3).policy.overdue, take_back_after=0) == BASE.policy.overdue
    assert COLLEAGUE.person == "li"
