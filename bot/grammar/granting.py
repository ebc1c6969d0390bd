"""A lead's yes with a limit, a refusal that is itself refused, and other words that decide nothing by themselves. Pure.

"行吧，就半天" is neither yes nor no to two days: `gives_other` says so to whoever knows what was asked for. In doubt nothing is
decided, and the lead is asked back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.grammar.arguments import EDGES, LIMIT, Numbered, Words, take_limit, take_till
from bot.grammar.folding import fold
from bot.grammar.meaning import Pending, Reading, Verb
from bot.grammar.patterns import regex

_LONGEST: Final = 80  # characters: a decision is short
_GRANTED: Final = frozenset({Verb.APPROVE, Verb.AGREE})
_DECIDED: Final = frozenset({Verb.APPROVE, Verb.REJECT, Verb.AGREE, Verb.DISAGREE})

_YES: Final = regex(
    r"(?:那|嗯|我|[ ,])*(?:行|可以|好|准|批准?|同意|没问题)(?:吧|的|啦|了|嘞|是)*(?=[ ,.;!]|[但就只不])"
    r"|(?:well|ok|so|[ ,])*(?:ok(?:ay)?|fine|yes|yeah|sure|all right|alright|approved?|granted|agreed|deal|go ahead)\b"
    r"(?=[ ,.;!])"
)
_LIMITED: Final = regex(
    r"(?:只(?:能|准|给|许|批|到|限)|最多|顶多|至多|就(?:给|批|准|到)?[他她你]?(?=[半一两二三四五六七八九十\d])|不(?:能)?超过)"
    r"|\b(?:only|just|at most|max(?:imum)?|no more than|up to|no later than|but not)\b"
    r"|\bnot an? (?:\w+ )?(?:minute|hour|day|week|second) (?:more|longer|later)\b|\bno (?:more|longer)\b"
)
_HURRIES: Final = regex(
    r"(?:但是?|不过|[ ,.;!])+(?:下次|以后|绝|可|就|真的?|千万|一定)*"
    r"(?:别|不(?:能|许|准|要|得|可以?))(?:再|又)*(?:拖|延|晚|有下次)"
    r"(?:下去|期|长|了|啦|啊)*[ .!]*|(?:但是?|不过|[ ,.;!])+(?:仅此一次|下不为例|最后一次)(?:了|啊)*[ .!]*"
    r"|(?:but |[ ,.;!])+(?:this|that|it)(?:'?s| is) the (?:very )?last (?:time|one)[ .!]*"
    r"|(?:but |[ ,.;!])+(?:don'?t|do not) (?:drag|put) (?:it|this) (?:out|off)(?: any ?(?:longer|more|further))?[ .!]*"
)
_PRESSES: Final = regex(
    r"\b(?:it'?s|its|is|this is|very|so|really|quite|extremely) urgent\b|\burgent(?:ly)?\b|\bplease hurry\b|\bhurry up\b"
    r"|\basap\b"
    r"|\b(?:can(?:no|')?t|cannot) wait\b|(?<!不)(?:很|挺|太|非常|特别|比较|真的?)急|急件|紧急|加急"
    r"|十万火急|等不了|不能(?:再)?等|来不及"
)
"""Whoever says that it is urgent gives no more time, whatever the "yes" before it was to; `_GRANTS` are not only a yes."""
_GRANTS: Final = regex(r"[批准]|同意|approved?|granted")
_REFUSES_TO_REFUSE: Final = regex(
    r"(?:别|不要|不用|不必|不想|没必要|不打算|不该|不应该?)(?:再|就|急着|直接|马上|轻易|给?[他她])*(?:驳回|拒绝|打回|否决)"
    r"|(?:驳回|拒绝|打回|否决)(?:的话|这事|的事)?(?:就|还是|也)?(?:算了|免了|不必)"
    r"|\b(?:don'?t|do not|no need to|no reason to|never|not going to|won'?t|wouldn'?t|not) "
    r"(?:reject|refuse|deny|decline|turn (?:it|this|him|her|them|that) down|turn down)"
)
_KEEPS_WITH_THEM: Final = regex(r"^(?:不(?:准|许|能|让|可以|得)|别|不要)(?:他|她|再)*退(?:单|回来)?(?=$|[ ,.;!])")
_NO: Final = regex(
    r"(?:no|not)? ?(?:(?:absolutely|certainly|definitely|of course) not|(?:no|not a|not the slightest) (?:way|chance|hope)"
    r"|out of the question|not happening|绝对不行|没门|休想|想都别想|免谈|不可能)[ .!]*"
)


def doubted(found: Reading, item: Numbered, pending: Pending) -> Reading | None:
    """Return what a lead's words come to where they were taken for a decision and are none, or the other way round."""
    if pending not in (Pending.NONE, Pending.YES_NO) or len(item.words.key) > _LONGEST:
        return None
    key = item.words.key.strip(EDGES)
    named = item.arguments
    if _NO.fullmatch(key) and (named or pending is Pending.YES_NO):
        return (Verb.REJECT if named else Verb.DISAGREE), named
    if found[0] not in _DECIDED | {Verb.URGE}:
        return None
    unclear = Verb.UNCLEAR, named
    yes = _YES.match(key)
    if found[0] not in _GRANTED and yes and _LIMITED.search(key, yes.end()):
        return unclear
    if (
        found[0] in _GRANTED
        and yes
        and not _GRANTS.search(yes[0])
        and _PRESSES.search(key, yes.end())
        and not LIMIT.search(key, yes.end())
    ):
        return unclear
    if found[0] is Verb.URGE:
        return None
    if _REFUSES_TO_REFUSE.search(key) or _KEEPS_WITH_THEM.match(key):
        return unclear
    if yes and _HURRIES.fullmatch(key, yes.end()):
        verb = Verb.AGREE if pending is Pending.YES_NO and not named else Verb.APPROVE
        return verb, named | {"reason": item.words.said}
    return None


_UNTIL: Final = regex(
    r"到(?:今|明|后|大后|本|这|下|周|星期|礼拜|月底|\d|[一二三四五六七八九十]+[点号月])|\b(?:until|till)\b|\bno later than\b"
)
_LENGTH: Final = regex(r"(\d+)(wd|d|h)", re.ASCII)


@dataclass(frozen=True, slots=True)
class LimitSaid:
    """How much a lead's words grant, as they were said: a length of time, or until when. Both empty: "only" something else."""

    limit: str = ""
    until: str = ""


def limit_said(said: str) -> LimitSaid | None:
    """Return how much a lead's words grant; None where they name no limit."""
    words = Words(fold(said), said)
    until, rest = take_till(words)
    if (length := LIMIT.search(rest.key, 0, 200)) is not None:
        return LimitSaid(rest.said[slice(*length.span())])
    if until is not None:
        return LimitSaid(until=until)
    key = words.key[:_LONGEST]
    return LimitSaid() if _UNTIL.search(key) or _LIMITED.search(key) else None


def gives_other(said: str, asked: str) -> bool:
    """Whether a lead's yes gives something else than what was asked for: another length of time, or a moment.

    asked: as a limit, "2d". Working days are not told from days, which nobody does who says yes.
    """
    given = limit_said(said)
    if given is None:
        return False
    length, _ = take_limit(Words(fold(given.limit), given.limit))
    return length is None or _hours(length) != _hours(asked)


def _hours(limit: str) -> int | str:
    found = _LENGTH.fullmatch(limit)
    return limit if found is None else int(found[1]) * (1 if found[2] == "h" else 24)
