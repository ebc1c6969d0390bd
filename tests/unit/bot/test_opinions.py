"""What another department thinks: asked for by the centre, answered, asked for again, read by colleagues alone. R-030."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.grammar.opinions import Opinion, about_opinion
from complaints.policy.loading import load
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, entry, open_desk, reads

STAFF = (
    entry("张伟", Role.HANDLER, superior="王主管", categories=("QUAL",)),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD),
    entry("李工", Role.DEPT_HEAD, unit="工程部", superior="刘总"),
    entry("孙悦", Role.HANDLER, unit="外部", categories=("PROP",)),
    entry("刘总", Role.LEADER),
)
WHERE = {"张伟": "handler", "王主管": "lead", "李工": "engineer", "孙悦": "other", "刘总": "boss"}


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(
        fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], staff=STAFF, chats=WHERE, before=assigned
    ) as kit:
        yield kit


async def assigned(kit: Kit) -> None:
    await kit.says("厨房天花板漏水三天没人修，我是3栋502的寅女士，电话13800138000")
    await kit.says("派单 0001 @张伟", "lead")
    for who in ("c1", *WHERE.values()):
        await reads(kit, who)


@pytest.mark.parametrize("whom", ["@李工", "李工，", "工程部"])
@pytest.mark.parametrize("answer", ["意见 0001 建议整面重做防水", "建议整面重做防水", "opinion 0001: 建议整面重做防水"])
async def test_a_department_is_asked_answers_and_the_customer_reads_nothing_of_it(
    kit: Kit, whom: str, answer: str
) -> None:
    await kit.says(f"征求意见 0001 {whom} 这类渗漏怎么修", "lead")
    assert "已向 李工 征求意见" in await reads(kit, "lead")
    asked = await reads(kit, "engineer")
    assert "王主管 征求您的处理意见：TS20260302-0001" in asked
    assert "问题：这类渗漏怎么修" in asked
    assert "3月3日" in asked  # a working day
    await kit.says(answer, "engineer")
    assert "意见已记下" in await reads(kit, "engineer")
    for who in ("lead", "handler"):
        assert "李工 对 TS20260302-0001 的处理意见：\n建议整面重做防水" in await reads(kit, who)
    assert await reads(kit, "c1") == ""
    await kit.says("进度 0001", "handler")
    assert "意见（李工）：建议整面重做防水" in await reads(kit, "handler")
    await kit.says("进度 0001", "c1")
    assert "整面" not in await reads(kit, "c1")


async def test_who_does_not_answer_is_asked_again_and_then_those_above_hear(kit: Kit) -> None:
    await kit.says("征求意见 0001 李工 怎么修", "lead")
    await reads(kit, "engineer")
    await reads(kit, "lead")
    told = []
    for _ in range(3):
        await kit.sweep(timedelta(days=1, hours=1))
        told.append(["处理意见" in text for text in (await reads(kit, "engineer"), await reads(kit, "boss"))])
        assert "李工 还没有答复" in await reads(kit, "lead") or not told[-1][1]
    assert told == [[False, False], [True, False], [True, True]]  # until the end of Tuesday
    await kit.says("意见 0001 换防水", "engineer")
    await reads(kit, "engineer")
    await kit.sweep(timedelta(days=2))
    assert "还在等您的处理意见" not in await reads(kit, "engineer")


async def test_it_is_asked_of_somebody_else_once_and_by_whom_it_is_for(kit: Kit) -> None:
    for words, answer in (
        ("征求意见 0001 张伟 怎么修", "征求别人的意见"),
        ("征求意见 0001 陌生人 怎么修", "没有认出要问谁"),
        ("征求意见 0001 李工 怎么修", "已向 李工"),
        ("征求意见 0001 李工 怎么修", "还在等答复"),
    ):
        await kit.says(words, "lead")
        assert answer in await reads(kit, "lead")
    await kit.says("征求意见 0001 李工 怎么修", "other")
    await kit.says("意见 0001 随便", "other")
    assert [each.answer for each in (await kit.the_complaint()).opinions] == [""]
    await kit.says("意见 0001", "engineer")
    assert "请写明您的意见" in await reads(kit, "engineer")


@pytest.mark.parametrize("words", ["收到", "好的", "谢谢", "帮助"])
async def test_that_it_was_read_is_no_opinion(kit: Kit, words: str) -> None:
    await kit.says("征求意见 0001 李工 怎么修", "lead")
    await reads(kit, "engineer")
    await kit.says(words, "engineer")
    assert [each.answer for each in (await kit.the_complaint()).opinions] == [""]
    await kit.says("建议整面重做防水", "engineer")
    assert [each.answer for each in (await kit.the_complaint()).opinions] == ["建议整面重做防水"]


async def test_what_customers_think_stays_theirs(kit: Kit) -> None:
    await kit.says("意见：你们太慢了", "c1")
    assert (await kit.the_complaint()).opinions == ()
    assert await reads(kit, "c1") != ""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("征求意见 0007 @李雷 怎么修", Opinion(True, "@李雷 怎么修", "0007")),
        ("ask opinion of 0007 Tom: how to repair it", Opinion(True, "Tom: how to repair it", "0007")),
        ("意见 0007 整面重做", Opinion(False, "整面重做", "0007")),
        ("意见：整面重做", Opinion(False, "整面重做")),
        ("意见不统一，先等等", None),
        ("in my opinion it is fine", None),
    ],
)
def test_what_is_said_of_opinions(text: str, meant: Opinion | None) -> None:
    assert about_opinion(text) == meant


def test_each_profile_says_within_what() -> None:
    assert {name: str(load(name).opinion_within) for name in ("base", "hongkelong")} == {
        "base": "1wd",
        "hongkelong": "4h",
    }
