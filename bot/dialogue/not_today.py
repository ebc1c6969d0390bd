"""Whoever cannot come on a day is asked what it means for the work: another time, leave, somebody else; nothing is done yet."""

from __future__ import annotations

from typing import Final

from bot.answers import Answer
from bot.dialogue.turn import Turn
from bot.grammar import Speaker, Verb, begins_with_command
from bot.grammar.not_today import for_reasons_of_ones_own, not_today, says_tomorrow
from bot.grammar.own_number import without_number
from complaints import noting
from complaints.permissions import Step, permitted

_LONGEST_SAID: Final = 80  # characters that a button says again
_READ_AS: Final = frozenset({Verb.GIVE_BACK, Verb.REPORT, Verb.NOT_DONE, Verb.PLAN, Verb.UNCLEAR})


async def take_not_today(turn: Turn) -> bool:
    """Offer what may be meant; False where the words say no such thing. What we asked before goes on waiting."""
    assert turn.meaning is not None
    if turn.meaning.verb not in _READ_AS or not not_today(turn.words):
        return False
    if begins_with_command(turn.words, Speaker.HANDLER):
        return False
    if turn.meaning.verb is not Verb.GIVE_BACK and not for_reasons_of_ones_own(turn.words):
        return False
    tasks = await turn.work.tasks_of(turn.person.id)
    number = turn.meaning.said("reference") or turn.named or ""
    about = [each for each in tasks if each.reference.endswith(number)]
    if not about:
        return False
    complaint = about[0] if len(about) == 1 else None
    words = turn.words if complaint is None else without_number(turn.words, complaint.reference)
    if complaint is not None and permitted(complaint, Step.NOTE, turn.as_staff()):
        complaint = await turn.desk.record(turn.work, noting.note(complaint, words, turn.as_staff(), turn.now))
    turn.did = Verb.UNCLEAR
    plain = words if len(words) <= _LONGEST_SAID and not set(words) & set("|\n") else ""
    tomorrow = {"tomorrow": "yes"} if says_tomorrow(words) else {}
    turn.answer(Answer.NOT_TODAY, complaint, text=plain, **tomorrow)
    return True
