"""A refusal says why, and whom to ask: by name where one is known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from bot.answers import Answer
from bot.dialogue.turn import Turn
from bot.grammar import Verb
from bot.people import Directory, Person
from complaints import outward
from complaints.change import To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, NotAllowed
from complaints.lifecycle import TRANSITIONS
from complaints.parts.actors import Actor
from complaints.permissions import PERMISSIONS, Act, Bar, Errand, Step, Tie, bar, permitted, row_of, those_who_may
from complaints.vocabulary import Role, Status

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
_REVIEWED = "review"  # its turn is the reviewers'
_OUTWARD = frozenset({Step.SPEAK, Step.PUBLISH, Step.RELEASE})
_AT_WORK = frozenset({Status.DISPATCHED, Status.WORKING, Status.PROPOSED, Status.EXECUTING, Status.ON_HOLD})
_DOERS = frozenset({Role.HANDLER, Role.EMPLOYEE})
_NAMED = 3  # colleagues that one refusal names
_ASKED_FIRST = (Role.CENTER_LEAD, Role.AGENT, Role.DISPATCHER, Role.DEPT_HEAD, Role.REVIEWER, Role.LEADER)


async def refuse(turn: Turn, refusal: NotAllowed) -> None:
    """Say why somebody may not do what they asked for. Whoever a complaint names does not learn that there is one."""
    if refusal.why == Bar.NAMED:
        unknown(turn)
        return
    why, complaint, roles = refusal.why, refusal.complaint, refusal.roles
    if roles is not None and complaint is not None:
        why = bar(complaint, Step(refusal.act), _narrowed(turn.as_staff(), roles)) or why
    if turn.is_staff and complaint is not None and refusal.act in _OUTWARD and await _another_speaks(turn, complaint):
        await refuse_voice(turn, complaint)
        return
    if turn.is_staff and complaint is not None and why == Bar.OVER:
        await _over(turn, Step(refusal.act), complaint)
        return
    if not turn.is_staff or why not in (Bar.ROLE, Bar.TIE):
        detail = {} if turn.is_staff and why == "" else {"why": str(why)}
        if why == _JUDGED and (asked := _to_ask(turn, await turn.work.directory(), Step.INVALIDATE, complaint)):
            detail["ask"] = _names(asked)
        turn.answer(Answer.REFUSED_NOT_ALLOWED, None, **detail)
        return
    await refuse_act(
        turn, Step(refusal.act) if refusal.act in set(Step) else Errand(refusal.act), complaint, why, roles
    )


async def not_now(turn: Turn, refusal: IllegalStep) -> None:
    """Say why something cannot be done now, and what can: to whoever may read the case, and may do it."""
    if not refusal.status:
        turn.answer(Answer.REFUSED_ILLEGAL_STEP, None, detail=str(refusal))
        return
    complaint = await turn.work.complaint(refusal.reference) if turn.is_staff else None
    if complaint is None:
        turn.answer(Answer.REFUSED_ILLEGAL_STEP, None, number=refusal.reference, status=refusal.status)
    elif not permitted(complaint, Errand.STATUS, turn.as_()):
        turn.answer(Answer.REFUSED_ILLEGAL_STEP, None, number=refusal.reference)  # how it stands is not theirs to read
    else:
        turn.answer(Answer.REFUSED_ILLEGAL_STEP, None, **_standing(turn, complaint))


async def _over(turn: Turn, act: Step, complaint: Complaint) -> None:
    """Say that the work is over, and who may do it all the same."""
    facts = _standing(turn, complaint)
    possible = (complaint.status, act) in TRANSITIONS
    if possible and (asked := _to_ask(turn, await turn.work.directory(), act, complaint)):
        facts |= {"act": str(act), "ask": _names(asked)}
    turn.answer(Answer.REFUSED_ILLEGAL_STEP, None, **facts)


def _standing(turn: Turn, complaint: Complaint) -> dict[str, str]:
    """Return how it stands, as facts for staff who may read it."""
    facts = {"number": complaint.reference, "status": str(complaint.status), "staff": "yes"}
    if complaint.owner == turn.person.id or complaint.status not in _AT_WORK:
        facts["doer"] = "yes"
    if complaint.status is Status.MERGED and complaint.master is not None:
        facts["into"] = complaint.master
    return facts


async def refuse_act(
    turn: Turn,
    act: Act,
    complaint: Complaint | None = None,
    why: str = Bar.ROLE,
    roles: frozenset[Role] | None = None,
) -> None:
    """Say that somebody may not do `act`, and who may. roles: of those in its row, for which of them it is."""
    directory = await turn.work.directory()
    if act is Step.REGISTER and why == Bar.ROLE and complaint is not None and complaint.status is Status.UNDER_REVIEW:
        why = _REVIEWED  # what they wanted is to give it to somebody
    holder = _holder(turn, directory, act, complaint, roles) if why == Bar.TIE else None
    facts = {
        "why": why,
        "act": str(act),
        "number": complaint.reference if complaint is not None else "",
        "holder": holder.name if holder is not None else "",
        "ask": _names(_to_ask(turn, directory, act, complaint, roles)),
    }
    turn.answer(Answer.REFUSED_NOT_ALLOWED, None, **{name: value for name, value in facts.items() if value})


def unknown(turn: Turn) -> None:
    """Say that there is no such number: the same words whether there is none, or it is none of theirs."""
    assert turn.meaning is not None
    number = str(turn.meaning.arguments.get("reference") or turn.named or "")
    turn.answer(Answer.UNKNOWN_NUMBER, number=number, staff="yes" if turn.is_staff else "")


async def _another_speaks(turn: Turn, complaint: Complaint) -> bool:
    terms = await turn.desk.terms(turn.work, complaint)
    return not outward.may_speak(complaint, turn.as_staff(), terms) or bool(outward.money_waiting(complaint, terms))


async def refuse_voice(turn: Turn, complaint: Complaint) -> None:
    """Say that others alone speak outward, and who: whoever a task force obeys, or is there for the press."""
    directory = await turn.work.directory()
    terms = await turn.desk.terms(turn.work, complaint)
    whose = outward.voice(complaint, terms)
    who = [person for to in whose for person in _heard_as(directory, to)] or directory.holding(Role.CENTER_LEAD)
    names = "、".join(person.name for person in who if person.id != turn.person.id)
    post = "commander" if any(to.person for to in whose) else "media_officer"
    if outward.waits_for_wording(complaint, terms):
        post = "center_lead"
    money = {"amount": amount} if (amount := outward.money_waiting(complaint, terms)) else {}
    if money:
        post, names = "center_lead", "、".join(person.name for person in directory.holding(Role.CENTER_LEAD))
    turn.answer(
        Answer.REFUSED_NOT_ALLOWED, None, why="voice", number=complaint.reference, ask=names, post=post, **money
    )


def _heard_as(directory: Directory, to: To) -> list[Person]:
    if to.role is not None:
        return directory.holding(to.role)
    person = directory.get(to.person)
    return [person] if person is not None else []


def _narrowed(actor: Actor, roles: frozenset[Role] | None) -> Actor:
    return actor if roles is None else replace(actor, roles=actor.roles & roles)


def _may(
    directory: Directory, act: Act, complaint: Complaint, roles: frozenset[Role] | None
) -> Callable[[Person], bool]:
    return lambda person: permitted(complaint, act, _narrowed(directory.as_actor(person), roles))


def _holder(
    turn: Turn, directory: Directory, act: Act, complaint: Complaint | None, roles: frozenset[Role] | None
) -> Person | None:
    """Return whose step it is, where it is the assignee's."""
    if complaint is None or complaint.owner == turn.person.id or complaint.owner in complaint.respondents:
        return None
    holder = directory.get(complaint.owner) if _is_work(act) else None
    return holder if holder is not None and _may(directory, act, complaint, roles)(holder) else None


def _is_work(act: Act) -> bool:
    return any(tie & Tie.TASK for tie in PERMISSIONS[act].values())


def _to_ask(
    turn: Turn, directory: Directory, act: Act, complaint: Complaint | None, roles: frozenset[Role] | None = None
) -> list[Person]:
    """Return who may do it: whoever leads the centre first, else who can have it done, else whom the complaint names for it."""
    leads = [person for person in directory.holding(Role.CENTER_LEAD) if person.id != turn.person.id]
    if complaint is None:
        holders = (person for role in _ranked(those_who_may(act)) for person in directory.holding(role))
        others = [person for person in holders if person.id != turn.person.id]
        return (others or (leads if _is_work(act) else []))[:1]
    if act is Step.FORCE_WORD and complaint.commander is None:
        act = Step.FORCE  # nobody is of it yet
    may = _may(directory, act, complaint, roles)

    def able(people: Iterable[Person], count: int = 1) -> list[Person]:
        return list(islice((person for person in people if person.id != turn.person.id and may(person)), count))

    if complaint.appealed and act is Step.INVALIDATE:
        others = [p for p in directory.persons.values() if p.active and p.id != complaint.judged_by]
        return able(sorted(others, key=lambda p: (Role.CENTER_LEAD not in p.roles, Role.LEADER not in p.roles, p.id)))
    row = row_of(complaint, act).keys() if roles is None else row_of(complaint, act).keys() & roles
    by_role = _ranked(row) if those_who_may(act) else []  # else it takes a tie to this one, which few have
    if complaint.status is Status.UNDER_REVIEW and Role.REVIEWER in by_role:
        by_role.insert(0, Role.REVIEWER)  # it lies with them
    if asked := able(person for role in by_role for person in directory.holding(role)):
        return asked
    if _is_work(act) or Role.CUSTOMER in row:  # whoever gives out the work, and speaks with the customer
        return [lead for lead in leads if permitted(complaint, Step.DISPATCH, directory.as_actor(lead))][:1]
    return able(_concerned(directory, complaint), _NAMED)


def _ranked(roles: Collection[Role]) -> list[Role]:
    """Return roles in the order in which their holders are asked; of assignees only who has the complaint counts."""
    return [role for role in dict.fromkeys((*_ASKED_FIRST, *sorted(roles))) if role in roles and role not in _DOERS]


def _concerned(directory: Directory, complaint: Complaint) -> Iterator[Person]:
    """Yield who has to do with a complaint by name: its task force, whoever commands that first, and who works on it."""
    members = (member.person for member in complaint.force.members) if complaint.force is not None else ()
    tasks = (task.assignee for task in complaint.tasks)
    for each in dict.fromkeys((complaint.commander, complaint.owner, *members, *tasks)):
        if (person := directory.get(each)) is not None:
            yield person


def _names(people: list[Person]) -> str:
    return "、".join(person.name for person in people)
