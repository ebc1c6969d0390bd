"""Words of a colleague that tell of several in hand reach no customer: each reads of their own complaint alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar.other_ones import tells_of, tells_of_more
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import Kit, asks, entry, open_desk

PEOPLE = (entry("张伟", Role.HANDLER, superior="王主管"), entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3))


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(
        fresh_sqlite_url, staff=PEOPLE, chats={"张伟": "handler", "王主管": "lead"}, before=three_in_hand
    ) as kit:
        yield kit


async def three_in_hand(kit: Kit) -> None:
    await kit.says("投诉 no hot water since Sunday, 14 Elm Street, Ann Lee +447911123456", "ann")
    await kit.says("投诉 kitchen tap drips, 77 Real Road, Nat Smith +447911444555", "nat")
    await kit.says("投诉 5栋1502 电梯坏了三天没人修", "liu")
    for number in ("0001", "0002", "0003"):
        await kit.says(f"{number} 接单", "handler")
    await kit.deliver()


SAID = [
    "fixed the one in elm st, other one needs a part",
    "sorted nat smith on real road, elm st one needs a part",
    "elm street is sorted, real road needs a part",
    "换了阀门，另外一家还要等配件",
    "换了阀门，5栋那家还要等配件",
    "5栋1502的弄好了，另一个要等配件",
    "两个都弄好了",
    "0001换了阀门，0002还要等配件",
    "进展 0001 换了阀门，0002还要等配件",
    "done 0001 replaced the valve, real road needs a part",
]


@pytest.mark.parametrize("asked", ["", "ann", "nat"])
@pytest.mark.parametrize("said", SAID)
async def test_a_line_of_several_goes_to_no_customer(kit: Kit, said: str, asked: str) -> None:
    if asked:
        await kit.says("what happens next?", asked)
    back = "\n".join(await asks(kit, said, "handler"))
    assert [kit.chat.texts(each) for each in ("ann", "nat", "liu")] == [[], [], []]
    assert "哪一件" in back
    assert all(each.status is Status.WORKING for each in await kit.complaints())


async def test_what_is_said_of_the_one_that_was_chosen_goes_to_its_customer(kit: Kit) -> None:
    await kit.says("what happens next?", "ann")
    back = "\n".join(await asks(kit, "fixed the one in elm st, other one needs a part", "handler"))
    assert "不止一件" in back
    await asks(kit, "1", "handler")
    assert kit.chat.texts("ann") == []
    await asks(kit, "replaced the valve, the water runs hot again", "handler")
    assert "replaced the valve" in "\n".join(kit.chat.texts("ann"))
    assert kit.chat.texts("nat") == []


@pytest.mark.parametrize(
    "said",
    [
        "0001 替换了阀门，明天上午再试压",
        "0001 waiting for a valve, it comes on thursday",
        "进展 0003 换了主板，正在试运行",
    ],
)
async def test_a_line_of_one_is_told(kit: Kit, said: str) -> None:
    back = "\n".join(await asks(kit, said, "handler"))
    assert "哪一件" not in back
    assert [bool(kit.chat.texts(each)) for each in ("ann", "nat", "liu")].count(True) == 1


@pytest.mark.parametrize(
    "said",
    ["另一边的灯也换了", "两个灯都换了", "1、2号楼都停水", "换了3个开关", "2 and a half hours", "其他位置都正常",
     "两位师傅都来了",
     "the other side is dry now", "both taps are fine"],
)  # fmt: skip
def test_more_things_are_not_more_complaints(said: str) -> None:
    assert not tells_of_more(said)


def test_a_place_a_thing_or_a_name_of_another_is_seen() -> None:
    mine, theirs = "no hot water 14 Elm Street", "kitchen tap drips 77 Real Road"
    assert tells_of("at real road tomorrow", theirs, mine)
    assert tells_of("the tap one needs a part", theirs, mine)
    assert tells_of("nat smith is next", theirs, mine, "Nat Smith")
    assert not tells_of("elm street: hot again", theirs, mine)
    assert not tells_of("water runs hot again", theirs, mine)
    assert tells_of("电梯那个等配件", "5栋1502 电梯坏了", "3栋201 漏水")
    assert not tells_of("3栋的漏水止住了", "5栋1502 电梯坏了", "3栋201 漏水")


@pytest.mark.parametrize(
    "said",
    ["0001 接头换好了 不漏了", "0001 水管接头老化 已经换了 不漏了", "0001 the joint is replaced, no leak any more"],
)
@pytest.mark.parametrize(
    "other", ["4栋1单元门禁卡刷不开，电话13500001111", "room 0001 of the clubhouse has no light, 5号楼"]
)
async def test_the_number_of_the_case_is_no_room_and_no_part_of_a_phone(
    fresh_sqlite_url: str, said: str, other: str
) -> None:
    chats = {"张伟": "handler", "王主管": "lead"}
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=chats) as kit:
        await kit.says("投诉 我家厕所漏水了，3栋502", "ann")
        await kit.says(f"投诉 {other}", "nat")
        for number in ("0001", "0002"):
            await kit.says(f"{number} 接单", "handler")
        back = "\n".join(await asks(kit, said, "handler"))
        assert "哪一件" not in back
        first, second = await kit.complaints()
        assert first.status is Status.RESOLVED
        assert second.status is Status.WORKING


def test_a_house_within_the_number_of_another_is_not_that_house() -> None:
    assert not tells_of("4栋的弄好了", "14栋 电梯坏了", "3栋 漏水")
    assert not tells_of("502 室弄好了", "电话13750211111", "3栋502 漏水")
    assert tells_of("502 室弄好了，等配件", "5栋502 漏水", "3栋1502 漏水")
