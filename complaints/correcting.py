"""A complaint filed under the wrong heading is put right: category, kind, channel, stage, place, nature, its customer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from complaints.change import Change, EventKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep
from complaints.lifecycle import Step, move
from complaints.parts.actors import SYSTEM, Actor
from complaints.promises import Terms, reach, reconsider
from complaints.vocabulary import CustomerClass, Kind, Nature, Stage, Status

_UNTOUCHED = frozenset({Status.NEW, Status.UNDER_REVIEW, Status.ACCEPTED, Status.DISPATCHED})


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
    place: str | None = None,
    customer_class: CustomerClass | None = None,
    nature: Nature | None = None,
) -> Change:
    """Put right what is given. Clocks that such a complaint has are added, counted from when they should have begun; none of
    those that run is dropped or gets looser.

    terms: those it has, widened by the profiles that such a complaint has besides. Raises NotAllowed or IllegalStep.
    """
    given = {"category": category, "kind": kind, "channel": channel, "stage": stage, "place": place}
    given |= {"customer_class": customer_class, "nature": nature}
    new: dict[str, Any] = {
        key: value for key, value in given.items() if value is not None and value != getattr(complaint, key)
    }
    if not new:
        raise IllegalStep(f"{complaint.reference} is filed so already")
    # Where somebody lives stands in the event's words, which are forgotten with the person.
    facts = {key: f"{getattr(complaint, key)} → {value}" for key, value in new.items() if key != "place"}
    note = f"{complaint.place} → {place}" if "place" in new else ""
    corrected, event = move(complaint, Step.CORRECT, actor, now, EventKind.CORRECTED, note, facts)
    corrected = replace(corrected, policy=terms.policy.ref, **new)  # `kind` is a word of the step, too
    return Change(reconsider(corrected, complaint, terms, now), (event,))


def chosen_anew(complaint: Complaint, terms: Terms, now: datetime) -> Change | None:
    """Its site has become known while nobody has taken it up: it runs under the profile chosen for it there, every clock
    counted from when it would have begun.

    terms: those chosen. None: it is in hand already, or they are the ones it has.
    """
    if complaint.status not in _UNTOUCHED or terms.policy.ref == complaint.policy:
        return None
    facts = {"policy": f"{complaint.policy.name} → {terms.policy.name}"}
    chosen, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.CORRECTED, "its site has become known", facts)
    return Change(_begun_anew(chosen, terms), (event,))


def filed_as(complaint: Complaint, category: str, terms: Terms, now: datetime) -> Complaint:
    """Return the complaint under the category that has become known before anybody had it.

    terms: those chosen for such a complaint, or the ones it has, widened by what such a complaint has besides; every clock
    counts from when it would have begun.
    """
    filed = replace(complaint, category=category)
    if terms.policy.ref.name.partition("+")[0] != complaint.policy.name.partition("+")[0]:
        return _begun_anew(filed, terms)
    return reconsider(replace(filed, policy=terms.policy.ref), complaint, terms, now)


def _begun_anew(complaint: Complaint, terms: Terms) -> Complaint:
    """Return the complaint as if it had run under these terms from the beginning."""
    begun = replace(complaint, policy=terms.policy.ref, deadlines=())
    for reached in sorted(complaint.reached, key=lambda each: each.at):
        begun = reach(begun, reached.milestone, terms, reached.at)
    return begun
