"""Moving the demo's clock: forward only, moment by moment, so that everything happens at its own virtual time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.app import App
from bot.clock import MovableClock
from bot.storage import life, queues
from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.work import Work
from bot.winding import keep
from complaints.errors import ComplaintError, Conflict

_log = logging.getLogger(__name__)

_TOPICS = ("inbox", "outbox", "timers")
_RECHECK_S = 0.25  # a message that nothing follows from touches no topic: it is looked for again
_STUCK = 20  # times the same moment is tried; a rule that keeps failing is set aside by the service long before


class AlreadyMoving(ComplaintError):
    """The clock is being moved: wait until it has arrived."""


class News:
    """Counts what happens, so that pages learn of it at once and a move knows when all is done."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.count = 0
        self._database = database
        self._clock = clock
        self._changed = asyncio.Condition()
        self._over = False

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Count every commit that touched messages or complaints."""
        async with contextlib.AsyncExitStack() as stack:
            tasks = [
                asyncio.create_task(self._watch(await stack.enter_async_context(self._database.listening(topic))))
                for topic in _TOPICS
            ]
            try:
                yield
            finally:
                await self.end()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self, woken: asyncio.Event) -> None:
        while True:
            await woken.wait()
            woken.clear()
            await self.tell()
            while not woken.is_set() and await self._database.read(lambda work: life.at_work(work, self._clock.now())):
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_RECHECK_S):
                        await woken.wait()
            await self.tell()  # that a message is out is written down without touching any topic

    async def tell(self) -> None:
        """Something changed."""
        async with self._changed:
            self.count += 1
            self._changed.notify_all()

    async def end(self) -> None:
        """Let nobody wait any longer: the server stops."""
        self._over = True
        await self.tell()

    async def beyond(self, seen: int, *, timeout_s: float) -> int:
        """Wait until the count is another than `seen`, or the time is up; return the count."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s), self._changed:
                await self._changed.wait_for(lambda: self.count != seen or self._over)
        return self.count


class TimeMachine:
    """Moves the clock of a running service."""

    def __init__(self, app: App, clock: MovableClock, news: News, *, timeout_s: float = 60.0) -> None:
        self._app = app
        self._clock = clock
        self._news = news
        self._timeout_s = timeout_s
        self._lock = asyncio.Lock()

    @property
    def moving(self) -> bool:
        return self._lock.locked()

    async def move(self, by: timedelta) -> datetime:
        """Live through the next `by` and return the moment arrived at.

        The clock stops at every moment at which something is due, in order; what is due is done, said and delivered there
        before it goes on. Raises AlreadyMoving while another move is under way.
        """
        if self.moving:
            raise AlreadyMoving("the clock is being moved already")
        async with self._lock:
            target = self._clock.now() + by
            await self._news.tell()
            try:
                await self._live_until(target)
            finally:
                await self._news.tell()
            return self._clock.now()

    async def settled(self) -> None:
        """Wait until every message that came in is understood, and every one that is due is out."""
        async with asyncio.timeout(self._timeout_s):
            seen = self._news.count
            while await self._app.database.read(lambda work: life.at_work(work, self._clock.now())):
                seen = await self._news.beyond(seen, timeout_s=_RECHECK_S)

    async def _live_until(self, target: datetime) -> None:
        await self.settled()
        last, tries = None, 0
        while (due := await self._next_due()) is not None and due <= target:
            tries = tries + 1 if due == last else 0
            last = due
            if tries > _STUCK:
                _log.warning("the demo's clock goes on although something due at %s was not done", due)
                break
            await self._go_to(due)
            try:
                await self._app.sweep()
            except (Conflict, DatabaseUnavailable) as error:
                _log.info("the sweep is tried again: %s", error)
            await self.settled()
        await self._go_to(target)
        await self._app.sweep()
        await self.settled()

    async def _next_due(self) -> datetime | None:
        async def job(work: Work) -> list[datetime | None]:
            return [await work.timers.next_at(), await queues.next_due(work)]

        return min((at for at in await self._app.database.read(job) if at is not None), default=None)

    async def _go_to(self, moment: datetime) -> None:
        """Move to `moment`; that it will be there is on the disk before anything can happen at it."""
        now = self._clock.now()
        ahead = self._clock.ahead + max(moment - now, timedelta())
        await self._app.database.write(lambda work: keep(work, ahead, max(moment, now)))
        self._clock.move_to(moment)

        async def wake(work: Work) -> None:
            work.touched.add("outbox")  # what waited for this moment is due now

        await self._app.database.write(wake)
