"""What was said and what goes out, as a unit of work sees it: messages, their threads, the outbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Select, Table, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import DeliveryRow, FileRow, MessageRow, OutboxRow
from bot.storage.statements import run
from bot.storage.unit import Unit
from bot.storage.values import Attempt, FileKept, Heard, Outgoing, Said, ThreadLine

_OUTBOX: Table = OutboxRow.__table__  # type: ignore[assignment]
_OUTGOING_TO = (
    select(_OUTBOX.c.lane, func.count())
    .where(_OUTBOX.c.lane.in_(bindparam("lanes")), _OUTBOX.c.created_at > bindparam("since"))
    .group_by(_OUTBOX.c.lane)
)
_ANSWERS_TO = _OUTGOING_TO.where(_OUTBOX.c.answer.is_(True))
_HEARD = select(MessageRow.message_id, MessageRow.address, MessageRow.text, MessageRow.reference).where(
    MessageRow.message_id.in_(bindparam("ids")),
    MessageRow.channel == bindparam("on"),
    MessageRow.outgoing.is_(False),
)
_THREADS = (
    select(
        MessageRow.reference,
        MessageRow.channel,
        MessageRow.address,
        MessageRow.outgoing,
        MessageRow.subject,
        MessageRow.message_id,
        MessageRow.own_address,
    )
    .where(MessageRow.reference.in_(bindparam("references")))
    .order_by(MessageRow.id)
    .limit(bindparam("most"))
)


class Correspondence(Unit):
    def __init__(self, session: AsyncSession, *, writes: bool) -> None:
        super().__init__(session, writes=writes)
        self._threads: dict[str, list[ThreadLine]] = {}
        self._heard: dict[tuple[str, str], list[Heard]] = {}
        self._written_to: dict[str, int] = {}
        self._answered: dict[str, int] = {}

    async def put_by_message(self, channel: str, message_id: str, address: str) -> int | None:
        """Return the row of the outbox that a message of ours in a chat was."""
        await self.flush_if_writing()
        return await self.session.scalar(
            select(MessageRow.outbox_id)
            .where(MessageRow.message_id == message_id, MessageRow.channel == channel, MessageRow.address == address)
            .order_by(MessageRow.id.desc())
            .limit(1)
        )

    async def reference_of_message(
        self, channel: str, message_ids: Collection[str], address: str | None = None
    ) -> str | None:
        """Return the complaint that an earlier message of the channel with one of these ids belongs to, the latest first.

        address: only messages said there, for channels whose ids are counted in each chat.
        """
        if not message_ids:
            return None
        await self.flush_if_writing()
        where = [MessageRow.address == address] if address is not None else []
        return await self.session.scalar(
            select(MessageRow.reference)
            .where(
                MessageRow.message_id.in_(list(message_ids)[-20:]),
                MessageRow.channel == channel,
                MessageRow.reference.is_not(None),
                *where,
            )
            .order_by(MessageRow.id.desc())
            .limit(1)
        )

    async def own_address_of_message(self, channel: str, address: str, message_id: str) -> str | None:
        """Return which address of ours somebody wrote a message to, where that was kept."""
        await self.flush_if_writing()
        return await self.session.scalar(
            select(MessageRow.own_address)
            .where(MessageRow.message_id == message_id, MessageRow.channel == channel, MessageRow.address == address)
            .order_by(MessageRow.id.desc())
            .limit(1)
        )

    async def versions(self, channel: str, address: str, message_id: str, person: str) -> list[MessageRow]:
        """Return what a person said under one message id of a chat, the first version first."""
        await self.flush_if_writing()
        rows = await self.session.scalars(
            select(MessageRow)
            .where(
                MessageRow.message_id == message_id,
                MessageRow.channel == channel,
                MessageRow.address == address,
                MessageRow.person == person,
                MessageRow.outgoing.is_(False),
            )
            .order_by(MessageRow.id)
        )
        return list(rows)

    async def of_album(self, channel: str, address: str, album: str, person: str) -> list[MessageRow]:
        """Return the parts of an album that came already, the first one first."""
        await self.flush_if_writing()
        rows = await self.session.scalars(
            select(MessageRow)
            .where(
                MessageRow.album == album,
                MessageRow.channel == channel,
                MessageRow.address == address,
                MessageRow.person == person,
            )
            .order_by(MessageRow.id)
        )
        return list(rows)

    def add_file(self, file: FileKept) -> None:
        self._bulk.append(FileRow, file)
        self.touched.add("files")

    async def heard(self, channel: str, address: str, message_id: str) -> list[Heard]:
        """Return what somebody said under a message id before."""
        await self.prefetch_heard(channel, [message_id])
        return [heard for heard in self._heard[channel, message_id] if heard.address == address]

    async def prefetch_heard(self, channel: str, message_ids: Iterable[str]) -> None:
        wanted = {id for id in message_ids if (channel, id) not in self._heard}
        if not wanted:
            return
        await self.flush_if_writing()
        self._heard |= {(channel, id): [] for id in wanted}
        rows = await self.session.execute(_HEARD, {"ids": list(wanted), "on": channel})
        for id, address, text, reference in rows:
            self._heard[channel, id or ""].append(Heard(address, text, reference))

    async def written_to(self, person: str, since: datetime) -> int:
        """Return how many messages to a person we decided on since then."""
        await self.prefetch_written_to([person], since)
        return self._written_to[person]

    async def prefetch_written_to(self, persons: Iterable[str], since: datetime) -> None:
        self._written_to |= await self._outgoing_to(persons, self._written_to, since, _OUTGOING_TO)

    async def answered(self, person: str, since: datetime) -> int:
        """Return how many answers to a person's words we decided on since then."""
        await self.prefetch_answered([person], since)
        return self._answered[person]

    async def prefetch_answered(self, persons: Iterable[str], since: datetime) -> None:
        self._answered |= await self._outgoing_to(persons, self._answered, since, _ANSWERS_TO)

    async def _outgoing_to(
        self, persons: Iterable[str], known: Mapping[str, int], since: datetime, counted: Select[str, int]
    ) -> dict[str, int]:
        """Return how many messages to each person that is not yet known were decided on since then."""
        wanted = {f"person:{person}": person for person in persons if person not in known}
        if not wanted:
            return {}
        await self.flush_if_writing()
        rows = await run(self.session, counted, {"lanes": list(wanted), "since": since})
        return dict.fromkeys(wanted.values(), 0) | {wanted[lane]: count for lane, count in rows}

    def add_message(self, said: Said) -> None:
        self._bulk.append(MessageRow, said)
        if not said.outgoing and (heard := self._heard.get((said.channel, said.message_id or ""))) is not None:
            heard.append(Heard(said.address, said.text, said.reference))
        if said.reference is not None and said.reference in self._threads:
            line = ThreadLine(
                said.channel, said.address, said.outgoing, said.subject, said.message_id, said.own_address
            )
            self._threads[said.reference].append(line)

    async def thread(self, reference: str, channel: str, address: str) -> list[ThreadLine]:
        """Return what was said about a complaint with one address, the oldest first."""
        await self.prefetch_threads([reference])
        return [line for line in self._threads[reference] if (line.channel, line.address) == (channel, address)]

    async def subjects(self, reference: str, channel: str) -> list[str]:
        """Return the subjects of what was said about a complaint on a channel."""
        await self.prefetch_threads([reference])
        return [line.subject for line in self._threads[reference] if line.channel == channel and line.subject]

    async def prefetch_threads(self, references: Iterable[str]) -> None:
        wanted = {reference for reference in references if reference not in self._threads}
        if not wanted:
            return
        await self.flush_if_writing()
        self._threads |= {reference: [] for reference in wanted}
        rows = await self.session.execute(_THREADS, {"references": list(wanted), "most": 200 * len(wanted)})
        for reference, channel, address, outgoing, subject, message_id, own_address in rows:
            assert reference is not None
            line = ThreadLine(channel, address, outgoing, subject, message_id, own_address)
            self._threads[reference].append(line)

    def add_outgoing(self, outgoing: Outgoing) -> None:
        self._bulk.append(OutboxRow, outgoing)
        if outgoing.person in self._written_to:
            self._written_to[outgoing.person] += 1
        if outgoing.answer and outgoing.person in self._answered:
            self._answered[outgoing.person] += 1
        self.decided.setdefault(outgoing.lane, set()).add(outgoing.key)

    def save_outgoing(self, outgoing: Outgoing) -> None:
        """Write what changes while a message is on its way: state, road, attempts."""
        self._bulk.save(outgoing)
        if outgoing.state == "queued":  # all else gives nobody anything to claim
            self.touched.add("outbox")

    def add_attempt(self, attempt: Attempt) -> None:
        self._bulk.append(DeliveryRow, attempt)
