"""What waits for somebody's decision: reminded of every working day, told above, and dropped where the work goes past it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from complaints import deciding, handling, holding, tasks
from complaints.change import Change, EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep
from complaints.limits import Limit
from complaints.permissions import Errand, Step, permitted
from complaints.vocabulary import Role, Severity, Status, WaitsFor
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    COLLEAGUE,
    HANDLER,
    LEAD,
    MONDAY,
    Desk,
    actor,
    at,
    dispatched,
    executing,
    filed,
    terms,
    who,
    working,
)

TWO_DAYS = Limit.parse("2d")


def held_up(complaint: Complaint, now: datetime = MONDAY) -> Complaint:
    return holding.ask_hold(complaint, TWO_DAYS, WaitsFor.CUSTOMER, "等客户", HANDLER, BASE, now).complaint


def put_off(complaint: Complaint, now: datetime = MONDAY) -> Complaint:
    return handling.ask_extension(complaint, TWO_DAYS, "等配件", HANDLER, BASE, now).complaint


def reminders(desk: Desk) -> list[str]:
    zone = desk.rules.calendar.zone
    told = [(moment, notice) for moment, notice in desk.log if notice.kind is NoticeKind.DECISION_WAITS]
    return [f"{moment.astimezone(zone):%m-%d %H:%M} {n.facts['count']} {who(n.to)}" for moment, n in told]


@pytest.mark.parametrize("asked", [held_up, put_off])
def test_whoever_decides_is_reminded_every_working_day_and_their_superior_from_the_second_on(asked: object) -> None:
    friday = at("2026-11-27 16:00")
    desk = Desk(asked(working(), friday), BASE, friday).until(at("2026-12-02 12:00"))  # type: ignore[operator]
    assert reminders(desk) == [
        "11-30 09:00 1 @center_lead",
        "12-01 09:00 2 @center_lead",
        "12-01 09:00 2 above @center_lead",
        "12-02 09:00 3 @center_lead",
        "12-02 09:00 3 above @center_lead",
    ]


def test_after_an_outage_they_are_reminded_once_and_after_a_decision_not_at_all() -> None:
    desk = Desk(held_up(working()), BASE).until(at("2026-11-26 12:00"), asleep=True)
    assert reminders(desk) == ["11-26 12:00 1 @center_lead"]
    desk.apply(holding.decide_hold(desk.complaint, False, "", LEAD, BASE, desk.now))
    assert len(reminders(desk.until(at("2026-11-30 12:00")))) == 1


def test_a_new_wish_is_reminded_of_from_the_first_time_on() -> None:
    desk = Desk(held_up(working()), BASE).until(at("2026-11-25 12:00"))
    desk.apply(holding.decide_hold(desk.complaint, False, "", LEAD, BASE, desk.now))
    desk.apply(Change(held_up(desk.complaint, desk.now)))
    desk.until(at("2026-11-26 12:00"))
    assert reminders(desk)[-1] == "11-26 09:00 1 @center_lead"


def test_r026_a_silent_reviewer_is_reminded_too() -> None:
    rules = terms("vanke")
    desk = Desk(filed(rules), rules).until(at("2026-11-25 12:00"))
    assert reminders(desk) == ["11-24 09:00 1 @reviewer", "11-25 09:00 2 @reviewer", "11-25 09:00 2 above @reviewer"]


def test_whoever_leads_is_reminded_of_a_wish_of_those_who_assist() -> None:
    complaint = tasks.give(working(), "li", "查水管", Limit.parse("3d"), AGENT, BASE, MONDAY).complaint
    wished = tasks.ask_time(complaint, Limit.parse("1d"), "等配件", COLLEAGUE, BASE, MONDAY).complaint
    desk = Desk(wished, BASE).until(at("2026-11-25 10:00"))
    assert reminders(desk) == ["11-24 09:00 1 zhang", "11-25 09:00 2 zhang", "11-25 09:00 2 superior of zhang"]
    desk.apply(tasks.decide_time(desk.complaint, "li", True, "", HANDLER, BASE, desk.now))
    assert len(reminders(desk.until(at("2026-11-27 10:00")))) == 3


# --- the work goes on


@pytest.mark.parametrize("asked", [held_up, put_off])
@pytest.mark.parametrize("start", [working, executing])
def test_work_may_be_reported_planned_and_done_while_a_wish_waits(asked: object, start: object) -> None:
    complaint = asked(start())  # type: ignore[operator]
    for change in (
        handling.report(complaint, "已经联系厂家，配件明天到", HANDLER, BASE, MONDAY),
        handling.propose(complaint, "换水管", HANDLER, BASE, MONDAY),
        handling.resolve(complaint, "换了水管", HANDLER, BASE, MONDAY),
    ):
        assert change.complaint.version > complaint.version


def dropped(before: Complaint, change: Change) -> tuple[bool, list[str]]:
    after = deciding.over(before, change)
    events = [event.facts["what"] for event in after.events if event.kind is EventKind.REQUEST_DROPPED]
    return after.complaint.hold is None and after.complaint.extension is None, events


def test_a_plan_and_a_result_drop_a_pause_that_was_asked_for() -> None:
    complaint = held_up(working())
    plan = handling.propose(complaint, "换水管", HANDLER, BASE, MONDAY)
    assert dropped(complaint, plan) == (True, ["hold"])  # nothing could be approved of it then
    assert dropped(complaint, handling.resolve(complaint, "换了水管", HANDLER, BASE, MONDAY)) == (True, ["hold"])
    report = handling.report(complaint, "已经联系厂家，配件明天到", HANDLER, BASE, MONDAY)
    assert dropped(complaint, report) == (False, [])


def test_more_time_for_a_limit_that_was_kept_meanwhile_is_nobodys_to_decide() -> None:
    rules = terms("leyoujia-24h")
    before = dispatched(rules)
    complaint = handling.ask_extension(before, Limit.parse("1h"), "等配件", HANDLER, rules, MONDAY).complaint
    assert complaint.extension is not None
    plan = handling.propose(complaint, "换水管", HANDLER, rules, MONDAY)
    clocks = {deadline.clock for deadline in plan.complaint.running}
    kept = complaint.extension.clock not in clocks
    assert dropped(complaint, plan) == (kept, ["extension"] if kept else [])
    done = handling.resolve(complaint, "换了水管", HANDLER, rules, MONDAY)
    assert dropped(complaint, done) == (True, ["extension"])


def test_more_time_that_waited_for_a_limit_kept_long_ago_is_refused_in_words() -> None:
    complaint = put_off(working())
    kept = replace(complaint, deadlines=tuple(replace(each, met_at=MONDAY) for each in complaint.deadlines))
    with pytest.raises(IllegalStep, match="no promise is running"):
        handling.decide_extension(kept, True, "", LEAD, BASE, MONDAY)


def test_what_is_decided_or_over_is_not_dropped_as_well() -> None:
    complaint = held_up(working())
    assert dropped(complaint, holding.decide_hold(complaint, True, "", LEAD, BASE, MONDAY)) == (True, [])
    refused = handling.decide_extension(put_off(working()), False, "", LEAD, BASE, MONDAY)
    assert dropped(put_off(working()), refused) == (True, [])


def test_whoever_asked_for_a_pause_takes_it_back_by_going_on() -> None:
    complaint = held_up(working())
    change = holding.resume(complaint, HANDLER, BASE, MONDAY)
    assert (change.complaint.hold, change.complaint.status) == (None, Status.WORKING)
    assert [event.kind for event in change.events] == [EventKind.REQUEST_DROPPED]
    with pytest.raises(IllegalStep):
        holding.resume(change.complaint, HANDLER, BASE, MONDAY)


# --- who may decide


def test_whom_a_wish_was_put_to_may_decide_it_and_read_it_and_nothing_else() -> None:
    complaint = held_up(working(severity=Severity.S3))
    [wish] = deciding.waiting(complaint)
    asked, boss = deciding.put_to(complaint, wish, ("boss",)), actor("boss", Role.EMPLOYEE)
    acts = [act for act in (*Step, *Errand) if permitted(asked, act, boss) and not permitted(complaint, act, boss)]
    assert set(acts) == {Step.DECIDE_EXTENSION, Step.HOLD, Step.REFUSE_HOLD, Step.DECIDE_PART, Errand.STATUS}
    after = holding.decide_hold(asked, True, "", boss, BASE, MONDAY).complaint
    assert not permitted(after, Step.HOLD, boss)
