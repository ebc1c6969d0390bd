"""A note is for colleagues to read: what reads as a command in it is not done, and a command is no note."""

from __future__ import annotations

from bot.storage.models import EventRow
from complaints.change import EventKind
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, open_desk


async def notes(kit: Kit) -> list[str]:
    return [row.note for row in await kit.rows(EventRow, EventRow.kind == EventKind.NOTED)]


async def test_a_command_is_done_while_a_note_is_asked_for_and_told_of_in_one(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says("3栋502厨房漏水，我姓李，电话13800138000")
        await kit.says("备注 0001", "handler")
        await kit.says("接单 0001", "handler")
        assert ((await kit.the_complaint()).status, await notes(kit)) == (Status.WORKING, [])

        await kit.says("备注 0001 钥匙在门卫\n办结 0001 换了水管", "handler")
        await kit.deliver()
        assert (await kit.the_complaint()).status is Status.WORKING
        assert "没有当指令办" in kit.chat.texts("handler")[-1]

        await kit.says("备注 0001 办结前先打电话", "handler")
        await kit.deliver()
        assert "没有当指令办" not in kit.chat.texts("handler")[-1]
        assert len(await notes(kit)) == 2
