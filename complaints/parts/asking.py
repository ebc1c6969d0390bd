"""What the customer is asked and offered: surveys, questions on the way, visits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from complaints.vocabulary import (
    Rating,
    Side,
    VisitState,
)


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """What was answered to one question of a questionnaire, by whom; skipped: they would rather not say."""

    question: str
    value: str
    at: datetime
    by: str | None
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt to ask. how: chat or phone; by: who phoned; reached: whether the customer was there to be asked."""

    at: datetime
    how: str
    by: str | None = None
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Survey:
    """The question of one round: is the customer satisfied? Silence is `expired_at`, never a rating.

    rated_by: who told us, where that is a colleague who asked by phone. questionnaire: `name@version`, what else is asked
    after the rating; asked: the id of the question that waits for an answer; answers: to those that were asked. tries: each
    time that the customer was asked; phoned: for how many days the centre has been asked to phone.
    """

    round: int
    asked_at: datetime
    reminded_at: datetime | None = None
    answered_at: datetime | None = None
    expired_at: datetime | None = None
    rating: Rating | None = None
    score: int | None = None
    comment: str = ""
    rated_by: str | None = None
    questionnaire: str = ""
    asked: str = ""
    answers: tuple[SurveyAnswer, ...] = ()
    tries: tuple[Try, ...] = ()
    phoned: int = 0

    @property
    def open(self) -> bool:
        return self.answered_at is None and self.expired_at is None

    def answer(self, question: str) -> str | None:
        """Return what was answered to a question; None where it was not."""
        return next((a.value for a in self.answers if a.question == question and not a.skipped), None)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time for a visit. by: the side that named it; at: when it did."""

    start: datetime
    end: datetime
    by: Side
    at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment (R-035). slot: the time agreed, or while it is only proposed, the one named last. offer: another time that
    one side wants instead of the agreed one, which stays until the other says yes.

    task: of whose assignee it was arranged, 0 before there was one. history: the times that were named before, oldest first.
    sequence: grows with every change that calendars have to learn of. asked: how often the outcome was asked for. outcome: what
    came of it, in a line. missed_by: the side that was not there.
    """

    number: int
    task: int
    state: VisitState
    slot: Slot
    offer: Slot | None = None
    history: tuple[Slot, ...] = ()
    sequence: int = 0
    agreed_at: datetime | None = None
    asked: int = 0
    outcome: str = ""
    missed_by: Side | None = None

    @property
    def open(self) -> bool:
        return self.state in (VisitState.PROPOSED, VisitState.CONFIRMED)

    def called_off(self, why: str = "") -> Visit:
        """Return the visit as cancelled; calendars that know of it have to learn that."""
        known = self.agreed_at is not None
        return replace(
            self, state=VisitState.CANCELLED, offer=None, sequence=self.sequence + known, outcome=why or self.outcome
        )

    @property
    def pending(self) -> Slot | None:
        """The time that waits for a yes, if one does."""
        return self.slot if self.state is VisitState.PROPOSED else self.offer

    @property
    def awaits(self) -> Side | None:
        """Who has to say yes, if anybody."""
        return self.pending.by.other if self.open and self.pending is not None else None


@dataclass(frozen=True, slots=True)
class ProcessCallback:
    """What the customer was asked while the work went on (R-062). answers: yes or no, to the first so many questions."""

    round: int
    asked_at: datetime
    questions: tuple[str, ...]
    answers: tuple[bool, ...] = ()
    ended_at: datetime | None = None

    @property
    def waiting_for(self) -> str | None:
        """The question that waits for an answer; None once it is over."""
        return self.questions[len(self.answers)] if self.ended_at is None else None

    @property
    def denied(self) -> tuple[str, ...]:
        """The questions that were answered with no: what the customer still has to be told."""
        return tuple(asked for asked, told in zip(self.questions, self.answers, strict=False) if not told)
