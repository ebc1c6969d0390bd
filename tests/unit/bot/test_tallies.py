"""What several processes count together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from bot.app import App, wire
from bot.clock import SystemClock
from bot.settings import load_settings
from bot.storage.database import Database, migrate
from bot.storage.models import CounterRow
from bot.storage.tallies import Tallies
from bot.storage.work import Work
from connectors.web import WebChatConnector
from connectors.web.uploads import Uploads
from tests.fakes import LocalServer

DAY = 20_000 * 86400
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20


async def names(database: Database) -> list[str]:
    async def read(work: Work) -> list[str]:
        return sorted(await work.session.scalars(select(CounterRow.name)))

    return await database.read(read)


async def test_what_is_counted_at_once_is_counted_once_each(fresh_postgres_url: str) -> None:
    await migrate(fresh_postgres_url)
    async with Database(fresh_postgres_url) as one, Database(fresh_postgres_url) as two:
        tallies = [Tallies(one), Tallies(two)]
        told = [{"b": 2, "a": 1}, {"a": 1, "b": 2}]
        counts = [each.count(told[number % 2]) for number in range(20) for each in tallies]
        counted = await asyncio.gather(*counts)
        assert sorted(each["a"] for each in counted) == list(range(1, 41))
        assert await tallies[0].count({"b": 0}) == {"b": 80}


async def test_only_what_is_over_is_forgotten(fresh_postgres_url: str) -> None:
    await migrate(fresh_postgres_url)
    async with Database(fresh_postgres_url) as database:
        tallies = Tallies(database)
        await database.write(lambda work: work.next_number("TS20260302"))
        await tallies.count({f"{9:011d}/a": 1, f"{10:011d}/a": 1})
        await tallies.forget(f"{10:011d}")
        assert await names(database) == ["TS20260302", f"tally/{10:011d}/a"]


async def test_a_visitor_gets_as_much_of_two_processes_as_of_one(
    fresh_postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(fresh_postgres_url)
    environ = {
        "COMPLAINTBOT_SERVICE__DATA_DIR": str(tmp_path),
        "COMPLAINTBOT_DATABASE__URL": fresh_postgres_url,
        "COMPLAINTBOT_FILES__MAX_BYTES_PER_SENDER_PER_DAY": str(4 * len(JPEG)),
        "COMPLAINTBOT_FILES__LEAST_FREE_BYTES": "0",
    }
    monkeypatch.setattr(Uploads, "_window", lambda self, what, who, seconds: f"{DAY:011d}/{what}{who}{seconds}")
    async with AsyncExitStack() as stack:
        pages = []
        for _ in range(2):
            database = await stack.enter_async_context(Database(fresh_postgres_url))
            app = await wire(load_settings(None, environ), SystemClock(), database)
            pages.append(await stack.enter_async_context(served(app)))
        sent = [await sends(page) for page in (*pages, *pages)]
    assert sent == [201, 201, 201, 429]


@asynccontextmanager
async def served(app: App) -> AsyncIterator[LocalServer]:
    """Serve the web chat of a process."""
    connector = app.connectors["web"]
    assert isinstance(connector, WebChatConnector)
    server = LocalServer(connector.routes)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def sends(server: LocalServer) -> int:
    """Upload a photo, and return the status of the answer."""
    headers = {"Origin": server.url, "Authorization": f"Bearer {'s' * 32}", "Content-Type": "image/jpeg"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/chat/files", data=JPEG, headers=headers) as answer,
    ):
        return answer.status
