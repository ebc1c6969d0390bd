"""A severity that was proposed and decided: everybody who was asked hears who decided what; an order hears its result."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.storage.models import EventRow
from complaints.vocabulary import Role, Severity
from tests.unit.bot.desk_kit import Kit, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3),
    entry("周调度", Role.DISPATCHER, line=4),
    entry("郑总", Role.LEADER, line=5),
)
ADDRESSES = {"张伟": "handler", "王主管": "lead", "周调度": "dispatcher", "郑总": "leader"}


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=ADDRESSES) as kit:
        yield kit


async def test_who_was_asked_hears_who_decided_what(kit: Kit) -> None:
    await kit.says("电梯里困了人，我妈妈被困在3栋电梯里，电话13712345678")
    await kit.deliver()
    assert (await kit.the_complaint()).severity is Severity.S0
    await kit.says("不是 0001 重要 人已救出", "lead")
    await kit.deliver()
    assert (await kit.the_complaint()).severity is Severity.S3
    for who in ("handler", "dispatcher"):
        [told] = [text for text in kit.chat.texts(who) if "由“紧急”改为“重要”" in text]
        assert "王主管" in told
        assert "人已救出" in told
    assert not any("由“一般”" in text for text in kit.chat.texts("lead"))
    await kit.says("确认 S0 0001", "dispatcher")
    await kit.deliver()
    assert "已由 王主管 核实" in kit.chat.texts("dispatcher")[-1]
    assert (await kit.the_complaint()).severity is Severity.S3


async def test_a_result_answers_an_order_as_a_result(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678")
    await kit.says("批示 0001 今天必须修好", "leader")
    await kit.deliver()
    await kit.says("0001 电梯修好了，更换了门机", "handler")
    await kit.deliver()
    told = [text for text in kit.chat.texts("leader") if "有回应了" in text]
    assert len(told) == 1
    assert "更换了门机" in told[0]
    assert "收到" not in told[0]


async def test_who_lowers_it_hears_which_rule_still_holds(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678")
    await kit.says("集体 0001 4户", "lead")
    assert (await kit.the_complaint()).severity is Severity.S2
    await kit.says("定级 0001 一般 已经修好", "lead")
    await kit.deliver()
    assert (await kit.the_complaint()).severity is Severity.S4
    assert "规则定的是" in kit.chat.texts("lead")[-1]
    await kit.says("定级 0001 特大", "lead")
    await kit.deliver()
    assert "规则定的是" not in kit.chat.texts("lead")[-1]


async def test_what_is_missing_is_told_with_the_words_that_it_belongs_to(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678")
    await kit.says("定级 0001 重大", "lead")
    await kit.says("定级 0001 一般", "lead")
    await kit.deliver()
    told = kit.chat.texts("lead")[-1]
    assert "还差一样" in told
    assert told.endswith("请连它一起再说一遍：定级 0001 一般 …")
    assert (await kit.the_complaint()).severity is not Severity.S4


LOWERING = ["0001人救出来了，不是紧急了，定成一般", "0001 people are out, no longer urgent, make it normal"]


@pytest.mark.parametrize("confirmed", [False, True])
@pytest.mark.parametrize("words", LOWERING)
async def test_who_may_lower_it_does_so_in_a_sentence_with_the_reason(kit: Kit, words: str, confirmed: bool) -> None:
    await kit.says("投诉 电梯困人了 3栋，电话13712345678")
    await kit.deliver()
    if confirmed:
        await kit.says("确认 S0 0001", "lead")
        await kit.deliver()
    await kit.says(words, "lead")
    await kit.deliver()
    assert (await kit.the_complaint()).severity is Severity.S4
    reason = words[4:].strip()
    events = await kit.rows(EventRow, EventRow.note == reason)
    assert events
    assert "TS20260302-0001" in kit.chat.texts("lead")[-1]


@pytest.mark.parametrize("words", LOWERING)
async def test_who_may_not_lower_it_hears_who_may(kit: Kit, words: str) -> None:
    await kit.says("投诉 电梯困人了 3栋，电话13712345678")
    await kit.deliver()
    await kit.says(words, "handler")
    await kit.deliver()
    assert (await kit.the_complaint()).severity is Severity.S0
    assert "王主管" in kit.chat.texts("handler")[-1]


NOT_ASKED = ("不用您再核实", "need not check")


@pytest.mark.parametrize(
    "words",
    ["确认 S2 0001", "不是 0001 一般 客户气话", "confirm S2 0001", "not so 0001 S4 because it is a figure of speech"],
)
async def test_only_who_was_asked_need_not_check_it_any_more(kit: Kit, words: str) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678")
    await kit.says("再不修我打12345了")
    await kit.deliver()
    assert any("请在 15 分钟内核实" in text for text in kit.chat.texts("lead"))
    for minutes in (16, 16):
        await kit.sweep(timedelta(minutes=minutes))
        await kit.deliver()
    assert any("还没有人核实" in text for text in kit.chat.texts("leader"))
    await kit.says(words, "lead")
    await kit.deliver()
    assert not any(said in text for text in kit.chat.texts("handler") for said in NOT_ASKED)
    [told] = [text for text in kit.chat.texts("leader") if "已由 王主管 核实" in text]
    assert NOT_ASKED[0] in told
    assert not any("已由 王主管 核实" in text for text in kit.chat.texts("lead"))


async def test_leaders_read_once_that_it_is_an_emergency_no_more(kit: Kit) -> None:
    await kit.says("电梯里困了人，我妈妈被困在3栋电梯里，电话13712345678")
    await kit.deliver()
    for minutes in (16, 16):
        await kit.sweep(timedelta(minutes=minutes))
        await kit.deliver()
    await kit.says("不是 0001 重要 人已救出", "lead")
    await kit.deliver()
    assert sum("人已救出" in text for text in kit.chat.texts("leader")) <= 1
    assert any("核实后定级有变" in text for text in kit.chat.texts("leader"))
