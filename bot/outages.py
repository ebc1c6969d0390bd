"""Outages: a channel that fails for everybody is passed over until it is back, and the service centre hears of both, once.

Whether one is known to be down is kept in the table of cursors, so that a restart does not tell of it again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.answers import Internal
from bot.desk import Desk
from bot.pacing import Pacer
from bot.storage import queues
from bot.storage.database import Database
from bot.storage.work import Work
from connectors.port import Connector

_log = logging.getLogger(__name__)


class Outages:
    """Watches how the channels fare. after: how long one may fail before it counts as down."""

    def __init__(
        self, database: Database, desk: Desk, connectors: Mapping[str, Connector], pacer: Pacer, after: timedelta
    ) -> None:
        self.deaf: Callable[[], Collection[str]] = (
            tuple  # channels that this process does not receive: others judge that
        )
        self._database = database
        self._desk = desk
        self._connectors = connectors
        self._pacer = pacer
        self._after = after
        self._unwell: dict[str, datetime] = {}
        self._sent_at: dict[str, datetime] = {}
        self._diverted: dict[str, set[int]] = {}
        self._told: dict[str, str] = {}  # channel to the moment since when it is known to be down
        self._inherited: dict[str, datetime] = {}  # channels that were down before this process began, and when it did
        self._down: dict[str, datetime] = {}

    @property
    def any_down(self) -> bool:
        return bool(self._down)

    @property
    def down(self) -> Mapping[str, datetime]:
        """The channels that are down, and since when."""
        return self._down

    def avoided(self, channel: str, now: datetime) -> bool:
        """Say whether another road is to be taken: it is down, and this is no moment to try it with one message."""
        if channel not in self._down:
            return False
        return channel not in self._pacer.pauses or not self._pacer.may_probe(channel, now)

    def sent(self, channel: str, now: datetime) -> None:
        self._sent_at[channel] = now

    def diverted(self, channel: str, outbox_id: int) -> None:
        """A message takes another road because the channel is down."""
        self._diverted.setdefault(channel, set()).add(outbox_id)

    async def watch(self) -> None:
        """Look how every channel fares; called every few seconds. Tells what went down and what came back."""
        now = self._desk.clock.now()
        told = await self._known(now)
        moments = {channel: self._failing_since(channel, now) for channel in self._connectors}
        failing = {channel: since for channel, since in moments.items() if since is not None}
        self._down = {channel: since for channel, since in failing.items() if now - since >= self._after}
        for channel in self._connectors:
            if channel in self._down and channel not in told:
                await self._database.write(partial(self._tell_down, channel))
                told[channel] = self._down[channel].isoformat()
            elif channel in told and channel not in failing and self._works(channel, now):
                await self._database.write(partial(self._tell_back, channel, told.pop(channel)))
                self._pacer.trust(channel)
                self._diverted.pop(channel, None)

    def _failing_since(self, channel: str, now: datetime) -> datetime | None:
        """Return since when a channel fails: it refuses everybody, or is unwell and has sent nothing since."""
        if self._healthy(channel):
            self._unwell.pop(channel, None)
        else:
            self._unwell.setdefault(channel, now)
        pause, unwell = self._pacer.pauses.get(channel), self._unwell.get(channel)
        if unwell is not None and (sent_at := self._sent_at.get(channel)) is not None:
            unwell = max(unwell, sent_at)
        return min((moment for moment in (pause.since if pause else None, unwell) if moment), default=None)

    def _works(self, channel: str, now: datetime) -> bool:
        """Say whether a channel that shows no failure works: right after a restart nothing has been tried yet."""
        began = self._inherited.get(channel)
        if began is not None and channel not in self._sent_at and (now - began < self._after or channel in self.deaf()):
            return False
        self._inherited.pop(channel, None)
        return True

    def _healthy(self, channel: str) -> bool:
        if channel in self.deaf():
            return True
        try:
            return self._connectors[channel].health().ok
        except Exception:  # a connector that cannot say how it fares does not fare well
            _log.exception("connector %s cannot say how it fares", channel)
            return False

    async def _known(self, now: datetime) -> dict[str, str]:
        """Return which channels are known to be down, as far as it is not this process that says so: by others, or before."""
        said = await self._database.read(partial(_read_all, tuple(self._connectors)))
        for channel, since in said.items():
            if channel not in self._told:
                self._told[channel], self._inherited[channel] = since, now
                if channel not in self._pacer.pauses:
                    self._pacer.distrust(channel, datetime.fromisoformat(since))
        self._told = {channel: since for channel, since in self._told.items() if channel in said}
        return self._told

    async def _tell_down(self, channel: str, work: Work) -> None:
        if await _read(channel, work):
            return  # another process was first
        since = self._down[channel].isoformat()
        pause = self._pacer.pauses.get(channel)
        facts = {
            "channel": channel,
            "since": since,
            "count": str(await queues.waiting_for(work, channel)),
            "detail": (pause.reason if pause else self._connectors[channel].health().detail)[:200],
        }
        if doubtful := await queues.uncertain_of(work, channel, self._down[channel]):
            facts["doubtful"] = str(doubtful)
        await queues.save_cursor(work, _name(channel), since)
        centre = await self._desk.service_centre(work)
        self._desk.tell(work, Internal.CHANNEL_DOWN, f"{Internal.CHANNEL_DOWN}/{channel}/{since}", centre, facts)
        said = f": {doubtful} messages may or may not have arrived" if doubtful else ""
        _log.error("channel %s is down since %s%s", channel, since, said)

    async def _tell_back(self, channel: str, since: str, work: Work) -> None:
        if not await _read(channel, work):
            return
        await queues.save_cursor(work, _name(channel), "")
        await queues.wake(work, channel, self._desk.clock.now())
        facts = {"channel": channel, "since": since, "count": str(len(self._diverted.get(channel, ())))}
        if doubtful := await queues.uncertain_of(work, channel, datetime.fromisoformat(since)):
            facts["doubtful"] = str(doubtful)
        centre = await self._desk.service_centre(work)
        self._desk.tell(work, Internal.CHANNEL_BACK, f"{Internal.CHANNEL_BACK}/{channel}/{since}", centre, facts)
        _log.warning("channel %s works again", channel)


async def _read_all(channels: Collection[str], work: Work) -> dict[str, str]:
    return {channel: since for channel in channels if (since := await _read(channel, work))}


async def _read(channel: str, work: Work) -> str | None:
    return await queues.read_cursor(work, _name(channel))


def _name(channel: str) -> str:
    return f"outage:{channel}"
