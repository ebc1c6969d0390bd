"""A third party that mediates, in chat: "第三方调解 0007 人民调解委员会 周五", "调解结束 0007 结果 …" (R-078)."""

from __future__ import annotations

from datetime import UTC

from bot.answers import Answer
from bot.dialogue import holding
from bot.dialogue.choosing import choose, nothing_fits
from bot.dialogue.outward import held
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Verb
from bot.grammar.mediating import Mediation, about_mediation, lasts_until
from complaints import mediating, outward
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.permissions import Step


async def take_mediation(turn: Turn) -> bool:
    """Do what is said of a mediation; False where the words are about something else. Raises NotAllowed or IllegalStep."""
    said = about_mediation(turn.words)
    if said is None:
        return False
    theirs = await turn.work.tasks_of(turn.person.id)
    if said.over:
        theirs = [each for each in theirs if mediating.under_way(each) is not None]
    if said.reference is None and (not theirs or not (said.over or said.day)):
        return False  # "第三方调解正在进行": a line of progress
    turn.meaning = Meaning(turn.words, Verb.TICK, {"reference": said.reference} if said.reference else {})
    turn.did = Verb.TICK
    complaint = await choose(turn, theirs, act=Step.MEDIATE)
    if complaint is None:
        if not turn.asked_back:
            await nothing_fits(turn)
        return True
    try:
        await (_end(turn, complaint, said) if said.over else _begin(turn, complaint, said))
    except Missing as missing:
        turn.answer(Answer.MEDIATION_NOTED, complaint, missing=missing.what)
    return True


async def _begin(turn: Turn, complaint: Complaint, said: Mediation) -> None:
    terms = await turn.desk.terms(turn.work, complaint)
    until = lasts_until(said.day, turn.now.astimezone(turn.desk.zone))
    until = until.astimezone(UTC) if until is not None else None
    change = mediating.begin(complaint, said.text, until, turn.as_staff(), terms, turn.now)
    recorded = await turn.desk.record(turn.work, change)
    facts = {"did": "begun", "mediator": said.text, "until": until.isoformat() if until else ""}
    if complaint.hold is None and recorded.hold is not None:
        facts |= {"pause": "yes"} | await holding.put_to(turn, recorded.hold)
    turn.answer(Answer.MEDIATION_NOTED, recorded, **facts)


async def _end(turn: Turn, complaint: Complaint, said: Mediation) -> None:
    terms = await turn.desk.terms(turn.work, complaint)
    change = outward.say(complaint, "mediation_over", said.text, turn.as_staff(), terms, turn.now)
    recorded = await turn.desk.record(turn.work, change)
    if held(complaint, recorded):
        turn.answer(Answer.WORDS_WAIT, recorded)
    else:
        turn.answer(Answer.MEDIATION_NOTED, recorded, did="over", result=said.text)
