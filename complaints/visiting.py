"""A visit's own time: reminders to both sides, the question what came of it, the end of a time that nobody answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from complaints.calendar import QuietHours
from complaints.change import Change, EventKind, Notice, NoticeKind, Timer
from complaints.complaint import Complaint
from complaints.lifecycle import Step, move
from complaints.parts.actors import SYSTEM
from complaints.parts.asking import Slot, Visit
from complaints.promises import Terms
from complaints.quiet import later, quiet_customer, quiet_staff
from complaints.visits import facts_of, to_side, with_visit
from complaints.vocabulary import Side, Status, VisitState

REMIND = "visit_remind"
OUTCOME = "visit_outcome"
LAPSE = "visit_lapse"
_USEFUL = timedelta(hours=1)  # a reminder put off until later than that before a visit serves less than an earlier one


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield the timers of the visit that is arranged, or being arranged."""
    visit = complaint.visit
    if visit is None or complaint.status is Status.RESOLVED:
        return
    if visit.pending is not None:
        yield Timer(LAPSE, _named(visit, visit.pending), _lapses(visit, visit.pending))
    if visit.state is not VisitState.CONFIRMED:
        return
    stem = f"{visit.number}.{visit.sequence}"
    for side in Side:
        for lead, at in _reminders(complaint, visit, side, terms):
            yield Timer(f"{REMIND}:{side}", f"{stem}/{lead}", at)
    if visit.asked < len(terms.policy.visits.ask_outcome):
        at = visit.slot.end + terms.policy.visits.ask_outcome[visit.asked]
        yield Timer(OUTCOME, f"{stem}/{visit.asked}", later(at, quiet_staff(complaint, terms), terms))


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Remind, ask or give up, if the visit is still as it was when the timer was set."""
    visit = complaint.visit
    if visit is None:
        return None
    rule, _, side = timer.rule.partition(":")
    stem, _, which = timer.occurrence.partition("/")
    if rule == LAPSE:
        return _lapse(complaint, visit, now, timer.occurrence)
    if visit.state is not VisitState.CONFIRMED or stem != f"{visit.number}.{visit.sequence}":
        return None
    if rule == REMIND:
        return _remind(complaint, visit, Side(side), which, terms, now)
    return _ask(complaint, visit, now) if which == str(visit.asked) else None


def _named(visit: Visit, slot: Slot) -> str:
    """Return what tells a time that was named from all others named for the visit, earlier or later."""
    return f"{visit.number}.{len(visit.history)}.{slot.start.astimezone(UTC):%Y%m%dT%H%M}"


def _lapses(visit: Visit, slot: Slot) -> datetime:
    """Return until when a time can be agreed to: until it comes, and until a visit comes that it would have moved.

    "This afternoon", said in the afternoon, has come already: it can be agreed to until it is over.
    """
    comes = slot.start if slot.start > slot.at else slot.end
    return comes if visit.state is VisitState.PROPOSED else min(comes, visit.slot.start)


def _reminders(complaint: Complaint, visit: Visit, side: Side, terms: Terms) -> list[tuple[str, datetime]]:
    """Return (lead, moment) of each reminder to a side, earliest first; of two at one moment the later lead speaks.

    None before the time was agreed: whoever has just said yes need not be told.
    """
    assert visit.agreed_at is not None
    quiet = (quiet_customer if side is Side.CUSTOMER else quiet_staff)(complaint, terms)
    leads: dict[datetime, str] = {}
    for lead, before in sorted(terms.policy.visits.remind, key=lambda each: -each[1]):
        at = _awake(visit.slot.start - before, visit.slot.start, quiet, terms)
        if visit.agreed_at < at < visit.slot.start:
            leads[at] = lead
    return [(lead, at) for at, lead in sorted(leads.items())]


def _awake(at: datetime, start: datetime, quiet: QuietHours | None, terms: Terms) -> datetime:
    """Keep a reminder out of the quiet hours: after them if that is early enough, else the evening before."""
    if quiet is None:
        return at
    put_off = quiet.after(at, terms.calendar.zone)
    return put_off if put_off <= max(at, start - _USEFUL) else quiet.before(at, terms.calendar.zone)


def _remind(complaint: Complaint, visit: Visit, side: Side, lead: str, terms: Terms, now: datetime) -> Change | None:
    if now >= visit.slot.start:
        return None
    due = [text for text, at in _reminders(complaint, visit, side, terms) if at <= now]
    if due and due[-1] != lead:
        return None  # after an outage one reminder stands for all that were missed
    facts = facts_of(visit, visit.slot, side, lead=lead, **_wanted_instead(visit))
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.VISIT_REMINDED, "", facts)
    return Change(complaint, (event,), (Notice(NoticeKind.VISIT_REMINDER, to_side(complaint, side), facts),))


def _wanted_instead(visit: Visit) -> dict[str, str]:
    """Return the other time that still waits for a yes, and who named it: a reminder must not sound as if nobody had asked."""
    if visit.offer is None:
        return {}
    offer = visit.offer
    return {"new_start": offer.start.isoformat(), "new_end": offer.end.isoformat(), "wanted_by": str(offer.by)}


def _ask(complaint: Complaint, visit: Visit, now: datetime) -> Change:
    visit = replace(visit, asked=visit.asked + 1)
    facts = facts_of(visit, visit.slot, Side.STAFF)
    complaint, event = move(
        complaint, Step.TICK, SYSTEM, now, EventKind.VISIT_ASKED, "", facts, visits=with_visit(complaint, visit)
    )
    return Change(complaint, (event,), (Notice(NoticeKind.VISIT_OUTCOME, to_side(complaint, Side.STAFF), facts),))


def _lapse(complaint: Complaint, visit: Visit, now: datetime, occurrence: str) -> Change | None:
    """The time that was named has come and nobody has said yes: who named it hears so. An agreed time stays."""
    slot = visit.pending
    if slot is None or now < _lapses(visit, slot) or occurrence != _named(visit, slot):
        return None
    facts = facts_of(visit, slot, slot.by)
    if visit.state is VisitState.CONFIRMED:
        visit = replace(visit, offer=None, history=(*visit.history, slot))
    else:
        visit = replace(visit, state=VisitState.DECLINED)
    complaint, event = move(
        complaint, Step.TICK, SYSTEM, now, EventKind.VISIT_DECLINED, "", facts, visits=with_visit(complaint, visit)
    )
    return Change(complaint, (event,), (Notice(NoticeKind.VISIT_LAPSED, to_side(complaint, slot.by), facts),))
