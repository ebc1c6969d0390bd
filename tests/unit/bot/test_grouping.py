"""Complaints of one matter, in chat: suggested, merged, told to each, split, linked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest_asyncio

from bot.staff import import_staff
from bot.storage.models import LinkRow
from complaints.complaint import Complaint
from complaints.vocabulary import Rating, Severity, Status
from tests.unit.bot.desk_kit import Kit, open_desk


@pytest_asyncio.fixture
async def kit(tmp_path: Path) -> AsyncIterator[Kit]:
    async with open_desk(f"sqlite+aiosqlite:///{tmp_path}/desk.db") as desk:
        yield desk


async def case(kit: Kit, number: int) -> Complaint:
    [found] = [each for each in await kit.complaints() if each.reference.endswith(f"-{number:04d}")]
    return found


def last(kit: Kit, who: str) -> str:
    return kit.chat.texts(who)[-1]


async def neighbours(kit: Kit, count: int, first: int = 1) -> None:
    """Let so many neighbours complain of one lift, each in their own chat."""
    for nth in range(first, first + count):
        await kit.says(f"4栋电梯坏了，{nth}天没人修", who=f"c{nth}")


async def grouped(kit: Kit, count: int) -> None:
    await neighbours(kit, count)
    for nth in range(2, count + 1):
        await kit.says(f"{nth:04d} 并入 0001", who="lead")


async def test_the_centre_is_asked_with_the_reasons_and_never_answered_for(kit: Kit) -> None:
    await neighbours(kit, 2)
    await kit.deliver()
    [asked] = [text for text in kit.chat.texts("lead") if "可能和" in text]
    assert "TS20260302-0002" in asked
    assert "TS20260302-0001" in asked
    assert "同一楼栋： 4" in asked
    assert "同样的东西： 电梯" in asked
    assert {each.master for each in await kit.complaints()} == {None}
