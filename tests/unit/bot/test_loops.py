"""The loops of intake and delivery look where there is something: one transaction for each look, and none in vain."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import AsyncExitStack
from datetime import datetime

import pytest

from bot.parcels import Parcel
from bot.storage import idling
from bot.storage.models import InboxRow, OutboxRow
from bot.storage.queues import DONE
from bot.storage.workqueue import work_queue
from scheduler.outbox import drain
from scheduler.port import Left, Round
from tests.fakes import eventually, until
from tests.unit.bot.desk_kit import Kit, open_desk

TURNS = 3
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
