"""What staff read of a complaint and note for each other: how it stands, notes, the customer's number, whom it is about."""

from __future__ import annotations

from bot.answers import Answer
from bot.dialogue.all_clear import over_besides
from bot.dialogue.choosing import choose, nothing_fits
from bot.dialogue.handing import said_with
from bot.dialogue.questions import Question
from bot.dialogue.task_force import reports_to_commander
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, begins_with_command, understand
from bot.grammar.among_us import kept_among_us
from bot.grammar.arguments import Words
from bot.grammar.bidden import keeps_back
from bot.grammar.call_notes import noted
from bot.grammar.details import unread_number
from bot.grammar.folding import clean, fold
from bot.grammar.meaning import Reading
from bot.grammar.notes import read_text
from bot.storage.reveals import add_reveal
from complaints import chasing, naming, noting
from complaints.change import EventKind
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.permissions import Act, Errand, Step, permitted
from complaints.vocabulary import SUPERVISING
from connectors.port import Form

_SHOWN = {"contact": Errand.CONTACT, "files": Errand.FILES, "notes": Errand.NOTES}
_ACTS: dict[Verb, Act] = {
    Verb.NOTE: Step.NOTE,
    Verb.PHONE: Errand.PHONE,
    Verb.REVEALS: Errand.REVEALS,
    Verb.NAMES: Step.NAME,
}
_FOR = "note"
_TOLD_US = frozenset({EventKind.SUPPLEMENTED, EventKind.FACT_TOLD})


async def tell_staff(turn: Turn, complaint: Complaint) -> None:
    """Say how a complaint stands, with what the speaker may see of it; whoever only brought it in reads what customers do."""
    actor = turn.as_staff()
    if not permitted(complaint, Errand.TERMS, actor):
        turn.answer(Answer.STATUS, complaint, **({} if turn.person.id == complaint.complainant else {"finder": "yes"}))
        return
    shown = {name: "yes" for name, errand in _SHOWN.items() if permitted(complaint, errand, actor)}
    turn.answer(Answer.STATUS, complaint, staff="yes", **shown)


async def take_note(turn: Turn) -> bool:
    """Do what a colleague says about a complaint among colleagues; False where the words say no such thing.

    Asked before everything else that words may mean: a note taken for a line of progress would reach the customer.
    """
    if not turn.is_staff:
        return False
    if turn.question is not None and turn.question.ask is Pending.RELEASE and _keeps_back(turn.words):
        return False  # the line that they were shown is what is noted
    said = read_text(turn.words) or await _kept_inside(turn)
    asked = turn.question is not None and turn.question.data.get("for") == _FOR
    if said is None and asked and turn.question is not None and not _commands(turn.words):
        said = Verb.NOTE, {"reference": turn.question.reference, "text": turn.words}
    if said is None:
        return False
    verb, arguments = said
    if verb is not Verb.NOTE and not (arguments.get("reference") or turn.named) and turn.question is not None:
        return False  # "电话" alone answers what was asked
    turn.meaning, turn.did = Meaning(turn.words, verb, arguments), verb
    complaint = await choose(turn, await turn.work.tasks_of(turn.person.id), act=_ACTS[verb])
    if complaint is not None:
        await _do(turn, complaint, verb)
    elif not turn.asked_back:
        await nothing_fits(turn)
    return True


async def _kept_inside(turn: Turn) -> Reading | None:
    """Return words that say themselves that no customer may read them, where a customer might: "内部：…", "别告诉客户，…"."""
    role = Speaker.SUPERVISOR if turn.person.roles & SUPERVISING else Speaker.HANDLER
    found = kept_among_us(turn.words, role, await _colleagues(turn) if role is Speaker.HANDLER else ())
    if found is None and role is Speaker.SUPERVISOR:
        found = await _of_anothers_work(turn)
    if found is None or await reports_to_commander(turn):
        return None
    if found[1].get("call") and turn.question is not None and turn.question.pending is Pending.CALL:
        return None  # what came of the call that they were asked to make
    asked = turn.question.reference if turn.question is not None else None
    about = await turn.work.complaint(asked) if asked else None
    if about is not None and about.complainant == turn.person.id:
        return None  # they answer as the customer that they are of it
    tasks = await turn.work.tasks_of(turn.person.id)
    if found[1].get("grumbled") and any(map(chasing.asked_for_obstacle, tasks)):
        return None  # it is what holds the work up, and the customer does not read that either
    named = found[1].get("reference") or turn.named
    return found if named or tasks else None


def _keeps_back(words: str) -> bool:
    said = clean(words)
    return keeps_back(Words(fold(said), said))


async def _of_anothers_work(turn: Turn) -> Reading | None:
    """Return what the centre tells of a call about a case that somebody else has in hand: no news is theirs to report."""
    said = clean(turn.words)
    note = noted(Words(fold(said), said))
    if note is None or note[0] is not Verb.NOTE:
        return None
    if understand(turn.words, Speaker.SUPERVISOR, Pending.NONE).verb not in (Verb.REPORT, Verb.NOT_DONE):
        return None
    found = await turn.work.ending_with(str(note[1]["reference"]))
    complaint = await turn.work.complaint(found[0]) if len(found) == 1 else None
    if complaint is None or (complaint.task is not None and complaint.task.assignee == turn.person.id):
        return None
    return note if permitted(complaint, Step.NOTE, turn.as_staff()) else None


async def _colleagues(turn: Turn) -> list[str]:
    """Return the names of whoever else works here and is named by some word; nothing is looked up where none is."""
    persons = (await turn.work.directory()).persons.values()
    said = turn.words.casefold()
    return [each.name for each in persons if each.active and each.id != turn.person.id and each.name.casefold() in said]


async def _do(turn: Turn, complaint: Complaint, verb: Verb) -> None:
    match verb:
        case Verb.NOTE:
            await _note(turn, complaint)
        case Verb.PHONE:
            await _phone(turn, complaint)
        case Verb.REVEALS:
            turn.answer(Answer.REVEALS, complaint)
        case _:
            await _named(turn, complaint)


async def _note(turn: Turn, complaint: Complaint) -> None:
    assert turn.meaning is not None
    text = turn.meaning.said("text")
    try:
        change = noting.note(complaint, text, turn.as_staff(), turn.now)
    except Missing:
        turn.ask(Question(Pending.REASON, complaint.reference, {"for": _FOR}))
        turn.answer(Answer.NOTE_NEEDED, complaint)
        return
    change = await over_besides(turn, complaint, change, text)
    undone = next((line.strip() for line in text.splitlines() if _commands(line)), "")
    facts = ({"command": undone} if undone else {}) | (
        {"inside": "yes"} if turn.meaning.arguments.get("inside") else {}
    )
    turn.answer(Answer.NOTE_DONE, await turn.desk.record(turn.work, change), **facts)
    turn.settle()


def _commands(words: str) -> bool:
    """Say whether words are a command of the desk's; a note that holds one is kept, and does nothing."""
    return begins_with_command(words, Speaker.SUPERVISOR) or begins_with_command(words, Speaker.HANDLER)


async def _phone(turn: Turn, complaint: Complaint) -> None:
    """Show the whole number, in private and never by SMS, and keep that it was shown; where none is known, what was typed."""
    if turn.private_open and turn.capabilities.form is not Form.SMS:
        add_reveal(turn.work, complaint.reference, turn.person.id, turn.via.channel, turn.now)
    customer = await turn.work.person(complaint.complainant)
    typed = ""
    if (customer is None or not customer.phone) and not complaint.anonymous:
        told = [each.note or "" for each in await turn.work.events_of(complaint.reference) if each.kind in _TOLD_US]
        typed = next((found for words in reversed([complaint.summary, *told]) if (found := unread_number(words))), "")
    turn.answer(Answer.PHONE, complaint, **({"typed": typed} if typed else {}))


async def _named(turn: Turn, complaint: Complaint) -> None:
    assert turn.meaning is not None
    who = str(turn.meaning.arguments.get("who") or "")
    found = (await turn.work.directory()).named(who) if who else []
    if len(found) != 1:
        names = "、".join(person.name for person in found[:9])
        said = said_with(turn, who, [person.name for person in found])
        turn.answer(Answer.WHO_NEEDED, complaint, names=names, who=who, offer="named" if found else "", **said)
        return
    off = bool(turn.meaning.arguments.get("off"))
    decide = naming.clear if off else naming.name
    change = decide(complaint, found[0].id, turn.as_staff(), turn.now)
    recorded = await turn.desk.record(turn.work, change)
    turn.answer(Answer.NAMED_DONE, recorded, who=found[0].name, off="yes" if off else "")
    turn.settle()
