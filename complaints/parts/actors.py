"""Who acts: a person with their roles, or the system."""

from __future__ import annotations

from dataclasses import dataclass

from complaints.vocabulary import (
    Role,
)


@dataclass(frozen=True, slots=True)
class Area:
    """What somebody is head of: colleagues, and sites by code."""

    people: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step, as what, and through which channel. person: None for the system itself.

    sites: where they work, None for everywhere. leads: what they are head of, None for the whole company. above: those of the
    service centre whose superior they are; whoever has none answers to the leaders.
    """

    person: str | None
    roles: frozenset[Role]
    channel: str = ""
    sites: frozenset[str] | None = None
    leads: Area | None = None
    above: frozenset[str] = frozenset()


SYSTEM = Actor(person=None, roles=frozenset({Role.SYSTEM}), channel="system")
