"""Several departments in one complaint: lead and assistants, their limits, the lead's result, the end of parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from complaints import closing, customer, finishing, handling, tasks
from complaints.change import EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.limits import Limit
from complaints.parts.actors import Actor
from complaints.policy import CloseRequirement
from complaints.promises import Terms
from complaints.vocabulary import Rating, Role, Status, TaskStatus
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    COLLEAGUE,
    CUSTOMER,
    HANDLER,
    LEAD,
    MONDAY,
    Desk,
    actor,
    dispatched,
    facts_of,
    happened,
    rated,
    told,
    working,
)

MEI = actor("mei", Role.HANDLER, Role.EMPLOYEE)
HOUR = timedelta(hours=1)


def assisted(complaint: Complaint | None = None, limit: str | None = "2d") -> Complaint:
    """Return a complaint that "zhang" leads and "li" assists with the pipes."""
    complaint = complaint or working()
    wanted = Limit.parse(limit) if limit else None
    return tasks.give(complaint, "li", "查水管", wanted, AGENT, BASE, MONDAY).complaint


def taken(limit: str | None = "2d") -> Complaint:
    return tasks.accept(assisted(limit=limit), COLLEAGUE, MONDAY).complaint


class TestGiving:
    def test_the_lead_stays_the_lead_and_the_assistant_is_told_what_and_until_when(self) -> None:
        change = tasks.give(working(), "li", "查水管", Limit.parse("2d"), AGENT, BASE, MONDAY)
        assert change.complaint.task is not None
        assert change.complaint.task.assignee == "zhang"
        [part] = change.complaint.parts
        assert (part.assignee, part.what, part.open) == ("li", "查水管", True)
        assert told(change) == [("part_given", "li")]
        assert facts_of(change, NoticeKind.PART_GIVEN)["due"] == "2026-11-25T15:59:59+00:00"

    def test_a_limit_of_its_own_lies_inside_the_leads(self) -> None:
        whole = tasks.lead_due(working(), BASE, MONDAY)
        assert whole is not None
        [part] = assisted(limit=None).parts
        assert part.due_at == MONDAY + (whole - MONDAY) * 0.8
        with pytest.raises(IllegalStep, match="before complete is: 16d at the most"):
            assisted(limit="20wd")
        [part] = assisted(limit="16d").parts
        assert part.due_at is not None
        assert part.due_at <= whole

    def test_before_the_lead_has_accepted_the_limit_for_the_work_counts_not_that_for_accepting(self) -> None:
        [part] = assisted(dispatched(), limit="3d").parts
        assert part.due_at is not None
        assert part.due_at > MONDAY + timedelta(days=3)

    def test_the_lead_may_ask_for_help_an_assistant_may_not(self) -> None:
        assert tasks.give(working(), "mei", "修墙", None, HANDLER, BASE, MONDAY).complaint.parts
        with pytest.raises(NotAllowed):
            tasks.give(assisted(), "mei", "修墙", None, COLLEAGUE, BASE, MONDAY)

    def test_whoever_has_it_already_or_is_named_by_it_does_not_get_a_part(self) -> None:
        for person in ("zhang", "li"):
            with pytest.raises(IllegalStep, match="already"):
                tasks.give(assisted(), person, "修墙", None, AGENT, BASE, MONDAY)
        with pytest.raises(NotAllowed):
            tasks.give(working(respondents=frozenset({"mei"})), "mei", "修墙", None, AGENT, BASE, MONDAY)
        with pytest.raises(Missing):
            tasks.give(working(), "mei", " ", None, AGENT, BASE, MONDAY)


class TestParts:
    def test_an_assistant_has_no_say_over_the_whole(self) -> None:
        complaint = taken()
        with pytest.raises(NotAllowed):
            handling.resolve(complaint, "换了水管", COLLEAGUE, BASE, MONDAY)
        with pytest.raises(NotAllowed):
            handling.report(complaint, "明天去看", COLLEAGUE, BASE, MONDAY)
        with pytest.raises(NotAllowed):
            tasks.report(complaint, "明天去看", HANDLER, MONDAY)

    def test_the_lead_hears_of_each_word_and_the_customer_of_none(self) -> None:
        complaint = assisted()
        for change in (
            tasks.accept(complaint, COLLEAGUE, MONDAY),
            tasks.report(complaint, "阀门坏了", COLLEAGUE, MONDAY),
            tasks.done(complaint, "换了阀门", COLLEAGUE, MONDAY),
            tasks.pass_on(complaint, "mei", "她懂", COLLEAGUE, MONDAY),
        ):
            assert ("part_news", "zhang") in told(change)
            assert not any(who == "wang" for _, who in told(change))

    def test_given_back_the_centre_hears_it_too(self) -> None:
        change = tasks.give_back(taken(), "不会", COLLEAGUE, MONDAY)
        assert told(change) == [("part_news", "zhang"), ("part_news", "@agent")]
        assert not change.complaint.parts

    def test_passed_on_it_keeps_its_limit_and_what_was_said(self) -> None:
        complaint = tasks.report(assisted(), "阀门坏了", COLLEAGUE, MONDAY).complaint
        change = tasks.pass_on(complaint, "mei", "我请假", COLLEAGUE, MONDAY)
        [part] = change.complaint.parts
        assert (part.assignee, part.due_at) == ("mei", complaint.parts[0].due_at)
        assert facts_of(change, NoticeKind.PART_GIVEN)["note"] == "阀门坏了；我请假"

    def test_more_time_is_the_leads_to_grant_inside_their_own(self) -> None:
        asked = tasks.ask_time(taken(), Limit.parse("1d"), "等货", COLLEAGUE, BASE, MONDAY)
        assert told(asked) == [("part_time_asked", "zhang")]
        with pytest.raises(NotAllowed):
            tasks.decide_time(asked.complaint, "li", True, "", COLLEAGUE, BASE, MONDAY)
        granted = tasks.decide_time(asked.complaint, "li", True, "", HANDLER, BASE, MONDAY).complaint
        assert granted.parts[0].due_at == taken().parts[0].due_at + timedelta(days=1)  # type: ignore[operator]
        with pytest.raises(IllegalStep, match="allows no more"):
            tasks.ask_time(granted, Limit.parse("1d"), "还等", COLLEAGUE, BASE, MONDAY)
        with pytest.raises(IllegalStep, match="before complete is: "):
            tasks.ask_time(taken(), Limit.parse("20wd"), "等货", COLLEAGUE, BASE, MONDAY)

    def test_who_assisted_and_now_leads_has_one_task(self) -> None:
        complaint = handling.dispatch(taken(), "li", "by hand", AGENT, BASE, MONDAY).complaint
        assert complaint.task is not None
        assert complaint.task.assignee == "li"
        assert not complaint.parts


class TestFinishing:
    def test_the_result_waits_for_the_last_part_and_the_survey_with_it(self) -> None:
        kept = finishing.finish(taken(), "换了水管", HANDLER, BASE, MONDAY)
        assert happened(kept) == ["result_kept"]
        assert told(kept) == [("result_kept", "@center_lead"), ("part_chased", "li")]
        assert kept.complaint.status is Status.WORKING
        assert not kept.complaint.surveys
        done = tasks.done(kept.complaint, "换了阀门", COLLEAGUE, MONDAY + HOUR)
        after = finishing.after_part(done, BASE, MONDAY + HOUR)
        assert after.complaint.status is Status.RESOLVED
        assert (after.complaint.result, after.complaint.kept_result) == ("换了水管", None)
        assert ("survey", "wang") in told(after)
        assert rated(after.complaint, Rating.SATISFIED).complaint.status is Status.CLOSED

    def test_of_two_parts_the_first_one_done_changes_nothing(self) -> None:
        two = tasks.give(taken(), "mei", "修墙", None, AGENT, BASE, MONDAY).complaint
        kept = finishing.finish(two, "换了水管", HANDLER, BASE, MONDAY).complaint
        one = finishing.after_part(tasks.done(kept, "换了阀门", COLLEAGUE, MONDAY), BASE, MONDAY).complaint
        assert one.status is Status.WORKING
        both = finishing.after_part(tasks.done(one, "修好", MEI, MONDAY), BASE, MONDAY).complaint
        assert both.status is Status.RESOLVED

    def test_the_lead_of_the_centre_may_go_on_without_the_others(self) -> None:
        kept = finishing.finish(taken(), "换了水管", HANDLER, BASE, MONDAY).complaint
        with pytest.raises(NotAllowed):
            finishing.confirm(kept, AGENT, BASE, MONDAY)
        change = finishing.confirm(kept, LEAD, BASE, MONDAY)
        assert change.complaint.status is Status.RESOLVED
        assert ("part_ended", "li") in told(change)
        assert ("result_carried_out", "zhang") in told(change)

    def test_nobody_resolves_past_open_parts(self) -> None:
        with pytest.raises(IllegalStep, match="parts of others"):
            handling.resolve(taken(), "换了水管", HANDLER, BASE, MONDAY)
        with pytest.raises(IllegalStep, match="parts of others"):
            finishing.finish(taken(), "换了水管", AGENT, BASE, MONDAY)

    def test_a_part_given_back_after_the_result_asks_the_lead_of_the_centre(self) -> None:
        kept = finishing.finish(taken(), "换了水管", HANDLER, BASE, MONDAY).complaint
        change = tasks.give_back(kept, "不会", COLLEAGUE, MONDAY)
        assert ("result_kept", "@center_lead") in told(change)
        assert finishing.after_part(change, BASE, MONDAY).complaint.status is Status.RESOLVED

    def test_a_new_lead_does_not_inherit_a_result(self) -> None:
        kept = finishing.finish(taken(), "换了水管", HANDLER, BASE, MONDAY).complaint
        assert handling.dispatch(kept, "mei", "by hand", AGENT, BASE, MONDAY).complaint.kept_result is None

    def test_the_gate_knows_open_parts(self) -> None:
        asks = replace(BASE.policy, close_requires=frozenset({CloseRequirement.ALL_TASKS_CLOSED}))
        assert not closing.gate_open(taken(), Terms(asks, BASE.calendar))

    def test_whatever_ends_the_complaint_ends_its_parts(self) -> None:
        complaint = taken()
        change = tasks.over(complaint, customer.withdraw(complaint, "算了", CUSTOMER, MONDAY))
        assert change.complaint.status is Status.WITHDRAWN
        assert ("part_ended", "li") in told(change)
        assert all(not task.open for task in change.complaint.tasks)

    def test_nobody_rates_what_they_assisted_with(self) -> None:
        complaint = finishing.after_part(
            tasks.done(finishing.finish(taken(), "好了", HANDLER, BASE, MONDAY).complaint, "好了", COLLEAGUE, MONDAY),
            BASE,
            MONDAY,
        ).complaint
        own = replace(complaint, complainant="li")
        with pytest.raises(NotAllowed):
            closing.rate(own, Rating.SATISFIED, None, "", Actor("li", frozenset({Role.CUSTOMER})), BASE, MONDAY)


class TestTime:
    def test_who_does_not_take_a_part_on_is_asked_and_others_hear_step_by_step(self) -> None:
        desk = Desk(assisted(), BASE).until(MONDAY + timedelta(days=3))
        assert [line for line in desk.said() if "part_" in line] == [
            "11-23 14:00:00 part_chased li",
            "11-23 14:00:00 part_late zhang",
            "11-24 14:00:00 part_chased li",
            "11-24 14:00:00 part_late zhang",
            "11-24 14:00:00 part_late superior of li",
            "11-25 14:00:00 part_chased li",
            "11-25 14:00:00 part_late zhang",
            "11-25 14:00:00 part_late superior of li",
            "11-25 14:00:00 part_late @center_lead",
        ]

    def test_a_part_is_reminded_of_before_its_limit_and_chased_after_it_outside_the_night(self) -> None:
        desk = Desk(taken(), BASE).until(MONDAY + timedelta(days=4))
        assert [line for line in desk.said() if "part_" in line] == [
            "11-25 09:00:00 part_chased li",
            "11-26 09:00:00 part_chased li",
            "11-26 09:00:00 part_late zhang",
            "11-27 09:00:00 part_chased li",
            "11-27 09:00:00 part_late zhang",
            "11-27 09:00:00 part_late superior of li",
        ]

    def test_a_part_whose_limit_moved_and_came_back_is_not_reminded_of_twice(self) -> None:
        desk = Desk(taken(), BASE).until(MONDAY + timedelta(days=2))
        assert [line for line in desk.said() if "part_chased" in line] == ["11-25 09:00:00 part_chased li"]
        lead, part = desk.complaint.tasks
        assert part.due_at is not None
        there_and_back = replace(desk.complaint, tasks=(lead, replace(part, settings=part.settings + 2)))
        after = Desk(there_and_back, BASE, desk.now).until(part.due_at)
        assert not [line for line in after.said() if "part_chased" in line]

    def test_r059_whoever_assists_without_a_word_is_asked_for_a_line_and_not_again_after_one(self) -> None:
        desk = Desk(taken(limit=None), BASE)
        [part] = desk.complaint.parts
        desk.complaint = replace(desk.complaint, tasks=(desk.complaint.tasks[0], replace(part, due_at=None)))
        desk.apply(tasks.report(desk.complaint, "查了一半", COLLEAGUE, MONDAY))
        desk.until(MONDAY + timedelta(days=4))
        asked = [line for line in desk.said() if "part_chased li" in line]
        assert len(asked) == 1
        desk.until(MONDAY + timedelta(days=8))
        assert len([line for line in desk.said() if "part_chased li" in line]) == 2
        desk.apply(tasks.report(desk.complaint, "换了阀门", COLLEAGUE, desk.now))
        since = desk.now
        desk.until(since + timedelta(days=2))
        assert not any("part_chased" in line for line in desk.said(since=since))

    def test_trap_33_after_an_outage_one_notice_stands_for_all(self) -> None:
        desk = Desk(assisted(), BASE).until(MONDAY + timedelta(days=5), asleep=True)
        assert [line for line in desk.said() if "part_chased" in line] == ["11-28 10:00:00 part_chased li"]
        desk.until(MONDAY + timedelta(days=7))
        assert len([line for line in desk.said() if "part_chased" in line]) == 2

    def test_trap_32_nobody_is_chased_about_a_part_that_is_over(self) -> None:
        desk = Desk(taken(), BASE)
        desk.apply(tasks.done(desk.complaint, "换了阀门", COLLEAGUE, MONDAY))
        desk.until(MONDAY + timedelta(days=5))
        assert not any("part_chased" in line for line in desk.said())

    def test_chasing_goes_on_after_more_time_was_granted(self) -> None:
        desk = Desk(taken(), BASE).until(MONDAY + timedelta(days=3))
        asked = tasks.ask_time(desk.complaint, Limit.parse("1d"), "等货", COLLEAGUE, BASE, desk.now)
        desk.apply(asked)
        desk.apply(tasks.decide_time(desk.complaint, "li", True, "", HANDLER, BASE, desk.now))
        since = desk.now
        desk.until(since + timedelta(days=4))  # over a weekend
        assert any("part_late zhang" in line for line in desk.said(since=since))


class TestTransfer:
    def test_r021_the_new_assignee_learns_who_had_it_and_why_it_moved(self) -> None:
        change = handling.dispatch(working(), "li", "by hand", HANDLER, BASE, MONDAY, "他懂水管")
        assert facts_of(change, NoticeKind.ASSIGNED) == {
            "why": "by hand", "before": "zhang", "note": "他懂水管", "transfers": "1",
        }  # fmt: skip

    def test_r022_more_than_two_transfers_alert_the_lead(self) -> None:
        complaint, alerts = dispatched(), []
        for person in ("li", "mei", "zhang"):
            change = handling.dispatch(complaint, person, "by hand", AGENT, BASE, MONDAY)
            complaint = change.complaint
            alerts.append(("passed_on", "@center_lead") in told(change))
        assert alerts == [False, False, True]

    def test_given_back_counts_as_one_and_assisting_as_none(self) -> None:
        complaint = handling.give_back(assisted(dispatched()), "不归我管", HANDLER, MONDAY).complaint
        change = handling.dispatch(complaint, "mei", "by hand", AGENT, BASE, MONDAY)
        assert facts_of(change, NoticeKind.ASSIGNED)["transfers"] == "1"


def test_parts_are_kept_with_the_record() -> None:
    part = taken().tasks[-1]
    assert (part.status, part.assisting) == (TaskStatus.WORKING, True)
    assert taken().marked(EventKind.PART_ACCEPTED) == MONDAY
