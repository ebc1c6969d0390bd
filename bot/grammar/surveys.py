"""Answers to the further questions of a survey, and what a colleague reports of a call-back by phone. Pure, like the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.grammar import answers, rating
from bot.grammar.folding import normalise
from bot.grammar.meaning import Pending, Speaker, Verb
from bot.grammar.patterns import regex
from bot.grammar.reading import read
from complaints.numbers import FULL

_SKIP: Final = regex(
    r"(?:先?跳过|略过?|不想(?:说|答|回答|填)|不方便(?:说|答)?|以后再说|下一[个题]|"
    r"skip(?: it| this)?|pass|next|(?:i'?d )?(?:rather|prefer) not(?: to)?(?: say| answer)?|no comment)[ .!~了吧哦]*"
)
_NOT_REACHED: Final = regex(
    r"(?:未|没有?|无法)(?:能)?(?:接通|打通|联系上|联系到)|(?:没|无|一直没|都没)人?(?:人接|接听?|应答|接电话)|打不通|"
    r"联系不[上到]|"
    r"不接(?!受)(?:电话|听)?|无人接听|关机|停机|空号|占线|拒接|挂断"
    r"|\bno (?:answer|reply|one (?:answered|picked up))\b|\bnobody (?:answered|picked up)\b|\b(?:un|not )reach(?:ed|"
    r"able)\b"
    r"|\b(?:did|does|do|was|could)(?:n'?t| not) (?:answer|pick(?: up)?|reach|get through|reached)\b|\bvoice ?mail\b|"
    r"\b(?:line )?(?:busy|engaged)\b|\bswitched off\b|\bwrong number\b"
)
_CALLED: Final = regex(
    r"[ #/]*(?:我?(?:已经?|电话)*(?:电话)?回访(?:过了|完了|过|完|了)?|called back|phoned back|call-?back(?: done)?)"
    r"(?:(?=[^a-z])|$)[ ,.:]*(?:with |on |for )?"
    rf"(?:#|no\.? ?)?(?P<number>{FULL}|\d{{1,8}}(?!\d))?[ ,.:]*(?P<rest>.*)",
    re.DOTALL,
)
_TO_CALL: Final = regex(
    r"(?:please |pls |can you |to )?(?:call|ring|phone) "
    rf"(?:back(?: (?:to )?(?:case |#|no\.? ?)?(?P<en>{FULL}|\d{{4}}))"
    rf"|(?:case |#|no\.? ?)?(?P<mid>{FULL}|\d{{4}}) back)(?: please| now| today)?[ .!]*"
    rf"|(?P<zh>{FULL}|\d{{4}})[ ,:]*(?:请|去|要)?(?:电话)?(?:回访|回电)(?:一下|客户)?[吧 .!]*"
    rf"|回电[ :]*(?P<last>{FULL}|\d{{4}})[ .!]*"
)
"""A call-back by number that has yet to be made, or whose outcome is not said: it is asked."""
_DISCONTENT_ALONE: Final = regex(
    r"(?:还是|我|很|非常|太|真的|就是)*(?:不满意|不满|差评)[了啊呀 !.~]*|"
    r"(?:i'?m |i am |still |very )*(?:not (?:satisfied|happy)|dissatisfied|unsatisfied|unhappy)[ !.]*"
)
_WISHES: Final = frozenset(
    {Verb.PERSON, Verb.WITHDRAW, Verb.STOP, Verb.HELP, Verb.LIST, Verb.MY_DATA, Verb.ERASE_ME, Verb.COMPLAIN,
     Verb.STATUS, Verb.URGE, Verb.LANGUAGE, Verb.BIND, Verb.THANKS}
)  # fmt: skip
_LONGEST: Final = 2000


class Ask(StrEnum):
    """How a question of a survey is answered; the words of `complaints.policy.questionnaires.QuestionType`."""

    RATING = "rating"
    SCORE = "score"
    YES_NO = "yes_no"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. value: a rating, "1" to "5", "yes" or "no", the number of an option from 1, or words; "" where skipped.

    free: words where an option was to be chosen. alarming: they tell of trouble that goes on, or of discontent.
    """

    value: str
    skipped: bool = False
    free: bool = False
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call-back. number: of the complaint, "" where none was named. rating: None where nobody was reached.

    understood: false where the words say neither. agreed: what they said to a plan, where the words say that.
    """

    number: str
    rating: str | None = None
    score: int | None = None
    comment: str = ""
    understood: bool = True
    agreed: bool | None = None


def read_reply(text: str, ask: Ask, options: Sequence[Sequence[str]] = ()) -> Reply | None:
    """Return what `text` answers to a question of a survey; None where it is no answer but something of its own.

    options: the words of each, in every language. What is denied is looked for before what is affirmed.
    """
    said = text.strip()[:_LONGEST]
    key = normalise(said)
    if not key or answers.is_thanks(key):
        return None
    if _SKIP.fullmatch(key):
        return Reply("", skipped=True)
    return {
        Ask.RATING: _rated,
        Ask.SCORE: _scored,
        Ask.YES_NO: _yes_or_no,
        Ask.CHOICE: lambda said: _chosen(said, options),
        Ask.TEXT: _told,
    }[ask](said)


def _rated(said: str) -> Reply | None:
    meaning = read(said, Speaker.CUSTOMER, Pending.RATING, guess=False)
    return Reply(str(meaning.arguments["rating"])) if meaning.verb is Verb.RATE else None


def _scored(said: str) -> Reply | None:
    meaning = read(said, Speaker.CUSTOMER, Pending.RATING, guess=False)
    if meaning.verb is not Verb.RATE:
        return None
    of_words = {rating.Rating.SATISFIED: 5, rating.Rating.NEUTRAL: 3, rating.Rating.DISSATISFIED: 1}
    score = meaning.arguments.get("score") or of_words[rating.Rating(str(meaning.arguments["rating"]))]
    return Reply(str(score))


def _yes_or_no(said: str) -> Reply | None:
    if rating.read_score(normalise(said))[0] is not None:
        return None  # "1" may be the worst of five as well as the first of two
    spoken = rating.read_words(normalise(said))
    if spoken is not None and spoken[0] is rating.Rating.DISSATISFIED:
        return Reply("no", alarming=True)
    if spoken is not None and spoken[0] is rating.Rating.NEUTRAL:
        return None  # "没有不满意" begins like a no
    judged = read(said, Speaker.CUSTOMER, Pending.YES_NO, guess=False).verb
    if judged is Verb.DISAGREE:
        return Reply("no", alarming=True)
    key = normalise(said)
    if answers.BUT.search(key) or answers.is_question(key) or rating.goes_on(key):
        return None  # "yes, but …" and "what do you think?" are asked again
    good = spoken is not None and spoken[0] is rating.Rating.SATISFIED
    return Reply("yes") if good or judged is Verb.AGREE else None


def _chosen(said: str, options: Sequence[Sequence[str]]) -> Reply | None:
    meaning = read(said, Speaker.CUSTOMER, Pending.MENU, guess=False)
    if meaning.verb is Verb.CHOOSE:
        number = int(str(meaning.arguments.get("choice") or 0))
        return Reply(str(number)) if 1 <= number <= len(options) else None
    key = normalise(said)
    named = [
        number
        for number, words in enumerate(options, 1)
        if any(normalise(word) in key or (len(key) > 1 and key in normalise(word)) for word in words)
    ]
    if len(named) == 1 and len(key) <= 2 * max(len(word) for word in options[named[0] - 1]):
        return Reply(str(named[0]))
    told = _told(said)
    return Reply(told.value, told.skipped, free=not told.skipped, alarming=told.alarming) if told else None


def _told(said: str) -> Reply | None:
    meaning = read(said, Speaker.CUSTOMER, Pending.FACTS, guess=False)
    if meaning.verb in (Verb.SKIP, Verb.UNCLEAR):  # "没有", "ok"
        return Reply("", skipped=True)
    if meaning.verb in _WISHES:
        return None
    plain = read(said, Speaker.CUSTOMER, Pending.NONE, guess=False)
    discontent = plain.verb is Verb.RATE and plain.arguments.get("rating") == rating.Rating.DISSATISFIED
    if _DISCONTENT_ALONE.fullmatch(normalise(said)):
        return None  # said of the whole, not in answer to this
    spoken = rating.read_words(normalise(said))
    trouble = spoken is not None and spoken[0] is rating.Rating.DISSATISFIED
    # To press alone is no trouble: "早点来就好" says what to do better.
    return Reply(said, alarming=discontent or trouble or plain.verb is Verb.COMPLAIN)


def _agreed(said: str) -> bool | None:
    verb = read(said, Speaker.CUSTOMER, Pending.PLAN, guess=False).verb
    return verb is Verb.AGREE if verb in (Verb.AGREE, Verb.DISAGREE) else None


def read_call(text: str) -> Called | None:
    """Return what a colleague reports of a call-back ("已回访 0001 满意"); None where they report none."""
    said = text.strip()[:_LONGEST]
    found = _CALLED.fullmatch(normalise(said))
    if found is None:
        to_call = _TO_CALL.fullmatch(normalise(said))
        number = next((each for each in to_call.groups() if each), "") if to_call is not None else ""
        return Called(number.upper(), understood=False) if to_call is not None else None
    number, rest = (found["number"] or "").upper(), found["rest"].strip(" ,.!:~")
    if _NOT_REACHED.search(rest):
        return Called(number)
    meaning = read(rest, Speaker.CUSTOMER, Pending.RATING, guess=False)
    if meaning.verb is not Verb.RATE:
        return Called(number, understood=False, agreed=_agreed(rest))
    score = meaning.arguments.get("score")
    return Called(
        number,
        str(meaning.arguments["rating"]),
        int(str(score)) if score else None,
        str(meaning.arguments.get("comment") or ""),
        agreed=False if _agreed(rest) is False else None,  # to be satisfied is not yet to accept a plan
    )
