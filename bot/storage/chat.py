"""The log that web chat and the SMS stub show again after a reconnect (`connectors.port.ConversationLog`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec
from sqlalchemy import Table, bindparam, func, select, tuple_
from sqlalchemy import text as sql
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import Clock
from bot.storage import codec
from bot.storage.database import Database
from bot.storage.gathering import Gathering
from bot.storage.models import ChatLineRow
from bot.storage.queues import lane_key
from bot.storage.statements import run
from bot.storage.work import Work
from connectors.port import Attachment, Button, Command, Intake, LogEntry, RawMessage

SAID = "said "
"""The topic of a line that was added: this, the channel, a slash, the conversation."""

_LINE_LOCKS = 7_301_005  # class of the PostgreSQL advisory locks on the lines of a conversation

# Put together once: that takes longer than to answer them.
_LINES: Table = ChatLineRow.__table__  # type: ignore[assignment]
_OF_CONVERSATION = select(
    _LINES.c.seq,
    _LINES.c.key,
    _LINES.c.outgoing,
    _LINES.c.text,
    _LINES.c.buttons,
    _LINES.c.at,
    _LINES.c.files,
    _LINES.c.menu,
).where(_LINES.c.channel == bindparam("on"), _LINES.c.conversation == bindparam("of"))
_SAME = _OF_CONVERSATION.where(_LINES.c.key == bindparam("known"))
_SINCE = _OF_CONVERSATION.where(_LINES.c.seq > bindparam("seen")).order_by(_LINES.c.seq).limit(bindparam("most"))
_ADD = {
    lite: insert(_LINES)
    .on_conflict_do_nothing(index_elements=["channel", "conversation", "key"])
    .returning(_LINES.c.channel, _LINES.c.conversation, _LINES.c.seq)
    for lite, insert in ((True, sqlite.insert), (False, postgresql.insert))
}
_END = select(func.max(_LINES.c.seq)).where(
    _LINES.c.channel == bindparam("on"), _LINES.c.conversation == bindparam("of")
)
_ENDS = (
    select(_LINES.c.channel, _LINES.c.conversation, func.max(_LINES.c.seq))
    .where(tuple_(_LINES.c.channel, _LINES.c.conversation).in_(bindparam("places", expanding=True)))
    .group_by(_LINES.c.channel, _LINES.c.conversation)
)

_LOCK = sql("SELECT pg_advisory_xact_lock(:class, key) FROM unnest(CAST(:keys AS int[])) AS key")

_buttons = msgspec.json.Decoder(tuple[Button, ...])
_files = msgspec.json.Decoder(tuple[Attachment, ...])  # their bytes in base64
_menu = msgspec.json.Decoder(tuple[Command, ...])


@runtime_checkable
class StoresInWork(Protocol):
    """An intake over the same tables: it stores within somebody else's transaction."""

    @property
    def database(self) -> Database: ...

    async def store_in(self, work: Work, messages: Sequence[RawMessage]) -> list[bool]: ...


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be added; its number is not known yet."""

    channel: str
    conversation: str
    entry: LogEntry


@dataclass(frozen=True, slots=True)
class _Heard:
    """A line of what a person said, and what is stored of it."""

    line: Line
    raw: RawMessage
    intake: StoresInWork


class ChatLog:
    """Kept in our own tables: what is said in many conversations at once is written together."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._gathering = Gathering(database, add_lines)
        self._hearing = Gathering(database, _hear)

    async def append(
        self,
        channel: str,
        conversation: str,
        key: str,
        *,
        outgoing: bool,
        text: str,
        buttons: Sequence[Button] = (),
        files: Sequence[Attachment] = (),
        menu: tuple[Command, ...] | None = None,
    ) -> LogEntry:
        entry = LogEntry(0, key, outgoing, text, tuple(buttons), self._clock.now(), tuple(files), menu)
        return await self._gathering.add(Line(channel, conversation, entry))

    async def hear(
        self, intake: Intake, raw: RawMessage, key: str, *, text: str, files: Sequence[Attachment] = ()
    ) -> LogEntry:
        if isinstance(intake, StoresInWork) and intake.database is self._database:
            entry = LogEntry(0, key, False, text, (), self._clock.now(), tuple(files))
            return await self._hearing.add(_Heard(Line(raw.channel, raw.conversation, entry), raw, intake))
        await intake.store([raw])
        return await self.append(raw.channel, raw.conversation, key, outgoing=False, text=text, files=files)

    async def since(self, channel: str, conversation: str, seq: int, *, limit: int = 200) -> list[LogEntry]:
        async def job(work: Work) -> list[LogEntry]:
            rows = await run(work.session, _SINCE, {"on": channel, "of": conversation, "seen": seq, "most": limit})
            return [_entry(*row) for row in rows]

        return await self._database.read(job)


async def add_lines(work: Work, lines: Sequence[Line]) -> list[LogEntry]:
    """Add lines within a transaction, and return them as they stand there; one whose key is there stays as it was."""
    if not work.sqlite:
        # A line is numbered when it is written and seen when it is committed: of two processes the later number might be
        # seen first, and a page that reads on from there would never show the earlier one.
        keys = sorted({lane_key((line.channel, line.conversation)) for line in lines})
        await work.session.execute(_LOCK, {"class": _LINE_LOCKS, "keys": keys})
    added: list[LogEntry | None] = [None] * len(lines)
    ends = await _ends_of(work, {(line.channel, line.conversation) for line in lines})
    for nth in _one_of_each(lines):
        rows = await run(work.session, _ADD[work.sqlite], [_values(lines[place]) for place in nth])
        placed = {(channel, conversation): seq for channel, conversation, seq in rows}
        for place in nth:
            line = lines[place]
            its = (line.channel, line.conversation)
            if (seq := placed.get(its)) is None:
                same = {"on": line.channel, "of": line.conversation, "known": line.entry.key}
                added[place] = _entry(*(await work.session.execute(_SAME, same)).one())
            else:
                added[place] = replace(line.entry, seq=seq, after=ends.get(its, 0))
                ends[its] = seq
                work.touched.add(f"{SAID}{line.channel}/{line.conversation}")
    return [entry for entry in added if entry is not None]


async def _ends_of(work: Work, places: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the number of the last line of each conversation that has one.

    Asked before a line is added: what an insert returns is no constant to SQLite, which would look through all lines there are
    for the one above. Of several places at once it does the same, so they are asked for one by one there.
    """
    if not work.sqlite:
        rows = await run(work.session, _ENDS, {"places": list(places)})
        return {(channel, conversation): seq for channel, conversation, seq in rows}
    found = {}
    for channel, conversation in places:
        seq = (await run(work.session, _END, {"on": channel, "of": conversation})).scalar()
        if seq is not None:
            found[channel, conversation] = seq
    return found


async def _hear(work: Work, heard: Sequence[_Heard]) -> list[LogEntry]:
    for intake in {each.intake for each in heard}:
        await intake.store_in(work, [each.raw for each in heard if each.intake is intake])
    return await add_lines(work, [each.line for each in heard])


def _one_of_each(lines: Sequence[Line]) -> list[list[int]]:
    """Return the places of lines that a statement each may add: of every conversation the first, then the second, and so on, so
    that each line finds the one above it.
    """
    nth = Counter[tuple[str, str]]()
    places: list[list[int]] = []
    for place, line in enumerate(lines):
        at = nth[line.channel, line.conversation]
        nth[line.channel, line.conversation] += 1
        if at == len(places):
            places.append([])
        places[at].append(place)
    return places


def _values(line: Line) -> dict[str, object]:
    entry = line.entry
    return {
        "channel": line.channel,
        "conversation": line.conversation,
        "key": entry.key,
        "outgoing": entry.outgoing,
        "text": entry.text,
        "buttons": codec.dumps(list(entry.buttons)),
        "at": entry.at,
        "files": codec.dumps(list(entry.files)),
        "menu": "" if entry.menu is None else codec.dumps(list(entry.menu)),
    }


def _entry(
    seq: int, key: str, outgoing: bool, text: str, buttons: str, at: datetime, files: str, menu: str
) -> LogEntry:
    offered = _menu.decode(menu) if menu else None
    return LogEntry(seq, key, outgoing, text, _buttons.decode(buttons), at, _files.decode(files), offered)
