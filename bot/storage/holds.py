"""Legal holds: which complaints, and which people, nothing is taken from until somebody lifts it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, or_, select

from bot.storage.models import AddressRow, ComplaintRow, LegalHoldRow
from bot.storage.work import Work


@dataclass(frozen=True, slots=True)
class Held:
    """What is held at present: complaints by number, people by id, and the chats and mail addresses where these write.

    complainants: besides the people whoever has a complaint that is held; chats: where all of these write.
    """

    references: frozenset[str]
    persons: frozenset[str]
    places: frozenset[tuple[str, str]]
    complainants: frozenset[str]
    chats: frozenset[tuple[str, str]]

    def holds(self, reference: str | None, person: str | None) -> bool:
        return reference in self.references or person in self.persons


async def held(work: Work) -> Held:
    """Return all that is held. A hold on a person holds all their complaints."""
    await work.flush_if_writing()
    rows = await work.session.execute(
        select(LegalHoldRow.reference, LegalHoldRow.person).where(LegalHoldRow.lifted_at.is_(None))
    )
    references, persons = set[str](), set[str]()
    for reference, person in rows:
        references |= {reference} if reference else set()
        persons |= {person} if person else set()
    theirs = select(ComplaintRow.reference).where(ComplaintRow.complainant.in_(persons))
    references |= set(await work.session.scalars(theirs)) if persons else set()
    whose = select(ComplaintRow.complainant).where(ComplaintRow.reference.in_(references))
    complainants = persons | set(await work.session.scalars(whose)) if references else persons
    met = select(AddressRow.channel, AddressRow.address, AddressRow.person).where(AddressRow.person.in_(complainants))
    chats = [tuple(row) for row in await work.session.execute(met)] if complainants else []
    return Held(
        frozenset(references),
        frozenset(persons),
        frozenset((channel, address) for channel, address, person in chats if person in persons),
        frozenset(complainants),
        frozenset((channel, address) for channel, address, _ in chats),
    )


async def place(work: Work, reference: str | None, person: str | None, reason: str, by: str, now: datetime) -> None:
    """Hold a complaint or a person. A second hold on the same stands beside the first: each has its own reason."""
    work.session.add(LegalHoldRow(reference=reference, person=person, reason=reason, by=by, at=now, lifted_why=""))


async def lift(work: Work, reference: str | None, person: str | None, why: str, by: str, now: datetime) -> int:
    """Lift every hold on a complaint or a person; return how many there were."""
    rows = await on(work, reference, person)
    for row in rows:
        row.lifted_at, row.lifted_by, row.lifted_why = now, by, why
    return len(rows)


async def on(work: Work, reference: str | None, person: str | None) -> list[LegalHoldRow]:
    """Return the holds that last on a complaint or on a person themselves, the oldest first."""
    await work.flush_if_writing()
    which: list[ColumnElement[bool]] = []
    if reference is not None:
        which.append(LegalHoldRow.reference == reference)
    if person is not None:
        which.append(LegalHoldRow.person == person)
    rows = await work.session.scalars(
        select(LegalHoldRow).where(LegalHoldRow.lifted_at.is_(None), or_(*which)).order_by(LegalHoldRow.id)
    )
    return list(rows)


async def every(work: Work) -> list[LegalHoldRow]:
    """Return every hold there ever was, the oldest first."""
    return list(await work.session.scalars(select(LegalHoldRow).order_by(LegalHoldRow.id)))


# ── from one database to another ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold as it was placed, and lifted; its fields are the columns."""

    reference: str | None
    person: str | None
    reason: str
    by: str
    at: datetime
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    lifted_why: str = ""

    @property
    def on(self) -> str:
        return self.reference or f"person {self.person}"


COLUMNS = tuple(field.name for field in fields(Hold))


def as_they_stand(rows: Iterable[Sequence[str | None]]) -> list[Hold]:
    """Return every hold of several databases once, in the order in which they were placed: lifted where any of these knows so.

    rows: values of `COLUMNS`, as they travel (`bot.storage.whole`).
    """
    found: dict[tuple[object, ...], Hold] = {}
    for row in rows:
        told = dict(zip(COLUMNS, row, strict=True))
        moments = {
            name: datetime.fromisoformat(at).replace(tzinfo=UTC) for name in ("at", "lifted_at") if (at := told[name])
        }
        hold = Hold(**{**told, **moments})  # type: ignore[arg-type]
        if found.setdefault(_placed(hold), hold).lifted_at is None:
            found[_placed(hold)] = hold
    return sorted(found.values(), key=lambda hold: hold.at)


def _placed(hold: Hold | LegalHoldRow) -> tuple[object, ...]:
    return hold.reference, hold.person, hold.reason, hold.by, hold.at


async def take_over(work: Work, known: Iterable[Hold]) -> tuple[list[Hold], list[Hold]]:
    """Let what is held here be what is held there; return what was placed by that, and what was lifted."""
    here = {_placed(row): row for row in await every(work)}
    placed, lifted = [], []
    for hold in known:
        row = here.get(_placed(hold))
        if row is None:
            work.session.add(LegalHoldRow(**dict(zip(COLUMNS, astuple(hold), strict=True))))
            placed += [] if hold.lifted_at else [hold]
        elif row.lifted_at is None and hold.lifted_at is not None:
            row.lifted_at, row.lifted_by, row.lifted_why = hold.lifted_at, hold.lifted_by, hold.lifted_why
            lifted.append(hold)
    return placed, lifted
