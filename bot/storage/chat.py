"""The log that web chat and the SMS stub show again after a reconnect (`connectors.port.ConversationLog`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Table, bindparam, func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import Clock
from bot.storage import codec
from bot.storage.database import Database
from bot.storage.models import ChatLineRow
from bot.storage.queues import lane_key
from bot.storage.work import Work
from connectors.port import Attachment, Button, Command, LogEntry

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
_ABOVE = _LINES.alias("above")
_AFTER = select(func.max(_ABOVE.c.seq)).where(
    _ABOVE.c.channel == bindparam("on"), _ABOVE.c.conversation == bindparam("of"), _ABOVE.c.key != bindparam("known")
)
_ADD = {
    lite: insert(_LINES)
    .on_conflict_do_nothing(index_elements=["channel", "conversation", "key"])
    .returning(_LINES.c.seq, _AFTER.scalar_subquery())
    for lite, insert in ((True, sqlite.insert), (False, postgresql.insert))
}

_buttons = msgspec.json.Decoder(tuple[Button, ...])
_files = msgspec.json.Decoder(tuple[Attachment, ...])  # their bytes in base64
_menu = msgspec.json.Decoder(tuple[Command, ...])


class ChatLog:
    """Kept in our own tables: one commit a line, shared with whatever else is being written."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

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
        line = {
            "channel": channel,
            "conversation": conversation,
            "key": key,
            "outgoing": outgoing,
            "text": text,
            "buttons": codec.dumps(list(buttons)),
            "files": codec.dumps(list(files)),
            "menu": "" if menu is None else codec.dumps(list(menu)),
        }

        async def job(work: Work) -> LogEntry:
            if not work.sqlite:
                # A line is numbered when it is written and seen when it is committed: of two processes the later number might
                # be seen first, and a page that reads on from there would never show the earlier one.
                await work.session.execute(
                    sql("SELECT pg_advisory_xact_lock(:class, :key)"),
                    {"class": _LINE_LOCKS, "key": lane_key((channel, conversation))},
                )
            at, same = self._clock.now(), {"on": channel, "of": conversation, "known": key}
            added = (await work.session.execute(_ADD[work.sqlite], line | same | {"at": at})).one_or_none()
            if added is None:
                return _entry(*(await work.session.execute(_SAME, same)).one())
            work.touched.add(f"{SAID}{channel}/{conversation}")
            return LogEntry(added[0], key, outgoing, text, tuple(buttons), at, tuple(files), menu, after=added[1] or 0)

        return await self._database.write(job)

    async def since(self, channel: str, conversation: str, seq: int, *, limit: int = 200) -> list[LogEntry]:
        async def job(work: Work) -> list[LogEntry]:
            rows = await work.session.execute(_SINCE, {"on": channel, "of": conversation, "seen": seq, "most": limit})
            return [_entry(*row) for row in rows]

        return await self._database.read(job)


def _entry(
    seq: int, key: str, outgoing: bool, text: str, buttons: str, at: datetime, files: str, menu: str
) -> LogEntry:
    offered = _menu.decode(menu) if menu else None
    return LogEntry(seq, key, outgoing, text, _buttons.decode(buttons), at, _files.decode(files), offered)
