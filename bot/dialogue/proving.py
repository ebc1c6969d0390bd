"""What is not done because a mail says From: it ends, gives away or redirects something of a customer's.

A channel may not prove who writes. There such words are shown to the customer's own address, in a mail that carries our
signed id; a plain yes that answers that very mail does what they say, with the question that they answered. Without it
nothing changes.
What only adds to a complaint, presses for it, or says that somebody is not satisfied needs no proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.answers import Answer
from bot.desk import Desk
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, understand
from bot.storage.models import AddressRow
from bot.storage.work import Work
from complaints.change import Change, Event, EventKind
from complaints.complaint import Complaint
from complaints.vocabulary import Rating

_PROOF: Final = "proof"
_KEPT: Final = 2_000  # characters of words that one mail may bring back
_TELL_WHERE: Final = ("phone", "name", "place", "email")
_ENDING: Final = frozenset(
    {
        EventKind.WITHDRAWN, EventKind.CLOSED, EventKind.PLAN_AGREED, EventKind.REFERRED, EventKind.SURVEY_ANSWERED,
        EventKind.VISIT_AGREED, EventKind.VISIT_DECLINED, EventKind.VISIT_CANCELLED,
    }
)  # fmt: skip


class Unproven(Exception):
    """What was said takes proof of who says it, and there is none. reference: the complaint it is about, if one."""

    def __init__(self, reference: str | None = None) -> None:
        super().__init__("it takes proof of who writes")
        self.reference = reference


def unproven(turn: Turn) -> bool:
    """Say whether nothing but the From line of a mail says who speaks."""
    return not (turn.proven or turn.capabilities.proves_sender)


def need_proof(turn: Turn) -> None:
    """Raise Unproven where nothing shows who speaks."""
    if unproven(turn):
        raise Unproven(turn.reference)


def _takes_proof(before: Complaint, change: Change, person: str) -> bool:
    """Say whether what a person decided ends, agrees to or redirects something; not what follows from it elsewhere."""
    theirs = [event for event in change.events if event.by == person]
    after = change.complaint
    redirected = (bool(before.place) and after.place != before.place) or after.complainant != before.complainant
    return bool(theirs) and (redirected or any(_ends(each, before) for each in theirs))


def _ends(event: Event, before: Complaint) -> bool:
    match event.kind:
        case EventKind.RATED:
            return event.facts.get("rating") != Rating.DISSATISFIED
        case EventKind.PROCESS_ANSWERED:
            return event.facts.get("told") != "no"
        case EventKind.VISIT_PROPOSED:
            return before.visit is not None  # another time than the one that was named
    return event.kind in _ENDING


@dataclass(frozen=True, slots=True)
class Held:
    """How things stood before words of which nothing shows who said them; `words` and `question` as they came."""

    conversation: AddressRow
    pending: str
    words: str
    question: Question | None
    person: str
    told: Mapping[str, str]

    async def moved(self, work: Work) -> bool:
        """Say whether what is known of who they are, or where they are reached, was put in the place of something else."""
        row = await work.person_row(self.person)
        return row is not None and any(was and getattr(row, name) != was for name, was in self.told.items())

    async def put_back(self, work: Work) -> None:
        row = await work.person_row(self.person)
        assert row is not None
        for name, was in self.told.items():
            if was and getattr(row, name) != was:
                setattr(row, name, was)
        self.conversation.pending = self.pending


class _WaryDesk(Desk):
    """The desk, for a turn whose speaker may be anybody: what takes proof is not recorded. Raises Unproven instead."""

    def __init__(self, desk: Desk, turn: Turn, held: Held) -> None:
        self.__dict__.update(desk.__dict__)
        self._turn, self._held = turn, held

    async def record(self, work: Work, change: Change) -> Complaint:
        before = work.known_complaint(change.complaint.reference)
        if before is None or not unproven(self._turn):
            return await super().record(work, change)
        if _takes_proof(before, change, self._turn.person.id) or await self._held.moved(work):
            raise Unproven(before.reference)
        return await super().record(work, change)


async def be_wary(turn: Turn) -> Held | None:
    """Let nothing that takes proof be recorded in this turn; None where its speaker is known. Every turn begins with it."""
    if not unproven(turn):
        return None
    row = await turn.work.person_row(turn.person.id)
    told = {name: getattr(row, name) or "" for name in _TELL_WHERE}
    held = Held(turn.conversation, turn.conversation.pending, turn.words, turn.question, turn.person.id, told)
    turn.desk = _WaryDesk(turn.desk, turn, held)
    return held


async def look_after(turn: Turn, held: Held | None) -> None:
    """Raise Unproven where the turn has put somebody else's number in the place of theirs, with no complaint to record it."""
    if held is not None and unproven(turn) and await held.moved(turn.work):
        raise Unproven(turn.reference)


async def ask_for_proof(turn: Turn, held: Held, refusal: Unproven) -> None:
    """Undo what the words have set, and ask their own address for them."""
    await held.put_back(turn.work)
    turn.question, turn.did = None, Verb.UNCLEAR
    complaint = await turn.work.complaint(refusal.reference) if refusal.reference else None
    facts = {}
    if (
        not turn.sealed and len(held.words) <= _KEPT
    ):  # nothing that names somebody is kept beside what is not to name them
        facts = {"words": held.words, "asked": held.question.dumps() if held.question is not None else ""}
    turn.answer(Answer.PROVE_WISH, complaint, **facts)


def proof_asked(reference: str | None, facts: Mapping[str, str]) -> Question:
    """Return the question that such a mail of ours puts. Only what answers that very mail answers it."""
    return Question(Pending.YES_NO, reference, {"for": _PROOF, **facts})


async def take_proof(turn: Turn) -> bool:
    """Let the words that waited for proof be said now, by whoever answers our mail; True where they are not to be."""
    asked = turn.question
    if asked is None or asked.data.get("for") != _PROOF:
        return False
    turn.question = Question.loads(str(asked.data.get("asked") or ""))
    words = str(asked.data.get("words") or "")
    if unproven(turn):
        turn.question = None
        return False
    meant = understand(turn.words, Speaker.CUSTOMER, Pending.YES_NO).verb if words else Verb.UNCLEAR
    if meant is Verb.DISAGREE:
        turn.question, turn.did = None, Verb.DISAGREE
        complaint = await turn.work.complaint(asked.reference) if asked.reference else None
        turn.answer(Answer.WISH_DROPPED, complaint)
        return True
    if meant is Verb.AGREE:
        turn.words, turn.fresh_thread = words, False
    return False
