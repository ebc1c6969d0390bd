"""What somebody dismissed from quarantine is kept no longer than what lies there, and goes with whom it came from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.quarantine import dismiss
from bot.storage import queues
from bot.storage.erasing import empty_incoming
from bot.storage.models import InboxRow
from bot.storage.retention import Kept, forget_some
from tests.unit.bot.desk_kit import Kit, open_desk


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    async with open_desk(database_url) as kit:
        await kit.says("", "c1", broken=True)
        [row] = await kit.rows(InboxRow)
        assert row.state == queues.QUARANTINED
        assert await kit.write(lambda work: dismiss(work, [row.id], "王主管", "广告")) == [row.id]
        yield kit


@pytest.mark.both_databases
async def test_it_is_given_up_when_its_time_is_over(kit: Kit) -> None:
    [row] = await kit.rows(InboxRow)
    assert (row.state, row.raw != b"") == (queues.DISMISSED, True)
    late = kit.clock.now() + timedelta(days=400)
    batch = await kit.write(lambda work: forget_some(work, Kept.QUARANTINE, late, late))
    [row] = await kit.rows(InboxRow)
    assert (batch.went, row.state, row.raw) == (1, queues.DONE, b"")


async def test_it_is_emptied_with_whom_it_came_from(kit: Kit) -> None:
    [row] = await kit.rows(InboxRow)
    await kit.write(lambda work: empty_incoming(work, [row.id]))
    [row] = await kit.rows(InboxRow)
    assert (row.raw, row.outcome) == (b"", "")


async def test_only_what_lies_there_can_be_dismissed_and_once(kit: Kit) -> None:
    [row] = await kit.rows(InboxRow)
    assert await kit.write(lambda work: dismiss(work, [row.id, 999], "王主管", "广告")) == []
    assert await kit.write(lambda work: queues.retry(work, [row.id])) == 1
    await kit.understand()
    [again] = await kit.rows(InboxRow)
    assert again.state == queues.QUARANTINED, "it was tried again"
