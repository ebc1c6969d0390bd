"""What people change after they said it: a new version beside the old one, and never the same thing done twice (trap 18)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.answers import Answer
from bot.dialogue.filing import relearn
from bot.dialogue.media import described
from bot.dialogue.remembering import recall, remember
from bot.dialogue.turn import Turn
from bot.grammar import Verb
from bot.grammar.details import find_details
from bot.storage.models import MessageRow
from complaints import customer
from complaints.complaint import Complaint

_TAKEN_BACK = "taken_back"
_MENDS = timedelta(minutes=10)  # after words were taken back, in which what is told next is what was meant
_WORDS = frozenset({Verb.COMPLAIN, Verb.COMPLAIN_FOR, Verb.ADD, Verb.FACT})  # told, not commanded


async def take_edit(turn: Turn) -> str | None:
    """Keep a new version of what was said, and return what its last version had for attachments (`media.described`).

    None where it has to be taken as new words: nothing was made of the old ones.
    """
    message_id = turn.incoming.message_id
    if not message_id:
        return None
    earlier = await turn.work.versions(turn.via.channel, turn.where, message_id, turn.person.id)
    if not earlier:
        return None
    last = earlier[-1]
    reference = next((row.reference for row in earlier if row.reference), None)
    was = Verb(next((row.verb for row in earlier if row.verb != Verb.UNCLEAR), "") or Verb.UNCLEAR)
    turn.version = len(earlier) + 1
    if last.text == turn.incoming.text and last.attachments == described(turn.incoming):
        turn.kept = False  # platforms report as an edit what changes no word: a preview, a reaction
    elif reference is None and was is Verb.UNCLEAR:
        return None
    turn.reference, turn.did, turn.quiet = reference, was, True
    if turn.kept:
        await _keep(turn, earlier, was)
    return last.attachments


async def take_back(turn: Turn) -> None:
    """Keep that somebody took back what they had said, as one more version of it. What was done with the words stays done.

    Of a complaint that goes on whoever works on it hears, and who took the words back how to withdraw the whole of it.
    """
    turn.did, turn.quiet, message_id = Verb.UNCLEAR, True, turn.incoming.message_id
    earlier = await turn.work.versions(turn.via.channel, turn.where, message_id, turn.person.id) if message_id else []
    if not earlier or not earlier[-1].text:
        turn.kept = False  # nothing was made of it, or it is known
        return
    turn.reference = next((row.reference for row in earlier if row.reference), None)
    turn.version = len(earlier) + 1
    complaint = await turn.work.complaint(turn.reference) if turn.reference else None
    was = next((row.verb for row in earlier if row.verb != Verb.UNCLEAR), "")
    if complaint is None or complaint.settled or was not in _WORDS:
        return
    change = customer.take_back(complaint, earlier[-1].text, turn.version, turn.as_of(complaint), turn.now)
    turn.answer(Answer.TAKEN_BACK, await turn.desk.record(turn.work, change))
    if was == Verb.COMPLAIN and turn.room is None:
        remember(turn, _TAKEN_BACK, {"reference": complaint.reference, "at": turn.now.isoformat()})


async def mended(turn: Turn) -> Complaint | None:
    """Return the complaint whose words were taken back just now, once: what is told next takes their place."""
    kept = recall(turn, _TAKEN_BACK)
    if kept is None:
        return None
    remember(turn, _TAKEN_BACK, None)
    if turn.now - datetime.fromisoformat(str(kept["at"])) > _MENDS:
        return None
    complaint = await turn.work.complaint(str(kept["reference"]))
    theirs = complaint is not None and complaint.going_on and complaint.complainant == turn.person.id
    return complaint if theirs else None


async def _keep(turn: Turn, earlier: list[MessageRow], was: Verb) -> None:
    complaint = await turn.work.complaint(turn.reference) if turn.reference else None
    first = len(earlier) == 1  # who goes on mending a sentence is told once
    if complaint is None or was not in _WORDS:
        if first:
            turn.answer(Answer.EDIT_NOT_ACTED, complaint)
        return
    if complaint.settled:
        if first:
            turn.answer(Answer.EDIT_AFTER_CLOSING, complaint)
        return
    row, place = await turn.work.person_row(complaint.complainant), ""
    if row is not None and turn.person.id in (complaint.complainant, complaint.finder):
        answering = was in (Verb.FACT, Verb.COMPLAIN_FOR)
        before = find_details(earlier[-1].text, answering=answering)
        now = find_details(turn.words, answering=answering)
        relearn(row, before, now)
        place = now.place if complaint.place in ("", before.place) else ""
    change = customer.amend(complaint, turn.words, turn.version, turn.as_of(complaint), turn.now, place=place)
    await turn.desk.record(turn.work, change)
    if first:
        turn.answer(Answer.EDIT_RECORDED, complaint)
