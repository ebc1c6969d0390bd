"""What is to be improved after a complaint: whose it is, by when, and that it outlives the complaint. R-092."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.improvements import Improvements
from bot.storage.models import ImprovementRow
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, open_desk, reads


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says("南门门禁坏了三天没人修，我是3栋502的寅女士，电话13800138000")
        yield kit


@pytest.mark.parametrize(
    ("words", "day", "what"),
    [
        ("改进 0001 张伟 3月12日前 更换全部门禁", "2026-03-12", "更换全部门禁"),
        ("改进措施：0001，张伟，3月12日之前，更换全部门禁", "2026-03-12", "更换全部门禁"),
        ("improve 0001 张伟 by 12 Mar replace all door locks", "2026-03-12", "replace all door locks"),
    ],
)
async def test_it_has_an_owner_and_a_day_and_the_owner_is_told(kit: Kit, words: str, day: str, what: str) -> None:
    await kit.says(words, "lead")
    [row] = await kit.rows(ImprovementRow)
    assert (row.owner, row.what) == ((await kit.person("张伟")).id, what)
    assert row.due_at.astimezone(kit.desk.zone).isoformat().startswith(f"{day}T23:59")
    assert what in await reads(kit, "handler")
    assert "张伟 负责" in await reads(kit, "lead")


async def test_it_is_reminded_of_the_day_before_and_when_late_though_the_complaint_is_over(kit: Kit) -> None:
    await kit.says("改进 0001 张伟 3月12日前 更换全部门禁", "lead")
    await kit.says("撤诉")
    await kit.says("是")
    assert (await kit.the_complaint()).settled
    await reads(kit, "handler")
    await reads(kit, "lead")
    looking = Improvements(kit.database, kit.desk)
    told = []
    for days in (8, 10, 10, 11, 11, 18):
        kit.clock.move_to(kit.clock.now().replace(month=3, day=2) + timedelta(days=days))
        await looking.look()
        await kit.deliver()
        told.append(["改进" in text for text in (await reads(kit, "handler"), await reads(kit, "lead"))])
    assert told == [[False] * 2, [True, False], [False] * 2, [True, True], [False] * 2, [True, True]]
    await kit.says("改进完成 0001 全部换好", "handler")
    assert "已记为完成" in await reads(kit, "handler")
    assert "完成了改进" in await reads(kit, "lead")
    kit.clock.move_to(kit.clock.now() + timedelta(days=30))
    await looking.look()
    assert "改进" not in await reads(kit, "handler")
    await kit.says("进度 0001", "lead")
    assert "更换全部门禁" in await reads(kit, "lead")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("改进 0001 陌生人 3月12日前 更换门禁", "由谁负责"),
        ("改进 0001 张伟 2026-02-01前 更换门禁", "哪天前"),
        ("改进 0001 张伟 更换门禁", "哪天前"),
        ("改进完成 0001", "没有等您完成的改进"),
    ],
)
async def test_what_is_missing_is_said_and_nothing_is_kept(kit: Kit, words: str, answer: str) -> None:
    await kit.says(words, "lead")
    assert answer in await reads(kit, "lead")
    assert all(row.done_at for row in await kit.rows(ImprovementRow))


async def test_no_customer_and_no_handler_gives_orders_so(kit: Kit) -> None:
    await kit.says("改进 0001 张伟 3月12日前 更换全部门禁", "c1")
    await kit.says("改进 0001 王主管 3月12日前 更换全部门禁", "handler")
    assert await kit.rows(ImprovementRow) == []
    assert "定改进措施" in await reads(kit, "handler")
