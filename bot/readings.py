"""Readings: whoever reads a channel that one process at a time can read says so every minute, as long as it works.

It is said in the database, so every process, and `doctor`, sees it when reading stands still or its process is gone: none of
them tells the monitor then that all is well.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta

from bot.storage import readings
from bot.storage.database import Database
from connectors.port import Connector, Health

_log = logging.getLogger(__name__)

EVERY_S = 60.0
PATIENCE = timedelta(seconds=200)  # three beats that did not come, and the time to begin


class Readings:
    """Says so for this process. deaf: the channels that others read (`Receiving.deaf`)."""

    def __init__(
        self, database: Database, connectors: Mapping[str, Connector], deaf: Callable[[], Collection[str]]
    ) -> None:
        self._database = database
        self._connectors = connectors
        self._deaf = deaf

    async def look(self) -> None:
        """Write down which channels this process reads and that it works. Real time, as of all beats."""
        deaf = self._deaf()
        works = [
            channel
            for channel, connector in self._connectors.items()
            if connector.capabilities.one_reader and channel not in deaf and health_of(connector).ok
        ]
        if works:
            await self._database.write(lambda work: readings.save(work, works, datetime.now(UTC)))


def judged(last: datetime | None, since: datetime, now: datetime) -> Health:
    """Say whether a channel that others read is read. last: when they said so; since: from when on we wait for it."""
    waited = now - max(last or since, since)
    if waited < PATIENCE:
        return Health(True, "", last)
    return Health(False, f"no process has read it for {waited.total_seconds():.0f} s", last)


def health_of(connector: Connector) -> Health:
    """Ask a connector how it fares; never raises."""
    try:
        return connector.health()
    except Exception as error:  # a connector's bug: whoever asks must still hear of all the others
        _log.exception("%s does not know how it fares", connector.channel)
        return Health(False, f"{type(error).__name__} when asked how it fares: see the log")
