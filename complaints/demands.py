"""What customers demand besides that the matter is put right: money, or else the press, a court, an authority.

Only those in charge can grant it. It is handed on by its name, so that neither they nor the customer hear of a mere reminder.
"""

from __future__ import annotations

import re
from typing import Final

from complaints.grading_words import hear
from complaints.patterns import deferred
from complaints.policy import Topic

MONEY: Final = "money"
_NAMED: Final = {
    Topic.EXPOSURE: "press",
    Topic.LAWSUIT: "court",
    Topic.AUTHORITY: "authority",
}
_BACK_ZH: Final = (
    r"(?:赔偿|补偿|赔钱|退钱|退款|退租|退还|返还|减免|退(?:我)?(?:的)?(?:押金|租金|房租|物业费|费用|定金|钱))"
)
_MONEY_ZH: Final = (
    rf"(?:要求|要|得|必须|赶紧|给我|应该|应当|希望|申请|需要)[^,.;，。；！？!?\n]{{0,8}}{_BACK_ZH}"
    r"|(?:退|赔|还)(?:我|给我|我们)?(?:的)?(?:钱|押金|租金|房租|物业费|定金|损失)"
    r"|(?:赔不赔|退不退|给不给(?:退|赔|钱)|到底(?:赔|退)|(?:什么时候|怎么|咋)(?:退|赔)|(?:赔|退|补)(?:我|给我)?\s?\d)"
)
_SUM_EN: Final = (
    r"(?:my money|money back|refund|refunded|compensat(?:ion|ed)|reimburse(?:d|ment)|damages"
    r"|(?:my |the )?(?:deposit|rent|fees?|service charge) back|rent reduction|reduction (?:of|in) (?:the |my )?rent)"
)
_MONEY_EN: Final = (
    r"\b(?:want|need|demand|demanding|expect|expecting|get|like|claim|claiming|ask for|asking for|insist on"
    r"|entitled to|give me|gimme|where'?s"
    rf"|owe me)\b[^,.;!?\n]{{0,20}}\b{_SUM_EN}\b"
    r"|\b(?:refund|compensate|reimburse|pay) (?:me|us)\b|\bmoney back\b"
    r"|\bdo (?:i|we) get (?:it|that|my money|the money|anything|something|paid)\b[^,.;!?\n]{0,12}\bor not\b"
)
_MONEY: Final = deferred(f"{_MONEY_ZH}|{_MONEY_EN}", re.IGNORECASE)
_DENIED: Final = deferred(
    r"[不没别]$|(?:不是|不用|不要|不需要|没有?|并非|别|不想)[^,.;，。；！？!?\n]{0,6}$"
    r"|\b(?:not|n't|never|no|without|don'?t|dont)\b[^,.;!?\n]{0,16}$",
    re.IGNORECASE,
)
_DENIES: Final = deferred(r"(?:不|没|别)(?:要|用|需要|想|求)", re.IGNORECASE)


def demands(text: str) -> str:
    """Return what is demanded as words of ours set apart by commas: money, press, court, authority; "" for nothing."""
    found = [MONEY] if _wants_money(text) else []
    topics = hear(text).topics
    return ",".join([*found, *(name for topic, name in _NAMED.items() if topic in topics)])


def _wants_money(text: str) -> bool:
    for found in _MONEY.finditer(text):
        denied = _DENIED.search(text, max(found.start() - 24, 0), found.start()) or _DENIES.match(found[0])
        if denied is None:
            return True
    return False
