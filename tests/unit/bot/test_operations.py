"""Health and metrics tell the truth and nothing about people; and the guard that serves our own names only."""

from __future__ import annotations

import asyncio
import json
import re
import resource
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from bot.app import App, _allow_many_files, running
from bot.delivery import Counts
from bot.operations import Operations, _is_here
from bot.serving import _host_guard
from bot.settings import HttpSection, load_settings
from bot.storage import queues
from bot.storage.database import Database
from bot.storage.models import InboxRow
from bot.storage.values import Outgoing
from bot.storage.work import Work
from connectors.port import Health, RawMessage
from scheduler.port import Beat, Fate
from tests.unit.bot.desk_kit import CHAT, SMS, FakeChannel

DOCUMENTED = Path(__file__).parents[3] / "docs" / "operations.md"
NAME, PHONE, MAIL = "王小明", "+8613812345678", "wang.xiaoming@example.com"


class Channel(FakeChannel):
    """A channel whose health is what a test says."""

    def __init__(self, channel: str) -> None:
        super().__init__(channel, SMS if channel == "sms" else CHAT)
        self.state = Health(True, "", datetime.now(UTC), {"open": 3})

    def health(self) -> Health:
        return self.state


def beating() -> dict[str, Beat]:
    beats = {name: Beat(1) for name in ("inbox", "outbox", "timers")}
    for beat in beats.values():
        beat.worked()
    return beats


@dataclass
class Page:
    """The two pages over a real database, with parts that a test can break."""

    database: Database
    client: TestClient[web.Request, web.Application] = field(init=False)
    chat: Channel = field(default_factory=lambda: Channel("chat"))
    sms: Channel = field(default_factory=lambda: Channel("sms"))
    beats: dict[str, Beat] = field(default_factory=beating)
    counts: Counts = field(default_factory=Counts)
    secret: str = ""
    sending: dict[str, dict[str, str]] = field(default_factory=dict)
    deaf: dict[str, str] = field(default_factory=dict)
    now_s: float = 0

    def routes(self) -> list[web.RouteDef]:
        channels = {"chat": self.chat, "sms": self.sms}
        return Operations(
            self.database,
            channels,
            self.beats,
            self.counts,
            sending=lambda: self.sending,
            secret=self.secret,
            deaf=lambda: self.deaf,
            clock=lambda: self.now_s,
        ).routes()

    async def health(self) -> tuple[int, dict[str, Any]]:
        self.now_s += 1  # what was told before is too old
        response = await self.client.get("/healthz")
        return response.status, await response.json()

    async def metrics(self) -> dict[str, Metric]:
        response = await self.client.get("/metrics")
        assert response.status == 200
        assert response.content_type == "text/plain"
        return {family.name: family for family in text_string_to_metric_families(await response.text())}

    async def texts(self) -> str:
        self.now_s += 1
        pages = [await self.client.get(path) for path in ("/healthz", "/metrics")]
        return "".join([await page.text() for page in pages])

    async def lose_the_database(self) -> None:
        """Let it answer no more, as a server that went away does."""

        async def job(work: Work) -> None:
            await work.session.connection()

        await self.database.read(job)
        vars(self.database)["read"] = self._gone

    async def _gone(self, _job: object) -> Any:
        raise ConnectionError(f"could not reach the database of {NAME} as {MAIL}")


@pytest.fixture
async def page(fresh_sqlite_url: str) -> AsyncIterator[Page]:
    async with Database(fresh_sqlite_url) as database:
        page = Page(database)
        app = web.Application()
        app.add_routes(page.routes())
        async with TestClient(TestServer(app)) as page.client:
            yield page


def samples(family: Metric) -> dict[tuple[str, ...], float]:
    return {tuple(sample.labels.values()): sample.value for sample in family.samples}


async def fill(database: Database) -> None:
    """Put a complaint of somebody's into every queue."""
    now = datetime.now(UTC)

    async def job(work: Work) -> None:
        said = json.dumps({"text": f"我是{NAME}，电话{PHONE}，{MAIL}"}, ensure_ascii=False).encode()
        await queues.store_raw(work, [RawMessage("sms", f"m{n}", PHONE, said) for n in range(3)], now)
        await work.flush()
        row = await work.session.get(InboxRow, 1)
        assert row is not None
        row.state, row.outcome = queues.QUARANTINED, f"RuntimeError: {NAME} {PHONE}"
        for state in (queues.QUEUED, queues.FAILED, queues.FAILED, Fate.UNCERTAIN):
            work.add_outgoing(
                Outgoing(
                    key=f"{state}-{work.session.info.setdefault('n', 0)}",
                    lane=PHONE,
                    notice="acknowledgement",
                    created_at=now,
                    due_at=now + timedelta(hours=1),
                    channel="sms",
                    address=PHONE,
                    state=state,
                    detail=f"{MAIL}: no such user",
                )
            )
            work.session.info["n"] += 1

    await database.write(job)


# --- health -----------------------------------------------------------------------------------------------------------


async def test_all_is_well(page: Page) -> None:
    status, health = await page.health()
    assert status == 200
    assert health["ok"] is True
    assert health["database"] == {"ok": True, "detail": ""}
    assert set(health["connectors"]) == {"chat", "sms"}
    assert health["connectors"]["chat"]["open"] == 3
    assert set(health["loops"]) == {"inbox", "outbox", "timers"}
    for part in (*health["connectors"].values(), *health["loops"].values()):
        assert part["ok"] is True
        assert 0 <= part["seconds_since_worked"] < 60
    assert set(health["queues"].values()) == {0}


async def test_a_connector_that_cannot_say_how_it_fares_hides_no_other(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Health:
        raise KeyError(NAME)

    monkeypatch.setattr(page.chat, "health", broken)
    status, health = await page.health()
    assert (status, health["connectors"]["chat"]["ok"]) == (503, False)
    assert "KeyError" in health["connectors"]["chat"]["detail"]
    assert health["connectors"]["sms"]["ok"] is True
    up = samples((await page.metrics())["complaintbot_connector_up"])
    assert up == {("chat",): 0, ("sms",): 1}


async def test_a_loop_that_is_stuck_is_told(page: Page) -> None:
    page.beats["outbox"].last_worked_at = datetime.now(UTC) - timedelta(seconds=90)
    status, health = await page.health()
    assert (status, health["ok"]) == (503, False)
    assert health["loops"]["outbox"]["ok"] is False
    assert health["loops"]["outbox"]["seconds_since_worked"] >= 90
    assert health["loops"]["inbox"]["ok"] is True


async def test_a_loop_that_hangs_from_the_start_is_told(page: Page) -> None:
    page.beats["inbox"] = Beat(1, since=datetime.now(UTC) - timedelta(seconds=90))
    status, health = await page.health()
    assert status == 503
    assert health["loops"]["inbox"] == {"ok": False, "seconds_since_worked": None, "error": ""}


async def test_a_loop_that_fails_says_why_and_is_ill_once_it_failed_for_long(page: Page) -> None:
    beat = page.beats["timers"]
    beat.last_error = "OperationalError: database is locked"
    status, health = await page.health()
    assert status == 200
    assert health["loops"]["timers"]["error"] == "OperationalError: database is locked"
    beat.last_worked_at = datetime.now(UTC) - timedelta(seconds=90)
    assert (await page.health())[0] == 503


async def test_a_connector_that_is_down_is_told_and_which(page: Page) -> None:
    page.sms.state = Health(False, "the gateway refuses the secret", None)
    status, health = await page.health()
    assert (status, health["ok"]) == (503, False)
    assert health["connectors"]["sms"] == {
        "ok": False,
        "detail": "the gateway refuses the secret",
        "seconds_since_worked": None,
    }
    assert health["connectors"]["chat"]["ok"] is True


async def test_a_database_that_is_gone_is_told_and_the_rest_still_shown(page: Page) -> None:
    await page.lose_the_database()
    status, health = await page.health()
    assert (status, health["ok"]) == (503, False)
    assert health["database"]["ok"] is False
    assert health["database"]["detail"].startswith("ConnectionError: could not reach the database")
    assert health["queues"] == {}
    assert health["connectors"]["chat"]["ok"] is True


async def test_it_is_well_again_when_the_cause_is_gone(page: Page) -> None:
    page.chat.state = Health(False, "down")
    assert (await page.health())[0] == 503
    page.chat.state = Health(True, "", datetime.now(UTC))
    assert (await page.health())[0] == 200


async def test_what_waits_is_counted(page: Page) -> None:
    await fill(page.database)
    _, health = await page.health()
    assert {queue: count for queue, count in health["queues"].items() if count} == {
        "inbox_stored": 2,
        "inbox_quarantined": 1,
        "outbox_queued": 1,
        "outbox_failed": 2,
        "outbox_uncertain": 1,
    }
    assert health["queues"]["outbox_sending"] == 0


# --- metrics ----------------------------------------------------------------------------------------------------------


def documented() -> tuple[set[str], set[str]]:
    """Return the metrics and the queues that the handbook tells operators to watch."""
    text = DOCUMENTED.read_text(encoding="utf-8")
    rows = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    queue_names = set(re.findall(r'queue="(\w+)"', rows)) | {f"outbox_{name}" for name in re.findall(r"…(\w+)", rows)}
    return set(re.findall(r"complaintbot_\w+", rows)), queue_names


async def test_the_metrics_are_those_of_the_handbook(page: Page) -> None:
    names, queue_names = documented()
    assert len(names) >= 3
    metrics = await page.metrics()
    assert names <= set(metrics)
    assert queue_names <= {queue for (queue,) in samples(metrics["complaintbot_queue"])}


async def test_the_metrics_count_what_is(page: Page) -> None:
    await fill(page.database)
    page.sms.state = Health(False, "down")
    page.counts.add("sms", Fate.SENT)
    page.counts.add("sms", Fate.SENT)
    page.counts.add("chat", Fate.REFUSED)
    page.beats["outbox"].last_worked_at = datetime.now(UTC) - timedelta(seconds=90)
    page.beats["inbox"] = Beat(1, since=datetime.now(UTC) - timedelta(seconds=60))
    metrics = await page.metrics()
    assert samples(metrics["complaintbot_queue"])["outbox_failed",] == 2
    assert samples(metrics["complaintbot_connector_up"]) == {("chat",): 1, ("sms",): 0}
    assert samples(metrics["complaintbot_deliveries"]) == {("sms", "sent"): 2, ("chat", "refused"): 1}
    ages = samples(metrics["complaintbot_loop_age_seconds"])
    assert ages["outbox",] >= 90
    assert ages["inbox",] >= 60  # never worked: counted from when it was to begin, or no alert would ever fire
    assert 0 <= ages["timers",] < 60
    assert samples(metrics["complaintbot_commits"]) == {(): page.database.commits}
    assert metrics["complaintbot_deliveries"].type == "counter"


@pytest.mark.parametrize("deaf", [False, True], ids=["received here", "received elsewhere"])
async def test_a_channel_that_is_down_is_down_on_both_pages_though_it_answers_when_asked(
    page: Page, deaf: bool
) -> None:
    page.sending["sms"] = {"paused_until": "2026-01-05T02:00:00+00:00", "paused_because": "401"}
    page.deaf |= {"sms": "another process receives it"} if deaf else {}
    assert (await page.health())[0] == 200
    assert samples((await page.metrics())["complaintbot_connector_up"]) == (
        {("chat",): 1} | ({} if deaf else {("sms",): 1})
    )
    page.sending["sms"]["down_since"] = "2026-01-05T01:00:00+00:00"
    status, health = await page.health()
    assert (status, health["connectors"]["sms"]["ok"]) == (503, False)
    assert samples((await page.metrics())["complaintbot_connector_up"]) == {("chat",): 1, ("sms",): 0}


async def test_without_a_database_the_other_metrics_are_still_there(page: Page) -> None:
    await page.lose_the_database()
    metrics = await page.metrics()
    assert samples(metrics["complaintbot_queue"]) == {}
    assert samples(metrics["complaintbot_connector_up"]) == {("chat",): 1, ("sms",): 1}


async def test_neither_page_tells_anything_about_people(page: Page) -> None:
    await fill(page.database)
    page.sms.state = Health(False, f"550 no such user {MAIL}; {PHONE} is unknown")
    page.beats["timers"].last_error = f"ValueError: {PHONE} wrote as {MAIL}"
    text = await page.texts()
    await page.lose_the_database()
    text += await page.texts()
    assert "no such user" in text
    for private in (PHONE, PHONE[3:], MAIL, "xiaoming", "我是"):
        assert private not in text


async def test_who_asks_without_end_costs_the_database_one_reading_a_second(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, begun, go_on = 0, asyncio.Event(), asyncio.Event()
    real = queues.depth

    async def depth(work: Work) -> dict[str, int]:
        nonlocal read
        read += 1
        begun.set()
        await go_on.wait()
        return await real(work)

    monkeypatch.setattr(queues, "depth", depth)
    page.now_s += 1
    async with asyncio.timeout(10):
        asked = [asyncio.ensure_future(page.client.get("/healthz")) for _ in range(20)]
        await begun.wait()
        page.now_s += 5  # it takes long, and those who wait for it are told it all the same
        go_on.set()
        assert {(await each).status for each in asked} == {200}
        assert read == 1
        page.chat.state = Health(False, "gone")
        page.now_s += 0.9
        assert (await page.client.get("/healthz")).status == 200
        assert read == 1
        page.now_s += 0.1
        assert (await page.client.get("/healthz")).status == 503
        assert read == 2


@pytest.mark.parametrize("passed_on", ["Forwarded", "X-Forwarded-For", "X-Real-IP"])
async def test_who_comes_through_a_web_server_reads_only_whether_all_is_well(page: Page, passed_on: str) -> None:
    stranger = {passed_on: "127.0.0.1"}
    assert await (await page.client.get("/healthz", headers=stranger)).json() == {"ok": True}
    assert (await page.client.get("/metrics", headers=stranger)).status == 403
    page.chat.state = Health(False, "the mailbox refuses the password")
    page.now_s += 1
    told = await page.client.get("/healthz", headers=stranger)
    assert (told.status, await told.json()) == (503, {"ok": False})


async def test_who_shows_the_secret_reads_all_and_nobody_else_does(page: Page) -> None:
    page.secret = "s" * 16
    app = web.Application()
    app.add_routes(page.routes())
    async with TestClient(TestServer(app)) as client:
        for shown, status in (
            (f"Bearer {page.secret}", 200),
            ("Bearer sss", 403),
            (page.secret, 403),
            ("Bearer ü", 403),
        ):
            headers = {"Authorization": shown, "X-Forwarded-For": "203.0.113.9"}
            assert (await client.get("/metrics", headers=headers)).status == status, shown
        assert (await client.get("/metrics")).status == 403  # from here too: who set a secret means it
        assert await (await client.get("/healthz")).json() == {"ok": True}


@pytest.mark.parametrize(
    ("remote", "here"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("::ffff:127.0.0.1", True), ("::ffff:192.0.2.1", False),
        ("192.168.1.7", False), ("0.0.0.0", False), ("", False), (None, False), ("localhost", False),
    ],
)  # fmt: skip
def test_which_addresses_are_this_machine(remote: str | None, here: bool) -> None:
    assert _is_here(remote) is here


# --- the guard against other names ------------------------------------------------------------------------------------

SECRET = "s" * 32


@asynccontextmanager
async def serving(sqlite_with_tables: Path, folder: Path, **more: str) -> AsyncIterator[App]:
    (folder / "data").mkdir()
    shutil.copy(sqlite_with_tables, folder / "data" / "complaintbot.db")
    environ = {
        "SERVICE__DATA_DIR": str(folder / "data"),
        "HTTP__PORT": "0",
        "CONNECTORS__SMS__ENABLED": "true",
        "CONNECTORS__SMS__SECRET": SECRET,
    } | more
    async with running(load_settings(None, {f"COMPLAINTBOT_{k}": v for k, v in environ.items()}), demo=True) as app:
        yield app


async def test_a_page_that_points_its_name_at_us_reaches_nothing(sqlite_with_tables: Path, tmp_path: Path) -> None:
    phone = "/hooks/sms/stub/13800138000"
    async with (
        serving(sqlite_with_tables, tmp_path, HTTP__PUBLIC_URL="https://Chat.Example.com/") as app,
        ClientSession(f"http://127.0.0.1:{app.port}", headers={"Authorization": f"Bearer {SECRET}"}) as session,
    ):
        evil = {"Host": f"evil.example:{app.port}", "Origin": f"http://evil.example:{app.port}"}
        for path in ("/chat", "/healthz", "/metrics", phone, "/nothing"):
            response = await session.get(path, headers=evil)
            assert response.status == 421, path
            assert "public_url" in await response.text()
        response = await session.post(
            "/hooks/sms/stub", json={"from": "13800138000", "text": "x", "id": "1"}, headers=evil
        )
        assert response.status == 421
        for path in ("/chat/socket", f"{phone}/socket"):
            with pytest.raises(WSServerHandshakeError) as refused:
                await session.ws_connect(path, headers=evil)
            assert refused.value.status == 421
        assert (await app.database.read(queues.depth))["inbox_stored"] == 0

        for ours in (
            "127.0.0.1",
            f"localhost:{app.port}",
            f"[::1]:{app.port}",
            "chat.example.com",
            "CHAT.example.com:443",
        ):
            response = await session.get("/chat", headers={"Host": ours})
            assert response.status == 200, ours
            assert "html" in response.content_type
        async with session.ws_connect("/chat/socket", headers={"Origin": f"http://127.0.0.1:{app.port}"}) as socket:
            assert not socket.closed


@pytest.mark.parametrize("limit", ["IDLE_S", "HEAD_S"])
async def test_a_connection_that_brings_no_whole_request_is_closed(
    limit: str, sqlite_with_tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who opens connections and drips their headers holds none of them for long."""
    monkeypatch.setattr(f"bot.serving.{limit}", 0.1)
    async with serving(sqlite_with_tables, tmp_path) as app, asyncio.timeout(10):
        for begun in (b"", b"GET /chat HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "):
            reader, writer = await asyncio.open_connection("127.0.0.1", app.port)
            writer.write(begun)
            assert await reader.read() == b""
            writer.close()


async def test_whoever_opens_connections_without_end_leaves_files_for_the_rest(
    sqlite_with_tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.serving.resource.getrlimit", lambda _: (20, 20))
    async with serving(sqlite_with_tables, tmp_path) as app, asyncio.timeout(10):
        opened = [await asyncio.open_connection("127.0.0.1", app.port) for _ in range(15)]
        for reader, _ in opened[:5]:
            assert await reader.read() == b""
        async with ClientSession() as session, session.get(f"http://127.0.0.1:{app.port}/healthz") as answer:
            assert answer.status == 200
        _, writer = opened[-1]
        writer.write(b"GET /\xff HTTP/1.1\r\n\r\n")
        assert b" 400 " in await opened[-1][0].read()
        asyncio.get_running_loop().call_exception_handler({"message": "socket.accept() out of system resource"})
        for _, writer in opened:
            writer.close()
    lines = [record for record in caplog.records if record.name in ("aiohttp.server", "asyncio", "connectors.doorway")]
    assert [record.exc_info for record in lines] == [None, None]
    assert asyncio.get_running_loop().get_exception_handler() is None


@pytest.mark.parametrize(
    ("http", "host", "passes"),
    [
        pytest.param(HttpSection(), "127.0.0.1:8080", True, id="our address"),
        pytest.param(HttpSection(), "localhost", True, id="our name"),
        pytest.param(HttpSection(), "LOCALHOST:1", True, id="in capitals, on another port"),
        pytest.param(HttpSection(), "[::1]:8080", True, id="IPv6"),
        pytest.param(HttpSection(host="::1"), "[::1]", True, id="listening on IPv6"),
        pytest.param(HttpSection(), "evil.example", False, id="another's name"),
        pytest.param(HttpSection(), "127.0.0.1.evil.example", False, id="a name that begins as ours"),
        pytest.param(HttpSection(), "localhost.evil.example", False, id="a name that begins as ours too"),
        pytest.param(HttpSection(), "evil.example@127.0.0.1", True, id="what stands before an @ is no name"),
        pytest.param(HttpSection(), "127.0.0.1@evil.example", False, id="nor is ours there"),
        pytest.param(HttpSection(), "[::1", False, id="no name at all"),
        pytest.param(HttpSection(), "192.168.1.7", False, id="an address we do not listen on"),
        pytest.param(
            HttpSection(public_url="https://chat.example.com"), "chat.example.com", True, id="our public name"
        ),
        pytest.param(
            HttpSection(public_url="https://chat.example.com"), "example.com", False, id="the domain above it"
        ),
        pytest.param(HttpSection(public_url="https://[fd00::1]:8443"), "[fd00::1]:8443", True, id="a public address"),
        pytest.param(HttpSection(host="0.0.0.0"), "anything.example", True, id="open to the network: a proxy's matter"),
        pytest.param(HttpSection(host="localhost"), "evil.example", False, id="loopback by its name"),
        pytest.param(HttpSection(host="127.0.0.53"), "evil.example", False, id="another loopback address"),
        pytest.param(HttpSection(host="127.0.0.53"), "127.0.0.53:80", True, id="another loopback address, ours"),
    ],
)
async def test_which_names_are_served(http: HttpSection, host: str, passes: bool) -> None:
    async def hello(_request: web.Request) -> web.Response:
        return web.Response(text="hello")

    app = web.Application(middlewares=[_host_guard(http)])
    app.router.add_get("/", hello)
    async with TestClient(TestServer(app)) as client:
        response = await client.get("/", headers={"Host": host})
        assert response.status == (200 if passes else 421)


@pytest.mark.parametrize(
    ("soft", "hard", "set_to"),
    [
        pytest.param(1024, 4096, 4096, id="as many as may be"),
        pytest.param(1024, resource.RLIM_INFINITY, 65_536, id="no limit"),
        pytest.param(100_000, resource.RLIM_INFINITY, 100_000, id="more already"),
    ],
)
def test_as_many_files_may_be_open_as_the_system_allows(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, set_to: int
) -> None:
    limits: list[tuple[int, int]] = []
    monkeypatch.setattr("bot.app.resource.getrlimit", lambda _which: (soft, hard))
    monkeypatch.setattr("bot.app.resource.setrlimit", lambda _which, both: limits.append(both))
    _allow_many_files()
    assert limits == [(set_to, hard)]
