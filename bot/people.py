"""Who is who: persons, and the directory of staff with their relations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from complaints.complaint import Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody we know. Customers have no roles; `staff` stays true for somebody who left (`active` false)."""

    id: str
    name: str = ""
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    place: str = ""
    locale: str = ""
    roles: frozenset[Role] = frozenset()
    unit: str = ""
    categories: frozenset[str] = frozenset()
    superior: str | None = None
    backup: str | None = None
    staff: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Directory:
    """All staff. Only those who are active are ever found; a name finds the person only if it is the only one."""

    persons: Mapping[str, Person]

    @classmethod
    def of(cls, persons: Iterable[Person]) -> Directory:
        return cls({person.id: person for person in persons})

    def get(self, person: str | None) -> Person | None:
        found = self.persons.get(person) if person else None
        return found if found is not None and found.active else None

    def holding(self, role: Role) -> list[Person]:
        """Return who holds the role, in a stable order."""
        return sorted((p for p in self.persons.values() if p.active and role in p.roles), key=lambda p: p.id)

    def named(self, name: str) -> list[Person]:
        wanted = name.strip().lstrip("@").casefold()
        active = [p for p in self.persons.values() if p.active]
        exact = [p for p in active if p.name.casefold() == wanted]
        return exact or [p for p in active if wanted and wanted in p.name.casefold()]

    def able(self, category: str) -> list[Person]:
        """Return the handlers for a category: those who name it, else those who name its top level, else generalists."""
        handlers = self.holding(Role.HANDLER)
        top = category.partition(".")[0]
        for wanted in (category, top):
            named = [p for p in handlers if wanted in p.categories]
            if named:
                return named
        return [p for p in handlers if not p.categories or "*" in p.categories]
