"""Whether words tell that somebody of us takes money or gifts: that is about their conduct, whatever they came to mend."""

from __future__ import annotations

import re
from typing import Final

from complaints.patterns import regex

_SUM = r"[\d零一二两三四五六七八九十百千万几多]{0,8}(?:块钱?|元|条|瓶|张|个|盒)?的?"
_WHOM = r"(?:我们?|我[爸妈]|我家|人家?|别人|业主们?|客户|他们?|住户|大家|老人|邻居)?(?:家|们)?的?"
_BRIBE = r"(?:红包|现金|好处费?|贿赂?|烟(?!感|雾|道|味|花)|购物卡|茶水费|辛苦费|小费|礼品|礼物|礼金|回扣)"
_TAKES: Final = regex(
    rf"(?<![不没拒未])(?:收受?|拿|要)(?:了|过|走)?{_WHOM}{_SUM}{_BRIBE}(?!还|退)"
    rf"|(?:问|向|跟|管|找)(?:我们?|人家?|别人|业主|客户|住户|大家|老人)(?:索?要|索取|讨|拿|收)(?:了|过)?{_SUM}{_BRIBE}"
    r"|(?:私下|私自|偷偷|暗地里|背地里|悄悄)(?:里|地)?(?:向|问|跟|找)?[^\s,，。;；]{0,6}?(?:收|要|拿)(?:了|过|走)?[^,，。;；]{0,6}?(?:钱|费|块|元)"
    r"|收(?:了)?(?:我们?|人家?|业主|客户|他们?)?的?(?:钱|好处)[\s,，]*(?:就|还|也|却|都|又)?(?:不|没)(?:给)?(?:办事|干事|干活|做事)"
    r"|(?<![不没拒未])(?:索贿|受贿|行贿|贿赂|吃拿卡要)|(?:不给|给了?|没给|塞了?|不塞)(?:他|她|师傅|保安)?(?:个)?(?:红包|好处费?|烟)[\s,，]*(?:就|才|他就)",
)
_TAKES_EN: Final = regex(
    r"\b(?:takes?|took|taking|taken|asked (?:\w+ )?for|asks (?:\w+ )?for|asking (?:\w+ )?for|demand(?:s|ed|ing)?"
    r"|pocket(?:s|ed)?|want(?:s|ed))(?: (?!back\b|not?\b|refund)[\w£$€.,]+){0,3} (?:cash|bribes?|gifts?|tips?|kickbacks?)\b"
    r"(?! (?:only|payments?|machines?|desk|back|refund|register))"
    r"|\bbrib(?:e|es|ed|ing|ery)\b|\bbackhanders?\b|\bmoney (?:under the table|on the side)\b|\btea money\b|\bcash in hand\b",
    re.IGNORECASE,
)
_DENIED: Final = regex(
    r"\b(?:not|never|n['’]?t|nobody|no one|refused? to|without|machine|office|reception|counter) (?:\w+ ){0,2}"
    r"(?:take|takes|took|taken|taking|ask|asked|demand\w*|want\w*)\b",
    re.IGNORECASE,
)


def takes(words: str) -> bool:
    """Say whether somebody is said to take, or to want, money or gifts for themselves."""
    return bool(_TAKES.search(words) or (_TAKES_EN.search(words) and not _DENIED.search(words)))
