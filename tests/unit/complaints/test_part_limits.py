"""Limits of parts and of whoever leads: held time is none of theirs, and they follow the calendar (traps 30, 33)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from complaints import handling, holding, tasks
from complaints.change import EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.limits import Limit
from complaints.promises import Terms
from complaints.rescheduling import calendar_changed
from complaints.vocabulary import Status
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    COLLEAGUE,
    HANDLER,
    LEAD,
    MONDAY,
    Desk,
    PublishedWeek,
    at,
    told,
    working,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def assisted(limit: str | None = "2d", complaint: Complaint | None = None) -> Complaint:
    wanted = Limit.parse(limit) if limit else None
    given = tasks.give(complaint or working(), "li", "查水管", wanted, AGENT, BASE, MONDAY).complaint
    return tasks.accept(given, COLLEAGUE, MONDAY).complaint


def held(complaint: Complaint, now: datetime, limit: str = "5d") -> Complaint:
    asked = holding.ask_hold(complaint, Limit.parse(limit), None, "等客户", HANDLER, BASE, now).complaint
    return holding.decide_hold(asked, True, "", LEAD, BASE, now).complaint


def part_due(complaint: Complaint) -> datetime:
    [part] = complaint.parts
    assert part.due_at is not None
    return part.due_at


@pytest.mark.parametrize("limit", ["2d", "2wd", None])
def test_trap_30_a_part_stands_still_with_the_work_and_goes_on_with_what_is_left(limit: str | None) -> None:
    before = assisted(limit)
    desk = Desk(held(before, MONDAY + 2 * HOUR), BASE, MONDAY + 2 * HOUR).until(MONDAY + 3 * DAY)
    assert not [line for line in desk.said() if "part_" in line]
    resumed = holding.resume(desk.complaint, HANDLER, BASE, desk.now)
    assert ("staff_resumed", "li") in told(resumed)
    moved = part_due(resumed.complaint) - part_due(before)
    assert moved >= 3 * DAY - 2 * HOUR - timedelta(seconds=1) if limit is None else moved >= 2 * DAY
    desk.apply(resumed)
    desk.until(desk.now + HOUR)
    assert not [line for line in desk.said() if "part_late" in line]


def test_the_limit_of_whoever_leads_stands_still_too() -> None:
    limited = tasks.limit_lead(working(), Limit.parse("3d"), AGENT, BASE, MONDAY).complaint
    resumed = holding.resume(held(limited, MONDAY + HOUR), HANDLER, BASE, MONDAY + 4 * DAY).complaint
    assert resumed.task is not None
    assert resumed.task.due_at == at("2026-11-29 23:59:59")


def test_trap_33_held_time_is_no_missed_chase() -> None:
    late = Desk(assisted("1d"), BASE).until(at("2026-11-25 10:00"))
    [part] = late.complaint.parts
    assert part.chased == 1
    late.apply(holding.resume(held(late.complaint, late.now), HANDLER, BASE, late.now + 4 * DAY))
    [part] = late.until(late.now + 6 * DAY).complaint.parts
    said = [line for line in late.said(since=at("2026-11-25 10:00")) if "part_" in line]
    assert said[0].endswith("part_chased li")
    assert part.due_at == at("2026-11-24 23:59:59")  # it was late before the work waited
    chased = [notice.facts["count"] for _, notice in late.log if notice.kind is NoticeKind.PART_CHASED]
    assert chased[:3] == ["0", "1", "2"]


def test_who_has_not_taken_a_part_on_is_not_asked_for_the_days_on_which_the_work_waited() -> None:
    given = tasks.give(working(), "li", "查水管", None, AGENT, BASE, MONDAY).complaint
    on_hold = held(given, MONDAY + HOUR)
    desk = Desk(holding.resume(on_hold, HANDLER, BASE, MONDAY + 4 * DAY).complaint, BASE, MONDAY + 4 * DAY)
    desk.until(MONDAY + 4 * DAY + 3 * HOUR + timedelta(minutes=1))
    assert [(line.split()[2], line.split()[3]) for line in desk.said() if "part_" in line] == [
        ("part_chased", "li"),
        ("part_late", "zhang"),
    ]


def test_a_part_given_while_the_work_waits_begins_when_it_goes_on() -> None:
    on_hold = held(working(), MONDAY)
    given = tasks.give(on_hold, "li", "查水管", Limit.parse("10h"), AGENT, BASE, MONDAY + HOUR).complaint
    assert given.status is Status.ON_HOLD
    assert part_due(given) == given.pauses[0].until + 10 * HOUR


def test_parts_and_the_leads_limit_follow_the_calendar_and_their_assignees_hear_so() -> None:
    complaint = assisted("2wd", tasks.limit_lead(working(), Limit.parse("3wd"), AGENT, BASE, MONDAY).complaint)
    off = Terms(BASE.policy, PublishedWeek(off=frozenset({date(2026, 11, 24)})))
    change = calendar_changed(complaint, off, MONDAY + HOUR)
    assert change is not None
    assert part_due(complaint) == at("2026-11-25 23:59:59")
    assert part_due(change.complaint) == at("2026-11-26 23:59:59")
    assert change.complaint.task is not None
    assert change.complaint.task.due_at == at("2026-11-27 23:59:59")
    assert [event.facts.get("part") for event in change.events if event.kind is EventKind.RESCHEDULED] == [
        None,
        "1",
        "2",
    ]
    assert ("deadline_moved", "li") in told(change)
    assert told(change).count(("deadline_moved", "zhang")) == 1
    again = calendar_changed(change.complaint, off, MONDAY + 2 * HOUR)
    assert again is None


def test_more_time_and_the_calendar_compose_and_nothing_moves_into_the_past() -> None:
    asked = tasks.ask_time(assisted("2wd"), Limit.parse("1d"), "等货", COLLEAGUE, BASE, MONDAY).complaint
    granted = tasks.decide_time(asked, "li", True, "", HANDLER, BASE, MONDAY).complaint
    assert part_due(granted) == at("2026-11-26 23:59:59")
    off = Terms(BASE.policy, PublishedWeek(off=frozenset({date(2026, 11, 24)})))
    change = calendar_changed(granted, off, MONDAY + HOUR)
    assert change is not None
    assert part_due(change.complaint) == at("2026-11-27 23:59:59")
    on = Terms(BASE.policy, PublishedWeek(on=frozenset({date(2026, 11, 28), date(2026, 11, 29)})))
    late = assisted("5wd")
    assert part_due(late) == at("2026-11-30 23:59:59")
    now = at("2026-11-30 09:00")
    kept = calendar_changed(late, on, now)
    assert kept is not None
    assert part_due(kept.complaint) == part_due(late)


def test_what_the_promise_gets_the_leads_own_limit_gets_too() -> None:
    limited = tasks.limit_lead(working(), Limit.parse("16d"), AGENT, BASE, MONDAY).complaint
    asked = handling.ask_extension(limited, Limit.parse("3d"), "等货", HANDLER, BASE, MONDAY).complaint
    granted = handling.decide_extension(asked, True, "", LEAD, BASE, MONDAY).complaint
    assert granted.task is not None
    assert granted.task.due_at == at("2026-12-12 23:59:59")
    assert granted.task.due_at < next(d.due_at for d in granted.running if d.clock == "complete")


def test_a_part_of_which_it_is_not_kept_how_its_limit_came_about_stays() -> None:
    complaint = assisted("2d")
    old = replace(complaint, tasks=tuple(replace(task, limit="") for task in complaint.tasks))
    assert part_due(holding.resume(held(old, MONDAY), HANDLER, BASE, MONDAY + DAY).complaint) == part_due(old)
