"""Emptying the outbox: order in a lane, lanes beside each other, and what happens when it is stopped or fails."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from scheduler.outbox import AHEAD, drain
from scheduler.port import Fate, Hands, Left, Outcome
from tests.fakes import eventually

CONCURRENCY = 3


@dataclass
class FakeOutbox:
    """A table in memory, a parcel being a text such as `a1` of lane `a`. What is released comes back when claimed again.

    held: parcels that wait inside `hand_over` until `open` lets them go. fates: what becomes of one, SENT by default.
    """

    lanes: deque[list[str]] = field(default_factory=deque)
    fates: dict[str, Fate] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    claim_errors: deque[Exception] = field(default_factory=deque)
    record_errors: dict[str, Exception] = field(default_factory=dict)
    release_errors: deque[Exception] = field(default_factory=deque)
    hand_over_errors: dict[str, Exception] = field(default_factory=dict)
    left: Left = Left.BEHIND
    hands: Hands[str] | None = None
    claims: list[int] = field(default_factory=list)
    handed: list[str] = field(default_factory=list)
    recorded: list[tuple[str, Fate]] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    under_way: set[str] = field(default_factory=set)
    most_under_way: int = 0
    claim_gate: asyncio.Event = field(default_factory=asyncio.Event)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.claim_gate.set()

    async def claim(self, lanes: int) -> Sequence[Sequence[str]]:
        self.claims.append(lanes)
        if self.claim_errors:
            raise self.claim_errors.popleft()
        taken = [self.lanes.popleft() for _ in range(min(lanes, len(self.lanes)))]
        await self.claim_gate.wait()
        return taken

    async def wait(self, woken: asyncio.Event) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await woken.wait()

    async def hand_over(self, parcel: str) -> Outcome:
        self.handed.append(parcel)
        self.under_way.add(parcel)
        self.most_under_way = max(self.most_under_way, len(self.under_way))
        async with self._changed:
            await self._changed.wait_for(lambda: parcel not in self.held)
        self.under_way.discard(parcel)
        if error := self.hand_over_errors.get(parcel):
            raise error
        return Outcome(self.fates.get(parcel, Fate.SENT))

    async def record(self, parcel: str, outcome: Outcome) -> None:
        await asyncio.sleep(0)  # a real table lets others run here
        if error := self.record_errors.get(parcel):
            raise error
        self.recorded.append((parcel, outcome.fate))

    async def release(self, parcels: Sequence[str]) -> None:
        await asyncio.sleep(0)
        if self.release_errors:
            raise self.release_errors.popleft()
        self.released.extend(parcels)

    async def recover(self) -> int:
        return 0

    async def open(self, *parcels: str) -> None:
        self.held -= set(parcels) or set(self.held)
        async with self._changed:
            self._changed.notify_all()

    def done(self) -> list[str]:
        return [parcel for parcel, _ in self.recorded]


@dataclass
class Draining:
    outbox: FakeOutbox
    woken: asyncio.Event
    rounds: list[None]
    task: asyncio.Task[None]

    def add(self, *lanes: list[str]) -> None:
        """Put more into the table and tell, as a commit does."""
        self.outbox.lanes.extend(lanes)
        self.woken.set()

    async def recorded(self, *parcels: str) -> None:
        await eventually(lambda: set(parcels) <= set(self.outbox.done()))

    async def under_way(self, *parcels: str) -> None:
        await eventually(lambda: self.outbox.under_way == set(parcels))

    async def stopped(self) -> None:
        """Wait until it is stopped, which must have been asked for."""
        async with asyncio.timeout(10):
            with pytest.raises(asyncio.CancelledError):
                await self.task


@asynccontextmanager
async def draining(outbox: FakeOutbox, concurrency: int = CONCURRENCY) -> AsyncIterator[Draining]:
    woken, rounds = asyncio.Event(), list[None]()
    task = asyncio.create_task(
        drain(outbox, woken, concurrency=concurrency, worked=lambda: rounds.append(None)), name="outbox"
    )
    try:
        yield Draining(outbox, woken, rounds, task)
    finally:
        await outbox.open()
        outbox.claim_gate.set()
        task.cancel()
        await asyncio.wait([task])


def box(*lanes: list[str], **more: object) -> FakeOutbox:
    return FakeOutbox(deque(lanes), **more)  # type: ignore[arg-type]


# --- order and width --------------------------------------------------------------------------------------------------


async def test_a_lane_is_delivered_in_its_order() -> None:
    outbox = box([f"a{n}" for n in range(20)])
    async with draining(outbox) as run:
        await run.recorded("a19")
    assert outbox.done() == [f"a{n}" for n in range(20)]


async def test_the_next_of_a_lane_waits_until_the_one_before_is_recorded() -> None:
    outbox = box(["a1", "a2"], ["b1"], held={"a1"})
    async with draining(outbox) as run:
        await run.recorded("b1")
        assert outbox.handed == ["a1", "b1"]
        await outbox.open("a1")
        await run.recorded("a2")
    assert [parcel for parcel in outbox.done() if parcel[0] == "a"] == ["a1", "a2"]


async def test_a_slow_lane_holds_up_no_other() -> None:
    outbox = box(["a1"], held={"a1"})
    async with draining(outbox) as run:
        await run.under_way("a1")
        for lane in "bcdefgh":
            run.add([f"{lane}1", f"{lane}2"])
            await run.recorded(f"{lane}2")
        assert outbox.under_way == {"a1"}


async def test_never_more_are_under_way_than_allowed_and_none_less_if_there_is_work() -> None:
    lanes = [[f"{n}"] for n in range(20)]
    outbox = box(*lanes, held={str(n) for n in range(20)})
    async with draining(outbox) as run:
        await eventually(lambda: len(outbox.under_way) == CONCURRENCY)
        for n in range(20):
            await eventually(lambda: bool(outbox.under_way))
            await outbox.open(min(outbox.under_way))
            await eventually(lambda n=n: len(outbox.recorded) > n)  # type: ignore[misc]
        await run.recorded("19")
    assert outbox.most_under_way == CONCURRENCY


async def test_it_never_claims_more_lanes_than_it_can_hold() -> None:
    outbox = box(*([f"{n}"] for n in range(200)))
    async with draining(outbox) as run:
        await run.recorded(*(f"{n}" for n in range(200)))
    assert max(outbox.claims) <= CONCURRENCY * AHEAD
    assert sorted(outbox.done(), key=int) == [f"{n}" for n in range(200)]


async def test_what_comes_later_is_found_when_it_is_told() -> None:
    outbox = box()
    async with draining(outbox) as run:
        await eventually(lambda: bool(outbox.claims))
        run.add(["a1"])
        await run.recorded("a1")
        assert run.rounds


# --- what holds up a lane ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fate", "goes_on"),
    [
        pytest.param(Fate.LATER, False, id="to be tried again"),
        pytest.param(Fate.REFUSED, False, id="to go by another road"),
        pytest.param(Fate.SENT, True, id="sent"),
        pytest.param(Fate.DELIVERED, True, id="delivered"),
        pytest.param(Fate.UNCERTAIN, True, id="uncertain: nobody knows when a person will look"),
    ],
)
async def test_what_is_to_be_tried_again_holds_up_the_rest_of_its_lane(fate: Fate, goes_on: bool) -> None:
    outbox = box(["a1", "a2", "a3"], ["b1", "b2"], fates={"a1": fate})
    async with draining(outbox) as run:
        await run.recorded("a1", "b2")
        if goes_on:
            await run.recorded("a3")
        else:
            await eventually(lambda: outbox.released == ["a2", "a3"])
    assert ("a1", fate) in outbox.recorded
    assert ("a2" in outbox.handed) is goes_on


async def test_the_last_of_a_lane_has_nothing_behind_it_to_put_back() -> None:
    outbox = box(["a1"], fates={"a1": Fate.LATER}, release_errors=deque([AssertionError("called for nothing")]))
    async with draining(outbox) as run:
        await run.recorded("a1")
        run.add(["b1"])
        await run.recorded("b1")
    assert outbox.release_errors


# --- stopping ---------------------------------------------------------------------------------------------------------


async def test_stopped_it_finishes_and_records_what_is_on_its_way_and_puts_back_the_rest() -> None:
    outbox = box(["a1", "a2"], ["b1", "b2", "b3"], ["c1"], ["d1"], held={"a1", "b1", "c1"})
    async with draining(outbox) as run:
        await run.under_way("a1", "b1", "c1")
        run.task.cancel()
        await eventually(lambda: run.task.cancelling() > 0)
        assert not run.task.done()
        await outbox.open()
        await run.stopped()
        assert sorted(outbox.recorded) == [("a1", Fate.SENT), ("b1", Fate.SENT), ("c1", Fate.SENT)]
        assert sorted(outbox.released) == ["a2", "b2", "b3", "d1"]
        assert outbox.handed == ["a1", "b1", "c1"]


async def test_stopped_while_idle_it_ends_at_once() -> None:
    outbox = box()
    async with draining(outbox) as run:
        await eventually(lambda: bool(run.rounds))
        run.task.cancel()
        await run.stopped()
    assert outbox.recorded == []
    assert outbox.released == []


async def test_stopped_while_claiming_it_puts_back_what_it_gets() -> None:
    outbox = box(["a1", "a2"], ["b1"])
    outbox.claim_gate.clear()
    async with draining(outbox) as run:
        await eventually(lambda: bool(outbox.claims))
        run.task.cancel()
        outbox.claim_gate.set()
        await run.stopped()
    assert outbox.handed == []
    assert sorted(outbox.released) == ["a1", "a2", "b1"]


async def test_a_failure_to_put_back_does_not_keep_it_from_stopping() -> None:
    outbox = box(["a1", "a2"], ["b1", "b2"], held={"a1", "b1"})
    async with draining(outbox, concurrency=2) as run:
        await run.under_way("a1", "b1")
        outbox.release_errors.append(ConnectionError("the database went away"))
        run.task.cancel()
        await eventually(lambda: run.task.cancelling() > 0)
        await outbox.open()
        await run.stopped()
    assert sorted(outbox.done()) == ["a1", "b1"]
    assert len(outbox.released) == 1


# --- failures ---------------------------------------------------------------------------------------------------------


async def test_a_claim_that_fails_is_made_again(caplog: pytest.LogCaptureFixture) -> None:
    outbox = box(["a1"], claim_errors=deque([ConnectionError("the database went away"), OSError("again")]))
    async with draining(outbox) as run:
        for count in (1, 2):
            await eventually(lambda count=count: len(outbox.claims) >= count)  # type: ignore[misc]
            run.woken.set()
        await run.recorded("a1")
        assert not run.task.done()
    assert "the database went away" in caplog.text


async def test_a_round_that_failed_does_not_count_as_work() -> None:
    outbox = box(claim_errors=deque([ConnectionError("gone")]))
    async with draining(outbox) as run:
        await eventually(lambda: len(outbox.claims) == 1)
        await asyncio.sleep(0)
        assert run.rounds == []
        run.woken.set()
        await eventually(lambda: len(run.rounds) == 1)


async def test_what_cannot_be_recorded_is_not_sent_again_and_what_is_behind_it_waits(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outbox = box(["a1", "a2", "a3"], ["b1", "b2"], record_errors={"a1": ConnectionError("the disk is full")})
    async with draining(outbox) as run:
        await run.recorded("b2")
        await eventually(lambda: outbox.released == ["a2", "a3"])
        run.add(["c1"])
        await run.recorded("c1")
    assert outbox.handed.count("a1") == 1
    assert "a2" not in outbox.handed
    assert "the disk is full" in caplog.text


@pytest.mark.parametrize("fault", ["hand_over", "release"])
async def test_whatever_fails_in_a_lane_is_logged_and_the_others_go_on(
    fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    outbox = box(["a1", "a2"], ["b1", "b2"], fates={"a1": Fate.LATER})
    if fault == "hand_over":
        outbox.hand_over_errors["a1"] = RuntimeError("the lane fell over")
    else:
        outbox.release_errors.append(RuntimeError("the lane fell over"))
    with caplog.at_level(logging.ERROR):
        async with draining(outbox) as run:
            await run.recorded("b2")
            run.add(["c1"])
            await run.recorded("c1")
            await eventually(lambda: "the lane fell over" in caplog.text)
            assert not run.task.done()
    assert "a2" not in outbox.handed
