"""Whoever wants to speak to a person is called by one."""

from __future__ import annotations

from bot.answers import Answer, Internal
from bot.dialogue.filing import file_own, learn
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending
from bot.grammar.call_wishes import asks_for_call, when_to_call
from bot.grammar.customer import TROUBLE
from bot.grammar.details import find_details
from bot.grammar.folding import fold
from bot.recipients import impartial_centre
from complaints import customer, press
from complaints.grading_words import hear
from complaints.taxonomy import OTHER
from complaints.vocabulary import Role


async def ask_for_person(turn: Turn) -> None:
    """Let somebody be called who wants a person, and ask for their number where we have none."""
    mine = [c for c in await turn.work.complaints_of(turn.person.id) if not c.settled]
    reference = mine[0].reference if mine else None
    row = await turn.work.person_row(turn.person.id)
    assert row is not None
    if not turn.is_staff:
        learn(row, find_details(turn.words))
    heard, when = hear(turn.words), when_to_call(turn.words)
    grave = bool(heard.topics or heard.people)
    if not mine and not turn.is_staff and (grave or _tells_a_matter(turn)):
        await file_own(turn, turn.words)  # what they say is a matter in itself, and is graded as any
        await wants_a_call(turn, turn.reference, when)
        await _says_when(turn, when)
        return
    if (grave or when) and not turn.is_staff:
        about = next((complaint for complaint in mine if complaint.going_on), None)
        if about is not None:
            change = customer.supplement(about, turn.words, turn.as_(Role.CUSTOMER), turn.now, told=False)
            await turn.desk.record(turn.work, change)
    await wants_a_call(turn, reference, when)
    told = {"when": when} if when else {}
    if row.phone or turn.is_staff:
        turn.answer(Answer.PERSON, mine[0] if mine else None, **told)
        return
    if row.unnamed:
        turn.answer(Answer.PERSON, mine[0] if mine else None, unnamed="yes")  # nobody can phone them, and nobody asks
        return
    turn.ask(Question(Pending.FACTS, reference, {"for": "call", **told}))
    turn.answer(Answer.PERSON, mine[0] if mine else None, ask="phone", **told)


async def filed_with_a_call(turn: Turn) -> None:
    """Let somebody be called who asked for it in the words that were filed: "the tap drips, ring me after 5"."""
    if turn.is_staff or not asks_for_call(turn.words):
        return
    when = when_to_call(turn.words)
    await wants_a_call(turn, turn.reference, when)
    await _says_when(turn, when)


async def _says_when(turn: Turn, when: str) -> None:
    """Say back at what time they want to be called; who would not be named is answered here."""
    row = await turn.work.person_row(turn.person.id)
    if when and row is not None and not row.unnamed:
        turn.answer(Answer.PERSON, await turn.work.complaint(turn.reference or ""), when=when)


def _tells_a_matter(turn: Turn) -> bool:
    """Say whether words that ask for a call tell what is wrong besides: "call me, my denture broke"."""
    if not asks_for_call(turn.words):
        return False
    return turn.pack.guess(turn.words) != OTHER or TROUBLE.search(fold(turn.words)) is not None


async def wants_a_call(turn: Turn, reference: str | None, when: str = "") -> None:
    """Tell the centre that the speaker wants to be called, about a complaint or nothing that we know. when: in their words."""
    about = await turn.work.complaint(reference) if reference else None
    if about is not None and press.writes(about):
        return  # whoever alone answers the press has read it
    centre = impartial_centre(await turn.work.directory(), about)
    facts = {"who": turn.person.id, "text": turn.words} | ({"when": when} if when else {})
    turn.desk.tell(turn.work, Internal.PERSON_WANTED, f"person/{turn.inbox_id}", centre, facts, reference)
