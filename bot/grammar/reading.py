"""From a text to its meaning: the order in which the tables are asked.

whole words  "帮助", "TD", "谢谢"               mean the same whatever is pending
the question that is pending                    gives "1", "好" and free words their meaning
a command word at the start                     "办结 …", "0007 派单 @…"
the sentence                                    what it denies or asks first, what it affirms last
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from bot.grammar import arguments, customer, progress, rating
from bot.grammar.arguments import Numbered, Words, numbered
from bot.grammar.folding import clean, fold
from bot.grammar.meaning import Meaning, Pending, Speaker, Verb
from bot.grammar.progress import Stage
from bot.grammar.words import ESCALATING, HOMOPHONES, STAFF, TYPO_MEANS, TYPOS, Head, head_pattern, heads_for

Reading: TypeAlias = tuple[Verb, dict[str, object]]

_EDGES: Final = " \t\n.,!~-/#*;:\"'()[]"
_WHOLE_WORDS: Final[Mapping[tuple[Verb, str], str]] = {
    (
        Verb.HELP,
        "",
    ): "帮助|菜单|help|menu|?|h|功能|指令|命令|commands|使用说明|说明|怎么用|start|开始|你好|您好|在吗|在么|"
    "在不在|有人吗|有人在吗|喂|喂有人吗|你好有人吗|哈喽|哈罗|嗨|你好啊|您好啊|你好呀"
    "|早上好|上午好|下午好|晚上好|hi|hello|hey|hello there|hi there|good morning|good afternoon|good evening|"
    "anyone there|anybody there|亲|亲在吗|你好在吗|您好在吗|你好,在吗|您好,在吗|帮帮我|help me|"
    "how does this work",
    (
        Verb.STOP,
        "",
    ): "退订|td|t|stop|unsubscribe|别再发了|不要再发了|别发了|不要发了|别再给我发消息了|别再给我发短信了|"
    "不要再给我发短信了|不要给我发短信|不要再给我发消息了|别给我发消息了|停止发送|取消订阅|拒收|"
    "stop texting me|stop messaging me|stop sending me messages|opt out|stop all|stopall|"
    "don't message me again|do not contact me again|no more messages",
    (
        Verb.PERSON,
        "",
    ): "人工|转人工|人工客服|人工服务|找客服|找人工|客服|转客服|接客服|联系客服|agent|human|operator|"
    "representative|call me|please call me|call me please|打电话给我|给我打电话|回电",
    (
        Verb.LANGUAGE,
        "en",
    ): "english|英文|英语|in english|english please|english, please|speak english|switch to english|切换英文|"
    "切换到英文|说英文|用英文|用英语|change to english|language english|语言 英文|英文版",
    (
        Verb.LANGUAGE,
        "zh",
    ): "chinese|中文|汉语|国语|普通话|in chinese|chinese please|switch to chinese|切换中文|切换到中文|说中文|"
    "用中文|language chinese|语言 中文|中文版|简体中文|mandarin",
}
_PAUSES: Final = re.compile("[ ,.!?~]+")
WHOLE: Final = {word: (verb, locale) for (verb, locale), words in _WHOLE_WORDS.items() for word in words.split("|")}

_THANKS: Final = re.compile("谢|辛苦|感恩|多亏|麻烦(?:你|您)了|thank|thx|tks|cheers|appreciate|🙏|ty$")
_THANKS_FILL: Final = re.compile(
    r"谢谢|多谢|感谢|谢|感恩|辛苦|麻烦|你们|您们|你|您|大家|各位|师傅|老师|领导|同事|亲|客服|小姐姐|小哥|"
    r"的帮助|的回复|回复|帮忙|帮助|支持|好的|好滴|好|嗯|恩|行|收到|知道|了|啦|啊|哦|哈|呀|呢|的|哒|吧|非常|"
    r"十分|太|真的|真是|真|很|先|那|万分|再次|也|这么快|及时|不客气|不用谢|今天"
    r"|\b(?:ok|okay|thanks?|thank you|thx|tks|ty|cheers|so|very|much|a lot|lots|a bunch|again|many|for|your|"
    r"the|help|reply|quick|response|update|letting me know|all|you|really|appreciated?|i|it|that|that's|great|"
    r"got|and|everyone|team|guys|mate|man|sir|to|is|in advance|support|kind|kindly|hard work|work)\b|"
    r"[^\w\u3400-\u9fff]|_",
    re.ASCII,
)
_SHORT: Final = frozenset(
    [
        "1",
        "2",
        "3",
        "4",
        "5",
        "ok",
        "okay",
        "okey",
        "k",
        "y",
        "n",
        "yes",
        "no",
        "yep",
        "yeah",
        "sure",
        "fine",
        "好",
        "好的",
        "好滴",
        "好吧",
        "好嘞",
        "好啊",
        "行",
        "行吧",
        "可以",
        "嗯",
        "嗯嗯",
        "恩",
        "哦",
        "噢",
        "是",
        "是的",
        "对",
        "对的",
        "不",
        "否",
        "成",
        "中",
        "明白",
        "知道了",
        "了解",
        "👍",
        "👌",
        "✅",
        "🆗",
        "嗯呢",
        "en",
        "alright",
        "right",
        "cool",
        "great",
        "收到",
    ]
)
_NO_WHOLE: Final = frozenset(
    [
        "不",
        "否",
        "别",
        "2",
        "0",
        "n",
        "no",
        "nope",
        "nah",
        "no thanks",
        "no thank you",
        "不用",
        "不用了",
        "不用了谢谢",
        "不要",
        "不是",
        "不是的",
        "不对",
        "错",
        "没有",
        "不行",
        "取消",
        "cancel",
        "never mind",
        "算了",
        "❌",
        "🙅",
        "👎",
        "not really",
        "no way",
        "不了",
        "并不是",
        "非",
    ]
)
_YES_WHOLE: Final = frozenset(
    [
        "1",
        "y",
        "yes",
        "ok",
        "okay",
        "okey",
        "k",
        "yep",
        "yeah",
        "yup",
        "sure",
        "fine",
        "right",
        "correct",
        "好",
        "是",
        "对",
        "嗯",
        "恩",
        "要",
        "中",
        "成",
        "行",
        "可",
        "对头",
        "正确",
        "没错",
        "当然",
        "👍",
        "👌",
        "✅",
        "🆗",
        "嗯嗯",
        "好嘞",
        "好呀",
        "好啊",
        "好滴",
        "yes please",
        "go ahead",
        "deal",
        "agreed",
        "confirm",
        "confirmed",
        "please do",
        "of course",
        "absolutely",
        "definitely",
        "alright",
        "sounds good",
        "works for me",
        "good",
        "perfect",
        "great",
        "true",
        "that's right",
        "affirmative",
        "ok can",
        "可以的",
        "需要",
        "要的",
        "愿意",
    ]
)
_NO: Final = re.compile(
    r"不(?:太|怎么|能|会|想|大|是很|可能|打算){0,2}(?:同意|接受|认可|行|可以|可(?!能)|要|用|是|对|好|愿意|想|"
    r"需要|成|答应|合理|满意|赞成|ok|撤|确认|认同|服)|没(?:有)?(?:同意|答应)|(?:无法|难以|没法|不能|拒绝|"
    r"不便)(?:接受|同意|认可)?|(?:接受|认可|答应)不了|反对|有(?:不同)?意见|免谈|休想|太(?:贵|慢|久|少|低|离谱|"
    r"晚|便宜你们|过分)|没(?:有)?诚意|做梦|换个(?:方案|时间)|重新(?:给|出|提)(?:个)?方案"
    r"|\bno\b(?! (?:problem|objection|worries|issues?|doubt))|\bnope\b|\bnah\b|\bnot\b(?! (?:a problem|bad|"
    r"an issue|only))|\bn't\b|\b(?:don't|doesn't|won't|can't|isn't|wouldn't|dont|cant|wont|isnt)\b(?! mind)|"
    r"\b(?:disagree|reject\w*|refuse\w*|decline\w*|unacceptable|unfair|too (?:late|long|expensive|little|low|"
    r"slow|much|cheap))\b",
    re.ASCII,
)
_NOT_A_NO: Final = re.compile(
    "不错|不用谢|不客气|不好意思|没(?:什么|有)?(?:不同)?意见|不见不散|不介意|没有?不(?:同意|接受)"
)
_YES: Final = re.compile(
    r"(?:那就?|我们?|都|完全|好的?[, ]?|嗯+[, ]?|可以[, ]?)?(?:同意|接受|认可|可以|行(?![为业])|好的|"
    r"好(?=[,.!吧 ]|就)|没问题|没(?:什么|有)?(?:不同)?意见|没得说|确认|是的|是(?=[,.! 这那同一])|对的|"
    r"对(?=[,.! ])|嗯|要的|需要|ok|okay|成交|赞成|愿意|答应|就这么办|就这样|就按|按这个|按你们|没错|不错|"
    r"不介意|听你们|1(?=[,. ]))"
    r"|(?:well,? |i |i'm |we |that |that's |it |it's |yes,? )*(?:yes|yep|yeah|yup|sure|ok|okay|fine|"
    r"agree[ds]?|accept(?:ed)?|approve|sounds (?:good|great|fine|ok|reasonable|fair)|works|good|great|perfect|"
    r"go ahead|deal|happy with|confirm(?:ed)?|no (?:problem|objection|worries)|let's do|please (?:do|proceed|"
    r"go)|correct|right|of course|don't mind|acceptable)\b",
    re.ASCII,
)
_ASKS_LAST: Final = re.compile(r"(?:\?|吗|么|没有|是不是|行不行|可不可以)[ ?.!~]*$|什么(?:结果|意思|内容)", re.ASCII)
_ASKS_FIRST: Final = re.compile(r"(?:什么|怎么|为什么|为啥|干嘛|干吗|what|why|how|which|where|who)(?![a-z])", re.ASCII)
_BUT: Final = re.compile(r"但|不过|可是|只是|\bbut\b|\bhowever\b")

_ASKS_AFTER: Final = re.compile(
    "(?:请|帮|麻烦|给|我|你|们|查|看|问|一下|下|这个|投诉|单|的|情况|呢|please|check|look up|look at|"
    "what about|about|[ ?.])+"
)
_SKIP: Final = re.compile(
    r"(?:跳过|先跳过|略过|略|skip(?: it| this)?|pass|n/?a|none|no|nope|无|没有(?:了|房号|电话|手机)?|没|暂无|"
    r"不方便(?:说|透露|提供|给)?|不想(?:说|给|透露|提供|填|告诉你?)|不(?:愿意?|便)(?:说|透露|提供|给|告知)?|"
    r"不(?:提供|透露|告诉你?|填|给|说|用了?|需要|知道|清楚|记得)(?:了)?|保密|匿名|下一步|下一个|next|以后再说|"
    r"暂时不(?:说|提供|填)|随便"
    r"|(?:i'?d |i would )?(?:rather|prefer) not(?: to)?(?: say| tell| share| give.*)?|(?:i )?(?:don't|dont|"
    r"do not) (?:want to (?:say|tell|share|give).*|have (?:one|it|any|a phone.*|a room.*)|know|remember)|"
    r"no thanks|not sure|anonymous|stay anonymous|private|not applicable|nothing|won'?t say|not telling|"
    r"-)[ .!~了吧呢哦]*",
    re.ASCII,
)
_CHOICE: Final = re.compile(
    r"(?:我?选(?:择)?|第|no\.?|number|option|#|the)?\s?(\d{1,2}|[一二两三四五六七八九十]|first|second|third|"
    r"fourth|fifth|one|two|three|four|five)(?:st|nd|rd|th)?\s?(?:个|项|号|条|单|件)?(?: one| option|"
    r" please)?[ .,!)吧]*",
    re.ASCII,
)
_CHOICE_LEAD: Final = re.compile(
    r"(?:我?选(?:择)?|第|option ?|number ?)(\d{1,2}|[一二两三四五六七八九十])(?!\d)", re.ASCII
)
_ORDINALS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_NONE_OF_THESE: Final = re.compile(
    r"(?:都不是|都不对|没有我的|以上都不是|别的|其他|其它|另外的?|新的|none(?: of (?:these|them|the above))?|"
    r"neither|other|another|something else|new(?: one)?)[ .!的]*"
)
_CANCEL: Final = frozenset(
    ["取消", "算了", "不用了", "cancel", "never mind", "nevermind", "forget it", "不延了", "不退了"]
)

# -- assignees and the service centre ---------------------------------------------------------------------------------
_TRANSFER_TO: Final = re.compile(
    r"(?:转派?|改派|转交|移交|转单|派单?|指派|分派|交|安排|派工)给|(?:转派|改派|转交|移交|指派)(?=@|"
    r"\s?[^\s,.]{2,4}$)|(?:让|由|请|叫)(?=[^\s,.我你他她它客]{1,5}(?:去|来)?(?:处理|负责|跟进))"
    r"|\b(?:transfer|reassign|hand|pass|forward|assign|give|dispatch)(?:ed)? (?:it |this |that |over |"
    r"the case |the job )*to (?!the customer|customer)",
    re.ASCII,
)
_EXTEND: Final = re.compile(
    r"(?<!不用)(?<!不需要)(?<!没有)(?:延期|延长|延后|展期|宽限|缓(?:几|两|一)天|推迟|顺延)|再给(?:我|"
    r"我们)?.{0,6}(?:天|小时|时间)|多给(?:我|我们)?.{0,6}(?:天|小时|时间)|(?:还|再)?(?:需要|得|"
    r"要)(?:再)?(?:多)?(?:\d{1,2}|[一二两三四五六七八九十半几])个?(?:天|小时|工作日|周|星期)(?:时间)?|来不及"
    r"|\bextend\b|\bextension\b|\bmore time\b|\b(?:need|want|give me|require|another|"
    r"request)\b[^.,]{0,20}\b(?:more|another|extra|additional)\b[^.,]{0,16}\b(?:days?|hours?|weeks?|time)\b|"
    r"\banother (?:\w+ )?(?:days?|hours?|weeks?)\b|\b(?:push|move) (?:back )?(?:the )?(?:deadline|due)",
    re.ASCII,
)
_GIVE_BACK: Final = re.compile(
    r"不(?:归|属于?|由|该|是|应该?由|在)(?:我|咱|本|你们派的)[^,.;]{0,10}(?:管|负责|的?范围|部门|职责|业务|"
    r"项目|区域|责任范围|活|工作|辖区|楼盘|片区|单)|不(?:归|属于?)[^,.;]{0,10}(?:管|范围|负责|职责|辖区)|"
    r"不是我们?(?:的)?(?:管|负责|单|活|事|$|[,. ])|与(?:我|本)[^,.;]{0,6}无关|派错|分错|转错|发错(?:人|部门)|"
    r"找错|弄错(?:人|部门)|搞错(?:人|部门)|(?:接|去|干|做)不了|没空|没时间|忙不过来|退单|退回(?:给)?(?:客服|"
    r"中心|派单)"
    r"|\b(?:not|isn'?t|ain't)(?: \w+)? (?:my|our|mine|ours)\b(?! fault)|\bwrong (?:person|department|team|"
    r"building|guy|dept|unit|project|area)\b|\b(?:not|isn't|outside|out of)(?: in| within| of)? (?:my|"
    r"our) (?:area|scope|remit|job|responsib\w+)|\b(?:don't|do not|we don't) (?:handle|deal with|cover|do) |"
    r"\bdoesn'?t belong|\bnot responsible\b|\b(?:can't|cannot|won't|unable to) (?:take|accept) (?:this|it|on)|"
    r"\btoo busy\b|\bgiv(?:e|ing) (?:it|this) back\b|\bsend(?:ing)? (?:it|this) back\b",
    re.ASCII,
)
_ACCEPT: Final = re.compile(
    r"(?:^|[,.! ]|好的?|ok|行|嗯|我们?|那)(?:马上|立即|立刻|尽快|这就|现在就?|我们?(?=(?:马上|立即|立刻|这就|"
    r"现在|来|去|会|就|尽快|安排|跟进|负责)))+(?:我们?)?(?:马上|立即|立刻|尽快|这就)?(?:就|去|来|会|派人|"
    r"安排人?)*(?:处理|去|过去|安排|跟进|到|办|看|联系|落实|解决|修|弄|上门|来|出发|核实|查|负责)?|我来|我去|"
    r"我(?:来)?(?:接|负责|跟进|处理)|交给我|包在我身上|安排(?:上|了)?$|已?接单|已?受理|已领取"
    r"|\b(?:i'?ll|i will|we'?ll|we will|i'm going to|let me) (?:take|handle|do|look|get|check|be|see|deal|fix|"
    r"go|head|visit|sort|attend|investigate|start)\b|\bon (?:my|our|the) way\b|\bheading (?:there|over|out)\b|"
    r"\bwill (?:do|handle|fix|take care|look|get|check|attend)\b|\bleave it (?:to|with) me\b|\bright away\b|"
    r"\b(?:i'm|im|i am|we're|we are) on it\b|\bgot it\b|\bgoing (?:there )?now\b|\bi can (?:take|do|handle)\b|"
    r"\btake care of (?:it|this)\b|\bmine\b",
    re.ASCII,
)
_NOT_ACCEPTED: Final = re.compile(
    "(?:不|没|未|无法|不能)(?:接|受理|收到|想接|能接|会接)|不来|not (?:accept|take|going)|won't|can't|didn't"
)
_VISIT: Final = re.compile(
    r"(?:约(?:好|定|了|在|到)|预约|改约|定(?:在|于|好)).{0,20}(?:点|上午|下午|晚上|早上|中午|天|日|号|周|星期|"
    r"上门|:\d)|(?:今天|明天|后天|大后天|周[一二三四五六日天末]|星期|下周|\d+[号日]|上午|下午|晚上|早上|"
    r"\d点).{0,16}(?:上门|到现场|登门|去客户家|过去看|见面)"
    r"|\b(?:visit|appointment|booked|come over|go there|on site|scheduled)\b.{0,30}\b(?:today|tomorrow|"
    r"tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|am|pm|o'clock|\d{1,2}(?::\d\d)? ?[ap]m|"
    r"morning|afternoon|evening|next week|noon)\b|\b(?:today|tomorrow|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday|at \d).{0,30}\b(?:visit|appointment)\b",
    re.ASCII,
)
_LEAVE: Final = re.compile(
    r"请(?:\d+|[一二两三四五六七八九十半几]{1,2}|个|病|事|年|婚|产|陪产|丧)?个?(?:天|周|小时|星期)?(?:的)?假|"
    r"休(?:年|病|事|婚|产)?假|调休|不在岗|\b(?:on|taking|take|sick|annual|medical|maternity) leave\b|"
    r"\b(?:days?|week) off\b|\bout of office\b|\boff sick\b|\bon (?:vacation|holiday)\b",
    re.ASCII,
)
_NEWS: Final = re.compile(
    r"已(?:经)?(?:联系|到|通知|安排|派|下单|订|报|约|沟通|查|检查|核实|采购|申请|转|提交|寄|发|找|和|与|跟|"
    r"上门|勘察|拍照|定|协商|道歉|告知)|联系(?:不上|了|过|好)|到(?:了)?现场|到达|等(?:配件|厂家|材料|客户|"
    r"师傅|审批|货|天)|配件|厂家|沟通|排查|检查|勘察|核实|协商|客户(?:说|要求|同意|不在|不接|希望|没|表示|"
    r"反映|觉得|不)|初步|发现|原因是|打算|预计|计划|下一步|进场|备料|下单"
    r"|\b(?:waiting|ordered|contacted|called|spoke|spoken|visited|checked|found|inspected|arrived|arriving|"
    r"met|talked|sent|asked|scheduled|customer (?:is|was|says|said|wants|not)|parts?|supplier|manufacturer|"
    r"on site|investigat\w+|looking into|tenant|quote|expected?|eta)\b",
    re.ASCII,
)
_APPROVES: Final = re.compile(
    r"(?:同意|批准|准予|允许|可以|准许)[^,.;不]{0,8}(?:延期|延长|延后|退单|方案|转派|申请|结案|请假)|(?:延期|"
    r"退单|方案|申请|请假)[^,.;不]{0,6}(?:批准|同意|通过|准了|可以)|\b(?:approve|grant|allow|"
    r"agree to)[a-z]* (?:\w+ ){0,3}(?:extension|request|plan|leave)|\b(?:extension|request|plan|"
    r"leave) (?:is )?(?:approved|granted|ok)\b",
    re.ASCII,
)
_REJECTS: Final = re.compile(
    r"(?:不|拒绝|未|不予|不能|别|驳回)(?:同意|批准|准予|允许|可以|批|准|通过|给)?[^,.;]{0,8}(?:延期|延长|退单|"
    r"方案|转派|申请|结案|请假)|(?:延期|退单|方案|申请|请假)[^,.;]{0,6}(?:不批|不同意|不通过|不准|驳回|不行|"
    r"不可以|拒绝)|\b(?:reject|deny|refuse|don't approve|do not approve|not approve|don't allow|"
    r"no)[a-z]* (?:\w+ ){0,3}(?:extension|request|plan|leave)|\b(?:extension|request|plan|"
    r"leave) (?:is )?(?:rejected|denied|refused|not approved)\b",
    re.ASCII,
)
_TASK_FORCE: Final = re.compile(r"专案组?|\btask ?force\b")
_INVALID: Final = re.compile(r"(?:判|定|认定|属于?|是|为)(?:为|成)?无效|\b(?:is|as|was) invalid\b|\bnot (?:a )?valid\b")
_VALID: Final = re.compile(r"(?:判|定|认定|属于?|是|为)(?:为|成)?有效|\b(?:is|as) valid\b")
_INTO: Final = re.compile(r"(?:到|入|进|至|给|into|to|with|和|与|跟|并)\s*#?(\d{1,6})(?!\d)", re.ASCII)
_CODE: Final = re.compile(r"(?:账号|账户|码|code|my account|account|:|\s)*([0-9a-z-]{4,16})$", re.ASCII)
_CODE_SHAPE: Final = re.compile("[0-9a-z-]+", re.ASCII)

_HEADS: Final = {role: heads_for(role) for role in Speaker}
_HEAD: Final = {role: head_pattern(_HEADS[role]) for role in Speaker}
_BOUNDARY: Final = re.compile(r"$|[\s:,.!@#?;~/\[(\"-]|\d|ts\d|了$", re.ASCII)
_STAFF_VERBS: Final = frozenset(
    {Verb.ACCEPT, Verb.DONE, Verb.NOT_DONE, Verb.GIVE_BACK, Verb.TRANSFER, Verb.REPORT, Verb.PLAN, Verb.EXTEND, Verb.VISIT}
    | {Verb.LEAVE, Verb.ASSIGN, Verb.GRADE, Verb.VALID, Verb.INVALID, Verb.APPROVE, Verb.REJECT, Verb.MERGE, Verb.TASK_FORCE}
    | {Verb.CLOSE}
)  # fmt: skip
_REASONED: Final = frozenset(
    {
        Verb.GIVE_BACK,
        Verb.INVALID,
        Verb.REJECT,
        Verb.APPROVE,
        Verb.CLOSE,
        Verb.WITHDRAW,
        Verb.DISAGREE,
        Verb.VALID,
        Verb.TASK_FORCE,
    }
)
_FREE: Final = frozenset({Verb.COMPLAIN, Verb.COMPLAIN_FOR, Verb.RATE, Verb.BIND, Verb.LEAVE})
_YES_NO_ANSWERS: Final = frozenset({Verb.AGREE, Verb.DISAGREE, Verb.APPROVE, Verb.REJECT, Verb.ACCEPT})


def understand(text: str, role: Speaker = Speaker.CUSTOMER, pending: Pending = Pending.NONE) -> Meaning:
    """Return what `text` means from somebody of `role` while our question `pending` is open. Never raises.

    Pure and linear in the length of the text. Which complaint is meant, and whether the person may do it, is for the
    caller to find out.
    """
    words = _spelled(clean(text))
    verb, given = _read(words, role, pending)
    if role not in STAFF or verb in (Verb.COMPLAIN, Verb.COMPLAIN_FOR):
        alarming = dict.fromkeys(ESCALATING.findall(words.key))
        if alarming:
            given["escalating"] = list(alarming)
    return Meaning(text, verb, given)


def _spelled(said: str) -> Words:
    """Fold, and mend what a voice keyboard or a slip made of the command word at the start."""
    key = fold(said)
    start = len(key) - len(key.lstrip(" /#*\n"))
    start += len(key[start : start + 5]) - len(key[start : start + 5].lstrip("0123456789 "))
    if meant := HOMOPHONES.get(key[start : start + 2]):
        key = key[:start] + meant + key[start + 2 :]
    elif typo := TYPOS.match(key, start):
        meant = TYPO_MEANS[typo[0]]
        said = said[:start] + meant + said[typo.end() :]
        key = key[:start] + meant + key[typo.end() :]
    return Words(key, said)


def _read(words: Words, role: Speaker, pending: Pending) -> Reading:
    bare = words.key.strip(_EDGES)
    if not bare:
        return Verb.UNCLEAR, {}
    if (
        whole := WHOLE.get(bare)
        or WHOLE.get(_PAUSES.sub("", bare[:40]))
        or WHOLE.get(bare.rstrip("?"))
        or (("?" in bare and not bare.strip("? ") and WHOLE["?"]) or None)
    ):
        verb, locale = whole
        return verb, {"locale": locale} if locale else {}
    item = numbered(words)
    if pending is not Pending.NONE and (answer := _ANSWERS[pending](item, role, words)):
        return answer
    if role in STAFF:
        return _staff(item, role, words)
    return _customer(item, role, words)


def _is_question(key: str) -> bool:
    # Only the end is searched: a hundred thousand question marks must not cost their square.
    return bool(_ASKS_LAST.search(key[-60:]) or _ASKS_FIRST.match(key))


# -- the pending question ---------------------------------------------------------------------------------------------
def _is_thanks(key: str) -> bool:
    return len(key) <= 60 and bool(_THANKS.search(key)) and not _THANKS_FILL.sub("", key)


def _rating_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    key = words.key
    if _is_thanks(key):
        return Verb.THANKS, {}
    head = _command(item, role, tight=True)
    if head and head[0] not in _YES_NO_ANSWERS | {Verb.DONE, Verb.CLOSE, Verb.VALID}:
        return head
    wish = customer.wish(key)
    if wish and (wish is not Verb.WITHDRAW or key.startswith(("撤", "不投诉", "withdraw"))):
        return _with_text(wish, item, role)
    given = rating.read(item.words if item.references else words, asked=True)
    if given and given["rating"] != rating.Rating.DISSATISFIED and customer.question(key) is Verb.STATUS:
        return Verb.STATUS, item.arguments
    if given:
        return Verb.RATE, item.arguments | given
    return None


def _yes_no_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    key = words.key
    bare = key.strip(_EDGES + "吧呀啊哦呢嘛的").strip(_EDGES) or key
    if bare in _NO_WHOLE:
        return Verb.DISAGREE, {}
    if bare in _YES_WHOLE or key.strip(_EDGES) in _YES_WHOLE:
        return Verb.AGREE, {}
    if set(bare) <= set("👍👌✅🆗"):
        return Verb.AGREE, {}
    if _is_thanks(key):
        return Verb.THANKS, {}
    head = _command(item, role, tight=True)
    if head and head[0] not in _YES_NO_ANSWERS:
        return head
    if _is_question(key) and not _BUT.search(key) and not _YES.match(key + " "):
        return None
    return _judged(item)


def _judged(item: Numbered) -> Reading | None:
    """Return agree or disagree for a sentence that says so; negation first."""
    words = item.words
    plain = _NOT_A_NO.sub(lambda found: "好的" + " " * (len(found[0]) - 2), words.key[:400])
    if found := _NO.search(plain):
        rest = words.part(found.end()) if not plain[: found.start()].strip(" 我们,这个方案觉得真") else words
        if rest.key.startswith(("这个", "了", "的", "方案", "that", "it")) and len(rest.key) < 8:
            rest = replace(rest, key="", said="")
        said = arguments.reason(rest)
        return Verb.DISAGREE, item.arguments | ({"reason": said} if len(said) > 1 else {})
    if found := _YES.match(plain + " "):
        if re.match(r" ?(?:吗|么|不|\?)", plain[found.end() :]):
            return None
        rest = words.part(min(found.end(), len(plain)))
        return Verb.AGREE, item.arguments | ({"text": rest.said} if len(rest.said) > 2 else {})
    return None


def _result_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    key = words.key
    if key.strip(_EDGES) in _SHORT - {"收到"} or _is_thanks(key):
        return (Verb.THANKS if _THANKS.search(key) else Verb.UNCLEAR), {}
    head = _command(item, role, tight=True)
    if head and head[0] not in (Verb.AGREE, Verb.VISIT, Verb.STATUS, Verb.PLAN):
        return head
    if head and head[0] in (Verb.VISIT, Verb.PLAN) and ":" in key[:12]:
        return head
    verb = _worked(item, role)
    if verb and verb[0] is not Verb.DONE:
        return verb
    if verb is None:
        if _GIVE_BACK.search(key) and len(key) < 40:
            return Verb.GIVE_BACK, item.arguments | {"reason": item.words.said}
        if _is_question(key) or len(key.strip(_EDGES)) < 2:
            return Verb.UNCLEAR, {}
        return Verb.DONE, item.arguments | {"result": item.words.said}
    return verb


def _reason_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    bare = words.key.strip(_EDGES)
    if bare in _CANCEL:
        return Verb.DISAGREE, {}
    if _is_thanks(words.key):
        return Verb.THANKS, {}
    if bare in _SHORT:
        return Verb.UNCLEAR, {}
    head = _command(item, role, tight=True)
    if head and head[0] not in (
        Verb.REPORT,
        Verb.VISIT,
        Verb.LEAVE,
        Verb.PLAN,
        Verb.EXTEND,
        Verb.GIVE_BACK,
        Verb.INVALID,
    ):
        return head
    if head and set(head[1]) - {"reference"} >= {"limit"} and head[0] is Verb.EXTEND:
        return head
    said = arguments.reason(item.words)
    return (Verb.REASON, item.arguments | {"reason": said}) if len(said) >= 2 else (Verb.UNCLEAR, {})


def _facts_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    key = words.key
    if _SKIP.fullmatch(key):
        return Verb.SKIP, {}
    if _is_thanks(key):
        return Verb.THANKS, {}
    if key.strip(_EDGES) in _SHORT - set("12345"):
        return Verb.UNCLEAR, {}
    head = _command(item, role, tight=True)
    if head and head[0] not in (Verb.AGREE, Verb.ACCEPT, Verb.DONE):
        return head
    wish = customer.wish(key)
    if wish in (Verb.PERSON, Verb.WITHDRAW, Verb.ERASE_ME, Verb.HELP):
        return _with_text(wish, item, role)
    if re.search("催|进度|到底", key) and (asked := customer.question(key)):
        return _with_text(asked, item, role)
    if re.search(r"为什么|为啥|干嘛|干吗|干什么用|\bwhy\b|what for", key):
        return Verb.UNCLEAR, {}
    return Verb.FACT, {"text": words.said}


def _menu_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    if found := _CHOICE.fullmatch(words.key) or _CHOICE_LEAD.match(words.key):
        chosen = _ORDINALS.get(found[1]) or arguments.number(found[1])
        if chosen is not None:
            return Verb.CHOOSE, {"choice": chosen}
    if _NONE_OF_THESE.fullmatch(words.key):
        return Verb.CHOOSE, {"choice": 0}
    item = item if item.references else item.bare()
    if item.references and len(item.words.key) < 2:
        return Verb.CHOOSE, item.arguments
    return None


_ANSWERS: Final[Mapping[Pending, Callable[[Numbered, Speaker, Words], Reading | None]]] = {
    Pending.RATING: _rating_pending,
    Pending.YES_NO: _yes_no_pending,
    Pending.PLAN: _yes_no_pending,
    Pending.RESULT: _result_pending,
    Pending.REASON: _reason_pending,
    Pending.FACTS: _facts_pending,
    Pending.MENU: _menu_pending,
}


# -- command words ----------------------------------------------------------------------------------------------------
def _find_head(item: Numbered, role: Speaker, *, tight: bool) -> tuple[Head, Numbered, bool] | None:
    """Return the command at the start, the words after it, and whether a separator follows it."""
    for candidate in (item, item.bare()):
        if found := _HEAD[role].match(candidate.words.key):
            head = _HEADS[role][found[2]]
            closed = bool(_BOUNDARY.match(candidate.words.key, found.end()))
            if not closed and (tight or head.tight):
                continue
            return head, replace(candidate, words=candidate.words.part(found.end())), closed
    return None


def _command(item: Numbered, role: Speaker, *, tight: bool) -> Reading | None:
    found = _find_head(item, role, tight=tight)
    if found is None:
        return None
    head, rest, closed = found
    return _obey(head, rest, item, role, closed)


def _obey(head: Head, rest: Numbered, item: Numbered, role: Speaker, closed: bool) -> Reading | None:
    """Return what a command means with the words after it; None where those words take it back."""
    verb = head.verb
    if verb not in _FREE:
        if not rest.references:
            rest = rest.bare()
        if verb is Verb.MERGE:
            rest = rest.bare()
        if not rest.references or verb is Verb.MERGE:
            rest = rest.bare(at_start=False)
    elif verb in (Verb.RATE,):
        rest = rest.bare()
    words, given = rest.words, rest.arguments | dict(head.arguments)
    if verb in _WITH_OWN_RULES:
        return _WITH_OWN_RULES[verb](rest, item, role, given, closed)
    if verb is Verb.STATUS and role in STAFF and len(words.key) > 3 and not _is_question(words.key):
        verb = Verb.REPORT  # "进度 已联系客户": an assignee tells, a customer asks
    if verb in _REASONED:
        if _is_question(item.words.key) and verb not in (Verb.WITHDRAW, Verb.DISAGREE):
            return Verb.STATUS, given
        said = arguments.reason(words)
        return verb, given | ({"reason": said} if said else {})
    return verb, given | ({"text": words.said} if words.said else {})


def _obey_done(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
    words = rest.words
    told = closed and bool(words.key)
    stage = progress.stage(item.words.key)
    if stage is Stage.ASKED:
        return Verb.STATUS, given
    if stage is Stage.NOT_DONE and told and not progress.denies(item.words.key):
        stage = Stage.DONE  # "办结 部分瓷砖已更换": what is partial is in the result, not in the being done
    if stage is Stage.NOT_DONE or re.match(r"\d{1,2} ?%|[一二三四五六七八九]成|一半|不了|不成|half", words.key):
        return Verb.NOT_DONE, given | ({"text": item.words.said} if told else {})
    if (not told and stage in (Stage.UNDER_WAY, Stage.PROMISED)) or progress.comes_later(words.key):
        return Verb.REPORT, given | {"text": item.words.said}
    said = words.said if len(words.key) > 1 and progress.leaves_result(words.key) else ""
    return Verb.DONE, given | ({"result": said} if said else {})


def _obey_not_done(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    return Verb.NOT_DONE, given | ({"text": rest.words.said} if rest.words.said else {})


def _obey_accept(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    if rest.words.key and (other := _sentence(rest, role)) and other[0] not in (Verb.REPORT, Verb.ACCEPT, Verb.THANKS):
        return other[0], given | other[1]
    if _is_question(item.words.key):
        return Verb.STATUS, given
    return Verb.ACCEPT, given | ({"text": rest.words.said} if len(rest.words.key) > 2 else {})


def _obey_extend(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    limit, words = arguments.take_limit(rest.words)
    if limit:
        given["limit"] = limit
    else:
        until, words = arguments.take_until(words)
        if until:
            given["until"] = until
    if not limit and re.match(r"(?:批准?|通过|同意|审批)?了?(?:吗|没|么)", words.key):
        return Verb.STATUS, given
    said = re.sub(r"^(?:by|of|for|的?时间|吗|么|申请)[ :,，]*|[吗么?？]+$", "", arguments.reason(words)).strip()
    said = arguments.reason(Words(fold(said), said))
    return Verb.EXTEND, given | ({"reason": said} if said else {})


def _obey_assign(verb: Verb) -> Callable[[Numbered, Numbered, Speaker, dict[str, object], bool], Reading | None]:
    def obey(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
        who, words = arguments.take_who(rest.words)
        if who:
            given["who"] = who
        said = re.sub(r"^(?:处理|去处理|负责|跟进|吧)+[ ,，.。]*", "", arguments.reason(words))
        return verb, given | ({"reason": said} if len(said) > 1 else {})

    return obey


def _obey_grade(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    severity, words = arguments.take_severity(rest.words)
    if severity:
        given["severity"] = severity
    said = re.sub(r"^(?:为|级|to|as|投诉)+[ ,，:：]*", "", arguments.reason(words))
    return Verb.GRADE, given | ({"reason": said} if said else {})


def _obey_merge(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    if len(rest.references) > 1:
        return Verb.MERGE, given | {"into": rest.references[1]}
    if found := _INTO.search(rest.words.key, 0, 60):
        given["into"] = found[1]
    return Verb.MERGE, given


def _obey_leave(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    limit, _ = arguments.take_limit(rest.words)
    said = rest.words.said
    return Verb.LEAVE, given | ({"limit": limit} if limit else {}) | ({"text": said} if said else {})


def _obey_bind(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
    found = _CODE.search(rest.words.key, 0, 60)
    if found is None and rest.words.key:
        return None
    # The code keeps its case; only the width is folded.
    typed = rest.words.said[found.start(1) : found.end(1)] if found else ""
    code = "".join(char if char.isascii() else fold(char) for char in typed)
    return Verb.BIND, given | ({"code": code} if code else {})


def _obey_rate(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
    rated = rating.read(rest.words, asked=True)
    if rated:
        return Verb.RATE, given | rated
    return None


def _obey_list(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
    if "of" not in given:
        given["of"] = "own" if role is Speaker.CUSTOMER else "entered"
    if rest.words.key:
        verb, told = _customer(rest, role, rest.words)
        if verb is not Verb.UNCLEAR:
            return verb, {key: value for key, value in given.items() if key != "of"} | told
    elif rest.references:
        return Verb.STATUS, rest.arguments
    return Verb.LIST, given


def _obey_complain_for(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    if not rest.words.key.strip(_EDGES + "列表记录有哪些list"):
        return (Verb.STATUS, given) if rest.references else (Verb.LIST, given | {"of": "entered"})
    asked = customer.question(rest.words.key)
    if asked and not customer.TROUBLE.search(rest.words.key) and len(rest.words.key) < 24:
        return asked, given
    return Verb.COMPLAIN_FOR, given | {"text": rest.words.said}


def _obey_complain(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    words = rest.words
    if words.key and len(words.key) < 24 and not customer.TROUBLE.search(words.key):
        asked = customer.wish(words.key) or customer.question(words.key)
        if asked and (not closed or len(words.key) < 14):
            return _with_text(asked, item, role)
    text = (
        re.sub(r"^(?:一下|你们|下)(?=[^\s])[ ,，:：]*", "", words.said)
        if words.said.startswith(("一下", "下"))
        else words.said
    )
    text = text.lstrip(" ,，:：.。!！")
    return Verb.COMPLAIN, given | ({"text": text} if text else {})


_WITH_OWN_RULES: Final[
    Mapping[Verb, Callable[[Numbered, Numbered, Speaker, dict[str, object], bool], Reading | None]]
] = {
    Verb.DONE: _obey_done,
    Verb.NOT_DONE: _obey_not_done,
    Verb.ACCEPT: _obey_accept,
    Verb.EXTEND: _obey_extend,
    Verb.TRANSFER: _obey_assign(Verb.TRANSFER),
    Verb.ASSIGN: _obey_assign(Verb.ASSIGN),
    Verb.GRADE: _obey_grade,
    Verb.MERGE: _obey_merge,
    Verb.LEAVE: _obey_leave,
    Verb.BIND: _obey_bind,
    Verb.RATE: _obey_rate,
    Verb.LIST: _obey_list,
    Verb.COMPLAIN_FOR: _obey_complain_for,
    Verb.COMPLAIN: _obey_complain,
}


# -- sentences of the staff -------------------------------------------------------------------------------------------
def _staff(item: Numbered, role: Speaker, words: Words) -> Reading:
    if command := _command(item, role, tight=False):
        return command
    if _is_thanks(words.key):
        return Verb.THANKS, {}
    marked = item if item.references else item.bare()
    for candidate in (marked, item if item.references else item.bare(at_start=False)):
        if (reading := _sentence(candidate, role)) or (reading := _asks(candidate, role)):
            return reading
    return Verb.UNCLEAR, marked.arguments if not marked.words.key else {}


def _asks(item: Numbered, role: Speaker) -> Reading | None:
    """Staff may ask after a complaint, and be customers too; they do not complain by accident."""
    key = item.words.key
    wish = customer.wish(key)
    if wish in (Verb.HELP, Verb.MY_DATA, Verb.ERASE_ME, Verb.PERSON, Verb.LIST):
        return _with_text(wish, item, role)
    if asked := customer.question(key):
        return _with_text(asked, item, role)
    return None


def _worked(item: Numbered, role: Speaker) -> Reading | None:
    """Return what a sentence says about the work: asked, done, not done, under way, promised."""
    words, given = item.words, item.arguments
    match progress.stage(words.key):
        case Stage.ASKED:
            return Verb.STATUS, given
        case Stage.NOT_DONE:
            return Verb.NOT_DONE, given | {"text": words.said}
        case Stage.UNDER_WAY if progress.has_news(words.key):
            return Verb.REPORT, given | {"text": words.said}
        case Stage.UNDER_WAY:
            return Verb.NOT_DONE, given
        case Stage.DONE:
            said = progress.result(words)
            return Verb.DONE, given | ({"result": said} if said else {})
        case Stage.PROMISED:
            return Verb.REPORT, given | {"text": words.said}
    return None


def _sentence(item: Numbered, role: Speaker) -> Reading | None:
    words, given = item.words, item.arguments
    key = words.key[:600]
    if not key:
        return None
    if role is Speaker.SUPERVISOR and (decided := _decided(item)):
        return decided
    worked = _worked(item, role)
    stage = worked[0] if worked else None
    if worked and stage in (Verb.STATUS, Verb.DONE) and not (stage is Verb.STATUS and _EXTEND.search(key)):
        return worked
    if found := _EXTEND.search(key):
        limit, rest = arguments.take_limit(words)
        told = given | ({"limit": limit} if limit else {})
        if re.match("延|展|宽|推|顺|缓|ext|more|再给|多给", found[0]):
            rest = rest.without(*found.span()) if rest is words else rest
        said = re.sub(
            r"^(?:(?:能不能|能否|可否|请|申请|希望|宽限|延期|延长|再给我?们?|需要|得|还|再|多|时间|i|we|need|to|"
            r"extend|more|can|an|extension|of|by|please|give|me)(?![a-z])[ ,，]*)+|[吗么吧?？ ]+$",
            "",
            rest.said,
        ).lstrip(" ,，.。")
        said = arguments.reason(Words(fold(said), said))
        return Verb.EXTEND, told | ({"reason": said} if len(said) > 1 else {})
    if found := _TRANSFER_TO.search(key):
        who, rest = arguments.take_who(words.part(found.end()))
        if who:
            verb = (
                Verb.ASSIGN
                if role is Speaker.SUPERVISOR
                and "转" not in found[0]
                and not re.search("transfer|reass|pass|hand", found[0])
                else Verb.TRANSFER
            )
            before = words.part(0, found.start()).said
            said = (
                arguments.reason(rest)
                if len(rest.key) > 2 and not rest.key.startswith(("处理", "负责", "跟进"))
                else before
            )
            return verb, given | {"who": who} | ({"reason": said} if len(said) > 3 else {})
    if _GIVE_BACK.search(key):
        return Verb.GIVE_BACK, given | {"reason": words.said}
    if _LEAVE.search(key) and len(key) < 60:
        limit, _ = arguments.take_limit(words)
        return Verb.LEAVE, given | ({"limit": limit} if limit else {}) | {"text": words.said}
    if stage is Verb.NOT_DONE:
        return worked
    if _VISIT.search(key):
        return Verb.VISIT, given | {"text": words.said}
    if _ACCEPT.search(key) and not _NOT_ACCEPTED.search(key) and not _is_question(key):
        return Verb.ACCEPT, given | ({"text": words.said} if len(key) > 6 else {})
    if worked:
        return worked
    if customer.question(key):
        return None
    if len(key) >= 4 and _NEWS.search(key) and not _is_question(key):
        return Verb.REPORT, given | {"text": words.said}
    return None


def _decided(item: Numbered) -> Reading | None:
    """Return the service centre's decision in a sentence; refusals first."""
    words, given = item.words, item.arguments
    key = words.key[:300]
    if _is_question(key):
        return None
    for verb, pattern in (
        (Verb.REJECT, _REJECTS),
        (Verb.APPROVE, _APPROVES),
        (Verb.TASK_FORCE, _TASK_FORCE),
        (Verb.INVALID, _INVALID),
        (Verb.VALID, _VALID),
    ):
        if found := pattern.search(key):
            rest = words.without(*found.span())
            said = arguments.reason(rest)
            return verb, given | ({"reason": said} if len(said) > 2 else {})
    return None


# -- customers --------------------------------------------------------------------------------------------------------
def _with_text(verb: Verb, item: Numbered, role: Speaker) -> Reading:
    if verb is Verb.LIST:
        return verb, item.arguments | {"of": "own" if role is Speaker.CUSTOMER else "entered"}
    if verb in (Verb.URGE, Verb.STATUS, Verb.WITHDRAW, Verb.PERSON):
        item = item if item.references else item.bare()
        return verb, item.arguments | ({"text": item.words.said} if item.words.said else {})
    return verb, item.arguments


def _customer(item: Numbered, role: Speaker, words: Words) -> Reading:
    key = words.key
    if _is_thanks(key):
        return Verb.THANKS, {}
    if item.references and (not item.words.key.strip(_EDGES) or _ASKS_AFTER.fullmatch(item.words.key)):
        return Verb.STATUS, item.arguments
    if _gives_orders(item):
        return Verb.UNCLEAR, {}
    if command := _command(item, role, tight=True):
        return command
    if wish := customer.wish(item.words.key):
        return _with_text(wish, item, role)
    if asked := customer.question(item.words.key):
        return _with_text(asked, item, role)
    if command := _command(item, role, tight=False):
        return command
    if key.strip(_EDGES) in _SHORT or customer.is_small_talk(key):
        return Verb.UNCLEAR, item.arguments
    if rated := _rates_unasked(item):
        return Verb.RATE, item.arguments | rated
    if customer.presses(key):
        return _with_text(Verb.URGE, item, role)
    if customer.describes_trouble(key):
        return Verb.COMPLAIN, item.arguments | {"text": words.said}
    return Verb.UNCLEAR, item.arguments


def _gives_orders(item: Numbered) -> bool:
    """A customer who writes a staff command with its number means a command that is not theirs, not a complaint."""
    found = _find_head(item, Speaker.SUPERVISOR, tight=True)
    if (
        found is None
        or _find_head(item, Speaker.CUSTOMER, tight=True)
        or found[0].verb not in _STAFF_VERBS
        or len(item.words.key) > 40
    ):
        return False
    head, rest, _ = found
    numbered_order = bool(rest.references or rest.bare().references) and head.verb not in (Verb.DONE, Verb.CLOSE)
    return numbered_order or rest.words.key.startswith("@") or (head.verb is Verb.DONE and "结" in item.words.key[:4])


def _rates_unasked(item: Numbered) -> dict[str, object] | None:
    """A rating that nobody asked for must say so itself: "垃圾没人清理" is a matter, "差评" is a rating."""
    key = item.words.key
    if len(key) > 80 or _is_question(key):
        return None
    given = rating.read(item.words, asked=False)
    if given is None:
        return None
    spoken = rating.read_words(key)
    start = spoken[1][0] if spoken else 0
    says_so = bool(re.search(r"满意|好评|差评|中评|satisf|\bhappy\b|unhappy", key)) or "score" in given
    if given["rating"] == rating.Rating.SATISFIED:
        return given if (start <= 6 or says_so) and not customer.TROUBLE.search(key) else None
    if says_so:
        return given if start <= 8 and not re.search("投诉|举报|complain", key) else None
    short = len(key) <= (24 if key.isascii() else 6)
    return given if short and spoken and spoken[1][1] > 0 and not customer.TROUBLE.search(key) else None
