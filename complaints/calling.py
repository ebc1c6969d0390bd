"""Phone calls: the duty desk is asked to make them, says what came of each, and others are pulled in when nobody picks up.

Source: R-032 (the acceptor is phoned as well; if repeatedly unanswered, the agreed backup), R-060, R-061.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import takewhile

from complaints import contacting
from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep
from complaints.lifecycle import Step, check, move
from complaints.limits import Limit, due
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import Call
from complaints.policy.ladders import ASSIGNEE, BACKUP, DUTY_DESK, SUPERIOR
from complaints.promises import Terms, reach
from complaints.quiet import at_work, later, waits_for_work
from complaints.vocabulary import Milestone, Post, Role

RULE = "call"
FOR_CLOCK = "clock:"  # what a call is for, where it is no ladder
_PEACE = Limit.parse("2wd")  # for so long whoever was reached about a limit is not phoned about it again
_UNHEARD = 3  # calls about limits, one a day, of which the desk said nothing: from then on it is asked once for each


def ask(
    complaint: Complaint,
    whom: str,
    why: str,
    facts: Mapping[str, str],
    terms: Terms,
    now: datetime,
    *,
    night: bool = False,
) -> Change:
    """Ask the duty desk to phone somebody. why: the ladder or clock it is for; facts: what to say.

    Nothing where that person is to be phoned about the same already: the call has its own rhythm. Nor for a clock on a day
    on which the desk was asked to phone: however many are late, it is one call; nor where they were reached about the same
    limit within two working days. Nor while somebody contacts the customer.
    """
    if contacting.is_under_way(complaint, now):
        return Change(complaint)
    if any(call.open and (call.whom, call.why) == (whom, why) for call in complaint.calls):
        return Change(complaint)
    zone = terms.calendar.zone
    if why.startswith(FOR_CLOCK) and any(
        call.asked_at.astimezone(zone).date() == now.astimezone(zone).date() for call in complaint.calls
    ):
        return Change(complaint)
    ended = tuple(replace(call, ended_at=now) if call.open and call.whom == whom else call for call in complaint.calls)
    call = Call(len(ended) + 1, whom, why, now, dict(facts), night=night)
    if why.startswith(FOR_CLOCK) and _peace(complaint, call, terms):
        return Change(complaint)
    return _asked(replace(complaint, calls=(*ended, call)), call, now)


def _peace(complaint: Complaint, call: Call, terms: Terms) -> bool:
    """Say whether whom a call is for was reached about the same limit a short while ago; one that moved is another."""
    about = (call.whom, call.why, call.facts.get("due"))
    ended = [
        each.ended_at
        for each in complaint.calls
        if each.reached and each.ended_at and (each.whom, each.why, each.facts.get("due")) == about
    ]
    return any(call.asked_at <= due(at, _PEACE, terms.calendar, terms.policy.day_mode).at for at in ended)


def _unheard(complaint: Complaint, call: Call) -> int:
    """Return of how many calls to this person before this one, about limits of this round, the desk said nothing in a row."""
    if not call.why.startswith(FOR_CLOCK):
        return 0
    since = complaint.marked(EventKind.REOPENED) or complaint.received_at
    calls = [
        each
        for each in reversed(complaint.calls)
        if each.number < call.number and each.whom == call.whom and each.why.startswith(FOR_CLOCK)
    ]
    silent = takewhile(lambda each: each.asked_at >= since and not each.reached and not each.unanswered, calls)
    return sum(1 for _ in silent)


def _asked(complaint: Complaint, call: Call, now: datetime) -> Change:
    complaint, event = move(
        complaint, Step.TICK, SYSTEM, now, EventKind.CALL_ASKED, "", {"to": call.whom, "why": call.why}
    )
    facts = {
        **call.facts,
        "who": call.whom,
        "call": str(call.number),
        "asked": str(call.asked),
        "unanswered": str(call.unanswered),
    }
    if call.night:
        facts["night"] = "yes"
    return Change(complaint, (event,), (Notice(NoticeKind.PLEASE_PHONE, To(duty_desk=True), facts),))


def tick(complaint: Complaint, reached: bool, note: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """Somebody phoned and says what came of it. Raises IllegalStep where nobody is to be phoned.

    Reached: whoever it was for has been told, in the sense of a transfer by phone (R-031). After the policy's number of
    unanswered calls others are pulled in.
    """
    check(complaint, Step.CALL, actor)
    call = complaint.call
    if call is None:
        raise IllegalStep(f"{complaint.reference}: nobody is to be phoned")
    kind = EventKind.CALL_REACHED if reached else EventKind.CALL_UNANSWERED
    said = (
        replace(call, ended_at=now, reached=True)
        if reached
        else replace(call, asked_at=now, unanswered=call.unanswered + 1)
    )
    facts = {"to": call.whom, "why": call.why, "unanswered": str(said.unanswered)}
    complaint, event = move(complaint, Step.CALL, actor, now, kind, note, facts, calls=_with(complaint, said))
    change = Change(complaint, (event,))
    if reached and said.whom != complaint.complainant:
        return replace(change, complaint=reach(complaint, Milestone.PHONED, terms, now))
    if not reached and said.unanswered >= terms.policy.calls.unanswered:
        change += _give_up(complaint, said, terms, now)
    return change


def _with(complaint: Complaint, changed: Call) -> tuple[Call, ...]:
    return tuple(changed if call.number == changed.number else call for call in complaint.calls)


def _give_up(complaint: Complaint, call: Call, terms: Terms, now: datetime) -> Change:
    """Pull in those whom the policy names; where nobody has said what came of the calls, the centre's lead as well.

    Calls about a limit come day after day: their lead hears of it once, on the third, and nobody after that.
    """
    facts = {"who": call.whom, "unanswered": str(call.unanswered)} | ({"night": "yes"} if call.night else {})
    over = replace(call, ended_at=now)
    complaint, event = move(
        complaint, Step.TICK, SYSTEM, now, EventKind.CALL_GIVEN_UP, "", {"to": call.whom}, calls=_with(complaint, over)
    )
    days = 0 if call.unanswered or not call.why.startswith(FOR_CLOCK) else _unheard(complaint, call) + 1
    to = [_to(who, call.whom) for who in terms.policy.calls.then] if days <= _UNHEARD else []
    if call.unanswered < call.asked:
        facts["asked"] = str(call.asked)  # it is not known that they cannot be reached: nobody phoned, or nobody said
        to += [To(role=Role.CENTER_LEAD)] if days in (0, _UNHEARD) else []
    return Change(complaint, (event,), tuple(Notice(NoticeKind.PULLED_IN, each, facts) for each in to))


def _to(who: str, whom: str) -> To:
    relations = {
        ASSIGNEE: To(person=whom),
        BACKUP: To(backup_of=whom),
        SUPERIOR: To(superior_of=whom),
        DUTY_DESK: To(duty_desk=True),
    }
    return relations.get(who) or (To(post=Post(who)) if who in list(Post) else To(role=Role(who)))


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield when the desk is asked again: nobody picked up, or nobody has said."""
    for call in complaint.calls:
        if call.open:
            at = call.asked_at + terms.policy.calls.again_after
            at = at_work(at, terms) if _waits_for_work(call, complaint, terms) else at
            at = at if call.night else later(at, terms.policy.quiet_staff, terms)
            yield Timer(f"{RULE}:{call.number}", f"{call.asked}.{call.unanswered}", at)


def _waits_for_work(call: Call, complaint: Complaint, terms: Terms) -> bool:
    """Say whether a call is about a limit that nobody is chased for on a day off (trap 27)."""
    clock = call.why.removeprefix(FOR_CLOCK)
    late = next((deadline for deadline in complaint.running if deadline.clock == clock != call.why), None)
    return late is not None and waits_for_work(complaint, late.limit, terms)


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Ask again, or give it up once it was asked for as often as it may go unanswered."""
    number = timer.rule.partition(":")[2]
    call = next((c for c in complaint.calls if c.open and str(c.number) == number), None)
    if call is None or timer.occurrence != f"{call.asked}.{call.unanswered}":
        return None
    at_most = terms.policy.calls.unanswered
    if not call.unanswered and _unheard(complaint, call) >= _UNHEARD:
        at_most = 1
    if call.asked >= at_most:
        return _give_up(complaint, call, terms, now)
    again = replace(call, asked=call.asked + 1, asked_at=now)
    return _asked(replace(complaint, calls=_with(complaint, again)), again, now)
