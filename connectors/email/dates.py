"""The moment a mail was sent, as its Date field says it in whatever form. Never without a zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from connectors.email.words import decode_words, tidy_line

_LONGEST = 300
_CHINA = timezone(timedelta(hours=8))
_USUAL = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(0\d|1[0-4])(\d\d)"
    r"(?: \([\w /+-]{0,60}\))?"
)
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_COMMENT = re.compile(r"\([^()]*\)")
# 2026-03-05T10:20:30.5+08:00, 2026/3/5 10:20, 2026年3月5日 星期四 下午 3:20, 20260305102030
_YEAR_FIRST = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*+[-/.年]\s*+(?P<month>\d{1,2})\s*+[-/.月]\s*+(?P<day>\d{1,2})\s*+[日号]?"
    r"\s*+[,(（]?\s*+(?:星期.|周.|T)?\s*+[)）]?\s*+(?P<half>上午|下午|中午|晚上|凌晨|早上|AM|PM)?\s*+"
    r"(?P<hour>\d{1,2})\s*+[:：时点]\s*+(?P<minute>\d{1,2})\s*+分?(?:\s*+[:：]?\s*+(?P<second>\d{1,2})(?:[.,]\d+)?\s*+秒?)?"
    r"\s*+(?P<half_after>AM|PM)?\s*+(?P<zone>Z\b|(?:GMT|UTC)?\s*+[+-]\d{1,2}:?\d{0,2}|[A-Z]{2,5}\b)?",
    re.I,
)
_PACKED = re.compile(r"\b((?:19|20)\d\d)(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)(Z|[+-]\d{4})?\b")
_OFFSET = re.compile(r"(?:GMT|UTC|UT)?\s*([+-])(\d{1,2}):?(\d\d)?\s*$", re.I)
_GLUED_OFFSET = re.compile(r"(\d)([+-]\d{4})\b")
_OFFSET_WITH_NAME = re.compile(r"\b(?:GMT|UTC|UT|Z)\s*(?=[+-]\d)", re.I)
_OFFSET_COLON = re.compile(r"([+-]\d{2}):(\d{2})\s*$")
_NAMED_HALF = re.compile(r"\b(\d{1,2})(:\d{2}(?::\d{2})?)\s*([AP])M\b", re.I)
_CHINA_STANDARD_TIME = re.compile(r"\bCST\b")
# Months as programs write them that follow their user's language instead of the standard.
_MONTHS = dict.fromkeys(("januar", "janv", "ene", "gen", "一月"), "Jan") | dict.fromkeys(("févr", "fév", "二月"), "Feb")
_MONTHS |= dict.fromkeys(("mär", "märz", "mrz", "mars", "三月"), "Mar") | dict.fromkeys(
    ("avr", "avril", "abr", "四月"), "Apr"
)
_MONTHS |= dict.fromkeys(("mai", "mag", "maj", "五月"), "May") | dict.fromkeys(("juni", "juin", "giu", "六月"), "Jun")
_MONTHS |= dict.fromkeys(("juli", "juil", "lug", "七月"), "Jul") | dict.fromkeys(("août", "ago", "八月"), "Aug")
_MONTHS |= dict.fromkeys(("sept", "set", "九月"), "Sep") | dict.fromkeys(("okt", "ott", "十月"), "Oct")
_MONTHS |= dict.fromkeys(("十一月",), "Nov") | dict.fromkeys(("dez", "déc", "dic", "十二月"), "Dec")
_LETTERS = re.compile(r"[^\W\d_]+\.?")
_NOT_ASCII_WORD = re.compile(r"[^\x00-\x7f]+,?")
_SECONDS = re.compile(r"\d{9,10}")
_AFTER_NOON = ("下午", "晚上", "pm")


def read_date(text: str) -> datetime | None:
    """Return the moment in UTC, None where the text names none. Where it names no zone, UTC is meant (RFC 5322: -0000)."""
    if (usual := _USUAL.fullmatch(text)) and usual[2] in _MONTH_NAMES:
        return _read_usual(usual)
    text = tidy_line(decode_words(text[:_LONGEST])).strip("\"'<>")
    if not any(char.isdigit() for char in text):
        return None
    try:
        if _SECONDS.fullmatch(text):
            return datetime.fromtimestamp(int(text), UTC)
        return _year_first(text) or _rfc(text)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def _read_usual(match: re.Match[str]) -> datetime | None:
    """Read the form of RFC 5322, as nearly every mail has it."""
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    zone = timezone(offset if sign == "+" else -offset)
    try:
        month_number = _MONTH_NAMES.index(month) + 1
        return _moment(int(year), month_number, int(day), int(hour), int(minute), int(second), zone)
    except ValueError:
        return None


def _rfc(text: str) -> datetime | None:
    """Read RFC 5322's form and its relations: obsolete zones, two-digit years, asctime, Java's."""
    text = _COMMENT.sub(" ", text).replace("：", ":").replace("，", ",")
    text = _GLUED_OFFSET.sub(r"\1 \2", _OFFSET_WITH_NAME.sub("", _OFFSET_COLON.sub(r"\1\2", text)))
    text = _NAMED_HALF.sub(_with_24_hours, text)
    text = _LETTERS.sub(lambda match: _MONTHS.get(match[0].rstrip(".").lower(), match[0]), text)
    text = _NOT_ASCII_WORD.sub("", text)
    # Chinese programs write CST for their own time; the American zone of that name is what the standard says it is not.
    text = _CHINA_STANDARD_TIME.sub("+0800", text)
    parsed = parsedate_tz(text.replace(".", ":") if ":" not in text else text)
    if parsed is None:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    offset = parsed[9] or 0
    if abs(offset) > 14 * 3600:
        offset = 0  # no such zone
    return _moment(year, month, day, hour, minute, second, timezone(timedelta(seconds=offset)))


def _with_24_hours(match: re.Match[str]) -> str:
    return f"{_hour(int(match[1]), match[3].lower() + 'm')}{match[2]}"


def _year_first(text: str) -> datetime | None:
    if packed := _PACKED.search(text):
        year, month, day, hour, minute, second = map(int, packed.groups()[:6])
        return _moment(year, month, day, hour, minute, second, _zone(packed[7] or ""))
    match = _YEAR_FIRST.search(text)
    if match is None:
        return None
    hour = _hour(int(match["hour"]), (match["half"] or match["half_after"] or "").lower())
    return _moment(
        int(match["year"]), int(match["month"]), int(match["day"]),
        hour, int(match["minute"]), int(match["second"] or 0), _zone(match["zone"] or ""),
    )  # fmt: skip


def _hour(hour: int, half: str) -> int:
    if half in _AFTER_NOON and hour < 12:
        return hour + 12
    return 0 if half in ("am", "凌晨", "上午") and hour == 12 else hour


def _zone(text: str) -> timezone:
    match = _OFFSET.search(text)
    if match is None:
        return _CHINA if text.upper() == "CST" else UTC
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset > timedelta(hours=14):
        return UTC
    return timezone(offset if match[1] == "+" else -offset)


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int, zone: timezone) -> datetime:
    if 100 <= year < 200:
        year += 1900  # counted from 1900, as C does
    if not 1970 <= year <= 2100:
        raise ValueError(year)
    later = timedelta()
    if second == 60:  # a leap second
        second, later = 59, timedelta(seconds=1)
    if hour == 24 and not minute and not second:
        hour, later = 0, timedelta(days=1)
    return (datetime(year, month, day, hour, minute, second, tzinfo=zone) + later).astimezone(UTC)
