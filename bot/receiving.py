"""Receiving: which channels this process receives, and every one of them kept receiving whatever happens to it.

Of several processes on one PostgreSQL each does what its roles say. A channel that one reader at a time can read
(`Capabilities.one_reader`) is read by one of those whose role it is; the others stand by, and one of them follows within ten
seconds of its death.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.intake import Inbox
from bot.settings import ProcessRole
from bot.storage.chat import SAID
from bot.storage.database import Database
from connectors.port import Connector, Intake, Introduces, Shows
from scheduler.port import Beat

if TYPE_CHECKING:
    from bot.storage.tenures import Tenure

_log = logging.getLogger(__name__)

_RESTART_S = (1.0, 2.0, 5.0, 15.0, 60.0)  # waits before a connector that fell over is started again

TICKS: Mapping[str, Collection[ProcessRole]] = {
    "calendar": tuple(ProcessRole),  # what was imported must be known everywhere
    "outages": (ProcessRole.CONNECTORS, ProcessRole.WEB, ProcessRole.WORKERS),
    "leases": (ProcessRole.WORKERS,),
    "room": (ProcessRole.WORKERS,),
    "readings": tuple(ProcessRole),
}
"""Who beats what; all that is not named here is the scheduler's."""

WORK = ("inbox", "outbox", "files")
"""The loops of the workers."""


class Receiving:
    """What this process does about incoming messages. roles: its own."""

    def __init__(
        self, roles: Collection[ProcessRole], connectors: Mapping[str, Connector], database: Database, clock: Clock
    ) -> None:
        self.roles = frozenset(roles)
        self._connectors = connectors
        database.tell(self._told)
        self.inbox = Inbox(database, clock)
        self._tenures: dict[str, Tenure] = {}
        self._inboxes: dict[str, Inbox] = {}
        for channel, connector in connectors.items():
            if self.listens(connector) and connector.capabilities.one_reader and not database.sqlite:
                tenure = self._tenures[channel] = _tenure(database, channel)
                self._inboxes[channel] = Inbox(database, clock, tenure)

    def listens(self, connector: Connector) -> bool:
        """Say whether receiving this channel is among our roles."""
        one_reader = connector.capabilities.one_reader
        return (ProcessRole.CONNECTORS if one_reader else ProcessRole.WEB) in self.roles

    def beats(self, name: str) -> bool:
        """Say whether a periodic job or a loop is among our roles."""
        return any(role in self.roles for role in _whose(name))

    def working(self, beats: Mapping[str, Beat], now: datetime) -> list[ProcessRole]:
        """Return those of our roles for which all loops and periodic jobs work. beats: of all of this process's."""
        ill = {role for name, beat in beats.items() if not beat.ok(now) for role in _whose(name)}
        return [role for role in ProcessRole if role in self.roles and role not in ill]

    def deaf(self) -> dict[str, str]:
        """Return the channels from which this process receives nothing just now, and why: another one does."""
        why = dict.fromkeys(self._connectors, "")
        for channel, connector in self._connectors.items():
            if not self.listens(connector):
                why[channel] = "received by other processes"
            elif channel in self._tenures and not self._tenures[channel].held:
                why[channel] = "standing by: another process reads it"
        return {channel: reason for channel, reason in why.items() if reason}

    def _told(self, topic: str) -> None:
        """Let a channel show at once what another process said in it."""
        channel, _, conversation = topic.removeprefix(SAID).partition("/")
        if topic.startswith(SAID) and isinstance(connector := self._connectors.get(channel), Shows):
            connector.wake(conversation)

    async def run(self) -> None:
        """Receive for ever; ends by cancellation."""
        async with asyncio.TaskGroup() as tasks:
            for channel, connector in self._connectors.items():
                if channel in self._tenures:
                    tasks.create_task(self._in_tenure(connector, self._tenures[channel]), name=f"tenure:{channel}")
                elif self.listens(connector):
                    tasks.create_task(keep_listening(connector, self.inbox), name=f"listen:{channel}")
                else:
                    tasks.create_task(_introduce(connector), name=f"introduce:{channel}")

    async def _in_tenure(self, connector: Connector, tenure: Tenure) -> None:
        """Listen as long as it is ours to."""
        await _introduce(connector)
        while True:
            async with tenure.taken() as lost:
                listening = asyncio.create_task(
                    keep_listening(connector, self._inboxes[connector.channel]), name=f"listen:{connector.channel}"
                )
                losing = asyncio.create_task(lost.wait())
                try:
                    await asyncio.wait([listening, losing], return_when=asyncio.FIRST_COMPLETED)
                finally:
                    listening.cancel()
                    losing.cancel()
                    await asyncio.gather(listening, losing, return_exceptions=True)


def _whose(name: str) -> Collection[ProcessRole]:
    return (ProcessRole.WORKERS,) if name in WORK else TICKS.get(name, (ProcessRole.SCHEDULER,))


def _tenure(database: Database, channel: str) -> Tenure:
    from bot.storage.tenures import Tenure  # with PostgreSQL's client, which takes a while to load

    return Tenure(database.url, f"reader of {channel}")


async def keep_listening(connector: Connector, intake: Intake) -> None:
    """Keep a connector listening, whatever happens to it."""
    failures = 0
    while True:
        try:
            await connector.listen(intake)
            return
        except Exception as error:  # the one loop that supervises a connector
            wait = _RESTART_S[min(failures, len(_RESTART_S) - 1)]
            failures += 1
            _log.error("%s fell over (%s: %s); again in %g s", connector.channel, type(error).__name__, error, wait)
            await asyncio.sleep(wait)


async def _introduce(connector: Connector) -> None:
    """Let a connector that does not listen here learn what it must know to understand and to send."""
    if isinstance(connector, Introduces):
        await connector.introduce()
