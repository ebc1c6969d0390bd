"""A backup beside a working desk holds one moment of it, whole; restored, everything goes on from there."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.alone import only_one
from bot.app import running
from bot.backup import ArchiveError, Restored, make, opened, restore
from bot.clock import MovableClock
from bot.settings import Settings, load_settings, signing_secret
from bot.storage.database import Database, DatabaseUnavailable, migrate, revisions
from bot.storage.models import ComplaintRow, EventRow, FileRow, InboxRow, MessageRow, OutboxRow, TimerRow
from bot.storage.whole import ID_GAP, NUMBER_GAP, filled_tables, left_behind
from bot.storage.work import Work
from complaints.errors import ComplaintError
from tests.fakes import until
from tests.unit.bot.cli_kit import Run, in_database, refused
from tests.unit.bot.desk_kit import GROUP_CHAT, MONDAY, SMS, FakeChannel, Kit, open_desk
from tests.unit.bot.test_files import keeper_for

LIFT = "3栋电梯坏了三天没人修"


@dataclass(frozen=True)
class Place:
    """Where a desk keeps its things."""

    settings: Settings

    @property
    def url(self) -> str:
        return self.settings.database.url

    @property
    def database(self) -> Path:
        return Path(self.url.partition(":///")[2])


def place(folder: Path, url: str = "") -> Place:
    folder.mkdir(exist_ok=True)
    settings = load_settings(None, {"COMPLAINTBOT_SERVICE__DATA_DIR": str(folder)})
    if url:
        settings = replace(settings, database=replace(settings.database, url=url))
    signing_secret(settings.service)  # makes one
    return Place(settings)


async def bring(
    path: Path, target: Place, *, with_replace: bool = False, hold_unsent: bool = False, keep: bool = False
) -> Restored:
    with opened(path) as archive:
        return await restore(
            target.settings, archive, replace=with_replace, hold_unsent=hold_unsent, keep_replaced=keep
        )


async def in_flight(kit: Kit, folder: Path) -> None:
    """Two complaints, one with a photo, at work and told of; a reply not yet understood, and notices not yet sent."""
    kit.chat.files["h-1"] = b"\xff\xd8 a photo \x00\xff" * 500
    await kit.says(
        LIFT, "c1", attachments=[{"name": "1.jpg", "handle": "h-1", "size": 10}], content="photo", message_id="m1"
    )
    while await keeper_for(kit, folder).fetch_due():
        pass
    await kit.deliver()
    await kit.says("厨房漏水，物业不管", "c2")
    await kit.store("补充：今天又停了", "c1")


OUTBOX_STATE = list(OutboxRow.__table__.c.keys()).index("state")
KEPT = (ComplaintRow, EventRow, TimerRow, OutboxRow, InboxRow, MessageRow, FileRow)


async def all_rows(database: Database, *, gap: bool = False) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the tables that matter, those that only leave a gap behind the numbers apart."""

    async def read(work: Work) -> dict[str, list[tuple[object, ...]]]:
        found = {}
        for kind in KEPT:
            table = kind.__table__
            rows = await work.session.execute(table.select().order_by(*table.primary_key))
            found[kind.__tablename__] = [tuple(row) for row in rows if gap or "restored" not in row]
        return found

    return await database.read(read)


@pytest.mark.both_databases
async def test_what_is_restored_is_what_was_there_and_goes_on(
    database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """From either kind of database into the other."""
    other = request.getfixturevalue("empty_postgres_url") if "sqlite" in database_url else ""
    source, target = place(tmp_path / "a", database_url), place(tmp_path / "b", other)
    async with open_desk(database_url, channels=[FakeChannel("chat", GROUP_CHAT)]) as kit:
        await in_flight(kit, source.settings.files_dir)
        before = await all_rows(kit.database)
        manifest = await asyncio.to_thread(make, source.settings, tmp_path / "desk.zip")
    assert manifest.rows("complaints") == 2
    assert not manifest.missing
    assert {"queued", "sent"} <= {row[OUTBOX_STATE] for row in before["outbox"]}

    await bring(tmp_path / "desk.zip", target)

    async with Database(target.url) as database:
        assert await all_rows(database) == before
    [kept] = [path for path in target.settings.files_dir.rglob("*") if path.is_file()]
    assert kept.read_bytes() == b"\xff\xd8 a photo \x00\xff" * 500
    assert signing_secret(target.settings.service) == signing_secret(source.settings.service)
    async with open_desk(target.url, channels=[FakeChannel("chat", GROUP_CHAT)]) as kit:
        told = len(kit.chat.sent)
        assert await kit.understand() == 1
        fates = await kit.deliver()
        assert len(fates) > 0
        assert len(kit.chat.sent) > told
        pending = await kit.count(TimerRow, TimerRow.state == "pending")
        assert pending > 0
        assert await kit.sweep(timedelta(days=2)) > 0
        first, second = (row.reference for row in await kit.rows(ComplaintRow))
        assert any("今天又停了" in row.note for row in await kit.rows(EventRow, EventRow.reference == first))
        assert second > first


async def test_numbers_and_ids_given_since_the_backup_are_not_given_again(database_url: str, tmp_path: Path) -> None:
    target = place(tmp_path / "b")
    async with open_desk(database_url) as kit:
        await kit.says(LIFT)
        highest = max(row.id for row in await kit.outbox())
        await asyncio.to_thread(make, place(tmp_path / "a", database_url).settings, tmp_path / "desk.zip")
    await bring(tmp_path / "desk.zip", target)
    async with open_desk(target.url) as kit:
        kit.clock.move_to(datetime.now(UTC))
        await kit.says("厨房漏水，物业不管", "c2")
        newest = max(row.id for row in await kit.outbox())
        assert newest > highest + ID_GAP
        number = max(row.reference for row in await kit.rows(ComplaintRow)).rpartition("-")[2]
        assert int(number) > NUMBER_GAP


async def test_in_the_middle_of_traffic_it_is_one_moment(database_url: str, tmp_path: Path) -> None:
    """No complaint without its message, its event and its acknowledgement, nor the other way round."""
    source, target = place(tmp_path / "a", database_url), place(tmp_path / "b")
    async with open_desk(database_url) as kit:
        for number in range(5):
            await kit.says(f"{number}号楼{LIFT}", f"early{number}")
        making = asyncio.create_task(asyncio.to_thread(make, source.settings, tmp_path / "desk.zip"))
        late = 0
        while not making.done() or late < 3:
            late += 1
            await kit.says(f"{late}号楼厨房漏水，物业不管", f"late{late}")
        manifest = await making
    await bring(tmp_path / "desk.zip", target)
    async with open_desk(target.url) as kit:
        references = {row.reference for row in await kit.rows(ComplaintRow)}
        assert 5 <= len(references) == manifest.rows("complaints")
        stored = {row.reference for row in await kit.rows(InboxRow)}
        assert stored - {None} == references  # one may be stored and not yet understood
        assert {row.reference for row in await kit.rows(EventRow)} == references
        assert {row.reference for row in await kit.outbox("acknowledgement")} == references
        assert {row.reference for row in await kit.rows(TimerRow)} == references


async def test_what_waited_can_be_held_for_a_person_to_decide(fresh_sqlite_url: str, tmp_path: Path) -> None:
    """Between the backup and its restoring it may have gone out."""
    target = place(tmp_path / "b")
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says(LIFT)
        make(place(tmp_path / "a", fresh_sqlite_url).settings, tmp_path / "desk.zip")
        waiting = sum(row.state in ("queued", "held") for row in await kit.outbox())
    assert waiting > 0
    done = await bring(tmp_path / "desk.zip", target, hold_unsent=True)
    assert (done.waiting, done.uncertain) == (waiting, waiting)
    async with open_desk(target.url) as kit:
        assert await kit.deliver() == []
        assert {row.state for row in await kit.outbox("acknowledgement")} == {"uncertain"}
    done = await bring(tmp_path / "desk.zip", target, with_replace=True)
    assert (done.waiting, done.uncertain) == (waiting, 0)


@pytest.fixture(scope="module")
def archive(sqlite_with_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a desk with two complaints and a photo, beside the folder it was taken from."""
    folder = tmp_path_factory.mktemp("backup")
    source = place(folder / "source")
    shutil.copyfile(sqlite_with_tables, source.database)

    async def live() -> None:
        async with open_desk(source.url, channels=[FakeChannel("chat", GROUP_CHAT)]) as kit:
            await in_flight(kit, source.settings.files_dir)

    asyncio.run(live())
    make(source.settings, folder / "desk.zip")
    return folder / "desk.zip"


def rewritten(archive: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Return a copy of an archive whose members were changed, or left out."""
    path = archive.with_name("changed.zip")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return path


def manifest_with(**values: object) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        return json.dumps(json.loads(content) | values).encode() if name == "manifest.json" else content

    return change


def smuggled(name: str, content: bytes) -> bytes:
    manifest = json.loads(content) if name == "manifest.json" else {}
    parts = manifest.get("parts", {})
    return (
        json.dumps(manifest | {"parts": parts | {"files/../../x": {"size": 1, "sha256": ""}}}).encode()
        if parts
        else content
    )


def one_byte(name: str, content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1]) if name == "tables/complaints" else content


DAMAGE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "cut off": (lambda path: cut(path, 0.6), "damaged or was cut off"),
    "cut off at once": (lambda path: cut(path, 0.0), "damaged or was cut off"),
    "no archive": (lambda path: written(path, b"something else" * 100), "damaged or was cut off"),
    "not there": (lambda path: path.with_name("nowhere.zip"), "is not there"),
    "a bit turned": (lambda path: turned(path), "damaged"),
    "another's zip": (lambda path: rewritten(path, lambda name, content: None), "no backup of complaintbot"),
    "a part changed": (lambda path: rewritten(path, one_byte), "tables/complaints was changed"),
    "a part left out": (
        lambda path: rewritten(path, lambda name, content: None if name == "tables/events" else content),
        "tables/events is missing",
    ),
    "a newer schema": (lambda path: rewritten(path, manifest_with(revision="9999")), "newer version"),
    "a newer format": (lambda path: rewritten(path, manifest_with(format=2, parts=7)), "newer version"),
    "a manifest of nonsense": (lambda path: rewritten(path, manifest_with(parts=7)), "no backup of complaintbot"),
    "a place outside": (lambda path: rewritten(path, smuggled), "outside its folder"),
}


def cut(path: Path, share: float) -> Path:
    return written(path, path.read_bytes()[: int(path.stat().st_size * share)])


def turned(path: Path) -> Path:
    content = bytearray(path.read_bytes())
    content[content.index(b"a photo")] ^= 0x10
    return written(path, bytes(content))


def written(path: Path, content: bytes) -> Path:
    other = path.with_name("other.zip")
    other.write_bytes(content)
    return other


@pytest.mark.parametrize("damage", DAMAGE)
async def test_a_bad_archive_is_refused_in_one_line_and_changes_nothing(
    archive: Path, tmp_path: Path, damage: str
) -> None:
    make_bad, said = DAMAGE[damage]
    target = place(tmp_path / "b")
    with pytest.raises(ArchiveError, match=said) as refusal:
        await bring(make_bad(archive), target)
    assert "\n" not in str(refusal.value)
    assert not target.database.exists()
    assert not target.settings.files_dir.exists()
    assert not (tmp_path / "x").exists()


async def test_a_disk_that_fails_meanwhile_is_told_in_a_line_and_it_can_be_made_again(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> str:
        raise OSError(28, "No space left on device", "complaintbot.db.restoring")

    target = place(tmp_path / "b")
    with monkeypatch.context() as patch:
        patch.setattr("bot.backup.fill", full)
        with pytest.raises(ComplaintError, match=r"cut off: No space left on device \(complaintbot\.db\.restoring\)"):
            await bring(archive, target)
    await bring(archive, target)
    assert "complaints" in filled_tables(target.url)


@pytest.mark.parametrize("trouble", [RuntimeError("a bug"), OSError("no room left"), FileNotFoundError("elsewhere")])
def test_what_goes_wrong_with_a_good_archive_is_not_said_of_it(archive: Path, trouble: Exception) -> None:
    with pytest.raises(type(trouble)) as told, opened(archive):
        raise trouble
    assert told.value is trouble


@pytest.mark.both_databases
async def test_a_desk_that_has_something_is_not_overwritten_unless_told(
    archive: Path, tmp_path: Path, database_url: str
) -> None:
    """And even then what it had can be kept."""
    target = place(tmp_path / "b", database_url)
    async with open_desk(target.url) as kit:
        await kit.says("原来的投诉：门禁坏了", "c9")
    with pytest.raises(ArchiveError, match="not empty"):
        await bring(archive, target)
    kept = (await bring(archive, target, with_replace=True, keep=True)).kept
    assert left_behind(target.url) == [kept]
    async with Database(target.url) as database:
        assert len((await all_rows(database))["complaints"]) == 2
    schema = f"{kept.rpartition(' ')[2]}." if "postgresql" in database_url else ""
    async with Database(target.url if schema else f"sqlite+aiosqlite:///{kept}") as database:
        counting = text(f"SELECT count(*) FROM {schema}complaints")  # noqa: S608
        assert await database.read(lambda work: work.session.scalar(counting)) == 1
    async with open_desk(target.url) as kit:
        await kit.says("又一个投诉：车库漏水", "c10")
        assert await kit.count(ComplaintRow) == 3


async def test_a_database_in_use_is_not_restored_into(archive: Path, tmp_path: Path, fresh_postgres_url: str) -> None:
    async with Database(fresh_postgres_url) as database:
        await database.ping()
        with pytest.raises(ArchiveError, match="stop the service first"):
            await bring(archive, place(tmp_path / "b", fresh_postgres_url))


async def test_another_key_in_the_settings_is_refused(archive: Path, tmp_path: Path) -> None:
    target = place(tmp_path / "b")
    set_key = replace(target.settings, service=replace(target.settings.service, secret="k" * 40))
    with pytest.raises(ArchiveError, match=r"service\.secret is another key"):
        await bring(archive, Place(set_key))
    assert not filled_tables(target.url)


async def test_tables_of_an_older_version_are_brought_up_to_this_one(tmp_path: Path) -> None:
    older = place(tmp_path / "a")
    await migrate(older.url, revisions()[-3])
    async with Database(older.url) as database:
        await database.write(_a_phrase)
    manifest = make(older.settings, tmp_path / "desk.zip")
    assert manifest.revision == revisions()[-3]
    target = place(tmp_path / "b")
    await bring(tmp_path / "desk.zip", target)
    async with open_desk(target.url) as kit:
        await kit.says(LIFT)
        assert await kit.count(ComplaintRow) == 1
        assert (await kit.database.read(_titles)) == ["问候"]


async def _a_phrase(work: Work) -> None:
    at = "2026-03-02 02:00:00.000000"
    await work.session.execute(text(f"INSERT INTO phrases (title, words, at) VALUES ('问候', '您好', '{at}')"))  # noqa: S608


async def _titles(work: Work) -> list[str]:
    return [row.title for row in await work.session.execute(text("SELECT title FROM phrases"))]


async def test_a_file_that_is_gone_is_told_of(fresh_sqlite_url: str, tmp_path: Path) -> None:
    source = place(tmp_path / "source", fresh_sqlite_url)
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", GROUP_CHAT)]) as kit:
        await in_flight(kit, source.settings.files_dir)
        [row] = await kit.rows(FileRow)
    shutil.rmtree(source.settings.files_dir)
    assert make(source.settings, tmp_path / "desk.zip").missing == (row.path,)


def test_a_backup_is_not_overwritten_and_belongs_to_its_owner(archive: Path) -> None:
    with pytest.raises(ArchiveError, match="there already"):
        make(place(archive.parent / "source").settings, archive)
    assert archive.stat().st_mode & 0o077 == 0
    assert not list(archive.parent.glob("*.part"))


async def test_nothing_to_back_up_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="nothing was ever kept"):
        make(place(tmp_path / "a").settings, tmp_path / "desk.zip")
    assert not (tmp_path / "desk.zip").exists()


def test_by_hand(run: Run, tmp_path: Path) -> None:
    """The commands: beside a service that holds the lock a backup is made, and nothing is restored."""
    here = place(tmp_path / "data")
    asyncio.run(migrate(here.url))
    with only_one(here.settings):
        assert "0 complaints" in run("backup", "desk.zip").out
        refused(run("restore", "desk.zip"), "another complaintbot")
    refused(run("backup", "desk.zip"), "there already")
    assert run("restore", "desk.zip", "--check").status == 0
    refused(run("restore", "nowhere.zip"), "is not there")
    refused(run("restore", "desk.zip"), "not empty")  # that it was backed up is kept, too
    assert "start the service" in run("restore", "desk.zip", "--replace").out


def test_restoring_says_what_becomes_of_what_waited_and_the_doctor_misses_no_backup(
    run: Run, archive: Path, data: Path
) -> None:
    sends = run("restore", str(archive))
    assert sends.status == 0
    said = re.search(r"^(\d+) messages of ours waited .*: they go out, perhaps again, .*--hold-unsent", sends.out, re.M)
    assert said is not None
    holds = run("restore", str(archive), "--replace", "--hold-unsent")
    assert f"{said[1]} messages of ours waited" in holds.out
    assert f"Uncertain are {said[1]} in all" in holds.out
    assert "complaintbot outbox uncertain" in holds.out
    assert len(run("outbox", "uncertain").out.splitlines()) >= int(said[1])
    assert "no backup was made" not in run("doctor").out

    async def long_ago(work: Work) -> None:
        await work.session.execute(text('UPDATE acts SET facts = replace(facts, \'"made_at":"20\', \'"made_at":"19\')'))

    in_database(data, long_ago)
    assert "look: no backup was made by complaintbot backup for more than a week, since 19" in run("doctor").out


async def test_the_service_starts_on_a_restored_desk_and_sends_what_waited(
    fresh_sqlite_url: str, tmp_path: Path
) -> None:
    target = place(tmp_path / "b")
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("sms", SMS)]) as kit:
        await kit.says(LIFT, "+8613712345678", channel="sms")
        await kit.store("补充：今天又停了", "+8613712345678", channel="sms")
        make(place(tmp_path / "a", fresh_sqlite_url).settings, tmp_path / "desk.zip")
    await bring(tmp_path / "desk.zip", target)
    channels = {"COMPLAINTBOT_CONNECTORS__SMS__ENABLED": "true", "COMPLAINTBOT_CONNECTORS__SMS__SECRET": "s" * 32}
    data = {"COMPLAINTBOT_SERVICE__DATA_DIR": str(tmp_path / "b"), "COMPLAINTBOT_HTTP__PORT": "0"}
    async with running(load_settings(None, channels | data), clock=MovableClock(MONDAY)) as app:

        async def through(work: Work) -> bool:
            stored = await work.session.scalars(select(InboxRow.state))
            sent = await work.session.scalars(select(OutboxRow.state).where(OutboxRow.notice == "acknowledgement"))
            return set(stored) == {"done"} and set(sent) == {"delivered"}

        await until(lambda: app.database.read(through), "what waited is understood and sent")
        notes = await app.database.read(_notes)
        assert any("今天又停了" in note for note in notes)


async def _notes(work: Work) -> list[str]:
    return list(await work.session.scalars(select(EventRow.note)))
