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


NEXT = [
    (("电话投诉", "李女士"), "来电 王先生 13911112222 3栋漏水三天了没人管", "李女士"),
    (("电话投诉", "李女士"), "又来一个电话 王先生 3栋漏水三天了没人管 13911112222", "李女士"),
    (("电话投诉", "李女士"), "电话投诉 王先生 13911112222 3栋漏水三天了没人管", "李女士"),
    (
        ("phone complaint", "Mr Jones"),
        "caller Mrs Patel +447911222333, 4 King St, bill is wrong, wants it back",
        "Mr Jones",
    ),
    (("phone complaint", "Mr Jones"), "next caller Mrs Patel +447911222333, bill is wrong, wants it back", "Mr Jones"),
]


@pytest.mark.parametrize(("begun", "second", "first"), NEXT)
@pytest.mark.parametrize("step", ["phone", "matter", "aside"])
async def test_a_line_that_begins_with_a_caller_is_no_answer_about_another(
    kit: Kit, begun: tuple[str, str], second: str, first: str, step: str
) -> None:
    tale = (
        "她说空调开一会儿就自己停，想换新的"
        if first == "李女士"
        else "his router keeps dropping since sunday, wants a new one"
    )
    for each in begun:
        await asks(kit, each, "lead")
    if step == "matter":
        await asks(kit, "submit", "lead")
    if step == "aside":
        assert first in (await asks(kit, tale, "lead"))[-1]
    answers = await asks(kit, second, "lead")
    complaint = await kit.the_complaint()
    [row] = await kit.rows(PersonRow, PersonRow.id == complaint.complainant)
    assert first not in (row.name or "")
    assert row.phone in ("+8613911112222", "+447911222333")
    assert first in answers[-1]  # theirs waited, with its name and what was said beside it
    assert step != "aside" or tale[:12] in answers[-1]


@pytest.mark.parametrize(
    ("begun", "tale", "submit", "says"),
    [
        (("电话投诉", "李女士"), "她说空调开一会儿就自己停，想换新的，家里还有老人，一直没人来修", "提交", "这位客户"),
        (
            ("phone complaint", "Mr Jones"),
            "his router keeps dropping since sunday, wants a new one",
            "submit",
            "this caller",
        ),
    ],
)
async def test_nothing_is_filed_before_it_is_said_whose_words_these_are(
    kit: Kit, begun: tuple[str, str], tale: str, submit: str, says: str
) -> None:
    for each in (*begun, tale):
        await asks(kit, each, "lead")
    [waits] = await asks(kit, submit, "lead")
    assert tale[:20] in waits
    assert "还没有登记" in waits or "Not filed yet" in waits
    assert await kit.count(ComplaintRow) == 0
    await asks(kit, says, "lead")
    await asks(kit, submit, "lead")
    complaint = await kit.the_complaint()
    assert tale[:20] in complaint.summary
    [row] = await kit.rows(PersonRow, PersonRow.id == complaint.complainant)
    assert row.name == begun[1]


@pytest.mark.parametrize(
    "said", ["caller says his router keeps dropping", "caller: owner", "来电：说晚上再打", "another matter"]
)
async def test_a_word_about_the_caller_is_no_other_caller(kit: Kit, said: str) -> None:
    for each in ("phone complaint", "Mr Jones", "skip", "skip", "skip", "no internet since sunday"):
        await asks(kit, each, "lead")
    await asks(kit, said, "lead")
    await asks(kit, "submit", "lead")
    assert "no internet" in (await kit.the_complaint()).summary


@pytest.mark.parametrize(
    ("number", "says"),
    [("0161 49", "电话"), ("1391111222", "1391111222"), ("+44 7911 22", "+44 7911 22"), ("业主", "不是电话号码")],
)
async def test_what_is_wrong_with_a_number_is_said(kit: Kit, number: str, says: str) -> None:
    for each in ("电话投诉", "李女士"):
        await asks(kit, each, "lead")
    [again] = await asks(kit, number, "lead")
    assert says in again
    assert "+852 9123 4567" in again
    assert "跳过" in again


@pytest.mark.parametrize("said", ["cases", "my tasks", "rates", "帮助", "满意率", "看板"])
async def test_a_look_gets_out_of_the_question_for_a_number_which_is_put_again(kit: Kit, said: str) -> None:
    await kit.says("楼道灯坏了没人修", "c1")
    for each in ("电话投诉", "李女士"):
        await asks(kit, each, "lead")
    answers = await asks(kit, said, "lead")
    assert len(answers) == 2
    assert "联系电话" not in answers[0]
    assert "李女士" in answers[1]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("翠湖1栋101 健身器材断了 手割伤了", "翠湖1栋101"),
        ("3栋2单元，电梯坏了三天没人修", "3栋2单元"),
        ("Flat 3, the lift is broken since monday", "Flat 3"),
    ],
)
async def test_what_is_told_behind_a_place_is_the_matter(kit: Kit, said: str, place: str) -> None:
    for each in ("电话投诉", "李女士", "13911112222", said):
        await asks(kit, each, "lead")
    await asks(kit, "提交", "lead")
    complaint = await kit.the_complaint()
    assert complaint.place == place
    assert said in complaint.summary


@pytest.mark.parametrize("said", ["3栋 电梯厅旁边", "4栋1201", "Flat 3, Rose Court"])
async def test_a_place_alone_is_no_matter(kit: Kit, said: str) -> None:
    for each in ("电话投诉", "李女士", "13911112222", said):
        await asks(kit, each, "lead")
    [asked] = await asks(kit, "提交", "lead")
    assert "还差" in asked


async def test_all_at_once_without_a_number_loses_none_of_it(kit: Kit) -> None:
    await asks(kit, "电话投诉", "lead")
    for each in ("张女士说3栋电梯坏了三天没人修", "13911112222", "提交"):
        await asks(kit, each, "lead")
    assert "电梯坏了三天" in (await kit.the_complaint()).summary
