"""A wish of which something is missing still, how long or why: what lets go of it, and what is another matter."""

from __future__ import annotations

from typing import Final

from bot.answers import Answer
from bot.dialogue.questions import Question
from bot.dialogue.set_aside import number_said
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.answers import calls_off
from bot.grammar.folding import clean, fold
from bot.grammar.holding import wants_none
from bot.grammar.progress import of_material

_MORE_TIME, _PART = frozenset({"extend", "hold"}), "part"
_DROPPED: Final = _MORE_TIME | {_PART, "give_back", "invalid", "close"}
_NOTHING_ELSE: Final = frozenset({Verb.REASON, Verb.UNCLEAR, Verb.EXTEND, Verb.HOLD, Verb.THANKS, Verb.LEAVE})


async def lets_go(turn: Turn) -> bool:
    """Drop a wish that its asker has not: "不延了", "never mind"; False where the words say no such thing."""
    question, meaning = turn.question, turn.meaning
    if question is None or meaning is None or question.reference is None:
        return False
    if question.ask is Pending.RESULT and turn.is_staff:  # that it is done was said too soon
        takes_back = meaning.verb is Verb.DISAGREE or calls_off(fold(clean(turn.words)))
        dropped = takes_back and not meaning.said("reference")
    else:
        dropped = question.ask is Pending.REASON and question.data.get("for") in _DROPPED
        dropped = dropped and (meaning.verb is Verb.DISAGREE or wants_none(turn.words))
    if not dropped:
        return False
    complaint = await turn.work.complaint(question.reference)
    turn.answer(Answer.WISH_DROPPED, complaint)
    turn.settle()
    return True


def goes_past(turn: Turn, speaker: Speaker) -> bool:
    """Say whether words that were read as how long, or why, tell something else of the work: then what we asked is settled,
    where the work is done, and else goes on waiting.

    Nobody says a complaint's number again to tell why; and what is done needs no more time.
    """
    question, meaning = turn.question, turn.meaning
    if question is None or meaning is None or not _asks_for_time(question):
        return False
    if meaning.verb not in (Verb.REASON, Verb.UNCLEAR) or wants_none(turn.words):
        return False
    anew = understand(turn.words, speaker, Pending.NONE)
    done = anew.verb is Verb.DONE and not of_material(fold(clean(turn.words)))
    if not done and (anew.verb in _NOTHING_ELSE or not number_said(turn.words)):
        return False
    if done:
        turn.settle()
    return True


def _asks_for_time(question: Question) -> bool:
    what_for = question.data.get("for")
    return what_for in _MORE_TIME or (what_for == _PART and question.data.get("do") == Verb.EXTEND)
