"""Words that begin with the number of another complaint are about that one: they answer no question about this one."""

from __future__ import annotations

import re
from typing import Final

from bot.dialogue.turn import Turn
from bot.grammar.folding import clean, fold
from complaints.numbers import FULL

_BEGINS: Final = re.compile(
    rf"(?:\d\s)?[^\d\n]{{0,12}}?(?<![a-z])(?P<number>{FULL}|(?<!\d)\d{{4,8}})(?!\d|[.:/-]\d)"
    r"(?!\s?(?:[年月日号室房栋幢楼层元块米度个次户人天小时分点万]|rmb|yuan))"
)


async def names_another(turn: Turn) -> bool:
    """Say whether what was said names, at its beginning, a complaint that what we asked is not about.

    Of a colleague any number that exists counts, of others the numbers of what is theirs: "换了 1500" names nothing.
    """
    asked = turn.question.reference if turn.question is not None else None
    found = _BEGINS.match(fold(clean(turn.words))) if asked else None
    if asked is None or found is None:
        return False
    number = found["number"].upper()
    if asked.endswith(number):
        return False
    if turn.is_staff and await turn.work.ending_with(number):
        return True
    return any(each.reference.endswith(number) for each in await turn.work.complaints_of(turn.person.id))
