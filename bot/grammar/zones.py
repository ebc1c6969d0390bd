"""Times told by the clocks of another place: "3pm EST tomorrow", "伦敦时间下午三点", "15:00 UTC+1". Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.grammar.patterns import regex

_CHINA: Final = timedelta(hours=8)
_IN_CHINA: Final = frozenset({"beijing", "china", "chinese", "shanghai", "北京", "中国", "国内", "上海"})
# A place, and what the zone it stands for is called by; the empty ones have several zones, so that one always asks.
_PLACES: Final[Mapping[str, str]] = {
    "london": "london", "uk": "london", "british": "london", "伦敦": "london", "英国": "london",
    "paris": "paris", "巴黎": "paris", "berlin": "berlin", "german": "berlin", "柏林": "berlin", "德国": "berlin",
    "european": "", "europe": "", "欧洲": "", "欧": "", "moscow": "moscow", "莫斯科": "moscow",
    "new york": "new york", "eastern": "new york", "et": "new york", "纽约": "new york", "美东": "new york", "东部": "new york",
    "chicago": "chicago", "central": "chicago", "ct": "chicago", "芝加哥": "chicago", "中部": "chicago",
    "denver": "denver", "mountain": "denver", "mt": "denver", "toronto": "toronto", "多伦多": "toronto",
    "los angeles": "los angeles", "pacific": "los angeles", "pt": "los angeles", "洛杉矶": "los angeles", "美西": "los angeles",
    "太平洋": "los angeles", "vancouver": "vancouver", "温哥华": "vancouver", "us": "", "american": "", "美国": "",
    "canadian": "", "加拿大": "", "tokyo": "tokyo", "japan": "tokyo", "japanese": "tokyo", "东京": "tokyo", "日本": "tokyo",
    "seoul": "seoul", "korean": "seoul", "korea": "seoul", "首尔": "seoul", "韩国": "seoul", "singapore": "singapore",
    "新加坡": "singapore", "hong kong": "hong kong", "香港": "hong kong", "taipei": "taipei", "台北": "taipei",
    "台湾": "taipei", "sydney": "sydney", "悉尼": "sydney", "australian": "", "澳洲": "", "澳大利亚": "", "dubai": "dubai",
    "迪拜": "dubai", "indian": "kolkata", "india": "kolkata", "印度": "kolkata",
}  # fmt: skip
_OFFSET: Final = regex(
    r"(?:(?:utc|gmt) ?(?P<sign>[+-]) ?|(?<=:\d\d)\+|(?<=:\d\d:\d\d)(?P<west>-))(?P<h>\d{1,2})(?::?(?P<m>[0-5]\d))?(?!\d)"
)
_HOURS_EAST: Final = regex(r"(?P<side>[东西])(?P<h>十[一二]?|[一二三四五六七八九])区的?时间")
_NAMED: Final = regex(
    r"(?<![a-z])(?P<name>utc|gmt|est|edt|cst|cdt|mst|mdt|pst|pdt|cet|cest|eet|eest|bst|msk|ist|jst|kst|hkt|sgt|aest|aedt|awst"
    r"|nzst|nzdt)(?![a-z])(?! ?[+-] ?\d)|(?<=\d)(?P<zulu>z)(?![a-z\d])"
)
_SHORT: Final = ("et", "ct", "mt", "pt")  # words of other kinds, but behind "3pm"
_NAMES: Final = sorted(sorted({*_PLACES, *_IN_CHINA} - {*_SHORT}), key=len, reverse=True)  # the same at every start
_OF_A_PLACE: Final = regex(
    rf"(?<![a-z])(?P<en>{'|'.join(name for name in _NAMES if name.isascii())})"
    r" (?:(?:standard|daylight|summer|winter) )?time(?![a-z])"
    rf"|(?P<zh>{'|'.join(name for name in _NAMES if not name.isascii())})的?(?:标准|夏令|冬令|当地)?时间"
    rf"|[ap]m ?(?P<short>{'|'.join(_SHORT)})(?![a-z])"
)
_NUMBERS: Final = "零一二三四五六七八九十"


def elsewhere(said: str, at: datetime) -> bool:
    """Say whether a text names a zone whose clocks show another time than those of `at`, or may. said: normalised."""
    own = at.utcoffset()
    return (
        any(_offset(found) != own for found in _OFFSET.finditer(said))
        or any(_east(found) != own for found in _HOURS_EAST.finditer(said))
        or any(not _is_own_name(found["name"] or "utc", at) for found in _NAMED.finditer(said))
        or any(not _is_own_place(next(filter(None, found.groups())), at) for found in _OF_A_PLACE.finditer(said))
    )


def _offset(found: re.Match[str]) -> timedelta:
    span = timedelta(hours=int(found["h"]), minutes=int(found["m"] or 0))
    return -span if "-" in (found["sign"], found["west"]) else span


def _east(found: re.Match[str]) -> timedelta:
    hours = sum(_NUMBERS.index(digit) for digit in found["h"])  # "十二" is ten and two
    return timedelta(hours=-hours if found["side"] == "西" else hours)


def _is_own_name(name: str, at: datetime) -> bool:
    return name == (at.tzname() or "").casefold() or (name in ("utc", "gmt") and not at.utcoffset())


def _is_own_place(place: str, at: datetime) -> bool:
    if place in _IN_CHINA:
        return at.utcoffset() == _CHINA
    called = _PLACES[place]
    return bool(called) and called in str(at.tzinfo).casefold().replace("_", " ")
