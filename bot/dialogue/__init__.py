"""The conversation: from a message understood to the use case it asks for."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from bot.answers import Answer
from bot.desk import BIND_LOCK
from bot.dialogue.absence import take_away, take_leave
from bot.dialogue.alarms import agrees_to_something_else, take_answer
from bot.dialogue.all_clear import take_all_clear, take_over
from bot.dialogue.anonymous import ask_whether_unnamed, hear_unnamed, take_unnamed
from bot.dialogue.bidden import take_bidden
from bot.dialogue.by_number import LONGEST_COMMAND, command_by_number
from bot.dialogue.choosing import choose
from bot.dialogue.contacting import take_contact
from bot.dialogue.customer import customer_turn
from bot.dialogue.data import take_data
from bot.dialogue.described import take_described
from bot.dialogue.disputed import take_dispute
from bot.dialogue.doubts import doubts
from bot.dialogue.duties import take_duty
from bot.dialogue.editing import take_back, take_edit
from bot.dialogue.entered import brings_another, hands_on, tells_contact
from bot.dialogue.evidence import keep_attached
from bot.dialogue.finishing import take_finishing
from bot.dialogue.following import add_followed
from bot.dialogue.form import go_on
from bot.dialogue.forwarding import take_forwarded, take_handed_on
from bot.dialogue.grading import take_grading
from bot.dialogue.half_said import goes_past, lets_go
from bot.dialogue.helping import greet, greets, tell_help, tells_what_we_are
from bot.dialogue.improvements import take_improvement
from bot.dialogue.leaders import take_leading
from bot.dialogue.matters import take_matter
from bot.dialogue.media import add_loose, note_files, read_media, remember_topic, take_media
from bot.dialogue.notes import take_note
from bot.dialogue.ordinals import remember_list, take_ordinal
from bot.dialogue.outward import take_outward
from bot.dialogue.press import take_press
from bot.dialogue.proving import Unproven, ask_for_proof, be_wary, look_after, take_proof
from bot.dialogue.refusing import ACT_OF, not_now, refuse, refuse_act
from bot.dialogue.reviewing import take_review
from bot.dialogue.rooms import conclude, room_command
from bot.dialogue.set_aside import look_at_number, names_another, orders_work, pass_over
from bot.dialogue.several import take_several
from bot.dialogue.several_done import take_several_done
from bot.dialogue.staff import staff_turn
from bot.dialogue.starting import code_of_start, comes_back, start
from bot.dialogue.surveys import survey_command, survey_reply
from bot.dialogue.task_force import take_force
from bot.dialogue.tasks import take_task
from bot.dialogue.tools import take_tool
from bot.dialogue.turn import Turn
from bot.dialogue.under_a_name import take_name
from bot.dialogue.visits import take_consent, take_outcome, take_visit
from bot.dialogue.watch import take_watch
from bot.dialogue.who_reads import tells_who_reads
from bot.dialogue.withdrawing import lets_all_be
from bot.grammar import Meaning, Pending, Speaker, Verb, begins_with_command, understand
from bot.grammar.own_number import without_number
from bot.grammar.pasted import own_words_first
from complaints.errors import IllegalStep, Missing, NotAllowed, PolicyError, WrongLimit
from complaints.permissions import Act, Errand, Step
from complaints.vocabulary import SUPERVISING, Role

__all__ = ["Turn", "speaker_of", "take_turn"]

_log = logging.getLogger(__name__)
_DESK_LISTS = ("queue", "tasks")
_DESK_VERBS = frozenset(
    {
        Verb.ACCEPT, Verb.DONE, Verb.GIVE_BACK, Verb.TRANSFER, Verb.EXTEND, Verb.ASSIGN, Verb.GRADE, Verb.VALID,
        Verb.INVALID, Verb.APPROVE, Verb.REJECT, Verb.MERGE, Verb.TASK_FORCE, Verb.CLOSE, Verb.RELEASE,
        Verb.HOLD,
    }
)  # fmt: skip

_YES_OR_NO = frozenset({Verb.APPROVE, Verb.REJECT})
_JUDGES = re.compile(r"\W*(?:\d{4}\W*)?判(?:定|为)+无效")


def speaker_of(turn: Turn) -> Speaker:
    """Return in which role the person is understood. Staff who have not proved it speak as customers."""
    if not turn.is_staff:
        return Speaker.CUSTOMER
    if turn.person.roles & SUPERVISING:
        return Speaker.SUPERVISOR
    return Speaker.HANDLER if Role.HANDLER in turn.person.roles else Speaker.EMPLOYEE


_TELLS = frozenset({Verb.REPORT, Verb.NOT_DONE, Verb.DONE, Verb.CLOSE})
"""What a colleague tells of a complaint that they brought in, in words that a handler reports with."""


async def take_turn(turn: Turn) -> None:
    """Understand what was said and do it. What may not or cannot be done is answered, never raised.

    Its files are noted with it, and in a group the group is told that it was heard.
    """
    asked_before = turn.conversation.pending
    earlier, dropped = "", await take_proof(turn)
    held = await be_wary(turn)
    try:
        if not dropped:
            earlier = await _hear(turn)
        await look_after(turn, held)
    except Unproven as refusal:
        assert held is not None
        await ask_for_proof(turn, held, refusal)
    if not earlier:
        await keep_attached(turn)
    note_files(turn, but_not=earlier)
    remember_topic(turn)
    pass_over(turn, asked_before)
    remember_list(turn)
    conclude(turn)


async def _hear(turn: Turn) -> str:
    """Take a turn's words, or that others were edited or taken back; return of which complaint edited ones had been."""
    if await take_name(turn):
        return ""
    await hear_unnamed(turn)
    if turn.incoming.deleted:
        await take_back(turn)
    elif turn.incoming.edited and (edited := await take_edit(turn)) is not None:
        return edited
    else:
        await _take(turn)
        await ask_whether_unnamed(turn)
    return ""


async def _take(turn: Turn) -> None:
    if turn.is_staff:
        turn.standing = (await turn.work.directory()).as_actor(turn.person)
    if await room_command(turn):
        return
    code = code_of_start(turn.words) if turn.room is None else None
    if code is None and turn.room is None and comes_back(turn):
        code = ""
    if code is not None and await start(turn, code):
        return
    if code:
        turn.words = f"bind {code}"
    read_media(turn)
    if not turn.is_staff and turn.words:
        turn.words = own_words_first(turn.words)
    if await take_forwarded(turn) or await take_handed_on(turn):
        return
    if tells_what_we_are(turn) or await tells_who_reads(turn) or await take_unnamed(turn) or await take_data(turn):
        return
    if await _noted(turn):
        return
    if turn.question is not None:
        turn.words = turn.question.chosen(turn.words)
    if await names_another(turn):
        turn.question = None  # it goes on waiting, and is no business of these words
    if await take_ordinal(turn):
        return
    if await survey_reply(turn):
        return
    if await take_matter(turn) or await lets_all_be(turn):
        return
    if turn.question is not None:
        turn.question = turn.question.answered_by(turn.words)
    speaker = speaker_of(turn)
    if speaker is Speaker.EMPLOYEE and await turn.work.tasks_of(turn.person.id):
        speaker = Speaker.HANDLER  # whose task it is does its steps: whoever was on watch, the head of a site
    if await take_described(turn, speaker) or await take_several(turn) or await take_several_done(turn):
        return
    turn.meaning = understand(turn.words, speaker, turn.question.pending if turn.question else Pending.NONE)
    another = orders_work(turn, speaker) or agrees_to_something_else(turn) or goes_past(turn, speaker)
    if another or await hands_on(turn, speaker):
        turn.question = None  # it goes on waiting
        turn.meaning = understand(turn.words, speaker, Pending.NONE)
    await brings_another(turn, speaker)
    await look_at_number(turn)
    if await take_watch(turn) or await take_away(turn):
        return
    asked = Pending(turn.question.data.get("as", Pending.NONE)) if turn.question is not None else Pending.NONE
    if turn.meaning.verb is Verb.CHOOSE:
        if _choice_made(turn):
            if await _noted(turn):
                return
            turn.meaning = understand(turn.words, speaker, asked)
        elif turn.meaning.said("reference"):  # of a complaint that was not offered
            turn.question, turn.meaning = None, understand(turn.words, speaker, Pending.NONE)
        else:
            turn.unclear(Answer.UNCLEAR_CUSTOMER if speaker is Speaker.CUSTOMER else Answer.UNCLEAR_STAFF)
            return
    try:
        if turn.named and not turn.words and not turn.incoming.attachments:
            await add_loose(turn)
        elif not await take_tool(turn) and not await take_media(turn):
            await _dispatch(turn, speaker)
    except NotAllowed as refusal:
        await refuse(turn, refusal)
    except Missing as refusal:
        _lacking(turn, refusal, refusal.what)
    except WrongLimit as refusal:
        _lacking(turn, refusal, "limit_right")
    except PolicyError as refusal:
        _log.error("conversation: %s", refusal)
        _lacking(turn, refusal, "rules")
    except IllegalStep as refusal:
        await not_now(turn, refusal)
    go_on(turn)


def _lacking(turn: Turn, refusal: Exception, what: str) -> None:
    """Say what is missing, with what was said: it has to be said again, for nothing was asked that an answer would complete."""
    turn.answer(Answer.REFUSED_MISSING, detail=str(refusal), what=what, said=turn.words)


async def _noted(turn: Turn) -> bool:
    try:
        if await take_consent(turn) or await take_improvement(turn):
            return True
        return await take_note(turn) or await take_press(turn)
    except NotAllowed as refusal:
        await refuse(turn, refusal)
    except IllegalStep as refusal:
        await not_now(turn, refusal)
    return True


async def _dispatch(turn: Turn, speaker: Speaker) -> None:
    assert turn.meaning is not None
    match turn.meaning.verb:
        case Verb.BIND:
            await _bind(turn)
        case Verb.LANGUAGE:
            await _set_language(turn)
        case Verb.HELP if turn.is_staff and greets(turn.words):
            await greet(turn)
        case Verb.HELP if turn.is_staff:
            tell_help(turn)
        case _ if await tells_contact(turn) or await lets_go(turn):
            pass
        case _ if await take_review(turn):
            pass
        case _ if speaker is not Speaker.CUSTOMER and (await take_bidden(turn) or await doubts(turn)):
            pass
        case _ if await take_force(turn) or await take_task(turn) or await take_finishing(turn):
            pass
        case _ if await take_leading(turn) or await take_grading(turn) or await take_outward(turn):
            pass
        case _ if (
            await take_outcome(turn) or await take_contact(turn) or await take_answer(turn) or await take_duty(turn)
        ):
            pass
        case _ if await survey_command(turn) or await take_dispute(turn) or await take_visit(turn):
            pass
        case _ if await take_over(turn):
            pass
        case _ if speaker in (Speaker.EMPLOYEE, Speaker.HANDLER) and _JUDGES.match(turn.words):
            await refuse_act(turn, Step.INVALIDATE)
        case _ if await _commands_by_number(turn, speaker):
            pass
        case _ if speaker in (Speaker.SUPERVISOR, Speaker.HANDLER):
            await staff_turn(turn)
        case Verb.LEAVE if speaker is Speaker.EMPLOYEE and await take_leave(turn):
            pass
        case _ if speaker is Speaker.EMPLOYEE and await _claims_the_desk(turn):
            if _asks_for_tasks(turn):
                turn.answer(Answer.NO_TASKS)  # whoever has any was understood as a handler
            elif not await _tells_on(turn, turn.meaning):
                await refuse_act(turn, _wanted(turn))
        case _ if speaker is Speaker.CUSTOMER and await _speaks_of_anothers(turn):
            turn.unclear(Answer.PROVE_BY_REPLY)
        case _ if speaker is Speaker.CUSTOMER and await _claims_the_desk(turn):
            by_mail = turn.person.staff and not turn.capabilities.proves_sender
            turn.unclear(Answer.PROVE_BY_REPLY if by_mail else Answer.NOT_STAFF)
        case _:
            await customer_turn(turn)


def _choice_made(turn: Turn) -> bool:
    """Put the chosen complaint and the words it was asked for back into the turn; False where nothing fits."""
    assert turn.meaning is not None
    if turn.question is None:
        return False
    # Either complaints to choose from, and what was to be done; or the answers that a channel with buttons would have shown.
    data = turn.question.data
    options, says = data.get("options", []), data.get("says", [])
    index = _place(options, turn.meaning)
    if not 0 <= index < len(options or says):
        return False
    if options:
        turn.named, turn.words = str(options[index]), str(data.get("then") or "")
        turn.taken_up = True
    else:
        turn.named, turn.words = turn.question.reference, str(says[index])
    turn.settle()
    return True


def _place(options: Sequence[object], meaning: Meaning) -> int:
    """Return which of the complaints that were offered is chosen, by its digit or its number; -1 where none is."""
    number = meaning.said("reference")
    named = [place for place, option in enumerate(options) if number and str(option).endswith(number)]
    return named[0] if len(named) == 1 else int(meaning.said("choice") or 0) - 1


async def _commands_by_number(turn: Turn, speaker: Speaker) -> bool:
    """Do, or refuse, what a colleague wants of a complaint by its number that is not said by those in their role.

    Whoever may do it all the same, by what they have to do with that complaint, does it; others hear whom to ask.
    """
    assert turn.meaning is not None
    found = command_by_number(turn.words, speaker, turn.meaning) if turn.question is None else None
    if found is None:
        return False
    meant, act = found
    own = await turn.work.complaints_of(turn.person.id)
    if any(complaint.reference.endswith(meant.said("reference")) for complaint in own):
        return False
    if await _tells_on(turn, meant):
        return True
    turn.meaning = meant
    if await choose(turn, [], act=act) is not None:
        await staff_turn(turn)
    return True


async def _tells_on(turn: Turn, meant: Meaning) -> bool:
    """Add what a colleague tells of a complaint that they brought in, by its number; False of a command, and of any other."""
    number = meant.said("reference")
    if not number or meant.verb not in _TELLS or begins_with_command(turn.words, Speaker.HANDLER):
        return False
    entered = await turn.work.entered_by(turn.person.id)
    followed = [each for each in entered if each.going_on and each.reference.endswith(number)]
    if len(followed) != 1:
        return False
    turn.named = followed[0].reference
    if not await take_all_clear(turn):
        await add_followed(turn, followed[0], without_number(turn.words, followed[0].reference))
    return True


async def _claims_the_desk(turn: Turn) -> bool:
    """Whether somebody who has not shown to be staff gives a command of the desk.

    "My lamp is broken, please deal with it" holds a desk's words too: of somebody who is no staff at all, only what makes no
    sense as a complaint counts, or what praises the result of a complaint that is not theirs ("done 0001 fixed it").
    """
    assert turn.meaning is not None
    verb = turn.meaning.verb
    praise = verb is Verb.RATE and turn.question is None
    senseless = (Verb.UNCLEAR, Verb.COMPLAIN) if turn.person.staff else (Verb.UNCLEAR,)
    if not (praise or verb in senseless) or len(turn.words) > LONGEST_COMMAND:
        return False
    meant = understand(turn.words, Speaker.SUPERVISOR, Pending.NONE, guess=False)
    if meant.verb not in _DESK_VERBS and not (meant.verb is Verb.LIST and meant.arguments.get("of") in _DESK_LISTS):
        return False
    if not turn.person.staff and meant.verb in _YES_OR_NO and not meant.arguments.get("reference"):
        return False  # "同意吧", when nothing is asked any more
    if not praise:
        return True
    number = str(meant.arguments.get("reference") or "")
    own = await turn.work.complaints_of(turn.person.id)
    return bool(number) and not any(complaint.reference.endswith(number) for complaint in own)


def _asks_for_tasks(turn: Turn) -> bool:
    meant = understand(turn.words, Speaker.SUPERVISOR, Pending.NONE)
    return meant.verb is Verb.LIST and meant.arguments.get("of") == "tasks"


def _wanted(turn: Turn) -> Act:
    """Return what a command of the desk by somebody who may give none would do."""
    return ACT_OF.get(understand(turn.words, Speaker.SUPERVISOR, Pending.NONE).verb, Errand.QUEUE)


async def _speaks_of_anothers(turn: Turn) -> bool:
    """Whether staff who have not shown that it is they write, by its number alone, of a complaint that is not theirs.

    What an assignee says of their work is no complaint of their own, and not to be taken from just anybody.
    """
    if not turn.person.staff or turn.capabilities.proves_sender or turn.in_thread or not turn.named:
        return False
    complaint = await turn.work.complaint(turn.named)
    return complaint is not None and turn.person.id not in (complaint.complainant, complaint.finder)


async def _bind(turn: Turn) -> None:
    """Somebody shows by a one-time code that this address is a member of staff's."""
    assert turn.meaning is not None
    code = str(turn.meaning.arguments.get("code") or "")
    if turn.room is not None:
        await turn.desk.void_code(turn.work, code)  # everybody in the group has read it
        turn.answer_in_room(Answer.CODE_EXPOSED, link=turn.start_link)
        return
    counted = turn.conversation.bind_failures, turn.conversation.bind_failed_at
    anybody = not turn.capabilities.proves_sender
    if anybody:  # whoever writes somebody else's address on their mails would lock its owner out
        turn.conversation.bind_failures = 0
    elif turn.desk.bind_locked(turn.conversation):
        turn.answer(Answer.BIND_LOCKED, minutes=f"{BIND_LOCK.total_seconds() / 60:.0f}")
        return
    bound = await turn.desk.bind(turn.work, turn.via, code, turn.conversation)
    if bound is None:
        if anybody:
            turn.conversation.bind_failures, turn.conversation.bind_failed_at = counted
        turn.answer(Answer.BIND_FAILED)
        return
    turn.speak_as(bound)
    turn.answer(Answer.BOUND, who=bound.name)


async def _set_language(turn: Turn) -> None:
    assert turn.meaning is not None
    locale = str(turn.meaning.arguments.get("locale") or "zh")
    turn.conversation.locale = locale
    row = await turn.work.person_row(turn.person.id)
    if row is not None:
        row.locale = locale
    turn.answer(Answer.LANGUAGE_SET)
