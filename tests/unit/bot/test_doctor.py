"""The doctor finds each thing that can be stuck, says since when and what cures it, and is silent where all is well."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import text

from bot.doctor import Finding, as_json, channels_said_down, examine, lines
from bot.policies import PolicyBook
from bot.readings import PATIENCE
from bot.settings import HttpSection, Settings, load_settings
from bot.storage import queues, readings
from bot.storage.database import migrate, revisions
from bot.storage.models import FileRow, OutboxRow
from bot.storage.work import Work
from bot.winding import keep
from tests.calendars import WeekCalendar
from tests.unit.bot.desk_kit import GROUP_CHAT, MONDAY, ZONE, FakeChannel, Kit, open_desk
from tests.unit.bot.test_files import keeper_for

LIFT = "3栋电梯坏了三天没人修"
HOUR = timedelta(hours=1)
BOOK = PolicyBook("base", [], WeekCalendar(ZONE))


def settings_of(url: str, folder: Path, port: int = 0) -> Settings:
    settings = load_settings(None, {"COMPLAINTBOT_SERVICE__DATA_DIR": str(folder)})
    database = replace(settings.database, url=url)
    return replace(settings, database=database, http=HttpSection(port=port))


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    """A desk at which a complaint was taken in and told of: all is well."""
    async with open_desk(database_url, channels=[FakeChannel("chat", GROUP_CHAT)], before=told) as kit:
        yield kit


async def told(kit: Kit) -> None:
    await kit.says(LIFT)
    await kit.deliver()
    await kit.write(sql("UPDATE events SET at = '2026-03-02 02:00:00'"))


def sql(statement: str, **values: object) -> Callable[[Work], Awaitable[None]]:
    async def job(work: Work) -> None:
        await work.session.execute(text(statement), values)

    return job


async def found(kit: Kit, folder: Path, *, after: timedelta = timedelta(), deep: bool = False) -> dict[str, Finding]:
    """Return what is found by name, as far as it is wrong."""
    settings = settings_of(kit.database.url, folder)
    now = kit.clock.now() + after
    findings = await examine(settings, BOOK, now, deep=deep)
    return {finding.what: finding for finding in findings if finding.wrong and finding.what != "clock"}


async def test_where_all_is_well_nothing_is_found(kit: Kit, tmp_path: Path) -> None:
    assert await found(kit, tmp_path) == {}
    assert await found(kit, tmp_path, deep=True) == {}


async def test_the_data_of_a_demo_are_looked_at_by_its_clock(kit: Kit, tmp_path: Path) -> None:
    yesterday = timedelta(days=-1)
    assert {"clock_back"} <= (await found(kit, tmp_path, after=yesterday)).keys()
    await kit.write(lambda work: keep(work, timedelta(days=1), kit.clock.now()))
    assert await found(kit, tmp_path, after=yesterday) == {}
    machine = await examine(settings_of(kit.database.url, tmp_path), BOOK, kit.clock.now() + yesterday)
    assert "24.0 h ahead" in next(each.says for each in machine if each.what == "demo")


@pytest.mark.both_databases
async def test_what_lies_in_the_tables_is_found_with_its_age(kit: Kit, tmp_path: Path) -> None:
    await kit.store("还没人看", "c2")
    await kit.tell("张伟", "k1")
    await kit.tell("王主管", "k2")
    at = kit.clock.now()
    later = await found(kit, tmp_path, after=3 * HOUR)
    assert {"not_understood", "not_sent", "unsealed"} <= later.keys()
    assert later["not_understood"].since == later["not_sent"].since == at
    assert (later["not_understood"].count, later["not_sent"].count) == (1, 2)
    assert {"timers_overdue"} <= (await found(kit, tmp_path, after=72 * HOUR)).keys()

    first, second = (row.id for row in await kit.rows(OutboxRow, OutboxRow.state == "queued"))
    await kit.write(sql("UPDATE outbox SET state = 'failed' WHERE id = :id", id=first))
    await kit.write(sql("UPDATE outbox SET state = 'uncertain', channel = 'chat' WHERE id = :id", id=second))
    await kit.write(sql("UPDATE timers SET state = 'failed'"))
    await kit.write(sql("UPDATE inbox SET state = 'quarantined' WHERE state = 'stored'"))
    await kit.write(lambda work: queues.save_cursor(work, "outage:chat", at.isoformat()))
    now = await found(kit, tmp_path)
    assert now.keys() == {"quarantine", "failed", "uncertain", "timers_set_aside", "channel_down"}
    assert now["channel_down"].since == at
    assert now["uncertain"].says == "1 messages of ours may or may not have arrived, 1 by chat"
    assert now["failed"].examples == (str(first),)
    assert "no_timer" in await found(kit, tmp_path, deep=True)


async def test_a_channel_that_nobody_reads_is_found_wherever_its_reader_was(kit: Kit, tmp_path: Path) -> None:
    settings = settings_of(kit.database.url, tmp_path)
    connectors = replace(settings.connectors, email=replace(settings.connectors.email, enabled=True))
    read = replace(settings, connectors=connectors)
    at = kit.clock.now()
    await kit.write(lambda work: readings.save(work, ["email", "telegram"], at))

    async def names(settings: Settings, after: timedelta) -> list[tuple[str, datetime | None]]:
        findings = await examine(settings, BOOK, at + after)
        return [(each.says, each.since) for each in findings if each.what == "not_read"]

    assert await names(read, PATIENCE - timedelta(seconds=1)) == []
    assert await names(read, PATIENCE) == [("the channel email is read by nobody", at)]
    assert await names(settings, PATIENCE) == []  # it was switched off


async def test_a_role_that_nobody_has_is_found(kit: Kit, tmp_path: Path) -> None:
    at = kit.clock.now()

    async def roles(after: timedelta) -> dict[str, datetime | None]:
        findings = await examine(settings_of(kit.database.url, tmp_path), BOOK, at + after)
        return {each.examples[0]: each.since for each in findings if each.what == "no_role"}

    await kit.write(lambda work: readings.save_roles(work, ["web", "workers"], at))
    assert await roles(timedelta()) == {"scheduler": None}, "no channel is polled, so nobody has to"
    assert await roles(PATIENCE) == {"web": at, "workers": at, "scheduler": None}
    await kit.write(lambda work: readings.save_roles(work, ["scheduler"], at))
    assert await roles(PATIENCE - timedelta(seconds=1)) == {}


async def test_what_a_dead_process_had_in_hand_is_found(kit: Kit, tmp_path: Path) -> None:
    await kit.tell("张伟", "k1")
    assert await kit.delivery.claim(4)
    assert "abandoned" not in await found(kit, tmp_path)
    assert "abandoned" in await found(kit, tmp_path, after=HOUR)


async def test_a_damaged_record_and_a_lost_file_are_found(kit: Kit, tmp_path: Path) -> None:
    kit.chat.files["h-1"] = b"\xff\xd8 photo"
    await kit.says(
        "补充照片", "c1", attachments=[{"name": "1.jpg", "handle": "h-1", "size": 10}], content="photo", message_id="m1"
    )
    folder = settings_of(kit.database.url, tmp_path).files_dir
    assert "files_waiting" in await found(kit, tmp_path, after=HOUR)
    assert await keeper_for(kit, folder).fetch_due() == 1
    await kit.deliver()
    assert "files_missing" not in await found(kit, tmp_path, deep=True)
    shutil.rmtree(folder)
    await kit.write(sql("UPDATE complaints SET record = :record", record=b"{"))
    deep = await found(kit, tmp_path, deep=True)
    assert deep["damaged"].examples == ((await kit.rows(FileRow))[0].reference,)
    assert deep["files_missing"].examples == ((await kit.rows(FileRow))[0].path,)
    assert str(folder) in deep["files_missing"].cure


async def test_people_who_cannot_be_met_are_found(kit: Kit, tmp_path: Path) -> None:
    settings = settings_of(kit.database.url, tmp_path)
    doubts = {finding.what: finding for finding in await examine(settings, BOOK, MONDAY) if not finding.wrong}
    assert "unbound" not in doubts
    assert any(
        "leader" in finding.examples for finding in await examine(settings, BOOK, MONDAY) if finding.what == "nobody"
    )
    await kit.write(sql("UPDATE addresses SET proven = false WHERE address = 'handler'"))
    doubts = {finding.what: finding for finding in await examine(settings, BOOK, MONDAY)}
    assert doubts["unbound"].examples == ("张伟",)
    assert doubts["unbound"].cure == "complaintbot staff code 张伟"
    assert "no_centre" not in doubts
    await kit.write(sql("UPDATE addresses SET blocked_at = '2026-03-02 00:00:00' WHERE address = 'lead'"))
    assert "no_centre" in await found(kit, tmp_path)


async def test_a_clock_that_went_back_is_found(kit: Kit, tmp_path: Path) -> None:
    assert "clock_back" in await found(kit, tmp_path, after=-HOUR)


async def test_a_clock_off_the_databases_is_found(fresh_postgres_url: str, tmp_path: Path) -> None:
    settings = settings_of(fresh_postgres_url, tmp_path)
    now = datetime.now(UTC)
    assert "clock" in {each.what for each in await examine(settings, BOOK, now + HOUR)}


async def test_no_staff_at_all_is_found(fresh_sqlite_url: str, tmp_path: Path) -> None:
    async with open_desk(fresh_sqlite_url, staff=()) as kit:
        assert "no_staff" in await found(kit, tmp_path)


async def test_tables_of_an_older_version_are_all_that_is_told_of(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'complaintbot.db'}"
    await migrate(url, revisions()[-2])
    [finding] = await examine(settings_of(url, tmp_path), BOOK, MONDAY)
    assert (finding.what, finding.cure) == ("schema", "complaintbot migrate")


async def test_tables_that_a_newer_version_only_added_to_are_no_fault(kit: Kit, tmp_path: Path) -> None:
    await kit.write(sql("UPDATE alembic_version SET version_num = '0099'"))
    assert await found(kit, tmp_path) == {}
    await kit.write(sql("UPDATE alembic_version SET version_num = '9999'"))
    assert "schema" in await found(kit, tmp_path)


async def test_a_disk_that_is_nearly_full_is_found(
    fresh_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(total=100 << 30, free=2 << 30)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    async with open_desk(fresh_sqlite_url) as kit:
        assert "2048 MB (2%)" in (await found(kit, tmp_path))["disk"].says
        full = usage._replace(total=1 << 30, free=1 << 28)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
        assert "no file of a message is fetched" in (await found(kit, tmp_path))["disk"].says


async def test_the_service_itself_is_asked(fresh_sqlite_url: str, tmp_path: Path) -> None:
    said: dict[str, object] = {}

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response(said, status=503)

    server = web.Application()
    server.add_routes([web.get("/healthz", healthz)])
    async with open_desk(fresh_sqlite_url) as kit, TestServer(server) as served:
        assert served.port is not None
        settings = settings_of(kit.database.url, tmp_path, served.port)

        async def told() -> dict[str, Finding]:
            return {each.what: each for each in await examine(settings, BOOK, MONDAY)}

        assert "no complaintbot" in (await told())["service"].says
        said["connectors"] = {
            "email": {"ok": False, "detail": "refused", "seconds_since_worked": 60.0},
            "web": {"ok": True, "detail": "", "seconds_since_worked": 1.0},
        }
        said["loops"] = {"timers": {"ok": False, "error": "it fell", "seconds_since_worked": None}}
        now = await told()
        assert "email does not work: refused" in now["connector"].says
        assert now["connector"].since is not None
        assert "timers does not work: it fell" in now["loop"].says
        await served.close()
        assert "no service answers" in (await told())["service"].says


async def test_the_secret_goes_nowhere_else(fresh_sqlite_url: str, tmp_path: Path) -> None:
    """Whatever answers on the port may send whoever asks to somebody else."""
    seen: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    server = web.Application()
    server.add_routes([web.get("/{anywhere}", elsewhere)])
    async with open_desk(fresh_sqlite_url) as kit, TestServer(server) as served:
        assert served.port is not None
        settings = settings_of(kit.database.url, tmp_path, served.port)
        found = {each.what: each for each in await examine(settings, BOOK, MONDAY)}
    assert "no complaintbot" in found["service"].says
    assert seen == ["/healthz"]


async def test_what_is_known_of_a_channel_that_can_be_reached_and_takes_nothing(kit: Kit, tmp_path: Path) -> None:
    async def healthz(_: web.Request) -> web.Response:
        states = {"chat": {"ok": False, "paused_because": "HTTP 500"}, "sms": {"ok": True}}
        return web.json_response({"ok": False, "connectors": states}, status=503)

    server = web.Application()
    server.add_routes([web.get("/healthz", healthz)])
    settings = settings_of(kit.database.url, tmp_path)
    assert await channels_said_down(settings) == {}
    await kit.write(lambda work: queues.save_cursor(work, "outage:chat", MONDAY.isoformat()))
    assert await channels_said_down(settings) == {"chat": "down since 2026-03-02 02:00 UTC"}
    async with TestServer(server) as served:
        assert served.port is not None
        asked = settings_of(kit.database.url, tmp_path, served.port)
        assert await channels_said_down(asked) == {"chat": "down since 2026-03-02 02:00 UTC: HTTP 500"}


def test_for_reading_and_for_machines() -> None:
    findings = [
        Finding("failed", "2 messages of ours reached nobody", "complaintbot outbox failed", 2, MONDAY, ("7",)),
        Finding("nobody", "nobody is that", "staff import", wrong=False),
    ]
    assert list(lines(findings, lambda at: at.astimezone(ZONE))) == [
        "wrong: 2 messages of ours reached nobody, since 2026-03-02 10:00 (7, …)",
        "       → complaintbot outbox failed",
        "look: nobody is that",
        "       → staff import",
    ]
    told = json.loads(as_json(findings))
    assert told[0] == {
        "what": "failed", "says": "2 messages of ours reached nobody", "cure": "complaintbot outbox failed", "count": 2,
        "since": "2026-03-02T02:00:00+00:00", "examples": ["7"], "wrong": True,
    }  # fmt: skip
    assert told[1]["since"] is None
