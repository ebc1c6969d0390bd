"""What a customer says of a complaint that is open: added to it, and kept beside a question that it does not answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers import Answer
from bot.dialogue.filing import learn
from bot.dialogue.media import adopt, just_spoken_of
from bot.dialogue.questions import Question
from bot.dialogue.reopening import again
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Verb
from bot.grammar.details import find_details
from bot.grammar.press import answer_wanted_by
from bot.grammar.sending import asks_to_send
from complaints import customer, press
from complaints.complaint import Complaint
from complaints.outward import from_the_press
from complaints.parts.actors import SYSTEM
from complaints.vocabulary import Role, Status
from connectors.port import Content

MATTER = 12
"""Characters from which words hold more than a command."""


async def own_cases(turn: Turn) -> list[Complaint]:
    """Return the speaker's open complaints and, for an employee, those they brought in."""
    mine = [c for c in await turn.work.complaints_of(turn.person.id) if c.going_on]
    if turn.is_staff:
        mine += [c for c in await turn.work.entered_by(turn.person.id) if not c.settled and c not in mine]
    return mine


async def supplement(turn: Turn, complaint: Complaint, text: str, *, told: bool = True) -> None:
    """Add words and files to an open complaint; danger takes one up again that was reported done.

    told: the customer reads that it was recorded.
    """
    if turn.in_danger and complaint.status is Status.RESOLVED and complaint.complainant == turn.person.id:
        await again(turn, complaint)  # what was reported done is not: somebody has to go there now
        return
    actor = turn.as_(Role.CUSTOMER, Role.EMPLOYEE)
    await adopt(turn, complaint)
    row, details = await turn.work.person_row(complaint.complainant), find_details(text)
    if row is not None and row.id == turn.person.id:
        learn(row, details)
    change = customer.supplement(complaint, with_files(turn, text), actor, turn.now, told=told, place=details.place)
    of_the_press = press.writes(complaint) or from_the_press(text)
    if of_the_press and (by := answer_wanted_by(text, turn.now.astimezone(turn.desk.zone))) is not None:
        change = replace(change, complaint=replace(change.complaint, press_due=by))
    turn.did = Verb.ADD
    turn.reference = (await turn.desk.record(turn.work, change)).reference
    if asks_to_send(text) and not turn.incoming.attachments:
        turn.answer(Answer.SEND_HERE, complaint, **({} if turn.capabilities.attachments else {"elsewhere": "yes"}))
    ask_rating(turn, complaint)


def ask_rating(turn: Turn, complaint: Complaint) -> None:
    """Words instead of a rating: kept, and the question stays open. Whom it has not reached yet is told the result with it."""
    if complaint.survey is None or complaint.complainant != turn.person.id:
        return
    question = turn.question
    put = question is not None and (question.pending, question.reference) == (Pending.RATING, complaint.reference)
    turn.ask(Question(Pending.RATING, complaint.reference))
    turn.answer(Answer.RATE_AGAIN, complaint, **({} if put else {"result": complaint.result}))


def with_files(turn: Turn, text: str) -> str:
    """Return words with the names of the files that came with them."""
    if turn.incoming.content is Content.TEXT and not turn.incoming.attachments:
        return text
    names = ", ".join(a.name for a in turn.incoming.attachments) or turn.incoming.content
    return f"{text} [{names}]".strip()


async def bystander(turn: Turn) -> bool:
    """Somebody in copy answers in a complaint's thread: their words are added to it, and they can do no more (trap 12).

    Nothing of the case is told to them, and nothing they say rates, withdraws or reopens it.
    """
    complaint = await turn.work.complaint(turn.named) if turn.in_thread and turn.named else None
    if complaint is None or complaint.settled or turn.person.id == complaint.complainant:
        return False
    if turn.person.id == complaint.finder and turn.is_staff:
        return False
    name = turn.person.name or (turn.incoming.sender.name if turn.incoming.sender else "") or turn.via.address
    actor = replace(SYSTEM, channel=turn.via.channel)  # they have no standing in the case: it is we who add it
    text = with_files(turn, turn.words)
    change = customer.supplement(complaint, text, actor, turn.now, told=False, by=name)
    await turn.desk.record(turn.work, change)
    turn.did = Verb.ADD
    turn.answer(Answer.ADDED_BY_OTHER, complaint)
    return True


async def in_one_breath(turn: Turn, mine: Sequence[Complaint]) -> Complaint | None:
    """Return which of these they have only just spoken of, where their words name none."""
    if turn.named is not None or turn.fresh_thread or (turn.meaning is not None and turn.meaning.said("reference")):
        return None
    spoken_of = await just_spoken_of(turn)
    return next((each for each in mine if spoken_of is not None and each.reference == spoken_of.reference), None)
