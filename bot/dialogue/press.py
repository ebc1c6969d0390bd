"""A colleague says that it is they who answer the press: a note on that matter, which takes no work on."""

from __future__ import annotations

from bot.answers import Answer
from bot.dialogue.choosing import choose, nothing_fits, offer
from bot.dialogue.set_aside import number_said
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Verb
from bot.grammar.press import answers_press
from bot.storage import tools
from bot.storage.tools import QueueWanted
from complaints import noting
from complaints.complaint import Complaint
from complaints.permissions import Step, permitted
from complaints.vocabulary import Flag

_OPEN = 200  # open complaints that are looked through


async def take_press(turn: Turn) -> bool:
    """Note that the speaker answers the press; False where they say no such thing."""
    if not turn.is_staff or turn.room is not None or not answers_press(turn.words):
        return False
    number = number_said(turn.words, anywhere=True)
    turn.meaning = Meaning(turn.words, Verb.NOTE, {"text": turn.words} | ({"reference": number} if number else {}))
    turn.did = Verb.NOTE
    candidates = [] if number or turn.named else await open_ones(turn, Step.NOTE)
    asked = [each for each in candidates if Flag.MEDIA in each.flags]
    if candidates and not asked and len(candidates) > 1:
        offer(turn, candidates, turn.words)
        return True
    complaint = await choose(turn, asked or candidates, act=Step.NOTE)
    if complaint is not None:
        change = noting.note(complaint, turn.words, turn.as_staff(), turn.now)
        turn.answer(Answer.NOTE_DONE, await turn.desk.record(turn.work, change))
        turn.settle()
    elif not turn.asked_back:
        await nothing_fits(turn)
    return True


async def open_ones(turn: Turn, act: Step) -> list[Complaint]:
    """Return what is open and on which the speaker may do `act`, what they have in hand among it."""
    actor = turn.as_staff()
    wanted = QueueWanted(sites=actor.sites or frozenset(), reader=turn.person.id)
    known, _ = await tools.queue_page(turn.work, wanted, (), _OPEN)
    return [each for each in known if permitted(each, act, actor)]
