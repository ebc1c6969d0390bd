"""How the limits of tasks move: their clock stands still while the work waits, and they follow the calendar, as promises do.

None is shifted: it is reckoned anew from when it was set, with all that was granted on top of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from complaints.complaint import Complaint
from complaints.limits import Limit, Span, due
from complaints.parts.work import MoreTime, Task
from complaints.promises import Terms


def stood_still(complaint: Complaint) -> list[Span]:
    """Return the spans in which the work of a complaint waited, or waits."""
    return [(begins, ends) for begins, ends in sorted(pause.span for pause in complaint.pauses) if begins < ends]


def later_by(since: datetime, length: timedelta, complaint: Complaint) -> datetime:
    """Return the moment so long after another; while the work waits no time goes by."""
    at = since + length
    for begins, ends in stood_still(complaint):
        if max(begins, since) < min(ends, at):
            at += ends - max(begins, since)
    return at


def gone_by(since: datetime, now: datetime, complaint: Complaint) -> timedelta:
    """Return how much time has gone by; none does while the work waits."""
    held = (min(ends, now) - max(begins, since) for begins, ends in stood_still(complaint))
    return now - since - sum((span for span in held if span > timedelta()), timedelta())


def due_with(limit: Limit, since: datetime, complaint: Complaint, terms: Terms) -> datetime:
    """Return when a limit that counts from `since` is due."""
    return due(since, limit, terms.calendar, terms.policy.day_mode, stood_still(complaint)).at


def with_more(task: Task, limit: Limit, complaint: Complaint, terms: Terms, now: datetime) -> Task:
    """Return the task with so much time granted on top of its limit, or from now where that has passed."""
    assert task.due_at is not None
    due_at = due_with(limit, max(task.due_at, now), complaint, terms)
    return replace(task, due_at=due_at, extensions=(*task.extensions, MoreTime(str(limit), now)), chased=0)


def rescheduled(complaint: Complaint, terms: Terms, now: datetime) -> tuple[Task, ...]:
    """Return the tasks, the limits of the open ones as they follow today from when they were set; none moves into the past."""
    return tuple(_again(task, complaint, terms, now) for task in complaint.tasks)


def _again(task: Task, complaint: Complaint, terms: Terms, now: datetime) -> Task:
    at = _reckoned(task, complaint, terms) if task.open else None
    if at is None or task.due_at is None or at == task.due_at or at <= now < task.due_at:
        return task
    chased = task.chased if task.assisting and task.accepted_at is None else 0  # then it counts who did not take it on
    return replace(task, due_at=at, settings=task.settings + 1, chased=chased)


def _reckoned(task: Task, complaint: Complaint, terms: Terms) -> datetime | None:
    """Return when a task is due; None where it has no limit, or it is not kept how it came to it."""
    since = task.limited_at or task.assigned_at
    if task.limit:
        at = due_with(Limit.parse(task.limit), since, complaint, terms)
    elif task.share is not None:
        at = later_by(since, task.share, complaint)
    else:
        return None
    for more in task.extensions:
        at = due_with(Limit.parse(more.limit), max(at, more.at), complaint, terms)
    return at
