"""What customers neither want nor mean, though it was taken for that: "别删我的数据", "不撤", "客服骂人". Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar import customer
from bot.grammar.arguments import Numbered
from bot.grammar.meaning import Pending, Reading, Verb
from bot.grammar.patterns import regex
from bot.grammar.words import ESCALATING

_COLLEAGUE: Final = r"(?:客服|主管|经理|店长|管家|负责人|领导|老板|接线员)"
_SERVICE: Final = (
    r"(?:customer (?:service|care)|call cent(?:er|re)|hotline|help ?desk|manager|supervisor|operator|agent)"
)
_ACCUSES: Final = regex(
    rf"(?:投诉|举报)(?:一下|你们|这个|那个|他们|的)*[^,.;]{{0,4}}{_COLLEAGUE}"
    rf"|{_COLLEAGUE}[^.;!?]{{0,14}}(?:骂|红包|受贿|贿赂|回扣|贪|索要|吼|凶|态度(?!好)|打不通|不接|没人接|"
    rf"[没不]回|挂(?:我|了|断|电话)|"
    r"[太很真好]差|差劲|恶劣|不理|不管|推诿|敷衍|威胁|骗|糊弄|不耐烦|(?:别|不让我?|不许|不准)(?:再|去)?投诉)"
    rf"|\bcomplain\w* (?:about|against|of) (?:\w+ ){{0,3}}{_SERVICE}\b"
    rf"|\b{_SERVICE}\b[^.;!?]{{0,30}}\b(?:rude|bribes?|corrupt|never|lie[sd]|liar|hung up|hangs up|ignor\w+|"
    rf"shout\w*|swore|"
    r"swears|yell\w*|useless|insult\w*|threat\w*|terrible|awful|horrible|(?:does|did|wo)n'?t|refuse[sd]|"
    r"told me not to)\b",
    re.ASCII,
)
_WANTS_A_PERSON: Final = regex(
    r"(?:转|换|找|接|叫|让|请|要)(?:个|一个|到|给|你们的?|人工|真人|别的?|其他|另[一外]个?)+|真人|(?:打|"
    r"回)(?:个)?电话给我|"
    r"给我(?:回|打)|联系我|"
    r"\b(?:speak|talk|chat|transfer|connect|put me|call me|ring me|phone me|get me|someone else|real person|human)\b"
)
_TURNS_TO: Final = regex(
    r"(?:(?:要|想|准备|打算|只好|只能|就|会|得){0,3}(?:去?找|联系|请|叫|打(?:电话)?给|告诉|捅给)"
    r"(?:一?[个位家]|你们的?|那些?|当地|本地|市里?|省里?|的){0,2}"
    r"|\b(?:(?:speak|talk|turn|go|write) (?:directly )?(?:to|with)|get me|call|phone|ring|contact)"
    r" (?:an? |the |my |our |your |some |local ){0,2})"
    rf"(?:{ESCALATING.pattern})"
)
"""Somebody outside, to whom they threaten to turn: "我要找媒体" is no wish to be called by us."""
_NO_CALL: Final = regex(
    r"(?:别|不要|不用|不必|不需要|请勿|勿|甭|无需)(?:再|给我|跟我|随便|老是?|总是?|直接|[打来回个])*电话"
    r"|\b(?:don'?t|do not|never|no need to|please not) (?:ever )?(?:call|ring|phone)\b(?! (?:it|this|that|"
    r"me (?:an?|your)\b))"
    r"|\bno (?:phone )?calls?(?: please)?[ .!]*$"
)
_ERASES_NOTHING: Final = regex(
    r"(?:不(?:是|想|要|用|需要|希望|打算|准|许|可以|能)?|别|勿|没(?:有)?(?:要|说|让|想|叫))[^,.;]{0,6}(?:删|"
    r"清空|清除|注销|抹|销毁)"
    r"|\b(?:don'?t|do not|didn'?t|did not|never|not)(?: (?:want|ask|need|wish|mean|to|you|have|me|anything|any|"
    r"my|data|"
    r"the|it|be)){0,5} (?:delet|eras|remov|wip|destroy)\w*"
)
_CONTACT: Final = r"(?:手机|电话|号码|联系方式|微信|地址|住址|姓名|名字|身份|信息|资料)"
_GIVES_AWAY: Final = r"(?:给|告诉|透露|泄露|发|报|交|提供|说出|外传|公开|转)"
_WITHHOLDS: Final = regex(
    rf"(?:不要|不许|不准|不想|不希望|不愿|不能|别|勿|甭)[^,.;!?]{{0,4}}(?:把|将)[^,.;!?]{{0,2}}我[^,.;!?]{{0,4}}{_CONTACT}"
    rf"[^,.;!?]{{0,5}}{_GIVES_AWAY}"
    rf"|我[^,.;!?]{{0,3}}{_CONTACT}[^,.;!?]{{0,6}}(?:不要|不许|不准|不想|不希望|不愿|不能|别|勿|甭)[^,.;!?]{{0,4}}{_GIVES_AWAY}"
    rf"|(?:不要|不许|不准|不能|别|勿|甭)[^,.;!?]{{0,4}}(?:泄露|透露|公开|外传|告诉)[^,.;!?]{{0,6}}我[^,.;!?]{{0,4}}{_CONTACT}"
    r"|\b(?:don'?t|do not|dont|never|not to)(?: \w+){0,2} (?:give|giving|share|sharing|pass|passing|tell|show|hand|reveal|"
    r"disclose|publish)\b[^.;!?]{0,24}\bmy (?:\w+ ){0,2}(?:number|phone|mobile|details|contact|address|name|e-?mail|info\w*)\b"
    r"|\bkeep my (?:\w+ ){0,2}(?:number|phone|mobile|details|contact|address|name|e-?mail)\b[^.;!?]{0,8}\b(?:private|"
    r"confidential|secret|to (?:yourself|yourselves)|from)\b"
)
"""Who is not to get the speaker's number or name: a wish for those who work on it, no request about personal data."""
_ERASING_TOO: Final = regex(r"删|清空|清除|注销|抹|销毁|\b(?:delet|eras|wip|destroy|remov)")
ASKS_A_STATEMENT: Final = regex(
    r"(?:有何|有什么|有啥|有没有|什么|怎么|如何|作何)[^,.;]{0,3}(?:回应|说法|评论|置评|表态|解释|声明)"
    r"|\b(?:what|any)\b[^.;]{0,16}\b(?:comment|statement|response)\b|\byour (?:comment|statement|response)\b[^.;]{0,12}\?"
)
_DATA: Final = regex(r"数据|信息|资料|个人|隐私|记录|\b(?:data|info\w*|details|records?)\b")
_SEES: Final = regex(r"看|查|了解|知道|\b(?:see|look|know|copy|read|view)\b")
KEEPS_IT: Final = regex(
    r"(?:不|别|不要|不会|不能|没(?:有)?(?:说)?(?:要)?)(?:想|再|愿意?)?(?:撤(?!.{0,4}了吧)|取消)"
    r"|\b(?:don'?t|do not|won'?t|will not|never|not)(?: (?:want|going|wish|to|please|you)){0,3} (?:withdraw|"
    r"cancel|drop)"
    r"|(?:还是|仍然?|依然|继续)(?:要|想|得)?(?:继续)?投诉|\b(?:still|do) (?:want|wish) to (?:complain|go (?:on|ahead))\b"
)
_TAKES_BACK: Final = regex(r"撤|取消|\b(?:withdraw|cancel|drop)")


def person(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for a wish for a person: an accusation, or no wish to be called."""
    if _WITHHOLDS.search(key) and not _WANTS_A_PERSON.search(key):
        return Verb.ADD, item.told
    if _NO_CALL.search(key):
        left = _NO_CALL.sub("", key)
        if _WANTS_A_PERSON.search(left):
            return None
        return (Verb.COMPLAIN if customer.TROUBLE.search(left) else Verb.ADD), item.told
    left = _TURNS_TO.sub("", key)
    if left != key and not _WANTS_A_PERSON.search(left) and customer.wish(left) is not Verb.PERSON:
        return Verb.COMPLAIN, item.told
    if pending is Pending.NONE and _ACCUSES.search(key) and not _WANTS_A_PERSON.search(key):
        return Verb.COMPLAIN, item.told
    return None


def erased(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for a wish to be forgotten: to be kept from somebody, or to have nothing deleted."""
    if _WITHHOLDS.search(key) and not _ERASING_TOO.search(key):
        return Verb.ADD, item.told
    if not _ERASES_NOTHING.search(key):
        return None
    return (Verb.MY_DATA if _SEES.search(key) else Verb.UNCLEAR), item.arguments


def shown(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for a wish to see personal data: to keep it from somebody, or to hear what we have to say."""
    asks = ASKS_A_STATEMENT.search(key) and not _DATA.search(key)
    return (Verb.ADD, item.told) if asks or _WITHHOLDS.search(key) else None


def withdrawn(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for a withdrawal: that it stands."""
    if _NO_CALL.search(key):
        return Verb.ADD, item.told
    kept = KEEPS_IT.search(key)
    if kept is None:
        return None
    if len(key) < 24:
        return Verb.UNCLEAR, item.arguments
    return None if _TAKES_BACK.search(key, kept.end()) else (Verb.COMPLAIN, item.told)
