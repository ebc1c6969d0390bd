"""What a colleague bids us do about a complaint in a plain sentence: remind whoever has it, tell its customer something."""

from __future__ import annotations

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Verb
from bot.grammar.bidden import rang_in_vain
from bot.people import Person
from complaints import noting, progressing
from complaints.complaint import Complaint
from complaints.permissions import Step, permitted
from complaints.vocabulary import Status

_CALLED_BACK = frozenset({Status.RESOLVED, Status.PROPOSED})
_LONGEST_SAID = 120  # characters that a button says again


async def take_bidden(turn: Turn) -> bool:
    """Do it, or say who does; False where the words bid no such thing."""
    assert turn.meaning is not None
    if not turn.is_staff or turn.room is not None:
        return False
    if turn.meaning.verb is Verb.URGE and turn.meaning.arguments.get("remind"):
        await _remind(turn)
        return True
    if turn.meaning.verb is Verb.CALLED and rang_in_vain(turn.words):
        return await _rang_in_vain(turn)
    return turn.meaning.verb is Verb.REPORT and bool(turn.meaning.arguments.get("to_tell")) and await _passes_on(turn)


async def _remind(turn: Turn) -> None:
    assert turn.meaning is not None
    complaint = await choose(turn, [], act=Step.URGE)
    if complaint is None:
        return
    name, holder = turn.meaning.said("who"), await _holder(turn, complaint)
    meant = [person.id for person in (await turn.work.directory()).named(name)] if name else []
    if holder is None or (name and holder.id not in meant):
        turn.answer(Answer.REMINDED, complaint, who=holder.name if holder is not None else "", other=name)
        return
    change = progressing.remind(complaint, turn.meaning.said("text"), turn.as_staff(), turn.now)
    turn.answer(Answer.REMINDED, await turn.desk.record(turn.work, change), done="yes", who=holder.name)


async def _rang_in_vain(turn: Turn) -> bool:
    """Note a call that nobody took, where neither a call-back nor a call that we asked for waits for what came of it."""
    assert turn.meaning is not None
    number = turn.meaning.said("reference")
    found = await turn.work.ending_with(number)
    complaint = await turn.work.complaint(found[0]) if len(found) == 1 else None
    if complaint is None or complaint.settled or complaint.status in _CALLED_BACK:
        return False
    if complaint.call is not None:
        told = {"duty": "phoned", "reference": number, "reached": False, "text": turn.words}
        turn.meaning = Meaning(turn.words, Verb.TICK, told)
        return False
    turn.meaning = Meaning(turn.words, Verb.NOTE, {"reference": number, "text": turn.words})
    if (about := await choose(turn, [], act=Step.NOTE)) is not None:
        noted = await turn.desk.record(turn.work, noting.note(about, turn.words, turn.as_staff(), turn.now))
        turn.answer(Answer.NOTE_DONE, noted, inside="yes")
    return True


async def _passes_on(turn: Turn) -> bool:
    """Say of words for the customer of a case that is somebody else's who speaks with them, and offer to pass the words on."""
    assert turn.meaning is not None
    found = await turn.work.ending_with(turn.meaning.said("reference"))
    complaint = await turn.work.complaint(found[0]) if len(found) == 1 else None
    if complaint is None or not permitted(complaint, Step.URGE, turn.as_staff()):
        return False
    holder = await _holder(turn, complaint)
    if holder is not None and holder.id == turn.person.id:
        return False
    said = turn.meaning.said("text")
    plain = len(said) <= _LONGEST_SAID and not set(said) & set("|\n")
    facts = {"who": holder.name} if holder is not None else {}
    facts |= {"say": said} if plain else {}
    turn.answer(Answer.REMINDED, complaint, tell="yes", **facts)
    return True


async def _holder(turn: Turn, complaint: Complaint) -> Person | None:
    owner = complaint.owner
    return (await turn.work.directory()).get(owner) if owner is not None else None
