"""What the centre notes of a call or a talk with a customer: no assignment, no merge, no result. Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar.answers import is_question
from bot.grammar.arguments import Words, numbered
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import regex
from complaints.numbers import FULL

_TITLED: Final = (
    r"(?:(?:这|那|那个|这位|那位)?[\u4e00-\u9fff]{1,3}?(?:阿姨|先生|女士|小姐|太太|大爷|大妈|大叔|大姐|大哥|奶奶|爷爷"
    r"|叔叔|老师|老太太)"
    r"|(?:客户|业主|住户|租户|租客|客人|对方|投诉人|人家|老人家|老太太|[他她])(?:那边|家里?人?|本人)?)"
)
_RINGS: Final = (
    r"(?:(?:又|再次|还|刚才?|今天|昨天|上午|下午|早上|晚上)*(?:打(?:了|过来|来|进来|过)?(?:个|一个"
    r"|好几个)?(?:的)?电话(?:过来|来|进来)?"
    r"|来(?:了)?(?:个|一个)?电话?|致电|打过来|打来)|(?:在)?电话(?:里|中|上))"
)
_SAYS: Final = r"(?:说|讲|骂|反映|表示|回复|抱怨|吵|催|哭|问|吼|发(?:脾气|火)|告诉我)"
_CALLER: Final = regex(rf"(?:^|[\s,;:]){_TITLED}(?:\s*\d{{4,6}}(?!\d))?\s*{_RINGS}(?:[^,.;]{{0,6}}?{_SAYS})?")
_SAYS_SO: Final = regex(rf"(?:^|[\s,;:]){_TITLED}(?:现在|刚才?|今天|也|还|就)?(?:{_RINGS})?\s*{_SAYS}")
_WE_RANG: Final = regex(
    rf"(?:^|[\s,;:了])(?:(?:我|我们|已经?|刚才?|今天|上午|下午)*(?:(?:又|再)?(?:给|跟|和|向|对|同"
    rf"|与)(?:{_TITLED})?[^,.;]{{0,4}}?)?"
    r"(?:打(?:了|过|完)?(?:个|一个)?电话(?:过去|道歉|解释|沟通|安抚|说)?(?:了|过)?|通(?:了|过)(?:个|一个)?(?:电)?话"
    r"|回访(?:了|过|完)|"
    r"(?:电话)?(?:道(?:了|过)?歉|赔(?:了)?不是|解释|沟通|安抚|说明)(?:清楚|好)?(?:了|过))"
    rf"|(?:回访|联系|电联)(?:了|过)(?:{_TITLED})?)"
)
_NEW_CALLER: Final = regex(
    r"(?:刚才?|今天)?又(?:来|有|多)(?:了)?(?:一)?[个位](?![\u4e00-\u9fff]{0,2}单)[^\n]*(?:\d{7,}|\d+[栋幢号座室]|先生"
    r"|女士|阿姨|大爷)"
    r"|(?:and )?(?:another|one more) (?:one|caller|customer|resident|neighbou?r)\b[^\n]*(?:\d{7,}|\b(?:mr|mrs|ms|flat"
    r"|unit|bldg|building)\b)"
)
_RINGS_WITH_WORDS: Final = regex(
    rf"^(?:\d+[栋幢号座][^\s,]{{0,8}}的?)?{_TITLED}\s*{_RINGS}(?:过来|来)?(?:跟我|跟我们)?{_SAYS}[^\n]{{3,}}"
)
_EN: Final = regex(
    r"(?:^|[,;:.] ?|\bi |\bwe |\bjust |\d{4} )(?:(?:just )?(?:spoke|talked|chatted) (?:to|with)|(?:just )?(?:rang|phoned"
    r"|called|apologi[sz]ed to|"
    r"explained (?:it )?to|had a word with) (?!back\b|off\b|for\b|a \b|in\b))"
    r"[^.;!?]{0,40}|\b(?:he|she|they|customer|resident|tenant|lady|guy|man|woman|mr\.? \w+|mrs\.? \w+|ms\.? \w+) "
    r"(?:just )?(?:rang|phoned|called|was on the phone)(?: again| back| in)?\b"
)
_NOBODY: Final = regex(
    r"没(?:人)?(?:接|打通|应)|打不通|无人接|关机|不在服务区|占线|\bno (?:answer|reply)\b|\bnot (?:pick|answer)"
    r"|\bvoice ?mail\b|\bengaged\b"
)
_ORDERS: Final = regex(
    r"^(?:请|麻烦)?(?:通知|安排|指派|让|叫)|派(?:给|单)|转(?:给|派)|交给|改派|并入|合并|合一起|合在一起|关[掉闭单]|结案|归档|判(?:定|为)?[有无]效|撤(?:诉|单"
    r"|销|回|了)|恢复|重开|定级|升级|批准|同意延|延期"
    r"|s[0-4](?![a-z0-9])|\b(?:assign|merge|close|transfer|hand|reopen|withdraw\w*|drops?|cancels?|valid|invalid"
    r"|approve|grade|extend)\b"
)
_NUMBER: Final = regex(rf"(?<![\da-z])(?P<number>{FULL.lower()}|\d{{4}})(?!\d|[:年月日元块号栋室])")
_LONGEST: Final = 160
_MISREAD: Final = frozenset(
    {Verb.ASSIGN, Verb.TRANSFER, Verb.MERGE, Verb.DONE, Verb.GIVE_BACK, Verb.UNCLEAR, Verb.COMPLAIN_FOR, Verb.COMPLAIN}
)
_OF_WORK: Final = frozenset({Verb.REPORT, Verb.NOT_DONE})
"""Of a case by its number these are for the conversation, which knows whose it is."""
_WORKED: Final = regex(
    r"修好|换(?:好|了|完)|搞定|处理(?:好|完)|解决了|办结|弄好|做完|完成|装好|清(?:理|运)|\b(?:finished|done|settled"
    r"|sorted|fixed|replaced|solved)\b"
)


def instead(found: Reading, words: Words) -> Reading:
    """Return the note of a call in place of what its words were taken for, or the reading as it is."""
    note = noted(words) if found[0] in _MISREAD | _OF_WORK else None
    if found[0] in _OF_WORK:
        return note if note is not None and note[0] is Verb.COMPLAIN_FOR else found
    if note is None or (note[0] is Verb.UNCLEAR and found[0] not in (Verb.ASSIGN, Verb.MERGE, Verb.TRANSFER)):
        return found
    if found[0] is Verb.MERGE and note[0] is Verb.NOTE:
        return found
    if found[0] is Verb.DONE and (_WORKED.search(words.key) or not _of_a_talk(words.key)):
        return found  # "0003 换了灯，客户说好了"
    return note


def _of_a_talk(key: str) -> bool:
    return any(each.search(key) for each in (_CALLER, _WE_RANG, _EN))


def noted(words: Words) -> Reading | None:
    """Return what came of a call as a note on the complaint that it names; of one that names none, a call by somebody is told
    of them, and what is left is asked about.
    """
    key = words.key.strip()
    if not key or len(key) > _LONGEST or is_question(key) or _ORDERS.search(key) or _NOBODY.search(key):
        return None
    item = numbered(words)
    item = item if item.references else item.bare()
    number = item.references[0] if item.references else ""
    if not number and (named := _NUMBER.search(key)) is not None:
        number = named["number"].upper()
    if _NEW_CALLER.match(key) and not number:
        return Verb.COMPLAIN_FOR, {"text": words.said}
    if not number and _RINGS_WITH_WORDS.match(key):
        return Verb.COMPLAIN_FOR, {"text": words.said}
    if not any(each.search(key) for each in (_CALLER, _SAYS_SO, _WE_RANG, _EN)):
        return None  # nobody was spoken to
    if number:
        told = item.words.said.strip() if item.references else words.said
        return Verb.NOTE, {"reference": number, "text": told, "inside": True, "call": True}
    return Verb.UNCLEAR, {}
