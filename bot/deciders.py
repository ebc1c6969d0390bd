"""Who decides what somebody asks for: whom the policy names, if that is anybody else, then whoever is above who asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.people import Directory, Person
from complaints import deciding
from complaints.change import Change, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.deciding import Wish
from complaints.errors import IllegalStep
from complaints.permissions import permitted
from complaints.vocabulary import Role


def put_to_another(change: Change, directory: Directory, now: datetime) -> Change:
    """Return the decision with each wish that it tells of put to somebody who may decide it and is not who asks.

    Raises IllegalStep where a wish is new and there is nobody; of one that waits already its approver goes on to be reminded.
    """
    complaint, notices = change.complaint, list[Notice]()
    for notice in change.notices:
        wish = deciding.meant(notice, complaint)
        if wish is None or not wish.by or "above" in notice.facts:
            notices.append(notice)
            continue
        theirs = replace(notice, but_not=wish.by)
        persons = () if _usual(wish, complaint, directory, now) else _instead(wish, complaint, directory, now)
        if persons is None and notice.kind is not NoticeKind.DECISION_WAITS:
            raise IllegalStep(f"{complaint.reference}: nobody but who asks could decide it")
        complaint = deciding.put_to(complaint, wish, persons or ())
        to = [To(person=person) for person in persons or ()] or [wish.to]
        notices += [each for who in to if (each := replace(theirs, to=who)) not in notices]
    return replace(change, complaint=complaint, notices=tuple(notices))


def _usual(wish: Wish, complaint: Complaint, directory: Directory, now: datetime) -> bool:
    """Say whether somebody whom the policy asks is there, and may decide."""
    if wish.to.role is None:
        return True  # whoever leads is asked by those who assist
    return any(_may(each, wish, complaint, directory, now) for each in directory.holding(wish.to.role))


def _instead(wish: Wish, complaint: Complaint, directory: Directory, now: datetime) -> tuple[str, ...] | None:
    """Return whom it is put to instead; None where there is nobody: the next above who asks, else the leaders, else one of
    those whom the table lets decide.
    """
    above = [each for each in _above(wish.by, directory) if each.id not in complaint.respondents]
    there = [each for each in above if directory.away(each.id, now) is None] or above
    if there:
        return (there[0].id,)
    leaders = [each for each in directory.holding(Role.LEADER) if each.id not in {wish.by, *complaint.respondents}]
    others = sorted((p for p in directory.persons.values() if p.active and p.staff), key=lambda p: p.id)
    able = [each for each in others if _may(each, wish, complaint, directory, now)]
    return tuple(each.id for each in leaders or able[:1]) or None


def _above(person: str, directory: Directory) -> Iterator[Person]:
    """Yield who is above a person, the nearest first, without those who have left; a circle ends where it began."""
    seen, known = {person}, directory.persons.get(person)
    while known is not None and known.superior is not None and known.superior not in seen:
        seen.add(known.superior)
        known = directory.persons.get(known.superior)
        if known is not None and known.active:
            yield known


def _may(person: Person, wish: Wish, complaint: Complaint, directory: Directory, now: datetime) -> bool:
    there = person.id != wish.by and directory.away(person.id, now) is None
    return there and permitted(complaint, wish.step, directory.as_actor(person))
