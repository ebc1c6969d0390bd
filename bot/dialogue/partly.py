"""Done, and something else is not theirs: "管子换好了 赔钱的事我们做不了主" gives no work back."""

from __future__ import annotations

import re

from bot.answers import Answer
from bot.dialogue.choosing import choose, nothing_fits
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, begins_with_command, understand
from bot.grammar.folding import clean, fold
from bot.grammar.own_number import without_number
from bot.grammar.patterns import deferred
from complaints import noting
from complaints.permissions import Step, permitted

_LONGEST = 120  # characters
_READ_AS = frozenset({Verb.GIVE_BACK, Verb.DONE, Verb.NOT_DONE, Verb.REPORT})
_NOT_OURS = deferred(
    r"做不了主|定不了|说了不算|没(?:有)?权|不归|不由我|不属于|管不了|管不着|不是我们?(?:部门|这边|公司|项目)?(?:的|管|负责)|不负责"
    r"|退(?:单|给|回(?!弹))"
    r"|\bnot (?:for )?(?:our|my|ours|mine|us|me)\b|\b(?:can'?t|cannot|could not|couldn'?t) (?:decide|promise|agree)\b"
    r"|\bno (?:say|authority)\b|\bnot up to (?:us|me)\b|\bgive (?:it|that) back\b"
)
_CLAUSES = deferred(r"[,，。;；\n]+\s*|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])|\s+(?=but\b)|\.\s+", re.IGNORECASE)


def parts(said: str) -> tuple[str, str] | None:
    """Return what is done and what is said not to be theirs, each as it was said; None where either is missing."""
    clauses = [each.strip() for each in _CLAUSES.split(clean(said)) if each.strip()]
    others = [each for each in clauses if _NOT_OURS.search(fold(each))]
    done = [each for each in clauses if each not in others]
    if not others or not any(understand(each, Speaker.HANDLER, Pending.NONE).verb is Verb.DONE for each in done):
        return None
    between = "，" if re.search(r"[\u3400-\u9fff]", said) else ", "
    return between.join(done), between.join(others)


async def take_partly_done(turn: Turn) -> bool:
    """Ask whether the work is done or given back; what is not theirs is kept for colleagues, and no customer reads it."""
    assert turn.meaning is not None
    if turn.meaning.verb not in _READ_AS or len(turn.words) > _LONGEST:
        return False
    if turn.question is not None and turn.question.ask is not Pending.MENU:
        return False
    if begins_with_command(turn.words, Speaker.HANDLER) or (told := parts(turn.words)) is None:
        return False
    complaint = await choose(turn, await turn.work.tasks_of(turn.person.id), act=Step.RESOLVE)
    if complaint is None:
        if not turn.asked_back:
            await nothing_fits(turn)
        return True
    words = without_number(turn.words, complaint.reference)
    if permitted(complaint, Step.NOTE, turn.as_staff()):
        complaint = await turn.desk.record(turn.work, noting.note(complaint, words, turn.as_staff(), turn.now))
    result, rest = (without_number(each, complaint.reference) for each in told)
    turn.did = Verb.UNCLEAR
    turn.answer(Answer.DONE_OR_BACK, complaint, result=result, rest=rest, text=words)
    return True
