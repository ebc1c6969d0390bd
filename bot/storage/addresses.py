"""Where people are met, as a unit of work sees it: addresses, the chats of several, codes that bind an address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from bot.storage.models import AddressRow, BindCodeRow, RoomRow
from bot.storage.unit import Unit

_ADDRESSES_OF = select(AddressRow).where(AddressRow.person.in_(bindparam("persons")))
_ADDRESSES = select(AddressRow).where(
    tuple_(AddressRow.channel, AddressRow.address).in_(bindparam("keys", expanding=True))
)


class Addresses(Unit):
    def __init__(self, session: AsyncSession, *, writes: bool) -> None:
        super().__init__(session, writes=writes)
        self._addresses: dict[tuple[str, str], AddressRow | None] = {}
        self._addresses_of: dict[str, list[AddressRow]] = {}

    async def address(self, channel: str, address: str) -> AddressRow | None:
        if (channel, address) not in self._addresses:
            await self.prefetch_addresses([(channel, address)])
        return self._addresses[channel, address]

    async def prefetch_addresses(self, keys: Iterable[tuple[str, str]]) -> None:
        wanted = {key for key in keys if key not in self._addresses}
        if not wanted:
            return
        self._addresses |= dict.fromkeys(wanted)
        rows = await self.session.scalars(_ADDRESSES, {"keys": list(wanted)})
        for row in rows:
            self._addresses[row.channel, row.address] = row

    async def add_address(self, person: str, channel: str, address: str, now: datetime, *, proven: bool) -> AddressRow:
        row = AddressRow(channel=channel, address=address, person=person, proven=proven, created_at=now)
        row.muted, row.locale, row.pending, row.unclear_count, row.bind_failures = False, "", "", 0, 0
        row.tools = ""
        self.session.add(row)
        self._addresses[channel, address] = row
        if person in self._addresses_of:
            self._addresses_of[person].append(row)
        return row

    def change_address(self, row: AddressRow, **what: object) -> None:
        """Change columns of an address that every turn changes, past the session, which is long in finding out what did."""
        if instance_state(row).key is None:  # new: written as it then is
            for name, value in what.items():
                setattr(row, name, value)
            return
        for name, value in what.items():
            set_committed_value(row, name, value)
        self._bulk.save_address(row.channel, row.address, what)

    async def addresses_of(self, person: str) -> list[AddressRow]:
        if person not in self._addresses_of:
            await self.prefetch_addresses_of([person])
        return self._addresses_of[person]

    async def prefetch_addresses_of(self, persons: Iterable[str]) -> None:
        wanted = {person for person in persons if person not in self._addresses_of}
        if not wanted:
            return
        self._addresses_of |= {person: [] for person in wanted}
        for row in await self.session.scalars(_ADDRESSES_OF, {"persons": list(wanted)}):
            self._addresses_of[row.person].append(row)
            self._addresses[row.channel, row.address] = row

    async def move_address(self, row: AddressRow, person: str) -> None:
        """Give an address to another person (a bind code was used there)."""
        if row.person in self._addresses_of:
            self._addresses_of[row.person].remove(row)
        row.person = person
        if person in self._addresses_of:
            self._addresses_of[person].append(row)

    async def rename_address(self, row: AddressRow, address: str) -> AddressRow:
        """Let an address go on under another name, with all that it knows; what was known of that name gives way."""
        taken = await self.address(row.channel, address)
        if taken is not None:
            self._forget_address(taken)
            await self.session.delete(taken)
        self._forget_address(row)
        await self.session.delete(row)
        await self.flush()
        values = {column.key: getattr(row, column.key) for column in AddressRow.__table__.columns}
        if taken is not None and taken.last_inbound_at is not None:
            seen = (row.last_inbound_at, taken.last_inbound_at)
            values["last_inbound_at"] = max(moment for moment in seen if moment is not None)
        new = AddressRow(**(values | {"address": address, "blocked_at": None}))
        self.session.add(new)
        self._addresses[row.channel, address] = new
        if row.person in self._addresses_of:
            self._addresses_of[row.person].append(new)
        return new

    def _forget_address(self, row: AddressRow) -> None:
        self._addresses[row.channel, row.address] = None
        if row in self._addresses_of.get(row.person, []):
            self._addresses_of[row.person].remove(row)

    async def bind_code(self, code_hash: str) -> BindCodeRow | None:
        return await self.session.get(BindCodeRow, code_hash)

    async def room(self, channel: str, address: str) -> RoomRow | None:
        """Return the service chat at an address, None for any other group."""
        return await self.session.get(RoomRow, (channel, address))

    async def move_room(self, channel: str, old: str, new: str) -> None:
        """Let a group go on under another address: whether it is a service chat, and who was last heard in it."""
        row = await self.room(channel, old)
        if row is not None:
            if await self.room(channel, new) is None:
                self.session.add(RoomRow(channel=channel, address=new, set_by=row.set_by, set_at=row.set_at))
            await self.session.delete(row)
        await self.flush_if_writing()
        for each in await self.session.scalars(
            select(AddressRow).where(AddressRow.channel == channel, AddressRow.room == old)
        ):
            each.room, each.room_message = new, None  # the ids of its messages are others now
