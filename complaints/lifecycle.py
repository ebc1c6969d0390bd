"""Which step leads from which status to which, and who may take it: two tables, one gate in front of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from complaints.change import Event, EventKind
from complaints.complaint import RAISED, Actor, Complaint, Mark, Visit
from complaints.errors import IllegalStep, NotAllowed
from complaints.vocabulary import SETTLED, Role, Status, VisitState

S = Status


class Step(StrEnum):
    """Something a person, or the clock, does to a complaint."""

    FILE = "file"
    REGISTER = "register"
    REVIEW = "review"
    INVALIDATE = "invalidate"
    APPEAL = "appeal"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    GIVE_BACK = "give_back"
    REPORT = "report"
    RELEASE = "release"
    PROPOSE = "propose"
    AGREE = "agree"
    REFUSE = "refuse"
    ASK_HOLD = "ask_hold"
    HOLD = "hold"
    REFUSE_HOLD = "refuse_hold"
    RESUME = "resume"
    RESUME_PLAN = "resume_plan"
    ASK_EXTENSION = "ask_extension"
    DECIDE_EXTENSION = "decide_extension"
    RESOLVE = "resolve"
    RATE = "rate"
    CALL_BACK = "call_back"
    ANSWER_SURVEY = "answer_survey"
    MARK = "mark"
    CLOSE = "close"
    CLOSE_UNSETTLED = "close_unsettled"
    REOPEN = "reopen"
    SUPPLEMENT = "supplement"
    URGE = "urge"
    GRADE = "grade"
    LOWER = "lower"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    MERGE = "merge"
    SPLIT = "split"
    VISIT = "visit"
    DUTY = "duty"
    CORRECT = "correct"
    ACKNOWLEDGE = "acknowledge"
    EXPLAIN = "explain"
    CALL = "call"
    TICK = "tick"


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
    **_to(Step.INVALIDATE, S.INVALID, S.NEW, S.UNDER_REVIEW, S.ACCEPTED),
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
    (S.WITHDRAWN, Step.RESTORE): S.NEW,
    **_to(Step.MERGE, S.MERGED, S.NEW, S.ACCEPTED),
    (S.MERGED, Step.SPLIT): S.NEW,
    **_stay(Step.VISIT, *_OPEN),
    **_stay(Step.ACKNOWLEDGE, *_OPEN),
    **_stay(Step.EXPLAIN, S.DISPATCHED, *_AT_WORK, S.ON_HOLD),
    **_stay(Step.CALL, *_OPEN, S.RESOLVED),
    **_stay(Step.DUTY, *_OPEN, S.RESOLVED),
    **_stay(Step.CORRECT, *_OPEN, S.RESOLVED),
    **_stay(Step.TICK, *_OPEN, S.RESOLVED),
}

_CENTRE = frozenset({Role.AGENT, Role.DISPATCHER, Role.CENTER_LEAD})
_LEADS = frozenset({Role.CENTER_LEAD, Role.DEPT_HEAD})
_CUSTOMER = frozenset({Role.CUSTOMER})
_SYSTEM = frozenset({Role.SYSTEM})
# A colleague whose task it is does its steps, whatever else they are.
_HANDLING = frozenset({Role.HANDLER, Role.DEPT_HEAD, Role.EMPLOYEE})
_COLLEAGUES = _CENTRE | _HANDLING | {Role.REVIEWER, Role.LEADER}

PERMISSIONS: Mapping[Step, frozenset[Role]] = {
    Step.FILE: _CUSTOMER | {Role.EMPLOYEE, Role.AGENT, Role.SYSTEM},
    Step.REGISTER: _CENTRE | _SYSTEM | {Role.REVIEWER, Role.DEPT_HEAD},  # who finds it valid
    Step.REVIEW: _CENTRE | _SYSTEM,
    Step.INVALIDATE: _CENTRE | {Role.REVIEWER},
    Step.APPEAL: _CUSTOMER,
    Step.DISPATCH: _CENTRE | _SYSTEM | {Role.DEPT_HEAD, Role.HANDLER},  # a handler hands on what is theirs
    Step.ACCEPT: _HANDLING,
    Step.GIVE_BACK: _HANDLING,
    Step.REPORT: _HANDLING,
    Step.RELEASE: _CENTRE,
    Step.PROPOSE: _HANDLING,
    Step.AGREE: _CUSTOMER,
    Step.REFUSE: _CUSTOMER,
    Step.ASK_HOLD: _HANDLING,
    Step.HOLD: _LEADS,
    Step.REFUSE_HOLD: _LEADS,
    Step.RESUME: _HANDLING | _LEADS | _SYSTEM,
    Step.RESUME_PLAN: _HANDLING | _LEADS | _SYSTEM,
    Step.ASK_EXTENSION: _HANDLING,
    Step.DECIDE_EXTENSION: _LEADS,
    Step.RESOLVE: _HANDLING | _CENTRE,
    Step.RATE: _CUSTOMER,
    Step.CALL_BACK: _CENTRE | {Role.DEPT_HEAD},
    Step.ANSWER_SURVEY: _CUSTOMER,
    Step.MARK: frozenset({Role.CENTER_LEAD}),
    Step.CLOSE: _CUSTOMER | _SYSTEM | {Role.AGENT, Role.CENTER_LEAD},  # the gate decides; these may knock
    Step.CLOSE_UNSETTLED: frozenset({Role.CENTER_LEAD}),
    Step.REOPEN: _CUSTOMER | {Role.AGENT, Role.CENTER_LEAD},
    Step.SUPPLEMENT: _CUSTOMER | {Role.EMPLOYEE} | _CENTRE | _SYSTEM,
    Step.URGE: _CUSTOMER | {Role.EMPLOYEE} | _CENTRE,
    Step.GRADE: _CENTRE | _SYSTEM,
    Step.LOWER: frozenset({Role.CENTER_LEAD}),
    Step.WITHDRAW: _CUSTOMER,
    Step.RESTORE: _CUSTOMER | _CENTRE,
    Step.MERGE: _CENTRE,
    Step.SPLIT: _CENTRE,
    Step.VISIT: _CUSTOMER | _HANDLING | _CENTRE,
    Step.ACKNOWLEDGE: _COLLEAGUES,
    Step.EXPLAIN: _HANDLING,
    Step.CALL: _COLLEAGUES,
    Step.CORRECT: _CENTRE,
    Step.DUTY: _CENTRE | _HANDLING | {Role.REVIEWER, Role.COMMANDER, Role.MEDIA_OFFICER},  # which, says the duty
    Step.TICK: _SYSTEM,
}
"""Who may take a step at all. Being the complaint's own customer, or the assignee of its task, is asked besides."""

_DECIDING = frozenset(
    {
        Step.CALL_BACK,
        Step.CLOSE,
        Step.CLOSE_UNSETTLED,
        Step.RESOLVE,
        Step.INVALIDATE,
        Step.MERGE,
        Step.HOLD,
        Step.REFUSE_HOLD,
        Step.LOWER,
        Step.DECIDE_EXTENSION,
        Step.DISPATCH,
        Step.DUTY,
        Step.CORRECT,
        Step.RELEASE,
    }
)
"""Steps that nobody takes on a complaint that names them."""

_ASSIGNEE_ONLY = frozenset(
    {
        Step.ACCEPT,
        Step.GIVE_BACK,
        Step.REPORT,
        Step.PROPOSE,
        Step.ASK_EXTENSION,
        Step.ASK_HOLD,
        Step.RESOLVE,
        Step.VISIT,
        Step.EXPLAIN,
    }
)
"""Steps of the work itself: a department's head takes them after taking the work over, not on somebody else's."""

_TASK_STEPS = _ASSIGNEE_ONLY | {Step.DUTY, Step.RESUME, Step.RESUME_PLAN}
"""What a colleague may do because the task is theirs, and nothing else makes them."""

_ANYBODYS = frozenset({Step.ACKNOWLEDGE, Step.CALL})
"""What whoever was told may answer: that they have it in hand, what came of a phone call."""


def allow(complaint: Complaint, step: Step, actor: Actor) -> None:
    """Raise NotAllowed unless `actor` may take `step` on this complaint. The one place where roles are checked."""
    roles = actor.roles & PERMISSIONS[step]
    if not roles:
        raise NotAllowed(f"{step} on {complaint.reference} needs one of: {', '.join(sorted(PERMISSIONS[step]))}")
    if actor.person is not None and actor.person in complaint.respondents and step in _DECIDING:
        raise NotAllowed(f"{complaint.reference} names you: {step} is for somebody else")
    if not any(_concerns(complaint, step, role, actor) for role in roles):
        raise NotAllowed(f"{complaint.reference} is not yours: {step} is for those it was given to")


def _concerns(complaint: Complaint, step: Step, role: Role, actor: Actor) -> bool:
    match role:
        case Role.CUSTOMER:
            return actor.person == complaint.complainant
        case Role.EMPLOYEE | Role.HANDLER if step in _ANYBODYS:
            return True
        case Role.EMPLOYEE if step in _TASK_STEPS:
            return _assigned(complaint, actor)
        case Role.EMPLOYEE:
            return actor.person == complaint.finder
        case Role.HANDLER:
            return _assigned(complaint, actor)
        case Role.DEPT_HEAD if step in _ASSIGNEE_ONLY:
            return _assigned(complaint, actor)
        case _:
            return True


def _assigned(complaint: Complaint, actor: Actor) -> bool:
    return complaint.task is not None and complaint.task.assignee == actor.person


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
    return replace(complaint, status=new, version=complaint.version + 1, marks=marks, **changes), event


def _marked(complaint: Complaint, kind: EventKind, raised: bool, now: datetime) -> tuple[Mark, ...]:
    new = {str(kind), RAISED} if raised else {str(kind)}
    return (*(m for m in complaint.marks if m.kind not in new), *(Mark(each, now) for each in sorted(new)))


def _over(visits: tuple[Visit, ...], new: Status, note: str, now: datetime) -> tuple[Visit, ...]:
    """Return the visits once the work is over: the open one took place if its time had come, else it is off."""

    def over(visit: Visit) -> Visit:
        took_place = new is Status.RESOLVED and visit.state is VisitState.CONFIRMED and visit.slot.start <= now
        return replace(visit, state=VisitState.DONE, offer=None, outcome=note) if took_place else visit.called_off()

    return tuple(over(visit) if visit.open else visit for visit in visits)
