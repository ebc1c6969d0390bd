"""Commands that name their complaint: whatever we asked before, they are no answer to it. Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar import reading
from bot.grammar.meaning import Speaker, Verb

_ORDERS: Final = frozenset(
    {
        Verb.ACCEPT, Verb.ASSIGN, Verb.CLOSE, Verb.EXTEND, Verb.GIVE_BACK, Verb.GRADE, Verb.HOLD, Verb.INVALID, Verb.MERGE,
        Verb.LINK, Verb.UNLINK, Verb.APART, Verb.SPLIT, Verb.PROMISES, Verb.RESUME, Verb.STATUS, Verb.TASK_FORCE,
        Verb.TRANSFER, Verb.URGE, Verb.VALID, Verb.WHY, Verb.WITHDRAW,
    }
)  # fmt: skip
"""What is said of a complaint and answers nothing: a line, a result, a yes or no may well be what we asked for."""


def orders_by_number(text: str, role: Speaker) -> bool:
    """Say whether a text begins with the word of a command and carries a complaint's number: "结案不满意 0029 不讲理"."""
    if not reading.begins_with_command(text, role, tight=False):
        return False
    meant = reading.read(text, role)
    return meant.verb in _ORDERS and "reference" in meant.arguments
