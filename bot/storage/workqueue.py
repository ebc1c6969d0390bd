"""The work queue: brings stored messages to whoever understands them, each conversation to one process at a time.

Two engines behind one port (`scheduler.port.WorkQueue`). `TableQueue` looks into the table of messages whenever a commit
touched it. `JobQueue` is procrastinate on PostgreSQL: a job for each conversation in which something waits, enqueued in the
transaction that stores the message; its `lock` lets one process at a time work on a conversation, its `queueing_lock` drops
doubles, and its notification wakes a worker on any machine.

Under both the message stays in our table until it is wholly understood, and a conversation is locked for the length of the
transaction that does (`queues.own_lanes`). A job only says where to look: one that is lost, stuck or done twice costs
time, never a message or its order.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.clock import Clock
from bot.storage import queues
from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.idling import Lull
from bot.storage.jobs import QUEUE, app_at, handled_by
from complaints.errors import Conflict
from scheduler.port import Understand, WorkQueue

if TYPE_CHECKING:
    from procrastinate import App, JobContext
    from procrastinate.worker import Worker

_log = logging.getLogger(__name__)

_POLL_S = 1.0
_AT_ONCE = 64  # conversations that one process has in hand: as many share a commit
_HEARTBEAT_S = 1.0
_DEAD_S = 3.0  # without a heartbeat for so long, a worker's jobs are given to others
_LOOK_S = 1.0  # between two looks for what dead workers left and what no job speaks of
_OVERLOOKED = timedelta(seconds=10)  # what waits for longer is taken, whatever became of its job
_STOP_S = 8.0


def work_queue(database: Database, clock: Clock) -> WorkQueue:
    """Return the engine that the database was opened for."""
    return JobQueue(database, clock) if database.jobs else TableQueue(database, clock)


class TableQueue:
    """Looks into the table of messages itself, after each commit that touched it and every now and then."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._lull = Lull(database, clock, queues.waits_since)

    async def run(self, understand: Understand, worked: Callable[[], None] = lambda: None) -> None:
        async with self._database.listening("inbox") as woken:
            while True:
                woken.clear()
                if not await _round(lambda: self._understand(understand), worked):
                    await self._lull.over(woken)

    async def _understand(self, understand: Understand) -> bool:
        return (await understand(None, None)).more


class JobQueue:
    """Conversations come as jobs of procrastinate; those in hand at one time are understood together."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._in_hand: dict[int, asyncio.Future[None]] = {}  # by the id of a message of theirs
        self._woken = asyncio.Event()
        self._stopping = False
        self._unwritten: BaseException | None = None  # why the end of a job could not be written down

    async def run(self, understand: Understand, worked: Callable[[], None] = lambda: None) -> None:
        logging.getLogger("procrastinate").setLevel(logging.WARNING)
        self._stopping = False
        app = app_at(self._database.url)
        handled_by(app, self._take)
        jobs = asyncio.create_task(self._keep_working(app), name="jobs")
        looking = asyncio.create_task(self._look(app, understand), name="jobs:look")
        try:
            while True:
                self._woken.clear()
                if not await _round(lambda: self._understand(understand), worked):
                    await _wait(self._woken)
        finally:
            self._stopping = True
            jobs.cancel()
            looking.cancel()
            for given_back in self._in_hand.values():
                if not given_back.done():
                    given_back.set_exception(_GivenBack())
            self._in_hand.clear()
            await asyncio.wait([jobs, looking], timeout=_STOP_S)

    async def _take(self, message: int) -> None:
        """Do one job: over when nothing waits in the conversation of this message any more."""
        if self._stopping:
            raise _GivenBack
        done = self._in_hand[message] = asyncio.get_running_loop().create_future()
        self._woken.set()
        try:
            await done
        finally:  # a worker that begins again has let go of its jobs, and gets them anew
            if self._in_hand.get(message) is done:
                del self._in_hand[message]

    async def _understand(self, understand: Understand) -> bool:
        """Understand a batch of what is in hand, end the jobs of which nothing is left, and say whether there is more to do."""
        messages = list(self._in_hand)
        if not messages:
            return False
        lanes = await self._database.read(lambda work: queues.lanes_of(work, messages))
        ended, _ = await understand(set(lanes.values()), None)
        waiting = await self._database.read(lambda work: queues.unfinished(work, set(lanes.values())))
        for message in messages:
            done = self._in_hand.get(message)
            if lanes.get(message) not in waiting and done is not None and not done.done():
                done.set_result(None)
        return bool(ended and waiting)

    async def _keep_working(self, app: App) -> None:
        """Let procrastinate's worker run until all stops; whatever ends it, the database above all, it begins again."""
        while not self._stopping:
            self._unwritten = None
            try:
                async with app.open_async():
                    await app.run_worker_async(
                        queues=[QUEUE],
                        concurrency=_AT_ONCE,
                        fetch_job_polling_interval=_POLL_S,
                        update_heartbeat_interval=_HEARTBEAT_S,
                        stalled_worker_timeout=_DEAD_S,
                        shutdown_graceful_timeout=_STOP_S / 2,
                        install_signal_handlers=False,
                        delete_jobs="always",
                        worker_middleware=[self._watched],
                    )
            except Exception as error:
                _log.warning("jobs: %s; beginning again", _said(error))
            else:
                if self._unwritten is not None:
                    _log.warning(
                        "jobs: the end of one could not be written down: %s; beginning again", _said(self._unwritten)
                    )
            await asyncio.sleep(_POLL_S)

    async def _watched(self, job: Callable[[], Awaitable[Any]], _context: JobContext, worker: Worker) -> Any:
        """Do a job, whose task nobody looks at afterwards: it fails where the end of the job cannot be written down."""

        def over(task: asyncio.Task[Any]) -> None:
            if not task.cancelled() and (error := task.exception()) is not None:
                # The job would be this worker's for as long as it lives, and its conversation wait. What a worker leaves when
                # it ends is given back.
                self._unwritten = error
                worker.stop()  # type: ignore[no-untyped-call]

        task = asyncio.current_task()
        assert task is not None
        task.add_done_callback(over)
        return await job()

    async def _look(self, app: App, understand: Understand) -> None:
        """Find what dead workers left, and what waits although no job speaks of it."""
        while True:
            try:
                await _give_back(app)
                if not self._in_hand:  # a worker that is busy is one that gets its jobs
                    await understand(None, self._clock.now() - _OVERLOOKED)
            except Exception as error:  # not connected yet, or another process was first; the next look comes soon
                _log.info("jobs: looking for what was left: %s", _said(error))
            await asyncio.sleep(_LOOK_S)


async def _give_back(app: App) -> None:
    """Let others do what dead workers had in hand."""
    from procrastinate.exceptions import UniqueViolation
    from procrastinate.jobs import Status

    for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=_DEAD_S):
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:  # the conversation has a newer job, which this one must not keep waiting for ever
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)


class _GivenBack(Exception):
    """This process stops: another one does the job."""


async def _round(understand: Callable[[], Awaitable[bool]], worked: Callable[[], None]) -> bool:
    """Understand a batch and say whether there is more. Nothing ends the loop that supervises all intake."""
    try:
        more = await understand()
        worked()
    except (DatabaseUnavailable, Conflict) as error:
        _log.warning("inbox: %s; trying again", error)
    except Exception:  # were the loop to end, nobody would be answered any more
        _log.exception("inbox: a round failed; trying again")
    else:
        return more
    return False


def _said(error: BaseException) -> str:
    """Return on one line what went wrong. procrastinate's errors say no more than that something did; their cause says what."""
    said = " ".join(str(error.__cause__ or error).split())
    return f"{type(error).__name__}: {said}"


async def _wait(woken: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_POLL_S):
            await woken.wait()
