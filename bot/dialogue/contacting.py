"""A colleague who contacts the customer themselves, in chat (R-037)."""

from __future__ import annotations

from bot.answers import Answer
from bot.dialogue.choosing import choose, nothing_fits
from bot.dialogue.questions import CONTACT, Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, begins_with_command
from bot.grammar.contacting import contact_result, takes_contact
from bot.storage import queues
from complaints import contacting
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.lifecycle import Step

_TOLD = (NoticeKind.ALARM, NoticeKind.STILL_WAITING, NoticeKind.PULLED_IN, NoticeKind.ESCALATION, NoticeKind.OVERDUE,
         NoticeKind.NEW_COMPLAINT)  # fmt: skip
_LATELY = 30
_LEAST = 4  # characters of an answer to "what came of it?"


async def take_contact(turn: Turn) -> bool:
    """Do what somebody says who contacts the customer themselves; False where the words say no such thing."""
    if not turn.is_staff or turn.room is not None:
        return False
    number = takes_contact(turn.words)
    if number is not None:
        await _take_on(turn, number)
        return True
    told = contact_result(turn.words)
    asked = turn.question is not None and turn.question.data.get("for") == CONTACT
    if told is None and not (asked and _answers(turn)):
        return False
    number, words = told or ("", turn.words)
    return await _tell(turn, number, words)


def _answers(turn: Turn) -> bool:
    return len(turn.words.strip()) >= _LEAST and not begins_with_command(turn.words, Speaker.SUPERVISOR)


async def _lately(turn: Turn) -> list[Complaint]:
    references = await queues.lately_told(turn.work, turn.person.id, _TOLD, _LATELY)
    await turn.work.prefetch_complaints(references)
    found = [complaint for each in references if (complaint := await turn.work.complaint(each)) is not None]
    return [complaint for complaint in found if not complaint.settled]


async def _chosen(turn: Turn, number: str, candidates: list[Complaint]) -> Complaint | None:
    turn.meaning = Meaning(turn.words, Verb.TICK, {"reference": number} if number else {})
    complaint = await choose(turn, candidates, act=Step.ACKNOWLEDGE)
    if complaint is None and not turn.asked_back:
        await nothing_fits(turn)
    return complaint


async def _take_on(turn: Turn, number: str) -> None:
    complaint = await _chosen(turn, number, await _lately(turn))
    if complaint is None:
        return
    turn.did = Verb.ACCEPT
    terms = await turn.desk.terms(turn.work, complaint)
    recorded = await turn.desk.record(turn.work, contacting.take_on(complaint, turn.as_staff(), terms, turn.now))
    turn.ask(Question(Pending.NONE, recorded.reference, {"for": CONTACT}))
    turn.answer(Answer.CONTACT_TAKEN, recorded)


async def _tell(turn: Turn, number: str, words: str) -> bool:
    candidates = [each for each in await _lately(turn) if contacting.waits_for(each, turn.person.id)]
    asked = await turn.work.complaint(turn.question.reference or "") if turn.question is not None else None
    if asked is not None and asked not in candidates and contacting.waits_for(asked, turn.person.id):
        candidates = [asked, *candidates]
    complaint = await _chosen(turn, number, candidates)
    if complaint is None:
        return True
    turn.did = Verb.REPORT
    recorded = await turn.desk.record(turn.work, contacting.tell(complaint, words, turn.as_staff(), turn.now))
    turn.settle()
    turn.answer(Answer.CONTACT_NOTED, recorded)
    return True
