"""The table of files: what came with messages, what of it we have, and what is still to be fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import func, select, update

from bot.storage import codec
from bot.storage.models import FileRow, InboxRow, MessageRow, OutboxRow
from bot.storage.values import FileKept
from bot.storage.work import Work

WAITING, FETCHED, FAILED, TOO_LARGE = "waiting", "fetched", "failed", "too_large"
DOOMED, GONE = "doomed", "gone"  # forgotten: still to be taken off the disk, and taken off

_KEPT = tuple(getattr(FileRow, each.name) for each in fields(FileKept))
_NEXT_DUE = select(func.min(FileRow.due_at)).where(FileRow.state == WAITING)


async def next_due(work: Work) -> datetime | None:
    """Return when the first file that waits is to be fetched."""
    return await work.session.scalar(_NEXT_DUE)


async def claim(work: Work, now: datetime, until: datetime, limit: int) -> list[FileKept]:
    """Take files that are due, the longest waiting of each person first; nobody else tries them before `until`."""
    nth = func.row_number().over(partition_by=FileRow.person, order_by=(FileRow.due_at, FileRow.id)).label("nth")
    waiting = select(FileRow.id, nth).where(FileRow.state == WAITING, FileRow.due_at <= now).subquery("waiting")
    # Asked again outside: what another process took since is seen there, and not within the subquery.
    found = await work.session.execute(
        select(*_KEPT)
        .join(waiting, waiting.c.id == FileRow.id)
        .where(FileRow.state == WAITING, FileRow.due_at <= now)
        .order_by(waiting.c.nth, FileRow.due_at, FileRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=FileRow)
    )
    kept = [FileKept(*row) for row in found]
    if kept:
        taken = update(FileRow).where(FileRow.id.in_([file.id for file in kept]))
        await work.session.execute(taken.values(due_at=until, attempts=FileRow.attempts + 1))
    return kept


async def record(
    work: Work,
    id: int,
    state: str,
    now: datetime,
    *,
    detail: str = "",
    due_at: datetime | None = None,
    size: int | None = None,
    sha256: str | None = None,
    type: str | None = None,
) -> FileKept | None:
    """Write down what became of a file and return it; None where somebody else has ended it meanwhile.

    due_at: when a file that still waits is tried again.
    """
    row = await work.session.get(FileRow, id, with_for_update=True, populate_existing=True)
    if row is None or row.state != WAITING:
        return None
    row.state, row.detail = state, detail
    if due_at is not None:
        row.due_at = due_at
    if state != WAITING:
        row.done_at = now
    if size is not None:
        row.size, row.sha256 = size, sha256
    if type is not None:
        row.type = type
    return FileKept(*(getattr(row, each.name) for each in fields(FileKept)))


async def bytes_since(work: Work, person: str, since: datetime) -> int:
    """Return how many bytes are kept of what a person has sent since then."""
    of_them = FileRow.person == person, FileRow.created_at >= since, FileRow.state == FETCHED
    return await work.session.scalar(select(func.coalesce(func.sum(FileRow.size), 0)).where(*of_them)) or 0


async def is_forgotten(work: Work, id: int) -> bool:
    """Say whether a file may be on the disk no more."""
    state = await work.session.scalar(select(FileRow.state).where(FileRow.id == id))
    return state in (DOOMED, GONE)


async def of_complaint(work: Work, reference: str) -> list[FileKept]:
    """Return a complaint's files, the first that came first."""
    found = await work.session.execute(select(*_KEPT).where(FileRow.reference == reference).order_by(FileRow.id))
    return [FileKept(*row) for row in found]


async def shown(work: Work, reference: str, person: str, notice: str) -> set[int]:
    """Return the ids of a complaint's files that a person was shown by messages of that kind, or is about to be."""
    await work.flush_if_writing()
    told = await work.session.scalars(
        select(OutboxRow.facts).where(
            OutboxRow.reference == reference, OutboxRow.notice == notice, OutboxRow.person == person
        )
    )
    return {int(id) for facts in told for id in codec.loads(facts).get("files", "").split(",") if id}


async def unbound(work: Work, person: str, channel: str, address: str, since: datetime) -> list[FileKept]:
    """Return the files that a person sent in a conversation since then without saying what they are about."""
    await work.flush()
    found = await work.session.execute(
        select(*_KEPT)
        .where(
            FileRow.person == person,
            FileRow.reference.is_(None),
            FileRow.channel == channel,
            FileRow.address == address,
            FileRow.created_at >= since,
        )
        .order_by(FileRow.id)
    )
    return [FileKept(*row) for row in found]


async def bind(work: Work, files: Sequence[FileKept], reference: str) -> None:
    """Let files, and the messages they came with, belong to a complaint."""
    inbox_ids = {file.inbox_id for file in files}
    await work.session.execute(
        update(FileRow).where(FileRow.id.in_([file.id for file in files])).values(reference=reference)
    )
    external = select(InboxRow).where(InboxRow.id.in_(inbox_ids))
    for row in await work.session.scalars(external):
        row.reference = reference
    person = files[0].person
    message_ids = {file.reply_to for file in files if file.reply_to}
    if message_ids:
        await work.session.execute(
            update(MessageRow)
            .where(
                MessageRow.message_id.in_(message_ids),
                MessageRow.person == person,
                MessageRow.inbox_id.in_(inbox_ids),
            )
            .values(reference=reference)
        )
