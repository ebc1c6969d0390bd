"""Colleagues say which complaint they mean by what it is about: "漏水那个我明天过去", "the lift one is not mine"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.dialogue.choosing import offer
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.folding import clean
from bot.grammar.things import THING
from bot.storage import tools
from bot.storage.tools import QueueWanted
from complaints.complaint import Complaint
from complaints.permissions import Step, permitted
from complaints.taxonomy import OTHER

_LONGEST: Final = 80  # characters of a line that begins so; a letter tells of more than one thing
_OPEN: Final = 200  # complaints of the centre that are looked through
_HAN: Final = "\u3400-\u9fff"
_ONE: Final = r"[个件家户单台处]"
_SAID: Final = re.compile(
    r"(?:好的?|行|嗯|那(?![个件家户单台处边])|收到|ok(?:ay)?|yes|sure|把|将|关于|[\s,，。!！])*(?:"
    rf"[那这]{_ONE}(?P<first>[{_HAN}]{{2,8}}?)的(?:投诉|单子?|事|活|客户|业主|那?{_ONE})?"
    rf"|(?P<last>[{_HAN}]{{2,8}}?)的?[那这](?:{_ONE}|边)(?:投诉|单子?|事|活|客户|业主)?"
    r"|(?:i'?ll |i will |i can |we'?ll |let me )?(?:(?:take|do|handle|get|accept|see|fix)(?: on)? )?"
    r"(?:the|that) (?P<en>(?!(?:other|new|old|same|last|first|right|wrong)\b)[a-z][a-z -]{1,24}?) "
    r"(?:one|job|case|complaint|ticket)\b"
    r"|(?:i'?ll |i will |we'?ll )?(?:(?:take|do|handle|get|accept) )?"
    r"(?:the|that) one (?:about|with|for) (?:the |a )?(?P<about>[a-z]{3,16})\b"
    r")",
    re.IGNORECASE,
)
_SOMEBODYS: Final = re.compile(
    rf"[\s,，]*(?:把|将)?(?P<whose>[{_HAN}]{{2,8}}?)的(?:投诉|工单|单子?|事情?|活)(?=[\s,，]*(?:转|派|分|交|移|安|给))"
)
"""Said by the centre alone, which gives it to somebody: "陈阿姨的事分给张伟"."""
_ANYTHING: Final = re.compile(
    r"刚才|刚刚|上次|之前|上午|下午|昨天|今天|明天|客户|业主|住户|师傅|领导|公司|厂家|供应商|剩下|另外|其他|其它|最后|第|还有|我|你|他|她"
)
_NEAR_BY: Final = re.compile(
    r"楼上|楼下|隔壁|对门|邻居|门口|保安|保洁|管家|前台|房东|大爷|上门|neighbou?r|upstairs|downstairs|guard|tenant|landlord",
    re.IGNORECASE,
)
_GIVES: Final = re.compile(
    rf"[\s,，]*(?:就|再|先|请)?(?:转派?|派单?|分派?|交|移交|安排)?给\s*@?(?P<who>[{_HAN}A-Za-z]{{2,12}})[吧了啊\s。.!！]*"
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
    found = _SAID.match(clean(turn.words))
    if found is None and speaker is Speaker.SUPERVISOR:
        found = _SOMEBODYS.match(clean(turn.words))
    said = "" if found is None else next((each for each in found.groups() if each), "")
    if found is None or _ANYTHING.search(said):
        return False
    rest = clean(turn.words)[found.end() :]
    if speaker is Speaker.SUPERVISOR and (gives := _GIVES.fullmatch(rest)):
        return await _given(turn, said, gives["who"])
    if found.re is _SOMEBODYS:
        return False
    offered = (
        turn.question.data.get("options") if turn.question is not None and turn.question.ask is Pending.MENU else None
    )
    tasks = await turn.work.tasks_of(turn.person.id)
    if not tasks:
        return False
    meant = _alike(turn, said, tasks)
    if offered and not rest.strip(" ,，。.!！") and len(meant) == 1 and meant[0].reference in offered and turn.question:
        then = str(turn.question.data.get("then") or "")
        turn.settle()
        turn.named, turn.words = meant[0].reference, then
        return False
    if len(meant) == 1 and turn.question is not None and turn.question.reference not in (None, meant[0].reference):
        turn.question = None  # it goes on waiting
    if understand(turn.words, Speaker.HANDLER, Pending.NONE).verb not in _OF_WORK:
        return False
    if len(meant) == 1:
        if turn.question is not None and turn.question.reference is None:
            turn.question = None
        turn.named = meant[0].reference
        return False
    if not meant and turn.pack.guess(said) == OTHER and (_NEAR_BY.search(said) or not THING.search(said.casefold())):
        return False  # "楼上那家": of the one in hand, for all we know
    turn.question = None
    turn.meaning = understand(turn.words, Speaker.HANDLER, Pending.NONE)
    offer(turn, meant or tasks, turn.words)
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
    meant, words = _alike(turn, said, known), f"派单给{who}"
    if len(meant) == 1:
        turn.question, turn.named, turn.words = None, meant[0].reference, words
        return False
    if not known:
        return False
    turn.question, turn.meaning = None, understand(words, Speaker.SUPERVISOR, Pending.NONE)
    offer(turn, meant or known, words)
    turn.asked_back = True
    return True


def _alike(turn: Turn, said: str, complaints: Sequence[Complaint]) -> list[Complaint]:
    """Return those in whose words it stands; where there are none, those of its kind."""
    word = said.casefold().strip()
    holding = [
        each for each in complaints if word in each.summary.casefold() or word.rstrip("s") in each.summary.casefold()
    ]
    if holding:
        return holding
    kind = turn.pack.guess(said)
    return [] if kind == OTHER else [each for each in complaints if each.category == kind]
