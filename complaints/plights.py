"""Dangers that no phrase tells alone, only what is said together, in whatever order: somebody in a lift that does not move,
what comes down above people, a smell of burning, a heart or breath that fails, fuel that is loose or lit beside.

`told` is asked of the clauses of one text; `may_hold` of a whole text, for whether anybody is in a lift is sometimes not said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from complaints.patterns import may_find, regex

Real = Callable[[str, re.Pattern[str]], Iterator[str]]
"""What yields the words of a clause that a pattern finds and that happen."""

_LIFT = "(?:电梯|電梯|轿厢|升降机|货梯|客梯|直梯)"
_ANY = "[^，。,.!！?？；;\\n]"
_GAP = "[^，。,.!！?？；;\\n没沒不未别無无]"  # between two words of which a denial makes something else
_COUNT = "(?:好?(?:[0-9]{1,2}|[一二两三四五六七八九十几多]{1,2})[个位名口]|个|位)?"
_WHO = (  # not "who repairs it", and not the people of something
    "(?:(?<![的工修])(?:人|老人|大人|小孩|孩子|娃|小朋友|老太太|老头|奶奶|爷爷|外婆|外公|婴儿|宝宝|孕妇|业主|住户|乘客"
    "|朋友|同事)"
    "|我|咱|他们?|她们?|妈|爸|老婆|老公|儿子|女儿|媳妇|[俩仨])们?"
)
_BUSY = (  # what somebody does in a lift who is not held by it
    "(?:在|正在|正|来|给|帮)?(?:干活|工作|作业|施工|检|维|修|换|装|拖地|打扫|搬|抽|吸烟|小便|撒尿|大便|吐|尿|贴|说话|聊"
    "|遇|碰见|碰到|丢"
    "|掉了|落了|捡|玩|吵|骂|打架|打闹|打人|拍|放|看(?!不)|发|摔)"
)
_CARDS = "(?<![刷禁ic的张主磁芯门业办会员房工此])"

_IS_HELD: Final = regex(  # by one clause alone: "卡电梯里了", "电梯把我关里面了"
    f"{_CARDS}[卡困关關锁鎖憋](?:在|进|到|了|住|着){{0,2}}{_GAP}{{0,6}}?{_LIFT}[里内中]"
    "(?!的?(?:灯|空调|广告|风扇|屏|监控|镜|垃圾|卡|按钮|按键|显示))"
    f"|(?<![车箱发床具递李机匙西货柜桌包球绳架件门])[卡困](?:在|进|到)了?{_GAP}{{0,6}}?{_LIFT}"
    "(?!里?(?:口|门|外|厅|前|间|旁|井|按|缝|那|维|里的?缝))"
    f"|{_CARDS}[卡困]了?{_LIFT}(?=[了啦啊呀呢快救半好\\s，。,.!！?？；;]|[0-9一二两三四五六七八九十几]{{1,2}}个?(?:分钟"
    f"|小时|钟头)|$)"
    f"|{_LIFT}{_GAP}{{0,8}}把{_GAP}{{0,5}}?{_WHO}{_GAP}{{0,4}}?[关關卡困锁憋](?!{_ANY}{{0,3}}外)"
    f"|{_LIFT}{_GAP}{{0,6}}[卡关關锁]了{_COUNT.removesuffix('?')}{_WHO}",
    re.ASCII,
)
_INSIDE: Final = regex(
    f"(?:里[面头边]|(?<![家屋楼区院校心手])里)(?:还|现在|好像|应该|可能|肯定|都|也|正){{0,2}}(?:有|是"
    f"|[关卡困锁]着?了?)(?:着|了)?{_COUNT}(?:家的?)?{_WHO}(?!{_BUSY}|的)"
    f"|{_WHO}{_GAP}{{0,4}}?(?:在|[关關锁卡困](?:在|到|进)?)(?:里[面头边]|这里面|{_LIFT}里面?)(?!{_BUSY}|的)"
    "|出不[来去]|出不了(?![门楼行车院家]|小区|单元)|放(?:我们?|人|他们?|她们?)出[来去]"
    r"|\b(?:i'?m|we'?re|they'?re|he'?s|she'?s|i|we|he|she|they|someone|somebody|people|persons?|kids?|child(?:ren)?"
    r"|mother|mum|mom|father|dad|wife|husband|son"
    r"|daughter|grand(?:ma|pa|mother|father)|baby|neighbou?rs?|residents?|tenants?"
    r"|(?<!repair )(?<!lift )(?<!service )man|woman"
    r"|lady|girl|boy|guests?|friends?)"
    r"(?:'s)?(?: (?:am|are|is|r|still|all|now|both|alone|also|currently|currenly|stuck|right|just|here|and)){0,4}"
    r" (?:in (?:it|here|there|(?:the|a|our|your|this|that|one of (?:the|your)) (?:[a-z]+ )?(?:lift|elevator)s?"
    r"(?! (?:lobby|hall|area|shaft|room)))|inside)\b(?! (?:smoking|cleaning|working|repairing|fixing))"
    r"|\b(?:can'?t|cannot|can not|couldn'?t) get out\b|\b(?:let|get) (?:me|us|him|her|them|people) out\b",
    re.ASCII,
)
_STANDS: Final = regex(  # "the lift does not move": not that it is out of order, or off for days
    "卡(?!片)|停在|停住|停[下了](?!(?:快|都|已经|整整)?(?:[0-9一二两三四五六七八九十几好]{1,3}(?:个?(?:天|周|月|星期"
    "|礼拜))|电|水|用))|突然停|停电|断电"
    "|[不没]动(?:了|啦|静)?|不走|[打开]不开|不开门|门(?:不|没)开|开不了|悬|半空|半中间|没电|灯?灭|黑[了漆乎]|急停|死机|没反应"
    r"|\bstuck\b|\bstopped\b|\bstops\b|\b(?:not|isn'?t|stopped|won'?t|doesn'?t|didn'?t) (?:move|moving|open|opening|go"
    r"|going)\b"
    r"|\bjammed\b|\bstalled\b|\bhalted\b|\bfroze\w*|\bbetween (?:the )?(?:\w+ )?(?:floors|levels)\b|\blights? (?:is "
    r"|are |went |gone )?"
    r"(?:out|off)\b|\bno power\b|\bpower (?:cut|is out|went)|\bdoors? (?:is |are )?(?:shut|closed)",
    re.ASCII,
)
_FAILS: Final = regex(
    r"坏|故障|失灵|[上下]不[来去]|门|抖|晃|报警|\bbroke\w*|\bdead\b|\bout of order\b|\bdoors?\b|\bnot working\b|\bshaking\b",
    re.ASCII,
)
_STIFLES: Final = regex(
    "里[面头边]?(?:的人)?(?:都|也|真|已经|现在)?(?:好|很|太|特别|非常|越来越|有点)(?:闷|黑|热|缺氧|挤|喘)"
    r"|\b(?:dark|hot|stuffy|no air) in (?:here|it|there)\b",
    re.ASCII,
)
_IS_LIFT: Final = regex(rf"{_LIFT}(?![房口费]|卡(?![住了在着死停得里到]))|\b(?:lift|elevator)s?\b", re.ASCII)
_OVER: Final = regex(  # told as what was; nothing of it is now
    "上个?(?:月|周|星期|礼拜)|去年|前年|年前|以前|之前|曾经|上次|那[次天]|当时|前[几两]?天|昨[天晚日]"
    "|(?:[两几0-9一二三四五六七八九十]|好几)"
    "(?:天|周|个月|个星期)前|后来|才(?:被)?(?:出来|放|救)|(?<!没)(?<!没有)出来了|救(?:了)?出来"
    r"|\blast (?:week|month|year|night|time)\b|\byesterday\b|\bago\b|\bpreviously\b|\bused to\b|\bonce\b|\bthe other day\b"
    r"|\bgot (?:out|rescued)\b|\bwere (?:freed|rescued)\b|\bwas (?:freed|rescued)\b",
    re.ASCII,
)
_NOW: Final = regex(
    r"现在|刚|正在|还在|还没|[快马]上?来|救命|救我|今天|目前|又|\b(?:now|again|today|still|help|hurry|right now)\b",
    re.ASCII,
)
_LONG_AGO: Final = regex(
    "上个?(?:月|周|星期|礼拜)|去年|前年|年前|(?:[两几0-9一二三四五六七八九十]|好几)(?:周|个月|个星期)前|\\blast (?:week"
    "|month|year)\\b"
    "|\\b(?:weeks?|months?|years?) ago\\b",
    re.ASCII,
)
_EMPTY: Final = regex(
    "没(?:有)?(?:困|关|卡|人)|[无空]人|空的|不困人|里面没|进不去|下不[了去来]楼|上不了楼|下不了|爬楼|走楼梯"
    "|[等修].{0,6}[天周月年]"
    r"|\b(?:nobody|no one|noone|empty|no people|no passengers?)\b|\b(?:walk|climb|stairs|for (?:\w+ ){0,2}(?:days|weeks"
    r"|months))\b",
    re.ASCII,
)
_DOORS: Final = regex(
    f"(?:电梯|電梯|轿厢)门?{_GAP}{{0,6}}?[夹挤](?:到|住|着|了|伤){{0,2}}{_COUNT}(?:人|我|老人|孩子|小孩|手|脚|胳膊|腿"
    f"|头|肩)(?!防|保护)"
    r"|\b(?:lift|elevator) doors? (?:[a-z]+ ){0,2}?(?:closed|shut|close|slammed|hit|crushed|squeezed|trapped"
    r"|caught) (?:on |in )?"
    r"(?:me|my|him|her|his|us|people|a |an |the (?:child|kid|old))",
    re.ASCII,
)

# ── what comes down above people ──────────────────────────────────────────────────────────────────────────────────────

_ABOVE = (
    "(?:天花板?|吊顶|墙皮|墙面|外墙|外立面|墙砖|瓷砖|面砖|砖头?|水泥块?|混凝土|石块|石材|玻璃|幕墙|窗户?|窗扇|窗框|栏杆"
    "|护栏|扶手"
    "|广告牌|招牌|灯箱|灯罩|吊灯|路灯杆?|空调外?机|外机|雨棚|阳台|保温层|花盆|树枝|大?树|电线杆|围墙|墙|架子|脚手架|井盖)"
)
_COMES_DOWN: Final = regex(
    f"{_ABOVE}{_GAP}{{0,5}}?(?:还在|一直在|不停地?|又在|正在|都在|在|要|快|快要|马上|随时|眼看){{1,2}}(?:就|都|会|要"
    f"|可能|往下){{0,3}}"
    "(?:掉|砸|倒|塌|坠|脱落|垮|断)(?!头|漆|色|价)"
    r"|\b(?:plaster|tiles?|bricks?|concrete|glass|windows?|pane|ceiling|railings?|banister|sign|cladding|balcony|branch"
    r"|tree|wall|pieces)"
    r"(?: [a-z]+){0,3} (?:keeps?|still|is|are|about to|going to|gonna|could any minute) (?:[a-z]+ ){0,2}?"
    r"(?:fall(?:ing)?|com(?:e|ing) (?:down|off|loose)|drop(?:ping)?)\b",
    re.ASCII,
)
_FALLS_SOON: Final = regex(  # heavy, and about to: nobody needs to stand below
    "(?:天花板|吊顶|玻璃|幕墙|窗户|窗扇|窗框|栏杆|护栏|广告牌|招牌|空调外?机|外墙|围墙|大树|电线杆|脚手架|雨棚)(?!胶|纸"
    "|膜|贴)"
    f"{_GAP}{{0,4}}?(?:要|快要?|马上就?要?|随时(?:都?[会要]|可能)?|眼看就?要?)(?:就|都)?(?:往下)?(?:掉|砸|倒|塌|坠|垮)"
    r"(?:下[来去]?|落|了)"
    r"|\b(?:ceiling|glass|window|pane|railings?|balcony|sign|cladding|tree|wall|scaffolding)(?: [a-z]+){0,2}?"
    r" (?:about to|going to|gonna) (?:fall|come (?:down|off)|drop)\b",
    re.ASCII,
)
_BELOW: Final = regex(
    r"砸|孩子|小孩|老人|行人|路过|路人|楼下[都全有]|下面[都全有是]|底下[都全有是]|人来人往|有人|多人"
    r"|\b(?:people|kids?|child(?:ren)?|playground|below|underneath|hit|passers?-?by|somebody|someone|son|daughter|baby"
    r"|head)\b",
    re.ASCII,
)

# ── a smell of burning ────────────────────────────────────────────────────────────────────────────────────────────────

_SINGED: Final = regex(
    "(?:焦糊|烧焦|烧糊|糊焦|烤焦|焦臭|焦|糊|胶皮|塑料烧|烧塑料|烧电线|烧胶皮|电线烧)了?(?:的|掉的)?(?:味|气味|臭)"
    "|像?(?:是)?烧(?:电线|塑料|胶皮|橡胶)|电线(?:烧|糊|焦)了"
    r"|\b(?:burn(?:ing|t)|singed|scorched|charred)(?: \w+){0,2} (?:smell|odou?r)\b"
    r"|\bsmells?(?: \w+){0,3}? (?:burn(?:ing|t)|singed|scorched)\b",
    re.ASCII,
)
_COOKED: Final = regex(
    "饭|菜|锅|烧烤|烤串|炒|餐|煮|烤肉|油烟|糊味咖啡|咖啡|烘焙|面包|焦糖|香火|烧纸|烧香|烧垃圾|秸秆"
    r"|\b(?:food|cook\w*|toast|bbq|barbecue|grill\w*|restaurant|oven|rubbish|incense|caramel|coffee|kitchen hood)\b",
    re.ASCII,
)

# ── a heart or breath that fails ──────────────────────────────────────────────────────────────────────────────────────

_FAINT: Final = regex(
    "喘不[上过]来?气|喘不[上过]来|透不过气|呼吸(?:很|特别|有点|越来越)?(?:困难|不[了上过]|急促)|上不来气|没法呼吸"
    "|不能呼吸|窒息"
    "|(?:胸口|胸部|前胸|心口|心脏)(?:很|好|特别|有点|一直|突然|剧烈|绞|阵){0,2}(?:痛|疼|闷|绞痛|不舒服|难受|不行|骤停)"
    "|胸[痛疼]|心绞痛|心慌得"
    "|心脏病(?:人|史)?[^。\\n]{0,8}?(?:快(?:点|些|一点)?(?:来|救|派|到|过来|啊|呀|吧|[!！]|$)|犯|发作|急|救|难受|不行|撑不)"
    "|(?:妈|爸|老婆|老公|女朋友|男朋友|朋友|孩子|小孩|女儿|儿子|老人|奶奶|爷爷|外婆|外公|人|她|他|乘客|孕妇)(?:都|已经"
    "|也|要|快|就|好像|有点){0,3}"
    "(?:要|快)?晕(?!车|乎|头)(?:了|倒|过去|厥|$)"
    "|(?:^|\\s)(?:我们?|人|感觉|觉得|好像|现在|真的|已经){0,3}(?:快要?|要|马上要?|就要)[晕昏](?:了|倒|过去|厥)|脸色(?:发|都)?(?:白|紫|青)|嘴唇(?:发|都)?(?:紫|青|白)|休克|羊水破"
    r"|\b(?:short(?:ness)? of breath|out of breath|struggling to breathe|trouble breathing|difficulty breathing"
    r"|hard(?:ly)? (?:to )?breathe|can ?not breathe|cant breathe|(?:chest|heart) (?:pains?|hurts?|is (?:hurting|tight"
    r"|pounding))|pains? in"
    r" (?:my|his|her|the) (?:chest|heart)|chest is tight|suffocating|turning blue|waters? broke|going into labou?r"
    r"|(?:about to|bout to|going to|gonna|gunna|nearly|might|starting to) (?:faint|pass out)|passing out"
    r"|feel(?:s|ing)? (?:very |really |so |quite )?faint|heart (?:problem|condition|disease"
    r"|trouble)s?[^.\n]{0,10}?(?:hurry|quick|please|come|help)"
    r")\b",
    re.ASCII,
)
_CHOKES: Final = regex(
    "噎[住着到死](?!(?:我|他|她|人)?(?:的?话|说))|(?:[卡堵哽]|呛[在到进入]|吸|掉)(?:在|住|到|着|了|进|入){0,2}"
    + _GAP
    + "{0,4}?(?:喉咙|嗓子|气管|喉)"
    "(?!眼)|(?:喉咙|嗓子|气管|喉)里?被?" + _GAP + "{0,6}?[卡堵](?:住|着|到|了)|鱼刺卡|异物卡|呛奶"
    "|(?:孩子|宝宝|小孩|婴儿|老人|娃)" + _GAP + "{0,5}?呛(?:到|住|着|水)"
    r"|\b(?:i'?m|i|we|he|she|they|some(?:one|body)|(?:grand)?(?:mother|father|ma|pa|son|daughter)|mum|mom|dad|son|daughter"
    r"|child|kids?|children|wife|husband|baby|toddler|infant|man|woman|boy|girl|lady|guest|guy|friend|uncle|aunt|partner"
    r"|girlfriend|boyfriend|resident|tenant|neighbou?r|person|gran|nan|granny)(?:'s|'re)?"
    r"(?: (?:is|are|am|was|were|r|has|have|been|started|starting|keeps?|really|actually|now|and|literally)){0,3}"
    r" chok(?:ing|ed|es)\b(?! (?:up|back|hazard|with|my|his|her|me|him|us|them"
    r"|on (?:(?:the|your|this|these|all|their) )*(?:prices?|bills?|fees?|rent|costs?|dust|smell|stink|stench|perfume)))"
    r"|\bchok(?:ing|ed) on (?:an?|his|her|some|something|food|fish|meat)\b|\bheimlich\b"
    r"|\b(?:stuck|lodged|caught) in (?:his|her|my|the|their) (?:throat|windpipe|airway)\b(?! of)"
    r"|\b(?:isn'?t|aint|ain'?t|stopped|no longer) breathing\b",
    re.ASCII,
)
_ONLY_SPEECHLESS: Final = regex(r"(?<!电)话|客服|态度|语气|怼|\b(?:laughter|laughing|speech|words|emotion)\b", re.ASCII)
_ONLY_TIRED: Final = regex(
    "爬楼|爬了|爬到|爬上|楼梯|[累跑走气笑忙压逼愁]得|压力|物业费|停车费|房租|房贷|利息|涨价|油漆|装修|甲醛|油烟|二手烟"
    "|垃圾|臭味|态度|效率|无语|看到账单|流程|部门|绕|[转推踢]来[转推踢]去|皮球"
    r"|\b(?:stairs|climb\w*|walk\w*|paint\w*|rubbish|garbage|sewage|smok(?:e|ing)r?s?|bills?|rent|fees?|stress\w*"
    r"|paperwork)\b",
    re.ASCII,
)

# ── fuel where it may catch fire ──────────────────────────────────────────────────────────────────────────────────────

_FUEL_OUT: Final = regex(  # not the oil of an engine, nor what a kitchen hood drips
    f"(?:汽油|柴油|燃油|[油加]枪|加油机|油管|油罐车?|储油罐|卸油口?){_GAP}{{0,8}}?"
    "(?:泄[漏露]|[渗冒溢跑滴]油|[渗滴]漏|漏(?!报|掉|记|开|接|收|给|单|打|算)|喷(?!涂|嘴)|溢出|洒(?!水)|流[了出得到满一])"
    f"|(?:漏|喷|洒|溅|流)(?:出|了|着|得|我|一|地|身|满|好|很|多|都|是|来|的|在|上|脸){{1,6}}(?:汽油|柴油)"
    r"|\b(?:petrol|gasoline|diesel|fuel)(?: (?:is|was|are|just|been|has|keeps?|still|all|tank|pump|hose|nozzle|line"
    r"|tanker|truck))"
    r"{0,3} (?:leak\w*|spill\w*|spilt|pouring|gushing|dripping|flowing|over the (?:ground|floor|forecourt)|everywhere)\b"
    r"|\b(?:pump (?:number |no )?\d{1,2}|nozzle|tanker)(?: (?:is|was|just|been|has|keeps?|still)){0,3} (?:leaking|leaks)\b"
    r"|\b(?:leak\w*|spill\w*|spilt|pouring|dripping)(?: (?:of|out|some|lots|a|lot)){0,3} (?:petrol|gasoline|diesel|fuel)\b",
    re.ASCII,
)
_FUEL_SMELT: Final = regex(
    "(?:汽油|柴油|油气|(?:卸油|加油[站机枪]|油枪)[的时候那这边里有股]{0,6}油)的?(?:气)?味(?!道?(?:不对|不一样|怪|淡|不像))"
    r"|\b(?:petrol|gasoline|diesel|fuel) (?:smell|fumes?|odou?r|vapou?rs?)\b"
    r"|\b(?:smell\w*|stinks?|reeks?|fumes?)(?: (?:strongly|strong|so|really|very|bad|badly|a|lot)){0,3} (?:of|like)"
    r" (?:petrol|gasoline|diesel|fuel)\b",
    re.ASCII,
)
_LIT: Final = regex(
    "(?<![让准许能可禁要得止])(?:抽|吸|点)(?:着|了|起)?(?:支|根|一根|一支|个)?(?:香)?烟(?![机道管囱区室])|叼着?(?:根|支)?烟"
    "|(?:扔|丢)(?:了|下|过来)?(?:个|一个|的)?烟头|烟头(?:没|还|就|在)|(?:玩|打|用|按)(?:着|了)?打火机|(?:点|玩)火(?!花)"
    r"|放(?:鞭炮|烟花|爆竹)|\b(?<!no )(?<!non )(?<!anti )(?:smoking|smokes|smoked)\b(?! (?:area|room|ban|sign))"
    r"|\b(?:lit|lighting|lights|with|holding|throwing|threw|a) (?:up )?(?:an? |his |her |their )?(?:lit )?(?:cigarette"
    r"|cigar|lighter)\b",
    re.ASCII,
)
_AT_PUMPS: Final = regex(  # not whom we cheer on: "加油"
    "加油(?:站|机|枪|岛|口|区|员|工|车|时|的|那|这|旁|着|呢)|[在来去桶罐瓶队车]加油(?![啊吧!！])|[油加]枪|油站|油罐|卸油|油库|加气站"
    r"|(?:你们|贵|咱们)站[里内上]|\b(?:petrol|gasoline|fuel(?:ling)?|refuel\w*|forecourt|filling station"
    r"|(?:the|your|at|a|next to|by) pumps?)\b",
    re.ASCII,
)


def told(clauses: Sequence[str], real: Real) -> Iterator[tuple[str, str]]:
    """Yield each danger that the clauses of a text tell together, as (kind, words)."""
    whole = "".join(clauses)
    if (held := _held(clauses, whole, real)) != "":
        yield "trapped", held
    if (doors := _first(clauses, real, _DOORS)) != "":
        yield "injury", doors
    if (soon := _first(clauses, real, _FALLS_SOON)) != "":
        yield "collapse", soon
    elif (down := _first(clauses, real, _COMES_DOWN)) != "" and _BELOW.search(whole):
        yield "collapse", down
    if _COOKED.search(whole) is None and (singed := _first(clauses, real, _SINGED)) != "":
        yield "fire", singed
    if (fuel := _fuel(clauses, whole, real)) != "":
        yield "fire", fuel
    if _ONLY_TIRED.search(whole) is None and (faint := _first(clauses, real, _FAINT)) != "":
        yield "injury", faint
    if not may_find(_CHOKES, whole):
        return
    if (chokes := _first([each for each in clauses if _ONLY_SPEECHLESS.search(each) is None], real, _CHOKES)) != "":
        yield "injury", chokes


def is_history(text: str) -> bool:
    """Say whether words, folded, tell of what was weeks ago, and of nothing that is now."""
    return _LONG_AGO.search(text) is not None and _NOW.search(text) is None


def may_hold(text: str) -> bool:
    """Say whether words, folded, tell of a lift that stands still, and not whether anybody is in it."""
    if _IS_LIFT.search(text) is None or _STANDS.search(text) is None:
        return False
    return _EMPTY.search(text) is None and (_OVER.search(text) is None or _NOW.search(text) is not None)


def _held(clauses: Sequence[str], whole: str, real: Real) -> str:
    """Return the words that say that somebody is in a lift and cannot leave it; empty where none do."""
    if _IS_LIFT.search(whole) is None or (_OVER.search(whole) is not None and _NOW.search(whole) is None):
        return ""
    if (held := _first(clauses, real, _IS_HELD)) != "":
        return held
    stands = any(True for clause in clauses for _ in real(clause, _STANDS))
    if not stands and not any(True for clause in clauses for _ in real(clause, _FAILS)):
        return ""
    inside = _first(clauses, real, _INSIDE)
    return inside or (_first(clauses, real, _STIFLES) if stands else "")


def _fuel(clauses: Sequence[str], whole: str, real: Real) -> str:
    """Return the words that say that fuel is loose, or that somebody smokes beside it; empty where none do."""
    loose = _first(clauses, real, _FUEL_OUT) or _first(clauses, real, _FUEL_SMELT)
    if loose or not may_find(_AT_PUMPS, whole) or _AT_PUMPS.search(whole) is None:
        return loose
    over = _OVER.search(whole) is not None and _NOW.search(whole) is None
    return "" if over else _first(clauses, real, _LIT)


def _first(clauses: Sequence[str], real: Real, pattern: re.Pattern[str]) -> str:
    if not may_find(pattern, "".join(clauses)):
        return ""
    return next((said for clause in clauses for said in real(clause, pattern)), "")
