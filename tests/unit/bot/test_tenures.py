"""Tenures: one process at a time, and the next one soon after a holder that died or froze."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from sqlalchemy import text

from bot.intake import Inbox
from bot.storage import tenures
from bot.storage.models import InboxRow
from bot.storage.tenures import Tenure, TenureLost
from bot.storage.work import Work
from connectors.port import RawMessage
from tests.unit.bot.desk_kit import Kit, open_desk

PATIENCE_S = 30.0


@pytest.fixture
async def kit(fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Kit]:
    for name, seconds in (("_HEARTBEAT_S", 0.1), ("_SILENT_S", 0.6), ("_TRY_S", 0.05)):
        monkeypatch.setattr(tenures, name, seconds)
    async with open_desk(fresh_postgres_url, staff=()) as kit:
        yield kit


class Reader:
    """One process that reads a mailbox as long as it is its turn."""

    def __init__(self, kit: Kit) -> None:
        self.tenure = Tenure(kit.database.url, "reader of email")
        self.inbox = Inbox(kit.database, kit.clock, self.tenure)
        self.began, self.ended, self.leave = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        async with self.tenure.taken() as lost:
            self.began.set()
            leaving = asyncio.create_task(self.leave.wait())
            losing = asyncio.create_task(lost.wait())
            await asyncio.wait([leaving, losing], return_when=asyncio.FIRST_COMPLETED)
            for task in (leaving, losing):
                task.cancel()
        self.ended.set()

    async def reads(self, id: str) -> list[bool]:
        return await self.inbox.store([RawMessage("email", id, "c", b"x")], cursor=("place", id))


async def end_sessions(kit: Kit) -> None:
    """Take the lock's session from its holder, as its death does, and wait until it is gone."""

    async def job(work: Work) -> None:
        await work.session.execute(
            text("SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE classid = 7301003")
        )

    await kit.database.read(job)


def test_whatever_became_of_the_reader_the_next_one_follows_within_ten_seconds() -> None:
    """The server ends a silent session, whoever stands by tries again, at worst over a new connection."""
    assert tenures._SILENT_S + 2 * tenures._TRY_S < 10
    assert 2 * tenures._HEARTBEAT_S < tenures._SILENT_S, "one late beat loses nothing"


async def test_the_second_stands_by_until_the_first_leaves(kit: Kit) -> None:
    async with asyncio.timeout(PATIENCE_S):
        first = Reader(kit)
        await first.began.wait()
        second = Reader(kit)
        assert await first.reads("1") == [True]
        with pytest.raises(TenureLost):
            await second.reads("2")
        assert not second.began.is_set()
        first.leave.set()
        await second.began.wait()
        assert first.ended.is_set()
        assert await second.reads("2") == [True]
        with pytest.raises(TenureLost):
            await first.reads("3")
        second.leave.set()
        await second.task


async def test_who_lost_it_stores_nothing_and_moves_no_cursor(kit: Kit) -> None:
    async with asyncio.timeout(PATIENCE_S):
        first = Reader(kit)
        await first.began.wait()
        assert await first.reads("1") == [True]
        await end_sessions(kit)
        with pytest.raises(TenureLost):
            await first.reads("2")
        assert await first.inbox.cursor("place") == "1"
        assert await kit.count(InboxRow) == 1
        await first.ended.wait()


async def test_a_frozen_holder_is_followed_and_finds_out(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its connection stays open, and nothing is heard on it: the server ends the session."""
    real = psycopg.AsyncConnection.execute
    frozen = asyncio.Event()

    async def slow(connection: psycopg.AsyncConnection, query: str, *more: object) -> object:
        if query == "SELECT 1":
            await frozen.wait()  # what a stopped process does: nothing
        return await real(connection, query, *more)  # type: ignore[call-overload]

    monkeypatch.setattr(psycopg.AsyncConnection, "execute", slow)
    async with asyncio.timeout(PATIENCE_S):
        first = Reader(kit)
        await first.began.wait()
        second = Reader(kit)
        await second.began.wait()
        with pytest.raises(TenureLost):
            await first.reads("1")
        frozen.set()
        await first.ended.wait()
        second.leave.set()
        await asyncio.gather(second.task, first.task)
