"""Staff tick off a duty: "已电话", "报定性 意见", "快报 …"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, cast

from bot.answers import Answer
from bot.dialogue.choosing import choose, nothing_fits
from bot.dialogue.doubts import doubts
from bot.dialogue.handing import hand_to, named_besides
from bot.dialogue.outward import held, speaking
from bot.dialogue.press import open_ones
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Verb
from bot.grammar.duties import EVERYDAY, Ticked
from bot.storage import queues
from complaints import duties, noting, outward
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.correcting import correct
from complaints.duties import DUTIES, Duty
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.permissions import Step, permitted
from complaints.policy.clocks import CHANNELS
from complaints.promises import Terms
from complaints.vocabulary import (
    CLASS_WORDS,
    NATURE_WORDS,
    SERVICE_CENTRE,
    STAGE_WORDS,
    CustomerClass,
    Kind,
    Nature,
    Role,
    Stage,
)

_OF_A_TASK = frozenset({Role.HANDLER, Role.EMPLOYEE})
_FOR = "duty"
_OF_THE_PRESS = frozenset({"media", "exposed"})
_AS: Mapping[str, type[str]] = {"kind": Kind, "stage": Stage, "customer_class": CustomerClass, "nature": Nature}
_CHANNELS = ("phone", "wechat", "visit", "email", "web", "app", "sms", "forum", "letter")
_LONGEST_PLACE = 60
_LATELY = 30  # notices in which what is ticked off is looked for
_TELLING_OF_DUTIES = (
    NoticeKind.DUTY_BEGINS, NoticeKind.DUTY_DONE, NoticeKind.REVIEW, NoticeKind.SEVERITY_RAISED, NoticeKind.REMINDER,
    NoticeKind.OVERDUE, NoticeKind.ESCALATION,
)  # fmt: skip


async def take_duty(turn: Turn) -> bool:
    """Do what a duty's command word asks for, or take the words that we asked for; False where it is neither."""
    if not turn.is_staff:
        return False
    assert turn.meaning is not None
    asked = turn.question.data if turn.question is not None else {}
    if turn.meaning.verb is Verb.CORRECT:
        await _correct(turn, turn.meaning)
        return True
    meant = turn.meaning.taken_as(Verb.TICK)
    said = _ticked(meant) if meant is not None else None
    if said is None and asked.get("for") == _FOR and turn.meaning.verb is Verb.REASON:
        assert turn.question is not None
        valid = {"yes": True, "no": False}.get(str(asked.get("valid")))
        said = Ticked(str(asked.get("duty")), turn.words, turn.question.reference, valid)
    if said is None or (duty := DUTIES.get(said.name)) is None:
        return False
    return await _take(turn, said, duty) or await doubts(turn, no_duty=True)


def _ticked(meaning: Meaning) -> Ticked:
    valid = meaning.arguments.get("valid")
    reference = meaning.said("reference") or None
    return Ticked(meaning.said("duty"), meaning.said("text"), reference, valid if isinstance(valid, bool) else None)


async def confirm_valid(turn: Turn) -> None:
    """A sentence found the complaint valid."""
    assert turn.meaning is not None
    arguments = turn.meaning.arguments
    reference = str(arguments.get("reference") or "") or None
    await _take(
        turn, Ticked("valid_confirmed", str(arguments.get("reason") or ""), reference), DUTIES["valid_confirmed"]
    )


async def _take(turn: Turn, said: Ticked, duty: Duty) -> bool:
    try:
        return await _do(turn, said, duty)
    except NotAllowed as refusal:
        refusal.roles = duty.roles  # the row of duties is for all of them together
        raise


async def _do(turn: Turn, said: Ticked, duty: Duty) -> bool:
    assert turn.meaning is not None
    meant = turn.meaning.ordinary
    turn.meaning = Meaning(turn.words, Verb.TICK, {"reference": said.reference} if said.reference else {})
    complaint = await _meant(turn, said, duty)
    if complaint is None:
        if said.name in EVERYDAY and not turn.asked_back:
            turn.meaning = _told(turn, said, meant)
            return False
        if not turn.asked_back:
            await nothing_fits(turn)
        return True
    terms = await turn.desk.terms(turn.work, complaint)
    if said.name in EVERYDAY and duty.flag is None and not duties.awaited(complaint, duty, terms):
        if said.reference is not None and await _note_talk(turn, complaint, said):
            return True
        turn.meaning = _without_duty(turn, complaint, said, meant)
        turn.reference = None
        return False
    await _tick(turn, complaint, said, duty, terms)
    if said.name == "phoned" and meant.verb is Verb.VISIT:
        turn.named, turn.meaning = complaint.reference, meant  # they were told when somebody comes, too
        return False
    return True


def _told(turn: Turn, said: Ticked, meant: Meaning) -> Meaning:
    """Return what an ordinary line means; that so much was paid is news of the work, where the words mean nothing else."""
    if said.name == "compensated" and said.text and meant.verb is Verb.UNCLEAR:
        return Meaning(turn.words, Verb.REPORT, {"text": turn.words})
    return meant


def _without_duty(turn: Turn, complaint: Complaint, said: Ticked, meant: Meaning) -> Meaning:
    """Return what words mean where nobody waits for the duty they name: "已道歉，客户接受" is a line of progress.

    By number, of whose task it is; raises IllegalStep for others, who would be told of their own tasks, or of nothing.
    """
    meant = _told(turn, said, meant)
    if said.reference is None:
        return meant
    if permitted(complaint, Step.REPORT, turn.as_staff()):
        if said.name == "answered":
            return Meaning(turn.words, Verb.REPORT, {"reference": said.reference, "text": said.text})
        if meant.verb in (Verb.REPORT, Verb.NOT_DONE, Verb.DONE):
            return replace(meant, arguments={**meant.arguments, "reference": said.reference})
    raise IllegalStep(f"{complaint.reference}: no clock waits for that, and the customer was told nothing")


async def _note_talk(turn: Turn, complaint: Complaint, said: Ticked) -> bool:
    """Note what a customer told whoever rang them, where somebody else works for them: it is not to be lost."""
    actor = turn.as_staff()
    if said.name != "phoned" or not said.text or permitted(complaint, Step.REPORT, actor):
        return False
    if not permitted(complaint, Step.NOTE, actor):
        return False
    recorded = await turn.desk.record(turn.work, noting.note(complaint, turn.words, actor, turn.now))
    turn.did = Verb.NOTE
    turn.answer(Answer.NOTE_DONE, recorded, inside="yes")
    return True


async def _meant(turn: Turn, said: Ticked, duty: Duty) -> Complaint | None:
    """Return the complaint that is meant: of one's own tasks, or any that is named by who may speak of all."""
    tasks = await turn.work.tasks_of(turn.person.id)
    anyone = bool(turn.person.roles & (duty.roles - _OF_A_TASK))
    asked = turn.question if turn.question is not None and turn.question.data.get("for") == _FOR else None
    if said.reference is None and turn.named is None and asked is not None and asked.reference is not None:
        turn.named = asked.reference  # another duty of what we asked about, in place of the answer
    if said.reference is None and not (anyone and turn.named is not None):
        waiting = await _waiting(turn, duty)
        if anyone:
            tasks = waiting or tasks or await turn.work.queue()
        else:  # what they had when it was done is no task of theirs any more
            tasks = [complaint for complaint in waiting if complaint.owner == turn.person.id] or tasks
        if said.name in _OF_THE_PRESS:
            tasks = await _not_marked(turn, tasks, duty)
    return await choose(turn, tasks, act=Step.DUTY if anyone or said.reference else None)


async def _not_marked(turn: Turn, tasks: list[Complaint], duty: Duty) -> list[Complaint]:
    """Return what may be marked so: of what is open, where all that the speaker has in hand is marked already."""
    left = [each for each in tasks if duty.flag not in each.flags]
    return left or [each for each in await open_ones(turn, Step.DUTY) if duty.flag not in each.flags]


async def _waiting(turn: Turn, duty: Duty) -> list[Complaint]:
    """Return what the speaker answers, or was lately told of, and where this duty is waited for."""
    references = (
        [turn.named]
        if turn.named is not None
        else await queues.lately_told(turn.work, turn.person.id, _TELLING_OF_DUTIES, _LATELY)
    )
    await turn.work.prefetch_complaints(references)
    found = [complaint for each in references if (complaint := await turn.work.complaint(each)) is not None]
    return [each for each in found if duties.awaited(each, duty, await turn.desk.terms(turn.work, each))]


async def _tick(turn: Turn, complaint: Complaint, said: Ticked, duty: Duty, terms: Terms) -> None:
    actor = turn.as_(*duty.roles)
    try:
        if said.name == "nature_decided":
            if said.valid is None:
                raise Missing("text", f"{complaint.reference}: say whether it is valid")
            change = duties.decide_nature(complaint, said.valid, said.text, actor, terms, turn.now)
        else:
            change = duties.tick(complaint, duty, said.text, actor, terms, turn.now)
            if duty.name in outward.SAYING:
                speaker = await speaking(turn, turn.as_(*duty.roles, Role.MEDIA_OFFICER))
                change = outward.through(change, complaint, duty.name, said.text, speaker, terms, turn.now)
    except Missing:
        data = {"for": _FOR, "duty": duty.name}
        if said.valid is not None:
            data["valid"] = "yes" if said.valid else "no"
        turn.ask(Question(Pending.REASON, complaint.reference, data))
        turn.answer(Answer.DUTY_WORDS_NEEDED, complaint, duty=duty.name)
        return
    recorded = await turn.desk.record(turn.work, change)
    if held(complaint, recorded):
        turn.answer(Answer.WORDS_WAIT, recorded)
    else:
        turn.answer(Answer.DUTY_TICKED, recorded, duty=duty.name)
    turn.settle()
    if duty.name in ("valid_confirmed", "nature_decided"):
        who = await named_besides(turn, said.text)
        if who and permitted(recorded, Step.DISPATCH, turn.as_staff()):
            await hand_to(turn, recorded, who, "")
        else:
            await turn.desk.assign_waiting(turn.work, recorded)


def _called(turn: Turn, what: str, code: str) -> str:
    """Return a code as people call it, where that is not for the words to say."""
    return turn.pack.label(code, turn.locale) if what == "category" else code


def _choices(turn: Turn, what: str) -> list[str]:
    """Return what may stand there, the likeliest first: of the categories their names, the rest as codes that have words."""
    match what:
        case "category":
            tops = [each for each in turn.pack.categories if "." not in each.code]
            return [turn.pack.label(each.code, turn.locale) for each in tops]
        case "channel":
            return [channel for channel in _CHANNELS if channel in CHANNELS]
        case "place":
            return []
        case _:
            return [str(each) for each in cast(type[StrEnum], _AS[what])]


async def _correct(turn: Turn, said: Meaning) -> None:
    what, told = said.said("what"), said.said("value")
    complaint = await choose(turn, await turn.work.queue(), act=Step.CORRECT)
    if complaint is None:
        if not turn.asked_back:
            turn.answer(Answer.QUEUE_EMPTY)
        return
    names = {name: each.code for each in turn.pack.categories for name in (each.code, *each.names.values())}
    known: Mapping[str, str] = {
        "category": names,
        "kind": {str(kind): str(kind) for kind in Kind},
        "channel": {channel: channel for channel in CHANNELS},
        "stage": {str(stage): str(stage) for stage in Stage}
        | {word: str(stage) for word, stage in STAGE_WORDS.items()},
        "customer_class": {str(each): str(each) for each in CustomerClass}
        | {word: str(each) for word, each in CLASS_WORDS.items()},
        "nature": {str(each): str(each) for each in Nature} | {word: str(each) for word, each in NATURE_WORDS.items()},
        "place": {told: told[:_LONGEST_PLACE]} if told else {},
    }[what]
    value = known.get(told) or known.get(told.upper()) or known.get(told.lower())
    if value is None:
        choices = "、".join(_choices(turn, what))
        turn.answer(Answer.CORRECTION_NEEDED, complaint, what=what, choices=choices)
        return
    given: dict[str, Any] = {what: _AS.get(what, str)(value)}
    terms = await turn.desk.book.widened(turn.work, replace(complaint, **given))
    change = correct(complaint, turn.as_(*SERVICE_CENTRE), terms, turn.now, **given)
    old, new = (_called(turn, what, str(code)) for code in (getattr(complaint, what), value))
    turn.answer(Answer.CORRECTED, await turn.desk.record(turn.work, change), what=what, old=old, new=new)
    turn.settle()
