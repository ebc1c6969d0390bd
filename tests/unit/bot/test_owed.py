"""Reports owed by a day, drafted before it and sent by whoever checked them; books and boxes that are read. R-003, R-100."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.desk import Desk
from bot.grammar.owed import OwedSaid, Said, about_owed, left_alone, report_picked
from bot.owed import OwedByDay
from bot.sites import Entry as SiteEntry
from bot.sites import import_sites
from bot.storage.erasing import forget_cases
from bot.storage.models import ChoreRow
from bot.storage.work import Work
from bot.words import Vocabulary, templates_dir
from complaints.chores import at_the_latest, owed, turn
from complaints.complaint import Complaint
from complaints.errors import PolicyError
from complaints.policy.chores import ChoreRule, Often, ReportRule, Sheet, read_chores, read_reports
from complaints.policy.loading import load
from complaints.policy.progress import Release
from complaints.policy.table import Table
from complaints.promises import Terms
from complaints.rota import Site
from complaints.vocabulary import Role
from tests.calendars import WeekCalendar
from tests.unit.bot.desk_kit import CHAT, ZONE, FakeChannel, Kit, entry, open_desk

WEEK = WeekCalendar(ZONE)
STAFF = (
    entry("张伟", Role.HANDLER),
    entry("陈站长", Role.DEPT_HEAD, superior="刘总", sites=("S1",)),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD),
    entry("刘总", Role.LEADER),
)
WHERE = {"张伟": "handler", "陈站长": "head", "王主管": "lead", "刘总": "boss"}
HALF = ReportRule("half", Sheet.HALF_MONTH, 18, False, (Role.LEADER,), frozenset())
WARRANTY = ReportRule("warranty", Sheet.WARRANTY, 27, True, (Role.CENTER_LEAD,), frozenset({"QUAL"}))
BOOK = ChoreRule("book", {"zh": "查阅意见簿", "en": "read the suggestion book"}, Often.DAY, 0, None)
BOX = ChoreRule("box", {"zh": "开意见箱", "en": "open the suggestion box"}, Often.WEEK, 5, time(17))


@asynccontextmanager
async def desk(url: str, **parts: Any) -> AsyncIterator[tuple[Kit, OwedByDay]]:
    channel = FakeChannel("chat", replace(CHAT, sends_bytes=1_000_000))
    async with open_desk(url, channels=[channel], staff=STAFF) as kit:
        await import_sites(kit.database, [SiteEntry("row 1", Site("S1", "一站"), "陈站长", "", "")])
        for name, address in WHERE.items():
            await kit.address(name, "chat", address)
        current = kit.desk.book.current
        kit.desk.book.current = replace(current, policy=replace(current.policy, **parts))
        words = {each: Vocabulary(templates_dir() / "_layout" / each / "words.toml") for each in ("zh", "en")}
        yield kit, OwedByDay(kit.database, kit.desk, words, zone=ZONE, locale="zh", asking=frozenset())


def local(kit: Kit, text: str) -> None:
    kit.clock.move_to(datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC))


async def reads(kit: Kit, who: str) -> str:
    await kit.deliver()
    said = kit.chat.texts(who)
    kit.chat.sent = [message for message in kit.chat.sent if message.address != who]
    return "\n---\n".join(said)


def sheet_of(kit: Kit, who: str) -> list[list[str]]:
    """Return the last line by line table that somebody was sent, the rest of the workbook being figures."""
    [*_, file] = [each for message in kit.chat.sent if message.address == who for each in message.attachments]
    assert file.data is not None
    book = load_workbook(io.BytesIO(file.data))
    return [[str(cell or "") for cell in line] for line in book[book.sheetnames[-1]].iter_rows(values_only=True)]


# ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("month", "sheet", "day", "draft", "due", "label"),
    [
        ("2026-03", Sheet.HALF_MONTH, 18, "03-17", "03-18", "2026-03-H1"),
        ("2026-04", Sheet.HALF_MONTH, 18, "04-16", "04-17", "2026-04-H1"),  # the 18th is a Saturday
        ("2026-03", Sheet.MONTH, 3, "03-02", "03-03", "2026-02"),
        ("2026-05", Sheet.MONTH, 3, "05-01", "05-01", "2026-04"),  # Sunday: the day before that has all of the month
        ("2026-08", Sheet.MONTH, 2, "08-03", "08-03", "2026-07"),  # nobody worked since the month was over
        ("2026-04", Sheet.QUARTER, 10, "04-09", "04-10", "2026-Q1"),
        ("2026-03", Sheet.WARRANTY, 27, "03-26", "03-27", "2026-03"),
    ],
)
def test_r100_it_is_due_on_a_working_day_and_drafted_on_the_one_before(
    month: str, sheet: Sheet, day: int, draft: str, due: str, label: str
) -> None:
    found = owed(replace(HALF, sheet=sheet, day=day), date.fromisoformat(f"{month}-01"), WEEK)
    assert found is not None
    assert (f"{found.draft_at:%m-%d}", f"{found.due_at:%m-%d}", found.label) == (draft, due, label)
    assert found.last < found.draft_at.date()


def test_r102_r103_a_quarters_report_is_owed_once_a_quarter() -> None:
    [ours] = [each for each in load("hongkelong").reports if each.sheet is Sheet.QUARTER]
    assert ours.to == (Role.LEADER,), "it names persons"
    rule = replace(HALF, sheet=Sheet.QUARTER, day=10)
    owing = [month for month in range(1, 13) if owed(rule, date(2026, month, 1), WEEK) is not None]
    assert owing == [1, 4, 7, 10]


def test_r101_the_tables_of_warranty_work_leave_out_no_day_and_none_twice() -> None:
    months = [date(2026, month, 1) for month in range(1, 13)]
    found = [each for month in months if (each := owed(WARRANTY, month, WEEK)) is not None]
    assert len(found) == 12
    assert all(a.last + timedelta(days=1) == b.first for a, b in pairwise(found))


def test_a_chore_has_one_turn_in_each_of_its_periods() -> None:
    days = [date(2026, 3, 2) + timedelta(days=number) for number in range(28)]
    for rule, count in ((BOOK, 20), (BOX, 4), (replace(BOX, often=Often.MONTH, day=15), 1)):
        labels = [mine.label for day in days if (mine := turn(rule, day, WEEK)) is not None]
        assert (len(labels), len(set(labels))) == (count, count)


def test_what_is_owed_on_days_off_alone_waits_for_the_first_working_day() -> None:
    assert at_the_latest(date(2026, 8, 2), date(2026, 7, 31), WEEK) == date(2026, 8, 3)


# ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_r100_a_draft_the_day_before_a_reminder_and_it_goes_out_as_it_was_looked_at(
    fresh_sqlite_url: str,
) -> None:
    async with desk(fresh_sqlite_url, reports=(HALF,)) as (kit, looking):
        await kit.says("南门门禁坏了三天没人修，我是寅女士，电话13800138000")
        await reads(kit, "lead")
        told = []
        for when in ("16T10:00", "17T07:00", "17T10:00", "17T15:00", "18T10:00", "18T11:00", "19T10:00", "20T10:00"):
            local(kit, f"2026-03-{when}")
            await looking.look()
            told.append((await reads(kit, "lead")).split("：")[0][:6])
        assert told == ["", "", "草稿已生成", "", "今天要发出", "", "还没有发出，", ""]
        await kit.says("又一件：电梯坏了，我是卯先生，电话13800138001", "c2")  # after the draft
        await reads(kit, "lead")
        assert "寅女士" not in await reads(kit, "boss")
        await kit.says("发送报告 1 请看门禁一项", "lead")
        assert "已发出给 刘总" in await reads(kit, "lead")
        await kit.deliver()
        [*_, message] = [message for message in kit.chat.sent if message.address == "boss"]
        assert "投诉半月报 2026-03-H1，王主管 发出" in message.text
        assert "收到 1" in message.text
        assert "附言：请看门禁一项" in message.text
        [file] = message.attachments
        assert file.name == "half-month-2026-03-H1.xlsx"
        [row] = await kit.rows(ChoreRow)
        assert row.file == file.data
        await reads(kit, "boss")
        await kit.says("send report", "lead")
        assert "没有等您发出的报告" in await reads(kit, "lead")
        assert await reads(kit, "boss") == ""


async def test_a_restart_and_a_second_process_draft_it_once(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url, reports=(HALF,)) as (kit, looking):
        local(kit, "2026-03-17T10:00")
        other = OwedByDay(kit.database, kit.desk, looking._vocabularies, zone=ZONE, locale="zh", asking=frozenset())
        for each in (looking, other, looking):
            await each.look()
        assert (await reads(kit, "lead")).count("草稿已生成") == 1


async def test_what_was_long_due_when_the_service_began_is_not_asked_for(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url, reports=(HALF,)) as (kit, looking):
        local(kit, "2026-03-30T10:00")
        await looking.look()
        assert await kit.rows(ChoreRow) == []


async def test_r101_each_site_has_its_own_and_the_table_names_what_nobody_knows(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url, reports=(WARRANTY,)) as (kit, looking):
        await kit.says("3栋502厨房漏水，我是寅女士，电话13800138000")
        await kit.says("物业费收错了，我是卯先生，电话13800138001", "c2")
        local(kit, "2026-03-26T10:00")
        await looking.look()
        await kit.deliver()
        [draft] = [message for message in kit.chat.sent if message.address == "head"]
        assert "共 1 件" in draft.text
        assert "留空的列" in draft.text
        assert "交付日期、保修期至、维修单位、维修费用" in draft.text
        heading, line = sheet_of(kit, "head")
        cells = dict(zip(heading, line, strict=True))
        assert "漏水" in cells["反映内容"]
        assert cells["客户"] != "寅女士"
        assert cells["保修期至"] == ""
        assert "13800138000" not in "".join(line)
        await reads(kit, "lead")
        await kit.says("发送报告", "head")
        assert "工程质量保修记录表 2026-03（一站），陈站长 发出" in await reads(kit, "lead")


async def test_a_draft_is_made_anew_without_what_was_forgotten(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url, reports=(WARRANTY,)) as (kit, looking):
        await kit.says("3栋502厨房漏水，我是寅女士，电话13800138000")
        complaint = await kit.the_complaint()
        local(kit, "2026-03-26T10:00")
        await looking.look()
        before = (await kit.rows(ChoreRow))[0].file
        await kit.write(lambda work: forget_cases(work, [complaint.reference], kit.clock.now()))
        [row] = await kit.rows(ChoreRow)
        assert row.file is None
        await looking.look()
        [row] = await kit.rows(ChoreRow)
        assert row.file is not None
        assert "漏水" in words_in(before)
        assert "漏水" not in words_in(row.file)


def words_in(file: bytes | None) -> str:
    assert file is not None
    book = load_workbook(io.BytesIO(file))
    return "".join(str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line)


@pytest.mark.parametrize(("who", "words"), [("handler", "发送报告 1"), ("c1", "发送报告 1"), ("handler", "待发报告")])
async def test_nobody_else_sends_or_reads_it(fresh_sqlite_url: str, who: str, words: str) -> None:
    async with desk(fresh_sqlite_url, reports=(HALF,)) as (kit, looking):
        local(kit, "2026-03-17T10:00")
        await looking.look()
        await kit.says(words, who)
        assert "半月报" not in await reads(kit, who)
        assert [row.outcome for row in await kit.rows(ChoreRow)] == [""]


async def test_a_head_sends_no_report_of_the_whole(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url, reports=(HALF,)) as (kit, looking):
        local(kit, "2026-03-17T10:00")
        await looking.look()
        await kit.says("发送报告 1", "head")
        assert "没有等您发出的报告" in await reads(kit, "head")
        assert [row.outcome for row in await kit.rows(ChoreRow)] == [""]


# ── remarks to a report ──────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def drafted(url: str, *rules: ReportRule) -> AsyncIterator[Kit]:
    """Give a desk whose lead was just shown the drafts of these rules."""
    async with desk(url, reports=rules or (HALF,)) as (kit, looking):
        local(kit, "2026-03-17T10:00")
        await looking.look()
        await reads(kit, "lead")
        yield kit


def remarks(*lines: str) -> str:
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("words", "remark"),
    [
        ("改报告 请看门禁一项", "请看门禁一项"),
        ("改报告 1 请看门禁一项", "请看门禁一项"),
        ("修改报告：请看{{ c.reference }}", "请看{{ c.reference }}"),
        ("报告加一句门禁要换", "门禁要换"),
        ("在报告里加上：0001 已和解，客户很满意", "0001 已和解，客户很满意"),
        ("改报告 15 件里有3件重复", "15 件里有3件重复"),
        ("报告附言：内部掌握，别发客户", "内部掌握，别发客户"),
        ("edit report: See the gate, I am on leave tomorrow", "See the gate, I am on leave tomorrow"),
        ("add to the report the gate is closed and done", "the gate is closed and done"),
        ("add a line to the report: assign 0001 to Tom", "assign 0001 to Tom"),
    ],
)
async def test_a_remark_is_kept_shown_and_sent_with_the_report(fresh_sqlite_url: str, words: str, remark: str) -> None:
    async with drafted(fresh_sqlite_url) as kit:
        await kit.says(words, "lead")
        said = await reads(kit, "lead")
        assert f"附言：{remark}\n" in said or f"Remarks: {remark}\n" in said
        assert "2026-03-H1" in said
        assert [row.note for row in await kit.rows(ChoreRow)] == [remark]
        assert await kit.complaints() == []
        assert await reads(kit, "boss") == ""
        await kit.says("yes send it", "lead")
        assert "刘总" in await reads(kit, "lead")
        assert f"附言：{remark}" in await reads(kit, "boss")


async def test_several_remarks_stay_in_order_and_the_last_one_can_be_taken_away(fresh_sqlite_url: str) -> None:
    async with drafted(fresh_sqlite_url) as kit:
        for words in ("改报告 一", "报告加一句 二", "edit report 1: three"):
            await kit.says(words, "lead")
        assert [row.note for row in await kit.rows(ChoreRow)] == [remarks("一", "二", "three")]
        await kit.says("改报告 删除", "lead")
        assert "已去掉最后一句" in await reads(kit, "lead")
        await kit.says("发送报告 1 四", "lead")
        assert "附言：一\n二\n四" in await reads(kit, "boss")


async def test_with_nothing_to_take_away_nothing_is(fresh_sqlite_url: str) -> None:
    async with drafted(fresh_sqlite_url) as kit:
        await kit.says("edit report: delete", "lead")
        assert "There is no remark to take away" in await reads(kit, "lead")


@pytest.mark.parametrize("words", ["改报告 把收到改成3", "改报告 删除门禁那句", "edit report: change the figure to 3"])
async def test_what_may_ask_for_another_change_is_asked_back(fresh_sqlite_url: str, words: str) -> None:
    async with drafted(fresh_sqlite_url) as kit:
        await kit.says(words, "lead")
        said = await reads(kit, "lead")
        assert "还没有加上" in said or "Nothing is added yet" in said
        assert [row.note for row in await kit.rows(ChoreRow)] == [""]
        await kit.says("报告 1", "lead")
        [row] = await kit.rows(ChoreRow)
        assert row.note
        assert words.endswith(row.note)


async def test_of_several_it_is_asked_which_and_nothing_said_is_lost(fresh_sqlite_url: str) -> None:
    async with drafted(fresh_sqlite_url, HALF, replace(HALF, name="other")) as kit:
        await kit.says("改报告 请看门禁", "lead")
        said = await reads(kit, "lead")
        assert "要作为附言加到哪一份" in said
        assert "请看门禁" in said
        await kit.says("yes send it", "lead")
        assert await reads(kit, "boss") == ""
        await kit.says("2", "lead")
        assert [row.note for row in await kit.rows(ChoreRow)] == ["", "请看门禁"]
        await kit.says("yes send it", "lead")
        assert [row.outcome for row in await kit.rows(ChoreRow)] == ["", "sent"]


@pytest.mark.parametrize(
    ("words", "note", "outcome"),
    [
        ("门禁要换，请领导重点看", "门禁要换，请领导重点看", ""),
        ("算了", "", ""),
        ("yes send it", "", "sent"),
        ("发送报告", "", "sent"),
        ("我的待办", "", ""),
        ("帮助", "", ""),
    ],
)
async def test_what_shall_be_added_is_asked_and_a_command_gets_out_of_it(
    fresh_sqlite_url: str, words: str, note: str, outcome: str
) -> None:
    async with drafted(fresh_sqlite_url) as kit:
        await kit.says("改报告", "lead")
        assert "要加什么" in await reads(kit, "lead")
        await kit.says(words, "lead")
        assert [(row.note, row.outcome) for row in await kit.rows(ChoreRow)] == [(note, outcome)]


async def test_a_remark_too_long_to_be_read_whole_is_not_taken(fresh_sqlite_url: str) -> None:
    async with drafted(fresh_sqlite_url) as kit:
        long = "，".join(f"第{number}项门禁" for number in range(100, 170))
        await kit.says(f"改报告 {long}", "lead")
        for words in (f"改报告 {long[:200]}", f"发送报告 1 {long[:200]}"):
            await reads(kit, "lead")
            await kit.says(words, "lead")
            assert "附言太长" in await reads(kit, "lead")
        assert [(row.note, row.outcome) for row in await kit.rows(ChoreRow)] == [(long, "")]


@pytest.mark.parametrize("who", ["handler", "head"])
@pytest.mark.parametrize("words", ["改报告 请看门禁", "edit report: see the gate", "报告加一句 业主很难缠"])
async def test_nobody_else_adds_to_it_or_reads_what_was_added(fresh_sqlite_url: str, who: str, words: str) -> None:
    async with drafted(fresh_sqlite_url) as kit:
        await kit.says("改报告 请看电梯", "lead")
        await kit.says(words, who)
        assert "电梯" not in await reads(kit, who)
        assert [row.note for row in await kit.rows(ChoreRow)] == ["请看电梯"]
        assert await kit.complaints() == []


async def test_where_others_may_send_it_a_remark_has_its_authors_name(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url, reports=(WARRANTY,)) as (kit, looking):
        local(kit, "2026-03-26T10:00")
        await looking.look()
        await kit.says("改报告 请看门禁", "head")
        await kit.says("发送报告 1", "lead")
        assert [row.note for row in await kit.rows(ChoreRow)] == ["请看门禁 (陈站长)"]


async def test_the_superior_of_whoever_is_late_does_not_read_a_remark_yet(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url, reports=(WARRANTY,)) as (kit, looking):
        local(kit, "2026-03-26T10:00")
        await looking.look()
        await kit.says("改报告 请看门禁", "head")
        await reads(kit, "head")
        local(kit, "2026-03-30T10:00")
        await looking.look()
        assert "请看门禁" in await reads(kit, "head")
        above = await reads(kit, "boss")
        assert "还没有发出" in above
        assert "请看门禁" not in above


async def test_yes_send_it_is_asked_back_where_a_line_for_a_customer_waits_too(
    fresh_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Desk.terms

    async def looked_at(self: Desk, work: Work, complaint: Complaint) -> Terms:
        terms = await ours(self, work, complaint)
        progress = replace(terms.policy.progress, release=Release.CENTRE)
        return replace(terms, policy=replace(terms.policy, progress=progress))

    monkeypatch.setattr(Desk, "terms", looked_at)
    async with drafted(fresh_sqlite_url) as kit:
        await kit.says("南门门禁坏了三天没人修，我是寅女士，电话13800138000")
        await kit.says("派单 0001 @张伟", "lead")
        await kit.says("接单 0001", "handler")
        await kit.says("进展 0001 已约周六上门更换门禁", "handler")
        await kit.deliver()
        complaint = await kit.the_complaint()
        line = complaint.unreleased
        await kit.says("改报告 请看门禁", "lead")
        await reads(kit, "lead")
        await kit.says("yes send it", "lead")
        [row] = await kit.rows(ChoreRow)
        after = (await kit.the_complaint()).unreleased
        assert line is not None
        assert after == line
        assert row.outcome == ""
        assert "发送报告" in await reads(kit, "lead")


# ── books and boxes ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words", ["已查意见簿 没有", "已查 1 没有", "没有", "checked 1 nothing", "done nothing", "已查，没有"]
)
async def test_r003_the_head_ticks_it_off(fresh_sqlite_url: str, words: str) -> None:
    async with desk(fresh_sqlite_url, chores=(BOOK,)) as (kit, looking):
        local(kit, "2026-03-03T09:05")
        await looking.look()
        assert "请查阅意见簿（一站）" in await reads(kit, "head")
        await kit.says(words, "head")
        said = await reads(kit, "head")
        assert "查阅意见簿：已完成，没有新内容" in said or "suggestion book: done, nothing new" in said
        [row] = await kit.rows(ChoreRow)
        assert (row.outcome, row.done_by) == ("nothing", (await kit.person("陈站长")).id)
        assert await kit.complaints() == []
        local(kit, "2026-03-03T17:30")
        await looking.look()
        assert await reads(kit, "head") == ""


@pytest.mark.parametrize(
    "words",
    ["已查意见簿 3栋张女士反映电梯有异响，电话13800138000", "已查", "checked 1 Ms Lee: the lift rattles, 13800138000"],
)
async def test_r003_what_is_found_is_filed_and_its_head_is_the_finder(fresh_sqlite_url: str, words: str) -> None:
    async with desk(fresh_sqlite_url, chores=(BOOK,)) as (kit, looking):
        local(kit, "2026-03-03T09:05")
        await looking.look()
        await reads(kit, "head")
        await kit.says(words, "head")
        if words == "已查":
            assert "看到什么" in await reads(kit, "head")
            await kit.says("3栋张女士反映电梯有异响，电话13800138000", "head")
        complaint = await kit.the_complaint()
        assert complaint.finder == (await kit.person("陈站长")).id
        assert complaint.site == "S1"
        [row] = await kit.rows(ChoreRow)
        assert (row.outcome, row.reference, row.note) == (
            "entry",
            complaint.reference,
            "",
        )  # the words are the complaint's
        said = await reads(kit, "head")
        assert "已登记为投诉" in said or "filed as complaint" in said


async def test_r003_what_is_not_ticked_is_chased_and_counted(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url, chores=(BOOK,)) as (kit, looking):
        told = []
        for when in ("03T09:05", "03T12:00", "03T17:10", "03T17:40", "04T09:05", "04T09:06"):
            local(kit, f"2026-03-{when}")
            await looking.look()
            told.append([(await reads(kit, who)).count("查阅意见簿") for who in ("head", "boss")])
        assert told == [[1, 0], [0, 0], [1, 0], [0, 0], [1, 1], [0, 0]]
        await kit.says("已查 没有", "head")
        await reads(kit, "lead")
        await kit.says("意见簿记录", "lead")
        assert "一站 查阅意见簿：按时 1，迟 0，漏 1" in await reads(kit, "lead")


async def test_several_are_told_apart(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url, chores=(BOOK, BOX)) as (kit, looking):
        local(kit, "2026-03-06T09:05")
        await looking.look()
        await reads(kit, "head")
        await kit.says("已查", "head")
        assert "有几项在等您" in await reads(kit, "head")
        await kit.says("已开意见箱 没有", "head")
        assert "开意见箱：已完成" in await reads(kit, "head")
        await kit.says("已查 没有", "head")
        assert "查阅意见簿：已完成" in await reads(kit, "head")


async def test_how_the_work_goes_on_ticks_nothing(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url, chores=(BOOK,)) as (kit, looking):
        await kit.says("一站南门门禁坏了三天没人修，我是寅女士，电话13800138000")
        await kit.says("派单 0001 @陈站长", "lead")
        local(kit, "2026-03-03T09:05")
        await looking.look()
        await kit.says("已查 0001 线路老化，明天换线", "head")
        await kit.says("已查，线路老化，明天换线", "head")
        assert [row.outcome for row in await kit.rows(ChoreRow)] == [""]
        assert len(await kit.complaints()) == 1


# ── data and words ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("发送报告", OwedSaid(Said.SEND)),
        ("上报报告 3：请核对", OwedSaid(Said.SEND, 3, "请核对")),
        ("send the report 3 well done", OwedSaid(Said.SEND, 3, "well done")),
        ("待发报告", OwedSaid(Said.REPORTS)),
        ("意见箱记录", OwedSaid(Said.CHORES)),
        ("checked", OwedSaid(Said.TICK)),
        ("改报告", OwedSaid(Said.EDIT)),
        ("改报告 3 请核对", OwedSaid(Said.EDIT, 3, "请核对", whole="3 请核对")),
        ("改报告，加一句门禁要换", OwedSaid(Said.EDIT, 0, "门禁要换", whole="门禁要换")),
        ("报告加一句 删除了三件重复", OwedSaid(Said.EDIT, 0, "删除了三件重复", whole="删除了三件重复")),
        ("edit the report 3: Well done", OwedSaid(Said.EDIT, 3, "Well done", whole="3: Well done")),
        ("改报告 3 撤回上一句", OwedSaid(Said.UNDO, 3)),
        ("remove the last remark from the report", OwedSaid(Said.UNDO)),
        ("改报告的时间是周五", None),
        ("报告补充完了", None),
        ("检测报告加一句", None),
        ("edit reporting line", None),
        ("report 0007 lock replaced", None),
        ("发送报告给客户", None),
        ("send the report to the customer", None),
        ("已查明原因是线路老化", None),
        ("checked the pipes", OwedSaid(Said.TICK, 0, "the pipes")),
        ("电梯打开了", None),
    ],
)
def test_what_is_said_of_it(text: str, meant: OwedSaid | None) -> None:
    assert about_owed(text) == meant


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"a": {"report": "monthly", "day": 32, "to": ["leader"]}}, "reports.a.day"),
        ({"a": {"report": "yearly", "day": 3, "to": ["leader"]}}, "reports.a.report"),
        ({"a": {"report": "monthly", "day": 3, "to": ["leader"], "site": True}}, "reports.a.site"),
    ],
)
def test_a_wrong_key_is_named(values: Mapping[str, Any], key: str) -> None:
    with pytest.raises(PolicyError, match=key):
        read_reports(Table("reports", dict(values)))


def test_a_profile_takes_its_parents_away() -> None:
    assert read_chores(Table("chores", {"book": False})) == ()


def test_only_profiles_whose_source_says_so_owe_anything() -> None:
    rules = {name: (len(load(name).reports), len(load(name).chores)) for name in ("base", "vanke", "hongkelong")}
    assert rules == {"base": (0, 0), "vanke": (0, 0), "hongkelong": (6, 0)}


@pytest.mark.parametrize("told_before", [True, False])
async def test_what_fell_due_before_the_desk_knew_of_anything_is_owed_by_nobody(
    fresh_sqlite_url: str, *, told_before: bool
) -> None:
    async with desk(fresh_sqlite_url, reports=(HALF,)) as (kit, looking):
        local(kit, "2026-03-12T10:00" if told_before else "2026-03-20T10:00")
        await kit.says("南门门禁坏了三天没人修，我是寅女士，电话13800138000")
        await reads(kit, "lead")
        local(kit, "2026-03-20T11:00")
        for _ in range(2):
            await looking.look()
        assert bool(await kit.rows(ChoreRow)) is told_before
        assert ("还没有发出" in await reads(kit, "lead")) is told_before


@pytest.mark.parametrize(
    ("text", "id"), [("3", 3), ("报告 3", 3), ("第3个", 3), ("report 3", 3), ("0003", 0), ("3栋", 0)]
)
def test_a_report_is_picked_by_its_number_alone(text: str, id: int) -> None:
    assert report_picked(text) == id


@pytest.mark.parametrize(
    ("text", "meant"), [("算了吧", True), ("never mind", True), ("没有门禁", False), ("no gate", False)]
)
def test_what_takes_a_remark_back(text: str, meant: bool) -> None:
    assert left_alone(text) is meant
