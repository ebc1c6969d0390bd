"""Command words about how grave it is, of leaders, and for one voice outward: only at the beginning of a message. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.grammar import arguments
from bot.grammar.arguments import Words, headed
from bot.grammar.folding import clean, fold
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import regex
from complaints.numbers import FULL

_END: Final = r"(?=$|[^a-z0-9㐀-鿿])"
_ALONE: Final = rf"(?:件|事件|投诉|级|的)?[ ,]*(?:#?(?:{FULL}|\d{{4}}))?[ .!的了呢]*$"
"""Behind a severity: the number at most. "It's urgent, please hurry" judges nothing."""
_SO_GRAVE: Final = (
    r"(?:(?:yes|yeah|yep|right|correct|true|indeed|ok|okay)[ ,.!]+)?(?:it'?s|it is|that'?s|that is|this is"
    r"|its)(?: really| indeed)? "
    rf"(?=(?:an? )?(?:s[0-4]|hot|major|urgent|critical|important|emergency|top severity){_ALONE})"
    r"|(?:对|嗯|没错|是的|确实|的确|应该)?[ ,]*(?:就|确实|的确|应该)?是(?:个|一件)?"
    rf"(?=(?:s[0-4]|特急|紧急|重大|热点|重要){_ALONE})"
)
_HEADS: Final = (
    (
        "confirm",
        rf"(?:确认|属实|confirm(?:ed)?)(?:{_END}|(?=s[0-4]|紧急|重大|热点|重要|一般))|{_SO_GRAVE}",
    ),
    ("refuse", rf"(?:不是|不属实|没那么严重|it is not so|not so|not true){_END}"),
    ("fault", r"(?:过错方?(?:在|是|属于)?|fault)(?=[ :,，：]|我|客|第|外|未|$)"),
    ("injured", rf"(?:受伤人数|伤者|injured people|injured){_END}"),
    ("loss", rf"(?:损失金额|损失|amount lost){_END}"),
    ("people", rf"(?:涉及人数|涉及户数|集体|people affected|how many){_END}"),
    ("order", rf"(?:批示|指示|order){_END}"),
    ("comment", rf"(?:评论|评注|comment|remark){_END}"),
    ("help", rf"(?:需要的?支持|请求支持|help needed|support needed){_END}"),
    ("published", rf"(?:已发布|已公布|published){_END}"),
    ("send", rf"(?:发出|发给客户|发出去|send(?: it)?|release){_END}"),
    ("reword", rf"(?:修改|改成|改为|reword|rephrase){_END}"),
    ("keep_back", rf"(?:不发|先不发|不要发|keep (?:it )?back|don't send){_END}"),
)
_HEAD: Final = regex("|".join(f"(?P<{name}>{words})" for name, words in _HEADS))
_BOARD: Final = regex(
    r"[/#]?(?:今日|今天的?|数据)?(?:看板|数据板)(?:[ :：]+(?P<zh>[^?？]{1,24}))?[?？]?"
    r"|[/#]?(?:the )?(?:board|dashboard)(?: (?:for |of )?(?P<en>.{1,24}))?"
    r"|[/#]?(?:today's numbers|today's figures|今日数字|今天的数字)",
    re.IGNORECASE,
)
_FAULT: Final = regex(
    r"(?P<ours>我们?方?|公司|本公司|ours?\b|us\b)|(?P<customer>客户|业主|customer'?s?\b)"
    r"|(?P<third>第[三3]方|外部|third part(?:y|ies)\S*)"
    r"|(?P<unknown>未定|不明|未知|unknown\b|not known\b)"
)
_NUMBER: Final = regex(r"(?<![\d.])(\d{1,9}(?:\.\d{1,2})?)\s*(万)?")
_LATER: Final = regex(rf"(?<![\w.])(?:{FULL}|\d{{4}})(?![\w.]|\s?[元块户人万年])")
_URL: Final = regex(r"https?://\S+", re.IGNORECASE)
_NONE: Final = regex(r"\W*(?:无|没有|不需要|暂无|none|nothing|no)\W*")


@dataclass(frozen=True, slots=True)
class Said:
    """A command: its name, the words that follow, the complaint's number. value: what it is about, where it has one: a
    severity, whose fault, an amount, a link.
    """

    name: str
    text: str
    reference: str | None = None
    value: str = ""


def said(text: str) -> Said | None:
    """Return the command that a message begins with; None where it begins with anything else."""
    plain = clean(text).lstrip("/#")
    link = _URL.search(plain)
    words = plain if link is None else plain.replace(link[0], " ")
    if (command := headed(words, _HEAD)) is None:
        return None
    name, rest, reference = command.name, command.rest, command.reference
    if reference is None and (number := _LATER.search(rest.key)) is not None:
        reference, rest = number[0].upper(), rest.without(*number.span())
    value = ""
    match name:
        case "confirm" | "refuse":
            found, rest = arguments.take_severity(rest)
            value = found or ""
        case "fault":
            whose = _FAULT.search(rest.key)
            value = whose.lastgroup or "" if whose is not None else ""
        case "injured" | "loss" | "people":
            amount = _NUMBER.search(rest.key)
            value = str(int(float(amount[1]) * (10_000 if amount[2] else 1))) if amount is not None else ""
        case "published":
            value = link[0] if link is not None else ""
    said_text = arguments.reason(rest) if name in ("refuse", "keep_back") else rest.said
    return Said(name, said_text.strip(" ,，。:："), reference, value)


def asks_board(text: str) -> str | None:
    """Return whose numbers a message asks for: a site by name, "" for all; None where it asks for no board."""
    found = _BOARD.fullmatch(text.strip())
    return None if found is None else (found["zh"] or found["en"] or "").strip()


_HOW_IT_GOES: Final = regex(
    r"(?:今天的?|今日|昨天的?|发|给|看|我|一下|[ ,])*日报(?:表)?(?:呢|发我|给我|看看|看一下)?[\W]*"
    r"|(?:今天|今日|现在|目前)(?:的)?(?:投诉|单子?)(?:有|来了|收了)?多少(?:件|个|起)?[ ,]*(?:和|还有)?"
    r"(?:(?:超时|逾期|没办完)(?:的)?(?:是|有|都是|都有)?(?:谁|哪些|哪几[个件]|多少[件个]?))?[\W了呢啊]*"
    r"|(?:send me |show me )?(?:the |today's )?daily(?: report| numbers| figures)?(?: please)?\W*"
    r"|how many complaints(?: today| so far)?,? (?:and )?(?:who|which|what)(?: ones?)? (?:is|are)(?: running)?"
    r" (?:late|overdue)\W*|"
    r"(?:今天|今日|最近|这两天|目前|整体|总体)(?:的)?(?:投诉)?(?:整体|总体)?(?:情况|形势|局面|数据|数字|处理)(?:都|到底)?"
    r"(?:怎么样|咋样|如何|怎样|好不好|多少|啥样|怎么个情况)了?[\W吗呢啊]*"
    r"|(?:今天|今日|现在|目前)(?:有|还有|来了|收了|接了)?多少(?:件|个|起|宗)?(?:投诉|单子?|件)[\W了呢啊]*"
    r"|(?:and )?(?:how (?:are|is) (?:things|it|everything|we|business|the day|today)(?: (?:going|doing|looking))?"
    r"|how(?:'s| is| are) (?:it|things|everything) (?:going|looking)|what(?:'s| is) the (?:situation|state of things|picture)"
    r"|how many complaints(?: (?:do we have|are there|came in))?)(?: (?:today|now|this morning|this week|so far))*\W*",
    re.IGNORECASE,
)
_TELL_THEM: Final = regex(
    r"(?:请|你|帮我)?(?:让|叫|要求|通知|告诉|责成|督促)(?:他们?|她们?|大家|下面|下面的人|部门|项目上?"
    r"|物业)[^，,。]{0,4}(?=.{4})"
    r"|(?:please |pls )?(?:tell|order|instruct|get|have) (?:them|him|her|the (?:team|staff|department|site|crew|manager))"
    r" (?:to )?(?=.{4})",
    re.IGNORECASE,
)
_NAME_EN: Final = r"[a-z][a-z'-]*(?: [a-z][a-z'-]*)?|[\u4e00-\u9fff]{2,4}"
_TELL_ONE: Final = regex(
    r"(?:please |pls |can you |could you )?(?:tell|order|instruct|get|have|ask|make)"
    rf" (?P<en>{_NAME_EN}) to (?=.{{4}})"
    rf"|(?P<en_first>{_NAME_EN})[ ,:]+(?:please |you |must |has to |needs to |should |to |will )*"
    r"(?:sort|fix|finish|handle|deal with|take care of|get on with|see to|look (?:at|into)|call|ring|solve|settle|do)"
    r" (?=.{3})"
    r"|(?:请|你|帮我)?(?:让|叫|要求|通知|告诉|责成|督促)[ @]*(?P<zh>[\u4e00-\u9fff]{2,4}?)[ ,]*"
    r"(?=(?:把|抓紧|尽快|马上|赶紧|赶快|立刻|立即|今天|明天|去|快|必须|务必|处理|解决|办|联系|修).)"
    r"|@?(?P<zh_first>[\u4e00-\u9fff]{2,4}?)[ ,:]*你?"
    r"(?=(?:今天|马上|赶紧|抓紧|尽快|立刻|立即|必须|务必)(?:把|给|去|处理|解决|搞定|办|修).)",
    re.IGNORECASE,
)
_WANTS: Final = regex(
    r"(?:给|向|跟|对)我(?:们)?(?:一)?(?:个)?(?:结果|答复|说法|交代|回话|汇报|报告|回复)|(?:报|汇报)给?我(?=[ ,.!]|$)"
    r"|抓紧|抓点紧"
    r"|(?:检查|排查|核查|查|巡查|摸排)一遍|(?:全面|逐[个一栋]|挨个|彻底)(?:排查|检查|核查|整改)"
    r"|(?:必须|务必|一定要|马上|立刻|立即|尽快|赶紧)(?:给我)?(?:处理|解决|修|整改|办|搞定|落实|查|到位)"
    r"|\breport (?:back )?to me\b|\bget back to me\b|\bi (?:want|need|expect) (?:a result|an answer|a report|results|this|it)\b"
    r"|\b(?:check|inspect) (?:all|every|each)\b|\b(?:hurry|step on it|get a move on|asap)\b"
    r"|\b(?:must be|has to be|needs to be|get it|get this) (?:fixed|solved|done|settled|sorted)\b"
)
"""What a leader wants done or told, in words that only an order has."""
_NO_ORDER: Final = regex(
    r"[?]|[吗呢么][ .!]*$|^(?:我的投诉|代客|客户|业主|登记|转一个)"
    r"|^(?:批准|同意|驳回|不同意|派单|派给|转派|定级|判|无效|有效|看板|队列|进度|预案|启动|收到|接单|关闭|结案)"
    r"|^(?:what|why|when|who|where|how|is|are|did|does|has|have|approve|reject|assign|status|queue|board)\b"
)
_LONGEST: Final = 120


def asks_how_it_goes(text: str) -> bool:
    """Say whether a leader asks for today's numbers in words of their own: "今天情况咋样", "how are things today"."""
    return _HOW_IT_GOES.fullmatch(text.strip()) is not None


def told_to(text: str) -> Said | None:
    """Return the order by which a leader has something done: "让他们周五前修好", "tell them to fix the car park by Friday"."""
    plain = clean(text).strip()
    number = _LATER.search(plain)
    words = plain[number.end() :].strip(" ,，:：") if number is not None and number.start() == 0 else plain
    if words.endswith(("?", "？", "吗", "呢")) or not (_TELL_THEM.match(words) or _wants(words)):
        return None
    return Said("order", words, number[0].upper() if number is not None else None)


def told_one(text: str) -> tuple[str, str]:
    """Return whom a leader may bid do something by name, and the words: "tell dave to get on with it"; "" where nobody."""
    plain = clean(text).strip()
    found = _TELL_ONE.match(plain) if len(plain) <= _LONGEST and not plain.endswith(("?", "？", "吗", "呢")) else None
    name = next((each for each in found.groups() if each), "") if found is not None else ""
    return name, plain


def _wants(words: str) -> bool:
    key = fold(words)
    return len(key) <= _LONGEST and "@" not in key and _NO_ORDER.search(key) is None and _WANTS.search(key) is not None


_OUTWARD: Final = r"(?:对外|往外|向外|对媒体|跟媒体|对记者|跟记者|给媒体|给记者|对公众|向公众|向社会|媒体那边|外面)"
_ASKS_TO_SPEAK: Final = regex(
    rf"(?:现在|目前|今天|请问|那|[ ,])*(?:还)?(?:有)?(?:什么|哪些|啥|没有?|没什么|几条|多少)(?:话|东西|内容)?(?:是)?"
    rf"(?:需要|要|等着?|该|应该|得|轮到)*我?(?:来|去)?{_OUTWARD}[^,.;?!]{{0,3}}(?:说|讲|发|发布|公布|回应|答复|回复"
    rf"|表态|发声)"
    r"(?:一下|出去)?(?:的)?(?:话|内容|东西)?(?:吗|么|没有?|呢)?[ ?!.]*"
    rf"|(?:现在|目前|还)*有没?有?(?:需要|要|等着?)?我?{_OUTWARD}[^,.;?!]{{0,3}}(?:说|讲|发|发布|公布|回应|答复|回复)"
    r"的?(?:话|内容)?(?:吗|么|没有?)?[ ?!.]*"
    r"|(?:还)?(?:有)?(?:什么|哪些|啥|没有?)(?:话|内容|口径)?(?:在)?(?:等着?|要|需要)我(?:来)?(?:发布|公布|发声|回应"
    r"|表态|发出去?|放出去)(?:的)?"
    r"(?:话|内容)?(?:吗|么|没有?|呢)?[ ?!.]*"
    r"|(?:还|现在)*有?(?:哪些|什么)(?:对外的)?话(?:还|在)*等着?我(?:来)?(?:发|说)(?:的)?[ ?!.]*"
    r"|(?:is there |do we have |have we got |got )?(?:anything|something|what)(?:'s| is| else)?(?: there)?"
    r"(?: (?:that )?(?:(?:i|we) (?:should|must|need to|have to|can|ought to)|should (?:i|we)|"
    r"do (?:i|we) (?:need|have) to|for me|to be|waits?(?: for me)?|waiting(?: for me)?))?(?: to)?"
    r" (?:tell|say|told|said|answer|release|publish|give|send|announce)"
    r"(?: (?:out|to|from me|about))*(?: (?:the |our )?(?:press|media|public|reporters?|journalists?|outside|papers?|news))"
    r"(?: (?:today|now|about it|at the moment))*[ ?!.]*"
    r"|what (?:waits|is waiting|words wait)(?: there)? for me to (?:say|send|release|publish|tell)(?: out| outside)?[ ?!.]*"
    r"|(?:is there )?anything (?:waiting )?for me to (?:say|send|release|publish|tell)(?: out| outside| publicly)*[ ?!.]*"
)


def asks_to_speak(words: Words) -> Reading | None:
    """Return the wish to see what waits to be said outside: "有什么需要我对外说的", "anything I should tell the press?"."""
    return (Verb.LIST, {"of": "outward"}) if _ASKS_TO_SPEAK.fullmatch(words.key) else None


def says_none(text: str) -> bool:
    """Say whether an answer to "what do you need?" is: nothing."""
    return _NONE.fullmatch(text.casefold()) is not None
