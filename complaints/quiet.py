"""When people may be disturbed: a complaint's quiet hours, and what falls into them put off."""

from __future__ import annotations

from datetime import datetime

from complaints.calendar import QuietHours
from complaints.complaint import Complaint
from complaints.promises import Terms


def quiet_staff(complaint: Complaint, terms: Terms) -> QuietHours | None:
    """Return the hours in which staff are not reminded of this complaint; None where it may break them (R-041)."""
    return None if complaint.severity in terms.policy.quiet_except else terms.policy.quiet_staff


def quiet_customer(complaint: Complaint, terms: Terms) -> QuietHours | None:
    """Return the hours in which its customer is not written to unasked."""
    return None if complaint.severity in terms.policy.quiet_except else terms.policy.quiet_customer


def later(at: datetime, quiet: QuietHours | None, terms: Terms) -> datetime:
    """Return `at`, or the end of the quiet hours it falls into."""
    return quiet.after(at, terms.calendar.zone) if quiet else at
