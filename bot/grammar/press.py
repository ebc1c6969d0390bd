"""Whoever answers the press says so: a colleague's word about a journalist takes no repair on. By when the press wants
to be answered. Pure.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.grammar.duties import ticked
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex
from bot.grammar.spoken import spoken

_LONGEST: Final = 60
_PRESS_ZH: Final = r"(?:记者|媒体|电视台|报社|报纸|采访)"
_ANSWER_ZH: Final = r"(?:回(?!来|去|家|头)|应对|应付|答复|对接|接待|接洽|沟通|联系|处理|跟进|负责|去?说|搞定|弄)"
_PRESS_EN: Final = r"(?:(?:the |that |this |those )?(?:press|media|journalists?|reporters?|newspapers?|papers?))"
_MINE: Final = regex(
    rf"(?:那个|这个|那位|这位)?{_PRESS_ZH}(?:那边|这边|那头|那里|方面|的事|的电话)?[ ,]*(?:就)?(?:由|让|归)?我"
    rf"(?:们部门)?(?:来|去|会|负责|统一|亲自){{0,2}}{_ANSWER_ZH}"
    rf"|(?:就)?(?:由|让)?我(?:来|去|会|负责|统一|亲自){{0,2}}(?:跟|和|对|给)?{_ANSWER_ZH}?(?:一下)?(?:那个|这个|那位|这位)?{_PRESS_ZH}(?!采访我)"
    rf"|\b(?:i'?ll|i will|i'm going to|i am going to|let me|i can|i|leave) (?:personally )?(?:reply to|answer|handle"
    rf"|deal with|take|call|ring|phone|speak to|talk to|get back to|respond to|take care of|contact) {_PRESS_EN}\b"
    rf"|\b{_PRESS_EN} (?:is|are) (?:mine|on me)\b"
)
_DENIES: Final = regex(
    r"(?<![说])不|没|别|吗[ ?]*$|[?？]|如果|要是|\b(?:not|never|if|can't|won't|don't)\b|采访我|骂我|找我|告诉我"
    r"|(?:说|回|复|应|处理|联系|沟通|对接)[了过](?!$)"
)
_WANTED: Final = regex(
    r"[回答]复|回应|回音|表态|说法|截稿|发稿|刊发|见报|播出|推送"
    r"|\b(?:reply|respond|response|answer|comment|statement|quote|deadline|print|publish|press|air|broadcast|hear from)\b"
)
_WITHIN: Final = regex(r"前|内|\b(?:by|before|within|until|no later than)\b")
_CLAUSE: Final = regex(r"[,，。;；!！?？\n]+")
_READ: Final = 400  # characters in which it is looked for


def answer_wanted_by(text: str, now: datetime) -> datetime | None:
    """Return by when somebody of the press wants an answer, "请在今天下午六点前回复", "we print tonight"; else None.

    now: aware, in the zone in which they speak.
    """
    named = []
    for clause in _CLAUSE.split(fold(clean(text))[:_READ]):
        if _WANTED.search(clause) is None:
            continue
        when = spoken(clause, now)
        by = when.end if when.end is not None and _WITHIN.search(clause) else when.start
        if by is not None and by > now:
            named.append(by)
    return min(named, default=None)


def answers_press(text: str) -> bool:
    """Say whether a colleague says that it is they who answer the press: "记者那边我来回", "I'll handle the reporter"."""
    key = fold(clean(text))
    if len(key) > _LONGEST or ticked(text) is not None:
        return False
    return _MINE.search(key) is not None and _DENIES.search(key) is None
