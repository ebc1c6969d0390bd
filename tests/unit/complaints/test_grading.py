"""Words of danger: what raises a complaint by itself, and what only sounds like it (R-041)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from complaints import briefing, closing, customer, grading, handling, policy
from complaints.change import Change, EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import Missing, NotAllowed, PolicyError
from complaints.grading_rules import moments
from complaints.grading_words import danger, hear
from complaints.parts.actors import SYSTEM
from complaints.policy import Topic
from complaints.promises import Terms, work_deadline
from complaints.vocabulary import Fault, Flag, Kind, Severity, Status
from tests.unit.complaints import build

DANGER_ZH = """
你们家电梯里头卡着俩老人呢 快来人啊
还困着人，快来
电梯卡住了一个小孩
插座冒火花
墙上插头直冒火星
门伤了一个孩子
投诉 4栋楼道里煤气味很重，有人头晕
3栋着火了快来人
煤气泄漏
电梯困人了，有小孩在里面
垃圾房着火了
里面困了两个人
配电箱冒烟了
楼下起火了，浓烟往上走
厨房失火
地下车库有大火
充电桩自燃
燃气管漏气了
闻到一股天然气
家里煤气中毒了
燃气味道很大
热水器漏电
地下车库积水，电线泡在水里
插排泡水了还通着电
配电房被雨水淹了
电缆一直浸在积水里没人管
孩子触电了
电线掉下来了
有人被困电梯
老人困在电梯里一个小时了
我被关在电梯里
围墙倒塌了
天花板要塌了
阳台塌了砸到人
有人坠楼
小孩掉水里了
孩子被电梯门夹了，受伤了
老人摔倒骨折
有人晕倒在大堂
头上一直流血
我爸昏迷了
救命
保安拿着刀威胁我
邻居持刀要砍人
他说要杀了我
被人打伤了
给我报个警吧物业打人
物业保安在大门口骂她，还推了她一下
你们保安把我老公推倒在地
被保安打了一巴掌
刚才门卫踹了我两脚
两个业主在楼下打起来了
楼上邻居打了我妈，快来
楼顶有人要跳楼
我不想活了
她割腕自杀
楼上着火，没有人来
没人管，电梯里困了3个人
墙插座冒烟，一直没人来
变电房爆炸了
没有水，又着火了
""".strip().splitlines()
HARMLESS_ZH = """
电梯卡住了老人下不了楼
电梯关了人都进不去
伤了老人的心
气得我冒火
没有着火
生意火了
消防演练几点开始
我的燃气费算错了
煤气表漏抄了
燃气灶漏水
今天没有人受伤
会不会着火
要是着火了怎么办
担心漏电
去年着火以后一直没修
你们这楼会着火吗
电梯里没有困人
烟雾报警器坏了
保安没打人
去年保安打人
物业打我电话我没接到
请安排专人打我电话
让师傅打我
推了我三次了，每次都说明天
打了业主几下电话
把我打发走了
一直被物业踢皮球
物业微信群把我踢了
被打断了三次
火灾报警器没电了
物业太火大了，我很恼火
火锅店油烟大
跳楼价大甩卖
办事困难
被困扰很久了
我很困
热死人了空调坏了
消防栓漏水
燃气公司电话多少
漏电保护器跳闸
电线没泡水
插座被水泡过，已经换好了
买的充电桩说明书泡水了
防火门关不上
防止触电的措施
并未起火
不是煤气味
没闻到煤气味
以前着火过
万一爆炸了呢
存在火灾隐患
电动车进楼容易着火
信息爆炸的时代
我气炸了
打死也不交物业费
上个月冒烟的插座换好了
咨询燃气缴费
漏水三天没人修
门锁坏了
态度恶劣，要曝光
看了一部火灾电影
煤气灶打不着火
施工师傅用刀割的缝
""".strip().splitlines()
DANGER_EN = """
lift in tower 5 stuck again with people in it, what are you lot paid for
there are people in the stuck lift
the plug sparks when I use it
there are wires lying in the water in the garage
the sockets in the basement are under water
the cables are submerged since last night
a lift that hurt a child
the gate knocked over my son
complaint Fire! smoke is coming out of the meter cupboard
gas leak in block 4, somebody fainted
strong gas smell in the hall, I feel dizzy
children trapped in the lift
he threatens me with a knife
there is a fire in the kitchen
the bin room is on fire
the balcony caught fire
a fire broke out
flames from the window
the corridor is full of smoke
thick smoke on floor 3
there was an explosion downstairs
the boiler exploded
smell of gas in the hallway
I smell gas
gas is leaking
the pipe is leaking gas
it smells like gas here
carbon monoxide alarm went off
my son got an electric shock
she was electrocuted
live wires hanging down
your guard hit me in the face
the security guard punched my husband
I was assaulted by your staff
he shoved her to the ground
call the police, the guard is beating a resident
exposed wire in the playground
sparks are flying from the socket
the socket is sparking
I am stuck in the lift
stuck in the elevator for an hour
two people locked in the elevator
the ceiling collapsed
the wall is collapsing
the roof caved in
a child is drowning
she fell from the balcony
my mother is injured
he is bleeding
she has a broken leg
a man is unconscious
he passed out
he is not breathing
my father has a heart attack
the guard has a gun
he said he would kill me
somebody was stabbed
a robbery in the garage
a neighbour attacked me
I want to kill myself
somebody wants to jump off the roof
nobody came, the flat is on fire
""".strip().splitlines()
HARMLESS_EN = """
the wiring to the water heater was replaced
the sockets are not in the water
you could have hurt a child
lift stuck again, nobody in it
it hurt my mother's feelings
there is no fire
nobody was injured
no gas leak here
no smoke
when is the fire drill
the gas bill is wrong
gas meter reading is wrong
gas company number please
the smoke detector beeps
smoke alarm battery is empty
the fire door does not close
fire extinguisher expired
fire escape is blocked
fire exit is blocked
fire safety inspection
is there a fire?
is it a gas leak?
what if there is a fire
if a fire broke out we could not leave
last year the balcony caught fire
the flat was on fire years ago
there is no smell of gas
it is not on fire
business is on fire
our sales are on fire
this could cause an explosion
risk of electric shock
to prevent injury please fix the step
I was fired
the lift is stuck on floor 3
elevator is slow
he was rude
killing time in your queue
help me with the invoice
help me find my contract
the water is trapped under the floor
money trapped in your deposit
personal injury lawyer advertisement
I am worried about a gas leak
what happens in case of explosion
nobody was hurt
the neighbour smokes on the balcony
the fireplace is dirty
first aid training about drowning
the fire station is far
fire insurance papers
no one was trapped in the lift
the gas stove is broken
please help me, the door is broken
""".strip().splitlines()


@pytest.mark.parametrize("said", DANGER_ZH + DANGER_EN)
def test_r041_words_of_danger_are_found(said: str) -> None:
    found = danger(said)
    assert found is not None
    assert found.words
    assert set(found.calls) <= {"119", "110", "120"}


@pytest.mark.parametrize("said", HARMLESS_ZH + HARMLESS_EN)
def test_r041_denied_asked_past_or_merely_named_is_no_danger(said: str) -> None:
    assert danger(said) is None


def test_there_are_enough_of_each() -> None:
    assert min(len(DANGER_ZH), len(HARMLESS_ZH), len(DANGER_EN), len(HARMLESS_EN)) >= 40


@pytest.mark.parametrize(
    ("said", "calls"),
    [
        ("着火了", ("119",)),
        ("煤气味很重", ("119",)),
        ("有人拿刀砍人", ("110",)),
        ("老人摔倒骨折", ("120",)),
        ("着火了，有人受伤", ("119", "120")),
        ("he has a knife and my son is bleeding", ("110", "120")),
        ("之前报修没人管现在着火了", ("119",)),  # what was said before does not unsay it
    ],
)
def test_the_numbers_to_call_follow_from_the_danger(said: str, calls: tuple[str, ...]) -> None:
    found = danger(said)
    assert found is not None
    assert found.calls == calls


@pytest.mark.parametrize("kind", Kind)
def test_only_what_is_to_be_dealt_with_is_graded_by_words(kind: Kind) -> None:
    filing = handling.Filing("TS1", "3栋着火了", "c1", "chat", "zh", kind=kind)
    change = handling.file(filing, SYSTEM, build.BASE, build.MONDAY)
    dealt_with = kind in (Kind.COMPLAINT, Kind.REPAIR, Kind.SERVICE)
    assert (grading.said_danger(change) is not None) is dealt_with
    assert (grading.regrade(change, build.BASE, build.MONDAY).complaint.severity is Severity.S0) is dealt_with


# ── what else words say ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("再不处理我就找记者曝光", Topic.EXPOSURE),
        ("别逼我找记者", Topic.EXPOSURE),
        ("没人管就曝光", Topic.EXPOSURE),
        ("我是记者，要采访你们", Topic.EXPOSURE),
        ("我要请律师，法院见", Topic.LAWSUIT),
        ("我已经向法院起诉了", Topic.LAWSUIT_BEGUN),
        ("上了热搜", Topic.PUBLISHED),
        ("打12345投诉你们", Topic.AUTHORITY),
        ("再不来我打12345了", Topic.AUTHORITY),
        ("打12345号热线投诉", Topic.AUTHORITY),
        ("工单没人管我打12345", Topic.AUTHORITY),
        ("I'll call 12345", Topic.AUTHORITY),
        ("去派出所报警了", Topic.POLICE),
        ("我们联名投诉", Topic.CROWD),
        ("家里有孕妇", Topic.FRAIL),
        ("if not fixed I will sue you", Topic.LAWSUIT),
        ("we have already filed a lawsuit", Topic.LAWSUIT_BEGUN),
        ("I'll go to the press", Topic.EXPOSURE),
        ("all the residents are cold", Topic.CROWD),
    ],
)
def test_words_of_weight_are_heard(text: str, topic: Topic) -> None:
    assert topic in hear(text).topics


@pytest.mark.parametrize(
    "text",
    [
        "我不想曝光你们，只想修好", "没有起诉", "我没报警", "烟感报警器一直响", "在法院路8号", "电视台信号不好",
        "电话12345678901", "3号楼602户漏水", "漏水三天没人修",
        "I won't sue, just fix it", "my neighbour Sue and Sue is loud", "press the button",
    ],
)  # fmt: skip
def test_what_is_denied_or_merely_named_weighs_nothing(text: str) -> None:
    assert hear(text).topics == {}


def test_numbers_that_are_named_are_heard() -> None:
    assert (hear("a dozen of us want to complain").people, hear("dozens of residents, no water").people) == (12, 24)
    assert (hear("half a dozen other families").people, hear("我们十二户都没水").people) == (6, 10)
    assert (hear("I told you dozens of times").people, hear("the two of us fell").people) == (0, 0)
    assert "lawsuit" not in hear("my name is Sue Best, call me").topics
    assert "crowd" in hear("I write on behalf of the residents of tower 3").topics
    assert (hear("我们12户都没水").people, hear("我们三十多户联名").people, hear("15 of us are cold").people) == (
        12,
        30,
        15,
    )
    assert hear("3人受伤").injured == 3
    assert (hear("损失5000元").loss, hear("赔我1.2万元").loss) == (5000, 12000)


# ── the engine ────────────────────────────────────────────────────────────────────────────────────────────────────────

LATER = build.MONDAY + timedelta(minutes=1)


def regraded(complaint: Complaint, *, now: datetime = LATER, people: int = 1, rules: Terms = build.BASE) -> Change:
    return grading.regrade(Change(complaint), rules, now, people)


def said(text: str, complaint: Complaint | None = None, rules: Terms = build.BASE) -> Change:
    told = customer.supplement(complaint or build.working(rules), text, build.CUSTOMER, LATER)
    return grading.regrade(told, rules, LATER)


HURT = """
The lift in tower 4 dropped two floors with me inside, I hurt my back
楼道地滑，老人摔了一跤
被推了一下，手都擦破了
老人膝盖破了，家属要求赔偿
3号电梯又坏了，困了我半个小时
电梯突然往下掉了两层，吓死我们了
电梯从8楼一下滑到3楼
电梯急坠，我妈在里面
孩子被单元门夹到手了
我在电梯里出不来了
孩子被反锁在屋里了
狗把我咬了，被咬的地方在流血
门口石砖松了，我妈绊倒了
天花板掉下来砸到孩子了
我爸滑了一跤，腰动不了
他的手被玻璃划伤
台阶坏了害我摔断了手
再不修要出人命了
装修工人从架子上摔下来了
外墙砖掉下来砸中了老人
她从楼梯上滚下楼了
The elevator plunged three floors this morning
lift number 2 suddenly dropped, everyone screamed
my mother slipped on the wet floor and cannot stand up
an old man fell down the stairs
I tripped over the loose tile and cut my knee
She broke her wrist on your steps
a tile fell on my head
We are stuck inside, the lift has no light
I can't get out of the lift
the dog bit my son
Please send an ambulance to block 3
my father was hurt by the gate
a child has fallen from the slide
""".strip().splitlines()
FLOODED = """
我家水管爆了，水流到客厅了快来人！！
楼上爆管，我家全淹了
污水倒灌，漫到卧室了
车库被淹了
a pipe burst in the ceiling
Water is pouring through the kitchen ceiling
my flat is flooded
""".strip().splitlines()
GRAVE_IN_SOUND_ONLY = """
你们是不是死人啊！！电梯停了三天
累死了
气死我了
等死我了，电话打不通
等了一天困死我了
电梯按钮掉了
电梯停在3楼不动
差点摔倒，请擦干地面
地面太滑，容易摔倒
没有人摔倒
非要出人命你们才管吗
去年我妈在这里摔了一跤
三个月前有人滑倒过
手机摔坏了
水龙头破了
钥匙锁在家里了
热水出不来
投诉一下停车费，车牌粤B12345
我的车牌是京A12345
工单号12345没有人处理
电费12345元算错了
合同编号12345
你们这态度太伤人了
我忙得要死
催了几遍都没人理，人都死哪去了
Your service is dead slow
I'm dead tired of waiting
nobody fell
I nearly fell on the stairs
the breaker tripped again
your words hurt my feelings
I fell asleep waiting for your call
prices dropped, the fee should too
the lift is out of order
I was flooded with calls from your office
my plate number is B12345
order 12345 has not arrived
they pushed me to sign the contract
the bill hit me hard with charges
the board fell and nearly hit me
you beat me to it
I got kicked off the app
the light fell off the wall
I cannot get out of the contract
last year my mother slipped on the stairs
""".strip().splitlines()


def test_r041_falls_lifts_that_drop_and_the_trapped_are_danger_insults_and_numbers_are_nothing() -> None:
    assert [said for said in HURT if danger(said) is None] == []
    assert [said for said in FLOODED if not {Topic.DANGER, Topic.FLOODING} & hear(said).topics.keys()] == []
    assert [said for said in GRAVE_IN_SOUND_ONLY if hear(said).topics.keys() - {Topic.FRAIL}] == []
    assert len(HURT + FLOODED) >= 30 <= len(GRAVE_IN_SOUND_ONLY)


def test_a_home_that_floods_is_proposed_as_major() -> None:
    proposal = said("水管爆了，水流到客厅了").complaint.proposal
    assert proposal is not None
    assert (proposal.severity, proposal.rule) == (Severity.S1, "flooding")


@pytest.mark.parametrize(
    ("changes", "severity", "rule"),
    [
        ({"injured": 1}, Severity.S0, "injured"),
        ({"flags": frozenset({Flag.LAWSUIT})}, Severity.S1, "lawsuit"),
        ({"flags": frozenset({Flag.PUBLISHED})}, Severity.S1, "published"),
        ({"people": 10}, Severity.S1, "crowd"),
        ({"flags": frozenset({Flag.MEDIA})}, Severity.S2, "media"),
        ({"people": 3}, Severity.S2, "group"),
        ({"repeat_of": "TS20261001-0001"}, Severity.S3, "repeat"),
        ({"flags": frozenset({Flag.OUTSIDE_HELP})}, Severity.S3, "outside_help"),
        ({"people": 2}, Severity.S4, ""),
        ({"loss": 100_000}, Severity.S4, ""),
    ],
)
def test_r029_facts_decide(changes: dict[str, Any], severity: Severity, rule: str) -> None:
    change = regraded(replace(build.working(), **changes))
    assert change.complaint.severity is severity
    assert [ground.rule for ground in grading.why(change.complaint)] == ([rule] if rule else [])


def test_people_who_were_counted_elsewhere_count() -> None:
    assert regraded(build.working(), people=3).complaint.severity is Severity.S2
    assert regraded(build.working(), people=10).complaint.severity is Severity.S1


def test_words_only_propose() -> None:
    change = said("再不处理我就找记者曝光")
    assert change.complaint.severity is Severity.S4
    assert change.complaint.proposal is not None
    assert (change.complaint.proposal.severity, change.complaint.proposal.words) == (Severity.S2, "记者")
    assert build.told(change)[-1] == ("grade_proposed", "@duty_desk")
    confirmed = grading.confirm(change.complaint, build.AGENT, build.BASE, LATER)
    assert confirmed.complaint.severity is Severity.S2
    assert confirmed.complaint.proposal is None
    [ground] = grading.why(confirmed.complaint)
    assert (ground.rule, ground.detail, ground.by) == ("said_hot", "记者", "agent")


def test_r063_a_threat_among_urges_is_graded_and_heard_whatever_was_urged_before() -> None:
    urged = customer.urge(build.working(), "催！！！", build.CUSTOMER, build.BASE, LATER).complaint
    again = customer.urge(urged, "到底有没有人管？", build.CUSTOMER, build.BASE, LATER)
    assert [notice.kind for notice in again.notices] == [NoticeKind.URGE_RECORDED]
    threat = customer.urge(again.complaint, "再不来我打12345了", build.CUSTOMER, build.BASE, LATER)
    assert [notice.kind for notice in threat.notices] == [NoticeKind.URGE_RECORDED, NoticeKind.STAFF_URGED]
    proposal = grading.regrade(threat, build.BASE, LATER).complaint.proposal
    assert proposal is not None
    assert (proposal.severity, proposal.words) == (Severity.S2, "12345")


def test_danger_counts_before_anybody_has_looked() -> None:
    change = said("3栋着火了")
    assert change.complaint.severity is Severity.S0
    assert [kind for kind, _ in build.told(change)][-2:] == ["grade_proposed", "grade_proposed"]
    [graded] = [event for event in change.events if event.kind is EventKind.GRADED]
    assert (graded.by, graded.facts["words"]) == (None, "着火")
    refused = grading.refuse(change.complaint, None, "是消防演练", build.AGENT, build.BASE, LATER)
    assert (refused.complaint.severity, refused.complaint.proposal) == (Severity.S4, None)
    assert said("又着火了，真的", refused.complaint).complaint.severity is Severity.S0  # danger said again is danger


def test_a_number_that_a_customer_names_is_only_said() -> None:
    change = said("我们12户都没水")
    assert (change.complaint.severity, change.complaint.people) == (Severity.S4, 1)
    assert change.complaint.proposal is not None
    assert change.complaint.proposal.severity is Severity.S1
    refused = grading.refuse(change.complaint, None, "只有一户", build.AGENT, build.BASE, LATER).complaint
    assert said("我们12户都没水", refused).complaint.proposal is None


def test_refusing_needs_a_reason_and_going_lower_than_it_was_needs_the_lead() -> None:
    proposed = said("我要起诉你们", replace(build.working(), severity=Severity.S3)).complaint
    with pytest.raises(Missing):
        grading.refuse(proposed, Severity.S3, " ", build.AGENT, build.BASE, LATER)
    with pytest.raises(NotAllowed):
        grading.refuse(proposed, Severity.S4, "气话", build.AGENT, build.BASE, LATER)
    assert (
        grading.refuse(proposed, Severity.S3, "气话", build.AGENT, build.BASE, LATER).complaint.severity is Severity.S3
    )
    assert (
        grading.refuse(proposed, Severity.S4, "气话", build.LEAD, build.BASE, LATER).complaint.severity is Severity.S4
    )


def test_the_same_words_are_not_proposed_again_once_refused() -> None:
    refused = grading.refuse(said("我要起诉你们").complaint, None, "气话", build.AGENT, build.BASE, LATER).complaint
    assert said("我要起诉你们！", refused).complaint.proposal is None
    assert said("我去找记者", refused).complaint.proposal is not None


def test_who_is_named_does_not_check_it() -> None:
    proposed = replace(said("我要起诉你们").complaint, respondents=frozenset({"agent"}))
    with pytest.raises(NotAllowed):
        grading.confirm(proposed, build.AGENT, build.BASE, LATER)


def test_a_lead_lowers_and_the_same_cause_does_not_raise_again() -> None:
    hot = regraded(replace(build.working(), people=4)).complaint
    lowered = handling.grade(hot, Severity.S3, "都是一家人", build.LEAD, build.BASE, LATER).complaint
    assert regraded(lowered).complaint.severity is Severity.S3
    assert regraded(lowered, people=5).complaint.severity is Severity.S2  # more than the lead knew of


def test_rules_only_raise() -> None:
    assert regraded(replace(build.working(), severity=Severity.S1, people=3)).complaint.severity is Severity.S1


def test_a_week_unsolved_by_our_fault_is_hot_and_a_month_major() -> None:
    desk = build.Desk(build.working(), build.BASE)
    week, month = build.at("2026-11-30 10:00"), build.at("2026-12-23 10:00")
    moment = timedelta(seconds=1)
    severities = [desk.until(at).complaint.severity for at in (week - moment, week, month - moment, month)]
    assert severities == [Severity.S4, Severity.S2, Severity.S2, Severity.S1]
    assert [ground.rule for ground in grading.why(desk.complaint)] == ["month_open"]


@pytest.mark.parametrize("fault", [Fault.CUSTOMER, Fault.THIRD])
def test_time_does_not_count_where_the_fault_is_not_ours(fault: Fault) -> None:
    told = grading.assess(build.working(), "fault", fault, build.AGENT, LATER).complaint
    desk = build.Desk(told, build.BASE).until(build.at("2027-01-15 10:00"))
    assert desk.complaint.severity is Severity.S4


def test_what_is_resolved_does_not_grow_old() -> None:
    assert not list(grading.wanted(build.resolved(), build.BASE))


def test_a_month_ends_on_its_last_day_where_there_is_no_such_day() -> None:
    complaint = build.working(now=build.at("2027-01-31 10:00"))
    ripe = {rule.name: at for rule, at in moments(complaint, build.BASE)}
    assert ripe["month_open"] == build.at("2027-02-28 10:00")


def test_trap35_what_grows_old_at_night_wakes_nobody() -> None:
    complaint = build.working(now=build.at("2026-11-24 03:00"))
    [timer] = [t for t in grading.wanted(complaint, build.BASE) if t.rule == "grade:week_open"]
    assert timer.due_at == build.at("2026-12-01 07:00")


def test_nobody_looked_the_lead_and_then_the_leader_hear_of_it_once_each() -> None:
    desk = build.Desk(said("我要找媒体").complaint, build.BASE, LATER)
    desk.until(LATER + timedelta(hours=2))
    assert [line for line in desk.said() if "grade_proposed" in line] == [
        "11-23 10:16:00 grade_proposed @center_lead", "11-23 10:31:00 grade_proposed @leader",
    ]  # fmt: skip


def test_nobody_hears_of_it_once_somebody_has_looked() -> None:
    checked = grading.confirm(said("我要找媒体").complaint, build.AGENT, build.BASE, LATER).complaint
    assert not any(timer.rule == grading.CHECK for timer in grading.wanted(checked, build.BASE))


def test_a_profile_has_its_own_rules(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(
        'inherits = "base"\n[grading.rules]\nweek_open = false\n'
        '[grading.rules.dear]\nat_least = "S2"\nwhen = { loss = 10000 }\n'
        '[grading.rules.pressed]\nat_least = "S3"\nwhen = { urged = 3 }\n'
        '[grading.rules.late]\nat_least = "S3"\nwhen = { overdue = 1.0 }\n'
        '[grading.rules.nobody]\nat_least = "S3"\nwhen = { unaccepted_for = "4h" }\n'
        '[grading.rules.insult]\nat_least = "S3"\nwhen = { words = ["骂人"] }\ndecides = true\n',
        encoding="utf-8",
    )
    rules = Terms(policy.load("ours", [tmp_path]), build.WEEK)
    assert "week_open" not in {rule.name for rule in rules.policy.grading.rules}
    assert regraded(replace(build.working(rules), loss=10_000), rules=rules).complaint.severity is Severity.S2
    assert regraded(replace(build.working(rules), urged=3), rules=rules).complaint.severity is Severity.S3
    assert said("保安骂人", build.working(rules), rules).complaint.severity is Severity.S3
    four = build.Desk(build.dispatched(rules), rules).until(build.at("2026-11-23 14:00"))
    assert four.complaint.severity is Severity.S3
    due = work_deadline(build.working(rules))
    assert due is not None
    ripe = {rule.name: at for rule, at in moments(build.working(rules), rules)}
    assert ripe["late"] == due.due_at + (due.due_at - due.started_at)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[grading.rules.odd]\nat_least = "S2"\nwhen = {}', "grading.rules.odd.when is empty"),
        ('[grading.rules.odd]\nat_least = "S2"\nwhen = { open_for = "soon" }', "open_for"),
        ('[grading.rules.odd]\nat_least = "S7"\nwhen = { people = 2 }', "at_least"),
        ('[grading.rules.odd]\nat_least = "S2"\nwhen = { sad = ["danger"] }', "did you mean said"),
    ],
)
def test_a_slip_in_a_rule_is_named(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "ours.toml").write_text(f'inherits = "base"\n{text}\n', encoding="utf-8")
    with pytest.raises(PolicyError, match=re.escape(named)):
        policy.load("ours", [tmp_path])


def test_leaders_read_who_gave_a_major_case_another_severity_and_why() -> None:
    major = replace(build.working(), severity=Severity.S1)
    lowered = briefing.follow(
        major,
        handling.grade(major, Severity.S3, "只是误报", build.LEAD, build.BASE, build.MONDAY),
        build.BASE,
        build.MONDAY,
    )
    [told] = [notice for notice in lowered.notices if notice.kind is NoticeKind.BULLETIN]
    assert told.facts == {"turn": "graded", "who": build.LEAD.person, "reason": "只是误报", "to": "S3"}


def told_at(complaint: Complaint, text: str, moment: datetime) -> build.Desk:
    """The complaint on its clock from the moment on at which its customer told something."""
    change = customer.supplement(complaint, text, build.CUSTOMER, moment)
    return build.Desk(grading.regrade(change, build.BASE, moment).complaint, build.BASE, moment)


def alarms(desk: build.Desk) -> list[str]:
    return [line.split()[1] for line in desk.said() if " alarm " in line]


@pytest.mark.parametrize("status", [Status.WORKING, Status.ON_HOLD])
def test_r041_danger_told_anew_of_what_was_danger_before_climbs_anew(status: Status) -> None:
    back = replace(build.resolved(), severity=Severity.S0)
    back = closing.reopen(back, "不满意", build.CUSTOMER, build.BASE, LATER).complaint
    later = LATER + timedelta(days=5, hours=3)
    silent = build.Desk(replace(back, status=status), build.BASE, later)
    assert alarms(silent.until(later + timedelta(minutes=25))) == []
    again = told_at(replace(back, status=status), "电梯又困住人了", later)
    assert len(set(alarms(again.until(later + timedelta(minutes=25))))) == 3


def test_r041_danger_told_twice_in_a_breath_is_one_alarm_and_another_danger_a_second() -> None:
    grave = replace(build.working(), summary="电梯困人了", severity=Severity.S0)
    word = handling.report(grave, "已派人去", build.HANDLER, build.BASE, LATER).complaint
    soon = LATER + timedelta(minutes=10)
    same = told_at(word, "还困着人，快来", soon).until(soon + timedelta(minutes=25))
    assert alarms(same) == []
    other = told_at(word, "现在着火了", soon).until(soon + timedelta(minutes=25))
    assert len(set(alarms(other))) == 3
    late = LATER + timedelta(minutes=61)
    assert alarms(told_at(word, "还困着人，快来", late).until(late + timedelta(minutes=1)))


def test_r041_what_waits_for_no_morning_is_asked_at_night_and_goes_on_being_asked() -> None:
    night = build.at("2026-11-28 22:02")
    desk = told_at(build.filed(now=night), "水管爆了，水已经漫进家里", night)
    desk.until(night + timedelta(hours=5))
    asked = [line for line in desk.said() if "grade_proposed" in line]
    assert [line.split()[1:] for line in asked] == [
        ["22:17:00", "grade_proposed", "@center_lead"], ["22:32:00", "grade_proposed", "@leader"],
        ["00:32:00", "grade_proposed", "@center_lead"], ["00:32:00", "grade_proposed", "@duty_desk"],
        ["02:32:00", "grade_proposed", "@center_lead"], ["02:32:00", "grade_proposed", "@duty_desk"],
    ]  # fmt: skip


def test_trap33_after_an_outage_a_proposal_is_asked_about_once_more() -> None:
    night = build.at("2026-11-28 22:02")
    desk = told_at(build.filed(now=night), "水管爆了，水已经漫进家里", night)
    desk.until(night + timedelta(hours=12), asleep=True)
    asked = [line for line in desk.said() if "grade_proposed" in line]
    assert [line.split()[3] for line in asked] == ["@center_lead", "@leader", "@center_lead", "@duty_desk"]


def test_trap35_the_time_to_check_what_can_wait_begins_in_the_morning() -> None:
    night = build.at("2026-11-24 22:02")
    desk = told_at(build.filed(now=night), "我要找媒体", night).until(build.at("2026-11-26 12:00"))
    assert [line for line in desk.said() if "grade_proposed" in line] == [
        "11-25 07:15:00 grade_proposed @center_lead", "11-25 07:30:00 grade_proposed @leader",
        "11-26 09:00:00 grade_proposed @center_lead", "11-26 09:00:00 grade_proposed @duty_desk",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("再不修我就去砸你们办公室", Topic.POLICE),
        ("信不信我烧了你们物业", Topic.POLICE),
        ("fix it or I'm coming down to your office to smash the place up", Topic.POLICE),
        ("I'll burn your office down", Topic.POLICE),
        ("if you can't sort it I'll put it on TikTok", Topic.EXPOSURE),
        ("I'm going to share it on Facebook", Topic.EXPOSURE),
    ],
)
def test_r041_threats_against_us_are_heard(text: str, topic: Topic) -> None:
    assert topic in hear(text).topics


def test_r041_things_that_break_threaten_nobody() -> None:
    for text in (
        "空调外机砸了我的车",
        "你们物业费太高",
        "the pipe burst and smashed my window",
        "put the heating on",
        "烧了你们换的保险丝",
    ):
        assert not hear(text).topics.keys() & {Topic.POLICE, Topic.EXPOSURE}
