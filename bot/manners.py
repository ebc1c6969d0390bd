"""Manners: which notices may disturb at night, which may be told together, and which are no longer worth telling.

Tables first; the functions below them are pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from bot.answers import Internal
from bot.pacing import Wait
from bot.recipients import kept_from
from bot.storage import codec
from bot.storage.values import Outgoing
from complaints import deciding, ladders, mediating, process_callback
from complaints.change import NoticeKind
from complaints.chasing import WAITS
from complaints.complaint import Complaint
from complaints.promises import Terms
from complaints.quiet import at_work, later
from complaints.vocabulary import Status

AT_ONCE: frozenset[str] = frozenset({NoticeKind.ACKNOWLEDGEMENT, Internal.CHANNEL_DOWN})
"""Never put off until the morning: the one answers what somebody just wrote, the other cannot wait for it."""

JOINABLE: frozenset[str] = frozenset(
    {
        NoticeKind.NEW_COMPLAINT,
        NoticeKind.NEEDS_ASSIGNMENT,
        NoticeKind.COVERING,
        NoticeKind.ASSIGNED,
        NoticeKind.UNASSIGNED,
        NoticeKind.REMINDER,
        NoticeKind.OVERDUE,
        NoticeKind.ESCALATION,
        NoticeKind.DEADLINE_MOVED,
        NoticeKind.STAFF_RESUMED,
        NoticeKind.GIVEN_BACK,
        NoticeKind.STAFF_SUPPLEMENT,
        NoticeKind.STAFF_URGED,
        NoticeKind.STAFF_REOPENED,
        NoticeKind.STAFF_CLOSED,
        NoticeKind.STAFF_WITHDRAWN,
        NoticeKind.SURVEY_UNANSWERED,
        NoticeKind.SURVEY_REMARK,
        NoticeKind.SEVERITY_RAISED,
        NoticeKind.PROGRESS_ASKED,
        NoticeKind.PROGRESS_MISSED,
        NoticeKind.PROCESS_ANSWERED,
        NoticeKind.STILL_WAITING,
        NoticeKind.IN_HAND,
        NoticeKind.REVIEW,
        NoticeKind.DECISION_WAITS,
        NoticeKind.DUTY_BEGINS,
        NoticeKind.DUTY_DONE,
        Internal.UNDELIVERABLE,
        Internal.UNCERTAIN,
    }
)
"""Told to staff in one message where several wait. What puts a question (an extension, an appeal, a plan's answer) stands
alone; a line of progress can be told by its number as well.
"""

NEWS: frozenset[str] = frozenset(
    {
        NoticeKind.TAKEN_UP,
        NoticeKind.PROGRESS,
        NoticeKind.PROMISE_MISSED,
        NoticeKind.PROMISE_MOVED,
        NoticeKind.PLAN_AGREED,
        NoticeKind.EXTENDED,
        NoticeKind.HELD,
        NoticeKind.RESUMED,
        NoticeKind.MEDIATION,
        NoticeKind.MEDIATION_OVER,
        NoticeKind.REFERRED,
        NoticeKind.MERGED,
        NoticeKind.SPLIT_OFF,
        NoticeKind.RESTORED,
        NoticeKind.GROUP_PLAN,
        NoticeKind.CLOSED_UNRATED,
    }
)
"""Told to customers in one message, each in all its words, where the quiet hours kept them back. What puts a question or
carries a file stands alone.
"""

OVER_ONCE_SETTLED: frozenset[str] = frozenset(
    {NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.ESCALATION, NoticeKind.DUTY_BEGINS}
)
"""Not told any more once the complaint is settled or its work reported done (trap 32)."""

SURVEYS: frozenset[str] = frozenset({NoticeKind.SURVEY, NoticeKind.SURVEY_REMINDER})
"""Not told any more once the question is answered or withdrawn."""

VISITS: frozenset[str] = frozenset({NoticeKind.VISIT_OFFER, NoticeKind.VISIT_REMINDER, NoticeKind.VISIT_OUTCOME})
"""Not told any more once their visit is over or another time is spoken of."""

CHASES: frozenset[str] = frozenset(
    {
        NoticeKind.REMINDER,
        NoticeKind.OVERDUE,
        NoticeKind.ESCALATION,
        NoticeKind.STILL_WAITING,
        NoticeKind.DECISION_WAITS,
    }
)
"""Of several complaints these come as one list, from two on: who is chased for much reads it once."""

LADDERS: frozenset[str] = frozenset(
    {
        NoticeKind.ALARM,
        NoticeKind.STILL_WAITING,
        NoticeKind.IN_HAND,
        NoticeKind.CONFIRM,
        NoticeKind.PLEASE_PHONE,
        NoticeKind.PULLED_IN,
    }
)
"""The steps of ladders: their fact `night` says whether they may wake somebody, not the severity alone (trap 35)."""

PROGRESS: frozenset[str] = frozenset(
    {
        NoticeKind.PROGRESS_ASKED,
        NoticeKind.PROGRESS_MISSED,
        NoticeKind.PROGRESS_RELEASE,
        NoticeKind.PROMISE_MISSED,
        NoticeKind.PROCESS_CALLBACK,
    }
)
"""Not told any more once the work is reported done, or what they ask for was said meanwhile."""

TOGETHER: frozenset[str] = frozenset(
    {
        NoticeKind.PART_CHASED,
        NoticeKind.PART_TIME_DECIDED,
        NoticeKind.RESULT_KEPT,
        NoticeKind.CAUSE_ASKED,
        NoticeKind.FORCE_CALLED,
    }
)
"""Not told any more once the part, the waiting or the task force is over."""

WAITING: Mapping[str, Callable[[Complaint], bool]] = {
    NoticeKind.GRADE_PROPOSED: lambda complaint: complaint.proposal is not None,
    NoticeKind.WORDS_HELD: lambda complaint: bool(complaint.unspoken),
    NoticeKind.DECISION_WAITS: lambda complaint: any(deciding.waiting(complaint)),
    NoticeKind.HELP_NEEDED: lambda complaint: not complaint.help_needed,
    NoticeKind.MEDIATION_ASKED: lambda complaint: mediating.under_way(complaint) is not None,
}
"""Not told any more once nothing of it waits for a word."""

LAPSING: frozenset[str] = frozenset(
    {NoticeKind.SURVEY_QUESTION, NoticeKind.PROCESS_CALLBACK, Internal.CAMPAIGN_QUESTION}
)
"""Not told at all where no road carries it: nobody is phoned for a question that may be skipped."""

AWAKE = timedelta(minutes=15)
"""Who wrote so lately is not woken by us."""


def urgent(complaint: Complaint | None, terms: Terms) -> bool:
    """Say whether the policy lets this complaint break the quiet hours (R-041)."""
    return complaint is not None and complaint.severity in terms.policy.quiet_except


def _may_be_urgent(complaint: Complaint | None, terms: Terms) -> bool:
    """Say whether it is so grave, if what its customer said is so: that is asked before the morning, too."""
    asked = complaint.proposal if complaint is not None else None
    return asked is not None and asked.severity in terms.policy.quiet_except


def outdated(outgoing: Outgoing, complaint: Complaint | None, terms: Terms) -> str:
    """Return why the notice need not be told any more, "" where it must. What waited may have become untrue."""
    if complaint is None:
        return ""
    if not outgoing.answer and kept_from(outgoing.person, outgoing.notice, complaint):
        return "the complaint is about its reader"
    if outgoing.notice in TOGETHER and _over_together(outgoing, complaint):
        return "over before it could be told"
    if outgoing.notice in LADDERS and ladders.outdated(outgoing.notice, codec.loads(outgoing.facts), complaint, terms):
        return "answered before it could be told"
    if outgoing.notice in OVER_ONCE_SETTLED and not _still_runs(outgoing, complaint):
        return "settled before it could be told"
    if outgoing.notice == NoticeKind.ASSIGNED and _taken_meanwhile(outgoing, complaint):
        return "accepted or done before it could be told"
    if outgoing.notice in VISITS and not _as_told(outgoing, complaint):
        return "another time was named, or the visit is over"
    if outgoing.notice in PROGRESS and _said_meanwhile(outgoing, complaint):
        return "said or settled before it could be told"
    if outgoing.notice in WAITING and not WAITING[outgoing.notice](complaint):
        return "somebody has said before it could be told"
    if outgoing.notice in SURVEYS and complaint.survey is None:
        return "answered or withdrawn before it could be asked"
    if outgoing.notice == NoticeKind.SURVEY_QUESTION and not any(survey.asked for survey in complaint.surveys):
        return "over before it could be asked"
    return ""


def _taken_meanwhile(outgoing: Outgoing, complaint: Complaint) -> bool:
    """Say whether who was given the work has accepted it since, or it is over."""
    accepted = (task.accepted_at for task in complaint.tasks if task.assignee == outgoing.person and not task.assisting)
    over = complaint.settled or complaint.status is Status.RESOLVED
    return over or any(at is not None and at > outgoing.created_at for at in accepted)


def _over_together(outgoing: Outgoing, complaint: Complaint) -> bool:
    """Say whether nobody waits any more for what a notice asks of somebody who works on a complaint with others."""
    match outgoing.notice:
        case NoticeKind.PART_CHASED | NoticeKind.PART_TIME_DECIDED:
            task = complaint.task
            leads = task is not None and (task.assignee, task.due_at is None) == (outgoing.person, False)
            return complaint.part_of(outgoing.person) is None and not leads
        case NoticeKind.RESULT_KEPT:
            return complaint.kept_result is None
        case NoticeKind.FORCE_CALLED:
            return complaint.force is None or not complaint.force.has(outgoing.person)
    return complaint.settled  # the cause was told


def _still_runs(outgoing: Outgoing, complaint: Complaint) -> bool:
    """Say whether a clock still runs that the notice speaks of."""
    facts = codec.loads(outgoing.facts)
    names = str(facts.get("clocks") or facts.get("clock") or "").split(",")
    return any(deadline.clock in names or not names[0] for deadline in complaint.running)


def _as_told(outgoing: Outgoing, complaint: Complaint) -> bool:
    """Say whether the visit still stands as the notice has it."""
    visit, facts = complaint.visit, codec.loads(outgoing.facts)
    if visit is None or str(visit.number) != facts.get("visit"):
        return False
    slot = visit.pending if outgoing.notice == NoticeKind.VISIT_OFFER else visit.slot
    return slot is not None and slot.start.isoformat() == facts.get("start")


def _said_meanwhile(outgoing: Outgoing, complaint: Complaint) -> bool:
    if complaint.settled or complaint.status is Status.RESOLVED:
        return not (outgoing.notice == NoticeKind.PROMISE_MISSED and _still_runs(outgoing, complaint))
    match outgoing.notice:
        case NoticeKind.PROGRESS_ASKED:
            return complaint.reported_at is not None and complaint.reported_at > outgoing.created_at
        case NoticeKind.PROGRESS_RELEASE:
            return complaint.unreleased is None
        case NoticeKind.PROCESS_CALLBACK:
            asked = process_callback.current(complaint)
            return asked is None or asked.waiting_for is None
    return False


def quiet_until(
    outgoing: Outgoing,
    complaint: Complaint | None,
    terms: Terms,
    *,
    staff: bool,
    last_wrote: datetime | None,
    now: datetime,
) -> datetime | None:
    """Return the end of the quiet hours, or of the time in which nobody works, where they keep the notice back now, else None.

    Not kept back: answers to what somebody just wrote, urgent complaints, and whoever is awake and writing. Whoever is on
    duty is awake too; the rota knows that.
    """
    quiet = terms.policy.quiet_staff if staff else terms.policy.quiet_customer
    if outgoing.answer or outgoing.notice in AT_ONCE:
        return None
    facts = codec.loads(outgoing.facts)
    if facts.get("night") if outgoing.notice in LADDERS else urgent(complaint, terms):
        return None
    if outgoing.notice == NoticeKind.GRADE_PROPOSED and _may_be_urgent(complaint, terms):
        return None
    if last_wrote is not None and now - last_wrote <= AWAKE:
        return None
    end = later(at_work(now, terms) if facts.get(WAITS) else now, quiet, terms)
    return end if end > now else None


def runs(lane: Sequence[Outgoing], joinable: Callable[[Outgoing], bool], least: int) -> list[tuple[Outgoing, ...]]:
    """Cut a lane into what is told together: neighbours that may be joined, at least so many of them; all others alone. Of news
    for customers two are enough where the night kept them back, and none are where it did not.

    Only neighbours, so that nothing overtakes anything. What was once put into one message stays in it when it is tried
    again. least: below 2 nothing is joined.
    """

    def kind(numbered: tuple[int, Outgoing]) -> tuple[int, bool, bool, int]:
        place, outgoing = numbered
        if outgoing.joined_to is not None:
            return outgoing.joined_to, False, False, 0
        return 0, joinable(outgoing), outgoing.notice in NEWS, 0 if joinable(outgoing) else place

    def enough(run: Sequence[Outgoing]) -> bool:
        if run[0].notice in NEWS:
            return len(run) > 1 and any(each.waits == Wait.QUIET for each in run)
        return len(run) >= least or _chases_several(run)

    cut: list[tuple[Outgoing, ...]] = []
    for (together, fresh, _, _), found in groupby(enumerate(lane), key=kind):
        run = tuple(outgoing for _, outgoing in found)
        if together or (fresh and least >= 2 and enough(run)):
            cut.append(run)
        else:
            cut.extend((each,) for each in run)
    return cut


def _chases_several(run: Sequence[Outgoing]) -> bool:
    return all(each.notice in CHASES for each in run) and len({each.reference for each in run}) > 1
