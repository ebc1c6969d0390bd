"""Colleagues say which complaint they mean by what it is about: "漏水那个我明天过去", "the lift one is not mine"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.dialogue.choosing import offer
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.describing import ANYTHING, GIVEN, HAN, SAID, SOMEBODYS, description, holds
from bot.grammar.folding import clean
from bot.grammar.patterns import deferred
from bot.grammar.things import THING
from bot.sayings import said_since
from bot.storage import tools
from bot.storage.tools import QueueWanted
from complaints.complaint import Complaint
from complaints.permissions import Step, permitted
from complaints.taxonomy import OTHER

_LONGEST: Final = 80  # characters of a line that begins so; a letter tells of more than one thing
_LOOKED_INTO: Final = 20  # complaints of which what was said since is read
_OPEN: Final = 200  # complaints of the centre that are looked through
_NEAR_BY: Final = deferred(
    r"楼上|楼下|隔壁|对门|邻居|门口|保安|保洁|管家|前台|房东|大爷|上门|neighbou?r|upstairs|downstairs|guard|tenant|landlord",
    re.IGNORECASE,
)
_GIVES: Final = deferred(
    rf"[\s,，]*(?:就|再|先|请)?(?:转派?|派单?|分派?|交|移交|安排)?给\s*@?(?P<who>[{HAN}A-Za-z]{{2,12}})[吧了啊\s。.!！]*"
)
_OF_WORK: Final = frozenset(
    {Verb.ACCEPT, Verb.DONE, Verb.NOT_DONE, Verb.REPORT, Verb.VISIT, Verb.GIVE_BACK, Verb.EXTEND, Verb.HOLD, Verb.RESUME,
     Verb.TRANSFER, Verb.PLAN, Verb.STATUS}
)  # fmt: skip


async def take_described(turn: Turn, speaker: Speaker) -> bool:
    """Put the one complaint that a colleague's words describe into the turn; True where it was asked which one they mean.

    What was asked about another goes on waiting. Words that name a kind of matter which none of theirs is of are never taken
    for one of another kind, were it the only one.
    """
    if turn.named is not None or turn.room is not None or not turn.is_staff or len(turn.words) > _LONGEST:
        return False
    if speaker is Speaker.SUPERVISOR and (given := GIVEN.fullmatch(clean(turn.words))) is not None:
        return await _given(turn, given["en"], re.sub(r" (?:instead|please|pls|now|then)$", "", given["who"]))
    found = SAID.match(clean(turn.words))
    if found is None and speaker is Speaker.SUPERVISOR:
        found = SOMEBODYS.match(clean(turn.words))
    if found is None:
        return await _begins_with_thing(turn)
    said = "" if found is None else next((each for each in found.groups() if each), "")
    if ANYTHING.search(said) or (len(said) == 1 and THING.fullmatch(said) is None):
        return False
    rest = clean(turn.words)[found.end() :]
    if speaker is Speaker.SUPERVISOR and (gives := _GIVES.fullmatch(rest)):
        return await _given(turn, said, gives["who"])
    if found.re is SOMEBODYS:
        return False
    offered = (
        turn.question.data.get("options") if turn.question is not None and turn.question.ask is Pending.MENU else None
    )
    tasks = await turn.work.tasks_of(turn.person.id)
    if not tasks:
        return False
    meant = await alike(turn, said, tasks)
    if offered and not rest.strip(" ,，。.!！") and len(meant) == 1 and meant[0].reference in offered and turn.question:
        then = str(turn.question.data.get("then") or "")
        turn.settle()
        turn.named, turn.words = meant[0].reference, then
        return False
    guessed = bool(meant) and not await _holding(turn, said, meant)
    if guessed and THING.search(said.casefold()):
        return _ask_back(turn, meant) if _is_work(turn) else False  # of that kind, and of another thing
    if len(meant) == 1 and turn.question is not None and turn.question.reference not in (None, meant[0].reference):
        turn.question = None  # it goes on waiting
    if not _is_work(turn):
        return False
    if len(meant) == 1:
        if turn.question is not None and turn.question.reference is None:
            turn.question = None
        turn.named = meant[0].reference
        return False
    near_by = _NEAR_BY.search(said) is not None
    told = not near_by and said.isascii() and len(said.split()) > 1  # "the wrong tooth one" is plainly of another
    if not meant and turn.pack.guess(said) == OTHER and (near_by or not THING.search(said.casefold())) and not told:
        return False  # "楼上那家": of the one in hand, for all we know
    return _ask_back(turn, meant or tasks)


async def _begins_with_thing(turn: Turn) -> bool:
    """Put the one of several in hand whose words hold the thing that these begin with into the turn; asks nothing."""
    thing = description(turn.words)
    tasks = await turn.work.tasks_of(turn.person.id) if thing else []
    if len(tasks) < 2 or not _is_work(turn):
        return False
    meant = await _holding(turn, thing, tasks)
    if len(meant) == 1:
        if turn.question is not None and turn.question.reference != meant[0].reference:
            turn.question = None  # it goes on waiting
        turn.named = meant[0].reference
    return False


def _is_work(turn: Turn) -> bool:
    return understand(turn.words, Speaker.HANDLER, Pending.NONE).verb in _OF_WORK


def _ask_back(turn: Turn, complaints: Sequence[Complaint]) -> bool:
    turn.question = None
    turn.meaning = understand(turn.words, Speaker.HANDLER, Pending.NONE)
    offer(turn, complaints, turn.words)
    turn.asked_back = True
    return True


async def _given(turn: Turn, said: str, who: str) -> bool:
    """The centre gives what it describes to a colleague, whoever has it now."""
    if len((await turn.work.directory()).named(who)) != 1:
        return False
    actor = turn.as_staff()
    wanted = QueueWanted(sites=actor.sites or frozenset(), reader=turn.person.id)
    known, _ = await tools.queue_page(turn.work, wanted, (), _OPEN)
    known = [complaint for complaint in known if permitted(complaint, Step.DISPATCH, actor)]
    meant, words = await alike(turn, said, known), f"派单给{who}"
    if len(meant) == 1:
        turn.question, turn.named, turn.words = None, meant[0].reference, words
        return False
    if not known:
        return False
    turn.question, turn.meaning = None, understand(words, Speaker.SUPERVISOR, Pending.NONE)
    offer(turn, meant or known, words)
    turn.asked_back = True
    return True


async def alike(turn: Turn, said: str, complaints: Sequence[Complaint]) -> list[Complaint]:
    """Return those in whose words it stands; where there are none, those of its kind."""
    if holding := await _holding(turn, said, complaints):
        return holding
    kind = turn.pack.guess(said)
    return [] if kind == OTHER else [each for each in complaints if each.category == kind]


async def _holding(turn: Turn, said: str, complaints: Sequence[Complaint]) -> list[Complaint]:
    """Return those whose first words hold it, else those of which it was said since."""
    word = said.casefold().strip()
    holding = [each for each in complaints if holds(each.summary, word)]
    if holding or len(complaints) > _LOOKED_INTO:
        return holding
    return [each for each in complaints if holds(" ".join(s.text for s in await said_since(turn.work, each)), word)]
