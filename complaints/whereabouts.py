"""What a complaint's words name: the place, the numbers, the things and the trouble, read the same in Chinese and English.

`THINGS` and `TROUBLES` are the tables; `named` reads a text. Everything is a guess by words, made to compare two complaints,
not to be shown as facts of either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final

from complaints.characters import simplified
from complaints.numbers import FULL
from complaints.patterns import deferred, regex

_READ = 2000  # characters of a text that are looked at
_NUMERAL = "一二两三四五六七八九十"
_NUMBER = rf"(?:\d{{1,4}}|[{_NUMERAL}]{{1,3}})"


class Reach(StrEnum):
    """Whom a thing serves: a household, a building, or everybody on the site."""

    HOME = "home"
    BUILDING = "building"
    SITE = "site"
    NONE = "none"  # money, papers, people: of no place


@dataclass(frozen=True, slots=True)
class _Word:
    """zh, en: patterns; an English one is bounded by word ends."""

    zh: str
    en: str
    reach: Reach = Reach.NONE


_H, _B, _S = Reach.HOME, Reach.BUILDING, Reach.SITE

THINGS: Final[Mapping[str, _Word]] = {
    "lift": _Word("电梯|货梯|客梯|(?<=号)梯", r"lifts?|elevators?", _B),
    "corridor": _Word("楼道|走廊|过道|楼梯间", r"corridors?|hallways?|stairwells?|staircases?|landing", _B),
    "entrance": _Word("单元门(?!口)|门禁|楼下大门|可视对讲", r"entrance doors?|lobby doors?|door entry", _B),
    "lobby": _Word("大堂|门厅", r"lobby", _B),
    "outer wall": _Word("外墙", r"outer wall|facade|outside wall|cladding", _B),
    "roof": _Word("楼顶|天台|屋面|屋顶", r"roof", _B),
    "garage": _Word("车库|停车场", r"garage|car ?park|parking lot", _S),
    "barrier": _Word("道闸|抬杆|闸机", r"barriers?", _S),
    "gym": _Word("健身房|会所", r"gym|club ?house", _S),
    "pool": _Word("泳池|游泳池", r"(?:swimming )?pool", _S),
    "playground": _Word("游乐|滑梯|秋千|儿童区", r"playgrounds?|swings?|slides?", _S),
    "square": _Word("广场", r"square|plaza", _S),
    "fire lane": _Word("消防通道", r"fire (?:lane|route|access|exit)s?", _S),
    "rubbish": _Word("垃圾", r"rubbish|garbage|trash|bins?|litter", _S),
    "street lamp": _Word("路灯", r"street ?(?:lamp|light)s?", _S),
    "trees": _Word("绿化|树枝|树木|草坪|大树", r"trees?|branches|lawns?|greenery", _S),
    "parcels": _Word("快递|包裹", r"parcels?|packages?|deliver(?:y|ies)", _S),
    "water supply": _Word(
        "停水|断水|没水|自来水|水发黄|水是黄",
        r"no water|water (?:cut|outage|supply)|(?:brown|yellow) (?:tap )?water|tap water",
        _S,
    ),
    "power": _Word("停电|断电|没电|跳闸", r"power (?:cut|outage|failure)|no (?:power|electricity)|blackout", _S),
    "internet": _Word("断网|宽带|网络", r"internet|broadband|wi-?fi", _S),
    "bathroom": _Word("卫生间|浴室|厕所|洗手间", r"bathrooms?|toilets?|wash ?rooms?", _H),
    "kitchen": _Word("厨房", r"kitchens?", _H),
    "bedroom": _Word("卧室|主卧|次卧", r"bedrooms?", _H),
    "living room": _Word("客厅", r"living rooms?", _H),
    "balcony": _Word("阳台", r"balcon(?:y|ies)", _H),
    "window": _Word("窗", r"windows?", _H),
    "tap": _Word("水龙头|龙头", r"(?<!every )taps?(?! water)|faucets?", _H),
    "drain": _Word("下水道|地漏|马桶", r"drains?|sink", _H),
    "floor": _Word("地板|地砖|木地板", r"floor ?boards?|flooring|tiles?", _H),
    "air conditioning": _Word("空调|冷气", r"air ?con\w*|air-?con\w*|a/?c", _H),
    "heater": _Word("热水器|锅炉|暖气|地暖", r"boilers?|(?:water )?heaters?|heating|radiators?", _H),
    "front door": _Word("入户门|家门|防盗门|大门密码锁", r"front doors?|apartment doors?", _H),
    "lock": _Word("门锁|密码锁|锁芯", r"door locks?|smart locks?", _H),
    "wardrobe": _Word("衣柜|橱柜|柜门", r"wardrobes?|cabinets?|cupboards?", _H),
    "intercom": _Word("对讲", r"intercom", _H),
    "renovation": _Word("装修|电钻", r"renovat\w*|drill\w*", _B),
    "dog": _Word("狗", r"dogs?|barking", _B),
    "mahjong": _Word("麻将", r"mah-?jongg?", _B),
    "dancing": _Word("广场舞|跳舞", r"danc\w+", _S),
    "service charge": _Word("物业费|管理费", r"service charges?|management fees?|property fees?"),
    "parking fee": _Word("停车费|车位费", r"parking (?:fee|charge)s?"),
    "parking space": _Word("车位(?!费)", r"parking (?:space|spot|bay|lot)s?|(?:my|our) (?:space|spot)|parks? in"),
    "title deed": _Word("房产证|不动产证|产权证", r"title deeds?|deeds?"),
    "deposit": _Word("定金|订金|认筹金|押金|诚意金", r"deposits?|down payment"),
    "commission": _Word("佣金|中介费", r"commissions?"),
    "contract": _Word("合同", r"contracts?"),
    "mortgage": _Word("按揭|贷款", r"mortgages?"),
    "transfer": _Word("过户", r"transfer of title|title transfer"),
    "show flat": _Word("样板", r"show ?(?:flat|home|unit)"),
    "school": _Word("学区|学校|学位", r"school(?: district)?"),
    "promise": _Word("承诺|虚假宣传|地铁口", r"false advertis\w+|promised?"),
    "guards": _Word("保安|门卫", r"(?:security )?guards?"),
    "reception": _Word("前台|服务台", r"reception\w*|front desk"),
    "sales": _Word("销售|售楼|置业顾问", r"sales"),
    "agent": _Word("中介|经纪人", r"(?<!sales )agents?|brokers?"),
    "smokers": _Word("抽烟|吸烟", r"smok(?:e|ing|ers?)"),
    "advertising": _Word("广告", r"adverts?|advertisements?"),
    "clutter": _Word("杂物", r"clutter|junk"),
}
"""What complaints are about. Two that name different things are two matters."""

TROUBLES: Final[Mapping[str, _Word]] = {
    "outage": _Word(
        "停水|断水|没水|停电|断电|没电|断网",
        r"no (?:water|power|electricity)|(?:power|water) (?:cut|outage|failure)|blackout",
    ),
    "broken": _Word(
        "坏|失灵|故障|停运|停了|不动|不能用|打不开|抬不起|卡住|不亮|断了|破了|打不着|不打火|只剩一部",
        r"broken|out of (?:order|service)|not work\w*|does(?: not|n't) (?:work|open|start|lock)|not start\w*|"
        r"stuck|jammed|dead|down|out on|lights? are out|fail\w*",
    ),
    "leak": _Word("漏水|渗水|漏雨|滴水|淋|进水", r"leak\w*|drip\w*|seep\w*"),
    "blocked": _Word("堵", r"block(?:ed|s)|clogged"),
    "noise": _Word("吵|噪音|噪声|扰民", r"nois\w+|loud|unbearable"),
    "rude": _Word("态度|傲慢|难听|骂|恶劣|凶", r"rude\w*|shout\w*|attitude|insult\w*|yell\w*"),
    "violent": _Word("打人|打了人|推人|踢人|动手", r"punch\w*|slapp?\w*|kick(?:ed|s)|assault\w*|beat\w* up"),
    "not cleared": _Word(
        "没人清|不清|没清|清运|臭|味道", r"not (?:been )?collected|overflow\w*|nobody collects|smell\w*|stink\w*"
    ),
    "charged too much": _Word("多收|乱收|多扣", r"over-?charged?|charged twice|charged too"),
    "raised": _Word("涨价|涨了|又涨", r"raised|increased?|went up"),
    "not refunded": _Word("不退|没退|退钱|退款|到账|退(?=没|了)", r"refund\w*|get .{0,30}back"),
    "late": _Word("拖|没办|办不下来|一直没|到现在", r"late|delay\w*|still no|overdue"),
    "cold": _Word("没有热水|没热水|不制冷|冷水", r"no hot water|cold showers?|(?:been|is|are) cold|not cool\w*"),
    "asleep": _Word("睡觉|睡岗", r"asleep|sleep\w*"),
    "strangers": _Word("随便进|陌生人|谁都能进", r"strangers?|anybody walks in|walks? in"),
    "dark": _Word("漆黑|摸黑|黑灯|不亮", r"dark"),
    "falling": _Word("掉|脱落|砸", r"fall\w*|fell|hit my"),
    "lied": _Word("骗|虚假", r"lied?|lying|cheat\w*|false"),
    "taken": _Word("占了|被占|占用", r"taken|parks? in|parking in"),
    "wet": _Word("热水|淋浴|洗澡", r"hot water|showers?"),
    "discoloured": _Word("发黄|黄的|异味", r"brown|yellow"),
}
"""What is wrong with them."""

_SHARED: Final = deferred(
    "整栋|整楼|全楼|全栋|好几家|每家|几户|家家|全小区|大家|邻居都|所有业主"
    r"|\b(?:whole (?:building|block|tower|compound|estate)|every (?:tap|flat|floor)|all (?:of us|floors|"
    r"flats)|everybody|compound)\b"
)

_BUILDING: Final = deferred(
    rf"(?<![\d.])({_NUMBER}|[a-z]\d?)\s?(?:号楼|栋|幢|座(?!电梯))|\b(?:block|building|bldg|tower)\s?(?:no\.?\s?|"
    rf"#)?(\d{{1,3}}|[a-z]\b)"
)
_UNIT: Final = deferred(rf"({_NUMBER}|[a-z])\s?单元|\bentrance\s(\d|[a-d])\b")
_LIFT: Final = deferred(rf"({_NUMBER})\s?号(?:电|货|客)?梯|\b(?:lift|elevator)\s?(?:no\.?\s?|#|number\s)?(\d)\b")
_ROOM: Final = deferred(
    r"(?:栋|幢|座|号楼|单元)\s?(\d{3,5})(?!\d)|(?<![\d.])(\d{3,5})\s?(?:室|房(?!产)|户|号房)"
    r"|\b(?:room|flat|apt\.?|apartment|unit)\s?(?:no\.?\s?|#)?(\d{2,5}[a-z]?)\b"
    r"|\b(?:block|building|tower)\s?\d{1,3}[\s,]{1,3}(\d{3,5})\b|(?<![\w-])\d{1,3}-(?:\d-)?(\d{3,5})(?![\w-])"
)
_LEVEL: Final = deferred(rf"(?<![a-z\d])b([1-4])(?!\d)|负({_NUMBER})[层楼]|\bbasement\s(\d)\b")
_GATE: Final = deferred(r"([东南西北])(?:区)?(?:大)?门|\b(north|south|east|west)(?:ern)? (?:gate|entrance|exit)\b")
_PLATE: Final = deferred(
    r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][·\s]?[a-z\d]{5,6})(?![a-z\d])"
)
_ORDER: Final = deferred(r"(?<![\da-z-])(?!1[3-9]\d{9}(?!\d))([a-z]{0,3}\d{8,20})(?![\d-])")
_AMOUNT: Final = deferred(
    r"(?<![\d.])(\d{1,9}(?:\.\d{1,2})?)\s?(万?)\s?(?:元|块|圆|yuan|rmb|cny)|[¥￥]\s?(\d{1,9}(?:\.\d{1,2})?)"
)
_NUMBERED: Final = deferred(
    rf"({_NUMBER})\s?号(?![楼院门梯电货客线房车日,.，。]|$)(?=[\u3400-\u9fff])|\b(?:pump|machine|counter|"
    rf"window)\s(?:no\.?\s?|#)?(\d{{1,3}})\b"
)
_SPACE: Final = deferred(
    r"车位\s?([a-z]?-?\d{1,5})|([a-z]?-?\d{1,5})\s?号?车位|\bspace\s(?:no\.?\s?|#)?([a-z]?-?\d{1,5})\b"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余杜叶程魏"
    "苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦"
)
_PERSON: Final = deferred(
    rf"[小老阿]([{_SURNAMES}])(?!区)|([{_SURNAMES}])(?:经理|主管|师傅|队长|顾问|店长|工(?=[^人作程地具]))"
)
_PERSON_EN: Final = deferred(
    r"\b(?:[Aa]gent|[Gg]uard|[Mm]anager|[Cc]onsultant|[Mm]r\.?|[Mm]rs\.?|[Mm]s\.?|called|"
    r"named)\s([A-Z][a-z]{1,20})\b|^([A-Z][a-z]{1,20}) at the"
    r"|: ([A-Z][a-z]{1,20}) (?:was|is|did|told)\b"
)  # fmt: skip
_OURS: Final = deferred(rf"\b{FULL}\b")
_DIGITS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names. numbers: by their kind ("building", "plate", …), each a set; empty kinds are left out. things:
    names of the table; reach: whom they serve, the widest of them, `NONE` where none is of a place. shared: it says that others
    have it as well. terms: what it is made of, with how much each part says; weight: how much all of them say; said: in which
    words, for terms that are names of the tables.
    """

    numbers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    things: frozenset[str] = frozenset()
    said: Mapping[str, str] = field(default_factory=dict)
    shared: bool = False
    terms: Mapping[str, float] = field(default_factory=dict)
    reach: Reach = Reach.NONE
    weight: float = 0.0


def fold(text: str) -> str:
    """Return the beginning of a text as patterns expect it: one width, one case, simplified characters."""
    return simplified(unicodedata.normalize("NFKC", text[:_READ])).casefold().replace("’", "'")


@lru_cache(maxsize=1024)  # a new complaint is compared with several, and those with the next one
def named(text: str) -> Named:
    """Return what a text names. Linear in its length, which is cut."""
    folded = _OURS.sub(" ", fold(text))
    rest = list(folded)
    numbers = {kind: found for kind, pattern in _NUMBERS.items() if (found := _all(pattern, folded, rest))}
    people = frozenset(next(filter(None, m.groups())).casefold() for m in _PERSON_EN.finditer(text[:_READ]))
    if people := people | numbers.get("person", frozenset()):
        numbers["person"] = people
    things = _hits(_THINGS, folded, rest)
    troubles = _hits(_TROUBLES, folded, rest)
    terms = dict.fromkeys(things, _OF_THING) | dict.fromkeys(troubles, _OF_TROUBLE) | _words("".join(rest))
    serve = {THINGS[thing].reach for thing in things}
    reach = next((each for each in (Reach.SITE, Reach.BUILDING, Reach.HOME) if each in serve), Reach.NONE)
    shared, weight = bool(_SHARED.search(folded)), sum(terms.values())
    return Named(numbers, frozenset(things), things | troubles, shared, terms, reach, weight)


_OF_THING, _OF_TROUBLE, _OF_WORD, _OF_PAIR, _OF_ONE = 3.0, 2.0, 1.0, 0.7, 0.4


def _hits(table: Mapping[str, re.Pattern[str]], text: str, rest: list[str]) -> dict[str, str]:
    """Return which of the table a text names, in which words, and blank them in `rest`: they are not words besides."""
    found: dict[str, str] = {}
    for name, pattern in table.items():
        for match in pattern.finditer(text):
            found.setdefault(name, match[0])
            _blank(match, rest)
    return found


def _blank(match: re.Match[str], rest: list[str]) -> None:
    rest[match.start() : match.end()] = " " * (match.end() - match.start())


def _all(pattern: re.Pattern[str], text: str, rest: list[str]) -> frozenset[str]:
    found = set()
    for match in pattern.finditer(text):
        found.add(_plain(match))
        _blank(match, rest)
    return frozenset(found)


def _plain(match: re.Match[str]) -> str:
    """Return a number as a figure, whichever way it was written."""
    said = next(group for group in match.groups() if group)
    if said[0] in _NUMERAL:
        tens, ten, ones = said.rpartition("十")
        return str((_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0))
    if match.re is _AMOUNT:
        return str(float(said) * (10_000 if match[2] else 1))
    return _GATES.get(said, said.replace("·", "").replace(" ", "")).lstrip("0") or "0"


_GATES = {"东": "east", "南": "south", "西": "west", "北": "north"}
_NUMBERS: Final[Mapping[str, re.Pattern[str]]] = {
    "building": _BUILDING, "unit": _UNIT, "lift": _LIFT, "room": _ROOM, "level": _LEVEL, "gate": _GATE, "plate": _PLATE,
    "order": _ORDER, "amount": _AMOUNT, "space": _SPACE, "numbered": _NUMBERED, "person": _PERSON,
}  # fmt: skip


def _pattern(word: _Word) -> re.Pattern[str]:
    return regex(rf"{word.zh}|(?<![a-z])(?:{word.en})(?![a-z])")


_THINGS: Final = {name: _pattern(word) for name, word in THINGS.items()}
_TROUBLES: Final = {f"!{name}": _pattern(word) for name, word in TROUBLES.items()}

# ── the words that are left ───────────────────────────────────────────────────────────────────────────────────────────

_FILLING: Final = deferred(
    "你们|我们|他们|找媒体|媒体|曝光|记者|电视台|12345|12315|律师|法院|请|麻烦|尽快|赶紧|马上|一直|还是|还没|还在|到现在|至今|现在|今天|昨天|昨晚|早上|晚上|投诉|反映|处理|解决|没人|有人|什么|怎么|到底|为什么"
    "|已经|可以|能不能|是不是|的事|一下|好几天|几天|[一二两三四五六七八九十]天|个月|小时|问题|情况|业主|物业|小区|我家|家里|修|天天|每天|再不|就|都|也|还|又|了|的|是|在|"
    "我|你|他|吗|呢|吧|啊|很|太|没|不|有|这|那|被|把|给|和|跟|到|说|来|去|要|会|个"
)
_CJK: Final = deferred("[\u3400-\u9fff]+")
_LATIN: Final = deferred(r"[a-z]{3,}")
_FILLING_EN: Final = frozenset(
    [
        "nope",
        "yes",
        "yeah",
        "again",
        "media",
        "press",
        "lawyer",
        "the",
        "and",
        "was",
        "were",
        "are",
        "has",
        "have",
        "had",
        "not",
        "for",
        "with",
        "this",
        "that",
        "there",
        "they",
        "them",
        "their",
        "his",
        "her",
        "our",
        "your",
        "you",
        "our",
        "out",
        "one",
        "its",
        "all",
        "any",
        "but",
        "from",
        "been",
        "being",
        "now",
        "still",
        "again",
        "when",
        "where",
        "who",
        "what",
        "why",
        "how",
        "will",
        "would",
        "can",
        "could",
        "does",
        "did",
        "done",
        "don",
        "just",
        "very",
        "too",
        "nobody",
        "somebody",
        "anybody",
        "please",
        "since",
        "until",
        "after",
        "before",
        "about",
        "over",
        "into",
        "than",
        "then",
        "some",
        "more",
        "most",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "year",
        "morning",
        "evening",
        "night",
        "today",
        "yesterday",
        "keep",
        "keeps",
        "come",
        "get",
        "got",
        "going",
        "goes",
        "want",
        "need",
        "told",
        "said",
        "say",
        "says",
        "complain",
        "complaint",
        "problem",
        "issue",
        "fix",
        "fixed",
        "repair",
        "floor",
        "flat",
        "building",
        "block",
        "tower",
        "every",
        "each",
        "because",
        "even",
        "only",
        "also",
        "two",
        "three",
        "four",
        "five",
    ]
)


def _words(text: str) -> dict[str, float]:
    """Return what a text is made of besides: pairs of characters, and English words without their endings."""
    found = {word: _OF_WORD for each in _LATIN.findall(text) if (word := _stem(each)) not in _FILLING_EN}
    for run in _CJK.findall(_FILLING.sub(" ", text)):
        found |= {run[at : at + 2]: _OF_PAIR for at in range(len(run) - 1)} if len(run) > 1 else {run: _OF_ONE}
    return found


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
