"""Rows that every message makes several of, written together: one statement a table instead of one a row."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import Base, OutboxRow
from bot.storage.values import Outgoing

_CHANGING = (
    "channel",
    "address",
    "state",
    "waits",
    "joined_to",
    "attempts",
    "lease_until",
    "tried",
    "external_id",
    "detail",
    "due_at",
    "done_at",
)
_UPDATE_OUTBOX = (
    update(OutboxRow.__table__)  # type: ignore[arg-type]
    .where(OutboxRow.__table__.c.id == bindparam("its_id"))
    .values({name: bindparam(name) for name in _CHANGING})
)


class Bulk:
    """What waits for the next flush of a unit of work, in the order in which it was decided."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._new: dict[type[Base], list[object]] = {}
        self._on_their_way: dict[int, Outgoing] = {}

    def append(self, table: type[Base], value: object) -> None:
        """Add a row; `value` is a frozen dataclass whose fields are the table's columns."""
        self._new.setdefault(table, []).append(value)

    def save(self, outgoing: Outgoing) -> None:
        """Write what changes while a message is on its way."""
        self._on_their_way[outgoing.id] = outgoing

    async def flush(self) -> None:
        new, self._new = self._new, {}
        for table, values in new.items():
            statement = insert(table.__table__)  # type: ignore[arg-type]
            await self._session.execute(statement, [_columns(value) for value in values])
        on_their_way, self._on_their_way = self._on_their_way, {}
        if on_their_way:
            await self._session.execute(_UPDATE_OUTBOX, [_changes(outgoing) for outgoing in on_their_way.values()])


def _columns(value: object) -> dict[str, object]:
    """Return a value's fields by column, without an id that the database gives."""
    names = value.__slots__  # type: ignore[attr-defined]
    return {name: getattr(value, name) for name in names if name != "id"}


def _changes(outgoing: Outgoing) -> dict[str, object]:
    return {"its_id": outgoing.id} | {name: getattr(outgoing, name) for name in _CHANGING}
