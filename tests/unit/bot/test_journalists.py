"""A journalist who writes is answered by one voice alone: no day, no name and no reminder goes around it (R-069)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.grammar.press import answer_wanted_by
from complaints.vocabulary import Flag, Role
from tests.unit.bot.desk_kit import ZONE, Kit, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3),
)
OFFICER = entry("冯媒体", Role.MEDIA_OFFICER, line=4)
CHATS = {"张伟": "handler", "王主管": "lead"}
WRITES = [
    "您好，我是新民晚报记者李晓，想就贵小区乱收停车费一事采访，请负责人回电 021-22334455",
    "Hi, I am a reporter with the Evening Post and would like a comment about parking charges, call me on 021-22334455",
]
TEN = datetime(2026, 3, 2, 10, 0, tzinfo=ZONE)


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS, policy="sinopec-sh") as kit:
        yield kit


async def heard(kit: Kit, who: str, words: str = "", by: str = "") -> str:
    """Return what somebody hears of what is said; what they heard before is forgotten."""
    await kit.deliver()
    kit.chat.sent.clear()
    if words:
        await kit.says(words, by)
        await kit.deliver()
    return "\n".join(kit.chat.texts(who))


@pytest.mark.parametrize("words", WRITES)
async def test_nobody_but_the_voice_promises_a_journalist_anything(kit: Kit, words: str) -> None:
    said = await heard(kit, "c1", words, "c1")
    assert "负责对外答复的同事" in said or "who answers the press" in said
    said += await heard(kit, "c1", "接单 0001", "handler")
    said += await heard(kit, "c1", "进度", "c1")
    said += await heard(kit, "c1", "进度 0001", "c1")
    assert "张伟" not in said
    assert "前给您" not in said
    assert "by Mon" not in said
    assert "hear from us" not in said


@pytest.mark.parametrize("words", WRITES)
async def test_whoever_has_it_is_told_not_to_answer_a_journalist(kit: Kit, words: str) -> None:
    assigned = await heard(kit, "handler", words, "c1")
    assert "不要自己联系、答复他" in assigned
    assert "王主管 定怎么说" in assigned
    accepted = await heard(kit, "handler", "接单 0001", "handler")
    assert "没有通知他，由 王主管 答复" in accepted
    assert "客户已收到通知" not in accepted


@pytest.mark.parametrize("words", WRITES)
async def test_the_lead_is_not_asked_to_call_back_what_one_alone_answers(kit: Kit, words: str) -> None:
    said = await heard(kit, "lead", words, "c1")
    assert "找人工" not in said
    assert "对外的话只由 王主管 发（现在没有媒体负责人）" in said


async def test_who_speaks_is_named_where_there_is_one(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=(*PEOPLE, OFFICER), chats=CHATS | {"冯媒体": "media"}) as kit:
        await kit.says(WRITES[0], "c1")
        for who in ("lead", "media"):
            await kit.deliver()
            said = "\n".join(kit.chat.texts(who))
            assert "对外的话只由媒体负责人 冯媒体 发" in said
            assert "现在没有媒体负责人" not in said


async def test_the_lead_speaks_at_once_where_nobody_is_there_for_the_press(kit: Kit) -> None:
    await kit.says(WRITES[0], "c1")
    said = await heard(kit, "c1", "中心答复 0001 我们按公示标准收费", "lead")
    assert "我们按公示标准收费" in said


@pytest.mark.parametrize(
    "words",
    [
        "请在今天下午六点前回复 否则按未回应刊发",
        "今天下午6点前给我们回应，不然我们就发稿了",
        "Please reply by 6pm today or we print that you declined to comment",
        "we need your statement before 6 pm",
    ],
)
async def test_the_time_that_a_journalist_sets_is_kept_and_reaches_who_speaks(kit: Kit, words: str) -> None:
    await kit.says(WRITES[0], "c1")
    answered = await heard(kit, "c1", words, "c1")
    assert "催" not in answered
    assert "前给您" not in answered
    assert (await kit.the_complaint()).press_due == TEN.replace(hour=18)
    assert (await kit.the_complaint()).urged == 0
    await heard(kit, "lead")
    await kit.sweep(timedelta(hours=7))
    assert "记者要 3月2日(周一) 18:00 前答复" in await told(kit)
    await kit.sweep(timedelta(hours=1, minutes=1))
    assert "时间过了，还没有答复" in await told(kit)


@pytest.mark.parametrize(
    "words",
    [
        "其实我是晚报记者，请今晚8点前回应",
        "Actually I'm a reporter with the Evening Post, please answer by 8 pm tonight",
    ],
)
async def test_who_turns_out_to_be_a_journalist_is_one_from_then_on(kit: Kit, words: str) -> None:
    await kit.says("投诉 加油机坏了三天，电话13712345678", "c1")
    said = await heard(kit, "c1", words, "c1")
    assert "负责对外答复的同事" in said or "who answers the press" in said
    assert (await kit.the_complaint()).press_due == TEN.replace(hour=20)
    assert "张伟" not in await heard(kit, "c1", "接单 0001", "handler")


async def test_once_the_press_is_answered_nobody_is_told_of_its_time_any_more(kit: Kit) -> None:
    await kit.says(f"{WRITES[0]}，请今天下午六点前回复", "c1")
    assert (await kit.the_complaint()).press_due == TEN.replace(hour=18)
    await kit.says("媒体已答复 0001 已电话答复", "lead")
    await heard(kit, "lead")
    await kit.sweep(timedelta(hours=7))
    assert "记者要" not in await told(kit)


async def test_the_time_that_a_caller_from_the_press_sets_is_kept_too(kit: Kit) -> None:
    await kit.says("刚才南方都市报何记者打电话来 13999990000 问油品的事 要我们今天下班前回应", "handler")
    complaint = await kit.the_complaint()
    assert Flag.MEDIA in complaint.flags
    assert complaint.press_due == TEN.replace(hour=18)


async def test_who_is_no_journalist_hears_as_before_though_the_press_asks(kit: Kit) -> None:
    await kit.says("投诉 加油机坏了，电话13712345678", "c1")
    await kit.says("媒体介入 0001 电视台来采访", "lead")
    assert "张伟" in await heard(kit, "c1", "接单 0001", "handler")


async def told(kit: Kit) -> str:
    await kit.deliver()
    return "\n".join(kit.chat.texts("lead"))


@pytest.mark.parametrize(
    ("words", "hour"),
    [
        ("请在今天下午六点前回复", 18),
        ("今晚8点前给我们回应", 20),
        ("我们明天见报，请今天17:00前答复", 17),
        ("两小时内回复我们", 12),
        ("please reply by 6pm today", 18),
        ("we print tonight at 8", 20),
        ("想了解今天下午六点停电的事", None),
        ("the lift broke at 6pm today", None),
        ("请回复", None),
    ],
)
def test_by_when_the_press_wants_an_answer(words: str, hour: int | None) -> None:
    by = answer_wanted_by(words, TEN)
    assert by == (None if hour is None else TEN.replace(hour=hour))
