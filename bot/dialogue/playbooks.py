"""Playbooks in chat: "预案 0007", "启动预案 0007", "预案 0007 第2步 已留样" (R-073, R-114)."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import Answer
from bot.dialogue.choosing import choose, nothing_fits
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Verb
from bot.grammar.playbooks import Playbook, Said, about_playbook, step_said
from complaints import plan_steps, playing
from complaints.complaint import Complaint
from complaints.permissions import Errand, Step


async def take_playbook(turn: Turn) -> bool:
    """Do what is said of a playbook; False where the words are about something else, or there is none for it."""
    said = about_playbook(turn.words) or await _step_of_begun(turn)
    if said is None:
        return False
    before, number = turn.meaning, {"reference": said.reference} if said.reference else {}
    turn.meaning = Meaning(turn.words, Verb.TICK, number)
    act = Errand.PLAN_FOR if said.said is Said.SHOW else Step.PLAYBOOK
    complaint = await choose(turn, await turn.work.tasks_of(turn.person.id), act=act)
    if complaint is None:
        if not turn.asked_back:
            await nothing_fits(turn)
        return True
    if await _do(turn, complaint, said):
        turn.did = Verb.TICK
        return True
    turn.meaning, turn.reference = before, None
    return False


async def _step_of_begun(turn: Turn) -> Playbook | None:
    """Return which step of a playbook under way is meant where it is not named; None where it is the agreed plan's."""
    said = step_said(turn.words)
    if said is None:
        return None
    number = said.reference or turn.named
    if number is not None:
        references = [number] if await turn.work.complaint(number) else await turn.work.ending_with(number)
        found = [await turn.work.complaint(each) for each in references]
    else:
        found = list(await turn.work.tasks_of(turn.person.id))
    begun = [each for each in found if each is not None and each.playbook and not each.settled]
    if len(begun) != 1 or (len(found) != 1 and number is not None) or plan_steps.left(begun[0]):
        return None
    return replace(said, reference=begun[0].reference)


async def _do(turn: Turn, complaint: Complaint, said: Playbook) -> bool:
    terms = await turn.desk.terms(turn.work, complaint)
    if said.said is Said.STEP:
        change = playing.tick(complaint, said.step, said.note, turn.as_staff(), terms, turn.now)
        recorded = await turn.desk.record(turn.work, change)
        turn.answer(Answer.PLAYBOOK, recorded, did="ticked", step=str(said.step))
        return True
    book = playing.fitting(complaint, terms, said.which)
    if said.said is Said.SHOW:
        titles = "、".join(each.title[turn.locale] for each in terms.policy.playbooks)
        turn.answer(Answer.PLAYBOOK, complaint, **({} if book is not None else {"others": titles}))
        return True
    if book is None:
        return False  # nothing is written down for it: what leaders may do then is a task force
    change = playing.begin(complaint, book, turn.as_staff(), turn.now)
    turn.answer(Answer.PLAYBOOK, await turn.desk.record(turn.work, change), did="begun")
    return True
