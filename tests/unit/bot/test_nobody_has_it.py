"""While nobody has a complaint, its customer is not told of the colleague who deals with it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, open_desk

_OF_ONE = ("处理的同事", "colleague dealing with", "colleague in charge")


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        yield kit


_SAID = [
    "厨房也开始滴水了",
    "什么时候来人啊 快点",
    "你们得赔我地板的钱",
    "the kitchen is dripping now, too",
    "hurry up please, this takes for ever",
    "you must pay for my floor, I want a refund",
]


@pytest.mark.parametrize("words", _SAID)
async def test_what_is_said_of_it_went_to_the_centre(kit: Kit, words: str) -> None:
    await kit.says("english" if words.isascii() else "中文")
    await kit.says("complaint: leak in 3-502" if words.isascii() else "投诉 3栋502漏水，我姓李，电话13800138000")
    await kit.says("退单 不归我管", "handler")
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.says(words)
    await kit.deliver()
    answers = kit.chat.texts("c1")
    assert answers
    assert "客服中心" in answers[-1] or "service centre" in answers[-1]
    assert not any(of in text for of in _OF_ONE for text in answers)


@pytest.mark.parametrize("words", _SAID)
async def test_whoever_has_it_is_spoken_of(kit: Kit, words: str) -> None:
    await kit.says("english" if words.isascii() else "中文")
    await kit.says("complaint: leak in 3-502" if words.isascii() else "投诉 3栋502漏水，我姓李，电话13800138000")
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.says(words)
    await kit.deliver()
    assert any(of in text for of in _OF_ONE for text in kit.chat.texts("c1"))
