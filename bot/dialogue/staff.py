"""What assignees and the service centre say."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.customer import customer_turn
from bot.dialogue.filing import complain_for, file_for_customer, list_entered
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, understand
from bot.people import Person
from complaints import handling
from complaints.complaint import SERVICE_CENTRE, Complaint, Role, Severity, Status
from complaints.errors import Missing
from complaints.limits import Limit
from complaints.promises import Terms

_CENTRE = SERVICE_CENTRE | {Role.DEPT_HEAD}
_HANDLING = (Role.HANDLER, Role.DEPT_HEAD)


async def staff_turn(turn: Turn) -> None:
    """Do what a member of staff asked for."""
    assert turn.meaning is not None
    step = _STEPS.get(turn.meaning.verb)
    if step is not None:
        await step(turn)
        return
    match turn.meaning.verb:
        case Verb.HELP:
            turn.answer(Answer.HELP_CENTRE if turn.person.roles & _CENTRE else Answer.HELP_STAFF)
        case Verb.LIST:
            await _list(turn)
        case Verb.COMPLAIN_FOR:
            await complain_for(turn)
        case Verb.AGREE | Verb.DISAGREE if turn.question is not None and turn.question.data.get("for") == "extension":
            await _decide(turn, turn.meaning.verb is Verb.AGREE)
        case Verb.FACT | Verb.SKIP | Verb.PERSON | Verb.STOP | Verb.MY_DATA | Verb.ERASE_ME | Verb.THANKS | Verb.STATUS:
            await _status(turn) if turn.meaning.verb is Verb.STATUS else await customer_turn(turn)
        case Verb.VISIT:
            await _report(turn)
        case Verb.LEAVE | Verb.MERGE | Verb.TASK_FORCE | Verb.VALID:
            turn.answer(Answer.NOT_YET)
        case Verb.REASON:
            await _reason(turn)
        case _:
            await _free_words(turn)


# ── choosing among what one may speak of ──────────────────────────────────────────────────────────────────────────────


async def _task(
    turn: Turn, fits: Callable[[Complaint], bool] = lambda _: True, then: str | None = None
) -> Complaint | None:
    """Return the complaint that a command of an assignee is about; answers where there is none."""
    anyone = bool(turn.person.roles & _CENTRE)
    complaint = await choose(turn, await turn.work.tasks_of(turn.person.id), fits, anyone=anyone, then=then)
    if complaint is None and not turn.asked_back:
        turn.answer(Answer.NO_TASKS)
    return complaint


async def _case(turn: Turn) -> Complaint | None:
    """Return the complaint that a command of the service centre is about; answers where there is none."""
    complaint = await choose(turn, await turn.work.queue(), anyone=True)
    if complaint is None and not turn.asked_back:
        turn.answer(Answer.QUEUE_EMPTY)
    return complaint


def _argument(turn: Turn, *names: str) -> str:
    assert turn.meaning is not None
    return next((str(turn.meaning.arguments[name]) for name in names if turn.meaning.arguments.get(name)), "")


async def _terms(turn: Turn, complaint: Complaint) -> Terms:
    return await turn.desk.terms(turn.work, complaint)


# ── assignees ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _accept(turn: Turn) -> None:
    complaint = await _task(turn, lambda c: c.status is Status.DISPATCHED)
    if complaint is None:
        return
    change = handling.accept(complaint, turn.as_(*_HANDLING), await _terms(turn, complaint), turn.now)
    turn.answer(Answer.ACCEPT_DONE, await turn.desk.record(turn.work, change))


async def _report(turn: Turn) -> None:
    complaint = await _task(turn)
    if complaint is None:
        return
    text = _argument(turn, "text", "when")
    if not text:
        turn.ask(Question(Pending.REASON, complaint.reference, {"for": "report"}))
        turn.answer(Answer.REPORT_NEEDED, complaint)
        return
    change = handling.report(complaint, text, turn.as_(*_HANDLING), await _terms(turn, complaint), turn.now)
    turn.answer(Answer.REPORT_DONE, await turn.desk.record(turn.work, change))
    turn.settle()


async def _plan(turn: Turn) -> None:
    complaint = await _task(turn)
    if complaint is None:
        return
    text = _argument(turn, "text", "plan")
    if not text:
        turn.ask(Question(Pending.REASON, complaint.reference, {"for": "plan"}))
        turn.answer(Answer.PLAN_NEEDED, complaint)
        return
    change = handling.propose(complaint, text, turn.as_(*_HANDLING), await _terms(turn, complaint), turn.now)
    turn.answer(Answer.PLAN_DONE, await turn.desk.record(turn.work, change))
    turn.settle()


async def _done(turn: Turn) -> None:
    """ "Done" needs its result: without one it is asked for (trap: a closed case that says nothing)."""
    complaint = await _task(turn)
    if complaint is None:
        return
    result = _argument(turn, "result")
    if not result:
        turn.ask(Question(Pending.RESULT, complaint.reference))
        turn.answer(Answer.RESULT_NEEDED, complaint)
        return
    actor = turn.as_(*_HANDLING, *SERVICE_CENTRE)
    change = handling.resolve(complaint, result, actor, await _terms(turn, complaint), turn.now)
    turn.answer(Answer.RESOLVE_DONE, await turn.desk.record(turn.work, change))
    turn.settle()


async def _give_back(turn: Turn) -> None:
    complaint = await _task(turn)
    if complaint is None:
        return
    reason = _argument(turn, "reason", "text")
    if not reason:
        turn.ask(Question(Pending.REASON, complaint.reference, {"for": "give_back"}))
        turn.answer(Answer.REASON_NEEDED, complaint)
        return
    change = handling.give_back(complaint, reason, turn.as_(*_HANDLING), turn.now)
    turn.answer(Answer.GIVE_BACK_DONE, await turn.desk.record(turn.work, change))
    turn.settle()


async def _extend(turn: Turn) -> None:
    complaint = await _task(turn)
    if complaint is None:
        return
    limit, reason = _argument(turn, "limit"), _argument(turn, "reason")
    await _ask_extension(turn, complaint, limit, reason)


async def _ask_extension(turn: Turn, complaint: Complaint, limit: str, reason: str) -> None:
    terms = await _terms(turn, complaint)
    try:
        change = handling.ask_extension(
            complaint, Limit.parse(limit) if limit else None, reason, turn.as_(*_HANDLING), terms, turn.now
        )
    except Missing as missing:
        turn.ask(Question(Pending.REASON, complaint.reference, {"for": "extend", "limit": limit, "reason": reason}))
        turn.answer(Answer.LIMIT_NEEDED if missing.what == "limit" else Answer.REASON_NEEDED, complaint)
        return
    turn.answer(Answer.EXTENSION_SENT, await turn.desk.record(turn.work, change), limit=limit)
    turn.settle()


async def _transfer(turn: Turn) -> None:
    complaint = await _task(turn)
    if complaint is not None:
        await _hand_to(turn, complaint)


async def _hand_to(turn: Turn, complaint: Complaint) -> None:
    person = await _who(turn, complaint)
    if person is None:
        return
    actor = turn.as_(*_HANDLING, *SERVICE_CENTRE)
    note = _argument(turn, "reason", "text")
    why = f"by {turn.person.name or turn.person.id}"
    change = handling.dispatch(complaint, person.id, why, actor, await _terms(turn, complaint), turn.now, note)
    turn.answer(Answer.ASSIGN_DONE, await turn.desk.record(turn.work, change), who=person.name)
    turn.settle()


async def _who(turn: Turn, complaint: Complaint) -> Person | None:
    """Return the one person that was named; answers with the names to choose from where it is none or several."""
    directory = await turn.work.directory()
    name = _argument(turn, "who")
    found = directory.named(name) if name else []
    if len(found) == 1:
        return found[0]
    others = found or directory.able(complaint.category)
    turn.answer(Answer.WHO_NEEDED, complaint, names="、".join(person.name for person in others[:9]), who=name)
    return None


# ── the service centre ────────────────────────────────────────────────────────────────────────────────────────────────


async def _assign(turn: Turn) -> None:
    complaint = await _case(turn)
    if complaint is not None:
        await _hand_to(turn, complaint)


async def _approve(turn: Turn) -> None:
    await _decide(turn, granted=True)


async def _reject(turn: Turn) -> None:
    await _decide(turn, granted=False)


async def _decide(turn: Turn, granted: bool) -> None:
    complaint = await choose(turn, await turn.work.asking_extension(), anyone=True)
    if complaint is None:
        if not turn.asked_back:
            turn.answer(Answer.NOTHING_TO_ANSWER)
        return
    note = _argument(turn, "reason", "text")
    actor = turn.as_(Role.CENTER_LEAD, Role.DEPT_HEAD)
    change = handling.decide_extension(complaint, granted, note, actor, await _terms(turn, complaint), turn.now)
    complaint = await turn.desk.record(turn.work, change)
    turn.answer(Answer.EXTENSION_DONE, complaint, granted="yes" if granted else "no")
    turn.settle()


async def _grade(turn: Turn) -> None:
    complaint = await _case(turn)
    if complaint is None:
        return
    wanted = _argument(turn, "severity")
    if wanted not in set(Severity):
        turn.answer(Answer.SEVERITY_NEEDED, complaint)
        return
    reason = _argument(turn, "reason", "text")
    actor = turn.as_(*SERVICE_CENTRE)
    change = handling.grade(complaint, Severity(wanted), reason, actor, await _terms(turn, complaint), turn.now)
    turn.answer(Answer.GRADE_DONE, await turn.desk.record(turn.work, change), severity=wanted)


async def _invalid(turn: Turn) -> None:
    complaint = await _case(turn)
    if complaint is None:
        return
    reason = _argument(turn, "reason", "text")
    if not reason:
        turn.ask(Question(Pending.REASON, complaint.reference, {"for": "invalid"}))
        turn.answer(Answer.REASON_NEEDED, complaint)
        return
    change = handling.invalidate(complaint, reason, turn.as_(*SERVICE_CENTRE, Role.REVIEWER), turn.now)
    turn.answer(Answer.INVALID_DONE, await turn.desk.record(turn.work, change))
    turn.settle()


async def _close(turn: Turn) -> None:
    complaint = await _case(turn)
    if complaint is None:
        return
    reason = _argument(turn, "reason", "text")
    try:
        change = handling.close(complaint, reason, turn.as_(*SERVICE_CENTRE), await _terms(turn, complaint), turn.now)
    except Missing:
        turn.ask(Question(Pending.REASON, complaint.reference, {"for": "close"}))
        turn.answer(Answer.REASON_NEEDED, complaint)
        return
    turn.answer(Answer.CLOSE_DONE, await turn.desk.record(turn.work, change))
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
        limit, reason = str(question.data.get("limit") or ""), str(question.data.get("reason") or "")
        if not limit:
            told = understand(f"延期 {turn.words}", Speaker.HANDLER, Pending.NONE)
            limit, reason = str(told.arguments.get("limit") or ""), reason or str(told.arguments.get("reason") or "")
        else:
            reason = turn.words
        await _ask_extension(turn, complaint, limit, reason)
        return
    step = _AFTER_QUESTION.get(what_for)
    if step is None:
        await _free_words(turn)
        return
    turn.read_as_text()
    turn.settle()
    await step(turn)


async def _list(turn: Turn) -> None:
    match _argument(turn, "of"):
        case "entered":
            await list_entered(turn)
        case "queue" if turn.person.roles & _CENTRE:
            waiting = await turn.work.queue()
            turn.answer_list(Answer.QUEUE, waiting[:9]) if waiting else turn.answer(Answer.QUEUE_EMPTY)
        case _:
            tasks = await turn.work.tasks_of(turn.person.id)
            if tasks:
                turn.answer_list(Answer.TASKS, tasks[:9])
            elif turn.person.roles & _CENTRE and (waiting := await turn.work.queue()):
                turn.answer_list(Answer.QUEUE, waiting[:9])
            else:
                turn.answer(Answer.NO_TASKS)


async def _status(turn: Turn) -> None:
    complaint = await _task(turn)
    if complaint is not None:
        turn.answer(Answer.STATUS, complaint)


async def _free_words(turn: Turn) -> None:
    """Words that fit no command: the customer's words we asked for, a line about the only task in hand, else asked back."""
    if turn.question is not None and turn.question.data.get("for") == "customer":
        await file_for_customer(turn, turn.words)
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
    await _report(turn)


_STEPS: Mapping[Verb, Callable[[Turn], Awaitable[None]]] = {
    Verb.ACCEPT: _accept,
    Verb.DONE: _done,
    Verb.NOT_DONE: _report,
    Verb.REPORT: _report,
    Verb.PLAN: _plan,
    Verb.GIVE_BACK: _give_back,
    Verb.EXTEND: _extend,
    Verb.TRANSFER: _transfer,
    Verb.ASSIGN: _assign,
    Verb.APPROVE: _approve,
    Verb.REJECT: _reject,
    Verb.GRADE: _grade,
    Verb.INVALID: _invalid,
    Verb.CLOSE: _close,
}

_AFTER_QUESTION: Mapping[str, Callable[[Turn], Awaitable[None]]] = {
    "report": _report,
    "plan": _plan,
    "give_back": _give_back,
    "invalid": _invalid,
    "close": _close,
}
