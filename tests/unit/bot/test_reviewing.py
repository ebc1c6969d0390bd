"""What a reviewer says in other words than our own: several at once, by a digit, and to whom it is to go."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import Kit, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("周强", Role.HANDLER, superior="王主管", line=3),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=4),
    entry("孙审核", Role.REVIEWER, line=5),
)
ADDRESSES = {"张伟": "handler", "周强": "zhou", "王主管": "lead", "孙审核": "reviewer"}
FIRST, SECOND = "投诉 3栋502厨房漏水三天没人管，电话13712345678", "投诉 5栋电梯坏了，电话13812345678"


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=ADDRESSES, policy="vanke", before=two_told) as kit:
        yield kit


async def two_told(kit: Kit) -> None:
    await kit.says(FIRST, "c1")
    await kit.says(SECOND, "c2")
    await kit.deliver()


async def reviewed(kit: Kit) -> list[bool]:
    return [each.status is not Status.UNDER_REVIEW for each in await kit.complaints()]


@pytest.mark.parametrize("who", ["reviewer", "lead"])
@pytest.mark.parametrize(
    "words", ["都有效", "两个都成立", "全部有效", "all valid", "both are valid", "they're all valid"]
)
async def test_all_that_wait_are_found_valid_together(kit: Kit, words: str, who: str) -> None:
    await kit.says(words, who)
    assert await reviewed(kit) == [True, True]


@pytest.mark.parametrize("words", ["三个都有效", "all three valid"])
async def test_another_count_is_asked_back(kit: Kit, words: str) -> None:
    await kit.says(words, "reviewer")
    await kit.deliver()
    assert await reviewed(kit) == [False, False]
    assert "0001" in kit.chat.texts("reviewer")[-1]


@pytest.mark.parametrize("words", ["都有效吗", "都无效", "不是都有效", "not all valid", "are all valid?"])
async def test_what_finds_nothing_valid_does_nothing(kit: Kit, words: str) -> None:
    await kit.says(words, "reviewer")
    assert await reviewed(kit) == [False, False]


@pytest.mark.parametrize(
    "words",
    [
        "0002 没问题 受理吧",
        "0002可以受理",
        "0002那件受理",
        "2 is fine take it",
        "0002 is fine, take it",
        "2 ok, take it on",
    ],
)
async def test_one_is_taken_up_by_its_number(kit: Kit, words: str) -> None:
    await kit.says(words, "reviewer")
    assert await reviewed(kit) == [False, True]


@pytest.mark.parametrize("words", ["0002 有问题 不受理", "0002 not fine, don't take it", "没问题 受理吧"])
async def test_nothing_is_taken_up_that_is_refused_or_not_named(kit: Kit, words: str) -> None:
    await kit.says(words, "reviewer")
    assert await reviewed(kit) == [False, False]


@pytest.mark.parametrize(
    "words", ["0001 成立 让周强去", "0001 有效，周强去处理", "判定有效 0001 派给周强", "0001 is valid, give it to 周强"]
)
async def test_a_lead_says_with_it_to_whom_it_goes(kit: Kit, words: str) -> None:
    await kit.says(words, "lead")
    await kit.deliver()
    [first, _] = await kit.complaints()
    assert first.task is not None
    assert first.task.assignee == (await kit.person("周强")).id
    assert not any("派给您" in text for text in kit.chat.texts("handler"))


async def test_who_may_not_assign_only_finds_it_valid(kit: Kit) -> None:
    await kit.says("0001 成立 让周强去", "reviewer")
    assert await reviewed(kit) == [True, False]
