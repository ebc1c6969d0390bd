"""The complaint and its parts: tasks, deadlines, surveys, visits, what was asked and told. Frozen; times are aware, UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from complaints.vocabulary import (
    SETTLED,
    Fault,
    Flag,
    Kind,
    Lasts,
    Milestone,
    Rating,
    Role,
    Severity,
    Side,
    Status,
    TaskStatus,
    VisitState,
    WaitsFor,
)


@dataclass(frozen=True, slots=True)
class Area:
    """What somebody is head of: colleagues, and sites by code."""

    people: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step, as what, and through which channel. person: None for the system itself.

    sites: where they work, None for everywhere. leads: what they are head of, None for the whole company. above: those of the
    service centre whose superior they are; whoever has none answers to the leaders.
    """

    person: str | None
    roles: frozenset[Role]
    channel: str = ""
    sites: frozenset[str] | None = None
    leads: Area | None = None
    above: frozenset[str] = frozenset()


SYSTEM = Actor(person=None, roles=frozenset({Role.SYSTEM}), channel="system")


@dataclass(frozen=True, slots=True)
class PartWish:
    """An assistant's wish for more time for their part, until it is decided. put_to: as of an `ExtensionRequest`."""

    asked_at: datetime
    limit: str
    reason: str
    put_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MoreTime:
    """Time that was granted on top of a task's limit, and when."""

    limit: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """One assignee's part of a complaint: the lead's, who answers for all of it, or an assisting one (主办/协办).

    due_at: its own limit, which lies before that of the whole, where it has one. It came of what was said (`limit`), or of the
    time that the lead had left (`share`), counted from limited_at (None: assigned_at), and of `extensions`; settings: how
    often it was set anew, or moved. wish: for more time; extended: how often it got some; chased: how often it was asked
    after. Of an assisting part alone: what: what there is to do; said: its last line of progress; asked_at: when its assignee
    was last asked for one.
    """

    number: int
    assignee: str
    status: TaskStatus
    assigned_at: datetime
    why: str = ""  # why this person: by hand, or which rule
    accepted_at: datetime | None = None
    done_at: datetime | None = None
    result: str = ""
    assisting: bool = False
    what: str = ""
    due_at: datetime | None = None
    limit: str = ""
    share: timedelta | None = None
    limited_at: datetime | None = None
    extensions: tuple[MoreTime, ...] = ()
    settings: int = 0
    said: str = ""
    said_at: datetime | None = None
    wish: PartWish | None = None
    extended: int = 0
    chased: int = 0
    asked_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.status in (TaskStatus.DISPATCHED, TaskStatus.WORKING)


@dataclass(frozen=True, slots=True)
class KeptResult:
    """The lead's result, while assisting parts are still open: carried out when the last of them is done."""

    result: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that somebody who has a task sent for it. signed: a statement that the customer signed."""

    task: int
    name: str
    by: str
    at: datetime
    round: int = 1
    signed: bool = False


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step of the plan that was carried out (R-082). number: counted from 1."""

    number: int
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a task force. confirmed_at: when they answered 收到; chased: how often they were asked again."""

    person: str
    told_at: datetime
    confirmed_at: datetime | None = None
    chased: int = 0


@dataclass(frozen=True, slots=True)
class TaskForce:
    """Several people who work on one complaint under one commander, whose word alone goes outward (R-038, R-039).

    room: the group chat that is theirs, as `channel address`; empty while there is none.
    """

    members: tuple[Member, ...]
    commander: str
    formed_by: str
    formed_at: datetime
    room: str = ""
    dissolved_at: datetime | None = None

    @property
    def active(self) -> bool:
        return self.dissolved_at is None

    def has(self, person: str | None) -> bool:
        """Say whether that person is a member, while there is a task force."""
        return self.active and self.member(person) is not None

    def member(self, person: str | None) -> Member | None:
        """Return the member who is that person; None where they are none."""
        return next((member for member in self.members if member.person == person), None)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A running or finished clock of a policy.

    steps: its arithmetic in words, so that every due moment can explain itself. provisional: it rests on days whose
    holidays are not published yet. extensions: the time that was granted on top of the limit, in order; extended: how often.
    moves: how often else it moved, because its clock stood still or the calendar changed. moved_at: when it last moved. nags:
    overdue occurrences already used up; off: those of them that fell on time in which nobody works, and count for nothing.
    whose: the role that is reminded and chased; None: the assignee. profile: which one it comes from, where a second profile
    adds its clocks. ended_at: it no longer applies; it was neither kept nor broken.
    anew: whoever got the complaint from somebody else owes it from then on; it says nothing of when the work is due. lasts: how
    long it is owed.
    """

    clock: str
    round: int
    limit: str
    started_at: datetime
    due_at: datetime
    steps: tuple[str, ...] = ()
    provisional: bool = False
    met_at: datetime | None = None
    extended: int = 0
    extensions: tuple[str, ...] = ()
    moves: int = 0
    moved_at: datetime | None = None
    nags: int = 0
    off: int = 0
    missed_told_at: datetime | None = None  # when the customer heard that this promise was not kept
    whose: Role | None = None
    repeats: bool = False
    profile: str = ""
    ended_at: datetime | None = None
    turn: int = 0  # the settings that earlier deadlines of its clock have used up
    anew: bool = False
    lasts: Lasts = Lasts.WORK

    @property
    def open(self) -> bool:
        return self.met_at is None and self.ended_at is None

    @property
    def setting(self) -> int:
        """A number that is another each time the deadline moved or its clock began anew: what was reminded of before is
        reminded of again.
        """
        return self.turn + self.extended + self.moves

    def overdue(self, now: datetime) -> bool:
        return self.open and now > self.due_at


@dataclass(frozen=True, slots=True)
class Reached:
    """When a milestone was reached, the last time that it was."""

    milestone: Milestone
    at: datetime


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
class ExtensionRequest:
    """An assignee's wish for more time, until it is decided (R-055). approver: the role that was asked; put_to: who decides in
    its place, where nobody else holds it.
    """

    asked_by: str
    asked_at: datetime
    clock: str
    limit: str
    reason: str
    approver: Role | None = None
    put_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """An assignee's wish that the clocks stand still for so long, until it is decided (C3 `on_hold`). approver, put_to: as of
    an `ExtensionRequest`.
    """

    asked_by: str
    asked_at: datetime
    waits_for: WaitsFor
    limit: str
    reason: str
    approver: Role | None = None
    put_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """A span in which clocks stand still. until: when it ends by itself; ends: when it did end, None while it lasts."""

    begins: datetime
    until: datetime
    waits_for: WaitsFor
    reason: str = ""
    approved_by: str | None = None
    round: int = 1
    back_to: Status = Status.WORKING  # where the work goes on
    ends: datetime | None = None

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when to when, as far as is known now."""
        return self.begins, self.ends or self.until


@dataclass(frozen=True, slots=True)
class Mark:
    """When something last happened to a complaint: an event's kind, or `RAISED` for its severity."""

    kind: str
    at: datetime


RAISED = "raised"


@dataclass(frozen=True, slots=True)
class Climb:
    """How far a ladder was climbed since it began: steps spoken, repeats included, and the last one's own moment."""

    ladder: str
    since: datetime
    steps: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Ack:
    """Somebody answered that they have it in hand (收到)."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """A phone call that the duty desk was asked to make, until somebody is reached or it is given up.

    whom: a person's id. why: the ladder or the clock it is for; facts: what to say. asked: how often the desk was asked,
    asked_at: when last; unanswered: how often nobody picked up; reached: somebody did. night: it may be made in the quiet
    hours.
    """

    number: int
    whom: str
    why: str
    asked_at: datetime
    facts: Mapping[str, str] = field(default_factory=dict)
    asked: int = 1
    unanswered: int = 0
    night: bool = False
    ended_at: datetime | None = None
    reached: bool = False

    @property
    def open(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class ProgressDuty:
    """The assignee's duty to say how it stands. asked: how often they were asked since their last word, which was at
    `since`; asked_at: the question that waits for an answer; missed: how many such questions ran out, ever.
    """

    since: datetime | None = None
    asked: int = 0
    asked_at: datetime | None = None
    missed: int = 0


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """What an assignee reported and the service centre has not let out to the customer yet."""

    text: str
    by: str
    at: datetime


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


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a complaint has a severity. rule: the profile's, or "" for a person's word; detail: what it rests on, or the reason
    given; by: who said or confirmed it, None for a rule alone.
    """

    severity: Severity
    rule: str
    at: datetime
    detail: str = ""
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A severity that what a customer said proposes, until somebody of the centre says whether it is so (C2).

    before: what the complaint had; it has the proposed one already only where that is S0. told: how many more were told
    because nobody had said.
    """

    severity: Severity
    rule: str
    words: str
    at: datetime
    before: Severity
    told: int = 0


@dataclass(frozen=True, slots=True)
class Overruled:
    """A cause that a person found too weak: the rule does not raise for it again. measure: how much of it there was."""

    rule: str
    words: str = ""
    measure: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """What a leader ordered (批示). answered_at: when whoever has it showed so; told: how often they were asked."""

    number: int
    by: str
    at: datetime
    text: str
    answered_at: datetime | None = None
    told: int = 0


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words for the outside that wait for whoever alone may speak (R-039, R-069). what: the step they are for; by, roles,
    channel: who wants to say them, as what, and where they said so.
    """

    number: int
    what: str
    text: str
    by: str
    roles: frozenset[Role]
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Publication:
    """An answer that was published where the complaint stands for all to read (R-004, R-071)."""

    url: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """The profile a complaint began under; a later change of the profile does not move it."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """One reception. Persons are ids: names and phone numbers live apart from the case.

    site: its code. place: where it is, as its customer says, else where they live. nobody_since: since when it waits because
    nobody who could have it is there, or whoever had it gave it back; nobody_told: for how many days that was said again.
    respondents: staff whom the complaint names; they can neither decide nor close it. finder: the employee who brought it in.
    last_progress: what the customer was last told; told_alone: it was an answer to them, and none of others' business.
    reported_at: when the assignee last said something of substance.
    prodded_at: when they were last asked because the customer wanted to know. urged_at: when an urge last counted.
    priority: pressing, to be done first. contact_known: somebody can be reached about it. closed_as: satisfied,
    neutral, unrated, unsettled, invalid or withdrawn; empty while it is open. appealed: its customer has used up the
    one appeal against "invalid". stage: before or after the sale, in or out of warranty, in the words of the company.
    remedy: what its customer wants done. occurred: when it happened, in their words. about_whom: whom or what unit they
    complain of. referred_to: who else took it over, with the customer's consent. obstacle: what the assignee last said holds it
    up. marks: when each kind of thing last happened.
    people: how many different persons complain of the same matter, as far as is known; injured: how many were hurt; loss: in
    yuan. grounds: why it has its severity. overruled: what does not raise it again. help_needed: what the leaders are asked
    for. briefed_at: when they last heard how it stands. unspoken: words for the outside that wait for whoever alone may speak.
    """

    reference: str
    kind: Kind
    category: str
    status: Status
    severity: Severity
    channel: str
    complainant: str
    summary: str
    locale: str
    received_at: datetime
    policy: PolicyRef
    site: str = ""
    place: str = ""
    nobody_since: datetime | None = None
    nobody_told: int = 0
    finder: str | None = None
    respondents: frozenset[str] = frozenset()
    contact_known: bool = True
    owner: str | None = None
    tasks: tuple[Task, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    surveys: tuple[Survey, ...] = ()
    visits: tuple[Visit, ...] = ()
    extension: ExtensionRequest | None = None
    extensions_granted: int = 0
    hold: HoldRequest | None = None
    pauses: tuple[Pause, ...] = ()
    round: int = 1
    urged: int = 0
    last_progress: str = ""
    last_progress_at: datetime | None = None
    told_alone: bool = False
    reported_at: datetime | None = None
    duty: ProgressDuty = ProgressDuty()
    unreleased: ProgressLine | None = None
    prodded_at: datetime | None = None
    urged_at: datetime | None = None
    priority: bool = False
    process_callbacks: tuple[ProcessCallback, ...] = ()
    plan: str = ""
    steps_done: tuple[StepDone, ...] = ()
    result: str = ""
    kept_result: KeptResult | None = None
    cause: str = ""
    responsible: str = ""  # whose fault it was, in words
    evidence: tuple[Evidence, ...] = ()
    force: TaskForce | None = None
    accepted_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    closed_as: str = ""
    appealed: bool = False
    judged_by: str | None = None  # who found it invalid
    obstacle: str = ""
    obstacle_at: datetime | None = None
    marks: tuple[Mark, ...] = ()
    climbs: tuple[Climb, ...] = ()
    acks: tuple[Ack, ...] = ()
    calls: tuple[Call, ...] = ()
    stage: str = ""
    flags: frozenset[Flag] = frozenset()
    reached: tuple[Reached, ...] = ()
    master: str | None = None  # the complaint that it was merged into, and as long as it is of that group
    merged_at: datetime | None = None
    members: tuple[str, ...] = ()  # of a master: those merged into it that have not left the group
    repeat_of: str | None = None  # a complaint about the same matter that was closed too long ago to be reopened
    told_due: datetime | None = None  # by when its customer was last told that they would hear
    anonymous: bool = False  # its customer would not be named: nothing is known of them, and nobody may ask
    mystery: bool = False  # a tester's; handlers never see that it is, and it counts in no rate
    drill: bool = False  # practice: it counts nowhere, and no notice of it leaves the chats
    remedy: str = ""
    occurred: str = ""
    referred_to: str = ""
    about_whom: str = ""
    fault: Fault = Fault.UNKNOWN
    people: int = 1
    injured: int = 0
    loss: int = 0
    grounds: tuple[Ground, ...] = ()
    proposal: Proposal | None = None
    overruled: tuple[Overruled, ...] = ()
    help_needed: str = ""
    briefed_at: datetime | None = None
    orders: tuple[Order, ...] = ()
    unspoken: tuple[Utterance, ...] = ()
    publications: tuple[Publication, ...] = ()
    version: int = 0

    @property
    def task(self) -> Task | None:
        """The lead's open task, if there is one: its assignee answers for the complaint, and alone speaks to the customer."""
        return next((task for task in reversed(self.tasks) if task.open and not task.assisting), None)

    @property
    def parts(self) -> tuple[Task, ...]:
        """The assisting parts that are open."""
        return tuple(task for task in self.tasks if task.open and task.assisting)

    def part_of(self, person: str | None) -> Task | None:
        """Return the open assisting part that is this person's, if there is one."""
        return next((task for task in self.parts if task.assignee == person), None)

    @property
    def commander(self) -> str | None:
        """Who alone speaks outward, while a task force works on it."""
        return self.force.commander if self.force is not None and self.force.active else None

    @property
    def survey(self) -> Survey | None:
        """The open survey of this round, if there is one."""
        return next((survey for survey in reversed(self.surveys) if survey.open and survey.round == self.round), None)

    @property
    def visit(self) -> Visit | None:
        """The visit that is being arranged or is agreed, if there is one."""
        return next((visit for visit in reversed(self.visits) if visit.open), None)

    @property
    def pause(self) -> Pause | None:
        """The pause that lasts, if there is one."""
        return next((pause for pause in reversed(self.pauses) if pause.ends is None), None)

    def pauses_ended(self, now: datetime) -> tuple[Pause, ...]:
        """Return the pauses with the one that lasts ended: now, or when it ended by itself."""
        return tuple(replace(p, ends=min(now, p.until)) if p.ends is None else p for p in self.pauses)

    @property
    def going_on(self) -> bool:
        """Whether something is still to come of it, be it through the one that it was merged into."""
        return not self.settled or (self.status is Status.MERGED and self.closed_at is None)

    @property
    def settled(self) -> bool:
        return self.status in SETTLED

    @property
    def call(self) -> Call | None:
        """The phone call that is to be made, if there is one: the one asked for longest."""
        return next((call for call in self.calls if call.open), None)

    def marked(self, kind: str) -> datetime | None:
        """Return when something last happened; None where it never did, or before marks were kept."""
        return next((mark.at for mark in self.marks if mark.kind == kind), None)

    def deadline(self, clock: str) -> Deadline | None:
        """Return the latest deadline of that clock in this round, met or not, or one that is still owed from before."""
        return next(
            (d for d in reversed(self.deadlines) if d.clock == clock and (d.round == self.round or self.owed(d))), None
        )

    @property
    def running(self) -> tuple[Deadline, ...]:
        """The deadlines that are not met and still run, the soonest first."""
        return tuple(sorted((d for d in self.deadlines if d.open and self.runs(d)), key=lambda d: d.due_at))

    def runs(self, deadline: Deadline) -> bool:
        """Say whether what is not met still has to be: what was for the work while that goes on, in its round, or since it was
        done; what is owed apart from it longer.
        """
        if self.settled:
            return deadline.lasts is Lasts.ALWAYS and self.status is Status.CLOSED and not self.referred_to
        if deadline.lasts is not Lasts.WORK:
            return True
        done_at = self.resolved_at if self.status is Status.RESOLVED else None
        return deadline.round == self.round and (done_at is None or deadline.started_at >= done_at)

    def owed(self, deadline: Deadline) -> bool:
        """Say whether something is owed apart from the work and not done yet."""
        return deadline.open and deadline.lasts is not Lasts.WORK

    def moment(self, milestone: Milestone) -> datetime | None:
        """Return when that milestone was last reached; None if it was not."""
        return next((each.at for each in self.reached if each.milestone is milestone), None)
