"""Where the statements of SQLite's connections run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from threading import Event, get_ident

import aiosqlite
import pytest

from bot.storage.sqlite import reader, writer


async def test_statements_run_in_place_and_what_waits_does_not(tmp_path: Path) -> None:
    connection = await writer(str(tmp_path / "a.db"), check_same_thread=False)
    try:
        await connection.create_function("here", 0, get_ident)
        async with connection.execute("SELECT here()") as cursor:
            assert list(await cursor.fetchall()) == [(get_ident(),)]

        def commit(*_: object) -> int:
            return get_ident()

        def execute(*_: object) -> int:
            return get_ident()

        assert await connection._execute(commit) != get_ident()  # type: ignore[no-untyped-call]
        assert await connection._execute(execute, "BEGIN IMMEDIATE") != get_ident()  # type: ignore[no-untyped-call]
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("opened", "begin", "end"), [(writer, "BEGIN IMMEDIATE", "commit"), (reader, "BEGIN", "rollback")]
)
async def test_only_what_waits_or_works_makes_the_detour(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    opened: Callable[..., aiosqlite.Connection],
    begin: str,
    end: str,
) -> None:
    connection = await opened(str(tmp_path / "a.db"), check_same_thread=False, isolation_level=None)
    detour, detours = aiosqlite.Connection._execute, []

    async def counted(self: aiosqlite.Connection, fn: Callable[[], object]) -> object:
        detours.append(fn)
        return await detour(self, fn)  # type: ignore[no-untyped-call]

    try:
        with monkeypatch.context() as patched:
            patched.setattr(aiosqlite.Connection, "_execute", counted)
            async with connection.cursor() as cursor:
                await cursor.execute(begin)
            async with connection.cursor() as cursor:
                await cursor.execute("SELECT 1")
                assert list(await cursor.fetchall()) == [(1,)]
            await getattr(connection, end)()
            await connection.rollback()
        # The writer begins and commits, the reader executes and fetches.
        assert len(detours) == 2
    finally:
        await connection.close()


async def test_nothing_is_done_at_once_while_the_thread_works_for_a_caller_who_is_gone(tmp_path: Path) -> None:
    connection, go_on = await reader(str(tmp_path / "a.db"), check_same_thread=False), Event()
    try:
        await connection.create_function("waited", 0, go_on.wait)
        reading = asyncio.create_task(connection.execute_fetchall("SELECT waited()"))
        await asyncio.sleep(0)
        reading.cancel()
        ending = asyncio.create_task(connection.rollback())
        await asyncio.sleep(0)
        assert not ending.done()
        go_on.set()
        await ending
    finally:
        go_on.set()
        await connection.close()
