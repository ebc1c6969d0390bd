"""Who runs the desk asks of the whole in a sentence: who has the most, who is late, why this is still open, the figures."""

from __future__ import annotations

from collections import Counter

from bot.answers import Answer
from bot.dialogue.choosing import choose, offer
from bot.dialogue.described import alike
from bot.dialogue.leaders import show_board
from bot.dialogue.notes import tell_staff
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Verb
from bot.grammar.names import is_near
from bot.grammar.overview import asks_about_one, asks_about_thing, asks_figures, asks_loads, asks_whose, asks_why
from bot.storage import queues, tools
from bot.storage.tools import QueueWanted
from complaints.change import NoticeKind
from complaints.permissions import Errand, may, permitted
from complaints.vocabulary import SUPERVISING, Role

_OPEN = 500  # open complaints that are counted
_NAMED = 20  # people who are named
_OFFERED = 9  # what a digit can name
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
    sees_all = may(Errand.QUEUE, actor) or may(Errand.BOARD, actor)
    if (whose := asks_whose(turn.words)) is not None and sees_all and await _tell_theirs(turn, *whose):
        return True
    if (part := asks_loads(turn.words)) and sees_all:
        await _tell_loads(turn, late=part == "late")
        return True
    if (part := asks_figures(turn.words)) and may(Errand.BOARD, actor):
        await show_board(turn, "", **({"more": "yes"} if part == "more" else {}))
        return True
    if (thing := asks_about_thing(turn.words)) and sees_all and await _tell_that(turn, thing):
        return True
    number = asks_about_one(turn.words)
    # "0009 谁在盯 抓紧" is an order of theirs
    orders = number and Role.LEADER in turn.person.roles and not asks_why(turn.words)
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
    facts |= {"list": "yes"} if may(Errand.QUEUE, actor) else {}
    turn.answer(Answer.LOADS, None, **facts, **({"more": "yes"} if more else {}))


async def _tell_theirs(turn: Turn, who: str, alone: bool) -> bool:
    """List what a colleague has in hand; alone: the words ask nothing else, so that nobody is called so is said."""
    directory, actor = await turn.work.directory(), turn.as_staff()
    found = directory.named(who)
    if len(found) != 1:
        if not alone and not found:
            return False
        found = found or [each for each in directory.persons.values() if each.active and is_near(who, each.name)]
        names = "、".join(each.name for each in found[:_OFFERED])
        turn.answer(Answer.LOADS, None, unknown=who, names=names)
        return True
    turn.did = Verb.LIST
    theirs = [each for each in await turn.work.tasks_of(found[0].id) if permitted(each, Errand.STATUS, actor)]
    if not theirs:
        turn.answer(Answer.LOADS, None, total="0", who=found[0].name)
        return True
    shown = theirs[:_OFFERED]
    turn.ask(Question(Pending.MENU, None, {"options": [each.reference for each in shown], "then": "进度"}))
    turn.answer_list(Answer.QUEUE, shown, who=found[0].name, count=str(len(theirs)))
    return True


async def _tell_that(turn: Turn, thing: str) -> bool:
    """Tell how the open one stands that is described, or ask which; False where none fits."""
    actor = turn.as_staff()
    wanted = QueueWanted(sites=actor.sites or frozenset(), reader=turn.person.id)
    found, _ = await tools.queue_page(turn.work, wanted, (), _OPEN)
    known = [each for each in found if permitted(each, Errand.STATUS, actor)]
    meant = await alike(turn, thing, known)
    if not meant:
        return False
    turn.question = None  # it goes on waiting
    if len(meant) > 1:
        offer(turn, meant, {"zh": "进度", "en": "status"}[turn.locale])
        turn.asked_back = True
        return True
    turn.reference = meant[0].reference
    await tell_staff(turn, meant[0])
    return True


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
