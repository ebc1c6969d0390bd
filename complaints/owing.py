"""What is owed and cannot be met once work or complaint is over: it ends visibly, and comes back with what goes on."""

from __future__ import annotations

from dataclasses import replace

from complaints.change import Change, Event, EventKind
from complaints.complaint import Complaint
from complaints.parts.actors import SYSTEM
from complaints.parts.timing import Deadline
from complaints.vocabulary import Lasts, Status


def over(change: Change) -> Change:
    """Return the change with the deadlines ended that can be met no more, and an event that says which.

    However that came about: done, closed, withdrawn, judged invalid, reopened. What is merged rests until it goes on.
    """
    complaint = change.complaint
    gone = {d.clock: d for d in complaint.deadlines if d.open and not complaint.runs(d)}
    if not gone or not change.events or complaint.status in (Status.MERGED, Status.DRAFT):
        return change
    now, status = change.events[-1].at, complaint.status
    deadlines = tuple(replace(d, ended_at=now) if d.open and not complaint.runs(d) else d for d in complaint.deadlines)
    event = Event(EventKind.PROMISE_ENDED, now, None, SYSTEM.channel, status, status, "", {"ended": ",".join(gone)})
    return replace(change, complaint=replace(complaint, deadlines=deadlines), events=(*change.events, event))


def revived(complaint: Complaint) -> tuple[Deadline, ...]:
    """Return the deadlines of a complaint that is over and goes on, with what ended by that as it was."""
    return tuple(_revived(d) if _ended_by_closing(d, complaint) else d for d in complaint.deadlines)


def owed_again(complaint: Complaint) -> tuple[Deadline, ...]:
    """Return the deadlines of a closed complaint that is reopened, with what is owed apart from the work as it was."""
    return tuple(
        _revived(d) if _ended_by_closing(d, complaint) and d.lasts is not Lasts.WORK else d for d in complaint.deadlines
    )


def _ended_by_closing(deadline: Deadline, complaint: Complaint) -> bool:
    """Say whether a deadline ended with its complaint, and no later one of its clock has taken its place."""
    later = complaint.deadlines[complaint.deadlines.index(deadline) + 1 :]
    replaced = any((d.clock, d.round, d.profile) == (deadline.clock, deadline.round, deadline.profile) for d in later)
    return deadline.ended_at == complaint.closed_at and not replaced


def _revived(deadline: Deadline) -> Deadline:
    return replace(deadline, ended_at=None)
