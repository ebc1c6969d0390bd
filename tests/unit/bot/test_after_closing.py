"""What customers say soon after a complaint was closed: a protest takes it up again, another matter does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import PLAIN_CHAT, FakeChannel, Kit, open_desk

LEAK = "3栋502厨房漏水，我姓李，电话13800138000"


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        yield kit


async def closed(kit: Kit) -> None:
    for words, who in ((LEAK, "c1"), ("接单", "handler"), ("办结 换了水管", "handler"), ("满意", "c1")):
        await kit.says(words, who)
        await kit.deliver()
    assert (await kit.the_complaint()).status is Status.CLOSED
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=20))


@pytest.mark.parametrize(
    "words",
    [
        "No! It's NOT working, please read what I wrote",
        "根本没解决，你们看看我写的什么",
        "我没说满意，你们自己看看",
        "你们太不负责了，到底有没有看",
        "not satisfied at all, read my words",
    ],
)
async def test_a_protest_takes_up_what_was_closed(kit: Kit, words: str) -> None:
    await closed(kit)
    await kit.says(words)
    complaint = await kit.the_complaint()
    assert (complaint.status, complaint.round) == (Status.WORKING, 2)
    await kit.deliver()
    assert any(words[-12:] in text for text in kit.chat.texts("handler"))


async def test_another_matter_is_one_of_its_own(kit: Kit) -> None:
    await closed(kit)
    await kit.says("8栋电梯坏了三天没人修")
    first, second = sorted(await kit.complaints(), key=lambda each: each.reference)
    assert (first.status, second.going_on) == (Status.CLOSED, True)


@pytest.mark.parametrize(("words", "again"), [("催办", False), ("hurry up", False), ("根本没解决，快来人", True)])
async def test_pressing_is_about_what_is_still_open(kit: Kit, words: str, again: bool) -> None:
    await closed(kit)
    await kit.says("投诉 8栋电梯坏了三天没人修")
    await kit.deliver()
    await kit.says(words)
    first, second = sorted(await kit.complaints(), key=lambda each: each.reference)
    assert (first.going_on, second.urged) == (again, 0 if again else 1)


async def test_long_after_words_that_name_nothing_are_no_protest(kit: Kit) -> None:
    await closed(kit)
    kit.clock.move_to(kit.clock.now() + timedelta(days=5))
    await kit.says("No! It's NOT working, please read what I wrote")
    first, _ = sorted(await kit.complaints(), key=lambda each: each.reference)
    assert first.status is Status.CLOSED


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("满意，辛苦了", Status.CLOSED),
        ("很好，解决了", Status.CLOSED),
        ("不满意，还在漏", Status.WORKING),
        ("保密", Status.RESOLVED),
    ],
)
async def test_a_rating_counts_while_another_question_still_waits(kit: Kit, words: str, status: Status) -> None:
    await kit.says("厨房漏水三天了没人管")
    await kit.deliver()  # who they are, and where, is asked
    await kit.says("接单 0001", "lead")
    await kit.says("派单 0001 @handler", "lead")
    await kit.says("接单", "handler")
    await kit.says("办结 换了水管", "handler")  # the result is on its way, its question not yet put
    assert (await kit.the_complaint()).status is Status.RESOLVED
    await kit.says(words)
    assert (await kit.the_complaint()).status is status


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("催办", Status.RESOLVED),
        ("还在漏，根本没好", Status.WORKING),
        ("8栋电梯坏了没人修", Status.RESOLVED),
    ],
)
async def test_whom_the_question_has_not_reached_is_told_the_result_with_it(
    kit: Kit, words: str, status: Status
) -> None:
    for said, who in ((LEAK, "c1"), ("接单", "handler")):
        await kit.says(said, who)
        await kit.deliver()
    kit.clock.move_to(kit.clock.now() + timedelta(hours=12))  # at night: the question waits for the morning
    await kit.says("办结 换了水管", "handler")
    await kit.deliver()
    told = len(kit.chat.texts("c1"))
    await kit.says(words)
    await kit.deliver()
    assert (await kit.complaints())[0].status is status
    heard = "\n".join(kit.chat.texts("c1")[told:])
    assert "没看懂" not in heard
    assert ("换了水管\n" in heard) is (words == "催办")


@pytest.mark.parametrize(
    "words",
    [
        "nope hurts again",
        "nope, leaking again",
        "it's back",
        "不行，又漏了",
        "又开始了",
        "厨房还是漏",
        "same problem again",
    ],
)
async def test_what_is_back_is_taken_up_again(kit: Kit, words: str) -> None:
    await closed(kit)
    await kit.says(words)
    complaint = await kit.the_complaint()
    assert (complaint.status, complaint.round) == (Status.WORKING, 2)


@pytest.mark.parametrize("words", ["8栋电梯又停了", "the lift is stuck again", "投诉 又漏了", "楼下又有人吵架"])
async def test_another_thing_that_is_back_is_a_matter_of_its_own(kit: Kit, words: str) -> None:
    await closed(kit)
    await kit.says(words)
    first, second = sorted(await kit.complaints(), key=lambda each: each.reference)
    assert (first.status, second.going_on) == (Status.CLOSED, True)
