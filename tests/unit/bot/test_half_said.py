"""A wish for more time, or a pause, of which something is missing: whatever else is said gets past it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.storage.models import AddressRow
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import Kit, asks, exchange, open_desk

HOW_LONG = ["延期", "暂缓 等客户开门", "延期到周五 等厂里配件"]


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, before=accepted) as kit:
        yield kit


async def accepted(kit: Kit) -> None:
    await kit.says("楼道里的树枝断了没人管")
    await kit.deliver()
    await kit.says("接单", "handler")
    await kit.deliver()


@pytest.mark.parametrize("wish", HOW_LONG)
@pytest.mark.parametrize(
    "said", ["0001 锯完了 树枝也清走了", "锯完了，树枝也清走了", "0001 fixed it, cut the branch", "树枝已经锯掉清走了"]
)
async def test_finished_work_is_finished(kit: Kit, wish: str, said: str) -> None:
    [how_long] = await asks(kit, wish, "handler")
    assert "多久" in how_long
    [answer] = await asks(kit, said, "handler")
    assert "办结已记下" in answer
    complaint = await kit.the_complaint()
    assert (complaint.extension, complaint.hold) == (None, None)
    await asks(kit, "2天", "handler")
    complaint = await kit.the_complaint()
    assert (complaint.extension, complaint.hold) == (None, None), "nothing waits for how long any more"


async def test_finished_work_is_no_reason(kit: Kit) -> None:
    [why] = await asks(kit, "延期 2天", "handler")
    assert "原因" in why
    [answer] = await asks(kit, "0001 锯完了 树枝也清走了", "handler")
    assert "办结已记下" in answer


@pytest.mark.parametrize("reason", ["配件用完了，等厂家", "配件卖完了", "the parts are all gone"])
async def test_what_ran_out_is_a_reason(kit: Kit, reason: str) -> None:
    await asks(kit, "延期 2天", "handler")
    await asks(kit, reason, "handler")
    complaint = await kit.the_complaint()
    assert complaint.extension is not None
    assert (complaint.status, complaint.extension.reason) == (Status.WORKING, reason)


@pytest.mark.parametrize("wish", HOW_LONG)
@pytest.mark.parametrize(
    "said",
    [
        "不延了",
        "不用延了",
        "不用延期了",
        "不暂缓了",
        "取消",
        "算了",
        "no extension needed",
        "cancel",
        "never mind",
        "don't need more time",
    ],
)
async def test_whoever_wants_none_is_let_go(kit: Kit, wish: str, said: str) -> None:
    await asks(kit, wish, "handler")
    [answer] = await asks(kit, said, "handler")
    assert "不办了" in answer
    [row] = await kit.rows(AddressRow, AddressRow.address == "handler")
    assert row.pending == ""


@pytest.mark.parametrize("wish", ["延期", "暂缓 等客户开门"])
async def test_a_way_out_can_be_tapped(kit: Kit, wish: str) -> None:
    await asks(kit, wish, "handler")
    out = kit.chat.sent[-1].buttons[-1]
    assert out.says in ("不延了", "不暂缓了")
    [answer] = await asks(kit, out.says, "handler")
    assert "不办了" in answer


@pytest.mark.parametrize("said", ["0001 园林局批下来了 26号锯", "0001 the council approved, we cut on the 26th"])
async def test_what_names_the_complaint_again_is_news_and_the_question_waits(kit: Kit, said: str) -> None:
    await asks(kit, "延期 等园林局", "handler")
    answer = await asks(kit, said, "handler")
    assert not any("多久" in each for each in answer)
    assert (await kit.the_complaint()).extension is None


async def test_what_is_no_answer_is_asked_again_and_nothing_is_lost(kit: Kit) -> None:
    await asks(kit, "延期", "handler")
    [again] = await asks(kit, "等厂家配件", "handler")
    assert "多久" in again
    await exchange(kit, "2天", "handler")
    complaint = await kit.the_complaint()
    assert complaint.extension is not None
    assert "配件" in complaint.extension.reason
