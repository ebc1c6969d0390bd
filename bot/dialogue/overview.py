"""Who runs the desk asks of the whole in a sentence: who has the most, who is late, why this is still open, the figures."""

from __future__ import annotations

from collections import Counter

from bot.answers import Answer
from bot.dialogue.choosing import choose, offer
from bot.dialogue.leaders import show_board
from bot.dialogue.notes import tell_staff
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Verb
from bot.grammar.overview import asks_about_one, asks_figures, asks_loads
from bot.storage import queues, tools
from bot.storage.tools import QueueWanted
from complaints.change import NoticeKind
from complaints.permissions import Errand, may, permitted
from complaints.vocabulary import SUPERVISING, Role

_OPEN = 500  # open complaints that are counted
_NAMED = 20  # people who are named
_LATELY = 10
_TELLING = (
    NoticeKind.ALARM, NoticeKind.ESCALATION, NoticeKind.OVERDUE, NoticeKind.MAJOR_CASE, NoticeKind.BULLETIN,
    NoticeKind.STILL_WAITING, NoticeKind.NEW_COMPLAINT, NoticeKind.STAFF_URGED, NoticeKind.PROGRESS_MISSED,
    NoticeKind.PLEASE_PHONE,
)  # fmt: skip


async def take_overview(turn: Turn) -> bool:
    """Answer it; False where nothing of the kind is asked. What waits for an answer goes on waiting."""
    if not turn.is_staff or turn.room is not None or not turn.person.roles & SUPERVISING:
        return False
    actor = turn.as_staff()
    if (part := asks_loads(turn.words)) and (may(Errand.QUEUE, actor) or may(Errand.BOARD, actor)):
        await _tell_loads(turn, late=part == "late")
        return True
    if (part := asks_figures(turn.words)) and may(Errand.BOARD, actor):
        await show_board(turn, "", **({"more": "yes"} if part == "more" else {}))
        return True
    number = asks_about_one(turn.words)
    orders = (
        number is not None and Role.LEADER in turn.person.roles and number
    )  # "0009 谁在盯 抓紧" is an order of theirs
    return number is not None and not orders and await _tell_one(turn, number)


async def _tell_loads(turn: Turn, *, late: bool) -> None:
    turn.did = Verb.LIST
    actor, directory = turn.as_staff(), await turn.work.directory()
    wanted = QueueWanted(overdue_at=turn.now if late else None, sites=actor.sites or frozenset(), reader=turn.person.id)
    found, more = await tools.queue_page(turn.work, wanted, (), _OPEN)
    found = [each for each in found if permitted(each, Errand.STATUS, actor)]
    nobody = {"zh": "还没有处理人", "en": "nobody yet"}[turn.locale]
    counted: Counter[str] = Counter()
    for each in found:
        person = directory.persons.get(each.task.assignee) if each.task is not None else None
        counted[person.name if person is not None else nobody] += 1
    loads = "\n".join(f"{name} {count}" for name, count in counted.most_common(_NAMED))
    facts = {"total": str(len(found)), "loads": loads} | ({"late": "yes"} if late else {})
    turn.answer(Answer.LOADS, None, **facts, **({"more": "yes"} if more else {}))


async def _tell_one(turn: Turn, number: str) -> bool:
    """Tell how the one stands that is named, else the one that was told of last; where there is none, ask which."""
    if not number and turn.named is None:
        if await turn.work.tasks_of(turn.person.id):
            return False  # they may speak of their own
        told = await queues.lately_told(turn.work, turn.person.id, _TELLING, _LATELY)
        await turn.work.prefetch_complaints(told)
        known = [complaint for each in told if (complaint := await turn.work.complaint(each)) is not None]
        known = [each for each in known if not each.settled and permitted(each, Errand.STATUS, turn.as_staff())]
        if len(known) == 1:
            turn.reference = known[0].reference
            await tell_staff(turn, known[0])
            return True
        wanted = QueueWanted(sites=turn.as_staff().sites or frozenset(), reader=turn.person.id)
        found, _ = await tools.queue_page(turn.work, wanted, (), _OPEN)
        known = known or [each for each in found if permitted(each, Errand.STATUS, turn.as_staff())]
        if not known:
            return False
        turn.question = None
        offer(turn, known, {"zh": "进度", "en": "status"}[turn.locale])
        turn.asked_back = True
        return True
    turn.meaning = Meaning(turn.words, Verb.STATUS, {"reference": number} if number else {})
    complaint = await choose(turn, [], act=Errand.STATUS)
    if complaint is not None:
        await tell_staff(turn, complaint)
    return complaint is not None or turn.asked_back
