"""Legal holds: nothing is taken out of what they are on, until somebody lifts them; both with a reason, both on record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.storage import holds, retention
from bot.storage.audit import by_hand, record_act
from bot.storage.holds import Hold
from bot.storage.work import Work
from complaints.errors import ComplaintError


async def hold(
    work: Work, reference: str | None, person: str | None, reason: str, now: datetime, *, by: str | None = None
) -> str:
    """Hold a complaint, or all of a person; return which. by: a person's id; None: whoever works at the machine.

    Raises ComplaintError without a reason.
    """
    if not reason.strip():
        raise ComplaintError("a legal hold has a reason: --reason")
    await holds.place(work, reference, person, reason.strip(), by or by_hand(), now)
    record_act(work, "hold_placed", now, by, on=reference or person)
    return reference or f"person {person}"


async def lift(
    work: Work, reference: str | None, person: str | None, reason: str, now: datetime, *, by: str | None = None
) -> str:
    """Lift every hold on a complaint, or on a person; return which. Raises ComplaintError where there is none, or no reason."""
    if not reason.strip():
        raise ComplaintError("lifting a legal hold has a reason: --reason")
    which = reference or f"person {person}"
    if not await holds.lift(work, reference, person, reason.strip(), by or by_hand(), now):
        raise ComplaintError(f"there is no legal hold on {which}")
    await retention.walk_anew(work)
    record_act(work, "hold_lifted", now, by, on=reference or person)
    return which


async def taken_over(work: Work, known: Iterable[Hold]) -> tuple[str, ...]:
    """Let what is held in a restored desk be what was held in the one that it replaces; return on what holds came back.

    Who placed or lifted each, when and why stays as it was; that it was brought over is on record beside it.
    """
    placed, lifted = await holds.take_over(work, known)
    for kind, which in (("hold_kept", placed), ("hold_lift_kept", lifted)):
        for hold in which:
            record_act(work, kind, on=hold.reference or hold.person, at=hold.at.isoformat())
    if lifted:
        await retention.walk_anew(work)
    return tuple(dict.fromkeys(hold.on for hold in placed))
