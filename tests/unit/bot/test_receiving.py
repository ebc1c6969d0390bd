"""Which process does what: who listens to what, what beats where, who serves, and what each says of what it does not hear."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from bot.app import wire
from bot.clock import SystemClock
from bot.receiving import WORK, Receiving
from bot.serving import serving
from bot.settings import ProcessRole, load_settings
from bot.storage.database import Database
from connectors.port import Intake
from tests.fakes import eventually
from tests.unit.bot.desk_kit import CHAT, MAIL, FakeChannel

CONNECTORS, WEB, WORKERS, SCHEDULER = (
    ProcessRole.CONNECTORS,
    ProcessRole.WEB,
    ProcessRole.WORKERS,
    ProcessRole.SCHEDULER,
)
POLLED = replace(MAIL, one_reader=True)
ELSEWHERE = "received by other processes"
STANDING_BY = "standing by: another process reads it"
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"  # never opened

WHOSE = {
    "calendar": set(ProcessRole),
    "outages": {CONNECTORS, WEB, WORKERS},
    "readings": set(ProcessRole),
    "leases": {WORKERS},
    "room": {WORKERS},
    "inbox": {WORKERS},
    "outbox": {WORKERS},
    "files": {WORKERS},
    "timers": {SCHEDULER},
    "campaigns": {SCHEDULER},
    "unreached": {SCHEDULER},
    "attendance": {SCHEDULER},
    "improvements": {SCHEDULER},
    "owed": {SCHEDULER},
    "audit": {SCHEDULER},
    "data-requests": {SCHEDULER},
    "retention": {SCHEDULER},
}


class Channel(FakeChannel):
    """A channel that notes whether it was told to listen, or only to learn who it is, and that has a page."""

    def __init__(self, name: str, *, polled: bool) -> None:
        super().__init__(name, POLLED if polled else CHAT)
        self.listens = self.introduced = False

    async def listen(self, intake: Intake) -> None:
        self.listens = True
        await super().listen(intake)

    async def introduce(self) -> None:
        self.introduced = True

    def routes(self) -> list[web.RouteDef]:
        async def page(_request: web.Request) -> web.Response:
            return web.Response()

        return [web.get(f"/{self.channel}", page)]


def channels() -> dict[str, Channel]:
    return {"email": Channel("email", polled=True), "chat": Channel("chat", polled=False)}


def receiving(roles: Iterable[ProcessRole], url: str, connectors: dict[str, Channel]) -> Receiving:
    return Receiving(list(roles), connectors, Database(url), SystemClock())


@pytest.mark.parametrize(
    ("roles", "listens", "deaf"),
    [
        pytest.param([CONNECTORS], {"email"}, {"email": STANDING_BY, "chat": ELSEWHERE}, id="connectors"),
        pytest.param([WEB], {"chat"}, {"email": ELSEWHERE}, id="web"),
        pytest.param([WORKERS], set(), {"email": ELSEWHERE, "chat": ELSEWHERE}, id="workers"),
        pytest.param([SCHEDULER], set(), {"email": ELSEWHERE, "chat": ELSEWHERE}, id="scheduler"),
        pytest.param([WEB, CONNECTORS], {"email", "chat"}, {"email": STANDING_BY}, id="both that hear"),
        pytest.param(ProcessRole, {"email", "chat"}, {"email": STANDING_BY}, id="all"),
    ],
)
def test_who_listens_and_who_says_that_others_do(
    roles: Iterable[ProcessRole], listens: set[str], deaf: dict[str, str]
) -> None:
    connectors = channels()
    ours = receiving(roles, NOWHERE, connectors)
    assert {channel for channel, connector in connectors.items() if ours.listens(connector)} == listens
    assert ours.deaf() == deaf  # on PostgreSQL another may be reading: it is not ours before it was taken
    if "email" in listens:
        ours._tenures["email"]._pid = 1
        assert "email" not in ours.deaf()


def test_alone_on_a_file_a_process_hears_all_at_once(fresh_sqlite_url: str) -> None:
    assert receiving(ProcessRole, fresh_sqlite_url, channels()).deaf() == {}


@pytest.mark.parametrize("role", ProcessRole)
async def test_what_does_not_listen_here_learns_who_it_is_all_the_same(
    role: ProcessRole, fresh_sqlite_url: str
) -> None:
    connectors = channels()
    ours = receiving([role], fresh_sqlite_url, connectors)
    running = asyncio.create_task(ours.run())
    await eventually(lambda: all(each.listens or each.introduced for each in connectors.values()))
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert {channel for channel, each in connectors.items() if each.listens} == {
        channel for channel, each in connectors.items() if ours.listens(each)
    }


@pytest.mark.parametrize("name", WHOSE)
def test_what_beats_where(name: str) -> None:
    beats = {role for role in ProcessRole if receiving([role], NOWHERE, {}).beats(name)}
    assert beats == WHOSE[name]
    assert set(WORK) <= WHOSE.keys()


@pytest.mark.parametrize("role", ProcessRole)
async def test_a_wired_process_keeps_its_own_beats_and_serves_what_is_its_role(
    role: ProcessRole, fresh_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.build_connectors", lambda *_, **__: channels())
    settings = load_settings(None, {"COMPLAINTBOT_HTTP__PORT": "0"})
    settings = replace(settings, service=replace(settings.service, roles=(role,)))
    async with Database(fresh_sqlite_url) as database:
        app = await wire(settings, SystemClock(), database)
        assert WHOSE.keys() & app.ticks.beats.keys() == {name for name, whose in WHOSE.items() if role in whose}
        async with serving(app), aiohttp.ClientSession(f"http://127.0.0.1:{app.port}") as session:
            for path in ("/chat", "/email"):
                async with session.get(path) as answer:
                    assert answer.status == (200 if role is WEB else 404)
            async with session.get("/healthz") as answer:  # each process tells how it fares
                assert answer.status != 404
