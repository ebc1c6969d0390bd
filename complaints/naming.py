"""Whom of us a complaint is about: they neither read nor handle it, and it leaves their hands at once (DESIGN, invariant 7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from complaints.change import Change, Event, EventKind, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep
from complaints.lifecycle import TRANSITIONS, Step, check, move
from complaints.parts.actors import SYSTEM, Actor
from complaints.vocabulary import Role, TaskStatus

_SAID = frozenset(
    {EventKind.SUPPLEMENTED, EventKind.AMENDED, EventKind.FACT_TOLD, EventKind.RATED, EventKind.REOPENED, EventKind.URGED,
     EventKind.PLAN_REFUSED, EventKind.SURVEY_ANSWERED, EventKind.APPEALED, EventKind.CALLED_BACK}
)  # fmt: skip
NAMED = "named"  # why it was taken from whoever had it
_NEAR = 16  # characters between a name and what is said against them
_AGAINST = (
    r"投诉|举报|控告|态度|恶劣|骂|吼|凶|推诿|推脱|推卸|敷衍|糊弄|刁难|威胁|恐吓|打人|动手|索要|收(?:了)?(?:我)?(?:的)?(?:钱|红包|好处)|受贿"
    r"|回扣|不负责|不作为|不理(?:人|我)|爱理不理|不耐烦|不接电话|挂(?:我|了)?电话|撒谎|说谎|骗|不专业|没素质|没礼貌|不礼貌|歧视|侮辱|辱骂|骚扰"
    r"|rude|attitude|insult\w*|shout\w*|yell\w*|swear\w*|threat\w*|lie[ds]?\b|lying|liar|bribe\w*|money from me|harass\w*"
    r"|unprofessional|incompetent|lazy|ignor\w+|hung up|disrespect\w*|abus\w+|refuse[ds]? to|complain\w*"
)
_NOT_TO_KNOW = (
    r"(?:别|勿|不要|不想|不能|不希望|不许)(?:再)?(?:让|叫|告诉|给|跟|被)\s?{who}[^,，。]{{0,6}}?(?:知道|晓得|发现|是我|谁|这事|这件事|我投诉)"
    r"|(?:n['’]?t|\bnot|\bnever)(?: want)? (?:let|tell|have|inform) {who}(?: to)?(?: know| find out| hear| see| learn)?"
    r"(?: that| about| of)?(?: it was| it is| it['’]s| who| i | me\b| my | this| any of this|[\s.!]*$)"
    r"|\b(?:keep|hide) (?:it|this|my name) from {who}|\bwithout {who} (?:knowing|finding out|hearing)"
)
"""From whom it is to be kept who complains."""
_PRAISE = re.compile(
    r"态度(?:很|非常|也|特别|挺|还)?(?:好|不错|可以)|不(?:是|要)?(?:想)?投诉|not rude|never rude|not complain",
    re.IGNORECASE,
)
_ONE_WORD = re.compile(r"[A-Za-z]+")
_HEAD = re.compile(r"^\s*complaint\s*[:,-]", re.IGNORECASE)  # what it is, and no word against anybody
_STOPS = "。！？!?；;\n"


def named(text: str, names: Mapping[str, str]) -> frozenset[str]:
    """Return whom a complaint names as it comes in. names: what they are called, by id.

    Whoever is named does not handle it, though nothing is said against them yet. One word of Latin letters may be any word
    ("Will you please …"): that somebody is meant shows by what is said against them.
    """
    near = {person: name for person, name in names.items() if name.casefold() in text.casefold()}
    if not near:
        return frozenset()
    whole = {person: name for person, name in near.items() if len(name) > 1 and not _ONE_WORD.fullmatch(name)}
    return accused(text, near) | {person for person, name in whole.items() if re.search(_standing(name), text)}


def _standing(name: str) -> str:
    """Return the pattern of a name that stands by itself: "Li" is not in "lift"."""
    return rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])" if name.isascii() else re.escape(name)


def accused(text: str, names: Mapping[str, str]) -> frozenset[str]:
    """Return whom a text says something against. names: what they are called, by id.

    A name alone accuses nobody ("张伟说明天来"): something against them has to stand beside it, in the same sentence.
    """
    found = set()
    for sentence in re.split(f"[{_STOPS}]", text):
        said = _PRAISE.sub("", _HEAD.sub("", sentence))
        for person, name in names.items():
            if len(name) > 1 and name.casefold() in said.casefold() and _against(said, name):
                found.add(person)
    return frozenset(found)


def _against(said: str, name: str) -> bool:
    who = _standing(name)
    return bool(
        re.search(rf"{who}.{{0,{_NEAR}}}?(?:{_AGAINST})|(?:{_AGAINST}).{{0,{_NEAR}}}?{who}", said, re.IGNORECASE)
        or re.search(_NOT_TO_KNOW.format(who=who), said, re.IGNORECASE)
    )


def may_accuse(change: Change) -> bool:
    """Say whether a change holds words of the customer's that were not there when it was filed."""
    return any(event.kind in _SAID and event.note for event in change.events)


def said_against(change: Change, names: Mapping[str, str]) -> Mapping[str, str]:
    """Return whom the customer's words of this change accuse and the complaint does not name yet, with these words."""
    complaint = change.complaint
    known = complaint.respondents | {complaint.complainant}
    theirs = [event.note for event in change.events if event.kind in _SAID and event.note]
    return {person: note for note in theirs for person in sorted(accused(note, names) - known)}


def taken_away(change: Change) -> bool:
    """Say whether this change took a complaint from whom it names: somebody else has to have it."""
    return change.complaint.task is None and any(
        event.kind is EventKind.GIVEN_BACK and event.note == NAMED for event in change.events
    )


def name(complaint: Complaint, person: str, actor: Actor, now: datetime, words: str = "") -> Change:
    """A complaint is about somebody of us: they no longer read it, and whoever it was with has it no more.

    words: of the customer, where these and no colleague say so; the service centre then hears of it, to put it right.
    Raises IllegalStep where it names them already.
    """
    check(complaint, Step.NAME, actor)
    if person in complaint.respondents:
        raise IllegalStep(f"{complaint.reference} names that person already")
    event_facts = {"who": person} | ({"words": words} if words else {})
    before = complaint
    complaint, event = move(
        complaint,
        Step.NAME,
        actor,
        now,
        EventKind.NAMED,
        facts=event_facts,
        respondents=complaint.respondents | {person},
        tasks=tuple(
            replace(t, status=TaskStatus.GIVEN_BACK) if t.open and t.assignee == person else t for t in complaint.tasks
        ),
    )
    events: list[Event] = [event]
    notices = []
    if before.owner == person:
        complaint, events = _taken_away(complaint, events, now)
        notices.append(Notice(NoticeKind.UNASSIGNED, To(person=person), {"named": "yes"}))
    facts = {"who": person} | ({"text": words} if words else {})
    notices.append(Notice(NoticeKind.NAMED, To(role=Role.AGENT), facts, but_not=actor.person or ""))
    return Change(complaint, tuple(events), tuple(notices))


def _taken_away(complaint: Complaint, events: list[Event], now: datetime) -> tuple[Complaint, list[Event]]:
    """Return the complaint without an assignee; where its work goes on, it lies with the service centre again."""
    complaint = replace(complaint, owner=None, extension=None, hold=None)
    if (complaint.status, Step.TAKE_AWAY) not in TRANSITIONS:
        return complaint, events  # its work is done, or has not begun
    complaint, event = move(complaint, Step.TAKE_AWAY, SYSTEM, now, EventKind.GIVEN_BACK, NAMED)
    return complaint, [*events, event]


def clear(complaint: Complaint, person: str, actor: Actor, now: datetime) -> Change:
    """It is not about somebody after all, says the service centre; who has it now keeps it."""
    check(complaint, Step.NAME, actor)
    if person not in complaint.respondents:
        raise IllegalStep(f"{complaint.reference} does not name that person")
    rest = complaint.respondents - {person}
    complaint, event = move(
        complaint, Step.NAME, actor, now, EventKind.NAMED, facts={"who": person, "off": "yes"}, respondents=rest
    )
    return Change(complaint, (event,))
