"""Has somebody been told? What customers answer to that, in their own words. What is denied is looked for first."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.answers import BUT, NO_WHOLE, YES_WHOLE
from bot.grammar.folding import normalise
from bot.grammar.meaning import Pending, Speaker, Verb
from bot.grammar.patterns import regex
from bot.grammar.reading import read

_LONGEST: Final = 40
_NO: Final = regex(
    r"没(?!问题|毛病|错)|未|不(?!错|用|客气)|否|哪有|什么都"
    r"|\bno\b|\bnot\b|n't\b|\bnope\b|\bnobody\b|\bno ?one\b|\bnever\b|\bneither\b"
)
_TWICE_NO: Final = regex("没(?:有|什么)*不")
_YES: Final = regex(
    r"(?:都|已经?|是|很|非常|挺|嗯|对|师傅|处理人|他们?|我)*(?:有|是的?|对|说了|说过|讲了|讲过|告诉|通知|知道|清楚|"
    r"明白|了解|联系过)"
    r"|(?:yes|yep|yeah|yup)\b"
    r"|(?:they|he|she|somebody|someone|i|it|all)(?:'ve|'s)? (?:did|do|does|have|has|told|said|explained|is clear)\b",
    re.ASCII,
)
_ASKS: Final = regex(r"[?吗么]|了没有?$|什么|怎么|为啥|多久|几点|哪|\b(?:what|why|how|when|who|which)\b")

# What the answers are else taken for; whatever else was meant is no answer.
_NO_WISH: Final = frozenset({Verb.AGREE, Verb.DISAGREE, Verb.UNCLEAR, Verb.COMPLAIN, Verb.URGE, Verb.RATE, Verb.STATUS})


def told(text: str) -> bool | None:
    """Return whether the customer says that they have been told; None where the words answer something else, or neither."""
    key = normalise(text)
    bare = key.strip(" .,!~")
    if bare in NO_WHOLE:
        return False
    if bare in YES_WHOLE:
        return True
    plain = _TWICE_NO.sub("", bare)
    if not bare or len(bare) > _LONGEST or _ASKS.search(plain):
        return None
    verb = read(text, Speaker.CUSTOMER, Pending.YES_NO, guess=False).verb
    if verb not in _NO_WISH:
        return None
    if _NO.search(plain):
        return None if verb is Verb.AGREE else False  # both at once: "不好意思，没说过"
    if verb is Verb.DISAGREE:
        return False
    return True if not BUT.search(key) and (verb is Verb.AGREE or _YES.match(plain)) else None
