"""What somebody can say, in words of their own role."""

from __future__ import annotations

from bot.answers import Answer
from bot.dialogue.hints import CENTRE, roles_told
from bot.dialogue.turn import Turn
from complaints.vocabulary import Role


def tell_help(turn: Turn) -> None:
    """Say what the speaker can say: the centre and assignees as such, other colleagues by their roles."""
    roles = turn.person.roles if turn.is_staff else frozenset()
    if roles & CENTRE:
        turn.answer(Answer.HELP_CENTRE)
    elif own := roles_told(roles):
        turn.answer(Answer.HELP_ROLES, roles=",".join(own))
    else:
        turn.answer(Answer.HELP_STAFF if Role.HANDLER in roles else Answer.HELP_CUSTOMER)
