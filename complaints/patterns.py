"""Regular expressions that are asked only where they can find anything, and compiled when that is first the case.

All of them take as long to compile as half a start, and some megabytes. Every table of words makes its patterns here, so that a
text is looked through once for the words that they need (`literals.py`), and most of them need not look at it, most never.
What looks at other texts, or at parts of one, is `deferred`: looking through each of them would take longer than the pattern
itself does.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

from complaints import literals


def regex(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` would; what is wrong with it is raised where it is first used."""
    return cast("re.Pattern[str]", Waiting(source, flags))


def deferred(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` would, for other texts than those that all tables of words look at: it tries each of them."""
    made = Deferred(source, flags)
    _deferred.append(made)
    return cast("re.Pattern[str]", made)


def may_find(pattern: re.Pattern[str], text: str) -> bool:
    """Say whether a pattern may find anything in a text, or in any part of it that is asked about by itself."""
    waiting: object = pattern
    return not isinstance(waiting, Waiting) or waiting.may_find(text)


class Deferred:
    """A pattern that is compiled when it is first used. Unused, it tells its `pattern` all the same."""

    def __init__(self, source: str, flags: int) -> None:
        self.pattern = source
        self.its_flags = flags
        self._compiled: re.Pattern[str] | None = None

    def compiled(self) -> re.Pattern[str]:
        """Return the pattern itself, which tries every text."""
        if self._compiled is None:
            self._compiled = re.compile(self.pattern, self.its_flags)
        return self._compiled

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.compiled(), name)
        setattr(self, name, found)  # from now on it is as near as the pattern's own
        return found


class Waiting(Deferred):
    """A pattern that is compiled when it may first find something."""

    def __init__(self, source: str, flags: int) -> None:
        super().__init__(source, flags)
        self._prepared = False
        self._asker: int | None = None  # by which number its words are looked for; None: it needs none
        _made.append(self)

    def prepare(self) -> None:
        """Have its words looked for, if it needs any."""
        if not self._prepared:
            self.know(literals.needed(self.pattern, self.its_flags))

    def know(self, words: literals.Literals | None) -> None:
        """Have these words looked for, which are those that it needs, unless that is so already."""
        if not self._prepared:
            if words is not None:
                literals.know(words, asker := next(_askers))
                self._asker = asker
            self._prepared = True

    def may_find(self, text: str) -> bool:
        """Say whether a text has a word that it needs."""
        self.prepare()
        return self._asker is None or self._asker in literals.possible(text)

    def __getattr__(self, name: str) -> Any:
        self.prepare()
        if self._asker is None or name not in _CHANGELESS:
            found = getattr(self.compiled(), name)
        elif name == "sub":
            found = self._put_where_it_can(self._asker)
        else:
            found = self._ask_where_it_can(name, self._asker, _NOTHING[name])
        setattr(self, name, found)  # from now on it is as near as the pattern's own
        return found

    def _ask_where_it_can(
        self, name: str, asker: int, nothing: Callable[[], object] | None
    ) -> Callable[[str, int, int], object]:
        """Return what asks only texts that hold a word that it needs."""

        def asked(string: str, pos: int = 0, endpos: int = sys.maxsize) -> object:
            if asker in literals.possible(string):
                return getattr(self.compiled(), name)(string, pos, endpos)
            return None if nothing is None else nothing()

        return asked

    def _put_where_it_can(self, asker: int) -> Callable[[Any, str, int], str]:
        """Return what changes only texts that hold a word that it needs."""

        def putting(repl: Any, string: str, count: int = 0) -> str:
            return self.compiled().sub(repl, string, count) if asker in literals.possible(string) else string

        return putting


_made: list[Waiting] = []
_deferred: list[Deferred] = []
_askers: Final = itertools.count()
_NOTHING: Final[Mapping[str, Callable[[], object] | None]] = {
    "search": None,
    "match": None,
    "fullmatch": None,
    "findall": list,
    "finditer": lambda: iter(()),
}
"""What a pattern can be asked of a text, and how to say that it finds nothing."""
_CHANGELESS: Final = frozenset({*_NOTHING, "sub"})
"""What does nothing where nothing is found."""


def waiting() -> Sequence[Waiting]:
    """Return those that need words, in the order in which they were made."""
    return tuple(_made)


def prepare_all() -> Iterator[None]:
    """Prepare, one at each step, those that nobody has used yet."""
    for each in _made:
        each.prepare()
        yield
    for one in _deferred:
        one.compiled()
        yield
