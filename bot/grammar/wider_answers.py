"""A second look at answers to our questions, by word classes wide enough for words that no table lists. Pure.

Praise counts only in a text in which nothing denies, asks, limits or goes on with "but".
"""

from __future__ import annotations

import re
from typing import Final

from bot.grammar import answers, progress
from bot.grammar.patterns import regex
from bot.grammar.rating import Rating
from bot.grammar.things import LONGEST

_PRAISED: Final = regex(
    "一流|到位|利索|利落|麻利|热情|耐心|细心|认真|负责|厉害|牛|省心|放心|舒心|开心|高兴|快(?![递餐件闪艇讯报])|迅速|干净|客气|礼貌|"
    "靠谱|专业|贴心|暖心|用心|尽心|"
    "(?:漏|响|滴|堵|闪|晃|卡|吵|臭|跳闸?|渗|掉)停了|能用了|好用|正常|可以用|凉快|热了|亮了|通了|退了|收到了|"
    "收到(?:退款|钱)|到账了|行了|搞好了|妥了|恢复|"
    "顺利|合适|蛮好|挺好|(?:态度|技术|服务|质量|手艺|速度|效果|水平)[^,.;]{0,2}(?:好|快|棒|高|赞|行)"
    r"|\b(?:super|quick(?:ly)?|fast|friendly|professional(?:ly)?|polite|helpful|efficient(?:ly)?|smooth(?:ly)?|"
    r"thorough|neat|clean|tidy|"
    r"prompt(?:ly)?|on time|kind|nice|works?|working|effective|courteous|respectful|grateful|glad|best|superb|"
    r"cool|spotless|like new|"
    r"better now|yes|yep|yeah|punctual|skilled|brilliantly|perfectly|top|first[- ]class|five[- ]star|flawless|"
    r"stellar|thrilled|content|beautiful(?:ly)?|thumbs|recommend)\b",
    re.ASCII,
)
_STOPPED: Final = regex("(?:已经?)?不(?:再)?(漏|响|滴|堵|闪|晃|卡|吵|臭|跳|渗|掉)(?:水|闸)?了")
_AGAIN: Final = regex(r"\b(?:work(?:s|ing)|up and running|running|on|cold|warm|hot) again\b")
_LESS_THAN_PRAISE: Final = regex(
    "[没不未无难非别莫哪岂]|但|只|才|可惜|一半|部分|差|慢|还|又|吗|如果|要是|假|说|希望|想|等|再|怎么|什么|谁|"
    "多|贵|除了|就是|可是|反而|居然|竟|以为|应该|快(?:点|要|来|些)|"
    "才能|给我|投诉|催|坏|漏(?!停)|破|烂|脏|吵(?!停)|尽快"
    r"|\?|n't\b|\b(?:not|no|never|nothing|nobody|none|without|hardly|barely|cannot|but|only|half|part\w*|if|"
    r"when|until|once|would|could|"
    r"should|will|again|still|yet|slow\w*|late|too|except|although|though|however|more|claim\w*|said|says|told|"
    r"why|how|what|who|where|"
    r"supposed|wish|hope|need|want|please|than|nearly|almost|wrong|bad|leak\w*|broke\w*|problem|issue|dirty|ask|"
    r"asap|faster|quicker|"
    r"least|less|far|anything|hurry|get|give|come|send|call|as|at|supposedly|allegedly|apparently|until|unless|"
    r"wo|ai|is)\b",
    re.ASCII,
)
_BLAMED: Final = regex(
    r"\b(?:problem|issue|leak|fault|it)s? (?:is |remains )?(?:as it (?:is|was)|unchanged|remains)\b|"
    "没(?:有)?(?:收到|拿到|见到?|看到|等到|接到|弄|干|擦|扫|收拾|来|到|退|赔|补|换|道歉)|一塌糊涂|乱七八糟|"
    "不像话|不靠谱|不负责|不专业|不彻底|不干净|不到位|不合格|"
    "应付|坑|骗|蒙|糊弄|气人|烦|耽误|(?:效率|速度|态度|服务|技术|水平|质量|素质)[^,.;不没]{0,2}(?:低|慢|差|糟|"
    "烂|恶劣)|太(?:低|慢|差|贵|久|烂|长|敷衍|随便|马虎)|乱(?:收|来|搞|弄|修)|多收|收费|迟到|不行|差远|差太远|"
    "稀烂|越(?:修|弄|搞)越|(?:修|弄|搞)(?:坏|烂|脏)|后悔|闹心|心寒|扯|笑话|态度(?:不|很|太|恶|极|有)|"
    "只(?:修|弄|换|做|处理|解决|退|赔|好了)|还(?:漏|坏|响|堵|臭|吵|不|没|欠|差)|没(?:变|改)|老问题|治标"
    r"|\bnot (?:really|at all|even|yet|quite|exactly|so much|much)\b|\b(?:nothing|nobody|no ?one|none)\b|"
    r"\bwithout (?:finish|fix|clean|do|repair|tell|explain|say|check)\w*|\bstill\b(?! (?:good|fine|work|happy|"
    r"great|satisf|very|ok|clean))|\bstill (?:there|here|the same|happening|on|going|not|no|"
    r"exists?|persists?|waiting)\b|\bnever\b|\byou call (?:this|that|it)\b"
    r"|\b(?:didn'?t|did not|hasn'?t|haven'?t|has not|isn'?t|wasn'?t|doesn'?t|won'?t|couldn'?t|don'?t) (?!know|"
    r"mind|worry|care|remember)"
    r"|\b(?:only|half|partly|partially)\b[^.;]{0,16}\b(?:fixed|done|solved|sorted|finished|repaired|works?|"
    r"working|cleaned|replaced)\b"
    r"|\b(?:died|broke|failed|stopped|started|leak\w*|gone|out) again\b|\bno (?:hot |cold |running )?(?:water|power|heating|"
    r"lights?|electricity|gas|internet|signal|change)\b|"
    r"\b(?:worse|worst|dirty|messy|mess|rude|late|slow|careless|sloppy|unprofessional|incompetent|overpriced|"
    r"expensive|lazy|unreliable|"
    r"amateur\w*|regret|annoy\w*|frustrat\w*|upset|fail\w*|broken?|broke|wrong|same as before|no (?:difference|"
    r"change|improvement|better|one|use)|"
    r"too (?:long|slow|late|expensive|many)|lies?|lied|scam|cheat\w*|nonsense|shambles|botched|bodged)\b",
    re.ASCII,
)
_NOT_TRIED: Final = regex(
    r"还?没(?:有)?(?:试|看|用|回家|到家|检查|注意|时间)|不(?:知道|确定|清楚|好说)|\b(?:not|"
    r"n't)(?: \w+)? (?:tried|checked|seen|looked|used|"
    r"tested|home|sure|know|been home)\b|\b(?:not sure|don'?t know|no idea|can'?t (?:say|tell))\b",
    re.ASCII,
)
_MIDDLING: Final = regex(
    "一般|中等|凑合|将就|普通|及格|过得去|说得过去|马马虎虎|还凑合|五五开|对半|半斤八两"
    r"|\b(?:acceptable|adequate|alright|tolerable|passable|middling|average|reasonable|decent|"
    r"satisfactory enough|so so|50/50|fifty fifty)\b"
)


def praises(key: str) -> bool:
    """Whether an answer to "how satisfied are you?" praises, and nothing in it takes any of the praise back."""
    if len(key) > 100:
        return False
    plain = _AGAIN.sub("works", _STOPPED.sub(r"\1停了", key))
    return bool(_PRAISED.search(plain)) and _LESS_THAN_PRAISE.search(plain) is None


def blames(key: str) -> bool:
    """Whether an answer to "how satisfied are you?" tells of something amiss with what was done."""
    if len(key) > LONGEST or _NOT_TRIED.search(key):
        return False
    stopped = _STOPPED.sub("", key)
    return bool(_BLAMED.search(stopped)) or progress.stage(stopped) is progress.Stage.NOT_DONE


def so_so(key: str) -> bool:
    """Whether an answer to "how satisfied are you?" is in the middle."""
    return len(key) <= 40 and bool(_MIDDLING.search(key)) and _LESS_THAN_PRAISE.search(_MIDDLING.sub("", key)) is None


def rated(key: str) -> Rating | None:
    """Return how satisfied an answer to our question is; None where it does not say."""
    if so_so(key):
        return Rating.NEUTRAL
    if blames(key):
        return Rating.DISSATISFIED
    return Rating.SATISFIED if praises(key) else None


_ECHO: Final = regex(r"(?![\d ,.!])(.{1,6}?)(?:[ ,.!]*+\1)+")
_CONFIRMS: Final = regex(
    r"(?:(?:yes|yeah|yep|ok|right)[ ,]+)?(?:i|it|we|they|he|she|that|there|this|you) (?:do|does|is|are|was|were|"
    r"did|has|have|am|will|can|could)"
    r"|有|有的|有过|在|在的|会|会的|能|能的|知道|愿意|肯定|必须的?|那当然|(?:那)?就这(?:样|么)(?:办|定|着|"
    r"来)?了?|(?:那就)?这么定了?|(?:按|照|听)你们?(?:说的?|的|安排)?"
    r"(?:来|办|做|定)?|没异议|妥|中|冇问题|absolutely|indeed|exactly|certainly|for sure|you bet|by all means|"
    r"why not|(?:i'?m |i am )?(?:in|fine|happy)"
)
_DENIES: Final = regex(
    r"(?:不用|不要|不需要|不了|no)了?[ ,]*(?:谢谢|谢啦|多谢|thanks|thank you)|没|未|还没有?|没呢|没有过|不在|"
    r"不会|不能|不可能|不必|免了|谁说的|哪有|胡说|瞎说|(?:that|this|it)(?:'?s| is| was) (?:wrong|false|"
    r"incorrect|untrue|not)"
    r"|(?:i|it|we|they|he|she|that|there|you) (?:do|does|is|are|was|were|did|has|have|am|will|can|could)(?:n'?t|"
    r" not)|not (?:at all|really|now|yet|today|today)"
    r"|never|no way|certainly not|of course not|absolutely not|false|negative|never happened|i'?d rather not|leave it"
)
_DEMANDS: Final = regex(
    r"(?:我|我们|俺)(?:就|只|坚决|必须|还是)?(?:要求|只要|只接受|要(?!是)|想要|需要|宁愿|坚持)|(?:必须|至少|"
    r"最少|起码)(?:给|赔|退|换|全|\d)|全额|换新|换个新"
    r"|\bi(?:'d| would)? (?:want|need|demand|expect|insist|prefer|require|rather|deserve|like)\b|\b(?:another|"
    r"different|better|other|new) (?:solution|plan|way|option|offer|proposal|idea|date|time)\b|\b(?:at least|"
    r"full refund|money back|new one|instead)\b",
    re.ASCII,
)


def squeezed(key: str) -> str:
    """Return a short answer without its echo: "对对对" is "对"."""
    found = _ECHO.fullmatch(key) if len(key) <= 30 else None
    return found[1] if found else key


def answered(bare: str) -> bool | None:
    """Return whether a short answer to a yes-or-no question says yes; None where it says neither."""
    if _DENIES.fullmatch(bare):
        return False
    return True if _CONFIRMS.fullmatch(bare) else None


def demands(key: str) -> bool:
    """Whether an answer to a proposed plan asks for something else."""
    return len(key) <= LONGEST and bool(_DEMANDS.search(key)) and not answers.is_question(key)


_HOLDS_BACK: Final = regex(
    r"等等[,.! ]*先[不别]|"
    r"[不没否](?=[,.! ])|no(?=[,.!])|cancel (?:that|it)\b|"
    r"(?:先)?别(?=[,.! ]|$|先)|先别|先不|(?:hold on|not so fast|wait a (?:minute|moment))(?=[,.! ]|$)"
)
_UNDECIDED: Final = regex(
    r"^(?:我|这个?|还|真的?|也|有点|[ ,.])*(?:不(?:太)?(?:知道|晓得|清楚|确定|好说|记得)|说不(?:好|准|清|上来)|"
    r"(?:记|搞|弄)不(?:太)?(?:清楚?|得|明白)|拿不定)[^,.;不没还]{0,6}(?:$|[,.!])|"
    r"^(?:嗯|呃|这|先|再|得|要|就|[ ,.])*(?:看情况|难说|不好说|讲不(?:好|清)|看不出来?|没看到)|不晓得(?=$|[,.! ])|"
    r"\b(?:don'?t|dont|dunno|do not) know\b|^(?:i'?m |hmm+ )*not sure\b|\bcan'?t check\b|"
    r"\b(?:can'?t|cannot) (?:decide|answer|make up)\b|\bhard to (?:say|tell)\b|^(?:well |it |that )*depends\b|"
    r"\btorn between\b|\bno (?:idea|clue)\b|\bin two minds\b|^(?:i'?m |im )?not (?:at )?home\b|\bhaven'?t been home\b|"
    r"\bcouldn'?t (?:tell|say)\b|\bmaybe,? maybe not\b|\bhaven'?t (?:tried|checked|tested|looked)\b|"
    r"过[两几]天(?:答复|回复|再|给你)|先放着|"
    r"才能(?:看|试)|(?:还)?没(?:有)?(?:回家|到家|试过?|看过?|用过?|检查)(?!到|见|上)(?:呢|看)?(?=$|[,.! ])|"
    r"(?<!再)(?<!重新)(?:商量|考虑|想想|想一想|问问|问一?下|合计|琢磨|研究)(?:一?下|一?会儿?|看看)?[^,.;]{0,4}(?:再|"
    r"$|[,.!])|再(?:想想|考虑|看看|说)[吧了 .!]*$"
    r"|\b(?:think about|think it over|sleep on it|let me think|get back to you|need to (?:ask|discuss|check|think)|"
    r"talk to my|discuss (?:it )?with|ask my (?:wife|husband|partner|landlord|mother|father|son|daughter|family))\b",
    re.ASCII,
)


_DECIDES: Final = regex(
    r"[不没别无未莫勿毋非甭否系👍👌✅🙆]|同意|接受|认(?:可|了|$)|批准|准[了!,]|依(?:你|您)|听(?:你|您)|照|就这|就是|正是|正合|求之|还用问|自然"
    r"|阔以|可以|可不|要得|晓得|算了|太好|走起|来撒|嘿啊|昂|麻烦你|婉拒|难从命|少来|错|哪(?:有|行)|换了你|苕|达么|这也叫|拒|驳"
    r"|(?:^|[ ,.!])(?:那|就|也|欸|我看)*(?:是(?!什么|谁|哪)|对(?!象|账|讲|接)|好(?!友|评|像|久)|行(?!程|李|政|业|情|人)|"
    r"成(?!绩|本|员|品|都|交|立)|"
    r"得(?!分|知)|妥|准(?!备|时)|中(?!午|心|秋|班|控|介|层|间|餐))|[对好行成得妥中](?:[了吧啦嘞嘛的呀!,.]|$)"
    r"|\b(?:y(?:es|ep|eah|up|a|ebo|eppers|essir|ip)|ja|haan|sawa|aye|ok(?:ay)?|sure|fine|right|righto|alrighty?|all right|"
    r"agree(?:d|s|able)?|accept(?:ed)?|approved?|granted|absolutely|affirm\w*|indeed|exactly|precisely|correct|certainly|definitely|"
    r"(?:of )?course|obviously|mhm+|mm+|uh[ -]huh|grand|sold|bet|guest|i'?m game|objections?|go (?:on|ahead|for it)|proceed|"
    r"carry on|crack on|do (?:it|that)|submit|send|book it|as you (?:say|wish|like)|(?:sign|count) me|suits?|"
    r"suppose so|quite so|sweet|lovely|nicely|that'?s (?:me|it|the one)|put it better|fire away|works|got it|please|deal|"
    r"perfect|great|happy|welcome|sooner|blessing|no|not?|nope|nah|naw|nae|nee|never|none|nothing|hapana|without|cannot|cant|dont|wont|chance|pass|dreams|negative|skip|wrong|"
    r"harder|reject\w*|refuse\w*|declin\w*|den(?:y|ied)|forget|rather|instead|better|pull the other)\b|n't\b",
    re.ASCII,
)
_FEW: Final = {"zh": 7, "en": 3}  # characters, words


def says_either(key: str) -> bool:
    """Whether anything in a text says yes or no, whatever the rest of it resembles: "lunch anyone" does not."""
    return _DECIDES.search(key) is not None


def is_brief(key: str, language: str) -> bool:
    """Whether a text has so few words that what says yes or no in it would be one of those."""
    return (len(key) if language == "zh" else len(key.split())) <= _FEW[language]


def holds_back(key: str) -> bool:
    """Whether an answer says "not yet": whatever is asked may not be done for now."""
    return bool(_HOLDS_BACK.match(key))


def undecided(key: str) -> bool:
    """Whether an answer only says that somebody has still to decide."""
    return len(key) <= LONGEST and bool(_UNDECIDED.search(key))


_NOTHING_CAME: Final = regex(
    r"\b(?:could|did|was|were|have|has|would) not\b|\bstill (?:wet|damp|outstanding|leaking|broken|there|open|not|dripping|the "
    r"same)\b|"
    r"(?:什么|啥)(?:也|都)?没|没(?:做|弄|修|干|动|去|办|处理|搞|成|用|能|有(?:办法|结果|用|弄|修))|(?:弄|修|做|搞|办|"
    r"谈|解决|处理)不(?:了|好|成|下来|定)|白跑"
    r"|\bcould(?:n'?t| not) (?!be (?:better|happier))\w+|\b(?:was|is|were|are)(?:n'?t| not) (?:in|home|at home|there|around|"
    r"available)\b"
    r"|闭门羹|\b(?:refused|abandon\w*|negative|missing)\b"
    r"|^nothing\b(?! (?:else|more|serious|major|wrong))|\b(?:can'?t|cannot|couldn'?t|unable to|failed to|didn'?t|"
    r"haven'?t) (?:be )?(?:settle|agree|solve|fix|do|get|find|finish|repair|"
    r"reach|complete|open|manage)\w*\b|\b(?:crack|leak|fault|problem|noise|smell)s? (?:is |are )?(?:open|back|there|"
    r"here|on)(?: again)?\b"
)
_IDLE_DENIAL: Final = regex(
    r"没(?:有|什么|啥)?(?:问题|异常|毛病|意见)|无(?:异常|误|问题|漏)|[不没](?:再|有)?(?:漏|响|滴|堵|闪|晃|卡|吵|臭|渗)了?|"
    r"不错|不用|不锈钢|"
    r"\bno (?:more )?(?:problems?|issues?|leaks?|noise|complaints?|charge)\b|\bnot only\b"
)
_DENIED: Final = regex(
    r"[不没未无]|只|\b(?:is|was|were|are|does|did|do|has|have|had|ca|could|wo|would)n'?t\b|\b(?:not|no|never|nobody|"
    r"nothing|nope|nah|none|"
    r"cannot|only|tried|ran out|then (?:it )?(?:leaked|broke|failed|stopped))\b"
)
_DEED: Final = regex(
    r"(?:换|修|装|补|清|调|紧|疏通|通|焊|刷|拆|擦|改|退|赔|道歉|处理|解决|加固|检查|检测|测试|打扫|喷|重启|恢复|联系|"
    r"解释|说明|告知|"
    r"协商|登记|更新|关|开|锁|拧|封|堵)(?:好|完|毕|掉|上|紧)?(?:了|过|新)|已|\bnew\b|\bput\b|"
    r"\b(?!tried|refused|leaked|failed|needed|closed|locked|dried|stopped|arrived|visited|called|phoned|looked|"
    r"waited)[a-z]{3,}ed\b"
)


def nothing_came(key: str) -> bool:
    """Whether an answer to "what was done?" says that nothing was, or that it failed: it denies, and names no deed."""
    if len(key) > LONGEST:
        return False
    denies = _DENIED.search(_IDLE_DENIAL.sub("", key)) is not None
    return bool(_NOTHING_CAME.search(key)) or (denies and _DEED.search(key) is None)
