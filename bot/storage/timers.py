"""The timers of the complaints that a unit of work decides about.

A complaint that is old has spent hundreds of them, and each decision asks which; so they are read as plain values, and only
what changed is written, one statement a flush.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import TimerRow
from bot.storage.statements import run
from complaints.change import Timer

PENDING, FIRED, CANCELLED, FAILED = "pending", "fired", "cancelled", "failed"

_TIMERS: Table = TimerRow.__table__  # type: ignore[assignment]
_KEY = (_TIMERS.c.reference, _TIMERS.c.rule, _TIMERS.c.occurrence)
_UPDATE = (
    update(_TIMERS)
    .where(
        _TIMERS.c.reference == bindparam("its_reference"),
        _TIMERS.c.rule == bindparam("its_rule"),
        _TIMERS.c.occurrence == bindparam("its_occurrence"),
    )
    .values({name: bindparam(name) for name in ("due_at", "state", "fired_at", "attempts")})
)
_DUE = (
    select(*_KEY)
    .where(_TIMERS.c.state == PENDING, _TIMERS.c.due_at <= bindparam("now"))
    .order_by(_TIMERS.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_OF = select(*_KEY, _TIMERS.c.due_at, _TIMERS.c.state, _TIMERS.c.fired_at, _TIMERS.c.attempts).where(
    _TIMERS.c.reference.in_(bindparam("references"))
)
_INSERT = insert(_TIMERS)
_NEXT = select(func.min(_TIMERS.c.due_at)).where(_TIMERS.c.state == PENDING)
"""What every sweep asks is put together once: that takes longer than to answer it."""


class TimerKey(NamedTuple):
    """Which occurrence of which rule about which complaint: spent for ever once it fired."""

    reference: str
    rule: str
    occurrence: str


@dataclass(slots=True)
class TimerSlot:
    """A timer as it stands, and will be written at the next flush. new: it is not in the table yet."""

    due_at: datetime
    state: str = PENDING
    fired_at: datetime | None = None
    attempts: int = 0
    new: bool = False


class Timers:
    """Not to be kept beyond its unit of work."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._of: dict[str, dict[TimerKey, TimerSlot]] = {}
        self._changed: dict[TimerKey, TimerSlot] = {}

    async def due(self, now: datetime, limit: int) -> Sequence[TimerKey]:
        """Return which pending timers are due, the earliest first, held by this transaction alone."""
        rows = await run(self._session, _DUE, {"now": now, "most": limit})
        return [TimerKey(*row) for row in rows]

    async def next_at(self) -> datetime | None:
        """Return when the next pending timer is due."""
        due_at: datetime | None = await self._session.scalar(_NEXT)
        return due_at

    async def prefetch(self, references: Iterable[str]) -> None:
        wanted = {reference for reference in references if reference not in self._of}
        if not wanted:
            return
        self._of |= {reference: {} for reference in wanted}
        rows = await run(self._session, _OF, {"references": list(wanted)})
        for reference, rule, occurrence, due_at, state, fired_at, attempts in rows:
            key = TimerKey(reference, rule, occurrence)
            self._of[reference][key] = TimerSlot(due_at, state, fired_at, attempts)

    async def find(self, key: TimerKey) -> TimerSlot | None:
        await self.prefetch([key.reference])
        return self._of[key.reference].get(key)

    async def fire(self, key: TimerKey, now: datetime) -> Timer | None:
        """Spend a timer and return it; None where it does not wait any more."""
        slot = await self.find(key)
        if slot is None or slot.state != PENDING:
            return None
        slot.state, slot.fired_at = FIRED, now
        self._changed[key] = slot
        return Timer(key.rule, key.occurrence, slot.due_at)

    async def failed(self, key: TimerKey, most: int) -> None:
        """Count a failure; after `most` of them the timer is set aside."""
        slot = await self.find(key)
        assert slot is not None
        slot.attempts += 1
        self._changed[key] = slot
        if slot.attempts >= most:
            await self.set_aside(key)

    async def set_aside(self, key: TimerKey) -> None:
        """Fire it no more, until the next decision on its complaint sets it anew."""
        slot = await self.find(key)
        assert slot is not None
        slot.state, slot.fired_at = FAILED, None
        self._changed[key] = slot

    async def put_off(self, key: TimerKey, until: datetime) -> None:
        """Let a timer that was just fired wait again: another process will know what to do with it."""
        slot = await self.find(key)
        assert slot is not None
        slot.state, slot.fired_at, slot.due_at = PENDING, None, until
        self._changed[key] = slot

    def begin(self, reference: str) -> None:
        """Note that a complaint is new: nothing is known of it in the table."""
        self._of[reference] = {}

    async def set(self, reference: str, wanted: Iterable[Timer]) -> None:
        """Set what is wanted and new, drop what waits and is not wanted; what fired keeps its place for ever."""
        await self.prefetch([reference])
        existing, keep = self._of[reference], set()
        for timer in wanted:
            key = TimerKey(reference, timer.rule, timer.occurrence)
            keep.add(key)
            slot = existing.get(key)
            if slot is None:
                self._changed[key] = existing[key] = TimerSlot(timer.due_at, new=True)
            elif slot.state != FIRED and (slot.state, slot.due_at) != (PENDING, timer.due_at):
                slot.state, slot.due_at = PENDING, timer.due_at
                self._changed[key] = slot
        for key, slot in existing.items():
            if slot.state == PENDING and key not in keep:
                slot.state = CANCELLED
                self._changed[key] = slot

    async def flush(self) -> None:
        changed, self._changed = self._changed, {}
        new, old = [], []
        for key, slot in changed.items():
            values = {"due_at": slot.due_at, "state": slot.state, "fired_at": slot.fired_at, "attempts": slot.attempts}
            if slot.new:
                new.append({"reference": key.reference, "rule": key.rule, "occurrence": key.occurrence, **values})
                slot.new = False
            else:
                its = {"its_reference": key.reference, "its_rule": key.rule, "its_occurrence": key.occurrence}
                old.append(its | values)
        if new:
            await run(self._session, _INSERT, new)
        if old:
            await run(self._session, _UPDATE, old)
