"""How a complaint stands, as the words tell it: what is waited for, and every promise with its arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from complaints import mediating
from complaints.complaint import Complaint
from complaints.missed_promises import is_promise
from complaints.parts.asking import Visit
from complaints.parts.timing import Deadline
from complaints.promises import Terms, work_deadline
from complaints.vocabulary import Status, TaskStatus, VisitState

_WAITS = {
    Status.DRAFT: "",
    Status.NEW: "assignment",
    Status.UNDER_REVIEW: "review",
    Status.ACCEPTED: "assignment",
    Status.DISPATCHED: "accept",
    Status.WORKING: "work",
    Status.PROPOSED: "plan_answer",
    Status.EXECUTING: "work",
    Status.RESOLVED: "rating",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline as people read it. state: running, overdue, kept, late (kept after its moment) or ended."""

    clock: str
    limit: str
    round: int
    started_at: datetime
    due: datetime
    state: str
    met_at: datetime | None
    extended: int
    steps: Sequence[str]
    provisional: bool


def waits_for(complaint: Complaint, now: datetime) -> str:
    """Return what has to happen next, as a code of the table `awaits`; empty where nothing does.

    A visit is waited for until its time is over, whether or not anybody has said what came of it.
    """
    if mediating.under_way(complaint) is not None:
        return "mediation"
    if complaint.pause is not None:
        return str(complaint.pause.waits_for)
    visit = _coming(complaint, now)
    if visit is not None and visit.state is VisitState.PROPOSED:
        return "visit_answer"
    return "visit" if visit is not None else _WAITS.get(complaint.status, "")


def visit_at(complaint: Complaint, now: datetime) -> datetime | None:
    """Return when somebody comes, if that is agreed."""
    visit = _coming(complaint, now)
    return visit.slot.start if visit is not None and visit.state is VisitState.CONFIRMED else None


def _coming(complaint: Complaint, now: datetime) -> Visit | None:
    visit = complaint.visit
    return visit if visit is not None and now < visit.slot.end else None


def open_points(complaint: Complaint) -> int:
    """Return how many parts of the complaint are still to be done."""
    return sum(task.status in (TaskStatus.DISPATCHED, TaskStatus.WORKING) for task in complaint.tasks)


def running(complaint: Complaint, now: datetime) -> list[Term]:
    """Return every running deadline, the soonest first."""
    return [_term(deadline, now) for deadline in complaint.running]


def next_limit(complaint: Complaint, now: datetime) -> Deadline | None:
    """Return the soonest limit of the assignee that is still to come, where that is not the work's own."""
    work = work_deadline(complaint)
    own = (each for each in complaint.running if each.whose is None and each.due_at > now)
    soonest = next(own, None)
    return None if soonest is work else soonest


def sooner(complaint: Complaint, *, mine: bool) -> Deadline | None:
    """Return the soonest limit that runs, come or past, where that lies before the work's own. mine: of the assignee's only."""
    work = work_deadline(complaint)
    soonest = next((each for each in complaint.running if not mine or each.whose is None), None)
    return soonest if soonest is not None and (work is None or soonest.due_at < work.due_at) else None


def promises(complaint: Complaint, terms: Terms, now: datetime) -> list[Term]:
    """Return every deadline whose moment the customer was told, kept or not, in the order in which they were promised."""
    return [_term(deadline, now) for deadline in complaint.deadlines if is_promise(deadline, terms)]


def _term(deadline: Deadline, now: datetime) -> Term:
    if deadline.met_at is not None:
        state = "kept" if deadline.met_at <= deadline.due_at else "late"
    elif deadline.ended_at is not None:
        state = "ended"
    else:
        state = "overdue" if deadline.overdue(now) else "running"
    return Term(
        clock=deadline.clock,
        limit=deadline.limit,
        round=deadline.round,
        started_at=deadline.started_at,
        due=deadline.due_at,
        state=state,
        met_at=deadline.met_at,
        extended=deadline.extended,
        steps=deadline.steps,
        provisional=deadline.provisional,
    )
