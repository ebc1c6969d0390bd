"""What a result rests on: files sent for a task, the customer's signature, the cause and who is responsible (R-072–R-074)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from complaints.causes import sorted_into
from complaints.change import Change, EventKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import Actor
from complaints.parts.work import Evidence
from complaints.promises import Terms
from complaints.vocabulary import Status


def task_of(complaint: Complaint, person: str | None) -> int | None:
    """Return the number of the task that is a person's: an open one, or the lead's that was just done; None without any."""
    if complaint.task is not None and complaint.task.assignee == person:
        return complaint.task.number
    if (part := complaint.part_of(person)) is not None:
        return part.number
    done = [task.number for task in complaint.tasks if not task.assisting and task.assignee == person]
    return done[-1] if done and complaint.status is Status.RESOLVED and complaint.owner == person else None


def add(complaint: Complaint, names: Sequence[str], signed: bool, actor: Actor, now: datetime) -> Change:
    """Files that an assignee sends belong to their task. signed: they show a statement that the customer signed."""
    check(complaint, Step.EVIDENCE, actor)
    task = task_of(complaint, actor.person)
    assert task is not None, "asked at the gate"
    assert actor.person is not None
    new = tuple(Evidence(task, name, actor.person, now, complaint.round, signed) for name in names)
    facts = {"task": str(task), "count": str(len(new))} | ({"signed": "yes"} if signed else {})
    complaint, event = move(
        complaint,
        Step.EVIDENCE,
        actor,
        now,
        EventKind.EVIDENCE_ADDED,
        "、".join(names),
        facts,
        evidence=(*complaint.evidence, *new),
    )
    return Change(complaint, (event,))


def witnessed(complaint: Complaint, words: str, actor: Actor, now: datetime) -> Change:
    """Keep who saw it and what they say (R-072). It stands beside the files, and is none. Raises Missing without words."""
    check(complaint, Step.EVIDENCE, actor)
    if not words.strip():
        raise Missing("witness", f"{complaint.reference}: say who saw it, and what they say")
    task = task_of(complaint, actor.person)
    assert task is not None, "asked at the gate"
    assert actor.person is not None
    new = Evidence(task, words.strip(), actor.person, now, complaint.round, witness=True)
    facts = {"task": str(task), "count": "1", "witness": "yes"}
    complaint, event = move(
        complaint,
        Step.EVIDENCE,
        actor,
        now,
        EventKind.EVIDENCE_ADDED,
        new.name,
        facts,
        evidence=(*complaint.evidence, new),
    )
    return Change(complaint, (event,))


def mark_signed(complaint: Complaint, since: datetime, actor: Actor, now: datetime) -> Change:
    """What the actor sent since a moment is a statement that the customer signed. Raises IllegalStep without any."""
    check(complaint, Step.EVIDENCE, actor)
    meant = [
        each
        for each in complaint.evidence
        if each.by == actor.person and each.at >= since and not (each.signed or each.witness)
    ]
    if not meant:
        raise IllegalStep(f"{complaint.reference}: no file was sent that could be a signed statement")
    last = [each for each in meant if each.at == meant[-1].at]
    evidence = tuple(replace(each, signed=True) if each in last else each for each in complaint.evidence)
    names = "、".join(each.name for each in last)
    facts = {"count": str(len(last)), "signed": "yes"}
    complaint, event = move(
        complaint, Step.EVIDENCE, actor, now, EventKind.EVIDENCE_ADDED, names, facts, evidence=evidence
    )
    return Change(complaint, (event,))


def lacking(complaint: Complaint, terms: Terms) -> bool:
    """Say whether the result needs a file and none was sent in this round."""
    wanted = (complaint.severity, complaint.category) in terms.policy.results.evidence
    return wanted and not any(each.round == complaint.round and not each.witness for each in complaint.evidence)


def cause_lacking(complaint: Complaint, terms: Terms) -> tuple[str, ...]:
    """Return what has to be on record before it closes and is not: `cause`, `responsible`."""
    if (complaint.severity, complaint.category) not in terms.policy.results.cause:
        return ()
    known = {"cause": complaint.cause or complaint.cause_kind, "responsible": complaint.responsible}
    return tuple(name for name, words in known.items() if not words)


def note_cause(complaint: Complaint, cause: str, responsible: str, actor: Actor, now: datetime) -> Change:
    """Whoever had the work says what it came from and who is responsible; either replaces what was said before (R-074).

    What it came from is sorted into the list of causes (R-017).
    """
    check(complaint, Step.TELL_CAUSE, actor)
    kind, said = sorted_into(cause.strip()) if cause.strip() else (complaint.cause_kind, "")
    cause = said or complaint.cause
    responsible = responsible.strip() or complaint.responsible
    if (kind, cause, responsible) == (complaint.cause_kind, complaint.cause, complaint.responsible):
        raise Missing("cause", f"{complaint.reference}: say what it came from, and who is responsible")
    facts = {name: said for name, said in (("responsible", responsible), ("kind", kind)) if said}
    complaint, event = move(
        complaint,
        Step.TELL_CAUSE,
        actor,
        now,
        EventKind.CAUSE_TOLD,
        cause,
        facts,
        cause=cause,
        cause_kind=kind,
        responsible=responsible,
    )
    return Change(complaint, (event,))
