"""What a colleague's words say of other complaints than the one they are about: its customer reads no word of those. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.describing import ANYTHING, HAN, holds
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import deferred, regex

_ONE: Final = r"[个件家户单]"
_GOES_ON: Final = r"(?=$|[\s,.;!?:]|要|等|还|没|也|在|得|需|缺|明|下|今|修|换|弄|搞|已|都|就|去|约|那|客|业|的)"
_MORE: Final = regex(
    rf"(?:另(?:外)?(?:一|两|几|的)?|其[他它](?:的|几)?){_ONE}{_GOES_ON}"
    rf"|(?:两|三|四|五|几|俩){_ONE}(?:投诉|单子?|客户|业主)?都"
    r"|(?<!\d)[1-9] ?(?:和|与|跟|、|&|\band\b|\+) ?(?:第 ?)?[1-9](?!\d|[号栋幢楼层单元室点天个人块:.])"
    r"|\b(?:the )?other (?:one|ones|job|case|customer|ticket|address|house|flat)\b|\bthe others\b"
    r"|\bboth (?:jobs|cases|customers|tickets|of them|done|fixed|sorted)\b|\banother (?:job|case|customer|ticket)\b"
)
_DESCRIBED: Final = deferred(
    rf"(?P<zh>[{HAN}]{{2,6}}?)的?[那这][个件家户单边]"
    r"|\b(?P<en>[a-z]{3,16})(?: (?:st|street|rd|road|lane|ave|avenue|close|way))? one\b"
)
_HOME: Final = regex(
    r"(?P<block>\d{1,4} ?(?:栋|幢|座|号楼|号院|单元))|(?<!\d)(?P<room>\d{3,5})(?= ?(?:室|号|那|的|家|户|$|[\s,.;]))"
    r"|\b(?P<street>[a-z]{3,16}) (?:st|street|rd|road|lane|ln|ave|avenue|close|drive|terrace|square|way|gardens|court)\b"
)
_TITLES: Final = regex(r"(?:先生|女士|小姐|太太|阿姨|大爷|大妈|师傅|老师|奶奶|爷爷)|\b(?:mr|mrs|ms|miss|dr)\b\.?")


def tells_of_more(said: str) -> bool:
    """Say whether words say themselves that they are of more than one: "other one needs a part", "1和3都弄好了"."""
    return _MORE.search(fold(clean(said))) is not None


def tells_of(said: str, theirs: str, mine: str, name: str = "") -> bool:
    """Say whether words name a place, a thing or a person of another complaint.

    theirs: what is known of where and what that one is; mine: of the one that the words are for, with its number, which is no
    room. name: of its customer.
    """
    key, theirs, mine = fold(clean(said)), fold(clean(theirs)), fold(clean(mine))
    return (
        _named(key, name, mine)
        or any(_stands(word, theirs) and not _stands(word, mine) for word in _places(key))
        or _thing(key, theirs, mine)
    )


def _named(key: str, name: str, mine: str) -> bool:
    who = fold(clean(name)).strip()
    bare = _TITLES.sub("", who).strip()
    if len(who) < 2 or not bare or who in mine:
        return False
    return re.search(rf"\b{re.escape(who)}\b" if who.isascii() else re.escape(who), key) is not None


def _places(key: str) -> list[str]:
    return [word for found in _HOME.finditer(key) if (word := next((each for each in found.groups() if each), ""))]


def _stands(place: str, text: str) -> bool:
    """Say whether a place is named in a text; digits within a longer number, such as a phone's, name none."""
    begins, ends = r"(?<!\d)" if place[0].isdigit() else "", r"(?!\d)" if place[-1].isdigit() else ""
    return re.search(begins + re.escape(place) + ends, text) is not None


def _thing(key: str, theirs: str, mine: str) -> bool:
    for found in _DESCRIBED.finditer(key):
        word = found["zh"] or found["en"]
        if not ANYTHING.search(word) and holds(theirs, word) and not holds(mine, word):
            return True
    return False
