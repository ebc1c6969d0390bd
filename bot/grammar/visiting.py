"""What is said about a visit: that one is wanted, that it is off, that the time does not suit, what came of it.

Pure; asked only where a visit is spoken of, so that these words need not be told from everything else that people say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.grammar.clauses import BUSY, CANNOT
from bot.grammar.folding import normalise
from bot.grammar.patterns import regex
from complaints.numbers import ANY, FULL

_REFERENCE: Final = regex(rf"(?<![a-z0-9])#?{FULL}(?!\d)", re.ASCII)
_TIMELY: Final = regex(
    r"\d|[点號号月周晚早午夜]|[今明后]天|星期|礼拜|小时|分钟|天后|下班|\b(?:am|pm|noon|midnight|tonight|tomorrow|"
    r"today|morning|"
    r"afternoon|evening|weekend|week|hours?|minutes?|\w+day|mon|tue|wed|thu|fri|sat|sun|eod|half|quarter)\b",
    re.ASCII,
)
_CANCELS: Final = regex(
    r"取消(?:掉|了|这次|本次|今天|明天|后天|这个|那个|我?的)*(?:的)?(?:预约|上门|约|师傅|安排|$)|(?:预约|上门)(?:请|"
    r"就|先|帮我|都)?取消"
    r"|(?:不用|不要|不需要|不必|无需|别|甭)(?:再|派|安排|师傅|你们|人|今天|明天|后天|麻烦)*(?:来|上门|过来|登门|"
    r"跑)(?:了|一趟|$|[,.!吧呢]|维修|处理)"
    r"|不约了|不去了$|^不(?:上门|来)了"
    r"|\bcancel(?:ling|led)?\b(?! (?:my|the|this) (?:complaint|case|ticket))|\bcall (?:it |the visit |the "
    r"appointment )off\b"
    r"|\b(?:don'?t|do not|no need to|needn'?t) (?:come|visit|send)\b|\bno (?:visit|one needs to come)\b|"
    r"\bno need (?:for|of) (?:a|the) visit\b"
    r"|\bnobody (?:needs|has) to come\b",
    re.ASCII,
)
_OVER: Final = regex(
    r"投诉|撤[销诉单回]|报修|工单|complaint|withdraw|(?:解决|修好|弄好|搞定|自己修)了|fixed|solved|sorted"
)
_MOVES: Final = regex(
    r"改(?=(?:[早晚]上|[上下中]午|[今明后]天){0,2}(?:\d{1,2}|[一二两三四五六七八九十]{1,3})[点:])|改[到至在成为约期]|改(?:个"
    r"|一下|下)?(?:时间|日子|天)|换(?:个|一个|一下|到)?(?:时间|日子)|换到|挪[到至]|调[到整]"
    r"|(?:推迟|延后|延迟|提前|提早)(?:到|至|一|两|\d|半)"
    r"|另约|重新约|再约|\bre-?schedul\w*"
    r"|\b(?:move|change|shift|push|bring|put) (?:it|this|that|the (?:visit|appointment|time))\b|\bpostpone\w*"
    r"|\b(?:another|different|other|new) (?:time|day|date)\b",
    re.ASCII,
)
_ARRANGES: Final = regex(
    r"预约|约(?=个?时间|客户|业主|他|她|对方|今|明|后|大后|周|星期|礼拜|下|这|\d|上午|下午|早|晚|中午|在|到|好|定|"
    r"了)|上门|登门"
    r"|\b(?:visit|appointment|book|schedule)\b|\bsite visit\b",
    re.ASCII,
)
_ASKS_TO_COME: Final = regex(
    r"上门|登门|(?:来|过来|派人|安排人?|叫人|师傅)[^,.;!?]{0,6}(?:修|看|处理|弄|换|检查|维修|一下|一趟|吗|吧|行|"
    r"可以)|(?:来|过来)$|[来派]个?人|预约|约(?:个|在|一下)?"
    r"|\b(?:come|visit|appointment|send (?:someone|somebody|a|the)|call round|pop (?:in|round))\b",
    re.ASCII,
)
_OF_COMING: Final = regex(
    r"来|上门|登门|跑一?趟|约|师傅|派|去了"
    r"|\b(?:com(?:e|ing)|visit\w*|appointment|send\w*|call (?:it )?off"
    r"|tomorrow|today|tonight|\w+day|morning|afternoon|evening)\b"
)
_SUITS: Final = regex(
    r"(?:这个|那个)?时间(?:合适|可以|没问题|行|ok)[,.!~的吧 ]*"
    r"|(?:(?:the|that|this) )?time(?: is|'s)? (?:ok|okay|fine|good)[,.! ]*"
)
_CONSENTS: Final = regex(
    rf"[#\s]*(?:(?P<before>{ANY})(?!\d)[\s,.:]*)?"
    r"(?P<time>(?:这个|那个)?时间(?:合适|可以|没问题|行|ok)|(?:(?:the|that|this) )?time(?: is|'s)? (?:ok|okay|fine|good))?"
    r"(?P<yes>可以|同意|没问题|方便|合适|ok|okay)?(?P<mild>好|行|是|对|yes|sure|fine)?"
    rf"[的啊呀吧哦]?[\s,.:!~]*(?:谢谢|thanks|thank you)?[\s,.:!~#]*(?:(?P<after>{ANY})(?!\d))?[\s,.!~]*"
)
_REQUESTS: Final = regex(
    r"能|可以|可否|请|麻烦|希望|想|帮|方便|约|吗|吧|行|好不好|\?|要不|安排|[来派]个人"
    r"|\b(?:can|could|would|will|please|like|want|need|book|schedule|appointment|how about|what about|hoping)\b",
    re.ASCII,
)
_AWAY_THEN: Final = regex(
    r"不在|没在家|没空|没时间|没有时间|有事|不方便|来不了|回不来|出差|要?上班|不行|不可以|不能"
    r"|\b(?:not|n'?t)(?: \w+)? (?:in|home|free|available|around|there)\b|\b(?:can'?t|cannot|won'?t|am away|i'?m away|busy|"
    r"at work|doesn'?t work|no good|away)\b",
    re.ASCII,
)
_FREE_THEN: Final = regex(
    r"在家|有空|有时间|方便|都?(?:行|可以|能)(?!不|了|动)|再来|才(?:到家|回来|下班)|之?后(?:来|行|可以|都)"
    r"|\b(?:home|free|available|around|works|suits|fine|ok|okay|good|better|possible|instead|come)\b",
    re.ASCII,
)
_PRESSES: Final = regex(
    r"快[点些]|赶紧|赶快|尽快|抓紧|马上|催|怎么还|到底|为什么|等了|多久|几天了|必须|一定|昨|没来|没人来|白等"
    r"|\b(?:hurry|asap|quick\w*|still|why|how (?:long|much)|urgent\w*|waiting|must)\b",
    re.ASCII,
)
_PAST: Final = regex(
    r"没(?!问题|事)|过了|[来看修弄查换门]了|来过|看过|修过|说[要会今明后下上周]|怎么|为什么|为啥|说好|说是|答应|爽约|"
    r"等了|白等|又|还是|昨|前天|上次|上周"
    r"|\b(?:didn'?t|did not|never|nobody|no one|came|was|were|yesterday|last|why|already|again|still|promised|said)\b",
    re.ASCII,
)
_NOT_GONE: Final = regex(
    r"没(?:有)?(?:去|到|上门|来得及|赶上|能去|能上门|空去|时间去)|未(?:去|能|到|上门)|去不了|没去成|来不及|"
    r"赶不[上到]|忘(?:了|记)"
    r"|\b(?:did|could|can|do|have|has|was|were)(?: not|n'?t)\b[^,.;]{0,12}"
    r"\b(?:go|gone|visit|visited|make it|get there|been|come|able)\b"
    r"|\bnot (?:gone|visited|been|done)\b|\bforgot\b|\bmissed it\b|\bno show by us\b",
    re.ASCII,
)
_NOT_YET: Final = regex(
    r"在路上|路上了|马上(?:就)?到|快到|正在|还在|这就去|晚点|稍后|堵在|刚到"
    r"|on (?:my|our|the) way|running late|nearly there|still (?:here|there)"
)
_AWAY: Final = regex(
    r"(?:客户|业主|住户|家里|家中|主人|对方|人)(?:都|又|当时|今天|们)?(?:不在|没在|没人|没有人|无人)|不在家|没在家|"
    r"家里没"
    r"|没人(?:在|应|开)|无人(?:在|应|开)"
    r"|敲门没|没见到(?:人|客户|业主)|没(?:有)?开门"
    r"|\b(?:not|wasn'?t|weren'?t|isn'?t) (?:at |there|in\b|home)"
    r"|\b(?:no ?one|nobody|no-one)(?: was| is)? (?:at |in\b|home|there|answer\w*|open\w*)"
    r"|\bno (?:answer|access|reply at the door)\b|\bcustomer (?:was |is )?(?:away|out|absent)\b",
    re.ASCII,
)
_WENT: Final = regex(
    r"到了|去了|去过|已到|已上门|上门了|上过门|到过|看过|见到|完成|弄好|修好|换了|修了|处理了|检查|发现|需要|要换|"
    r"等(?:配件|料)"
    r"|\b(?:went|been|visited|arrived|was there|done|fixed|changed|replaced|repaired|checked|found|inspected|saw|"
    r"met)\b",
    re.ASCII,
)
_MERELY: Final = regex(
    r"[\s,.!~]*(?:我|我们|已经?|都|今天|刚|刚才)*(?:到|去|来|上门|去过|上过门|到过|见到|完成)(?:过|门|了|客户|业主|"
    r"现场|家里)*[\s,.!~了]*"
    r"|[\s,.!~]*(?:i |we |yes,? )*(?:have |had )?"
    r"(?:went(?: there)?|been(?: there)?|visited|arrived|was there|done|yes)(?: it| them| there)?[\s,.!~]*"
)


# How an answer begins that our question about a visit suggests: plain enough to need no question before it.
_SUGGESTED: Final = regex(
    r"(?:[(#]?\d{4,}\)?[\s,.:]*)?(?:我|我们)?(?:没去成|没去|没能去|没上门|未上门|(?:客户|业主|住户)不在|"
    r"没见到(?:客户|业主|人)|已上门|到了(?=$|[\s,.!])"
    r"|(?:not done,? )?(?:i |we )?(?:did not|didn'?t) (?:go|visit)\b|(?:the )?(?:customer )?(?:was )?not at home\b"
    r"|(?:i |we )?went there\b)",
    re.ASCII,
)


_SHORTEST: Final = 60  # characters of a yes with a number
_READ: Final = 1000  # characters of a message that are looked at


class Came(StrEnum):
    """What came of a visit, as its words say."""

    WENT = "went"
    AWAY = "away"  # the customer was not there
    NOT_GONE = "not_gone"
    NOT_YET = "not_yet"


def bare(text: str) -> str:
    """Return the words folded and without the numbers of complaints, which look like dates."""
    return _REFERENCE.sub(" ", normalise(text[:_READ])).strip()


def may_name_a_time(text: str) -> bool:
    """Say, cheaply, whether a look for a time is worth while."""
    return _TIMELY.search(text) is not None


_WANTS_A_CALL: Final = regex(
    r"\b(?:wants?|wanted|asked for|asks for|prefers?|needs?|would like|'d like)(?: (?:a|us to|me to|you to|to be|the))* "
    r"(?:call|ring|phone|called|rung|phoned)\b|(?:要|想|希望|让我们?|要求|等)(?:我们?)?[^,，。]{0,10}?(?:回电|打电话|回个?电话|电话联系)"
)


def speaks_of_a_call(text: str) -> bool:
    """Whether words say that the customer wants to be phoned: the time in them is no visit's."""
    return _WANTS_A_CALL.search(text) is not None


def cancels(text: str) -> bool:
    """Whether a visit is called off, and not the complaint with it."""
    return _CANCELS.search(text) is not None and _OVER.search(text) is None


def speaks_of_coming(text: str) -> bool:
    """Whether words that call something off speak of a visit: "cancel it" does not."""
    return _OF_COMING.search(text) is not None


def moves(text: str) -> bool:
    """Whether another time is wanted."""
    return _MOVES.search(text) is not None


def arranges(text: str) -> bool:
    """Whether the staff speak of arranging a visit."""
    return _ARRANGES.search(text) is not None


def asks_to_come(text: str) -> bool:
    """Whether a customer asks for somebody to come, and does not complain that nobody came."""
    return all(each.search(text) for each in (_ASKS_TO_COME, _REQUESTS)) and _PAST.search(text) is None


def tells_when(text: str) -> bool:
    """Whether words say when the speaker is at home, or is not, and press for nothing."""
    told = _AWAY_THEN.search(text) or _FREE_THEN.search(text)
    return bool(told) and not presses(text)


def is_free(text: str) -> bool:
    """Whether words say when the speaker is there, or that a time suits."""
    return _FREE_THEN.search(text) is not None


def does_not_suit(text: str) -> bool:
    """Whether a clause says of its time that it does not suit, or why."""
    away = _AWAY_THEN.search(text) is not None or BUSY.search(text) is not None
    return CANNOT.search(text) is not None or (away and not is_free(text))


def presses(text: str) -> bool:
    """Whether words are impatient, whatever time they name."""
    return _PRESSES.search(text) is not None


_CANNOT_COME: Final = regex(
    r"(?:来|去|赶|过)不(?:了|成|过去|过来|及)|上不了门|没法(?:子)?(?:去|来|上门|过去)|不能(?:去|来|上门|过去)"
    r"|\b(?:can'?t|cannot|can not|won'?t|couldn'?t|not able to|unable to)(?: be able to)?(?: now)? "
    r"(?:make|do|manage|come|get|be there|go|visit)\b"
)
_THEY_CANNOT: Final = regex(
    r"(?:客户|业主|住户|租户|对方|人家|[他她])(?:们|说|家|那边|这边|[今明后]天|临时|又|都)*(?:不在|没在|没空|没时间|没有时间|有事|不方便|出差|[要得]?[上加]班)"
    r"|\b(?:customer|client|resident|tenant|owner|guest|patient|he|she|they)(?:'s|'re| is| are| was| were| will be)?"
    r"(?: (?:not|no longer|now|still))? ?(?:at work|busy|away|out|unavailable|(?:not|n't) (?:in|home|free|available|there)"
    r"|(?:can'?t|cannot|couldn'?t|won'?t) )"
)
_LETS_GO: Final = regex(
    r"退回|退给|退单|还给|转给|交给|换(?:个)?人|别人|\b(?:give|hand|pass)\b[^,.;]{0,12} (?:back|over|on)"
    r"|\b(?:somebody|someone|anybody) else\b"
)
_PUTS_RIGHT: Final = regex(
    r"(?:不是?|错|说错|我说)(?!用|必|急|要紧|好意思)|\b(?:no|nope|not (?:then|today|that)|wrong|i (?:said|meant))\b"
)


def cannot_come(text: str) -> str | None:
    """Return what is left of words by which whoever was to come cannot, which may name the day; None where they say no such
    thing, or let the work go with it.
    """
    if _CANNOT_COME.search(text) is None or _LETS_GO.search(text) is not None:
        return None
    return _CANNOT_COME.sub(" ", text)


def moves_for_them(text: str) -> bool:
    """Whether a colleague wants another time because the customer cannot: no more time for the work."""
    return _THEY_CANNOT.search(text) is not None and moves(text) and _LETS_GO.search(text) is None


def puts_right(text: str) -> bool:
    """Whether words refuse what was just agreed, to begin with: "no!! saturday"."""
    return _PUTS_RIGHT.match(text) is not None


def suits(text: str) -> bool:
    """Whether the time of a visit, and nothing else that may be waiting for a yes, is agreed to."""
    return _SUITS.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Consent:
    """A yes that holds nothing besides. number: of the complaint, "" where none is named. of_time: it speaks of the time
    itself. plain: it is the word that our offer asks for, and not one that may merely acknowledge.
    """

    number: str
    of_time: bool
    plain: bool


def consent(text: str) -> Consent | None:
    """Return the yes that words are, if they are no more than that: "可以", "0023 可以", "时间合适 0023", "ok"."""
    found = _CONSENTS.fullmatch(normalise(text)) if len(text) <= _SHORTEST else None
    if found is None or sum(bool(found[name]) for name in ("time", "yes", "mild")) != 1:
        return None
    if found["before"] and found["after"]:
        return None
    number = (found["before"] or found["after"] or "").upper()
    return Consent(number, bool(found["time"]), not found["mild"])


def came(text: str) -> Came | None:
    """Return what an answer to "what came of the visit?" says; None where it does not say."""
    if _NOT_YET.search(text):
        return Came.NOT_YET
    if _AWAY.search(text):
        return Came.AWAY
    if _NOT_GONE.search(text):
        return Came.NOT_GONE
    return Came.WENT if _WENT.search(text) or _MERELY.fullmatch(text) else None


def suggested(text: str) -> Came | None:
    """Return what came of a visit, where it is put as our question suggests; None for all other words."""
    return came(text) if _SUGGESTED.match(text) else None


def result_of(text: str) -> str:
    """Return the result that an answer holds, "" where it says no more than that somebody went."""
    said = text.strip()
    return "" if _MERELY.fullmatch(said) or len(said) < 2 else said
