"""When somebody who asks to be phoned wants that: "after 5 tomorrow", "明天下午三点后". Kept in their own words. Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex

_READ: Final = 600  # characters
_THEIRS: Final = (
    r"my (?:mum|mam|mom|mother|dad|father|parents|wife|husband|partner|son|daughter|sister|brother|carer"
    r"|boyfriend|girlfriend)"
)
_THEIRS_ZH: Final = r"(?:我?(?:妈妈?|爸爸?|老婆|老公|爱人|太太|先生|儿子|女儿|家里?人|父亲|母亲))"
_ASKS: Final = regex(
    r"(?:^|[,.;:!?]|\b(?:please|pls|plz|just|and|then|so|but|hi|hello|want (?:you|someone|somebody) to|can|could|will|would"
    r"|ask|get|have|need)\b)"
    r"(?: (?:please|pls|just|you|u|ya|someone|somebody|anyone|anybody|one of you|the manager|a manager|they|he|she|to"
    r"|kindly)\b)*"
    rf" ?(?:call|ring|phone) (?:me|us|back|{_THEIRS})\b(?! (?:names|a |mad|when (?:he|she|they)))"
    r"|\bgive (?:me|us) a (?:call|ring|bell|buzz)\b"
    r"|(?:请|麻烦|能不能|可不可以|可以|能|让|叫|希望|想要?|^|[ ,.;:!?]|点|前|后|[上下中]午|晚上|早上|[今明后]天"
    r"|以后|之后|左右|时候)"
    r"(?:你们?|您|人|师傅|经理|负责人|尽快|帮忙|再|就|先|来|直接|也)*"
    r"(?:给我们?(?:打|回|来)一?[个下]?(?:电话|电)|打一?个?我(?:的)?(?:电话|手机)|(?:打|回)一?个?电话给我"
    r"|回一?个?我?电话?(?=$|[ ,.;:!?])"
    rf"|打给{_THEIRS_ZH}|给{_THEIRS_ZH}(?:打|回|来)一?[个下]?(?:电话|电)"
    r"|电话联系我|打给我|来电话)"
)
_NOT_ASKED: Final = regex(
    r"没(?:人|有人)?[^,.;!?]{0,6}(?:给我|打|回)|说(?:好|了|是)?[^,.;!?]{0,8}(?:给我|打|回)|答应|[别不](?:要|用|想)?(?:再|给我|打|来)"
    r"|从来|天天|老是|一直给|骚扰|\b(?:don'?t|do not|never|not|stop|nobody|no one|said|promised|told|supposed|was|were|did"
    r"|keeps?|kept|would|always)\b[^,.;!?]{0,24}\b(?:call|ring|phone)"
)
_DAY: Final = (
    r"(?:today|tomorrow|tmrw|tmr|tonight"
    r"|this (?:morning|afternoon|evening)|(?:next |this |on )?(?:mon|tue|tues|wed|weds|thu|thur"
    r"|thurs|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?s?|weekdays?|(?:at )?(?:the )?weekends?"
    r"|(?:in the )?(?:mornings?|afternoons?|evenings?)"
    r"|(?:at )?(?:lunch(?: ?time)?|noon|midday)|after (?:work|school|lunch)|any ?time|next week|later(?: today)?|day)"
)
_CLOCK: Final = r"(?:\d{1,2}(?:[:.]\d\d)?(?!\d)(?: ?[ap]\.?m\.?| o'?clock)?|noon|midday|lunch|half(?: past)? \w+)"
_SPAN: Final = regex(
    rf"(?:\b(?:not|except|but not|only|any ?time)(?: on| at)? )?(?:\b{_DAY}\b"
    rf"|\b(?:after|before|from|until|till|by|at|around|about|between|past) {_CLOCK}"
    rf"(?:(?: and | to |-| or | till | until ){_CLOCK})?"
    r"|\b\d{1,2}(?:[:.]\d\d)? ?[ap]m\b(?:(?: and | to |-| or )\d{1,2}(?:[:.]\d\d)? ?[ap]m\b)?)"
    r"|(?:不要|别|除了|除|只有|只能)?(?:今[天晚早]|明[天晚早]|后天|大后天|(?:这|本|下)?(?:周|星期|礼拜)[一二三四五六日天末]|周末|工作日"
    r"|[上下中]午|晚上|早上|傍晚|午休|下班|[\d一二两三四五六七八九十]{1,3}(?:点半?|[:时]\d{0,2}))"
    r"(?:到|至|以后|之后|过后|以前|之前|左右|前后|之间|后|前|-)?"
)
_ONLY_TIME: Final = regex(
    r"(?:please|pls|thanks?|though|tho|if possible|ideally|best|ok|is|good|for me|and|or|but|the|me"
    r"|谢谢|吧|都?行|都?可以|方便|有空|再|的|[^\w])*"
)
_CLAUSE: Final = regex(r"[,.;!?。，；！？\n]+(?!\d)")
_MOST: Final = 60  # characters


def asks_for_call(text: str) -> bool:
    """Say whether words ask, besides whatever else they tell, that somebody phone their speaker."""
    return any(_asks(clause) for clause in _clauses(text))


def when_to_call(text: str) -> str:
    """Return what words that ask for a call say of its time, as they say it; "" where they name none."""
    clauses = _clauses(text)
    asking = next((at for at, clause in enumerate(clauses) if _asks(clause)), None)
    if asking is None:
        return ""
    said = []
    for at, clause in enumerate(clauses):
        spans = [found.span() for found in _SPAN.finditer(clause)]
        if not spans:
            continue
        start, end = spans[0][0], spans[-1][1]
        if at == asking or _ONLY_TIME.fullmatch(clause[:start] + clause[end:]):
            said.append(_joined(clause, spans))
    return ", ".join(said)[:_MOST]


def _joined(clause: str, spans: list[tuple[int, int]]) -> str:
    """Return the spans of a clause, those that touch as one."""
    parts, last = [clause[slice(*spans[0])].strip()], spans[0][1]
    for start, end in spans[1:]:
        between = clause[last:start]
        piece = clause[start:end].strip()
        if between.strip() == "":
            parts[-1] += between + piece
        else:
            parts.append(piece)
        last = end
    return ", ".join(parts)


def _asks(clause: str) -> bool:
    return _ASKS.search(clause) is not None and _NOT_ASKED.search(clause) is None


def _clauses(text: str) -> list[str]:
    return [part.strip() for part in _CLAUSE.split(fold(clean(text))[:_READ]) if part.strip()]
