"""How far the work has come, in an assignee's own words: asked, not done, partly, under way, done.

Read clause by clause, the doubtful readings first: a text is "done" only if no clause asks, denies, promises or says
"nearly". Taking done for not done costs one more message; the other way round sends a survey to an angry customer.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from bot.grammar.arguments import Words


class Stage(StrEnum):
    """What a clause says of the work."""

    ASKED = "asked"
    NOT_DONE = "not_done"
    UNDER_WAY = "under_way"
    PROMISED = "promised"
    DONE = "done"


_WORK: Final = (
    "处理|解决|完成|办结|落实|整改|维修|更换|修复|恢复|疏通|清理|安装|打扫|清洗|修缮|退款|赔付|完工|搞定"
    "|修|办|弄|搞|换|装|补|做|清|刷|焊|调|擦|拆|通|退"
)
_HOW: Final = "(?:能|能够|有|全部|完全|彻底|都|怎么|给客户|给他|给她|来得及|及时|真正|最终|最后|正式|太|全|开始|着手|去|人|曾|被|再|能够|打算|准备|安排){0,3}"
_ASKED: Final = re.compile(
    rf"(?:{_WORK}|好|完)(?:好|完|毕|成|掉|妥|定)?(?:了|过)?(?:没有?|没啊|没呀|没呢|吗|么|嘛|否|不|了没)[?!. ~啊呀呢]*$"
    rf"|(?:什么时候|何时|几时|哪天|多久|是否|有没有|是不是|能不能|可不可以|会不会|要不要|为什么|怎么).{{0,12}}(?:{_WORK}|好|完)"
    rf"|(?:{_WORK}|好|完)[^?]{{0,4}}\?|(?:处理|修|办)(?:得|的)?(?:怎么样|如何|咋样)"
    r"|^(?:is|are|was|were|has|have|did|does|do|can|could|will|when|why|how|what|any(?:one)?)\b[^?]{0,60}\b(?:done|fixed|finish(?:ed)?|completed?|resolved|solved|repaired|sorted|fix)\b"
    r"|\b(?:done|fixed|finished|completed?|resolved|solved|repaired|sorted)\b[^?]{0,12}\?",
    re.ASCII,
)
_DENIED: Final = re.compile(
    rf"(?:还没有?|仍未|尚未|暂未|还未|没有?|未|未能|没能|无法|没法|没办法|不能|不会|不(?:算|够|想)?|难以|并没有?|并未){_HOW}(?:{_WORK}|好|完|成功|到位|结束|动|联系上|去|到|修理)"
    rf"|(?:{_WORK})(?:结)?不(?:了|好|完|成|动|掉|下来|定|出来|到位|上|够)|(?:{_WORK})(?:得|的)?(?:不好|不彻底|不到位|不行|不完全)|还没有?(?:呢|啊|哦|吧)?$|没呢|没好|未果|失败|白(?:修|弄|忙)|又(?:坏|漏|堵|出问题)|(?:还|仍|还是|依旧|依然)(?:在)?(?:漏|坏|响|堵|不行|有问题|老样子)"
    r"|(?:\bnot|n't|\bisnt|\bhasnt|\bhavent|\bwasnt|\bcouldnt|\bcant|\bcannot|\bdidnt|\bdidn|\bnever|\bunable to|\bfail(?:ed|s)? to|\bno(?:t)? way)(?: (?!only\b)[\w']+){0,3}? (?:done|fixed|finish\w*|completed?|resolved?|solved?|repaired?|ready|work(?:s|ing)|sorted|over|fix|do it|start(?:ed)?|closed?|replaced?)\b"
    r"|\b(?:not yet|undone|unfixed|unresolved|unfinished|unsolved|incomplete|no luck|still (?:not|broken|leaking|dripping|open|pending|to do|blocked|faulty)|yet to be|far from)\b|^(?:not|no)$",
    re.ASCII,
)
_PARTLY: Final = re.compile(
    rf"快(?:要)?(?:{_WORK}|好|完|收尾|结束)|^(?:马上|就)?快了|即将(?:{_WORK}|好|完)|差不多|差一?点(?!没)|基本(?:上)?(?:已|{_WORK}|好|完|都|没)|大部分|大致|大体|大概(?:{_WORK}|好|完)|几乎|(?:一半|一部分|部分)|还差|还剩|剩下|还有.{{0,12}}(?:没|未|要|待|明|后|下|个)|还(?:需|要|得|欠|缺)|就差|只差|还缺|只(?:是|有)?(?:{_WORK})|(?<!\d)\d{{1,2}}\s?%|百分之(?!百)|[一二三四五六七八九]成|初步|暂时|临时|先(?:这样|凑合)|未完|待(?:{_WORK})"
    r"|\b(?:almost|nearly|half|partly|partially|mostly|about to|close to|just about|practically|virtually|sort of|kind of|temporar\w+|not entirely|more or less|should be (?:done|fixed|finished))\b|\b\d{1,2} ?%",
    re.ASCII,
)
_UNDER_WAY: Final = re.compile(
    rf"正在|(?:{_WORK}|进行|施工|跟进|排查|协调|沟通|联系|处置|核实|调查|检查|检修|抢修|办理)(?:之)?中|在(?:{_WORK}|跟进|排查|协调|沟通|联系|施工|等|催)|进行(?:当)?中"
    r"|\b(?:in progress|under way|underway|ongoing|work(?:ing)? on (?:it|this)|still (?:working|waiting|checking|on it)|waiting (?:for|on)|being (?:fixed|repaired|done|handled|processed|worked on|replaced)|(?:i'm|im|i am|we're|we are|currently|now|busy)(?: \w+)? \w+ing)\b",
    re.ASCII,
)
_WITHOUT_NEWS: Final = re.compile(
    rf"正在|目前|现在|已经|还|我们?|这边|中|在|了|呢|的|进行|跟进|{_WORK}|排查|着|吧|啊|哦|\b(?:still|working|work|on|it|this|in|progress|i'm|im|i|am|we|we're|are|under|way|underway|ongoing|currently|now|being|fixed|repaired|handled|done|is|it's|yes|ok)\b|[\W_]",
    re.ASCII,
)
_PERFECT: Final = (
    rf"已经?(?:全部|都|完全|给客户|帮客户|按要求|现场|当场|上门|重新|为客户|于今[日天]){{0,2}}(?:{_WORK}|道歉|告知客户|结束|合格|达标)(?:好|完|毕|成|掉|妥)?(?:了)?"
    rf"|(?:{_WORK})(?:好|完|妥|定|利索|完成|完毕|毕|成功)(?:了|啦|喽|咯|完毕|毕)|(?:{_WORK})(?:好|完|完毕|毕|妥|成功)$|(?:办结|完成|解决|修复|搞定|恢复|完工|结束|疏通|更换|换|修|处理|安装|清理)(?:了|啦)|(?:办结|搞定|完工|竣工|完毕|完事|闭环|销项|结单)(?:$|了|啦)|^(?:已)?完成$|(?<!马上)(?<!就)好了$|弄好|ok了|可以了$|没问题了|不(?:漏|响|滴|堵|闪|晃|卡|吵|臭)了|恢复正常|正常了|(?:使用|运行|一切)正常"
)
_DONE: Final = re.compile(
    rf"{_PERFECT}"
    r"|\b(?:done|fixed|finished|completed|complete|resolved|solved|repaired|sorted|replaced|restored|cleaned|unblocked|installed|refunded|reset|rebooted|swapped|changed|patched|closed|all good|taken care of|took care of|works (?:now|again|fine)|working (?:again|now|fine)|back to normal)\b",
    re.ASCII,
)
# What makes the done word after it a promise or a condition.
_LATER: Final = re.compile(
    "将|会|准备|预计|估计|争取|计划|打算|马上|尽快|立即|立刻|稍后|明[天早日晚]|后天|下周|下午去|晚上去|等下|待|如果|要是|等|才|能|可以|需|要|想|希望|必须|保证|承诺|请|应该|可能|也许|约|去|来"
    r"|\b(?:will|'ll|shall|should|going to|gonna|plan|hope|expect\w*|needs?|have to|has to|must|to be|can be|could be|would|may|might|when|once|if|until|before|after|tomorrow|soon|later|get(?:ting)? it|want\w*|by|to get|try\w*|probably|maybe|perhaps|think)\b",
    re.ASCII,
)
_PAST: Final = re.compile("已|刚|今天|昨|了$")
_CLAUSE: Final = re.compile(r"[,.;!\n~]+\s*|\s+(?:but|and then|however)\s+|但是?|不过|可是|然后")
_BARE_FILL: Final = re.compile(
    r"我们?|这边|那边|这个|那个|现在|目前|问题|事情|任务|工单|单子|都|全部|全|已经?|了|啦|喽|的|啊|哈|吧|呢|好的?|嗯|收到|您好|你好|谢谢|辛苦了?|报告|领导|亲|现场"
    r"|\b(?:it|is|it's|its|has|been|have|i've|i|we|we've|all|now|just|already|ok|okay|yes|hi|everything|the|job|work|task|issue|problem|got|thanks|that's|this|one|was|good)\b|[\W_]",
    re.ASCII,
)
# Command-like words: what follows them is the result. After any other verb ("fixed the leak") the whole text is.
_COMMAND: Final = re.compile(
    r"(?:我?(?:已经?)?(?:办结|完成|完毕|处理完毕|处理完成|处理完|处理好|搞定|结单|结案|弄好|修好|解决|处理|完工))(?:了|啦)?(?=[ ,.:;!\n]|$)|(?:it'?s )?(?:all )?(?:now )?(?:done|finished|completed?|resolved|job done|closed?|close case)\b(?! by\b| with\b| in\b)"
    r"|(?:fixed|solved|repaired|sorted|ok)(?=[,.:;!-])",
    re.ASCII,
)
_COMMAND_LOOSE: Final = re.compile("(?:已)?(?:办结|完成)了?[ :]*")


def clauses(key: str, limit: int = 600) -> list[str]:
    """Return the clauses of a folded text, a question mark kept with its clause."""
    found = re.sub(r"\?+", "?.", key[:limit])
    return [part for part in (piece.strip() for piece in _CLAUSE.split(found)) if part]


def _stage(clause: str) -> Stage | None:
    if _ASKED.search(clause):
        return Stage.ASKED
    if _DENIED.search(clause) or _PARTLY.search(clause):
        return Stage.NOT_DONE
    if _UNDER_WAY.search(clause):
        return Stage.UNDER_WAY
    found = _DONE.search(clause)
    if found is None:
        return None
    before = clause[: found.start()]
    if _LATER.search(before) and not (found[0].startswith("已") or "已" in before):
        return Stage.PROMISED
    if re.match(r" ?(?:by|before|until|tomorrow|soon|later|when|if|once)\b", clause[found.end() :]):
        return Stage.PROMISED
    return Stage.DONE


def stage(key: str) -> Stage | None:
    """Return how far the work has come by a folded text; None if the text says nothing of it."""
    found = {_stage(clause) for clause in clauses(key)}
    for doubtful in (Stage.ASKED, Stage.NOT_DONE):
        if doubtful in found:
            return doubtful
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
    rest = words.part(head.end()) if head else words
    if not head:
        tail = re.search(r"[ ,.;:!](?:办结|已办结|完成|已完成|搞定了?|done|finished|all done|completed?)[ .!]*$", key[-40:])
        if tail:
            rest = words.part(0, len(key) - len(key[-40:]) + tail.start())
    leftover = _BARE_FILL.sub("", re.sub(f"{_DONE.pattern}", "", rest.key[:200], flags=re.ASCII))
    if leftover or (head and len(_BARE_FILL.sub("", rest.key[:200])) >= 3):
        return rest.said
    return ""


def denies(key: str) -> bool:
    """Whether some clause says outright that it is not done."""
    return any(_DENIED.search(clause) for clause in clauses(key))


def leaves_result(key: str) -> bool:
    """Whether the words after "办结" say what was done, rather than "了" or "谢谢"."""
    return len(_BARE_FILL.sub("", key[:200])) >= 2
