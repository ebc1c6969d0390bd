"""The clock's ticks, the beats that tell of them, how long a retry waits, and the sweep of what is due."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.port import Beat, Retries
from scheduler.ticks import Ticks
from scheduler.timers import BATCH, keep_sweeping, sweep
from tests.fakes import eventually

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
OFTEN = 0.01


class Job:
    """A periodic job that counts its calls. errors: what the first calls raise. gate: closed, a call waits in it."""

    def __init__(self, *errors: Exception) -> None:
        self.calls = self.inside = self.most_inside = self.cancelled = 0
        self.errors = deque(errors)
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> None:
        self.calls += 1
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.inside -= 1
        if self.errors:
            raise self.errors.popleft()

    async def called(self, count: int) -> None:
        await eventually(lambda: self.calls >= count)


@asynccontextmanager
async def ticking(**jobs: Callable[[], object]) -> AsyncIterator[Ticks]:
    ticks = Ticks()
    for name, job in jobs.items():
        ticks.every(OFTEN, name, job)  # type: ignore[arg-type]
    ticks.start()
    try:
        yield ticks
    finally:
        await ticks.stop()


# --- ticks ------------------------------------------------------------------------------------------------------------


async def test_a_job_is_called_at_once_and_again_and_again() -> None:
    job = Job()
    ticks = Ticks()
    ticks.every(3600, "rare", rare := Job())
    ticks.every(OFTEN, "often", job)
    ticks.start()
    try:
        await rare.called(1)
        await job.called(5)
        assert rare.calls == 1
    finally:
        await ticks.stop()


async def test_a_job_that_fails_is_called_again_and_its_beat_tells(caplog: pytest.LogCaptureFixture) -> None:
    job = Job(ValueError("no such table"), ValueError("no such table"))
    job.gate.clear()
    async with ticking(timers=job) as ticks:
        beat = ticks.beats["timers"]
        await job.called(1)
        job.gate.set()
        await eventually(lambda: bool(beat.last_error) or job.calls > 1)
        await eventually(lambda: beat.last_worked_at is not None)
        assert job.calls >= 3
        assert beat.last_error == ""
    assert caplog.text.count("timers failed: ValueError: no such table") == 2


async def test_the_beat_of_a_failing_job_holds_the_error_and_the_moment_of_its_last_success() -> None:
    job = Job()
    async with ticking(timers=job) as ticks:
        beat = ticks.beats["timers"]
        await eventually(lambda: beat.last_worked_at is not None)
        job.errors.extend(OSError("the disk is full") for _ in range(10_000))
        await eventually(lambda: beat.last_error == "OSError: the disk is full")
        assert beat.last_worked_at is not None
        worked = beat.last_worked_at
        await job.called(job.calls + 3)
        assert beat.last_worked_at == worked


async def test_a_failing_job_does_not_keep_another_from_its_beat() -> None:
    bad, good = Job(*(ValueError("broken") for _ in range(10_000))), Job()
    async with ticking(bad=bad, good=good) as ticks:
        await good.called(5)
        await eventually(lambda: ticks.beats["good"].last_worked_at is not None)
        assert ticks.beats["bad"].last_worked_at is None


async def test_a_job_is_never_called_twice_at_once() -> None:
    slow, quick = Job(), Job()
    slow.gate.clear()
    async with ticking(slow=slow, quick=quick):
        await quick.called(10)  # as many beats as the slow one missed
        assert slow.calls == 1
        slow.gate.set()
        await slow.called(5)
    assert slow.most_inside == 1


async def test_stopped_it_calls_nothing_any_more_and_may_be_stopped_twice() -> None:
    job, other = Job(), Job()
    async with ticking(job=job) as ticks:
        await job.called(2)
        await ticks.stop()
        calls = job.calls
        async with ticking(other=other):
            await other.called(10)
        assert job.calls == calls
        await ticks.stop()


async def test_what_is_under_way_when_it_is_stopped_is_let_through(caplog: pytest.LogCaptureFixture) -> None:
    job = Job()
    job.gate.clear()
    async with ticking(job=job) as ticks:
        await job.called(1)
        stopping = asyncio.create_task(ticks.stop())
        await eventually(lambda: not ticks.running)
        job.gate.set()
        await stopping
    assert (job.calls, job.cancelled) == (1, 0)
    assert ticks.beats["job"].last_worked_at is not None
    assert caplog.text == ""


async def test_it_may_be_stopped_before_it_was_started() -> None:
    await Ticks().stop()


# --- beats ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every_s", "age_s", "ok"),
    [
        pytest.param(1, 0, True, id="just now"),
        pytest.param(1, 9.9, True, id="three beats of a second are too few to judge by"),
        pytest.param(1, 10, False, id="ten seconds"),
        pytest.param(15, 44.9, True, id="not yet three beats"),
        pytest.param(15, 45, False, id="three beats"),
        pytest.param(15, 86_400, False, id="a day"),
        pytest.param(1, -5, True, id="the clock was set back"),
    ],
)
def test_a_beat_is_well_until_it_has_missed_three(every_s: float, age_s: float, ok: bool) -> None:
    beat = Beat(every_s, last_worked_at=NOW - timedelta(seconds=age_s))
    assert beat.ok(NOW) is ok


def test_an_error_alone_does_not_make_a_beat_ill_while_it_worked_lately() -> None:
    assert Beat(1, last_worked_at=NOW, last_error="ValueError: once").ok(NOW)


def test_a_loop_that_failed_before_it_ever_worked_is_ill() -> None:
    assert not Beat(1, last_error="ValueError: at once").ok(NOW)


def test_a_loop_that_has_only_begun_is_well_but_one_that_hangs_from_the_start_is_not() -> None:
    beat = Beat(1)
    assert beat.ok(datetime.now(UTC))
    assert not beat.ok(datetime.now(UTC) + timedelta(seconds=11))


def test_work_done_wipes_the_error() -> None:
    beat = Beat(1, last_error="ValueError: once")
    before = datetime.now(UTC)
    beat.worked()
    assert beat.last_error == ""
    assert beat.last_worked_at is not None
    assert before <= beat.last_worked_at <= datetime.now(UTC)


# --- retries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attempts", "asked_for_s", "wait_s"),
    [
        pytest.param(0, None, 5, id="nothing failed yet"),
        pytest.param(1, None, 5, id="the first failure"),
        pytest.param(2, None, 10, id="it doubles"),
        pytest.param(3, None, 20, id="and doubles"),
        pytest.param(10, None, 2560, id="ten failures"),
        pytest.param(11, None, 3600, id="up to the longest"),
        pytest.param(10_000, None, 3600, id="for ever"),
        pytest.param(1, 60.0, 60, id="the platform asked for more"),
        pytest.param(4, 1.0, 40, id="the platform asked for less"),
        pytest.param(1, 0.0, 5, id="the platform asked for nothing"),
        pytest.param(20, 7200.0, 7200, id="the platform asked for more than the longest"),
    ],
)
def test_how_long_a_retry_waits(attempts: int, asked_for_s: float | None, wait_s: float) -> None:
    retries = Retries(timedelta(seconds=5), timedelta(hours=1))
    assert retries.wait(attempts, asked_for_s) == timedelta(seconds=wait_s)


# --- the sweep --------------------------------------------------------------------------------------------------------


class FakeTimers:
    """So many timers are due."""

    def __init__(self, due: int) -> None:
        self.due = due
        self.limits: list[int] = []

    async def fire_due(self, limit: int) -> int:
        self.limits.append(limit)
        fired = min(self.due, limit)
        self.due -= fired
        return fired

    async def wait(self, woken: asyncio.Event) -> None:
        await woken.wait()


@pytest.mark.parametrize("due", [0, 1, BATCH, BATCH + 1, 7 * BATCH + 3])
async def test_a_sweep_fires_all_that_is_due_in_batches(due: int) -> None:
    timers = FakeTimers(due)
    assert await sweep(timers) == due
    assert timers.due == 0
    assert set(timers.limits) == {BATCH}


class RestlessTimers(FakeTimers):
    """The first looks fail."""

    def __init__(self, failures: int) -> None:
        super().__init__(0)
        self.failures = failures

    async def fire_due(self, limit: int) -> int:
        if self.failures:
            self.failures -= 1
            raise OSError("the disk is away")
        return await super().fire_due(limit)


async def test_sweeping_goes_on_after_what_failed_and_is_woken_by_what_was_set() -> None:
    timers, woken, beat = RestlessTimers(1), asyncio.Event(), Beat(1.0)
    sweeping = asyncio.create_task(keep_sweeping(timers, woken, beat))
    await eventually(lambda: beat.last_error == "OSError: the disk is away")
    assert beat.last_worked_at is None
    timers.due = 1
    woken.set()
    await eventually(lambda: beat.last_worked_at is not None)
    assert timers.due == 0
    sweeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sweeping
