"""What words most resemble among the labelled phrases: where the rules found little, it decides. Pure.

A sum of weights of the pieces that a text is made of, learned from `tests/data/phrases` by `teaching.py` and kept beside
this module. It is asked last and never of a command. What would close a case, finish work or bind somebody needs a clear
lead, and words that deny, ask or go on with a but.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot.grammar import answers, arguments, rating
from bot.grammar.arguments import EDGES, Numbered, Words
from bot.grammar.customer import DATA_TROUBLE, TROUBLE, is_small_talk
from bot.grammar.meaning import Pending, Reading, Speaker, Verb
from complaints.grading_words import danger

LEARNED: Final = Path(__file__).with_name("likeness.tsv")
_LONGEST: Final = 400  # characters: what is longer tells a matter
_KNOWN: Final = 0.4  # of its pieces: what is made of others resembles nothing
_ASKED: Final = frozenset({Pending.NONE, Pending.RATING, Pending.YES_NO, Pending.PLAN, Pending.RESULT})

# Scores and leads are in thousandths. The leads were measured on the phrases of authors left out of the learning.
_DISSATISFIED: Final = f"{Verb.RATE}:{rating.Rating.DISSATISFIED}"
_SATISFIED: Final = f"{Verb.RATE}:{rating.Rating.SATISFIED}"
_NEUTRAL: Final = f"{Verb.RATE}:{rating.Rating.NEUTRAL}"
_OVER: Final[Mapping[str, int]] = {
    # what the rules find where they find little
    **dict.fromkeys((Verb.UNCLEAR, Verb.COMPLAIN, Verb.REPORT, Verb.URGE), 50),
    **dict.fromkeys((_DISSATISFIED, Verb.DISAGREE, Verb.EXTEND), 250),
    # what they are mostly right about
    Verb.NOT_DONE: 900,
    **dict.fromkeys((Verb.STATUS, Verb.TRANSFER, Verb.GIVE_BACK, Verb.ACCEPT, Verb.ASSIGN, Verb.PLAN), 600),
    **dict.fromkeys((Verb.COMPLAIN_FOR, Verb.LIST, Verb.MY_DATA, Verb.LEAVE, Verb.VISIT), 600),
}
"""By how much a label has to speak louder than what the rules found. What is not here stays as they found it."""
_OVER_TROUBLE: Final = 150
_OVER_TROUBLE_FAR: Final = 300  # whoever tells of trouble seldom says anything else besides
_ABOUT_TROUBLE: Final = frozenset(
    {_DISSATISFIED, Verb.COMPLAIN_FOR, Verb.ADD, Verb.URGE, Verb.STATUS, Verb.PERSON, Verb.DISAGREE, Verb.REPORT}
)
_OVER_UNFINISHED: Final = 700  # "half done, the rest tomorrow" tells how far it is
_OVER_A_HANDLER: Final = 50  # a supervisor seldom asks for time or hands on: they grant it, and give out
_DENYING: Final = frozenset({Verb.NOT_DONE, Verb.DISAGREE, Verb.REJECT, Verb.STATUS})
_NEVER: Final = 1_000_000
_BINDING: Final[Mapping[str, tuple[int, int]]] = {
    _SATISFIED: (300, 800),
    Verb.AGREE: (400, 800),
    Verb.DONE: (400, _NEVER),
    Verb.ACCEPT: (200, 400),
    Verb.STOP: (200, 200),  # "don't write any more" denies by its nature
    Verb.APPROVE: (100, 400),
    Verb.VALID: (100, _NEVER),
    Verb.CLOSE: (100, 600),
    Verb.TASK_FORCE: (100, _NEVER),
    Verb.MERGE: (100, _NEVER),
}
"""What commits somebody: the lead that it needs over every other label, and the one where something is denied or asked."""
_CONFIRMED: Final[Mapping[str, int]] = {Verb.WITHDRAW: 400, Verb.ERASE_ME: 50, Verb.DISAGREE: 100}
"""What is asked again before it happens, or does no harm: the same lead."""
_FREE: Final[frozenset[str]] = frozenset({
    Verb.UNCLEAR, Verb.COMPLAIN, Verb.COMPLAIN_FOR, Verb.ADD, Verb.STATUS, Verb.URGE, Verb.PERSON, Verb.HELP, Verb.LIST,
    Verb.MY_DATA, Verb.THANKS, Verb.REPORT, Verb.NOT_DONE, Verb.EXTEND, Verb.TRANSFER, Verb.GIVE_BACK, Verb.VISIT,
    Verb.LEAVE, Verb.PLAN, Verb.ASSIGN, Verb.GRADE, Verb.INVALID, Verb.REJECT, _DISSATISFIED, _NEUTRAL,
})  # fmt: skip
"""What needs no lead. A label that stands nowhere here is a command's, and is never guessed."""
_AGAINST_A_DENIAL: Final = 600
_DOUBTED: Final[Mapping[str, Mapping[str, int]]] = {
    Verb.AGREE: {Verb.DISAGREE: 60, Verb.UNCLEAR: 60},
    _SATISFIED: {_DISSATISFIED: 60, Verb.COMPLAIN: 60, Verb.UNCLEAR: 60, Verb.WITHDRAW: 400},
    Verb.DONE: {Verb.NOT_DONE: 200, Verb.REPORT: 200, Verb.UNCLEAR: 200},
}
"""What the rules took for a commitment is none where one of these speaks louder by so much: both have to say so."""
_WORD: Final = re.compile(r"[a-z0']+|[^\sa-z0']")
_DECLINES: Final = re.compile(
    r"[不没别未无甭莫差烂糟难拒]|n't\b|\b(?:is|are|was|were|do|does|did|has|have|wo|would|could)nt\b"
    r"|\b(?:no|not|nothing|none|never|hardly|anything but|zero|my a|bodged?|cannot|cant|nor|without)\b"
)
_NOT_YET: Final = re.compile(
    r"如果|要是|的话|估计|应该|预计|准备|打算|争取|希望|马上|才能?|等(?:到|我|你)|明[天早晚日]|后天|下周|(?<!不)要"
    r"|\b(?:if|once|when|unless|until|before|would|will|ll|hope|should|going to|trying to|to be|can you|could you)\b"
    r"|\b(?:tomorrow|next|soon)\b"
)
_SHORT: Final = {"zh": 4, "en": 7}  # characters, of which the rules know what they are worth
_UNDONE: Final = re.compile(
    r"没(?:有)?(?:修|弄|搞|处理|解决|换|清)好?|not (?:fixed|repaired|solved)|n't (?:fix|repair|solve)"
)
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_LATIN: Final = re.compile("[a-z]")
_DIGIT: Final = re.compile(r"\d")
_NUMBERS: Final = re.compile(r"(?<!\d)\d{3,6}(?!\d)")

Weights = Callable[[str], Mapping[str, int]]
"""Of a piece, the weight that it gives to each label; of `|context`, how likely a label is there anyway."""


def language(key: str) -> str:
    """Return in which language a folded text mostly is; a word of Chinese says more than a letter."""
    chinese = len(_CHINESE.findall(key))
    return "zh" if chinese and 3 * chinese >= len(_LATIN.findall(key)) else "en"


def pieces(key: str) -> list[str]:
    """Return what a folded text is made of: characters and their pairs, or words, their pairs, and four letters in a row."""
    key = re.sub(r"\s+", " ", re.sub(r"\d+", "0", key[:_LONGEST].strip(EDGES)))
    if language(key) == "zh":
        text = f"^{key}$"
        return sorted({text[at : at + size] for size in (1, 2) for at in range(len(text) - size + 1)})
    words = ["^", *_WORD.findall(key), "$"]
    letters = f" {' '.join(words[1:-1])} "
    found = {"_".join(words[at : at + size]) for size in (1, 2) for at in range(len(words) - size + 1)}
    return sorted(found | {f"#{letters[at : at + 4]}" for at in range(len(letters) - 3)})


def context(role: Speaker, pending: Pending) -> str:
    """Return in which of the situations that are told apart something is said."""
    return f"|{role}:{pending}"


def scores(made_of: Iterable[str], where: str, weights: Weights) -> dict[str, int]:
    """Return how much speaks for each label that occurs in the context `where`; empty where none does."""
    total = dict(weights(where))
    for piece in made_of:
        for label, weight in weights(piece).items():
            if label in total:
                total[label] += weight
    return total


def likely(key: str, role: Speaker, pending: Pending) -> Mapping[str, int]:
    """Return the scores of a folded text; empty where it resembles nothing that was learned."""
    bare = key.strip(EDGES)
    if pending not in _ASKED or len(key) > _LONGEST or not bare or answers.is_short(bare) or bare in answers.NO_WHOLE:
        return {}
    learned = _learned()[language(key)]
    made_of = pieces(key)
    if sum(piece in learned for piece in made_of if piece not in "^$") < _KNOWN * (len(made_of) - 2):
        return {}
    return scores(made_of, context(role, pending), lambda piece: _weights(learned.get(piece, "")))


def meant(key: str, role: Speaker, pending: Pending, found: str = Verb.UNCLEAR) -> str | None:
    """Return the label that is to take the place of `found`, what the rules made of a folded text; None where none is.

    A label is a verb, or `rate:` and a rating.
    """
    if found not in _OVER and found not in _DOUBTED:
        return None
    score = likely(key, role, pending)
    best = sorted(score, key=lambda label: (-score[label], label))[:2]
    if len(best) < 2 or best[0] == found:
        return None
    label, lead, louder = best[0], score[best[0]] - score[best[1]], score[best[0]] - score.get(found, -_NEVER)
    if found in _DOUBTED:
        enough = label in _DOUBTED[found] and louder > _DOUBTED[found][label]
    else:
        enough = lead > _lead_needed(key, label, found) and louder > _needed(key, role, label, found)
    return label if enough and not _stays(key, pending, label, found) else None


def _stays(key: str, pending: Pending, label: str, found: str) -> bool:
    """Whether what the rules found stays, however loud another label speaks."""
    if len(key.strip(EDGES)) <= _SHORT[language(key)] and (
        found in _DOUBTED or label in (Verb.COMPLAIN, Verb.NOT_DONE)
    ):
        return True
    if label == Verb.AGREE and pending is Pending.NONE:
        return True
    if label in (Verb.MY_DATA, Verb.ERASE_ME) and (DATA_TROUBLE.search(key) or _DIGIT.search(key)):
        return True  # with a number it is the privacy officer's
    if found == _DISSATISFIED:
        return label != Verb.UNCLEAR
    if found == Verb.UNCLEAR:
        return is_small_talk(key)
    if found != Verb.COMPLAIN:
        return False
    if pending is Pending.YES_NO and TROUBLE.search(key):
        return True  # another matter, told in the middle of a question
    if label not in _ABOUT_TROUBLE and danger(key) is not None:
        return True  # "I don't want to live any more" takes nothing back
    # What is told of work that failed is a matter, not a question.
    return label == Verb.STATUS and _UNDONE.search(key) is not None and not answers.is_question(key)


def _lead_needed(key: str, label: str, found: str) -> int:
    """Return by how much a label has to speak louder than every other one."""
    if label not in _BINDING:
        return 0 if label in _FREE else _CONFIRMED.get(label, _NEVER)
    if found in _DENYING:
        return _AGAINST_A_DENIAL if (found, label) == (Verb.DISAGREE, Verb.AGREE) else _NEVER
    plain, despite = _BINDING[label]
    if label in (Verb.DONE, Verb.CLOSE, _SATISFIED) and _NOT_YET.search(key):
        return _NEVER
    if label == _SATISFIED and (rating.goes_on(key) or rating.read_score(key)[0] is not None or _DIGIT.search(key)):
        return _NEVER
    return despite if _DECLINES.search(key) or answers.is_question(key) else plain


def _needed(key: str, role: Speaker, label: str, found: str) -> int:
    """Return by how much another label has to speak louder than the found one."""
    if found == Verb.COMPLAIN and TROUBLE.search(key):
        return _OVER_TROUBLE if label in _ABOUT_TROUBLE else _OVER_TROUBLE_FAR
    if (found, label) == (Verb.NOT_DONE, Verb.REPORT):
        return _OVER_UNFINISHED
    if (
        role is Speaker.SUPERVISOR
        and found in (Verb.EXTEND, Verb.TRANSFER, Verb.GIVE_BACK)
        and key[:1] not in ("转", "轉")
    ):
        return _OVER_A_HANDLER
    return _OVER[found]


def reconsidered(found: Reading, item: Numbered, words: Words, role: Speaker, pending: Pending) -> Reading:
    """Return what the rules found, or what the words resemble much more."""
    rated = found[1].get("rating")
    label = meant(words.key, role, pending, f"{found[0]}:{rated}" if rated else found[0])
    if item.references and found[0] is Verb.UNCLEAR and label in (Verb.AGREE, Verb.DISAGREE):
        # What names a complaint answers no question of ours: the conversation knows what that one waits for.
        return found
    return found if label is None else _reading(label, item if item.references else item.bare(), role)


def _reading(label: str, item: Numbered, role: Speaker) -> Reading:
    """Return a label as a reading, with what of the words its verb keeps."""
    words, given = item.words, dict(item.arguments)
    name, _, rated = label.partition(":")
    verb = Verb(name)
    if verb is Verb.RATE:
        return verb, given | {"rating": rating.Rating(rated), "comment": words.said}
    if verb is Verb.DONE:
        return verb, given | {"result": words.said}
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
_SILENT: Final = frozenset({
    Verb.HELP, Verb.THANKS, Verb.STOP, Verb.MY_DATA, Verb.ERASE_ME, Verb.UNCLEAR, Verb.ASSIGN, Verb.GRADE, Verb.APPROVE,
    Verb.VALID, Verb.TASK_FORCE, Verb.CLOSE,
})  # fmt: skip


@lru_cache(maxsize=1)
def _learned() -> Mapping[str, Mapping[str, str]]:
    """Read the file that `teaching.py` writes: language, piece, then label and weight in turn, read when it is asked for."""
    learned: dict[str, dict[str, str]] = {"zh": {}, "en": {}}
    with LEARNED.open(encoding="utf-8") as lines:
        next(lines)  # of what it was learned
        for line in lines:
            language, piece, told = line.rstrip("\n").split("\t", 2)
            learned[language][piece] = told
    return learned


@lru_cache(maxsize=4096)
def _weights(told: str) -> Mapping[str, int]:
    columns = told.split("\t") if told else []
    return {label: int(weight) for label, weight in zip(columns[::2], columns[1::2], strict=True)}
