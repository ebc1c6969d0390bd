"""The wish not to be named, at the beginning of what somebody tells: "匿名投诉 …", "anonymous complaint: …". Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.arguments import Words
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import regex

KIND: Final = r"(?:投诉|投訴|举报|舉報|反映|反应|報修|报修|建议|反馈)"
WISH: Final = regex(
    rf"\W*(?:我)?(?:想|要|需要|希望)?(?:匿名|不记名|不記名)(?:的)?(?:{KIND})?[\s:：,，.。!！]*"
    r"|\W*(?:(?:i want to |i'd like to |please )?(?:make |file |submit )?(?:an )?anonymous(?:ly)?)"
    r"(?: (?:complaint|complain|report|feedback|repair))?(?: about)?[\s:,.!-]*",
    re.IGNORECASE,
)


def unnamed(words: Words) -> Reading | None:
    """Return what is told without a name; without a text, what is said next is."""
    found = WISH.match(words.said)
    if found is None:
        return None
    text = words.said[found.end() :].strip()
    return Verb.COMPLAIN, {"anonymous": True} | ({"text": text} if text else {})
