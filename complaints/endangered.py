"""A danger that is open: until its customer says that it is over, or a person finds so, whatever they say is answered with
whom to call first, and heard by all who were alarmed (R-041).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from complaints import ladders
from complaints.change import Change, Event, EventKind, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.emergency import AMBULANCE, FIRE, POLICE
from complaints.grading_words import Found, danger
from complaints.lifecycle import raised_again
from complaints.parts.timing import ALL_CLEAR, Mark
from complaints.patterns import deferred
from complaints.promises import Terms
from complaints.vocabulary import Role, Severity, Status

_PRESSED = "pressed_in_danger"
_TOLD = frozenset({NoticeKind.STAFF_SUPPLEMENT, NoticeKind.STAFF_URGED})
_ONCE_WITHIN = timedelta(minutes=5)  # who presses again and again without another word disturbs the others once
_NOT_OVER = deferred(
    r"(?:没|未)(?:有)?(?:全|都|完全|被)?(?:出来|救出|放出|弄出|灭|扑灭)|还在(?:里面|里头|电梯|烧|冒|漏)|又(?:困|卡|着火|冒|漏)"
    r"|(?:还有|还剩|剩下?)(?:[一两三几]?个?)(?:人|老人|小孩|孩子|女的|男的)?[^，。,.!！]{0,4}(?:在里|困|出不)|没(?:有)?解除|没过去"
    r"|\bstill (?:\w+ ){0,2}(?:inside|in there|in it|trapped|stuck|burning|smoking|leaking|smells?)\b|\b(?:not|isn'?t|aren'?t"
    r"|never) (?:all |yet )?(?:out|over|safe)\b|\bone (?:more )?(?:person )?(?:is )?(?:inside|missing|in there)\b",
    re.IGNORECASE,
)
_ANY = Found((), (FIRE, POLICE, AMBULANCE))


def reported_over(change: Change, text: str, terms: Terms, now: datetime, *, who: str = "") -> Change:
    """Return the change with the word that the danger is over: everybody at the centre, and who else was alarmed, hears it;
    a person decides (R-041). who: says so, where that is not the customer.
    """
    complaint, asked = change.complaint, change.complaint.proposal
    facts = {"text": text} | ({"from": asked.before} if asked is not None else {}) | ({"who": who} if who else {})
    centre = (To(role=Role.CENTER_LEAD), To(duty_desk=True), To(role=Role.AGENT))
    of_customer = complaint.owner if not who else None  # reads a customer's words anyway
    alarmed = (*ladders.alarmed(complaint, terms), *((To(person=complaint.owner),) if who and complaint.owner else ()))
    others = (to for to in alarmed if to.person is None or to.person != of_customer)
    told = tuple(Notice(NoticeKind.ALL_CLEAR, to, facts, but_not=who) for to in dict.fromkeys((*centre, *others)))
    return replace(change, complaint=_marked(complaint, ALL_CLEAR, now), notices=(*change.notices, *told))


def goes_on(complaint: Complaint) -> bool:
    """Say whether there is danger for all that anybody has said: it is that grave, not done, and nobody spoke of its end."""
    if complaint.severity is not Severity.S0 or complaint.settled or complaint.status is Status.RESOLVED:
        return False
    return complaint.marked(ALL_CLEAR) is None


def whom_to_call(change: Change) -> Found | None:
    """Return whom the customer is told to call who said something in a danger that goes on; None where they did not."""
    if not goes_on(change.complaint) or _said(change) is None:
        return None
    texts = (change.complaint.summary, *(ground.detail for ground in change.complaint.grounds))
    return next((found for text in texts if (found := danger(text)) is not None), _ANY)


def besides(complaint: Complaint, found: Found) -> Found:
    """Return the danger that somebody tells of together with the one that goes on: who is trapped, and falls ill, is both."""
    if not goes_on(complaint):
        return found
    texts = (complaint.summary, *(ground.detail for ground in complaint.grounds))
    known = [each for text in texts if (each := danger(text)) is not None]
    calls = {*found.calls, *(number for each in known for number in each.calls)}
    order = tuple(number for number in (FIRE, POLICE, AMBULANCE) if number in calls)
    return replace(found, calls=order, kinds=found.kinds.union(*(each.kinds for each in known)))


def holds_somebody(complaint: Complaint) -> bool:
    """Say whether the danger of a complaint is that somebody is trapped, and no fire or gas."""
    kinds = _kinds(complaint)
    return "trapped" in kinds and not kinds & {"fire", "gas"}


def is_of_people(complaint: Complaint) -> bool:
    """Say whether the danger of a complaint is over once those who are in it are helped: they are held, hurt or ill."""
    return bool(kinds := _kinds(complaint)) and kinds <= {"trapped", "injury", "lift"}


def _kinds(complaint: Complaint) -> frozenset[str]:
    texts = (complaint.summary, *(ground.detail for ground in complaint.grounds))
    return frozenset(kind for text in texts if (each := danger(text)) is not None for kind in each.kinds)


def told_anew(complaint: Complaint) -> Complaint:
    """Return the complaint whose customer tells of danger: what they said before of its end counts no more."""
    marks = tuple(mark for mark in complaint.marks if mark.kind != ALL_CLEAR)
    return complaint if marks == complaint.marks else replace(complaint, marks=marks)


def says_not_over(text: str) -> bool:
    """Say whether words tell, of a danger, that somebody is in it still, or that it is back."""
    return _NOT_OVER.search(text) is not None


def taken_back(change: Change, now: datetime) -> Change:
    """Return the change with a danger that was reported over and is not, by what is said with it: all are called anew."""
    complaint, event = change.complaint, _said(change)
    over = complaint.marked(ALL_CLEAR)
    if event is None or over is None or over >= now or complaint.severity is not Severity.S0 or complaint.settled:
        return change
    if not says_not_over(event.note):
        return change
    return replace(change, complaint=raised_again(told_anew(complaint), now))


def heard_by_all(change: Change, terms: Terms, now: datetime) -> Change:
    """Let all who were alarmed hear what is said in a danger that goes on, each once; the customer reads that they do.

    Whoever has it hears every cry; who presses again within minutes disturbs nobody else, and reads so.
    """
    event, complaint = _said(change), change.complaint
    if event is None or not goes_on(complaint):
        return change
    again = event.kind is EventKind.URGED and event.facts.get("again") == "yes"
    pressed = complaint.marked(_PRESSED)
    pressing = again and pressed is not None and now - pressed < _ONCE_WITHIN and danger(event.note) is None
    notices = tuple(_in_danger(each, "again" if pressing else "yes") for each in change.notices)
    kind = NoticeKind.STAFF_URGED if event.kind is EventKind.URGED else NoticeKind.STAFF_SUPPLEMENT
    facts = {"text": event.note, "danger": "yes"}
    facts |= {name: event.facts[name] for name in ("count",) if name in event.facts}
    has_it = (To(person=complaint.owner) if complaint.owner else To(duty_desk=True),)
    others = () if pressing else (To(duty_desk=True), To(role=Role.CENTER_LEAD), *ladders.alarmed(complaint, terms))
    to = dict.fromkeys((*has_it, *others))
    known = {each.to for each in notices if each.kind is kind}
    more = tuple(Notice(kind, each, facts, but_not=event.by or "") for each in to if each not in known)
    if event.kind is EventKind.URGED and not pressing:
        complaint = _marked(complaint, _PRESSED, now)
    return replace(change, complaint=complaint, notices=(*notices, *more))


def _said(change: Change) -> Event | None:
    """Return what the customer, or somebody for them, said with a change; more photos of what was said before say nothing."""
    for event in change.events:
        if event.kind is EventKind.URGED:
            return event
        passed_on = any(each.kind is NoticeKind.STAFF_SUPPLEMENT for each in change.notices)
        if event.kind in (EventKind.SUPPLEMENTED, EventKind.AMENDED) and event.note and passed_on:
            return event
    return None


def _in_danger(notice: Notice, how: str) -> Notice:
    reads = notice.kind in _TOLD or notice.kind in (NoticeKind.SUPPLEMENT_RECORDED, NoticeKind.URGE_RECORDED)
    return replace(notice, facts={**notice.facts, "danger": how}) if reads else notice


def _marked(complaint: Complaint, kind: str, at: datetime) -> Complaint:
    return replace(complaint, marks=(*(mark for mark in complaint.marks if mark.kind != kind), Mark(kind, at)))
