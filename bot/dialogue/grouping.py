"""The service centre says which complaints are of one matter: merge, split, link, or that they are not the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answers import Answer
from bot.dialogue.questions import Question
from bot.dialogue.refusing import unknown
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Verb
from bot.grammar.folding import clean, fold
from bot.grouping import matter, merged
from bot.storage import links
from bot.storage.links import Link
from complaints import grouping
from complaints.complaint import Complaint
from complaints.errors import IllegalStep
from complaints.matching import match
from complaints.numbers import ANY
from complaints.permissions import Step, allow
from complaints.vocabulary import Flag, Status

_FOR = "grouping"
_NUMBER = re.compile(rf"(?<![\da-z])(?:{ANY})(?!\d|[年元])")
_WHAT: Mapping[Verb, tuple[str, Step]] = {
    Verb.MERGE: ("merge", Step.MERGE),
    Verb.SPLIT: ("split", Step.SPLIT),
    Verb.LINK: ("link", Step.LINK),
    Verb.UNLINK: ("unlink", Step.LINK),
    Verb.APART: ("dismiss", Step.LINK),
}


async def group(turn: Turn) -> None:
    """Do what was said, once it is confirmed. What we suggested ourselves, with the reasons, needs no second question."""
    assert turn.meaning is not None
    what, step = _WHAT[turn.meaning.verb]
    given = turn.meaning.arguments
    numbers = [str(given[name]) for name in ("into", "reference", "other") if given.get(name)]
    also = given.get("also")
    if isinstance(also, list):
        numbers = list(dict.fromkeys([*numbers, *map(str, also)]))
    if what == "split" and not numbers and turn.named is not None:
        numbers = [turn.named]
    if len(numbers) < (1 if what == "split" else 2):
        turn.answer(Answer.GROUPING_NEEDED, what=what)
        return
    if what == "merge" and _numbers_in(turn.words) > len(numbers):
        turn.answer(Answer.GROUPING_NEEDED, what=what, many="yes")
        return
    complaints = []
    for number in numbers:
        complaint = await _meant(turn, number, step)
        if complaint is None:
            return
        complaints.append(complaint)
    if what == "merge":
        if given.get("either"):  # nobody said which into which: the first that came, by which it is known, stays
            complaints.sort(key=lambda each: (each.received_at, each.reference))
        complaints = [await _master(turn, complaints[0]), *complaints[1:]]
    _possible(what, complaints)
    if what == "merge":
        await _mergeable(turn, complaints)
    reason = str(given.get("reason") or "")
    if what == "dismiss" or await _suggested(turn, what, complaints):
        await _do(turn, what, complaints, reason)
        return
    data = {"for": _FOR, "what": what, "numbers": [each.reference for each in complaints], "reason": reason}
    turn.ask(Question(Pending.YES_NO, None, data))
    differ = what == "merge" and await _differ(turn, complaints)
    turn.answer_list(Answer.GROUPING_CONFIRM, complaints, what=what, **({"differ": "yes"} if differ else {}))


async def confirm_grouping(turn: Turn) -> bool:
    """Do what was confirmed; False where nothing of the kind was asked."""
    assert turn.meaning is not None
    data = turn.question.data if turn.question is not None else {}
    if data.get("for") != _FOR or turn.meaning.verb not in (Verb.AGREE, Verb.DISAGREE):
        return False
    turn.settle()
    if turn.meaning.verb is Verb.DISAGREE:
        turn.answer(Answer.GROUPING_DONE, what="")
        return True
    found = [await turn.work.complaint(str(number)) for number in data["numbers"]]
    complaints = [each for each in found if each is not None]
    _possible(str(data["what"]), complaints)  # it may have changed since
    if data["what"] == "merge":
        await _mergeable(turn, complaints)
    await _do(turn, str(data["what"]), complaints, str(data["reason"]))
    return True


async def lead_to_master(turn: Turn) -> None:
    """Whoever works on a group speaks of it by any of its numbers."""
    complaint = await turn.work.complaint(turn.named) if turn.named else None
    if turn.is_staff and complaint is not None and complaint.status is Status.MERGED and complaint.master is not None:
        turn.named = complaint.master


async def _meant(turn: Turn, number: str, step: Step) -> Complaint | None:
    """Return the complaint of a number or its last digits; answers where there is no such, or none that is theirs to group."""
    assert turn.meaning is not None
    exact = await turn.work.complaint(number)
    references = [] if exact is not None else await turn.work.ending_with(number)
    complaint = exact or (await turn.work.complaint(references[0]) if len(references) == 1 else None)
    if complaint is None:
        turn.meaning = replace(turn.meaning, arguments={"reference": number})
        unknown(turn)
        return None
    allow(complaint, step, turn.as_staff())
    return complaint


async def _master(turn: Turn, complaint: Complaint) -> Complaint:
    known = (
        await turn.work.complaint(complaint.master) if complaint.status is Status.MERGED and complaint.master else None
    )
    return known or complaint


def _possible(what: str, complaints: Sequence[Complaint]) -> None:
    """Raise IllegalStep before anybody is asked to confirm what cannot be done."""
    if what == "split" and complaints[0].status is not Status.MERGED:
        raise IllegalStep(f"{complaints[0].reference} was not merged into another")
    if len({each.reference for each in complaints}) < len(complaints):
        raise IllegalStep(f"{complaints[0].reference} is one complaint: name two")


async def _mergeable(turn: Turn, complaints: Sequence[Complaint]) -> None:
    """Raise IllegalStep or NotAllowed where one of a list cannot be merged into the first: then none is."""
    master, *others = complaints
    terms = await turn.desk.terms(turn.work, master)
    for each in others:
        grouping.merge(master, each, "", 0, turn.as_staff(), terms, turn.now)


async def _differ(turn: Turn, complaints: Sequence[Complaint]) -> bool:
    """Say whether one of them tells of something else than the first, by what is known of both."""
    first, *others = [await matter(turn.work, each) for each in complaints]
    return any(match(first, each).veto for each in others)


def _numbers_in(words: str) -> int:
    """Return how many complaints words may name."""
    return len(set(_NUMBER.findall(fold(clean(words)))))


async def _suggested(turn: Turn, what: str, complaints: Sequence[Complaint]) -> bool:
    """Say whether it is what we suggested: the button, or the words under it; of a group any of its numbers."""
    if what not in ("merge", "link") or len(complaints) != 2:
        return False
    if what == "merge" and any(Flag.MEDIA in each.flags for each in complaints):
        return False  # suggested before the press was known of
    first, other = complaints
    known = await links.known(turn.work, other.reference, [first.reference, *first.members])
    return Link.SUGGESTED in known.values()


async def _do(turn: Turn, what: str, complaints: Sequence[Complaint], reason: str) -> None:
    work, desk, now, actor = turn.work, turn.desk, turn.now, turn.as_staff()
    first, *others = complaints
    facts = {"numbers": "、".join(each.reference for each in complaints)}
    if what == "merge":
        for each in others:
            first = await merged(work, first, each, reason, actor, now, desk.record, desk.book)
        facts = {
            "numbers": "、".join(each.reference for each in others),
            "into": first.reference,
            "people": str(first.people),
        }
    elif what == "split":
        terms = await desk.terms(work, first)
        alone = await desk.record(work, grouping.split(first, reason, actor, terms, now))
        await desk.assign_waiting(work, alone)
    elif what == "dismiss":
        await links.note(work, first.reference, others[0].reference, Link.DISMISSED, now, by=turn.person.id, why=reason)
    else:
        linked = what == "link"
        for change in grouping.link(first, others[0], linked, actor, now):
            await desk.record(work, change)
        state = Link.LINKED if linked else Link.UNLINKED
        await links.note(work, first.reference, others[0].reference, state, now, by=turn.person.id, why=reason)
    turn.reference = first.reference
    turn.answer(Answer.GROUPING_DONE, None, what=what, **facts)
