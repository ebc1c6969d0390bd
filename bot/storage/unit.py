"""What a unit of work is made of: its session, what it is to write, and what it has touched."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.bulk import Bulk
from bot.storage.timers import Timers


class Unit:
    """One transaction. What several messages need is fetched together (`prefetch`), and remembered for its length."""

    def __init__(self, session: AsyncSession, *, writes: bool) -> None:
        self.session = session
        self.writes = writes
        self.sqlite = session.get_bind().dialect.name == "sqlite"
        self.touched: set[str] = set()
        self.decided: dict[str, set[str]] = {}  # the keys of new messages by lane, that nobody has claimed in this work
        self.timers = Timers(session)
        self._bulk = Bulk(session)

    async def flush(self) -> None:
        """Bring everything decided so far to the database, within the transaction."""
        await self.session.flush()
        await self._bulk.flush()
        await self.timers.flush()

    async def finish(self) -> None:
        """Bring all that was decided to the database: nothing more is read in this transaction."""
        await self.flush()
        await self._bulk.flush_given()
        if self.decided:
            self.touched.add("outbox")

    async def start_afresh(self) -> None:
        """Bring what was decided to the database and forget what was read: rows are changed past this."""
        await self.flush()
        self.session.expunge_all()
        for name, known in vars(self).items():
            if name.startswith("_") and isinstance(known, dict | set):
                known.clear()
        self.timers = Timers(self.session)

    async def flush_if_writing(self) -> None:
        if self.writes:
            await self.flush()
