"""A sum that a customer names, asks for or takes: "1800行吧 什么时候给", "算了 300 行不行", "make it 300". Pure.

It names no complaint, and withdraws none: whoever has the matter reads it.
"""

from __future__ import annotations

from typing import Final

from bot.grammar.folding import clean, fold
from bot.grammar.meaning import Pending, Verb
from bot.grammar.patterns import regex

_READ: Final = 200  # characters
_SUM: Final = r"[$£€¥]?(?!0)\d{2,5}(?!\d|[.:-]\d)"
_TAKEN: Final = regex(
    rf"(?:算了|那就?|就|好吧|好|嗯|最少|至少|最低|起码|给我?|赔我?|[ ,])*{_SUM}(?:块钱?|元|rmb)?[ ,]*"
    r"(?:(?:也|还|就|都)?(?:行|可以|成)(?!了|政|业|人)|ok\b|不够|太少|好吧|吧|成交|拿来|(?:打|转|给|赔)(?:给|我|到|过来)|"
    r"(?:什么|啥)时候(?:给|打|转|到账)|就(?:算了|这样|好))"
    r"|(?:ok|okay|fine|well|then|so|and|just|give me|pay me|make it|at least|[ ,])*"
    rf"{_SUM}(?: ?(?:yuan|rmb|bucks|quid))?[ ,]*(?:is |'s |sounds |then )?(?:ok|okay|fine|good|enough|deal|agreed|works|"
    r"will do|would do|not enough|too (?:little|low)|please|and (?:we|i|that)\b)"
)
_AGREED: Final = regex(
    rf"(?:那|就|好吧|好的?|行吧?|嗯|可以|算了|[ ,])*{_SUM}(?:块钱?|元|rmb)?[ ,]*(?:也|还|就|都)?"
    rf"(?:(?:行|可以|成|ok|好)|(?:就)?{_SUM}(?:块钱?|元)?|就这样|成交)?(?:吧|了|的|啊|呗|[ ,.!])*"
    rf"|(?:ok|okay|fine|well|then|so|yes|yeah|alright|all right|deal|[ ,])*{_SUM}(?: ?(?:yuan|rmb|bucks|quid))?[ ,]*"
    r"(?:(?:is |'s |sounds |it is )?(?:then|ok|okay|fine|good|deal|agreed|it is))?(?: then)?[ ,.!]*"
)
_AND_WHEN: Final = regex(
    r"(?:[ ,.!]+|(?<=[吧了的行好]))(?:那|请问|and |so |but |then |钱|[ ])*"
    r"(?:(?:什么|啥|几)时候?|何时|哪天|多久|怎么|when\b|how (?:do|will|soon|long)\b)"
    r"(?=[^.;!?]{0,20}?(?:[给打转到退付拿领赔补]|\b(?:get|gets|pay|paid|receive|money|it|sent|arrive|have)\b))"
    r"[^.;!?]{0,30}[?!. ]*$"
)
"""When the sum is paid, asked behind the assent to it."""
_ASSENTS: Final = regex(r"[行好成就吧]|可以|\b(?:ok(?:ay)?|fine|then|yes|yeah|alright|right|deal|agreed|good|it is)\b")
_INSTEAD: Final = regex(
    rf"(?:算了|forget (?:it|about it))[^.;!?\d]{{0,24}}{_SUM}"
    r"(?!\s?(?:[栋楼号室层座天日月年点次人户]|小时|分钟|days?\b|hours?\b))"
)
_MADE: Final = regex(rf"(?:给|加到?|要|赔|make it|give me|pay me|for)[ 我]{{0,3}}{_SUM}")
_ANY_SUM: Final = regex(r"(?<![\d.:-])[1-9]\d{1,4}(?![\d.:-])")
_WITHDRAWS: Final = regex(r"撤|取消|不投[诉訴]|\b(?:withdraw|cancel|drop)")
_OPEN: Final = frozenset({Pending.NONE, Pending.PLAN, Pending.YES_NO, Pending.MENU, Pending.FACTS})
_MISTAKEN: Final = frozenset({Verb.STATUS, Verb.URGE, Verb.UNCLEAR, Verb.WITHDRAW, Verb.COMPLAIN, Verb.RATE})
"""What words with a sum are taken for."""


def begins_with_a_sum(key: str) -> bool:
    """Say whether folded words that were taken for a number and an answer are about a sum."""
    return _TAKEN.match(key[:_READ].strip()) is not None


def agrees_to_a_sum(key: str) -> bool:
    """Say whether folded words assent to a sum and say nothing else, save ask when it is paid: "1800就1800吧", "1800 then, when
    do I get it". That it is the plan's is asked of `another_sum`.
    """
    said = key[:_READ].strip()
    if (when := _AND_WHEN.search(said)) is not None:
        said = said[: when.start()].strip()
    return _AGREED.fullmatch(said) is not None and _ASSENTS.search(said) is not None


def another_sum(said: str, plan: str) -> bool:
    """Say whether words that seem to agree to a plan name a sum of which it does not speak."""
    key = fold(clean(said))
    sums = _ANY_SUM.findall(key)
    asks = agrees_to_a_sum(key) or _TAKEN.match(key) or _INSTEAD.search(key) or _MADE.search(key)
    return bool(asks) and any(found not in plan for found in sums)


def names_a_sum(key: str, verb: Verb, pending: Pending) -> bool:
    """Say whether a customer's folded words, taken for this, are about a sum and nothing else."""
    if verb not in _MISTAKEN or pending not in _OPEN:
        return False
    if verb is Verb.WITHDRAW:
        return _WITHDRAWS.search(key) is None and _INSTEAD.search(key) is not None
    return _TAKEN.match(key) is not None
