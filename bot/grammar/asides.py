"""What whoever works on it tells us of the customer: what they want besides, in what temper they are; that it go higher. Pure.

None of it is news, and spoken of somebody, not to them: no customer reads it unasked. So is whatever else is
told of the customer as "she" or "业主", and what is told of ourselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.grammar.arguments import Words, commanded
from bot.grammar.folding import clean, fold
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import deferred, regex

_LONGEST: Final = 160  # characters; a letter tells of more than a wish
_THEY: Final = (
    r"(?:(?:那个?|这个?)?(?:客户|业主|住户|租户|租客|顾客|患者|病人|投诉人|家属|对方)"
    r"(?:们|那边|家里?)?|人家|(?<!其)[他她](?!人)(?:们|家)?)"
)
_THEY_EN: Final = (
    r"(?:\b(?:she|he|(?:the |this |our )?(?:customer|client|patient|tenant|owner|resident|lady|guy|bloke|man|woman|couple"
    r"|family))\b"
    r"|\b(?:mr|mrs|ms|miss)\.? [a-z]+\b)"
)
_DEMANDED: Final = (
    r"(?:退(?:款|钱|费|货|房|租|押金|一赔)|赔|补偿|索赔|减免|免(?:单|租|费|物业)|打折|曝光|媒体|记者|电视台|上电视|12315|12345|消协|消费者协会"
    r"|住建|市长|信访|上访|法院|起诉|打官司|律师|仲裁|告(?:我们|你们|公司|到|上)|发(?:到)?(?:网上|抖音|微博|小红书|朋友圈)|拉横幅|横幅|升级"
    r"|(?:找|见)(?:你们|我们|公司|物业)?(?:的)?(?:领导|老板|经理|负责人))"
)
_DEMANDED_EN: Final = (
    r"\b(?:refund|money back|compensation|compensated|compo|discount|ombudsman|press|papers|newspapers?|media|lawyers?"
    r"|solicitors?|sue|suing|court|legal action|regulator|ofcom|ofgem|trading standards|social media|(?:bad|one ?star) reviews?"
    r"|managers?|boss|cancel (?:the |her |his |their )?(?:contract|subscription|account|service))\b"
)
_WISH: Final = (
    rf"{_THEY}(?:又|还|也|就|都|非|现在|一直|今天|刚才|刚刚|说|讲|表示|电话里?|[ ])*"
    rf"(?:要求?|想|打算|准备|扬言|威胁|提出|索要|坚持|吵着|闹着)(?!不|知道|问|了解|确认|看|咨询)"
    rf"[^,，。.;；!！?？\n]{{0,12}}?{_DEMANDED}"
    rf"|{_THEY_EN}(?:'s|'ll|'d)?[^,.;!?\n]{{0,24}}? ?\b(?:wants?|wanting|demands?|demanding|ask(?:s|ed|ing)? for"
    r"|insist(?:s|ing)? on"
    rf"|expects?|after|threaten(?:s|ed|ing)?|going to|gonna|will|off to)\b[^,.;!?\n]{{0,24}}?{_DEMANDED_EN}"
)
_IN_A_TEMPER: Final = (
    rf"{_THEY}(?:现在|已经|都|又|还是?|也|仍然?|很|非常|特别|有点|快|真的?|太|[ ])*(?:生气|发火|火大|恼火|不高兴|不乐意|急了"
    r"|急眼|激动|骂|(?:不|没有?)(?:是很|怎么|太|大|算|够)?(?:满意|认可|接受|领情|买账|服气)|有(?:点|些)?意见)"
    rf"|{_THEY_EN}(?:'?s| is| was)?(?: still)?(?:n'?t| not| never)"
    r"(?: (?:really|very|so|too|that|all|quite|at|still|yet)){0,3}"
    r" (?:satisfied|happy|pleased|content|impressed)\b"
    rf"|{_THEY_EN}(?:'s| is| was)?(?: (?:really|very|so|still|now|quite|pretty|getting))*"
    r" (?:not happy|unhappy|angry|furious|livid|upset|fuming|kicking off|raging"
    r"|keeps? (?:calling|ringing|phoning|moaning|asking|shouting))\b"
)
_BUT: Final = (
    r"(?:(?:但是?|不过|可是?|就是|另外|还有|并且|而且|然后)[ ,]*|\b(?:but|however|and|though|also|only)\b[ ,]*)"
)
_BEGINS_WITH_WISH: Final = regex(rf"{_BUT}?(?:{_WISH})")
_FELL_THROUGH: Final = regex(
    r"谈(?:崩|不拢|不成|不下去)|没(?:谈|结|办|达成)"
    r"|\b(?:without (?:a |any )?(?:result|agreement)|no (?:result|agreement)|fell through)\b"
)
"""That it was talked over in vain tells how the work stands."""
_OF_THEM: Final = regex(rf"{_WISH}|{_IN_A_TEMPER}")
_CONTENT: Final = regex(
    rf"{_BUT}?{_THEY}(?:本人|自己|也|都|已|当场|现在|还|说|表示|很|非常|挺|比较|[ ])*"
    r"(?:签(?:完|过|好|了)?(?:字|名|单|收|了)|确认|验收|认可|满意|没意见|没问题|高兴|同意|通过|了|过|的|好|[ ])+"
    rf"|{_BUT}?(?:{_THEY_EN}|they|all)(?:'s| is| was| are| has| have)?(?: (?:all|very|really|quite|now|also|already|so))*"
    r" (?:happy|pleased|satisfied|content|signed(?: (?:it|off|for it|the (?:form|sheet|paper)))?|agreed|ok(?:ay)?|fine)"
    r"(?: (?:with|about) (?:it|that|this|everything))?"
)
_CLAUSES: Final = deferred(
    r"[,，。;；!！\n]+\s*|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])|\s+(?=(?:but|however|though)\b)|\.\s+"
    r"|(?=(?:但是?|不过|可是)(?:客户|业主|住户|租户|他|她))",
    re.IGNORECASE,
)
_HIGHER: Final = regex(
    r"(?:请|麻烦|帮忙|帮我|给我|需要|申请|建议|把)*(?:这个|这件|这单|它|此单|该单)?(?:需要|要|得)?"
    r"(?:升级(?:一下|一级|处理|上去|上报)?|提级(?:一下)?|往上(?:报|反映|升)(?:一下|吧)?|上报(?:一下|领导|主管|公司)?|报(?:给)?(?:领导|上级)"
    r"|请(?:领导|主管|上级)(?:出面|介入|协调))(?:吧|哈|啊)?(?=$|[\s,.;!?:])"
    r"|(?:please |pls |can you |could you |can we |we should |we need to |i need to |need to |you better |better )*"
    r"(?:(?:bump|push|move|kick|send) (?:it|this|that|this one|that one) (?:up|higher|upstairs)|bump up"
    r"|(?:escalate|raise) (?:it|this|that|this one|that one)?|take (?:it|this|that) (?:up|higher)"
    r"|(?:it|this) needs (?:escalating|to go (?:up|higher)))"
    r"(?: (?:a (?:level|notch|grade)|please|pls|now|asap|further|higher))*"
    r"(?: to (?:the |my |our )?(?:boss|lead|manager|supervisor|team ?lead|management|next level))?"
    r"(?=$|[,.;!?:]| (?:because|cos|cause|as|since|she|he|they|its|it's|it is|customer|the customer)\b| - )"
)
_NUMBER_WITHIN: Final = regex(r"\b(bump|push|move|escalate|raise|take) #?(\d{4})\b")

_OF_OTHERS: Final = regex(
    r"(?:厂[家商]|供应商|供货商|维保|施工队?|外包|司机|师傅|工人|物业|保安|保洁|快递)[^,.;!?他她]{0,4}(?:说|讲|表示|回复|答应)[^,.;!?他她]{0,4}[他她]们?"
    r"|(?:保洁|保安|门岗|清洁|绿化|宿管|快递|维修)(?:阿姨|大爷|大哥|大姐|大叔|师傅)"
    r"|\b(?:drivers?|suppliers?|vendors?|manufacturers?|contractors?|plumbers?|engineers?|electricians?|labs?|factory)\b"
    r"[^.;!?]{0,24}?\b(?:he|she)\b"
)
_SPOKEN_OF: Final = regex(
    r"(?:客户|业主|住户|租户|租客|顾客|客人|患者|病人|家属|投诉人|当事人|对方|人家)(?!端|经理|服务|中心|委员|委会|群|须知|权益)"
    r"|[\u4e00-\u9fff](?:先生|女士|小姐|太太|阿姨|大爷|大妈|大姐|奶奶|爷爷)|(?<![其吉])[他她](?!人|日|乡|山)"
    r"|\b(?:(?:she|he)(?:'?s|'ll|'d)?|her|him|his|hers)\b"
    r"|\b(?:customer|client|(?<!be )(?<!so )patient|pt|tenant|owner|resident|complainant|guest|caller)s?\b"
    r"|\b(?:the|this|that|our|old|young) (?:lady|gentleman|guy|bloke|woman|man|girl|lad|chap|couple|family"
    r"|mum|mom|dad|parents?)\b"
    r"|\b(?:mr|mrs|ms|miss)\.? [a-z]{2,}\b"
    r"|\b(?:rang|phoned|called|told|e?mailed|texted|messaged|met|informed|reached|contacted|spoken? (?:to|with)"
    r"|talked (?:to|with)"
    r"|(?:apologi[sz]ed|sorry|explained(?: it)?) to) them\b"
)
_SPOKEN_TO: Final = regex(r"您|你们?(?:好|家)|^(?:dear|hi|hello|good (?:morning|afternoon|evening))\b[^\n]*\byou")
_OF_OURSELVES: Final = regex(
    r"人手(?:不够|不足|紧)|缺人手?|没(?:有)?人手|\b(?:short|under)[ -]?staffed\b|\bshort of (?:staff|people|hands)\b"
    r"|\boff sick\b|\bcalled in sick\b"
)
# fmt: off
_ALSO_A_WORD: Final = frozenset(
    {"will", "mark", "may", "april", "june", "rose", "grace", "bill", "rob", "sue", "pat", "drew", "dawn", "joy", "hope",
     "faith", "art", "frank", "jack"}
)
# fmt: on
"""Given names that say something else in most sentences: such a colleague is known by the whole name."""


def spoken_of(said: str, colleagues: Iterable[str] = ()) -> bool:
    """Say whether words tell of the customer and not to them, or of how it is among ourselves: "rang her", "业主不在家".

    colleagues: their names, by which "cos Jess was off" tells of one.
    """
    key = fold(clean(said))
    of_them = _SPOKEN_OF.search(_OF_OTHERS.sub(" ", key)) is not None and _SPOKEN_TO.search(key) is None
    return of_them or _OF_OURSELVES.search(key) is not None or any(_names(key, name) for name in colleagues)


def _names(key: str, name: str) -> bool:
    """Say whether a colleague is named: by the whole name, or, where words are written apart, by the given name alone."""
    whole = fold(name.strip())
    if not whole.isascii():
        return len(whole) > 1 and whole in key
    given = whole.split(" ")[0]
    called = [whole] if given in _ALSO_A_WORD or len(given) < 2 else [whole, given]
    return any(re.search(rf"\b{re.escape(each)}\b", key) for each in called if each)


_MADE_GOOD: Final = regex(
    r"道歉|致歉|赔|退(?:款|钱|费|货|房|租|押金)|补偿|减免|\b(?:apologi|refund|compensat|reimburs|waived)"
)


def made_good(said: str) -> bool:
    """Say whether words tell of an apology or of money: what was done, however short."""
    return _MADE_GOOD.search(fold(clean(said))) is not None


def of_them(said: str) -> bool:
    """Say whether words hold what the customer wants of the house, or in what temper they are, told of them."""
    return _OF_THEM.search(fold(clean(said))) is not None


def for_the_lead(words: Words) -> Reading | None:
    """Return what is for whoever leads the centre: that it be taken higher, or what the customer wants of the house."""
    if len(words.key) > _LONGEST:
        return None
    key, number = words.key, ""
    if (within := _NUMBER_WITHIN.search(key)) is not None:  # "bump 0001 up"
        number, key = within[2], key[: within.start(2)] + "it" + key[within.end(2) :]
        key = key.replace("#it", "it")
    item = commanded(words.said)
    number = number or next(iter(item.references), "")
    bare = key if within is not None else item.words.key
    bare = bare.strip(" ,.:;!")
    wish = _BEGINS_WITH_WISH.match(bare) is not None and _FELL_THROUGH.search(bare) is None
    if not wish and _HIGHER.match(bare) is None:
        return None
    text = words.said if within is not None else item.words.said
    given: dict[str, object] = {"reference": number} if number else {}
    return Verb.ASK_HELP, given | {"text": text.strip(" ,，。:：")}


@dataclass(frozen=True, slots=True)
class Parted:
    """A result without what the customer wants. did: of it, what says neither that nor that they are content."""

    result: str
    did: str
    wish: str = ""


def parted(result: str) -> Parted:
    """Take what the customer wants out of a result, and tell what of it is said of the work."""
    clauses = [each.strip() for each in _CLAUSES.split(result) if each and each.strip()]
    wishes = [each for each in clauses if _OF_THEM.search(fold(clean(each)))]
    left = [each for each in clauses if each not in wishes]
    did = [each for each in left if _CONTENT.fullmatch(fold(clean(each)).strip(" ,.:;!")) is None]
    between = "，" if re.search(r"[\u3400-\u9fff]", result) else ", "
    if len(did) == len(clauses):
        return Parted(result, result)
    return Parted(between.join(left) if wishes else result, between.join(did), between.join(wishes))
