"""One turn of a conversation: who speaks, where, what was asked before, and the means to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.answers import Answer
from bot.desk import Desk, Via
from bot.dialogue.hints import hinted, roles_told
from bot.dialogue.questions import ASKED_BACK, Question, put
from bot.grammar import Meaning, Verb
from bot.people import Person
from bot.storage.models import AddressRow
from bot.storage.work import Work
from complaints.complaint import Complaint
from complaints.parts.actors import SYSTEM, Actor
from complaints.taxonomy import Pack
from complaints.vocabulary import Role
from connectors.port import Capabilities, IncomingMessage

_UNCLEAR_WINDOW = timedelta(minutes=10)
_UNCLEAR_MAX = 5
_UNCLEAR_MAX_ASKED = 20  # of staff whose word is waited for: silence looks as if it had been taken
# What is said to be friendly or helpful: out of place where people talk among themselves.
_SMALL_TALK = frozenset(
    {Answer.UNCLEAR_CUSTOMER, Answer.UNCLEAR_STAFF, Answer.THANKS, Answer.HELP_CUSTOMER, Answer.HELP_STAFF,
     Answer.HELP_CENTRE, Answer.HELP_ROLES, Answer.WHAT_WE_ARE, Answer.EMPTY_MESSAGE, Answer.WHAT_ABOUT, Answer.NOTHING_TO_RATE,
     Answer.NOTHING_TO_ANSWER, Answer.NOT_STAFF}
)  # fmt: skip


@dataclass(slots=True)
class Turn:
    """A message being answered. proven: the sender's identity was shown, not just claimed.

    named: the complaint that the message itself points at (thread, reply, number in the subject); in_thread: not by a mere
    number, which anybody can make up. words: what was said now.
    fresh_thread: the channel keeps matters apart and this begins a new one. reference: the complaint it turned out to be
    about. asked_back: the question which complaint is meant has been put. in_danger: a customer tells of danger; unplaced: and
    it is not clear of which complaint, which they are not asked.
    via: where answers go, in a group the private chat with the speaker. room: the group. private_open: they can be written to
    there. caught_up: they have just opened that chat, and what waited for it follows. start_link: what opens it. held_back:
    something could not be said for want of it. max_file_bytes: of a file we keep. version: of the message, more than 1 where
    it was edited. did: what was done with the words, where that is not plain from their meaning. quiet: nothing need be said
    in the group. kept: whether the words are to be kept at all. standing: where the speaker works, and whose head they are.
    listed: the numbers of the list that the answer shows. taken_up: the words waited while we asked which complaint they are
    about.
    taken_for_unnamed: their words name nobody and are no answer, but what they have open is without a name.
    asks_whose: they appeal, and it may be about theirs without a name or about one by name.
    sealed: the speaker would not be named: of what came in, nothing may be kept that says who it was.
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
    in_danger: bool = False
    unplaced: bool = False
    room: Via | None = None
    private_open: bool = True
    caught_up: bool = False
    start_link: str = ""
    held_back: bool = False
    max_file_bytes: int = 0
    version: int = 1
    did: Verb | None = None
    quiet: bool = False
    kept: bool = True
    standing: Actor | None = None
    sealed: bool = False
    evidence_kept: bool = False
    taken_up: bool = False
    taken_for_unnamed: bool = False
    asks_whose: bool = False
    listed: Sequence[str] = ()
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

    @property
    def to_us(self) -> bool:
        """Whether it was said to us, and not in passing in a group that we serve."""
        return self.room is None or self.incoming.addressed

    @property
    def where(self) -> str:
        """Where the words were said: the group, else the speaker's own address."""
        return self.room.address if self.room is not None else self.via.address

    def as_(self, *roles: Role) -> Actor:
        """Return the speaker acting in these of their roles; a customer's role is everybody's."""
        allowed = frozenset({Role.CUSTOMER})
        if self.is_staff:
            allowed |= self.person.roles | {Role.EMPLOYEE}
        acting = frozenset(roles) & allowed if roles else allowed
        return replace(self.standing or Actor(self.person.id, acting), roles=acting, channel=self.via.channel)

    def as_staff(self) -> Actor:
        """Return the speaker acting in all that they are at work, and not as a customer; nobody, where they are no staff."""
        actor = self.as_()
        return replace(actor, roles=actor.roles - {Role.CUSTOMER})

    def as_of(self, complaint: Complaint) -> Actor:
        """Return who adds to a complaint: its customer or finder; words of anybody else it is we who add."""
        if self.person.id in (complaint.complainant, complaint.finder):
            return self.as_(Role.CUSTOMER, Role.EMPLOYEE)
        return replace(SYSTEM, channel=self.via.channel)

    def speak_as(self, person: Person) -> None:
        """The address turned out to be this person's."""
        self.person, self.proven = person, True
        self.via = replace(self.via, person=person.id)
        if self.room is not None:
            self.room = replace(self.room, person=person.id)

    def speak_unnamed(self, person: Person, conversation: AddressRow, address: str) -> None:
        """The speaker goes on as somebody who would not be named, and is answered under a sealed address."""
        self.person, self.conversation, self.sealed = person, conversation, True
        self.via = replace(self.via, address=address, person=person.id)
        if conversation.muted:
            self.work.speaking = (person.id, self.via.channel, address, self.via.reply_to)

    def read_as_text(self) -> None:
        """Take everything that was said as the text of the command that is taken up again."""
        assert self.meaning is not None
        self.meaning = replace(self.meaning, arguments={**self.meaning.arguments, "text": self.words})

    def answer(self, kind: Answer, complaint: Complaint | None = None, **facts: str) -> None:
        """Say something back, to the speaker alone. `complaint` is what the words may speak of."""
        self.reference = self.reference or (complaint.reference if complaint else None)
        if not self.to_us and kind in _SMALL_TALK:
            return
        if not self.private_open:
            self.held_back = True
            return
        self._say(self.via, kind, complaint.reference if complaint else None, facts)

    def answer_in_room(self, kind: Answer, reference: str | None = None, **facts: str) -> None:
        """Say something that everybody in the group may read: of a complaint nothing but its number."""
        assert self.room is not None
        self._say(self.room, kind, reference, facts)
        self.quiet = True

    def _say(self, via: Via, kind: Answer, reference: str | None, facts: Mapping[str, str]) -> None:
        self._answers += 1
        key = f"in/{self.inbox_id}/{self._answers}"
        if self.sealed:
            key = self.desk.signer.seal("in", key)  # it must not lead back to who wrote
        self.desk.answer(self.work, via, kind, key, reference=reference, facts=facts)

    def answer_list(self, kind: Answer, complaints: Sequence[Complaint], **facts: str) -> None:
        self.listed = [complaint.reference for complaint in complaints]
        self.answer(kind, None, items=",".join(self.listed), **facts)

    def ask(self, question: Question) -> None:
        """Remember what the next short answer will be about."""
        self.question = question
        self.conversation.pending = put(self.conversation.pending, question)

    def settle(self) -> None:
        """The question is answered, or something else came up; what was left behind it waits again.

        A question that these words are not about goes on waiting.
        """
        if self.question is None:
            return
        behind, self.question = self.question.behind, None
        self.conversation.pending = behind.dumps() if behind is not None else ""

    def unclear(self, kind: Answer) -> None:
        """One helpful answer, but never a loop: after a few in a short time the bot falls silent."""
        self.did = Verb.UNCLEAR
        start = self.conversation.unclear_since
        if start is None or self.now - start > _UNCLEAR_WINDOW:
            self.conversation.unclear_since, self.conversation.unclear_count = self.now, 0
        self.conversation.unclear_count += 1
        waited_for = self.is_staff and bool(self.conversation.pending)
        if self.conversation.unclear_count <= (_UNCLEAR_MAX_ASKED if waited_for else _UNCLEAR_MAX):
            if kind is Answer.UNCLEAR_CUSTOMER and self.is_staff and roles_told(self.person.roles):
                kind = Answer.UNCLEAR_STAFF
            facts = {"hint": hinted(self.person.roles)} if kind is Answer.UNCLEAR_STAFF else {}
            facts |= {"employee": "yes"} if self.is_staff and not facts else {}
            waiting = Question.loads(self.conversation.pending) if kind in ASKED_BACK else None
            if waiting is not None and waiting.offered and not waiting.only_offers:
                facts["asked"] = "yes"
            self.answer(kind, None, **facts)
