"""The loops of the inbox and the outbox look again only where their last round left something."""

from __future__ import annotations

import asyncio

import pytest

from bot.storage.models import InboxRow
from bot.storage.queues import DONE
from bot.storage.workqueue import work_queue
from scheduler.outbox import drain
from scheduler.port import Fate, Left, Round
from tests.fakes import eventually, until
from tests.unit.bot.delivery_kit import states
from tests.unit.bot.desk_kit import Kit, open_desk


async def _all_sent(kit: Kit) -> bool:
    return set(await states(kit)) == {Fate.SENT}


async def _all_understood(kit: Kit) -> bool:
    return {row.state for row in await kit.rows(InboxRow)} == {DONE}


async def _settled(kit: Kit) -> None:
    """Give the loops every chance to look once more."""
    for _ in range(3):
        await kit.database.ping()
        await asyncio.sleep(0)


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


async def test_what_was_sent_is_looked_for_no_more(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = 0
    real = kit.delivery.claim

    async def counted(lanes: int) -> object:
        nonlocal claims
        claims += 1
        return await real(lanes)

    monkeypatch.setattr(kit.delivery, "claim", counted)
    await kit.tell("张伟", "k1")
    async with kit.database.listening("outbox") as woken:
        task = asyncio.create_task(drain(kit.delivery, woken, concurrency=4))
        try:
            await eventually(lambda: bool(kit.chat.sent))
            await until(lambda: _all_sent(kit), "it is recorded")
            await _settled(kit)
            assert claims == 1
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


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
            await until(lambda: _all_understood(kit), "they are understood")
            await _settled(kit)
            assert rounds == [Round(2, more=True), Round(1, more=False)]
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
