"""What a complaint means for colleagues, in chat (R-109–R-112): "建议处罚 0007 张伟 扣奖200元", "奖惩 3 同意"."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

from bot import appraising, conduct
from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.refusing import refuse_act
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Verb
from bot.grammar.conduct import Conduct, Said, about_conduct
from bot.people import Directory, Person
from bot.storage import proposals as kept
from bot.storage import surveys
from bot.storage.models import ProposalRow
from complaints.permissions import PERMISSIONS, Errand, may
from complaints.policy.appraisal import Merit
from complaints.policy.conduct import Proposal
from complaints.vocabulary import Role

_SHOWN = 9
_MOST_GRADED = 40
_GRADED = frozenset({Role.HANDLER, Role.AGENT, Role.DISPATCHER, Role.DEPT_HEAD})
_OF_ALL = frozenset({Role.CENTER_LEAD, Role.LEADER, Role.HR_AUDITOR})
_DAYS = 30
_RESULT = 8  # characters of the result of an exam
_KINDS = {Said.PENALTY: Proposal.PENALTY, Said.REWARD: Proposal.REWARD, Said.COURSE: Proposal.COURSE}


async def take_conduct(turn: Turn) -> bool:
    """Do what is said of it; False where the words are about something else. Raises NotAllowed."""
    said = about_conduct(turn.words)
    if said is None:
        return False
    if said.said is Said.COURSE and not turn.person.roles & PERMISSIONS[Errand.PROPOSE].keys():
        return False  # "安排培训，明天上课": how the work goes on, of whoever has it
    if said.said is Said.LEARNED:
        return await _learned(turn, said.text)
    turn.did = Verb.TICK
    match said.said:
        case Said.LIST | Said.DECIDE | Said.LOG:
            errand = Errand.TRAINING if said.said is Said.LOG else Errand.CONDUCT
            if not may(errand, turn.as_staff()):
                await refuse_act(turn, errand)
            elif said.said is Said.LOG:
                await _log(turn, said.text)
            elif said.said is Said.LIST:
                await _list(turn)
            else:
                await _decide(turn, said)
        case Said.APPRAISAL | Said.APPRAISALS:
            return await _appraise(turn, said)
        case Said.CAUSES:
            await _count_causes(turn, said.days or _DAYS)
        case _:
            await _propose(turn, said)
    return True


async def _count_causes(turn: Turn, days: int) -> None:
    """Tell how many complaints of the last days came of which kind of cause, and how many of none that is known (R-017)."""
    if not may(Errand.RATES, turn.as_staff()):
        await refuse_act(turn, Errand.RATES)
        return
    counted = Counter[str]()
    async for complaint in surveys.complaints(turn.work, surveys.Chosen(start=turn.now - timedelta(days=days))):
        if not complaint.mystery and complaint.resolved_at is not None:
            counted[complaint.cause_kind if complaint.cause_kind or not complaint.cause else "other"] += 1
    lines = (f"{code}|{count}" for code, count in counted.most_common())
    turn.answer(Answer.CAUSES, None, rows="\n".join(lines), days=str(days))


async def _appraise(turn: Turn, said: Conduct) -> bool:
    """Tell how one colleague, or all whom the speaker may read of, are graded, and what it comes of (R-111)."""
    directory, policy = await turn.work.directory(), turn.desk.book.current.policy
    person = turn.person
    if said.text:
        found = directory.named(said.text)
        if len(found) != 1:
            if not found and said.said is Said.APPRAISAL and not said.period:
                turn.did = None
                return False  # "考评 一下大家的看法"
            turn.answer(Answer.APPRAISAL, None, unknown=said.text)
            return True
        person = found[0]
    others = said.said is Said.APPRAISALS or person.id != turn.person.id
    errand = Errand.APPRAISALS if others else Errand.APPRAISED
    if not may(errand, turn.as_staff()):
        await refuse_act(turn, errand)
        return True
    readable = _readable(turn, directory)
    if others and said.said is Said.APPRAISAL and person.id not in readable:
        turn.answer(Answer.APPRAISAL, None, unknown=said.text)
        return True
    now = turn.now.astimezone(turn.desk.zone)
    asked = appraising.period_of(said.period, now)
    if not policy.appraisal.grades or asked is None:
        turn.answer(Answer.APPRAISAL, None, **({"period_unknown": said.period} if asked is None else {"none": "yes"}))
        return True
    counts = await appraising.gather(turn.work, asked, policy.conduct, turn.desk.zone, turn.now)
    told = {"period": asked.label} | ({"going_on": "yes"} if asked.last >= now.date() else {})
    if said.said is Said.APPRAISALS:
        scored = sorted((-policy.appraisal.score(counts.of(each)), directory.persons[each].name) for each in readable)
        lines = (f"{name}|{policy.appraisal.grade(-less)}|{-less}" for less, name in scored[:_MOST_GRADED])
        more = str(max(0, len(scored) - _MOST_GRADED) or "")
        turn.answer(Answer.APPRAISAL, None, many="yes", rows="\n".join(lines), more=more, **told)
        return True
    mine = counts.of(person.id)
    score = policy.appraisal.score(mine)
    lines = (
        f"{merit}|{mine[merit]}|{policy.appraisal.points.get(merit, 0) * mine[merit]:+d}"
        for merit in Merit
        if mine[merit]
    )
    told |= {"who": person.id, "score": str(score), "grade": policy.appraisal.grade(score)}
    scale = ", ".join(f"{name} {least}" for name, least in policy.appraisal.grades)
    turn.answer(Answer.APPRAISAL, None, rows="\n".join(lines), basis=str(policy.appraisal.start), scale=scale, **told)
    return True


def _readable(turn: Turn, directory: Directory) -> frozenset[str]:
    """Return of whom the speaker may read: a head, of their own people; the others of all who have work in hand."""
    doers = {each.id for each in directory.persons.values() if each.active and each.roles & _GRADED}
    if turn.person.roles & _OF_ALL:
        return frozenset(doers)
    area = directory.area_of(turn.person)
    return frozenset(doers & (area.people if area is not None else frozenset()))


async def _propose(turn: Turn, said: Conduct) -> None:
    turn.meaning = Meaning(turn.words, Verb.TICK, {"reference": said.reference} if said.reference else {})
    complaint = await choose(turn, [], act=Errand.PROPOSE)
    if complaint is None:
        if not turn.asked_back:
            turn.answer(Answer.CONDUCT_NOTED, None, missing="number")
        return
    person, what = _person(await turn.work.directory(), said.text)
    if person is None or not what:
        turn.answer(Answer.CONDUCT_NOTED, complaint, missing="who" if person is None else "what")
        return
    if person.id == turn.person.id and said.said is not Said.COURSE:
        turn.answer(Answer.CONDUCT_NOTED, complaint, missing="self")
        return
    terms = await turn.desk.terms(turn.work, complaint)
    row = conduct.new(complaint, _KINDS[said.said], person.id, what, what, turn.person.id, terms, turn.now)
    await conduct.keep(turn.desk, turn.work, row)
    directory = await turn.work.directory()
    nobody = said.said is not Said.COURSE and not conduct.deciders(directory, row)
    turn.answer(
        Answer.CONDUCT_NOTED,
        complaint,
        did="proposed",
        **conduct.facts_of(row, directory),
        **({"nobody": "yes"} if nobody else {}),
    )


def _person(directory: Directory, text: str) -> tuple[Person | None, str]:
    """Return whom words begin with, by the longest name of up to three words, and what follows; None where nobody."""
    words = re.split(r"([\s,，:：]+)", text)
    for count in (5, 3, 1):  # words and what stands between them
        found = directory.named("".join(words[:count])) if len(words) >= count else []
        if len(found) == 1:
            return found[0], "".join(words[count:]).strip(" \t\n,，:：")
    return None, ""


async def _decide(turn: Turn, said: Conduct) -> None:
    row = await kept.get(turn.work, said.id)
    if row is None or row.done_at is not None or row.kind == Proposal.COURSE:
        turn.answer(Answer.CONDUCT_NOTED, None, unknown=str(said.id))
        return
    directory = await turn.work.directory()
    if turn.person.id in (row.person, row.by):
        turn.answer(Answer.CONDUCT_NOTED, None, own="yes", id=str(row.id))
        return
    if not said.approved and not said.text:
        turn.answer(Answer.CONDUCT_NOTED, None, missing="reason", id=str(row.id))
        return
    await conduct.decide(turn.desk, turn.work, row, turn.person, said.approved, said.text)
    turn.answer(Answer.CONDUCT_NOTED, None, did=row.outcome, **conduct.facts_of(row, directory))


async def _list(turn: Turn) -> None:
    directory = await turn.work.directory()
    rows = [row for row in await kept.waiting(turn.work) if row.kind != Proposal.COURSE]
    rows = [row for row in rows if row.person != turn.person.id]
    lines = (
        f"{row.id}|{row.kind}|{row.reference}|{conduct.concerned(row, directory)}|{_what(turn, row)}"
        for row in rows[:_SHOWN]
    )
    turn.answer(Answer.CONDUCT, None, rows="\n".join(lines), more=str(max(0, len(rows) - _SHOWN) or ""))


def _what(turn: Turn, row: ProposalRow) -> str:
    return " ".join((row.what_en if turn.locale.startswith("en") else row.what).replace("|", " ").split())


async def _learned(turn: Turn, text: str) -> bool:
    """Take the end of a course: of the one whose number is said, else the one that waits longest. False where none waits, and
    the words tell of something else: how colleagues were trained, for one.
    """
    mine = [row for row in await kept.of_person(turn.work, turn.person.id, Proposal.COURSE) if row.done_at is None]
    number = re.match(r"(?:#|no\.? ?)?([1-9]\d{0,5})(?![\d分.%])[\s,，:：]*", text, re.IGNORECASE)
    row = next((each for each in mine if number is not None and each.id == int(number[1])), None)
    note = text[number.end() :] if row is not None and number is not None else text
    row = row or (mine[-1] if mine else None)
    if row is None and len(text) > _RESULT:
        return False
    turn.did = Verb.TICK
    if row is None:
        turn.answer(Answer.CONDUCT_NOTED, None, unknown="course")
        return True
    await conduct.learn(turn.desk, turn.work, row, turn.person, note)
    facts = conduct.facts_of(row, await turn.work.directory())
    turn.answer(Answer.CONDUCT_NOTED, None, did=conduct.LEARNED, **facts, **({"note": note} if note else {}))
    return True


async def _log(turn: Turn, name: str) -> None:
    """Tell which courses were assigned and taken, of one colleague or the newest of all; a head reads of their own people."""
    directory = await turn.work.directory()
    found = directory.named(name) if name else []
    rows = await kept.of_person(turn.work, found[0].id, Proposal.COURSE) if len(found) == 1 else []
    if not name:
        rows = await kept.lately(turn.work, Proposal.COURSE)
    lines = (
        f"{conduct.called(directory, row.person)}|{row.done_at.isoformat() if row.done_at else ''}"
        f"|{row.due_at.isoformat()}|{_what(turn, row)}|{' '.join(row.note.replace('|', ' ').split())}"
        for row in rows[:_SHOWN]
    )
    turn.answer(Answer.TRAINING, None, rows="\n".join(lines))
