"""Which step leads from which status to which; who may take it is asked first, at the gate of `complaints/permissions.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from complaints.change import Event, EventKind
from complaints.complaint import Complaint, changed
from complaints.errors import IllegalStep
from complaints.parts.actors import Actor
from complaints.parts.asking import Visit
from complaints.parts.timing import RAISED, Mark
from complaints.permissions import Step, allow
from complaints.vocabulary import SETTLED, Status, VisitState

__all__ = ["TRANSITIONS", "Step", "allow", "check", "move"]

S = Status


_OPEN = (S.NEW, S.UNDER_REVIEW, S.ACCEPTED, S.DISPATCHED, S.WORKING, S.PROPOSED, S.EXECUTING, S.ON_HOLD)
_AT_WORK = (S.WORKING, S.PROPOSED, S.EXECUTING)


def _stay(step: Step, *statuses: Status) -> dict[tuple[Status, Step], Status]:
    return {(status, step): status for status in statuses}


def _to(step: Step, new: Status, *statuses: Status) -> dict[tuple[Status, Step], Status]:
    return {(status, step): new for status in statuses}


TRANSITIONS: Mapping[tuple[Status, Step], Status] = {
    (S.DRAFT, Step.FILE): S.NEW,
    (S.NEW, Step.REGISTER): S.ACCEPTED,
    (S.UNDER_REVIEW, Step.REGISTER): S.ACCEPTED,  # the review found it valid
    **_to(Step.REVIEW, S.UNDER_REVIEW, S.NEW, S.ACCEPTED),
    # Dispatched: the rule may have given it to somebody before anybody judged it, and no work has begun.
    **_to(Step.INVALIDATE, S.INVALID, S.NEW, S.UNDER_REVIEW, S.ACCEPTED, S.DISPATCHED),
    (S.INVALID, Step.APPEAL): S.NEW,
    # Dispatching again hands the work to somebody else: no promise moves by it.
    **_to(Step.DISPATCH, S.DISPATCHED, S.ACCEPTED, S.DISPATCHED, *_AT_WORK),
    (S.DISPATCHED, Step.ACCEPT): S.WORKING,
    **_to(Step.GIVE_BACK, S.ACCEPTED, S.DISPATCHED, S.WORKING),
    # Progress and results often come before anybody typed "accept": the work is then taken as accepted.
    **_to(Step.REPORT, S.WORKING, S.DISPATCHED, S.WORKING),
    **_stay(Step.REPORT, S.PROPOSED, S.EXECUTING, S.ON_HOLD),
    **_stay(Step.RELEASE, S.ACCEPTED, S.DISPATCHED, *_AT_WORK, S.ON_HOLD),
    **_to(Step.PROPOSE, S.PROPOSED, S.DISPATCHED, *_AT_WORK),
    (S.PROPOSED, Step.AGREE): S.EXECUTING,
    **_to(Step.REFUSE, S.WORKING, S.PROPOSED, S.EXECUTING),  # a customer may think better of a plan they agreed to
    **_stay(Step.ASK_HOLD, S.WORKING, S.EXECUTING),
    **_to(Step.HOLD, S.ON_HOLD, S.WORKING, S.EXECUTING),
    **_stay(Step.REFUSE_HOLD, *_AT_WORK),
    (S.ON_HOLD, Step.RESUME): S.WORKING,
    (S.ON_HOLD, Step.RESUME_PLAN): S.EXECUTING,  # what the customer agreed to is being carried out
    **_stay(Step.ASK_EXTENSION, S.DISPATCHED, *_AT_WORK, S.ON_HOLD),
    **_stay(Step.DECIDE_EXTENSION, S.DISPATCHED, *_AT_WORK, S.ON_HOLD),
    **_to(
        Step.RESOLVE, S.RESOLVED, S.ACCEPTED, S.DISPATCHED, *_AT_WORK, S.ON_HOLD
    ),  # from accepted: settled on the spot
    **_stay(Step.RATE, S.RESOLVED, S.CLOSED),  # closed: the late answer to a question that nobody answered
    **_stay(Step.CALL_BACK, S.PROPOSED, S.RESOLVED),  # what they say to the plan; how satisfied they are
    # The rating has moved it on before the further questions are answered.
    **_stay(Step.ANSWER_SURVEY, *_OPEN, S.RESOLVED, S.CLOSED),
    **_stay(Step.MARK, *Status),
    (S.RESOLVED, Step.CLOSE): S.CLOSED,
    (S.RESOLVED, Step.CLOSE_UNSETTLED): S.CLOSED,
    **_to(Step.CLOSE_UNSETTLED, S.CLOSED, *_AT_WORK),
    **_to(Step.REOPEN, S.WORKING, S.RESOLVED, S.CLOSED),
    **_stay(Step.SUPPLEMENT, *_OPEN, S.RESOLVED),
    **_stay(Step.URGE, *_OPEN, S.RESOLVED),
    **_stay(Step.GRADE, *_OPEN, S.RESOLVED),
    **_stay(Step.LOWER, *_OPEN, S.RESOLVED),
    **_to(Step.WITHDRAW, S.WITHDRAWN, S.DRAFT, *_OPEN, S.RESOLVED),
    **_to(Step.REFER, S.CLOSED, S.NEW, S.UNDER_REVIEW, S.ACCEPTED, S.DISPATCHED),  # before work has begun
    **_to(Step.END_DRILL, S.WITHDRAWN, *_OPEN, S.RESOLVED),
    (S.WITHDRAWN, Step.RESTORE): S.NEW,
    (S.WITHDRAWN, Step.RESTORE_WORK): S.WORKING,
    (S.WITHDRAWN, Step.RESTORE_PLAN): S.PROPOSED,
    (S.WITHDRAWN, Step.RESTORE_AGREED): S.EXECUTING,
    (S.WITHDRAWN, Step.RESTORE_RESULT): S.RESOLVED,
    # As long as nothing was promised to its customer alone: by then it may have been given to somebody by the rule.
    **_to(Step.MERGE, S.MERGED, S.NEW, S.UNDER_REVIEW, S.ACCEPTED, S.DISPATCHED, S.WORKING),
    (S.MERGED, Step.SPLIT): S.NEW,
    **_stay(Step.JOIN, *Status),
    (S.MERGED, Step.FOLLOW): S.MERGED,
    (S.MERGED, Step.FOLLOW_RESULT): S.RESOLVED,
    (S.MERGED, Step.FOLLOW_INVALID): S.INVALID,
    **_stay(Step.LINK, *(status for status in Status if status is not S.DRAFT)),
    # Its customer goes on speaking of it under its own number.
    **_stay(Step.SUPPLEMENT, S.MERGED),
    **_stay(Step.URGE, S.MERGED),
    **_stay(Step.GRADE, S.MERGED),
    (S.MERGED, Step.WITHDRAW): S.WITHDRAWN,
    **_stay(Step.VISIT, *_OPEN),
    **_stay(Step.ACKNOWLEDGE, *_OPEN),
    **_stay(Step.EXPLAIN, S.DISPATCHED, *_AT_WORK, S.ON_HOLD),
    **_stay(Step.CALL, *_OPEN, S.RESOLVED),
    **_stay(Step.GIVE_PART, S.DISPATCHED, *_AT_WORK, S.ON_HOLD),
    **_stay(Step.PART, *_OPEN),
    **_stay(Step.DECIDE_PART, *_OPEN),
    **_stay(Step.FINISH_KEPT, S.DISPATCHED, *_AT_WORK, S.ON_HOLD),
    (S.EXECUTING, Step.DO_STEP): S.EXECUTING,
    **_stay(Step.EVIDENCE, *_OPEN, S.RESOLVED),
    **_stay(Step.TELL_CAUSE, S.DISPATCHED, *_AT_WORK, S.ON_HOLD, S.RESOLVED, S.CLOSED),
    **_stay(Step.FORCE, *_OPEN, S.RESOLVED),
    **_stay(Step.FORCE_WORD, *_OPEN, S.RESOLVED),
    **_stay(Step.WORD, *_OPEN, S.RESOLVED),
    **_stay(Step.AGREE_WORDING, *_OPEN, S.RESOLVED),
    **_stay(Step.ASK_OPINION, *_OPEN, S.RESOLVED),
    **_stay(Step.GIVE_OPINION, *_OPEN, S.RESOLVED),
    **_stay(Step.PLAYBOOK, *_OPEN, S.RESOLVED),
    **_stay(Step.MEDIATE, S.DISPATCHED, *_AT_WORK, S.ON_HOLD),
    **_stay(Step.DUTY, *_OPEN, S.RESOLVED, S.CLOSED),  # closed: a debt to the customer is paid, or waived
    **_stay(Step.CORRECT, *_OPEN, S.RESOLVED),
    **_stay(Step.NAME, *(status for status in Status if status is not S.DRAFT)),
    # Whoever it names has it no more, however far the work has come.
    **_to(Step.TAKE_AWAY, S.ACCEPTED, S.DISPATCHED, *_AT_WORK, S.ON_HOLD),
    **_stay(Step.NOTE, *(status for status in Status if status is not S.DRAFT)),
    **_stay(Step.CHECK_GRADE, *_OPEN, S.RESOLVED),
    **_stay(Step.ASSESS, *_OPEN, S.RESOLVED),
    **_stay(Step.ORDER, *_OPEN, S.RESOLVED),
    **_stay(Step.COMMENT, *_OPEN, S.RESOLVED),
    **_stay(Step.ASK_HELP, *_OPEN, S.RESOLVED),
    **_stay(Step.SPEAK, *_OPEN, S.RESOLVED),
    **_stay(Step.PUBLISH, *_OPEN, S.RESOLVED, S.CLOSED),
    **_stay(Step.TICK, *_OPEN, S.RESOLVED, S.CLOSED),  # closed: whoever owes its customer something is chased
}


def check(complaint: Complaint, step: Step, actor: Actor) -> Status:
    """Return the status that `step` would lead to. Raises NotAllowed or IllegalStep.

    Asked before anything that is missing: nobody is asked for a reason that would be of no use.
    """
    allow(complaint, step, actor)
    try:
        return TRANSITIONS[complaint.status, step]
    except KeyError:
        detail = f"{complaint.reference} is {complaint.status}: {step} is not possible now"
        raise IllegalStep(detail, complaint.reference, complaint.status) from None


def move(
    complaint: Complaint,
    step: Step,
    actor: Actor,
    now: datetime,
    kind: EventKind,
    note: str = "",
    facts: Mapping[str, str] | None = None,
    **changes: Any,
) -> tuple[Complaint, Event]:
    """Return the complaint after `step` with `changes` made, and the event that tells of it.

    Raises NotAllowed or IllegalStep, changing nothing. The version grows by one with every step: it is what makes a decision
    unique.
    """
    new = check(complaint, step, actor)
    if (
        complaint.status is Status.ON_HOLD and new is not Status.ON_HOLD
    ):  # however it ends, its length is kept (trap 30)
        changes.setdefault("pauses", complaint.pauses_ended(now))
    event = Event(kind, now, actor.person, actor.channel, complaint.status, new, note, facts or {})
    if complaint.visit is not None and (new in SETTLED or new is Status.RESOLVED):
        changes["visits"] = _over(complaint.visits, new, note, now)
    marks = _marked(complaint, kind, changes.get("severity", complaint.severity) < complaint.severity, now)
    return changed(complaint, status=new, version=complaint.version + 1, marks=marks, **changes), event


def _marked(complaint: Complaint, kind: EventKind, raised: bool, now: datetime) -> tuple[Mark, ...]:
    new = {str(kind), RAISED} if raised else {str(kind)}
    return (*(m for m in complaint.marks if m.kind not in new), *(Mark(each, now) for each in sorted(new)))


def raised_again(complaint: Complaint, now: datetime) -> Complaint:
    """Return the complaint as if it had become so severe only now: what began with that begins anew."""
    return replace(complaint, marks=(*(m for m in complaint.marks if m.kind != RAISED), Mark(RAISED, now)))


def _over(visits: tuple[Visit, ...], new: Status, note: str, now: datetime) -> tuple[Visit, ...]:
    """Return the visits once the work is over: the open one took place if its time had come, else it is off."""

    def over(visit: Visit) -> Visit:
        took_place = new is Status.RESOLVED and visit.state is VisitState.CONFIRMED and visit.slot.start <= now
        return replace(visit, state=VisitState.DONE, offer=None, outcome=note) if took_place else visit.called_off()

    return tuple(over(visit) if visit.open else visit for visit in visits)
