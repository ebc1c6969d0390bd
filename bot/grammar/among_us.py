"""What colleagues say that no customer may read, by its words or by what it tells: a note before all else it may mean. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bot.grammar.arguments import Words
from bot.grammar.call_notes import noted
from bot.grammar.folding import clean, fold
from bot.grammar.for_whom import asks_to_tell_colleague
from bot.grammar.inside import grumbles, lacks_money, number_of, of_tactics
from bot.grammar.meaning import Meaning, Pending, Reading, Speaker, Verb
from bot.grammar.own_words import own_words
from bot.grammar.reading import begins_with_command
from bot.grammar.staff import GIVE_BACK
from bot.grammar.understanding import understand

_TOLD_CUSTOMERS: Final = frozenset({Verb.REPORT, Verb.NOT_DONE, Verb.DONE, Verb.PLAN, Verb.VISIT})
# Of these customers may read the reason; and what nobody understood may be a line about the complaint last spoken of.
_MAY_REACH_THEM: Final = _TOLD_CUSTOMERS | {
    Verb.EXTEND,
    Verb.HOLD,
    Verb.TRANSFER,
    Verb.UNCLEAR,
    Verb.URGE,
    Verb.STATUS,
}


def kept_among_us(words: str, role: Speaker, colleagues: Collection[str] = ()) -> Reading | None:
    """Return what colleagues say that a customer might read, and may not, as the note that it is; None where it is none.

    role: SUPERVISOR or HANDLER. colleagues: their names, by which "告诉李娜 …" is known to be for one of them. The arguments
    have `inside`, and `grumbled` where nothing but the tone forbids it.
    """
    found = own_words(words, role, Pending.NONE)
    if found is None or (found[0] is Verb.TICK and not begins_with_command(words, role)):  # "rang him, hes a moaner"
        found = _grumbled(words) or found or _for_a_colleague(words, role, colleagues)
    found = found or _of_a_call(words, role)
    return found if found is not None and "inside" in found[1] else None


def taken_for(text: str, role: Speaker, pending: Pending) -> Meaning:
    """Return what the conversation takes a text to mean that comes out of the blue: from a handler, of something in hand."""
    meant = understand(text, role, pending)
    if role is Speaker.CUSTOMER or meant.verb is Verb.NOTE:
        return meant
    kept = kept_among_us(text, Speaker.SUPERVISOR if role is Speaker.SUPERVISOR else Speaker.HANDLER)
    if kept is None or not (role is Speaker.HANDLER or "reference" in kept[1]):
        return meant
    given = {name: value for name, value in kept[1].items() if name != "grumbled"}
    return Meaning(text, kept[0], given)


def _of_a_call(words: str, role: Speaker) -> Reading | None:
    """Return what the centre notes of a call with the customer of a complaint that it names."""
    said = clean(words)
    note = noted(Words(fold(said), said)) if role is Speaker.SUPERVISOR else None
    if note is None or note[0] is not Verb.NOTE:
        return None
    meant = understand(words, role, Pending.NONE)
    return (Verb.NOTE, dict(meant.arguments)) if meant.verb is Verb.NOTE else None


def _for_a_colleague(words: str, role: Speaker, colleagues: Collection[str]) -> Reading | None:
    """Return what somebody who works on it asks to be told to a colleague; of the centre it may be an order."""
    if role is not Speaker.HANDLER or not asks_to_tell_colleague(words, colleagues):
        return None
    if begins_with_command(words, role):
        return None
    number = number_of(words)
    return Verb.NOTE, ({"reference": number} if number else {}) | {"text": words, "inside": True}


def _grumbled(words: str) -> Reading | None:
    """Return words about the customer, or our tactics, that would go to the customer and are for colleagues at most."""
    commanded = begins_with_command(words, Speaker.HANDLER)
    tactics = of_tactics(words, commanded=commanded)
    told = grumbles(words) or lacks_money(words)
    if not (tactics or told):
        return None
    meant = understand(words, Speaker.HANDLER, Pending.NONE)
    # read out of "see what he'd accept"; handed back by no word of it, only by what it resembles
    taken_on = not commanded and (
        meant.verb is Verb.ACCEPT or (meant.verb is Verb.GIVE_BACK and GIVE_BACK.search(fold(clean(words))) is None)
    )
    if meant.verb not in (_TOLD_CUSTOMERS if grumbles(words) and not tactics else _MAY_REACH_THEM) and not taken_on:
        return None
    number = meant.said("reference") or number_of(words)
    reading: dict[str, object] = {"reference": number} if number else {}
    reading |= {"text": words, "inside": True}
    return Verb.NOTE, reading if tactics else reading | {"grumbled": True}
