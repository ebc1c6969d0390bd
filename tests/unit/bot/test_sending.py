"""Whoever asks whether to send us something reads that they can, and where."""

from __future__ import annotations

import pytest

from bot.grammar.sending import asks_to_send
from tests.unit.bot.desk_kit import CHAT, GROUP_CHAT, FakeChannel, asks, open_desk

ASKING = [
    "我们一共40户都签了字 名单要不要发给你们",
    "要不要把照片发给你们",
    "录音可以发过来吗",
    "发票怎么给你们",
    "shall i send you the list",
    "do you need the photos?",
    "where can I upload the video",
]


@pytest.mark.parametrize("words", ASKING)
def test_it_is_asked_in_many_ways(words: str) -> None:
    assert asks_to_send(words)


@pytest.mark.parametrize(
    "words",
    [
        "照片发给你们了",
        "材料不合格",
        "你们要不要脸",
        "can you send a plumber",
        "他把合同给我了",
        "do you want the truth",
    ],
)
def test_other_words_do_not(words: str) -> None:
    assert not asks_to_send(words)


@pytest.mark.parametrize(("channel", "said"), [(GROUP_CHAT, "直接发在这里"), (CHAT, "这里收不了")])
async def test_it_is_answered(fresh_sqlite_url: str, channel: object, said: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", channel)]) as kit:  # type: ignore[arg-type]
        await asks(kit, "小区停车费乱涨", "c1")
        answers = await asks(kit, ASKING[0], "c1")
        assert any(said in answer for answer in answers)
