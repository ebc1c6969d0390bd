"""The whole intake path: raw mails stored, understood, made complaints, acknowledged and assigned, both mails handed over.

`complaintbot bench intake -n 2000 --json`. Everything is real but the mailbox (mails are stored as the IMAP loop stores
them) and the receiving end (an SMTP server that takes everything, in a process of its own).
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.figures import figures
from benchmarks.machine import cpu_s, describe, peak_rss_mb, rows_per_second
from bot.app import App, settle, wire, working
from bot.clock import SystemClock
from bot.settings import load_settings
from bot.staff import Entry, import_staff
from bot.storage.database import Database, migrate
from bot.storage.models import ComplaintRow, InboxRow, OutboxRow
from bot.storage.work import Work
from complaints.vocabulary import Role
from connectors.port import Intake, RawMessage

_FETCH = 20  # mails stored in one go, as the IMAP loop does
_AHEAD = 4  # such batches on their way at once
_STAFF = 40
CONNECTIONS = 8  # to the SMTP server
_TROUBLES = (
    "厨房漏水三天了,报修没有人来,地板都泡坏了。请尽快处理。",
    "电梯坏了两天,老人上下楼很不方便,物业电话没人接。",
    "楼上装修到半夜,噪音很大,投诉过一次没有结果。",
    "停车费多收了两个月,要求退回。票据在附件里。",
    "门禁坏了,陌生人随便进出,保安不管。",
)


async def bench_intake(n: int, url: str | None = None) -> dict[str, object]:
    """Return the figures as one JSON-able object. url: a database to use; it must be empty."""
    with tempfile.TemporaryDirectory(prefix="complaintbot-bench-") as name:
        folder = Path(name)
        async with sink() as port:
            environ = environment(folder, port) | ({"COMPLAINTBOT_DATABASE__URL": url} if url else {})
            settings = load_settings(None, environ)
            await migrate(settings.database.url)
            async with Database(settings.database.url, jobs=settings.database.queue == "jobs") as database:
                app = await wire(settings, SystemClock(), database)
                await import_staff(database, list(staff()), app.clock.now())
                await settle()  # as the service has it once it is up
                return await _measure(app, n, folder)


async def _measure(app: App, n: int, folder: Path) -> dict[str, object]:
    commits, cpu, began = app.database.commits, cpu_s(), time.perf_counter()
    async with working(app, listen=False):
        await feed(app.inbox, n)
        await until_delivered(app.database, 2 * n)
        seconds, cpu = time.perf_counter() - began, cpu_s() - cpu
    commits = app.database.commits - commits
    took = await app.database.read(waits)
    batch = max(round(n / commits), 1)
    limit = rows_per_second(app.settings.database.url, folder, mail(0), batch)
    return {
        "what": "intake",
        **figures(n, seconds, cpu, took, limit),
        "peak_rss_mb": round(peak_rss_mb(), 1),
        "commits": commits,
        "mails_per_commit": batch,
        "database": "sqlite, synchronous=FULL" if app.database.sqlite else "postgresql",
        "machine": describe(),
    }


async def feed(inbox: Intake, n: int, first: int = 0) -> None:
    """Store n mails, a few batches ahead of each other, as several mailboxes would. first: the number of the first of them."""
    ahead = asyncio.Semaphore(_AHEAD)

    async def store(batch: list[RawMessage]) -> None:
        async with ahead:
            await inbox.store(batch)

    async with asyncio.TaskGroup() as tasks:
        batch: list[RawMessage] = []
        for number in range(first, first + n):
            batch.append(
                RawMessage("email", f"<{number:08}@bench.example>", f"c{number:08}@bench.example", mail(number))
            )
            if len(batch) == _FETCH or number == first + n - 1:
                tasks.create_task(store(batch))
                batch = []
                async with ahead:
                    pass


async def until_delivered(database: Database, wanted: int) -> None:
    """Wait until so many messages were handed over; fail loudly if any went wrong."""

    async def done(work: Work) -> tuple[int, int]:
        sent = await work.session.scalar(select(func.count()).where(OutboxRow.state == "sent"))
        bad = await work.session.scalar(select(func.count()).where(OutboxRow.state.in_(("failed", "uncertain"))))
        return sent or 0, bad or 0

    async with database.listening("outbox") as woken:
        while True:
            woken.clear()
            sent, bad = await database.read(done)
            if bad:
                raise RuntimeError(f"{bad} messages were not delivered")
            if sent >= wanted:
                break
            await asyncio.sleep(0.1)  # looking is work too: ten looks a second, whatever the rate
    complaints = await database.read(lambda work: work.session.scalar(select(func.count(ComplaintRow.reference))))
    if complaints != wanted // 2:
        raise RuntimeError(f"{complaints} complaints came of {wanted // 2} mails")


async def waits(work: Work) -> list[float]:
    """Return the milliseconds from each mail's storing to its acknowledgement's handing over, sorted."""
    rows = await work.session.execute(
        select(InboxRow.received_at, OutboxRow.done_at)
        .join(OutboxRow, OutboxRow.reference == InboxRow.reference)
        .where(OutboxRow.notice == "acknowledgement")
    )
    return sorted((done - received).total_seconds() * 1000 for received, done in rows if done is not None)


_NUMBER = b"00000000"


@cache
def _pattern(trouble: int, attached: bool) -> bytes:
    """Return a mail whose number is to be put in: building each anew would cost more than taking it in."""
    text = _TROUBLES[trouble]
    mail = EmailMessage()
    mail["From"] = f"王先生 <c{_NUMBER.decode()}@bench.example>"
    mail["To"] = "complaints@company.example"
    mail["Subject"] = f"投诉:{text[:10]}"
    mail["Message-ID"] = f"<{_NUMBER.decode()}@bench.example>"
    mail["Date"] = "Sat, 21 Nov 2026 10:00:00 +0800"
    mail.set_content(f"您好,\n\n我住{trouble + 1}栋1{trouble}02室,{text}\n电话 1380013800{trouble}\n\n谢谢\n")
    if attached:
        mail.add_attachment(b"\xff\xd8\xff" + bytes(20_000), maintype="image", subtype="jpeg", filename="现场.jpg")
    return mail.as_bytes()


def mail(number: int) -> bytes:
    """Return the mail of that number: the same every time, one in ten with a picture of 20 kB."""
    return _pattern(number % len(_TROUBLES), number % 10 == 0).replace(_NUMBER, b"%08d" % number)


def staff() -> Iterator[Entry]:
    """Yield handlers who are told by mail."""
    for number in range(_STAFF):
        yield Entry(
            line=number + 2,
            name=f"处理人{number}",
            phone="",
            email=f"handler{number}@company.example",
            roles=frozenset({Role.HANDLER}),
            unit="工程部",
            categories=(),
            superior="",
            backup="",
            locale="zh",
            active=True,
        )


def _noon_zone() -> str:
    """Return a zone where it is noon now: what comes at night is answered in the morning, and nothing would be measured."""
    east = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"  # the sign of these names is turned round


def environment(folder: Path, port: int) -> dict[str, str]:
    """Return settings for a service whose only channel is mail, sent to `port`."""
    values = {
        "SERVICE__DATA_DIR": str(folder),
        "SERVICE__TIMEZONE": _noon_zone(),
        "CONNECTORS__WEB__ENABLED": "false",
        "CONNECTORS__EMAIL__ENABLED": "true",
        "CONNECTORS__EMAIL__ADDRESS": "complaints@company.example",
        "CONNECTORS__EMAIL__IMAP_HOST": "127.0.0.1",
        "CONNECTORS__EMAIL__IMAP_USER": "nobody",
        "CONNECTORS__EMAIL__IMAP_PASSWORD": "nothing",
        "CONNECTORS__EMAIL__SMTP_HOST": "127.0.0.1",
        "CONNECTORS__EMAIL__SMTP_PORT": str(port),
        "CONNECTORS__EMAIL__SMTP_TLS": "plain",
        "CONNECTORS__EMAIL__SMTP_CONNECTIONS": str(CONNECTIONS),
    }
    return {f"COMPLAINTBOT_{name}": value for name, value in values.items()}


@asynccontextmanager
async def sink() -> AsyncIterator[int]:
    """Run an SMTP server that takes everything, in a process of its own; give its port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.sink", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield int(await process.stdout.readline())
    finally:
        process.stdin.close()
        await process.wait()
