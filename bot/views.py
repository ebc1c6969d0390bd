"""What the words may speak of: a complaint as a template sees it, with names in place of ids."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import cache
from typing import Any

from bot import standing
from bot.answers import Answer, Internal
from bot.clock import Clock
from bot.grammar import Verb
from bot.grammar.pasted import own_words_first
from bot.pacing import Wait
from bot.people import Person
from bot.policies import PolicyBook
from bot.recipients import readers
from bot.sayings import Saying, only_from_before, said_since
from bot.shown import phone, phone_masked, phones_masked
from bot.storage import codec, files, holds, links, queues
from bot.storage.reveals import reveals_of
from bot.storage.values import Outgoing
from bot.storage.work import Work
from bot.task_views import Part, PlanStep, Proof, Seat, Thought, opinions_on, steps_of, work_on
from bot.words import known_locale
from complaints import endangered, outward, press
from complaints.assigning import Assignment
from complaints.change import EventKind, NoticeKind
from complaints.chasing import standing_obstacle
from complaints.complaint import Complaint
from complaints.duties import DUTIES
from complaints.grading import why
from complaints.holding import may_wait
from complaints.parts.actors import Actor
from complaints.parts.timing import Mediation
from complaints.parts.weighing import Ground, Proposal
from complaints.parts.work import Redress
from complaints.permissions import Errand, Step, permitted
from complaints.playing import fitting
from complaints.policy import Policy
from complaints.promises import Terms, by_work_alone, promised, promised_next, work_deadline
from complaints.taxonomy import Pack
from complaints.vocabulary import Flag, Milestone, Status

_WITH_FILES = frozenset({NoticeKind.ASSIGNED})  # whose words name a complaint's files
_WITH_NEWEST = frozenset(
    {NoticeKind.ASSIGNED, NoticeKind.ALARM, NoticeKind.STILL_WAITING, NoticeKind.CONFIRM, NoticeKind.PLEASE_PHONE,
     NoticeKind.PULLED_IN, Internal.UNDELIVERABLE, Internal.STAND_IN}
)  # fmt: skip
_WITH_SAID = frozenset(
    {NoticeKind.ASSIGNED, NoticeKind.REVIEW, NoticeKind.GRADE_PROPOSED, NoticeKind.ALARM, NoticeKind.MAJOR_CASE,
     NoticeKind.BULLETIN}
)  # fmt: skip
"""Notices that show what was said since the first words, besides how it stands for staff."""
_PERSONS = ("who", "to", "assignee", "stand_in", "before", "commander", "of")  # facts that hold a person's id
_CALLS = frozenset({Internal.UNDELIVERABLE, Internal.UNCERTAIN})  # notices that name somebody to phone
_TO_WORK_WITH = frozenset(
    {NoticeKind.ASSIGNED, NoticeKind.STAFF_REOPENED, NoticeKind.STAFF_SUPPLEMENT, NoticeKind.DISSATISFIED,
     NoticeKind.SURVEY_UNANSWERED, NoticeKind.SURVEY_REMARK, Answer.ACCEPT_DONE, Answer.PHONE, Internal.PERSON_WANTED,
     Internal.UNDELIVERABLE, Internal.UNCERTAIN, Internal.STAND_IN}
)  # fmt: skip
"""Notices that hold the customer's whole number for whoever may have it; each is a look that is kept. All others mask it."""
_TELLS: Mapping[str, NoticeKind] = {
    Answer.ASSIGN_DONE: NoticeKind.ASSIGNED,
    Answer.ACCEPT_DONE: NoticeKind.TAKEN_UP,
    Answer.REPORT_DONE: NoticeKind.PROGRESS,
    Answer.PLAN_DONE: NoticeKind.PLAN,
}
"""Answers that say that somebody is told, and by which notice they are."""
_SAID = ("text", "words", "comment", "reason")  # facts that may be a customer's words
_ANSWERING = frozenset(
    str(verb)
    for verb in (
        *(Verb.FACT, Verb.SKIP, Verb.AGREE, Verb.DISAGREE, Verb.RATE, Verb.VISIT, Verb.CHOOSE, Verb.REASON),
        *(Verb.STATUS, Verb.LIST, Verb.HELP),
    )
)  # what customers answer us with, or look something up
_TELLING = 8  # characters from which an answer holds more than one
_NOTES_SHOWN, _REVEALS_SHOWN = 5, 30
_TOLD_SHOWN, _TOLD_READ = 6, 30  # notices in a status; of how many messages they are taken


@dataclass(frozen=True, slots=True)
class Note:
    """A line that a colleague noted for colleagues."""

    at: datetime
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """A complaint, as templates may name its parts. due: the soonest promise to the customer, promise_ahead: the soonest yet to
    keep. work_clock: the one of work_due, while none of the work itself runs. next_due, next_clock: the limit of its assignee's
    that is still to come where work_due is not the next. extension_asked: the clock for which more time is asked for and not
    decided yet. files, files_missing: names of those we have or are fetching, and of those that could not be had. newest: the
    customer's last words where they are not the summary's. said: what they said after the first words, the oldest first.
    obstacle: what holds the assignee up, while they have reported nothing since.
    remedy: what they want done; occurred: when it happened; about_whom: whom they complain of.
    waits: what has to happen next, a code. open_points: parts still to be done. visit_at: when somebody comes. progress_missed:
    lines that were asked for and did not come. unreleased: a line that the centre has not let out. priority: pressing.
    grounds, load, passed: why the rule gave it to its assignee, how much they had in hand, and which nearer ones were passed
    over (name, why); also where nobody was there.
    playbook, playbook_steps: the title and steps of the one that was begun, else of the one that fits; playbook_begun: which.
    parts, steps, evidence, members, commander: see `bot.task_views`. kept_result: the lead's, while parts of others are open.
    respondents: names of those of us it is about. notes: what colleagues noted for each other; only staff who ask how it stands
    are shown them, so that no words for customers can hold any.
    merged_into, group, people, linked, repeat_of: the numbers of others of the same matter, and how many people complain of it.
    held_until, held_for, held_reason: while its clocks stand still, until when, what is waited for, and why.
    home: in danger, nobody said where it is, and place is one that its customer gave before.
    flags: the duties by whose words it is marked (R-052, R-069).
    endangered: somebody may be in danger still, so its customer is told of no day.
    unreached: nobody knows how its customer can be reached, so nothing was promised to them.
    press: its customer is of the press, and is told neither a day nor who works on it. press_due: by when the press wants an
    answer. voices: names of those who alone answer the press; voice_there: that is what they are there for.
    graded: what its severity rests on. proposal: a graver one that waits to be checked. help_needed: of the leaders.
    """

    reference: str
    summary: str
    status: str
    severity: str
    category: str
    received_at: datetime
    round: int
    result: str
    plan: str
    last_progress: str
    last_progress_at: datetime | None
    due: datetime | None
    work_due: datetime | None
    assignee: str
    customer: str
    phone: str
    place: str
    urged: int
    channel: str
    files: Sequence[str] = ()
    files_missing: Sequence[str] = ()
    files_coming: bool = False
    home: bool = False
    newest: str = ""
    said: Sequence[Saying] = ()
    obstacle: str = ""
    waits: str = ""
    open_points: int = 0
    visit_at: datetime | None = None
    progress_missed: int = 0
    unreleased: str = ""
    priority: bool = False
    held_until: datetime | None = None
    held_for: str = ""
    held_reason: str = ""
    remedy: str = ""
    occurred: str = ""
    about_whom: str = ""
    customer_class: str = ""
    nature: str = ""
    respondents: Sequence[str] = ()
    notes: Sequence[Note] = ()
    grounds: Sequence[str] = ()
    load: int = 0
    passed: Sequence[tuple[str, str]] = ()
    parts: Sequence[Part] = ()
    steps: Sequence[PlanStep] = ()
    evidence: Sequence[Proof] = ()
    members: Sequence[Seat] = ()
    commander: str = ""
    cause: str = ""
    cause_kind: str = ""
    redress: Redress | None = None
    mediation: Mediation | None = None
    responsible: str = ""
    playbook: str = ""
    playbook_begun: bool = False
    playbook_steps: Sequence[PlanStep] = ()
    opinions: Sequence[Thought] = ()
    wording: str = ""
    wording_agreed: bool = False
    kept_result: str = ""
    rating: str = ""
    anonymous: bool = False
    kind: str = ""
    graded: Sequence[Ground] = ()
    proposal: Proposal | None = None
    help_needed: str = ""
    merged_into: str = ""
    group: Sequence[str] = ()
    people: int = 1
    linked: Sequence[str] = ()
    repeat_of: str = ""
    flags: Sequence[str] = ()
    promise_ahead: datetime | None = None
    next_due: datetime | None = None
    next_clock: str = ""
    work_clock: str = ""
    extension_asked: str = ""
    endangered: bool = False
    unreached: bool = False
    press: bool = False
    press_due: datetime | None = None
    voices: Sequence[str] = ()
    voice_there: bool = True


@dataclass(frozen=True, slots=True)
class Looked:
    """That somebody had the whole phone number, when and where."""

    at: datetime
    who: str
    channel: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list. due: when the work is; next_due, next_clock: the limit that comes before it, or has passed before it;
    promise: by when its customer hears. kind: of the notice that it stands for;
    clock: of whose limit that notice speaks (`due` is then this limit's) and by how many whole hours it is late; awaits, since:
    what it waits for, where that is no limit. phone: to reach `who` by. priority: pressing. severity: how grave.
    part: what its reader assists with; status and due are then the part's. work_clock: the one of due, while none of the work
    itself runs, such as that of taking it on.
    """

    reference: str
    summary: str
    status: str
    due: datetime | None
    who: str
    kind: str = ""
    clock: str = ""
    late_hours: int = 0
    awaits: str = ""
    since: datetime | None = None
    phone: str = ""
    priority: bool = False
    promise: datetime | None = None
    part: str = ""
    severity: str = ""
    next_due: datetime | None = None
    next_clock: str = ""
    work_clock: str = ""
    unreached: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one notice about a complaint. at: when that was, or until when it is put off; waits: why it is."""

    kind: str
    who: str
    channel: str
    fate: str
    at: datetime
    waits: str = ""


@dataclass(frozen=True, slots=True)
class _Barred(Container[str]):
    """The acts by name that somebody may not do to a complaint; each is asked for where words would advise it."""

    complaint: Complaint
    actor: Actor

    def __contains__(self, act: object) -> bool:
        name = str(act)
        return not permitted(self.complaint, Step(name) if name in set(Step) else Errand(name), self.actor)


class Viewer:
    """Builds the context for one message."""

    def __init__(self, clock: Clock, book: PolicyBook, pack: Pack, *, company: str, hotline: str) -> None:
        self._clock = clock
        self._book = book
        self._pack = pack
        self._fixed = {"company": company, "hotline": hotline}

    async def may_wait(self, work: Work, complaint: Complaint) -> bool:
        """Say whether what a complaint runs under lets its work wait."""
        return may_wait(await self._book.terms(work, complaint))

    async def context(
        self, work: Work, row: Outgoing, facts: Mapping[str, str], recipient: Person | None, locale: str
    ) -> dict[str, object]:
        """Return what the templates get."""
        complaint = await work.complaint(row.reference) if row.reference else None
        named = dict(facts)
        if facts.get("who"):
            named["phone"] = await self._phone(work, facts["who"])
        for key in _PERSONS:
            if named.get(key):
                named[key] = await self._called(work, named[key])
        if named.get("members"):
            named["members"] = "、".join([await self._called(work, who) for who in named["members"].split(",")])
        if (hears := await self._hears(work, row)) is not None:
            named["hears_at"] = hears.isoformat()
        terms = await self._book.terms(work, complaint) if complaint else None
        view = await self._view(work, complaint, terms, locale) if complaint and terms else None
        if view is not None and row.notice == Answer.STATUS and facts.get("staff"):
            view = replace(view, linked=await links.linked(work, view.reference))
        if view is not None and row.notice == Answer.STATUS and facts.get("staff") and facts.get("notes"):
            view = replace(view, notes=await self._notes(work, view.reference))
        if view is not None and (row.notice in _WITH_FILES or (row.notice == Answer.STATUS and facts.get("files"))):
            kept = await files.of_complaint(work, view.reference)
            here = [file.name for file in kept if file.state in (files.WAITING, files.FETCHED)]
            missing = [file.name for file in kept if file.state in (files.FAILED, files.TOO_LARGE)]
            coming = row.notice == NoticeKind.ASSIGNED and any(file.state == files.WAITING for file in kept)
            view = replace(view, files=() if coming else here, files_missing=missing, files_coming=coming)
        if view is not None and complaint is not None and row.notice in _WITH_NEWEST:
            view = replace(view, newest=await self._newest(work, complaint))
        if view is not None and complaint is not None and (row.notice == NoticeKind.ALARM or facts.get("danger")):
            view = replace(view, home=await only_from_before(work, complaint))
        for_staff = row.notice in _WITH_SAID or (row.notice == Answer.STATUS and facts.get("staff"))
        if view is not None and complaint is not None and for_staff:
            view = replace(view, said=await said_since(work, complaint))
        whole = False
        if view is not None and complaint is not None and recipient is not None and _works(recipient, complaint):
            whole = await self._has_number(work, row, facts, complaint, recipient)
            of_customer = facts.get("who") == complaint.complainant
            view, named = (view, named) if whole else _masked(view, named, of_customer=of_customer)
            whole = whole and row.notice != Answer.PHONE  # whoever asked for it is on record already
        if view is not None and view.press and not (recipient is not None and recipient.staff):
            view, named = replace(view, due=None, promise_ahead=None, assignee=""), _undated(named)
        if view is not None and view.unreached:
            view = replace(view, due=None, promise_ahead=None)
        items = await self._listed(work, row, facts, recipient.id if recipient else "")
        return {
            **self._fixed,
            "c": view,
            "facts": named,
            "whole": whole,
            "to": recipient.name if recipient else "",
            "now": self._clock.now(),
            "zone": self._zone(complaint, facts),
            "items": items,
            "told": await self._told(work, row) if facts.get("staff") else (),
            "reveals": await self._reveals(work, row) if row.notice == Answer.REVEALS else (),
            "clocks": _titles(terms.policy) if terms else await self._titles_in(work, items),
            "kept_by": _kept_by(terms.policy) if terms else {},
            "barred": await self._barred(work, complaint, recipient),
            "promises": await self._promises(work, row, complaint) if complaint else (),
            "held": await self._held(work, complaint) if complaint and row.notice == Answer.WHY else None,
        }

    @staticmethod
    async def _barred(work: Work, complaint: Complaint | None, recipient: Person | None) -> Container[str]:
        """Return what a colleague may not do to a complaint: nobody is advised to it."""
        if complaint is None or recipient is None or not recipient.staff:
            return ()
        return _Barred(complaint, (await work.directory()).as_actor(recipient))

    async def _hears(self, work: Work, row: Outgoing) -> datetime | None:
        """Return when the person hears it whom an answer says to be told, where that is kept back until then; else None."""
        notice = _TELLS.get(row.notice)
        if notice is None or row.reference is None:
            return None
        found = await queues.told_about(work, row.reference, _TOLD_READ)
        newest = next((each for each in found if each.notice == notice and not each.form), None)
        held = newest is not None and newest.state == queues.HELD and newest.due_at > self._clock.now()
        return newest.due_at if newest is not None and held else None

    async def _has_number(
        self, work: Work, row: Outgoing, facts: Mapping[str, str], complaint: Complaint, reader: Person
    ) -> bool:
        """Say whether a notice to a member of staff may hold the customer's whole number."""
        to_phone = row.notice == NoticeKind.PLEASE_PHONE and facts.get("who") == complaint.complainant
        if row.notice not in _TO_WORK_WITH and not to_phone:
            return False
        return permitted(complaint, Errand.PHONE, (await work.directory()).as_actor(reader))

    @staticmethod
    async def _newest(work: Work, complaint: Complaint) -> str:
        """Return the customer's last words; a bare "yes" to a question of ours tells nobody anything."""
        said = await work.last_words(complaint.reference, complaint.complainant, _ANSWERING, _TELLING)
        return "" if any(each in complaint.summary for each in (said, own_words_first(said))) else said

    async def _notes(self, work: Work, reference: str) -> list[Note]:
        """Return the last notes of colleagues, the newest first."""
        noted = [event for event in await work.events_of(reference) if event.kind == EventKind.NOTED]
        return [Note(each.at, await self._name(work, each.by), each.note) for each in reversed(noted[-_NOTES_SHOWN:])]

    async def _reveals(self, work: Work, row: Outgoing) -> list[Looked]:
        found = await reveals_of(work, row.reference or "", _REVEALS_SHOWN)
        return [Looked(each.at, await self._name(work, each.by), each.channel) for each in found]

    async def _held(self, work: Work, complaint: Complaint) -> datetime | None:
        """Return since when a complaint, or its customer, is under a legal hold; None where neither is."""
        found = await holds.on(work, complaint.reference, complaint.complainant)
        return found[0].at if found else None

    def _zone(self, complaint: Complaint | None, facts: Mapping[str, str]) -> tzinfo:
        """Return in which zone a message tells times: that of its complaint's site, else of the site that the facts name."""
        return self._book.calendar_at(complaint.site if complaint else facts.get("team", "")).zone

    async def _promises(self, work: Work, row: Outgoing, complaint: Complaint) -> Sequence[standing.Term]:
        match row.notice:
            case Answer.WHY:
                return standing.running(complaint, self._clock.now())
            case Answer.PROMISES:
                return standing.promises(complaint, await self._book.terms(work, complaint), self._clock.now())
        return ()

    async def _titles_in(self, work: Work, items: Sequence[Item]) -> Mapping[str, Mapping[str, str]]:
        """Return what companies call the clocks that the lines of a list name."""
        titles: dict[str, Mapping[str, str]] = {}
        for item in items:
            complaint = await work.complaint(item.reference) if item.next_clock else None
            titles |= _titles((await self._book.terms(work, complaint)).policy) if complaint else {}
        return titles

    async def _listed(self, work: Work, row: Outgoing, facts: Mapping[str, str], reader: str) -> Sequence[Item]:
        """Return the lines of a list; what is about its reader is no line of theirs."""
        if row.notice == Internal.UNREACHED:
            ids = [int(id) for id in facts.get("items", "").split(",") if id]
            return [await self._not_reached(work, id) for id in ids]
        return await self._items(work, facts.get("items", ""), reader)

    async def _not_reached(self, work: Work, id: int) -> Item:
        outgoing = await queues.outgoing(work, id)
        assert outgoing is not None, "nothing is taken out of the outbox"
        who = outgoing.person or ""
        called, phone = await self._called(work, who), await self._listed_phone(work, who)
        return Item(outgoing.reference or "", "", "", None, called, kind=outgoing.notice, phone=phone)

    async def digest(self, work: Work, rows: Sequence[Outgoing]) -> dict[str, object]:
        """Return what the templates get of several notices that are told in one message: a line for each, and what the
        companies call the clocks in them.
        """
        items: list[Item] = []
        titles: dict[str, Mapping[str, str]] = {}
        for row in rows:
            facts: dict[str, str] = codec.loads(row.facts)
            complaint = await work.complaint(row.reference) if row.reference else None
            to_phone = facts.get("who", "") if row.notice in _CALLS else ""
            titles |= _titles((await self._book.terms(work, complaint)).policy) if complaint else {}
            clock = (facts.get("clocks") or facts.get("clock", "")) if facts.get("due") else ""
            of_clock = self._there(facts["due"], complaint) if clock else None
            since = self._there(facts["since"], complaint) if facts.get("awaits") and facts.get("since") else None
            items.append(
                Item(
                    reference=row.reference or "",
                    summary=self._in_list(complaint, row.person) if complaint else "",
                    status=complaint.status if complaint else "",
                    due=of_clock or (self._due(complaint) if complaint else None),
                    who=await self._called(work, to_phone) if to_phone else "",
                    kind=row.notice,
                    clock=clock,
                    late_hours=max(0, (self._clock.now() - of_clock) // timedelta(hours=1)) if of_clock else 0,
                    awaits=facts.get("awaits", "") if since else "",
                    since=since,
                    phone=await self._listed_phone(work, to_phone) if to_phone else "",
                )
            )
        return {"items": items, "clocks": titles}

    def _there(self, said: str, complaint: Complaint | None) -> datetime:
        """Return a moment of a notice in the zone of its complaint's site."""
        return datetime.fromisoformat(said).astimezone(self._book.calendar_at(complaint.site if complaint else "").zone)

    @staticmethod
    def _in_list(complaint: Complaint, reader: str | None) -> str:
        """Return what a complaint is about as a list says it: with the ends of phone numbers only, but for its customer."""
        return complaint.summary if reader == complaint.complainant else phones_masked(complaint.summary)

    def _due(self, complaint: Complaint) -> datetime | None:
        """Return when the work is due, in the zone of its site: a list may hold several."""
        deadline = work_deadline(complaint)
        return deadline.due_at.astimezone(self._book.calendar_at(complaint.site).zone) if deadline else None

    async def _told(self, work: Work, row: Outgoing) -> list[Told]:
        """Return what became of the last notices about a complaint, the newest first."""
        if row.reference is None:
            return []
        found = await queues.told_about(work, row.reference, _TOLD_READ)
        last: dict[tuple[str, str | None, str | None, str], Outgoing] = {}
        for each in filter(_worth_showing, found):  # of several alike the newest: urging three times crowds nothing out
            last.setdefault((each.notice, each.person, each.channel, each.state), each)
        return [await self._fate(work, each) for each in list(last.values())[:_TOLD_SHOWN]]

    async def _fate(self, work: Work, row: Outgoing) -> Told:
        now = self._clock.now()
        put_off = row.state in (queues.QUEUED, queues.HELD) and row.due_at > now
        at = row.due_at if put_off else row.done_at or row.created_at
        who = await self._called(work, row.person) if row.person else ""
        return Told(row.notice, who, row.channel, row.state, at, (row.waits or Wait.RETRY) if put_off else "")

    async def _listed_phone(self, work: Work, who: str) -> str:
        """Return a number as lists show it: of a customer no more than its ends."""
        known = (await work.directory()).persons.get(who)
        return known.phone if known is not None else phone_masked(await self._phone(work, who))

    async def _phone(self, work: Work, who: str) -> str:
        known = (await work.directory()).persons.get(who) or await work.person(who)
        return known.phone if known else ""

    async def _view(self, work: Work, complaint: Complaint, terms: Terms, locale: str) -> View:
        customer = await work.person(complaint.complainant)
        lead = await _lead(work, complaint)
        promise, work_promise = promised(lead, terms.policy), work_deadline(lead)
        ahead = promised_next(lead, terms.policy, self._clock.now())
        coming = standing.next_limit(lead, self._clock.now())
        task = complaint.task
        doing = await work_on(complaint, lambda who: self._called(work, who))
        book = fitting(complaint, terms)
        chosen = Assignment.read(task.why, task.assignee) if task is not None else None
        return View(
            reference=complaint.reference,
            summary=complaint.summary,
            status=complaint.status,
            severity=complaint.severity,
            category=self._pack.label(complaint.category, locale),
            received_at=complaint.received_at,
            round=complaint.round,
            result=complaint.result,
            plan=complaint.plan,
            last_progress=complaint.last_progress if _of_this_round(complaint) else "",
            last_progress_at=complaint.last_progress_at if _of_this_round(complaint) else None,
            due=promise.due_at if promise else None,
            endangered=endangered.goes_on(lead),
            promise_ahead=ahead.due_at if ahead else None,
            work_due=work_promise.due_at if work_promise else None,
            work_clock=_work_clock(lead, terms),
            assignee=await self._name(work, lead.owner) if lead.owner else "",
            customer=customer.name if customer else "",
            phone=customer.phone if customer else "",
            place=complaint.place or (customer.place if customer else ""),
            urged=complaint.urged,
            channel=complaint.channel,
            grounds=chosen.grounds if chosen else (),
            load=chosen.load if chosen else 0,
            passed=[(await self._name(work, who), why) for who, why in chosen.passed] if chosen else (),
            obstacle=standing_obstacle(complaint),
            waits=standing.waits_for(complaint, self._clock.now()),
            open_points=standing.open_points(complaint),
            visit_at=standing.visit_at(complaint, self._clock.now()),
            progress_missed=complaint.duty.missed,
            merged_into=complaint.master or "",
            group=complaint.members,
            people=complaint.people,
            repeat_of=complaint.repeat_of or "",
            unreleased=complaint.unreleased.text if complaint.unreleased else "",
            priority=complaint.priority,
            remedy=complaint.remedy,
            occurred=complaint.occurred,
            about_whom=complaint.about_whom,
            customer_class=complaint.customer_class,
            nature=complaint.nature,
            respondents=[await self._name(work, who) for who in sorted(complaint.respondents)],
            anonymous=complaint.anonymous,
            unreached=_is_unreached(complaint),
            kind=complaint.kind,
            graded=why(complaint),
            proposal=complaint.proposal,
            help_needed=complaint.help_needed,
            parts=doing.parts,
            steps=doing.steps,
            evidence=doing.evidence,
            members=doing.members,
            commander=doing.commander,
            cause=complaint.cause,
            cause_kind=complaint.cause_kind,
            redress=complaint.redress,
            mediation=complaint.mediations[-1] if complaint.mediations else None,
            responsible=complaint.responsible,
            playbook=book.title[known_locale(locale)] if book else "",
            playbook_begun=book is not None and complaint.playbook == book.name,
            playbook_steps=await steps_of(book, complaint, known_locale(locale), lambda who: self._called(work, who))
            if book
            else (),
            wording=complaint.wording.text if complaint.wording else "",
            wording_agreed=complaint.wording is not None and complaint.wording.agreed_at is not None,
            opinions=await opinions_on(complaint, lambda who: self._called(work, who)),
            kept_result=complaint.kept_result.result if complaint.kept_result else "",
            rating=_rated(complaint),
            flags=[duty.name for duty in DUTIES.values() if duty.flag in complaint.flags],
            next_due=coming.due_at if coming else None,
            next_clock=coming.clock if coming else "",
            extension_asked=complaint.extension.clock if complaint.extension else "",
            press=press.writes(complaint),
            press_due=complaint.press_due,
            **(await self._voices(work, complaint, terms) if Flag.MEDIA in complaint.flags else {}),
            **_held(complaint),
        )

    async def _voices(self, work: Work, complaint: Complaint, terms: Terms) -> dict[str, Any]:
        """Return who alone answers the press, where anybody in particular does: whoever is there for it, or in their place."""
        directory, whose = await work.directory(), outward.voice(complaint, terms)
        now, calendar_at = self._clock.now(), self._book.calendar_at
        heard = [each.person for to in whose for each in readers(to, directory, complaint, calendar_at, now)]
        names = [directory.persons[who].name for who in dict.fromkeys(heard)]
        there = any(to.person or (to.role is not None and directory.holding(to.role)) for to in whose)
        return {"voices": names, "voice_there": there} if names else {}

    async def _called(self, work: Work, who: str) -> str:
        """Return what a person is called: by name, else by the ends of their phone number. What is nobody's id is a name."""
        known = (await work.directory()).persons.get(who) or await work.person(who)
        return (known.name or phone_masked(known.phone)) if known else who

    async def _name(self, work: Work, person: str | None) -> str:
        if not person:
            return ""
        known = (await work.directory()).persons.get(person) or await work.person(person)
        return known.name if known else ""

    async def _promise(self, work: Work, complaint: Complaint) -> datetime | None:
        """Return by when the customer is to hear, in the zone of the site; None where nobody can have told them."""
        if _is_unreached(complaint):
            return None
        terms = await self._book.terms(work, complaint)
        deadline = promised(complaint, terms.policy)
        return deadline.due_at.astimezone(terms.calendar.zone) if deadline else None

    async def _items(self, work: Work, references: str, reader: str) -> Sequence[Item]:
        wanted = [reference for reference in references.split(",") if reference]
        await work.prefetch_complaints(wanted)
        items = []
        for reference in wanted:
            complaint = await work.complaint(reference)
            if complaint is not None and (reader not in complaint.respondents or reader == complaint.complainant):
                part, lead = complaint.part_of(reader), complaint.task
                own = part or (lead if lead is not None and lead.assignee == reader else None)
                zone = self._book.calendar_at(complaint.site).zone
                sooner = None if part else standing.sooner(complaint, mine=complaint.owner == reader)
                set_by_us = own is not None and own.due_at is not None
                items.append(
                    Item(
                        reference=reference,
                        summary=self._in_list(complaint, reader),
                        status=part.status if part else complaint.status,
                        due=own.due_at.astimezone(zone) if own and own.due_at else self._due(complaint),
                        part=part.what if part else "",
                        who=await self._name(work, complaint.owner),
                        priority=complaint.priority,
                        severity=complaint.severity,
                        promise=await self._promise(work, complaint),
                        next_due=sooner.due_at.astimezone(zone) if sooner else None,
                        next_clock=sooner.clock if sooner else "",
                        unreached=_is_unreached(complaint),
                        work_clock="" if set_by_us else _work_clock(complaint, await self._book.terms(work, complaint)),
                    )
                )
        return items


def _work_clock(complaint: Complaint, terms: Terms) -> str:
    """Return of which clock the limit of the work is while none of the work itself runs; "" while one does."""
    last = work_deadline(complaint)
    return last.clock if last is not None and not by_work_alone(last, terms) else ""


def _is_unreached(complaint: Complaint) -> bool:
    """Say whether its customer waits for a way in which they can be reached, and were told nothing."""
    return complaint.going_on and not (complaint.contact_known or complaint.anonymous or press.asks(complaint))


def _undated(facts: Mapping[str, str]) -> dict[str, str]:
    """Return what a notice to the press knows, without the days on which others would answer."""
    return {name: said for name, said in facts.items() if name not in ("due", "asleep", "next")}


def _titles(policy: Policy) -> Mapping[str, Mapping[str, str]]:
    """Return what a profile calls its clocks, where it says so."""
    return {clock.name: clock.title for clock in policy.clocks if clock.title}


def _kept_by(policy: Policy) -> Mapping[str, Sequence[str]]:
    """Return by reaching which milestones a profile's clocks are kept."""
    return {clock.name: _in_order(clock.met_by) for clock in policy.clocks}


def _of_this_round(complaint: Complaint) -> bool:
    """Whether what the customer was last told is of the work as it goes on now, and not of what a reopening has undone."""
    told, again = complaint.last_progress_at, complaint.moment(Milestone.REOPENED)
    return told is not None and (again is None or told >= again)


@cache  # each message asks it of each clock of a profile
def _in_order(milestones: frozenset[Milestone]) -> Sequence[str]:
    return tuple(each for each in Milestone if each in milestones)


def _works(reader: Person, complaint: Complaint) -> bool:
    return reader.staff and reader.id != complaint.complainant


def shows_number(context: Mapping[str, object], text: str) -> bool:
    """Say whether words show a colleague the customer's whole number where they did not ask for it: a look to be kept."""
    view, facts = context["c"], context["facts"]
    if not context["whole"] or not isinstance(view, View) or not isinstance(facts, Mapping):
        return False
    told = phone(view.phone)
    said = (
        view.summary,
        view.newest,
        *(each.text for each in view.said),
        *(str(facts.get(name, "")) for name in _SAID),
    )
    return bool(told and told in text) or any(phones_masked(each) != each for each in said)


def _masked(view: View, facts: Mapping[str, str], *, of_customer: bool) -> tuple[View, dict[str, str]]:
    """Return what the words may speak of with the ends of phone numbers only: of the customer's own and of what they said."""
    shown = replace(
        view,
        phone=phone_masked(view.phone),
        summary=phones_masked(view.summary),
        newest=phones_masked(view.newest),
        said=tuple(replace(each, text=phones_masked(each.text)) for each in view.said),
    )
    said = {name: phones_masked(facts[name]) for name in _SAID if facts.get(name)}
    own = {"phone": phone_masked(facts["phone"])} if of_customer and facts.get("phone") else {}
    return shown, {**facts, **said, **own}


async def _lead(work: Work, complaint: Complaint) -> Complaint:
    """Return the complaint that is worked on: of a merged one its master."""
    merged = complaint.status is Status.MERGED and complaint.master is not None
    return (await work.complaint(complaint.master or "") if merged else None) or complaint


def _held(complaint: Complaint) -> dict[str, Any]:
    pause = complaint.pause if complaint.status is Status.ON_HOLD else None
    if pause is None:
        return {}
    return {"held_until": pause.until, "held_for": str(pause.waits_for), "held_reason": pause.reason}


def _worth_showing(row: Outgoing) -> bool:
    """Answers are between us and one person; a second copy that had no road of its own is no news of the notice."""
    return not row.answer and not (row.form and row.state == queues.SKIPPED)


def _rated(complaint: Complaint) -> str:
    """Return how its customer rated what was done last; "" where they did not."""
    survey = complaint.surveys[-1] if complaint.surveys else None
    return survey.rating if survey is not None and survey.rating is not None else ""
