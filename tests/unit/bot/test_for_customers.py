"""What the service centre does for a customer who phoned (C3): adds, presses, withdraws with proof, opens again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.storage.models import EventRow
from complaints.change import EventKind
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import STAFF, Kit, asks, entry, open_desk


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    staff = (*STAFF, entry("孙莉", Role.AGENT, line=4), entry("周调度", Role.DISPATCHER, line=5))
    async with open_desk(
        fresh_sqlite_url, staff=staff, chats={"张伟": "handler", "王主管": "lead", "孙莉": "sun", "周调度": "disp"}
    ) as kit:
        await kit.says("4栋1202厨房漏水，李娜13712345678", "c1")
        yield kit


async def closed(kit: Kit) -> None:
    await kit.says("办结 0001 换了阀门", "handler")
    await kit.says("满意", "c1")
    assert (await kit.the_complaint()).status is Status.CLOSED


@pytest.mark.parametrize("who", ["sun", "disp", "lead"])
@pytest.mark.parametrize("words", ["补充 0001 客厅也开始漏了", "add 0001 客厅也开始漏了"])
async def test_what_a_customer_added_by_phone_reaches_whoever_works_on_it(kit: Kit, who: str, words: str) -> None:
    [answer] = await asks(kit, words, who)
    assert "补充" in answer
    [read] = kit.chat.texts("handler")
    assert "客厅也开始漏了" in read
    assert "替客户" in read
    assert kit.chat.texts("c1") == []


@pytest.mark.parametrize("who", ["sun", "disp", "lead"])
@pytest.mark.parametrize("words", ["催办 0001", "urge 0001"])
async def test_the_centre_presses_for_a_customer(kit: Kit, who: str, words: str) -> None:
    [answer] = await asks(kit, words, who)
    assert "催" in answer or "pressed" in answer
    assert (await kit.the_complaint()).urged == 1
    assert any("客服" in text and "催" in text for text in kit.chat.texts("handler"))


@pytest.mark.parametrize("words", ["撤销 0001 客户来电要求撤销", "withdraw 0001 客户来电要求撤销"])
async def test_an_agent_withdraws_with_the_customers_words_as_the_proof(kit: Kit, words: str) -> None:
    await asks(kit, words, "sun")
    assert (await kit.the_complaint()).status is Status.WITHDRAWN
    [event] = await kit.rows(EventRow, EventRow.kind == EventKind.WITHDRAWN)
    assert (event.note, event.by) == ("客户来电要求撤销", (await kit.person("孙莉")).id)
    assert any("撤回" in text for text in kit.chat.texts("c1"))
    assert any("客服 孙莉" in text for text in kit.chat.texts("handler"))


async def test_without_proof_it_is_asked_for(kit: Kit) -> None:
    await asks(kit, "撤销 0001", "sun")
    assert (await kit.the_complaint()).status is Status.DISPATCHED
    await asks(kit, "客户来电要求撤销", "sun")
    [event] = await kit.rows(EventRow, EventRow.kind == EventKind.WITHDRAWN)
    assert event.note == "客户来电要求撤销"


async def test_a_dispatcher_hears_who_may_withdraw(kit: Kit) -> None:
    [answer] = await asks(kit, "撤销 0001 客户来电要求撤销", "disp")
    assert (await kit.the_complaint()).status is Status.DISPATCHED
    assert "不在您的权限内" in answer
    assert "孙莉" in answer or "王主管" in answer


@pytest.mark.parametrize("who", ["sun", "lead"])
@pytest.mark.parametrize(
    "words", ["重开 0001 回访时说又漏了", "重新打开 0001 回访时说又漏了", "reopen 0001 回访时说又漏了"]
)
async def test_what_was_closed_is_opened_again_and_no_new_complaint_filed(kit: Kit, who: str, words: str) -> None:
    await closed(kit)
    await asks(kit, words, who)
    complaint = await kit.the_complaint()
    assert (complaint.status, complaint.round) == (Status.WORKING, 2)
    assert any("回访时说又漏了" in text and "重新打开" in text for text in kit.chat.texts("handler"))
    [told] = kit.chat.texts("c1")
    assert "重新打开" in told
    assert "回访时说又漏了" not in told  # what the centre says among its own
    assert "没让您满意" not in told


async def test_why_it_is_opened_again_is_asked_for(kit: Kit) -> None:
    await closed(kit)
    await asks(kit, "重开 0001", "sun")
    assert (await kit.the_complaint()).status is Status.CLOSED
    await asks(kit, "又漏了", "sun")
    assert (await kit.the_complaint()).status is Status.WORKING


async def test_in_english_everybody_reads_who_did_it_for_the_customer(kit: Kit) -> None:
    for who in ("sun", "handler"):
        await kit.says("English", who)
    [answer] = await asks(kit, "add 0001 she rang again", "sun")
    assert "for the customer" in answer
    assert any("for the customer" in text for text in kit.chat.texts("handler"))
    await asks(kit, "withdraw 0001 customer phoned", "sun")
    assert any("customer phoned" in text and "孙莉" in text for text in kit.chat.texts("handler"))


@pytest.mark.parametrize(
    ("who", "told", "not_told"),
    [
        ("sun", ("补充 0007", "催办 0007", "重开 0007", "撤销 0007"), ()),
        ("lead", ("补充 0007", "催办 0007", "重开 0007", "撤销 0007"), ()),
        ("disp", ("补充 0007", "催办 0007"), ("重开 0007", "撤销 0007")),
        ("handler", (), ("催办 0007", "重开 0007", "撤销 0007")),
    ],
)
async def test_help_names_what_is_done_for_a_customer_who_phones(
    kit: Kit, who: str, told: tuple[str, ...], not_told: tuple[str, ...]
) -> None:
    [answer] = await asks(kit, "帮助", who)
    assert [words for words in told if words not in answer] == []
    assert [words for words in not_told if words in answer] == []


async def test_help_names_it_in_english(kit: Kit) -> None:
    await kit.says("English", "sun")
    [answer] = await asks(kit, "help", "sun")
    assert all(words in answer for words in ("add 0007", "urge 0007", "reopen 0007", "withdraw 0007"))
