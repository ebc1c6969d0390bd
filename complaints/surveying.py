"""The satisfaction question's own time: asked once more, and given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from complaints.closing import expire_survey, remind_survey
from complaints.complaint import Change, Complaint, Status, Timer
from complaints.promises import Terms
from complaints.quiet import later, quiet_customer

REMIND = "survey_remind"
EXPIRE = "survey_expire"


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield the timers of the question that waits for an answer."""
    survey, callback = complaint.survey, terms.policy.callback
    if survey is None or complaint.status is not Status.RESOLVED:
        return
    quiet = quiet_customer(complaint, terms)
    asks_again = later(survey.asked_at + callback.reminder_after, quiet, terms)
    expires = later(survey.asked_at + callback.expire_after, quiet, terms)
    if survey.reminded_at is None and asks_again < expires:
        yield Timer(REMIND, str(survey.round), asks_again)
    yield Timer(EXPIRE, str(survey.round), expires)


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Ask again or give the question up, unless it was answered or belongs to an earlier round."""
    survey = complaint.survey
    if survey is None or timer.occurrence != str(complaint.round):
        return None
    if timer.rule == EXPIRE:
        return expire_survey(complaint, terms, now)
    if now >= survey.asked_at + terms.policy.callback.expire_after:
        return None  # after an outage: it is given up in the same breath
    return remind_survey(complaint, now)
