"""That a danger is over: who says so, who hears it and decides, what rings on and what begins anew (R-041)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, timedelta

import pytest

from bot.clock import MovableClock
from complaints.vocabulary import Severity
from tests.unit.bot.desk_kit import Kit, open_desk
from tests.unit.bot.test_alarms import STAFF, pass_time, staffed
from tests.unit.bot.test_danger import GAS, LATE, LIFT


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=STAFF, clock=MovableClock(LATE.astimezone(UTC))) as kit:
        yield await staffed(kit)


@pytest.mark.parametrize("words", ["没事了 消防来了", "firemen are here, all safe now", "false alarm sorry"])
async def test_the_all_clear_ends_the_safety_words_and_a_person_confirms_it_with_one_tap(kit: Kit, words: str) -> None:
    await kit.says(GAS)
    await kit.sweep(timedelta(minutes=11))
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.says(words)
    await kit.deliver()
    complaint = await kit.the_complaint()
    assert (complaint.severity, complaint.urged, complaint.settled) == (Severity.S0, 0, False)
    assert any("险情解除" in text for text in kit.chat.texts("backup"))
    asked = next(message for message in kit.chat.sent if message.address == "lead" and "险情解除" in message.text)
    await kit.says("钥匙在物业那")
    await kit.deliver()
    assert "119" not in kit.chat.texts("c1")[-1]
    await kit.says(asked.buttons[0].says, "lead")
    complaint = await kit.the_complaint()
    assert complaint.severity > Severity.S0
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.sweep(timedelta(hours=2))
    await kit.deliver()
    assert not any("次呼叫" in message.text for message in kit.chat.sent)


async def test_danger_that_is_back_after_the_all_clear_is_danger(kit: Kit) -> None:
    await kit.says(GAS)
    await kit.says("没事了")
    await kit.says("又冒烟了，更严重了")
    await kit.deliver()
    assert "马上拨打 119" in kit.chat.texts("c1")[-1]
    await kit.says("来不来人")
    await kit.deliver()
    assert "马上拨打 119" in kit.chat.texts("c1")[-1]


@pytest.mark.parametrize("words", ["出来了出来了", "我们出来了", "终于出来了 谢谢", "we're out now"])
async def test_who_is_out_of_a_lift_says_that_it_is_over(kit: Kit, words: str) -> None:
    await kit.says(LIFT)
    await kit.says(words)
    await kit.deliver()
    assert any("险情解除" in text for text in kit.chat.texts("lead"))


@pytest.mark.parametrize(
    "words", ["人放出来了 老人没事 送医院了", "人都救出来了", "进展 人已经放出来了", "they're all out safe"]
)
async def test_whoever_has_it_reports_that_it_is_over_and_the_lead_is_asked(kit: Kit, words: str) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有个老人")
    await kit.says("接单", "handler")
    await kit.says(words, "handler")
    await kit.deliver()
    assert any("张伟 报告险情解除了" in text for text in kit.chat.texts("lead"))
    kit.chat.sent.clear()
    await kit.says("谢谢 他血压有点高")
    await kit.deliver()
    assert "119" not in kit.chat.texts("c1")[-1]


@pytest.mark.parametrize(
    "words", ["人出来了", "人已经救出来了 没事了", "进展 人放出来了", "they are all out, safe", "备注 人救出来了"]
)
async def test_whoever_was_alarmed_and_has_not_the_work_tells_that_it_is_over(kit: Kit, words: str) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有个老人")
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    await kit.says("收到", "lead")
    kit.chat.sent.clear()
    if words.startswith("备注"):
        words = words.replace("备注", f"备注 {(await kit.the_complaint()).reference}")
    await kit.says(words, "lead")
    await kit.deliver()
    assert (await kit.the_complaint()).marked("all_clear") is not None
    assert any("险情解除了" in text for text in kit.chat.texts("handler"))
    assert not any("没有待办" in text for text in kit.chat.texts("lead"))
    assert not kit.chat.texts("c1")


async def test_that_it_is_over_waits_for_no_answer_on_who_reads_it(kit: Kit) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有个老人")
    await kit.says("接单", "handler")
    await kit.says("老王你去电梯看下 人放出来了", "handler")
    await kit.says("联系不上客户 人已经救出来了", "handler")
    await kit.deliver()
    assert any("张伟 报告险情解除了" in text for text in kit.chat.texts("lead"))


@pytest.mark.parametrize("words", ["人还没放出来", "还在等厂家放人", "师傅到了，正在开门"])
async def test_whoever_has_it_and_reports_that_it_goes_on_reports_no_end(kit: Kit, words: str) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有个老人")
    await kit.says("接单", "handler")
    await kit.says(f"进展 {words}", "handler")
    await kit.deliver()
    assert not any("险情解除" in text for text in kit.chat.texts("lead"))


@pytest.mark.parametrize(
    "words", ["120来了 送走了", "已经送医院了", "the ambulance took him", "she was taken to hospital"]
)
async def test_who_was_ill_and_is_taken_away_is_in_danger_no_more(kit: Kit, words: str) -> None:
    await kit.says("我爸在大堂晕倒了，没有呼吸 13712345678")
    await kit.says(words)
    await kit.deliver()
    assert any("险情解除" in text for text in kit.chat.texts("lead"))


@pytest.mark.parametrize("words", ["120还没来", "什么时候送医院", "没送走", "要送医院了吗"])
async def test_who_is_not_taken_away_is_in_danger_still(kit: Kit, words: str) -> None:
    await kit.says("我爸在大堂晕倒了，没有呼吸 13712345678")
    await kit.says(words)
    await kit.deliver()
    assert not any("险情解除" in text for text in kit.chat.texts("lead"))


async def test_what_is_reported_over_rings_no_more_once_somebody_had_it_but_the_lead_is_asked_day_by_day(
    kit: Kit,
) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有个老人")
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    await kit.says("收到", "lead")
    await kit.says("出来了 谢谢")
    await kit.deliver()
    kit.chat.sent.clear()
    await pass_time(kit, hours=50)
    assert not any("次呼叫" in message.text for message in kit.chat.sent)
    asked = [message for message in kit.chat.sent if message.address == "lead" and "还没有核实" in message.text]
    assert 1 <= len(asked) <= 3
    [lower] = [button for button in asked[-1].buttons if "降级" in button.label]
    await kit.says(lower.says, "lead")
    assert (await kit.the_complaint()).severity > Severity.S0


async def test_only_whoever_may_lower_it_is_offered_to(kit: Kit) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有个老人")
    await kit.says("接单", "handler")
    await kit.says("出来了 谢谢")
    await pass_time(kit, hours=20)
    offered = {message.address for message in kit.chat.sent for button in message.buttons if "降级" in button.label}
    assert "lead" in offered
    assert "handler" not in offered
    for reader in ("lead", "handler"):
        assert any("还没有核实" in text for text in kit.chat.texts(reader))


async def test_what_is_reported_over_and_nobody_had_rings_on_and_says_so(kit: Kit) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有个老人")
    await kit.says("虚惊一场，没事了")
    await kit.deliver()
    kit.chat.sent.clear()
    await pass_time(kit, hours=1)
    rung = [text for text in kit.chat.texts("lead") if "请马上回复“收到”" in text]
    assert rung
    assert all("有人报告险情已经解除，还没有核实" in text for text in rung)


async def test_who_is_asked_again_how_grave_it_is_reads_that_it_is_reported_over(kit: Kit) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有个老人")
    await kit.says("收到", "lead")
    await kit.says("接单", "handler")
    await kit.says("人放出来了 老人没事", "handler")
    await kit.deliver()
    kit.chat.sent.clear()
    await pass_time(kit, minutes=40)
    asked = [text for who in ("lead", "agent") for text in kit.chat.texts(who) if "定级还没有人核实" in text]
    assert asked
    assert all("有人报告险情已经解除，请一并核实" in text for text in asked)


@pytest.mark.parametrize("words", ["出来了 谢谢", "we're out now"])
async def test_what_grew_since_somebody_had_it_ends_with_the_same_word(kit: Kit, words: str) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有个老人")
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    await kit.says("收到", "lead")
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=2))
    await kit.says("我喘不上气")
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    await kit.says(words)
    await kit.deliver()
    assert not any("已有人应答" in message.text for message in kit.chat.sent if "客户" in message.text)
    kit.chat.sent.clear()
    await pass_time(kit, hours=24)
    assert not any("次呼叫" in message.text or "等“应答”" in message.text for message in kit.chat.sent)
    assert any("还没有核实" in text for text in kit.chat.texts("lead"))


async def test_an_answer_before_danger_is_back_holds_nothing(kit: Kit) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有个老人")
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    await kit.says("收到", "lead")
    await kit.says("出来了 谢谢")
    await kit.says("又困住了，快来人")
    await kit.deliver()
    kit.chat.sent.clear()
    await pass_time(kit, hours=6)
    assert any("请马上回复“收到”" in message.text for message in kit.chat.sent)


@pytest.mark.parametrize("words", ["我们出来了", "出来了"])
async def test_who_is_out_of_a_house_that_burns_has_not_put_it_out(kit: Kit, words: str) -> None:
    await kit.says("3栋着火了快来人")
    await kit.says(words)
    await kit.deliver()
    assert not any("险情解除" in text for text in kit.chat.texts("lead"))


@pytest.mark.parametrize("words", ["还没出来", "出来了吗", "我们出不来"])
async def test_who_is_not_out_is_in_danger_still(kit: Kit, words: str) -> None:
    await kit.says(LIFT)
    await kit.says(words)
    await kit.deliver()
    assert not any("险情解除" in text for text in kit.chat.texts("lead"))


@pytest.mark.parametrize("words", ["还有一个没出来", "不对，我妈还在里面", "one is still inside", "she's not out yet"])
async def test_that_it_is_not_over_after_all_calls_all_anew(kit: Kit, words: str) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有两个人")
    await kit.says("接单", "handler")
    await kit.says("出来了 谢谢")
    await pass_time(kit, hours=1)
    kit.chat.sent.clear()
    await kit.says(words)
    await kit.deliver()
    assert "119" in kit.chat.texts("c1")[-1]
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    assert any("请马上回复“收到”" in text for text in kit.chat.texts("handler"))
    assert (await kit.the_complaint()).marked("all_clear") is None


@pytest.mark.parametrize("words", ["好像没味道了", "应该没事了吧", "i think we are all safe now"])
async def test_who_only_thinks_that_it_is_over_is_in_danger_still(kit: Kit, words: str) -> None:
    await kit.says("我家厨房一股煤气味 6栋1202 13712345678")
    await kit.says(words)
    await kit.deliver()
    assert (await kit.the_complaint()).marked("all_clear") is None
    assert "119" in kit.chat.texts("c1")[-1]


@pytest.mark.parametrize("words", ["it's fine now, thank you", "all good now", "everyone is ok now"])
async def test_that_all_is_fine_now_says_that_it_is_over(kit: Kit, words: str) -> None:
    await kit.says("there is a strong smell of gas in block 6, 13712345678")
    await kit.says(words)
    await kit.deliver()
    assert any("险情解除" in text for text in kit.chat.texts("lead"))


async def test_what_was_done_is_no_word_that_it_is_in_hand(kit: Kit) -> None:
    await kit.says("我家厨房一股煤气味 6栋1202 13712345678")
    await kit.says("接单", "handler")
    await kit.says("煤气味更浓了")
    await kit.deliver()
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    await kit.says("处理好了 换了阀门 没味道了", "handler")
    assert (await kit.the_complaint()).result == "换了阀门 没味道了"


async def test_a_colleague_who_brought_a_danger_in_says_that_it_is_over_and_that_it_is_not(kit: Kit) -> None:
    await kit.says("客户电话说3栋电梯困了两个人 电话13722223333", "backup")
    await kit.says("人出来了 消防来弄开的", "backup")
    await kit.deliver()
    complaint = await kit.the_complaint()
    assert complaint.marked("all_clear") is not None
    assert "119" not in kit.chat.texts("backup")[-1]
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=5))
    kit.chat.sent.clear()
    await kit.says(f"{complaint.reference[-4:]} 刚才说错了 还有一个没出来", "backup")
    await kit.deliver()
    assert (await kit.the_complaint()).marked("all_clear") is None
    assert any("还有一个没出来" in text for text in kit.chat.texts("lead"))
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=5))
    await kit.says(f"{complaint.reference[-4:]} 人都救出来了", "backup")
    assert (await kit.the_complaint()).marked("all_clear") is not None


@pytest.mark.parametrize("words", ["人已安全救出 无受伤", "被困人员已脱困", "both safely rescued, nobody hurt"])
async def test_whoever_has_it_is_understood_in_the_words_of_a_report(kit: Kit, words: str) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有两个人")
    await kit.says("接单", "handler")
    await kit.says(words, "handler")
    await kit.deliver()
    assert (await kit.the_complaint()).marked("all_clear") is not None
    assert any("张伟 报告险情解除了" in text for text in kit.chat.texts("lead"))


@pytest.mark.parametrize("words", ["人还没脱困", "正在营救", "未救出"])
async def test_who_is_not_rescued_yet_is_in_danger(kit: Kit, words: str) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有两个人")
    await kit.says("接单", "handler")
    await kit.says(f"进展 {words}", "handler")
    assert (await kit.the_complaint()).marked("all_clear") is None


@pytest.mark.parametrize("words", ["已核实 没事了", "人出来了，没事了", "all clear"])
async def test_the_lead_who_answers_that_it_is_over_is_offered_to_lower_it(kit: Kit, words: str) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有两个人")
    await kit.says("接单", "handler")
    await kit.says("出来了 谢谢")
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.says(words, "lead")
    await kit.deliver()
    told = [message for message in kit.chat.sent if message.address == "lead"]
    assert any("降级" in each.label or "lower" in each.label for message in told for each in message.buttons)
