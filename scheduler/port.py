"""What the scheduler asks of the storage it is handed, and the words both sides use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import NamedTuple, Protocol, TypeVar

P = TypeVar("P")
P_contra = TypeVar("P_contra", contravariant=True)


class Fate(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    DELIVERED = "delivered"
    LATER = "later"  # certainly not out: try again
    REFUSED = "refused"  # certainly not out, and this road is closed: take the next
    UNCERTAIN = "uncertain"  # may be out: never again without a person's word


@dataclass(frozen=True, slots=True)
class Outcome:
    """retry_after_s: what the platform asked for, if it did. everybody: it was not about this address, the whole channel
    must wait. blocked: the person keeps us out. moved_to: the address under which the conversation goes on.
    """

    fate: Fate
    external_id: str | None = None
    detail: str = ""
    retry_after_s: float | None = None
    everybody: bool = False
    blocked: bool = False
    moved_to: str | None = None


class Left(Enum):
    """What a claim left that is due."""

    NOTHING = auto()
    BEHIND = auto()  # what must wait for what is in hand
    MORE = auto()  # what may be claimed at once


class Hands(Protocol[P_contra]):
    """Those who hand over, as the table of messages sees them."""

    @property
    def free(self) -> int:
        """How many lanes more they would take just now."""
        ...

    def take(self, lanes: Sequence[Sequence[P_contra]]) -> None:
        """Hand these over, which nobody had to look for: they were claimed where they were decided."""
        ...


class Outbox(Protocol[P]):
    """The table of messages as the drain sees it. Implementations commit before they return."""

    left: Left
    """What the last claim left."""

    hands: Hands[P] | None
    """Who hands over, as long as somebody does: the drain says so."""

    async def claim(self, lanes: int) -> Sequence[Sequence[P]]:
        """Lease what is due: at most so many lanes, each with its messages in order."""
        ...

    async def wait(self, woken: asyncio.Event) -> None:
        """Wait until `woken` is set or the next look may find something."""
        ...

    async def hand_over(self, parcel: P) -> Outcome:
        """Give one message to its channel. Never raises but for cancellation."""
        ...

    async def record(self, parcel: P, outcome: Outcome) -> None:
        """Write down what became of it and plan what follows."""
        ...

    async def release(self, parcels: Sequence[P]) -> None:
        """Put messages back that were claimed and not tried."""
        ...

    async def recover(self) -> int:
        """Deal with leases that ran out: their holder died between handing over and recording."""
        ...


@dataclass(frozen=True, slots=True)
class Retries:
    """How long to wait between attempts: doubling, up to a longest."""

    first: timedelta
    longest: timedelta

    def wait(self, attempts: int, asked_for_s: float | None = None) -> timedelta:
        """Return the wait after `attempts` failures; what the platform asked for is the least."""
        wait = min(self.first * int(2 ** min(max(attempts - 1, 0), 20)), self.longest)
        return max(wait, timedelta(seconds=asked_for_s)) if asked_for_s else wait


class Round(NamedTuple):
    """What came of one round. ended: messages it ended. more: whether it left some that it had no room for."""

    ended: int
    more: bool


class Understand(Protocol):
    """Understands a batch of stored messages. Implementations commit before they return."""

    async def __call__(self, lanes: Collection[tuple[str, str]] | None, before: datetime | None) -> Round:
        """lanes: of these conversations, as (channel, conversation); None: of all. before: only of those in which something
        came before then.
        """
        ...


class WorkQueue(Protocol):
    """Brings stored messages to whoever understands them, each conversation to one process at a time."""

    async def run(self, understand: Understand, worked: Callable[[], None] = ...) -> None:
        """Work for ever; `worked` is called after every good round. Cancelled, it gives back what it had in hand."""
        ...


class Timers(Protocol):
    """The table of timers as the sweep sees it. Implementations commit before they return."""

    async def fire_due(self, limit: int) -> int:
        """Fire at most so many due timers, each once, and return how many; 0 when nothing is due."""
        ...

    async def wait(self, woken: asyncio.Event) -> None:
        """Wait until `woken` is set or the next look may find something; a second at least."""
        ...


@dataclass(slots=True)
class Beat:
    """When a periodic job last worked, for the health page. Real time, whatever the injected clock says.

    since: when it was to begin.
    """

    every_s: float
    last_worked_at: datetime | None = None
    last_error: str = ""
    since: datetime = field(default_factory=lambda: datetime.now(UTC))

    def worked(self) -> None:
        self.last_worked_at, self.last_error = datetime.now(UTC), ""

    def ok(self, now: datetime) -> bool:
        """Whether it worked lately: three missed beats, and never less than ten seconds, are too many."""
        if self.last_worked_at is None and self.last_error:
            return False
        return (now - (self.last_worked_at or self.since)).total_seconds() < max(10.0, 3 * self.every_s)
