"""The service centre does what a customer asked it for by phone: adds, presses, withdraws, opens again (C3)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.entered import brings_contact, take_facts
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Verb
from complaints import closing, customer
from complaints.change import Change
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.lifecycle import check
from complaints.permissions import Step
from complaints.vocabulary import SERVICE_CENTRE

_STEPS: Mapping[Verb, Step] = {Verb.ADD: Step.SUPPLEMENT, Verb.URGE: Step.URGE, Verb.WITHDRAW: Step.WITHDRAW}


def step_for_customer(meaning: Meaning) -> Step | None:
    """Return what is done in a customer's place by these words of a colleague; None where it is nothing of the kind."""
    if meaning.verb is Verb.RESUME and meaning.arguments.get("again"):
        return Step.REOPEN
    return _STEPS.get(meaning.verb)


async def acts_for_customer(turn: Turn) -> bool:
    """Do what a customer asked the centre for, said with its number or in answer to a notice; False where it is none of that.

    Whoever says it of a case that is not theirs to speak for is refused. Why it is withdrawn or opened again is asked for.
    """
    assert turn.meaning is not None
    step = step_for_customer(turn.meaning)
    if step is None or not (turn.meaning.said("reference") or await _answers_of_centre(turn)):
        return False
    complaint = await choose(turn, [], act=step)
    if complaint is not None and step is Step.SUPPLEMENT and brings_contact(complaint, turn.words):
        await take_facts(turn, complaint)
    elif complaint is not None:
        await _act(turn, complaint, step, turn.meaning.said("text") or turn.meaning.said("reason"))
    return True


async def told_why(turn: Turn, step: Step) -> None:
    """The words that we asked for: how it is known that the customer withdraws, or why it is opened again."""
    complaint = await choose(turn, [], act=step)
    if complaint is not None:
        await _act(turn, complaint, step, turn.words)


async def _answers_of_centre(turn: Turn) -> bool:
    """Say whether the centre answers a notice about a case; what whoever works on it says so is about the work."""
    complaint = await turn.work.complaint(turn.named) if turn.named else None
    working = complaint is not None and complaint.task is not None and complaint.task.assignee == turn.person.id
    return complaint is not None and not working and bool(turn.person.roles & SERVICE_CENTRE)


async def _act(turn: Turn, complaint: Complaint, step: Step, words: str) -> None:
    try:
        change = await _decided(turn, complaint, step, words)
    except Missing:
        turn.ask(Question(Pending.REASON, complaint.reference, {"for": str(step)}))
        turn.answer(Answer.REASON_NEEDED, complaint, what=str(step))
        return
    recorded = await turn.desk.record(turn.work, change)
    turn.settle()
    turn.answer(Answer.FOR_CUSTOMER_DONE, recorded, what=str(step))


async def _decided(turn: Turn, complaint: Complaint, step: Step, words: str) -> Change:
    actor, terms = turn.as_(*SERVICE_CENTRE), await turn.desk.terms(turn.work, complaint)
    if step is Step.REOPEN:
        return closing.reopen(complaint, words, actor, terms, turn.now, asked_for=True)
    if step is Step.WITHDRAW:
        return customer.withdraw(complaint, words, actor, turn.now)
    if step is Step.URGE:
        return customer.urge(complaint, words, actor, terms, turn.now, told=False)
    check(complaint, step, actor)
    if not words:
        raise Missing("text", f"{complaint.reference}: say what the customer adds")
    return customer.supplement(complaint, words, actor, turn.now, told=False)
