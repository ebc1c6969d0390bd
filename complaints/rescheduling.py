"""How a promise moves: more time is granted, or its clock stood still."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from complaints.complaint import Deadline
from complaints.limits import DayMode, Limit, Unit, due
from complaints.promises import Terms


def extended(deadline: Deadline, by: Limit, terms: Terms, now: datetime) -> Deadline:
    """Return the deadline moved by `by` from its old due moment; a day is 24 hours where the limit was in hours."""
    mode = DayMode.HOURS if Limit.parse(deadline.limit, at_once=True).unit is Unit.HOURS else terms.policy.day_mode
    moment = due(deadline.due_at, by, terms.calendar, mode)
    return replace(
        deadline,
        due_at=moment.at,
        steps=(*deadline.steps, f"extended by {by}", *moment.steps),
        provisional=deadline.provisional or moment.provisional,
        extended=deadline.extended + 1,
        moved_at=now,
        nags=0,
    )


def paused(deadline: Deadline, span: timedelta, now: datetime) -> Deadline:
    """Return the deadline later by the `span`, ending `now`, in which its clock stood still."""
    due_at = deadline.due_at + span
    step = f"stood still for {span // timedelta(minutes=1)} min until {now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return replace(
        deadline, due_at=due_at, steps=(*deadline.steps, step, f"= {due_at:%Y-%m-%d %H:%M:%S} UTC"), moved_at=now
    )
