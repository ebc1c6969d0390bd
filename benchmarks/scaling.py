"""Intake by several processes over one PostgreSQL: `complaintbot bench intake --workers 2 --database postgresql://…`.

The processes are the real service, each with the role of a worker; the mails are stored as the reader of a mailbox stores them.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.figures import figures
from benchmarks.intake import environment, feed, mail, sink, staff, until_delivered, waits
from benchmarks.machine import busy_s, capped, cpu_of_s, describe, rows_per_second
from bot.clock import SystemClock
from bot.intake import Inbox
from bot.settings import PREFIX, load_settings
from bot.staff import import_staff
from bot.storage.database import Database, migrate
from bot.storage.models import ComplaintRow
from bot.storage.work import Work
from complaints.errors import ConfigError

_UP_S = 60.0
_WARM_UP = 20  # mails for each process before anything is measured


async def bench_workers(n: int, workers: int, url: str | None, cores: float | None = None) -> dict[str, object]:
    """Return the figures as one JSON-able object.

    url: of an empty PostgreSQL. cores: that each process gets at most, as if it were a machine of its own.
    """
    if url is None or not url.startswith("postgres"):
        raise ConfigError("bench: several workers need PostgreSQL: name an empty one with --database postgresql://…")
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="complaintbot-bench-")))
        port = await stack.enter_async_context(sink())
        values = environment(folder, port) | {"COMPLAINTBOT_DATABASE__URL": url}
        values |= {"COMPLAINTBOT_SERVICE__ROLES": "workers", "COMPLAINTBOT_HTTP__PORT": "0"}
        values |= {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
        settings = load_settings(None, values)
        await migrate(settings.database.url)
        jobs = settings.database.queue == "jobs"
        database = await stack.enter_async_context(Database(settings.database.url, jobs=jobs))
        await import_staff(database, list(staff()), SystemClock().now())
        limit = rows_per_second(settings.database.url, folder, mail(0), settings.intake.batch)
        async with AsyncExitStack() as processes:
            running = [await processes.enter_async_context(_worker(values, cores)) for _ in range(workers)]
            warm = _WARM_UP * workers
            await feed(Inbox(database, SystemClock()), warm)
            await until_delivered(database, 2 * warm)
            began, cpu, busy = time.perf_counter(), sum(map(cpu_of_s, running)), busy_s()
            await feed(Inbox(database, SystemClock()), n, first=warm)
            await until_delivered(database, 2 * (warm + n))
            seconds, cpu, busy = time.perf_counter() - began, sum(map(cpu_of_s, running)) - cpu, busy_s() - busy
        took = await database.read(waits)
        complaints = await database.read(_complaints)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "what": "intake",
        "workers": workers,
        "cores_each": cores,
        "queue": settings.database.queue,
        "complaints": complaints - warm,
        **figures(n, seconds, cpu, took, limit),
        "peak_rss_mb": round(usage.ru_maxrss / 1024, 1),
        "machine_cpu_ms_each": round(busy * 1000 / n, 3),
        "machine_busy_percent": round(busy / seconds / len(os.sched_getaffinity(0)) * 100, 1),
        "mails_per_commit_at_most": settings.intake.batch,
        "database": "postgresql",
        "machine": describe(),
    }


@asynccontextmanager
async def _worker(values: Mapping[str, str], cores: float | None) -> AsyncIterator[int]:
    """Run one process and give its id once it is up; at the end it is asked to stop, and must end well."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", stderr=asyncio.subprocess.PIPE, env=os.environ | dict(values)
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(_UP_S):
            while b"complaintbot is up" not in (line := await process.stderr.readline()):
                if not line:
                    raise RuntimeError("a worker ended before it was up")
        reading = asyncio.create_task(process.stderr.read())
        with nullcontext() if cores is None else capped(process.pid, cores):
            yield process.pid
            process.terminate()
            said, status = await reading, await process.wait()
        if status:
            raise RuntimeError(f"a worker ended with {status}: {said[-2000:].decode()}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _complaints(work: Work) -> int:
    return await work.session.scalar(select(func.count(ComplaintRow.reference))) or 0
