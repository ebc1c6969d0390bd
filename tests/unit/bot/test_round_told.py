"""What a customer is shown of the progress is of the work as it goes on now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.bot.desk_kit import Kit, asks, open_desk


@pytest.mark.parametrize(("who", "word"), [("c1", "进度"), ("handler", "进度 0001"), ("lead", "进度 0001")])
async def test_a_line_from_before_a_reopening_is_shown_no_more(fresh_sqlite_url: str, who: str, word: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await _reopened(kit)
        assert "楼道灯下午去换" not in "\n".join(await asks(kit, word, who))
        await asks(kit, "进展 门的闭门器已经订货", "handler")
        assert "最近进展：门的闭门器已经订货" in "\n".join(await asks(kit, word, who))


async def _reopened(kit: Kit) -> None:
    await asks(kit, "楼道灯不亮，门也关不上", "c1")
    await asks(kit, "接单", "handler")
    await asks(kit, "进展 楼道灯下午去换", "handler")
    assert "最近进展：楼道灯下午去换" in "\n".join(await asks(kit, "进度", "c1"))
    await asks(kit, "办结 灯换好了", "handler")
    kit.clock.move_to(kit.clock.now() + timedelta(hours=1))
    await asks(kit, "不满意，门还是关不上", "c1")
    complaint = await kit.the_complaint()
    assert complaint.round == 2
