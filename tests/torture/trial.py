"""One run: people write while things break, all recovers, and what is left is audited."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.storage.database import DatabaseUnavailable
from bot.storage.models import FileRow, InboxRow, OutboxRow
from tests.fakes import until
from tests.story.desk import MAILBOX, Books, open_books
from tests.torture.audit import Audit
from tests.torture.crowd import Crowd
from tests.torture.faults import Step, inflict, plan
from tests.torture.ledger import Ledger
from tests.torture.world import World, a_world

_STUCK_S = 120.0  # for which what waits has not become less
_LOOK_S = 0.5
_WAITS = frozenset({"stored", "queued", "claimed", "sending", "waiting"})
_UP_S = 90.0
_SHOWN = 20


@dataclass(frozen=True)
class Trial:
    """How to torture. rate: messages a second. pause_s: between two faults. only: of the faults."""

    seed: int
    seconds: float
    postgres: bool = False
    processes: int = 1
    rate: float = 2.0
    pause_s: float = 4.0
    only: str = ""
    keep: bool = False

    def __str__(self) -> str:
        database = f" --database postgres --processes {self.processes}" if self.postgres else ""
        only = f" --only '{self.only}'" if self.only else ""
        return (
            f"python -m tests.torture --minutes {self.seconds / 60:g} --seed {self.seed}{database}"
            f" --rate {self.rate:g} --pause {self.pause_s:g}{only}"
        )


@dataclass
class Result:
    """faults: what the audit found. recovery_s: from the last fault until nothing waited any more."""

    faults: list[str]
    counts: Counter[str]
    inflicted: Counter[str]
    ends: Counter[str]
    recovery_s: float
    bursts: int
    heard: str = ""
    rss_mb: list[str] = field(default_factory=list)
    left_out: str = ""

    def __str__(self) -> str:
        lines = [
            f"faults inflicted: {_counted(self.inflicted)}",
            *([f"left out: {self.left_out}"] if self.left_out else []),
            f"ends of the service: {_counted(self.ends)}",
            *(f"{name}: {count}" for name, count in sorted(self.counts.items())),
            f"understood: {self.heard}",
            f"bursts: {self.bursts}; recovered within {self.recovery_s:.0f} s; memory: {', '.join(self.rss_mb)}",
            *(f"FAULT {fault}" for fault in self.faults[:_SHOWN]),
            f"{len(self.faults)} faults",
        ]
        return "\n".join(lines)


def _spread(seconds: list[float]) -> str:
    if not seconds:
        return "nothing"
    half, most = seconds[len(seconds) // 2], seconds[len(seconds) * 99 // 100]
    return f"half of it within {half:.2f} s, 99 % within {most:.1f} s, all within {seconds[-1]:.1f} s"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "none"


async def tried(trial: Trial, say: Callable[[str], None] = lambda line: None, tables: Path | None = None) -> Result:
    """Do it. say: is told what happens. tables: an SQLite file that has them already."""
    async with a_world(postgres=trial.postgres, processes=trial.processes, tables=tables) as world:
        available, left_out = _available(world, trial)
        steps = list(plan(trial.seed, trial.seconds, trial.pause_s, available, trial.only))
        ledger = Ledger(random.Random(f"{trial.seed}/words"))  # noqa: S311
        crowd = Crowd(world, ledger, random.Random(f"{trial.seed}/crowd"), trial.rate)  # noqa: S311
        inflicted = Counter[str]()

        def began(step: Step) -> None:
            inflicted[step.fault.name] += 1
            say(str(step))

        async with asyncio.TaskGroup() as tasks:
            keeping = [tasks.create_task(keeper.keep()) for keeper in world.keepers]
            measuring = tasks.create_task(_measure(world))
            await until(world.healthy, "the service is up", _UP_S, every_s=0.3)
            say("all is up")
            async with asyncio.TaskGroup() as torture:
                torture.create_task(crowd.write(trial.seconds))
                torture.create_task(inflict(world, steps, began))
            await world.mend()
            say("all is mended; waiting for quiet")
            since = time.monotonic()
            async with open_books(world.database_url) as books:
                quiet = await _recovered(world, books)
                recovery_s = time.monotonic() - since
                for browser in crowd.browsers:
                    await browser.visit(None, 0.05)
                measuring.cancel()
                audit = Audit(world, ledger, books, crowd.browsers)
                await audit.read()
                faults = [
                    *([] if quiet else [f"stuck: what waits did not become less for {_STUCK_S:g} s"]),
                    *audit.faults(),
                ]
            for keeper in world.keepers:
                keeper.leave()
            faults += [f"ended with {status} when asked to stop" for status in await asyncio.gather(*keeping) if status]
        if faults and trial.keep:
            say(f"kept: {await world.keep()}")
        ends = sum((keeper.ends for keeper in world.keepers), Counter[str]())
        rss = [
            f"{k.rss_mb[0]:.0f} MB at first, {max(k.rss_mb):.0f} at most, {k.rss_mb[-1]:.0f} at last"
            for k in world.keepers
            if k.rss_mb
        ]
        return Result(
            faults,
            audit.counts,
            inflicted,
            ends,
            recovery_s,
            crowd.bursts,
            _spread(audit.heard_after_s()),
            rss,
            left_out,
        )


def _available(world: World, trial: Trial) -> tuple[set[str], str]:
    """Return what can be done to this world, and in words what cannot."""
    can = {"postgres": trial.postgres, "disk": world.disk.mounted}
    return {name for name, there in can.items() if there}, "" if can["disk"] else "a full disk (nothing can be mounted)"


async def _measure(world: World) -> None:
    while True:
        await asyncio.sleep(2)
        for keeper in world.keepers:
            keeper.measure()


async def _recovered(world: World, books: Books) -> bool:
    """Wait until nothing waits anywhere and the service says that it is well; False where what waits does not become less."""
    least, since = sys.maxsize, time.monotonic()
    while least and time.monotonic() - since < _STUCK_S:
        if (waiting := await _waiting(world, books)) < least:
            least, since = waiting, time.monotonic()
        await asyncio.sleep(_LOOK_S)
    return not least


async def _waiting(world: World, books: Books) -> int:
    """Return how many messages wait somewhere, and one more where the service does not say that it is well."""
    try:
        pending, well = int((await world.telegram.state())["pending"]), await world.healthy()
        inbox, outbox, files = await books.rows(InboxRow), await books.rows(OutboxRow), await books.rows(FileRow)
    except (DatabaseUnavailable, aiohttp.ClientError, OSError, TimeoutError):
        return sys.maxsize
    waits = sum(state in _WAITS for rows in (inbox, outbox, files) for state in [row.state for row in rows])
    mails = sum(row.channel == "email" for row in inbox)
    unread = max(len(world.dovecot.fetch_all(MAILBOX)) - mails, 0)
    return pending + waits + unread + (not well)
