"""When a customer says when they are at home, of a visit or a plan for some day, it is of that day, and no urge."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, exchange, open_desk

AFTERNOON = timedelta(hours=5, minutes=10)  # from ten in the morning


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], before=accepted) as kit:
        yield kit


async def accepted(kit: Kit) -> None:
    await kit.says("客厅插座坏了，我是王芳，13712345678，6栋1202")
    await kit.says("派单 0001 @张伟", "lead")
    await kit.says("接单 0001", "handler")
    await kit.deliver()


@pytest.mark.parametrize(
    "words",
    [
        "明天上午我不在家 下午三点以后行",
        "明早不在，下午三点可以",
        "上午没空 下午三点吧",
        "not home tomorrow morning, after 3pm works",
        "can't do the morning, 3pm is fine",
    ],
)
async def test_another_hour_is_proposed_to_whoever_comes(kit: Kit, words: str) -> None:
    await kit.says("预约 明天上午九点", "handler")
    await exchange(kit, "对", "handler")
    kit.chat.sent.clear()
    await exchange(kit, words, "c1")
    complaint = await kit.the_complaint()
    assert complaint.urged == 0
    assert any("3月3日(周二) 15:00" in text for text in kit.chat.texts("handler") + kit.chat.texts("c1"))
    assert not any("催" in text for text in kit.chat.texts("handler"))


@pytest.mark.parametrize(
    "words", ["业主不在家 改到后天", "0001 客户没空，改到后天", "改到后天", "she's at work, move it to another day"]
)
async def test_whoever_comes_moves_a_visit_that_fell_through(kit: Kit, words: str) -> None:
    await kit.says("投诉 5栋家里停水两天没人管", "c2")
    await kit.says("派单 0002 @张伟", "lead")
    await kit.says("接单 0002", "handler")
    await kit.says("预约 0001 明天上午九点", "handler")
    await exchange(kit, "对", "handler")
    await exchange(kit, "我明天上班不在家啊", "c1")
    kit.chat.sent.clear()
    await exchange(kit, words, "handler")
    assert "什么时间上门" in kit.chat.texts("handler")[-1]
    assert kit.chat.texts("c1") == []
    await exchange(kit, "后天下午三点", "handler")
    await exchange(kit, "对", "handler")
    assert any("3月4日(周三) 15:00" in text for text in kit.chat.texts("c1"))
    assert kit.chat.texts("c2") == []


@pytest.mark.parametrize("words", ["都等了两天了快点", "怎么还没来 我明天上班", "hurry up, I'm home tomorrow"])
async def test_an_urge_is_still_one(kit: Kit, words: str) -> None:
    await kit.says("预约 明天上午九点", "handler")
    await exchange(kit, "对", "handler")
    await exchange(kit, words, "c1")
    assert (await kit.the_complaint()).visit is not None
    assert not any("15:00" in text for text in kit.chat.texts("handler"))


@pytest.mark.parametrize(
    ("plan", "day"),
    [
        ("换插座 明天上午", "3月3日(周二) 13:00"),
        ("周五上午装", "3月6日(周五) 13:00"),
    ],
)
@pytest.mark.parametrize("words", ["行 但是下午来", "可以，不过下午来吧", "ok but come in the afternoon"])
async def test_another_hour_of_the_planned_day(kit: Kit, plan: str, day: str, words: str) -> None:
    await kit.sweep(AFTERNOON)
    await kit.says(f"方案 {plan}", "handler")
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.says(words)
    await kit.sweep(timedelta(minutes=1))
    await kit.deliver()
    assert any(day in text for text in kit.chat.texts("handler"))
    assert not any("没有及时答复" in text for text in kit.chat.texts("c1"))
    await exchange(kit, "接受", "c1")
    assert (await kit.the_complaint()).status is Status.EXECUTING


async def test_a_time_that_has_begun_can_be_agreed_to_until_it_is_over(kit: Kit) -> None:
    await kit.sweep(AFTERNOON)
    await kit.says("麻烦今天下午派人来修一下")
    await kit.sweep(timedelta(minutes=1))
    await kit.deliver()
    assert not any("没有及时答复" in text for text in kit.chat.texts("c1"))
    await kit.sweep(timedelta(hours=3))
    await kit.deliver()
    assert any("没有及时答复" in text for text in kit.chat.texts("c1"))


@pytest.mark.parametrize(
    "words", ["0001 booked her in thurs 9.30", "0001 she's coming in 9.30 thurs", "0001 约了周四 9.30"]
)
async def test_a_time_with_a_dot_is_the_visits(kit: Kit, words: str) -> None:
    [asked] = await exchange(kit, words, "handler")
    assert "3月5日(周四) 09:30" in asked or "Thu 5 Mar, 09:30" in asked


@pytest.mark.parametrize(
    "words", ["不是我们的，是厂家的", "不归我们管", "not ours, its the lab", "no, its not our job, give it back"]
)
async def test_work_that_is_not_theirs_is_no_answer_to_when(kit: Kit, words: str) -> None:
    await exchange(kit, "0001 预约 明天上午九点", "handler")
    answers = await exchange(kit, words, "handler")
    assert not any("什么时间" in text or "when should the visit be" in text for text in answers)
    assert (await kit.the_complaint()).status is not Status.WORKING or any(
        "退" in text or "give" in text for text in answers
    )


@pytest.mark.parametrize("words", ["客户想五点以后回电，周二不行", "0001 she wants a call after 5, not tuesday"])
async def test_a_wish_to_be_phoned_is_no_time_for_the_visit(kit: Kit, words: str) -> None:
    await exchange(kit, "0001 预约 明天上午九点", "handler")
    answers = await exchange(kit, words, "handler")
    assert not any("17:00" in text for text in answers)


@pytest.mark.parametrize("words", ["不对", "no not that day", "不是明天"])
async def test_a_no_to_the_time_asks_for_another(kit: Kit, words: str) -> None:
    await exchange(kit, "0001 预约 明天上午九点", "handler")
    answers = await exchange(kit, words, "handler")
    assert any("上门" in text or "visit" in text for text in answers)
