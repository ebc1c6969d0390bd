"""All that is kept of one customer, table by table, as plain values."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, or_, select

from bot.storage import codec
from bot.storage.erasing import complaints_of
from bot.storage.models import (
    ActRow,
    AddressRow,
    Base,
    ChatLineRow,
    ComplaintRow,
    DataRequestRow,
    DeliveryRow,
    EventRow,
    FileRow,
    InboxRow,
    LegalHoldRow,
    MessageRow,
    OutboxRow,
    PersonRow,
    RevealRow,
    SurveyedRow,
)
from bot.storage.work import Work

Plain = dict[str, Any]
_NOT_THEIRS = frozenset({"seed", "digest", "record", "raw", "lease_until"})


@dataclass(frozen=True, slots=True)
class Portrait:
    """tables: rows by table, each by column; a complaint's row holds its whole record. raw: (channel, id, bytes) as they came.
    files: (id, name, path) of those that are on the disk.
    """

    person: str
    tables: dict[str, list[Plain]]
    raw: list[tuple[str, int, bytes]]
    files: list[tuple[int, str, str]]


async def portrait(work: Work, person: str) -> Portrait:
    """Return all that is kept of a customer. Looks through whole tables."""
    _, references = await complaints_of(work, person)
    own = or_(MessageRow.person == person, MessageRow.reference.in_(references))
    messages = await _rows(work, MessageRow, own)
    inbox_ids = {row.inbox_id for row in messages if row.inbox_id is not None and not row.outgoing}
    places = await _rows(work, AddressRow, AddressRow.person == person)
    said = [(ChatLineRow.channel == place.channel) & (ChatLineRow.conversation == place.address) for place in places]
    outbox = await _rows(work, OutboxRow, OutboxRow.person == person)
    inbox = await _rows(work, InboxRow, or_(InboxRow.id.in_(inbox_ids), InboxRow.reference.in_(references)))
    files = await _rows(work, FileRow, or_(FileRow.person == person, FileRow.reference.in_(references)))
    found: dict[type[Base], Sequence[Any]] = {
        PersonRow: await _rows(work, PersonRow, PersonRow.id == person),
        AddressRow: places,
        ComplaintRow: await _rows(work, ComplaintRow, ComplaintRow.complainant == person),
        EventRow: await _rows(work, EventRow, EventRow.reference.in_(references)),
        MessageRow: messages,
        InboxRow: inbox,
        FileRow: files,
        OutboxRow: outbox,
        DeliveryRow: await _rows(work, DeliveryRow, DeliveryRow.outbox_id.in_([row.id for row in outbox])),
        ChatLineRow: await _rows(work, ChatLineRow, or_(*said)) if said else [],
        SurveyedRow: await _rows(work, SurveyedRow, SurveyedRow.person == person),
        DataRequestRow: await _rows(work, DataRequestRow, DataRequestRow.person == person),
        RevealRow: await _rows(work, RevealRow, RevealRow.reference.in_(references)),
        LegalHoldRow: await _rows(
            work, LegalHoldRow, or_(LegalHoldRow.person == person, LegalHoldRow.reference.in_(references))
        ),
    }
    return Portrait(
        person,
        {table.__tablename__: [_plain(row) for row in rows] for table, rows in found.items()},
        [(row.channel, row.id, row.raw) for row in inbox if row.raw],
        [(row.id, row.name, row.path) for row in files if row.path],
    )


async def _rows(work: Work, table: type[Any], where: ColumnElement[bool]) -> list[Any]:
    found = await work.session.scalars(select(table).where(where).order_by(*table.__table__.primary_key))
    return list(found)


def _plain(row: Base) -> Plain:
    columns = row.__table__.columns.keys()
    plain = {name: _value(getattr(row, name)) for name in columns if name not in _NOT_THEIRS}
    if isinstance(row, ComplaintRow):
        plain["record"] = msgspec.json.decode(row.record)
    return plain


def _value(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


async def persons_meant(work: Work, who: str, phone: str) -> list[PersonRow]:
    """Return the customers that a person's id, a phone number, an address, a complaint's number or a whole name means.

    phone: the number in `who`, E.164, empty where there is none.
    """
    met = select(AddressRow.person).where(AddressRow.address.in_([who, who.lower(), *([phone] if phone else [])]))
    complained = select(ComplaintRow.complainant).where(ComplaintRow.reference == who.upper())
    ways = [PersonRow.id == who, PersonRow.email == who, PersonRow.id.in_(met), PersonRow.id.in_(complained)]
    if phone:
        ways.append(PersonRow.phone == phone)
    found = await _meant(work, or_(*ways))
    return found or await _meant(work, PersonRow.name == who)


async def _meant(work: Work, where: ColumnElement[bool]) -> list[PersonRow]:
    rows = await work.session.scalars(select(PersonRow).where(where, PersonRow.staff.is_(False)).order_by(PersonRow.id))
    return list(rows)


async def active_holds(work: Work, references: Collection[str], person: str) -> list[LegalHoldRow]:
    """Return the holds that last on a customer or on one of their complaints."""
    on = or_(LegalHoldRow.person == person, LegalHoldRow.reference.in_(references))
    return await _rows(work, LegalHoldRow, on & LegalHoldRow.lifted_at.is_(None))


async def is_known(work: Work, person: str) -> bool:
    """Say whether anything that names a customer is kept."""
    found = await work.session.get(PersonRow, person)
    if found is None or found.staff:
        return False
    met = await work.session.scalar(select(AddressRow.address).where(AddressRow.person == person).limit(1))
    told = ComplaintRow.complainant == person, ComplaintRow.forgotten_at.is_(None)
    complained = await work.session.scalar(select(ComplaintRow.reference).where(*told).limit(1))
    return bool(found.name or found.phone or found.email or found.place or met or complained)


async def erased_since(work: Work, kind: str) -> list[tuple[str, datetime]]:
    """Return whom acts of a kind were about, and when, the oldest first."""
    rows = await work.session.execute(select(ActRow.facts, ActRow.at).where(ActRow.kind == kind).order_by(ActRow.id))
    return [(codec.loads(facts)["person"], at) for facts, at in rows]
