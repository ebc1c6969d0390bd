"""Words that may be about a complaint which only a newer version can read: they are left to it."""

from __future__ import annotations

from datetime import timedelta

from bot.dialogue.set_aside import numbers_said
from bot.dialogue.turn import Turn
from bot.grammar import Verb
from bot.storage.work import Newer

_CLOSED_LATELY = timedelta(days=30)  # "broken again": no shipped profile lets one be opened again later
_OF_NONE = frozenset(
    {Verb.LIST, Verb.HELP, Verb.THANKS, Verb.BIND, Verb.LANGUAGE, Verb.RATES, Verb.ON_DUTY, Verb.SET_DUTY, Verb.AWAY,
     Verb.LEAVE, Verb.COMPLAIN_FOR, Verb.FORM, Verb.DRILL, Verb.PHRASE, Verb.BOARD}
)  # fmt: skip
"""What a colleague says that is about no complaint, or about all they have."""


def leave_to_newer(turn: Turn) -> None:
    """Raise Newer, so that nothing of this turn is done, where the words may be about a complaint that was passed over.

    Understood without it they would be taken to be about another one, or about none. Who names another, by its number or by
    answering a message of it, means that; danger is taken in at once, whatever else it may be about.
    """
    long_ago = turn.now - _CLOSED_LATELY
    left = sorted(each for each, at in turn.work.passed_over.items() if at is None or at > long_ago)
    if not left or turn.in_danger or _names_another(turn):
        return
    if turn.is_staff and (turn.meaning is None or turn.meaning.verb in _OF_NONE):
        return
    raise Newer(f"message {turn.inbox_id} may be about {left[0]}, which only a newer version can read", left[0])


def _names_another(turn: Turn) -> bool:
    meant = turn.reference
    return meant is not None and (turn.named == meant or any(map(meant.endswith, numbers_said(turn.words))))
