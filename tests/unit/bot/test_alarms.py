"""Ladders as people see them: alarms and 收到, the phone calls of the duty desk, the obstacle, who is left to sleep."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import MovableClock
from bot.dialogue.questions import Question
from bot.grammar import Pending
from bot.storage.models import EventRow, OutboxRow, ShiftRow
from bot.storage.work import Work
from complaints import handling
from complaints.change import EventKind, NoticeKind
from complaints.parts.actors import Actor
from complaints.vocabulary import Role, Severity, Status
from connectors.port import WillNotDeliver
from tests.unit.bot.desk_kit import ZONE, Kit, entry, open_desk

MATTER = "厨房漏水三天没人修，电话13712345678"
NIGHT = datetime(2026, 3, 3, 3, 0, tzinfo=ZONE)
STAFF = (
    entry("张伟", Role.HANDLER, superior="李总", backup="赵六", phone="13800138000"),
    entry("李总", Role.DEPT_HEAD),
    entry("赵六", Role.EMPLOYEE),
    entry("王坐席", Role.AGENT),
    entry("刘总", Role.CENTER_LEAD),
)
CHATS = {"张伟": "handler", "李总": "head", "赵六": "backup", "王坐席": "agent", "刘总": "lead"}


async def staffed(kit: Kit) -> Kit:
    for name, address in CHATS.items():
        await kit.address(name, "chat", address, last_inbound_at=kit.clock.now() - timedelta(hours=2))
    return kit


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=STAFF) as kit:
        yield await staffed(kit)


@pytest.fixture
async def either(database_url: str) -> AsyncIterator[Kit]:
    """On SQLite and on PostgreSQL."""
    async with open_desk(database_url, staff=STAFF) as kit:
        yield await staffed(kit)


@pytest.fixture
async def mingyuan(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=STAFF, policy="mingyuan") as kit:
        yield await staffed(kit)


@pytest.fixture
async def night(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    """Half past ten at night under the 24-hour rules."""
    clock = MovableClock(datetime(2026, 3, 2, 22, 30, tzinfo=ZONE).astimezone(UTC))
    async with open_desk(fresh_sqlite_url, staff=STAFF, policy="leyoujia-24h", clock=clock) as kit:
        yield await staffed(kit)


async def pass_time(kit: Kit, **span: int) -> None:
    """Let time pass; everything on the way is told at its own moment."""
    until = kit.clock.now() + timedelta(**span)
    while (due := await kit.database.read(lambda work: work.timers.next_at())) is not None and due < until:
        await kit.sweep(max(timedelta(), due - kit.clock.now()))
        await kit.deliver()
    await kit.sweep(until - kit.clock.now())
    await kit.deliver()


async def becomes(kit: Kit, severity: Severity, reference: str = "") -> None:
    async def job(work: Work) -> None:
        complaint = await work.complaint(reference or (await kit.the_complaint()).reference)
        assert complaint is not None
        agent = Actor("agent", frozenset({Role.AGENT}), "web")
        terms = await kit.desk.terms(work, complaint)
        await kit.desk.record(work, handling.grade(complaint, severity, "", agent, terms, kit.clock.now()))

    await kit.write(job)
    await kit.sweep()
    await kit.deliver()


async def told(kit: Kit, notice: NoticeKind) -> dict[str, str]:
    """Return who was told a notice, by name, and what became of it."""
    names = {(await kit.person(name)).id: name for name in CHATS}
    return {names[row.person or ""] + row.form: row.state for row in await kit.outbox(notice)}


async def events(kit: Kit, kind: EventKind) -> list[EventRow]:
    return await kit.rows(EventRow, EventRow.kind == kind)


# ── 收到 ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_r041_danger_at_night_until_somebody_answers(either: Kit) -> None:
    kit = either
    await kit.says(MATTER)
    kit.clock.move_to(NIGHT.astimezone(UTC))
    await kit.sweep()
    await becomes(kit, Severity.S0)
    assert set(await told(kit, NoticeKind.ALARM)) == {"张伟", "张伟sms", "王坐席", "刘总"}
    assert "请马上回复“收到”" in kit.chat.texts("handler")[-1]
    await pass_time(kit, minutes=11)
    assert {"李总", "赵六"} <= set(await told(kit, NoticeKind.ALARM))
    await kit.says("收到", "backup")  # an ordinary colleague, who stands in
    await kit.deliver()
    assert "由您跟住" in kit.chat.texts("backup")[-1]
    assert "已有人应答：赵六" in kit.chat.texts("handler")[-1]
    assert "已有人应答：赵六" in kit.chat.texts("head")[-1]
    assert "赵六" not in await told(kit, NoticeKind.IN_HAND)
    complaint = await kit.the_complaint()
    assert [ack.by for ack in complaint.acks] == [(await kit.person("赵六")).id]
    said = len(await kit.outbox(NoticeKind.ALARM))
    await pass_time(kit, minutes=60)
    assert len(await kit.outbox(NoticeKind.ALARM)) == said


async def test_who_answers_late_hears_who_has_it(kit: Kit) -> None:
    await kit.says(MATTER)
    await becomes(kit, Severity.S0)
    await kit.says("收到", "lead")
    await kit.says("好的", "agent")
    await kit.deliver()
    assert "已由 刘总 应答" in kit.chat.texts("agent")[-1]
    assert len((await kit.the_complaint()).acks) == 1


@pytest.mark.parametrize(
    "words",
    [
        "同意停到周三",
        "同意，暂缓到28号就够了",
        "同意",
        "可以停到周五",
        "好，等下周再说",
        "agreed, pause until the 28th",
    ],
)
async def test_what_agrees_to_something_else_answers_no_alarm(kit: Kit, words: str) -> None:
    await kit.says(MATTER)
    await becomes(kit, Severity.S0)
    await kit.says(words, "lead")
    await kit.deliver()
    assert (await kit.the_complaint()).acks == ()
    assert not any("已有人应答" in text for text in kit.chat.texts("agent"))
    await kit.says("好的，我马上去", "lead")
    assert len((await kit.the_complaint()).acks) == 1


@pytest.mark.parametrize(
    "words",
    [
        "那就有效吧",
        "那就成立吧",
        "那就立案吧",
        "那就无效吧",
        "谁负责的 马上给我处理好",
        "then uphold it",
        "so it's valid",
        "who has this? get it fixed right away",
    ],
)
async def test_words_about_something_else_stop_no_alarm(kit: Kit, words: str) -> None:
    await kit.says(MATTER)
    await becomes(kit, Severity.S0)
    await kit.says(words, "lead")
    await kit.deliver()
    assert (await kit.the_complaint()).acks == ()
    assert not any("已有人应答" in text for text in kit.chat.texts("agent"))


@pytest.mark.parametrize(
    "words",
    [
        "收到",
        "好的",
        "知道了",
        "ok",
        "on it",
        "got it",
        "我认领",
        "归我",
        "这单给我吧",
        "交给我处理吧",
        "我来盯",
        "I take this one",
        "count me in",
    ],
)
async def test_words_that_take_it_on_stop_the_alarm(kit: Kit, words: str) -> None:
    await kit.says(MATTER)
    await becomes(kit, Severity.S0)
    await kit.says(words, "lead")
    assert len((await kit.the_complaint()).acks) == 1


PERMITS = ["行吧就这样", "行 暂停吧", "可以，就这么办", "同意了", "行", "fine, go ahead", "agreed then", "ok, do that"]


@pytest.mark.parametrize("words", PERMITS)
async def test_leave_in_free_words_takes_no_alarm(kit: Kit, words: str) -> None:
    await kit.says(MATTER)
    await becomes(kit, Severity.S0)
    await kit.deliver()
    await kit.says(words, "lead")
    await kit.deliver()
    assert (await kit.the_complaint()).acks == ()
    assert [each.says for each in kit.chat.sent[-1].buttons][:1] == [f"收到 {(await kit.the_complaint()).reference}"]
    await kit.says("我来跟", "lead")
    assert len((await kit.the_complaint()).acks) == 1


@pytest.mark.parametrize("words", PERMITS)
async def test_leave_in_free_words_is_for_what_was_asked_last(kit: Kit, words: str) -> None:
    await kit.says(MATTER)
    await becomes(kit, Severity.S0)
    await kit.says("投诉 车库的灯坏了三天没人修", "c2")
    other = (await kit.complaints())[-1].reference
    await kit.says(f"派单 {other} @张伟", "agent")
    await kit.says(f"{other[-4:]} 接单", "handler")
    await kit.says(f"{other[-4:]} 延期 1天 等配件", "handler")
    await kit.deliver()
    await kit.says(words, "lead")
    first, second = await kit.complaints()
    assert first.acks == ()
    assert second.extensions_granted == 1


async def test_a_number_in_the_answer_to_an_alarm_is_the_complaint_that_is_meant(kit: Kit) -> None:
    """The alarm that was answered by somebody else is not spoken of where another number is."""
    await kit.says("投诉 电梯坏了三天没人修", "c2")
    await kit.says(MATTER)
    ordinary, grave = await kit.complaints()
    await becomes(kit, Severity.S0, grave.reference)
    await kit.says(f"收到 {grave.reference}", "lead")
    await kit.says(f"{ordinary.reference} 接单", "handler")
    await kit.deliver()
    assert "应答" not in kit.chat.texts("handler")[-1]
    assert [complaint.status for complaint in await kit.complaints()] == [Status.WORKING, Status.DISPATCHED]


async def test_the_assignees_word_accepts_the_task_too(kit: Kit) -> None:
    await kit.says(MATTER)
    await becomes(kit, Severity.S0)
    await kit.says("收到", "handler")
    complaint = await kit.the_complaint()
    assert complaint.status is Status.WORKING
    assert [ack.by for ack in complaint.acks] == [(await kit.person("张伟")).id]


async def test_trap_35_an_answer_lapses_and_the_others_are_called_again(kit: Kit) -> None:
    await kit.says(MATTER)
    await becomes(kit, Severity.S0)
    await kit.says("收到", "lead")
    await pass_time(kit, hours=2, minutes=1)
    assert "还在您手上吗" in kit.chat.texts("lead")[-1]
    before = len(await kit.outbox(NoticeKind.ALARM))
    await pass_time(kit, minutes=31)
    assert [event.facts for event in await events(kit, EventKind.ACK_LAPSED)] == ['{"ladder":"danger"}']
    assert len(await kit.outbox(NoticeKind.ALARM)) > before


async def test_trap_35_a_level_without_anybody_is_passed_over_visibly_and_starves_nobody(fresh_sqlite_url: str) -> None:
    """Nobody stands in, the superior shuts us out: both are seen, and the next hear it at their moment all the same."""
    alone = (entry("张伟", Role.HANDLER, superior="李总"), *STAFF[1:])
    async with open_desk(fresh_sqlite_url, staff=alone) as kit:
        await staffed(kit)
        kit.chat.refuses["head"] = WillNotDeliver("he shut us out")
        await kit.says(MATTER)
        await becomes(kit, Severity.S0)
        await pass_time(kit, minutes=21)
        [skipped] = await events(kit, EventKind.LEVEL_SKIPPED)
        assert '"level":"backup"' in skipped.facts
        alarmed = await told(kit, NoticeKind.ALARM)
        assert alarmed["李总"] == "failed"
        assert alarmed["刘总"] == "sent"
        assert (await kit.person("王坐席")).id in [row.person for row in await kit.outbox("undeliverable")]


# ── 已电话 ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_r032_three_calls_without_an_answer_pull_in_the_backup(mingyuan: Kit) -> None:
    kit = mingyuan
    await kit.says(MATTER)
    await kit.deliver()
    await kit.says("又漏到楼下去了")
    await pass_time(kit, minutes=31)
    asked = kit.chat.texts("agent")[-1]
    assert "请打电话：张伟 13800138000" in asked
    assert "又漏到楼下去了" in asked  # the newest words of the customer, not the first
    for attempt in range(3):
        await kit.says(("已电话 无人接听", "已电话，没人接", "已电话 关机")[attempt], "agent")
        await pass_time(kit, minutes=25)
    unanswered = await events(kit, EventKind.CALL_UNANSWERED)
    agent = (await kit.person("王坐席")).id
    assert [(event.by, event.note) for event in unanswered] == [(agent, "无人接听"), (agent, "没人接"), (agent, "关机")]
    # No backup contact is agreed for the site, so the lead hears it in their place.
    assert set(await told(kit, NoticeKind.PULLED_IN)) == {"赵六", "李总", "刘总"}
    assert any("电话 3 次无人接听" in text for text in kit.chat.texts("backup"))
    assert (await kit.the_complaint()).call is None


async def test_r032_whom_nobody_phoned_is_not_said_to_be_out_of_reach(mingyuan: Kit) -> None:
    kit = mingyuan
    await kit.says(MATTER)
    await pass_time(kit, minutes=125)
    [text] = [text for text in kit.chat.texts("backup") if "请您接着跟" in text]
    assert "已 3 次请客服给张伟打电话，还没有人打" in text
    assert "联系不上" not in text


async def test_r032_who_is_reached_is_not_phoned_again(mingyuan: Kit) -> None:
    kit = mingyuan
    await kit.says(MATTER)
    await pass_time(kit, minutes=31)
    await kit.says("已电话", "agent")
    await kit.deliver()
    assert "接通了吗" in kit.chat.texts("agent")[-1]
    await kit.says("接通，他马上去", "agent")
    await kit.deliver()
    assert "已电话联系上 张伟" in kit.chat.texts("agent")[-1]
    asked = len(await kit.outbox(NoticeKind.PLEASE_PHONE))
    await pass_time(kit, hours=1)
    assert len(await kit.outbox(NoticeKind.PLEASE_PHONE)) == asked


async def test_words_about_a_phone_call_that_nobody_asked_for_stay_what_they_were(kit: Kit) -> None:
    await kit.says(MATTER)
    await kit.deliver()
    await kit.says("已电话联系客户，约周六上门", "handler")
    assert not await events(kit, EventKind.CALL_REACHED)


# ── what holds it up ──────────────────────────────────────────────────────────────────────────────────────────────────


async def overdue(kit: Kit) -> None:
    await kit.says(MATTER)
    await kit.deliver()
    await pass_time(kit, hours=2, minutes=1)
    assert "卡在哪里" in kit.chat.texts("handler")[-1]


async def test_r061_the_next_words_are_the_obstacle_and_the_superior_reads_them(either: Kit) -> None:
    kit = either
    await overdue(kit)
    customer = len(kit.chat.texts("c1"))
    await kit.says("物业不给钥匙进不了水井", "handler")
    await kit.deliver()
    assert "卡在“物业不给钥匙进不了水井”" in kit.chat.texts("handler")[-1]
    assert len(kit.chat.texts("c1")) == customer
    [event] = await events(kit, EventKind.OBSTACLE)
    assert event.note == "物业不给钥匙进不了水井"
    await kit.says("进度", "handler")
    await kit.deliver()
    assert "卡在：物业不给钥匙进不了水井" in kit.chat.texts("handler")[-1]
    await pass_time(kit, hours=24)
    assert any("卡在：物业不给钥匙" in text for text in kit.chat.texts("head"))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        pytest.param("进展 已约好师傅明天上门", EventKind.PROGRESS, id="progress"),
        pytest.param("接单", EventKind.ACCEPTED, id="accepted"),
        pytest.param("退单 不是我们的项目", EventKind.GIVEN_BACK, id="given back"),
        pytest.param("办结 换了水管接头", EventKind.RESOLVED, id="done"),
    ],
)
async def test_a_command_stays_a_command_after_the_chase(kit: Kit, words: str, kind: EventKind) -> None:
    await overdue(kit)
    await kit.says(words, "handler")
    assert await events(kit, kind)
    assert not await events(kit, EventKind.OBSTACLE)


@pytest.mark.parametrize("words", ["I'm sick today", "我今天生病了", "太忙了，忙不过来", "我不舒服，明天再说"])
async def test_words_of_oneself_do_not_reach_the_customer_unasked(kit: Kit, words: str) -> None:
    await asked_for_a_line(kit)
    customer = len(kit.chat.texts("c1"))
    await kit.says(words, "handler")
    await kit.deliver()
    assert words in kit.chat.texts("handler")[-1]
    assert {"发出", "不发"} == {button.says for button in kit.chat.sent[-1].buttons}
    await kit.says("不发", "handler")
    await kit.deliver()
    assert "没有发给客户" in kit.chat.texts("handler")[-1]
    assert len(kit.chat.texts("c1")) == customer
    assert not await events(kit, EventKind.GIVEN_BACK)


async def test_a_line_that_was_asked_about_goes_out_upon_yes(kit: Kit) -> None:
    await asked_for_a_line(kit)
    await kit.says("我先去另一家再过来", "handler")
    await kit.says("发出", "handler")
    await kit.deliver()
    assert "我先去另一家再过来" in kit.chat.texts("c1")[-1]


async def test_which_complaint_a_line_is_of_is_asked_before_who_shall_read_it_with_a_number(kit: Kit) -> None:
    await overdue(kit)
    await kit.says("投诉 路灯不亮", "c2")
    await kit.says("接单 0002", "handler")
    await kit.deliver()
    await kit.address("张伟", "chat", "handler", pending="")
    await kit.says("在等配件", "handler")
    await kit.deliver()
    assert "2. TS20260302-0002" in kit.chat.texts("handler")[-1]
    await kit.says("1", "handler")
    await kit.deliver()
    assert "TS20260302-0001 卡在“在等配件”" in kit.chat.texts("handler")[-1]


async def asked_for_a_line(kit: Kit) -> None:
    await kit.says(MATTER)
    await kit.says("接单", "handler")
    await kit.says("进度", "c1")
    await kit.deliver()
    assert "客户在问进度" in kit.chat.texts("handler")[-1]


async def test_r061_what_holds_it_up_is_not_told_the_customer_whatever_else_is_asked(kit: Kit) -> None:
    await overdue(kit)
    customer = len(kit.chat.texts("c1"))
    await kit.says("进展", "handler")  # we ask for a line
    await kit.says("水电师傅请假了", "handler")
    await kit.deliver()
    assert "发给客户吗" in kit.chat.texts("handler")[-1]
    await kit.says("不发", "handler")
    await kit.deliver()
    assert "卡在“水电师傅请假了”" in kit.chat.texts("handler")[-1]
    assert len(kit.chat.texts("c1")) == customer


async def test_r061_leave_of_others_is_what_holds_it_up(kit: Kit) -> None:
    await overdue(kit)
    await kit.says("水电师傅请假了", "handler")
    [event] = await events(kit, EventKind.OBSTACLE)
    assert event.note == "水电师傅请假了"
    assert not await events(kit, EventKind.PROGRESS)


@pytest.mark.parametrize("words", ["师傅都在别的小区，忙不过来", "too busy, cannot do it"])
@pytest.mark.parametrize(("reply", "times"), [("否", 0), ("是", 1)])
async def test_r061_what_holds_it_up_gives_back_only_when_asked(kit: Kit, words: str, reply: str, times: int) -> None:
    await overdue(kit)
    await kit.says(words, "handler")
    await kit.deliver()
    [event] = await events(kit, EventKind.OBSTACLE)
    assert event.note == words
    assert {"是", "yes"} & {button.says for button in kit.chat.sent[-1].buttons}
    assert not await events(kit, EventKind.GIVEN_BACK)
    await kit.says(reply, "handler")
    assert len(await events(kit, EventKind.GIVEN_BACK)) == times


# ── who sleeps and who does not ───────────────────────────────────────────────────────────────────────────────────────


async def rota(kit: Kit, name: str) -> None:
    person = (await kit.person(name)).id

    async def job(work: Work) -> None:
        shift = ShiftRow(team="", person=person, days="daily", starts="22:00", ends="07:00", set_at=kit.clock.now())
        work.session.add(shift)
        await work.staff_changed()

    await kit.write(job)


async def test_trap_27_at_night_nobody_hears_it_but_who_is_on_duty(night: Kit) -> None:
    kit = night
    await rota(kit, "王坐席")
    await kit.says(MATTER)
    await kit.deliver()
    await pass_time(kit, minutes=6)
    assert await told(kit, NoticeKind.NEW_COMPLAINT) == {"王坐席": "sent"}
    assert await told(kit, NoticeKind.STILL_WAITING) == {"王坐席": "sent"}
    assert (await told(kit, NoticeKind.ASSIGNED))["王坐席"] == "sent"  # the work is given to who is awake


async def test_nobody_on_duty_is_told_in_the_morning(night: Kit) -> None:
    kit = night
    await kit.says(MATTER)
    await pass_time(kit, minutes=6)
    assert set((await told(kit, NoticeKind.STILL_WAITING)).values()) == {"held"}
    kit.clock.move_to(datetime(2026, 3, 3, 7, 0, tzinfo=ZONE).astimezone(UTC))
    await kit.sweep()
    await kit.deliver()
    assert set((await told(kit, NoticeKind.STILL_WAITING)).values()) == {"sent"}


async def test_r061_several_chases_at_one_moment_are_one_list(kit: Kit) -> None:
    for who in ("c1", "c2"):
        await kit.says(MATTER, who)
    await kit.deliver()
    before = len(kit.chat.texts("handler"))
    await pass_time(kit, hours=1, minutes=1)
    [one] = kit.chat.texts("handler")[before:]
    assert "您有 2 条通知" in one
    assert all(
        row.reference in one
        for row in await kit.outbox(NoticeKind.REMINDER, OutboxRow.state == "sent")
        if row.reference
    )


async def test_each_line_of_a_list_names_the_limit_that_it_is_about(kit: Kit) -> None:
    for who in ("c1", "c2"):
        await kit.says(MATTER, who)
    await kit.deliver()
    before = len(kit.chat.texts("handler"))
    await pass_time(kit, hours=1, minutes=1)
    [reminded] = kit.chat.texts("handler")[before:]
    due = {
        f"{deadline.due_at.astimezone(ZONE):%H:%M}"
        for complaint in await kit.complaints()
        for deadline in complaint.running
        if deadline.clock == "first_contact"
    }
    assert reminded.count("（“首次联系") == 2
    assert all(f"{at} 到期）" in reminded for at in due)
    await pass_time(kit, hours=2)
    late = kit.chat.texts("handler")[-1]
    assert late.count("（“首次联系") == 2
    assert all(f"{at} 前完成，已超时" in late for at in due)
    assert "超时的卡在哪里" in late


async def test_a_second_copy_without_a_road_is_no_news_in_the_status(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:  # staff without a phone
        await kit.says(MATTER)
        await kit.deliver()
        assert [row.state for row in await kit.outbox(NoticeKind.ASSIGNED)] == ["sent", "skipped"]
        await kit.says("进度", "handler")
        await kit.deliver()
        assert "派单通知" in kit.chat.texts("handler")[-1]
        assert "不必再发" not in kit.chat.texts("handler")[-1]


async def test_what_is_written_while_a_line_waits_for_its_yes_is_not_lost(kit: Kit) -> None:
    await asked_for_a_line(kit)
    customer = len(kit.chat.texts("c1"))
    await kit.says("我不舒服，明天再说", "handler")
    await kit.says("新卡已经做好了", "handler")
    await kit.deliver()
    assert "我不舒服，明天再说\n新卡已经做好了" in kit.chat.texts("handler")[-1]
    assert len(kit.chat.texts("c1")) == customer
    await kit.says("0001 进展 已约厂家周五上门", "handler")
    await kit.deliver()
    assert "已约厂家周五上门" in kit.chat.texts("c1")[-1]
    assert "不舒服" not in kit.chat.texts("c1")[-1]


@pytest.mark.parametrize("words", ["send", "keep back", "发出", "不发", "发给客户"])
async def test_a_late_word_on_who_shall_read_it_is_no_line(kit: Kit, words: str) -> None:
    await asked_for_a_line(kit)
    await kit.says(words, "handler")
    assert not await events(kit, EventKind.PROGRESS)


async def test_whose_word_is_waited_for_is_always_answered(kit: Kit) -> None:
    await asked_for_a_line(kit)
    for number in range(8):
        waits = Question(Pending.YES_NO, "TS20260302-0001", {"for": "extension"})
        await kit.address("张伟", "chat", "handler", pending=waits.dumps())
        before = len(kit.chat.texts("handler"))
        await kit.says("说不准吧", "handler")
        await kit.deliver()
        assert len(kit.chat.texts("handler")) > before, number


@pytest.mark.parametrize("word", ["收到", "好的，我马上去", "on it", "got it"])
async def test_the_assignee_takes_the_task_on_after_somebody_else_answered_the_alarm(kit: Kit, word: str) -> None:
    await kit.says(MATTER)
    await becomes(kit, Severity.S0)
    await kit.says("收到", "lead")
    await kit.says(word, "handler")
    await kit.deliver()
    assert "已由 刘总 应答" not in kit.chat.texts("handler")[-1]
    assert (await kit.the_complaint()).status is Status.WORKING


async def test_the_assignee_at_work_is_not_sent_away_where_somebody_else_answered(kit: Kit) -> None:
    await kit.says(MATTER)
    await kit.says("接单", "handler")
    await becomes(kit, Severity.S0)
    await kit.says("收到", "lead")
    await kit.says("on it", "handler")
    await kit.deliver()
    assert "已经在您手上了" in kit.chat.texts("handler")[-1]
