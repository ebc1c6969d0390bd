"""The wording (口径): what everybody says to the customer about a complaint, so that no two answers differ (R-053).

Whoever works on it puts it down; it counts once whoever leads the centre, or commands the task force, has agreed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from complaints.change import Change, EventKind, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import Actor
from complaints.parts.work import Wording
from complaints.permissions import permitted
from complaints.vocabulary import Role


def put(complaint: Complaint, text: str, actor: Actor, now: datetime) -> Change:
    """Put a wording down in place of the one before; of somebody who may agree to it, it counts at once."""
    check(complaint, Step.WORD, actor)
    if not text.strip():
        raise Missing("text", f"{complaint.reference}: say what everybody should say")
    counts = permitted(complaint, Step.AGREE_WORDING, actor)
    wording = Wording(text.strip(), actor.person or "", now, now if counts else None)
    facts = {"agreed": "yes" if counts else "no"}
    complaint, event = move(
        complaint, Step.WORD, actor, now, EventKind.WORDING_PUT, wording.text, facts, wording=wording
    )
    if counts:
        return Change(complaint, (event,), _told(complaint, actor))
    asked = {"who": actor.person or "", "text": wording.text}
    return Change(complaint, (event,), (Notice(NoticeKind.WORDING_ASKED, To(role=Role.CENTER_LEAD), asked),))


def agree(complaint: Complaint, actor: Actor, now: datetime) -> Change:
    """The wording that waits counts from now on; whoever speaks with the customer reads it."""
    check(complaint, Step.AGREE_WORDING, actor)
    if complaint.wording is None or complaint.wording.agreed_at is not None:
        raise IllegalStep(f"{complaint.reference}: no wording waits to be agreed to")
    agreed = replace(complaint.wording, agreed_at=now)
    complaint, event = move(
        complaint, Step.AGREE_WORDING, actor, now, EventKind.WORDING_AGREED, agreed.text, wording=agreed
    )
    return Change(complaint, (event,), _told(complaint, actor))


def _told(complaint: Complaint, actor: Actor) -> tuple[Notice, ...]:
    assert complaint.wording is not None
    whom = dict.fromkeys(
        each
        for each in (complaint.owner, complaint.wording.by, *(part.assignee for part in complaint.parts))
        if each is not None
    )
    facts = {"text": complaint.wording.text, "who": actor.person or ""}
    return tuple(Notice(NoticeKind.WORDING_TOLD, To(person=each), facts, but_not=actor.person or "") for each in whom)
