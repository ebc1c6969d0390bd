"""What words most resemble among the labelled phrases, where no rule knows them. Pure.

A sum of weights of the pieces that a text is made of, learned from `tests/data/phrases` by `teaching.py` and kept beside
this module. It is asked last, answers no question of ours, and commits nobody: never done, closed, agreed or withdrawn.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot.grammar.arguments import EDGES
from bot.grammar.meaning import Pending, Reading, Speaker, Verb
from bot.grammar.things import LONGEST
from bot.grammar.words import STAFF

LEARNED: Final = Path(__file__).with_name("likeness.tsv")
_SURE: Final = 0.35  # probability; left-out authors gained 2 to 4 points with it, and nothing that was right got lost
_KNOWN: Final = 0.4  # of its pieces: what is made of others resembles nothing
_ANYBODY: Final = frozenset({Verb.STATUS, Verb.HELP, Verb.LIST, Verb.THANKS})
_HARMLESS: Final[Mapping[Speaker, frozenset[str]]] = {
    Speaker.CUSTOMER: _ANYBODY | {Verb.COMPLAIN, Verb.URGE, Verb.PERSON},
    Speaker.EMPLOYEE: _ANYBODY | {Verb.COMPLAIN, Verb.URGE, Verb.PERSON, Verb.COMPLAIN_FOR, Verb.LEAVE},
    Speaker.HANDLER: _ANYBODY | {Verb.REPORT, Verb.NOT_DONE, Verb.EXTEND, Verb.TRANSFER, Verb.VISIT, Verb.LEAVE},
    Speaker.SUPERVISOR: _ANYBODY | {Verb.REPORT, Verb.NOT_DONE, Verb.ASSIGN, Verb.GRADE},
}
_WORD: Final = re.compile(r"[a-z0']+|[^\sa-z0']")
_DECLINES: Final = re.compile(r"[不没别]|\b(?:no|not|don'?t)\b")
_CHINESE: Final = re.compile("[\u3400-\u9fff]")

Weights = Mapping[str, Mapping[str, float]]
"""Of each piece, the weight that it gives to each label; of `|context`, how likely a label is there anyway."""


def pieces(key: str) -> list[str]:
    """Return what a folded text is made of: characters and their pairs, or words, their pairs, and four letters in a row."""
    key = re.sub(r"\s+", " ", re.sub(r"\d+", "0", key[:LONGEST].strip(EDGES)))
    if _CHINESE.search(key):
        text = f"^{key}$"
        return sorted({text[at : at + size] for size in (1, 2) for at in range(len(text) - size + 1)})
    words = ["^", *_WORD.findall(key), "$"]
    letters = f" {' '.join(words[1:-1])} "
    found = {"_".join(words[at : at + size]) for size in (1, 2) for at in range(len(words) - size + 1)}
    return sorted(found | {f"#{letters[at : at + 4]}" for at in range(len(letters) - 3)})


def context(role: Speaker, pending: Pending) -> str:
    """Return in which of the situations that are told apart something is said."""
    return f"|{'staff' if role in STAFF else 'customer'}:{pending}"


def probabilities(made_of: Iterable[str], where: str, weights: Weights) -> dict[str, float]:
    """Return how probable each label is that occurs in the context `where`; empty where none does."""
    made_of = list(made_of)
    total = dict(weights.get(where, {}))
    for piece in made_of:
        for label, weight in weights.get(piece, {}).items():
            if label in total:
                total[label] += weight
    scale = 4 / math.sqrt(len(made_of) + 1)
    highest = max(total.values(), default=0.0)
    raised = {label: math.exp((weight - highest) * scale) for label, weight in total.items()}
    whole = sum(raised.values())
    return {label: value / whole for label, value in raised.items()}


def meant(key: str, role: Speaker, pending: Pending) -> str | None:
    """Return the harmless label of what a folded text resembles clearly; None where it resembles nothing or something else."""
    if len(key) > LONGEST or not key.strip(EDGES):
        return None
    weights = _learned()["zh" if _CHINESE.search(key) else "en"]
    made_of = pieces(key)
    if sum(piece in weights for piece in made_of if piece not in "^$") < _KNOWN * (len(made_of) - 2):
        return None
    found = probabilities(made_of, context(role, pending), weights)
    label = max(sorted(found), key=found.__getitem__, default="")
    if label == Verb.THANKS and _DECLINES.search(key):
        return None
    return label if label in _HARMLESS[role] and found[label] >= _SURE else None


def resembling(key: str, said: str, role: Speaker, pending: Pending, given: Mapping[str, object]) -> Reading | None:
    """Return `meant` as a reading, with the words where its verb keeps them."""
    label = meant(key, role, pending)
    if label is None:
        return None
    verb = Verb(label)
    if verb is Verb.LIST:
        of = {
            Speaker.CUSTOMER: "own",
            Speaker.EMPLOYEE: "entered",
            Speaker.HANDLER: "tasks",
            Speaker.SUPERVISOR: "queue",
        }
        return verb, {**given, "of": of[role]}
    if verb in (Verb.EXTEND, Verb.TRANSFER):
        return verb, {**given, "reason": said}
    silent = verb in (Verb.HELP, Verb.THANKS, Verb.ASSIGN, Verb.GRADE)
    return verb, dict(given) if silent else {**given, "text": said}


@lru_cache(maxsize=1)
def _learned() -> Mapping[str, Weights]:
    """Read the file that `teaching.py` writes: language, piece, then label and weight in hundredths in turn."""
    learned: dict[str, dict[str, dict[str, float]]] = {"zh": {}, "en": {}}
    with LEARNED.open(encoding="utf-8") as lines:
        next(lines)  # of what it was learned
        for line in lines:
            language, piece, *told = line.rstrip("\n").split("\t")
            learned[language][piece] = {
                label: int(weight) / 100 for label, weight in zip(told[::2], told[1::2], strict=True)
            }
    return learned
