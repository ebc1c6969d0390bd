"""Leaving messages in quarantine as they are: a person's decision, with a reason, kept in the audit chain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.logs import redact_text
from bot.storage import queues
from bot.storage.audit import record_act
from bot.storage.texts import storable
from bot.storage.work import Work
from complaints.errors import ComplaintError


async def dismiss(work: Work, numbers: Sequence[int], by: str, reason: str) -> list[int]:
    """Dismiss messages; return which were in quarantine. by: a name on the staff. Raises ComplaintError for the other two."""
    named = (await work.directory()).named(by)
    if len(named) != 1:
        raise ComplaintError(f"--by is {by!r}: write the name of one of the staff, as complaintbot staff list has it")
    why = storable(" ".join(reason.split()))
    if not why:
        raise ComplaintError("--reason says why, for the record")
    now, [person] = datetime.now(UTC), named
    done = await queues.dismiss(work, numbers, f"dismissed by {person.name}: {why}", now)
    if done:
        record_act(
            work,
            "quarantine_dismissed",
            now,
            person.id,
            numbers=" ".join(map(str, done)),
            reason=redact_text(why),  # the chain outlives whoever the words may name
        )
    return done
