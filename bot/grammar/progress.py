"""How far the work has come, in an assignee's own words: asked, not done, partly, under way, done.

Read clause by clause, the doubtful readings first: a text is "done" only if no clause asks, denies, promises or says
"nearly". Taking done for not done costs one more message; the other way round sends a survey to an angry customer.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from bot.grammar.arguments import Words
from bot.grammar.folding import PICTURES
from bot.grammar.patterns import regex


class Stage(StrEnum):
    """What a clause says of the work."""

    ASKED = "asked"
    NOT_DONE = "not_done"
    UNDER_WAY = "under_way"
    PROMISED = "promised"
    DONE = "done"


_WORK: Final = (
    "处理|解决|完成|办结|落实|整改|维修|更换|修复|恢复|疏通|清理|安装|打扫|清洗|修缮|退款|赔付|完工|搞定"
    "|修|办|弄|搞|换|装|补|做|清|刷|焊|调|擦|拆|(?<![打接拨]不)通(?!知|过|话|电|告|报)|退|整(?=[好完妥成不])"
)
_HOW: Final = (
    "(?:能|能够|有|全部|完全|彻底|都|怎么|给客户|给他|给她|来得及|及时|真正|最终|最后|正式|太|全|开始|着手|"
    "去|人|曾|被|再|能够|打算|准备|安排){0,3}"
)
_ASKED: Final = regex(
    rf"(?:{_WORK}|好|完)(?:好|完|毕|成|掉|妥|定)?(?:了|过)?(?:没有?|没啊|没呀|没呢|吗|么|嘛|否|不|"
    rf"了没)[?!. ~啊呀呢]*$"
    rf"|(?:什么时候|何时|几时|哪天|多久|是否|有没有|是不是|能不能|可不可以|会不会|要不要|为什么|"
    rf"怎么).{{0,12}}(?:{_WORK}|好|完)"
    rf"|(?:{_WORK}|好|完)[^?]{{0,4}}\?|(?:处理|修|办)(?:得|的)?(?:怎么样|如何|咋样)"
    r"|^(?:(?:is|are|was|were|has|have|did|does|do|can|could|will) (?:\d{4,6}|ts[\d-]+|it|this|that|they|the|you|we|"
    r"everything|"
    r"he|she|someone|anyone|my)|when|why|how|what|who)\b[^?]{0,60}\b(?:done|fixed|finish(?:ed)?|completed?|"
    r"resolved|solved|repaired|sorted|fix)\b"
    r"|\b(?:done|fixed|finished|completed?|resolved|solved|repaired|sorted)\b[^?]{0,12}\?",
    re.ASCII,
)
_DENIED: Final = regex(
    r"还有(?:一?点|些)?(?:儿)?(?:漏|渗|响|堵|滴|卡|臭|松|晃|吵|闪|异味|味道)|还在?(?:渗|滴|冒|闪|卡)|"
    rf"(?:还没有?|没有?|尚未|未|仍未)(?:能)?(?:开始|动工|开工|动手|进场|轮到)|(?:还没有?|仍未|尚未|暂未|还未|没有?|未|"
    rf"未能|没能|无法|没法|没办法|不能|不会|难以|并没有?|"
    rf"并未){_HOW}(?:{_WORK}|好|完|成功|到位|结束|动|联系上|去|到|修理)"
    rf"|不(?:算|够|想|能|会)?{_HOW}(?:{_WORK}|完)"
    rf"|(?:{_WORK})(?:结)? ?不(?:了|好|完|成|动|掉|下来|定|结|出来|到位|上|够)|(?:{_WORK})(?:得|的)?(?:不好|"
    rf"不彻底|不到位|不行|不完全)|还没有?(?:呢|啊|哦|吧)?$|没呢|没好|未果|失败|白(?:修|弄|忙)|又(?:坏|漏|堵|开了|裂|"
    rf"出问题)|(?:还|仍|还是|依旧|依然)(?:在)?(?:漏|坏|响|堵|不行|有问题|老样子)"
    r"|(?:\bnot|n't|\b(?:do|does|did|ca|could|is|are|was|were|has|have|had|wo|would|should)nt|\bcannot|\bdidn|\bnever|"
    r"\b(?:not|n't|nt|never) (?:been |quite )?able to|\bunable to|\bfail(?:ed|s)? to|"
    r"\bno(?:t)? way)(?: (?!only\b)[\w']+){0,3}? (?:done|fixed|finish\w*|"
    r"completed?|resolved?|solved?|repair(?:ed)?|repaired?|ready|work(?:s|ing)|sorted|over|fix|do it|start(?:ed)?|"
    r"closed?|"
    r"replaced?|carried out|performed?|settled?|installed?|cleaned?|painted|unblocked?|dried|gone)\b"
    r"|\b(?:thought|hoped|assumed|believed)(?: that)? (?:it|this|that|they|we|everything)\b|\b(?:it|that|this|they) "
    r"(?:is|was|are|does|did|has)(?:n'?t| not)$|"
    r"^failed\b|\b(?:leak|problem|issue|noise|smell|fault|damp|error)\w* (?:is |has come |came )back\b(?! (?:on|to))|"
    r"以为[^,.;]{0,4}(?:好|完|修|弄|搞|解决)|\b(?:not yet|undone|unfixed|unresolved|unfinished|unsolved|incomplete|"
    r"no luck|still (?:not|broken|"
    r"leaking|dripping|open|pending|to do|blocked|faulty)|yet to be|far from)\b|^(?:not|no)$|\b(?:broke|"
    r"broken|leak(?:s|ing|ed)?|blocked|happened|came back|went)\b(?: \w+)? again|\b(?:fix|repair|attempt|it|"
    r"job|test)(?: has)? failed|\b(?:barely|hardly)\b",
    re.ASCII,
)
_PARTLY: Final = regex(
    rf"快(?:要)?(?:{_WORK}|好|完|收尾|结束)|^(?:马上|就)?快了|即将(?:{_WORK}|好|完)|差不多|差一?点(?!没)|"
    rf"基本(?:上)?(?:已|{_WORK}|好|完|都|没)|大部分|大致|大体|大概(?:{_WORK}|好|完)|几乎|(?:一半|一部分|部分)|"
    rf"还差|还剩|剩下|还有.{{0,12}}(?:没|未|要|待|明|后|下|个)|还(?:需|要|得|欠|缺)|就差|只差|还缺|只(?:是|"
    rf"有)?(?:{_WORK})|(?<!\d)\d{{1,2}}\s?%|百分之(?!百)|[一二三四五六七八九]成|初步(?!判断|诊断|估计|看|检查|查|怀疑|"
    rf"了解|认定|分析|方案|沟通|核实)|暂时|临时|先(?:这样|凑合)|"
    rf"未完|待(?:{_WORK})"
    r"|\b\d+ (?:out )?of \d+\b|\bso far\b|\b(?:almost|nearly|half(?! past)|halfway|partly|partially|mostly|about to|close to|"
    r"just "
    r"about|practically|virtually|"
    r"sort of|kind of|temporar\w+|(?:only|just) (?:one|two|three|half|some|a few|part|\d+)|not entirely|"
    r"more or less|should be (?:done|fixed|finished))\b|\b\d{1,2} ?%",
    re.ASCII,
)
_ALL_BUT: Final = regex(
    r"\b(?:done|finished|completed?|fixed|sorted|repaired|painted|replaced)\b,? (?:bar|except(?: for)?|"
    r"apart from|save|other than|aside from|minus) "
    r"|\b(?:all|everything)\b[^,.;]{0,16}\b(?:done|finished|completed?|fixed|sorted) but (?:the|a|an|one|for)\b"
    r"|除了?[^,.;]{1,10}(?:都|全|其他|其它|别的)|[好完毕了][,. ]+(?:就)?除了?[^,.;]{1,12}$"
)
"""Done, but for something: what is left open stands behind the word for it."""
_LOOKED_AT: Final = 200  # characters in which that is said
_UNDER_WAY: Final = regex(
    rf"正在|(?:{_WORK}|进行|施工|跟进|排查|协调|沟通|联系|处置|核实|调查|检查|检修|抢修|办理)(?:之)?中|"
    rf"在(?:{_WORK}|跟进|排查|协调|沟通|联系|施工|等|催)|进行(?:当)?中"
    r"|\b(?:must|will|want to|need to|have to|going to) (?:see|check|test|wait|watch)\b.*\bbefore i (?:say|close|call|tell)\b"
    r"|\b(?:getting there|going on|half ?way there|coming along|moving along)\b|\b(?!it|this|that)\w+ (?:is|are) "
    r"(?:now |still |currently |just )?(?:discuss|review|check|look|work|investigat|"
    r"prepar|decid|consider|process|arrang|handl)\w*ing\b|\b(?:wip|in progress|under way|underway|ongoing|"
    r"work(?:ing)? on (?:it|this)|still (?:working|waiting|"
    r"checking|on it)|waiting (?:for|on)|being (?:fixed|repaired|done|handled|processed|worked on|replaced)|"
    r"(?:i'm|im|i am|we're|we are|currently|now|busy)(?: \w+)? \w+ing)\b",
    re.ASCII,
)
_WITHOUT_NEWS: Final = regex(
    rf"正在|目前|现在|已经|还|我们?|这边|中|在|了|呢|的|进行|跟进|{_WORK}|排查|着|吧|啊|哦|\b(?:still|working|"
    rf"work|on|it|this|in|progress|i'm|im|i|am|we|we're|are|under|way|underway|ongoing|currently|now|being|"
    rf"fixed|repaired|handled|done|is|it'?s|yes|ok)\b|[^\w\u3400-\u9fff]|_",
    re.ASCII,
)
_PERFECT: Final = (
    rf"已经?(?:全部|都|完全|给客户|帮客户|按要求|现场|当场|上门|重新|为客户|于今[日天]){{0,2}}(?:{_WORK}|道歉|"
    rf"告知客户|结束|合格|达标)(?:好|完|毕|成|掉|妥)?(?:了)?"
    rf"|(?:{_WORK})(?:好|完|妥|定|利索|完成|完毕|毕|成功)(?:了|啦|喽|咯|完毕|毕)|(?:{_WORK})(?:好|完|完毕|毕|"
    rf"妥|成功)$|(?:办结|完成|解决|修复|搞定|恢复|完工|结束|疏通|更换|换|修|处理|安装|清理)(?:了|啦)|(?:办结|"
    rf"搞定|完工|竣工|完毕|完事|闭环|销项|结单)(?:$|了|啦)|^(?:已)?完成$|"
    rf"(?<!马上)(?<![就买约订定说谈带备看量拍算借排想])好了$|弄好|ok了|(?:^|下水道?|"
    rf"管道?|马桶|地漏|厕所)通了|可以了$|没问题了|不(?:漏|响|滴|堵|闪|晃|卡|吵|臭)了|恢复(?:运行|使用|通行|"
    rf"供[水电气暖]|通[水电气]|制[冷热])了?$|恢复正常|正常了|(?:使用|运行|"
    rf"一切)正常"
)
_DONE: Final = regex(
    r"\b(?:already (?:settled?|repair(?:ed)?|changed?)|(?:settled?|repair|change|clean|fix) (?:already|liao))\b|"
    r"\b(?:corrected|reissued)\b|"
    rf"{_PERFECT}|已经?[^,.;没未不待等]{{0,8}}并已?(?:退款|赔付|更换|修复|解决|处理|道歉)(?:了|完毕)?$"
    r"|\b(?:done|fixed|finished|completed|complete|resolved|solved|repaired|sorted|replaced|restored|cleaned|wrapped "
    r"up|"
    r"unblocked|unclogged|cleared|tightened|mended|adjusted|rewired|(?:re)?sealed|welded|(?:re)?painted|fitted|"
    r"serviced|lubricated|"
    r"oiled|rebuilt|sprayed|refilled|recharged|reconnected|reattached|reprogrammed|glued|renewed|topped up|"
    r"finish already|already finish|"
    r"installed|refunded|reset|rebooted|swapped|changed|patched|closed|paid (?:out|back)|all good|taken care of|"
    r"took care of|works (?:now|again|fine)|working (?:again|now|fine)|back to normal|back on(?:line)?|"
    r"up and running|back in (?:service|operation|use)|(?:on|up|open|online|running|flowing) again|"
    r"flows? (?:well|fine|freely))\b",
    re.ASCII,
)
# What makes the done word after it a promise or a condition.
_LATER: Final = regex(
    "将|会|准备|预计|估计|争取|计划|打算|马上|尽快|立即|立刻|稍后|明[天早日晚]|后天|下周|下午去|晚上去|等下|"
    "待|如果|要是|等|才|能|可以|需|要|想|希望|必须|保证|承诺|请|应该|可能|也许|约|去|来"
    r"|\b(?:to have|agree[sd]? to|wants? to|needs? to|will|'ll|shall|should|going to|gonna|plan|hope|expect\w*|needs?|"
    r"have to|has to|must|to be|can be|"
    r"could be|would|may|might|when|once|if|until|before|after|tomorrow|soon|later|get(?:ting)? it|want\w*|by|"
    r"to get|try\w*|probably|maybe|perhaps|think)\b",
    re.ASCII,
)
# A denial anywhere before the done word, unless it belongs to the thing ("打不开的门", "漏水不止，已…").
_DOUBT: Final = regex(
    r"[没未不无难别非](?!.{0,30}(?:的|已|后|重新))|\b(?:not|never|no|without|hardly|barely|cannot|nothing|"
    r"nobody|none|nowhere|neither|nor|isnt|wasnt|hasnt)\b|n't\b",
    re.ASCII,
)
_NO_DOUBT: Final = regex(
    "没(?:有)?问题|没多久|没几天|没事|不到|不用|无需|不需|不一会|不久|不错|不小心|不好意思|不客气|不锈钢|"
    "无误|不漏|分别|特别|级别|非常|not only"
)
_AFTERWARDS: Final = regex(
    r" ?(?:by|before|until|till|tomorrow|soon|later|when|if|once|next)\b|的话|(?:之后|以后|后|了)?(?:再|我再|"
    r"我就|就(?:告诉|通知|联系)|告诉你|通知你|联系你)|再说",
    re.ASCII,
)
_PROMISED: Final = regex(
    rf"(?:马上|立刻|立即|尽快|明[天早日晚]|后天|下周|下午|晚上|周[一二三四五六日天末]|争取|预计|估计|稍后|待会|"
    rf"等会|等下|将|准备|打算|计划|会|月底|下个?月).{{0,10}}(?:{_WORK}|好|完)(?:好|完|结|成|定|掉)?(?:的|了)?$"
    r"|(?:\b(?:will|shall|going to|gonna|plan(?:ning)? to|hop(?:e|ing) to|try(?:ing)? to|intend to|"
    r"aim(?:ing)? to)\b|\b\w+'ll\b).{0,30}\b(?:fix|finish|complete|close|resolve|do|repair|get|come|go|check|"
    r"try|be|replace|update|start|continue)\b",
    re.ASCII,
)
# "原来没修好的地方已处理": the old fault is not the state of the work.
_OLD_FAULT: Final = regex("(?:原来|之前|上次|原先|以前)[^,.;]{0,6}[没未][^,.;]{0,6}的(?=[^,.;]{0,30}已)")
_NOT_UNDONE: Final = regex(rf"(?:也|又|并)?不是(?:说)?没有?(?:去)?(?:{_WORK})(?:过|好|完)?")
_BEFORE: Final = regex("(?:原来|之前|原先|以前)(?:一直|都|也)*没[^了吗?]{0,8}$")
_CLAUSE: Final = regex(
    r"[,.;!\n~]+\s*|\s+(?:but|and then|however)\s+|但是?|不过|可是|然后|\s*(?:谢谢|多谢|"
    r"辛苦了?|拜托|不好意思|抱歉)\s*|\s+(?:thanks|thank you|thx|sorry|please|pls)\b"
)
_BARE_FILL: Final = regex(
    r"我们?|这边|那边|这个|那个|现在|目前|问题|事情|任务|工单|单子|都|全部|全|已经?|了|啦|喽|的|啊|哈|吧|呢|"
    r"好的?|嗯|收到|您好|你好|谢谢|辛苦了?|报告|领导|亲|现场"
    r"|\b(?:it'?s|its|i've|we've|that'?s|it|is|has|been|have|i've|i|we|we've|all|now|just|already|ok|okay|yes|"
    r"hi|everything|the|job|work|task|issue|problem|got|thanks|that'?s|this|one|was|good)\b|[^\w\u3400-\u9fff]|"
    r"_",
    re.ASCII,
)
_DEEDS: Final = frozenset("修换装补清刷焊调擦拆通退")
_ENDED: Final = regex(
    r"处理|解决|完成|完毕|办结|落实|搞定|结束|弄|搞|办|做|完|毕|妥|好|"
    r"\b(?:done|finished|completed?|resolved|solved|sorted|closed)\b",
    re.ASCII,
)
# Command-like words: what follows them is the result. After any other verb ("fixed the leak") the whole text is.
_COMMAND: Final = regex(
    r"(?:我?(?:已经?)?(?:办结|完成|完毕|处理完毕|处理完成|处理完|处理好|搞定|结单|结案|弄好|修好|解决|处理|"
    r"完工))(?:了|啦)?(?=[ ,.:;!\n]|$)|(?:it'?s )?(?:all )?(?:now )?(?:done|finished|completed?|resolved|"
    r"job done|closed?|close case)\b(?! by\b| with\b| in\b)"
    r"|(?:fixed|solved|repaired|sorted|ok)(?=[,.:;!-])",
    re.ASCII,
)
_COMMAND_LOOSE: Final = regex("(?:已)?(?:办结|完成)了?[ :]*")


def clauses(key: str, limit: int = 600) -> list[str]:
    """Return the clauses of a folded text, a question mark kept with its clause."""
    found = re.sub(r"\?+", "?.", PICTURES.sub(".", key[:limit]))
    return [part for part in (piece.strip() for piece in _CLAUSE.split(found)) if part]


def _stage(clause: str) -> Stage | None:
    clause = _OLD_FAULT.sub("", clause)
    if _NOT_UNDONE.fullmatch(clause):
        return None  # "不是没修，早上就修好了": what follows says how it stands
    if _ASKED.search(clause):
        return Stage.ASKED
    if _DENIED.search(clause) or _PARTLY.search(clause):
        return Stage.NOT_DONE
    if _UNDER_WAY.search(clause):
        return Stage.UNDER_WAY
    found = _DONE.search(clause)
    if found is None:
        return Stage.PROMISED if _PROMISED.search(clause) else None
    before = clause[: found.start()]
    if _DOUBT.search(_NO_DOUBT.sub("", before)):
        return Stage.NOT_DONE
    if _LATER.search(before) and not (found[0].startswith("已") or "已" in before):
        return Stage.PROMISED
    if _AFTERWARDS.match(clause, found.end()):
        return Stage.PROMISED
    return Stage.DONE


def stage(key: str) -> Stage | None:
    """Return how far the work has come by a folded text; None if the text says nothing of it."""
    told = clauses(key)
    since = [clause for clause in told if not _BEFORE.match(clause)]
    found = {_stage(clause) for clause in since}
    if Stage.DONE not in found:
        found = {_stage(clause) for clause in told}
    for doubtful in (Stage.ASKED, Stage.NOT_DONE):
        if doubtful in found:
            return doubtful
    if Stage.DONE in found and _ALL_BUT.search(key[:_LOOKED_AT]):
        return Stage.NOT_DONE
    if Stage.DONE in found:
        return Stage.DONE  # "处理完了，正在打扫": under way is what comes after
    for rest in (Stage.UNDER_WAY, Stage.PROMISED):
        if rest in found:
            return rest
    return None


def has_news(key: str) -> bool:
    """Whether "正在…" says what is being done, or merely that something is."""
    return len(_WITHOUT_NEWS.sub("", key[:200])) >= 2


def result(words: Words) -> str:
    """Return what was done, out of a text that says it is done; empty if it says no more than that."""
    key = words.key
    head = _COMMAND.match(key) or _COMMAND_LOOSE.match(key)
    if head and (head[0].startswith("已经") or tells_deed(head[0])):
        head = None  # "修好了，发票也给他了" tells two things, and the customer is to read both
    rest = words.part(head.end()) if head else words
    if not head:
        tail = re.search(
            r"[ ,.;:!](?:办结|已办结|完成|已完成|搞定了?|done|finished|all done|completed?)[ .!]*$", key[-40:]
        )
        if tail:
            rest = words.part(0, len(key) - len(key[-40:]) + tail.start())
    leftover = _BARE_FILL.sub("", re.sub(f"{_DONE.pattern}", "", rest.key[:200], flags=re.ASCII))
    if leftover or (head and len(_BARE_FILL.sub("", rest.key[:200])) >= 3):
        return rest.said
    return ""


def denies(key: str) -> bool:
    """Whether some clause says outright that it is not done, or the words that something is not."""
    return any(_DENIED.search(clause) for clause in clauses(key)) or _ALL_BUT.search(key[:_LOOKED_AT]) is not None


def leaves_result(key: str) -> bool:
    """Whether the words after "办结" say what was done ("换好了"), rather than "了" or "谢谢"."""
    left = _BARE_FILL.sub("", key[:200])
    return len(left) >= 2 or left in _DEEDS


def tells_deed(key: str) -> bool:
    """Whether words that say "done" name the deed too ("修好了", "replaced"), rather than merely its end ("搞定了")."""
    left = _ENDED.sub("", _BARE_FILL.sub("", key[:200]))
    return len(left) >= 2 or left in _DEEDS


_MATERIAL: Final = regex(
    r"(?:配件|材料|零件|备件|耗材|库存|货|水泥|油漆|钱|预算)[^,.;]{0,4}?[用卖发领花断]?[完光没][了]?"
    r"|\b(?:parts?|materials?|stock|supplies|money|budget)\b.{0,20}\b(?:used up|gone|sold out|finished|run out|ran out|done)\b"
)


def of_material(key: str) -> bool:
    """Whether it is what the work needs that is finished, and not the work: "配件用完了"."""
    return _MATERIAL.search(key[:_LOOKED_AT]) is not None


def comes_later(key: str) -> bool:
    """Whether the words after "done" put it off: "done by tomorrow"."""
    return bool(_AFTERWARDS.match(key))
