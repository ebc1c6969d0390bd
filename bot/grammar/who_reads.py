"""Whether somebody asks who reads what they say, what we want their number for, or whether they can stay unknown. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.grammar.folding import clean, fold
from bot.grammar.patterns import deferred

_LONGEST: Final = 80  # characters: longer words tell a matter as well
_FEW: Final = 12  # characters of a clause that asks nothing and tells nothing: "你好", "hi there"


class Asked(StrEnum):
    """What is asked."""

    READERS = "readers"
    NUMBER = "number"  # what a name or a number is wanted for
    UNNAMED = "unnamed"  # whether they can stay unknown, or what if they do not


_CLAUSES: Final = deferred(r"[,.;!~\n ]*[\n,.;!~][\n,.;!~ ]*|(?<=[?？])|(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
_FILLER: Final = deferred(
    r"(?:你好|您好|请问|那个?|我?想问(?:一下|下)?|问一?下|等一?下|对了|还有|谢谢|先说清楚|投诉|hi|hello|hey|wait|sorry|so|ok|and|but|thanks?"
    r"|please|quick question|one question| )*\??"
)
_SEES_IT: Final = deferred(
    r"(?:and )?(?:can|will|could|would|does) (?!any|some|you\b|i\b|we\b)[a-z' ]{2,30} (?:see|read) (?:it|that|them)\W*"
)
"""Of somebody who looks at what is broken, unless what they say themselves was asked about beside it."""
_ENDS_EN: Final = r"(?: (?:here|then|exactly|too|as well|please|about it|to you))*\W*$"
_MY_EN: Final = r"(?:complaints?|messages?|words|details|number|name|phone)"
_WAS_ME_EN: Final = (
    r"(?:it(?:'s| is| was)? me|it was me|who (?:complained|told|said|reported|i am|it was)"
    r"|(?:that )?i (?:complained|told|said|reported)(?: it| this)?)"
)
_READERS: Final = deferred(
    # 谁能看到我写的, 我写的他看得到吗, 她会知道是我说的吗, 你们会告诉他吗, 保密吗
    r"(?:谁|哪些人|什么人|多少人)[都能会可以有权得]{0,5}(?:看(?:得?到|得?见)?|知道|读到)"
    r"(?:我[^?]{0,10}|这[^?]{0,8}|是(?:我|谁)[^?]{0,8})?[吗呢啊呀的?]*$"
    r"|(?:看(?:得?到|得?见)|知道)(?:我(?:写|说|发|投诉|反映|举报)|是(?:我|谁)(?:写|说|发|投诉|反映|举报|告)?)[^?]{0,6}[吗么不?]+$"
    r"|我(?:写|说|发|投诉|反映|举报)的[^?]{0,12}(?:看(?:得?到|得?见)|知道)[吗么不?]+$"
    r"|(?:谁|哪些人|什么人)(?:都|在|会|能|要|可以)*看(?:过|了)?我(?:写|说|发|投诉|反映)(?:的|了)?[^?]{0,6}[吗呢啊呀的?]*$"
    r"|会(?:不会)?(?:把[^?]{1,8})?(?:告诉|转给|透露给|泄露给)(?!我)[^?]{1,8}[吗么呢?]+$"
    r"|会不会(?:把[^?]{1,8})?(?:告诉|转给|透露给|泄露给)(?!我)[^?]{1,8}$"
    r"|(?:能|会|是|可以|给我?|内容)?保密的?[吗么不?]+$|(?:会不会|能不能)[^?]{0,4}(?:保密|(?:泄露|公开)我)"
    # who can see what i wrote, can the girl on reception read this, will he know it was me, is this private
    r"|\bwho(?: (?:all|else|exactly|actually|can|will|would|is able to|is going to|gets to))* ?"
    r"(?:sees?|reads?|knows? about) (?:all )?"
    rf"(?:this|these|it|that|my {_MY_EN}|(?:what|everything|anything) i\b.{{0,20}}){_ENDS_EN}"
    r"|\bwho (?:has|gets|have|got) access\b"
    r"|\bwhat (?:happens|do you do|will you do|are you doing) (?:to|with) "
    rf"(?:(?:what|everything|anything|the (?:things|stuff)) i (?:write|wrote|say|said|tell|told|send|sent|put|type)"
    r"|my (?:details|number|name|phone|data|words|messages?)).{0,12}$"
    r"|\b(?:can|will|could|would|does|do) (?!any|some|you\b|i\b|we\b)[a-z' ]{2,40}? "
    r"(?:see|read|know|find out|be told|hear about|look at) (?:about )?(?:that )?"
    rf"(?:this|my {_MY_EN}|what i (?:wrote|write|said|say|told|sent|put|type|typed)|{_WAS_ME_EN}){_ENDS_EN}"
    r"|\b(?:will|are|do) you (?:going to )?(?:tell|telling|show|showing) (?!me\b|us\b)[a-z' ]{2,30}? (?:that )?"
    rf"(?:{_WAS_ME_EN}|my name){_ENDS_EN}"
    r"|\b(?:will|are|do) you (?:going to )?(?:tell|telling|show|showing) "
    rf"(?:him|her|them|(?:the|my) [a-z]+(?: this)?){_ENDS_EN}"
    rf"|\b(?:is|will|are|does) (?:this|it|that|my {_MY_EN}|what i \w+)(?: (?:be|stay|kept|treated|really|all))*"
    rf" (?:private|confidential|in confidence|between us|passed on|shared){_ENDS_EN}"
)
_DATA_ZH: Final = r"(?:手机号?码?|电话号?码?|号码|联系方式|姓名|名字)"
_DATA_EN: Final = r"my (?:\w+ )?(?:number|phone|name|details)"
_NUMBER: Final = deferred(
    rf"(?:为什么|为啥|为何|干嘛|干吗|凭什么)[^?]{{0,4}}(?:要|留|填|问)[^?]{{0,4}}{_DATA_ZH}[啊呀呢?]*$"
    rf"|(?:要|问|留)(?:我|我们)?的?{_DATA_ZH}(?:是|来|去)?(?:干|做|有)?(?:什么|啥|嘛|吗|么)用?[啊呀呢?]*$"
    rf"|\b(?:why|what) (?:do|would|did) (?:you|u) (?:need|want|ask for)(?: to know)? {_DATA_EN}(?: for)?\W*$"
    rf"|\bwhat(?:'s| is|s| do you (?:want|need))? {_DATA_EN} (?:for|needed for)\W*$"
)
_NO_NAME_ZH: Final = r"(?:匿名|不记名|不(?:用|必)?(?:留|写|说|报)(?:真|姓)?名)"
_TAKES_IT_OUT_EN: Final = (
    r"(?:retaliat|get back at (?:me|us)|take it out on|come after (?:me|us)|finds? out|knows? (?:it was|it'?s|it is) me"
    r"|revenge|reprisal|punish (?:me|us))"
)
_UNNAMED: Final = deferred(
    rf"(?:可不可以|能不能|能否)[^?]{{0,4}}{_NO_NAME_ZH}"
    rf"|(?:可以|能|是不是|是|支持)[^?]{{0,4}}{_NO_NAME_ZH}[^?]{{0,4}}[吗么嘛?]+$"
    rf"|{_NO_NAME_ZH}[^?]{{0,4}}(?:行吗|可以吗|行不行|可不可以|好吗|行么|可以么)"
    r"|\b(?:can|could|may|is it possible|am i able|will|would|how (?:do|can)|is there (?:a|any) way)\b[^?]{0,30}?"
    r"\b(?:anonymous(?:ly)?|without (?:giving |leaving |telling |saying |using )?(?:you |them )?my name)\b"
    r"|\b(?:is|are) (?:this|it|these|complaints|my complaint)(?: \w+)? anonymous\b"
    r"|\b(?:do|must|should) i (?:have to |need to )?(?:give|leave|tell|say|use)(?: you)? my (?:real |full )?name\b"
    # 我怕他们报复, 他要是知道是我说的; what if he finds out it was me
    r"|^.{0,3}(?:怕|担心|会不会|万一|要是|如果|不敢)[^?]{0,10}(?:报复|穿小鞋|找我麻烦|找我算账|针对我|知道(?:了)?是我)"
    r"|^(?:来|再|会)?报复我[^?]{0,4}(?:怎么办|咋办)|^(?:.{1,8})?知道(?:了)?是我[^?]{0,6}(?:怎么办|咋办|会怎)"
    r"|\b(?:scared|afraid|worried|frightened|nervous|terrified|what if|what happens (?:if|when))\b.{0,50}"
    rf"{_TAKES_IT_OUT_EN}"
)
_TELLER: Final = deferred(
    r"(?:是)?(?:谁|哪个|哪位)(?:客户|业主|人)?(?:又|在|来)?(?:投诉|举报|告)(?:了|的)?(?:我|咱们?|我们)(?:的|了|啊|呀|呢|[ ?.])*"
    r"|(?:投诉|举报|告)我的(?:人|客户|业主)?是?(?:谁|哪个|哪位)(?:的|啊|呀|呢|[ ?.])*"
    r"|who(?: on earth| the hell)?(?:'s| is| has| was)? (?:it (?:was )?that )?"
    r"(?:complained|complaining|complain|reported|moaned|moaning|grassed|told) (?:about|on|me|of)(?: me| us)?\W*"
    r"|who said (?:that )?(?:i|we)(?:'m| am| was|'re| are| were) .{2,24}"
    r"|what (?:did|has|have|does|do) [a-z' ]{2,24}? (?:says?|said|write|written|complain(?:ed)?|report(?:ed)?|tell you)"
    r"(?: to you)? (?:about|on|of) me(?: to you)?\W*"
    r"|(?:does|do|did|has|have|is|are|was) (?:any ?(?:one|body)|some ?(?:one|body)|there|they|she|he)"
    r"(?: (?:a|any|some|been|an))* ?(?:complain\w*|report\w*|moan\w*)(?: (?:about|on|against|of))? me\W*"
    r"|(?:那个?|这个?)?(?:人|女的|男的|客户|业主|他|她|人家)(?:都|到底|究竟)?(?:说|投诉|告|举报)(?:了)?我(?:些)?"
    r"(?:什么|啥)(?:了|的)?[ ?.]*"
    r"|(?:有没有|有)(?:人|客户|业主)?(?:投诉|举报|告)(?:过|了)?我(?:的|了|吗|么|[ ?.])*"
)


def asks(text: str) -> Asked | None:
    """Return what words ask about who reads them; None where they tell, or ask, anything else as well."""
    key = fold(clean(text)).strip()
    if len(key) > _LONGEST:
        return None
    found: set[Asked] = set()
    for clause in _CLAUSES.split(key):
        said = clause.strip()
        if asked := next((each for each, pattern in _PATTERNS if pattern.search(said)), None):
            found.add(asked)
        elif _SEES_IT.fullmatch(said):
            continue
        elif len(said) > _FEW or _FILLER.fullmatch(said) is None:
            return None
    return next((each for each, _ in _PATTERNS if each in found), None)


_PATTERNS: Final = ((Asked.UNNAMED, _UNNAMED), (Asked.NUMBER, _NUMBER), (Asked.READERS, _READERS))


def asks_who_told(text: str) -> bool:
    """Say whether a colleague asks nothing but who complained of them."""
    return _TELLER.fullmatch(fold(clean(text)).strip()) is not None
