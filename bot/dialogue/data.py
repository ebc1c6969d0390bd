"""What is said about personal data: a customer's wish to see it or have it erased, and a colleague's answer to that."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import data_requests
from bot.answers import Answer
from bot.dialogue.refusing import refuse_act
from bot.dialogue.turn import Turn
from bot.grammar.folding import narrow
from bot.storage import data_requests as kept
from complaints.complaint import Actor
from complaints.permissions import Errand, may
from complaints.vocabulary import Role

_ANSWERED = re.compile(
    r"\W*(?:数据(?:请求)?|個資|data(?: request)?)\s*(?P<done>已答复|已办|办结|已处理|完成|done|answered)?"
    r"(?P<refused>拒绝|驳回|refused?|rejected)?\s*#?(?P<id>\d{1,9})\b\s*(?P<late>已答复|已办|办结|已处理|完成|done|answered)?"
    r"(?P<no>拒绝|驳回|refused?|rejected)?[\s:,]*(?P<text>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LIST = re.compile(r"\W*(?:数据请求|个人信息请求|data requests)\W*", re.IGNORECASE)
_CHECKED = re.compile(r"核[实对]|验证|本人|\b(?:verified|checked|identified|identity|id)\b", re.IGNORECASE)
_SHOWN = 9


async def ask_for_data(turn: Turn, what: str) -> None:
    """Take in a customer's request. what: copy or erase."""
    row, new = await data_requests.take(turn.desk, turn.work, turn.via, what, proven=turn.proven)
    again = "" if new else "yes"
    turn.answer(Answer.DATA_REQUESTED, what=what, number=str(row.id), due=row.due_at.isoformat(), again=again)


async def take_data(turn: Turn) -> bool:
    """Do what a colleague says of a request; False where the words are about something else.

    "数据请求": which wait. "数据 3 已答复 …", "数据 3 拒绝 …": what came of it. Who asked where anybody could claim to be them
    has to be identified first, and how that was done is in the words.
    """
    if not turn.is_staff or turn.room is not None:
        return False
    words = narrow(turn.words)
    if _LIST.fullmatch(words):
        await _list(turn)
        return True
    said = _ANSWERED.fullmatch(words)
    done = said is not None and bool(said["done"] or said["late"])
    if said is None or not (done or said["refused"] or said["no"]):
        return False
    if not may(Errand.ANSWER_DATA, await _standing_in(turn)):
        await refuse_act(turn, Errand.ANSWER_DATA)
        return True
    row = await kept.request(turn.work, int(said["id"]))
    text = turn.words[slice(*said.span("text"))].strip()
    if row is None or row.state != kept.OPEN:
        turn.answer(Answer.DATA_NOTED, unknown="yes", number=said["id"])
    elif not text or (done and not row.proven and _CHECKED.search(text) is None):
        turn.answer(Answer.DATA_NOTED, missing="text" if not text else "identity", number=str(row.id))
    else:
        await data_requests.answer(turn.desk, turn.work, row, turn.person, text, done=done)
        turn.answer(Answer.DATA_NOTED, number=str(row.id), done="yes" if done else "no")
    return True


async def _standing_in(turn: Turn) -> Actor:
    """Return the speaker; where nobody guards privacy, as who does it in their place."""
    actor = turn.as_staff()
    told = await data_requests.officers(turn.desk, turn.work)
    stands_in = any(each.id == turn.person.id for each in told)
    return replace(actor, roles=actor.roles | {Role.PRIVACY_OFFICER}) if stands_in else actor


async def _list(turn: Turn) -> None:
    if not may(Errand.DATA_REQUESTS, await _standing_in(turn)):
        await refuse_act(turn, Errand.DATA_REQUESTS)
        return
    rows = await kept.waiting(turn.work)
    lines = "\n".join(f"{row.id}|{row.what}|{row.due_at.isoformat()}" for row in rows[:_SHOWN])
    turn.answer(Answer.DATA_OPEN, rows=lines)
