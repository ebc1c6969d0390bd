"""Dangers that only several words tell together, in whatever order: who is in a lift, what comes down, burning, breath."""

from __future__ import annotations

import pytest

from complaints.grading_words import danger

IN_DANGER = """
我和孩子卡电梯里了 9栋
电梯不动了我还在里面 7栋
卡电梯了 快来 4栋
我卡电梯里面了
电梯卡住了 我在里面
人卡在3栋电梯
电梯停了 门打不开 我们在里面
被关电梯里了
电梯把我关里面了
电梯坏了 里面有人
电梯坏了，里面有人，快来
电梯停电了 我妈在里面
3号电梯卡在4楼 孩子一个人在里面
我在电梯里 它突然停了
电梯停了里面好闷
电梯门打不开出不来
电梯不走了，我们五个人还在里头
两个老人被锁电梯里了
电梯把我妈困住了
救命 电梯里有人 卡住了
电梯里卡了个人
卡在电梯里了 救命啊
我妈喘不上气了
喘不上气 胸口疼
喘不过气了
里面好黑 我女朋友快晕了
楼道里还有股焦糊味
水表房有糊味 像烧电线
烧焦的味道 插座那
呼吸困难
我胸口疼
我妈有心脏病 快点
天花板要掉下来了
玻璃要掉了 楼下有人
电梯门夹人
墙皮还在掉 差点砸到孩子
栏杆要掉下去了 楼下都是小孩
im in the lift and it wont move
lift stopped between floors and we're inside
The elevator is stuck and my kids are in it
doors won't open, we are still in the elevator
someone is inside the broken lift
lift broke down with us in it
stuck in lift help
lift not moving, let us out
my dad has chest pain
she has trouble breathing
glass is about to fall, people below
the ceiling is about to come down
plaster keeps falling, nearly hit my kid
lift doors closed on my mother
there's a burnt smell near the fuse box
i cant breathe
my mum has a heart condition please hurry
people are stuck inside the elevator
呼吸很困难
lift B stuck again, my mother inside 20 min
业主说电梯夹手
你们站里有人抽烟！加油的旁边
加油的时候旁边有人抽烟 太危险了
有人在加油站点烟
你们员工叼着烟给我加油的
油枪漏油 地上一大滩
加油机在漏油
油枪没插好 喷了我一身汽油
汽油洒了一地
油罐车泄漏
卸油的时候油溢出来了
加油机那边有股很浓的汽油味 头晕
地库有股汽油味
someone is smoking next to the pumps
a guy is lighting a cigarette at the petrol station
your staff smokes while refuelling my car
petrol leaking from the nozzle
diesel spilled all over the ground
the tanker is leaking
it smells of petrol in the garage
strong petrol fumes at pump 3
""".strip().splitlines()
NOTHING_NEW = """
电梯坏了
电梯坏了三天没人修
修电梯的人在里面干活
电梯坏了 师傅在里面修
电梯维修 有人在里面干活
车卡在车库门口
车卡在电梯口了
上个月我卡电梯里半小时 到现在没人给说法
上周电梯把我关里面40分钟，要赔偿
昨天电梯停了我在里面半小时，后来出来了
电梯停在3楼不动
电梯卡住了老人下不了楼
电梯关了人都进不去
电梯里有人抽烟
电梯里有人小便 里面好臭
电梯里面好闷 没空调
我的卡电梯刷不了
门禁卡电梯里没反应
电梯卡丢了 办一张
电梯广告太吵 把里面的广告关了
电梯坏了 里面没人
电梯坏了，没有困人
电梯空调坏了里面好热
厨房糊味 隔壁做饭糊了
爬了20层楼 喘不过气
油漆味熏得喘不上气
物业费涨得喘不过气
家里有心脏病人 楼上太吵
墙皮还在掉
瓷砖掉了两块
玻璃胶要掉了
地面太滑 差点摔倒
我也是晕了
电梯里看到的广告骗人
车库堵了车出不了小区
电梯按钮掉了
担心电梯困人
电梯坏了，我们走楼梯下不来楼
电梯等半天不来
the lift is stuck on floor 3
lift stuck again, nobody in it
lift broken, engineer is in it
the lift trapped somebody last month and nobody apologised
last week i was in the lift when it stopped
someone is smoking in the lift
lift lights are off
out of breath climbing the stairs because the lift is broken
plaster keeps falling off the wall in my bathroom
lift doors don't open properly
the lift is not working for a week
电梯坏了十天，家里还有孕妇
家里很困难 付不起物业费
电梯里的灯坏了 里面黑
你们油里有水 加完就趴窝了
你们的油加完车打不着火
加油站那个女的刘芳 神经病一样 骂我
加油！大家都在楼道里抽烟 物业不管
油烟机漏油
我的车漏机油 停车位脏了
加油站不让抽烟是对的
上次在加油站有人抽烟
汽油味道不对 是不是掺水了
油枪漏开发票
加油员态度差 给我加错油了
no smoking sign at the petrol station is broken
fuel price is too high
the smoking area is next to the pump room
the water pump is leaking in the basement
""".strip().splitlines()


@pytest.mark.parametrize("said", IN_DANGER)
def test_r041_it_is_heard_in_any_order_of_words(said: str) -> None:
    assert danger(said) is not None


@pytest.mark.parametrize("said", NOTHING_NEW)
def test_what_is_history_work_or_only_out_of_order_is_no_danger(said: str) -> None:
    assert danger(said) is None


@pytest.mark.parametrize(
    ("said", "kind", "calls"),
    [
        ("我和孩子卡电梯里了 9栋", "trapped", ("119",)),
        ("lift not moving, let us out", "trapped", ("119",)),
        ("我胸口疼", "injury", ("120",)),
        ("my dad has chest pain", "injury", ("120",)),
        ("楼道里有股焦糊味", "fire", ("119",)),
        ("油枪漏油 地上一大滩", "fire", ("119",)),
        ("加油站有人抽烟", "fire", ("119",)),
        ("天花板要掉下来了", "collapse", ("119",)),
        ("电梯停了 我妈喘不上气", "injury", ("120",)),
        ("电梯停了我们在里面 我妈喘不上气", "trapped", ("119", "120")),
    ],
)
def test_whom_to_call_follows(said: str, kind: str, calls: tuple[str, ...]) -> None:
    found = danger(said)
    assert found is not None
    assert kind in found.kinds
    assert found.calls == calls
