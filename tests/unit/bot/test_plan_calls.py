"""A plan that waits for its customer: reminded once, asked by phone, and who is told what meanwhile (R-083)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from complaints.change import EventKind, NoticeKind
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, exchange, open_desk


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(
        fresh_sqlite_url, policy="leyoujia-24h", channels=[FakeChannel("chat", CHAT)], before=proposed
    ) as kit:
        yield kit


async def proposed(kit: Kit) -> None:
    await kit.says("我家厨房漏水三天了，没人管")
    await kit.says("接单", "handler")
    await kit.says("方案 更换整套水管，费用公司承担", "handler")
    await kit.deliver()


async def test_the_lead_is_asked_to_phone_about_the_plan_and_nothing_else(kit: Kit) -> None:
    await kit.sweep(timedelta(hours=1))
    await kit.deliver()
    number = (await kit.the_complaint()).reference
    [asked] = [said for said in kit.chat.texts("lead") if "有一件事要您办：回访" in said]
    assert f"“已回访 {number} 接受”" in asked
    assert "满意" not in asked


@pytest.mark.parametrize(
    ("words", "status", "recorded"),
    [
        ("接受", Status.EXECUTING, "客户接受方案"),
        ("不接受 太慢", Status.WORKING, "客户不接受方案"),
        ("未接通", Status.PROPOSED, "没有联系上"),
    ],
)
async def test_what_they_say_by_phone_is_their_answer_and_who_asked_is_on_record(
    kit: Kit, words: str, status: Status, recorded: str
) -> None:
    number = (await kit.the_complaint()).reference
    answers = await exchange(kit, f"已回访 {number[-4:]} {words}", "lead")
    assert any(recorded in answer for answer in answers)
    complaint = await kit.the_complaint()
    assert complaint.status is status
    assert complaint.marked(EventKind.CALLED_BACK) is not None
    assert bool(complaint.running) is (status is Status.PROPOSED)  # the answer keeps the call-back's limit
    assert any("的方案" in said for said in kit.chat.texts("handler")) is (status is not Status.PROPOSED)


async def test_satisfied_is_no_answer_to_a_plan(kit: Kit) -> None:
    [answer] = await exchange(kit, "已回访 0001 满意", "lead")
    assert "客户接受方案吗" in answer
    assert (await kit.the_complaint()).status is Status.PROPOSED


async def test_the_customer_is_reminded_once(kit: Kit) -> None:
    for _ in range(4):
        await kit.sweep(timedelta(hours=12))
        await kit.deliver()
    assert len([said for said in kit.chat.texts("c1") if "还在等您的答复" in said]) == 1


async def test_who_has_answered_is_not_reminded(kit: Kit) -> None:
    await exchange(kit, "接受", "c1")
    await kit.sweep(timedelta(days=1))
    await kit.deliver()
    assert not [said for said in kit.chat.texts("c1") if "还在等您的答复" in said]


async def test_a_second_plan_starts_the_call_back_anew(kit: Kit) -> None:
    await exchange(kit, "已回访 0001 不接受 太慢", "lead")
    await kit.sweep(timedelta(hours=3))
    await exchange(kit, "方案 今天就换，费用公司承担", "handler")
    complaint = await kit.the_complaint()
    [callback] = [deadline for deadline in complaint.running if deadline.clock == "callback"]
    assert callback.started_at == kit.clock.now()


async def test_a_lead_who_is_late_themselves_is_not_told_of_it_as_their_own_superior(kit: Kit) -> None:
    for _ in range(5):
        await kit.sweep(timedelta(days=1))
        await kit.deliver()
    kinds = [row.notice for row in await kit.outbox() if row.person == (await kit.person("王主管")).id]
    assert NoticeKind.OVERDUE in kinds
    assert NoticeKind.ESCALATION not in kinds


async def test_who_was_asked_to_phone_hears_that_the_customer_has_answered(kit: Kit) -> None:
    await kit.sweep(timedelta(hours=1))
    await kit.deliver()
    await exchange(kit, "接受", "c1")
    assert "不用再打电话了" in kit.chat.texts("lead")[-1]
    assert not [said for said in kit.chat.texts("handler") if "不用再打电话了" in said]


async def test_who_phoned_themselves_or_was_not_asked_yet_hears_nothing(kit: Kit) -> None:
    await kit.sweep(timedelta(hours=1))  # asked, and the message not gone yet
    await kit.says("接受", "c1")
    await kit.deliver()
    await exchange(kit, "方案 今天就换，费用公司承担", "handler")
    await kit.sweep(timedelta(hours=1))
    await kit.deliver()
    await exchange(kit, "已回访 0001 接受", "lead")
    assert await kit.outbox("call_off") == []
    assert len([said for said in kit.chat.texts("lead") if "有一件事要您办：回访" in said]) == 1


@pytest.mark.parametrize("yes", ["ok agree", "是"])
async def test_a_yes_to_an_hour_leaves_the_plan_waiting_for_theirs(kit: Kit, yes: str) -> None:
    await exchange(kit, "sounds good but can you come at 9 instead?", "c1")
    *_, asked = await exchange(kit, yes, "c1")
    complaint = await kit.the_complaint()
    assert (complaint.status, complaint.visit is not None) == (Status.PROPOSED, True)
    assert "更换整套水管" in asked
    await exchange(kit, "同意", "c1")
    assert (await kit.the_complaint()).status is Status.EXECUTING
