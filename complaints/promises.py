"""Deadlines: which clocks a moment starts, which promises it keeps, and how a promise moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from complaints.calendar import WorkingCalendar
from complaints.change import Change, Notice, NoticeKind, To
from complaints.complaint import Complaint, changed
from complaints.limits import Limit, Span, due
from complaints.parts.timing import Deadline, Reached
from complaints.policy import Clock, Policy, When, covers
from complaints.vocabulary import UNASKED, Kind, Lasts, Milestone, Role, Status, WaitsFor


@dataclass(frozen=True, slots=True)
class Terms:
    """What a complaint runs under: its policy and the calendar of its site."""

    policy: Policy
    calendar: WorkingCalendar


def reach(complaint: Complaint, milestone: Milestone, terms: Terms, now: datetime) -> Complaint:
    """Return the complaint with the promises that `milestone` keeps met, and the clocks that it starts running.

    A clock that repeats begins anew when it is met. A wish for more time ends with the promise that it was about.
    """
    complaint = keep(changed(complaint, reached=_noted(complaint, milestone, now)), milestone, terms, now)
    for clock in terms.policy.clocks:
        if _starts(clock, milestone, complaint) and applies(clock, complaint, terms, now):
            complaint = _begun(complaint, clock, now, terms)
    return _without_stale_wish(complaint)


def keep(complaint: Complaint, milestone: Milestone, terms: Terms, now: datetime) -> Complaint:
    """Return the complaint with the promises met that `milestone` keeps, and those of them begun anew that repeat."""
    met, again = [], []
    for deadline in complaint.deadlines:
        clock = _clock(deadline, terms.policy)
        if not deadline.open or clock is None or milestone not in clock.met_by:
            met.append(deadline)
            continue
        met.append(replace(deadline, met_at=now))
        if clock.repeats and milestone not in ENDS_WORK and deadline.round == complaint.round:
            again.append(start(clock, complaint, terms, now))
    deadlines = (*met, *again)
    return complaint if deadlines == complaint.deadlines else changed(complaint, deadlines=deadlines)


def begin_for_next(complaint: Complaint, terms: Terms, now: datetime) -> Complaint:
    """Return the complaint with the clocks begun anew that each assignee owes: taking it on (R-033), an answer of their own.

    What is promised to the customer does not move with whoever has it. What the one before still owed ends, visibly.
    """
    anew: dict[str, Deadline] = {}
    for clock in terms.policy.clocks:
        if clock.per_assignee and complaint.moment(clock.starts) is not None and applies(clock, complaint, terms, now):
            candidate = replace(start(clock, complaint, terms, now), anew=True)
            if clock.name not in anew or candidate.due_at < anew[clock.name].due_at:
                anew[clock.name] = candidate
    before = (replace(d, ended_at=now) if d.open and d.clock in anew else d for d in complaint.deadlines)
    return replace(complaint, deadlines=(*before, *anew.values()))


ENDS_WORK = frozenset({Milestone.RESOLVED, Milestone.CLOSED})
"""What ends a clock that would otherwise repeat."""


def _noted(complaint: Complaint, milestone: Milestone, now: datetime) -> tuple[Reached, ...]:
    return (*(each for each in complaint.reached if each.milestone is not milestone), Reached(milestone, now))


def _without_stale_wish(complaint: Complaint) -> Complaint:
    wish = complaint.extension
    if wish is None or any(d.clock == wish.clock and d.open for d in complaint.deadlines):
        return complaint
    return replace(complaint, extension=None)


def _begun(complaint: Complaint, clock: Clock, since: datetime, terms: Terms) -> Complaint:
    """Start a clock that counts from `since`. Of two of one name the stricter runs; one that was met stays met."""
    candidate = start(clock, complaint, terms, since)
    old = complaint.deadline(clock.name)
    if old is None or old.ended_at is not None:
        return changed(complaint, deadlines=(*complaint.deadlines, candidate))
    if old.met_at is not None and clock.starts is Milestone.PLAN_SUBMITTED:
        return changed(complaint, deadlines=(*complaint.deadlines, candidate))  # somebody phones about each plan anew
    asleep = clock.sleeps and old.started_at > since  # it has not begun yet, and now somebody is woken
    if (old.profile, old.limit) == (candidate.profile, candidate.limit) and not asleep:
        return complaint
    if old.met_at is not None:
        # Told of what was hot; of what has become major the company is to be told again.
        anew = clock.starts is Milestone.GRADED
        return changed(complaint, deadlines=(*complaint.deadlines, candidate)) if anew else complaint
    if old.extended or candidate.due_at >= old.due_at:
        return complaint
    if asleep:
        candidate = replace(candidate, turn=old.turn)  # nobody was reminded of it yet: it is the same promise
    return changed(complaint, deadlines=tuple(candidate if d is old else d for d in complaint.deadlines))


def reconsider(complaint: Complaint, before: Complaint, terms: Terms, now: datetime) -> Complaint:
    """Return the complaint with the clocks that follow from a changed severity, category, kind, channel, stage or flag.

    before: the complaint as it was. Clocks that now apply and whose milestone has passed are started: from that milestone
    where the complaint was only misfiled, from now where it has become graver. Stricter clocks replace those of their name;
    none gets looser. Clocks that were for another severity end, visibly, without having been kept.
    """
    for clock in terms.policy.clocks:
        graver = bool(clock.severities and complaint.severity not in clock.severities)
        if graver and before.severity in clock.severities:
            complaint = replace(complaint, deadlines=tuple(_ended(d, clock, now) for d in complaint.deadlines))
    for clock in terms.policy.clocks:
        since = complaint.moment(clock.starts)
        if since is None or not applies(clock, complaint, terms, since) or _past(clock, complaint):
            continue
        new = bool(clock.profile) and clock.profile not in before.policy.name.split("+")  # it stands beside it only now
        wakes = terms.policy.quiet_except
        woken = clock.sleeps and complaint.severity in wakes and before.severity not in wakes
        if (
            not new
            and not woken
            and applies(clock, before, terms, since)
            and _limit(clock, before) == _limit(clock, complaint)
        ):
            continue
        # What has come to be asked only now cannot have been late before.
        milder = replace(complaint, severity=before.severity, flags=before.flags)
        graver = not applies(clock, milder, terms, since) or _limit(clock, milder) != _limit(clock, complaint)
        graver |= woken or (new and complaint.severity != before.severity)
        complaint = _begun(complaint, clock, now if graver else since, terms)
    return _without_stale_wish(complaint)


def _limit(clock: Clock, complaint: Complaint) -> Limit:
    return clock.limit_for(complaint.category, complaint.severity)


def _past(clock: Clock, complaint: Complaint) -> bool:
    """Say whether what keeps the clock has been done since it would have started."""
    since = complaint.moment(clock.starts)
    return not clock.repeats and any(
        since is not None and at is not None and at >= since for at in map(complaint.moment, clock.met_by)
    )


def _ended(deadline: Deadline, clock: Clock, now: datetime) -> Deadline:
    belongs = (deadline.clock, deadline.profile) == (clock.name, clock.profile)
    return replace(deadline, ended_at=now) if belongs and deadline.open else deadline


def still(clock: Clock | None, complaint: Complaint) -> list[Span]:
    """Return the spans in which a clock of this complaint stands still: every clock between a verdict and the appeal against
    it, and those that the policy lets pause while work waits.
    """
    pausing = clock is not None and clock.pauses
    spans = (pause.span for pause in complaint.pauses if pausing or pause.waits_for in UNASKED)
    return [(begins, ends) for begins, ends in spans if begins < ends]


def asleep_until(complaint: Complaint, terms: Terms, now: datetime) -> datetime | None:
    """Return when colleagues hear at the latest of what is told them now, where that is not at once."""
    quiet = terms.policy.quiet_staff
    if quiet is None or complaint.severity in terms.policy.quiet_except:
        return None
    end = quiet.after(now, terms.calendar.zone)
    return end if end > now else None


def asleep_facts(complaint: Complaint, terms: Terms, now: datetime) -> dict[str, str]:
    """Return the same as a notice to the customer carries it; empty where colleagues hear of it at once."""
    end = asleep_until(complaint, terms, now)
    return {"asleep": end.isoformat()} if end is not None else {}


def start(clock: Clock, complaint: Complaint, terms: Terms, now: datetime) -> Deadline:
    """Return the deadline of a clock that begins at `now`."""
    limit = _limit(clock, complaint)
    before = complaint.deadline(clock.name)
    begins = (asleep_until(complaint, terms, now) if clock.sleeps else None) or now
    moment = due(begins, limit, terms.calendar, terms.policy.day_mode, still(clock, complaint))
    return Deadline(
        clock=clock.name,
        round=complaint.round,
        limit=str(limit),
        started_at=begins,
        due_at=moment.at,
        steps=moment.steps,
        provisional=moment.provisional,
        whose=clock.whose,
        repeats=clock.repeats,
        profile=clock.profile,
        lasts=clock.lasts,
        turn=0 if before is None else before.setting + 1,
    )


def when(moment: datetime, calendar: WorkingCalendar) -> When:
    """Return what the calendar says of a moment: work time, outside the hours of a working day, or a day off."""
    local = moment.astimezone(calendar.zone)
    hours = calendar.hours(local.date())
    if not hours:
        return When.DAY_OFF
    clock = local.time()
    return When.WORK_TIME if any(opens <= clock < closes for opens, closes in hours) else When.OFF_HOURS


def applies(clock: Clock, complaint: Complaint, terms: Terms, at: datetime) -> bool:
    """Say whether a clock that would start `at` that moment is for this complaint. Praise is owed only what names it."""
    category = complaint.category
    return (
        (complaint.kind is not Kind.PRAISE or Kind.PRAISE in clock.kinds)
        and (not clock.severities or complaint.severity in clock.severities)
        and (not clock.kinds or complaint.kind in clock.kinds)
        and (not clock.categories or any(covers(code, category) for code in clock.categories))
        and (not clock.channels or complaint.channel in clock.channels)
        and (not clock.stages or complaint.stage in clock.stages)
        and clock.flags <= complaint.flags
        and (not clock.when or when(at, terms.calendar) in clock.when)
    )


def _starts(clock: Clock, milestone: Milestone, complaint: Complaint) -> bool:
    if milestone is not Milestone.REOPENED:
        return clock.starts is milestone
    # A reopened complaint is promised anew what the policy says per round, counted from the reopening; and what came again and
    # again while the work went on comes again.
    return clock.per_round or (clock.repeats and complaint.moment(clock.starts) is not None)


def _clock(deadline: Deadline, policy: Policy) -> Clock | None:
    return policy.clock(deadline.clock, deadline.profile)


def holder(complaint: Complaint, deadline: Deadline) -> To:
    """Return who is reminded of a deadline and chased: its role, else the assignee, else the service centre."""
    if deadline.whose is not None:
        return To(role=deadline.whose)
    person = answers_for(complaint)
    return To(person=person) if person is not None else To(role=Role.AGENT)


def answers_for(complaint: Complaint) -> str | None:
    """Return who has the work, or had it when it was done; None where nobody has."""
    if complaint.task is not None:
        return complaint.task.assignee
    return complaint.owner if complaint.status in (Status.RESOLVED, Status.CLOSED) else None


def promised(complaint: Complaint, policy: Policy) -> Deadline | None:
    """Return the soonest running deadline that the customer is told of."""
    told = {clock.name for clock in policy.clocks if clock.promised}
    return next((deadline for deadline in complaint.running if deadline.clock in told), None)


def promised_next(complaint: Complaint, policy: Policy, now: datetime) -> Deadline | None:
    """Return the soonest promise to the customer that can still be kept."""
    told = {clock.name for clock in policy.clocks if clock.promised}
    return next((each for each in complaint.running if each.clock in told and not each.overdue(now)), None)


def due_facts(complaint: Complaint, terms: Terms) -> dict[str, str]:
    """Return the soonest promise to the customer as a notice carries it; empty where none runs."""
    deadline = promised(complaint, terms.policy)
    return {"due": deadline.due_at.isoformat()} if deadline else {}


def noted(change: Change) -> Change:
    """Return the change with the moment that it tells the customer, to be known as told when it moves."""
    customer = To(person=change.complaint.complainant)
    told = [notice.facts["due"] for notice in change.notices if notice.to == customer and notice.facts.get("due")]
    if not told:
        return change
    return replace(change, complaint=changed(change.complaint, told_due=datetime.fromisoformat(told[-1])))


def promised_at_once(change: Change, terms: Terms) -> Change:
    """Return a change that made a complaint so severe that it wakes somebody, with what its customer reads put right."""
    complaint = change.complaint
    if complaint.severity not in terms.policy.quiet_except:
        return change
    facts = due_facts(complaint, terms)
    notices = tuple(
        replace(each, facts={key: value for key, value in each.facts.items() if key != "asleep"} | facts)
        if "asleep" in each.facts
        else each
        for each in change.notices
    )
    return replace(change, notices=notices)


def acknowledgement(complaint: Complaint, terms: Terms) -> Notice:
    """Return the first word to the customer: the number, by when they will hear, and who told us (R-018, R-019)."""
    told = complaint.finder if complaint.finder != complaint.complainant else None
    facts = due_facts(complaint, terms) | ({"who": told} if told else {})
    facts |= asleep_facts(complaint, terms, complaint.received_at)
    return Notice(NoticeKind.ACKNOWLEDGEMENT, To(person=complaint.complainant), facts)


def appeal_granted(complaint: Complaint, terms: Terms) -> tuple[Notice, ...]:
    """Return the word to the customer that what is taken up was their appeal, granted; empty where none was open."""
    if not complaint.appealed or not complaint.pauses or complaint.pauses[-1].waits_for is not WaitsFor.APPEAL:
        return ()
    facts = due_facts(complaint, terms) | {"appeal": "granted"}
    return (Notice(NoticeKind.RESTORED, To(person=complaint.complainant), facts),)


def work_deadline(complaint: Complaint) -> Deadline | None:
    """Return the assignee's deadline for the work itself: the last one, after every first contact and acceptance."""
    running = (deadline for deadline in complaint.running if deadline.lasts is Lasts.WORK)
    own = [deadline for deadline in running if deadline.whose is None and not deadline.repeats]
    of_work = [deadline for deadline in own if not deadline.anew] or own
    return of_work[-1] if of_work else None


def work_deadline_before(complaint: Complaint, moment: datetime, terms: Terms) -> Deadline | None:
    """Return the assignee's last deadline for the work that falls before a moment; None where all of it is due later.

    What is kept by taking it on, or by any news, is no time for the work: more of it is not what somebody asks for who names a
    day.
    """
    last = work_deadline(complaint)
    if last is None or last.due_at < moment:
        return last
    own = (d for d in complaint.running if d.lasts is Lasts.WORK and d.whose is None and not d.repeats and not d.anew)
    before = (d for d in own if d.due_at < moment)
    return next((d for d in reversed(list(before)) if by_work_alone(d, terms)), None)


def by_work_alone(deadline: Deadline, terms: Terms) -> bool:
    """Say whether a limit is one of the work itself: it is not kept by taking the work on, nor by any news of it."""
    clock = terms.policy.clock(deadline.clock, deadline.profile)
    return clock is not None and not clock.met_by & {Milestone.ACCEPTED, Milestone.PROGRESS}


def reminder_moments(deadline: Deadline, policy: Policy) -> list[tuple[str, datetime]]:
    """Return (lead, moment) for each reminder before the limit, earliest first."""
    length = deadline.due_at - deadline.started_at
    moments = []
    for lead in policy.reminders.leads(length):
        if lead.share is not None:
            at = deadline.started_at + timedelta(seconds=length.total_seconds() * float(lead.share))
        else:
            assert lead.before is not None
            at = deadline.due_at - lead.before
        # After an extension only what still lies ahead of it is worth saying.
        if (deadline.moved_at or deadline.started_at) < at < deadline.due_at:
            moments.append((lead.text, at.astimezone(UTC)))
    return sorted(moments, key=lambda moment: moment[1])
