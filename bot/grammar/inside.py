"""Words of a colleague that say themselves that they are not for customers: "内部：…", "别告诉客户，…", "internal: …". Pure.

What is taken for a note by mistake costs a second message; what reaches a customer by mistake cannot be taken back.
"""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.arguments import Words, numbered
from bot.grammar.bidden import rang_in_vain
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex
from complaints.numbers import ANY, FULL

_WHO: Final = (
    r"(?:那个|这个|该|我们的?)?(?:客户|业主|住户|租户|租客|顾客|客人|患者|病人|投诉人|当事人|来电人|家属|对方|他|她|ta|人家|"
    r"外面|外人|外界|媒体|记者)"
    r"(?:们|那边|那里|家人?|一方)?"
)
_NOT: Final = (
    r"(?:别|勿|莫|甭|(?<![要能可该得用必许])(?:不要|不能|不可以?|不得|不许|不准|不便|不方便|不宜|不适合|不该|"
    r"不应该?|不想|不用|不必)|无需|无须|没必要)"
    r"(?:再|先|急着|马上|直接|主动|现在|随便|轻易|把(?:这个?|此)[^,.;!?\n]{0,8}?){0,3}"
)
_UNSAID: Final = (
    r"(?:别|勿|莫|甭|(?<![要能可])(?:不要|不用|不必|不许|不准)|无需|无须|没必要)(?:再|先|去|细|多|跟着){0,2}"
)
_SPEAKS: Final = (
    r"(?:说(?!好|定)|提(?!前|供|交|醒|示|货|出|高|早|意见|要求|升|速|取|款)|讲(?!价|究)|谈(?!判)|透露|交代)"
)
_MATTER: Final = (
    r"(?:原因|理由|具体|细节|详情|详细|内情|价|费用?|报价|价钱|钱|金额|成本|赔偿|补偿|过程|经过|内幕|真相|实情|背景|"
    r"其[他它]的?|别的|多余的)(?:的|情况)?"
)
_END: Final = r"(?=$|[\s:;,.!?)\]~-])"
_AT_END: Final = r"(?=$|\s*[\n:;,.!?)\]-])"
_CUSTOMER: Final = r"(?:客户|业主|住户|租户|租客|顾客|客人|患者|病人|投诉人)(?:们|那边|那里|家人?|一方)?"
_NOT_YET: Final = r"(?<![要能可得])(?:先|暂时?|还|也|都)?(?:不|没有?|未)"
_ALONE: Final = r"(?:(?<!不)只|(?<!不)仅|单独|就(?=跟(?:你|我)))(?:能|可以|想|敢|肯)?"
_TO_SOMEBODY: Final = rf"(?:跟|和|同|对|向|给|让|叫)(?!{_WHO}|您)"
"""Words for one alone are for nobody else: "只跟王主管说"; what a customer alone is told is told them."""
_SECRET_ZH: Final = (
    rf"{_NOT_YET}(?:(?:告诉|告知|透露给?)(?:了)?|(?:跟|和|对|向)(?={_CUSTOMER}(?:说|讲|提)(?!好|定|清)))(?:了)?{_CUSTOMER}",
    rf"{_WHO}(?:还|都|并|暂时)(?:不知道|不晓得){_END}|{_WHO}(?:还|都|并|暂时)?不知情|{_WHO}(?:先|暂时|就)?瞒[着住]",
    rf"(?:在|当着)?{_WHO}(?:的)?(?:面前?|跟前)[ ,]*(?:先|千万)?(?:别|不要|不能|勿)|(?:当着){_WHO}(?:的面)?(?:别|不要|"
    rf"不能|勿)",
    rf"{_NOT}(?:在|当着){_WHO}(?:的)?(?:面前?|跟前)|{_NOT}(?:回复?|答复?){_WHO}(?:这|此|说)",
    rf"(?:{_NOT}|{_NOT_YET})(?:转|发|传)(?:给|到){_WHO}(?:看|那里)?{_END}",
    r"(?:私下|私底下|悄悄)(?:跟|和|给|告诉)(?:你们?|大家|各位|同事|领导)|只在内部(?:说|讲|用|传)",
    rf"{_NOT}(?:告诉|告知|通知|透露给?|泄露给?|转告|知会|惊动)(?:了|给)?{_WHO}",
    rf"{_NOT}(?:跟|和|同|对|向|给|与){_WHO}(?:再|先)?(?:讲|说|提|谈(?!判)|聊|透露|泄露|看(?!房)|知道|转(?!账|钱)|听|承认|交底|"
    rf"说明|解释|交代|念叨|公开|公布|披露|走漏)",
    rf"{_NOT}(?:让|叫|使|给|被){_WHO}(?:再|先)?(?:知道|知晓|知情|看到|看见|听到|听见|晓得|发现|看出|察觉|了解|得知|"
    rf"听说)",
    rf"{_NOT}(?:转|发|抄送|转发|发送)给?{_WHO}(?:看)?{_END}",
    rf"{_WHO}(?:先|暂时|还|就|最好)?(?:别|不要|不能|不可以?|不得|不许|不宜|不该|不用|不必|无需|勿)(?:让|叫|"
    rf"给)?(?:知道|知晓|知情|晓得|看到?(?=$|[\s,.;!?这此以]))",
    rf"(?:对|向|跟){_WHO}(?:先|暂时|要)?(?:保密|隐瞒|瞒着)|(?:瞒着?|瞒住|背着|避开){_WHO}{_END}|(?:瞒着|瞒住){_WHO}",
    rf"{_NOT}(?:外传|外泄|外漏|声张|(?:对外|往外)(?:说|讲|发布?|公布|公开|透露|泄露|提|传)|(?:对外|往外){_END}|"
    rf"(?:说|传|讲|透露|泄露)出去)",
    rf"(?:先|暂时?|暂且)(?:别|不要|不)(?:说|讲|提|声张){_END}",
    r"(?:只|仅|就|限|专)(?:供|限|给|在|是|作)?(?:我们|咱们?|公司|部门|项目|团队)?(?:内部|自己人|同事)(?:之?间|人员)?"
    r"(?:参考|使用|传阅|知悉|知道|掌握|看|用|沟通|讨论|交流|可见|查看|了解)",
    rf"(?:只|仅|就|限)(?:供|限)?(?:内部|自己人){_AT_END}|内部(?:参考|传阅|知悉|掌握|保密|可见){_END}|内部(?:知道|"
    rf"了解)(?:就|即可|一下)",
    r"(?:我们|咱们?|自己人|你我|同事)(?:之?间|自己|内部|几个)?(?:知道|清楚|了解|看看|说说)(?:就(?:行|好|可以)|"
    r"即可)|你知我知",
    rf"(?:跟|和|同|对|向|给|与|回复?|答复|告诉|通知|转告){_WHO}[^\n]{{0,60}}{_UNSAID}{_SPEAKS}(?!了)",
    rf"{_MATTER}[^,.;!?\n是]{{0,4}}{_UNSAID}{_SPEAKS}",
    r"(?:^|[\n ,.;:!?(\[但可就也千万])(?:别|不要)(?:再|先|去|给我)?(?:"
    r"(?:说|提|讲)(?:起|到|及|上[次回]|之前|我们|咱们?|漏|破|穿|实话|真话|费用|原因|具体)|(?:说|讲)是(?:因为|我们|咱)|提是)",
    rf"(?:领导|主任|经理|老板|主管|上面|上头)(?:说|让|叫|要求|交代)[^,.;!?\n]{{0,6}}(?:拖|压着|糊弄|应付|敷衍|瞒)|等{_WHO}(?:自己)?"
    r"(?:就)?(?:忘|消气|没耐心|死心|放弃)",
    r"[(\[](?:其实|实际|事实上|真实情况|真相)",
    r"(?:是|系)(?:我们?|咱们?|公司)?(?:的)?(?:领导|主任|经理|老板|老总|主管|书记|局长)(?:家|他)?的?(?:亲戚|亲属|朋友|熟人|同学|"
    r"关系|[表堂侄甥舅叔姑姨哥弟姐妹])|关系户",
    r"(?:^|[\n ,.;:!?(\[\d])(?:都是|咱们?|我们|跟)?自己人(?:[ ,:]|(?:之?间|面前|跟前|关起门来?)?(?:就|才|也)?(?:实话|直)?"
    r"(?:说|讲|聊|透露|知道|清楚))",
    rf"{_ALONE}{_TO_SOMEBODY}[^\s,.;:!?]{{0,6}}?(?:一个?人|自己|本人)?"
    r"(?:说|讲|提(?!供|前|醒)|聊|透露|交代|汇报|反映|知道|(?<=给..)(?:看|听)|(?<=给...)(?:看|听))",
    rf"{_ALONE}(?:告诉|告知|通知|透露给|发给|转给)(?!了?{_WHO}|了?您)|只有(?!{_WHO}|您)[^\s,.;:!?]{{1,5}}知道(?!怎么|如何)",
    r"(?:偷偷|悄悄|私下|私底下)地?(?:告诉|跟|和|给|透露|讲|说)(?!他|她|客户|业主|住户|租户|租客)",
)
_UNSAID_EN: Final = (
    r"(?:\b(?:do not|don'?t|never|no need to|need(?:n'?t| not)|let'?s not|(?:better|best|rather)(?: not| not to| leave off)|"
    r"without)(?: (?:ever|even|please|just|yet|you|you dare))?)"
)
_WHO_EN: Final = (
    r"(?:the |our |this |that |any |her |his )?(?:customers?|clients?|patients?|residents?|home ?owners?|owners?|tenants?|"
    r"complainants?|callers?|"
    r"guests?|buyers?|lessees?|family|press|journalists?|reporters?|public)"
)
_THEM_EN: Final = rf"(?:{_WHO_EN}|him|her|them)\b"
_NOT_EN: Final = (
    r"(?:(?:do|must|should|shall|may|can|could|need|ought|would|will|did)(?:n'?t| not)|cannot|won'?t|never|not to|"
    r"let'?s not|no need to|better not|"
    r"rather not|no one (?:is to|should|may)|nobody (?:is to|should|may))(?: (?:ever|yet|please|just|even|to|"
    r"anyone|somebody|of course)){0,2}"
)
_IT_EN: Final = (
    r"(?: (?:it|this|that|so|any(?:thing)?(?: (?:of|about) (?:it|this|that))?|a word|these|about (?:it|this|that)))?"
)
_SECRET_EN: Final = (
    r"\bnot to be (?:shared with|told to|shown to|sent (?:on )?to|forwarded to|passed (?:on )?to|mentioned to|disclosed to)"
    rf" {_THEM_EN}",
    rf"\bhide (?:(?:it|this|that|these) )?from {_THEM_EN}|\b(?:keep|leave|kept|left) {_THEM_EN} in the dark\b"
    r"|\bmum'?s the word\b",
    rf"\b{_WHO_EN} (?:(?:is|are)(?:n'?t| not) (?:supposed|meant|allowed) to|(?:must|should|may) never) (?:know|hear|"
    rf"see|learn|find out)\b",
    rf"\b(?:(?:have|has|had)(?:n'?t| not)(?: yet)? told|did(?:n'?t| not) tell) {_THEM_EN}",
    rf"\b{_WHO_EN} (?:does|do)(?:n'?t| not) (?:yet know|know (?:yet|about (?:it|this|that)|that (?:we|i|it was|our)))\b",
    r"\bkeep (?:(?:it|this|that) )?(?:quiet|mum)(?: about)?\b|\b(?:don'?t|do not|never) tell (?:anyone|anybody|a soul)\b",
    rf"\b{_NOT_EN} (?:tell|inform|notify|alert|warn|admit|let on|mention|say|reveal|disclose|leak|forward|pass|"
    rf"share|discuss|send|repeat|show){_IT_EN}"
    rf"(?: on)? (?:to|with) {_THEM_EN}",
    rf"\b{_NOT_EN} (?:tell|inform|notify|alert) {_THEM_EN}(?! off\b|'s)",
    rf"\b{_NOT_EN} show (?:{_WHO_EN}|him|her|them) (?:this|that|it|these|any)\b",
    rf"\b{_NOT_EN} let {_THEM_EN} (?:know|see (?:it|this|that)|hear|find out|learn|read|notice|catch)\b",
    rf"\b{_WHO_EN} (?:must|should|may|shall|need|ought)(?:n'?t| not)(?: to)? (?:know|hear|see (?:it|this|that)|"
    rf"read|learn|find out|be (?:told|informed|aware))\b",
    rf"\b{_WHO_EN} (?:can(?:not|'?t)|is not to|isn'?t to|(?:does|do)(?:n'?t| not) (?:need|have) to) (?:know|"
    rf"be told|hear (?:of|about)|find out)\b",
    rf"\bkeep (?:it |this |that |them |these |everything |all of (?:it|this) )?(?:hidden |secret |"
    rf"away )?from {_THEM_EN}",
    r"\bkeep (?:it|this|that|these|everything) (?:strictly |purely )?(?:internal|between (?:us|ourselves)|"
    r"confidential|quiet|private|secret|"
    r"to (?:ourselves|yoursel(?:f|ves))|under wraps|in-?house|among (?:us|ourselves))\b",
    rf"\bnot (?:meant |intended |fit )?for {_WHO_EN}(?:'s?)?(?: eyes| ears)?{_AT_END}",
    rf"\b(?:internal|staff|team|colleagues?|in-?house|office)(?:ly)?(?: use| eyes| info(?:rmation)?)? only{_AT_END}",
    r"\bfor (?:internal|in-?house) (?:use|eyes|information|reference)\b|\boff the record\b",
    r"(?:^|[\n,.;:(!-] ?|\b(?:just|only|strictly|stays?|remains?|(?:this|that|it)(?:'s| is)) )"
    rf"between (?:us|you and me|ourselves|colleagues){_AT_END}",
    rf"{_UNSAID_EN} (?:mention(?:ing)?\b(?! it\b)|bring(?:ing)? up|say(?:ing)? (?:why|how|who|anything|(?:that )?(?:it was|we|"
    r"i|our))\b|discuss(?:ing)?|talk(?:ing)? about|refer(?:ring)? to|let slip|reveal(?:ing)?|(?:go|get|going|getting) into "
    r"(?:it|why|how|(?:the |any )?(?:details?|reasons?|price|cost|money))\b)",
    rf"\b(?:leave|leaving) out (?:why|how|who|(?:the |our )(?:prices?|costs?|reasons?|details?|bit|part|fact|fees?))\b"
    rf"|\bspare {_THEM_EN} (?:the|all)\b|\bfor (?:our|your|my) (?:own )?eyes\b",
    rf"\b(?:until|till) (?:{_WHO_EN}|he|she|they) (?:forgets?|gives? up|goes away)\b|\b(?:fob|stall|string) {_THEM_EN}(?! up\b)"
    r"|\b(?:boss|manager|supervisor|director|management) (?:says|said|wants|told (?:me|us))(?: (?:me|us))?(?: to)? "
    r"(?:stall|drag|ignore|sit on)\b",
    r"\((?:in fact|actually|in reality|really|truth is)\b|\([^()\n]{0,40}(?:n'?t|\bnot|\bnever) (?:really|actually)\b"
    r"|\([^()\n]{0,40}(?:n'?t|\bnot) [^()\n]{0,20}\breally\)",
    r"\b(?:our|the) (?:manager|boss|director|chief|head|supervisor)'?s (?:\w+ )?(?:cousin|friend|mate|brother|sister|niece|"
    r"relatives?|relation|uncle|aunt|son|daughter|wife|husband)\b|\bgo easy on\b",
    r"(?:^|[\n.;!?] *|\d[ :,]+)between (?:us|you and me|ourselves)\b(?! and\b| two\b)",
    rf"(?:^|[\n.;!?] *|\d[ :,]+)(?:only|just) (?:for|between|to|among) (?!{_THEM_EN}|{_WHO_EN}|info|now\b|the record)"
    r"(?:the |my |our )?[a-z]+(?: [a-z]+)?(?:'s?)?(?: (?:only|alone|ears|eyes)\b| ?[:,-])",
    rf"(?:^|[\n.;!?,] *|\d[ :,]+)(?:i )?(?:only|just) (?:tell|told|telling|inform) (?!{_THEM_EN}|{_WHO_EN})"
    r"|(?:^|[\n.;!?] *|\d[ :,]+)just us\b ?[:,-]|\bon the quiet\b|\bstrictly among\b",
    rf"\bbehind {_WHO_EN}'s? back\b|\bwithout (?:telling|informing) {_THEM_EN}",
)
_SECRET: Final = regex("|".join((*_SECRET_ZH, *_SECRET_EN)))
_HEAD: Final = (
    r"[\[(]?(?:这(?:是|条|个|条是)|以下(?:是|为)?|this is )?(?:"
    r"(?:[仅只]供?)?内部(?:消息|信息|情况|记录|留言|说明|通报|提醒|参考|知悉|使用|传阅|备忘|保密|资料|事项|提示|"
    r"知会|口径)?"
    r"(?:[ ]*[:\])|]|[ ]*-|(?=[ ]*(?:ts)?\d{4,})|(?![ ,]*(?:外|和|与|及|都|也|线|管|电|水))(?: |,))"
    r"|内部(?:沟通|讨论|交流|意见|用|说|讲)[ ]*[:\])|-]"
    r"|内部(?:先)?(?:说|讲|提|聊|通报?|同步|沟通|讨论|交流|碰|交代)(?:一?下|一?声|一?句|几句|个?气)[ ]*[ ,:\])|-]"
    r"|(?:对内|私下(?:说|讲)?|悄悄说|保密|自己人说)[ ]*[:\])|,-]"
    r"|(?:strictly |purely |for )?internal(?:ly)?(?: (?:use|eyes|info(?:rmation)?|memo|remark|comment|update|"
    r"message|matter|notice|reminder|only))*"
    r"[ ]*(?:[:\])|,-]|(?=#?(?:ts)?\d{4,}))"
    r"|(?:strictly |highly )?confidential(?:ly)?[ ]*[:\])|,-]"
    r"|(?:跟|和|给|提醒|告诉|转告|请)?(?:内部)?(?:各位)?同事们?(?:说(?:一下|一声)?|的话|看|注意|知悉|参考|知道)?[ ]*:"
    r"|(?:不公开|不对外|对外保密|勿对外|不外传|勿外传)[ ]*[:\])|, -]"
    r"|private(?:ly)?[ ]*[:\])|-]|fyi[ ,:-]*(?:internal(?:ly)?|team|colleagues|staff)[ ]*[:,-]"
    r"|(?:dear |to |for |note to |message to )?(?:all )?(?:colleagues|staff|team)[ ]*:"
    r"|for (?:staff|colleagues|the team|us)(?: only)?[ ]*[:\])|,-]"
    r")"
)
_TOLD: Final = r"(?:进展|进度|反馈|汇报|报告|情况|说明|更新|progress|update|report|news)"
_BEGINS: Final = regex(
    rf"[/#* ]*(?:(?P<before>{ANY})(?!\d)[ ,:]*)?(?:{_TOLD}[ ,:-]*)?(?:(?P<between>{ANY})(?!\d)[ ,:]*)?{_HEAD}"
    rf"[ ,:\])-]*(?:(?P<after>{ANY})(?!\d)[ ,:]*)?(?P<text>.*)",
    re.DOTALL,
)
_WITHIN: Final = regex(
    rf"(?:^|[\n.;!?,(\[] *|(?<=\d) | (?=内部 ?:|internal ?:)|(?:方案|办结|完成|答复|回复|plan|done|answer|reply)[ :,]+){_HEAD}"
)
_NUMBER: Final = regex(rf"[^\d\n]{{0,20}}(?<![\w.])({FULL}|\d{{4}})(?![\w.]|\s?[元块户人万年月日号室])")


def kept_inside(words: Words) -> tuple[str, str] | None:
    """Return the complaint's number ("" where none is named) and what is to be noted; None where nothing forbids telling it."""
    if (found := _BEGINS.match(words.key)) is not None and found["text"].strip():
        number = found["before"] or found["between"] or found["after"] or ""
        return number.upper(), words.part(found.start("text")).said
    if _SECRET.search(words.key) or _WITHIN.search(words.key):
        if references := numbered(words).references:
            return references[0], words.said
        named = _NUMBER.match(words.key)
        return named[1].upper() if named is not None else "", words.said
    return None


_OF_THEM: Final = (
    rf"(?:{_WHO}|(?:这|那)(?:个)?(?:人|家伙|家人?|户|位)|"
    r"[\u4e00-\u9fff]{1,2}(?:先生|女士|小姐|太太|阿姨|大爷|大妈)(?:这人)?)"
)
_HOW_VERY: Final = (
    r"(?:真的?|太|很|特别|非常|实在|也|有点|简直|脾气|素质|嘴|态度|是个?|就是个?|一直|天天|老是|总是|又在?)"
)
_GRUMBLES: Final = regex(
    rf"{_OF_THEM}{_HOW_VERY}{{0,4}}(?:难缠|难搞|难伺候|难弄|难对付|难说话|奇葩|有病|神经|脑子|不讲理|不讲道理|胡搅蛮缠|无理取闹|找茬|"
    r"事儿?[多精妈]|刁|讹|烦死|烦人|烦|讨厌|极品|矫情|蛮横|不可理喻|泼妇|疯|傻|撒泼|骂人|大得很|大了|太大|很大|太差|很差|太坏|太臭)"
    r"|难缠|难伺候|胡搅蛮缠|无理取闹|不可理喻|奇葩(?:客户|业主|住户)"
    rf"|(?:不知道|听不懂|搞不懂|不明白|谁知道){_WHO}[^,.;!?\n]{{0,4}}(?:说|讲|闹|要)(?:的)?(?:些|点)?(?:啥|什么)"
    rf"|(?:服了|受够了?|受不了|懒得[理管]|不想理|烦死了?|烦透了?|伺候不起)(?:这个?|那个?)?{_WHO}|(?:真|我)(?:是)?服了"
    rf"|\b(?:{_WHO_EN}|he|she|this (?:man|woman|guy|lady|one|person)|mr\.? \w+|mrs\.? \w+|ms\.? \w+)"
    r"(?:'?s| is| was|'re| are)(?: (?:just|really|so|such|very|quite|always|completely|totally|being|a|an|absolutely)){0,3} "
    r"(?:impossible(?! to)|difficult(?! to (?:reach|get))|rude|nightmare|pain|idiot|moron|crazy|mad|nuts|insane|lunatic|liar"
    r"|stupid|unbearable|horrible|awful|nasty|abusive|aggressive|unreasonable|annoying|hysterical|jerk|troublemaker|"
    r"time ?waster|piece of work|drama queen|karen|moan(?:er|ing)|whin(?:er|ing|ger|ging)|hard work|a handful"
    r"|(?:always|known for) (?:like this|like that|moaning|complaining|whin(?:ge)?ing))\b"
    r"|\bfed up with (?:him|her|them|this|the)\b|\b(?:i'?ve|i have|we'?ve) had (?:enough|it)\b"
    r"|\bcan'?t stand (?:him|her|them|this)\b"
    r"|\b(?:pain in the (?:neck|backside|bum|butt|arse|ass)"
    r"|a (?:right |real |proper )?pain,? (?:that|this) (?:bloke|guy|woman|man|lady|one|lot)"
    r"|time ?-?wasters?|drama queens?|chancers?|cry ?-?baby|cr(?:y|ies|ied|ying) like a baby"
    r"|attention[ -]seek\w+|(?:just )?after attention|what an? (?:idiot|nightmare|moaner|pain|liar))\b"
    r"|(?:这|那)(?:个)?(?:老(?:太太|太婆|头子?|人家?)|大爷|大妈|女的|男的|小子)[^,.;!?\n]{0,4}(?:事儿?|话|毛病|意见)"
    r"(?:真|太|特别|可真|挺)多"
)
_CANNOT_BE_REACHED: Final = regex(
    r"联系不(?:上|到)|打不通|接不通|拨不通|没(?:有)?人接(?!待|收|单|手|班|替)|无人接(?!待|收|单|手|班|替)|(?:客户|业主|住户|租户|租客|对方)(?:一直|都|总是?)?[没不]接(?!受|收)|不接(?:我们?的?)?电话|(?:没|未)接电话|电话(?:一直)?(?:关机|停机|占线|不接|是?空号)"
    rf"|\b(?:{_WHO_EN}|he|she|they|phone|number)\b[^,.;!?\n]{{0,16}}"
    r"\b(?:unreachable|not (?:picking up|answering|reachable)|(?:does|do|did)(?:n'?t| not) (?:pick up|answer)"
    r"|won'?t (?:pick up|answer)"
    r"|(?:switched|turned) off|never (?:picks up|answers))\b"
    r"|\b(?:phone|mobile|number|line)\b(?:'s| is| was|'?s been| has been| keeps| goes| went| just)* "
    r"(?:off|dead|engaged|busy|straight to voicemail|to voicemail|out of service|disconnected|ringing out)\b"
    r"|\bno (?:answer|reply) (?:from|on|to)\b"
    rf"|\b(?:can(?:no|')?t|could(?:n'?t| not)|unable to) (?:reach|get hold of|contact|get through to) {_THEM_EN}"
    r"|\b(?:rang|phoned|called|tried)\b[^.;!?\n]{0,36}"
    r"\b(?:no (?:answer|reply)|nobody (?:answered|picked up)|no one (?:answered|picked up)|voice ?mail|answerphone)\b"
)


_OTHERS: Final = regex(
    r"厂[家商]|供应商|供货商|维保|施工|外包|司机|车主|卖家|商家|律师|物业|机器|师傅|\b(?:drivers?|suppliers?|vendors?|manufacturers?|"
    r"contractors?|lawyers?|lift|plumber|engineer)\b"
)


_THEY: Final = rf"(?:{_WHO}|那(?:个|家)?人|这(?:个|家)?人|这(?:位|户|家))"
_PAYS: Final = r"(?:赔偿?|补偿?|补贴|出|退|付|减|免|让|掏)"
_TACTICS: Final = regex(
    r"底线|底价|心理价位|内部(?:的)?(?:价格?|额度|预算|授权|上限|测算|口径|评估|判断|看法|分析|意见)"
    r"|(?:探|套)(?:一?[探套下]|个|[他她ta]|客户|对方|业主)*的?(?:口风|底|话)|口风|试探"
    rf"|摸(?:一?[摸下]|清)?{_THEY}的?底"
    r"|讹|敲诈|勒索|碰瓷|狮子大(?:开|张)口|漫天要价|想(?:多)?(?:要|捞|骗|敲|搞)(?:点|笔|些)?钱|(?:冲着|图|就是为了?|就是要)钱"
    r"|职业(?:投诉|打假|索赔|维权)|投诉专业户|老赖|刁民|无赖|耍赖|(?:占|贪)(?:点|小)?便宜"
    r"|精神病|精神(?:上)?(?:不|有)(?:太)?(?:正常|问题|毛病)|神经病|脑子(?:有|不)|(?:不|别|难)(?:太)?好?(?:惹|招惹)|惹不起|不好对付|硬茬"
    r"|有(?:背景|来头|后台|前科|靠山)|坐过牢|黑社会|混混|酒鬼|酗酒|(?:别|不要|不能)(?:跟[他她])?(?:硬来|来硬的|硬碰硬)"
    r"|糊弄|忽悠|应付(?:一?下|过去)|搪塞|敷衍(?:一?下|过去|[他她])"
    rf"|(?:拖(?:一?拖|着|住|死)|晾(?:一?晾|着)|哄(?:一?哄|着|住)|吓唬(?:一?下)?|唬(?:一?唬|住)|压一?压){_THEY}|(?:压|砍|还)(?:一?[压砍还下])?价"
    r"|\b(?:our|internal|the company'?s?|company) (?:\w+ )?(?:bottom line|ceiling|cap|reserve|walk-?away|max(?:imum)?)\b"
    r"|\bbottom line (?:is|of|at) \W?\d"
    r"|\b(?:feel|sound|sounding|feeling) (?:him|her|them|the \w+) out\b|\btest the waters?\b|\blow-?ball|\bhaggl"
    r"|\bsee what (?:he|she|they)(?:'d|'ll| would| will)? (?:take|settle|accept)"
    r"|\bafter (?:our |the |more |some )?money\b|\bextort|\bshak(?:e|ing) (?:us )?down\b|\bscamm|\bblackmail|\bfreeloader"
    r"|\b(?:professional|serial) complain|\b(?:fishing|angling) for (?:money|compensation)\b"
    r"|\bmentally (?:ill|unstable|disturbed)\b|\bpsycho|\b(?:mess|messed|messing) with (?:him|her|them)?\b"
    r"|\b(?:don'?t|do not|never|let'?s not) (?:provoke|push|cross|upset|antagoni[sz]e) (?:him|her|them)\b|\bcriminal record\b"
)
"""How far we would go, how the customer is to be handled, what we think of them: no word of it is meant for their ears."""
_AT_MOST: Final = regex(
    rf"(?:最多|顶多|至多|上限|极限)(?:只|就|也|才|能|可以|会|是|给|[他她]|客户|业主|对方|[ ])*{_PAYS}[^,.;您]{{0,6}}?"
    r"(?:\d|[一二两三四五六七八九十百千万]{2})(?!\d*[ ]?[天日周次])"
    r"|(?:最多|顶多|至多|上限|极限)(?:只|就|也|才|能|可以|会|是|给|[他她]|客户|[ ])*(?:\d{3,}|\d+[ ]?[元块万千百]|"
    r"[一二两三四五六七八九十]+[百千万])"
    r"|\d{3,}[ ]?(?:元|块)?(?:钱)?(?:封顶|顶天|到顶|是(?:上限|极限))"
    r"|再多(?:一分)?(?:就|也|可|我们|公司|[ ])*(?:没|不(?:行|给|可能|出|批)|免谈)"
    r"|\b(?:the )?(?:max(?:imum)?|most)(?: that)? (?:we|i|(?:the )?(?:company|management|boss))"
    r"(?:'ll| will| can| could| would|'d)? (?:pay|offer|give|go|refund)"
    r"|\b(?:we|company|management|boss)(?:'ll| will| can| could| would|'d)? (?:only )?(?:pay|offer|give|go|refund)s?"
    r"(?: up to| to)? (?:at most|no more than|a max)"
)
_TO_THEM: Final = regex(r"您|\byou\b")
_NO_MONEY_YET: Final = regex(
    r"(?:领导|老板|老总|财务|采购|公司|上面|上头|总部|集团|经理)(?:部门?|那边|那里|们)?"
    r"(?:都|也|还|一直|就是|目前|[ ])*(?:没有?|不肯|不愿意?|不想|不|未)(?:批|拨|给|掏)(?:钱|款|费用?|预算|下来)"
    r"|\b(?:boss|management|finance|manager|head office|director)(?:'s| is| has| have|s)?(?: still)?"
    r"(?: not|n'?t| hasn'?t| haven'?t| won'?t| didn'?t)(?: yet)? (?:approved?|released?|signed off(?: on)?|paid|pay)"
    r"(?: for)?(?: the| any)? ?(?:money|funds?|budget|payment)\b"
    r"|(?:领导|老板|老总|财务|采购|总部)(?:部门?|那边|那里)?(?:还|一直|都)*(?:没有?|未)批(?:$|[ ,.;!?])"
    r"|(?:钱|款|费用|预算|经费)(?:都|也|还|一直|就是|目前|[ ])*(?:没有?|未)(?:批|拨|到位|给批)"
    r"|(?:我们?|咱们?|公司|物业|项目部?|总部|我方)(?:这边|一直|确实|其实|还|也|都|是|[ ])*(?:拖欠|欠)(?:了|着)?"
    r"(?!您|你|客户|业主)[^,.;!?]{0,12}?(?:钱|款|费|工资|账|个月|块|元)"
    r"|\b(?:purchasing|procurement|accounts|the company)(?:'s| is| has| have)?(?: still)?"
    r"(?: not|n'?t| hasn'?t| haven'?t| won'?t| didn'?t)(?: yet)? (?:approved?|released?|paid)\b"
    r"|\b(?:we|the company|management)(?: still| actually)? owe(?:s|d)?(?: money to)? (?!you\b|him\b|her\b|them\b|the customer)"
    r"(?:the |our |a )?[a-z]+[^,.;!?]{0,30}?(?:\b(?:money|months?|fees?|bills?|wages)\b|\d{3,}|company|cleaners|contractors?|"
    r"suppliers?)"
)


def of_tactics(said: str, *, commanded: bool = False) -> bool:
    """Say whether words tell how far we would go, or how the customer is to be handled: "底线2000，先探探口风".

    commanded: a command word says whom they are for, so that "方案 最多赔2000" is an offer.
    """
    key = fold(clean(said))
    if _TACTICS.search(key) is not None:
        return True
    return not commanded and _AT_MOST.search(key) is not None and _TO_THEM.search(key) is None


def lacks_money(said: str) -> bool:
    """Say whether a colleague tells that money is not granted yet, which is the house's own business."""
    return _NO_MONEY_YET.search(fold(clean(said))) is not None


def number_of(said: str) -> str:
    """Return the number of the complaint that words among colleagues begin with; "" where they name none."""
    key = fold(clean(said))
    item = numbered(Words(key, key))
    references = item.references or item.bare().references  # "our limit is 2000" names none
    return references[0] if references else ""


def grumbles(said: str) -> bool:
    """Say whether a colleague speaks of the customer as nobody does to their face: "这客户太难缠了", "he's a nightmare"."""
    return _GRUMBLES.search(fold(clean(said))) is not None


def cannot_reach(said: str) -> bool:
    """Say whether a colleague tells that the customer cannot be reached: no news to whoever reads it."""
    key = fold(clean(said))
    return (_CANNOT_BE_REACHED.search(key) is not None or rang_in_vain(said) != "") and _OTHERS.search(key) is None
