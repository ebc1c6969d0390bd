"""What other processes on the same PostgreSQL committed, told by NOTIFY the moment it is."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Collection

import psycopg
from sqlalchemy import text

from bot.storage.postgres import DELIVERIES, conninfo
from bot.storage.work import Work

_log = logging.getLogger(__name__)

_CHANNEL = "complaintbot"
_DELIVERING = 7_301_004  # class of the shared advisory lock that those who deliver hold
_ALIVE_S = 15.0  # the line is tried so often: a dead one must not go unnoticed
_AGAIN_S = 1.0


class Signals:
    """heard: called with each topic that another process touched; with "" when some may have been missed. listened: what is
    listened to here: who listens to the outbox is one of those who deliver, and is counted as long as its line lives.
    """

    def __init__(self, url: str, heard: Callable[[str], None], listened: Collection[str]) -> None:
        self._listened = listened
        self._conninfo = conninfo(url)
        self._heard = heard
        self._own = uuid.uuid4().hex[:12]

    async def tell(self, work: Work, topics: Collection[str]) -> None:
        """Tell the other processes what this transaction touched, once it is committed."""
        told = text("SELECT pg_notify(:channel, topic) FROM unnest(CAST(:topics AS text[])) AS topic")
        topics = sorted(f"{self._own} {topic}" for topic in topics)
        await work.session.execute(told, {"channel": _CHANNEL, "topics": topics})

    @staticmethod
    async def delivering(work: Work) -> int:
        """Return how many processes deliver."""
        counted = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = :class AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return await work.session.scalar(counted, {"class": _DELIVERING}) or 0

    async def run(self) -> None:
        """Listen for ever, whatever happens to the line."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                _log.warning("signals: %s; listening again", " ".join(str(error).split()))
            await asyncio.sleep(_AGAIN_S)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
            await connection.execute(f"LISTEN {_CHANNEL}")
            if DELIVERIES in self._listened:
                await connection.execute(f"SELECT pg_advisory_lock_shared({_DELIVERING}, 0)")
            self._heard("")
            while True:
                async for notice in connection.notifies(timeout=_ALIVE_S):
                    sender, _, topic = notice.payload.partition(" ")
                    if sender != self._own:
                        self._heard(topic)
                await connection.execute("SELECT 1")
