"""What came to a colleague by letter, at the desk, by phone or from an authority, as they type it in (R-009, R-052). Pure.

It begins with how it came; the rest tells a matter. Questions, and what goes on with something told before, are neither.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.grammar import answers
from bot.grammar.arguments import Words, numbered
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex


@dataclass(frozen=True, slots=True)
class HandedIn:
    """How a matter came, as the form calls its source, and what was told: all of it."""

    source: str
    text: str


_JUST: Final = (
    r"(?:请?帮我?(?=登记|录)|登记|录入|一下|收到|接到|今天|现在|来了?|[刚才有又一]|[个张份件封条位名]"
    r"|(?:just|now|we|i|i've|have|has|had|got|received|there's|a|an|another|new|the)\b|[/#* ,])*"
)
_AUTHORITY: Final = (
    r"(?:12345|12315|12319|热线|(?:市民|市长|政府|政务|便民)(?:服务)?热线|热线平台|信访(?:局|办)?|住建[局委]|房管局|城管局|街道办?"
    r"|居委会?|消协|消费者协会|纪委|上级(?:公司|部门|单位)?|政府|市里|区里)(?:市民热线|热线|平台|中心|那边)?"
)
_HANDED: Final = r"(?:转|交|派|批)[送来办过下发给我们]*了?的?"
_PAPER: Final = r"(?:一?[个张份件封条])?(?:转办|交办|督办|投诉|诉求)?(?:工单|单子|单|来函|函件|函|来信|信件?|来件|件)"
_ABOVE: Final = regex(
    rf"{_JUST}{_AUTHORITY}(?:又|刚|今天)?(?:{_HANDED}(?:{_PAPER})?|来的?了?{_PAPER}了?|的?{_PAPER}了?)[ ,:]*(?P<rest>.*)"
    r"|(?:the )?(?:city|council|government|12345|citizens'?) hotline"
    r"(?: (?:passed on|sent|letter|ticket|case|complaint|says|form))*[ ,:-]+(?P<hotline>.*)"
    rf"|{_JUST}(?:(?:letter|complaint|ticket|case|note) from|(?:forwarded|passed on|sent|handed down) (?:by|from)) (?:the )?"
    r"(?:city hotline|hotline|city|council|government|ministry|regulator|ombudsman|12345)(?: hotline| office)?"
    r"(?: (?:about|for|re|on)|[ ,:-])(?P<en>.*)"
    r"|(?:just now )?the (?:city hotline|hotline|council|government|ministry|regulator|ombudsman|town hall)"
    r" (?:(?:has|have|just) )*(?:sent|passed|forwarded|handed)(?: (?:us|on|down|over|to us|me)){0,2}"
    r" (?:a|another|this|the) (?:complaint|letter|case|ticket|note)(?: (?:about|from|for|of)|[ ,:-])(?P<sent>.*)",
    re.DOTALL,
)
_LETTER: Final = regex(
    rf"{_JUST}(?:投诉信|来信(?:投诉|反映)?|(?:客户|业主|住户)的?(?:寄?来的?)?(?:一?封)?(?:来信|信)(?!箱|息|用|号|任|心)|信访件)"
    r"[ ,:]*(?P<rest>.*)"
    rf"|{_JUST}(?:complaint )?letter(?: (?:of complaint|complaint|just|in|came|today|received|here|arrived))*"
    r"(?: ?[:,-]| from| by)(?P<en>.*)",
    re.DOTALL,
)
_PERSON_EN: Final = (
    r"(?:some(?:one|body)|an? (?:(?:old|young|angry|upset|elderly|very|regular|new) )*"
    r"(?:man|woman|lady|gentleman|lad|girl|guy|couple|patient|customer|client|guest|resident|tenant|owner|visitor|mum|mother"
    r"|dad|father|parent|student))"
)
_VISIT: Final = regex(
    rf"{_JUST}(?:来访(?:投诉|登记|反映)?|当面投诉)[ ,:]+(?P<rest>.*)"
    r"|(?:刚才|刚刚?|今天|现在|上午|下午)?(?:现场|前台|服务中心|门店|店里|柜台)?(?:刚|又)?(?:来了?|有)(?:一?[个位名])?"
    r"(?:老年?人家?|老人|大爷|大妈|阿姨|业主|客户|顾客|住户|租户|居民|男的|女的|小伙子?|人)"
    r"(?:(?:来|到|在)(?:前台|现场|服务中心|门店|店里|柜台|我们这里?)|来访)?(?:当面)?(?:投诉|反映|说|称)?[ ,:]+"
    r"(?P<zh>(?:说|称|反映|投诉).*)"
    rf"|{_JUST}walk[ -]?in(?: (?:customer|client|patient|guest|complaint|just|now|today|here))*"
    r"(?: ?[:,-]| says?| said)(?P<walked>.*)"
    rf"|(?:just now |now )?{_PERSON_EN} (?:has |is |'s )?(?:just |now )?(?:came|come|walked|popped|turned up|dropped)"
    r" (?:in(?:to)?|by|round|up)?(?: ?(?:to )?(?:the |our )?(?:front |service )?(?:desk|office|reception|shop|clinic|counter"
    r"|branch))?(?: just now| now| today)?[ ,:-]*(?:and |who )?(?P<en>(?:says|said|saying|complain|claims|wants|told|tells).*)"
    rf"|(?:just now[ ,:-]+)?{_PERSON_EN} (?:at|in) (?:the |our )?(?:front |service )?(?:desk|office|reception|counter)"
    r"[ ,:-]+(?P<at>(?:says|said|complain|claims).*)",
    re.DOTALL,
)
_NUMBER: Final = r"\+?\d[\d ()-]{6,18}\d(?!\d)"
_PHONED: Final = regex(
    rf"(?:业主|客户|住户|租户)?[\u4e00-\u9fff]{{1,3}}(?:先生|女士|小姐|阿姨|大爷|大妈|大姐|师傅|太太|老师)(?:刚才|刚刚?|今天)?"
    rf"(?:打(?:来|了|过来)?个?电话(?:来|过来|进来)?|来电|致电)(?:说|反映|投诉)?[ ,:]*(?:{_NUMBER})[ ,:]+(?P<rest>.*)"
    r"|(?:(?:mr|mrs|ms|miss|mx|dr)\.? [a-z'-]+(?: [a-z'-]+)?|(?:a |an |the )?(?:patient|customer|client|guest|resident|tenant"
    r"|lady|man|woman)(?: (?:called|named) [a-z'-]+)?) (?:has |have )?(?:just )?(?:rang|rung|called|phoned)"
    rf"(?: (?:in|us|up|just now|today|from|on))*[ ,:-]+(?:{_NUMBER})[ ,:;-]+(?P<en>.*)",
    re.DOTALL,
)
_GOES_ON: Final = regex(
    r"催|进度|什么时候|怎么样了|还没|又来|\b(?:still|again|chas(?:e|ing|ed)|update|status|when will|any news"
    r"|call(?:ed)? back)\b"
)
_SOURCES: Final = ((_ABOVE, "上级转办"), (_LETTER, "来信"), (_VISIT, "来访"), (_PHONED, "电话"))
_LEAST, _FEWEST = 4, 3  # characters, or words, of a matter
_ASKS: Final = regex(r"怎么(?:处理|办|样|弄|填)|[吗哪几]|多少|什么|如何")
_WITH_PHONE: Final = regex(_NUMBER)
_TELLS: Final = regex(r"反映|投诉|说|称|诉求|要求|让我们|先生|女士|小姐|阿姨|大[爷妈姐]|师傅|业主|住户|客户|[,:]")


def handed_in(text: str) -> HandedIn | None:
    """Return what words bring in that begin with how it came; None where they do not, or tell no matter."""
    said = clean(text)
    key = fold(said).strip()
    for pattern, source in _SOURCES:
        found = pattern.fullmatch(key)
        if found is None:
            continue
        rest = next((part for part in found.groups() if part), "").strip(" ,:-")
        if _tells_a_matter(rest, with_phone=_WITH_PHONE.search(key) is not None) and not (
            source == "电话" and _GOES_ON.search(rest)
        ):
            return HandedIn(source, said.strip().lstrip("/#*").strip())
        return None
    return None


def _tells_a_matter(rest: str, *, with_phone: bool) -> bool:
    if answers.is_question(rest) or numbered(Words(rest, rest)).bare().references:
        return False
    if rest.isascii():
        return len(rest.split()) >= _FEWEST
    if with_phone:
        return len(rest) >= _LEAST
    return len(rest) >= _LEAST and _ASKS.search(rest) is None and _TELLS.search(rest) is not None
