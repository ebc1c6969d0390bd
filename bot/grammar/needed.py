"""The words that all patterns need, as an earlier start worked them out: taking every pattern apart costs as much as a start.

They are kept in the service's own folder, under a mark of the patterns, of how their words are found, and of what is kept. What
is not there, not ours, or of other patterns is worked out anew, without a word: nothing is lost by it but a second.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from complaints import literals
from complaints.patterns import Waiting, prepare_all, waiting

NAME: Final = "needed-words.cache"


def prepare(folder: Path) -> Iterator[None]:
    """Prepare all patterns, one at each step; keep in a folder what the next start need not work out."""
    made = waiting()
    kept = _kept(folder / NAME, made)
    lines = []
    for number, each in enumerate(made):
        if kept is None:
            words = literals.needed(each.pattern, each.its_flags)
            lines.append(_line(words))
        else:
            words = _words(kept[number])
        each.know(words)
        yield
    if kept is None:
        _keep(folder / NAME, made, lines)
    yield from prepare_all()


def _line(words: literals.Literals | None) -> bytes:
    return json.dumps(None if words is None else sorted(words), ensure_ascii=False).encode("utf-8", "surrogatepass")


def _words(line: bytes) -> literals.Literals | None:
    words = json.loads(line)
    return None if words is None else frozenset(words)


def _kept(path: Path, made: Sequence[Waiting]) -> list[bytes] | None:
    try:
        mark, *lines = path.read_bytes().split(b"\n")
    except OSError:
        return None
    return lines if mark == _mark(made, lines) else None


def _keep(path: Path, made: Sequence[Waiting], lines: Sequence[bytes]) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):  # a full disk makes the next start slower, and does nothing worse
        beside.write_bytes(b"\n".join((_mark(made, lines), *lines)))
        beside.replace(path)


def _mark(made: Sequence[Waiting], lines: Iterable[bytes]) -> bytes:
    """Return what no other patterns, no other way to find their words and no other words have in common with these."""
    mark = hashlib.sha256(sys.version.encode())
    mark.update(Path(literals.__file__).read_bytes())
    for each in made:
        mark.update(repr((each.pattern, int(each.its_flags))).encode())
    for line in lines:
        mark.update(b"\n%s" % line)
    return mark.hexdigest().encode()
