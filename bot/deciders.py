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
        persons = _persons(wish, complaint, directory, now)
        if persons is None and notice.kind is not NoticeKind.DECISION_WAITS:
            raise IllegalStep(f"{complaint.reference}: nobody but who asks could decide it")
        complaint = deciding.put_to(complaint, wish, persons or ())
        to = [To(person=person) for person in persons or ()] or [wish.to]
        notices += [each for who in to if (each := replace(theirs, to=who)) not in notices]
    return replace(change, complaint=complaint, notices=tuple(notices))


def _persons(wish: Wish, complaint: Complaint, directory: Directory, now: datetime) -> tuple[str, ...] | None:
    """Return whom a wish is put to in place of whom the policy asks; () where these do, None where there is nobody.

    The next above who asks, else the leaders, else one of those whom the table lets decide; while everybody is away, those
    whom the policy asks, and whoever stands in for them hears it.
    """
    if wish.to.role is None:
        return ()  # whoever leads is asked by those who assist
    named = {wish.by, *complaint.respondents}
    usual = _able(directory.holding(wish.to.role), wish, complaint, directory)
    above = [each for each in _above(wish.by, directory) if each.id not in named]
    leaders = [each for each in directory.holding(Role.LEADER) if each.id not in named]
    staff = sorted(
        (each for each in directory.persons.values() if each.active and each.staff), key=lambda each: each.id
    )
    others = _able(staff, wish, complaint, directory)

    def there(persons: list[Person]) -> list[Person]:
        return [each for each in persons if directory.away(each.id, now) is None]

    if there(usual):
        return ()
    if found := there(above)[:1] or there(leaders) or there(others)[:1]:
        return tuple(each.id for each in found)
    return () if usual else tuple(each.id for each in above[:1] or leaders or others[:1]) or None


def _above(person: str, directory: Directory) -> Iterator[Person]:
    """Yield who is above a person, the nearest first, without those who have left; a circle ends where it began."""
    seen, known = {person}, directory.persons.get(person)
    while known is not None and known.superior is not None and known.superior not in seen:
        seen.add(known.superior)
        known = directory.persons.get(known.superior)
        if known is not None and known.active:
            yield known


def _able(persons: list[Person], wish: Wish, complaint: Complaint, directory: Directory) -> list[Person]:
    others = (each for each in persons if each.id != wish.by)
    return [each for each in others if permitted(complaint, wish.step, directory.as_actor(each))]
