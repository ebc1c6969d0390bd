"""Turns of the conversation in the web chat, as the customers' page holds it: real HTTP, a real service, in a process each.

`complaintbot bench chat -n 2000 --json`. First n turns at a bounded rate, which is how people come: how long each answer was
waited for. Then n turns as fast as the service takes them. Beside it what else the service costs: how long it takes to
start, what it uses while nothing happens, and how its memory grows from message to message.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.figures import figures
from benchmarks.machine import cpu_of_s, describe, peak_rss_of_mb, rss_of_mb
from bot.staff import Entry, import_staff
from bot.storage.database import Database, migrate
from bot.storage.models import ComplaintRow, InboxRow, MessageRow, OutboxRow
from bot.storage.work import Work
from complaints.vocabulary import Role

_TURNS = 10  # of one conversation, the first of them a complaint, the others questions about it
_AT_ONCE = 100  # customers who are there at the same time
OFFERED = 200.0  # turns a second that people begin, where they do not come as fast as they can
_WARM_UP = 5  # conversations before anything is measured
_IDLE_S = 10.0
_MEMORY_EVERY_S = 1.0
_MEMORY_POINTS = 10
_PATIENCE_S = 60.0
_STAFF = 8


@dataclass(frozen=True, slots=True)
class _Run:
    """What one wave of visitors saw, and what it cost the service."""

    turns: int
    seconds: float
    waits_ms: Sequence[float]
    cpu_s: float
    spoken: int  # turns, with those before it counted
    conversations: int

    @property
    def per_second(self) -> float:
        return self.turns / self.seconds


async def bench_chat(
    n: int, url: str | None = None, *, rate: float = OFFERED, idle_s: float = _IDLE_S
) -> dict[str, object]:
    """Return the figures as one JSON-able object.

    url: a database to use, empty. rate: turns a second that people begin, at first. idle_s: how long nothing happens.
    """
    with tempfile.TemporaryDirectory(prefix="complaintbot-bench-") as name:
        environ = _environment(Path(name), url)
        database_url = environ["COMPLAINTBOT_DATABASE__URL"]
        await migrate(database_url)
        async with Database(database_url) as database:
            await import_staff(database, list(_staff()), datetime.now(UTC))
        began = time.perf_counter()
        async with _service(environ) as (process, port):
            started_s = time.perf_counter() - began
            page, warm = f"http://127.0.0.1:{port}", min(_WARM_UP * _TURNS, n)
            warmed = await _visitors(page, process.pid, warm, 0, 0.0)
            async with _memory_of(process.pid) as memory:
                offered = await _visitors(page, process.pid, n, warmed.conversations, rate)
                fastest = await _visitors(page, process.pid, n, warmed.conversations + offered.conversations, 0.0)
            cpu = cpu_of_s(process.pid)
            await asyncio.sleep(idle_s)
            idle = (cpu_of_s(process.pid) - cpu) / idle_s * 100
            rss, peak = rss_of_mb(process.pid), peak_rss_of_mb(process.pid)
        async with Database(database_url) as database:
            await _check(database, warmed, offered, fastest)
            kind = "sqlite, synchronous=FULL" if database.sqlite else "postgresql"
    async with _started("benchmarks.visitors", "--echo") as (process, line):
        limit = await _visitors(f"http://127.0.0.1:{int(line)}", process.pid, n, 0, 0.0)
    return {
        "what": "chat",
        **figures(n, fastest.seconds, fastest.cpu_s, offered.waits_ms, limit.per_second),
        "offered_per_second": rate,
        "answered_per_second": round(offered.per_second, 1),
        "peak_rss_mb": round(peak, 1),
        "rss_mb": round(rss, 1),
        "rss_mb_meanwhile": _spread(memory),
        "startup_s": round(started_s, 2),
        "idle_cpu_percent": round(idle, 2),
        "database": kind,
        "machine": describe(),
    }


async def _visitors(page: str, pid: int, turns: int, first: int, per_second: float) -> _Run:
    """Send visitors with so many turns to speak. pid: of whoever answers them. first: the number of the first visitor."""
    options = (
        *("--turns", turns),
        *("--of-each", _TURNS),
        *("--at-once", min(-(-turns // _TURNS), _AT_ONCE)),
        *("--per-second", per_second),
        *("--first", first),
    )
    async with _started("benchmarks.visitors", page, *map(str, options)) as (visitors, line):
        cpu = cpu_of_s(pid)  # of what counts only
        assert visitors.stdout is not None
        said = await visitors.stdout.read()
    if not line or visitors.returncode:
        raise RuntimeError("the visitors were not answered as they should be: see above")
    figures = json.loads(said)
    if len(figures["waits_ms"]) != turns:
        raise RuntimeError(f"{len(figures['waits_ms'])} turns were answered where {turns} were to be spoken")
    return _Run(
        turns, figures["seconds"], figures["waits_ms"], cpu_of_s(pid) - cpu, figures["spoken"], figures["conversations"]
    )


async def _check(database: Database, *runs: _Run) -> None:
    """Fail loudly unless everything that was said is kept, understood and answered once."""

    async def job(work: Work) -> dict[str, int | None]:
        async def count(query: object) -> int | None:
            return await work.session.scalar(query)  # type: ignore[call-overload,no-any-return]

        return {
            "stored": await count(select(func.count(InboxRow.id))),
            "not understood": await count(select(func.count(InboxRow.id)).where(InboxRow.state != "done")),
            "heard": await count(select(func.count(MessageRow.id)).where(MessageRow.outgoing.is_(False))),
            "complaints": await count(select(func.count(ComplaintRow.reference))),
            "answered": await count(
                select(func.count(OutboxRow.id)).where(
                    OutboxRow.channel == "web", OutboxRow.state.in_(("delivered", "sent"))
                )
            ),
            "went wrong": await count(
                select(func.count(OutboxRow.id)).where(OutboxRow.state.in_(("failed", "uncertain")))
            ),
        }

    found = await database.read(job)
    conversations = sum(run.conversations for run in runs)
    all_said = sum(run.spoken for run in runs)
    wanted = {"stored": all_said, "not understood": 0, "heard": all_said, "answered": all_said, "went wrong": 0}
    wanted["complaints"] = conversations
    wrong = {name: found[name] for name, value in wanted.items() if found[name] != value}
    if wrong:
        raise RuntimeError(f"after {all_said} turns in {conversations} conversations: {wrong}")


@asynccontextmanager
async def _memory_of(pid: int) -> AsyncIterator[list[float]]:
    """Give a list that grows by what a process has in memory, in MB, as long as this lasts."""
    memory: list[float] = []

    async def look() -> None:
        while True:
            memory.append(rss_of_mb(pid))
            await asyncio.sleep(_MEMORY_EVERY_S)

    looking = asyncio.create_task(look())
    try:
        yield memory
    finally:
        looking.cancel()


def _spread(values: Sequence[float]) -> list[float]:
    """Return a few of the values, as far from each other as can be: the first, the last, and some between."""
    steps = min(_MEMORY_POINTS, len(values)) - 1
    return [round(values[nth * (len(values) - 1) // max(steps, 1)], 1) for nth in range(steps + 1)]


# ── processes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def _service(environ: dict[str, str]) -> AsyncIterator[tuple[Process, int]]:
    """Run the service as its users do; give its process and port once it listens."""
    options = ("run", "--config", environ["BENCH_CONFIG"])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *options, stderr=PIPE, env=os.environ | environ
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(_PATIENCE_S):
            port = await _port(process.stderr)
        reading = asyncio.create_task(_drain(process.stderr))
        yield process, port
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
    await reading


async def _port(log: asyncio.StreamReader) -> int:
    said = []
    async for line in log:
        said.append(line.decode())
        _, up, rest = said[-1].partition("is up on port ")
        if up:
            return int(rest.split()[0])
    raise RuntimeError(f"the service did not start: {''.join(said[-20:])}")


async def _drain(log: asyncio.StreamReader) -> None:
    async for _ in log:
        pass  # else the pipe fills up and the service waits for it


@asynccontextmanager
async def _started(module: str, *options: str) -> AsyncIterator[tuple[Process, bytes]]:
    """Run a module of ours; give its process and the first line it prints. It ends when its standard input closes."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, *options, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process, await process.stdout.readline()
    finally:
        process.stdin.close()
        await process.wait()


def _environment(folder: Path, url: str | None) -> dict[str, str]:
    config = folder / "config.toml"
    config.write_text("")
    values = {
        "SERVICE__DATA_DIR": str(folder),
        "DATABASE__URL": url or f"sqlite+aiosqlite:///{folder / 'chat.db'}",
        "HTTP__PORT": "0",
        "CONNECTORS__WEB__ENABLED": "true",
        "CONNECTORS__WEB__PROXIES": "1",  # each visitor comes from an address of their own
        "CONNECTORS__SMS__ENABLED": "true",  # where the staff is told
        "CONNECTORS__SMS__PROVIDER": "stub",
        "CONNECTORS__SMS__SECRET": "only-for-measuring",
    }
    return {"BENCH_CONFIG": str(config)} | {f"COMPLAINTBOT_{name}": value for name, value in values.items()}


def _staff() -> list[Entry]:
    return [
        Entry(
            line=number + 2,
            name=f"处理人{number}",
            phone=f"139001390{number:02}",
            email="",
            roles=frozenset({Role.HANDLER}),
            unit="工程部",
            categories=(),
            superior="",
            backup="",
            locale="zh",
            active=True,
        )
        for number in range(_STAFF)
    ]
