"""Who is on duty, asked and told: "今天谁值班", "who is on call tonight?", "值班 周六 张三". Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.arguments import Words
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import regex

_WHO: Final = r"(?:谁|哪位|哪个人?|哪些人?|边个|哪个儿)"
_ASKED: Final = regex(
    rf"(?P<a>.{{0,24}}?)(?:是|该|轮到)?{_WHO}(?:在|来|负责|的)?(?:值班|当班|值日)[的呢吗啊呀嘛了?!. ]*"
    rf"|(?P<b>.{{0,24}}?)(?:值班|当班)(?:的|人|员|人员|的人)?(?:是|有)?{_WHO}[呢啊呀?!. ]*"
    r"|(?P<c>.{0,24}?)(?:的)?(?:值班|排班)(?:表|安排)[?. ]*"
    r"|(?:tell me |pls |please )?who(?:'s|s| is| will be| are) (?:the one )?on (?:duty|call|shift)(?P<d>[^?]{0,40})\??"
)
_SET: Final = regex(r"(?:值班|排班|改值班|duty:?|on duty:?)[\s:]+(?P<rest>.{2,120})", re.DOTALL)


def asked(words: Words) -> Reading | None:
    """Return the question who is on duty, with the words of when and where in `about`."""
    found = _ASKED.fullmatch(words.key)
    if found is None:
        return None
    about = next((words.said[slice(*found.span(name))] for name in "abcd" if found[name]), "").strip()
    return Verb.ON_DUTY, {"about": about} if about else {}


def told(words: Words) -> Reading | None:
    """Return who shall be on duty, in the words of whoever says so."""
    found = _SET.fullmatch(words.key)
    return None if found is None else (Verb.SET_DUTY, {"text": words.said[slice(*found.span("rest"))].strip()})
