"""SQLite's writer, without a detour through a thread for every statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import aiosqlite

_WAITING = frozenset({"commit", "rollback", "close"})


class Writer(aiosqlite.Connection):
    """A connection whose statements run at once, where they are awaited.

    A statement of ours takes some 20 µs, and handing it to the driver's thread and back several times that, four times over.
    What waits for the disk or for somebody else's lock still goes there: beginning a transaction and ending it.
    """

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if fn.__name__ in _WAITING or (args and str(args[0]).startswith(("BEGIN", "PRAGMA"))):
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        if self._connection is None:
            raise ValueError("Connection closed")
        return fn(*args, **kwargs)


def writer(database: str, **options: Any) -> Writer:
    """Return a connection that is opened when it is awaited, as SQLAlchemy's `async_creator_fn` does it."""
    connection = Writer(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # else the process would not end while it is open
    return connection
