"""When somebody means: "明天下午三点", "周六上午", "next Tuesday 3pm". A pure function; `now` is handed in.

Texts are read as visits are arranged: in waking hours, ahead of us. What can be meant in two ways is answered with the likelier
one and `ask`; whatever is understood is shown to the person as an absolute time before it counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece that was understood. days: first and last day, None where there is no such day. part: hours from, to. minutes: of
    the day. sure: it cannot be meant in another way. away: from now.
    """

    kind: _Kind
    days: tuple[date, date] | None = None
    part: tuple[int, int] | None = None
    minutes: int = 0
    sure: bool = True
    away: timedelta = timedelta(0)


# ── numbers and names ─────────────────────────────────────────────────────────────────────────────────────────────────

_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_N: Final = r"(?:\d{1,2}|[零〇一二两三四五六七八九十]{1,3})"
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
    "上午": (9, 12), "中午": (11, 14), "午后": (13, 18), "下午": (13, 18), "傍晚": (17, 19), "晚上": (18, 22), "晚间": (18, 22),
    "夜里": (20, 24), "晚": (18, 22), "morning": (9, 12), "noon": (12, 12), "midday": (12, 12), "lunchtime": (12, 14),
    "afternoon": (13, 18), "evening": (18, 22), "night": (18, 22), "tonight": (18, 22),
}  # fmt: skip


def _number(text: str) -> int:
    """Return the number that digits, a Chinese numeral up to 99, or an English word up to twelve spell."""
    if text.isdigit():
        return int(text)
    if text in _WORDS:
        return _WORDS[text]
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[char]) for char in text))


# ── tokens ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# The order matters where one begins like another: the longer reading stands first.
_SCAN: Final = re.compile(
    "|".join(
        (
            rf"(?P<away>(?:(?:in|after) )(?P<away_en>half an|{_EN}(?: and a half)?)"
            r" (?P<away_en_unit>minute|min|hour|hr|day|week)s?\b"
            rf"|(?P<away_zh>半|{_N})个?(?P<away_zh_half>半)?(?P<away_zh_unit>小时|钟头|分钟|天|周|星期|礼拜)(?:之|以)?(?P<away_zh_how>后|内))",
            r"(?P<iso>(?P<iso_y>20\d\d)[-/.年] ?(?P<iso_m>\d{1,2})[-/.月] ?(?P<iso_d>\d{1,2})[日号]?t?)",
            rf"(?P<md>(?P<md_m>{_N})月(?P<md_d>{_N})[日号]?)",
            rf"(?P<mday>(?P<mday_month>下个?月|这个月|本月)?(?P<mday_d>{_N})(?:号|日)(?![楼院线门店房栋幢单机工]))",
            r"(?P<slash>(?<![\d:.])(?P<slash_a>\d{1,2})[/.](?P<slash_b>\d{1,2})(?![\d/.])(?!\s?[ap]\.?m\b))",
            rf"(?P<mon>(?P<mon_name>{_MONTH})\.? (?:the )?(?P<mon_d>\d{{1,2}})(?:st|nd|rd|th)?\b)",
            rf"(?P<dmon>\b(?P<dmon_d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<dmon_name>{_MONTH})\b)",
            r"(?P<nth>\bthe (?P<nth_d>\d{1,2})(?:st|nd|rd|th)\b)",
            r"(?P<rel>大后天|后[天日]|明[天日儿]|明(?=[早晚上下中凌傍])|今[天日儿]|今(?=[早晚夜])|昨[天日]|前天"
            r"|\bday after tomorrow\b|\btomorrow\b|\btmrw?\b|\btoday\b|\byesterday\b)",
            r"(?P<both>(?:周|星期|礼拜)六日|双休日)",
            r"(?P<wk>(?P<wk_which>下下|下|这|本|上)?个?(?:周|星期|礼拜)(?P<wk_day>[一二三四五六日天末1-7]))",
            rf"(?P<wd>(?:\b(?P<wd_which>next|this|coming|last) )?\b(?P<wd_name>{_WEEKDAY}|weekend)\b)",
            rf"(?P<clock>(?P<h>{_N})(?:点钟|点整|点|时(?!候|间))(?:(?P<half>半)|(?P<quarter>[一三1 3])刻|(?P<m>{_N})分?)?)",
            r"(?P<hm>(?<![\d.])(?P<hm_h>\d{1,2}):(?P<hm_m>\d\d)(?::\d\d)?(?:\s?(?P<hm_ap>[ap])\.?m\b\.?)?)",
            rf"(?P<past>(?P<past_what>half|quarter) (?P<past_way>past|to) (?P<past_h>{_EN})(?:\s?(?P<past_ap>[ap])\.?m\b\.?)?)",
            rf"(?P<ap>\b(?P<ap_h>{_EN})\s?(?P<ap_ap>[ap])\.?m\b\.?)",
            rf"(?P<oclock>\b(?P<oclock_h>{_EN}) o'clock)",
            rf"(?P<at>\bat (?P<at_h>{_EN})\b)",
            r"(?P<midnight>\bmidnight\b)",
            r"(?P<off>下班|\bclose of business\b|\bcob\b)",
            rf"(?P<part>{'|'.join(p for p in _PARTS if not p.isascii())}"
            rf"|\b(?:{'|'.join(p for p in _PARTS if p.isascii())})\b)",
            r"(?P<or>还是|或者?|\bor\b)",
            r"(?P<to>到|至|[-~]|\bto\b|\buntil\b|\btill\b|\band\b)",
            r"(?P<before>(?:之|以)?前(?!天|台|面|门)|\bbefore\b|\bby\b)",
            r"(?P<after>(?:之|以)后|后(?![天日门面勤])|\bafter\b|\bfrom\b(?= \d{1,2}(?:[ap:]|$)))",
            r"(?P<free>随时|都行|都可以|都有空|都方便|全天|\bany ?time\b|\bwhenever\b|\ball day\b)",
            r"(?P<vague>过[几两]天|改天|有空|一会儿?|待会儿?|等会儿?|晚点|尽快|同一时间|老时间"
            r"|\blater\b|\bsoon\b|\bsome ?(?:day|time)\b|\bas soon as possible\b|\basap\b|\bsame time\b)",
            r"(?P<bare>(?<![\d.])(?P<bare_h>\d{1,2})(?=\s?(?:-|~|到|至|to\b|and\b|until\b)\s?\d{1,2}"
            r"\s?(?:[点时:]|[ap]\.?m\b)))",
            r"(?P<span>\b(?:between|from) (?P<span_a>\d{1,2}) (?:and|to|until) (?P<span_b>\d{1,2})\b"
            r"(?!\s?(?:[点时:/]|[ap]\.?m\b)))",
        )
    )
)
_CLAUSE: Final = re.compile(r"[,.;!?\n](?!\d)")
_CANNOT: Final = re.compile(
    r"不行|不在|没空|没时间|不方便|不可以|不能|去不了|来不了|不对|不是|\bnot\b|\bno\b|can't|cannot|won't|n't\b|\bbusy\b|\bexcept\b"
)


def spoken(text: str, now: datetime, *, day: date | None = None) -> When:
    """Return when `text` means. now: aware; its zone is the one in which the person speaks. day: the one that is
    being spoken of, meant where the words name none.
    """
    clauses = [part for part in _CLAUSE.split(normalise(text)[:500]) if part.strip()]
    # "明天不行, 后天下午三点": what is refused is not what is meant.
    meant = [clause for clause in clauses if not _CANNOT.search(clause)]
    tokens = [token for clause in meant for token in _tokens(clause, now)]
    if day is not None and tokens and not any(token.kind in (_Kind.DAY, _Kind.AWAY, _Kind.FREE) for token in tokens):
        tokens.insert(0, _on(day))
    return _read(tokens, now)


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
    return _day(now.year + 1, month, day) or this


def _on(day: date | None, *, sure: bool = True, last: date | None = None) -> _Token:
    return _Token(_Kind.DAY, days=(day, last or day) if day else None, sure=sure)


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


def _slash(match: re.Match[str], now: datetime) -> _Token:
    first, second = int(match["slash_a"]), int(match["slash_b"])
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
    if word == "day after tomorrow":
        days = 2
    elif word.startswith("大后"):
        days = 3
    else:
        days = {"后": 2, "明": 1, "t": 1, "今": 0, "昨": -1, "前": -2, "y": -1}[word[0]]
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
    return _on(on, last=last)


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
    return _on(this, last=this + length)


def _both(_match: re.Match[str], now: datetime) -> _Token:
    saturday = _monday(now) + timedelta(days=5)
    return _on(saturday, last=saturday + timedelta(days=1))


def _away(match: re.Match[str], now: datetime) -> _Token | None:
    if match["away_zh"] is not None:
        amount = 0.5 if match["away_zh"] == "半" else float(_number(match["away_zh"]))
        amount += 0.5 if match["away_zh_half"] else 0.0
        unit = {"小": "hour", "钟": "hour", "分": "minute", "天": "day"}.get(match["away_zh_unit"][0], "week")
        within = match["away_zh_how"] == "内"
    else:
        word = match["away_en"].removesuffix(" and a half")
        amount = 0.5 if word == "half an" else float(_number(word))
        amount += 0.5 if match["away_en"].endswith("and a half") else 0.0
        unit, within = {"min": "minute", "hr": "hour"}.get(match["away_en_unit"], match["away_en_unit"]), False
    if unit in ("day", "week"):
        day = now.date() + timedelta(days=int(amount * (7 if unit == "week" else 1)))
        return _Token(_Kind.DAY, days=(now.date() if within else day, day))
    span = timedelta(hours=amount) if unit == "hour" else timedelta(minutes=amount)
    return _Token(_Kind.AWAY, away=span, sure=not within)


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


def _past(match: re.Match[str], _now: datetime) -> _Token | None:
    minutes = 30 if match["past_what"] == "half" else 15
    hour = _number(match["past_h"])
    if match["past_way"] == "to":
        hour, minutes = (hour - 1) % 24, 60 - minutes
    return _clock(hour, minutes, match["past_ap"])


def _part(match: re.Match[str], _now: datetime) -> _Token:
    return _Token(_Kind.PART, part=_PARTS[match["part"]])


_Reader = Callable[[re.Match[str], datetime], _Token | list[_Token | None] | None]


def _word(kind: _Kind) -> _Reader:
    return lambda _match, _now: _Token(kind)


_READERS: Final[dict[str, _Reader]] = {
    "away": _away, "iso": _iso, "md": _month_day, "mday": _day_of_month, "slash": _slash, "mon": _month_first,
    "dmon": _day_first, "nth": _nth, "rel": _relative, "wk": _week, "wd": _weekday, "both": _both, "clock": _chinese_clock,
    "hm": _digital, "past": _past, "part": _part,
    "ap": lambda match, _now: _clock(_number(match["ap_h"]), 0, match["ap_ap"]),
    "oclock": lambda match, _now: _clock(_number(match["oclock_h"]), 0),
    "at": lambda match, _now: _clock(_number(match["at_h"]), 0),
    "span": _span,
    "bare": lambda match, _now: _clock(int(match["bare_h"]), 0),
    "off": lambda _match, _now: _Token(_Kind.CLOCK, minutes=18 * 60),
    "midnight": lambda _match, _now: _Token(_Kind.CLOCK, minutes=24 * 60),
} | {
    kind.value: _word(kind) for kind in (_Kind.TO, _Kind.OR, _Kind.BEFORE, _Kind.AFTER, _Kind.FREE, _Kind.VAGUE)
}  # fmt: skip


# ── what they mean together ───────────────────────────────────────────────────────────────────────────────────────────


def _read(tokens: Sequence[_Token], now: datetime) -> When:
    kinds = {token.kind for token in tokens}
    if _Kind.AWAY in kinds:
        token = next(token for token in tokens if token.kind is _Kind.AWAY)
        moment = (now + token.away).replace(second=0, microsecond=0)
        return When(moment, ask=False) if token.sure else When(now.replace(microsecond=0), moment, ask=False)
    days = [token for token in tokens if token.kind is _Kind.DAY]
    if any(token.days is None for token in days):
        return When()  # "2月30日"
    clocks, sure = _clocks(tokens)
    parts = [token.part for token in tokens if token.kind is _Kind.PART and token.part]
    if not days and not clocks and not parts:
        return When(now.replace(microsecond=0), ask=False) if _Kind.FREE in kinds else When()
    first, last, told = _days(days, _Kind.TO in kinds)
    ask = not sure or not told or _Kind.OR in kinds or any(not token.sure for token in days)
    if clocks:
        return _at(first, clocks, kinds, now, ask)
    ask |= _Kind.VAGUE in kinds
    if parts:
        return _in_part(first, last, parts, kinds, now, ask)
    assert first is not None
    begin, end = _moment(first, 0, now), _moment(last or first, 24 * 60, now)
    if _Kind.BEFORE in kinds:
        return When(now.replace(microsecond=0), end, ask=ask or end <= now)
    free = _Kind.FREE in kinds or first != last
    return _until(end, begin, now, ask or not free)


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
    return datetime.combine(day, time(minutes // 60, minutes % 60), now.tzinfo)


def _at(day: date | None, clocks: Sequence[int], kinds: set[_Kind], now: datetime, ask: bool) -> When:
    start = _moment(day or now.date(), clocks[0], now)
    if day is None and _moment(now.date(), clocks[-1], now) <= now:
        start += timedelta(days=1)
        ask = True  # "三点", said at four: tomorrow, or has somebody mistaken the time?
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
