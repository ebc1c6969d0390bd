"""Who asks for everybody's work hears of that, not of their own; a leader's order may name its case by what it is about."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar.tools import asks_of_the_whole
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import Kit, asks, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.CENTER_LEAD, line=3),
    entry("赵总", Role.LEADER, line=5),
)
OPEN = [
    "今天有几个没办完的",
    "今天哪几个没办完",
    "有没有快超时的",
    "张伟手上多少件",
    "what's still open",
    "show me everything open",
]
OVERDUE = ["哪些超时了", "show me everything overdue", "anything overdue?"]


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    chats = {"张伟": "handler", "王主管": "lead", "赵总": "leader"}
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=chats, before=two_told) as kit:
        yield kit


async def two_told(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("投诉 5栋厨房漏水，电话13912345678", "c2")
    await kit.says("接单 0001", "handler")
    await kit.deliver()


@pytest.mark.parametrize("words", OPEN)
async def test_the_lead_reads_what_is_open(kit: Kit, words: str) -> None:
    told = "\n".join(await asks(kit, words, "lead"))
    assert "0001" in told
    assert "0002" in told


@pytest.mark.parametrize("words", OVERDUE)
async def test_the_lead_reads_what_is_overdue(kit: Kit, words: str) -> None:
    told = "\n".join(await asks(kit, words, "lead"))
    assert "0001" not in told
    assert "您手上现在没有待办" not in told
    assert "派的投诉" not in told


@pytest.mark.parametrize("words", [each for each in OPEN + OVERDUE if not each.startswith("张伟")])
async def test_a_leader_reads_the_board(kit: Kit, words: str) -> None:
    told = await asks(kit, words, "leader")
    assert told == await asks(kit, "看板", "leader")


@pytest.mark.parametrize("words", ["没处理", "没修好", "超时了", "我手上多少件", "不处理", "not done", "什么时候处理"])
def test_what_asks_for_no_whole_is_none(words: str) -> None:
    assert asks_of_the_whole(words) is None


@pytest.mark.parametrize("words", ["批示：电梯那个今天必须解决", "批示 电梯的事以后要快"])
async def test_an_order_finds_the_case_that_it_tells_of(kit: Kit, words: str) -> None:
    await asks(kit, words, "leader")
    [lift, leak] = sorted(await kit.complaints(), key=lambda each: each.reference)
    assert [len(each.orders) for each in (lift, leak)] == [1, 0]
    assert any("电梯" in each for each in kit.chat.texts("handler")[-1:])


@pytest.mark.parametrize("words", ["批示：那件事今天必须解决", "批示 树枝那个以后要快"])
async def test_an_order_that_tells_of_none_waits_for_which_one(kit: Kit, words: str) -> None:
    told = await asks(kit, words, "leader")
    assert "0001" in told[-1]
    assert "0002" in told[-1]
    await asks(kit, "2", "leader")
    assert sum(len(each.orders) for each in await kit.complaints()) == 1
