"""A playbook is begun and ticked off step by step: what is done about such a complaint, as its profile says (R-073, R-114)."""

from __future__ import annotations

from datetime import datetime

from complaints.change import Change, EventKind, Notice, NoticeKind, To
from complaints.chasing import others
from complaints.complaint import Complaint
from complaints.errors import IllegalStep
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import Actor
from complaints.parts.work import StepDone
from complaints.policy.playbooks import Playbook
from complaints.promises import Terms


def fitting(complaint: Complaint, terms: Terms, named: str = "") -> Playbook | None:
    """Return the playbook that is meant by a word of its title; without one that which was begun, else the first that fits."""
    books = terms.policy.playbooks
    if named:
        said = named.casefold()
        return next((book for book in books if any(said in title.casefold() for title in book.title.values())), None)
    begun = next((book for book in books if book.name == complaint.playbook), None)
    return begun or next((book for book in books if _fits(book, complaint)), None)


def _fits(book: Playbook, complaint: Complaint) -> bool:
    said = complaint.summary
    return book.fits(complaint.severity, complaint.category, complaint.flags, said, complaint.people)


def begin(complaint: Complaint, book: Playbook, actor: Actor, now: datetime) -> Change:
    """Somebody sets a playbook in motion: whoever has the complaint reads the steps, those whom it names hear at once.

    Raises IllegalStep where it is under way already.
    """
    check(complaint, Step.PLAYBOOK, actor)
    if complaint.playbook == book.name:
        raise IllegalStep(f"{complaint.reference}: this playbook was begun already")
    complaint, event = move(
        complaint,
        Step.PLAYBOOK,
        actor,
        now,
        EventKind.PLAYBOOK_BEGUN,
        facts={"playbook": book.name},
        playbook=book.name,
        playbook_done=(),
    )
    to = [*([To(person=complaint.owner)] if complaint.owner else []), *others(book.tell, complaint)]
    notices = (
        Notice(NoticeKind.PLAYBOOK_BEGUN, each, {"who": actor.person or ""}, but_not=actor.person or "") for each in to
    )
    return Change(complaint, (event,), tuple(notices))


def left(complaint: Complaint, book: Playbook) -> tuple[int, ...]:
    """Return the numbers of the steps that are not ticked off yet."""
    ticked = {done.number for done in complaint.playbook_done}
    return tuple(number for number, _ in enumerate(book.steps, 1) if number not in ticked)


def tick(complaint: Complaint, number: int, note: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """A step of the playbook was done; colleagues read it in the status, the customer does not.

    Raises IllegalStep where none was begun, for a number that it has not, and for one that was ticked off.
    """
    check(complaint, Step.PLAYBOOK, actor)
    book = next((each for each in terms.policy.playbooks if each.name == complaint.playbook), None)
    if book is None:
        raise IllegalStep(f"{complaint.reference}: no playbook was begun")
    if not 1 <= number <= len(book.steps):
        raise IllegalStep(f"{complaint.reference}: its playbook has no step {number}")
    if number not in left(complaint, book):
        raise IllegalStep(f"{complaint.reference}: step {number} is ticked off already")
    done = StepDone(number, actor.person or "", now, note.strip())
    complaint, event = move(
        complaint,
        Step.PLAYBOOK,
        actor,
        now,
        EventKind.PLAYBOOK_STEP,
        note.strip(),
        {"playbook": book.name, "step": str(number)},
        playbook_done=(*complaint.playbook_done, done),
    )
    return Change(complaint, (event,))
