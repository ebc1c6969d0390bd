"""Handing a complaint to a colleague by hand: whom the name means, and a second look where that colleague cannot do it now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from bot.answers import Answer
from bot.attendance import last_moment
from bot.dialogue.questions import ASSIGN, Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Verb
from bot.grammar.arguments import Words, take_moment, take_own_limit, take_who
from bot.grammar.folding import fold
from bot.grammar.names import is_near
from bot.grammar.spoken import When, spoken
from bot.people import Directory, Person
from complaints import handling, tasks
from complaints.change import Change
from complaints.complaint import Complaint
from complaints.limits import Limit, Unit
from complaints.parts.actors import Actor
from complaints.promises import Terms
from complaints.vocabulary import SERVICE_CENTRE, Role

_MAY = (Role.HANDLER, Role.DEPT_HEAD, Role.EMPLOYEE, Role.LEADER, *SERVICE_CENTRE)
_OFFERED = 9
_LONGEST_SAID = 80  # characters that a button says again


async def hand_to(turn: Turn, complaint: Complaint, name: str, note: str) -> None:
    """Give a complaint to the colleague who was named; asks first where they are away, or there for other sites only."""
    directory = await turn.work.directory()
    person = named_colleague(turn, directory, complaint, name, assigns=True)
    if person is None:
        return
    doubts = _doubts(turn, directory, complaint, person)
    if not doubts:
        await _give(turn, complaint, person, note)
        return
    facts = {"who": person.name, "id": person.id, "note": note, **doubts}
    turn.ask(Question(Pending.YES_NO, complaint.reference, {"for": ASSIGN, "id": person.id, "note": note}))
    turn.answer(Answer.ASSIGN_CONFIRM, complaint, **facts)


async def named_besides(turn: Turn, note: str) -> str:
    """Return whom somebody names besides finding it valid, "成立 让周强去", by a whole name or a part of it; "" for nobody and
    for two whole names.
    """
    said = note.casefold()
    directory = await turn.work.directory()
    names = {each.name for each in directory.persons.values() if each.active and each.name.casefold() in said}
    if not names and (who := take_who(Words(fold(note), note))[0]) and directory.named(who):
        return who
    return names.pop() if len(names) == 1 else ""


async def take_confirmed(turn: Turn) -> bool:
    """Do what was answered to "is it to go there all the same?"; False where that was not asked, or is not answered."""
    assert turn.meaning is not None
    question, verb = turn.question, turn.meaning.verb
    if question is None or question.data.get("for") != ASSIGN or verb not in (Verb.AGREE, Verb.DISAGREE):
        return False
    complaint = await turn.work.complaint(question.reference or "")
    person = (await turn.work.directory()).get(str(question.data["id"]))
    assert complaint is not None
    turn.settle()
    turn.did = Verb.ASSIGN
    if verb is Verb.DISAGREE or person is None:
        turn.answer(Answer.ASSIGN_KEPT, complaint)
        return True
    await _give(turn, complaint, person, str(question.data["note"]))
    return True


async def _give(turn: Turn, complaint: Complaint, person: Person, note: str) -> None:
    why, terms = f"by {turn.person.name or turn.person.id}", await turn.desk.terms(turn.work, complaint)
    limit, note = own_limit(turn, note)
    change = given_to(complaint, person.id, limit, why, note, turn.as_(*_MAY), terms, turn.now)
    turn.answer(
        Answer.ASSIGN_DONE, await turn.desk.record(turn.work, change), who=person.name, **own_due(change.complaint)
    )
    turn.settle()


def own_limit(turn: Turn, note: str) -> tuple[Limit | None, str]:
    """Return by when they are to be done as a note says it, a length of time or a moment ahead of us; and the rest of it."""
    said, rest = take_own_limit(note)
    if said:
        return Limit.parse(said), rest
    moment, rest = take_moment(note)
    when = spoken(moment, turn.now.astimezone(turn.desk.zone)) if moment else When()
    end = when.end or when.start
    if end is None or end <= turn.now:
        return None, note
    hours = Decimal((end - turn.now) / timedelta(hours=1))
    return Limit(hours.quantize(Decimal("0.001"), ROUND_CEILING), Unit.HOURS), rest


def given_to(
    complaint: Complaint,
    person: str,
    limit: Limit | None,
    why: str,
    note: str,
    actor: Actor,
    terms: Terms,
    now: datetime,
) -> Change:
    """Return the complaint given to somebody; limit: their own, which alone is set where they have it already (R-034)."""
    if limit is None:
        return handling.dispatch(complaint, person, why, actor, terms, now, note)
    if complaint.task is not None and complaint.task.assignee == person:
        return tasks.limit_lead(complaint, limit, actor, terms, now)
    due_at = tasks.due_inside(complaint, limit, terms, now, lead=True)
    return handling.dispatch(complaint, person, why, actor, terms, now, note, str(limit), due_at)


def own_due(complaint: Complaint) -> dict[str, str]:
    """Return by when whoever has it is to be done, as an answer carries it; empty where they have no limit of their own."""
    task = complaint.task
    return {"due": task.due_at.isoformat()} if task is not None and task.due_at is not None else {}


def named_colleague(
    turn: Turn, directory: Directory, complaint: Complaint, name: str, *, assigns: bool = False
) -> Person | None:
    """Return the one colleague who was named; answers with whom to choose from where it is none or several.

    Where nobody is called that: those whose name is near to it, else the other handlers that fit the complaint, as no
    more than that. assigns: it is to go to them, and the answer may advise the word for that.
    """
    found = directory.named(name) if name else []
    if len(found) == 1:
        return found[0]
    offer = "named"
    if name and not found:
        offer = "near"
        found = [p for p in directory.persons.values() if p.active and is_near(name.lstrip("@"), p.name)]
    if not found:
        offer = "able"
        found = [person for person in directory.able(complaint.category) if person.id != complaint.owner]
    called = [person.name for person in found[:_OFFERED]]
    facts = ({"assigns": "yes"} if assigns else {}) | said_with(turn, name, called)
    turn.answer(Answer.WHO_NEEDED, complaint, names="、".join(called), who=name, offer=offer, **facts)
    return None


def said_with(turn: Turn, who: str, names: Sequence[str]) -> dict[str, str]:
    """Return as facts what was said, where one of the names can take the place of the one in it, and be said by a button.

    A name with what tells it apart is set off and marked as one: it is read whole in any sentence.
    """
    words = turn.words.strip()
    if not who or not names or len(words) > _LONGEST_SAID or set(words) & set("|\n") or words.count(who) != 1:
        return {}
    if any("（" in name for name in names):
        before, _, after = words.partition(who)
        words = f"{before.rstrip().removesuffix('@').rstrip()} @{who} {after.lstrip()}".strip()
    return {"said": words}


def _doubts(turn: Turn, directory: Directory, complaint: Complaint, person: Person) -> dict[str, str]:
    """Return why somebody had better not have it: until when they are away, for which sites alone they are there."""
    doubts = {}
    absence = directory.away(person.id, turn.now)
    if absence is not None:
        doubts["until"] = last_moment(absence.end.astimezone(turn.desk.zone)).isoformat()
        stand_in = directory.stand_in(person.id, turn.now)
        doubts["stand_in"] = stand_in.name if stand_in is not None else ""
    if complaint.site and person.sites and complaint.site not in person.sites:
        known = [directory.sites[code].name if code in directory.sites else code for code in sorted(person.sites)]
        doubts["sites"] = "、".join(known)
    return doubts
