"""Who speaks for a customer: what a colleague says for them is marked as theirs."""

from __future__ import annotations

from complaints.complaint import Complaint
from complaints.parts.actors import Actor
from complaints.vocabulary import SERVICE_CENTRE


def spoken_for(complaint: Complaint, actor: Actor) -> dict[str, str]:
    """Return the facts that a colleague speaks for the customer: who brought the complaint in, or the centre; {} else."""
    if actor.person is None or actor.person == complaint.complainant:
        return {}
    if actor.person == complaint.finder:
        return {"finder": "yes", "who": actor.person}
    return {"finder": "yes", "desk": "yes", "who": actor.person} if actor.roles & SERVICE_CENTRE else {}
