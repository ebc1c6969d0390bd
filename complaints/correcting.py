"""A complaint that was filed under the wrong heading: its category, kind, channel or stage is put right."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from complaints.change import Change, EventKind
from complaints.complaint import Actor, Complaint
from complaints.errors import IllegalStep
from complaints.lifecycle import Step, move
from complaints.promises import Terms, reconsider
from complaints.vocabulary import Kind, Stage


def correct(
    complaint: Complaint,
    actor: Actor,
    terms: Terms,
    now: datetime,
    *,
    category: str | None = None,
    kind: Kind | None = None,
    channel: str | None = None,
    stage: Stage | None = None,
) -> Change:
    """Put right what is given. Clocks that such a complaint has are added, counted from when they should have begun; none of
    those that run is dropped or gets looser.

    terms: those it has, widened by the profiles that such a complaint has besides. Raises NotAllowed or IllegalStep.
    """
    given = {"category": category, "kind": kind, "channel": channel, "stage": stage}
    new = {key: value for key, value in given.items() if value is not None and value != getattr(complaint, key)}
    if not new:
        raise IllegalStep(f"{complaint.reference} is filed so already")
    facts = {key: f"{getattr(complaint, key)} → {value}" for key, value in new.items()}
    corrected, event = move(complaint, Step.CORRECT, actor, now, EventKind.CORRECTED, "", facts, **new)
    corrected = replace(corrected, policy=terms.policy.ref)
    return Change(reconsider(corrected, complaint, terms, now), (event,))
