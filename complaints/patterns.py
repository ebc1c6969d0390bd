"""Regular expressions that are compiled when they are first asked something, and asked only where they can find anything.

All of them take as long to compile as half a start. Every table of words makes its patterns here, so that a text is looked
through once for the words that they need (`literals.py`), and most of them need not look at it.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

from complaints import literals


def regex(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` would; what is wrong with it is raised where it is first used."""
    return cast("re.Pattern[str]", Waiting(source, flags))


class Waiting:
    """A pattern that is compiled when it is first used. Unused, it tells its `pattern` all the same."""

    def __init__(self, source: str, flags: int) -> None:
        self.pattern = source
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None
        self._asker: int | None = None  # by which number its words are looked for; None: it needs none
        _made.append(self)

    def compiled(self) -> re.Pattern[str]:
        """Return the pattern itself, which tries every text."""
        if self._compiled is None:
            compiled = re.compile(self.pattern, self._flags)
            words = literals.needed(self.pattern, self._flags)
            if words is not None:
                literals.know(words, asker := next(_askers))
                self._asker = asker
            self._compiled = compiled
        return self._compiled

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.compiled(), name)
        if self._asker is not None:
            if name in _NOTHING:
                found = _where_it_can(found, self._asker, _NOTHING[name])
            elif name == "sub":
                found = _put_where_it_can(found, self._asker)
        setattr(self, name, found)  # from now on it is as near as the pattern's own
        return found


_made: list[Waiting] = []
_askers: Final = itertools.count()
_NOTHING: Final[Mapping[str, Callable[[], object] | None]] = {
    "search": None,
    "match": None,
    "fullmatch": None,
    "findall": list,
    "finditer": lambda: iter(()),
}
"""What a pattern can be asked of a text, and how to say that it finds nothing."""


def _where_it_can(
    ask: Callable[[str, int, int], object], asker: int, nothing: Callable[[], object] | None
) -> Callable[[str, int, int], object]:
    """Return `ask`, which looks only at texts that hold a word that it needs."""

    def asked(string: str, pos: int = 0, endpos: int = sys.maxsize) -> object:
        if asker in literals.possible(string):
            return ask(string, pos, endpos)
        return None if nothing is None else nothing()

    return asked


def _put_where_it_can(put: Callable[[Any, str, int], str], asker: int) -> Callable[[Any, str, int], str]:
    """Return `put`, which changes only texts that hold a word that it needs."""

    def putting(repl: Any, string: str, count: int = 0) -> str:
        return put(repl, string, count) if asker in literals.possible(string) else string

    return putting


def compile_all() -> Iterator[None]:
    """Compile, one at each step, those that nobody has used yet."""
    for waiting in _made:
        waiting.compiled()
        yield
