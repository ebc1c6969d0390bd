"""What belies a reading: words in a text that say the opposite of what rules or likeness took it for. Pure.

Asked last, of every reading. In doubt nothing is done, closed or agreed to, and the person is asked back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.grammar import customer, staff
from bot.grammar.arguments import EDGES, Numbered
from bot.grammar.meaning import Pending, Reading, Speaker, Verb
from bot.grammar.rating import Rating
from bot.grammar.words import STAFF

_LONGEST: Final = 200  # characters that are looked at

# -- whom a customer wants, and what they do not want --------------------------------------------------------------------
_COLLEAGUE: Final = r"(?:客服|主管|经理|店长|管家|负责人|领导|老板|接线员)"
_SERVICE: Final = (
    r"(?:customer (?:service|care)|call cent(?:er|re)|hotline|help ?desk|manager|supervisor|operator|agent)"
)
_ACCUSES: Final = re.compile(
    rf"(?:投诉|举报)(?:一下|你们|这个|那个|他们|的)*[^,.;]{{0,4}}{_COLLEAGUE}"
    rf"|{_COLLEAGUE}[^.;!?]{{0,14}}(?:骂|红包|受贿|贿赂|回扣|贪|索要|吼|凶|态度(?!好)|打不通|不接|没人接|"
    rf"[没不]回|挂(?:我|了|断|电话)|"
    r"[太很真好]差|差劲|恶劣|不理|不管|推诿|敷衍|威胁|骗|糊弄|不耐烦|(?:别|不让我?|不许|不准)(?:再|去)?投诉)"
    rf"|\bcomplain\w* (?:about|against|of) (?:\w+ ){{0,3}}{_SERVICE}\b"
    rf"|\b{_SERVICE}\b[^.;!?]{{0,30}}\b(?:rude|bribes?|corrupt|never|lie[sd]|liar|hung up|hangs up|ignor\w+|"
    rf"shout\w*|swore|"
    r"swears|yell\w*|useless|insult\w*|threat\w*|terrible|awful|horrible|(?:does|did|wo)n'?t|refuse[sd]|"
    r"told me not to)\b",
    re.ASCII,
)
_WANTS_A_PERSON: Final = re.compile(
    r"(?:转|换|找|接|叫|让|请|要)(?:个|一个|到|给|你们的?|人工|真人|别的?|其他|另[一外]个?)+|真人|(?:打|"
    r"回)(?:个)?电话给我|"
    r"给我(?:回|打)|联系我|"
    r"\b(?:speak|talk|chat|transfer|connect|put me|call me|ring me|phone me|get me|someone else|real person|human)\b"
)
_NO_CALL: Final = re.compile(
    r"(?:别|不要|不用|不必|不需要|请勿|勿|甭|无需)(?:再|给我|跟我|随便|老是?|总是?|直接|[打来回个])*电话"
    r"|\b(?:don'?t|do not|never|no need to|please not) (?:ever )?(?:call|ring|phone)\b(?! (?:it|this|that|"
    r"me (?:an?|your)\b))"
    r"|\bno (?:phone )?calls?(?: please)?[ .!]*$"
)
_ERASES_NOTHING: Final = re.compile(
    r"(?:不(?:是|想|要|用|需要|希望|打算|准|许|可以|能)?|别|勿|没(?:有)?(?:要|说|让|想|叫))[^,.;]{0,6}(?:删|"
    r"清空|清除|注销|抹|销毁)"
    r"|\b(?:don'?t|do not|didn'?t|did not|never|not)(?: (?:want|ask|need|wish|mean|to|you|have|me|anything|any|"
    r"my|data|"
    r"the|it|be)){0,5} (?:delet|eras|remov|wip|destroy)\w*"
)
_SEES: Final = re.compile(r"看|查|了解|知道|\b(?:see|look|know|copy|read|view)\b")
_KEEPS_IT: Final = re.compile(
    r"(?:不|别|不要|不会|不能|没(?:有)?(?:说)?(?:要)?)(?:想|再|愿意?)?(?:撤(?!.{0,4}了吧)|取消)"
    r"|\b(?:don'?t|do not|won'?t|will not|never|not)(?: (?:want|going|wish|to|please|you)){0,3} (?:withdraw|"
    r"cancel|drop)"
)
_KEEPS: Final = re.compile(r"\bkeep (?:it|this|the (?:case|complaint))\b|(?:保留|留着)(?:投诉|这个|它|吧|$)")

# -- how satisfied ---------------------------------------------------------------------------------------------------
_NOT_CONTENT: Final = re.compile(
    r"^(?:还是?|但|就是|又|都|仍|依然)*(?<![没不])有(?:点|些|一点|一些|个|几个|很多|大|小)*(?:问题|毛病|故障|"
    r"意见|瑕疵)(?!吗|么|没)"
    r"|(?:可以|行|满意|修好|搞定|好|正常|没事|解决)了?个(?:鬼|屁|毛线?|头|锤子?|球)"
    r"|\bun (?:satisf\w+|happy|pleased|resolved|fixed|solved)|\bthanks? (?:you )?for (?:nothing|wasting|the mess\b)"
    r"|\b(?:good|great|nice|well done|brilliant|lovely)(?: (?:job|work))?(?: (?:on|for|by))? "
    r"(?:break|ruin|wreck|damag|flood|destroy|scratch|spoil|mess)ing\b"
)
_SO_FAR: Final = re.compile(
    r"(?:暂时|目前|眼下|现在)(?:看|来看|来说|为止|上)*[^,.;]{0,3}(?:没(?:有|啥|什么)?(?:问题|漏|响|滴|堵|事)|"
    r"正常|还?好)"
)
_DOUBTS_IT: Final = re.compile(
    r"^yeah,? right\b|\blol\b|\b(?:sort of|kind of|kinda|sorta)\b|^as if\b|\b(?:sure|yeah),? as if\b|^(?:可以|"
    r"好|行|解决|修好)了吧[ .!?]*$"
    rf"|^{_SO_FAR.pattern}"
)
_SHORT: Final = 40  # characters
_NOT_LOOKED: Final = re.compile(
    r"(?:我|们|还|也|都|一直)*(?:没(?:有)?(?:来得及|时间|空|机会)|来不及)(?:去|回家|回去)?(?:看|试|检查|"
    r"用)?(?:呢|一下)?"
    r"|(?:i |we |still )*(?:haven'?t|have not|didn'?t|not) (?:yet )?(?:(?:had|got|have|get) (?:a |the |"
    r"any )?(?:chance|time)|been able) "
    r"to (?:look|check|test|try|see)(?: (?:it|at it|yet))*"
)
_FAULTS_ZH: Final = r"(?:漏|响|滴|堵|吵|臭|渗|跳闸|闪|晃|返水|冒水)"
_MENDED: Final = re.compile(
    rf"(?:已经?|现在|到现在|之后|后来|再也|也|就|都|这两天|昨晚|昨天|今天)*(?:没(?:有)?再?|不再|"
    rf"再没)(?:有)?(?:出现)?{_FAULTS_ZH}"
    r"(?:水|过|了|啦)*"
    r"|(?:it'?s|it is|all|everything(?:'s| is)?|that'?s)(?: all| now)? working(?: now| again| fine| well|"
    r" perfectly| ok)*"
    r"|(?:there (?:is|are|has been|have been) )?no (?:more )?(?:leak(?:s|ing|age)?|nois(?:e|es)|smells?|"
    r"drip(?:s|ping)?|damp|"
    r"problems?|issues?)(?: any ?more| now| at all)*"
    r"|(?:it|the \w+)(?:'?s| is| has|'?ve)? ?(?:isn'?t|not|no longer|stopped|has stopped|"
    r"doesn'?t)(?: been)? (?:leak|drip|rattl|"
    r"smell|buzz|flicker|squeak|flood|overflow)(?:ing|s)?(?: any ?more| now| at all)*"
    r"|the (?:nois(?:e|es)|smells?|leaks?|damp|mould|problem|issue|fault|drip|rattle|stink|buzz(?:ing)?)(?:'s|"
    r" is| are| has| have)?"
    r" (?:all )?(?:gone|stopped)(?: away)?(?: now)?"
    r"|(?:it'?s |it has )?never been better",
    re.ASCII,
)
_THANKED: Final = re.compile(
    r"[ ,.!~]*(?:谢谢|多谢|感谢|谢啦|thanks?|thank you|cheers|thx)(?:你们?|您|师傅| you| so much| a lot|了)*[ ,.!~]*$"
)

# -- consent ------------------------------------------------------------------------------------------------------------
_UNDER_CONDITIONS: Final = re.compile(
    r"^(?:那|嗯|我|都|[ ,])*(?:可以|好|行|同意|接受|没问题|ok)[^;]{0,12}?(?:但(?!愿)|(?<=[,. ])不过|可是|就怕|只怕|怕你|只要|"
    r"前提|要是|如果|除非|怎么办|"
    r"[,. ](?:得|必须|需要|要|至少)|行不行|可不可以)"
    r"|^(?:可以是可以|行是行|好是好)"
    r"|^(?:well |i |yes |ok |[ ,])*(?:ok(?:ay)?|yes|yeah|sure|fine|agreed?|alright|all right|deal|"
    r"good)\b[^;]{0,20}?\b(?:but|however|unless|"
    r"provided|providing|only if|if|as if|on condition|as long as(?=.*\b(?:free|pay|refund|cost|charge|"
    r"money)))\b(?! please| only because| they| it'?s (?:before|by|on|in)\b)"
    r"|^(?:ok(?:ay)?|yes|yeah|sure|fine|agreed?)\b.*(?:money back|\brefund\b|\bcompensat\w*)"
    r"|^(?:do|have) i (?:even |really )?(?:have|got) (?:a|any) choice|^(?:what|which) choice|^(?:can|could|will|"
    r"would) (?:you|it|i|we|they)\b"
)
_SAYS_YES_AFTER_ALL: Final = re.compile(
    r"\b(?:but|however)\b.*\b(?:ok(?:ay)?|yes|accept(?:ed)?|agreed?|go (?:on|ahead)|do it|fine|all right|"
    r"alright|proceed|take it|thank)\b"
    r"|(?:但|不过|可是).*(?:同意|可以|接受|就这样|就这么|行吧|好吧|谢)"
)
_MINDS: Final = re.compile(r"(?:i|we) do (?:mind|object)\b.*")
_DOES_NOT_MIND: Final = re.compile(
    r"(?:我|我们|这个?|也|都|那)*(?:不反对|没(?:有)?(?:什么|啥)?异议|不介意)(?:的|吧|啊|了|这个方案|这样)*"
    r"|(?:no[ ,]+|well[ ,]+)?(?:i|we) (?:do not|don'?t) (?:mind|object)(?: at all| (?:to )?(?:it|that|this|"
    r"the plan))*"
)
_AGREES_AND_ASKS: Final = re.compile(
    r"(?:同意|可以|好的?|行|没问题|ok)[,. ].{2,}(?:行不行|可不可以|行吗|可以吗|好吗)[ ?.]*$"
)

# -- the work, and what the centre decides ------------------------------------------------------------------------------
_CUSTOMER: Final = r"(?:客户|业主|住户|租户|租客|对方|the (?:customer|client|tenant|owner|resident))"
_NO_PLAN: Final = re.compile(
    r"(?:还|暂|目前|现在|暂时|[ ,])*(?:没|无|没有)(?:有)?(?:想好|想出|什么|任何|好的?)?方案[ .!了呢]*$"
    r"|(?:解决)?方案(?:还|暂|目前|现在|都|一直|仍|[ ,:])*(?:没|未|待)(?:有)?(?:定|出|想|做|好|写|确|批|谈|下来?|商)"
    r"|(?:解决)?方案(?:还|正|仍)?在(?:讨论|商量|研究|想|定|做|写)"
    r"|(?:there(?:'s| is) )?no plan\b|(?:the )?plan (?:is |has )?(?:still |just )?(?:not|n't|isn'?t|hasn'?t)\b"
)
_CONSENT_TOLD: Final = re.compile(
    rf"{_CUSTOMER}[^,.;:?]{{0,4}}(?:不|没|未|没有|拒绝|doesn'?t|does not|didn'?t|won'?t|refuses to)? ?(?:同意|"
    rf"接受|认可|答应|agrees?|accepts?)"
    r"(?:了|这个|我们的?|the|it|方案|plan| )*[ .!]*"
)
_PROTESTS: Final = re.compile(
    r"(?:(?:这|那|怎么|绝|根本|完全)*不可能(?:吧|的|啊|呢|哦)?(?:[,.!? ].*)?"
    r"|(?:that'?s |it'?s |this is )?(?:impossible|no way|nonsense)(?:[,.!?]+ ?.*)?"
    r"|(?:这(?:是|个|单)?)?(?:是)?谁(?:派|分|转|指派)(?:的|给我)(?:的|单|单子)*[ ?啊呀呢]*"
    r"|who (?:sent|assigned|gave|dispatched)(?: me)? (?:this|it|that)(?: (?:to )?me)?[ ?]*)"
)
_ALL_BUT: Final = re.compile(
    r"\b(?:done|finished|completed?|fixed|sorted|repaired|painted|replaced)\b,? (?:bar|except(?: for)?|"
    r"apart from|save|other than|aside from|minus) "
    r"|\b(?:all|everything)\b[^,.;]{0,16}\b(?:done|finished|completed?|fixed|sorted) but (?:the|a|an|one|for)\b"
    r"|除了?[^,.;]{1,10}(?:都|全|其他|其它|别的)|[好完成毕了][,. ]+(?:就)?除了?[^,.;]{1,12}$"
)
_DUE: Final = re.compile(
    r"\b(?:should|will|ought to|to) be (?:done|finished|fixed|ready|completed?|sorted) (?:by|before|"
    r"on) (?:(?:the )?end|(?:next|this) |noon|"
    r"midday|tonight|today|tomorrow|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\d)",
    re.ASCII,
)
_NOT_INVALID: Final = re.compile(
    r"(?:别|不要|不能|不可以|不该|不应该?|不得|勿|先不|不用|不是|不算)(?:急着?|先|再|就|轻易|随便|给|"
    r"把它)*(?:判定?|定|算|认定|按|作)?(?:为|成|是)?无效"
    r"|\b(?:not|never|don'?t|isn'?t)\b[^,.;]{0,24}\binvalid\b"
)
_ASKS_TO_CLOSE: Final = re.compile(
    r"(?:能不能|可不可以|能否|可否|是否可以)[^,.;]{0,4}(?:结案|关闭|归档|关单|销案)|(?:能|可以|要|"
    r"该)[^,.;]{0,3}(?:结案|关闭|归档|关单)(?:了)?(?:吗|么|不)[ ?]*$"
    r"|^(?:can|could|may|shall|should) (?:we|i) (?:\w+ )?close\b"
)


def corrected(found: Reading, item: Numbered, role: Speaker, pending: Pending) -> Reading:
    """Return a reading, or what a text says where it belies that reading."""
    item = item if item.references else item.bare()
    key = item.words.key[:_LONGEST].strip(EDGES + "?")
    judge = (_STAFFS if role in STAFF else _CUSTOMERS).get(found[0])
    return (judge and judge(found, key, item, pending)) or found


def _told(verb: Verb, item: Numbered) -> Reading:
    return verb, item.arguments | ({"text": item.words.said} if verb is not Verb.UNCLEAR else {})


def _rated(rating: Rating, item: Numbered) -> Reading:
    return Verb.RATE, item.arguments | {"rating": rating.value, "comment": item.words.said}


def _person(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if _NO_CALL.search(key):
        left = _NO_CALL.sub("", key)
        if _WANTS_A_PERSON.search(left):
            return None
        return _told(Verb.COMPLAIN if customer.TROUBLE.search(left) else Verb.ADD, item)
    if pending is Pending.NONE and _ACCUSES.search(key) and not _WANTS_A_PERSON.search(key):
        return _told(Verb.COMPLAIN, item)
    return None


def _erase(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if not _ERASES_NOTHING.search(key):
        return None
    return (Verb.MY_DATA if _SEES.search(key) else Verb.UNCLEAR), item.arguments


def _withdraw(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if _NO_CALL.search(key) or re.match(r"no need to call", key):
        return _told(Verb.ADD, item)
    return _told(Verb.UNCLEAR, item) if len(key) < 24 and _KEEPS_IT.search(key) else None


def _mended(key: str) -> bool:
    return _MENDED.fullmatch(_THANKED.sub("", key).strip(EDGES)) is not None


def _rating(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    satisfied = found[1].get("rating") == Rating.SATISFIED
    if satisfied and _NOT_CONTENT.search(key):
        return _rated(Rating.DISSATISFIED, item)
    if satisfied and _DOUBTS_IT.search(key):
        return Verb.UNCLEAR, item.arguments
    return None if satisfied else _unrated(found, key, item, pending)


def _unrated(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for a complaint, or for no answer: the fault is gone, or nobody has looked yet."""
    if pending not in (Pending.NONE, Pending.RATING):
        return None
    if _mended(key):
        return _rated(Rating.SATISFIED, item)
    if pending is Pending.RATING and found[0] is Verb.THANKS and _NOT_CONTENT.search(key):
        return _rated(Rating.DISSATISFIED, item)
    doubts = _DOUBTS_IT.search(key) if found[0] is not Verb.RATE else _SO_FAR.match(key)
    if pending is Pending.RATING and (_NOT_LOOKED.fullmatch(key) or doubts) and len(key) < _SHORT:
        return Verb.UNCLEAR, item.arguments
    return None


def _agreed(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if pending is Pending.YES_NO and _KEEPS_IT.search(key):
        return Verb.DISAGREE, item.arguments | {"reason": item.words.said}
    if pending is Pending.YES_NO and _KEEPS.search(key):
        return _told(Verb.UNCLEAR, item)
    if pending is not Pending.PLAN:
        return None
    if _MINDS.fullmatch(key):
        return Verb.DISAGREE, item.arguments | {"reason": item.words.said}
    return _told(Verb.UNCLEAR, item) if _UNDER_CONDITIONS.search(key) and not _SAYS_YES_AFTER_ALL.search(key) else None


def _refused(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if pending not in (Pending.PLAN, Pending.YES_NO):
        return None
    if _DOES_NOT_MIND.fullmatch(key):
        return Verb.AGREE, item.arguments
    return _told(Verb.UNCLEAR, item) if pending is Pending.PLAN and _AGREES_AND_ASKS.match(key) else None


def _unplanned(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    return _told(Verb.NOT_DONE, item) if pending is Pending.NONE and _NO_PLAN.match(key) else None


def _planned(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if _NO_PLAN.match(key):
        return _told(Verb.NOT_DONE, item)
    return _told(Verb.REPORT, item) if _CONSENT_TOLD.fullmatch(key) else None


def _worked(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if _PROTESTS.fullmatch(key) and not staff.GIVE_BACK.search(key):
        return _told(Verb.UNCLEAR, item)
    return _told(Verb.NOT_DONE, item) if found[0] is Verb.DONE and _ALL_BUT.search(key) else None


def _handed(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    return _told(Verb.REPORT, item) if _DUE.search(key) else None


def _judged(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    return _told(Verb.UNCLEAR, item) if _NOT_INVALID.search(key) else None


def _closed(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    item = item if item.references else item.bare(at_start=False)
    return (Verb.STATUS, item.arguments) if _ASKS_TO_CLOSE.search(key) else None


_Judge = Callable[[Reading, str, Numbered, Pending], Reading | None]
_CUSTOMERS: Final[Mapping[Verb, _Judge]] = {
    Verb.PERSON: _person,
    Verb.ERASE_ME: _erase,
    Verb.WITHDRAW: _withdraw,
    Verb.RATE: _rating,
    **dict.fromkeys((Verb.COMPLAIN, Verb.STOP, Verb.UNCLEAR, Verb.THANKS), _unrated),
    Verb.AGREE: _agreed,
    Verb.DISAGREE: _refused,
}
_STAFFS: Final[Mapping[Verb, _Judge]] = {
    Verb.PLAN: _planned,
    Verb.UNCLEAR: _unplanned,
    **dict.fromkeys((Verb.GIVE_BACK, Verb.DONE, Verb.ACCEPT, Verb.LIST, Verb.DISAGREE), _worked),
    **dict.fromkeys((Verb.TRANSFER, Verb.ASSIGN), _handed),
    Verb.INVALID: _judged,
    **dict.fromkeys((Verb.CLOSE, Verb.REJECT), _closed),
}
