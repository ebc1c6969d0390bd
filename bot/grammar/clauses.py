"""Into what clauses a sentence with several times falls, so that one is refused and another meant: "明天不行后天吧". Pure.

People write no comma where they take breath: a space, a word of refusal or the request itself ends what stands before it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.grammar.patterns import regex
from bot.grammar.time_words import Kind, Token, read_pieces

TIMES: Final = (Kind.DAY, Kind.PART, Kind.CLOCK)
_DAY_NAMED: Final = (
    r"(?:大?[今明后]天|[今明][早晚]|明后|(?:下下?个?|这个?|本)?(?:周[一二三四五六日天末\d]|星期|礼拜)|[下这]周"
    r"|上午|中午|下午|早上|晚上|傍晚|\d{1,2}[号日月点:]|[一二两三四五六七八九十]{1,3}[号日点])"
)
A_DAY: Final = f"(?={_DAY_NAMED})"
CANNOT: Final = regex(
    # "能不能", "行不行" ask, and refuse nothing.
    r"(?<!行)不行(?!就|的话|再|咱|那)|(?<!在)不在|没空|没时间|(?<!方)不方便|(?<!可)不可以|(?<!能)不能|(?<!要)不要|去不了|来不了|"
    rf"(?<!对)不对|(?<!是)不是(?! ?我)|不合适|(?:[别甭]|不用|取消){A_DAY}|(?:[别甭]|不用|不要)(?:过?来|上门|去)"
    r"|\bnot\b|\bno\b(?! (?:problem|worries|rush|hurry|issue))|can't|cannot|won't|n't\b|\b(?:ca|wo|does|is)nt\b|\bbusy\b"
    r"|\bexcept\b|\b(?:forget|scrap|skip|ditch|cancel|never said|didn't say)\b|\bis (?:bad|tricky|difficult|awkward|out|off)\b"
)
BUSY: Final = regex(
    r"有事|有[课会]|开会|出差|[加上值]班|上[课学]|考试|没人|不在家|外出|出门|去医院"
    r"|\bmeeting\b|\baway\b|\bworking\b|\b(?:i|we|to|at|got) work\b|\bout of town\b"
    r"|\b(?:we'?re|i'?m|i am|we are|i'?ll be|we'?ll be|will be|am) (?:all |both )?out\b"
)
_CLAUSE: Final = regex(
    r"[,.;!?\n](?!\d)|\binstead\b(?! of\b)|\b(?:because|cause|cos|coz|bc|since|as) (?=(?:we|i|i'm|we're|im)\b)"
    r"|(?<=[家在空事班差]) ?(?=(?:改|换|挪|推)(?:到|成|至|约))"
    r"|\b(?:but|so)\b|\b(?=(?:can|could) (?:we|you|u|i|someone|somebody)\b|(?:how|what) about\b|make it\b|let'?s\b)"
)
_GAP: Final = regex(r"(?<=[\u3400-\u9fff]) +| +(?=[\u3400-\u9fff])")
_REFUSED: Final = regex(
    r"(?<!行)不行(?!就|的话|再|咱|那)|(?<!可)不可以|(?<!方)不方便|不合适|没空|没时间|没人(?:在家?)?|[去来]不了|(?<!在)不在家?"
    rf"|(?:[别甭]|不用|不要)(?:过?来|上门|去)了?|(?:有事|出差|开会|[加上值]班)(?= ?{_DAY_NAMED})"
    r"|\bno good\b|(?:\bnot|n't|\bnt\b|(?<=\bdoes)nt|(?<=\bwo)nt|(?<=\bis)nt) (?:good|great|possible|convenient"
    r"|ok(?:ay)?|work\w*|suit\w*|suitable|fine)\b|\bis (?:bad|tricky|difficult|awkward|out|off)\b"
)
"""Said of the time before it, as is what somebody has to do then."""
_NO: Final = regex(r"(?:不行|不可以|不合适|不对)$")
_REFUSES: Final = regex(
    rf"(?<!是)不是(?! ?我)|(?<!要)不要|(?:[别甭]|不用|取消){A_DAY}"
    r"|\b(?:not|forget|scrap|skip|ditch|cancel|never said|didn't say|instead of|rather than|other than|apart from|except)\b"
)
"""Said of the time behind it."""
_CANNOT_DO: Final = regex(
    r"\b(?:can't|cannot|cant|won't|wont|unable to|not able to|busy|not (?:free|available|home|in|around))\b"
)
"""Said of the time behind it, unless one stands before it: then of either."""
_BETWEEN: Final = regex(
    r"(?: |在|约|说|\b(?:on|at|the|for|in|do|make|manage|come|be|it|free|available|home|around|to)\b)*"
)
_JOINED: Final = regex(r"[ ,]*(?:or|and|to|till?|until|-|~|[、和或跟与到至])?[ ,]*")


@dataclass(frozen=True, slots=True)
class _Time:
    begin: int
    end: int
    kinds: frozenset[Kind]


def clauses(said: str, now: datetime) -> list[str]:
    """Return the clauses of a text, none of which both refuses one time and means another."""
    rough = [part for part in _CLAUSE.split(said) if part.strip()]
    found = [part for each in rough for part in _cut(each, now) if part.strip()]
    joined: list[str] = []
    for part in found:
        # "明天下午, 不行": what holds no time is said of the time before it.
        if joined and CANNOT.search(part) and not times(part, now) and is_only_a_time(joined[-1], now):
            joined[-1] = f"{joined[-1]} {part}"
        else:
            joined.append(part)
    return joined


def times(clause: str, now: datetime) -> list[Token]:
    """Return the days, parts of days and hours that a clause names."""
    return [token for _, _, tokens in read_pieces(clause, now) for token in tokens if token.kind in TIMES]


_FILLS: Final = regex(
    r"[\s,.!?~:]|[的吧呢吗啊呀那就在了是我们我]|\b(?:on|at|the|in|this|next|for|then|maybe|and|is|it|i|we|my)\b"
)


def is_only_a_time(clause: str, now: datetime) -> bool:
    """Say whether a clause names a time and says nothing else."""
    return bool(times(clause, now)) and not _says_more(clause, now)


def _says_more(clause: str, now: datetime) -> bool:
    rest, at = "", 0
    for begin, end, _ in read_pieces(clause, now):
        rest, at = rest + clause[at:begin], end
    return bool(_FILLS.sub("", rest + clause[at:]))


def _cut(clause: str, now: datetime) -> list[str]:
    named = [
        _Time(begin, end, frozenset(token.kind for token in tokens if token.kind in TIMES))
        for begin, end, tokens in read_pieces(clause, now)
        if any(token.kind in TIMES for token in tokens)
    ]
    if not named:
        return [clause]
    cuts: set[int] = set()

    def between(begin: int, end: int) -> bool:
        """Say whether a time is named there."""
        return any(begin <= each.begin and each.end <= end for each in named)

    def cut(at: int) -> None:
        start = max((each for each in cuts if each < at), default=0)
        if between(start, at) and between(at, len(clause)):
            cuts.add(at)

    gaps = [gap.start() for gap in _GAP.finditer(clause)]
    more = False
    for before, at, behind in zip([0, *gaps], gaps, [*gaps, len(clause)][1:], strict=False):
        more |= _says_more(clause[before:at], now)
        if not between(at, behind):
            continue
        if _NO.search(clause, before, at):
            cuts.add(at)
        elif more:
            cut(at)
        more &= at not in cuts
    for found in _REFUSED.finditer(clause):
        cut(found.end())
    for found in _REFUSES.finditer(clause):
        _around(found.start(), found.end(), clause, named, cut)
    for found in _CANNOT_DO.finditer(clause):
        start = max((each for each in cuts if each <= found.start()), default=0)
        if not between(start, found.start()):
            _around(found.start(), found.end(), clause, named, cut)
    bounds = [0, *sorted(cuts), len(clause)]
    return [clause[begin:end] for begin, end in itertools.pairwise(bounds)]


def _around(begin: int, end: int, clause: str, named: Sequence[_Time], cut: Callable[[int], None]) -> None:
    """Cut before a word that refuses the time behind it, and behind that time: "sunday not saturday sorry"."""
    behind = [each for each in named if each.begin >= end]
    if not behind or not _BETWEEN.fullmatch(clause, end, behind[0].begin):
        return
    last = behind[0]
    seen = last.kinds
    for each in behind[1:]:
        gap = clause[last.end : each.begin]
        if not _JOINED.fullmatch(gap) or (seen & each.kinds and gap.isspace()):
            break
        last, seen = each, seen | each.kinds
    cut(begin)
    cut(last.end)
