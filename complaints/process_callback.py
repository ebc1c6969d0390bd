"""The call-back while the work goes on: is the customer told the plan and the finish, and are they clear? (R-062)

Asked at most once a round, one question after another, yes or no. What was denied goes back to whoever has the task;
silence is counted, and nobody is bothered with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from complaints import progressing
from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.asking import ProcessCallback
from complaints.promises import Terms
from complaints.quiet import later
from complaints.vocabulary import Milestone, Role, Status

ASK = "process_callback"
EXPIRE = "process_callback_expire"
_ASKING = progressing.AT_WORK | {Status.DISPATCHED}


def current(complaint: Complaint) -> ProcessCallback | None:
    """Return this round's call-back, over or not; None where nobody was asked yet."""
    asked = complaint.process_callbacks[-1] if complaint.process_callbacks else None
    return asked if asked is not None and asked.round == complaint.round else None


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield when the customer is asked, and when the question is given up. Neither once the work is reported done; nobody is
    asked about a plan while nobody has taken the work on.
    """
    rule = terms.policy.process_callback
    if rule is None or complaint.status not in _ASKING or not complaint.contact_known:
        return
    quiet, asked = terms.policy.quiet_customer, current(complaint)
    since = _since(complaint, rule.starts)
    if asked is None and since is not None and complaint.status in progressing.AT_WORK:
        yield Timer(ASK, str(complaint.round), later(since + rule.delay, quiet, terms))
    elif asked is not None and asked.waiting_for is not None:
        yield Timer(EXPIRE, str(asked.round), later(asked.asked_at + rule.expire_after, quiet, terms))


def _since(complaint: Complaint, starts: Milestone) -> datetime | None:
    """Return when it was reached in this round, and the work taken on; the task of a later round counts from its reopening."""
    reached, again = complaint.moment(starts), complaint.moment(Milestone.REOPENED)
    if again is None or (reached is not None and reached > again):
        return max(reached, complaint.accepted_at or reached) if reached is not None else None
    return again if starts is Milestone.REGISTERED else None


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Ask, or give up, unless it is another round by now or the work is reported done."""
    rule, asked = terms.policy.process_callback, current(complaint)
    if rule is None or complaint.status not in _ASKING or timer.occurrence != str(complaint.round):
        return None
    if timer.rule == ASK:
        begins = asked is None and complaint.status in progressing.AT_WORK
        return _begin(complaint, tuple(map(str, rule.questions)), now) if begins else None
    return _expire(complaint, asked, terms, now) if asked is not None and asked.waiting_for is not None else None


def _begin(complaint: Complaint, questions: tuple[str, ...], now: datetime) -> Change:
    callback = ProcessCallback(complaint.round, now, questions)
    complaint, event = move(
        complaint,
        Step.TICK,
        SYSTEM,
        now,
        EventKind.PROCESS_ASKED,
        process_callbacks=(*complaint.process_callbacks, callback),
    )
    return Change(complaint, (event,), (question(complaint, callback),))


def question(complaint: Complaint, callback: ProcessCallback) -> Notice:
    """Return the question that waits for an answer, as the customer reads it."""
    facts = {
        "question": callback.waiting_for or "",
        "number": str(len(callback.answers) + 1),
        "of": str(len(callback.questions)),
    }
    return Notice(NoticeKind.PROCESS_CALLBACK, To(person=complaint.complainant), facts)


def answer(complaint: Complaint, told: bool, words: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """The customer answers the question that waits; the next one is put, or what was denied goes back to the work.

    Raises IllegalStep where no question waits.
    """
    check(complaint, Step.SUPPLEMENT, actor)
    asked = current(complaint)
    if asked is None or asked.waiting_for is None or complaint.status not in _ASKING:
        raise IllegalStep(f"{complaint.reference}: nothing was asked that waits for an answer")
    facts = {"question": asked.waiting_for, "told": "yes" if told else "no"}
    answered = replace(asked, answers=(*asked.answers, told))
    over = len(answered.answers) == len(answered.questions)
    answered = replace(answered, ended_at=now) if over else answered
    complaint, event = move(
        complaint,
        Step.SUPPLEMENT,
        actor,
        now,
        EventKind.PROCESS_ANSWERED,
        words,
        facts,
        process_callbacks=_with(complaint, answered),
    )
    change = Change(complaint, (event,))
    if not over:
        return change + Change(complaint, (), (question(complaint, answered),))
    return change + _concluded(complaint, answered, terms, now)


def _expire(complaint: Complaint, asked: ProcessCallback, terms: Terms, now: datetime) -> Change:
    """Nobody answered, or not all of it: counted, silently; what was denied is passed on all the same."""
    ended = replace(asked, ended_at=now)
    complaint, event = move(
        complaint,
        Step.TICK,
        SYSTEM,
        now,
        EventKind.PROCESS_UNANSWERED,
        "",
        {"question": asked.waiting_for or "", "answered": str(len(asked.answers))},
        process_callbacks=_with(complaint, ended),
    )
    given_up = Change(complaint, (event,))
    return given_up + _concluded(complaint, ended, terms, now) if ended.answers else given_up


def _with(complaint: Complaint, callback: ProcessCallback) -> tuple[ProcessCallback, ...]:
    return (*complaint.process_callbacks[:-1], callback)


def _concluded(complaint: Complaint, callback: ProcessCallback, terms: Terms, now: datetime) -> Change:
    """The centre reads the answers; where something was denied, whoever has the task makes up for it and is asked for a
    line, which is missed if none comes.
    """
    denied = callback.denied
    told = [asked for asked in callback.questions[: len(callback.answers)] if asked not in denied]
    facts = {"told": ",".join(told), "not_told": ",".join(denied)}
    notices = [Notice(NoticeKind.PROCESS_ANSWERED, To(role=Role.AGENT), facts)]
    if not denied or complaint.task is None:
        return Change(complaint, (), tuple(notices))
    plan = complaint.deadline("plan")
    missing = {"not_told": ",".join(denied)}
    if plan is not None and plan.open:
        missing["due"] = plan.due_at.isoformat()
    notices.append(Notice(NoticeKind.PROCESS_RETURNED, To(person=complaint.task.assignee), missing))
    duty = replace(complaint.duty, asked_at=now)
    return Change(replace(complaint, duty=duty), (), tuple(notices))
