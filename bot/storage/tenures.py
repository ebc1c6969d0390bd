"""Tenures: what one process at a time may do, over all machines on one PostgreSQL.

A tenure is an advisory lock of a session of its own. A holder that dies takes its session along; one that is frozen, or cut
off, is silent, and the server ends a session that was silent for `_SILENT_S`. So the next holder follows within ten seconds,
whatever became of the last. A holder that wakes up has no session any more: `confirm` fails, in the transaction that would
have stored what it received, and nothing is acknowledged.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
from sqlalchemy import text

from bot.storage.database import DatabaseUnavailable
from bot.storage.postgres import conninfo
from bot.storage.work import Work

_log = logging.getLogger(__name__)

_CLASS = 7_301_003  # of the advisory locks
_HEARTBEAT_S = 2.0
_SILENT_S = 7.0
_TRY_S = 1.0
_HELD = text(
    "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = :class AND objid = :key AND objsubid = 2"
    " AND pid = :pid AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class TenureLost(DatabaseUnavailable):
    """Another process may have it by now: what this one received must not be acknowledged."""


class Tenure:
    """One tenure. url: of the database, as SQLAlchemy takes it. name: the same in all processes."""

    def __init__(self, url: str, name: str) -> None:
        self._name = name
        self._conninfo = conninfo(url)
        self._key = zlib.crc32(name.encode()) & 0x7FFF_FFFF
        self._pid: int | None = None

    @property
    def held(self) -> bool:
        """Whether it was ours when last heard of; `confirm` knows."""
        return self._pid is not None

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[asyncio.Event]:
        """Wait until it is ours, and give it back at the end. The event is set when it was lost."""
        connection = await self._take()
        lost = asyncio.Event()
        beating = asyncio.create_task(self._beat(connection, lost), name=f"tenure:{self._name}")
        try:
            yield lost
        finally:
            self._pid = None
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            await connection.close()

    async def confirm(self, work: Work) -> None:
        """Raise TenureLost, and so undo the transaction, unless it is still ours."""
        facts = {"class": _CLASS, "key": self._key, "pid": self._pid or 0}
        if await work.session.scalar(_HELD, facts) is None:
            raise TenureLost(f"{self._name}: another process has it now")

    async def _take(self) -> psycopg.AsyncConnection:
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
                try:
                    if await self._took(connection):
                        return connection
                finally:
                    if not self.held:
                        await connection.close()
            except (psycopg.Error, OSError) as error:
                _log.warning("%s: %s; trying again", self._name, " ".join(str(error).split()))
            await asyncio.sleep(_TRY_S)

    async def _took(self, connection: psycopg.AsyncConnection) -> bool:
        """Try for the lock until we have it."""
        await connection.execute(f"SET idle_session_timeout = '{_SILENT_S:g}s'")
        while True:
            tried = await connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (_CLASS, self._key))
            row = await tried.fetchone()
            if row is not None and row[0]:
                self._pid = connection.info.backend_pid
                _log.info("%s: ours now", self._name)
                return True
            await asyncio.sleep(_TRY_S)

    async def _beat(self, connection: psycopg.AsyncConnection, lost: asyncio.Event) -> None:
        with suppress(psycopg.Error, OSError, TimeoutError):
            while True:
                await asyncio.sleep(_HEARTBEAT_S)
                async with asyncio.timeout(_SILENT_S):
                    await connection.execute("SELECT 1")
        _log.warning("%s: ours no more", self._name)
        self._pid = None
        lost.set()
