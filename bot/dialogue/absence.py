"""Leave in chat: asked for, echoed as absolute times, confirmed, granted where the profile wants that, and ended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot import attendance
from bot.answers import Answer
from bot.attendance import last_moment, may_decide
from bot.dialogue.handing import said_with
from bot.dialogue.questions import LEAVE, LEAVE_ASKED, LEAVE_TIMES, Question
from bot.dialogue.refusing import refuse_act
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Verb
from bot.grammar.granting import limit_said
from bot.grammar.leave import Leave, denies, read_called_off, read_leave
from bot.grammar.names import is_near
from bot.grammar.spoken import spoken
from bot.people import Directory, Person
from bot.storage import duty
from bot.storage.models import AbsenceRow
from complaints.permissions import Errand, may

_GRANTS = re.compile(
    r"(?P<no>不(?:同意|批准?|准)|拒绝|驳回|reject|refuse|don't approve)|同意|批准|准(?:予|许)|approve", re.IGNORECASE
)
_WHY_NOT = re.compile(
    rf"(?:{_GRANTS.pattern}|no\b|disagree|不行|不可以|否|不)?(?:吧|的|了|\s)*(?:the |this )?(?:请假|休假|leave)?",
    re.IGNORECASE,
)
"""What a no to leave begins with; what is left says why, or how much it may be."""
# Said of others: how it stands with a task, and not the speaker's own leave.
_OF_OTHERS = re.compile(
    r"客户|业主|住户|租户|租客|对方|家里人|师傅|厂家|物业|供应商|\b(?:customer|client|tenant|owner|plumber|supplier)\b",
    re.IGNORECASE,
)
_TOLD_OTHERS = {Verb.REPORT, Verb.TRANSFER, Verb.ASSIGN, Verb.ORDER, Verb.COMPLAIN_FOR, Verb.FORM, Verb.LIST}
_OF_WORK = re.compile(
    rf"{_OF_OTHERS.pattern}|\d{{7}}|热线|工单|转办|来信|投诉|答复|回复|\b(?:hotline|letter|complain\w*|says|rang|walk-?in)\b",
    re.IGNORECASE,
)
"""What names a time, and is no other time for the leave that is asked about: "让张伟今天必须给客户打电话"."""
_YES_NO = {Verb.AGREE: True, Verb.APPROVE: True, Verb.DISAGREE: False, Verb.REJECT: False}


async def take_leave(turn: Turn) -> bool:
    """Do what a member of staff says about leave, theirs or one they decide on; False where the words say no such thing."""
    assert turn.meaning is not None
    verb, what_for = turn.meaning.verb, str(turn.question.data.get("for") or "") if turn.question else ""
    if verb is Verb.LEAVE and "cancels" in turn.meaning.arguments:
        await _call_off(turn, what_for)
    elif verb is Verb.LEAVE and "ends" in turn.meaning.arguments:
        await _end(turn, cancels="销假" in turn.words)
    elif (decided := _GRANTS.match(turn.words.strip())) and (row := await _asked_of(turn, what_for)) is not None:
        await _decide(turn, row, decided["no"] is None)
    elif (
        what_for == LEAVE and (told := _told(turn)).start is None and told.stand_in and not _OF_WORK.search(turn.words)
    ):
        assert turn.question is not None
        start, end = (datetime.fromisoformat(str(turn.question.data[each])) for each in ("start", "end"))
        turn.did = Verb.LEAVE
        await _echo(turn, start, end, told.stand_in)  # "jo covers", said when the days are asked about
    elif verb is Verb.LEAVE and _OF_OTHERS.search(turn.words):
        turn.meaning = replace(turn.meaning, verb=Verb.REPORT, arguments={**turn.meaning.arguments, "text": turn.words})
        return False
    elif verb is Verb.LEAVE and denies(turn.words) and _told(turn).start is None:
        turn.unclear(Answer.UNCLEAR_STAFF)  # "取消张伟的请假": no wish for leave, and nothing of their own
    elif verb is Verb.LEAVE:
        await _ask(turn)
    elif what_for == LEAVE and verb in _YES_NO:
        await _confirmed(turn, _YES_NO[verb])
    elif what_for in (LEAVE, LEAVE_TIMES) and _may_be_times(turn) and (told := _told(turn)).start is not None:
        turn.did = Verb.LEAVE
        await _echo(turn, told.start, told.end, told.stand_in)
    elif verb in _YES_NO and (row := await _asked_of(turn, what_for)) is not None:
        await _decide(turn, row, _YES_NO[verb])
    elif what_for == LEAVE_ASKED and verb is Verb.UNCLEAR and (row := await _asked_of(turn, what_for)) is not None:
        _ask_back(turn, row)  # "行吧，就两天": neither yes nor no to three
    else:
        return False
    return True


async def _end(turn: Turn, *, cancels: bool, these: Sequence[AbsenceRow] | None = None) -> None:
    turn.did = Verb.LEAVE
    known = await attendance.back(turn.desk, turn.work, turn.person, cancels=cancels, these=these)
    turn.answer(Answer.BACK_DONE if known else Answer.NOT_AWAY, None, cancels="yes" if cancels else "")
    turn.settle()


async def _call_off(turn: Turn, what_for: str) -> None:
    """Drop the leave that is being asked for, else end what was: all of it, or that of the days that are named.

    Of leave that lasts longer than these days nothing ends by itself: whoever wants all of it ended says so.
    """
    turn.did = Verb.LEAVE
    if what_for in (LEAVE, LEAVE_TIMES):
        turn.settle()
        turn.answer(Answer.LEAVE_KEPT)
        return
    if what_for == LEAVE_ASKED:  # a colleague's leave, or their own?
        turn.unclear(Answer.UNCLEAR_STAFF)
        return
    calendar = turn.desk.book.calendar
    told = read_called_off(turn.words, turn.now.astimezone(calendar.zone), calendar)
    if told.start is None or told.end is None:
        await _end(turn, cancels=True)
        return
    rows = [
        row
        for row in await duty.absences_of(turn.work, turn.person.id)
        if row.start < told.end and told.start < row.end
    ]
    longer = next((row for row in rows if row.start < told.start or told.end < row.end), None)
    if longer is None:
        await _end(turn, cancels=True, these=rows)
        return
    zone = turn.desk.zone
    until = last_moment(longer.end.astimezone(zone)).isoformat()
    turn.answer(Answer.NOT_AWAY, None, cancels="yes", start=longer.start.astimezone(zone).isoformat(), until=until)


def _may_be_times(turn: Turn) -> bool:
    """Say whether words may tell from when to when somebody is away, and are not of a complaint, with a day of their own."""
    assert turn.meaning is not None
    return turn.meaning.verb not in _TOLD_OTHERS and _OF_WORK.search(turn.words) is None


async def take_away(turn: Turn) -> bool:
    """Answer staff who ask who is away; False where the words ask no such thing."""
    assert turn.meaning is not None
    if turn.meaning.verb is not Verb.AWAY or not (turn.is_staff and turn.to_us):
        return False
    about = turn.meaning.said("about")
    directory, zone = await turn.work.directory(), turn.desk.zone
    now = turn.now.astimezone(zone)
    when = spoken(about, now)
    at = max(when.start or now, now)
    until = when.end if when.end is not None and when.end > at else at + timedelta(minutes=1)
    if when.start is not None and when.end is None:
        until = datetime.combine(at.date() + timedelta(days=1), time(), zone)
    rows = []
    for person in sorted(directory.persons.values(), key=lambda each: each.name):
        gone = [each for each in directory.absences.get(person.id, ()) if each.start < until and each.end > at]
        if gone and person.active:
            stand_in = directory.stand_in(person.id, max(gone[0].start, at))
            last = last_moment(max(each.end for each in gone).astimezone(zone))
            rows.append(f"{person.name}|{last.isoformat()}|{stand_in.name if stand_in else ''}")
    turn.answer(Answer.AWAY, None, at=at.isoformat(), rows="\n".join(rows))
    return True


def _told(turn: Turn) -> Leave:
    calendar = turn.desk.book.calendar
    return read_leave(turn.words, turn.now.astimezone(calendar.zone), calendar)


async def _ask(turn: Turn) -> None:
    told = _told(turn)
    if told.start is None:
        turn.ask(Question(Pending.NONE, None, {"for": LEAVE_TIMES}))
        turn.answer(Answer.LEAVE_WHEN, None, **({"apart": "yes"} if told.apart else {}))
        return
    await _echo(turn, told.start, told.end, told.stand_in)


async def _echo(turn: Turn, start: datetime, end: datetime | None, name: str) -> None:
    """Say in absolute times what was understood, and ask whether it is right."""
    assert end is not None
    directory = await turn.work.directory()
    who = _whose(turn, directory, name)
    if who.id != turn.person.id and not may(Errand.LEAVE, turn.as_staff()) and who.superior != turn.person.id:
        await refuse_act(turn, Errand.LEAVE)
        return
    stand_in = None
    if name:
        found = [person for person in directory.named(name) if person.id != who.id]
        if len(found) != 1:
            turn.ask(Question(Pending.NONE, None, {"for": LEAVE_TIMES}))
            several = {"several": "yes"} if found else {}
            found = found or [
                p for p in directory.persons.values() if p.active and p.id != who.id and is_near(name, p.name)
            ]
            names = [person.name for person in found[:9]]
            turn.answer(
                Answer.LEAVE_WHO, None, who=name, names="、".join(names), **several, **said_with(turn, name, names)
            )
            return
        stand_in = found[0]
    usual = stand_in or directory.stand_in(who.id, start)
    facts = {
        "who": who.id if who.id != turn.person.id else "",
        "start": start.isoformat(),
        "end": end.isoformat(),
        "until": last_moment(end).isoformat(),
        "stand_in": usual.id if usual else "",
        "named": stand_in.id if stand_in else "",
        "note": turn.words,
    }
    turn.ask(Question(Pending.YES_NO, None, {"for": LEAVE, **facts}))
    turn.answer(Answer.LEAVE_CONFIRM, None, **facts)


def _whose(turn: Turn, directory: Directory, stand_in: str) -> Person:
    """Return whose leave it is: a colleague's where the words begin with their name, else that which is asked about, else the
    speaker's. Whoever is named to stand in is not away.
    """
    said = turn.words.strip().lstrip("@").casefold()
    stands_in = directory.named(stand_in) if stand_in else []
    named = [
        p
        for p in directory.persons.values()
        if p.active and len(p.name) > 1 and said.startswith(p.name.casefold()) and p not in stands_in
    ]
    asked = turn.question.data if turn.question and turn.question.data.get("for") == LEAVE else {}
    return max(named, key=lambda p: len(p.name), default=directory.get(str(asked.get("who") or "")) or turn.person)


async def _confirmed(turn: Turn, agreed: bool) -> None:
    assert turn.question is not None
    data = turn.question.data
    turn.settle()
    turn.did = Verb.LEAVE
    if not agreed:
        turn.answer(Answer.LEAVE_KEPT)
        return
    directory = await turn.work.directory()
    start, end = datetime.fromisoformat(str(data["start"])), datetime.fromisoformat(str(data["end"]))
    if end - turn.now < timedelta(minutes=1):
        turn.ask(Question(Pending.NONE, None, {"for": LEAVE_TIMES}))
        turn.answer(Answer.LEAVE_WHEN)
        return
    stand_in = directory.get(str(data.get("named") or ""))
    note = str(data.get("note") or "")
    who = directory.get(str(data.get("who") or "")) or turn.person
    counts = await attendance.plan(turn.desk, turn.work, who, start, end, stand_in, note)
    told = (await turn.work.directory()).stand_in(who.id, max(start, turn.now)) if counts else None
    facts = {"stand_in": told.id} if told is not None else {}
    facts |= {"superior": "yes"} if directory.get(who.superior) is not None else {}
    turn.answer(Answer.LEAVE_DONE, None, granted="yes" if counts else "", until=last_moment(end).isoformat(), **facts)


async def _asked_of(turn: Turn, what_for: str) -> AbsenceRow | None:
    """Return the leave that the speaker may decide on and speaks of: the one they were asked about, else named as such."""
    if what_for != LEAVE_ASKED and not any(word in turn.words.casefold() for word in ("假", "leave")):
        return None
    people = (await turn.work.directory()).persons
    rows = [r for r in await duty.absences_asked(turn.work) if may_decide(turn.person, people[r.person])]
    wanted = str(turn.question.data.get("id") or "") if turn.question and what_for == LEAVE_ASKED else ""
    named = [row for row in rows if str(row.id) == wanted or people[row.person].name in turn.words]
    return next(iter(named or rows), None)


def _gives_other(turn: Turn, row: AbsenceRow) -> bool:
    """Say whether a yes grants other leave than was asked for: "同意，但只到周三". The same said again is the same."""
    calendar, said = turn.desk.book.calendar, limit_said(turn.words)
    if said is None:
        return False
    start, end = (moment.astimezone(calendar.zone) for moment in (row.start, row.end))
    if said.limit:
        return read_leave(said.limit, start, calendar).end != end
    when = spoken(said.until, turn.now.astimezone(calendar.zone)) if said.until else None
    return when is None or (when.end or when.start) != end


async def _decide(turn: Turn, row: AbsenceRow, granted: bool) -> None:
    """Grant leave as it was asked for, or not; a yes to something else is asked back, and nothing is decided."""
    if granted and _gives_other(turn, row):
        _ask_back(turn, row)
        return
    turn.settle()
    turn.did = Verb.APPROVE if granted else Verb.REJECT
    why = "" if granted else _WHY_NOT.sub("", turn.words.strip(), count=1).strip(" ,，.。:：")
    await attendance.decide(turn.desk, turn.work, row, turn.person, granted=granted, note=why)
    turn.answer(Answer.LEAVE_DECIDED, who=row.person, granted="yes" if granted else "")


def _ask_back(turn: Turn, row: AbsenceRow) -> None:
    """Ask whether all of the leave is granted; what waits for somebody is asked again, however often."""
    facts = {"start": row.start.isoformat(), "until": last_moment(row.end.astimezone(turn.desk.zone)).isoformat()}
    turn.ask(Question(Pending.YES_NO, None, {"for": LEAVE_ASKED, "id": str(row.id)}))
    turn.did = Verb.UNCLEAR
    turn.answer(Answer.DECISION_UNCLEAR, None, who=row.person, what="leave", **facts)
