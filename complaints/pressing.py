"""Whether words that press say anything besides: what nobody has been told yet is never dropped as one more urge.

In doubt they do: then a colleague reads a line too many. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from complaints.patterns import deferred, regex

_READ: Final = 600  # characters
_NEW_SIGNS, _NEW_WORDS = 2, 1  # Chinese characters, words in other letters: so many that say something new

# Words that press, ask how it stands, greet, are polite, name us or a time; what is left of an urge without them is a matter.
_IDLE_ZH: Final = regex(
    "加快|快点|快些|赶紧|赶快|尽快|抓紧|马上|立刻|立即|速度|速速|催促|催办|着急|心急|急死|多久|"
    "多长时间|时候|何时|到底|究竟|怎么|怎样|"
    "为什么|为啥|处理|解决|修理|维修|修好|弄好|搞定|办理|答复|回复|回音|回应|回信|消息|动静|结果|进展|进度|情况|反应|反馈|说法|交代|"
    "安排|跟进|落实|推进|推动|上门|负责|联系|电话|师傅|客服|物业|管家|同事|领导|人员|工作|效率|态度|投诉|单子|工单|编号|事情|问题|"
    "一下|一直|一点|小时|分钟|星期|礼拜|今天|今晚|明天|昨天|前天|后天|现在|刚才|半天|上午|下午|晚上|早上|中午|这么|那么|什么|"
    "耽误|磨蹭|磨叽|拖拉|敷衍|推脱|忽悠|无语|受不|等不|忍不|受够|等得|过分|离谱|生气|火大|烦死|麻烦|帮忙|拜托|求求|必须|一定|务必|及时|"
    "大概|大约|估计|预计|具体|差不多|出发|路上|到达|上路|哪里|哪儿|哪天|更新|"
    "可以|能不|行不|是不|有没|知道|记得|忘记|忘了|别忘|谢谢|感谢|不好意思|你好|您好|在吗|大家|大哥|大姐|亲爱"
)
_IDLE_SIGNS: Final = frozenset(
    "快催急等久还没有无人来理管修弄办搞做好了啦啊呀吧吗呢么嘛哦喔噢哈喂唉哎诶欸呵的地得着过我你您他她它们咱这那哪谁个件事再又都就也太很真"
    "实在请帮求能会可行不要想给话说天周月日年点分号时半一二三四五六七八九十百零〇两几多第次遍拖慢烦忍派到去是看听打回问告诉让把被对跟和与"
    "啥咋为什怎样早晚先后今明昨现才刚已经完成全完始终直总老每遍别只而且所以因但如果"
)
_IDLE_LIST_EN: Final = """
a about actually afternoon again ago all already am an and answer answers any anybody anyone anything anywhere appreciate
approximately are arrive arrived arrives arriving as asap ask asked asking at away be been before being bit bloody bothered
but by call called came can cannot care cares case chase chased chasing come comes coming complaint could couple day days
deal dealing did do does doing done dont electrician else engineer eta evening ever everyone expect expected faster fed few
fine fix fixed fixing follow following for forever forget forgot forgotten friday from get getting give given go going gonna
good got guys had hair half handle handled handling happen happened happening happens happy has have hear heard hello help
here hey hi hopefully hour hours how hurry hurrying i if ignored ignoring im in is isnt it its ive job joke just keep kindly
know last late later let like long longer look looking madam made make man mate matter matters me mess minute minutes monday
month months more morning move moving much my need needs never new news next night no nobody none not nothing now nowhere of
off ok okay on once one or our out over patience patient people planning please pls plumber plz point problem problems
process progress promise promised push quick quicker quickly quite really reference repair repaired replies reply respond
response ridiculous right roughly said same saturday say scheduled see send sent seriously shall should sick simply since sir
slow so some somebody someone something sometime somewhere soon sooner sorry sort sorted sorting speed staff started status
still stop sunday supposed take takes taking team technician tell than thank thanks that thats the their them then there
these they thing things this those three thursday tick ticket till time times tired to today told tomorrow tonight too
tuesday two unacceptable until up update updates urge urgent urgently us very wait waited waiting wanna want was wasnt way we
wednesday week weeks well were what whats when where whether which who whole whos why will with without wont work working
would yes yesterday yet you your youre
"""
_IDLE_EN: Final = frozenset(_IDLE_LIST_EN.split())
_SIGN: Final = regex("[\u3400-\u9fff]")
_WORD: Final = regex(r"[a-z][a-z']*")
_OF_A_VISIT: Final = regex(
    r"不在|在家|有人在|没人在|家里没人|[上加值]班|出差|不行[^了,.;!?]{0,6}[改换周星明后]"
    r"|[改换挪](?=到?(?:周|星期|礼拜|[今明后]天|[上下]午|下周|\d))"
    r"|\binstead\b|\b(?:at|be|am|are|is|i'm|not) home\b|\b(?:at|to) work\b"
    r"|\b(?:no|not|can't|cant) (?:do )?(?:today|tomorrow|\w+day)\b"
)
"""When somebody can be met, or cannot: whoever is to come has to know it, whatever else of it is idle."""
_STILL: Final = deferred(
    r"(?:还(?:在|是)?|仍然?(?:在|是)?|依然|依旧|照样|又|越来越|更)(?:不|没有?)?([\u3400-\u9fff])(?![^\s,.;!?]{0,8}[吗么])"
    r"|\bstill (?:is |not )?([a-z']{3,})"
)
_SUM: Final = regex(r"(?<![\d:.])\d{3,}(?![\d:.])|\d{2,}\s?(?:元|块|万|yuan|rmb|pounds?|dollars?)|[¥￥$£€]\s?\d")


def says_more(text: str, *told: str) -> bool:
    """Say whether words hold anything that neither presses nor stands in what was told before."""
    said, before = _plain(text), " ".join(map(_plain, told))
    if _OF_A_VISIT.search(said):
        return True
    left = set(_SIGN.findall(_IDLE_ZH.sub(" ", said))) - _IDLE_SIGNS - set(before)
    if len(left) >= _NEW_SIGNS:
        return True
    known = {word[:4] for word in _words(before)}
    new = [word for word in _words(said) if len(word) > 2 and word not in _IDLE_EN and word[:4] not in known]
    return len(new) >= _NEW_WORDS or any(found not in before for found in _SUM.findall(said))


def says_still(text: str) -> bool:
    """Say whether words tell that the matter goes on or grows, be it in the words in which it was told: "it still leaks"."""
    found = _STILL.finditer(_IDLE_ZH.sub(" ", _plain(text)))
    return any(each[1] not in _IDLE_SIGNS if each[1] else each[2] not in _IDLE_EN for each in found)


def _words(plain: str) -> list[str]:
    return [word.replace("'", "") for word in _WORD.findall(plain)]


def _plain(text: str) -> str:
    return re.sub("[’‘`]", "'", unicodedata.normalize("NFKC", text[:_READ]).casefold())
