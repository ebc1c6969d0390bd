"""How it stands: the assignee's line, the centre's glance at it, what the customer is told, and why a limit is what it is."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import Answer
from bot.dialogue.alarms import keep_obstacle
from bot.dialogue.all_clear import over_besides
from bot.dialogue.choosing import choose
from bot.dialogue.doubts import colleagues_of
from bot.dialogue.evidence import names_of
from bot.dialogue.loose_files import loose
from bot.dialogue.outward import held
from bot.dialogue.questions import AS, LINE, NOTE, PASSED, Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, begins_with_command, understand
from bot.grammar.asides import spoken_of
from bot.grammar.folding import fold
from bot.grammar.holding import mentions, puts_off, stands_still
from bot.grammar.inside import cannot_reach
from bot.grammar.not_today import not_today
from bot.grammar.own_number import without_number
from bot.grammar.staff import about_oneself
from bot.storage import queues
from complaints import chasing, noting, outward, press, process_callback, progressing
from complaints.change import Change, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.permissions import Errand, Step
from complaints.vocabulary import SERVICE_CENTRE, Role, Status

_HANDLING = (Role.HANDLER, Role.DEPT_HEAD, Role.EMPLOYEE)
_LATELY = 30  # notices in which what is let out is looked for
_COMMAND: dict[str, str] = {Verb.DONE: "办结", Verb.PLAN: "方案"}
_NEWS_IS_OWED = frozenset({Status.DISPATCHED, Status.WORKING})
_WISHES = frozenset({Verb.LEAVE, Verb.GIVE_BACK, Verb.EXTEND, Verb.TRANSFER, Verb.HOLD, Verb.APPROVE, Verb.REJECT})


def _said(turn: Turn, *names: str) -> str:
    assert turn.meaning is not None
    return next((str(turn.meaning.arguments[name]) for name in names if turn.meaning.arguments.get(name)), "")


# ── the assignee's line ───────────────────────────────────────────────────────────────────────────────────────────────


async def report(turn: Turn, *, confirmed: bool = False) -> None:
    """A line of progress, in answer to our question or unasked. What says nothing is asked back once, and does not count.

    confirmed: whoever says it has just said that the customer shall read it.
    """
    words = _said(turn, "text", "when")
    if words and not confirmed and await _asks_whether_news(turn, words):
        return
    complaint = await _reported_on(turn)
    if complaint is None:
        return
    if not words:
        turn.ask(Question(Pending.PROGRESS, complaint.reference))
        turn.answer(Answer.REPORT_NEEDED, complaint)
        return
    await _report(turn, complaint, without_number(words, complaint.reference))


async def _report(turn: Turn, complaint: Complaint, words: str) -> None:
    asked, terms = turn.question, await turn.desk.terms(turn.work, complaint)
    try:
        change = outward.say(complaint, "report", words, turn.as_(*_HANDLING, Role.MEDIA_OFFICER), terms, turn.now)
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
    change = await over_besides(turn, complaint, change, words)
    finished = understand(words, Speaker.HANDLER, Pending.NONE).verb is Verb.DONE
    recorded = await turn.desk.record(turn.work, change)
    if held(complaint, recorded):
        turn.answer(Answer.WORDS_WAIT, recorded)
    else:
        turn.answer(Answer.REPORT_DONE, recorded, **({"finished": "yes"} if finished else {}))
    turn.settle()


async def _asks_whether_news(turn: Turn, words: str) -> bool:
    """Ask first where the words may be meant for us and not for the customer: of oneself, a wish, what holds it up (R-061).

    The command word says whom the words are for, save that nobody is told that they themselves cannot be reached.
    """
    assert turn.meaning is not None
    unreached = cannot_reach(words)  # read by the customer it is untrue, or a reproach
    if not unreached and begins_with_command(turn.words, Speaker.HANDLER):
        return False
    tasks, number = await turn.work.tasks_of(turn.person.id), str(turn.meaning.arguments.get("reference") or "")
    if number or turn.named:
        about = [each for each in tasks if each.reference.endswith(number or str(turn.named))]
    else:
        about = _owed(turn, tasks)
    if not about or not progressing.says_something(words, about[0]):
        return False
    held_up = any(map(chasing.asked_for_obstacle, about if number or turn.named else tasks))
    meant = understand(words, Speaker.HANDLER, Pending.NONE).verb
    ours = meant in _WISHES or (meant is not Verb.REPORT and about_oneself(fold(words)))
    # "等材料，下周一再弄", "停水三天": is a pause meant?
    pauses = puts_off(fold(words)) or stands_still(fold(words)) or mentions(fold(words))
    theirs = spoken_of(words, await colleagues_of(turn))
    captions = bool(names_of(turn)) or (turn.taken_up and bool(await loose(turn)))  # what is in the picture is evidence
    if (meant is Verb.VISIT and not theirs) or not (held_up or unreached or pauses or captions or ours or theirs):
        return False
    # Which one comes first: nobody can say who shall read a line before they know of what it is.
    if len(about) > 1 and turn.question is not None and turn.question.ask is Pending.PROGRESS:
        turn.question = Question(Pending.PROGRESS)  # we asked about each of them
    complaint = about[0] if len(about) == 1 else await choose(turn, about, act=Step.REPORT)
    if complaint is None:
        return turn.asked_back
    if (over := await over_besides(turn, complaint, Change(complaint), words)).notices:  # that waits for no answer
        complaint = await turn.desk.record(turn.work, over)
    kept = {"kept": NOTE} if theirs and not held_up else {}
    turn.ask(Question(Pending.RELEASE, complaint.reference, {"for": LINE, "text": words, **kept}))
    turn.answer(Answer.REPORT_CONFIRM, complaint, text=words, **kept, **({"pause": "yes"} if pauses else {}))
    return True


def _owed(turn: Turn, tasks: list[Complaint]) -> list[Complaint]:
    """Return which tasks a bare line may be about."""
    asked = turn.question if turn.question is not None and turn.question.ask is Pending.PROGRESS else None
    owed = [complaint for complaint in tasks if progressing.asked_at(complaint) is not None]
    if asked is not None and len(owed) > 1 and not asked.data.get("again"):
        return owed
    last = turn.question.reference if turn.question is not None and not turn.question.data.get(PASSED) else None
    return [complaint for complaint in tasks if complaint.reference == last] or tasks


async def take_confirmed(turn: Turn) -> bool:
    """Do what was answered to "shall the customer read this?"; False where that was not asked, or is not answered."""
    assert turn.meaning is not None
    question, verb = turn.question, turn.meaning.verb
    if question is None or question.data.get("for") != LINE:
        return False
    if verb is Verb.REWORD:
        return await _says_something_else(turn, question)
    if verb not in (Verb.RELEASE, Verb.KEEP_BACK):
        return False
    words = str(question.data["text"])
    turn.settle()
    if verb is Verb.RELEASE:
        said_as = str(question.data.get(AS) or "")
        if said_as:  # a result, or a plan: as it would have been without our question
            turn.named, turn.words = question.reference, f"{_COMMAND[said_as]} {words}"
            turn.meaning = Meaning(turn.words, Verb(said_as), {"result" if said_as == Verb.DONE else "plan": words})
            return False
        turn.named, turn.words = question.reference, f"进展 {words}"
        turn.meaning = understand(turn.words, Speaker.HANDLER, Pending.NONE)
        await report(turn, confirmed=True)
        return True
    about = await turn.work.complaint(question.reference or "") if question.data.get("kept") == NOTE else None
    if about is not None:
        noted = await turn.desk.record(turn.work, noting.note(about, words, turn.as_staff(), turn.now))
        turn.answer(Answer.NOTE_DONE, noted, inside="yes")
        return True
    tasks = await turn.work.tasks_of(turn.person.id)
    chased = [each for each in tasks if chasing.asked_for_obstacle(each)]
    held_up = [each for each in chased if each.reference == question.reference] or chased
    if len(held_up) == 1:
        await keep_obstacle(turn, held_up[0], words)
    else:
        turn.answer(Answer.REPORT_DROPPED, next((each for each in tasks if each.reference == question.reference), None))
    return True


async def _says_something_else(turn: Turn, question: Question) -> bool:
    """Other words than yes or no. A command of its own is done, and the question waits on; a wish of theirs is done, of the
    same complaint; to all else the question is put again, with these words added to the ones that wait.
    """
    meant = understand(turn.words, Speaker.HANDLER, Pending.NONE)
    if meant.verb in _WISHES and not not_today(turn.words):
        if meant.verb is Verb.HOLD and "reason" not in meant.arguments:
            meant = replace(meant, arguments={"reason": str(question.data["text"]), **meant.arguments})
        turn.settle()
        turn.named, turn.meaning = turn.named or question.reference, meant
        return False
    if begins_with_command(turn.words, Speaker.HANDLER) or not_today(turn.words):
        turn.question, turn.meaning = None, meant
        return False
    complaint = await turn.work.complaint(question.reference or "")
    waiting = str(question.data["text"])
    text = waiting if turn.words in waiting else f"{waiting}\n{turn.words}"
    turn.ask(replace(question, data={**question.data, "text": text}))
    turn.answer(Answer.REPORT_CONFIRM, complaint, text=text)
    turn.did = Verb.UNCLEAR
    return True


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
    asked = turn.question
    if not answering:
        turn.question = None  # what was asked last about something else does not say what the line is about
    complaint = await choose(turn, candidates, act=Step.REPORT, then=then)
    turn.question = turn.question or (asked if not answering else None)
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
    known = [found] if asked and (found := await turn.work.complaint(asked)) is not None else await _shown(turn)
    complaint = await choose(turn, known, act=Step.RELEASE)
    if turn.asked_back:
        return None
    if complaint is None or complaint.unreleased is None:
        turn.answer(Answer.NOTHING_TO_RELEASE, complaint)
        return None
    return complaint


async def _shown(turn: Turn) -> list[Complaint]:
    """Return the complaints whose lines the speaker was lately shown, and that still wait for their word."""
    references = await queues.lately_told(turn.work, turn.person.id, [NoticeKind.PROGRESS_RELEASE], _LATELY)
    await turn.work.prefetch_complaints(references)
    known = [complaint for each in references if (complaint := await turn.work.complaint(each)) is not None]
    return [complaint for complaint in known if complaint.unreleased is not None and not complaint.settled]


# ── looking up ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def why(turn: Turn) -> None:
    """How each running limit came about, step by step."""
    await _look_up(turn, Answer.WHY)


async def promises(turn: Turn) -> None:
    """What the customer was promised, and whether it was kept (R-080)."""
    await _look_up(turn, Answer.PROMISES)


async def _look_up(turn: Turn, answer: Answer) -> None:
    complaint = await choose(turn, await turn.work.tasks_of(turn.person.id), act=Errand.TERMS)
    if complaint is not None:
        turn.answer(answer, complaint)
    elif not turn.asked_back:
        turn.answer(Answer.NO_TASKS)


# ── customers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def tell_status(turn: Turn, complaint: Complaint, *, who: bool = False) -> None:
    """How it stands, honestly; where there is nothing new to tell, the assignee is asked for a line (R-063).

    who: it is asked with whom it is, and said where it is with nobody yet.
    """
    if press.writes(complaint) and turn.person.id == complaint.complainant:
        turn.answer(Answer.STATUS, complaint)  # no colleague is asked for a line that they would read
        return
    terms = await turn.desk.terms(turn.work, complaint)
    change = progressing.prod(complaint, terms, turn.now, turn.person.id)
    if change is not None:
        complaint = await turn.desk.record(turn.work, change)
    asked = max((at for at in (complaint.prodded_at, complaint.duty.asked_at) if at is not None), default=None)
    lately = asked is not None and turn.now - asked < progressing.PROD_AGAIN
    told_since = complaint.last_progress_at is not None and asked is not None and complaint.last_progress_at >= asked
    waits = complaint.status in _NEWS_IS_OWED and lately and not told_since
    told = {"prodded": "yes"} if waits else {}
    finder = {"finder": "yes"} if turn.person.id != complaint.complainant else {}
    turn.answer(Answer.STATUS, complaint, **told, **finder, **({"who": "yes"} if who else {}))


async def answers_callback(turn: Turn) -> bool:
    """Take an answer to the question that was put while the work goes on; False where the words are something else."""
    question = turn.question
    if question is None or question.data.get("for") != "process_callback" or question.reference is None:
        return False
    complaint = await turn.work.complaint(question.reference)
    asked = process_callback.current(complaint) if complaint is not None else None
    assert turn.meaning is not None
    said = turn.meaning.arguments.get("told")
    if complaint is None or asked is None or asked.waiting_for is None or not isinstance(said, bool):
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
