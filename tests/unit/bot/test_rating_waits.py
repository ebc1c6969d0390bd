"""Whose rating closes nothing yet, because a colleague has still to say something, is thanked for it all the same."""

from __future__ import annotations

import pytest

from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import Kit, exchange, open_desk


@pytest.mark.parametrize("words", ["满意", "满意 谢谢师傅", "凑合吧", "satisfied, thank you"])
async def test_a_rating_of_what_waits_for_its_cause_is_answered(fresh_sqlite_url: str, words: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await _done(kit)
        answers = await exchange(kit, words, "c1")
        assert (await kit.the_complaint()).status is Status.RESOLVED
        assert any("谢谢您的反馈" in answer or "thank you for your feedback" in answer for answer in answers)


async def _done(kit: Kit) -> None:
    await kit.says("厨房漏水，3栋502，王芳13712345678")
    for words, who in (
        ("派单 0001 @张伟", "lead"),
        ("接单 0001", "handler"),
        ("定级 0001 重大 电视台来了", "lead"),
        ("办结 换了水管", "handler"),
    ):
        await kit.says(words, who)
    await kit.deliver()
