"""Several on one complaint, in chat: the work is shared out, assistants do their parts, the lead hears and decides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.answers import Answer
from bot.dialogue import evidence as files
from bot.dialogue import more_time
from bot.dialogue.choosing import choose, nothing_fits
from bot.dialogue.granting import gives_less_to_part
from bot.dialogue.handing import given_to, named_colleague, own_due
from bot.dialogue.questions import PART_TIME, Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Verb
from bot.grammar import tasks as grammar
from bot.people import Person
from complaints import deciding, finishing, tasks
from complaints.change import Change
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.limits import Limit
from complaints.permissions import Step, permitted
from complaints.vocabulary import Status, TaskStatus

PART = "part"
WHAT = "part_what"


# ── sharing the work out ──────────────────────────────────────────────────────────────────────────────────────────────


async def take_sharing(turn: Turn) -> bool:
    """Take "派 0001 张伟 主办，李雷 协办 查水管", "取消协办 0001 李雷", and what somebody is to do where we asked."""
    question = turn.question
    words = turn.words
    if question is not None and question.data.get("for") == WHAT and turn.meaning and turn.meaning.verb is Verb.REASON:
        turn.named, words = question.reference, f"{question.data['said']} {turn.words}"
    if (said := grammar.shared(words)) is not None and await _share(turn, said, words):
        return True
    if (named := grammar.unshared(turn.words)) is not None:
        await _end(turn, named)
        return True
    return False


async def _share(turn: Turn, said: grammar.Sharing, words: str) -> bool:
    directory = await turn.work.directory()
    names = [*([said.lead] if said.lead else []), *(helper.who for helper in said.helpers)]
    if not said.plain and any(len(directory.named(name)) != 1 for name in names):
        return False  # "已经请物业配合处理了": a sentence that tells of somebody
    actor, wanted = turn.as_staff(), Step.DISPATCH if said.lead else Step.GIVE_PART
    turn.meaning = Meaning(turn.words, Verb.ASSIGN, {"reference": said.reference} if said.reference else {})
    mine = await turn.work.tasks_of(turn.person.id)
    waiting = [c for c in await turn.work.queue() if c not in mine] if said.lead else []
    complaint = await choose(turn, [*mine, *waiting], act=wanted)
    if complaint is None:
        if not turn.asked_back:
            await nothing_fits(turn)
        return True
    persons: dict[str, Person] = {}
    for name in names:
        person = named_colleague(turn, directory, complaint, name)
        if person is None:
            return True
        persons[name] = person
    terms = await turn.desk.terms(turn.work, complaint)
    change = Change(complaint)
    own = Limit.parse(said.limit) if said.limit else None
    if said.lead and (own or complaint.task is None or complaint.task.assignee != persons[said.lead].id):
        why = f"by {turn.person.name or turn.person.id}"
        change = given_to(complaint, persons[said.lead].id, own, why, "", actor, terms, turn.now)
    for helper in said.helpers:
        if not helper.what:
            turn.ask(Question(Pending.REASON, complaint.reference, {"for": WHAT, "said": words}))
            turn.answer(Answer.PART_WHAT_NEEDED, complaint, who=persons[helper.who].name)
            return True
        limit = Limit.parse(helper.limit) if helper.limit else None
        change += tasks.give(change.complaint, persons[helper.who].id, helper.what, limit, actor, terms, turn.now)
    recorded = await turn.desk.record(turn.work, change)
    turn.settle()
    turn.answer(Answer.PARTS_GIVEN, recorded, **own_due(recorded))
    return True


async def _end(turn: Turn, said: grammar.Named) -> None:
    turn.meaning = Meaning(turn.words, Verb.ASSIGN, {"reference": said.reference} if said.reference else {})
    mine = await turn.work.tasks_of(turn.person.id)
    complaint = await choose(turn, mine, lambda c: bool(c.parts), act=Step.DECIDE_PART)
    if complaint is None:
        if not turn.asked_back:
            await nothing_fits(turn)
        return
    person = named_colleague(turn, await turn.work.directory(), complaint, said.who)
    if person is None:
        return
    terms = await turn.desk.terms(turn.work, complaint)
    change = finishing.after_part(
        tasks.end(complaint, person.id, said.text, turn.as_staff(), turn.now), terms, turn.now
    )
    turn.answer(Answer.PART_OVER, await turn.desk.record(turn.work, change), who=person.name)


async def take_time(turn: Turn) -> bool:
    """The lead says yes or no to an assistant who wants more time; False where that was not asked.

    "批准 0001" says it of the only one of them who wants more time there, whatever was asked last.
    """
    assert turn.meaning is not None
    question, verb = turn.question, turn.meaning.verb
    if verb not in (Verb.AGREE, Verb.DISAGREE, Verb.APPROVE, Verb.REJECT):
        return False
    if question is not None and question.data.get("for") == PART_TIME and question.reference is not None:
        complaint, who = await turn.work.complaint(question.reference), str(question.data["who"])
    else:
        complaint, who = await _wishing(turn)
    if complaint is None:
        return False
    granted = verb in (Verb.AGREE, Verb.APPROVE)
    if granted and await gives_less_to_part(turn, complaint, who):
        return True
    terms = await turn.desk.terms(turn.work, complaint)
    note = str(turn.meaning.arguments.get("reason") or "")
    turn.settle()
    change = tasks.decide_time(complaint, who, granted, note, turn.as_staff(), terms, turn.now)
    recorded = await turn.desk.record(turn.work, change)
    turn.answer(Answer.PART_TIME_DONE, recorded, who=who, granted="yes" if granted else "no")
    return True


async def _wishing(turn: Turn) -> tuple[Complaint | None, str]:
    """Return the complaint that was named and who wants more time there, where nothing else is to be decided on it."""
    assert turn.meaning is not None
    number = str(turn.meaning.arguments.get("reference") or "")
    found = await turn.work.ending_with(number) if number else []
    complaint = await turn.work.complaint(found[0]) if len(found) == 1 else None
    if complaint is None or not permitted(complaint, Step.DECIDE_PART, turn.as_staff()):
        return None, ""
    wishes = list(deciding.waiting(complaint))
    theirs = [wish.by for wish in wishes if wish.step is Step.DECIDE_PART]
    return (complaint, theirs[0]) if len(theirs) == len(wishes) == 1 else (None, "")


# ── what assistants say ───────────────────────────────────────────────────────────────────────────────────────────────


async def take_part(turn: Turn) -> bool:
    """Do what somebody who assists says of their part; False where it is of something else."""
    assert turn.meaning is not None
    verb, question = turn.meaning.verb, turn.question
    asked = question.data if question is not None and question.data.get("for") == PART else {}
    if asked and verb is Verb.REASON:
        verb = Verb(str(asked["do"]))
        turn.named = question.reference if question is not None else None
    if verb not in _DOING or (question is not None and question.data.get("for") in ("alarm", "call", "force")):
        return False
    mine = [c for c in await turn.work.tasks_of(turn.person.id) if c.part_of(turn.person.id) is not None]
    if not mine or not _may_mean_a_part(turn, mine):
        return False
    before = turn.meaning
    complaint = await _chosen(turn, mine, verb)
    if complaint is None or turn.asked_back:
        return turn.asked_back
    if complaint.part_of(turn.person.id) is None:
        turn.meaning, turn.named = before, complaint.reference  # their own task, which the others know what to do with
        return False
    await _DOING[verb](turn, complaint)
    return True


def _may_mean_a_part(turn: Turn, mine: list[Complaint]) -> bool:
    """Say whether the number, the thread or our question that the words belong to leaves room for a part."""
    assert turn.meaning is not None
    number = str(turn.meaning.arguments.get("reference") or "")
    if number:
        return any(complaint.reference.endswith(number) for complaint in mine)
    asked = turn.named or (turn.question.reference if turn.question is not None else None)
    return asked is None or any(complaint.reference == asked for complaint in mine)


async def _chosen(turn: Turn, mine: list[Complaint], verb: Verb) -> Complaint | None:
    everything = await turn.work.tasks_of(turn.person.id)

    def fits(complaint: Complaint) -> bool:
        part = complaint.part_of(turn.person.id)
        if verb is not Verb.ACCEPT:
            return True
        return part.status is TaskStatus.DISPATCHED if part is not None else complaint.status is Status.DISPATCHED

    if not any(fits(complaint) for complaint in everything):
        if len(everything) > 1:
            return None
        turn.answer(Answer.ALREADY_YOURS, mine[0])
        turn.asked_back = True
        return None
    return await choose(turn, everything, fits)


def _words(turn: Turn, *names: str) -> str:
    """Return what was said: an argument of the command, or the answer to our question."""
    assert turn.meaning is not None
    if turn.question is not None and turn.question.data.get("for") == PART and turn.meaning.verb is Verb.REASON:
        return turn.words
    return next((str(turn.meaning.arguments[name]) for name in names if turn.meaning.arguments.get(name)), "")


def _ask(turn: Turn, complaint: Complaint, verb: Verb, answer: Answer, **kept: str) -> None:
    ask = Pending.RESULT if verb is Verb.DONE else Pending.REASON
    turn.ask(Question(ask, complaint.reference, {"for": PART, "do": str(verb), **kept}))
    turn.answer(answer, complaint)


async def _note(turn: Turn, change: Change, did: str, **facts: str) -> None:
    recorded = await turn.desk.record(turn.work, change)
    turn.settle()
    turn.answer(Answer.PART_NOTED, recorded, did=did, **facts)


async def _accept(turn: Turn, complaint: Complaint) -> None:
    await _note(turn, tasks.accept(complaint, turn.as_staff(), turn.now), "accepted")


async def _report(turn: Turn, complaint: Complaint) -> None:
    words = _words(turn, "text", "when", "plan") or turn.words
    await _note(turn, tasks.report(complaint, words, turn.as_staff(), turn.now), "reported")


async def _done(turn: Turn, complaint: Complaint) -> None:
    result = _words(turn, "result")
    if not result:
        _ask(turn, complaint, Verb.DONE, Answer.PART_RESULT_NEEDED)
        return
    if names := files.names_of(turn):
        complaint = await files.keep(turn, complaint, names)
    terms = await turn.desk.terms(turn.work, complaint)
    change = tasks.done(complaint, result, turn.as_staff(), turn.now)
    await _note(turn, finishing.after_part(change, terms, turn.now), "done")


async def _give_back(turn: Turn, complaint: Complaint) -> None:
    reason = _words(turn, "reason", "text")
    if not reason:
        _ask(turn, complaint, Verb.GIVE_BACK, Answer.REASON_NEEDED)
        return
    await _note(turn, tasks.give_back(complaint, reason, turn.as_staff(), turn.now), "given_back")


async def _pass_on(turn: Turn, complaint: Complaint) -> None:
    person = named_colleague(turn, await turn.work.directory(), complaint, _words(turn, "who"))
    if person is not None:
        note = _words(turn, "reason", "text")
        change = tasks.pass_on(complaint, person.id, note, turn.as_staff(), turn.now)
        await _note(turn, change, "moved", who=person.name)


async def _ask_time(turn: Turn, complaint: Complaint) -> None:
    assert turn.meaning is not None
    arguments = turn.meaning.arguments
    limit, until, reason = (str(arguments.get(each) or "") for each in ("limit", "until", "reason"))
    if turn.question is not None and turn.question.data.get("for") == PART and turn.meaning.verb is Verb.REASON:
        asked = turn.question.data
        limit, reason = str(asked.get("limit") or ""), str(asked.get("reason") or "")
        if limit:
            reason = turn.words
        else:
            told = more_time.answered(turn)
            limit, until, reason = told.said("limit"), told.said("until"), reason or told.said("reason")
    terms = await turn.desk.terms(turn.work, complaint)
    limit = limit or more_time.limit_till(turn, complaint, until, terms)
    try:
        wanted = Limit.parse(limit) if limit else None
        change = tasks.ask_time(complaint, wanted, reason, turn.as_staff(), terms, turn.now)
    except Missing as missing:
        turn.ask(
            Question(
                Pending.REASON,
                complaint.reference,
                {"for": PART, "do": str(Verb.EXTEND), "limit": limit, "reason": reason},
            )
        )
        if missing.what == "limit":
            turn.answer(Answer.LIMIT_NEEDED, complaint, offers=more_time.offered(complaint, terms, turn.now))
        else:
            turn.answer(Answer.REASON_NEEDED, complaint)
        return
    await _note(turn, change, "asked_time")


_DOING: Mapping[Verb, Callable[[Turn, Complaint], Awaitable[None]]] = {
    Verb.ACCEPT: _accept,
    Verb.REPORT: _report,
    Verb.NOT_DONE: _report,
    Verb.VISIT: _report,
    Verb.PLAN: _report,
    Verb.DONE: _done,
    Verb.GIVE_BACK: _give_back,
    Verb.TRANSFER: _pass_on,
    Verb.EXTEND: _ask_time,
}


async def take_task(turn: Turn) -> bool:
    """Do what is said about working together; False where the words are of something else."""
    if not turn.is_staff:
        return False
    return await take_time(turn) or await take_sharing(turn) or await take_part(turn)
