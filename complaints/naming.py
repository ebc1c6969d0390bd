"""Whom of us a complaint is about: they neither read nor handle it, and it leaves their hands at once (DESIGN, invariant 7)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from complaints.change import Change, Event, EventKind, Notice, NoticeKind, To
from complaints.characters import simplified
from complaints.complaint import Complaint
from complaints.errors import IllegalStep
from complaints.lifecycle import TRANSITIONS, Step, check, move
from complaints.parts.actors import SYSTEM, Actor
from complaints.patterns import deferred
from complaints.taxonomy import OTHER
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
    r"|偷|嘲笑|笑话我|取笑|挖苦|讽刺|多收|乱收|坑人|坑我|喝醉|酒气|摸我|推我|打我|瞪|翻白眼|吵架|顶撞|耍流氓"
    r"|rude|attitude|insult\w*|shout\w*|yell\w*|swear\w*|threat\w*|lie[ds]?\b|lying|liar|bribe\w*|money from me|harass\w*"
    r"|unprofessional|incompetent|useless|lazy|ignor\w+|stole|steal\w*|thief|took my|laugh\w*|mock\w*|humiliat\w*"
    r"|bull(?:y|ied)\w*|overcharg\w*|scream\w*|curs(?:ed|ing)|called me|grop\w*|touched me|pushed me|hit me|slapp\w*|disgusting"
    r"|horrible|racist|sexist|drunk|cheat\w*|scam\w*|hung up|disrespect\w*|abus\w+|refuse[ds]? to|complain\w*"
)
_NOT_TO_KNOW = (
    r"(?:别|勿|不要|不想|不能|不希望|不许)(?:再)?(?:让|叫|告诉|给|跟|被)\s?{who}[^,，。]{{0,6}}?(?:知道|晓得|发现|是我|谁|这事|这件事|我投诉)"
    r"|(?:n['’]?t|\bnot|\bnever)(?: want)? (?:let|tell|have|inform) {who}(?: to)?(?: know| find out| hear| see| learn)?"
    r"(?: that| about| of)?(?: it was| it is| it['’]s| who| i | me\b| my | this| any of this|[\s.!]*$)"
    r"|\b(?:keep|hide) (?:it|this|my name) from {who}|\bwithout {who} (?:knowing|finding out|hearing)"
)
"""From whom it is to be kept who complains."""
_PRAISE = deferred(
    r"态度(?:很|非常|也|特别|挺|还)?(?:好|不错|可以)|不(?:是|要)?(?:想)?投诉|not rude|never rude|not complain",
    re.IGNORECASE,
)
_FARTHER = 48  # characters behind a part of a name within which what is said against its bearer may follow
_ILL = _AGAINST
_HAN = deferred("[\u4e00-\u9fff]{2,3}")
_WORDS_TOO = frozenset(
    {"will", "mark", "grace", "hope", "may", "rose", "bill", "art", "faith", "joy", "sue", "dawn", "penny", "grant", "chase",
     "guy", "summer", "april", "june", "august", "autumn", "ivy", "rich", "heath", "iris", "jasmine", "lily", "olive", "pearl",
     "ruby", "sandy", "skip", "violet", "wade", "amber", "angel", "buck", "chip", "cliff", "daisy", "dean", "earl", "ginger",
     "harmony", "holly", "jade", "lance", "mercy", "miles", "page", "peg", "pepper", "pierce", "rusty", "trinity", "victor",
     "win", "rob", "pat", "frank", "drew", "kit", "stew"}
)  # fmt: skip
"""First names that are words as well: somebody is meant only where they are written as a name, and did something."""
_DOES = r"(?= (?:was|is|has|had|keeps|stole|shouted|laughed|called|told|said|refused|ignored|overcharged|from|at reception)\b)"
_SURNAMES_TOO = frozenset("高白黄方万常路平马车水毛花米时年")
"""Surnames that say something else behind 小 or 老."""
_THEIR_OWN = deferred(
    r"\b(?:my|our|his|her|their)(?: [a-z]+){0,2} $|\b(?:i['’]?m|i am|im|name(?: is|['’]s)?|this is|it['’]s|regards"
    r"|signed|thanks|thank you|yours|hi|hello|hey|dear|sincerely),? $"
    r"|(?:我(?:叫|是|姓)|我[妈爸家]|本人|此致|姓名)[^，。,.]{0,2}$",
    re.IGNORECASE,
)
_SELF_AFTER = deferred(r" here\b|[ ,]*(?:room|flat) \d|[ ,]*\+?\d{7}", re.IGNORECASE)
_ONE_OF_US = deferred(
    r"(?:\b(?:that|the|your|this|an?|some|ur|one of your) (?:[a-z]+ ){0,2}(?:woman|man|guy|girl|lady|bloke|receptionist|manager"
    r"|guard|cleaner|porter|waiter|waitress|chef|colleague|clerk|agent|handler|plumber|technician|engineer|driver|employee"
    r"|concierge|housekeeper|supervisor),? (?:called |named |by the name of )?)$",
    re.IGNORECASE,
)
_WHERE_WE_ARE = deferred(
    r" (?:at|from|on|in|behind) (?:the |your )?(?:[a-z]+ ){0,2}?(?:reception|front desk|desk|bar|office|restaurant|team|staff"
    r"|lobby|kitchen|housekeeping|maintenance|security)\b",
    re.IGNORECASE,
)
_ONE_WORD = deferred(r"[A-Za-z]+")
_HEAD = deferred(r"^\s*complaint\s*[:,-]", re.IGNORECASE)  # what it is, and no word against anybody
_STOPS = "。！？!?；;\n"

_SOMEBODY = deferred(
    rf"(?<!其)[他她]|(?<![不没])(?:{_AGAINST})|[要收讨拿](?:我|我们|别人|业主|客户)?的?(?:钱|红包|好处)"
    r"|\b(?:he|she|they|him|her|ask(?:s|ed|ing)?(?: me| us)? for (?:\w+ )?(?:money|cash)|(?:swore|swears|shouts?) at)\b",
    re.IGNORECASE,
)
"""Somebody is told of without a name, or what people do and things do not."""
_COMPLAINING = deferred(r"投诉|举报|控告|complain\w*", re.IGNORECASE)  # said of things, too


def tells_of_somebody(text: str) -> bool:
    """Say whether words tell of what somebody does, whoever that is."""
    return _SOMEBODY.search(_COMPLAINING.sub("", simplified(text))) is not None


def may_be_of_them(text: str, category: str, before: str) -> bool:
    """Say whether words may go on about colleagues whom a complaint names. category: of the words; before: the complaint's."""
    alike = category.partition(".")[0] == before.partition(".")[0]
    return category == OTHER or alike or tells_of_somebody(text)


def named(text: str, names: Mapping[str, str]) -> frozenset[str]:
    """Return whom a complaint names as it comes in. names: what they are called, by id.

    Whoever is named does not handle it, though nothing is said against them yet. One word of Latin letters may be any word
    ("Will you please …"): that somebody is meant shows by what is said against them.
    """
    text, names = simplified(text), {person: _plain(name) for person, name in names.items()}
    folded = text.casefold()
    near = {person: name for person, name in names.items() if name.casefold() in folded}
    if not near:
        return frozenset()
    whole = {person: name for person, name in near.items() if len(name) > 1 and not _ONE_WORD.fullmatch(name)}
    return accused(text, near) | {
        person for person, name in whole.items() if re.search(_standing(name), text, re.IGNORECASE)
    }


def perhaps(text: str, names: Mapping[str, str], near: Collection[str]) -> Mapping[str, str]:
    """Return of whom a text may speak ill by a part of their name alone, and by which: "Alice", "张师傅", "小李".

    names: what colleagues are called, by id. near: those at the place that the text is about. Who shares the part with
    others is meant only where the others are elsewhere.
    """
    bearers: dict[str, set[str]] = {}
    text = simplified(text)
    folded = text.casefold()
    for person, name in names.items():
        for needed, part in _parts(_plain(name)):
            if needed in folded:
                bearers.setdefault(part, set()).add(person)
    found: dict[str, str] = {}
    for part, persons in bearers.items():
        here = persons if len(persons) == 1 else persons.intersection(near)
        if len(here) == 1 and (said := _ill_of(text, part)):
            found.setdefault(next(iter(here)), said)
    return found


_plain = lru_cache(10_000)(simplified)


@lru_cache(10_000)  # names: every colleague's is asked for with every complaint
def _parts(name: str) -> tuple[tuple[str, str], ...]:
    """Return the patterns of the parts of a name by which colleagues are spoken of, each behind what a text needs for it."""
    words = name.split()
    if name.isascii():
        if len(words) < 2 or not words[0].isalpha() or len(words[0]) < 3:
            return ()
        first, last = words[0].casefold(), words[-1].casefold()
        spelled = f"(?-i:{first.capitalize()}){_DOES}" if first in _WORDS_TOO else first
        return (
            (first, rf"(?<![A-Za-z]){spelled}(?![A-Za-z])"),
            (last, rf"\b(?:mr|mrs|ms|miss)\.? {re.escape(last)}(?![A-Za-z])"),
        )
    if not _HAN.fullmatch(name):
        return ()
    family, given = name[0], name[1:]
    short = "" if family in _SURNAMES_TOO else f"|(?<![大最很])[小老]{family}(?![区板是人时])"
    called = rf"{family}(?:师傅|经理|管家|工(?!程|作|人)|姐|哥|主管|队长|主任|总|老师|阿姨)|姓{family}的" + short
    return ((family, called), (given, given)) if len(given) == 2 else ((family, called),)


def _ill_of(text: str, part: str) -> str:
    """Return by what part of a name somebody is spoken ill of as one of us; empty where nobody is."""
    for sentence in re.split(f"[{_STOPS}.]", text):
        said = _PRAISE.sub("", _HEAD.sub("", sentence))
        for found in re.finditer(part, said, re.IGNORECASE):
            before, after = said[: found.start()], said[found.end() :]
            if _THEIR_OWN.search(before) or _SELF_AFTER.match(after):
                continue
            if (
                _ONE_OF_US.search(before)
                or _WHERE_WE_ARE.match(after)
                or re.search(_ILL, after[:_FARTHER], re.IGNORECASE)
            ):
                return found[0]
            if re.search(_ILL, before[-_NEAR:], re.IGNORECASE):
                return found[0]
    return ""


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
        folded = said.casefold()
        for person, name in names.items():
            if len(name) > 1 and name.casefold() in folded and _against(said, name):
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


def told_later(change: Change) -> tuple[str, ...]:
    """Return the words of the customer's that were not there when it was filed."""
    return tuple(event.note for event in change.events if event.kind in _SAID and event.note)


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


def name(complaint: Complaint, person: str, actor: Actor, now: datetime, words: str = "", part: str = "") -> Change:
    """A complaint is about somebody of us: they no longer read it, and whoever it was with has it no more.

    words: of the customer, where these and no colleague say so; the service centre then hears of it, to put it right.
    part: the part of a name by which alone they speak of them; the service centre is asked whether it is them.
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
    facts = {"who": person} | ({"text": words} if words else {}) | ({"part": part} if part else {})
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
