"""The lead reports the work done: what the result lacks is asked for, parts of others are waited for, the cause is noted."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from bot.answers import Answer
from bot.dialogue import evidence as files
from bot.dialogue.choosing import choose, nothing_fits
from bot.dialogue.outward import held
from bot.dialogue.questions import NEXT, Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, understand
from bot.grammar import tasks as grammar
from bot.grammar.asides import made_good, parted
from bot.grammar.blame import apart
from bot.grammar.own_number import without_number
from complaints import briefing, evidence, finishing, noting, outward, plan_steps
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.permissions import Step, permitted
from complaints.vocabulary import Status

CAUSE = "cause"
_STEPS = "steps"
_COMMANDS = frozenset(
    {
        Verb.ACCEPT,
        Verb.GIVE_BACK,
        Verb.TRANSFER,
        Verb.ASSIGN,
        Verb.EXTEND,
        Verb.HOLD,
        Verb.VISIT,
        Verb.LIST,
        Verb.NOTE,
        Verb.URGE,
    }
)


async def finish(turn: Turn) -> None:
    """Take "办结 结果"; where the result is missing it is asked for, and taken up again with the answer."""
    assert turn.meaning is not None
    complaint = await choose(turn, await turn.work.tasks_of(turn.person.id), act=Step.RESOLVE)
    if complaint is None:
        if not turn.asked_back:
            await nothing_fits(turn)
        return
    said = without_number(str(turn.meaning.arguments.get("result") or ""), complaint.reference)
    result, complaint = await _without_cause(turn, complaint, said)
    result, complaint = await _without_asides(turn, complaint, result)
    if not result:
        turn.ask(Question(Pending.RESULT, complaint.reference, {"for": "done"}))
        turn.answer(Answer.RESULT_NEEDED, complaint)
        return
    if (names := files.names_of(turn)) and evidence.task_of(complaint, turn.person.id) is not None:
        complaint = await files.keep(turn, complaint, names)
    await _finish(turn, complaint, result)


def ask_result(turn: Turn, complaints: Sequence[Complaint]) -> None:
    """Ask what was done of the first of several, and of the next once that is told."""
    first, *others = complaints
    following = {NEXT: ",".join(each.reference for each in others)} if others else {}
    turn.ask(Question(Pending.RESULT, first.reference, {"for": "done", **following}))
    turn.answer(Answer.RESULT_NEEDED, first, which="yes", **following)


async def _without_cause(turn: Turn, complaint: Complaint, result: str) -> tuple[str, Complaint]:
    """Put on record what a result says of the cause and who is responsible, and return the rest: the customer reads that."""
    told = apart(result)
    if not (told.cause or told.responsible):
        return result, complaint
    terms = await turn.desk.terms(turn.work, complaint)
    with contextlib.suppress(Missing):  # it was said before
        change = finishing.tell_cause(complaint, told.cause, told.responsible, turn.as_staff(), terms, turn.now)
        complaint = await turn.desk.record(turn.work, change)
    turn.answer(Answer.CAUSE_NOTED, complaint)
    return told.result, complaint


async def _without_asides(turn: Turn, complaint: Complaint, result: str) -> tuple[str, Complaint]:
    """Put what a result says of its customer where it belongs: what they want goes to the lead, that they are content is
    noted where nothing says what was done. The rest is the result, "" where it says nothing either.
    """
    told = parted(result)
    nothing = told.did != result and not _tells_what(told.did)
    if told.wish:
        complaint = await turn.desk.record(
            turn.work, briefing.tell_lead(complaint, told.wish, turn.as_staff(), turn.now)
        )
        turn.answer(Answer.LEAD_TOLD, complaint, text=told.wish)
    elif nothing and result and permitted(complaint, Step.NOTE, turn.as_staff()):
        complaint = await turn.desk.record(turn.work, noting.note(complaint, result, turn.as_staff(), turn.now))
    return "" if nothing else told.result, complaint


def _tells_what(did: str) -> bool:
    """Say whether words tell what was done, and not only that it was."""
    meant = understand(did, Speaker.HANDLER, Pending.NONE)
    return bool(did) and (made_good(did) or not (meant.verb is Verb.DONE and not meant.said("result")))


async def _finish(turn: Turn, complaint: Complaint, result: str, *, all_steps: bool = False) -> None:
    terms = await turn.desk.terms(turn.work, complaint)
    try:
        actor = turn.as_staff()
        change = finishing.finish(complaint, result, actor, terms, turn.now, all_steps=all_steps)
        change = outward.through(change, complaint, "resolve", result, actor, terms, turn.now)
    except Missing as missing:
        match missing.what:
            case "evidence":
                turn.ask(Question(Pending.NONE, complaint.reference, {"for": files.WANTED, "result": result}))
                turn.answer(Answer.EVIDENCE_NEEDED, complaint)
            case "steps":
                turn.ask(Question(Pending.YES_NO, complaint.reference, {"for": _STEPS, "result": result}))
                turn.answer(Answer.STEPS_OPEN, complaint, steps=_listed(plan_steps.left(complaint)))
            case _:
                raise
        return
    recorded = await turn.desk.record(turn.work, change)
    asked = str(turn.question.data.get(NEXT) or "") if turn.question is not None else ""
    turn.settle()
    tasks = await turn.work.tasks_of(turn.person.id) if asked else []
    left = [each for each in tasks if each.reference in asked and each.reference != recorded.reference]
    if held(complaint, recorded):
        turn.answer(Answer.WORDS_WAIT, recorded)
    elif recorded.kept_result is not None:
        turn.answer(Answer.RESULT_WAITS, recorded)
    else:
        turn.answer(Answer.RESOLVE_DONE, recorded)
    if left:
        ask_result(turn, left)  # why it was is asked again later
        return
    if held(complaint, recorded) or recorded.kept_result is not None:
        return
    if evidence.cause_lacking(recorded, terms) and recorded.owner == turn.person.id:
        turn.ask(Question(Pending.REASON, recorded.reference, {"for": CAUSE, "round": recorded.round}))
        turn.answer(Answer.CAUSE_NEEDED, recorded)


def _listed(numbers: tuple[int, ...]) -> str:
    return "、".join(map(str, numbers))


async def keep_wanted(turn: Turn, complaint: Complaint, names: list[str]) -> bool:
    """Keep files of an assignee, and carry out the result that waited for them. False where they are nobody's evidence."""
    question = turn.question
    recorded = await files.keep_files(turn, complaint, names)
    if recorded is None:
        return False
    if question is not None and question.reference == complaint.reference:
        if question.data.get("for") == files.WANTED:
            await _finish(turn, recorded, str(question.data["result"]))
        elif question.data.get("for") == files.SIGNED:
            turn.settle()
    return True


async def take_finishing(turn: Turn) -> bool:
    """Take a step of the plan, a confirmation of the lead of the centre, a cause, or yes or no to our question."""
    if (said := grammar.step_done(turn.words)) is not None:
        return await _tick(turn, said)
    if (named := grammar.confirmed(turn.words)) is not None:
        return await _confirm(turn, named)
    if (causes := grammar.causes(turn.words)) is not None and await _note_cause(turn, causes):
        return True
    return await files.take_signed(turn) or await _answered(turn)


async def _tick(turn: Turn, said: grammar.Ticked) -> bool:
    turn.meaning = Meaning(turn.words, Verb.TICK, {"reference": said.reference} if said.reference else {})
    tasks = await turn.work.tasks_of(turn.person.id)
    complaint = await choose(turn, tasks, lambda c: c.status is Status.EXECUTING, act=Step.DO_STEP)
    if complaint is None:
        if not turn.asked_back:
            await nothing_fits(turn)
        return True
    change = plan_steps.tick(complaint, said.number, said.note, turn.as_staff(), turn.now)
    recorded = await turn.desk.record(turn.work, change)
    turn.answer(Answer.STEP_TICKED, recorded, step=str(said.number), left=_listed(plan_steps.left(recorded)))
    return True


async def _confirm(turn: Turn, said: grammar.Named) -> bool:
    turn.meaning = Meaning(turn.words, Verb.DONE, {"reference": said.reference} if said.reference else {})
    complaint = await choose(turn, [], act=Step.FINISH_KEPT)
    if complaint is None:
        if not turn.asked_back:
            turn.answer(Answer.NOTHING_TO_ANSWER)
        return True
    terms = await turn.desk.terms(turn.work, complaint)
    change = finishing.confirm(complaint, turn.as_staff(), terms, turn.now)
    turn.answer(Answer.RESULT_CONFIRMED, await turn.desk.record(turn.work, change))
    return True


async def _note_cause(turn: Turn, said: grammar.Causes) -> bool:
    """Note the cause of what the speaker has or had in hand; False where the words answer something else."""
    question = turn.question
    asked = question is not None and question.data.get("for") == CAUSE
    if question is not None and question.ask is not Pending.NONE and not asked:
        return False
    tasks = await turn.work.tasks_of(turn.person.id)
    about = turn.conversation.about if not (said.reference or turn.named) else None
    for reference in {about, question.reference if asked and question is not None else None} - {None}:
        known = await turn.work.complaint(str(reference))
        if known is not None and known not in tasks and permitted(known, Step.TELL_CAUSE, turn.as_staff()):
            tasks = [known] if asked else [*tasks, known]
    before, turn.meaning = (
        turn.meaning,
        Meaning(turn.words, Verb.TICK, {"reference": said.reference} if said.reference else {}),
    )
    complaint = await choose(turn, tasks, act=Step.TELL_CAUSE)
    if complaint is None:
        turn.meaning = before
        return turn.asked_back
    await _keep_cause(turn, complaint, said.cause, said.responsible)
    return True


async def _keep_cause(turn: Turn, complaint: Complaint, cause: str, responsible: str) -> None:
    terms = await turn.desk.terms(turn.work, complaint)
    change = finishing.tell_cause(complaint, cause, responsible, turn.as_staff(), terms, turn.now)
    recorded = await turn.desk.record(turn.work, change)
    missing = () if recorded.settled else evidence.cause_lacking(recorded, terms)
    turn.settle()
    if missing:
        turn.ask(Question(Pending.REASON, recorded.reference, {"for": CAUSE, "round": recorded.round}))
    turn.answer(Answer.CAUSE_NOTED, recorded, **({"missing": missing[0]} if missing else {}))


def _of_something_else(turn: Turn, complaint: Complaint) -> bool:
    """Let the question for the cause lapse where it was opened again since, or the words are a command by number."""
    assert turn.question is not None
    meant = understand(turn.words, Speaker.HANDLER, Pending.NONE)
    again = turn.question.data.get("round", complaint.round) != complaint.round
    if not again and not (meant.verb in _COMMANDS and meant.said("reference")):
        return False
    turn.settle()
    turn.meaning = meant
    return True


async def _answered(turn: Turn) -> bool:
    assert turn.meaning is not None
    question, verb = turn.question, turn.meaning.verb
    what_for = question.data.get("for") if question is not None else None
    if question is None or question.reference is None or what_for not in (CAUSE, _STEPS):
        return False
    complaint = await turn.work.complaint(question.reference)
    assert complaint is not None
    if what_for == CAUSE:
        if verb is not Verb.REASON:
            return False
        if _of_something_else(turn, complaint):
            return False
        told = grammar.causes_told(turn.words)
        if told is None and (who := grammar.responsible_alone(turn.words)):
            told = grammar.Causes("", who)
        if told is not None:
            await _keep_cause(turn, complaint, told.cause, told.responsible)
            return True
        known = evidence.cause_lacking(complaint, await turn.desk.terms(turn.work, complaint))
        only_who = known == ("responsible",)
        await _keep_cause(turn, complaint, "" if only_who else turn.words, turn.words if only_who else "")
        return True
    if verb not in (Verb.AGREE, Verb.DISAGREE):
        return False
    turn.settle()
    if verb is Verb.AGREE:
        await _finish(turn, complaint, str(question.data["result"]), all_steps=True)
    else:
        turn.answer(Answer.STEPS_LEFT, complaint, left=_listed(plan_steps.left(complaint)))
    return True
