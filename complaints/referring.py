"""A complaint that somebody else is for: its customer agrees to be handed on, and gets the right contact (R-006)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from complaints.change import Change, EventKind, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import Actor
from complaints.promises import Terms, reach
from complaints.visits import told_over
from complaints.vocabulary import Milestone, Role, TaskStatus

REFERRED = "referred"


def refer(complaint: Complaint, to: str, consent: bool, actor: Actor, terms: Terms, now: datetime) -> Change:
    """Hand a complaint on to whom it is for. Its customer reads to whom, and takes it back here by a word of discontent.

    to: who that is, and how to reach them. Raises Missing "consent" where the customer was not asked, "to" where nobody is
    named.
    """
    check(complaint, Step.REFER, actor)
    if not consent:
        raise Missing("consent", f"{complaint.reference}: only with the customer's consent is it handed on")
    if not to.strip():
        raise Missing("to", f"{complaint.reference}: say who is for it, and how to reach them")
    before = complaint
    tasks = tuple(replace(t, status=TaskStatus.GIVEN_BACK) if t.open else t for t in complaint.tasks)
    complaint, event = move(
        complaint,
        Step.REFER,
        actor,
        now,
        EventKind.REFERRED,
        to.strip(),
        closed_at=now,
        closed_as=REFERRED,
        referred_to=to.strip(),
        tasks=tasks,
        extension=None,
        hold=None,
    )
    complaint = reach(complaint, Milestone.CLOSED, terms, now)
    ended = {"as": REFERRED, "to": to.strip()}
    notices = [Notice(NoticeKind.REFERRED, To(person=complaint.complainant), {"text": to.strip()})]
    if complaint.owner is not None:
        notices.append(Notice(NoticeKind.STAFF_CLOSED, To(person=complaint.owner), ended))
    notices.append(Notice(NoticeKind.STAFF_CLOSED, To(role=Role.AGENT), ended))
    if complaint.finder is not None and complaint.finder != actor.person:
        notices.append(Notice(NoticeKind.FINDER_OUTCOME, To(person=complaint.finder), ended))
    return Change(complaint, (event,), (*notices, *told_over(before, complaint)))
