"""Colleagues who speak as a customer, or for one: of a complaint of their own, or that they brought in."""

from __future__ import annotations

from bot.dialogue.turn import Turn
from bot.grammar import Verb
from complaints.complaint import Complaint
from complaints.vocabulary import Status

_FOR_A_CUSTOMER = frozenset({Verb.ADD, Verb.URGE})
_AS_THE_CUSTOMER = frozenset({Verb.RATE, Verb.AGREE, Verb.DISAGREE, Verb.WITHDRAW}) | _FOR_A_CUSTOMER


async def speaks_for_customer(turn: Turn) -> bool:
    """Say whether a colleague who also works at the desk now speaks as a customer does, and not of their work.

    What they say by number, in a reply or in answer to a question counts where that complaint is theirs; without any of these
    only what can mean nothing else: the one complaint that waits for their rating, or that they can add to.
    """
    assert turn.meaning is not None
    verb = turn.meaning.verb
    if verb not in _AS_THE_CUSTOMER:
        return False
    theirs = await turn.work.complaints_of(turn.person.id)
    if verb in _FOR_A_CUSTOMER:
        theirs = [*theirs, *(await turn.work.entered_by(turn.person.id))]
    meant = str(turn.meaning.arguments.get("reference") or turn.named or "")
    if not meant and turn.question is not None:
        meant = turn.question.reference or ""
    if meant:
        return any(complaint.reference.endswith(meant) for complaint in theirs)
    return len({each.reference for each in theirs if _waits(each, verb)}) == 1


def _waits(complaint: Complaint, verb: Verb) -> bool:
    if verb is Verb.RATE:
        return complaint.status is Status.RESOLVED
    if verb in (Verb.AGREE, Verb.DISAGREE):
        return complaint.status is Status.PROPOSED
    return not complaint.settled
