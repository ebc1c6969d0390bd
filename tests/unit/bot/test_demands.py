"""Money that is demanded, and the press that is threatened with, reach those in charge by name; the customer reads that."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from complaints.change import NoticeKind
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, asks, entry, open_desk

STAFF = (
    entry("Tom Baker", Role.HANDLER, superior="Helen Ward", locale="en"),
    entry("Helen Ward", Role.AGENT, Role.CENTER_LEAD, line=3, locale="en"),
)


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    chats = {"Tom Baker": "tom", "Helen Ward": "helen"}
    async with open_desk(
        fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], staff=STAFF, chats=chats, policy="leyoujia-24h"
    ) as kit:
        yield kit


@pytest.mark.parametrize(
    ("matter", "words", "press"),
    [
        ("the lift in block 3 is broken", "I want my money back or I go to the press", True),
        ("the lift in block 3 is broken", "want a refund of my rent or im going to the papers", True),
        ("the lift in block 3 is broken", "so do i get it or not", False),
        ("the lift in block 3 is broken", "i want compensation for the ruined carpet", False),
        ("3栋电梯坏了", "退钱，不然我找媒体曝光你们", True),
        ("3栋电梯坏了", "那到底赔不赔", False),
        ("3栋电梯坏了", "我要求赔偿2000块", False),
    ],
)
async def test_what_is_demanded_reaches_those_in_charge(kit: Kit, matter: str, words: str, press: bool) -> None:
    await kit.says(matter, "c1")
    await kit.says("assign 0001 to Tom Baker", "helen")
    await kit.says("accept 0001", "tom")
    [heard] = await asks(kit, words, "c1")
    assert "转给处理的同事和他的上级" in heard or "passed on to the colleague in charge and their superior" in heard
    for who in ("tom", "helen"):
        [told] = [text for text in kit.chat.texts(who) if "They demand money" in text]
        assert words in told
        assert ("go to the press" in told.split("They demand money")[1]) is press
    assert bool(await kit.outbox(NoticeKind.GRADE_PROPOSED)) is press


async def test_a_second_demand_shortly_after_is_no_mere_second_reminder(kit: Kit) -> None:
    await kit.says("the lift in block 3 is broken", "c1")
    await kit.says("hurry up", "c1")
    await asks(kit, "so do i get it or not", "c1")
    assert any("They demand money" in text for text in kit.chat.texts("tom"))


async def test_who_only_reminds_demands_nothing(kit: Kit) -> None:
    await kit.says("the lift in block 3 is broken", "c1")
    [heard] = await asks(kit, "hurry up please", "c1")
    assert "passed on" not in heard
    assert not any("demand" in text for text in kit.chat.texts("tom"))
