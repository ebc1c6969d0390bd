"""Work that nobody takes up goes back to the service centre, once everybody has been told of it in vain (trap 36), and what
somebody who left had in hand.

What nobody takes up only where the policy says after how many overdue notices; the ladder of these is through by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.lifecycle import TRANSITIONS, Step, move
from complaints.parts.actors import SYSTEM
from complaints.parts.timing import Deadline
from complaints.parts.work import Task
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
    ended = tuple(replace(each, ended_at=now) if each is deadline else each for each in complaint.deadlines)
    change = _taken(replace(complaint, deadlines=ended), task, facts, now)
    told = Notice(NoticeKind.UNASSIGNED, To(person=task.assignee), {"taken_back": "yes"})
    return replace(change, notices=(told, *change.notices))


def left(complaint: Complaint, now: datetime) -> Change | None:
    """Return that nobody has it any more, for its assignee is not with the company; None where nobody can take it away now."""
    task = complaint.task
    if task is None or (complaint.status, Step.TAKE_AWAY) not in TRANSITIONS:
        return None
    return _taken(complaint, task, {"who": task.assignee, "left": "yes"}, now)


def _taken(complaint: Complaint, task: Task, facts: Mapping[str, str], now: datetime) -> Change:
    """Let nobody have it; the superior of whoever had it, the centre and its lead hear so."""
    complaint, event = move(
        complaint,
        Step.TAKE_AWAY,
        SYSTEM,
        now,
        EventKind.GIVEN_BACK,
        "",
        facts,
        tasks=tuple(replace(t, status=TaskStatus.GIVEN_BACK) if t is task else t for t in complaint.tasks),
        owner=None,
        extension=None,
        hold=None,
        kept_result=None,
        nobody_since=now,
        nobody_told=0,
    )
    others = (To(superior_of=task.assignee), To(role=Role.AGENT), To(role=Role.CENTER_LEAD))
    return Change(complaint, (event,), tuple(Notice(NoticeKind.GIVEN_BACK, to, facts) for to in others))
