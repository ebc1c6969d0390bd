"""What everybody says to the customer, in chat: "口径 0007 防水周五前重做，费用公司承担", "同意口径 0007" (R-053)."""

from __future__ import annotations

from bot.answers import Answer
from bot.dialogue.choosing import choose, nothing_fits
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Verb
from bot.grammar.wording import about_wording
from complaints import outward, wording
from complaints.change import Change, EventKind
from complaints.complaint import Complaint
from complaints.permissions import Step
from complaints.vocabulary import Role


async def take_wording(turn: Turn) -> bool:
    """Do what is said of the wording; False where the words are about something else. Raises NotAllowed or IllegalStep."""
    said = about_wording(turn.words)
    if said is None:
        return False
    turn.meaning = Meaning(turn.words, Verb.TICK, {"reference": said.reference} if said.reference else {})
    turn.did = Verb.TICK
    act = Step.AGREE_WORDING if said.agrees else Step.WORD
    complaint = await choose(turn, await turn.work.tasks_of(turn.person.id), act=act)
    if complaint is None:
        if not turn.asked_back:
            await nothing_fits(turn)
    elif said.agrees:
        await _record(turn, complaint, wording.agree(complaint, turn.as_staff(), turn.now), "agreed")
    elif not said.text:
        turn.answer(Answer.WORDING_NOTED, complaint)
    elif complaint.commander is None and not (await turn.work.directory()).holding(Role.CENTER_LEAD):
        turn.answer(Answer.WORDING_NOTED, complaint, nobody="yes")  # what is said to the customer would wait for ever
    else:
        await _record(turn, complaint, wording.put(complaint, said.text, turn.as_staff(), turn.now), "put")
    return True


async def _record(turn: Turn, complaint: Complaint, change: Change, did: str) -> None:
    """Record what became of the wording; once it counts, what waited for it is said."""
    terms = await turn.desk.terms(turn.work, complaint)
    change = outward.worded(change, turn.as_staff(), terms, turn.now)
    said = [event.note for event in change.events if event.kind is EventKind.WORDS_SPOKEN]
    recorded = await turn.desk.record(turn.work, change)
    turn.answer(Answer.WORDING_NOTED, recorded, did=did, **({"said": "\n".join(said)} if said else {}))
