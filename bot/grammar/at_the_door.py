"""Whoever was told that nobody found them says that they were there, or that nobody came. Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex

_WHO: Final = "(?:人|师傅|你们?|他们?|工人|员工|维修工?|水电工|谁)"
_NOBODY_CAME: Final = regex(
    rf"(?:没有?|没见|没看[到见]|不见|哪有|哪见)(?:一?个|任何|什么)?{_WHO}?(?:影|来|上门|到(?!位|底|期|家)|敲|按|打电话|联系|过来)"
    rf"|{_WHO}?(?:压根|根本|明明|从来|哪)(?:就|都|也)?(?:没有?|来过)"
    r"|(?:来|去)(?:过)?个?(?:屁|鬼|锤子?)|(?:瞎|胡|乱)(?:说|讲|扯|编)|撒谎|说谎|骗人|扯谎|造谣|睁眼说瞎话|不是事实|不属实"
    r"|(?:一直|全天|整天|专门|特意|请假|明明)(?:都|就)?(?:待|呆|守)?在家|我(?:都|就|可)?在家(?![没里]?没)|在家[里中]?(?:等|待|守|呆|候)"
    r"|白等|等了(?:你们|一|半|整|好|两|几)"
    r"|\b(?:nobody|no ?one|no-one|none of you|not a soul) (?:ever |has |even |actually )?"
    r"(?:came|come|showed|turned|knocked|rang|called|was (?:here|there))"
    r"|\b(?:never|didn'?t|did not|hasn'?t|haven'?t|has not|have not) (?:even |actually |ever )?"
    r"(?:came|come|show(?:ed|n)?|turn(?:ed)?|knock(?:ed)?|ring|rang|rung)\b"
    r"|\b(?:i was|i'?ve been|i have been|we were|been) (?:in|home|at home|there|here|waiting|inside)\b"
    r"|\b(?:lie|lies|lied|lying|liars?|not true|untrue|bull(?:shit)?|nonsense|rubbish|made (?:it|that) up)\b"
    r"|\b(?:waited|took (?:a|the) (?:whole |half )?(?:day|morning|afternoon) off)\b|\bno (?:knock|ring|call)\b"
)
_OWNS_UP: Final = regex(
    r"不好意思|对不起|抱歉|忘了|忘记|出去了|出门了?|(?:没|不)在家|临时有事|没听[到见]|睡着"
    r"|\b(?:sorry|forgot|(?:wasn'?t|was not|not) (?:at )?(?:home|in|there)|i was out|was out|stepped out|asleep"
    r"|missed (?:you|him|it))\b"
)
_OFFERS: Final = regex(  # a time at which they will be there
    r"明[天早晚日]|后[天日]|(?:周|星期|礼拜)[一二三四五六日天末]|[0-9一二两三四五六七八九十](?:点|号)|随时"
    r"|\b(?:tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|next|any ?time|\d{1,2} ?(?:am|pm|o'?clock))\b"
)
_STRONG: Final = regex(r"压根|根本|没(?:有)?人(?:来|敲|上门)|没来|\b(?:nobody|no ?one|never)\b")


def says_nobody_came(text: str) -> bool:
    """Say whether words tell that somebody was there and nobody came; who owns up to have been away, or names
    a time to come, says no such thing.
    """
    key = fold(clean(text))[:200]
    if _NOBODY_CAME.search(key) is None:
        return False
    return _STRONG.search(key) is not None or not (_OWNS_UP.search(key) or _OFFERS.search(key))
