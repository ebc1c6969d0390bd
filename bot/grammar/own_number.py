"""A complaint's own number before what is said of it: it names the complaint, and is no part of a result or a line. Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex
from complaints.numbers import FULL

_BEGINS: Final = regex(
    rf"[\s#]*(?:编号|no\.? ?)?(?P<number>{FULL}|\d{{4,8}})(?!\d|[.:/%-]\d|%|\s?(?:[元块米度瓦个次户人天分年月]|rmb|yuan|kw?\b))"
    r"[\s,:;]*(?=\S)"
)


def without_number(text: str, reference: str) -> str:
    """Return a text without the number of the complaint of this reference before it: "0002 灯换好了"."""
    said = clean(text)
    found = _BEGINS.match(fold(said))
    if found is None or not reference.casefold().endswith(found["number"].casefold()):
        return text
    return said[found.end() :]
