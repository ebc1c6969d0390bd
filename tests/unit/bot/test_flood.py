"""Whoever sends ten thousand messages, or a hundred huge ones, holds up nobody else: proved by who is served when."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.storage import files
from bot.storage.models import InboxRow, OutboxRow
from bot.storage.queues import DONE, QUARANTINED
from bot.storage.values import FileKept
from bot.storage.work import Work
from bot.storage.workqueue import work_queue
from connectors.port import RawMessage
from tests.fakes import until
from tests.unit.bot.desk_kit import Kit, open_desk

FLOOD = 10_000
BATCH = 64
OTHERS = [f"c{number}" for number in range(20)]


async def flooded(kit: Kit, count: int, size: int = 10, who: str = "flooder") -> None:
    words = json.dumps({"text": "水" * size}).encode()
    await kit.inbox.store([RawMessage("chat", f"{who}-{number}", who, words) for number in range(count)])


async def served(kit: Kit) -> list[str]:
    """Return whose messages have been understood."""
    return [row.conversation for row in await kit.rows(InboxRow, InboxRow.state == DONE)]


async def test_others_are_understood_in_the_very_next_batch(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, batch=BATCH) as kit:
        await flooded(kit, FLOOD)
        for who in OTHERS:
            await kit.store("3栋电梯坏了三天没人修", who)
        assert (await kit.understander.work_off()).ended == BATCH
        first = await served(kit)
        assert set(OTHERS) <= set(first)
        assert first[: len(first) - len(OTHERS)] == ["flooder"] * (BATCH - len(OTHERS))  # nothing lies idle for it


@pytest.mark.parametrize("jobs", [False, True], ids=["table", "jobs"])
async def test_on_postgresql_too_whichever_engine_brings_the_messages(fresh_postgres_url: str, jobs: bool) -> None:
    async with open_desk(fresh_postgres_url, batch=16, jobs=jobs) as kit:
        await flooded(kit, 400)
        for who in OTHERS:
            await kit.store("水", who)
        queue = work_queue(kit.database, kit.clock)

        async def others_are_done() -> bool:
            return set(OTHERS) <= set(await served(kit))

        working = asyncio.create_task(queue.run(kit.understander.work_off))
        await until(others_are_done, "the others are understood")
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        theirs = [row.external_id for row in await kit.rows(InboxRow, InboxRow.conversation == "flooder")]
        done = [
            row.external_id for row in await kit.rows(InboxRow, InboxRow.state == DONE) if row.conversation == "flooder"
        ]
        assert done == theirs[: len(done)], "in its order"
        assert 0 < len(done) < len(theirs) / 2, "it has its share, and no more"


async def test_the_flood_is_understood_in_its_order_all_the_same(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, batch=16) as kit:
        await flooded(kit, 30)
        await kit.store("3栋电梯坏了三天没人修", "c1")
        ended: list[str] = []
        while (await kit.understander.work_off()).ended:
            rows = await kit.rows(InboxRow, InboxRow.state == DONE)
            ended += [row.external_id for row in rows if row.external_id not in ended]
        theirs = [each for each in ended if each.startswith("flooder")]
        assert theirs == [f"flooder-{number}" for number in range(30)]
        assert ended.index("chat-c1-1") < 16


async def test_huge_messages_hold_up_no_small_one(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, batch=BATCH) as kit:
        for who in ("one", "other"):
            await flooded(kit, 3, size=400_000, who=who)
        await kit.store("3栋电梯坏了三天没人修", "c1")
        await kit.understander.work_off()
        assert "c1" in await served(kit)
        assert "one" in await served(kit)  # the oldest of all goes too, however large


async def test_a_lane_full_of_answers_keeps_no_other_waiting(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        for number in range(60):
            await kit.tell("张伟", f"flood-{number}")
        await kit.says("进度", "c1")
        claimed = [await kit.delivery.claim(4) for _ in range(2)]
        assert "c1" in {parcel.message.address for lanes in claimed for lane in lanes for parcel in lane}
        assert max(len(lane) for lanes in claimed for lane in lanes) <= 16  # what one holds in memory is bounded


async def test_a_thousand_photos_of_one_keep_no_photo_of_another_waiting(fresh_sqlite_url: str, tmp_path: Path) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        now = kit.clock.now()

        async def note(work: Work) -> None:
            for number in range(1001):
                person = "other" if number == 1000 else "flooder"
                file = FileKept(
                    number,
                    0,
                    person,
                    "chat",
                    person,
                    "1.jpg",
                    "image/jpeg",
                    10,
                    f"aa/{number}",
                    files.WAITING,
                    now,
                    now,
                )
                work.add_file(file)

        await kit.write(note)
        first = await kit.write(lambda work: files.claim(work, now, now, 4))
        assert [file.person for file in first] == ["flooder", "other", "flooder", "flooder"]
        assert [file.inbox_id for file in first if file.person == "flooder"] == [0, 1, 2]


async def test_who_files_without_end_is_set_aside_and_the_centre_told_once(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, filing_cap=21) as kit:
        for number in range(30):
            await kit.says(
                f"{number}栋电梯坏了三天没人修，第{number}次", "flooder@example.com", "email", subject=f"电梯{number}"
            )
        await kit.says("5栋水管爆了，满屋子都是水", "other@example.com", "email", subject="水管")
        assert len(await kit.complaints()) == 21 + 1
        set_aside = await kit.rows(InboxRow, InboxRow.state == QUARANTINED)
        assert len(set_aside) == 9
        copies = await kit.outbox("assigned", OutboxRow.lane.startswith("sms:"))
        assert len(copies) == 20 + 1  # no phone is flooded for somebody whom we answer no more
        [told] = await kit.outbox("quarantined")
        assert "too_many" in told.facts
