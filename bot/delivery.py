"""Delivery: for each message in the outbox, which road to take, the words, and what became of it.

A person is met where they last were (their chat, their mail, then SMS); a road that is closed leads to the next; where all
are closed the service centre is asked to phone, and the stand-in of one of the staff hears of it. Every attempt is kept, and
what waits says why (`bot.pacing.Wait`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import manners
from bot.answers import Internal
from bot.clock import Clock
from bot.continuing import link_for
from bot.desk import Desk
from bot.dialogue.questions import Question, asked_by
from bot.grammar import Pending
from bot.outages import Outages
from bot.pacing import Pacer, PutOff, Wait
from bot.people import Person
from bot.roads import Road, carries, choose_road, requeued
from bot.rooms import NUDGE_EVERY, nudge
from bot.storage import codec, queues, reports
from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.models import AddressRow
from bot.storage.moving import move_conversation
from bot.storage.queues import CLAIMED, FAILED, HELD, QUEUED, SENDING, SKIPPED
from bot.storage.values import Attempt, Outgoing, Said, ThreadLine
from bot.storage.work import Work
from bot.views import Viewer
from bot.words import Words, fit
from complaints.complaint import Complaint
from complaints.errors import ComplaintError
from complaints.promises import Terms
from connectors.port import (
    Blocked,
    Button,
    Capabilities,
    Connector,
    DeliveryError,
    Moved,
    OutgoingMessage,
    Reported,
    TryAgainLater,
    UnknownDelivery,
    WillNotDeliver,
)
from scheduler.port import Fate, Outcome, Retries

_log = logging.getLogger(__name__)

_PER_LANE = 16
_TWIN_LOOK = timedelta(seconds=5)  # while the copy of a notice is on its way by the road the notice would take
_WENT = frozenset({Fate.SENT, Fate.DELIVERED, queues.READ})
_NOT_OURS = (ComplaintError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a bad record or a missing template raises; the database's own errors are none of these."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to go, as its channel takes it, and what stands in the outbox for it: one row, or several that are
    told together.
    """

    rows: tuple[Outgoing, ...]
    message: OutgoingMessage

    @property
    def outgoing(self) -> Outgoing:
        return self.rows[0]

    @property
    def reference(self) -> str | None:
        """The complaint that all of it is about."""
        references = {row.reference for row in self.rows}
        return references.pop() if len(references) == 1 else None


@dataclass(frozen=True, slots=True)
class _Matter:
    """A due message with what decides when and how it may go."""

    outgoing: Outgoing
    complaint: Complaint | None
    terms: Terms
    person: Person | None
    addresses: Sequence[AddressRow]

    @property
    def staff(self) -> bool:
        return self.person is not None and self.person.staff

    @property
    def urgent(self) -> bool:
        return manners.urgent(self.complaint, self.terms)

    @property
    def first(self) -> bool:
        """Whether it goes before others where a channel takes only so many."""
        return self.outgoing.answer or self.urgent

    @property
    def joinable(self) -> bool:
        return (
            self.staff
            and self.outgoing.notice in manners.JOINABLE
            and not (self.first or self.outgoing.tried or self.outgoing.joined_to)
        )

    @property
    def last_wrote(self) -> datetime | None:
        return max((row.last_inbound_at for row in self.addresses if row.last_inbound_at), default=None)


@dataclass(frozen=True, slots=True)
class Rules:
    """How deliveries are tried. attempts: on one road, before it counts as closed. lease_s: how long a process that claimed
    messages may be silent before it counts as dead; `Delivery.recover` renews it and must be called more often than that.
    patience: how long a platform may put a message off before that counts as a failed attempt. digest_from: so many notices
    that wait for one of the staff are told in one message; below 2: never. channel_down: after how long a failing channel
    counts as down, so that other roads are taken.
    """

    attempts: int
    retries: Retries
    timeout_s: float
    lease_s: float = 60.0
    patience: timedelta = timedelta(hours=4)
    digest_from: int = 3
    channel_down: timedelta = timedelta(minutes=10)


@dataclass(slots=True)
class Counts:
    """For the metrics page: how many attempts ended how, by channel."""

    attempts: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, channel: str, fate: str) -> None:
        self.attempts[channel, fate] = self.attempts.get((channel, fate), 0) + 1


class Delivery:
    """The outbox over our tables (`scheduler.outbox.Outbox`)."""

    def __init__(
        self,
        database: Database,
        desk: Desk,
        words: Words,
        viewer: Viewer,
        connectors: Mapping[str, Connector],
        rules: Rules,
        clock: Clock,
        *,
        locale: str,
    ) -> None:
        self._database = database
        self._desk = desk
        self._words = words
        self._viewer = viewer
        self._connectors = connectors
        self._rules = rules
        self._clock = clock
        self._locale = locale
        self._held: set[int] = set()  # claimed here and not recorded yet
        self._recovered: set[str] = set()  # channels that work again, and whose waiting messages nobody has woken yet
        limits = {channel: connector.capabilities.limits for channel, connector in connectors.items()}
        self.pacer = Pacer(limits, rules.retries)
        self.outages = Outages(database, desk, connectors, self.pacer, rules.channel_down)
        self.counts = Counts()

    def sending(self) -> dict[str, dict[str, str]]:
        """Return, by channel, what keeps it from sending: `down_since`, `paused_until` and why. Empty where nothing does."""
        down, pauses = self.outages.down, self.pacer.pauses
        found: dict[str, dict[str, str]] = {}
        for channel in down.keys() | pauses.keys():
            facts = found.setdefault(channel, {})
            if channel in down:
                facts["down_since"] = down[channel].isoformat()
            if (pause := pauses.get(channel)) is not None:
                facts |= {"paused_until": pause.until.isoformat(), "paused_because": pause.reason}
        return found

    # ── claiming ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def claim(self, lanes: int) -> Sequence[Sequence[Parcel]]:
        taken: list[Road] = []

        async def job(work: Work) -> list[list[Parcel]]:
            self._give_back(taken)  # of a first try, whose transaction was rolled back for somebody else's fault
            return await self._claim(work, lanes, taken)

        try:
            claimed = await self._database.write(job)
        except BaseException:
            self._give_back(taken)
            raise
        self._held.update(row.id for lane in claimed for parcel in lane for row in parcel.rows)
        return claimed

    def pause_s(self) -> float:
        """Return how long it is to the next look, where nothing wakes the drain sooner."""
        return self.pacer.pause_s(self._clock.now())

    def _give_back(self, taken: list[Road]) -> None:
        while taken:
            self.pacer.give_back(*taken.pop())

    async def _claim(self, work: Work, lanes: int, taken: list[Road]) -> list[list[Parcel]]:
        now = self._clock.now()
        await queues.release_held(work, now)
        due = await queues.due(work, now, lanes, _PER_LANE)
        if not due:
            return []
        await self._prefetch(work, due)
        matters: dict[str, list[_Matter]] = {}
        for outgoing in due:
            matter = await self._look(work, outgoing, now)
            if matter is not None:
                matters.setdefault(outgoing.lane, []).append(matter)
        claimed = []
        for lane in sorted(matters.values(), key=lambda lane: not lane[0].first):
            parcels = await self._open(work, lane, now, taken)
            if parcels:
                claimed.append(parcels)
        return claimed

    async def _prefetch(self, work: Work, due: Sequence[Outgoing]) -> None:
        persons = {outgoing.person for outgoing in due if outgoing.person}
        references = {outgoing.reference for outgoing in due if outgoing.reference}
        await work.prefetch_complaints(references)
        complaints = [complaint for reference in references if (complaint := work.known_complaint(reference))]
        staff = (await work.directory()).persons.keys()
        await work.prefetch_people((persons | {complaint.complainant for complaint in complaints}) - staff)
        await work.prefetch_addresses_of(persons)
        await work.prefetch_addresses((outgoing.channel, outgoing.address) for outgoing in due if outgoing.answer)
        if any(connector.capabilities.own_address for connector in self._connectors.values()):
            await work.prefetch_threads(references)

    async def _look(self, work: Work, outgoing: Outgoing, now: datetime) -> _Matter | None:
        """Return what decides about a message; None where it needs no road now: outdated, held for the morning, unreadable."""
        try:
            complaint = await work.complaint(outgoing.reference) if outgoing.reference else None
            terms = await self._desk.terms(work, complaint) if complaint else self._desk.book.current
            person = await work.person(outgoing.person) if outgoing.person else None
        except _NOT_OURS as error:
            await self._unreadable(work, outgoing, error, now)
            return None
        addresses = await work.addresses_of(outgoing.person) if outgoing.person else []
        matter = _Matter(outgoing, complaint, terms, person, addresses)
        if why := manners.outdated(outgoing, complaint):
            work.save_outgoing(replace(outgoing, state=SKIPPED, done_at=now, detail=why))
            return None
        morning = manners.quiet_until(
            outgoing, complaint, terms, staff=matter.staff, last_wrote=matter.last_wrote, now=now
        )
        if morning is not None:
            work.save_outgoing(replace(outgoing, state=HELD, due_at=morning, waits=Wait.QUIET))
            return None
        return matter

    async def _unreadable(self, work: Work, outgoing: Outgoing, error: Exception, now: datetime) -> None:
        """Give up a message that fails before it is handed over: tried again it would fail again, and hold up its lane."""
        _log.error("outbox: the words of message %s (%s) cannot be made", outgoing.id, outgoing.notice, exc_info=error)
        detail = f"its words cannot be made: {error}"[:500]
        outgoing = replace(outgoing, state=FAILED, lease_until=None, done_at=now, detail=detail)
        work.save_outgoing(outgoing)
        await self._tell_centre(work, Internal.UNDELIVERABLE, outgoing)

    async def _open(self, work: Work, lane: Sequence[_Matter], now: datetime, taken: list[Road]) -> list[Parcel]:
        """Return what of a lane may go now, in its order, up to the first that must wait."""
        by_id = {matter.outgoing.id: matter for matter in lane}
        groups = manners.runs(
            [matter.outgoing for matter in lane], lambda each: by_id[each.id].joinable, self._rules.digest_from
        )
        parcels = []
        while groups:
            matters = [by_id[outgoing.id] for outgoing in groups.pop(0)]
            matter = matters[0]
            road = self._road(matter, now, await self._address(work, matter.outgoing))
            if len(matters) > 1 and (road is None or not carries(self._connectors, road[0], Internal.DIGEST)):
                groups[:0] = [(each.outgoing,) for each in matters]  # each finds its way, or none, by itself
                continue
            if road is None:
                await self._give_up(work, matter, now)
                continue
            rows = tuple(replace(each.outgoing, channel=road[0], address=road[1]) for each in matters)
            twin = await self._twin(work, rows[0], road, now) if len(rows) == 1 else None
            if isinstance(twin, Outgoing):
                work.save_outgoing(twin)
                if twin.state == Fate.UNCERTAIN:
                    await self._tell_centre(work, Internal.UNCERTAIN, twin)
                continue
            again = rows[0].waits == Wait.LIMIT
            wait = twin or self.pacer.take(*road, now, urgent=matter.first, again=again)
            if wait is not None:
                for row in rows:
                    work.save_outgoing(replace(row, state=QUEUED, waits=wait.why, due_at=wait.until))
                break
            taken.append(road)
            try:
                parcel = await self._prepare_digest(work, rows) if len(rows) > 1 else await self._prepare(work, rows[0])
            except _NOT_OURS as error:
                self.pacer.give_back(*taken.pop())
                if len(rows) == 1:
                    await self._unreadable(work, rows[0], error, now)
                else:
                    groups[:0] = [(row,) for row in rows]
                continue
            rest = tuple(row for row in rows if row.id > parcel.rows[-1].id)
            if rest:
                groups[:0] = manners.runs(rest, lambda _: True, self._rules.digest_from)
            parcels.append(self._claimed(work, parcel, now))
        return parcels

    def _claimed(self, work: Work, parcel: Parcel, now: datetime) -> Parcel:
        lease = now + timedelta(seconds=self._rules.lease_s)
        leader = parcel.outgoing.id if len(parcel.rows) > 1 else None
        rows = tuple(
            replace(row, state=CLAIMED, attempts=row.attempts + 1, lease_until=lease, waits="", joined_to=leader)
            for row in parcel.rows
        )
        for row in rows:
            work.save_outgoing(row)
        return replace(parcel, rows=rows)

    async def _address(self, work: Work, outgoing: Outgoing) -> AddressRow | None:
        return await work.address(outgoing.channel, outgoing.address) if outgoing.answer else None

    def _road(self, matter: _Matter, now: datetime, conversation: AddressRow | None) -> Road | None:
        """Return the road to take: past the channels that are down where there is another, else that one, to wait for it."""
        if conversation is not None and conversation.blocked_at is not None:
            return None  # an answer to somebody who has shut us out since they wrote (trap 20)
        addresses = [] if matter.outgoing.answer else matter.addresses
        best = choose_road(matter.outgoing, addresses, self._connectors, matter.staff, now)
        if best is None or not self.outages.avoided(best[0], now):
            return best
        up = {channel: each for channel, each in self._connectors.items() if not self.outages.avoided(channel, now)}
        other = choose_road(matter.outgoing, addresses, up, matter.staff, now)
        if other is None:
            return best
        if matter.outgoing.notice != Internal.CHANNEL_DOWN:
            self.outages.diverted(best[0], matter.outgoing.id)
        return other

    async def _twin(self, work: Work, outgoing: Outgoing, road: Road, now: datetime) -> Outgoing | PutOff | None:
        """A notice and its second copy must not both take one road (the chat failed, and SMS carries the copy already).

        Return the message as one that shares the other's fate, or until when to wait for what becomes of the other.
        """
        if outgoing.form:
            other = await queues.with_key(work, outgoing.key.removesuffix(f"/{outgoing.form}"))
        elif outgoing.tried or self.outages.any_down:
            form = self._connectors[road[0]].capabilities.form
            other = await queues.with_key(work, f"{outgoing.key}/{form}")
        else:
            return None
        if other is None or (other.channel, other.address) != road:
            return None
        if other.state in _WENT or other.state == Fate.UNCERTAIN:
            state = Fate.UNCERTAIN if other.state == Fate.UNCERTAIN and not outgoing.form else SKIPPED
            return replace(outgoing, state=state, done_at=now, detail=f"went out already as message {other.id}")
        if other.state in (CLAIMED, SENDING):
            return PutOff(Wait.RETRY, now + _TWIN_LOOK)
        return None

    async def _prepare(self, work: Work, outgoing: Outgoing) -> Parcel:
        """Make the words, and remember the question that they put."""
        capabilities = self._connectors[outgoing.channel].capabilities
        conversation = await work.address(outgoing.channel, outgoing.address)
        person = await work.person(outgoing.person) if outgoing.person else None
        locale = (conversation.locale if conversation else "") or (person.locale if person else "") or self._locale
        facts: dict[str, str] = codec.loads(outgoing.facts)
        if (link := link_for(outgoing, person, self._connectors, self._desk.signer)) is not None:
            facts["continue_at"] = link
        context = await self._viewer.context(work, outgoing, facts, person, locale)
        rendered = self._words.render(outgoing.notice, locale, capabilities.form, context)
        question = asked_by(outgoing.notice, outgoing.reference, facts)
        if rendered.buttons and not capabilities.buttons:
            if question is None and rendered.numberable and not capabilities.threads:
                says = [button.says for button in rendered.buttons]
                question = Question(Pending.MENU, outgoing.reference, {"says": says})
                rendered = self._words.numbered(rendered, capabilities.max_chars)
            rendered = replace(rendered, buttons=())
        if question is not None and conversation is not None:
            conversation.pending = question.dumps()
        text = rendered.text if capabilities.max_chars is None else fit(rendered.text, capabilities.max_chars)
        message = await self._message(work, outgoing, text, rendered.subject, rendered.buttons)
        variables = self._words.variables(locale, context) if capabilities.templates is not None else {}
        message = replace(message, notice=outgoing.notice, locale=rendered.locale, variables=variables)
        return Parcel((outgoing,), message)

    async def _prepare_digest(self, work: Work, rows: tuple[Outgoing, ...]) -> Parcel:
        """Make one message of several: as many of them, from the first on, as fit whole. Raises ValueError if not two do."""
        capabilities = self._connectors[rows[0].channel].capabilities
        conversation = await work.address(rows[0].channel, rows[0].address)
        person = await work.person(rows[0].person) if rows[0].person else None
        locale = (conversation.locale if conversation else "") or (person.locale if person else "") or self._locale
        while len(rows) > 1:
            leader = replace(rows[0], notice=Internal.DIGEST, key=f"digest/{rows[0].id}-{rows[-1].id}")
            parcel = Parcel(rows, OutgoingMessage(leader.key, leader.address, ""))
            leader = replace(leader, reference=parcel.reference)
            context = await self._viewer.context(work, leader, {}, person, locale)
            context["items"] = await self._viewer.digest(work, rows)
            rendered = self._words.render(Internal.DIGEST, locale, capabilities.form, context)
            if capabilities.max_chars is None or len(rendered.text) <= capabilities.max_chars:
                break
            rows = rows[:-1]
        else:
            raise ValueError("not two of these notices fit into one message")
        if conversation is not None:
            conversation.pending = ""  # a bare digit must not answer what stood above this
        message = await self._message(work, leader, rendered.text, rendered.subject, ())
        variables = self._words.variables(locale, context) if capabilities.templates is not None else {}
        message = replace(message, notice=Internal.DIGEST, locale=rendered.locale, variables=variables)
        return replace(parcel, message=message)

    async def _message(
        self, work: Work, outgoing: Outgoing, text: str, subject: str | None, buttons: tuple[Button, ...]
    ) -> OutgoingMessage:
        message = OutgoingMessage(
            key=outgoing.key,
            address=outgoing.address,
            text=text,
            subject=subject,
            buttons=buttons,
            reply_to=outgoing.reply_to,
        )
        capabilities = self._connectors[outgoing.channel].capabilities
        if capabilities.own_address is None:
            return message
        # A thread in the mail client's sense: we answer their last message and name those before it.
        reference = outgoing.reference
        thread = await work.thread(reference, outgoing.channel, outgoing.address) if reference else []
        theirs = [line for line in thread if not line.outgoing]
        ids = [line.message_id for line in thread if line.message_id]
        last = outgoing.reply_to or (theirs[-1].message_id if theirs else None) or (ids[-1] if ids else None)
        topic = next((line.subject for line in theirs if line.subject), None)
        own, signer = await self._own_address(work, outgoing, theirs, capabilities), self._desk.signer
        return replace(
            message,
            sender=own,
            subject=_threaded(topic, reference) if topic else subject,
            reply_to=last,
            references=(*[id for id in ids if id != last][-10:], last) if last else (),
            message_id=signer.message_id(outgoing.id, own.rpartition("@")[2]),
            reply_address=signer.plus_address(outgoing.id, own) if capabilities.plus_addressing else None,
        )

    async def _own_address(
        self, work: Work, outgoing: Outgoing, theirs: Sequence[ThreadLine], capabilities: Capabilities
    ) -> str:
        """Return the address of ours that a mail leaves from: the one they last wrote to."""
        assert capabilities.own_address is not None
        if len(capabilities.own_addresses) < 2:
            return capabilities.own_address
        kept = [line.own_address for line in reversed(theirs)]
        if outgoing.reply_to:
            kept.insert(0, await work.own_address_of_message(outgoing.channel, outgoing.reply_to))
        return next((own for own in kept if own in capabilities.own_addresses), capabilities.own_address)

    async def _give_up(self, work: Work, matter: _Matter, now: datetime) -> None:
        """No road is left: the centre is asked to phone and the stand-in told, unless this was only a second copy."""
        outgoing = matter.outgoing
        if outgoing.form and not outgoing.tried:
            work.save_outgoing(
                replace(outgoing, state=SKIPPED, done_at=now, detail=f"no second road by {outgoing.form}")
            )
            return
        known = outgoing.channel in self._connectors
        if outgoing.answer and known and not carries(self._connectors, outgoing.channel, outgoing.notice):
            # The channel has no approved template for these words: what was written is handled, only unanswered.
            detail = f"{outgoing.channel} has no approved template for {outgoing.notice}"
            work.save_outgoing(replace(outgoing, state=SKIPPED, done_at=now, detail=detail))
            return
        if await nudge(work, self._desk, self._connectors, outgoing):
            detail = "known from a group only, and asked there to open the private chat"
            held = replace(outgoing, state=HELD, due_at=now + NUDGE_EVERY, waits=Wait.PRIVATE, detail=detail)
            work.save_outgoing(held)
            return
        outgoing = replace(
            outgoing, state=FAILED, done_at=now, waits="", detail=outgoing.detail or "no address to write to"
        )
        work.save_outgoing(outgoing)
        _log.warning("outbox: message %s (%s) could not be delivered", outgoing.id, outgoing.notice)
        await self._tell_centre(work, Internal.UNDELIVERABLE, outgoing)
        await self._tell_stand_in(work, matter)

    async def _tell_centre(self, work: Work, kind: Internal, outgoing: Outgoing) -> None:
        """Tell the service centre about a message that may not have arrived.

        Never about one of these notices themselves, nor about a second copy: the notice is on its way by another road.
        """
        if outgoing.notice in set(Internal) or outgoing.form:
            return
        readable = outgoing.reference is not None and work.known_complaint(outgoing.reference) is not None
        facts = {"kind": outgoing.notice, "who": outgoing.person or "", "detail": outgoing.detail}
        if outgoing.reference and not readable:
            facts["number"] = outgoing.reference
        centre = [person for person in await self._desk.service_centre(work) if person.id != outgoing.person]
        reference = outgoing.reference if readable else None
        self._desk.tell(work, kind, f"{kind}/{outgoing.id}/{outgoing.attempts}", centre, facts, reference)

    async def _tell_stand_in(self, work: Work, matter: _Matter) -> None:
        """Let the backup of somebody who cannot be reached see to it (R-032); nobody whom the complaint names."""
        outgoing, complaint = matter.outgoing, matter.complaint
        if not matter.staff or matter.person is None or complaint is None or outgoing.form or outgoing.answer:
            return
        backup = (await work.directory()).get(matter.person.backup)
        if backup is None or backup.id in complaint.respondents or outgoing.notice in set(Internal):
            return
        facts = {"kind": outgoing.notice, "who": matter.person.id}
        key = f"{Internal.STAND_IN}/{outgoing.id}/{outgoing.attempts}"
        self._desk.tell(work, Internal.STAND_IN, key, [backup], facts, complaint.reference)

    # ── handing over ──────────────────────────────────────────────────────────────────────────────────────────────

    async def hand_over(self, parcel: Parcel) -> Outcome:
        channel, address = parcel.outgoing.channel, parcel.outgoing.address
        connector = self._connectors[channel]
        out = False  # whether anything may have left
        try:
            if not connector.capabilities.idempotent_send:
                await self._begin(parcel)
            out = True
            # A connector that limits itself knows what became of the message; a clock outside can only doubt it.
            async with asyncio.timeout(max(self._rules.timeout_s, connector.capabilities.slowest_send_s * 1.1)):
                sent = await connector.send(parcel.message)
        except TimeoutError:
            fate = Fate.LATER if connector.capabilities.idempotent_send else Fate.UNCERTAIN
            outcome = Outcome(fate, detail=f"no answer within {self._rules.timeout_s:g} s")
        except DatabaseUnavailable as error:
            outcome = Outcome(Fate.LATER, detail=str(error))
        except TryAgainLater as error:
            asked, everybody = error.retry_after_s, error.everybody
            outcome = Outcome(Fate.LATER, detail=str(error), retry_after_s=asked, everybody=everybody)
        except Moved as error:
            outcome = Outcome(Fate.REFUSED, detail=str(error), moved_to=error.address)
        except WillNotDeliver as error:
            outcome = Outcome(Fate.REFUSED, detail=str(error), blocked=isinstance(error, Blocked))
        except UnknownDelivery as error:
            fate = Fate.LATER if connector.capabilities.idempotent_send else Fate.UNCERTAIN
            outcome = Outcome(fate, detail=str(error))
        except DeliveryError as error:
            outcome = Outcome(Fate.LATER, detail=str(error))
        except Exception as error:  # a connector's bug: it may have sent before it fell over
            _log.exception("outbox: connector %s failed", channel)
            outcome = Outcome(Fate.UNCERTAIN, detail=f"{type(error).__name__}: {error}")
        else:
            outcome = Outcome(Fate.DELIVERED if sent.delivered else Fate.SENT, sent.external_id)
        if out:
            self._pace(channel, address, outcome)
        else:
            self.pacer.give_back(channel, address)
        self.counts.add(channel, outcome.fate)
        return outcome

    def _pace(self, channel: str, address: str, outcome: Outcome) -> None:
        """Learn from an attempt how the channel fares."""
        now = self._clock.now()
        self.pacer.sent(channel, address, now)
        if outcome.everybody:
            self.pacer.failed(channel, now, outcome.detail, outcome.retry_after_s)
        elif outcome.fate is Fate.LATER and outcome.retry_after_s is None:
            if channel in self.pacer.pauses:  # no answer is no sign that it is back
                self.pacer.failed(channel, now, outcome.detail, None)
        else:
            if outcome.retry_after_s is not None:
                self.pacer.asked(channel, address, now + timedelta(seconds=outcome.retry_after_s))
            if outcome.fate in (Fate.SENT, Fate.DELIVERED):
                self.outages.sent(channel, now)
            if self.pacer.worked(channel):
                self._recovered.add(channel)

    async def _begin(self, parcel: Parcel) -> None:
        """Write down that it goes out now: from here on, and not before, a crash leaves its fate unknown."""

        async def job(work: Work) -> None:
            for row in parcel.rows:
                work.save_outgoing(replace(row, state=SENDING))

        await self._database.write(job)

    async def record(self, parcel: Parcel, outcome: Outcome) -> None:
        channel = parcel.outgoing.channel
        try:
            await self._database.write(lambda work: self._record(work, parcel, outcome))
            if channel in self._recovered:
                await self._database.write(lambda work: queues.wake(work, channel, self._clock.now()))
                self._recovered.discard(channel)
        finally:
            self._held.difference_update(row.id for row in parcel.rows)

    async def _record(self, work: Work, parcel: Parcel, outcome: Outcome) -> None:
        now, road = self._clock.now(), (parcel.outgoing.channel, parcel.outgoing.address)
        outcome = await self._reported_already(work, road[0], replace(outcome, detail=outcome.detail[:500]))
        for row in parcel.rows:
            work.add_attempt(
                Attempt(
                    outbox_id=row.id,
                    channel=row.channel,
                    address=row.address,
                    state=outcome.fate,
                    at=now,
                    detail=outcome.detail,
                    external_id=outcome.external_id,
                )
            )
            work.save_outgoing(self._after(row, outcome, now))
        if outcome.moved_to:
            await move_conversation(work, *road, outcome.moved_to)
        if outcome.blocked and (conversation := await work.address(*road)) is not None:
            conversation.blocked_at = now
        if outcome.fate in (Fate.SENT, Fate.DELIVERED, Fate.UNCERTAIN):
            work.add_message(_said(parcel, outcome, now))
        if outcome.fate is Fate.UNCERTAIN:
            uncertain = replace(parcel.outgoing, detail=outcome.detail, reference=parcel.reference)
            await self._tell_centre(work, Internal.UNCERTAIN, uncertain)

    async def _reported_already(self, work: Work, channel: str, outcome: Outcome) -> Outcome:
        """Take into account what the platform reported of a message before we could write down that it took it."""
        own_ids = self._connectors[channel].capabilities.own_address is not None
        if outcome.fate is not Fate.SENT or outcome.external_id is None or own_ids:
            return outcome
        for fate, detail in await reports.early(work, channel, outcome.external_id):
            if fate in (Reported.DELIVERED, Reported.READ):
                return replace(outcome, fate=Fate.DELIVERED)
            if fate == Reported.FAILED:
                return replace(outcome, fate=Fate.REFUSED, detail=detail)
        return outcome

    def _after(self, row: Outgoing, outcome: Outcome, now: datetime) -> Outgoing:
        """Return the message as an attempt leaves it."""
        row = replace(row, lease_until=None, detail=outcome.detail, external_id=outcome.external_id)
        if outcome.fate in (Fate.SENT, Fate.DELIVERED, Fate.UNCERTAIN):
            return replace(row, state=outcome.fate, done_at=now)
        if outcome.moved_to and outcome.moved_to != row.address and row.attempts < self._rules.attempts:
            return replace(row, state=QUEUED, due_at=now, address=outcome.moved_to, joined_to=None)
        if outcome.fate is Fate.LATER:
            put_off = outcome.everybody or outcome.retry_after_s is not None
            if put_off and now - row.created_at < self._rules.patience:
                # The platform's own pace is no failure of this road, however long it makes us wait (trap 22).
                wait = self._rules.retries.wait(row.attempts, outcome.retry_after_s)
                why = Wait.CHANNEL if outcome.everybody else Wait.ASKED
                return replace(row, state=QUEUED, due_at=now + wait, waits=why, attempts=row.attempts - 1)
            if row.attempts < self._rules.attempts:
                wait = self._rules.retries.wait(row.attempts, outcome.retry_after_s)
                return replace(row, state=QUEUED, due_at=now + wait, waits=Wait.RETRY)
        return requeued(row, now)

    async def release(self, parcels: Sequence[Parcel]) -> None:
        if not parcels:
            return
        ids = [row.id for parcel in parcels for row in parcel.rows]
        for parcel in parcels:
            self.pacer.give_back(parcel.outgoing.channel, parcel.outgoing.address)
        try:
            await self._database.write(lambda work: queues.release(work, ids))
        finally:
            self._held.difference_update(ids)

    async def recover(self, *, everything: bool = False) -> int:
        """Decide about messages whose holder died: sent again only if none had begun to go out, or a second copy shows once.

        What is in hand here is kept: a long line before a slow server is no death. everything: at the start of the only
        process, when no living holder can exist.
        """
        return await self._database.write(lambda work: self._recover(work, everything))

    async def _recover(self, work: Work, everything: bool) -> int:
        now = self._clock.now()
        await queues.renew(work, self._held, now + timedelta(seconds=self._rules.lease_s))
        abandoned = await queues.leased(work, None if everything else now)
        for outgoing in abandoned:
            connector = self._connectors.get(outgoing.channel)
            never_tried = outgoing.state == CLAIMED
            if never_tried or (connector is not None and connector.capabilities.idempotent_send):
                work.save_outgoing(replace(outgoing, state=QUEUED, lease_until=None, due_at=now))
                continue
            detail = "the service stopped while it was being handed over"
            outgoing = replace(outgoing, state=Fate.UNCERTAIN, lease_until=None, done_at=now, detail=detail)
            work.save_outgoing(outgoing)
            if outgoing.joined_to in (None, outgoing.id):
                await self._tell_centre(work, Internal.UNCERTAIN, outgoing)
        return len(abandoned)


def _said(parcel: Parcel, outcome: Outcome, now: datetime) -> Said:
    outgoing, message = parcel.outgoing, parcel.message
    return Said(
        channel=outgoing.channel,
        address=outgoing.address,
        outgoing=True,
        text=message.text,
        at=now,
        reference=parcel.reference,
        person=outgoing.person,
        outbox_id=outgoing.id,
        subject=(message.subject or "")[:500],
        message_id=message.message_id or outcome.external_id,
        own_address=message.sender,
    )


def _threaded(topic: str, reference: str | None) -> str:
    """Return the subject of an answer in a thread, with the number once."""
    bare = topic
    while bare[:3].casefold() in ("re:", "回复:", "回复"):
        bare = bare.partition(":")[2].strip() or bare[3:]
    mark = f" [{reference}]" if reference and reference not in bare else ""
    return f"Re: {bare}{mark}"
