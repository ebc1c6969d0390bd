"""Edits: the new words stand beside the old ones, and nothing is done twice because of them (trap 18)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.storage.models import EventRow, MessageRow, OutboxRow
from complaints.change import EventKind
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import GROUP_CHAT, FakeChannel, Kit, open_desk

LIFT, LIFT_5 = "3栋电梯坏了三天没人修", "5栋电梯坏了五天没人修"


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    async with open_desk(database_url, channels=[FakeChannel("chat", GROUP_CHAT)]) as kit:
        yield kit


async def says(kit: Kit, text: str, who: str = "c1", id: str = "m1", **more: Any) -> None:
    await kit.says(text, who, message_id=id, **more)


async def edits(kit: Kit, text: str, who: str = "c1", id: str = "m1", **more: Any) -> None:
    await kit.says(text, who, message_id=id, edited=True, **more)


async def versions(kit: Kit, who: str = "c1") -> list[tuple[int, str]]:
    rows = await kit.rows(MessageRow, MessageRow.outgoing.is_(False), MessageRow.address == who)
    return [(row.version, row.text) for row in rows]


async def amended(kit: Kit) -> list[str]:
    return [row.note for row in await kit.rows(EventRow, EventRow.kind == EventKind.AMENDED)]


class TestWords:
    async def test_trap_18_an_edit_adds_a_version_and_overwrites_nothing(self, kit: Kit) -> None:
        """Trap 18: a customer edits a message and the evidence is gone."""
        await says(kit, LIFT)
        await edits(kit, LIFT_5)
        await edits(kit, f"{LIFT_5}！")
        complaint = await kit.the_complaint()
        assert complaint.summary == LIFT
        assert await versions(kit) == [(1, LIFT), (2, LIFT_5), (3, f"{LIFT_5}！")]
        assert {row.reference for row in await kit.rows(MessageRow)} == {complaint.reference}
        assert await amended(kit) == [LIFT_5, f"{LIFT_5}！"]

    async def test_the_assignee_reads_the_new_words_and_the_customer_hears_of_it_once(self, kit: Kit) -> None:
        await says(kit, LIFT)
        await kit.deliver()
        await edits(kit, LIFT_5)
        await edits(kit, f"{LIFT_5}！")
        await kit.deliver()
        assert LIFT_5 in kit.chat.texts("handler")[-2]
        assert "客户改了" in kit.chat.texts("handler")[-2]
        assert len(await kit.outbox("edit_recorded")) == 1

    async def test_an_edit_that_changes_no_word_is_none(self, kit: Kit) -> None:
        await says(kit, LIFT)
        await edits(kit, LIFT)
        assert await versions(kit) == [(1, LIFT)]
        assert await amended(kit) == []

    async def test_a_phone_number_that_was_mistyped_is_corrected(self, kit: Kit) -> None:
        await says(kit, LIFT)
        await kit.deliver()
        await says(kit, "李娜 13712345678", id="m2")
        await edits(kit, "李娜 13812345678", id="m2")
        complaint = await kit.the_complaint()
        person = await kit.write(lambda work: work.person(complaint.complainant))
        assert person is not None
        assert (person.name, person.phone) == ("李娜", "+8613812345678")

    async def test_trap_18_after_closing_an_edit_is_kept_and_nothing_follows(self, kit: Kit) -> None:
        await says(kit, LIFT)
        await kit.says("办结 换了主板", "handler")
        await says(kit, "满意", id="m2")
        closed = await kit.the_complaint()
        assert closed.status is Status.CLOSED
        told = await kit.count(OutboxRow, OutboxRow.answer.is_(False))
        await edits(kit, LIFT_5)
        await edits(kit, f"{LIFT_5}！")
        assert await kit.the_complaint() == closed
        assert (2, LIFT_5) in await versions(kit)
        assert await kit.count(OutboxRow, OutboxRow.answer.is_(False)) == told
        assert len(await kit.outbox("edit_after_closing")) == 1

    async def test_words_that_were_not_understood_are_read_anew(self, kit: Kit) -> None:
        await says(kit, "电")
        await edits(kit, LIFT)
        assert (await kit.the_complaint()).summary == LIFT
        await edits(kit, LIFT_5)
        assert (await kit.the_complaint()).summary == LIFT
        assert await amended(kit) == [LIFT_5]

    async def test_an_edit_of_what_never_reached_us_is_read(self, kit: Kit) -> None:
        await edits(kit, LIFT)
        assert (await kit.the_complaint()).summary == LIFT

    async def test_another_persons_message_with_the_same_number_is_another(self, kit: Kit) -> None:
        await says(kit, LIFT)
        await says(kit, "电", "c2")
        await edits(kit, LIFT_5, "c2")
        assert [complaint.summary for complaint in await kit.complaints()] == [LIFT, LIFT_5]
        assert await amended(kit) == []

    async def test_in_a_group_the_edit_is_the_speakers(self, kit: Kit) -> None:
        room: dict[str, Any] = {"room": "-100", "addressed": True}
        await says(kit, LIFT, **room)
        await edits(kit, LIFT_5, **room)
        assert await versions(kit, "-100") == [(1, LIFT), (2, LIFT_5)]
        assert await amended(kit) == [LIFT_5]


class TestCommands:
    async def test_an_edited_command_neither_undoes_nor_repeats_and_that_is_said_once(self, kit: Kit) -> None:
        await says(kit, LIFT)
        await says(kit, "办结 换了主板", "handler", "h1")
        before = await kit.the_complaint()
        for words in ("办结 换了钢丝绳", "退单 不是我们的项目", "办结 换了主板"):
            await edits(kit, words, "handler", "h1")
        assert await kit.the_complaint() == before
        assert len(await kit.outbox("edit_not_acted")) == 1
        assert [version for version, _ in await versions(kit, "handler")] == [1, 2, 3, 4]

    async def test_an_edited_call_for_a_person_calls_once(self, kit: Kit) -> None:
        await says(kit, "人工")
        await edits(kit, "转人工")
        assert len(await kit.outbox("person_wanted")) == 1

    async def test_a_rating_is_not_changed_by_an_edit(self, kit: Kit) -> None:
        await says(kit, LIFT)
        await kit.says("办结 换了主板", "handler")
        await says(kit, "满意", id="m2")
        closed = await kit.the_complaint()
        await edits(kit, "不满意", id="m2")
        assert await kit.the_complaint() == closed
        assert len(await kit.outbox("edit_not_acted")) == 1


class TestTakenBack:
    async def test_trap_18_what_was_taken_back_stays_and_whoever_works_on_it_hears(self, kit: Kit) -> None:
        await says(kit, LIFT)
        await kit.deliver()
        for _ in range(2):
            await kit.says("", "c1", message_id="m1", deleted=True)
        await kit.deliver()
        complaint = await kit.the_complaint()
        assert complaint.summary == LIFT
        assert not complaint.settled
        assert await versions(kit) == [(1, LIFT), (2, "")]
        assert "收回了" in kit.chat.texts("handler")[-1]
        assert LIFT in kit.chat.texts("handler")[-1]
        assert [text.count("撤销") for text in kit.chat.texts("c1")[1:]] == [1]

    async def test_an_edit_of_what_was_taken_back_is_one_more_version(self, kit: Kit) -> None:
        await says(kit, LIFT)
        await kit.says("", "c1", message_id="m1", deleted=True)
        await edits(kit, LIFT_5)
        assert await versions(kit) == [(1, LIFT), (2, ""), (3, LIFT_5)]

    @pytest.mark.parametrize("text", ["进度", "谢谢"])
    async def test_a_command_taken_back_undoes_nothing_and_needs_no_word(self, kit: Kit, text: str) -> None:
        await says(kit, LIFT)
        await says(kit, text, id="m2")
        before = len(await kit.outbox())
        await kit.says("", "c1", message_id="m2", deleted=True)
        await kit.says("", "c1", message_id="m9", deleted=True)
        assert len(await kit.outbox()) == before
        assert len(await kit.complaints()) == 1


async def test_what_is_told_after_the_words_were_taken_back_takes_their_place(kit: Kit) -> None:
    await says(kit, f"{LIFT}，我叫李娜，电话13712345678")
    await kit.says("", "c1", message_id="m1", deleted=True)
    await says(kit, LIFT_5, id="m2")
    assert LIFT_5 in [
        row.note for row in await kit.rows(EventRow, EventRow.reference == (await kit.the_complaint()).reference)
    ]
    await says(kit, "投诉 7栋门禁刷不开", id="m3")
    assert len(await kit.complaints()) == 2


async def test_what_is_told_long_after_is_a_matter_of_its_own(kit: Kit) -> None:
    await says(kit, f"{LIFT}，我叫李娜，电话13712345678")
    await kit.says("", "c1", message_id="m1", deleted=True)
    await kit.sweep(timedelta(minutes=11))
    await says(kit, LIFT_5, id="m2")
    assert len(await kit.complaints()) == 2
