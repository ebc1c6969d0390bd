"""Keeping and checking the audit chain: the job that seals what happened, and what an auditor asks for.

complaintbot audit anchor              a line to keep where nobody who can write to the database can change it
complaintbot audit verify --anchor …   names the first link that does not hold, and complaints that are not what was recorded
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.clock import Clock
from bot.storage import audit
from bot.storage.audit import SERIES, Anchor, Head, Horizon, Verified
from bot.storage.database import Database
from bot.storage.work import Work
from complaints.errors import ComplaintError

EVERY_S = 10.0
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_ANCHOR = re.compile(r"complaintbot-audit (\d{1,18}) ([0-9a-f]{64}|-)(?: (\S+).*)?", re.ASCII)
_SHOWN = 5


class Sealer:
    """Binds what was written to the chain. Of several processes on one database any may do it, one at a time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._seen: dict[str, Horizon] = {}

    async def look(self) -> int:
        """Seal what no transaction can come before any more, and return how many rows that were."""
        sealed = 0
        for series in SERIES:
            until = await self._database.read(partial(self._until, series))
            if until is None:
                continue
            while count := await self._database.write(partial(self._seal, series, until)):
                sealed += count
        return sealed

    async def _until(self, series: str, work: Work) -> int | None:
        """Return up to which id rows can be sealed now; None where there is nothing new."""
        newest = await audit.horizon(work, series)
        seen = self._seen.setdefault(series, newest)
        if not await audit.is_behind(work, seen):
            return None
        self._seen[series] = newest
        until = newest.last if work.sqlite else seen.last
        return until if until > await audit.last_sealed(work, series) else None

    async def _seal(self, series: str, until: int, work: Work) -> int:
        return await audit.seal(work, series, until, self._clock.now())


def anchor_line(head: Head, now: datetime) -> str:
    """Return the head of the chain as a line that `read_anchors` reads."""
    return f"complaintbot-audit {head.number} {head.hash or '-'} {now:{_MOMENT}}"


def read_anchors(given: str) -> list[Anchor]:
    """Read an anchor, or a file with one on each line that is not empty. Raises ComplaintError."""
    if found := _ANCHOR.fullmatch(given.strip()):
        return [_anchor(found, "the anchor")]
    try:
        lines = Path(given).read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError, ValueError):
        raise ComplaintError(f"{given[:80]!r} is neither an anchor nor a file with one: see audit anchor") from None
    anchors = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if (found := _ANCHOR.fullmatch(line.strip())) is None:
            raise ComplaintError(
                f"line {number} of {given[:80]!r} is no line of audit anchor: put it right, or take it out"
            )
        anchors.append(_anchor(found, f"line {number}"))
    if not anchors:
        raise ComplaintError(f"{given[:80]!r} has no line of audit anchor")
    return anchors


def _anchor(found: re.Match[str], name: str) -> Anchor:
    number, hash, at = found.groups()
    try:
        moment = datetime.strptime(at or "", _MOMENT).replace(tzinfo=UTC)
    except ValueError:  # a line that somebody cut: its hash says all the same whether it is in the chain
        moment = None
    shown = f"{name} ({moment:%Y-%m-%d %H:%M:%S} UTC)" if moment else name
    return Anchor(Head(int(number), "" if hash == "-" else hash), shown, moment)


def said(verified: Verified) -> str:
    """Return what a look through the chain found: on the first line whether it holds, then what else there is to know."""
    return "\n".join(_said(verified))


def _said(verified: Verified) -> Iterator[str]:
    if verified.broken:
        yield f"broken: {verified.broken}"
    elif verified.differing:
        yield f"changed: {verified.differing} complaints are not what their events say; the chain itself is whole"
        yield from (f"  {each}" for each in verified.named)
        if verified.differing > len(verified.named):
            yield "  …"
    else:
        erased = f", the words of {verified.redacted} erased" if verified.redacted else ""
        waiting = f"; {verified.waiting} rows are not sealed yet" if verified.waiting else ""
        anchors = f"; {verified.anchors} anchors hold" if verified.anchors else ""
        yield f"whole: {verified.head.number} seals over {verified.rows} rows{erased}{anchors}{waiting}"
    for each in verified.restored:
        yield (
            f"look: on {each.at:%Y-%m-%d %H:%M:%S} UTC a backup of {each.made_at:%Y-%m-%d %H:%M:%S} UTC was restored: the chain"
            " goes on from that backup, and what was written between the two moments is not in it"
        )
    if verified.gone:
        names = ", ".join(each.name for each in verified.gone[:_SHOWN])
        more = f", … ({len(verified.gone)} in all)" if len(verified.gone) > _SHOWN else ""
        yield f"look: {names}{more}: of what went with a restoring, so not in the chain; if nobody restored, it was made anew"
