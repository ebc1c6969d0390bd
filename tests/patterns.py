"""Every regular expression of ours, and words made to drive each into despair.

As a program (`python -m tests.patterns`) it lets every pattern look at every such word, and writes the name of each before it
does: the last name is that of a pattern that never ends.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import bot
import complaints
import connectors
import scheduler
from bot.grammar.patterns import Deferred

TIMES = 60  # two ways to read each of sixty pieces are 2**60 ways to read them all
_AT_LEAST = 8  # a repeat of fewer is no danger
_DEEPEST = 5
_REPEATS = (code.MAX_REPEAT, code.MIN_REPEAT)
_OF_CLASS: Mapping[object, str] = {
    code.CATEGORY_DIGIT: "1", code.CATEGORY_NOT_DIGIT: "a", code.CATEGORY_SPACE: " ", code.CATEGORY_NOT_SPACE: "a",
    code.CATEGORY_WORD: "a", code.CATEGORY_NOT_WORD: " ",
}  # fmt: skip


def patterns() -> dict[str, re.Pattern[Any]]:
    """Return the patterns that any module of ours holds, by where they stand."""
    found: dict[str, re.Pattern[Any]] = {}
    for package in (bot, complaints, connectors, scheduler):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" in module.name or module.name.endswith("__main__"):
                continue
            for name, value in vars(importlib.import_module(module.name)).items():
                for pattern in _within(value, _DEEPEST):
                    found.setdefault(f"{module.name}.{name}: {pattern.pattern!r}", pattern)
    return found


def _within(value: object, depth: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Deferred):
        yield value.compiled()
    elif depth:
        for each in _parts(value):
            yield from _within(each, depth - 1)


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, list | tuple | set | frozenset):
        yield from value
    elif is_dataclass(value) and not isinstance(value, type):
        yield from (getattr(value, each.name, None) for each in fields(value))


def attacks(pattern: re.Pattern[Any]) -> list[str]:
    """Return words for a pattern: what leads to each repeat in it, then what it repeats, many times, then what fits nowhere."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    found = dict.fromkeys(_pumped(tree, ""))
    return [f"{lead}{piece * TIMES}\x00!" for start, piece in found for lead in dict.fromkeys((start, ""))]


def _pumped(tree: Sequence[Any], lead: str) -> Iterator[tuple[str, str]]:
    for node in tree:
        op, argument = node
        if op in _REPEATS:
            least, most, body = argument
            if most >= _AT_LEAST:
                yield from ((lead, piece) for piece in _pieces(body))
            yield from _pumped(body, lead)
            lead += _sample(body) * max(least, 1)
            continue
        for inner in _inner(op, argument):
            yield from _pumped(inner, lead)
        lead += _sample([node])


def _inner(op: object, argument: Any) -> Sequence[Sequence[Any]]:
    """Return the patterns within a part of a pattern."""
    if op is code.BRANCH:
        return list(argument[1])
    if op is code.SUBPATTERN:
        return [argument[3]]
    if op is code.ATOMIC_GROUP:
        return [argument]
    if op is code.POSSESSIVE_REPEAT:
        return [argument[2]]
    return [argument[1]] if op in (code.ASSERT, code.ASSERT_NOT) else []


def _pieces(body: Sequence[Any]) -> Iterator[str]:
    """Yield what a repeat repeats: one of each of its ways."""
    yield _sample(body) or "a"
    for op, argument in body:
        if op is code.IN:
            yield from (_of_set([each]) for each in argument if each[0] is not code.NEGATE)
        for inner in _inner(op, argument):
            yield from _pieces(inner)


def _sample(tree: Sequence[Any]) -> str:
    """Return a text that a pattern fits, as far as that is easily told."""
    return "".join(_sampled(op, argument) for op, argument in tree)


def _sampled(op: object, argument: Any) -> str:
    if op is code.LITERAL:
        return chr(argument)
    if op is code.NOT_LITERAL:
        return "b" if argument == ord("a") else "a"
    if op is code.ANY:
        return "a"
    if op is code.IN:
        return _of_set(argument)
    if op in (*_REPEATS, code.POSSESSIVE_REPEAT):
        return _sample(argument[2]) * int(argument[0])
    inner = _inner(op, argument) if op not in (code.ASSERT, code.ASSERT_NOT) else []
    return _sample(inner[0]) if inner else ""


def _of_set(members: Sequence[Any]) -> str:
    if members[0][0] is code.NEGATE:
        letters: list[str] = list(" a1,.-，<@x\n水\x7f")
        return next(each for each in letters if not any(_holds(member, each) for member in members[1:]))
    op, argument = members[0]
    if op is code.CATEGORY:
        return _OF_CLASS.get(argument, "a")
    return chr(argument[0] if op is code.RANGE else argument)


def _holds(member: tuple[object, Any], letter: str) -> bool:
    op, argument = member
    if op is code.RANGE:
        return bool(argument[0] <= ord(letter) <= argument[1])
    if op is code.LITERAL:
        return bool(argument == ord(letter))
    inside = {
        code.CATEGORY_DIGIT: letter.isdigit(), code.CATEGORY_SPACE: letter.isspace(),
        code.CATEGORY_WORD: letter.isalnum() or letter == "_", code.CATEGORY_NOT_DIGIT: not letter.isdigit(),
        code.CATEGORY_NOT_SPACE: not letter.isspace(), code.CATEGORY_NOT_WORD: not (letter.isalnum() or letter == "_"),
    }  # fmt: skip
    return inside.get(argument, False)


def main() -> None:
    for name, pattern in patterns().items():
        print(name, flush=True)
        for words in attacks(pattern):
            told = words.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else words
            pattern.search(told)
            pattern.fullmatch(told)


if __name__ == "__main__":
    main()
