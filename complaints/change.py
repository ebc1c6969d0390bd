"""What a decision brings about: the complaint as it now is, events, notices, timers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from complaints.complaint import Complaint
from complaints.vocabulary import (
    Post,
    Role,
    Status,
)


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
    PROMISE_ENDED = "promise_ended"  # it applies no more; it was neither kept nor broken
    PROCESS_ASKED = "process_asked"
    PROCESS_ANSWERED = "process_answered"
    PROCESS_UNANSWERED = "process_unanswered"
    NOT_DONE = "not_done"
    PLAN_PROPOSED = "plan_proposed"
    PLAN_AGREED = "plan_agreed"
    PLAN_REFUSED = "plan_refused"
    PLAN_REMINDED = "plan_reminded"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    HOLD_ASKED = "hold_asked"
    HOLD_REFUSED = "hold_refused"
    HELD = "held"
    REQUEST_DROPPED = "request_dropped"  # more time or a pause: the work went on without it
    DECISION_CHASED = "decision_chased"  # who was asked for one is reminded
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
    REFERRED = "referred"  # handed on to whom it is for, with the customer's consent
    MERGED = "merged"  # into another complaint
    JOINED = "joined"  # another complaint was merged into it
    LEFT = "left"  # one that had been
    SPLIT = "split"  # it goes on by itself
    RESTORED = "restored"  # its customer is sorry to have withdrawn it
    FOLLOWED = "followed"  # its customer was told what was told of the one it was merged into
    LINKED = "linked"
    UNLINKED = "unlinked"
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
    CONTACTING = "contacting"  # somebody contacts the customer themselves
    CONTACT_ASKED = "contact_asked"
    CONTACT_LATE = "contact_late"
    CONTACT_TOLD = "contact_told"
    CONFIRM_ASKED = "confirm_asked"
    ACK_LAPSED = "ack_lapsed"
    CALL_ASKED = "call_asked"  # the duty desk is to phone whoever does not answer
    CALL_REACHED = "call_reached"
    CALL_UNANSWERED = "call_unanswered"
    CALL_GIVEN_UP = "call_given_up"
    NOTED = "noted"  # for colleagues alone
    NAMED = "named"  # whom of us it is about, or not about after all
    VISIT_PROPOSED = "visit_proposed"
    VISIT_AGREED = "visit_agreed"
    VISIT_DECLINED = "visit_declined"
    VISIT_CANCELLED = "visit_cancelled"
    VISIT_REMINDED = "visit_reminded"
    VISIT_ASKED = "visit_asked"  # the assignee is asked what came of it
    VISIT_DONE = "visit_done"
    VISIT_MISSED = "visit_missed"
    PART_GIVEN = "part_given"  # somebody assists
    PART_ACCEPTED = "part_accepted"
    PART_REPORTED = "part_reported"
    PART_DONE = "part_done"
    PART_GIVEN_BACK = "part_given_back"
    PART_MOVED = "part_moved"  # to a colleague
    PART_TIME_ASKED = "part_time_asked"
    PART_TIME_DECIDED = "part_time_decided"
    PART_CHASED = "part_chased"
    PART_ENDED = "part_ended"  # no longer needed
    TASK_LIMITED = "task_limited"  # whoever leads has a limit of their own
    RESULT_KEPT = "result_kept"  # the lead is done, others are not
    STEP_DONE = "step_done"  # of the plan
    EVIDENCE_ADDED = "evidence_added"
    CAUSE_TOLD = "cause_told"
    FORCE_FORMED = "force_formed"
    FORCE_JOINED = "force_joined"
    FORCE_CONFIRMED = "force_confirmed"
    FORCE_CHASED = "force_chased"
    FORCE_REPORTED = "force_reported"
    FORCE_MINUTES = "force_minutes"
    FORCE_ROOM = "force_room"
    FORCE_DISSOLVED = "force_dissolved"

    GRADE_PROPOSED = "grade_proposed"  # by the customer's words
    GRADE_UNCHECKED = "grade_unchecked"  # nobody has said whether it is so
    GRADE_CONFIRMED = "grade_confirmed"
    GRADE_REFUSED = "grade_refused"
    ASSESSED = "assessed"
    BRIEFED = "briefed"  # the leaders were told how it stands
    ORDERED = "ordered"
    ORDER_CHASED = "order_chased"
    COMMENTED = "commented"
    HELP_ASKED = "help_asked"
    WORDS_HELD = "words_held"  # they wait for whoever alone may speak
    WORDS_SPOKEN = "words_spoken"
    WORDS_DROPPED = "words_dropped"
    PUBLISHED = "published"
    WORDING_PUT = "wording_put"  # what everybody is to say
    WORDING_AGREED = "wording_agreed"
    OPINION_ASKED = "opinion_asked"
    OPINION_GIVEN = "opinion_given"
    OPINION_CHASED = "opinion_chased"
    MEDIATION_BEGUN = "mediation_begun"
    MEDIATION_ASKED = "mediation_asked"
    MEDIATION_OVER = "mediation_over"
    PLAYBOOK_BEGUN = "playbook_begun"
    PLAYBOOK_STEP = "playbook_step"


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
    MEDIATION = "mediation"  # mediator, until, due; again
    MEDIATION_OVER = "mediation_over"  # mediator, result
    PROMISE_MOVED = "promise_moved"
    SURVEY = "survey"
    SURVEY_REMINDER = "survey_reminder"
    SURVEY_QUESTION = "survey_question"
    CLOSED_SATISFIED = "closed_satisfied"
    CLOSED_UNRATED = "closed_unrated"
    CLOSED_UNSETTLED = "closed_unsettled"
    REOPENED = "reopened"
    URGE_RECORDED = "urge_recorded"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    INVALID = "invalid"
    APPEAL_RECORDED = "appeal_recorded"
    MERGED = "merged"  # it is handled together with others; into: the number, where that is their own
    ALL_CLEAR = "all_clear"  # to the centre: its customer says that the danger is over
    SPLIT_OFF = "split_off"
    RESTORED = "restored"
    GROUP_PLAN = "group_plan"  # what is planned for all, to somebody whose consent it does not wait for
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
    SAME_MATTER = "same_matter"  # other, kin, why: a complaint may be the same as another
    SEVERITY_RAISED = "severity_raised"
    GRADE_PROPOSED = "grade_proposed"  # is it so grave?
    MAJOR_CASE = "major_case"  # to the leaders
    BULLETIN = "bulletin"  # to the leaders: how it stands
    HELP_NEEDED = "help_needed"  # to whoever leads it: what do they need?
    HELP_ASKED = "help_asked"  # to the lead of the centre, by whoever works on it: who, text
    ORDER = "order"
    ORDER_ANSWERED = "order_answered"
    COMMENT = "comment"
    WORDS_HELD = "words_held"  # to whoever alone may speak: shall this be said?
    WORDS_DROPPED = "words_dropped"
    WORDS_SPOKEN = "words_spoken"
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
    CONTACT_ASKED = "contact_asked"  # what came of it? who, at; again: their lead reads it, too
    CONTACT_TOLD = "contact_told"  # to the assignee: who, text
    NAMED = "named"  # to the service centre: it is about one of us
    PLEASE_PHONE = "please_phone"  # to the duty desk
    DECISION_WAITS = "decision_waits"  # to whoever has to decide: facts.what says what; above: to their superior
    PULLED_IN = "pulled_in"  # the phone was not answered: backup and superior
    # several on one complaint
    PART_GIVEN = "part_given"
    PART_NEWS = "part_news"  # to the lead: facts.news is the event
    PART_TIME_ASKED = "part_time_asked"
    PART_TIME_DECIDED = "part_time_decided"
    PART_CHASED = "part_chased"  # facts.why: accept, progress, due, late, limit or lead_done; lead: of their own limit
    PART_LATE = "part_late"  # to the lead and those above the assistant
    PART_ENDED = "part_ended"
    RESULT_KEPT = "result_kept"  # to the lead of the centre: go on without the others?
    RESULT_CARRIED_OUT = "result_carried_out"
    CLOSING_NOTE = "closing_note"
    CAUSE_ASKED = "cause_asked"
    PASSED_ON = "passed_on"  # it was transferred too often
    FORCE_CALLED = "force_called"
    FORCE_NEWS = "force_news"  # facts.news: complete, silent or report
    FORCE_MINUTES = "force_minutes"
    FORCE_DISSOLVED = "force_dissolved"
    PLAYBOOK_BEGUN = "playbook_begun"  # who
    PLAN_COPIED = "plan_copied"  # to whom the policy names: who, plan, basis
    WORDING_ASKED = "wording_asked"  # to the lead of the centre: who, text
    WORDING_TOLD = "wording_told"  # to whoever speaks with the customer: who agreed, text
    OPINION_ASKED = "opinion_asked"  # who: asks; text, due; again; late, of: to whoever asked and the superior
    OPINION_GIVEN = "opinion_given"  # who, text, question
    MEDIATION_TOLD = "mediation_told"  # to the assignee, of what others arranged: who, mediator, until; or result
    MEDIATION_ASKED = "mediation_asked"  # mediator, until; late, of: to the lead of the centre


@dataclass(frozen=True, slots=True)
class To:
    """Whom a notice is for: a person, everybody with a role, somebody by their relation to a person, whoever is above those
    who hold a role, or the duty desk: who is on duty there now, else the whole service centre.
    """

    person: str | None = None
    role: Role | None = None
    superior_of: str | None = None
    backup_of: str | None = None
    duty_desk: bool = False
    post: Post | None = None
    above: Role | None = None


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
