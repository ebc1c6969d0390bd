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
from bot.storage.models import OutboxRow
from bot.storage.workqueue import work_queue
from scheduler.outbox import drain
from scheduler.port import Round
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
            before = (
                kit.database.commits + 1
            )  # the look at the inbox has been through; that at the outbox may not have been
            for turn in range(1, TURNS + 1):
                await kit.store("帮助", "c1")
                await until(lambda turn=turn: told(kit, turn), f"answer {turn} is recorded")  # type: ignore[misc]
            assert looks == {"inbox": 1 + TURNS, "outbox": 1 + TURNS}
            assert kit.database.commits - before <= len(EACH) * TURNS
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)


async def told(kit: Kit, turn: int) -> bool:
    return await kit.count(OutboxRow, OutboxRow.state == "sent") == turn
