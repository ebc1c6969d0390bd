"""Work that has to wait, and that goes on again, in a sentence: "暂缓三天 等配件", "客户回来了，恢复". Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar import answers, arguments
from bot.grammar.arguments import EDGES, Numbered, Words
from bot.grammar.folding import clean, fold
from bot.grammar.meaning import Pending, Reading, Verb
from bot.grammar.patterns import regex
from complaints.numbers import ANY

_LONGEST: Final = 80  # characters
_SO_LONG: Final = (
    r"(?:(?:半|[一二两三四五六七八九十]{1,3}|\d{1,3})个?(?:工作日|天|日|周|星期|礼拜|小时)"
    r"|(?:(?:for )?(?:an?|one|two|three|four|five|six|seven|\d{1,3}) (?:working |more )?(?:days?|weeks?|hours?)\b)"
    rf"|{arguments.TILL})"
)
_HOLDS: Final = regex(
    r"(?:请|先|申请|需要|要|[ ,])*(?:暂缓|挂起|搁置|暂停(?=[ ,:]|处理|办理|到|至|等))(?:处理|办理)?[ ,:]*"
    rf"(?:(?={_SO_LONG})|(?<=[暂挂搁][缓起置])(?=[到至]))"
)
"""Till when it is to wait may be said in words that nobody reads: it is asked, and none of it is news to the customer."""
_STOPS: Final = regex(
    r"(?:^|(?<=[ ,.;]))(?:那|就|我们?|这边|请|得|要|需要|申请|想|只能|只好|活儿?|工作|施工|维修|处理|[这此该]单|[ ])*"
    r"(?:先|暂时?)*(?:停|搁|放|缓)(?:工|下来?|一[停放缓搁下]|着|置|[ ])*"
    rf"(?={_SO_LONG})"
    r"|(?:^|(?<=[ ,.;]))(?:(?:i|we)(?:'m|'re| am| are|'ll| will)? |let'?s |so |please |pls |(?:need|have|want|like) to |must )*"
    r"(?:paus(?:e|ing)|stop(?:ping)?|hold(?:ing)?(?: off)?|suspend(?:ing)?)(?: (?:it|this|work(?:ing)?|the (?:work|job)))? "
    rf"(?={_SO_LONG})"
)
_WAITS: Final = regex(r"等(?![级于到])|\bwait(?:ing|s)?\b")
"""Work stops for so long because it waits; a lift that is stopped for three days is news."""
_PAUSES: Final = regex(
    r"(?:^|(?<=[ ,.;]))(?:那|就|我们?|这边|请|想|得|要|需要|申请|只能|只好|建议|[ ])*(?:先|暂时|暂且)+"
    r"(?:把?(?:它|这[单个件事]|工作|活儿?))?(?:停|放|缓|搁)(?:一?[停放缓搁]|一下|下来?|着|置|[ ])*"
    r"(?:吧|了|呢|再说)*(?=$|[ ,.;])"
)
"""Said of the work itself, in a clause of its own: "先停一下", "先放一放"."""
_NOT_THERE: Final = regex(
    r"等(?![级于到])|没(?:到|有?货)|缺货|断货|出差|回(?:了)?老家|(?:才|没)(?:回来|到)|到货|\bwait(?:ing|s)?\b|\bout of stock\b"
)
_DAY: Final = (
    r"(?:(?:下|本|这)?个?(?:周|星期|礼拜)[一二三四五六日天末]|下个?(?:周|星期|礼拜|月)|月底|年后|节后|\d{1,2}月\d{1,2}[日号]?|"
    r"\d{1,2}[日号]|(?:明|后|大后)天)"
)
_FIRST_DAY: Final = regex(_DAY)
_PUTS_OFF: Final = regex(
    rf"(?:{_DAY}[^,.;]{{0,8}}|到时候?|回来|到货|到了|(?:之|以)?后)再"
    r"(?:说|弄|修|做|搞|办|处理|联系|看|继续|开工|施工|动工|安排|跟进)"
    r"|(?:放|缓|搁|停)(?:一?[放缓搁停]|着|置)"
    r"|\b(?:leave|leaving|park(?:ing)?|shelv(?:e|ing)|paus(?:e|ing)) (?:it|this)\b"
    r"|\b(?:carry on|continue|do it|deal with it|look at it)"
    r" (?:next|after|when|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)


def puts_off(key: str) -> bool:
    """Say whether a line may mean that the work is to stand still: "等材料，下周一再弄". Who says it is asked which."""
    return (
        len(key) <= _LONGEST and bool(_NOT_THERE.search(key) and _PUTS_OFF.search(key)) and not answers.is_question(key)
    )


_NONE_WANTED: Final = regex(
    r"(?:那|就|还是|先|我|我们|现在|已经|目前|都|算了|哦|[ ,])*(?:"
    r"(?:不|不用|不需要|不要|不想|无需|不必|用不着|没必要|别|取消|撤回)(?:再|申请|[ ])*"
    r"(?:延期?|延长|展期|加时|暂缓|挂起|搁置|停)"
    r"(?:申请|时间|时限|处理)?(?:了|啦|吧|的|[ .!])*"
    r"|(?:延期|暂缓|挂起)(?:申请)?(?:不用|不要|不需要|取消|撤回|算)(?:申请)?(?:了|啦|吧|[ .!])*"
    r"|(?:点错|按错|发错|说错|搞错|弄错)了?[ ,.!]*(?:(?:不|不用|不要)(?:延期?|暂缓)了?)?[ .!]*)"
    r"|(?:ok(?:ay)?|so|then|actually|sorry|well|it'?s|i|we|[ ,])*(?:"
    r"(?:no|don'?t|do not|doesn'?t|needn'?t|not)(?: longer)?(?: need(?:ed)?| want| to| any| an| the| a| more| further)*"
    r" (?:extension|extend(?: it)?|more time|extra time|hold|pause|put it on hold|wait)"
    r"(?: any ?more| after all| needed| required| necessary| then| now| please)*"
    r"|(?:cancel|drop|scrap|skip|forget)(?: about)?(?: the| that| my)? (?:extension|hold|pause|request|extra time)(?: please)?"
    r"|(?:my )?(?:mistake|wrong button|wrong one))[ .!]*"
)


def wants_none(text: str) -> bool:
    """Say whether words want neither more time nor a pause, and nothing else: "不用延了", "no extension needed"."""
    return _NONE_WANTED.fullmatch(fold(clean(text))) is not None


_OTHERS: Final = regex(
    r"等(?:待)?[^,.; ]{0,8}?(?:局|公司|街道|居委|社区|政府|保险|定损|审批|批文|批复|批准|供应商|厂|采购|到货|部门|领导|总部|"
    r"甲方|施工|师傅|专家|检测|鉴定|报价|发货|物流|快递|别人|其他人|第三方)"
    r"|\b(?:wait(?:ing|s)?|pending)(?: (?:for|on))? (?:[a-z]+ ){0,3}?(?:council|insur(?:er|ance)|suppliers?|utility|"
    r"compan(?:y|ies)|grid|permits?|approval|deliver(?:y|ies)|parts?|contractors?|others|someone|somebody|third part(?:y|ies)|"
    r"manufacturers?|engineers?|authorit(?:y|ies)|office|bank|police)\b"
)
_OUR_CUSTOMER: Final = regex(
    r"(?<![楼对隔邻][上下门壁居])(?:客户|业主|住户|租户|租客|顾客)(?!(?:代表|委员|大会))|家里?没人|\b(?:customer|client|resident|tenant|owner)s?\b"
)
_NEIGHBOURS: Final = regex(r"楼[上下]|隔壁|对门|邻居|别家|\b(?:neighbou?rs?|upstairs|downstairs|next door)\b")


def waited_for(text: str) -> str:
    """Return whom words that say why work waits name: customer, third_party or court; "" where they name nobody for sure."""
    key = fold(clean(text))
    if said := arguments.waits_for(Words(key, key)):
        return said
    if _OTHERS.search(key):
        return "third_party"
    return "customer" if _OUR_CUSTOMER.search(key) and not _NEIGHBOURS.search(key) else ""


_THING: Final = (
    r"(?:电梯|货梯|客梯|扶梯|[水电气煤]|煤气|天然气|燃气|暖气|空调|宽带|网络?|门禁|道闸|水泵|机器|设备|系统|监控|路灯|灯|车库|"
    r"泳池|游泳池|健身房|会所|供[水电暖热气]|工地|生产线)"
)
_THING_EN: Final = (
    r"(?:lifts?|elevators?|escalators?|water|power|electricity|gas|heating|(?:air ?con(?:ditioning)?|ac)|internet|wi-?fi|"
    r"network|pumps?|boilers?|gates?|barriers?|pool|gym|machines?|system|supply|lights?|doors?|line|site)"
)
_LENGTH: Final = (
    r"(?:半|几|[一二两三四五六七八九十]{1,3}|\d{1,3})(?:多)?个?多?(?:工作日|天|日|周|星期|礼拜|月|小时|钟头)"
)
_LENGTH_EN: Final = (
    r"(?:an?|half an?|one|two|three|four|five|six|seven|eight|nine|ten|several|a few|some|\d{1,3}) (?:whole |working |full )?"
    r"(?:days?|weeks?|months?|hours?)\b"
)
_STANDS_STILL: Final = regex(
    r"(?:这边|我们(?:这|小区)|小区|现在|目前|整?栋?楼|\d+[栋幢号]楼?|[ ,])*"
    rf"(?:{_THING}[^,.;!?先]{{0,4}}?(?:停|断|关|坏|封|瘫痪)[了掉运用机工着]*"
    r"|(?:停|断)(?:[水电气暖热网运梯机业]|工)(?:停|断)?了?|[没无断][水电气网])"
    r"(?:已经?|要|会|将|得|了|大概|大约|可能|起码|至少|差不多|整整|足足|快|近|约|[ ])*"
    rf"{_LENGTH}(?:多|左右|以上|了|吧|啦)*(?=$|[ ,.;!])"
    rf"|(?:the |our |their |this |that |all |both )*(?:[a-z0-9]+ ){{0,2}}?{_THING_EN}"
    r"(?: (?:in|on|at|of) (?:[a-z0-9]+ ){1,3}?)?"
    r"(?: |'s |'ll )(?:(?:is|are|was|were|has|have|had|will|must|going|be|been|to|still|already|now|also) )*"
    r"(?:stopped|off|down|closed|out(?: of (?:service|order|use))?|shut(?: off| down)?|cut(?: off)?|broken(?: down)?|"
    r"not (?:working|running)|standing(?: still)?|unusable|dead)(?: now| already)? (?:for )?"
    rf"(?:about |at least |the (?:last|next|past) |over |nearly |almost )?{_LENGTH_EN}"
    rf"|(?:there (?:is|was|has been|will be) )?no (?:[a-z]+ )?{_THING_EN} (?:for )?{_LENGTH_EN}"
)
_ASKS_FOR_TIME: Final = regex(
    r"延|宽限|展期|[再多]给|再要|需要|来不及|暂缓|挂起|申请"
    r"|\b(?:exten[ds]\w*|extension|more|longer|need|give|another|hold|postpone|leave)\b"
)


def stands_still(key: str) -> bool:
    """Say whether staff tell how long a thing is stopped, which asks for nothing: "停水三天", "the lift is off for 3 days"."""
    return _STANDS_STILL.match(key) is not None and _ASKS_FOR_TIME.search(key) is None


def past_standstill(key: str) -> int:
    """Return where what words ask for begins, behind how long a thing is stopped: "停水三天，申请延期两天" asks for two."""
    found = _STANDS_STILL.match(key)
    return found.end() if found is not None else 0


_HOLDS_LAST: Final = regex(
    r"[ ,.;](?:所以|我|就|那|请|帮我|申请|要|得|[ ,])*(?:先|申请)(?:把它|给它)?(?:暂缓|挂起)(?:一下|处理|办理|吧|了|着)*$"
    r"|[ ,.;](?:so |please |pls |let'?s |i(?:'d| would) like to |can we )*put(?:ting)? (?:it|this) on hold(?: please)?$"
)
_BACK_AGAIN: Final = regex(
    r"(?:客户|业主|住户|租户|租客|对方|配件|材料|零件|厂家|供应商)[^,.;!?不没未]{0,6}"
    r"(?:回来|到家|在家|有空|到货|到|来|齐)了?[ ,.;]+(?:可以|现在|今天|请|就|[ ,])*恢复(?:处理|办理)?(?:吧|了)?"
    r"|(?:the )?(?:customer|client|tenant|owner|resident|parts?|material|supplier)s?"
    r"(?:'s| is| are| has| have)? (?:now )?(?:come )?(?:back|here|in|home|arrived)(?: (?:home|now|again))?"
    r"(?:[ ,.;]|so |please |we'?re |i'?m )*(?:resume|resuming)(?: work)?"
)
_WISHED: Final = regex(
    r"(?:^|(?<=[ ,.;]))(?:那|就|我们?|这边|请|想|希望|得|要|需|申请|能不能|能否|可否|可不可以|可以|只能|只好|建议"
    r"|先|暂且|再|把|它|这[单个件事]|帮我|给|麻烦|#?(?<!\d)\d{4,8}(?!\d)|[ ])*(?:暂缓|挂起|搁置|暂停)"
    r"|(?:^|(?<=[ ,.;]))(?:(?:i|we|please|pls|so|let'?s|can|could|may|want|need|would|like|have|to|i'?d|we'?d|i'?ll|we'?ll|must"
    r"|should|ask(?:ing)?|request(?:ing)?|for|just) )*(?:put (?:it|this|that|the (?:job|case|work|ticket|complaint)) on hold"
    r"|(?:pause|suspend|hold off)(?: (?:on )?(?:it|this|that|work|the (?:job|work|case|ticket|complaint)))?|hold (?:it|this)"
    r"|an? (?:pause|hold))(?![a-z])"
)
"""Said in any clause: "客户出差 先挂起三天", "nobody home, can we put it on hold". "暂停供水" stops another thing."""
_BEGINS_CLAUSE: Final = regex(r"(?:^|[,.;])[ ]*$")
_WISHES_FIRST: Final = regex(
    r"(?:i|we|please|pls|so|let|can|could|may|want|need|would|like|have|to|must|should|ask|request|for|just|put)"
)
"""Behind other words of its clause an English wish begins with a word of wishing."""
_DENIED: Final = regex(r"(?:\b(?:not|never|no|without)\b|n'?t\b)[^,.;]*$")
_CLAUSE_ENDS: Final = regex(r"[ ,.;?!]|$")
_CLAUSE_ENDS_EN: Final = regex(r"[,.;?!]|$")
_ADDS_NOTHING: Final = regex(
    r"一下|一段时间|一阵子?|几天|处理|办理|吧|呢|吗|可以|行|好|再说|着|[ ]|\b(?:please|for now|now|a bit|a while|for)\b"
)
_OPEN_ENDED: Final = regex(r"[到至等]|(?:until|till|because|as|since|while|when)\b")
_BACK_ON: Final = regex(
    rf"(?:等|到|至|才|得)[^ ,.;]{{0,8}}?(?P<behind>{_DAY})|(?P<before>{_DAY})[^ ,.;]{{0,6}}?(?:回|到|在家|才|再|有空|有人)"
)
_MENTIONS: Final = regex(
    r"暂缓|挂起|搁置|暂停(?!供|使用|服务|营业|收|开放|运)|缓一缓|缓几天"
    r"|\bon hold\b|\b(?:pause|pausing|suspend(?:ing)?|hold(?:ing)? off)\b"
)


def mentions(key: str) -> bool:
    """Say whether a line speaks of a pause: it may be a wish, and is not sent to the customer unasked."""
    return _MENTIONS.search(key) is not None


def _wished(item: Numbered) -> Reading | None:
    """Return the wish that one clause says; the rest says why, and perhaps on which day it can go on."""
    words = item.words
    for head in _WISHED.finditer(words.key, 0, _LONGEST):
        english = head[0][-1].isascii()
        before = words.key[: head.start()]
        if english and not (
            _BEGINS_CLAUSE.search(before) or (_WISHES_FIRST.match(head[0]) and not _DENIED.search(before))
        ):
            continue
        ends = (_CLAUSE_ENDS_EN if english else _CLAUSE_ENDS).search(words.key, head.end())
        end = ends.start() if ends is not None else len(words.key)
        after = words.part(head.end(), end)
        told, rest = how_long(after)
        left = _ADDS_NOTHING.sub("", rest.key)
        if left and _OPEN_ENDED.match(after.key.strip()):
            told, rest = {}, after  # "till the owner is back": it is asked how long that is
        elif left and (told or left != "了"):
            continue
        why = words.without(head.start(), end)
        if not told and (day := _BACK_ON.search(why.key)) is not None:
            told = {"until": why.said[slice(*day.span("behind" if day["behind"] else "before"))]}
        elif not told and english:
            till, why = arguments.take_till(why)
            told = {"until": till} if till else {}
        because = rest if left and left != "了" else _NOTHING
        return _for_why(item, told, Words(f"{why.key} {because.key}".strip(), f"{why.said} {because.said}".strip()))
    return None


_SET_ASIDE: Final = regex(
    rf"(?:那|请|把|将|就|[ ,])*(?P<zh>{ANY})?(?:[那这][个件单]|的|事|[ ,])*(?:先?不(?:着)?急了?[ ,]*)?(?:先|暂时|暂且)?"
    r"(?:放|缓|停|搁)(?:一?[放缓停搁]|一下|着|置)(?:吧|了|哈|啊|再说|[ .!])*"
    rf"|(?:please |pls |let'?s |we |should |can |could )*(?:(?:park|shelve|pause|hold off on)(?: (?P<en>{ANY}))?"
    rf"|put (?:(?P<on>{ANY}) )?(?:on hold|aside))(?: please| pls| for now| for the moment)*[ .!]*",
    re.ASCII,
)
"""All that is said of one complaint, whatever it was taken for: "0005那件 先放一放", "let's park 0005"."""
_WRONG: Final = frozenset({Verb.EXTEND, Verb.REPORT, Verb.PLAN, Verb.DONE, Verb.UNCLEAR, Verb.NOT_DONE, Verb.LEAVE})
"""What such a sentence was taken for."""
_WRONG_OF_STOPPING: Final = _WRONG | {Verb.VISIT, Verb.ACCEPT, Verb.COMPLAIN}


def said(found: Reading, item: Numbered, pending: Pending) -> Reading | None:
    """Return the wish that the work wait, or go on, where a sentence of staff is one and was taken for something else."""
    key = item.words.key.strip(EDGES)
    if pending is not Pending.NONE or len(key) > _LONGEST:
        return None
    aside = _SET_ASIDE.fullmatch(item.words.key)
    if aside is not None and not answers.is_question(key):
        number = next(iter(item.references), None) or aside["zh"] or aside["en"] or aside["on"]
        if number is not None:
            return Verb.HOLD, {"reference": number.upper()}
    plain = None if answers.is_question(key) else _said(found, item, key)
    if plain is not None or found[0] not in _WRONG_OF_STOPPING | {Verb.STATUS}:
        return plain
    return _wished(item)


def _said(found: Reading, item: Numbered, key: str) -> Reading | None:
    if found[0] in _WRONG_OF_STOPPING and _WAITS.search(key) and (stops := _STOPS.search(item.words.key)) is not None:
        return _held(item, item.words.part(0, stops.start()), item.words.part(stops.end()))
    if (
        found[0] in _WRONG_OF_STOPPING
        and _NOT_THERE.search(key)
        and (pauses := _PAUSES.search(item.words.key)) is not None
    ):
        return _paused(item, pauses.span())
    if found[0] not in _WRONG:
        return None
    if _BACK_AGAIN.fullmatch(key):
        return Verb.RESUME, item.arguments
    if (head := _HOLDS.match(item.words.key)) is not None:
        return _held(item, _NOTHING, item.words.part(head.end()))
    if (tail := _HOLDS_LAST.search(key)) is not None and not _DENIED.search(key[: tail.start()]):
        return _held(item, item.words.part(0, item.words.key.index(key) + tail.start()), _NOTHING)
    return None


def _paused(item: Numbered, clause: tuple[int, int]) -> Reading:
    """Return the wish that `clause` says; the rest says why, and perhaps until which day."""
    why = item.words.without(*clause)
    told, rest = how_long(why)
    if not told and (day := _FIRST_DAY.search(why.key)) is not None:
        told = {"until": why.said[slice(*day.span())]}
    else:
        why = rest
    return _for_why(item, told, why)


def _for_why(item: Numbered, told: dict[str, object], why: Words) -> Reading:
    waits_for, reason = (
        arguments.waits_for(why),
        arguments.reason(why).strip(" ,，.。").removeprefix("吧").lstrip(" ,，.。"),
    )
    told |= {"waits_for": waits_for} if waits_for else {}
    return Verb.HOLD, item.arguments | told | ({"reason": reason} if len(reason) > 1 else {})


def how_long(words: Words) -> tuple[dict[str, object], Words]:
    """Take out how long work is to wait, as a limit or as the words of a moment; and the rest."""
    limit, rest = arguments.take_limit(words)
    if limit:
        return {"limit": limit}, rest
    until, rest = arguments.take_till(words)
    return ({"until": until} if until else {}), rest


_NOTHING: Final = Words("", "")


def _held(item: Numbered, before: Words, after: Words) -> Reading:
    """Return the wish. before, after: what is said around the word for it; how long it is to wait stands after it."""
    told, rest = how_long(after)
    between = "，" if before.key and rest.key else ""
    why = Words(before.key + between + rest.key, before.said + between + rest.said)
    return _for_why(item, told, why)
