"""What tells who a person is, wherever it stands in the words of others: found in every table, and blotted out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    RowMapping,
    String,
    Table,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from bot.storage.digests import hidden
from bot.storage.holds import Held
from bot.storage.models import AddressRow, Base, PersonRow
from bot.storage.work import Work

BLOT = "***"
_SHORTEST = 6  # of an address that is looked for in words: a shorter one is part of anything
_OTHERS = frozenset(
    {"people", "sites", "shifts", "policies", "calendar_days", "calendar_years", "campaigns", "phrases",
     "counters", "cursors", "reckonings", "acts", "seals", "reveals", "tasks", "timers", "rooms", "events"}
)  # fmt: skip
"""Tables that say nothing of customers, or whose rows are other people's own. The words of events are erased as a whole, or
their digests would not hold.
"""


_REMEMBERED = frozenset({"pending", "tools"})  # of addresses: the rest is other people's own


@dataclass(frozen=True)
class Marks:
    """Texts that name one person and nobody else."""

    texts: tuple[str, ...]

    def blotted(self, text: str) -> str:
        return self._pattern.sub(BLOT, text) if self.texts else text

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # A number inside a longer one is another number.
        each = (rf"(?<!\d){re.escape(t)}(?!\d)" if t[-1].isdecimal() else re.escape(t) for t in self.texts)
        return re.compile("|".join(each))

    async def blot(self, work: Work) -> int:
        """Blot the marks out in every text of every table but those of others' own; return in how many rows. Reads them all."""
        tables = [table for table in Base.metadata.sorted_tables if table.name not in _OTHERS] if self.texts else []
        return sum([await self._blot_table(work, table) for table in tables])

    async def held(self, work: Work, person: str, held: Held) -> list[str]:
        """Return on what the holds are that keep something in which a mark stands, or that is this person's."""
        found: set[str] = set()
        for table in Base.metadata.sorted_tables if held.references or held.persons else ():
            columns = [column for column in table.columns if isinstance(column.type, String | LargeBinary)]
            kept = _kept(table, held)
            theirs = [self._somewhere(work, columns)] if self.texts and columns else []
            theirs += [table.c.person == person] if "person" in table.c else []
            if not kept or not theirs:
                continue
            for row in (await work.session.execute(select(table).where(or_(*kept), or_(*theirs)))).mappings().all():
                if row.get("person") == person or any(self._without(row[each]) != row[each] for each in columns):
                    found.add(_on(row, held))
        return sorted(found)

    async def events(self, work: Work) -> list[int]:
        """Return the ids of the events whose words have a mark."""
        if not self.texts:
            return []
        table = Base.metadata.tables["events"]
        rows = await work.session.execute(
            select(table.c.id, table.c.note, table.c.facts).where(self._somewhere(work, [table.c.note, table.c.facts]))
        )
        return [id for id, note, facts in rows if self.blotted(note) != note or self.blotted(facts) != facts]

    async def _blot_table(self, work: Work, table: Table) -> int:
        columns = [column for column in table.columns if isinstance(column.type, String | LargeBinary)]
        if table.name == "addresses":
            columns = [column for column in columns if column.name in _REMEMBERED]
        if not columns:
            return 0
        keys = list(table.primary_key.columns)
        rows = await work.session.execute(select(*{*keys, *columns}).where(self._somewhere(work, columns)))
        found = 0
        for row in rows.mappings().all():
            changed = {column.name: now for column in columns if (now := self._without(row[column])) != row[column]}
            if table.name == "inbox" and "external_id" in changed:
                changed["external_id"] = hidden(row["external_id"])  # still known by it, so it is not taken in anew
            if changed:
                await work.session.execute(update(table).where(*(key == row[key] for key in keys)).values(changed))
                found += 1
        return found

    def _somewhere(self, work: Work, columns: list[Column[Any]]) -> ColumnElement[bool]:
        return or_(*(_holds(work, column, text) for column in columns for text in self.texts))

    def _without(self, value: str | bytes | None) -> str | bytes | None:
        if isinstance(value, bytes):  # a complaint's record, or a raw message: JSON, or a mail
            return self.blotted(value.decode(errors="surrogateescape")).encode(errors="surrogateescape")
        return self.blotted(value) if value is not None else None


def _kept(table: Table, held: Held) -> list[ColumnElement[bool]]:
    """Return which rows of a table are held: any of these."""
    if table.name == "legal_holds":
        return []  # why something is held is no part of it
    kept: list[ColumnElement[bool]] = []
    if "reference" in table.c:
        kept.append(table.c.reference.in_(held.references))
    if "person" in table.c and table.name not in _OTHERS:
        kept.append(table.c.person.in_(held.persons))
    if "conversation" in table.c:
        kept.append(tuple_(table.c.channel, table.c.conversation).in_(list(held.chats)))
    return kept


def _on(row: RowMapping, held: Held) -> str:
    """Say on what the hold is that keeps a row."""
    if row.get("reference") in held.references:
        return str(row["reference"])
    return f"person {row['person']}" if row.get("person") in held.persons else "another's chat"


def _holds(work: Work, column: Column[Any], text: str) -> ColumnElement[bool]:
    if not isinstance(column.type, LargeBinary):
        return column.contains(text, autoescape=True)
    where = func.instr if work.sqlite else func.pg_catalog.position
    return where(column, literal(text.encode())) > 0


async def marks_of(work: Work, row: PersonRow) -> Marks:
    """Return what names a customer: phone, mail and chat addresses, and the name, unless somebody else is called so."""
    texts = {row.email, *_spellings(row.phone)}
    addresses = await work.session.scalars(select(AddressRow.address).where(AddressRow.person == row.id))
    texts |= {address for address in addresses if len(address) >= _SHORTEST}
    texts |= {spelling for address in tuple(texts) for spelling in _spellings(address)}
    same_name = select(func.count()).select_from(PersonRow).where(PersonRow.name == row.name, PersonRow.id != row.id)
    if len(row.name) > 1 and not await work.session.scalar(same_name):
        texts.add(row.name)
    return Marks(tuple(sorted((text for text in texts if text), key=len, reverse=True)))


def _spellings(phone: str) -> Iterator[str]:
    """Yield the ways in which people write a phone number."""
    import phonenumbers  # seldom needed, and its tables take a while to load

    if not phone.startswith("+"):
        return
    yield phone
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return
    national = str(number.national_number)
    yield national
    for spaced in (
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL),
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
    ):
        yield spaced
        yield spaced.replace(" ", "-")
    if len(national) == 11:
        yield f"{national[:3]} {national[3:7]} {national[7:]}"
        yield f"{national[:3]}-{national[3:7]}-{national[7:]}"
