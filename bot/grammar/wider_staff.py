"""A second look at what colleagues say, by word classes wide enough for words that no table lists. Pure.

Asked only where the tables found nothing. What it finds is never "done": work is done in plain words alone.
"""

from __future__ import annotations

import re
from typing import Final

from bot.grammar import answers
from bot.grammar.arguments import Numbered, without_manners
from bot.grammar.meaning import Reading, Speaker, Verb
from bot.grammar.patterns import regex
from bot.grammar.things import LONGEST, THING, is_told
from bot.grammar.wider_customers import asks_how_far, names_a_list, offers_proof

_NOBODY_ZH: Final = (
    r"[了一几过不没下个点换修装弄打退清加补发送钱做调擦拆处看报回通账告接动头钥配材开还给错]|我|你|"
    r"他|她|它|咱|谁|人|师傅|客户|业主|住户|租户|租客|房东|对方|厂家|大家|自己|家|物业"
)
_NAME_ZH: Final = (
    rf"(?!{_NOBODY_ZH})(?:[小老阿大][\u3400-\u9fff](?!单)|[\u3400-\u9fff]{{1,2}}(?:师傅|工|哥|姐|叔|主管|经理|"
    rf"班长|队长|组长|主任)"
    r"|[\u3400-\u9fff]{1,6}(?:组|部|班|队|公司|中心|处|科|维保)|水电工?|电工|水工|木工|保洁|保安|维保|前台|客服|"
    r"[\u3400-\u9fff]{2}(?=[弄搞修做看办])|[\u3400-\u9fff]{2,3})"
)
_GO_ON_ZH: Final = "(?:处理|负责|跟进?|盯着?|管|去|来|过去|过来|上门|看|修|做|弄|搞|接手?|办|一下|一趟|趟|了|吧|呗|啦)"
_PART_ZH: Final = r"[\u3400-\u9fff]{1,6}?(?:组|部门?|班|队|公司|中心|处|科|维保|财务|工程|客服|物业)"
_HANDED_ZH: Final = regex(
    rf"(?:[^,.;给]{{0,16}}[,.] ?)?(?:请|麻烦|帮忙|帮我|直接|先|把|这[单个活件事]|这件事|此单|此事|该单|投诉|工单|"
    rf"单子?|应该|要|得|需要|可以|那|就|\d{{4,6}}(?!\d)|[ ,])*"
    rf"(?:(?:转|派|交|移|分|发给)(?:到|去|给)? ?(?:\d{{4,6}} ?)?(?:给|到)? ?@?(?:{_PART_ZH}的?)?(?P<to>{_NAME_ZH})"
    rf"|给 ?@?(?:{_PART_ZH}的?)?(?P<give>{_NAME_ZH})|(?:安排|叫|让|派|请|喊|通知|指定|委派) "
    rf"?@?(?:{_PART_ZH}的?)?(?P<let>{_NAME_ZH})(?={_GO_ON_ZH}))"
    rf"{_GO_ON_ZH}*(?: ?\d{{4,6}})?[ ,.!]*(?:[,. ].*)?|@(?P<at>\S{{1,8}}) [^,.;]{{0,6}}你来?(?:接|处理|跟|负责|去|"
    rf"看)[ 吧.!下一]*"
)
_HANDED_EN: Final = regex(
    r"(?:please |pls |plz |kindly |ok,? |let'?s |can you |could you |better |just )*(?:allot|allocate|delegate|"
    r"switch|swap|send|"
    r"move|route|redirect|escalate|"
    r"refer|handover|forward|"
    r"pass|give|assign|get|put)(?: (?:(?:this|that|the)(?: (?:one|case|job|task|ticket|complaint|order))?|it|"
    r"\d{4,6}))?(?: (?:on|over|"
    r"along))?(?: (?:to|with))? "
    r"(?P<to>(?!(?:the |a |an |my |our )?(?:someone|somebody|anyone|anybody|customer|client|tenant|owner|it|me|"
    r"us|you|him|her|them|help|"
    r"this|that|more|back|photos?|pictures?|quote|invoice|parts?|list|done|on|off|hold|time|days?|extension)\b)"
    r"(?:the |mrs?\.? |ms\.? )?[a-z][a-z'-]+(?: (?!(?:please|pls|now|instead|over|there|today|asap|to|for|and|who|"
    r"because|when|first)\b)"
    r"[a-z'-]+)?)"
    r"(?: (?:please|now|instead|over|there|today|asap|to (?:fix|check|see|look|handle|do)\b.*))*[ .!]*(?:[,.;] .*)?"
    r"|(?:get|put) (?P<put>(?!(?:it|this|that|the|a|an|him|her|them|more|some|new)\b)[a-z][a-z'-]+) (?:on|onto|on "
    r"to)\b.*"
    r"|can (?P<can>(?!(?:it|this|that|you|we|i|he|she|they|someone|somebody|anyone|customer|the)\b)[a-z][a-z'-]+) "
    r"(?:take|handle|do|cover) (?:this|it|that)\b.*"
    r"|[^,.;]{0,30}[,.] ?over to (?P<over>[a-z][a-z'-]+)(?: (?:in|from|at) \w+)?[ .!]*"
    r"|(?P<takes>(?!(?:it|this|that|he|she|they|we|i|you|who|customer|owner|tenant|someone|still|repair|job|work|"
    r"which|what)\b)[a-z][a-z'-]+) (?:takes|gets|handles|to take|to handle)(?: this| it| over| \d{4,6})*[ .!]*"
    r"|(?:this|it|that)(?: is|'?s)(?: one| a (?:job|case|matter|task)| something)? for (?P<for>(?:the "
    r")?[a-z][a-z'-]+)(?: (?:in|from|at|on) (?:the )?\w+)?[ .!]*(?:[,.;] .*)?"
    r"|(?:i |we )?(?:want|need|would like|'?d like) (?P<want>(?!it|this|that|the|a|an|to|more|another|some|you|him|"
    r"her|them)[a-z][a-z'-]+)(?: to (?:be )?(?:on|handle|take|do|look|deal|lead)| on| responsible| in charge)\b.*"
    r"|(?:this|it|that|\d{4,6})? ?(?:should|must|needs to|has to|can|better)(?: be)? (?:go|sent?|passed|given|"
    r"forwarded|handled|done|moved) (?:to|by) "
    r"(?P<goes>(?:the )?[a-z][a-z\'-]+(?: (?:team|department|desk))?)[ .!]*"
    r"|(?P<should>(?!(?:no|ok|okay|yes|sure|it|this|that|they|he|she|we|i|you|who|customer|someone|somebody|"
    r"there)\b)[a-z][a-z'-]+) "
    r"(?:should|can|could|will|must) (?:do|take|handle|have|get|look|go|deal)\b.*",
    re.ASCII,
)
_CANNOT: Final = regex(
    r"(?:我|咱|我们)[^,.;]{0,6}(?:不了|不会|没法|没办法|做不来|弄不来|不懂|"
    r"不熟)[^,.;]{0,6}[,. ]+[^,.;]{0,4}(?:要|得|需要|找|让|换|叫|请)"
    r"|(?:超出|不在|超过|属于别|归别)[^,.;]{0,8}(?:范围|能力|职责|权限|片区|区域|管)|(?:别的|其他|另一个?|"
    r"其它)(?:部门|组|公司|同事)的?"
    r"(?:活|事|单|业务|范围|管)|(?:让|找|换|叫|派|请)(?:个)?(?:别人|其他人|别的(?:人|师傅|同事)|其他(?:人|师傅|"
    r"同事)|专业的?|厂家)(?!来修)"
    r"|不了[ ,]*(?:先|请|就)?(?:退|还给|拿回|收回)|(?:归|属于|该找|得找|应该找|是)(?:物业|房东|开发商|电力|供电|"
    r"燃气|自来水|电梯公司|厂家|业主自己|他们|别人)[^,.;]{0,6}(?:管|的|负责|修|处理|事)|不归(?:我|咱|本|这)|"
    r"我(?:们|这边)?(?:可)?(?:不会|不懂|没学过|没修过|没做过)(?:修|弄|做|处理|搞|装|换|这)|(?:没|"
    r"无)(?:有)?(?:资质|权限|证|工具|电工证)"
    r"|\b(?:not|n't|isn'?t|never) (?:\w+ )?(?:qualified|trained|certified|licensed|allowed|equipped|competent|"
    r"authori[sz]ed|"
    r"skilled|my (?:trade|skill|field|speciality|business|problem))\b|\bbeyond (?:my|our)\b|\bbelongs? to\b|"
    r"\b(?:no|without|lack) (?:an? )?(?:\w+ )?(?:licen[cs]e|permit|certificate|qualification)\b|\b(?:can'?t|"
    r"cannot|unable to) (?:handle|do|take|manage|deal with) (?:this|it)\b|\btake (?:it|this) back\b|"
    r"\b(?:some(?:one|body)|any(?:one|body)) "
    r"else\b|\banother (?:team|department|colleague|person|technician)\b|\bi (?:only )?do \w+,? not\b|\btake (?:it|"
    r"this|that) off (?:me|my)\b|\bdon'?t (?:do|know how|"
    r"have (?:the )?(?:tools|licen\w+))\b",
    re.ASCII,
)
_AGREED_ON: Final = regex(
    r"(?:改|挪|换|调|提前|约|说好|讲好|定|商量|谈|确认|联系)(?:到|在|成|至|好了?|定了?|妥了?|为|期到)?[^,.;?]{0,6}"
    r"(?:[今明后]天|今晚|明早|明晚|大后天|周[一二三四五六日天末]|星期.|礼拜.|下周|\d+[号日点]|"
    r"[一二三四五六七八九十]+点|上午|下午|晚上|早上|中午)"
    r"(?![^,.;]{0,8}(?:到货|寄|出差|回来|才|送|发货|有货))"
    r"|\b(?:moved?|changed?|shift\w*|push\w*|postponed?|resched\w*|agreed|confirmed|set|fixed|arranged|booked|meeting|"
    r"see(?:ing)? (?:them|him|her|the \w+))\b[^.;]{0,24}\b(?:today|tomorrow|tonight|(?:mon|tues|wednes|thurs|"
    r"fri|satur|sun)day|"
    r"\d{1,2}(?::\d\d)? ?[ap]m|next week|noon)\b",
    re.ASCII,
)
_LEFT_OPEN: Final = regex(
    r"\b(?:haven'?t|have not|hasn'?t|has not|didn'?t|did not|couldn'?t|could not|can'?t|cannot|wasn'?t|isn'?t|"
    r"not|never)\b[^.;]{0,20}"
    r"\b(?:yet|help\w*|been|gone|went|go|start\w*|begun|made?|manage\w*|done|finish\w*|hold(?:ing)?|complet\w*)\b"
    r"|\bonly (?:did|done|fixed|managed|got|one|half|part|some)\b|\b(?:needs?|requires?) (?:another|a second|"
    r"one more) (?:visit|trip|go|look)\b"
    r"|\banother (?:visit|trip)\b|(?:得|要|需要|还要)(?:再|重新)(?:跑|弄|修)|下次再|改天再|明天再(?:弄|修)|"
    r"(?:不行|不管用|没效果|没用|无效)[ .!]*$",
    re.ASCII,
)
_SETS_OUT: Final = regex(
    r"(?:ok(?:ay)?|yes|sure|right|alright|fine|yep|yeah|got it|understood|noted|roger|copy)[ ,.!]+(?:i(?:'m| am|"
    r"'ll| will)? |we(?:'re|'ll)? )?"
    r"(?:going|coming|leaving|heading|starting|will|go|come|on (?:it|my way)|taking|doing|looking|checking)\b.{0,30}"
    r"|(?:好的?|行|嗯+|收到|ok|可以|没问题|知道了|明白)?[ ,.]*(?:我|我们|这边|咱)?(?:这就|马上|立刻|现在|等下|"
    r"一会儿?|待会儿?)?(?:就|去|来|过去|出发|动身|安排|"
    r"跟进|处理|看|联系|上门|跑一趟)+(?:一下|一趟|他|她|客户|业主|现场)?[ .!了吧哈啦]*"
)
_WHY: Final = regex(
    r"(?:为什么|为啥|干嘛|咋|怎么|凭什么|凭啥)[^,.;]{0,4}(?:派|分|给|找|让|是)(?:给)?我|why (?:me(?! ?[?,.] ?\w)|is "
    r"this mine|"
    r"am i|did i get|was i)\b.*"
)
_CAN_HELP: Final = regex(
    r"(?:what|which) (?:commands?|options|words|things)\b.*|(?:what can i (?:do|say|type|write|send)|"
    r"how do(?:es)? (?:i|this|it))\b.*"
    r"|(?:有|都有)?(?:哪些|什么)(?:命令|指令|功能|操作|口令)[^,.;]{0,6}|(?:我)?(?:能|可以|该)(?:发|说|输入|回复|"
    r"用)(?:什么|啥|哪些)[^,.;]{0,6}",
    re.ASCII,
)
_OBSTACLE: Final = regex(
    r"没(?:有)?人(?:开门|应|接|在|回|理|答)|无人(?:接|应|在|开)|不在家|打不通|接不通|拨不通|联系不|约不|关机|"
    r"停机|占线|没接|不接|没回|"
    r"拒接|进不去|没钥匙|不让进|不配合|不同意|不让|要停[水电气]|先(?:停|关|报|问|找|跟|和|等|协调)"
    r"|\b(?:no ?one|nobody)\b[^.;]{0,16}\b(?:home|answer\w*|open\w*|there|in|door|picks?|picked)\b|"
    r"\bphone (?:is |was )?(?:off|dead|engaged|"
    r"busy)\b|\bno (?:access|answer|reply|key|one in)\b|\b(?:can'?t|cannot|couldn'?t|unable to) (?:reach|"
    r"get (?:in|hold|through)|contact|enter|"
    r"find the)\b|\bnot (?:home|in|there|answering|available)\b|\bneed(?:s)? to (?:shut|turn|cut|ask|check|wait|"
    r"order|buy|call|get|talk|"
    r"close|drain|find|bring)\b",
    re.ASCII,
)
_FOR_NAME: Final = regex(r"(?:for|to|-*>|=*>|→|给)? ?@?([a-z][a-z'-]+(?: [a-z][a-z'-]+)?)")
_TOLD_OF: Final = regex(
    r"查了|查过|看了|看过|问了|问过|去了|去过|来了|到了|买了|订了|拍了|发了|寄了|报了|谈了|聊了|跟|和|同|找|"
    r"准备|明天|后天|下午|今天|原因|是因为|"
    r"需要|得|要|缺|没货|估计|材料|配件|厂|施工|报价|监控|房东|邻居|邻里|业委会|物业|楼上|楼下"
    r"|\b(?:i|we|he|she|they|it|landlord|owner|neighbou?r|shop|office|team|manager|bought|buying|brought|"
    r"bringing|installing|checking|"
    r"looking|looked|reviewed|measured|measuring|tested|testing|told|informed|explained|here|there|arrived|left|"
    r"need\w*|tomorrow|today|"
    r"later|next|because|late|traffic|stuck|delayed|running|caused?|cause|found|seems?|looks?|likely|comes?|"
    r"asked|agreed|wants?|has|have|had|will|going|needed|required|missing)\b",
    re.ASCII,
)

_UNWELL: Final = regex(
    r"(?:今天|明天|后天|上午|下午|最近|现在|抱歉|不好意思|[ ,.])*(?:(?:我(?![们方司])|本人|身体|"
    r"人)[^,.;客业住租房师邻]{0,5})?"
    r"(?:生病|病了|病假|不舒服|不太舒服|难受|发烧|感冒|住院|头[疼痛晕]|肚子[疼痛])"
    r"|(?:sorry[ ,]+)?(?:i(?:'m|m|'ve)?\b[^,.;]{0,20}\b(?:sick|ill|unwell|fever|headache|feeling well)\b"
    r"|(?:not )?feeling (?:well|sick|ill|unwell)\b)",
    re.ASCII,
)


def from_staff(item: Numbered, role: Speaker) -> Reading | None:
    """Return what a colleague's words say by their classes; None where they do not say."""
    words, given = item.words, item.arguments
    key = words.key.strip(" ,.!~")
    if not key or len(key) > LONGEST or key.startswith("已电话"):  # what begins so is a duty done
        return None
    told: dict[str, object] = given | {"text": words.said}
    if _WHY.fullmatch(key.rstrip("? 啊呀")):
        return Verb.WHY, given
    if _CAN_HELP.fullmatch(key):
        return Verb.HELP, given
    if offers_proof(key):
        return Verb.ADD, told
    centre = role is Speaker.SUPERVISOR
    if names_a_list(key):
        return Verb.LIST, given | {"of": "queue" if centre else "tasks"}
    if answers.is_question(key) or "?" in key:
        return (Verb.STATUS, given) if asks_how_far(key) else None
    if _CANNOT.search(key):
        return Verb.GIVE_BACK, given | {"reason": words.said}
    if given_on := handed(item, role):
        return given_on
    if hindered(key):
        return Verb.REPORT, told
    if left_open(key):
        return Verb.NOT_DONE, told
    if _AGREED_ON.search(key):
        return Verb.VISIT, told
    if _SETS_OUT.fullmatch(key):
        return Verb.ACCEPT, told
    if centre and item.references and (named := _FOR_NAME.fullmatch(key)):
        return Verb.ASSIGN, given | {"who": without_manners(words.said[slice(*named.span(1))])}
    if _UNWELL.match(key):  # how somebody does is no news of a matter
        return None
    if not centre and is_told(key) and (_TOLD_OF.search(key) or THING.search(key)):
        return Verb.REPORT, told
    return None


_CONSENT: Final = regex(
    r"(?:客户|业主|住户|租户|对方)认可(?:就|的话|再)|"
    r"(?:想|要)?(?:跟|和|与)(?:客户|业主|住户|租户|对方|他|她)商量(?![过好妥了定])|可以的话我们?就|\bcheck (?:w|"
    r"with) (?:the )?(?:customer|owner|tenant|resident|client|him|her|them)\b|"
    r"\b(?:is|are|would) (?:the )?(?:owner|customer|tenant|resident|client|s?he|they) (?:be )?(?:ok|okay|fine|happy|"
    r"good) with\b|"
    r"(?:问(?![过了])|征求|征询|看看?|听听)[^,.;了过]{0,10}(?:意见|意思|意愿|接不接受|同不同意|行不行|可不可以|"
    r"愿不愿意|答不答应|是否(?:同意|"
    r"接受)|(?:能不能|能否|可否)接受|(?:接受|同意|可以|行)(?:吗|不|么))|(?:客户|业主|住户|租户|租客|对方|他|"
    r"她)(?:要是|如果|若)?(?:同意|接受|"
    r"没意见|点头)(?:的话|就|我们就|再)|(?:请|麻烦|让)(?:客户|业主|住户|租户|对方|他|她)[^,.;]{0,4}(?:看下|看看|"
    r"看一下|确认|定)[^,.;]{0,4}(?:行不行|可不可以|是否|"
    r"同意|方案)"
    r"|\b(?:ask|see|check|find out)\b (?:(?:the |with )?\w+ )?(?:if|whether) (?:the )?(?:s?he|they|\w+)(?:'?d|'?ll| "
    r"would| will| is| are)? (?:be )?(?:\w+ )?"
    r"(?:accepts?|agrees?|ok(?:ay)?|take|takes|happy|wants?|fine|willing)\b|\b(?:does|would|will) (?:the )?\w+ "
    r"(?:agree|accept)\b|"
    r"^(?:our |the |my )?(?:solution|proposal|offer|suggestion)\b[^.;]{0,30}:|\bif (?:s?he|they|the \w+) (?:agrees?|"
    r"accepts?|(?:is|are) (?:ok|okay|fine|happy))\b",
    re.ASCII,
)
_QUEUED: Final = regex(
    r"(?:what|which)(?:'?s| is| are) (?:outstanding|open|pending|overdue|left|waiting)(?: in my team| with my team| "
    r"for me| today| on my list| now| this week)*[ ?.!]*|(?:看[下看]|列[下出]|查[下看])(?:全部|所有)?的?待办[ ?.]*|"
    r"(?:有)?哪些(?:单子?|工单)?(?:快|要|已经?|快要)?(?:到期|超期|逾期|超时)(?:了|的)?[? ]*|我?还有(?:哪些|"
    r"几个)(?:[未没](?:完结|办结|完成|结|处理))的?[? ]*|"
    r"(?:看|查一?下|列一?下|今天|现在)*(?:我)?(?:名下|手头|手上|这边)?(?:的|有)?(?:哪些|几个|多少)?(?:超时|逾期|"
    r"未结|没结|没办|待办|紧急|快到期)?的?(?:单子?|工单|任务|活儿?|案子)"
    r"(?:都)?(?:没结|没办|列一?下|有哪些|是哪些|有几个|给我看看|发我|呢)[? 啊呀呢了]*|(?:今天|现在)?我(?:今天|"
    r"现在)?(?:有|还有|还剩)(?:哪些|几个|多少)(?:单子?|工单|任务|活儿?)[? 啊呀呢]*|"
    r"(?:show|list|give)(?: me)? (?:everything|all|anything|what'?s|whatever)(?: that)?(?: is|'?s)? (?:overdue|open|"
    r"late|pending|due|outstanding|unassigned|waiting)(?: today| now| please)*[ ?.!]*|"
    r"(?:看|查|今天|现在|目前|还|都|手上)*(?:有|剩)(?:哪些|什么|几个|多少)(?:单子?|工单|投诉|案子)?(?:是)?(?:没|"
    r"未|待|等着?)(?:有)?"
    r"(?:处理|派|人接|分|受理|办结|完成|结|关|回复|跟进|派出去)(?:的|完的|掉的)?(?:单子?|工单|投诉|案子)?[? 啊呀呢]*"
    r"|(?:(?:show|give|get|send)(?: me)? |(?:a |the )?list (?:of )?)*(?:all )?(?:the )?(?:open|pending|outstanding|"
    r"unassigned|unsolved|waiting|unresolved|new) "
    r"(?:cases|complaints|tickets|jobs|ones|list)(?: (?:please|pls|today|now))*[ ?.!]*",
    re.ASCII,
)
_SOON_ZH: Final = (
    r"(?:今[天晚]|明[天早晚]|后天|大后天|周[一二三四五六日天末]|星期.|礼拜.|下周.?|\d+[号日]|早上|上午|"
    r"中午|下午|晚上|\d+点|[一二三四五六七八九十]+点)"
)
_GOES_AT: Final = regex(
    r"(?:小时|分钟)[之以]?后[^,.;没不]{0,6}[到去](?:业主|客户|住户|租户|他|她)|那(?:时候|会儿?|个点)[去到过]|"
    r"\b(?:meeting|meet|seeing|be round|be over|be there|visiting|visit|inspection|going (?:there|over|to)|"
    r"coming)\b[^.;?]{0,40}\b(?:at noon|at \d{1,2}(?::\d\d)? ?(?:[ap]m|today|tomorrow|tonight|tmr)|half past|\d "
    r"?[ap]m)\b|"
    rf"{_SOON_ZH}[^,.;?没不]{{0,12}}(?:去|到|过去|上|来|在)(?:一?趟)?(?:客户|业主|住户|租户|租客|顾客|他|她|人|"
    rf"对方)们?(?:那|那边)?(?:家|屋|房子|"
    rf"楼上)?(?:里|中)?"
    r"(?:看(?:一下|下)?|修|处理|检查|维修|换|弄|量|查|碰面|见面|谈|一趟|当面)*(?![^,.;]{0,6}[过了说])"
    rf"|{_SOON_ZH}[^,.;?没不]{{0,8}}(?:去|到)\d{{3,4}}(?:室|房)?(?:看|修|查|处理|现场)|"
    rf"{_SOON_ZH}[^,.;?没不]{{0,6}}我?们?(?:带|和|跟|陪)[^,.;]{{1,6}}(?:过去|上门)"
    r"|(?:去|到|过去)(?:客户|业主|住户|租户|租客|他|她)们?家[^,.;]{0,4}(?:是|就|约|定)?(?:今|明|后天|周)"
    r"|\b(?:going|visiting|visit|coming|come|go|heading|pop(?:ping)? (?:in|over|round)|drop(?:ping)? (?:by|in)|"
    r"stop(?:ping)? by|swing(?:ing)? by|"
    r"be there|be at|see|seeing|meet(?:ing)?)\b[^.;?]{0,24}\b(?:tonight|tomorrow|today|later|this (?:morning|"
    r"afternoon|evening)|(?:mon|tue|wed|thu|fri|sat|sun)\w*)\b"
    r"[^.;?]{0,8}(?:\bat \d|\d ?[ap]m|\bnoon|\d:\d\d|morning|afternoon|evening)",
    re.ASCII,
)


def asks_consent(key: str) -> bool:
    """Whether a colleague proposes something and wants to know whether the customer agrees."""
    return len(key) <= 2 * LONGEST and bool(_CONSENT.search(key))


def asks_queue(key: str) -> bool:
    """Whether somebody wants to see what is open."""
    return len(key) <= 60 and bool(_QUEUED.fullmatch(key))


def goes_at(key: str) -> bool:
    """Whether a colleague says at what time they will be with the customer."""
    return len(key) <= LONGEST and bool(_GOES_AT.search(key)) and not answers.is_question(key)


def hindered(key: str) -> bool:
    """Whether a colleague tells what keeps them from the work: a door that nobody opens, a phone that is off."""
    return _OBSTACLE.search(key) is not None and not answers.is_question(key) and not key.startswith("已电话")


def left_open(key: str) -> bool:
    """Whether a colleague tells, in other words than "not done", that the work goes on."""
    return _LEFT_OPEN.search(key) is not None


def cannot(key: str) -> bool:
    """Whether a colleague says that the work is for others."""
    return len(key) <= LONGEST and _CANNOT.search(key) is not None and not answers.is_question(key)


def handed(item: Numbered, role: Speaker) -> Reading | None:
    """Return to whom work is given, by a name where a name stands."""
    words = item.words
    if len(words.key) > LONGEST:
        return None
    found = _HANDED_ZH.fullmatch(words.key) or _HANDED_EN.fullmatch(words.key)
    if found is None:
        return None
    place = next(name for name, said in found.groupdict().items() if said)
    who = re.sub(r"^the ", "", words.said[slice(*found.span(place))].strip(), flags=re.IGNORECASE)
    number = re.search(r"(?<!\d)\d{4,6}(?!\d)", found[0])
    given = item.arguments or ({"reference": number[0]} if number else {})
    return Verb.ASSIGN if role is Speaker.SUPERVISOR else Verb.TRANSFER, given | {"who": who}
