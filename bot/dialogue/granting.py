"""A lead's words about a wish for more time, or for a hold, that neither grant nor refuse it: they are asked back."""

from __future__ import annotations

from bot.answers import Answer
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Verb
from bot.grammar.granting import gives_other
from complaints.complaint import Complaint
from complaints.permissions import Step, permitted

_FOR = "extension"


async def take_undecided(turn: Turn) -> bool:
    """Ask back where words that fit nothing are about a complaint whose wish the speaker decides on; False where none is.

    What waits for somebody is asked again, however often they were not understood before.
    """
    complaint = await _meant(turn)
    if complaint is None or not permitted(complaint, Step.DECIDE_EXTENSION, turn.as_staff()):
        return False
    return await _ask_back(turn, complaint)


async def gives_less(turn: Turn, complaint: Complaint) -> bool:
    """Ask back where a yes grants something else than what was asked for: "可以，但只能到明天中午"."""
    wish = complaint.hold or complaint.extension
    if wish is None or not gives_other(turn.words, wish.limit):
        return False
    return await _ask_back(turn, complaint)


async def _meant(turn: Turn) -> Complaint | None:
    assert turn.meaning is not None
    number = str(turn.meaning.arguments.get("reference") or "")
    found = await turn.work.ending_with(number) if number else []
    if number:
        return await turn.work.complaint(found[0]) if len(found) == 1 else None
    question = turn.question
    if question is None or question.reference is None or question.data.get("for") != _FOR:
        return None
    return await turn.work.complaint(question.reference)


async def _ask_back(turn: Turn, complaint: Complaint) -> bool:
    wish = complaint.hold or complaint.extension
    if wish is None:
        return False
    person = (await turn.work.directory()).get(wish.asked_by)
    if turn.question is None:
        turn.ask(Question(Pending.YES_NO, complaint.reference, {"for": _FOR}))
    turn.did = Verb.UNCLEAR
    what = "hold" if complaint.hold is not None else "extension"
    turn.answer(Answer.DECISION_UNCLEAR, complaint, who=person.name if person else "", limit=wish.limit, what=what)
    return True
