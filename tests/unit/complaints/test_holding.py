"""Work that waits: who may ask, what stands still, and that no way out of it forgets how long it was (trap 30)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from complaints import closing, customer, handling, holding
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.limits import Limit
from complaints.policy.holding import NO_HOLD
from complaints.promises import Terms, work_deadline
from complaints.vocabulary import Rating, Role, Status, WaitsFor
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    COLLEAGUE,
    CUSTOMER,
    HANDLER,
    HEAD,
    LEAD,
    LEADER,
    LEYOUJIA,
    MONDAY,
    Desk,
    actor,
    at,
    executing,
    facts_of,
    terms,
    told,
    working,
)

THREE_DAYS = Limit.parse("3d")


def asked(complaint: Complaint, now: datetime = MONDAY, terms: Terms = BASE) -> Complaint:
    return holding.ask_hold(complaint, THREE_DAYS, WaitsFor.CUSTOMER, "等客户开门", HANDLER, terms, now).complaint


def held(complaint: Complaint, now: datetime = MONDAY, terms: Terms = BASE) -> Complaint:
    return holding.decide_hold(asked(complaint, now, terms), True, "", LEAD, terms, now).complaint


def due(complaint: Complaint) -> datetime:
    deadline = work_deadline(complaint)
    assert deadline is not None
    return deadline.due_at


def ruled(**rule: object) -> Terms:
    hold = replace(BASE.policy.hold, **rule)  # type: ignore[arg-type]
    return replace(BASE, policy=replace(BASE.policy, hold=hold))


def test_the_lead_is_asked_and_the_customer_told_why_and_until_when() -> None:
    change = holding.ask_hold(working(), THREE_DAYS, None, "等客户开门", HANDLER, BASE, MONDAY)
    assert told(change) == [("hold_asked", "@center_lead")]
    assert change.complaint.status is Status.WORKING
    decided = holding.decide_hold(change.complaint, True, "", LEAD, BASE, MONDAY)
    assert told(decided) == [("hold_decided", "zhang"), ("held", "wang")]
    facts = facts_of(decided, NoticeKind.HELD)
    assert facts["reason"] == "等客户开门"
    assert datetime.fromisoformat(facts["until"]) == at("2026-11-26 23:59:59")
    assert decided.complaint.status is Status.ON_HOLD
    assert decided.complaint.hold is None


def test_each_is_told_the_moment_that_concerns_them_where_the_plan_comes_before_the_finish() -> None:
    two_limits = terms("mingyuan")
    request = holding.ask_hold(working(two_limits), THREE_DAYS, None, "等客户开门", HANDLER, two_limits, MONDAY)
    decided = holding.decide_hold(request.complaint, True, "", LEAD, two_limits, MONDAY)
    plan = decided.complaint.deadline("plan")
    assert plan is not None
    assert due(decided.complaint) > plan.due_at
    assert datetime.fromisoformat(facts_of(decided, NoticeKind.HELD)["due"]) == plan.due_at
    assert datetime.fromisoformat(facts_of(decided, NoticeKind.HOLD_DECIDED)["due"]) == due(decided.complaint)


def test_the_clock_stands_still_in_working_time_and_not_by_the_wall() -> None:
    complaint = working()
    assert due(complaint) == at("2026-12-10 23:59:59")
    friday = at("2026-11-27 10:00")
    waiting = held(complaint, friday)  # until the end of Monday: two midnights of it are at the weekend
    assert due(waiting) == at("2026-12-14 23:59:59")  # Friday and Monday did not count, nothing else
    assert "stands still 2026-11-27 10:00:00 to 2026-11-30 23:59:59" in " ".join(waiting.deadlines[-1].steps)


def test_what_goes_on_early_gets_back_what_it_did_not_use() -> None:
    waiting = held(working())
    assert due(waiting) == at("2026-12-15 23:59:59")
    change = holding.resume(waiting, HANDLER, BASE, MONDAY + timedelta(days=2))
    assert change.complaint.status is Status.WORKING
    assert due(change.complaint) == at("2026-12-11 23:59:59")  # of the days that count only Tuesday was waited over
    assert told(change) == [("resumed", "wang")]
    assert change.complaint.pauses[0].ends == MONDAY + timedelta(days=2)


def test_it_goes_on_by_itself_when_the_time_is_over_even_after_an_outage() -> None:
    desk = Desk(held(working()), BASE)
    desk.until(at("2026-11-29 08:00"), asleep=True)
    assert desk.complaint.status is Status.WORKING
    assert desk.complaint.pauses[0].ends == at("2026-11-26 23:59:59")  # not when somebody looked at it
    assert due(desk.complaint) == at("2026-12-15 23:59:59")
    assert [kind for kind in desk.kinds() if "resumed" in kind] == [NoticeKind.RESUMED, NoticeKind.STAFF_RESUMED]


def test_what_was_being_carried_out_is_carried_out_again() -> None:
    waiting = held(executing())
    assert holding.resume(waiting, LEAD, BASE, MONDAY).complaint.status is Status.EXECUTING


def test_nobody_is_reminded_or_chased_while_the_clock_stands_still() -> None:
    now = at("2026-12-08 10:00")  # its day-before reminder would come the next morning; three days go by in the pause
    desk = Desk(held(working(), now), BASE, now)
    desk.log.clear()
    desk.until(at("2026-12-11 23:00"))
    assert not {NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.ESCALATION} & set(desk.kinds())
    desk.until(at("2026-12-17 12:00"))
    lines = [line for line in desk.said() if "reminder:complete" in line or "overdue:complete" in line]
    assert lines == ["12-15 09:00:00 reminder:complete zhang", "12-17 09:00:00 overdue:complete zhang"]


def test_a_limit_that_moved_and_came_back_is_not_reminded_of_twice() -> None:
    rules = terms("mingyuan")
    desk = Desk(working(rules), rules).until(at("2026-11-25 11:00"))  # the day before the plan is due
    desk.apply(holding.ask_hold(desk.complaint, THREE_DAYS, WaitsFor.CUSTOMER, "等客户开门", HANDLER, rules, desk.now))
    desk.apply(holding.decide_hold(desk.complaint, True, "", LEAD, rules, desk.now))
    desk.until(at("2026-11-25 14:00"))
    desk.apply(holding.resume(desk.complaint, HANDLER, rules, desk.now))  # no midnight was waited over
    desk.until(at("2026-11-27 12:00"))
    lines = [line for line in desk.said() if "reminder:plan" in line or "overdue:plan" in line]
    assert lines == ["11-25 09:00:00 reminder:plan zhang", "11-27 09:00:00 overdue:plan zhang"]


def test_trap_30_done_while_on_hold_keeps_how_long_it_was_held() -> None:
    waiting = held(working(), at("2026-12-10 10:00"))
    done = handling.resolve(waiting, "换了水管", HANDLER, BASE, at("2026-12-11 10:00")).complaint
    assert done.pauses[0].ends == at("2026-12-11 10:00")
    complete = done.deadline("complete")
    assert complete is not None
    assert complete.met_at == at("2026-12-11 10:00")
    assert complete.due_at == at("2026-12-11 23:59:59")  # one midnight stood still: it was kept


def test_a_pause_of_an_earlier_round_moves_no_later_promise() -> None:
    done = handling.resolve(held(working()), "换了水管", HANDLER, BASE, at("2026-11-24 10:00")).complaint
    again = closing.rate(done, Rating.DISSATISFIED, None, "还漏", CUSTOMER, BASE, at("2026-11-25 10:00")).complaint
    assert due(again) == at("2026-12-14 23:59:59")
    assert again.pause is None


def test_withdrawn_while_on_hold_ends_the_pause() -> None:
    gone = customer.withdraw(held(working()), "", CUSTOMER, MONDAY + timedelta(days=1)).complaint
    assert gone.pause is None


def test_more_time_and_a_pause_compose_in_either_order() -> None:
    day = Limit.parse("2wd")

    def more(complaint: Complaint, now: datetime) -> Complaint:
        wish = handling.ask_extension(complaint, day, "等配件", HANDLER, BASE, now).complaint
        return handling.decide_extension(wish, True, "", LEAD, BASE, now).complaint

    def pause(complaint: Complaint, now: datetime) -> Complaint:
        return holding.resume(held(complaint, now), HANDLER, BASE, now + timedelta(days=2)).complaint

    first = more(pause(working(), MONDAY), at("2026-11-26 10:00"))
    second = pause(more(working(), MONDAY), MONDAY)
    assert due(first) == due(second) == at("2026-12-15 23:59:59")  # 13 + 2 working days, and one that did not count


@pytest.mark.parametrize(
    ("waits_for", "limit", "reason", "terms", "what"),
    [
        pytest.param(WaitsFor.THIRD_PARTY, "1d", "等厂家", BASE, "only for: customer", id="not for a supplier"),
        pytest.param(WaitsFor.APPEAL, "1d", "x", BASE, "only for: customer", id="not for what nobody asks for"),
        pytest.param(None, "8d", "等客户", BASE, "7d at the most", id="too long"),
        pytest.param(None, "1d", "等客户", ruled(times=0), "as often as", id="used up"),
        pytest.param(None, "1d", "等客户", ruled(waits_for=frozenset()), "lets no clock stand still", id="never"),
    ],
)
def test_a_pause_is_no_way_round_a_promise(
    waits_for: WaitsFor | None, limit: str, reason: str, terms: Terms, what: str
) -> None:
    with pytest.raises(IllegalStep, match=what):
        holding.ask_hold(working(), Limit.parse(limit), waits_for, reason, HANDLER, terms, MONDAY)


def test_what_is_overdue_cannot_be_put_on_hold() -> None:
    with pytest.raises(IllegalStep, match="already overdue"):
        asked(working(), at("2026-12-11 10:00"))


@pytest.mark.parametrize(
    ("limit", "reason", "missing"), [(None, "等客户", "limit"), (THREE_DAYS, " ", "reason")], ids=["how long", "why"]
)
def test_what_is_missing_is_asked_for(limit: Limit | None, reason: str, missing: str) -> None:
    with pytest.raises(Missing) as raised:
        holding.ask_hold(working(), limit, None, reason, HANDLER, BASE, MONDAY)
    assert raised.value.what == missing


def test_two_pauses_a_round_and_no_third() -> None:
    complaint = working()
    for _ in range(2):
        complaint = holding.resume(held(complaint), HANDLER, BASE, MONDAY + timedelta(minutes=1)).complaint
    with pytest.raises(IllegalStep, match="as often as"):
        asked(complaint)


def test_only_the_assignee_asks_only_a_lead_decides_and_nobody_for_themselves() -> None:
    with pytest.raises(NotAllowed):
        holding.ask_hold(working(), THREE_DAYS, None, "等客户", COLLEAGUE, BASE, MONDAY)
    wish = asked(working())
    for who in (HANDLER, AGENT, CUSTOMER):
        with pytest.raises(NotAllowed):
            holding.decide_hold(wish, True, "", who, BASE, MONDAY)
    with pytest.raises(IllegalStep, match="their own request"):
        holding.decide_hold(wish, True, "", actor("zhang", Role.CENTER_LEAD), BASE, MONDAY)
    with pytest.raises(NotAllowed):
        holding.resume(held(working()), COLLEAGUE, BASE, MONDAY)


def test_a_refusal_tells_the_assignee_and_moves_nothing() -> None:
    wish = asked(working())
    change = holding.decide_hold(wish, False, "客户在家", HEAD, BASE, MONDAY)
    assert told(change) == [("hold_decided", "zhang")]
    assert change.complaint.status is Status.WORKING
    assert due(change.complaint) == due(wish)


def test_one_request_at_a_time_and_it_ends_with_whoever_made_it() -> None:
    wish = asked(working())
    with pytest.raises(IllegalStep, match="not decided yet"):
        asked(wish)
    with pytest.raises(IllegalStep, match="not decided yet"):
        handling.ask_extension(wish, Limit.parse("1d"), "等配件", HANDLER, BASE, MONDAY)
    assert handling.dispatch(wish, "li", "by hand", AGENT, BASE, MONDAY).complaint.hold is None


def test_where_no_clock_of_a_profile_can_pause_it_is_named_at_once() -> None:
    with pytest.raises(IllegalStep, match="its policy leyoujia-24h lets no clock stand still"):
        asked(working(LEYOUJIA), MONDAY, LEYOUJIA)


def test_a_profile_kept_from_before_there_were_pauses_lets_nothing_stand_still() -> None:
    terms = replace(BASE, policy=replace(BASE.policy, hold=NO_HOLD))
    with pytest.raises(IllegalStep, match="lets no clock stand still"):
        asked(working(), MONDAY, terms)


def test_whoever_the_policy_asks_may_decide() -> None:
    ours = ruled(approver=Role.LEADER)
    change = holding.ask_hold(working(), THREE_DAYS, None, "等客户开门", HANDLER, ours, MONDAY)
    assert told(change) == [("hold_asked", "@leader")]
    for who in (LEADER, LEAD):
        assert holding.decide_hold(change.complaint, True, "", who, ours, MONDAY).complaint.status is Status.ON_HOLD
    assert holding.decide_hold(change.complaint, False, "", LEADER, ours, MONDAY).complaint.hold is None
    for complaint, who in ((change.complaint, AGENT), (asked(working()), LEADER)):
        with pytest.raises(NotAllowed):
            holding.decide_hold(complaint, True, "", who, ours, MONDAY)
