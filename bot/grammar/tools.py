"""The service centre's own tools, as they are called in chat: the queue, the form, canned words, drills. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.grammar import arguments
from bot.grammar.arguments import Words, numbered
from bot.grammar.duties import CHANNELS_CALLED, FROM_ABOVE
from bot.grammar.folding import clean, fold
from bot.grammar.handed_in import handed_in
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import regex
from complaints.numbers import ANY
from complaints.policy.clocks import CHANNELS
from complaints.vocabulary import CustomerClass, Flag

_EDGES: Final = " \t\n.,!~;:?吧啊呀哦了"
_LONGEST: Final = 60  # characters of a command that says nothing besides
_NUMBER: Final = rf"(?:#|no\.? ?|编号)? ?(?P<number>{ANY})(?!\d)"


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_QUEUE: Final = regex(
    r"[/#* ]*(?:看看?|查看?|显示|show |show me )?(?:the )?"
    r"(?P<head>工单队列|投诉队列|队列|queue|待受理(?:列表)?|待派单|待分派|新投诉|未受理|unassigned|incoming"
    r"|new complaints)"
    r"(?![a-z])(?P<rest>.*)",
    re.DOTALL,
)
_NEXT: Final = regex(r"[/#* ]*(?:下一?页|后一页|翻页|next(?: page)?|more|page down)")
_PARTS: Final = regex(r"[ ,;:/\n]+")
_FILTERS: Final[Mapping[str, str]] = {
    **dict.fromkeys(["逾期", "已逾期", "超时", "已超时", "超期", "过期", "overdue", "late"], "overdue"),
    **dict.fromkeys(
        ["未派单", "未派", "没派", "待派单", "待派", "待分派",
         "未分派", "待受理", "未受理", "unassigned", "waiting", "new"],
        "unassigned",
    ),
    **dict.fromkeys(["演练", "drill", "drills", "practice"], "drill"),
    **dict.fromkeys(["全部", "所有", "all", "everything"], "all"),
}  # fmt: skip
_SITE: Final = regex(r"(?:项目|楼盘|小区|网点|站点|站|site|project)\s*[:=]?\s*(.+)")


@dataclass(frozen=True, slots=True)
class QueueAsked:
    """Which of the queue is wanted. severity: a code. sites: what may be a site's name; whoever knows the sites decides."""

    overdue: bool = False
    unassigned: bool = False
    drill: bool = False
    severity: str = ""
    sites: tuple[str, ...] = ()


def read_queue(text: str) -> QueueAsked | None:
    """Return which part of the queue a text asks for; None where it asks for none of it."""
    said = clean(text)
    key = fold(said)
    found = _QUEUE.fullmatch(key) if len(key) <= _LONGEST else None
    if found is None:
        return None
    rest = found["rest"]
    if rest[:1] not in ("", *" ,:;/.!?\n") and rest.strip(_EDGES) not in _FILTERS:
        return None  # "新投诉电梯坏了": what follows is a matter
    overdue, drill, severity = False, False, ""
    unassigned = found["head"] not in ("队列", "工单队列", "投诉队列", "queue")
    sites: list[str] = []
    words = Words(key, said).part(found.start("rest"))
    for start, end in _pieces(words.key):
        folded, written = words.key[start:end], words.said[start:end]
        match _FILTERS.get(folded.strip(_EDGES)):
            case "overdue":
                overdue = True
            case "unassigned":
                unassigned = True
            case "drill":
                drill = True
            case "all":
                unassigned = False
            case _:
                level, left = arguments.take_severity(Words(folded, written))
                if level is not None and not left.key.strip(_EDGES + "级的"):
                    severity = level
                elif folded.strip(_EDGES) not in ("", "项目", "site", "project"):
                    named = _SITE.fullmatch(folded)
                    sites.append(written[named.start(1) :] if named else written)
    if unassigned and sites and found["head"] not in ("待受理", "待派单", "待分派", "队列", "queue"):
        return None
    return QueueAsked(overdue, unassigned, drill, severity, tuple(sites))


_LATE_ZH: Final = r"(?:超时|超期|逾期|到期|过期|误期|过点)"
_UNDONE_ZH: Final = (
    r"(?:没有?|未|不)(?:办完|弄完|做完|搞完|处理完|处理好|处理|解决|办好|弄好|修好"
    r"|搞定|结案|结掉|结|完成|完|关|了结|办结)"
)
_WHOLE: Final = regex(
    rf"(?:请问|看看|查查|查一?下|今[天日]|现在|目前|手头|一共|总共|还|都|到底|我们|咱们|大家|公司|[ ,])*(?:有没有|有"
    rf"|剩下?|是)?"
    rf"(?:哪些|哪几[个件]|几[个件]|多少[个件]?|什么)?(?:投诉|单子?|工单|案子)?(?:是|还|都|有|[ ])*"
    rf"(?:(?P<late>(?:快要?|要|马上要?|已经?)?{_LATE_ZH})|{_UNDONE_ZH})(?:了|的|掉)*(?:投诉|单子?|工单|案子"
    rf"|[个件])?(?:有)?(?:哪些|几[个件]|多少|吗|没有?)?[ ?.!了呢啊吧]*"
    r"|(?P<load>(?!我)[\u4e00-\u9fff]{1,4}?(?:师傅|那边|那里)?(?:手上|手头|手里|名下|那边)(?:还|现在|一共)*有?(?:多少"
    r"|几)[个件单]?(?:没办完|没完|单子?|投诉|活)?[ ?了呢啊]*)"
    rf"|(?:请|麻烦|帮我|给我|把|[ ])*(?:所有|全部|现在|目前|已经?)*(?:的)?(?P<late4>{_LATE_ZH})(?:了)?(?:的|没办完的|没完的)+"
    r"(?:投诉|单子?|工单|案子)?(?:都|全|全部|统统|[ ])*(?:给我)?(?:看看|看一下|看下|看|列出来|列一下|列|发我|调出来"
    r"|有哪些)(?:看看|看)?[ .!吧]*"
    r"|(?:please |can you |could you |just )*(?:show|list|give|tell|send)(?: me| us)? (?:everything|all|anything"
    r"|what(?:'s| is)|which(?: ones)?(?: are)?|"
    r"the ones|those)?(?: that)?(?: is|'s| are)? ?(?:(?P<late2>overdue|late|past due|running late)|open|outstanding"
    r"|unfinished|not done|unresolved)"
    r"(?: (?:now|today|please|ones|cases|complaints))*[ ?.!]*"
    r"|(?:what|which|how many|is anything|are any|anything|any)(?: ones| cases| complaints| of them)?(?:'s| is"
    r"| are)?(?: still| about to be| nearly)*"
    r" (?:(?P<late3>overdue|late|past due|running late)|open|outstanding|unfinished|not done|unresolved)(?: (?:now"
    r"|today|still))*[ ?.!]*"
)


_ASKS: Final = regex(
    r"哪些|哪几|几[个件]|多少|什么|有没有|吗|看|列|发我|调出|\b(?:show|list|give|tell|send|what|which|how many|any"
    r"|anything|are|is)\b"
)
_SOON: Final = regex(r"快|要|\b(?:about to|nearly|soon)\b")  # what is late already is less than that


def asks_of_the_whole(text: str) -> QueueAsked | None:
    """Return the part of the queue that a question about everybody's work asks for: "今天有几个没办完的", "what's overdue"."""
    key = fold(clean(text))
    found = _WHOLE.fullmatch(key) if len(key) <= _LONGEST else None
    if found is None or (not found["load"] and _ASKS.search(key) is None):
        return None
    late = any(found[name] for name in ("late", "late2", "late3", "late4")) and _SOON.search(key) is None
    return QueueAsked(overdue=late)


def _pieces(key: str) -> list[tuple[int, int]]:
    pieces, start = [], 0
    for gap in (*_PARTS.finditer(key), None):
        end = gap.start() if gap is not None else len(key)
        if end > start:
            pieces.append((start, end))
        start = gap.end() if gap is not None else end
    return pieces


def asks_next_page(text: str) -> bool:
    """Say whether a text asks for the next page of what was shown last."""
    key = fold(clean(text))
    return len(key) <= _LONGEST and _NEXT.fullmatch(key.rstrip(_EDGES)) is not None


# ── canned words ──────────────────────────────────────────────────────────────────────────────────────────────────────

_PHRASES: Final = regex(r"[/#* ]*(?:话术|canned(?: words)?|phrases?)(?![a-z])[ ,:]*(?P<rest>.*)", re.DOTALL)
_ADD: Final = regex(r"(?:新增|新建|添加|增加|加|add|new)(?![a-z])[ ,:]*(?P<rest>.*)", re.DOTALL)
_CHANGE: Final = regex(
    r"(?:修改|更新|改|edit|change|replace)(?![a-z])[ ,:]*(?P<id>\d{1,5})[ ,:]*(?P<rest>.*)", re.DOTALL
)
_DROP: Final = regex(r"(?:删除|删|去掉|移除|delete|remove|drop)(?![a-z])[ ,:]*(?P<id>\d{1,5})")
_USE: Final = regex(
    r"[/#* ]*+(?:用|使用|发送?|use|send)?[ ]*+(?:话术|phrase)?[ ]*+(?:第)?(?P<id>\d{1,5})[条号]?(?:话术)?[ ]*+"
    rf"(?:发给|发送给|回复|答复|发到|for|to|on)[ ]*(?:客户|the customer)?[ ]*(?:{_NUMBER})?"
)


@dataclass(frozen=True, slots=True)
class PhraseAsked:
    """What is wanted of the canned words. what: list, find, show, add, change, drop or use. number: a complaint's."""

    what: str
    id: int = 0
    title: str = ""
    words: str = ""
    number: str = ""


def read_phrase(text: str) -> PhraseAsked | None:
    """Return what a text wants of the canned words; None where it wants nothing of them."""
    said = clean(text)
    key = fold(said)
    used = _USE.fullmatch(key.rstrip(_EDGES)) if len(key) <= _LONGEST else None
    if used is not None and ("话术" in key or "phrase" in key or key.lstrip(" /#*").startswith(("用", "使用", "use"))):
        return PhraseAsked("use", int(used["id"]), number=(used["number"] or "").upper())
    found = _PHRASES.fullmatch(key)
    if found is None:
        return None
    rest = Words(key, said).part(found.start("rest"))
    if not rest.key:
        return PhraseAsked("list")
    if dropped := _DROP.fullmatch(rest.key.rstrip(_EDGES)):
        return PhraseAsked("drop", int(dropped["id"]))
    if changed := _CHANGE.fullmatch(rest.key):
        return PhraseAsked("change", int(changed["id"]), words=rest.said[changed.start("rest") :].strip())
    if added := _ADD.fullmatch(rest.key):
        told = rest.said[added.start("rest") :].strip()
        title, _, words = re.sub(r"[：:\n]", "\0", told, count=1).partition("\0")
        return PhraseAsked("add", title=title.strip(), words=words.strip())
    if rest.key.isascii() and rest.key.isdigit() and len(rest.key) <= 5:
        return PhraseAsked("show", int(rest.key))
    if len(rest.key) > _LONGEST:
        return None
    return PhraseAsked("find", title=rest.said.strip())


# ── drills ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_DRILL: Final = regex(
    r"[/#* ]*(?:演练(?:模式)?|drill(?: mode)?)[ ,:]*(?P<what>开始|启动|开启|结束|停止|关闭|start|begin|on|end|stop|"
    r"off|over)?"
    r"(?P<rest>.*)"
)
_STARTS: Final = frozenset({"开始", "启动", "开启", "start", "begin", "on"})
_DRILL_COMPLAINT: Final = regex(
    r"[/#* ]*(?:演练(?:投诉|报修)|投诉演练|drill complaint|practice complaint)(?![a-z])[ ,:]*(?P<rest>.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class DrillAsked:
    """Begin or end a drill, or say how it stands. lasts: how long it goes on by itself, where that was said."""

    what: str  # start, end or status
    lasts: timedelta | None = None


def read_drill(text: str) -> DrillAsked | None:
    """Return what a text wants of the drill mode; None where it wants nothing of it."""
    key = fold(clean(text)).rstrip(_EDGES)
    found = _DRILL.fullmatch(key) if len(key) <= _LONGEST else None
    if found is None:
        return None
    if not found["what"]:
        return DrillAsked("status") if not found["rest"].strip(_EDGES) else None
    limit, left = arguments.take_limit(Words(found["rest"], found["rest"]))
    if left.key.strip(_EDGES):
        return None
    if found["what"] not in _STARTS:
        return DrillAsked("end")
    return DrillAsked("start", _lasting(limit) if limit else None)


def _lasting(limit: str) -> timedelta | None:
    count, unit = int(re.match(r"\d+", limit)[0]), limit.lstrip("0123456789")  # type: ignore[index]
    return timedelta(days=count) if unit in ("d", "wd") else timedelta(hours=count)


def read_drill_complaint(text: str) -> str | None:
    """Return the matter of a practice complaint, "" where it is only announced; None where the text is none."""
    said = clean(text)
    key = fold(said)
    found = _DRILL_COMPLAINT.fullmatch(key)
    return Words(key, said).part(found.start("rest")).said if found is not None else None


_REAL_COMPLAINT: Final = regex(r"[/#* ]*(?:真实投诉|真的投诉|real complaint)(?![a-z])[ ,:]*(?P<rest>.*)", re.DOTALL)


def read_real_complaint(text: str) -> str | None:
    """Return the matter of what is no practice, though a drill goes on; None where the text says no such thing."""
    said = clean(text)
    key = fold(said)
    found = _REAL_COMPLAINT.fullmatch(key)
    return Words(key, said).part(found.start("rest")).said or None if found is not None else None


# ── the form ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_FORM: Final = regex(
    r"[/#* ]*(?:登记(?:一个|一下)?(?:电话投诉|来电|电话)|电话投诉(?:登记)?|来电登记|phone complaint|"
    r"log a (?:phone )?call|take a call)"
    r"(?![a-z])(?:$|[ ,:：\n]+(?P<rest>.*))",
    re.DOTALL,
)
_FORM_ALONE: Final = regex(r"[/#* ]*(?:登记(?:投诉)?|新登记|register)")
_NEXT_CALLER: Final = regex(
    r"[/#* ]*(?:(?:the )?(?:next |new |another )?caller(?! ?[:=])|(?:又|再)?(?:来|接)了?一?个(?:电话|来电)"
    r"|来电(?:人|者|客户)?|[下另]一[个位](?:客户|来电)?)"
    r"(?![a-z])[ ,:：\n]+(?P<rest>.*)",
    re.DOTALL,
)
_FROM_ABOVE: Final = regex(
    r"[/#* ]*(?:登记)?(?:上级(?:转办|交办)(?:件|投诉)?|handed down(?: complaint)?)(?![a-z])[ ,:：\n]+(?P<rest>.*)",
    re.DOTALL,
)
STEPS: Final = ("name", "phone", "place", "customer_class", "matter", "occurred", "category", "remedy", "respondent")
"""The questions of the form, in their order (R-009 to R-011)."""
_LABELS: Final[Mapping[str, str]] = {
    **dict.fromkeys(["姓名", "客户姓名", "客户名称", "客户", "称呼", "联系人", "投诉人", "name", "customer"], "name"),
    **dict.fromkeys(
        ["电话", "手机", "手机号", "联系电话", "联系方式",
         "来电号码", "phone", "tel", "mobile", "number"],
        "phone",
    ),
    **dict.fromkeys(["地址", "地点", "位置", "房号", "房间号", "住址", "place", "address", "where", "room", "flat"], "place"),
    **dict.fromkeys(
        ["内容", "事由", "事情", "反映内容", "投诉内容",
         "问题", "情况", "matter", "what", "complaint", "problem"],
        "matter",
    ),
    **dict.fromkeys(["时间", "发生时间", "何时", "when", "since", "time"], "occurred"),
    **dict.fromkeys(["分类", "类别", "类型", "category"], "category"),
    **dict.fromkeys(["诉求", "要求", "期望", "希望", "remedy", "wants", "wanted", "wish"], "remedy"),
    **dict.fromkeys(["身份", "客户身份", "客户类型", "是否业主", "customer class", "caller"], "customer_class"),
    **dict.fromkeys(["来源", "渠道", "source", "channel"], "source"),
    **dict.fromkeys(["被投诉人", "被投诉对象", "被投诉部门", "对象", "责任人", "respondent", "about", "against"], "respondent"),
}  # fmt: skip
_LABEL: Final = regex(
    rf"(?:^|(?<=[\s,;.]))(?P<label>{'|'.join(sorted(map(re.escape, _LABELS), key=len, reverse=True))})[ "
    rf"]{{0,3}}[:=][ ]{{0,3}}"
)
_SOURCE: Final = "来源："
_ABOVE: Final = f"{_SOURCE}上级转办"  # as it stands behind all else that is told
_LONGEST_CLASS: Final = 30  # characters within which words say who somebody is, and not what happened
_MOVES: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ["跳过", "略过", "略", "不知道", "没有", "无", "没说", "未提供",
         "不清楚", "不详", "没提", "skip", "pass", "none", "unknown", "n/a", "no"],
        "skip",
    ),
    **dict.fromkeys(["上一步", "返回", "后退", "回退", "上一题", "改上一个", "back", "previous"], "back"),
    **dict.fromkeys(["取消", "取消登记", "放弃", "不登记", "退出", "cancel", "abort", "quit"], "cancel"),
    **dict.fromkeys(["提交", "登记", "完成登记", "保存", "就这些", "submit", "file it", "save", "that's all"], "submit"),
    **dict.fromkeys(
        ["另一位客户", "另一位", "另一个", "另一个客户", "别的客户", "换一位", "新客户", "another caller", "another",
         "another one", "someone else", "somebody else", "new caller", "different caller"],
        "another",
    ),
    **dict.fromkeys(
        ["这位客户", "这位", "同一位", "同一个", "同一个客户", "就是这位", "this caller", "this one", "same caller", "same",
         "the same"],
        "same",
    ),
}  # fmt: skip


def read_form(text: str) -> str | None:
    """Return what was told with the word that opens the form, "" where nothing was; None where it is not opened."""
    said = clean(text)
    key = fold(said)
    if _FORM_ALONE.fullmatch(key.rstrip(_EDGES)):
        return ""
    found = _FORM.fullmatch(key)
    if found is not None:
        return said[found.start("rest") :].strip() if found["rest"] else ""
    above = _FROM_ABOVE.fullmatch(key)
    if above is None and (brought := handed_in(said)) is not None:
        return f"{brought.text} {_SOURCE}{brought.source}"
    if above is None or numbered(Words(above["rest"], above["rest"])).bare().references:
        return None  # a number: one that exists is marked
    return f"{said[above.start('rest') :].strip()} {_ABOVE}"


def read_caller(text: str) -> str:
    """Return what is told of a caller where words begin with one, "caller Mrs Patel 07911…"; "" where they do not."""
    said = clean(text)
    found = _NEXT_CALLER.fullmatch(fold(said))
    return said[found.start("rest") :].strip() if found is not None else ""


_COUNT_ZH: Final = r"[\d一二两三四五六七八九十]{1,3}"
_ANSWER_ZH: Final = (
    r"(?:必须|务必|需要?|要|得)?(?:书面|作出|给予|予以|依法|妥善)?"
    r"(?:回复|答复|回函|反馈|办结|办理|处理|解决|上报|报送|完成|回(?=[ ,.;!]|$))"
)
_ANSWER_WITHIN: Final = regex(
    rf"(?P<zh>{_COUNT_ZH} ?个?(?:工作日|自然日|日|天|小时)之?内|(?<=限){_COUNT_ZH} ?个?(?:工作日|自然日|日|天|小时)"
    rf"|(?:{_COUNT_ZH}月{_COUNT_ZH}[日号]|(?:下?周|星期)[一二三四五六日天])之?前)"
    rf"{_ANSWER_ZH}"
    r"|\b(?:answer|reply|response|report|respond)(?:ed)?\b[^,.;!?\n]{0,30}?"
    r"\b(?P<en>within [a-z\d]{1,12} (?:working |business )?(?:days?|hours?|weeks?)"
    r"|by (?:\d{1,2} [a-z]{3,9}|[a-z]{3,9} \d{1,2}|[a-z]{3,6}day|(?:mon|tues?|weds?|thurs?|fri)))\b"
    r"|\b(?P<within>within [a-z\d]{1,12} (?:working |business )?(?:days?|hours?|weeks?)),? (?:in writing|a written)"
)


def read_answer_limit(text: str) -> str:
    """Return by when whoever handed a complaint down wants an answer, 5日内 of "要求5日内书面回复"; "" where none is said."""
    said = clean(text)
    found = _ANSWER_WITHIN.search(fold(said))
    return "" if found is None else said[slice(*found.span(found.lastgroup or 0))].strip()


def read_source(text: str) -> str:
    """Return what somebody calls the source: a channel, or `upper_transfer` (R-052); "" where it is neither."""
    said = fold(clean(text)).strip(_EDGES)
    if FROM_ABOVE.fullmatch(said):
        return str(Flag.UPPER_TRANSFER)
    return said if said in CHANNELS else CHANNELS_CALLED.get(said, "")


def read_move(text: str) -> str | None:
    """Return which way somebody goes in the form (skip, back, cancel, submit, another, same); None where it is an answer."""
    return _MOVES.get(fold(clean(text)).strip(_EDGES + "/#*"))


_CLASSES: Final = (
    (
        CustomerClass.BUYER,
        regex(r"准业主|(?:刚|已经?)?(?:买|认购|签)了.{0,4}(?:还没|没)(?:交房|收房)|bought.{0,20}not (?:yet )?moved"),
    ),
    (
        CustomerClass.PROSPECT,
        regex(r"看房|意向|(?:想|打算|准备)(?:要)?(?:买|租)|looking (?:to|for)|prospect|wants? to (?:buy|rent)"),
    ),
    (
        CustomerClass.TENANT,
        regex(r"(?<!出)租(?!出|给)|\b(?:rent(?:s|ing|er)?|tenant|leas(?:es|ing)|lodger)\b"),
    ),
    (
        CustomerClass.OTHER,
        regex(
            r"不是业主|非业主|不住|访客|邻居|路过|朋友|亲戚|送货|快递|外卖"
            r"|not (?:the |an )?owner|visit|passer|neighbou?r|guest|friend"
        ),
    ),
    (
        CustomerClass.OWNER,
        regex(
            r"业主|房东|房主|户主|自己(?:家)?的房|(?:房子|房)是(?:他|她|自己|本人|人家)?.{0,2}买的|自住"
            r"|\bown(?:s|er|ers)?\b|landlord"
        ),
    ),
)
_UNSURE: Final = regex(r"不好说|不清楚|不知道|不确定|可能|也许|好像|还是|[?吗]|not sure|maybe|don'?t know|perhaps")
_NOT_SO: Final = regex(
    r"(?:不是|没有?|并非|不)(?:在)?租|不是(?:租|看房|准业主)|\b(?:not|n't) (?:\w+ )?(?:rent|tenant|leas)"
)


def read_class(text: str) -> str:
    """Return who a caller is to us, told in a sentence: "她是租房子住的", "he's just renting"; empty where it is not clear."""
    said = fold(clean(text))
    if len(said) > _LONGEST_CLASS or _UNSURE.search(said) or _NOT_SO.search(said):
        return ""
    return next((str(each) for each, words in _CLASSES if words.search(said)), "")


def read_fields(text: str) -> tuple[dict[str, str], str]:
    """Return what is labelled in a text (`诉求：…`), by step, and the words that stand before the first label."""
    said = clean(text)
    labels = list(_LABEL.finditer(fold(said)))
    if not labels:
        return {}, said
    fields = {}
    for index, label in enumerate(labels):
        end = labels[index + 1].start() if index + 1 < len(labels) else len(said)
        if told := said[label.end() : end].strip(" \t\n,，;；。"):
            fields[_LABELS[label["label"]]] = told
    return fields, said[: labels[0].start()].strip(" \t\n,，;；。")


# ── referral ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_REFERRED: Final = regex(
    rf"[/#* ]*(?:已?转介|已?介绍|referred|refer)(?![a-z])[ ,:]*(?:{_NUMBER})?[ ,:]*(?P<rest>.*)", re.DOTALL
)
_CONSENT: Final = regex(
    r"\(?(?:经?(?:客户|业主|投诉人|本人)已?同意|征得(?:客户|业主|投诉人)?同意|"
    r"(?:the )?(?:customer|client|complainant)(?: has)? (?:agreed|agrees|consented|consents)|"
    r"with (?:their |the customer's )?consent)\)?"
)
_NUMBERED: Final = regex(_NUMBER)
_TO: Final = regex(r"^[ ,:]*(?:转?给|到|至|to )[ :]*")


@dataclass(frozen=True, slots=True)
class Referred:
    """A complaint was handed on to somebody else with its customer's consent (R-006). number: "" where it is not said."""

    number: str
    consent: bool
    to: str


def read_referral(text: str) -> Referred | None:
    """Return what a text says of a referral; None where it says nothing of one."""
    said = clean(text)
    key = fold(said)
    found = _REFERRED.fullmatch(key)
    if found is None or len(key) > 5 * _LONGEST:
        return None
    rest = Words(key, said).part(found.start("rest"))
    agreed = _CONSENT.search(rest.key)
    left = rest.without(*agreed.span()) if agreed else rest
    lead = _TO.match(left.key)
    to = left.said[lead.end() if lead else 0 :].strip(" ,，。:：;；()（）")
    number = found["number"]
    if number is None and agreed is None:
        return None
    if number is None and (later := _NUMBERED.match(fold(to))):
        number, to = later["number"], to[later.end() :].strip(" ,，。:：;；")
    return Referred((number or "").upper(), agreed is not None, to)


# ── as the command line shows them ────────────────────────────────────────────────────────────────────────────────────


def of_the_centre(words: Words) -> Reading | None:
    """Return what the service centre asks of its queue, its form and its canned words."""
    if asks_next_page(words.said):
        return Verb.LIST, {"of": "queue", "page": "next"}
    if (queue := read_queue(words.said)) is not None:
        asked = {"overdue": queue.overdue, "drill": queue.drill, "severity": queue.severity, "sites": list(queue.sites)}
        return Verb.LIST, {"of": "queue"} | {name: value for name, value in asked.items() if value}
    if (phrase := read_phrase(words.said)) is not None:
        told = {"id": phrase.id, "title": phrase.title, "words": phrase.words, "reference": phrase.number}
        return Verb.PHRASE, {"what": phrase.what} | {name: value for name, value in told.items() if value}
    if (form := read_form(words.said)) is not None:
        return Verb.FORM, {"text": form} if form else {}
    return None


def drills(words: Words) -> Reading | None:
    """Return what a colleague says of drills."""
    if (drill := read_drill(words.said)) is not None:
        return Verb.DRILL, {"what": drill.what}
    matter = read_drill_complaint(words.said)
    if matter is None:
        return None
    given: dict[str, object] = {"what": "complaint"}
    if matter:
        given["text"] = matter
    return Verb.DRILL, given


def referrals(words: Words) -> Reading | None:
    """Return what a colleague says of handing a complaint on."""
    said = read_referral(words.said)
    if said is None:
        return None
    told = {"reference": said.number, "consent": said.consent, "to": said.to}
    return Verb.REFER, {name: value for name, value in told.items() if value}


_WHEN: Final = regex(
    r"[0-9〇零一二三四五六七八九十两几半数]\s*(?:[:：.点時时号日月年天周分秒/-]|个?(?:小时|钟头|星期|礼拜|月))"
    r"|[今昨前明当近这那上下每本][天日晚早晨周年月午夜次段会]|刚[才刚]|早[上晨]"
    r"|[上下中]午|凌晨|半夜|夜里|晚上|傍晚|中秋|国庆|春节|元旦|周末|平时|一直|一向|经常|总是|天天|最近|以前|以来|之前|之后|期间|长期|不久|多次"
    r"|星期|礼拜|周[一二三四五六日末]|不(?:清楚|知道|记得|详)|记不"
    r"|\d{1,4}\s*(?:[:./-]\d|[ap]\.?m\b|o'?clock|h\b)|\b(?:19|20)\d\d\b|\b\d{1,2}(?:st|nd|rd|th)\b"
    r"|\b(?:to-?day|yesterday|tonight|(?:just|right) now|noon|midnight|mornings?|afternoons?|evenings?|nights?|nite"
    r"|weekends?|days?|daily|weeks?|weekly|months?|monthly|years?|hours?|hrs?|minutes?|mins?|ago|since|last|lately|recent(?:ly)?|earlier|always|often|every"
    r"|mon|tues?|wed(?:s|nes)?|thu(?:rs?)?|fri|(?:on|last|this) (?:sat|sun)|(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    r"|jan(?:uary)?|feb(?:ruary)?|march|apr(?:il)?|(?:in|last|early|mid|late|of|\d) may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|spring|summer|autumn|winter|christmas|easter|unknown|unsure|dunno|don'?t know|not sure)\b",
    re.IGNORECASE,
)


def tells_when(text: str) -> bool:
    """Say whether words can be an answer to when something happened; a tale that names no time is none."""
    return _WHEN.search(fold(text)) is not None
