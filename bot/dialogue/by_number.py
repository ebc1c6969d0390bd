"""Commands of the desk with a complaint's number, said by colleagues in whose role nobody says them. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.dialogue.for_customers import step_for_customer
from bot.dialogue.refusing import ACT_OF
from bot.grammar import Meaning, Pending, Speaker, Verb, understand
from complaints.permissions import Act, Step

LONGEST_COMMAND: Final = 40
_ASKS_HOW: Final = re.compile(r"怎么|咋|如何|为什么|[?？]|\bhow\b|\bwhat (?:do|shall|should)\b", re.IGNORECASE)
_NOT_THEIRS: Final = frozenset({Verb.UNCLEAR, Verb.AGREE, Verb.DISAGREE})
"""Of words that are a supervisor's, said by a handler: in the others what can be done is not for one alone."""


def command_by_number(words: str, speaker: Speaker, meaning: Meaning) -> tuple[Meaning, Act] | None:
    """Return what such words command, and what that would do; None where they are no such command.

    meaning: what they mean in the speaker's own role, while nothing is asked. Whoever may do it all the same, by what they have
    to do with that complaint, does it; others hear whom to ask.
    """
    if speaker not in (Speaker.EMPLOYEE, Speaker.HANDLER) or len(words) > LONGEST_COMMAND:
        return None
    if speaker is Speaker.HANDLER and meaning.verb not in _NOT_THEIRS:
        return None
    meant = understand(words, Speaker.SUPERVISOR, Pending.NONE)
    if meant.verb in (Verb.APPROVE, Verb.REJECT) and _ASKS_HOW.search(words):
        return None  # "0009 打不了电话怎么上门": a question, and no decision
    act = step_for_customer(meant) or ACT_OF.get(meant.verb)
    if meant.verb is Verb.CLOSE:
        act = Step.RESOLVE  # who works on it closes nothing: they report it done
    return (meant, act) if act is not None and meant.said("reference") else None
