"""What everybody says to the customer: put down by whoever works on it, agreed to by whoever leads, told to all. R-053."""

from __future__ import annotations

from collections.abc import AsyncIterator

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
    ) as kit:
        await kit.says("厨房天花板漏水三天没人修，我是3栋502的寅女士，电话13800138000")
        await kit.says("派单 0001 @张伟", "lead")
        for who in ("c1", "handler", "lead", "other"):
            await reads(kit, who)
        yield kit


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
