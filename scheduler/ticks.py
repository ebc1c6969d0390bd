"""The clock's ticks: APScheduler calls the periodic jobs, in memory; nothing that matters is kept in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.port import Beat

_log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[object]]

# That a job is still at work when its next beat comes is no news every second: the age of its last success tells.
_engine_log = logging.getLogger(f"{__name__}.engine")
_engine_log.setLevel(logging.ERROR)

_STOP_S = 10.0  # longest wait, when stopping, for the jobs that are under way


@dataclass(slots=True)
class Ticks:
    """Periodic jobs by name. A job that fails is logged and called again at its next beat."""

    beats: dict[str, Beat] = field(default_factory=dict)
    _jobs: dict[str, tuple[float, Job]] = field(default_factory=dict)
    _beating: set[asyncio.Task[None]] = field(default_factory=set)
    _scheduler: AsyncIOScheduler | None = None

    def every(self, seconds: float, name: str, job: Job) -> None:
        """Call `job` every so many seconds, never twice at once."""
        self._jobs[name] = (seconds, job)
        self.beats[name] = Beat(seconds)

    def keep(self, wanted: Callable[[str], bool]) -> None:
        """Forget the jobs and the beats that are not wanted in this process."""
        self._jobs = {name: job for name, job in self._jobs.items() if wanted(name)}
        for name in [name for name in self.beats if not wanted(name)]:
            del self.beats[name]

    def start(self) -> None:
        # A beat that was late is made up for once (coalesce), never dropped (no misfire limit).
        self._scheduler = AsyncIOScheduler(
            logger=_engine_log,
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for name, (seconds, job) in self._jobs.items():
            self._scheduler.add_job(
                self._beat, "interval", args=(name, job), seconds=seconds, id=name, next_run_time=datetime.now(UTC)
            )
        self._scheduler.start()

    @property
    def running(self) -> bool:
        return self._scheduler is not None

    async def stop(self) -> None:
        """Call nothing any more, and let what is under way come to its end: cut off, it would be told of as a failure."""
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is None:
            return
        scheduler.pause()
        if self._beating:
            await asyncio.wait(self._beating, timeout=_STOP_S)
        scheduler.shutdown(wait=False)

    async def _beat(self, name: str, job: Job) -> None:
        beat, task = self.beats[name], asyncio.current_task()
        assert task is not None
        self._beating.add(task)
        task.add_done_callback(self._beating.discard)
        try:
            await job()
        except Exception as error:
            beat.last_error = f"{type(error).__name__}: {error}"
            _log.warning("%s failed: %s", name, beat.last_error)
        else:
            beat.worked()
