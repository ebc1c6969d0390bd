"""A protest against "not a complaint", in whatever words, is the appeal that was offered; SMS and finders read the reason."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import STAFF, Kit, entry, exchange, open_desk

PEOPLE = (*STAFF, entry("陈客服", Role.AGENT))
CHATS = {"张伟": "handler", "王主管": "lead", "陈客服": "agent"}


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS, before=found_invalid) as kit:
        yield kit


async def found_invalid(kit: Kit) -> None:
    await kit.says("我家楼下一直没人打扫，7栋303，王芳13712345678")
    await kit.says("判定无效 0001 不归物业管", "agent")
    await kit.deliver()


@pytest.mark.parametrize(
    "words",
    [
        "凭啥不管 我物业费都交了 保洁不就是你们的吗",
        "凭什么 他就是骂我了",
        "凭什么说是气话 窗户就是漏风",
        "怎么就不成立了 你们来看过吗",
        "你们说的不对，我有照片",
        "刚打错了 是10栋303",
        "that's not true, nobody came to look",
        "why won't you do it, I pay my fees",
        "sorry typo, it is flat 304",
    ],
)
async def test_a_protest_is_the_appeal(kit: Kit, words: str) -> None:
    [answer] = await exchange(kit, words, "c1")
    complaint = await kit.the_complaint()
    assert complaint.appealed
    assert complaint.status is not Status.INVALID
    assert "申诉" in answer or "appeal" in answer
    assert "另一件事" in answer or "something else" in answer
    assert any(words in text for text in kit.chat.texts("lead"))


async def test_what_is_named_as_a_reason_is_no_other_matter(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS) as kit:
        await kit.says("3栋502厨房漏水三天没人管，我姓李，电话13800138000")
        await kit.says("判定无效 0001 装修问题 不归我们", "agent")
        await kit.says("凭啥不管 我物业费都交了")
        assert (await kit.the_complaint()).appealed


@pytest.mark.parametrize("words", ["我要投诉 凭什么不给我停车位", "电梯坏了三天没人修", "谢谢", "进度"])
async def test_another_matter_is_none(kit: Kit, words: str) -> None:
    await exchange(kit, words, "c1")
    assert not (await kit.complaints())[0].appealed


async def test_who_has_something_else_open_protests_about_that(kit: Kit) -> None:
    await kit.says("电梯坏了三天没人修")
    await exchange(kit, "凭什么还不来人", "c1")
    assert [each.appealed for each in await kit.complaints()] == [False, False]


async def test_the_reason_is_told_by_sms_and_to_whoever_brought_it_in(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS) as kit:
        await kit.says("楼下一直没人打扫，7栋303", "+8613712345678", "sms")
        await kit.says("判定无效 0001 保洁由街道负责", "agent")
        await kit.deliver()
        assert "保洁由街道负责" in kit.sms.texts("+8613712345678")[-1]
        assert "申诉" in kit.sms.texts("+8613712345678")[-1]
        await kit.says("客户投诉 李娜 13612345678 6栋502 楼道堆了垃圾", "agent")
        await kit.says("判定无效 0002 已由社区清走", "lead")
        await kit.deliver()
        assert any("理由：已由社区清走" in text for text in kit.chat.texts("agent"))
