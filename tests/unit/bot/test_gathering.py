"""What many bring at once is written together, and each hears what became of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.storage.chat import ChatLog
from bot.storage.database import DatabaseUnavailable
from bot.storage.gathering import Gathering
from bot.storage.work import Work
from tests.unit.bot.desk_kit import Kit


class _Writes:
    """Notes what is written together. `bad` cannot be."""

    def __init__(self, kit: Kit) -> None:
        self.together: list[Sequence[str]] = []
        self.gathering = Gathering(kit.database, self._write)

    async def _write(self, work: Work, items: Sequence[str]) -> list[str]:
        self.together.append(items)
        if "bad" in items:
            raise ValueError("bad")
        return [item.upper() for item in items]

    async def all(self, *items: str) -> list[str | BaseException]:
        return await asyncio.gather(*(self.gathering.add(item) for item in items), return_exceptions=True)


@pytest.fixture
def writes(kit: Kit) -> _Writes:
    return _Writes(kit)


async def test_what_comes_at_once_is_written_once(writes: _Writes) -> None:
    assert await writes.all("a", "b", "c") == ["A", "B", "C"]
    assert await writes.all("d") == ["D"]
    assert writes.together == [["a", "b", "c"], ["d"]]


async def test_one_that_cannot_be_stored_harms_no_other(writes: _Writes) -> None:
    first, bad, last = await writes.all("a", "bad", "c")
    assert (first, last) == ("A", "C")
    assert isinstance(bad, ValueError)


async def test_who_is_cancelled_leaves_it_to_be_stored(writes: _Writes) -> None:
    gone = asyncio.create_task(writes.gathering.add("a"))
    stays = asyncio.create_task(writes.gathering.add("b"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == "B"
    assert writes.together == [["a", "b"]]


async def test_a_neighbours_fault_brings_the_same_ones_again(kit: Kit, writes: _Writes) -> None:
    """The transaction that they shared is rolled back, and each job of it run again."""

    async def fails(_: Work) -> None:
        raise LookupError("somebody else's fault")

    mine, theirs = await asyncio.gather(writes.all("a", "b"), kit.database.write(fails), return_exceptions=True)
    assert mine == ["A", "B"]
    assert isinstance(theirs, LookupError)
    assert set(map(tuple, writes.together)) == {("a", "b")}


async def test_a_closed_database_is_told_to_all(kit: Kit, writes: _Writes) -> None:
    await kit.database.__aexit__()
    try:
        assert [type(error) for error in await writes.all("a", "b")] == [DatabaseUnavailable] * 2
    finally:
        await kit.database.__aenter__()


@pytest.mark.both_databases
async def test_lines_said_at_once_know_the_line_above_them(kit: Kit) -> None:
    log = ChatLog(kit.database, kit.clock)
    said = [("w1", "a"), ("w2", "b"), ("w1", "c"), ("w1", "a"), ("w1", "d")]
    lines = await asyncio.gather(
        *(log.append("web", conversation, key, outgoing=False, text=key) for conversation, key in said)
    )
    a, b, c, again, d = lines
    assert [line.key for line in lines] == [key for _, key in said]
    assert (a.after, b.after, c.after, d.after) == (0, 0, a.seq, c.seq)
    assert again == a
    assert [line.key for line in await log.since("web", "w1", 0)] == ["a", "c", "d"]
