"""Intake: raw messages are stored first, then understood, and end bound to a complaint, answered, or in quarantine.

Understanding a message touches nothing but the database, so it happens in one transaction with everything that follows
from it: killed at any moment, a message is either still stored or wholly handled.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.answers import Answer, Internal, Why
from bot.bank_cards import card_free
from bot.clock import Clock
from bot.desk import Desk, Via
from bot.dialogue import Turn, take_turn
from bot.dialogue.of_newer import leave_to_newer
from bot.dialogue.rooms import conclude
from bot.grammar.details import plain_phone
from bot.hearing import Hearing, kept, kept_of_turn, where
from bot.receipts import Applied, Receipts
from bot.rooms import private_link
from bot.sizes import at_least, at_most
from bot.storage import queues, unknown
from bot.storage.database import Database, DatabaseUnavailable, Job
from bot.storage.gathering import Gathering
from bot.storage.moving import move_conversation
from bot.storage.queues import Lane
from bot.storage.texts import storable
from bot.storage.values import Outgoing, Received
from bot.storage.work import Newer, Work
from bot.tokens import LONGEST_SEALED
from complaints.errors import Conflict
from complaints.grading_words import danger
from complaints.taxonomy import Pack
from connectors.port import Connector, Content, IncomingMessage, NotUnderstood, RawMessage
from scheduler.port import Round

if TYPE_CHECKING:
    from bot.storage.tenures import Tenure

_log = logging.getLogger(__name__)

T = TypeVar("T")

_LARGE = 1 << 20  # bytes from which parsing would hold up everybody else's chat
_BEGUN = "somebody began to read it"  # the outcome of a large one until then
_CAP_WINDOW = timedelta(days=1)
_ANSWER_WINDOW = timedelta(hours=1)
_MANY = 20  # complaints of one person in a day, from which they are counted


class Inbox:
    """Where connectors put what they received (`connectors.port.Intake` over the inbox table).

    tenure: must be ours to receive: what came when it was another's is not stored, and must not be acknowledged.
    """

    def __init__(self, database: Database, clock: Clock, tenure: Tenure | None = None) -> None:
        self.database = database
        self._clock = clock
        self._tenure = tenure
        self._gathering = Gathering(database, self._store_gathered)

    async def store(self, messages: Sequence[RawMessage], *, cursor: tuple[str, str] | None = None) -> list[bool]:
        if cursor is None and self._tenure is None:
            return await self._gathering.add(messages)

        async def job(work: Work) -> list[bool]:
            new = await self.store_in(work, messages)
            if cursor is not None:
                await queues.save_cursor(work, *cursor)
            return new

        return await self.database.write(job)

    async def store_in(self, work: Work, messages: Sequence[RawMessage]) -> list[bool]:
        """Store messages within a transaction, as `store` does."""
        new = await queues.store_raw(work, [storable(each) for each in messages], self._clock.now())
        if self._tenure is not None:
            await self._tenure.confirm(work)
        return new

    async def _store_gathered(self, work: Work, gathered: Sequence[Sequence[RawMessage]]) -> list[list[bool]]:
        messages = [storable(message) for messages in gathered for message in messages]
        new = iter(await queues.store_raw(work, messages, self._clock.now()))
        return [list(islice(new, len(messages))) for messages in gathered]

    async def cursor(self, name: str) -> str | None:
        return await self.database.read(lambda work: queues.read_cursor(work, name))


class _NotBegun(Exception):
    """A large message is to be read, and it is not on record that somebody begins to: reading it might be their end."""

    def __init__(self, row: Received) -> None:
        super().__init__(f"message {row.id}, {len(row.raw)} bytes")
        self.id, self.lane = row.id, (row.channel, row.conversation)


class Decide(Protocol):
    """Runs a job in a transaction and returns its result once it is committed."""

    async def __call__(self, job: Job[T]) -> T: ...


@dataclass(frozen=True, slots=True)
class _Letter:
    """A stored message and what was understood of it; `incoming` is None where nothing was. card: it held the number of one."""

    row: Received
    incoming: IncomingMessage | None
    trouble: str = ""
    why: Why = Why.UNREADABLE
    card: bool = False


class Understander:
    """Works the inbox off: oldest first, a conversation's messages in their order, several in one commit."""

    def __init__(
        self,
        database: Database,
        desk: Desk,
        pack: Pack,
        connectors: Mapping[str, Connector],
        *,
        batch: int,
        attempts: int,
        max_chars: int,
        acknowledgement_cap: int,
        answer_cap: int = 100,
        max_file_bytes: int,
        locale: str,
        filing_cap: int = 200,
        decide: Decide | None = None,
    ) -> None:
        """decide: runs a job in a transaction; `Delivery.decide` claims there what it is to say."""
        self._database = database
        self._decide = decide
        self._desk = desk
        self._connectors = connectors
        self._batch = batch
        self._attempts = attempts
        self._cap = acknowledgement_cap
        self._answer_cap = answer_cap
        self._filing_cap = filing_cap
        self._begun: set[int] = set()  # large messages that this process reads, or has read
        self._receipts = Receipts(desk, connectors)
        self._hearing = Hearing(
            desk,
            pack,
            connectors,
            max_chars=max_chars,
            max_file_bytes=max_file_bytes,
            acknowledgement_cap=acknowledgement_cap,
            locale=locale,
        )

    async def work_off(self, lanes: Collection[Lane] | None = None, before: datetime | None = None) -> Round:
        """Understand one batch. A message that fails is tried alone, then set aside.

        lanes: of these conversations only. before: only of those in which something came before then. What other processes
        have in hand is theirs.
        """
        try:
            decide = self._decide or self._database.write
            return await self._reading(decide, lambda work: self._understand_batch(work, lanes, before))
        except (DatabaseUnavailable, Conflict):
            raise
        except Newer as error:
            _log.warning("inbox: the messages of a batch are taken one by one: %s", error)
        except Exception:
            _log.exception("inbox: a batch failed; its messages are taken one by one")
        ended = await self._one_by_one(lanes, before)
        return Round(ended, more=ended > 0)

    async def _one_by_one(self, lanes: Collection[Lane] | None, before: datetime | None) -> int:
        ended, held_up = 0, set[Lane]()
        for id, lane in await self._database.read(lambda work: queues.stored_lanes(work, self._batch, lanes, before)):
            if lane in held_up:
                continue  # an earlier message of this conversation is not through yet, or another process is at it
            try:
                done = await self._reading(
                    self._database.write,
                    lambda work, id=id, lane=lane: self._understand_one(work, id, lane),  # type: ignore[misc]
                )
            except (DatabaseUnavailable, Conflict):
                raise
            except Exception as error:
                if isinstance(error, Newer):
                    _log.warning("inbox: message %s is left to a newer version: %s", id, error)
                    await self._database.write(
                        partial(unknown.met, reference=error.reference, at=self._desk.clock.now())
                    )
                else:
                    _log.exception("inbox: message %s failed", id)
                trouble = f"{type(error).__name__}: {error}"
                done = await self._database.write(
                    lambda work, id=id, lane=lane, t=trouble: self._failed(work, id, lane, t)  # type: ignore[misc]
                )
            if done:
                ended += done
            elif done is None:
                held_up.add(lane)
        return ended

    async def _reading(self, decide: Decide, job: Job[T]) -> T:
        """Run a job that reads messages; before it reads a large one, that is written down."""
        while True:
            try:
                return await decide(job)
            except _NotBegun as large:
                await self._database.write(partial(self._begin, id=large.id, lane=large.lane))

    async def _begin(self, work: Work, id: int, lane: Lane) -> None:
        """Write down that this process begins to read a large message; one that was the end of too many is set aside."""
        if not await queues.own_lanes(work, [lane]):
            return  # another process has it in hand now
        row = await queues.message(work, id)
        if row is None or row.state != queues.STORED:
            return
        work.save_received(row)
        if row.outcome == _BEGUN and row.attempts >= self._attempts:
            await self._quarantine(work, row, "the service ended each time while it was read", Why.BREAKS)
            return
        row.attempts, row.outcome = row.attempts + 1, _BEGUN
        self._begun.add(id)

    async def _failed(self, work: Work, id: int, lane: Lane, trouble: str) -> int | None:
        """Count a failure; 1 when the message has ended, set aside for people to look at, None while it waits."""
        if not await queues.own_lanes(work, [lane]):
            return None
        row = await queues.message(work, id)
        if row is None or row.state != queues.STORED:
            return 1  # another process has ended it meanwhile
        row.attempts += 1
        work.save_received(row)
        if row.attempts < self._attempts:
            return None
        await self._quarantine(work, row, trouble, Why.BREAKS)
        return 1

    async def _quarantine(self, work: Work, row: Received, trouble: str, why: Why) -> None:
        row.state, row.outcome, row.handled_at = queues.QUARANTINED, storable(trouble[:500]), self._desk.clock.now()
        row.attempts += 1  # set aside again after a retry, it is told of again
        facts = {"channel": row.channel, "number": str(row.id), "why": why}
        centre = await self._desk.service_centre(work)
        self._desk.tell(work, Internal.QUARANTINED, f"quarantine/{row.id}/{row.attempts}", centre, facts)
        _log.warning("inbox: message %s from %s is in quarantine", row.id, row.channel)

    async def _understand_batch(self, work: Work, lanes: Collection[Lane] | None, before: datetime | None) -> Round:
        rows, more = await queues.stored(work, self._batch, lanes, before)
        letters = [await self._read(row) for row in rows]
        await self._prefetch(work, letters)
        for letter in letters:
            await self._handle(work, letter)
            work.save_received(letter.row)
        return Round(len(letters), more)

    async def _understand_one(self, work: Work, id: int, lane: Lane) -> int | None:
        """Understand one message and return 1, 0 where it has ended already, None while another process has it in hand."""
        if not await queues.own_lanes(work, [lane]):
            return None
        row = await queues.message(work, id)
        if row is None or row.state != queues.STORED:
            return 0
        await self._handle(work, await self._read(row))
        work.save_received(row)
        return 1

    async def _read(self, row: Received) -> _Letter:
        connector = self._connectors.get(row.channel)
        if connector is None:
            trouble = f"channel {row.channel} is not configured: enable it and retry"
            return _Letter(row, None, trouble, Why.NO_CHANNEL)
        if (large := len(row.raw) >= _LARGE) and row.id not in self._begun:
            raise _NotBegun(row)
        raw = RawMessage(row.channel, row.external_id, row.conversation, row.raw)
        try:
            parsed = connector.parse(raw) if not large else await asyncio.to_thread(connector.parse, raw)
            said = storable(parsed)
            shown = card_free(said)
            return _Letter(row, shown, card=shown is not said)
        except NotUnderstood as error:
            return _Letter(row, None, str(error))

    async def _prefetch(self, work: Work, letters: Sequence[_Letter]) -> None:
        """Fetch together what the messages of a batch need one by one."""
        keys = [
            (letter.row.channel, letter.incoming.sender.address)
            for letter in letters
            if letter.incoming is not None and letter.incoming.sender is not None
        ]
        if not keys:
            return
        await work.prefetch_addresses([*keys, *self._sealed(keys)])
        for channel in {channel for channel, _ in keys if self._connectors[channel].capabilities.threads}:
            mails = [letter.incoming for letter in letters if letter.row.channel == channel and letter.incoming]
            await work.prefetch_heard(channel, [mail.message_id for mail in mails if mail.message_id])
        known = [address for key in set(keys) if (address := await work.address(*key)) is not None]
        persons = {address.person for address in known}
        await work.prefetch_people(persons)
        if len(letters) > 1:  # of a message alone it is asked where it matters
            await work.prefetch_known_as(await self._signs(work, persons, letters))
        await work.prefetch_complaints_of(persons)
        if any(not self._connectors[channel].capabilities.threads for channel, _ in keys):
            await work.prefetch_answered(persons, self._desk.clock.now() - _ANSWER_WINDOW)
        if any(self._connectors[channel].capabilities.threads for channel, _ in keys):
            await work.prefetch_written_to(persons, self._desk.clock.now() - _CAP_WINDOW)

    async def _signs(self, work: Work, persons: Collection[str], letters: Sequence[_Letter]) -> set[tuple[str, str]]:
        """Return by which signs those who write may be known under other ids: numbers that they tell now among them."""
        signs = {("phone", plain_phone(letter.incoming.text)) for letter in letters if letter.incoming is not None}
        for row in [await work.person_row(person) for person in persons]:
            if row is not None and not row.staff:
                signs |= {("phone", row.phone), ("email", row.email)}
        return {sign for sign in signs if sign[1]}

    def _sealed(self, keys: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return where those of them who would not be named are answered."""
        short = [(channel, address) for channel, address in keys if len(address.encode()) <= LONGEST_SEALED]
        return [(channel, self._desk.signer.seal(channel, address)) for channel, address in short]

    async def _handle(self, work: Work, letter: _Letter) -> None:
        row, incoming = letter.row, letter.incoming
        if incoming is None:
            await self._quarantine(work, row, letter.trouble, letter.why)
            return
        row.state, row.handled_at = queues.DONE, self._desk.clock.now()
        await self._reachability(work, incoming)
        applied = await self._receipts.apply(work, incoming) if incoming.receipts else Applied()
        if incoming.ignored is not None:
            row.outcome, row.reference = _outcome("ignored", incoming.ignored, applied), applied.reference
            return
        answered = await self._answered_row(work, incoming)
        if incoming.automatic:
            # A machine wrote it: kept with its complaint, never answered, never a complaint (trap 14).
            row.outcome = _outcome("automatic", incoming.automatic_reason, applied)
            row.reference = applied.reference or (answered.reference if answered else None)
            own_addresses = self._connectors[row.channel].capabilities.own_addresses
            work.add_message(kept(row, incoming, None, row.reference, own_addresses))
            return
        if incoming.sender is None:
            trouble = "it does not say who sent it, so nobody can be answered: look at the raw message"
            await self._quarantine(work, row, trouble, Why.NO_SENDER)
            return
        if (reference := await self._came_before(work, incoming)) is not None:
            row.outcome, row.reference = "bound: another copy of a mail that came already", reference
            return
        if await self._overheard(work, incoming):
            row.outcome = "overheard: said to others in a group"  # and kept nowhere else: it is none of our business
            return
        if incoming.group and incoming.conversation in (incoming.sender.address, incoming.reply_address):
            row.outcome = self._faceless(work, row, incoming)
            return
        work.passed_over.clear()
        turn = await self._hearing.turn(work, row, incoming, answered)
        if await self._filed_too_many(turn):
            await self._set_aside(turn, row)
            return
        work.hushed = turn.person.id if await self._had_enough(turn) else None
        work.unanswered = turn.person.id if await self._answered_enough(turn) else None
        work.speaking = _speaking(turn)
        if not incoming.deleted and await self._unusable(turn, incoming):
            row.outcome = "answered"
            conclude(turn)
        else:
            work.without_newer = danger(turn.words) is not None
            await take_turn(turn)
            work.without_newer = False
            leave_to_newer(turn)
            if letter.card and not incoming.deleted and turn.private_open:
                turn.answer(Answer.CARD_HIDDEN)
            row.outcome = "bound" if turn.reference else "answered"
        work.hushed = work.unanswered = work.speaking = None
        await self._desk.tell_damaged(work)
        row.reference = None if turn.sealed else turn.reference or None
        if turn.sealed and not any(attachment.data for attachment in incoming.attachments):
            row.raw, row.conversation = b"", ""  # else it would say who they are
        if turn.kept:
            work.add_message(kept_of_turn(turn, row, incoming))

    async def _came_before(self, work: Work, incoming: IncomingMessage) -> str | None:
        """Return the complaint of a mail that came already, by another of our mailboxes, with a list's footer (trap 9)."""
        if not self._connectors[incoming.channel].capabilities.threads or incoming.message_id is None:
            return None
        text = incoming.text.strip()
        for earlier in await work.heard(incoming.channel, where(incoming), incoming.message_id):
            before = earlier.text.strip()
            if text and before and (text in before or before in text):
                return earlier.reference
        return None

    async def _reachability(self, work: Work, incoming: IncomingMessage) -> None:
        """Note what the platform reports about a conversation: whether we may write there, and where it lives now (trap 21)."""
        if incoming.moved_to:
            await move_conversation(work, incoming.channel, incoming.conversation, incoming.moved_to)
        if incoming.reachable is None or incoming.sender is None or incoming.group:
            return
        address = await work.address(incoming.channel, incoming.sender.address)
        if address is not None:
            address.blocked_at = None if incoming.reachable else address.blocked_at or self._desk.clock.now()

    async def _overheard(self, work: Work, incoming: IncomingMessage) -> bool:
        """Say whether people talk among themselves, in a group that is no service chat (trap 19)."""
        if not incoming.group or incoming.addressed:
            return False
        return await work.room(incoming.channel, incoming.conversation) is None

    def _faceless(self, work: Work, row: Received, incoming: IncomingMessage) -> str:
        """Answer somebody who speaks as the group or as a channel: whom we cannot tell from others we cannot help."""
        if not incoming.addressed:
            return "overheard: said in the group's own name"
        via = Via(row.channel, incoming.conversation, None, incoming.message_id, room=True)
        facts = {"link": private_link(self._connectors[row.channel].capabilities)}
        self._desk.answer(work, via, Answer.SPEAK_AS_YOURSELF, f"in/{row.id}/1", facts=facts)
        return "answered"

    async def _had_enough(self, turn: Turn) -> bool:
        """Say whether a mail is kept and acted on in silence: a machine that answers all we write would never end (trap 14).

        Not every machine says that it is one; nobody else is written to so often in a day because of their own mails.
        """
        if not turn.capabilities.threads or turn.is_staff:
            return False
        return await turn.work.written_to(turn.person.id, turn.now - _CAP_WINDOW) >= self._cap

    async def _answered_enough(self, turn: Turn) -> bool:
        """Say whether a chat is not answered for a while: two programs that thank each other would never end (trap 14).

        What is said is acted on all the same, and notices of complaints still go out.
        """
        if turn.capabilities.threads or turn.is_staff:
            return False
        return await turn.work.answered(turn.person.id, turn.now - _ANSWER_WINDOW) >= self._answer_cap

    async def _filed_too_many(self, turn: Turn) -> bool:
        """Say whether somebody has filed so many complaints in a day that one more would only drown the others."""
        if turn.is_staff or turn.in_thread or turn.person.staff:
            return False
        day_ago = turn.now - _CAP_WINDOW
        lately = [c for c in await turn.work.complaints_of(turn.person.id) if c.received_at > day_ago]
        if len(lately) < min(self._filing_cap, _MANY):
            return False
        return await turn.work.filed_since(turn.person.id, day_ago) >= self._filing_cap

    async def _set_aside(self, turn: Turn, row: Received) -> None:
        """Keep a message of somebody who floods us for people to look at; of the first in a day the centre is told."""
        row.state, row.handled_at = queues.QUARANTINED, turn.now
        row.outcome = f"its sender has filed {self._filing_cap} complaints within a day"
        facts = {"channel": row.channel, "number": str(row.id), "why": Why.TOO_MANY}
        for person in await self._desk.service_centre(turn.work):
            key = f"flood/{turn.person.id}/{turn.now:%Y%m%d}"
            if await queues.with_key(turn.work, f"{key}/{person.id}") is None:
                self._desk.tell(turn.work, Internal.QUARANTINED, key, [person], facts)

    async def _unusable(self, turn: Turn, incoming: IncomingMessage) -> bool:
        """Answer what cannot be a turn: a mail that is too large, a message without anything in it."""
        oversize = next((a for a in incoming.attachments if a.data is None and a.type == "message/rfc822"), None)
        if oversize is not None:
            limit = turn.capabilities.max_bytes
            turn.answer(
                Answer.OVERSIZE,
                size=at_least(oversize.size) if oversize.size else "",
                at_most=at_most(limit) if limit else "",
            )
            return True
        said = turn.words or incoming.attachments or (incoming.subject or "").strip() or incoming.contact_phone
        if not said and incoming.content is not Content.STICKER:
            turn.unclear(Answer.EMPTY_MESSAGE)
            return True
        return False

    async def _answered_row(self, work: Work, incoming: IncomingMessage) -> Outgoing | None:
        """Return the message of ours that this one answers, if it carries its genuine token."""
        carriers = (*incoming.references, incoming.in_reply_to or "", *incoming.recipients)
        outbox_id = self._desk.signer.outbox_id(carriers)
        return await queues.as_read(work, outbox_id) if outbox_id is not None else None


def _speaking(turn: Turn) -> tuple[str, str, str, str | None] | None:
    """Return who speaks and where they are answered, if they asked for nothing but answers there."""
    if not turn.conversation.muted or not turn.private_open:
        return None
    return turn.person.id, turn.via.channel, turn.via.address, turn.via.reply_to


def _outcome(what: str, why: str | None, applied: Applied) -> str:
    return f"{what}: {why}; {applied.outcome}" if applied.outcome else f"{what}: {why}"
