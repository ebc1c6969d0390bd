"""A third party mediates between the company and its customer, who knows who and until when (R-078).

Where the policy lets work wait for a third party, a pause is asked for with it, and decided as any other; else clocks run on.
After the day whoever has the work is asked what came of it, day by day, from the second time on the centre's lead hears, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.handling import taken_on
from complaints.holding import ask_hold, resume
from complaints.lifecycle import Step, check, move
from complaints.limits import Limit, Unit
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import Mediation
from complaints.promises import Terms, due_facts
from complaints.quiet import later, quiet_staff
from complaints.vocabulary import Role, Status, WaitsFor

RULE = "mediation"
_DAY = timedelta(days=1)
_OVER = frozenset({Status.RESOLVED, Status.MERGED})


def under_way(complaint: Complaint) -> Mediation | None:
    """Return the mediation whose result is waited for, if there is one."""
    if complaint.settled or complaint.status in _OVER:
        return None
    last = complaint.mediations[-1] if complaint.mediations else None
    return last if last is not None and last.ended_at is None and last.round == complaint.round else None


def begin(
    complaint: Complaint, mediator: str, until: datetime | None, actor: Actor, terms: Terms, now: datetime
) -> Change:
    """Somebody else mediates; said again, it is another day, or somebody else. until: when its result is expected."""
    check(complaint, Step.MEDIATE, actor)
    if not mediator.strip():
        raise Missing("mediator", f"{complaint.reference}: say who mediates")
    if until is None or until <= now:
        raise Missing("day", f"{complaint.reference}: say on which day to come")
    assert actor.person is not None
    before = taken_on(complaint, actor, terms, now, told=False)
    complaint, again = before.complaint, under_way(before.complaint)
    number = again.number if again else len(complaint.mediations) + 1
    mediation = Mediation(number, mediator.strip(), until, actor.person, now, round=complaint.round)
    mediation = replace(mediation, asked=again.asked if again else 0)
    others = tuple(each for each in complaint.mediations if each is not again)
    facts = {"until": until.isoformat()} | ({"again": "yes"} if again else {})
    complaint, event = move(
        complaint,
        Step.MEDIATE,
        actor,
        now,
        EventKind.MEDIATION_BEGUN,
        mediation.mediator,
        facts,
        mediations=(*others, mediation),
        reported_at=now,
    )
    told = {"who": actor.person, "mediator": mediation.mediator} | facts
    notices = [Notice(NoticeKind.MEDIATION, To(person=complaint.complainant), told | due_facts(complaint, terms))]
    notices += _for_assignee(complaint, told, actor)
    change = before + Change(complaint, (event,), tuple(notices))
    return change + _pause(complaint, mediation, actor, terms, now)


def _pause(complaint: Complaint, mediation: Mediation, actor: Actor, terms: Terms, now: datetime) -> Change:
    """Ask that the clocks stand still meanwhile, where the policy and the work allow it."""
    if WaitsFor.THIRD_PARTY not in terms.policy.hold.waits_for or complaint.pause is not None:
        return Change(complaint)
    try:
        limit = _limit(mediation.until, terms, now)
        return ask_hold(complaint, limit, WaitsFor.THIRD_PARTY, mediation.mediator, actor, terms, now)
    except (IllegalStep, Missing, NotAllowed):
        return Change(complaint)  # nothing is lost by it: the clocks run on


def _limit(until: datetime, terms: Terms, now: datetime) -> Limit:
    zone = terms.calendar.zone
    days = (until.astimezone(zone).date() - now.astimezone(zone).date()).days
    if days > 0:
        return Limit(Decimal(days), Unit.DAYS)
    hours = Decimal((until - now) / timedelta(hours=1)).quantize(Decimal("0.1"), ROUND_CEILING)
    return Limit(hours, Unit.HOURS)


def end(complaint: Complaint, result: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """It is over, with this result, which the customer reads; the work goes on. Raises Missing without one."""
    check(complaint, Step.MEDIATE, actor)
    mediation = under_way(complaint)
    if mediation is None:
        raise IllegalStep(f"{complaint.reference}: no mediation is under way")
    if not result.strip():
        raise Missing("result", f"{complaint.reference}: say what came of the mediation")
    ended = replace(mediation, ended_at=now, result=result.strip())
    asked = complaint.hold is not None and complaint.hold.waits_for is WaitsFor.THIRD_PARTY
    complaint, event = move(
        complaint,
        Step.MEDIATE,
        actor,
        now,
        EventKind.MEDIATION_OVER,
        ended.result,
        {"mediator": ended.mediator},
        mediations=(*complaint.mediations[:-1], ended),
        hold=None if asked else complaint.hold,  # nothing is left to wait for
        reported_at=now,
        last_progress=ended.result,
        last_progress_at=now,
        told_alone=False,
    )
    told = {"who": actor.person or "", "mediator": ended.mediator, "result": ended.result}
    notices = [Notice(NoticeKind.MEDIATION_OVER, To(person=complaint.complainant), told)]
    notices += _for_assignee(complaint, told, actor)
    change = Change(complaint, (event,), tuple(notices))
    pause = complaint.pause
    if pause is None or pause.waits_for is not WaitsFor.THIRD_PARTY:
        return change
    return change + resume(complaint, SYSTEM, terms, now)


def _for_assignee(complaint: Complaint, told: dict[str, str], actor: Actor) -> list[Notice]:
    """Return the word to whoever has the work, where somebody else arranged it or told its result."""
    if complaint.owner is None:
        return []
    return [Notice(NoticeKind.MEDIATION_TOLD, To(person=complaint.owner), told, but_not=actor.person or "")]


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield when it is asked what came of it."""
    mediation = under_way(complaint)
    if mediation is not None:
        at = later(mediation.until + mediation.asked * _DAY, quiet_staff(complaint, terms), terms)
        yield Timer(RULE, _occurrence(mediation), at)


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Ask whoever has the work, else the centre; from the second time on its lead hears of it, too."""
    mediation = under_way(complaint)
    if mediation is None or timer.occurrence != _occurrence(mediation):
        return None
    again = replace(mediation, asked=mediation.asked + 1)
    complaint, event = move(
        complaint,
        Step.TICK,
        SYSTEM,
        now,
        EventKind.MEDIATION_ASKED,
        mediations=(*complaint.mediations[:-1], again),
    )
    facts = {"mediator": mediation.mediator, "until": mediation.until.isoformat()}
    whose = To(person=complaint.owner) if complaint.owner is not None else To(role=Role.AGENT)
    notices = [Notice(NoticeKind.MEDIATION_ASKED, whose, facts)]
    if mediation.asked:
        late = facts | {"late": str(mediation.asked), "of": complaint.owner or ""}
        lead = To(role=Role.CENTER_LEAD)
        notices.append(Notice(NoticeKind.MEDIATION_ASKED, lead, late, but_not=complaint.owner or ""))
    return Change(complaint, (event,), tuple(notices))


def _occurrence(mediation: Mediation) -> str:
    return f"{mediation.number}/{int(mediation.until.timestamp())}/{mediation.asked}"
