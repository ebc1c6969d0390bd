"""Taking people's words, names and addresses out of the tables: of complaints, or of all that is kept of a person.

A row stays, emptied, where something counts it or points at it; others go. The work forgets what it had read before and
after, so nothing writes it back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, delete, func, or_, select, tuple_, update

from bot.storage import audit, codec
from bot.storage.digests import hidden
from bot.storage.files import DOOMED
from bot.storage.marks import marks_of
from bot.storage.models import (
    AddressRow,
    Base,
    BindCodeRow,
    ChatLineRow,
    ChoreRow,
    ComplaintRow,
    DataRequestRow,
    DeliveryRow,
    FileRow,
    InboxRow,
    LinkRow,
    MessageRow,
    OutboxRow,
    PersonRow,
    SurveyedRow,
)
from bot.storage.queues import DISMISSED, DONE, HELD, QUARANTINED, QUEUED, SKIPPED
from bot.storage.work import Work
from complaints.forgetting import forgotten, is_counted
from complaints.vocabulary import SETTLED, Status

T = TypeVar("T")

EMPTY_MESSAGE: dict[str, Any] = {
    "text": "", "subject": "", "address": "", "attachments": "", "message_id": None, "own_address": None, "album": None,
}  # fmt: skip
EMPTY_FILE: dict[str, Any] = {
    "state": DOOMED, "name": "", "handle": "", "address": "", "reply_to": None, "detail": "", "sha256": None,
}  # fmt: skip
EMPTY_OUTGOING: dict[str, Any] = {
    "facts": "{}", "address": "", "reply_to": None, "tried": "", "external_id": None, "detail": "",
}  # fmt: skip
EMPTY_ATTEMPT: dict[str, Any] = {"address": "", "detail": "", "external_id": None}
_SAID = "in:"  # what the logs of chats begin the keys of people's own lines with
_MANY = 400  # values in one statement: databases limit them
_UNSENT = (QUEUED, HELD)


async def forget_cases(
    work: Work, references: Sequence[str], now: datetime, *, by: str | None = None, of: str | None = None
) -> Counter[str]:
    """Take the words out of settled complaints and of all that was said, sent and kept about them; return what went, by kind.

    Each becomes a nameless person's; of: the person whose it stays, who is being made nameless.
    """
    await work.start_afresh()
    went: Counter[str] = Counter()
    rows = await work.session.scalars(select(ComplaintRow).where(ComplaintRow.reference.in_(references)))
    done = []
    for row in list(rows):
        try:
            complaint = codec.decode_complaint(row.record)
        except ValueError:
            went["damaged"] += 1
            continue
        done.append(row.reference)
        nobody = of if of == complaint.complainant else await _somebody_nameless(work, now)
        empty = replace(forgotten(complaint, nobody), version=complaint.version + 1)
        row.complainant, row.version, row.forgotten_at = nobody, empty.version, now
        row.record = codec.encode_complaint(empty)
    await work.session.flush()
    went["complaints"] = len(done)
    if done:
        await _forget_about(work, done, went)
        await audit.redact(work, done, now, by)
    await work.start_afresh()
    return went


async def _somebody_nameless(work: Work, now: datetime) -> str:
    row = await work.new_customer(now)
    row.unnamed = True
    return row.id


async def _forget_about(work: Work, references: Sequence[str], went: Counter[str]) -> None:
    """Empty what was said, sent and kept about complaints."""
    inbox = await _ids(work, InboxRow.id, InboxRow.reference, references)
    inbox |= {id for id in await _ids(work, MessageRow.inbox_id, MessageRow.reference, references) if id is not None}
    await _drop_said(work, MessageRow.reference, references, went)
    outbox = await _ids(work, OutboxRow.id, OutboxRow.reference, references)
    went += await empty_outgoing(work, outbox)
    went["messages"] += await _set(work, MessageRow, MessageRow.reference, references, EMPTY_MESSAGE)
    went["files"] += await _set(work, FileRow, FileRow.reference, references, EMPTY_FILE)
    went += await empty_incoming(work, inbox)
    for links in (LinkRow.first, LinkRow.second):
        await _set(work, LinkRow, links, references, {"why": ""})
    # A report's workbook has lines of complaints; one that is not sent yet is made anew without these.
    await work.session.execute(update(ChoreRow).where(ChoreRow.file.is_not(None)).values(file=None))


# ── what is said and sent ─────────────────────────────────────────────────────────────────────────────────────────────


async def empty_incoming(work: Work, ids: Collection[int]) -> Counter[str]:
    """Empty raw messages, the files that came with them and the lines that chats show of them. The identity stays, hidden
    where it names the conversation: none is taken in twice.
    """
    lines = await hide_identities(work, ids)
    empty = {"raw": b"", "conversation": "", "outcome": ""}
    ended = InboxRow.state.in_((DONE, QUARANTINED, DISMISSED))
    raw = await _set(work, InboxRow, InboxRow.id, ids, empty, ended)
    files = await _set(work, FileRow, FileRow.inbox_id, ids, EMPTY_FILE, FileRow.state != DOOMED)
    return Counter(raw=raw, files=files, chat_lines=await _drop_lines(work, lines))


async def hide_identities(work: Work, ids: Collection[int]) -> set[tuple[str, str, str]]:
    """Hide the identity of raw messages where it names the conversation; return how the logs of chats call their lines."""
    lines: set[tuple[str, str, str]] = set()
    for some in _some(ids):
        of_it = (InboxRow.id, InboxRow.channel, InboxRow.conversation, InboxRow.external_id)
        named = await work.session.execute(select(*of_it).where(InboxRow.id.in_(some), InboxRow.conversation != ""))
        for id, channel, conversation, external_id in named.all():
            lines.add((channel, conversation, _SAID + external_id.rpartition(":")[2]))
            if conversation in external_id:
                await _set(work, InboxRow, InboxRow.id, [id], {"external_id": hidden(external_id)})
    return lines


async def empty_outgoing(work: Work, ids: Collection[int]) -> Counter[str]:
    """Empty messages of ours, what was written down of their attempts, and the words that people read of them. What has not
    left yet does not leave any more.
    """
    lines: set[tuple[str, str, str]] = set()
    leaders: set[int] = set()
    for some in _some(ids):
        rows = await work.session.execute(
            select(OutboxRow.channel, OutboxRow.address, OutboxRow.key, OutboxRow.joined_to).where(
                OutboxRow.id.in_(some)
            )
        )
        for channel, address, key, joined in rows.all():
            lines.add((channel, address, key))
            leaders |= {joined} if joined is not None else set()
    for some in _some(leaders):  # several notices in one message: its words go, whoever else it was about
        carried = select(OutboxRow.channel, OutboxRow.address, OutboxRow.key).where(OutboxRow.id.in_(some))
        lines |= {(channel, address, key) for channel, address, key in await work.session.execute(carried)}
    dropped = await _drop_lines(work, lines)
    never = {"state": SKIPPED, "waits": "", "lease_until": None}
    await _set(work, OutboxRow, OutboxRow.id, ids, never, OutboxRow.state.in_(_UNSENT))
    emptied = await _set(work, OutboxRow, OutboxRow.id, ids, EMPTY_OUTGOING)
    await _set(work, DeliveryRow, DeliveryRow.outbox_id, ids, EMPTY_ATTEMPT)
    messages = await _set(work, MessageRow, MessageRow.outbox_id, {*ids, *leaders}, EMPTY_MESSAGE)
    return Counter(outbox=emptied, messages=messages, chat_lines=dropped)


async def _drop_said(work: Work, column: Any, values: Collection[Any], went: Counter[str]) -> None:
    """Drop the lines that chats show of what people said, by what was understood of it."""
    for some in _some(values):
        said = select(MessageRow.channel, MessageRow.address, MessageRow.message_id)
        rows = await work.session.execute(said.where(column.in_(some), MessageRow.outgoing.is_(False)))
        went["chat_lines"] += await _drop_lines(work, {(c, address, f"{_SAID}{id}") for c, address, id in rows if id})


async def _drop_lines(work: Work, lines: Iterable[tuple[str, str, str]]) -> int:
    key = tuple_(ChatLineRow.channel, ChatLineRow.conversation, ChatLineRow.key)
    return sum([await drop_lines(work, key.in_(some)) for some in _some(lines)])


async def drop_lines(work: Work, *which: ColumnElement[bool]) -> int:
    """Drop lines of chats. The last of all stays, emptied and nobody's: numbers count on from it."""
    last = await work.session.scalar(select(func.max(ChatLineRow.seq)))
    nobodys = {"conversation": "", "text": "", "buttons": "[]", "files": "[]"}
    kept = await run(work, update(ChatLineRow).where(*which, ChatLineRow.seq == last).values(nobodys))
    return kept + await run(work, delete(ChatLineRow).where(*which, ChatLineRow.seq != last))


# ── a person ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def forget_person(work: Work, person: str, now: datetime, *, by: str | None = None) -> Counter[str]:
    """Take out all that is kept of a customer: complaints, words, files, addresses, names. What stays is nobody's.

    All their complaints must be settled, and none held; whoever calls has asked. Looks through whole tables.
    """
    await work.start_afresh()
    row = await work.session.get_one(PersonRow, person)
    assert not row.staff, "colleagues leave by the table of staff"
    marks = await marks_of(work, row)
    theirs = list(await work.session.scalars(select(ComplaintRow.reference).where(ComplaintRow.complainant == person)))
    went: Counter[str] = Counter()
    for some in _some(theirs):
        went += await forget_cases(work, some, now, by=by, of=person)
    went += await empty_outgoing(work, await _naming(work, person, theirs))
    inbox = await _ids(work, MessageRow.inbox_id, MessageRow.person, [person])
    places = list(
        await work.session.execute(select(AddressRow.channel, AddressRow.address).where(AddressRow.person == person))
    )
    for channel, address in places:
        at = select(InboxRow.id).where(InboxRow.channel == channel, InboxRow.conversation == address)
        inbox |= set(await work.session.scalars(at))
        went["chat_lines"] += await drop_lines(
            work, ChatLineRow.channel == channel, ChatLineRow.conversation == address
        )
    went += await empty_incoming(work, {id for id in inbox if id is not None})
    for some in _some(theirs, 50):  # a question that waits for a colleague may repeat their words
        asked = or_(*(AddressRow.pending.contains(reference, autoescape=True) for reference in some))
        await run(work, update(AddressRow).where(asked).values(pending=""))
    went["messages"] += await _set(work, MessageRow, MessageRow.person, [person], EMPTY_MESSAGE)
    went["files"] += await _set(work, FileRow, FileRow.person, [person], EMPTY_FILE, FileRow.state != DOOMED)
    await _set(work, DataRequestRow, DataRequestRow.person, [person], {"address": ""})
    went["addresses"] += await strip(work, person)
    await work.start_afresh()
    went["elsewhere"] += await marks.blot(work)
    if told := await marks.events(work):
        went["elsewhere"] += await audit.redact_some(work, told, now, by)
    await work.start_afresh()
    return went


async def strip(work: Work, person: str) -> int:
    """Take away a customer's name, numbers, addresses and own words to surveys; return how many addresses there were."""
    await forget_answers(
        work, list(await work.session.scalars(select(SurveyedRow).where(SurveyedRow.person == person)))
    )
    await run(work, delete(BindCodeRow).where(BindCodeRow.person == person))
    addresses = await run(work, delete(AddressRow).where(AddressRow.person == person))
    nobody = {"name": "", "phone": "", "email": "", "place": "", "unnamed": True}
    await _set(work, PersonRow, PersonRow.id, [person], nobody)
    await work.start_afresh()
    return addresses


async def forget_answers(work: Work, rows: Sequence[SurveyedRow]) -> int:
    """Take what people wrote in their own words out of the answers to campaigns; what is counted stays."""
    emptied = 0
    for row in rows:
        answers = codec.loads(row.answers)
        kept = [each | {"value": each["value"] if is_counted(each["value"]) else ""} for each in answers]
        if kept != answers:
            row.answers = codec.dumps(kept)
            emptied += 1
    await work.session.flush()
    return emptied


async def complaints_of(work: Work, person: str) -> tuple[list[str], list[str]]:
    """Return which of a customer's complaints still go on, be it through the one they were merged into, and all of theirs."""
    await work.flush_if_writing()
    rows = await work.session.execute(
        select(ComplaintRow.reference, ComplaintRow.status, ComplaintRow.closed_at)
        .where(ComplaintRow.complainant == person)
        .order_by(ComplaintRow.reference)
    )
    found = rows.all()
    going_on = [
        reference
        for reference, status, closed_at in found
        if status not in SETTLED or (status == Status.MERGED and closed_at is None)
    ]
    return going_on, [reference for reference, _, _ in found]


async def _naming(work: Work, person: str, references: Sequence[str]) -> set[int]:
    """Return the messages of ours to a person, and those that speak of one of their complaints without being about it."""
    lanes = [f"person:{person}", f"sms:{person}"]
    to_them = or_(OutboxRow.person == person, OutboxRow.lane.in_(lanes))
    found = set(await work.session.scalars(select(OutboxRow.id).where(to_them)))
    for some in _some(references, 50):
        speaks = or_(*(OutboxRow.facts.contains(reference, autoescape=True) for reference in some))
        found |= set(await work.session.scalars(select(OutboxRow.id).where(OutboxRow.reference.is_(None), speaks)))
    return found


# ── statements ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _ids(work: Work, id: Any, column: Any, values: Collection[Any]) -> set[Any]:
    found: set[Any] = set()
    for some in _some(values):
        found |= set(await work.session.scalars(select(id).where(column.in_(some))))
    return found


async def _set(
    work: Work, table: type[Base], column: Any, values: Collection[Any], to: dict[str, Any], *where: ColumnElement[bool]
) -> int:
    """Set columns of the rows that have one of these values in `column`; return how many there were."""
    return sum([await run(work, update(table).where(column.in_(some), *where).values(to)) for some in _some(values)])


async def run(work: Work, statement: Any) -> int:
    """Execute a statement past what was read, and return how many rows it touched."""
    done = await work.session.execute(statement.execution_options(synchronize_session=False))
    return int(getattr(done, "rowcount", 0))


def _some(values: Iterable[T], size: int = _MANY) -> Iterator[list[T]]:
    """Yield values in portions that fit into a statement."""
    every = list(values)
    for at in range(0, len(every), size):
        yield every[at : at + size]
