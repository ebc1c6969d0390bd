"""`python -m tests.torture.skewed …`: complaintbot on a clock that is as wrong as the file SKEW_FILE says, in seconds."""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from bot.__main__ import main
from bot.clock import SystemClock

_LOOK_S = 0.2


class _Skew:
    """How wrong it is just now; looked up a few times a second."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._looked = 0.0
        self._seconds = timedelta()

    def __call__(self) -> timedelta:
        if time.monotonic() - self._looked > _LOOK_S:
            self._looked = time.monotonic()
            self._seconds = timedelta(seconds=int(self._file.read_text() or "0"))
        return self._seconds


def _run() -> int:
    skew, right = _Skew(Path(os.environ["SKEW_FILE"])), SystemClock.now

    def now(clock: SystemClock) -> datetime:
        return right(clock) + skew()

    setattr(SystemClock, "now", now)  # noqa: B010 (every one of them, whoever made it)
    return main()


if __name__ == "__main__":
    sys.exit(_run())
