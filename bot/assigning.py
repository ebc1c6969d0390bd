"""Finding somebody for a complaint: gathers what the rule (`complaints.assigning`) asks of the staff, and asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.people import Directory, Person
from bot.storage.work import Work
from complaints.assigning import Assignment, Candidate, Ground, Nobody, Obstacle, choose
from complaints.bribery import takes
from complaints.calendar import WorkingCalendar
from complaints.complaint import Complaint
from complaints.lifecycle import TRANSITIONS
from complaints.naming import accused
from complaints.permissions import Step, those_who_may
from complaints.policy import HandOver
from complaints.vocabulary import Kind, Role, Severity, Status

_DECIDING = those_who_may(Step.DISPATCH)


async def find_assignee(
    work: Work, complaint: Complaint, calendar_at: Callable[[str], WorkingCalendar], now: datetime
) -> Assignment | Nobody:
    """Return who should have a complaint now, or that nobody can. calendar_at: of a team, by its name; "": the company."""
    directory = await work.directory()
    load, given = await work.load_of(), await work.given_at()
    beneath = _beneath_the_accused(directory, complaint)
    candidates = [
        Candidate(
            person=person.id,
            sites=person.sites,
            stages=person.stages,
            categories=person.categories,
            channels=person.channels,
            load=load.get(person.id, 0),
            idle_since=given.get(person.id),
            away=person.id in directory.absences and directory.away(person.id, now) is not None,
            duty=duty,
            watch=watch,
            head=head,
            beneath=person.id in beneath,
        )
        for person, duty, watch, head in _able(directory, complaint, calendar_at, now)
    ]
    return choose(complaint, candidates)


def goes_over(complaint: Complaint, rule: HandOver, until: datetime) -> bool:
    """Say whether a complaint is to go to somebody else while its assignee is away until then, and can."""
    if rule is HandOver.NONE or (complaint.status, Step.DISPATCH) not in TRANSITIONS:
        return False
    late = any(deadline.whose is None and deadline.due_at < until for deadline in complaint.running)
    return rule is HandOver.ALL or complaint.status is Status.DISPATCHED or late


async def find_cover(
    work: Work, complaint: Complaint, calendar_at: Callable[[str], WorkingCalendar], now: datetime
) -> Assignment | None:
    """Return who takes a complaint over from its assignee, who is away: the stand-in, else whoever the rule finds."""
    if (stand_in := standing_in(await work.directory(), complaint, now)) is not None:
        return stand_in
    found = await find_assignee(work, complaint, calendar_at, now)
    return found if isinstance(found, Assignment) and found.person != complaint.owner else None


def standing_in(directory: Directory, complaint: Complaint, now: datetime) -> Assignment | None:
    """Return the stand-in of a complaint's assignee, who is away; None where there is none, or only one whom it names."""
    assert complaint.owner is not None
    stand_in = directory.stand_in(complaint.owner, now)
    if stand_in is None or stand_in.id in complaint.respondents | _beneath_the_accused(directory, complaint):
        return None
    return Assignment(stand_in.id, (Ground.STAND_IN,), 0, ((complaint.owner, Obstacle.AWAY),))


def _able(
    directory: Directory, complaint: Complaint, calendar_at: Callable[[str], WorkingCalendar], now: datetime
) -> Iterable[tuple[Person, bool | None, bool, bool]]:
    """Yield who may be asked, with: on duty (None: no rota speaks of this hour), only on watch, only head by office."""
    working = is_working(calendar_at(complaint.site), now)
    accused = _teams_of_the_accused(directory, complaint)
    handlers = [person for person in directory.holding(Role.HANDLER) if person.unit not in accused]
    watches = {
        team: _Watch.of(directory, team, calendar_at, now) for team in {complaint.site, *(p.unit for p in handlers)}
    }
    by_rota = any(watch.rota for watch in watches.values())
    for person in handlers:
        duty = _duty(person, [watches[complaint.site], watches[person.unit]], working) if by_rota else None
        yield person, duty, False, False
    if not working:  # whoever watches on a day off or at night takes what comes
        for person in directory.on_duty(complaint.site, now, calendar_at):
            if person.unit not in accused:
                yield person, True, True, False
    head = directory.head_for(complaint.site, complaint.category)
    if head is not None:
        yield head, None, False, True


def _teams_of_the_accused(directory: Directory, complaint: Complaint) -> frozenset[str]:
    """Return the units of those who are said to take money or gifts: no colleague of theirs looks into it."""
    if not complaint.respondents or not takes(complaint.summary):
        return frozenset()
    return frozenset(
        person.unit for each in complaint.respondents if (person := directory.get(each)) is not None and person.unit
    )


def _beneath_the_accused(directory: Directory, complaint: Complaint) -> frozenset[str]:
    """Return who reports to somebody of whom it complains, through however many: a leader decides whether they look into it.

    Nobody where it cannot wait, or nobody else is there to decide. Who is only spoken of is complained of by no word.
    """
    if complaint.kind is not Kind.COMPLAINT or complaint.severity is Severity.S0:
        return frozenset()
    names = {each: person.name for each in complaint.respondents if (person := directory.get(each)) is not None}
    ill = accused(complaint.summary, names)
    above = {each for each, name in names.items() if each in ill or name not in complaint.summary}
    found, below = set[str](), above
    while below:
        below = {p.id for p in directory.persons.values() if p.superior in below} - found - above
        found |= below
    kept = found | complaint.respondents
    deciding = (p for p in directory.persons.values() if p.active and p.roles & _DECIDING)
    return frozenset(found) if any(p.id not in kept for p in deciding) else frozenset()


@dataclass(frozen=True, slots=True)
class _Watch:
    """A team's rota at a moment: who is on duty, and who stands in it at all."""

    on_duty: frozenset[str]
    rota: frozenset[str]

    @classmethod
    def of(
        cls, directory: Directory, team: str, calendar_at: Callable[[str], WorkingCalendar], now: datetime
    ) -> _Watch:
        on_duty = frozenset(person.id for person in directory.on_duty(team, now, calendar_at))
        return cls(on_duty, frozenset(shift.person for shift in directory.rota(team)))


def _duty(person: Person, watches: Sequence[_Watch], working: bool) -> bool | None:
    """Say whether somebody is on duty. In working hours the rota speaks only of those who stand in one that covers the moment;
    outside them nobody works without it, where there is one.
    """
    if any(person.id in watch.on_duty for watch in watches):
        return True
    if working:
        off = any(watch.on_duty and person.id in watch.rota for watch in watches)
    else:
        off = any(watch.rota for watch in watches)
    return False if off else None


def is_working(calendar: WorkingCalendar, at: datetime) -> bool:
    """Say whether a moment lies in working hours."""
    local = at.astimezone(calendar.zone)
    return any(begin <= local.time() < end for begin, end in calendar.hours(local.date()))
