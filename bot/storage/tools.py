"""What the desk's own tools read and keep: pages of the queue, canned words, whether a drill goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_

from bot.storage import codec, queues
from bot.storage.audit import record_act
from bot.storage.models import OPEN, WAITING, ComplaintRow, PhraseRow
from bot.storage.work import Work
from complaints.complaint import Complaint
from complaints.vocabulary import Status

_DRILL = "drill"
MOST_PHRASES = 30  # that a list shows


@dataclass(frozen=True, slots=True)
class QueueWanted:
    """Which of the queue is wanted. overdue_at: only what is past its limit at that moment, the longest overdue first; else
    the most severe first, of equals the oldest. drill: practice instead of the real ones. sites: of nowhere else, where who
    asks works for some sites only. reader: who asks; what names them is none of theirs.
    """

    overdue_at: datetime | None = None
    unassigned: bool = False
    drill: bool = False
    severity: str = ""
    site: str = ""
    sites: frozenset[str] = frozenset()
    reader: str = ""


def queue_query(wanted: QueueWanted, after: Sequence[str], size: int) -> Select[str, str, datetime, datetime | None]:
    """Return the query of a page and of one row more: every filter that stands alone has an index in the page's order."""
    row = ComplaintRow
    where: list[ColumnElement[bool]] = [row.drill.is_(wanted.drill)]
    if wanted.site:
        where.append(row.site == wanted.site)
    elif wanted.sites:
        where.append(row.site.in_(("", *sorted(wanted.sites))))
    if wanted.severity:
        where.append(row.severity == wanted.severity)
    if wanted.reader:
        where.append(row.names.not_like(f"%,{wanted.reader},%"))
    order: tuple[Any, ...] = (row.severity, row.received_at, row.reference)
    if wanted.overdue_at is not None:
        order = (row.due_at, row.reference)
        where += [row.due_at < wanted.overdue_at, row.status != Status.ON_HOLD]
        if after:
            where.append(tuple_(row.due_at, row.reference) > (datetime.fromisoformat(after[0]), after[1]))
    elif after:
        severity, received_at, reference = after[0], datetime.fromisoformat(after[1]), after[2]
        later = or_(row.received_at > received_at, and_(row.received_at == received_at, row.reference > reference))
        where += [row.severity >= severity, or_(row.severity > severity, later)]
    return (
        select(row.reference, row.severity, row.received_at, row.due_at)
        .where(WAITING if wanted.unassigned else OPEN, *where)
        .order_by(*order)
        .limit(size + 1)
    )


async def queue_page(
    work: Work, wanted: QueueWanted, after: Sequence[str], size: int
) -> tuple[list[Complaint], list[str]]:
    """Return a page of the queue and what to give for `after` to get the next one; that is empty on the last page.

    It costs what it shows, however many there are.
    """
    await work.flush_if_writing()
    rows = (await work.session.execute(queue_query(wanted, after, size))).all()
    shown = rows[:size]
    await work.prefetch_complaints([each.reference for each in shown])
    found = [complaint for each in shown if (complaint := work.known_complaint(each.reference)) is not None]
    if len(rows) <= size:
        return found, []
    last = shown[-1]
    if wanted.overdue_at is not None:
        assert last.due_at is not None
        return found, [last.due_at.isoformat(), last.reference]
    return found, [last.severity, last.received_at.isoformat(), last.reference]


# ── canned words ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def phrases(work: Work, words: str = "", limit: int | None = MOST_PHRASES + 1) -> list[PhraseRow]:
    """Return canned words, all or those that have `words` in their title or text, by their number."""
    await work.flush_if_writing()
    query = select(PhraseRow)
    if words:
        folded = words.casefold()
        query = query.where(
            or_(
                func.lower(PhraseRow.title).contains(folded, autoescape=True),
                func.lower(PhraseRow.words).contains(folded, autoescape=True),
            )
        )
    return list(await work.session.scalars(query.order_by(PhraseRow.id).limit(limit)))


async def phrase(work: Work, id: int) -> PhraseRow | None:
    """Return the canned words of that number."""
    return await work.session.get(PhraseRow, id)


async def keep_phrase(work: Work, title: str, words: str, by: str | None, now: datetime) -> PhraseRow:
    """Keep canned words under a title; words that have it already give way, under the same number."""
    await work.flush_if_writing()
    row = await work.session.scalar(select(PhraseRow).where(PhraseRow.title == title))
    if row is None:
        row = PhraseRow(title=title)
        work.session.add(row)
    row.words, row.by, row.at = words, by, now
    await work.session.flush()
    record_act(work, "phrase_kept", now, by, id=row.id)
    return row


async def drop_phrase(work: Work, row: PhraseRow, by: str, now: datetime) -> None:
    """Forget canned words."""
    record_act(work, "phrase_dropped", now, by, id=row.id)
    await work.session.delete(row)


# ── drills ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill that goes on. by: who began it. until: when it ends by itself."""

    by: str
    since: datetime
    until: datetime


async def drill(work: Work, now: datetime) -> Drill | None:
    """Return the drill that goes on; None where none does."""
    kept = await queues.read_cursor(work, _DRILL)
    if not kept:
        return None
    told = codec.loads(kept)
    found = Drill(told["by"], datetime.fromisoformat(told["since"]), datetime.fromisoformat(told["until"]))
    return found if found.until > now else None


async def set_drill(work: Work, drill: Drill | None) -> None:
    """Let a drill begin, or end."""
    told = {"by": drill.by, "since": drill.since, "until": drill.until} if drill is not None else None
    await queues.save_cursor(work, _DRILL, codec.dumps(told) if told else "")


async def open_drills(work: Work, limit: int) -> list[Complaint]:
    """Return practice complaints that are not put away."""
    await work.flush_if_writing()
    rows = await work.session.scalars(
        select(ComplaintRow.reference).where(OPEN, ComplaintRow.drill.is_(True)).limit(limit)
    )
    references = list(rows)
    await work.prefetch_complaints(references)
    return [complaint for each in references if (complaint := work.known_complaint(each)) is not None]
