"""What words most resemble among the labelled phrases: where the rules found little, it decides. Pure.

A sum of weights of the pieces that a text is made of, learned from `tests/data/phrases` by `teaching.py` and kept beside
this module. It is asked last and never of a command. What would close a case, finish work or bind somebody needs a clear
lead, and words that deny, ask or go on with a but.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import lshift
from pathlib import Path
from typing import Final

from bot.grammar import answers, arguments, rating, visiting, wider_answers
from bot.grammar.arguments import EDGES, Numbered, Words
from bot.grammar.customer import DATA_TROUBLE, TROUBLE, is_small_talk
from bot.grammar.learned import Learned, read
from bot.grammar.meaning import Pending, Reading, Speaker, Verb
from bot.grammar.patterns import deferred
from bot.grammar.words import STAFF
from complaints.grading_words import danger

LEARNED: Final = Path(__file__).with_name("likeness.tsv")
_LONGEST: Final = 400  # characters: what is longer tells a matter
_DECISIONS: Final = frozenset({Verb.AGREE, Verb.DISAGREE, Verb.APPROVE, Verb.REJECT})
_DECIDED: Final = frozenset({Pending.YES_NO, Pending.PLAN})
_LOUD: Final = 800
_KNOWN: Final = 0.4  # of its pieces: what is made of others resembles nothing
_ASKED: Final = frozenset({Pending.NONE, Pending.RATING, Pending.YES_NO, Pending.PLAN, Pending.RESULT})

# Scores and leads are in thousandths. The leads were measured on the phrases of authors left out of the learning.
_DISSATISFIED: Final = f"{Verb.RATE}:{rating.Rating.DISSATISFIED}"
_SATISFIED: Final = f"{Verb.RATE}:{rating.Rating.SATISFIED}"
_NEUTRAL: Final = f"{Verb.RATE}:{rating.Rating.NEUTRAL}"
_RATED: Final = frozenset({_DISSATISFIED, _SATISFIED, _NEUTRAL})
_OVER: Final[Mapping[str, int]] = {
    # what the rules find where they find little
    **dict.fromkeys((Verb.UNCLEAR, Verb.COMPLAIN, Verb.REPORT, Verb.URGE, Verb.EXTEND), 50),
    **dict.fromkeys((_DISSATISFIED, Verb.DISAGREE, Verb.STATUS, Verb.TRANSFER, Verb.GIVE_BACK), 50),
    # what they are mostly right about
    **dict.fromkeys((Verb.ASSIGN, Verb.PLAN, Verb.COMPLAIN_FOR, Verb.LIST, Verb.MY_DATA, Verb.LEAVE, Verb.VISIT), 100),
    **dict.fromkeys((Verb.NOT_DONE, Verb.APPROVE, Verb.REJECT, Verb.VALID, Verb.INVALID, Verb.CLOSE), 150),
    **dict.fromkeys((Verb.WITHDRAW, Verb.HELP), 150),
    **dict.fromkeys((Verb.AGREE, _SATISFIED, Verb.DONE, Verb.ACCEPT), 200),
}
"""By how much a label has to speak louder than what the rules found. What is not here stays as they found it."""
_OVER_TROUBLE: Final = 100  # whoever tells of trouble seldom says anything else besides
_OVER_A_THREAT: Final = 500  # who threatens tells for the first time, too, what is wrong
_ABOUT_TROUBLE: Final = frozenset(
    {_DISSATISFIED, Verb.COMPLAIN_FOR, Verb.ADD, Verb.URGE, Verb.STATUS, Verb.PERSON, Verb.DISAGREE, Verb.REPORT}
)
_OVER_UNFINISHED: Final = 400  # "half done, the rest tomorrow" tells how far it is
_DENYING: Final = frozenset({Verb.NOT_DONE, Verb.DISAGREE, Verb.REJECT, Verb.STATUS})
_NEVER: Final = 1_000_000
_BINDING: Final[Mapping[str, tuple[int, int]]] = {
    _SATISFIED: (100, 600),
    Verb.AGREE: (100, 300),
    Verb.DONE: (150, _NEVER),
    Verb.ACCEPT: (30, 200),
    Verb.WITHDRAW: (100, 400),
    Verb.STOP: (50, 50),  # "don't write any more" denies by its nature
    Verb.APPROVE: (30, 200),
    Verb.VALID: (30, _NEVER),
    Verb.CLOSE: (30, 200),
    Verb.TASK_FORCE: (30, _NEVER),
    Verb.MERGE: (30, _NEVER),
}
"""What commits somebody: the lead that it needs over every other label, and the one where something is denied or asked."""
_FREE: Final[frozenset[str]] = frozenset({
    Verb.UNCLEAR, Verb.COMPLAIN, Verb.COMPLAIN_FOR, Verb.ADD, Verb.STATUS, Verb.URGE, Verb.PERSON, Verb.HELP, Verb.LIST,
    Verb.MY_DATA, Verb.THANKS, Verb.REPORT, Verb.NOT_DONE, Verb.EXTEND, Verb.TRANSFER, Verb.GIVE_BACK, Verb.VISIT,
    Verb.LEAVE, Verb.PLAN, Verb.ASSIGN, Verb.GRADE, Verb.INVALID, Verb.REJECT, _DISSATISFIED, _NEUTRAL, Verb.DISAGREE,
    Verb.ERASE_ME,
})  # fmt: skip
"""What needs hardly a lead: it binds nobody, or is asked again. What stands in neither table is never guessed."""
_HARDLY: Final = 20
_ELSEWHERE: Final = frozenset({Verb.STATUS, Verb.REPORT, Verb.AGREE})
_AGAINST_A_DENIAL: Final = 500
_CLOSING: Final = (
    400  # "lunch anyone?" is a little like praise, and an answer to how satisfied they are closes the case
)
_NOT_YET_SATISFIED: Final = 800
_IN_A_WORD: Final[Mapping[str, int]] = {_SATISFIED: 500, _DISSATISFIED: 400, _NEUTRAL: 400}
"""The lead of an answer in a word or two to how satisfied they are: "weekly report" is like one by a syllable alone."""
_DOUBTED: Final[Mapping[str, Mapping[str, int]]] = {
    Verb.AGREE: {Verb.DISAGREE: 60, Verb.UNCLEAR: 60},
    _SATISFIED: {_DISSATISFIED: 60, Verb.COMPLAIN: 60, Verb.UNCLEAR: 60, Verb.WITHDRAW: 400},
    Verb.DONE: {Verb.NOT_DONE: 60, Verb.REPORT: 200, Verb.UNCLEAR: 200},
}
"""What the rules took for a commitment is none where one of these speaks louder by so much: both have to say so."""
_WORD: Final = deferred(r"[a-z0']+|[^\sa-z0']")
_DECLINES: Final = deferred(
    r"[不没别未无甭莫差烂糟难拒唉呸哼👎😡😠🤬😤]|n't\b|\b(?:is|are|was|were|do|does|did|has|have|wo|would|could)nt\b"
    r"|\b(?:no|not|nothing|none|never|hardly|anything but|zero|my a|bodged?|cannot|cant|nor|without)\b"
    r"|\b(?:un|dis)(?:resolved|fixed|solved|finished|done|happy|satisfied|acceptable|appoint\w+|pleased)\b"
)
_SAYS_BAD: Final = deferred(r"[呸哼唉]|[5五]0 ?[5五]0|没(?!事|问题|关系|意见|毛病|啥|什么)|\bstopped\b")
_NOT_YET: Final = deferred(
    r"如果|要是|的话|估计|应该|预计|准备|打算|争取|希望|马上|才能?|等(?:到|我|你)|明[天早晚日]|后天|下周|(?<!不)要|又(?![快好细准便])|[修理办查装]中(?!心|间)"
    r"|\b(?:if|once|when|unless|until|before|would|will|ll|hope|should|going to|trying to|to be|can you|could you)\b"
    r"|\b(?:tomorrow|next|soon)\b"
)
_SHORT: Final = {"zh": 4, "en": 7}  # characters, of which the rules know what they are worth
_UNDONE: Final = deferred(
    r"(?:没|未|无法|不能)[有能法]*(?:修|弄|搞|处理|解决|换|換|清|办|完成)"
    r"|(?:\bnot|n't|\bnever)(?: yet| been| be| managed? to)* (?:done|fix|finish|repair|resolve|solve)"
)
_CHINESE: Final = deferred("[\u3400-\u9fff]")
_LATIN: Final = deferred("[a-z]")
_DIGIT: Final = deferred(r"\d")
_NUMBER: Final = deferred(r"#\d+\b|\b(?:[a-z]{1,4}\d{8}-)?\d{4,}\b")
_NUMBERS: Final = deferred(r"(?<!\d)\d{3,6}(?!\d)")

_SPACES: Final = deferred(r"\s+")
_DIGITS: Final = deferred(r"\d+")
_LANE: Final = 32  # bits of a number that holds the weights of all labels side by side: such are added all at once
_LANES: Final[Mapping[str, int]] = {str(place): _LANE * place for place in range(256)}
"""Where the lane of a label begins, by its place as the file writes it."""


def language(key: str) -> str:
    """Return in which language a folded text mostly is; a word of Chinese says more than a letter."""
    if key.isascii():
        return "en"
    chinese = len(_CHINESE.findall(key))
    return "zh" if chinese and 3 * chinese >= len(_LATIN.findall(key)) else "en"


def pieces(key: str) -> list[str]:
    """Return what a folded text is made of, in the same order every time."""
    return sorted(_pieces(key))


def _pieces(key: str) -> set[str]:
    """Return characters or words, pairs of near ones, and some letters in a row."""
    key = _SPACES.sub(" ", _DIGITS.sub("0", key[:_LONGEST].strip(EDGES)))
    if language(key) == "zh":
        text = f"^{key}$"
        found = {text[at : at + size] for size in (1, 2) for at in range(len(text) - size + 1)}
        return found | {f"{text[at]}_{text[at + 2]}" for at in range(len(text) - 2)}
    words = ["^", *_WORD.findall(key), "$"]
    letters = f" {' '.join(words[1:-1])} "
    found = {"_".join(words[at : at + size]) for size in (1, 2) for at in range(len(words) - size + 1)}
    found |= {f"{words[at]}_*_{words[at + 2]}" for at in range(len(words) - 2)}
    return found | {f"#{letters[at : at + 5]}" for at in range(len(letters) - 4)}


def context(role: Speaker, pending: Pending) -> str:
    """Return in which of the situations that are told apart something is said."""
    return f"|{role}:{pending}"


def scores(sums: Mapping[str, int], count: int, anyway: Mapping[str, int]) -> dict[str, int]:
    """Return how much speaks for each label that occurs in a context.

    sums: of the weights that so many pieces give to each label. anyway: how likely each label of the context is there.
    """
    scale = 1 / math.sqrt(count + 1)
    return {label: round(scale * (weight + sums.get(label, 0))) for label, weight in anyway.items()}


def likely(key: str, role: Speaker, pending: Pending) -> Mapping[str, int]:
    """Return the scores of a folded text; empty where it resembles nothing that was learned."""
    bare = _NUMBER.sub("", key).strip(f"{EDGES}? ")  # a complaint's number alone asks for what there is about it
    if pending not in _ASKED or len(key) > _LONGEST or not bare or answers.is_short(bare) or bare in answers.NO_WHOLE:
        return {}
    if (spoken := _spoken(key)) is None:
        return {}
    return scores(*spoken, _anyway(language(key), context(role, pending)))


@lru_cache(maxsize=8)  # what is said is read as a colleague's words and as a customer's, and in answer to something
def _spoken(key: str) -> tuple[Mapping[str, int], int] | None:
    """Return the sums of weights of a text's pieces and how many they are; None where it is made of other ones."""
    spoken = language(key)
    made_of = _pieces(key)
    known = [worth for piece in made_of if (worth := _packed(f"{spoken}\t{piece}")) is not None]
    if len(known) < _KNOWN * len(made_of):
        return None
    labels, _ = _learned()
    lifted = sum(known, _lift(len(labels)))
    lanes = struct.unpack(f"<{len(labels)}I", lifted.to_bytes(len(labels) * _LANE // 8, "little"))
    return {label: lane - (1 << _LANE - 1) for label, lane in zip(labels, lanes, strict=True)}, len(known)


@lru_cache(maxsize=1)
def _lift(lanes: int) -> int:
    """Return what makes each of the sums positive, so that none borrows of the next."""
    return sum(1 << (_LANE * lane + _LANE - 1) for lane in range(lanes))


def meant(key: str, role: Speaker, pending: Pending, found: str = Verb.UNCLEAR) -> str | None:
    """Return the label that is to take the place of `found`, what the rules made of a folded text; None where none is.

    A label is a verb, or `rate:` and a rating.
    """
    if found not in _OVER:
        return None
    score = likely(key, role, pending)
    best = sorted(score, key=lambda label: (-score[label], label))[:2]
    if len(best) < 2 or best[0] == found:
        return None
    label, lead, louder = best[0], score[best[0]] - score[best[1]], score[best[0]] - score.get(found, -_NEVER)
    if (doubt := _DOUBTED.get(found, {}).get(label)) is not None:
        enough = louder > doubt
    else:
        enough = lead > _lead_needed(key, label, found, pending) and louder > _needed(key, label, found)
    if pending is Pending.RATING and lead <= _IN_A_WORD.get(label, -_NEVER):
        bad = _SAYS_BAD.search(key) is not None
        if found not in _RATED and not bad and wider_answers.is_brief(key.strip(EDGES), language(key)):
            return None
        if (
            not bad
            and (found, label) == (_SATISFIED, _DISSATISFIED)
            and not _DECLINES.search(key)
            and wider_answers.praises(key)
        ):
            return Verb.UNCLEAR  # "he came and it works" is no complaint; whether it is praise is asked
    return label if enough and not _stays(key, pending, label, found) else None


def _stays(key: str, pending: Pending, label: str, found: str) -> bool:
    """Whether what the rules found stays, however loud another label speaks."""
    if len(key.strip(EDGES)) <= _SHORT[language(key)] and (
        found in _DOUBTED
        or label in (Verb.COMPLAIN, Verb.NOT_DONE, Verb.UNCLEAR)
        or (label in (Verb.AGREE, Verb.DISAGREE) and _NOT_YET.search(key))  # a day is said anew
    ):
        return True
    if label == Verb.AGREE and pending is Pending.NONE:
        return True
    if label in (Verb.MY_DATA, Verb.ERASE_ME) and (DATA_TROUBLE.search(key) or _DIGIT.search(key)):
        return True  # with a number it is the privacy officer's
    if (
        found in (Verb.UNCLEAR, Verb.COMPLAIN)
        and label in _ELSEWHERE
        and (visiting.moves(key) or visiting.cancels(key))
    ):
        return True  # what is said of a visit is read by the conversation
    if found == _DISSATISFIED:
        return label in _BINDING or rating.read_score(key)[0] is not None
    if found == Verb.GIVE_BACK:  # the conversation asks whether it is to go back, before anybody else reads it
        if label == Verb.PLAN and key[:1] == "退":
            return True  # "退 停车费那个归财务": the case goes back, not the fee
        return label in (Verb.NOT_DONE, Verb.REPORT) and not _UNDONE.search(key)
    if found == Verb.DONE:
        return label == Verb.REJECT  # a lock that could not be opened is changed all the same
    if found == Verb.NOT_DONE:
        return _UNDONE.search(key) is not None
    if found == Verb.TRANSFER:
        return key[:1] in ("转", "轉")
    if found == Verb.REPORT:
        return label in (Verb.ACCEPT, Verb.VISIT) and key[:1] == "已"  # what has happened takes nothing on
    if found == Verb.STATUS:
        return label == Verb.NOT_DONE and answers.is_question(key)
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


def _lead_needed(key: str, label: str, found: str, pending: Pending) -> int:
    """Return by how much a label has to speak louder than every other one."""
    if label not in _BINDING:
        return _HARDLY if label in _FREE else _NEVER
    if found in _DENYING:
        return _AGAINST_A_DENIAL if (found, label) == (Verb.DISAGREE, Verb.AGREE) else _NEVER
    plain, despite = _BINDING[label]
    if label in (Verb.DONE, Verb.CLOSE) and _NOT_YET.search(key):
        return _NEVER
    if label == _SATISFIED and (rating.goes_on(key) or rating.read_score(key)[0] is not None or _DIGIT.search(key)):
        return _NEVER
    if label == _SATISFIED and _NOT_YET.search(key):
        return _NOT_YET_SATISFIED
    if label == _SATISFIED and pending is Pending.RATING:
        plain = _CLOSING
    return despite if _DECLINES.search(key) or answers.is_question(key) else plain


def _needed(key: str, label: str, found: str) -> int:
    """Return by how much another label has to speak louder than the found one."""
    if found == Verb.COMPLAIN and TROUBLE.search(key):
        return _OVER_A_THREAT if label == Verb.URGE else _OVER_TROUBLE
    if (found, label) == (Verb.NOT_DONE, Verb.REPORT):
        return _OVER_UNFINISHED
    return _OVER[found]


def reconsidered(found: Reading, item: Numbered, words: Words, role: Speaker, pending: Pending) -> Reading:
    """Return what the rules found, or what the words resemble much more."""
    rated = found[1].get("rating")
    label = meant(words.key, role, pending, f"{found[0]}:{rated}" if rated else found[0])
    if role is not Speaker.SUPERVISOR and found[0] is Verb.EXTEND and "until" in found[1]:
        return found  # a day until when: no appointment
    if item.references and (label in (Verb.AGREE, Verb.DISAGREE) or answers.is_short(item.words.key.strip(EDGES))):
        return found  # an answer to another question than ours: the conversation knows what that complaint waits for
    if (
        label in _DECISIONS
        and pending in _DECIDED
        and found[0] not in _DECISIONS
        and _says_neither(words.key, role, pending)
    ):  # what others are told as a decision is never a likeness alone: "call log" approves nothing
        return found if found[0] is not Verb.COMPLAIN or TROUBLE.search(words.key) else (Verb.UNCLEAR, item.arguments)
    return found if label is None else _reading(label, item if item.references else item.bare(), role)


def _says_neither(key: str, role: Speaker, pending: Pending) -> bool:
    """Whether words that resemble a decision say neither yes nor no: a colleague's, or few of a customer's, save loud ones."""
    bare = key.strip(EDGES)
    if wider_answers.says_either(bare):
        return False
    if role in STAFF:
        return True
    first, second, *_ = sorted(likely(key, role, pending).values(), reverse=True)
    return wider_answers.is_brief(bare, language(bare)) and first - second <= _LOUD


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
def _learned() -> tuple[Sequence[str], Mapping[str, Learned]]:
    """Return the labels by their places and, by language, what was learned of its pieces."""
    return read(LEARNED)


def get_ready() -> None:
    """Read what was learned now, so that the first who says something need not wait for it."""
    _learned()


@lru_cache(maxsize=8192)
def _packed(piece: str) -> int | None:
    """Return the weights of a piece, named with its language, in one number, each in its label's place; None: it has none."""
    columns = _columns(*piece.split("\t", 1))
    return sum(map(lshift, map(int, columns[1::2]), map(_LANES.__getitem__, columns[::2]))) if columns else None


@lru_cache(maxsize=256)
def _anyway(language: str, where: str) -> Mapping[str, int]:
    """Return the weights of a context; empty where nothing was ever said."""
    columns, (labels, _) = _columns(language, where), _learned()
    return {labels[int(place)]: int(weight) for place, weight in zip(columns[::2], columns[1::2], strict=True)}


def _columns(language: str, piece: str) -> Sequence[str]:
    """Return a label's place and weight in turn, as they are written; none where the piece never taught anything."""
    told = _learned()[1][language].get(piece)
    return told.split("\t") if told else ()
