"""A new matter, or the old one? One endless chat holds many complaints (trap 44): what is clear is decided, the rest is asked.

Nothing waits for the answer: until it comes the words are with the likelier complaint, where whoever works on it reads them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.answers import Answer
from bot.dialogue.apart import take_apart
from bot.dialogue.filing import file_own
from bot.dialogue.following import tells_nothing_of_its_own
from bot.dialogue.media import just_spoken_of
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Verb
from bot.grammar.folding import clean, fold
from bot.grouping import matter
from bot.storage import links
from complaints import customer
from complaints.complaint import Complaint
from complaints.grading_words import danger
from complaints.matching import CLEAR, DOUBT, Match, Matter, match
from complaints.numbers import ANY
from complaints.taxonomy import OTHER
from complaints.vocabulary import Role, Status
from complaints.whereabouts import named

_NEW: Final = "new"
_SAYS_WHICH = 1.0  # weight of the words that both have, from which somebody names a matter
_MOST = 4  # complaints that are offered
_OLD_ONE: Final = re.compile(
    r"(?:就?(?:还)?是)?(?:那|这|同|原来那|上次那|之前那)一?件(?:事)?|(?:就?是)?(?:老问题|原来的|之前的)"
    r"|(?:it'?s )?(?:the )?(?:same|old)(?: one| matter| as .{0,30})?"
)
_NEW_ONE: Final = re.compile(
    r"(?:这)?是?(?:一件)?(?:新的?(?:事|事情|问题|投诉|一件)?|另外?一?件(?:事)?|别的事)"
    r"|(?:it'?s )?(?:an?|the)? ?(?:new|another|different)(?: one| matter| complaint| problem| thing)?"
)
_NUMBER: Final = re.compile(rf"(?:就?是 ?|the same as )?#?({ANY})(?: ?那件)?|(?:第 ?)?([1-9])(?: ?个| ?件)?")


@dataclass(frozen=True, slots=True)
class Sorted:
    """What words are about. same: clearly this complaint. asked: one of these or a new one, to be asked. Neither: new."""

    same: Complaint | None = None
    asked: tuple[Complaint, ...] = ()


async def sort_out(turn: Turn, text: str, mine: Sequence[Complaint], *, ask: bool = True) -> Sorted:
    """Return which of a person's complaints words are about. ask: whether doubt is put to them; else it is a new matter."""
    found = await _compared(turn, text, mine)
    spoken_of = None if turn.fresh_thread else await just_spoken_of(turn)  # two mails are two breaths
    category = turn.pack.guess(text)
    if spoken_of is not None and category not in (OTHER, spoken_of.category):
        alike = [each for each, _ in found if each.category == category]
        if len(alike) == 1 or not ask:  # "it still leaks": of the leak, whatever was said last
            spoken_of = alike[0] if len(alike) == 1 else None
    for each, likeness in found:
        alarm = _alarms_of_another(turn, text, each)
        if spoken_of is not None and each.reference == spoken_of.reference and not likeness.veto and not alarm:
            return Sorted(same=each)  # what is said in one breath belongs together (trap 16)
    if not ask:  # "complaint: two people are trapped", beside one of a lift that stops now and then
        found = [(each, likeness) for each, likeness in found if not _tells_of_more_danger(text, each)]
    found = [(each, likeness) for each, likeness in found if not _alarms_of_another(turn, text, each)]
    found.sort(key=lambda pair: (-pair[1].score, pair[0].settled))
    if not found:
        return Sorted()
    best = found[0][1].score
    if best >= CLEAR and (len(found) == 1 or found[1][1].score < best):
        return Sorted(same=found[0][0])
    possible = tuple(each for each, likeness in found if _possible(likeness) and each.going_on)
    return Sorted(asked=possible[:_MOST]) if ask and possible else Sorted()


def _tells_of_more_danger(text: str, complaint: Complaint) -> bool:
    """Say whether words tell of a danger of which a complaint does not."""
    now, before = danger(text), danger(complaint.summary)
    return now is not None and not now.kinds <= (before.kinds if before is not None else frozenset())


def _alarms_of_another(turn: Turn, text: str, complaint: Complaint) -> bool:
    """Say whether words tell of a danger in something else than a complaint is about: "stuck in the lift", beside a leak."""
    return turn.pack.guess(text) not in (OTHER, complaint.category) and _tells_of_more_danger(text, complaint)


async def plainly_another(turn: Turn, text: str, mine: Sequence[Complaint]) -> bool:
    """Say whether words tell of a matter that can be none of these: their numbers or things differ, or they alarm."""
    if tells_nothing_of_its_own(turn, text):
        return False
    found = await _compared(turn, text, mine)
    return all(likeness.veto or _alarms_of_another(turn, text, each) for each, likeness in found)


async def settled_meant(turn: Turn, open_ones: Sequence[Complaint], mine: Sequence[Complaint]) -> Complaint | None:
    """Return the settled one that somebody asks after by what it is about, where nothing open can be meant; else None."""
    said = named(turn.words).terms

    def common(complaint: Complaint) -> float:
        return sum(said[term] for term in said.keys() & named(complaint.summary).terms.keys())

    settled = [each for each in mine if not each.going_on]
    best = max(settled, key=lambda each: (common(each), each.received_at), default=None)
    if best is None or common(best) < _SAYS_WHICH or any(common(each) * 2 > common(best) for each in open_ones):
        return None
    return best


async def _compared(turn: Turn, text: str, mine: Sequence[Complaint]) -> list[tuple[Complaint, Match]]:
    row = await turn.work.person_row(turn.person.id)
    home = row.place if row is not None else ""
    told = Matter(frozenset({turn.person.id}), text, turn.now, "", turn.pack.guess(text), home)
    return [(each, match(told, await matter(turn.work, each))) for each in mine]


def _possible(likeness: Match) -> bool:
    """Say whether it may be the same; what differs in numbers or things is not, what tells of neither may be."""
    return not likeness.veto and (likeness.score >= DOUBT or "category" in likeness.reasons)


async def ask_which(turn: Turn, text: str, complaints: Sequence[Complaint]) -> None:
    """Keep the words with the likeliest complaint, and ask."""
    kept = complaints[0]
    await add_to(turn, kept, text)
    options = [*(each.reference for each in complaints), _NEW]
    inbox_id = 0 if turn.sealed else turn.inbox_id  # nothing leads back to what came in from whom would not be named
    data = {"for": "matter", "options": options, "then": text, "inbox": inbox_id, "kept": kept.reference}
    turn.ask(Question(Pending.MENU, kept.reference, data))
    turn.answer_list(Answer.MATTER_ASKED, complaints, kept=kept.reference)


async def take_matter(turn: Turn) -> bool:
    """Take the answer to that question, or the wish to file several matters apart. False where it is neither."""
    if await take_apart(turn):
        return True
    question = turn.question
    if question is None or question.data.get("for") != "matter":
        return False
    chosen = _chosen(turn.words, [str(option) for option in question.data["options"]])
    if chosen is None:
        return False
    turn.settle()
    turn.did = Verb.CHOOSE
    kept, inbox_id = str(question.data["kept"]), int(str(question.data["inbox"]))
    text = str(question.data["then"])
    if chosen == kept:
        turn.answer(Answer.MATTER_KEPT, await turn.work.complaint(kept))
        return True
    if chosen == _NEW:
        await file_own(turn, text)
    else:
        complaint = await turn.work.complaint(chosen)
        assert complaint is not None
        await add_to(turn, complaint, text, told=True)
    assert turn.reference is not None
    await links.rebind(turn.work, inbox_id, turn.reference)
    await _moved(turn, kept, turn.reference)
    return True


def _chosen(words: str, options: Sequence[str]) -> str | None:
    said = fold(clean(words)).strip(" \n\t.,!~?，。！")
    if _NEW_ONE.fullmatch(said):
        return _NEW
    number = _NUMBER.fullmatch(said)
    if number is not None and number[2]:
        at = int(number[2]) - 1
        return options[at] if at < len(options) else None
    if number is not None:
        return next((option for option in options if option.casefold().endswith(number[1])), None)
    return options[0] if _OLD_ONE.fullmatch(said) else None


async def add_to(turn: Turn, complaint: Complaint, text: str, *, told: bool = False) -> None:
    """Add words to a complaint. told: the customer reads that they were recorded."""
    change = customer.supplement(complaint, text, turn.as_of(complaint), turn.now, told=told)
    turn.reference, turn.did = (await turn.desk.record(turn.work, change)).reference, Verb.ADD


async def _moved(turn: Turn, kept: str, to: str) -> None:
    """Whoever read the words with the other complaint learns that they do not belong there."""
    complaint = await turn.work.complaint(kept)
    if complaint is None or (complaint.settled and complaint.status is not Status.MERGED):
        return
    change = customer.supplement(complaint, f"→ {to}", turn.as_(Role.CUSTOMER), turn.now, told=False)
    await turn.desk.record(turn.work, change)
