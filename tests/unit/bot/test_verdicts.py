"""What somebody of the centre says in a sentence to "is it so grave?" answers that, and never ends the complaint."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar.verdicts import bare, finds_invalid, is_over, verdict
from complaints.complaint import Complaint
from complaints.vocabulary import Role, Severity, Status
from tests.unit.bot.desk_kit import Kit, asks, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3),
    entry("孙审核", Role.REVIEWER, line=4),
)
ADDRESSES = {"张伟": "handler", "王主管": "lead", "孙审核": "reviewer"}
PRESS = "投诉 车库漏水三天没人管，再不管我就找记者曝光"


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    """A desk whose reviewers look at whether a complaint is valid."""
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=ADDRESSES, policy="vanke") as kit:
        yield kit


async def filed(kit: Kit, *texts: str) -> None:
    for number, text in enumerate(texts, 1):
        await kit.says(text, f"c{number}")
        await kit.deliver()


async def read_by_customers(kit: Kit, remark: str) -> list[str]:
    await kit.deliver()
    return [each.text for each in kit.chat.sent if each.address.startswith("c") and remark in each.text]


async def of(kit: Kit, number: str) -> Complaint:
    [found] = [each for each in await kit.complaints() if each.reference.endswith(number)]
    return found


@pytest.mark.parametrize(
    ("said", "so"),
    [
        ("那个不属实 客户情绪激动而已", False),
        ("不属实 他吓唬人", False),
        ("记者那个不属实，他就是吓唬人", False),
        ("没那么严重，气话", False),
        ("夸大了，就一点水", False),
        ("not true, he is only angry", False),
        ("that's not true, the customer was just upset", False),
        ("it isn't that bad, he exaggerates", False),
        ("属实 赶紧的", True),
        ("确有其事，抓紧", True),
        ("是真的 快去", True),
        ("true, get on with it", True),
        ("it's true, hurry up", True),
    ],
)
async def test_a_remark_answers_the_grading_question_and_stays_inside(kit: Kit, said: str, so: bool) -> None:
    await filed(kit, PRESS)
    await kit.says(said, "lead")
    complaint = await kit.the_complaint()
    assert complaint.status is Status.UNDER_REVIEW
    assert complaint.proposal is None
    assert complaint.severity is (Severity.S2 if so else Severity.S4)
    assert await read_by_customers(kit, said[-6:]) == []


@pytest.mark.parametrize("said", ["不属实", "那个不属实", "not true"])
async def test_a_bare_no_is_asked_why(kit: Kit, said: str) -> None:
    await filed(kit, PRESS)
    [back] = await asks(kit, said, "lead")
    assert "原因" in back or "why" in back
    assert (await kit.the_complaint()).status is Status.UNDER_REVIEW


async def test_a_word_for_the_complaint_picks_the_one_that_was_asked_about(kit: Kit) -> None:
    await filed(kit, "投诉 保洁骂人，我要找电视台", "投诉 电梯坏了三天没人修，再不修找律师")
    await kit.says("电视台那个不属实 他就是吓唬人", "lead")
    assert (await of(kit, "0001")).proposal is None
    assert (await of(kit, "0002")).proposal is not None


async def test_a_word_that_fits_none_of_several_is_asked_back(kit: Kit) -> None:
    await filed(kit, "投诉 保洁骂人，我要找电视台", "投诉 电梯坏了三天没人修，再不修找律师")
    [back] = await asks(kit, "车位那个不属实 他就是吓唬人", "lead")
    assert "哪一件" in back
    assert all([(await of(kit, each)).proposal is not None for each in ("0001", "0002")])
    await kit.says("0001", "lead")
    assert (await of(kit, "0001")).proposal is None
    assert (await of(kit, "0001")).status is Status.UNDER_REVIEW


@pytest.mark.parametrize("said", ["不属实，监控里没这回事", "情况不属实 他骗人", "that's not true, he made it up"])
async def test_no_complaint_ends_by_such_words_without_a_yes(kit: Kit, said: str) -> None:
    await filed(kit, "投诉 车库漏水三天没人管")
    [back] = await asks(kit, said, "reviewer")
    assert "客户会读到" in back or "the customer reads" in back
    assert (await kit.the_complaint()).status is Status.UNDER_REVIEW
    await kit.says("否", "reviewer")
    assert (await kit.the_complaint()).status is Status.UNDER_REVIEW
    await kit.says(said, "reviewer")
    await kit.says("是", "reviewer")
    assert (await kit.the_complaint()).status is Status.INVALID


@pytest.mark.parametrize(
    "said", ["判定无效 监控里没有这回事", "不成立，监控里没有这回事", "invalid, the cameras show nothing"]
)
async def test_the_word_itself_ends_it_at_once(kit: Kit, said: str) -> None:
    await filed(kit, "投诉 车库漏水三天没人管")
    await kit.says(said, "reviewer")
    assert (await kit.the_complaint()).status is Status.INVALID


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("0001 no, not valid, he was early", "he was early"),
        ("not valid, she turned up on the wrong day", "she turned up on the wrong day"),
        ("not valid, that is the council's", "that is the council's"),
        ("判定无效 0001 他自己弄坏的", "他自己弄坏的"),
        ("无效，业主自己要求的", "业主自己要求的"),
    ],
)
async def test_what_the_customer_would_read_is_shown_first(kit: Kit, said: str, reason: str) -> None:
    await filed(kit, "投诉 车库漏水三天没人管")
    [back] = await asks(kit, said, "reviewer")
    assert "客户会读到" in back or "the customer reads" in back
    assert reason in back
    assert (await kit.the_complaint()).status is Status.UNDER_REVIEW
    assert await read_by_customers(kit, reason) == []
    await kit.says("判定无效 0001 那里不归我们管", "reviewer")
    assert (await kit.the_complaint()).status is Status.INVALID
    assert await read_by_customers(kit, reason) == []


async def test_a_reason_that_was_asked_for_is_shown_first_as_well(kit: Kit) -> None:
    await filed(kit, "投诉 车库漏水三天没人管")
    await asks(kit, "判定无效", "reviewer")
    [back] = await asks(kit, "他自己弄坏的", "reviewer")
    assert "客户会读到" in back
    await asks(kit, "是", "reviewer")
    assert (await kit.the_complaint()).status is Status.INVALID


@pytest.mark.parametrize("said", ["属实 已经出来了", "属实，人已经救出来了", "true, they are out now"])
async def test_a_yes_by_whoever_tells_that_it_is_over_is_asked_back(kit: Kit, said: str) -> None:
    await filed(kit, "我和孩子被困在3栋电梯里了")
    assert (await kit.the_complaint()).severity is Severity.S0
    [back] = await asks(kit, said, "lead")
    assert "还这么严重吗" in back or "still as grave" in back
    assert (await kit.the_complaint()).proposal is not None
    buttons = [each.buttons for each in kit.chat.sent if each.address == "lead"][-1]
    await kit.says(buttons[0].says, "lead")
    assert (await kit.the_complaint()).severity > Severity.S0


@pytest.mark.parametrize("said", ["属实", "是", "属实 赶紧的", "不是"])
async def test_a_yes_to_the_all_clear_neither_confirms_nor_lowers(kit: Kit, said: str) -> None:
    await filed(kit, "我和孩子被困在3栋电梯里了")
    await kit.says("人已经救出来了，没事了")
    await kit.deliver()
    before = await of(kit, "0001")
    [back] = await asks(kit, said, "lead")
    assert "还这么严重吗" in back or "still as grave" in back
    assert (await of(kit, "0001")).proposal == before.proposal


def test_what_decides_nothing_of_the_kind_is_no_verdict() -> None:
    said = (
        "属实吗？",
        "is that true?",
        "0001 判定无效 不属实",
        "不实际",
        "not so fast",
        "好的",
        "不是我的单",
        "实属无奈",
    )
    assert [each for each in said if verdict(each) is not None] == []


def test_a_verdict_names_its_number_and_another_severity() -> None:
    found = verdict("0004 不属实，按一般处理")
    assert found is not None
    assert (found.so, found.reference, found.severity) == (False, "0004", "S4")
    assert bare("那个不属实")
    assert not bare("不属实 气话")
    assert is_over("人已经救出来了")
    assert not is_over("人还没出来")
    assert not finds_invalid("不属实")
