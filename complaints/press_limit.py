"""By when the press wants an answer: whoever alone may give it is told an hour before, and once it has passed (R-069)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from complaints.change import Change, EventKind, Notice, NoticeKind, Timer
from complaints.complaint import Complaint
from complaints.lifecycle import Step, move
from complaints.outward import voice
from complaints.parts.actors import SYSTEM
from complaints.promises import Terms

RULE = "press"
_BEFORE = timedelta(hours=1)
_GRACE = timedelta(seconds=1)


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield when whoever speaks outward is told of the time that the press has set; answering it takes the time away."""
    if complaint.press_due is not None and voice(complaint, terms):
        for at in (complaint.press_due - _BEFORE, complaint.press_due + _GRACE):
            yield Timer(RULE, at.isoformat(), at)


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Tell whoever speaks outward, where the time that the timer was set for still stands."""
    if timer.occurrence not in [each.occurrence for each in wanted(complaint, terms)]:
        return None
    assert complaint.press_due is not None
    facts = {"press_due": "past" if now > complaint.press_due else "soon"}
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.REMINDED, "", facts)
    notices = tuple(Notice(NoticeKind.STAFF_SUPPLEMENT, to, facts) for to in voice(complaint, terms))
    return Change(complaint, (event,), notices)
