"""Whether an answer that praises goes on: with a but, a question, a demand, a fault, an appointment. Then it is no praise.

Taking praise for something else costs one more question; the other way round closes a complaint over an unhappy customer.
Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from bot.grammar.folding import PICTURES
from bot.grammar.patterns import regex

_READ: Final = 400  # characters
_IDLE: Final = regex(
    "不能再|没想到|想不到|再也[不没]|再(?:次|一次)(?=感?谢|谢)|再[不没](?:漏|响|滴|堵|闪|晃|卡|吵|臭)|没(?:什么|"
    "啥)|怎么都(?:挑不|好)|什么都好|"
    r"无可挑剔|不要太|下次还(?:找|来|选|会)|还(?=不错|可以|行|好|帮|给|自带|特地|主动|送|把)|(?:问题|毛病|"
    r"故障)?都?(?:解决|修好)"
    "|不得不说|没(?:几|多)(?:久|天)|[不没勿](?:再)?(?:漏|响|滴|堵|闪|晃|卡|吵|臭|渗|跳|掉)(?:水|闸)?(?=了|$)|"
    "没有?问题"
    r"|\bdead (?=chuffed|pleased|happy|good|quick)|\bcracking\b|\bout of (?:five|ten|5|10)\b|\bwhere it'?s due\b|"
    r"\bnot (?:so |too |half )?bad\b|"
    r"\b(?:guy|lad|man|men|lady|woman|person|plumber|team|people|technician|electrician)s? who\b|"
    r"\bwant(?:ed)? to (?:say|thank)\b|"
    r"\b(?:handled|sorted|got|received|processed) (?:my|the|our) (?:refund|deposit|money)\b|"
    r"\b(?:no|without) (?:more )?(?:problems?|issues?|complaints?|leaks?|noise|drips?|smells?)(?: at all)?\b|"
    r"\b(?:leak|noise|smell|problem|issue|drip|fault|damp|water)s?(?:'s| is| has| are)?(?: all)?(?: been)? (?:gone|"
    r"stopped|fixed|solved|resolved|sorted)\b|"
    r"\bpump issue|\bthe leak was fixed\b|\bmust say\b|\bcan'?t fault\b|\bhonestly\b|\bno longer \w+|"
    r"\bquicker than (?:i )?expected\b|"
    r"\b(?:please|pls) (?:tell|thank|pass)\b|\bcouldn'?t have asked for\b|\ball \w+ again\b|\bworking again\b|"
    r"\bworks? again\b"
)
_TURNS: Final = regex(
    "但|不过|可是|只是|然而|可惜|遗憾|美中不足|就是(?!好|棒|快|厉害|牛|赞|专业|满意|你们?|他)|"
    "(?<=[,. ])可(?![以能靠信爱口])|除了|除开|"
    "只(?:差|剩|不过)|前提|才怪|偏偏|反而|结果(?![很挺满不])|居然|竟然"
    r"|\b(?:but|however|although|though|except|yet|unfortunately|only|apart from|other than|still|despite|whereas|"
    r"not with|not (?:the|for|about))\b"
)
_ASKS: Final = regex(
    r"\?|(?:吗|呢|么|不行|没有|行不|好不|没)(?=[ ,.!~]|$)|(?<![没无])(?:什么|啥)(?!都好)|谁|怎么(?![都样也])|咋|"
    r"多少|几(?:点|时|号|天|个|块|次)|"
    r"何时|哪(?!里都|都)|为何|为啥|是不是|能不能|可不可以|有没有|要不要|行不行|会不会|多久"
    r"|\b(?:who|whom|whose|when|why|how (?:do|does|much|long|can|about|many|soon|will)|where|what about|which)\b|"
    r"(?:^|[,.;!:] ?|\b(?:and|so|ok|now|then|please|great|good) )(?:can|could|will|would|do|does|did|is|are|may|"
    r"should|when|what) (?:you|i|we|he|they|it|somebody|someone|the|there|my)\b"
)
_DEMANDS: Final = regex(
    "赔|补偿|退[钱款还回押掉租我给]|退了(?=[,. ]|$)|要求|道歉|说法|给我(?!们?(?:解决|修|弄|处理|帮))|还给我|"
    "还(?:要|得|需|差|欠|剩|缺|想|希望|等)|(?:另外|顺便|此外|"
    "还有|以及|对了)|希望|麻烦(?!你们?了|您了|了|各位|大家)|请(?!放心|收下|表扬|转告|代|替)|来(?:收拾|看看|一趟|"
    "一下|处理|修|弄|拿|取|擦|扫|清)|"
    "(?:得|必须|应该|应当|赶紧|尽快|快点|早点|务必)(?=[把给来去让再派把修弄处])|再(?:派|来|修|弄|看|说|检查|换|刷|"
    "补)|收拾|"
    "把[^,.;]{1,8}(?:再走|干净|拿走|拆|搬)(?!了)|"
    "等(?:你们?|着|我|他)|发票|收据|费用|交费|收费|多收"
    r"|\b(?:pay|paid|payment|refund\w*|compensat\w*|money|deposit|invoice|receipt|apolog\w+|damages|"
    r"need|want|demand|expect (?:a|you|some|my)|insist|require|hope|wish|waiting|also|too,|by the way|btw|"
    r"next time|another|"
    r"other (?:two|one|window|door|room|things?)|rest of|to go|send|come (?:and|on|over|back|at|to|tomorrow)|"
    r"pick up|clean (?:this|it|that|the) up|"
    r"let me know when|call me|give me|remind)\b|\b(?:please|pls|plz)\b(?! (?:tell|thank|pass))"
)
_FAULT: Final = regex(
    "刮|划花|划伤|碰[掉坏伤]|弄[脏坏丢]|淹|湿透|掉(?:了|漆|皮|下|在)|脏|泥|垃圾|裂|破|坏|歪|费劲|费力|颜色不|不对|"
    "不匹配|不平|不动|不亮|"
    "不[制致]冷|小得|大得|声音(?:大|更)|噪音|更(?:大|响|小|糟)|一塌糊涂|一个没少|漏(?!水?(?:修|解决|停|好|补|"
    "的问题))|滴水|渗|"
    "(?<!不)堵(?!的?(?:地方|问题|修|通))|停[水电气](?!修|恢复)|跳闸|发霉|有味|异味|臭(?!味?(?:没|散))|忘(?:了|记)|"
    "丢|没(?:修|擦|收|清|弄|装|补|拆|带)|才来|才有"
    r"|\b(?:leak(?:s|ing|ed)?|drip\w*|smell(?:s|ing)?|stink\w*|broken?|broke|crack\w*|stain\w*|scratch\w*|flood\w*|"
    r"ruin\w*|damag\w*|dirty|mess\w*|"
    r"mud\w*|holes?|burn\w*|scrap(?:es?|ing)|jam(?:s|med)?|stuck|dead|died|tripped|trips|louder|noisy|brown|wet|"
    r"dark|out|forgot\w*|missing|missed|"
    r"poor|bad|worse|slow|late|doubt|fail\w*|wrong|joking|kidding|lost|left (?!everything clean|it clean|it tidy|"
    r"the place clean))\b"
)
# It held for a time only, an hour or until they left; or it is one of three.
_FOR_A_TIME: Final = regex(
    "(?:好|修好|解决|正常|可以|通|亮|热|满意)(?:了|过)?(?:不到|没到|才|仅|就|大概|"
    "差不多)?[半一两二三四五六七八九十几\\d]+(?:个|多)?(?:多)?(?:小时|钟头|分钟|会儿?|天|周|星期|"
    "礼拜|月|晚上?|下|阵)|(?:昨天|前天|上午|早上|当时|那天|开始|起初|刚才|当天|前[两几]天)[^,.;]{0,4}(?:还)?(?:好|"
    "行|可以|正常|解决|满意|没问题)[^,.;]{0,3}[,. ]|"
    "(?:[,. ]|然后|后来)(?:今天|今早|今晚|现在|后来|然后|晚上|下午|又|刚才|刚刚|转眼)[^,.;]{0,8}(?:又|不|没|开始|"
    "坏|停)|又(?!快|好|专业|帮|耐心|干净|细心|便宜|热情|给)|一(?:半|部分)|差(?:一|个|点)"
    r"|\bfor (?:a|an|one|two|three|four|five|six|ten|\d+|half|about|only|some|just|the first|now)\b(?: (?:a|an|"
    r"of))?(?: ?\w+)?|"
    r"\b(?:lasted|at first|initially|until|till|to begin with|a while)\b|\b(?:one|two|three|half|some|most|part|"
    r"\d) of (?!the best|5|five)\w+|\b(?:and |but )?now (?:it|the|my|they|he|there)\b"
    r"(?!(?:'?s| is| all| just){0,2} (?:works?|working|runs?|running|fine|good|ok|okay|great|perfect|fixed|better)\b"
    r"(?! (?:only|half|until|for|some|if|when|except|but|at times)))|"
    r"\bthen (?:it|the|he|they|stopped|again)\b|\bagain\b(?! soon)"
)
# What was gone without, or how long, beside praise: it is scorn as likely. Whoever praises speed counts days as well.
_SUPPLY_ZH: Final = "(?:自来|热|冷)?水|电(?!话|梯)|网络?|信号|暖气?|燃?气|空调|电梯"
_SPAN_ZH: Final = r"[\d一二两三四五六七八九十半几好]+(?:多)?个?(?:多)?(?:天|周|星期|礼拜|月|年)"
_SPAN: Final = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|several|many)"
    r" (?:more )?(?:days?|weeks?|months?|years?)"
)
_SUFFERED: Final = regex(
    rf"{_SPAN_ZH}[ ,]*(?:都|也|还|一直)*(?:没有?|无|停|断|缺|不)(?:{_SUPPLY_ZH}|人|通|热|亮|制)"
    rf"|(?:停|断|没有?|缺)(?:了)?(?:{_SUPPLY_ZH})(?:了|都|已经|整整|足足|[ ,])*{_SPAN_ZH}"
    rf"|(?:{_SUPPLY_ZH})(?:停|断|坏)了(?:整整|足足|[ ,])*{_SPAN_ZH}"
    rf"|(?:让|叫|害)(?:我|我们|人)(?:足足|整整|干|白|苦)?等了?|(?:足足|整整|干|白)等了?(?:我)?{_SPAN_ZH}"
    r"|\b(?:without|with no|had no|have no|no) (?:(?:any|hot|cold|running|warm|working) )?(?:internet|wi-?fi|broadband"
    r"|connection|signal|phone line|landline|water|heat|heating|power|electric\w*|gas|lights?|lift|elevator|tv|shower"
    r"|toilet|fridge|cooker)\b"
    r"|\b(?:internet|wi-?fi|broadband|connection|line|phone|lift|elevator|heating|boiler|power|router)(?:'?s| is| are| was)? "
    r"(?:still )?(?:down|off)\b"
    rf"|\b(?:took|taking|takes|wait(?:ed|ing)?|spent)(?: \w+){{0,2}} {_SPAN}\b(?! early)"
    r"|\b(?:visits?|calls?|e-?mails?|attempts?|weeks?|months?) later\b"
    rf"|(?:^|[,.;!:] ?)(?:and |with )?{_SPAN} (?:with|without|of|in the)\b"
)
_COMING: Final = regex(
    "明[天早晚日]|后[天日](?!来了)|大后天|下(?:个?(?:周|星期|礼拜|月)|午[^,.;]{0,3}点)|今晚|等会|待会|到时|改(?:到|"
    "天|期)|在家|有空|过来|上门(?!.{0,6}(?:快|及时|准时|修|师傅|服务))"
    r"|\b(?:tomorrow|tonight|next (?:week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|see you|"
    r"(?:at|after|before|around|by) (?:\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|noon)|"
    r"be (?:at )?home|\d{1,2} ?(?:am|pm)|o'?clock)\b"
)
# A day or an hour with a bare yes is an appointment; with praise it tells when somebody came.
_TIME: Final = regex(
    r"(?:周|星期|礼拜)[一二三四五六日天末]|[\d一二两三四五六七八九十]+(?:点(?!赞)|号(?!楼|院|线)|时(?!间))|"
    r"[上下中]午|早上|晚上"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:morning|afternoon|evening)\b|\d:\d\d"
)
_PRAISE: Final = regex(
    r"满意|好评|赞|表扬|夸|专业|优秀|完美|感动|棒|[五四54]\s?(?:星|分|颗星)|满分|师傅"
    r"|\b(?:satisf\w+|happy|pleased|delighted|stars?|excellent|brilliant|very good|great (?:job|work|service))\b"
)
_CLAUSE: Final = regex(r"[,.;!\n~]+|(?<=[\u3400-\u9fff]) +")
_TELLING: Final = 4  # characters from which a clause says something
_CHEERFUL: Final = regex(
    "满意|好评|赞|表扬|夸|完美|优秀|专业|棒|给力|漂亮|舒服|安静|开心|服气|爱了|没得|没毛病|要得|态度|师傅|速度|"
    "效率|技术|快|周到|及时|干净|礼貌|"
    "谢|辛苦|修|解决|搞定|处理|好|行|可以|不错|度了|正常|不漏|不响|不堵|不臭|没问题|没意见|放心|省心|厉害|热情|"
    "负责|细心|耐心|[五四54]\\s?[分星]"
    r"|\b(?:satisf\w+|happy|pleased|delight\w+|good|great|excellent|brilliant|perfect\w*|lovely|nice\w*|fine|well|"
    r"best|thank\w*|"
    r"cheers|ta|fixed|sorted|solved|resolved|works?|working|quick\w*|fast|friendly|polite|clean|tidy|professional|"
    r"star|stars|marks|"
    r"impressed|honest\w*|awesome|fantastic|amazing|super|top|love|loving|job|bless|appreciate\w*|done|ok|okay|yes|"
    r"yep|now|smooth\w*|normal|props|credit)\b"
)


class More(StrEnum):
    """What an answer says besides its praise."""

    TROUBLE = "trouble"
    SOMETHING = "something"


def goes_on(key: str, praises: Callable[[str], bool]) -> More | None:
    """Return what a folded answer that praises says besides; None where it is praise and nothing else.

    praises: whether a part of it praises by itself; "slow at first, but very good" ends well.
    """
    plain = _IDLE.sub(" ok ", PICTURES.sub(".", key[:_READ]))
    turns = list(_TURNS.finditer(plain))
    after = plain[turns[-1].end() :] if turns else plain
    turned = bool(turns) and not praises(after)
    if _FOR_A_TIME.search(after) or (turned and _FAULT.search(after)):
        return More.TROUBLE
    more = (
        turned or any(sign.search(after) for sign in (_ASKS, _DEMANDS, _FAULT, _SUFFERED, _COMING)) or _unrelated(after)
    )
    return More.SOMETHING if more else None


def _unrelated(plain: str) -> bool:
    """Whether what is beside the praise is about something else: a time, or a clause without any word of praise or"
    " thanks."""
    if _PRAISE.search(plain):
        return False
    parts = [part.strip() for part in _CLAUSE.split(plain)]
    praised = next((at for at, part in enumerate(parts) if _CHEERFUL.search(part)), len(parts))
    return bool(_TIME.search(plain)) or any(
        len(part) >= _TELLING and not _CHEERFUL.search(part) for part in parts[praised:]
    )
