"""The audit chain: what was written cannot be changed, taken away, put in between or reordered without its showing.

An event gets a digest in the transaction that writes it, which holds up nobody: it is made of the event alone. Its words
go into it by a digest of their own, salted with the event's seed, so that they can be erased and the chain still holds:
`redact` then leaves that digest in the seed's place. A periodic job (`seal`) binds runs of rows, in the order of their ids,
to all runs before them: one row a run, its hash made of the last one's. Whoever can write to the tables can make all of it
anew; against that the newest hash is kept elsewhere from time to time (`head`).
"""

from __future__ import annotations

import getpass
import hashlib
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import ColumnElement, Row, Select, Table, bindparam, func, insert, select, text, update

from bot.storage import codec
from bot.storage.agreeing import differences
from bot.storage.digests import event_digest, is_erased, new_seed, words_digest
from bot.storage.models import ActRow, EventRow, RevealRow, SealRow
from bot.storage.statements import run

if TYPE_CHECKING:
    from bot.storage.work import Work

RUN = 500  # rows bound by one seal, at most: so many have to be looked through where one does not fit
_LOCK = 7_301_018  # PostgreSQL advisory lock: one process seals at a time
_PAGE = 2_000
_REDACTED = "redacted"
RESTORED = "restored"

_EVENTS: Table = EventRow.__table__  # type: ignore[assignment]
_TOLD: Mapping[str, tuple[str, ...]] = {
    "events": ("reference", "kind", "at", "by", "channel", "old", "new", "note", "facts", "seed", "digest"),
    "acts": ("kind", "at", "by", "facts"),
    "reveals": ("reference", "by", "channel", "at"),
}
"""The tables whose rows are only ever appended, with ids that count up, and what of each row is sealed: a column that is
added to one later is not in what was sealed before."""

SERIES = tuple(_TOLD)
_TABLES: Mapping[str, Table] = {row.__tablename__: row.__table__ for row in (EventRow, ActRow, RevealRow)}  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link of the chain. number: 0 while there is none."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that was kept elsewhere. name: what a reader calls it. at: when it was the newest; None where it does not say."""

    head: Head
    name: str = "the anchor"
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Restoring:
    """That the tables became what a backup held: all that was written between the two moments went with it."""

    made_at: datetime
    at: datetime

    def took(self, anchor: Anchor) -> bool:
        """Say whether an anchor is of what went with it. An anchor names whole seconds: in that of the backup it may be."""
        return anchor.at is not None and self.made_at.replace(microsecond=0) <= anchor.at <= self.at


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look through the whole chain found. broken: the first link that does not hold, in words; "" where all do.

    waiting: rows that no seal covers yet. redacted: events whose words were erased. anchors: how many are in the chain; gone:
    those that are not, for a restoring took what they stood for. restored: every restoring there was. differing: the complaints
    that are not what their events say, in words; how many there are, and the first of them.
    """

    head: Head
    rows: int
    waiting: int
    redacted: int
    broken: str = ""
    anchors: int = 0
    gone: tuple[Anchor, ...] = ()
    restored: tuple[Restoring, ...] = ()
    differing: int = 0
    named: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return not (self.broken or self.differing)


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def record_act(work: Work, kind: str, now: datetime | None = None, by: str | None = None, **facts: object) -> None:
    """Keep what somebody did to the desk. by: a person's id; None: whoever works at the machine. facts: nothing private."""
    row = ActRow(
        kind=kind,
        at=now or datetime.now(UTC),
        by=by or by_hand(),
        facts=codec.facts({name: str(fact) for name, fact in facts.items()}),
    )
    work.session.add(row)


def by_hand() -> str:
    """Return the account that runs this process, as acts name it."""
    try:
        return f"shell:{getpass.getuser()}"[:64]
    except (OSError, KeyError):  # a container's user need not have a name
        return f"shell:{os.getuid()}"


async def redact(work: Work, references: Sequence[str], now: datetime, by: str | None = None) -> int:
    """Erase the words of all events of these complaints, let the chain hold, and keep that it was done; return how many."""
    record_act(work, _REDACTED, now, by, references=" ".join(references))
    return await _erase(work, EventRow.reference.in_(references))


async def redact_some(work: Work, ids: Sequence[int], now: datetime, by: str | None = None) -> int:
    """Likewise of these events alone."""
    record_act(work, _REDACTED, now, by, events=" ".join(map(str, ids)))
    return sum([await _erase(work, EventRow.id.in_(ids[start : start + RUN])) for start in range(0, len(ids), RUN)])


async def _erase(work: Work, which: ColumnElement[bool]) -> int:
    await work.flush()
    rows = await work.session.execute(
        select(EventRow.id, EventRow.seed, EventRow.note, EventRow.facts).where(which, EventRow.seed.is_not(None))
    )
    erased = [
        {"its_id": id, "seed": words_digest(seed, note, facts)}
        for id, seed, note, facts in rows
        if seed is not None and not is_erased(seed)
    ]
    if erased:
        await run(work.session, _REDACT, erased)
    bare = update(EventRow).where(which, EventRow.seed.is_(None)).values(note="", facts="{}")  # not sealed yet
    await work.session.execute(bare.execution_options(synchronize_session=False))
    return len(erased)


_REDACT = update(_EVENTS).where(_EVENTS.c.id == bindparam("its_id")).values(seed=bindparam("seed"), note="", facts="{}")
_GIVE = (
    update(_EVENTS)
    .where(_EVENTS.c.id == bindparam("its_id"))
    .values(seed=bindparam("seed"), digest=bindparam("digest"))
)


# ── sealing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Horizon:
    """Up to where a look saw ids given, and which transaction was next. All before it over, no row can come below `last`."""

    last: int
    next_transaction: int


async def horizon(work: Work, series: str) -> Horizon:
    """Return up to where ids were given by now, committed or not."""
    if work.sqlite:  # one writer: what is there came in the order of the ids
        table = _TABLES[series]
        return Horizon(await work.session.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0, 0)
    sequence = await work.session.execute(text(f"SELECT last_value, is_called FROM {series}_id_seq"))  # noqa: S608
    last, called = sequence.one()
    xmax = await work.session.scalar(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"))
    return Horizon(last if called else 0, int(xmax or 0))


async def is_behind(work: Work, seen: Horizon) -> bool:
    """Say whether every transaction that may have an id up to the horizon is over."""
    if work.sqlite:
        return True
    xmin = await work.session.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text"))
    return int(xmin or 0) >= seen.next_transaction


async def last_sealed(work: Work, series: str) -> int:
    """Return the last id of a table that a seal covers."""
    last = select(func.coalesce(func.max(SealRow.last), 0)).where(SealRow.series == series)
    return await work.session.scalar(last) or 0


async def seal(work: Work, series: str, until: int, now: datetime) -> int:
    """Bind the next run of a table's rows, none behind `until`, to the chain; return how many rows it has, 0 for none."""
    await work.flush()
    if not work.sqlite and not await work.session.scalar(
        text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK}
    ):
        return 0
    sealed = await last_sealed(work, series)
    table = _TABLES[series]
    columns = select(table.c.id, table.c.digest) if series == "events" else _rows(series)
    found = await work.session.execute(
        columns.where(table.c.id > sealed, table.c.id <= until).order_by(table.c.id).limit(RUN)
    )
    rows = found.all()
    if not rows:
        return 0
    head = await head_of(work)
    digests = [(row.id, digest) for row, digest in zip(rows, await _given(work, series, rows), strict=True)]
    first, last = sealed + 1, rows[-1].id
    link = _link(head, series, first, last, digests)
    values = {
        "number": head.number + 1,
        "series": series,
        "first": first,
        "last": last,
        "count": len(rows),
        "hash": link,
    }
    await work.session.execute(insert(SealRow).values(at=now, **values))
    return len(rows)


async def _given(work: Work, series: str, rows: Sequence[Row[Any]]) -> list[bytes]:
    """Return the rows' digests; events that were written without one are given theirs."""
    if series != "events":
        return [_row_digest(row) for row in rows]
    without = [row.id for row in rows if row.digest is None]
    given = {}
    if without:
        for row in await work.session.execute(_rows(series).where(_EVENTS.c.id.in_(without))):
            seed = new_seed()
            given[row.id] = {"its_id": row.id, "seed": seed, "digest": event_digest(seed, *_told(row))}
        await run(work.session, _GIVE, list(given.values()))
    return [row.digest or given[row.id]["digest"] for row in rows]


def _told(row: Row[Any]) -> tuple[Any, ...]:
    return row.reference, row.kind, row.at, row.by, row.channel, row.old, row.new, row.note, row.facts


def _row_digest(row: Row[Any]) -> bytes:
    told = [_plain(value) for value in tuple(row)[1:]]
    return hashlib.sha256(msgspec.json.encode(told)).digest()


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _rows(series: str) -> Select[Any]:
    table = _TABLES[series]
    return select(table.c.id, *(table.c[name] for name in _TOLD[series]))


def _link(head: Head, series: str, first: int, last: int, digests: Sequence[tuple[int, bytes]]) -> str:
    link = hashlib.sha256(msgspec.json.encode((head.number + 1, head.hash, series, first, last, len(digests))))
    for id, digest in digests:
        link.update(b"%d:" % id + digest)
    return link.hexdigest()


async def head_of(work: Work) -> Head:
    """Return the newest link of the chain."""
    row = (
        await work.session.execute(select(SealRow.number, SealRow.hash).order_by(SealRow.number.desc()).limit(1))
    ).first()
    return Head(row.number, row.hash) if row else Head(0, "")


# ── looking it through ────────────────────────────────────────────────────────────────────────────────────────────────


async def verify(work: Work, anchors: Sequence[Anchor] = ()) -> Verified:
    """Look through every link and every row, and stop at the first that does not hold; where all do, hold each anchor against
    them, and then each complaint against its events.
    """
    if not work.sqlite:  # as it stands at one moment: it is sealed, and erased, meanwhile
        await work.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    head, rows, redacted = Head(0, ""), 0, 0
    ends = dict.fromkeys(SERIES, 0)
    erased = await _erased(work)
    at_anchor = {anchor.head.number: "" for anchor in anchors}  # the hashes that the chain has there

    def found(broken: str = "", waiting: int = 0) -> Verified:
        return Verified(head, rows, waiting, redacted, broken)

    async for sealed in _seals(work):
        if sealed.number != head.number + 1:
            return found(f"seal {head.number + 1} is missing")
        if sealed.series not in SERIES:
            return found(f"seal {sealed.number} speaks of {sealed.series}, which is no table of the chain")
        run = await _run(work, sealed.series, sealed.first, sealed.last)
        for row in run if sealed.series == "events" else ():
            if trouble := _changed(row, erased):
                return found(trouble)
            redacted += is_erased(row.seed)
        digests = [(row.id, row.digest if sealed.series == "events" else _row_digest(row)) for row in run]
        if sealed.first != ends[sealed.series] + 1 or len(run) != sealed.count:
            names = f"seal {sealed.number}: of {sealed.series} {sealed.first} to {sealed.last} there are {len(run)}"
            return found(f"{names}, and there were {sealed.count}: some were taken away or put in")
        if _link(head, sealed.series, sealed.first, sealed.last, digests) != sealed.hash:
            return found(
                f"seal {sealed.number}: {sealed.series} {sealed.first} to {sealed.last} are not what was sealed"
            )
        head = Head(sealed.number, sealed.hash)
        rows, ends[sealed.series] = rows + len(run), sealed.last
        if head.number in at_anchor:
            at_anchor[head.number] = head.hash
    waiting = 0
    for series, end in ends.items():
        async for row in _after(work, series, end):
            waiting += 1
            if series == "events" and row.digest is not None and (trouble := _changed(row, erased)):
                return found(trouble)
    restored = await restorings(work)
    off = [anchor for anchor in anchors if anchor.head.hash != at_anchor[anchor.head.number]]
    kept = tuple(anchor for anchor in anchors if anchor not in off)
    gone = tuple(anchor for anchor in off if any(each.took(anchor) for each in restored))
    if wrong := next((anchor for anchor in off if anchor not in gone), None):
        return replace(found(_contradicts(wrong, head, kept), waiting), restored=restored)
    differing, named = await differences(work)
    return replace(
        found(waiting=waiting),
        anchors=len(kept),
        gone=gone,
        restored=restored,
        differing=differing,
        named=named,
    )


def _contradicts(anchor: Anchor, head: Head, kept: Sequence[Anchor]) -> str:
    """Say what an anchor that is not in the chain means. kept: those that are."""
    number = anchor.head.number
    before = max((each for each in kept if 0 < each.head.number < number), key=_place, default=None)
    if number > head.number:
        says = f"the chain ends with seal {head.number}, and {anchor.name} is of seal {number}: its end is gone"
    else:
        says = f"seal {number} is another than the one in {anchor.name}: the chain was made anew"
    if before is not None:
        return f"{says}; up to seal {before.head.number} it is the one of {before.name}"
    return f"{says}, or it is another database's"


def _place(anchor: Anchor) -> int:
    return anchor.head.number


async def restorings(work: Work) -> tuple[Restoring, ...]:
    """Return every restoring that the tables know of, in their order."""
    acts = await work.session.execute(
        select(ActRow.at, ActRow.facts).where(ActRow.kind == RESTORED).order_by(ActRow.id)
    )
    told = [(codec.loads(facts).get("made_at"), at) for at, facts in acts]
    return tuple(Restoring(datetime.fromisoformat(made_at).astimezone(UTC), at) for made_at, at in told if made_at)


def _changed(row: Row[Any], erased: frozenset[str]) -> str:
    name = f"event {row.id} of {row.reference} ({row.kind}, {row.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC)"
    if row.seed is None or row.digest is None or event_digest(row.seed, *_told(row)) != row.digest:
        return f"{name} was changed after it was written"
    if is_erased(row.seed) and (row.note or row.facts != "{}" or not erased & {row.reference, str(row.id)}):
        return f"the words of {name} are gone, and nobody erased them"
    return ""


async def _erased(work: Work) -> frozenset[str]:
    """Return the complaints, and the ids of events, whose words were erased on purpose."""
    acts = await work.session.scalars(select(ActRow.facts).where(ActRow.kind == _REDACTED))
    return frozenset(name for facts in acts for each in codec.loads(facts).values() for name in each.split())


async def _seals(work: Work) -> AsyncIterator[SealRow]:
    number = 0
    while True:
        page = await work.session.scalars(
            select(SealRow).where(SealRow.number > number).order_by(SealRow.number).limit(_PAGE)
        )
        seals = list(page)
        if not seals:
            return
        for each in seals:
            yield each
        number = seals[-1].number


async def _run(work: Work, series: str, first: int, last: int) -> Sequence[Row[Any]]:
    table = _TABLES[series]
    found = await work.session.execute(
        _rows(series).where(table.c.id >= first, table.c.id <= last).order_by(table.c.id)
    )
    return list(found)


async def _after(work: Work, series: str, end: int) -> AsyncIterator[Row[Any]]:
    table = _TABLES[series]
    while True:
        found = await work.session.execute(_rows(series).where(table.c.id > end).order_by(table.c.id).limit(_PAGE))
        rows = found.all()
        if not rows:
            return
        for row in rows:
            yield row
        end = rows[-1].id
