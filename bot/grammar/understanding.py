"""The one place that says what a text means: the conversation and `complaintbot understand` both ask here. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from bot.grammar import leave, rating, reading
from bot.grammar.folding import clean, fold
from bot.grammar.meaning import DESK_WORDS, Meaning, Pending, Speaker, Verb
from bot.grammar.orders import orders_by_number
from bot.grammar.own_words import is_ordinary_too, own_words
from bot.grammar.patterns import regex
from bot.grammar.surveys import Ask, read_reply
from bot.grammar.told import told

_SURVEYED: Final = {
    Pending.SURVEY_RATING: Ask.RATING,
    Pending.SURVEY_SCORE: Ask.SCORE,
    Pending.SURVEY_YES_NO: Ask.YES_NO,
    Pending.SURVEY_CHOICE: Ask.CHOICE,
    Pending.SURVEY_TEXT: Ask.TEXT,
}
_STARTS: Final = regex(
    r"\W*(?:\d{4,8}\W+)?(?:请|现在|马上|立即|立刻|需要)*(?:启动|激活|启用|activate\b|launch\b|trigger\b)", re.IGNORECASE
)
"""What begins so sets something in motion: that the speaker takes a task on is never guessed from it."""
_SAID_AGAIN: Final = 24  # characters of what many say word for word: "进度怎么样了?", "满意", "done"
_REMEMBERED: Final = 2048
_SAID_NOW: Final = 16
"""Longer texts that are remembered: the conversation asks several times what the same words mean, then never again."""


def understand(
    text: str,
    role: Speaker = Speaker.CUSTOMER,
    pending: Pending = Pending.NONE,
    options: Sequence[Sequence[str]] = (),
    *,
    guess: bool = True,
) -> Meaning:
    """Return what `text` means from somebody of `role` while our question `pending` is open. Never raises.

    Pure and linear in the length of the text. Which complaint is meant, and whether the person may do it, is for the
    caller to find out. options: of a question that offers some, the words of each, in every language. guess: what no
    rule knows may be what it resembles.
    """
    if options:
        return _understood(text, role, pending, options, guess=guess)
    remembered = _said_now if len(text) > _SAID_AGAIN else _said_again
    return remembered(text, role, pending, guess=guess)


def _without_options(text: str, role: Speaker, pending: Pending, *, guess: bool) -> Meaning:
    return _understood(text, role, pending, (), guess=guess)


_said_again: Final = lru_cache(maxsize=_REMEMBERED)(_without_options)
_said_now: Final = lru_cache(maxsize=_SAID_NOW)(_without_options)


def _understood(
    text: str, role: Speaker, pending: Pending, options: Sequence[Sequence[str]], *, guess: bool
) -> Meaning:
    if pending is not Pending.NONE and orders_by_number(text, role):
        pending = Pending.NONE
    if role is not Speaker.CUSTOMER and leave.is_soon_back(clean(text)):
        return Meaning(text, Verb.UNCLEAR, {})
    found = own_words(text, role, pending)

    def resembles() -> bool:
        """What the desk has a word for resembles nothing else, whoever says it."""
        known = found if found or role is Speaker.SUPERVISOR else own_words(text, Speaker.SUPERVISOR, Pending.NONE)
        # "we sorted it between us", "I know people on television": to a customer it is no word of the desk's
        return known is None or (role is Speaker.CUSTOMER and not known[1].keys().isdisjoint(("inside", "press")))

    ordinary = reading.read(text, role, pending, guess=guess and (resembles if found is None else resembles()))
    if ordinary.verb is Verb.ACCEPT and role is not Speaker.CUSTOMER and _STARTS.match(clean(text)):
        ordinary = Meaning(text, Verb.UNCLEAR, {})
    ill = ordinary.arguments.get("rating") == rating.Rating.DISSATISFIED
    if (ill or (pending is Pending.RATING and ordinary.verb is Verb.COMPLAIN)) and rating.is_there_again(
        fold(clean(text))
    ):
        ordinary = Meaning(text, Verb.UNCLEAR, {})  # asked again: that water is back is no complaint
    if (answer := _answered(text, pending, options)) is not None:
        return replace(answer, other=ordinary)
    if found is None:
        return ordinary
    own = Meaning(text, *found)
    if is_ordinary_too(own, ordinary, role, pending):
        return replace(ordinary, other=own)
    return replace(own, other=ordinary) if own.verb in DESK_WORDS else own


def _answered(text: str, pending: Pending, options: Sequence[Sequence[str]]) -> Meaning | None:
    """Return the answer to a question whose answers have rules of their own."""
    if pending is Pending.TOLD:
        said = told(text)
        return None if said is None else Meaning(text, Verb.AGREE if said else Verb.DISAGREE, {"told": said})
    if pending not in _SURVEYED:
        return None
    reply = read_reply(text, _SURVEYED[pending], options)
    if reply is None:
        return None
    given: dict[str, object] = {"value": reply.value} if reply.value else {}
    given |= {"free": True} if reply.free else {}
    given |= {"alarming": True} if reply.alarming else {}
    return Meaning(text, Verb.SKIP if reply.skipped else Verb.FACT, given)
