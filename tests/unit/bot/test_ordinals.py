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


async def _asked_which(kit: Kit) -> None:
    await kit.says("投诉 停车费多收了我两个月")
    for number in ("0001", "0002", "0003"):
        await kit.says(f"分派 {number} 张伟", "lead")
    await kit.says("派单 0001 @王主管", "lead")
    await kit.deliver()
    await kit.says("不归我们管", "handler")
    assert "1. TS20260302-0002" in await reads(kit, "handler")


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("2 不归我们管 是开发商的", "0003"),
        ("2不归我管，是开发商的", "0003"),
        ("2. not ours, it's the developer", "0003"),
        ("3 not ours - its the lab", "0003"),  # the end of its number: the list has no third
    ],
)
async def test_a_digit_with_words_says_which_and_what(kit: Kit, words: str, number: str) -> None:
    await _asked_which(kit)
    await kit.says(words, "handler")
    [back] = [each for each in await kit.complaints() if each.marked(EventKind.GIVEN_BACK) is not None]
    assert back.reference.endswith(number)


@pytest.mark.parametrize(
    "words", ["2个师傅去过了", "2 more days please", "2天后给答复", "2 plumbers came and fixed it"]
)
async def test_so_many_is_no_place(kit: Kit, words: str) -> None:
    await _asked_which(kit)
    before = await kit.complaints()
    await kit.says(words, "handler")
    assert await kit.complaints() == before
