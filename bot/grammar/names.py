"""Names that are nearly right: written as they sound, with one slip, or cut short. Pure."""

from __future__ import annotations

import difflib
from bisect import bisect_right
from typing import Final

# GB 2312 orders its 3755 common characters by their sound; these are the first ones of each syllable, tones apart.
_FIRST_OF_SYLLABLES: Final = (
    "啊埃鞍肮凹芭白斑邦苞杯奔崩逼鞭标鳖彬兵玻哺擦猜餐苍操厕层插拆搀昌超车郴撑吃充抽初揣川疮吹春戳疵聪凑粗蹿摧村磋搭呆"
    "耽当刀德蹬堤颠碉跌丁丢东兜都端堆墩掇蛾恩而发藩坊菲芬丰佛否夫噶该干冈篙哥给根耕工钩辜刮乖棺光瑰辊锅哈骸酣夯壕呵嘿"
    "痕哼轰喉呼花槐欢荒灰荤豁击嘉歼僵蕉揭巾荆炯揪鞠捐撅均喀开刊康考坷肯坑空抠枯夸块宽匡亏坤括垃莱蓝琅捞勒雷棱厘俩联粮"
    "撩列琳玲溜龙楼芦驴峦掠抡萝妈埋瞒芒猫么玫门萌眯棉苗蔑民明谬摸谋拇拿氖南囊挠呢馁嫩能妮蔫娘鸟捏您柠牛脓奴女暖虐挪哦"
    "欧啪拍攀乓抛呸喷砰坯篇飘撇拼乒坡扑期掐牵枪橇切钦青琼秋趋圈缺裙然瓤饶惹壬扔日戎揉茹软蕊闰若撒腮三桑搔瑟森僧莎筛珊"
    "墒梢奢砷声师收蔬刷摔栓霜谁吮说斯松搜嗽酸虽孙蓑塌胎坍汤掏特藤梯天挑贴厅通偷凸湍推吞拖挖歪豌汪威瘟嗡挝巫昔瞎掀相萧"
    "楔薪星兄休墟轩靴勋压焉殃邀椰一茵英哟拥幽淤鸳曰耘匝栽咱赃遭责贼怎增扎摘瞻樟招遮珍蒸芝中舟珠抓拽专桩椎谆捉兹鬃邹租"
    "钻嘴尊昨"
)
_STARTS: Final = [first.encode("gb2312") for first in _FIRST_OF_SYLLABLES]
_LAST: Final = b"\xd7\xf9"
_ALIKE: Final = 0.85  # of Latin letters: one slip in a name of a usual length


def is_near(said: str, name: str) -> bool:
    """Say whether somebody who wrote `said` may mean `name`: it sounds the same, one sign of a longer one differs, or one
    begins with the other. A surname alone in common is not enough: 张三 is not 张伟.
    """
    said, name = said.strip().casefold(), name.strip().casefold()
    if min(len(said), len(name)) < 2:
        return False
    if said.startswith(name) or name.startswith(said):
        return True
    if said.isascii() or name.isascii():
        return difflib.SequenceMatcher(None, said, name).ratio() >= _ALIKE
    if len(said) != len(name):
        return False
    differing = [(one, other) for one, other in zip(said, name, strict=True) if one != other]
    return (len(said) - len(differing) >= 2 and len(differing) == 1) or all(_sound_alike(*pair) for pair in differing)


def _sound_alike(one: str, other: str) -> bool:
    sounds = _syllable(one), _syllable(other)
    return None not in sounds and sounds[0] == sounds[1]


def _syllable(char: str) -> int | None:
    code = char.encode("gb2312", errors="ignore")
    return bisect_right(_STARTS, code) if len(code) == 2 and _STARTS[0] <= code <= _LAST else None
