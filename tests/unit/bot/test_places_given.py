"""A lead gives what stands in a list by its place there: "give 3 to carl", "把3给张伟"."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from complaints.complaint import Complaint
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import Kit, asks, entry, open_desk

STAFF = (
    entry("张伟", Role.HANDLER, superior="王主管", line=2, categories=("other",)),
    entry("Carl Weber", Role.HANDLER, superior="王主管", line=3, categories=("other",)),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=4),
)
CHATS = {"张伟": "handler", "Carl Weber": "carl", "王主管": "lead"}
MATTERS = ("厨房水管漏水", "楼道灯坏了", "电梯有异响", "车位被人占了")


@pytest.fixture
async def desk(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=STAFF, chats=CHATS, before=told) as kit:
        yield kit


async def told(kit: Kit) -> None:
    for nth, matter in enumerate(MATTERS, start=1):
        await asks(kit, f"投诉 {matter}", f"c{nth}")


async def owner(kit: Kit, complaint: Complaint) -> str:
    [now] = [each for each in await kit.complaints() if each.reference == complaint.reference]
    people = {(await kit.person(name)).id: name for name in CHATS}
    return people.get(now.owner or "", "")


async def other(kit: Kit, complaint: Complaint) -> str:
    return {"张伟": "Carl Weber"}.get(await owner(kit, complaint), "张伟")


@pytest.mark.parametrize(
    "words",
    ["give 3 to {}", "give no. 3 to {}", "assign 3 to {}", "把3给{}", "3 给 {}", "3 -> {}", "3→{}", "3号派给{}"],
)
@pytest.mark.parametrize("listed", [True, False])
async def test_the_place_in_the_list_or_the_end_of_the_number_is_meant(desk: Kit, words: str, listed: bool) -> None:
    third = (await desk.complaints())[2]
    if listed:
        await asks(desk, "队列", "lead")
    who = await other(desk, third)
    await asks(desk, words.format(who), "lead")
    assert await owner(desk, third) == who


@pytest.mark.parametrize("words", ["assign 2 and 4 to Carl Weber", "把2和4给张伟"])
async def test_of_several_it_is_asked_with_which_to_begin(desk: Kit, words: str) -> None:
    before = [await owner(desk, each) for each in await desk.complaints()]
    await asks(desk, "队列", "lead")
    [heard] = await asks(desk, words, "lead")
    assert "-0002" in heard
    assert "-0004" in heard
    assert "-0003" not in heard
    assert [await owner(desk, each) for each in await desk.complaints()] == before


@pytest.mark.parametrize("words", ["2 to go", "3 to five pm", "3 to finish"])
async def test_a_count_gives_nothing_away(desk: Kit, words: str) -> None:
    before = [await owner(desk, each) for each in await desk.complaints()]
    await asks(desk, "队列", "lead")
    await asks(desk, words, "lead")
    assert [await owner(desk, each) for each in await desk.complaints()] == before


async def test_a_colleague_is_named_with_manners(desk: Kit) -> None:
    second = (await desk.complaints())[1]
    await asks(desk, "0002 carl please", "lead")
    assert await owner(desk, second) == "Carl Weber"
