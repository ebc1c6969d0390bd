"""When the processes last said that they work, for all the others: rows among the cursors.

Of each channel that one process at a time can read, whoever reads it; of each role, whoever has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.storage import queues
from bot.storage.work import Work

_NAME, _ROLE = "reading:", "working:"


async def save(work: Work, channels: Iterable[str], at: datetime) -> None:
    for channel in channels:
        await queues.save_cursor(work, _NAME + channel, at.isoformat())


async def last(work: Work) -> dict[str, datetime]:
    """Return by channel when whoever reads it last said that it works."""
    return {channel: datetime.fromisoformat(at) for channel, at in (await queues.cursors(work, _NAME)).items()}


async def save_roles(work: Work, roles: Iterable[str], at: datetime) -> None:
    for role in roles:
        await queues.save_cursor(work, _ROLE + role, at.isoformat())


async def last_roles(work: Work) -> dict[str, datetime]:
    """Return by role when a process that has it last said that all it does for it works."""
    return {role: datetime.fromisoformat(at) for role, at in (await queues.cursors(work, _ROLE)).items()}
