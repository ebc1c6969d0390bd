"""Progress as a duty: the assignee is asked for a line, the customer reads it, and what was not said is counted.

R-059, R-063. A rule of its own beside the clocks: it promises the customer nothing, it begins anew with every word, and it
asks rather than chases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from complaints.calendar import WorkingCalendar
from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.chasing import others
from complaints.complaint import Complaint
from complaints.errors import IllegalStep
from complaints.lifecycle import Step, check, move
from complaints.limits import DayMode, Limit, Unit, due
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import ProgressLine
from complaints.patterns import deferred
from complaints.promises import Terms, reach
from complaints.quiet import later, quiet_staff
from complaints.vocabulary import Milestone, Role, Status

ASK = "progress_ask"
MISS = "progress_miss"
GLANCE = "progress_glance"
AT_WORK = frozenset({Status.WORKING, Status.PROPOSED, Status.EXECUTING})
PROD_AGAIN = timedelta(days=1)
"""However often the customer asks, the assignee hears of it once in so long."""
_DAY = timedelta(days=1)

# What says nothing: taken away, and what is left is the news. Longer ones first.
_EMPTY = deferred(
    r"(?:还|仍|暂时?|目前)*(?:没有?|未)(?:有)?(?:修|弄|办|处理|解决|搞|做)?(?:好|完|成|定)?(?:新的?)?(?:进展|进度|情况|消息|变化)?"
    r"|(?:正|还|仍|一直|继续|持续)?(?:正?在)?(?:积极|努力|加紧|抓紧|尽快|马上)?"
    r"(?:处理|跟进|办理|进行|推进|落实|解决|安排|跟踪|弄|办|做|修)(?:这个|此|该)?(?:问题|事情?|投诉|单子?)?(?:之?中|着|ing)?"
    r"|尽快|尽力|马上|稍后|稍等|请?放心|耐心|等待|等通知|同上|照旧|老样子|一样|不变|如前|正常|按计划|收到|知道|明白|了解"
    r"|好的?|行|可以|没问题|进展|进度|情况|目前|现在|我们?|您|你|请|已经?|都|了|的|呢|吧|啊|嗯+|哦|中|无|在|正|会|是"
    r"|\b(?:still|we|are|is|am|i|i'm|we're|it|it's|its|the|this|that|case|in|on|under|no|not|yet|nothing|new|same|as|"
    r"before|above|change|changes|update|updates|news|progress|status|hand|way|working|work|processing|process|handling|"
    r"handled|ongoing|pending|wip|ok|okay|yes|sure|fine|noted|received|got|will|do|being|done|fixed|finished|soon|asap|"
    r"please|wait|following|up|looking|into|dealing|with|and|to|be|patient|proceeding|going|nothing)\b",
    re.IGNORECASE | re.ASCII,
)
_NO_WORD = deferred(r"[\W_]+")


def says_something(text: str, complaint: Complaint) -> bool:
    """Say whether a line of progress holds news: more than "in progress", and not the line that was said before."""
    said = _folded(text)
    before = (complaint.last_progress, complaint.unreleased.text if complaint.unreleased else "")
    if said in map(_folded, filter(None, before)):
        return False
    left = _NO_WORD.sub("", _EMPTY.sub(" ", unicodedata.normalize("NFKC", text)))
    return len(left) >= 2


def _folded(text: str) -> str:
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", text)).casefold()


# ── the centre's glance ───────────────────────────────────────────────────────────────────────────────────────────────


def told_customer(complaint: Complaint, line: ProgressLine, terms: Terms, now: datetime) -> Change:
    """The customer reads a line; what was promised to be told by then is kept."""
    complaint = replace(complaint, last_progress=line.text, last_progress_at=line.at, told_alone=False, unreleased=None)
    complaint = reach(complaint, Milestone.PROGRESS, terms, now)
    return Change(complaint, (), (Notice(NoticeKind.PROGRESS, To(person=complaint.complainant), {"text": line.text}),))


def shown_to_centre(complaint: Complaint, line: ProgressLine) -> Change:
    """The service centre looks at a line before the customer reads it; an earlier one that waits gives way to it."""
    facts = {"who": line.by, "text": line.text}
    notice = Notice(NoticeKind.PROGRESS_RELEASE, To(role=Role.AGENT), facts)
    return Change(replace(complaint, unreleased=line), (), (notice,))


def release(complaint: Complaint, words: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """The centre lets the line that waits out to the customer, in better `words` where it has some."""
    line = _waiting(complaint, actor)
    facts = {"edited": "yes", "said": line.text} if words.strip() else {}
    line = replace(line, text=words.strip() or line.text)
    complaint, event = move(complaint, Step.RELEASE, actor, now, EventKind.PROGRESS_RELEASED, line.text, facts)
    return Change(complaint, (event,)) + told_customer(complaint, line, terms, now)


def keep_back(complaint: Complaint, reason: str, actor: Actor, now: datetime) -> Change:
    """The centre does not let the line out; whoever said it hears so and why."""
    line = _waiting(complaint, actor)
    complaint, event = move(
        complaint, Step.RELEASE, actor, now, EventKind.PROGRESS_KEPT_BACK, reason, {"said": line.text}, unreleased=None
    )
    facts = {"text": line.text, "reason": reason}
    return Change(complaint, (event,), (Notice(NoticeKind.PROGRESS_KEPT_BACK, To(person=line.by), facts),))


def _waiting(complaint: Complaint, actor: Actor) -> ProgressLine:
    check(complaint, Step.RELEASE, actor)
    if complaint.unreleased is None:
        raise IllegalStep(f"{complaint.reference}: no line of progress waits to be released")
    return complaint.unreleased


# ── the duty ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def last_word(complaint: Complaint) -> datetime | None:
    """Return since when the assignee has said nothing: their last line or plan, else when they took it on or could go on.

    None where nobody works on it: then nobody is asked.
    """
    task = complaint.task
    if task is None or task.accepted_at is None or complaint.status not in AT_WORK:
        return None
    moments = (
        task.accepted_at,
        complaint.reported_at,
        complaint.moment(Milestone.PLAN_SUBMITTED),
        *(pause.ends for pause in complaint.pauses),
    )
    return max(moment for moment in moments if moment is not None)


def asked_at(complaint: Complaint) -> datetime | None:
    """Return when the assignee was asked for the line that they still owe; None where they owe none."""
    since, asked = last_word(complaint), complaint.duty.asked_at
    return asked if since is not None and asked is not None and asked > since else None


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield when the assignee is asked next, when the question counts as missed, and when the centre is asked again."""
    rule, quiet = terms.policy.progress, quiet_staff(complaint, terms)
    if complaint.unreleased is not None:
        at = later(complaint.unreleased.at + rule.answer_within, quiet, terms)
        yield Timer(GLANCE, _stamp(complaint.unreleased.at), at)
    since, waits_since = last_word(complaint), asked_at(complaint)
    if since is None:
        return
    if waits_since is not None:
        yield Timer(MISS, _stamp(waits_since), later(waits_since + rule.answer_within, quiet, terms))
    if rule.every is not None:
        times = _asked(complaint, since) + 1
        yield Timer(ASK, f"{_stamp(since)}/{times}", later(line_due(since, rule.every, times, terms), quiet, terms))


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Ask, count a miss, or ask the centre again, if what the timer was set for still stands."""
    if timer.rule == GLANCE:
        line = complaint.unreleased
        return _glance_again(complaint, line, now) if line and _stamp(line.at) == timer.occurrence else None
    since = last_word(complaint)
    if since is None:
        return None
    if timer.rule == MISS:
        asked = asked_at(complaint)
        return _missed(complaint, since, terms, now) if asked and _stamp(asked) == timer.occurrence else None
    if timer.occurrence != f"{_stamp(since)}/{_asked(complaint, since) + 1}":
        return None
    return _ask(complaint, since, terms, now)


def _asked(complaint: Complaint, since: datetime) -> int:
    return complaint.duty.asked if complaint.duty.since == since else 0


def _ask(complaint: Complaint, since: datetime, terms: Terms, now: datetime) -> Change:
    every, times = terms.policy.progress.every, _asked(complaint, since) + 1
    assert every is not None
    while line_due(since, every, times + 1, terms) <= now:  # after an outage one question stands for all
        times += 1
    complaint = replace(complaint, duty=replace(complaint.duty, since=since, asked=times))
    before, facts = asked_at(complaint), {"since": since.isoformat(), "count": str(times)}
    if before is None:
        return ask(complaint, now, facts)
    if now < before + terms.policy.progress.answer_within:  # the one before still waits for its answer
        return Change(replace(complaint, version=complaint.version + 1))
    missed = _missed(complaint, since, terms, now)  # it ran out at this very moment
    return missed + ask(missed.complaint, now, facts)


def ask(complaint: Complaint, now: datetime, facts: dict[str, str]) -> Change:
    """Ask the assignee for a line; it is missed if none comes."""
    task = complaint.task
    assert task is not None, "somebody works on it"
    duty = replace(complaint.duty, asked_at=now)
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.PROGRESS_ASKED, "", facts, duty=duty)
    return Change(complaint, (event,), (Notice(NoticeKind.PROGRESS_ASKED, To(person=task.assignee), facts),))


def _missed(complaint: Complaint, since: datetime, terms: Terms, now: datetime) -> Change:
    task = complaint.task
    assert task is not None
    missed = complaint.duty.missed + 1
    facts = {"missed": str(missed), "who": task.assignee, "since": since.isoformat()}
    duty = replace(complaint.duty, missed=missed, asked_at=None)
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.PROGRESS_MISSED, "", facts, duty=duty)
    notices = tuple(
        Notice(NoticeKind.PROGRESS_MISSED, to, facts)
        for rung in terms.policy.progress.misses_tell
        if rung.after <= missed
        for to in others(rung.tell, complaint)
    )
    return Change(complaint, (event,), notices)


def _glance_again(complaint: Complaint, line: ProgressLine, now: datetime) -> Change:
    facts = {"who": line.by, "text": line.text}
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.REMINDED, "", {"clock": "progress_release"})
    return Change(complaint, (event,), (Notice(NoticeKind.PROGRESS_RELEASE, To(role=Role.CENTER_LEAD), facts),))


def prod(complaint: Complaint, terms: Terms, now: datetime, by: str | None = None) -> Change | None:
    """The customer asks how it stands and there is nothing new to tell: the assignee is asked for a line.

    by: who asks, where it is not the customer but the colleague who brought it in.
    None where there is something to tell, nobody to ask, or they were asked so lately.
    """
    task = complaint.task
    if task is None or complaint.settled or complaint.status in (Status.RESOLVED, Status.ON_HOLD):
        return None
    if not stale(complaint, terms, now) or complaint.unreleased is not None:
        return None
    lately = (complaint.prodded_at, complaint.duty.asked_at)
    if any(moment is not None and now - moment < PROD_AGAIN for moment in lately):
        return None
    facts = {"why": "customer"} if by in (None, complaint.complainant) else {"why": "finder", "who": str(by)}
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.PROGRESS_ASKED, "", facts, prodded_at=now)
    return Change(complaint, (event,), (Notice(NoticeKind.PROGRESS_ASKED, To(person=task.assignee), facts),))


def remind(complaint: Complaint, text: str, actor: Actor, now: datetime) -> Change:
    """A colleague of the centre has whoever works on it reminded: they are asked for a line, and nobody pressed.

    Raises IllegalStep where nobody has it.
    """
    check(complaint, Step.URGE, actor)
    if complaint.task is None:
        raise IllegalStep(f"{complaint.reference}: nobody has it yet")
    facts = {"why": "desk", "who": str(actor.person)} | ({"text": text} if text else {})
    asked = To(person=complaint.task.assignee)
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.PROGRESS_ASKED, text, facts, prodded_at=now)
    return Change(complaint, (event,), (Notice(NoticeKind.PROGRESS_ASKED, asked, facts),))


def stale(complaint: Complaint, terms: Terms, now: datetime) -> bool:
    """Say whether the customer has been told nothing yet, or nothing since the next line was due."""
    told, every = complaint.last_progress_at, terms.policy.progress.every
    again = complaint.moment(Milestone.REOPENED)
    if told is None or (again is not None and told < again):
        return True
    return every is not None and line_due(told, every, 1, terms) < now


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%f")


def line_due(since: datetime, every: Limit, times: int, terms: Terms) -> datetime:
    """Return when an assignee is asked for the n-th time without a word: on that day at the policy's hour, at work."""
    calendar, at_hour = terms.calendar, terms.policy.progress.prompt_at
    limit = Limit(every.amount * times, every.unit)
    at = due(since, limit, calendar, DayMode.END_OF_DAY).at.astimezone(calendar.zone)
    if every.unit in (Unit.DAYS, Unit.WORKING_DAYS):
        at = datetime.combine(at.date(), at_hour, calendar.zone)
    return _at_work(at, at_hour, calendar).astimezone(UTC)


def _at_work(at: datetime, at_hour: time, calendar: WorkingCalendar) -> datetime:
    """Return `at`, or the next moment at which people work: on another day at the usual hour, if they work then."""
    for days in range(60):  # longer nobody is off; then it is asked all the same
        day = at.date() + days * _DAY
        hours = calendar.hours(day)
        late = not hours or at_hour >= hours[-1][1]  # an hour at which nobody works: then when they begin
        earliest = at.timetz().replace(tzinfo=None) if not days else time.min if late else at_hour
        for opens, closes in hours:
            if earliest < closes:
                return datetime.combine(day, max(opens, earliest), calendar.zone)
    return at
