"""When somebody means: "明天下午三点", "周六上午", "next Tuesday 3pm". A pure function; `now` is handed in.

Texts are read as visits are arranged: in waking hours, ahead of us. What can be meant in two ways is answered with the likelier
one and `ask`; whatever is understood is shown to the person as an absolute time before it counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.grammar.folding import normalise


@dataclass(frozen=True, slots=True)
class When:
    """A moment (`end` None), or a span up to `end`, both in the zone of `now`. Both None: no time was understood.

    ask: the person must be asked which is meant, or to say more.
    """

    start: datetime | None = None
    end: datetime | None = None
    ask: bool = True


class _Kind(StrEnum):
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
class _Token:
    """A piece that was understood. days: first and last day, None where there is no such day. part: hours from, to. minutes: of
    the day. sure: it cannot be meant in another way. away: from now. weekday: the days were named by the week; a
    date goes before that. weak: a time only beside a day, for else it may be any two numbers.
    """

    kind: _Kind
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
    r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
# From when to when a part of the day lasts, in hours.
_PARTS: Final = {
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
_NOT_A_TIME: Final = (
    r"(?!\s?(?:st|nd|rd|th|[ap]\.?m\b|%|people|persons?|times|rooms?|min|hour|hr|day|week|month|year|[:./-]\d|\d))"
)
_SCAN: Final = re.compile(
    "|".join(
        (
            rf"(?P<away>\b(?P<away_en_how>in|after|within) (?:about |around )?(?P<away_en>half an|{_EN}(?: and a half)?|\d\.5)"
            r" (?P<away_en_unit>minute|min|hour|hr|day|week)s?\b(?P<away_en_half> and a half\b)?"
            rf"|\b(?P<away_on>half an|{_EN}(?: and a half)?) (?P<away_on_unit>minute|min|hour|hr|day|week)s? from now\b"
            rf"|(?P<away_over>再?过)?(?P<away_zh>半|\d\.5|{_N})个?(?P<away_zh_half>半)?(?P<away_zh_unit>小时|钟头|分钟|刻钟|天|周|星期|礼拜)"
            r"(?:(?:之|以)?(?P<away_zh_how>后|内)|(?(away_over)|(?!))))",
            r"(?P<dmy>(?<![\d/.])(?P<dmy_a>\d{1,2})[/.](?P<dmy_b>\d{1,2})[/.](?P<dmy_y>20\d\d)(?!\d))",
            r"(?P<iso>(?P<iso_y>20\d\d)[-/.年] ?(?P<iso_m>\d{1,2})[-/.月] ?(?P<iso_d>\d{1,2})[日号]?t?)",
            rf"(?P<md>(?P<md_m>{_N})月(?P<md_d>{_N})[日号]?)",
            rf"(?P<dash>(?<![\d:-])(?P<dash_m>1[0-2]|0?[1-9])-(?P<dash_d>\d{{1,2}})(?=\s?(?:{'|'.join(_PART_BEFORE)})?\s?{_N}[点时:]))",
            r"(?P<mpart>(?P<mpart_next>下个?)?(?:本|这个)?月(?P<mpart_part>初|中旬?|底|末))",
            rf"(?P<mday>(?P<mday_month>下个?月|这个月|本月)?(?P<mday_d>{_N})(?:号|日)(?![楼院线门店房栋幢单机工]))",
            r"(?P<slash>(?<![\d:.])(?P<slash_a>\d{1,2})[/.](?P<slash_b>\d{1,2})[日号]?(?![\d/]|\.\d)(?!\s?[ap]\.?m\b|\s?小时|\s?个))",
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
            rf"(?P<wd>(?:\b(?P<wd_which>next|this|coming|last) )?\b(?P<wd_name>{_WEEKDAY}|weekend)\b)",
            r"(?P<approx>(?P<approx_zh>一两|一二|两三|二三|三四|四五|五六|六七|七八|八九|九十)(?=点)|(?P<approx_a>\d),(?P<approx_b>\d{1,2})(?=点))",
            rf"(?P<less>差(?P<less_m>一刻|{_N}分)(?:钟|到)?(?P<less_h>{_N})点)",
            rf"(?P<clock>(?P<h>{_N})(?:点钟|点整|点|时(?!候|间))(?:(?P<half>半)|(?P<quarter>[一三1 3])刻|(?P<m>{_N})分?)?)",
            r"(?P<hm>(?<![\d.])(?P<hm_h>\d{1,2}):(?P<hm_m>\d\d)(?::\d\d)?(?:\s?(?P<hm_ap>[ap])\.?m\b\.?)?)",
            r"(?P<dot>(?<![\d.])(?P<dot_h>\d{1,2})\.(?P<dot_m>[0-5]\d)\s?(?P<dot_ap>[ap])\.?m\b\.?)",
            r"(?P<hours>\b(?P<hours_h>[01]?\d|2[0-4])(?:h(?P<hours_m>[0-5]\d)?|(?P<hours_mm>[0-5]\d) ?(?:hrs?|hours))\b)",
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
            r"(?P<loose>每[天晚周个]|平时|平日|工作日|除了|[正腊]月|大?年?初[一二三四五六七八九十]|春节|元旦|中秋|国庆|过年|年[前后底]|过完年"
            r"|\b(?:weekdays?|every|each|(?:morning|afternoon|evening|night|weekend)s|lunch|easter|christmas)\b|\bweek on\b"
            r"|\b\w+day week\b)",
            rf"(?P<part>{'|'.join(p for p in _PARTS if not p.isascii() and p != '晚')}|晚(?!点)"
            rf"|\b(?:{'|'.join(p for p in _PARTS if p.isascii())})\b)",
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
_HALF_OF_DAY: Final = re.compile(r"(?<![a-z])([ap])\. ?m\b\.?")
_CLAUSE: Final = re.compile(r"[,.;!?\n](?!\d)")
_CANNOT: Final = re.compile(
    # "能不能", "行不行" ask, and refuse nothing.
    r"(?<!行)不行|(?<!在)不在|没空|没时间|(?<!方)不方便|(?<!可)不可以|(?<!能)不能|(?<!要)不要|去不了|来不了|(?<!对)不对|(?<!是)不是"
    r"|\bnot\b|\bno\b|can't|cannot|won't|n't\b|\bbusy\b|\bexcept\b"
)


def spoken(text: str, now: datetime, *, day: date | None = None) -> When:
    """Return when `text` means. now: aware; its zone is the one in which the person speaks. day: the one that is
    being spoken of, meant where the words name none.
    """
    said = _HALF_OF_DAY.sub(r"\1m ", normalise(text)[:500])
    clauses = [part for part in _CLAUSE.split(said) if part.strip()]
    # "明天不行, 后天下午三点": what is refused is not what is meant.
    meant = [clause for clause in clauses if not _CANNOT.search(clause)]
    tokens = [token for clause in meant for token in _tokens(clause, now)]
    if not any(token.kind is _Kind.DAY for token in tokens):
        tokens = [*_day_refused_in_part(clauses, meant, now), *tokens]
    if not any(token.kind in (_Kind.DAY, _Kind.PART) for token in tokens) and day is None:
        tokens = [token for token in tokens if not token.weak]
    if day is not None and tokens and not any(token.kind in (_Kind.DAY, _Kind.AWAY, _Kind.FREE) for token in tokens):
        tokens.insert(0, _on(day))
    return _read(tokens, now)


def _day_refused_in_part(clauses: Sequence[str], meant: Sequence[str], now: datetime) -> list[_Token]:
    """ "明天上午没空，下午三点可以": the day of the part that is refused is the day of what is meant."""
    for clause in clauses:
        if clause not in meant:
            tokens = list(_tokens(clause, now))
            days = [token for token in tokens if token.kind is _Kind.DAY]
            if len(days) == 1 and any(token.kind in (_Kind.PART, _Kind.CLOCK) for token in tokens):
                return days
    return []


def _tokens(clause: str, now: datetime) -> Iterator[_Token]:
    for match in _SCAN.finditer(clause):
        read = next(reader for name, reader in _READERS.items() if match[name] is not None)
        found = read(match, now)
        yield from (token for token in (found if isinstance(found, list) else [found]) if token is not None)


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


def _on(day: date | None, *, sure: bool = True, last: date | None = None, weekday: bool = False) -> _Token:
    return _Token(_Kind.DAY, days=(day, last or day) if day else None, sure=sure, weekday=weekday)


def _iso(match: re.Match[str], _now: datetime) -> _Token:
    return _on(_day(int(match["iso_y"]), int(match["iso_m"]), int(match["iso_d"])))


def _month_day(match: re.Match[str], now: datetime) -> _Token:
    return _on(_ahead(_number(match["md_m"]), _number(match["md_d"]), now))


def _span(match: re.Match[str], _now: datetime) -> list[_Token | None]:
    return [_clock(int(match["span_a"]), 0), _Token(_Kind.TO), _clock(int(match["span_b"]), 0)]


def _day_of_month(match: re.Match[str], now: datetime) -> _Token:
    day, month = _number(match["mday_d"]), now.month
    if (match["mday_month"] or "").startswith("下"):
        return _on(_day(now.year + (month == 12), month % 12 + 1, day))
    return _on(_next_such_day(day, now))


def _next_such_day(day: int, now: datetime) -> date | None:
    this = _day(now.year, now.month, day)
    if this is not None and this >= now.date():
        return this
    return _day(now.year + (now.month == 12), now.month % 12 + 1, day)


def _day_month_year(match: re.Match[str], _now: datetime) -> _Token:
    first, second, year = int(match["dmy_a"]), int(match["dmy_b"]), int(match["dmy_y"])
    if first > 12:
        return _on(_day(year, second, first))
    return _on(_day(year, first, second), sure=second > 12 or first == second)


def _dashed(match: re.Match[str], now: datetime) -> _Token:
    return _on(_ahead(int(match["dash_m"]), int(match["dash_d"]), now))


def _month_part(match: re.Match[str], now: datetime) -> _Token:
    """The first, the middle or the last five days of a month, the next that is not over; which of them must be asked."""
    months = 1 if match["mpart_next"] else 0
    while True:
        first = _first_of(now.date(), months)
        days = {"初": (0, 4), "中": (12, 16)}.get(match["mpart_part"][0])
        begin, end = (first + timedelta(days=each) for each in days) if days else _last_five(first)
        if end >= now.date():
            return _on(max(begin, now.date()), last=end, sure=False)
        months += 1


def _first_of(day: date, months: int) -> date:
    count = day.month - 1 + months
    return date(day.year + count // 12, count % 12 + 1, 1)


def _last_five(first: date) -> tuple[date, date]:
    end = _first_of(first, 1) - timedelta(days=1)
    return end - timedelta(days=4), end


def _few_days(match: re.Match[str], now: datetime) -> _Token:
    length = 2 if "几" in match["few"] else 1
    return _on(now.date(), last=now.date() + timedelta(days=length), sure=False)


def _week_span(match: re.Match[str], now: datetime) -> _Token:
    monday = _monday(now) + timedelta(days=7 * {"下下": 2, "下": 1}.get(match["wspan_which"], 0))
    return _on(max(monday, now.date()), last=monday + timedelta(days=6), sure=False)


def _slash(match: re.Match[str], now: datetime) -> _Token | None:
    first, second = int(match["slash_a"]), int(match["slash_b"])
    if "." in match[0] and (second > 31 or (first > 12 and second > 12)):
        return _clock(first, second, full=True)  # "17.30"
    if first > 12:
        return _on(_ahead(second, first, now))
    chinese = any("一" <= char <= "鿿" for char in match.string)
    return _on(_ahead(first, second, now), sure=chinese or second > 12 or first == second)


def _month_name(name: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def _month_first(match: re.Match[str], now: datetime) -> _Token:
    return _on(_ahead(_month_name(match["mon_name"]), int(match["mon_d"]), now))


def _day_first(match: re.Match[str], now: datetime) -> _Token:
    return _on(_ahead(_month_name(match["dmon_name"]), int(match["dmon_d"]), now))


def _nth(match: re.Match[str], now: datetime) -> _Token:
    return _on(_next_such_day(int(match["nth_d"]), now))


def _relative(match: re.Match[str], now: datetime) -> _Token:
    word = match["rel"]
    if "after" in word:
        days = 2
    elif word.startswith("大后"):
        days = 3
    else:
        days = {"后": 2, "明": 1, "t": 1, "2": 1, "今": 0, "昨": -1, "前": -2, "y": -1}[word[0]]
    return _on(now.date() + timedelta(days=0 if word == "today" else days))


def _week(match: re.Match[str], now: datetime) -> _Token:
    day = match["wk_day"]
    number = {"日": 6, "天": 6, "7": 6, "末": 5}.get(day)
    number = "一二三四五六".index(day) if number is None and day in "一二三四五六" else number
    number = int(day) - 1 if number is None else number
    weeks = {"下下": 2, "下": 1, "上": -1}.get(match["wk_which"] or "", 0)
    on = _monday(now) + timedelta(days=7 * weeks + number)
    last = on + timedelta(days=1) if day == "末" else on
    if match["wk_which"] is None and last < now.date():
        on, last = on + timedelta(days=7), last + timedelta(days=7)
    return _on(on, last=last, weekday=match["wk_which"] is None)


def _monday(now: datetime) -> date:
    return now.date() - timedelta(days=now.weekday())


def _weekday(match: re.Match[str], now: datetime) -> _Token:
    name, which = match["wd_name"], match["wd_which"]
    number = 5 if name == "weekend" else next(n for n, day in enumerate(_WEEKDAYS) if day.startswith(name[:3]))
    length = timedelta(days=1 if name == "weekend" else 0)
    this = _monday(now) + timedelta(days=number)
    if which == "last":
        return _on(this - timedelta(days=7), last=this - timedelta(days=7) + length)
    if which == "next":
        # Said on a Monday, "next Friday" is the one of this week to some and of the following one to others.
        return _on(this + timedelta(days=7), last=this + timedelta(days=7) + length, sure=this <= now.date())
    if this + length < now.date():
        this += timedelta(days=7)
    return _on(this, last=this + length, weekday=which is None)


def _both(_match: re.Match[str], now: datetime) -> _Token:
    saturday = _monday(now) + timedelta(days=5)
    return _on(saturday, last=saturday + timedelta(days=1))


def _away(match: re.Match[str], now: datetime) -> _Token | None:
    if match["away_zh"] is not None:
        said, unit = (
            match["away_zh"],
            {"小": "hour", "钟": "hour", "分": "minute", "刻": "quarter", "天": "day"}.get(
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
    if unit in ("day", "week"):
        day = now.date() + timedelta(days=int(amount * (7 if unit == "week" else 1)))
        return _Token(_Kind.DAY, days=(now.date() if within else day, day))
    minutes = {"hour": 60, "quarter": 15}.get(unit, 1)
    return _Token(_Kind.AWAY, away=timedelta(minutes=amount * minutes), sure=not within)


def _clock(hour: int, minute: int, half_day: str | None = None, *, full: bool = False) -> _Token | None:
    """A time of day. half_day: "a" or "p". full: written as 15:00, where 03:00 would be written for the night."""
    if half_day and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half_day == "p" else 0)
        return _Token(_Kind.CLOCK, minutes=hour * 60 + minute) if minute < 60 else None
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    return _Token(_Kind.CLOCK, minutes=hour * 60 + minute, sure=full or hour == 0 or hour > 7)


def _chinese_clock(match: re.Match[str], _now: datetime) -> _Token | None:
    quarter = match["quarter"]
    minute = 30 if match["half"] else {"一": 15, "1": 15, "三": 45, "3": 45}.get(quarter or "", 0)
    if match["m"]:
        minute = _number(match["m"])
    return _clock(_number(match["h"]), minute)


def _digital(match: re.Match[str], _now: datetime) -> _Token | None:
    padded = len(match["hm_h"]) == 2 or int(match["hm_h"]) > 7
    return _clock(int(match["hm_h"]), int(match["hm_m"]), match["hm_ap"], full=padded)


_MINUTES: Final = {"half": 30, "quarter": 15, "a quarter": 15, "five": 5, "ten": 10, "twenty": 20, "twenty five": 25,
                   "twenty-five": 25}  # fmt: skip


def _past(match: re.Match[str], _now: datetime) -> _Token | None:
    what = match["past_what"]
    minutes = int(what) if what.isdigit() else _MINUTES[what]
    hour = _number(match["past_h"])
    if match["past_way"] == "to":
        hour, minutes = (hour - 1) % 24, 60 - minutes
    return _clock(hour, minutes, match["past_ap"])


def _to_the_hour(match: re.Match[str], _now: datetime) -> _Token | None:
    said = match["less_m"]
    minutes = 15 if said == "一刻" else _number(said[:-1])
    return _clock((_number(match["less_h"]) - 1) % 24, 60 - minutes) if 0 < minutes < 60 else None


def _either(match: re.Match[str], _now: datetime) -> list[_Token | None]:
    """ "三四点": one of two, and the second one's own word follows."""
    pair = match["approx_zh"]
    return [_clock(_number(pair[0] if pair else match["approx_a"]), 0), _Token(_Kind.LOOSE)]


def _at_hour(match: re.Match[str], _now: datetime) -> list[_Token | None]:
    way = {"after": _Kind.AFTER, "before": _Kind.BEFORE, "by": _Kind.BEFORE}.get(match["at_way"] or "")
    clock = _clock(_number(match["at_h"]), int(match["at_m"] or 0))
    return [_Token(way), clock] if way else [clock]


def _hour_in_part(match: re.Match[str], _now: datetime) -> list[_Token | None]:
    return [_Token(_Kind.PART, part=_PARTS[match["inthe_part"]]), _clock(_number(match["inthe_h"]), 0)]


def _two_numbers(match: re.Match[str], _now: datetime) -> list[_Token | None]:
    clocks = [_clock(int(match[name]), 0) for name in ("range_a", "range_b")]
    if None in clocks:
        return []
    first, last = (replace(clock, weak=True) for clock in clocks if clock is not None)
    return [first, _Token(_Kind.TO), last]


def _end_of_day(_match: re.Match[str], _now: datetime) -> list[_Token | None]:
    return [_Token(_Kind.CLOCK, minutes=_OFF), _Token(_Kind.BEFORE)]


def _part(match: re.Match[str], _now: datetime) -> _Token:
    return _Token(_Kind.PART, part=_PARTS[match["part"]])


_Reader = Callable[[re.Match[str], datetime], _Token | list[_Token | None] | None]


def _word(kind: _Kind) -> _Reader:
    return lambda _match, _now: _Token(kind)


_READERS: Final[dict[str, _Reader]] = {
    "away": _away, "iso": _iso, "md": _month_day, "mday": _day_of_month, "slash": _slash, "mon": _month_first,
    "dmon": _day_first, "nth": _nth, "rel": _relative, "wk": _week, "wd": _weekday, "both": _both, "clock": _chinese_clock,
    "hm": _digital, "past": _past, "part": _part, "dmy": _day_month_year, "dash": _dashed, "mpart": _month_part,
    "few": _few_days, "wspan": _week_span, "approx": _either, "less": _to_the_hour, "inthe": _hour_in_part,
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
    "off": lambda _match, _now: _Token(_Kind.CLOCK, minutes=_OFF),
    "midnight": lambda _match, _now: _Token(_Kind.CLOCK, minutes=24 * 60),
} | {
    kind.value: _word(kind)
    for kind in (
        _Kind.TO, _Kind.OR, _Kind.BEFORE, _Kind.AFTER, _Kind.FREE, _Kind.VAGUE, _Kind.LOOSE, _Kind.EARLY, _Kind.MID, _Kind.LATE,
    )
}  # fmt: skip


# ── what they mean together ───────────────────────────────────────────────────────────────────────────────────────────


_NOON: Final = _Token(_Kind.CLOCK, minutes=12 * 60)


def _read(tokens: Sequence[_Token], now: datetime) -> When:
    kinds = {token.kind for token in tokens}
    if _Kind.AWAY in kinds:
        token = next(token for token in tokens if token.kind is _Kind.AWAY)
        # Reckoned in UTC: on the night when the clocks change, two hours are two hours.
        moment = (now.astimezone(UTC) + token.away).astimezone(now.tzinfo).replace(second=0, microsecond=0)
        loose = _Kind.LOOSE in kinds or _Kind.OR in kinds
        return When(moment, ask=loose) if token.sure else When(now.replace(microsecond=0), moment, ask=loose)
    days = [token for token in tokens if token.kind is _Kind.DAY]
    days, agree = _by_the_calendar(days)
    if any(token.days is None for token in days):
        return When()  # "2月30日"
    if _Kind.CLOCK in kinds:
        tokens = [_NOON if token.part == (12, 12) else token for token in tokens]  # "10am to noon"
    clocks, sure = _clocks(tokens)
    parts = [_shifted(token.part, kinds) for token in tokens if token.kind is _Kind.PART and token.part]
    if not days and not clocks and not parts:
        any_time = _Kind.FREE in kinds and _Kind.LOOSE not in kinds
        return When(now.replace(microsecond=0), ask=False) if any_time else When()
    first, last, told = _days(days, _Kind.TO in kinds)
    ask = not (sure and told and agree) or bool(kinds & {_Kind.OR, _Kind.LOOSE}) or any(not t.sure for t in days)
    ask |= first != last and bool(clocks or parts)  # "周末上午": on which of the days?
    if clocks:
        return _at(first, clocks, kinds, now, ask)
    ask |= _Kind.VAGUE in kinds
    if parts:
        return _in_part(first, last, parts, kinds, now, ask)
    assert first is not None
    begin, end = _moment(first, 0, now), _moment(last or first, 24 * 60, now)
    if _Kind.BEFORE in kinds:
        return When(now.replace(microsecond=0), end, ask=ask) if end > now else When(begin, end)
    free = _Kind.FREE in kinds or first != last
    return _until(end, begin, now, ask or not free)


def _by_the_calendar(days: list[_Token]) -> tuple[list[_Token], bool]:
    """Return the days without the weekdays that are said beside a date, and whether they agree with it."""
    dates = [token for token in days if not token.weekday]
    weekdays = [token for token in days if token.weekday]
    if len(dates) != 1 or not weekdays or dates[0].days is None:
        return days, True
    first, last = dates[0].days
    named = {token.days[0].weekday() for token in weekdays if token.days}
    agree = first == last and named == {first.weekday()}
    return (dates, agree) if first == last else (days, True)


def _shifted(part: tuple[int, int], kinds: set[_Kind]) -> tuple[int, int]:
    """Return a part of the day as "early", "mid" or "late" makes it."""
    begins, ends = part
    if ends - begins < 3:
        return part
    if _Kind.EARLY in kinds:
        return (7, 9) if part == _PARTS["morning"] else (begins, begins + 2)
    if _Kind.LATE in kinds:
        return ends - 2, ends
    return (begins + 1, ends - 1) if _Kind.MID in kinds else part


def _clocks(tokens: Sequence[_Token]) -> tuple[list[int], bool]:
    """Return the times of day in minutes, with the part of the day that stands before each, and whether all are sure.

    Without one, one to seven o'clock is taken for the afternoon: nobody is visited at night.
    """
    part: tuple[int, int] | None = next((t.part for t in tokens if t.kind is _Kind.PART), None)
    clocks: list[int] = []
    sure, seen_part = True, part
    for token in tokens:
        if token.kind is _Kind.PART:
            seen_part = token.part
        if token.kind is not _Kind.CLOCK:
            continue
        minutes, known = token.minutes, token.sure
        if seen_part is not None and minutes <= 12 * 60:
            minutes, known = _within(minutes, seen_part), True
        elif not known and clocks and minutes <= clocks[0] <= minutes + 12 * 60:
            minutes, known = minutes + 12 * 60, True  # "11点到2点"
        elif not known and minutes < 8 * 60:
            minutes += 12 * 60
        elif known and clocks and not sure and clocks[-1] < minutes:
            sure = True  # "3-5pm": the first borrows the half of the day from the second
        clocks.append(minutes)
        sure &= known
    return clocks, sure


def _within(minutes: int, part: tuple[int, int]) -> int:
    """Return the time of day as the part of the day makes it: "下午三点" is fifteen hours, "中午一点" thirteen."""
    begins, ends = part
    if ends > 12 and minutes < 12 * 60 and minutes // 60 < begins and minutes + 12 * 60 <= max(ends, 24) * 60:
        late = begins >= 18 and minutes < 5 * 60  # "晚上一点": the night, and hardly meant
        return minutes if late else minutes + 12 * 60
    if begins >= 18 and minutes == 12 * 60:
        return 24 * 60
    return minutes


def _days(days: Sequence[_Token], joined: bool) -> tuple[date | None, date | None, bool]:
    """Return the first and the last day, and whether they were told clearly. Several days that no "to" joins are a choice."""
    spans = [token.days for token in days if token.days]
    if not spans:
        return None, None, True
    (first, last), *others = spans
    for begin, end in others:
        if joined and begin < first:
            begin, end = begin + timedelta(days=7), end + timedelta(days=7)  # "周一到周五", said on a Wednesday
        neighbours = begin == last + timedelta(days=1)
        if not joined and not neighbours and (begin, end) != (first, last):
            return first, last, False
        first, last = min(first, begin), max(last, end)
    return first, last, True


def _moment(day: date, minutes: int, now: datetime) -> datetime:
    day, minutes = (day + timedelta(days=1), minutes - 24 * 60) if minutes >= 24 * 60 else (day, minutes)
    moment = datetime.combine(day, time(minutes // 60, minutes % 60), now.tzinfo)
    # An hour that the clocks skip is told as the hour that they then show.
    return moment.astimezone(UTC).astimezone(now.tzinfo)


def _at(day: date | None, clocks: Sequence[int], kinds: set[_Kind], now: datetime, ask: bool) -> When:
    start = _moment(day or now.date(), clocks[0], now)
    if day is None and _moment(now.date(), clocks[-1], now) <= now:
        start += timedelta(days=1)
        ask = True  # "三点", said at four: tomorrow, or has somebody mistaken the time?
    ask |= day is None and len(clocks) > 1 and start < now
    end = None
    if len(clocks) > 1:
        end = _moment(start.date(), clocks[1], now)
        ask |= len(clocks) > 2 or end <= start or _Kind.TO not in kinds
    elif _Kind.BEFORE in kinds:
        start, end = max(_moment(start.date(), 0, now), now.replace(microsecond=0)), start
        ask |= end <= start
    return When(start, end if end is None or end > start else None, ask=ask or (end or start) <= now)


def _in_part(
    first: date | None,
    last: date | None,
    parts: Sequence[tuple[int, int]],
    kinds: set[_Kind],
    now: datetime,
    ask: bool,
) -> When:
    day = first or now.date()
    if _PARTS["first thing"] in parts:  # "first thing in the morning"
        parts = [_PARTS["first thing"]]
    if first is None and _moment(day, max(part[1] for part in parts) * 60, now) <= now:
        day = last = day + timedelta(days=1)
        ask |= parts[0][0] > 8  # "一早", said at noon, is tomorrow's
    begin, end = _moment(day, parts[0][0] * 60, now), _moment(last or day, parts[0][1] * 60, now)
    if len(parts) > 1:
        ask |= _Kind.TO not in kinds and parts[1] != parts[0]
        end = max(end, _moment(last or day, parts[-1][1] * 60, now)) if _Kind.TO in kinds else end
    if begin == end:  # "noon"
        if _Kind.BEFORE in kinds:
            return _until(end, _moment(day, 0, now), now, ask)
        return When(begin, ask=ask or begin <= now)
    if _Kind.BEFORE in kinds:
        return _until(begin, _moment(day, 0, now), now, ask)
    return When(begin, end, ask=ask or end <= now)


def _until(end: datetime, begin: datetime, now: datetime, ask: bool) -> When:
    """Return the span from `begin`, or from now where that is later; what lies behind us is asked about."""
    if end <= now:
        return When(begin if begin < end else None, end if begin < end else None)
    return When(max(begin, now.replace(microsecond=0)), end, ask=ask)
