"""The desk's own tools, asked before its other commands: the form, the queue, canned words, playbooks, drills, referrals."""

from __future__ import annotations

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.conduct import take_conduct
from bot.dialogue.drill import take_drill
from bot.dialogue.evidence import take_witness
from bot.dialogue.form import take_form
from bot.dialogue.mediating import take_mediation
from bot.dialogue.opinions import take_opinion
from bot.dialogue.overview import take_overview
from bot.dialogue.owed import take_owed
from bot.dialogue.playbooks import take_playbook
from bot.dialogue.queue import take_queue
from bot.dialogue.turn import Turn
from bot.dialogue.wording import take_wording
from bot.dialogue.words_of_the_desk import take_phrases
from bot.grammar import Meaning, Verb
from bot.grammar.tools import read_referral
from complaints.errors import Missing
from complaints.permissions import Step
from complaints.referring import refer
from complaints.vocabulary import SERVICE_CENTRE, Role


async def take_tool(turn: Turn) -> bool:
    """Do what one of the tools is for; False where the words are about something else."""
    if turn.room is not None:
        return False
    if not turn.is_staff:
        return await take_drill(turn)
    return (
        await take_form(turn)
        or await take_drill(turn)
        or await take_overview(turn)
        or await take_queue(turn)
        or await take_phrases(turn)
        or await take_playbook(turn)
        or await take_owed(turn)
        or await take_conduct(turn)
        or await take_opinion(turn)
        or await take_wording(turn)
        or await take_mediation(turn)
        or await take_witness(turn)
        or await _take_referral(turn)
    )


async def _take_referral(turn: Turn) -> bool:
    """Take "已转介 0007 客户同意 …" of whoever brought it in, or of the centre (R-006); False where it is none."""
    said = read_referral(turn.words)
    if said is None:
        return False
    turn.meaning = Meaning(turn.words, Verb.TICK, {"reference": said.number} if said.number else {})
    turn.did = Verb.TICK
    theirs = [each for each in await turn.work.entered_by(turn.person.id) if not each.settled]
    complaint = await choose(turn, theirs, act=Step.REFER)
    if complaint is None:
        if not turn.asked_back:
            turn.answer(Answer.NONE_ENTERED)
        return True
    terms = await turn.desk.terms(turn.work, complaint)
    actor = turn.as_(Role.EMPLOYEE, *SERVICE_CENTRE)
    try:
        change = refer(complaint, said.to, said.consent, actor, terms, turn.now)
    except Missing as missing:
        turn.answer(Answer.REFER_NEEDED, complaint, what=missing.what)
        return True
    turn.answer(Answer.REFER_DONE, await turn.desk.record(turn.work, change))
    return True
