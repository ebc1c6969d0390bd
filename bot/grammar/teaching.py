"""Learn from labelled phrases what `likeness.py` knows.

Run it where they change: `python -m bot.grammar.teaching tests/data/phrases_??.tsv tests/data/phrases/*.tsv`.

A support vector machine of many classes (Crammer and Singer, JMLR 2, 2001), by the dual of one phrase at a time (Keerthi et
al., A Sequential Dual Method for Large Scale Multi-Class Linear SVMs, KDD 2008): right labels are to lead by one, the weights
stay small. Only labels that occur in a context compete there. The same result at every run.
"""

from __future__ import annotations

import hashlib
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from bot.grammar.folding import clean, fold
from bot.grammar.likeness import LEARNED, context, pieces
from bot.grammar.meaning import Pending, Speaker

_ROUNDS: Final = 10
_FARTHEST: Final = 1.0  # that one phrase may pull: labels may be wrong
_RARE: Final = 2  # what stands in fewer phrases teaches nothing about others
_SLIGHT: Final = 50  # thousandths: three quarters of the weights, which hardly change what is found

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
    common = Counter(piece for made_of, _, _ in told for piece in made_of)
    phrases = [
        _Phrase((*(piece for piece in made_of if common[piece] >= _RARE), where), where, label)
        for made_of, where, label in told
    ]
    occurring: dict[str, set[str]] = defaultdict(set)
    for phrase in phrases:
        occurring[phrase.where].add(phrase.label)
    labels = {where: sorted(found) for where, found in occurring.items()}
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    order = random.Random(1)  # noqa: S311 (no secret)
    for _ in range(_ROUNDS):
        order.shuffle(phrases)
        for phrase in phrases:
            phrase.pull(weights, labels[phrase.where])
    learned = {piece: _kept(found) for piece, found in sorted(weights.items()) if not piece.startswith("|")}
    for where, found in labels.items():
        learned[where] = {label: round(1000 * weights[where].get(label, 0.0)) for label in found}
    return {piece: learned[piece] for piece in sorted(learned) if learned[piece]}


def _kept(found: Mapping[str, float]) -> dict[str, int]:
    thousandths = {label: round(1000 * found[label]) for label in sorted(found)}
    return {label: weight for label, weight in thousandths.items() if abs(weight) >= _SLIGHT}


@dataclass(slots=True)
class _Phrase:
    """A phrase and how it pulls: its own label up, rivals down, by shares whose sum is nothing."""

    pieces: tuple[str, ...]
    where: str
    label: str
    shares: dict[str, float] = field(default_factory=dict)

    def pull(self, weights: dict[str, dict[str, float]], labels: Sequence[str]) -> None:
        """Choose the shares that are best while all other phrases stay, and move the weights by the difference."""
        total = dict.fromkeys(labels, 0.0)
        for piece in self.pieces:
            for label, weight in weights[piece].items():
                if label in total:
                    total[label] += weight
        scale = 1 / math.sqrt(len(self.pieces))  # long phrases pull no harder than short ones
        wanted = {label: scale * total[label] + (label != self.label) - self.shares.get(label, 0.0) for label in labels}
        level = _level(sorted((wanted[label] + _FARTHEST * (label == self.label) for label in labels), reverse=True))
        for label in labels:
            share = min(_FARTHEST * (label == self.label), level - wanted[label])
            move = scale * (share - self.shares.get(label, 0.0))
            if move:
                self.shares[label] = share
                for piece in self.pieces:
                    weights[piece][label] = weights[piece].get(label, 0.0) + move


def _level(falling: Sequence[float]) -> float:
    """Return up to where what is highest has to come down, so that the shares make nothing together."""
    level = falling[0] - _FARTHEST
    for count, each in enumerate(falling[1:], 1):
        if level >= count * each:
            return level / count
        level += each
    return level / len(falling)


def digest(paths: Iterable[Path]) -> str:
    """Return what tells these banks from any others."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(paths))).hexdigest()[:16]


def teach(paths: Sequence[Path]) -> str:
    """Return the text of the file that `learned.py` reads, each language sorted. The name of a bank tells its language."""
    told = {
        # In an order of their own: which file a phrase stands in teaches nothing.
        language: sorted(example for path in paths if language in path.name for example in examples(path))
        for language in ("zh", "en")
    }
    labels = sorted({label for found in told.values() for _, _, label in found})
    place = {label: str(number) for number, label in enumerate(labels)}
    lines = [f"learned from\t{digest(paths)}", "\t".join(("labels", *labels))]
    for language, found in told.items():
        for piece, weights in learn(found).items():
            moved = (part for label, weight in weights.items() for part in (place[label], str(weight)))
            lines.append("\t".join((language, piece, *moved)))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    LEARNED.write_text(teach([Path(argument) for argument in sys.argv[1:]]), encoding="utf-8")
