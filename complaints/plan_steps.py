"""The steps of a plan that its customer agreed to, ticked off one by one as they are carried out (R-082)."""

from __future__ import annotations

import re
from datetime import datetime

from complaints.change import Change, EventKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import Actor
from complaints.parts.work import StepDone
from complaints.patterns import deferred

_NAMED = deferred(r"(?:步骤|第|step)\s*(\d{1,2})\s*步?\s*[.、:：)）]?\s*|(?<![\d.])(\d{1,2})\s*[.、)）]\s*(?!\d)", re.I)
_AFTER_WORD = deferred(r"(?:步骤|steps?)\s*[:：]?\s*(?=\d)", re.I)
_BARE = deferred(
    r"(?:^|(?<=[\s;；,，。]))(\d{1,2})(?=[\s.、:：)）]|[^\W\d])(?!\s*[年月日号天点时周个根块米元万小分%])[.、:：)）]?\s*"
)
_EDGES = " \t\r\n,，;；。"


def of(plan: str) -> tuple[str, ...]:
    """Return the steps that a plan lists, in order; empty where it lists none.

    "步骤 1 拆墙（张师傅，周五） 2 换管 3 刷墙", "1. open the wall 2. replace the pipe": numbered from 1 without a gap, two at
    the least.
    """
    word = _AFTER_WORD.search(plan)
    pattern, listed = (_BARE, plan[word.end() :]) if word is not None else (_NAMED, plan)
    if word is not None and len(_NAMED.findall(plan)) >= 2 and plan.lower().count("step") + plan.count("步骤") > 1:
        pattern, listed = _NAMED, plan
    found: list[re.Match[str]] = []
    for match in pattern.finditer(listed):
        number = int(next(group for group in match.groups() if group))
        if number == len(found) + 1:  # any other number is part of what a step says: "换 2 根管"
            found.append(match)
    if len(found) < 2:
        return ()
    ends = [match.start() for match in found[1:]] + [len(listed)]
    steps = tuple(listed[match.end() : end].strip(_EDGES) for match, end in zip(found, ends, strict=True))
    return steps if all(steps) else ()


def left(complaint: Complaint) -> tuple[int, ...]:
    """Return the numbers of the agreed plan's steps that are not ticked off yet."""
    ticked = {done.number for done in complaint.steps_done}
    return tuple(number for number, _ in enumerate(of(complaint.plan), 1) if number not in ticked)


def tick(complaint: Complaint, number: int, note: str, actor: Actor, now: datetime) -> Change:
    """A step was carried out. It counts as a word of progress; the customer reads it in the status.

    Raises IllegalStep before the customer agreed, for a number that the plan has not, and for one that was ticked off.
    """
    check(complaint, Step.DO_STEP, actor)
    steps = of(complaint.plan)
    if not 1 <= number <= len(steps):
        raise IllegalStep(f"{complaint.reference}: its plan has no step {number}")
    if number not in left(complaint):
        raise IllegalStep(f"{complaint.reference}: step {number} is ticked off already")
    assert actor.person is not None
    done = StepDone(number, actor.person, now, note.strip())
    facts = {"step": str(number), "text": steps[number - 1]}
    complaint, event = move(
        complaint,
        Step.DO_STEP,
        actor,
        now,
        EventKind.STEP_DONE,
        note.strip(),
        facts,
        steps_done=(*complaint.steps_done, done),
        reported_at=now,
        last_progress=f"✓ {steps[number - 1]}",  # what the customer agreed to: nothing that they may not read
        last_progress_at=now,
        told_alone=False,
    )
    return Change(complaint, (event,))
