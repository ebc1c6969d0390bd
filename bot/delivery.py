"""Delivery: for each message in the outbox, which road to take, the words, and what became of it.

A person is met where they last were (their chat, their mail, then SMS); a road that is closed leads to the next; where all
are closed the service centre hears of it. Every attempt is kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.answers import Internal
from bot.clock import Clock
from bot.desk import Desk
from bot.dialogue.questions import Question, asked_by
from bot.grammar import Pending
from bot.roads import Road, choose_road, closing
from bot.storage import codec, queues
from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.queues import CLAIMED, FAILED, QUEUED, SENDING, SKIPPED
from bot.storage.values import Attempt, Outgoing, Said
from bot.storage.work import Work
from bot.views import Viewer
from bot.words import Words, fit
from complaints.errors import ComplaintError
from connectors.port import (
    Button,
    Connector,
    DeliveryError,
    OutgoingMessage,
    TryAgainLater,
    UnknownDelivery,
    WillNotDeliver,
)
from scheduler.port import Fate, Outcome, Retries

_log = logging.getLogger(__name__)

_PER_LANE = 16


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to go, as it stands in the outbox and as its channel takes it."""

    outgoing: Outgoing
    message: OutgoingMessage


@dataclass(frozen=True, slots=True)
class Rules:
    """How deliveries are tried. attempts: on one road, before it counts as closed. lease_s: how long a process that claimed
    messages may be silent before it counts as dead; `Delivery.recover` renews it and must be called more often than that.
    """

    attempts: int
    retries: Retries
    timeout_s: float
    lease_s: float = 60.0


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
        self.counts = Counts()

    # ── claiming ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def claim(self, lanes: int) -> Sequence[Sequence[Parcel]]:
        claimed = await self._database.write(lambda work: self._claim(work, lanes))
        self._held.update(parcel.outgoing.id for lane in claimed for parcel in lane)
        return claimed

    async def _claim(self, work: Work, lanes: int) -> list[list[Parcel]]:
        now = self._clock.now()
        due = await queues.due(work, now, lanes, _PER_LANE)
        if not due:
            return []
        await self._prefetch(work, due)
        ready = []
        for outgoing in due:
            road = await self._road(work, outgoing, now)
            if road is None:
                await self._give_up(work, outgoing, now)
                continue
            attempts, lease = outgoing.attempts + 1, now + timedelta(seconds=self._rules.lease_s)
            outgoing = replace(
                outgoing, channel=road[0], address=road[1], state=CLAIMED, attempts=attempts, lease_until=lease
            )
            work.save_outgoing(outgoing)
            ready.append(outgoing)
        await work.prefetch_addresses((outgoing.channel, outgoing.address) for outgoing in ready)
        by_lane: dict[str, list[Parcel]] = {}
        for outgoing in ready:
            try:
                parcel = await self._prepare(work, outgoing)
            except (ComplaintError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
                # Tried again it would fail again, and hold up everybody's messages with its own.
                _log.exception("outbox: the words of message %s (%s) cannot be made", outgoing.id, outgoing.notice)
                detail = f"its words cannot be made: {error}"[:500]
                outgoing = replace(outgoing, state=FAILED, lease_until=None, done_at=now, detail=detail)
                work.save_outgoing(outgoing)
                await self._tell_centre(work, Internal.UNDELIVERABLE, outgoing)
                continue
            by_lane.setdefault(outgoing.lane, []).append(parcel)
        return list(by_lane.values())

    async def _prefetch(self, work: Work, due: Sequence[Outgoing]) -> None:
        persons = {outgoing.person for outgoing in due if outgoing.person}
        references = {outgoing.reference for outgoing in due if outgoing.reference}
        await work.prefetch_complaints(references)
        complaints = [complaint for reference in references if (complaint := await work.complaint(reference))]
        staff = (await work.directory()).persons.keys()
        await work.prefetch_people((persons | {complaint.complainant for complaint in complaints}) - staff)
        await work.prefetch_addresses_of(persons)
        if any(connector.capabilities.own_address for connector in self._connectors.values()):
            await work.prefetch_threads(references)

    async def _road(self, work: Work, outgoing: Outgoing, now: datetime) -> Road | None:
        addresses = await work.addresses_of(outgoing.person) if outgoing.person and not outgoing.answer else []
        person = await work.person(outgoing.person) if outgoing.person else None
        return choose_road(outgoing, addresses, self._connectors, person is not None and person.staff, now)

    async def _prepare(self, work: Work, outgoing: Outgoing) -> Parcel:
        """Make the words, and remember the question that they put."""
        capabilities = self._connectors[outgoing.channel].capabilities
        conversation = await work.address(outgoing.channel, outgoing.address)
        person = await work.person(outgoing.person) if outgoing.person else None
        locale = (conversation.locale if conversation else "") or (person.locale if person else "") or self._locale
        facts: dict[str, str] = codec.loads(outgoing.facts)
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
        return Parcel(outgoing, replace(message, notice=outgoing.notice, locale=rendered.locale, variables=variables))

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
        own, signer = capabilities.own_address, self._desk.signer
        if own is None:
            return message
        # A thread in the mail client's sense: we answer their last message and name those before it.
        reference = outgoing.reference
        thread = await work.thread(reference, outgoing.channel, outgoing.address) if reference else []
        theirs = [line for line in thread if not line.outgoing]
        ids = [line.message_id for line in thread if line.message_id]
        last = outgoing.reply_to or (theirs[-1].message_id if theirs else None) or (ids[-1] if ids else None)
        topic = next((line.subject for line in theirs if line.subject), None)
        return replace(
            message,
            subject=_threaded(topic, reference) if topic else subject,
            reply_to=last,
            references=(*[id for id in ids if id != last][-10:], last) if last else (),
            message_id=signer.message_id(outgoing.id, own.rpartition("@")[2]),
            reply_address=signer.plus_address(outgoing.id, own) if capabilities.plus_addressing else None,
        )

    async def _give_up(self, work: Work, outgoing: Outgoing, now: datetime) -> None:
        """No road is left: the service centre hears of it, unless this was only the second copy of a notice."""
        if outgoing.form and not outgoing.tried:
            work.save_outgoing(
                replace(outgoing, state=SKIPPED, done_at=now, detail=f"no second road by {outgoing.form}")
            )
            return
        if outgoing.answer and outgoing.channel in self._connectors and not outgoing.tried:
            # The channel has no approved template for these words: what was written is handled, only unanswered.
            detail = f"{outgoing.channel} has no approved template for {outgoing.notice}"
            work.save_outgoing(replace(outgoing, state=SKIPPED, done_at=now, detail=detail))
            return
        outgoing = replace(outgoing, state=FAILED, done_at=now, detail=outgoing.detail or "no address to write to")
        work.save_outgoing(outgoing)
        _log.warning("outbox: message %s (%s) could not be delivered", outgoing.id, outgoing.notice)
        await self._tell_centre(work, Internal.UNDELIVERABLE, outgoing)

    async def _tell_centre(self, work: Work, kind: Internal, outgoing: Outgoing) -> None:
        """Tell the service centre about a message that may not have arrived.

        Never about one of these notices themselves, nor about a second copy: the notice is on its way by another road.
        """
        if outgoing.notice in set(Internal) or outgoing.form:
            return
        facts = {"kind": outgoing.notice, "who": outgoing.person or "", "detail": outgoing.detail}
        centre = [person for person in await self._desk.service_centre(work) if person.id != outgoing.person]
        self._desk.tell(work, kind, f"{kind}/{outgoing.id}", centre, facts, outgoing.reference)

    # ── handing over ──────────────────────────────────────────────────────────────────────────────────────────────

    async def hand_over(self, parcel: Parcel) -> Outcome:
        channel = parcel.outgoing.channel
        connector = self._connectors[channel]
        try:
            if not connector.capabilities.idempotent_send:
                await self._begin(parcel)
            # A connector that limits itself knows whether the message had gone out; a clock outside can only doubt it.
            async with asyncio.timeout(max(self._rules.timeout_s, connector.capabilities.slowest_send_s * 1.1)):
                sent = await connector.send(parcel.message)
        except TimeoutError:
            fate = Fate.LATER if connector.capabilities.idempotent_send else Fate.UNCERTAIN
            outcome = Outcome(fate, detail=f"no answer within {self._rules.timeout_s:g} s")
        except DatabaseUnavailable as error:
            outcome = Outcome(Fate.LATER, detail=str(error))
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
            _log.exception("outbox: connector %s failed", channel)
            outcome = Outcome(Fate.UNCERTAIN, detail=f"{type(error).__name__}: {error}")
        else:
            outcome = Outcome(Fate.DELIVERED if sent.delivered else Fate.SENT, sent.external_id)
        self.counts.add(channel, outcome.fate)
        return outcome

    async def _begin(self, parcel: Parcel) -> None:
        """Write down that it goes out now: from here on, and not before, a crash leaves its fate unknown."""

        async def job(work: Work) -> None:
            work.save_outgoing(replace(parcel.outgoing, state=SENDING))

        await self._database.write(job)

    async def record(self, parcel: Parcel, outcome: Outcome) -> None:
        try:
            await self._database.write(lambda work: self._record(work, parcel, outcome))
        finally:
            self._held.discard(parcel.outgoing.id)

    async def _record(self, work: Work, parcel: Parcel, outcome: Outcome) -> None:
        now, outgoing, detail = self._clock.now(), parcel.outgoing, outcome.detail[:500]
        work.add_attempt(
            Attempt(
                outbox_id=outgoing.id,
                channel=outgoing.channel,
                address=outgoing.address,
                state=outcome.fate,
                at=now,
                detail=detail,
                external_id=outcome.external_id,
            )
        )
        outgoing = replace(outgoing, lease_until=None, detail=detail, external_id=outcome.external_id)
        match outcome.fate:
            case Fate.SENT | Fate.DELIVERED | Fate.UNCERTAIN:
                outgoing = replace(outgoing, state=outcome.fate, done_at=now)
                work.add_message(_said(parcel, outcome, now))
                if outcome.fate is Fate.UNCERTAIN:
                    await self._tell_centre(work, Internal.UNCERTAIN, outgoing)
            case Fate.LATER if outgoing.attempts < self._rules.attempts:
                wait = self._rules.retries.wait(outgoing.attempts, outcome.retry_after_s)
                outgoing = replace(outgoing, state=QUEUED, due_at=now + wait)
            case _:
                # This road is closed: the next one, at once and with fresh attempts.
                outgoing = replace(outgoing, state=QUEUED, due_at=now, attempts=0, tried=closing(outgoing))
        work.save_outgoing(outgoing)

    async def release(self, parcels: Sequence[Parcel]) -> None:
        if not parcels:
            return
        ids = [parcel.outgoing.id for parcel in parcels]
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
        reference=outgoing.reference,
        person=outgoing.person,
        outbox_id=outgoing.id,
        subject=(message.subject or "")[:500],
        message_id=message.message_id or outcome.external_id,
    )


def _threaded(topic: str, reference: str | None) -> str:
    """Return the subject of an answer in a thread, with the number once."""
    bare = topic
    while bare[:3].casefold() in ("re:", "回复:", "回复"):
        bare = bare.partition(":")[2].strip() or bare[3:]
    mark = f" [{reference}]" if reference and reference not in bare else ""
    return f"Re: {bare}{mark}"
