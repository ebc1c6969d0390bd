"""What belies what colleagues say of their work: all but something is done, a plan is still to come, a protest. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar import answers, centre, for_whom, staff
from bot.grammar.arguments import EDGES, Numbered
from bot.grammar.meaning import Pending, Reading, Verb
from bot.grammar.patterns import regex

_CUSTOMER: Final = r"(?:客户|业主|住户|租户|租客|对方|the (?:customer|client|tenant|owner|resident))"
_NO_PLAN: Final = regex(
    r"(?:还|暂|目前|现在|暂时|[ ,])*(?:没|无|没有)(?:有)?(?:想好|想出|什么|任何|好的?)?方案[ .!了呢]*$"
    r"|(?:解决)?方案(?:还|暂|目前|现在|都|一直|仍|[ ,:])*(?:没|未|待)(?:有)?(?:定|出|想|做|好|写|确|批|谈|下来?|商)"
    r"|(?:解决)?方案(?:还|正|仍)?在(?:讨论|商量|研究|想|定|做|写)"
    r"|(?:there(?:'s| is) )?no plan\b|(?:the )?plan (?:is |has )?(?:still |just )?(?:not|n't|isn'?t|hasn'?t)\b"
)
_CONSENT_TOLD: Final = regex(
    rf"{_CUSTOMER}[^,.;:?]{{0,4}}(?:不|没|未|没有|拒绝|doesn'?t|does not|didn'?t|won'?t|refuses to)? ?(?:同意|"
    rf"接受|认可|答应|agrees?|accepts?)"
    r"(?:了|这个|我们的?|the|it|方案|plan| )*[ .!]*"
)
_TOO_BUSY: Final = regex(r"忙不过来|腾不出手|人手不[够足]|\btoo busy\b|\bswamped\b|\bshort[- ](?:staffed|handed)\b")
_CUSTOMER_AWAY: Final = regex(
    rf"{_CUSTOMER}[^,.;]{{0,6}}(?:休假|出差|度假|旅游|不在家|外出|\b(?:on (?:holiday|leave|vacation|a trip)|away|abroad|"
    r"travelling|out of town)\b)[^,.;]*"
)
_DAY: Final = (
    r"(?:\d{1,2}月)?(?<!\d)\d{1,2}[号日]|(?:下|本|这)?(?:周|星期|礼拜)[一二三四五六日天末]|[明后]天"
    r"|\bon (?:the )?(?:\d{1,2}(?:st|nd|rd|th)|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_TELLS_DAYS: Final = regex(
    rf"(?:{_DAY})[^,.;!?]{{0,4}}(?:批|审|到货?|送|来|发|寄|装|换|修|做|锯|施工|开工|进场|动工|安装|上门)"
    rf"|\b(?:approves?|arrives?|comes?|cut|fit|start|delivers?|install)\b[^,.;!?]{{0,24}}(?:{_DAY})"
)
_LACKS_TIME: Final = regex(
    r"延|宽限|展期|[再多]给|再要|来不及|暂缓|申请|时间|时限|不够|赶不|完不成|[不没]了|[做搞弄修办]不|晚|推迟|往后|最快|最早|才能?|缓|得|要等|只能"
    r"|\b(?:exten\w*|more|longer|need|give|another|hold|postpone|late|delay\w*|can'?t|cannot|not|until|till|earliest|only)\b"
)
"""Without one of these, what is said of a day is news: "园林局25号批下来 26号锯"."""
_PROTESTS: Final = regex(
    r"(?:(?:这|那|怎么|绝|根本|完全)*不可能(?:吧|的|啊|呢|哦)?(?:[,.!? ].*)?"
    r"|(?:that'?s |it'?s |this is )?(?:impossible|no way|nonsense)(?:[,.!?]+ ?.*)?"
    r"|(?:这(?:是|个|单)?)?(?:是)?谁(?:派|分|转|指派)(?:的|给我)(?:的|单|单子)*[ ?啊呀呢]*"
    r"|who (?:sent|assigned|gave|dispatched)(?: me)? (?:this|it|that)(?: (?:to )?me)?[ ?]*)"
)
_NOT_ME: Final = r"(?![^,.;]{0,3}(?:我|本人|咱|俺|自己|这边))"
_SOMEBODY_ELSE: Final = regex(
    rf"(?:这[个单件]?事?|那|就|还是|应该?|[ ,])*(?:由|归|让){_NOT_ME}(?P<who>[\u4e00-\u9fff]{{2,4}}?)"
    r"(?:来|去)?(?:负责|接手)(?:吧|了|的|就行)*"
    rf"|(?:这[个单件]?事?|[ ,])*{_NOT_ME}(?:[老小阿][\u4e00-\u9fff]{{1,2}}|[\u4e00-\u9fff](?:工|师傅|经理|主管|主任|哥|姐|总))"
    r"(?:来|去)?(?:负责|接手)(?:吧|了|的|就行)*"
)
"""That somebody else does it is no word of taking it on."""
_DUE: Final = regex(
    r"\b(?:should|will|ought to|to) be (?:done|finished|fixed|ready|completed?|sorted) (?:by|before|"
    r"on) (?:(?:the )?end|(?:next|this) |noon|"
    r"midday|tonight|today|tomorrow|(?:mon|tues?|wed(?:s|nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b|\d)",
    re.ASCII,
)
_ASKS_WHO: Final = regex(
    r"[ ,]*(?:谁(?:在|负责|接|办|跟|管|处理)|(?:现在)?(?:在|归|由)谁|"
    r"(?:and )?who(?:'?s|se| is| has| have| was| got)\b(?! (?:assigned|to)\b))[^,.;?!]{0,24}\W*$",
    re.ASCII,
)


_LEAD: Final = r"(?:请|麻烦|拜托|帮忙?我?|替我|代我|你们?|直接|就|[ ,])"
_HIM: Final = r"(?:客户|业主|住户|租户|租客|对方|他|她)(?:们|那边)?"
_PASS_ON: Final = regex(
    rf"{_LEAD}*(?:(?:跟|和|同|对|向|给|回复?){_HIM}(?:说|讲|转达|解释|交代|反馈)(?:一?下|一?声|一?句|几句)(?![过了])"
    rf"|(?:跟|和|同|对|向|给|回复?){_HIM}(?:说|讲|转达|解释)(?=[ ,.:])|(?:告诉|转告){_HIM}(?:一?下|一?声)?(?![过了])"
    rf"|{_LEAD}+(?:(?:跟|和|同|对|向|给){_HIM}(?:说|讲|转达|解释)|(?:通知|回复|答复){_HIM}(?:说|一?下|一?声)?)(?![过了好清明]))"
    r"[ ,.:]*(?:说|就说|[ ])?[ ,:]*(?=..)"
    r"|(?:please |pls |kindly |can you |could you |just |help me )*(?:tell|inform) "
    r"(?:the |our )?(?:customer|client|tenant|owner|resident|him|her|them)\b(?! off)[ ,:]*(?:that )?(?=..)"
    r"|(?:please |pls |kindly |can you |could you |just |help me )*let "
    r"(?:the |our )?(?:customer|client|tenant|owner|resident|him|her|them) know[ ,:]*(?:that )?(?=..)"
)
"""Asks us to tell the customer what follows: the customer reads that, and not that it was to be told."""
_TO_CALM: Final = regex(
    rf"{_LEAD}*(?:让|叫|请|劝){_HIM}(?:先|再|也|就|[ ])*(?:别|不要|不用|不必|放心|稍|等|耐心|安心|消消气|冷静)"
)


def passed_on(found: Reading, item: Numbered) -> Reading:
    """Return a reading whose words go to the customer without "帮我跟客户说" before them."""
    verb, given = found
    head = _PASS_ON.match(item.words.key)
    name = "result" if verb is Verb.DONE else "text"
    if head is None or verb not in _TELLS or given.get(name) != item.words.said:
        return found
    return verb, given | {name: item.words.part(head.end()).said}


_TELLS: Final = frozenset({Verb.REPORT, Verb.PLAN, Verb.NOT_DONE, Verb.DONE, Verb.VISIT})


_BIDS: Final = regex(
    r"(?<!其)谁(?![都也])|(?<!交)给我(?:去|好好|马上|赶紧)?(?:处理|办|解决|弄|搞|修|查|落实|盯|个|一个)"
    r"|\b(?:who'?s?|whose) (?:\w+ )?(?:is|has|have|had|it|this)\b"
)
"""Asks who has it, or bids somebody do it: whoever says so takes nothing on themselves."""
_RINGS: Final = regex(r"(?:please |pls |to )?(?:call|ring|phone)[ -]back[ .!]*")
_SO_MANY: Final = regex(
    r"(?:they'?re |they are |ok |yes |[ ,])*(?:both|two|three|four|five|all (?:two|three|four|five|of)|the (?:two|lot))"
    r"(?: of)?(?: (?:them|those|these|mine))?(?:'?re| are| have been| been| now| all| is)*"
    r"(?: (?:sorted|done|finished|fixed|solved|closed|completed?|resolved|settled|ok(?:ay)?|good))?(?: now| too| already)*"
    r"|[两俩二三四五六几](?:个|件|单|家|户|边)?(?:的)?(?:都|全|也|已经?)*(?:弄|办|修|处理|搞|做|解决)?(?:好|完|定|妥)?了?"
)
"""How many are done, and nothing of what was: no customer reads that as a result."""
_NOT_THEIRS: Final = regex(
    r"\b(?:(?:is|was|are|does|do|did)n'?t|ain'?t|not|never|won'?t)\b[^,.;!?]{0,24}"
    r"\b(?:mine|ours|belongs? (?:to|with) (?:me|us)|for (?:me|us)|(?:my|our) (?:job|area|case|patch|one)s?)\b"
    r"|[没不未](?:是|归|属于?|该|轮到)(?:我|咱|本)"
)
"""It is somebody else's, "the eyes one isnt mine", however the no is written."""


def unplanned(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for nothing: that there is no plan yet, or a question to us."""
    if pending is Pending.NONE and _NO_PLAN.match(key):
        return Verb.NOT_DONE, item.told
    return of_a_number(found, key, item, pending)


def of_a_number(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for nothing, or for a question how to use us: one about the complaint that it names."""
    return asks_us(found, key, item, pending) if item.references else None


def planned(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for a plan: that there is none yet, or what the customer said of one."""
    if _NO_PLAN.match(key):
        return Verb.NOT_DONE, item.told
    return (Verb.REPORT, item.told) if _CONSENT_TOLD.fullmatch(key) else None


def worked(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for work done, taken on or handed back: a protest, a question to us, or what is still to do."""
    if (found[0] is not Verb.LIST or item.references) and (asked := asks_us(found, key, item, pending)) is not None:
        return asked
    if _PROTESTS.fullmatch(key) and not staff.GIVE_BACK.search(key):
        return Verb.UNCLEAR, item.arguments
    if found[0] is Verb.DONE and "result" in found[1] and _SO_MANY.fullmatch(item.words.key.strip(" ,.!~吧啊的")):
        return Verb.DONE, {name: said for name, said in found[1].items() if name != "result"}
    if found[0] is Verb.DONE and for_whom.asks_to_tell(key):
        return Verb.REPORT, item.told
    if (
        found[0] is Verb.GIVE_BACK
        and for_whom.slipped(key)
        and (for_whom.went_wrong(key) or not staff.GIVE_BACK.search(key))
    ):
        return Verb.REPORT, item.told  # it resembles one; whoever owns up gives nothing back
    if (found[0] is Verb.ACCEPT and _BIDS.search(key)) or (found[0] is Verb.GIVE_BACK and _RINGS.fullmatch(key)):
        return Verb.UNCLEAR, item.arguments
    if found[0] is Verb.ACCEPT and _NOT_THEIRS.search(key):
        return Verb.GIVE_BACK, item.arguments | {"reason": item.words.said}
    if found[0] is Verb.ACCEPT and (others := _SOMEBODY_ELSE.fullmatch(key)) is not None:
        if others["who"]:
            return Verb.TRANSFER, item.arguments | {"who": others["who"]}
        return Verb.UNCLEAR, item.arguments
    return None


def longer(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Where the customer is away, or days are told and nothing is asked, nobody has asked for more time yet."""
    if _CUSTOMER_AWAY.fullmatch(key):
        return Verb.REPORT, item.told
    told = _TELLS_DAYS.search(key) and not found[1].keys() & {"limit", "until"} and not _LACKS_TIME.search(key)
    return (Verb.REPORT, item.told) if told and not answers.is_question(key) else None


_FOUND_VALID: Final = regex(r"(?:成立|有效|属实|确有其事)(?:的|了|啊)?[ ,.]+(?=.{0,8}(?:让|派|叫|安排|请|给))")
_PAYS: Final = regex(
    r"(?:先|就|再|可以|同意|[ ,])*给(?:他们?|她|客户|业主|住户|租户|租客|人家|对方|老人家?)"
    r"[ ]?(?:先|再|多)?(?:垫|赔|退|补|付|减|免|报销)"
    r"|(?:just |please |pls |ok |we can |you can )*(?:give|pay|refund|offer|credit) "
    r"(?:him|her|them|(?:the )?(?:customer|client|tenant|owner|resident)s?)\b"
)
_LEAVES_IT: Final = regex(
    r"[那这][个件单](?:先|再|就|还|可以|[ ,])*(?:等|放|缓|不急|不用急|别急|晚点|过几天|$)"
    r"|(?:that|this|it|that one|this one) (?:can|may|has to|will have to|must|should) wait\b"
    r"|let (?:it|that|this)(?: one)? wait\b"
)


_ASKS_ABOUT: Final = regex(
    r"(?:(?:no\.? ?|#|第)?\d{1,6}(?:号|个|件|单)?[ ,:.]*)?"
    r"(?:(?:hi|hey|hello|ok|so|sorry|er|um|wait|and|but|pls|please)[ ,]+)?"
    r"(?:what(?:'?s| is| was| are) (?:(?:this|that|it|the (?:case|issue|problem|matter|complaint|job|address|room|place"
    r"|story))\b|the customer(?:'?s)? )[^,.;]{0,40}"
    r"|what(?:'?s| is) (?:up|wrong|going on|happening)\b[^,.;]{0,24}"
    r"|what (?:do|am|should|shall|does) (?:i|we|it|they|the customer)\b[^,.;]{0,40}"
    r"|(?:which|what) (?:room|flat|unit|block|building|floor|site|customer|one|address|guest|number)\b[^,.;]{0,40}"
    r"|where(?:'?s| is| are| was)? (?:this|that|it|the)\b[^,.;]{0,30}|who(?:'?s| is| was)? "
    r"(?:this|that|it|the customer|the guest|he|she|they)\b[^,.;]{0,30}"
    r"|(?:whats|wheres|whos) (?:this|that|it|the)\b[^,.;]{0,40}"
    r"|(?:(?:这|那|到底|请问|你好|麻烦)(?:个|单|件|是|是个|个是)?|投诉|客户|单子?|[ ,])*"
    r"(?:(?:是|讲|说|关于|反映)?(?:什么|啥|哪[个件]?)"
    r"(?:事情?|情况|问题|内容|意思|单子?|投诉|东西|毛病)(?:来着|呀|啊|呢)?|怎么回事(?:啊|呀|呢)?"
    r"|(?:在|是)?(?:哪里|哪儿|哪栋|哪户|哪间|哪个房间?|什么地方|什么地址)"
    r"(?:啊|呀|呢|来着)?|(?:客户|业主)?是谁(?:啊|呀|呢|来着)?))[ ?.!~]*"
)


def asks_us(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for news: a question to us what the matter is. No customer reads it; the case is shown instead."""
    return (Verb.STATUS, item.arguments) if _ASKS_ABOUT.fullmatch(item.words.key[:120].strip()) else None


def handed(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for handing it to somebody: no name, a question, a yes or a no."""
    if found[0] is Verb.TRANSFER and "who" not in found[1] and _TOO_BUSY.search(key):
        return (Verb.GIVE_BACK, item.told)  # to nobody in particular
    if _DUE.search(key) or _PASS_ON.match(key):
        return Verb.REPORT, item.told
    if _TO_CALM.match(key):
        return Verb.UNCLEAR, item.arguments  # "让他别急": to nobody of that name
    if found[0] is Verb.ASSIGN and (named := _named_nobody(item)) is not None:
        return named
    item = item if item.references else item.bare(at_start=False)
    if _ASKS_WHO.match(item.words.key):
        return Verb.STATUS, item.arguments
    if centre.NO_HOLD.match(item.words.key):
        return Verb.REJECT, {**item.arguments, "reason": item.words.said}
    bare = item.words.key.strip(EDGES + "吧呀啊的")
    if found[0] is Verb.ASSIGN and bare in answers.YES_WHOLE | answers.NO_WHOLE:  # "0001 ok" names no colleague
        return (Verb.APPROVE if bare in answers.YES_WHOLE else Verb.REJECT), item.arguments
    return None


def _named_nobody(item: Numbered) -> Reading | None:
    """Return what a lead's words say that name no colleague: a finding with an order, what is to be paid, what can wait."""
    words = item.words.part(len(item.words.key) - len(item.words.key.lstrip(EDGES)))
    if (valid := _FOUND_VALID.match(words.key)) is not None:
        return Verb.VALID, item.arguments | {"reason": words.part(valid.end()).said}
    if _PAYS.match(words.key):  # whoever has it hears what the lead says
        told = {"remind": True, "text": words.said}
        return (Verb.URGE, item.arguments | told) if item.references else (Verb.UNCLEAR, item.arguments)
    return (Verb.UNCLEAR, item.arguments) if _LEAVES_IT.match(words.key) else None
