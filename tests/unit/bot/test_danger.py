"""A customer whose words say that somebody is in danger: told whom to call first, and people are told at once (R-041)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import MovableClock
from bot.storage.models import EventRow
from complaints.change import EventKind, NoticeKind
from complaints.emergency import FIRE, Services
from complaints.grading_words import danger
from complaints.vocabulary import Severity, Status
from tests.unit.bot.desk_kit import ZONE, Kit, open_desk
from tests.unit.bot.test_alarms import STAFF, pass_time, staffed

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


@pytest.mark.parametrize("first", ["", "投诉 3栋垃圾没人清，电话13712345678"])
@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("我今晚就去烧了你们", "别伤人"),
        ("我要砍死保安", "别伤人"),
        ("孩子噎住了", "120"),
        ("i will find you and burn your hotel down", "hurt nobody"),
        ("im gonna kill the receptionist at leeds", "hurt nobody"),
        ("my kid is choking in the restaurant help", "120"),
    ],
)
async def test_r041_threats_and_choking_are_an_emergency_alone_and_beside_another_matter(
    kit: Kit, first: str, words: str, number: str
) -> None:
    if first:
        await kit.says(first)
    await kit.says(words)
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    assert Severity.S0 in {each.severity for each in await kit.complaints()}
    assert number in kit.chat.texts("c1")[-1]
    for reader in ("agent", "lead"):
        assert any("请马上回复“收到”" in text for text in kit.chat.texts(reader)), reader


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


@pytest.mark.parametrize(
    "words",
    [
        "头晕，热水器有怪味",
        "一开热水器就头晕",
        "洗澡洗到一半头晕恶心 热水器那边有味",
        "家里有股怪味，我和孩子都头晕",
        "屋里有臭鸡蛋味 头疼",
        "壁挂炉一点火就有股刺鼻的味道",
        "i feel dizzy, boiler smells weird",
        "feeling sick and there is a strange smell in the flat",
        "we all have headaches and it smells like rotten eggs",
        "dizzy since the boiler came on",
    ],
)
def test_whoever_feels_sick_where_gas_is_burned_or_something_smells_is_in_danger(words: str) -> None:
    found = danger(words)
    assert found is not None
    assert FIRE in found.calls
    assert "gas" in found.kinds


@pytest.mark.parametrize(
    "words",
    [
        "楼下装修油漆味刺鼻 我头晕",
        "电梯晃得我头晕",
        "煤气费太贵 看着头疼",
        "垃圾桶臭味熏得人想吐",
        "噪音吵得我头晕 热水器也坏了",
        "热水器出来的水有异味",
        "你们真恶心，热水器修了三次",
        "没有怪味，也不头晕",
        "the noise gives me headaches, boiler is broken too",
        "boiler broken no hot water",
        "smell of cigarettes makes me nauseous",
    ],
)
def test_what_makes_people_sick_otherwise_is_no_gas(words: str) -> None:
    assert danger(words) is None


@pytest.mark.parametrize(
    "words",
    [
        "你们站里有人抽烟！加油的旁边",
        "油枪漏油 地上一大滩",
        "有人拿塑料桶加油 还在旁边点烟",
        "卸油的时候油味特别大 呛人",
        "someone is smoking next to the pumps",
    ],
)
async def test_fire_that_may_break_out_at_a_filling_station_is_alarmed_of(fresh_sqlite_url: str, words: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=STAFF, policy="sinopec-sh") as kit:
        await staffed(kit)
        await kit.says(words)
        await kit.sweep(timedelta(seconds=1))
        await kit.deliver()
        complaint = await kit.the_complaint()
        assert complaint.severity is Severity.S0
        assert "119" in kit.chat.texts("c1")[0]
        told = kit.chat.texts("handler")
        assert any("请马上回复“收到”" in text for text in told)
        assert not any("数质量异议" in text for text in told)


GAS = "厨房燃气泄漏，味道很大 3栋502 13800001111"


@pytest.mark.parametrize(
    "words",
    [
        "更严重了",
        "味道越来越浓",
        "你们到底派不派人来啊",
        "人到哪了",
        "什么时候到",
        "救救我们",
        "喂？",
        "怎么办",
        "扩散到楼道了",
        "我姓李 3栋502 快点来",
        "消防还没到",
        "its getting worse",
        "are u sending someone or what",
        "anyone coming?",
        "where is everyone",
        "what do i do",
        "hello??",
    ],
)
async def test_whatever_is_said_in_danger_is_heard_by_all_who_were_alarmed(kit: Kit, words: str) -> None:
    await kit.says(GAS)
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.says(words)
    await kit.deliver()
    [answer] = kit.chat.texts("c1")
    assert answer.startswith("如果现场有危险，请先到安全的地方，马上拨打 119。")
    assert "记下了" not in answer
    for reader in ("handler", "agent", "lead"):
        assert any("危险还没解除" in text and f"“{words}”" in text for text in kit.chat.texts(reader)), reader
    assert (await kit.the_complaint()).severity is Severity.S0


async def test_whoever_the_alarm_has_reached_hears_it_too(kit: Kit) -> None:
    await kit.says(GAS)
    await kit.deliver()
    await kit.sweep(timedelta(minutes=11))
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.says("火越来越大了")
    await kit.deliver()
    assert any("火越来越大了" in text for text in kit.chat.texts("backup"))


async def test_who_presses_on_and_on_disturbs_them_once_and_is_told_whom_to_call_each_time(kit: Kit) -> None:
    await kit.says(GAS)
    for _ in range(3):
        await kit.says("你们到底来不来人")
    await kit.deliver()
    assert sum("来不来人" in text and "危险还没解除" in text for text in kit.chat.texts("lead")) == 1
    assert sum("马上拨打 119" in text for text in kit.chat.texts("c1")) == 4


@pytest.mark.parametrize("words", ["到底来不来人啊？？", "怎么还没来", "are you coming or not??", "where is everyone"])
async def test_every_cry_reaches_whoever_has_it_and_nobody_reads_of_more(kit: Kit, words: str) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有个老人，快来人")
    await kit.says("怎么还没人来")
    await kit.says("收到", "lead")
    await kit.says("接单", "handler")
    await kit.deliver()
    kit.chat.sent.clear()
    for _ in range(2):
        await kit.says(words)
        await kit.deliver()
    assert sum(f"“{words}”" in text and "危险还没解除" in text for text in kit.chat.texts("handler")) == 2
    assert not any(words in text for text in kit.chat.texts("lead"))
    for answer in kit.chat.texts("c1"):
        assert "马上转给了处理的同事（" in answer


@pytest.mark.parametrize("words", ["接单", "接了 马上到", "accept"])
async def test_nobody_in_danger_is_told_of_days(kit: Kit, words: str) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有个老人，快来人")
    await kit.says(words, "handler")
    await kit.says("进展 已到现场，正在开门", "handler")
    await kit.says("进度")
    await kit.says("我姓刘 13911112222")
    await kit.deliver()
    told = kit.chat.texts("c1")
    assert any("接手您的事" in text and "会马上和您联系" in text and "119" in text for text in told)
    assert any("正在开门" in text and "119" in text for text in told)
    assert not any(re.search(r"\d月\d.{0,16}前", text) for text in told), told
    there = ("请马上联系客户、到现场", "contact the customer and go there")
    assert any(words in text for words in there for text in kit.chat.texts("handler"))
    await kit.says("虚惊一场 没事了")
    await kit.says("进度")
    await kit.deliver()
    assert re.search(r"\d月\d.{0,16}前", kit.chat.texts("c1")[-1])


async def test_while_nobody_has_it_every_cry_reaches_whoever_is_on_duty(kit: Kit) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有个老人，快来人")
    await kit.says("退单 不归我管", "handler")
    await kit.says("怎么还没人来")
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.says("到底来不来人啊")
    await kit.deliver()
    assert any("到底来不来人啊" in text for reader in ("agent", "lead", "handler") for text in kit.chat.texts(reader))


@pytest.mark.parametrize("words", ["进度", "我的投诉", "谢谢", "王芳", "投诉 物业费涨价没通知", "撤销"])
async def test_what_is_no_word_of_the_danger_is_done_as_ever(kit: Kit, words: str) -> None:
    await kit.says(GAS)
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.says(words)
    await kit.deliver()
    assert not any("危险还没解除" in text for text in kit.chat.texts("lead"))


async def test_in_another_country_its_own_numbers_are_told(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, emergency=Services.of("GB-ENG")) as kit:
        await kit.says("theres a fire in room 5!!", "c1")
        await kit.says("my wife collapsed in the lobby, she isn't breathing", "c2")
        await kit.deliver()
        for who in ("c1", "c2"):
            told = "".join(kit.chat.texts(who))
            assert "999" in told
            assert not re.search(r"\b(?:110|119|120)\b", told)


LIFT = "我和孩子卡电梯里了 9栋"


@pytest.mark.parametrize(
    "words",
    [
        "灯灭了 孩子吓哭了 里面好闷",
        "出不去 手机快没电了",
        "门打开一条缝 我能不能爬出去",
        "我们在9栋2单元",
        "还要多久",
        "你们有没有人来啊",
        "？",
        "the doors opened a bit, can i climb out",
        "how long",
        "we're in tower 9 unit 2",
    ],
)
async def test_what_is_said_from_a_lift_is_of_the_lift_whatever_else_is_open(kit: Kit, words: str) -> None:
    await kit.says("投诉 3栋热水器没热水，电话13712345678")
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=10))
    await kit.says(LIFT)
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.says(words)
    await kit.deliver()
    [answer] = kit.chat.texts("c1")
    assert answer.startswith("请马上拨打 119。被困的人请别慌、别扒门，原地等救援。")
    for reader in ("handler", "agent", "lead"):
        assert any(words in text and "时限" not in text for text in kit.chat.texts(reader)), reader
    assert len(await kit.complaints()) == 2


async def test_danger_told_where_a_name_was_asked_for_is_no_answer_about_another_matter(kit: Kit) -> None:
    await kit.says("投诉 3栋热水器没热水，电话13712345678")
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=10))
    await kit.says("卡在电梯里了 4栋")
    water, lift = await kit.complaints()
    assert (water.severity, lift.severity) == (Severity.S4, Severity.S0)
    assert "卡在电梯里" in lift.summary


@pytest.mark.parametrize("words", ["我妈喘不上气了", "里面好黑 我女朋友快晕了", "救命啊", "i have chest pain"])
async def test_who_falls_ill_in_a_lift_is_told_both_numbers_and_to_wait(kit: Kit, words: str) -> None:
    await kit.says(LIFT)
    await kit.says(words)
    await kit.deliver()
    said = kit.chat.texts("c1")[-1]
    assert "119" in said
    assert "120" in said
    assert "被困的人请别慌、别扒门" in said


async def test_a_look_at_how_it_stands_is_none_of_the_newest_words(kit: Kit) -> None:
    await kit.says("电梯困人了！3栋2单元，里面有个老人")
    await kit.says("老人有点喘，心脏不好")
    await kit.says("进度")
    await kit.deliver()
    kit.chat.sent.clear()
    await pass_time(kit, minutes=31)
    rung = [text for text in kit.chat.texts("handler") if "请马上回复“收到”" in text]
    assert rung
    assert all("客户刚才说：老人有点喘" in text for text in rung)


async def test_a_lead_who_says_that_it_is_not_urgent_lowers_it(kit: Kit) -> None:
    await kit.says(LIFT)
    reference = (await kit.the_complaint()).reference
    await kit.says(f"定级 {reference[-4:]} 不是紧急的事，定成一般就行", "lead")
    assert (await kit.the_complaint()).severity is Severity.S4


@pytest.mark.parametrize("words", ["{0}不是紧急的事，定成一般就行", "{0} 不紧急", "grade {0} not urgent"])
async def test_a_denied_word_raises_nothing(kit: Kit, words: str) -> None:
    await kit.says("投诉 3栋车位被占，电话13712345678")
    reference = (await kit.the_complaint()).reference
    await kit.says(words.format(reference), "lead")
    await kit.deliver()
    assert (await kit.the_complaint()).severity is Severity.S4
    assert not any("紧急" in text and "升为" in text for text in kit.chat.texts("agent"))


@pytest.mark.parametrize(
    ("told", "asks", "trapped"),
    [
        ("5栋电梯突然停了", "有人被困", "有人被困"),
        ("the lift stopped between floors", "someone is trapped", "someone is trapped"),
    ],
)
async def test_of_a_lift_that_stands_it_is_asked_whether_anybody_is_in_it(
    kit: Kit, told: str, asks: str, trapped: str
) -> None:
    await kit.says(told, "c1")
    await kit.deliver()
    assert asks in kit.chat.texts("c1")[0]
    assert "119" in kit.chat.texts("c1")[0]
    assert (await kit.the_complaint()).severity is not Severity.S0
    await kit.says(trapped, "c1")
    assert (await kit.the_complaint()).severity is Severity.S0


async def test_of_a_lift_out_for_days_it_is_not_asked(kit: Kit) -> None:
    await kit.says("3栋电梯坏了三天没人修", "c1")
    await kit.deliver()
    assert "被困" not in kit.chat.texts("c1")[0]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("胸口疼", "请马上拨打 120，说清楚在哪里。"),
        ("我妈胸痛", "请马上拨打 120，说清楚在哪里。"),
        ("快晕了", "请马上拨打 120，说清楚在哪里。"),
        ("感觉要晕过去了", "请马上拨打 120，说清楚在哪里。"),
        ("chest pain", "Please call 120 at once and say where you are."),
        ("I'm about to pass out", "Please call 120 at once and say where you are."),
        ("i feel faint, send someone", "Please call 120 at once and say where you are."),
    ],
)
async def test_r041_who_falls_ill_reads_the_ambulance_first_and_is_not_sent_away(
    kit: Kit, words: str, first: str
) -> None:
    await kit.says(words)
    await kit.deliver()
    assert (await kit.the_complaint()).severity is Severity.S0
    assert kit.chat.texts("c1")[0].startswith(first)


async def test_who_is_held_and_about_to_faint_reads_both_numbers(kit: Kit) -> None:
    await kit.says("我卡电梯里面了 9栋")
    await kit.says("快晕了")
    await kit.deliver()
    assert kit.chat.texts("c1")[-1].startswith("请马上拨打 119、120。被困的人请别慌")


@pytest.mark.parametrize("before", ["漏水", "3栋502厨房漏水三天没人管"])
@pytest.mark.parametrize("words", ["stuck in the lift, tower 4", "被困电梯了,4号楼", "我们卡在电梯里出不去"])
async def test_an_alarm_of_something_else_is_a_matter_of_its_own(kit: Kit, before: str, words: str) -> None:
    await kit.says(before)
    await kit.says(words)
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    first, alarm = await kit.complaints()
    assert (first.severity, alarm.severity) == (Severity.S4, Severity.S0)
    assert words in alarm.summary


@pytest.mark.parametrize(
    "words",
    [
        "厨房全是蟑螂,要杀虫",
        "老鼠打死了三只还有",
        "cockroaches everywhere, kill them",
        "ants all over, please come and kill them",
        "a wasp attacked me",
    ],
)
async def test_bugs_are_no_threat(kit: Kit, words: str) -> None:
    await kit.says(f"投诉 {words} 3栋502")
    await kit.deliver()
    assert (await kit.the_complaint()).severity is Severity.S4
    assert "110" not in kit.chat.texts("c1")[0]


@pytest.mark.parametrize(
    ("words", "theirs"),
    [
        ("再不处理我就杀了你们", True),
        ("我要去你们办公室打人", True),
        ("明天我带刀来", True),
        ("再不修把你们办公室烧了", True),
        ("蟑螂再不来杀 我要杀了你们", True),
        ("fix it or I'll kill you all", True),
        ("he said i'll kill you", False),
        ("我老公要杀我", False),
        ("邻居说，我要砍死你", False),
        ("我要投诉保安打人", False),
        ("保安打我，我要杀了他", False),
        ("the guard hit me, i'll kill him", False),
        ("有人拿刀在大堂", False),
    ],
)
async def test_only_who_is_threatened_is_told_to_call_the_police(kit: Kit, words: str, theirs: bool) -> None:
    await kit.says(words)
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    assert (await kit.the_complaint()).severity is Severity.S0
    assert ("110" not in kit.chat.texts("c1")[0]) is theirs
    assert any("请马上回复“收到”" in text for text in kit.chat.texts("agent"))
