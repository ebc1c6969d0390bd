"""One simulated year with its audit."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.inline import sqlite_inline
from tests.simulation.audit import Audit
from tests.simulation.year import begin

PROFILES = ("base", "leyoujia-24h", "mingyuan")
WITH_DEBTS = "sinopec-sh"  # besides, a profile by which apologies and compensation are owed apart from the work
_SHOWN = 20
_IN_MEMORY = Path("/dev/shm")


@dataclass(frozen=True, slots=True)
class Trial:
    """The same trial gives much the same year; ids of people are drawn anew. keep: where its database is put afterwards."""

    profile: str
    seed: int
    complaints: int
    restarts: int
    keep: Path | None = None

    def __str__(self) -> str:
        return f"{self.profile}, seed {self.seed}: {self.complaints} complaints, {self.restarts} restarts"


@dataclass(frozen=True, slots=True)
class Result:
    """did: what people and the service did. ended: in which status how many complaints are. told: messages by state."""

    seconds: float
    did: Counter[str]
    ended: Counter[str]
    told: Counter[str]
    faults: tuple[str, ...]

    def __str__(self) -> str:
        kinds = Counter(fault.partition(":")[0] for fault in self.faults)
        lines = [
            f"  {self.seconds:.0f} s; {_listed(self.did)}",
            f"  complaints: {_listed(self.ended)}; messages: {_listed(self.told)}",
            f"  faults: {len(self.faults)}" + (f" ({_listed(kinds)})" if kinds else ""),
        ]
        return "\n".join([*lines, *(f"    {fault}" for fault in self.faults[:_SHOWN])])


def tried(trial: Trial) -> Result:
    """Live through the year and audit it.

    The database lies in memory where there is such a place, and no thread stands before it: the disk's promises are
    kept by other tests.
    """
    logging.disable(logging.CRITICAL)  # channels fail on purpose
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as folder, sqlite_inline():
        path = Path(folder) / "year.db"
        try:
            return asyncio.run(_tried(trial, path))
        finally:
            logging.disable(logging.NOTSET)
            if trial.keep is not None:
                shutil.copy(path, trial.keep / f"{trial.profile}.db")


async def _tried(trial: Trial, path: Path) -> Result:
    began = time.monotonic()
    year = begin(f"sqlite+aiosqlite:///{path}", trial.profile, trial.seed, trial.complaints, trial.restarts)
    desk = year.desk
    try:
        await year.live()
    finally:
        await desk.stop()
    heard = [(each.at, each.channel, each.key, each.text) for channel in desk.channels for each in channel.heard]
    audit = Audit(path, trial.profile, desk.clock.now(), desk.down, heard)
    return Result(
        seconds=time.monotonic() - began,
        did=year.did,
        ended=Counter(record["status"] for record in audit.records.values()),
        told=Counter(row.state for row in audit.outbox),
        faults=tuple(audit.faults()),
    )


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.most_common())
