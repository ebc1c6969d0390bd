"""Playbooks: what is done, step by step, about one kind of complaint (R-073, R-114), as data.

A playbook is a TOML file; `complaints/playbooks/` holds those that ship with the package, a company puts its own beside its
profiles, in a folder `playbooks`. A profile names those that it uses, in the order in which they are asked whether they fit.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from complaints.characters import simplified
from complaints.errors import PolicyError
from complaints.policy.clocks import covers
from complaints.policy.questionnaires import own_folder
from complaints.policy.reminding import check_told
from complaints.policy.table import Table
from complaints.vocabulary import Flag, Severity

SHIPPED: Traversable = files("complaints") / "playbooks"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_MOST_STEPS = 15
_MOST_CHARS = 200


@dataclass(frozen=True, slots=True)
class Playbook:
    """What to do, and when it is offered: by severity, category, flag, a word in what was said, or so many people with one
    matter; any of them will do. tell: who hears at once that it was begun.
    """

    name: str
    title: Mapping[str, str]
    steps: tuple[Mapping[str, str], ...]
    severities: frozenset[Severity]
    categories: frozenset[str]
    flags: frozenset[Flag]
    words: frozenset[str]
    people: int
    tell: tuple[str, ...]

    def fits(self, severity: Severity, category: str, flags: frozenset[Flag], said: str, people: int) -> bool:
        return (
            severity in self.severities
            or any(covers(code, category) for code in self.categories)
            or not self.flags.isdisjoint(flags)
            or any(simplified(word) in simplified(said).casefold() for word in self.words)
            or 0 < self.people <= people
        )


def available(directories: Sequence[Path] = ()) -> list[str]:
    """Return the names of all playbooks, a company's own and the shipped ones."""
    names = {entry.name.removesuffix(".toml") for entry in SHIPPED.iterdir() if entry.name.endswith(".toml")}
    for directory in directories:
        names |= {path.stem for path in (directory / "playbooks").glob("*.toml")}
    return sorted(names)


def read(name: str, directories: Sequence[Path] = ()) -> dict[str, Any]:
    """Return a playbook's data as its file says it, a company's own before the shipped one of the same name."""
    if not _NAME.fullmatch(name):
        raise PolicyError(f"playbook {name!r}: its name is made of a-z, 0-9 and '-'")
    own: list[Path | Traversable] = [directory / "playbooks" / f"{name}.toml" for directory in directories]
    for source in (*own, SHIPPED / f"{name}.toml"):
        if source.is_file():
            try:
                return tomllib.loads(source.read_text(encoding="utf-8-sig"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise PolicyError(f"playbook {name}: {source} is not valid TOML: {error}") from None
    known = ", ".join(available(directories))
    raise PolicyError(f"playbook {name!r} does not exist: choose from {known}; {own_folder(directories, 'playbooks')}")


def read_playbooks(names: Sequence[Any], texts: Table) -> tuple[Playbook, ...]:
    """Return a profile's playbooks in its order. texts: their data by name, as `loading.merged` puts it in."""
    return tuple(parse(str(name), texts.get(str(name), dict)) for name in names)


def parse(name: str, data: Mapping[str, Any]) -> Playbook:
    """Return the playbook that `data`, as read from TOML, describes. Raises PolicyError naming the key."""
    top = Table(f"playbook {name}", dict(data))
    when = top.table("when")
    entries = top.get("step", list, [])
    if not 1 <= len(entries) <= _MOST_STEPS:
        raise PolicyError(f"{top.where}.step: there are {len(entries)}; write 1 to {_MOST_STEPS} of [[step]] zh, en")
    playbook = Playbook(
        name=name,
        title=_said(top.table("title")),
        steps=tuple(_said(Table(f"{top.where}.step[{n}]", entry)) for n, entry in enumerate(entries, 1)),
        severities=frozenset(when.words("severities", Severity, [])),
        categories=when.texts("categories"),
        flags=frozenset(when.words("flags", Flag, [])),
        words=frozenset(word.casefold() for word in when.texts("words")),
        people=when.count("people", default=0),
        tell=tuple(top.get("tell", list, [])),
    )
    for who in playbook.tell:
        check_told(f"{top.where}.tell", who)
    for table in (when, top):
        table.done()
    return playbook


def _said(table: Table) -> dict[str, str]:
    words = table.said(_MOST_CHARS)
    table.done()
    return words
