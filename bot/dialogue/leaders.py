"""Leaders in chat: orders and remarks, what help is needed, today's numbers; and what others answer to an order."""

from __future__ import annotations

from bot import board
from bot.answers import Answer
from bot.dialogue.alarms import takes_it_on
from bot.dialogue.choosing import choose, offer
from bot.dialogue.questions import Question
from bot.dialogue.refusing import refuse_act
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Verb
from bot.grammar.describing import description, holds
from bot.grammar.leaders import Said, asks_board, asks_how_it_goes, said, says_none, told_one, told_to
from bot.grammar.tools import asks_of_the_whole
from bot.storage import queues, tools
from bot.storage.tools import QueueWanted
from complaints import briefing, ladders
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.permissions import Act, Errand, Step, may, permitted
from complaints.taxonomy import OTHER
from complaints.vocabulary import Role, Status

_OPEN = 200  # open complaints that are looked through
_LATELY = 30  # notices in which what is spoken of is looked for
_TO_LEADERS = [NoticeKind.MAJOR_CASE, NoticeKind.BULLETIN, NoticeKind.ORDER_ANSWERED, NoticeKind.GRADE_PROPOSED]
_FOR = "leading"
_UNMISTAKABLE = "批示"
_LEADING = {"order": Step.ORDER, "comment": Step.COMMENT, "help": Step.ASK_HELP}


async def take_leading(turn: Turn) -> bool:
    """Do what a leader says, or what is said to one; False where it is something else."""
    if not turn.is_staff or turn.room is not None:
        return False
    if (site := asks_board(turn.words)) is not None:
        return await show_board(turn, site)
    leads = Role.LEADER in turn.person.roles
    whole = asks_how_it_goes(turn.words) or asks_of_the_whole(turn.words) is not None
    if leads and turn.named is None and whole:
        return await show_board(turn, "")
    if await _take_answer(turn):
        return True
    told = said(turn.words)
    if told is None and leads:
        told = told_to(turn.words)
    if leads and turn.named is None and (told is None or told.reference is None) and await _bids_one(turn, told):
        return True
    asked = turn.question.data if turn.question is not None else {}
    if told is None and asked.get("for") == _FOR and turn.meaning is not None and turn.meaning.verb is Verb.REASON:
        assert turn.question is not None
        told = Said(str(asked.get("what")), turn.words, turn.question.reference)
    if told is None or told.name not in _LEADING:
        return False
    if told.name != "help" and Role.LEADER not in turn.person.roles and _UNMISTAKABLE not in turn.words:
        return False  # everyday words of anybody else's: "order 0007 new parts"
    await _lead(turn, told)
    return True


async def _lead(turn: Turn, told: Said, about: Complaint | None = None) -> None:
    act = _LEADING[told.name]
    turn.meaning = Meaning(turn.words, Verb.TICK, {"reference": told.reference} if told.reference else {})
    turn.did = Verb.TICK
    turn.reference = about.reference if about is not None else turn.reference
    complaint = about or await _by_description(turn, told, act)
    if complaint is None and not turn.asked_back:
        complaint = await choose(turn, await _spoken_of(turn, told.name), act=act)
    if complaint is None and not turn.asked_back and turn.named is None and told.reference is None:
        complaint = await _described(turn, told.text, act)
    if complaint is None:
        if not turn.asked_back:
            turn.answer(Answer.NOTHING_TO_ANSWER)
        return
    if not told.text:
        turn.ask(Question(Pending.REASON, complaint.reference, {"for": _FOR, "what": told.name}))
        turn.answer(Answer.ORDER_NEEDED, complaint, what=told.name)
        return
    match told.name:
        case "order":
            change = briefing.order(complaint, told.text, turn.as_(Role.LEADER), turn.now)
        case "comment":
            change = briefing.comment(complaint, told.text, turn.as_(Role.LEADER), turn.now)
        case _:
            terms = await turn.desk.terms(turn.work, complaint)
            text = {"zh": "不需要", "en": "none"}[turn.locale] if says_none(told.text) else told.text
            change = briefing.ask_help(complaint, text, turn.as_(), terms, turn.now)
    named = told.reference is not None or turn.named is not None
    shown = {} if named else {"about": complaint.summary}  # they see whether it is the one they mean
    turn.answer(Answer.ORDER_DONE, await turn.desk.record(turn.work, change), what=told.name, **shown)
    turn.settle()


async def _bids_one(turn: Turn, told: Said | None) -> bool:
    """Take an order by which a leader bids one colleague by name: about what they have; of several it is asked which."""
    name, words = told_one(turn.words)
    people = (await turn.work.directory()).named(name) if name else []
    if len(people) != 1 or (told is not None and told.name != "order"):
        return False
    theirs = await turn.work.tasks_of(people[0].id)
    theirs = [each for each in theirs if permitted(each, Step.ORDER, turn.as_staff())]
    if not theirs:
        return False
    turn.question = None
    if len(theirs) == 1:
        await _lead(turn, Said("order", words), theirs[0])
        return True
    offer(turn, theirs, f"{_UNMISTAKABLE} {words}")
    turn.asked_back = True
    return True


async def _by_description(turn: Turn, told: Said, act: Act) -> Complaint | None:
    """Return the one that an order describes by what it is about, whatever its leader was told of last; else ask which."""
    word = description(told.text) if told.reference is None and turn.named is None else ""
    if not word or act is not Step.ORDER:
        return None
    known = await _open(turn, act)
    meant = [each for each in known if holds(each.summary, word)]
    if len(meant) == 1:
        turn.reference = meant[0].reference
        return meant[0]
    return await _described(turn, told.text, act)


async def _open(turn: Turn, act: Act) -> list[Complaint]:
    actor = turn.as_staff()
    wanted = QueueWanted(sites=actor.sites or frozenset(), reader=turn.person.id)
    known, _ = await tools.queue_page(turn.work, wanted, (), _OPEN)
    return [each for each in known if permitted(each, act, actor)]


async def _described(turn: Turn, words: str, act: Act) -> Complaint | None:
    """Return the open complaint of the kind that words tell of ("门禁那个今天必须解决"); else ask which one."""
    if act is Step.ASK_HELP or Role.LEADER not in turn.as_staff().roles:
        return None
    known = await _open(turn, act)
    kind = turn.pack.guess(words)
    alike = [each for each in known if each.category == kind != OTHER]
    if len(alike) == 1:
        turn.reference = alike[0].reference
        return alike[0]
    if known:
        offer(turn, alike or known, turn.words)
        turn.asked_back = True
    return None


async def _spoken_of(turn: Turn, what: str) -> list[Complaint]:
    """Return the complaints that a leader was lately told of, or whoever leads was asked about."""
    kinds = [NoticeKind.HELP_NEEDED] if what == "help" else _TO_LEADERS
    found = await _told(turn, kinds)
    return found or await turn.work.tasks_of(turn.person.id)


async def _told(turn: Turn, kinds: list[NoticeKind]) -> list[Complaint]:
    references = await queues.lately_told(turn.work, turn.person.id, kinds, _LATELY)
    await turn.work.prefetch_complaints(references)
    found = [complaint for each in references if (complaint := await turn.work.complaint(each)) is not None]
    return [each for each in found if not each.settled]


async def _take_answer(turn: Turn) -> bool:
    """Take "收到" to an order; False where none waits, or the same word accepts the work."""
    assert turn.meaning is not None
    meant = takes_it_on(turn)
    if meant is None:
        return False
    waiting = [each for each in await _told(turn, [NoticeKind.ORDER]) if _unanswered(each)]
    number = str(meant.arguments.get("reference") or "")
    if number and not any(each.reference.endswith(number) for each in waiting):
        return False
    if turn.named is not None and turn.named not in {each.reference for each in waiting}:
        return False
    if not waiting:
        return False
    before, turn.meaning = turn.meaning, meant
    complaint = await choose(turn, waiting, act=Step.ACKNOWLEDGE)
    if complaint is None:
        turn.meaning = before
        return turn.asked_back
    mine = complaint.task is not None and complaint.task.assignee == turn.person.id
    if complaint.status is Status.DISPATCHED and mine:
        turn.meaning, turn.reference = before, None
        return False  # whose task it is accepts it by the same word, and that answers the order
    terms = await turn.desk.terms(turn.work, complaint)
    recorded = await turn.desk.record(turn.work, ladders.acknowledge(complaint, turn.as_(), terms, turn.now))
    turn.answer(Answer.ACK_DONE, recorded)
    turn.settle()
    return True


def _unanswered(complaint: Complaint) -> bool:
    return any(order.answered_at is None for order in complaint.orders)


# ── today's numbers ───────────────────────────────────────────────────────────────────────────────────────────────────


async def show_board(turn: Turn, name: str, **more: str) -> bool:
    """Show today's numbers, of a site by its name, "" for all; False where there is no such site."""
    directory = await turn.work.directory()
    site = directory.site_in(name) if name else None
    if name and site is None:
        return False  # "看板坏了": a board of another kind
    turn.did = Verb.STATUS
    act: Act = Errand.BOARD
    if not may(Errand.BOARD, turn.as_staff()):
        await refuse_act(turn, act)
        return True
    scope = board.scope_of(turn.person, directory, site)
    numbers = await board.numbers(turn.work, turn.person.id, scope, turn.now, turn.desk.book.calendar_at(""))
    turn.answer(Answer.BOARD, None, **board.facts(numbers, directory, site), **more)
    return True
