"""The vocabulary: one table for both languages. Folded spelling: lower case, half width, simplified characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.grammar.meaning import Speaker, Verb
from bot.grammar.patterns import regex
from complaints.grading_words import CHINESE, ENGLISH, HOTLINES, SUES

EVERYBODY: Final = frozenset(Speaker)
STAFF: Final = frozenset({Speaker.HANDLER, Speaker.SUPERVISOR})
CENTRE: Final = frozenset({Speaker.SUPERVISOR})
EMPLOYEES: Final = frozenset({Speaker.HANDLER, Speaker.SUPERVISOR, Speaker.EMPLOYEE})


@dataclass(frozen=True, slots=True)
class Head:
    """Command words a message may begin with.

    tight: the word alone is too common to be a command ("plan", "有效"): only before a separator, a number or the end.
    """

    verb: Verb
    words: str
    roles: frozenset[Speaker] = EVERYBODY
    tight: bool = False
    arguments: Mapping[str, object] = field(default_factory=dict)


# A later line wins where two lines give the same word to the same role. Words are parted by `|`.
HEADS: Final = (
    # everybody
    Head(
        Verb.COMPLAIN,
        "投诉|我要投诉|complain about|complaint about|complain|complaint|file a complaint|make a complaint"
        "|make a complaint about|file a complaint about|new complaint|complaining about|complain that",
    ),
    Head(Verb.COMPLAIN, "报修|report a problem|repair request|report a fault", arguments={"kind": "repair"}),
    Head(Verb.COMPLAIN, "repair", tight=True, arguments={"kind": "repair"}),
    Head(Verb.COMPLAIN, "咨询|咨询一下", arguments={"kind": "inquiry"}),
    Head(Verb.COMPLAIN, "inquiry|enquiry|question", tight=True, arguments={"kind": "inquiry"}),
    Head(Verb.COMPLAIN, "建议|suggestion|i suggest", arguments={"kind": "suggestion"}),
    Head(Verb.COMPLAIN, "表扬|表扬一下|praise|compliment", arguments={"kind": "praise"}),
    Head(
        Verb.ADD,
        "补充|补充一下|补充说明|补充一点|补充材料|再补充|再补充一点|add to|adding to|add to my complaint|"
        "adding to my complaint|another thing|i forgot to mention|forgot to mention|one more thing|also to add|"
        "additional info|to add",
    ),
    Head(Verb.ADD, "追加|add|supplement|ps", tight=True),
    Head(
        Verb.STATUS,
        "进度|查进度|查询进度|查一下进度|看进度|看看进度|查看进度|投诉进度|查询|查单|查一下|问进度|问一下进度|"
        "问问进度|status of|status"
        "|check status|check the status|check status of|check the status of|track",
    ),
    Head(Verb.STATUS, "结果|check|update on|update", tight=True),
    Head(Verb.URGE, "催办|催一下|催单|催促|催催|催一催|加急|再催|再催一下|urge|chase|expedite|nudge"),
    Head(Verb.URGE, "催|hurry|escalate", tight=True),
    Head(
        Verb.WITHDRAW,
        "撤销投诉|撤销|撤诉|撤回|撤回投诉|取消投诉|撤消|撤消投诉|撤单|withdraw my complaint|"
        "withdraw the complaint|withdraw complaint"
        "|withdraw|cancel my complaint|cancel the complaint|cancel complaint|drop my complaint|drop the complaint",
    ),
    Head(Verb.WITHDRAW, "取消|cancel|drop", tight=True),
    Head(Verb.RATE, "评价|评分|打分|我给|rate|rating|score|i give it|i rate it|feedback", tight=True),
    Head(Verb.PERSON, "人工|转人工|人工客服|人工服务|找人工|找客服|转客服|接人工", tight=True),
    Head(Verb.AGREE, "同意|接受|agree|i agree", tight=True),
    Head(
        Verb.AGREE,
        "同意方案|接受方案|接受这个方案|同意这个方案|agree with the plan|accept the plan|agree to the plan|"
        "i accept the plan",
    ),
    Head(
        Verb.DISAGREE,
        "不同意|不接受|不认可|disagree|i disagree|do not agree|don't agree|not agree|i don't agree|"
        "i do not agree|i don't accept|i do not accept|i can't accept|i cannot accept|i won't accept|i refuse|"
        "don't accept|do not accept|reject the plan",
    ),
    Head(
        Verb.LIST,
        "我的投诉|我的工单|查看我的投诉|我的报修|我的单子|投诉记录|投诉列表|my complaints|my cases|my tickets|"
        "list my complaints|show my complaints"
        "|list complaints|show complaints|list",
        tight=True,
    ),
    Head(Verb.BIND, "绑定|绑定账号|bind|link account", tight=True),
    Head(
        Verb.MY_DATA,
        "我的数据|我的资料|我的个人信息|我的信息|my data|my personal data|show my data|export my data",
        tight=True,
    ),
    Head(
        Verb.ERASE_ME,
        "删除我的数据|删除我的信息|删除我的个人信息|删除我的资料|注销我的数据|delete my data|erase my data|"
        "erase me|delete me|forget me|remove my data",
    ),
    Head(Verb.HELP, "帮助|菜单|help|menu", tight=True),
    # employees enter complaints for customers
    Head(Verb.COMPLAIN_FOR, "我的投诉|my complaints|my complaint", EMPLOYEES, tight=True),
    Head(
        Verb.COMPLAIN_FOR,
        "代客投诉|代客户投诉|代投诉|代客报修|替客户投诉|帮客户投诉|帮客户报修|代业主投诉|客户投诉|业主投诉|"
        "登记投诉|录入投诉|转客户投诉|转投诉"
        "|complaint for customer|complaint for a customer|complaint for client|complaint for|"
        "complaint from customer|complaint from a customer"
        "|complaint from|complain for|complaint on behalf of|on behalf of|customer complaint|customer complains|"
        "enter complaint|log complaint|log a complaint for",
        EMPLOYEES,
    ),
    Head(
        Verb.LIST,
        "我的录入|我录入的|我录入的投诉|我提交的投诉|我登记的投诉|我转的投诉|我转的|我转来的投诉|我转交的投诉|"
        "my entries|"
        "complaints i entered|what i entered|complaints i forwarded",
        EMPLOYEES,
        tight=True,
        arguments={"of": "entered"},
    ),
    Head(
        Verb.LIST,
        "我的待办|待办|待办事项|我的任务|任务列表|任务清单|我的工单|待处理|未处理|待接单|未接单|待办结|清单|列表|"
        "工单列表|我手上的单|我手上的活|我手头的单|手上的单|我的单|我还有哪些单|我有哪些任务|show tasks|view tasks|"
        "see tasks|open tasks|"
        "待受理|未受理|my tasks|"
        "my tickets|my cases|my work|my open tasks|tasks"
        "|todo|to do|to-do|my todo|list|my list|list tasks|show my tasks|list my tasks|open tasks",
        STAFF,
        tight=True,
        arguments={"of": "tasks"},
    ),
    Head(
        Verb.LIST,
        "待受理|待受理列表|待派单|待分派|未分派|未派单|待分配|未分配|没派的|队列|新投诉|未受理|queue|the queue|"
        "show queue|show the queue|"
        "new complaints|unassigned|incoming"
        "|列表|清单|list",
        CENTRE,
        tight=True,
        arguments={"of": "queue"},
    ),
    # assignees
    Head(
        Verb.ACCEPT,
        "接单|已接单|我接单|接受任务|接受工单|我来|我来处理|我接|我去|领取|认领|抢单|受理|已受理|accept|accepted|"
        "accepting|accepting it|accepting this|"
        "i accept|i'll take it|i take it|take it|taking it|on it|i'm on it|im on it|i am on it"
        "|got it|will do|roger|copy that|acknowledged|ack|received|noted|understood",
        STAFF,
    ),
    Head(Verb.ACCEPT, "收到|收到了|已收到|copy|take|claim|mine", STAFF, tight=True),
    Head(
        Verb.DONE,
        "办结|已办结|办结了|结单|完成|已完成|完成了|任务完成|done|all done|finished|completed|complete|resolved|"
        "it's done|job done|work done|is done",
        STAFF,
    ),
    Head(Verb.DONE, "结案|已结案|close|closed|dun", STAFF, tight=True),
    Head(
        Verb.GIVE_BACK,
        "退单|退回|申请退单|退件|拒单|拒接|不接单|我要退单|give back|give it back|return|hand back|send back|"
        "giving back|giving it back|handing back|decline|not mine|wrong department"
        "|not my area|not our area",
        STAFF,
    ),
    # it stays in the reason; whoever decides about it says so to the customer, others put it before them.
    Head(Verb.GIVE_BACK, "非我方责任|不属我方责任|非我司责任", STAFF, arguments={"reason": "非我方责任："}),
    Head(Verb.GIVE_BACK, "not our responsibility", STAFF, arguments={"reason": "not our responsibility: "}),
    Head(Verb.INVALID, "非我方责任|不属我方责任|非我司责任", CENTRE, arguments={"reason": "非我方责任："}),
    Head(Verb.INVALID, "not our responsibility", CENTRE, arguments={"reason": "not our responsibility: "}),
    Head(
        Verb.TRANSFER,
        "转派|转派给|转给|转单|转单给|转交|转交给|移交|移交给|改派|改派给|交给|派单|派给|指派|transfer to|"
        "transfer|reassign to|reassign|hand over to|hand over|pass to|pass it to|forward to|assign|give to",
        STAFF,
    ),
    Head(
        Verb.REPORT,
        "进展|进展汇报|汇报|汇报进展|汇报进度|最新进展|更新进展|反馈|报告进展|progress|progress report|progress update",
        STAFF,
    ),
    Head(Verb.REPORT, "更新|report|update", STAFF, tight=True),
    Head(
        Verb.PLAN,
        "方案|我的方案|我的方案是|我们的方案是|我们的方案|方案是|处理方案|解决方案|整改方案|维修方案|提交方案|报方案|"
        "our plan|the plan is|proposal|proposed plan|my plan",
        STAFF,
    ),
    Head(Verb.PLAN, "计划|plan|propose", STAFF, tight=True),
    Head(Verb.PLAN, "plan to|we plan to|i propose to|propose to|i propose", STAFF),
    Head(
        Verb.EXTEND,
        "延期|申请延期|延长|延后|展期|推迟|宽限|顺延|extend|extension|extend by|extension of|request extension|"
        "request an extension|ask for extension|more time",
        STAFF,
    ),
    Head(
        Verb.HOLD,
        "申请暂缓|申请挂起|put on hold|put it on hold|put this on hold|place on hold|request hold|request a hold",
        STAFF,
    ),
    Head(
        Verb.HOLD,
        "暂缓|暂停|暂缓处理|暂缓办理|挂起|再暂缓|继续暂缓|再挂起|继续挂起|延长暂缓|hold|on hold|hold again",
        STAFF,
        tight=True,
    ),
    Head(Verb.RESUME, "恢复处理|恢复办理|继续处理|继续办理|resume work", STAFF),
    Head(Verb.RESUME, "继续|恢复|resume|continue", STAFF, tight=True),
    Head(
        Verb.RESUME,
        "重开|重新打开|重新办理|reopen|re-open|open again",
        STAFF,
        tight=True,
        arguments={"again": True},
    ),
    Head(
        Verb.VISIT,
        "预约|预约上门|约时间|上门时间|预约时间|约了|visit|appointment|schedule visit|visit scheduled|book visit|"
        "schedule a visit",
        STAFF,
    ),
    Head(Verb.VISIT, "上门|schedule|book", STAFF, tight=True),
    Head(
        Verb.LEAVE,
        "请假|休假|我请假|调休|我休假|年假|病假|事假|on leave|taking leave|i am on leave|i'm on leave|day off|"
        "off sick|sick leave|annual leave|take leave|out of office",
        EMPLOYEES,
    ),
    Head(Verb.LEAVE, "leave|vacation|holiday", EMPLOYEES, tight=True),
    Head(Verb.WHY, "为什么|为何|why", STAFF, tight=True),
    Head(Verb.PROMISES, "承诺|承诺记录|查承诺|promises|promise list", STAFF, tight=True),
    Head(Verb.NOT_DONE, "未办结|未完成|没办结|没完成|not done|undone|unfinished", STAFF),
    # the service centre
    Head(
        Verb.ASSIGN,
        "派单|派单给|派给|指派|指派给|分派|分派给|分配|分配给|派工|派工给|安排给|assign to|assign|dispatch to|"
        "dispatch|allocate",
        CENTRE,
    ),
    Head(Verb.RELEASE, "发出|发给客户|发出去|发送|send|send it|release|release it", CENTRE, tight=True),
    Head(Verb.REWORD, "修改|改成|改为|reword|rephrase", CENTRE, tight=True),
    Head(
        Verb.KEEP_BACK,
        "不发|先不发|暂不发|不要发给客户|别发给客户|keep back|keep it back|hold back|don't send|do not send",
        CENTRE,
        tight=True,
    ),
    Head(Verb.GRADE, "定级|评级|定级为|级别|升级为|降级为|grade|severity|set severity|grade as", CENTRE),
    Head(
        Verb.INVALID,
        "无效|判定无效|判无效|无效投诉|投诉无效|认定无效|判为无效|invalid|not valid|mark invalid|mark as invalid|"
        "申诉不成立|申诉无效|驳回申诉|维持原判|dismiss the appeal|reject the appeal|appeal dismissed|appeal rejected",
        CENTRE,
    ),
    Head(
        Verb.VALID,
        "有效|判定有效|有效投诉|投诉有效|认定有效|判为有效|valid|mark valid|mark as valid|"
        "uphold|uphold the appeal|uphold this appeal|申诉成立|申诉有效|申诉有理|支持申诉|同意申诉|"
        "appeal upheld|appeal granted|grant the appeal|allow the appeal",
        CENTRE,
    ),
    Head(
        Verb.APPROVE,
        "批准|审批通过|核准|准予|同意延期|批准延期|同意退单|同意方案|准予延期|延期通过|approve|approved|"
        "approve the extension|approve extension|allow the extension|extension approved|grant extension|grant",
        CENTRE,
    ),
    Head(Verb.APPROVE, "通过|准|同意|已批准", CENTRE, tight=True),
    Head(
        Verb.REJECT,
        "驳回|不批准|不同意延期|拒绝延期|不予批准|否决|审批不通过|不通过|不准|退回修改|驳回延期|reject|rejected|"
        "deny|denied|refuse|reject the extension|reject extension|deny extension|extension denied|not approved|"
        "do not approve|don't approve",
        CENTRE,
    ),
    Head(Verb.REJECT, "不同意|拒绝|不批", CENTRE, tight=True),
    Head(Verb.MERGE, "并案|合并|合单|归并|并单|合并投诉|merge", CENTRE),
    Head(
        Verb.TASK_FORCE,
        "专案组|成立专案组|专案|启动专案|启动专案组|组建专案组|设专案组|task force|taskforce|form a task force|"
        "set up a task force|start a task force|create task force",
        CENTRE,
    ),
    Head(
        Verb.CLOSE,
        "结案|关闭|关单|结案归档|关闭投诉|关闭工单|同意结案|close case|close the case|close complaint|"
        "close the complaint|close out",
        CENTRE,
    ),
    Head(Verb.CLOSE, "close|归档", CENTRE, tight=True),
)

# What a voice keyboard or a pinyin slip makes of a command word; only at the start of a message, same length.
HOMOPHONES: Final[Mapping[str, str]] = {
    "伴结": "办结", "办节": "办结", "半结": "办结", "班结": "办结", "办洁": "办结", "办街": "办结",
    "办接": "办结", "扮结": "办结", "板结": "办结", "街单": "接单", "借单": "接单", "皆单": "接单",
    "揭单": "接单", "推单": "退单", "腿单": "退单", "蜕单": "退单", "专派": "转派", "转牌": "转派",
    "赚派": "转派", "崔办": "催办", "摧办": "催办", "催半": "催办", "吹办": "催办", "催伴": "催办",
    "摧一": "催一", "崔一": "催一", "吹一": "催一", "摧单": "催单", "崔单": "催单", "摧催": "催催",
    "今度": "进度", "近度": "进度", "进渡": "进度", "进站": "进展", "近展": "进展", "言期": "延期",
    "延其": "延期", "沿期": "延期", "研期": "延期", "投述": "投诉", "头诉": "投诉", "投素": "投诉",
    "投宿": "投诉", "偷诉": "投诉", "预月": "预约", "预越": "预约", "玉约": "预约", "请架": "请假",
    "方按": "方案", "芳案": "方案", "派丹": "派单", "拍单": "派单", "定机": "定级", "订级": "定级",
    "撤消": "撤销", "结按": "结案", "播回": "驳回", "波回": "驳回", "补冲": "补充", "完城": "完成",
}  # fmt: skip
TYPOS: Final = regex(
    r"(?:compalint|complant|complian|complait|compliant|extention|asign|trasnfer|transfered|staus|stauts|"
    r"finsihed|compleated)\b"
)
TYPO_MEANS: Final[Mapping[str, str]] = {
    "compalint": "complaint",
    "complant": "complaint",
    "complian": "complain",
    "complait": "complaint",
    "compliant": "complaint",
    "extention": "extension",
    "asign": "assign",
    "trasnfer": "transfer",
    "transfered": "transfer",
    "staus": "status",
    "stauts": "status",
    "finsihed": "finished",
    "compleated": "completed",
}

_LEAD_IN: Final = (
    r"(?:(?:你好|您好|yes(?=,? (?:approve|grant|reject|deny|assign|close))|好的?(?=[, ]|收到)|行(?=,)|hello|hi there|"
    r"hi|hey|dear team|dear sir|嗯|哦|那个|请问|请|"
    r"麻烦你们?|麻烦您|麻烦|帮我|"
    r"帮忙|我们?(?=申请|要求|想|要|需要|得|再)|想|申请(?=延|退)|要求(?=延)|想要|需要"
    r"|能不能(?!好|修|解决)|能否|可不可以|可以(?=延)|要(?=投诉|报修|撤|催|查|退单|延期|请假|补充|人工)|"
    r"再(?=补充|催)|现在|先|please|pls|plz|kindly|could you|can you|can i|could i|may i"
    r"|i want to|i wish to|i would like to|i'd like to|i need to|i need an?|i want an?|we need an?|i have to|"
    r"id like to|ok|okay|so|just|this is an?|this is|request(?:ing)? an?(?= ext))(?![a-z])[ ,.!:\n]*+){0,4}"
)


def words_in(lines: Iterable[str]) -> str:
    """Return the alternation that prefers the longest of the words; English words end at a word's end."""
    different = dict.fromkeys(
        word for line in lines for word in line.split("|") if word
    )  # in the same order at every start
    words = sorted(different, key=len, reverse=True)
    return "|".join(re.escape(word) + ("(?![a-z])" if word[-1].isascii() else "") for word in words)


def heads_for(role: Speaker) -> Mapping[str, Head]:
    """Return what each command word means from somebody of `role`."""
    return {word: head for head in HEADS if role in head.roles for word in head.words.split("|")}


def head_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Match the lead-in (group 1) and one of the command words (group 2) at the start of a folded text."""
    return regex(rf"([/#*!.\s]{{0,4}}{_LEAD_IN}[/#]?)({words_in(words)})", re.ASCII)


ESCALATING: Final = regex(
    "曝光|媒体|记者|电视台|抖音|微博|小红书|快手|朋友圈|住建局|"
    "住建委|消协|消费者协会|市场监管局|工商局|信访|上访|市长热线|起诉|打官司|律师|法院|法律途径|仲裁"
    "|维权|拉横幅|集体|联名|我们几十户|几十户|上百户|报警|警察|派出所|住院|燃气泄漏|燃气|煤气|"
    + f"{HOTLINES}|{CHINESE}"
    + r"|\b(?:media|press|reporters?|journalists?|newspapers?|tv station|on tv|social media|twitter|facebook|"
    r"tiktok|weibo|lawyers?|solicitors?|attorney"
    r"|lawsuit|legal action|court|ombudsman"
    r"|police|hospital|hurt|smoke|smell of gas|smell gas|collapsed?|class action|regulator|consumer council|"
    + ENGLISH
    + rf")\b|{SUES}",
    re.ASCII,
)
