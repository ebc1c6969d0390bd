"""Keeping and checking the audit chain: the job that seals what happened, and what an auditor asks for.

complaintbot audit anchor              a line to keep where nobody who can write to the database can change it
complaintbot audit verify --anchor …   names the first link that does not hold
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.clock import Clock
from bot.storage import audit
from bot.storage.audit import SERIES, Head, Horizon, Verified
from bot.storage.database import Database
from bot.storage.work import Work
from complaints.errors import ComplaintError

EVERY_S = 10.0
_ANCHOR = re.compile(r"complaintbot-audit (\d{1,18}) ([0-9a-f]{64}|-)(?: .*)?")


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
    """Return the head of the chain as a line that `read_anchor` reads."""
    return f"complaintbot-audit {head.number} {head.hash or '-'} {now:%Y-%m-%dT%H:%M:%SZ}"


def read_anchor(given: str) -> Head:
    """Read an anchor: the line itself, or a file whose last line it is. Raises ComplaintError."""
    text = given
    if not _ANCHOR.fullmatch(given.strip()):
        try:
            lines = Path(given).read_text(encoding="utf-8-sig").split("\n")
        except (OSError, UnicodeDecodeError, ValueError):
            raise ComplaintError(f"{given[:80]!r} is neither an anchor nor a file with one: see audit anchor") from None
        text = next((line for line in reversed(lines) if line.strip()), "")
    found = _ANCHOR.fullmatch(text.strip())
    if found is None:
        raise ComplaintError(f"{given[:80]!r} ends with no line of audit anchor")
    number, hash = found.groups()
    return Head(int(number), "" if hash == "-" else hash)


def said(verified: Verified) -> str:
    """Return what a look through the chain found, on one line."""
    if verified.broken:
        return f"broken: {verified.broken}"
    erased = f", the words of {verified.redacted} erased" if verified.redacted else ""
    waiting = f"; {verified.waiting} rows are not sealed yet" if verified.waiting else ""
    return f"whole: {verified.head.number} seals over {verified.rows} rows{erased}{waiting}"
