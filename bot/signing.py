"""One secret for all processes: what one of them signs and sends out, another must believe when it comes back.

The database keeps a mark of the secret that it was first worked on with, which tells it from others and nothing of it.
"""

from __future__ import annotations

import logging

from bot.storage import queues
from bot.storage.audit import record_act
from bot.storage.database import Database
from bot.storage.work import Work

_log = logging.getLogger(__name__)

_CURSOR = "secret"
DIFFERS = (
    "this database was worked on with another secret: replies, buttons and codes that went out with it are not believed by"
    " this one"
)
CURE = (
    "give every process the same service.secret, or the same secret file in service.data_dir; where it was changed on"
    " purpose: complaintbot secret adopt"
)


async def known(work: Work) -> dict[str, str]:
    """Return the mark of the secret that the database was first worked on with; nothing where it never was."""
    mark = await queues.read_cursor(work, _CURSOR)
    return {} if mark is None else {_CURSOR: mark}


def differs(known: dict[str, str], mark: str) -> bool:
    """Say whether what is known is another secret's mark."""
    return known.get(_CURSOR, mark) != mark


async def compare(database: Database, mark: str) -> None:
    """Keep the mark of our secret where none is kept yet; say so where it is another's."""

    async def job(work: Work) -> bool:
        found = await known(work)
        if not found:
            await queues.save_cursor(work, _CURSOR, mark)
        return differs(found, mark)

    if await database.write(job):
        _log.error("%s; %s", DIFFERS, CURE)


async def adopt(work: Work, mark: str) -> bool:
    """Take this secret for the one that all processes are to have; say whether it was another. What went out before is lost."""
    changed = differs(await known(work), mark)
    await queues.save_cursor(work, _CURSOR, mark)
    if changed:
        record_act(work, "secret_adopted")
    return changed
