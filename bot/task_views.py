"""Who does what on a complaint, as the words tell it: assisting parts, steps of the plan, evidence, the task force."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from complaints import plan_steps
from complaints.complaint import Complaint
from complaints.policy.playbooks import Playbook
from complaints.vocabulary import Status, TaskStatus

Name = Callable[[str], Awaitable[str]]
_STEPS_SHOWN = frozenset({Status.PROPOSED, Status.EXECUTING, Status.ON_HOLD, Status.RESOLVED})


@dataclass(frozen=True, slots=True)
class Part:
    """An assisting part. state: dispatched, working or done. said: its result, else its last line of progress."""

    who: str
    what: str
    state: str
    due: datetime | None
    said: str


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A step of the plan; who: ticked it off, empty while nobody has."""

    number: int
    text: str
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that was sent for a task. signed: a statement with the customer's signature. witness: no file, but what
    somebody who saw it says.
    """

    name: str
    who: str
    signed: bool
    witness: bool = False


@dataclass(frozen=True, slots=True)
class Thought:
    """An opinion that was asked for; words: "" while there is no answer."""

    who: str
    question: str
    words: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A member of a task force, and whether they have confirmed."""

    who: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Work:
    """All of it for one complaint. commander: empty where no task force works on it."""

    parts: Sequence[Part]
    steps: Sequence[PlanStep]
    evidence: Sequence[Proof]
    members: Sequence[Seat]
    commander: str


async def work_on(complaint: Complaint, name: Name) -> Work:
    """Return who does what; name: what a person is called."""
    force = complaint.force if complaint.commander is not None else None
    return Work(
        parts=[
            Part(await name(task.assignee), task.what, task.status, task.due_at, task.result or task.said)
            for task in complaint.tasks
            if task.assisting and task.status is not TaskStatus.GIVEN_BACK
        ],
        steps=await _steps(complaint, name),
        evidence=[Proof(each.name, await name(each.by), each.signed, each.witness) for each in complaint.evidence],
        members=[Seat(await name(each.person), each.confirmed_at is not None) for each in force.members]
        if force
        else [],
        commander=await name(force.commander) if force else "",
    )


async def steps_of(book: Playbook, complaint: Complaint, locale: str, name: Name) -> list[PlanStep]:
    """Return the steps of a playbook, and who did which of them."""
    ticked = {done.number: done for done in complaint.playbook_done} if complaint.playbook == book.name else {}
    return [
        PlanStep(number, said[locale], await name(ticked[number].by), ticked[number].note)
        if number in ticked
        else PlanStep(number, said[locale], "", "")
        for number, said in enumerate(book.steps, 1)
    ]


async def opinions_on(complaint: Complaint, name: Name) -> list[Thought]:
    """Return what other departments were asked, and said."""
    return [Thought(await name(each.of), each.question, each.answer) for each in complaint.opinions]


async def _steps(complaint: Complaint, name: Name) -> list[PlanStep]:
    if complaint.status not in _STEPS_SHOWN:
        return []
    ticked = {done.number: done for done in complaint.steps_done}
    return [
        PlanStep(number, text, await name(ticked[number].by), ticked[number].note)
        if number in ticked
        else PlanStep(number, text, "", "")
        for number, text in enumerate(plan_steps.of(complaint.plan), 1)
    ]
