"""Running a statement over columns of tables, past what a session adds for its objects: that takes as long as all the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.sqlite import InPlace


async def run(
    session: AsyncSession, statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> CursorResult[*tuple[Any, ...]]:
    """Execute a statement in the session's transaction. values: by the names of its parameters; several: once for each."""
    if isinstance(session, InPlace):
        return session.line.execute(statement, values)
    return await (await session.connection()).execute(statement, values)
