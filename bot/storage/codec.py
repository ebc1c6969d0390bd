"""Frozen values to bytes and back.

While processes restart one after another, an older version reads and writes what a newer one wrote. Parts of a complaint that
it does not know stay where they are; a word that it does not know (of a status, say) it cannot read over, and leaves alone
(`newer`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

import msgspec

from bot.people import Person
from bot.storage.models import AbsenceRow, PersonRow, ShiftRow, SiteRow
from complaints.complaint import Complaint
from complaints.rota import Absence, Days, Shift, Site, parse_hours
from complaints.vocabulary import Role

_complaint = msgspec.json.Decoder(Complaint)
_encoder = msgspec.json.Encoder()


def encode_complaint(complaint: Complaint, before: Complaint | None = None, record: bytes = b"") -> bytes:
    """Return a complaint's record. record: the one that it replaces, which was read as `before`: what only a newer version can
    read of that is kept. Without them nothing is.
    """
    written = _encoder.encode(complaint)
    if before is None or _encoder.encode(before) == record:
        return written
    merged = msgspec.json.decode(written)
    _carry_over(complaint, merged, msgspec.json.decode(record))
    return _encoder.encode(merged)


def _carry_over(value: Any, new: dict[str, Any], old: Any) -> None:
    """Add to `new`, which is `value` as JSON, the keys of `old` that are no fields of ours, as deep as both are the same thing:
    its first field is what names it.
    """
    names = [field.name for field in fields(value)]
    if not isinstance(old, dict) or old.get(names[0]) != new[names[0]]:
        return
    new |= {key: kept for key, kept in old.items() if key not in names}
    for name in names:
        part = getattr(value, name)
        if is_dataclass(part):
            _carry_over(part, new[name], old.get(name))
        elif isinstance(part, tuple) and isinstance(was := old.get(name), list):
            for each, its, its_old in _paired(part, new[name], was):
                _carry_over(each, its, its_old)


def _paired(
    values: tuple[Any, ...], new: Sequence[Any], old: Sequence[Any]
) -> Iterator[tuple[Any, dict[str, Any], dict[str, Any]]]:
    """Give each of our values that was there before, as it is and as it was in JSON."""
    left = [each for each in old if isinstance(each, dict)]
    for value, its in zip(values, new, strict=True):
        if not is_dataclass(value):
            return
        first = fields(value)[0].name
        was = next((each for each in left if each.get(first) == its[first]), None)
        if was is not None:
            left.remove(was)
            yield value, its, was


def newer(error: ValueError) -> bool:
    """Say whether a record cannot be read because it has a word of a newer version, and is not damaged."""
    return isinstance(error, msgspec.ValidationError) and str(error).startswith("Invalid enum value")


@lru_cache(
    256
)  # records: a complaint is read by its turn, by each of its messages, and by every turn of whoever has it in hand
def decode_complaint(record: bytes) -> Complaint:
    return _complaint.decode(record)


def dumps(value: Any) -> str:
    """Return compact JSON text."""
    return _encoder.encode(value).decode()


def loads(text: str) -> Any:
    return msgspec.json.decode(text)


def facts(mapping: Mapping[str, str]) -> str:
    return "{}" if not mapping else dumps(dict(mapping))


_PERSON_SETS = "categories", "sites", "stages", "channels"
_PERSON_AS_IS = "id", "name", "phone", "email", "place", "locale", "unit", "superior", "backup", "staff", "active"


def person(row: PersonRow) -> Person:
    of_row = vars(row)  # a mapped attribute takes its time, and every turn asks for several people
    as_is: dict[str, Any] = {name: of_row.get(name) for name in _PERSON_AS_IS}  # of somebody new one may not be set yet
    sets: dict[str, Any] = {name: frozenset(of_row[name].split()) for name in _PERSON_SETS}
    return Person(roles=frozenset(map(Role, of_row["roles"].split())), **as_is, **sets)


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
