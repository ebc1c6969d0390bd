"""Work that has to wait, and that goes on again, in a sentence: "暂缓三天 等配件", "客户回来了，恢复". Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar import answers, arguments
from bot.grammar.arguments import EDGES, Numbered, Words
from bot.grammar.meaning import Pending, Reading, Verb
from bot.grammar.patterns import regex

_LONGEST: Final = 80  # characters
_SO_LONG: Final = (
    r"(?:(?:半|[一二两三四五六七八九十]{1,3}|\d{1,3})个?(?:工作日|天|日|周|星期|礼拜|小时)"
    r"|(?:(?:for )?(?:an?|one|two|three|four|five|six|seven|\d{1,3}) (?:working |more )?(?:days?|weeks?|hours?)\b)"
    rf"|{arguments.TILL})"
)
_HOLDS: Final = regex(
    r"(?:请|先|申请|需要|要|[ ,])*(?:暂缓|挂起|搁置|暂停(?=[ ,:]|处理|办理|到|至|等))(?:处理|办理)?[ ,:]*"
    rf"(?={_SO_LONG})"
)
_STOPS: Final = regex(
    r"(?:^|(?<=[ ,.;]))(?:那|就|我们?|这边|请|得|要|需要|申请|想|只能|只好|活儿?|工作|施工|维修|处理|[这此该]单|[ ])*"
    r"(?:先|暂时?)*(?:停|搁|放|缓)(?:工|下来?|一[停放缓搁下]|着|置|[ ])*"
    rf"(?={_SO_LONG})"
    r"|(?:^|(?<=[ ,.;]))(?:(?:i|we)(?:'m|'re| am| are|'ll| will)? |let'?s |so |please |pls |(?:need|have|want|like) to |must )*"
    r"(?:paus(?:e|ing)|stop(?:ping)?|hold(?:ing)?(?: off)?|suspend(?:ing)?)(?: (?:it|this|work(?:ing)?|the (?:work|job)))? "
    rf"(?={_SO_LONG})"
)
_WAITS: Final = regex(r"等(?![级于到])|\bwait(?:ing|s)?\b")
"""Work stops for so long because it waits; a lift that is stopped for three days is news."""
_HOLDS_LAST: Final = regex(
    r"[ ,.;](?:所以|我|就|那|请|帮我|申请|要|得|[ ,])*(?:先|申请)(?:把它|给它)?(?:暂缓|挂起)(?:一下|处理|办理|吧|了|着)*$"
    r"|[ ,.;](?:so |please |pls |let'?s |i(?:'d| would) like to |can we )*put(?:ting)? (?:it|this) on hold(?: please)?$"
)
_BACK_AGAIN: Final = regex(
    r"(?:客户|业主|住户|租户|租客|对方|配件|材料|零件|厂家|供应商)[^,.;!?不没未]{0,6}"
    r"(?:回来|到家|在家|有空|到货|到|来|齐)了?[ ,.;]+(?:可以|现在|今天|请|就|[ ,])*恢复(?:处理|办理)?(?:吧|了)?"
    r"|(?:the )?(?:customer|client|tenant|owner|resident|parts?|material|supplier)s?"
    r"(?:'s| is| are| has| have)? (?:now )?(?:come )?(?:back|here|in|home|arrived)(?: (?:home|now|again))?"
    r"(?:[ ,.;]|so |please |we'?re |i'?m )*(?:resume|resuming)(?: work)?"
)
_WRONG: Final = frozenset({Verb.EXTEND, Verb.REPORT, Verb.PLAN, Verb.DONE, Verb.UNCLEAR, Verb.NOT_DONE, Verb.LEAVE})
"""What such a sentence was taken for."""
_WRONG_OF_STOPPING: Final = _WRONG | {Verb.VISIT, Verb.ACCEPT, Verb.COMPLAIN}


def said(found: Reading, item: Numbered, pending: Pending) -> Reading | None:
    """Return the wish that the work wait, or go on, where a sentence of staff is one and was taken for something else."""
    key = item.words.key.strip(EDGES)
    if pending is not Pending.NONE or len(key) > _LONGEST or answers.is_question(key):
        return None
    if found[0] in _WRONG_OF_STOPPING and _WAITS.search(key) and (stops := _STOPS.search(item.words.key)) is not None:
        return _held(item, item.words.part(0, stops.start()), item.words.part(stops.end()))
    if found[0] not in _WRONG:
        return None
    if _BACK_AGAIN.fullmatch(key):
        return Verb.RESUME, item.arguments
    if (head := _HOLDS.match(item.words.key)) is not None:
        return _held(item, _NOTHING, item.words.part(head.end()))
    if (tail := _HOLDS_LAST.search(key)) is not None:
        return _held(item, item.words.part(0, item.words.key.index(key) + tail.start()), _NOTHING)
    return None


def how_long(words: Words) -> tuple[dict[str, object], Words]:
    """Take out how long work is to wait, as a limit or as the words of a moment; and the rest."""
    limit, rest = arguments.take_limit(words)
    if limit:
        return {"limit": limit}, rest
    until, rest = arguments.take_till(words)
    return ({"until": until} if until else {}), rest


_NOTHING: Final = Words("", "")


def _held(item: Numbered, before: Words, after: Words) -> Reading:
    """Return the wish. before, after: what is said around the word for it; how long it is to wait stands after it."""
    told, rest = how_long(after)
    between = "，" if before.key and rest.key else ""
    why = Words(before.key + between + rest.key, before.said + between + rest.said)
    waits_for, reason = arguments.waits_for(why), arguments.reason(why).strip(" ,，.。")
    told |= {"waits_for": waits_for} if waits_for else {}
    return Verb.HOLD, item.arguments | told | ({"reason": reason} if len(reason) > 1 else {})
