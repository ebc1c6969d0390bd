"""All that there is: servers, lines between them and the service, the service itself; what is broken is mended here again."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import load_settings, signing_secret
from bot.staff import issue_code
from bot.storage.database import Database
from bot.tokens import Signer
from tests.servers.cluster import Cluster
from tests.servers.dovecot import Dovecot, free_port
from tests.servers.kannel import PASSWORD, USER, Kannel
from tests.servers.network import Network
from tests.servers.smtp import SmtpSink
from tests.servers.telegram import TOKEN, Telegram, User
from tests.story.desk import Config, as_environ, config, hire_at
from tests.torture.disk import Disk
from tests.torture.keeper import Keeper
from tests.torture.requests import Requests

_SECRET = "kannel-calls-here-0"
_DISK_MB = 512
LEAD = "王主管,13900139000,wang@desk.example,坐席 客服中心负责人,,\n"
LEAD_MAIL = "wang@desk.example"
ANSWER_S = 4  # how long the service waits for a server


@dataclass(frozen=True)
class Colleague:
    """One of the staff, who has one road for answering. telegram: their id there, 0 = none."""

    name: str
    phone: str
    mail: str = ""
    telegram: int = 0

    @property
    def row(self) -> str:
        return f"{self.name},{self.phone},{self.mail},处理人,王主管,\n"

    @property
    def user(self) -> User:
        return User(self.telegram, self.name)


COLLEAGUES = (
    *(Colleague(f"张伟{n}", f"1380013800{n}", mail=f"zhang{n}@desk.example") for n in range(3)),
    *(Colleague(f"陈静{n}", f"1380013810{n}", telegram=2000 + n) for n in range(3)),
    *(Colleague(f"刘洋{n}", f"1380013820{n}") for n in range(2)),
)


@dataclass
class World:
    """lines: what leads to each server, and to the service ("hooks" for Kannel, "web" for browsers).

    hooks, texts: the requests that went over the lines to the service's hooks and to Kannel's sendsms.
    """

    folder: Path
    database_url: str
    dovecot: Dovecot
    sink: SmtpSink
    telegram: Telegram
    kannel: Kannel
    cluster: Cluster | None
    disk: Disk
    lines: dict[str, Network]
    keepers: list[Keeper]
    signer: Signer
    hooks: Requests
    texts: Requests
    kannel_died: bool = False
    locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    def lock(self, target: str) -> asyncio.Lock:
        """Return what keeps two faults off one thing."""
        return self.locks.setdefault(target, asyncio.Lock())

    async def mend(self) -> None:
        """Start again what ended by itself."""
        self.disk.free()
        if self.cluster is not None and self.cluster.ended:
            await self.cluster.start()

    async def keep(self) -> Path:
        """Copy logs and tables to where they stay; the database is gone afterwards."""
        if self.cluster is not None:
            await self.cluster.kill()
        kept = self.folder.with_name(f"{self.folder.name}-kept")
        await asyncio.to_thread(shutil.copytree, self.folder, kept, ignore_dangling_symlinks=True)
        return kept

    async def healthy(self) -> bool:
        return all([await keeper.healthy() for keeper in self.keepers])


@asynccontextmanager
async def a_world(*, postgres: bool, processes: int, tables: Path | None = None) -> AsyncIterator[World]:
    """Start everything but the service; `World.keepers` start that. tables: an SQLite file that has them already."""
    folder = _folder()
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        disk = stack.enter_context(Disk(folder / "disk", _DISK_MB))
        ports = [free_port() for _ in range(processes)]
        lines = {name: await stack.enter_async_context(Network(*ports)) for name in ("hooks", "web")}
        hooks, texts = Requests(), Requests()
        lines["hooks"].overheard = hooks.overheard
        dovecot, sink, telegram = Dovecot(), SmtpSink(), Telegram()
        mo_url = f"http://127.0.0.1:{lines['hooks'].port}/hooks/sms/kannel/{_SECRET}/mo"
        kannel = Kannel(mo_url)
        for server in (dovecot, sink, telegram, kannel):
            await stack.enter_async_context(server)
        cluster = await stack.enter_async_context(Cluster(disk.folder)) if postgres else None
        behind = {
            "imap": dovecot.imaps_port,
            "smtp": sink.port,
            "telegram": telegram.port,
            "sendsms": kannel.send_port,
            **({"database": cluster.port} if cluster else {}),
        }
        for name, port in behind.items():
            lines[name] = await stack.enter_async_context(Network(port))
        lines["sendsms"].overheard = texts.overheard
        data = disk.folder / "service"
        data.mkdir(mode=0o700)
        if tables is not None:
            shutil.copyfile(tables, data / "complaintbot.db")
        # Those who look from outside go past the line that is cut.
        url = cluster.url if cluster else f"sqlite+aiosqlite:///{data / 'complaintbot.db'}"
        settings = _settings(data, Cluster.url_at(lines["database"].port) if cluster else url, dovecot, sink, lines)
        keepers = []
        for number, port in enumerate(ports):
            own: Config = {**settings, "http": {"port": port, "public_url": f"http://127.0.0.1:{lines['web'].port}"}}
            keepers.append(Keeper(folder / f"process{number}", own, port))
        signer = Signer(signing_secret(load_settings(None, as_environ(settings)).service))
        world = World(folder, url, dovecot, sink, telegram, kannel, cluster, disk, lines, keepers, signer, hooks, texts)
        await _hire(world)
        yield world


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="torture", dir="/tmp"))
    folder.chmod(0o755)  # PostgreSQL runs as somebody else
    return folder


def _settings(data: Path, url: str, dovecot: Dovecot, sink: SmtpSink, lines: dict[str, Network]) -> Config:
    at = {name: f"http://127.0.0.1:{line.port}" for name, line in lines.items()}
    more: Config = {
        "delivery": {
            "first_retry_s": 0.2,
            "max_retry_s": 2.0,
            "timeout_s": 8.0,
            "lease_s": 5.0,
            "channel_down_s": 30.0,
            "answers_per_chat_per_hour": 10_000,
        },
        "connectors.email": {
            "imap_port": lines["imap"].port,
            "smtp_port": lines["smtp"].port,
            "timeout_s": ANSWER_S,
            "idle_s": 10,
            "poll_s": 2,
        },
        "connectors.telegram": {
            "enabled": True,
            "token": TOKEN,
            "base_url": at["telegram"],
            "poll_s": 3,
            "timeout_s": ANSWER_S,
        },
        "connectors.sms": {
            "enabled": True,
            "provider": "kannel",
            "url": at["sendsms"],
            "user": USER,
            "password": PASSWORD,
            "secret": _SECRET,
            "callback_url": at["hooks"],
            "allow_from": ["127.0.0.1"],
            "per_number": ["1000/1"],
            "timeout_s": ANSWER_S,
        },
        "connectors.web": {"enabled": True, "proxies": 1},
        "files": {"least_free_bytes": 0},  # the disk is a small one, and is filled to its last byte
        "log": {"level": "warning"},
    }
    return config(data, url, dovecot=dovecot, sink=sink, more=more)


async def _hire(world: World) -> None:
    """Import the staff; those with Telegram have said their one-time codes before the service is first started."""
    staff = LEAD + "".join(colleague.row for colleague in COLLEAGUES)
    await hire_at(world.database_url, staff, world.folder)
    async with Database(world.database_url) as database:
        for colleague in COLLEAGUES:
            if colleague.telegram:
                _, code = await issue_code(database, world.signer, colleague.name, datetime.now(UTC))
                await world.telegram.says(colleague.user, f"/start {code}")
