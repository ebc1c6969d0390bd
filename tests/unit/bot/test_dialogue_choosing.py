"""Which complaint is meant: by reply, by number, by its last digits, by the question, by being the only one; else asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.storage.models import MessageRow, OutboxRow
from complaints.complaint import Complaint
from complaints.vocabulary import Rating, Role, Status
from tests.unit.bot.desk_kit import Kit, entry, open_desk

LIFT, WATER, NOISE = "投诉 电梯坏了三天没人修", "投诉 家里停水两天没人管", "投诉 楼上半夜装修太吵没人管"


async def three(kit: Kit) -> list[Complaint]:
    for text in (LIFT, WATER, NOISE):
        await kit.says(text)
    await kit.deliver()
    await kit.says("跳过")  # the name and number that the acknowledgement asked for: no question is open any more
    await kit.deliver()
    return await kit.complaints()


async def urged(kit: Kit) -> list[int]:
    return [complaint.urged for complaint in await kit.complaints()]


class TestCustomer:
    async def test_the_only_open_one_is_meant(self, kit: Kit) -> None:
        await kit.says(LIFT)
        await kit.says("催一下")
        assert await urged(kit) == [1]

    async def test_one_of_several_is_asked_for_and_then_the_same_words_are_done(self, kit: Kit) -> None:
        complaints = await three(kit)
        await kit.says("催一下")
        assert await urged(kit) == [0, 0, 0]
        await kit.deliver()
        asked = kit.chat.texts("c1")[-1]
        assert all(complaint.reference in asked for complaint in complaints)
        await kit.says("2")
        assert sum(await urged(kit)) == 1
        [row] = await kit.outbox("which_complaint")
        listed = row.facts.index
        chosen = next(complaint for complaint in await kit.complaints() if complaint.urged)
        first, second, third = sorted((c.reference for c in complaints), key=listed)
        assert chosen.reference == second
        assert {first, third} == {c.reference for c in complaints} - {second}

    async def test_a_number_that_is_not_on_offer_does_nothing(self, kit: Kit) -> None:
        await three(kit)
        await kit.says("催一下")
        await kit.says("7")
        assert await urged(kit) == [0, 0, 0]

    async def test_a_full_number(self, kit: Kit) -> None:
        await three(kit)
        await kit.says("催一下 TS20260302-0002")
        assert await urged(kit) == [0, 1, 0]

    async def test_a_number_in_small_letters(self, kit: Kit) -> None:
        await three(kit)
        await kit.says("催一下 ts20260302-0003")
        assert await urged(kit) == [0, 0, 1]

    async def test_the_last_digits_when_they_are_enough(self, kit: Kit) -> None:
        await three(kit)
        await kit.says("催一下 0002")
        assert await urged(kit) == [0, 1, 0]

    async def test_a_number_nobody_has(self, kit: Kit) -> None:
        await three(kit)
        await kit.says("催一下 TS20260302-0099")
        assert await urged(kit) == [0, 0, 0]
        assert len(await kit.outbox("unknown_number")) == 1

    async def test_a_number_of_somebody_else_is_as_good_as_none(self, kit: Kit) -> None:
        """Numbers can be guessed: they open nobody else's case, and do not tell that it is there."""
        await kit.says(LIFT, "victim")
        await kit.says(WATER, "curious")
        await kit.deliver()
        for words in ("进度 TS20260302-0001", "撤回 TS20260302-0001", "不满意 TS20260302-0001", "催一下 0001"):
            await kit.says(words, "curious")
        await kit.deliver()
        assert (await kit.complaints())[0].status is Status.DISPATCHED
        assert (await kit.complaints())[0].urged == 0
        assert not any("电梯" in text for text in kit.chat.texts("curious"))
        assert await kit.count(OutboxRow, OutboxRow.notice == "unknown_number") >= 3

    async def test_what_is_over_is_not_offered(self, kit: Kit) -> None:
        await three(kit)
        await kit.says("撤回 TS20260302-0001")
        await kit.says("是")
        await kit.says("撤回 TS20260302-0003")
        await kit.says("是")
        await kit.says("催一下")
        assert await urged(kit) == [0, 1, 0]

    async def test_the_rating_goes_to_the_one_that_asks_for_it(self, kit: Kit) -> None:
        await three(kit)
        await kit.says("办结 TS20260302-0002 修好了水管", "handler")
        await kit.deliver()
        await kit.says("满意")
        first, second, third = await kit.complaints()
        assert second.status is Status.CLOSED
        assert (first.status, third.status) == (Status.DISPATCHED, Status.DISPATCHED)
        assert second.surveys[-1].rating is Rating.SATISFIED

    async def test_more_words_belong_to_the_only_open_one_and_a_new_matter_to_a_new_one(self, kit: Kit) -> None:
        """Trap 44: one endless chat, several matters."""
        await kit.says(LIFT)
        await kit.says("今天老人还被困在电梯里了，太吓人了")
        assert len(await kit.complaints()) == 1
        await kit.says(WATER)
        assert len(await kit.complaints()) == 2
        rows = await kit.rows(MessageRow, MessageRow.outgoing.is_(False))
        assert [row.reference for row in rows] == ["TS20260302-0001", "TS20260302-0001", "TS20260302-0002"]

    async def test_an_answer_to_a_message_of_ours_names_its_complaint(self, kit: Kit) -> None:
        await three(kit)
        [acknowledgement] = await kit.rows(
            MessageRow,
            MessageRow.reference == "TS20260302-0002",
            MessageRow.address == "c1",
            MessageRow.outgoing.is_(True),
        )
        await kit.says("催一下", reply_to_message=acknowledgement.message_id)
        assert await urged(kit) == [0, 1, 0]

    async def test_thanks_neither_rates_nor_asks_which(self, kit: Kit) -> None:
        """Trap 38."""
        await three(kit)
        await kit.says("谢谢")
        assert await kit.outbox("which_complaint") == []
        assert all(not complaint.surveys for complaint in await kit.complaints())


class TestStaff:
    async def test_the_only_task_is_meant(self, kit: Kit) -> None:
        await kit.says(LIFT)
        await kit.says("接单", "handler")
        assert (await kit.the_complaint()).status is Status.WORKING

    async def test_only_those_for_which_the_command_makes_sense_are_offered(self, kit: Kit) -> None:
        await three(kit)
        await kit.says("接单 TS20260302-0001", "handler")
        await kit.says("接单 TS20260302-0002", "handler")
        await kit.says("接单", "handler")
        assert [complaint.status for complaint in await kit.complaints()] == [Status.WORKING] * 3

    async def test_one_of_several_is_asked_for_and_the_result_is_not_lost(self, kit: Kit) -> None:
        await three(kit)
        await kit.says("办结 换了主板", "handler")
        assert [complaint.status for complaint in await kit.complaints()] == [Status.DISPATCHED] * 3
        await kit.deliver()
        await kit.says("1", "handler")
        resolved = [complaint for complaint in await kit.complaints() if complaint.status is Status.RESOLVED]
        assert [complaint.result for complaint in resolved] == ["换了主板"]

    async def test_the_last_digits(self, kit: Kit) -> None:
        await three(kit)
        await kit.says("办结 0003 已劝停", "handler")
        assert [complaint.status for complaint in await kit.complaints()] == [
            Status.DISPATCHED,
            Status.DISPATCHED,
            Status.RESOLVED,
        ]

    async def test_no_task_at_all_is_said(self, kit: Kit) -> None:
        await kit.says("接单", "handler")
        assert len(await kit.outbox("no_tasks")) == 1

    async def test_nobody_is_told_that_nothing_is_in_hand_because_nothing_fits(self, kit: Kit) -> None:
        await three(kit)
        await kit.says("继续", "handler")  # and nothing is on hold
        await kit.deliver()
        assert "您手上有 3 件，但没有一件在等这一步" in kit.chat.texts("handler")[-1]
        assert not await kit.outbox("no_tasks")

    async def test_the_last_digits_of_a_closed_one_are_known_too(self, kit: Kit) -> None:
        await kit.says(LIFT)
        await kit.says("办结 0001 换了主板", "handler")
        await kit.says("满意")
        complaint = await kit.the_complaint()
        assert complaint.settled
        await kit.says("进度 0001", "lead")
        await kit.deliver()
        assert complaint.reference in kit.chat.texts("lead")[-1]
        assert not await kit.outbox("unknown_number")

    async def test_somebody_elses_task_is_not_theirs(self, database_url: str) -> None:
        """Invariant 7."""
        staff = [entry("甲", Role.HANDLER), entry("乙", Role.HANDLER, line=3), entry("坐席", Role.AGENT, line=4)]
        async with open_desk(database_url, staff=staff) as kit:
            await kit.address("甲", "chat", "a")
            await kit.address("乙", "chat", "b")
            await kit.says(LIFT)
            complaint = await kit.the_complaint()
            owner = "a" if complaint.owner == (await kit.person("甲")).id else "b"
            other = "b" if owner == "a" else "a"
            for words in (f"接单 {complaint.reference}", f"办结 {complaint.reference} 换了", "办结 换了"):
                await kit.says(words, other)
            assert (await kit.the_complaint()).status is Status.DISPATCHED
            await kit.says("接单", owner)
            assert (await kit.the_complaint()).status is Status.WORKING

    async def test_the_centre_may_name_any_complaint(self, kit: Kit) -> None:
        await three(kit)
        await kit.says("定级 TS20260302-0002 S1 影响整栋楼", "lead")
        assert [str(complaint.severity) for complaint in await kit.complaints()] == ["S4", "S1", "S4"]

    async def test_digits_that_fit_several_are_asked_back(self, kit: Kit) -> None:
        await kit.write(lambda work: work.next_number("TS20260302"))
        for number in range(12):
            await kit.says(f"投诉 第{number}件事，电梯坏了没人修", f"c{number}")
        await kit.says("定级 1 S1 影响整栋楼", "lead")
        await kit.says("定级 TS20260302-0099 S1 影响整栋楼", "lead")
        assert {str(complaint.severity) for complaint in await kit.complaints()} == {"S4"}
        assert len(await kit.outbox("unknown_number")) >= 1


class TestStrangers:
    @pytest.mark.parametrize("words", ["待受理", "接单", "done 0001 fixed it", "0001 办结", "派单 0001 @张伟"])
    async def test_a_command_of_the_desk_is_told_to_be_one(self, kit: Kit, words: str) -> None:
        await kit.says(LIFT)
        await kit.says(words, "stranger")
        assert len(await kit.outbox("not_staff")) == 1
        assert (await kit.the_complaint()).status is Status.DISPATCHED

    async def test_praise_of_ones_own_is_praise(self, kit: Kit) -> None:
        await kit.says(LIFT)
        await kit.says("办结 换了主板", "handler")
        await kit.says("done 0001 fixed it")
        assert (await kit.the_complaint()).surveys[-1].rating is Rating.SATISFIED


async def test_last_digits_of_two_days_are_of_what_is_spoken_of_or_asked_about(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says(f"{LIFT}，电话13712345678", "c1")
        kit.clock.move_to(kit.clock.now() + timedelta(days=1))
        await kit.says(f"{WATER}，电话13812345678", "c2")
        await kit.says("我的待办", "handler")
        await kit.says("电话 0001", "handler")
        await kit.deliver()
        listed, asked = kit.chat.texts("handler")[-2:]
        assert "例如回复“TS2026030" in listed
        for number in ("TS20260302-0001", "TS20260303-0001"):
            assert number in asked
        assert "已派单" in asked  # in the words of the desk
        await kit.says("进度 TS20260302-0001", "handler")
        await kit.says("电话 0001", "handler")
        await kit.says("办结 0001 换了主板", "handler")
        await kit.deliver()
        *_, told, which = kit.chat.texts("handler")
        assert "137 1234 5678" in told
        assert "您说的是哪一件" in which  # what is done is not guessed
