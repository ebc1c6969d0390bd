"""What the leaders hear of a complaint, and what they say to it: major cases at once, hot ones in time, orders and answers.

Source: R-094–R-098. A practice complaint and a tester's are told to no leader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from complaints.change import Change, Event, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.duties import DUTIES
from complaints.errors import Missing
from complaints.grading_rules import established
from complaints.lifecycle import Step, check, move
from complaints.limits import due
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.weighing import Order
from complaints.patterns import deferred
from complaints.promises import Terms
from complaints.quiet import AT_WORK, later, quiet_staff
from complaints.vocabulary import Milestone, Role, Severity

HOT = "brief_hot"
WEEKLY = "brief_weekly"
ORDER = "order"

LEADERS = To(role=Role.LEADER)
TO_LEADERS = frozenset({NoticeKind.MAJOR_CASE, NoticeKind.BULLETIN})
"""Told to leaders and to nobody in their place."""

_TURNS: dict[EventKind, str] = {
    EventKind.GRADED: "graded",
    EventKind.GRADE_REFUSED: "grade_refused",
    EventKind.HELD: "held",
    EventKind.FORCE_FORMED: "force_formed",
    EventKind.FORCE_DISSOLVED: "force_dissolved",
    EventKind.PLAN_AGREED: "plan_agreed",
    EventKind.PLAN_REFUSED: "plan_refused",
    EventKind.RESOLVED: "resolved",
    EventKind.PUBLISHED: "published",
    EventKind.INVALID: "invalid",
    EventKind.WITHDRAWN: "withdrawn",
    EventKind.RESTORED: "restored",
    EventKind.CLOSED: "closed",
    EventKind.REOPENED: "reopened",
}
"""The turning points of a major case (R-097), in the order in which one stands for the others of a change: the last."""
_GRADED = (EventKind.GRADED, EventKind.GRADE_REFUSED)
_TOLD = frozenset({"notified", "bulletin"})  # duties by which the centre itself tells the leaders
_ANSWERS = AT_WORK | {EventKind.RESOLVED, EventKind.FORCE_FORMED}
_BIDS_FORCE = deferred(r"专班|专案|专项|小组|工作组|task ?force|\bteam\b", re.IGNORECASE)
"""What an order says that is carried out by forming a task force: of all else one that was called does nothing yet."""
_DAY = timedelta(days=1)


def follow(before: Complaint | None, change: Change, terms: Terms, now: datetime) -> Change:
    """Return a decision with what the leaders hear of it, and with their orders that it answers."""
    if change.complaint.drill or change.complaint.mystery:
        return change
    change = _answered(change, now)
    told = _by_the_centre(change)
    if told is not change:
        return _briefed(told, now)
    rule, after = terms.policy.briefing, change.complaint
    was = before.severity if before is not None else Severity.S4
    against = _against_the_rules(before, change, terms, now)
    is_major, was_major = after.severity in rule.at_once, before is not None and was in rule.at_once
    if is_major and not was_major and not after.settled:
        unchecked = {"unchecked": "yes"} if after.proposal and after.proposal.severity is after.severity else {}
        return _briefed(_with(change, Notice(NoticeKind.MAJOR_CASE, LEADERS, unchecked)), now)
    if was_major and (turn := _turn(before, change)):
        facts = {"turn": turn} | _by_whom(change, turn) | against
        return _briefed(_with(change, Notice(NoticeKind.BULLETIN, LEADERS, facts)), now)
    if against:
        facts = {"turn": "graded"} | _by_whom(change, "graded") | against
        return _briefed(_with(change, Notice(NoticeKind.BULLETIN, LEADERS, facts)), now)
    if after.severity in rule.hot and was not in rule.hot | rule.at_once and not after.help_needed:
        facts = {"due": _hot_at(terms, now).isoformat()}
        return _with(change, Notice(NoticeKind.HELP_NEEDED, To(role=Role.CENTER_LEAD), facts))
    return change


def _against_the_rules(before: Complaint | None, change: Change, terms: Terms, now: datetime) -> dict[str, str]:
    """Return which rule a person has overruled who made it less grave than what is known has it, such as three people with one
    matter (R-029): the company hears of that, whatever it is now. Empty where nobody has.
    """
    after = change.complaint
    graded = any(event.kind is EventKind.GRADED and event.by is not None for event in change.events)
    if before is None or not graded or after.severity <= before.severity or after.settled:
        return {}
    told = terms.policy.briefing.at_once | terms.policy.briefing.hot
    graver = (each.rule for each in established(after, terms, now) if each.rule.at_least < after.severity)
    rule = next((each for each in graver if each.at_least in told), None)
    return {"by_rule": rule.name, "at_least": str(rule.at_least)} if rule is not None else {}


def _turn(before: Complaint | None, change: Change) -> str:
    happened = {event.kind for event in change.events}
    turn = next((_TURNS[kind] for kind in reversed(_TURNS) if kind in happened), "")
    new = before is not None and change.complaint.flags - before.flags
    return turn or ("flagged" if new else "")


def _by_whom(change: Change, turn: str) -> dict[str, str]:
    """Return who gave it another severity, which, and why: whoever decides next need not ask."""
    graded = next((e for e in reversed(change.events) if e.kind in _GRADED and _TURNS.get(e.kind) == turn), None)
    if graded is None:
        return {}
    facts = {"who": graded.by or "", "reason": graded.note, "to": str(change.complaint.severity)}
    return {name: said for name, said in facts.items() if said}


def _with(change: Change, notice: Notice) -> Change:
    return replace(change, notices=(*change.notices, notice))


def _briefed(change: Change, now: datetime) -> Change:
    """Note that the leaders hear of it."""
    complaint = replace(change.complaint, briefed_at=now)
    status = complaint.status
    event = Event(EventKind.BRIEFED, now, None, SYSTEM.channel, status, status)
    return replace(change, complaint=complaint, events=(*change.events, event))


def _by_the_centre(change: Change) -> Change:
    """What the centre tells the leaders they read as a bulletin: with where the case stands."""
    said = next((e for e in change.events if e.kind is EventKind.DUTY_DONE and e.facts.get("duty") in _TOLD), None)
    if said is None:
        return change
    bulletin = Notice(NoticeKind.BULLETIN, LEADERS, {"turn": "told", "text": said.note, "help": "yes"})
    kept = (n for n in change.notices if not (n.kind is NoticeKind.DUTY_DONE and n.to == LEADERS))
    return replace(change, notices=(*kept, bulletin))


assert all(DUTIES[name].tells == (Role.LEADER,) for name in _TOLD)


# ── leaders speak ─────────────────────────────────────────────────────────────────────────────────────────────────────


def order(complaint: Complaint, text: str, actor: Actor, now: datetime) -> Change:
    """A leader orders something: whoever has the complaint and the centre's lead hear it, and have to answer."""
    check(complaint, Step.ORDER, actor)
    _need(text, complaint)
    assert actor.person is not None
    given = Order(len(complaint.orders) + 1, actor.person, now, text.strip())
    facts = {"number": str(given.number)}
    complaint, event = move(
        complaint, Step.ORDER, actor, now, EventKind.ORDERED, given.text, facts, orders=(*complaint.orders, given)
    )
    return Change(complaint, (event,), _heard(NoticeKind.ORDER, complaint, actor, given.text))


def comment(complaint: Complaint, text: str, actor: Actor, now: datetime) -> Change:
    """A leader says something that asks for no answer."""
    check(complaint, Step.COMMENT, actor)
    _need(text, complaint)
    complaint, event = move(complaint, Step.COMMENT, actor, now, EventKind.COMMENTED, text.strip())
    return Change(complaint, (event,), _heard(NoticeKind.COMMENT, complaint, actor, text.strip()))


def _heard(kind: NoticeKind, complaint: Complaint, actor: Actor, text: str) -> tuple[Notice, ...]:
    facts = {"who": actor.person or "", "text": text}
    owner = To(person=complaint.owner) if complaint.owner else To(role=Role.AGENT)
    to = dict.fromkeys((owner, To(role=Role.CENTER_LEAD)))
    if complaint.commander is not None:
        to[To(person=complaint.commander)] = None
    return tuple(Notice(kind, each, facts, but_not=actor.person or "") for each in to)


def ask_help(complaint: Complaint, text: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """Whoever leads it says what is needed of the leaders (R-096); of what is hot or major they hear it at once."""
    check(complaint, Step.ASK_HELP, actor)
    _need(text, complaint)
    complaint, event = move(
        complaint, Step.ASK_HELP, actor, now, EventKind.HELP_ASKED, text.strip(), help_needed=text.strip()
    )
    change, rule = Change(complaint, (event,)), terms.policy.briefing
    if complaint.severity not in rule.hot | rule.at_once or complaint.drill or complaint.mystery:
        return change
    turn = "hot" if complaint.severity in rule.hot else "told"
    return _briefed(_with(change, Notice(NoticeKind.BULLETIN, LEADERS, {"turn": turn, "help": "yes"})), now)


def tell_lead(complaint: Complaint, text: str, actor: Actor, now: datetime) -> Change:
    """Whoever works on it has something for the lead of the centre: that it be graver, what its customer demands besides."""
    check(complaint, Step.ASK_HELP, actor)
    _need(text, complaint)
    complaint, event = move(complaint, Step.ASK_HELP, actor, now, EventKind.HELP_ASKED, text.strip())
    facts = {"who": actor.person or "", "text": text.strip()}
    notice = Notice(NoticeKind.HELP_ASKED, To(role=Role.CENTER_LEAD), facts, but_not=actor.person or "")
    return Change(complaint, (event,), (notice,))


def _need(text: str, complaint: Complaint) -> None:
    if not text.strip():
        raise Missing("text", f"{complaint.reference}: say it in a line")


def _answered(change: Change, now: datetime) -> Change:
    """Take what a colleague did for the answer to the orders that wait for one; who gave them reads it."""
    complaint = change.complaint
    waiting = [each for each in complaint.orders if each.answered_at is None]
    if not waiting:
        return change
    theirs = [e for e in change.events if e.by is not None and e.kind in _ANSWERS]
    said = max(theirs, key=lambda e: (e.kind is EventKind.RESOLVED, bool(e.note)), default=None)
    answered = [
        each
        for each in waiting
        if said is not None
        and each.by != said.by
        and (said.kind is not EventKind.FORCE_FORMED or _BIDS_FORCE.search(each.text))
    ]
    if said is None or not answered:
        return change
    orders = tuple(replace(each, answered_at=now) if each in answered else each for each in complaint.orders)
    notices = tuple(
        Notice(
            NoticeKind.ORDER_ANSWERED,
            To(person=each.by),
            {"who": said.by or "", "did": said.kind, "text": said.note, "order": each.text, "number": str(each.number)},
        )
        for each in {each.by: each for each in answered}.values()
    )
    return replace(change, complaint=replace(complaint, orders=orders), notices=(*change.notices, *notices))


# ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield when the leaders hear of what is hot, when they hear again of what is major, when an order is asked for again."""
    rule, quiet = terms.policy.briefing, quiet_staff(complaint, terms)
    for each in complaint.orders:
        if each.answered_at is None:
            at = each.at + rule.order_answered_within + each.told * _DAY
            yield Timer(f"{ORDER}:{each.number}", str(each.told), later(at, quiet, terms))
    if complaint.drill or complaint.mystery:
        return
    since = _hot_since(complaint, terms)
    if since is not None:
        yield Timer(HOT, _stamp(since), _hot_at(terms, since))
    if complaint.severity in rule.at_once and complaint.briefed_at is not None:
        at = later(complaint.briefed_at + rule.every, terms.policy.quiet_staff, terms)
        yield Timer(WEEKLY, _stamp(complaint.briefed_at), at)


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Brief the leaders, or ask for an answer, if that is still to be done."""
    if timer.rule.startswith(ORDER):
        number = timer.rule.partition(":")[2]
        found = next((o for o in complaint.orders if str(o.number) == number and o.answered_at is None), None)
        return _chase(complaint, found, now) if found is not None and timer.occurrence == str(found.told) else None
    if timer.rule == HOT:
        since = _hot_since(complaint, terms)
        due_now = since is not None and timer.occurrence == _stamp(since)
        return _brief(complaint, {"turn": "hot", "help": "yes"}, now) if due_now else None
    last = complaint.briefed_at
    if last is None or timer.occurrence != _stamp(last) or complaint.severity not in terms.policy.briefing.at_once:
        return None
    return _brief(complaint, {"turn": "weekly"}, now)


def _brief(complaint: Complaint, facts: Mapping[str, str], now: datetime) -> Change:
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.BRIEFED, "", facts, briefed_at=now)
    return Change(complaint, (event,), (Notice(NoticeKind.BULLETIN, LEADERS, facts),))


def _chase(complaint: Complaint, found: Order, now: datetime) -> Change:
    """Nobody has answered: whoever has it hears again, with their superior; from the second time on the leader hears so."""
    orders = tuple(replace(each, told=each.told + 1) if each is found else each for each in complaint.orders)
    facts = {"number": str(found.number), "told": str(found.told + 1)}
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.ORDER_CHASED, found.text, facts, orders=orders)
    again = {"who": found.by, "text": found.text, "again": "yes"}
    owner = complaint.owner
    to = [To(person=owner), To(superior_of=owner)] if owner else [To(role=Role.AGENT), To(role=Role.CENTER_LEAD)]
    notices = [Notice(NoticeKind.ORDER, each, again, but_not=found.by) for each in to]
    if found.told:
        unanswered = {"unanswered": "yes", "order": found.text}
        notices.append(Notice(NoticeKind.ORDER_ANSWERED, To(person=found.by), unanswered))
    return Change(complaint, (event,), tuple(notices))


def _hot_since(complaint: Complaint, terms: Terms) -> datetime | None:
    """Return since when a complaint is hot and the leaders have not heard of it; None where they have, or it is not."""
    since = complaint.moment(Milestone.GRADED)
    if since is None or complaint.severity not in terms.policy.briefing.hot:
        return None
    return since if complaint.briefed_at is None or complaint.briefed_at < since else None


def _hot_at(terms: Terms, since: datetime) -> datetime:
    """Return when the leaders hear of what became hot: at the latest before people go home on the last day for it."""
    moment = due(since, terms.policy.briefing.hot_within, terms.calendar, terms.policy.day_mode).at
    local = moment.astimezone(terms.calendar.zone)
    hours = terms.calendar.hours(local.date())
    if not hours:
        return moment
    closing = datetime.combine(local.date(), hours[-1][1], terms.calendar.zone) - timedelta(minutes=30)
    return min(moment, closing).astimezone(UTC) if closing > since else moment


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%f}"
