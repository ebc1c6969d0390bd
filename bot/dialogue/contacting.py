"""A colleague who contacts the customer themselves, in chat (R-037)."""

from __future__ import annotations

from bot.answers import Answer, Internal
from bot.dialogue.choosing import choose, nothing_fits
from bot.dialogue.questions import CONTACT, WANTED, Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, begins_with_command
from bot.grammar.contacting import contact_result, may_take_contact, takes_contact
from bot.grammar.inside import cannot_reach
from bot.storage import queues
from complaints import contacting, noting
from complaints.change import EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.lifecycle import Step
from complaints.vocabulary import Status

_TOLD = (NoticeKind.ALARM, NoticeKind.STILL_WAITING, NoticeKind.PULLED_IN, NoticeKind.ESCALATION, NoticeKind.OVERDUE,
         NoticeKind.NEW_COMPLAINT)  # fmt: skip
_ALL = (*_TOLD, Internal.PERSON_WANTED, NoticeKind.CONTACT_ASKED)
_LATELY = 30
_LEAST = 4  # characters of an answer to "what came of it?"


async def take_contact(turn: Turn) -> bool:
    """Do what somebody says who contacts the customer themselves; False where the words say no such thing."""
    if not turn.is_staff or turn.room is not None:
        return False
    number = takes_contact(turn.words)
    if number is None:
        number = may_take_contact(turn.words)
        if number is not None and not await _means_a_customer(turn, number):
            return False
    if number is not None:
        await _take_on(turn, number)
        return True
    if await _phoned(turn) or await _in_vain(turn):
        return True
    told = contact_result(turn.words)
    asked = turn.question is not None and turn.question.data.get("for") == CONTACT
    if told is None and not (asked and _answers(turn)):
        return False
    number, words = told or ("", turn.words)
    return await _tell(turn, number, words)


async def _means_a_customer(turn: Turn, number: str) -> bool:
    """Say whether "我来联系" is about a customer, and not the answer to an alarm or an acceptance."""
    if _asked_for(turn, WANTED):
        return True
    if turn.question is not None and turn.question.data.get("for") == "alarm":
        return False
    if number or turn.named:
        tasks = await turn.work.tasks_of(turn.person.id)
        meant = number or str(turn.named)
        return not any(c.reference.endswith(meant) and c.status is Status.DISPATCHED for c in tasks)
    return bool(await _wanted(turn)) or not any(
        c.status is Status.DISPATCHED for c in await turn.work.tasks_of(turn.person.id)
    )


async def _phoned(turn: Turn) -> bool:
    """Take "已电话 接通 …" of somebody who contacts a customer for what came of it; False where it is of another call."""
    assert turn.meaning is not None
    meant = turn.meaning.taken_as(Verb.TICK)
    if meant is None or meant.said("duty") != "phoned" or meant.arguments.get("reached") is None:
        return False
    number = meant.said("reference") or turn.named or ""
    asked = _asked_for(turn, CONTACT)
    if asked and turn.question is not None and turn.question.reference is None:
        turn.settle()
        turn.answer(Answer.CONTACT_NOTED)
        return True
    waiting = [each for each in await _lately(turn, *_ALL) if contacting.waits_for(each, turn.person.id)]
    waiting = [each for each in waiting if each.reference.endswith(number)]
    if not waiting or not (asked or all(each.call is None for each in await _lately(turn, NoticeKind.PLEASE_PHONE))):
        return False
    complaint = await _chosen(turn, meant.said("reference"), waiting)
    if complaint is None:
        return True
    words = meant.said("text") or turn.words
    if meant.arguments.get("reached"):
        await _told(turn, complaint, words)
        return True
    terms = await turn.desk.terms(turn.work, complaint)
    turn.did = Verb.REPORT
    change = contacting.take_on(complaint, turn.as_staff(), terms, turn.now, words)
    turn.answer(Answer.CONTACT_TAKEN, await turn.desk.record(turn.work, change))
    return True


async def _in_vain(turn: Turn) -> bool:
    """Note that whoever has nothing in hand rang a customer who asked for somebody, and nobody answered: they wait on."""
    assert turn.meaning is not None
    if turn.meaning.said("reference") or not cannot_reach(turn.words) or await turn.work.tasks_of(turn.person.id):
        return False
    wanted = await _wanted(turn)
    if len(wanted) > 1:
        turn.question = None  # which one was told last does not say which one was rung
    complaint = await _chosen(turn, "", wanted) if wanted else None
    if complaint is not None:
        turn.did = Verb.NOTE
        change = noting.note(complaint, turn.words, turn.as_staff(), turn.now)
        turn.answer(Answer.NOTE_DONE, await turn.desk.record(turn.work, change), inside="yes")
    return bool(wanted)


def _asked_for(turn: Turn, what: str) -> bool:
    return turn.question is not None and turn.question.data.get("for") == what


def _answers(turn: Turn) -> bool:
    return len(turn.words.strip()) >= _LEAST and not begins_with_command(turn.words, Speaker.SUPERVISOR)


async def _lately(turn: Turn, *kinds: str) -> list[Complaint]:
    references = await queues.lately_told(turn.work, turn.person.id, kinds, _LATELY)
    await turn.work.prefetch_complaints(references)
    found = [complaint for each in references if (complaint := await turn.work.complaint(each)) is not None]
    return [complaint for complaint in found if not complaint.settled]


async def _wanted(turn: Turn) -> list[Complaint]:
    """Return whose customers asked for somebody, as far as nobody has contacted them since."""
    found = []
    for complaint in await _lately(turn, Internal.PERSON_WANTED):
        asked_at = await queues.last_told_at(turn.work, turn.person.id, Internal.PERSON_WANTED, complaint.reference)
        taken_at = complaint.marked(EventKind.CONTACTING)
        if asked_at is not None and (taken_at is None or taken_at < asked_at):
            found.append(complaint)
    return found


async def _chosen(turn: Turn, number: str, candidates: list[Complaint]) -> Complaint | None:
    turn.meaning = Meaning(turn.words, Verb.TICK, {"reference": number} if number else {})
    complaint = await choose(turn, candidates, act=Step.ACKNOWLEDGE)
    if complaint is None and not turn.asked_back:
        await nothing_fits(turn)
    return complaint


async def _take_on(turn: Turn, number: str) -> None:
    if _asked_for(turn, WANTED) and turn.question is not None and not (number or turn.named or turn.question.reference):
        turn.did = Verb.ACCEPT  # somebody without a complaint wants to be called
        turn.ask(Question(Pending.NONE, None, {"for": CONTACT}))
        turn.answer(Answer.CONTACT_TAKEN)
        return
    # A customer who asked for somebody comes before whatever else was told: it is what the words answer.
    candidates = await _wanted(turn) or await _lately(turn, *_TOLD)
    if len(candidates) > 1:
        turn.question = None  # several wait: which one was told last does not say which one is meant
    complaint = await _chosen(turn, number, candidates)
    if complaint is None:
        return
    turn.did = Verb.ACCEPT
    terms = await turn.desk.terms(turn.work, complaint)
    recorded = await turn.desk.record(turn.work, contacting.take_on(complaint, turn.as_staff(), terms, turn.now))
    turn.ask(Question(Pending.NONE, recorded.reference, {"for": CONTACT}))
    turn.answer(Answer.CONTACT_TAKEN, recorded)


async def _tell(turn: Turn, number: str, words: str) -> bool:
    asked = await turn.work.complaint(turn.question.reference or "") if turn.question is not None else None
    if not number and not turn.named and _asked_for(turn, CONTACT) and asked is None:
        turn.settle()  # of somebody without a complaint
        turn.answer(Answer.CONTACT_NOTED)
        return True
    candidates = [each for each in await _lately(turn, *_ALL) if contacting.waits_for(each, turn.person.id)]
    if asked is not None and asked not in candidates and contacting.waits_for(asked, turn.person.id):
        candidates = [asked, *candidates]
    complaint = await _chosen(turn, number, candidates)
    if complaint is not None:
        await _told(turn, complaint, words)
    return True


async def _told(turn: Turn, complaint: Complaint, words: str) -> None:
    turn.did = Verb.REPORT
    recorded = await turn.desk.record(turn.work, contacting.tell(complaint, words, turn.as_staff(), turn.now))
    turn.settle()
    turn.answer(Answer.CONTACT_NOTED, recorded)
