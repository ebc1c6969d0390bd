"""Where the statements of SQLite's connections run."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from threading import Event, get_ident
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.storage.sqlite import Driver, InPlace, Reader, Writer


@asynccontextmanager
async def connected(path: Path, kind: type[Writer] | type[Reader]) -> AsyncIterator[tuple[AsyncConnection, Any]]:
    """Give a connection and SQLAlchemy's view of the driver's; both begin nothing by themselves."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{path / 'a.db'}", module=Driver(kind))
    try:
        async with engine.connect() as connection:
            adapted: Any = (await connection.get_raw_connection()).dbapi_connection
            adapted._connection.sqlite.isolation_level = None
            yield connection, adapted
    finally:
        await engine.dispose()


def where(adapted: Any) -> int:
    cursor = adapted.cursor()
    cursor.execute("SELECT here()")
    [(ran,)] = cursor.fetchall()
    return int(ran)


@pytest.mark.parametrize(("kind", "in_place"), [(Writer, True), (Reader, False)])
async def test_a_writer_runs_statements_in_place_and_a_reader_beside_others(
    tmp_path: Path, kind: type[Writer] | type[Reader], in_place: bool
) -> None:
    async with connected(tmp_path, kind) as (connection, adapted):
        adapted._connection.sqlite.create_function("here", 0, get_ident)
        assert (await connection.run_sync(lambda _: where(adapted)) == get_ident()) is in_place


@pytest.mark.parametrize(("kind", "detours"), [(Writer, ["commit"]), (Reader, ["_fetched", "commit"])])
async def test_only_what_waits_or_works_makes_the_detour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Writer] | type[Reader], detours: list[str]
) -> None:
    made, detour = [], kind._execute

    async def counted(self: Writer | Reader, fn: Callable[..., object], *args: object) -> object:
        made.append(fn.__name__)
        return await detour(self, fn, *args)

    def transaction(adapted: Any) -> None:
        adapted.begin()
        cursor = adapted.cursor()
        cursor.execute("SELECT 1")
        assert cursor.fetchall() == [(1,)]
        cursor.close()
        adapted.commit()
        adapted.begin()
        adapted.rollback()

    async with connected(tmp_path, kind) as (connection, adapted):
        with monkeypatch.context() as patched:
            patched.setattr(kind, "_execute", counted)
            await connection.run_sync(lambda _: transaction(adapted))
    assert made == detours


async def test_whoever_waits_for_another_writer_holds_up_nobody(tmp_path: Path) -> None:
    async with connected(tmp_path, Writer) as (connection, adapted):
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            beginning = asyncio.create_task(connection.run_sync(lambda _: adapted.begin()))
            await asyncio.sleep(0)  # beginning in place, it would not come back before it had waited in vain
            assert not beginning.done()
            other.execute("COMMIT")
            await beginning
            assert adapted._connection.sqlite.in_transaction


async def test_a_statement_that_fails_says_so_in_place(tmp_path: Path) -> None:
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'a.db'}", module=Driver(Writer))
    try:
        async with InPlace(engine) as session, session.begin():
            await session.ready()
            with pytest.raises(OperationalError, match="no such table"):
                await session.execute(text("SELECT * FROM nowhere"))
            assert await session.scalar(text("SELECT 1")) == 1
    finally:
        await engine.dispose()


async def test_nothing_is_done_at_once_while_the_thread_works_for_a_caller_who_is_gone(tmp_path: Path) -> None:
    async with connected(tmp_path, Reader) as (connection, adapted):
        driver: aiosqlite.Connection = adapted._connection
        go_on = Event()
        await driver.create_function("waited", 0, go_on.wait)
        try:
            reading = asyncio.create_task(driver.execute_fetchall("SELECT waited()"))
            await asyncio.sleep(0)
            reading.cancel()
            ending = asyncio.create_task(connection.run_sync(lambda _: adapted.rollback()))
            await asyncio.sleep(0)
            assert not ending.done()
            go_on.set()
            await ending
        finally:
            go_on.set()
