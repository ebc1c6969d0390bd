"""What people in a house write of every day, and the category it is: by classes of things, in both languages."""

from __future__ import annotations

import pytest

from complaints.taxonomy import load_pack

PACK = load_pack("realestate")
LINES = {
    "PROP.upkeep": """
        楼道灯坏了
        走廊的灯一直闪，晃眼睛
        我们单元的声控灯不亮了
        地下车库的灯全黑了看不见
        单元门关不上，谁都能进来
        单元门的闭门器坏了，一关就砰的一声
        大门口的伸缩门卡住了
        楼梯扶手松了，老人不敢扶
        小区围墙塌了一段
        井盖松动，踩上去响
        门口的台阶碎了，绊倒人
        无障碍坡道的栏杆断了
        信报箱锁坏了，信被人拿走
        快递柜打不开，包裹取不出来
        丰巢柜一直离线
        the light in the stairwell is out
        hallway lights have been out for a week
        our building's entrance door does not close
        the main gate is stuck open
        the handrail on the stairs is loose
        the parcel locker won't open
        my mailbox is broken
        a manhole cover is loose
    """,
    "QUAL.fire": """
        消防门被人锁死了
        灭火器过期两年了没人换
        楼道里的消防栓没有水
        烟雾报警器半夜乱响
        应急灯和疏散指示牌都不亮
        安全出口堆满了杂物
        the fire door is chained shut
        the fire extinguisher in the hallway has expired
        the fire alarm keeps going off at night
        the emergency exit is blocked with furniture
    """,
    "QUAL.utilities": """
        水管爆了，一直往外喷
        厨房下水道堵了，污水往上冒
        地漏反水，厕所臭得要命
        化粪池满了溢到路上
        卫生间马桶冲不下去
        水压太小，热水器打不着
        顶楼水压低得洗不了澡
        自来水发黄，不敢喝
        暖气不热，家里才十四度
        电表箱冒火花
        楼里老是跳闸
        a pipe burst in the basement
        the kitchen sink is blocked
        sewage is coming up through the floor drain
        water pressure is too low on the top floor
        the tap water is brown
        the radiators are cold, it is 14 degrees inside
        the fuse box keeps tripping
    """,
    "QUAL.network": """
        we have had no internet for three days
        宽带装不进来，说弱电箱锁着
        家里断网三天了
    """,
    "DESIGN.facilities": """
        the street lamp outside block 4 is broken
        小区里路灯坏了好几盏，晚上很黑
    """,
    "QUAL.leak": """
        屋顶漏水，下雨就滴
        楼顶防水坏了，顶层全湿
        厕所天花板往下滴水
        地下室积水半米深
        外墙渗水，墙皮都黑了
        the roof leaks when it rains
        water is dripping through my ceiling
        the basement is flooded
    """,
    "QUAL.hollow": """
        tiles are falling off the outside wall
        外墙保温层掉下来一大块
        外墙的瓷砖往下掉，差点砸到人
        客厅墙皮一块块往下掉
        卧室地板翘起来了
        the paint is peeling off the bedroom wall
    """,
    "PROP.cleaning": """
        楼道里全是蟑螂
        垃圾房老鼠成群
        家里进了白蚁
        绿化带蚊子多得没法待
        电梯间三天没拖地了
        小区里到处是狗屎
        there are rats in the bin room
        ants and cockroaches in the kitchen
        dog poo everywhere in the yard
        we have bed bugs in the hallway sofa
    """,
    "PROP.lift": """
        电梯里按键失灵
        the lift is out of order again
    """,
    "PROP.parking": """
        道闸杆抬不起来
        充电桩充不进电
        电动车乱停在楼道口
        the barrier at the car park does not open
    """,
    "PROP.security": """
        门禁刷不开
        对讲机按了没反应
        the intercom does not work
    """,
    "PROP.noise": """
        楼上天天半夜跺脚
        水泵房嗡嗡响，一夜没睡
        the upstairs neighbours stomp around all night
    """,
}  # fmt: skip
CASES = [(line.strip(), code) for code, lines in LINES.items() for line in lines.strip().splitlines()]


@pytest.mark.parametrize(("line", "code"), CASES)
def test_an_everyday_line_is_what_it_is(line: str, code: str) -> None:
    assert PACK.guess(line) == code
