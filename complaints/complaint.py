"""The complaint: one frozen value with all its parts (`complaints/parts/`). Times are aware, UTC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from complaints.parts.asking import ProcessCallback, Survey, Visit
from complaints.parts.timing import (
    Ack,
    Call,
    Climb,
    Deadline,
    ExtensionRequest,
    HoldRequest,
    Mark,
    Mediation,
    Pause,
    ProgressDuty,
    ProgressLine,
    Reached,
)
from complaints.parts.weighing import Ground, Order, Overruled, PolicyRef, Proposal, Publication, Utterance
from complaints.parts.work import Evidence, KeptResult, Opinion, Redress, StepDone, Task, TaskForce, Withdrawn, Wording
from complaints.vocabulary import (
    SETTLED,
    Fault,
    Flag,
    Kind,
    Lasts,
    Milestone,
    Severity,
    Status,
)


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
    mediations: tuple[Mediation, ...] = ()
    round: int = 1
    urged: int = 0
    last_progress: str = ""
    last_progress_at: datetime | None = None
    told_alone: bool = False
    reported_at: datetime | None = None
    duty: ProgressDuty = field(default_factory=ProgressDuty)
    unreleased: ProgressLine | None = None
    prodded_at: datetime | None = None
    urged_at: datetime | None = None
    priority: bool = False
    process_callbacks: tuple[ProcessCallback, ...] = ()
    plan: str = ""
    redress: Redress | None = None  # what the plan offers, and on what grounds
    steps_done: tuple[StepDone, ...] = ()
    playbook: str = ""  # the name of the one that was begun
    playbook_done: tuple[StepDone, ...] = ()
    result: str = ""
    kept_result: KeptResult | None = None
    cause: str = ""
    cause_kind: str = ""  # its code in the list of causes
    responsible: str = ""  # whose fault it was, in words
    evidence: tuple[Evidence, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    wording: Wording | None = None
    force: TaskForce | None = None
    accepted_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    closed_as: str = ""
    withdrawn: Withdrawn | None = None
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
    customer_class: str = ""  # what its customer is to us
    nature: str = ""  # 事务型, 态度型, 意见型
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
    press_due: datetime | None = None  # by when the press wants an answer
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


_WRITES: Final[Mapping[str, Callable[[Complaint, Any], None]]] = {
    each.name: getattr(Complaint, each.name).__set__ for each in fields(Complaint)
}
_READS: Final = attrgetter(*_WRITES)


def changed(complaint: Complaint, **changes: Any) -> Complaint:
    """Return a copy with these fields changed, as `dataclasses.replace` does, in a third of its time: each step makes some."""
    new = object.__new__(Complaint)
    for write, value in zip(_WRITES.values(), _READS(complaint), strict=True):
        write(new, value)
    for name, value in changes.items():
        _WRITES[name](new, value)
    return new
