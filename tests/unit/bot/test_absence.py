"""Leave said in chat, what becomes of the tasks, and complaints that come meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.attendance import Attendance
from bot.dialogue.questions import Question
from bot.grammar import Pending
from bot.staff import import_staff
from bot.storage.models import AbsenceRow, AddressRow, EventRow
from complaints.change import EventKind
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import CHAT, PLAIN_CHAT, FakeChannel, Kit, entry, open_desk, reads

LEAK = "厨房漏水三天了没人管，我是3栋1201的陈先生，电话13800138000"
STAFF = (
    entry("张伟", Role.HANDLER, superior="赵经理", backup="李娜"),
    entry("李娜", Role.HANDLER, superior="赵经理", categories=("SALES",), line=3),
    entry("赵经理", Role.DEPT_HEAD, line=4),
    entry("王主任", Role.AGENT, Role.CENTER_LEAD, line=5),
)


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(
        fresh_sqlite_url,
        staff=STAFF,
        channels=[FakeChannel("chat", CHAT)],
        chats={"张伟": "zhang", "李娜": "li", "赵经理": "zhao", "王主任": "wang"},
    ) as kit:
        yield kit


async def away(kit: Kit, words: str, who: str = "zhang") -> str:
    """Let somebody ask for leave and confirm the echo, which is returned."""
    await kit.says(words, who)
    echo = await reads(kit, who)
    await kit.says("是", who)
    return echo


async def test_leave_is_echoed_in_absolute_times_and_recorded_once_confirmed(kit: Kit) -> None:
    echo = await away(kit, "请假 3天")
    assert "3月2日(周一) 10:00 至 3月4日(周三) 23:59" in echo
    assert "代班：李娜" in echo
    assert "已登记请假" in await reads(kit, "zhang")
    for who in ("zhao", "li", "wang"):
        assert "张伟 请假：3月2日(周一) 10:00 至 3月4日(周三) 23:59，李娜 代班" in await reads(kit, who)


@pytest.mark.parametrize("words", ["明天请假，赵经理顶我", "明天请假 让赵经理替我"])
async def test_whoever_is_said_to_fill_in_stands_in(kit: Kit, words: str) -> None:
    assert "代班：赵经理" in await away(kit, words)


@pytest.mark.parametrize("words", ["赵经理顶我", "让赵经理代班", "由赵经理代班"])
async def test_who_stands_in_is_said_when_the_days_are_asked_about(kit: Kit, words: str) -> None:
    await kit.says("明天请假", "zhang")
    assert "代班：李娜" in await reads(kit, "zhang")
    await kit.says(words, "zhang")
    echo = await reads(kit, "zhang")
    assert "3月3日(周二) 00:00 至 3月3日(周二) 23:59" in echo
    assert "代班：赵经理" in echo
    await kit.says("是", "zhang")
    assert "赵经理 代班" in await reads(kit, "zhao")


async def test_a_no_records_nothing(kit: Kit) -> None:
    await kit.says("请假 3天", "zhang")
    await kit.says("否", "zhang")
    assert "没有登记请假" in await reads(kit, "zhang")
    assert await reads(kit, "zhao") == ""


async def look(kit: Kit, after: timedelta = timedelta()) -> None:
    """Let time go by, and attendance and the timers look."""
    kit.clock.move_to(kit.clock.now() + after)
    await Attendance(kit.database, kit.desk).look()
    await kit.sweep()


async def owner(kit: Kit) -> str:
    complaint = await kit.the_complaint()
    if complaint.owner is None or complaint.task is None:
        return ""
    names = {(await kit.person(name)).id: name for name in ("张伟", "李娜", "赵经理", "王主任")}
    return names[complaint.owner]


async def events(kit: Kit) -> list[str]:
    return [row.kind for row in await kit.rows(EventRow)]


async def test_trap_37_nobody_there_is_an_event_told_again_daily_until_somebody_is_back(kit: Kit) -> None:
    await away(kit, "请假 5天")
    await kit.says(LEAK, "c1")
    assert (await owner(kit), (await kit.the_complaint()).status) == ("", Status.NEW)
    assert EventKind.NOBODY_AVAILABLE in await events(kit)
    assert "没有找到合适的处理人" in await reads(kit, "wang")
    for _ in range(2):
        await look(kit, timedelta(days=1))
    assert (await reads(kit, "wang")).count("现在没有人可以接手") == 2
    await look(kit)
    await kit.says("销假", "zhang")
    assert "已销假" in await reads(kit, "zhang")
    await look(kit)
    assert await owner(kit) == "张伟"
    await look(kit, timedelta(days=1))
    assert "没有人可以接手" not in await reads(kit, "wang")


async def test_an_outage_of_three_days_is_told_once(kit: Kit) -> None:
    await away(kit, "请假 15天")
    await kit.says(LEAK, "c1")
    await reads(kit, "wang")
    await look(kit, timedelta(days=3, hours=1))
    assert (await reads(kit, "wang")).count("现在没有人可以接手") == 1
    await look(kit, timedelta(hours=22))
    assert "现在没有人可以接手" not in await reads(kit, "wang")
    await look(kit, timedelta(hours=1))
    assert (await reads(kit, "wang")).count("现在没有人可以接手") == 1


async def test_only_who_was_told_of_leave_is_said_to_have_been_told(kit: Kit) -> None:
    await away(kit, "请假 3天", "li")
    said = await reads(kit, "li")
    assert "上级和客服中心已收到通知" in said
    assert "没有代班人" in said
    await away(kit, "请假 3天")
    assert "代班人" not in (await reads(kit, "zhang")).replace("没有代班人", "")


async def test_what_was_not_taken_up_goes_to_the_stand_in_at_once_and_everybody_hears(kit: Kit) -> None:
    await kit.says(LEAK, "c1")
    for who in ("zhang", "li", "wang"):
        await reads(kit, who)
    await away(kit, "请假 3天")
    assert await owner(kit) == "李娜"
    number = (await kit.the_complaint()).reference
    assert f"派给您：{number}" in await reads(kit, "li")
    assert f"已转出：{number}" in await reads(kit, "wang")
    assert number in await reads(kit, "zhang")


async def test_whoever_a_complaint_names_does_not_find_it_in_the_list_of_leave(kit: Kit) -> None:
    await kit.says(LEAK, "c1")
    await kit.says(f"涉及 {(await kit.the_complaint()).reference} 李娜", "wang")
    await reads(kit, "li")
    await away(kit, "请假 3周")
    number = (await kit.the_complaint()).reference
    told = await reads(kit, "li")
    assert "张伟 请假" in told
    assert number not in told
    assert number in await reads(kit, "wang")


async def test_what_is_in_hand_and_can_wait_stays_and_is_offered(kit: Kit) -> None:
    await kit.says(LEAK, "c1")
    await kit.says("接单", "zhang")
    await reads(kit, "li")
    await away(kit, "请假 2天")
    number = (await kit.the_complaint()).reference
    assert await owner(kit) == "张伟"
    assert f"· {number}" in await reads(kit, "li")
    await kit.says("进展 配件已订", "zhang")
    assert await owner(kit) == "张伟"


async def test_what_falls_due_within_the_leave_goes_to_the_stand_in(kit: Kit) -> None:
    await kit.says(LEAK, "c1")
    await kit.says("接单", "zhang")
    await away(kit, "请假 3周")
    assert await owner(kit) == "李娜"


@pytest.mark.parametrize("given_knowingly", [False, True])
async def test_trap_37_a_promise_that_begins_in_the_middle_of_leave_goes_to_the_stand_in(
    fresh_sqlite_url: str, given_knowingly: bool
) -> None:
    chat = FakeChannel("chat", CHAT)
    async with open_desk(
        fresh_sqlite_url,
        staff=STAFF,
        channels=[chat],
        policy="beijing-12345",
        chats={"张伟": "zhang", "李娜": "li", "王主任": "wang"},
    ) as kit:
        await kit.says(LEAK)
        await kit.says("接单", "zhang")
        await away(kit, "请假 2天")
        await look(kit, timedelta(hours=1))
        assert await owner(kit) == "张伟"
        if given_knowingly:
            await kit.says("派单 0001 @李娜", "wang")
            await kit.says("派单 0001 @张伟", "wang")
            await kit.says("是", "wang")
        await kit.says("定级 0001 S0 楼下也淹了", "wang")  # two hours, from now
        assert await owner(kit) == ("张伟" if given_knowingly else "李娜")


async def test_what_is_on_hold_when_leave_begins_goes_over_once_it_goes_on(kit: Kit) -> None:
    await kit.says(LEAK)
    await kit.says("接单", "zhang")
    await kit.says("暂缓 等客户 3天 等客户回来开门", "zhang")
    await kit.says("批准 0001", "wang")
    assert (await kit.the_complaint()).status is Status.ON_HOLD
    await away(kit, "请假 5周")
    assert await owner(kit) == "张伟"
    await look(kit, timedelta(days=4))
    assert (await kit.the_complaint()).status is Status.DISPATCHED
    assert await owner(kit) == "李娜"


async def test_leave_that_begins_later_moves_the_tasks_when_it_begins(kit: Kit) -> None:
    await kit.says(LEAK, "c1")
    await away(kit, "请假 明天下午 由李娜代班")
    assert await owner(kit) == "张伟"
    await look(kit, timedelta(days=1, hours=2))
    assert await owner(kit) == "张伟", "the afternoon begins at one"
    await look(kit, timedelta(hours=2))
    assert await owner(kit) == "李娜"


async def test_trap_37_the_stand_in_of_a_stand_in_gets_it(fresh_sqlite_url: str) -> None:
    staff = (
        entry("甲", Role.HANDLER, backup="乙"),
        entry("乙", Role.HANDLER, backup="丙", line=3),
        entry("丙", Role.HANDLER, backup="甲", line=4),
        entry("王主任", Role.AGENT, Role.CENTER_LEAD, line=5),
    )
    async with open_desk(
        fresh_sqlite_url,
        staff=staff,
        channels=[FakeChannel("chat", CHAT)],
        chats={"甲": "a", "乙": "b", "丙": "c", "王主任": "wang"},
    ) as kit:
        await away(kit, "请假 3天", "b")
        echo = await away(kit, "请假 3天", "a")
        assert "代班：丙" in echo
        await away(kit, "请假 3天", "c")
        await kit.says(LEAK, "c1")
        complaint = await kit.the_complaint()
        assert complaint.owner is None, "a circle of people who are all away ends with the centre"
        assert complaint.nobody_since is not None


async def test_trap_37_a_returning_customer_is_not_routed_to_somebody_who_is_away(kit: Kit) -> None:
    await import_staff(kit.database, [entry("李娜", Role.HANDLER, superior="赵经理")], kit.clock.now())
    await kit.says(LEAK, "c1")
    had = {"张伟": "zhang", "李娜": "li"}[await owner(kit)]
    await kit.says("办结 换了水管", had)
    await away(kit, "请假 3天", had)
    await kit.says("不满意，还在漏", "c1")
    assert await owner(kit) == ("李娜" if had == "zhang" else "张伟")


async def test_trap_37_what_is_reopened_goes_to_the_stand_in_where_nobody_else_fits(kit: Kit) -> None:
    await kit.says(LEAK)
    await kit.says("接单", "zhang")
    await kit.says("办结 换了水管", "zhang")
    await away(kit, "请假 3天")
    await kit.says("不满意 还在漏")
    assert (await kit.the_complaint()).status is Status.DISPATCHED
    assert await owner(kit) == "李娜"


async def test_words_without_a_time_are_asked_for_one(kit: Kit) -> None:
    await kit.says("请假", "zhang")
    assert "从什么时候到什么时候" in await reads(kit, "zhang")
    await kit.says("明天到周五", "zhang")
    assert "3月3日(周二) 00:00 至 3月6日(周五) 23:59" in await reads(kit, "zhang")


async def test_a_stand_in_whom_nobody_knows_is_asked_for(kit: Kit) -> None:
    await kit.says("请假 3天 由诸葛亮代班", "zhang")
    assert "没有找到“诸葛亮”" in await reads(kit, "zhang")


async def test_times_are_said_again_instead_of_yes(kit: Kit) -> None:
    await kit.says("请假 3天", "zhang")
    await kit.says("明天", "zhang")
    assert "3月3日(周二) 00:00 至 3月3日(周二) 23:59" in (await reads(kit, "zhang")).split("---")[-1]


async def test_english(kit: Kit) -> None:
    await kit.address("张伟", "chat", "zhang", locale="en")
    echo = await away(kit, "on leave 3 days, covered by 李娜")
    assert "李娜 stands in" in echo
    await kit.says("back", "zhang")
    assert "Welcome back" in await reads(kit, "zhang")


async def test_nobody_who_never_went_is_told_that_they_are_back(kit: Kit) -> None:
    await kit.says("销假", "zhang")
    assert "没有查到您的请假" in await reads(kit, "zhang")


async def test_who_is_back_but_was_not_away_keeps_the_leave_to_come(kit: Kit) -> None:
    await away(kit, "明天请假")
    await kit.says("我回来了", "zhang")
    assert "以后的请假不变" in await reads(kit, "zhang")
    await kit.says("销假", "zhang")
    assert "已销假" in await reads(kit, "zhang")


async def test_the_centre_enters_leave_for_a_colleague_who_rang(kit: Kit) -> None:
    assert "张伟请假：3月2日(周一) 10:00" in await away(kit, "张伟请假2天", "wang")
    await kit.says(LEAK, "c1")
    assert await owner(kit) == ""


async def test_nobody_enters_leave_for_a_colleague_but_the_centre_and_superiors(kit: Kit) -> None:
    await kit.says("李娜请假2天", "zhang")
    assert "请假：" not in await reads(kit, "zhang")


@pytest.mark.parametrize("words", ["客户休假，下周才能上门", "the customer is on holiday until Monday"])
async def test_a_customer_on_holiday_is_progress_and_nobodys_leave(kit: Kit, words: str) -> None:
    await kit.says(LEAK, "c1")
    await kit.says("接单", "zhang")
    await reads(kit, "zhang")
    await kit.says(words, "zhang")
    assert await reads(kit, "zhao") == ""
    await kit.says("发出", "zhang")  # of a customer it is asked first whether they are to read it
    assert (await kit.the_complaint()).last_progress == words


class TestGranting:
    """The profile wants the superior's word."""

    @pytest.fixture
    def strict(self, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> Kit:
        terms = kit.desk.book.current
        rule = replace(terms.policy.absence, needs_approval=True)
        monkeypatch.setattr(kit.desk.book, "current", replace(terms, policy=replace(terms.policy, absence=rule)))
        return kit

    async def test_it_counts_once_the_superior_agreed(self, strict: Kit) -> None:
        await away(strict, "请假 3天")
        assert "已报上级审批" in await reads(strict, "zhang")
        assert "张伟 申请请假" in await reads(strict, "zhao")
        assert await reads(strict, "wang") == ""
        await strict.says("同意请假", "zhao")
        assert "赵经理同意了您的请假" in await reads(strict, "zhang")
        assert "张伟 请假" in await reads(strict, "wang")

    async def test_it_does_not_count_once_they_refused(self, strict: Kit) -> None:
        await away(strict, "请假 3天")
        await reads(strict, "zhao")
        await strict.says("不同意请假", "zhao")
        assert "赵经理没有同意您的请假" in await reads(strict, "zhang")
        await strict.says(LEAK, "c1")
        assert await owner(strict) == "张伟"

    @pytest.mark.parametrize(
        "said", ["同意，但只到周二", "同意请假，只批1天", "批准，最多两天", "approve, but only until Tuesday"]
    )
    async def test_a_yes_to_other_leave_than_was_asked_for_is_asked_back(self, strict: Kit, said: str) -> None:
        await away(strict, "请假 3天")
        await reads(strict, "zhang")
        await reads(strict, "zhao")
        await strict.says(said, "zhao")
        back = await reads(strict, "zhao")
        assert "没有做任何决定" in back or "Nothing was decided" in back
        assert "3月2日(周一) 10:00 至 3月4日(周三) 23:59" in back or "Wed 4 Mar" in back
        assert await reads(strict, "zhang") == ""
        await strict.says("不同意请假，只能到周二", "zhao")
        refused = await reads(strict, "zhang")
        assert "没有同意您的请假" in refused
        assert "说明：只能到周二" in refused

    async def test_neither_yes_nor_no_to_leave_is_asked_back(self, strict: Kit) -> None:
        await away(strict, "请假 3天")
        await reads(strict, "zhao")
        await strict.says("行吧，就一天", "zhao")
        assert "没有做任何决定" in await reads(strict, "zhao")

    @pytest.mark.parametrize("said", ["同意，到周三", "同意3天", "同意，别再有下次", "approve, until Wednesday"])
    async def test_a_yes_to_the_same_leave_grants_it(self, strict: Kit, said: str) -> None:
        await away(strict, "请假 3天")
        await reads(strict, "zhao")
        await strict.says(said, "zhao")
        assert "赵经理同意了您的请假" in await reads(strict, "zhang")

    async def test_unanswered_when_it_begins_the_lead_is_asked_once(self, strict: Kit) -> None:
        await away(strict, "请假 明天下午")
        await reads(strict, "wang")
        await look(strict, timedelta(days=1, hours=3))
        await look(strict, timedelta(minutes=1))
        assert (await reads(strict, "wang")).count("张伟 申请请假") == 1
        await strict.says("同意请假", "wang")
        assert "王主任同意了您的请假" in await reads(strict, "zhang")


async def test_whoever_asks_reads_who_is_away_until_when(kit: Kit) -> None:
    await away(kit, "请假 3天")
    await kit.says("谁请假了", "li")
    assert "张伟，到 3月4日(周三) 23:59，李娜 代班" in await reads(kit, "li")
    await kit.says("下周一谁休假？", "li")
    assert "3月9日(周一)没有人请假" in await reads(kit, "li")


async def test_what_is_asked_meanwhile_does_not_forget_leave_that_waits_for_its_yes(kit: Kit) -> None:
    await kit.says(LEAK, "c1")
    await kit.says("接了", "zhang")
    await kit.says("我下周一休息", "zhang")
    await reads(kit, "zhang")
    await kit.says("进度", "c1")
    assert "客户在问进度" in await reads(kit, "zhang")
    await kit.says("是", "zhang")
    assert "已登记请假，到 3月9日(周一) 23:59" in await reads(kit, "zhang")


async def test_leave_is_confirmed_where_there_are_no_buttons(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=STAFF, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        await kit.address("张伟", "chat", "zhang")
        await kit.says("我今天生病了", "zhang")
        assert "对吗？" in await reads(kit, "zhang")
        await kit.says("是", "zhang")
        assert "已登记请假，到 3月2日(周一) 23:59" in await reads(kit, "zhang")


async def test_who_is_away_is_given_work_only_after_a_second_look(kit: Kit) -> None:
    await away(kit, "请假 3天")
    await kit.says(LEAK, "c1")
    await reads(kit, "wang")
    await kit.says("派单 0001 @张伟 他离得近", "wang")
    assert "张伟请假到 3月4日(周三) 23:59，由 李娜 代班" in await reads(kit, "wang")
    assert await owner(kit) == ""
    await kit.says("是", "wang")
    assert "已派给 张伟" in await reads(kit, "wang")
    assert await owner(kit) == "张伟"


async def test_for_a_name_that_nobody_has_near_ones_are_meant_else_whoever_fits_is_offered(kit: Kit) -> None:
    await kit.says(LEAK, "c1")
    await reads(kit, "wang")
    await kit.says("派单 0001 @张三", "wang")
    assert "没有叫“张三”的同事。\n派给谁？" in await reads(kit, "wang")  # who has it already is no choice
    await kit.says("派单 0001 @章伟", "wang")
    assert "没有叫“章伟”的同事。\n您是说 张伟 吗？\n派给谁？" in await reads(kit, "wang")
    await kit.says("退单 不归我管", "zhang")
    await reads(kit, "wang")
    await kit.says("派单 0001 @张三", "wang")
    assert "没有叫“张三”的同事。\n能办这类事的有：张伟。\n派给谁？" in await reads(kit, "wang")  # not for the surname


async def test_a_closed_complaint_is_known_to_its_handler_by_its_last_digits(kit: Kit) -> None:
    for words, who in ((LEAK, "c1"), ("接单", "zhang"), ("办结 换好了水管", "zhang"), ("满意", "c1")):
        await kit.says(words, who)
        await kit.deliver()
    await reads(kit, "zhang")
    await kit.says("进度 0001", "zhang")
    assert "已结案" in await reads(kit, "zhang")


async def test_r041_the_alarm_goes_on_where_whoever_answered_it_hands_it_on_or_goes_away(kit: Kit) -> None:
    await kit.says("家里闻到很浓的燃气味，快来人，我是1栋202的周先生，电话13700137000", "c3")
    await kit.sweep()
    await kit.deliver()
    await kit.says("收到", "zhang")
    assert (await kit.the_complaint()).acks
    await kit.sweep(timedelta(minutes=1))
    await kit.says("转派 0001 李娜 我不在现场", "zhang")
    await kit.sweep(timedelta(minutes=1))
    assert "请马上回复“收到”" in await reads(kit, "li")
    await kit.says("收到", "wang")
    await reads(kit, "li")
    await kit.sweep(timedelta(minutes=30))
    assert "请马上回复“收到”" not in await reads(kit, "li")
    await away(kit, "请假 1天", "wang")
    await look(kit, timedelta(minutes=1))
    await kit.sweep(timedelta(minutes=1))
    assert "请马上回复“收到”" in await reads(kit, "li")


@pytest.mark.parametrize(
    "words",
    [
        "0001 让张伟今天必须给客户打电话",
        "让张伟今天必须给客户打电话",
        "0001 have Zhang ring the customer today",
        "have Zhang ring the customer today",
    ],
)
async def test_an_order_to_a_colleague_is_no_yes_to_leave(kit: Kit, words: str) -> None:
    await kit.says(LEAK, "c1")
    await kit.says("请假 3天", "zhao")
    await reads(kit, "zhao")
    await kit.says(words, "zhao")
    assert "请假" not in await reads(kit, "zhao")
    assert not await kit.rows(AbsenceRow)
    await kit.says("是", "zhao")
    assert "已登记请假" in await reads(kit, "zhao")


async def test_an_order_to_a_colleague_is_no_word_on_the_leave_of_another(kit: Kit) -> None:
    pending = Question(Pending.YES_NO, None, {"for": "leave_asked", "id": ""})
    for words in ("have Zhang ring the customer today", "让张伟今天必须给客户打电话"):
        await kit.address("赵经理", "chat", "zhao", pending=pending.dumps())
        await kit.says(words, "zhao")
        [row] = await kit.rows(AddressRow, AddressRow.address == "zhao")
        assert row.pending == pending.dumps()


async def test_what_one_who_left_has_in_hand_goes_to_whoever_fits(kit: Kit) -> None:
    await kit.says(LEAK, "c1")
    assert await owner(kit) == "张伟"
    await reads(kit, "zhang")
    await import_staff(kit.database, [replace(STAFF[0], active=False)], kit.clock.now())
    await look(kit)
    assert (await kit.the_complaint()).owner == (await kit.person("李娜")).id
    assert "厨房漏水三天" in await reads(kit, "li")
    await kit.says("进度", "c1")
    await kit.says("快点来人", "c1")
    assert await reads(kit, "zhang") == "", "whoever left hears nothing of a customer any more"


async def test_where_nobody_fits_what_one_who_left_had_is_the_centres(kit: Kit) -> None:
    await kit.says(LEAK, "c1")
    await kit.says("接单", "zhang")
    gone = [replace(each, active=False) for each in STAFF[:2]]
    await import_staff(kit.database, gone, kit.clock.now())
    await look(kit)
    assert (await kit.the_complaint()).owner is None
    assert "张伟 已不在职，TS20260302-0001 回到客服中心" in await reads(kit, "wang")
    await kit.says("派单 0001 @赵经理", "wang")
    await look(kit, timedelta(minutes=1))
    assert (await kit.the_complaint()).owner == (await kit.person("赵经理")).id
    assert "已不在职" not in await reads(kit, "wang"), "said once"


CALLED_OFF = (
    "取消请假",
    "不请假了",
    "请假取消了",
    "我不休假了",
    "假不请了",
    "cancel my leave",
    "I’m not taking leave after all",
)


class TestCalledOff:
    """Leave that is not wanted any more, and a question about leave that nobody answers."""

    @pytest.mark.parametrize("who", ["zhang", "wang"])
    @pytest.mark.parametrize("words", CALLED_OFF)
    async def test_nothing_is_asked_for_by_it(self, kit: Kit, words: str, who: str) -> None:
        await kit.says(words, who)
        told = await reads(kit, who)
        assert "没有查到您的请假登记" in told or "no leave of yours" in told
        await kit.says("11月29日", who)
        assert "请假：" not in await reads(kit, who)

    @pytest.mark.parametrize("words", CALLED_OFF)
    async def test_it_ends_leave_that_is_on_record(self, kit: Kit, words: str) -> None:
        await away(kit, "明天请假")
        await kit.says(words, "zhang")
        assert "已销假" in await reads(kit, "zhang")
        assert [row.state for row in await kit.rows(AbsenceRow)] == ["cancelled"]

    @pytest.mark.parametrize("first", ["请假", "请假 明天"])
    @pytest.mark.parametrize("words", CALLED_OFF)
    async def test_it_drops_what_is_being_asked_for(self, kit: Kit, words: str, first: str) -> None:
        await kit.says(first, "zhang")
        await reads(kit, "zhang")
        await kit.says(words, "zhang")
        assert "没有登记请假" in await reads(kit, "zhang")
        await kit.says("是", "zhang")
        assert await kit.rows(AbsenceRow) == []

    async def test_only_the_leave_of_the_day_that_is_named_ends(self, kit: Kit) -> None:
        await away(kit, "明天请假")
        await away(kit, "请假 3月10日")
        await kit.says("3月10日不请假了", "zhang")
        assert "已销假" in await reads(kit, "zhang")
        rows = sorted(await kit.rows(AbsenceRow), key=lambda row: row.start)
        assert [row.state for row in rows] == ["planned", "cancelled"]

    @pytest.mark.parametrize("words", ["明天不请假了", "cancel my leave tomorrow"])
    async def test_of_longer_leave_nothing_ends_by_itself(self, kit: Kit, words: str) -> None:
        await away(kit, "请假 3月3日到3月6日")
        await kit.says(words, "zhang")
        told = await reads(kit, "zhang")
        assert "没有做任何改动" in told or "nothing was changed" in told
        assert [row.state for row in await kit.rows(AbsenceRow)] == ["planned"]

    @pytest.mark.parametrize("words", ["取消李娜的请假", "李娜的请假取消", "李娜不请假了"])
    async def test_of_a_colleague_s_leave_nothing_is_asked_for(self, kit: Kit, words: str) -> None:
        await away(kit, "明天请假", "zhang")
        await reads(kit, "zhang")
        await kit.says(words, "zhang")
        assert "从什么时候到什么时候" not in await reads(kit, "zhang")
        assert [row.state for row in await kit.rows(AbsenceRow)] == ["planned"]

    @pytest.mark.parametrize(
        "words",
        [
            "市民热线转办单 周女士 13700002222 水费多收 11月26日前答复",
            "客户说12月1日到3日在家 让我们去",
            "letter from Mrs Lee, bath toilets filthy, answer by 26 Nov",
        ],
    )
    @pytest.mark.parametrize("first", ["请假", "请假 明天"])
    async def test_a_day_in_the_words_of_a_matter_is_no_leave(self, kit: Kit, words: str, first: str) -> None:
        await kit.says(first, "wang")
        await reads(kit, "wang")
        await kit.says(words, "wang")
        assert "请假：" not in await reads(kit, "wang")

    async def test_the_question_does_not_outlive_another_command(self, kit: Kit) -> None:
        await kit.says("请假", "wang")
        await kit.says("队列", "wang")
        await reads(kit, "wang")
        await kit.says("11月29日", "wang")
        assert "请假：" not in await reads(kit, "wang")

    async def test_words_that_nobody_understood_leave_it_open(self, kit: Kit) -> None:
        await kit.says("请假", "zhang")
        await kit.says("嗯嗯呃", "zhang")
        await reads(kit, "zhang")
        await kit.says("明天到周五", "zhang")
        assert "3月3日(周二) 00:00 至 3月6日(周五) 23:59" in await reads(kit, "zhang")
