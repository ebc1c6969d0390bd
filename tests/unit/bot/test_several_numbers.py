"""Several numbers, or places in the list just shown, in one line: each is taken on, and of each it is asked what was done."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import Kit, asks, entry, open_desk

PEOPLE = (entry("张伟", Role.HANDLER, superior="王主管"), entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3))


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats={"张伟": "handler", "王主管": "lead"}) as kit:
        await kit.says("投诉 3栋201 厨房漏水三天了", "ann")
        await kit.says("投诉 5栋1502 电梯坏了三天没人修", "bob")
        await kit.says("投诉 7栋 楼道灯不亮一周了", "liu")
        await kit.deliver()
        yield kit


async def _statuses(kit: Kit) -> list[Status]:
    return [each.status for each in sorted(await kit.complaints(), key=lambda each: each.reference)]


@pytest.mark.parametrize(
    "said", ["1和3都弄好了", "1、3都修好了", "0001和0003都弄好了", "done 0001 and 0003", "1 and 3 are done"]
)
async def test_what_was_done_is_asked_of_each_in_turn(kit: Kit, said: str) -> None:
    await kit.says("三个都接了", "handler")
    await asks(kit, "我的任务", "handler")
    back = "\n".join(await asks(kit, said, "handler"))
    assert ("处理结果是什么" in back, "漏水" in back) == (True, True)
    assert [kit.chat.texts(each) for each in ("ann", "bob", "liu")] == [[], [], []]
    back = "\n".join(await asks(kit, "换了一段水管", "handler"))
    assert ("处理结果是什么" in back, "楼道灯" in back) == (True, True)
    assert "换了一段水管" in "\n".join(kit.chat.texts("ann"))
    await asks(kit, "换了两个灯泡", "handler")
    assert "换了两个灯泡" in "\n".join(kit.chat.texts("liu"))
    assert await _statuses(kit) == [Status.RESOLVED, Status.WORKING, Status.RESOLVED]


@pytest.mark.parametrize("said", ["1和3都接", "1、3我接了", "0001和0003都接"])
async def test_those_that_are_named_are_taken_on(kit: Kit, said: str) -> None:
    await asks(kit, "我的任务", "handler")
    await asks(kit, said, "handler")
    assert await _statuses(kit) == [Status.WORKING, Status.DISPATCHED, Status.WORKING]


async def test_another_command_leaves_the_question(kit: Kit) -> None:
    await kit.says("三个都接了", "handler")
    await asks(kit, "0001和0003都弄好了", "handler")
    await asks(kit, "退单 0002 不归我们管", "handler")
    assert await _statuses(kit) != [Status.WORKING, Status.WORKING, Status.WORKING]
