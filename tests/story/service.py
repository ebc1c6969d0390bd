"""The service as a process of its own, that can be killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from tests.story.desk import Config, as_toml

ROOT = Path(__file__).parents[2]
STOP_S = 30.0


class Service:
    """`async with Service(folder, settings) as service`: `complaintbot run` with these settings; `start` and `kill` at will.

    module: what is run in its place. environ: besides that of the tests.
    """

    def __init__(
        self, folder: Path, settings: Config, *, module: str = "bot", environ: Mapping[str, str] | None = None
    ) -> None:
        self._config = folder / "config.toml"
        self._config.write_text(as_toml(settings))
        self._log = folder / "service.log"
        self._module = module
        self._environ = environ or {}
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Service:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.kill()

    @property
    def log(self) -> str:
        """What it wrote to its standard error, over all its starts."""
        return self._log.read_text() if self._log.exists() else ""

    async def start(self) -> None:
        """Start it; it is not up yet when this returns."""
        assert self._process is None
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", self._module, "run", "--config", str(self._config),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env={key: value for key, value in os.environ.items() if not key.startswith("COMPLAINTBOT_")}
                | dict(self._environ),
            )  # fmt: skip

    async def live(self, seconds: float) -> None:
        """Let it run so long, and fail if it ends by itself before."""
        assert self._process is not None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._process.wait()
        assert self._process.returncode is None, f"the service ended by itself:\n{self.log[-4000:]}"

    async def kill(self) -> None:
        """End it as a power cut does."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    @property
    def pid(self) -> int | None:
        """Its process, while it runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process is not None and running else None

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        self.tell(signal.SIGTERM)

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        assert self._process.returncode is None, f"it ended by itself: {self._process.returncode}\n{self.log[-4000:]}"
        self._process.send_signal(number)

    async def stopped(self, *, within_s: float | None = STOP_S) -> int:
        """Wait until it has ended; return its exit status."""
        assert self._process is not None
        async with asyncio.timeout(within_s):
            status = await self._process.wait()
        self._process = None
        return status
