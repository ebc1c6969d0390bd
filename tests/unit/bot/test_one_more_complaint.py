"""One more matter that is announced and complained of in one breath, beside what is open (trap 44)."""

from __future__ import annotations

import pytest

from tests.unit.bot.desk_kit import Kit, open_desk


@pytest.mark.parametrize(
    "words",
    [
        "另外一件事，投诉 你们前台态度太差 骂人",
        "另外一件事，投诉 王主管态度太差 骂人",
        "还有一件事，我要投诉你们前台骂人",
        "one more thing, I want to complain about the front desk, she swore at me",
    ],
)
async def test_it_is_a_complaint_of_its_own(fresh_sqlite_url: str, words: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await _with_a_leak(kit)
        await kit.says(words)
        leak, other = sorted(await kit.complaints(), key=lambda each: each.reference)
        assert leak.urged == 0
        assert other.summary.strip() in words
        assert other.complainant == leak.complainant


@pytest.mark.parametrize("words", ["还有一件事，什么时候来修", "one more thing, it drips in the hall too"])
async def test_what_tells_more_or_asks_is_of_what_is_open(fresh_sqlite_url: str, words: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await _with_a_leak(kit)
        await kit.says(words)
        assert len(await kit.complaints()) == 1


async def _with_a_leak(kit: Kit) -> None:
    await kit.says("厨房漏水，3栋502，王芳13712345678")
    await kit.says("接单 0001", "handler")
