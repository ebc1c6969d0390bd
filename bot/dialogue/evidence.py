"""Files that assignees send belong to their task; a photo of a signed statement is marked as one (R-072, R-073)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.answers import Answer
from bot.dialogue.choosing import choose, nothing_fits
from bot.dialogue.loose_files import adopt
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Verb
from bot.grammar import tasks as grammar
from bot.grammar.witnesses import about_witness
from complaints import evidence
from complaints.complaint import Complaint
from complaints.errors import IllegalStep
from complaints.permissions import Step
from connectors.port import Content

SIGNED = "signed"
WANTED = "evidence"
_LATELY = timedelta(minutes=30)  # a photo that came before the words that say what it shows


def names_of(turn: Turn) -> list[str]:
    """Return the names of the files that came with the message."""
    if turn.incoming.content is Content.STICKER:
        return []
    return [attachment.name for attachment in turn.incoming.attachments]


async def keep(turn: Turn, complaint: Complaint, names: Sequence[str]) -> Complaint:
    """Record the files as evidence of the speaker's task, which there is."""
    asked = turn.question is not None and turn.question.reference == complaint.reference
    signed = grammar.signed(turn.words) is not None
    signed = signed or (asked and turn.question is not None and turn.question.data.get("for") == SIGNED)
    change = evidence.add(complaint, names, signed, turn.as_staff(), turn.now)
    turn.evidence_kept = True
    recorded = await turn.desk.record(turn.work, change)
    turn.reference, turn.did = recorded.reference, turn.did or Verb.ADD
    return recorded


async def keep_files(turn: Turn, complaint: Complaint, names: Sequence[str]) -> Complaint | None:
    """Keep files that came without other words; None where the speaker has no task of this complaint, or none came."""
    if not turn.is_staff or not names or evidence.task_of(complaint, turn.person.id) is None:
        return None
    recorded = await keep(turn, complaint, names)
    signed = {"signed": "yes"} if recorded.evidence[-1].signed else {}
    turn.answer(Answer.EVIDENCE_KEPT, recorded, count=str(len(names)), **signed)
    return recorded


async def keep_attached(turn: Turn) -> None:
    """Keep the files that came along with words of which something else was made, or with words that waited for a number."""
    names = names_of(turn)
    if turn.evidence_kept or turn.reference is None or not (names or turn.taken_up):
        return
    complaint = await turn.work.complaint(turn.reference)
    if complaint is not None and turn.taken_up and complaint.reference == turn.named:
        names = [*await adopt(turn, complaint), *names]
    if complaint is None or complaint.settled or not turn.is_staff or not names:
        return
    if evidence.task_of(complaint, turn.person.id) is not None:
        await keep(turn, complaint, names)


async def take_witness(turn: Turn) -> bool:
    """Keep "证人 0007 门岗老李：看见水从楼上下来" of whoever works on it; False for other words."""
    said = about_witness(turn.words)
    mine = await turn.work.tasks_of(turn.person.id) if said is not None else []
    if said is None or (said.reference is None and not (mine and said.text)):
        return False
    turn.meaning = Meaning(turn.words, Verb.ADD, {"reference": said.reference} if said.reference else {})
    turn.did = Verb.ADD
    complaint = await choose(turn, mine, act=Step.EVIDENCE)
    if complaint is None:
        if not turn.asked_back:
            await nothing_fits(turn)
        return True
    change = evidence.witnessed(complaint, said.text, turn.as_staff(), turn.now)
    turn.answer(Answer.EVIDENCE_KEPT, await turn.desk.record(turn.work, change), count="1", witness="yes")
    return True


async def take_signed(turn: Turn) -> bool:
    """ "签字单": the photo that comes along, or came just before, shows it; else it is asked for. False for other words."""
    said = grammar.signed(turn.words)
    if said is None:
        return False
    turn.meaning = Meaning(turn.words, Verb.ADD, {"reference": said.reference} if said.reference else {})
    mine = await turn.work.tasks_of(turn.person.id)
    about = await turn.work.complaint(turn.conversation.about) if turn.conversation.about and not mine else None
    complaint = await choose(turn, mine or ([about] if about is not None else []), act=Step.EVIDENCE)
    if complaint is None or evidence.task_of(complaint, turn.person.id) is None:
        if not turn.asked_back:
            await nothing_fits(turn)
        return True
    waited = await adopt(turn, complaint) if turn.taken_up else []
    if names := [*waited, *names_of(turn)]:
        await keep_files(turn, complaint, names)
        return True
    try:
        change = evidence.mark_signed(complaint, turn.now - _LATELY, turn.as_staff(), turn.now)
    except IllegalStep:
        turn.ask(Question(Pending.NONE, complaint.reference, {"for": SIGNED}))
        turn.answer(Answer.SIGNED_NEEDED, complaint)
        return True
    recorded = await turn.desk.record(turn.work, change)
    turn.answer(Answer.EVIDENCE_KEPT, recorded, count=change.events[-1].facts["count"], signed="yes")
    turn.settle()
    return True
