"""Work that has to wait: what its assignee, and whoever approves it, say in chat."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal

from bot.answers import Answer
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, understand
from bot.grammar.holding import waited_for
from bot.grammar.spoken import spoken
from complaints import holding
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.limits import Limit, Unit
from complaints.parts.actors import Actor
from complaints.parts.timing import ExtensionRequest, HoldRequest
from complaints.parts.work import PartWish
from complaints.vocabulary import WaitsFor

_MIDNIGHT = time(23, 59)  # as people write the end of a day
_AT_THE_END = re.compile(r"[底末]|\bend\b", re.IGNORECASE)
_TOLD = ("limit", "waits_for", "reason")
_WHO = "who"  # of a question: it asks for whom work waits
_OFFERED = ("1d", "2d", "3d", "5d", "7d")


async def ask_hold(turn: Turn, complaint: Complaint, told: Mapping[str, object], actor: Actor) -> None:
    """Ask for a hold with what was told of it; what is missing is asked for. told: `until` may stand in place of `limit`."""
    limit, waits_for, reason = (str(told.get(name) or "") for name in _TOLD)
    limit = limit or _until(turn, str(told.get("until") or ""))
    waits_for = waits_for or waited_for(reason)
    terms = await turn.desk.terms(turn.work, complaint)
    allowed = sorted(terms.policy.hold.waits_for)
    try:
        change = holding.ask_hold(
            complaint,
            Limit.parse(limit) if limit else None,
            WaitsFor(waits_for or allowed[0]) if waits_for or allowed else None,
            reason,
            actor,
            terms,
            turn.now,
        )
    except Missing as missing:
        known = dict(zip(_TOLD, (limit, waits_for, reason), strict=True))
        turn.ask(Question(Pending.REASON, complaint.reference, {"for": "hold", **known}))
        if missing.what == "limit":
            turn.answer(Answer.HOLD_LIMIT_NEEDED, complaint, offers=holding.lengths(_OFFERED, terms, turn.now))
        else:
            turn.answer(Answer.REASON_NEEDED, complaint)
        return
    if not waits_for:  # its customer is told whom we wait for: that is said, and never supposed
        asked = {"for": "hold", "limit": limit, "reason": reason, _WHO: "yes"}
        turn.ask(Question(Pending.REASON, complaint.reference, asked))
        choices = dict.fromkeys((*allowed, str(WaitsFor.THIRD_PARTY)))
        turn.answer(Answer.HOLD_WHO_NEEDED, complaint, who=",".join(choices))
        return
    recorded = await turn.desk.record(turn.work, change)
    turn.answer(Answer.HOLD_SENT, recorded, limit=limit, **await put_to(turn, recorded.hold))
    turn.settle()


def _until(turn: Turn, moment: str) -> str:
    """Return as a limit how long it is until a moment as it was said; "" where it names none that lies ahead.

    A day lasts to its end: "till Friday", said on a Monday, is four days, as it is till Friday midnight; the end of a month
    lasts to its last day.
    """
    now = turn.now.astimezone(turn.desk.zone)
    when = spoken(moment, now) if moment else None
    if when is None or when.start is None:
        return ""
    end = when.end or when.start
    last = end - timedelta(seconds=1) if end.time() == time() else end
    if when.start.time() == time() and last.date() > when.start.date() and not _AT_THE_END.search(moment):
        last = datetime.combine(when.start.date(), time.max, last.tzinfo)  # "till next week": until it begins
    days = (last.date() - now.date()).days
    if days > 0 and last.time() >= _MIDNIGHT:
        return str(Limit(Decimal(days), Unit.DAYS))
    hours = Decimal((end - now) / timedelta(hours=1)).quantize(Decimal("0.1"), ROUND_CEILING)
    return str(Limit(hours, Unit.HOURS)) if hours > 0 else ""


async def put_to(turn: Turn, wish: ExtensionRequest | HoldRequest | PartWish | None) -> dict[str, str]:
    """Return who decides on a wish, as facts, where that is not the usual approver."""
    directory = await turn.work.directory()
    persons = [person for each in (wish.put_to if wish else ()) if (person := directory.get(each)) is not None]
    return {"asked": "、".join(person.name for person in persons)} if persons else {}


async def answered(turn: Turn, complaint: Complaint, known: Mapping[str, object], actor: Actor) -> None:
    """Take the wish up again with the words that were missing."""
    told = {name: str(known.get(name) or "") for name in _TOLD}
    if known.get(_WHO):
        told["waits_for"] = waited_for(turn.words)
        told["reason"] = told["reason"] if told["waits_for"] else f"{told['reason']} {turn.words}"
    elif told["limit"]:
        told["reason"] = turn.words
    else:
        said = _how_long(turn.words)
        told = {name: told.get(name) or str(said.get(name) or "") for name in (*_TOLD, "until")}
    await ask_hold(turn, complaint, told, actor)


def _how_long(words: str) -> Mapping[str, object]:
    """Return what an answer says of how long work is to wait; "周五" and "到周五" alike."""
    readings = [
        understand(f"暂缓 {before}{words}", Speaker.HANDLER, Pending.NONE).arguments for before in ("", "到", "until ")
    ]
    return next((each for each in readings if "limit" in each or "until" in each), readings[0])


async def decide_hold(turn: Turn, complaint: Complaint, granted: bool, note: str, actor: Actor) -> None:
    """Approve or refuse the hold that was asked for."""
    terms = await turn.desk.terms(turn.work, complaint)
    change = holding.decide_hold(complaint, granted, note, actor, terms, turn.now)
    complaint = await turn.desk.record(turn.work, change)
    turn.answer(Answer.HOLD_DONE, complaint, granted="yes" if granted else "no")
    turn.settle()


async def resume(turn: Turn, complaint: Complaint, actor: Actor) -> None:
    """Let the work go on."""
    change = holding.resume(complaint, actor, await turn.desk.terms(turn.work, complaint), turn.now)
    dropped = {"dropped": "yes"} if complaint.pause is None else {}
    turn.answer(Answer.RESUME_DONE, await turn.desk.record(turn.work, change), **dropped)
