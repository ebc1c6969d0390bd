"""Readings: whoever reads a channel that one process at a time can read says so every minute, as long as it works; and every
process says which roles it has, as long as all that it does for them works.

It is said in the database, so every process, and `doctor`, sees it when reading or a role stands still, its process is gone, or
nobody ever had the role: none of them tells the monitor then that all is well.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from bot.settings import ProcessRole
from bot.storage import readings
from bot.storage.database import Database
from bot.storage.work import Work
from connectors.port import Connector, Health

_log = logging.getLogger(__name__)

EVERY_S = 60.0
PATIENCE = timedelta(seconds=200)  # three beats that did not come, and the time to begin


class Readings:
    """Says so for this process. deaf: the channels that others read (`Receiving.deaf`). roles: those of its roles for which
    all works (`Receiving.working`).
    """

    def __init__(
        self,
        database: Database,
        connectors: Mapping[str, Connector],
        deaf: Callable[[], Collection[str]],
        roles: Callable[[], Collection[str]],
    ) -> None:
        self._database = database
        self._connectors = connectors
        self._deaf = deaf
        self._roles = roles

    async def look(self) -> None:
        """Write down which channels this process reads, which roles it has, and that it works. Real time, as of all beats."""
        deaf = self._deaf()
        works = [
            channel
            for channel, connector in self._connectors.items()
            if connector.capabilities.one_reader and channel not in deaf and health_of(connector).ok
        ]
        roles = list(self._roles())

        async def save(work: Work) -> None:
            await readings.save(work, works, datetime.now(UTC))
            await readings.save_roles(work, roles, datetime.now(UTC))

        if works or roles:
            await self._database.write(save)


def judged(
    last: datetime | None, since: datetime, now: datetime, nobody: str = "no process has read it for {} s"
) -> Health:
    """Say whether a channel that others read is read. last: when they said so; since: from when on we wait for it.

    nobody: what is said where they did not, with the place for the seconds.
    """
    waited = now - max(last or since, since)
    if waited < PATIENCE:
        return Health(True, "", last)
    return Health(False, nobody.format(f"{waited.total_seconds():.0f}"), last)


def needed(one_reader: Iterable[bool]) -> list[ProcessRole]:
    """Return the roles that some process must have. one_reader: of each channel, whether one process at a time reads it."""
    channels = set(one_reader)
    roles = {ProcessRole.CONNECTORS: True in channels, ProcessRole.WEB: False in channels}
    return [role for role in ProcessRole if roles.get(role, True)]


def judged_role(last: datetime | None, since: datetime, now: datetime, *, perhaps: bool = False) -> Health:
    """Say whether some process has a role and does what it is for. perhaps: a process of an older version, which would not say
    so, may have it.
    """
    if last is None and perhaps:
        return Health(
            True, "not known: no process has ever said that it has this role, and an older version does not say"
        )
    return judged(last, since, now, "no process with this role has said for {} s that all it does works")


def health_of(connector: Connector) -> Health:
    """Ask a connector how it fares; never raises."""
    try:
        return connector.health()
    except Exception as error:  # a connector's bug: whoever asks must still hear of all the others
        _log.exception("%s does not know how it fares", connector.channel)
        return Health(False, f"{type(error).__name__} when asked how it fares: see the log")
