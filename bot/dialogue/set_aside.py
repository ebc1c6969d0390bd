"""What answers no question of ours: words that begin with the number of another complaint, and orders instead of leave."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.dialogue.questions import LEAVE, LEAVE_ASKED, LEAVE_TIMES, PASSED, Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, understand
from bot.grammar.answers import begins_with_answer
from bot.grammar.arguments import NO_QUANTITY
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import deferred
from complaints.numbers import FULL

_NUMBER: Final = rf"(?<![a-z])(?P<number>{FULL}|(?<!\d)\d{{4,8}})(?!\d|[.:/-]\d){NO_QUANTITY}"
_BEGINS: Final = deferred(rf"(?:\d\s)?[^\d\n]{{0,12}}?{_NUMBER}")
_BARE: Final = deferred(rf"#?(?P<number>{FULL}|\d{{4,8}})[.,!?]?")
_OF_LEAVE: Final = frozenset({LEAVE, LEAVE_TIMES, LEAVE_ASKED})
_ANSWERS: Final = frozenset({Verb.AGREE, Verb.DISAGREE, Verb.APPROVE, Verb.REJECT})
# What has nothing to do with leave.
_WORK: Final = frozenset({Verb.ASSIGN, Verb.TRANSFER, Verb.REPORT, Verb.DONE, Verb.CLOSE, Verb.GRADE})
_EVERY: Final = deferred(_NUMBER)
_MOST: Final = 9  # numbers that are looked up
_HOLDS: Final = deferred(rf"[^\d\n]{{0,40}}?{_NUMBER}")


def number_said(words: str, *, anywhere: bool = False) -> str:
    """Return the number of a complaint that words name at their beginning, as it was said; "" where they name none.

    anywhere: also further on, of words that say nothing besides what is to be done.
    """
    found = (_HOLDS if anywhere else _BEGINS).match(fold(clean(words)))
    return found["number"].upper() if found is not None else ""


def numbers_said(words: str) -> list[str]:
    """Return what in words may be a complaint's number, wherever it stands."""
    return [each.group("number").upper() for each in _EVERY.finditer(fold(clean(words)))][:_MOST]


async def names_another(turn: Turn) -> bool:
    """Say whether what was said names, at its beginning, a complaint that what we asked is not about.

    Of a colleague any number that exists counts, of others the numbers of what is theirs: "换了 1500" names nothing.
    Where we asked about several together, one besides them anywhere: "是" in "0005 是 0004 那家的" agrees to nothing.
    """
    question = turn.question
    if question is not None and (asked := question.data.get("numbers")):
        others = [each for each in numbers_said(turn.words) if not any(str(number).endswith(each) for number in asked)]
        return any([bool(await turn.work.ending_with(each)) for each in others])
    if question is not None and question.ask is Pending.MENU and question.reference is None:
        return await _goes_past_list(turn, question)
    if question is None or not (question.reference or question.data.get("for") in _OF_LEAVE):
        return False
    number = number_said(turn.words)
    if not number or (question.reference or "").endswith(number):
        return False
    if bare_number(turn.words) and any(str(each).endswith(number) for each in question.data.get("options", ())):
        return False  # one of those that we offered
    if turn.is_staff and await turn.work.ending_with(number):
        return True
    return any(each.reference.endswith(number) for each in await turn.work.complaints_of(turn.person.id))


def bare_number(words: str) -> str:
    """Return the number that words are and nothing else; "" for others."""
    found = _BARE.fullmatch(fold(clean(words)).strip())
    return found["number"].upper() if found is not None else ""


async def look_at_number(turn: Turn) -> bool:
    """Take a colleague's bare number of a complaint for the wish to see it: it is no reason, no result and no yes (R-061).

    What waits goes on waiting, save a choice of complaints, which a number makes.
    """
    question = turn.question
    if not turn.is_staff or not (number := bare_number(turn.words)):
        return False
    if question is not None and (question.ask is Pending.FACTS or question.data.get("options")):
        return False
    if not await turn.work.ending_with(number):
        return False
    turn.question, turn.meaning = None, Meaning(turn.words, Verb.STATUS, {"reference": number})
    return True


async def _goes_past_list(turn: Turn, question: Question) -> bool:
    """Say whether words that are more than a number name a complaint at their beginning while "which one?" is open."""
    number = number_said(turn.words)
    rest = re.sub(r"[\W_]+", "", fold(clean(turn.words)).upper().replace(number, "", 1)) if number else ""
    if not rest or not question.data.get("options") or not turn.is_staff:
        return False
    if understand(turn.words, Speaker.HANDLER, Pending.MENU).verb is Verb.CHOOSE:
        return False
    return bool(await turn.work.ending_with(number))


def pass_over(turn: Turn, before: str) -> None:
    """Mark a question of which a colleague has gone on to another complaint: what they tell next may be about either.

    before: what waited when the turn began; a question put since is the newest thing said.
    """
    waiting = Question.loads(turn.conversation.pending)
    if waiting is not None and waiting.data.get("for") == LEAVE_TIMES and turn.conversation.pending == before:
        verb = turn.did or (turn.meaning.verb if turn.meaning is not None else Verb.UNCLEAR)
        if verb not in (Verb.LEAVE, Verb.UNCLEAR):  # a command: what names a day after it is of the work
            turn.conversation.pending = waiting.behind.dumps() if waiting.behind is not None else ""
        return
    spoken_of = turn.reference or number_said(turn.words)  # of one that is not theirs they have spoken all the same
    if not turn.is_staff or turn.conversation.pending != before or waiting is None or not spoken_of:
        return
    if waiting.reference is None or bool(waiting.data.get(PASSED)) != waiting.reference.endswith(spoken_of):
        return
    data = {**waiting.data, PASSED: not waiting.reference.endswith(spoken_of)}
    turn.conversation.pending = replace(waiting, data=data).dumps()


def orders_work(turn: Turn, speaker: Speaker) -> bool:
    """Say whether what was read as a yes or no to leave is about the work: then what we asked goes on waiting.

    "Have Tom ring the customer today" begins with no yes and no no, and is an order wherever nothing is asked.
    """
    question, meaning = turn.question, turn.meaning
    if question is None or meaning is None or question.data.get("for") not in _OF_LEAVE or not turn.is_staff:
        return False
    if meaning.verb not in _ANSWERS or begins_with_answer(fold(turn.words)):
        return False
    return understand(turn.words, speaker, Pending.NONE).verb in _WORK
