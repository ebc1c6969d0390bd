"""What belies a reading: words in a text that say the opposite of what rules or likeness took it for. Pure.

Asked last, of every reading. In doubt nothing is done, closed or agreed to, and the person is asked back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.grammar import answers, centre, customer, granting, holding, staff
from bot.grammar.arguments import EDGES, Numbered
from bot.grammar.meaning import Pending, Reading, Speaker, Verb
from bot.grammar.patterns import regex
from bot.grammar.rating import Rating, discontent
from bot.grammar.whole_words import writes_again
from bot.grammar.words import STAFF

_LONGEST: Final = 200  # characters that are looked at

# -- whom a customer wants, and what they do not want --------------------------------------------------------------------
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
_ASKS_A_STATEMENT: Final = regex(
    r"(?:有何|有什么|有啥|有没有|什么|怎么|如何|作何)[^,.;]{0,3}(?:回应|说法|评论|置评|表态|解释|声明)"
    r"|\b(?:what|any)\b[^.;]{0,16}\b(?:comment|statement|response)\b|\byour (?:comment|statement|response)\b[^.;]{0,12}\?"
)
_DATA: Final = regex(r"数据|信息|资料|个人|隐私|记录|\b(?:data|info\w*|details|records?)\b")
_SEES: Final = regex(r"看|查|了解|知道|\b(?:see|look|know|copy|read|view)\b")
_KEEPS_IT: Final = regex(
    r"(?:不|别|不要|不会|不能|没(?:有)?(?:说)?(?:要)?)(?:想|再|愿意?)?(?:撤(?!.{0,4}了吧)|取消)"
    r"|\b(?:don'?t|do not|won'?t|will not|never|not)(?: (?:want|going|wish|to|please|you)){0,3} (?:withdraw|"
    r"cancel|drop)"
    r"|(?:还是|仍然?|依然|继续)(?:要|想|得)?(?:继续)?投诉|\b(?:still|do) (?:want|wish) to (?:complain|go (?:on|ahead))\b"
)
_TAKES_BACK: Final = regex(r"撤|取消|\b(?:withdraw|cancel|drop)")
_KEEPS: Final = regex(r"\bkeep (?:it|this|the (?:case|complaint))\b|(?:保留|留着)(?:投诉|这个|它|吧|$)")

_CODE: Final = regex(r"(?:绑定码?|bind(?:ing)?(?: code)?)[ :]*[a-z\d]{4,12}", re.ASCII)
"""A one-time code of a colleague, said by somebody whom it does not fit."""

# -- how satisfied ---------------------------------------------------------------------------------------------------
_NOT_CONTENT: Final = regex(
    r"^(?:还是?|但|就是|又|都|仍|依然)*(?<![没不])有(?:点|些|一点|一些|个|几个|很多|大|小)*(?:问题|毛病|故障|"
    r"意见|瑕疵)(?!吗|么|没)"
    r"|(?:可以|行|满意|修好|搞定|好|正常|没事|解决)了?个(?:鬼|屁|毛线?|头|锤子?|球)"
    r"|\bun (?:satisf\w+|happy|pleased|resolved|fixed|solved)|\bthanks? (?:you )?for (?:nothing|wasting|the mess\b)"
    r"|^(?:it|this|that|the \w+)(?:'?s| has| is| does)? ?(?:stopped|quit|ceased|not|n'?t|isn'?t|doesn'?t|no longer) "
    r"work(?:ing|s)?\b"
    r"|\b(?:good|great|nice|well done|brilliant|lovely)(?: (?:job|work))?(?: (?:on|for|by))? "
    r"(?:break|ruin|wreck|damag|flood|destroy|scratch|spoil|mess)ing\b"
)
_SO_FAR: Final = regex(
    r"(?:暂时|目前|眼下|现在)(?:看|来看|来说|为止|上)*[^,.;]{0,3}(?:没(?:有|啥|什么)?(?:问题|漏|响|滴|堵|事)|"
    r"正常|还?好)"
)
_DOUBTS_IT: Final = regex(
    r"^yeah,? right\b|\blol\b|\b(?:sort of|kind of|kinda|sorta)\b|^as if\b|\b(?:sure|yeah),? as if\b|^(?:可以|"
    r"好|行|解决|修好)了吧[ .!?]*$"
    rf"|^{_SO_FAR.pattern}"
)
_SHORT: Final = 40  # characters
_NOT_LOOKED: Final = regex(
    r"(?:我|们|还|也|都|一直)*(?:没(?:有)?(?:来得及|时间|空|机会)|来不及)(?:去|回家|回去)?(?:看|试|检查|"
    r"用)?(?:呢|一下)?"
    r"|(?:i |we |still )*(?:haven'?t|have not|didn'?t|not) (?:yet )?(?:(?:had|got|have|get) (?:a |the |"
    r"any )?(?:chance|time)|been able) "
    r"to (?:look|check|test|try|see)(?: (?:it|at it|yet))*"
)
_FAULTS_ZH: Final = r"(?:漏|响|滴|堵|吵|臭|渗|跳闸|闪|晃|返水|冒水)"
_MENDED: Final = regex(
    rf"(?:已经?|现在|到现在|之后|后来|再也|也|就|都|这两天|昨晚|昨天|今天)*(?:没(?:有)?再?|不再|"
    rf"再没)(?:有)?(?:出现)?{_FAULTS_ZH}"
    r"(?:水|过|了|啦)*"
    r"|(?:it'?s|it is|all|everything(?:'s| is)?|that'?s)(?: all| now)? working(?: now| again| fine| well|"
    r" perfectly| ok)*"
    r"|(?:there (?:is|are|has been|have been) )?no (?:more )?(?:leak(?:s|ing|age)?|nois(?:e|es)|smells?|"
    r"drip(?:s|ping)?|damp|"
    r"problems?|issues?)(?: any ?more| now| at all)*"
    r"|(?:it|the \w+)(?:'?s| is| has|'?ve)? ?(?:isn'?t|not|no longer|stopped|has stopped|"
    r"doesn'?t)(?: been)? (?:leak|drip|rattl|"
    r"smell|buzz|flicker|squeak|flood|overflow)(?:ing|s)?(?: any ?more| now| at all)*"
    r"|the (?:nois(?:e|es)|smells?|leaks?|damp|mould|problem|issue|fault|drip|rattle|stink|buzz(?:ing)?)(?:'s|"
    r" is| are| has| have)?"
    r" (?:all )?(?:gone|stopped)(?: away)?(?: now)?"
    r"|(?:it'?s |it has )?never been better",
    re.ASCII,
)
_THANKED: Final = regex(
    r"[ ,.!~]*(?:谢谢|多谢|感谢|谢啦|thanks?|thank you|cheers|thx)(?:你们?|您|师傅| you| so much| a lot|了)*[ ,.!~]*$"
)

# -- consent ------------------------------------------------------------------------------------------------------------
_UNDER_CONDITIONS: Final = regex(
    r"^(?:那|嗯|我|都|[ ,])*(?:可以|好|行|同意|接受|没问题|ok)[^;]{0,12}?(?:但(?!愿)|(?<=[,. ])不过|可是|就怕|只怕|怕你|只要|"
    r"前提|要是|如果|除非|怎么办|"
    r"[,. ](?:得|必须|需要|要|至少)|行不行|可不可以)"
    r"|^(?:可以是可以|行是行|好是好)"
    r"|^(?:well |i |yes |ok |[ ,])*(?:ok(?:ay)?|yes|yeah|sure|fine|agreed?|alright|all right|deal|"
    r"good)\b[^;]{0,20}?\b(?:but|however|unless|"
    r"provided|providing|only if|if|as if|on condition|as long as(?=.*\b(?:free|pay|refund|cost|charge|"
    r"money)))\b(?! please| only because| they| it'?s (?:before|by|on|in)\b)"
    r"|^(?:ok(?:ay)?|yes|yeah|sure|fine|agreed?)\b.*(?:money back|\brefund\b|\bcompensat\w*)"
    r"|^(?:do|have) i (?:even |really )?(?:have|got) (?:a|any) choice|^(?:what|which) choice|^(?:can|could|will|"
    r"would) (?:you|it|i|we|they)\b"
)
_CONDITION_FIRST: Final = regex(
    r"^(?:那|嗯|我们?|[ ,])*(?:要是|要不是|如果|假如|假若|若是?|只要|只有|除非|倘若)[^;.!?]{1,40}"
    r"(?:同意|接受|可以|答应|认可|没问题|没意见|行|好说|好)(?:了|的|吧|啊|办)*[ .!]*$"
    r"|的话[ ,]*(?:那|我们?|就|才|也|都|[ ,])*(?:同意|接受|可以|答应|认可|没问题|没意见|行|好)(?:了|的|吧|啊)*[ .!]*$"
    r"|^(?:but |well |only |and |[ ,])*(?:if|provided|providing|as long as|so long as|unless|on condition|assuming)\b[^;!?]*"
    r"\b(?:agree|accept|ok(?:ay)?|fine|yes|deal|happy|all right|alright|sure)\b"
    r"|^i(?:'ll| will| would|'d| can| could|'m happy to| am happy to)? ?(?:only )?(?:agree|accept|take it|go along|say yes)\b"
    r"[^;!?]*\b(?:if|provided|providing|as long as|so long as|only when|unless|on condition)\b"
    r"|^(?:please |just |[ ,])*(?:come|fix|send|pay|give|do|bring|refund|put|make|start|finish|repair|replace)\b[^;!?]*"
    r"\band (?:then )?(?:i(?:'ll| will)? (?:agree|accept)|it'?s a deal|you(?:'ll)? have a deal)\b"
)
_RESIGNED: Final = regex(
    r"^(?:well|ok(?:ay)?|alright|fine|[ ,])*if (?:that'?s|that is|this is|there'?s|there is|it has to|it must|"
    r"you (?:say|insist)|need be)\b"
)
"""Grumbling that agrees: "if that's the best you can do, then ok"."""
_NOT_YET: Final = regex(
    r"\b(?:until|till) (?:you|i|we|it|they|the|someone)\b"
    r"|\b(?:but|however) (?:the|my|our) (?:\w+ )?(?:problem|trouble|issue|fault)\b"
    r"|\b(?:\w+ )(?:more )?(?:to go|left|remaining|still to (?:do|come))[ .!]*$|^only (?:one|half|part|the)\b"
    r"|(?:一|就|只要)(?:开|用|按|关|下雨)[^,.;]{0,6}(?:又|还|就(?:又|还|漏|响|跳|坏))|(?:还(?:剩|差|有)|才)[^,.;]{0,8}(?:没|一半|个|间|处)"
)
_SAYS_YES_AFTER_ALL: Final = regex(
    r"\b(?:but|however)\b.*\b(?:ok(?:ay)?|yes|accept(?:ed)?|agreed?|go (?:on|ahead)|do it|fine|all right|"
    r"alright|proceed|take it|thank)\b"
    r"|(?:但|不过|可是).*(?:同意|可以|接受|就这样|就这么|行吧|好吧|谢)"
)
_MINDS: Final = regex(r"(?:i|we) do (?:mind|object)\b.*")
_DOES_NOT_MIND: Final = regex(
    r"(?:我|我们|这个?|也|都|那)*(?:不反对|没(?:有)?(?:什么|啥)?异议|不介意)(?:的|吧|啊|了|这个方案|这样)*"
    r"|(?:no[ ,]+|well[ ,]+)?(?:i|we) (?:do not|don'?t) (?:mind|object)(?: at all| (?:to )?(?:it|that|this|"
    r"the plan))*"
)
_AGREES_AND_ASKS: Final = regex(
    r"(?:同意|可以|好的?|行|没问题|ok)[,. ].{2,}(?:行不行|可不可以|行吗|可以吗|好吗)[ ?.]*$"
)

# -- the work, and what the centre decides ------------------------------------------------------------------------------
_CUSTOMER: Final = r"(?:客户|业主|住户|租户|租客|对方|the (?:customer|client|tenant|owner|resident))"
_NO_PLAN: Final = regex(
    r"(?:还|暂|目前|现在|暂时|[ ,])*(?:没|无|没有)(?:有)?(?:想好|想出|什么|任何|好的?)?方案[ .!了呢]*$"
    r"|(?:解决)?方案(?:还|暂|目前|现在|都|一直|仍|[ ,:])*(?:没|未|待)(?:有)?(?:定|出|想|做|好|写|确|批|谈|下来?|商)"
    r"|(?:解决)?方案(?:还|正|仍)?在(?:讨论|商量|研究|想|定|做|写)"
    r"|(?:there(?:'s| is) )?no plan\b|(?:the )?plan (?:is |has )?(?:still |just )?(?:not|n't|isn'?t|hasn'?t)\b"
)
_CONSENT_TOLD: Final = regex(
    rf"{_CUSTOMER}[^,.;:?]{{0,4}}(?:不|没|未|没有|拒绝|doesn'?t|does not|didn'?t|won'?t|refuses to)? ?(?:同意|"
    rf"接受|认可|答应|agrees?|accepts?)"
    r"(?:了|这个|我们的?|the|it|方案|plan| )*[ .!]*"
)
_TOO_BUSY: Final = regex(r"忙不过来|腾不出手|人手不[够足]|\btoo busy\b|\bswamped\b|\bshort[- ](?:staffed|handed)\b")
_CUSTOMER_AWAY: Final = regex(
    rf"{_CUSTOMER}[^,.;]{{0,6}}(?:休假|出差|度假|旅游|不在家|外出|\b(?:on (?:holiday|leave|vacation|a trip)|away|abroad|"
    r"travelling|out of town)\b)[^,.;]*"
)
_PROTESTS: Final = regex(
    r"(?:(?:这|那|怎么|绝|根本|完全)*不可能(?:吧|的|啊|呢|哦)?(?:[,.!? ].*)?"
    r"|(?:that'?s |it'?s |this is )?(?:impossible|no way|nonsense)(?:[,.!?]+ ?.*)?"
    r"|(?:这(?:是|个|单)?)?(?:是)?谁(?:派|分|转|指派)(?:的|给我)(?:的|单|单子)*[ ?啊呀呢]*"
    r"|who (?:sent|assigned|gave|dispatched)(?: me)? (?:this|it|that)(?: (?:to )?me)?[ ?]*)"
)
_ALL_BUT: Final = regex(
    r"\b(?:done|finished|completed?|fixed|sorted|repaired|painted|replaced)\b,? (?:bar|except(?: for)?|"
    r"apart from|save|other than|aside from|minus) "
    r"|\b(?:all|everything)\b[^,.;]{0,16}\b(?:done|finished|completed?|fixed|sorted) but (?:the|a|an|one|for)\b"
    r"|除了?[^,.;]{1,10}(?:都|全|其他|其它|别的)|[好完成毕了][,. ]+(?:就)?除了?[^,.;]{1,12}$"
)
_UNDER_WAY: Final = regex(
    r"^(?:only |about |just )?half ?(?:way|done|finished|of (?:it|them))?\b(?! an? (?:hour|day))"
    r"|\b(?:must|will|want to|need to|have to|going to) (?:see|check|test|wait|watch)\b.*\bbefore i (?:say|close|call|tell)\b"
    r"|^(?:才|刚|只|只有|差不多|已经|做了|弄了|干了|修了)*(?:做|弄|干|修|换|装|刷)?(?:了|到|好)?一半(?:了|吧|多)?[ .!]*$"
)
_DUE: Final = regex(
    r"\b(?:should|will|ought to|to) be (?:done|finished|fixed|ready|completed?|sorted) (?:by|before|"
    r"on) (?:(?:the )?end|(?:next|this) |noon|"
    r"midday|tonight|today|tomorrow|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\d)",
    re.ASCII,
)
_NOT_INVALID: Final = regex(
    r"(?:别|不要|不能|不可以|不该|不应该?|不得|勿|先不|不用|不是|不算)(?:急着?|先|再|就|轻易|随便|给|"
    r"把它)*(?:判定?|定|算|认定|按|作)?(?:为|成|是)?无效"
    r"|\b(?:not|never|don'?t|isn'?t)\b[^,.;]{0,24}\binvalid\b"
)
_OTHER_DENIAL: Final = regex(
    r"(?:不是|不算|并非)(?:什么|个|一个|真的|真)*(?:媒体|记者|报社|电视台|业主|房东|租客|租户|住户|热点|紧急|急事|s\d|投诉(?:那么|这么)简单|"
    r"(?:那么|这么)(?:简单|严重|急))"
    r"|\b(?:not|isn'?t|no)(?: (?:the|an?|from|with|really))* (?:press|media|journalists?|reporters?|owners?|landlord|tenants?|"
    r"urgent|hot|s\d)\b"
)
"""What somebody or something is not, which leaves the complaint as valid as it was."""
_INVALID: Final = regex(
    r"无效|不成立|不属实|不受理|没有依据|\b(?:invalid|dismiss\w*|throw\w* out|unfounded|not (?:a )?(?:valid|genuine))\b"
)
_ASKS_TO_CLOSE: Final = regex(
    r"(?:能不能|可不可以|能否|可否|是否可以)[^,.;]{0,4}(?:结案|关闭|归档|关单|销案)|(?:能|可以|要|"
    r"该)[^,.;]{0,3}(?:结案|关闭|归档|关单)(?:了)?(?:吗|么|不)[ ?]*$"
    r"|^(?:can|could|may|shall|should) (?:we|i) (?:\w+ )?close\b"
)
_ALL: Final = regex(r"全部|所有|全都|统统|一次性|\b(?:all|everything|every (?:one|case|complaint)|them)\b")
_SAYS_NO_REASON: Final = regex(
    r"(?:it|this|that|the)(?: (?:one|case|complaint|ticket))?(?: (?:please|pls|now|off|down))*[ .!]*"
)
_ASKS_WHO: Final = regex(
    r"[ ,]*(?:谁(?:在|负责|接|办|跟|管|处理)|(?:现在)?(?:在|归|由)谁|"
    r"(?:and )?who(?:'?s|se| is| has| have| was| got)\b(?! (?:assigned|to)\b))[^,.;?!]{0,24}\W*$",
    re.ASCII,
)


_NUMBER: Final = r"(?:(?:the )?(?:case|complaint) )?#?(?:ts\d{8}-)?\d{2,6}"
_DECISIONS: Final = (
    (Verb.APPROVE, regex(rf"extensions?(?: for)?(?: {_NUMBER})?(?: is)? (?:approved?|granted|fine|ok(?:ay)?)\b")),
    (Verb.REJECT, regex(rf"extensions?(?: for)?(?: {_NUMBER})?[ :,]*no\b")),
    (
        Verb.INVALID,
        regex(
            rf"(?:please |pls )?(?:throw out|dismiss) (?:{_NUMBER}|this|it)\b"
            r"|i (?:don'?t|do not|can'?t|cannot) see (?:a |any )?(?:valid |genuine )?complaint\b"
        ),
    ),
    (
        Verb.VALID,
        regex(
            rf"(?:{_NUMBER}|(?:the |this )?complaint|this|it) (?:stands|is right|is genuine)\b"
            rf"|i accept (?:{_NUMBER}|it|this) as (?:a )?(?:valid |genuine )?complaint\b"
        ),
    ),
    (
        Verb.CLOSE,
        regex(
            rf"(?:please |pls )?(?:wrap up|end|finish off) {_NUMBER}\b|(?:{_NUMBER}|case) closed(?: please| pls)?[ .!]*$"
        ),
    ),
)
"""What the centre decides in English sentences that begin like a handler's, or like a name."""
_ITS_NUMBER: Final = regex(r"(?<!\w)((?:ts\d{8}-)?\d{4,6})(?!\w)")
_GIVES: Final = regex(rf"(?:{_NUMBER} )?(?:please |pls )?(?:give|reassign|hand|pass|assign)\b(?!.*\bback\b)")


def _supervised(found: Reading, key: str, item: Numbered) -> Reading | None:
    """Of the centre's sentences: what they decide, and who is to have it."""
    if found[0] is Verb.TRANSFER and _GIVES.match(key):
        return Verb.ASSIGN, found[1]
    decided = next((verb for verb, pattern in _DECISIONS if pattern.match(key)), None)
    if decided is None:
        return None
    verb, given = found if found[0] is decided else _told(decided, item)
    number = _ITS_NUMBER.search(key)
    reference = found[1].get("reference") or (number and number[1].upper())
    return verb, {**given} | ({"reference": reference} if reference else {})


def corrected(found: Reading, item: Numbered, role: Speaker, pending: Pending) -> Reading:
    """Return a reading, or what a text says where it belies that reading."""
    item = item if item.references else item.bare()
    key = item.words.key[:_LONGEST].strip(EDGES + "?")
    if (
        role is Speaker.SUPERVISOR
        and pending is Pending.NONE
        and (decided := _supervised(found, key, item)) is not None
    ):
        return decided
    if role is Speaker.SUPERVISOR and (decided := granting.doubted(found, item, pending)) is not None:
        return decided
    if role in STAFF and (waits := holding.said(found, item, pending)) is not None:
        return waits
    judge = (_STAFFS if role in STAFF else _CUSTOMERS).get(found[0])
    return (judge and judge(found, key, item, pending)) or found


def _told(verb: Verb, item: Numbered) -> Reading:
    return verb, item.arguments | ({"text": item.words.said} if verb is not Verb.UNCLEAR else {})


def _rated(rating: Rating, item: Numbered) -> Reading:
    return Verb.RATE, item.arguments | {"rating": rating.value, "comment": item.words.said}


def _person(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if _WITHHOLDS.search(key) and not _WANTS_A_PERSON.search(key):
        return _told(Verb.ADD, item)
    if _NO_CALL.search(key):
        left = _NO_CALL.sub("", key)
        if _WANTS_A_PERSON.search(left):
            return None
        return _told(Verb.COMPLAIN if customer.TROUBLE.search(left) else Verb.ADD, item)
    if pending is Pending.NONE and _ACCUSES.search(key) and not _WANTS_A_PERSON.search(key):
        return _told(Verb.COMPLAIN, item)
    return None


def _erase(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if _WITHHOLDS.search(key) and not _ERASING_TOO.search(key):
        return _told(Verb.ADD, item)
    if not _ERASES_NOTHING.search(key):
        return None
    return (Verb.MY_DATA if _SEES.search(key) else Verb.UNCLEAR), item.arguments


def _shown(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for a wish to see personal data: to keep it from somebody, or to hear what we have to say."""
    asks = _ASKS_A_STATEMENT.search(key) and not _DATA.search(key)
    return _told(Verb.ADD, item) if asks or _WITHHOLDS.search(key) else None


def _left_alone(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    return (Verb.HELP, {}) if writes_again(key) else _unrated(found, key, item, pending)


def _withdraw(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if _NO_CALL.search(key):
        return _told(Verb.ADD, item)
    kept = _KEEPS_IT.search(key)
    if kept is None:
        return None
    if len(key) < 24:
        return _told(Verb.UNCLEAR, item)
    return None if _TAKES_BACK.search(key, kept.end()) else _told(Verb.COMPLAIN, item)


def _mended(key: str) -> bool:
    return _MENDED.fullmatch(_THANKED.sub("", key).strip(EDGES)) is not None


def _rating(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    satisfied = found[1].get("rating") == Rating.SATISFIED
    if satisfied and _NOT_CONTENT.search(key):
        return _rated(Rating.DISSATISFIED, item)
    if satisfied and _DOUBTS_IT.search(key):
        return Verb.UNCLEAR, item.arguments
    return None if satisfied else _unrated(found, key, item, pending)


_YET: Final = regex(r"但|可是|不过|就是|却|又|还|\b(?:but|though|however|still|again)\b")


def _unrated(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for a complaint, or for no answer: the fault is gone, or nobody has looked yet."""
    if found[0] is Verb.COMPLAIN and _CODE.fullmatch(key):
        return Verb.UNCLEAR, item.arguments
    if pending not in (Pending.NONE, Pending.RATING):
        return None
    if found[0] is Verb.THANKS and _ASKS_A_STATEMENT.search(key) and not answers.THANKS.search(key):
        return _told(Verb.ADD, item)
    if _mended(key):
        return _rated(Rating.SATISFIED, item)
    if found[0] is Verb.THANKS and pending is Pending.NONE and _YET.search(key) and discontent(item.words):
        return _told(Verb.COMPLAIN, item)
    if pending is Pending.RATING and found[0] is Verb.THANKS and _NOT_CONTENT.search(key):
        return _rated(Rating.DISSATISFIED, item)
    doubts = _DOUBTS_IT.search(key) if found[0] is not Verb.RATE else _SO_FAR.match(key)
    if pending is Pending.RATING and (_NOT_LOOKED.fullmatch(key) or doubts) and len(key) < _SHORT:
        return Verb.UNCLEAR, item.arguments
    return None


def _agreed(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if pending is Pending.YES_NO and _KEEPS_IT.search(key):
        return Verb.DISAGREE, item.arguments | {"reason": item.words.said}
    if pending is Pending.YES_NO and _KEEPS.search(key):
        return _told(Verb.UNCLEAR, item)
    if pending is Pending.RESULT and _NOT_YET.search(key):
        return Verb.DISAGREE, item.arguments | {"reason": item.words.said}
    if pending is not Pending.PLAN:
        return None
    if _MINDS.fullmatch(key):
        return Verb.DISAGREE, item.arguments | {"reason": item.words.said}
    if _CONDITION_FIRST.search(key) and not _RESIGNED.match(key):
        return _told(Verb.UNCLEAR, item)
    return _told(Verb.UNCLEAR, item) if _UNDER_CONDITIONS.search(key) and not _SAYS_YES_AFTER_ALL.search(key) else None


def _refused(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if pending not in (Pending.PLAN, Pending.YES_NO):
        return None
    if _DOES_NOT_MIND.fullmatch(key):
        return Verb.AGREE, item.arguments
    return _told(Verb.UNCLEAR, item) if pending is Pending.PLAN and _AGREES_AND_ASKS.match(key) else None


def _unplanned(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    return _told(Verb.NOT_DONE, item) if pending is Pending.NONE and _NO_PLAN.match(key) else None


def _planned(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if _NO_PLAN.match(key):
        return _told(Verb.NOT_DONE, item)
    return _told(Verb.REPORT, item) if _CONSENT_TOLD.fullmatch(key) else None


def _worked(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if _PROTESTS.fullmatch(key) and not staff.GIVE_BACK.search(key):
        return _told(Verb.UNCLEAR, item)
    if found[0] is Verb.DONE and _UNDER_WAY.search(key):
        return _told(Verb.REPORT, item)
    return _told(Verb.NOT_DONE, item) if found[0] is Verb.DONE and _ALL_BUT.search(key) else None


def _longer(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Where the customer is away, nobody has asked for more time yet."""
    return _told(Verb.REPORT, item) if _CUSTOMER_AWAY.fullmatch(key) else None


def _handed(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    if found[0] is Verb.TRANSFER and "who" not in found[1] and _TOO_BUSY.search(key):
        return _told(Verb.GIVE_BACK, item)  # to nobody in particular
    if _DUE.search(key):
        return _told(Verb.REPORT, item)
    item = item if item.references else item.bare(at_start=False)
    if _ASKS_WHO.match(item.words.key):
        return Verb.STATUS, item.arguments
    if centre.NO_HOLD.match(item.words.key):
        return Verb.REJECT, {**item.arguments, "reason": item.words.said}
    bare = item.words.key.strip(EDGES + "吧呀啊的")
    if found[0] is Verb.ASSIGN and bare in answers.YES_WHOLE | answers.NO_WHOLE:  # "0001 ok" names no colleague
        return (Verb.APPROVE if bare in answers.YES_WHOLE else Verb.REJECT), item.arguments
    return None


def _judged(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    belied = _NOT_INVALID.search(key) or (_OTHER_DENIAL.search(key) and not _INVALID.search(key))
    return _told(Verb.UNCLEAR, item) if belied else None


def _closed(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    item = item if item.references else item.bare(at_start=False)
    if found[0] is Verb.CLOSE and not found[1].get("reference") and _ALL.search(key):
        return Verb.CLOSE, {"all": True}
    if found[0] is Verb.CLOSE and _SAYS_NO_REASON.fullmatch(str(found[1].get("reason") or "none").casefold()):
        return Verb.CLOSE, {name: value for name, value in found[1].items() if name != "reason"}
    return (Verb.STATUS, item.arguments) if _ASKS_TO_CLOSE.search(key) else None


_Judge = Callable[[Reading, str, Numbered, Pending], Reading | None]
_CUSTOMERS: Final[Mapping[Verb, _Judge]] = {
    Verb.PERSON: _person,
    Verb.ERASE_ME: _erase,
    Verb.MY_DATA: _shown,
    Verb.STOP: _left_alone,
    Verb.WITHDRAW: _withdraw,
    Verb.RATE: _rating,
    **dict.fromkeys((Verb.COMPLAIN, Verb.UNCLEAR, Verb.THANKS), _unrated),
    Verb.AGREE: _agreed,
    Verb.DISAGREE: _refused,
}
_STAFFS: Final[Mapping[Verb, _Judge]] = {
    Verb.PLAN: _planned,
    Verb.UNCLEAR: _unplanned,
    **dict.fromkeys((Verb.GIVE_BACK, Verb.DONE, Verb.ACCEPT, Verb.LIST, Verb.DISAGREE), _worked),
    **dict.fromkeys((Verb.TRANSFER, Verb.ASSIGN), _handed),
    Verb.INVALID: _judged,
    Verb.EXTEND: _longer,
    **dict.fromkeys((Verb.CLOSE, Verb.REJECT), _closed),
}
