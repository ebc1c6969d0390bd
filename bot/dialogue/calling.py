"""Whoever wants to speak to a person is called by one."""

from __future__ import annotations

from bot.answers import Answer, Internal
from bot.dialogue.filing import file_own, learn
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending
from bot.grammar.details import find_details
from bot.recipients import impartial_centre
from complaints import customer
from complaints.grading_words import hear
from complaints.vocabulary import Role


async def ask_for_person(turn: Turn) -> None:
    """Let somebody be called who wants a person, and ask for their number where we have none."""
    mine = [c for c in await turn.work.complaints_of(turn.person.id) if not c.settled]
    reference = mine[0].reference if mine else None
    row = await turn.work.person_row(turn.person.id)
    assert row is not None
    if not turn.is_staff:
        learn(row, find_details(turn.words))
    heard = hear(turn.words)
    if (heard.topics or heard.people) and not turn.is_staff:
        if not mine:  # what they say is a matter in itself, and is graded as any
            await file_own(turn, turn.words)
            await wants_a_call(turn, turn.reference)
            return
        about = next((complaint for complaint in mine if complaint.going_on), None)
        if about is not None:
            change = customer.supplement(about, turn.words, turn.as_(Role.CUSTOMER), turn.now, told=False)
            await turn.desk.record(turn.work, change)
    await wants_a_call(turn, reference)
    if row.phone or turn.is_staff:
        turn.answer(Answer.PERSON, mine[0] if mine else None)
        return
    if row.unnamed:
        turn.answer(Answer.PERSON, mine[0] if mine else None, unnamed="yes")  # nobody can phone them, and nobody asks
        return
    turn.ask(Question(Pending.FACTS, reference, {"for": "call"}))
    turn.answer(Answer.PERSON, mine[0] if mine else None, ask="phone")


async def wants_a_call(turn: Turn, reference: str | None) -> None:
    """Tell the centre that the speaker wants to be called, about a complaint or nothing that we know."""
    about = await turn.work.complaint(reference) if reference else None
    centre = impartial_centre(await turn.work.directory(), about)
    facts = {"who": turn.person.id, "text": turn.words}
    turn.desk.tell(turn.work, Internal.PERSON_WANTED, f"person/{turn.inbox_id}", centre, facts, reference)
