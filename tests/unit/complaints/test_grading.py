"""Words of danger: what raises a complaint by itself, and what only sounds like it (R-041)."""

from __future__ import annotations

import pytest

from complaints import handling
from complaints.change import EventKind, NoticeKind, To
from complaints.complaint import SYSTEM
from complaints.grading_words import danger
from complaints.vocabulary import Kind, Role, Severity
from tests.unit.complaints import build

DANGER_ZH = """
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


def test_words_only_raise_and_ask_for_a_check() -> None:
    found = danger("3栋着火了")
    assert found is not None
    change = handling.grade_by_words(build.filed(), found, build.BASE, build.MONDAY)
    [event] = change.events
    assert (event.kind, event.by, event.facts["words"]) == (EventKind.GRADED, None, "着火")
    assert change.complaint.severity is Severity.S0
    assert {notice.to for notice in change.notices} == {To(role=Role.CENTER_LEAD), To(duty_desk=True)}
    assert {notice.kind for notice in change.notices} == {NoticeKind.SEVERITY_RAISED}
    again = handling.grade_by_words(change.complaint, found, build.BASE, build.MONDAY)
    assert (again.complaint, again.events, again.notices) == (change.complaint, (), ())


@pytest.mark.parametrize("kind", Kind)
def test_only_what_is_to_be_dealt_with_is_graded_by_words(kind: Kind) -> None:
    filing = handling.Filing("TS1", "3栋着火了", "c1", "chat", "zh", kind=kind)
    change = handling.file(filing, SYSTEM, build.BASE, build.MONDAY)
    dealt_with = kind in (Kind.COMPLAINT, Kind.REPAIR, Kind.SERVICE)
    assert (handling.said_danger(change) is not None) is dealt_with
