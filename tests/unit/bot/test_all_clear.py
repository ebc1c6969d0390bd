"""What a customer says while something grave, or several things, are open: none of it may end up in the wrong place."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.dialogue.all_clear import says_all_clear
from bot.grammar import Pending, Speaker, Verb, understand
from complaints.vocabulary import Kind, Severity
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


@pytest.mark.parametrize(
    ("words", "said"), [("你们这个电梯修得真快，点个赞", "谢谢您的肯定"), ("请问物业费怎么交", "收到您的咨询")]
)
async def test_praise_and_a_question_are_no_trouble(kit: Kit, words: str, said: str) -> None:
    await kit.says("投诉 3栋电梯坏了", "c2")
    await kit.says(words)
    await kit.deliver()
    [answer] = [text for text in kit.chat.texts("c1") if "编号" in text]
    assert said in answer
    assert "添麻烦" not in answer
    assert not await kit.outbox("same_matter")


async def test_praise_of_nothing_that_waits_for_a_rating_reaches_us(kit: Kit) -> None:
    await kit.says("修得真快，点个赞")
    assert (await kit.the_complaint()).kind is Kind.PRAISE


async def test_whoever_is_trapped_is_not_sent_away_and_reads_english(kit: Kit) -> None:
    await kit.says("电梯声音大", "c1")
    await kit.deliver()
    await kit.says("my mother is trapped in the lift", "c1")
    await kit.deliver()
    said = kit.chat.texts("c1")[-1]
    assert "do not force the doors" in said
    assert "别扒门" in said
    assert "安全的地方" not in said
