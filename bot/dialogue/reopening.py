"""What was closed and is back: by a protest, or in a few words right after the close."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.dialogue.filing import file_own
from bot.dialogue.following import tells_nothing_of_its_own
from bot.dialogue.matters import plainly_another
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.folding import fold
from bot.grammar.patterns import deferred
from complaints import closing, customer
from complaints.complaint import Complaint
from complaints.taxonomy import OTHER
from complaints.vocabulary import Rating, Role, Status

_IS_BACK = deferred(
    r"\b(?:again|still|(?:is|it'?s|came|come|comes|coming|has come|are) back|same (?:problem|thing|issue|again)|returned)\b"
    r"|又(?!快|好)|再次|还是|还在|仍|复发|反弹|老样子|旧病"
)
_HARDLY_MORE = 40  # characters in which hardly more is told than that
_SOON = timedelta(days=3)  # after a close within which words that name nothing else are about what was closed
AT_ONCE = timedelta(hours=1)
"""The same, where something else of theirs is open."""


async def just_closed(turn: Turn, mine: Sequence[Complaint]) -> Complaint | None:
    """Return what was closed so lately that a protest which names nothing else is about it: "no, it does not work!"."""
    named = turn.named or (turn.meaning and turn.meaning.arguments.get("reference"))
    if named or not tells_nothing_of_its_own(turn, turn.words):
        return None
    within = AT_ONCE if any(complaint.going_on for complaint in mine) else _SOON
    lately = [
        (complaint.closed_at, complaint.reference, complaint)
        for complaint in mine
        if complaint.status is Status.CLOSED and complaint.closed_at and turn.now - complaint.closed_at <= within
    ]
    if not lately:
        return None
    complaint = max(lately)[2]
    terms = await turn.desk.terms(turn.work, complaint)
    return complaint if customer.may_reopen(complaint, terms, turn.now) else None


async def back_again(turn: Turn, mine: Sequence[Complaint]) -> Complaint | None:
    """Return what was closed lately where a few words say that it is back, "nope, hurts again", and nothing else is open."""
    said = fold(turn.words)
    if turn.named is not None or turn.in_danger or len(said) > _HARDLY_MORE or not _IS_BACK.search(said):
        return None
    if turn.fresh_thread or any(complaint.going_on for complaint in mine):
        return None
    ended = [c for c in mine if c.complainant == turn.person.id and c.closed_at and turn.now - c.closed_at <= _SOON]
    last = max(ended, key=lambda c: (c.closed_at, c.reference), default=None)
    if last is None or last.status is not Status.CLOSED:
        return None
    if turn.pack.guess(turn.words) not in (OTHER, last.category) or await plainly_another(turn, turn.words, [last]):
        return None
    return last


async def protested(turn: Turn) -> Complaint | None:
    """Return what was closed lately, where words would be discontent if its question were still open."""
    mine = await turn.work.complaints_of(turn.person.id)
    if (closed := await back_again(turn, mine)) is not None:
        return closed
    meant = understand(turn.words, Speaker.CUSTOMER, Pending.RATING)
    if meant.verb is not Verb.RATE or meant.arguments.get("rating") != Rating.DISSATISFIED:
        return None
    return await just_closed(turn, mine)


async def again(turn: Turn, complaint: Complaint) -> None:
    """The trouble of a closed complaint is back: it goes back to work, or after the policy's days is a new one, linked."""
    terms = await turn.desk.terms(turn.work, complaint)
    if customer.may_reopen(complaint, terms, turn.now):
        change = closing.reopen(complaint, turn.words, turn.as_(Role.CUSTOMER), terms, turn.now)
        turn.reference = (await turn.desk.record(turn.work, change)).reference
    else:
        await file_own(turn, turn.words, complaint)


async def discontent(turn: Turn) -> bool:
    """Trouble told about a complaint that was closed lately and is answered by name: it goes back to work."""
    complaint = await turn.work.complaint(turn.named) if turn.named is not None else None
    if complaint is None or complaint.complainant != turn.person.id or complaint.status is not Status.CLOSED:
        return False
    await again(turn, complaint)
    return True
