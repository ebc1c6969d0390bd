"""How grave it is, in chat: "确认 S1", "不是，S3 因为…" to what words propose, and the facts that a severity rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.answers import Answer
from bot.dialogue.all_clear import says_all_clear, says_out
from bot.dialogue.choosing import choose, offer
from bot.dialogue.questions import ALL_CLEAR, Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Verb
from bot.grammar.folding import fold
from bot.grammar.leaders import Said, said
from bot.grammar.verdicts import Verdict, bare, is_over, verdict
from bot.storage import queues
from complaints import grading, noting
from complaints.change import EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.grading_rules import established
from complaints.permissions import Errand, Step, permitted
from complaints.promises import Terms
from complaints.vocabulary import SERVICE_CENTRE, Fault, Role, Severity, Status

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
    if await _take_reason(turn) or await _take_verdict(turn):
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


async def _take_verdict(turn: Turn) -> bool:
    """Take a sentence on what a customer's words propose: "那个不属实 他说气话", "属实 赶紧的"; False where none was asked for.

    The word that our own question offers answers that question. Which complaint it is about is asked where several wait and the
    words describe another than the one that was asked about last.
    """
    found = verdict(turn.words)
    if found is None or (turn.question is not None and turn.question.data.get("for") == _REFUSING):
        return _asked_clear(turn) and await _take_clear(turn)
    waiting = await _proposed(turn)
    references = [each.reference for each in waiting]
    if found.reference is not None:
        complaint = next((each for each in waiting if each.reference.endswith(found.reference)), None)
        if complaint is None:
            if found.severity:  # nobody asks any more: a grade, with its reason, whatever else was asked
                given = {"reference": found.reference, "severity": found.severity, "reason": found.text}
                turn.meaning, turn.question = Meaning(turn.words, Verb.GRADE, given), None
            return False
    elif turn.named is not None:
        complaint = next((each for each in waiting if each.reference == turn.named), None)
        if complaint is None:
            return False
    else:
        asked = turn.question.reference if turn.question is not None else None
        if _asked_clear(turn):
            return await _take_clear(turn)
        if asked not in references and not (
            len(waiting) == 1 and asked is None and not await _judges_others(turn, waiting)
        ):
            return False
        complaint = next(each for each in waiting if each.reference == asked or len(waiting) == 1)
        if found.about:
            described = _described(found.about, waiting)
            if len(described) != 1 and not (len(waiting) == 1 and not described):
                turn.question = None
                turn.meaning = Meaning(turn.words, Verb.GRADE, {})
                offer(turn, described or waiting, turn.words)
                turn.asked_back = True
                return True
            complaint = described[0] if described else complaint
    turn.meaning = Meaning(turn.words, Verb.GRADE, {"reference": complaint.reference})
    if await choose(turn, waiting, act=Step.CHECK_GRADE) is None:
        return turn.asked_back
    await _find(turn, complaint, found)
    return True


async def _find(turn: Turn, complaint: Complaint, found: Verdict) -> None:
    if not found.so:
        severity = Severity(found.severity) if found.severity else None
        await _refuse(turn, complaint, severity, "" if bare(turn.words) else found.text)
    elif complaint.severity is Severity.S0 and is_over(found.text):
        _ask_whether_over(turn, complaint)
    else:
        if not bare(found.text) and permitted(complaint, Step.NOTE, turn.as_staff()):
            noted = noting.note(complaint, found.text, turn.as_staff(), turn.now)
            complaint = await turn.desk.record(turn.work, noted)
        await _confirm(turn, complaint, None, "")


def _described(word: str, complaints: list[Complaint]) -> list[Complaint]:
    """Return those whose words, or what was found in them, hold a word."""
    word = word.casefold()
    return [
        each
        for each in complaints
        if word in each.summary.casefold() or (each.proposal is not None and word in each.proposal.words.casefold())
    ]


async def _judges_others(turn: Turn, waiting: list[Complaint]) -> bool:
    """Say whether a complaint waits for the speaker's word on whether it is valid, which "不属实" may be as well."""
    queue = [each for each in await turn.work.queue() if each.status is Status.UNDER_REVIEW]
    return any(permitted(each, Step.INVALIDATE, turn.as_staff()) for each in queue if each not in waiting)


def _asked_clear(turn: Turn) -> bool:
    return turn.question is not None and turn.question.data.get("for") == ALL_CLEAR


async def _take_clear(turn: Turn) -> bool:
    """Ask back where "属实", "是" and the like follow what a customer says of a danger that is over: is it still as grave?"""
    assert turn.question is not None
    complaint = await turn.work.complaint(turn.question.reference or "")
    plain = fold(turn.words).strip(" .!,") in _PLAIN["confirm"] | _PLAIN["refuse"]
    grades = said(turn.words) is not None or (turn.meaning is not None and turn.meaning.verb is Verb.GRADE)
    plain = plain or (not grades and (says_all_clear(turn.words) or says_out(turn.words)))
    if complaint is None or complaint.settled or not (plain or verdict(turn.words) is not None):
        return False
    if not permitted(complaint, Step.CHECK_GRADE if complaint.proposal is not None else Step.GRADE, turn.as_staff()):
        return False
    _ask_whether_over(turn, complaint)
    return True


def _ask_whether_over(turn: Turn, complaint: Complaint) -> None:
    """Nothing is lowered, and no danger confirmed, by words that may mean either."""
    before = {"from": complaint.proposal.before} if complaint.proposal is not None else {}
    turn.reference, turn.did = complaint.reference, Verb.UNCLEAR
    turn.answer(Answer.STILL_GRAVE, complaint, **before)


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
