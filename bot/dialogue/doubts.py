"""Words about the work that may be for nobody outside, or that somebody is to be told: their writer says who reads them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.answers import Answer
from bot.dialogue.choosing import choose, nothing_fits
from bot.dialogue.questions import AS, LINE, NOTE, Question
from bot.dialogue.task_force import reports_to_commander
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, begins_with_command, understand
from bot.grammar.arguments import commanded
from bot.grammar.asides import of_them, parted, spoken_of
from bot.grammar.bidden import told_of_a_talk
from bot.grammar.blame import apart, names_responsible
from bot.grammar.folding import clean
from bot.grammar.for_whom import may_be_for_us, to_be_told
from bot.grammar.leaders import said as leading
from bot.grammar.money import promises_money
from complaints import briefing
from complaints.permissions import Step

_READ_BY_THEM: Final = frozenset({Verb.REPORT, Verb.NOT_DONE, Verb.DONE, Verb.PLAN, Verb.UNCLEAR})
_ASKED: Final = frozenset({Pending.NONE, Pending.PROGRESS, Pending.RESULT})
"""Questions that a line about the work answers; what else is asked has its own readers."""


async def doubts(turn: Turn, *, no_duty: bool = False) -> bool:
    """Ask "shall the customer read this?" where that is not plain; False where it is, or where nobody outside would read it.

    What is kept back is a note: nothing that was said is lost. no_duty: nobody waits for the duty that the words tell of as
    well; until that is known, they are not asked about.
    """
    assert turn.meaning is not None
    if turn.room is None and turn.meaning.verb is Verb.ASK_HELP and await _tells_lead(turn):
        return True
    if turn.meaning.verb is Verb.GIVE_BACK and _only_resembles(turn.words):
        turn.meaning = replace(turn.meaning, verb=Verb.REPORT, arguments=_told(turn.meaning))
    if turn.room is not None or turn.meaning.verb not in _READ_BY_THEM or not turn.words.strip():
        return False
    if not no_duty and turn.meaning.taken_as(Verb.TICK) is not None:
        return False
    if (done := _done_besides(turn.words)) is not None and turn.meaning.verb is not Verb.DONE:
        turn.meaning = done  # what they want besides takes nothing of it back
    asked = turn.question
    elsewhere = asked is not None and (asked.ask not in _ASKED or asked.data.get("for") not in (None, "done"))
    if elsewhere and not told_of_a_talk(turn.words):
        return False
    if begins_with_command(turn.words, Speaker.HANDLER) or begins_with_command(turn.words, Speaker.SUPERVISOR):
        return False  # the command says whom its words are for
    told = to_be_told(turn.words) if turn.meaning.verb is not Verb.PLAN else ""
    finished = bool(told) and understand(told, Speaker.HANDLER, Pending.NONE).verb is Verb.DONE
    if not (finished or (told and promises_money(told)) or _unplain(turn, await colleagues_of(turn))):
        return False
    tasks = await turn.work.tasks_of(turn.person.id)
    number = turn.meaning.said("reference") or turn.named or ""
    about = [each for each in tasks if each.reference.endswith(number)]
    if not about or await reports_to_commander(turn):
        return False
    complaint = about[0] if len(about) == 1 else await choose(turn, about, act=Step.REPORT)
    if complaint is None:
        return turn.asked_back
    text = told or next((said for name in ("text", "result") if (said := turn.meaning.said(name))), turn.words)
    said_as = {AS: turn.meaning.verb.value} if not told and turn.meaning.verb in (Verb.DONE, Verb.PLAN) else {}
    turn.ask(Question(Pending.RELEASE, complaint.reference, {"for": LINE, "text": text, "kept": NOTE, **said_as}))
    turn.did = Verb.REPORT
    finishes = {"finished": "yes"} if finished else {}
    turn.answer(Answer.REPORT_CONFIRM, complaint, text=text, kept=NOTE, **finishes, **said_as)
    return True


async def _tells_lead(turn: Turn) -> bool:
    """Tell the lead what is for them alone; what we asked goes on waiting. False of a leaders' command of its own."""
    assert turn.meaning is not None
    if leading(turn.words) is not None:
        return False
    turn.did = Verb.ASK_HELP
    complaint = await choose(turn, await turn.work.tasks_of(turn.person.id), act=Step.ASK_HELP)
    if complaint is not None:
        text = turn.meaning.said("text")
        change = briefing.tell_lead(complaint, text, turn.as_(), turn.now)
        turn.answer(Answer.LEAD_TOLD, await turn.desk.record(turn.work, change), text=text)
    elif not turn.asked_back:
        await nothing_fits(turn)
    return True


def _only_resembles(words: str) -> bool:
    """Say whether words tell of the customer, and no rule reads in them that the work is handed back: "张女士说这事不急"."""
    return spoken_of(words) and understand(words, Speaker.HANDLER, Pending.NONE, guess=False).verb is not Verb.GIVE_BACK


def _told(meaning: Meaning) -> dict[str, object]:
    number = meaning.said("reference")
    told: dict[str, object] = {"text": meaning.said("reason") or meaning.text}
    return told | ({"reference": number} if number else {})


def _done_besides(words: str) -> Meaning | None:
    """Return that it is done, said with what the customer wants besides: "弄好了 不过业主还要赔偿"."""
    item = commanded(clean(words))
    told = parted(item.words.said)
    if not (told.wish and told.did) or understand(told.did, Speaker.HANDLER, Pending.NONE).verb is not Verb.DONE:
        return None
    return Meaning(words, Verb.DONE, {**item.arguments, "result": item.words.said})


def _unplain(turn: Turn, colleagues: list[str]) -> bool:
    """Say whether the words may be for us alone; who is responsible, and what the customer wants, is taken out of a result."""
    assert turn.meaning is not None
    finishes, words = turn.meaning.verb is Verb.DONE, turn.words
    if turn.meaning.verb is Verb.PLAN:
        words = turn.meaning.said("text") or words  # "帮我跟客户说，方案就是 …": that it is for them is said
    told = parted(apart(turn.meaning.said("result")).result).did if finishes else words
    if not finishes and (names_responsible(words) or of_them(words)):
        return True
    news = turn.meaning.verb in (Verb.REPORT, Verb.NOT_DONE)  # of which more is asked than this
    return (not news and spoken_of(told, colleagues)) or may_be_for_us(words, colleagues)


async def colleagues_of(turn: Turn) -> list[str]:
    """Return the names of whoever else works here."""
    persons = (await turn.work.directory()).persons.values()
    return [each.name for each in persons if each.active and each.id != turn.person.id]
