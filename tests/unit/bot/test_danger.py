"""A customer whose words say that somebody is in danger: told whom to call first, and people are told at once (R-041)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import MovableClock
from bot.storage.models import EventRow
from complaints.change import EventKind, NoticeKind
from complaints.vocabulary import Severity, Status
from tests.unit.bot.desk_kit import ZONE, Kit, open_desk
from tests.unit.bot.test_alarms import STAFF, staffed

LATE = datetime(2026, 3, 2, 22, 51, tzinfo=ZONE)


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=STAFF, clock=MovableClock(LATE.astimezone(UTC))) as kit:
        yield await staffed(kit)


async def test_a_fire_late_at_night_is_told_at_once(kit: Kit) -> None:
    await kit.says("投诉 3栋着火了快来人，电话13712345678")
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    complaint = await kit.the_complaint()
    assert complaint.severity is Severity.S0
    [graded] = await kit.rows(EventRow, EventRow.kind == EventKind.GRADED)
    assert (graded.by, "着火" in graded.facts) == (None, True)
    first = kit.chat.texts("c1")[0]
    assert first.startswith("如果现场有危险，请先到安全的地方，马上拨打 119。也请打我们的热线 400-800-0000。")
    assert any("15 分钟内核实" in text and "一般 原因" in text for text in kit.chat.texts("agent"))
    for reader in ("handler", "agent"):
        assert any("请马上回复“收到”" in text for text in kit.chat.texts(reader))


async def test_a_supplement_raises_too_and_the_lead_lowers_it(kit: Kit) -> None:
    await kit.says("投诉 2栋电梯坏了三天没人修，电话13712345678")
    assert (await kit.the_complaint()).severity is Severity.S4
    await kit.says("里面困了两个人")
    await kit.deliver()
    complaint = await kit.the_complaint()
    assert complaint.severity is Severity.S0
    assert kit.chat.texts("c1")[-1].startswith("请马上拨打 119。被困的人请别慌")
    await kit.says(f"定级 {complaint.reference[-4:]} 一般 已核实，没有人被困", "lead")
    assert (await kit.the_complaint()).severity is Severity.S4


@pytest.mark.parametrize("words", ["给我报个警吧物业打人", "call the police, your guard hit me in the face"])
async def test_violence_told_beside_another_matter_is_an_emergency(kit: Kit, words: str) -> None:
    await kit.says("投诉 3栋垃圾没人清，电话13712345678")
    await kit.says(words)
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    assert "110" in kit.chat.texts("c1")[-1]
    assert any("一般 原因" in text for text in kit.chat.texts("agent"))


async def test_an_edit_raises_and_says_the_number(kit: Kit) -> None:
    await kit.says("投诉 2栋楼道有怪味没人管，电话13712345678", message_id="m1")
    await kit.says("投诉 2栋楼道煤气味很重没人管，电话13712345678", message_id="m1", edited=True)
    assert (await kit.the_complaint()).severity is Severity.S0
    await kit.deliver()
    assert any("119" in text for text in kit.chat.texts("c1"))


async def test_what_only_sounds_like_danger_wakes_nobody(kit: Kit) -> None:
    await kit.says("投诉 消防演练太吵了，没有着火，电话13712345678")
    await kit.sweep(timedelta(seconds=1))
    assert (await kit.the_complaint()).severity is Severity.S4
    assert await kit.outbox(NoticeKind.ALARM) == []


async def test_in_english(kit: Kit) -> None:
    await kit.says("complaint gas leak in block 4, somebody fainted, phone 13712345678")
    await kit.deliver()
    assert (await kit.the_complaint()).severity is Severity.S0
    assert kit.chat.texts("c1")[0].startswith("Danger? Get to safety and call 119 / 120 first.")


@pytest.mark.parametrize(
    ("told", "first"),
    [
        ("电梯里困了两个人", "请马上拨打119，别扒门，原地等救援。"),
        ("我不想活了", "请马上拨打110、120，身边留人陪着。"),
        ("3栋着火了快来人", "如有危险请先到安全处，拨打119。"),
        ("somebody is trapped in the lift", "Call 119 now; wait calmly, do not force the doors."),
    ],
)
async def test_by_sms_too_nobody_who_is_held_is_sent_to_safety(kit: Kit, told: str, first: str) -> None:
    await kit.says(told, "+8613712345678", "sms")
    await kit.deliver()
    assert kit.sms.texts("+8613712345678")[0].startswith(first)


@pytest.mark.parametrize("words", ["楼下着火了，快来", "补充 冒烟了", "1203着火了快来"])
async def test_with_several_open_danger_is_never_asked_back(kit: Kit, words: str) -> None:
    await kit.says("投诉 2栋电梯坏了三天没人修，电话13712345678")
    await kit.says("投诉 停车费多收了我两个月，另一件事")
    assert len(await kit.complaints()) == 2
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=10))
    await kit.says(words)
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    [grave] = [each for each in await kit.complaints() if each.severity is Severity.S0]
    assert words.removeprefix("补充 ") in grave.summary
    assert any("119" in text for text in kit.chat.texts("c1")[-2:])
    assert not any("哪一件" in text or "which" in text.casefold() for text in kit.chat.texts("c1"))
    assert any("请马上回复“收到”" in text for text in kit.chat.texts("handler"))


async def test_which_of_several_that_burned_is_withdrawn_is_still_asked(kit: Kit) -> None:
    await kit.says("投诉 2栋电梯坏了三天没人修，电话13712345678")
    await kit.says("投诉 停车费多收了我两个月，另一件事")
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=10))
    await kit.says("撤销投诉")
    await kit.deliver()
    assert len(await kit.complaints()) == 2
    assert "哪一件" in kit.chat.texts("c1")[-1]


async def test_r041_what_may_be_major_reaches_somebody_before_the_morning(kit: Kit) -> None:
    await kit.says("投诉 2栋水管爆了，水已经漫进家里，电话13712345678")
    await kit.deliver()
    assert (await kit.the_complaint()).severity is Severity.S4
    assert any("确认 S1" in text for text in kit.chat.texts("agent"))


async def test_r041_danger_of_what_was_reported_done_brings_it_back(kit: Kit) -> None:
    await kit.says("投诉 2栋插座坏了三天没人修，电话13712345678")
    reference = (await kit.the_complaint()).reference[-4:]
    await kit.says(f"派单 {reference} 张伟", "agent")
    await kit.says(f"办结 {reference} 换好了", "handler")
    await kit.deliver()
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=10))
    await kit.says("补充 插座着火了，快来")
    complaint = await kit.the_complaint()
    assert (complaint.severity, complaint.status) == (Severity.S0, Status.WORKING)
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    assert any("请马上回复“收到”" in text for text in kit.chat.texts("handler"))
