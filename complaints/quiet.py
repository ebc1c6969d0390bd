"""When people may be disturbed: a complaint's quiet hours, and what falls into them put off."""

from __future__ import annotations

from datetime import datetime

from complaints.calendar import QuietHours
from complaints.complaint import RAISED, Complaint, EventKind
from complaints.promises import Terms

AT_WORK = frozenset(
    {EventKind.ACKNOWLEDGED, EventKind.ACCEPTED, EventKind.PROGRESS, EventKind.PLAN_PROPOSED, EventKind.OBSTACLE,
     EventKind.EXTENSION_ASKED, EventKind.VISIT_PROPOSED, EventKind.VISIT_AGREED, EventKind.VISIT_DONE}
)  # fmt: skip
"""By which a colleague shows that they have it in hand."""


def last_word(complaint: Complaint, since: datetime) -> datetime | None:
    """Return when a colleague last showed, from `since` on, that they have it in hand; None where nobody did."""
    return max((mark.at for mark in complaint.marks if mark.kind in AT_WORK and mark.at >= since), default=None)


def wakes(complaint: Complaint, terms: Terms) -> bool:
    """Say whether the complaint may break the quiet hours: severe, and nobody has answered since it became so (R-041).

    What is months old and in hand wakes nobody, however severe it is (trap 35).
    """
    since = complaint.marked(RAISED) or complaint.received_at
    return complaint.severity in terms.policy.quiet_except and last_word(complaint, since) is None


def quiet_staff(complaint: Complaint, terms: Terms) -> QuietHours | None:
    """Return the hours in which staff are not reminded of this complaint; None where it may break them."""
    return None if wakes(complaint, terms) else terms.policy.quiet_staff


def quiet_customer(complaint: Complaint, terms: Terms) -> QuietHours | None:
    """Return the hours in which its customer is not written to unasked."""
    return None if complaint.severity in terms.policy.quiet_except else terms.policy.quiet_customer


def later(at: datetime, quiet: QuietHours | None, terms: Terms) -> datetime:
    """Return `at`, or the end of the quiet hours it falls into."""
    return quiet.after(at, terms.calendar.zone) if quiet else at
