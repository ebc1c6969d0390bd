"""Canned words in chat (话术): the service centre keeps them by title, and sends them as its answer to a customer."""

from __future__ import annotations

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.outward import held, speaking
from bot.dialogue.refusing import refuse_act
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Verb
from bot.grammar.tools import PhraseAsked, read_phrase
from bot.phrases import PLACEHOLDERS, PhraseError, checked, fill, moment_said, named
from bot.storage import tools
from bot.storage.models import PhraseRow
from complaints import duties, outward
from complaints.complaint import Complaint
from complaints.duties import DUTIES
from complaints.permissions import Errand, Step, may
from complaints.promises import promised
from complaints.vocabulary import SERVICE_CENTRE, Role

_KEEPING = ("add", "change", "drop")


async def take_phrases(turn: Turn) -> bool:
    """Show, keep, change, drop or send canned words; False where nothing of it is asked for."""
    asked = read_phrase(turn.words)
    if asked is None:
        return False
    turn.did = Verb.LIST
    wanted = Errand.KEEP_PHRASES if asked.what in _KEEPING else Errand.PHRASES
    if not may(wanted, turn.as_staff()):
        await refuse_act(turn, wanted)
        return True
    match asked.what:
        case "list" | "find":
            await _list(turn, asked.title)
        case "add":
            await _keep(turn, asked.title, asked.words)
        case _:
            row = await tools.phrase(turn.work, asked.id)
            if row is None:
                turn.answer(Answer.PHRASE_UNKNOWN, None, words=str(asked.id))
            else:
                await _with(turn, asked, row)
    return True


async def _with(turn: Turn, asked: PhraseAsked, row: PhraseRow) -> None:
    match asked.what:
        case "change":
            await _keep(turn, row.title, asked.words)
        case "drop":
            await tools.drop_phrase(turn.work, row, turn.person.id, turn.now)
            turn.answer(Answer.PHRASE_DROPPED, None, id=str(row.id), title=row.title)
        case "use":
            await _send(turn, row, asked.number)
        case _:
            turn.answer(Answer.PHRASE, None, id=str(row.id), title=row.title, words=row.words)


async def _list(turn: Turn, words: str) -> None:
    found = await tools.phrases(turn.work, words)
    if not found:
        turn.answer(Answer.PHRASE_UNKNOWN, None, **({"words": words} if words else {}))
    elif len(found) == 1 and words:
        [only] = found
        turn.answer(Answer.PHRASE, None, id=str(only.id), title=only.title, words=only.words)
    else:
        shown = found[: tools.MOST_PHRASES]
        more = {"more": "yes"} if len(found) > len(shown) else {}
        lines = "\n".join(f"{each.id}. {each.title}" for each in shown)
        turn.answer(Answer.PHRASES, None, list=lines, first=str(shown[0].id), **more)


async def _keep(turn: Turn, title: str, words: str) -> None:
    try:
        entry = checked(title, words)
    except PhraseError as error:
        turn.answer(Answer.PHRASE_WRONG, None, why=error.why, what=error.what)
        return
    row = await tools.keep_phrase(turn.work, entry.title, entry.words, turn.person.id, turn.now)
    turn.answer(Answer.PHRASE_KEPT, None, id=str(row.id), title=row.title, words=row.words)


async def _send(turn: Turn, row: PhraseRow, number: str) -> None:
    """Send canned words as the centre's answer: the customer reads them, and that they were answered is on record."""
    turn.meaning = Meaning(turn.words, Verb.TICK, {"reference": number} if number else {})
    complaint = await choose(turn, await turn.work.queue(), act=Step.DUTY)
    if complaint is None:
        if not turn.asked_back:
            turn.answer(Answer.QUEUE_EMPTY)
        return
    facts = await _facts(turn, complaint)
    if missing := {PLACEHOLDERS[name] for name in named(row.words)} - facts.keys():
        what = "、".join(name for name in named(row.words) if PLACEHOLDERS[name] in missing)
        turn.answer(Answer.PHRASE_WRONG, complaint, why="missing", what=what)
        return
    words, terms = fill(row.words, facts), await turn.desk.terms(turn.work, complaint)
    change = duties.tick(complaint, DUTIES["centre_replied"], words, turn.as_(*SERVICE_CENTRE), terms, turn.now)
    speaker = await speaking(turn, turn.as_(*SERVICE_CENTRE, Role.MEDIA_OFFICER))
    change = outward.through(change, complaint, "centre_replied", words, speaker, terms, turn.now)
    turn.did = Verb.TICK
    recorded = await turn.desk.record(turn.work, change)
    if held(complaint, recorded):
        turn.answer(Answer.WORDS_WAIT, recorded)
    else:
        turn.answer(Answer.PHRASE_SENT, recorded, words=words, title=row.title)


def _addressed(name: str) -> str:
    """Return how somebody is spoken to: nobody is called by a surname alone."""
    return f"{name}先生/女士" if len(name) == 1 and "一" <= name <= "鿿" else name


async def _facts(turn: Turn, complaint: Complaint) -> dict[str, str]:
    """Return the facts of a case that canned words may name; what is not known is left out."""
    row = await turn.work.person_row(complaint.complainant)
    terms = await turn.desk.terms(turn.work, complaint)
    facts = {"number": complaint.reference}
    if row is not None and row.name and not complaint.anonymous:
        facts["name"] = _addressed(row.name)
    if place := complaint.place or (row.place if row is not None else ""):
        facts["place"] = place
    if (promise := promised(complaint, terms.policy)) is not None:
        local = promise.due_at.astimezone(terms.calendar.zone)
        facts["due"] = moment_said(local, turn.now, complaint.locale)
    return facts
