"""Somebody who has the work cannot come on a day, for reasons of their own: no work is given back by it. Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex

_LONGEST: Final = 120  # characters
_DAY: Final = r"(?:今天|今儿|今日|今晚|今早|上午|下午|中午|晚上|早上|现在|明天|明早|明儿)"
_CANNOT: Final = (
    r"(?:[去来]不(?:了(?!解)|成)|过不[去来了]|到不了|上不了班|(?:没法|不能|没办法)(?:去|来|过去|过来|上门|上班|到))"
)
_WHY: Final = (
    r"(?:孩子|小孩|娃|老婆|老公|家里|家人|我妈|我爸|老人|爱人)[^,.;!?\n]{0,8}?(?:烧|病|住院|事|不舒服|摔|吐|医院|急)"
    r"|我?(?:有点|今天|昨晚|突然|[ ])*(?:发烧|高烧|生病|病了|不舒服|感冒|头疼|拉肚子|住院|崴|摔|发炎)"
    r"|车(?:子)?(?:坏|抛锚|撞|追尾)|家里有事|有急事|私事"
)
_CANNOT_EN: Final = (
    r"\b(?:can'?t|cannot|won'?t|will not|not able to|unable to) (?:make it|come|go|get there|be there|get in)\b"
    r"|\bnot (?:coming|going to make it)\b"
)
_DAY_EN: Final = r"\b(?:today|tonight|tomorrow|this (?:morning|afternoon|evening))\b"
_WHY_EN: Final = (
    r"\b(?:my |the |our )?(?:kid|child|son|daughter|baby|wife|husband|mum|mom|dad|mother|father)s?\b[^,.;!?\n]{0,12}?"
    r"\b(?:sick|ill|fever|hospital|poorly|unwell|hurt|temperature)\b|\b(?:i'?m|i am|feeling|been) (?:sick|ill|unwell|poorly)\b"
    r"|\b(?:car|van)(?:'s| has| is)? (?:broke|broken|won'?t start|dead|in the garage)\b|\bfamily emergency\b|\bsick today\b"
)
_SAYS_SO: Final = regex(
    rf"{_DAY}[^.;!?\n]{{0,12}}?{_CANNOT}|(?:{_WHY})[^.;!?\n]{{0,16}}?{_CANNOT}"
    rf"|(?:{_CANNOT_EN})[^.;!?\n]{{0,16}}?{_DAY_EN}|{_DAY_EN}[^.;!?\n]{{0,12}}?(?:{_CANNOT_EN})"
)
_OF_ONESELF: Final = regex(rf"{_WHY}|{_WHY_EN}")
_ANOTHER_TIME: Final = regex(
    r"改(?:到|成|为|天|期|约|在)|(?:明天|后天|大后天|周[一二三四五六日天]|星期|礼拜|下周|\d号|\d点)[^,.;]{0,6}?(?:再|去(?!不)|来(?!不)|过去|上门|补)"
    r"|\binstead\b|\b(?:come|go|do it|be there) (?:on )?(?:tomorrow|mon|tue|wed|thu|fri|sat|sun|next)"
)
_TOMORROW: Final = regex(r"明[天早儿]|\btomorrow\b")


def not_today(said: str) -> bool:
    """Say whether somebody tells that they cannot come on a day: "今天去不了 孩子发烧", "can't make it today, kid is sick"."""
    key = fold(clean(said))
    return len(key) <= _LONGEST and _SAYS_SO.search(key) is not None and _ANOTHER_TIME.search(key) is None


def for_reasons_of_ones_own(said: str) -> bool:
    """Say whether words tell why somebody cannot come, and it is nobody else's business."""
    return _OF_ONESELF.search(fold(clean(said))) is not None


def says_tomorrow(said: str) -> bool:
    """Say whether it is tomorrow that they cannot come."""
    return _TOMORROW.search(fold(clean(said))) is not None
