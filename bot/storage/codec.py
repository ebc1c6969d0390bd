"""Frozen values to bytes and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.people import Person
from bot.storage.models import AbsenceRow, PersonRow, ShiftRow, SiteRow
from complaints.complaint import Complaint
from complaints.rota import Absence, Days, Shift, Site, parse_hours
from complaints.vocabulary import Role

_complaint = msgspec.json.Decoder(Complaint)
_encoder = msgspec.json.Encoder()


def encode_complaint(complaint: Complaint) -> bytes:
    return _encoder.encode(complaint)


def decode_complaint(record: bytes) -> Complaint:
    return _complaint.decode(record)


def dumps(value: Any) -> str:
    """Return compact JSON text."""
    return _encoder.encode(value).decode()


def loads(text: str) -> Any:
    return msgspec.json.decode(text)


def facts(mapping: Mapping[str, str]) -> str:
    return "{}" if not mapping else dumps(dict(mapping))


def person(row: PersonRow) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        phone=row.phone,
        email=row.email,
        place=row.place,
        locale=row.locale,
        roles=frozenset(Role(role) for role in row.roles.split()),
        unit=row.unit,
        categories=frozenset(row.categories.split()),
        sites=frozenset(row.sites.split()),
        stages=frozenset(row.stages.split()),
        channels=frozenset(row.channels.split()),
        superior=row.superior,
        backup=row.backup,
        staff=row.staff,
        active=row.active,
    )


def site(row: SiteRow) -> Site:
    return Site(
        code=row.code,
        name=row.name,
        aliases=tuple(row.aliases.splitlines()),
        addresses=tuple(row.addresses.splitlines()),
        calendar=row.calendar,
        policy=row.policy,
        head=row.head,
        duty=row.duty,
        duty_role=row.duty_role,
        backup=row.backup,
        phone=row.phone,
    )


def shift(row: ShiftRow) -> Shift:
    starts, ends = parse_hours(f"{row.starts}-{row.ends}")
    return Shift(row.team, row.person, Days.parse(row.days), starts, ends, row.override)


def absence(row: AbsenceRow) -> Absence:
    return Absence(row.id, row.person, row.start, row.end, row.stand_in, row.note)
