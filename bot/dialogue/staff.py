"""What assignees and the service centre say."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from bot.answers import Answer
from bot.dialogue import holding, more_time, progress
from bot.dialogue.absence import take_leave
from bot.dialogue.asked import tell_asked
from bot.dialogue.choosing import choose, nothing_fits
from bot.dialogue.customer import customer_turn
from bot.dialogue.duties import confirm_valid
from bot.dialogue.entered import speaks_for_customer, take_just_entered
from bot.dialogue.filing import complain_for, file_for_customer, list_entered
from bot.dialogue.finishing import CAUSE, finish
from bot.dialogue.for_customers import acts_for_customer, told_why
from bot.dialogue.grading import graver_by_rule
from bot.dialogue.granting import gives_less, take_undecided
from bot.dialogue.grouping import confirm_grouping, group, lead_to_master
from bot.dialogue.handing import hand_to, named_besides, own_due, take_confirmed
from bot.dialogue.improvements import tell_improvements
from bot.dialogue.not_today import take_not_today
from bot.dialogue.notes import tell_staff
from bot.dialogue.outward import held
from bot.dialogue.partly import take_partly_done
from bot.dialogue.questions import INVALID, Question
from bot.dialogue.queue import show_tasks
from bot.dialogue.refusing import refuse_act
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, begins_with_command, understand
from bot.grammar.asides import spoken_of
from bot.grammar.folding import fold
from bot.grammar.holding import mentions
from bot.grammar.money import promises
from bot.grammar.names import is_near
from bot.grammar.own_number import without_number
from bot.grammar.verdicts import finds_invalid, only_finds_invalid, says_invalid_in_passing
from complaints import handling, noting, outward, tasks
from complaints.change import Change
from complaints.complaint import Complaint
from complaints.errors import Missing, TooFewRounds
from complaints.limits import Limit
from complaints.permissions import APPROVERS, Act, Errand, Step, allow, may, permitted
from complaints.promises import Terms
from complaints.vocabulary import SERVICE_CENTRE, Role, Severity, Status

_HANDLING = (Role.HANDLER, Role.DEPT_HEAD, Role.EMPLOYEE)


async def staff_turn(turn: Turn) -> None:
    """Do what a member of staff asked for."""
    await lead_to_master(turn)
    if await confirm_grouping(turn):
        return
    if await take_leave(turn) or await progress.take_confirmed(turn) or await take_confirmed(turn):
        return
    assert turn.meaning is not None
    verb = turn.meaning.verb
    if verb in (Verb.ASSIGN, Verb.MERGE) and await _only_resembles(turn):
        turn.unclear(Answer.UNCLEAR_STAFF)
        return
    if await _take_rejected(turn) or await take_partly_done(turn) or await take_not_today(turn):
        return
    if verb is Verb.PLAN and mentions(fold(turn.words)) and not begins_with_command(turn.words, Speaker.HANDLER):
        turn.read_as_text()
        await progress.report(turn)  # who speaks of a pause is asked what they mean, and for whom
        return
    if verb in _TELLINGS:
        await _carry_out(turn, _TELLINGS[verb])
        return
    if verb in _STEPS:
        await _STEPS[verb](turn)
        return
    match verb:
        case Verb.LIST:
            await _list(turn)
        case Verb.COMPLAIN_FOR:
            await complain_for(turn)
        case Verb.AGREE | Verb.DISAGREE if turn.question is not None and turn.question.data.get("for") == "extension":
            await _decide(turn, verb is Verb.AGREE)
        case Verb.STATUS:
            await _status(turn)
        case _ if await speaks_for_customer(turn):
            await customer_turn(turn)
        case _ if await acts_for_customer(turn):
            pass
        case Verb.FACT | Verb.SKIP | Verb.PERSON | Verb.STOP | Verb.MY_DATA | Verb.ERASE_ME | Verb.THANKS:
            await customer_turn(turn)
        case Verb.MERGE | Verb.SPLIT | Verb.LINK | Verb.UNLINK | Verb.APART:
            await group(turn)
        case Verb.TASK_FORCE:
            turn.answer(Answer.NOT_YET)
        case Verb.VALID if (who := await named_besides(turn, _argument(turn, "reason"))) and not await _is_reviewed(
            turn
        ):
            turn.meaning = Meaning(turn.words, Verb.ASSIGN, {**turn.meaning.arguments, "who": who, "reason": ""})
            await _assign(turn)
        case Verb.VALID:
            await confirm_valid(turn)
        case Verb.REASON:
            await _reason(turn)
        case _:
            await _free_words(turn)


# ── choosing among what one may speak of ──────────────────────────────────────────────────────────────────────────────


async def _task(turn: Turn, act: Act, fits: Callable[[Complaint], bool] = lambda _: True) -> Complaint | None:
    """Return the complaint that a command of an assignee is about; answers where there is none."""
    complaint = await choose(turn, await turn.work.tasks_of(turn.person.id), fits, act=act)
    if complaint is None and not turn.asked_back:
        await nothing_fits(turn)
    return complaint


async def _case(turn: Turn, act: Act) -> Complaint | None:
    """Return the complaint that a command of the service centre is about; answers where there is none."""
    complaint = await choose(turn, await turn.work.queue(), act=act)
    if complaint is None and not turn.asked_back:
        turn.answer(Answer.QUEUE_EMPTY if act is Step.DISPATCH else Answer.NOTHING_FITS)
    return complaint


def _argument(turn: Turn, *names: str) -> str:
    assert turn.meaning is not None
    return next((str(turn.meaning.arguments[name]) for name in names if turn.meaning.arguments.get(name)), "")


async def _terms(turn: Turn, complaint: Complaint) -> Terms:
    return await turn.desk.terms(turn.work, complaint)


@dataclass(frozen=True, slots=True)
class _Telling:
    """A command that says something: whose words it takes, what is asked where they are missing, what is decided with them."""

    name: str
    find: Callable[[Turn, Act], Awaitable[Complaint | None]]
    act: Act
    arguments: tuple[str, ...]
    needed: Answer
    done: Answer
    decide: Callable[[Turn, Complaint, str, Terms], Change]
    asks: Pending = Pending.REASON


_PLAN = _Telling(
    "plan",
    _task,
    Step.PROPOSE,
    ("text", "plan"),
    Answer.PLAN_NEEDED,
    Answer.PLAN_DONE,
    lambda turn, complaint, words, terms: outward.say(
        complaint, "propose", words, turn.as_(*_HANDLING, Role.MEDIA_OFFICER, Role.CENTER_LEAD), terms, turn.now
    ),
)
_GIVE_BACK = _Telling(
    "give_back",
    _task,
    Step.GIVE_BACK,
    ("reason", "text"),
    Answer.REASON_NEEDED,
    Answer.GIVE_BACK_DONE,
    lambda turn, complaint, words, _: handling.give_back(complaint, words, turn.as_(*_HANDLING), turn.now),
)
_INVALID = _Telling(
    "invalid",
    _case,
    Step.INVALIDATE,
    ("reason", "text"),
    Answer.REASON_NEEDED,
    Answer.INVALID_DONE,
    lambda turn, complaint, words, terms: outward.say(
        complaint, "invalidate", words, turn.as_(*SERVICE_CENTRE, Role.REVIEWER, Role.MEDIA_OFFICER), terms, turn.now
    ),
)
_TELLINGS: Mapping[Verb, _Telling] = {
    Verb.PLAN: _PLAN,
    Verb.GIVE_BACK: _GIVE_BACK,
    Verb.INVALID: _INVALID,
}
_BY_NAME = {telling.name: telling for telling in _TELLINGS.values()}


# ── assignees ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _accept(turn: Turn) -> None:
    tasks = await turn.work.tasks_of(turn.person.id)
    complaint = await choose(turn, tasks, lambda c: c.status is Status.DISPATCHED, act=Step.ACCEPT)
    if complaint is None and turn.asked_back:
        return
    if complaint is None and (turn.named is not None or not tasks):
        await nothing_fits(turn)
        return
    if complaint is None and len(tasks) > 1:
        show_tasks(turn, tasks)
        return
    complaint = complaint or tasks[0]
    complaint, noted = await _kept_besides(turn, complaint)
    if turn.question is not None and turn.question.data.get("for") == _GIVE_BACK.name:
        turn.settle()  # whoever takes it on gives nothing back
    if complaint in tasks and complaint.status is not Status.DISPATCHED:
        turn.answer(Answer.ALREADY_YOURS, complaint, **noted)
        return
    change = handling.accept(complaint, turn.as_(*_HANDLING), await _terms(turn, complaint), turn.now)
    turn.answer(Answer.ACCEPT_DONE, await turn.desk.record(turn.work, change), **noted)


async def _kept_besides(turn: Turn, complaint: Complaint) -> tuple[Complaint, dict[str, str]]:
    """Note what somebody has promised in the words by which they take work on, and return what is told of it."""
    words = turn.words.strip()
    if not promises(words) or not permitted(complaint, Step.NOTE, turn.as_staff()):
        return complaint, {}
    change = noting.note(complaint, words, turn.as_staff(), turn.now)
    return await turn.desk.record(turn.work, change), {"noted": words}


async def _carry_out(turn: Turn, telling: _Telling, *, confirmed: bool = False) -> None:
    """Do a command that carries words; where they are missing they are asked for, and the command taken up again with them.

    confirmed: that the customer reads these words was said yes to.
    """
    complaint = await telling.find(turn, telling.act)
    if complaint is None:
        return
    words = without_number(_argument(turn, *telling.arguments), complaint.reference)
    plainly = begins_with_command(turn.words, Speaker.SUPERVISOR)
    if not words or (telling is _INVALID and not plainly and only_finds_invalid(words)):
        turn.ask(Question(telling.asks, complaint.reference, {"for": telling.name}))
        turn.answer(telling.needed, complaint)
        return
    if telling is _INVALID and not confirmed and spoken_of(words):
        _show_reason(turn, complaint, words)
        return
    terms = await _terms(turn, complaint)
    recorded = await turn.desk.record(turn.work, telling.decide(turn, complaint, words, terms))
    final = {"final": "yes"} if recorded.appealed else {}
    if held(complaint, recorded):
        amount = outward.money_waiting(recorded, terms)
        nobody = {} if (await turn.work.directory()).holding(Role.CENTER_LEAD) else {"nobody": "yes"}
        turn.answer(Answer.WORDS_WAIT, recorded, **({"amount": amount} | nobody if amount else {}))
    else:
        turn.answer(telling.done, recorded, **final)
    turn.settle()


async def _take_rejected(turn: Turn) -> bool:
    """Ask first where words by which a complaint would end do not say so themselves, or say it in passing: "不属实 他说气话",
    "not valid, wrong day" (R-026).

    Whoever says that it is exaggerated may mean how grave it is, and writes for colleagues: its customer reads the reason.
    """
    assert turn.meaning is not None
    question, verb = turn.question, turn.meaning.verb
    if question is not None and question.data.get("for") == INVALID and verb in (Verb.AGREE, Verb.DISAGREE):
        turn.named = question.reference
        if verb is Verb.AGREE:
            turn.meaning = Meaning(turn.words, Verb.INVALID, {"reason": str(question.data["text"])})
            await _carry_out(turn, _INVALID, confirmed=True)
            return True
        complaint = await turn.work.complaint(question.reference or "")
        turn.settle()
        turn.answer(Answer.INVALID_CONFIRM, complaint, dropped="yes")
        return True
    in_passing = (
        says_invalid_in_passing(turn.words) and _argument(turn, "reason") and not only_finds_invalid(turn.words)
    )
    if verb is not Verb.INVALID or (finds_invalid(turn.words) and not in_passing):
        return False
    complaint = await _case(turn, Step.INVALIDATE)
    if complaint is None:
        return True
    text = without_number(_argument(turn, "reason", "text") or turn.words, complaint.reference)
    _show_reason(turn, complaint, text)
    return True


def _show_reason(turn: Turn, complaint: Complaint, text: str) -> None:
    """Ask whether it is to be found invalid, with what its customer would read."""
    turn.ask(Question(Pending.YES_NO, complaint.reference, {"for": INVALID, "text": text}))
    graver = {"severity": complaint.severity} if complaint.proposal is not None else {}
    turn.answer(Answer.INVALID_CONFIRM, complaint, text=text, **graver)


async def _extend(turn: Turn) -> None:
    complaint = await _task(turn, Step.ASK_EXTENSION)
    if complaint is None:
        return
    limit, reason = _argument(turn, "limit"), _argument(turn, "reason")
    await _ask_extension(turn, complaint, limit, reason, _argument(turn, "until"))


async def _ask_extension(turn: Turn, complaint: Complaint, limit: str, reason: str, until: str = "") -> None:
    """Ask for more time. until: as it was said, in place of `limit`; what is missing is asked for."""
    terms, actor = await _terms(turn, complaint), turn.as_(*_HANDLING)
    target = more_time.moment(turn, until) if not limit else None
    limit = limit or more_time.limit_till(turn, complaint, until, terms)
    wanted = Limit.parse(limit) if limit else None
    own = tasks.leads_with_limit(complaint, actor) and (
        not wanted or tasks.fits_inside(complaint, wanted, terms, turn.now)
    )
    try:
        if own:  # their own limit, or where that is not enough, the promise
            change = tasks.ask_time(complaint, wanted, reason, actor, terms, turn.now)
        else:
            till = target if wanted else None
            change = handling.ask_extension(complaint, wanted, reason, actor, terms, turn.now, until=till)
    except Missing as missing:
        named = {"until": target.isoformat()} if target is not None and limit else {"limit": limit}
        turn.ask(Question(Pending.REASON, complaint.reference, {"for": "extend", "reason": reason, **named}))
        if missing.what != "limit":
            turn.answer(Answer.REASON_NEEDED, complaint)
            return
        early = {"early": "yes"} if target is not None else {}
        turn.answer(Answer.LIMIT_NEEDED, complaint, offers=more_time.offered(complaint, terms, turn.now), **early)
        return
    complaint = await turn.desk.record(turn.work, change)
    about = own_due(complaint) if own else {"clock": complaint.extension.clock if complaint.extension else ""}
    wish = complaint.task.wish if own and complaint.task else complaint.extension
    about |= {"until": target.isoformat()} if target is not None else {}
    turn.answer(Answer.EXTENSION_SENT, complaint, limit=limit, **about, **await holding.put_to(turn, wish))
    turn.settle()


async def _hold(turn: Turn) -> None:
    assert turn.meaning is not None
    complaint = await _task(turn, Step.ASK_HOLD)
    if complaint is not None:
        reason = without_number(_argument(turn, "reason"), complaint.reference)
        await holding.ask_hold(turn, complaint, {**turn.meaning.arguments, "reason": reason}, turn.as_(*_HANDLING))


async def _resume(turn: Turn) -> None:
    if await _restore(turn) or await acts_for_customer(turn):
        return
    complaint = await _task(turn, Step.RESUME, lambda c: c.status is Status.ON_HOLD or c.hold is not None)
    if complaint is not None:
        await holding.resume(turn, complaint, turn.as_(*_HANDLING, Role.CENTER_LEAD))


async def _restore(turn: Turn) -> bool:
    """ "恢复 0001" of the centre: what its customer withdrew goes on, as when the customer says so; False where none was."""
    found = await turn.work.ending_with(number) if (number := _argument(turn, "reference")) else []
    complaint = await turn.work.complaint(found[0]) if len(found) == 1 else None
    if complaint is None or complaint.status is not Status.WITHDRAWN or complaint.complainant == turn.person.id:
        return False
    allow(complaint, Step.RESTORE, turn.as_staff())
    await tell_staff(turn, await turn.desk.restore(turn.work, complaint, turn.words, turn.as_staff()))
    return True


async def _transfer(turn: Turn) -> None:
    complaint = await _task(turn, Step.DISPATCH)
    if complaint is not None:
        await _hand_to(turn, complaint)


async def _hand_to(turn: Turn, complaint: Complaint) -> None:
    await hand_to(turn, complaint, _argument(turn, "who"), _argument(turn, "reason", "text"))


# ── the service centre ────────────────────────────────────────────────────────────────────────────────────────────────


async def _only_resembles(turn: Turn) -> bool:
    """Say whether words merely resemble an assignment or a merge: no rule reads one in them, and they lack whom or which."""
    assert turn.meaning is not None
    by_rule = understand(turn.words, Speaker.SUPERVISOR, guess=False).verb
    if turn.question is not None or by_rule is turn.meaning.verb:
        return False
    if by_rule is Verb.TRANSFER and turn.meaning.verb is Verb.ASSIGN and turn.meaning.said("who"):
        return False  # "转给小李": handed over in so many words; that nobody is called so is said
    if turn.meaning.verb is Verb.MERGE:
        one, other = turn.meaning.said("reference"), turn.meaning.said("into")
        return not (one and other) or one == other
    who = turn.meaning.said("who")
    directory = await turn.work.directory()
    return not (who and (directory.named(who) or any(is_near(who, each.name) for each in directory.persons.values())))


async def _is_reviewed(turn: Turn) -> bool:
    """Say whether somebody's word on whether it is valid is waited for: of the complaint that is named, else of any."""
    if number := _argument(turn, "reference"):
        found = [await turn.work.complaint(each) for each in await turn.work.ending_with(number)]
    else:
        found = list(await turn.work.queue())
    return any(each is not None and each.status is Status.UNDER_REVIEW for each in found)


async def _assign(turn: Turn) -> None:
    if await take_just_entered(turn):
        return
    complaint = await _case(turn, Step.DISPATCH)
    if complaint is not None:
        await _hand_to(turn, complaint)


async def _approve(turn: Turn) -> None:
    await _decide(turn, granted=True)


async def _reject(turn: Turn) -> None:
    await _decide(turn, granted=False)


async def _decide(turn: Turn, granted: bool) -> None:
    complaint = await choose(turn, await turn.work.asking(), act=Step.DECIDE_EXTENSION)
    if complaint is None:
        if not turn.asked_back:
            turn.answer(Answer.NOTHING_TO_ANSWER, request="none")
        return
    if granted and await gives_less(turn, complaint):
        return
    note = _argument(turn, "reason", "text")
    actor = turn.as_(*APPROVERS)
    if complaint.hold is not None:
        await holding.decide_hold(turn, complaint, granted, note, actor)
        return
    change = handling.decide_extension(complaint, granted, note, actor, await _terms(turn, complaint), turn.now)
    complaint = await turn.desk.record(turn.work, change)
    turn.answer(Answer.EXTENSION_DONE, complaint, granted="yes" if granted else "no")
    turn.settle()


async def _grade(turn: Turn) -> None:
    complaint = await _case(turn, Step.GRADE)
    if complaint is None:
        return
    wanted = _argument(turn, "severity")
    if wanted not in set(Severity):
        turn.answer(Answer.SEVERITY_NEEDED, complaint)
        return
    reason = _argument(turn, "reason", "text")
    actor = turn.as_(*SERVICE_CENTRE)
    terms = await turn.desk.book.widened(turn.work, replace(complaint, severity=Severity(wanted)))
    change = handling.grade(complaint, Severity(wanted), reason, actor, terms, turn.now)
    complaint = await turn.desk.record(turn.work, change)
    turn.answer(Answer.GRADE_DONE, complaint, severity=wanted, **graver_by_rule(complaint, terms, turn.now))


async def _close(turn: Turn) -> None:
    if _argument(turn, "all"):
        turn.answer(Answer.NOTHING_FITS)  # each by its number, with its reason
        return
    complaint = await _case(turn, Step.CLOSE)
    if complaint is None:
        return
    reason = _argument(turn, "reason", "text")
    try:
        actor = turn.as_(*SERVICE_CENTRE, Role.MEDIA_OFFICER)
        change = outward.say(complaint, "close", reason, actor, await _terms(turn, complaint), turn.now)
    except TooFewRounds as refusal:
        turn.answer(Answer.ROUNDS_NEEDED, complaint, missing=str(refusal.missing))
        return
    except Missing as missing:
        if missing.what == CAUSE:
            turn.ask(Question(Pending.REASON, complaint.reference, {"for": CAUSE}))
            turn.answer(Answer.CAUSE_NEEDED, complaint)
            return
        turn.ask(Question(Pending.REASON, complaint.reference, {"for": "close"}))
        turn.answer(Answer.REASON_NEEDED, complaint)
        return
    recorded = await turn.desk.record(turn.work, change)
    turn.answer(Answer.WORDS_WAIT if held(complaint, recorded) else Answer.CLOSE_DONE, recorded)
    turn.settle()


# ── asking back, looking up ───────────────────────────────────────────────────────────────────────────────────────────


async def _reason(turn: Turn) -> None:
    """The words we asked for: a reason, a line of progress, a plan. The command is taken up again with them."""
    question = turn.question
    if question is None or question.reference is None:
        await _free_words(turn)
        return
    turn.named = question.reference
    what_for = str(question.data.get("for") or "")
    if what_for == "extend":
        complaint = await turn.work.complaint(question.reference)
        assert complaint is not None
        limit, reason, until = (str(question.data.get(each) or "") for each in ("limit", "reason", "until"))
        anew = understand(turn.words, Speaker.HANDLER, Pending.NONE)
        if more_time.says_all(anew):
            limit, until, reason = (anew.said(each) for each in ("limit", "until", "reason"))  # all of it in one
        elif not limit and not until:
            told = more_time.answered(turn)
            limit, until, reason = told.said("limit"), told.said("until"), reason or told.said("reason")
        else:
            reason = turn.words
        await _ask_extension(turn, complaint, limit, reason, until)
        return
    if what_for == "hold":
        complaint = await turn.work.complaint(question.reference)
        assert complaint is not None
        await holding.answered(turn, complaint, question.data, turn.as_(*_HANDLING))
        return
    turn.read_as_text()
    turn.settle()
    if what_for in _BY_NAME:
        await _carry_out(turn, _BY_NAME[what_for])
    elif what_for == "close":
        await _close(turn)
    elif what_for in (Step.WITHDRAW, Step.REOPEN, Step.SUPPLEMENT):
        await told_why(turn, Step(what_for))
    else:
        await _free_words(turn)


async def _list(turn: Turn) -> None:
    match _argument(turn, "of"):
        case "entered":
            await list_entered(turn)
        case "queue":
            await _queue(turn)
        case _:
            tasks = await turn.work.tasks_of(turn.person.id)
            if tasks:
                show_tasks(turn, tasks)
            if await tell_asked(turn) or tasks:
                return
            if may(Errand.QUEUE, turn.as_staff()) and (waiting := await _waiting(turn)):
                turn.answer_list(Answer.QUEUE, waiting[:9], unassigned="yes")
            else:
                turn.answer(Answer.NO_TASKS)


async def _queue(turn: Turn) -> None:
    if not may(Errand.QUEUE, turn.as_staff()):
        if Role.REVIEWER not in turn.as_staff().roles:
            await refuse_act(turn, Errand.QUEUE)
        elif not await tell_asked(turn):  # "还有哪些要审" of whoever judges
            turn.answer(Answer.NO_TASKS)
    elif waiting := await _waiting(turn):
        turn.answer_list(Answer.QUEUE, waiting[:9], unassigned="yes")
    else:
        turn.answer(Answer.QUEUE_EMPTY)


async def _waiting(turn: Turn) -> list[Complaint]:
    """Return what of the queue the speaker may see."""
    actor = turn.as_staff()
    return [complaint for complaint in await turn.work.queue() if permitted(complaint, Errand.STATUS, actor)]


async def _status(turn: Turn) -> None:
    complaint = await _task(turn, Errand.STATUS)  # one may ask after what one has done with, too
    if complaint is not None:
        await tell_staff(turn, complaint)
        await tell_improvements(turn, complaint)


async def _free_words(turn: Turn) -> None:
    """Words that fit no command: the customer's words we asked for, a line about the only task in hand, else asked back."""
    if turn.question is not None and turn.question.data.get("for") == "customer":
        await file_for_customer(turn, turn.words)
    elif turn.meaning is not None and turn.meaning.verb is Verb.UNCLEAR and await take_undecided(turn):
        pass
    elif turn.named and turn.meaning is not None and len(turn.words) > 1:
        await _report_words(turn)
    else:
        turn.unclear(Answer.UNCLEAR_STAFF)


async def _report_words(turn: Turn) -> None:
    """Free words in answer to a notice about a task of one's own are a line of progress."""
    assert turn.named is not None
    complaint = await turn.work.complaint(turn.named)
    if complaint is None or complaint.task is None or complaint.task.assignee != turn.person.id:
        turn.unclear(Answer.UNCLEAR_STAFF)
        return
    turn.read_as_text()
    await progress.report(turn)


_STEPS: Mapping[Verb, Callable[[Turn], Awaitable[None]]] = {
    Verb.ACCEPT: _accept,
    Verb.DONE: finish,
    Verb.REPORT: progress.report,
    Verb.NOT_DONE: progress.report,
    Verb.VISIT: progress.report,
    Verb.RELEASE: progress.release,
    Verb.REWORD: progress.reword,
    Verb.KEEP_BACK: progress.keep_back,
    Verb.WHY: progress.why,
    Verb.PROMISES: progress.promises,
    Verb.EXTEND: _extend,
    Verb.HOLD: _hold,
    Verb.RESUME: _resume,
    Verb.TRANSFER: _transfer,
    Verb.ASSIGN: _assign,
    Verb.APPROVE: _approve,
    Verb.REJECT: _reject,
    Verb.GRADE: _grade,
    Verb.CLOSE: _close,
}
