"""A colleague takes on several at once: "这几个我都接了", "三个都是我接", "1和3", "I'll take both"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.answers import Answer
from bot.dialogue.choosing import offer
from bot.dialogue.ordinals import listed as shown_before
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, understand
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex
from complaints import handling
from complaints.complaint import Complaint
from complaints.numbers import ANY
from complaints.permissions import Step, permitted
from complaints.vocabulary import Role, Status

_HANDLING: Final = (Role.HANDLER, Role.DEPT_HEAD, Role.EMPLOYEE)
_POLITE: Final = r"(?:好的?|行|嗯|收到|可以|没问题|ok(?:ay)?|yes|sure|got it|right|[ ,.!~])*"
_TAKE: Final = r"(?:接(?:单|手|受|收)?|受理|认领|领|收到?|包)"
_COUNT: Final = "两|二|三|四|五|六|七|八|九|[2-9]"
_AND: Final = r"(?: ?(?:和|与|跟|及|、|,|&|and) ?| )"
_ZH: Final = (
    rf"(?:我来?|那|把|就)*(?:[这那](?:几|些|(?P<these>{_COUNT}))?[个件单]?|(?P<zh>{_COUNT})[个件单]|上面|手上|新派)?"
    r"(?:的|投诉|单子?|工单|活|事|[个件])*(?:我们?来?)?(?:全部?|都|一起|一并)+的?(?:是|由|归|给)?(?:我们?来?|已经?)*"
    rf"{_TAKE}(?:了|吧|啦|的|下|来)*"
)
_EN: Final = (
    r"(?:i'?ll |i will |i can |i )?(?:take|accept|got|do)(?: on)? (?:them all|all of them|"
    r"all (?P<all>two|three|four|five|six)(?: of them)?|both(?: of them)?|them both|all)|accepted (?:all|both)"
)
_TAKES_ALL: Final = regex(rf"{_POLITE}(?:{_ZH}|{_TAKE}了?(?:全部|所有的?)|{_EN}){_POLITE}")
_ALL: Final = regex(
    rf"{_POLITE}(?:全部|全都|全接|都(?:接|要|是|有)?|[这那]?(?P<zh>{_COUNT})[个件单][都全]?(?:{_TAKE}|是)?[了吧]?|所有的?|"
    rf"all(?: of them| (?P<all>two|three|four|five|six))?|both(?: of them)?){_POLITE}"
)
_DIGITS: Final = regex(rf"{_POLITE}第?[1-9][个件]?(?:{_AND}第?[1-9][个件]?)+(?: ?都?我?{_TAKE}[了吧]?)?{_POLITE}")
_PLACED: Final = regex(rf"{_POLITE}第?[1-9][个件]?(?:{_AND}第?[1-9][个件]?)+ ?都?我?(?:来)?{_TAKE}[了吧]?{_POLITE}")
"""The same without a question that lists them: of the list that was just shown."""
_BY_NUMBERS: Final = regex(
    rf"{_POLITE}(?:(?:{_TAKE}|accept|take|i'?ll take|我来?) ?)?(?:{ANY})(?:{_AND}(?:{ANY})){{1,8}} ?"
    rf"(?:这?[两几三]?[个件]?都?[是由]?(?:我来?)?{_TAKE}[了吧]?)?{_POLITE}",
    re.IGNORECASE,
)
_BOTH: Final = re.compile(r"\bboth\b")
_NUMBERS: Final = re.compile(rf"(?<![\da-z])(?:{ANY})(?!\d)", re.IGNORECASE)
_LONGEST: Final = 80  # characters
_MANY: Final = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9} | {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
}  # fmt: skip


async def take_several(turn: Turn) -> bool:
    """Accept each of those that a colleague takes on together; False where their words are something else.

    A count that is not that of what waits for them is asked back: nothing is accepted that they may not know of.
    """
    if turn.named is not None or turn.room is not None or not turn.is_staff or len(turn.words) > _LONGEST:
        return False
    said = " ".join(fold(clean(turn.words)).split())
    every = _TAKES_ALL.fullmatch(said)
    by_numbers = every is None and _BY_NUMBERS.fullmatch(said) is not None and _accepts(turn.words)
    question = turn.question
    shown = question.data.get("options") if question is not None and question.ask is Pending.MENU else None
    listed = bool(shown) and question is not None and _accepts(str(question.data.get("then") or ""))
    by_places = not (every or by_numbers or listed) and _PLACED.fullmatch(said) is not None and _accepts(turn.words)
    if not (every or by_numbers or listed or by_places):
        return False
    actor = turn.as_staff()
    waiting = [
        each
        for each in await turn.work.tasks_of(turn.person.id)
        if each.status is Status.DISPATCHED and permitted(each, Step.ACCEPT, actor)
    ]
    if not waiting:
        return False
    if every is not None:
        return await _all(turn, waiting, every)
    if by_numbers:
        return await _numbered(turn, waiting, [each.upper() for each in _NUMBERS.findall(said)])
    options = [str(option) for option in (shown_before(turn) if by_places else shown) or ()]
    left = [each for option in options for each in waiting if each.reference == option]
    if (found := _ALL.fullmatch(said)) is not None and left:
        return await _all(turn, left, found)
    if _DIGITS.fullmatch(said):
        places = [int(each) for each in re.findall(r"[1-9]", said)]
        chosen = [options[place - 1] for place in places if place <= len(options)]
        if len(chosen) == len(places):
            return await _numbered(turn, waiting, chosen)
    return False


def _accepts(words: str) -> bool:
    return understand(words, Speaker.HANDLER, Pending.NONE).verb is Verb.ACCEPT


async def _all(turn: Turn, waiting: Sequence[Complaint], found: re.Match[str]) -> bool:
    counted = next((each for each in found.groups() if each), "2" if _BOTH.search(found[0]) else "")
    count = _MANY.get(counted) or (int(counted) if counted.isdecimal() else 0)
    if count and count != len(waiting):
        return _asked_which(turn, waiting)
    await _accept(turn, waiting)
    return True


async def _numbered(turn: Turn, waiting: Sequence[Complaint], numbers: Sequence[str]) -> bool:
    meant = {each: [one for one in waiting if one.reference.endswith(each)] for each in numbers}
    if any(len(each) != 1 for each in meant.values()):
        return _asked_which(turn, waiting)
    await _accept(turn, list({each[0].reference: each[0] for each in meant.values()}.values()))
    return True


def _asked_which(turn: Turn, waiting: Sequence[Complaint]) -> bool:
    turn.question, turn.meaning = None, Meaning(turn.words, Verb.ACCEPT)
    offer(turn, waiting, "接单")
    turn.asked_back = True
    return True


async def _accept(turn: Turn, complaints: Sequence[Complaint]) -> None:
    turn.did = Verb.ACCEPT
    question = turn.question
    if question is not None and question.ask is Pending.MENU:
        turn.settle()  # which one? all of them
    for complaint in complaints:
        terms = await turn.desk.terms(turn.work, complaint)
        change = handling.accept(complaint, turn.as_(*_HANDLING), terms, turn.now)
        turn.answer(Answer.ACCEPT_DONE, await turn.desk.record(turn.work, change))
