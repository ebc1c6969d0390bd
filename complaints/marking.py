"""Marks that keep a complaint out of the rates: a mystery customer's (R-091), and a drill."""

from __future__ import annotations

from datetime import datetime

from complaints.change import Change, EventKind
from complaints.complaint import Actor, Complaint
from complaints.errors import IllegalStep
from complaints.lifecycle import Step, move

MYSTERY, DRILL = "mystery", "drill"


def mark(complaint: Complaint, what: str, on: bool, actor: Actor, now: datetime) -> Change:
    """Set or take away a mark. Nobody is told: whoever handles it must not see that it is no ordinary complaint."""
    if getattr(complaint, what) is on:
        raise IllegalStep(f"{complaint.reference}: it is marked so already")
    facts = {"what": what, "on": "yes" if on else "no"}
    complaint, event = move(complaint, Step.MARK, actor, now, EventKind.MARKED, "", facts, **{what: on})
    return Change(complaint, (event,))
