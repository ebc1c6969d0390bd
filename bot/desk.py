"""The desk: records decisions, finds out whom a notice is for, and keeps the rota.

Everything here runs inside a unit of work, so a decision, its events, its timers and its notices commit as one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from bot import conduct, grouping
from bot.answers import Internal
from bot.assigning import find_assignee, find_cover, goes_over, standing_in
from bot.clock import Clock
from bot.deciders import put_to_another
from bot.people import Directory, Person
from bot.policies import PolicyBook
from bot.recipients import Reader, as_voice, centre, kept_from, readers
from bot.storage import codec, files, queues, unknown
from bot.storage.models import AddressRow
from bot.storage.timers import TimerKey
from bot.storage.values import Outgoing
from bot.storage.work import Newer, Unreadable, Work
from bot.tokens import Signer
from complaints import (
    briefing,
    clockwork,
    customer,
    deciding,
    endangered,
    handling,
    ladders,
    naming,
    outward,
    owing,
    task_force,
    tasks,
)
from complaints.assigning import Assignment, Ground, Nobody, given_back, nobody_available
from complaints.change import Change, EventKind, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.correcting import chosen_anew
from complaints.emergency import Services
from complaints.errors import NotAllowed
from complaints.grading import regrade, said_danger
from complaints.grading_words import Found, lift_may_hold
from complaints.handling import Filing
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import RAISED
from complaints.permissions import Bar, Step
from complaints.promises import Terms, noted, promised_at_once
from complaints.vocabulary import Milestone, Role, Severity, Status

MAX_BIND_FAILURES = 5
BIND_LOCK = timedelta(hours=1)
AGAIN = timedelta(minutes=1)  # what only a newer version can decide waits so long for one that can
DRILL_PREFIX, DRILLS_FROM = "YL", 9000  # of practice complaints: the grammar knows it, too
_TRIED = 2  # attempts after which a file that still waits keeps the others back no longer
_PLAN_ANSWERED = (EventKind.PLAN_AGREED, EventKind.PLAN_REFUSED)
EMERGENCY = "emergency"  # the fact that names the numbers to call first
Look = Callable[[Work, Change], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Via:
    """The conversation an answer goes back to. reply_to: the external id of the message that is answered. room: several
    people read it.
    """

    channel: str
    address: str
    person: str | None = None
    reply_to: str | None = None
    room: bool = False


class Desk:
    """prefix: what references begin with. zone: whose calendar day a reference's date is. emergency: whom to call in danger."""

    def __init__(
        self,
        clock: Clock,
        book: PolicyBook,
        signer: Signer,
        *,
        prefix: str,
        zone: tzinfo,
        emergency: Services | None = None,
    ) -> None:
        self.clock = clock
        self.book = book
        self.signer = signer
        self.prefix = prefix
        self.zone = zone
        self._emergency = emergency or Services.of("CN")
        self._look: Look | None = None

    def looking(self, look: Look) -> Desk:
        """Return this desk with a look at each decision before it is recorded: if it raises, nothing is."""
        wary = copy(self)
        wary._look = look
        return wary

    async def terms(self, work: Work, complaint: Complaint) -> Terms:
        return await self.book.terms(work, complaint)

    async def new_reference(self, work: Work, *, drill: bool = False) -> str:
        """Return the number of a new complaint. Practice has its own: real ones show no gaps, and no last digits of theirs."""
        day = self.clock.now().astimezone(self.zone).strftime("%Y%m%d")
        prefix, first = (DRILL_PREFIX, DRILLS_FROM) if drill else (self.prefix, 0)
        return f"{prefix}{day}-{first + await work.draw_number(f'{prefix}{day}'):04d}"

    async def record(self, work: Work, change: Change) -> Complaint:
        """Commit a decision with the unit of work: state, events, timers and the notices it asks for."""
        if self._look is not None:
            await self._look(work, change)
        before = work.known_complaint(change.complaint.reference)
        change = await grouping.prepared(work, change)
        complaint = change.complaint
        terms = await self.terms(work, complaint)
        change = await self._with_somebody_present(work, change, terms)
        change = outward.heard_of_the_press(change, terms, self.clock.now())
        change = outward.put_to_the_voice(change, terms)
        change = await self._graded(work, change, terms)
        change = await self._kept_from_whom_it_names(work, change)
        change = await self._handed_on(work, before, change)
        terms = await self.terms(work, change.complaint)
        change = owing.over(noted(ladders.relieved(work.known_complaint(complaint.reference), change, terms)))
        change = task_force.over(tasks.over(before, deciding.over(before, change)))
        directory, now = await work.directory(), self.clock.now()
        change = put_to_another(change, directory, now)
        _check_voice(before, change, directory, terms)
        change = outward.unpromised(_for_leaders(briefing.follow(before, change, terms, now), directory))
        change = replace(change, notices=tuple(_saying_who_is_away(each, directory, now) for each in change.notices))
        complaint = change.complaint
        read = [
            (
                notice,
                readers(
                    notice.to,
                    directory,
                    complaint,
                    self.book.calendar_at,
                    now,
                    chased=_late(notice, complaint),
                    judge=complaint.judged_by if notice.kind is NoticeKind.APPEAL else None,
                ),
            )
            for notice in change.notices
        ]
        skipped = tuple(ladders.skipped(complaint, notice, now) for notice, found in read if not found)
        await work.save(replace(change, events=change.events + skipped), clockwork.wanted(complaint, terms))
        if before is not None and any(event.kind is EventKind.DISPATCHED for event in change.events):
            await self.show_files(work, complaint)
        if complaint.marked(RAISED) == now:
            await queues.wake_about(work, complaint.reference, now)  # an assignment must not lie until the morning now
        chased = {reader.person for notice, found in read if notice.kind is NoticeKind.OVERDUE for reader in found}
        told: set[tuple[str, bool, str]] = set()
        for notice, found in read:
            for reader in found:
                person = reader.person
                heard = (notice.kind, notice.only_sms, person)
                # Superior and lead at once: told once. Whoever did it needs no telling.
                unheard = person in (work.hushed, notice.but_not) or kept_from(person, notice.kind, complaint)
                unheard |= notice.kind is NoticeKind.ESCALATION and person in chased  # nobody is told of themselves
                if not unheard and heard not in told:
                    told.add(heard)
                    self._post(work, complaint, _read_by(reader, notice), person)
        await self._call_off(work, before, change, terms)
        await conduct.follow(self, work, before, change, terms)
        await grouping.carry(work, before, change, self.record, self.book)
        return complaint

    async def _call_off(self, work: Work, before: Complaint | None, change: Change, terms: Terms) -> None:
        """Tell those who were asked to phone about a plan that its customer has answered; not who phoned themselves."""
        answered = next((each for each in change.events if each.kind in _PLAN_ANSWERED), None)
        if before is None or answered is None:
            return
        over = {d.clock for d in before.running} - {d.clock for d in change.complaint.running}
        since = before.moment(Milestone.PLAN_SUBMITTED) or before.received_at
        asked = await queues.told_of(work, before.reference, (NoticeKind.DUTY_BEGINS, NoticeKind.REMINDER), since)
        clocks = {clock for clock in over if _asks_for_the_plan(before, clock, terms)}
        told = {row.person for row in asked if row.person and codec.loads(row.facts).get("clock") in clocks}
        told -= {event.by for event in change.events} | {before.owner}
        directory = await work.directory()
        persons = [person for each in sorted(told) if (person := directory.get(each)) is not None]
        facts = {"agreed": "yes" if answered.kind is EventKind.PLAN_AGREED else "no", "text": answered.note}
        self.tell(
            work, Internal.CALL_OFF, f"{before.reference}/v{before.version}/off", persons, facts, before.reference
        )

    def _post(self, work: Work, complaint: Complaint, notice: Notice, person: str) -> None:
        # The key is made of the decision (this version of this complaint), so a decision taken twice speaks once.
        key = f"{complaint.reference}/v{complaint.version}/{notice.kind}/{person}"
        outgoing = self._outgoing(key, f"person:{person}", notice.kind, notice.facts, complaint.reference, person)
        if work.speaking is not None and work.speaking[0] == person and not notice.only_sms:
            # They asked for silence, and this is no news but what becomes of the words they have just written.
            _, channel, address, message = work.speaking
            work.add_outgoing(replace(outgoing, answer=True, channel=channel, address=address, reply_to=message))
            return
        if not notice.only_sms:
            work.add_outgoing(outgoing)
        if notice.also_sms or notice.only_sms:
            work.add_outgoing(replace(outgoing, key=f"{key}/sms", lane=f"sms:{person}", form="sms"))

    async def show_files(self, work: Work, complaint: Complaint) -> None:
        """Let whoever has a complaint in hand see the files that came with it: each once, those of an album together."""
        reader = (await work.directory()).get(complaint.owner)
        if reader is None or complaint.settled:
            return
        await work.flush_if_writing()
        kept = await files.of_complaint(work, complaint.reference)
        if any(file.state == files.WAITING and file.attempts < _TRIED for file in kept):
            return  # the next of them is on its way: it shows them all
        known = await files.shown(work, complaint.reference, reader.id, Internal.FILES_HERE)
        new = [f for f in kept if f.state == files.FETCHED and f.person != reader.id and f.id not in known]
        if new:
            told = {"files": ",".join(str(file.id) for file in new)}
            key = f"files/{complaint.reference}/{new[-1].id}"
            self.tell(work, Internal.FILES_HERE, key, [reader], told, complaint.reference)

    def answer(
        self,
        work: Work,
        via: Via,
        kind: str,
        key: str,
        *,
        reference: str | None = None,
        facts: Mapping[str, str] | None = None,
    ) -> None:
        """Answer in the conversation in which somebody just wrote. key: unique to what is answered."""
        if via.person is not None and via.person in (work.hushed, work.unanswered):
            return
        outgoing = self._outgoing(key, _lane(via), kind, facts or {}, reference, via.person)
        work.add_outgoing(
            replace(outgoing, answer=True, channel=via.channel, address=via.address, reply_to=via.reply_to)
        )

    def tell(
        self,
        work: Work,
        kind: str,
        key: str,
        persons: Iterable[Person],
        facts: Mapping[str, str],
        reference: str | None = None,
    ) -> None:
        """Tell staff something about the service itself."""
        for person in persons:
            lane = f"person:{person.id}"
            work.add_outgoing(self._outgoing(f"{key}/{person.id}", lane, kind, facts, reference, person.id))

    async def tell_damaged(self, work: Work) -> None:
        """Tell the service centre, once each, of the complaints met in this work whose record cannot be read."""
        for reference in sorted(work.unreadable):
            for person in await self.service_centre(work):
                if await queues.with_key(work, f"damaged/{reference}/{person.id}") is None:
                    self.tell(work, Internal.DAMAGED, f"damaged/{reference}", [person], {"number": reference})

    def _outgoing(
        self, key: str, lane: str, kind: str, facts: Mapping[str, str], reference: str | None, person: str | None
    ) -> Outgoing:
        now = self.clock.now()
        return Outgoing(
            key=key,
            lane=lane,
            notice=str(kind),
            created_at=now,
            due_at=now,
            facts=codec.facts(facts),
            reference=reference,
            person=person,
        )

    async def service_centre(self, work: Work) -> list[Person]:
        return centre(await work.directory())

    async def on_duty(self, work: Work, site: str, at: datetime) -> list[Person]:
        """Return who is on duty at a site at a moment, by its own rota or the whole company's; empty where nobody is."""
        return (await work.directory()).on_duty(site, at, self.book.calendar_at)

    async def is_on_duty(self, work: Work, person: str, site: str, at: datetime) -> bool:
        """Say whether a person is on duty at a site at a moment, by the rota or standing in for somebody who is away."""
        return any(each.id == person for each in await self.on_duty(work, site, at))

    async def file(
        self,
        work: Work,
        filing: Filing,
        actor: Actor,
        *,
        ask: Sequence[str] = (),
        quiet: bool = False,
        often: bool = False,
        several: Sequence[str] = (),
        apart: bool = False,
    ) -> Complaint:
        """Take a complaint in: filed, given to whoever should have it, everybody told.

        ask: the facts that the acknowledgement asks for. quiet: no acknowledgement. often: its sender has filed so many
        today that colleagues hear of this one in chat alone, not by SMS as well. several: the matters that it tells of, if more
        than one: colleagues are told. apart: its customer wants it apart from what they told before, so no merge is suggested.
        """
        site = (await work.directory()).sites.get(filing.site)
        now, terms = self.clock.now(), await self.book.choice(work, filing, site.policy if site is not None else "")
        change = handling.file(filing, actor, terms, now)
        notices = change.notices
        if ask:
            notices = tuple(_asking(notice, ask) for notice in notices)
        if quiet:
            notices = tuple(notice for notice in notices if notice.kind is not NoticeKind.ACKNOWLEDGEMENT)
        change = replace(change, notices=notices)
        if not filing.drill:
            change = await self._asked_whom_it_means(work, change, filing.summary)
        if change.complaint.status is not Status.UNDER_REVIEW:  # else whoever reviews it has been told
            given = await self._given(work, change.complaint, terms)
            change += given or handling.needs_assignment(change.complaint)
        if (of_conduct := handling.of_conduct(change.complaint)) is not None:
            change += of_conduct
        if change.complaint.task is not None:
            change += handling.announce(change.complaint)
        if not apart:
            change += await grouping.suggestion(work, change.complaint, now)
        if several:
            change = replace(change, notices=tuple(_hinting(each, several) for each in change.notices))
        if often and change.complaint.severity is not Severity.S0:
            change = replace(change, notices=tuple(replace(each, also_sms=False) for each in change.notices))
        return await self.record(work, change)

    async def _given(self, work: Work, complaint: Complaint, terms: Terms) -> Change | None:
        """Return the complaint given to whoever should have it, or the event that nobody is there; None: not ours to decide."""
        if complaint.settled or complaint.task is not None or given_back(complaint):
            return None
        if complaint.status is Status.UNDER_REVIEW:  # nobody works on it before
            return None
        if not terms.policy.assign_automatically or not complaint.contact_known:
            return None
        now = self.clock.now()
        found = await find_assignee(work, complaint, self.book.calendar_at, now)
        if isinstance(found, Assignment):
            return handling.assign_automatically(complaint, found.person, str(found), terms, now)
        if complaint.nobody_since is not None:
            return None  # it was told; the daily reminder runs
        head = (await work.directory()).head_for(complaint.site, complaint.category)
        return nobody_available(complaint, found, now, head=head is not None)

    async def assign_waiting(self, work: Work, complaint: Complaint) -> Complaint:
        """Give a complaint that waited for something to whoever should have it; unchanged where it is not ours to decide."""
        given = await self._given(work, complaint, await self.terms(work, complaint))
        return complaint if given is None else await self.record(work, given)

    async def restore(
        self, work: Work, complaint: Complaint, words: str, actor: Actor, *, anew: bool = False
    ) -> Complaint:
        """Record that what was withdrawn goes on: where it stood, if who had it can go on with it.

        anew: the trouble is back, whatever was done about it.
        """
        person = (await work.directory()).get(complaint.owner)
        at_hand = person is not None and person.active and person.id not in complaint.respondents
        terms = await self.terms(work, complaint)
        change = customer.restore(complaint, words, actor, terms, self.clock.now(), as_it_was=at_hand and not anew)
        if change.complaint.status is not Status.NEW:
            return await self.record(work, change)
        return await self.take_up_again(work, change)

    async def take_up_again(self, work: Work, change: Change) -> Complaint:
        """Record that a complaint goes on, and give it back to who had it last, else to whoever should have it."""
        complaint, now = change.complaint, self.clock.now()
        terms = await self.terms(work, complaint)
        last = complaint.tasks[-1].assignee if complaint.tasks else None
        person = (await work.directory()).get(last)
        if person is not None and person.active and person.id not in complaint.respondents:
            change += handling.assign_automatically(complaint, person.id, "reopened", terms, now)
        else:
            change += await self._given(work, complaint, terms) or handling.needs_assignment(complaint)
        return await self.record(work, change)

    async def give_to_site(self, work: Work, complaint: Complaint) -> Complaint:
        """The site has become known: what nobody has taken up yet goes to whoever is for it, if the rule gave it to another."""
        complaint = await self._under_its_profile(work, complaint)
        task = complaint.task
        if task is None:
            return await self.assign_waiting(work, complaint) if complaint.nobody_since else complaint
        if complaint.status is not Status.DISPATCHED or Assignment.read(task.why) is None:
            return complaint
        terms, now = await self.terms(work, complaint), self.clock.now()
        found = await find_assignee(work, complaint, self.book.calendar_at, now)
        if isinstance(found, Nobody) or Ground.SITE not in found.grounds or found.person == task.assignee:
            return complaint
        change = handling.assign_automatically(complaint, found.person, str(found), terms, now)
        return await self.record(work, change)

    async def _under_its_profile(self, work: Work, complaint: Complaint) -> Complaint:
        """Let a complaint whose site has become known run under the profile that it would have begun under."""
        site = (await work.directory()).sites.get(complaint.site)
        terms = await self.book.choice(work, complaint, site.policy if site is not None else "")
        change = chosen_anew(complaint, terms, self.clock.now())
        return complaint if change is None else await self.record(work, change)

    async def _graded(self, work: Work, change: Change, terms: Terms) -> Change:
        """Ask the rules of grading anew; whoever is in danger by their words is told first whom to call (R-041)."""
        change = endangered.taken_back(change, self.clock.now())
        found = said_danger(change)
        if found is not None:
            found = endangered.besides(change.complaint, found)
            complaint = change.complaint
            notices = [_calling(notice, found, self._emergency) for notice in change.notices]
            if complaint.contact_known and not any(EMERGENCY in notice.facts for notice in notices):
                notices.append(
                    _calling(
                        Notice(NoticeKind.SUPPLEMENT_RECORDED, To(person=complaint.complainant)), found, self._emergency
                    )
                )
            change = replace(change, complaint=endangered.told_anew(complaint), notices=tuple(notices))
        elif (call := endangered.whom_to_call(change)) is not None:
            change = replace(
                change, notices=tuple(_calling(notice, call, self._emergency) for notice in change.notices)
            )
        else:
            change = replace(change, notices=tuple(self._asking_who_is_in(n, change.complaint) for n in change.notices))
        now = self.clock.now()
        change = endangered.heard_by_all(change, terms, now)
        graded = regrade(change, terms, now)
        if graded.complaint.severity is change.complaint.severity:
            return graded
        wider = await self.book.widened(work, replace(change.complaint, severity=graded.complaint.severity))
        if wider.policy.ref != terms.policy.ref:
            graded = regrade(change, wider, now)
        return promised_at_once(graded, wider)

    def _asking_who_is_in(self, notice: Notice, complaint: Complaint) -> Notice:
        """Return the acknowledgement of a lift that stands still with the question whether it holds anybody."""
        if notice.kind is not NoticeKind.ACKNOWLEDGEMENT or not lift_may_hold(complaint.summary):
            return notice
        return replace(notice, facts={**notice.facts, "may_hold": self._emergency.fire})

    async def _kept_from_whom_it_names(self, work: Work, change: Change) -> Change:
        """Take a complaint from whom its customer's words accuse, and give it to somebody else."""
        if naming.may_accuse(change):
            staff = {p.id: p.name for p in (await work.directory()).persons.values() if p.active}
            for person, words in naming.said_against(change, staff).items():
                change += naming.name(change.complaint, person, SYSTEM, self.clock.now(), words)
            for words in naming.told_later(change):
                change = await self._asked_whom_it_means(work, change, words)
        if not naming.taken_away(change):
            return change
        given = await self._given(work, change.complaint, await self.terms(work, change.complaint))
        if given is not None:
            return change + given
        waiting = replace(change.complaint, nobody_since=change.complaint.nobody_since or self.clock.now())
        return change + handling.needs_assignment(waiting)

    async def _asked_whom_it_means(self, work: Work, change: Change, words: str) -> Change:
        """Keep a complaint from whom its words may mean by a part of their name, and ask the service centre whether they do."""
        directory, complaint = await work.directory(), change.complaint
        staff = {
            each.id: each for each in directory.persons.values() if each.active and each.id != complaint.complainant
        }
        near = [each.id for each in staff.values() if complaint.site and complaint.site in each.sites]
        row = await work.person_row(complaint.complainant)
        own = row.name.casefold() if row is not None else ""
        names = {each.id: each.name for each in staff.values()}
        for person, part in naming.perhaps(words, names, near).items():
            if person not in change.complaint.respondents and not (own and part.casefold() in own):
                change += naming.name(change.complaint, person, SYSTEM, self.clock.now(), words, part)
        return change

    async def _with_somebody_present(self, work: Work, change: Change, terms: Terms) -> Change:
        """Give what is reopened to somebody else where the one who had it is away or has left (trap 37)."""
        complaint, now = change.complaint, self.clock.now()
        if complaint.owner is None or not any(event.kind is EventKind.REOPENED for event in change.events):
            return change
        directory = await work.directory()
        if directory.get(complaint.owner) is not None and directory.away(complaint.owner, now) is None:
            return change
        found = await find_assignee(work, complaint, self.book.calendar_at, now)
        nobody_else = isinstance(found, Nobody) or found.person == complaint.owner
        taking = standing_in(directory, complaint, now) if nobody_else else found
        if not isinstance(taking, Assignment):
            return change
        pointless = To(person=complaint.owner)
        kept = replace(change, notices=tuple(notice for notice in change.notices if notice.to != pointless))
        return kept + handling.assign_automatically(complaint, taking.person, str(taking), terms, now)

    async def _handed_on(self, work: Work, before: Complaint | None, change: Change) -> Change:
        """Let a promise that begins during leave hand a complaint over as it would have when the leave began (trap 37).

        Not from an assignee who does something about it all the same, or was given it during the leave, by whoever knew.
        """
        complaint, now = change.complaint, self.clock.now()
        directory, owner = await work.directory(), complaint.owner
        leave = directory.away(owner, now) if owner is not None else None
        if before is None or leave is None or complaint.task is None or before.owner != owner:
            return change
        if complaint.task.assigned_at > leave.start or any(event.by == owner for event in change.events):
            return change
        terms = await self.terms(work, complaint)
        rule = terms.policy.absence.hand_over
        if goes_over(before, rule, leave.end) or not goes_over(complaint, rule, leave.end):
            return change
        found = await find_cover(work, complaint, self.book.calendar_at, now)
        if found is None:
            return change
        return change + handling.assign_automatically(complaint, found.person, str(found), terms, now)

    def bind_locked(self, address: AddressRow) -> bool:
        """Say whether so many wrong codes came from an address that it has to wait: guessing must not pay."""
        if address.bind_failures < MAX_BIND_FAILURES:
            return False
        return address.bind_failed_at is not None and self.clock.now() - address.bind_failed_at < BIND_LOCK

    def count_wrong_code(self, address: AddressRow) -> None:
        """Count a wrong code that came from an address, or was tried on what is its own."""
        now = self.clock.now()
        waited = address.bind_failed_at is not None and now - address.bind_failed_at >= BIND_LOCK
        address.bind_failures = 1 if waited else address.bind_failures + 1
        address.bind_failed_at = now

    async def bind(self, work: Work, via: Via, code: str, address: AddressRow) -> Person | None:
        """Bind the address to the person whose one-time code this is; None if the code is not good.

        A code is good once, for a while; an address has a few tries. What the person had bound on this channel before is
        bound no more, and is told so: a lost phone must not go on speaking for its owner.
        """
        now = self.clock.now()
        if self.bind_locked(address):
            return None
        row = await work.bind_code(self.signer.code_hash(code))
        person = await work.person(row.person) if row is not None else None
        if row is not None and row.used_at is not None and (row.person, True) == (address.person, address.proven):
            return person  # pressed twice
        if row is None or row.used_at is not None or row.expires_at < now or person is None or not person.active:
            self.count_wrong_code(address)
            return None
        row.used_at, address.bind_failures = now, 0
        for number, old in enumerate(await work.addresses_of(person.id)):
            if old.channel == via.channel and old.address != via.address and old.proven:
                old.proven = False
                lost = Via(old.channel, old.address, person.id)
                self.answer(work, lost, Internal.BINDING_CHANGED, f"unbound/{row.code_hash[:24]}/{number}")
        if address.person != person.id:
            await work.move_address(address, person.id)
        address.proven = True
        return person

    async def void_code(self, work: Work, code: str) -> None:
        """Make a one-time code useless that others may have read."""
        row = await work.bind_code(self.signer.code_hash(code))
        if row is not None and row.used_at is None:
            row.used_at = self.clock.now()

    async def fire_due(self, work: Work, *, limit: int) -> int:
        """Fire timers that are due, each once, asking its rule again with today's state; return how many were fired."""
        now = self.clock.now()
        due = await work.timers.due(now, limit)
        references = {key.reference for key in due}
        await work.prefetch_complaints(references)
        await work.timers.prefetch(references)  # each decision sets its complaint's timers anew
        for key in due:
            await self.fire_one(work, key)
        return len(due)

    async def fire_one(self, work: Work, key: TimerKey) -> int:
        """Fire one timer if it still waits, no earlier one having made it pointless; return 1 if it did."""
        now = self.clock.now()
        timer = await work.timers.fire(key, now)
        if timer is None:
            return 0
        try:
            complaint = await work.complaint(key.reference)
        except Newer:
            await unknown.met(work, key.reference, now)
            await work.timers.put_off(key, now + AGAIN)
            return 1
        except Unreadable:
            await work.timers.set_aside(key)
            await self.tell_damaged(work)
            return 1
        if complaint is not None:
            change = clockwork.fire(complaint, timer, await self.terms(work, complaint), now)
            if change is not None:
                await self.record(work, change)
        return 1


def _asks_for_the_plan(complaint: Complaint, clock: str, terms: Terms) -> bool:
    """Say whether a running clock is kept by what the customer says to the plan."""
    running = next((d for d in complaint.running if d.clock == clock), None)
    rule = terms.policy.clock(clock, running.profile) if running is not None else None
    return rule is not None and Milestone.PLAN_ANSWERED in rule.met_by


def _saying_who_is_away(notice: Notice, directory: Directory, now: datetime) -> Notice:
    """Return the word that a member of a task force is silent with until when they are away, and who stands in."""
    who = notice.facts.get("who", "")
    absence = directory.away(who, now) if notice.kind is NoticeKind.FORCE_NEWS and who else None
    if absence is None or notice.facts.get("news") != "silent":
        return notice
    stand_in = directory.stand_in(who, now)
    facts = {"until": absence.end.isoformat()} | ({"stand_in": stand_in.id} if stand_in is not None else {})
    return replace(notice, facts={**notice.facts, **facts})


def _late(notice: Notice, complaint: Complaint) -> str | None:
    """Return whose delay a notice tells of to those above them."""
    return complaint.owner if notice.kind is NoticeKind.ESCALATION else None


def _lane(via: Via) -> str:
    return f"person:{via.person}" if via.person and not via.room else f"{via.channel}:{via.address}"


def _asking(notice: Notice, ask: Sequence[str]) -> Notice:
    if notice.kind is not NoticeKind.ACKNOWLEDGEMENT:
        return notice
    return replace(notice, facts={**notice.facts, "ask": ",".join(ask)})


def _hinting(notice: Notice, several: Sequence[str]) -> Notice:
    if notice.kind not in (NoticeKind.NEW_COMPLAINT, NoticeKind.ASSIGNED, NoticeKind.NEEDS_ASSIGNMENT):
        return notice
    return replace(notice, facts={**notice.facts, "matters": "\n".join(several)})


def _for_leaders(change: Change, directory: Directory) -> Change:
    """Return the decision without what only leaders hear, where there is none whom the complaint does not name."""
    if any(leader.id not in change.complaint.respondents for leader in directory.holding(Role.LEADER)):
        return change
    return replace(change, notices=tuple(each for each in change.notices if each.kind not in briefing.TO_LEADERS))


def _check_voice(before: Complaint | None, change: Change, directory: Directory, terms: Terms) -> None:
    """Raise NotAllowed where a colleague's words would go outside while another alone may speak (R-039, R-069)."""
    by = next((event.by for event in change.events if event.by is not None), None)
    person = directory.persons.get(by or "")
    if before is None or person is None or person.id == before.complainant:
        return
    actor = as_voice(Actor(person.id, person.roles), directory)
    if outward.slips(before, change, actor, terms):
        detail = f"{before.reference}: another alone speaks outward"
        raise NotAllowed(detail, Bar.TIE, Step.SPEAK, before)


def _calling(notice: Notice, found: Found, emergency: Services) -> Notice:
    if notice.kind not in (NoticeKind.ACKNOWLEDGEMENT, NoticeKind.SUPPLEMENT_RECORDED, NoticeKind.URGE_RECORDED):
        return notice
    facts = {**notice.facts, EMERGENCY: ",".join(emergency.numbers(found.calls))}
    if found.words and all(word.isascii() for word in found.words):
        facts["english"] = "yes"  # whatever language their page is in
    if "suicide" in found.kinds:
        facts["held"] = "suicide"
    elif found.threatens and found.kinds <= {"threat", "violence"}:
        facts["held"] = "threatens"  # the police are for whoever is threatened
    elif found.kinds == {"injury"}:
        facts["held"] = "ill"
    elif "trapped" in found.kinds and found.kinds <= {"trapped", "injury", "lift"}:  # told to go to safety, they cannot
        facts["held"] = "trapped"
    return replace(notice, facts=facts)


def _read_by(reader: Reader, notice: Notice) -> Notice:
    """Return the notice as its reader gets it: whoever stands in for the assignee hears that there is one."""
    if not reader.in_place_of:
        return notice
    return Notice(NoticeKind.COVERING, To(person=reader.person), {"kind": notice.kind, "who": reader.in_place_of})
