"""A promise that was not kept is told to the customer it was made to: once, with an apology and who is on it (R-079)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.chasing import GRACE
from complaints.complaint import Complaint
from complaints.lifecycle import Step, move
from complaints.parts.actors import SYSTEM
from complaints.parts.timing import Deadline
from complaints.promises import Terms
from complaints.quiet import later

RULE = "promise_missed"


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield, for each running promise that the customer was told of, when they hear that it was not kept."""
    if not complaint.contact_known:
        return  # nobody has promised them anything yet
    quiet = terms.policy.quiet_customer  # however severe it is: an apology wakes nobody
    for deadline in told_of(complaint, terms):
        if deadline.missed_told_at is None:
            at = later(deadline.due_at + GRACE, quiet, terms)
            yield Timer(f"{RULE}:{deadline.clock}", f"{deadline.round}.{deadline.setting}", at)


def told_of(complaint: Complaint, terms: Terms) -> tuple[Deadline, ...]:
    """Return the running deadlines whose moment the customer was told, the soonest first."""
    return tuple(deadline for deadline in complaint.running if is_promise(deadline, terms))


def is_promise(deadline: Deadline, terms: Terms) -> bool:
    """Say whether the customer is told this moment."""
    clock = terms.policy.clock(deadline.clock, deadline.profile)
    return clock is not None and clock.promised


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Tell of every promise that has been missed by now in one message; each is told once."""
    missed = [d for d in told_of(complaint, terms) if d.overdue(now) and d.missed_told_at is None]
    clock = timer.rule.partition(":")[2]
    if not any(d.clock == clock and f"{d.round}.{d.setting}" == timer.occurrence for d in missed):
        return None
    last = missed[-1]
    ahead = next((d for d in told_of(complaint, terms) if not d.overdue(now)), None)
    facts = {"clock": last.clock, "due": last.due_at.isoformat()}
    if ahead is not None:
        facts["next"] = ahead.due_at.isoformat()
    deadlines = tuple(replace(d, missed_told_at=now) if d in missed else d for d in complaint.deadlines)
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.PROMISE_MISSED, "", facts, deadlines=deadlines)
    return Change(complaint, (event,), (Notice(NoticeKind.PROMISE_MISSED, To(person=complaint.complainant), facts),))
