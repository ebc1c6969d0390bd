"""A colleague reports several done at once: "done 0010 0011", "0010和0011都办完了", "1和3都弄好了": each has its result."""

from __future__ import annotations

import re
from typing import Final

from bot.dialogue.choosing import offer
from bot.dialogue.finishing import ask_result
from bot.dialogue.ordinals import listed
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Verb
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex
from complaints.numbers import ANY

_AND: Final = r"(?: ?(?:和|与|跟|及|、|,|&|\band\b|\+) ?| )"
_NUMBERS: Final = rf"#?(?:{ANY})(?!\d)(?:{_AND}#?(?:{ANY})(?!\d)){{1,8}}"
_DONE_ZH: Final = r"(?:都|全部?|两个|也|已经?)*(?:办结|办完|完成|处理好|处理完|搞定|做完|弄好|修好|完)(?:了|啦)?"
_DONE_EN: Final = r"(?:are |is |both |all |now )*(?:done|finished|completed?|fixed|resolved)"
_BEFORE: Final = regex(
    rf"[/#* ]*(?:{_DONE_ZH}|{_DONE_EN})[ :,]*{_NUMBERS}(?P<rest>(?:[ ,:.].*)?)", re.DOTALL | re.IGNORECASE
)
_BEHIND: Final = regex(rf"{_NUMBERS} ?(?:{_DONE_ZH}|{_DONE_EN})(?P<rest>(?:[ ,:.].*)?)", re.DOTALL | re.IGNORECASE)
_PLACES: Final = regex(
    rf"(?P<places>(?:第 ?)?[1-9]{_AND}(?:第 ?)?[1-9](?:{_AND}[1-9]){{0,6}}) ?(?:{_DONE_ZH}|{_DONE_EN})(?P<rest>(?:[ ,:.].*)?)",
    re.DOTALL | re.IGNORECASE,
)
_ONE: Final = re.compile(rf"(?<![\da-z])(?:{ANY})(?!\d)", re.IGNORECASE)
_LONGEST: Final = 200  # characters


async def take_several_done(turn: Turn) -> bool:
    """Ask what was done of each, one after the other, or where it was said, of which; a number is no result. False where fewer
    than two are named.
    """
    if turn.named is not None or turn.room is not None or not turn.is_staff or len(turn.words) > _LONGEST:
        return False
    said = " ".join(clean(turn.words).split())
    folded = fold(said)
    found = _BEFORE.fullmatch(folded) or _BEHIND.fullmatch(folded)
    if found is not None:
        numbers = {each.upper() for each in _ONE.findall(folded[: found.start("rest")])}
    elif (found := _PLACES.fullmatch(folded)) is not None:
        shown, places = listed(turn), [int(each) for each in re.findall(r"[1-9]", found["places"])]
        numbers = {shown[place - 1] for place in places if place <= len(shown)}
    else:
        return False
    tasks = await turn.work.tasks_of(turn.person.id)
    meant = [each for each in tasks if any(each.reference.endswith(number) for number in numbers)]
    if len(meant) < 2:
        return False
    turn.question, turn.meaning = None, Meaning(turn.words, Verb.DONE)
    if what := said[found.start("rest") :].strip(" ,:.，。："):
        offer(turn, meant, f"办结 {what}")
        turn.asked_back = True
    else:
        ask_result(turn, meant)
    return True
