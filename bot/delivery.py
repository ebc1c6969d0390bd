"""Delivery: the outbox over our tables; what is claimed, handed over, and what became of it.

Which messages go, and by which road, is decided in `bot.claiming`; their words are made in `bot.parcels`. Where all roads are
closed the service centre hears of it (`bot.undelivered`). Every attempt is kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot.answers import Internal
from bot.attempts import attempt
from bot.claiming import Claims
from bot.clock import Clock
from bot.desk import Desk
from bot.outages import Outages
from bot.pacing import Pacer, Wait
from bot.parcels import Packer, Parcel, said
from bot.roads import Road, requeued
from bot.storage import queues, reports
from bot.storage.chat import Line, add_lines
from bot.storage.database import Database, DatabaseUnavailable, Job
from bot.storage.idling import Lull
from bot.storage.moving import move_conversation
from bot.storage.queues import CLAIMED, QUEUED, SENDING, UNCERTAIN
from bot.storage.texts import storable
from bot.storage.values import Attempt, Outgoing
from bot.storage.work import Work
from bot.undelivered import Undelivered
from bot.views import Viewer
from bot.words import Words
from connectors.port import (
    Attachment,
    Connector,
    DeliveryError,
    LogEntry,
    OutgoingMessage,
    Reported,
    SaysInLog,
)
from scheduler.port import Fate, Hands, Left, Outcome, Retries

_log = logging.getLogger(__name__)

T = TypeVar("T")

_NOT_TRIED = Outcome(Fate.LATER, detail="not tried: what the channel was handed may or may not have arrived")
_ENDED = frozenset({Fate.SENT, Fate.DELIVERED, Fate.UNCERTAIN})  # that way an attempt is the last one
_DETAIL_CHARS = 500


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


class _TakenOver(Exception):
    """It is no longer ours to send."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A message that was said where it was decided, and what is left to be done once that is committed."""

    parcel: Parcel
    connector: SaysInLog
    channel: str
    conversation: str
    entry: LogEntry
    outcome: Outcome


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
        privacy: str = "",
        files: Path | None = None,
    ) -> None:
        self._database = database
        self._connectors = connectors
        self._rules = rules
        self._clock = clock
        self._signer = desk.signer
        self._files = files
        self._held: dict[int, str] = {}  # claimed here and not recorded yet: by which claim
        self._recovered: set[str] = set()  # channels that work again, and whose waiting messages nobody has woken yet
        limits = {channel: connector.capabilities.limits for channel, connector in connectors.items()}
        self.pacer = Pacer(limits, rules.retries)
        self.outages = Outages(database, desk, connectors, self.pacer, rules.channel_down)
        self.counts = Counts()
        self.left = Left.BEHIND
        self.hands: Hands[Parcel] | None = None
        self._undelivered = Undelivered(desk, connectors)
        self._lull = Lull(database, clock, queues.next_due)
        self._claims = Claims(
            desk,
            connectors,
            Packer(words, viewer, connectors, desk.signer, locale=locale, privacy=privacy),
            self._undelivered,
            self.pacer,
            self.outages,
            lease_s=rules.lease_s,
            digest_from=rules.digest_from,
        )

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
        held: list[Outgoing] = []

        async def job(work: Work) -> tuple[list[list[Parcel]], Left]:
            self._give_back(taken, held)  # of a first try, whose transaction was rolled back for somebody else's fault
            claimed, left = await self._claims.take(work, lanes, self._clock.now(), taken)
            self._hold(claimed, held)
            return claimed, left

        try:
            claimed, self.left = await self._database.write(job)
        except BaseException:
            self._give_back(taken, held)
            raise
        return claimed

    async def decide(self, job: Job[T]) -> T:
        """Run a job in a transaction and claim there what it decided to say, as far as there are hands free for it.

        What is a line of our own log is said in that very transaction. A job that fails, fails with all that was claimed.
        """
        if self.hands is None:
            return await self._database.write(job)
        deciding = asyncio.create_task(self._decide_and_claim(job), name="deciding")
        try:
            return await asyncio.shield(deciding)
        except asyncio.CancelledError:
            await asyncio.wait([deciding])  # what it claimed is handed over, or put back
            raise

    async def _decide_and_claim(self, job: Job[T]) -> T:
        taken: list[Road] = []
        held: list[Outgoing] = []

        async def both(work: Work) -> tuple[T, list[tuple[Parcel, ...]], list[_Told]]:
            self._give_back(taken, held)  # as in `claim`
            result = await job(work)
            free = self.hands.free if self.hands is not None else 0
            lanes = await self._claims.take_decided(work, free, self._clock.now(), taken)
            told = await self._tell(work, lanes)
            said = {id(each.parcel) for each in told}
            left = [rest for lane in lanes if (rest := tuple(each for each in lane if id(each) not in said))]
            self._hold(left, held)
            return result, left, told

        try:
            result, lanes, told = await self._database.write(both)
        except BaseException:
            self._give_back(taken, held)
            raise
        for each in told:
            self._pace(each.parcel.outgoing, each.outcome)
            self.counts.add(each.channel, each.outcome.fate)
            each.connector.show(each.conversation, each.entry)
        if lanes:
            if self.hands is not None:
                self.hands.take(lanes)
            else:
                await self.release([parcel for lane in lanes for parcel in lane])
        for channel in {each.channel for each in told}:
            await self._wake_recovered(channel)
        return result

    async def _tell(self, work: Work, lanes: Sequence[Sequence[Parcel]]) -> list[_Told]:
        """Say and record what is a line of our own log, of each lane up to the first message that is not."""
        lines: list[tuple[Parcel, SaysInLog, Line]] = []
        for lane in lanes:
            for parcel in lane:
                channel, address = parcel.outgoing.channel, parcel.outgoing.address
                connector = self._connectors[channel]
                if not isinstance(connector, SaysInLog) or parcel.files:
                    break
                if self._signer.opened(channel, address) != address:
                    break  # what is said under a sealed address is opened as it is handed over, and nowhere else
                try:
                    conversation, entry = connector.line(parcel.message)
                except DeliveryError:
                    break  # whoever hands it over finds out why
                lines.append((parcel, connector, Line(channel, conversation, entry)))
        if not lines:
            return []
        now, told = self._clock.now(), []
        entries = await add_lines(work, [line for _, _, line in lines])
        for (parcel, its, line), entry in zip(lines, entries, strict=True):
            fate = Fate.DELIVERED if its.watched(line.conversation) else Fate.SENT
            told.append(_Told(parcel, its, line.channel, line.conversation, entry, Outcome(fate, str(entry.seq))))
            await self._note(work, parcel, parcel.rows, told[-1].outcome, now)
        return told

    async def wait(self, woken: asyncio.Event) -> None:
        await self._lull.over(woken, self.pacer.pause_s(self._clock.now()))

    def _give_back(self, taken: list[Road], held: list[Outgoing]) -> None:
        while taken:
            self.pacer.give_back(*taken.pop())
        self._let_go(held)
        held.clear()

    def _hold(self, lanes: Sequence[Sequence[Parcel]], held: list[Outgoing]) -> None:
        """Hold what is claimed, before that is committed: whoever looks for the dead may be the very next to write.

        held: gets them, for whoever must let go of them if it is not committed.
        """
        held.extend(row for lane in lanes for parcel in lane for row in parcel.rows)
        self._held.update((row.id, row.claim) for row in held)

    def _let_go(self, rows: Sequence[Outgoing]) -> None:
        """Hold messages no more; what was claimed here anew meanwhile is held on."""
        for row in rows:
            if self._held.get(row.id) == row.claim:
                del self._held[row.id]

    def _lease_from(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self._rules.lease_s)

    # ── handing over ──────────────────────────────────────────────────────────────────────────────────────────────

    async def hand_over(self, parcel: Parcel) -> Outcome:
        channel, address = parcel.outgoing.channel, parcel.outgoing.address
        connector = self._connectors[channel]
        pause = self.pacer.pauses.get(channel)
        if pause is not None and pause.doubtful and not parcel.probe:
            return _NOT_TRIED  # claimed before that was known: handed over, it would only become uncertain, too
        try:
            if not connector.capabilities.idempotent_send and not await self._begin(parcel):
                raise _TakenOver("another process took it over")
        except Exception as error:  # whatever it is, nothing has left
            if not isinstance(error, DatabaseUnavailable | _TakenOver):
                _log.exception("outbox: could not write down that message %s goes out", parcel.outgoing.id)
            outcome = Outcome(Fate.LATER, detail=str(error))
            self.pacer.give_back(channel, address, probe=parcel.probe)
        else:
            outcome = await self._attempt(connector, await self._with_files(connector, parcel))
            self._pace(parcel.outgoing, outcome)
        self.counts.add(channel, outcome.fate)
        return outcome

    async def _attempt(self, connector: Connector, message: OutgoingMessage) -> Outcome:
        """Hand a message over. A sealed address is opened here and nowhere else; what comes back does not name it."""
        opened = self._signer.opened(connector.channel, message.address)
        if opened == message.address:
            return storable(await attempt(connector, message, self._rules.timeout_s))
        outcome = storable(await attempt(connector, replace(message, address=opened), self._rules.timeout_s))
        moved = self._signer.seal(connector.channel, outcome.moved_to) if outcome.moved_to else outcome.moved_to
        return replace(outcome, moved_to=moved, detail=outcome.detail.replace(opened, message.address))

    async def _with_files(self, connector: Connector, parcel: Parcel) -> OutgoingMessage:
        """Return the message with the files that go out with it; one that cannot be read is left out."""
        if self._files is None or not parcel.files:
            return parcel.message
        attached = list(parcel.message.attachments)
        for file in parcel.files:
            if connector.capabilities.shows_files:
                attached.append(Attachment(file.name, file.type, size=file.size, handle=file.path))
                continue
            try:
                data = await asyncio.to_thread((self._files / file.path).read_bytes)
            except OSError as error:
                _log.warning("outbox: file %s cannot be read: %s", file.id, error)
                continue
            attached.append(Attachment(file.name, file.type, size=len(data), data=data))
        return replace(parcel.message, attachments=tuple(attached))

    def _pace(self, outgoing: Outgoing, outcome: Outcome) -> None:
        """Learn from an attempt how the channel fares."""
        now, channel, address = self._clock.now(), outgoing.channel, outgoing.address
        self.pacer.sent(channel, address, now)
        if outcome.everybody:
            self.pacer.failed(channel, now, outcome.detail, outcome.retry_after_s)
        elif outcome.fate is Fate.LATER and outcome.retry_after_s is None:
            if channel in self.pacer.pauses:  # no answer is no sign that it is back
                self.pacer.failed(channel, now, outcome.detail, None)
        elif outcome.fate is Fate.UNCERTAIN:
            self.pacer.doubted(channel, outgoing.id, now, outcome.detail)
        else:
            if outcome.retry_after_s is not None:
                self.pacer.asked(channel, address, now + timedelta(seconds=outcome.retry_after_s))
            if outcome.fate in (Fate.SENT, Fate.DELIVERED):
                self.outages.sent(channel, now)
                paused = self.pacer.worked(channel)
            else:
                paused = self.pacer.judged(channel)
            if paused:
                self._recovered.add(channel)

    async def _begin(self, parcel: Parcel) -> bool:
        """Write down that it goes out now: from here on, and not before, a crash leaves its fate unknown.

        False where it is no longer ours to send: this process was silent for so long that others took it for dead.
        """

        async def job(work: Work) -> bool:
            if len(await queues.still_ours(work, parcel.rows, (CLAIMED,))) < len(parcel.rows):
                return False
            lease = self._lease_from(self._clock.now())  # it may have waited in its line for longer than the first one
            for row in parcel.rows:
                work.save_outgoing(replace(row, state=SENDING, lease_until=lease))
            return True

        return await self._database.write(job)

    async def record(self, parcel: Parcel, outcome: Outcome) -> None:
        if outcome is _NOT_TRIED:
            await self.release([parcel])
            return
        channel = parcel.outgoing.channel
        try:
            await self._database.write(lambda work: self._record(work, parcel, outcome))
            await self._wake_recovered(channel)
        finally:
            self._let_go(parcel.rows)

    async def _wake_recovered(self, channel: str) -> None:
        if channel in self._recovered:
            await self._database.write(lambda work: queues.wake(work, channel, self._clock.now()))
            self._recovered.discard(channel)

    async def _record(self, work: Work, parcel: Parcel, outcome: Outcome) -> None:
        now, road = self._clock.now(), (parcel.outgoing.channel, parcel.outgoing.address)
        rows = await queues.still_ours(work, parcel.rows, (CLAIMED, SENDING, UNCERTAIN))
        if not rows:
            return  # whoever took it over says what becomes of it
        if len(outcome.detail) > _DETAIL_CHARS:
            outcome = replace(outcome, detail=outcome.detail[:_DETAIL_CHARS])
        await self._note(work, parcel, rows, await self._reported_already(work, road[0], outcome), now)

    async def _note(
        self, work: Work, parcel: Parcel, rows: Sequence[Outgoing], outcome: Outcome, now: datetime
    ) -> None:
        """Write down what became of an attempt. rows: those of the parcel that are ours to say it of."""
        road = (parcel.outgoing.channel, parcel.outgoing.address)
        for row in rows:
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
            work.add_message(said(parcel, outcome, now))
        if outcome.fate is Fate.UNCERTAIN:
            uncertain = replace(parcel.outgoing, detail=outcome.detail, reference=parcel.reference)
            pause = self.pacer.pauses.get(road[0])
            if pause is not None and pause.doubtful:
                await self._undelivered.tell_doubtful(work, uncertain, pause.since)
            else:
                await self._undelivered.tell_centre(work, Internal.UNCERTAIN, uncertain)

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
        state, done_at = (outcome.fate, now) if outcome.fate in _ENDED else (row.state, row.done_at)
        row = replace(
            row,
            state=state,
            done_at=done_at,
            lease_until=None,
            detail=outcome.detail,
            external_id=outcome.external_id,
        )
        if outcome.fate in _ENDED:
            return row
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
        rows = [row for parcel in parcels for row in parcel.rows]
        for parcel in parcels:
            self.pacer.give_back(parcel.outgoing.channel, parcel.outgoing.address, probe=parcel.probe)
        try:
            await self._database.write(lambda work: queues.release(work, rows))
        finally:
            self._let_go(rows)

    async def recover(self, *, everything: bool = False) -> int:
        """Decide about messages whose holder died: sent again only if none had begun to go out, or a second copy shows once.

        What is in hand here is kept: a long line before a slow server is no death. everything: at the start of the only
        process, when no living holder can exist.
        """
        self.pacer.shared_by = await self._database.delivering()
        return await self._database.write(lambda work: self._recover(work, everything))

    async def _recover(self, work: Work, everything: bool) -> int:
        now = self._clock.now()
        await queues.renew(work, self._held, self._lease_from(now))
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
                await self._undelivered.tell_centre(work, Internal.UNCERTAIN, outgoing)
        return len(abandoned)
