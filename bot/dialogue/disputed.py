"""A customer who was told that nobody found them says that nobody came: those above hear it, and they read an honest word."""

from __future__ import annotations

from bot.dialogue.turn import Turn
from bot.grammar import Verb
from bot.grammar.at_the_door import says_nobody_came
from bot.grammar.visiting import Came, came
from complaints import visits
from complaints.complaint import Complaint
from complaints.vocabulary import Role


async def take_dispute(turn: Turn) -> bool:
    """Take words by which somebody says that they were there and nobody came; False where nobody told them otherwise."""
    if turn.room is not None or not says_nobody_came(turn.words):
        return False
    mine = [
        each
        for each in await turn.work.complaints_of(turn.person.id)
        if each.going_on and turn.named in (None, each.reference) and _told_away(turn, each)
    ]
    if not mine:
        return False
    complaint = max(mine, key=lambda each: each.last_progress_at or each.received_at)
    terms = await turn.desk.terms(turn.work, complaint)
    change = visits.disputed(complaint, turn.words, turn.as_(Role.CUSTOMER), terms, turn.now)
    turn.reference, turn.did = (await turn.desk.record(turn.work, change)).reference, Verb.ADD
    return True


def _told_away(turn: Turn, complaint: Complaint) -> bool:
    """Say whether the customer was told that they were not there: of a visit agreed, or as the last news."""
    if visits.disputable(complaint, turn.now) is not None:
        return True
    told_at = complaint.last_progress_at
    lately = told_at is not None and turn.now - told_at <= visits.DISPUTED_WITHIN
    return lately and came(complaint.last_progress) is Came.AWAY
