"""Rows that every message makes several of, written together: one statement a table instead of one a row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Insert, Table, Update, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import AddressRow, Base, ComplaintRow, InboxRow, LinkRow, OutboxRow, PersonRow
from bot.storage.statements import run
from bot.storage.values import Linked, Outgoing, Received
from complaints.errors import Conflict

_CHANGING = (
    "channel",
    "address",
    "state",
    "waits",
    "joined_to",
    "attempts",
    "lease_until",
    "claim",
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
_INBOX: Table = InboxRow.__table__  # type: ignore[assignment]
_ENDED = ("state", "attempts", "outcome", "reference", "handled_at")
_UPDATE_INBOX = (
    update(_INBOX).where(_INBOX.c.id == bindparam("its_id")).values({name: bindparam(name) for name in _ENDED})
)
_EMPTY_INBOX = update(_INBOX).where(_INBOX.c.id == bindparam("its_id")).values(raw=b"", conversation="")
_ADDRESSES: Table = AddressRow.__table__  # type: ignore[assignment]
_OUTBOX: Table = OutboxRow.__table__  # type: ignore[assignment]
_COMPLAINTS: Table = ComplaintRow.__table__  # type: ignore[assignment]
_LINKS: Table = LinkRow.__table__  # type: ignore[assignment]
_UPDATE_GIVEN = (
    update(PersonRow.__table__)  # type: ignore[arg-type]
    .where(PersonRow.__table__.c.id == bindparam("its_id"))
    .values(given_at=bindparam("given_at"))
)


class Bulk:
    """What waits for the next flush of a unit of work, in the order in which it was decided."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._new: dict[type[Base], list[object]] = {}
        self._received: dict[int, Received] = {}
        self._addresses: dict[tuple[str, str], dict[str, object]] = {}
        self._on_their_way: dict[int, Outgoing] = {}
        self._complaints: dict[str, tuple[Mapping[str, Any], Mapping[str, Any] | None]] = {}
        self._links: dict[tuple[str, str], Linked] = {}
        self.given: dict[str, datetime] = {}  # what is not written yet
        self._lite = session.get_bind().dialect.name == "sqlite"

    def append(self, table: type[Base], value: object) -> None:
        """Add a row; `value` is a frozen dataclass whose fields are the table's columns."""
        self._new.setdefault(table, []).append(value)

    def save_received(self, received: Received) -> None:
        """Write what became of a raw message."""
        self._received[received.id] = received

    def save_address(self, channel: str, address: str, changes: Mapping[str, object]) -> None:
        """Write some columns of an address."""
        self._addresses.setdefault((channel, address), {}).update(changes)

    def save(self, outgoing: Outgoing) -> None:
        """Write what changes while a message is on its way."""
        self._on_their_way[outgoing.id] = outgoing

    def save_complaint(self, columns: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
        """Write a complaint. before: its columns as they were; None: it is new."""
        reference: str = columns["reference"]
        if reference in self._complaints:  # decided again before anything was written
            before = self._complaints[reference][1]
        self._complaints[reference] = (columns, before)

    def save_link(self, linked: Linked) -> None:
        """Write what is known of two complaints, over what was known before."""
        self._links[linked.first, linked.second] = linked

    def save_given(self, person: str, at: datetime) -> None:
        """Write when a member of staff last got a task."""
        self.given[person] = at

    async def flush(self) -> None:
        """Raises Conflict where another process changed a complaint since it was read."""
        await self._flush_complaints()
        new, self._new = self._new, {}
        for table, values in new.items():
            statement = _once(self._lite) if table is OutboxRow else _insert(table)
            await run(self._session, statement, [_columns(value) for value in values])
        await self._flush_received()
        await self._flush_addresses()
        on_their_way, self._on_their_way = self._on_their_way, {}
        if on_their_way:
            await run(self._session, _UPDATE_OUTBOX, [_changes(outgoing) for outgoing in on_their_way.values()])
        links, self._links = self._links, {}
        if links:
            await run(self._session, _over(self._lite), [_columns(linked) for _, linked in sorted(links.items())])

    async def _flush_addresses(self) -> None:
        addresses, self._addresses = self._addresses, {}
        changed: dict[tuple[str, ...], list[dict[str, object]]] = {}
        for (channel, address), changes in sorted(addresses.items()):
            identity = {"its_channel": channel, "its_address": address}
            changed.setdefault(tuple(changes), []).append(identity | changes)
        for names, rows in changed.items():
            await run(self._session, _update_addresses(names), rows)

    async def _flush_received(self) -> None:
        received, self._received = self._received, {}
        if received:
            await run(self._session, _UPDATE_INBOX, [_became(each) for each in received.values()])
        emptied = [{"its_id": each.id} for each in received.values() if not (each.raw or each.conversation)]
        if emptied:  # never the bytes of all: most are as they were, and may be many
            await run(self._session, _EMPTY_INBOX, emptied)

    async def flush_given(self) -> None:
        """Write when members of staff last got a task: at the very end, for other processes give them work meanwhile, and wait
        for whoever wrote to their rows first.
        """
        given, self.given = self.given, {}
        if given:
            rows = [{"its_id": person, "given_at": at} for person, at in sorted(given.items())]
            await run(self._session, _UPDATE_GIVEN, rows)

    async def _flush_complaints(self) -> None:
        complaints, self._complaints = self._complaints, {}
        new: list[Mapping[str, Any]] = []
        changed: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for reference in sorted(complaints):  # in one order: two processes never wait for each other
            now, before = complaints[reference]
            if before is None:
                new.append(now)
                continue
            changes = {name: value for name, value in now.items() if value != before[name]}
            identity = {"its_reference": reference, "its_version": before["version"]}
            if changes:
                changed.setdefault(tuple(changes), []).append(identity | changes)
        if new:
            await run(self._session, _insert(ComplaintRow), new)
        for names, rows in changed.items():
            if (await run(self._session, _update_complaints(names), rows)).rowcount != len(rows):
                raise Conflict("the complaint was changed meanwhile")


# Put together once: that takes longer than to run them.


@cache
def _insert(table: type[Base]) -> Insert:
    return insert(table.__table__)  # type: ignore[arg-type]


@cache
def _once(lite: bool) -> Insert:
    """Return the insert of messages: a key that is there already is the same decision, which speaks once."""
    into = sqlite.insert(_OUTBOX) if lite else postgresql.insert(_OUTBOX)
    return into.on_conflict_do_nothing(index_elements=["key"])


@cache
def _over(lite: bool) -> Insert:
    """Return the insert of what is known of two complaints, over what was known before."""
    into = sqlite.insert(_LINKS) if lite else postgresql.insert(_LINKS)
    known = {name: into.excluded[name] for name in ("state", "why", "by", "at")}
    return into.on_conflict_do_update(index_elements=["first", "second"], set_=known)


@lru_cache(maxsize=256)  # sets of columns that change together
def _update_complaints(names: tuple[str, ...]) -> Update:
    """Return the update of these columns, of a complaint that still has the version it was read in.

    Two decisions on one version: the second finds no row to update and is told so.
    """
    of_it = _COMPLAINTS.c.reference == bindparam("its_reference"), _COMPLAINTS.c.version == bindparam("its_version")
    return update(_COMPLAINTS).where(*of_it).values({name: bindparam(name) for name in names})


@lru_cache(maxsize=64)
def _update_addresses(names: tuple[str, ...]) -> Update:
    of_it = _ADDRESSES.c.channel == bindparam("its_channel"), _ADDRESSES.c.address == bindparam("its_address")
    return update(_ADDRESSES).where(*of_it).values({name: bindparam(name) for name in names})


def _columns(value: object) -> dict[str, object]:
    """Return a value's fields by column, without an id that the database gives."""
    names = value.__slots__  # type: ignore[attr-defined]
    return {name: getattr(value, name) for name in names if name != "id"}


def _became(received: Received) -> dict[str, object]:
    return {"its_id": received.id} | {name: getattr(received, name) for name in _ENDED}


def _changes(outgoing: Outgoing) -> dict[str, object]:
    return {"its_id": outgoing.id} | {name: getattr(outgoing, name) for name in _CHANGING}
