"""What colleagues bring in for customers: how it came to them, and what they ask about it later. Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar.arguments import Words
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import regex

_BY_PHONE: Final = regex(
    r"打(?:了|过|来)?(?:个|一个)?(?:电话)?(?:过来|来|进来)|打(?:了|过)?(?:个|一个)?电话(?:给我|到|跟我|和我|说|讲|反映|投诉|问|报)"
    r"|来(?:了)?(?:个|一个)?电(?:话)?(?:说|讲|反映|投诉|称|问|报|[ ,:])|致电|电话(?:里|中|上)(?:面)?(?:说|讲|反映|投诉|称|问)"
    r"|接(?:到|了)(?:个|一个)?[^,.;]{0,8}(?:电话|来电)|热线(?:上|里)?(?:接|打|说)"
    r"|\b(?:just |has |have )?(?:called|rang|phoned)(?: us| me| in| the (?:desk|office|hotline))?"
    r"(?=[ ,:]+(?:and|to|about|saying|says|said|that|because)\b|[:,])"
    r"|\b(?:on|by|over) (?:the )?(?:phone|telephone)\b|\bphone call\b"
)
_IN_PERSON: Final = regex(
    r"[来到](?:了|过)?(?:我们)?(?:前台|服务台|客服台|柜台|物业(?:办公室|中心|处)|服务中心|客服中心|办公室|门店|售楼处)(?!没|电话)"
    r"|前台(?:来|有|接待)|来访|当面(?:说|讲|反映|投诉)"
    r"|\bwalked in\b|\bcame (?:in(?:to)?|by|to|up to|over to) (?:the |our )?(?:front |service )?"
    r"(?:desk|counter|office|reception|lobby|branch)\b|\bat (?:the |our )?(?:front |service )?(?:desk|counter|reception)\b"
    r"|\bin person\b"
)
_TOLD_SO: Final = 40  # characters in which it is said how it came; further on it is of the matter itself
_REGISTERS: Final = regex(r"[/#* ]*(?:登记(?:一下|一个)?|register|log)[ ,:]+(?P<rest>.*\d{7}.*)")
_IS_OURS: Final = regex(
    r"(?:(?:上个?(?:周|月|次|星期)|昨天|前天|之前|刚才|那天|前几天|早上|上午|[ ,])*(?:我|咱)(?:上个?(?:周|月|次)|昨天"
    r"|前天|之前|刚才|那天|前几天|早上|上午|帮[^,.;]{1,4})?(?:转|录入?|报|反映|提交?|登记|带|交)(?:过|来|上去|上来|过来|过去|给你们"
    r"|给客服)?的"
    r"|[^.;]{0,40}\b(?:that |which )?i (?:passed on|brought in|handed (?:on|in|over)|entered|reported|forwarded|logged"
    r"|sent in)\b)"
)
_ASKS: Final = regex(
    r"(?:有没有|有)(?:人|谁)?(?:在)?(?:管|处理|办|跟|修|理|去|看|消息|结果|下文|进展|回音|眉目)(?:了|过)?"
    r"(?:吗|没有?|么)?[ ?!.]*$"
    r"|(?:怎么样|咋样|如何|怎样|到哪一?步|到哪|啥情况|什么情况)(?:了|啦)?[ ?!.]*$"
    r"|(?:处理|解决|修|办|弄|搞定|受理|派)(?:好|完)?(?:了)?(?:吗|没有?|么)[ ?!.]*$"
    r"|^(?:any (?:news|update|progress)|how (?:is|are|far)|what (?:about|happened|became)|has any(?:body|one)"
    r"|is any(?:body|one)"
    r"|did any(?:body|one)|where (?:is|are))\b"
    r"|\b(?:any news|any update|is any(?:body|one) (?:on|looking|dealing)|what happened)\b"
)
_LONGEST: Final = 80


def came_by(text: str) -> str:
    """Return by which channel a matter reached the colleague who tells of it: "phone" or "visit"; "" where that is not said."""
    said = text[:_TOLD_SO].casefold()
    phoned, visited = _BY_PHONE.search(said), _IN_PERSON.search(said)
    if phoned is not None and (visited is None or phoned.start() < visited.start()):
        return "phone"
    return "visit" if visited is not None else ""


def registers(words: Words) -> Reading | None:
    """Return what is filed for a caller in one message: "登记 13500001234 吴先生 车位被占"."""
    found = _REGISTERS.fullmatch(words.key)
    if found is None:
        return None
    rest = words.part(found.start("rest")).said.strip()
    return Verb.COMPLAIN_FOR, {"text": rest, "channel": came_by(rest) or "phone"}


def asks_after_ours(words: Words) -> Reading | None:
    """Return a colleague's question about what they brought in: "上周我转的那个大爷的工地打桩 有人管吗"."""
    key = words.key
    if len(key) > _LONGEST or _IS_OURS.match(key) is None or _ASKS.search(key) is None:
        return None
    return Verb.STATUS, {"text": words.said}
