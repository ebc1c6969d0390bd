"""The way out: rows of the outbox claimed, put into words, handed to an SMTP server, and what became of them recorded.

`complaintbot bench delivery -n 2000 --json`. The rows are made beforehand by taking in half as many mails, each of which is
acknowledged and assigned. The limit is the same mails over as many bare connections, pipelined, to the same kind of server.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select

from benchmarks.figures import figures
from benchmarks.intake import CONNECTIONS, environment, feed, sink, staff, until_delivered
from benchmarks.machine import cpu_s, describe, peak_rss_mb
from bot.app import App, wire
from bot.clock import SystemClock
from bot.settings import load_settings
from bot.staff import import_staff
from bot.storage.database import Database, migrate
from bot.storage.models import MessageRow, OutboxRow
from bot.storage.work import Work
from connectors.email.compose import Composer, Letter
from connectors.email.settings import EmailSettings
from connectors.port import OutgoingMessage
from scheduler.outbox import drain


async def bench_delivery(n: int, url: str | None = None) -> dict[str, object]:
    """Return the figures as one JSON-able object. n: mails, an even number. url: a database to use; it must be empty."""
    with tempfile.TemporaryDirectory(prefix="complaintbot-bench-") as name:
        async with sink() as port:
            environ = environment(Path(name), port) | ({"COMPLAINTBOT_DATABASE__URL": url} if url else {})
            settings = load_settings(None, environ)
            await migrate(settings.database.url)
            async with Database(settings.database.url) as database:
                app = await wire(settings, SystemClock(), database)
                await import_staff(database, list(staff()), app.clock.now())
                await feed(app.inbox, -(-n // 2))
                while (await app.understander.work_off()).ended:
                    pass
                return await _measure(app, n + n % 2, port)


async def _measure(app: App, n: int, port: int) -> dict[str, object]:
    commits, cpu, began = app.database.commits, cpu_s(), time.perf_counter()
    async with app.database.listening("outbox") as woken:
        draining = asyncio.create_task(drain(app.delivery, woken, concurrency=app.settings.delivery.concurrency))
        await until_delivered(app.database, n)
        seconds, cpu = time.perf_counter() - began, cpu_s() - cpu
        draining.cancel()
        with suppress(asyncio.CancelledError):
            await draining
    waits = await app.database.read(lambda work: _waits(work, seconds))
    composer = Composer(EmailSettings(**app.settings.connectors.email.arguments()), app.clock.now)
    limit = await _limit_per_second(await app.database.read(lambda work: _letters(work, composer)), port)
    return {
        "what": "delivery",
        **figures(n, seconds, cpu, waits, limit),
        "peak_rss_mb": round(peak_rss_mb(), 1),
        "commits": app.database.commits - commits,
        "database": "sqlite, synchronous=FULL" if app.database.sqlite else "postgresql",
        "machine": describe(),
    }


async def _waits(work: Work, seconds: float) -> list[float]:
    """Return, sorted, the milliseconds from the beginning to each mail's handing over, all having been due at once."""
    done = sorted(each for each in await work.session.scalars(select(OutboxRow.done_at)) if each is not None)
    return [(each - done[-1]).total_seconds() * 1000 + seconds * 1000 for each in done]


async def _letters(work: Work, composer: Composer) -> list[Letter]:
    """Return the mails that went out, written once more."""
    rows = await work.session.execute(
        select(MessageRow.address, MessageRow.text, MessageRow.subject, MessageRow.message_id).where(
            MessageRow.outgoing.is_(True)
        )
    )
    return [
        composer.compose(OutgoingMessage(f"limit/{number}", address, text, subject=subject, message_id=id))
        for number, (address, text, subject, id) in enumerate(rows)
    ]


async def _limit_per_second(letters: Sequence[Letter], port: int) -> float:
    began = time.perf_counter()
    await asyncio.gather(*(_pipeline(letters[lane::CONNECTIONS], port) for lane in range(CONNECTIONS)))
    return len(letters) / (time.perf_counter() - began)


async def _pipeline(letters: Sequence[Letter], port: int) -> None:
    """Hand mails over on one connection, each envelope in one breath."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await reader.readline()
    writer.write(b"EHLO bench\r\n")
    while (await reader.readline())[3:4] == b"-":
        pass
    for letter in letters:
        writer.write(f"MAIL FROM:<complaints@company.example>\r\nRCPT TO:<{letter.recipient}>\r\nDATA\r\n".encode())
        await _answers(reader, b"250", b"250", b"354")
        writer.write(letter.payload + b".\r\n")
        await _answers(reader, b"250")
    writer.close()
    await writer.wait_closed()


async def _answers(reader: asyncio.StreamReader, *codes: bytes) -> None:
    for code in codes:
        if (line := await reader.readline())[:3] != code:
            raise RuntimeError(f"the server said {line!r} where {code!r} was due")
