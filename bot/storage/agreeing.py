"""Whether complaints are what their events say.

A complaint is one row, which changes; its events are only appended, and sealed. So whoever changes a row, or takes one away,
behind the service's back shows here: in what the columns and the record have both, and in what the events tell.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Row, select
from sqlalchemy import func as sql

from bot.storage import codec
from bot.storage.models import ComplaintRow, EventRow
from complaints.change import EventKind

if TYPE_CHECKING:
    from bot.storage.work import Work

NAMED = 5
_PAGE = 500
_BOTH = (
    "version", "status", "severity", "category", "channel", "complainant", "finder", "owner", "site", "drill", "mystery",
)  # fmt: skip
"""What stands in the record and in a column of its own alike."""
_Record = msgspec.defstruct("_Record", [("reference", str), *((name, Any, msgspec.UNSET) for name in _BOTH)])
_record: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_Record)  # words of a newer version are as good as ours

_SEVERITY: Mapping[str, str] = {
    EventKind.GRADED: "to",
    EventKind.GRADE_REFUSED: "to",
    EventKind.REOPENED: "severity",
}
"""The kinds of events that set the severity, and which of their facts it is."""


async def differences(work: Work) -> tuple[int, tuple[str, ...]]:
    """Return how many complaints are not what their events say, and what is wrong with the first of them, in words.

    A look at every complaint, a page at a time, and at the events of a page: the last of each kind.
    """
    count = 0
    named: list[str] = []
    async for trouble in _differences(work):
        count += 1
        if len(named) < NAMED:
            named.append(trouble)
    return count, tuple(named)


async def _differences(work: Work) -> AsyncIterator[str]:
    async for reference in _without_row(work):
        yield f"{reference} is gone, and its events are there"
    async for page in _complaints(work):
        events = await _last_events(work, [row.reference for row in page])
        for row in page:
            if trouble := _trouble(row, events.get(row.reference, {})):
                yield f"{row.reference} {trouble}"


async def _without_row(work: Work) -> AsyncIterator[str]:
    its_row = select(ComplaintRow.reference).where(ComplaintRow.reference == EventRow.reference).correlate(EventRow)
    after = ""
    while True:
        page = await work.session.scalars(
            select(EventRow.reference)
            .where(EventRow.reference > after, ~its_row.exists())
            .group_by(EventRow.reference)
            .order_by(EventRow.reference)
            .limit(_PAGE)
        )
        references = list(page)
        if not references:
            return
        for after in references:
            yield after


async def _complaints(work: Work) -> AsyncIterator[Sequence[Row[Any]]]:
    columns = [ComplaintRow.__table__.c[name] for name in ("reference", *_BOTH, "record")]
    after = ""
    while True:
        found = await work.session.execute(
            select(*columns).where(ComplaintRow.reference > after).order_by(ComplaintRow.reference).limit(_PAGE)
        )
        page = found.all()
        if not page:
            return
        yield page
        after = page[-1].reference


async def _last_events(work: Work, references: Sequence[str]) -> dict[str, dict[str, Row[Any]]]:
    """Return the last event of each kind of these complaints, by complaint and kind."""
    last = (
        select(sql.max(EventRow.id))
        .where(EventRow.reference.in_(references))
        .group_by(EventRow.reference, EventRow.kind)
    )
    found: dict[str, dict[str, Row[Any]]] = {}
    columns = [EventRow.__table__.c[name] for name in ("id", "reference", "kind", "new", "facts")]
    for row in await work.session.execute(select(*columns).where(EventRow.id.in_(last))):
        found.setdefault(row.reference, {})[row.kind] = row
    return found


def _trouble(row: Row[Any], events: Mapping[str, Row[Any]]) -> str:
    """Say in what a complaint is not what its record and its events say; "" where it is."""
    try:
        record = _record.decode(row.record)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "has a record that cannot be read"
    if record.reference != row.reference:
        return f"has the record of {record.reference}"
    for name in _BOTH:
        value = getattr(record, name)  # an older version's record may lack some
        if value is not msgspec.UNSET and getattr(row, name) != value:
            return f"is {getattr(row, name)} by its column {name} and {value} by its record"
    if not events:
        return "has no events"
    last = max(events.values(), key=_number)
    if last.new != row.status:
        return f"is {row.status}, and {last.new} by its last event ({last.id}, {last.kind})"
    graded = max((event for kind, event in events.items() if kind in _SEVERITY), key=_number, default=None)
    if graded is not None:
        severity = codec.loads(graded.facts).get(_SEVERITY[graded.kind])  # none where its words were erased
        if severity is not None and severity != row.severity:
            return f"is of severity {row.severity}, and {severity} by event {graded.id} ({graded.kind})"
    return _owned(row.owner, events)


def _owned(owner: str | None, events: Mapping[str, Row[Any]]) -> str:
    """Likewise of who has it: whom it was given to last. Nobody can have it for many reasons: that is not judged."""
    if owner is None or EventKind.MERGED in events:
        return ""  # with the result of its master it got the master's owner, too
    given = events.get(EventKind.DISPATCHED)
    if given is None:
        return f"is with {owner}, and no event gave it to anybody"
    to = codec.loads(given.facts).get("to", owner)  # none where its words were erased
    return "" if to == owner else f"is with {owner}, and with {to} by event {given.id} ({given.kind})"


def _number(event: Row[Any]) -> int:
    number: int = event.id
    return number
