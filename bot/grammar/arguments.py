"""What is said besides the verb: numbers, limits, names, severities."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from bot.grammar.folding import fold
from bot.grammar.patterns import regex
from complaints.numbers import WITHOUT_LETTERS

CJK: Final = "\u3400-\u9fff"
EDGES: Final = " \t\n.,!~-/#*;:\"'()[]"
"""What may stand around words and says nothing."""
_LEADING: Final = " \n,.:;!?~-|/"  # folded
_TRAILING: Final = " \n,:;|"

ZERO_FIRST: Final = r"(?<!\d)0\d{3}"
_UNIT: Final = r"(?:[年月日号室房栋幢楼层元块米度个次户人天小时点万]|分(?![类派])|rmb|yuan|usd|km|meters?)"
_OF_A_THING: Final = (
    r"(?:楼[道梯宇板顶栋]|栋(?:口|门|长|前|后|里)|幢(?:口|前|后)|层(?:板|高|面|压)|号(?:梯|楼|门|线|机|灯|泵|井)|户(?:外|门|主|型|口)|"
    r"房(?:东|门|主|顶|租|客)|人(?:行|员|工|家|防)|天(?:花|窗|井|沟|台|线|桥|棚)|点位|元[件器]|块料|个别|小(?:区|孩|狗|门|时候|广告)|"
    r"分(?:路|机|户|水|集)|日光|月[台底]|年[前后底轻]|万[能用]|米色|次卧|度假|\s室[内外温])"
)
_NUMBERED: Final = r"(?:车|泊|柜|箱|表|桩|铺|位|房|室)"
NO_QUANTITY: Final = rf"(?:(?<=(?<!\d)00\d\d)(?!\s?号{_NUMBERED})|(?<={ZERO_FIRST})(?=\s?{_OF_A_THING})|(?!\s?{_UNIT}))"
"""What may come after a bare number of four digits that is a complaint's: no unit that makes a quantity or an address of it.

Nothing is counted, and no flat is numbered, from 0000 to 0099; and "0102 楼道" is no "0102 楼": a corridor, a lift, a door
begin with the words for a storey, a number, a home.
"""

_REFERENCE: Final = regex(
    r"(?:(?:编号|单号|案号|number|"
    r"no)[ :.#]{0,3})?[#\[]?\b(ts|yl)[ _:#-]{0,3}(\d{4})[ _-]?(\d{2})[ _-]?(\d{2})[ _-]{0,3}(\d{4,6})(?!\d)\]?"
    r"|(?:(?:投诉|工单)?(?:编号|单号|尾号|案号)|工单|ticket (?:no|number|id)|complaint (?:no|number|id)|"
    r"case (?:no|number|id)"
    r"|\b(?:number|no|ticket|case)(?=[ .:#]{1,3}#?\d))[ :.#]{0,4}(?:是|为)?(\d{1,6})(?![\d.])"
    rf"(?:(?<={ZERO_FIRST}){NO_QUANTITY}|(?<!{ZERO_FIRST})(?!\s?[年月日号室房栋楼层单元天小时分块万次]))"
    r"|#(\d{1,6})(?![\d.])(?!\s?[年月日号室房栋楼层单元天小时分块万次])"
    rf"|(?<![\d-])({WITHOUT_LETTERS})(?![\d-])",
    re.ASCII,
)
# 2026年, 1203室, 1500元 and the hot lines are not complaint numbers.
_BARE: Final = regex(rf"(?!1[02]\d{{3}}(?!\d))(\d{{4}})(?!\d|%|[.:-]\d){NO_QUANTITY}", re.ASCII)
OF_MONEY: Final = regex(
    r"(?:赔偿?|赔付|补偿|退款?|退还|损失|减免|优惠|返还?|付|支付|给客户|金额|共|合计|[¥$£€])"
    r"(?:了|客户|业主|车主|对方|他|她|现金|是|为|[ :,])*$"
    r"|\b(?:refund(?:ed|ing)?|compensat\w+|pa(?:y|id|ying)|repay|repaid|loss|losses|damages?|amount|sum|total|waive[ds]?|credit(?:ed)?)"
    r"(?: (?:him|her|them|the (?:customer|tenant|owner|resident)|of|is|was|to|about))*[ :,]*$"
)
"""What stands before a sum; no number of a complaint follows it, save one that begins with 0."""
_BARE_LAST: Final = regex(rf"(?:(?<=\s)|(?<=[{CJK}]))(\d{{4}})$", re.ASCII)

_CHINESE_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "十": 10}
_ENGLISH_NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "another": 1,
}  # fmt: skip
LIMIT: Final = regex(
    # "11月30日" and "到30日" name a day, and no length of time.
    r"(?:(?<![\d.月])(?<![到至](?=\d{1,2}日))(\d{1,3})|"
    r"(?<![月一二两三四五六七八九十])([一二两三四五六七八九十]{1,3})|(半|half an?)|\b(a|an|one|two|three|four|five|"
    r"six|seven|eight|nine|ten|another))"
    r"\s?(?:more |extra |additional )?个?\s?"
    r"(工作日|working[ -]?days?|business[ -]?days?|work ?days?|wd|小时|钟头|hours?|hrs?|h|天|日|days?|d|周|"
    r"星期|礼拜|weeks?|w)(?![a-z])",
    re.ASCII,
)
_SEVERITY: Final = regex(
    r"\bs([0-4])\b|(紧急|特急|critical|urgent|emergency)|(重大|严重|severe|major)|(热点|hot)|(重要|important)|"
    r"(一般|普通|轻微|minor|normal|ordinary|routine|general|low)",
    re.ASCII,
)
_NOT_SO: Final = regex(  # right before a severity that it does not have, or has no more: "不是紧急的，定成一般"
    r"(?:(?<![是要])不(?:是|算|属于|够|至于|再|用|必|应该|该)?|没(?:有)?(?:那么|这么|到)?|并非|别|谈不上|称不上)"
    r"(?:什么|个|一个|真的|真|太|很|特别|那么|这么|再|定|按|算|到)*$"
    r"|\b(?:not|isn'?t|wasn'?t|never|no longer|hardly)(?: (?:an?|so|that|very|really|at all|as|actually|any)){0,2} $",
    re.ASCII,
)
_REASON_LEAD: Final = regex(
    r"(?:因为|由于|(?:原因|理由)(?:是|(?=[ :,，：]))|because of|because|due to|since|reason|as|"
    r"for)(?![a-z])[ :,，：]*"
)
_AT: Final = regex(r"@\s?([^\s,.;:!?@]{1,30})")
_TO: Final = regex(r"(?:派给|转给|转派给|指派给|分给|交给|派单给|移交给?|给|到|让|由|请|\bto )\s?")
_NAME_ZH: Final = regex(
    rf"([{CJK}]{{1,12}}?)(?=处理|负责|跟进|跟$|接手|去|来|办|看|弄|搞|吧|"
    rf"因为|由于|原因|不归|不是|他|她|尽快|接|[^{CJK}]|$)"
)
_OF_A_UNIT: Final = regex(
    rf"([{CJK}]{{1,6}}?(?:部门?|科室?|组|班|队|处|中心|客服)的?"
    rf"(?!门|的|处理|负责|跟进|接手|办理|看看|看下|解决|安排|同事|师傅|的人|那边|来|去|维修|了|吧)[{CJK}]{{2,3}}?)"
    rf"(?=(?:那边)?(?:来|去|处理|负责|跟进|接手|办|看|跟|吧)|[^{CJK}]|$)"
)
"""A colleague with where they are: "工程部小李"."""
_POLITELY: Final = regex(r"(?<=[a-z]) (?:instead|pls|plz|please|thanks|thx|ta|cheers)\b.*$", re.IGNORECASE)
_NAME_EN: Final = regex(
    r"((?!(?:because|since|as|for|please|due|not|i|we|you|my|our|he|she|it|they|this|that|reason|who|"
    r"with|by|before|until|within)\b)[a-z][a-z.'-]*"
    r"(?: (?!(?:because|since|as|for|please|due|not|he|she|it|they|this|that|reason|who|with|is|to|"
    r"handle|do|take|deal|look|go|fix|see|sort|"
    r"in|by|before|until|within|no later)\b)[a-z][a-z.'-]*){0,3})"
)


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of text in both spellings, place for place: `key` is folded, `said` is as the person wrote it."""

    key: str
    said: str

    def part(self, start: int, end: int | None = None) -> Words:
        """Return the piece from `start` to `end`, without separators around it."""
        said, key = self.said[start:end], self.key[start:end]
        left = len(key) - len(key.lstrip(_LEADING))
        right = max(left, len(key.rstrip(_TRAILING)))
        return Words(key[left:right], said[left:right])

    def without(self, start: int, end: int) -> Words:
        """Return the words with one piece cut out."""
        before, after = self.part(0, start), self.part(end)
        gap = " " if before.key and after.key else ""
        return Words(before.key + gap + after.key, before.said + gap + after.said)


@dataclass(frozen=True, slots=True)
class Numbered:
    """Words, and the complaint numbers that stood among them."""

    words: Words
    references: tuple[str, ...] = ()

    @property
    def arguments(self) -> dict[str, object]:
        return {"reference": self.references[0]} if self.references else {}

    @property
    def told(self) -> dict[str, object]:
        """The same, with the words as what they tell."""
        return self.arguments | {"text": self.words.said}

    def bare(self, at_start: bool = True) -> Numbered:
        """Take a bare four-digit number at the start (else at the end) for a complaint number, if there is one."""
        found = _BARE.match(self.words.key) if at_start else _BARE_LAST.search(self.words.key)
        if found is None or (not at_start and OF_MONEY.search(self.words.key, 0, found.start()) and found[1][0] != "0"):
            return self
        return replace(self, words=self.words.without(*found.span()), references=(*self.references, found[1]))


def numbered(words: Words, limit: int = 2000) -> Numbered:
    """Take out the complaint numbers that say what they are: `TS…-0007`, a drill's `YL…-9001`, `编号 0007`, `#7`."""
    references: list[str] = []
    for _ in range(4):  # a merge names two; more is prose
        found = _REFERENCE.search(words.key, 0, limit)
        if found is None:
            break
        prefix, year, month, day, count, named, hashed, bare = found.groups()
        references.append(f"{prefix.upper()}{year}{month}{day}-{count}" if year else named or hashed or bare)
        words = words.without(*found.span())
    return Numbered(words, tuple(references))


@lru_cache(maxsize=4)  # each table of commands asks it of the same message
def commanded(said: str) -> Numbered:
    """Take the complaint number out of a command: one that says what it is, else a bare one at its start."""
    item = numbered(Words(fold(said), said))
    return item if item.references else item.bare()


@dataclass(frozen=True, slots=True)
class Headed:
    """A command: the name of the head that it begins with, the words after it, the complaint's number where it has one."""

    name: str
    rest: Words
    reference: str | None


def headed(said: str, heads: re.Pattern[str]) -> Headed | None:
    """Return the command that a message begins with; a bare number may stand before the head or right after it.

    heads: named groups, one for each head. None where it begins with none of them.
    """
    item = commanded(said)
    head = heads.match(item.words.key)
    if head is None or head.lastgroup is None:
        return None
    rest = item.words.part(head.end())
    if not item.references:
        item = numbered(rest).bare()
        rest = item.words
    return Headed(head.lastgroup, rest, item.references[0] if item.references else None)


def number(text: str) -> int | None:
    """Return the whole number that `text` is, in digits, Chinese (up to 99) or English (up to ten)."""
    if text.isascii() and text.isdigit():
        return int(text)
    if text in _ENGLISH_NUMBERS:
        return _ENGLISH_NUMBERS[text]
    tens, ten, ones = text.rpartition("十")
    digits = [_CHINESE_DIGITS.get(part, 0) if part else None for part in (tens, ones)]
    if ten:
        return (1 if digits[0] is None else digits[0]) * 10 + (digits[1] or 0)
    return _CHINESE_DIGITS.get(text)


def take_limit(words: Words) -> tuple[str | None, Words]:
    """Take out a length of time, as `1d`, `12h`, `3wd`; a week is `7d`, half a day `12h`."""
    found = LIMIT.search(words.key, 0, 200)
    if found is None:
        return None, words
    digits, chinese, half, english, unit = found.groups()
    rest = words.without(*found.span())
    if unit.startswith(("工", "work", "business", "wd")):
        kind = "wd"
    elif unit.startswith(("小", "钟", "h")):
        kind = "h"
    else:
        kind = "d"
    weeks = unit.startswith(("周", "星", "礼", "week")) or unit == "w"
    if half:
        return {"wd": "4h", "h": "1h", "d": "84h" if weeks else "12h"}[kind], rest
    count = number(digits or chinese or english) or 1
    return f"{count * 7 if weeks else count}{kind}", rest


_TO_BE_DONE: Final = r"(?:(?:之?内|以内|以?前)?(?:完成|办完|办结|办好|处理(?:完|好)?|解决|搞定|给结果)?)"
_OWN_LIMIT: Final = (
    regex(
        rf"(?:主办|牵头|主责|负责|lead(?:s|ing)?)?[ :,]*(?:限(?:期|时)?|(?:内部)?时限|limit|within|in)?[ :]*"
        rf"(?P<limit>{LIMIT.pattern}){_TO_BE_DONE}(?=$|[ ,.;:!])"
        r"(?![ ,.;:!]*(?:没|无|未|还|都|不|了|已|later|ago|passed|nobody|no one))[ ,.;:!]*",
        re.ASCII,
    ),
    regex(
        rf"[ ,.;:!]*(?:(?:限(?:期|时)?|(?:内部)?时限|limit|within)[ :]*(?P<limit>{LIMIT.pattern}){_TO_BE_DONE}"
        rf"|(?P<by>{LIMIT.pattern})(?:之?内|以内)(?:完成|办完|办结|办好|处理(?:完|好)|解决|搞定|给结果))[ .!]*$",
        re.ASCII,
    ),
)


def take_own_limit(said: str) -> tuple[str | None, str]:
    """Take out by when somebody is to be done who is given a complaint: first, or last and named as that; and the rest.

    Never a length of time that tells of something else: "3天没人管了", "已经拖了3天".
    """
    words = Words(fold(said), said)
    if len(words.key) != len(said):
        return None, said
    for found in (_OWN_LIMIT[0].match(words.key), _OWN_LIMIT[1].search(words.key, 0, 400)):
        if found is not None:
            length = found["limit"] or found.groupdict().get("by") or ""
            limit, _ = take_limit(Words(length, length))
            return limit, words.without(*found.span()).said
    return None, said


_MOMENT_ZH: Final = (
    r"(?:(?:今|明|后|大后)(?:天|日|晚|早)|(?:本|这|下)?个?(?:周|星期|礼拜)[一二三四五六日天末]?|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号]?|"
    r"\d{1,2}月[底末]|(?:本|这|下)个?月|\d{4}年|\d{1,2}/\d{1,2}|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[日号]|月[底末]|上午|下午|晚上|中午|早上|傍晚|下班|(?:\d{1,2}|[一二两三四五六七八九十]{1,3})点半?|"
    r"\d{1,2}:\d\d|之|的|[ ])+"
)
_MOMENT_EN: Final = (
    r"(?:(?:today|tonight|tomorrow|next|this|(?:mon|tues?|wed(?:s|nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|noon|midnight|"
    r"morning|afternoon|evening|lunch(?:time)?|end|close|of|the|day|business|play|cob|eod|eow|week|month|at|on|o'clock|"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|"
    r"dec(?:ember)?|\d{1,2}(?:[:.]\d\d)? ?(?:[ap]m)?(?:st|nd|rd|th)?|\d{4}-\d\d-\d\d)\b[ ]?)+"
)
_BY_A_MOMENT: Final = regex(
    r"(?:^|(?<=[ ,.;:!]))(?:"
    rf"(?:请|要求?|须|必须|需要?|务必|限|时限|在|于)*[ :]*(?:最[迟晚][ :]*(?P<latest>{_MOMENT_ZH}?)(?:之?前|以前)?|"
    rf"(?P<zh>{_MOMENT_ZH}?)(?:之?前|以前))(?:完成|办完|办结|办好|处理(?:完|好)?|解决|搞定|给结果)?"
    rf"|(?:to be )?(?:done |finish(?:ed)? |complete(?:d)? |ready |due )?(?:by|before|until|till|no later than|not later than) "
    rf"(?P<en>{_MOMENT_EN})"
    r")(?:please|pls)?(?=$|[ ]*[,.;:!]|[ ]+(?![a-z0-9]|要|回|来|不|没|都|就|才|说))[ ,.;:!]*",
    re.ASCII,
)
_KIND_OF_WORK: Final = 2  # words that may stand before it: "security by 5pm"


def take_moment(said: str) -> tuple[str | None, str]:
    """Take out by when somebody is to be done, as the words of a moment: "明天下班前", "by tomorrow 5pm"; and the rest.

    Only where it stands by itself: "周五前要回复业主" and "明天下班前他不在" tell of something else.
    """
    words = Words(fold(said), said)
    found = _BY_A_MOMENT.search(words.key, 0, 400) if len(words.key) == len(said) else None
    if found is None:
        return None, said
    name = next(name for name in ("latest", "zh", "en") if found[name])
    head = words.key[: found.start()].rstrip()
    if name == "en" and not head.endswith(tuple(",.;:!")) and len(head.split()) > _KIND_OF_WORK:
        return None, said  # "because the customer leaves before Friday"
    before = "by " if name == "en" else ""
    moment = before + words.said[slice(*found.span(name))].strip() + ("" if name == "en" else "前")
    return moment, words.without(*found.span()).said


TILL: Final = (
    rf"(?:一直)?等?[到至]({_MOMENT_ZH})(?:之?前|以前|为?止|结束)?(?=$|[ ,.;:!?(]|吧|再|等|因|去|可以|行|好|吗|呢|完成|办|交)"
    rf"|\b(?:until|till?|to|through) ({_MOMENT_EN})(?=$|[ ,.;:!?]|\b(?:as|because|since|for|waiting)\b)"
)
_TILL: Final = regex(TILL, re.ASCII)


def take_till(words: Words) -> tuple[str | None, Words]:
    """Take out until when something lasts, as the words of a moment: "到周五", "till Friday"; and the rest."""
    found = _TILL.search(words.key, 0, 200)
    if found is None:
        return None, words
    till = words.said[slice(*found.span(1 if found[1] else 2))].strip()
    return (till, words.without(*found.span())) if till else (None, words)


_WAITS_FOR: Final = {
    "customer": regex(
        r"等(?:待)?(?:着)?(?:客户|业主|住户|租户|顾客|对方)|\bwait(?:ing|s)? (?:for|on) (?:the |our )?(?:customer|"
        r"client|"
        r"resident|owner|tenant)s?(?![a-z])"
    ),
    "third_party": regex(
        r"等(?:待)?(?:着)?(?:第三方|厂家|供应商|施工方|开发商|配件|材料)|\bwait(?:ing|s)? (?:for|on) (?:the |a |our )?"
        r"(?:third part(?:y|ies)|supplier|manufacturer|contractor|developer|vendor|spare parts|parts)(?![a-z])"
    ),
    "court": regex(
        r"等(?:待)?(?:着)?(?:法院|司法|判决|仲裁|诉讼)|\bwait(?:ing|s)? (?:for|on) (?:the )?(?:court|judg(?:e)?ment|"
        r"arbitration|lawsuit)(?![a-z])"
    ),
}


def waits_for(words: Words) -> str | None:
    """Return what work is said to wait for: customer, third_party or court."""
    return next((what for what, said in _WAITS_FOR.items() if said.search(words.key, 0, 300)), None)


def take_severity(words: Words) -> tuple[str | None, Words]:
    """Take out a severity, `S0` to `S4`, by name or literally."""
    said = [each for each in _SEVERITY.finditer(words.key, 0, 200) if not _NOT_SO.search(words.key, 0, each.start())]
    if not said:
        return None, words
    found = next((each for each in said if each.lastindex == 1), said[0])  # "urgent, make it S1"
    place = found.lastindex or 1
    return f"S{found[1]}" if place == 1 else f"S{place - 2}", words.without(*found.span())


def take_who(words: Words) -> tuple[str | None, Words]:
    """Take out a colleague's name: after `@`, after `给` or `to`, else the first word."""
    if found := _AT.search(words.key, 0, 200):
        return words.said[slice(*found.span(1))], words.without(*found.span())
    lead = _TO.match(words.key)
    start = lead.end() if lead else 0
    if found := _OF_A_UNIT.match(words.key, start):
        return words.said[slice(*found.span(1))], words.part(found.end())
    found = _NAME_ZH.match(words.key, start) or _NAME_EN.match(words.key, start)
    if found is None or (not lead and found.end() - start > 4 and words.key[start] > "\u3400"):
        return None, words  # a long run of Chinese without a lead is a reason, not a name
    name = without_manners(words.said[slice(*found.span(1))].strip())
    if name.lower().startswith("the "):
        name = name[4:]
    return name or None, words.part(found.end())


def without_manners(name: str) -> str:
    """Return a name without the politeness behind it: "alice pls"."""
    return _POLITELY.sub("", name)


def reason(words: Words) -> str:
    """Return the words as a reason, without the `因为` or `because` before them."""
    lead = _REASON_LEAD.match(words.key)
    return words.part(lead.end() if lead else 0).said
