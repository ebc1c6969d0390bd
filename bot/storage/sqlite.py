"""SQLite without a detour through a thread for what takes less time than the detour."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import aiosqlite


class _Connection(aiosqlite.Connection, ABC):
    """A connection that does at once, where it is awaited, what neither waits nor works.

    A statement of ours takes some 20 µs, and handing it to the driver's thread and back several times that, four times over.
    Nothing is done at once while the thread still works on something whose caller was cancelled.
    """

    def __init__(self, database: str, options: dict[str, Any]) -> None:
        super().__init__(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
        self._thread.daemon = True  # else the process would not end while it is open
        self._under_way = set[object]()

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._connection is None:
            raise ValueError("Connection closed")
        if not self._under_way and self._at_once(fn, args):
            return fn(*args, **kwargs)
        token = object()

        def run() -> Any:
            try:
                return fn(*args, **kwargs)
            finally:
                self._under_way.discard(token)

        self._under_way.add(token)
        return await super()._execute(run)  # type: ignore[no-untyped-call]

    @abstractmethod
    def _at_once(self, fn: Callable[..., Any], args: tuple[Any, ...]) -> bool:
        """Say whether it is done here and now; else the driver's thread does it."""

    def _of_its_own(self, fn: Callable[..., Any]) -> bool:
        """Say whether it is done to the connection and not to one of its cursors."""
        return getattr(fn, "__self__", None) is self._connection


class Writer(_Connection):
    """What waits for the disk or for somebody else's lock goes through the thread: beginning a transaction and ending it."""

    def _at_once(self, fn: Callable[..., Any], args: tuple[Any, ...]) -> bool:
        if fn.__name__ == "close":
            return not self._of_its_own(fn)
        if fn.__name__ == "rollback":
            return self._connection is not None and not self._connection.in_transaction
        return fn.__name__ != "commit" and not (args and str(args[0]).startswith(("BEGIN", "PRAGMA")))


class Reader(_Connection):
    """What looks into the file goes through the thread: others are served meanwhile, however long it takes."""

    def _at_once(self, fn: Callable[..., Any], args: tuple[Any, ...]) -> bool:
        if self._of_its_own(fn):
            return fn.__name__ in ("cursor", "rollback")
        return fn.__name__ == "close" or args[:1] == ("BEGIN",)  # which only notes that one is to begin


def writer(database: str, **options: Any) -> Writer:
    """Return a connection that is opened when it is awaited, as SQLAlchemy's `async_creator_fn` does it."""
    return Writer(database, options)


def reader(database: str, **options: Any) -> Reader:
    """Return a connection for a `Database`'s readers, opened when it is awaited."""
    return Reader(database, options)
