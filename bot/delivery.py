"""Delivery: for each message in the outbox, which road to take, the words, and what became of it.

A person is met where they last were (their chat, their mail, then SMS); a road that is closed leads to the next; where all
are closed the service centre hears of it. Every attempt is kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.answers import Internal
from bot.clock import Clock
from bot.desk import Desk
from bot.dialogue.questions import Question, asked_by
from bot.grammar import Pending
from bot.storage import codec, queues
from bot.storage.database import Database
from bot.storage.models import AddressRow, DeliveryRow, MessageRow, OutboxRow
from bot.storage.queues import FAILED, QUEUED, SENDING
from bot.storage.work import Work
from bot.views import Viewer
from bot.words import Words, fit
from connectors.port import (
    Button,
    Connector,
    DeliveryError,
    Form,
    OutgoingMessage,
    TryAgainLater,
    UnknownDelivery,
    WillNotDeliver,
)
from scheduler.port import Fate, Outcome, Retries

_log = logging.getLogger(__name__)

_LEASE = timedelta(
    seconds=120
)  # longer than any hand-over may take (delivery.timeout_s), so a living holder keeps its lease
_PER_LANE = 16
_SPOKEN_FORMS = {Form.IM: 0, Form.EMAIL: 1, Form.SMS: 2}


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to go: its row, its channel and its rendered words."""

    outbox_id: int
    channel: str
    reference: str | None
    person: str | None
    attempts: int
    message: OutgoingMessage
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """How deliveries are tried. attempts: on one road, before it counts as closed."""

    attempts: int
    retries: Retries
    timeout_s: float


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
        self.counts = Counts()

    # ── claiming ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def claim(self, lanes: int) -> Sequence[Sequence[Parcel]]:
        return await self._database.write(lambda work: self._claim(work, lanes))

    async def _claim(self, work: Work, lanes: int) -> list[list[Parcel]]:
        now = self._clock.now()
        rows = await queues.due(work, now, lanes, _PER_LANE)
        if not rows:
            return []
        await self._prefetch(work, rows)
        by_lane: dict[str, list[Parcel]] = {}
        for row in rows:
            parcel = await self._prepare(work, row, now)
            if parcel is not None:
                row.state, row.lease_until = SENDING, now + _LEASE
                row.attempts += 1
                by_lane.setdefault(row.lane, []).append(parcel)
        return list(by_lane.values())

    async def _prefetch(self, work: Work, rows: Iterable[OutboxRow]) -> None:
        rows = list(rows)
        persons = {row.person for row in rows if row.person}
        await work.prefetch_complaints({row.reference for row in rows if row.reference})
        complainants = set()
        for reference in {row.reference for row in rows if row.reference}:
            complaint = await work.complaint(reference)
            if complaint is not None:
                complainants.add(complaint.complainant)
        await work.prefetch_people(persons | complainants)
        await work.prefetch_addresses_of(persons)
        if any(connector.capabilities.own_address for connector in self._connectors.values()):
            await work.prefetch_threads({row.reference for row in rows if row.reference})

    async def _prepare(self, work: Work, row: OutboxRow, now: datetime) -> Parcel | None:
        """Choose the road and make the words; a message that no road is left for is given up here."""
        road = await self._road(work, row, now)
        if road is None:
            await self._give_up(work, row, now)
            return None
        row.channel, row.address = road
        connector = self._connectors[row.channel]
        capabilities = connector.capabilities
        conversation = await work.conversation(row.channel, row.address)
        person = await work.person(row.person) if row.person else None
        locale = conversation.locale or (person.locale if person else "") or self._locale
        facts: dict[str, str] = codec.loads(row.facts)
        context = await self._viewer.context(work, row, facts, person, locale)
        rendered = self._words.render(row.notice, locale, capabilities.form, context)
        question = asked_by(row.notice, row.reference, facts)
        if rendered.buttons and not capabilities.buttons:
            if question is None and rendered.numberable:
                says = [button.says for button in rendered.buttons]
                question = Question(Pending.MENU, row.reference, {"says": says})
                rendered = self._words.numbered(rendered, capabilities.max_chars)
            rendered = replace(rendered, buttons=())
        if question is not None:
            conversation.pending = question.dumps()
        text = rendered.text if capabilities.max_chars is None else fit(rendered.text, capabilities.max_chars)
        message = await self._message(work, row, text, rendered.subject, rendered.buttons)
        return Parcel(
            outbox_id=row.id,
            channel=row.channel,
            reference=row.reference,
            person=row.person,
            attempts=row.attempts + 1,
            message=message,
            internal=row.notice in set(Internal),
        )

    async def _message(
        self, work: Work, row: OutboxRow, text: str, subject: str | None, buttons: Sequence[Button]
    ) -> OutgoingMessage:
        capabilities = self._connectors[row.channel].capabilities
        plain = OutgoingMessage(
            key=row.key, address=row.address, text=text, subject=subject, buttons=tuple(buttons), reply_to=row.reply_to
        )
        own = capabilities.own_address
        if own is None:
            return plain
        # A thread in the mail client's sense: we answer their last message and name those before it.
        signer = self._desk.signer
        thread = await work.thread(row.reference, row.channel, row.address) if row.reference else []
        theirs = [line for line in thread if not line.outgoing]
        ids = [line.message_id for line in thread if line.message_id]
        last = row.reply_to or (theirs[-1].message_id if theirs else None) or (ids[-1] if ids else None)
        if last is not None and last in ids:
            ids.remove(last)
        topic = next((line.subject for line in theirs if line.subject), None)
        return OutgoingMessage(
            key=row.key,
            address=row.address,
            text=text,
            subject=_threaded(topic, row.reference) if topic else subject,
            reply_to=last,
            references=(*ids[-10:], last) if last else (),
            message_id=signer.message_id(row.id, own.rpartition("@")[2]),
            reply_address=signer.plus_address(row.id, own) if capabilities.plus_addressing else None,
        )

    async def _road(self, work: Work, row: OutboxRow, now: datetime) -> tuple[str, str] | None:
        """Return the channel and address to take next, or None where all are closed."""
        closed = {(channel, address) for channel, address in codec.loads(row.tried)} if row.tried else set()
        if row.answer:
            road = (row.channel, row.address)
            return road if row.channel in self._connectors and road not in closed else None
        if row.person is None:
            return None
        addresses = await work.addresses_of(row.person)
        person = await work.person(row.person)
        staff = person is not None and person.staff
        open_roads = [
            address
            for address in addresses
            if address.channel in self._connectors
            and (address.channel, address.address) not in closed
            and not address.muted
            and self._in_window(address, now)
            and (not row.form or self._connectors[address.channel].capabilities.form == row.form)
        ]
        if row.form == Form.SMS and not open_roads:
            return None
        if not row.form and any(self._form(address) is not Form.SMS for address in open_roads) and staff:
            open_roads = [a for a in open_roads if self._form(a) is not Form.SMS] + [
                a for a in open_roads if self._form(a) is Form.SMS
            ]
        best = min(open_roads, key=lambda address: self._preference(address, staff), default=None)
        return (best.channel, best.address) if best else None

    def _form(self, address: AddressRow) -> Form:
        return self._connectors[address.channel].capabilities.form

    def _preference(self, address: AddressRow, staff: bool) -> tuple[object, ...]:
        """Order roads: staff by form (chat, mail, SMS); customers by where they last wrote; then what is proven."""
        seen = -(address.last_inbound_at.timestamp() if address.last_inbound_at else 0.0)
        form = _SPOKEN_FORMS[self._form(address)]
        return (form, seen, not address.proven) if staff else (seen, form, not address.proven)

    def _in_window(self, address: AddressRow, now: datetime) -> bool:
        window = self._connectors[address.channel].capabilities.proactive_window
        return window is None or (address.last_inbound_at is not None and now - address.last_inbound_at <= window)

    async def _give_up(self, work: Work, row: OutboxRow, now: datetime) -> None:
        """Nobody can be reached by this message: the service centre hears of it, unless it was about to hear anyway."""
        row.done_at = now
        if row.form and not row.tried:
            row.state, row.detail = (
                "skipped",
                f"no {row.form} address",
            )  # the second copy of a notice; the first one went out
            return
        row.state = FAILED
        row.detail = row.detail or "no address to write to"
        _log.warning("outbox: message %s (%s) could not be delivered: %s", row.id, row.notice, row.detail)
        if row.notice in set(Internal) or row.form:
            return
        facts = {"kind": row.notice, "who": row.person or "", "detail": row.detail}
        centre = [p for p in await self._desk.service_centre(work) if p.id != row.person]
        self._desk.tell(work, Internal.UNDELIVERABLE, f"undeliverable/{row.id}", centre, facts, row.reference)

    # ── handing over ──────────────────────────────────────────────────────────────────────────────────────────────

    async def hand_over(self, parcel: Parcel) -> Outcome:
        connector = self._connectors[parcel.channel]
        try:
            async with asyncio.timeout(self._rules.timeout_s):
                sent = await connector.send(parcel.message)
        except TimeoutError:
            fate = Fate.LATER if connector.capabilities.idempotent_send else Fate.UNCERTAIN
            outcome = Outcome(fate, detail=f"no answer within {self._rules.timeout_s:g} s")
        except TryAgainLater as error:
            outcome = Outcome(Fate.LATER, detail=str(error), retry_after_s=error.retry_after_s)
        except WillNotDeliver as error:
            outcome = Outcome(Fate.REFUSED, detail=str(error))
        except UnknownDelivery as error:
            fate = Fate.LATER if connector.capabilities.idempotent_send else Fate.UNCERTAIN
            outcome = Outcome(fate, detail=str(error))
        except DeliveryError as error:
            outcome = Outcome(Fate.LATER, detail=str(error))
        except Exception as error:  # a connector's bug: it may have sent before it fell over
            _log.exception("outbox: connector %s failed", parcel.channel)
            outcome = Outcome(Fate.UNCERTAIN, detail=f"{type(error).__name__}: {error}")
        else:
            outcome = Outcome(Fate.DELIVERED if sent.delivered else Fate.SENT, sent.external_id)
        self.counts.add(parcel.channel, outcome.fate)
        return outcome

    async def record(self, parcel: Parcel, outcome: Outcome) -> None:
        await self._database.write(lambda work: self._record(work, parcel, outcome))

    async def _record(self, work: Work, parcel: Parcel, outcome: Outcome) -> None:
        row = await queues.outgoing(work, parcel.outbox_id)
        assert row is not None
        now = self._clock.now()
        row.lease_until, row.detail, row.external_id = None, outcome.detail[:500], outcome.external_id
        work.session.add(
            DeliveryRow(
                outbox_id=row.id,
                channel=row.channel,
                address=row.address,
                state=outcome.fate,
                detail=outcome.detail[:500],
                external_id=outcome.external_id,
                at=now,
            )
        )
        match outcome.fate:
            case Fate.SENT | Fate.DELIVERED:
                row.state, row.done_at = outcome.fate, now
                self._keep_words(work, parcel, row, now)
            case Fate.UNCERTAIN:
                row.state, row.done_at = Fate.UNCERTAIN, now
                self._keep_words(work, parcel, row, now)
                await self._tell_uncertain(work, row)
            case Fate.LATER if row.attempts < self._rules.attempts:
                row.state = QUEUED
                row.due_at = now + self._rules.retries.wait(row.attempts, outcome.retry_after_s)
            case _:
                # This road is closed: the next one, at once and with fresh attempts.
                tried = [*(codec.loads(row.tried) if row.tried else []), [row.channel, row.address]]
                row.tried, row.state, row.attempts, row.due_at = codec.dumps(tried), QUEUED, 0, now
        work.touched.add("outbox")

    def _keep_words(self, work: Work, parcel: Parcel, row: OutboxRow, now: datetime) -> None:
        work.add_message(
            MessageRow(
                reference=row.reference,
                outbox_id=row.id,
                person=row.person,
                channel=row.channel,
                address=row.address,
                outgoing=True,
                subject=(parcel.message.subject or "")[:500],
                text=parcel.message.text,
                attachments="",
                message_id=parcel.message.message_id or row.external_id,
                at=now,
            )
        )

    async def _tell_uncertain(self, work: Work, row: OutboxRow) -> None:
        if row.notice in set(Internal):
            return
        centre = [p for p in await self._desk.service_centre(work) if p.id != row.person]
        facts = {"kind": row.notice, "who": row.person or "", "detail": row.detail}
        self._desk.tell(work, Internal.UNCERTAIN, f"uncertain/{row.id}", centre, facts, row.reference)

    async def release(self, parcels: Sequence[Parcel]) -> None:
        if not parcels:
            return
        ids = [parcel.outbox_id for parcel in parcels]

        await self._database.write(lambda work: queues.release(work, ids))

    async def recover(self, *, everything: bool = False) -> int:
        """Decide about messages whose holder died: sent again only where the channel shows a second copy once.

        everything: at the start of the only process, when no living holder can exist.
        """
        return await self._database.write(lambda work: self._recover(work, everything))

    async def _recover(self, work: Work, everything: bool) -> int:
        now = self._clock.now()
        rows = await queues.leased(work, None if everything else now)
        for row in rows:
            connector = self._connectors.get(row.channel)
            row.lease_until = None
            if connector is not None and connector.capabilities.idempotent_send:
                row.state, row.due_at = QUEUED, now
                continue
            row.state, row.done_at = Fate.UNCERTAIN, now
            row.detail = "the service stopped while it was being handed over"
            await self._tell_uncertain(work, row)
        work.touched.add("outbox")
        return len(rows)


def _threaded(topic: str, reference: str | None) -> str:
    """Return the subject of an answer in a thread, with the number once."""
    bare = topic
    while bare[:3].casefold() in ("re:", "回复:", "回复"):
        bare = bare.partition(":")[2].strip() or bare[3:]
    mark = f" [{reference}]" if reference and reference not in bare else ""
    return f"Re: {bare}{mark}"
