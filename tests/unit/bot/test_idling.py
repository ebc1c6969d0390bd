"""Waiting where there is nothing to do: ended by word of something, by what is due, and after a while by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.clock import MovableClock
from bot.storage import idling
from bot.storage.database import Database, DatabaseUnavailable, Job
from bot.storage.idling import Lull
from tests.fakes import eventually

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
_FOR_EVER_S = 3600.0


class Table:
    """A database whose table says when the first that waits in it is due. asked: how often it was."""

    def __init__(self, due: datetime | None, *, sqlite: bool = True, fails: bool = False) -> None:
        self.sqlite = sqlite
        self.asked = 0
        self._due = due
        self._fails = fails

    async def read(self, job: Job[datetime | None]) -> datetime | None:
        self.asked += 1
        if self._fails:
            raise DatabaseUnavailable("it is gone")
        return await job(cast(Any, self._due))


def lull(table: Table, clock: MovableClock) -> Lull:
    async def due(work: object) -> datetime | None:
        return cast("datetime | None", work)

    return Lull(cast(Database, table), clock, due)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let a second be short; return what says how long the longest lull is."""
    monkeypatch.setattr(idling, "_POLL_S", 0.001)
    monkeypatch.setattr(idling, "_LONGEST_S", _FOR_EVER_S)
    return lambda seconds: monkeypatch.setattr(idling, "_LONGEST_S", seconds)


async def ended(waiting: asyncio.Task[None]) -> None:
    async with asyncio.timeout(10):
        await waiting


async def test_what_is_told_of_ends_it_and_the_table_is_not_asked() -> None:
    table, woken = Table(None), asyncio.Event()
    woken.set()
    async with asyncio.timeout(10):
        await lull(table, MovableClock(NOON)).over(woken, _FOR_EVER_S)
    assert table.asked == 0


async def test_it_lasts_until_something_is_due_however_the_clock_comes_there() -> None:
    table, clock = Table(NOON + timedelta(hours=1)), MovableClock(NOON)
    waiting = asyncio.create_task(lull(table, clock).over(asyncio.Event(), 0))
    await eventually(lambda: table.asked == 1)
    assert not waiting.done()
    clock.move_to(NOON + timedelta(hours=1))
    await ended(waiting)
    assert table.asked == 1


async def test_word_of_something_ends_it_before_anything_is_due() -> None:
    table, woken = Table(None), asyncio.Event()
    waiting = asyncio.create_task(lull(table, MovableClock(NOON)).over(woken, 0))
    await eventually(lambda: table.asked == 1)
    woken.set()
    await ended(waiting)


async def test_what_nobody_told_of_is_looked_for_all_the_same(often: Callable[[float], None]) -> None:
    often(0.005)
    async with asyncio.timeout(10):
        await lull(Table(None), MovableClock(NOON)).over(asyncio.Event(), 0)


@pytest.mark.parametrize(
    "table",
    [Table(NOON), Table(None, sqlite=False), Table(None, fails=True)],
    ids=["due already", "other processes do the same work", "no answer"],
)
async def test_it_is_as_short_as_it_was_asked_to_be(table: Table) -> None:
    async with asyncio.timeout(10):
        await lull(table, MovableClock(NOON)).over(asyncio.Event(), 0.001)
