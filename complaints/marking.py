"""Marks that keep a complaint out of the rates: a mystery customer's (R-091), and a drill."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from complaints.change import Change, EventKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep
from complaints.lifecycle import Step, move
from complaints.parts.actors import Actor
from complaints.vocabulary import TaskStatus

MYSTERY, DRILL = "mystery", "drill"


def mark(complaint: Complaint, what: str, on: bool, actor: Actor, now: datetime) -> Change:
    """Set or take away a mark. Nobody is told: whoever handles it must not see that it is no ordinary complaint."""
    if getattr(complaint, what) is on:
        raise IllegalStep(f"{complaint.reference}: it is marked so already")
    facts = {"what": what, "on": "yes" if on else "no"}
    complaint, event = move(complaint, Step.MARK, actor, now, EventKind.MARKED, "", facts, **{what: on})
    return Change(complaint, (event,))


def end_drill(complaint: Complaint, actor: Actor, now: datetime) -> Change:
    """Put a practice complaint away, whatever it had come to: every clock of it ends, and nobody is told."""
    if not complaint.drill:
        raise IllegalStep(f"{complaint.reference} is no drill")
    facts = {"what": DRILL, "on": "over"}
    complaint, event = move(
        complaint,
        Step.END_DRILL,
        actor,
        now,
        EventKind.MARKED,
        "",
        facts,
        closed_at=now,
        closed_as=DRILL,
        extension=None,
        hold=None,
        tasks=tuple(replace(t, status=TaskStatus.GIVEN_BACK) if t.open else t for t in complaint.tasks),
        surveys=tuple(replace(s, expired_at=now) if s.open else s for s in complaint.surveys),
    )
    return Change(complaint, (event,))
