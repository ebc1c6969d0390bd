"""What colleagues note for each other. It is an event and nothing else: no notice and no part of the complaint holds it."""

from __future__ import annotations

from datetime import datetime

from complaints.change import Change, EventKind
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import Actor


def note(complaint: Complaint, text: str, actor: Actor, now: datetime) -> Change:
    """Keep a line for colleagues that the customer never reads (trap 47). Raises Missing "text" without one."""
    check(complaint, Step.NOTE, actor)
    if not text.strip():
        raise Missing("text", f"{complaint.reference}: say what is to be noted")
    complaint, event = move(complaint, Step.NOTE, actor, now, EventKind.NOTED, text.strip())
    return Change(complaint, (event,))
