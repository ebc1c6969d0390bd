"""The policies in force, and the older versions that running complaints keep."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.storage import codec
from bot.storage.database import Database
from bot.storage.work import Work
from complaints import policy
from complaints.calendar import WorkingCalendar
from complaints.complaint import Complaint, PolicyRef
from complaints.errors import PolicyError
from complaints.policy import Policy
from complaints.promises import Terms


class PolicyBook:
    """Finds the terms of a complaint. A change of a profile does not move what began under its old version."""

    def __init__(self, name: str, directories: Sequence[Path], calendar: WorkingCalendar) -> None:
        """Raises PolicyError where the profile is wrong."""
        self.calendar = calendar
        self._data = policy.merged(name, directories)
        self.current = Terms(policy.parse(self._data, name), calendar)
        self._known: dict[PolicyRef, Terms] = {self.current.policy.ref: self.current}

    async def store(self, database: Database) -> None:
        """Keep the profile as it is now, so that what begins today can end under it."""
        ref = self.current.policy.ref

        async def job(work: Work) -> None:
            await work.store_policy(ref.name, ref.version, codec.dumps(self._data))

        await database.write(job)

    async def terms(self, work: Work, complaint: Complaint) -> Terms:
        known = self._known.get(complaint.policy)
        if known is None:
            data = await work.policy_data(complaint.policy.name, complaint.policy.version)
            if data is None:
                raise PolicyError(
                    f"{complaint.reference} runs under {complaint.policy.name} {complaint.policy.version}, "
                    "which is not stored: restore the policies table from a backup"
                )
            old: Policy = policy.parse(codec.loads(data), complaint.policy.name)
            known = self._known[complaint.policy] = Terms(old, self.calendar)
        return known
