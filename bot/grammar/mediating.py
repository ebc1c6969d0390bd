"""Command words about a third party that mediates: "第三方调解 0007 人民调解委员会 周五", "调解结束 0007 结果 …". Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from bot.grammar.arguments import headed
from bot.grammar.folding import clean
from bot.grammar.patterns import regex
from bot.grammar.spoken import spoken

_HEADS: Final = regex(
    r"(?P<over>(?:第三方|人民)?调解(?:已经?|刚)?(?:结束|完成|有结果|有了结果|结果)(?:了|是|为)?"
    r"|(?:the )?mediation (?:is )?(?:over|ended|done|finished|result)(?: (?:of|for))?"
    r"|end of (?:the )?mediation(?: (?:of|for))?)"
    r"|(?P<begin>(?:申请|进入|转交?|提交|安排|请|走|改)?(?:第三方|人民)调解(?=$|[ :,0-9tsyl])"
    r"|(?:third[- ]party )?mediation(?: (?:of|for|by))?(?![a-z]))"
)
_RESULT: Final = regex(r"^[\s:,，：]*(?:结果(?:是|为)?|result(?: is)?)[\s:,，：]*")
_EDGES: Final = " \t\n,，、:：;；。"
_CLOCK: Final = (
    r"(?:\s*(?:[上下中]午|早上|晚上)?\s*(?:\d{1,2}|[一二两三四五六七八九十]{1,3})(?:[点时]半?(?:\d{1,2}分?)?|:\d\d))?"
)
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY: Final = regex(
    r"(?:由|在|于|定于|约在|到)?(?P<day>"
    r"(?:(?:下|本|这)?个?(?:周|星期|礼拜)[一二三四五六日天末]|大后天|今天|明天|后天|月底"
    r"|(?:\d{4}[-年/])?\d{1,2}[-月/]\d{1,2}[日号]?|\d{1,2}[日号])"
    rf"{_CLOCK})(?:之前|以前|前)?"
    r"|(?:\b(?:on|by|until|till) )?(?P<day_en>(?:\b\d{4}-\d\d-\d\d"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b|\b(?:today|tomorrow)\b"
    r"|\b(?:next |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)(?: at \d{1,2}(?::\d\d)? ?(?:[ap]m)?)?)"
)
_AHEAD: Final = timedelta(days=180)  # a day of last week is not meant as one of next year


@dataclass(frozen=True, slots=True)
class Mediation:
    """A command. over: its result is told (`text`); else who mediates (`text`), and when it is to be over (`day`, as said)."""

    over: bool
    text: str
    day: str = ""
    reference: str | None = None


def about_mediation(text: str) -> Mediation | None:
    """Return what is said of a mediation; None where the words begin with anything else."""
    command = headed(clean(text).lstrip("/#* "), _HEADS)
    if command is None:
        return None
    said, key = command.rest.said, command.rest.key
    if command.name == "over":
        told = _RESULT.match(key)
        return Mediation(True, said[told.end() if told else 0 :].strip(_EDGES), "", command.reference)
    days = list(_DAY.finditer(key))
    if not days:
        return Mediation(False, said.strip(_EDGES), "", command.reference)
    start, end = days[-1].span()
    day = slice(*days[-1].span("day" if days[-1]["day"] else "day_en"))
    parts = [part for part in (said[:start].strip(_EDGES), said[end:].strip(_EDGES)) if part]
    return Mediation(False, " ".join(parts), said[day].strip(), command.reference)


def lasts_until(day: str, now: datetime) -> datetime | None:
    """Return the moment that words name, or the end of the day where they name no hour; None where they name nothing to come.

    now: aware; its zone is the one in which the speaker is.
    """
    when = spoken(day, now) if day else None
    if when is None or when.start is None:
        return None
    whole = when.start.time() == time() or (when.end is not None and when.end - when.start >= timedelta(hours=3))
    moment = datetime.combine(when.start.date(), time(23, 59, 59), when.start.tzinfo) if whole else when.start
    return moment if now < moment < now + _AHEAD else None
