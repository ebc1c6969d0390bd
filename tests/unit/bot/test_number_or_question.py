"""A number behind "done" is another complaint, and a colleague's question is for us: neither is what a customer reads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.spoken import spoken
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import MONDAY, STAFF, ZONE, Kit, asks, entry, exchange, open_desk


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, before=two_in_hand) as kit:
        yield kit


async def two_in_hand(kit: Kit) -> None:
    for number in (1, 2):
        await kit.says(f"{number}栋电梯坏了，我是王芳，1371234567{number}", f"c{number}")
        await kit.says(f"派单 000{number} @张伟", "lead")
        await kit.says(f"接单 000{number}", "handler")
    await kit.deliver()


@pytest.mark.parametrize(
    "said",
    [
        "done 0001 0002",
        "办结 0001 0002",
        "0001 0002 done",
        "0001和0002都办完了",
        "done 0001 and 0002",
        "0001、0002 都修好了",
    ],
)
async def test_two_numbers_are_two_complaints_and_no_result(kit: Kit, said: str) -> None:
    kit.chat.sent.clear()
    answers = await asks(kit, said, "handler")
    assert "0001" in answers[-1]
    assert "0002" in answers[-1]
    assert not kit.chat.texts("c1")
    await exchange(kit, "1", "handler")
    assert not any("结果：0002" in text or ": 0002" in text for text in kit.chat.texts("c1"))
    first, second = await kit.complaints()
    assert second.status is Status.WORKING
    assert first.result != "0002"


@pytest.mark.parametrize("said", ["done 0001 0002 replaced the belts", "0001和0002都办完了，换了皮带"])
async def test_what_was_done_is_the_result_of_the_one_that_is_picked(kit: Kit, said: str) -> None:
    await asks(kit, said, "handler")
    await exchange(kit, "1", "handler")
    first, second = await kit.complaints()
    assert first.status is Status.RESOLVED
    assert "belts" in first.result or "皮带" in first.result
    assert second.status is Status.WORKING


@pytest.mark.parametrize("said", ["done 0007 0009", "办结 0007 0009", "办结 0007 0009、0010"])
def test_a_bare_number_is_no_result(said: str) -> None:
    meant = understand(said, Speaker.HANDLER)
    assert (meant.verb, meant.said("reference"), meant.said("result")) == (Verb.DONE, "0007", "")


@pytest.mark.parametrize(
    "said",
    ["0001 whats this about", "0001 what's this about?", "0001 这是什么事", "0001 什么问题啊", "0001 what is the room number",
     "0001 which flat is it", "0001 客户是谁啊", "0001 在哪里"],
)  # fmt: skip
async def test_a_question_is_answered_and_no_customer_reads_it(kit: Kit, said: str) -> None:
    answers = await asks(kit, said, "handler")
    assert "电梯坏了" in answers[-1]
    assert not kit.chat.texts("c1")
    assert (await kit.complaints())[0].status is Status.WORKING


@pytest.mark.parametrize("said", ["14 whats this about", "5 这是什么事"])
def test_a_number_cut_short_makes_no_news_of_it(said: str) -> None:
    assert understand(said, Speaker.HANDLER).verb is Verb.STATUS


@pytest.mark.parametrize(
    ("said", "verb"),
    [
        ("0001 what the customer wanted was a new lock, ordered it", Verb.REPORT),
        ("0001 已联系厂家，什么时候到货还在等", Verb.REPORT),
        ("0001 到现场看了，是水泵的问题", Verb.REPORT),
    ],
)
def test_news_is_still_news(said: str, verb: Verb) -> None:
    assert understand(said, Speaker.HANDLER, Pending.NONE).verb is verb


@pytest.mark.parametrize(
    "said",
    ["can u send someone sat morning instead we're out today", "saturday morning, we're out today",
     "sat morning because we're out today", "周六上午吧，我们今天出门", "今天我们出门，周六上午吧"],
)  # fmt: skip
def test_the_day_of_a_reason_is_not_the_day_that_is_meant(said: str) -> None:
    when = spoken(said, MONDAY.astimezone(ZONE))
    assert when.start is not None
    assert (when.start.isoweekday(), when.start.hour) == (6, 9)


@pytest.mark.parametrize(
    ("said", "moved"), [("no!! saturday", True), ("不对，是周六上午", True), ("no, thanks", False)]
)
async def test_a_no_right_after_a_visit_was_set_moves_it(kit: Kit, said: str, moved: bool) -> None:
    await kit.says("预约 0001 明天下午三点", "handler")
    await exchange(kit, "对", "handler")
    await exchange(kit, "可以", "c1")
    kit.chat.sent.clear()
    await exchange(kit, said, "c1")
    assert any("周六" in text for text in kit.chat.texts("c1") + kit.chat.texts("handler")) is moved


@pytest.mark.parametrize(
    "said",
    ["cant make tomorrow", "i cant make it tomorrow", "can't come", "can't make it tomorrow afternoon", "明天下午去不了了",
     "明天下午上不了门", "没法上门了"],
)  # fmt: skip
async def test_a_handler_who_cannot_come_is_asked_for_another_time_of_that_visit(kit: Kit, said: str) -> None:
    await kit.says("预约 0001 明天下午三点", "handler")
    await exchange(kit, "对", "handler")
    await exchange(kit, "可以", "c1")
    [asked] = await asks(kit, said, "handler")
    assert "0001" in asked
    assert "15:00" in asked
    assert {button.says for button in kit.chat.sent[-1].buttons} & {"取消上门", "call the visit off"}
    first, _ = await kit.complaints()
    assert (first.status, first.visit is not None) == (Status.WORKING, True)
    await exchange(kit, "取消上门", "handler")
    assert (await kit.complaints())[0].visit is None


@pytest.mark.parametrize("said", ["0001 进展 等配件", "0001 备注 留着收据", "0001 progress waiting for parts"])
async def test_the_digits_of_another_s_case_hide_none_that_one_may_read(fresh_sqlite_url: str, said: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=(*STAFF, entry("李娜", Role.HANDLER))) as kit:
        await kit.says("1栋电梯坏了，我是王芳，13712345671", "c1")
        await kit.says("派单 0001 @张伟", "lead")
        await kit.says("接单 0001", "handler")
        await kit.says("办结 0001 换了皮带", "handler")
        alone = await asks(kit, said, "handler")
        await kit.sweep(timedelta(days=1))
        await kit.says("6栋我家漏水，我是李雷，13712345679", "c9")
        _, newer = await kit.complaints()
        await kit.says(f"派单 {newer.reference} @李娜", "lead")
        assert newer.reference.endswith("0001")
        again = await asks(kit, said, "handler")
        assert "没有编号" not in again[-1]
        assert again[-1][:16] == alone[-1][:16]
