"""The loops of intake and delivery look where there is something: one transaction for each look, and none in vain."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.delivery import Delivery
from bot.intake import Understander
from bot.parcels import Parcel
from bot.storage import idling
from bot.storage.chat import ChatLog
from bot.storage.models import DeliveryRow, InboxRow, MessageRow, OutboxRow
from bot.storage.queues import DONE
from bot.storage.workqueue import work_queue
from connectors.port import LogEntry, OutgoingMessage, RawMessage
from scheduler.outbox import drain
from scheduler.port import Left, Round
from tests.fakes import eventually, until
from tests.unit.bot.desk_kit import MONDAY, FakeChannel, Kit, open_desk

TURNS = 3
ADDRESS = "w1"
EACH = ("stored", "understood", "claimed", "begun", "recorded")


async def test_a_turn_is_five_transactions(fresh_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idling, "_LONGEST_S", 3600.0)  # nobody looks without a reason, however slow the machine is
    looks = Counter[str]()
    async with open_desk(fresh_sqlite_url) as kit, AsyncExitStack() as stack:
        claim = kit.delivery.claim

        async def understand(lanes: Collection[tuple[str, str]] | None, before: datetime | None) -> Round:
            understood = await kit.understander.work_off(lanes, before)
            looks["inbox"] += 1
            return understood

        async def claimed(lanes: int) -> Sequence[Sequence[Parcel]]:
            parcels = await claim(lanes)
            looks["outbox"] += 1
            return parcels

        monkeypatch.setattr(kit.delivery, "claim", claimed)
        woken = await stack.enter_async_context(kit.database.listening("outbox"))
        queue = work_queue(kit.database, kit.clock)
        loops = [
            asyncio.create_task(queue.run(understand)),
            asyncio.create_task(drain(kit.delivery, woken, concurrency=4)),
        ]
        try:
            await eventually(lambda: looks == {"inbox": 1, "outbox": 1})
            await kit.database.ping()
            before = kit.database.commits + 1  # that look at the inbox has been through; that at the outbox perhaps not
            for turn in range(1, TURNS + 1):
                await kit.store("帮助", "c1")
                await until(lambda turn=turn: told(kit, turn), f"answer {turn} is recorded")  # type: ignore[misc]
            assert looks == {"inbox": 1 + TURNS, "outbox": 1 + TURNS}
            assert kit.database.commits - before <= len(EACH) * TURNS
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)


class TestDecided:
    """What is decided while hands are free is claimed in the same transaction, and said there where it is a line of our log."""

    @pytest.fixture(autouse=True)
    def idle(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(idling, "_LONGEST_S", 3600.0)

    async def test_a_turn_of_somebody_alone_is_two_transactions(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit, paging(kit) as page:
            before = kit.database.commits
            for turn in range(1, TURNS + 1):
                await page.say(f"m{turn}", "帮助")
                await page.answered(turn)
            # Told in the order in which it was said, and once (trap 17).
            lines = await page.log.since("chat", ADDRESS, 0)
            assert [line.outgoing for line in lines] == [False, True] * TURNS
            assert kit.database.commits - before == 2 * TURNS
            assert page.looks == 1
            rows = await kit.outbox()
            assert [(row.state, row.external_id) for row in rows] == [
                ("delivered", str(line.seq)) for line in lines if line.outgoing
            ]
            assert await kit.count(DeliveryRow) == await kit.count(MessageRow, MessageRow.outgoing.is_(True)) == TURNS

    async def test_what_another_channel_carries_goes_to_the_hands_at_once(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit, handing_over(kit) as looks:
            before = kit.database.commits
            await kit.store("帮助", "c1")
            await deciding(kit).work_off()
            await until(lambda: told(kit, 1), "the answer is recorded")
            assert kit.database.commits - before == len(EACH) - 1
            assert looks["outbox"] == 1
            [row] = await kit.outbox()
            assert (row.state, row.attempts) == ("sent", 1)

    async def test_one_after_what_is_on_its_way_to_the_same_reader_waits_for_it(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit, handing_over(kit):
            decided = deciding(kit)
            kit.chat.gate.clear()
            for _ in range(2):
                await kit.store("帮助", "c1")
                await decided.work_off()
                await kit.chat.entered.wait()
            assert [row.state for row in await kit.outbox()] == ["sending", "queued"]
            kit.chat.gate.set()
            await until(lambda: told(kit, 2), "both are recorded")
            assert kit.chat.keys("c1") == [row.key for row in await kit.outbox()]

    async def test_nothing_is_claimed_while_nobody_hands_over(self, kit: Kit) -> None:
        await kit.store("帮助", "c1")
        await deciding(kit).work_off()
        assert [row.state for row in await kit.outbox()] == ["queued"]

    async def test_what_nobody_hands_over_any_more_is_put_back(self, kit: Kit) -> None:
        hands = Hands()
        kit.delivery.hands = hands
        hands.leave = kit.delivery  # it stops while the claim is committed
        await kit.store("帮助", "c1")
        await deciding(kit).work_off()
        [row] = await kit.outbox()
        assert (row.state, row.attempts, hands.taken) == ("queued", 0, [])

    async def test_what_cannot_be_said_keeps_nobody_from_being_understood(
        self, kit: Kit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def broken(*_: object) -> None:
            raise RuntimeError("it fell over")

        kit.delivery.hands = Hands()
        monkeypatch.setattr(kit.delivery, "_tell", broken)
        await kit.store("3栋电梯坏了三天没人修", "c1")
        await deciding(kit).work_off()
        assert await kit.inbox_states() == [("chat-c1-1", DONE)]
        assert {row.state for row in await kit.outbox()} == {"queued"}
        assert len(await kit.complaints()) == 1


class TestLeft:
    async def test_all_that_is_due_is_in_hand(self, kit: Kit) -> None:
        await kit.tell("张伟", "k1")
        await kit.tell("张伟", "k2")
        assert len(await kit.delivery.claim(4)) == 1
        assert kit.delivery.left is Left.NOTHING

    async def test_what_came_for_somebody_who_is_being_written_to_stands_behind(self, kit: Kit) -> None:
        await kit.tell("张伟", "k1")
        await kit.delivery.claim(4)
        await kit.tell("张伟", "k2")
        await kit.tell("王主管", "w1")
        assert len(await kit.delivery.claim(4)) == 1
        assert kit.delivery.left is Left.BEHIND

    async def test_more_people_than_there_was_room_for(self, kit: Kit) -> None:
        await kit.tell("张伟", "k1")
        await kit.tell("王主管", "w1")
        assert len(await kit.delivery.claim(1)) == 1
        assert kit.delivery.left is Left.MORE

    async def test_one_person_with_more_than_is_looked_at(self, kit: Kit) -> None:
        for number in range(5):
            await kit.tell("张伟", f"k{number}")
        await kit.tell("王主管", "w1")
        assert len(await kit.delivery.claim(2)) == 1
        assert kit.delivery.left is Left.MORE


async def test_a_batch_that_had_room_for_all_is_the_last(fresh_sqlite_url: str) -> None:
    rounds: list[Round] = []
    async with open_desk(fresh_sqlite_url, batch=2) as kit:

        async def understand(lanes: object, before: object) -> Round:
            rounds.append(await kit.understander.work_off())
            return rounds[-1]

        for number in range(3):
            await kit.store("3栋电梯坏了三天没人修", f"c{number}")
        task = asyncio.create_task(work_queue(kit.database, kit.clock).run(understand))
        try:
            await until(lambda: all_understood(kit), "they are understood")
            await kit.database.ping()  # it has had its chance to look once more
            assert rounds == [Round(2, more=True), Round(1, more=False)]
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def all_understood(kit: Kit) -> bool:
    return {row.state for row in await kit.rows(InboxRow)} == {DONE}


async def told(kit: Kit, turn: int) -> bool:
    return await kit.count(OutboxRow, OutboxRow.state == "sent") == turn


def deciding(kit: Kit) -> Understander:
    """Return the kit's understander as the service wires it: what it decides is claimed at once."""
    kit.understander._decide = kit.delivery.decide
    return kit.understander


@dataclass
class Hands:
    """Free hands that only keep what they are given. leave: whose hands they are until they are asked how free they are."""

    taken: list[Sequence[Parcel]] = field(default_factory=list)
    leave: Delivery | None = None

    @property
    def free(self) -> int:
        if self.leave is not None:
            self.leave.hands = None
        return 4

    def take(self, lanes: Sequence[Sequence[Parcel]]) -> None:
        self.taken += lanes


@asynccontextmanager
async def handing_over(kit: Kit) -> AsyncIterator[Counter[str]]:
    """Deliver as the service does; give how often the outbox was looked into, which it was once."""
    looks, claim = Counter[str](), kit.delivery.claim

    async def claimed(lanes: int) -> Sequence[Sequence[Parcel]]:
        parcels = await claim(lanes)
        looks["outbox"] += 1
        return parcels

    kit.delivery.claim = claimed  # type: ignore[method-assign]
    async with kit.database.listening("outbox") as woken:
        task = asyncio.create_task(drain(kit.delivery, woken, concurrency=4))
        try:
            await eventually(lambda: looks["outbox"] == 1)
            yield looks
        finally:
            kit.chat.gate.set()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


class Watched(FakeChannel):
    """A channel whose messages are lines of our log, with somebody looking."""

    shown: list[tuple[str, LogEntry]]

    def line(self, message: OutgoingMessage) -> tuple[str, LogEntry]:
        return message.address, LogEntry(0, message.key, True, message.text, message.buttons, MONDAY)

    def watched(self, conversation: str) -> bool:
        return True

    def show(self, conversation: str, entry: LogEntry) -> None:
        self.shown.append((conversation, entry))


@dataclass
class Page:
    """Somebody at a page of ours, with the service at work behind it."""

    kit: Kit
    log: ChatLog
    channel: Watched
    outbox: Counter[str]

    @property
    def looks(self) -> int:
        return self.outbox["outbox"]

    async def say(self, message_id: str, text: str) -> None:
        raw = RawMessage("chat", f"{ADDRESS}:{message_id}", ADDRESS, json.dumps({"text": text}).encode())
        await self.log.hear(self.kit.inbox, raw, f"in:{message_id}", text=text)

    async def answered(self, turn: int) -> None:
        await eventually(lambda: len(self.channel.shown) == turn)


@asynccontextmanager
async def paging(kit: Kit) -> AsyncIterator[Page]:
    kit.chat.__class__ = Watched
    channel = kit.chat
    assert isinstance(channel, Watched)
    channel.shown = []
    rounds = list[Round]()
    understander = deciding(kit)

    async def understand(lanes: Collection[tuple[str, str]] | None, before: datetime | None) -> Round:
        rounds.append(await understander.work_off(lanes, before))
        return rounds[-1]

    async with handing_over(kit) as looks:
        task = asyncio.create_task(work_queue(kit.database, kit.clock).run(understand))
        try:
            await eventually(lambda: len(rounds) == 1)
            await kit.database.ping()
            yield Page(kit, ChatLog(kit.database, kit.clock), channel, looks)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
