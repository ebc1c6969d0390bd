"""What reached nobody by any road: whom the duty desk phones about it, once, and until when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from complaints import calling, customer, handling, ladders, undelivered
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.parts.timing import Call
from complaints.vocabulary import Milestone, Rating
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    CUSTOMER,
    HANDLER,
    LEAD,
    MONDAY,
    dispatched,
    filed,
    rated,
    resolved,
    told,
    working,
)


def asked(complaint: Complaint, whom: str, notice: str) -> Complaint | None:
    change = undelivered.ask(complaint, whom, notice, 17, BASE, MONDAY)
    if change is None:
        return None
    assert [kind for kind, _ in told(change)] == [NoticeKind.PLEASE_PHONE]
    return change.complaint


def the_call(complaint: Complaint | None) -> Call:
    assert complaint is not None
    [call] = complaint.calls
    return call


@pytest.mark.parametrize(
    ("complaint", "whom", "notice"),
    [
        pytest.param(dispatched(), "zhang", NoticeKind.ASSIGNED, id="work"),
        pytest.param(working(), "wang", NoticeKind.PLAN, id="a plan to be answered"),
        pytest.param(filed(), "wang", NoticeKind.ACKNOWLEDGEMENT, id="an answer that was promised"),
        pytest.param(filed(), "lead", NoticeKind.NEEDS_ASSIGNMENT, id="a decision"),
    ],
)
def test_who_must_hear_of_it_is_phoned_once(complaint: Complaint, whom: str, notice: str) -> None:
    once = asked(complaint, whom, notice)
    call = the_call(once)
    assert (call.whom, call.facts["undelivered"]) == (whom, notice)
    assert once is not None
    assert asked(once, whom, NoticeKind.REMINDER) is None


@pytest.mark.parametrize(
    ("complaint", "whom", "notice"),
    [
        pytest.param(resolved(), "wang", NoticeKind.SURVEY, id="a survey is asked again by itself"),
        pytest.param(working(), "wang", NoticeKind.TAKEN_UP, id="courtesy"),
        pytest.param(working(), "wang", "status", id="an answer"),
        pytest.param(rated(resolved(), Rating.SATISFIED).complaint, "wang", NoticeKind.PROGRESS, id="settled"),
        pytest.param(working(), "li", NoticeKind.ASSIGNED, id="no longer theirs"),
        pytest.param(working(), "lead", NoticeKind.NEEDS_ASSIGNMENT, id="decided by another"),
        pytest.param(replace(working(), anonymous=True), "wang", NoticeKind.PLAN, id="nameless"),
        pytest.param(replace(working(), drill=True), "wang", NoticeKind.PLAN, id="practice"),
        pytest.param(dispatched(), "desk", NoticeKind.PLEASE_PHONE, id="never about a call"),
    ],
)
def test_nobody_is_phoned_for_less(complaint: Complaint, whom: str, notice: str) -> None:
    assert asked(complaint, whom, notice) is None


def test_the_call_ends_when_they_are_heard_of_or_another_has_it() -> None:
    once = asked(dispatched(), "zhang", NoticeKind.ASSIGNED)
    assert once is not None
    for change in (
        handling.accept(once, HANDLER, BASE, MONDAY),
        handling.dispatch(once, "li", "by hand", AGENT, BASE, MONDAY),
    ):
        assert not the_call(ladders.relieved(once, change, BASE).complaint).open
    urged = customer.urge(once, "", CUSTOMER, BASE, MONDAY)
    assert the_call(ladders.relieved(once, urged, BASE).complaint).open


def test_a_customer_who_was_phoned_is_no_assignee_who_was() -> None:
    once = asked(working(), "wang", NoticeKind.PLAN)
    assert once is not None
    reached = calling.tick(once, True, "", LEAD, BASE, MONDAY).complaint
    assert not the_call(reached).open
    assert Milestone.PHONED not in {each.milestone for each in reached.reached}
