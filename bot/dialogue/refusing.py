"""A refusal says why, and whom to ask: by name where one is known."""

from __future__ import annotations

from collections.abc import Mapping

from bot.answers import Answer
from bot.dialogue.turn import Turn
from bot.grammar import Verb
from bot.people import Directory, Person
from complaints import outward
from complaints.change import To
from complaints.complaint import Complaint
from complaints.errors import NotAllowed
from complaints.permissions import PERMISSIONS, Act, Bar, Errand, Step, Tie, permitted, those_who_may
from complaints.vocabulary import Role

ACT_OF: Mapping[Verb, Act] = {
    Verb.ACCEPT: Step.ACCEPT,
    Verb.DONE: Step.RESOLVE,
    Verb.NOT_DONE: Step.REPORT,
    Verb.REPORT: Step.REPORT,
    Verb.PLAN: Step.PROPOSE,
    Verb.GIVE_BACK: Step.GIVE_BACK,
    Verb.TRANSFER: Step.DISPATCH,
    Verb.ASSIGN: Step.DISPATCH,
    Verb.EXTEND: Step.ASK_EXTENSION,
    Verb.HOLD: Step.ASK_HOLD,
    Verb.RESUME: Step.RESUME,
    Verb.GRADE: Step.GRADE,
    Verb.VALID: Step.DUTY,
    Verb.INVALID: Step.INVALIDATE,
    Verb.APPROVE: Step.DECIDE_EXTENSION,
    Verb.REJECT: Step.DECIDE_EXTENSION,
    Verb.RELEASE: Step.RELEASE,
    Verb.MERGE: Step.MERGE,
    Verb.SPLIT: Step.SPLIT,
    Verb.LINK: Step.LINK,
    Verb.UNLINK: Step.LINK,
    Verb.APART: Step.LINK,
    Verb.CLOSE: Step.CLOSE_UNSETTLED,
    Verb.CALLED: Step.CALL_BACK,
    Verb.VISIT: Step.VISIT,
    Verb.STATUS: Errand.STATUS,
    Verb.WHY: Errand.TERMS,
    Verb.PROMISES: Errand.TERMS,
    Verb.LIST: Errand.QUEUE,
}
"""What a command of the desk would do: what is refused to those who may give none."""

_JUDGED = "judged"
_OUTWARD = frozenset({Step.SPEAK, Step.PUBLISH, Step.RELEASE})
_ASKED_FIRST = (Role.CENTER_LEAD, Role.AGENT, Role.DISPATCHER, Role.DEPT_HEAD, Role.REVIEWER, Role.LEADER)


async def refuse(turn: Turn, refusal: NotAllowed) -> None:
    """Say why somebody may not do what they asked for. Whoever a complaint names does not learn that there is one."""
    if refusal.why == Bar.NAMED:
        unknown(turn)
        return
    why, complaint = refusal.why, refusal.complaint
    if turn.is_staff and complaint is not None and refusal.act in _OUTWARD and await _another_speaks(turn, complaint):
        await refuse_voice(turn, complaint)
        return
    if not turn.is_staff or why not in (Bar.ROLE, Bar.TIE):
        detail = {} if turn.is_staff and why == "" else {"why": str(why)}
        if (
            why == _JUDGED
            and (asked := _to_ask(turn, await turn.work.directory(), Step.INVALIDATE, complaint)) is not None
        ):
            detail["ask"] = asked.name
        turn.answer(Answer.REFUSED_NOT_ALLOWED, None, **detail)
        return
    await refuse_act(turn, Step(refusal.act) if refusal.act in set(Step) else Errand(refusal.act), complaint, why)


async def refuse_act(turn: Turn, act: Act, complaint: Complaint | None = None, why: str = Bar.ROLE) -> None:
    """Say that somebody may not do `act`, and who may."""
    directory = await turn.work.directory()
    holder = _holder(turn, directory, act, complaint) if why == Bar.TIE else None
    asked = _to_ask(turn, directory, act, complaint)
    facts = {
        "why": why,
        "act": str(act),
        "number": complaint.reference if complaint is not None else "",
        "holder": holder.name if holder is not None else "",
        "ask": asked.name if asked is not None else "",
    }
    turn.answer(Answer.REFUSED_NOT_ALLOWED, None, **{name: value for name, value in facts.items() if value})


def unknown(turn: Turn) -> None:
    """Say that there is no such number: the same words whether there is none, or it is none of theirs."""
    assert turn.meaning is not None
    number = str(turn.meaning.arguments.get("reference") or turn.named or "")
    turn.answer(Answer.UNKNOWN_NUMBER, number=number, staff="yes" if turn.is_staff else "")


async def _another_speaks(turn: Turn, complaint: Complaint) -> bool:
    return not outward.may_speak(complaint, turn.as_staff(), await turn.desk.terms(turn.work, complaint))


async def refuse_voice(turn: Turn, complaint: Complaint) -> None:
    """Say that others alone speak outward, and who: whoever a task force obeys, or is there for the press."""
    directory = await turn.work.directory()
    terms = await turn.desk.terms(turn.work, complaint)
    whose = outward.voice(complaint, terms)
    who = [person for to in whose for person in _heard_as(directory, to)] or directory.holding(Role.CENTER_LEAD)
    names = "、".join(person.name for person in who if person.id != turn.person.id)
    post = "commander" if any(to.person for to in whose) else "media_officer"
    turn.answer(Answer.REFUSED_NOT_ALLOWED, None, why="voice", number=complaint.reference, ask=names, post=post)


def _heard_as(directory: Directory, to: To) -> list[Person]:
    if to.role is not None:
        return directory.holding(to.role)
    person = directory.get(to.person)
    return [person] if person is not None else []


def _holder(turn: Turn, directory: Directory, act: Act, complaint: Complaint | None) -> Person | None:
    """Return whose step it is, where it is the assignee's."""
    if complaint is None or complaint.owner == turn.person.id or complaint.owner in complaint.respondents:
        return None
    theirs = any(tie & Tie.TASK for tie in PERMISSIONS[act].values())
    return directory.get(complaint.owner) if theirs else None


def _to_ask(turn: Turn, directory: Directory, act: Act, complaint: Complaint | None) -> Person | None:
    """Return who may do it, or have it done: whoever leads the centre before others."""
    able = those_who_may(act)
    if complaint is not None and complaint.appealed and act is Step.INVALIDATE:
        others = [
            p for p in directory.persons.values() if p.active and p.id not in (turn.person.id, complaint.judged_by)
        ]
        may_judge = [p for p in others if permitted(complaint, act, directory.as_actor(p))]
        return min(
            may_judge, key=lambda p: (Role.CENTER_LEAD not in p.roles, Role.LEADER not in p.roles, p.id), default=None
        )
    for role in (*_ASKED_FIRST, *sorted(able)):
        for person in directory.holding(role):
            if person.id == turn.person.id or not (role in able or role is Role.CENTER_LEAD):
                continue
            if complaint is None or role not in able or permitted(complaint, act, directory.as_actor(person)):
                return person
    return None
