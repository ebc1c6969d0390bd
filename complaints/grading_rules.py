"""Which rules of grading hold for a complaint, and why: pure questions to the profile's table (C2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.complaint import Complaint, changed
from complaints.grading_words import Heard, hear, says
from complaints.parts.weighing import Ground, Overruled
from complaints.policy import Case, GradeRule, Grading, covers
from complaints.policy.grading import Age
from complaints.promises import Terms, work_deadline
from complaints.vocabulary import Fault, Milestone, Severity, Status

_NOTHING = Heard({})
_UNACCEPTED = frozenset({Status.NEW, Status.UNDER_REVIEW, Status.ACCEPTED, Status.DISPATCHED})
_UNSOLVED = _UNACCEPTED | {Status.WORKING, Status.PROPOSED, Status.EXECUTING}


_RESPONSIBLE = (
    (Fault.THIRD, ("第三方", "third part")),
    (Fault.CUSTOMER, ("客户", "业主自", "住户自", "customer")),
    (Fault.OURS, ("我方", "我们", "公司", "ours")),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that holds. words: of the customer's, where it rests on them; measure: how much there is of what it counts."""

    rule: GradeRule
    words: str = ""
    measure: int = 0

    @property
    def detail(self) -> str:
        """What it rests on, short: the words that were said, or the number that was counted."""
        return self.words or (str(self.measure) if self.measure else "")

    @property
    def cause(self) -> Overruled:
        return Overruled(self.rule.name, self.words, self.measure)


def established(complaint: Complaint, terms: Terms, now: datetime) -> list[Finding]:
    """Return the rules that hold by what is known, the gravest first; what a customer said is not known, only said."""
    rules = (rule for rule in terms.policy.grading.rules if not rule.case.of_words)
    return [found for rule in rules if (found := _holds(rule, complaint, _NOTHING, "", terms, now)) is not None]


def said(complaint: Complaint, text: str, terms: Terms, now: datetime) -> list[Finding]:
    """Return the rules that hold by what a customer just said, the gravest first: by its words, or by the numbers it names."""
    heard = hear(text)
    told = complaint
    if heard.people > complaint.people or heard.injured > complaint.injured or heard.loss > complaint.loss:
        told = changed(
            complaint,
            people=max(complaint.people, heard.people),
            injured=max(complaint.injured, heard.injured),
            loss=max(complaint.loss, heard.loss),
        )
    findings = []
    for rule in terms.policy.grading.rules:
        if not rule.case.of_words and (
            told is complaint or _holds(rule, complaint, _NOTHING, "", terms, now) is not None
        ):
            continue  # known without their saying so, or not at all
        found = _holds(rule, told, heard, text, terms, now)
        if found is not None:
            findings.append(found)
    return findings


def by_words_alone(text: str, grading: Grading) -> list[Finding]:
    """Return the rules that a text alone makes hold, of whatever complaint it is, the gravest first."""
    heard = hear(text)
    findings = []
    for rule in grading.rules:
        case = rule.case
        if case != Case(
            case.said, case.words, people=case.people, injured=case.injured, loss=case.loss, kinds=case.kinds
        ):
            continue  # it asks for more than words
        words = _spoken(case, heard, text)
        counted = ((case.people, heard.people), (case.injured, heard.injured), (case.loss, heard.loss))
        if (words or not case.of_words) and all(there >= wanted for wanted, there in counted):
            findings.append(Finding(rule, words, next((there for wanted, there in counted if wanted), 0)))
    return findings


def _spoken(case: Case, heard: Heard, text: str) -> str:
    """Return the words of a text on which a case rests; empty where there are none."""
    topics = (heard.topics[topic] for topic in sorted(case.said) if topic in heard.topics)
    return next(topics, "") or says(text, case.words)


def standing(complaint: Complaint, found: Finding) -> bool:
    """Say whether a finding may still raise: no person has overruled its cause, or there is more of it now."""
    return not any(
        (each.rule, each.words) == (found.rule.name, found.words) and found.measure <= each.measure
        for each in complaint.overruled
    )


def moments(complaint: Complaint, terms: Terms) -> Iterator[tuple[GradeRule, datetime]]:
    """Yield each rule that would raise the complaint, and when it comes to hold by time alone."""
    for rule in terms.policy.grading.rules:
        if rule.case.of_time and rule.at_least < complaint.severity:
            ripe = _ripe(rule.case, complaint, terms)
            at = max((m for m in ripe if m is not None), default=None)
            if at is not None and None not in ripe:
                yield rule, at


def _holds(
    rule: GradeRule, complaint: Complaint, heard: Heard, text: str, terms: Terms, now: datetime
) -> Finding | None:
    case = rule.case
    if complaint.kind not in case.kinds or not _fits(case, complaint, terms):
        return None
    if case.of_time and any(at is None or at > now for at in _ripe(case, complaint, terms)):
        return None
    words = _spoken(case, heard, text) if case.of_words else ""
    if case.of_words and not words:
        return None
    counted = ((case.people, complaint.people), (case.injured, complaint.injured), (case.loss, complaint.loss))
    return Finding(rule, words, next((there for wanted, there in counted if wanted), 0))


def _fits(case: Case, complaint: Complaint, terms: Terms) -> bool:
    return (
        case.flags <= complaint.flags
        and complaint.people >= case.people
        and complaint.injured >= case.injured
        and complaint.loss >= case.loss
        and complaint.urged >= case.urged
        and complaint.round - 1 >= case.reopened
        and (not case.repeat or complaint.repeat_of is not None)
        and (not case.fault or _at_fault(case, complaint, terms))
        and (not case.channels or complaint.channel in case.channels)
        and (not case.categories or any(covers(code, complaint.category) for code in case.categories))
    )


def _at_fault(case: Case, complaint: Complaint, terms: Terms) -> bool:
    fault = _fault(complaint)
    ours = fault is Fault.UNKNOWN and terms.policy.grading.unknown_fault_is_ours
    return fault in case.fault or (ours and Fault.OURS in case.fault)


def _fault(complaint: Complaint) -> Fault:
    """Return whose fault it is: as somebody said, else as the words on record of who is responsible have it."""
    if complaint.fault is not Fault.UNKNOWN:
        return complaint.fault
    told = complaint.responsible.casefold()
    return next((fault for fault, words in _RESPONSIBLE if any(word in told for word in words)), Fault.UNKNOWN)


def _ripe(case: Case, complaint: Complaint, terms: Terms) -> list[datetime | None]:
    """Return when each of a case's conditions of time comes to hold; None where it does not by waiting."""
    at: list[datetime | None] = []
    if case.open_for is not None:
        unsolved = complaint.status in _UNSOLVED
        at.append(_older(_open_since(complaint), case.open_for, terms) + _stood_still(complaint) if unsolved else None)
    if case.unaccepted_for is not None:
        waits = complaint.status in _UNACCEPTED and complaint.accepted_at is None
        at.append(_older(complaint.received_at, case.unaccepted_for, terms) if waits else None)
    if case.overdue:
        deadline = work_deadline(complaint)
        late = None if deadline is None else deadline.due_at + case.overdue * (deadline.due_at - deadline.started_at)
        at.append(late)
    return at


def _open_since(complaint: Complaint) -> datetime:
    """Return since when it has been unsolved: what was closed and taken up again, since then."""
    closed, again = complaint.moment(Milestone.CLOSED), complaint.moment(Milestone.REOPENED)
    return again if closed is not None and again is not None and again >= closed else complaint.received_at


def _stood_still(complaint: Complaint) -> timedelta:
    """Return how long it waited for something with a lead's word: that was nobody's delay."""
    since = _open_since(complaint)
    spans = (pause.span for pause in complaint.pauses)
    return sum((end - begin for begin, end in spans if begin >= since), timedelta())


def _older(since: datetime, age: Age, terms: Terms) -> datetime:
    """Return when something becomes so old: after so many calendar months, on their last day where there is no such day."""
    if not age.months:
        return since + age.span
    local = since.astimezone(terms.calendar.zone)
    month = local.month - 1 + age.months
    year, month = local.year + month // 12, month % 12 + 1
    for day in range(local.day, 27, -1):
        try:
            return local.replace(year=year, month=month, day=day).astimezone(since.tzinfo)
        except ValueError:
            continue
    return local.replace(year=year, month=month).astimezone(since.tzinfo)


def overruling(complaint: Complaint, severity: Severity, terms: Terms, now: datetime) -> tuple[Overruled, ...]:
    """Return what no longer raises once a person has found `severity` enough: all that would make it graver now."""
    graver = [found.cause for found in established(complaint, terms, now) if found.rule.at_least < severity]
    spoken = [
        cause
        for ground in complaint.grounds
        if ground.severity < severity and ground.rule
        for cause in _causes(ground, severity, terms)
    ]
    known = {(each.rule, each.words): each for each in (*complaint.overruled, *spoken, *graver)}
    return tuple(known.values())


def _causes(ground: Ground, severity: Severity, terms: Terms) -> Iterator[Overruled]:
    """Yield what a ground rests on: its words, or a number, which then raises by no rule that counts the same."""
    rule = terms.policy.grading.rule(ground.rule)
    if rule is None or rule.case.of_words or not ground.detail.isdecimal():
        yield Overruled(ground.rule, ground.detail if rule is None or rule.case.of_words else "")
        return
    for other in terms.policy.grading.rules:
        if other.at_least < severity and _counts(other.case) == _counts(rule.case):
            yield Overruled(other.name, measure=int(ground.detail))


def _counts(case: Case) -> tuple[bool, bool, bool]:
    return case.people > 0, case.injured > 0, case.loss > 0
