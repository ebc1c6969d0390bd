"""Questionnaires: what a customer is asked of one round, as data.

A questionnaire is a TOML file; `complaints/questionnaires/` holds those that ship with the package, a company puts its own
beside its profiles, in a folder `questionnaires`. The first question is always the satisfaction gate: whoever answers it has
answered. All the others come after it, one at a time, may be skipped, and lapse without a word.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from complaints.errors import PolicyError
from complaints.policy.table import Table
from complaints.vocabulary import Rating

SHIPPED: Traversable = files("complaints") / "questionnaires"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_ID = re.compile(r"[a-z][a-z0-9_]{0,30}")
_MOST_OPTIONS = 9  # a single digit answers
_MOST_CHARS = 300


class QuestionType(StrEnum):
    """How a question is answered."""

    RATING = "rating"  # satisfied, neutral, dissatisfied
    SCORE = "score"  # 1 to 5, 5 is best
    YES_NO = "yes_no"
    CHOICE = "choice"  # one of the options, or other words
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose, and its words by locale."""

    id: str
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and of whom: only of those who rated so; empty asks everybody.

    no_reopens: "no" says that the matter is not settled, and sends it back to work. solved: "yes" says that it is. remedy: it
    asks about what they wanted done, and only of those who said that they want something.
    """

    id: str
    type: QuestionType
    text: Mapping[str, str]
    ask: frozenset[Rating] = frozenset()
    options: tuple[Option, ...] = ()
    no_reopens: bool = False
    solved: bool = False
    remedy: bool = False

    def concerns(self, rating: Rating | None) -> bool:
        return not self.ask or rating in self.ask


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Questions in their order. `version` is a fingerprint of the content, which an answer keeps."""

    name: str
    version: str
    title: Mapping[str, str]
    questions: tuple[Question, ...]

    @property
    def ref(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def gate(self) -> Question:
        return self.questions[0]

    def question(self, id: str) -> Question | None:
        return next((question for question in self.questions if question.id == id), None)

    def after(self, id: str, rating: Rating | None) -> Question | None:
        """Return the next question for somebody who rated so, after the one named."""
        place = next((n for n, question in enumerate(self.questions) if question.id == id), len(self.questions))
        return next((question for question in self.questions[place + 1 :] if question.concerns(rating)), None)


def load(name: str, directories: Sequence[Path] = ()) -> Questionnaire:
    """Return the questionnaire `name`. Raises PolicyError naming the file, the key and the cure."""
    return parse(name, read(name, directories))


def available(directories: Sequence[Path] = ()) -> list[str]:
    """Return the names of all questionnaires, a company's own and the shipped ones."""
    names = {entry.name.removesuffix(".toml") for entry in SHIPPED.iterdir() if entry.name.endswith(".toml")}
    for directory in directories:
        names |= {path.stem for path in (directory / "questionnaires").glob("*.toml")}
    return sorted(names)


def read(name: str, directories: Sequence[Path] = ()) -> dict[str, Any]:
    """Return a questionnaire's data as its file says it, a company's own before the shipped one of the same name."""
    if not _NAME.fullmatch(name):
        raise PolicyError(f"questionnaire {name!r}: its name is made of a-z, 0-9 and '-'")
    own: list[Path | Traversable] = [directory / "questionnaires" / f"{name}.toml" for directory in directories]
    for source in (*own, SHIPPED / f"{name}.toml"):
        if source.is_file():
            try:
                return tomllib.loads(source.read_text(encoding="utf-8-sig"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise PolicyError(f"questionnaire {name}: {source} is not valid TOML: {error}") from None
    known = ", ".join(available(directories))
    raise PolicyError(
        f"questionnaire {name!r} does not exist: choose one of {known}; {own_folder(directories, 'questionnaires')}"
    )


def own_folder(directories: Sequence[Path], within: str = "") -> str:
    """Return where files of one's own are looked for, to stand behind what there is."""
    if not directories:
        return "your own are found once policies.directory names their folder"
    return f"your own are looked for in {', '.join(str(directory / within) for directory in directories)}"


def parse(name: str, data: Mapping[str, Any]) -> Questionnaire:
    """Return the questionnaire that `data`, as read from TOML, describes."""
    version = hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()[:12]
    top = Table(f"questionnaire {name}", dict(data))
    title = _words(top.table("title"))
    entries = top.get("question", list)
    if not entries:
        raise PolicyError(f'{top.where}.question is empty: begin with [[question]] id = "satisfied", type = "rating"')
    questions = tuple(_question(Table(f"{top.where}.question[{n}]", entry)) for n, entry in enumerate(entries, 1))
    top.done()
    _check(questions, top.where)
    return Questionnaire(name, version, title, questions)


def _check(questions: Sequence[Question], where: str) -> None:
    gate = questions[0]
    if gate.type is not QuestionType.RATING or gate.ask:
        raise PolicyError(
            f"{where}.question[1] must be of type rating and ask everybody: it is the satisfaction question"
        )
    seen: set[str] = set()
    for n, question in enumerate(questions, 1):
        if question.id in seen:
            raise PolicyError(f"{where}.question[{n}].id is {question.id!r} again: give each question its own id")
        seen.add(question.id)


def _question(table: Table) -> Question:
    id = table.get("id", str)
    if not _ID.fullmatch(id):
        raise PolicyError(f"{table.where}.id is {id!r}: write a-z, 0-9 and '_', beginning with a letter")
    type = table.word("type", QuestionType)
    question = Question(
        id=id,
        type=type,
        text=_words(table.table("text")),
        ask=frozenset(table.words("ask", Rating, [])),
        options=_options(table, type),
        no_reopens=table.get("no_reopens", bool, False),
        solved=table.get("solved", bool, False),
        remedy=table.get("remedy", bool, False),
    )
    if type is not QuestionType.YES_NO and (question.no_reopens or question.solved):
        raise PolicyError(f"{table.where}: no_reopens and solved are for questions of type yes_no")
    table.done()
    return question


def _options(table: Table, type: QuestionType) -> tuple[Option, ...]:
    entries = table.get("options", list, [])
    if type is not QuestionType.CHOICE:
        if entries:
            raise PolicyError(f"{table.where}.options: only a question of type choice has them")
        return ()
    if not 2 <= len(entries) <= _MOST_OPTIONS:
        raise PolicyError(f"{table.where}.options has {len(entries)}: give 2 to {_MOST_OPTIONS}")
    options = []
    for n, entry in enumerate(entries, 1):
        option = Table(f"{table.where}.options[{n}]", entry)
        options.append(Option(option.get("id", str), option.said(_MOST_CHARS)))
        option.done()
    if len({option.id for option in options}) < len(options):
        raise PolicyError(f"{table.where}.options: two of them have the same id")
    return tuple(options)


def _words(table: Table) -> dict[str, str]:
    words = table.said(_MOST_CHARS)
    table.done()
    return words
