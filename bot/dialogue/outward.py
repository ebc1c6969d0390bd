"""One voice outward, in chat: words that wait are let out, reworded or kept back, and what was published is noted."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import Answer
from bot.dialogue.asked import OUTWARD, tell_asked
from bot.dialogue.choosing import choose
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Verb
from bot.grammar.leaders import Said, said
from bot.recipients import as_voice
from bot.storage import queues
from complaints import outward
from complaints.change import Change, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.parts.actors import Actor
from complaints.permissions import Step
from complaints.vocabulary import Role

_LATELY = 30  # notices in which what is answered is looked for
_FOR = "speak"


async def take_outward(turn: Turn) -> bool:
    """Do what is said of words that wait for one voice, or of what was published; False where it is something else."""
    if not turn.is_staff or turn.room is not None:
        return False
    if turn.meaning is not None and turn.meaning.verb is Verb.LIST and turn.meaning.said("of") == "outward":
        if not await tell_asked(turn, OUTWARD):
            turn.answer(Answer.NOTHING_TO_RELEASE, outward="yes")
        return True
    told = said(turn.words)
    asked = turn.question.data if turn.question is not None else {}
    if told is None and asked.get("for") == _FOR and turn.question is not None and turn.words:
        told = Said("reword", turn.words, turn.question.reference)
    if told is None or told.name not in ("send", "reword", "keep_back", "published"):
        return False
    return await (_take_published(turn, told) if told.name == "published" else _take_words(turn, told))


async def speaking(turn: Turn, actor: Actor) -> Actor:
    """Return the speaker as who speaks for the house: the centre's lead, where nobody is there for the press."""
    lead = turn.person.roles & {Role.CENTER_LEAD}
    return as_voice(replace(actor, roles=actor.roles | lead), await turn.work.directory())


async def _take_words(turn: Turn, told: Said) -> bool:
    references = await queues.lately_told(turn.work, turn.person.id, [NoticeKind.WORDS_HELD], _LATELY)
    if told.reference is not None:
        references = [*references, *await turn.work.ending_with(told.reference)]
    await turn.work.prefetch_complaints(references)
    known = [complaint for each in dict.fromkeys(references) if (complaint := await turn.work.complaint(each))]
    waiting = [each for each in known if each.unspoken and not each.settled]
    if told.reference is not None:
        waiting = [each for each in waiting if each.reference.endswith(told.reference)]
    elif turn.named is not None:
        waiting = [each for each in waiting if each.reference == turn.named]
    if not waiting:
        return await _nothing_waits(turn, known, told)
    turn.meaning = Meaning(turn.words, Verb.RELEASE, {"reference": told.reference} if told.reference else {})
    turn.did = Verb.RELEASE
    complaint = await choose(turn, waiting, act=Step.SPEAK)
    if complaint is None:
        return turn.asked_back
    terms, actor = await turn.desk.terms(turn.work, complaint), await speaking(turn, turn.as_())
    if told.name == "keep_back":
        change = outward.keep_back(complaint, told.text, actor, terms, turn.now)
        turn.answer(Answer.KEEP_BACK_DONE, await turn.desk.record(turn.work, change))
    elif told.name == "reword" and not told.text:
        turn.ask(Question(Pending.RELEASE, complaint.reference, {"for": _FOR}))
        turn.answer(Answer.REWORD_NEEDED, complaint)
        return True
    else:
        words = told.text if told.name == "reword" else ""
        change = outward.let_out(complaint, words, actor, terms, turn.now)
        recorded = await turn.desk.record(turn.work, change)
        turn.answer(Answer.RELEASE_DONE, recorded, **_went_out(complaint, change, words))
    turn.settle()
    return True


async def _nothing_waits(turn: Turn, known: list[Complaint], told: Said) -> bool:
    """Tell whoever alone may speak that nothing waits for them; False where the words may be about something else."""
    number = told.reference or turn.named
    complaint = next((each for each in known if number is not None and each.reference.endswith(number)), None)
    if complaint is None or complaint.settled or complaint.unreleased is not None:
        return False
    terms, actor = await turn.desk.terms(turn.work, complaint), await speaking(turn, turn.as_staff())
    if not outward.voice(complaint, terms) or not outward.may_speak(complaint, actor, terms):
        return False
    turn.did = Verb.RELEASE
    turn.answer(Answer.NOTHING_TO_RELEASE, complaint)
    return True


def _went_out(before: Complaint, change: Change, better: str) -> dict[str, str]:
    """Return what went out, and the numbers of those whose customers read it; `later` where it waits for something else.

    dropped: older words, a line each, that could not be said any more.
    """
    *dropped, said = (each for each in before.unspoken if each not in change.complaint.unspoken)
    told = any(notice.to.person == before.complainant for notice in change.notices)
    numbers = outward.readers(before, said.what)
    waits = {"later": "yes"} if numbers and not told else {}
    over = {"dropped": "\n".join(each.text for each in dropped)} if dropped else {}
    return {"what": said.what, "text": better or said.text, "readers": ",".join(numbers), **waits, **over}


async def _take_published(turn: Turn, told: Said) -> bool:
    if not told.value and told.reference is None:
        return False
    turn.meaning = Meaning(turn.words, Verb.TICK, {"reference": told.reference} if told.reference else {})
    turn.did = Verb.TICK
    complaint = await choose(turn, await turn.work.queue(), act=Step.PUBLISH)
    if complaint is None:
        if not turn.asked_back:
            turn.answer(Answer.QUEUE_EMPTY)
        return True
    terms, actor = await turn.desk.terms(turn.work, complaint), await speaking(turn, turn.as_())
    try:
        change = outward.publish(complaint, told.value, actor, terms, turn.now)
    except Missing:
        turn.answer(Answer.LINK_NEEDED, complaint)
        return True
    turn.answer(Answer.PUBLISHED_DONE, await turn.desk.record(turn.work, change), url=told.value)
    return True


def held(before: Complaint, after: Complaint) -> bool:
    """Say whether words were kept for whoever alone may speak, instead of going outside."""
    return len(after.unspoken) > len(before.unspoken) or after.unspoken[-1:] != before.unspoken[-1:]
