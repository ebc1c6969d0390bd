"""When a channel that one process at a time can read was last read, for all the other processes: rows among the cursors."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.storage import queues
from bot.storage.work import Work

_NAME = "reading:"


async def save(work: Work, channels: Iterable[str], at: datetime) -> None:
    for channel in channels:
        await queues.save_cursor(work, _NAME + channel, at.isoformat())


async def last(work: Work) -> dict[str, datetime]:
    """Return by channel when whoever reads it last said that it works."""
    return {channel: datetime.fromisoformat(at) for channel, at in (await queues.cursors(work, _NAME)).items()}
