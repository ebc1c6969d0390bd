"""What customers say in passing: a hum, that somebody came, danger in plain words, that they are sorry for a withdrawal."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import PLAIN_CHAT, FakeChannel, Kit, open_desk

LEAK = "3栋502厨房漏水，我姓李，电话13800138000"


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        yield kit


async def say(kit: Kit, *said: tuple[str, str]) -> None:
    for words, who in said:
        await kit.says(words, who)
        await kit.deliver()


# ── how satisfied ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        "嗯",
        "嗯嗯",
        "恩",
        "嗯。",
        "mm",
        "mhm",
        "Hmm",
        "uh huh",
        "the man was here",
        "the plumber came today",
        "he was here",
        "somebody came",
        "the engineer has been",
        "he looked at it",
        "someone came round yesterday afternoon",
        "your guy came at 3pm and left",
        "they came, thanks",
        "师傅来过了",
        "来人看过了",
        "人来了",
        "师傅今天上午来看过了",
        "有人上门了",
        "师傅走了",
        "lunch anyone",
    ],
)
def test_a_hum_and_that_somebody_came_say_nothing_of_the_result(words: str) -> None:
    assert understand(words, Speaker.CUSTOMER, Pending.RATING).verb in (Verb.UNCLEAR, Verb.THANKS)


@pytest.mark.parametrize(
    ("words", "rating"),
    [
        ("嗯 满意", "satisfied"),
        ("师傅来了，修好了", "satisfied"),
        ("the man came and fixed it", "satisfied"),
        ("he is great", "satisfied"),
        ("he came but it still leaks", "dissatisfied"),
        ("物业来过了，没修好", "dissatisfied"),
    ],
)
def test_what_is_said_besides_counts(words: str, rating: str) -> None:
    assert understand(words, Speaker.CUSTOMER, Pending.RATING).arguments["rating"] == rating


@pytest.mark.parametrize("words", ["嗯", "the man was here", "师傅来过了"])
async def test_what_says_nothing_of_the_result_is_asked_again_and_closes_nothing(kit: Kit, words: str) -> None:
    await say(kit, (LEAK, "c1"), ("接单", "handler"), ("办结 换了水管", "handler"), (words, "c1"), (words, "c1"))
    assert (await kit.the_complaint()).status is Status.RESOLVED
    assert "满意" in kit.chat.texts("c1")[-1]
    await say(kit, ("满意", "c1"))
    assert (await kit.the_complaint()).status is Status.CLOSED


async def test_a_hum_is_no_name_and_the_question_is_put_again(kit: Kit) -> None:
    await say(kit, ("厨房水管一直漏水", "c1"), ("嗯", "c1"))
    assert "电话" in kit.chat.texts("c1")[-1]
    await say(kit, ("我姓李，电话13800138000", "c1"))
    assert (await kit.the_complaint()).contact_known
