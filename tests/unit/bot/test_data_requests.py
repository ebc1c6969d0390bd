"""Requests about personal data: numbered, with a day, told to who guards privacy, answered on record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.data_requests import DataRequests
from bot.grammar.folding import narrow
from bot.storage.models import DataRequestRow
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import STAFF, Kit, entry, open_desk

DUE = datetime(2026, 3, 23, 15, 59, 59, tzinfo=UTC)  # the fifteenth working day after a Monday


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=[*STAFF, entry("陈隐私", Role.PRIVACY_OFFICER)]) as kit:
        for name, address in (("张伟", "handler"), ("王主管", "lead"), ("陈隐私", "privacy")):
            await kit.address(name, "chat", address)
        yield kit


async def the_request(kit: Kit) -> DataRequestRow:
    [row] = await kit.rows(DataRequestRow)
    return row


async def test_it_has_a_number_and_a_day_and_goes_to_who_guards_privacy(kit: Kit) -> None:
    await kit.says("删除我的数据")
    await kit.says("把我的数据删除")
    await kit.deliver()
    row = await the_request(kit)
    assert (row.what, row.proven, row.due_at) == ("erase", True, DUE)
    assert [text.count("3月23日") for text in kit.chat.texts("c1")] == [1, 1]
    assert "已经在办" in kit.chat.texts("c1")[1]
    [told] = kit.chat.texts("privacy")
    assert f"数据 {row.id} 已答复" in told
    assert kit.chat.texts("lead") == []


async def test_it_is_said_again_before_its_day_and_daily_after_it(kit: Kit) -> None:
    await kit.says("我的数据")
    looking = DataRequests(kit.database, kit.desk)
    for at in (DUE - timedelta(days=4), DUE - timedelta(days=2), DUE - timedelta(days=1), DUE + timedelta(hours=1),
               DUE + timedelta(hours=2), DUE + timedelta(days=5, hours=1)):  # fmt: skip
        kit.clock.move_to(at)
        await looking.look()
    assert len(await kit.outbox("data_request")) == 4


async def test_the_answer_is_recorded_and_reaches_who_asked(kit: Kit) -> None:
    await kit.says("我的数据")
    row = await the_request(kit)
    await kit.says(f"数据 {row.id} 已答复 资料已发到您的邮箱", "privacy")
    await kit.deliver()
    row = await the_request(kit)
    assert (row.state, row.answer) == ("done", "资料已发到您的邮箱")
    assert row.answered_by == (await kit.person("陈隐私")).id
    assert "资料已发到您的邮箱" in kit.chat.texts("c1")[-1]
    await DataRequests(kit.database, kit.desk).look()
    assert len(await kit.outbox("data_request")) == 1


async def test_whoever_could_be_anybody_is_identified_first(kit: Kit) -> None:
    await kit.says("delete my data", "li@example.com", "email", subject="hello")
    row = await the_request(kit)
    assert not row.proven
    await kit.says(f"数据 {row.id} 已答复 已删除", "privacy")
    assert (await the_request(kit)).state == "open"
    await kit.says(f"数据 {row.id} 已答复 已电话核实本人，已删除", "privacy")
    assert (await the_request(kit)).state == "done"


async def test_no_other_colleague_answers_it(kit: Kit) -> None:
    await kit.says("我的数据")
    row = await the_request(kit)
    await kit.says(f"数据 {row.id} 拒绝 不想办", "handler")
    await kit.says(f"数据 {row.id} 拒绝 不想办", "c1")
    assert (await the_request(kit)).state == "open"


async def test_what_waits_can_be_listed(kit: Kit) -> None:
    await kit.says("我的数据")
    await kit.says("数据请求", "privacy")
    await kit.deliver()
    assert "查看，3月23日" in kit.chat.texts("privacy")[-1]


def test_wide_marks_are_made_narrow_each_in_its_place() -> None:
    assert narrow("数据１：已答复，㈱") == "数据1:已答复,㈱"
