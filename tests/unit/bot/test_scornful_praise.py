"""Praise beside what somebody went without, or how long: nothing closes, they are asked again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import PLAIN_CHAT, FakeChannel, Kit, asks, open_desk

SCORN = [
    "wow great service, 3 weeks without internet, thanks a lot",
    "brilliant service, 3 days without internet, thanks a lot",
    "great, two months with no heating, thank you so much",
    "excellent work, my wifi is down",
    "great job, took 3 weeks to fix a tap",
    "oh brilliant, six visits later",
    "服务真好啊 三个星期没网 谢谢你们",
    "给你们点赞 一个月没热水",
    "真满意 暖气停了两周",
    "很满意 让我等了二十天",
    "太棒了 停水五天",
]


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        yield kit


@pytest.mark.parametrize("words", SCORN)
async def test_it_closes_nothing_and_is_asked_again(kit: Kit, words: str) -> None:
    for said, who in (
        ("3栋502厨房漏水，我姓李，电话13800138000", "c1"),
        ("接单", "handler"),
        ("办结 换了水管", "handler"),
    ):
        await kit.says(said, who)
    answers = await asks(kit, words, "c1")
    leak, *others = await kit.complaints()  # of another trouble they are a matter of its own
    assert leak.status is not Status.CLOSED
    assert answers
    assert others or "满意" in answers[-1] or "satisfied" in answers[-1] or leak.status is Status.WORKING


@pytest.mark.parametrize(
    "words",
    [
        "fixed within 2 days, great service",
        "great service, fixed in three days, thanks a lot",
        "satisfied, without any problems",
        "happy, sorted without fuss",
        "very happy, no more leaks",
        "两天就修好了，很满意",
        "很满意，一个星期内就解决了",
        "等了三天，不过修得很好，满意",
        "满意 半小时就到了",
    ],
)
def test_praise_of_what_was_quick_is_praise(words: str) -> None:
    meaning = understand(words, Speaker.CUSTOMER, Pending.RATING)
    assert (meaning.verb, meaning.said("rating")) == (Verb.RATE, "satisfied")
