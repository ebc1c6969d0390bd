"""A service as an init system keeps it: started again whenever it ends, and on a clock that can be wrong."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections import Counter
from pathlib import Path

import aiohttp

from tests.story.desk import Config
from tests.story.service import Service

_AGAIN_S = 0.5


class Keeper:
    """ends: how often it ended how; "by itself" is not asked for, and has a reason in the log."""

    def __init__(self, folder: Path, settings: Config, port: int) -> None:
        folder.mkdir()
        self.port = port
        self._skew = folder / "skew"
        self.skew(0)
        self.service = Service(folder, settings, module="tests.torture.skewed", environ={"SKEW_FILE": str(self._skew)})
        self.ends: Counter[str] = Counter()
        self.rss_mb: list[float] = []
        self._leaving = False
        self._asked = ""
        self._away_s = _AGAIN_S

    async def keep(self) -> int:
        """Start it again and again, until `leave`; return its last exit status."""
        try:
            while True:
                await self.service.start()
                status = await self.service.stopped(within_s=None)
                self.ends[self._asked or f"by itself ({status})"] += 1
                if self._leaving:
                    return status
                await asyncio.sleep(self._away_s)
                self._asked, self._away_s = "", _AGAIN_S
        finally:
            await self.service.kill()

    def leave(self) -> None:
        """Ask it to stop for good."""
        self._leaving, self._asked = True, "stopped for good"
        self._tell(signal.SIGTERM)

    def skew(self, seconds: int) -> None:
        """Have its clock go ahead by so much, or behind."""
        self._skew.write_text(f"{seconds:+d}\n")

    def kill(self, away_s: float) -> None:
        """Kill it; it is started again after so long."""
        self._end("killed", signal.SIGKILL, away_s)

    def stop(self) -> None:
        """Ask it to stop, as for an update."""
        self._end("stopped", signal.SIGTERM, 0.0)

    def freeze(self) -> None:
        self._tell(signal.SIGSTOP)

    def thaw(self) -> None:
        self._tell(signal.SIGCONT)

    async def healthy(self) -> bool:
        """Ask it whether it is well."""
        url = f"http://127.0.0.1:{self.port}/healthz"
        timeout = aiohttp.ClientTimeout(total=5)
        with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
            async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as answer:
                return answer.status == 200
        return False

    def measure(self) -> None:
        """Note how much memory it uses."""
        if (pid := self.service.pid) is None:
            return
        with contextlib.suppress(OSError, IndexError):
            status = Path(f"/proc/{pid}/status").read_text()
            self.rss_mb.append(int(status.partition("VmRSS:")[2].split()[0]) / 1024)

    def _end(self, how: str, number: signal.Signals, away_s: float) -> None:
        if self.service.pid is not None:
            self._asked, self._away_s = how, away_s
            self._tell(number)

    def _tell(self, number: signal.Signals) -> None:
        if self.service.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                self.service.tell(number)
