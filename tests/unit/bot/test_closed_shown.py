"""What came of it is shown once it is closed, too; whoever takes calls hears where those are."""

from __future__ import annotations

import pytest

from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import asks, open_desk


@pytest.mark.parametrize("asked", ["进度 0001", "status 0001"])
async def test_a_customer_reads_the_result_of_what_is_closed(fresh_sqlite_url: str, asked: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says("1栋电梯坏了，我是王芳，13712345671", "c1")
        await kit.says("派单 0001 @张伟", "lead")
        for said in ("接单", "进展 已约厂家", "办结 换了新的控制板"):
            await kit.says(said, "handler")
        await kit.deliver()
        await kit.says("满意", "c1")
        assert (await kit.the_complaint()).status is Status.CLOSED
        assert "换了新的控制板" in (await asks(kit, asked, "c1"))[-1]


@pytest.mark.parametrize("asked", ["我录入的", "what I entered"])
async def test_whoever_takes_calls_hears_where_those_are(fresh_sqlite_url: str, asked: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await asks(kit, "电话投诉 张女士 13812345678 4栋1201 电梯坏了三天", "lead")
        told = (await asks(kit, asked, "lead"))[-1]
        assert "队列" in told or "queue" in told
