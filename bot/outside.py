"""Answers outside every thread: a new mail that says "是", "满意" or "5" and nothing else begins no matter of its own.

It answers what we asked its sender. Where several of their complaints wait for such an answer, they are asked which is meant.
What nothing shows them to have written is understood so, and not done (`bot/dialogue/proving.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.dialogue.questions import Question
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.customer import TROUBLE
from bot.grammar.folding import fold
from bot.people import Person
from bot.storage.work import Work
from complaints.complaint import Complaint
from complaints.taxonomy import OTHER, Pack
from complaints.vocabulary import Status
from connectors.port import IncomingMessage

_LONGEST: Final = 30  # characters of an answer that is one and nothing else
_ANSWERS: Final = frozenset({Verb.RATE, Verb.AGREE, Verb.DISAGREE})
_ASKED_IN: Final = {Status.RESOLVED: Pending.RATING, Status.PROPOSED: Pending.PLAN}


async def answered_outside(
    work: Work, incoming: IncomingMessage, person: Person, words: str, last: Question | None, pack: Pack
) -> Question | None:
    """Return the question that a mail outside every thread does nothing but answer, about no complaint in particular where
    several wait for such an answer; None where it is about something else. last: what was asked last.
    """
    if person.staff or incoming.attachments or not 0 < len(words) <= _LONGEST:
        return None
    if any(pack.guess(text) != OTHER or TROUBLE.search(fold(text)) for text in (words, incoming.subject or "")):
        return None
    open_questions = _open(await work.complaints_of(person.id), last)
    found = [each for each in open_questions if understand(words, Speaker.CUSTOMER, each.pending).verb in _ANSWERS]
    if len(found) < 2:
        return found[0] if found else None
    kinds = {each.ask for each in found}
    return Question(kinds.pop() if len(kinds) == 1 else Pending.NONE)


def _open(mine: list[Complaint], last: Question | None) -> Iterator[Question]:
    """Yield what waits for an answer: the last question about a complaint, and what each complaint itself waits for."""
    for complaint in mine:
        if last is not None and last.reference == complaint.reference and complaint.going_on:
            yield last
        elif complaint.status in _ASKED_IN:
            yield Question(_ASKED_IN[complaint.status], complaint.reference)
