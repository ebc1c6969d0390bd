"""Somebody other than the assignee contacts the customer themselves (R-037): nobody is phoned meanwhile, and they say what
came of it. Who stays silent is asked, then their lead hears of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import Ack
from complaints.promises import Terms, reach
from complaints.quiet import later
from complaints.vocabulary import Milestone, Role, Status

RULE = "contact_result"
_AFTER = (timedelta(hours=2), timedelta(days=1))  # asked; asked again, and the lead told
_TOLD = (EventKind.CONTACT_TOLD, EventKind.PLAN_PROPOSED, EventKind.RESOLVED)
CALM = timedelta(hours=4)
_LEAST = 2  # characters of a result


def take_on(complaint: Complaint, actor: Actor, terms: Terms, now: datetime, note: str = "") -> Change:
    """Somebody says that they contact the customer: it is in hand, and whoever was to be phoned about it is let alone.

    note: what came of an attempt that reached nobody; they go on trying.
    """
    check(complaint, Step.ACKNOWLEDGE, actor)
    assert actor.person is not None
    complaint, event = move(
        complaint,
        Step.ACKNOWLEDGE,
        actor,
        now,
        EventKind.CONTACTING,
        note,
        acks=(*complaint.acks, Ack(actor.person, now)),
        calls=tuple(replace(call, ended_at=now) if call.open else call for call in complaint.calls),
    )
    facts = {"who": actor.person, "at": now.isoformat()}
    notices = _for_assignee(complaint, NoticeKind.CONTACT_TOLD, facts, actor)
    return Change(reach(complaint, Milestone.ACKNOWLEDGED, terms, now), (event,), notices)


def tell(complaint: Complaint, words: str, actor: Actor, now: datetime) -> Change:
    """They say what came of it; the assignee hears it. Raises IllegalStep where no contact of theirs is open."""
    check(complaint, Step.ACKNOWLEDGE, actor)
    if _open(complaint) is None or _who(complaint) != actor.person:
        raise IllegalStep(f"{complaint.reference}: nobody waits for the result of a contact of yours")
    if len(words.strip()) < _LEAST:
        raise Missing("result", f"{complaint.reference}: say what came of it")
    complaint, event = move(complaint, Step.ACKNOWLEDGE, actor, now, EventKind.CONTACT_TOLD, words)
    facts = {"who": actor.person or "", "text": words}
    return Change(complaint, (event,), _for_assignee(complaint, NoticeKind.CONTACT_TOLD, facts, actor))


def _for_assignee(complaint: Complaint, kind: NoticeKind, facts: dict[str, str], actor: Actor) -> tuple[Notice, ...]:
    if complaint.task is None:
        return ()
    return (Notice(kind, To(person=complaint.task.assignee), facts, but_not=actor.person or ""),)


def _who(complaint: Complaint) -> str | None:
    since = complaint.marked(EventKind.CONTACTING)
    return next((ack.by for ack in reversed(complaint.acks) if ack.at == since), None)


def _open(complaint: Complaint) -> datetime | None:
    """Return since when somebody contacts the customer and has not said what came of it."""
    since = complaint.marked(EventKind.CONTACTING)
    if since is None or complaint.settled or complaint.status is Status.RESOLVED:
        return None
    told = (complaint.marked(kind) for kind in _TOLD)
    return None if any(at is not None and at >= since for at in told) else since


def is_under_way(complaint: Complaint, now: datetime) -> bool:
    """Say whether somebody lately said that they contact the customer: nobody is phoned about it meanwhile."""
    since = _open(complaint)
    return since is not None and now - since < CALM


def waits_for(complaint: Complaint, person: str) -> bool:
    """Say whether a person still has to say what came of their contact."""
    return _open(complaint) is not None and _who(complaint) == person


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield when whoever contacts the customer is asked what came of it."""
    since = _open(complaint)
    if since is None:
        return
    asked = complaint.marked(EventKind.CONTACT_ASKED)
    late = complaint.marked(EventKind.CONTACT_LATE)
    if asked is None or asked < since:
        yield Timer(RULE, f"{int(since.timestamp())}/0", later(since + _AFTER[0], terms.policy.quiet_staff, terms))
    elif late is None or late < since:
        yield Timer(RULE, f"{int(since.timestamp())}/1", later(since + _AFTER[1], terms.policy.quiet_staff, terms))


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Ask; the second time their lead hears of it, too."""
    if not any(timer == each for each in wanted(complaint, terms)):
        return None
    since, who = _open(complaint), _who(complaint)
    assert since is not None
    again = timer.occurrence.endswith("/1")
    kind = EventKind.CONTACT_LATE if again else EventKind.CONTACT_ASKED
    facts = {"who": who or "", "at": since.isoformat()} | ({"again": "yes"} if again else {})
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, kind)
    to = [To(person=who)] if who else []
    to += [To(role=Role.CENTER_LEAD)] if again else []
    return Change(complaint, (event,), tuple(Notice(NoticeKind.CONTACT_ASKED, each, facts) for each in to))
