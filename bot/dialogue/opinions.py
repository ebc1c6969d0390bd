"""What another department thinks of a complaint, in chat: "征求意见 0007 @李雷 怎么修", "意见 0007 整面重做防水" (R-030)."""

from __future__ import annotations

import re

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, begins_with_command, understand
from bot.grammar.opinions import Opinion, about_opinion
from bot.people import Directory, Person
from bot.storage import queues
from complaints import opinions
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.permissions import Step

ASKED = "opinion"
_NO_OPINION = frozenset(
    {Verb.ACCEPT, Verb.AGREE, Verb.APPROVE, Verb.DISAGREE, Verb.HELP, Verb.LIST, Verb.REJECT, Verb.STATUS, Verb.THANKS}
)  # "好的" says that it was read
_SHORT = 6  # characters of a yes
_LATELY = 30  # notices in which what was asked is looked for


async def take_opinion(turn: Turn) -> bool:
    """Do what is said of an opinion; False where the words are about something else. Raises NotAllowed or IllegalStep."""
    said = about_opinion(turn.words)
    question = turn.question
    if said is None and question is not None and question.data.get("for") == ASKED and _thinks(turn.words):
        said = Opinion(False, turn.words, question.reference)
    if said is None:
        return False
    return await _ask(turn, said) if said.asks else await _give(turn, said)


def _thinks(words: str) -> bool:
    """Say whether plain words are an answer to what was asked: neither a command, nor that it was read."""
    if not words or any(begins_with_command(words, role) for role in (Speaker.SUPERVISOR, Speaker.HANDLER)):
        return False
    read_it = len(words) <= _SHORT and understand(words, Speaker.SUPERVISOR, Pending.YES_NO).verb is Verb.AGREE
    return not read_it and understand(words, Speaker.SUPERVISOR, Pending.NONE).verb not in _NO_OPINION


async def _ask(turn: Turn, said: Opinion) -> bool:
    turn.meaning = Meaning(turn.words, Verb.TICK, {"reference": said.reference} if said.reference else {})
    turn.did = Verb.TICK
    complaint = await choose(turn, [], act=Step.ASK_OPINION)
    if complaint is None:
        if not turn.asked_back:
            turn.answer(Answer.OPINION_NOTED, None, missing="number")
        return True
    person, text = whom(await turn.work.directory(), said.text)
    if person is None:
        turn.answer(Answer.OPINION_NOTED, complaint, missing="who")
        return True
    terms = await turn.desk.terms(turn.work, complaint)
    change = opinions.ask(complaint, person.id, text, None, turn.as_staff(), terms, turn.now)
    recorded = await turn.desk.record(turn.work, change)
    due = recorded.opinions[-1].due_at.isoformat()
    turn.answer(Answer.OPINION_NOTED, recorded, did="asked", who=person.id, due=due)
    return True


def whom(directory: Directory, text: str) -> tuple[Person | None, str]:
    """Return whom words begin with, by name or as the head of a unit, and what follows; None where nobody."""
    words = re.split(r"([\s,，:：]+)", text)
    for count in (5, 3, 1):  # words and what stands between them
        name = "".join(words[:count]).lstrip("@")
        found = directory.named(name) if len(words) >= count else []
        head = directory.head_of_unit(name)
        if len(found) == 1 or head is not None:
            return found[0] if len(found) == 1 else head, "".join(words[count:]).strip(" \t\n,，:：")
    return None, ""


async def _give(turn: Turn, said: Opinion) -> bool:
    """Take an opinion from whoever was asked for one; of anybody else the words mean something else."""
    asked = await _asked_of(turn)
    number = said.reference or turn.named
    if not any(each.reference.endswith(number or "") for each in asked):
        return False
    before, turn.meaning = turn.meaning, Meaning(turn.words, Verb.TICK, {"reference": number} if number else {})
    complaint = await choose(turn, asked, act=Step.GIVE_OPINION)
    if complaint is None:
        turn.meaning = before if not turn.asked_back else turn.meaning
        return turn.asked_back
    turn.did = Verb.TICK
    try:
        change = opinions.give(complaint, said.text, turn.as_staff(), turn.now)
    except Missing:
        turn.answer(Answer.OPINION_NOTED, complaint, missing="what")
        return True
    turn.answer(Answer.OPINION_NOTED, await turn.desk.record(turn.work, change), did="given")
    turn.settle()
    return True


async def _asked_of(turn: Turn) -> list[Complaint]:
    references = await queues.lately_told(turn.work, turn.person.id, [NoticeKind.OPINION_ASKED], _LATELY)
    await turn.work.prefetch_complaints(references)
    found = [complaint for each in references if (complaint := await turn.work.complaint(each)) is not None]
    return [each for each in found if opinions.waiting(each, turn.person.id) is not None and not each.settled]
