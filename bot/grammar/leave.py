"""Leave as people tell it: "3天", "明天下午", "12月1日到5日", "由李四代班". Pure functions; `now` is handed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Final

from bot.grammar.folding import normalise
from bot.grammar.patterns import regex
from bot.grammar.spoken import spoken
from bot.grammar.time_words import Kind, read_tokens
from complaints.calendar import WorkingCalendar

_NUMBERS: Final = {"半": 0.5, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
                   "十": 10, "half a": 0.5, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
                   "seven": 7}  # fmt: skip
_LENGTH: Final = regex(
    r"(?<![月\d.:/-])(?P<zh>\d{1,3}|[半一两二三四五六七八九十])个?(?P<half>半)?(?P<zh_unit>工作日|天|小时|钟头|周|"
    r"星期|礼拜|"
    r"[dh]\b)(?![一二三四五六日天末\d]|之?后|以后|内)"
    r"|\b(?P<en>\d{1,3}|half a|an?|one|two|three|four|five|six|seven)[ -](?:working |full )?(?P<en_unit>day|hour|hr|"
    r"week)s?\b"
)
_SAME_MONTH: Final = regex(
    r"(\d{1,2}|[一二三四五六七八九十]{1,3})月(\S{1,3}?)[日号]?\s?([到至~-])\s?(\d{1,2}|"
    r"[一二三四五六七八九十]{1,3})[日号]"
)
_PLAINER: Final = (  # days that are told in one breath, as they are told one by one
    (regex(r"(?:明后|明、后|明和后)(?:两?天|两日)(?!后)"), "明天到后天"),
    (regex(r"今明(?:两天|两日|天)(?!后)"), "今天到明天"),
    (regex(r"(周|星期|礼拜)([一二三四五六])[、和]?([二三四五六日天])(?![个小天周月号日时点])"), r"\1\2到\1\3"),
    (
        regex(
            r"(?:都|也|全)?不在(?:岗|公司|单位)?|(?:都|也)?(?:不来|来不了|不上班)|\b(?:not in|not here|won'?t be in)\b"
        ),
        " ",
    ),
    (regex(r"(?<=[a-z]) ?(?:\bn\b|&|\+) ?(?=[a-z])"), " and "),
)
_AND: Final = regex(r"[和、跟及&+]|\band\b")
_UNTIL: Final = regex(
    r"^(?:我)?(?:要)?(?:请假|休假|休息|年假|病假|事假|on leave|leave|off|away)?[\s,]*(?:到|至|直到|until|till|through)"
)
_TO: Final = regex(r"到|至|~|\b(?:to|until|till|through)\b")
_NAME: Final = r"@?(?P<{0}>[^\s,，。、;；@]{{1,12}}?)"
_HAN: Final = r"(?:(?![今明后]天|[上下]午|没有?人|[无有别]人|[由让请找叫给谁假休周号])[\u4e00-\u9fff])"
_STANDS: Final = (
    r"(?:来|先|就|会|可以|帮我|帮忙|帮|给我|暂时|临时|负责){0,3}"
    r"(?:代班|顶班|替班|接班|代理|接手|顶替|顶上|[代顶替接](?:我的?|你|一下|一天|几天|着|了|(?=[\s,，.。;；!！]|$)))"
)
_COVERS: Final = (
    r"(?:(?:'?ll|'s|’s|’ll| will| can| is|'s going to| is going to)? (?:covers?|covering|cover(?: for)? me|takes? over"
    r"|taking over|stands? in|standing in|fills? in|filling in)"
    r"|(?:'s|’s| has| got|'s got|’s got| has got| takes?| gets) (?:all )?my"
    r" (?:cases|work|complaints|stuff|tasks|desk|shift)| to cover)"
    r"(?= ?(?:for me|me|my|it|then|that day|while|till|until"
    r"|(?:on )?(?:mon|tue|wed|thu|fri|sat|sun|tod|tom|tmr)\w*)\b|\W*$|[,.;!])"
    r"(?: (?:for )?(?:me|us)\b)?"
)
_NOBODY: Final = (
    r"(?!(?:i|he|she|it|we|they|you|who|that|this|which|what|no ?(?:one|body)|some(?:one|body)|any(?:one|body)|everyone"
    r"|one|not|and|please|leave|insurance|cover|the|my)\b)"
)
_STAND_IN: Final = regex(
    r"[,，。;；\s]*(?:"
    r"(?:由|让|请(?!个?[病事年婚产丧]?假)|找|叫)\s?" + _NAME.format("a") + rf"\s?(?:{_STANDS}|代为处理|[代顶替])"
    r"|(?:代班|顶班|替班|代理)人?[\s:：是]{0,3}" + _NAME.format("b") + r"(?=$|[\s,，。;；])"
    rf"|(?:^|(?<=[\s,，。;；、@天假休息班号午岗日]))(?P<c>{_HAN}{{2,4}}?)\s?{_STANDS}"
    rf"|(?:有事(?:情|儿)?(?:都|就|请|可以)?(?:找|问|联系)|(?:工作|活儿?|单子|事情|手上的[^\s,，]{{1,4}}?)(?:都|先|就|全)?"
    rf"(?:交|转|交接)?(?:给|归|由))(?P<f>{_HAN}{{2,4}}?)(?:负责|处理|来?[办管跟接])?(?=$|[\s,，。.;；!！吧了])"
    r"|\b(?:covered by|cover by|cover(?:ing)?:|stand-?in:?|(?:my )?(?:stand-?in|cover) is|cases (?:go )?to)\s+"
    r"(?P<d>[\w'-]+(?: [A-Z][\w'-]*)?)"
    rf"|\b(?i:{_NOBODY})(?P<e>[A-Z][\w-]*(?: [A-Z][\w-]*)?|[a-z][\w-]*)(?i:{_COVERS})"
    r")(?:我的?)?(?:工作|班|活儿?)?"
)  # fmt: skip
_BACK: Final = regex(
    r"(?:我)?(?:要|已|已经|来)?(?:销假|复工|回来上班|回岗|到岗)了?[。.!！]*|我(?:已经)?(?:回来|上班)了[。.!！]*"
    r"|我?(?:现在|刚|已经|终于)?(?:回来|到岗|上班)了(?:[,，]?(?:可以(?:接单|接活|干活|派单)了?|上班了|有事(?:叫|找)我))?[。.!！]*"
    r"|(?:(?:hi|hello|hey|ok|okay|morning|good morning)[ ,!.]*(?:all|everyone|team|guys)?[ ,!.]*)?"
    r"(?:(?:i['’]?m|i am|am|we['’]?re|just|just got|i just got|got) (?:now |finally |just )?)?back"
    r"(?: (?:from (?:leave|holidays?|vacation|lunch|my (?:leave|holidays?|break|lunch)|sick leave|(?:the )?break)|at work|at it"
    r"|at (?:my|the) (?:desk|office|hotel|site)|in (?:the )?office|to work|on (?:duty|shift|site|the job)|online|now|again"
    r"|today|here|everyone|all|guys)){0,3}(?:[,.!]* thanks?)?[.!]*",
    re.IGNORECASE,
)
_WHEN: Final = r"[我的今明后大天早上中下午晚周星期礼拜本这那一二三四五六日末月号到至和、\d \-]{0,20}"
_A_LEAVE: Final = r"(?:请个?|休)?[病事年婚产丧]?(?:假期?|调休)"
_WHEN_EN: Final = (
    r"(?: (?:for|on|from|to|until|next|this|the|my|and|today|tomorrow|tmrw|tonight|mornings?|afternoons?|weekend|week"
    r"|\d{1,2}(?:st|nd|rd|th)?|mon[a-z]{0,3}|tue[a-z]{0,4}|wed[a-z]{0,6}|thu[a-z]{0,5}|fri[a-z]{0,3}|sat[a-z]{0,5}"
    r"|sun[a-z]{0,3}|jan[a-z]{0,4}|feb[a-z]{0,5}|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep[a-z]{0,6}"
    r"|oct[a-z]{0,4}|nov[a-z]{0,5}|dec[a-z]{0,5}))*"
)
_OFF_EN: Final = (
    r"(?:(?:annual|sick|my|the|any|a|that) )*(?:leave|holidays?|vacation|time off|days? off|pto)"
    r"(?: requests?| application)?"
)
_CALLED_OFF: Final = regex(
    r"(?:那|算了|哦|嗯|对不起|不好意思|请|帮我|麻烦|[ ,.])*(?:"
    rf"{_WHEN}(?:取消|撤销|撤回|撤掉|不用)了?(?:登记)?{_WHEN}{_A_LEAVE}(?:申请|登记)?"
    rf"|{_WHEN}不(?:用|想|打算|需要|准备)?再?(?:请|休)(?:[病事年婚产丧]?假|调休)"
    rf"|{_WHEN}{_A_LEAVE}(?:的事|申请|登记)?(?:就|先|我|都|也|给我|帮我)?(?:取消|撤销|撤回|撤|作废|算|不要|不请|不休)"
    r")(?:掉|了|吧|啦|啊|[ .!])*"
    r"|(?:(?:please|sorry|ok|oh|actually|can you|could you|i want to|i'd like to|i need to|[,.])[ ]?)*(?:"
    rf"(?:cancel|withdraw|scrap|call off|drop|delete|undo|revoke){_WHEN_EN} {_OFF_EN}{_WHEN_EN}"
    rf"|{_OFF_EN}{_WHEN_EN} (?:is |was |has been )?(?:cancell?ed|called off|not needed)"
    rf"|(?:i'?m |i am |we're )?(?:not|no longer) (?:off|on leave|away|on holiday|going on (?:leave|holiday)|taking {_OFF_EN})"
    rf"{_WHEN_EN}"
    rf"|i (?:don't|dont|do not|won't|wont|no longer|will not) (?:need|want|take|be taking|have) {_OFF_EN}{_WHEN_EN}"
    rf"|i'?(?:m| am|ll| will)(?: be)? (?:working|coming in|in){_WHEN_EN}(?= after all)"
    r")(?: (?:please|after all|any ?more|now|then|thanks|thank you)|[ .!,])*"
)
"""Leave that was asked for and is not wanted any more; of whoever speaks alone, for no name has a place in it."""
_SOON_BACK: Final = regex(
    r"(?:(?:ok|sorry|one sec|gotta go|lunch)[ ,.!]*)?(?:i['’]?ll|i will|ill|will|gonna|going to|should|we['’]?ll)? ?(?:be )?"
    r"(?:right )?back (?:soon|shortly|later(?: today)?|asap|after (?:lunch|my break|the break)"
    r"|in (?:a |an |the )?(?:few |couple of )?(?:\d{1,3} ?)?(?:mo|moment|sec|second|bit|tick|while|half an hour|half hour"
    r"|hour|hr|min|minute)s?"
    r"|in \d{1,3}|(?:at|by|around|before|after) \d{1,2}(?::\d\d)? ?(?:am|pm|o['’]?clock)?)[.!]*"
    r"|(?:i['’]?ll |ill |will )?be right back[.!]*|(?:brb|bbl|bbs|afk|be back|i['’]?ll be back|ill be back)[.!]*"
    r"|我?(?:先)?(?:马上|一会儿?|等[一]?会儿?|过[一]?会儿?|待会儿?|稍后|很快|[0-9一两二三五十几]{1,3}分钟后?)(?:就|再)?回(?:来|去)?"
    r"[了哈啊。.!！]*"
    r"|我?先?(?:离开|走开|出去)(?:一下|[一]?会儿?)[,， ]*(?:马上|一会儿?|很快)?(?:就)?(?:回来?)?[哈啊了。.!！]*"
    r"|去去就(?:来|回)",
    re.IGNORECASE,
)

_GONE: Final = r"(?:在)?(?:请假|休假|休息|调休|不在岗?|没来(?:上班)?|缺勤|不上班|年假|病假)"
_WHO_AWAY: Final = regex(
    r"(?P<a>.{0,20}?)(?:都)?(?:有)?(?:谁|哪些人?|哪几个人?|哪位|什么人)(?P<b>[^谁]{0,12}?)"
    rf"{_GONE}(?:了|的|呢|吗|中|着)*[?？。!！]*"
    rf"|(?P<c>.{{0,20}}?){_GONE}的?(?:都)?(?:是|有)(?:谁|哪些人?|哪几个人?)[呢?？。]*"
    r"|(?:tell me )?who(?:'s|s| is| are| will be)(?: (?:all|currently|now))? "
    r"(?:on (?:leave|holiday|vacation)|away|off(?: sick| work| duty)?|absent|out(?: of (?:the "
    r")?office)?)(?P<d>[^?]{0,30})\??",
    re.IGNORECASE,
)


_LONGEST_CALLED_OFF: Final = 60
_DENIED: Final = regex(
    r"取消|撤销|撤回|作废|不(?:用|想|打算|需要|准备)?再?[请休]|\b(?:cancel|withdraw|called off|not taking)"
)


@dataclass(frozen=True, slots=True)
class Leave:
    """From when to when, and who was named to stand in; empty where nobody was. apart: days with others between them were told,
    which are leaves of their own.
    """

    start: datetime | None
    end: datetime | None
    stand_in: str = ""
    apart: bool = False


def is_back(text: str) -> bool:
    """Say whether the words say that somebody is back from leave."""
    return _BACK.fullmatch(text.strip()) is not None


def calls_off(key: str) -> bool:
    """Say whether folded words say that whoever speaks takes no leave after all: "取消请假", "cancel my leave"."""
    return len(key) <= _LONGEST_CALLED_OFF and _CALLED_OFF.fullmatch(key.strip()) is not None


def denies(text: str) -> bool:
    """Say whether words speak of leave that is not to be: of somebody else's, or in a question. Nobody asks for any by them."""
    return _DENIED.search(normalise(text)) is not None


def is_soon_back(text: str) -> bool:
    """Say whether the words say no more than that somebody is away for a moment: nothing is done, given back or accepted."""
    return _SOON_BACK.fullmatch(text.strip()) is not None


def asks_who_is_away(text: str) -> str | None:
    """Return the day that "谁请假了", "who is on leave tomorrow?" ask about, in their words; None where nobody asks so."""
    found = _WHO_AWAY.fullmatch(text.strip())
    return None if found is None else " ".join(part for part in found.groups() if part)


def read_leave(text: str, now: datetime, calendar: WorkingCalendar) -> Leave:
    """Return what leave the words ask for. now: aware, in the zone in which the person speaks.

    So many days are working days of the calendar, today's among them while it lasts; the end is a midnight, or a time that
    was told. Without a time that lies ahead, start and end are None.
    """
    named = _STAND_IN.search(text)
    stand_in = next((name for name in named.groupdict().values() if name), "") if named else ""
    words = normalise(text[: named.start()] + " " + text[named.end() :] if named else text)
    words = _SAME_MONTH.sub(r"\1月\2日\3\1月\4日", words)
    for pattern, plainer in _PLAINER:
        words = pattern.sub(plainer, words)
    days = _listed(words, now) if _LENGTH.search(words) is None else []
    if any(before[1] != after[0] for before, after in pairwise(days)):
        return Leave(None, None, stand_in, apart=True)
    start, end = (days[0][0], days[-1][1]) if days else _span(words, now, calendar)
    if start is None or end is None or end <= now or end <= start:
        return Leave(None, None, stand_in)
    return Leave(max(start, now.replace(second=0, microsecond=0)), end, stand_in)


def read_called_off(text: str, now: datetime, calendar: WorkingCalendar) -> Leave:
    """Return of which days words call leave off, start and end None where they name none; the rest as in `read_leave`."""
    return read_leave(_DENIED.sub(" ", normalise(text)), now, calendar)


def _span(words: str, now: datetime, calendar: WorkingCalendar) -> tuple[datetime | None, datetime | None]:
    length = _LENGTH.search(words)
    if length is not None:
        words = words[: length.start()] + " " + words[length.end() :]
    when = spoken(words, now)
    if length is None and when.ask and (told := _from_to(words, now)) is not None:
        return told
    if length is None:
        if when.start is None:
            return None, None
        end = when.end or _midnight(when.start, 1)
        if _UNTIL.search(words.strip()):
            return now, end if when.end is not None else when.start
        return when.start, end
    start = when.start or now
    return start, _after(start, length, calendar)


def _listed(words: str, now: datetime) -> list[tuple[datetime, datetime]]:
    """Return the days that are listed, "明天和周五", the first one first; empty where fewer than two are."""
    pieces = _AND.split(words)
    if len(pieces) < 2 or _TO.search(words):
        return []
    days = []
    for piece in pieces:
        if any(token.kind is Kind.DAY for token in read_tokens(piece, now)):
            when = spoken(piece, now)
            if when.start is not None:
                days.append((when.start, when.end or _midnight(when.start, 1)))
    return sorted(days) if len(days) > 1 else []


def _from_to(words: str, now: datetime) -> tuple[datetime, datetime] | None:
    """Return from when to when, told as two days of different kinds: "明天到周五"."""
    found = _TO.search(words)
    if found is None:
        return None
    first, last = words[: found.start()], words[found.end() :]
    begin = spoken(first, now).start
    finish = spoken(last, max(begin, now)) if begin is not None else None
    if begin is None or finish is None or finish.start is None:
        return None
    return begin, finish.end or _midnight(finish.start, 1)


def _after(start: datetime, length: re.Match[str], calendar: WorkingCalendar) -> datetime:
    number, unit = length["zh"] or length["en"], length["zh_unit"] or length["en_unit"]
    amount = float(number) if number.isdigit() else float(_NUMBERS[number])
    amount += 0.5 if length["half"] else 0
    if unit in ("小时", "钟头", "hour", "hr", "h"):
        return start + timedelta(hours=amount)
    if unit in ("周", "星期", "礼拜", "week"):
        return _midnight(start, int(amount * 7))
    if amount < 1:
        return start + timedelta(hours=4)
    return _after_working_days(start, int(amount), calendar)


def _after_working_days(start: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    day = start.astimezone(calendar.zone)
    left = days
    for ahead in range(4 * 366):
        hours = calendar.hours((day + timedelta(days=ahead)).date())
        over = ahead == 0 and bool(hours) and day.time() >= hours[-1][1]
        left -= bool(hours) and not over
        if left == 0:
            return _midnight(start, ahead + 1)
    return _midnight(start, days)


def _midnight(moment: datetime, days: int) -> datetime:
    return datetime.combine(moment.date() + timedelta(days=days), time(0), moment.tzinfo)
