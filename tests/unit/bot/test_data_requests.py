"""Requests about personal data: numbered, with a day, told to who guards privacy, answered on record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.data_requests import DataRequests
from bot.grammar.folding import narrow
from bot.storage import holds
from bot.storage.models import AddressRow, DataRequestRow, LegalHoldRow
from bot.storage.work import Work
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import STAFF, Kit, entry, known_customer, open_desk

DUE = datetime(2026, 3, 23, 15, 59, 59, tzinfo=UTC)  # the fifteenth working day after a Monday


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(
        fresh_sqlite_url,
        staff=[*STAFF, entry("陈隐私", Role.PRIVACY_OFFICER)],
        chats={"张伟": "handler", "王主管": "lead", "陈隐私": "privacy"},
    ) as kit:
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


@pytest.mark.parametrize(("asked", "next_step"), [("我的数据", "数据 1 已答复"), ("删除我的数据", "数据 1 删除")])
async def test_whoever_identified_them_reads_what_comes_next(kit: Kit, asked: str, next_step: str) -> None:
    await kit.says(asked)
    await kit.says("数据 1 核实 回拨了档案里的电话", "privacy")
    await kit.deliver()
    assert next_step in kit.chat.texts("privacy")[-1]


@pytest.mark.parametrize(
    ("words", "told", "next_step"),
    [
        ("数据 1 删除", "没有要求删除", "数据 1 已答复"),
        ("数据 1 确认删除", "没有要求删除", "数据 1 已答复"),
        ("data 1 erase", "nothing was erased", "data 1 answered"),
    ],
)
async def test_who_asked_for_a_copy_is_not_erased_and_the_request_goes_on(
    kit: Kit, words: str, told: str, next_step: str
) -> None:
    await kit.says("我的数据")
    await kit.says(words, "privacy")
    await kit.deliver()
    said = kit.chat.texts("privacy")[-1]
    assert told in said
    assert next_step in said
    assert (await the_request(kit)).state == "open"


async def test_what_is_being_erased_is_not_called_unknown(kit: Kit) -> None:
    await kit.says("删除我的数据")
    for words in ("数据 1 删除", "数据 1 确认删除", "数据 1 删除"):
        await kit.says(words, "privacy")
        await kit.deliver()
    assert (await the_request(kit)).state == "erasing"
    assert "马上删除" in kit.chat.texts("privacy")[-1]


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


async def the_customer_withdraws(kit: Kit) -> str:
    """Let a customer complain, take it back and ask to be erased; return the complaint's number."""
    await kit.says("电梯坏了三天，我是欧阳翠花，电话13912345678")
    [complaint] = await kit.complaints()
    await kit.says("撤销投诉")
    await kit.says("是")
    await kit.says("删除我的数据")
    await kit.deliver()
    return complaint.reference


async def looked(kit: Kit) -> str:
    """Let whoever guards privacy read what erasing would take; return the words."""
    await kit.says("数据 1 删除", "privacy")
    await kit.deliver()
    return kit.chat.texts("privacy")[-1]


async def test_a_yes_to_what_nobody_read_shows_it_first(kit: Kit) -> None:
    await the_customer_withdraws(kit)
    await kit.says("数据 1 删除", "privacy")
    await kit.says("数据 1 确认删除", "privacy")  # in one breath: what would go was not read
    assert (await the_request(kit)).state == "open"
    await kit.deliver()
    assert ["1 件投诉" in text for text in kit.chat.texts("privacy")[-2:]] == [True, True]
    await kit.says("路灯坏了，投诉")
    await kit.says("撤销投诉")
    await kit.says("是")
    await kit.says("数据 1 确认删除", "privacy")  # by now more would go
    await kit.deliver()
    assert (await the_request(kit)).state == "open"
    assert "2 件投诉" in kit.chat.texts("privacy")[-1]
    await kit.says("数据 1 确认删除", "privacy")
    assert (await the_request(kit)).state == "erasing"


async def test_it_is_erased_in_chat_after_one_look_and_one_yes(kit: Kit) -> None:
    reference = await the_customer_withdraws(kit)
    told = await looked(kit)
    assert "1 件投诉" in told
    assert "数据 1 确认删除" in told
    assert (await the_request(kit)).state == "open"
    await kit.says("数据 1 确认删除 欧阳女士您好", "privacy")
    await DataRequests(kit.database, kit.desk).look()
    await kit.deliver()
    row = await the_request(kit)
    assert (row.state, row.address, row.answered_by) == ("done", "", (await kit.person("陈隐私")).id)
    assert "已删除" in kit.chat.texts("c1")[-1]
    assert await kit.rows(AddressRow, AddressRow.address == "c1") == []
    assert (await kit.the_complaint()).summary == ""
    assert {out.address for out in await kit.outbox("data_answered")} != {"c1"}
    await kit.says(f"进度 {reference}")  # who writes again is somebody new
    assert (await kit.outbox())[-1].notice == "unknown_number"


async def test_what_came_up_meanwhile_stops_it_and_is_told(kit: Kit) -> None:
    await the_customer_withdraws(kit)
    await looked(kit)
    await kit.says("数据 1 确认删除", "privacy")
    await kit.says("楼道灯也坏了，投诉")
    await DataRequests(kit.database, kit.desk).look()
    await kit.deliver()
    assert (await the_request(kit)).state == "open"
    assert "没有删除" in kit.chat.texts("privacy")[-1]
    await kit.says("数据 1 删除", "privacy")
    await kit.deliver()
    assert "还有没办完的投诉" in kit.chat.texts("privacy")[-1]


async def test_a_lead_holds_a_complaint_for_a_reason_and_lets_it_go_for_another(kit: Kit) -> None:
    reference = await the_customer_withdraws(kit)
    for words in ("法律保全 0001", "法律保全 0001 法院来函", "法律保全", "数据 1 确认删除", f"为什么 {reference}",
                  "解除法律保全 0001 已判决", "lift legal hold 0001 again"):  # fmt: skip
        await kit.says(words, "lead" if "数据" not in words else "privacy")
        await kit.deliver()
    missing, placed, listed, why, lifted, again = kit.chat.texts("lead")[-6:]
    assert "请写明理由" in missing
    assert "解除之前不会被删除" in placed
    assert "法院来函" in listed
    assert "法律保全" in why
    assert "已解除" in lifted
    assert "没有法律保全" in again
    assert f"法律保全中：{reference}" in kit.chat.texts("privacy")[-1]
    assert (await the_request(kit)).state == "open"


async def test_a_hold_on_what_somebody_else_said_of_them_is_named_in_the_readers_words(kit: Kit) -> None:
    await the_customer_withdraws(kit)
    await kit.says("你好，我想问问欧阳翠花在不在", "c9")
    other = await known_customer(kit, "c9")
    await kit.write(lambda work: holds.place(work, None, other, "诉讼", "shell:root", kit.clock.now()))
    await kit.says("数据 1 删除", "privacy")
    await kit.deliver()
    assert f"法律保全中：客户 {other}" in kit.chat.texts("privacy")[-1]


async def test_no_other_colleague_erases_or_holds(kit: Kit) -> None:
    await the_customer_withdraws(kit)
    for words in ("数据 1 确认删除", "法律保全 0001 我说的", "解除法律保全 0001 我说的"):
        await kit.says(words, "handler")
    assert (await the_request(kit)).state == "open"
    assert await kit.rows(LegalHoldRow) == []


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("data 1 confirm erase", "erasing"),
        ("数据1确认删除", "erasing"),
        ("数据 1 删除不了", "open"),
        ("数据 1 拒绝 删除不了", "refused"),
        ("data 1 erased", "open"),
    ],
)
async def test_only_the_whole_word_with_a_yes_erases(kit: Kit, words: str, state: str) -> None:
    await the_customer_withdraws(kit)
    await looked(kit)
    await kit.says(words, "privacy")
    assert (await the_request(kit)).state == state


def test_wide_marks_are_made_narrow_each_in_its_place() -> None:
    assert narrow("数据１：已答复，㈱") == "数据1:已答复,㈱"


@pytest.mark.parametrize("words", ["等等先别删，等锁修好", "I changed my mind, don't erase my data", "撤回删除请求"])
async def test_who_wants_nothing_erased_after_all_keeps_it_and_the_officer_hears(kit: Kit, words: str) -> None:
    await kit.says("删除我的数据")
    await kit.says(words)
    await kit.deliver()
    row = await the_request(kit)
    assert (row.state, row.answer) == ("refused", words)
    assert "不删除" in kit.chat.texts("c1")[-1]
    told = kit.chat.texts("privacy")[-1]
    assert words in told
    assert "已由本人撤回" in told


@pytest.mark.parametrize("words", ["为什么还不删我的数据", "why did you not erase my data", "别忘了删我的数据"])
async def test_who_presses_for_it_takes_nothing_back(kit: Kit, words: str) -> None:
    await kit.says("删除我的数据")
    await kit.says(words)
    assert [row.state for row in await kit.rows(DataRequestRow) if row.what == "erase"] == ["open"]


async def test_what_was_decided_and_not_done_yet_can_be_taken_back(kit: Kit) -> None:
    await kit.says("删除我的数据")
    row = await the_request(kit)

    async def decide(work: Work) -> None:
        found = await work.session.get(DataRequestRow, row.id)
        assert found is not None
        found.state = "erasing"

    await kit.write(decide)
    await kit.says("先别删我的数据")
    await DataRequests(kit.database, kit.desk).look()
    assert (await the_request(kit)).state == "refused"
