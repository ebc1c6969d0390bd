"""The rota in chat: "今天谁值班" and "who is on duty" by all the staff, "值班 周六 张三" by the service centre."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot import rota
from bot.answers import Answer, Internal
from bot.attendance import last_moment
from bot.dialogue.handing import said_with
from bot.dialogue.refusing import refuse_act
from bot.dialogue.turn import Turn
from bot.grammar import Verb
from bot.grammar.recurring import weekly
from bot.grammar.spoken import spoken
from bot.people import Directory, Person
from complaints.calendar import WorkingCalendar
from complaints.permissions import Errand, may
from complaints.rota import Days, DutyError, parse_hours

_WHOLE_HOURS = re.compile(r"(\d{1,2})[点时]?\s?[-–~至到]\s?(\d{1,2})[点时]?")  # "8-20"
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
    teams = [team] if team else ["", *sorted(own for own in directory.shifts if own)]
    calendar_at = turn.desk.book.calendar_at
    now = turn.now.astimezone(calendar_at(team).zone)
    when = spoken(about, now)
    facts = {"site": site.name, "team": team} if site is not None else {}
    at = when.start
    if at is None or _NOW.search(about):
        at = now
        said = {each: _names(directory.on_duty(each, now, calendar_at)) for each in teams}
    else:
        said = {each: _hours_of(directory, each, at, calendar_at) for each in teams}
        facts["whole"] = "yes"
    # Of a team without rows for the time, the company's own hold: they stand there already.
    told = [f"{_called(each, directory)} {who}" for each, who in said.items() if each != team and who != said[team]]
    turn.answer(Answer.DUTY, None, names="；".join(filter(None, [said[team], *told])), at=at.isoformat(), **facts)


def _names(persons: Iterable[Person]) -> str:
    return "、".join(person.name for person in persons)


def _hours_of(directory: Directory, team: str, at: datetime, calendar_at: Callable[[str], WorkingCalendar]) -> str:
    spans = rota.spans(directory, team, at.date(), calendar_at)
    return "；".join(f"{begin:%H:%M}–{_end(end, at)} {who}" for begin, end, who in spans if who)


def _called(team: str, directory: Directory) -> str:
    site = directory.sites.get(team)
    return site.name if site is not None else team


def _end(end: datetime, day: datetime) -> str:
    return f"{end:%H:%M}" if end.date() == day.date() else "24:00"


@dataclass(slots=True)
class _Told:
    """What was said of a shift: who, for which team, on which days, and from when to when.

    weekly: the words that named the days, of a row that recurs.
    """

    person: Person
    team: str
    days: Days
    hours: tuple[time, time]
    weekly: str = ""


async def _set(turn: Turn, rest: str) -> None:
    directory = await turn.work.directory()
    told = _read(rest, directory, turn)
    if told is None:
        if (piece := _of_several(rest, directory)) is not None:
            called = [each.name for each in directory.named(piece)]
            facts = {"names": "、".join(called), "who": piece, "offer": "named", **said_with(turn, piece, called)}
            turn.answer(Answer.WHO_NEEDED, None, **facts)
            return
        turn.answer(Answer.DUTY_UNKNOWN)
        return
    put = rota.recur if told.weekly else rota.overrule
    shift = await put(turn.work, told.team, told.person, told.days, told.hours, turn.person, turn.now)
    calendar = turn.desk.book.calendar_at(told.team)
    facts = {"by": turn.person.name, "team": told.team}
    if told.weekly:
        ends = "24:00" if shift.ends == time() else f"{shift.ends:%H:%M}"
        facts |= {"weekly": told.weekly, "hours": f"{shift.starts:%H:%M}–{ends}"}
    else:
        assert told.days.first is not None
        assert told.days.last is not None
        start, end = shift.span(told.days.first, calendar)[0], shift.span(told.days.last, calendar)[1]
        until = last_moment(end.astimezone(calendar.zone)).isoformat()
        facts |= {"start": start.isoformat(), "until": until}
    if told.team:
        site = directory.sites.get(told.team)
        facts["site"] = site.name if site is not None else told.team
    turn.answer(Answer.DUTY_SET, None, who=told.person.id, **facts)
    if told.person.id != turn.person.id:
        turn.desk.tell(turn.work, Internal.DUTY_CHANGED, f"duty/{turn.inbox_id}", [told.person], facts)


def _read(rest: str, directory: Directory, turn: Turn) -> _Told | None:
    recurring = weekly(rest)
    if recurring is not None:
        rest = rest.replace(recurring.said, " ")
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
    if recurring is not None:
        return _Told(person, team, recurring.days, hours or (time(), time()), recurring.said)
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


def _of_several(rest: str, directory: Directory) -> str | None:
    """Return the name in what was said that several have; None where none is such."""
    pieces = [piece for piece in re.split(r"[\s,，、;；]+", rest) if piece]
    return next((each for each in pieces if len(each) > 1 and len(directory.named(each)) > 1), None)


def _hours(piece: str) -> tuple[time, time] | None:
    whole = _WHOLE_HOURS.fullmatch(piece)
    try:
        return parse_hours(f"{whole[1]}:00-{whole[2]}:00" if whole else piece)
    except DutyError:
        return None
