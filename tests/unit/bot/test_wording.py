"""What everybody says to the customer: put down by whoever works on it, agreed to by whoever leads, told to all. R-053."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.grammar.wording import Wording, about_wording
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, entry, open_desk, reads

STAFF = (
    entry("张伟", Role.HANDLER, superior="王主管", categories=("QUAL",)),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD),
    entry("孙悦", Role.HANDLER, unit="外部", categories=("PROP",)),
)


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(
        fresh_sqlite_url,
        channels=[FakeChannel("chat", CHAT)],
        staff=STAFF,
        chats={"张伟": "handler", "王主管": "lead", "孙悦": "other"},
        before=assigned,
    ) as kit:
        yield kit


async def assigned(kit: Kit) -> None:
    await kit.says("厨房天花板漏水三天没人修，我是3栋502的寅女士，电话13800138000")
    await kit.says("派单 0001 @张伟", "lead")
    for who in ("c1", "handler", "lead", "other"):
        await reads(kit, who)


async def test_it_waits_for_the_lead_and_is_then_told_to_who_speaks_with_the_customer(kit: Kit) -> None:
    await kit.says("口径 0001 周五前重做防水，费用公司承担", "handler")
    assert "同意之前先不要对客户这样说" in await reads(kit, "handler")
    assert "请审定：\n周五前重做防水，费用公司承担" in await reads(kit, "lead")
    await kit.says("进度 0001", "handler")
    assert "口径（等审定，先别用）：周五前重做防水" in await reads(kit, "handler")
    await kit.says("同意口径 0001", "lead")
    assert "口径已定" in await reads(kit, "lead")
    assert "统一口径（王主管 审定）" in await reads(kit, "handler")
    await kit.says("同意口径 0001", "lead")
    assert "没有等审定的口径" in await reads(kit, "lead")
    assert await reads(kit, "c1") == ""
    await kit.says("派单 0001 @孙悦 换人", "lead")
    assert "口径：周五前重做防水，费用公司承担" in await reads(kit, "other")


async def test_the_leads_own_counts_at_once_and_a_better_one_takes_its_place(kit: Kit) -> None:
    await kit.says("wording 0001: redone by Friday at our cost", "lead")
    assert "redone by Friday at our cost" in await reads(kit, "handler")
    await kit.says("口径 0001 周六前重做防水", "handler")
    wording = (await kit.the_complaint()).wording
    assert wording is not None
    assert (wording.text, wording.agreed_at) == ("周六前重做防水", None)


async def test_nobody_agrees_to_their_own_and_nobody_else_puts_one_down(kit: Kit) -> None:
    await kit.says("口径 0001 周五前重做防水", "handler")
    await kit.says("同意口径 0001", "handler")
    await kit.says("口径 0001 随便说", "other")
    wording = (await kit.the_complaint()).wording
    assert wording is not None
    assert (wording.text, wording.agreed_at) == ("周五前重做防水", None)
    await kit.says("口径", "handler")
    assert "等审定" in await reads(kit, "handler")


@pytest.mark.parametrize(
    ("words", "what", "kept"),
    [
        ("进展 0001 防水层已经铲掉", "防水层已经铲掉", "进展"),
        ("办结 0001 防水重做好了", "防水重做好了", "办结"),
        ("方案 0001 周五重做防水", "周五重做防水", "方案"),
    ],
)
async def test_r053_answers_outward_wait_while_it_is_not_agreed_to_and_go_out_with_it(
    kit: Kit, words: str, what: str, kept: str
) -> None:
    await kit.says("接单 0001", "handler")
    await reads(kit, "c1")
    await kit.says("口径 0001 周五前重做防水，费用公司承担", "handler")
    await kit.says(words, "handler")
    assert "口径还没有审定" in await reads(kit, "handler"), kept
    assert what in await reads(kit, "lead")
    assert await reads(kit, "c1") == ""
    await kit.says("同意口径 0001", "lead")
    assert f"等着口径的话已发出：\n{what}" in await reads(kit, "lead")
    assert what in await reads(kit, "c1")
    assert "已由 王主管 发出" in await reads(kit, "handler")
    assert (await kit.the_complaint()).unspoken == ()


async def test_r053_acknowledgements_chases_and_the_leads_own_words_do_not_wait(kit: Kit) -> None:
    await kit.says("口径 0001 周五前重做防水", "handler")
    await reads(kit, "c1")
    await kit.says("还有一间也漏了", "c1")
    assert await reads(kit, "c1") != ""
    await kit.says("接单 0001", "handler")
    assert await reads(kit, "c1") != ""  # that it is taken up
    await kit.says("中心答复 0001 我们周五前重做", "lead")
    assert "周五前重做" in await reads(kit, "c1")
    kit.clock.move_to(kit.clock.now() + timedelta(days=10))
    await kit.sweep()
    assert "没有新进展" in await reads(kit, "handler")


async def test_r053_the_lead_may_keep_back_or_reword_what_waits_for_it(kit: Kit) -> None:
    await kit.says("接单 0001", "handler")
    await kit.says("口径 0001 周五前重做防水", "handler")
    await reads(kit, "c1")
    await kit.says("进展 0001 赔两千元", "handler")
    await reads(kit, "lead")
    await kit.says("不发 0001 与口径不符", "lead")
    assert "与口径不符" in await reads(kit, "handler")
    await kit.says("口径 0001 周六前重做防水", "lead")
    assert await reads(kit, "c1") == ""


async def test_r053_a_better_wording_by_the_lead_lets_out_what_waited(kit: Kit) -> None:
    await kit.says("接单 0001", "handler")
    await kit.says("wording 0001: redone by Friday", "handler")
    await reads(kit, "c1")
    await kit.says("report 0001 the old coat is off", "handler")
    assert await reads(kit, "c1") == ""
    await kit.says("wording 0001: redone by Saturday", "lead")
    assert "the old coat is off" in await reads(kit, "c1")


async def test_r053_no_wording_is_put_down_where_nobody_can_agree_to_it(fresh_sqlite_url: str) -> None:
    staff = (entry("张伟", Role.HANDLER, categories=("QUAL",)), entry("陈客服", Role.AGENT))
    chats = {"张伟": "handler", "陈客服": "agent"}
    channel = FakeChannel("chat", CHAT)
    async with open_desk(fresh_sqlite_url, channels=[channel], staff=staff, chats=chats) as kit:
        await kit.says("厨房天花板漏水三天没人修，我是3栋502的寅女士，电话13800138000")
        await kit.says("派单 0001 @张伟", "agent")
        await kit.says("口径 0001 周五前重做防水", "handler")
        assert "没有能审定口径的人" in await reads(kit, "handler")
        assert (await kit.the_complaint()).wording is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("口径 0007 周五前重做", Wording(False, "周五前重做", "0007")),
        ("统一口径：周五前重做", Wording(False, "周五前重做")),
        ("口径 0007 同意", Wording(True, "", "0007")),
        ("agree to wording 0007", Wording(True, "", "0007")),
        ("口径 0007", Wording(False, "", "0007")),
        ("口径不一致，客户很生气", None),
    ],
)
def test_what_is_said_of_the_wording(text: str, meant: Wording | None) -> None:
    assert about_wording(text) == meant
