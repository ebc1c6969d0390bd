"""What assignees and the service centre say in whole sentences, without a command word."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar import answers, arguments, centre, customer, holding, progress, wider_staff
from bot.grammar.arguments import EDGES, Numbered, Words
from bot.grammar.folding import fold
from bot.grammar.meaning import Reading, Speaker, Verb
from bot.grammar.patterns import regex
from bot.grammar.progress import Stage

_TRANSFER_TO: Final = regex(
    r"(?:转派?|改派|转交|移交|转单|派单?|指派|分派|交|安排|派工)给(?!我)|(?:转派|改派|转交|移交|指派)(?=@|"
    r"\s?[^\s,.]{2,4}$)|(?:让|由|请|叫)(?=[^\s,.我你他她它客]{1,5}(?:去|来)?(?:处理|负责|跟进))"
    r"|\b(?:transfer|reassign|hand|pass|forward|assign|give|dispatch)(?:ed)? (?:it |this |that |over |#?\d{4,6} |"
    r"the case |the job )*to (?!(?:the |an? )?(?:customer|resident|tenant|owner|client|guest|neighbou?r|lady|guy)\b|"
    r"(?:someone|somebody|anyone|some one) else)"
    r"|\b(?:let|have|ask|get) (?!(?:a|an|the|it|this|that|you|me|us|another) )(?=[a-z]+(?: [a-z]+)? (?:to )?(?:handle|"
    r"do|take|deal|look|go|fix|see|sort)\b)",
    re.ASCII,
)
_EXTEND: Final = regex(
    r"多批(?:[几两一二三]|\d+)天|\b(?:postpone|defer)\b|"
    r"(?<!不用)(?<!不需要)(?<!没有)(?:请批(?:准|给)?(?:我)?[\d一两二三几]个?(?:天|周|小时)|晚[\d一两二三几]?天(?:交|"
    r"弄|完成|办|处理|修|好|行)|延期|延长|延后|展期|宽限|延(?:\d{1,2}|[一二两三四五六七八九十半几])个?(?:天|周|"
    r"小时|日|工作日|星期)|缓(?:几|两|一)天|推迟|顺延)|再给(?:我|"
    r"我们)?.{0,6}(?:天|小时|时间)|多给(?:我|我们)?.{0,6}(?:天|小时|时间)|(?:还|再)?(?:需要|得|"
    r"要)(?:再)?(?:多)?(?:\d{1,2}|[一二两三四五六七八九十半几])个?(?:天|小时|工作日|周|星期)(?:时间)?|来不及"
    r"|\b(?:get|have|need|want|give me)(?: it| this)? (?:un)?till?\b|\b(?:need|take) (?:a bit |a little )?longer\b|"
    r"\bextend\b|\bextension\b|\bmore time\b|\b(?:need|want|give me|require|another|"
    r"request|get|have)\b[^.,]{0,20}\b(?:more|another|extra|additional)\b[^.,]{0,16}\b(?:days?|hours?|weeks?|time)\b|"
    r"\banother (?:\w+ )?(?:days?|hours?|weeks?)\b|\b(?:push|move) (?:back )?(?:the )?(?:deadline|due)",
    re.ASCII,
)
_ASKED_BEHIND: Final = regex(
    r"(?:(?:^|[\s,，。;；]+)(?:所以|因此|故|就)?(?:我们?)?(?:想|要|现|特|得|还?需要?|只能|必须|希望)?(?:申请|请求)?(?:再|多)?"
    r"|(?:所以|因此|故)?(?:我们?)?(?:想|要|现|特|只能|需要?)?(?:申请|请求)(?:再|多)?)"
    r"(?:延期|延长|延后|展期|宽限|顺延|推迟|缓)(?:时限|时间|一下|处理|办理)?[\s,，。了吧]*$"
    r"|[\s,.;]*\b(?:(?:so|and|i|we|i'm|we're|am|are|please|need|needs|want|would like|asking for|ask for|asking"
    r"|requesting|request|can i (?:get|have)|an|the|to|get|have) ){0,6}(?:extension|extend(?: it)?|more time)"
    r"(?: (?:of|by|for|until|till))?[\s.,]*$",
    re.IGNORECASE,
)
"""The command itself, behind the reason: "配件没到 申请延期"."""
_PUTS_OFF_TO: Final = regex(r"延(?=[到至])")
"""Of whoever has the work: whoever decides grants it by the same words."""
_ASKS_MORE: Final = regex(
    r"(?<=[ ,.;])(?:能不能|能否|可否|可以|想|请|麻烦)*(?:再|多)给(?:我们?|点|些)?[^,.;]{1,8}(?:天|小时|周|时间)[^,.;]{0,6}$"
)
"""The wish for more time as the last clause: what stands before it is why."""
GIVE_BACK: Final = regex(
    r"^退(?=[ ,])[^\d]{0,14}(?:归|属于)|[那这][个单件家](?:应该?)?(?:归|属于)(?!我)[^,.;]{1,8}$|"
    r"\bno can do\b|\bdeclining\b|我们?不管|\bconflict of interest\b|\b(?:is|s) my (?:cousin|brother|sister|friend|"
    r"relative|uncle|aunt|neighbour|wife|husband)\b|"
    r"不(?:归|属于?|由|该|是|应该?由|在)(?:我|咱|本|你们派的)[^,.;]{0,10}(?:管|修|弄|处理|负责|的?范围|部门|职责|业务|"
    r"项目|区域|责任范围|活|工作|辖区|楼盘|片区|单)|不(?:归|属于?)[^,.;]{0,10}(?:管|范围|负责|职责|辖区)|"
    r"不是我们?(?:的)?(?:管|负责|单|活|事|$|[,. ])|与(?:我|本)[^,.;]{0,6}无关|派错|分错|转错|发错(?:人|部门)|"
    r"找错|弄错(?:人|部门)|搞错(?:人|部门)|(?:接|去|干|做|管|弄|搞)不了(?!解)|没空|没时间(?!.{0,3}(?:弄|修|做|"
    r"处理|搞|办)[完好])|忙不过来|退单|(?:这|此|"
    r"该)?(?:单子?|工单)(?:先|请|就|我)?退(?:回|了|掉|吧)|不对口|收回(?:去|吧)|不是[^,.;]{1,6}能(?:处理|管|修|做|"
    r"弄)的|退回(?:给)?(?:客服|"
    r"中心|派单)"
    r"|\btake (?:it|this|that) off (?:me|my)\b|\bnot (?:us|me)(?:$|[ ,.!])|(?:isn'?t|not) for (?:us|me|our)\b|\bgive "
    r"(?:it|this) to (?:someone|somebody|"
    r"anyone) else|\b(?:not|isn'?t|"
    r"ain't)(?: \w+)? (?:my|our|mine|ours)\b(?! fault)|\bwrong (?:person|department|team|"
    r"building|guy|dept|unit|project|area)\b|\b(?:not|isn'?t|outside|out of)(?: in| within| of)? (?:my|"
    r"our) (?:area|scope|remit|job|responsib\w+)|\b(?:don'?t|do not|we don'?t) (?:handle|deal with|cover|do) |"
    r"\bdoesn'?t belong|\bnot responsible\b|\b(?:can'?t|cannot|won'?t|unable to) (?:(?:take|accept) (?:this|it|on)|"
    r"(?:do|handle|fix) (?:this|that) (?:one|job|case|kind))|"
    r"\btoo busy\b|\bgiv(?:e|ing) (?:it|this) back\b|\bsend(?:ing)? (?:it|this) back\b",
    re.ASCII,
)
_ACCEPT: Final = regex(
    r"^(?:ok+|好的?|嗯+|行|得|中)?[ ,]*收到(?:[ ,.!~]*+(?:收到|了|谢谢|好的))*[ ,.!~]*$|"
    r"(?:^|[,.! ]|好的?|ok|行|嗯|我们?|那)(?:马上|立即|立刻|尽快|这就|现在就?|我们?(?=(?:马上|立即|立刻|这就|"
    r"现在|来|去|会|就|尽快|安排|跟进|负责)))+(?:我们?)?(?:马上|立即|立刻|尽快|这就)?(?:就|去|来|会|派人|"
    r"安排人?)*(?:处理|去|过去|安排|跟进|到|办|看|联系|落实|解决|修|弄|上门|来|出发|核实|查|负责)?|我来|我去|"
    r"我(?:来)?(?:接|负责|跟进|处理)|交给我|包在我身上|安排(?:上|了)?$|已?接单|已?受理|已领取"
    r"|^(?:ok|okay|yes|sure|fine|right|got it|noted)[ ,]+(?:i |we )?will\b|\b(?:i'?ll|i will|we'?ll|we will|"
    r"i'?m going to|let me) (?:take|handle|do|look|have a look|get|check|be|see|deal|"
    r"fix|"
    r"go|head|visit|sort|attend|investigate|start)\b|\bon (?:my|our|the) way\b|\bheading (?:there|over|out)\b|"
    r"\bwill (?:do|handle|fix|take care|look|get|check|attend)\b|\bleave it (?:to|with) me\b|\btaking (?:this|that|it|"
    r"the)\b|\bright away\b|"
    r"^(?:(?:ok(?:ay)?|yes|ya|sure|can|roger|boss|sir|noted|got it)[ ,.!]*)*(?:i|we) (?:take|go|do|handle|come|"
    r"settle|attend)(?: (?:it|this|that|one|now|over|there|lah))*[ .!]*$|"
    r"\b(?:i'm|im|i am|we're|we are) on it\b|(?<!he )(?<!she )(?<!they )(?<!customer )(?<!client )(?<!tenant )\bgot "
    r"it\b|\bgoing (?:there )?now\b|\bi can (?:take|do|handle)\b|"
    r"\btake care of (?:it|this)\b|\bmine\b",
    re.ASCII,
)
_TAKES_ON: Final = regex(
    r"(?:好的?|行|嗯|ok(?:ay)?|那|收到|yes|sure|right|fine|[ ,.!])*"
    r"(?:(?:(?:这|那|此|本)[个单件活事]*(?:单子?|活儿?|事儿?)?|它)?[ ,]*(?:就|还是|由|让|归)*我(?:自己|们)?(?:来|接)"
    r"(?:弄|办|做|处理|跟进?|负责|手|接手?|搞|修|管|单)?"
    r"|(?:这[个单件活事]*)?(?:交给我|包在我身上)"
    r"|(?:(?:i|we)(?:'ll|ll| will| can)?|let me|happy to) (?:take|do|handle) (?:this|that|it)(?: (?:one|job|case|on|over))*"
    r"|leave (?:it|this)(?: one)? (?:to|with) me|(?:this|that)(?: one)? is mine)"
    r"(?:吧|了|啦|好了|就行|一下| please| then| myself|[ .!])*"
)
_TAKEN: Final = regex(
    r"(?:遵命|得令|领命).{0,3}|"
    r"(?:收到|好的?|ok|行|嗯)[收到 ,.!]+我[^,.;没不]{0,6}(?:过去|去|来|到|处理|跟进|"
    r"联系)[了吧哈 .!]*|"
    r"(?:ok|yes|sure|noted|👌|👍|✅)?[ ,.]*(?:happy to |will |i'?ll |i'?m |we'?ll |can |just )*(?:pick(?:ing|ed)? "
    r"(?:it |this "
    r")?up|tak(?:e|ing)(?: it| this)?(?: on)?|got(?: it| this)?)[ .!]*|"
    r"(?:好的?|行|嗯|ok)?[ ,.]*(?:我|这[单个]我?)?已?接(?:了|下了?|到了)[ .!]*"
)
_NOT_ACCEPTED: Final = regex(
    "(?:不|没|未|无法|不能)(?:接|受理|收到|想接|能接|会接)|不来|not (?:accept|take|going)|won't|can't|didn't"
)
_VISIT: Final = regex(
    r"(?:约(?:好|定|了|在|到|客户|业主|住户|对方)|预约|改约|定(?:在|于|好)).{0,20}(?:点|上午|下午|晚上|早上|中午|"
    r"(?<!改)天|日|号|周|星期|"
    r"上门|:\d)|(?:说好|讲好|谈好|定好|商量好|约)(?:了|在|到)?(?:今|明|后天|大后天|周[一二三四五六日天末]|星期|"
    r"礼拜|下周|\d|上午|下午|晚上|早上|中午)|(?:今天|明天|后天|大后天|周[一二三四五六日天末]|星期|下周|"
    r"\d+[号日]|上午|下午|晚上|早上|"
    r"\d点).{0,16}(?:上门|到现场|登门|去客户家|过去看|见面)"
    r"|\b(?:(?:agreed|arranged|confirmed) (?:with|for)|meet(?:ing)?|see(?:ing)?|visit|appointment|booked|"
    r"come over|go there|on site|scheduled|rescheduled?)\b.{0,30}\b(?:today|tomorrow|"
    r"tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|am|pm|o'clock|\d{1,2}(?::\d\d)? ?[ap]m|"
    r"morning|afternoon|evening|next week|noon)\b|\b(?:today|tomorrow|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday|at \d).{0,30}\b(?:visit|appointment)\b",
    re.ASCII,
)
_LEAVE: Final = regex(
    r"\bbook (?:a |my |some )?(?:holiday|leave|vacation)\b|\bwon'?t be in\b|"
    r"请[个了]?[病事年婚产]假|请(?:\d+|[一二两三四五六七八九十半几]{1,2}|个|病|事|年|婚|产|陪产|丧)?个?(?:天|周|小时|"
    r"星期)?(?:的)?假|"
    r"休(?:年|病|事|婚|产)?假|调休|不在岗|\b(?:on|taking|take) (?:an? )?(?:mc|pto|sick day)\b|\b(?:on|taking|take|"
    r"sick|annual|medical|maternity|days?|days'|day's|as|"
    r"some|want|need|"
    r"for|"
    r"of|request|apply for|grant me) leave\b(?! (?:it|the|this|that|them|a|him|her|me|my|without|as)\b)|"
    r"\b(?:days?|week|morning|afternoon|today|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)(?:day)?|tue|wed|thu) "
    r"off\b|"
    r"\b(?:not|won'?t be|can'?t|cannot) (?:com(?:e|ing) in|in|at work|working) (?:today|tomorrow|on|this|next|(?:mon|"
    r"tue|wed|thu|fri|sat|sun)\w*)\b|"
    r"\btak(?:e|ing) (?:(?:the|a|my|some|next|this|two|three|few|half|\d+|\w+day|tomorrow|today|morning|afternoon|"
    r"day|days|week|rest|of) ){1,4}off\b|\bout of office\b|\boff sick\b|\bcall(?:ing|"
    r"ed)? in sick\b|\bon (?:vacation|"
    r"holiday)\b",
    re.ASCII,
)
_MYSELF: Final = regex(
    r"[ ,.]*(?:(?:今天|明天|后天|上午|下午|最近|现在)[ ,]*)?(?:我(?![们方司])|本人)|[ ,.]*i(?:'m|m|'ll|'ve)?\b",
    re.ASCII,
)
_UNWELL: Final = regex(
    r"生病|病了|病假|不舒服|发烧|感冒|住院|家里有(?:点)?事|请.{0,4}假|休假|调休|\b(?:sick|ill|unwell|fever|day off|"
    r"on leave)\b",
    re.ASCII,
)
_ILL_OR_RESTING: Final = regex(
    r"生病|病了|发烧|住院|(?:[今明后]天|周.|星期.|礼拜.|[日号]|上午|下午)[^,.;?]{0,4}(?<![没不])休息"
    r"|\b(?:sick|ill|unwell|not feeling well)\b"
)
_NEWS: Final = regex(
    r"(?:客户|业主|住户|租户|租客|材料|配件|货|厂家|供应商|施工队|电梯公司|维保|师傅)[^,.;?]{2,}|"
    r"^(?:still |now |currently |just )?(?!(?:taking|going|heading|asking|thanking|nothing|anything|something|morning|"
    r"evening)\b)"
    r"[a-z]+ing (?:the|a|an|for|on|with|his|her|their|it|new)\b|"
    r"已(?:经)?(?:联系|到|通知|安排|派|下单|订|报|约|沟通|查|检查|核实|采购|申请|转|提交|寄|发|找|和|与|跟|"
    r"上门|勘察|拍照|定|协商|道歉|告知)|联系(?:不上|了|过|好)|通(?:了|过)(?:个|一个)?电话|打(?:了|过)(?:个|一个)?电话|"
    r"初步|约了改天|改天|勘[查测]|查勘|现场|出发|在路上|在途|[到在](?:了)?(?:现场|客户家|业主家)|到达|等(?:配件|厂家|"
    r"材料|客户|"
    r"师傅|审批|货|天)|配件|厂家|沟通|排查|检查|勘察|核实|协商|客户(?:说|要求|同意|不在|不接|希望|没|表示|"
    r"反映|觉得|不)|初步|发现|原因是|打算|预计|计划|下一步|进场|备料|下单"
    r"|\b(?:waiting|ordered|contacted|called|spoke|spoken|visited|checked|found|inspected|arrived|arriving|"
    r"met|talked|sent|asked|scheduled|customer|client|no access|not home|no answer|parts?|supplier|manufacturer|"
    r"delivery|order(?:ing)?|material|going (?:there|over)|went (?:there|over|to)|(?:nobody|no one) (?:home|in\b|"
    r"there)|on the way|"
    r"on site|investigat\w+|looking into|tenant|quote|expected?|eta)\b",
    re.ASCII,
)


def worked(item: Numbered, role: Speaker) -> Reading | None:
    """Return what a sentence says about the work: asked, done, not done, under way, promised."""
    words, given = item.words, item.arguments
    match progress.stage(words.key):
        case Stage.ASKED:
            return Verb.STATUS, given
        case Stage.NOT_DONE:
            return Verb.NOT_DONE, given | {"text": words.said}
        case Stage.UNDER_WAY if progress.has_news(words.key):
            return Verb.REPORT, given | {"text": words.said}
        case Stage.UNDER_WAY:
            return Verb.NOT_DONE, given
        case Stage.DONE:
            said = progress.result(words)
            return Verb.DONE, given | ({"result": said} if said else {})
        case Stage.PROMISED:
            return Verb.REPORT, given | {"text": words.said}
    return None


def sentence(item: Numbered, role: Speaker) -> Reading | None:
    """Return what a sentence of the staff tells or asks of us; None if neither."""
    words, given = item.words, item.arguments
    key = words.key[:600]
    if not key:
        return None
    if role is Speaker.SUPERVISOR and (decision := centre.decided(item)):
        return decision
    if wider_staff.asks_consent(key):
        return Verb.PLAN, given | {"text": words.said}
    if wider_staff.asks_queue(key):
        return Verb.LIST, given | {"of": "queue" if role is Speaker.SUPERVISOR else "tasks"}
    work = worked(item, role)
    stage = work[0] if work else None
    if work and stage in (Verb.STATUS, Verb.DONE) and not (stage is Verb.STATUS and _EXTEND.search(key)):
        return work
    if found := _EXTEND.search(key) or (role is not Speaker.SUPERVISOR and _PUTS_OFF_TO.search(key)):
        fact = holding.past_standstill(words.key)
        behind = sentence(Numbered(words.part(fact), item.references), role) if fact else None
        if behind is not None and behind[0] is Verb.EXTEND:
            said = str(behind[1].get("reason") or "")
            return Verb.EXTEND, behind[1] | {"reason": words.said[:fact] + (f"，{said}" if said else "")}
        limit, rest = arguments.take_limit(words)
        told = given | ({"limit": limit} if limit else {})
        if limit and (asks := _ASKS_MORE.search(key)) is not None:
            said = arguments.reason(words.part(0, asks.start()))
            return Verb.EXTEND, told | ({"reason": said} if len(said) > 1 else {})
        if re.match("延|展|宽|推|顺|缓|ext|more|再给|多给", found[0]):
            rest = rest.without(*found.span()) if rest is words else rest
        if not limit:
            until, rest = arguments.take_till(rest)
            told |= {"until": until} if until else {}
        said = re.sub(
            r"^(?:(?:能不能|能否|可否|也想|我?想|也(?=[ ,，])|请|申请|希望|宽限|延期|延长|再给我?们?|需要|得"
            r"|还|再|多|时间|i|we|need|to|extend|more|can|an|extension|of|by|please|give|have|get|me)(?![a-z])[ ,，]*)+"
            r"|(?:(?:可以|行|好)?[吗么]|[吧?？ ])+$|[ ,，](?:我?想|我?也想|希望|能不能|能否|可否|申请)$",
            "",
            rest.said,
            flags=re.IGNORECASE,
        ).lstrip(" ,，.。")
        said = _ASKED_BEHIND.sub("", said)
        said = arguments.reason(Words(fold(said), said))
        return Verb.EXTEND, told | ({"reason": said} if len(said) > 1 else {})
    if found := _TRANSFER_TO.search(key):
        who, rest = arguments.take_who(words.part(found.end()))
        if who and not given and (named := re.search(r"\d{4,6}", found[0])):
            given = {"reference": named[0]}
        if who:
            verb = (
                Verb.ASSIGN
                if role is Speaker.SUPERVISOR
                and "转" not in found[0]
                and not re.search("transfer|reass|pass|hand", found[0])
                else Verb.TRANSFER
            )
            before = words.part(0, found.start()).said
            said = (
                arguments.reason(rest)
                if len(rest.key) > 2 and not rest.key.startswith(("处理", "负责", "跟进"))
                else before
            )
            return verb, given | {"who": who} | ({"reason": said} if len(said) > 3 else {})
    if handed := wider_staff.handed(item, role):
        return handed
    if GIVE_BACK.search(key) or wider_staff.cannot(key):
        return Verb.GIVE_BACK, given | {"reason": words.said}
    if away := leave(item):
        return away
    if stage is Verb.NOT_DONE:
        return work
    if _VISIT.search(key) or wider_staff.goes_at(key):
        return Verb.VISIT, given | {"text": words.said}
    if (
        (_ACCEPT.search(key) or _TAKEN.fullmatch(key))
        and not _NOT_ACCEPTED.search(key)
        and not answers.is_question(key)
    ):
        return Verb.ACCEPT, given | ({"text": words.said} if len(key) > 6 else {})
    if work:
        return work
    if wider_staff.hindered(key):
        return Verb.REPORT, given | {"text": words.said}
    if customer.question(key):
        return None
    if wider_staff.left_open(key):
        return Verb.NOT_DONE, given | {"text": words.said}
    if len(key) >= 3 and _NEWS.search(key) and not answers.is_question(key):
        return Verb.REPORT, given | {"text": words.said}
    return None


def takes_on(key: str) -> bool:
    """Say whether a folded text takes the work on and says nothing besides: "这单我来弄", "I'll take this one"."""
    return _TAKES_ON.fullmatch(key.strip(EDGES)) is not None


def leave(item: Numbered) -> Reading | None:
    """Return the wish for leave, with how long, where a sentence is one."""
    key = item.words.key
    if (
        len(key) >= 60
        or (answers.is_question(key) and not _LEAVE.search(key))
        or not (_LEAVE.search(key) or _keeps_away(key))
    ):
        return None
    limit, _ = arguments.take_limit(item.words)
    return Verb.LEAVE, item.arguments | ({"limit": limit} if limit else {}) | {"text": item.words.said}


def own_leave(key: str) -> bool:
    """Say whether a folded text asks for leave of the speaker's own: "我明天请假", not "师傅请假了"."""
    return len(key) < 60 and bool(_MYSELF.match(key) and _LEAVE.search(key))


def _keeps_away(key: str) -> bool:
    """Say whether somebody says, in other words than "leave", that they do not come: "我今天生病了", "我下周一休息"."""
    return bool(_MYSELF.match(key) and _ILL_OR_RESTING.search(key)) and not answers.is_question(key)


def about_oneself(key: str) -> bool:
    """Say whether a folded text may be about how the speaker does, rather than about how a matter stands."""
    return bool(_MYSELF.match(key) or _UNWELL.search(key)) and not answers.is_question(key)
