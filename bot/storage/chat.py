"""The log that web chat and the SMS stub show again after a reconnect (`connectors.port.ConversationLog`)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import select
from sqlalchemy import text as sql

from bot.clock import Clock
from bot.storage import codec
from bot.storage.database import Database
from bot.storage.models import ChatLineRow
from bot.storage.queues import lane_key
from bot.storage.work import Work
from connectors.port import Attachment, Button, LogEntry

SAID = "said "
"""The topic of a line that was added: this, the channel, a slash, the conversation."""

_LINE_LOCKS = 7_301_005  # class of the PostgreSQL advisory locks on the lines of a conversation

_buttons = msgspec.json.Decoder(tuple[Button, ...])
_files = msgspec.json.Decoder(tuple[Attachment, ...])  # their bytes in base64


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
    ) -> LogEntry:
        async def job(work: Work) -> LogEntry:
            await work.flush()
            if not work.sqlite:
                # A line is numbered when it is written and seen when it is committed: of two processes the later number might
                # be seen first, and a page that reads on from there would never show the earlier one.
                await work.session.execute(
                    sql("SELECT pg_advisory_xact_lock(:class, :key)"),
                    {"class": _LINE_LOCKS, "key": lane_key((channel, conversation))},
                )
            same = select(ChatLineRow).where(
                ChatLineRow.channel == channel, ChatLineRow.conversation == conversation, ChatLineRow.key == key
            )
            row = await work.session.scalar(same)
            if row is None:
                row = ChatLineRow(channel=channel, conversation=conversation, key=key, outgoing=outgoing, text=text)
                row.buttons, row.files, row.at = codec.dumps(list(buttons)), codec.dumps(list(files)), self._clock.now()
                work.session.add(row)
                await work.flush()
                work.touched.add(f"{SAID}{channel}/{conversation}")
            return _entry(row)

        return await self._database.write(job)

    async def since(self, channel: str, conversation: str, seq: int, *, limit: int = 200) -> list[LogEntry]:
        async def job(work: Work) -> list[LogEntry]:
            rows = await work.session.scalars(
                select(ChatLineRow)
                .where(ChatLineRow.channel == channel, ChatLineRow.conversation == conversation, ChatLineRow.seq > seq)
                .order_by(ChatLineRow.seq)
                .limit(limit)
            )
            return [_entry(row) for row in rows]

        return await self._database.read(job)


def _entry(row: ChatLineRow) -> LogEntry:
    buttons, files = _buttons.decode(row.buttons), _files.decode(row.files)
    return LogEntry(row.seq, row.key, row.outgoing, row.text, buttons, row.at, files)
