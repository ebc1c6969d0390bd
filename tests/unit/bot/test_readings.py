"""That somebody reads each channel which one process at a time can read is known to all processes, and to the monitor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.app import App, wire, working
from bot.clock import SystemClock
from bot.readings import PATIENCE, Readings, judged, needed
from bot.receiving import Receiving
from bot.settings import ProcessRole, load_settings
from bot.storage import queues, readings
from bot.storage.audit import record_act
from bot.storage.database import Database, migrate
from bot.storage.models import TimerRow
from bot.storage.signals import Signals
from bot.storage.work import Work
from scheduler.port import Beat
from tests.fakes import eventually, until
from tests.unit.bot.desk_kit import CHAT, MAIL, FakeChannel

POLLED = replace(MAIL, one_reader=True)


class Monitor:
    """A monitoring service that counts its calls."""

    def __init__(self) -> None:
        self.calls = 0

    async def take(self, _request: web.Request) -> web.Response:
        self.calls += 1
        return web.Response()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'complaintbot.db'}"
    await migrate(url)
    async with Database(url) as database:
        yield database


@asynccontextmanager
async def process(
    database: Database, folder: Path, mail: FakeChannel, roles: Collection[ProcessRole], patch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[App, Monitor]]:
    """Run a wired process that reads `mail` where it is its role to, and whose monitor is called all the time."""
    monitor, pages = Monitor(), web.Application()
    pages.router.add_get("/ping", monitor.take)
    patch.setattr("bot.app.build_connectors", lambda *_, **__: {"email": mail, "chat": FakeChannel("chat", CHAT)})
    settings = load_settings(None, {"COMPLAINTBOT_SERVICE__DATA_DIR": str(folder), "COMPLAINTBOT_HTTP__PORT": "0"})
    async with TestServer(pages) as server:
        settings = replace(
            settings,
            service=replace(settings.service, roles=tuple(roles)),
            heartbeat=replace(settings.heartbeat, url=str(server.make_url("/ping")), every_s=0.02),
        )
        app = await wire(settings, SystemClock(), database)
        async with working(app):
            yield app, monitor


async def silent(app: App, monitor: Monitor) -> None:
    """Wait until the heartbeat was looked at again and again without a call."""
    beat = app.ticks.beats["heartbeat"]
    async with asyncio.timeout(30):
        quiet = 0
        while quiet < 3:
            calls, at = monitor.calls, beat.last_worked_at
            await eventually(lambda at=at: beat.last_worked_at != at)  # type: ignore[misc]
            quiet = quiet + 1 if monitor.calls == calls else 0


async def called(monitor: Monitor) -> None:
    calls = monitor.calls
    await eventually(lambda: monitor.calls > calls)


async def test_the_monitor_is_called_and_falls_silent_where_polling_stands_still(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = FakeChannel("email", POLLED)
    async with process(database, tmp_path, mail, list(ProcessRole), monkeypatch) as (app, monitor):
        await called(monitor)
        assert {"canary", "readings"} <= app.ticks.beats.keys()
        assert (await until(lambda: database.read(readings.last), "it says that it reads")).keys() == {"email"}
        mail.ok = False
        await silent(app, monitor)
        mail.ok = True
        await called(monitor)


async def test_the_monitor_falls_silent_where_only_the_reading_process_dies(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that lives reads nothing and has no trouble of its own."""
    mail = FakeChannel("email", POLLED)
    roles = [ProcessRole.SCHEDULER, ProcessRole.WORKERS, ProcessRole.WEB]
    async with process(database, tmp_path, mail, roles, monkeypatch) as (app, monitor):
        await called(monitor)  # the others have time to begin
        app.operations._since -= PATIENCE
        await silent(app, monitor)
        now = datetime.now(UTC)
        await database.write(lambda work: readings.save(work, ["email"], now))
        await database.write(lambda work: readings.save_roles(work, ["connectors"], now))
        await called(monitor)
        health = await app.operations.health()
        assert health["connectors"]["email"]["ok"]  # type: ignore[index]
        await database.write(lambda work: readings.save(work, ["email"], now - PATIENCE))
        await silent(app, monitor)
        told = (await app.operations.health())["connectors"]["email"]  # type: ignore[index]
        assert "received by other processes" in told["detail"]
        assert "no process has read it for" in told["detail"]
        assert (await app.operations.health())["connectors"]["chat"]["ok"]  # type: ignore[index]


async def test_only_who_reads_and_only_while_it_works_says_so(database: Database) -> None:
    channels = {name: FakeChannel(name, POLLED) for name in ("works", "stands", "others")}
    channels |= {"called": FakeChannel("called", CHAT)}
    channels["stands"].ok = False
    await Readings(database, channels, lambda: {"others": "standing by"}, lambda: ["web"]).look()
    assert (await database.read(readings.last)).keys() == {"works"}
    assert (await database.read(readings.last_roles)).keys() == {"web"}


@pytest.mark.parametrize("lacking", [ProcessRole.WORKERS, ProcessRole.SCHEDULER, ProcessRole.WEB])
async def test_a_process_is_unwell_without_another_that_has_the_role_it_lacks(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacking: ProcessRole
) -> None:
    roles = [role for role in ProcessRole if role is not lacking]
    async with process(database, tmp_path, FakeChannel("email", POLLED), roles, monkeypatch) as (app, _):
        health = app.operations.health

        async def fares() -> tuple[object, object]:
            told = await health()
            return told["ok"], told["roles"][lacking]["ok"]  # type: ignore[index]

        assert await fares() == (True, True), "others have time to begin"
        app.operations._since -= PATIENCE
        assert await fares() == (False, False)
        detail = (await health())["roles"][lacking]["detail"]  # type: ignore[index]
        assert detail.startswith("no process with this role has said for ")
        now = datetime.now(UTC)
        await database.write(lambda work: readings.save_roles(work, [lacking], now))
        assert await fares() == (True, True)
        await database.write(lambda work: readings.save_roles(work, [lacking], now - PATIENCE))
        assert await fares() == (False, False)
        said = await until(lambda: database.read(readings.last_roles), "it says which roles it has")
        assert said.keys() == set(ProcessRole)


async def test_a_role_that_an_older_version_may_have_is_not_known_rather_than_missing(
    fresh_postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not say which roles it has; while processes are upgraded one after another that is no alarm."""
    await migrate(fresh_postgres_url)
    mail, now = FakeChannel("email", POLLED), datetime.now(UTC)
    async with Database(fresh_postgres_url) as database:
        await database.write(lambda work: _lived(work, now - timedelta(days=9)))
        async with process(database, tmp_path, mail, [ProcessRole.WEB], monkeypatch) as (app, _):
            await until(lambda: database.read(readings.last_roles), "it says which roles it has")
            await database.write(lambda work: readings.save(work, ["email"], now))
            app.operations._since -= PATIENCE

            async def unwell() -> set[str]:
                told = await app.operations.health()
                missing = {role for role, part in told["roles"].items() if not part["ok"]}  # type: ignore[attr-defined]
                assert told["ok"] is not bool(missing)
                return missing

            assert await unwell() == {"workers"}, "nobody delivers, of whichever version"
            async with Database(fresh_postgres_url) as older, older.listening("outbox"):

                async def delivers() -> bool:
                    return await database.read(Signals.delivering) > 0

                await until(delivers, "the older one delivers")
                assert await unwell() == set()
                assert "not known" in (await app.operations.health())["roles"]["scheduler"]["detail"]  # type: ignore[index]
                await database.write(lambda work: _due(work, now - PATIENCE))
                assert await unwell() == {"scheduler"}, "what is due is not fired"
                first = (now - timedelta(days=1)).isoformat()
                await database.write(lambda work: queues.save_cursor(work, "working-first", first))
                assert await unwell() == {"connectors", "workers", "scheduler"}, "no upgrade takes so long"
                await database.write(lambda work: queues.save_cursor(work, "working-first", ""))
                assert await unwell() == {"connectors", "workers", "scheduler"}, "a new desk has no older version"


async def _lived(work: Work, at: datetime) -> None:
    record_act(work, "staff_imported", at)


async def _due(work: Work, at: datetime) -> None:
    work.session.add(TimerRow(reference="TS20260302-0001", rule="chase", occurrence="1", due_at=at, state="pending"))


async def test_a_desk_is_new_where_nothing_was_done_before_its_processes_said_their_roles(database: Database) -> None:
    now = datetime.now(UTC)
    await database.write(lambda work: _lived(work, now))
    await database.write(lambda work: readings.save_roles(work, ["web"], now + PATIENCE))
    assert await database.read(lambda work: queues.read_cursor(work, "working-first")) == ""


def test_only_roles_whose_channels_there_are_must_be_somebodys() -> None:
    always = {ProcessRole.WORKERS, ProcessRole.SCHEDULER}
    assert set(needed([])) == always
    assert set(needed([True])) == always | {ProcessRole.CONNECTORS}
    assert set(needed([False, False])) == always | {ProcessRole.WEB}
    assert set(needed([True, False])) == set(ProcessRole)


async def test_a_role_is_said_to_be_done_only_while_all_of_it_works(database: Database) -> None:
    receiving = Receiving([ProcessRole.WORKERS, ProcessRole.SCHEDULER], {}, database, SystemClock())
    now = datetime.now(UTC)
    beats = {name: Beat(1.0, now) for name in ("inbox", "outbox", "timers", "calendar")}
    assert receiving.working(beats, now) == [ProcessRole.WORKERS, ProcessRole.SCHEDULER]
    beats["outbox"].last_worked_at = now - PATIENCE
    assert receiving.working(beats, now) == [ProcessRole.SCHEDULER]
    beats["calendar"].last_worked_at = now - PATIENCE  # everybody's
    assert receiving.working(beats, now) == []


def test_a_reading_is_waited_for_from_its_last_sign_or_from_our_own_beginning() -> None:
    now = datetime.now(UTC)
    short, long = now - PATIENCE + timedelta(seconds=1), now - PATIENCE
    assert judged(None, short, now).ok
    assert judged(long, short, now).ok
    assert judged(short, long, now).ok
    assert not judged(None, long, now).ok
    assert not judged(long, long, now).ok
