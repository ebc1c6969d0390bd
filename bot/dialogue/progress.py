"""How it stands: the assignee's line, the centre's glance at it, what the customer is told, and why a limit is what it is."""

from __future__ import annotations

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.told import told
from complaints import handling, process_callback, progressing
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.vocabulary import SERVICE_CENTRE, Role

_HANDLING = (Role.HANDLER, Role.DEPT_HEAD, Role.EMPLOYEE)
_CENTRE = SERVICE_CENTRE | {Role.DEPT_HEAD}


def _said(turn: Turn, *names: str) -> str:
    assert turn.meaning is not None
    return next((str(turn.meaning.arguments[name]) for name in names if turn.meaning.arguments.get(name)), "")


def _anyone(turn: Turn) -> bool:
    return bool(turn.person.roles & _CENTRE)


# ── the assignee's line ───────────────────────────────────────────────────────────────────────────────────────────────


async def report(turn: Turn) -> None:
    """A line of progress, in answer to our question or unasked. What says nothing is asked back once, and does not count."""
    complaint = await _reported_on(turn)
    if complaint is None:
        return
    words, asked = _said(turn, "text", "when"), turn.question
    if not words:
        turn.ask(Question(Pending.PROGRESS, complaint.reference))
        turn.answer(Answer.REPORT_NEEDED, complaint)
        return
    terms = await turn.desk.terms(turn.work, complaint)
    try:
        change = handling.report(complaint, words, turn.as_(*_HANDLING), terms, turn.now)
    except Missing as missing:
        if missing.what != "news":
            raise
        if asked is not None and asked.ask is Pending.PROGRESS and asked.data.get("again"):
            turn.settle()
            turn.answer(Answer.REPORT_UNCOUNTED, complaint)
            return
        turn.ask(Question(Pending.PROGRESS, complaint.reference, {"again": True}))
        turn.answer(Answer.REPORT_EMPTY, complaint)
        return
    finished = understand(words, Speaker.HANDLER, Pending.NONE).verb is Verb.DONE
    turn.answer(
        Answer.REPORT_DONE, await turn.desk.record(turn.work, change), **({"finished": "yes"} if finished else {})
    )
    turn.settle()


async def _reported_on(turn: Turn) -> Complaint | None:
    """Return the complaint that a line is about; answers where there is none.

    Where we asked about several, a bare line may answer any of them: which one is asked back, never guessed.
    """
    tasks = await turn.work.tasks_of(turn.person.id)
    answering = turn.question is not None and turn.question.ask is Pending.PROGRESS
    owed = [complaint for complaint in tasks if progressing.asked_at(complaint) is not None]
    candidates = tasks
    if answering and len(owed) > 1 and not (turn.question and turn.question.data.get("again")):
        turn.question, candidates = None, owed
    then = f"进展 {_said(turn, 'text')}" if answering else None
    complaint = await choose(turn, candidates, anyone=_anyone(turn), then=then)
    if complaint is None and not turn.asked_back:
        turn.answer(Answer.NO_TASKS)
    return complaint


# ── the centre's glance ───────────────────────────────────────────────────────────────────────────────────────────────


async def release(turn: Turn) -> None:
    """The line goes out as it is, or in the better words that were asked back."""
    complaint = await _line(turn)
    if complaint is not None:
        words = str(turn.question.data.get("text") or "") if _about(turn, complaint) and turn.question else ""
        await _let_out(turn, complaint, words)


async def reword(turn: Turn) -> None:
    """Better words. Where it is not plain that they are meant for the customer, that is asked first."""
    complaint = await _line(turn)
    if complaint is None:
        return
    words, question = _said(turn, "text"), turn.question
    if not words:
        turn.ask(Question(Pending.RELEASE, complaint.reference, {"reword": True}))
        turn.answer(Answer.REWORD_NEEDED, complaint)
        return
    by_name = bool(_said(turn, "reference")) or turn.named == complaint.reference
    if by_name or (question is not None and question.data.get("reword")):
        await _let_out(turn, complaint, words)
        return
    turn.ask(Question(Pending.RELEASE, complaint.reference, {"text": words}))
    turn.answer(Answer.REWORD_CONFIRM, complaint, text=words)


async def keep_back(turn: Turn) -> None:
    """The customer does not get to read it; who wrote it hears why. Of better words only those are dropped."""
    complaint = await _line(turn)
    if complaint is None:
        return
    change = progressing.keep_back(complaint, _said(turn, "reason"), turn.as_(*SERVICE_CENTRE), turn.now)
    turn.answer(Answer.KEEP_BACK_DONE, await turn.desk.record(turn.work, change))
    turn.settle()


async def _let_out(turn: Turn, complaint: Complaint, words: str) -> None:
    terms = await turn.desk.terms(turn.work, complaint)
    change = progressing.release(complaint, words, turn.as_(*SERVICE_CENTRE), terms, turn.now)
    turn.answer(Answer.RELEASE_DONE, await turn.desk.record(turn.work, change))
    turn.settle()


def _about(turn: Turn, complaint: Complaint) -> bool:
    return turn.question is not None and turn.question.reference == complaint.reference


async def _line(turn: Turn) -> Complaint | None:
    """Return the complaint whose line is spoken of; answers where none waits."""
    asked = turn.question.reference if turn.question and turn.question.ask is Pending.RELEASE else None
    known = await turn.work.complaint(asked) if asked else None
    complaint = await choose(turn, [known] if known is not None else [], anyone=True)
    if turn.asked_back:
        return None
    if complaint is None or complaint.unreleased is None:
        turn.answer(Answer.NOTHING_TO_RELEASE, complaint)
        return None
    return complaint


# ── looking up ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def why(turn: Turn) -> None:
    """How each running limit came about, step by step."""
    await _look_up(turn, Answer.WHY)


async def promises(turn: Turn) -> None:
    """What the customer was promised, and whether it was kept (R-080)."""
    await _look_up(turn, Answer.PROMISES)


async def _look_up(turn: Turn, answer: Answer) -> None:
    complaint = await choose(turn, await turn.work.tasks_of(turn.person.id), anyone=_anyone(turn))
    if complaint is not None:
        turn.answer(answer, complaint)
    elif not turn.asked_back:
        turn.answer(Answer.NO_TASKS)


# ── customers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def tell_status(turn: Turn, complaint: Complaint) -> None:
    """How it stands, honestly; where there is nothing new to tell, the assignee is asked for a line (R-063)."""
    terms = await turn.desk.terms(turn.work, complaint)
    change = progressing.prod(complaint, terms, turn.now)
    if change is not None:
        complaint = await turn.desk.record(turn.work, change)
    asked = max((at for at in (complaint.prodded_at, complaint.duty.asked_at) if at is not None), default=None)
    lately = asked is not None and turn.now - asked < progressing.PROD_AGAIN
    told_since = complaint.last_progress_at is not None and asked is not None and complaint.last_progress_at >= asked
    turn.answer(Answer.STATUS, complaint, **({"prodded": "yes"} if lately and not told_since else {}))


async def answers_callback(turn: Turn) -> bool:
    """Take an answer to the question that was put while the work goes on; False where the words are something else."""
    question = turn.question
    if question is None or question.data.get("for") != "process_callback" or question.reference is None:
        return False
    complaint = await turn.work.complaint(question.reference)
    asked = process_callback.current(complaint) if complaint is not None else None
    said = told(turn.words)
    if complaint is None or asked is None or asked.waiting_for is None or said is None:
        return False
    if question.data.get("question") not in (None, asked.waiting_for):
        return False  # an older question of the same row: the one that waits now was put after it
    terms = await turn.desk.terms(turn.work, complaint)
    actor = turn.as_(Role.CUSTOMER)
    complaint = await turn.desk.record(
        turn.work, process_callback.answer(complaint, said, turn.words, actor, terms, turn.now)
    )
    turn.did, turn.reference = Verb.FACT, complaint.reference
    turn.settle()
    over = process_callback.current(complaint)
    if over is not None and over.waiting_for is None:
        turn.answer(Answer.PROCESS_DONE, complaint, denied="yes" if over.denied else "no")
    return True
