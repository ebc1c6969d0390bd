"""Whoever gets a complaint second owes an acceptance of their own; what nobody has is asked about until somebody has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from complaints import assigning, clockwork, customer, duties, handling, owing
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.errors import PolicyError
from complaints.parts.timing import Deadline
from complaints.policy import parse
from complaints.policy.loading import merged
from complaints.promises import Terms, work_deadline
from complaints.vocabulary import Rating, Status
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    COLLEAGUE,
    CUSTOMER,
    HANDLER,
    MONDAY,
    Desk,
    dispatched,
    rated,
    resolved,
    terms,
    told,
    working,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PROFILES = ("base", "beijing-12345", "hongkelong", "leyoujia-24h", "mingyuan", "sinopec-sh", "vanke")


def passed_on(complaint: Complaint, rules: Terms = BASE, now: datetime = MONDAY + HOUR) -> Complaint:
    return handling.dispatch(complaint, "li", "by hand", AGENT, rules, now).complaint


def running(complaint: Complaint, clock: str) -> Deadline | None:
    return next((deadline for deadline in complaint.running if deadline.clock == clock), None)


class TestTheNextOne:
    @pytest.mark.parametrize("profile", PROFILES)
    def test_r033_whoever_gets_it_second_is_reminded_and_chased_about_taking_it_on(self, profile: str) -> None:
        rules = terms(profile)
        desk = Desk(passed_on(working(rules), rules), rules, MONDAY + HOUR).until(MONDAY + 3 * DAY)
        said = [line.partition(" ")[2].partition(" ")[2] for line in desk.said()]
        assert "reminder:accept li" in said
        assert "overdue:accept li" in said
        assert "escalation:accept superior of li" in said

    def test_the_promises_to_the_customer_stand_and_the_first_one_is_not_asked_again(self) -> None:
        before, after = working(), passed_on(working())
        assert running(after, "complete") == running(before, "complete")
        assert running(after, "first_contact") is None
        accept = running(after, "accept")
        assert accept is not None
        assert accept.due_at == MONDAY + HOUR + DAY

    def test_it_is_kept_by_the_next_ones_own_word(self) -> None:
        complaint = handling.accept(passed_on(working()), COLLEAGUE, BASE, MONDAY + 2 * HOUR).complaint
        assert complaint.status is Status.WORKING
        assert [deadline.clock for deadline in complaint.running] == ["complete"]
        assert complaint.deadlines[-1].met_at == MONDAY + 2 * HOUR
        assert complaint.accepted_at == MONDAY  # by whoever took it on first

    def test_what_the_one_before_still_owed_ends_visibly(self) -> None:
        complaint = passed_on(dispatched(), now=MONDAY + 20 * HOUR)
        first, second = (deadline for deadline in complaint.deadlines if deadline.clock == "accept")
        assert (first.ended_at, first.met_at) == (MONDAY + 20 * HOUR, None)
        assert (second.started_at, second.setting) == (MONDAY + 20 * HOUR, first.setting + 1)
        assert [deadline.clock for deadline in complaint.running].count("accept") == 1

    def test_it_is_nobodys_limit_for_the_work(self) -> None:
        late = MONDAY + 17 * DAY
        complaint = passed_on(working(), now=late)
        deadline = work_deadline(complaint)
        assert deadline is not None
        assert deadline.clock == "complete"
        assert complaint.running[-1].clock == "accept"

    def test_given_back_and_given_out_again_after_a_reopening_too(self) -> None:
        given_back = handling.give_back(working(), "不归我管", HANDLER, MONDAY).complaint
        reopened = rated(resolved(), Rating.DISSATISFIED).complaint
        on_the_spot = handling.resolve(replace(dispatched(), tasks=()), "说清楚了", AGENT, BASE, MONDAY).complaint
        for complaint in (given_back, reopened, rated(replace(on_the_spot, owner=None), Rating.DISSATISFIED).complaint):
            accept = running(passed_on(complaint), "accept")
            assert accept is not None
            assert (accept.started_at, accept.round) == (MONDAY + HOUR, complaint.round)

    def test_r048_each_department_that_gets_it_answers_the_centre(self) -> None:
        rules = terms("hongkelong")
        complaint = duties.tick(
            working(rules), duties.DUTIES["dept_replied"], "不归我们", HANDLER, rules, MONDAY
        ).complaint
        assert running(complaint, "dept_reply_center") is None
        again = running(passed_on(complaint, rules), "dept_reply_center")
        assert again is not None
        assert (again.due_at, again.setting) == (MONDAY + 5 * HOUR, 1)
        first = dispatched(rules)
        assert [d.clock for d in first.deadlines].count("dept_reply_center") == 1

    @pytest.mark.parametrize("also", [{"promised": True}, {"whose": "agent"}])
    def test_only_what_an_assignee_owes_begins_anew(self, also: dict[str, object]) -> None:
        data = merged("base")
        data["clocks"]["accept"] |= {"per_assignee": True, **also}
        with pytest.raises(PolicyError, match=r"clocks\.accept\.per_assignee: .* take away per_assignee or"):
            parse(data, "ours")

    def test_a_profile_that_does_not_say_so_means_it_for_what_accepting_keeps(self) -> None:
        data = merged("base")
        assert [clock.name for clock in parse(data, "ours").clocks if clock.per_assignee] == ["accept"]
        data["clocks"]["accept"]["promised"] = True
        assert not any(clock.per_assignee for clock in parse(data, "ours").clocks)


class TestNobody:
    def test_given_back_the_centre_and_its_lead_hear_daily_until_somebody_has_it(self) -> None:
        complaint = handling.give_back(working(), "不归我管", HANDLER, MONDAY + HOUR).complaint
        assert complaint.nobody_since == MONDAY + HOUR
        desk = Desk(complaint, BASE, MONDAY + HOUR).until(MONDAY + 2 * DAY + 2 * HOUR)
        assert desk.said() == [
            f"11-{day} 11:00:00 nobody_available @{role}" for day in (24, 25) for role in ("agent", "center_lead")
        ]
        assert desk.log[0][1].facts["given_back"] == "yes"
        desk.complaint = passed_on(desk.complaint, now=desk.now)
        assert not [t for t in clockwork.wanted(desk.complaint, BASE) if t.rule == assigning.RULE]

    def test_settled_on_the_spot_nobody_is_asked_any_more(self) -> None:
        complaint = handling.give_back(working(), "不归我管", HANDLER, MONDAY).complaint
        done = handling.resolve(complaint, "说清楚了", AGENT, BASE, MONDAY).complaint
        assert done.nobody_since is None
        stale = replace(done, nobody_since=MONDAY)  # as kept by an earlier version
        assert not [t for t in clockwork.wanted(stale, BASE) if t.rule == assigning.RULE]

    def test_reopened_with_nobody_on_it_the_same_and_the_rule_may_give_it_to_somebody(self) -> None:
        complaint = handling.give_back(working(), "不归我管", HANDLER, MONDAY).complaint
        assert assigning.given_back(complaint)
        done = handling.resolve(complaint, "说清楚了", AGENT, BASE, MONDAY + HOUR).complaint
        reopened = rated(done, Rating.DISSATISFIED, now=MONDAY + 2 * HOUR)
        assert ("needs_assignment", "@agent") in told(reopened)
        assert reopened.complaint.nobody_since == MONDAY + 2 * HOUR
        assert not assigning.given_back(reopened.complaint)
        desk = Desk(reopened.complaint, BASE, MONDAY + 2 * HOUR).until(MONDAY + 2 * DAY)
        assert NoticeKind.NOBODY_AVAILABLE in desk.kinds()

    def test_what_is_still_with_somebody_is_nobodys_business(self) -> None:
        assert resolved().nobody_since is None
        reopened = rated(resolved(), Rating.DISSATISFIED).complaint
        assert (reopened.nobody_since, reopened.owner) == (None, "zhang")
        assert CUSTOMER.person == reopened.complainant


def test_what_a_later_one_took_the_place_of_does_not_come_back_with_a_restored_complaint() -> None:
    complaint = passed_on(dispatched(), now=MONDAY)  # within one moment: it ended when the complaint did
    over = owing.over(customer.withdraw(complaint, "不用了", CUSTOMER, MONDAY)).complaint
    again = customer.restore(over, "又坏了", CUSTOMER, BASE, MONDAY).complaint
    assert [deadline.clock for deadline in again.running].count("accept") == 1
