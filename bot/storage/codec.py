"""Frozen values to bytes and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.people import Person
from bot.storage.models import PersonRow
from complaints.complaint import Complaint, Role

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
        superior=row.superior,
        backup=row.backup,
        staff=row.staff,
        active=row.active,
    )
