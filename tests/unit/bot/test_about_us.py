"""Whoever asks whether a program answers hears that it is one, and how to reach a person, whatever waits."""

from __future__ import annotations

import pytest

from bot.grammar.about_us import asks_about_us
from tests.unit.bot.desk_kit import PLAIN_CHAT, FakeChannel, Kit, asks, open_desk, reads

ASKED = [
    "is that a bot?", "are you a robot", "is this a bot", "who are you people", "who is this", "am i talking to a real person",
    "are you human", "wait, are you a bot?", "hi, is this a real person?", "are u a bot", "is this an automated reply",
    "is it a bot or a human", "what are you", "bot?", "是真人吗",
    "你是机器人吗", "你们是谁", "你到底是不是人",
    "这是机器人回复吗", "我是在跟机器人说话吗", "你是真人还是机器人", "你們是機器人嗎",
    "请问你们是干什么的", "机器人？", "这是AI客服吗",
]  # fmt: skip


@pytest.mark.parametrize("words", ASKED)
def test_it_is_asked_in_many_ways(words: str) -> None:
    assert asks_about_us(words)


@pytest.mark.parametrize(
    "words",
    ["can i talk to a real person", "人工", "真人", "我不要机器人", "有真人吗", "我是真人",
     "是你们的人弄坏的",
     "who are you sending", "is that the plumber", "are you coming", "我是业主", "你是张师傅吗", "who is this plumber",
     "电脑坏了",
     "your robot mower hit me"],
)  # fmt: skip
def test_other_words_ask_something_else(words: str) -> None:
    assert not asks_about_us(words)


@pytest.mark.parametrize(
    ("words", "program", "way"), [("is that a bot?", "a program", "call me"), ("你是机器人吗", "是程序", "人工")]
)
async def test_it_is_answered_truthfully_and_sent_to_nobody(kit: Kit, words: str, program: str, way: str) -> None:
    for matter in ("", "厨房水管一直漏水" if way == "人工" else "the kitchen tap is leaking"):
        if matter:
            await asks(kit, matter, "c1")
        await reads(kit, "handler")
        [answer] = await asks(kit, words, "c1")
        assert program in answer
        assert way in answer
        assert await reads(kit, "handler") == ""
    [answer] = await asks(kit, words, "handler")
    assert program in answer


async def test_what_was_asked_waits_on(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        for words, who in (
            ("3栋502厨房漏水，我姓李，电话13800138000", "c1"),
            ("接单", "handler"),
            ("办结 换了水管", "handler"),
        ):
            await kit.says(words, who)
        [answer] = await asks(kit, "你是机器人吗", "c1")
        assert "还等您回答" in answer
        await kit.says("满意", "c1")
        assert (await kit.the_complaint()).settled
