"""Violence that is threatened or under way, and people who choke: danger, in whatever words."""

from __future__ import annotations

import pytest

from complaints.grading_words import danger

VIOLENCE = """
i will burn your hotel down tonight with everyone in it
i will find you and burn your hotel down
i'll burn this place to the ground
if nobody comes i am going to burn it all down
i swear i'll torch the place
i'm going to set fire to the lobby
im gonna kill the receptionist at leeds
if that guard comes back i will kill your manager
gonna shoot you
ill stab the guard
i will slit his throat
i'll blow up your building
im going to bomb the hotel
there is a bomb in the lobby
the man next door threatened to burn our house down
he says he's going to kill my husband
some guy is attacking staff at reception leeds w a knife
man w knife at the desk
guy is waving a knife around
he's got a gun
theres a fight w knives
someone is attacking people in the lobby
a man attacked my wife
im being attacked in my room
shots fired in the car park
我今晚就去烧了你们
我要砍死保安
如果再不修我就烧了你们物业
信不信我一把火把你们烧了
我一把火烧了你们
我要放火
你们等着，我点了你们办公室
我要捅死那个保安
我带刀过来砍你们
老子今天就来砍了你们
我要把你们酒店炸了
大厅里有炸弹
大不了同归于尽
我怕他要杀了我老婆
那人手里有刀
有人带着刀进来了
有人在打前台
有人在前台行凶
""".strip().splitlines()
CHOKING = """
my kid is choking in the restaurant at leeds help
she's choking on something
baby choked on a grape and isnt breathing
someone is choking
there is a bone stuck in her throat
孩子噎住了
我妈噎着了
老人吃汤圆噎住了
小孩被东西卡住喉咙了
孩子喉咙卡了东西
宝宝呛奶了
鱼刺卡喉咙了
""".strip().splitlines()
NEITHER = """
i won't burn your hotel down
i'm not going to kill the receptionist
the candle burnt down to nothing
the bulb burnt out in your lobby
the sun will burn you on the terrace
this noise is killing me
my feet are killing me
please kill the cockroaches in my room
i could murder a curry
im going to shoot the manager an email
a film crew is shooting in the lobby
the film about a guy with a pistol was too loud
kids with a water pistol in the corridor
no knife and fork in the room
the seagulls are attacking guests on the terrace
i was verbally attacked by the clerk
you're dead wrong about the bill
lights don't work, they are dead
the drain is choking up again
i was choked up with emotion
guests are choking on the prices
choking hazard
电机烧了，你们快来修
水泵烧了你们物业不管
电压不稳把家里的电器烧了
烧了我家冰箱
烧烤味太大
今天点了你们的烤鱼套餐
点了你们店的外卖等了两小时
炸鸡店油烟
树要砍了
要砍物业费
带刀叉的餐具
我不会烧了你们的
电影里有人提着刀太吓人了
他在打我电话
他们在打人工客服
有人在打扫前台
客服一句话把我噎住了
下水道卡住了
油烟呛人
嗓子疼，装修味呛
""".strip().splitlines()


@pytest.mark.parametrize("said", VIOLENCE)
def test_r041_violence_is_danger_and_the_police_are_called(said: str) -> None:
    found = danger(said)
    assert found is not None
    assert found.kinds & {"threat", "violence"}
    assert "110" in found.calls


@pytest.mark.parametrize("said", CHOKING)
def test_r041_whoever_chokes_is_in_danger_and_an_ambulance_is_called(said: str) -> None:
    found = danger(said)
    assert found is not None
    assert "injury" in found.kinds
    assert "120" in found.calls


@pytest.mark.parametrize("said", NEITHER)
def test_what_only_has_such_words_is_none(said: str) -> None:
    assert danger(said) is None
