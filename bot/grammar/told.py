"""Has somebody been told? What customers answer to that, in their own words. What is denied is looked for first."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.answers import BUT, NO_WHOLE, YES_WHOLE, is_question
from bot.grammar.folding import normalise
from bot.grammar.meaning import Pending, Speaker, Verb
from bot.grammar.reading import understand

_LONGEST: Final = 40
_NO: Final = re.compile(
    r"没(?!问题|毛病|错)|未|不(?!错|用|客气)|否|哪有|什么都"
    r"|\bno\b|\bnot\b|n't\b|\bnope\b|\bnobody\b|\bno ?one\b|\bnever\b|\bneither\b"
)
_TWICE_NO: Final = re.compile("没(?:有|什么)*不")
_YES: Final = re.compile(
    r"(?:都|已经?|是|嗯+|对|他们?|师傅|处理人|我|他们)*(?:有|是的?|对|说了|说过|讲了|讲过|告诉|通知|知道|清楚|明白|了解|联系过)"
    r"|(?:yes|yep|yeah|yup|they|he|she|it|i|somebody|someone|all)\b.*",
    re.ASCII,
)


def told(text: str) -> bool | None:
    """Return whether the customer says that they have been told; None where the words answer something else, or neither."""
    key = normalise(text)
    bare = key.strip(" .,!~")
    if bare in NO_WHOLE:
        return False
    if bare in YES_WHOLE:
        return True
    if not bare or len(bare) > _LONGEST or is_question(key):
        return None
    verb = understand(text, Speaker.CUSTOMER, Pending.YES_NO).verb
    if verb in (Verb.AGREE, Verb.DISAGREE):
        return None if BUT.search(key) else verb is Verb.AGREE
    if verb not in (Verb.UNCLEAR, Verb.COMPLAIN, Verb.URGE, Verb.RATE, Verb.THANKS):
        return None
    plain = _TWICE_NO.sub("", bare)
    if _NO.search(plain):
        return False
    return True if _YES.match(plain) else None
