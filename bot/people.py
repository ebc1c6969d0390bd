"""Who is who: persons, and the directory of staff with their relations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from complaints.calendar import WorkingCalendar
from complaints.characters import simplified
from complaints.parts.actors import Actor, Area
from complaints.rota import Absence, Rank, Shift, Site, away
from complaints.vocabulary import SERVICE_CENTRE, Role

_OF_A_UNIT = re.compile(r"[^\s,，]{1,12}?(?:部门?|科室?|组|班|队|处|中心|客服|物业)的?")
"""Where somebody is, said before their name: "工程部张伟"."""


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    """Return a name as it is compared: brackets are typed in either width."""
    return unicodedata.normalize("NFKC", name).casefold()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody we know. Customers have no roles; `staff` stays true for somebody who left (`active` false).

    sites, stages, channels: what this member of staff is for; empty for all of them.
    """

    id: str
    name: str = ""
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    place: str = ""
    locale: str = ""
    roles: frozenset[Role] = frozenset()
    unit: str = ""
    categories: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    superior: str | None = None
    backup: str | None = None
    staff: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Directory:
    """All staff, where they work, who is on duty when, and who is away.

    Only those who are active are ever found; a name finds the person only if it is the only one. sites: by code. shifts: by
    team. absences: by person, those that are over left out.
    """

    persons: Mapping[str, Person]
    sites: Mapping[str, Site] = field(default_factory=dict)
    shifts: Mapping[str, Sequence[Shift]] = field(default_factory=dict)
    absences: Mapping[str, Sequence[Absence]] = field(default_factory=dict)
    _holding: dict[Role, list[Person]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        persons: Iterable[Person],
        sites: Iterable[Site] = (),
        shifts: Iterable[Shift] = (),
        absences: Iterable[Absence] = (),
    ) -> Directory:
        sites = list(sites)
        codes = {name.casefold(): site.code for site in sites for name in site.names}
        by_team: dict[str, list[Shift]] = {}
        for shift in shifts:
            by_team.setdefault(shift.team, []).append(shift)
        by_person: dict[str, list[Absence]] = {}
        for absence in absences:
            by_person.setdefault(absence.person, []).append(absence)
        return cls(
            {person.id: _at_sites(person, codes) for person in persons},
            {site.code: site for site in sites},
            by_team,
            by_person,
        )

    def get(self, person: str | None) -> Person | None:
        found = self.persons.get(person) if person else None
        return found if found is not None and found.active else None

    def holding(self, role: Role) -> list[Person]:
        """Return who holds the role, in a stable order."""
        if (known := self._holding.get(role)) is None:  # asked a dozen times for each new complaint
            holders = (p for p in self.persons.values() if p.active and role in p.roles)
            known = self._holding[role] = sorted(holders, key=lambda p: p.id)
        return known.copy()

    def named(self, name: str) -> list[Person]:
        """Return who is called so, else all of whose name it is a word, else a part: namesakes are told apart behind it,
        "张伟（工程部）".
        """
        wanted = _plain(name.strip().lstrip("@"))
        active = [p for p in self.persons.values() if p.active]
        exact = [p for p in active if _plain(p.name) == wanted]
        words = [p for p in active if wanted in _plain(p.name).split()]  # "jo" is Jo Marsh, and not John
        parts = exact or words or [p for p in active if wanted and wanted in _plain(p.name)]
        return parts or [
            p
            for p in active
            if p.name and wanted.endswith(_plain(p.name)) and _OF_A_UNIT.fullmatch(wanted[: -len(p.name)])
        ]

    def able(self, category: str) -> list[Person]:
        """Return the handlers for a category: those who name it, else those who name its top level, else generalists."""
        handlers = self.holding(Role.HANDLER)
        top = category.partition(".")[0]
        for wanted in (category, top):
            named = [p for p in handlers if wanted in p.categories]
            if named:
                return named
        return [p for p in handlers if not p.categories or "*" in p.categories]

    # ── who is away ──────────────────────────────────────────────────────────────────────────────────────────────────

    def away(self, person: str, at: datetime) -> Absence | None:
        """Return the absence that keeps a person from work at that moment."""
        return away(self.absences.get(person, ()), at)

    def stand_in(self, person: str, at: datetime) -> Person | None:
        """Return who stands in for a person who is away: the one named, else their backup, and so on along the chain.

        A stand-in who is away, too, hands on to theirs (trap 37); nobody is asked twice, so a circle ends with None.
        """
        seen, chain = {person}, [person]
        for current in chain:
            absence, known = self.away(current, at), self.persons.get(current)
            for named in (absence.stand_in if absence else None, known.backup if known else None):
                following = self.get(named)
                if following is None or following.id in seen:
                    continue
                if self.away(following.id, at) is None:
                    return following
                seen.add(following.id)
                chain.append(following.id)
        return None

    # ── who is on duty ───────────────────────────────────────────────────────────────────────────────────────────────

    def rota(self, team: str) -> list[Shift]:
        """Return the shifts that watch over a team: its own and the whole company's."""
        return [shift for name in {team, ""} for shift in self.shifts.get(name, ())]

    def on_duty(self, team: str, at: datetime, calendar_at: Callable[[str], WorkingCalendar]) -> list[Person]:
        """Return who is on duty for a team at a moment: by the rows of the highest rank, of equal ones by the team's own.

        team: a site's code or a unit's name. calendar_at: by which a team's rows are reckoned; "" is the company. Whoever is
        away is replaced by their stand-in, or left out; where that leaves nobody, the next rows count.
        """
        covering: dict[tuple[Rank, bool], dict[str, Person]] = {}
        for shift in self.rota(team):
            if shift.covers(at, calendar_at(shift.team)) and (person := self._present(shift.person, at)) is not None:
                covering.setdefault((shift.rank, shift.team == team), {})[person.id] = person
        first = covering[max(covering)] if covering else {}
        return [first[id] for id in sorted(first)]

    def _present(self, person: str, at: datetime) -> Person | None:
        known = self.get(person)
        return self.stand_in(person, at) if known is not None and self.away(person, at) else known

    # ── posts ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def head_of_unit(self, unit: str) -> Person | None:
        """Return the first head of a unit, who is responsible by office (R-051): whoever is above its other heads."""
        heads = [p for p in self.holding(Role.DEPT_HEAD) if unit and p.unit == unit]
        below = {p.id for p in heads if p.superior in {other.id for other in heads}}
        return next((p for p in heads if p.id not in below), None)

    def area_of(self, person: Person) -> Area | None:
        """Return what somebody would be head of: their unit, whoever is below them, and sites; None where none is known."""
        sites = person.sites | {site.code for site in self.sites.values() if site.head == person.id}
        if not person.unit and not sites:
            return None
        people = {p.id for p in self.persons.values() if person.unit and p.unit == person.unit}
        below = {person.id}
        while below:
            below = {p.id for p in self.persons.values() if p.superior in below} - people - {person.id}
            people |= below
        return Area(frozenset(people - {person.id}), sites)

    def as_actor(self, person: Person, channel: str = "") -> Actor:
        """Return a member of staff acting in all of their roles: where they work, and what they are head of."""
        leads = self.area_of(person) if Role.DEPT_HEAD in person.roles else None
        of_centre = (p for p in self.persons.values() if p.id != person.id and p.roles & SERVICE_CENTRE)
        top = Role.LEADER in person.roles  # whoever has no superior answers to the leaders
        above = frozenset(p.id for p in of_centre if p.superior == person.id or (top and p.superior is None))
        return Actor(person.id, person.roles | {Role.EMPLOYEE}, channel, person.sites or None, leads, above)

    def head_for(self, site: str, category: str) -> Person | None:
        """Return who answers by office for what nobody has: the head of the site, else of a unit that handles such matters."""
        units = dict.fromkeys(p.unit for p in self.able(category) if not site or not p.sites or site in p.sites)
        return self.head_of_site(site) or next((head for unit in units if (head := self.head_of_unit(unit))), None)

    def head_of_site(self, site: str) -> Person | None:
        known = self.sites.get(site)
        return self.get(known.head) if known else None

    def duty_desk(self, site: str) -> list[Person]:
        """Return who answers at a site when nobody else does: a person, or whoever holds a role, there where it says so."""
        known = self.sites.get(site)
        if known is None:
            return []
        if (person := self.get(known.duty)) is not None:
            return [person]
        if not known.duty_role:
            return []
        holders = self.holding(Role(known.duty_role))
        return [p for p in holders if site in p.sites] or [p for p in holders if not p.sites]

    def site_in(self, text: str) -> Site | None:
        """Return the site that a text names, by its longest name or alias; None where it names none or several alike."""
        folded = simplified(text).casefold()
        found = sorted(
            ((len(name), site.code) for site in self.sites.values() for name in _told(site, folded)), reverse=True
        )
        if not found or len({code for length, code in found if length == found[0][0]}) > 1:
            return None
        return self.sites[found[0][1]]

    def site_named(self, name: str) -> Site | None:
        """Return the site that is called so, by code, name or alias."""
        wanted = simplified(name.strip()).casefold()
        found = [s for s in self.sites.values() if wanted in (simplified(each).casefold() for each in s.names)]
        return found[0] if len(found) == 1 else None


def _at_sites(person: Person, codes: Mapping[str, str]) -> Person:
    """Return a person with the codes of the sites that they were imported for under any name."""
    if not person.sites:
        return person
    return replace(person, sites=frozenset(codes.get(name.casefold(), name) for name in person.sites))


def _told(site: Site, folded: str) -> Iterator[str]:
    """Yield the names of a site that stand in a text. A code such as "S1" counts only as a word of its own."""
    for name in site.names:
        wanted = simplified(name).casefold()
        at = folded.find(wanted) if wanted else -1
        if at < 0:
            continue
        around = folded[at - 1 : at] + folded[at + len(wanted) : at + len(wanted) + 1]
        if not (wanted.isascii() and any(char.isascii() and char.isalnum() for char in around)):
            yield name
