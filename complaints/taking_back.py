"""Work that nobody takes up goes back to the service centre, once everybody has been told of it in vain (trap 36).

Only where the policy says after how many overdue notices; the ladder of these is through by then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.lifecycle import Step, move
from complaints.parts.actors import SYSTEM
from complaints.parts.timing import Deadline
from complaints.promises import Terms
from complaints.quiet import at_work, later, waits_for_work
from complaints.vocabulary import Milestone, Role, Status, TaskStatus

RULE = "take_back"


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield when work is taken back that was given to somebody and not taken up: when it would be chased once more."""
    deadline = _unanswered(complaint, terms)
    if deadline is not None:
        at = deadline.due_at + terms.policy.overdue.nag_every * deadline.nags
        at = at_work(at, terms) if waits_for_work(complaint, deadline.limit, terms) else at
        occurrence = f"{deadline.round}.{deadline.setting}/{deadline.nags}"
        yield Timer(f"{RULE}:{deadline.clock}", occurrence, later(at, terms.policy.quiet_staff, terms))


def _unanswered(complaint: Complaint, terms: Terms) -> Deadline | None:
    """Return the limit for taking it on that was chased as often as the policy wants; None where there is none."""
    enough = terms.policy.overdue.take_back_after
    if not enough or complaint.status is not Status.DISPATCHED or complaint.task is None:
        return None
    to_accept = [d for d in complaint.running if d.whose is None and _kept_by_accepting(d, terms)]
    last = to_accept[-1] if to_accept else None
    return last if last is not None and last.nags - last.off >= enough else None


def _kept_by_accepting(deadline: Deadline, terms: Terms) -> bool:
    clock = terms.policy.clock(deadline.clock, deadline.profile)
    return clock is not None and Milestone.ACCEPTED in clock.met_by


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Take it back: whoever had it, their superior, the centre and its lead hear so; from then on nobody has it."""
    if not any((timer.rule, timer.occurrence) == (each.rule, each.occurrence) for each in wanted(complaint, terms)):
        return None
    task, deadline = complaint.task, _unanswered(complaint, terms)
    assert task is not None
    assert deadline is not None
    facts = {"who": task.assignee, "taken_back": "yes", "count": str(deadline.nags - deadline.off)}
    complaint, event = move(
        complaint,
        Step.TAKE_AWAY,
        SYSTEM,
        now,
        EventKind.GIVEN_BACK,
        "",
        facts,
        tasks=tuple(replace(t, status=TaskStatus.GIVEN_BACK) if t is task else t for t in complaint.tasks),
        deadlines=tuple(replace(d, ended_at=now) if d is deadline else d for d in complaint.deadlines),
        owner=None,
        extension=None,
        hold=None,
        kept_result=None,
        nobody_since=now,
        nobody_told=0,
    )
    others = (To(superior_of=task.assignee), To(role=Role.AGENT), To(role=Role.CENTER_LEAD))
    told = [Notice(NoticeKind.UNASSIGNED, To(person=task.assignee), {"taken_back": "yes"})]
    return Change(complaint, (event,), (*told, *(Notice(NoticeKind.GIVEN_BACK, to, facts) for to in others)))
