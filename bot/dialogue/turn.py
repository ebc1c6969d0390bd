"""One turn of a conversation: who speaks, where, what was asked before, and the means to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.answers import Answer
from bot.desk import Desk, Via
from bot.dialogue.questions import Question
from bot.grammar import Meaning
from bot.people import Person
from bot.storage.models import AddressRow
from bot.storage.work import Work
from complaints.complaint import Actor, Complaint, Role
from complaints.taxonomy import Pack
from connectors.port import Capabilities, IncomingMessage

_UNCLEAR_WINDOW = timedelta(minutes=10)
_UNCLEAR_MAX = 5


@dataclass(slots=True)
class Turn:
    """A message being answered. proven: the sender's identity was shown, not just claimed.

    named: the complaint that the message itself points at (thread, reply, number in the subject); in_thread: not by a mere
    number, which anybody can make up. words: what was said now.
    fresh_thread: the channel keeps matters apart and this begins a new one. reference: the complaint it turned out to be
    about. asked_back: the question which complaint is meant has been put.
    """

    work: Work
    desk: Desk
    pack: Pack
    incoming: IncomingMessage
    inbox_id: int
    capabilities: Capabilities
    person: Person
    proven: bool
    via: Via
    conversation: AddressRow
    question: Question | None
    words: str
    named: str | None = None
    in_thread: bool = False
    fresh_thread: bool = False
    acknowledgement_cap: int = 20
    meaning: Meaning | None = None
    reference: str | None = None
    asked_back: bool = False
    _answers: int = 0

    @property
    def now(self) -> datetime:
        return self.desk.clock.now()

    @property
    def is_staff(self) -> bool:
        """Whether the speaker has shown to be staff."""
        return self.person.staff and self.person.active and self.proven

    @property
    def locale(self) -> str:
        return self.conversation.locale or self.person.locale or "zh"

    def as_(self, *roles: Role) -> Actor:
        """Return the speaker acting in these of their roles; a customer's role is everybody's."""
        allowed = frozenset({Role.CUSTOMER})
        if self.is_staff:
            allowed |= self.person.roles | {Role.EMPLOYEE}
        return Actor(self.person.id, frozenset(roles) & allowed if roles else allowed, self.via.channel)

    def speak_as(self, person: Person) -> None:
        """The address turned out to be this person's."""
        self.person, self.proven = person, True
        self.via = replace(self.via, person=person.id)

    def read_as_text(self) -> None:
        """Take everything that was said as the text of the command that is taken up again."""
        assert self.meaning is not None
        self.meaning = replace(self.meaning, arguments={**self.meaning.arguments, "text": self.words})

    def answer(self, kind: Answer, complaint: Complaint | None = None, **facts: str) -> None:
        """Say something back. `complaint` is what the words may speak of."""
        self._answers += 1
        reference = complaint.reference if complaint else None
        self.reference = self.reference or reference
        key = f"in/{self.inbox_id}/{self._answers}"
        self.desk.answer(self.work, self.via, kind, key, reference=reference, facts=facts)

    def answer_list(self, kind: Answer, complaints: Sequence[Complaint], **facts: str) -> None:
        self.answer(kind, None, items=",".join(c.reference for c in complaints), **facts)

    def ask(self, question: Question) -> None:
        """Remember what the next short answer will be about."""
        self.question = question
        self.conversation.pending = question.dumps()

    def settle(self) -> None:
        """The question is answered, or something else came up."""
        self.question = None
        self.conversation.pending = ""

    def unclear(self, kind: Answer) -> None:
        """One helpful answer, but never a loop: after a few in a short time the bot falls silent."""
        start = self.conversation.unclear_since
        if start is None or self.now - start > _UNCLEAR_WINDOW:
            self.conversation.unclear_since, self.conversation.unclear_count = self.now, 0
        self.conversation.unclear_count += 1
        if self.conversation.unclear_count <= _UNCLEAR_MAX:
            self.answer(kind)
