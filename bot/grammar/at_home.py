"""What customers say besides a matter of their own: when somebody is at home, and which ways there are to complain. Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar.arguments import Words
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import regex

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


def at_home(words: Words) -> Reading | None:
    """Return that somebody is at home at some time, and nothing else: more words about what is open, no pressing."""
    if len(words.key) > _LONGEST or not (_HOME_ZH.fullmatch(words.key) or _HOME_EN.fullmatch(words.key)):
        return None
    return Verb.ADD, {"text": words.said, "at_home": True}


def asks_ways(words: Words) -> Reading | None:
    """Return the question which ways there are to complain (R-003)."""
    if len(words.key) > _LONGEST or not _WAYS.fullmatch(words.key):
        return None
    return Verb.HELP, {"of": "channels"}
