"""Whom a notice is for: relations, posts and duty are walked, and nothing is lost because somebody is away."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.people import Directory, Person
from complaints.calendar import WorkingCalendar
from complaints.change import NoticeKind, To
from complaints.complaint import Complaint
from complaints.parts.actors import Actor
from complaints.permissions import Tie, tied
from complaints.vocabulary import SERVICE_CENTRE, Post, Role


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who hears a notice. in_place_of: they only hear that the other, who is away, was sent it."""

    person: str
    in_place_of: str = ""


def centre(directory: Directory) -> list[Person]:
    """Return the service centre, in a stable order."""
    found = {person.id: person for role in sorted(SERVICE_CENTRE) for person in directory.holding(role)}
    return [found[id] for id in sorted(found)]


def impartial_centre(directory: Directory, complaint: Complaint | None) -> list[Person]:
    """Return the service centre without whoever a complaint names; where that is all of it, those above and the assignee."""
    whole = centre(directory)
    if complaint is None:
        return whole
    above = [found for person in whole for found in _one(directory.get(person.superior))]
    leaders = directory.holding(Role.LEADER)
    for choice in (whole, [*(above or leaders), *_one(directory.get(complaint.owner))], leaders):
        persons = {person.id: person for person in choice}
        if found := _impartial(persons, complaint):
            return [persons[id] for id in found]
    return []


def as_voice(actor: Actor, directory: Directory) -> Actor:
    """Return who speaks for the house: the centre's lead does where nobody is there for the press (R-069)."""
    if Role.CENTER_LEAD not in actor.roles or directory.holding(Role.MEDIA_OFFICER):
        return actor
    return replace(actor, roles=actor.roles | {Role.MEDIA_OFFICER})


def readers(
    to: To,
    directory: Directory,
    complaint: Complaint,
    calendar_at: Callable[[str], WorkingCalendar],
    now: datetime,
    *,
    chased: str | None = None,
    judge: str | None = None,
) -> list[Reader]:
    """Return who hears a notice. Where nobody fits, the service centre does rather than nobody, and without one the leaders.

    Whoever is away has their stand-in hear it; where nobody stands in, they hear it themselves, and their superior or the
    centre with them. What is for the assignee, or for a member of a task force, stays theirs, and whoever stands in hears
    of it; for one who left they alone, for whoever left hears nothing any more.
    Whoever the complaint names does not get to steer it, and so fits nothing here: what is for them goes to their superior.
    chased: whose delay it tells of; like whoever's superior is meant, they do not hear of themselves in somebody's place.
    judge: whose verdict it is about: somebody else gets it, where anybody else is there (R-025).
    """
    if to.person is not None:
        known = directory.persons.get(to.person)
        left = known is not None and known.staff and not known.active
        called = complaint.force is not None and complaint.force.has(to.person)
        theirs = called or to.person == complaint.owner or complaint.part_of(to.person) is not None
        away = theirs and (left or directory.away(to.person, now) is not None)
        others = _instead(to.person, directory, complaint, now) if away else []
        own = [] if left else [Reader(to.person)]
        return [*own, *(Reader(other, in_place_of=to.person) for other in others if other != to.person)]
    if to.backup_of and directory.get(_backup(to.backup_of, directory)) is None:
        return []  # no stand-in was named: the others on the same rung hear it
    wanted = _wanted(to, directory, complaint, calendar_at, now)
    above = [found for person in wanted for found in _one(directory.get(person.superior))]
    choices = (wanted, above, *_last_resorts(directory))
    for choice, but_not in (*((choice, judge) for choice in choices), (wanted, None)):
        if found := _impartial((person.id for person in choice if person.id != but_not), complaint):
            break
    themselves = {to.superior_of, chased, judge} - {None}
    heard = dict.fromkeys(
        other for person in found for other in _present(person, directory, complaint, now, themselves)
    )
    return [Reader(person) for person in heard]


_THOUGH_NAMED = frozenset({NoticeKind.UNASSIGNED, NoticeKind.FINDER_RECORDED})


def kept_from(person: str | None, kind: str, complaint: Complaint) -> bool:
    """Say whether a notice is not for somebody because the complaint is about them: they hear only that it is not theirs."""
    named = person in complaint.respondents and person != complaint.complainant
    return named and kind not in _THOUGH_NAMED


def _wanted(
    to: To, directory: Directory, complaint: Complaint, calendar_at: Callable[[str], WorkingCalendar], now: datetime
) -> list[Person]:
    if to.role is Role.DEPT_HEAD:
        heads = directory.holding(to.role)
        return [head for head in heads if tied(complaint, directory.as_actor(head), Tie.LED)] or heads
    if to.role is not None:
        return directory.holding(to.role)
    if to.above is not None:
        holders = _wanted(To(role=to.above), directory, complaint, calendar_at, now)
        above = [To(superior_of=holder.id) for holder in holders]
        return [person for each in above for person in _wanted(each, directory, complaint, calendar_at, now)]
    if to.duty_desk:
        on_duty = directory.on_duty(complaint.site, now, calendar_at) or directory.duty_desk(complaint.site)
        return on_duty or centre(directory)
    if to.post is not None:
        return _one(_holder(to.post, directory, complaint))
    anchor = directory.get(to.superior_of)
    found = _one(directory.get(anchor.superior if anchor else _backup(to.backup_of, directory)))
    if not found and anchor is not None and Role.CENTER_LEAD in anchor.roles:  # nobody is their own superior
        return directory.holding(Role.LEADER)
    return found


def _holder(post: Post, directory: Directory, complaint: Complaint) -> Person | None:
    site = directory.sites.get(complaint.site)
    match post:
        case Post.SITE_HEAD:
            return directory.head_of_site(complaint.site)
        case Post.SITE_BACKUP:
            return directory.get(site.backup) if site else None
        case Post.UNIT_HEAD:
            owner = directory.get(complaint.owner)
            head = directory.head_of_unit(owner.unit) if owner else None
            return head or directory.head_for(complaint.site, complaint.category)


def _backup(of: str | None, directory: Directory) -> str | None:
    anchor = directory.get(of)
    return anchor.backup if anchor else None


def _one(person: Person | None) -> list[Person]:
    return [person] if person is not None else []


def _last_resorts(directory: Directory) -> tuple[list[Person], list[Person], list[Person]]:
    return directory.holding(Role.CENTER_LEAD), centre(directory), directory.holding(Role.LEADER)


def _present(
    person: str, directory: Directory, complaint: Complaint, now: datetime, themselves: Collection[str | None]
) -> list[str]:
    """Return who hears what is for a person: themselves, or while they are away whoever does it in their place."""
    return [person] if directory.away(person, now) is None else _instead(person, directory, complaint, now, themselves)


def _instead(
    person: str, directory: Directory, complaint: Complaint, now: datetime, themselves: Collection[str | None] = ()
) -> list[str]:
    """Return who hears what is for a person who is away: the stand-in, else the person with their superior or the centre.

    themselves: whom it tells of, so that they are nobody's stand-in here.
    """
    known = directory.persons[person]
    stand_in = directory.stand_in(person, now)
    if stand_in is not None and stand_in.id not in complaint.respondents and stand_in.id not in themselves:
        return [stand_in.id]
    above = (_one(directory.get(known.superior)), *_last_resorts(directory))
    for but_not in ({person, *themselves}, {person}):  # rather they than nobody
        for others in above:
            free = (other.id for other in others if other.id not in but_not)
            if found := _impartial((other for other in free if directory.away(other, now) is None), complaint):
                return [person, *found]
    return [person]


def _impartial(persons: Iterable[str], complaint: Complaint) -> list[str]:
    return [person for person in persons if person not in complaint.respondents]
