"""When somebody means: "明天下午三点", "周六上午", "next Tuesday 3pm". A pure function; `now` is handed in.

Texts are read as visits are arranged: in waking hours, ahead of us. What can be meant in two ways is answered with the likelier
one and `ask`; whatever is understood is shown to the person as an absolute time before it counts. The words themselves are in
`time_words`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.grammar.clauses import A_DAY, BUSY, CANNOT, TIMES, clauses, is_only_a_time, times
from bot.grammar.folding import normalise
from bot.grammar.patterns import regex
from bot.grammar.time_words import PARTS, Kind, Token, on, read_tokens, with_colons
from bot.grammar.zones import elsewhere


@dataclass(frozen=True, slots=True)
class When:
    """A moment (`end` None), or a span up to `end`, both in the zone of `now`. Both None: no time was understood.

    ask: the person must be asked which is meant, or to say more.
    """

    start: datetime | None = None
    end: datetime | None = None
    ask: bool = True


_HALF_OF_DAY: Final = regex(r"(?<![a-z])([ap])\. ?m\b\.?")
_TOO_EARLY: Final = regex(
    r"[\s,]{0,2}(?:有点儿?|有些|太|偏|过于|稍微?|略|还是){1,3}(?:早|晚|迟|赶|急|紧)(?:了|点|些|吧|啊){0,2}"
    r"|[\s,]{0,2}\b(?:is|'s|are|was|would be|will be)? ?(?:(?:a|bit|too|rather|quite|little|very|way) ){1,3}(?:early|late"
    r"|soon)\b(?: for (?:me|us))?"
)
"""Said of the time before it, which is refused."""
_PUTS_RIGHT: Final = regex(
    r"^\W*(?:不是的?|不对|错了|[弄搞]错了|不不)[\s,.!]*(?=我(?:是)?(?:说|讲|要|想)|改|应该)"
    r"|^\W*(?:no|nope|wrong)[\s,.!]+(?=i (?:said|meant|want)|make it|it should)"
)
_NOT_BEFORE: Final = regex(r"\bnot (?:before|until|till|earlier than)\b")
_ANY_BUT: Final = regex(r"\b(?:any(?:thing| ?day| ?time| of them)?|every ?day) but\b")
_MOVED_TO: Final = regex(
    r"改(?=(?:[早晚]上|[上下中]午|[今明后]天){0,2}(?:\d{1,2}|[一二两三四五六七八九十]{1,3})[点:])|改[到至成为在约]"
    rf"|[改换挪调]{A_DAY}|[换挪调][到至成]|调整到|(?:推迟|延后|延迟|提前|提早)[到至]"
    r"|\bre-?schedul\w*[\w' ]{0,24}? (?:to|for)\b|\b(?:move|change|shift|push|bring|put|postpone)[\w' ]{1,24}? to\b"
    r"|\b(?:swap|switch)[\w' ]{1,24}? (?:to|for)\b"
)
_EXCEPT: Final = regex(
    r"除[了开去]|(?<![消清拆排解废扫删免开])除(?=[今明后下这周星礼\d])"
    r"|\bexcept\b|\bapart from\b|\bother than\b|\binstead of\b|\brather than\b"
)
_WISHES: Final = regex(
    r"能(?=[不否改换来约])|可以|可否|行(?=[吗不了的么!~ ]|$)|吧|[改换挪](?![正善变造装锁了])|约(?![好了定的])"
    r"|方便|有空|有时间|有人|在家|都在|来(?=吧|修|看|人|个|一|吗|也|$)|再来|过来|上门|[想要](?=大?[今明后下这周星礼早晚上中]|\d)"
    r"|\b(?:can|could|(?:how|what) about|make it|please|pls|plz|works|(?:will|would|should|can|could) work|does"
    r"|suits?|fine|ok|okay|good|better|best"
    r"|free|available|home|come|prefer|rather|let's|like|yes)\b"
)
"""Said of the time that somebody would like."""
_BACK: Final = regex(r"回|\bback\b")


def too_early(text: str) -> bool:
    """Whether words refuse a time for being too early, or too late: "九点半有点早"."""
    return _TOO_EARLY.search(normalise(text)[:100]) is not None


def spoken(text: str, now: datetime, *, day: date | None = None) -> When:
    """Return when `text` means. now: aware; its zone is the one in which the person speaks. day: the one that is
    being spoken of, meant where the words name none.
    """
    said = with_colons(_HALF_OF_DAY.sub(r"\1m ", normalise(text)[:500]), now)
    said = _TOO_EARLY.sub(" not, ", _PUTS_RIGHT.sub("", said))
    said = _ANY_BUT.sub("except", _NOT_BEFORE.sub("after", said))
    parts = clauses(said, now)
    # "明天不行, 后天下午三点": what is refused is not what is meant.
    excepted = [_without_exception(clause, now) for clause in parts]
    meant = _without_reasons([clause for clause in excepted if not CANNOT.search(clause)], now)
    tokens = _where_it_is_moved(meant, now)
    if excepted != parts and not any(token.kind in TIMES for token in tokens):
        return When(now.replace(microsecond=0))  # "除了周三都行": any time, and that is asked about
    if any(token.kind in TIMES for token in tokens) and not any(token.kind is Kind.DAY for token in tokens):
        tokens = [*_day_spoken_of(excepted, meant, now), *tokens]
    if not any(token.kind in (Kind.DAY, Kind.PART) for token in tokens) and day is None:
        tokens = [token for token in tokens if not token.weak]
    if day is not None and tokens and not any(token.kind in (Kind.DAY, Kind.AWAY, Kind.FREE) for token in tokens):
        tokens.insert(0, on(day))
    when = _read(tokens, now)
    return replace(when, ask=True) if when.start is not None and elsewhere(said, when.start) else when


def replaces_a_time(key: str, now: datetime) -> bool:
    """Say whether words name one time and take another back, or say why it does not suit: "明天要带孩子看病 后天吧"."""
    parts = clauses(key, now)
    meant = _without_reasons([clause for clause in parts if not CANNOT.search(clause)], now)
    named, left = (sum(bool(times(clause, now)) for clause in each) for each in (parts, meant))
    return 0 < left < named or any(
        times(clause[found.end() :], now) for clause in meant for found in _MOVED_TO.finditer(clause)
    )


def _without_exception(clause: str, now: datetime) -> str:
    """Return a clause up to the time that it excepts: "周五以前除了周三"."""
    found = _EXCEPT.search(clause)
    excepts = found is not None and bool(times(clause[found.end() :], now))
    return clause[: found.start()] if found is not None and excepts else clause


def _without_reasons(parts: Sequence[str], now: datetime) -> list[str]:
    """Return the clauses without those that say why another time is wanted: "明天下午开会, 后天上午吧"."""

    timed = [clause for clause in parts if times(clause, now)]
    told = [clause for clause in timed if not BUSY.search(clause)]

    bare = [clause for clause in told if is_only_a_time(clause, now)]
    wished = [clause for clause in told if _WISHES.search(clause) and not _BACK.search(clause)]
    # "周四、周五请假": both are told.
    if not wished and not any(clause is not timed[0] or told == [clause] for clause in bare):
        return list(parts)
    return [clause for clause in parts if clause in wished or clause in bare or clause not in timed]


def _where_it_is_moved(clauses: Sequence[str], now: datetime) -> list[Token]:
    """Return the times in the clauses; of "周三上午改到下午" those behind it, with the day before it if they name none."""
    moves = [(at, found) for at, clause in enumerate(clauses) for found in _MOVED_TO.finditer(clause)]
    if not moves:
        return [token for clause in clauses for token in read_tokens(clause, now)]
    at, found = moves[-1]
    before = [*clauses[:at], clauses[at][: found.start()]]
    behind = [clauses[at][found.end() :], *clauses[at + 1 :]]
    old = [token for clause in before for token in read_tokens(clause, now)]
    new = [token for clause in behind for token in read_tokens(clause, now)]
    if not any(token.kind in TIMES for token in new):
        return [*old, *new]
    if any(token.kind is Kind.DAY for token in new):
        return new
    return [*(token for token in old if token.kind is Kind.DAY), *new]


def _day_spoken_of(parts: Sequence[str], meant: Sequence[str], now: datetime) -> list[Token]:
    """ "明天上午没空，下午三点可以", "明天要上班 晚上在家": the day of what is refused, or a reason, is the one meant."""
    for clause in parts:
        if clause not in meant:
            tokens = times(clause, now)
            days = [token for token in tokens if token.kind is Kind.DAY]
            if len(days) == 1 and (len(tokens) > 1 or not CANNOT.search(clause)):
                return days
    return []


# ── what they mean together ───────────────────────────────────────────────────────────────────────────────────────────


_EVENING: Final = timedelta(hours=6)
_NOON: Final = Token(Kind.CLOCK, minutes=12 * 60)


def _read(tokens: Sequence[Token], now: datetime) -> When:
    kinds = {token.kind for token in tokens}
    if Kind.AWAY in kinds:
        token = next(token for token in tokens if token.kind is Kind.AWAY)
        # Reckoned in UTC: on the night when the clocks change, two hours are two hours.
        moment = (now.astimezone(UTC) + token.away).astimezone(now.tzinfo).replace(second=0, microsecond=0)
        loose = Kind.LOOSE in kinds or Kind.OR in kinds
        return When(moment, ask=loose) if token.sure else When(now.replace(microsecond=0), moment, ask=loose)
    days = [token for token in tokens if token.kind is Kind.DAY]
    days, agree = _by_the_calendar(days)
    if any(token.days is None for token in days):
        return When()  # "2月30日"
    if Kind.CLOCK in kinds:
        tokens = [_NOON if token.part == (12, 12) else token for token in tokens]  # "10am to noon"
    clocks, sure = _clocks(tokens)
    parts = [_shifted(token.part, kinds) for token in tokens if token.kind is Kind.PART and token.part]
    if not days and not clocks and not parts:
        any_time = Kind.FREE in kinds and Kind.LOOSE not in kinds
        return When(now.replace(microsecond=0), ask=False) if any_time else When()
    first, last, told = _days(days, Kind.TO in kinds)
    ask = not (sure and told and agree) or bool(kinds & {Kind.OR, Kind.LOOSE}) or any(not t.sure for t in days)
    ask |= first != last and bool(clocks or parts)  # "周末上午": on which of the days?
    if clocks:
        return _at(first, clocks, kinds, now, ask)
    ask |= Kind.VAGUE in kinds
    if parts:
        return _in_part(first, last, parts, kinds, now, ask)
    assert first is not None
    begin, end = _moment(first, 0, now), _moment(last or first, 24 * 60, now)
    if Kind.BEFORE in kinds:
        return When(now.replace(microsecond=0), end, ask=ask) if end > now else When(begin, end)
    free = Kind.FREE in kinds or first != last
    ask |= first != last and begin < now < end and end - now < _EVENING  # "周末" on a Sunday evening: hardly this one
    return _until(end, begin, now, ask or not free)


def _by_the_calendar(days: list[Token]) -> tuple[list[Token], bool]:
    """Return the days without the weekdays that are said beside a date, and whether they agree with it."""
    dates = [token for token in days if not token.weekday]
    weekdays = [token for token in days if token.weekday]
    if len(dates) != 1 or not weekdays or dates[0].days is None:
        return days, True
    first, last = dates[0].days
    named = {token.days[0].weekday() for token in weekdays if token.days}
    agree = first == last and named == {first.weekday()}
    return (dates, agree) if first == last else (days, True)


def _shifted(part: tuple[int, int], kinds: set[Kind]) -> tuple[int, int]:
    """Return a part of the day as "early", "mid" or "late" makes it."""
    begins, ends = part
    if ends - begins < 3:
        return part
    if Kind.EARLY in kinds:
        return (7, 9) if part == PARTS["morning"] else (begins, begins + 2)
    if Kind.LATE in kinds:
        return ends - 2, ends
    return (begins + 1, ends - 1) if Kind.MID in kinds else part


def _clocks(tokens: Sequence[Token]) -> tuple[list[int], bool]:
    """Return the times of day in minutes, with the part of the day that stands before each, and whether all are sure.

    Without one, one to seven o'clock is taken for the afternoon: nobody is visited at night.
    """
    part: tuple[int, int] | None = next((t.part for t in tokens if t.kind is Kind.PART), None)
    clocks: list[int] = []
    sure, seen_part = True, part
    for token in tokens:
        if token.kind is Kind.PART:
            seen_part = token.part
        if token.kind is not Kind.CLOCK:
            continue
        minutes, known = token.minutes, token.sure
        if seen_part is not None and minutes <= 12 * 60:
            minutes, known = _within(minutes, seen_part), True
        elif not known and clocks and minutes <= clocks[0] <= minutes + 12 * 60:
            minutes, known = minutes + 12 * 60, True  # "11点到2点"
        elif not known and minutes < 8 * 60:
            minutes += 12 * 60
        elif known and clocks and not sure and clocks[-1] < minutes:
            sure = True  # "3-5pm": the first borrows the half of the day from the second
        clocks.append(minutes)
        sure &= known
    return clocks, sure


def _within(minutes: int, part: tuple[int, int]) -> int:
    """Return the time of day as the part of the day makes it: "下午三点" is fifteen hours, "中午一点" thirteen."""
    begins, ends = part
    if ends > 12 and minutes < 12 * 60 and minutes // 60 < begins and minutes + 12 * 60 <= max(ends, 24) * 60:
        late = begins >= 18 and minutes < 5 * 60  # "晚上一点": the night, and hardly meant
        return minutes if late else minutes + 12 * 60
    if begins >= 18 and minutes == 12 * 60:
        return 24 * 60
    return minutes


def _days(days: Sequence[Token], joined: bool) -> tuple[date | None, date | None, bool]:
    """Return the first and the last day, and whether they were told clearly. Several days that no "to" joins are a choice."""
    spans = [token.days for token in days if token.days]
    if not spans:
        return None, None, True
    (first, last), *others = spans
    for begin, end in others:
        if joined and begin < first:
            begin, end = begin + timedelta(days=7), end + timedelta(days=7)  # "周一到周五", said on a Wednesday
        neighbours = begin == last + timedelta(days=1)
        if not joined and not neighbours and (begin, end) != (first, last):
            return first, last, False
        first, last = min(first, begin), max(last, end)
    return first, last, True


def _moment(day: date, minutes: int, now: datetime) -> datetime:
    day, minutes = (day + timedelta(days=1), minutes - 24 * 60) if minutes >= 24 * 60 else (day, minutes)
    moment = datetime.combine(day, time(minutes // 60, minutes % 60), now.tzinfo)
    # An hour that the clocks skip is told as the hour that they then show.
    return moment.astimezone(UTC).astimezone(now.tzinfo)


def _odd(day: date, minutes: int, now: datetime) -> bool:
    """Say whether the clocks never show a time of day on that day, or show it twice."""
    moment = datetime.combine(day, time(minutes // 60 % 24, minutes % 60), now.tzinfo)
    return moment.utcoffset() != moment.replace(fold=1).utcoffset()


def _at(day: date | None, clocks: Sequence[int], kinds: set[Kind], now: datetime, ask: bool) -> When:
    start = _moment(day or now.date(), clocks[0], now)
    ask |= any(_odd(day or now.date(), minutes, now) for minutes in clocks if minutes < 24 * 60)
    if day is None and _moment(now.date(), clocks[-1], now) <= now:
        start += timedelta(days=1)
        ask = True  # "三点", said at four: tomorrow, or has somebody mistaken the time?
    ask |= day is None and len(clocks) > 1 and start < now
    end = None
    if len(clocks) > 1:
        end = _moment(start.date(), clocks[1], now)
        ask |= len(clocks) > 2 or end <= start or Kind.TO not in kinds
    elif Kind.BEFORE in kinds:
        start, end = max(_moment(start.date(), 0, now), now.replace(microsecond=0)), start
        ask |= end <= start
    return When(start, end if end is None or end > start else None, ask=ask or (end or start) <= now)


def _in_part(
    first: date | None,
    last: date | None,
    parts: Sequence[tuple[int, int]],
    kinds: set[Kind],
    now: datetime,
    ask: bool,
) -> When:
    day = first or now.date()
    if PARTS["first thing"] in parts:  # "first thing in the morning"
        parts = [PARTS["first thing"]]
    if first is None and _moment(day, max(part[1] for part in parts) * 60, now) <= now:
        day = last = day + timedelta(days=1)
        ask |= parts[0][0] > 8  # "一早", said at noon, is tomorrow's
    begin, end = _moment(day, parts[0][0] * 60, now), _moment(last or day, parts[0][1] * 60, now)
    if len(parts) > 1:
        ask |= Kind.TO not in kinds and parts[1] != parts[0]
        end = max(end, _moment(last or day, parts[-1][1] * 60, now)) if Kind.TO in kinds else end
    if begin == end:  # "noon"
        if Kind.BEFORE in kinds:
            return _until(end, _moment(day, 0, now), now, ask)
        return When(begin, ask=ask or begin <= now)
    if Kind.BEFORE in kinds:
        return _until(begin, _moment(day, 0, now), now, ask)
    return When(begin, end, ask=ask or end <= now)


def _until(end: datetime, begin: datetime, now: datetime, ask: bool) -> When:
    """Return the span from `begin`, or from now where that is later; what lies behind us is asked about."""
    if end <= now:
        return When(begin if begin < end else None, end if begin < end else None)
    return When(max(begin, now.replace(microsecond=0)), end, ask=ask)
