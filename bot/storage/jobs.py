"""Jobs of procrastinate: how a conversation in which messages wait is enqueued, within the transaction that stores them.

procrastinate and psycopg are loaded where they are used: that takes a while, and SQLite never needs them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.storage.postgres import conninfo
from bot.storage.work import Work
from complaints.errors import Conflict

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.jobs import Job

QUEUE = "inbox"
_TASK = "understand"
_TRIES = 5


async def enqueue(work: Work) -> None:
    """Enqueue a job for each conversation that this transaction stored a message of, once for those that have one already.

    A job that waits already is held until this commits: taken before, it would find nothing. Raises Conflict.
    """
    from procrastinate.exceptions import AlreadyEnqueued
    from psycopg import AsyncConnection

    wanted = {_key(lane): message for lane, message in work.arrived.items()}
    connection = (await (await work.session.connection()).get_raw_connection()).driver_connection
    assert isinstance(connection, AsyncConnection)
    for _ in range(_TRIES):
        waiting = await work.session.scalars(
            text(
                "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(:keys)"
                " ORDER BY queueing_lock FOR SHARE"
            ),
            {"keys": sorted(wanted)},
        )
        for key in waiting:
            del wanted[key]
        if not wanted:
            return
        try:
            async with connection.transaction():
                await _enqueuer().job_manager.batch_defer_jobs_async(_jobs(wanted), connection=connection)
            return
        except AlreadyEnqueued:
            continue  # another process was a moment faster: what it enqueued is seen now
    raise Conflict("the conversations could not be enqueued: other processes were faster each time")


def _jobs(wanted: Mapping[str, int]) -> list[Job]:
    from procrastinate.jobs import Job

    # In one order: two processes never wait for each other. Nothing in a job says who wrote.
    return [
        Job(queue=QUEUE, task_name=_TASK, lock=key, queueing_lock=key, task_kwargs={"message": message})
        for key, message in sorted(wanted.items())
    ]


def _key(lane: tuple[str, str]) -> str:
    return f"{QUEUE}/{hashlib.sha256(chr(0).join(lane).encode(errors='replace')).hexdigest()[:32]}"


@cache
def _enqueuer() -> App:
    """Return an App that never opens a connection: it enqueues on ours."""
    return app_at("")


def app_at(url: str) -> App:
    """Return procrastinate over a database. url: as SQLAlchemy takes it."""
    from procrastinate import App, PsycopgConnector

    # A job only says where to look: that it was taken or ended need not be on the disk before the next is.
    options = {"options": "-c synchronous_commit=off"}
    return App(
        connector=PsycopgConnector(conninfo=conninfo(url) if url else "", kwargs=options, min_size=1, max_size=4)
    )


def handled_by(app: App, take: Callable[[int], Awaitable[None]]) -> None:
    """Have jobs done by `take`, which is called with the id of a message; what fails is tried again."""
    from procrastinate import RetryStrategy

    async def understand(message: int) -> None:
        await take(message)

    app.task(name=_TASK, queue=QUEUE, retry=RetryStrategy(wait=0))(understand)
