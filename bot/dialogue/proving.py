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
_ENDING: Final[Mapping[EventKind, str]] = {
    EventKind.WITHDRAWN: "withdraw",
    EventKind.CLOSED: "close",
    EventKind.SURVEY_ANSWERED: "rate",
    EventKind.RATED: "rate",
    EventKind.PROCESS_ANSWERED: "rate",
    EventKind.PLAN_AGREED: "agree",
    EventKind.REFERRED: "agree",
    EventKind.VISIT_PROPOSED: "visit",
    EventKind.VISIT_AGREED: "visit",
    EventKind.VISIT_DECLINED: "visit",
    EventKind.VISIT_CANCELLED: "visit",
}
"""What takes proof, by the word under which the mail that asks for it names it. "contact": who they are, and where."""


class Unproven(Exception):
    """What was said takes proof of who says it, and there is none. reference: the complaint it is about, if one."""

    def __init__(self, what: str, reference: str | None = None) -> None:
        super().__init__(f"{what}: it takes proof of who writes")
        self.what = what
        self.reference = reference


def unproven(turn: Turn) -> bool:
    """Say whether nothing but the From line of a mail says who speaks."""
    return not (turn.proven or turn.capabilities.proves_sender)


def need_proof(turn: Turn, what: str) -> None:
    """Raise Unproven where nothing shows who speaks."""
    if unproven(turn):
        raise Unproven(what, turn.reference)


def _taking_proof(before: Complaint, change: Change, person: str) -> str:
    """Return what a person decided that ends, agrees to or redirects something, not what follows from it elsewhere; "" for
    anything else.
    """
    theirs, after = [event for event in change.events if event.by == person], change.complaint
    if not theirs:
        return ""
    if (before.place and after.place != before.place) or after.complainant != before.complainant:
        return "contact"
    return next((_ENDING[each.kind] for each in theirs if each.kind in _ENDING and not _free(each, before)), "")


def _free(event: Event, before: Complaint) -> bool:
    """Say whether it is no more than discontent, or the first time that is named for a visit."""
    match event.kind:
        case EventKind.RATED:
            return event.facts.get("rating") == Rating.DISSATISFIED
        case EventKind.PROCESS_ANSWERED:
            return event.facts.get("told") == "no"
    return event.kind is EventKind.VISIT_PROPOSED and before.visit is None


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


async def be_wary(turn: Turn) -> Held | None:
    """Let nothing that takes proof be recorded in this turn; None where its speaker is known. Every turn begins with it."""
    if not unproven(turn):
        return None
    row = await turn.work.person_row(turn.person.id)
    told = {name: getattr(row, name) or "" for name in _TELL_WHERE}
    held = Held(turn.conversation, turn.conversation.pending, turn.words, turn.question, turn.person.id, told)

    async def look(work: Work, change: Change) -> None:
        before = work.known_complaint(change.complaint.reference)
        if before is None or not unproven(turn):
            return
        what = _taking_proof(before, change, turn.person.id)
        if what or await held.moved(work):
            # Who would not be named is not to be found by what we ask somebody who may be they.
            hidden = before.anonymous and not turn.sealed
            raise Unproven(what or "contact", None if hidden else before.reference)

    turn.desk = turn.desk.looking(look)
    return held


async def look_after(turn: Turn, held: Held | None) -> None:
    """Raise Unproven where the turn has put somebody else's number in the place of theirs, with no complaint to record it."""
    if held is not None and unproven(turn) and await held.moved(turn.work):
        raise Unproven("contact", turn.reference)


async def ask_for_proof(turn: Turn, held: Held, refusal: Unproven) -> None:
    """Undo what the words have set, and ask their own address for them."""
    await held.put_back(turn.work)
    turn.question, turn.did, turn.reference = None, Verb.UNCLEAR, refusal.reference
    complaint = await turn.work.complaint(refusal.reference) if refusal.reference else None
    facts = {"what": refusal.what}
    # Nothing that names somebody is kept beside what is not to name them.
    if not turn.sealed and len(held.words) <= _KEPT:
        facts |= {"words": held.words, "asked": held.question.dumps() if held.question is not None else ""}
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
