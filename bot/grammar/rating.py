"""How satisfied a text is. Negation is looked for before affirmation, and both before numbers."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from bot.grammar import going_on
from bot.grammar.arguments import Words
from bot.grammar.patterns import regex


class Rating(StrEnum):
    """What a customer thinks of the outcome."""

    SATISFIED = "satisfied"
    NEUTRAL = "neutral"
    DISSATISFIED = "dissatisfied"


_VERY: Final = (
    "非常|十分|特别|超级|相当|真的|实在|确实|感觉|觉得|表示|总体|整体|比较|还算|挺|很|太|超|蛮|更|都|我们|我|"
    "对处理结果|对结果|对服务|对此|这次|结果|服务|处理|还"
)
_LEAD: Final = rf"(?:(?:{_VERY})\s?){{0,4}}"
_TAIL: Final = "(?:了|的|啊|呢|哦|吧|呀|哈|啦|嘛|噢){0,3}"
_MENDED: Final = (
    "(?:解决|修好|处理好|处理完|处理|弄好|搞定|搞好|修|改善|好转|完成|办好|落实|恢复|变化|效果|兑现|赔|退|改)"
)
_NO: Final = "(?:没有?|未|还没有?|并没有?|根本没有?|一点没|压根没|尚未|仍未|没能|未能|无法|不能|从没)"

# Something is still wrong, whatever else is said.
_TROUBLE: Final = (
    rf"{_NO}(?:有|真正|彻底|完全|全部|都|被|给我|人|怎么|任何|得到|什么|实质|实质性)?{_MENDED}(?!问题(?:$|了))"
    "|没(?:有)?人(?:来|管|理|联系|处理|修)|(?:还|仍|仍然|依旧|依然|还是|又|照样|一直)(?:在|是|会|开始)?(?:漏|"
    "坏|响|堵|吵|臭|卡|断|停|滴|渗|掉|裂|湿|没|不|老样子|那样|这样|一样|原样)"
    "|没(?:有)?用|换汤不换药|更(?:严重|糟|差|坏|响|漏|堵)|(?:毛病|问题|故障|情况|现象|味道|声音|漏水)(?:还|都|依然|"
    "仍然?|也)(?:在|是|有|没)|(?:重|返)(?:做|修|工)|又开始|没啥(?:变化|改变|区别|效果)|(?:啥|什么)(?:也|都)没|白(?:修|"
    "来|跑|搭|忙|折腾|费劲)|"
    "跟没(?:修|来)|还是[^,.;]{0,4}不|(?:打|关|开|用|合|锁|冲)不(?:开|上|了|动)|"
    "不(?:亮|制冷|通|能用)(?!过)|其实(?:没|不|就|只|还|根本|啥|什么)|老样子|没变|修不好|解决不了|问题(?:还|依旧|依然|"
    "仍)|还没|还(?:有|存在)问题"
    r"|\b(?:still|again)\b[^.!?]{0,20}\b(?:leak|drip|broken|not|isn|doesn|no|nois|block|same|wait|smell|"
    r"problem|issue|bad|wrong|open|stuck|jam|hang|faulty|dark|damp|flood|dirty|defect)"
    r"|\b(?:no ?one|nobody|no-one) (?:has |have |had )?(?:ever )?(?:came|come|called|call|showed|show|"
    r"contacted|fixed|did|answered|cares?|turned)"
    r"|\b(?:leak(?:s|ing)?|broke|broken|stuck|jammed|happened) again|\bnothing (?:has |was |is |"
    r"got )?(?:changed|fixed|"
    r"done|happened|improved)|\bnever (?:came|fixed|called|showed|happened|got|heard)"
    r"|\b(?:it|that|they) (?:isn|wasn|aren|ain)\'?t[ .!]*$|\b(?:it|that|they)(?: is|\'s|s| was| are|\'re) not[ .!]*$|"
    r"\b(?:leak|problem|issue|noise|smell|fault|water|damp|mou?ld|crack|error)\w* (?:is |has |came |come |comes |"
    r"just )+back\b|\bworse\b|\bredo(?:ne)?\b|(?:did|do|does)(?:n'?t| not) (?:solve|help|change|do|repair)\w*|"
    r"not what (?:i|we|you) \w+ed|\bexpected (?:more|better)|\bsame (?:problem|issue|thing|leak|fault)|\bnever again|"
    r"(?:did|do|does)(?: not|n'?t) \w*fix\w*|(?:\bnot|\bnt|"
    r"n't|\bhasnt|\bisnt|\bwasnt|\bhavent)(?: \w+){0,3} (?:fixed|solved|resolved|done|sorted|"
    r"working|work|repaired|finished|complete|completed|help|come|came|show)"
    r"|\b(?:only|half|partly|partially)\b[^,.!?]{0,12}\b(?:fixed|solved|resolved|done|sorted|repaired|finished|"
    r"works?|working)\b"
    r"|\b(?:unresolved|unfixed|unsolved)\b|\bstill (?:leaking|broken|dripping|waiting)"
)
_BAD: Final = regex(
    rf"{_LEAD}(?:(?<![行好可满])不(?:是|怎么|大|够|太|很|算|那么|十分|特别|会|能|可能|敢|尽)?(?:让人|令人|很|"
    rf"太|够|是很|是太|怎么)?(?:满意|认可|高兴|开心|行|好|可以|合格|理想|接受|怎么样|咋样|咋地|咋的)(?!不坏)"
    "|(?:谈|说|称|算)不上满意|(?:没有?|未|无法|难以|毫不|极不|很难|无|并非)(?:让人|令人|感到|觉得)?满意|"
    "(?:修|弄|处理|搞|等|装|换|约|办|服务)了?个(?:寂寞|锤子?|毛线?|鬼|屁|球)|[栓拴]q|满意(?:个|什么|啥|不了|不起来|"
    "才怪|毛|锤子)|(?:哪里|哪儿|怎么(?:可能|会|能)|咋)(?:会|"
    "能)?满意|好(?:个屁|"
    "什么好|个鬼|个毛|个头)"
    "|(?:满意|解决|修好|处理好|搞定|好)了?(?:你)?(?:个(?:寂寞|头|鬼|屁|毛|锤|啥|什么)|一半|一部分|部分|才怪|"
    "空气)|不满(?!意)|(?:态度|服务|质量|效果|水平|体验|结果)(?:很|太|真|极|特别|也|都|还)?差|差评|差劲|不ok(?![a-z])|"
    "太差|"
    "很差|真差|好差|最差|非常差|极差|巨差|差得|垃圾|失望|糟糕|糟透|太烂|恶劣|敷衍|放鸽子|糊弄|忽悠|骗人|坑人|无语|"
    "气死|生气|恼火|愤怒|拖拉|推诿|踢皮球|不负责|烂透|太慢|给差|零分|坑爹|呵呵|👎|😡|😠|🤬|😤|🙄|😒|🤡|🤮)"
    + _TAIL
    + r"|\b(?:not|n't|never|hardly|barely|far from|anything but|isnt|wasnt|dont|cannot|can'?t)(?: (?:at all|"
    r"really|very|so|too|quite|entirely|completely|particularly|all that|that|feeling|be|been|being|is|was|it|"
    r"a|feel|say|i am|i'm|im|call|exactly|fully|100%|what i call|totally))* ?(?:satisf\w+|happy|good|great|"
    r"pleased|ok|okay|acceptable|impressed|well|fine|enough|content|recommend|nice|perfect|excellent)|"
    r"\bnt (?:\w+ )?(?:satisf|happy|good|ok|fix)\w*"
    r"|n't(?: \w+){0,2} (?:satisf\w+|happy|good|great|pleased|ok|okay|acceptable|impressed|fine|recommend)"
    r"|\b(?:very |extremely |really |so |totally |completely |utterly |quite )*(?:unsatisf\w+|dissatisf\w+|"
    r"unhappy|disappoint\w+|terrible|awful|horrible|bad|poor|worst|useless|(?:don'?t|do not|"
    r"didn'?t) (?:\w+ )?like|unacceptable|rubbish|pathetic|disgust\w+|ridiculous|angry|furious|joke|crap|"
    r"shame|appalling|sucks?|waste of time|my (?:ass|a\*+|foot))(?![a-z])",
    re.ASCII,
)
# Any denial before the praise in the same clause turns it round: "没办法满意", "nothing here I'm happy with".
_DENIED_PRAISE: Final = regex(
    r"(?:[不没无未难休岂哪]|非(?!常)|(?<![特级分])别)[^,.;!?的\n]{0,8}(?:满意|解决|修好|处理好|认可)|\b(?:not|"
    r"never|no|nothing|nor|neither|hardly|barely|cannot|without|nobody|none|less than|doubt|isnt|"
    r"dont)\b[^,.;!?\n]{0,40}\b(?:satisf|happy|pleased|fixed|solved|resolved|good|great|perfect|sorted|"
    r"impressed)"
    r"|n't\b[^,.;!?\n]{0,40}\b(?:satisf|happy|pleased|fixed|solved|resolved|good|great|perfect|sorted|impressed)"
    r"|\babout as (?:satisfied|happy|pleased|good|useful) as a\b|打死[都也]?不|\bhindi\b|\bthumbs down\b|"
    r"\boh yes,? (?:delighted|lovely|great)\b|\b(?:slapdash|bodged?|shoddy|sloppy|sulk\w*)\b",
    re.ASCII,
)
_REMARK: Final = regex(
    "专业(?!户)|及时|周到|高效|优秀|感动|慢|敷衍|恶劣|推诿|拖拉|踢皮球|负责|骗|坑|态度|没(?!(?:有|啥|什么)?问题|"
    "毛病|(?:有|什么)?意见|(?:得|话)说)|人|still|nobody|leak"
)
_TROUBLED: Final = regex(_TROUBLE, re.ASCII)
_A_LITTLE_WRONG: Final = regex("(?:还|还是|仍|又)(?:有点|有些)(?:漏|坏|响|堵|吵|臭|卡|滴|渗)")
_MIDDLING: Final = regex(
    "(?:就|也|只能说|感觉|觉得|还|总体|算|服务|处理){0,3}(?:一般般|一般|还行|还可以|还成|凑合|凑活|马马虎虎|"
    "马虎|普通|中评|不好不坏|不好也不坏|过得去|将就|就那样|中规中矩|普普通通|就这样吧|就那么回事|勉强(?:满意|可以|"
    "接受)?|中等|及格|"
    "部分满意|没有?(?:什么|啥|任何|哪里|半点)?不满意(?!才怪|[吗么?])的?(?:地方)?|(?:说|谈|"
    "算)不上满意[^.;]{0,4}(?:说|谈|算)不上不满意|说不上好(?:也说不上)?坏|中立|😐|😑)(?:吧|了|啊|哦|"
    "的){0,2}"
    r"|\b(?:so[- ]so|average|neutral|mediocre|meh|nothing special|i guess|not (?:too |so )?bad|"
    r"not great,? not terrible|"
    r"(?:could|might) (?:be|have been) better(?:,? (?:and |but )?(?:could|might) (?:be|have been) worse)?|"
    r"(?:could|might) (?:be|have been) worse|neither|it'?(?:ll|d| will) do|will do i suppose|i suppose|(?:somewhere "
    r")?in the middle|middling|"
    r"it'?s ok(?:ay)?|it was ok(?:ay)?|okay-ish|fair|somewhat satisfied|"
    r"partly satisfied|partially satisfied|just ok(?:ay)?|medium|in between)\b",
    re.ASCII,
)
# "It is not that I am dissatisfied, it only took long": neither, unless the rest says so.
_NOT_DISSATISFIED: Final = regex(
    r"(?:不是|并非|不算|谈不上|说不上)(?:很|太|特别|我|有多|对[^,.;]{1,8})?不(?:满意?|高兴|好)"
    r"(?![ ,]*(?:而?是|那是|才怪|[吗么?]))"
    r"|\bnot (?:that )?(?:i'?m |i am |we'?re |we are )?(?:un(?:happy|satisfied)|dissatisfied)\b",
    re.ASCII,
)
_GOOD: Final = regex(
    r"(?:修|做|干|弄|处理|办)得(?:漂亮|很?好|利索|不错)|"
    rf"{_LEAD}(?:满意|(?:挺|很|蛮|非常|真|太|特别|超级?|还)好(?!意思|笑|奇|像)|杠杠的?|巴适|得劲|安逸得很|靠谱|到位|"
    rf"顶呱呱|好得很|不错|好评|点赞|很赞|真赞|超赞|完美|给力|解决(?:了|啦|好了)|修好(?:了|啦)|"
    rf"处理(?:好|完)(?:了|啦)|弄好(?:了|啦)|搞定(?:了|啦)?|已(?:经)?(?:解决|修好|处理好)|好了|没问题了?|"
    rf"没什么意见|没意见|优秀|专业(?!户)|表扬|感动|棒|赞+|可以了?|满分|真好|太好了|好多了|高效|及时|周到|👍|👏|💯|😊|"
    rf"😀|😄|🎉|❤|🌹|\[强\]|\[赞\]|\[鼓掌\])"
    + _TAIL
    + r"|\b(?:very |really |so |totally |completely |quite |pretty |extremely |fully |absolutely |all |i'?m |"
    r"i am |yes,? ?)*(?:satisfied|happy|pleased|great|good|excellent|perfect|awesome|fantastic|wonderful|"
    r"amazing|brilliant|superb|impressed|fixed|solved|resolved|sorted|works (?:now|again|fine|well|perfectly)|"
    r"working now|love it|well done|chuffed|over the moon|spot on|stoked|nice|thumbs up|fine|lovely|delighted|"
    r"outstanding|top notch)\b(?: now|"
    r" with (?:it|that|this|the (?:result|outcome|service)))?\+*",
    re.ASCII,
)
# "满意" said under a condition, or asked, is no rating at all.
_NO_RATING: Final = regex(
    r"如果|要是|假如|等.{0,12}(?:再|才)|才(?:能|会|算)?满意|满意(?:吗|么|没有?|不(?!了))|满意\?|(?:怎么|"
    r"如何)(?:评价|打分)|满意度"
    r"|\bif\b|\bwhen\b.{0,40}\bi'?(?:ll| will)\b|\bonce\b|\buntil\b|would be (?:happy|satisfied)|"
    r"will be (?:happy|satisfied)|\bhow (?:do|can|could|should|would) (?:i|we|you|anyone)\b|(?:satisfied|"
    r"happy|good|fixed|solved|ok) ?\?|\bi(?:'ll| will|'d| would) (?:only )?be\b",
    re.ASCII,
)
# What somebody else says of it is not the customer's own word.
_REPORTED: Final = regex(
    r"(?:他们?|她|你们?|师傅|物业|工人|经理)(?:都|就|只|光|老|还|也)?说(?:是|已经?|都)*(?:修好|解决|处理好|弄好|搞定|"
    r"好|完)"
    r"|\b(?:he|she|they|you|guy|man|plumber|technician|agent|manager|someone) (?:only |just )?(?:said|says?|claims?|"
    r"claimed|told me)\b"
    r"[^.!?]{0,20}\b(?:fixed|done|solved|resolved|good|sorted)",
    re.ASCII,
)
# Asked so that the answer is no.
_RHETORICAL: Final = regex(
    r"\bi(?:'?d| would) be (?:satisfied|happy|content|pleased)[^.;]{0,10}\bif (?:\w+ ){1,3}had\b|"
    r"(?:我|谁|这|这样|哪|还|让我|叫我)(?:怎么|咋|还|哪|会|也)?(?:能|会|可能)满意(?:吗|么|得了)"
    r"|\b(?:how|why) (?:can|could|should|would|am) i (?:be |feel )?(?:satisf|happy|pleased)\w*|"
    r"\b(?:are )?you kidding\b|\byou call (?:this|that|it)\b|这也?(?:能)?(?:叫|算)(?:是)?(?:修好|解决|处理|满意|"
    r"服务|办结)"
)
_PRAISE_BY_NOT: Final = regex(
    "不能再满意|不要太满意|不错|没(?:有|啥|什么)?问题|不差|没(?:有|什么)?意见|不赖|没(?:得|话)(?:说|讲)|没(?:得|什么|"
    "啥)可?挑剔?的?|没毛病"
)
_PRAISE_BY_NO: Final = regex(
    r"\bcan'?t fault (?:it|him|them|her|you)\b|"
    r"\bnot (?:too |so |half )?bad at all\b|\b(?:couldn'?t|could not|can'?t) be (?:happier|better)\b|\bcan't "
    r"complain\b|\bno (?:complaints?|problems?|"
    r"issues?)\b"
)
_BOTH_GOOD: Final = regex("又(?:快|好|准时?|干净|仔细|专业|热情)又(?:快|好|省心|干净|仔细|专业|热情)")
_IDLE_NOT: Final = regex(
    r"\bwas (?:very |really |so |quite |pretty )?(?:unhappy|angry|disappointed|worried|sceptical|skeptical|annoyed|"
    r"furious)(?: at first| before| initially)?(?=[^.;]{0,6}\bbut\b)|"
    "不好意思|不用谢|不客气|没想到|不得不|无比|不能更|不要太|没多久|没几天|不到|不一会|不久|不用再?|not only|"
    r"\b(?:ready|prepared|expecting|expected) to be \w+"
)
_SHORT_GOOD: Final = regex(
    r"(?:好|好的|好滴|行|可以|ok|okay|okey|yes|y|是|是的|强|赞|对|1\+|good|yep|yeah)[ .!~吧呀啊的哈]*"
)
# A hum ("嗯", "mm") says that it was heard, not that all is well: who says no more is asked again.
_SHORT_BAD: Final = regex(
    r"(?:no|nope|nah|smh|ugh|lol|oh|hell|well|sorry|absolutely|certainly|definitely|of course|really|[ ,])*"
    r"(?:no|n|nope|nah|not|i'?m not|i am not|we'?re not|we are not|not at all|no way|not in the slightest|not remotely)"
    r"|bad|[不否差没]|不是|没有|才怪|并不|并没有?|一点也不|一点都不|完全不|完全没有|根本不|根本没有"
)
_STARS: Final = regex(r"[ ]*((?:⭐|🌟|★){1,5})(?:☆)*[ ]*")
_NUMBER: Final = regex(
    r"(?<![\d.])([1-5])(?!\d|\.\d|-\d|[:年月日号栋楼层室户个天次小人]| ?thumbs)\s?(?:分|星|颗星|/\s?5|out of (?:5|five)|"
    r"of 5|stars?|points?|\b)(?:吧|好评|差评)?"
    r"|([一二两三四五])\s?(?:颗星|分|星)(?:吧|好评|差评)?|\b(one|two|three|four|five)(?: out of (?:5|five)|"
    r"[ -]stars?\b| points?\b)",
    re.ASCII,
)
_WORD_ALONE: Final = regex("[一二三四五]|one|two|three|four|five")
_FULL_MARKS: Final = regex(r"满分|(?<!\d)100?分|^10$|\b10/10\b|\b10 ?out of ?10\b|(?<!\d)100(?!\d)")
_NO_MARKS: Final = regex(r"(?<!\d)0\s?分|负分|\b0/5\b|\bzero(?: stars?)?\b|^0$")
_NO_STARS: Final = regex(r"\b(?:zero|0) stars?\b|零(?:分|星)")
_VALUES: Final = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
}
_EMPTY: Final = regex(
    r"谢谢|多谢|感谢|辛苦了?|师傅|你们?|您|好的|好|了|已经|已|我|很|非常|的|吧|啊|ok|okay|thanks?|thank you|"
    r"very much|a lot|so much|yes|now|all|it'?s|it is|it|i am|i'm|i give|i rate|给|打|评价|评分|rate|"
    r"[^\w\u3400-\u9fff]|_",
    re.ASCII,
)


_SUPPLY: Final = (
    r"(?:(?:hot|cold|running|warm) )?water|power|electric(?:ity|s)?|lights?|heating|heat|hot tub|internet|wi-?fi|network|signal"
    r"|tv|lift|elevator|ac|a/c|air ?con(?:ditioning)?|refund|money|deposit|service|phone line|shower|pool"
)
_THERE_AGAIN: Final = regex(
    r"(?:(?:yes|yeah|yep|yup|ok|okay|great|finally|at last|hi|hello|thanks|thank you|good news|the|my|our|your|all)[ ,.!:]+)"
    rf"{{0,4}}(?:{_SUPPLY}|it(?=['’]?s back.*(?:10/10|thank|great|happy|perfect|brilliant)))"
    r"(?:['’]?s| is| are| has| have| was)?(?: (?:now|finally|all|just|already|come|came|been|got"
    r"|works?|working|up|sent|paid)){0,3} (?:back|again)"
    r"(?: (?:on|now|up|running|and|in action|again|to normal|online|already|(?:to|on|in|into) my (?:card|account|bank))){0,3}"
    r"(?=$|[ ,.!;:~)])"
    r"|(?:[好是对嗯行][的了]?[,. ]*)?(?:现在|刚刚?|终于|家里|我家|楼里){0,2}"
    r"(?:(?:热水|自来水|水|电|网络?|暖气|信号|电梯|空调|wifi|钱|退款|押金)"
    r"(?:现在|刚刚?|终于|已经?|都|又|可以|也){0,3}(?:来了|通了|有了|恢复了|热了|能用了|能坐了|好用了|到账了?"
    r"|到了|收到了|退(?:回来|到账|到)了?)"
    r"|来[电水网]了|通[电水网]了|供[电暖水]了|收到(?:退款|押金)了?)"
)
_BUT_NOT_ALL: Final = regex(
    r"但|可是?(?!以)|不过|只是|还(?!不错|行|可以)|不|没|又(?:停|断|坏)|才|慢|小|凉|冷|黄|浑"
    r"|\b(?:but|not|n['’]?t|still|no|off|cold|lukewarm|slow|only|until|for|then|except|however|gone|brown|dirty|weak|low|bad|worse"
    r"|leak\w*|broken|if|when|ages|refuse\w*|square|why|who|where)\b|n['’]t\b|\?"
)


def is_there_again(key: str) -> bool:
    """Say whether a folded text says that what was missing is back, and no more against it: water, power, a refund.

    That is no complaint; whether they are satisfied is theirs to say.
    """
    found = _THERE_AGAIN.match(key[:400])
    return found is not None and _BUT_NOT_ALL.search(key[:400]) is None


def of_score(score: int) -> Rating:
    """Return what a score of 1 to 5 stands for: two of the five points are satisfied ones."""
    return Rating.SATISFIED if score >= 4 else Rating.NEUTRAL if score == 3 else Rating.DISSATISFIED


def read_score(key: str) -> tuple[int | None, tuple[int, int]]:
    """Return the score 1–5 in a folded text, and its place; (None, (0, 0)) if there is none or more than one."""
    if stars := _STARS.fullmatch(key):
        return len(stars[1]), stars.span()
    if alone := _WORD_ALONE.fullmatch(key.rstrip(" .!")):
        return _VALUES[alone[0]], (0, len(key))
    found = list(_NUMBER.finditer(key, 0, 200))
    if len(found) != 1:
        return None, (0, 0)
    said = next(group for group in found[0].groups() if group)
    return _VALUES.get(said) or int(said), found[0].span()


def read_words(key: str) -> tuple[Rating, tuple[int, int]] | None:
    """Return the rating that a folded text expresses in words, and where; None if it expresses none."""
    head = key[:400]
    if found := _RHETORICAL.search(head):
        return Rating.DISSATISFIED, found.span()
    if _NO_STARS.search(head):
        return Rating.DISSATISFIED, (0, 0)
    if _NO_RATING.search(head):
        return None
    # Kept as long as the text, so that places stay places.
    plain = _PRAISE_BY_NOT.sub(lambda found: "赞" * len(found[0]), head)
    plain = _PRAISE_BY_NO.sub(lambda found: "good".ljust(len(found[0]), "+"), plain)
    plain = _BOTH_GOOD.sub(lambda found: "很好".ljust(len(found[0]), "_"), plain)
    plain = _IDLE_NOT.sub(lambda found: "_" * len(found[0]), plain)
    if found := _MIDDLING.search(plain):
        trouble = _TROUBLED.search(_MIDDLING.sub("", plain)) or _A_LITTLE_WRONG.search(plain)
        if trouble is None:
            return Rating.NEUTRAL, found.span()
    if (found := _NOT_DISSATISFIED.search(plain)) is not None:
        rest = f"{plain[: found.start()]} {plain[found.end() :]}"
        if not any(sign.search(rest) for sign in (_BAD, _TROUBLED, _A_LITTLE_WRONG, _DENIED_PRAISE)):
            return Rating.NEUTRAL, found.span()
    if found := _BAD.search(plain):
        return Rating.DISSATISFIED, found.span()
    if _NO_MARKS.search(plain):
        return Rating.DISSATISFIED, (0, 0)
    if _TROUBLED.search(plain):
        return Rating.DISSATISFIED, (0, 0)
    if _DENIED_PRAISE.search(plain):
        return Rating.DISSATISFIED, (0, 0)
    if _REPORTED.search(plain):
        return None
    if found := _GOOD.search(plain) or _FULL_MARKS.search(plain):
        match goes_on(head):
            case going_on.More.TROUBLE:
                return Rating.DISSATISFIED, (0, 0)
            case None:
                return Rating.SATISFIED, found.span()
    return None


def goes_on(key: str) -> going_on.More | None:
    """Return what a folded answer says besides its praise; None where it says nothing else."""
    return going_on.goes_on(_BOTH_GOOD.sub("很好", key), lambda part: _GOOD.search(part) is not None)


def discontent(words: Words) -> bool:
    """Whether an answer to a question says that somebody is not content."""
    given = read(words, asked=True)
    return given is not None and given["rating"] == Rating.DISSATISFIED


def read(words: Words, *, asked: bool) -> dict[str, object] | None:
    """Return the arguments of `rate`: rating, and score and comment if they were given; None if this rates nothing.

    asked: our question is pending, so that a bare number or a bare "好" is an answer.
    """
    key = words.key
    score, place = read_score(key)
    if score is not None and not asked and not re.search(r"分|星|star|⭐|★|🌟|/\s?5|out of", key[slice(*place)]):
        score = None
    if score is not None and place[1] - place[0] < len(key) and not _score_leads(key, place):
        score = None
    spoken = read_words(key)
    if spoken is None and asked and _SHORT_GOOD.fullmatch(key):
        spoken = Rating.SATISFIED, (0, len(key))
    if spoken is None and asked and _SHORT_BAD.fullmatch(key[:60].strip(" .!~")):
        spoken = Rating.DISSATISFIED, (0, len(key))
    if score is None and spoken is None:
        return None
    if spoken is None and of_score(score or 0) is Rating.SATISFIED and goes_on(key):
        return None
    rating = spoken[0] if spoken else of_score(score or 0)
    if spoken and score is not None and of_score(score) is not rating:
        if score <= 2 and (rating is Rating.NEUTRAL or (rating is Rating.SATISFIED and len(key) > 6)):
            rating = of_score(score)  # "1 希望尽快解决了": a low number is never read as satisfaction
        else:
            score = None  # "3 不满意" copies a line of a menu: the words count, not its number
    given: dict[str, object] = {"rating": rating.value}
    if score is not None:
        given["score"] = score
    if comment := _comment(words, place if score is not None else (0, 0), spoken[1] if spoken else (0, 0)):
        given["comment"] = comment
    return given


def _score_leads(key: str, place: tuple[int, int]) -> bool:
    """A bare digit counts at the start or the end; inside a sentence it counts other things."""
    if re.search(r"分|星|star|out of|/", key[slice(*place)]):
        return True
    if not key[place[1] :].strip(" .,!") and read_words(key[: place[0]]):
        return True
    return not key[: place[0]].strip(" .,!") or not _EMPTY.sub("", key[: place[0]])


def _ends_apart(key: str, start: int, end: int) -> bool:
    """Whether a piece is the end of a text, and a sentence, or nothing that says anything, stands before it."""
    before = key[:start]
    return not key[end:].strip(" ,.!;:~") and (
        _SENTENCE_BEFORE.search(before[-8:]) is not None or not _EMPTY.sub("", before[:200])
    )


_SWEARS: Final = regex(r"(?:满意|解决|修好|处理好|搞定|好)了?(?:你)?个?(?:屁|头|鬼|毛|锤子?|寂寞|啥|什么)")


_SENTENCE_BEFORE: Final = regex(r"(?:[,.!?;:~\n]|[\u3400-\u9fff] ) *$")


def _comment(words: Words, *places: tuple[int, int]) -> str:
    """Return the words besides the rating. What is part of a sentence stays where it is: "昨天好了，今天又不行了"."""
    if any(end > start and _SWEARS.match(words.key, start) for start, end in places):
        return words.said  # "满意个屁，还在滴": cut in two it would say something else
    for start, end in sorted(places, reverse=True):
        if (
            end > start
            and not _REMARK.search(words.key, start, end)
            and (not words.key[:start].strip(" ,.!;:") or _ends_apart(words.key, start, end))
        ):
            words = words.without(start, end)
    return words.said if len(_EMPTY.sub("", words.key[:200])) >= 2 else ""
