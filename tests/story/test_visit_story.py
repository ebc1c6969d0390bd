"""A leak with a visit: proposed, moved, reminded of, and what came of it, by web chat in Chinese and by Telegram in English."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from icalendar import Calendar, Event

from bot.app import App, running
from bot.clock import MovableClock
from bot.settings import load_settings
from bot.staff import issue_code
from complaints.vocabulary import Side, VisitState
from tests.fakes import until
from tests.servers.telegram import Telegram, User
from tests.story.chat import ChatDesk, at, chat_desk
from tests.story.desk import Books, as_environ, hire_at
from tests.story.test_telegram_story import settings_of

STAFF = "张伟,13800138000,,处理人,王主管,\n王主管,13900139000,,坐席,,\n"
MATTER = "我家厨房漏水三天了，没人管。6栋1202，我叫李娜，13712345678"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[ChatDesk]:
    async with chat_desk(tmp_path, f"sqlite:///{tmp_path}/visit.db", at("2026-11-23 10:00"), policy="base") as desk:
        await desk.hires(STAFF)
        await desk.binds("张伟", "王主管")
        yield desk


async def test_a_leak_with_a_visit_by_web_chat_in_chinese_r_035(desk: ChatDesk) -> None:
    async def says(who: str, text: str) -> str:
        return "\n".join(await desk.says(who, text))

    async def reads(who: str) -> str:
        return "\n".join(await desk.reads(who))

    await says("李娜", MATTER)
    await says("张伟", "接单")

    # Always echoed as an absolute time, and only then put to the customer.
    assert "上门时间：11月24日(周二) 15:00-16:00，对吗" in await says("张伟", "预约 明天下午三点")
    assert "上门" not in await reads("李娜")
    assert "转告客户" in await says("张伟", "对")
    assert "11月24日(周二) 15:00-16:00" in await reads("李娜")
    # Another time is put to the assignee, who names the hour; the day is the one that is spoken of.
    assert "11月25日(周三) 09:00-12:00 上门的时间转告处理人" in await says("李娜", "后天上午行吗")
    assert "客户说：后天上午行吗" in await reads("张伟")
    assert "11月25日(周三) 10:00-11:00，对吗" in await says("张伟", "十点吧")
    await says("张伟", "对")
    await reads("李娜")
    assert "上门时间定了：11月25日(周三) 10:00-11:00，张伟 会来" in await says("李娜", "可以")
    assert "地址：6栋1202" in await reads("张伟")

    # Moved: the agreed time stays until the other says yes.
    assert "原定的 11月25日(周三) 10:00-11:00 不变" in await says("李娜", "改到周四下午3点到4点")
    assert "您同意之前不变" in await reads("张伟")
    assert "上门时间定了：11月26日(周四) 15:00-16:00" in await says("张伟", "可以")
    await reads("李娜")

    # Both are reminded the day before and two hours before, and once only.
    await desk.wait_until(at("2026-11-26 14:00"))
    for who in ("李娜", "张伟"):
        assert (await reads(who)).count("11月26日(周四) 15:00-16:00 上门") == 2, who
    await desk.wait_until(at("2026-11-26 18:00"))
    assert "到了吗？结果怎么样" in await reads("张伟")

    # The customer was not there: counted, and asked for another time; somebody who is in all day is told when.
    assert "已记下客户不在" in await says("张伟", "客户不在，敲门没人")
    assert "没有见到您" in await reads("李娜")
    assert "11月29日(周日) 09:00-18:00 上门的时间转告处理人" in await says("李娜", "周日我在家")
    assert "什么时间上门" in await says("张伟", "可以")
    assert "不在工作时间内，确定要约吗" in await says("张伟", "下午两点")
    await says("张伟", "对")
    await says("李娜", "好的")

    # Missed by us: an apology, another time, and the superior hears of it.
    await desk.wait_until(at("2026-11-29 16:00"))
    await reads("王主管")
    await reads("李娜")
    await says("张伟", "没去成 堵车")
    assert "我们没有做到，非常抱歉" in await reads("李娜")
    assert "张伟 没有去" in await reads("王主管")
    await says("李娜", "周二下午三点")
    await says("张伟", "可以")
    await desk.wait_until(at("2026-12-01 16:31"))
    assert "结果怎么样" in await says("张伟", "已上门")
    assert "上门结果已记下" in await says("张伟", "换了阀门，不漏了")

    complaint = await desk.books.only_complaint()
    assert [(visit.state, visit.missed_by) for visit in complaint.visits] == [
        (VisitState.MISSED, Side.CUSTOMER),
        (VisitState.MISSED, Side.STAFF),
        (VisitState.DONE, None),
    ]
    assert complaint.visits[0].sequence == 1
    assert complaint.visits[2].outcome == "换了阀门，不漏了"
    assert (await desk.books.events(complaint.reference)).count("visit_missed") == 2


async def test_a_visit_is_asked_for_and_called_off_by_web_chat(desk: ChatDesk) -> None:
    async def says(who: str, text: str) -> str:
        return "\n".join(await desk.says(who, text))

    async def reads(who: str) -> str:
        return "\n".join(await desk.reads(who))

    await says("李娜", MATTER)
    # The customer asks for a visit; the assignee, who had not accepted yet, takes the work on by saying yes.
    assert "11月28日(周六) 09:00-12:00" in await says("李娜", "能不能周六上午来看一下")
    await reads("张伟")
    assert "上门时间定了" in await says("张伟", "可以")
    assert (await desk.books.only_complaint()).status == "working"
    # Times that are over, that say too little, that are vague.
    assert "已经过去了" in await says("张伟", "改到昨天下午三点")
    assert "请说具体一点" in await says("张伟", "改到下周")
    assert "11月24日(周二) 15:00-16:00，对吗" in await says("张伟", "改到明天三点")
    assert "请说具体一点" in await says("张伟", "不对")
    # Called off by one side, the other is told; the complaint goes on.
    await reads("李娜")
    assert "上门取消了（客户取消）" in await says("李娜", "不用来了")
    assert "上门取消了（客户取消）" in await reads("张伟")
    assert "没有约上门时间" in await says("张伟", "取消预约")
    complaint = await desk.books.only_complaint()
    assert (complaint.status, complaint.visits[0].state, complaint.visits[0].sequence) == (
        "working", VisitState.CANCELLED, 1,
    )  # fmt: skip
    # With no visit arranged it is asked what is meant: nobody is led to withdraw by that.
    for words in ("不用来了", "cancel the visit"):
        assert "现在没有约上门时间。您的意思是？投诉我们会继续处理" in await says("李娜", words)
    await says("李娜", "是的")
    assert (await desk.books.only_complaint()).status == "working"


async def test_a_wish_for_another_time_is_in_the_reminders_and_they_can_be_answered(desk: ChatDesk) -> None:
    await desk.says("李娜", MATTER)
    await desk.says("张伟", "预约 11月26日 下午三点")
    await desk.says("张伟", "对")
    await desk.says("李娜", "可以")
    await desk.says("李娜", "改到周五下午3点到4点")
    await desk.reads("张伟")
    await desk.wait_until(at("2026-11-26 14:00"))
    assert "您想改到 11月27日(周五) 15:00-16:00，我们还没有答复您" in "\n".join(await desk.reads("李娜"))
    assert "客户想改到 11月27日(周五) 15:00-16:00，还在等您答复" in "\n".join(await desk.reads("张伟"))
    assert "上门时间定了：11月27日(周五) 15:00-16:00" in "\n".join(await desk.says("张伟", "可以"))


async def test_what_came_of_a_visit_is_taken_whatever_was_asked_since(desk: ChatDesk) -> None:
    await desk.says("李娜", MATTER)
    await desk.says("张伟", "预约 明天下午三点")
    await desk.says("张伟", "对")
    await desk.says("李娜", "可以")
    await desk.wait_until(at("2026-11-24 16:31"))
    await desk.says("张伟", "办结")  # "what is the result?" waits now
    await desk.reads("李娜")
    assert "已记下没有去成" in "\n".join(await desk.says("张伟", "没去成，师傅请假"))
    said = "\n".join(await desk.reads("李娜"))
    assert "我们没有做到，非常抱歉" in said
    assert "师傅请假" not in said
    assert (await desk.books.only_complaint()).visits[0].state is VisitState.MISSED


async def test_an_assignee_of_several_is_asked_which_one_and_silence_lapses(desk: ChatDesk) -> None:
    await desk.says("李娜", MATTER)
    await desk.says("赵六", "电梯坏了两天没人修。3栋501，我叫赵六，13712345679")
    await desk.reads("张伟")
    asked = "\n".join(await desk.says("张伟", "预约 明天下午三点"))
    assert "0001" in asked
    assert "0002" in asked
    assert "20261123-0002 上门时间：11月24日(周二) 15:00-16:00" in "\n".join(await desk.says("张伟", "2"))
    await desk.says("张伟", "对")
    assert "11月24日(周二) 15:00-16:00" in "\n".join(await desk.reads("赵六"))
    await desk.wait_until(at("2026-11-24 15:00"))
    assert "客户没有回复" in "\n".join(await desk.reads("张伟"))
    states = {c.reference[-1]: [visit.state for visit in c.visits] for c in await desk.books.complaints()}
    assert states == {"1": [], "2": [VisitState.DECLINED]}


# ── Telegram ──────────────────────────────────────────────────────────────────────────────────────────────────────────

ANN, TOM, SUE = User(1001, "Ann Lee"), User(2001, "Tom"), User(2002, "Sue")
ENGLISH_STAFF = "Tom,13800138000,,处理人,Sue,\nSue,13900139000,,坐席,,\n"


class Phones:
    """Who chats by Telegram. `says` and `presses` return what came upon it."""

    def __init__(self, telegram: Telegram, app: App) -> None:
        self.telegram, self.app, self.books = telegram, app, Books(app.database)
        self._read: dict[int, int] = {}

    async def _quiet(self) -> None:
        async def nothing_waits() -> bool:
            return (await self.telegram.state())["pending"] == 0 and await self.books.quiet()

        await until(nothing_waits, "all is said and done")

    async def says(self, user: User, text: str) -> str:
        await self.telegram.says(user, text)
        await self._quiet()
        return await self.reads(user)

    async def presses(self, user: User, label: str) -> str:
        def labels(message: dict[str, Any]) -> list[str]:
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            return [button["text"] for row in rows for button in row]

        shown = [message for message in await self.telegram.sent(user.id) if label in labels(message)]
        await self.telegram.presses(user, shown[-1], label)
        await self._quiet()
        return await self.reads(user)

    async def reads(self, user: User) -> str:
        fresh = (await self.telegram.sent(user.id))[self._read.get(user.id, 0) :]
        self._read[user.id] = self._read.get(user.id, 0) + len(fresh)
        return "\n---\n".join(message.get("text", "") for message in fresh)

    async def waits_until(self, moment: datetime) -> None:
        clock = self.app.clock
        assert isinstance(clock, MovableClock)
        clock.move_to(moment)
        await self.app.sweep()
        await self._quiet()

    async def calendars(self, user: User) -> list[Calendar]:
        """Return the files that somebody got, as their calendar reads them."""
        found = []
        async with aiohttp.ClientSession() as session:
            for message in await self.telegram.sent(user.id):
                if document := message.get("document"):
                    path = f"/file/bot{self.telegram.token}/documents/{document['file_id']}"
                    async with session.get(self.telegram.url + path) as answer:
                        assert document["file_name"].endswith(".ics")
                        found.append(Calendar.from_ical(await answer.read()))
        return found


@pytest.fixture
async def phones(tmp_path: Path) -> AsyncIterator[Phones]:
    shanghai = ZoneInfo("Asia/Shanghai")
    clock = MovableClock()
    today = clock.now().astimezone(shanghai)
    clock.move_to((today + timedelta(days=(-today.weekday()) % 7 or 7)).replace(hour=10, minute=0, second=0))
    async with Telegram() as telegram:
        settings = load_settings(None, as_environ(settings_of(tmp_path, telegram)))
        await hire_at(settings.database.url, ENGLISH_STAFF, tmp_path)
        async with running(settings, clock=clock) as app:
            yield Phones(telegram, app)


def _event(calendar: Calendar) -> Event:
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    return event


async def test_a_leak_with_a_visit_by_telegram_in_english_r_035(phones: Phones) -> None:
    for person in (TOM, SUE):
        _, code = await issue_code(phones.app.database, phones.app.desk.signer, person.name, phones.app.clock.now())
        await phones.says(person, f"/start {code}")
        await phones.says(person, "English")
    await phones.says(ANN, "English")
    await phones.says(ANN, "The kitchen has been leaking for three days. Building 6, room 1202, Ann Lee, 13712345678")
    await phones.presses(TOM, "Accept")

    assert "Is that right?" in await phones.says(TOM, "visit tomorrow 3pm")
    assert "passed on" in await phones.presses(TOM, "Yes")
    assert "we would like to visit you on" in await phones.reads(ANN)
    assert "passed on" in await phones.says(ANN, "how about Thursday at 10am?")
    assert "the customer would like" in await phones.reads(TOM)
    assert "the visit is set for Thu" in await phones.presses(TOM, "OK")
    assert "the visit is set for Thu" in await phones.reads(ANN)
    (visit,) = (await phones.books.only_complaint()).visits

    # Moved by the assignee; the old time stands until the customer has pressed yes.
    await phones.says(TOM, "move it to Friday 2-4pm")
    await phones.presses(TOM, "Yes")
    assert "stands" in await phones.reads(ANN)
    (moving,) = (await phones.books.only_complaint()).visits
    assert moving.slot == visit.slot
    assert "the visit is set for Fri" in await phones.presses(ANN, "OK")
    (moved,) = (await phones.books.only_complaint()).visits

    await phones.waits_until(moved.slot.start - timedelta(days=1))
    assert "Reminder" in await phones.reads(ANN)
    assert "Reminder" in await phones.reads(TOM)
    await phones.waits_until(moved.slot.end + timedelta(minutes=31))
    assert "did the visit" in await phones.reads(TOM)
    assert "what came of the visit?" in await phones.presses(TOM, "Went there")
    assert "is noted" in await phones.says(TOM, "changed the valve, no more leak")

    # Once more, and called off by the customer.
    await phones.says(TOM, "visit next Wednesday 9:30am")
    await phones.says(TOM, "yes")
    await phones.presses(ANN, "OK")
    assert "is cancelled by the customer" in await phones.says(ANN, "please cancel the visit")
    assert "is cancelled by the customer" in await phones.reads(TOM)

    complaint = await phones.books.only_complaint()
    assert [each.state for each in complaint.visits] == [VisitState.DONE, VisitState.CANCELLED]
    for person in (ANN, TOM):
        calendars = await phones.calendars(person)
        assert [str(calendar["METHOD"]) for calendar in calendars] == ["PUBLISH", "PUBLISH", "PUBLISH", "CANCEL"]
        events = [_event(calendar) for calendar in calendars]
        assert [int(str(event["SEQUENCE"])) for event in events] == [0, 1, 0, 1]
        assert len({str(event["UID"]) for event in events}) == 2
        assert (events[0].start, events[1].start) == (visit.slot.start, moved.slot.start)
        assert events[1].end == moved.slot.end
        assert complaint.reference in str(events[0]["SUMMARY"])
