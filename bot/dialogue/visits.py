"""Arranging a visit by chat: a time named, echoed, agreed by the other, moved, called off, and what came of it (R-035)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.filing import file_own
from bot.dialogue.matters import plainly_another
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.dialogue.visit_times import (
    HALF_A_DAY,
    ROLES,
    ask_for_the_plan,
    ask_time,
    echo,
    name_time,
    planned_day,
    propose,
    put_the_other,
    record,
    side_of,
)
from bot.grammar import Meaning, Pending, Speaker, Verb, at_home, understand, visiting
from bot.grammar.clauses import clauses, times
from bot.grammar.details import Details, find_details
from bot.grammar.spoken import When, replaces_a_time, spoken, too_early
from bot.grammar.visiting import Came, Consent
from complaints import customer, handling, visits
from complaints.change import EventKind
from complaints.complaint import Complaint
from complaints.parts.asking import Slot
from complaints.permissions import Step
from complaints.vocabulary import SERVICE_CENTRE, Side, Status, VisitState

_SHORT = 40  # characters up to which words with a time in them may be no more than that time
_VAGUE = timedelta(hours=4)  # a longer span is no appointment yet: somebody has to say at what time in it
_BARE = 6  # characters up to which words about a visit hold nothing besides
# Words that fit no command, or that may be said of a visit as well.
_LOOSE = frozenset(
    {Verb.UNCLEAR, Verb.ADD, Verb.COMPLAIN, Verb.AGREE, Verb.DISAGREE, Verb.VISIT, Verb.REPORT, Verb.ACCEPT}
)
_MAY_SAY_CANNOT = frozenset(
    {Verb.UNCLEAR, Verb.GIVE_BACK, Verb.VISIT, Verb.REPORT, Verb.NOT_DONE, Verb.EXTEND, Verb.DISAGREE, Verb.ADD}
)
_MAY_BE_A_MOVE = frozenset({Verb.GIVE_BACK, Verb.EXTEND, Verb.TRANSFER, Verb.REPORT, Verb.UNCLEAR})
_CALLED_OFF = _LOOSE | {Verb.WITHDRAW}
_CLOCK = re.compile(r"(?<![\d.])\d{1,2}\.\d\d(?![\d.])")  # "2.30": a date to some
_LOOKS_FORWARD = re.compile(r"[等见谢好]|\b(?:see you|thanks|thank you|wait)\b")
_TELLS = (EventKind.SUPPLEMENTED, EventKind.FACT_TOLD, EventKind.URGED)
_OUTCOME = ("visit_outcome", "visit_result")  # what our question is for, after a visit
_WANTS_WORDS = frozenset({Pending.PROGRESS, Pending.REASON, Pending.FACTS})
_LEFT_OPEN = (VisitState.MISSED, VisitState.DECLINED)


async def take_outcome(turn: Turn) -> bool:
    """Take what came of a visit in the words that our question suggests, whatever else was asked since; False for all else."""
    said = visiting.bare(turn.words)
    came = visiting.suggested(said)
    what_for = turn.question.data.get("for") if turn.question is not None else None
    if came is None or came is Came.NOT_YET or not turn.is_staff or what_for in _OUTCOME:
        return False

    def waits(complaint: Complaint) -> bool:
        visit = complaint.visit
        told = visit is not None and (
            visit.asked > 0 or came is not Came.WENT
        )  # "went there" may be a line of progress
        return told and _begun(complaint, turn.now) and side_of(turn, complaint) is Side.STAFF

    complaint = await _chosen(turn, waits)
    return turn.asked_back if complaint is None else await _outcome(turn, complaint, said, came)


async def take_consent(turn: Turn) -> bool:
    """Take a mere yes ("可以", "0023 时间合适") to a time that waits for it, whatever was told or asked since.

    With a number, or in reply to a notice of its complaint, it is unmistakable; without, a question that a yes answers as
    well comes first. What was asked about something else goes on waiting. False for all other words.
    """
    said = visiting.consent(turn.words)
    if said is None or turn.room is not None:
        return False
    pointed = said.number or turn.named or ""
    if not pointed and not said.plain:
        return False
    waiting = [c for c in await _ours(turn) if _waits_for_yes(turn, c, said) and c.reference.endswith(pointed)]
    asked = turn.question
    if asked is not None and asked.data.get("for") != "visit":
        about = {c.reference for c in waiting}
        if _yes_answers(turn, asked) and not said.of_time and (not pointed or asked.reference in about):
            return False
        turn.question = None
    if not waiting:
        turn.question = asked
        return False
    kept = turn.conversation.pending if turn.question is None else ""
    turn.meaning = Meaning(turn.words, Verb.VISIT, {"reference": said.number} if said.number else {})
    complaint = await choose(turn, waiting, then="时间合适")
    if complaint is not None:
        await _agree(turn, complaint)
        turn.conversation.pending = turn.conversation.pending or kept
    return True


def _waits_for_yes(turn: Turn, complaint: Complaint, said: Consent) -> bool:
    side = side_of(turn, complaint)
    if complaint.visit is None or complaint.visit.awaits is not side:
        return False
    # A plan may be waiting for the customer's same word.
    return said.of_time or side is Side.STAFF or complaint.status is not Status.PROPOSED


def _yes_answers(turn: Turn, question: Question) -> bool:
    """Whether a yes answers a question; a line, a reason, a result or a phone number was never "可以"."""
    return question.ask not in _WANTS_WORDS and not (question.ask is Pending.RESULT and turn.is_staff)


async def take_visit(turn: Turn) -> bool:
    """Take words about a visit; False where they are about something else, and nothing was done."""
    assert turn.meaning is not None
    said = visiting.bare(turn.words)
    what_for = str(turn.question.data.get("for") or "") if turn.question is not None else ""
    may_say_so = turn.is_staff and len(said) <= _SHORT and turn.meaning.verb in _MAY_SAY_CANNOT
    if may_say_so and what_for not in _OUTCOME and await _cannot_come(turn, said):
        return True
    if what_for in _QUESTIONS and await _QUESTIONS[what_for](turn, said):
        return True
    if turn.is_staff and len(said) <= _SHORT and turn.meaning.verb in _MAY_BE_A_MOVE and visiting.moves_for_them(said):
        return await _move(turn, said)
    return await _unasked(turn, said)


# ── without a question of ours ────────────────────────────────────────────────────────────────────────────────────────


async def _unasked(turn: Turn, said: str) -> bool:
    assert turn.meaning is not None
    verb, short = turn.meaning.verb, len(said) <= _SHORT
    if verb in _CALLED_OFF and short and _calls_off(said):
        return await _call_off(turn, said)
    timely = visiting.may_name_a_time(said)
    if turn.is_staff and (verb is Verb.VISIT or (verb is Verb.UNCLEAR and timely and visiting.arranges(said))):
        return await _arrange(turn, said)
    if visiting.suits(said):
        return await _agrees(turn, lambda _: True)
    if verb is Verb.FACT and not turn.is_staff and timely and visiting.asks_to_come(said):
        # We asked who they are, and they ask for somebody to come; what tells who they are is an answer first.
        return find_details(turn.words, answering=True) == Details() and await _asks_to_come(turn, said)
    of_times = timely and short and not turn.is_staff
    if verb not in (*_LOOSE, Verb.URGE) and not (of_times and verb is Verb.RATE and turn.question is None):
        return False
    if of_times and at_home.refuses_a_time(said):
        return await _does_not_suit(turn, said)
    if verb is Verb.RATE or not said:
        return False
    if of_times and (visiting.tells_when(said) or _replaces(said)) and await _tells_when(turn, said):
        return True
    if of_times and visiting.puts_right(said) and await _puts_right(turn, said):
        return True
    if short and visiting.moves(said):
        return await _move(turn, said)
    if timely and not turn.is_staff and visiting.asks_to_come(said):
        return await _asks_to_come(turn, said)
    if verb is Verb.URGE:
        return False
    if timely and short and verb is not Verb.REPORT:
        return await _merely_a_time(turn, said)
    if verb in (Verb.UNCLEAR, Verb.AGREE) and turn.meaning.arguments.get("reference"):
        # A plan may be waiting for the same word.
        return _says_yes(said) and await _agrees(turn, lambda c: c.status is not Status.PROPOSED)
    return verb is Verb.REPORT and visiting.came(said) is Came.AWAY and await _found_nobody(turn, said)


def _calls_off(said: str) -> bool:
    """Whether a visit is off, and not merely moved: "周六别来了 周日来吧"."""
    return visiting.cancels(said) and not at_home.puts_off(said)


def _replaces(said: str) -> bool:
    """Whether a customer says no more than which time they mean, or names one instead of another: "not sat, sun"."""
    return at_home.tells_times(said) or at_home.puts_off(said)


async def _ours(turn: Turn) -> list[Complaint]:
    """Return what the speaker may arrange a visit for without naming it: their tasks, and their own complaints."""
    found = await turn.work.tasks_of(turn.person.id) if turn.is_staff else []
    own = [c for c in await turn.work.complaints_of(turn.person.id) if not c.settled]
    return [*found, *(c for c in own if c not in found)]


async def _chosen(turn: Turn, fits: Callable[[Complaint], bool], *, plain: bool = False) -> Complaint | None:
    """Return the complaint that is meant, of those that fit. None: there is none, or `turn.asked_back`.

    plain: the words arrange a visit and mean nothing else. Raises NotAllowed where staff name one for which they may not.
    """
    candidates = await _ours(turn)
    asks = turn.is_staff and (plain or bool(turn.person.roles & SERVICE_CENTRE))
    if not any(fits(c) for c in candidates) and not (asks and _names_one(turn)):
        return None
    complaint = await choose(turn, candidates, fits, act=Step.VISIT if asks else None)
    return complaint if complaint is not None and fits(complaint) else None


def _names_one(turn: Turn) -> bool:
    assert turn.meaning is not None
    return bool(turn.named or turn.meaning.arguments.get("reference"))


def _arranged(complaint: Complaint) -> bool:
    return complaint.visit is not None


async def _arrange(turn: Turn, said: str) -> bool:
    """ "预约 明天下午三点": of staff, about a task of theirs."""
    complaint = await _chosen(
        turn, lambda c: c.task is not None or bool(turn.person.roles & SERVICE_CENTRE), plain=True
    )
    if complaint is None:
        return turn.asked_back
    assert turn.meaning is not None
    told = str(turn.meaning.arguments.get("text") or said)
    if len(told) > _BARE and spoken(told, turn.now.astimezone(turn.desk.zone)).start is None:
        return False  # "约了客户，等他回电话": a line of progress
    return await name_time(turn, complaint, told)


async def _move(turn: Turn, said: str) -> bool:
    """ "改到后天": of the visit that is arranged, or of one that fell through, by whoever comes."""

    def fell_through(complaint: Complaint) -> bool:
        left = bool(complaint.visits) and complaint.visits[-1].state in _LEFT_OPEN
        return left and side_of(turn, complaint) is Side.STAFF

    complaint = await _chosen(turn, lambda c: _arranged(c) or fell_through(c))
    return turn.asked_back if complaint is None else await name_time(turn, complaint, said)


async def _call_off(turn: Turn, said: str) -> bool:
    complaint = await _chosen(turn, _arranged)
    if complaint is None:
        if turn.meaning is not None and turn.meaning.verb is Verb.WITHDRAW and not visiting.speaks_of_coming(said):
            return turn.asked_back  # "ok cancel it": of the matter, which is asked back
        # Never the way to withdraw: that somebody need not come does not say that all is well.
        if not turn.asked_back and turn.meaning is not None and turn.meaning.verb in (Verb.UNCLEAR, Verb.WITHDRAW):
            turn.settle()
            turn.answer(Answer.NO_VISIT, staff="yes" if turn.is_staff else "")
            return True
        return turn.asked_back
    await record(turn, visits.cancel(complaint, _reason(said), turn.as_(*ROLES), turn.now))
    return True


def _reason(said: str) -> str:
    """Return the reason in words that call a visit off, if there is more in them than that."""
    _, comma, rest = said.partition(",")
    return rest.strip() if comma else ""


async def _asks_to_come(turn: Turn, said: str) -> bool:
    """A customer asks for somebody to come at a time; with no complaint of theirs open it is a matter of its own."""
    if spoken(said, turn.now.astimezone(turn.desk.zone)).start is None:
        return False
    ours = [c for c in await _ours(turn) if not c.settled]
    if ours and not _names_one(turn) and await plainly_another(turn, turn.words, ours):
        await file_own(turn, turn.words)  # "also send someone Saturday about the mould", beside the lift
        filed = await turn.work.complaint(turn.reference or "")
        return filed is None or await name_time(turn, filed, said)
    complaint = await _chosen(turn, lambda c: not c.settled)
    return turn.asked_back if complaint is None else await name_time(turn, complaint, said)


async def _tells_when(turn: Turn, said: str) -> bool:
    """ "明天上午我不在家 下午三点以后行": of a customer with whom a visit is arranged, or whose plan names a day."""
    assert turn.meaning is not None
    now = turn.now.astimezone(turn.desk.zone)
    if spoken(said, now).start is None:
        return False
    answers = turn.meaning.verb in (Verb.AGREE, Verb.DISAGREE)  # a plan

    def of_a_day(complaint: Complaint) -> bool:
        planned = not answers and planned_day(complaint, now) is not None
        return (complaint.visit is not None or planned) and side_of(turn, complaint) is Side.CUSTOMER

    complaint = await _chosen(turn, of_a_day)
    return turn.asked_back if complaint is None else await name_time(turn, complaint, said)


async def _does_not_suit(turn: Turn, said: str) -> bool:
    """ "周六要上班", of a customer: never the time they want. Whoever comes reads it; they are asked for another time where
    one was named for that day.
    """

    def on_that_day(complaint: Complaint) -> bool:
        visit = complaint.visit
        slot = (visit.pending or visit.slot) if visit is not None else None
        ahead = slot is not None and slot.end > turn.now and side_of(turn, complaint) is Side.CUSTOMER
        return ahead and slot is not None and bool(_refuses(turn, said, slot))

    complaint = await _chosen(turn, on_that_day)
    if complaint is None:
        return turn.asked_back
    change = customer.supplement(complaint, turn.words, turn.as_(*ROLES), turn.now, told=False)
    complaint = await turn.desk.record(turn.work, change)
    turn.reference, turn.did = complaint.reference, Verb.ADD
    return ask_time(turn, complaint)


async def _puts_right(turn: Turn, said: str) -> bool:
    """ "no!! saturday": of a customer right after a time was agreed, or while one waits for them."""
    now = turn.now.astimezone(turn.desk.zone)
    if spoken(said, now).start is None:
        return False
    complaint = await _chosen(turn, lambda c: _yet_to_come(c, turn.now) and side_of(turn, c) is Side.CUSTOMER)
    return turn.asked_back if complaint is None else await name_time(turn, complaint, said)


async def _cannot_come(turn: Turn, said: str) -> bool:
    """ "cant make sat": of whoever was to come. The visit stands until another time is named, or it is called off."""
    rest = visiting.cannot_come(said)
    if rest is None:
        return False
    named = spoken(rest, turn.now.astimezone(turn.desk.zone)).start if visiting.may_name_a_time(rest) else None

    def stands(complaint: Complaint) -> bool:
        visit = complaint.visit
        return visit is not None and _yet_to_come(complaint, turn.now) and side_of(turn, complaint) is Side.STAFF

    def on_that_day(complaint: Complaint) -> bool:
        visit = complaint.visit
        return (
            named is not None and visit is not None and _day_of(visit.slot, named) == named.date() and stands(complaint)
        )

    theirs = await _ours(turn)
    complaint = await _chosen(turn, on_that_day if any(map(on_that_day, theirs)) else stands)
    if complaint is None or complaint.visit is None:
        return turn.asked_back
    facts = {"stands": complaint.visit.slot.start.isoformat()}
    turn.ask(Question(Pending.NONE, complaint.reference, {"for": "visit_time", "start": ""}))
    turn.answer(Answer.VISIT_TIME_NEEDED, complaint, **facts)
    return True


def _yet_to_come(complaint: Complaint, now: datetime) -> bool:
    return complaint.visit is not None and complaint.visit.slot.end > now


def _day_of(slot: Slot, at: datetime) -> date:
    return slot.start.astimezone(at.tzinfo).date()


async def _merely_a_time(turn: Turn, said: str) -> bool:
    """ "后天上午行吗": in answer to a time of ours, or to the news that nobody met, whatever was said in between."""

    def waits(complaint: Complaint) -> bool:
        side, visit = side_of(turn, complaint), complaint.visit
        if visit is not None:
            return visit.awaits is side
        return bool(complaint.visits) and side is Side.CUSTOMER and complaint.visits[-1].state in _LEFT_OPEN

    if spoken(said, turn.now.astimezone(turn.desk.zone)).start is None:
        return False
    complaint = await _chosen(turn, waits)
    return turn.asked_back if complaint is None else await name_time(turn, complaint, said)


async def _agrees(turn: Turn, fits: Callable[[Complaint], bool]) -> bool:
    """A button of ours, pressed after other questions came up: it agrees, where a time waits for that."""
    complaint = await _chosen(turn, lambda c: c.visit is not None and c.visit.awaits is side_of(turn, c) and fits(c))
    return turn.asked_back if complaint is None else await _agree(turn, complaint)


def _says_yes(said: str) -> bool:
    return said.strip(" ,.!~吧的啊呀") in (
        "可以",
        "ok",
        "okay",
        "好",
        "行",
        "yes",
        "同意",
        "没问题",
        "方便",
        "fine",
        "sure",
    )


async def _found_nobody(turn: Turn, said: str) -> bool:
    complaint = await _chosen(turn, lambda c: _begun(c, turn.now))
    return turn.asked_back if complaint is None else await _outcome(turn, complaint, said, Came.AWAY)


def _begun(complaint: Complaint, now: datetime) -> bool:
    visit = complaint.visit
    return visit is not None and visit.state is VisitState.CONFIRMED and visit.slot.start <= now


# ── answers to questions of ours ──────────────────────────────────────────────────────────────────────────────────────


async def _asked_about(turn: Turn, fits: Callable[[Complaint], bool]) -> Complaint | None:
    """Return the complaint that our question was about, unless the words name another or it no longer fits."""
    assert turn.question is not None
    assert turn.meaning is not None
    reference = turn.question.reference
    named = str(turn.meaning.arguments.get("reference") or "") or turn.named or ""
    if reference is None or (named and not reference.endswith(named)):
        return None
    complaint = await turn.work.complaint(reference)
    return complaint if complaint is not None and not complaint.settled and fits(complaint) else None


async def _echo_answered(turn: Turn, said: str) -> bool:
    assert turn.question is not None
    assert turn.meaning is not None
    complaint = await _asked_about(turn, lambda _: True)
    if complaint is None:
        return False
    start, end = (datetime.fromisoformat(str(turn.question.data[name])) for name in ("start", "end"))
    if turn.meaning.verb is Verb.AGREE or _says_yes(said):
        if end <= turn.now:
            return ask_time(turn, complaint, When(start, end), Answer.VISIT_PAST)
        slot = Slot(start, end, side_of(turn, complaint), turn.now)
        other = (
            said
            if _another_time(turn, said, slot, point=True)
            else await _wished_since(turn, complaint, slot, _asked_at(turn))
        )
        if other:
            refused = other is not said and at_home.refuses_a_time(other)
            return ask_time(turn, complaint) if refused else await name_time(turn, complaint, other)
        terms, theirs = await turn.desk.terms(turn.work, complaint), _proposed_since(turn, complaint)
        if theirs is not None and theirs.start != start:
            await echo(turn, complaint, theirs.start, theirs.end, terms)
            return True
        await propose(turn, complaint, start, end, terms)
        await put_the_other(turn)
        return True
    if turn.meaning.verb in _CALLED_OFF and _calls_off(said):
        turn.settle()
        return await _call_off(turn, said) if complaint.visit is not None else False
    if turn.is_staff and _speaks_of_the_work(turn, said):
        return False
    if _names_time(turn, said):
        return await name_time(turn, complaint, said)
    return (turn.meaning.verb is Verb.DISAGREE or too_early(said)) and ask_time(turn, complaint)


def _speaks_of_the_work(turn: Turn, said: str) -> bool:
    """Whether words where a time was to be confirmed are none of it: the work is not theirs, or the customer wants a call."""
    assert turn.meaning is not None
    if visiting.speaks_of_a_call(said):
        return True
    if turn.meaning.verb is not Verb.DISAGREE or visiting.may_name_a_time(said):
        return False
    meant = understand(turn.words, Speaker.HANDLER, guess=False)
    if meant.verb is not Verb.GIVE_BACK:
        return False
    turn.settle()
    turn.meaning = meant
    return True


async def _wished_since(turn: Turn, complaint: Complaint, slot: Slot, since: datetime | None) -> str:
    """Return what the customer has said since of another time: a yes would hold them to one that they have just refused."""
    if since is None or side_of(turn, complaint) is not Side.STAFF:
        return ""
    events = await turn.work.events_of(complaint.reference)
    said = [visiting.bare(event.note) for event in events if event.kind in _TELLS and event.at > since]
    told = ((words, _wishes(turn, words, slot)) for words in reversed(said))
    return next((words if wishes else "" for words, wishes in told if wishes is not None), "")


def _asked_at(turn: Turn) -> datetime | None:
    asked = str(turn.question.data.get("asked") or "") if turn.question is not None else ""
    return datetime.fromisoformat(asked) if asked else None


def _proposed_since(turn: Turn, complaint: Complaint) -> Slot | None:
    """Return the time that the other side has proposed since we asked."""
    asked, visit = _asked_at(turn), complaint.visit
    slot = visit.pending if visit is not None and visit.awaits is side_of(turn, complaint) else None
    return slot if slot is not None and asked is not None and slot.at > asked else None


def _wishes(turn: Turn, words: str, slot: Slot) -> bool | None:
    """Whether words that were taken for news of the matter refuse the time of the slot, or name another to come; None where
    they name none.
    """
    if len(words) > 3 * _SHORT or not visiting.may_name_a_time(words):
        return None
    if (refuses := _refuses(turn, words, slot)) is not None:
        return refuses or None
    when = spoken(words, turn.now.astimezone(turn.desk.zone), day=slot.start.astimezone(turn.desk.zone).date())
    if when.start is None or when.start <= turn.now:
        return None
    # "周六上午要带孩子看病", of the very time: a reason, as likely as not.
    return _another_time(turn, words, slot, point=True) or not (visiting.is_free(words) or _LOOKS_FORWARD.search(words))


def _refuses(turn: Turn, words: str, slot: Slot) -> bool | None:
    """Whether words that say of no time but when it does not suit speak of the day of the slot; None where they name one."""
    now = turn.now.astimezone(turn.desk.zone)
    timed = [clause for clause in clauses(words, now) if times(clause, now)]
    if not all(map(visiting.does_not_suit, timed)) or replaces_a_time(words, now):
        return None
    days = [token.days for clause in timed for token in times(clause, now) if token.days is not None]
    return not days or any(first <= _day_of(slot, now) <= last for first, last in days)


def _another_time(turn: Turn, said: str, slot: Slot, *, point: bool) -> bool:
    """Whether words name a time besides that of a slot, or one that cannot be read.

    point: a slot is known by its beginning, so that a time within it is another, too.
    """
    when = spoken(said, turn.now.astimezone(turn.desk.zone), day=slot.start.astimezone(turn.desk.zone).date())
    if when.start is None:
        return _CLOCK.search(said) is not None
    if point and when.end is None:
        apart = abs(when.start - slot.start)
        return not (apart == timedelta() or (when.ask and apart == HALF_A_DAY))
    return not (when.start < slot.end and slot.start <= (when.end or when.start))


def _names_time(turn: Turn, said: str) -> bool:
    assert turn.meaning is not None
    if len(said) > 3 * _SHORT or not visiting.may_name_a_time(said):
        return False
    if turn.meaning.verb not in _LOOSE and not (turn.meaning.verb is Verb.URGE and visiting.tells_when(said)):
        return False
    if not turn.is_staff and at_home.refuses_a_time(said):
        return False
    return spoken(said, turn.now.astimezone(turn.desk.zone)).start is not None


async def _offer_answered(turn: Turn, said: str) -> bool:
    """Yes, no, another time, or no visit at all."""
    assert turn.meaning is not None
    complaint = await _asked_about(turn, lambda c: c.visit is not None and c.visit.awaits is side_of(turn, c))
    if complaint is None:
        return False
    verb = turn.meaning.verb
    if verb in _CALLED_OFF and _calls_off(said):
        return await _call_off(turn, said)
    agrees = verb is Verb.AGREE or _says_yes(said) or visiting.suits(said)
    if _names_time(turn, said) and not (agrees and await _same_time(turn, complaint, said)):
        return await name_time(turn, complaint, said)
    if agrees:
        return await _agree(turn, complaint, said)
    if visiting.moves(said) or too_early(said):
        return ask_time(turn, complaint)
    visit = complaint.visit
    slot = visit.pending if visit is not None else None
    refuses = not turn.is_staff and at_home.refuses_a_time(said) and slot is not None and _refuses(turn, said, slot)
    if verb is not Verb.DISAGREE and not refuses:
        return False
    complaint = await record(turn, visits.decline(complaint, "", turn.as_(*ROLES), turn.now))
    return True if complaint.visit is not None else ask_time(turn, complaint)


async def _same_time(turn: Turn, complaint: Complaint, said: str) -> bool:
    """ "好的，明天下午见": the time in the words is the one that was proposed."""
    terms = await turn.desk.terms(turn.work, complaint)
    visit = complaint.visit
    assert visit is not None
    slot = visit.pending or visit.slot
    return not _another_time(turn, said, slot, point=slot.end - slot.start <= terms.policy.visits.length)


def _within(turn: Turn, said: str, slot: Slot) -> datetime | None:
    """Return the hour within the time that was offered which the assignee names with their yes: "行 后天上午10点"."""
    if not turn.is_staff or not visiting.may_name_a_time(said):
        return None
    when = spoken(said, turn.now.astimezone(turn.desk.zone), day=_day_of(slot, turn.now.astimezone(turn.desk.zone)))
    sure = when.start is not None and when.end is None and not when.ask and when.start > turn.now
    return when.start if sure and when.start is not None and slot.start <= when.start < slot.end else None


async def _agree(turn: Turn, complaint: Complaint, said: str = "") -> bool:
    visit = complaint.visit
    assert visit is not None
    slot = visit.pending
    if slot is not None and (other := await _wished_since(turn, complaint, slot, slot.at)):
        # They changed their mind: nobody is held to what they took back.
        return ask_time(turn, complaint) if at_home.refuses_a_time(other) else await name_time(turn, complaint, other)
    at = _within(turn, said, slot) if slot is not None and said else None
    if at is None and slot is not None and side_of(turn, complaint) is Side.STAFF and slot.end - slot.start > _VAGUE:
        return ask_time(turn, complaint, When(slot.start, slot.end))
    terms = await turn.desk.terms(turn.work, complaint)
    actor = turn.as_(*ROLES)
    if slot is not None and slot.end <= turn.now:
        return ask_time(turn, complaint, When(slot.start, slot.end), Answer.VISIT_PAST)
    before = handling.taken_on(complaint, actor, terms, turn.now)
    complaint = await record(turn, before + visits.agree(before.complaint, actor, terms, turn.now, at))
    ask_for_the_plan(turn, complaint)
    return True


async def _time_told(turn: Turn, said: str) -> bool:
    """The answer to "when?"."""
    assert turn.meaning is not None
    complaint = await _asked_about(turn, lambda _: True)
    if complaint is None:
        return False
    if turn.meaning.verb in _CALLED_OFF and _calls_off(said):
        return await _call_off(turn, said)
    if turn.is_staff and visiting.speaks_of_a_call(said):
        return False
    if _names_time(turn, said):
        return await name_time(turn, complaint, said)
    if turn.meaning.verb in (Verb.UNCLEAR, Verb.AGREE) and len(said) <= _SHORT:
        turn.unclear(Answer.VISIT_TIME_NEEDED)
        return True
    return False


async def _outcome_told(turn: Turn, said: str) -> bool:
    """The answer to "did you go, and what came of it?"; "done" is more than that, and ends the visit with the work."""
    assert turn.meaning is not None
    complaint = await _asked_about(turn, lambda c: _begun(c, turn.now))
    if complaint is None or side_of(turn, complaint) is Side.CUSTOMER:
        return False
    given = turn.question is not None and turn.question.data.get("for") == "visit_result"
    came = visiting.came(said)
    if came is Came.NOT_YET:
        return False
    if came in (Came.AWAY, Came.NOT_GONE) or (not given and turn.meaning.verb is Verb.DISAGREE):
        return await _outcome(turn, complaint, said, came or Came.NOT_GONE)
    if visiting.moves(said) and _names_time(turn, said):
        return False
    if turn.meaning.verb is Verb.DONE and said.startswith(("办结", "完成", "done", "resolved")):
        return False
    if came is Came.WENT or turn.meaning.verb is Verb.AGREE or given:
        return await _outcome(turn, complaint, said, Came.WENT)
    return False


async def _outcome(turn: Turn, complaint: Complaint, said: str, came: Came) -> bool:
    actor, terms = turn.as_(*ROLES), await turn.desk.terms(turn.work, complaint)
    words = visiting.result_of(said)
    if came is Came.WENT:
        if not words:
            turn.ask(Question(Pending.NONE, complaint.reference, {"for": "visit_result"}))
            turn.answer(Answer.VISIT_RESULT_NEEDED, complaint)
            return True
        complaint = await record(turn, visits.done(complaint, turn.words, actor, turn.now))
        turn.answer(Answer.VISIT_NOTED, complaint)
        return True
    by = Side.CUSTOMER if came is Came.AWAY else Side.STAFF
    complaint = await record(turn, visits.missed(complaint, by, words, actor, terms, turn.now))
    turn.answer(Answer.VISIT_NOTED, complaint, by=str(by))
    return True


_QUESTIONS = {
    "visit": _offer_answered,
    "visit_echo": _echo_answered,
    "visit_time": _time_told,
    "visit_outcome": _outcome_told,
    "visit_result": _outcome_told,
}
