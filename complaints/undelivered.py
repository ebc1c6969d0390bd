"""What reached its reader by no road, and must not stay unheard: the duty desk is asked to phone them (R-032).

Only for what somebody has to act on, or what the customer was promised to hear; surveys have tries of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from complaints import calling, deciding
from complaints.change import Change, NoticeKind
from complaints.complaint import Complaint
from complaints.parts.timing import Call
from complaints.promises import Terms
from complaints.vocabulary import Status

WHY = "undelivered"  # what a call is for, where nothing else is
_MESSAGE = "message"

Needed = Callable[[Complaint, str], bool]


def _works(complaint: Complaint, whom: str) -> bool:
    task = complaint.task
    leads = task is not None and task.assignee == whom and complaint.status is not Status.RESOLVED
    return leads or complaint.part_of(whom) is not None


def _customer(complaint: Complaint, whom: str) -> bool:
    return whom == complaint.complainant and not (complaint.anonymous or complaint.drill)


def _either(complaint: Complaint, whom: str) -> bool:
    return _works(complaint, whom) or _customer(complaint, whom)


def _decides(waits: Callable[[Complaint], object]) -> Needed:
    return lambda complaint, whom: whom != complaint.complainant and bool(waits(complaint))


_NEEDED: Mapping[str, Needed] = {
    # whoever has the work
    NoticeKind.ASSIGNED: _works,
    NoticeKind.REMINDER: _works,
    NoticeKind.OVERDUE: _works,
    NoticeKind.EXTENSION_DECIDED: _works,
    NoticeKind.HOLD_DECIDED: _works,
    NoticeKind.STAFF_RESUMED: _works,
    NoticeKind.DEADLINE_MOVED: _works,
    NoticeKind.STAFF_SUPPLEMENT: _works,
    NoticeKind.STAFF_URGED: _works,
    NoticeKind.STAFF_PLAN_ANSWER: _works,
    NoticeKind.STAFF_REOPENED: _works,
    NoticeKind.PROGRESS_ASKED: _works,
    NoticeKind.VISIT_OUTCOME: _works,
    NoticeKind.ALARM: _works,
    NoticeKind.CONFIRM: _works,
    NoticeKind.MEDIATION_ASKED: _works,
    NoticeKind.PART_GIVEN: _works,
    NoticeKind.PART_CHASED: _works,
    NoticeKind.PART_TIME_DECIDED: _works,
    # whoever alone decides what others wait for
    NoticeKind.NEEDS_ASSIGNMENT: _decides(lambda complaint: complaint.task is None),
    NoticeKind.EXTENSION_ASKED: _decides(lambda complaint: complaint.extension),
    NoticeKind.HOLD_ASKED: _decides(lambda complaint: complaint.hold),
    NoticeKind.DECISION_WAITS: _decides(lambda complaint: any(deciding.waiting(complaint))),
    NoticeKind.GRADE_PROPOSED: _decides(lambda complaint: complaint.proposal),
    NoticeKind.WORDS_HELD: _decides(lambda complaint: complaint.unspoken),
    NoticeKind.REVIEW: _decides(lambda complaint: complaint.status is Status.UNDER_REVIEW),
    # either side of a visit
    NoticeKind.VISIT_OFFER: _either,
    NoticeKind.VISIT_CONFIRMED: _either,
    NoticeKind.VISIT_DECLINED: _either,
    NoticeKind.VISIT_LAPSED: _either,
    NoticeKind.VISIT_CANCELLED: _either,
    NoticeKind.VISIT_REMINDER: _either,
    NoticeKind.VISIT_MISSED: _either,
    # the customer
    NoticeKind.ACKNOWLEDGEMENT: _customer,
    NoticeKind.PROGRESS: _customer,
    NoticeKind.PROMISE_MISSED: _customer,
    NoticeKind.PROMISE_MOVED: _customer,
    NoticeKind.EXTENDED: _customer,
    NoticeKind.HELD: _customer,
    NoticeKind.RESUMED: _customer,
    NoticeKind.MEDIATION: _customer,
    NoticeKind.MEDIATION_OVER: _customer,
    NoticeKind.PLAN: _customer,
    NoticeKind.REOPENED: _customer,
}
"""Whose hearing a notice matters, and as long as what. All others may be missed, or the centre is told of them in words."""


def ask(complaint: Complaint, whom: str, notice: str, message: int, terms: Terms, now: datetime) -> Change | None:
    """Ask the duty desk to phone somebody whom a notice did not reach; None where nobody needs to.

    Nobody is phoned about a complaint that is settled, nor twice at a time about one: the second notice is told in the call
    for the first. message: its number in the outbox.
    """
    if complaint.settled or any(call.open and call.whom == whom for call in complaint.calls):
        return None
    if not _needed(notice, complaint, whom):
        return None
    change = calling.ask(complaint, whom, WHY, {WHY: notice, _MESSAGE: str(message)}, terms, now)
    return change if change.events else None


def still_needed(call: Call, complaint: Complaint) -> bool:
    """Say whether a call that was asked for here is still to be made."""
    return not complaint.settled and _needed(call.facts.get(WHY, ""), complaint, call.whom)


def _needed(notice: str, complaint: Complaint, whom: str) -> bool:
    needed = _NEEDED.get(notice)
    return needed is not None and needed(complaint, whom)
