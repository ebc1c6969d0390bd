"""Regular expressions that are compiled when they are first asked something: all of them take as long as half a start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast


def regex(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` would; what is wrong with it is raised where it is first used."""
    return cast("re.Pattern[str]", Waiting(source, flags))


class Waiting:
    """A pattern that is compiled when it is first used. Unused, it tells its `pattern` all the same."""

    def __init__(self, source: str, flags: int) -> None:
        self.pattern = source
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None
        _made.append(self)

    def compiled(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self.pattern, self._flags)
        return self._compiled

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.compiled(), name)
        setattr(self, name, found)  # from now on it is as near as the pattern's own
        return found


_made: list[Waiting] = []


def compile_all() -> Iterator[None]:
    """Compile, one at each step, those that nobody has used yet."""
    for waiting in _made:
        waiting.compiled()
        yield
