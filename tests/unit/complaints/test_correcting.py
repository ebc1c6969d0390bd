"""A heading, a site or a calendar that turns out to be another: what moves, and what its readers are told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from complaints import closing, handling, policy
from complaints.change import Change, NoticeKind
from complaints.complaint import Complaint
from complaints.correcting import chosen_anew, correct
from complaints.promises import Terms, noted
from complaints.rescheduling import calendar_changed
from complaints.vocabulary import Rating, Severity
from tests.unit.complaints import build
from tests.unit.complaints.build import (
    BASE,
    CUSTOMER,
    HANDLER,
    LEYOUJIA,
    MONDAY,
    SHANGHAI,
    PublishedWeek,
    facts_of,
    filing,
)

MINGYUAN = build.terms("mingyuan")
OFF = PublishedWeek(SHANGHAI, off=frozenset({date(2026, 12, 3)}))


def filed() -> Complaint:
    return noted(handling.file(filing(), CUSTOMER, BASE, MONDAY)).complaint


def test_a_profile_that_comes_to_stand_beside_brings_its_clocks_for_everything_too() -> None:
    """From when they would have begun where the heading was wrong, from now on where the matter has become graver."""
    both = policy.parse(policy.combined("base", ["mingyuan"]), policy.combined_name("base", ["mingyuan"]))
    beside, later = Terms(both, build.WEEK), MONDAY + timedelta(hours=3)
    misfiled = correct(build.dispatched(), build.AGENT, beside, later, category="QUAL.leak").complaint
    graver = handling.grade(build.dispatched(), Severity.S2, "漏到楼下", build.AGENT, beside, later).complaint
    for complaint, since in ((misfiled, MONDAY), (graver, later)):
        begun = {d.clock: d.started_at for d in complaint.running if d.profile == "mingyuan"}
        assert begun == {"plan": since, "complete": since}


class TestSite:
    def test_what_nobody_took_up_runs_under_the_profile_of_its_site_from_when_it_was_told(self) -> None:
        before = filed()
        change = chosen_anew(before, MINGYUAN, MONDAY + timedelta(minutes=5))
        assert change is not None
        as_if = handling.file(filing(), CUSTOMER, MINGYUAN, MONDAY).complaint
        assert change.complaint.policy == as_if.policy
        assert change.complaint.deadlines == as_if.deadlines
        assert change.events[0].facts == {"policy": "base → mingyuan"}

    @pytest.mark.parametrize("complaint", [build.working(), build.resolved()], ids=["in hand", "done"])
    def test_what_is_in_hand_keeps_what_it_was_promised_under(self, complaint: Complaint) -> None:
        assert chosen_anew(complaint, MINGYUAN, MONDAY) is None

    def test_the_same_profile_changes_nothing(self) -> None:
        assert chosen_anew(filed(), BASE, MONDAY) is None


class TestCalendar:
    def moved(self, complaint: Complaint, terms: Terms) -> Change:
        change = calendar_changed(complaint, Terms(terms.policy, OFF), MONDAY + timedelta(hours=1))
        assert change is not None
        return change

    def test_a_customer_is_not_told_of_a_moment_that_they_never_heard_of(self) -> None:
        complaint = build.dispatched(MINGYUAN)
        plan = complaint.deadline("plan")
        assert plan is not None
        complaint = replace(complaint, told_due=plan.due_at)
        change = self.moved(complaint, MINGYUAN)  # of the plan's limit they were told, and that stays
        assert "was" not in facts_of(change, NoticeKind.PROMISE_MOVED)

    def test_the_moment_that_they_were_told_is_named(self) -> None:
        complaint = noted(handling.accept(build.dispatched(), HANDLER, BASE, MONDAY)).complaint
        told = complaint.told_due
        assert told is not None
        facts = facts_of(self.moved(complaint, BASE), NoticeKind.PROMISE_MOVED)
        assert facts["was"] == told.isoformat() != facts["due"]


class TestOneQuestion:
    def test_what_is_wrong_is_not_asked_twice_at_once(self) -> None:
        change = closing.rate(build.resolved(MINGYUAN), Rating.DISSATISFIED, None, "", CUSTOMER, MINGYUAN, MONDAY)
        assert facts_of(change, NoticeKind.SURVEY_QUESTION)
        assert facts_of(change, NoticeKind.REOPENED)["asked"] == "yes"

    def test_where_no_question_follows_it_is_asked(self) -> None:
        change = closing.rate(build.resolved(LEYOUJIA), Rating.DISSATISFIED, None, "还漏", CUSTOMER, LEYOUJIA, MONDAY)
        asked = [notice for notice in change.notices if notice.kind is NoticeKind.SURVEY_QUESTION]
        assert ("asked" in facts_of(change, NoticeKind.REOPENED)) is bool(asked)
