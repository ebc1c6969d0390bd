"""What words most resemble among the labelled phrases: a second opinion where the rules found little. Pure.

A sum of weights of the pieces that a text is made of, learned from `tests/data/phrases` by `teaching.py` and kept beside
this module. It is asked last and never of a command. Nobody's work is done, no case is closed, nobody agrees or is content
because of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot.grammar import answers, arguments
from bot.grammar.arguments import EDGES, Numbered, Words
from bot.grammar.customer import DATA_TROUBLE, TROUBLE, is_small_talk
from bot.grammar.meaning import Pending, Reading, Speaker, Verb
from bot.grammar.things import LONGEST

LEARNED: Final = Path(__file__).with_name("likeness.tsv")
_KNOWN: Final = 0.4  # of its pieces: what is made of others resembles nothing
_ASKED: Final = frozenset({Pending.NONE, Pending.RATING, Pending.YES_NO, Pending.PLAN, Pending.RESULT})

# How many times as probable as what the rules found the other has to be. Measured by leaving out one author after the other:
# what is not named here was right more often than the likeness.
_WEAK: Final = frozenset({Verb.UNCLEAR, Verb.COMPLAIN, Verb.REPORT})
_FIRM: Final = frozenset(
    {Verb.URGE, Verb.EXTEND, Verb.TRANSFER, Verb.ACCEPT, Verb.GIVE_BACK, Verb.ASSIGN, Verb.PLAN, Verb.COMPLAIN_FOR}
)
_TIMES_WEAK: Final = 1.0
_TIMES_TROUBLE: Final = 3.0
_TIMES_FIRM: Final = 10.0

# From which probability each label counts; one that is not here never does.
_HARMLESS: Final = 0.25
_BINDING: Final = 0.45  # and only where nothing is denied: no left-out author was bound wrongly by it
_WEIGHTY: Final = 0.65
_BINDS: Final = frozenset({Verb.APPROVE, Verb.VALID, Verb.MERGE, Verb.TASK_FORCE, Verb.STOP, Verb.THANKS})
_SURE: Final[Mapping[str, float]] = {
    **dict.fromkeys(
        (Verb.COMPLAIN, Verb.STATUS, Verb.URGE, Verb.PERSON, Verb.HELP, Verb.LIST, Verb.MY_DATA), _HARMLESS
    ),
    **dict.fromkeys(
        (Verb.REPORT, Verb.NOT_DONE, Verb.EXTEND, Verb.TRANSFER, Verb.VISIT, Verb.LEAVE, Verb.PLAN), _HARMLESS
    ),
    **dict.fromkeys((Verb.ASSIGN, Verb.GRADE), _HARMLESS),
    **dict.fromkeys(
        (Verb.GIVE_BACK, Verb.INVALID, Verb.REJECT, Verb.COMPLAIN_FOR, Verb.REPORT, Verb.ERASE_ME, *_BINDS), _BINDING
    ),
    **dict.fromkeys((Verb.ACCEPT, Verb.COMPLAIN, Verb.DISAGREE), _WEIGHTY),
}
_WORD: Final = re.compile(r"[a-z0']+|[^\sa-z0']")
_DECLINES: Final = re.compile(
    r"[不没别未无甭莫]|n't\b|\b(?:no|not|never|dont|cannot|cant|wont|nor|without|unless|until)\b"
)
_UNDONE: Final = re.compile(
    r"没(?:有)?(?:修|弄|搞|处理|解决|换|清)好?|not (?:fixed|repaired|solved)|n't (?:fix|repair|solve)"
)
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_NUMBERS: Final = re.compile(r"(?<!\d)\d{3,6}(?!\d)")

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
    return f"|{role}:{pending}"


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


def likely(key: str, role: Speaker, pending: Pending) -> Mapping[str, float]:
    """Return how probable each label of a folded text is; empty where it resembles nothing that was learned."""
    bare = key.strip(EDGES)
    if pending not in _ASKED or len(key) > LONGEST or not bare or answers.is_short(bare) or bare in answers.NO_WHOLE:
        return {}
    weights = _learned()["zh" if _CHINESE.search(key) else "en"]
    made_of = pieces(key)
    if sum(piece in weights for piece in made_of if piece not in "^$") < _KNOWN * (len(made_of) - 2):
        return {}
    return probabilities(made_of, context(role, pending), weights)


def meant(key: str, role: Speaker, pending: Pending, found: str = Verb.UNCLEAR) -> str | None:
    """Return the label that is to take the place of `found`, what the rules made of a folded text; None where none is."""
    if found not in _WEAK | _FIRM:
        return None
    likelihood = likely(key, role, pending)
    label = max(sorted(likelihood), key=likelihood.__getitem__, default="")
    if label == found or label not in _SURE or likelihood[label] < _SURE[label]:
        return None
    if (label in _BINDS or label == Verb.ACCEPT) and _DECLINES.search(key):
        return None
    if label == Verb.DISAGREE and pending is not Pending.PLAN:
        return None
    if (label == Verb.MY_DATA and DATA_TROUBLE.search(key)) or (found == Verb.UNCLEAR and is_small_talk(key)):
        return None
    if found == Verb.COMPLAIN and label == Verb.STATUS and _UNDONE.search(key) and not answers.is_question(key):
        return None  # what is told of work that failed is a matter, not a question
    times = _TIMES_FIRM if found in _FIRM else _TIMES_WEAK
    if found == Verb.COMPLAIN and TROUBLE.search(key):
        times = _TIMES_TROUBLE
    return label if likelihood[label] > times * likelihood.get(found, 0.0) else None


def reconsidered(found: Reading, item: Numbered, words: Words, role: Speaker, pending: Pending) -> Reading:
    """Return what the rules found, or what the words resemble much more."""
    label = meant(words.key, role, pending, found[0])
    return found if label is None else _reading(label, item if item.references else item.bare(), role)


def _reading(label: str, item: Numbered, role: Speaker) -> Reading:
    """Return a label as a reading, with what of the words its verb keeps."""
    words, given = item.words, dict(item.arguments)
    verb = Verb(label)
    if verb is Verb.LIST:
        return verb, given | {"of": _LISTED[role]}
    if verb is Verb.MERGE:
        numbers = list(dict.fromkeys([*item.references, *_NUMBERS.findall(words.key)]))
        return verb, given | dict(zip(("reference", "into") if len(numbers) > 1 else ("into",), numbers, strict=False))
    if verb in (Verb.EXTEND, Verb.LEAVE) and (limit := arguments.take_limit(words)[0]):
        given["limit"] = limit
    if verb in (Verb.ASSIGN, Verb.TRANSFER) and (who := arguments.take_who(words)[0]):
        given["who"] = who
    if verb is Verb.GRADE and (severity := arguments.take_severity(words)[0]):
        given["severity"] = severity
    if verb in _REASONED:
        return verb, given | {"reason": words.said}
    return verb, given if verb in _SILENT else given | {"text": words.said}


_LISTED: Final[Mapping[Speaker, str]] = {
    Speaker.CUSTOMER: "own",
    Speaker.EMPLOYEE: "entered",
    Speaker.HANDLER: "tasks",
    Speaker.SUPERVISOR: "queue",
}
_REASONED: Final = frozenset({Verb.EXTEND, Verb.TRANSFER, Verb.GIVE_BACK, Verb.REJECT, Verb.INVALID, Verb.DISAGREE})
_SILENT: Final = frozenset(
    {
        Verb.HELP,
        Verb.THANKS,
        Verb.STOP,
        Verb.MY_DATA,
        Verb.ERASE_ME,
        Verb.UNCLEAR,
        Verb.ASSIGN,
        Verb.GRADE,
        Verb.APPROVE,
    }
    | {Verb.VALID, Verb.TASK_FORCE}
)


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
