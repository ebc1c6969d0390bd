"""The words for times, one by one: "下周三", "half past ten", "3-5pm", each read into a token or several. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.grammar import seasons
from bot.grammar.patterns import regex


class Kind(StrEnum):
    DAY = "day"
    PART = "part"
    CLOCK = "clock"
    AWAY = "away"  # so long from now
    TO = "to"
    OR = "or"
    BEFORE = "before"
    AFTER = "after"
    FREE = "free"
    VAGUE = "vague"
    LOOSE = "loose"  # "工作日", "every": whatever else is said, which one is meant must be asked
    EARLY = "early"
    MID = "mid"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece that was understood. days: first and last day, None where there is no such day. part: hours from, to. minutes: of
    the day. sure: it cannot be meant in another way. away: from now. weekday: the days were named by the week; a
    date goes before that. weak: a time only beside a day, for else it may be any two numbers.
    """

    kind: Kind
    days: tuple[date, date] | None = None
    part: tuple[int, int] | None = None
    minutes: int = 0
    sure: bool = True
    away: timedelta = timedelta(0)
    weekday: bool = False
    weak: bool = False


# ── numbers and names ─────────────────────────────────────────────────────────────────────────────────────────────────

_PART_BEFORE: Final = ("上午", "下午", "早上", "中午", "晚上", "晚")
_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNIT: Final = "[一二三四五六七八九]"
_N: Final = rf"(?:\d{{1,2}}|{_UNIT}?十{_UNIT}?|[廿卅]{_UNIT}?|[零〇一二两三四五六七八九]{{1,3}})"
_WORDS: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
                 "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}  # fmt: skip
_EN: Final = rf"(?:\d{{1,2}}|{'|'.join(_WORDS)})"
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                  "november", "december")  # fmt: skip
_MONTH: Final = r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?" \
                r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"  # fmt: skip
_WEEKDAY: Final = (
    r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
# From when to when a part of the day lasts, in hours.
PARTS: Final = {
    "凌晨": (0, 6), "半夜": (0, 6), "清晨": (6, 9), "一早": (7, 9), "早上": (7, 12), "早晨": (7, 12), "早": (7, 12),
    "上午": (9, 12), "中午": (11, 14), "晌午": (11, 14), "午后": (13, 18), "下午": (13, 18), "傍晚": (17, 19), "晚上": (18, 22),
    "晚间": (18, 22), "夜里": (20, 24),
    "晚": (18, 22), "morning": (9, 12), "noon": (12, 12), "midday": (12, 12), "lunchtime": (12, 14),
    "afternoon": (13, 18), "arvo": (13, 18), "first thing": (8, 10), "evening": (18, 22), "night": (18, 22),
    "tonight": (18, 22),
}  # fmt: skip


_OFF: Final = 18 * 60  # when work is over, in minutes of the day


def _number(text: str) -> int:
    """Return the number that digits, a Chinese numeral up to 99, or an English word up to twelve spell."""
    if text.isdigit():
        return int(text)
    if text in _WORDS:
        return _WORDS[text]
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[char]) for char in text))


# ── tokens ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# The order matters where one begins like another: the longer reading stands first.
_TOMORROW: Final = r"tom+or+ow|tmrw?|tmw|2moro|2morrow|2mrw|tomoz|tomo"
_UNITS: Final = "minute|min|hour|hr|day|week|fortnight|month"
_NOT_A_TIME: Final = (
    r"(?!\s?(?:st|nd|rd|th|[ap]\.?m\b|%|people|persons?|times|rooms?|min|hour|hr|day|week|month|year|[:./-]\d|\d|"
    rf"(?:of )?(?:{_MONTH})\b))"
)
_SCAN: Final = regex(
    "|".join(
        (
            rf"(?P<away>\b(?P<away_en_how>in|after|within) (?:about |around )?(?P<away_en>half an|{_EN}(?: and a "
            rf"half)?|\d\.5)"
            rf" (?P<away_en_unit>{_UNITS})(?:'?s)?\b(?:'? time)?"
            r"(?P<away_en_half> and a half\b)?"
            rf"|\b(?P<away_on>half an|{_EN}(?: and a half)?) (?P<away_on_unit>{_UNITS})s? from (?:now|today)\b"
            rf"|(?P<away_over>再?过)?(?P<away_zh>半|\d\.5|{_N})个?(?P<away_zh_half>半)?(?P<away_zh_unit>小时|钟头|"
            rf"分钟|刻钟|天|周|"
            rf"星期|礼拜|(?<=个)月)"
            r"(?:(?:之|以)?(?P<away_zh_how>后|内)|(?(away_over)|(?!))))",
            r"(?P<dmy>(?<![\d/.])(?P<dmy_a>\d{1,2})[/.](?P<dmy_b>\d{1,2})[/.](?P<dmy_y>20\d\d)(?!\d))",
            r"(?P<iso>(?P<iso_y>20\d\d)[-/.年] ?(?P<iso_m>\d{1,2})[-/.月] ?(?P<iso_d>\d{1,2})[日号]?t?)",
            rf"(?P<md>(?P<md_m>{_N})月(?P<md_d>{_N})[日号]?)",
            rf"(?P<dash>(?<![\d:-])(?P<dash_m>1[0-2]|"
            rf"0?[1-9])-(?P<dash_d>\d{{1,2}})(?=\s?(?:{'|'.join(_PART_BEFORE)})?\s?{_N}[点时:]))",
            r"(?P<mpart>(?P<mpart_next>下个?)?(?:本|这个)?月(?P<mpart_part>初|中旬?|底|末))",
            rf"(?P<mday>(?P<mday_month>下个?月|这个月|本月)?(?P<mday_d>{_N})(?:号|日)(?![楼院线门店房栋幢单机工]))",
            seasons.PATTERN,
            r"(?P<slash>(?<![\d:.])(?P<slash_a>\d{1,2})[/.](?P<slash_b>\d{1,2})[日号]?(?![\d/]|\.\d)(?!\s?[ap]\.?m\b|"
            r"\s?小时|\s?个))",
            rf"(?P<mon>(?P<mon_name>{_MONTH})\.? (?:the )?(?P<mon_d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? 20\d\d\b)?)",
            rf"(?P<dmon>\b(?P<dmon_d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<dmon_name>{_MONTH})\b\.?(?:,? 20\d\d\b)?)",
            r"(?P<nth>\bthe (?P<nth_d>\d{1,2})(?:st|nd|rd|th)\b)",
            rf"(?P<rel>\b(?:the )?day after (?:{_TOMORROW})\b|\b(?:{_TOMORROW})\b"
            r"|大后天|后[天日]|明[天日儿]|明(?=[早晚上下中凌傍])|今[天日儿]|今(?=[早晚夜])|昨[天日]|前天"
            r"|\btoday\b|\byesterday\b)",
            r"(?P<few>这[一两几]{1,2}天)",
            r"(?P<wspan>(?P<wspan_which>下下|下|这|本)个?(?:周|星期|礼拜)(?![一二三四五六日天末1-7]))",
            r"(?P<both>(?:周|星期|礼拜)六日|双休日)",
            r"(?P<wk>(?P<wk_which>下下|下|这|本|上)?个?(?:周|星期|礼拜)(?P<wk_day>[一二三四五六日天末1-7]))",
            rf"(?P<wd>(?:\b(?P<wd_which>next|this|coming|last) )?\b(?P<wd_name>{_WEEKDAY}|weekend)\b"
            r"(?: (?P<wd_half>[ap])m\b)?)",
            r"(?P<approx>(?P<approx_zh>一两|一二|两三|二三|三四|四五|五六|六七|七八|八九|九十)(?=点)|"
            r"(?P<approx_a>\d),(?P<approx_b>\d{1,2})(?=点))",
            rf"(?P<less>差(?P<less_m>一刻|{_N}分)(?:钟|到)?(?P<less_h>{_N})点)",
            rf"(?P<clock>(?P<h>{_N})(?:点钟|点整|点|时(?!候|间))(?:(?P<half>半)|(?P<quarter>[一三1 3])刻|"
            rf"(?P<m>{_N})分?)?)",
            r"(?P<hm>(?<![\d.])(?P<hm_h>\d{1,2}):(?P<hm_m>\d\d)(?::\d\d)?(?:\s?(?P<hm_ap>[ap])\.?m\b\.?)?)",
            r"(?P<dot>(?<![\d.])(?P<dot_h>\d{1,2})\.(?P<dot_m>[0-5]\d)\s?(?P<dot_ap>[ap])\.?m\b\.?)",
            r"(?P<hours>\b(?P<hours_h>[01]?\d|2[0-4])(?:h(?P<hours_m>[0-5]\d)?|(?P<hours_mm>[0-5]\d) ?(?:hrs?|"
            r"hours))\b)",
            rf"(?P<past>\b(?P<past_what>half|(?:a )?quarter|five|ten|twenty|twenty[- ]five|\d{{1,2}}(?= min))"
            rf"(?: min(?:ute)?s?)? (?P<past_way>past|to) "
            rf"(?P<past_h>{_EN})(?:\s?(?P<past_ap>[ap])\.?m\b\.?|\b))",
            rf"(?P<british>\bhalf (?P<british_h>{_EN})\b(?! (?:hour|day)))",
            r"(?P<ish>\b(?P<ish_h>\d{1,2})(?::(?P<ish_m>\d\d))?[ -]?ish\b)",
            rf"(?P<inthe>\b(?P<inthe_h>{_EN})(?: o'clock)? in the (?P<inthe_part>morning|afternoon|evening)\b)",
            rf"(?P<ap>\b(?P<ap_h>{_EN})\s?(?P<ap_ap>[ap])\.?m\b\.?)",
            rf"(?P<oclock>\b(?P<oclock_h>{_EN}) o'clock)",
            rf"(?P<at>\b(?:(?P<at_way>after|before|by)|at|about|around) (?P<at_h>{_EN})\b"
            rf"(?:\.(?P<at_m>[0-5]\d)\b)?{_NOT_A_TIME})",
            r"(?P<midnight>\bmidnight\b)",
            r"(?P<eod>\b(?:by )?(?:eod|end of (?:the )?(?:business )?day)\b)",
            r"(?P<off>下班|\bclose of business\b|\bcob\b|\bafter work\b)",
            r"(?P<early>\bearly\b)",
            r"(?P<mid>\bmid(?:dle of the)?[- ]?(?=morning|afternoon|evening))",
            r"(?P<late>\blate\b)",
            r"(?P<loose>每[天晚周个]|平时|平日|工作日|除了|[正腊]月|大?年?初[一二三四五六七八九十]"
            r"|\b(?:weekdays?|every|each|(?:morning|afternoon|evening|night|weekend)s|lunch|easter)\b|\bweek on\b"
            r"|\b\w+day week\b)",
            rf"(?P<part>{'|'.join(p for p in PARTS if not p.isascii() and p != '晚')}|晚(?!点)"
            rf"|\b(?:{'|'.join(p for p in PARTS if p.isascii())})\b)",
            r"(?P<or>还是|或者?|\bor\b)",
            r"(?P<to>到|至|[-~]|\bto\b|\buntil\b|\btill\b|\band\b)",
            r"(?P<before>(?:之|以)?(?<!提)前(?!天|台|面|门)|\bbefore\b|\bby\b)",
            r"(?P<after>(?:之|以)后|后(?![天日门面勤])|\bafter\b|\bfrom\b(?= \d{1,2}(?:[ap:]|$)))",
            r"(?P<free>随时|都行|都可以|都有空|都方便|全天|\bany ?time\b|\bwhenever\b|\ball day\b)",
            r"(?P<vague>过[几两]天|改天|有空|一会儿?|待会儿?|等会儿?|晚点|尽快|同一时间|老时间"
            r"|\blater\b|\bsoon\b|\bsome ?(?:day|time)\b|\bas soon as possible\b|\basap\b|\bsame time\b)",
            r"(?P<bare>(?<![\d.])(?P<bare_h>\d{1,2})(?=\s?(?:-|~|到|至|to\b|and\b|until\b)\s?\d{1,2}"
            r"\s?(?:[点时:]|[ap]\.?m\b)))",
            r"(?P<range>(?<![\d/.:-])(?P<range_a>\d{1,2})\s?(?:-|~|to|到|至)\s?(?P<range_b>\d{1,2})"
            r"(?![\d/.:-]|\s?(?:[点时号日月栋幢楼层室单天个人分]|[ap]\.?m\b|people|days?|hours?|min|week|rooms?)))",
            r"(?P<span>\b(?:between|from) (?P<span_a>\d{1,2}) (?:and|to|until) (?P<span_b>\d{1,2})\b"
            r"(?!\s?(?:[点时:/]|[ap]\.?m\b)))",
        )
    )
)


def read_tokens(clause: str, now: datetime) -> Iterator[Token]:
    for _, _, tokens in read_pieces(clause, now):
        yield from tokens


def read_pieces(clause: str, now: datetime) -> Iterator[tuple[int, int, list[Token]]]:
    """Yield where each piece of a clause that was read begins and ends, with its tokens."""
    for match in _SCAN.finditer(clause):
        read = next(reader for name, reader in _READERS.items() if match[name] is not None)
        found = read(match, now)
        yield (
            match.start(),
            match.end(),
            [token for token in (found if isinstance(found, list) else [found]) if token is not None],
        )


_DOTTED: Final = regex(r"(?P<h>\d{1,2})\.(?P<m>[0-5][05])")
_BESIDE: Final = regex(r"[\s,@]{0,3}(?:(?:at|on|for|from|about|around) )?[的在约]?")
_MONEY: Final = tuple("£$€¥￥")
_DOTS_ARE_TIMES: Final = (
    "Europe/London", "Europe/Dublin", "Europe/Belfast", "Africa/Johannesburg", "America/", "Australia/", "Canada/", "US/", "GB",
    "Eire", "NZ", "Pacific/Auckland",
)  # fmt: skip
"""Where a day is hardly ever written with dots, unless Chinese is spoken there."""


def with_colons(said: str, now: datetime) -> str:
    """Return folded words with the times of day that are written with a dot, "fri 9.30", written with a colon instead.

    Beside a word for a day or a part of it such a number is a time, unless it is that very day: "fri 27.11", "周一 11.30".
    """
    zone = str(getattr(now.tzinfo, "key", ""))
    anywhere = zone.startswith(_DOTS_ARE_TIMES) and not any("一" <= char <= "鿿" for char in said)
    pieces = [piece for piece in read_pieces(said, now) if piece[2]] if "." in said else []
    dots: list[int] = []
    for at, (begin, end, _) in enumerate(pieces):
        number = _DOTTED.fullmatch(said[begin:end])
        if number is None or int(number["h"]) > 23 or said[:begin].rstrip().endswith(_MONEY):
            continue
        beside = [*_beside(said, pieces, at, -1), *_beside(said, pieces, at, 1)]
        if _is_that_day(int(number["h"]), int(number["m"]), beside, now):
            continue
        joined = bool(dots) and said[dots[-1] + 3 : begin].strip() in (
            "-",
            "~",
            "to",
            "until",
            "till",
            "and",
            "到",
            "至",
        )
        if beside or joined or anywhere:
            dots.append(begin + len(number["h"]))
    return "".join(":" if at in dots else char for at, char in enumerate(said)) if dots else said


_NEAR: Final = timedelta(days=45)


def _is_that_day(first: int, second: int, beside: list[Token], now: datetime) -> bool:
    """Say whether two numbers, read as a day, are one of the days beside them; of those named by the week, in some weeks."""
    dates = [day for pair in ((first, second), (second, first)) if (day := _ahead(*pair, now)) is not None]
    for first_day, last_day, weekday in ((*token.days, token.weekday) for token in beside if token.days):
        for day in dates:
            if first_day <= day <= last_day or (
                weekday and day - now.date() <= _NEAR and day.weekday() in (first_day.weekday(), last_day.weekday())
            ):
                return True
    return False


def _beside(said: str, pieces: list[tuple[int, int, list[Token]]], at: int, step: int) -> list[Token]:
    """Return the days and parts of days that stand right before a number, or the day right behind it; dotted ones are none."""
    found: list[Token] = []
    wanted = {Kind.DAY, Kind.PART} if step < 0 else {Kind.DAY}
    while 0 <= at + step < len(pieces):
        (_, left, _), (right, _, _) = sorted((pieces[at], pieces[at + step]))
        begin, end, tokens = pieces[at := at + step]
        if not _BESIDE.fullmatch(said[left:right]) or "." in said[begin:end]:
            break
        if not {token.kind for token in tokens} <= wanted:
            break
        found += tokens
    return found


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _ahead(month: int, day: int, now: datetime) -> date | None:
    """Return the next such day, this year's or the next's."""
    this = _day(now.year, month, day)
    if this is not None and this >= now.date():
        return this
    later = (_day(now.year + years, month, day) for years in range(1, 9))  # 29 February comes every fourth, or eighth
    return next((found for found in later if found is not None), this)


def on(day: date | None, *, sure: bool = True, last: date | None = None, weekday: bool = False) -> Token:
    return Token(Kind.DAY, days=(day, last or day) if day else None, sure=sure, weekday=weekday)


def _iso(match: re.Match[str], _now: datetime) -> Token:
    return on(_day(int(match["iso_y"]), int(match["iso_m"]), int(match["iso_d"])))


def _month_day(match: re.Match[str], now: datetime) -> Token:
    return on(_ahead(_number(match["md_m"]), _number(match["md_d"]), now))


def _span(match: re.Match[str], _now: datetime) -> list[Token | None]:
    return [_clock(int(match["span_a"]), 0), Token(Kind.TO), _clock(int(match["span_b"]), 0)]


def _day_of_month(match: re.Match[str], now: datetime) -> Token:
    day, month = _number(match["mday_d"]), now.month
    if (match["mday_month"] or "").startswith("下"):
        return on(_day(now.year + (month == 12), month % 12 + 1, day))
    return on(_next_such_day(day, now))


def _next_such_day(day: int, now: datetime) -> date | None:
    this = _day(now.year, now.month, day)
    if this is not None and this >= now.date():
        return this
    return _day(now.year + (now.month == 12), now.month % 12 + 1, day)


def _day_month_year(match: re.Match[str], _now: datetime) -> Token:
    first, second, year = int(match["dmy_a"]), int(match["dmy_b"]), int(match["dmy_y"])
    if first > 12:
        return on(_day(year, second, first))
    return on(_day(year, first, second), sure=second > 12 or first == second)


def _dashed(match: re.Match[str], now: datetime) -> Token:
    return on(_ahead(int(match["dash_m"]), int(match["dash_d"]), now))


def _month_part(match: re.Match[str], now: datetime) -> Token:
    """The first, the middle or the last five days of a month, the next that is not over; which of them must be asked."""
    months = 1 if match["mpart_next"] else 0
    while True:
        first = _first_of(now.date(), months)
        days = {"初": (0, 4), "中": (12, 16)}.get(match["mpart_part"][0])
        begin, end = (first + timedelta(days=each) for each in days) if days else _last_five(first)
        if end >= now.date():
            return on(max(begin, now.date()), last=end, sure=False)
        months += 1


def _first_of(day: date, months: int) -> date:
    count = day.month - 1 + months
    return date(day.year + count // 12, count % 12 + 1, 1)


def _last_five(first: date) -> tuple[date, date]:
    end = _first_of(first, 1) - timedelta(days=1)
    return end - timedelta(days=4), end


def _season(match: re.Match[str], now: datetime) -> list[Token | None]:
    season = seasons.read(match, now.date())
    if season is None:
        return [Token(Kind.LOOSE)]
    days = on(season.last if season.before else season.first, last=season.last, sure=season.sure)
    return [days, Token(Kind.BEFORE)] if season.before else [days]


def _few_days(match: re.Match[str], now: datetime) -> Token:
    length = 2 if "几" in match["few"] else 1
    return on(now.date(), last=now.date() + timedelta(days=length), sure=False)


def _week_span(match: re.Match[str], now: datetime) -> Token:
    monday = _monday(now) + timedelta(days=7 * {"下下": 2, "下": 1}.get(match["wspan_which"], 0))
    return on(max(monday, now.date()), last=monday + timedelta(days=6), sure=False)


def _slash(match: re.Match[str], now: datetime) -> Token | None:
    first, second = int(match["slash_a"]), int(match["slash_b"])
    if "." in match[0] and (second > 31 or (first > 12 and second > 12)):
        return _clock(first, second, full=True)  # "17.30"
    if first > 12:
        return on(_ahead(second, first, now))
    chinese = any("一" <= char <= "鿿" for char in match.string)
    return on(_ahead(first, second, now), sure=chinese or second > 12 or first == second)


def _month_name(name: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def _month_first(match: re.Match[str], now: datetime) -> Token:
    return on(_ahead(_month_name(match["mon_name"]), int(match["mon_d"]), now))


def _day_first(match: re.Match[str], now: datetime) -> Token:
    return on(_ahead(_month_name(match["dmon_name"]), int(match["dmon_d"]), now))


def _nth(match: re.Match[str], now: datetime) -> Token:
    return on(_next_such_day(int(match["nth_d"]), now))


def _relative(match: re.Match[str], now: datetime) -> Token:
    word = match["rel"]
    if "after" in word:
        days = 2
    elif word.startswith("大后"):
        days = 3
    else:
        days = {"后": 2, "明": 1, "t": 1, "2": 1, "今": 0, "昨": -1, "前": -2, "y": -1}[word[0]]
    return on(now.date() + timedelta(days=0 if word == "today" else days))


def _week(match: re.Match[str], now: datetime) -> Token:
    day = match["wk_day"]
    number = {"日": 6, "天": 6, "7": 6, "末": 5}.get(day)
    number = "一二三四五六".index(day) if number is None and day in "一二三四五六" else number
    number = int(day) - 1 if number is None else number
    weeks = {"下下": 2, "下": 1, "上": -1}.get(match["wk_which"] or "", 0)
    begins = _monday(now) + timedelta(days=7 * weeks + number)
    last = begins + timedelta(days=1) if day == "末" else begins
    if match["wk_which"] is None and last < now.date():
        begins, last = begins + timedelta(days=7), last + timedelta(days=7)
    return on(begins, last=last, weekday=match["wk_which"] is None)


def _monday(now: datetime) -> date:
    return now.date() - timedelta(days=now.weekday())


def _weekday(match: re.Match[str], now: datetime) -> list[Token | None]:
    half = {"a": PARTS["morning"], "p": PARTS["afternoon"]}.get(match["wd_half"] or "")
    day = _named_day(match, now)
    return [day, Token(Kind.PART, part=half)] if half else [day]


def _named_day(match: re.Match[str], now: datetime) -> Token:
    name, which = match["wd_name"], match["wd_which"]
    number = 5 if name == "weekend" else next(n for n, day in enumerate(_WEEKDAYS) if day.startswith(name[:3]))
    length = timedelta(days=1 if name == "weekend" else 0)
    this = _monday(now) + timedelta(days=number)
    if which == "last":
        return on(this - timedelta(days=7), last=this - timedelta(days=7) + length)
    if which == "next":
        # Said on a Monday, "next Friday" is the one of this week to some and of the following one to others.
        return on(this + timedelta(days=7), last=this + timedelta(days=7) + length, sure=this <= now.date())
    if this + length < now.date():
        this += timedelta(days=7)
    return on(this, last=this + length, weekday=which is None)


def _both(_match: re.Match[str], now: datetime) -> Token:
    saturday = _monday(now) + timedelta(days=5)
    return on(saturday, last=saturday + timedelta(days=1))


_IN_DAYS: Final = {"day": 1, "week": 7, "fortnight": 14, "month": 30}


def _away(match: re.Match[str], now: datetime) -> Token | None:
    if match["away_zh"] is not None:
        said, unit = (
            match["away_zh"],
            {"小": "hour", "钟": "hour", "分": "minute", "刻": "quarter", "天": "day", "月": "month"}.get(
                match["away_zh_unit"][0], "week"
            ),
        )
        amount = 0.5 if said == "半" else float(said) if "." in said else float(_number(said))
        amount += 0.5 if match["away_zh_half"] else 0.0
        within = match["away_zh_how"] == "内"
    else:
        said, unit = match["away_en"] or match["away_on"], match["away_en_unit"] or match["away_on_unit"]
        word = said.removesuffix(" and a half")
        amount = 0.5 if word == "half an" else float(word) if "." in word else float(_number(word))
        amount += 0.5 if said.endswith("and a half") or match["away_en_half"] else 0.0
        unit, within = {"min": "minute", "hr": "hour"}.get(unit, unit), match["away_en_how"] == "within"
    if unit in _IN_DAYS:
        day = now.date() + timedelta(days=int(amount * _IN_DAYS[unit]))
        return Token(Kind.DAY, days=(now.date() if within else day, day))
    minutes = {"hour": 60, "quarter": 15}.get(unit, 1)
    return Token(Kind.AWAY, away=timedelta(minutes=amount * minutes), sure=not within)


def _clock(hour: int, minute: int, half_day: str | None = None, *, full: bool = False) -> Token | None:
    """A time of day. half_day: "a" or "p". full: written as 15:00, where 03:00 would be written for the night."""
    if half_day and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half_day == "p" else 0)
        return Token(Kind.CLOCK, minutes=hour * 60 + minute) if minute < 60 else None
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    return Token(Kind.CLOCK, minutes=hour * 60 + minute, sure=full or hour == 0 or hour > 7)


def _chinese_clock(match: re.Match[str], _now: datetime) -> Token | None:
    quarter = match["quarter"]
    minute = 30 if match["half"] else {"一": 15, "1": 15, "三": 45, "3": 45}.get(quarter or "", 0)
    if match["m"]:
        minute = _number(match["m"])
    return _clock(_number(match["h"]), minute)


def _digital(match: re.Match[str], _now: datetime) -> Token | None:
    padded = len(match["hm_h"]) == 2 or int(match["hm_h"]) > 7
    return _clock(int(match["hm_h"]), int(match["hm_m"]), match["hm_ap"], full=padded)


_MINUTES: Final = {"half": 30, "quarter": 15, "a quarter": 15, "five": 5, "ten": 10, "twenty": 20, "twenty five": 25,
                   "twenty-five": 25}  # fmt: skip


def _past(match: re.Match[str], _now: datetime) -> Token | None:
    what = match["past_what"]
    minutes = int(what) if what.isdigit() else _MINUTES[what]
    hour = _number(match["past_h"])
    if match["past_way"] == "to":
        hour, minutes = (hour - 1) % 24, 60 - minutes
    return _clock(hour, minutes, match["past_ap"])


def _to_the_hour(match: re.Match[str], _now: datetime) -> Token | None:
    said = match["less_m"]
    minutes = 15 if said == "一刻" else _number(said[:-1])
    return _clock((_number(match["less_h"]) - 1) % 24, 60 - minutes) if 0 < minutes < 60 else None


def _either(match: re.Match[str], _now: datetime) -> list[Token | None]:
    """ "三四点": one of two, and the second one's own word follows."""
    pair = match["approx_zh"]
    return [_clock(_number(pair[0] if pair else match["approx_a"]), 0), Token(Kind.LOOSE)]


def _at_hour(match: re.Match[str], _now: datetime) -> list[Token | None]:
    way = {"after": Kind.AFTER, "before": Kind.BEFORE, "by": Kind.BEFORE}.get(match["at_way"] or "")
    clock = _clock(_number(match["at_h"]), int(match["at_m"] or 0))
    return [Token(way), clock] if way else [clock]


def _hour_in_part(match: re.Match[str], _now: datetime) -> list[Token | None]:
    return [Token(Kind.PART, part=PARTS[match["inthe_part"]]), _clock(_number(match["inthe_h"]), 0)]


def _two_numbers(match: re.Match[str], _now: datetime) -> list[Token | None]:
    clocks = [_clock(int(match[name]), 0) for name in ("range_a", "range_b")]
    if None in clocks:
        return []
    first, last = (replace(clock, weak=True) for clock in clocks if clock is not None)
    return [first, Token(Kind.TO), last]


def _end_of_day(_match: re.Match[str], _now: datetime) -> list[Token | None]:
    return [Token(Kind.CLOCK, minutes=_OFF), Token(Kind.BEFORE)]


def _part(match: re.Match[str], _now: datetime) -> Token:
    return Token(Kind.PART, part=PARTS[match["part"]])


_Reader = Callable[[re.Match[str], datetime], Token | list[Token | None] | None]


def _word(kind: Kind) -> _Reader:
    return lambda _match, _now: Token(kind)


_READERS: Final[dict[str, _Reader]] = {
    "away": _away, "iso": _iso, "md": _month_day, "mday": _day_of_month, "slash": _slash, "mon": _month_first,
    "dmon": _day_first, "nth": _nth, "rel": _relative, "wk": _week, "wd": _weekday, "both": _both, "clock": _chinese_clock,
    "hm": _digital, "past": _past, "part": _part, "dmy": _day_month_year, "dash": _dashed, "mpart": _month_part,
    "season": _season, "few": _few_days, "wspan": _week_span, "approx": _either, "less": _to_the_hour, "inthe": _hour_in_part,
    "range": _two_numbers, "eod": _end_of_day,
    "dot": lambda match, _now: _clock(int(match["dot_h"]), int(match["dot_m"]), match["dot_ap"]),
    "hours": lambda match, _now: _clock(int(match["hours_h"]), int(match["hours_m"] or match["hours_mm"] or 0), full=True),
    "british": lambda match, _now: _clock(_number(match["british_h"]), 30),
    "ish": lambda match, _now: _clock(int(match["ish_h"]), int(match["ish_m"] or 0)),
    "ap": lambda match, _now: _clock(_number(match["ap_h"]), 0, match["ap_ap"]),
    "oclock": lambda match, _now: _clock(_number(match["oclock_h"]), 0),
    "at": _at_hour,
    "span": _span,
    "bare": lambda match, _now: _clock(int(match["bare_h"]), 0),
    "off": lambda _match, _now: Token(Kind.CLOCK, minutes=_OFF),
    "midnight": lambda _match, _now: Token(Kind.CLOCK, minutes=24 * 60),
} | {
    kind.value: _word(kind)
    for kind in (
        Kind.TO, Kind.OR, Kind.BEFORE, Kind.AFTER, Kind.FREE, Kind.VAGUE, Kind.LOOSE, Kind.EARLY, Kind.MID, Kind.LATE,
    )
}  # fmt: skip
