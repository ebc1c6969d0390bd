"""Longer spans that people name: "国庆后", "年底前", "下个月", "end of the year", "early next month". Pure.

What is said of them is never one day that is sure: whoever reads the result is told it as dates, and asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.festivals import day_of, days_off


@dataclass(frozen=True, slots=True)
class Season:
    """The first and the last day that are meant. before: any time until the last one. sure: it is one day and no other."""

    first: date
    last: date
    before: bool = False
    sure: bool = False


_FESTIVALS: Final = {
    "new_year": r"元旦节?|\bnew year's day\b|\bnew year(?!'s eve)\b",
    "spring": r"春节|过年|农历新年|\bspring festival\b|\bcny\b",
    "tomb": r"清明节?|\btomb[- ]sweeping(?: day)?\b|\bqingming\b",
    "labour": r"(?<![周期拜一二三四五六七八九十初\d])五一(?:劳动)?节?(?![路号点\d])|劳动节|\blabou?r day\b|\bmay day\b",
    "dragon": r"端午节?|\bdragon boat(?: festival)?\b",
    "autumn": r"中秋节?|\bmid-?autumn(?: festival)?\b",
    "national": r"国庆节?|十一(?=黄金周|假期|长假)|\bnational day\b|\bgolden week\b",
    "christmas": r"圣诞节?|\bchristmas\b|\bxmas\b",
}
_LONG: Final = frozenset({"spring", "national", "labour"})
_MONTHS: Final = r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?" \
                 r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"  # fmt: skip
_ABBREVIATIONS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CHINESE_MONTHS: Final = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_N: Final = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_COUNTED: Final = r"(?<![0-9零一二三四五六七八九十两几半个多去今明])"  # "两年前" counts years
_NAMED: Final = "|".join(f"(?P<s_{name}>{pattern})" for name, pattern in _FESTIVALS.items())

PATTERN: Final = (
    rf"(?P<season>(?P<s_way>\b(?:before|after) (?:the )?)?(?:\b(?:chinese|lunar) (?=new year))?(?:{_NAMED}"
    rf"|{_COUNTED}(?P<s_turn>过?年(?=[前后](?!天))|过完年)"
    r"|(?P<s_month>下下个?月|下个?月|这个月|本月|当月|\b(?:next|this) month\b)"
    r"(?![初中底末]|\s?\d|[一二三四五六七八九十]{1,3}[号日])"
    r"|(?P<s_week>\b(?:next|this) week\b)"
    rf"|(?:(?P<s_which>今年|明年)的?)?(?<![个\d])(?P<s_number>{_N})月份?(?P<s_part>初|中旬?|底|末)?(?!\s?\d|"
    rf"[一二三四五六七八九十廿卅]{{1,3}}[号日]?)"
    rf"|(?P<s_year>今年|明年|本年|{_COUNTED}年(?=[初底末终内])|\b(?:next|this) year\b)(?P<s_year_part>年?[初底末终]|"
    rf"年中|内)?"
    r"|(?P<s_quarter>(?:下个?|这个?|本)?季度)(?P<s_quarter_part>[初底末])?"
    r"|\b(?P<s_edge>end|start|beginning|middle) (?:of )?(?:the )?(?P<s_edge_which>this |next )?"
    r"(?P<s_edge_unit>week|month|quarter|year)\b"
    r"|\b(?P<s_early>early|mid|late)[- ](?P<s_early_which>this |next )(?P<s_early_unit>week|month|quarter|year)\b"
    r"|\b(?P<s_ends>month|quarter|year)[- ]end\b"
    rf"|(?:\b(?P<s_en_part>end of|early|mid|late|beginning of)[- ]"
    rf"|(?<=\bin )|(?<=\bby )|(?<=\bnext )|(?<=\bthis )|(?<=\bbefore ))"
    rf"(?P<s_en>{_MONTHS})\b(?!\.? \d))"
    r"(?:假期|放假|长假|小长假|黄金周|期间| holidays?\b)?(?P<s_side>(?:之|以)?[前后](?![天台面门]))?)"
)


def read(match: re.Match[str], today: date) -> Season | None:
    """Return what a match of PATTERN means, None where it is not known when that is."""
    side = "before" if match["s_way"] and match["s_way"].startswith("before") else "after" if match["s_way"] else ""
    side = side or {"前": "before", "后": "after"}.get((match["s_side"] or " ")[-1], "")
    festival = next((name for name in _FESTIVALS if match[f"s_{name}"]), "")
    if re.search(r"\b(?:chinese|lunar) new year", match["season"]):
        festival = "spring"
    if match["s_turn"]:
        festival, side = "spring", side or "after"
    if festival:
        return _festival(festival, side, today)
    first, last, edge = _span(match, today)
    if side == "after":
        return _following(last)
    if match["s_year_part"] == "内":
        return Season(today, last, before=True)
    if side == "before":
        return Season(today, last if edge else first - timedelta(days=1), before=True)
    return Season(max(first, today), last) if last >= today else None


def _festival(festival: str, side: str, today: date) -> Season | None:
    """Return the next one that is not over, or the days that follow it, or all until it."""
    for year in range(today.year - 1, today.year + 3):
        off, day = days_off(festival, year), day_of(festival, year)
        if off is None or day is None:
            continue
        if side == "before" and off[0] > today:
            return Season(today, off[0] - timedelta(days=1), before=True)
        if side == "after" and off[1] + timedelta(days=5) >= today:
            return _following(off[1])
        if not side and (off[1] if festival in _LONG else day) >= today:
            return Season(*off) if festival in _LONG else Season(day, day, sure=True)
    return None


def _following(day: date) -> Season:
    """Return the five days after one."""
    return Season(day + timedelta(days=1), day + timedelta(days=5))


def _span(match: re.Match[str], today: date) -> tuple[date, date, bool]:
    """Return the first and the last day, and whether they are the end of something longer."""
    if match["s_month"]:
        ahead = {"下下": 2, "下个": 1, "下月": 1, "ne": 1}.get(match["s_month"][:2], 0)
        return _part("month", "", ahead, today)
    if match["s_week"]:
        return _part("week", "", match["s_week"].startswith("next"), today)
    if match["s_number"] or match["s_en"]:
        return _named_month(match, today)
    if match["s_year"]:
        return _part("year", (match["s_year_part"] or "")[-1:], match["s_year"][0] in "明n", today)
    if match["s_quarter"]:
        return _part("quarter", match["s_quarter_part"] or "", match["s_quarter"].startswith("下"), today)
    unit = match["s_edge_unit"] or match["s_early_unit"] or match["s_ends"]
    which = match["s_edge_which"] or match["s_early_which"] or ""
    return _part(unit, match["s_edge"] or match["s_early"] or "end", which.startswith("next"), today)


_EARLY: Final = ("初", "start", "beginning", "beginning of", "early")
_MID: Final = ("中", "中旬", "middle", "mid")


def _part(unit: str, part: str, ahead: int, today: date) -> tuple[date, date, bool]:
    """Return the first days, the middle or the last days of a week, month, quarter or year, all of it without `part`."""
    first, last = _whole(unit, ahead, today)
    return _cut(first, last, part)


def _cut(first: date, last: date, part: str) -> tuple[date, date, bool]:
    length = (last - first).days + 1
    some = timedelta(days={7: 0}.get(length, 4 if length < 40 else 9))
    if part in _EARLY:
        return first, first + some, False
    if part in _MID:
        middle = first + timedelta(days=length // 2)
        return middle - some / 2, middle + some / 2, False
    if not part or part == "内":
        return first, last, False
    if length == 7:
        last -= timedelta(days=2)  # a week ends on Friday, for whoever works
    return last - some, last, True


def _whole(unit: str, ahead: int, today: date) -> tuple[date, date]:
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(days=7 * ahead)
        return monday, monday + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    begins = (today.month - 1) // months * months + months * ahead
    return _month(today.year, begins), _month(today.year, begins + months) - timedelta(days=1)


def _month(year: int, months: int) -> date:
    """Return the first day of the month that is so many after January."""
    return date(year + months // 12, months % 12 + 1, 1)


def _named_month(match: re.Match[str], today: date) -> tuple[date, date, bool]:
    if match["s_en"]:
        number, part = _ABBREVIATIONS.index(match["s_en"][:3]), match["s_en_part"] or ""
    else:
        said = match["s_number"]
        number, part = int(said) - 1 if said.isdigit() else _CHINESE_MONTHS.index(said), match["s_part"] or ""
    year = today.year + (match["s_which"] == "明年")
    if not match["s_which"] and _month(year, number + 1) <= today:
        year += 1
    return _cut(_month(year, number), _month(year, number + 1) - timedelta(days=1), part)
