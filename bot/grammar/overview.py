"""What a lead asks of the whole in a sentence: who has the most, who is late, why it is still open, the figures. Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex
from complaints.numbers import FULL

_LONGEST: Final = 60  # characters
_NUMBER: Final = rf"(?P<number>{FULL}|\d{{4}})"
_WHO: Final = r"(?:现在|目前|到底|都|有|是)?(?:谁|哪个(?:同事|师傅|人)?|哪位(?:同事|师傅)?)"
_LOADS: Final = regex(
    rf"{_WHO}(?:的)?(?:手上|手头|手里|名下|那里|那边)?(?:的)?(?:单子?|投诉|工单|案子|活|事)?"
    r"(?:是|积压|压)?的?最(?:多|忙)(?:的)?[ ?!.了呢啊]*"
    rf"|{_WHO}手[上头里]有?(?:多少|几件?)(?:单子?|投诉|活)?[ ?!.了呢啊]*"
    r"|who(?:'s| is| has| have)?(?: got)? (?:the )?(?:most|busiest|fullest|biggest load|heaviest load)"
    r"(?: (?:open|cases|complaints|tickets|jobs|work|on|now|today|in hand|of them))*[ ?!.]*"
)
_LATE: Final = regex(
    rf"{_WHO}(?:的)?(?:单子?|投诉|工单|案子|活)?(?:已经?|都|还|快)?"
    r"(?:超时|逾期|超期|过期|拖着|没按时)(?:了|的)?(?:最多)?[ ?!.了呢啊]*"
    r"|(?:who(?:'s| is| are)|whose (?:cases? |complaints? |jobs? )?(?:is|are)) (?:overdue|late|behind|past due|running late)"
    r"(?: (?:now|today|at the moment))*[ ?!.]*"
)
_WHY: Final = regex(
    rf"(?:{_NUMBER})?[ ,:]*(?:[那这][个件单事])?(?:为什么|为啥|怎么|咋)(?:到现在|现在|一直|都)*(?:还|都)?(?:没有?|未)"
    r"(?:办完|处理完|处理好|处理|解决|弄好|修好|办好|搞定|结案|完成|关)(?:掉)?[ ?!.了呢啊]*"
    rf"|why (?:is|are|hasn'?t|isn'?t) (?:(?:this|that|it|they|these)(?: (?:one|case|complaint))?"
    rf"|(?:case |no\.? ?|#)?(?P<en>{FULL}|\d{{4}}))"
    r" (?:still )?(?:open|not done|not fixed|not closed|unresolved"
    r"|been (?:done|fixed|closed|solved|resolved)|done|fixed|closed|resolved)"
    r"(?: yet)?[ ?!.]*"
)
_HAS: Final = regex(
    rf"{_NUMBER}[ ,:]*(?:[那这][个件单]?(?:事|单子?|投诉)?)?(?:现在|到底|是)*"
    r"(?:谁|哪位|哪个)(?:在|来)?(?:盯着?|办|跟|跟进|负责|处理|管)的?"
    r"[ ,?!.呢啊]*(?:抓紧|快点?|赶紧|尽快)?[ ?!.]*"
    rf"|who(?:'s| is| has| have)(?: got)? (?:on|dealing with|handling|doing|working on)? ?"
    rf"(?:case |no\.? ?|#)?(?P<en>{FULL}|\d{{4}})[ ?!.]*"
)
_FIGURES: Final = regex(
    r"(?:请|给|发|看|我|一下|[ ])*(?:今天的?|今日|昨天的?|昨日|本周的?|这周的?|上周的?|本月的?|上个?月的?)?(?:投诉)?"
    r"(?:日报表?|周报表?|月报表?|报表|统计(?:数据)?|台账|导出(?:台账|数据|报表)?)(?:呢|发我|给我|看看|看一下|导出)?[ ?!.]*"
    r"|(?:本周|这周|这个?星期|上周|本月|这个月|上个?月)(?:的)?(?:投诉)?(?:整体|总体)?"
    r"(?:情况|形势|数据|数字)(?:怎么样|咋样|如何|怎样)?了?[ ?!.吗呢啊]*"
    r"|(?:send me |show me |give me |the |our |this |last |week'?s |month'?s |today'?s |daily |weekly |monthly |week |month )*"
    r"(?:figures|numbers|statistics|stats|(?<=[a-z] )report|export|ledger)"
    r"(?: (?:please|for|this|last|the|week|month|today))*[ ?!.]*"
    r"|how (?:was|is|did) (?:this|last|the) (?:week|month)(?: (?:going|go|look|looking))?[ ?!.]*"
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


def asks_about_one(text: str) -> str | None:
    """Return the number of the complaint of which somebody asks why it is open, or who has it: "" for the one spoken of."""
    key = _key(text)
    found = (_WHY.fullmatch(key) or _HAS.fullmatch(key)) if key else None
    return None if found is None else (found["number"] or found["en"] or "").upper()


def asks_figures(text: str) -> str:
    """Return "today" or "more" for the figures of today, or of longer, which the desk's own machine makes; "" for neither."""
    key = _key(text)
    if not key or _FIGURES.fullmatch(key) is None:
        return ""
    return "today" if _TODAY.search(key) else "more"
