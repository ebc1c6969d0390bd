"""What a lead asks of the whole in a sentence: who has the most, who is late, why it is still open, the figures. Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex
from complaints.numbers import FULL

_LONGEST: Final = 60  # characters
_NUMBER: Final = rf"(?P<number>{FULL}|\d{{4}})"
_WHO: Final = r"(?:现在|目前|到底|都|有|是)?(?:谁|哪个(?:同事|师傅|人)?|哪[些几]个?(?:同事|师傅|人)|哪位(?:同事|师傅)?)"
_LOADS: Final = regex(
    rf"{_WHO}(?:的)?(?:手上|手头|手里|名下|那里|那边)?(?:的)?(?:单子?|投诉|工单|案子|活|事)?"
    r"(?:是|积压|压)?的?最(?:多|忙)(?:的)?[ ?!.了呢啊]*"
    rf"|{_WHO}手[上头里]有?(?:多少|几件?)(?:单子?|投诉|活)?[ ?!.了呢啊]*"
    rf"|(?:还|都)?{_WHO}(?:们|些人)?(?:的)?(?:手[上头里]|名下)?(?:的)?(?:单子?|投诉|工单|案子|活|事)?(?:还|都)?(?:有)?"
    r"(?:没有?|未)(?:办完|办结|办好|处理完|处理好|弄完|做完|搞定|完成|结案|结单?|完)(?:的)?(?:单子?|投诉|工单|案子|活|事)?"
    r"[ ?!.了呢啊]*"
    r"|who(?:'s| is| has| have)?(?: got)? (?:the )?(?:most|busiest|fullest|biggest load|heaviest load)"
    r"(?: (?:open|cases|complaints|tickets|jobs|work|on|now|today|in hand|of them))*[ ?!.]*"
    r"|who(?:'?s| is| has| have| still)?(?: still| got)* (?:not finished|not done|not closed|open|unfinished|outstanding)"
    r"(?: (?:yet|cases|complaints|tickets|jobs|work|theirs|now|today|ones))*[ ?!.]*"
    r"|who (?:hasn'?t|has not|haven'?t|have not|didn'?t)(?: yet)? (?:finish(?:ed)?|done|closed?|completed?)"
    r"(?: (?:yet|theirs|their|cases|complaints|work|jobs|today))*[ ?!.]*"
)
_LATE: Final = regex(
    rf"{_WHO}(?:的)?(?:单子?|投诉|工单|案子|活)?(?:已经?|都|还|快)?"
    r"(?:超时|逾期|超期|过期|拖着|没按时)(?:了|的)?(?:最多)?[ ?!.了呢啊]*"
    r"|(?:who(?:'?s| is| are)|whose (?:cases? |complaints? |jobs? )?(?:is|are)|how many(?: of them| cases| complaints)? are)"
    r" (?:overdue|late|behind|past due|running late)"
    r"(?: (?:now|today|at the moment))*[ ?!.]*"
)
_WHY: Final = regex(
    rf"(?:{_NUMBER})?[ ,:]*(?:[那这][个件单事])?(?:为什么|为啥|怎么|咋)(?:到现在|现在|一直|都)*(?:还|都)?(?:没有?|未)"
    r"(?:办完|处理完|处理好|处理|解决|弄好|修好|办好|搞定|结案|完成|关|好)(?:掉)?[ ?!.了呢啊]*"
    rf"|(?P<long>{FULL}|\d{{4}})[ ,:]*(?:[那这][个件单事])?(?:为什么|为啥|怎么|咋)(?:又|都|会|就|要|还|一直)*"
    r"(?:拖(?:到现在|这么久|那么久|着|了这么久)?|(?:这么|那么)(?:久|慢|长时间))[ ?!.了呢啊]*"
    rf"|(?:case |no\.? ?|#)?(?P<why>{FULL}|\d{{4}})[ ,:]+why(?: is| has)?(?: it| this| that)?(?: (?:been|taking|still|so))*"
    r" (?:long|slow|late|open|overdue|not done)[ ?!.]*"
    rf"|why (?:is|has) (?:case |no\.? ?|#)?(?P<slow>{FULL}|\d{{4}}) (?:been )?(?:taking|taken|take)"
    r" (?:so|that|this) (?:much )?(?:long|time)[ ?!.]*"
    rf"|(?P<late>{FULL}|\d{{4}})[ ,:]*(?:[那这][个件单事])?(?:为什么|为啥|怎么|咋)(?:又|都|会|就)*"
    r"(?:超时|逾期|超期|过期)[ ?!.了呢啊]*"
    rf"|why (?:is|are|hasn'?t|isn'?t) (?:(?:this|that|it|they|these)(?: (?:one|case|complaint))?"
    rf"|(?:case |no\.? ?|#)?(?P<en>{FULL}|\d{{4}}))"
    r" (?:still )?(?:open|late|overdue|not done|not fixed|not closed|unresolved"
    r"|been (?:done|fixed|closed|solved|resolved)|done|fixed|closed|resolved)"
    r"(?: yet)?[ ?!.]*"
)
_WHY_THAT: Final = regex(
    r"(?P<thing>[\u3400-\u9fff]{2,8}?)的?[那这][个件单家户](?:投诉|单子?|事)?(?:为什么|为啥|怎么|咋)(?:到现在|现在|一直|都)*"
    r"(?:(?:还|都)?(?:没有?|未)(?:办完|处理完|处理好|处理|解决|弄好|修好|办好|搞定|结案|完成|关)(?:掉)?|(?:又|会)?(?:超时|逾期)了?)"
    r"[ ?!.了呢啊]*"
    r"|why(?:'?s| is| has| hasn'?t| isn'?t) the (?P<en>[a-z][a-z -]{1,30}?) (?:one|case|complaint|job|matter)"
    r" (?:still )?(?:open|late|overdue|not done|not fixed|not closed|unresolved"
    r"|been (?:done|fixed|closed|solved|resolved)|done|fixed|closed|resolved)(?: yet)?[ ?!.]*"
)
_HAS: Final = regex(
    rf"{_NUMBER}[ ,:]*(?:[那这][个件单]?(?:事|单子?|投诉)?)?(?:现在|到底|是)*"
    r"(?:谁|哪位|哪个)(?:在|来)?(?:盯着?|办|跟|跟进|负责|处理|管)的?"
    r"[ ,?!.呢啊]*(?:抓紧|快点?|赶紧|尽快)?[ ?!.]*"
    rf"|who(?:'s| is| has| have)(?: got)? (?:on|dealing with|handling|doing|working on)? ?"
    rf"(?:case |no\.? ?|#)?(?P<en>{FULL}|\d{{4}})[ ?!.]*"
)
_SPAN: Final = r"(?:今[天日]|昨[天日]|本周|这周|这个?星期|上周|本月|这个月|上个?月)"
_FIGURES: Final = regex(
    r"(?:请|给|发|看|我|一下|[ ])*(?:今天的?|今日|昨天的?|昨日|本周的?|这周的?|上周的?|本月的?|上个?月的?)?(?:投诉)?"
    r"(?:日报表?|周报表?|月报表?|报表|统计(?:数据)?|台账|导出(?:台账|数据|报表)?)(?:呢|发我|给我|看看|看一下|导出)?[ ?!.]*"
    r"|(?:本周|这周|这个?星期|上周|本月|这个月|上个?月)(?:的)?(?:投诉)?(?:整体|总体)?"
    r"(?:情况|形势|数据|数字)(?:怎么样|咋样|如何|怎样)?了?[ ?!.吗呢啊]*"
    r"|(?:send me |show me |give me |the |our |this |last |week'?s |month'?s |today'?s |daily |weekly |monthly |week |month )*"
    r"(?:figures|numbers|statistics|stats|(?<=[a-z] )report|export|ledger)"
    r"(?: (?:please|for|this|last|the|week|month|today))*[ ?!.]*"
    rf"|{_SPAN}(?:的)?(?:一共|总共|又|新|到底|,| )*(?:来了?|有|收到?了?|接到?了?|进来?了?|新增了?|登记了?)?"
    r"(?:几|多少)[单件个条起]?(?:新)?的?(?:投诉|单子?|工单|案子|客诉)?[ ?!.了吗呢啊]*"
    r"|how many(?: (?!(?:are|is)\b)[a-z'-]+){0,3}?(?: (?:have|did|do) (?:we|you) (?:had?|get|got|receive|received|have))?"
    r"(?: (?:came|come|were|have|has|been|in|filed|received|got|so far|new))*"
    r" (?:today|yesterday|this (?:week|month)|last (?:week|month))(?: (?:so far|please|now))*[ ?!.]*"
    r"|how (?:was|is|did) (?:this|last|the) (?:week|month)(?: (?:going|go|look|looking))?[ ?!.]*"
)
_SOMEBODY: Final = (
    r"@?(?P<{}>(?![今昨手我咱你您谁他她它都还哪这那]|现在|目前|大家|一共|总共|客户|业主)"
    r"[\u4e00-\u9fff]{{2,4}}?)(?:师傅|经理|主管|那边|那里|那儿)?"
)
_HOW_MANY: Final = (
    r"(?:什么|啥|哪些|几|多少)[个件单]?(?:没办完|没完|没办结|未办结|未完成|在办)?的?(?:投诉|单子?|工单|案子|活|事情?)?"
    r"(?:没办完?|没完|未办结)?的?[ ?!.了呢啊]*"
)
_HOLDS: Final = regex(
    rf"{_SOMEBODY.format('hand')}(?:的)?(?:手[上头里]|名下)(?:现在|目前|还|都|有|在办|压着)*{_HOW_MANY}"
    rf"|{_SOMEBODY.format('who')}(?:现在|目前|今天|还|都)*(?:有|在(?:办|处理|跟进|跟|忙|做))着?{_HOW_MANY}"
    rf"|{_SOMEBODY.format('list')}的(?:单子|待办|工单|投诉)(?:有?(?:哪些|几[个件单]|多少))?[ ?!.了呢啊]*"
    r"|(?:what(?:'?s| is| has| does)?|how (?:many|much)(?: cases| complaints| jobs)?(?: has| does| is)?"
    r"|which (?:cases|complaints|ones|jobs) (?:has|does|is))"
    r" (?P<en>(?!(?:the|it|that|this|on|i|we|you|he|she|they|who|have|has|do|does|is|are|every(?:body|one)|any(?:body|one))\b)"
    r"@?[a-z\u3400-\u9fff][a-z\u3400-\u9fff'-]{1,20}(?: [a-z'-]{2,20})?)"
    r" (?:still )?(?:got|have|has|working on|dealing with|doing|handling|holding)"
    r"(?: (?:on|open|now|left|today|at the moment|in hand|to do|cases|complaints))*[ ?!.]*"
    r"|(?:what(?:'?s| is)(?: on| with)?|show(?: me)?|list) (?P<plate>[a-z\u3400-\u9fff][a-z\u3400-\u9fff-]{1,20}?)'?s"
    r" (?:plate|desk|list|cases|complaints|jobs|tasks)(?: now| today)?[ ?!.]*"
)
_TODAY: Final = regex(r"今[天日]|\btoday\b|\bdaily\b|日报|^(?:the |our )?(?:figures|numbers|stats)\b")


def _key(text: str) -> str:
    key = fold(clean(text)).strip()
    return key if len(key) <= _LONGEST else ""


def asks_loads(text: str) -> str:
    """Return "open" for who has how much in hand, "late" for whose limits are past; "" for neither."""
    key = _key(text)
    if not key:
        return ""
    if _LATE.fullmatch(key):
        return "late"
    return "open" if _LOADS.fullmatch(key) else ""


def asks_whose(text: str) -> tuple[str, bool] | None:
    """Return of whom somebody asks what they have in hand, and whether the words ask nothing else; None where nobody asks."""
    key = _key(text)
    found = _HOLDS.fullmatch(key) if key else None
    if found is None:
        return None
    who = next(each for each in found.groups() if each)
    return who, bool(found["hand"] or found["en"])


def asks_about_one(text: str) -> str | None:
    """Return the number of the complaint of which somebody asks why it is open, or who has it: "" for the one spoken of."""
    key = _key(text)
    found = (_WHY.fullmatch(key) or _HAS.fullmatch(key)) if key else None
    return None if found is None else next((each for each in found.groups() if each), "").upper()


def asks_why(text: str) -> bool:
    """Say whether somebody asks why a complaint is still open."""
    key = _key(text)
    return bool(key) and _WHY.fullmatch(key) is not None


def asks_about_thing(text: str) -> str:
    """Return by what it is about the complaint of which somebody asks why it is open: "漏水" of "漏水那个怎么还没办完"; ""."""
    key = _key(text)
    found = _WHY_THAT.fullmatch(key) if key else None
    return "" if found is None else (found["thing"] or found["en"] or "")


def asks_figures(text: str) -> str:
    """Return "today" or "more" for the figures of today, or of longer, which the desk's own machine makes; "" for neither."""
    key = _key(text)
    if not key or _FIGURES.fullmatch(key) is None:
        return ""
    return "today" if _TODAY.search(key) else "more"
