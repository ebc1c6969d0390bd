"""What customers say besides a matter of their own: when somebody is at home, and which ways there are to complain. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from bot.grammar import clauses, visiting
from bot.grammar.arguments import Words
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import regex
from bot.grammar.spoken import replaces_a_time
from bot.grammar.time_words import Kind, read_pieces

_LONGEST: Final = 60
_TIME: Final = (
    r"(?:今天|明天|后天|大后天|今晚|今早|明早|明晚|(?:下|本|这)?(?:个)?(?:周|星期|"
    r"礼拜)[一二三四五六日天末](?:[一二三四五六日天](?![一二两三四五六七八九十]*[点号日月时]))?"
    r"|下周|本周|这周"
    r"|上午|下午|晚上|中午|早上|早晨|白天|傍晚|全天|整天|一整天|随时|平时|工作日|这几天|这两天|每天|天天"
    r"|(?:\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点钟?|号|日|月|时|:\d\d)(?:半|一刻|三刻|整|\d{1,2}分|\d\d(?![\d点号日月时:]))?)"
)
_HOME_ZH: Final = regex(
    rf"(?=.*{_TIME})(?:{_TIME}|我们?|我家|家里|家人|老人|老公|老婆|爱人|都|会|才|一直|应该|大概|是|就|也|的|到|至|"
    rf"之?[前后]|以[前后]|或者?|和"
    r"|那|好的?|师傅|你们|[ ,~-])*(?:在家|有空|有时间|方便|有人(?:在家?)?)"
    rf"(?:{_TIME}|都|的|哦|呢|啊|等着?|你们|师傅|请|可以|过?来|上门|就行|即可|都行|到|之?[前后]|以[前后]|[ ,.!~-])*"
)
_TIME_EN: Final = (
    r"(?:today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|weekdays?|mornings?|"
    r"afternoons?|evenings?|noon|midday"
    r"|any ?time|all (?:day|week|morning|afternoon)|(?:\d{1,2}(?:[:.]\d\d)?|one|two|three|four|five|six|seven|eight|"
    r"nine|ten|eleven|twelve)"
    r"(?: ?(?:o'?clock|am|pm|a\.m\.?|p\.m\.?))?)"
)
_SMALL_EN: Final = (
    r"(?:at|on|in|the|after|before|from|until|till|to|between|and|or|this|next|half|past|quarter|only|usually|around|"
    r"about|by|ok(?:ay)?|please|come|then)"
)
_HOME_EN: Final = regex(
    rf"(?=.*\b{_TIME_EN}\b)(?:(?:{_TIME_EN}|{_SMALL_EN})[ ,]+)*"
    r"(?:i'?m|i am|i'?ll be|i will be|we'?re|we are|we'?ll be|we will be|(?:someone|somebody|my [a-z]+)(?:'s| is|"
    r" will be|'ll be))"
    r" (?:(?:at )?home|in|available|free|around|there)(?!\w)"
    rf"(?:[ ,.!]+(?:{_TIME_EN}|{_SMALL_EN}))*[ .!]*"
)
_WAYS: Final = regex(
    r"(?:请问|你们|你好|您好|咱们|公司|物业|这里|那个|有|都|什么|哪些|哪几种|哪个|几个|查|看|我想知道|想问|告诉我|的|"
    r"一下|[ ,])*"
    r"投诉(?:的)?(?:渠道|途径|方式|方法|办法|电话|热线|邮箱|号码|地址|平台|窗口|入口|流程)"
    r"(?:都?有(?:哪些|什么|哪几种|几个|没有)|是(?:什么|多少|啥|哪个)|在哪里?|多少|哪些|有吗|呢|吗|啊|[ ?.!])*"
    r"|(?:请问|你好|您好|我|想|要|该|应该|可以|能|[ ,])*(?:怎么|怎样|如何|咋|去哪里?|在哪里?|到哪里?|往哪里?|上哪儿?|"
    r"向谁|找谁|跟谁)(?:才能|才可以|可以|能|去)?"
    r"(?:进行)?投诉(?:你们|物业|呢|啊|吗|[ ?.!])*"
    r"|(?:please |hi,? |hello,? )?(?:what(?:'s| is| are)|which|where(?:'s| is)|list|show(?: me)?|tell me)?(?: the|"
    r" your)? ?complaints? (?:channels?"
    r"|hot ?lines?|phone(?: number)?|number|e-?mail(?: address)?|address|procedure|process|options)(?: are there|"
    r" do you have| please)?[ ?.!]*"
    r"|(?:please |hi,? |hello,? )?(?:how|where|to whom|who)(?: else)? (?:can|do|could|should|may|would|might) (?:i|"
    r"we|one|you|people|customers)"
    r" (?:complain|(?:make|file|lodge|submit|raise|send|report) (?:a |my )?complaints?)(?: to)?(?: here)?[ ?.!]*"
)


_SOME_DAY: Final = datetime(2026, 3, 2, 10, tzinfo=UTC)  # which day it is makes no difference to what is a time
_AWAY_OR_HOME: Final = regex(
    r"在家|不在|没在|有人|没人|没空|有空|没时间|有时间|[上下加值]班|出差|有事|休息|回[来家]|到家|走不开|外出|出门|来不了|不方便"
    rf"|[改换]{clauses.A_DAY}"
    r"|\b(?:home|out|away|free|available|around|work|working|busy|off|in|instead|make it)\b|^\W*(?:no|nope)\b"
)
_OF_TWO: Final = regex(
    rf"不[行是要用对]|[别甭改换]|可以|要{clauses.A_DAY}|\b(?:not|no|nope|instead|rather|can't|cant|cannot|won't|wont|make|meant|said)\b|n't\b"
)
"""What puts one time in the place of another, where two are named."""
_NOT_OF_ONES_OWN: Final = regex(
    r"[还再又总老仍](?:是|在|要)?[不没]|不来|没来|来不来|(?:没|有)人(?:来|修|管|理|处理|接|上门|过来)|有人吗|说[上中下今明后]|人影|之前没|务必|求你"
    r"|(?:你们|师傅|客服|物业|前台)[^ ,.]{0,6}(?:[上下加值]班|休息|有人|不在|没人|有空|出差)"
    r"|\bor not\b|\b(?:nobody|no one|came|you said)\b|\?\?"
)
_SAID_OF_IT: Final = regex(
    r"不好意思|抱歉|白天|谢谢|麻烦|对不起|能不能|可不可以|行不行|好不好|可以|要不|还是|以后|之后|以前|之前|后|前|换个?时间|记错|说错|弄错|时间|临时"
    r"|我妈|我爸|我家|老人|老婆|老公|爱人|家里|家人|孩子|父母|妈妈|爸爸|室友|我们?|咱们?|你们|师傅|那天|那时|到时候?|直接|只有|整天|全天|都|会|才|要|得|还"
    r"|也|就|是|的|了|吧|呢|啊|吗|哦|呀|嘛|行|能|好的?|嗯|那|请|实在|一直|应该|可能|大概|只|再|过来|上门|来|改到?|换到?|别|甭|不要|不用|不行|不对|不是|不|约|说|想"
    r"|方便|休息|等|在家?|有|没|人|空|事|班|上|下|加|值|个|去|到|从|给|点|家|里|天|出|差|外|门|回|走|开"
)
_LIST_EN: Final = """
i i'm im i'll ill i've ive we we're were we'll my wife husband mum mom dad son daughter mother father partner flatmate
neighbour neighbor someone somebody is am are be will won't wont can can't cant cannot could do don't dont doesn't doesnt
not no nope free home in out away around at work working works available only after before from until till on the a this
next so but and or because cos please pls sorry ok okay fine good better best suits suit make come then instead actually
rather than of day all get gets back busy off have has to got had meeting if possible thanks thank that'd would for me us
i'd prefer said meant early late yes just anytime any time except weekends weekdays nights days shift office hi hello
"""
_SAID_OF_IT_EN: Final = frozenset(_LIST_EN.split())
_ASKED_OF_IT: Final = regex(r"\b(?:make|could|can|is|change|move) it\b|\bthank you\b")
_EN_WORD: Final = regex(r"[a-z][a-z']*")


_LATER: Final = regex(r"再[说看联约定讲]|看情况|\b(?:let you know|we'?ll see|call you|ring you)\b")


def tells_times(key: str) -> bool:
    """Say whether a customer says no more than when they are at home, or away, or which time they mean instead of another."""
    if not visiting.may_name_a_time(key) or _NOT_OF_ONES_OWN.search(key) or _wants_it_now(key):
        return False
    pieces = [(begin, end, tokens) for begin, end, tokens in read_pieces(key, _SOME_DAY) if tokens]
    named = sum(any(token.kind in clauses.TIMES for token in tokens) for _, _, tokens in pieces)
    if not (named and _AWAY_OR_HOME.search(key)) and not (named > 1 and _OF_TWO.search(key)):
        return False
    return _nothing_besides(key)


def refuses_a_time(key: str) -> bool:
    """Say whether a customer says no more than when it does not suit: "周六要上班", "not sat"."""
    if not visiting.may_name_a_time(key) or _NOT_OF_ONES_OWN.search(key) or not _nothing_besides(key):
        return False
    timed = [part for part in clauses.clauses(key, _SOME_DAY) if clauses.times(part, _SOME_DAY)]
    return bool(timed) and all(map(visiting.does_not_suit, timed)) and not replaces_a_time(key, _SOME_DAY)


def merely_a_time(key: str) -> bool:
    """Say whether words name an hour, and say nothing else: "行 五点半吧"."""
    if len(key) > _LONGEST or not visiting.may_name_a_time(key):
        return False
    named = any(token.kind is Kind.CLOCK for _, _, tokens in read_pieces(key, _SOME_DAY) for token in tokens)
    return named and not visiting.does_not_suit(key) and _nothing_besides(key)


def _nothing_besides(key: str) -> bool:
    pieces = [(begin, end, tokens) for begin, end, tokens in read_pieces(key, _SOME_DAY) if tokens]
    rest, at = "", 0
    for begin, end, _ in pieces:
        rest, at = f"{rest}{key[at:begin]} ", end
    rest = _ASKED_OF_IT.sub(" ", rest + key[at:])
    if any(word not in _SAID_OF_IT_EN for word in _EN_WORD.findall(rest)):
        return False
    return not re.search(r"[^\W\d]|\d{3}", _SAID_OF_IT.sub(" ", _EN_WORD.sub(" ", rest)))


_SHORT: Final = 36  # Chinese characters
_CHINESE: Final = regex("[\u3400-\u9fff]")
_NOW: Final = regex(r"今[天晚日]|\b(?:today|tonight|now)\b")


def _wants_it_now(key: str) -> bool:
    """Say whether words press: "today, not tomorrow"."""
    if not _NOW.search(key):
        return False
    timed = [part for part in clauses.clauses(key, _SOME_DAY) if clauses.times(part, _SOME_DAY)]
    meant = [part for part in timed if not clauses.CANNOT.search(part)]
    return 0 < len(meant) < len(timed) and all(_NOW.search(part) for part in meant)


def puts_off(key: str) -> bool:
    """Say whether words name another time than one that they refuse or give a reason against, and press for nothing."""
    short = len(key) <= (_SHORT if _CHINESE.search(key) else _LONGEST)
    told = short and visiting.may_name_a_time(key) and not visiting.presses(key) and not _wants_it_now(key)
    return told and not _LATER.search(key) and not _NOT_OF_ONES_OWN.search(key) and replaces_a_time(key, _SOME_DAY)


def at_home(words: Words) -> Reading | None:
    """Return that somebody is at home at some time, and nothing else: more words about what is open, no pressing."""
    key = words.key
    if len(key) > _LONGEST or not (_HOME_ZH.fullmatch(key) or _HOME_EN.fullmatch(key) or tells_times(key)):
        return None
    return Verb.ADD, {"text": words.said, "at_home": True}


def asks_ways(words: Words) -> Reading | None:
    """Return the question which ways there are to complain (R-003)."""
    if len(words.key) > _LONGEST or not _WAYS.fullmatch(words.key):
        return None
    return Verb.HELP, {"of": "channels"}
