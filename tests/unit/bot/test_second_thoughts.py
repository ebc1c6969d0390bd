"""A judgement that a customer does not accept, and a withdrawal they are sorry for, as people say it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from complaints.complaint import Complaint
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import PLAIN_CHAT, FakeChannel, Kit, asks, open_desk

LEAK = "投诉 3栋502厨房漏水，我姓李，电话13800138000"


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        yield kit


async def judged_invalid(kit: Kit) -> Complaint:
    await kit.says(LEAK)
    await kit.says("退单 不归我管", "handler")
    await kit.says("判定无效 0001 不属于我们的范围", "lead")
    await kit.deliver()
    complaint = await kit.the_complaint()
    assert complaint.status is Status.INVALID
    return complaint


async def _withdraws(kit: Kit) -> None:
    for words in ("撤销投诉", "是"):
        await kit.deliver()
        await kit.says(words)
    await kit.deliver()
    assert (await kit.the_complaint()).status is Status.WITHDRAWN


async def withdrawn(kit: Kit, text: str = LEAK) -> Complaint:
    await kit.says(text)
    await kit.says("撤销投诉")
    await kit.deliver()
    await kit.says("是")
    await kit.deliver()
    complaint = (await kit.complaints())[-1]
    assert complaint.status is Status.WITHDRAWN
    return complaint


class TestAppeal:
    async def test_what_they_say_with_it_is_the_reason(self, kit: Kit) -> None:
        await judged_invalid(kit)
        await kit.says("凭什么，我要申诉，你们连看都没来看")
        complaint = await kit.the_complaint()
        assert complaint.appealed
        await kit.deliver()
        assert any("连看都没来看" in text for text in kit.chat.texts("lead"))

    @pytest.mark.parametrize(
        ("words", "asked"), [("我不服", "说说理由"), ("我要申诉", "说说理由"), ("I want to appeal", "in a line why")]
    )
    async def test_without_a_reason_it_is_asked_for_in_their_language(self, kit: Kit, words: str, asked: str) -> None:
        await judged_invalid(kit)
        if words.isascii():
            await kit.says("english")
        await kit.says(words)
        await kit.deliver()
        assert asked in kit.chat.texts("c1")[-1]
        await kit.says("师傅根本没上门")
        assert (await kit.the_complaint()).appealed

    async def test_not_to_accept_it_is_an_appeal_with_its_reason(self, kit: Kit) -> None:
        await judged_invalid(kit)
        await kit.says("rubbish! who cuts their own light?? i don't accept that")
        await kit.deliver()
        assert (await kit.the_complaint()).appealed
        assert any("who cuts their own light" in text for text in kit.chat.texts("lead"))

    @pytest.mark.parametrize(
        "words", ["我要申诉 我老婆可以作证", "我要申诉 邻居可以作证", "appeal: you can check the camera"]
    )
    async def test_of_what_is_open_it_is_no_praise_and_reaches_who_has_it(self, kit: Kit, words: str) -> None:
        await kit.says(LEAK)
        await kit.deliver()
        kit.chat.sent.clear()
        await kit.says(words)
        await kit.deliver()
        assert "肯定" not in kit.chat.texts("c1")[-1]
        assert words[-5:] in kit.chat.texts("handler")[-1]

    @pytest.mark.parametrize("words", ["我要申诉 我老婆可以作证", "申诉 你们可以查监控", "我老婆可以作证"])
    async def test_no_complaint_is_closed_by_it(self, kit: Kit, words: str) -> None:
        await kit.says(LEAK)
        await kit.says("接单", "handler")
        await kit.says("办结 换了水管", "handler")
        await kit.deliver()
        await kit.says(words)
        assert (await kit.the_complaint()).status is not Status.CLOSED

    async def test_a_question_instead_of_the_reason_is_one(self, kit: Kit) -> None:
        await judged_invalid(kit)
        await kit.says("我要申诉")
        await kit.says("帮助")
        assert not (await kit.the_complaint()).appealed


class TestRestoring:
    @pytest.mark.parametrize(
        "words",
        ["恢复 0001", "恢复0001", "0001不撤了", "还是要投诉", "等等，还是要投诉", "please reopen it, the leak is back",
         "Sorry, please reopen it", "又漏了", "厨房还在漏水", "我后悔了，还是要投诉",
         "算了还是恢复吧", "还是帮我恢复吧", "算了 帮我恢复吧 谢谢", "那就恢复那个投诉吧", "还是恢复处理吧",
         "还是别撤了", "算了不撤了",
         "actually don't withdraw it", "please don't cancel my complaint after all", "never mind, please restore it",
         "on second thought, reopen it", "I want my complaint back",
         "I changed my mind, I still want to complain", "changed my mind, I do want to complain after all"],
    )  # fmt: skip
    async def test_it_goes_on_under_its_number_with_who_had_it(self, kit: Kit, words: str) -> None:
        before = await withdrawn(kit)
        await kit.says(words)
        after = await kit.the_complaint()
        assert (after.reference, after.status, after.owner) == (
            before.reference,
            Status.DISPATCHED,
            before.tasks[0].assignee,
        )
        await kit.deliver()
        assert "已恢复" in kit.chat.texts("c1")[-1]
        assert "0001" in kit.chat.texts("handler")[-1]

    async def test_the_answer_to_the_withdrawal_says_how_to_take_it_back(self, kit: Kit) -> None:
        complaint = await withdrawn(kit)
        assert f"恢复 {complaint.reference}" in kit.chat.texts("c1")[-1]
        await kit.says(f"恢复 {complaint.reference}")
        assert (await kit.the_complaint()).status is Status.DISPATCHED

    @pytest.mark.parametrize("words", ["恢复", "算了不撤了", "please reopen it"])
    async def test_what_was_asked_about_a_result_is_asked_again(self, kit: Kit, words: str) -> None:
        await kit.says(LEAK)
        await kit.says("接单", "handler")
        await kit.says("办结 换了水管", "handler")
        await _withdraws(kit)
        await kit.deliver()
        kit.chat.sent.clear()
        kit.clock.move_to(kit.clock.now() + timedelta(hours=1))
        await kit.says(words)
        await kit.deliver()
        assert (await kit.the_complaint()).status is Status.RESOLVED
        assert "换了水管" in kit.chat.texts("c1")[-1]
        assert any("已恢复" in text for text in kit.chat.texts("handler"))
        assert not any("派给您" in text for text in kit.chat.texts("handler"))
        await kit.says("满意")
        assert (await kit.the_complaint()).status is Status.CLOSED

    async def test_a_plan_is_put_again_and_its_answer_counts(self, kit: Kit) -> None:
        await kit.says(LEAK)
        await kit.says("接单", "handler")
        await kit.says("方案 换水管，费用我们出", "handler")
        due = {each.clock: each.due_at for each in (await kit.the_complaint()).running}
        await _withdraws(kit)
        kit.chat.sent.clear()
        await kit.says("恢复")
        await kit.deliver()
        complaint = await kit.the_complaint()
        assert (complaint.status, complaint.plan) == (Status.PROPOSED, "换水管，费用我们出")
        assert {each.clock: each.due_at for each in complaint.running} == due
        assert "换水管" in kit.chat.texts("c1")[-1]
        await kit.says("接受")
        await _withdraws(kit)
        await kit.says("恢复 0001", "lead")
        complaint = await kit.the_complaint()
        assert (complaint.status, complaint.task is not None) == (Status.EXECUTING, True)
        await kit.says("办结 换好了", "handler")
        assert (await kit.the_complaint()).status is Status.RESOLVED

    @pytest.mark.parametrize("words", ["又漏了", "厨房还在漏水"])
    async def test_trouble_that_is_back_after_a_result_is_worked_on(self, kit: Kit, words: str) -> None:
        await kit.says(LEAK)
        await kit.says("接单", "handler")
        await kit.says("办结 换了水管", "handler")
        await _withdraws(kit)
        await kit.says(words)
        assert (await kit.the_complaint()).status is Status.DISPATCHED

    async def test_with_nothing_withdrawn_they_are_words_like_others(self, kit: Kit) -> None:
        await kit.says("还是要投诉，3栋502厨房漏水")
        assert (await kit.the_complaint()).status is not Status.WITHDRAWN

    @pytest.mark.parametrize("words", ["电梯又坏了", "又漏了，另外楼道的灯也坏了三天了，一直没有人来看"])
    async def test_another_trouble_restores_nothing(self, kit: Kit, words: str) -> None:
        await withdrawn(kit)
        await kit.says(words)
        assert (await kit.complaints())[0].status is Status.WITHDRAWN

    @pytest.mark.parametrize("words", ["恢复供水要多久", "帮我恢复供水吧", "还是请恢复供电", "put it back on please"])
    async def test_water_that_comes_back_restores_nothing(self, kit: Kit, words: str) -> None:
        await withdrawn(kit)
        await kit.says(words)
        await kit.deliver()
        assert (await kit.complaints())[0].status is Status.WITHDRAWN
        assert "恢复后我们接着处理" not in kit.chat.texts("c1")[-1]

    @pytest.mark.parametrize("words", ["能恢复吗", "还可以恢复吗", "昨天撤的那个我想恢复行不行"])
    async def test_who_asks_about_it_is_asked(self, kit: Kit, words: str) -> None:
        await withdrawn(kit)
        await kit.says(words)
        await kit.deliver()
        assert "恢复后我们接着处理" in kit.chat.texts("c1")[-1]
        await kit.says("是")
        assert (await kit.the_complaint()).status is Status.DISPATCHED

    async def test_two_numbers_are_asked_about_one_after_the_other(self, kit: Kit) -> None:
        await kit.says(LEAK)
        await kit.says("另外一件事，投诉 电梯坏了")
        await kit.says("撤销 0001 0002")
        await kit.deliver()
        assert "0001" in kit.chat.texts("c1")[-1]
        await kit.says("是")
        await kit.deliver()
        assert "0002" in kit.chat.texts("c1")[-1]
        await kit.says("是")
        assert {c.status for c in await kit.complaints()} == {Status.WITHDRAWN}


@pytest.mark.parametrize("words", ["是", "否", "yes"])
async def test_a_word_to_a_withdrawal_that_came_too_late_is_told_so(kit: Kit, words: str) -> None:
    await kit.says(LEAK)
    await kit.says("退单 不归我管", "handler")
    await kit.says("撤销投诉")
    await kit.deliver()
    await kit.says("判定无效 0001 不属于我们的范围", "lead")
    await kit.deliver()
    complaint = await kit.the_complaint()
    assert complaint.settled
    [told] = await asks(kit, words, "c1")
    assert "已经结束了" in told
    assert "继续处理" not in told
    assert (await kit.the_complaint()).status is complaint.status
