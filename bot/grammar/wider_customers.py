"""A second look at what customers say, by word classes wide enough for words that no table lists. Pure.

Asked only where the tables found nothing. What it finds commits nobody to more than a question or a wish.
"""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.meaning import Verb
from bot.grammar.patterns import regex
from bot.grammar.things import CALLED_OUT, CUSTOMERS_EN, CUSTOMERS_ZH, LONGEST

_LIST: Final = regex(
    r"(?:(?:我|帮我?|麻烦|请|想|要|给我)*(?:查看|查|看|列|显示|调)(?:看|出)?(?:一下|下)?)?(?:我|自己|本人)"
    r"(?:之前|以前|都|总共|一共|所有|全部|自己|名下|这边|还|现在|手上|手里|今天|有|剩|剩下)*"
    r"(?:(?:的|报|提|投诉|提交|反映|报修|登记|录入|申请|说)(?:了|过|修过?)?的?(?:所有|全部|历史|待办|未完成)*)?"
    r"(?:哪些|几个?|什么|多少)?个?(?:投诉|报修|工单|单子?|记录|问题|列表|历史|申请|任务|活儿?|待办)*"
    r"(?:有哪些|都有哪些|有几个|有多少|列表|记录|清单)?[? 呢啊呀]*"
    r"|(?:(?:can|could) you |please |pls |i want to |let me |i'd like to )*(?:(?:show|list|see|view|check|get|"
    r"give|display|open)"
    r"(?: me)? )?(?:a |the )?(?:(?:list|history|overview|summary) (?:of )?)?(?:all )?(?:of )?(?:my|(?:everything|all|"
    r"the ones) (?:that "
    r")?i(?:'?ve)?|(?:the )?(?:complaints|cases|tickets|issues) (?:that )?i(?:'?ve)?) ?"
    r"(?:(?:open|past|old|previous|own|current|existing|pending|all|other|today'?s) )*(?:complaints|cases|"
    r"tickets|requests|reports|"
    r"reported (?:issues|problems)|issues|history|submissions|repairs|jobs|orders|work ?orders|tasks|"
    r"assignments|work ?list|reported|lodged|logged|raised|filed|made|sent|opened|entered|brought in)"
    r"(?: list| history| so far| please| today| now| this (?:year|month|week))*[ ?.!]*"
    r"|(?:what|which|how many)(?: (?:complaints|cases|tickets|requests|issues|jobs|tasks|work|orders|"
    r"repairs))?(?: all)? "
    r"(?:(?:do|did|have|has|are|is) )?(?:i|assigned to me|there for me)(?: (?:have|got|reported|submitted|filed|"
    r"sent|left|"
    r"opened|raised|on|to do|for|today|now|so far|with you|open|still|assigned))*[ ?.!]*",
    re.ASCII,
)
_NAMES_A_LIST: Final = regex(
    r"(?:的|过|哪些|几|什么|多少|列表|记录|清单|待办|任务)|\b(?:complaints|cases|tickets|requests|reports|"
    r"reported|issues|history|"
    r"submissions|repairs|jobs|orders|work ?orders|tasks|assignments|work ?list|have|got|left|submitted|filed|lodged|"
    r"logged|raised|entered|"
    r"to do)\b",
    re.ASCII,
)
_WHEN: Final = regex(r"什么时候|啥时候|何时|几时|哪一?天|几点|多久|多长时间|还要等|还得等|要等几")
_HOURS: Final = regex(r"上班|下班|营业|开门|关门|开放|opening|open (?:at|on)|close at|hours")
_FAR_ZH: Final = regex(
    r"(?:到货?|到账|到位|来|接单?|批|派|退|修|换|审|查|出|安排|上门|联系|处理|受理|回复|定|办|弄|通过|下来|寄|"
    r"发|沟通|核实|反馈|"
    r"登记|录入|提交|转|好|完|解决|通知|收到|看|算|补|赔|装|签|谈)(?:下来|上来?|过去?|好|完|到|下去|出来|出去|"
    r"清楚|明白|妥|成)?了?"
    r"(?:我|他们?|房东|师傅|人|钱|单)?(?:了吗|了没有?|了么|过吗|过没有?|没有|没)[?.!啊呀呢 ]*$"
    r"|(?:今[天晚]|明[天早晚]|后天|上午|下午|晚上|中午|周[一二三四五六日天末]|本周|这周|下周|马上|还|会)[^,.;]{0,8}"
    r"(?:来|到|上门|有人|修|处理|联系|回复|解决|过去|过来|派人|安排)[^,.;]{0,4}(?:吗|么|不)[?.!啊呀呢 ]*$"
    r"|(?:现在|目前|最新|后续|后来|接下来|然后|这边|那边)[^,.;]{0,6}(?:怎么(?:说|弄|办|处理|样|安排)|"
    r"什么(?:情况|进展|安排|说法|状态)|"
    r"咋|如何|呢[? ]*$)"
    r"|(?:派|分|交|转)给谁|(?:好|完|到|来|修|搞|有)[^,.;]{0,2}未[呀啊? ]*$|[得的](?:怎么样|如何|咋样|怎样)(?:了|"
    r"啊|呢|[? ])*$|(?<!找)(?:哪位|谁|哪个)[^,.;]{0,6}(?:来修|来|修|负责|处理|跟进?|接的?|管)[^,.;]{0,4}$"
    r"|(?<!没)(?<!没有)(?:有|有没有)人[^,.;]{0,8}(?:了吗|吗|没有?|么)[? ]*$|(?:想问|问问|问一?下|请问|打听|了解|"
    r"知道|看看|查)[^,.;]{0,12}(?:情况|进度|结果|进展|状态|消息)"
)
_ASKS_EN: Final = regex(
    r"^(?:(?:hi|hello|hey|please|pls|excuse me|sorry|and|so|ok|dear \w+|good \w+|just)[ ,.!]+)*"
    r"(?:(?:can|could|would|may|do|will)(?: you| u| i| we)? (?:please |kindly |pls )?(?:tell|let|give|know|advise|"
    r"confirm|update|"
    r"inform|check|find out|have|get an?)|when|what time|which day|has|have|is|are|was|were|did|does|"
    r"do you know|will|who|where|"
    r"how (?:long|soon|far|is|are|'s|much longer)|how'?s|w(?:h)?at(?:'?s| is| are| was| did| do| about| happen\w*| "
    r"stage)|"
    r"any(?:thing|one|body)?|"
    r"i(?: would|'d)? (?:like|want\w*|need|wish) to (?:know|ask|check|follow|hear)|i (?:am writing|was wondering)|"
    r"(?:just )?(?:wondering|checking|asking|following))\b",
    re.ASCII,
)
_PROCESS_EN: Final = regex(
    rf"\b(?:complaints?|requests?|case|ticket|report(?:ed)?|{CALLED_OUT}|someone|anyone|somebody|anybody|visit|"
    rf"appointment|com(?:e|es|"
    r"ing)|came|arriv\w+|parts?|progress|updates?|news|status|result|outcome|decision|done|solved|resolved|"
    r"handled|process\w*|"
    r"receiv\w*|assigned|approved|start\w*|scheduled?|contact\w*|spoke|spoken|talked|replied|worked on|looked|"
    r"happen\w*|follow\w*|"
    r"outcome|caused|getting on|went through|got through|latest|complaint went|answer\w*|reply|decided|agreed|"
    r"confirmed|refund|deposit|"
    r"delivered|ordered|booked|landlord|owner|manager|"
    r"ready|sent|paid|waiting|there yet|fixed|repair(?:ed|s)?)\b",
    re.ASCII,
)
_FOR_OTHERS: Final = regex(
    rf"(?:帮|替|代|为|刚才|刚刚|今天|有个|有位|有|一个|一位|\d[\d-]*+(?:室|号)?的?)*(?:{CUSTOMERS_ZH})(?:刚才|"
    rf"刚刚|今天|来|打|给我|跟我|发|上门|一直|"
    r"说|反映|反应|投诉|报修|报|来电|电话|称|讲|告知|要求|家|微信|消息|的)+"
    rf"|(?:(?:report|complaint|request|issue|problem|ticket) )?(?:for|from|by|re|about|on behalf of) {CUSTOMERS_EN}\b"
    rf"|{CUSTOMERS_EN}(?: \w+){{0,5}}? (?:says?|said|called|calls|phoned|rang|reports?|reported|reporting|"
    rf"complain\w*|wants?|told|"
    r"mentions?|needs?|has|messaged|wrote|texted|emailed|asks?|asked|can'?t|cannot)\b",
    re.ASCII,
)
# How a colleague begins who passes on what somebody else brought: by phone, at the desk, on the way.
_PASSES_ON: Final = regex(
    r"^(?:whatsapp|wechat|text|call|e-?mail|message|note|voicemail|letter) from\b|托我|转来的|居民(?:反映|投诉)|"
    rf"(?:帮|替|代|给)[^,.;:我]{{0,12}}(?:报|登记|提交?|反映|投诉|录入?|记)(?!销|价|告|警)|(?:接|收)(?:到|了|"
    rf"过)?[^,.;]{{0,8}}(?:电话|来电|反映|投诉)"
    rf"|接待|来电|来访|来前台|到前台|到服务台|前台(?:来|这边|有)|电话(?:投诉|报修|登记)|(?:碰|遇)(?:到|"
    rf"见)[^,.;]{{0,10}}(?:{CUSTOMERS_ZH}|住户|大爷|大妈)|"
    rf"(?:拦住|找到|"
    rf"拉住|叫住)我|(?:有个?|一[个位名])[^,.;]{{0,6}}(?:{CUSTOMERS_ZH}|大爷|大妈|阿姨|老人|小伙|姑娘|男的|女的|"
    rf"人)[^,.;]{{0,10}}(?:说|反映|称|讲|投诉|找|来)"
    r"|\b(?:got|had|received) an? (?:e-?mail|mail|text|letter|message|call|note) from\b|\b(?:resident|tenant|owner|"
    r"customer|guest|lady|man|woman|visitor) (?:is |here )?(?:at|in|on) (?:the |our )?(?:counter|desk|reception|lobby|"
    r"office|line|phone)\b|\bhave (?:a|an|the) (?:\w+ )?(?:resident|tenant|owner|customer|guest|lady|man|woman|"
    r"visitor) (?:here|with me|on the|at the|in the)\b|\d{3,4}[^,.;]{0,4}打(?:来|电话)|替我[^,.;]{0,10}投诉|在前台|"
    r"帮[他她](?:立案|登记|报|记)"
    r"|(?:phone|walk[- ]?in|front desk|counter|hotline|in person|by phone)\b(?: (?:complaint|report|customer|tenant|"
    r"resident))?[ ]?[:,-]"
    r"|(?:(?:i'?m |just |please |pls )*(?:log(?:ging|ged)?|record(?:ing)?|register(?:ing)?|enter(?:ing)?|fil(?:e|"
    r"ing)|report(?:ing)?|submit(?:ting)?|noting) (?:\w+ ){0,3}(?:for|on behalf of)\b)"
    r"|\b(?:took|taking|got|had|received|answered) (?:a |another )?(?:phone )?(?:call|visit|message|complaint) "
    r"(?:from|by)\b"
    r"|\b(?:stopped|told|called|asked|approached|came (?:up )?to|grabbed|caught|phoned|rang|messaged|emailed) (?:me|"
    r"us|the (?:desk|office|reception))\b"
    r"|^(?:a |an |the |some |this |one )?(?:\w+ )?(?:guy|man|lady|woman|kid|boy|girl|person|visitor|resident|tenant|"
    r"owner|driver|couple|someone|somebody)\b[^.;:]{0,30}\b(?:says?|said|claims?|wants?|reports?|complains?|told|is "
    r"complaining)\b",
    re.ASCII,
)


_SHOWN_ZH = (
    "行车记录仪|(?:聊天|通话|微信|短信|转账|付款|缴费|维修|沟通|行车)?记录|录音|录像|录屏|视频|照片|图片|截图|证据|监控"
)
_PROOF: Final = regex(
    r"(?:我们?|这边|这里|手[上里]|手头|车[上里]|家里?|另外|还|也|都|已经|保?留|[ ,])*[有装]"
    r"(?:了|着|一些|一[段份张个]|[几两][段张]|现场|当时|完整|全部|相关|的|视频|照片|[ ,和、])*"
    rf"(?:{_SHOWN_ZH}|证人|发票|收据|合同|凭证)"
    rf"(?:{_SHOWN_ZH}|[和、]|以及|的|在手|为证|作证|证明|拍(?:到|下来?)|录(?:到|下来?)|可以|能|看|提供|给你们?|发|了|[ ,.!])*"
    r"|(?:and |also )*(?:i|we)(?:'ve| have)?(?: also| still)?(?: got| have)? (?:a |an |the |some |more |my )*"
    r"(?:phone |call |audio |video |voice |dash ?cam |cctv |chat )*"
    r"(?:recordings?|records?|footage|videos?|photos?|pictures?|screenshots?|evidence|proof|witness(?:es)?|receipts?|logs?"
    r"|history|cctv|dash ?cams?(?: in (?:my|the|our) car)?)"
    r"(?: of (?:it|this|that|the (?:call|visit|chat))| too| as well| as proof)?[ .!]*"
)
"""What somebody keeps is proof, however much "我有…记录" reads like a list that is asked for."""


def offers_proof(key: str) -> bool:
    """Whether somebody says no more than that they have proof of what they told: "我还有录音"."""
    return len(key) <= LONGEST and _PROOF.fullmatch(key) is not None


def names_a_list(key: str) -> bool:
    """Whether somebody wants to see what is theirs: their complaints, or their tasks."""
    return bool(_LIST.fullmatch(key) and _NAMES_A_LIST.search(key)) and not offers_proof(key)


def asks_how_far(key: str) -> bool:
    """Whether somebody asks how far a matter has come."""
    if _HOURS.search(key):
        return False
    if _FAR_ZH.search(key) or (_WHEN.search(key) and answers_open(key)):
        return True
    return bool(_ASKS_EN.match(key) and _PROCESS_EN.search(key))


def asks_after(key: str) -> Verb | None:
    """Return STATUS where somebody asks how far a matter has come."""
    return Verb.STATUS if asks_how_far(key) else None


def answers_open(key: str) -> bool:
    """Whether what is asked "when" is asked at the end, not told on the way."""
    return len(key) <= 30


def for_others(key: str) -> bool:
    """Whether a colleague tells what a customer told them."""
    return len(key) <= 400 and bool(_FOR_OTHERS.match(key) or _PASSES_ON.search(key, 0, 60))
