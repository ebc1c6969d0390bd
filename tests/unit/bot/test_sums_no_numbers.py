"""A sum that a colleague names is no complaint's number: what was paid, offered or lost."""

from __future__ import annotations

import pytest

from bot.grammar import Speaker, Verb, understand
from tests.unit.bot.desk_kit import Kit, exchange, open_desk


@pytest.mark.parametrize(
    ("words", "verb", "reference"),
    [
        ("已赔偿 6000", Verb.TICK, None),
        ("已赔6000", Verb.TICK, None),
        ("0001 已赔偿6000元", Verb.TICK, "0001"),
        ("已赔偿 0001 3000元", Verb.TICK, "0001"),
        ("compensated 3000", Verb.TICK, None),
        ("方案 赔6000", Verb.PLAN, None),
        ("方案 赔偿客户 3000 0001", Verb.PLAN, "0001"),
        ("方案 换水管 0001", Verb.PLAN, "0001"),
        ("plan refund 6000", Verb.PLAN, None),
        ("plan 0001 refund 6000", Verb.PLAN, "0001"),
    ],
)
def test_a_sum_names_no_complaint(words: str, verb: Verb, reference: str | None) -> None:
    meant = understand(words, Speaker.HANDLER)
    assert (meant.verb, meant.arguments.get("reference")) == (verb, reference)


@pytest.mark.parametrize(
    "words", ["已赔偿 6000", "已赔偿 3000元", "0001 已赔偿6000元", "客户损失 8000", "compensated 3000"]
)
async def test_what_was_paid_or_lost_is_noted(fresh_sqlite_url: str, words: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await _working(kit)
        answers = await exchange(kit, words, "handler")
        assert answers
        assert not any("没有找到" in answer or "没看懂" in answer for answer in answers)


@pytest.mark.parametrize("words", ["方案 赔6000", "plan refund 6000"])
async def test_a_plan_with_a_sum_reaches_the_customer(fresh_sqlite_url: str, words: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await _working(kit)
        await kit.says(words, "handler")
        await kit.deliver()
        assert any("6000" in text for text in kit.chat.texts("c1"))


async def _working(kit: Kit) -> None:
    await kit.says("厨房漏水，3栋502，王芳13712345678")
    await kit.says("派单 0001 @张伟", "lead")
    await kit.says("接单 0001", "handler")
    await kit.deliver()
