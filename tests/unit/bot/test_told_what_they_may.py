"""Nobody is advised to do what they may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import Kit, entry, open_desk


@pytest.mark.parametrize("policy", ["base", "vanke"])
async def test_whoever_may_not_assign_is_not_advised_to(fresh_sqlite_url: str, policy: str) -> None:
    staff = (
        entry("张伟", Role.HANDLER, superior="王主管", backup="李娜"),
        entry("李娜", Role.HANDLER, superior="王主管", categories="FACILITY", line=3),
        entry("王主管", Role.CENTER_LEAD, line=4),
    )
    chats = {"张伟": "handler", "李娜": "backup", "王主管": "lead"}
    async with open_desk(fresh_sqlite_url, staff=staff, chats=chats, policy=policy) as kit:
        await kit.says("5栋楼道垃圾没人收，电话13712345678")
        await kit.says("派单 0001 @张伟", "lead")
        for _ in range(12):
            await kit.sweep(timedelta(hours=6))
            await kit.deliver()
        heard = _advised(kit, "backup")
        assert heard, "the stand-in hears that it is late"
        assert not [text for text in heard if "派单 TS" in text]
        assert any("请找客服中心" in text for text in heard), heard
        assert any("派单 TS" in text for text in _advised(kit, "lead"))


def _advised(kit: Kit, who: str) -> list[str]:
    return [text for text in kit.chat.texts(who) if "请帮忙推动" in text or "请推动一下" in text]
