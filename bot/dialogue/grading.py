"""How grave it is, in chat: "确认 S1", "不是，S3 因为…" to what words propose, and the facts that a severity rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Verb
from bot.grammar.folding import fold
from bot.grammar.leaders import Said, said
from bot.storage import queues
from complaints import grading
from complaints.change import EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.grading_rules import established
from complaints.permissions import Errand, Step, permitted
from complaints.promises import Terms
from complaints.vocabulary import SERVICE_CENTRE, Fault, Role, Severity

_FACTS = frozenset({"fault", *grading.FACTS})
_LATELY = 30  # notices in which what is answered is looked for
_REFUSING = "grade_refuse"
_CHECKED = frozenset({EventKind.GRADE_CONFIRMED, EventKind.GRADE_REFUSED, EventKind.GRADED})
_PLAIN = {
    "confirm": frozenset({"是", "是的", "对", "属实", "确认", "yes", "confirmed", "it is"}),
    "refuse": frozenset({"不是", "不对", "否", "不属实", "no", "it is not"}),
}
_WORKING = (Role.HANDLER, Role.DEPT_HEAD, Role.EMPLOYEE)


async def take_grading(turn: Turn) -> bool:
    """Do what is said to a proposed severity, or of what a severity rests on; False where it is something else."""
    if not turn.is_staff or turn.room is not None:
        return False
    if await _take_reason(turn):
        return True
    told = said(turn.words) or _short(turn)
    if told is None:
        return False
    if told.name in _FACTS:
        return await _take_fact(turn, told)
    return told.name in ("confirm", "refuse") and await _take_check(turn, told)


def _short(turn: Turn) -> Said | None:
    """Return a plain yes or no to "is it so grave?" as the command it stands for; "好的" only says that they have read it."""
    question = turn.question
    if question is None or question.data.get("for") != "grade":
        return None
    words = fold(turn.words).strip(" .!,")
    name = next((name for name, plain in _PLAIN.items() if words in plain), None)
    return Said(name, "", question.reference) if name is not None else None


async def _proposed(turn: Turn) -> list[Complaint]:
    """Return the complaints about whose severity the speaker was lately asked and nobody has said."""
    references = await queues.lately_told(turn.work, turn.person.id, [NoticeKind.GRADE_PROPOSED], _LATELY)
    await turn.work.prefetch_complaints(references)
    found = [complaint for each in references if (complaint := await turn.work.complaint(each)) is not None]
    return [each for each in found if each.proposal is not None and not each.settled]


async def _take_check(turn: Turn, told: Said) -> bool:
    waiting = await _proposed(turn)
    asked = turn.question is not None and turn.question.data.get("for") == "grade"
    if told.reference is not None:
        number = told.reference
        named = next((each for each in waiting if each.reference.endswith(number)), None)
        if named is None and not await _waits(turn, number):
            return await _decided(turn, number, told)
    elif not waiting or not (asked or told.value or turn.named in {each.reference for each in waiting}):
        return False  # "不是我的单": of something else
    meant, turn.meaning = (
        turn.meaning,
        Meaning(turn.words, Verb.GRADE, {"reference": told.reference} if told.reference else {}),
    )
    complaint = await choose(turn, waiting, act=Step.CHECK_GRADE)
    if complaint is None:
        turn.meaning = meant if not turn.asked_back else turn.meaning
        return turn.asked_back
    severity = Severity(told.value) if told.value else None
    if told.name == "confirm":
        await _confirm(turn, complaint, severity, told.text)
    else:
        await _refuse(turn, complaint, severity, told.text)
    return True


async def _decided(turn: Turn, number: str, told: Said) -> bool:
    """Tell somebody who was asked too that another has said how grave it is, and what; False where they were never asked."""
    asked = await queues.lately_told(turn.work, turn.person.id, [NoticeKind.GRADE_PROPOSED], _LATELY)
    reference = next((each for each in asked if each.endswith(number)), None)
    complaint = await turn.work.complaint(reference) if reference is not None else None
    if complaint is None or not (told.value or told.name == "refuse"):
        return False
    events = [each for each in await turn.work.events_of(complaint.reference) if each.kind in _CHECKED]
    if not events or not permitted(complaint, Errand.STATUS, turn.as_()):
        return False
    turn.meaning = Meaning(turn.words, Verb.GRADE, {"reference": number})
    who = (await turn.work.directory()).persons.get(events[-1].by or "")
    name = who.name if who is not None else ""
    turn.answer(Answer.GRADE_DECIDED, complaint, who=name, severity=complaint.severity, reason=events[-1].note or "")
    return True


async def _waits(turn: Turn, number: str) -> bool:
    references = await turn.work.ending_with(number)
    await turn.work.prefetch_complaints(references)
    found = [complaint for each in references if (complaint := await turn.work.complaint(each)) is not None]
    return any(each.proposal is not None for each in found)


async def _confirm(turn: Turn, complaint: Complaint, severity: Severity | None, why: str) -> None:
    assert complaint.proposal is not None
    if severity is not None and severity is not complaint.proposal.severity:
        await _refuse(turn, complaint, severity, why or turn.words)  # it is grave, but otherwise than proposed
        return
    wider = await turn.desk.book.widened(turn.work, _as_if(complaint, complaint.proposal.severity))
    change = grading.confirm(complaint, turn.as_(*SERVICE_CENTRE), wider, turn.now)
    recorded = await turn.desk.record(turn.work, change)
    turn.answer(Answer.GRADE_DONE, recorded, severity=recorded.severity)
    turn.settle()


async def _refuse(turn: Turn, complaint: Complaint, severity: Severity | None, reason: str) -> None:
    wider = await turn.desk.book.widened(turn.work, _as_if(complaint, severity or complaint.severity))
    try:
        change = grading.refuse(complaint, severity, reason, turn.as_(*SERVICE_CENTRE), wider, turn.now)
    except Missing:
        data = {"for": _REFUSING, "severity": str(severity or "")}
        turn.ask(Question(Pending.REASON, complaint.reference, data))
        turn.answer(Answer.REASON_NEEDED, complaint)
        return
    recorded = await turn.desk.record(turn.work, change)
    turn.answer(Answer.GRADE_DONE, recorded, severity=recorded.severity, **graver_by_rule(recorded, wider, turn.now))
    turn.settle()


def graver_by_rule(complaint: Complaint, terms: Terms, now: datetime) -> dict[str, str]:
    """Return the gravest rule that holds by what is known and would have it graver than a person just said; {} for none."""
    graver = (each for each in established(complaint, terms, now) if each.rule.at_least < complaint.severity)
    worst = next(graver, None)
    return {} if worst is None else {"rule": worst.rule.name, "detail": worst.detail, "by_rule": worst.rule.at_least}


def _as_if(complaint: Complaint, severity: Severity) -> Complaint:
    return replace(complaint, severity=severity)


async def _take_reason(turn: Turn) -> bool:
    """Take the reason that was asked for."""
    question = turn.question
    if question is None or question.data.get("for") != _REFUSING or question.reference is None or not turn.words:
        return False
    if turn.meaning is None or turn.meaning.verb is not Verb.REASON:
        return False
    complaint = await turn.work.complaint(question.reference)
    if complaint is None or complaint.proposal is None:
        turn.settle()
        return False
    severity = str(question.data.get("severity") or "")
    await _refuse(turn, complaint, Severity(severity) if severity else None, turn.words)
    return True


async def _take_fact(turn: Turn, told: Said) -> bool:
    """Take "过错 0007 我方", "伤者 0007 2人", "损失金额 0007 5000元", "集体 0007 12户"; False where it names no value."""
    if not told.value or (told.reference is None and turn.named is None):
        return False
    meant, turn.meaning = (
        turn.meaning,
        Meaning(turn.words, Verb.GRADE, {"reference": told.reference} if told.reference else {}),
    )
    complaint = await choose(turn, await turn.work.tasks_of(turn.person.id), act=Step.ASSESS)
    if complaint is None:
        turn.meaning = meant
        return turn.asked_back
    value = Fault(told.value) if told.name == "fault" else int(told.value)
    change = grading.assess(complaint, told.name, value, turn.as_(*SERVICE_CENTRE, *_WORKING), turn.now)
    recorded = await turn.desk.record(turn.work, change)
    turn.answer(Answer.ASSESSED, recorded, what=told.name, value=str(value), severity=recorded.severity)
    turn.settle()
    return True
