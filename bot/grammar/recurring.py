"""Days that come again, as people name them: "每周一", "每周一三五", "每天", "every Monday", "weekdays". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.grammar.patterns import regex
from complaints.rota import Days

_DAY: Final = "[一二三四五六日天]"
_RECURRING: Final = regex(
    rf"每个?(?:周|星期|礼拜)(?P<week>{_DAY}(?:[、,，至到和-]?(?:周|星期)?{_DAY})*)"
    r"|(?P<every>每天|每日|天天|\b(?:daily|every ?day)\b)"
    r"|每?个?(?P<off>节假日|休息日)|每?个?(?P<work>工作日|上班日)|每个?(?P<end>周末)"
    r"|\bevery (?P<day>mon|tue|wed|thu|fri|sat|sun)[a-z]*|\b(?:every )?(?P<days>weekday|weekend)s?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Recurring:
    """The days, and the words that named them."""

    days: Days
    said: str


def weekly(text: str) -> Recurring | None:
    """Return the recurring days that a text names, None where it names none."""
    found = _RECURRING.search(text)
    if found is None:
        return None
    if found["week"]:
        spelled = re.sub("周|星期|和", "", found["week"])
        written = re.sub(rf"(?<={_DAY})(?={_DAY})", "、", spelled)
    elif found["days"]:
        written = "mon-fri" if found["days"].lower() == "weekday" else "weekend"
    else:
        plain = {"every": "daily", "off": "节假日", "work": "工作日", "end": "周末"}
        written = next((known for name, known in plain.items() if found[name]), found["day"] or "")
    return Recurring(Days.parse(written), found[0])
