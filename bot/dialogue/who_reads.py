"""Who reads what is said here, what a number is wanted for, who complained: answered as it is, whatever waits."""

from __future__ import annotations

from bot.answers import Answer
from bot.dialogue.turn import Turn
from bot.grammar import Verb
from bot.grammar.who_reads import Asked, asks, asks_who_told


async def tells_who_reads(turn: Turn) -> bool:
    """Answer who asks it; False where the words tell, or ask, anything else. Nobody else reads the question."""
    incoming = turn.incoming
    if not turn.to_us or incoming.attachments or (turn.fresh_thread and incoming.subject):
        return False
    asked = asks(turn.words)
    if turn.is_staff and (asked is Asked.READERS or asks_who_told(turn.words)):
        turn.answer(Answer.WHO_READS, None, employee="yes", **_waits(turn))
    elif asked in (Asked.READERS, Asked.NUMBER) and not turn.is_staff:
        mine = [each for each in await turn.work.complaints_of(turn.person.id) if each.going_on]
        meant = [each for each in mine if each.reference == turn.named] or mine
        newest = max(meant, key=lambda each: each.received_at, default=None)
        number = {"number": "yes"} if asked is Asked.NUMBER else {}
        turn.answer(Answer.WHO_READS, newest, **number, **_waits(turn))
    else:
        return False
    turn.did = Verb.HELP
    return True


def _waits(turn: Turn) -> dict[str, str]:
    return {"waits": "yes"} if turn.question is not None and not turn.question.only_offers else {}
