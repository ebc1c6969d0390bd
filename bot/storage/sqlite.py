"""SQLite without a detour through a thread for what takes less time than the detour.

A statement of ours takes some 10 µs. SQLAlchemy's adapter awaits four times for it, and the driver hands each of these to its
thread and back. Here the writer runs a statement where it is asked for, and a reader takes one way to the thread and back.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import aiosqlite
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.util.concurrency import await_

BUSY_TIMEOUT_MS = 10_000


class _Connection(aiosqlite.Connection, ABC):
    """A connection that does at once, where it is awaited, what neither waits nor works.

    Nothing is done at once while the thread still works on something whose caller was cancelled.
    """

    def __init__(self, database: str, options: dict[str, Any]) -> None:
        super().__init__(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
        self._thread.daemon = True  # else the process would not end while it is open
        self._under_way = set[object]()

    @property
    def sqlite(self) -> sqlite3.Connection:
        return self._conn

    @property
    def idle(self) -> bool:
        """Whether the thread has nothing in hand."""
        return not self._under_way

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function in the driver's thread, behind all that was handed to it before."""
        if self._connection is None:
            raise ValueError("Connection closed")
        token = object()

        def run() -> Any:
            try:
                return fn(*args, **kwargs)
            finally:
                self._under_way.discard(token)

        self._under_way.add(token)
        return await super()._execute(run)  # type: ignore[no-untyped-call]

    @abstractmethod
    def at_once(self, statement: str) -> bool:
        """Say whether a statement is run where it is asked for."""

    @abstractmethod
    def begin(self, *, wait: bool) -> bool:
        """Begin a transaction and say whether it is begun: where somebody else holds it up that takes a wait."""


class Writer(_Connection):
    """What waits for the disk or for somebody else's lock goes through the thread."""

    def at_once(self, statement: str) -> bool:
        return not statement.startswith("PRAGMA journal_mode")  # going over to another does wait

    def begin(self, *, wait: bool) -> bool:
        if not wait:
            self.sqlite.execute("PRAGMA busy_timeout=0")
        try:
            self.sqlite.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            if wait:
                raise
            return False
        finally:
            if not wait:
                self.sqlite.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        return True


class Reader(_Connection):
    """What looks into the file goes through the thread: others are served meanwhile, however long it takes."""

    def at_once(self, statement: str) -> bool:
        return False

    def begin(self, *, wait: bool) -> bool:
        self.sqlite.execute("BEGIN")  # which only notes that one is to begin
        return True


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """Runs a statement and fetches what it brings: at once, or with one way to the thread."""

    __slots__ = ()
    _awaitable_cursor_close = False
    _cursor: Any
    _connection: Any

    def _make_new_cursor(self, connection: Any) -> Any:
        return connection.sqlite.cursor()

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        self._rows = self._run(operation, _fetched, self._cursor, operation, parameters or ())

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        self._run(operation, self._cursor.executemany, operation, seq_of_parameters)

    def _run(self, statement: str, fn: Callable[..., Any], *args: Any) -> Any:
        at_once: bool = self._connection.at_once(statement)
        return self._adapt_connection.do(at_once, fn, *args)  # type: ignore[attr-defined]


def _fetched(cursor: sqlite3.Cursor, statement: str, values: Sequence[Any]) -> deque[Any]:
    cursor.execute(statement, values)
    return deque(cursor.fetchall() if cursor.description else ())


class _Adapted(AsyncAdapt_aiosqlite_connection):
    """A connection as SQLAlchemy sees it."""

    __slots__ = ()
    _cursor_cls = _Cursor
    _connection: Any

    def begin(self) -> None:
        begun = self.do(True, partial(self._connection.begin, wait=False))
        if not begun:
            self.do(False, partial(self._connection.begin, wait=True))

    def rollback(self) -> None:
        if self._connection._connection is not None:
            self.do(True, self._connection.sqlite.rollback)

    def do(self, at_once: bool, fn: Callable[..., Any], *args: Any) -> Any:
        """Call a function, at once unless the thread still works, or in the thread."""
        try:
            if at_once and self._connection.idle:
                return fn(*args)
            return await_(self._connection._execute(fn, *args))
        except Exception as error:
            self._handle_exception(error)


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """The driver, for `create_engine(module=…)`. kind: of the connections that it opens."""

    def __init__(self, kind: type[Writer] | type[Reader]) -> None:
        super().__init__(aiosqlite, sqlite3)
        self._kind = kind

    def connect(self, database: str, **options: Any) -> _Adapted:
        connection: Any = await_(self._kind(database, options))
        return _Adapted(self, connection)


class InPlace(AsyncSession):
    """A session on a writer that has begun: nothing that it asks is waited for, so nothing is prepared for waiting."""

    line: Connection
    """The connection of its one transaction."""

    async def ready(self) -> None:
        """Begin on the connection itself, which may have to wait. Before anything is asked."""
        await self.connection()
        self.line = self.sync_session.connection()

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        return self.sync_session.execute(*args, **kwargs)

    async def scalar(self, *args: Any, **kwargs: Any) -> Any:
        return self.sync_session.scalar(*args, **kwargs)

    async def scalars(self, *args: Any, **kwargs: Any) -> Any:
        return self.sync_session.scalars(*args, **kwargs)

    async def get(self, *args: Any, **kwargs: Any) -> Any:
        return self.sync_session.get(*args, **kwargs)

    async def get_one(self, *args: Any, **kwargs: Any) -> Any:
        return self.sync_session.get_one(*args, **kwargs)

    async def delete(self, instance: object) -> None:
        self.sync_session.delete(instance)

    async def flush(self, objects: Sequence[Any] | None = None) -> None:
        self.sync_session.flush(objects)
