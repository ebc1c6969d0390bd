"""How a promise moves: more time is granted, its clock stood still, or the calendar changed.

A deadline is never shifted: it is reckoned anew from its start, with all that was granted on top of its limit and all the spans
in which its clock stood still, in the time it counts by. So these compose in any order, over any weekend (trap 30).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from complaints import part_limits
from complaints.change import Change, Event, EventKind, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.lifecycle import Step, move
from complaints.limits import DayMode, Due, Limit, Unit, due
from complaints.parts.actors import SYSTEM
from complaints.parts.timing import Deadline
from complaints.parts.work import Task
from complaints.promises import Terms, holder, still, work_deadline


def extended(deadline: Deadline, by: Limit, complaint: Complaint, terms: Terms, now: datetime) -> Deadline:
    """Return the deadline with `by` granted on top of it; a day is 24 hours where the limit was in hours."""
    extensions = (*deadline.extensions, str(by))
    moment = _reckoned(deadline, extensions, complaint, terms)
    return replace(
        _moved(deadline, moment, now), extensions=extensions, extended=deadline.extended + 1, moves=deadline.moves
    )


def rescheduled(complaint: Complaint, terms: Terms, now: datetime) -> Complaint:
    """Return the complaint with its open deadlines, this round's and what is owed apart from the work, as they follow today
    from their start.

    None is moved into the past: what is on time today does not become late by a reckoning.
    """
    deadlines = tuple(_again(d, complaint, terms, now) for d in complaint.deadlines)
    return replace(complaint, deadlines=deadlines, tasks=part_limits.rescheduled(complaint, terms, now))


def calendar_changed(complaint: Complaint, terms: Terms, now: datetime) -> Change | None:
    """The calendar changed: deadlines that follow it move, each on record with where it was and where it is.

    Whoever has the work hears of it, and the customer if it is a promise that they were told of. None: nothing is different.
    """
    after = rescheduled(complaint, terms, now)
    if (after.deadlines, after.tasks) == (complaint.deadlines, complaint.tasks):
        return None
    events: list[Event] = []
    moved = [
        pair for pair in zip(complaint.deadlines, after.deadlines, strict=True) if pair[0].due_at != pair[1].due_at
    ]
    for old, new in moved:
        facts = {"clock": new.clock, "was": old.due_at.isoformat(), "due": new.due_at.isoformat()}
        after, event = move(after, Step.TICK, SYSTEM, now, EventKind.RESCHEDULED, "the working calendar changed", facts)
        events.append(event)
    parts = [(old, new) for old, new in zip(complaint.tasks, after.tasks, strict=True) if old.due_at != new.due_at]
    for old_part, new_part in parts:
        part = {"part": str(new_part.number)} | _part_facts(old_part, new_part)
        after, event = move(after, Step.TICK, SYSTEM, now, EventKind.RESCHEDULED, "the working calendar changed", part)
        events.append(event)
    if not events:  # only the explanation is another, or no longer provisional
        after = replace(after, version=after.version + 1)
    notices = _told_of(moved, after, terms)
    told = {notice.to for notice in notices}
    for old_part, new_part in parts:
        if (whose := To(person=new_part.assignee)) not in told:
            notices.append(Notice(NoticeKind.DEADLINE_MOVED, whose, _part_facts(old_part, new_part) | {"count": "1"}))
    return Change(after, tuple(events), tuple(notices))


def _part_facts(old: Task, new: Task) -> dict[str, str]:
    assert old.due_at is not None
    assert new.due_at is not None
    return {"was": old.due_at.isoformat(), "due": new.due_at.isoformat()}


def _told_of(moved: Sequence[tuple[Deadline, Deadline]], complaint: Complaint, terms: Terms) -> list[Notice]:
    """Return what each reader hears of it. The moment as it was is named to those who were told of it before."""
    running = [pair for pair in moved if pair[1] in complaint.running]
    notices = []
    for whose in dict.fromkeys(holder(complaint, new) for _, new in running):
        theirs = [pair for pair in running if holder(complaint, pair[1]) == whose]
        shown = next((pair for pair in theirs if pair[1] is work_deadline(complaint)), theirs[-1])
        notices.append(Notice(NoticeKind.DEADLINE_MOVED, whose, _facts(*shown) | {"count": str(len(theirs))}))
    promises = [pair for pair in running if _promised(pair[1], terms)]
    if promises and complaint.contact_known:
        old, new = next((pair for pair in promises if pair[0].due_at == complaint.told_due), promises[0])
        facts = _facts(old, new)
        if old.due_at != complaint.told_due:
            facts.pop("was")
        notices.append(Notice(NoticeKind.PROMISE_MOVED, To(person=complaint.complainant), facts))
    return notices


def _facts(old: Deadline, new: Deadline) -> dict[str, str]:
    earlier = {"earlier": "yes"} if new.due_at < old.due_at else {}
    return {"clock": new.clock, "was": old.due_at.isoformat(), "due": new.due_at.isoformat()} | earlier


def _promised(deadline: Deadline, terms: Terms) -> bool:
    clock = terms.policy.clock(deadline.clock, deadline.profile)
    return clock is not None and clock.promised


def stands_still(deadline: Deadline, complaint: Complaint, terms: Terms) -> bool:
    """Say whether nobody is to be reminded of a deadline now, because its clock stands still."""
    pause, clock = complaint.pause, terms.policy.clock(deadline.clock, deadline.profile)
    return pause is not None and clock is not None and clock.pauses and deadline.due_at > pause.begins


def _again(deadline: Deadline, complaint: Complaint, terms: Terms, now: datetime) -> Deadline:
    unknown = deadline.extended != len(deadline.extensions)  # extended before it was kept by how much
    of_now = deadline.round == complaint.round or complaint.owed(deadline)
    if not deadline.open or not of_now or unknown:
        return deadline
    moment = _reckoned(deadline, deadline.extensions, complaint, terms)
    if moment.at <= now < deadline.due_at:
        return deadline
    if moment.at == deadline.due_at:
        return replace(deadline, steps=moment.steps, provisional=moment.provisional)
    return _moved(deadline, moment, now)


def _reckoned(deadline: Deadline, extensions: Sequence[str], complaint: Complaint, terms: Terms) -> Due:
    """Return when a deadline is due with these extensions, with the arithmetic of all of it."""
    limit = Limit.parse(deadline.limit, at_once=True)
    spans = still(terms.policy.clock(deadline.clock, deadline.profile), complaint)
    moment = due(deadline.started_at, limit, terms.calendar, terms.policy.day_mode, spans)
    mode = DayMode.HOURS if limit.unit is Unit.HOURS else terms.policy.day_mode
    for text in extensions:
        more = due(moment.at, Limit.parse(text), terms.calendar, mode, spans)
        steps = (*moment.steps, f"extended by {text}", *more.steps)
        moment = Due(more.at, steps, moment.provisional or more.provisional)
    return moment


def _moved(deadline: Deadline, moment: Due, now: datetime) -> Deadline:
    return replace(
        deadline,
        due_at=moment.at,
        steps=moment.steps,
        provisional=moment.provisional,
        moves=deadline.moves + 1,
        moved_at=now,
        nags=0,
        off=0,
    )
