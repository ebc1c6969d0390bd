"""Appointments at the customer's place: proposed by one side, agreed by the other, moved, cancelled, and what came of them.

Each step takes the complaint as it is, who acts, the terms and `now`, and returns a Change; or raises Refused.
Source: R-035, R-067. A complaint has one open task at the most, and so one visit that is open.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from complaints.change import Change, EventKind, Notice, NoticeKind, To
from complaints.chasing import others
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import Actor
from complaints.parts.asking import Slot, Visit
from complaints.promises import Terms, reach
from complaints.vocabulary import Milestone, Role, Side, VisitState

_LONGEST = timedelta(days=1)


def side_of(complaint: Complaint, person: str | None) -> Side:
    """Return for which of the two a person speaks."""
    return Side.CUSTOMER if person == complaint.complainant else Side.STAFF


def to_side(complaint: Complaint, side: Side) -> To:
    """Return whom a side is told by: the customer, whoever has the task, else the service centre."""
    if side is Side.CUSTOMER:
        return To(person=complaint.complainant)
    assignee = complaint.task.assignee if complaint.task else complaint.owner
    return To(person=assignee) if assignee else To(role=Role.AGENT)


def facts_of(visit: Visit, slot: Slot, side: Side, **more: str) -> dict[str, str]:
    """Return what a notice to `side` carries of a visit, with the agreed time where another one is spoken of."""
    facts = {
        "visit": str(visit.number),
        "side": str(side),
        "start": slot.start.isoformat(),
        "end": slot.end.isoformat(),
    }
    if visit.offer is not None and slot is visit.offer:
        facts |= {"old_start": visit.slot.start.isoformat(), "old_end": visit.slot.end.isoformat()}
    return facts | {name: value for name, value in more.items() if value}


def with_visit(complaint: Complaint, visit: Visit) -> tuple[Visit, ...]:
    """Return the complaint's visits with `visit` in the place of the one that has its number."""
    others = tuple(each for each in complaint.visits if each.number != visit.number)
    return (*others, visit)


def missed_by_customer(complaint: Complaint) -> int:
    """Return how often the customer was not there at the time agreed."""
    return sum(visit.missed_by is Side.CUSTOMER for visit in complaint.visits)


def propose(
    complaint: Complaint,
    start: datetime,
    end: datetime | None,
    actor: Actor,
    terms: Terms,
    now: datetime,
    text: str = "",
) -> Change:
    """Name a time: the first one, another in answer to one, or another than the one agreed, which stays until the yes.

    end: None for a visit of the policy's usual length. text: how the person put it. Naming the very time that the other side
    has proposed agrees to it. Raises IllegalStep for a time that is over, or is no time of day but days.
    """
    check(complaint, Step.VISIT, actor)
    if (end or start) <= now:
        raise IllegalStep(f"{complaint.reference}: that time is in the past")
    start = max(start, now.replace(second=0, microsecond=0)).astimezone(UTC)  # "this afternoon", said in the afternoon
    end = end.astimezone(UTC) if end else start + terms.policy.visits.length
    if not timedelta(0) < end - start <= _LONGEST:
        raise IllegalStep(f"{complaint.reference}: a visit needs a time of day, not days")
    side = side_of(complaint, actor.person)
    before = complaint.visit
    slot = Slot(start, end, side, now)
    if before is not None and before.awaits is side and before.pending is not None and _same(before.pending, slot):
        return agree(complaint, actor, terms, now)
    visit = _named(complaint, before, slot)
    facts = facts_of(visit, slot, side.other, text=text)
    note = f"{start.isoformat()}/{end.isoformat()}"
    complaint, event = move(
        complaint, Step.VISIT, actor, now, EventKind.VISIT_PROPOSED, note, facts, visits=with_visit(complaint, visit)
    )
    return Change(complaint, (event,), (Notice(NoticeKind.VISIT_OFFER, to_side(complaint, side.other), facts),))


def _same(one: Slot, other: Slot) -> bool:
    return (one.start, one.end) == (other.start, other.end)


def _named(complaint: Complaint, before: Visit | None, slot: Slot) -> Visit:
    """Return the visit once `slot` was named for it."""
    if before is None:
        task = complaint.task.number if complaint.task else 0
        return Visit(len(complaint.visits) + 1, task, VisitState.PROPOSED, slot)
    if before.state is VisitState.PROPOSED:
        return replace(before, slot=slot, history=(*before.history, before.slot))
    dropped = (before.offer,) if before.offer is not None else ()
    return replace(before, offer=slot, history=(*before.history, *dropped))


def _waiting(complaint: Complaint, actor: Actor) -> tuple[Visit, Slot, Side]:
    """Return the visit, and the time in it that waits for the word of the actor's side."""
    check(complaint, Step.VISIT, actor)
    side, visit = side_of(complaint, actor.person), complaint.visit
    if visit is None or visit.awaits is not side or visit.pending is None:
        raise IllegalStep(f"{complaint.reference}: no time for a visit waits for your answer")
    return visit, visit.pending, side


def agree(complaint: Complaint, actor: Actor, terms: Terms, now: datetime, at: datetime | None = None) -> Change:
    """The other side says yes to the time that was named: it is the appointment from now on, and both are told.

    at: when within it, of whoever was offered a longer time: "the morning". Raises IllegalStep for a time outside.
    """
    visit, slot, _ = _waiting(complaint, actor)
    if at is not None:
        if not slot.start <= at < slot.end:
            raise IllegalStep(f"{complaint.reference}: that is not within the time that was named")
        slot = replace(slot, start=at.astimezone(UTC), end=at.astimezone(UTC) + terms.policy.visits.length)
    if slot.end <= now:
        raise IllegalStep(f"{complaint.reference}: that time is in the past")
    moved = visit.agreed_at is not None
    visit = replace(
        visit,
        state=VisitState.CONFIRMED,
        slot=slot,
        offer=None,
        history=(*visit.history, visit.slot) if moved else visit.history,
        sequence=visit.sequence + moved,
        agreed_at=now,
        asked=0,
    )
    facts = {"visit": str(visit.number), "start": slot.start.isoformat(), "end": slot.end.isoformat()}
    complaint, event = move(
        complaint, Step.VISIT, actor, now, EventKind.VISIT_AGREED, "", facts, visits=with_visit(complaint, visit)
    )
    complaint = reach(complaint, Milestone.SERVICE_CONFIRMED, terms, now)
    return Change(complaint, (event,), _to_both(complaint, NoticeKind.VISIT_CONFIRMED, visit, slot, calendar="yes"))


def decline(complaint: Complaint, text: str, actor: Actor, now: datetime) -> Change:
    """The other side says no and names no other time: what was agreed stays, or nothing is agreed."""
    visit, slot, side = _waiting(complaint, actor)
    if visit.state is VisitState.CONFIRMED:
        visit = replace(visit, offer=None, history=(*visit.history, slot))
        kind, told = NoticeKind.VISIT_KEPT, visit.slot
    else:
        visit = replace(visit, state=VisitState.DECLINED, outcome=text)
        kind, told = NoticeKind.VISIT_DECLINED, slot
    facts = facts_of(visit, told, side.other, text=text)
    complaint, event = move(
        complaint, Step.VISIT, actor, now, EventKind.VISIT_DECLINED, text, facts, visits=with_visit(complaint, visit)
    )
    notices = [Notice(kind, to_side(complaint, side.other), facts)]
    if kind is NoticeKind.VISIT_KEPT:
        notices.append(Notice(kind, to_side(complaint, side), facts_of(visit, told, side)))
    return Change(complaint, (event,), tuple(notices))


def cancel(complaint: Complaint, text: str, actor: Actor, now: datetime) -> Change:
    """Either side calls the visit off; both are told."""
    check(complaint, Step.VISIT, actor)
    visit, side = complaint.visit, side_of(complaint, actor.person)
    if visit is None:
        raise IllegalStep(f"{complaint.reference}: no visit is arranged")
    told = visit.slot
    visit = visit.called_off(text)
    by = {"by": str(side), "text": text} | ({"calendar": "yes"} if visit.agreed_at else {})
    complaint, event = move(
        complaint,
        Step.VISIT,
        actor,
        now,
        EventKind.VISIT_CANCELLED,
        text,
        {"by": str(side)},
        visits=with_visit(complaint, visit),
    )
    return Change(complaint, (event,), _to_both(complaint, NoticeKind.VISIT_CANCELLED, visit, told, **by))


def _to_both(complaint: Complaint, kind: NoticeKind, visit: Visit, slot: Slot, **more: str) -> tuple[Notice, ...]:
    return tuple(
        Notice(kind, to_side(complaint, side), facts_of(visit, slot, side, **more))
        for side in (Side.CUSTOMER, Side.STAFF)
    )


def told_over(before: Complaint, after: Complaint) -> tuple[Notice, ...]:
    """Return the notices that call an agreed visit off which ended because the work did (`complaints.lifecycle.move`)."""
    was = before.visit
    now = next((visit for visit in after.visits if was and visit.number == was.number), None)
    if was is None or now is None or was.agreed_at is None or now.state is not VisitState.CANCELLED:
        return ()
    return _to_both(before, NoticeKind.VISIT_CANCELLED, now, now.slot, over="yes", calendar="yes")


# ── what came of it ───────────────────────────────────────────────────────────────────────────────────────────────────


def _agreed(complaint: Complaint, actor: Actor, now: datetime) -> Visit:
    """Return the visit whose time has come; staff say what came of it."""
    check(complaint, Step.VISIT, actor)
    visit = complaint.visit
    if visit is None or visit.state is not VisitState.CONFIRMED:
        raise IllegalStep(f"{complaint.reference}: no visit is arranged")
    if side_of(complaint, actor.person) is Side.CUSTOMER:
        raise IllegalStep(f"{complaint.reference}: what came of the visit is for the assignee to say")
    if now < visit.slot.start:
        raise IllegalStep(f"{complaint.reference}: the time of the visit has not come yet")
    return visit


def done(complaint: Complaint, result: str, actor: Actor, now: datetime) -> Change:
    """Somebody went, and says in a line what came of it. Raises Missing without that line."""
    visit = _agreed(complaint, actor, now)
    if not result.strip():
        raise Missing("result", f"{complaint.reference}: say what came of the visit")
    visit = replace(visit, state=VisitState.DONE, offer=None, outcome=result)
    facts = {"visit": str(visit.number)}
    complaint, event = move(
        complaint, Step.VISIT, actor, now, EventKind.VISIT_DONE, result, facts, visits=with_visit(complaint, visit)
    )
    return Change(complaint, (event,))


def missed(complaint: Complaint, by: Side, text: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """One side was not there: the customer is asked for another time; where it was we, with an apology, and superiors hear it.

    text: why, in the assignee's words, for the desk only.
    """
    visit = replace(_agreed(complaint, actor, now), state=VisitState.MISSED, offer=None, outcome=text, missed_by=by)
    slot = visit.slot
    complaint = replace(complaint, visits=with_visit(complaint, visit))
    facts = facts_of(visit, slot, Side.CUSTOMER, by=str(by))
    if by is Side.CUSTOMER:
        facts["count"] = str(missed_by_customer(complaint))
    complaint, event = move(complaint, Step.VISIT, actor, now, EventKind.VISIT_MISSED, text, facts)
    notices = [Notice(NoticeKind.VISIT_MISSED, to_side(complaint, Side.CUSTOMER), facts)]
    if by is Side.STAFF:
        told = facts_of(visit, slot, Side.STAFF, who=complaint.owner or actor.person or "", text=text)
        notices += [
            Notice(NoticeKind.STAFF_VISIT_MISSED, to, told) for to in others(terms.policy.visits.missed_tell, complaint)
        ]
    return Change(complaint, (event,), tuple(notices))


DISPUTED_WITHIN = timedelta(days=7)  # after it was told that the customer was not there


def disputable(complaint: Complaint, now: datetime) -> Visit | None:
    """Return the visit at which their absence was told to the customer lately; None where there is none."""
    last = max(complaint.visits, key=lambda visit: visit.number, default=None)
    if last is None or last.state is not VisitState.MISSED or last.missed_by is not Side.CUSTOMER:
        return None
    return last if now - last.slot.end <= DISPUTED_WITHIN else None


def disputed(complaint: Complaint, text: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """The customer says that they were there and nobody came: it counts against neither side until somebody has looked, those
    above hear it and are to call, and the customer reads that, with an apology, and is asked for another time.
    """
    visit = disputable(complaint, now)
    about: dict[str, str] = {}
    if visit is not None:
        complaint = replace(complaint, visits=with_visit(complaint, replace(visit, missed_by=None)))
        about = facts_of(visit, visit.slot, Side.CUSTOMER)
    about["side"] = str(Side.CUSTOMER)
    complaint, event = move(complaint, Step.SUPPLEMENT, actor, now, EventKind.SUPPLEMENTED, text, {"disputed": "yes"})
    said = {**about, "side": str(Side.STAFF), "who": complaint.owner or "", "text": text, "disputed": "yes"}
    above = (*others(terms.policy.visits.missed_tell, complaint), To(role=Role.CENTER_LEAD), To(duty_desk=True))
    return Change(
        complaint,
        (event,),
        (
            Notice(NoticeKind.VISIT_MISSED, to_side(complaint, Side.CUSTOMER), about | {"disputed": "yes"}),
            Notice(NoticeKind.STAFF_SUPPLEMENT, to_side(complaint, Side.STAFF), {"text": text}),
            *(Notice(NoticeKind.STAFF_VISIT_MISSED, to, said) for to in dict.fromkeys(above)),
        ),
    )
