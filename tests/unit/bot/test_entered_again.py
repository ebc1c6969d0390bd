"""A colleague enters again what they entered before: it is added, and nothing is said to be corrected."""

from __future__ import annotations

import pytest

from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import STAFF, asks, entry, open_desk


@pytest.mark.parametrize(
    ("words", "added", "corrected"),
    [
        ("我的投诉 客户李女士 13800001111 5栋302 电费单又不对", "已补充", "改好了"),
        ("my complaints Mrs Green 5-302 says her bill is wrong again, +447911777888", "added to", "Corrected"),
    ],
)
async def test_what_was_entered_again_is_added(fresh_sqlite_url: str, words: str, added: str, corrected: str) -> None:
    people = (*STAFF, entry("何员工", Role.EMPLOYEE, phone="13911112222"))
    async with open_desk(fresh_sqlite_url, staff=people, chats={"何员工": "finder"}) as kit:
        await asks(kit, words, "finder")
        [answer] = await asks(kit, words, "finder")
        assert len(await kit.complaints()) == 1
        assert added in answer
        assert corrected not in answer
        assert "1391111" not in answer
