"""Emptying the outbox: claims what is due, hands it over, records what became of it.

A lane (one person, on one road) is walked in order by one task; lanes run beside each other. What happens between "claimed"
and "recorded" when the process dies is decided by `Outbox.recover`: a message that may have gone out is never sent twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from scheduler.port import Fate, Left, Outbox

_log = logging.getLogger(__name__)

P = TypeVar("P")

AHEAD = 4  # lanes claimed for each one being handed over: the next is at hand when one is through


async def drain(
    outbox: Outbox[P], woken: asyncio.Event, *, concurrency: int, worked: Callable[[], None] = lambda: None
) -> None:
    """Deliver for ever, at most `concurrency` messages at once; `worked` is called after every round that went well.

    Cancelled, it lets what is being handed over finish and be recorded, and puts the rest back.
    """
    running: set[asyncio.Task[None]] = set()
    stopping = asyncio.Event()
    handing_over = asyncio.Semaphore(concurrency)
    most = concurrency * AHEAD
    left = Left.BEHIND

    def walked(task: asyncio.Task[None]) -> None:
        running.discard(task)
        if left is not Left.NOTHING:
            woken.set()

    def begin(lanes: Sequence[Sequence[P]]) -> None:
        for lane in lanes:
            task = asyncio.create_task(_walk(outbox, lane, handing_over, stopping), name="deliver")
            running.add(task)
            task.add_done_callback(walked)

    outbox.hands = _Hands(begin, lambda: most - len(running))
    try:
        while True:
            woken.clear()
            lanes: Sequence[Sequence[P]] = ()
            left = Left.BEHIND
            try:
                # Not before half of them are through: one large claim costs the database little more than a small one.
                if len(running) <= most // 2:
                    lanes = await _claim(outbox, most - len(running))
                    left = outbox.left
                worked()
            except Exception as error:  # the supervisor of all deliveries: whatever it is, the next round may work
                _log.warning("outbox: claiming failed: %s", error)
            begin(lanes)
            if left is not Left.MORE:
                await outbox.wait(woken)
    finally:
        outbox.hands = None
        stopping.set()
        if running:
            await asyncio.gather(*running, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class _Hands(Generic[P]):
    begin: Callable[[Sequence[Sequence[P]]], None]
    room: Callable[[], int]

    @property
    def free(self) -> int:
        return max(self.room(), 0)

    def take(self, lanes: Sequence[Sequence[P]]) -> None:
        self.begin(lanes)


async def _claim(outbox: Outbox[P], lanes: int) -> Sequence[Sequence[P]]:
    """Claim; cancelled meanwhile, put back what was claimed: nobody would hand it over, and it would look abandoned."""
    claim = asyncio.ensure_future(outbox.claim(lanes))
    try:
        return await asyncio.shield(claim)
    except asyncio.CancelledError:
        try:
            for lane in await claim:
                await outbox.release(lane)
        except Exception as error:  # it is stopping: `recover` deals with what is left
            _log.warning("outbox: could not put back what was claimed last: %s", error)
        raise


async def _walk(outbox: Outbox[P], lane: Sequence[P], handing_over: asyncio.Semaphore, stopping: asyncio.Event) -> None:
    """Deliver one lane's messages in order; the first that must wait holds up those behind it."""
    index = 0
    try:
        for index, parcel in enumerate(lane):
            async with handing_over:
                if stopping.is_set():
                    await _put_back(outbox, lane[index:])
                    return
                outcome = await outbox.hand_over(parcel)
            await outbox.record(parcel, outcome)
            if outcome.fate in (Fate.LATER, Fate.REFUSED):
                break
    except Exception as error:
        # The lease runs out and `recover` calls it uncertain: better than sending it again.
        _log.error("outbox: could not record what became of a message: %s: %s", type(error).__name__, error)
    await _put_back(outbox, lane[index + 1 :])


async def _put_back(outbox: Outbox[P], parcels: Sequence[P]) -> None:
    if not parcels:
        return
    try:
        await outbox.release(parcels)
    except Exception as error:  # their leases run out too
        _log.error("outbox: could not put messages back: %s: %s", type(error).__name__, error)
