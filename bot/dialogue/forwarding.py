"""A mail that an employee hands on: its writer stays the complainant, the employee is its finder (trap 15, R-005)."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.answers import Answer
from bot.dialogue.filing import acknowledged_enough, file_for, filing_of, learn, reach_by_phone
from bot.dialogue.following import add_followed, followed_up, handed_on_before
from bot.dialogue.media import adopt, just_spoken_of
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.details import find_details
from bot.storage.models import PersonRow
from complaints import customer
from complaints.complaint import Complaint
from complaints.parts.actors import Actor
from complaints.vocabulary import Role
from connectors.port import Party

_FORWARDED = re.compile(r"^\s*(?:(?:fwd?|wg|tr|转发|轉寄|轉發|转)\s*[:：]\s*)+", re.IGNORECASE)


async def take_forwarded(turn: Turn) -> bool:
    """File what an employee hands on, for whom wrote it; False where this is no such mail.

    The employee need not have proved who they are: anybody could write in the customer's name just as well, and only the
    real employee hears as finder how it ends.
    """
    writer = _writer(turn)
    if writer is None or not turn.fresh_thread or not (turn.person.staff and turn.person.active):
        return False
    row = await _complainant(turn, writer)
    if row is None:
        return False
    # Only what the customer wrote: they are shown it again, and the employee's note and number are none of their business.
    text = turn.incoming.forwarded_text.strip() or turn.words
    subject = _FORWARDED.sub("", turn.incoming.subject or "").strip()
    summary = f"{subject}\n{text}".strip() if subject not in text else text
    summary = summary or "、".join(attachment.name for attachment in turn.incoming.attachments)
    if not summary:
        return False
    details, note = find_details(text), turn.incoming.visible_reply.strip() if turn.incoming.forwarded_text else ""
    learn(row, replace(details, name=""), name=writer.name, locale=turn.locale)
    actor = Actor(turn.person.id, frozenset({Role.EMPLOYEE}), turn.via.channel)
    if (known := await handed_on_before(turn, text or summary, row)) is not None:
        await add_followed(turn, known, text or summary, actor=actor)
        if note:
            await _add_note(turn, known.reference, note, actor)
        return True
    await reach_by_phone(turn, row, details.phone)
    filing = await filing_of(turn, summary, row.id, finder=turn.person.id, place=details.place)
    filing = replace(filing, contact_known=bool(row.phone or writer.address))
    quiet = await acknowledged_enough(turn, row.id)
    complaint = await turn.desk.file(turn.work, filing, actor, quiet=quiet)
    await adopt(turn, complaint)
    if note:
        complaint = await _add_note(turn, complaint.reference, note, actor)
    turn.reference, turn.did = complaint.reference, Verb.COMPLAIN_FOR
    if not complaint.contact_known:
        turn.ask(Question(Pending.FACTS, complaint.reference))
        turn.answer(Answer.CONTACT_NEEDED, complaint)
    return True


async def _add_note(turn: Turn, reference: str, note: str, actor: Actor) -> Complaint:
    """Add what the employee wrote above what they hand on."""
    complaint = await turn.work.complaint(reference)
    assert complaint is not None
    change = customer.supplement(complaint, note, actor, turn.now, told=False, by=turn.person.name)
    return await turn.desk.record(turn.work, change)


async def take_handed_on(turn: Turn) -> bool:
    """File a chat message that a colleague hands on, for whom wrote it; what they hand on right after it is added.

    They said "my complaints" before it, or it tells of a trouble: an assignee may well hand on a craftsman's good news.
    What its writer says later of the same matter is added, too.
    """
    if not turn.incoming.forwarded_from or turn.capabilities.threads or not (turn.is_staff and turn.words):
        return False
    writer, before = _writer(turn), await just_spoken_of(turn)
    asked_for = turn.question is not None and turn.question.data.get("for") in ("customer", "handed on")
    matter = asked_for or understand(turn.words, Speaker.CUSTOMER, Pending.NONE).verb is Verb.COMPLAIN
    adds = before is not None and before.finder == turn.person.id
    if writer is None:
        return False
    known = None if adds else await _known(turn, writer)
    if known is not None and (complaint := await followed_up(turn, turn.words, known)) is not None:
        await add_followed(turn, complaint, turn.words)
        return True
    if not (matter or adds):
        return False
    row = await _complainant(turn, writer)
    if row is None:
        return False
    if before is not None and adds and await _same_writer(turn, before, row, writer):
        change = customer.supplement(before, turn.words, turn.as_(Role.EMPLOYEE), turn.now, told=False)
        turn.reference, turn.did = (await turn.desk.record(turn.work, change)).reference, Verb.ADD
    elif matter:
        learn(row, find_details(turn.words), name=writer.name)
        await file_for(turn, turn.words, row)
    else:
        return False
    return True


async def _known(turn: Turn, writer: Party) -> PersonRow | None:
    """Return the writer where we know them: by their address, else by name among those for whom the speaker spoke."""
    if writer.address:
        address = await turn.work.address(turn.via.channel, writer.address)
        return await turn.work.person_row(address.person) if address is not None else None
    entered = {each.complainant for each in await turn.work.entered_by(turn.person.id) if each.going_on}
    rows = [row for each in sorted(entered) if (row := await turn.work.person_row(each)) is not None]
    named = [row for row in rows if row.name == writer.name]
    return named[0] if len(named) == 1 else None


async def _same_writer(turn: Turn, complaint: Complaint, row: PersonRow, writer: Party) -> bool:
    known = await turn.work.person_row(complaint.complainant)
    return known is not None and (known.id == row.id or (not writer.address and known.name == writer.name))


def _writer(turn: Turn) -> Party | None:
    """Return who wrote the mail that is handed on, None where it is the speaker's own or ours."""
    said = turn.incoming.forwarded_from
    if not said:
        return None
    name, bracket, rest = said.rpartition("<")
    address = rest.rstrip("> ") if bracket else said if "@" in said else ""
    writer = Party(address, name.strip() if bracket else "" if address else said)
    ours = {each.lower() for each in (*turn.capabilities.own_addresses, turn.capabilities.own_address or "")}
    return None if address and address.lower() in {*ours, turn.via.address.lower()} else writer


async def _complainant(turn: Turn, writer: Party) -> PersonRow | None:
    """Return the writer, known or new. Their address is one that somebody told us, proven by nothing."""
    channel, work = turn.via.channel, turn.work
    if not writer.address:
        return await work.new_customer(turn.now, locale=turn.locale)
    known = await work.address(channel, writer.address)
    if known is not None:
        return None if known.person == turn.person.id else await work.person_row(known.person)
    row = await work.new_customer(turn.now, locale=turn.locale)
    await work.add_address(row.id, channel, writer.address, turn.now, proven=False)
    return row
