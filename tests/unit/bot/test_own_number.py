"""The number before what is said of a complaint names it; its customer reads what is said."""

from __future__ import annotations

import pytest

from bot.grammar.own_number import without_number
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import CHAT, FakeChannel, open_desk
from tests.unit.bot.test_for_whom import in_hand


def test_only_a_complaints_own_number_is_taken_off() -> None:
    reference = "TS20260302-0002"
    for said in ("0002 灯换好了", "TS20260302-0002：灯换好了", "#0002，灯换好了", "编号0002 灯换好了", "0002灯换好了"):
        assert without_number(said, reference) == "灯换好了"
    for said in ("0001 灯换好了", "灯换好了", "0002元已退", "0002", "换了 0002 号灯"):
        assert without_number(said, reference) == said


@pytest.mark.parametrize("said", ["0001 楼道灯换好了", "TS20260302-0001 楼道灯换好了"])
async def test_a_result_that_was_asked_for_is_read_without_its_number(fresh_sqlite_url: str, said: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await in_hand(kit)
        await kit.says("办结 0001", "handler")
        await kit.says(said, "handler")
        await kit.deliver()
        complaint = await kit.the_complaint()
        assert (complaint.status, complaint.result) == (Status.RESOLVED, "楼道灯换好了")


async def test_a_line_that_was_asked_for_is_read_without_its_number(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await in_hand(kit)
        await kit.says("进度")
        await kit.deliver()
        await kit.says("0001 配件已经到货", "handler")
        await kit.deliver()
        assert (await kit.the_complaint()).last_progress == "配件已经到货"
