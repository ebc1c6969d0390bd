"""A task force in chat: formed by a leader, confirmed by each member, with minutes, and a group chat where there is one."""

from __future__ import annotations

import re

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.handing import named_colleague
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, understand
from bot.grammar.task_force import Force, Said, about_force
from bot.storage import queues
from complaints import evidence, task_force
from complaints.change import EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import Missing, NotAllowed
from complaints.numbers import FULL
from complaints.permissions import Bar, Errand, Step, permitted
from complaints.vocabulary import Status

_LATELY = 30  # calls in which the task force that is meant is looked for
_MINUTES = 20  # that are shown at once
_GROUP_START = re.compile(rf"/start(?:group)?(?:@\w{{1,64}})?\s+({FULL})\s*", re.ASCII)


async def take_force(turn: Turn) -> bool:
    """Do what is said to or of a task force; False where the words are of something else."""
    if not turn.is_staff or turn.meaning is None:
        return False
    if await _confirm(turn) or await _bind_room(turn):
        return True
    said = about_force(turn.words)
    if said is None:
        return await _member_reports(turn)
    if said.said is Said.REPORT:
        return await _report(turn, said.text, said.reference, though_task=True)
    turn.meaning = Meaning(turn.words, Verb.TASK_FORCE, {"reference": said.reference} if said.reference else {})
    match said.said:
        case Said.STATE:
            await _tell_state(turn)
        case Said.MINUTES:
            await _minutes(turn, said.text)
        case Said.DISSOLVE:
            await _dissolve(turn, said.text)
        case _:
            await _call_up(turn, said)
    return True


async def _called_to(turn: Turn) -> list[Complaint]:
    """Return the complaints of whose task force the speaker is a member, the one they were called to last first."""
    references = await queues.lately_told(turn.work, turn.person.id, (NoticeKind.FORCE_CALLED,), _LATELY)
    await turn.work.prefetch_complaints(references)
    found = [complaint for each in references if (complaint := await turn.work.complaint(each)) is not None]
    theirs = [each for each in found if each.force is not None and each.force.has(turn.person.id)]
    here = [each for each in theirs if turn.room and each.force and each.force.room == _room(turn)]
    return here or theirs


def _room(turn: Turn) -> str:
    assert turn.room is not None
    return f"{turn.room.channel} {turn.room.address}"


# ── members ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _confirm(turn: Turn) -> bool:
    """Take 收到 from a member; not where it accepts a task of theirs that waits, too, unless the call is what they answer."""
    assert turn.meaning is not None
    meant = understand(turn.words, Speaker.HANDLER, Pending.NONE)
    asked = turn.question is not None and turn.question.data.get("for") == "force"
    if meant.verb is not Verb.ACCEPT and not (asked and turn.meaning.verb is Verb.AGREE):
        return False
    waiting = [each for each in await _called_to(turn) if _unconfirmed(each, turn.person.id)]
    number = str(meant.arguments.get("reference") or turn.named or "")
    waiting = [each for each in waiting if each.reference.endswith(number)]
    if asked and not number and turn.question is not None and turn.question.reference is not None:
        waiting = [each for each in waiting if each.reference == turn.question.reference] or waiting
    if not waiting:
        return False
    if not asked and await _has_to_accept(turn, number):
        return False
    turn.meaning = meant
    complaint = await choose(turn, waiting)
    if complaint is None:
        return turn.asked_back
    recorded = await turn.desk.record(turn.work, task_force.confirm(complaint, turn.as_staff(), turn.now))
    turn.settle()
    turn.answer(Answer.FORCE_NOTED, recorded, did="confirmed")
    return True


def _unconfirmed(complaint: Complaint, person: str) -> bool:
    member = complaint.force.member(person) if complaint.force is not None else None
    return member is not None and member.confirmed_at is None


async def _has_to_accept(turn: Turn, number: str) -> bool:
    """Say whether 收到 would take on a task of the speaker's: the call has to be answered by its own question then."""
    tasks = await turn.work.tasks_of(turn.person.id)
    return any(c.reference.endswith(number) and c.status is Status.DISPATCHED for c in tasks)


async def _member_reports(turn: Turn) -> bool:
    """What a member without a task says of a complaint by its number is told to the commander, not to the customer."""
    assert turn.meaning is not None
    number = str(turn.meaning.arguments.get("reference") or turn.named or "")
    if not number or turn.meaning.verb not in (Verb.REPORT, Verb.NOT_DONE):
        return False
    return await _report(turn, str(turn.meaning.arguments.get("text") or turn.words), number, though_task=False)


async def reports_to_commander(turn: Turn) -> bool:
    """Say whether words are what a member of a task force tells its commander: "汇报 …", which no customer reads."""
    said = about_force(turn.words)
    return said is not None and said.said is Said.REPORT and bool(await _forces_meant(turn, said.reference))


async def _forces_meant(turn: Turn, number: str | None) -> list[Complaint]:
    return [c for c in await _called_to(turn) if c.reference.endswith(number or turn.named or "")]


async def _report(turn: Turn, text: str, number: str | None, *, though_task: bool) -> bool:
    """Tell the commander what a member says; False where they are no member. though_task: also of whose task it is, which
    only 汇报 is for: their 进展 is for the customer.
    """
    about = await _forces_meant(turn, number)
    about = [c for c in about if though_task or evidence.task_of(c, turn.person.id) is None]
    if not about:
        return False
    turn.meaning = Meaning(turn.words, Verb.REPORT, {"reference": number} if number else {})
    complaint = await choose(turn, about)
    if complaint is not None:
        change = task_force.report(complaint, text, turn.as_staff(), turn.now)
        turn.answer(Answer.FORCE_NOTED, await turn.desk.record(turn.work, change), did="reported")
    return True


async def _minutes(turn: Turn, text: str) -> None:
    if not text.strip():
        await _tell_state(turn, every=True)  # to be read again, also once the task force is dissolved
        return
    complaint = await _forces(turn, Step.FORCE_WORD)
    if complaint is not None:
        change = task_force.minutes(complaint, text, turn.as_staff(), turn.now)
        turn.answer(Answer.FORCE_NOTED, await turn.desk.record(turn.work, change), did="minutes")


async def _forces(turn: Turn, act: Step | Errand) -> Complaint | None:
    """Return the complaint whose task force is meant; says so where there is none."""
    try:
        complaint = await choose(turn, await _called_to(turn), act=act)
    except NotAllowed as refusal:
        about = refusal.complaint
        none = about is not None and about.commander is None and permitted(about, Errand.STATUS, turn.as_staff())
        if refusal.why != Bar.TIE or not none:
            raise
        turn.answer(Answer.FORCE_STATE, about)  # nobody is of it yet
        return None
    if complaint is None and not turn.asked_back:
        turn.answer(Answer.FORCE_STATE)
    return complaint


async def _tell_state(turn: Turn, *, every: bool = False) -> None:
    """Say who is of it, with the last minutes; every: with all of them, the oldest first."""
    complaint = await _forces(turn, Errand.STATUS)
    if complaint is None:
        return
    kept = [each for each in await turn.work.events_of(complaint.reference) if each.kind == EventKind.FORCE_MINUTES]
    if not kept:
        turn.answer(Answer.FORCE_STATE, complaint)
        return
    if not every:
        turn.answer(Answer.FORCE_STATE, complaint, minutes=kept[-1].note or "")
        return
    persons = (await turn.work.directory()).persons
    lines = []
    for each in kept[-_MINUTES:]:
        who = persons.get(each.by or "")
        words = " ".join((each.note or "").split()).replace("|", "/")
        lines.append(f"{each.at.isoformat()}|{who.name if who is not None else ''}|{words}")
    earlier = {"earlier": str(len(kept) - _MINUTES)} if len(kept) > _MINUTES else {}
    turn.answer(Answer.FORCE_STATE, complaint, all_minutes="\n".join(lines), **earlier)


# ── who leads ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _call_up(turn: Turn, said: Force) -> None:
    """Form a task force, or call more people into it."""
    complaint = await choose(turn, await _candidates(turn), act=Step.FORCE)
    if complaint is None:
        if not turn.asked_back:
            turn.answer(Answer.FORCE_STATE)
        return
    directory = await turn.work.directory()
    persons: list[str] = []
    for name in (*said.members, *([said.commander] if said.commander else [])):
        person = named_colleague(turn, directory, complaint, name)
        if person is None:
            return
        persons.append(person.id)
    joins = said.said is Said.ADD or (complaint.commander is not None and not said.commander)
    actor, terms = turn.as_staff(), await turn.desk.terms(turn.work, complaint)
    try:
        if joins:
            change = task_force.join(complaint, persons, actor, terms, turn.now)
        else:
            commander = persons[-1] if said.commander else ""
            members = persons[:-1] if said.commander else persons
            change = task_force.form(complaint, members, commander, actor, terms, turn.now)
    except Missing as missing:
        turn.answer(Answer.FORCE_NEEDED, complaint, what=missing.what)
        return
    recorded = await turn.desk.record(turn.work, change)
    if joins:
        names = "、".join(directory.persons[person].name for person in persons)
        turn.answer(Answer.FORCE_NOTED, recorded, did="added", names=names)
        return
    link = turn.capabilities.group_link
    facts = {"link": link.replace("{code}", recorded.reference)} if link else {}
    turn.answer(Answer.FORCE_NOTED, recorded, did="formed", **facts)


async def _candidates(turn: Turn) -> list[Complaint]:
    """Return what may be meant without a number: what is being spoken of."""
    about = turn.conversation.about
    complaint = await turn.work.complaint(about) if about else None
    return [complaint] if complaint is not None and not complaint.settled else []


async def _dissolve(turn: Turn, reason: str) -> None:
    called = await _called_to(turn)
    complaint = await choose(turn, called or await _candidates(turn), act=Step.FORCE)
    if complaint is None:
        if not turn.asked_back:
            turn.answer(Answer.FORCE_STATE)
        return
    change = task_force.dissolve(complaint, reason, turn.as_staff(), turn.now)
    turn.answer(Answer.FORCE_NOTED, await turn.desk.record(turn.work, change), did="dissolved")


# ── their group ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def _bind_room(turn: Turn) -> bool:
    """Take the first word in a group that was made for a task force: the link's own, or its name with the number."""
    if turn.room is None:
        return False
    found = _GROUP_START.fullmatch(turn.words)
    said = about_force(turn.words) if found is None else None
    reference = found[1].upper() if found else said.reference if said and said.said is Said.STATE else None
    if reference is None:
        return False
    turn.meaning, turn.did = Meaning(turn.words, Verb.TASK_FORCE, {"reference": reference}), Verb.BIND
    complaint = await choose(turn, await _called_to(turn), act=Step.FORCE_WORD)
    if complaint is None:
        return turn.asked_back
    if complaint.force is not None and complaint.force.room == _room(turn):
        return False
    change = task_force.bind_room(complaint, _room(turn), turn.as_staff(), turn.now)
    recorded = await turn.desk.record(turn.work, change)
    turn.answer_in_room(Answer.FORCE_ROOM_SET, recorded.reference)
    return True
