"""The values of the field: complaint, task, deadline, survey, event, notice. Frozen; times are aware, UTC in storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What a customer came with (R-009, R-015)."""

    COMPLAINT = "complaint"  # 投诉
    REPAIR = "repair"  # 报修
    SERVICE = "service"  # 售后服务
    CONSULT = "consult"  # 咨询
    SUGGESTION = "suggestion"  # 建议
    PRAISE = "praise"  # 表扬


class Status(StrEnum):
    """Where a complaint stands. Extension, escalation and task force are marks on it, not statuses."""

    DRAFT = "draft"  # 收集中
    NEW = "new"  # 待受理
    UNDER_REVIEW = "under_review"  # 待审核
    ACCEPTED = "accepted"  # 已受理
    DISPATCHED = "dispatched"  # 已派单
    WORKING = "working"  # 处理中
    PROPOSED = "proposed"  # 方案待确认
    EXECUTING = "executing"  # 落实中
    ON_HOLD = "on_hold"  # 暂缓
    RESOLVED = "resolved"  # 已办结待回访
    CLOSED = "closed"  # 已结案
    INVALID = "invalid"  # 无效已答复
    WITHDRAWN = "withdrawn"  # 客户撤回
    MERGED = "merged"  # 已并案


SETTLED = frozenset({Status.CLOSED, Status.INVALID, Status.WITHDRAWN, Status.MERGED})
"""No promise runs and nobody is reminded any more."""


class Severity(StrEnum):
    """How bad it is; S0 is worst, so a smaller word is a higher severity (R-029)."""

    S0 = "S0"  # 紧急
    S1 = "S1"  # 重大
    S2 = "S2"  # 热点
    S3 = "S3"  # 重要
    S4 = "S4"  # 一般


class Role(StrEnum):
    """What a person may see and do; a person may hold several."""

    SYSTEM = "system"  # the clock and the rules themselves
    CUSTOMER = "customer"
    EMPLOYEE = "employee"
    AGENT = "agent"  # 坐席/客服专员
    REVIEWER = "reviewer"  # 投诉处理小组
    DISPATCHER = "dispatcher"  # 项目客服主管
    HANDLER = "handler"  # 处理人
    DEPT_HEAD = "dept_head"  # 部门第一负责人
    CENTER_LEAD = "center_lead"  # 客服中心负责人
    COMMANDER = "commander"  # 总指挥
    MEDIA_OFFICER = "media_officer"  # 媒体口
    LEADER = "leader"  # 公司领导
    HR_AUDITOR = "hr_auditor"
    PRIVACY_OFFICER = "privacy_officer"
    ADMIN = "admin"


SERVICE_CENTRE = frozenset({Role.AGENT, Role.DISPATCHER, Role.CENTER_LEAD})
"""Who works the queue."""


class Flag(StrEnum):
    """A mark on a complaint that policies ask for."""

    MEDIA = "media"  # press or a broadcaster asks or complains
    LOSS = "loss"  # the customer has lost something


class Post(StrEnum):
    """Somebody by their office at the complaint's site or in the unit that has it (R-036, R-051)."""

    SITE_HEAD = "site_head"
    SITE_BACKUP = "site_backup"  # the backup contact agreed for the site
    UNIT_HEAD = "unit_head"  # of the owner's unit, else of the site or a unit that handles such matters


class Milestone(StrEnum):
    """The moments that start and stop a policy's clocks (its words for `from` and `met_by`)."""

    RECEIVED = "received"
    REGISTERED = "registered"
    DISPATCHED = "dispatched"  # passed on to whoever is to handle it
    PHONED = "phoned"  # somebody told them by telephone
    ACKNOWLEDGED = "acknowledged"  # somebody answered 收到: it is in hand
    ACCEPTED = "accepted"
    PROGRESS = "progress"
    PLAN_SUBMITTED = "plan_submitted"
    RESOLVED = "resolved"
    SURVEY_ASKED = "survey_asked"
    SURVEYED = "surveyed"  # the customer said how satisfied they are
    REOPENED = "reopened"
    CLOSED = "closed"
    NATURE_REPORTED = "nature_reported"  # unclear whether it is valid: put before the centre
    NATURE_DECIDED = "nature_decided"
    VALID_CONFIRMED = "valid_confirmed"
    GRADED = "graded"
    ESCALATED = "escalated"  # the service centre has it as urgent or major
    CENTRE_REPLIED = "centre_replied"  # the centre answered the customer
    DEPT_REPLIED = "dept_replied"  # the department answered the centre in writing
    FORUM_REPLIED = "forum_replied"
    MEDIA_REPLIED = "media_replied"
    ANSWERED = "answered"
    APOLOGISED = "apologised"
    COMPENSATED = "compensated"
    SERVICE_CONFIRMED = "service_confirmed"  # what is done and when is agreed with the customer
    NOTIFIED = "notified"  # the company was told
    BULLETIN = "bulletin"


class TaskStatus(StrEnum):
    """Where one assignee's part stands."""

    DISPATCHED = "dispatched"
    WORKING = "working"
    DONE = "done"
    GIVEN_BACK = "given_back"  # also: handed on to somebody else


class Rating(StrEnum):
    """What a customer says of the result."""

    SATISFIED = "satisfied"
    NEUTRAL = "neutral"
    DISSATISFIED = "dissatisfied"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step, as what, and through which channel. person: None for the system itself."""

    person: str | None
    roles: frozenset[Role]
    channel: str = ""


SYSTEM = Actor(person=None, roles=frozenset({Role.SYSTEM}), channel="system")


@dataclass(frozen=True, slots=True)
class Task:
    """One assignee's part of a complaint."""

    number: int
    assignee: str
    status: TaskStatus
    assigned_at: datetime
    why: str = ""  # why this person: by hand, or which rule
    accepted_at: datetime | None = None
    done_at: datetime | None = None
    result: str = ""

    @property
    def open(self) -> bool:
        return self.status in (TaskStatus.DISPATCHED, TaskStatus.WORKING)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A running or finished clock of a policy.

    steps: its arithmetic in words, so that every due moment can explain itself. provisional: it rests on days whose
    holidays are not published yet. extensions: the time that was granted on top of the limit, in order; extended: how often.
    moves: how often else it moved, because its clock stood still or the calendar changed. moved_at: when it last moved. nags:
    overdue occurrences already used up. whose: the role that is reminded and chased; None: the assignee. profile: which one
    it comes from, where a second profile adds its clocks. ended_at: it no longer applies; it was neither kept nor broken.
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
    missed_told_at: datetime | None = None  # when the customer heard that this promise was not kept
    whose: Role | None = None
    repeats: bool = False
    profile: str = ""
    ended_at: datetime | None = None
    turn: int = 0  # the settings that earlier deadlines of its clock have used up

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


class Side(StrEnum):
    """Of the two who arrange a visit, one."""

    CUSTOMER = "customer"
    STAFF = "staff"

    @property
    def other(self) -> Side:
        return Side.STAFF if self is Side.CUSTOMER else Side.CUSTOMER


class VisitState(StrEnum):
    """How far an appointment at the customer's place has come."""

    PROPOSED = "proposed"  # one side named a time, the other has not said yes
    CONFIRMED = "confirmed"
    DECLINED = "declined"  # no time was agreed
    CANCELLED = "cancelled"
    DONE = "done"
    MISSED = "missed"


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
    """An assignee's wish for more time, until it is decided (R-055)."""

    asked_by: str
    asked_at: datetime
    clock: str
    limit: str
    reason: str


class WaitsFor(StrEnum):
    """What work can wait for while its clocks stand still; what of it counts is the policy's."""

    CUSTOMER = "customer"  # 等客户
    THIRD_PARTY = "third_party"  # 等第三方
    COURT = "court"  # 司法
    APPEAL = "appeal"  # judged invalid, until its customer objected: nothing that anybody can ask for


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """An assignee's wish that the clocks stand still for so long, until it is decided (C3 `on_hold`)."""

    asked_by: str
    asked_at: datetime
    waits_for: WaitsFor
    limit: str
    reason: str


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
    asked_at: when last; unanswered: how often nobody picked up. night: it may be made in the quiet hours.
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
class PolicyRef:
    """The profile a complaint began under; a later change of the profile does not move it."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """One reception. Persons are ids: names and phone numbers live apart from the case.

    site: its code. nobody_since: since when it waits because nobody who could have it is there; nobody_told:
    for how many days that was said again. respondents: staff
    whom the complaint names; they can neither decide nor close it. finder: the employee who brought it in.
    last_progress: what the customer was last told; reported_at: when the assignee last said something of substance.
    prodded_at: when they were last asked because the customer wanted to know. urged_at: when an urge last counted.
    priority: pressing, to be done first. contact_known: somebody can be reached about it. closed_as: satisfied,
    neutral, unrated, unsettled, invalid or withdrawn; empty while it is open. appealed: its customer has used up the
    one appeal against "invalid". stage: before or after the sale, in or out of warranty, in the words of the company.
    obstacle: what the assignee last said holds it up. marks: when each kind of thing last happened.
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
    reported_at: datetime | None = None
    duty: ProgressDuty = ProgressDuty()
    unreleased: ProgressLine | None = None
    prodded_at: datetime | None = None
    urged_at: datetime | None = None
    priority: bool = False
    process_callbacks: tuple[ProcessCallback, ...] = ()
    plan: str = ""
    result: str = ""
    cause: str = ""
    accepted_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    closed_as: str = ""
    appealed: bool = False
    obstacle: str = ""
    obstacle_at: datetime | None = None
    marks: tuple[Mark, ...] = ()
    climbs: tuple[Climb, ...] = ()
    acks: tuple[Ack, ...] = ()
    calls: tuple[Call, ...] = ()
    stage: str = ""
    flags: frozenset[Flag] = frozenset()
    reached: tuple[Reached, ...] = ()
    repeat_of: str | None = None  # a complaint about the same matter that was closed too long ago to be reopened
    mystery: bool = False  # a tester's; handlers never see that it is, and it counts in no rate
    drill: bool = False
    version: int = 0

    @property
    def task(self) -> Task | None:
        """The open task, if there is one."""
        return next((task for task in reversed(self.tasks) if task.open), None)

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
        """Return the latest deadline of that clock in this round, met or not."""
        return next((d for d in reversed(self.deadlines) if d.clock == clock and d.round == self.round), None)

    @property
    def running(self) -> tuple[Deadline, ...]:
        """This round's deadlines not met yet, the soonest first; none of a settled case, and of one whose work is done only
        what began with that.
        """
        if self.settled:
            return ()
        since = self.resolved_at if self.status is Status.RESOLVED else None
        unmet = (d for d in self.deadlines if d.open and d.round == self.round)
        return tuple(sorted((d for d in unmet if since is None or d.started_at >= since), key=lambda d: d.due_at))

    def moment(self, milestone: Milestone) -> datetime | None:
        """Return when that milestone was last reached; None if it was not."""
        return next((each.at for each in self.reached if each.milestone is milestone), None)


class EventKind(StrEnum):
    """What can happen to a complaint; the audit trail's words."""

    RECEIVED = "received"
    REGISTERED = "registered"
    NOBODY_AVAILABLE = "nobody_available"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    GIVEN_BACK = "given_back"
    PROGRESS = "progress"
    PROGRESS_ASKED = "progress_asked"
    PROGRESS_MISSED = "progress_missed"
    PROGRESS_RELEASED = "progress_released"
    PROGRESS_KEPT_BACK = "progress_kept_back"
    PROMISE_MISSED = "promise_missed"
    PROCESS_ASKED = "process_asked"
    PROCESS_ANSWERED = "process_answered"
    PROCESS_UNANSWERED = "process_unanswered"
    NOT_DONE = "not_done"
    PLAN_PROPOSED = "plan_proposed"
    PLAN_AGREED = "plan_agreed"
    PLAN_REFUSED = "plan_refused"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    HOLD_ASKED = "hold_asked"
    HOLD_REFUSED = "hold_refused"
    HELD = "held"
    RESUMED = "resumed"
    RESCHEDULED = "rescheduled"  # the calendar changed, and with it a running deadline
    SUPPLEMENTED = "supplemented"
    AMENDED = "amended"  # what was said was edited; both versions are kept
    FACT_TOLD = "fact_told"
    URGED = "urged"
    GRADED = "graded"
    RESOLVED = "resolved"
    SURVEYED = "surveyed"
    RATED = "rated"
    SURVEY_REMINDED = "survey_reminded"
    SURVEY_EXPIRED = "survey_expired"
    SURVEY_ANSWERED = "survey_answered"  # a further question of the questionnaire
    CALLED_BACK = "called_back"  # asked by phone; the facts say whether they were reached
    PHONE_ASKED = "phone_asked"  # the centre is to ask by phone
    MARKED = "marked"  # kept out of the rates, or put back
    REOPENED = "reopened"
    CLOSED = "closed"
    INVALID = "invalid"
    APPEALED = "appealed"
    WITHDRAWN = "withdrawn"
    REMINDED = "reminded"
    DUTY_TOLD = "duty_told"
    REVIEW_ASKED = "review_asked"
    CORRECTED = "corrected"
    DUTY_DONE = "duty_done"
    OVERDUE = "overdue"
    OBSTACLE = "obstacle"  # what holds the assignee up, asked for with every overdue notice
    LADDER_STEP = "ladder_step"
    LEVEL_SKIPPED = "level_skipped"  # nobody stands on that step of a ladder
    ACKNOWLEDGED = "acknowledged"  # somebody answered 收到
    CONFIRM_ASKED = "confirm_asked"
    ACK_LAPSED = "ack_lapsed"
    CALL_ASKED = "call_asked"  # the duty desk is to phone whoever does not answer
    CALL_REACHED = "call_reached"
    CALL_UNANSWERED = "call_unanswered"
    CALL_GIVEN_UP = "call_given_up"
    VISIT_PROPOSED = "visit_proposed"
    VISIT_AGREED = "visit_agreed"
    VISIT_DECLINED = "visit_declined"
    VISIT_CANCELLED = "visit_cancelled"
    VISIT_REMINDED = "visit_reminded"
    VISIT_ASKED = "visit_asked"  # the assignee is asked what came of it
    VISIT_DONE = "visit_done"
    VISIT_MISSED = "visit_missed"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a complaint. Only ever appended. by: a person's id, or None for the system."""

    kind: EventKind
    at: datetime
    by: str | None
    channel: str
    old: Status | None
    new: Status
    note: str = ""
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class NoticeKind(StrEnum):
    """A decided message; the value is its folder under `templates/`."""

    # to the customer
    ACKNOWLEDGEMENT = "acknowledgement"
    SUPPLEMENT_RECORDED = "supplement_recorded"
    TAKEN_UP = "taken_up"
    PROGRESS = "progress"
    PROMISE_MISSED = "promise_missed"
    PROCESS_CALLBACK = "process_callback"
    PLAN = "plan"
    PLAN_AGREED = "plan_agreed"
    PLAN_REFUSED = "plan_refused"
    EXTENDED = "extended"
    HELD = "held"
    RESUMED = "resumed"
    PROMISE_MOVED = "promise_moved"
    SURVEY = "survey"
    SURVEY_REMINDER = "survey_reminder"
    SURVEY_QUESTION = "survey_question"
    CLOSED_SATISFIED = "closed_satisfied"
    CLOSED_UNRATED = "closed_unrated"
    CLOSED_UNSETTLED = "closed_unsettled"
    REOPENED = "reopened"
    URGE_RECORDED = "urge_recorded"
    WITHDRAWN = "withdrawn"
    INVALID = "invalid"
    APPEAL_RECORDED = "appeal_recorded"
    # to whom it concerns of the two who arrange a visit: facts.side says which
    VISIT_OFFER = "visit_offer"
    VISIT_CONFIRMED = "visit_confirmed"
    VISIT_KEPT = "visit_kept"  # no other time: the agreed one stays
    VISIT_DECLINED = "visit_declined"
    VISIT_LAPSED = "visit_lapsed"  # nobody answered in time
    VISIT_CANCELLED = "visit_cancelled"
    VISIT_REMINDER = "visit_reminder"
    VISIT_MISSED = "visit_missed"
    # to the finder
    FINDER_RECORDED = "finder_recorded"
    FINDER_OUTCOME = "finder_outcome"
    # to assignees, the service centre and leaders
    NEW_COMPLAINT = "new_complaint"
    NEEDS_ASSIGNMENT = "needs_assignment"
    NOBODY_AVAILABLE = "nobody_available"
    COVERING = "covering"  # whoever stands in: the assignee, who is away, was sent this
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    GIVEN_BACK = "given_back"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_DECIDED = "extension_decided"
    HOLD_ASKED = "hold_asked"
    HOLD_DECIDED = "hold_decided"
    STAFF_RESUMED = "staff_resumed"
    DEADLINE_MOVED = "deadline_moved"
    STAFF_SUPPLEMENT = "staff_supplement"
    STAFF_URGED = "staff_urged"
    PROGRESS_ASKED = "progress_asked"
    PROGRESS_MISSED = "progress_missed"
    PROGRESS_RELEASE = "progress_release"  # to the service centre: may the customer read this?
    PROGRESS_KEPT_BACK = "progress_kept_back"
    PROCESS_ANSWERED = "process_answered"
    PROCESS_RETURNED = "process_returned"
    STAFF_PLAN_ANSWER = "staff_plan_answer"
    STAFF_REOPENED = "staff_reopened"
    DISSATISFIED = "dissatisfied"
    STAFF_CLOSED = "staff_closed"
    STAFF_WITHDRAWN = "staff_withdrawn"
    SURVEY_UNANSWERED = "survey_unanswered"
    SURVEY_REMARK = "survey_remark"
    SEVERITY_RAISED = "severity_raised"
    REVIEW = "review"  # to the group that judges whether it is valid
    DUTY_BEGINS = "duty_begins"
    DUTY_DONE = "duty_done"
    VISIT_OUTCOME = "visit_outcome"  # what came of it?
    STAFF_VISIT_MISSED = "staff_visit_missed"
    APPEAL = "appeal"
    ALARM = "alarm"  # severe: whoever reads it first answers 收到
    STILL_WAITING = "still_waiting"
    IN_HAND = "in_hand"  # to the others who were alarmed
    CONFIRM = "confirm"  # is it still in hand?
    PLEASE_PHONE = "please_phone"  # to the duty desk
    PULLED_IN = "pulled_in"  # the phone was not answered: backup and superior


@dataclass(frozen=True, slots=True)
class To:
    """Whom a notice is for: a person, everybody with a role, somebody by their relation to a person, or the duty desk: who is
    on duty there now, else the whole service centre.
    """

    person: str | None = None
    role: Role | None = None
    superior_of: str | None = None
    backup_of: str | None = None
    duty_desk: bool = False
    post: Post | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something decided, for someone. The words are made later, from `facts` and the complaint as it then stands.

    facts: what the moment itself knows (a deadline, a comment); values are text or ISO times. also_sms: tell by SMS as
    well as by the person's first channel, because it must be seen (R-032). only_sms: by SMS alone, the chat had it before.
    but_not: who does not hear it, being the one who did it.
    """

    kind: NoticeKind
    to: To
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    also_sms: bool = False
    only_sms: bool = False
    but_not: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A decision: the complaint as it now is, what happened, and who is to hear of it. Commits as one or not at all."""

    complaint: Complaint
    events: tuple[Event, ...] = ()
    notices: tuple[Notice, ...] = ()

    def __add__(self, later: Change) -> Change:
        return Change(later.complaint, self.events + later.events, self.notices + later.notices)


@dataclass(frozen=True, slots=True)
class Timer:
    """When to ask a rule again. (complaint, rule, occurrence) is its identity: fired once, ever."""

    rule: str
    occurrence: str
    due_at: datetime
