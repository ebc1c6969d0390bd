"""The rota in chat: "今天谁值班" and "who is on duty" by all the staff, "值班 周六 张三" by the service centre."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot import rota
from bot.answers import Answer, Internal
from bot.attendance import last_moment
from bot.dialogue.refusing import refuse_act
from bot.dialogue.turn import Turn
from bot.grammar import Verb
from bot.grammar.spoken import spoken
from bot.people import Directory, Person
from complaints.permissions import Errand, may
from complaints.rota import Days, DutyError, parse_hours

_NOW = re.compile(r"现在|目前|当前|此刻|now|at the moment|right now", re.IGNORECASE)


async def take_watch(turn: Turn) -> bool:
    """Answer who is on duty, or put somebody on duty; False where the words say no such thing."""
    assert turn.meaning is not None
    if not turn.is_staff or not turn.to_us:
        return False
    if turn.meaning.verb is Verb.ON_DUTY:
        await _tell(turn, turn.meaning.said("about"))
        return True
    if turn.meaning.verb is not Verb.SET_DUTY:
        return False
    if not may(Errand.ROTA, turn.as_staff()):
        await refuse_act(turn, Errand.ROTA)
    else:
        await _set(turn, turn.meaning.said("text"))
    return True


async def _tell(turn: Turn, about: str) -> None:
    directory = await turn.work.directory()
    site = directory.site_in(about)
    team = site.code if site is not None else ""
    calendar_at = turn.desk.book.calendar_at
    now = turn.now.astimezone(calendar_at(team).zone)
    when = spoken(about, now)
    facts = {"site": site.name, "team": team} if site is not None else {}
    if when.start is None or _NOW.search(about):
        names = "、".join(person.name for person in directory.on_duty(team, now, calendar_at))
        turn.answer(Answer.DUTY, None, names=names, at=now.isoformat(), **facts)
        return
    at = when.start
    spans = rota.spans(directory, team, at.date(), calendar_at)
    said = "；".join(f"{begin:%H:%M}–{_end(end, at)} {who}" for begin, end, who in spans if who)
    turn.answer(Answer.DUTY, None, names=said, at=at.isoformat(), whole="yes", **facts)


def _end(end: datetime, day: datetime) -> str:
    return f"{end:%H:%M}" if end.date() == day.date() else "24:00"


@dataclass(slots=True)
class _Told:
    """What was said of a shift: who, for which team, on which days, and from when to when."""

    person: Person
    team: str
    days: Days
    hours: tuple[time, time]


async def _set(turn: Turn, rest: str) -> None:
    directory = await turn.work.directory()
    told = _read(rest, directory, turn)
    if told is None:
        turn.answer(Answer.DUTY_UNKNOWN)
        return
    shift = await rota.overrule(turn.work, told.team, told.person, told.days, told.hours, turn.person, turn.now)
    calendar = turn.desk.book.calendar_at(told.team)
    assert told.days.first is not None
    assert told.days.last is not None
    start, end = shift.span(told.days.first, calendar)[0], shift.span(told.days.last, calendar)[1]
    until = last_moment(end.astimezone(calendar.zone)).isoformat()
    facts = {"start": start.isoformat(), "until": until, "by": turn.person.name, "team": told.team}
    if told.team:
        site = directory.sites.get(told.team)
        facts["site"] = site.name if site is not None else told.team
    turn.answer(Answer.DUTY_SET, None, who=told.person.id, **facts)
    if told.person.id != turn.person.id:
        turn.desk.tell(turn.work, Internal.DUTY_CHANGED, f"duty/{turn.inbox_id}", [told.person], facts)


def _read(rest: str, directory: Directory, turn: Turn) -> _Told | None:
    pieces = [piece for piece in re.split(r"[\s,，、;；]+", rest) if piece]
    person = next((found for piece in pieces if (found := _person(piece, directory)) is not None), None)
    if person is None:
        return None
    left = [piece for piece in pieces if _person(piece, directory) is not person]
    team = next((known for piece in left if (known := rota.find_team(piece, directory))), "")
    left = [piece for piece in left if not team or rota.find_team(piece, directory) != team]
    calendar = turn.desk.book.calendar_at(team)
    now = turn.now.astimezone(calendar.zone)
    hours = next((told for piece in left if (told := _hours(piece)) is not None), None)
    when = spoken(" ".join(piece for piece in left if _hours(piece) is None), now)
    if when.start is None:
        return None
    end = when.end or datetime.combine(when.start.date() + timedelta(days=1), time(), now.tzinfo)
    days = Days(first=when.start.date(), last=last_moment(end).date())
    return _Told(person, team, days, hours or _within(when.start, end, now))


def _within(start: datetime, end: datetime, now: datetime) -> tuple[time, time]:
    """Return the hours that were told with the day, the whole day where none were."""
    begins = time() if start == now.replace(microsecond=0) else start.time()
    return begins, end.time()


def _person(piece: str, directory: Directory) -> Person | None:
    found = directory.named(piece) if len(piece.lstrip("@")) > 1 else []
    return found[0] if len(found) == 1 else None


def _hours(piece: str) -> tuple[time, time] | None:
    try:
        return parse_hours(piece)
    except DutyError:
        return None
