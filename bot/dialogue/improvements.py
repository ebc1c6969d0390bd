"""What is to be improved after a complaint, in chat: "改进 0007 张伟 12月1日前 更换门禁", "改进完成 0007 已换" (R-092)."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time

from bot import improvements
from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Verb
from bot.grammar.patterns import deferred
from bot.grammar.spoken import spoken
from bot.storage import improvements as kept
from bot.storage.models import ImprovementRow
from complaints.complaint import Complaint
from complaints.numbers import ANY
from complaints.permissions import PERMISSIONS, Errand

_NUMBER = rf"#?(?P<number>{ANY})"
_PLAN = deferred(
    rf"\s*(?:改进|improve)(?:措施)?\s*[::]?\s*{_NUMBER}\s*[,:]?\s*(?:由|@)?(?P<rest>.+)", re.IGNORECASE | re.DOTALL
)
_ITEM_ZH = deferred(
    r"@?(?P<who>[^\s,]+)[\s,]+(?:在)?(?P<due>[^\s,]+?)(?:之前|以前|前|截止)[\s,:]*(?P<what>.+)", re.DOTALL
)
_DAY_EN = (
    r"\d{4}-\d\d-\d\d|\d{1,2}(?:st|nd|rd|th)? [a-z]{3,9}(?: \d{4})?|[a-z]{3,9} \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?"
    r"|tomorrow|(?:next |this )?[a-z]+day|next week"
)
_ITEM_EN = deferred(rf"@?(?P<who>[^,\d]+?),? by (?P<due>{_DAY_EN})[\s,:]+(?P<what>.+)", re.IGNORECASE | re.DOTALL)
_DONE = deferred(
    rf"\s*(?:改进完成|改进已完成|改进做好了|improved)\s*[::]?\s*{_NUMBER}?[\s,:]*(?P<note>.*)",
    re.IGNORECASE | re.DOTALL,
)
_PLANS = frozenset(PERMISSIONS[Errand.IMPROVE])
_SHOWN = 9


async def take_improvement(turn: Turn) -> bool:
    """Do what a colleague says of an improvement; False where the words are about something else. Raises NotAllowed."""
    if not turn.is_staff or turn.room is not None:
        return False
    words = unicodedata.normalize("NFKC", turn.words)
    if (done := _DONE.fullmatch(words)) is not None:
        return await _finish(turn, done["number"] or "", done["note"].strip())
    planned = _PLAN.fullmatch(words)
    if planned is None:
        return False
    complaint = await _named(turn, planned["number"])
    if complaint is not None:
        await _plan(turn, complaint, planned["rest"].strip())
    return True


async def _named(turn: Turn, number: str) -> Complaint | None:
    turn.meaning = Meaning(turn.words, Verb.TICK, {"reference": number.upper()})
    return await choose(turn, [], act=Errand.IMPROVE)


async def _plan(turn: Turn, complaint: Complaint, rest: str) -> None:
    turn.did = Verb.ASSIGN
    item = _ITEM_EN.fullmatch(rest) or _ITEM_ZH.fullmatch(rest)
    name = item["who"] if item is not None else re.split(r"[\s,]+", rest)[0]
    found = (await turn.work.directory()).named(name)
    if len(found) != 1 or found[0].id in complaint.respondents:
        turn.answer(Answer.IMPROVEMENT_NOTED, complaint, missing="who")
        return
    due_at = _end_of(turn, item["due"]) if item is not None else None
    if item is None or due_at is None:
        turn.answer(Answer.IMPROVEMENT_NOTED, complaint, missing="due")
        return
    what = item["what"].strip()
    row = await improvements.plan(turn.desk, turn.work, complaint, found[0], what, due_at, turn.person)
    turn.answer(Answer.IMPROVEMENT_NOTED, complaint, **improvements.facts_of(row))


def _end_of(turn: Turn, words: str) -> datetime | None:
    """Return the last minute of the day that is meant; None where none is, or it is over."""
    now = turn.now.astimezone(turn.desk.zone)
    when = spoken(words, now)
    if when.start is None:
        return None
    end = datetime.combine(when.start.date(), time(23, 59), now.tzinfo)
    return end if end > now else None


async def _finish(turn: Turn, number: str, note: str) -> bool:
    mine = await kept.of_owner(turn.work, turn.person.id)
    mine = [row for row in mine if row.reference.endswith(number.upper())] if number else mine
    if not mine and number and turn.person.roles & _PLANS and (complaint := await _named(turn, number)) is not None:
        mine = [row for row in await kept.of_complaint(turn.work, complaint.reference) if row.done_at is None]
    if turn.asked_back:
        return True
    turn.did = Verb.TICK
    named = [row for row in mine if row.what and row.what in note] or mine
    if len({row.reference for row in named}) > 1:
        await _list(turn, named)
        return True
    if not named:
        turn.answer(Answer.IMPROVEMENT_NOTED, None, unknown="yes")
        return True
    row = named[0]  # of several of one complaint the most pressing
    await improvements.finish(turn.desk, turn.work, row, turn.person, note)
    complaint = await turn.work.complaint(row.reference)
    turn.answer(Answer.IMPROVEMENT_NOTED, complaint, **improvements.facts_of(row), done="yes")
    return True


async def tell_improvements(turn: Turn, complaint: Complaint) -> None:
    """Say what is to be improved after a complaint; nothing where that is nothing."""
    rows = await kept.of_complaint(turn.work, complaint.reference)
    if rows:
        directory = await turn.work.directory()
        names = {row.owner: person.name for row in rows if (person := directory.get(row.owner)) is not None}
        lines = [
            f"{names.get(row.owner, '')}|{'' if row.done_at else row.due_at.isoformat()}|{' '.join(row.what.split())}"
            for row in rows[:_SHOWN]
        ]
        turn.answer(Answer.IMPROVEMENTS, complaint, rows="\n".join(lines))


async def _list(turn: Turn, rows: list[ImprovementRow]) -> None:
    lines = [f"{row.reference}|{row.due_at.isoformat()}|{' '.join(row.what.split())}" for row in rows[:_SHOWN]]
    turn.answer(Answer.IMPROVEMENTS, None, rows="\n".join(lines))
