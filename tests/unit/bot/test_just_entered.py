"""Whom a colleague gives the work to, right after they typed it in: no number is said again, and it is that one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import Kit, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("李娜", Role.HANDLER, superior="王主管", line=3),
    entry("王主管", Role.CENTER_LEAD, line=4),
    entry("小刘", Role.AGENT, line=5),
)
ADDRESSES = {"张伟": "h1", "李娜": "h2", "王主管": "lead", "小刘": "agent"}
BY_PHONE = "电话投诉 陈阿姨 13812345678 4栋1201 对门天天吵架到半夜"


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=ADDRESSES, before=told) as kit:
        yield kit


async def told(kit: Kit) -> None:
    await kit.says("楼道灯坏了 3栋502 13800001111 王芳")
    await kit.deliver()


async def owners(kit: Kit) -> list[str]:
    names = {(await kit.person(name)).id: name for name in ("张伟", "李娜")}
    return [names.get(complaint.owner or "", "") for complaint in await kit.complaints()]


@pytest.mark.parametrize("words", ["给{}", "派给{}", "派单 @{}", "assign to {}", "give it to {}", "让{}去"])
@pytest.mark.parametrize("entered", [BY_PHONE, "我的投诉 陈阿姨 13812345678 4栋1201 对门天天吵架到半夜"])
async def test_it_goes_to_the_colleague_who_is_named(kit: Kit, words: str, entered: str) -> None:
    await kit.says(entered, "agent")
    first, second = await owners(kit)
    other = {"张伟": "李娜", "李娜": "张伟"}[second]
    await kit.says(words.format(other), "agent")
    assert await owners(kit) == [first, other]


async def test_where_something_else_waits_it_is_asked_which(kit: Kit) -> None:
    await kit.says("我的投诉 客户赵先生 大厅门坏了", "agent")  # nobody can reach him yet
    await kit.deliver()
    await kit.says(BY_PHONE, "agent")
    await kit.deliver()
    before = await owners(kit)
    other = {"张伟": "李娜", "李娜": "张伟"}[before[2]]
    await kit.says(f"给{other}", "agent")
    await kit.deliver()
    assert await owners(kit) == before
    asked = kit.chat.texts("agent")[-1]
    assert "1. TS20260302-0003" in asked
    assert "2. TS20260302-0002" in asked
    await kit.says("1", "agent")
    assert (await owners(kit))[2] == other


async def test_what_was_only_spoken_of_is_offered(kit: Kit) -> None:
    await kit.sweep(timedelta(minutes=30))
    before = await owners(kit)
    other = {"张伟": "李娜", "李娜": "张伟"}[before[0]]
    await kit.says("进度 0001", "agent")
    await kit.says(f"给{other}", "agent")
    await kit.deliver()
    assert await owners(kit) == before
    assert "1. TS20260302-0001" in kit.chat.texts("agent")[-1]
    await kit.says("1", "agent")
    assert await owners(kit) == [other]


async def test_long_after_it_nothing_waits(kit: Kit) -> None:
    await kit.says(BY_PHONE, "agent")
    await kit.sweep(timedelta(minutes=30))
    before = await owners(kit)
    await kit.says("给李娜", "agent")
    await kit.deliver()
    assert await owners(kit) == before
    assert "没有等着派的投诉" in kit.chat.texts("agent")[-1]


async def test_a_mere_name_where_the_customer_is_asked_for_is_the_customers(kit: Kit) -> None:
    await kit.says("我的投诉 有个客户说大厅门坏了", "agent")
    before = await owners(kit)
    await kit.says("李娜", "agent")
    assert await owners(kit) == before
