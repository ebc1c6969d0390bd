"""Ladders: who hears, step by step, while something that must happen does not; and whose word "收到" holds them.

Where a ladder stands follows from the complaint alone: when its event last happened, how far it was climbed since, and
whether somebody has shown that they have it in hand. Source: R-032, R-041, R-064; traps 32, 33, 35.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from complaints import calling, undelivered
from complaints.change import Change, Event, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import ALL_CLEAR, RAISED, Ack, Call, Climb
from complaints.policy import Policy
from complaints.policy.ladders import ASSIGNEE, BACKUP, DUTY_DESK, SUPERIOR, How, Ladder, LadderStep
from complaints.promises import Terms, reach
from complaints.quiet import AT_WORK, last_word, later
from complaints.vocabulary import Milestone, Post, Role, Severity, Status

RULE = "ladder"
CONFIRM = "confirm"
LAPSE = "lapse"
_FALLS_BACK = (EventKind.ACK_LAPSED, EventKind.GIVEN_BACK)  # nobody has it in hand any more
_BEFORE_WORK = {
    Status.NEW: EventKind.REGISTERED,
    Status.UNDER_REVIEW: EventKind.REGISTERED,
    Status.ACCEPTED: EventKind.DISPATCHED,
    Status.DISPATCHED: EventKind.ACCEPTED,
}
_ALARM = timedelta(
    days=1
)  # for so long a step is repeated as often as the ladder says, at night too; danger without end
_LONGEST = timedelta(days=7)  # between two questions whether it is still in hand


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where a ladder stands. begun: when its event happened; since: that, or when it fell back last. held_at: when a
    colleague last showed that they have it in hand. steps, at: how far it was climbed, and the last step's own moment.
    """

    begun: datetime
    since: datetime
    held_at: datetime | None
    steps: int
    at: datetime

    @property
    def occurrence(self) -> str:
        return f"{_stamp(self.since)}/{self.steps}"


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield each running ladder's next step, or where it is held, when that has to be confirmed."""
    for ladder in terms.policy.ladders:
        standing = _standing(complaint, ladder, terms)
        if standing is None:
            continue
        if standing.held_at is not None:
            yield from _confirming(complaint, ladder, standing, standing.held_at, terms)
        elif (at := _moment(complaint, ladder, standing, terms)) is not None:
            yield Timer(f"{RULE}:{ladder.name}", standing.occurrence, at)


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Take what steps are due, ask whether it is still in hand, or let an unconfirmed answer lapse."""
    rule, _, name = timer.rule.partition(":")
    ladder = _named(terms.policy, name)
    standing = None if ladder is None else _standing(complaint, ladder, terms)
    if ladder is None or standing is None:
        return None
    if rule == RULE:
        fits = standing.held_at is None and timer.occurrence == standing.occurrence
        return _climb(complaint, ladder, standing, terms, now) if fits else None
    asked, over = _asked_since(complaint, standing.held_at), _reported_over(complaint, standing)
    if standing.held_at is None or timer.occurrence != _stamp(asked if over and asked else standing.held_at):
        return None  # answered anew since
    if rule == CONFIRM:
        return _ask_again(complaint, ladder, standing, standing.held_at, now)
    if over:
        return None
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.ACK_LAPSED, "", {"ladder": name})
    return Change(complaint, (event,))


def acknowledge(complaint: Complaint, actor: Actor, terms: Terms, now: datetime) -> Change:
    """Somebody answers 收到: it is in hand, and who said so is kept (R-041)."""
    check(complaint, Step.ACKNOWLEDGE, actor)
    complaint, event = move(complaint, Step.ACKNOWLEDGE, actor, now, EventKind.ACKNOWLEDGED)
    assert actor.person is not None
    complaint = replace(complaint, acks=(*complaint.acks, Ack(actor.person, now)))
    return Change(reach(complaint, Milestone.ACKNOWLEDGED, terms, now), (event,))


def let_go(complaint: Complaint, person: str, terms: Terms, now: datetime) -> Change | None:
    """Let the answer of somebody who goes away lapse, so that the alarm goes on with others; None where it is not theirs."""
    answered = complaint.acks[-1].by if complaint.acks else complaint.owner
    for ladder in terms.policy.ladders:
        standing = _standing(complaint, ladder, terms) if ladder.answer else None
        if answered == person and standing is not None and standing.held_at is not None:
            facts = {"ladder": ladder.name, "away": person}
            complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.ACK_LAPSED, "", facts)
            return Change(complaint, (event,))
    return None


def waits_for_answer(complaint: Complaint, terms: Terms) -> bool:
    """Say whether 收到 would hold a ladder: nobody has answered, or who did was asked to confirm it."""
    for ladder in terms.policy.ladders:
        standing = _standing(complaint, ladder, terms) if ladder.answer else None
        if standing is not None and (standing.held_at is None or _asked_since(complaint, standing.held_at) is not None):
            return True
    return False


def alarmed(complaint: Complaint, terms: Terms) -> tuple[To, ...]:
    """Return whom the ladders that ask for an answer have alarmed so far, whether or not somebody has it in hand since."""
    told: dict[To, None] = {}
    for ladder in terms.policy.ladders:
        standing = _standing(complaint, ladder, terms) if ladder.answer else None
        if standing is not None:
            told |= {to: None for step in _taken(ladder, standing.steps) for to in _recipients(step, complaint)}
    return tuple(told)


def relieved(before: Complaint | None, change: Change, terms: Terms) -> Change:
    """Return the change with what it means for the ladders: where it held one, or ended it, those told before hear of it.

    By whichever word that came about: 收到, an acceptance, a line of progress, a result. Nobody is phoned any more about what
    is over.
    """
    if before is None or not change.events:
        return change
    now = change.events[-1].at
    spoke = {event.by for event in change.events}
    complaint = change.complaint
    if complaint.calls:
        calls = tuple(_still(call, complaint, spoke, terms, now) for call in complaint.calls)
        complaint = replace(complaint, calls=calls)
    by = next((event.by for event in change.events if event.by is not None), None)
    if by is None:
        return replace(change, complaint=complaint)
    notices = list(change.notices)
    for ladder in terms.policy.ladders:
        climbing = _standing(before, ladder, terms)
        if climbing is None or climbing.held_at is not None:
            continue
        after = _standing(complaint, ladder, terms)
        if after is not None and after.held_at is None:
            continue
        if not ladder.answer or not climbing.steps:
            continue
        if complaint.marked(ALL_CLEAR) == now and not any(event.kind in AT_WORK for event in change.events):
            continue  # that it is over is told to the same people, and says more
        if after is not None and not any(ack.at == now for ack in complaint.acks):
            complaint = replace(complaint, acks=(*complaint.acks, Ack(by, now)))
        facts = {"who": by, "at": now.isoformat()}
        if _at_night(before, ladder, climbing, now):
            facts["night"] = "yes"  # whoever was woken may sleep again
        told = dict.fromkeys(to for step in _taken(ladder, climbing.steps) for to in _recipients(step, before))
        notices += [Notice(NoticeKind.IN_HAND, to, facts, but_not=by) for to in told]
    return replace(change, complaint=complaint, notices=tuple(notices))


def _still(call: Call, complaint: Complaint, spoke: Collection[str | None], terms: Terms, now: datetime) -> Call:
    """Return the call, ended where what it is for has happened. spoke: who did something about the complaint just now."""
    if not call.open:
        return call
    if call.why == undelivered.WHY:
        needed = call.whom not in spoke and undelivered.still_needed(call, complaint)
        return call if needed else replace(call, ended_at=now)
    clock = call.why.removeprefix(calling.FOR_CLOCK)
    if clock != call.why:
        needed = any(deadline.clock == clock for deadline in complaint.running)
    else:
        ladder = _named(terms.policy, call.why)
        standing = None if ladder is None else _standing(complaint, ladder, terms)
        needed = standing is not None and standing.held_at is None
    return call if needed else replace(call, ended_at=now)


def skipped(complaint: Complaint, notice: Notice, now: datetime) -> Event:
    """Return the event that tells of a level on which nobody stands: it is passed over visibly (trap 35)."""
    to = notice.to
    facts = {"notice": notice.kind, "level": _level(to), "of": to.backup_of or to.superior_of or ""}
    status = complaint.status
    return Event(EventKind.LEVEL_SKIPPED, now, None, SYSTEM.channel, status, status, "", facts)


def _level(to: To) -> str:
    if to.backup_of:
        return BACKUP
    if to.superior_of:
        return SUPERIOR
    return str(to.role or to.above or "")


def outdated(notice: str, facts: Mapping[str, str], complaint: Complaint, terms: Terms) -> bool:
    """Say whether what waited to be told is no longer true: answered, or over (trap 32)."""
    if notice == NoticeKind.PLEASE_PHONE:
        return not any(call.open and str(call.number) == facts.get("call") for call in complaint.calls)
    if "ladder" not in facts:
        return complaint.settled  # news of what happened: others were pulled in, somebody answered
    ladder = _named(terms.policy, facts.get("ladder", ""))
    standing = None if ladder is None else _standing(complaint, ladder, terms)
    if standing is None:
        return True
    if notice == NoticeKind.CONFIRM:
        return standing.held_at is None or standing.held_at.isoformat() != facts.get("at")
    return standing.held_at is not None


def _named(policy: Policy, name: str) -> Ladder | None:
    return next((ladder for ladder in policy.ladders if ladder.name == name), None)


def _standing(complaint: Complaint, ladder: Ladder, terms: Terms) -> _Standing | None:
    """Return where a ladder stands; None where it is not for this complaint, has not begun or is over."""
    if complaint.settled or complaint.status is Status.RESOLVED or _rests(complaint):
        return None
    if ladder.severities and complaint.severity not in ladder.severities:
        return None
    if ladder.kinds and complaint.kind not in ladder.kinds:
        return None
    begun = max((at for kind in ladder.starts if (at := complaint.marked(kind))), default=None)
    if begun is None:
        return None
    raised = complaint.marked(RAISED)
    if ladder.severities and raised is not None:
        begun = max(begun, raised)  # it became so severe only then
    quiet = terms.policy.quiet_staff
    if ladder.only_quiet and (quiet is None or quiet.after(begun, terms.calendar.zone) == begun):
        return None
    if any((at := complaint.marked(kind)) is not None and at >= begun for kind in (*ladder.until, EventKind.RESOLVED)):
        return None
    fallen = [at for kind in _FALLS_BACK if (at := complaint.marked(kind)) is not None] if ladder.answer else []
    if ladder.answer and (handed := _handed_on(complaint, max(begun, *fallen) if fallen else begun)) is not None:
        fallen.append(handed)
    since = max(begun, *fallen) if fallen else begun
    held_at = last_word(complaint, since) if ladder.answer else None
    if held_at in fallen:
        held_at = None
    if held_at is None and not fallen and ladder.answer and _told_over(complaint, begun):
        held_at = last_word(complaint, min(begun, _danger_began(complaint)))
    climb = next((c for c in complaint.climbs if (c.ladder, c.since) == (ladder.name, since)), None)
    return _Standing(begun, since, held_at, climb.steps if climb else 0, climb.at if climb else since)


def _rests(complaint: Complaint) -> bool:
    """Say whether it is on hold: with a lead's word and for so long as that says, save for danger that was told since."""
    raised = complaint.marked(RAISED)
    began = complaint.pauses[-1].begins if complaint.pauses else complaint.received_at
    in_danger = complaint.severity is Severity.S0 and raised is not None and raised > began
    return complaint.status is Status.ON_HOLD and not in_danger


def _handed_on(complaint: Complaint, since: datetime) -> datetime | None:
    """Return when the task went on from whoever had answered since then: their answer is not that of whoever has it now."""
    task = complaint.task
    former = {each.assignee for each in complaint.tasks if not each.assisting and not each.open}
    if task is None or not former or (complaint.acks and complaint.acks[-1].by not in former - {task.assignee}):
        return None
    word = any(mark.kind in AT_WORK and since <= mark.at < task.assigned_at for mark in complaint.marks)
    return task.assigned_at if word else None


def _moment(complaint: Complaint, ladder: Ladder, standing: _Standing, terms: Terms) -> datetime | None:
    """Return when the next step is due; None after the last. The ladder stands still in the quiet hours that it keeps."""
    steps, index = ladder.steps, standing.steps
    if index < len(steps):
        gap = steps[index].after - (steps[index - 1].after if index else timedelta())
    elif ladder.repeat is not None:
        # After a day of silence the last step is no alarm any more: once a day, as promises are chased. Danger stays one.
        sounds = _is_danger(complaint, ladder) or standing.at - standing.since < _ALARM
        sounds = sounds and not _reported_over(complaint, standing)
        gap = ladder.repeat if sounds else max(ladder.repeat, _ALARM)
    else:
        return None
    at = standing.at + gap
    if _at_night(complaint, ladder, standing, at) or _for_the_desk(steps[min(index, len(steps) - 1)]):
        return at
    return later(at, terms.policy.quiet_staff, terms)


def _at_night(complaint: Complaint, ladder: Ladder, standing: _Standing, at: datetime) -> bool:
    """Say whether it may be told in the quiet hours: until somebody answers, where it is no danger only on the first day, and
    while it is fresh even then (R-041, trap 35).
    """
    age = at - standing.begun
    handed = complaint.task.assigned_at if complaint.task else None
    fresh = standing.begun if standing.since != handed else standing.since  # whoever had answered has handed it on
    unanswered = (age <= _ALARM or _is_danger(complaint, ladder)) and last_word(complaint, fresh) is None
    return ladder.at_night and (age <= ladder.night_within or unanswered) and not _reported_over(complaint, standing)


def _reported_over(complaint: Complaint, standing: _Standing) -> bool:
    """Say whether somebody told that the danger is over, and a colleague has had it in hand: it rings no more, and whether it
    is over is asked day by day.
    """
    began = min(standing.begun, _danger_began(complaint))
    return _told_over(complaint, standing.begun) and last_word(complaint, began) is not None


def _told_over(complaint: Complaint, begun: datetime) -> bool:
    over = complaint.marked(ALL_CLEAR)
    return over is not None and over >= begun


def _danger_began(complaint: Complaint) -> datetime:
    """Return when danger was told of first: what grew since was alarmed of anew, and ends with the same word."""
    told = [ground.at for ground in complaint.grounds if ground.severity is Severity.S0]
    if complaint.proposal is not None and complaint.proposal.severity is Severity.S0:
        told.append(complaint.proposal.at)
    return min(told, default=datetime.max.replace(tzinfo=UTC))


def _is_danger(complaint: Complaint, ladder: Ladder) -> bool:
    """Say whether a ladder sounds day and night until somebody answers, however long that takes (R-041)."""
    return ladder.answer and ladder.at_night and complaint.severity is Severity.S0


def _for_the_desk(step: LadderStep) -> bool:
    """Who is on duty is awake; for anybody else at the desk it is kept until the morning when it is sent."""
    return step.tell == (DUTY_DESK,) and step.how is How.NOTICE


def _climb(complaint: Complaint, ladder: Ladder, standing: _Standing, terms: Terms, now: datetime) -> Change | None:
    """Take the steps that are due: after an outage each person hears once what stands for all that were missed (trap 33)."""
    taken: list[LadderStep] = []
    night = False
    while (at := _moment(complaint, ladder, standing, terms)) is not None and at <= now:
        taken.append(ladder.steps[min(standing.steps, len(ladder.steps) - 1)])
        night = _at_night(complaint, ladder, standing, now)
        standing = replace(standing, steps=standing.steps + 1, at=at)
    if not taken:
        return None
    facts = {
        "ladder": ladder.name,
        "since": (standing.since if ladder.answer else standing.begun).isoformat(),  # an answer that lapsed was one
        "awaits": _missing(complaint, ladder),
        "count": str(_count(ladder, standing.steps)),
    }
    climb = Climb(ladder.name, standing.since, standing.steps, standing.at)
    complaint, event = move(
        complaint,
        Step.TICK,
        SYSTEM,
        now,
        EventKind.LADDER_STEP,
        "",
        {"ladder": ladder.name, "step": str(standing.steps), "since": _stamp(standing.since)},
        climbs=(*(c for c in complaint.climbs if c.ladder != ladder.name), climb),
    )
    if night:
        facts["night"] = "yes"
    facts |= _over(complaint, standing)
    kind = NoticeKind.ALARM if ladder.answer else NoticeKind.STILL_WAITING
    notices = dict.fromkeys(
        (to, step.how is How.SMS)
        for step in taken
        if step.how is not How.PLEASE_PHONE
        for to in _recipients(step, complaint)
    )
    change = Change(complaint, (event,), tuple(Notice(kind, to, facts, only_sms=sms) for to, sms in notices))
    for whom in dict.fromkeys(w for step in taken if step.how is How.PLEASE_PHONE for w in _phoned(complaint)):
        begun = standing.since if ladder.answer else standing.begun  # as the alarm says
        had_since = max(begun, complaint.task.assigned_at) if complaint.task else begun
        said = {"since": had_since.isoformat(), "awaits": facts["awaits"]} | _over(complaint, standing)
        change += calling.ask(change.complaint, whom, ladder.name, said, terms, now, night=night)
    return change


def _missing(complaint: Complaint, ladder: Ladder) -> EventKind:
    """Return what has to happen first: a result is far away where nobody has taken the work on."""
    first = ladder.until[0]
    if first not in (EventKind.PROGRESS, EventKind.PLAN_PROPOSED, EventKind.RESOLVED):
        return first
    return _BEFORE_WORK.get(complaint.status) or (EventKind.ACKNOWLEDGED if ladder.answer else first)


def _count(ladder: Ladder, steps: int) -> int:
    """Return the how-manieth time the ladder speaks: steps of one moment are one."""
    moments = len({step.after for step in ladder.steps[:steps]})
    return moments + max(0, steps - len(ladder.steps))


def _taken(ladder: Ladder, steps: int) -> tuple[LadderStep, ...]:
    return tuple(step for step in ladder.steps[:steps] if step.how is not How.PLEASE_PHONE)


def _recipients(step: LadderStep, complaint: Complaint) -> list[To]:
    assignee = complaint.task.assignee if complaint.task else None
    to = []
    for who in step.tell:
        match who:
            case str() if who == DUTY_DESK or (who == ASSIGNEE and assignee is None):
                to.append(To(duty_desk=True))  # nobody has it: who is on duty gives it to somebody
            case str() if who == ASSIGNEE:
                to.append(To(person=assignee))
            case str() if who == SUPERIOR:
                to.append(To(superior_of=assignee) if assignee else To(role=Role.CENTER_LEAD))
            case str() if who == BACKUP:
                to += [To(backup_of=assignee)] if assignee else []
            case _:
                to.append(To(post=Post(who)) if who in list(Post) else To(role=Role(who)))
    return to


def _phoned(complaint: Complaint) -> list[str]:
    """Return whom the desk is to phone; nobody where nobody has it."""
    return [complaint.task.assignee] if complaint.task else []


def _confirming(
    complaint: Complaint, ladder: Ladder, standing: _Standing, held_at: datetime, terms: Terms
) -> Iterator[Timer]:
    """Yield when whoever answered is asked again, or after that, when the answer lapses."""
    if ladder.confirm_every is None:
        return
    asked, over = _asked_since(complaint, held_at), _reported_over(complaint, standing)
    stamp = held_at
    if asked is None:
        answers = sum(ack.at >= standing.since for ack in complaint.acks)
        # The longer it goes on, the less often: nobody is asked every two hours for weeks (trap 35).
        rule, at = CONFIRM, held_at + min(ladder.confirm_every * 2 ** min(max(0, answers - 1), 12), _LONGEST)
    elif over:
        rule, at, stamp = CONFIRM, asked + _ALARM, asked
    else:
        rule, at = LAPSE, asked + ladder.confirm_within
    if over or not (ladder.at_night and at - standing.begun <= ladder.night_within):
        at = later(at, terms.policy.quiet_staff, terms)
    yield Timer(f"{rule}:{ladder.name}", _stamp(stamp), at)


def _asked_since(complaint: Complaint, held_at: datetime | None) -> datetime | None:
    asked = complaint.marked(EventKind.CONFIRM_ASKED)
    return asked if asked is not None and held_at is not None and asked >= held_at else None


def _over(complaint: Complaint, standing: _Standing) -> dict[str, str]:
    """Return since when the danger is reported over, and what it was taken for before; nothing where nobody said so."""
    over = complaint.marked(ALL_CLEAR)
    if over is None or over < standing.begun:
        return {}
    asked = complaint.proposal
    return {"clear": over.isoformat()} | ({"from": asked.before} if asked is not None else {})


def _ask_again(complaint: Complaint, ladder: Ladder, standing: _Standing, held_at: datetime, now: datetime) -> Change:
    who = complaint.acks[-1].by if complaint.acks else None
    to = To(person=who) if who else To(person=complaint.owner) if complaint.owner else To(duty_desk=True)
    facts = {"ladder": ladder.name, "at": held_at.isoformat()}
    notices = [Notice(NoticeKind.CONFIRM, to, facts)]
    if _reported_over(complaint, standing):
        facts |= _over(complaint, standing)  # who leads the centre decides whether it is
        notices.append(Notice(NoticeKind.CONFIRM, To(role=Role.CENTER_LEAD), facts, but_not=to.person or ""))
    elif ladder.at_night and now - standing.begun <= ladder.night_within:
        facts["night"] = "yes"
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.CONFIRM_ASKED, "", {"ladder": ladder.name})
    return Change(complaint, (event,), tuple(replace(each, facts=facts) for each in notices))


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%f}"
