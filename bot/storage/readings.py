"""When the processes last said that they work, for all the others: rows among the cursors.

Of each channel that one process at a time can read, whoever reads it; of each role, whoever has it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.settings import ProcessRole
from bot.storage import queues, stuck
from bot.storage.models import ActRow
from bot.storage.work import Work

_NAME, _ROLE = "reading:", "working:"
_FIRST = "working-first"  # when a process said its roles for the first time; "" of a desk that was new then
_BEGINNING = timedelta(minutes=5)  # from the first act upon a new desk, which is a start, to that
_UPGRADE = timedelta(days=1)
"""So long after that there may be processes of an older version, which do not say which roles they have."""


async def save(work: Work, channels: Iterable[str], at: datetime) -> None:
    for channel in channels:
        await queues.save_cursor(work, _NAME + channel, at.isoformat())


async def last(work: Work) -> dict[str, datetime]:
    """Return by channel when whoever reads it last said that it works."""
    return {channel: datetime.fromisoformat(at) for channel, at in (await queues.cursors(work, _NAME)).items()}


async def save_roles(work: Work, roles: Iterable[str], at: datetime) -> None:
    if await queues.read_cursor(work, _FIRST) is None:
        oldest = await work.session.scalar(select(func.min(ActRow.at)))
        was_there = oldest is not None and at - oldest >= _BEGINNING
        await queues.save_cursor(work, _FIRST, at.isoformat() if was_there else "")
    for role in roles:
        await queues.save_cursor(work, _ROLE + role, at.isoformat())


async def last_roles(work: Work) -> dict[str, datetime]:
    """Return by role when a process that has it last said that all it does for it works."""
    return {role: datetime.fromisoformat(at) for role, at in (await queues.cursors(work, _ROLE)).items()}


async def perhaps_elsewhere(work: Work, roles: Collection[str], now: datetime, slow: timedelta) -> dict[str, bool]:
    """Return, of roles that no process ever said it has, those that one of an older version may have: it would not say so.

    Not where what the role is for is not done: nobody delivers, or what was due at `now - slow` is overdue. One process at a
    time works on SQLite, so there nobody else has any.
    """
    first = await queues.read_cursor(work, _FIRST)
    if work.sqlite or not first or now - datetime.fromisoformat(first) >= _UPGRADE:
        return {}
    found = dict.fromkeys(roles, True)
    if ProcessRole.WORKERS in found and not await _delivered(work):
        del found[ProcessRole.WORKERS]
    if ProcessRole.SCHEDULER in found and (await stuck.timers_overdue(work, now - slow)).count:
        del found[ProcessRole.SCHEDULER]
    return found


async def _delivered(work: Work) -> bool:
    from bot.storage.signals import Signals  # with PostgreSQL's client, which takes a while to load

    return await Signals.delivering(work) > 0
