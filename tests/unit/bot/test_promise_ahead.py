"""A customer who asks after a promise that was not kept reads the next one as well, whoever else's case theirs is joined to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, asks, entry, open_desk

STAFF = (entry("张伟", Role.HANDLER, superior="王主管"), entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3))


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    """0002 is merged into 0001, on which somebody works."""
    chats = {"张伟": "handler", "王主管": "lead"}
    async with open_desk(
        fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], staff=STAFF, chats=chats, policy="leyoujia-24h"
    ) as kit:
        await kit.says("3栋电梯坏了，王先生，13812345678", "c1")
        await kit.says("elevator in building 3 broken again", "c2")
        for words in ("派单 0001 @张伟", "合并 0002 0001", "是"):
            await kit.says(words, "lead")
        await kit.says("接单 0001", "handler")
        await kit.deliver()
        yield kit


@pytest.mark.parametrize(
    ("who", "words", "broken", "ahead"),
    [
        ("c1", "进度", "3月2日(周一) 16:00 前答复，我们没做到", "下一次答复：3月3日(周二) 10:00 前"),
        ("c2", "status", "by Mon 2 Mar, 16:00 and did not keep it", "The next answer: by Tue 3 Mar, 10:00"),
    ],
)
async def test_both_promises_are_told(kit: Kit, who: str, words: str, broken: str, ahead: str) -> None:
    await kit.says("English" if who == "c2" else "中文", who)
    [before] = await asks(kit, words, who)
    assert ahead not in before
    await kit.sweep(timedelta(hours=7))
    [told] = await asks(kit, words, who)
    assert broken in told
    assert ahead in told


async def test_where_none_is_ahead_none_is_named(kit: Kit) -> None:
    await kit.sweep(timedelta(hours=30))
    [told] = await asks(kit, "进度", "c1")
    assert "我们没做到" in told
    assert "下一次答复" not in told
