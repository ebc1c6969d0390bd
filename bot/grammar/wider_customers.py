"""A second look at what customers say, by word classes wide enough for words that no table lists. Pure.

Asked only where the tables found nothing. What it finds commits nobody to more than a question or a wish.
"""

from __future__ import annotations

import re
from typing import Final

from bot.grammar import answers
from bot.grammar.meaning import Verb
from bot.grammar.things import BOSS_ZH, CALLED_OUT, CUSTOMERS_EN, CUSTOMERS_ZH, LONGEST, THING, is_told

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
    r"|\b(?:call|phone|ring) (?:me|us)\b|\b(?:typing|talking|writing|speaking) to (?:a |an? )?(?:machine|bot|robot|"
    r"computer)\b|\b(?:phone|contact|telephone|hotline) (?:number|details|no)\b|(?:叫|找|"
    r"让|换)(?:个|一个|位)?人[^,.;]{0,4}(?:跟我|和我|讲|说|谈|聊|联系我|给我)|(?:跟|和|同|要|想)(?:个)?人(?:倾|"
    r"聊|讲|说|谈|沟通)|(?:找|叫|换)(?:个|一个)人来?$|(?:别|不要|不想)[^,.;]{0,4}机器人|我[要想](?:打|"
    r"通)(?:个)?电话|\b(?:can|could|may) (?:i|we) (?:call|phone|ring)\b",
    re.ASCII,
)
_NOT_FOR_A_PERSON: Final = re.compile(
    r"骂|恶劣|挂我|"
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
    r"(?: me)? )?(?:a |the )?(?:(?:list|history|overview|summary) (?:of )?)?(?:all )?(?:of )?(?:my|(?:everything|all|"
    r"the ones) (?:that "
    r")?i(?:'?ve)?|(?:the )?(?:complaints|cases|tickets|issues) (?:that )?i(?:'?ve)?) ?"
    r"(?:(?:open|past|old|previous|own|current|existing|pending|all|other|today'?s) )*(?:complaints|cases|"
    r"tickets|requests|reports|"
    r"reported (?:issues|problems)|issues|history|submissions|repairs|jobs|orders|work ?orders|tasks|"
    r"assignments|work ?list|reported|lodged|logged|raised|filed|made|sent|opened|entered|brought in)"
    r"(?: list| history| so far| please| today| now| this (?:year|month|week))*[ ?.!]*"
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
    r"submissions|repairs|jobs|orders|work ?orders|tasks|assignments|work ?list|have|got|left|submitted|filed|lodged|"
    r"logged|raised|entered|"
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
    r"\b(?:number|name|stuff|phone|email|address|photos?|from your (?:system|database|records|list))\b",
    re.ASCII,
)
_ERASES_WRONGLY: Final = re.compile(r"泄|为什么|凭什么|怎么|被|你们把|leak|why|without")
_OFF: Final = re.compile(
    r"(?:^|[,.;!] ?|\bnow )(?:so |please |pls |then |and |ok |there's |there is )*(?:no need|needn'?t|don'?t|"
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
    r"(?:(?:can|could|would|may|do|will)(?: you| u| i| we)? (?:please |kindly |pls )?(?:tell|let|give|know|advise|"
    r"confirm|update|"
    r"inform|check|find out|have|get an?)|when|what time|which day|has|have|is|are|was|were|did|does|"
    r"do you know|will|who|where|"
    r"how (?:long|soon|far|is|are|'s|much longer)|how'?s|w(?:h)?at(?:'?s| is| are| was| did| do| about| happen\w*| "
    r"stage)|"
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
    r"outcome|caused|getting on|went through|got through|latest|complaint went|answer\w*|reply|decided|agreed|"
    r"confirmed|refund|deposit|"
    r"delivered|ordered|booked|landlord|owner|manager|"
    r"ready|sent|paid|waiting|there yet|fixed|repair(?:ed|s)?)\b",
    re.ASCII,
)
_ASKS_FOR_WORK: Final = re.compile(
    r"\bon earth\b|\bthe hell\b|\b(?:send|fix my|fix the|repair my|have (?:a|an|my) (?:problem|issue|leak))\b|\bwhy\b"
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
    r"|\bpatien(?:ce|t)\b|\bno more excuses\b|\bpush them\b|\bmoves? on my\b|\blight a fire under\b|\b(?:give|need) "
    r"(?:\w+ )?(?:a )?(?:nudge|push|poke|kick)\b|"
    r"\bnudge\b|\b(?:fed up|sick of|tired of)\b"
    r"|\bneed\b[^.;]{0,30}\b(?:today|now|tonight|soon|immediately|right away|asap|quickly|by tomorrow|this week)\b"
    r"|\bwait(?:ed|ing)\b|\bnothing (?:has |is |was )?(?:\w+ )?(?:happen\w*|done|moved|changed|yet)\b"
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
    r"light a fire|push them|nudge|师傅|人呢|没(?:有)?人(?:来|管|理|修|处理|联系|回|接)|上门|回复|联系|回电|处理|等|"
    r"动静|消息|怎么还|报修|投诉|催"
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
    rf"(?:帮|替|代|为|刚才|刚刚|今天|有个|有位|有|一个|一位|\d[\d-]*+(?:室|号)?的?)*(?:{CUSTOMERS_ZH})(?:刚才|"
    rf"刚刚|今天|来|打|给我|跟我|发|上门|一直|"
    r"说|反映|反应|投诉|报修|报|来电|电话|称|讲|告知|要求|家|微信|消息|的)+"
    rf"|(?:(?:report|complaint|request|issue|problem|ticket) )?(?:for|from|by|re|about|on behalf of) {CUSTOMERS_EN}\b"
    rf"|{CUSTOMERS_EN}(?: \w+){{0,5}}? (?:says?|said|called|calls|phoned|rang|reports?|reported|reporting|"
    rf"complain\w*|wants?|told|"
    r"mentions?|needs?|has|messaged|wrote|texted|emailed|asks?|asked|can'?t|cannot)\b",
    re.ASCII,
)
# How a colleague begins who passes on what somebody else brought: by phone, at the desk, on the way.
_PASSES_ON: Final = re.compile(
    r"^(?:whatsapp|wechat|text|call|e-?mail|message|note|voicemail|letter) from\b|托我|转来的|居民(?:反映|投诉)|"
    rf"(?:帮|替|代|给)[^,.;:我]{{0,12}}(?:报|登记|提交?|反映|投诉|录入?|记)(?!销|价|告|警)|(?:接|收)(?:到|了|"
    rf"过)?[^,.;]{{0,8}}(?:电话|来电|反映|投诉)"
    rf"|接待|来电|来访|来前台|到前台|到服务台|前台(?:来|这边|有)|电话(?:投诉|报修|登记)|(?:碰|遇)(?:到|"
    rf"见)[^,.;]{{0,10}}(?:{CUSTOMERS_ZH}|住户|大爷|大妈)|"
    rf"(?:拦住|找到|"
    rf"拉住|叫住)我|(?:有个?|一[个位名])[^,.;]{{0,6}}(?:{CUSTOMERS_ZH}|大爷|大妈|阿姨|老人|小伙|姑娘|男的|女的|"
    rf"人)[^,.;]{{0,10}}(?:说|反映|称|讲|投诉|找|来)"
    r"|\b(?:got|had|received) an? (?:e-?mail|mail|text|letter|message|call|note) from\b|\b(?:resident|tenant|owner|"
    r"customer|guest|lady|man|woman|visitor) (?:is |here )?(?:at|in|on) (?:the |our )?(?:counter|desk|reception|lobby|"
    r"office|line|phone)\b|\bhave (?:a|an|the) (?:\w+ )?(?:resident|tenant|owner|customer|guest|lady|man|woman|"
    r"visitor) (?:here|with me|on the|at the|in the)\b|\d{3,4}[^,.;]{0,4}打(?:来|电话)|替我[^,.;]{0,10}投诉|在前台|"
    r"帮[他她](?:立案|登记|报|记)"
    r"|(?:phone|walk[- ]?in|front desk|counter|hotline|in person|by phone)\b(?: (?:complaint|report|customer|tenant|"
    r"resident))?[ ]?[:,-]"
    r"|(?:(?:i'?m |just |please |pls )*(?:log(?:ging|ged)?|record(?:ing)?|register(?:ing)?|enter(?:ing)?|fil(?:e|"
    r"ing)|report(?:ing)?|submit(?:ting)?|noting) (?:\w+ ){0,3}(?:for|on behalf of)\b)"
    r"|\b(?:took|taking|got|had|received|answered) (?:a |another )?(?:phone )?(?:call|visit|message|complaint) "
    r"(?:from|by)\b"
    r"|\b(?:stopped|told|called|asked|approached|came (?:up )?to|grabbed|caught|phoned|rang|messaged|emailed) (?:me|"
    r"us|the (?:desk|office|reception))\b"
    r"|^(?:a |an |the |some |this |one )?(?:\w+ )?(?:guy|man|lady|woman|kid|boy|girl|person|visitor|resident|tenant|"
    r"owner|driver|couple|someone|somebody)\b[^.;:]{0,30}\b(?:says?|said|claims?|wants?|reports?|complains?|told|is "
    r"complaining)\b",
    re.ASCII,
)


def from_customer(key: str) -> Verb | None:
    """Return what a folded text wants by its word classes; None where they do not say. COMPLAIN: it brings a matter in."""
    if len(key) > LONGEST:
        return None
    if len(key) <= 60 and _HOW.fullmatch(_GREETED.sub("", key)):
        return Verb.HELP
    if _ERASE.search(key) and not _ERASES_WRONGLY.search(key):
        return Verb.ERASE_ME
    if names_a_list(key):
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
    if (thing and is_told(key)) or _FAULT.search(key):
        return Verb.COMPLAIN
    kindly = len(key) <= 40 and answers.THANKS.search(key) and not _NOT_KINDLY.search(key)
    return Verb.THANKS if kindly else None


_SHOWN_ZH = "录音|录像|录屏|视频|照片|图片|截图|证据|聊天记录|通话记录|监控"
_PROOF: Final = re.compile(
    r"(?:我们?|这边|这里|手[上里]|手头|另外|还|也|都|已经|保?留|[ ,])*有"
    r"(?:一些|一[段份张]|[几两][段张]|现场|当时|完整|全部|相关|的|视频|照片|[ ,和、])*"
    rf"(?:{_SHOWN_ZH}|证人|发票|收据|合同|凭证)"
    rf"(?:{_SHOWN_ZH}|[和、]|以及|的|在手|为证|作证|证明|可以|能|看|提供|给你们?|发|了|[ ,.!])*"
    r"|(?:and |also )*(?:i|we)(?:'ve| have)?(?: also| still)?(?: got| have)? (?:a |an |the |some |more )*"
    r"(?:recordings?|videos?|photos?|pictures?|screenshots?|evidence|proof|witness(?:es)?|receipts?|chat logs?)"
    r"(?: of it| too| as well| as proof)?[ .!]*"
)


def offers_proof(key: str) -> bool:
    """Whether somebody says no more than that they have proof of what they told: "我还有录音"."""
    return len(key) <= LONGEST and _PROOF.fullmatch(key) is not None


def names_a_list(key: str) -> bool:
    """Whether somebody wants to see what is theirs: their complaints, or their tasks."""
    return bool(_LIST.fullmatch(key) and _NAMES_A_LIST.search(key))


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


def for_others(key: str) -> bool:
    """Whether a colleague tells what a customer told them."""
    return len(key) <= 400 and bool(_FOR_OTHERS.match(key) or _PASSES_ON.search(key, 0, 60))
