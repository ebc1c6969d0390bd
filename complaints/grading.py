"""How severe a complaint is: asked anew with everything that happens, and when time alone makes it graver (C2, R-029).

Rules only raise. What a customer says only proposes: a person of the centre confirms or refuses it within the policy's time,
else others hear of it; S0 counts until somebody has looked. What a person has lowered the same cause does not raise again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from complaints import handling
from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing
from complaints.grading_rules import Finding, established, moments, overruling, said, standing
from complaints.grading_words import Found, danger, hear
from complaints.lifecycle import Step, check, move, raised_again
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import ALL_CLEAR, RAISED
from complaints.parts.weighing import Ground, Proposal
from complaints.promises import Terms, reach, reconsider
from complaints.quiet import at_work, last_word, later
from complaints.vocabulary import Fault, Kind, Milestone, Role, Severity, Status

RULE = "grade"
CHECK = "grade_check"

_TELLING = frozenset(
    {EventKind.RECEIVED, EventKind.SUPPLEMENTED, EventKind.AMENDED, EventKind.FACT_TOLD, EventKind.URGED, EventKind.RATED,
     EventKind.REOPENED, EventKind.PLAN_REFUSED, EventKind.APPEALED}
)  # fmt: skip
"""Events whose note is what the customer said."""
_LASTS = timedelta(hours=1)  # after a colleague's word, danger told again is danger that nobody has ended
_NIGHTLY = timedelta(hours=2)  # what is so grave that it waits for no morning is asked again so often, on the first day
_DAILY = timedelta(days=1)
_IN_DANGER = frozenset({Kind.COMPLAINT, Kind.REPAIR, Kind.SERVICE})


def regrade(change: Change, terms: Terms, now: datetime, people: int = 1) -> Change:
    """Return a decision with what the rules make of it: the complaint raised, or a graver severity proposed.

    people: how many different persons complain of the same matter, where somebody has counted. Unchanged where no rule asks
    for more, and where the complaint is over.
    """
    complaint = change.complaint
    if complaint.settled or complaint.status is Status.DRAFT:
        return change
    if people > complaint.people:
        complaint = replace(complaint, people=people)
        change = replace(change, complaint=complaint)
    known = [found for found in established(complaint, terms, now) if standing(complaint, found)]
    # Danger that is spoken of again is danger again, whatever was found before.
    told = [
        found
        for text in _told(change)
        for found in said(complaint, text, terms, now)
        if found.rule.at_least is Severity.S0 or standing(complaint, found)
    ]
    # A number that a customer names is only said, whatever the rule makes of one that is known.
    deciding = [found for found in known if found.rule.decides]
    deciding += [found for found in told if found.rule.decides and found.rule.case.of_words]
    change += _raised(complaint, deciding, terms, now)
    change += _proposed(change.complaint, [each for each in (*known, *told) if each not in deciding], terms, now)
    spoken = [found.words for found in told if found.words and found.rule.at_least is Severity.S0]
    if spoken and complaint.severity is Severity.S0 and _begins_anew(complaint, spoken, now):
        change = replace(change, complaint=raised_again(change.complaint, now))
    return replace(change, complaint=_settled(change.complaint))


def _begins_anew(complaint: Complaint, spoken: list[str], now: datetime) -> bool:
    """Say whether danger told of what is S0 already is for everybody to hear again: nobody has been alarmed since it came back,
    or somebody has it in hand and it is another danger, or one that lasts.
    """
    since = complaint.marked(RAISED) or complaint.received_at
    back = (complaint.marked(EventKind.RESOLVED), complaint.marked(EventKind.REOPENED))
    if complaint.status is Status.ON_HOLD or any(at is not None and at >= since for at in back):
        return True
    in_hand = last_word(complaint, since)
    if in_hand is None:
        return False  # it sounds still
    known = _kinds(complaint.summary, *(ground.detail for ground in complaint.grounds))
    return now - in_hand >= _LASTS or not _kinds(*spoken) <= known


def _kinds(*texts: str) -> frozenset[str]:
    found = (danger(text) for text in texts)
    return frozenset(kind for each in found if each is not None for kind in each.kinds)


def _told(change: Change) -> Iterator[str]:
    """Yield what the customer said with a change; an edit that leaves what made it grave as it was says nothing new."""
    complaint = change.complaint
    for event in change.events:
        text = complaint.summary if event.kind is EventKind.RECEIVED else event.note if event.kind in _TELLING else ""
        if text and not (event.kind is EventKind.AMENDED and hear(text) == hear(complaint.summary)):
            yield text


def _raised(complaint: Complaint, findings: list[Finding], terms: Terms, now: datetime) -> Change:
    """Raise to the gravest of what decides, and keep every ground that is as grave."""
    worst = min((found.rule.at_least for found in findings), default=Severity.S4)
    grounds = tuple(Ground(worst, each.rule.name, now, each.detail) for each in findings if each.rule.at_least is worst)
    if worst < complaint.severity:
        first = grounds[0]
        change = handling.grade(complaint, worst, "", SYSTEM, terms, now, rule=first.rule, detail=first.detail)
        return replace(change, complaint=_with_grounds(change.complaint, grounds))
    if worst is complaint.severity and worst is not Severity.S4:
        return Change(_with_grounds(complaint, grounds))
    return Change(complaint)


def _with_grounds(complaint: Complaint, grounds: tuple[Ground, ...]) -> Complaint:
    known = {(each.severity, each.rule) for each in complaint.grounds}
    more = tuple(each for each in grounds if (each.severity, each.rule) not in known)
    return replace(complaint, grounds=(*complaint.grounds, *more)) if more else complaint


def _proposed(complaint: Complaint, findings: list[Finding], terms: Terms, now: datetime) -> Change:
    """Ask a person of the centre whether it is so; S0 counts meanwhile (R-041)."""
    worst = min(findings, key=lambda found: found.rule.at_least, default=None)
    asked = complaint.proposal
    if worst is None or worst.rule.at_least >= complaint.severity:
        return Change(complaint)
    if asked is not None and asked.severity <= worst.rule.at_least:
        return Change(complaint)  # as grave has been asked already
    severity, before = worst.rule.at_least, complaint.severity
    proposal = Proposal(severity, worst.rule.name, worst.detail, now, before)
    facts = {"from": before, "to": severity, "words": worst.detail, "rule": worst.rule.name}
    if severity is Severity.S0:
        raised = handling.grade(complaint, severity, "", SYSTEM, terms, now, rule=worst.rule.name, detail=worst.detail)
        events = tuple(replace(event, facts={**event.facts, "words": worst.detail}) for event in raised.events)
        complaint, facts = raised.complaint, {**facts, "acts": "yes"}
    else:
        complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.GRADE_PROPOSED, "", facts)
        events = (event,)
    notices = tuple(Notice(NoticeKind.GRADE_PROPOSED, to, facts) for to in _asked_first(severity))
    return Change(replace(complaint, proposal=proposal), events, notices)


def _asked_first(severity: Severity) -> tuple[To, ...]:
    return (To(role=Role.CENTER_LEAD), To(duty_desk=True)) if severity is Severity.S0 else (To(duty_desk=True),)


def _settled(complaint: Complaint) -> Complaint:
    """Return the complaint without a proposal that has been overtaken: it became as grave by something that is known."""
    asked = complaint.proposal
    if asked is None or asked.severity is Severity.S0 or complaint.severity > asked.severity:
        return complaint
    return replace(complaint, proposal=None)


def said_danger(change: Change) -> Found | None:
    """Return the words of danger in what a customer told with this change; None where there are none, or the case is over."""
    complaint = change.complaint
    if complaint.kind not in _IN_DANGER or complaint.settled:
        return None
    return next((found for text in _told(change) if (found := danger(text)) is not None), None)


# ── what people say ───────────────────────────────────────────────────────────────────────────────────────────────────


def confirm(complaint: Complaint, actor: Actor, terms: Terms, now: datetime) -> Change:
    """A person of the centre finds that it is as grave as the words propose."""
    proposal = _waiting(complaint, actor)
    facts = {"to": proposal.severity, "words": proposal.words, "rule": proposal.rule}
    complaint, event = move(
        complaint, Step.CHECK_GRADE, actor, now, EventKind.GRADE_CONFIRMED, "", facts, proposal=None
    )
    told = _decided(complaint, proposal, complaint.severity, proposal.severity, "", actor, terms)
    change = Change(complaint, (event,), told)
    if complaint.severity > proposal.severity:
        graded = handling.grade(
            complaint, proposal.severity, "", actor, terms, now, rule=proposal.rule, detail=proposal.words
        )
        return change + replace(graded, notices=())
    grounds = tuple(
        replace(ground, by=actor.person) if ground.rule == proposal.rule else ground for ground in complaint.grounds
    )
    complaint = reach(replace(complaint, grounds=grounds), Milestone.ESCALATED, terms, now)
    return replace(change, complaint=complaint)


def refuse(
    complaint: Complaint, severity: Severity | None, reason: str, actor: Actor, terms: Terms, now: datetime
) -> Change:
    """A person of the centre finds that it is not so, and why: it has what it had before, or what was said instead.

    severity: how grave it is, where that was said; lower than it was before is for the lead. Raises Missing "reason".
    """
    proposal = _waiting(complaint, actor)
    if not reason.strip():
        raise Missing("reason", f"{complaint.reference}: say why it is not so grave")
    before = complaint
    known = (
        found.rule.at_least
        for found in established(complaint, terms, now)
        if found.rule.decides and standing(complaint, found)
    )
    back = min((proposal.before, *known)) if proposal.severity is complaint.severity else complaint.severity
    complaint, event = move(
        complaint,
        Step.CHECK_GRADE,
        actor,
        now,
        EventKind.GRADE_REFUSED,
        reason,
        {"from": proposal.severity, "to": back, "words": proposal.words},
        severity=back,
        proposal=None,
        overruled=overruling(replace(complaint, grounds=(*complaint.grounds, _ground(proposal))), back, terms, now),
        grounds=tuple(ground for ground in complaint.grounds if ground.severity >= back),
    )
    change = Change(reconsider(complaint, before, terms, now), (event,))
    if severity is not None and severity is not back:
        graded = handling.grade(change.complaint, severity, reason, actor, terms, now)
        change += replace(graded, notices=())
    told = _decided(before, proposal, before.severity, change.complaint.severity, reason, actor, terms)
    return replace(change, notices=(*change.notices, *told))


def _decided(
    complaint: Complaint, proposal: Proposal, old: Severity, new: Severity, reason: str, actor: Actor, terms: Terms
) -> tuple[Notice, ...]:
    """Tell the others who were asked, and whoever has it where it is another severity than they know, who decided what.

    Leaders who pressed for it hear it, too, unless a bulletin tells them that it is S0 no more.
    """
    facts = {"from": old, "to": new, "reason": reason, "decided": "yes", "who": actor.person or ""}
    pressed = [To(role=role) for role in terms.policy.grading.unconfirmed_tell[: proposal.told]]
    if old is Severity.S0 and new is not Severity.S0:
        pressed = [to for to in pressed if to.role is not Role.LEADER]
    asked = dict.fromkeys((*_asked_first(proposal.severity), *pressed))
    owner = To(person=complaint.owner)
    known = complaint.owner is not None and (old is not new or old is Severity.S0)
    others = dict.fromkeys((To(role=Role.CENTER_LEAD), *([owner] if known else [])))
    notices = [
        Notice(NoticeKind.SEVERITY_RAISED, to, {**facts, "asked": "yes"}, but_not=actor.person or "") for to in asked
    ]
    told = [
        Notice(NoticeKind.SEVERITY_RAISED, to, facts, but_not=actor.person or "") for to in others if to not in asked
    ]
    return (*notices, *told)


def _ground(proposal: Proposal) -> Ground:
    return Ground(proposal.severity, proposal.rule, proposal.at, proposal.words)


def _waiting(complaint: Complaint, actor: Actor) -> Proposal:
    check(complaint, Step.CHECK_GRADE, actor)
    if complaint.proposal is None:
        raise IllegalStep(f"{complaint.reference}: no severity waits to be checked")
    return complaint.proposal


FACTS = ("people", "injured", "loss")
"""What can be counted of a complaint."""


def assess(complaint: Complaint, what: str, value: Fault | int, actor: Actor, now: datetime) -> Change:
    """Somebody who works on it says what its severity rests on: whose fault it is, or one of `FACTS`, as a number."""
    check(complaint, Step.ASSESS, actor)
    if getattr(complaint, what) == value:
        raise IllegalStep(f"{complaint.reference} is noted so already")
    facts = {"what": what, "value": str(value)}
    complaint, event = move(complaint, Step.ASSESS, actor, now, EventKind.ASSESSED, "", facts, **{what: value})
    return Change(complaint, (event,))


# ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield when a rule comes to hold by time alone, and when it is said again that a proposal was not looked at.

    What grows old wakes nobody at night (trap 35).
    """
    rules, quiet = terms.policy.grading, terms.policy.quiet_staff
    for rule, at in moments(complaint, terms):
        yield Timer(f"{RULE}:{rule.name}", _stamp(at), later(at, quiet, terms))
    asked = complaint.proposal
    if asked is not None and (asked.told < len(rules.unconfirmed_tell) or complaint.status is not Status.RESOLVED):
        yield Timer(CHECK, f"{_stamp(asked.at)}/{asked.told}", _asked_next(complaint, asked, terms))


def _asked_next(complaint: Complaint, asked: Proposal, terms: Terms) -> datetime:
    """Return when a proposal is asked about next. The time to answer begins when the first could hear of it; after all who
    are told once it is asked again every day, while people work, and more often where it waits for no morning and no alarm
    sounds.
    """
    rules, quiet = terms.policy.grading, terms.policy.quiet_staff
    grave = asked.severity in terms.policy.quiet_except
    begun = asked.at if grave else later(asked.at, quiet, terms)
    once = len(rules.unconfirmed_tell)
    at = begun + rules.confirm_within * min(asked.told + 1, max(once, 1))
    again = asked.told + 1 - max(once, 1)
    nightly = min(max(again, 0), _DAILY // _NIGHTLY) if grave and asked.severity < complaint.severity else 0
    at += _NIGHTLY * nightly + _DAILY * max(again - nightly, 0)
    if again > nightly:
        at = at_work(at, terms)
    return at if grave and again <= nightly else later(at, quiet, terms)


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Raise it if the rule holds now, or tell the next one that nobody has looked."""
    if timer.rule != CHECK:
        graver = regrade(Change(complaint), terms, now)
        return graver if graver.events else None
    asked, tell = complaint.proposal, terms.policy.grading.unconfirmed_tell
    if asked is None or timer.occurrence != f"{_stamp(asked.at)}/{asked.told}":
        return None
    facts = {"from": asked.before, "to": asked.severity, "words": asked.words, "rule": asked.rule, "again": "yes"}
    if asked.severity is complaint.severity:
        facts["acts"] = "yes"
    if (over := complaint.marked(ALL_CLEAR)) is not None and over >= asked.at:
        facts["clear"] = over.isoformat()
    told = tell[asked.told] if asked.told < len(tell) else Role.CENTER_LEAD
    again = asked.told >= len(tell)
    told_so_far = replace(asked, told=asked.told + 1)
    while again and _asked_next(complaint, told_so_far, terms) <= now:  # after an outage once (trap 33)
        told_so_far = replace(told_so_far, told=told_so_far.told + 1)
    complaint, event = move(
        complaint,
        Step.TICK,
        SYSTEM,
        now,
        EventKind.GRADE_UNCHECKED,
        "",
        {"to": asked.severity, "told": told},
        proposal=told_so_far,
    )
    to = (To(role=told), To(duty_desk=True)) if again else (To(role=told),)
    return Change(complaint, (event,), tuple(Notice(NoticeKind.GRADE_PROPOSED, each, facts) for each in to))


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%f}"


def why(complaint: Complaint) -> tuple[Ground, ...]:
    """Return what its severity rests on; empty for what nobody and no rule has raised."""
    return tuple(ground for ground in complaint.grounds if ground.severity is complaint.severity)
