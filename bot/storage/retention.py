"""What is kept longer than it is to be: found and taken out in small batches, a kind at a time.

Most kinds are walked once, in the order in which their rows came, behind a durable cursor: a night costs what it takes out.
What must stay meanwhile (the complaint is open, somebody holds it) is passed over, and met again when all is walked anew
(`walk_anew`), or when the complaint it belongs to is forgotten.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute

from bot.storage import erasing, holds, queues
from bot.storage.files import DOOMED, GONE, WAITING
from bot.storage.models import (
    AddressRow,
    Base,
    BindCodeRow,
    CampaignRow,
    ChatLineRow,
    ComplaintRow,
    CursorRow,
    DataRequestRow,
    DeliveryRow,
    FileRow,
    InboxRow,
    MessageRow,
    OutboxRow,
    PersonRow,
    SurveyedRow,
)
from bot.storage.work import Work
from complaints.vocabulary import SETTLED

WINDOW = 500  # rows looked at in one transaction
_CASES = 20  # complaints forgotten in one transaction: each has rows in a dozen tables
_CURSOR = "retention/"
_DAY, _PURGE = f"{_CURSOR}day", f"{_CURSOR}purge"
_SEALED = ("sealed:", "sealed;")  # what sealed addresses sort between
_UNDER_WAY = (*queues.UNDER_WAY, queues.HELD)


class Kept(StrEnum):
    """A kind of data that has a time of its own."""

    RAW_MESSAGES = "raw_messages"
    QUARANTINE = "quarantine"
    MESSAGES = "messages"
    OUTBOX = "outbox"
    CHAT_LINES = "chat_lines"
    FILES = "files"
    COMPLAINTS = "complaints"
    CUSTOMERS = "customers"
    SURVEYS = "surveys"
    ANONYMOUS_ADDRESSES = "anonymous_addresses"
    BIND_CODES = "bind_codes"
    DATA_REQUESTS = "data_requests"


@dataclass(frozen=True, slots=True)
class Expired:
    """What of a kind is over its time. first, last: the dates between which it came."""

    kept: Kept
    count: int
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of one transaction. more: there may be more to do."""

    went: int
    more: bool


@dataclass(frozen=True, slots=True)
class _Walk:
    """A table that is walked by id. which: its rows that can go; of: whose they are, by its columns."""

    table: type[Base]
    id: InstrumentedAttribute[int]
    at: InstrumentedAttribute[datetime]
    which: Callable[[], ColumnElement[bool]]
    of: tuple[InstrumentedAttribute[Any], ...]
    held: Callable[[holds.Held, Sequence[Any]], bool]
    empty: Callable[[Work, list[int]], Awaitable[object]]


def _settled(reference: Any) -> ColumnElement[bool]:
    unsettled = exists().where(ComplaintRow.reference == reference, ComplaintRow.status.not_in(SETTLED))
    return or_(reference.is_(None), ~unsettled)


def _understood() -> ColumnElement[bool]:
    """What is there of a raw message, unless a file still has to be taken out of it."""
    wanted = exists().where(FileRow.inbox_id == InboxRow.id, FileRow.state == WAITING, FileRow.handle == "")
    return and_(InboxRow.state == queues.DONE, InboxRow.raw != b"", ~wanted)


async def _empty_raw(work: Work, ids: list[int]) -> None:
    await erasing.hide_identities(work, ids)
    gone = update(InboxRow).where(InboxRow.id.in_(ids)).values(raw=b"", conversation="")
    await work.session.execute(gone.execution_options(synchronize_session=False))


async def _give_up_quarantined(work: Work, ids: list[int]) -> None:
    await erasing.hide_identities(work, ids)
    given_up = {"raw": b"", "conversation": "", "outcome": "over its time in quarantine", "state": queues.DONE}
    gone = update(InboxRow).where(InboxRow.id.in_(ids)).values(**given_up)
    await work.session.execute(gone.execution_options(synchronize_session=False))


async def _empty_messages(work: Work, ids: list[int]) -> None:
    gone = update(MessageRow).where(MessageRow.id.in_(ids)).values(**erasing.EMPTY_MESSAGE)
    await work.session.execute(gone.execution_options(synchronize_session=False))


async def _empty_outbox(work: Work, ids: list[int]) -> None:
    for table, column, empty in (
        (OutboxRow, OutboxRow.id, erasing.EMPTY_OUTGOING),
        (DeliveryRow, DeliveryRow.outbox_id, erasing.EMPTY_ATTEMPT),
    ):
        gone = update(table).where(column.in_(ids)).values(**empty)
        await work.session.execute(gone.execution_options(synchronize_session=False))


async def _drop_lines(work: Work, ids: list[int]) -> None:
    await erasing.drop_lines(work, ChatLineRow.seq.in_(ids))


async def _doom_files(work: Work, ids: list[int]) -> None:
    gone = update(FileRow).where(FileRow.id.in_(ids)).values(**erasing.EMPTY_FILE)
    await work.session.execute(gone.execution_options(synchronize_session=False))


def _by_chat(held: holds.Held, of: Sequence[Any]) -> bool:
    return (of[0], of[1]) in held.chats  # no line says which complaint it is about


def _by_case(held: holds.Held, of: Sequence[Any]) -> bool:
    return held.holds(of[0], of[1])


def _by_case_or_place(held: holds.Held, of: Sequence[Any]) -> bool:
    return held.holds(of[0], None) or (of[1], of[2]) in held.places


_RAW = (InboxRow.reference, InboxRow.channel, InboxRow.conversation)
_WALKS: Mapping[Kept, _Walk] = {
    Kept.RAW_MESSAGES: _Walk(
        InboxRow, InboxRow.id, InboxRow.received_at, _understood, _RAW, _by_case_or_place, _empty_raw,
    ),
    Kept.QUARANTINE: _Walk(
        InboxRow, InboxRow.id, InboxRow.received_at,
        lambda: InboxRow.state.in_((queues.QUARANTINED, queues.DISMISSED)), _RAW, _by_case_or_place, _give_up_quarantined,
    ),
    Kept.MESSAGES: _Walk(
        MessageRow, MessageRow.id, MessageRow.at,
        lambda: and_(MessageRow.reference.is_(None), MessageRow.address != ""),
        (MessageRow.reference, MessageRow.person), _by_case, _empty_messages,
    ),
    Kept.OUTBOX: _Walk(
        OutboxRow, OutboxRow.id, OutboxRow.created_at,
        lambda: and_(OutboxRow.state.not_in(_UNDER_WAY), or_(OutboxRow.facts != "{}", OutboxRow.address != ""),
                     _settled(OutboxRow.reference)),
        (OutboxRow.reference, OutboxRow.person), _by_case, _empty_outbox,
    ),
    Kept.CHAT_LINES: _Walk(
        ChatLineRow, ChatLineRow.seq, ChatLineRow.at, lambda: ChatLineRow.conversation != "",
        (ChatLineRow.channel, ChatLineRow.conversation), _by_chat, _drop_lines,
    ),
    Kept.FILES: _Walk(
        FileRow, FileRow.id, FileRow.created_at,
        lambda: and_(FileRow.state != DOOMED, FileRow.path != "", _settled(FileRow.reference)),
        (FileRow.reference, FileRow.person), _by_case, _doom_files,
    ),
}  # fmt: skip


async def forget_some(work: Work, kept: Kept, before: datetime, now: datetime) -> Batch:
    """Take out a batch of what came before then; call it until there is no more."""
    match kept:
        case Kept.COMPLAINTS:
            return await _forget_complaints(work, before, now)
        case Kept.CUSTOMERS:
            return await _forget_customers(work, before, now)
        case Kept.SURVEYS:
            return await _forget_surveys(work, before)
        case Kept.ANONYMOUS_ADDRESSES:
            return await _forget_sealed(work, before)
        case Kept.BIND_CODES:
            return Batch(await erasing.run(work, delete(BindCodeRow).where(BindCodeRow.expires_at < before)), False)
        case Kept.DATA_REQUESTS:
            empty = {"address": "", "answer": "", "confirmed_how": ""}
            held = await holds.held(work)
            old = _old_request(before), DataRequestRow.person.not_in(held.persons)
            return Batch(await erasing.run(work, update(DataRequestRow).where(*old).values(empty)), False)
    return await _walk(work, kept, _WALKS[kept], before)


async def expired(work: Work, kept: Kept, before: datetime) -> Expired:
    """Return what of a kind is over its time, held or not looked at yet. Reads the whole table."""
    which, at = _which(kept, before)
    found = (await work.session.execute(select(func.count(), func.min(at), func.max(at)).where(which))).one()
    return Expired(kept, found[0], found[1], found[2])


def _which(kept: Kept, before: datetime) -> tuple[ColumnElement[bool], Any]:
    match kept:
        case Kept.COMPLAINTS:
            return _old_case(before), ComplaintRow.closed_at
        case Kept.CUSTOMERS:
            return _old_customer(before), PersonRow.created_at
        case Kept.SURVEYS:
            old = exists().where(CampaignRow.id == SurveyedRow.campaign, CampaignRow.expires_at < before)
            return and_(old, SurveyedRow.answers != "[]"), SurveyedRow.answered_at
        case Kept.ANONYMOUS_ADDRESSES:
            return and_(AddressRow.address.between(*_SEALED), _unused(before)), AddressRow.created_at
        case Kept.BIND_CODES:
            return BindCodeRow.expires_at < before, BindCodeRow.expires_at
        case Kept.DATA_REQUESTS:
            return _old_request(before), DataRequestRow.answered_at
    walk = _WALKS[kept]
    return and_(walk.at < before, walk.which()), walk.at


# ── kind by kind ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def _walk(work: Work, kept: Kept, walk: _Walk, before: datetime) -> Batch:
    cursor = int(await queues.read_cursor(work, _CURSOR + kept) or 0)
    window = await work.session.execute(
        select(walk.id, walk.at).where(walk.id > cursor).order_by(walk.id).limit(WINDOW)
    )
    last, full = cursor, 0
    for id, at in window:
        if at >= before:
            break
        last, full = id, full + 1
    if last == cursor:
        return Batch(0, False)
    rows = await work.session.execute(select(walk.id, *walk.of).where(walk.id > cursor, walk.id <= last, walk.which()))
    held = await holds.held(work)
    ids = [id for id, *of in rows if not walk.held(held, of)]
    if ids:
        await walk.empty(work, ids)
    await queues.save_cursor(work, _CURSOR + kept, str(last))
    return Batch(len(ids), full == WINDOW)


def _old_case(before: datetime) -> ColumnElement[bool]:
    return and_(ComplaintRow.closed_at < before, ComplaintRow.forgotten_at.is_(None), ComplaintRow.status.in_(SETTLED))


async def _forget_complaints(work: Work, before: datetime, now: datetime) -> Batch:
    after = await queues.read_cursor(work, _CURSOR + Kept.COMPLAINTS)
    where = [_old_case(before)]
    if after is not None:
        moment, _, reference = after.partition(" ")
        where.append(
            tuple_(ComplaintRow.closed_at, ComplaintRow.reference) > (datetime.fromisoformat(moment), reference)
        )
    rows = await work.session.execute(
        select(ComplaintRow.closed_at, ComplaintRow.reference, ComplaintRow.complainant)
        .where(*where)
        .order_by(ComplaintRow.closed_at, ComplaintRow.reference)
        .limit(_CASES)
    )
    found = rows.all()
    if not found:
        return Batch(0, False)
    held = await holds.held(work)
    chosen = [reference for _, reference, person in found if not held.holds(reference, person)]
    went = await erasing.forget_cases(work, chosen, now) if chosen else {}
    closed_at, reference, _ = found[-1]
    assert closed_at is not None
    await queues.save_cursor(work, _CURSOR + Kept.COMPLAINTS, f"{closed_at.isoformat()} {reference}")
    return Batch(went.get("complaints", 0), len(found) == _CASES)


def _old_customer(before: datetime) -> ColumnElement[bool]:
    told = exists().where(ComplaintRow.complainant == PersonRow.id, ComplaintRow.forgotten_at.is_(None))
    seen = func.coalesce(AddressRow.last_inbound_at, AddressRow.created_at)
    here = exists().where(AddressRow.person == PersonRow.id, seen >= before)
    asks = exists().where(DataRequestRow.person == PersonRow.id, DataRequestRow.answered_at.is_(None))
    known = or_(
        PersonRow.name != "", PersonRow.phone != "", PersonRow.email != "", PersonRow.place != "",
        exists().where(AddressRow.person == PersonRow.id),
    )  # fmt: skip
    return and_(PersonRow.staff.is_(False), PersonRow.created_at < before, known, ~told, ~here, ~asks)


async def _forget_customers(work: Work, before: datetime, now: datetime) -> Batch:
    """Look at the next customers, round and round: they are not kept in the order in which they were last seen."""
    cursor = await queues.read_cursor(work, _CURSOR + Kept.CUSTOMERS) or ""
    page = list(
        await work.session.scalars(
            select(PersonRow.id).where(PersonRow.id > cursor).order_by(PersonRow.id).limit(WINDOW)
        )
    )
    held = await holds.held(work)
    old = await work.session.scalars(select(PersonRow.id).where(PersonRow.id.in_(page), _old_customer(before)))
    gone = [person for person in old if person not in held.persons]
    for person in gone:
        await erasing.strip(work, person)
    await queues.save_cursor(work, _CURSOR + Kept.CUSTOMERS, page[-1] if len(page) == WINDOW else "")
    return Batch(len(gone), len(page) == WINDOW)


async def _forget_surveys(work: Work, before: datetime) -> Batch:
    campaign, _, person = (await queues.read_cursor(work, _CURSOR + Kept.SURVEYS) or "0 ").partition(" ")
    rows = list(
        await work.session.scalars(
            select(SurveyedRow)
            .join(CampaignRow, CampaignRow.id == SurveyedRow.campaign)
            .where(CampaignRow.expires_at < before)
            .where(tuple_(SurveyedRow.campaign, SurveyedRow.person) > (int(campaign), person))
            .order_by(SurveyedRow.campaign, SurveyedRow.person)
            .limit(WINDOW)
        )
    )
    if not rows:
        return Batch(0, False)
    held = await holds.held(work)
    went = await erasing.forget_answers(work, [row for row in rows if row.person not in held.persons])
    await queues.save_cursor(work, _CURSOR + Kept.SURVEYS, f"{rows[-1].campaign} {rows[-1].person}")
    return Batch(went, len(rows) == WINDOW)


def _unused(before: datetime) -> ColumnElement[bool]:
    young = or_(ComplaintRow.status.not_in(SETTLED), ComplaintRow.closed_at >= before, ComplaintRow.closed_at.is_(None))
    told = exists().where(ComplaintRow.complainant == AddressRow.person, young)
    return and_(func.coalesce(AddressRow.last_inbound_at, AddressRow.created_at) < before, ~told)


async def _forget_sealed(work: Work, before: datetime) -> Batch:
    """Drop where those were answered who would not be named; read channel by channel, off the addresses' own key."""
    held, went, channel = await holds.held(work), 0, ""
    while found := await work.session.scalar(select(func.min(AddressRow.channel)).where(AddressRow.channel > channel)):
        channel = found
        old = await work.session.execute(
            select(AddressRow.address, AddressRow.person).where(
                AddressRow.channel == channel, AddressRow.address.between(*_SEALED), _unused(before)
            )
        )
        for address, person in old.all():
            if person not in held.complainants:
                one = (AddressRow.channel == channel, AddressRow.address == address)
                went += await erasing.run(work, delete(AddressRow).where(*one))
    return Batch(went, False)


def _old_request(before: datetime) -> ColumnElement[bool]:
    words = or_(DataRequestRow.address != "", DataRequestRow.answer != "", DataRequestRow.confirmed_how != "")
    return and_(DataRequestRow.answered_at < before, words)


# ── the files themselves, and what is remembered of it all ────────────────────────────────────────────────────────────


async def doomed(work: Work) -> list[tuple[int, str]]:
    """Return (id, path) of some files that are to be taken off the disk."""
    rows = await work.session.execute(
        select(FileRow.id, FileRow.path).where(FileRow.state == DOOMED, FileRow.path != "").limit(WINDOW)
    )
    return [(id, path) for id, path in rows]


async def gone(work: Work, ids: Sequence[int]) -> None:
    """Note that files are off the disk."""
    await erasing.run(work, update(FileRow).where(FileRow.id.in_(ids)).values(path="", state=GONE))


async def day_done(work: Work) -> str:
    """Return the last day of which all was done, ISO; empty: none yet."""
    return await queues.read_cursor(work, _DAY) or ""


async def note_day(work: Work, day: str) -> None:
    await queues.save_cursor(work, _DAY, day)


async def purge_wanted(work: Work) -> bool:
    """Say whether somebody was erased since the database file was last written anew."""
    return await queues.read_cursor(work, _PURGE) == "yes"


async def want_purge(work: Work, wanted: bool) -> None:
    await queues.save_cursor(work, _PURGE, "yes" if wanted else "no")


async def walk_anew(work: Work) -> None:
    """Let all kinds be walked from their beginning: something that was passed over may be free now."""
    for kept in Kept:
        await work.session.execute(delete(CursorRow).where(CursorRow.name == _CURSOR + kept))
