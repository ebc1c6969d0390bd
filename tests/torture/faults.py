"""What goes wrong, and when: drawn from a seed, so that the same seed brings the same faults at the same moments."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from tests.servers.network import Network
from tests.torture.keeper import Keeper
from tests.torture.world import World

Act = Callable[[World, float, int], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """act: does it and undoes it, within about `seconds`; its last argument is a die that chooses among several of a kind.

    target: what no two faults may have at a time. needs: "postgres", "disk", or "" for nothing besides.
    """

    name: str
    target: str
    act: Act
    shortest_s: float = 0.5
    longest_s: float = 6.0
    weight: int = 2
    needs: str = ""


@dataclass(frozen=True)
class Step:
    """A fault that begins `at_s` after the start."""

    at_s: float
    fault: Fault
    seconds: float
    die: int

    def __str__(self) -> str:
        return f"{self.at_s:7.1f} s  {self.fault.name} for {self.seconds:.1f} s"


def _keeper(world: World, die: int) -> Keeper:
    return world.keepers[die % len(world.keepers)]


async def kill_service(world: World, seconds: float, die: int) -> None:
    _keeper(world, die).kill(away_s=seconds)
    await asyncio.sleep(seconds)


async def stop_service(world: World, seconds: float, die: int) -> None:
    _keeper(world, die).stop()
    await asyncio.sleep(seconds)


async def freeze_service(world: World, seconds: float, die: int) -> None:
    keeper = _keeper(world, die)
    keeper.freeze()
    try:
        await asyncio.sleep(seconds)
    finally:
        keeper.thaw()


async def skew_clock(world: World, seconds: float, die: int) -> None:
    keeper = _keeper(world, die)
    keeper.skew(die % 61 - 30)
    try:
        await asyncio.sleep(seconds)
    finally:
        keeper.skew(0)


async def fill_disk(world: World, seconds: float, die: int) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    try:
        while loop.time() < end:
            await asyncio.to_thread(world.disk.fill)
            await asyncio.sleep(0.1)
    finally:
        await world.mend()


async def kill_postgres(world: World, seconds: float, die: int) -> None:
    assert world.cluster is not None
    await world.cluster.kill()
    await asyncio.sleep(seconds)
    await world.cluster.start()


async def restart_postgres(world: World, seconds: float, die: int) -> None:
    assert world.cluster is not None
    await world.cluster.restart_at_once()


async def freeze_postgres(world: World, seconds: float, die: int) -> None:
    assert world.cluster is not None
    world.cluster.freeze()
    try:
        await asyncio.sleep(seconds)
    finally:
        world.cluster.thaw()


async def kill_dovecot(world: World, seconds: float, die: int) -> None:
    await world.dovecot.kill()
    await asyncio.sleep(seconds)
    await world.dovecot.start()


async def freeze_dovecot(world: World, seconds: float, die: int) -> None:
    world.dovecot.freeze()
    try:
        await asyncio.sleep(seconds)
    finally:
        world.dovecot.thaw()


async def kill_smtp(world: World, seconds: float, die: int) -> None:
    await world.sink.down()
    await asyncio.sleep(seconds)
    await world.sink.up()


async def silence_smtp(world: World, seconds: float, die: int) -> None:
    """Keep the mails and never answer."""
    world.sink.silent_after_data = True
    try:
        await asyncio.sleep(seconds)
    finally:
        world.sink.silent_after_data = False
        await world.sink.hang_up()


async def cut_after_data(world: World, seconds: float, die: int) -> None:
    """Lose the server's word that it has the mail."""
    line = world.lines["smtp"]

    def lost(data: bytes) -> bool:
        if b"250 OK: kept" not in data:
            return False
        line.cut()
        return True

    line.swallow = lost
    try:
        await asyncio.sleep(seconds)
    finally:
        line.swallow = lambda data: False


async def kill_telegram(world: World, seconds: float, die: int) -> None:
    await world.telegram.kill()
    await asyncio.sleep(seconds)
    await world.telegram.start()


async def freeze_telegram(world: World, seconds: float, die: int) -> None:
    world.telegram.freeze()
    try:
        await asyncio.sleep(seconds)
    finally:
        world.telegram.thaw()


async def kill_smsbox(world: World, seconds: float, die: int) -> None:
    world.kannel_died = True
    await world.kannel.kill("smsbox")
    await asyncio.sleep(seconds)
    await world.kannel.start_smsbox()


async def freeze_kannel(world: World, seconds: float, die: int) -> None:
    box = ("smsbox", "bearerbox")[die % 2]
    await world.kannel.freeze(box)
    try:
        await asyncio.sleep(seconds)
    finally:
        world.kannel.thaw(box)


def _line(world: World, die: int) -> Network:
    names = sorted(world.lines)
    return world.lines[names[die % len(names)]]


async def cut_line(world: World, seconds: float, die: int) -> None:
    _line(world, die).cut()


async def silence_line(world: World, seconds: float, die: int) -> None:
    line = _line(world, die)
    line.silent = True
    try:
        await asyncio.sleep(seconds)
    finally:
        line.cut()  # what was lost meanwhile leaves holes in it
        line.silent = False


async def slow_line(world: World, seconds: float, die: int) -> None:
    line = _line(world, die)
    line.delay_s = 0.3
    try:
        await asyncio.sleep(seconds)
    finally:
        line.delay_s = 0.0


async def halve_answer(world: World, seconds: float, die: int) -> None:
    line = _line(world, die)
    line.halve = True
    await asyncio.sleep(seconds)
    line.halve = False


async def lose_answers(world: World, seconds: float, die: int) -> None:
    """Let everything through to the server, and nothing back."""
    line = _line(world, die)
    line.swallow = lambda data: True
    try:
        await asyncio.sleep(seconds)
    finally:
        line.cut()
        line.swallow = lambda data: False


FAULTS = (
    Fault("kill the service", "service", kill_service, longest_s=4, weight=6),
    Fault("stop the service", "service", stop_service, 1, 2),
    Fault("freeze the service", "service", freeze_service, 1, 9),
    Fault("turn the clock", "clock", skew_clock, 3, 8),
    Fault("fill the disk", "disk", fill_disk, 1, 5, needs="disk"),
    Fault("kill the database", "postgres", kill_postgres, 0.1, 4, weight=4, needs="postgres"),
    Fault("restart the database", "postgres", restart_postgres, needs="postgres"),
    Fault("freeze the database", "postgres", freeze_postgres, 1, 9, needs="postgres"),
    Fault("kill Dovecot", "dovecot", kill_dovecot),
    Fault("freeze Dovecot", "dovecot", freeze_dovecot),
    Fault("kill the SMTP server", "smtp", kill_smtp),
    Fault("silence the SMTP server after DATA", "smtp", silence_smtp),
    Fault("cut the line after DATA", "smtp", cut_after_data, 0.2, 2),
    Fault("kill Telegram", "telegram", kill_telegram),
    Fault("freeze Telegram", "telegram", freeze_telegram),
    Fault("kill smsbox", "kannel", kill_smsbox),
    Fault("freeze Kannel", "kannel", freeze_kannel),
    Fault("cut a line", "line", cut_line, weight=4),
    Fault("silence a line", "line", silence_line),
    Fault("slow a line", "line", slow_line),
    Fault("halve an answer", "line", halve_answer, 0.5, 2, weight=4),
    Fault("lose answers", "line", lose_answers, 0.5, 2, weight=4),
)


def plan(seed: int, seconds: float, pause_s: float, available: set[str], only: str = "") -> Iterator[Step]:
    """Yield the faults of a run that is so long, about one every `pause_s`. only: those with this in their name."""
    chance = random.Random(f"{seed}/faults")  # noqa: S311
    faults = [fault for fault in FAULTS if not fault.needs or fault.needs in available]
    weights = [fault.weight for fault in faults]
    at = chance.uniform(1, 2)
    while at < seconds:
        (fault,) = chance.choices(faults, weights)
        step = Step(at, fault, chance.uniform(fault.shortest_s, fault.longest_s), chance.randrange(10**6))
        if only in fault.name:
            yield step
        at += chance.expovariate(1 / pause_s)


async def inflict(world: World, steps: list[Step], began: Callable[[Step], None]) -> None:
    """Do all of it, each at its moment, several at once where they have different targets."""
    loop = asyncio.get_running_loop()
    start = loop.time()

    async def one(step: Step) -> None:
        async with world.lock(step.fault.target):
            began(step)
            await step.fault.act(world, step.seconds, step.die)

    async with asyncio.TaskGroup() as tasks:
        for step in steps:
            await asyncio.sleep(max(0.0, start + step.at_s - loop.time()))
            tasks.create_task(one(step), name=step.fault.name)
