"""Work that waits: its clocks stand still for a while, for a reason the policy allows, and its customer sees it (C3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing
from complaints.handling import taken_on
from complaints.lifecycle import Step, check, move
from complaints.limits import Limit, due
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import HoldRequest, Pause
from complaints.promises import Terms, due_facts, work_deadline
from complaints.rescheduling import rescheduled
from complaints.vocabulary import UNASKED, Status, WaitsFor

ENDS = "hold_ends"


def ask_hold(
    complaint: Complaint,
    limit: Limit | None,
    waits_for: WaitsFor | None,
    reason: str,
    actor: Actor,
    terms: Terms,
    now: datetime,
) -> Change:
    """The assignee asks that the clocks stand still for `limit` from the approval on.

    waits_for: None is what the policy allows, where that is one thing. Only in time, with a reason, so often and so long as
    the policy says: a pause must not be a way round a promise.
    """
    rule = terms.policy.hold
    before = taken_on(complaint, actor, terms, now, told=False)
    complaint = before.complaint
    check(complaint, Step.ASK_HOLD, actor)
    reference = complaint.reference
    if complaint.hold is not None or complaint.extension is not None:
        raise IllegalStep(f"{reference}: more time or a pause has been asked for and is not decided yet")
    waits_for = _allowed(waits_for, complaint, terms)
    deadline = work_deadline(complaint)
    if deadline is None or not any(_pauses(each.clock, each.profile, terms) for each in complaint.running):
        raise IllegalStep(f"{reference}: no clock is running that may stand still")
    if deadline.overdue(now):
        raise IllegalStep(f"{reference}: the promise is already overdue, its clock cannot be stopped any more")
    if limit is None:
        raise Missing("limit", f"{reference}: say how long it has to wait, such as 3d")
    if _until(limit, terms, now) > _until(rule.longest, terms, now):
        raise IllegalStep(f"{reference}: the policy lets work wait {rule.longest} at the most")
    if not reason.strip():
        raise Missing("reason", f"{reference}: say what it waits for, the customer reads it")
    assert actor.person is not None
    request = HoldRequest(actor.person, now, waits_for, str(limit), reason, rule.approver)
    facts = {"limit": str(limit), "waits_for": waits_for}
    complaint, event = move(complaint, Step.ASK_HOLD, actor, now, EventKind.HOLD_ASKED, reason, facts, hold=request)
    told = facts | {"who": actor.person, "reason": reason, "due": deadline.due_at.isoformat()}
    return before + Change(complaint, (event,), (Notice(NoticeKind.HOLD_ASKED, To(role=rule.approver), told),))


def may_wait(terms: Terms) -> bool:
    """Say whether a policy lets work wait for anything at all."""
    return bool(terms.policy.hold.waits_for) and any(clock.pauses for clock in terms.policy.clocks)


def _allowed(waits_for: WaitsFor | None, complaint: Complaint, terms: Terms) -> WaitsFor:
    """Return what is waited for. Raises IllegalStep where the policy lets nobody wait for it, or not again."""
    rule, reference = terms.policy.hold, complaint.reference
    if not may_wait(terms):
        raise IllegalStep(f"{reference}: its policy {terms.policy.name} lets no clock stand still")
    if waits_for is None and len(rule.waits_for) == 1:
        [waits_for] = rule.waits_for
    if waits_for not in rule.waits_for:
        raise IllegalStep(f"{reference}: the policy lets work wait only for: {', '.join(sorted(rule.waits_for))}")
    used = sum(pause.round == complaint.round and pause.waits_for not in UNASKED for pause in complaint.pauses)
    if used >= rule.times:
        raise IllegalStep(f"{reference}: it has waited {rule.times} time(s), as often as its policy lets it")
    return waits_for


def _pauses(clock: str, profile: str, terms: Terms) -> bool:
    known = terms.policy.clock(clock, profile)
    return known is not None and known.pauses


def _until(limit: Limit, terms: Terms, now: datetime) -> datetime:
    return due(now, limit, terms.calendar, terms.policy.day_mode).at


def lengths(wanted: Iterable[str], terms: Terms, now: datetime) -> str:
    """Return those of some limits that the policy lets work wait for, with commas."""
    longest = _until(terms.policy.hold.longest, terms, now)
    return ",".join(each for each in wanted if _until(Limit.parse(each), terms, now) <= longest)


def decide_hold(complaint: Complaint, granted: bool, note: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """The approver decides. If granted, the clocks stand still from now on, and the customer is told why and until when."""
    check(complaint, Step.HOLD if granted else Step.REFUSE_HOLD, actor)
    request = complaint.hold
    if request is None:
        raise IllegalStep(f"{complaint.reference}: no pause has been asked for")
    if actor.person == request.asked_by:
        raise IllegalStep(f"{complaint.reference}: nobody decides on their own request")
    facts = {"granted": "yes" if granted else "no", "limit": request.limit, "waits_for": str(request.waits_for)}
    if not granted:
        complaint, event = move(
            complaint, Step.REFUSE_HOLD, actor, now, EventKind.HOLD_REFUSED, note, {"limit": request.limit}, hold=None
        )
        decided = Notice(NoticeKind.HOLD_DECIDED, To(person=request.asked_by), facts | {"note": note})
        return Change(complaint, (event,), (decided,))
    until = _until(Limit.parse(request.limit), terms, now)
    pause = Pause(
        begins=now,
        until=until,
        waits_for=request.waits_for,
        reason=request.reason,
        approved_by=actor.person,
        round=complaint.round,
        back_to=complaint.status,
    )
    facts["until"] = until.isoformat()
    complaint, event = move(
        complaint,
        Step.HOLD,
        actor,
        now,
        EventKind.HELD,
        request.reason,
        facts,
        hold=None,
        pauses=(*complaint.pauses, pause),
    )
    complaint = rescheduled(complaint, terms, now)
    told = facts | {"reason": request.reason}
    return Change(
        complaint,
        (event,),
        (
            # Each reads what concerns them: the limit of the work, the next word that was promised.
            Notice(NoticeKind.HOLD_DECIDED, To(person=request.asked_by), told | _work_due(complaint) | {"note": note}),
            Notice(NoticeKind.HELD, To(person=complaint.complainant), told | due_facts(complaint, terms)),
        ),
    )


def resume(complaint: Complaint, actor: Actor, terms: Terms, now: datetime) -> Change:
    """The work goes on where it stood: what is left of every limit runs again, and the customer hears the new moment."""
    pause = complaint.pause
    if pause is None and complaint.hold is not None:
        return _take_back(complaint, complaint.hold, actor, now)
    step = Step.RESUME_PLAN if pause is not None and pause.back_to is Status.EXECUTING else Step.RESUME
    complaint, event = move(complaint, step, actor, now, EventKind.RESUMED)
    complaint = rescheduled(complaint, terms, now)
    facts = due_facts(complaint, terms)
    notices = [Notice(NoticeKind.RESUMED, To(person=complaint.complainant), facts)]
    if complaint.owner is not None and complaint.owner != actor.person:
        by_itself = {"by_itself": "yes"} if actor.person is None else {}
        notices.append(Notice(NoticeKind.STAFF_RESUMED, To(person=complaint.owner), _work_due(complaint) | by_itself))
    for part in complaint.parts:
        theirs = {"due": part.due_at.isoformat()} if part.due_at is not None else {}
        notices.append(Notice(NoticeKind.STAFF_RESUMED, To(person=part.assignee), theirs))
    return Change(complaint, (event,), tuple(notices))


def _take_back(complaint: Complaint, asked: HoldRequest, actor: Actor, now: datetime) -> Change:
    """The assignee goes on before anybody has decided: nothing is to be decided any more."""
    facts = {"what": "hold", "limit": asked.limit}
    complaint, event = move(complaint, Step.ASK_HOLD, actor, now, EventKind.REQUEST_DROPPED, "", facts, hold=None)
    return Change(complaint, (event,))


def _work_due(complaint: Complaint) -> dict[str, str]:
    work = work_deadline(complaint)
    return {"due": work.due_at.isoformat()} if work else {}


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield the end of the pause that lasts."""
    pause = complaint.pause
    if complaint.status is Status.ON_HOLD and pause is not None:
        yield Timer(ENDS, str(len(complaint.pauses)), pause.until)


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """The pause has run out: the work goes on by itself."""
    pause = complaint.pause
    if complaint.status is not Status.ON_HOLD or pause is None or timer.occurrence != str(len(complaint.pauses)):
        return None
    return resume(complaint, SYSTEM, terms, now)
