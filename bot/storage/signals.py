"""What other processes on the same PostgreSQL committed, told by NOTIFY the moment it is."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Collection

import psycopg
from sqlalchemy import text

from bot.storage.postgres import conninfo
from bot.storage.work import Work

_log = logging.getLogger(__name__)

_CHANNEL = "complaintbot"
_ALIVE_S = 15.0  # the line is tried so often: a dead one must not go unnoticed
_AGAIN_S = 1.0


class Signals:
    """heard: called with each topic that another process touched; with "" when some may have been missed."""

    def __init__(self, url: str, heard: Callable[[str], None]) -> None:
        self._conninfo = conninfo(url)
        self._heard = heard
        self._own = uuid.uuid4().hex[:12]

    async def tell(self, work: Work, topics: Collection[str]) -> None:
        """Tell the other processes what this transaction touched, once it is committed."""
        told = text("SELECT pg_notify(:channel, topic) FROM unnest(CAST(:topics AS text[])) AS topic")
        topics = sorted(f"{self._own} {topic}" for topic in topics)
        await work.session.execute(told, {"channel": _CHANNEL, "topics": topics})

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
            self._heard("")
            while True:
                async for notice in connection.notifies(timeout=_ALIVE_S):
                    sender, _, topic = notice.payload.partition(" ")
                    if sender != self._own:
                        self._heard(topic)
                await connection.execute("SELECT 1")
