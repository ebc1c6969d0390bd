"""The command line as a test calls it, and what it printed."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.settings import PREFIX
from bot.storage.database import Database
from bot.storage.work import Work

ROOT = Path(__file__).parents[3]
T = TypeVar("T")

EMAIL = """
[connectors.email]
enabled = true
address = "desk@example.com"
imap_host = "127.0.0.1"
imap_tls = "plain"
imap_password = "hunter2hunter2"
smtp_host = "127.0.0.1"
smtp_tls = "plain"
timeout_s = 5
"""

STAFF = "姓名,手机,角色,上级\n张伟,13800138000,处理人,王刚\n王刚,13900139000,坐席,\n"


@dataclass(frozen=True)
class Done:
    """A command that ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Done]


def in_database(data: Path, job: Callable[[Work], Awaitable[T]]) -> T:
    async def _run() -> T:
        async with Database(f"sqlite+aiosqlite:///{data / 'complaintbot.db'}") as database:
            return await database.write(job)

    return asyncio.run(_run())


def refused(done: Done, *told: str) -> None:
    """Check that it ended as a user's error does: status 1 and one line that says all this."""
    assert done.status == 1, done
    [line] = done.err.splitlines()
    assert line.startswith("complaintbot")
    for words in told:
        assert words in line


def write(name: str, text: str | bytes) -> Path:
    path = Path(name)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def module(*arguments: str, stdin: bytes = b"", **environ: str) -> subprocess.CompletedProcess[bytes]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    env |= {"PYTHONPATH": str(ROOT), **environ}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments], input=stdin, env=env, capture_output=True, timeout=60, check=False
    )
