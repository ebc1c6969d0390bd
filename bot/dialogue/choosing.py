"""Which complaint is meant: by thread or reply, by number or its last digits, by the open question, by being the only one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.answers import Answer
from bot.dialogue.questions import PASSED, Question
from bot.dialogue.refusing import unknown
from bot.dialogue.set_aside import number_said, numbers_said
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Verb
from bot.grammar.describing import description, holds
from bot.grammar.other_ones import tells_of, tells_of_more
from bot.grammar.pasted import apart
from complaints.complaint import Complaint
from complaints.numbers import FULL
from complaints.parts.actors import Actor
from complaints.permissions import Act, Errand, Step, allow, permitted

_FULL = re.compile(FULL)
_SAYS_NOTHING_BESIDES = frozenset(
    {
        Verb.ACCEPT,
        Verb.STATUS,
        Verb.APPROVE,
        Verb.REJECT,
        Verb.VALID,
        Verb.RESUME,
        Verb.RELEASE,
        Verb.KEEP_BACK,
        Verb.CLOSE,
    }
)
"""Commands in whose words a number is nothing but a complaint's."""
_READ_OUTSIDE = frozenset({Step.REPORT, Step.PROPOSE, Step.RESOLVE})
_OF_WORK = _READ_OUTSIDE | {Step.GIVE_BACK, Step.DISPATCH, Step.ASK_EXTENSION, Step.ASK_HOLD, Step.RESUME}
_ANEW: dict[Act | None, str] = {Step.REPORT: "进展", Step.PROPOSE: "方案", Step.RESOLVE: "办结"}
"""With what words their writer is asked to say it again, of one alone."""
_OFFERED = 9
_LOOKED_INTO = 30  # of what a colleague has in hand besides
_LONGEST = 80  # characters that describe one by what it is about; a letter tells of more than one thing
_LATELY = timedelta(minutes=10)  # for so long a number cut short is of what was spoken of last


async def choose(
    turn: Turn,
    candidates: Sequence[Complaint],
    fits: Callable[[Complaint], bool] = lambda _: True,
    *,
    act: Act | None = None,
    then: str | None = None,
) -> Complaint | None:
    """Return the complaint that is meant; of words that its customer would read, only where they speak of no other.

    What else is said of it stands at `_chosen`.
    """
    complaint = await _chosen(turn, candidates, fits, act=act, then=then)
    if complaint is None or act not in _READ_OUTSIDE or not turn.is_staff or not turn.words:
        return complaint
    others = await _others_told_of(turn, complaint)
    if not others:
        return complaint
    offer(turn, [complaint, *others], _ANEW[act], apart="yes")
    turn.asked_back = True
    return None


async def _others_told_of(turn: Turn, complaint: Complaint) -> list[Complaint]:
    """Return what else the speaker has in hand and tells of in the same words; a question that lists it asks of each alone."""
    others = [each for each in await turn.work.tasks_of(turn.person.id) if each.reference != complaint.reference]
    if not others:
        return []
    mine = f"{complaint.summary} {complaint.place} {complaint.reference}"
    numbers, told = numbers_said(turn.words), list[Complaint]()
    looked_into = others[:_LOOKED_INTO]
    await turn.work.prefetch_people([each.complainant for each in looked_into])
    for each in looked_into:
        customer = await turn.work.person(each.complainant)
        name = customer.name if customer is not None and customer.id != complaint.complainant else ""
        numbered = any(each.reference.endswith(number) for number in numbers)
        if numbered or tells_of(turn.words, f"{each.summary} {each.place}", mine, name):
            told.append(each)
    return told or (others if tells_of_more(turn.words) else [])


async def _chosen(
    turn: Turn,
    candidates: Sequence[Complaint],
    fits: Callable[[Complaint], bool],
    *,
    act: Act | None,
    then: str | None,
) -> Complaint | None:
    """Return the complaint that is meant. None: there is none, or `turn.asked_back` and the answer was given here.

    candidates: those the person may speak of without naming them. fits: for which of them the command makes sense. act:
    what staff want to do: they may name any complaint on which they may do that. Raises
    NotAllowed where they may not. then: words to be taken up again once the number is known.
    """
    actor = turn.as_()
    candidates = [c for c in candidates if not _kept_from(c, act, actor)]
    named = await _named(turn, candidates, act)
    if named is not None or turn.asked_back:
        turn.reference = named.reference if named else None
        return named
    if turn.named is not None:
        return None  # they answered about one that they may not speak of, or that is over: never take another for it
    fitting = [complaint for complaint in candidates if fits(complaint)]
    asked = turn.question.reference if turn.question else None
    if turn.question is not None and turn.question.data.get(PASSED) and act in _OF_WORK:
        asked = None  # they have spoken of another complaint since: what is said of that one is not to befall this one
    if asked and any(complaint.reference == asked for complaint in fitting):
        fitting = [complaint for complaint in fitting if complaint.reference == asked]
    if len(fitting) > 1 and turn.is_staff and len(described := _described(turn, fitting)) == 1:
        fitting = described
    if len(fitting) == 1:
        turn.reference = fitting[0].reference
        return fitting[0]
    if not fitting:
        return None
    if turn.in_danger:
        turn.unplaced = True  # whoever is in danger is asked nothing first
    else:
        offer(turn, fitting, then or turn.words)
    turn.asked_back = True
    return None


def _described(turn: Turn, complaints: Sequence[Complaint]) -> list[Complaint]:
    """Return those that a colleague's words describe by what they are about: "电梯那个有效", "刘奶奶那个怎么样了"."""
    word = description(turn.words) if len(turn.words) <= _LONGEST else ""
    return [each for each in complaints if holds(each.summary, word)] if word else []


def offer(turn: Turn, complaints: Sequence[Complaint], then: str, **facts: str) -> None:
    """Ask which of several is meant."""
    offered = complaints
    if len(complaints) > _OFFERED:  # the last ones, in their order: the newest is the likeliest to be spoken of
        newest = sorted(complaints, key=lambda c: (_since(c), c.reference))[-_OFFERED:]
        offered = [complaint for complaint in complaints if complaint in newest]
    more = {"more": str(len(complaints) - len(offered))} if len(complaints) > len(offered) else {}
    data: dict[str, object] = {"options": [c.reference for c in offered], "then": then}
    if turn.question is not None and turn.question.reference is None and not turn.question.data:
        data["as"] = turn.question.ask  # "5" says nothing but in answer to what was asked
    turn.ask(Question(Pending.MENU, None, data))
    turn.answer_list(Answer.WHICH_COMPLAINT, offered, **({"staff": "yes"} if turn.is_staff else {}), **more, **facts)


def _since(complaint: Complaint) -> datetime:
    """Return since when somebody has it, else since when we do."""
    return complaint.task.assigned_at if complaint.task is not None else complaint.received_at


def _just_spoken_of(turn: Turn, found: list[Complaint]) -> list[Complaint]:
    """Return the one of several with the same last digits that was spoken of just before; all of them where none was."""
    last = turn.conversation
    lately = last.about_at is not None and turn.now - last.about_at <= _LATELY and last.about_in == turn.where
    return [complaint for complaint in found if lately and complaint.reference == last.about] or found


async def nothing_fits(turn: Turn) -> None:
    """Say that what was said fits nothing that the speaker has in hand."""
    tasks = await turn.work.tasks_of(turn.person.id)
    if tasks:
        turn.answer(Answer.NOTHING_FITS, count=str(len(tasks)))
    else:
        turn.answer(Answer.NO_TASKS)


def _kept_from(complaint: Complaint, act: Act | None, actor: Actor) -> bool:
    """Say whether a complaint is nothing to be offered: it names the speaker, or is at a site that is not theirs."""
    if act is None:
        return actor.person in complaint.respondents and actor.person != complaint.complainant
    return not permitted(complaint, act, actor)


async def _others(turn: Turn, references: Sequence[str], act: Act) -> list[Complaint]:
    """Return those of other people's complaints on which the speaker may do `act`. Raises NotAllowed where they may on none."""
    await turn.work.prefetch_complaints(references)
    found = [c for r in references if (c := await turn.work.complaint(r)) is not None]
    actor = turn.as_staff()
    allowed = [complaint for complaint in found if permitted(complaint, act, actor)]
    # Of several with the same last digits, only those that they may read can be meant: they hear why it cannot be done there.
    theirs = found if len(found) == 1 else [each for each in found if permitted(each, Errand.STATUS, actor)]
    if len(theirs) == 1 and not allowed:
        allow(theirs[0], act, actor)
    return allowed


async def _number_besides(turn: Turn, act: Act | None) -> str:
    """Return the number that a colleague's words name though the grammar found none: nothing else may be done by them.

    A number that exists is meant; one that does not is refused where the words say nothing besides ("换了 1500" does).
    """
    if not turn.is_staff or turn.meaning is None or act is None:
        return ""
    command = turn.meaning.verb in _SAYS_NOTHING_BESIDES
    number = number_said(turn.words, anywhere=command)
    if not number or (turn.named or "").endswith(number):
        return ""
    looks_like_one = _FULL.fullmatch(number) is not None or number.startswith("0")
    if not (command and looks_like_one) and not await turn.work.ending_with(number):
        return ""
    turn.meaning = replace(turn.meaning, arguments={**turn.meaning.arguments, "reference": number})
    return number


def _quoted(number: str, words: str) -> bool:
    """Say whether digits stand only in what the speaker quotes, such as the phone of whoever wrote to them."""
    own, quoted = apart(words)
    return bool(quoted) and number.casefold() not in own.casefold()


async def _named(turn: Turn, candidates: Sequence[Complaint], act: Act | None) -> Complaint | None:
    """Return the complaint that the message names; marks the turn as answered where the name fits none or several."""
    assert turn.meaning is not None
    others = act if turn.is_staff else None
    number = str(turn.meaning.arguments.get("reference") or "") or await _number_besides(turn, act)
    if not number and turn.named:
        own = [c for c in candidates if c.reference == turn.named]
        if own:
            return own[0]
        return next(iter(await _others(turn, [turn.named], others)), None) if others is not None else None
    if not number:
        return None
    if _FULL.fullmatch(number):
        found = [c for c in candidates if c.reference == number]
        if not found and others is not None:
            found = await _others(turn, [number], others)
    else:
        found = [c for c in candidates if c.reference.endswith(number)]
        if not found and others is not None:
            found = await _others(turn, await turn.work.ending_with(number), others)
    if len(found) > 1 and isinstance(act, Errand):
        found = _just_spoken_of(turn, found)  # to be looked at: nothing is lost if another was meant
    if len(found) == 1:
        return found[0]
    if not found and others is None and _quoted(number, turn.words):
        return None
    thread = [c for c in candidates if c.reference == turn.named] if others is None else []
    if thread and not found:
        return thread[0]  # some other number stands in their words; which complaint they answer about is plain
    if turn.in_danger:
        turn.unplaced = True
    elif found:
        offer(turn, found, turn.words)
    else:
        unknown(turn)
    turn.asked_back = True
    return None
