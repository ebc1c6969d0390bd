"""Where the statements of SQLite's writer run."""

from __future__ import annotations

from pathlib import Path
from threading import get_ident

from bot.storage.sqlite import writer


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
