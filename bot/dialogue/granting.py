"""A lead's words about a wish for more time, or for a hold, that neither grant nor refuse it: they are asked back."""

from __future__ import annotations

from bot.answers import Answer
from bot.dialogue.questions import PART_TIME, Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Verb
from bot.grammar.granting import gives_other
from complaints import deciding
from complaints.complaint import Complaint
from complaints.permissions import Step, permitted

_FOR = "extension"


async def take_undecided(turn: Turn) -> bool:
    """Ask back where words that fit nothing are about a complaint whose wish the speaker decides on; False where none is.

    What waits for somebody is asked again, however often they were not understood before.
    """
    complaint = await _meant(turn)
    if complaint is None:
        return False
    if permitted(complaint, Step.DECIDE_EXTENSION, turn.as_staff()) and await _ask_back(turn, complaint):
        return True
    theirs = [each for each in _of_parts(complaint) if _asked_of(turn, each.by)]
    if len(theirs) != 1 or not permitted(complaint, Step.DECIDE_PART, turn.as_staff()):
        return False
    await _ask_back_of_part(turn, complaint, theirs[0])
    return True


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
    if question is None or question.reference is None or question.data.get("for") not in (_FOR, PART_TIME):
        return None
    return await turn.work.complaint(question.reference)


def _of_parts(complaint: Complaint) -> list[deciding.Wish]:
    """Return what those want who assist, or lead with a limit of their own: more time (R-034)."""
    return [each for each in deciding.waiting(complaint) if each.step is Step.DECIDE_PART]


def _asked_of(turn: Turn, who: str) -> bool:
    """Say whether a question of ours, if one waits, is about this person's wish."""
    asked = turn.question.data if turn.question is not None else {}
    return asked.get("for") != PART_TIME or asked.get("who") == who


async def gives_less_to_part(turn: Turn, complaint: Complaint, who: str) -> bool:
    """The same as `gives_less`, of more time for somebody who assists, or leads with a limit of their own."""
    wish = next((each for each in _of_parts(complaint) if each.by == who), None)
    if wish is None or not gives_other(turn.words, wish.limit):
        return False
    await _ask_back_of_part(turn, complaint, wish)
    return True


async def _ask_back_of_part(turn: Turn, complaint: Complaint, wish: deciding.Wish) -> None:
    if turn.question is None:
        turn.ask(Question(Pending.YES_NO, complaint.reference, {"for": PART_TIME, "who": wish.by}))
    await _unclear(turn, complaint, wish.by, wish.limit, "extension")


async def _ask_back(turn: Turn, complaint: Complaint) -> bool:
    wish = complaint.hold or complaint.extension
    if wish is None:
        return False
    if turn.question is None:
        turn.ask(Question(Pending.YES_NO, complaint.reference, {"for": _FOR}))
    await _unclear(turn, complaint, wish.asked_by, wish.limit, "hold" if complaint.hold is not None else "extension")
    return True


async def _unclear(turn: Turn, complaint: Complaint, who: str, limit: str, what: str) -> None:
    person = (await turn.work.directory()).get(who)
    turn.did = Verb.UNCLEAR
    turn.answer(Answer.DECISION_UNCLEAR, complaint, who=person.name if person else "", limit=limit, what=what)
