"""Command words by which staff tick off a duty: only at the beginning of what they say, so prose keeps its meaning. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.grammar.arguments import Words, commanded, headed
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex
from complaints.numbers import FULL

_THEM: Final = (
    r"(?:客户|业主|住户|租户|租客|患者|病人|家属|投诉人|对方|[他她]"
    r"|[\u4e00-\u9fff]{1,2}(?:先生|女士|小姐|太太|阿姨|大爷|大妈))"
)
_THEM_EN: Final = (
    r"(?:her|him|them|(?:the |our )?(?:customer|patient|client|tenant|owner|resident)|(?:mrs?|ms|miss)\.? [a-z]+)"
)
_WORDS: Final[Mapping[str, str]] = {
    "phoned": "已电话通知|已电话|phoned"
    rf"|(?:我|我们)?(?:刚才?|刚刚|已经?|今天)?(?:(?:给|跟|和|与){_THEM}(?:打|通)(?:了|过|完)(?:个|一个)?电话"
    rf"|电话联系(?:了|过|上){_THEM}?)了?"
    rf"|(?:i |we )?(?:have |'ve |just )*(?:(?:spoken?|talked|chatted) (?:to|with)|rang|phoned|called) {_THEM_EN}(?! back)",
    "nature_reported": "报定性|report nature",
    "nature_decided": "定性(?=为?[有无]效|$|[^\u3400-\u9fff])|nature",
    "valid_confirmed": "判定有效|确认有效|find valid",
    "escalated": "报送中心|报中心|to (?:the )?(?:service )?cent(?:re|er)",
    "centre_replied": "中心答复|中心回复|cent(?:re|er) reply",
    "dept_replied": "回复中心|答复中心|reply to (?:the )?cent(?:re|er)",
    "answered": "答复客户|回复客户|answer (?:the )?customer"
    r"|(?:答复|回复|answer|reply(?: to)?)(?=[ :,]+#?(?:ts\d{8}-)?\d{4,6}(?!\d|\s?[元块户人万年月日号室]))",
    "forum_replied": "论坛已回复|论坛已回|forum replied",
    "media_replied": "媒体已答复|媒体已回复|media replied",
    "apologised": "已赔礼道歉|已道歉|apologi[sz]ed",
    "compensated": rf"已赔(?:偿|付|款)?(?:了|给)?{_THEM}?|compensated(?: {_THEM_EN})?",
    "apology_waived": "免除道歉|免予道歉|waive (?:the )?apology",
    "compensation_waived": "免除赔偿|免予赔偿|免除赔付|waive (?:the )?compensation",
    "service_confirmed": "服务确认|service confirmed",
    "notified": "通报公司|已通报|notify (?:the )?company",
    "bulletin": "快报|bulletin",
    "media": "(?:已?有)?媒体介入了?|(?:标记(?:为|成)?|标(?:为|成)|记(?:为|成)) ?媒体(?:投诉|来件)?|是媒体投诉"
    "|(?:媒体|记者|media|press|journalists?|reporters?)(?=[ .!。！]*$)"
    "|(?:the )?(?:media|press) (?:is |are )?involved|mark (?:it |this )?(?:as )?(?:a )?(?:media|press)(?: (?:matter|case))?"
    "|(?:it is |is )?(?:a )?(?:media|press) (?:matter|case)"
    "|(?:(?:不是|并非|不算)(?:个|一?件)?(?:客户|普通)?(?:的)?投诉[ ,，]*)?(?:这|那|他|她|对方|客户|投诉人)?(?:件|个"
    "|人)?(?:是|来自|属于?)(?:个|一个)?(?:媒体|记者)(?:来?的)?(?:投诉|来信|来件|的?事)?"
    "|(?:not a complaint[ ,]*(?:but )?)?(?:it|this|that|he|she|they|the customer)?(?:'s| is| are|is"
    "|from)?(?: from)? (?:an? |the )?"
    "(?:journalists?|reporters?|newspapers?)",
    "lawsuit": "客户已起诉|已进入诉讼|进入诉讼|lawsuit begun",
    "exposed": r"已被曝光|媒体曝光|exposed outside|(?:被|已)曝光了?(?=[ :,#]*(?:\d{4}|$))|(?:曝光|上新闻)了?(?=[ .!。！]*$)"
    r"|exposed(?=[ :,#]*(?:(?:ts\d{8}-)?\d{4,6}\b|[.!]*$))",
    "outside_help": "需要外援|需要外部支援|outside help",
    "loss": "客户损失|有损失|customer loss",
    "upper_transfer": "上级转办件?|上级交办件?|handed down",
    "reported_up": "上报上级(?:部门|公司)?|报上级(?:部门)?|请示上级|report up|report to (?:the |my )?superiors?",
    "unable": "暂时?无法处理|cannot be handled(?: for now)?",
}
BY_NUMBER: Final = frozenset({"unable"})
"""Words that are an ordinary line of the work, and a duty besides where they name the complaint."""
EVERYDAY: Final = frozenset({"phoned", "apologised", "compensated", "answered", "service_confirmed", "loss"})
"""Words that also begin an ordinary line of progress: a duty only while somebody waits for it."""

_OF_MONEY: Final = frozenset({"compensated", "loss"})
_SUM_NEXT: Final = dict.fromkeys(_OF_MONEY, r"|\d{1,9}\s?(?:$|[元块万,. ])")
_SUM: Final = regex(r"[ :,]*[¥$£€]?[1-9]\d{3}(?!\d)")
"""What follows these duties is a sum; a complaint's number there begins with 0, or says that it is one."""
_HEAD: Final = regex(
    "|".join(
        f"(?P<{name}>(?:{words}))(?=$|[^a-z0-9\u3400-\u9fff]|为?[有无]效{_SUM_NEXT.get(name, '')})"
        for name, words in _WORDS.items()
    )
)
_MARKED: Final = regex(
    rf"(?:标记|标注|mark) ?#?(?P<number>{FULL}|\d{{3,}}) ?(?:(?:为|成|as(?: a)?) ?)?"
    r"(?:(?:已?有)?(?:媒体|记者)(?:投诉|来件|(?:已经?)?介入了?)?|(?:media|press)(?: (?:matter|case)|(?: is)? involved)?)"
    r"(?=$|[\W_])",
    re.IGNORECASE,
)
"""The number between the two words of a mark."""
_NUMBER_AND_PRESS: Final = regex(
    rf"#?(?P<number>{FULL}|\d{{4,}})[ :]*(?:媒体|记者|media|press|journalist|reporter)[\W_]*$", re.IGNORECASE
)
_PRESS_AND_NUMBER: Final = regex(rf"(?:媒体|media|press)[ :]*#?(?P<number>{FULL}|\d{{4,}})[\W_]*$", re.IGNORECASE)
"""A number and the one word: no colleague is called that."""
_IN_VAIN: Final = regex(
    r"没(?:有)?人?(?:接|打通|应)|打不通|无人接|关机|不在服务区|占线|留(?:了)?言|再(?:打|联系)"
    r"|\b(?:no|without an?) (?:answer|reply|luck)\b|(?:\bnot|n'?t) (?:pick|answer|get|reach)|\bvoice ?mail\b|\bengaged\b"
    r"|\bleft (?:her |him |them )?a message\b|\btry(?:ing)? again\b"
)
_CALL_MADE: Final = regex(rf"已电话(?:通知)?(?=$|[^\u3400-\u9fff])|\bphoned(?! {_THEM_EN}\b)")
"""The command by which whoever was asked to phone says what came of it, in vain or not."""
_VALID: Final = regex(r"(?:(?:为|是)?(?P<no>无效|invalid|not valid)|(?:为|是)?(?P<yes>有效|valid))(?![a-z])")


@dataclass(frozen=True, slots=True)
class Ticked:
    """A duty said to be done. text: the words that follow; valid: of a decision on the nature of a case, None if not said."""

    name: str
    text: str
    reference: str | None = None
    valid: bool | None = None


FROM_ABOVE: Final = regex(rf"(?:{_WORDS['upper_transfer']})")
"""How people call the source of what a superior authority handed down."""


def ticked(text: str) -> Ticked | None:
    """Return the duty that a message begins with; None where it begins with anything else."""
    said = clean(text).lstrip("/#")
    if (marked := _MARKED.match(said) or _NUMBER_AND_PRESS.match(said) or _PRESS_AND_NUMBER.match(said)) is not None:
        return Ticked("media", said[marked.end() :].strip(" :：,，"), marked["number"].upper())
    command = headed(said, _HEAD)
    if command is None or (command.name in BY_NUMBER and command.reference is None):
        return None
    if command.name == "phoned" and _IN_VAIN.search(fold(said)) and _CALL_MADE.search(fold(said)) is None:
        return None  # nobody was told anything
    rest = command.rest
    if command.name in _OF_MONEY and not (item := commanded(said)).references and (head := _HEAD.match(item.words.key)):
        after = item.words.part(head.end())
        if _SUM.match(after.key):
            return Ticked(command.name, after.said.strip(" :：,，"))
    verdict = _VALID.match(rest.key) if command.name == "nature_decided" else None
    if verdict is None:
        return Ticked(command.name, rest.said, command.reference)
    return Ticked(command.name, rest.part(verdict.end()).said, command.reference, valid=verdict["no"] is None)


_CORRECT: Final = regex(
    rf"(?:更正|纠正|correct|(?:请|麻烦|帮我|帮忙)?(?:更改|修改|改一?下)|change)(?: the)?[ :]*"
    rf"(?:(?P<number>{FULL}|\d{{3,}})[ :]+)?"
    "(?:(?P<category>类别|分类|category)|(?P<customer_class>客户类型|客户身份|身份|customer class|caller)"
    "|(?P<nature>投诉性质|性质|nature)|(?P<kind>类型|kind)|(?P<channel>来源|渠道|source|channel)"
    "|(?P<stage>阶段|stage)|(?P<place>地点|地址|房号|place|address))(?=$|[^a-z])"
    rf"(?: (?:of|for) (?:complaint )?(?P<of>{FULL}|\d{{3,}}))?(?:[ :]*(?:改?[成为]|to|into)(?=$|[^a-z]))?"
)
_CHANGED: Final = regex(
    rf"把? ?(?:(?P<number>{FULL}|\d{{3,}}) ?)?的?"
    "(?P<what>类别|分类|客户类型|客户身份|身份|投诉性质|性质|类型|来源|渠道|阶段|地点|地址|房号)"
    r"(?:改|换|更正)(?:一?下)?[成为到] ?(?=\S)"
)
_CATEGORY: Final = regex(
    rf"(?:类别|分类|category) +(?:(?P<number>{FULL}|\d{{3,}})[ :]+)?(?=\S)"
)  # not without a number
_CORRECTED: Final = ("category", "customer_class", "nature", "kind", "channel", "stage", "place")
_KINDS: Final = {
    "投诉": "complaint", "报修": "repair", "售后": "service", "售后服务": "service", "服务": "service", "咨询": "consult",
    "建议": "suggestion", "表扬": "praise", "question": "consult", "inquiry": "consult", "enquiry": "consult",
}  # fmt: skip
CHANNELS_CALLED: Final[Mapping[str, str]] = {
    "电话": "phone", "来电": "phone", "邮件": "email", "论坛": "forum", "网上": "forum", "信件": "letter", "来信": "letter",
    "来访": "visit", "短信": "sms", "网页": "web", "微信": "wechat",
    "网页聊天": "web", "mail": "email", "web chat": "web", "the app": "app",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be put right (one of `_CORRECTED`), and how it should read."""

    what: str
    value: str
    reference: str | None = None


def correction(text: str) -> Correction | None:
    """Return what a message puts right; None where it begins with anything else."""
    item = commanded(clean(text).lstrip("/#"))
    if changed := _CHANGED.match(item.words.key):
        told = f"更正 {changed['number'] or ''} {changed['what']} {item.words.said[changed.end() :]}"
        item = replace(item, words=Words(fold(told), told))
    if bare := _CATEGORY.match(item.words.key):
        number = item.references[0] if item.references else (bare["number"] or "").upper()
        return Correction("category", item.words.part(bare.end()).said, number) if number else None
    if (head := _CORRECT.match(item.words.key)) is None:
        return None
    what = next(name for name in _CORRECTED if head[name])
    value = item.words.part(head.end()).said
    number = item.references[0] if item.references else (head["number"] or head["of"] or "").upper() or None
    known = {"kind": _KINDS, "channel": CHANNELS_CALLED}.get(what, {})
    return Correction(what, known.get(value, value), number)
