"""A form that waits for its caller's number takes no other caller's words for it, and loses neither (R-009)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.storage.models import ComplaintRow, PersonRow
from complaints.complaint import Complaint
from tests.unit.bot.desk_kit import Kit, asks, open_desk


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url) as kit:
        yield kit


async def phone_of(kit: Kit, complaint: Complaint) -> str | None:
    [row] = await kit.rows(PersonRow, PersonRow.id == complaint.complainant)
    return row.phone


FIRST_ZH, FIRST_EN = "电话投诉 李女士 7栋房间有臭虫", "phone complaint Ms Pink room 8, no towels for two days"
SECOND = [
    (FIRST_ZH, "王先生说周一起 wifi 断了，他电话13911112222", "另一位客户"),
    (FIRST_ZH, "投诉 王先生家3栋漏水没人管，回电13911112222", "另一位"),
    (FIRST_EN, "complaint Mr Ali says wifi dead since mon in 301, call him +447911000222", "another caller"),
    (FIRST_EN, "mr Brown called about noise upstairs in 22, his nr is +447911000222", "another"),
]


@pytest.mark.parametrize(("first", "second", "says"), SECOND)
async def test_both_callers_are_filed_each_with_their_own_number(kit: Kit, first: str, second: str, says: str) -> None:
    await asks(kit, first, "lead")
    [asked] = await asks(kit, second, "lead")
    assert second[:20] in asked
    assert await kit.count(ComplaintRow) == 0
    labels = [button.label for button in kit.chat.sent[-1].buttons]
    assert labels[:2] in (["这位客户", "另一位客户"], ["This caller", "Another caller"])
    answers = await asks(kit, says, "lead")
    [filed] = await kit.complaints()
    assert "wifi" in filed.summary or "漏水" in filed.summary or "noise" in filed.summary
    assert "臭虫" in answers[-1] or "no towels" in answers[-1]  # the form that waited is gone on with
    await asks(kit, "13700001111", "lead")
    _, waited = sorted(await kit.complaints(), key=lambda each: each.reference)
    assert "臭虫" in waited.summary or "no towels" in waited.summary
    phones = [await phone_of(kit, each) for each in (filed, waited)]
    assert phones[0] in ("+8613911112222", "+447911000222")
    assert phones[1] == "+8613700001111"


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        (FIRST_ZH, "13911112222，她说下午五点以后再打", "这位客户"),
        (FIRST_EN, "+447911000222 but call after five", "this caller"),
    ],
)
async def test_of_this_caller_the_number_is_taken_and_the_rest_kept(
    kit: Kit, first: str, second: str, says: str
) -> None:
    await asks(kit, first, "lead")
    await asks(kit, second, "lead")
    await asks(kit, says, "lead")
    complaint = await kit.the_complaint()
    assert await phone_of(kit, complaint) in ("+8613911112222", "+447911000222")
    assert "五点以后" in complaint.summary or "after five" in complaint.summary


@pytest.mark.parametrize(
    ("first", "second", "draft"),
    [
        (FIRST_ZH, "电话投诉 陈先生 6栋电视坏了 13911112222", "臭虫"),
        (FIRST_EN, "phone complaint Mr Black room 6 tv broken +447911000333", "no towels"),
    ],
)
async def test_a_new_form_keeps_the_one_that_waits(kit: Kit, first: str, second: str, draft: str) -> None:
    await asks(kit, first, "lead")
    answers = await asks(kit, second, "lead")
    assert await kit.count(ComplaintRow) == 1
    assert draft in answers[-1]
    await asks(kit, "13700001111", "lead")
    assert await kit.count(ComplaintRow) == 2


@pytest.mark.parametrize(("again", "says"), [("电话投诉", "另一位客户"), ("phone complaint", "another caller")])
async def test_the_word_alone_says_what_is_open_and_how_to_begin_another(kit: Kit, again: str, says: str) -> None:
    await asks(kit, FIRST_ZH, "lead")
    [asked] = await asks(kit, again, "lead")
    assert "臭虫" in asked
    assert "另一位客户" in asked or "another caller" in asked
    [name] = await asks(kit, says, "lead")
    assert "怎么称呼" in name or "call the customer" in name
    assert "李女士" in name or "臭虫" in name  # what waits is said
    [_, back] = await asks(kit, "取消登记", "lead")
    assert "臭虫" in back


@pytest.mark.parametrize(
    "number", ["13911112222", "她电话是13911112222", "李女士 13911112222", "her number is +447911000222"]
)
async def test_a_number_is_still_the_answer(kit: Kit, number: str) -> None:
    await asks(kit, FIRST_ZH, "lead")
    await asks(kit, number, "lead")
    assert await kit.count(ComplaintRow) == 1


async def test_all_of_it_in_answer_to_the_first_question_is_filed_whole(kit: Kit) -> None:
    await asks(kit, "电话投诉", "lead")
    await asks(kit, "张女士说3栋电梯坏了三天没人修，电话13911112222", "lead")
    complaint = await kit.the_complaint()
    assert "电梯坏了三天" in complaint.summary
    assert await phone_of(kit, complaint) == "+8613911112222"


async def test_what_nobody_was_asked_of_again_waits_as_a_form(kit: Kit) -> None:
    await asks(kit, FIRST_ZH, "lead")
    await asks(kit, "王先生说周一起 wifi 断了，他电话13911112222", "lead")
    await asks(kit, "13700001111", "lead")  # this caller's, whatever the words before were
    assert {await phone_of(kit, each) for each in await kit.complaints()} == {"+8613700001111", "+8613911112222"}
