"""What customers say in whole sentences: no command word, still a clear wish."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.meaning import Verb
from bot.grammar.patterns import regex
from bot.grammar.progress import clauses
from bot.grammar.words import ESCALATING

_WHEN: Final = "(?:什么时候|啥时候|何时|几时|哪天|几点|多久|多长时间)"
STATUS: Final = regex(
    r"谁来(?:修|处理|弄|看)[吗呢? ]*$|啥子?情况|"
    rf"(?<![没不]){_WHEN}[^,.;!下上开关营]{{0,4}}[?吗呢呀啊]*$|进度|(?:投诉|单子|工单|报修|"
    rf"事情)的?(?:最新)?(?:进展|状态|"
    rf"情况)(?!严重|恶化)|进展(?:如何|怎么样|怎样|到哪)|"
    rf"到(?:了)?(?:哪|什么|第几)(?:一|个)?(?:步|环节|阶段)|走到哪|"
    rf"{_WHEN}(?:能|会|可以|才|给|派|有|来|去|上门|处理|修|解决|弄|换|安排|回复|联系|出|到|好|过来|可|结束|完|开始|"
    rf"施工|动工|开工|进场)"
    r"|(?:处理|解决|修|弄|办|安排|受理|查|搞|跟进|修理|维修)(?:得|的|好|完|到)?了?(?:怎么样|怎样|如何|咋样|"
    r"到哪|没有?[ ?.!~啊呀呢]*$|没[啊呀呢]|吗|么[ ?]*$|没\?)"
    r"|(?:有|出)(?:没有?)?(?:什么|啥)?新?的?(?:结果|消息|进展|回复|答复|回音|眉目|下文)了?(?:吗|没|呢|么|\?|"
    r"(?<=有没有新消息))|有没有新?的?(?:结果|消息|进展|回复|答复|回音|眉目|下文)|结果(?:呢|"
    r"怎么样|如何|出来|是什么|咋样)|怎么样了|怎样了|咋样了|啥情况|(?:到|走到|送到|来到|跑到)(?:哪|哪儿|哪里)了|"
    r"(?:今天|明天|后天|上午|下午|晚上|还|会|能)(?:会|能|可以)?(?:来|过来|上门|到)(?:吗|么|不|嘛)|(?:^|的|查|问|看|"
    r"知道|等)(?:一下)?处理结果(?:呢|吗|如何|怎么样|是什么)?[ ?.!]*$|(?:什么|啥)进展|有没有人(?:接|处理|跟进|负责)我|"
    r"(?:单|单子|工单|投诉|事|报修)(?:现在)?是?(?:什么|"
    r"啥)(?:情况|状态)|到(?:了)?(?:什么|啥|哪个)(?:程度|地步)|在谁(?:手|那)|谁在(?:处理|负责|跟|管)|(?:谁|"
    r"哪位)(?:处理|负责|跟进)|现在(?:是)?(?:什么|啥)(?:情况|状态)|(?:投诉|"
    r"单子|工单)(?:呢|的情况|的状态)[ ?]*$"
    r"|(?:派人|受理|安排|联系|派单)了?(?:吗|没有?[ ?]*$|么)|有人(?:处理|跟进|负责|来)(?:吗|了吗|没|么)|(?:查|"
    r"问|看|了解)(?:一下|下|询|看|问)?(?:我的?)?(?:那个|这个)?(?:投诉|工单|报修|单子|处理)(?:情况|结果|状态|"
    r"到)"
    r"|[好完](?:了|啦)吧[ ?]*$|排到(?:哪|几|多少)|(?:啷个|咋个)样了?|\b(?:an|any|the) outcome (?:on|of|for)\b|"
    r"\bgetting on\b|"
    r"^(?:is it |all )?(?:sorted|fixed|done|solved|ready|resolved|finished)(?: yet)? ?\?+$|\bstatus\b|\beta ?\?|"
    r"\bany (?:updates?|news|progress|word)\b|what'?s (?:happening|"
    r"going on|"
    r"the (?:status|latest|"
    r"progress|update|news))|what is (?:happening|going on|the (?:status|latest|progress|update))|"
    r"what happened (?:to|with) my"
    r"|\bhow(?:'?s| is| are) (?:\w+ ){0,4}(?:going|coming|complaint|case|progress\w*|repair)|"
    r"^(?:\w+ ){0,4}when (?:will|can|is|are|would|do|does|should|could|shall)\b"
    r"|\b(?:has|have|is|was|did|are) (?:it|this|my|the|anyone|someone|you|they|somebody|"
    r"anybody)\b.{0,40}\b(?:fixed|resolved|done|solved|assigned|handled|finished|looked|received|processed|read|"
    r"started|dealt|coming|ready|sent|informed|told|called)\b"
    r"|\bwho(?:'s| is) (?:handling|dealing with|looking at|responsible for|in charge of)|\b(?:the |"
    r"any )?progress (?:of|on|with) (?:my|the)"
    r"|^progress ?\?|^(?:whens?|what time)(?:'?s| is| are| will) |\bwhere are (?:we|you) (?:with|at)|^who (?:has|"
    r"is on|took) "
    r"|\bdid (?:anyone|someone|anybody|somebody|you|they) (?:look|check|see|read|start|get|have|find|hear|talk|speak|"
    r"fix|call|send|contact|manage)|^is (?:the|my|your|a|he|she|some\w+|any\w+) ?\w* (?:still )?(?:on (?:his|her|"
    r"their|the) way|coming|here)\b|\bwhere (?:is|"
    r"are) my (?:complaint|case|ticket)|^how (?:long|soon|far)\b|\bfollow(?:ing)? up on|"
    r"\bcheck(?:ing)? (?:in )?on (?:my|the)|\bhave you (?:fixed|done|found|looked|started)|what stage",
    re.ASCII,
)
URGE: Final = regex(
    r"再(?:没人|不)(?:来|管|处理)(?!.{0,20}(?:投诉|曝光|媒体|12345|起诉|律师|记者))|\bget on with it\b|"
    rf"(?:还|到底|究竟)(?:有没有人)?管不管|还(?:有没有人|有人)管|催(?!收|款|缴|租|促收|促缴|得|着|我们?签)|"
    rf"到底(?:{_WHEN}|还|有没有|要|管|多久|处理|来|修|想|能)|"
    rf"怎么还(?:没|不|"
    rf"是没|"
    rf"未)|怎么(?:都|就|一直|也)?没(?:有)?人(?:来|联系|理|管|处理|回)|(?:为什么|为啥|为何|咋|凭什么)还(?:没|不|未)|"
    rf"还(?:要|得|需要)(?:我|让我)?(?:再)?等(?:多久|到|几|多长)|要等(?:到|多久)|忘(?:了|记)(?:我|这|那|处理)|上(?:点|"
    rf"些)心|花儿?都谢|倒是(?:来|回|说|派|处理)|给个(?:话|说法|回复)|人影|"
    rf"^(?:人呢|师傅呢|人去哪)|再不(?:来|回|联系|理)(?!.{0, 20}(?:投诉|曝光|媒体|12345|起诉|律师|记者))"
    r"|没(?:有)?人(?:跟我|和我|给我|与我)?(?:联系|回复|回电|打电话)(?:我|过|$)|(?:还没|没有?|"
    r"未)(?:给我)?(?:回复|回电|回音|答复|接到(?:任何)?(?:电话|回复|通知)|收到(?:任何)?(?:回复|答复|电话|"
    r"通知))|石沉大海"
    r"|\bhurry\b|how much longer|how many (?:more )?(?:days|times|weeks)|\bstill (?:waiting|nothing\b|no (?:one|reply|"
    r"answer|response|news|word))|what(?:'s| is) taking|what are you (?:all |guys )?waiting for|\bchas(?:e|"
    r"ing)\b|speed (?:it|this|things) up|"
    r"been waiting|when (?:the hell|on earth)"
    r"|\bignoring me|\b(?:called|rang|phoned|written|wrote|emailed|messaged|asked|complained|"
    r"reported)(?: \w+){0,2} (?:twice|(?:\w+ )?times)\b|\btak(?:es|ing) (?:forever|ages|way too long)|(?:can|could|"
    r"will|would) (?:some(?:one|body)|any(?:one|body)|you)(?: please| pls)? (?:respond|reply|answer|react|"
    r"do something)|\b(?:second|third|fourth|fifth|\d+(?:nd|rd|th)) time (?:i'm|i am|im|i've|that i|i) (?:ask|call|"
    r"writ|messag|chas)|\bpush (?:this|it) along"
    r"|\bwhy (?:has|hasn'?t|is|isn'?t|haven'?t|have|does|doesn'?t|did)\b.{0,30}\b(?:no (?:one|reply|answer|response|"
    r"news|word|updates?|progress|calls?|action)|nobody|yet|still|"
    r"taking|called|contacted|come|slow|long|reply|replied|answer)\b|(?:haven'?t|have not|havent) (?:heard|"
    r"received|had)|(?:nobody|no ?one|no-one) (?:has |have |even |ever )?(?:called|contacted|replied|answered|"
    r"got back|responded|reached|been in touch|rang|phoned)|get a move on|\bexpedite\b"
    r"|(?:can|could) (?:you|someone|somebody) (?:please )?(?:speed|push|hurry)|any ?(?:one|body) (?:there|"
    r"listening)\b",
    re.ASCII,
)
URGE_SOFTLY: Final = regex(
    r"快点|快一点|快些|抓紧|赶紧|赶快|尽快|尽早|早点|加急|急[急!啊呀死]|速度|快来|很急|着急|"
    r"(?:[\d一二两三四五六七八九十几多半]+|好多|好几|这么多|多少)个?(?:天|周|星期|月|小时|礼拜)(?:了|过去|都)|"
    r"几天了|(?:这么|那么|好|很)(?:久|长时间)了?|等了|(?:一直|始终|至今|到现在|迟迟|仍然?|还)(?:也|都|"
    r"还)?(?:没|未|不)|没(?:有)?人(?:处理|理|管|来|搭理|跟进|接|回)|有没有人管|(?:没|无)(?:动静|下文|消息)|"
    r"不理(?:我|人)|拖(?:到|了|着)"
    r"|\basap\b|as soon as possible|\burgent(?:ly)?\b|\bit'?s been (?:\d+|one|two|three|four|five|six|seven|eight|"
    r"nine|ten)\b|\byou (?:said|promised) (?:\w+ ){1,2}(?:hours?|days?|minutes?|weeks?)\b|(?:it'?s|it has|"
    r"its) been .{0,20}(?:days?|weeks?|hours?|"
    r"months?|ages)|(?:days|weeks|hours|months) (?:now|already|later|and)|\bquick(?:ly|er)?\b|faster|too long|"
    r"(?:nobody|no ?one|no-one) (?:came|has|have|is|cares|seems|did|showed)|waiting",
    re.ASCII,
)
_WITHDRAW: Final = regex(
    r"\bforget about\b|\btake back what\b|(?:^|[.,;] ?)(?:please |pls |just |so )*(?:cancel|drop|scrap) (?:it|this|"
    r"that)(?: now| please| pls)?[ .!]*$|"
    r"不(?:想|再|用|需要|打算|准备)?(?:再)?(?:投诉|追究|计较)了|(?:投诉|报修|工单|单子)(?:帮我|给我|麻烦|请|"
    r"就)*(?:取消|撤|作废|关(?=掉|了|闭))|撤(?:销|回|诉|单|掉|了吧|了投诉|投诉)|"
    r"取消(?:这个|我的|本次|该|这次|此次)?(?:投诉|报修|工单|单子)|^(?:那)?算了(?!一下)|投诉.{0,4}(?:撤|取消|"
    r"作废)了?|(?:解决|修好|弄好|处理好|恢复|好)了.{0,8}(?:不用|不需要|不必|取消|撤|别来|不麻烦)|(?:不用|"
    r"不需要|不必)(?:处理|来|修|管|麻烦|跟进|上门|派人)(?:人|你们|师傅)?(?:来|修|处理)?了|(?:不用|不需要|"
    r"不必)了?.{0,8}(?:自己|解决了|修好了|弄好了|搞定|已经好了)|(?:自己|自行)(?:已经?)?(?:解决|修好|弄好|搞定|"
    r"处理(?:好|完)?(?=了|好|完))了?|(?:不用|不必|别)(?:再)?麻烦(?:你们|师傅|您)|当我没(?:说|投诉)"
    r"|把[^,.;不]{0,8}取消(?:掉|了|吧)?[ .!]*$|(?:^|[,.;])(?:就|请|那|麻烦)?取消吧[ .!]*$"
    r"|\bno need (?:already|liao)\b|\b(?:you|u) can (?:now )?(?:drop|cancel|scrap)\b|\b(?:wo?n'?t|will not|not going "
    r"to|not|don'?t want to) (?:be )?pursu(?:e|ing)\b|\blet it go\b"
    r"|\bwithdraw|\btak(?:e|ing) back my (?:complaint|report)|\b(?:disregard|ignore|void) (?:my|the|"
    r"this) (?:\w+ )?(?:complaint|report|request|message|ticket|last)|\b(?:cancel|drop|retract|"
    r"close|scrap) (?:my|the|this|that) (?:complaint|"
    r"case|ticket|request|"
    r"report)|\bnever ?mind\b|\bforget (?:it|about it|about my complaint|my complaint)|\b(?:you can|you may|please|"
    r"pls|can be) (?:now )?(?:cancel|close|drop|withdraw)(?:l?ed|d)?(?: it| this| that)?(?: now| please| pls)?[ .!]*$|"
    r"\bno longer (?:need|"
    r"want|an issue|a problem|necessary|wish)|(?:don'?t|do not|dont) (?:need|want) (?:to complain|it any ?more|"
    r"help any ?more|this any ?more|to pursue)|changed my mind|\b(?:fixed|sorted|solved|resolved)(?: it|"
    r" itself)? (?:myself|by myself|ourselves|on its own|by itself)|\b(?:fixed|sorted|solved|resolved) itself|"
    r"\bno need (?:any ?more|now|to (?:come|send|visit|fix|repair|call|bother|worry|follow)|for (?:you|any\w*|"
    r"some\w*|an?|the|further)\b)|not needed any ?more|\b(?:fixed|sorted|solved|"
    r"resolved)\b.{0,12}\b(?:no need|don'?t need|cancel|no longer)",
    re.ASCII,
)
_NOT_WITHDRAWN: Final = regex(
    r"(?:不|不要|不会|不想|没|没有|别|不能|绝不|不同意|凭什么|逼我|让我|叫我|要我|威胁我|"
    r"强迫我?)(?:再)?(?:撤(?!.{0,4}了吧)|取消)|(?:不能|不会|不可能|怎么能|不可以|岂能)(?:就这么|这样|"
    r"就这样)?算了|(?:not|n't|never|won'?t|wont|refuse to|not going to|made me|asked me to|told me to|"
    r"forced me to)(?: \w+)? (?:withdraw|cancel|drop|close|retract)",
    re.ASCII,
)
_PERSON: Final = regex(
    r"叫人来[ .!]*$|"
    r"(?<!没)人工(?!费|湖|智能|草|成本|收费|降|增|造|割)|真人|活人|(?:转|找|接|要|联系|叫)(?:个|你们的?|"
    r"一下)?(?:客服|人工|领导|经理|负责人|主管|老板|值班)(?!说|态度|是)|^.{0,6}(?:打(?:个)?电话给我|给我(?:打|"
    r"回|来)(?:个|一个)?电话|回(?:个)?电话?(?:给我)|电话联系我|给我回电)|(?:叫|让|喊|请)你?们?的?(?:店长|领导|经理|"
    r"主管|负责人|老板|客服).{0,6}(?:来|打|联系|回|跟|和|接)|接线员|客服电话|有没有(?:人工|客服|真人|活人)|客服(?:呢|"
    r"在吗|在不在|在哪)|(?:别|不要|不想)(?:再)?(?:用|拿|让|派)机器人|(?:不想|不要|不愿意?|不|别让我|"
    r"懒得)(?:再)?(?:跟|和|"
    r"对着)(?:机器人?|电脑|ai)|(?:跟|和|找)你们?的?(?:领导|"
    r"经理|店长|主管|负责人|老板)(?:谈|说|讲|聊|沟通|反映)|"
    r"跟人(?:说|聊|沟通)|^客服(?:在吗|"
    r"呢|$)"
    r"|^(?:(?:please|can|could|would|will|you|someone|somebody|have|ask|get|a|human|manager|i|want|need|to|"
    r"your|agent|just|pls|ok|no|hi|hello|the|tell|them|him|her)[ ,]+){0,8}(?:call|phone|ring|"
    r"give) me(?: a (?:call|ring))?(?: back)?(?: (?:on|at|please|now|asap|today|tomorrow|tonight|later|when|"
    r"after|before|this)\b.*)?[ .!?]*$"
    r"|\b(?:speak|talk|chat|connect me|put me thr(?:ough|u)|transfer me)(?: directly)? (?:to|with) (?:a |an |the |"
    r"your |some )?(?:real |actual |live |human )?(?:human|person|agent|someone|somebody|manager|supervisor|"
    r"representative|rep|operator|staff|people|boss|team|colleague|customer service)|\b(?:don'?t|do not|"
    r"not) (?:want to |wanna )?(?:talk|speak|chat|type|deal)(?:ing)? (?:to|with) (?:a |this |the )?(?:ro)?bot|"
    r"\b(?:have|get|ask|tell) (?:some(?:one|body)|anyone|him|her|them) (?:to )?(?:call|phone|ring)(?: me)?\b|\breal "
    r"(?:person|human)|"
    r"^human\b|human (?:agent|being|please)|\blive (?:agent|person|chat)|\bagent,? please\b|\bnot a (?:ro)?bot\b|"
    r"^(?:representative|operator|agent|"
    r"customer service|support)$|get me (?:a|your|the|some)(?: real)? ?(?:manager|human|person|supervisor|one|"
    r"body)",
    re.ASCII,
)
_HARASSED: Final = regex(
    r"骂|恶劣|挂我|"
    "说好|说是|答应|承诺|没人|没有人|天天|一直|老是|总是|骚扰|每天|不停|keeps? |every day|always|names"
)
_ERASE: Final = regex(
    r"\b(?:wipe|destroy|erase|delete) (?:any|every|all)\w*\b[^.,;]{0,24}\b(?:of|on|about) me\b|\bget rid of my (?:file|data|"
    r"details|info\w*|records?)\b|我[^,.;]{0,8}[,. ]?(?:信息|资料)[^,.;不没别]{0,3}(?:清掉|清空|删干净)(?:了|吧|$)|"
    r"(?:手机号|姓名|名字|电话|资料)[^,.;不没]{0,8}(?:抹掉|抹去|删掉|删了|删除)|\b(?:erase|delete|remove|wipe) "
    r"(?:everything|all)(?: \w+){0,3} (?:about|on|of) me\b|"
    r"(?:删除|删掉|删了|清除|抹掉|注销|销毁|抹去|移除|清空).{0,6}我.{0,6}(?:数据|信息|资料|隐私|账号|账户|"
    r"记录)|(?:把|将)我的?.{0,8}(?:数据|信息|资料|记录|账号|账户|隐私).{0,4}(?:删|清|注销|抹|销毁)|"
    r"我的?.{0,6}(?:数据|信息|资料|账号).{0,3}(?:删除|删掉|删了|注销|清除)|被遗忘权"
    r"|\b(?:delete|erase|remove) (?:all |any )?(?:the )?(?:data|information|info|details|records?)(?: you (?:have|"
    r"hold|keep|store))? (?:about|on|of) me\b|\b(?:delete|erase|remove|wipe|destroy|clear) (?:all )?(?:of )?(?:my|"
    r"the) (?:\w+ ){0,3}?(?:data|"
    r"information|info|details|records?|account|profile|history)\b|\b(?:delete|erase|forget|remove) me\b|"
    r"right to be forgotten",
    re.ASCII,
)
_MY_DATA: Final = regex(
    r"登记的?我的[^,.;]{0,8}是(?:什么|多少)|\b(?:which|what) (?:of )?my (?:details|data|information)\b|"
    r"我的?(?:个人)?(?:数据|资料|信息)|你们.{0,6}我(?:的)?(?:什么|哪些)(?:个人)?(?:数据|信息|资料)|"
    r"\bmy (?:personal )?(?:data|information|info)\b|\bsubject access\b|\bdsar\b|\b(?:data|information|info) you "
    r"(?:hold|have|keep|store) (?:about|on) me\b|what (?:personal )?(?:data|information|info) (?:do |did |"
    r"have )?(?:you|u) (?:have|hold|store|keep|kept|got|collect|save)",
    re.ASCII,
)
DATA_TROUBLE: Final = regex(
    "泄|卖|倒卖|外传|盗|冒用|错|填|leak|sold|selling|shar|breach|stole|wrong|misus|"
    # Whoever has no evidence, no data to give, asks for none of ours.
    "(?:(?<!有)没有?|(?<!有)沒有?|無|拿不出|找不到|提供不了|给不了)(?:任何|什么|什麼|相关的?|相關的?|别的|其他的?|更多的?|你们要的|这些|那些)?"
    "(?:证据|證據|凭证|材料|资料|資料|数据|數據|信息|记录|記錄)|"
    r"\b(?:(?:have|got|ve|there is|is) no|(?:do(?:es)?n.?t|do(?:es)? not|can.?t|cannot|can not) "
    r"(?:have|provide|find|give|show)) (?:(?:any|such|other|more|further|the|real|you) ){0,2}"
    r"(?:data|evidence|proof|information|info|details|records?)\b"
)
_LIST: Final = regex(
    r"^which of my (?:cases|complaints|tickets|reports)\b|"
    r"^(?:查看|看看|列出|显示|查|看)?(?:一下)?我(?:的|有|提过的?|提交过?的?|投诉过的?)(?:哪些|几个|什么|所有|"
    r"全部|历史)*的?(?:投诉|工单|报修)(?:列表|记录|有哪些|都有哪些|单)?[ ?.]*$|^我(?:都|一共|总共)?(?:投诉|报修|报|"
    r"反映|提|"
    r"提交)过(?:哪些|哪?几个?|几次|什么)(?:事|件|个|次|投诉|问题|单子?)*(?:[ ,.]*(?:给我)?(?:看看|列一?下|查一?下|"
    r"发我))?[ ?.]*$|^(?:投诉|工单|报修)(?:列表|"
    r"记录|历史)$|^(?:查看|列出|显示)(?:所有|全部)(?:的)?(?:投诉|工单)$"
    r"|^(?:please |can i |i want to |could you )*(?:show|list|see|view|"
    r"what are)(?: me)?(?: all)?(?: of)? my (?:open |past |old )?(?:complaints|cases|tickets)|"
    r"^all my complaints|^what(?:'?s| is| do i have| have i got) (?:still )?(?:on|in) my (?:list|plate|desk|queue|"
    r"hands?)[ ?.]*$",
    re.ASCII,
)
_HELP: Final = regex(
    r"^(?:please |pls )?(?:guide|instructions|manual|tutorial|user guide)(?: please| pls)*(?:$|[,.])|"
    r"^(?:请问)?有(?:没有)?(?:操作|使用)?(?:说明书?|教程|指南)吗?[ ?.]*$|^[^,.;]{2,4}怎么(?:操作|弄|用)[ ?.]*$|"
    r"^(?:请问)?[^,.;]{0,6}(?:指令|命令|口令)(?:是什么|是啥|怎么(?:打|发|写|用|输))[ ?.]*$|^(?:请问)?(?:在)?(?:这里|"
    r"这儿)?(?:要|该)(?:怎么|如何)投诉[ ?呀啊呢]*$|^我?该?(?:怎么|如何)操作(?:$|[ ,?.])|"
    r"^你?(?:都)?有(?:啥|什么|哪些)功能[ ?.呀啊呢]*$|^(?:what|which) commands\b|^(?:请问)?(?:怎么|如何|怎样|哪里|"
    r"在哪里?)(?:可以|能|才能)?(?:进行)?(?:投诉|使用|用|操作|报修|办理|提交|"
    r"开始|弄|举报)(?:呢|啊|呀|你们)?[ ?.]*$|^(?:请问)?(?:这个?|那个?)?(?:东西|机器人|系统|小程序|功能)?(?:要|"
    r"该)?(?:怎么|如何|咋)(?:用|弄|操作|使用)[ ?.呀啊呢]*$|^(?:怎么用(?:啊|呀|呢)?(?:这个|这东西)?|使用说明|功能|"
    r"有什么功能|你(?:能|会|可以)(?:做|"
    r"干|"
    r"帮我)(?:什么|啥|点什么)|能做什么|有哪些(?:功能|命令))[ ?.呀啊]*$|^我该怎么(?:办|做|投诉)[ ?.]*$|"
    r"^(?:请问)?(?:怎么|如何|咋)(?:样)?(?:去)?(?:操作)?(?:办结|接单|退单|延期|转派|撤销投诉?|评价|定级|派单|结案|"
    r"合并|拆分|"
    r"请假|登记|录入|帮[^,.;]{1,4}(?:登记|录入|报修?|提交|投诉)|回复客户)(?:啊|呀|呢|的|来着)?"
    r"(?:[ ,.]*(?:命令|指令|口令)?(?:是啥|是什么|忘了|不记得了?))?[ ?.]*$"
    r"|^(?:how (?:do|can|should|to|does)(?: i| we| one| this)?(?: \w+){0,3} (?:complain|complaint|use|work|"
    r"report|start|start over|begin)\b(?: \w+){0,3}|(?:(?:can|could|pls|please) ?(?:you |u )?(?:explain|tell me|show "
    r"me) )?how (?:to|do i|can i) use (?:this|it)(?: \w+){0,2}|"
    r"what can (?:you|i|this)(?: bot)? do.*|how does (?:this|"
    r"it) work|i need help|can you help(?: me)?|help me|what (?:now|do i do)|commands|options|"
    r"instructions|how (?:do|can|should|to) (?:i )?(?:close|finish|accept|transfer|extend|rate|withdraw|return|"
    r"assign)(?: \w+){0,3})[ ?.!]*$",
    re.ASCII,
)
# A fault somebody states; broad words that also occur in questions stay out.
TROUBLE: Final = regex(
    "坏|漏|楼水|堵|吵|噪|臭|[停听亭]水|[停听亭]电|[停听亭]气|断电|断水|没(?:有)?(?:热|冷|自来)?水(?!渍|印)|"
    "没(?:有)?(?:电|气|网|暖|信号)|不热|不亮|不[制致治]冷|暴雷|爆|跳闸|裂|渗|塌|失灵|故障|"
    "(?:划|夹|摔|烫|砸|刮|撞|咬)(?:伤|倒|破)|扰民|打不开|关不上|开不了|打不着|没反应|发霉|松动|脱落|积水|异响|蟑螂|老鼠"
    "|(?:电梯|扶梯|道闸|暖气|空调)(?:又|都|也|已经?|一直|突然)*停(?:了|运|摆|着|在)"
    r"|\b(?:leak\w*|broken|broke|nois[ey]\w*|smells?|stinks?|damaged?|crack\w*|block(?:ed|age)|clogged|stuck|"
    r"doesn'?t work|not working|won'?t|rude|flood\w*|no (?:hot )?(?:water|power|heating|gas)|mou?ld\w*|"
    r"cockroach\w*|mice|mouse|rats?|burst|dead|faulty|fail\w*|drip\w*|(?:not|isn'?t|aint|doesn'?t|dont|"
    r"wont) (?:\w+ )?w[ou]rk\w*)\b",
    re.ASCII,
)
_COMPLAINING: Final = regex(
    TROUBLE.pattern
    + "|严重|更糟|贵|脏|乱|掉|卡|破|烂|霉|锈|虫|不亮|不开|不了|不通|不热|不冷|不工作|打不|关不|开不|进不|"
    "没反应|损|乱收|多收|收费|涨价|骗|欺|态度|恶劣|骂|打人|威胁|违约|拖欠|不退|退款|退钱|退费|押金|定金|赔|"
    "投诉|举报|占|偷|丢|被盗|装修|半夜|施工|油烟|异味|味道|垃圾|危险|隐患|救命|受伤|迟到|失约|没来|没人|不来|"
    "不理|不管|推诿|敷衍|差劲|太差|不满|不合理|没解决|没修|没处理|没弄|不行|又.{0,4}了|还是|着火|起火|冒烟|"
    "燃气|漏电|触电|自杀|被困|报警"
    r"|\b(?:stop(?:s|ped)? \w+ing|(?:is|are|was)(?:n't| not) \w+ing|slow|weak|cold|loose|rusty|bent|torn|uneven|"
    r"flicker\w*|offline|crash\w*|overheat\w*|loud|dirty|can'?t|cannot|refund|overcharged?|rats?|mice|mouse|outage|"
    r"lost|stolen|steal\w*|scam\w*|"
    r"cheat\w*|lied|liar|fraud|unsafe|danger\w*|never|complain\w*|complaint|problems?|issues?|still|worse|"
    r"wrong|terrible|awful|drilling|drills?|trapped|fire|smoke|injur\w*|hurt|deposit|fee|charged|late|missing|"
    r"disgusting|unacceptable|unfair|harass\w*|gas|electric shock|out of order)\b",
    re.ASCII,
)
_SMALL_TALK: Final = regex(
    r"\b(?:happy new year|merry christmas|happy holidays|happy (?:deepavali|"
    r"diwali|easter|eid|lunar new year|chinese new year))\b|新年好|节日|"
    r"天气|笑话|你是谁|你叫什么|机器人|(?:几点|什么时候)(?:下班|上班|开门|关门|营业)|吃了?饭|晚安|早安|早上好|"
    r"生日|快乐|恭喜|哈哈|嘻嘻|呵呵|测试|发错了|打错了|没事了?$|无聊|爱你|股票|彩票|麻将|吃了(?:吗|没)|\b(?:test\w*|"
    r"weather|"
    r"jokes?|(?:who|what) are you[ ?.!]*$|your name|how are you|good (?:night|morning|evening|afternoon)|"
    r"are you (?:a )?(?:bot|robot|human|real)|love you|hungry|bored|haha+|lol|wrong number|^nothing(?= *$)|"
    r"opening hours|what time)\b"
)
_LAUGHS: Final = regex(r"哈哈+|嘻嘻+|呵呵+|\b(?:(?:ha){2,}h?|lo+l+|lmao|very funny)\b")
_SCORNS: Final = regex(
    r"笑死(?:我|人)?了?|(?:真是|简直|天大的?|就是个?)笑话|(?:真是?|太|很)?(?:搞笑|可笑)|开(?:什么|啥|哪门子)玩笑|逗(?:我|谁)(?:玩|呢)"
    r"|\b(?:this|that|it|you|you guys)(?: ?'?(?:s|re)| is| are)? (?:all )?(?:just |such |becoming |getting |really )?an? "
    r"(?:\w+ )?jokes?\b|\bwhat an? (?:\w+ )?joke\b(?: of an? \w+)?"
    r"|\b(?:are )?you (?:kidding|joking|having a laugh)(?: me)?\b|\byou(?:'re| are| must be|'ve got to be| have got to be)? "
    r"(?:kidding|joking|having a laugh)(?: me)?\b|\bis this (?:some (?:kind|sort) of )?(?:a )?joke\b"
)
_LACKS: Final = regex(
    r"又|[没不](?!好意思)|[天周月]了"
    r"|\b(?:no|not|nobody|without|down|off|died|dies|gone|again|days?|weeks?|months?|hours?|third|fourth|fifth|\d+(?:rd|th))\b|n'?t\b"
)
"""What laughing words that are no small talk are about."""
_ASTRAY: Final = regex(
    r"(?:sorry|oops|不好意思|抱歉|对不起)?[ ,.!]*(?:(?:this |that |it )?(?:was |is )?meant for (?:my|someone|"
    r"somebody)\b.{0,20}|wrong (?:number|person|chat|window)|"
    r"发错了?(?:人|群)?|打错了?)[ ,.!]*(?:sorry)?[ .!]*"
)
_ACKNOWLEDGING: Final = regex(
    r"(?:好的?|嗯+|恩|行|ok|okay|知道了|我知道了|明白|了解|收到|没事|好吧|那我等|等你们|我等|可以|alright|"
    r"fine|sure|i see|understood|got it|no problem|great|cool|noted|i'll wait|i will wait|(?:yes|no)(?=[ .!]*$|"
    r",))(?![a-z]).{0,40}$"
)
_REFERRING: Final = regex(
    "的事|的问题|的投诉|的单子?|的工单|的报修|那个投诉|那件事|(?:报|反映|投诉|说|提|登记)(?:过)?的|(?:上次|上周|之前|"
    "昨天|"
    "前天)[^,.;]{0,4}(?:报|反映|投诉|说)"
    "|my complaint|the complaint|complaint i (?:made|filed|raised|sent)|my case|about the|my report"
)
# What a matter is about: a longer sentence that names it tells the matter, whatever impatience is in it.
_MATTER: Final = regex(
    "押金|定金|租金|房租|中介费|佣金|物业费|停车费|车位|车库|道闸|电梯|楼道|走廊|垃圾|门禁|保安|保洁|管家|违约金|合同|"
    "快递|宠物|遛狗|广场舞"
    r"|\b(?:deposit|rent|refund|fee|parking|lift|elevator|heating|boiler|contract|invoice|neighbou?r)\b"
)
_NO_MORE_THAN_IMPATIENT: Final = 14
_PLACE: Final = regex(r"\d(?:号楼|[栋幢座室])|[栋幢座]\d+(?:单元|室)|\b(?:flat|block|apartment|unit|room) \d")
_ASKS: Final = regex(r"[吗么?]|什么|怎么|为啥|哪|谁|多少")
_LETTER: Final = regex("[\u3400-\u9fff]")
_WORD: Final = regex(r"[a-z][a-z']*")
_UNSOLVED: Final = regex("没(?:有)?(?:解决|修|弄|退|赔|换)")
LONG: Final = 160  # a letter, not a command: whatever it asks in passing, it is a complaint


def wish(key: str) -> Verb | None:
    """Return what a sentence asks for; None if it asks for nothing we do by its words alone."""
    if len(key) > LONG:
        return None
    if _HELP.match(key):
        return Verb.HELP
    if _ERASE.search(key):
        return Verb.ERASE_ME
    if len(key) <= 90 and _MY_DATA.search(key) and not DATA_TROUBLE.search(key):
        return Verb.MY_DATA
    if _LIST.match(key):
        return Verb.LIST
    if _WITHDRAW.search(key) and not _NOT_WITHDRAWN.search(key):
        return Verb.WITHDRAW
    if _PERSON.search(key) and not _HARASSED.search(key):
        return Verb.PERSON
    return None


_FASTER: Final = regex(
    r"快点|快些|快一点|尽快|赶紧|抓紧|早点|拖|都[^,.;?]{1,5}(?:天|周|月|星期|小时)了|\b(?:finally|at last|"
    r"ever going)\b"
)


def question(key: str) -> Verb | None:
    """Return `urge` or `status` where somebody asks how a matter they have brought in is getting on."""
    if len(key) > LONG:
        return None
    if URGE.search(key):
        return Verb.URGE
    if _FASTER.search(key) and STATUS.search(key):
        return Verb.URGE
    if STATUS.search(key) and not _states_trouble_first(key):
        return Verb.STATUS
    return None


def _states_trouble_first(key: str) -> bool:
    """ "门锁坏了，什么时候来修" brings a matter in; "漏水的事处理得怎么样了" asks after one."""
    return not _REFERRING.search(key) and any(
        TROUBLE.search(clause) and not STATUS.search(clause) for clause in clauses(key)
    )


def presses(key: str) -> bool:
    """Whether somebody is merely impatient; who also states a fault brings a matter in."""
    if len(key) > LONG or not URGE_SOFTLY.search(key) or TROUBLE.search(key) or _UNSOLVED.search(key):
        return False
    return not (len(key) > _NO_MORE_THAN_IMPATIENT and _MATTER.search(key))


def is_small_talk(key: str) -> bool:
    """Whether this is chat, or no more than "I see"."""
    if _ASTRAY.fullmatch(key):
        return True
    return bool(_SMALL_TALK.search(_in_earnest(key)[:200])) and not _COMPLAINING.search(key[:400])


def _in_earnest(key: str) -> str:
    """Return what words say besides scorn and a laugh that begins or ends a trouble: "this is a joke. no internet again".

    A laugh about no trouble, and scorn that says nothing else, stay.
    """
    rest = _LAUGHS.sub(" ", _SCORNS.sub(" ", key[:400]))
    if rest == key[:400]:
        return key
    said = says_something(rest) and (_COMPLAINING.search(rest) or _LACKS.search(rest))
    return rest if said else key


def says_something(key: str) -> bool:
    """Whether there are words enough to tell of anything."""
    return len(set(_LETTER.findall(key[:400]))) >= 4 or len(_WORD.findall(key[:400])) >= 2


def describes_trouble(key: str) -> bool:
    """Whether free words bring a matter in. In doubt they do: a complaint lost is worse than one asked back."""
    head = _in_earnest(key)[:400]
    letters, words = len(set(_LETTER.findall(head))), len(_WORD.findall(head))
    if _COMPLAINING.search(head) or (letters >= 4 and _MATTER.search(head) and not is_small_talk(key)):
        return letters >= 2 or words >= 2 or TROUBLE.search(head) is not None
    if _SMALL_TALK.search(head) or _ACKNOWLEDGING.match(head):
        return False
    if _PLACE.search(head) or (ESCALATING.search(head) and letters >= 3):
        return True
    return letters >= 8 or (letters == 7 and not _ASKS.search(head)) or words >= 5 or (letters >= 4 and words >= 3)
