"""Learn from labelled phrases what `likeness.py` knows.

Run it where they change: `python -m bot.grammar.teaching tests/data/phrases_??.tsv tests/data/phrases/*.tsv`.

An averaged passive-aggressive classifier (Crammer et al., Online Passive-Aggressive Algorithms, JMLR 7, 2006): a phrase that
is not told apart by a margin moves the weights of its pieces just far enough. The same result at every run.
"""

from __future__ import annotations

import hashlib
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from bot.grammar.folding import clean, fold
from bot.grammar.likeness import LEARNED, context, pieces
from bot.grammar.meaning import Pending, Speaker

_ROUNDS: Final = 10
_MARGIN: Final = 1.0
_FARTHEST: Final = 0.01  # that one phrase moves a weight at once: labels may be wrong
_RARE: Final = 2  # what stands in fewer phrases teaches nothing about others
_SLIGHT: Final = 4  # thousandths

Example: TypeAlias = tuple[list[str], str, str]
"""The pieces of a phrase, its context, its label."""


def examples(path: Path) -> list[Example]:
    """Read a bank of phrases: role, pending question, words, the right verbs, checks of the arguments."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("## "):
            role, pending, text, verbs, checks = line.split("\t")
            label = verbs.partition("|")[0]
            rating = next((check.partition("=")[2] for check in checks.split(";") if check.startswith("rating=")), "")
            where = context(Speaker(role), Pending(pending))
            found.append((pieces(fold(clean(text))), where, f"{label}:{rating}" if rating else label))
    return found


def learn(told: Sequence[Example]) -> dict[str, dict[str, int]]:
    """Return the weights in thousandths, without those that hardly matter."""
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    late: dict[str, dict[str, float]] = defaultdict(dict)  # each move times when it was made: what the average lacks
    for _, where, label in told:
        weights[where].setdefault(label, 0.0)
    occurring = {where: frozenset(found) for where, found in weights.items()}
    shuffled = list(told)
    order = random.Random(1)  # noqa: S311 (no secret)
    seen = 0
    for _ in range(_ROUNDS):
        order.shuffle(shuffled)
        for made_of, where, label in shuffled:
            seen += 1
            rival, lead = _rival(made_of, where, label, weights, occurring[where])
            if rival is None or lead >= _MARGIN:
                continue
            step = min(_FARTHEST, (_MARGIN - lead) / (2 * (len(made_of) + 1)))
            for piece in (*made_of, where):
                for moved, by in ((label, step), (rival, -step)):
                    weights[piece][moved] = weights[piece].get(moved, 0.0) + by
                    late[piece][moved] = late[piece].get(moved, 0.0) + by * seen
    common = Counter(piece for made_of, _, _ in told for piece in made_of)
    average = {
        piece: {label: round(1000 * (weight - late[piece].get(label, 0.0) / seen)) for label, weight in found.items()}
        for piece, found in sorted(weights.items())
        if piece.startswith("|") or common[piece] >= _RARE
    }
    return {
        piece: kept
        for piece, found in average.items()
        if (
            kept := {
                label: found[label] for label in sorted(found) if piece.startswith("|") or abs(found[label]) >= _SLIGHT
            }
        )
    }


def _rival(
    made_of: Iterable[str], where: str, label: str, weights: Mapping[str, Mapping[str, float]], occurring: Iterable[str]
) -> tuple[str | None, float]:
    """Return the strongest of the other labels, and how far the right one leads before it."""
    total = dict.fromkeys(occurring, 0.0)
    for piece in (*made_of, where):
        for each, weight in weights.get(piece, {}).items():
            if each in total:
                total[each] += weight
    rival = max((each for each in sorted(total) if each != label), key=total.__getitem__, default=None)
    return rival, 0.0 if rival is None else total[label] - total[rival]


def digest(paths: Iterable[Path]) -> str:
    """Return what tells these banks from any others."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(paths))).hexdigest()[:16]


def teach(paths: Sequence[Path]) -> str:
    """Return the text of the file that `likeness.py` reads. The name of a bank tells its language."""
    lines = [f"learned from\t{digest(paths)}"]
    for language in ("zh", "en"):
        # In an order of their own: which file a phrase stands in teaches nothing.
        told = sorted(example for path in paths if language in path.name for example in examples(path))
        for piece, weights in learn(told).items():
            lines.append("\t".join((language, piece, *(str(part) for pair in weights.items() for part in pair))))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    LEARNED.write_text(teach([Path(argument) for argument in sys.argv[1:]]), encoding="utf-8")
