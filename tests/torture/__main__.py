"""`python -m tests.torture`: see docs/torture.md."""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import subprocess
import sys
from collections.abc import Coroutine
from functools import partial
from typing import Any

from tests.torture.trial import Result, Trial, tried


def main() -> int:
    """Return 1 where the audit found faults."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description="Torture the service, and audit it.")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long people write and things break (default 1)")
    parser.add_argument(
        "--seed", type=int, help="the same seed brings the same faults at the same moments (default: any)"
    )
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--processes", type=int, default=1, help="of the service; several need postgres (default 1)")
    parser.add_argument(
        "--rate", type=float, default=2.0, help="messages a second, ten times that in bursts (default 2)"
    )
    parser.add_argument("--pause", type=float, default=4.0, help="seconds between two faults, on average (default 4)")
    parser.add_argument("--only", default="", help="only faults with this in their name, at the same moments")
    parser.add_argument("--keep", action="store_true", help="leave logs and tables where they are")
    options = parser.parse_args()
    if options.processes > 1 and options.database == "sqlite":
        parser.error("an SQLite file takes one process: add --database postgres")
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    trial = Trial(
        seed=seed,
        seconds=options.minutes * 60,
        postgres=options.database == "postgres",
        processes=options.processes,
        rate=options.rate,
        pause_s=options.pause,
        only=options.only,
        keep=options.keep,
    )
    print(f"{trial}\nof {_version()}", flush=True)
    result = asyncio.run(_until_told_to_stop(tried(trial, partial(print, flush=True))))
    print(result)
    if result.faults:
        print(f"again: {trial}")
    return 1 if result.faults else 0


def _version() -> str:
    """Return the commit that is tortured, "-dirty" where files differ from it."""
    told = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return told.stdout.strip() or "no commit"


async def _until_told_to_stop(work: Coroutine[Any, Any, Result]) -> Result:
    """Let SIGTERM, too, end it in order: else servers and a file system were left behind."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


if __name__ == "__main__":
    sys.exit(main())
