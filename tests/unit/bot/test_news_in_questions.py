"""Who asks when somebody comes, and tells news with it, is heard: by whoever works on it, where nobody does by the centre."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.storage.work import Work
from complaints.change import EventKind
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, entry, open_desk

STAFF = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.CENTER_LEAD, line=3),
    entry("孙莉", Role.AGENT, line=4),
)
CHATS = {"张伟": "handler", "王主管": "lead", "孙莉": "sun"}

NEWS = [
    ("7栋地库漏水，我是李娜，电话13712345678", "电线都泡水里了 你们啥时候来"),
    ("7栋地库漏水，我是李娜，电话13712345678", "你们啥时候来 电线都泡水里了"),
    ("5栋502天花板漏水", "还在滴水 你们来人了没有"),
    ("5栋502天花板漏水", "地板都泡坏了 什么时候能来啊"),
    ("5栋502天花板漏水", "还在漏啊 你们来看了没有"),
    ("5栋502天花板漏水", "你们来看了没有 还在漏啊"),
    ("2栋101暖气不热", "孩子都冻发烧了 啥时候来修"),
    ("3栋外墙有裂缝", "裂缝越来越大了 什么时候派人来"),
    ("3栋电梯停了", "修好了？我刚看还停着呢"),
    ("the kitchen in 502 is leaking", "Still leaking, has anybody been here?"),
    ("the kitchen in 502 is leaking", "The wires are under water now, when are you coming?"),
    ("no heating in 101", "When is somebody coming? My kid has a fever from the cold"),
    ("no heating in 101", "when will you send someone, my baby is freezing"),
]
QUESTIONS = [
    ("7栋地库漏水", "什么时候来"),
    ("7栋地库漏水", "到哪了"),
    ("7栋地库漏水", "进度 0001"),
    ("7栋地库漏水", "大概什么时候能到"),
    ("7栋地库漏水", "师傅出发了吗"),
    ("7栋地库漏水", "预计什么时候上门"),
    ("7栋地库漏水", "还在处理吗"),
    ("7栋地库漏水", "地库漏水的事怎么样了"),
    ("the kitchen in 502 is leaking", "when are you coming"),
    ("the kitchen in 502 is leaking", "when will the plumber arrive?"),
    ("the kitchen in 502 is leaking", "any news about the leak?"),
]


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    channels = [FakeChannel("chat", CHAT)]
    async with open_desk(fresh_sqlite_url, channels=channels, staff=STAFF, chats=CHATS, policy="leyoujia-24h") as kit:
        yield kit


@pytest.fixture
async def unheld(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    """A desk at which nobody takes what comes in by itself."""
    channels = [FakeChannel("chat", CHAT)]
    chats = {"王主管": "lead", "孙莉": "sun"}
    async with open_desk(
        fresh_sqlite_url, channels=channels, staff=STAFF[1:], chats=chats, policy="leyoujia-24h"
    ) as kit:
        yield kit


async def said_later(kit: Kit) -> list[str]:
    complaint = await kit.the_complaint()

    async def read(work: Work) -> list[str]:
        said = (EventKind.SUPPLEMENTED, EventKind.URGED)
        return [event.note for event in await work.events_of(complaint.reference) if event.kind in said and event.note]

    return await kit.write(read)


@pytest.mark.parametrize(("told", "asked"), NEWS)
async def test_whoever_works_on_it_reads_the_news(kit: Kit, told: str, asked: str) -> None:
    await kit.says(told)
    await kit.says("派单 0001 @张伟", "lead")
    await kit.says("接单 0001", "handler")
    await kit.deliver()
    mine = len(kit.chat.texts("c1"))
    await kit.says(asked)
    await kit.deliver()
    assert asked in "\n".join(kit.chat.texts("handler"))
    assert "0001" in "\n".join(kit.chat.texts("c1")[mine:])
    assert asked in await said_later(kit)


@pytest.mark.parametrize(("told", "asked"), NEWS)
async def test_where_nobody_has_it_the_centre_reads_the_news(unheld: Kit, told: str, asked: str) -> None:
    await unheld.says(told)
    await unheld.deliver()
    await unheld.says(asked)
    await unheld.deliver()
    assert asked in "\n".join(unheld.chat.texts("sun"))
    assert len(await unheld.complaints()) == 1
    await unheld.says("进度 0001", "lead")
    await unheld.deliver()
    assert asked in unheld.chat.texts("lead")[-1]


@pytest.mark.parametrize(("told", "asked"), QUESTIONS)
async def test_a_mere_question_is_no_news(kit: Kit, told: str, asked: str) -> None:
    await kit.says(told)
    await kit.says("派单 0001 @张伟", "lead")
    await kit.deliver()
    await kit.says(asked)
    await kit.deliver()
    assert await said_later(kit) == []
    assert asked not in "\n".join(kit.chat.texts("handler"))
    assert await kit.outbox("status")


@pytest.mark.parametrize(
    "asked", ["孩子都冻发烧了 啥时候来修", "When is somebody coming? My kid has a fever from the cold"]
)
async def test_of_several_one_keeps_the_news_while_it_is_asked(kit: Kit, asked: str) -> None:
    await kit.says("2栋101暖气不热")
    await kit.says("投诉 3栋楼道灯不亮")
    await kit.deliver()
    kit.clock.move_to(kit.clock.now() + timedelta(hours=2))
    before = len(kit.chat.texts("c1"))
    await kit.says(asked)
    await kit.deliver()
    assert asked in "\n".join(kit.chat.texts("handler"))
    told = "\n".join(kit.chat.texts("c1")[before:])
    assert "0001" in told
    assert "0002" in told
    assert len(await kit.complaints()) == 2
    await kit.says("0001")
    await kit.deliver()
    await kit.says("进度 0001", "lead")
    await kit.deliver()
    assert asked in kit.chat.texts("lead")[-1]


async def test_of_several_the_one_that_the_news_tell_of_has_them(kit: Kit) -> None:
    await kit.says("2栋101厨房漏水")
    await kit.says("投诉 3栋楼道灯不亮")
    await kit.deliver()
    kit.clock.move_to(kit.clock.now() + timedelta(hours=2))
    await kit.says("厨房漏水把地板泡坏了 什么时候来人")
    await kit.says("进度 0001", "lead")
    await kit.deliver()
    assert "地板泡坏" in kit.chat.texts("lead")[-1]
