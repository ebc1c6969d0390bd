"""The profiles as they were stored with complaints: which of them this version can read.

A profile is data of whoever stored it. One that a newer version stored may have a key, or a value, that this one does not know;
what it promised cannot be reckoned then, and a complaint that runs under it is left to the newer version like one whose
record has a word of it.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage import codec
from bot.storage.models import PolicyRow
from complaints import policy
from complaints.errors import PolicyError
from complaints.parts.weighing import PolicyRef


class Profiles:
    """What was found out so far, for the life of a process: a stored version of a profile never changes."""

    def __init__(self) -> None:
        self._found: dict[PolicyRef, Exception | None] = {}

    def read(self, ref: PolicyRef) -> bool:
        """Say whether it was read before, and well."""
        return self._found.get(ref, self) is None

    async def trouble(self, session: AsyncSession, ref: PolicyRef) -> Exception | None:
        """Return why it cannot be read; None where it can, or where it is not stored: whoever needs it says so."""
        if ref not in self._found:
            row = await session.get(PolicyRow, (ref.name, ref.version))
            if row is None:
                return None
            try:
                policy.parse(policy.completed(codec.loads(row.data)), ref.name)
                self._found[ref] = None
            except (PolicyError, ValueError) as error:
                self._found[ref] = error
        return self._found[ref]


def newer(error: Exception) -> bool:
    """Say whether a complaint cannot be read because it, or its profile, is of a newer version, and nothing is damaged.

    What was stored once was a whole profile to whoever stored it, and this version reads all that those before it stored.
    """
    return isinstance(error, PolicyError) or (isinstance(error, ValueError) and codec.newer(error))
