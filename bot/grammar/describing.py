"""Which complaint words describe by what it is about: "漏水那个", "the lift one", "楼道灯我看了". Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.folding import clean
from bot.grammar.patterns import deferred
from bot.grammar.things import THING

HAN: Final = "\u3400-\u9fff"
_ALL_HAN: Final = deferred(rf"[{HAN}]+")
_ONE: Final = r"[个件家户单台处]"
SAID: Final = deferred(
    r"(?:好的?|行|嗯|退单?(?=[\s,，])|那(?![个件家户单台处边])|收到|ok(?:ay)?|yes|sure|把|将|关于|[\s,，。!！])*(?:"
    rf"[那这]{_ONE}(?P<first>[{HAN}]{{2,8}}?)的(?:投诉|单子?|事|活|客户|业主|那?{_ONE})?"
    rf"|(?P<last>[{HAN}]{{1,8}}?)的?[那这](?:{_ONE}|边)(?:投诉|单子?|事|活|客户|业主)?"
    r"|(?:i'?ll |i will |i can |we'?ll |let me )?(?:(?:take|do|handle|get|accept|see|fix)(?: on)? )?"
    r"(?:the|that) (?P<en>(?!(?:other|same|last|first)\b|(?:new|old|right|wrong) (?:one|job|case|complaint"
    r"|ticket)\b)[a-z][a-z -]{1,24}?) "
    r"(?:one|job|case|complaint|ticket)\b"
    r"|(?:i'?ll |i will |we'?ll )?(?:(?:take|do|handle|get|accept) )?"
    r"(?:the|that) one (?:about|with|for) (?:the |a )?(?P<about>[a-z]{3,16})\b"
    r")",
    re.IGNORECASE,
)
SOMEBODYS: Final = deferred(
    rf"[\s,，]*(?:把|将)?(?P<whose>[{HAN}]{{2,8}}?)的(?:投诉|工单|单子?|事情?|活)(?=[\s,，]*(?:转|派|分|交|移|安|给))"
)
"""Said by the centre alone, which gives it to somebody: "陈阿姨的事分给张伟"."""
GIVEN: Final = deferred(
    r"(?:(?:please|pls|can you|could you) )*(?:re)?(?:assign|give|pass|hand|move)(?: over)? (?:the|that) "
    r"(?P<en>(?!(?:other|same|last|first)\b)[a-z][a-z -]{1,24}?) (?:one|job|case|complaint|ticket)(?: over)? to "
    rf"@?(?P<who>[a-z{HAN}][a-z{HAN}'-]{{1,20}}(?: [a-z'-]{{2,20}})?)(?:[ ,]+(?:instead|please|pls|now|then|ok))*[ .!]*",
    re.IGNORECASE,
)
"""Said by the centre alone: "give the wrong tooth one to jo instead"."""
LEADS: Final = deferred(
    rf"(?:好的?|行|嗯|收到|退单?(?=[\s,，])|[\s,，。!！])*(?P<thing>[{HAN}]{{1,8}}?)(?:的事)?"
    r"(?=[\s,，]|我|已经|都|刚|今天|明天|后天|昨天|上午|下午|晚上|修|换|弄|看|查|装|通|补|清|搞|处理|办|归|不归|不是|延|约"
    r"|的(?=再|都|要|得|必须|马上|尽快|抓紧|全))"
    r"|(?:ok(?:ay)?[ ,]+)?(?:the|that) (?P<en>[a-z]{3,16}) (?:is|was|has|had|works|got|needs|will|can)\b",
    re.IGNORECASE,
)
"""The thing that a sentence begins with: "楼道灯我看了，换好了"."""
ANYTHING: Final = deferred(
    r"刚才|刚刚|上次|之前|上午|下午|昨天|今天|明天|客户|业主|住户|师傅|领导|公司|厂家|供应商|剩下|另外|其他|其它|最后|第|还有|我|你|他|她"
)


def description(text: str) -> str:
    """Return what words describe a complaint by: what stands before "那个", else the thing they begin with; "" for neither."""
    said = clean(text)
    if (found := SAID.match(said)) is not None:
        word = next((each for each in found.groups() if each), "")
        one = len(word) == 1 and THING.fullmatch(word) is None
    elif (led := LEADS.match(said)) is not None:
        word = led["thing"] or led["en"].casefold()
        one = THING.search(word) is None
    else:
        return ""
    return "" if one or ANYTHING.search(word) else word


def holds(text: str, word: str) -> bool:
    """Say whether words tell of what a description names, be it in pieces: "车库漏水" in "地下车库B区顶上漏水"."""
    text = text.casefold()
    if word in text or (len(word) > 3 and word.rstrip("s") in text):
        return True
    if len(word) < 4 or not _ALL_HAN.fullmatch(word):
        return False
    pairs = [word[at : at + 2] in text for at in range(len(word) - 1)]
    return all(pairs[max(at - 1, 0)] or pairs[min(at, len(pairs) - 1)] for at in range(len(word)))
