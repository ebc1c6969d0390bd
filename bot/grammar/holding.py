"""Work that has to wait, and that goes on again, in a sentence: "暂缓三天 等配件", "客户回来了，恢复". Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar import answers, arguments
from bot.grammar.arguments import EDGES, Numbered, Words
from bot.grammar.meaning import Pending, Reading, Verb
from bot.grammar.patterns import regex

_LONGEST: Final = 80  # characters
_HOLDS: Final = regex(
    r"(?:请|先|申请|需要|要|[ ,])*(?:暂缓|挂起)(?:处理|办理)?[ ,:]*"
    r"(?=(?:半|[一二两三四五六七八九十]{1,3}|\d{1,3})个?(?:工作日|天|日|周|星期|礼拜|小时))"
)
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


def said(found: Reading, item: Numbered, pending: Pending) -> Reading | None:
    """Return the wish that the work wait, or go on, where a sentence of staff is one and was taken for something else."""
    key = item.words.key.strip(EDGES)
    if pending is not Pending.NONE or found[0] not in _WRONG or len(key) > _LONGEST or answers.is_question(key):
        return None
    if _BACK_AGAIN.fullmatch(key):
        return Verb.RESUME, item.arguments
    if (head := _HOLDS.match(item.words.key)) is not None:
        limit, rest = arguments.take_limit(item.words.part(head.end()))
        return _held(item, rest, limit)
    if (tail := _HOLDS_LAST.search(key)) is not None:
        return _held(item, item.words.part(0, item.words.key.index(key) + tail.start()), None)
    return None


def _held(item: Numbered, why: Words, limit: str | None) -> Reading:
    reason = arguments.reason(why).strip(" ,，.。")
    told = {"limit": limit, "waits_for": arguments.waits_for(why), "reason": reason if len(reason) > 1 else None}
    return Verb.HOLD, item.arguments | {key: value for key, value in told.items() if value}
