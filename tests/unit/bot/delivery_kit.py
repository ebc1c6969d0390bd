"""What the tests of delivery say and look at."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.storage.models import OutboxRow
from bot.storage.work import Work
from tests.unit.bot.desk_kit import ZONE, Kit

MATTER = "电梯坏了三天没人修"


def local(kit: Kit, clock: str, day: int = 0) -> datetime:
    """Return a time of the kit's present day, or of one after it, at the desk."""
    hour, minute = (int(part) for part in clock.split(":"))
    here = kit.clock.now().astimezone(ZONE) + timedelta(days=day)
    return here.replace(hour=hour, minute=minute, second=0, microsecond=0)


async def later(kit: Kit, **span: float) -> None:
    kit.clock.move_to(kit.clock.now() + timedelta(**span))
    await kit.deliver()


async def notify(
    kit: Kit, who: str, *keys: str, kind: str = "reminder", reference: str | None = None, **facts: str
) -> None:
    """Put notices for a member of staff into the outbox, in one commit."""
    person = await kit.person(who)

    async def job(work: Work) -> None:
        for key in keys:
            kit.desk.tell(work, kind, key, [person], facts, reference)

    await kit.write(job)


async def three_complaints(kit: Kit) -> list[str]:
    """Let three customers complain, all said and heard, and return the numbers."""
    for number in range(3):
        await kit.says(f"{MATTER}{number}", f"c{number}")
    await kit.deliver()
    for channel in kit.channels.values():
        channel.sent.clear()
        channel.attempts.clear()
    return [complaint.reference for complaint in await kit.complaints()]


async def the_row(kit: Kit, key: str) -> OutboxRow:
    [row] = [row for row in await kit.outbox() if row.key.startswith(f"{key}/")]
    return row


async def states(kit: Kit, notice: str | None = None) -> list[str]:
    return [row.state for row in await kit.outbox(notice)]
