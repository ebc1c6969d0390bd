"""What came of a phone call, as whoever made it says. Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex

_UNANSWERED: Final = regex(
    "无人(?:接听|应答|接)|没(?:有)?(?:人)?(?:接|应答|打通|通)|未(?:接|打通|接通|应答)|不接|打不通|不通|联系不上|关机|"
    "停机|占线|"
    "空号|拒接|忙音|挂(?:断|了)|不在服务区|no ?answer|un(?:answered|reachable|reached)|not (?:answered|reached|"
    "reachable)|"
    "did ?n[o']?t (?:answer|pick|reach)|could ?n[o']?t reach|no one|nobody|busy|voice ?mail|switched off|wrong number"
)
_REACHED: Final = regex(
    "接通|打通|通了|接了|接听|已?(?:告知|通知|转告|沟通|联系上)|答应|表示|说|reached|answered|picked up|spoken?|"
    "talked|told"
)


def outcome(text: str, *, bare: bool = False) -> bool | None:
    """Return whether somebody was reached, None where it is not said. What denies it is looked for first.

    bare: the words stand alone, in answer to our question: then only such as begin with the outcome count.
    """
    key = fold(clean(text)).lstrip(" ,.:;!-/#")
    if bare:
        return False if _UNANSWERED.match(key) else True if _REACHED.match(key) else None
    return False if _UNANSWERED.search(key) else True if _REACHED.search(key) else None
