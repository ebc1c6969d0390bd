"""Whoever was erased stays erased when an older backup takes the place of what is there, and that is gone."""

from __future__ import annotations

import asyncio
import shutil
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest

import bot.backup
import bot.storage.whole
from bot.backup import ArchiveError, make
from bot.doctor import examine
from bot.erasure import InTheWay, erase, remove_files
from bot.persons import hold, lift
from bot.storage.database import Database
from bot.storage.models import ActRow, DataRequestRow, LegalHoldRow
from bot.storage.portrait import is_known
from bot.storage.whole import left_behind
from tests.unit.bot.cli_kit import Run
from tests.unit.bot.desk_kit import GROUP_CHAT, FakeChannel, Kit, open_desk
from tests.unit.bot.test_backup import Place, bring, place
from tests.unit.bot.test_doctor import BOOK
from tests.unit.bot.test_files import keeper_for

pytestmark = pytest.mark.both_databases


async def sends_a_photo(kit: Kit, who: str, target: Place) -> str:
    """Let somebody complain with a photo, and return who that is."""
    kit.chat.files[f"h-{who}"] = who.encode() * 50
    photo = {"name": "1.jpg", "handle": f"h-{who}", "size": 10}
    await kit.says(f"{who} 号楼电梯坏了三天没人修", who, attachments=[photo], content="photo")
    while await keeper_for(kit, target.settings.files_dir).fetch_due():
        pass
    return (await kit.complaints())[-1].complainant


def photos(target: Place) -> set[bytes]:
    return {path.read_bytes()[:2] for path in target.settings.files_dir.rglob("*") if path.is_file()}


async def lived(target: Place, backup: Path, *, settled: bool) -> str:
    """Back up a desk of two customers, then erase the first, and let a third one come; return the id of the first."""
    async with open_desk(target.url, channels=[FakeChannel("chat", GROUP_CHAT)]) as kit:
        person = await sends_a_photo(kit, "c1", target)
        await sends_a_photo(kit, "c2", target)
        await kit.says("删除我的数据", "c1")
        if settled:
            await withdraws(kit)
        await asyncio.to_thread(make, target.settings, backup)
        if not settled:
            await withdraws(kit)
        await kit.write(lambda work: erase(work, person, kit.clock.now(), by=None, reason="asked for it"))
        await remove_files(kit.database, target.settings.files_dir)
        await sends_a_photo(kit, "c3", target)
    assert photos(target) == {b"c2", b"c3"}
    return person


async def withdraws(kit: Kit) -> None:
    for words in ("撤销投诉", "是"):
        await kit.says(words, "c1", external_id=uuid.uuid4().hex)  # a desk that is opened again counts from one


async def known(target: Place, persons: Sequence[str]) -> list[bool]:
    async with Database(target.url) as database:
        return [await database.read(lambda work, person=person: is_known(work, person)) for person in persons]  # type: ignore[misc]


async def found(target: Place) -> dict[str, tuple[str, ...]]:
    now = datetime.now(UTC)
    return {each.what: each.examples for each in await examine(target.settings, BOOK, now)}


async def test_who_was_erased_since_stays_erased_and_what_was_there_is_gone(tmp_path: Path, database_url: str) -> None:
    target, backup = place(tmp_path / "desk", database_url), tmp_path / "desk.zip"
    person = await lived(target, backup, settled=True)
    done = await bring(backup, target, with_replace=True)
    assert (done.kept, done.again, done.owed, done.unread) == ("", 1, (), False)
    assert await known(target, [person]) == [False]
    assert left_behind(target.url) == []
    assert photos(target) == {b"c2"}
    async with open_desk(target.url) as kit:
        assert len(await kit.complaints()) == 2
        assert [row.state for row in await kit.rows(DataRequestRow)] == ["done"]
        assert [row.kind for row in await kit.rows(ActRow)].count("person_erased") == 1
    assert not {"erasure_owed", "replaced_data"} & (await found(target)).keys()
    assert (await bring(backup, target, with_replace=True)).again == 1, "the chain remembers from one to the next"


async def test_with_whom_something_stands_in_the_way_is_named_until_they_are_erased(
    tmp_path: Path, database_url: str
) -> None:
    """In the backup their complaint is open."""
    target, backup = place(tmp_path / "desk", database_url), tmp_path / "desk.zip"
    person = await lived(target, backup, settled=False)
    done = await bring(backup, target, with_replace=True)
    [(owed, why)] = done.owed
    assert (done.again, owed) == (0, person)
    assert "not settled yet" in why
    assert (await found(target))["erasure_owed"] == (person,)
    async with open_desk(target.url) as kit:
        await withdraws(kit)
        await kit.write(lambda work: erase(work, person, kit.clock.now(), by=None, reason="owed"))
    assert "erasure_owed" not in await found(target)


async def test_cut_off_before_its_end_it_is_made_again_and_forgets_nobody(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, backup = place(tmp_path / "desk", database_url), tmp_path / "desk.zip"
    person = await lived(target, backup, settled=True)
    with monkeypatch.context() as patch:
        patch.setattr(bot.backup, "_erase_again", cut_off)
        with pytest.raises(KeyboardInterrupt):
            await bring(backup, target, with_replace=True)
    assert await known(target, [person]) == [True]
    [kept] = left_behind(target.url)
    assert (await found(target))["replaced_data"] == (kept,)
    assert (await bring(backup, target, with_replace=True)).again == 1
    assert await known(target, [person]) == [False]
    assert photos(target) == {b"c2"}


async def cut_off(*_: object) -> None:
    raise KeyboardInterrupt


async def test_what_is_kept_on_demand_is_kept_with_its_files(tmp_path: Path, database_url: str) -> None:
    target, backup = place(tmp_path / "desk", database_url), tmp_path / "desk.zip"
    person = await lived(target, backup, settled=True)
    done = await bring(backup, target, with_replace=True, keep=True)
    assert left_behind(target.url) == [done.kept] == [*(await found(target))["replaced_data"]]
    assert photos(target) == {b"c2", b"c3"}
    assert await known(target, [person]) == [False]


async def test_two_within_one_second_keep_both(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, backup = place(tmp_path / "desk", database_url), tmp_path / "desk.zip"
    await lived(target, backup, settled=True)
    monkeypatch.setattr(bot.storage.whole, "datetime", OneSecond)
    kept = [(await bring(backup, target, with_replace=True, keep=True)).kept for _ in range(2)]
    assert left_behind(target.url) == kept


class OneSecond(datetime):
    """A clock that stays within the second in which it was looked at first."""

    looks = 0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        cls.looks += 1
        return cls(2026, 11, 23, 2, 27, 23, cls.looks, tz)


async def test_what_is_too_damaged_to_be_read_is_replaced_and_kept(tmp_path: Path, fresh_sqlite_url: str) -> None:
    target, backup = place(tmp_path / "desk", fresh_sqlite_url), tmp_path / "desk.zip"
    await lived(target, backup, settled=True)
    await asyncio.to_thread(shutil.copyfile, backup, target.database)
    done = await bring(backup, target, with_replace=True)
    assert done.unread
    assert [done.kept] == left_behind(target.url)


async def held(target: Place) -> list[tuple[str | None, str | None, bool]]:
    """Return on what every hold is, and whether it lasts."""
    async with open_desk(target.url) as kit:
        return [(row.reference, row.person, row.lifted_at is None) for row in await kit.rows(LegalHoldRow)]


async def held_since(target: Place, backup: Path) -> tuple[str, str, str]:
    """Back up a desk of two customers, the second under a hold; lift that, and hold the first and a complaint that came since.
    Return who these are, and its number.
    """
    async with open_desk(target.url, channels=[FakeChannel("chat", GROUP_CHAT)]) as kit:
        now, persons = kit.clock.now(), [await sends_a_photo(kit, who, target) for who in ("c1", "c2")]
        await withdraws(kit)
        await kit.write(lambda work: hold(work, "", persons[1], "法院来函", now))
        await asyncio.to_thread(make, target.settings, backup)
        await kit.write(lambda work: lift(work, "", persons[1], "已判决", now))
        await sends_a_photo(kit, "c3", target)
        third = (await kit.complaints())[-1]
        await kit.write(lambda work: hold(work, "", persons[0], "监管问询", now))
        await kit.write(lambda work: hold(work, third.reference, "", "监管问询", now))
    return persons[0], persons[1], third.reference


async def test_what_is_held_in_what_would_be_replaced_is_neither_let_go_nor_forgotten(
    tmp_path: Path, database_url: str
) -> None:
    target, backup = place(tmp_path / "desk", database_url), tmp_path / "desk.zip"
    first, second, since = await held_since(target, backup)
    before = await held(target)
    with pytest.raises(ArchiveError, match=f"a legal hold lasts on person {first}, {since}, .* --keep-replaced"):
        await bring(backup, target, with_replace=True)
    assert await held(target) == before
    assert left_behind(target.url) == []

    done = await bring(backup, target, with_replace=True, keep=True)
    assert done.held == (f"person {first}", since)
    assert left_behind(target.url) == [done.kept]
    assert await held(target) == [(None, second, False), (None, first, True), (since, None, True)]
    [cure] = [
        each.cure for each in await examine(target.settings, BOOK, datetime.now(UTC)) if each.what == "replaced_data"
    ]
    assert "not before the legal holds are lifted" in cure
    async with open_desk(target.url) as kit:
        now = kit.clock.now()
        with pytest.raises(InTheWay, match="under a legal hold: the person"):
            await kit.write(lambda work: erase(work, first, now, by=None, reason="asked for it"))
        acts = [row.kind for row in await kit.rows(ActRow)]
        assert (acts.count("hold_kept"), acts.count("hold_lift_kept")) == (2, 1)
        await kit.write(lambda work: lift(work, "", first, "结案", now))
        assert await kit.write(lambda work: lift(work, since, "", "结案", now)) == since, "though it is not there"
        await kit.write(lambda work: erase(work, first, now, by=None, reason="asked for it"))
    done = await bring(backup, target, with_replace=True)
    assert done.held == ()
    assert not any(lasts for _, _, lasts in await held(target)), "what was kept beside knows less than what is there"
    assert done.again == 1


async def test_cut_off_before_its_end_it_forgets_no_hold(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, backup = place(tmp_path / "desk", database_url), tmp_path / "desk.zip"
    first, second, since = await held_since(target, backup)
    with monkeypatch.context() as patch:
        patch.setattr(bot.backup, "taken_over", power_cut)
        with pytest.raises(LookupError, match="the power is gone"):
            await bring(backup, target, with_replace=True, keep=True)
    with pytest.raises(ArchiveError, match="a legal hold lasts"):
        await bring(backup, target, with_replace=True)
    await bring(backup, target, with_replace=True, keep=True)
    assert await held(target) == [(None, second, False), (None, first, True), (since, None, True)]


async def power_cut(*_: object) -> None:
    raise LookupError("the power is gone")


def test_by_hand(run: Run, tmp_path: Path) -> None:
    here, backup = place(tmp_path / "data"), tmp_path / "desk.zip"
    assert run("migrate").status == 0
    asyncio.run(lived(here, backup, settled=True))
    done = run("restore", "desk.zip", "--replace")
    assert done.status == 0
    assert "1 who had been erased came back with it, and were erased again" in done.out
    assert "is kept" not in done.out
    assert "is kept as" in run("restore", "desk.zip", "--replace", "--keep-replaced").out
