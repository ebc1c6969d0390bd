"""Whoever leads may have a limit of their own, before the customer's promise: kept, chased and moved like that of a part."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints import handling, tasks
from complaints.change import EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.limits import Limit
from complaints.parts.actors import SYSTEM
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    COLLEAGUE,
    HANDLER,
    LEAD,
    LEYOUJIA,
    MONDAY,
    Desk,
    dispatched,
    facts_of,
    filed,
    told,
    working,
)

DAY = timedelta(days=1)
DUE = "2026-11-26T15:59:59+00:00"


def given(limit: str = "3d") -> Complaint:
    due_at = tasks.due_inside(filed(), Limit.parse(limit), BASE, MONDAY, lead=True)
    return handling.dispatch(filed(), "zhang", "by hand", AGENT, BASE, MONDAY, "", limit, due_at).complaint


def taken(limit: str = "3d") -> Complaint:
    return handling.accept(given(limit), HANDLER, BASE, MONDAY).complaint


def test_r034_whoever_gets_it_reads_by_when_they_are_to_be_done_and_the_promise_stands() -> None:
    due_at = tasks.due_inside(filed(), Limit.parse("3d"), BASE, MONDAY, lead=True)
    change = handling.dispatch(filed(), "zhang", "by hand", AGENT, BASE, MONDAY, "", "3d", due_at)
    assert facts_of(change, NoticeKind.ASSIGNED)["task_due"] == DUE
    assert change.complaint.deadlines == dispatched().deadlines
    assert change.complaint.task is not None
    assert change.complaint.task.limit == "3d"


def test_it_is_set_and_set_anew_for_whoever_has_it_already() -> None:
    change = tasks.limit_lead(working(), Limit.parse("3d"), AGENT, BASE, MONDAY)
    assert told(change) == [("part_chased", "zhang")]
    assert facts_of(change, NoticeKind.PART_CHASED) == {"why": "limit", "lead": "yes", "due": DUE}
    assert [event.kind for event in change.events] == [EventKind.TASK_LIMITED]
    desk = Desk(change.complaint, BASE).until(MONDAY + 4 * DAY)
    desk.apply(tasks.limit_lead(desk.complaint, Limit.parse("2d"), AGENT, BASE, desk.now))
    assert "12-0" in "".join(desk.until(MONDAY + 9 * DAY).said(since=MONDAY + 5 * DAY))
    with pytest.raises(NotAllowed):
        tasks.limit_lead(working(), Limit.parse("3d"), COLLEAGUE, BASE, MONDAY)
    with pytest.raises(IllegalStep, match="not possible now"):
        tasks.limit_lead(
            handling.give_back(working(), "不会", HANDLER, MONDAY).complaint, DAY_LIMIT, AGENT, BASE, MONDAY
        )


DAY_LIMIT = Limit.parse("1d")


def test_r058_it_ends_before_the_promise_not_with_it_and_so_does_a_part() -> None:
    whole = tasks.lead_due(working(), BASE, MONDAY)
    assert whole is not None
    assert tasks.due_inside(working(), Limit.parse("16d"), BASE, MONDAY, lead=True) < whole
    with pytest.raises(IllegalStep, match="the lead's own limit must be due before complete is: 16d at the most"):
        tasks.due_inside(working(), Limit.parse("17d"), BASE, MONDAY, lead=True)
    with pytest.raises(IllegalStep, match="a part must be due before complete is: 16d at the most"):
        tasks.give(working(), "li", "查水管", Limit.parse("17d"), AGENT, BASE, MONDAY)
    hours = tasks.lead_due(filed(LEYOUJIA), LEYOUJIA, MONDAY)
    assert hours == MONDAY + timedelta(hours=6)
    with pytest.raises(IllegalStep, match=r"must be due before investigate_feedback is: 5\.5h at the most"):
        tasks.due_inside(filed(LEYOUJIA), Limit.parse("6h"), LEYOUJIA, MONDAY, lead=True)


def test_the_lead_is_reminded_before_it_and_chased_after_it_with_others_step_by_step() -> None:
    desk = Desk(taken(), BASE).until(MONDAY + 8 * DAY)
    assert [line for line in desk.said() if " part_" in line] == [
        "11-26 09:00:00 part_chased zhang",
        "11-27 09:00:00 part_chased zhang",
        "11-27 09:00:00 part_late superior of zhang",
        "11-30 09:00:00 part_chased zhang",
        "11-30 09:00:00 part_late superior of zhang",
        "12-01 09:00:00 part_chased zhang",
        "12-01 09:00:00 part_late superior of zhang",
        "12-01 09:00:00 part_late @center_lead",
    ]
    assert all(notice.facts["lead"] == "yes" for _, notice in desk.log if notice.kind.startswith("part_"))
    done = handling.resolve(desk.complaint, "换了水管", HANDLER, BASE, desk.now)
    desk.apply(done)
    assert not [line for line in desk.until(MONDAY + 12 * DAY).said(since=MONDAY + 8 * DAY) if " part_" in line]


def test_more_time_is_the_centres_to_grant_inside_the_promise() -> None:
    assert tasks.leads_with_limit(taken(), HANDLER)
    assert not tasks.leads_with_limit(working(), HANDLER)
    with pytest.raises(Missing):
        tasks.ask_time(taken(), None, "等货", HANDLER, BASE, MONDAY)
    asked = tasks.ask_time(given(), DAY_LIMIT, "等货", HANDLER, BASE, MONDAY)  # who asks has taken it on
    assert asked.complaint.accepted_at == MONDAY
    assert told(asked) == [("part_time_asked", "@center_lead")]
    with pytest.raises(NotAllowed):
        tasks.decide_time(asked.complaint, "zhang", True, "", HANDLER, BASE, MONDAY)
    granted = tasks.decide_time(asked.complaint, "zhang", True, "", LEAD, BASE, MONDAY)
    assert granted.complaint.task is not None
    assert granted.complaint.task.due_at == MONDAY.replace(day=27, hour=23, minute=59, second=59)
    assert granted.complaint.deadlines == asked.complaint.deadlines
    with pytest.raises(IllegalStep, match="allows no more"):
        tasks.ask_time(granted.complaint, DAY_LIMIT, "还等", HANDLER, BASE, MONDAY)
    assert tasks.fits_inside(taken(), DAY_LIMIT, BASE, MONDAY)
    assert not tasks.fits_inside(taken(), Limit.parse("20d"), BASE, MONDAY)  # then it is the promise that has to move


def test_it_is_whose_it_was_set_for_and_goes_over_only_to_who_stands_in() -> None:
    by_hand = handling.dispatch(taken(), "li", "by hand", AGENT, BASE, MONDAY).complaint
    stands_in = handling.dispatch(taken(), "li", "stands in", SYSTEM, BASE, MONDAY).complaint
    assert by_hand.task is not None
    assert by_hand.task.due_at is None
    assert stands_in.task is not None
    assert taken().task is not None
    assert stands_in.task.due_at == taken().task.due_at  # type: ignore[union-attr]
