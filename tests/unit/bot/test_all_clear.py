"""What a customer says while something grave, or several things, are open: none of it may end up in the wrong place."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.dialogue.all_clear import says_all_clear
from bot.grammar import Pending, Speaker, Verb, understand
from complaints.vocabulary import Severity
from tests.unit.bot.desk_kit import PLAIN_CHAT, FakeChannel, Kit, open_desk


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        yield kit


@pytest.mark.parametrize(
    "words", ["没事了，虚惊一场", "已经灭了", "不是燃气，是隔壁做菜，虚惊一场", "We got her out", "人救出来了"]
)
def test_the_danger_is_over(words: str) -> None:
    assert says_all_clear(words)


@pytest.mark.parametrize(
    "words",
    [
        "还没灭",
        "人还没救出来",
        "太不安全了",
        "怎么可能没事了",
        "楼道灯都灭了",
        "not out yet",
        "是误报吗",
        "没事了？又冒烟了",
    ],
)
def test_the_danger_is_not_over(words: str) -> None:
    assert not says_all_clear(words)


@pytest.mark.parametrize("words", ["没事了，是隔壁做菜，虚惊一场", "不是燃气，是隔壁做菜，虚惊一场"])
async def test_the_centre_hears_at_once_that_it_is_over_and_decides(kit: Kit, words: str) -> None:
    await kit.says("厨房燃气泄漏，味道很大")
    await kit.deliver()
    await kit.says(words)
    await kit.deliver()
    complaint = await kit.the_complaint()
    assert complaint.severity is Severity.S0
    told = next(text for text in kit.chat.texts("lead") if "险情解除" in text)
    assert words in told
    assert f"不是 {complaint.reference}" in told
    assert any(words in text for text in kit.chat.texts("handler"))
    assert "没事就好" in kit.chat.texts("c1")[-1]


async def test_what_follows_the_word_complaint_is_a_new_one(kit: Kit) -> None:
    await kit.says("厨房燃气泄漏，味道很大")
    await kit.says("投诉")
    await kit.says("物业费涨价没通知")
    assert [c.summary for c in await kit.complaints()] == ["厨房燃气泄漏，味道很大", "物业费涨价没通知"]


async def test_a_complaint_announced_is_not_what_was_spoken_of_just_now(kit: Kit) -> None:
    await kit.says("厨房燃气泄漏，味道很大")
    await kit.says("我要投诉物业费涨价没通知")
    assert len(await kit.complaints()) == 2


async def test_that_it_still_leaks_is_said_of_the_leak(kit: Kit) -> None:
    await kit.says("投诉 3栋502厨房漏水")
    await kit.says("另外一件事，投诉 保安骂人")
    await kit.says("还是漏")
    leak, guard = await kit.complaints()
    assert leak.version > guard.version or any("还是漏" in text for text in kit.chat.texts("handler"))
    await kit.deliver()
    assert leak.reference in kit.chat.texts("c1")[-1]


async def test_whether_anybody_cares_is_an_urge(kit: Kit) -> None:
    await kit.says("投诉 3栋502厨房漏水")
    await kit.says("你们还管不管")
    assert (await kit.the_complaint()).urged == 1


def test_a_curse_is_quoted_whole() -> None:
    meaning = understand("满意个屁，还在滴", Speaker.CUSTOMER, Pending.RATING)
    assert (meaning.verb, meaning.said("comment")) == (Verb.RATE, "满意个屁，还在滴")
    assert meaning.arguments["rating"] == "dissatisfied"
