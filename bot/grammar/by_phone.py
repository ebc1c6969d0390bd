"""What a colleague tells of a customer who has called: they drop it, were asked how it went, ask for something, press. Pure.

It names a complaint that there is: it is no new one, and decides nothing that was not asked.
"""

from __future__ import annotations

from typing import Final

from bot.grammar import rating
from bot.grammar.arguments import Numbered
from bot.grammar.meaning import Pending, Reading, Verb
from bot.grammar.patterns import regex

_WHO: Final = r"(?:客户|业主|住户|租户|租客|客人|对方|\b(?:customer|client|tenant|owner|resident)s?\b)"
_CALLED: Final = (
    r"(?:(?:打了?|来了?)(?:过|个)?(?:一?个)?(?:电话|话)(?:过?来)?|致电|来电|\b(?:called|rang|phoned|is on the phone)\b)"
)
_FROM_THEM: Final = regex(rf"{_WHO}.{{0,8}}{_CALLED}")
_DROPS: Final = regex(
    r"(?:不(?:想|打算|用)?(?:再)?(?:投诉|追究|告)了|(?:帮|给|替|把|就|请)[^,.;]{0,6}撤(?!离)|撤(?:了|掉|销|诉|回|单)+吧?"
    r"|\b(?:withdraws?|withdrawn|(?:drops?|dropped|dropping|cancels?|cancelled) (?:it|this|the (?:complaint|case)))\b)"
)
_KEEPS: Final = regex(
    r"[不没别未](?:想|要|肯|愿意?|打算|能|可以?|是)?(?:再)?(?:说)?(?:要)?撤|\b(?:not|n't|never|won't)\b.{0,12}\b(?:withdraw|drop|cancel)"
)
_TAKES_IT_BACK: Final = regex(r"撤|\bwithdraw|\bcancel|\bdrop")
_CALL_BACK: Final = regex(
    r"回访(?:过|了|完|好)|(?:做|打)(?:了|过|完)(?:电话)?回访|\b(?:called|phoned|rang) (?:\w+ )?back\b|\bcall-?back done\b"
)
_NOBODY_THERE: Final = regex(r"没(?:人)?(?:接|打通)|打不通|无人接|关机|\bno (?:answer|reply)\b|\bnot (?:pick|answer)")
_PRESSES: Final = regex(r"催|\bchas(?:e|es|ed|ing)\b|\burg(?:e|es|ed|ing)\b")
_ASKS: Final = regex(
    r"(?:说|问|讲|要求|希望|想|让).{0,12}(?:能不能|能否|可不可以|可否|行不行|是否|想|要求|希望|什么时候)|(?:能不能|可不可以|行不行)"
    r"|\b(?:asks?|asked|asking|wants?|wanted|wonders?|can (?:you|we|someone|somebody|they))\b"
)
_NUMBER: Final = regex(r"(?<![\dA-Za-z])((?:ts\d{8}-)?\d{4})(?!\d|[:年月日元块号栋])")
_MISREAD: Final = frozenset(
    {Verb.APPROVE, Verb.REJECT, Verb.CLOSE, Verb.COMPLAIN_FOR, Verb.COMPLAIN, Verb.UNCLEAR, Verb.RATE, Verb.VALID, Verb.INVALID,
     Verb.ASSIGN, Verb.TRANSFER, Verb.REPORT, Verb.DONE, Verb.VISIT, Verb.STATUS, Verb.URGE, Verb.AGREE, Verb.NOT_DONE}
)  # fmt: skip
_OF_THEM: Final = regex(_WHO)
_CLOSES: Final = regex(r"关[掉闭单]|归档|结案|\bclose")
_LONGEST: Final = 120


def of_a_customer(found: Reading, item: Numbered, pending: Pending, *, centre: bool) -> Reading:
    """Return what a colleague tells of a customer by the number of their complaint, or the reading as it is."""
    item = item if item.references else item.bare()
    key = item.words.key
    if pending is not Pending.NONE or found[0] not in _MISREAD or len(key) > _LONGEST or _CLOSES.search(key):
        return found
    number = item.references[0] if item.references else ((named := _NUMBER.search(key)) and named[1].upper())
    if not number:
        return found
    given: dict[str, object] = {"reference": number}
    said = item.words.said.strip()
    told = said.removeprefix("的") if item.references else said
    about_them = _OF_THEM.search(key) is not None
    if about_them and _DROPS.search(key) and _TAKES_IT_BACK.search(key) and not _KEEPS.search(key):
        return Verb.WITHDRAW, given | {"reason": told}
    if not centre:
        return found
    if _CALL_BACK.search(key) and _NOBODY_THERE.search(key):
        return Verb.CALLED, given | {"reached": False}
    if _CALL_BACK.search(key) and about_them and (rated := rating.read_words(key)) is not None:
        return Verb.CALLED, given | {"rating": str(rated[0]), "comment": told}
    pressed = found[0] in (Verb.URGE, Verb.UNCLEAR, Verb.COMPLAIN_FOR) or _FROM_THEM.search(key) is not None
    if pressed and about_them and _PRESSES.search(key):
        return Verb.URGE, given | {"text": told}
    if _FROM_THEM.search(key) and _ASKS.search(key):
        return Verb.ADD, given | {"text": told}
    return found
