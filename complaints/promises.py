"""Deadlines: which clocks a moment starts, which promises it keeps, and how a promise moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from complaints.calendar import WorkingCalendar
from complaints.complaint import Complaint, Deadline, Milestone, Notice, NoticeKind, To
from complaints.limits import due
from complaints.policy import Clock, Policy


@dataclass(frozen=True, slots=True)
class Terms:
    """What a complaint runs under: its policy and the calendar of its site."""

    policy: Policy
    calendar: WorkingCalendar


def reach(complaint: Complaint, milestone: Milestone, terms: Terms, now: datetime) -> Complaint:
    """Return the complaint with the promises that `milestone` keeps met, and the clocks that it starts running.

    A wish for more time ends with the promise that it was about.
    """
    met = tuple(
        replace(deadline, met_at=now)
        if deadline.met_at is None and milestone in _met_by(deadline, terms.policy)
        else deadline
        for deadline in complaint.deadlines
    )
    started = tuple(
        start(clock, complaint, terms, now)
        for clock in terms.policy.clocks
        if _starts(clock, milestone, complaint) and not _has(met, clock.name, complaint.round)
    )
    wish = complaint.extension
    if wish is not None and not any(d.clock == wish.clock and d.met_at is None for d in met):
        wish = None
    return replace(complaint, deadlines=met + started, extension=wish)


def start(clock: Clock, complaint: Complaint, terms: Terms, now: datetime) -> Deadline:
    """Return the deadline of a clock that begins now."""
    moment = due(now, clock.limit, terms.calendar, terms.policy.day_mode)
    return Deadline(
        clock=clock.name,
        round=complaint.round,
        limit=str(clock.limit),
        started_at=now,
        due_at=moment.at,
        steps=moment.steps,
        provisional=moment.provisional,
    )


def _starts(clock: Clock, milestone: Milestone, complaint: Complaint) -> bool:
    if clock.severities and complaint.severity not in clock.severities:
        return False
    # A reopened complaint is promised anew what the policy says per round, counted from the reopening.
    return clock.per_round if milestone is Milestone.REOPENED else clock.starts is milestone


def _met_by(deadline: Deadline, policy: Policy) -> frozenset[Milestone]:
    clock = policy.clock(deadline.clock)
    return clock.met_by if clock else frozenset()


def _has(deadlines: Iterable[Deadline], clock: str, round: int) -> bool:
    return any(deadline.clock == clock and deadline.round == round for deadline in deadlines)


def promised(complaint: Complaint, policy: Policy) -> Deadline | None:
    """Return the soonest running deadline that the customer is told of."""
    told = {clock.name for clock in policy.clocks if clock.promised}
    return next((deadline for deadline in complaint.running if deadline.clock in told), None)


def due_facts(complaint: Complaint, terms: Terms) -> dict[str, str]:
    """Return the soonest promise to the customer as a notice carries it; empty where none runs."""
    deadline = promised(complaint, terms.policy)
    return {"due": deadline.due_at.isoformat()} if deadline else {}


def acknowledgement(complaint: Complaint, terms: Terms) -> Notice:
    """Return the first word to the customer: the number, and by when they will hear (R-018, R-019)."""
    return Notice(NoticeKind.ACKNOWLEDGEMENT, To(person=complaint.complainant), due_facts(complaint, terms))


def work_deadline(complaint: Complaint) -> Deadline | None:
    """Return the running deadline for the work itself: the last one, after every first contact and acceptance."""
    return complaint.running[-1] if complaint.running else None


def reminder_moments(deadline: Deadline, policy: Policy) -> list[tuple[str, datetime]]:
    """Return (lead, moment) for each reminder before the limit, earliest first."""
    length = deadline.due_at - deadline.started_at
    moments = []
    for lead in policy.reminders.leads(length):
        if lead.share is not None:
            at = deadline.started_at + timedelta(seconds=length.total_seconds() * float(lead.share))
        else:
            assert lead.before is not None
            at = deadline.due_at - lead.before
        # After an extension only what still lies ahead of it is worth saying.
        if (deadline.moved_at or deadline.started_at) < at < deadline.due_at:
            moments.append((lead.text, at.astimezone(UTC)))
    return sorted(moments, key=lambda moment: moment[1])
