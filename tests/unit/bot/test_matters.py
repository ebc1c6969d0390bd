"""A new matter, or the old one? What is clear is decided, the rest is asked and remembered for each message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.storage.models import MessageRow
from complaints.complaint import Complaint
from complaints.vocabulary import Severity, Status
from tests.unit.bot.desk_kit import Kit, known_customer, open_desk

LATER = timedelta(minutes=10)  # no longer in the same breath


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url) as kit:
        yield kit


async def after(kit: Kit, text: str, who: str = "c1", channel: str = "chat", **more: str) -> None:
    kit.clock.move_to(kit.clock.now() + LATER)
    await kit.says(text, who, channel, **more)


async def cases(kit: Kit) -> list[Complaint]:
    return sorted(await kit.complaints(), key=lambda each: each.reference)


async def belongs(kit: Kit, text: str) -> str:
    """Return the last digits of the complaint that a message belongs to."""
    [row] = await kit.rows(MessageRow, MessageRow.text == text)
    return (row.reference or "")[-4:]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("电梯到现在还是坏的，老人下不了楼", id="zh"),
        pytest.param("投诉 电梯还是坏的没人修", id="with the command"),
        pytest.param("the lift is still broken", id="in another language"),
    ],
)
async def test_what_is_plainly_the_same_is_added(kit: Kit, words: str) -> None:
    await kit.says("4栋电梯坏了三天没人修")
    await after(kit, words)
    [complaint] = await cases(kit)
    assert await belongs(kit, words) == complaint.reference[-4:]


@pytest.mark.parametrize("words", ["停车费多收了我两个月", "保安打人了没人管", "I was overcharged on the parking fee"])
async def test_what_is_plainly_another_matter_is_filed(kit: Kit, words: str) -> None:
    await kit.says("4栋电梯坏了三天没人修")
    await after(kit, words)
    first, second = await cases(kit)
    assert await belongs(kit, words) == second.reference[-4:]
    assert first.repeat_of is None


async def test_what_says_nothing_of_its_own_belongs_to_the_only_open_one(kit: Kit) -> None:
    await kit.says("4栋电梯坏了三天没人修")
    await after(kit, "都这么久了还没人来，太不像话了")
    assert len(await cases(kit)) == 1


async def in_doubt(kit: Kit) -> str:
    """Let a customer say what may be the old matter or not; return it."""
    await kit.says("厨房水龙头一直滴水没人修")
    words = "卫生间下水道堵了，水都漫出来了"
    await after(kit, words)
    return words


async def test_in_doubt_it_is_asked_and_nothing_waits_for_the_answer(kit: Kit) -> None:
    words = await in_doubt(kit)
    assert len(await cases(kit)) == 1
    assert await belongs(kit, words) == "0001"
    await kit.deliver()
    asked = [message for message in kit.chat.sent if message.address == "c1"][-1]
    assert "还是一件新的事" in asked.text
    assert [button.label for button in asked.buttons] == ["就是 0001", "新的事"]
    assert any("水都漫出来了" in text for text in kit.chat.texts("handler"))


@pytest.mark.parametrize("answer", ["是新的事", "2", "a new one", "新的", "另外一件"])
async def test_a_new_one_gets_a_number_of_its_own(kit: Kit, answer: str) -> None:
    words = await in_doubt(kit)
    await kit.says(answer)
    first, second = await cases(kit)
    assert second.summary == words
    assert await belongs(kit, words) == "0002"
    await kit.deliver()
    assert any(second.reference in text for text in kit.chat.texts("handler"))
    assert first.status is Status.DISPATCHED


@pytest.mark.parametrize("answer", ["就是 TS20260302-0001", "1", "同一件事", "就是那件", "the same"])
async def test_the_old_one_keeps_it(kit: Kit, answer: str) -> None:
    words = await in_doubt(kit)
    await kit.says(answer)
    assert len(await cases(kit)) == 1
    assert await belongs(kit, words) == "0001"
    await kit.deliver()
    assert "就记在 TS20260302-0001" in kit.chat.texts("c1")[-1]


async def test_other_words_instead_of_an_answer_are_what_they_are(kit: Kit) -> None:
    await in_doubt(kit)
    await kit.says("进度")
    await kit.deliver()
    assert len(await cases(kit)) == 1
    assert "TS20260302-0001" in kit.chat.texts("c1")[-1]


async def test_an_angry_customer_on_three_channels_has_one_complaint(kit: Kit) -> None:
    """Trap 44: known as one person, joined, and answered where they wrote last."""
    await kit.says("4栋电梯坏了三天没人修！")
    person = await known_customer(kit)
    await kit.address(person, "sms", "+8613800001111", last_inbound_at=None)
    await kit.address(person, "email", "angry@example.com", last_inbound_at=None)
    await after(kit, "电梯还是坏的！你们管不管！", "+8613800001111", "sms")
    await after(kit, "4号楼电梯坏了，没人修，我要投诉到底", "angry@example.com", "email", subject="电梯坏了")
    [complaint] = await cases(kit)
    rows = await kit.rows(MessageRow, MessageRow.outgoing.is_(False))
    assert [(row.channel, row.reference) for row in rows] == [
        (channel, complaint.reference) for channel in ("chat", "sms", "email")
    ]
    await kit.deliver()
    assert complaint.reference in kit.mail.texts("angry@example.com")[-1]


async def closed(kit: Kit, days: float) -> None:
    """A complaint about a lift, closed so many days ago."""
    await kit.says("4栋电梯坏了三天没人修")
    await kit.says("办结 0001 换了主板", who="handler")
    await kit.says("满意")
    assert (await kit.the_complaint()).status is Status.CLOSED
    kit.clock.move_to(kit.clock.now() + timedelta(days=days))


async def test_the_same_again_within_the_days_of_the_policy_is_reopened(kit: Kit) -> None:
    await closed(kit, 5)
    await kit.says("4栋电梯又坏了，没人修")
    complaint = await kit.the_complaint()
    assert (complaint.status, complaint.round) == (Status.WORKING, 2)


async def test_later_it_is_a_new_one_linked_and_raised(kit: Kit) -> None:
    await closed(kit, 60)
    await kit.says("4栋电梯又坏了，没人修")
    first, second = await cases(kit)
    assert (second.repeat_of, second.severity) == (first.reference, Severity.S3)
    await kit.says("进度 0002" if second.reference.endswith("0002") else f"进度 {second.reference}", who="lead")
    await kit.deliver()
    assert f"上次投诉：{first.reference}" in kit.chat.texts("lead")[-1]


async def test_another_matter_after_closing_has_nothing_to_do_with_it(kit: Kit) -> None:
    await closed(kit, 60)
    await kit.says("停车费多收了我两个月")
    assert (await cases(kit))[1].repeat_of is None


async def test_r041_danger_told_by_the_command_is_a_complaint_of_its_own(kit: Kit) -> None:
    await kit.says("投诉 翠湖花园5栋301,电梯经常停运")
    await after(kit, "投诉 翠湖花园5栋电梯里困了两个人，快来")
    first, second = await cases(kit)
    assert (first.severity, second.severity) == (Severity.S4, Severity.S0)
    await after(kit, "投诉 翠湖花园5栋电梯里还困着两个人")
    assert len(await cases(kit)) == 2
