"""Drills in chat (R-113): the whole desk with practice complaints, which count nowhere and reach no customer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.answers import Answer
from bot.dialogue.filing import file_for_customer, file_practice
from bot.dialogue.questions import Question
from bot.dialogue.refusing import refuse_act
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Verb
from bot.grammar.tools import read_drill, read_drill_complaint, read_real_complaint
from bot.storage import tools
from bot.storage.tools import Drill
from complaints import marking
from complaints.permissions import Step, those_who_may

_LASTS = timedelta(hours=8)
_LONGEST = timedelta(days=3)  # a drill that was forgotten must not go on
_LEADS = those_who_may(Step.END_DRILL)
_AT_ONCE = 500  # practice complaints that the end of a drill puts away


async def take_drill(turn: Turn) -> bool:
    """Begin or end a drill, say how it stands, or take a practice complaint; False where it is none of these."""
    asked = read_drill(turn.words)
    if asked is not None and turn.is_staff:
        turn.did = Verb.STATUS
        if asked.what == "status":
            await _tell(turn, await tools.drill(turn.work, turn.now))
        elif not turn.person.roles & _LEADS:
            await refuse_act(turn, Step.END_DRILL)
        elif asked.what == "start":
            await _start(turn, asked.lasts or _LASTS)
        else:
            await _end(turn)
        return True
    real = read_real_complaint(turn.words) if turn.is_staff else None
    if real:
        await file_for_customer(turn, real, real=True)
        return True
    return await _practise(turn)


async def _start(turn: Turn, lasts: timedelta) -> None:
    """Begin a drill, or let the one that goes on last longer; who begins one meanwhile cuts nobody's short."""
    until, running = turn.now + min(lasts, _LONGEST), await tools.drill(turn.work, turn.now)
    if running is not None and until <= running.until:
        await _tell(turn, running)
        return
    drill = Drill(turn.person.id, turn.now, until) if running is None else replace(running, until=until)
    await tools.set_drill(turn.work, drill)
    await _tell(turn, drill, changed="yes" if running is None else "longer")


async def _practise(turn: Turn) -> bool:
    """Take "演练投诉 …": of staff at any time, of others while a drill goes on; else it may be about a fire drill."""
    matter = read_drill_complaint(turn.words)
    announced = turn.question is not None and turn.question.data.get("for") == "drill"
    if matter is None and not (announced and turn.words):
        return False
    if not turn.is_staff and await tools.drill(turn.work, turn.now) is None:
        return False
    if matter == "":
        turn.ask(Question(Pending.NONE, None, {"for": "drill"}))
        turn.answer(Answer.WHAT_HAPPENED)
        return True
    await file_practice(turn, matter or turn.words)
    return True


async def _end(turn: Turn) -> None:
    """End the drill and put its complaints away; nobody hears of each."""
    await tools.set_drill(turn.work, None)
    actor, ended = turn.as_(*_LEADS), 0
    for complaint in await tools.open_drills(turn.work, _AT_ONCE):
        await turn.desk.record(turn.work, marking.end_drill(complaint, actor, turn.now))
        ended += 1
    await _tell(turn, None, changed="yes", **({"ended": str(ended)} if ended else {}))


async def _tell(turn: Turn, drill: Drill | None, **facts: str) -> None:
    if drill is not None:
        turn.answer(Answer.DRILL_STATE, None, on="yes", until=drill.until.isoformat(), **facts)
    else:
        turn.answer(Answer.DRILL_STATE, None, on="no", **facts)
