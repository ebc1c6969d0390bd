"""`/start`: how a private chat is opened, with a code that came along or without one."""

from __future__ import annotations

import re

from bot.answers import Answer
from bot.continuing import redeem
from bot.dialogue.filing import missing_facts
from bot.dialogue.helping import tell_help
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Verb
from bot.grammar.folding import fold
from bot.grammar.whole_words import writes_again
from bot.storage.models import MENU_UNSURE
from bot.tokens import is_code
from complaints.complaint import Complaint

_START = re.compile(r"/start(?:@\w{1,64})?(?:\s+([\w-]{1,64}))?\s*", re.ASCII | re.IGNORECASE)


# What SMS carriers have people answer who want to hear from us again.
_BACK = frozenset({"start", "unstop", "恢复", "恢复接收", "重新订阅", "开始", "开始接收"})


def comes_back(turn: Turn) -> bool:
    """Say whether somebody who wanted to hear no more lets us write again."""
    words = fold(turn.words).strip(" .!。！")
    return turn.conversation.muted and (words in _BACK or writes_again(words))


def code_of_start(words: str) -> str | None:
    """Return the code behind `/start`, empty where there is none; None where the words are no `/start`."""
    found = _START.fullmatch(words)
    return None if found is None else found[1] or ""


async def start(turn: Turn, code: str) -> bool:
    """Welcome somebody who opens the chat. False where the code is a colleague's, which `Verb.BIND` knows what to do with."""
    if is_code(code):
        return False
    turn.conversation.muted, turn.did = False, Verb.HELP
    if turn.conversation.menu:
        turn.conversation.menu = MENU_UNSURE  # whoever missed it, or threw the chat away, gets it anew
    if turn.desk.signer.started_from(code) is not None:
        await _continue(turn, code)
        return True
    if turn.is_staff:
        tell_help(turn)
        return True
    mine = [c for c in await turn.work.complaints_of(turn.person.id) if not c.settled]
    match mine:
        case []:
            turn.answer(Answer.HELP_CUSTOMER)
        case [complaint]:
            await _take_up(turn, complaint)
        case _:
            turn.answer_list(Answer.LIST_MINE, mine[:9])
    return True


async def _continue(turn: Turn, code: str) -> None:
    """Let this chat belong to the customer to whom we sent the code, by mail or SMS.

    Not where the chat is a colleague's, or where somebody complained in it already: their own complaints would lose it.
    """
    if turn.person.staff or await turn.work.complaints_of(turn.person.id):
        turn.answer(Answer.CONTINUE_FAILED)
        return
    notice = await redeem(turn.work, turn.desk.signer, code, turn.now)
    customer = await turn.work.person(notice.person) if notice is not None and notice.person else None
    if notice is None or customer is None or customer.staff:
        turn.answer(Answer.CONTINUE_FAILED)
        return
    await turn.work.move_address(turn.conversation, customer.id)
    turn.speak_as(customer)
    complaint = await turn.work.complaint(notice.reference) if notice.reference else None
    turn.answer(Answer.CONTINUED, complaint)
    if complaint is not None:
        await _take_up(turn, complaint)


async def _take_up(turn: Turn, complaint: Complaint) -> None:
    """Say how it stands, and put the question that is open about it here, where it can be answered."""
    if not turn.caught_up:  # else the news themselves follow
        turn.answer(Answer.STATUS, complaint)
    if complaint.survey is not None:
        turn.ask(Question(Pending.RATING, complaint.reference))
        return
    missing = await missing_facts(turn, complaint)
    if missing and not complaint.settled:
        turn.ask(Question(Pending.FACTS, complaint.reference))
        turn.answer(Answer.FACTS_NEEDED, complaint, ask=",".join(missing))
