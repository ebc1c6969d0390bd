"""What is said of the second of a list is about the second."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from complaints.change import EventKind
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, open_desk

WHO = "我是3栋502的寅女士，电话13800138000"


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says(f"投诉 厨房漏水三天了，{WHO}")
        await kit.says("投诉 保安骂人，态度太差")
        yield kit


async def reads(kit: Kit, who: str = "c1") -> str:
    await kit.deliver()
    return kit.chat.texts(who)[-1]


async def test_a_rating_goes_to_the_one_that_stands_there(kit: Kit) -> None:
    for number in ("0001", "0002"):
        await kit.says(f"分派 {number} 张伟", "lead")
        await kit.says(f"办结 {number} 已经处理好了", "handler")
    await kit.deliver()
    await kit.says("我的投诉")
    shown = await reads(kit)
    second = "0001" if shown.index("0001") > shown.index("0002") else "0002"
    await kit.says("第二个已经好了")
    states = {each.reference[-4:]: each.status for each in await kit.complaints()}
    assert states.pop(second) is Status.CLOSED
    assert list(states.values()) == [Status.RESOLVED]


async def test_before_anybody_reported_it_done_the_words_are_kept_with_it(kit: Kit) -> None:
    await kit.says("我的投诉")
    second = (await reads(kit)).split("2. TS")[1].split(" ")[0]
    await kit.says("第二个已经好了")
    told = [each for each in await kit.complaints() if each.marked(EventKind.SUPPLEMENTED) is not None]
    assert [each.reference for each in told] == [f"TS{second}"]


async def test_without_a_list_it_is_asked_which_one(kit: Kit) -> None:
    await kit.says("第二个已经好了")
    assert "哪一件" in await reads(kit)
    assert not [each for each in await kit.complaints() if each.marked(EventKind.SUPPLEMENTED) is not None]


async def test_a_new_trouble_that_begins_so_is_none(kit: Kit) -> None:
    await kit.says("我的投诉")
    await kit.says("第二个电梯里有人抽烟，烟味很大")
    assert (await kit.complaints())[-1].summary == "第二个电梯里有人抽烟，烟味很大"
