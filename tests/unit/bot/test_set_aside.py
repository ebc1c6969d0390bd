"""A command with its own number is about that complaint, whatever else was asked before."""

from __future__ import annotations

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from complaints.complaint import Complaint
from tests.unit.bot.desk_kit import Kit, open_desk

ORDERS = {
    "结案不满意 0029 不讲理": Verb.CLOSE,
    "关闭不满意 0029": Verb.CLOSE,
    "0029 结案不满意 不讲理": Verb.CLOSE,
    "派单给张伟 0029": Verb.ASSIGN,
    "转派给张伟 0029": Verb.TRANSFER,
    "定级重要 0029": Verb.GRADE,
    "判定无效 0029 与我们无关": Verb.INVALID,
    "延期 0029 1天 等配件": Verb.EXTEND,
    "进度 0029": Verb.STATUS,
    "close unsettled 0029 unreasonable": Verb.CLOSE,
}


@pytest.mark.parametrize(("text", "verb"), ORDERS.items())
def test_a_command_with_a_number_answers_no_question(text: str, verb: Verb) -> None:
    for pending in Pending:
        meant = understand(text, Speaker.SUPERVISOR, pending)
        assert (meant.verb, meant.arguments.get("reference")) == (verb, "0029"), pending


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("请假 3天 由李娜代班", Verb.LEAVE), ("暂缓 3天 等配件", Verb.HOLD), ("退回 不归我管", Verb.GIVE_BACK),
        ("0029 进展 明天换阀门", Verb.REPORT), ("leave 3 days, Li Na stands in", Verb.LEAVE), ("接单", Verb.ACCEPT),
        ("请假了", Verb.REASON), ("师傅请假 3天", Verb.REASON), ("退回供应商的阀门坏了", Verb.REASON),
        ("leave it to the supplier", Verb.REASON),
    ],
)  # fmt: skip
def test_a_command_is_no_reason_and_no_cause(text: str, verb: Verb) -> None:
    assert understand(text, Speaker.HANDLER, Pending.REASON).verb is verb


async def asked_for_more_time(kit: Kit) -> tuple[Complaint, Complaint]:
    """Return a complaint whose assignee waits for more time from the lead, and another."""
    await kit.says("电梯坏了三天没人修", "c1")
    await kit.says("保安骂人", "c2")
    first, other = await kit.complaints()
    await kit.says(f"派单 {first.reference} @张伟", "lead")
    await kit.says(f"接单 {first.reference}", "handler")
    await kit.says(f"延期 {first.reference} 1天 等配件", "handler")
    await kit.deliver()
    return first, other


@pytest.mark.parametrize(
    "words",
    [
        "结案不满意 {n} 不讲理",
        "同意 {n}",
        "不同意 {n} 材料不够",
        "{n} 批准",
        "1 {n}",
        "确认 {n}",
        "定级重要 {n}",
        "好的 {n} 我看看",
    ],
)
async def test_what_waits_for_the_lead_is_not_decided_by_words_about_another(words: str, fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        first, other = await asked_for_more_time(kit)
        await kit.says(words.format(n=other.reference[-4:]), "lead")
        waiting = next(each for each in await kit.complaints() if each.reference == first.reference)
        assert waiting.extension is not None
        await kit.says("同意 " + first.reference[-4:], "lead")
        waiting = next(each for each in await kit.complaints() if each.reference == first.reference)
        assert waiting.extension is None


async def test_a_customer_who_asks_after_one_by_its_number_is_answered(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says("电梯坏了三天没人修")
        await kit.deliver()
        await kit.says("投诉 保安骂人")
        first, other = await kit.complaints()
        await kit.deliver()
        await kit.says(f"{first.reference[-4:]} 修好了吗")
        await kit.deliver()
        assert first.reference in kit.chat.texts("c1")[-1]
        assert other.reference not in kit.chat.texts("c1")[-1]
        assert (await kit.complaints())[1].version == other.version
