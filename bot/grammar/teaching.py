"""Learn from labelled phrases what `likeness.py` knows.

Run it where they change: `python -m bot.grammar.teaching tests/data/phrases_??.tsv tests/data/phrases/*.tsv`.

Logistic regression by gradient descent, the same result at every run.
"""

from __future__ import annotations

import hashlib
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from bot.grammar.folding import clean, fold
from bot.grammar.likeness import LEARNED, context, pieces, probabilities
from bot.grammar.meaning import Pending, Speaker

_ROUNDS: Final = 6
_FASTEST: Final = 0.3
_RARE: Final = 2  # what stands in fewer phrases teaches nothing about others
_SLIGHT: Final = 5  # hundredths

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
    """Return the weights in hundredths, without those that hardly matter."""
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for _, where, label in told:
        weights[where].setdefault(label, 0.0)
    shuffled = list(told)
    order = random.Random(1)  # noqa: S311 (no secret)
    for turn in range(_ROUNDS):
        order.shuffle(shuffled)
        for made_of, where, label in shuffled:
            step = _FASTEST / (1 + turn * 0.3) / math.sqrt(len(made_of) + 1)
            for other, likely in probabilities(made_of, where, weights).items():
                change = step * ((other == label) - likely)
                for piece in (*made_of, where):
                    weights[piece][other] = weights[piece].get(other, 0.0) + change
    common = Counter(piece for made_of, _, _ in told for piece in made_of)
    return {
        piece: kept
        for piece, found in sorted(weights.items())
        if piece.startswith("|") or common[piece] >= _RARE
        if (kept := {label: round(100 * weight) for label, weight in sorted(found.items()) if _matters(piece, weight)})
    }


def _matters(piece: str, weight: float) -> bool:
    return piece.startswith("|") or abs(100 * weight) >= _SLIGHT


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
