"""Files: fetched with patience and limits, written whole, named by us, and lost or doubled by no crash."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text, update

from bot.files import FileKeeper, NoRoom, table
from bot.positions import without_position
from bot.storage import erasing, files
from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.files import DOOMED, FAILED, FETCHED, TOO_LARGE, WAITING
from bot.storage.models import FileRow, MessageRow
from bot.storage.values import FileKept
from bot.storage.work import Work
from connectors.port import Attachment, NotUnderstood, TryAgainLater, WillNotDeliver
from scheduler.port import Retries
from tests.fakes import eventually
from tests.unit.bot.desk_kit import GROUP_CHAT, MAIL, MAX_FILE, FakeChannel, Kit, open_desk
from tests.unit.bot.test_positions import TAKEN_SOMEWHERE

LIFT = "3栋电梯坏了三天没人修"
ATTEMPTS = 3


@dataclass
class Bench:
    """A desk with somebody who fetches its files into a folder."""

    kit: Kit
    keeper: FileKeeper
    folder: Path

    async def sends(self, *names: str, text: str = LIFT) -> None:
        attachments = [{"name": name, "handle": f"h-{name}", "size": 10} for name in names]
        await self.kit.says(text, "c1", attachments=attachments, content="photo", message_id=f"m-{names[0]}")

    async def fetch(self) -> int:
        tried = 0
        while count := await self.keeper.fetch_due():
            tried += count
        return tried

    async def wait(self, seconds: float) -> int:
        self.kit.clock.move_to(self.kit.clock.now() + timedelta(seconds=seconds))
        return await self.fetch()

    async def rows(self) -> list[FileRow]:
        return await self.kit.rows(FileRow)

    def on_disk(self) -> list[bytes]:
        return sorted(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


def keeper_for(kit: Kit, folder: Path, *, max_bytes_a_day: int = 10 * MAX_FILE, least_free: int = 0) -> FileKeeper:
    retries = Retries(timedelta(seconds=10), timedelta(seconds=3600))
    return FileKeeper(
        kit.database, kit.desk, kit.channels, kit.clock,
        directory=folder, max_bytes=MAX_FILE, max_bytes_a_day=max_bytes_a_day, least_free=least_free,
        attempts=ATTEMPTS, retries=retries,
    )  # fmt: skip


@pytest.fixture
async def bench(database_url: str, tmp_path: Path) -> AsyncIterator[Bench]:
    channels = [FakeChannel("chat", GROUP_CHAT), FakeChannel("email", MAIL)]
    async with open_desk(database_url, channels=channels) as kit:
        await kit.address("张伟", "chat", "handler")
        yield Bench(kit, keeper_for(kit, tmp_path / "files"), tmp_path / "files")


async def test_a_file_is_fetched_and_written_as_it_is(bench: Bench) -> None:
    data = bytes(range(256)) * 100
    bench.kit.chat.files["h-1.jpg"] = data
    await bench.sends("1.jpg")
    assert await bench.fetch() == 1
    [row] = await bench.rows()
    assert (row.state, row.size, row.sha256) == (FETCHED, len(data), hashlib.sha256(data).hexdigest())
    assert (bench.folder / row.path).read_bytes() == data
    assert (bench.folder / row.path).stat().st_mode & 0o077 == 0
    assert await bench.fetch() == 0


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..", "a\x00b/../c", "con\n.txt", "x" * 5000, ""])
async def test_no_name_from_outside_is_a_path(bench: Bench, name: str) -> None:
    bench.kit.chat.files["h"] = b"data"
    await bench.kit.says(LIFT, attachments=[{"name": name, "handle": "h", "size": 4}], content="document")
    await bench.fetch()
    [row] = await bench.rows()
    place = bench.keeper.place(
        (await bench.kit.database.read(lambda work: files.of_complaint(work, str(row.reference))))[0]
    )
    assert row.state == FETCHED
    assert place.resolve().is_relative_to(bench.folder.resolve())
    assert place.name.isalnum()
    assert len(row.name) <= 200
    assert row.name.isprintable()


async def test_nobody_fills_the_disk_in_a_day(bench: Bench) -> None:
    """Announced or not, what is more than a day's share is not kept; that is told once, and the words are there."""
    bench.keeper = keeper_for(bench.kit, bench.folder, max_bytes_a_day=25)
    for name in ("1.jpg", "2.jpg", "3.jpg", "4.jpg"):
        bench.kit.chat.files[f"h-{name}"] = b"0123456789"
        await bench.sends(name, text="3栋电梯还是坏的")
        await bench.fetch()
    bench.kit.chat.files["h-other.jpg"] = b"1" * 20  # ten of which were announced
    await bench.kit.says(LIFT, "c2", attachments=[{"name": "other.jpg", "handle": "h-other.jpg", "size": 10}])
    await bench.fetch()
    assert [row.state for row in await bench.rows()] == [FETCHED, FETCHED, TOO_LARGE, TOO_LARGE, FETCHED]
    assert bench.kit.chat.fetched == ["h-1.jpg", "h-2.jpg", "h-other.jpg"]  # for the rest nobody asked
    await bench.kit.deliver()
    assert sum("请明天再发" in text for text in bench.kit.chat.texts("c1")) == 1
    assert [row.text for row in await bench.kit.rows(MessageRow)].count("3栋电梯还是坏的") == 4
    bench.kit.clock.move_to(bench.kit.clock.now() + timedelta(days=1, seconds=1))
    await bench.sends("1.jpg")
    await bench.fetch()
    assert (await bench.rows())[-1].state == FETCHED


async def test_what_grows_over_the_share_of_a_day_on_its_way_is_not_kept(bench: Bench) -> None:
    bench.keeper = keeper_for(bench.kit, bench.folder, max_bytes_a_day=25)
    bench.kit.chat.files["h-1.jpg"] = b"1" * 30
    await bench.sends("1.jpg")
    await bench.fetch()
    assert [row.state for row in await bench.rows()] == [TOO_LARGE]
    assert bench.on_disk() == []


async def test_a_disk_that_is_nearly_full_is_left_to_the_database(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files wait, and it is seen; with room again they come."""
    full = shutil.disk_usage(bench.folder.parent)._replace(free=1005)
    bench.keeper = keeper_for(bench.kit, bench.folder, least_free=1000)
    bench.kit.chat.files["h-1.jpg"] = b"0123456789"
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    await bench.sends("1.jpg")
    await bench.keeper.look()  # a file of ten bytes would be too much
    assert await bench.fetch() == 1
    [row] = await bench.rows()
    assert (row.state, bench.kit.chat.fetched, bench.on_disk()) == (WAITING, [], [])
    assert "are free on the disk" in row.detail
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full._replace(free=999))
    with pytest.raises(NoRoom):
        await bench.keeper.look()
    monkeypatch.undo()
    await bench.keeper.look()
    assert await bench.wait(3600) == 1
    assert (await bench.rows())[0].state == FETCHED


async def test_files_of_mail_are_kept_in_the_same_way(bench: Bench) -> None:
    attachments = [{"name": "1.txt", "data": "first", "size": 5}, {"name": "2.txt", "data": "second", "size": 6}]
    await bench.kit.says(LIFT, "c@example.com", "email", attachments=attachments)
    await bench.fetch()
    assert [row.state for row in await bench.rows()] == [FETCHED, FETCHED]
    assert bench.on_disk() == [b"first", b"second"]


async def test_what_is_kept_tells_no_position_and_is_called_what_it_is(bench: Bench) -> None:
    bench.kit.chat.files["h-1.pdf"] = (photo := TAKEN_SOMEWHERE["jpeg"])
    await bench.sends("1.pdf")
    await bench.fetch()
    [row] = await bench.rows()
    [kept] = bench.on_disk()
    assert kept == without_position(photo) != photo
    assert (row.type, row.sha256) == ("image/jpeg", hashlib.sha256(kept).hexdigest())


class TestTrouble:
    async def test_a_platform_that_is_busy_is_asked_again_when_it_says(self, bench: Bench) -> None:
        bench.kit.chat.files["h-1.jpg"] = b"data"
        bench.kit.chat.fetching.append(TryAgainLater("busy", 40))
        await bench.sends("1.jpg")
        assert await bench.fetch() == 1
        assert await bench.wait(30) == 0
        assert await bench.wait(15) == 1
        assert [row.state for row in await bench.rows()] == [FETCHED]

    @pytest.mark.parametrize(
        "error",
        [TryAgainLater("busy"), OSError("no route"), RuntimeError("a bug"), NotUnderstood("odd"), TimeoutError()],
    )
    async def test_what_never_works_ends_visibly(self, bench: Bench, error: Exception) -> None:
        bench.kit.chat.fetching.extend([error] * 20)
        await bench.sends("1.jpg")
        tried = await bench.fetch()
        for _ in range(10):
            tried += await bench.wait(3600)
        assert tried == ATTEMPTS
        [row] = await bench.rows()
        assert row.state == FAILED
        await bench.kit.deliver()
        assert "没能取到" in bench.kit.chat.texts("c1")[-1]
        await bench.kit.says("进度", "handler")
        await bench.kit.deliver()
        assert "没收到的附件：1.jpg" in bench.kit.chat.texts("handler")[-1]

    async def test_what_is_gone_is_not_asked_for_again(self, bench: Bench) -> None:
        bench.kit.chat.fetching.append(WillNotDeliver("file is too big"))
        await bench.sends("1.jpg")
        await bench.fetch()
        assert await bench.wait(86400) == 0
        [row] = await bench.rows()
        assert (row.state, row.detail) == (FAILED, "file is too big")

    async def test_what_turns_out_too_large_is_not_kept(self, bench: Bench) -> None:
        bench.kit.chat.files["h-1.jpg"] = b"x" * (MAX_FILE + 1)
        await bench.sends("1.jpg")
        await bench.fetch()
        [row] = await bench.rows()
        assert row.state == TOO_LARGE
        assert bench.on_disk() == []
        assert len(await bench.kit.outbox("file_too_large")) == 1

    async def test_a_full_disk_is_waited_for(self, bench: Bench) -> None:
        bench.kit.chat.files["h-1.jpg"] = b"data"
        bench.folder.write_text("in the way")
        await bench.sends("1.jpg")
        await bench.fetch()
        assert [row.state for row in await bench.rows()] == [WAITING]
        bench.folder.unlink()
        await bench.wait(60)
        assert [row.state for row in await bench.rows()] == [FETCHED]

    async def test_one_bad_file_does_not_hold_up_the_others(self, bench: Bench) -> None:
        names = [f"{number}.jpg" for number in range(9)]
        bench.kit.chat.files = {f"h-{name}": name.encode() for name in names if name != "3.jpg"}
        await bench.sends(*names)
        await bench.fetch()
        states = {row.name: row.state for row in await bench.rows()}
        assert states == {name: WAITING if name == "3.jpg" else FETCHED for name in names}


class HoldingChannel(FakeChannel):
    """A channel that keeps files itself until we have them. let: those that it may forget, each with what we had of it then."""

    def __init__(self) -> None:
        super().__init__("web", GROUP_CHAT)
        self.let: list[str] = []

    async def let_go(self, handle: str) -> None:
        self.let.append(handle)


class TestHeldByTheChannel:
    @pytest.fixture
    async def held(self, database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Bench, HoldingChannel]]:
        channel = HoldingChannel()
        async with open_desk(database_url, channels=[channel]) as kit:
            yield Bench(kit, keeper_for(kit, tmp_path / "files"), tmp_path / "files"), channel

    async def sends(self, held: tuple[Bench, HoldingChannel], name: str) -> None:
        attachments = [{"name": name, "handle": f"h-{name}", "size": 10}]
        await held[0].kit.says(LIFT, "c1", "web", attachments=attachments, content="photo", message_id=f"m-{name}")

    async def test_it_may_forget_what_we_have(self, held: tuple[Bench, HoldingChannel]) -> None:
        bench, channel = held
        channel.files["h-1.jpg"] = b"data"
        await self.sends(held, "1.jpg")
        assert channel.let == []
        await bench.fetch()
        assert [row.state for row in await bench.rows()] == [FETCHED]
        assert channel.let == ["h-1.jpg"]

    async def test_it_may_forget_what_we_do_not_keep(self, held: tuple[Bench, HoldingChannel]) -> None:
        bench, channel = held
        channel.files["h-1.jpg"] = b"x" * (MAX_FILE + 1)
        await self.sends(held, "1.jpg")
        await bench.fetch()
        assert [row.state for row in await bench.rows()] == [TOO_LARGE]
        assert channel.let == ["h-1.jpg"]

    async def test_it_keeps_what_will_be_tried_again(self, held: tuple[Bench, HoldingChannel]) -> None:
        bench, channel = held
        channel.fetching.append(TryAgainLater("busy", 40))
        channel.files["h-1.jpg"] = b"data"
        await self.sends(held, "1.jpg")
        await bench.fetch()
        assert channel.let == []
        await bench.wait(60)
        assert channel.let == ["h-1.jpg"]

    async def test_it_keeps_what_is_not_on_record_yet(
        self, held: tuple[Bench, HoldingChannel], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench, channel = held
        channel.files["h-1.jpg"] = b"data"
        await self.sends(held, "1.jpg")

        async def dies(*_: object, **__: object) -> None:
            raise DatabaseUnavailable("the power is gone")

        with monkeypatch.context() as patched:
            patched.setattr(files, "record", dies)
            with pytest.raises(BaseExceptionGroup):
                await bench.keeper.fetch_due()
        assert channel.let == []
        await bench.wait(600)
        assert [row.state for row in await bench.rows()] == [FETCHED]
        assert channel.let == ["h-1.jpg"]


class TestCrashes:
    async def test_killed_after_writing_and_before_recording_it_is_one_file(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench.kit.chat.files["h-1.jpg"] = b"data"
        await bench.sends("1.jpg")

        async def dies(*_: object, **__: object) -> None:
            task.cancel()  # nothing after this is done by that process any more
            raise DatabaseUnavailable("the power is gone")

        with monkeypatch.context() as patched:
            patched.setattr(files, "record", dies)
            task = asyncio.create_task(bench.keeper.fetch_due())
            await asyncio.gather(task, return_exceptions=True)
        assert bench.on_disk() == [b"data"]
        again = keeper_for(bench.kit, bench.folder)
        assert await again.fetch_due() == 0  # it may still be in somebody's hand
        bench.kit.clock.move_to(bench.kit.clock.now() + timedelta(minutes=10))
        assert await again.fetch_due() == 1
        assert [row.state for row in await bench.rows()] == [FETCHED]
        assert bench.on_disk() == [b"data"]

    async def test_the_loop_takes_up_what_comes_and_what_was_left(self, bench: Bench) -> None:
        bench.kit.chat.files = {"h-1.jpg": b"one", "h-2.jpg": b"two"}
        await bench.sends("1.jpg")
        running = asyncio.create_task(bench.keeper.run())
        await eventually(lambda: bench.on_disk() == [b"one"], timeout_s=30)
        await bench.sends("2.jpg", text="")
        await eventually(lambda: bench.on_disk() == [b"one", b"two"], timeout_s=30)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    async def test_two_processes_fetch_a_file_once(self, fresh_postgres_url: str, tmp_path: Path) -> None:
        channel = FakeChannel("chat", GROUP_CHAT)
        channel.files = {f"h-{number}": b"data" for number in range(20)}
        async with (
            open_desk(fresh_postgres_url, channels=[channel]) as one,
            open_desk(fresh_postgres_url, channels=[channel], staff=()) as two,
        ):
            attachments = [{"name": f"{number}", "handle": f"h-{number}"} for number in range(20)]
            await one.says(LIFT, attachments=attachments)
            keepers = [keeper_for(kit, tmp_path) for kit in (one, two)]
            while any(await asyncio.gather(*(keeper.fetch_due() for keeper in keepers))):
                pass
            assert sorted(channel.fetched) == sorted(channel.files)
            assert {row.state for row in await one.rows(FileRow)} == {FETCHED}

    async def test_what_another_claimed_between_reading_and_locking_is_left_to_them(
        self, fresh_postgres_url: str
    ) -> None:
        """PostgreSQL locks a row as it is now and asks of it again only what stands beside it, nothing within subqueries."""
        channel = FakeChannel("chat", GROUP_CHAT)
        async with open_desk(fresh_postgres_url, channels=[channel]) as kit:
            await kit.says(LIFT, attachments=[{"name": "1", "handle": "h-1"}])
            now = kit.clock.now()
            held, read = asyncio.Event(), asyncio.Event()

            async def others(work: Work) -> None:
                await work.session.execute(text("SELECT pg_advisory_xact_lock(7)"))
                held.set()
                await read.wait()
                assert await files.claim(work, now, now + timedelta(minutes=4), 4)

            async def ours() -> list[FileKept]:
                async with Database(fresh_postgres_url) as database:

                    async def slowly(work: Work) -> list[FileKept]:
                        connection = (await work.session.connection()).sync_connection
                        event.listen(connection, "before_cursor_execute", _waits_before_locking, retval=True)
                        return await files.claim(work, now, now + timedelta(minutes=4), 4)

                    return await database.write(slowly)

            async def waits() -> bool:
                ungranted = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                return bool(await kit.database.read(lambda work: work.session.scalar(ungranted)))

            theirs = asyncio.create_task(kit.write(others))
            await held.wait()
            claimed = asyncio.create_task(ours())
            async with asyncio.timeout(30):
                while not await waits():
                    pass
            read.set()
            await theirs
            assert await claimed == []


def _waits_before_locking(
    connection: object, cursor: object, statement: str, parameters: object, *_: object
) -> tuple[str, object]:
    waiting = "WHERE (SELECT pg_advisory_xact_lock(7)::text) IS NOT NULL AND files.state ="
    before, found, after = statement.rpartition("WHERE files.state =")
    return (before + waiting + after if found and "FOR UPDATE" in after else statement), parameters


async def test_what_is_forgotten_while_it_is_fetched_is_not_left_on_the_disk(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.sends("lift.jpg")

    async def forgets(attachment: Attachment, *, max_bytes: int) -> bytes:
        await bench.kit.write(lambda work: erasing.run(work, update(FileRow).values(state=DOOMED)))
        return b"a picture"

    monkeypatch.setattr(bench.kit.chat, "fetch", forgets)
    await bench.fetch()
    assert bench.on_disk() == []
    assert [row.state for row in await bench.rows()] == [DOOMED]


async def test_the_table_names_place_or_reason(bench: Bench) -> None:
    bench.kit.chat.files["h-1.jpg"] = b"data"
    await bench.sends("1.jpg", "2.jpg")
    bench.kit.chat.files["h-2.jpg"] = b"x" * (MAX_FILE + 1)
    await bench.fetch()
    reference = (await bench.kit.the_complaint()).reference
    kept = await bench.kit.database.read(lambda work: files.of_complaint(work, reference))
    first, second = table(kept, bench.folder, lambda at: at).splitlines()
    assert first.endswith(f"1.jpg\t{bench.folder / kept[0].path}")
    assert "too_large" in second
