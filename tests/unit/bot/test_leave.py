"""Leave as people tell it: from when to when, and who stands in."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.folding import fold
from bot.grammar.leave import asks_who_is_away, calls_off, is_back, is_soon_back, read_leave
from tests.calendars import WeekCalendar
from tests.unit.bot.desk_kit import MONDAY, exchange, open_desk

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = WeekCalendar(ZONE)
FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "start", "end", "stand_in"),
    [
        ("请假 3天", "11-20 10:00", "11-25 00:00", ""),  # Friday, Monday, Tuesday: days are working days
        ("请假两天，家里有事", "11-20 10:00", "11-24 00:00", ""),
        ("请假一周", "11-20 10:00", "11-27 00:00", ""),
        ("请假2小时", "11-20 10:00", "11-20 12:00", ""),
        ("请假半天", "11-20 10:00", "11-20 14:00", ""),
        ("请假 明天下午", "11-21 13:00", "11-21 18:00", ""),
        ("请病假 今天", "11-20 10:00", "11-21 00:00", ""),
        ("12月1日到5日休假", "12-01 00:00", "12-06 00:00", ""),
        ("请年假 12月24日-26日", "12-24 00:00", "12-27 00:00", ""),
        ("请假 明天到下周三", "11-21 00:00", "11-26 00:00", ""),
        ("下周一起请假3天", "11-23 00:00", "11-26 00:00", ""),
        ("休假到周五", "11-20 10:00", "11-21 00:00", ""),
        ("明天下午两点到五点请假", "11-21 14:00", "11-21 17:00", ""),
        ("请假 3天 由李四代班", "11-20 10:00", "11-25 00:00", "李四"),
        ("明天请假，李四代班", "11-21 00:00", "11-22 00:00", "李四"),
        ("请假 周一到周三 代班人：李四", "11-23 00:00", "11-26 00:00", "李四"),
        ("on leave 3d", "11-20 10:00", "11-25 00:00", ""),
        ("sick leave 2 days", "11-20 10:00", "11-24 00:00", ""),
        ("on leave Dec 1 to Dec 5", "12-01 00:00", "12-06 00:00", ""),
        ("on leave until Friday", "11-20 10:00", "11-21 00:00", ""),
        ("on leave from tomorrow until Dec 1", "11-21 00:00", "12-02 00:00", ""),
        ("leave 3 days, Li Si covers", "11-20 10:00", "11-25 00:00", "Li Si"),
        ("on leave tomorrow, covered by Li Si", "11-21 00:00", "11-22 00:00", "Li Si"),
        ("i'm off sick tmrw, jo covers", "11-21 00:00", "11-22 00:00", "jo"),
        ("i'm off sick weds, dan covers me", "11-25 00:00", "11-26 00:00", "dan"),
        ("off weds - jo's covering", "11-25 00:00", "11-26 00:00", "jo"),
        ("on leave sat and sun, sam is standing in", "11-21 00:00", "11-23 00:00", "sam"),
        ("off tomorrow, jo's got my cases", "11-21 00:00", "11-22 00:00", "jo"),
        ("off sick tmrw. jo'll cover", "11-21 00:00", "11-22 00:00", "jo"),
        ("annual leave mon-weds, Jo Marsh to cover", "11-23 00:00", "11-26 00:00", "Jo Marsh"),
        ("dan covers monday, i'm off", "11-23 00:00", "11-24 00:00", "dan"),
        ("off sick tmrw, nobody covers", "11-21 00:00", "11-22 00:00", ""),
        ("off sick tmrw, who covers?", "11-21 00:00", "11-22 00:00", ""),
        ("明天请假 李娜顶我", "11-21 00:00", "11-22 00:00", "李娜"),
        ("明天请假李娜顶我", "11-21 00:00", "11-22 00:00", "李娜"),
        ("明天李娜替我，请假一天", "11-21 00:00", "11-24 00:00", "李娜"),
        ("明天请假，李明顶一下", "11-21 00:00", "11-22 00:00", "李明"),
        ("我明天请假 让李娜替我", "11-21 00:00", "11-22 00:00", "李娜"),
        ("周日请病假，有事找李娜", "11-22 00:00", "11-23 00:00", "李娜"),
        ("请假两天 工作交给李娜", "11-20 10:00", "11-24 00:00", "李娜"),
        ("明天请假 没人顶", "11-21 00:00", "11-22 00:00", ""),
        ("明天请假 谁顶我", "11-21 00:00", "11-22 00:00", ""),
    ],
)
def test_leave(text: str, start: str, end: str, stand_in: str) -> None:
    told = read_leave(text, FRIDAY, WEEK)
    assert told.start is not None
    assert told.end is not None
    assert (f"{told.start:%m-%d %H:%M}", f"{told.end:%m-%d %H:%M}", told.stand_in) == (start, end, stand_in)


@pytest.mark.parametrize("text", ["请假", "on leave", "昨天请假", "请假 上周五", "我要休息一下"])
def test_without_a_time_ahead_there_is_none(text: str) -> None:
    told = read_leave(text, FRIDAY, WEEK)
    assert (told.start, told.end) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "销假",
        "我销假了",
        "我回来了。",
        "复工了",
        "back",
        "I'm back",
        "Back from leave",
        "im back",
        "i’m back",
        "i am back now",
        "back at my desk",
        "im back from lunch",
        "hi all, im back",
        "我回来了，可以接单了",
        "我到岗了",
    ],
)
def test_back(text: str) -> None:
    assert is_back(text)


SOON = ("be back soon", "back in 5", "back in 10 mins", "brb", "i'll be right back", "ill be back at 3", "back shortly",
        "马上回来", "一会儿就回来", "我先离开一下", "去去就来", "10分钟后回来")  # fmt: skip


@pytest.mark.parametrize("pending", [Pending.NONE, Pending.REASON, Pending.RESULT, Pending.PROGRESS])
@pytest.mark.parametrize("text", SOON)
def test_who_is_away_for_a_moment_gives_nothing_back_and_answers_nothing(text: str, pending: Pending) -> None:
    assert is_soon_back(text)
    assert not is_back(text)
    assert understand(text, Speaker.HANDLER, pending).verb is Verb.UNCLEAR


@pytest.mark.parametrize("text", ["im back", "back at my desk", "im back on duty", "我回来了，可以接单了"])
@pytest.mark.parametrize("pending", [Pending.NONE, Pending.REASON, Pending.RESULT])
def test_who_is_back_ends_leave_and_gives_nothing_back(text: str, pending: Pending) -> None:
    meaning = understand(text, Speaker.HANDLER, pending)
    assert (meaning.verb, meaning.arguments) == (Verb.LEAVE, {"ends": True})


@pytest.mark.parametrize(
    "text", ["give it back", "hand it back", "退回", "客户马上回来", "the customer will be back soon"]
)
def test_what_is_not_of_whoever_speaks_is_none_of_these(text: str) -> None:
    assert not is_soon_back(text)
    assert not is_back(text)


@pytest.mark.parametrize("text", ["call back", "客户回来了", "give back", "back door is broken", "回来再说", ""])
def test_not_back(text: str) -> None:
    assert not is_back(text)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("谁请假了", ""),
        ("谁在休假？", ""),
        ("今天谁不在", "今天"),
        ("明天有哪些人请假", "明天"),
        ("谁下周一休息", "下周一"),
        ("who is on leave?", ""),
        ("Who's away tomorrow?", " tomorrow"),
    ],
)
def test_who_is_away_is_asked(text: str, about: str) -> None:
    assert asks_who_is_away(text) == about


@pytest.mark.parametrize("text", ["请假 3天", "师傅请假了", "我请假了谁来接", "谁来处理", "who is on duty", "谁值班"])
def test_who_is_away_is_not_asked(text: str) -> None:
    assert asks_who_is_away(text) is None


@given(st.text(alphabet="请假休到至由代班天周明后一二三0123456789:-月日号 ,，。leavdyonutil", max_size=60))
def test_whatever_is_said_leave_lies_ahead_and_ends_after_it_begins(text: str) -> None:
    told = read_leave(text, FRIDAY, WEEK)
    if told.start is None or told.end is None:
        assert told.start is told.end
        return
    assert FRIDAY.replace(second=0) <= told.start
    assert told.end > FRIDAY


DAYS_TOLD = [
    ("明后天请假", "03-03 00:00", "03-04 23:59"),
    ("我明后两天请假", "03-03 00:00", "03-04 23:59"),
    ("今明两天请假", "03-02 10:00", "03-03 23:59"),
    ("周四周五都不在", "03-05 00:00", "03-06 23:59"),
    ("周四、周五请假", "03-05 00:00", "03-06 23:59"),
    ("这周四五请假", "03-05 00:00", "03-06 23:59"),
    ("周四周五请假两天", "03-05 00:00", "03-06 23:59"),
    ("3月5号和6号请假", "03-05 00:00", "03-06 23:59"),
    ("thu and fri off", "03-05 00:00", "03-06 23:59"),
    ("on leave tmrw n wed", "03-03 00:00", "03-04 23:59"),
    ("not in thurs n fri", "03-05 00:00", "03-06 23:59"),
    ("off tomorrow & wednesday", "03-03 00:00", "03-04 23:59"),
]


@pytest.mark.parametrize(("words", "start", "end"), DAYS_TOLD)
def test_several_days_are_one_leave(words: str, start: str, end: str) -> None:
    now = MONDAY.astimezone(ZONE)
    leave = read_leave(words, now, WeekCalendar(ZONE))
    assert leave.start is not None
    assert leave.end is not None
    assert (f"{leave.start:%m-%d %H:%M}", f"{leave.end - timedelta(minutes=1):%m-%d %H:%M}") == (start, end)


@pytest.mark.parametrize("words", ["明天和周五请假", "on leave tmrw n fri", "off tomorrow and friday"])
async def test_days_apart_are_asked_one_at_a_time(fresh_sqlite_url: str, words: str) -> None:
    assert read_leave(words, MONDAY.astimezone(ZONE), WeekCalendar(ZONE)).apart
    async with open_desk(fresh_sqlite_url) as kit:
        [asked] = await exchange(kit, words, "handler")
        assert "一次说一段" in asked or "one at a time" in asked
        [echoed] = await exchange(kit, "周五", "handler")
        assert "3月6日" in echoed or "6 Mar" in echoed


@pytest.mark.parametrize(
    "text",
    ["取消张伟的请假", "张伟不请假了", "不同意请假", "不批准请假", "客户不休假了", "不让请假", "cancel her leave",
     "cancel my visit", "leave it", "is my leave cancelled?", "能不能取消请假？", "别请假", "i'm in tomorrow", "请假 明天"],
)  # fmt: skip
def test_what_calls_off_no_leave_of_the_speaker_s(text: str) -> None:
    assert not calls_off(fold(text))
