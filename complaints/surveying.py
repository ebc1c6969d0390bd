"""The satisfaction question's own time: asked once more, asked by phone, and given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from complaints.change import Change, Timer
from complaints.closing import ask_by_phone, expire_survey, phone_moment, remind_survey
from complaints.complaint import Complaint
from complaints.promises import Terms
from complaints.questioning import tried_enough
from complaints.quiet import later, quiet_customer, quiet_staff
from complaints.vocabulary import Status

REMIND = "survey_remind"
EXPIRE = "survey_expire"
PHONE = "survey_phone"


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield the timers of the question that waits for an answer."""
    survey, callback = complaint.survey, terms.policy.callback
    if survey is None or complaint.status is not Status.RESOLVED:
        return
    quiet = quiet_customer(complaint, terms)
    asks_again = later(survey.asked_at + callback.reminder_after, quiet, terms)
    expires = later(survey.asked_at + callback.expire_after, quiet, terms)
    if survey.phoned:
        at = later(phone_moment(survey, survey.phoned, terms), quiet_staff(complaint, terms), terms)
        yield Timer(PHONE, f"{survey.round}/{survey.phoned}", at)
        return
    if survey.reminded_at is None and asks_again < expires:
        yield Timer(REMIND, str(survey.round), asks_again)
    yield Timer(EXPIRE, str(survey.round), expires)


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Ask again, have somebody phone, or give the question up, unless it was answered or belongs to an earlier round."""
    survey = complaint.survey
    if survey is None or timer.occurrence.partition("/")[0] != str(complaint.round):
        return None
    if timer.rule == PHONE and timer.occurrence != f"{survey.round}/{survey.phoned}":
        return None
    if timer.rule in (EXPIRE, PHONE):
        give_up = tried_enough(survey, terms)
        return expire_survey(complaint, terms, now) if give_up else ask_by_phone(complaint, terms, now)
    if now >= survey.asked_at + terms.policy.callback.expire_after:
        return None  # after an outage: it is given up in the same breath
    return remind_survey(complaint, now)
