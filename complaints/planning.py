"""A plan that waits for its customer's answer: they are reminded of it once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.lifecycle import Step, move
from complaints.parts.actors import SYSTEM
from complaints.promises import Terms
from complaints.quiet import later, quiet_customer
from complaints.vocabulary import Milestone, Status

REMIND = "plan_remind"
AFTER = timedelta(hours=12)  # half of the day within which somebody phones


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield the reminder of the plan that waits for an answer."""
    since = complaint.moment(Milestone.PLAN_SUBMITTED)
    if complaint.status is Status.PROPOSED and since is not None:
        yield Timer(REMIND, _occurrence(since), later(since + AFTER, quiet_customer(complaint, terms), terms))


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Put the plan to the customer once more, unless they have answered or there is a newer one."""
    since = complaint.moment(Milestone.PLAN_SUBMITTED)
    if complaint.status is not Status.PROPOSED or since is None or timer.occurrence != _occurrence(since):
        return None
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.PLAN_REMINDED)
    facts = {"plan": complaint.plan, "again": "yes"}
    return Change(complaint, (event,), (Notice(NoticeKind.PLAN, To(person=complaint.complainant), facts),))


def _occurrence(since: datetime) -> str:
    return str(int(since.timestamp()))
