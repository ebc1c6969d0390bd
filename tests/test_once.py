"""What tests share saves work and shows each of them the same as before."""

from __future__ import annotations

import copy
import inspect
import shutil
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Select, String, column, create_engine, select, table, text

from bot.clock import MovableClock
from bot.staff import Entry
from bot.storage import database
from bot.storage.database import Database
from bot.storage.models import ComplaintRow, InboxRow, OutboxRow, PersonRow, PolicyRow
from bot.storage.work import Work
from complaints import policy
from complaints.policy import profile
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import MONDAY, STAFF, Kit, asks, entry, open_desk

FULL = 2


def test_a_statement_is_compiled_once_and_asked_of_each_database() -> None:
    engines = [create_engine("sqlite://") for _ in range(2)]
    statement: Select[str] = select(column("name", String)).select_from(table("people_of_this_test"))
    asked, compiled = [], []
    for number, engine in enumerate(engines):
        with engine.connect() as connection:
            connection.execute(text("CREATE TABLE people_of_this_test (name TEXT)"))
            connection.execute(text("INSERT INTO people_of_this_test VALUES (:name)"), {"name": str(number)})
            asked.append([row.name for row in connection.execute(statement)])
            compiled.append(len(connection.get_execution_options()["compiled_cache"]))
        engine.dispose()
    assert asked == [["0"], ["1"]]
    assert compiled[0] == compiled[1]


async def test_a_row_is_written_by_a_statement_that_was_compiled_for_another_database(urls: list[str]) -> None:
    kept = ComplaintRow.__mapper__.base_mapper._compiled_cache, PersonRow.__mapper__.base_mapper._compiled_cache
    for url in urls[:3]:
        await _opened(url, says="电梯坏了三天没人修")
    before = [len(cache) for cache in kept]
    assert before[1] > 0
    await _opened(urls[3], says="电梯坏了三天没人修")
    assert [len(cache) for cache in kept] == before


def test_a_profile_is_read_once_and_another_one_is_another() -> None:
    data = policy.merged("base")
    assert policy.parse(data, "base") is policy.parse(copy.deepcopy(data), "base")
    assert policy.parse(data, "base") == profile.parse(data, "base")
    assert policy.parse(data | {"reopen_days": 99}, "base").reopen_days == 99
    assert policy.parse(data, "ours").name == "ours"


def test_who_changes_what_was_parsed_changes_it_for_nobody_else() -> None:
    one = tomllib.loads("steps = ['a']")
    one["steps"].append("b")
    assert tomllib.loads("steps = ['a']") == {"steps": ["a"]}
    for _ in range(2):
        with pytest.raises(tomllib.TOMLDecodeError):
            tomllib.loads("steps = [")


@pytest.mark.parametrize("real", [True, False])
async def test_only_tests_do_not_wait_for_the_disk(
    fresh_sqlite_url: str, monkeypatch: pytest.MonkeyPatch, real: bool
) -> None:
    if real:
        monkeypatch.setattr(database, "_tune_sqlite", inspect.unwrap(database._tune_sqlite))

    async def asked(work: Work) -> int | None:
        answer: int | None = await work.session.scalar(text("PRAGMA synchronous"))
        return answer

    async with Database(fresh_sqlite_url) as opened:
        assert await opened.write(asked) == (FULL if real else 0)


async def _opened(url: str, staff: tuple[Entry, ...] = STAFF, says: str = "") -> list[int]:
    """Open a desk; return how many people, profiles and complaints it has."""
    async with open_desk(url, staff=staff) as kit:
        if says:
            await kit.says(says)
        return [await kit.count(kind) for kind in (PersonRow, PolicyRow, ComplaintRow)]


@pytest.fixture
def urls(sqlite_with_tables: Path, tmp_path: Path) -> list[str]:
    """Four databases with our tables and nothing in them."""
    files = [Path(shutil.copyfile(sqlite_with_tables, tmp_path / f"{number}.db")) for number in range(4)]
    return [f"sqlite+aiosqlite:///{file}" for file in files]


async def test_a_desk_stands_the_same_however_often_one_was_opened(urls: list[str]) -> None:
    assert [await _opened(url) for url in urls[:3]] == [[2, 1, 0]] * 3
    assert await _opened(urls[3], (*STAFF, entry("赵敏", Role.EMPLOYEE, line=4))) == [3, 1, 0]


async def test_what_happened_at_a_desk_before_is_as_if_it_had_happened_there(urls: list[str]) -> None:
    seen = []
    for url in urls:
        clock = MovableClock(MONDAY)
        async with open_desk(url, clock=clock, before=_told) as kit:
            stood = clock.now()
            [answer] = await asks(kit, "进度", "c1")  # its number is a new one, else it would be taken for the first
            rows = [await kit.count(kind) for kind in (ComplaintRow, InboxRow, OutboxRow)]
            seen.append((stood, answer, rows, len(kit.chat.sent), len(kit.chat.attempts)))
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert seen[0][0] > MONDAY
    async with open_desk(urls[0], staff=()) as kit:
        assert [kit.chat.attempts, await kit.count(ComplaintRow)] == [[], 1]


async def _told(kit: Kit) -> None:
    await kit.says("电梯坏了三天没人修")
    await kit.deliver()
    await kit.sweep(timedelta(minutes=5))


async def test_a_desk_that_was_at_work_goes_on_with_what_it_has(fresh_sqlite_url: str) -> None:
    [people, _, complaints] = await _opened(fresh_sqlite_url, says="电梯坏了三天没人修")
    assert complaints == 1
    for _ in range(3):
        assert await _opened(fresh_sqlite_url) == [people, 1, 1]
