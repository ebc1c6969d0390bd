"""The work is reported done: what the result still lacks, whose parts are open, and what follows once they are done.

`handling.resolve` is the step itself; what people say comes here first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from complaints import closing, evidence, handling, plan_steps, tasks
from complaints.change import Change, EventKind, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.work import KeptResult, StepDone
from complaints.promises import Terms
from complaints.vocabulary import Role, Status

_DOING = frozenset({Role.HANDLER, Role.EMPLOYEE, Role.DEPT_HEAD})


def finish(
    complaint: Complaint, result: str, actor: Actor, terms: Terms, now: datetime, *, all_steps: bool = False
) -> Change:
    """The lead reports the whole work done. While assisting parts are open the result is kept, and those are told.

    Raises Missing: `result`; `evidence` where the policy asks for a file; `steps` where the agreed plan has steps that nobody
    ticked off, unless `all_steps` says that they are done.
    """
    check(complaint, Step.RESOLVE, actor)
    if not result.strip():
        raise Missing("result", f"{complaint.reference}: say what was done")
    leads = complaint.task is not None and complaint.task.assignee == actor.person
    if leads and evidence.lacking(complaint, terms):
        raise Missing("evidence", f"{complaint.reference}: send a photo or another file that shows the result")
    left = plan_steps.left(complaint) if complaint.status is Status.EXECUTING else ()
    if leads and left and not all_steps:
        raise Missing("steps", f"{complaint.reference}: steps of the plan are open: {', '.join(map(str, left))}")
    if leads and left:
        assert actor.person is not None
        ticked = (StepDone(number, actor.person, now) for number in left)
        complaint = replace(complaint, steps_done=(*complaint.steps_done, *ticked))
    if complaint.parts and not leads:
        raise IllegalStep(f"{complaint.reference}: parts of others are open: end them, or wait for them")
    if complaint.parts:
        return _kept(handling.taken_on(complaint, actor, terms, now), result.strip(), actor, now)
    return _noted(handling.resolve(complaint, result, actor, terms, now), actor, terms)


def _kept(before: Change, result: str, actor: Actor, now: datetime) -> Change:
    complaint = before.complaint
    assert actor.person is not None
    kept = KeptResult(result, actor.person, now)
    again = complaint.kept_result is not None
    parts = ",".join(part.assignee for part in complaint.parts)
    complaint, event = move(
        complaint, Step.REPORT, actor, now, EventKind.RESULT_KEPT, result, {"parts": parts}, kept_result=kept
    )
    facts = {"result": result, "who": actor.person}
    notices = [Notice(NoticeKind.RESULT_KEPT, To(role=Role.CENTER_LEAD), facts)]
    notices += [
        Notice(NoticeKind.PART_CHASED, To(person=part.assignee), {"why": "lead_done", "text": part.what})
        for part in complaint.parts
    ]
    return before + Change(complaint, (event,), () if again else tuple(notices))


def after_part(change: Change, terms: Terms, now: datetime) -> Change:
    """Return the change with the lead's kept result carried out, where the last open part was just done."""
    complaint = change.complaint
    if complaint.kept_result is None or complaint.parts:
        return change
    return change + _carried_out(complaint, terms, now)


def confirm(complaint: Complaint, actor: Actor, terms: Terms, now: datetime) -> Change:
    """The lead of the centre does not wait for the open parts: they end, and the kept result is carried out."""
    check(complaint, Step.FINISH_KEPT, actor)
    if complaint.kept_result is None:
        raise IllegalStep(f"{complaint.reference}: no result waits for the parts of others")
    complaint, event = move(complaint, Step.FINISH_KEPT, actor, now, EventKind.PART_ENDED)
    complaint, told = tasks.ended_all(complaint, "")
    return Change(complaint, (event,), told) + _carried_out(complaint, terms, now)


def _carried_out(complaint: Complaint, terms: Terms, now: datetime) -> Change:
    kept = complaint.kept_result
    assert kept is not None
    lead = Actor(kept.by, _DOING, SYSTEM.channel)
    told = Notice(NoticeKind.RESULT_CARRIED_OUT, To(person=kept.by), {"result": kept.result})
    resolved = handling.resolve(complaint, kept.result, lead, terms, now)
    return _noted(replace(resolved, notices=(*resolved.notices, told)), lead, terms)


def _noted(resolved: Change, actor: Actor, terms: Terms) -> Change:
    """Return the change with the closing note to the service centre, where the policy asks for one (R-045)."""
    if not terms.policy.results.note_to_centre or actor.roles.isdisjoint(_DOING):
        return resolved
    complaint = resolved.complaint
    facts = {"result": complaint.result, "who": actor.person or "", "cause": complaint.cause}
    note = Notice(NoticeKind.CLOSING_NOTE, To(role=Role.AGENT), facts, but_not=actor.person or "")
    return replace(resolved, notices=(*resolved.notices, note))


def tell_cause(complaint: Complaint, cause: str, responsible: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """The cause and who is responsible are put on record; a closing that waited only for them follows."""
    change = evidence.note_cause(complaint, cause, responsible, actor, now)
    closed = closing.close_if_gate_open(change.complaint, SYSTEM, terms, now)
    return change if closed is None else change + closed
