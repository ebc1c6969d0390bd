"""What several processes on one PostgreSQL count together, such as the files of a visitor: rows among the counters.

Each count is a transaction of its own, whose commit nobody waits for: it holds up nobody, and a crash may lose the last ones.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text

from bot.storage.database import Database
from bot.storage.work import Work

_PREFIX = "tally/"  # of the counters' names; no number of a complaint is counted under such a one


class Tallies:
    """Counts for all processes (`connectors.web.uploads.Tally`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, more: Mapping[str, int]) -> dict[str, int]:
        """Count up and return what each name has come to. Raises DatabaseUnavailable."""
        counted = await self._database.count_up({_PREFIX + name: number for name, number in more.items()})
        return {name.removeprefix(_PREFIX): value for name, value in counted.items()}

    async def forget(self, before: str) -> None:
        """Forget the names that sort before this, as digits do. Raises DatabaseUnavailable."""

        async def job(work: Work) -> None:
            old = text('DELETE FROM counters WHERE starts_with(name, :prefix) AND name COLLATE "C" < :before')
            await work.session.execute(old, {"prefix": _PREFIX, "before": _PREFIX + before})

        await self._database.write(job)
