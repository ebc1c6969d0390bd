"""SQLite without its thread: statements run where they are asked for. Tests of rules and words take half the time by it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection
from sqlalchemy.util.concurrency import await_


class _AtOnce:
    """Stands in for the queue to aiosqlite's thread: what is put in is done already."""

    def put_nowait(self, asked: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, function = asked
        try:
            result = function()
        except BaseException as error:
            if future is None:
                raise
            future.set_exception(error)
        else:
            if future is not None:
                future.set_result(result)


class _NoThread:
    daemon = True

    def __init__(self, **_: object) -> None:
        return None

    def start(self) -> None:
        return None


async def _nothing() -> None:
    return None


class _Cursor(sqlite3.Cursor):
    """A cursor that waits for nobody: the coroutines that SQLAlchemy puts around each call cost more than most statements."""

    def execute(self, statement: str, values: Any = ()) -> _Cursor:
        await_(_nothing())  # SQLAlchemy takes it for a mistake if nothing is awaited
        return super().execute(statement, values)

    def executemany(self, statement: str, values: Any) -> _Cursor:
        await_(_nothing())
        return super().executemany(statement, values)

    async def _async_soft_close(self) -> None:
        """What was found stays to be read."""


_waiting_cursor = AsyncAdapt_aiosqlite_connection.cursor


def _cursor(adapted: AsyncAdapt_aiosqlite_connection, server_side: bool = False) -> Any:
    connection = adapted._connection
    if server_side or not isinstance(connection._tx, _AtOnce):
        return _waiting_cursor(adapted, server_side)
    return connection._conn.cursor(_Cursor)


@contextmanager
def sqlite_inline() -> Iterator[None]:
    """Let SQLite connections that are opened meanwhile, and closed before the end, work without threads."""
    with (
        patch("aiosqlite.core.SimpleQueue", _AtOnce),
        patch("aiosqlite.core.Thread", _NoThread),
        patch.object(AsyncAdapt_aiosqlite_connection, "cursor", _cursor),
    ):
        yield
