"""A second look, by word classes wide enough for words that no table lists; asked only where the tables found nothing. Pure.

What it finds is never "done" nor "satisfied" on the strength of a class alone: praise counts only in a text in which nothing
denies, asks, limits or goes on with "but".
"""

from __future__ import annotations

import re
from typing import Final

from bot.grammar import answers, progress
from bot.grammar.arguments import Numbered, take_limit, take_severity
from bot.grammar.meaning import Reading, Speaker, Verb
from bot.grammar.rating import Rating
from bot.grammar.things import BOSS_ZH, CALLED_OUT, CUSTOMERS_EN, CUSTOMERS_ZH, THING

_LONGEST: Final = 120  # characters: a letter is not read by its classes

# -- customers --------------------------------------------------------------------------------------------------------
_PERSON: Final = re.compile(
    rf"(?:找|见|叫|要|让|请|喊|换|转|接|派|想?跟|和|同|联系|有没有)[^,.;投诉举报]{{0,5}}(?:{BOSS_ZH})(?!态度|骂|"
    rf"骗|说|收|告诉|乱|要)"
    rf"|(?:{BOSS_ZH})[^,.;]{{0,4}}(?:电话|号码|联系方式|微信|在哪|在吗|在不在|出来|接电话)"
    r"|(?:电话|号码|热线|联系方式)(?:是|号)?(?:多少|几号|有吗|有没有|给我|发我|给一?下|呢|\?)"
    r"|(?:打|回|来|拨|通)(?:个|一个|我|下)?(?:电话|手机).{0,4}(?:我|一下|说|聊|讲|谈|沟通)|电话(?:里|上|"
    r"中)?(?:说|讲|聊|谈|沟通)"
    r"|\b(?:want|need|speak|talk|there|get|give|contact|where|reach|connect|prefer|rather|like|see|meet|switch|"
    r"transfer)\b"
    r"[^.;]{0,30}\b(?:humans?|(?:real|actual|live) (?:person|human|agent)|person|manager|supervisor|boss|in charge|"
    r"representative|operator|staff member|customer (?:service|support)|support team)\b(?! (?:is|was|said|told|"
    r"lied|who))"
    r"|\b(?:what|which|is there|give|have|need|send|your)\b(?:'s)?(?: (?:is|a|the|me|your|number|best|main|"
    r"office|direct|to|of)){0,4} (?:phone|telephone|contact|hotline|mobile|whatsapp)"
    r"(?: number| no| line| details)?\b"
    r"|\b(?:call|phone|ring) (?:me|us)\b|\b(?:phone|contact|telephone|hotline) (?:number|details|no)\b|(?:叫|找|"
    r"让|换)(?:个|一个|位)?人[^,.;]{0,4}(?:跟我|和我|讲|说|谈|聊|联系我|给我)|(?:跟|和|同|要|想)(?:个)?人(?:倾|"
    r"聊|讲|说|谈|沟通)|(?:找|叫|换)(?:个|一个)人来?$|(?:别|不要|不想)[^,.;]{0,4}机器人|我[要想](?:打|"
    r"通)(?:个)?电话|\b(?:can|could|may) (?:i|we) (?:call|phone|ring)\b",
    re.ASCII,
)
_NOT_FOR_A_PERSON: Final = re.compile(
    r"投诉|举报|态度|\b(?:every|always|keeps?|stop|harass\w*|complain\w*|rude|lied|shouted|never|shared?|sold|"
    r"leaked|gave|they|agents?|about (?:the|your|a))\b"
)
_LIST: Final = re.compile(
    r"(?:(?:我|帮我?|麻烦|请|想|要|给我)*(?:查看|查|看|列|显示|调)(?:看|出)?(?:一下|下)?)?(?:我|自己|本人)"
    r"(?:之前|以前|都|总共|一共|所有|全部|自己|名下|这边|还|现在|手上|手里|今天|有|剩|剩下)*"
    r"(?:(?:的|报|提|投诉|提交|反映|报修|登记|录入|申请|说)(?:了|过|修过?)?的?(?:所有|全部|历史|待办|未完成)*)?"
    r"(?:哪些|几个?|什么|多少)?个?(?:投诉|报修|工单|单子?|记录|问题|列表|历史|申请|任务|活儿?|待办)*"
    r"(?:有哪些|都有哪些|有几个|有多少|列表|记录|清单)?[? 呢啊呀]*"
    r"|(?:(?:can|could) you |please |pls |i want to |let me |i'd like to )*(?:(?:show|list|see|view|check|get|"
    r"give|display|open)"
    r"(?: me)? )?(?:a |the )?(?:(?:list|history|overview|summary) (?:of )?)?(?:all )?(?:of )?(?:my|the ones i) ?"
    r"(?:(?:open|past|old|previous|own|current|existing|pending|all|other|today'?s) )*(?:complaints|cases|"
    r"tickets|requests|reports|"
    r"reported (?:issues|problems)|issues|history|submissions|repairs|jobs|orders|work ?orders|tasks|"
    r"assignments|work ?list|reported)"
    r"(?: list| history| so far| please| today| now)*[ ?.!]*"
    r"|(?:what|which|how many)(?: (?:complaints|cases|tickets|requests|issues|jobs|tasks|work|orders|"
    r"repairs))?(?: all)? "
    r"(?:(?:do|did|have|has|are|is) )?(?:i|assigned to me|there for me)(?: (?:have|got|reported|submitted|filed|"
    r"sent|left|"
    r"opened|raised|on|to do|for|today|now|so far|with you|open|still|assigned))*[ ?.!]*",
    re.ASCII,
)
_NAMES_A_LIST: Final = re.compile(
    r"(?:的|过|哪些|几|什么|多少|列表|记录|清单|待办|任务)|\b(?:complaints|cases|tickets|requests|reports|"
    r"reported|issues|history|"
    r"submissions|repairs|jobs|orders|work ?orders|tasks|assignments|work ?list|have|got|left|submitted|filed|"
    r"to do)\b",
    re.ASCII,
)
_GREETED: Final = re.compile(r"(?:(?:你好|您好|喂|嗨|在吗|hi|hello|hey|good \w+)(?:there|啊|呀|[ ,.!?])*)+")
_HOW: Final = re.compile(
    r"(?:请问|想问下?|问一?下|[ ,])*(?:要|该|我)?(?:怎么|如何|怎样|咋|哪里|去哪里?|在哪里?|到哪)(?:可以|能|才能|"
    r"才可以)?"
    r"(?:投诉|报修|举报|反映|报(?!销)|申请|提交|登记|使用|操作)[^,.;没不还]{0,6}[? 啊呢呀]*"
    r"|(?:[a-z ]{0,20}[ ,])?how (?:do|can|should|would|to) (?:(?:i|we|you|one) )?(?:\w+ ){0,2}?(?:report|"
    r"complain|file|submit|register|make|lodge|"
    r"raise|log)\b[^.;]{0,30}"
)
_ERASE: Final = re.compile(
    r"(?:删|清除|抹|注销|销毁|移除|清空|去掉)[^,.;]{0,10}(?:数据|信息|资料|隐私|账[号户]|记录|手机号|电话号?码?|"
    r"号码|名字|姓名|照片)"
    r"|我的?[^,.;]{0,6}(?:数据|信息|资料|隐私|账[号户]|手机号|电话|号码|名字|姓名|照片)[^,.;]{0,10}(?:删|清除|"
    r"抹掉|注销|销毁|移除)"
    r"|\b(?:delete|erase|remove|wipe|destroy|forget)\b[^.;]{0,16}\b(?:my|me)\b[^.;]{0,24}"
    r"\b(?:number|name|phone|email|address|photos?|from your (?:system|database|records|list))\b",
    re.ASCII,
)
_ERASES_WRONGLY: Final = re.compile(r"泄|为什么|凭什么|怎么|被|你们把|leak|why|without")
_OFF: Final = re.compile(
    r"(?:^|[,.;!] ?)(?:so |please |pls |then |and |ok |there's |there is )*(?:no need|needn'?t|don'?t|"
    r"do not)\b[^.;?]{0,24}"
    r"\b(?:come|coming|send(?:ing)?|bother|visit|any ?more|anyone|anybody|someone|technician|plumber|repair|"
    r"follow up)\b",
    re.ASCII,
)
_NOT_WANTED: Final = re.compile(
    r"(?:已经?|现在)?(?:不需要|用不着|不必)了?[ ,.!]*(?:谢谢.{0,4})?|(?:[^,.;不别]{0,8}[,. ])?(?:请|麻烦|就|"
    r"帮我|那)*取消(?:吧|了|掉|一下|它)?(?:谢谢)?[ .!]*"
    r"|.{0,12}(?:好|有[水电气网]|来[水电气]|恢复|通|正常|能用|找到)了?[ ,.!]*.{0,4}(?:不用|不必|别|不麻烦|"
    r"不劳烦|无需|不需要).{0,10}"
    r"|我?(?:不|先不)(?:报|投|弄|要|搞|追究?|修)了[ .!]*|(?:.{0,6})(?:误报|报错了?|点错了?|搞错了|弄错了|"
    r"是误会)(?:.{0,8})"
    r"|.{0,30}\b(?:by mistake|my mistake|false alarm|by accident|accidentally)\b.{0,30}"
)
_OVER: Final = re.compile(
    r"\b(?:fixed|work(?:s|ing)|back|solved|sorted|ok|okay|fine|gone|resolved|myself|ourselves|himself|herself|"
    r"already|now|"
    r"any ?more|stopped|found)\b"
)
_NOT_OVER: Final = re.compile(
    r"\b(?:not|n't|never|still|again|isn'?t|hasn'?t) (?:\w+ )?(?:fixed|work\w*|solved|sorted|ok|fine)\b"
)
_BRINGS_IN: Final = re.compile(
    "骗|坑|扣|签|罚|收费|施工|装修|带看|态度|偷|骂|打人|威胁|条款|合同|佣金|泄露|报警|骚扰"
    r"|\b(?:refund|fees?|deposit|contract|taped|stole|stolen|shouted|charged|scam|lied)\b"
)
_WHEN: Final = re.compile(r"什么时候|啥时候|何时|几时|哪一?天|几点|多久|多长时间|还要等|还得等|要等几")
_HOURS: Final = re.compile(r"上班|下班|营业|开门|关门|开放|opening|open (?:at|on)|close at|hours")
_FAR_ZH: Final = re.compile(
    r"(?:到货?|到账|到位|来|接单?|批|派|退|修|换|审|查|出|安排|上门|联系|处理|受理|回复|定|办|弄|通过|下来|寄|"
    r"发|沟通|核实|反馈|"
    r"登记|录入|提交|转|好|完|解决|通知|收到|看|算|补|赔|装|签|谈)(?:下来|上来?|过去?|好|完|到|下去|出来|出去|"
    r"清楚|明白|妥|成)?了?"
    r"(?:我|他们?|房东|师傅|人|钱|单)?(?:了吗|了没有?|了么|过吗|过没有?|没有|没)[?.!啊呀呢 ]*$"
    r"|(?:今[天晚]|明[天早晚]|后天|上午|下午|晚上|中午|周[一二三四五六日天末]|本周|这周|下周|马上|还|会)[^,.;]{0,8}"
    r"(?:来|到|上门|有人|修|处理|联系|回复|解决|过去|过来|派人|安排)[^,.;]{0,4}(?:吗|么|不)[?.!啊呀呢 ]*$"
    r"|(?:现在|目前|最新|后续|后来|接下来|然后|这边|那边)[^,.;]{0,6}(?:怎么(?:说|弄|办|处理|样|安排)|"
    r"什么(?:情况|进展|安排|说法|状态)|"
    r"咋|如何|呢[? ]*$)"
    r"|(?:派|分|交|转)给谁|(?:好|完|到|来|修|搞|有)[^,.;]{0,2}未[呀啊? ]*$|[得的](?:怎么样|如何|咋样|怎样)(?:了|"
    r"啊|呢|[? ])*$|(?<!找)(?:哪位|谁|哪个)[^,.;]{0,6}(?:来修|来|修|负责|处理|跟进?|接的?|管)[^,.;]{0,4}$"
    r"|(?<!没)(?<!没有)(?:有|有没有)人[^,.;]{0,8}(?:了吗|吗|没有?|么)[? ]*$|(?:想问|问问|问一?下|请问|打听|了解|"
    r"知道|看看|查)[^,.;]{0,12}(?:情况|进度|结果|进展|状态|消息)"
)
_ASKS_EN: Final = re.compile(
    r"^(?:(?:hi|hello|hey|please|pls|excuse me|sorry|and|so|ok|dear \w+|good \w+|just)[ ,.!]+)*"
    r"(?:(?:can|could|would|may|do|will)(?: you| i| we)? (?:please |kindly |pls )?(?:tell|let|give|know|advise|"
    r"confirm|update|"
    r"inform|check|find out|have|get an?)|when|what time|which day|has|have|is|are|was|were|did|does|"
    r"do you know|will|who|where|"
    r"how (?:long|soon|far|is|are|'s|much longer)|how'?s|what(?:'?s| is| are| was| about| happen\w*| stage)|"
    r"any(?:thing|one|body)?|"
    r"i(?: would|'d)? (?:like|want\w*|need|wish) to (?:know|ask|check|follow|hear)|i (?:am writing|was wondering)|"
    r"(?:just )?(?:wondering|checking|asking|following))\b",
    re.ASCII,
)
_PROCESS_EN: Final = re.compile(
    rf"\b(?:complaints?|requests?|case|ticket|report(?:ed)?|{CALLED_OUT}|someone|anyone|somebody|anybody|visit|"
    rf"appointment|com(?:e|es|"
    r"ing)|came|arriv\w+|parts?|progress|updates?|news|status|result|outcome|decision|done|solved|resolved|"
    r"handled|process\w*|"
    r"receiv\w*|assigned|approved|start\w*|scheduled?|contact\w*|spoke|spoken|talked|replied|worked on|looked|"
    r"happen\w*|follow\w*|"
    r"answer\w*|reply|decided|agreed|confirmed|refund|deposit|delivered|ordered|booked|landlord|owner|manager|"
    r"ready|sent|paid|waiting|there yet|fixed|repair(?:ed|s)?)\b",
    re.ASCII,
)
_ASKS_FOR_WORK: Final = re.compile(
    r"\b(?:send|fix my|fix the|repair my|have (?:a|an|my) (?:problem|issue|leak))\b|\bwhy\b"
)
_PRESSES_ZH: Final = re.compile(
    r"(?:说好|讲好|说是|说了|说|答应|约好|约的|约了|承诺|保证)[^,.;?]{0,8}(?:来|到|修|给|退|处理|解决|回|弄|"
    r"上门|电话|联系|[点号天午晚])"
    r".{0,12}(?:人呢|呢[? !]*$|没|还|天黑|天亮|影|不见|过了|点了|等)"
    r"|准话|准信|准数|说法|交代|交待|回话|给(?:个|我个)(?:话|时间|信|答复)|说句话|吱[个一]?声|人影|鬼影|回音|"
    r"猴年马月|黄花菜|磨蹭|拖延|"
    r"拖拖|拖着|干等|白等|等着(?:用|呢|急)?|放(?:了)?(?:我)?鸽子|爽约|失约|耽误|效率|慢死|受不了了|等不[了及起]|"
    r"没完没了|"
    r"第[二三四五六七八九十几]次(?:催|报|投诉|说|问|联系|打|找|反映)|(?:催|打|报修|投诉|反映|说|问|联系|"
    r"找)[^,.;警]{0,6}[几多好两三四五六七八九十\d](?:次|遍|回)|速速|速来|速度|麻溜|上点心|重视|加快|立刻|立即|赶快|"
    r"天天拖|一?直拖|老是?拖|(?:电话|信息|消息|微信)(?:也|都|又)?(?:不|没)(?:人)?(?:接|回|理)|来个?人|派个?人|"
    r"优先|加急|火急|十万火急|能不能快|倒是|影子都|没下文|没后续|没人影|不见人"
)
_SPAN_ZH: Final = re.compile(
    r"(?:[\d一二两三四五六七八九十几多半好]+个?(?:天|周|星期|月|小时|礼拜|年)|这么久|很久|好久|多少天|"
    r"几天)[^,.;]{0,6}了?.{0,8}(?:没|未|不|还)"
)
_PRESSES_EN: Final = re.compile(
    r"\b(?:no|without|zero|not (?:a|one|any)|never (?:got|had|received)(?: an?y?)?) (?:single )?(?:response|"
    r"reply|answer|news|word|"
    r"updates?|feedback|progress|contact|call|sign|action|follow[- ]?up|help)\b"
    r"|\bstill (?:no|not|nobody|waiting|nothing|hasn'?t|haven'?t|here)\b"
    r"|\b(?:you|they|he|she|someone|somebody|office|team|i was|was) (?:guys |people )?(?:had |"
    r"have )?(?:promised|said|told|assured|guaranteed|"
    r"agreed)\b[^.;]{0,24}\b(?:would|will|be|come|call|someone|somebody|visit|today|tomorrow|yesterday|hours?|"
    r"days?|minutes?|weeks?|soon|within|back|o'?clock|\d ?[ap]m|noon)\b|\b(?:been|keep|kept) (?:on )?(?:calling|"
    r"phoning|ringing|writing|messaging|texting|emailing|trying|asking|chasing)\b|\ball (?:day|morning|"
    r"afternoon|week)\b|\bsupposed to (?:come|be|call|fix|arrive|visit)\b"
    r"|\bpatien(?:ce|t)\b|\b(?:fed up|sick of|tired of)\b"
    r"|\bneed\b[^.;]{0,30}\b(?:today|now|tonight|soon|immediately|right away|asap|quickly|by tomorrow|this week)\b"
    r"|\bwait(?:ed|ing)?\b|\bnothing (?:has |is |was )?(?:\w+ )?(?:happen\w*|done|moved|changed|yet)\b"
    r"|\b(?:never|didn'?t|did not|hasn'?t|haven'?t|has not|have not|isn'?t|no ?one|nobody|"
    r"no-one)\b[^.;]{0,24}\b(?:show\w*|turn\w* up|"
    r"com(?:e|ing)|came|call\w*|contact\w*|repl\w+|respond\w*|answer\w*|here|arriv\w*|appear\w*|back to (?:me|"
    r"us)|ge?o?t back|"
    r"heard|looked|started)\b"
    rf"|\bwhere(?: (?:is|are)|'s|s) (?:the |your |my )?(?:{CALLED_OUT}|every\w+|some\w+|he|she|they|you)\b"
    r"|\b(?:prioriti[sz]e|priority|immediately|right now|at once|come on|move it|get going|wake up|do something|"
    r"do your job|"
    r"remind(?:er|ing|ed)|rush|speed|sooner|faster|quickly|emergency|escalat\w+)\b|\bhow many (?:times|more)\b"
    r"|\b(?:second|third|fourth|fifth|\d(?:nd|rd|th)|last|final) (?:time|reminder|message|request|email|call)\b"
    r"|\b\d+ (?:hours?|days?|weeks?|months?) (?:late|overdue|passed|ago)\b",
    re.ASCII,
)
_OF_COMING: Final = re.compile(
    r"师傅|人呢|没(?:有)?人(?:来|管|理|修|处理|联系|回|接)|上门|回复|联系|回电|处理|等|动静|消息|怎么还|报修|投诉|催"
    rf"|\b(?:{CALLED_OUT}|wait\w*|reply|response|answer|show(?:ed)? up|turn(?:ed)? up|nobody|no ?one)\b",
    re.ASCII,
)
_FAULT: Final = re.compile(
    r"被(?:刮|撞|偷|砸|划|蹭|扣|骗|锁|堵|占|淹|泡|咬|打|骂)|(?!打不通)(?:连|登|打|接|充|刷|冲|关|开|锁|拧|推|拉|"
    r"烧|用|进|出)不(?:上|了|开|进|出|动|着|通|紧|严|去|下)|(?:进|返|冒|溢|淌)水|返味|没(?:声音|画面|图像|信号|"
    r"反应|动静了)|(?:想|要|需要)(?:换|装|修|补|疏通|清洗|开锁)[^,.;?]{1,}"
    r"|\w+ (?:not|isn'?t|aren'?t|won'?t|doesn'?t|stopped|keeps) \w+(?:ing)?\b|\bneeds? (?:fix|repair|replac|"
    r"clean|chang|check|servic)\w*",
    re.ASCII,
)
_NOT_KINDLY: Final = re.compile(
    r"[没不还别快急催请帮]|麻烦(?![你您])|处理|安排|这样|但|又|\?|什么|怎么|谁|n't\b|\b(?:but|not|no|still|"
    r"please|can|could|would|need|want|when|why|for nothing)\b"
)
_NEEDS_TRADE: Final = re.compile(
    r"\b(?:need|send|want|get|require|looking for|arrange|call)\b[^.;?]{0,16}\b(?:an? |the |your )?(?:plumber|"
    r"electrician|locksmith|"
    r"handyman|technician|engineer|repair ?(?:man|person|guy)|maintenance|carpenter|painter|cleaner|"
    r"exterminator|pest control)\b|\b(?:plumber|electrician|locksmith|handyman|pest control) (?:needed|required|"
    r"please|asap|now)\b"
    r"|(?:要|需要|叫|派|找|请|来)(?:个|一个|一位|位)?(?:水电|水|电|空调|开锁|维修|疏通|修)[^,.;]{0,3}(?:工|师傅)",
    re.ASCII,
)
_FOR_OTHERS: Final = re.compile(
    rf"(?:帮|替|代|为|刚才|刚刚|今天|有个|有位|有|一个|一位|\d[\d-]*(?:室|号)?的?)*(?:{CUSTOMERS_ZH})(?:刚才|"
    rf"刚刚|今天|来|打|给我|跟我|发|上门|一直|"
    r"说|反映|反应|投诉|报修|报|来电|电话|称|讲|告知|要求|家|微信|消息|的)+"
    rf"|(?:(?:report|complaint|request|issue|problem|ticket) )?(?:for|from|by|re|about|on behalf of) {CUSTOMERS_EN}\b"
    rf"|{CUSTOMERS_EN}(?: \w+){{0,5}}? (?:says?|said|called|calls|phoned|rang|reports?|reported|reporting|"
    rf"complain\w*|wants?|told|"
    r"mentions?|needs?|has|messaged|wrote|texted|emailed|asks?|asked|can'?t|cannot)\b",
    re.ASCII,
)


def from_customer(key: str) -> Verb | None:
    """Return what a folded text wants by its word classes; None where they do not say. COMPLAIN: it brings a matter in."""
    if len(key) > _LONGEST:
        return None
    if len(key) <= 60 and _HOW.fullmatch(_GREETED.sub("", key)):
        return Verb.HELP
    if _ERASE.search(key) and not _ERASES_WRONGLY.search(key):
        return Verb.ERASE_ME
    if _LIST.fullmatch(key) and _NAMES_A_LIST.search(key):
        return Verb.LIST
    if _NOT_WANTED.fullmatch(key):
        return Verb.WITHDRAW
    if _OFF.search(key) and _OVER.search(key) and not _NOT_OVER.search(key):
        return Verb.WITHDRAW
    if _PERSON.search(key) and not _NOT_FOR_A_PERSON.search(key):
        return Verb.PERSON
    if _NEEDS_TRADE.search(key):
        return Verb.COMPLAIN
    thing = THING.search(key) is not None
    if asks_how_far(key):
        return Verb.STATUS
    if (
        len(key) <= (90 if key.isascii() else 24)
        and not _BRINGS_IN.search(key)
        and presses(key)
        and (not thing or _OF_COMING.search(key))
    ):
        return Verb.URGE
    if (thing and _is_told(key)) or _FAULT.search(key):
        return Verb.COMPLAIN
    kindly = len(key) <= 40 and answers.THANKS.search(key) and not _NOT_KINDLY.search(key)
    return Verb.THANKS if kindly else None


def asks_how_far(key: str) -> bool:
    """Whether somebody asks how far a matter has come."""
    if _HOURS.search(key):
        return False
    if _FAR_ZH.search(key) or (_WHEN.search(key) and answers_open(key)):
        return True
    return bool(_ASKS_EN.match(key) and _PROCESS_EN.search(key)) and not _ASKS_FOR_WORK.search(key)


def asks_after(key: str) -> Verb | None:
    """Return STATUS where somebody asks how far a matter has come."""
    return Verb.STATUS if asks_how_far(key) else None


def answers_open(key: str) -> bool:
    """Whether what is asked "when" is asked at the end, not told on the way."""
    return len(key) <= 30


def presses(key: str) -> bool:
    """Whether somebody is impatient, in whatever words."""
    return bool(_PRESSES_ZH.search(key) or _SPAN_ZH.search(key) or _PRESSES_EN.search(key))


def _is_told(key: str) -> bool:
    return len(re.findall("[\u3400-\u9fff]", key)) >= 4 or len(re.findall(r"[a-z']+", key)) >= 3


def for_others(key: str) -> bool:
    """Whether a colleague tells what a customer told them."""
    return len(key) <= 400 and bool(_FOR_OTHERS.match(key))


# -- the staff --------------------------------------------------------------------------------------------------------
_NOBODY_ZH: Final = (
    r"[了一几过不没下个点换修装弄打退清加补发送钱做调擦拆处看报回通账告接动头钥配材开还]|我|你|"
    r"他|她|它|咱|谁|人|师傅|客户|业主|住户|租户|租客|房东|对方|厂家|大家|自己|家|物业"
)
_NAME_ZH: Final = (
    rf"(?!{_NOBODY_ZH})(?:[小老阿大][\u3400-\u9fff](?!单)|[\u3400-\u9fff]{{1,2}}(?:师傅|工|哥|姐|叔|主管|经理|"
    rf"班长|队长|组长|主任)"
    r"|[\u3400-\u9fff]{1,6}(?:组|部|班|队|公司|中心|处|科|维保)|水电工?|电工|水工|木工|保洁|保安|维保|前台|客服|"
    r"[\u3400-\u9fff]{2,3})"
)
_GO_ON_ZH: Final = "(?:处理|负责|跟进?|去|来|过去|过来|上门|看看?|修|做|弄|接手?|办|一下|一趟|趟|了|吧|呗|啦)"
_HANDED_ZH: Final = re.compile(
    rf"(?:请|麻烦|帮忙|帮我|直接|先|把|这[单个活件]|此单|该单|应该|要|得|需要|可以|那|就|\d{{4,6}}|[ ,])*"
    rf"(?:(?:转|派|交|移|分)(?:到|去|给)? ?(?:\d{{4,6}} ?)?(?:给|到)? ?@?(?P<to>{_NAME_ZH})"
    rf"|给 ?@?(?P<give>{_NAME_ZH})|(?:安排|叫|让|派|请|喊|通知) ?@?(?P<let>{_NAME_ZH})(?={_GO_ON_ZH}))"
    rf"{_GO_ON_ZH}*[ ,.!]*(?:[,. ].*)?"
)
_HANDED_EN: Final = re.compile(
    r"(?:please |pls |ok,? |let'?s |can you |could you |better |just )*(?:send|move|route|redirect|escalate|"
    r"refer|handover|forward|"
    r"pass|give|assign|get|put)(?: (?:this|it|that|the (?:case|job|task)|\d{4,6}))?(?: (?:on|over|"
    r"along))?(?: (?:to|with))? "
    r"(?P<to>(?!(?:the |a |an |my |our )?(?:someone|somebody|anyone|anybody|customer|client|tenant|owner|it|me|"
    r"us|you|him|her|them|help|"
    r"this|that|more|back|photos?|pictures?|quote|invoice|parts?|list|done|on|off|hold|time|days?|extension)\b)"
    r"(?:the )?[a-z][a-z'-]+(?: (?:team|department|dept|desk|group|crew|squad|guys))?)"
    r"(?: (?:please|now|instead|over|there|today|asap|to (?:fix|check|see|look|handle|do)\b.*))*[ .!]*"
    r"|(?:this|it|that|\d{4,6})? ?(?:should|must|needs to|has to|can|better)(?: be)? (?:go|sent?|passed|given|"
    r"forwarded|handled|done|moved) (?:to|by) "
    r"(?P<goes>(?:the )?[a-z][a-z\'-]+(?: (?:team|department|desk))?)[ .!]*"
    r"|(?P<should>(?!(?:it|this|that|they|he|she|we|i|you|who|customer|someone|somebody|there)\b)[a-z][a-z'-]+) "
    r"(?:should|can|could|will|must) (?:do|take|handle|have|get|look|go|deal)\b.*",
    re.ASCII,
)
_CANNOT: Final = re.compile(
    r"(?:我|咱|我们)[^,.;]{0,6}(?:不了|不会|没法|没办法|做不来|弄不来|不懂|"
    r"不熟)[^,.;]{0,6}[,. ]+[^,.;]{0,4}(?:要|得|需要|找|让|换|叫|请)"
    r"|(?:超出|不在|超过|属于别|归别)[^,.;]{0,8}(?:范围|能力|职责|权限|片区|区域|管)|(?:别的|其他|另一个?|"
    r"其它)(?:部门|组|公司|同事)的?"
    r"(?:活|事|单|业务|范围|管)|(?:让|找|换|叫|派|请)(?:个)?(?:别人|其他人|别的(?:人|师傅|同事)|其他(?:人|师傅|"
    r"同事)|专业的?|厂家)(?!来修)"
    r"|不了[ ,]*(?:先|请|就)?(?:退|还给|拿回|收回)|(?:归|属于|该找|得找|应该找|是)(?:物业|房东|开发商|电力|供电|"
    r"燃气|自来水|电梯公司|厂家|业主自己|他们|别人)[^,.;]{0,6}(?:管|的|负责|修|处理|事)|不归(?:我|咱|本|这)|"
    r"我(?:们|这边)?(?:可)?(?:不会|不懂|没学过|没修过|没做过)(?:修|弄|做|处理|搞|装|换|这)|(?:没|"
    r"无)(?:有)?(?:资质|权限|证|工具|电工证)"
    r"|\b(?:not|n't|isn'?t|never) (?:\w+ )?(?:qualified|trained|certified|licensed|allowed|equipped|competent|"
    r"authori[sz]ed|"
    r"skilled|my (?:trade|skill|field|speciality|business|problem))\b|\bbeyond (?:my|our)\b|\bbelongs? to\b|"
    r"\b(?:no|without|lack) (?:an? )?(?:\w+ )?(?:licen[cs]e|permit|certificate|qualification)\b|\b(?:can'?t|"
    r"cannot|unable to) (?:handle|do|take|manage|deal with) (?:this|it)\b|\btake (?:it|this) back\b|"
    r"\b(?:some(?:one|body)|any(?:one|body)) "
    r"else\b|\banother (?:team|department|colleague|person|technician)\b|\bdon'?t (?:do|know how|"
    r"have (?:the )?(?:tools|licen\w+))\b",
    re.ASCII,
)
_AGREED_ON: Final = re.compile(
    r"(?:改|挪|换|调|提前|约|说好|讲好|定|商量|谈|确认|联系)(?:到|在|成|至|好了?|定了?|妥了?|为|期到)?[^,.;?]{0,6}"
    r"(?:[今明后]天|今晚|明早|明晚|大后天|周[一二三四五六日天末]|星期.|礼拜.|下周|\d+[号日点]|"
    r"[一二三四五六七八九十]+点|上午|下午|晚上|早上|中午)"
    r"(?![^,.;]{0,8}(?:到货|寄|出差|回来|才|送|发货|有货))"
    r"|\b(?:moved?|changed?|shift\w*|push\w*|postponed?|resched\w*|agreed|confirmed|set|fixed|arranged|booked|meeting|"
    r"see(?:ing)? (?:them|him|her|the \w+))\b[^.;]{0,24}\b(?:today|tomorrow|tonight|(?:mon|tues|wednes|thurs|"
    r"fri|satur|sun)day|"
    r"\d{1,2}(?::\d\d)? ?[ap]m|next week|noon)\b",
    re.ASCII,
)
_TO_BE_LATER: Final = re.compile(
    r"(?:延|推|拖|放|缓|顺延)(?:到|至)[^,.;]{0,6}(?:周|星期|礼拜|月|号|日|天)|(?:想|要|得|能不能|可以|"
    r"申请)[^,.;]{0,4}(?:延|推后|缓一?缓|拖)(?!线)"
    r"|\b(?:an?|one|two|three|four|five|\d+|few|couple(?: of)?) more (?:working )?(?:days?|hours?|weeks?)\b|"
    r"\bneed (?:it |this )?(?:until|till)\b|(?:时间|期限)[^,.;]{0,3}(?:不够|太紧|太短|不足|来不及)|"
    r"\b(?:deadline|due date|time)\b[^.;]{0,16}\b(?:too (?:short|tight)|"
    r"not enough|extend\w*|move|push|later|longer)\b|\b(?:few|couple|bit|little) (?:of )?(?:more )?(?:days?|"
    r"hours?|time|longer)\b",
    re.ASCII,
)
_LEFT_OPEN: Final = re.compile(
    r"\b(?:haven'?t|have not|hasn'?t|has not|didn'?t|did not|couldn'?t|could not|can'?t|cannot|wasn'?t|isn'?t|"
    r"not|never)\b[^.;]{0,20}"
    r"\b(?:yet|help\w*|been|gone|went|go|start\w*|begun|made?|manage\w*|done|finish\w*|hold(?:ing)?|complet\w*)\b"
    r"|\bonly (?:did|done|fixed|managed|got|one|half|part|some)\b|\b(?:needs?|requires?) (?:another|a second|"
    r"one more) (?:visit|trip|go|look)\b"
    r"|\banother (?:visit|trip)\b|(?:得|要|需要|还要)(?:再|重新)(?:跑|弄|修)|下次再|改天再|明天再(?:弄|修)|"
    r"(?:不行|不管用|没效果|没用|无效)[ .!]*$",
    re.ASCII,
)
_SETS_OUT: Final = re.compile(
    r"(?:ok(?:ay)?|yes|sure|right|alright|fine|yep|yeah|got it|understood|noted|roger|copy)[ ,.!]+(?:i(?:'m| am|"
    r"'ll| will)? |we(?:'re|'ll)? )?"
    r"(?:going|coming|leaving|heading|starting|will|go|come|on (?:it|my way)|taking|doing|looking|checking)\b.{0,30}"
    r"|(?:好的?|行|嗯+|收到|ok|可以|没问题|知道了|明白)?[ ,.]*(?:我|我们|这边|咱)?(?:这就|马上|立刻|现在|等下|"
    r"一会儿?|待会儿?)?(?:就|就去|去|来|过去|出发|动身|安排|"
    r"跟进|处理|看看?|联系|上门|跑一趟)+(?:一下|一趟|他|她|客户|业主|现场)?[ .!了吧哈啦]*"
)
_WHY: Final = re.compile(
    r"(?:为什么|为啥|干嘛|咋|怎么|凭什么|凭啥)[^,.;]{0,4}(?:派|分|给|找|让|是)(?:给)?我|why (?:me|is this mine|"
    r"am i|did i get|was i)\b.*"
)
_CAN_HELP: Final = re.compile(
    r"(?:what|which) (?:commands?|options|words|things)\b.*|(?:what can i (?:do|say|type|write|send)|"
    r"how do(?:es)? (?:i|this|it))\b.*"
    r"|(?:有|都有)?(?:哪些|什么)(?:命令|指令|功能|操作|口令)[^,.;]{0,6}|(?:我)?(?:能|可以|该)(?:发|说|输入|回复|"
    r"用)(?:什么|啥|哪些)[^,.;]{0,6}",
    re.ASCII,
)
_QUEUE: Final = re.compile(
    r"(?:看|查|今天|现在|还|都)*(?:有|有没有|有什么|有哪些|有几个|多少)(?:什么|哪些|几个|多少)?(?:新|待处理|"
    r"没派|未派|待派|没人接)?的?(?:投诉|单子?|工单|案子|活儿?|任务|待办)"
    r"[^,.;]{0,4}|(?:any|what'?s|what is|how many|show|which)(?: (?:me|in|the|are|is|there))* (?:new|open|"
    r"waiting|unassigned|pending|"
    r"outstanding|left)?(?: |$)?(?:complaints|cases|tickets|queue|ones|tasks)\b.{0,20}",
    re.ASCII,
)
_GRANTED: Final = re.compile(
    r"(?:ok(?:ay)?|yes|sure|fine|可以|行|好的?|嗯|同意)?[ ,]*(?:(?:批|准|同意|通过|允许)(?:了|吧|啦|的)|"
    r"approved?|granted|allowed|permitted)[ .!]*"
)
_GRADED: Final = re.compile(
    r"\b(?:set|make|mark|raise|upgrade|downgrade|lower|bump|change|treat|it'?s|is|as)\b[^.;]{0,24}\b(?:s[0-4]|"
    r"critical|emergency|severe|"
    r"major|minor|hot case|important)\b|(?:升|降|定|调|改|算|按|属于?|列为|标为)(?:级|到|为|"
    r"成)?[^,.;不]{0,4}(?:s[0-4]|紧急|特急|重大|严重|热点|重要|一般|普通|轻微)",
    re.ASCII,
)
_OBSTACLE: Final = re.compile(
    r"没(?:有)?人(?:开门|应|接|在|回|理|答)|无人(?:接|应|在|开)|不在家|打不通|接不通|拨不通|联系不|约不|关机|"
    r"停机|占线|没接|不接|没回|"
    r"拒接|进不去|没钥匙|不让进|不配合|不同意|不让|要停[水电气]|先(?:停|关|报|问|找|跟|和|等|协调)"
    r"|\b(?:no ?one|nobody)\b[^.;]{0,16}\b(?:home|answer\w*|open\w*|there|in|door|picks?|picked)\b|"
    r"\bphone (?:is |was )?(?:off|dead|engaged|"
    r"busy)\b|\bno (?:access|answer|reply|key|one in)\b|\b(?:can'?t|cannot|couldn'?t|unable to) (?:reach|"
    r"get (?:in|hold|through)|contact|enter|"
    r"find the)\b|\bnot (?:home|in|there|answering|available)\b|\bneed(?:s)? to (?:shut|turn|cut|ask|check|wait|"
    r"order|buy|call|get|talk|"
    r"close|drain|find|bring)\b",
    re.ASCII,
)
_ARRIVED: Final = re.compile(
    r"(?:(?:i|we)(?:'m|'re| am| are)|im|now|just|already|have|i've|we've)(?: \w+)? (?:here|there|at|arrived|in|"
    r"outside|downstairs|back|"
    r"inside|waiting)\b|(?:我|我们|人)?(?:已经?|刚|刚刚)?(?:到|在)(?:了|门口|楼下|小区|现场|他家|客户家|单元|"
    r"物业|这|那)",
    re.ASCII,
)
_FOR_NAME: Final = re.compile(r"(?:for|to|-+>|=+>|→|给)? ?@?([a-z][a-z'-]+(?: [a-z][a-z'-]+)?)")
_LACKS: Final = re.compile(r"(?:\w+ ){1,3}(?:needed|required|missing|out of stock|unavailable|on order|delayed)")
_TOLD_OF: Final = re.compile(
    r"查了|查过|看了|看过|问了|问过|去了|去过|来了|到了|买了|订了|拍了|发了|寄了|报了|谈了|聊了|跟|和|同|找|"
    r"准备|明天|后天|下午|今天|原因|是因为|"
    r"需要|得|要|缺|没货|估计|材料|配件|厂|施工|报价|监控|房东|邻居|邻里|业委会|物业|楼上|楼下"
    r"|\b(?:i|we|he|she|they|it|landlord|owner|neighbou?r|shop|office|team|manager|bought|buying|brought|"
    r"bringing|installing|checking|"
    r"looking|looked|reviewed|measured|measuring|tested|testing|told|informed|explained|here|there|arrived|left|"
    r"need\w*|tomorrow|today|"
    r"later|next|because|late|traffic|stuck|delayed|running|caused?|cause|found|seems?|looks?|likely|comes?|"
    r"asked|agreed|wants?|has|have|had|will|going|needed|required|missing)\b",
    re.ASCII,
)

_UNWELL: Final = re.compile(
    r"(?:今天|明天|后天|上午|下午|最近|现在|抱歉|不好意思|[ ,.])*(?:(?:我(?![们方司])|本人|身体|人)[^,.;客业住租房师邻]{0,5})?"
    r"(?:生病|病了|病假|不舒服|不太舒服|难受|发烧|感冒|住院|头[疼痛晕]|肚子[疼痛])"
    r"|(?:sorry[ ,]+)?(?:i(?:'m|m|'ve)?\b[^,.;]{0,20}\b(?:sick|ill|unwell|fever|headache|feeling well)\b"
    r"|(?:not )?feeling (?:well|sick|ill|unwell)\b)",
    re.ASCII,
)


def from_staff(item: Numbered, role: Speaker) -> Reading | None:
    """Return what a colleague's words say by their classes; None where they do not say."""
    words, given = item.words, item.arguments
    key = words.key.strip(" ,.!~")
    if not key or len(key) > _LONGEST or key.startswith("已电话"):  # what begins so is a duty done
        return None
    told: dict[str, object] = given | {"text": words.said}
    if _WHY.fullmatch(key.rstrip("? 啊呀")):
        return Verb.WHY, given
    if _CAN_HELP.fullmatch(key):
        return Verb.HELP, given
    centre = role is Speaker.SUPERVISOR
    if _QUEUE.fullmatch(key) or (_LIST.fullmatch(key) and _NAMES_A_LIST.search(key)):
        return Verb.LIST, given | {"of": "queue" if centre else "tasks"}
    if centre and _GRANTED.fullmatch(key):
        return Verb.APPROVE, given
    if centre and _GRADED.search(key) and (severity := take_severity(words)[0]):
        return Verb.GRADE, given | {"severity": severity}
    if answers.is_question(key) or "?" in key:
        return (Verb.STATUS, given) if asks_how_far(key) else None
    if _CANNOT.search(key):
        return Verb.GIVE_BACK, given | {"reason": words.said}
    if given_on := handed(item, role):
        return given_on
    if hindered(key) or _ARRIVED.match(key):
        return Verb.REPORT, told
    if left_open(key):
        return Verb.NOT_DONE, told
    if _TO_BE_LATER.search(key):
        limit, _ = take_limit(words)
        return Verb.EXTEND, given | ({"limit": limit} if limit else {}) | {"reason": words.said}
    if _AGREED_ON.search(key):
        return Verb.VISIT, told
    if _SETS_OUT.fullmatch(key):
        return Verb.ACCEPT, told
    if centre and item.references and (named := _FOR_NAME.fullmatch(key)):
        return Verb.ASSIGN, given | {"who": words.said[slice(*named.span(1))]}
    if _UNWELL.match(key):  # how somebody does is no news of a matter
        return None
    if not centre and (_LACKS.fullmatch(key) or _is_told(key)) and (_TOLD_OF.search(key) or THING.search(key)):
        return Verb.REPORT, told
    return None


def hindered(key: str) -> bool:
    """Whether a colleague tells what keeps them from the work: a door that nobody opens, a phone that is off."""
    return _OBSTACLE.search(key) is not None and not answers.is_question(key) and not key.startswith("已电话")


def left_open(key: str) -> bool:
    """Whether a colleague tells, in other words than "not done", that the work goes on."""
    return _LEFT_OPEN.search(key) is not None


def cannot(key: str) -> bool:
    """Whether a colleague says that the work is for others."""
    return len(key) <= _LONGEST and _CANNOT.search(key) is not None and not answers.is_question(key)


def handed(item: Numbered, role: Speaker) -> Reading | None:
    """Return to whom work is given, by a name where a name stands."""
    words = item.words
    if len(words.key) > _LONGEST:
        return None
    found = _HANDED_ZH.fullmatch(words.key) or _HANDED_EN.fullmatch(words.key)
    if found is None:
        return None
    place = next(name for name, said in found.groupdict().items() if said)
    who = re.sub(r"^the ", "", words.said[slice(*found.span(place))].strip(), flags=re.IGNORECASE)
    number = re.search(r"(?<!\d)\d{4,6}(?!\d)", found[0])
    given = item.arguments or ({"reference": number[0]} if number else {})
    return Verb.ASSIGN if role is Speaker.SUPERVISOR else Verb.TRANSFER, given | {"who": who}


# -- answers ----------------------------------------------------------------------------------------------------------
_PRAISED: Final = re.compile(
    "一流|到位|利索|利落|麻利|热情|耐心|细心|认真|负责|厉害|牛|省心|放心|舒心|开心|高兴|快|迅速|干净|客气|礼貌|"
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
_STOPPED: Final = re.compile("(?:已经?)?不(?:再)?(漏|响|滴|堵|闪|晃|卡|吵|臭|跳|渗|掉)(?:水|闸)?了")
_AGAIN: Final = re.compile(r"\b(?:work(?:s|ing)|up and running|running|on|cold|warm|hot) again\b")
_LESS_THAN_PRAISE: Final = re.compile(
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
_BLAMED: Final = re.compile(
    "没(?:有)?(?:收到|拿到|见到?|看到|等到|接到|弄|干|擦|扫|收拾|来|到|退|赔|补|换|道歉)|一塌糊涂|乱七八糟|"
    "不像话|不靠谱|不负责|不专业|不彻底|不干净|不到位|不合格|"
    "应付|坑|骗|蒙|糊弄|气人|烦|耽误|(?:效率|速度|态度|服务|技术|水平|质量|素质)[^,.;不没]{0,2}(?:低|慢|差|糟|"
    "烂|恶劣)|太(?:低|慢|差|贵|久|烂|长|敷衍|随便|马虎)|乱(?:收|来|搞|弄|修)|多收|收费|迟到|不行|差远|差太远|"
    "稀烂|越(?:修|弄|搞)越|(?:修|弄|搞)(?:坏|烂|脏)|后悔|闹心|心寒|扯|笑话|态度(?:不|很|太|恶|极|有)|"
    "只(?:修|弄|换|做|处理|解决|退|赔)|还(?:漏|坏|响|堵|臭|吵|不|没|欠|差)|没(?:变|改)|老问题|治标"
    r"|\bnot (?:really|at all|even|yet|quite|exactly|so much|much)\b|\b(?:nothing|nobody|no ?one|none)\b|"
    r"\bwithout (?:finish|fix|clean|do|repair|tell|explain|say|check)\w*|\bstill\b(?! (?:good|fine|work|happy|"
    r"great|satisf|very|ok|clean))|\bstill (?:there|here|the same|happening|on|going|not|no|"
    r"exists?|persists?|waiting)\b|\bnever\b|\byou call (?:this|that|it)\b"
    r"|\b(?:didn'?t|did not|hasn'?t|haven'?t|has not|isn'?t|wasn'?t|doesn'?t|won'?t|couldn'?t|don'?t) (?!know|"
    r"mind|worry|care|remember)"
    r"|\b(?:only|half|partly|partially)\b[^.;]{0,16}\b(?:fixed|done|solved|sorted|finished|repaired|works?|"
    r"working|cleaned|replaced)\b"
    r"|\b(?:worse|worst|dirty|messy|mess|rude|late|slow|careless|sloppy|unprofessional|incompetent|overpriced|"
    r"expensive|lazy|unreliable|"
    r"amateur\w*|regret|annoy\w*|frustrat\w*|upset|fail\w*|broken?|broke|wrong|same as before|no (?:difference|"
    r"change|improvement|better|one|use)|"
    r"too (?:long|slow|late|expensive|many)|lies?|lied|scam|cheat\w*|nonsense|shambles|botched|bodged)\b",
    re.ASCII,
)
_NOT_TRIED: Final = re.compile(
    r"还?没(?:有)?(?:试|看|用|回家|到家|检查|注意|时间)|不(?:知道|确定|清楚|好说)|\b(?:not|"
    r"n't)(?: \w+)? (?:tried|checked|seen|looked|used|"
    r"tested|home|sure|know|been home)\b|\b(?:not sure|don'?t know|no idea|can'?t (?:say|tell))\b",
    re.ASCII,
)
_MIDDLING: Final = re.compile(
    "一般|中等|凑合|将就|普通|及格|过得去|说得过去|马马虎虎|还凑合|五五开|对半|半斤八两"
    r"|\b(?:acceptable|adequate|alright|tolerable|passable|middling|average|reasonable|decent|"
    r"satisfactory enough|so so|50/50|fifty fifty)\b"
)


def praises(key: str) -> bool:
    """Whether an answer to "how satisfied are you?" praises, and nothing in it takes any of the praise back."""
    if len(key) > 60:
        return False
    plain = _AGAIN.sub("works", _STOPPED.sub(r"\1停了", key))
    return bool(_PRAISED.search(plain)) and _LESS_THAN_PRAISE.search(plain) is None


def blames(key: str) -> bool:
    """Whether an answer to "how satisfied are you?" tells of something amiss with what was done."""
    if len(key) > _LONGEST or _NOT_TRIED.search(key):
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


_ECHO: Final = re.compile(r"(?!\d)(.{1,6}?)(?:[ ,.!]*\1)+")
_CONFIRMS: Final = re.compile(
    r"(?:(?:yes|yeah|yep|ok|right)[ ,]+)?(?:i|it|we|they|he|she|that|there|this|you) (?:do|does|is|are|was|were|"
    r"did|has|have|am|will|can|could)"
    r"|有|有的|有过|在|在的|会|会的|能|能的|知道|愿意|肯定|必须的?|那当然|(?:那)?就这(?:样|么)(?:办|定|着|"
    r"来)?了?|(?:那就)?这么定了?|(?:按|照|听)你们?(?:说的?|的|安排)?"
    r"(?:来|办|做|定)?|没异议|妥|中|冇问题|absolutely|indeed|exactly|certainly|for sure|you bet|by all means|"
    r"why not|(?:i'm |i am )?(?:in|fine|happy)"
)
_DENIES: Final = re.compile(
    r"(?:不用|不要|不需要|不了|no)了?[ ,]*(?:谢谢|谢啦|多谢|thanks|thank you)|没|未|还没有?|没呢|没有过|不在|"
    r"不会|不能|不可能|不必|免了|谁说的|哪有|胡说|瞎说|(?:that|this|it)(?:'?s| is| was) (?:wrong|false|"
    r"incorrect|untrue|not)"
    r"|(?:i|it|we|they|he|she|that|there|you) (?:do|does|is|are|was|were|did|has|have|am|will|can|could)(?:n'?t|"
    r" not)|not (?:at all|really|now|yet|today|today)"
    r"|never|no way|certainly not|of course not|absolutely not|false|negative|never happened|i'?d rather not|leave it"
)
_DEMANDS: Final = re.compile(
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
    return len(key) <= _LONGEST and bool(_DEMANDS.search(key)) and not answers.is_question(key)
