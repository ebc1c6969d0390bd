"""What a customer's own words say of how grave a matter is: danger, and whom to call first; courts, the press, a crowd.

`DANGERS` and `TOPICS` are the tables. Words only propose a grade (R-041): what is denied, long past, feared or merely named (a
fire drill, a gas bill) is kept out as far as words show it; a person looks at the rest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from complaints import plights, violence
from complaints.emergency import AMBULANCE, FIRE, POLICE
from complaints.patterns import may_find, regex
from complaints.policy import Topic

_READ = 4000  # characters of a text that are looked at


# Who fell or was hurt, up to the word for it; a near miss is none.
_WHO = (
    r"(?:i|we|he|she|they|(?:grand)?(?:mother|father|ma|pa)|mum|mom|dad|son|daughter|child(?:ren)?|kids?|wife|husband|baby"
    r"|uncle"
    r"|aunt|tenants?|owner|neighbou?r|residents?|man|woman|boy|girl|lady|gentleman|people|worker|somebody|someone|person)"
    r"(?: (?!almost|nearly|never|not|didn't|wasn't|weren't|could|might|may|will|would|can)[a-z']+){0,2}"
)
_HERS = "(?:my|his|her|their|our)"
_BODY = (
    r"(?:head|back|neck|arms?|legs?|hips?|ankle|wrist|nose|knees?|tooth|teeth|fingers?|hands?|foot|feet|toes?|face|ribs?"
    r"|shoulder)"
)
_SOMEBODY = "(?:人|我|孩子|小孩|儿子|女儿|老人|宝宝|老婆|老公|妈|爸|奶奶|爷爷)"
_HOW_MANY = "(?:(?:[0-9]{1,2}|[一二两三四五六七八九十几好]{1,2})[个位名口]|[俩仨])?"
_IN_A_LIFT = (  # whom a lift holds; "the lift is stuck and old people cannot get down" holds nobody
    f"{_HOW_MANY}(?:老人|大人|小孩|孩子|娃|小朋友|老太太|老头|奶奶|爷爷|婴儿|宝宝|孕妇|业主|住户|乘客|我|他们|她们|人)"
    "(?![家们]?(?:都|就|也|只|全|还)?(?:下不|上不|没法|没办法|无法|不能|爬|走|进不|回不|用不|怎么|要|得|坐))"
)
_YOUNG_OR_OLD = (
    r"(?:child(?:ren)?|kids?|son|daughter|bab(?:y|ies)|toddlers?|boy|girl|(?:grand)?(?:mother|father|ma|pa)|mum|mom|dad|wife"
    r"|husband"
    r"|woman|man|lady|residents?|tenants?|neighbou?rs?|pensioners?|person|people)"
)
_VICTIM = (
    "(?:我|他|她|咱|人|业主|住户|租客|租户|客户|客人|顾客|乘客|学生|孩子|小孩|儿子|女儿|老人|老婆|老公|妈|爸|奶奶|爷爷|保洁"
    "|阿姨|大爷|大妈)(?:们|家(?:孩子|人|老人|小孩)|妈|爸|老公|老婆|儿子|女儿|孩子)?"
)
_LIMB = "(?:头|脚|手|腿|腰|背|脸|眼睛|膝盖|胳膊|肩膀|手指|额头)"


@dataclass(frozen=True, slots=True)
class _Danger:
    """calls: the emergency numbers to call first. zh, en: patterns of the words; an English one is bounded by word ends."""

    calls: tuple[str, ...]
    zh: str
    en: str


DANGERS: Final[Mapping[str, _Danger]] = MappingProxyType(
    {
        "fire": _Danger(
            (FIRE,),
            "起火|(?<![不打点])着火|著火|失火|火灾|火災|大火|明火|火苗|烧起来|燒起來|烧着了|冒烟|冒煙|冒黑烟|冒白烟|浓烟"
            "|濃煙|爆炸|燃爆"
            "|自燃|烟雾弥漫",
            r"on fire|caught fire|catching fire|fire broke out|(?:a|big|huge) fire|fire(?=!)|fire in (?:the|our|my)"
            r"|house fire|burning down|in flames|flames|smoke (?:is )?(?:coming|pouring|billowing|everywhere)"
            r"|(?:full of|thick|black|heavy|lots of) smoke|smoking socket|explosion|exploded"
            r"|burning smell(?! (?:of|from) (?:food|cooking|(?:the |a |their )?(?:bbq|barbecue|grill|restaurant|oven|rubbish"
            r"|incense)))"
            r"|smell(?:s|ing)? (?:of |like )?(?:(?:something|plastic|rubber|wires?|cables?) )?burn(?:ing|t)(?! (?:food|toast"
            r"|rubbish|incense))",
        ),
        "gas": _Danger(
            (FIRE,),
            "(?:煤气|煤氣|燃气|燃氣|天然气|液化气|瓦斯|沼气)[^，。,.!！?？;；\n]{0,4}?"
            "(?:泄漏|泄露|洩漏|中毒|爆炸|味|漏(?!水|接|电|報|报|抄|收|缴|交|算|登|写))"
            "|(?:煤气|燃气|天然气|一氧化碳|可燃气体?)(?:泄漏)?(?:报警器?|警报器?|探测器)(?:[都也又在老就正刚]|一直|突然"
            "|不停地?|狂){0,3}(?:响|叫|报警)"
            "|(?:热水器|壁挂炉|燃气灶|煤气灶|灶具|锅炉|炉子|[煤液]气罐|液化气罐)[^，。,.!！?？水\\n]{0,6}"
            "(?:[怪异臭]味|刺鼻|臭鸡蛋|味道?(?:不对|怪|很?大|好大|难闻))"
            "|漏(?:煤|燃|天然)[气氣]|(?:闻到|聞到|闻见)[^，。,.\n]{0,6}(?:煤|燃|天然)[气氣]|一氧化碳中毒",
            r"gas (?:is )?leak\w*|leak\w* (?:of )?gas|smell(?:s|ing)? (?:of |like )?gas|gas smell"
            r"|(?:strong|terrible|heavy) (?:smell of )?gas|gas explosion|carbon monoxide"
            r"|(?:co|gas) (?:alarm|detector)s? (?:(?:is|are|has|just|keeps?|started|been|constantly|now) ){0,3}"
            r"(?:going|gone|goes|went) off|(?:co|gas) (?:alarm|detector)s? (?:(?:is|are|has|just|keeps?|started|now) ){0,3}"
            r"(?:sounding|ringing|screaming|beeping|blaring|triggered|sounded)"
            r"|(?:boiler|water heater|gas stove|gas cooker|furnace) smells? (?:weird|strange|funny|odd|off|bad|wrong)",
        ),
        "live wire": _Danger(
            (FIRE, AMBULANCE),
            "(?:冒|打|迸|溅|窜|闪|喷)(?:出|着|起|了){0,2}电?火[花星]|电火花|火花四溅"
            "|(?:插座|插头|插排|插线板|电线|电箱|配电[箱柜房]|电表|开关|空调|线路|电缆|充电桩)[^，。,.!！?？\n]{0,4}冒火"
            "|漏电|漏電|触电|觸電|电线(?:掉|断|裸露|垂)[^，。,.\n]{0,8}|电死|被电(?:到|了|倒|击)"
            "|(?:插座|插头|插排|插线板|电线|电箱|配电[箱柜房]|电表箱?|开关|空调|线路|电缆|充电桩|充电器|灯[泡具座]?"
            "|热水器)[^，。,.!！?？\n]{0,6}"
            "(?:烧焦|焦糊|焦味|糊味|烧糊|焦臭)"
            "|水[^，。,.!！?？\n]{0,6}(?:漏|滴|流|渗|灌|淌)[到进在][^，。,.!！?？\n]{0,4}(?:插座|电箱|配电[箱柜房]|电表"
            "|灯[里具座]|开关|线盒|插排)"
            "|(?:插座|电箱|配电[箱柜房]|电表箱|灯[里具座]|开关|线盒|插排)[里上]?(?:都|也|在|正|往外|一直|开始){0,3}(?:进水"
            "|滴水|漏水|渗水|流水|冒水)"
            "|(?:插座|插排|插线板|电线|电缆|电箱|配电[箱柜房间室]|电表箱?|开关|线盒|充电桩)[^，。,.!！?？\n没不未说]{0,6}"
            "(?:[泡浸淹](?:在|到|进|了|着){0,2}[积雨脏污洪]?水|(?:都|全|已经|快)?被[^，。,.!！?？\n]{0,4}水[泡浸淹](?!过))",
            r"electric shock|electrocuted|live wires?|exposed wires?|sparks? (?:is |are )?(?:coming|flying)|sparking"
            r"|(?:throw\w*|shoot\w*|spit\w*|spew\w*|saw|seeing) (?:[a-z]+ )?sparks"
            r"|electrical sparks?|sparks (?:from|out of|everywhere|shoot\w*|shot|spit\w*)"
            r"|(?:socket|plug|switch|wir(?:e|ing)|cable|outlet|fuse ?box|meter)s?"
            r" (?:(?:just|keeps?|has|have|still|is|are) )?(?:sparks|sparked|arcing|smoking|melting|melted)"
            r"|water (?:(?:is|keeps?|was|just|has|still|also) )*(?:run(?:s|ning)?|ran|drip(?:s|ping|ped)?|leak(?:s|ing|ed)?"
            r"|pour(?:s|ing|ed)?"
            r"|com(?:es|ing)|got|gets?|getting|going|goes|seep(?:s|ing)?|flow(?:s|ing)?)(?: (?:down|straight|right|out)){0,2}"
            r" (?:in|into|inside|through|from|onto|over|out of|of) (?:(?:the|my|our|a|an|all|ceiling|kitchen|bathroom|hall"
            r"|electric\w*) ){0,3}"
            r"(?:lights?|lamps?|chandelier|light fittings?|fittings?|sockets?|outlets?|plugs?|fuse ?box|switch(?:es)?"
            r"|electrics|wiring|meter box"
            r"|power strip)(?! wells?)"
            r"|(?:wir(?:es?|ing)|cables?|sockets?|outlets?|power strips?|fuse ?box|switchboard|electrics)"
            r"(?: (?:in|of|at) (?:the|my|our) \w+)?"
            r" (?:(?:is|are|was|were|now|all|just|lying|sitting|hanging|standing|half|completely|partly) ){0,4}"
            r"(?:under ?water\b|submerged"
            r"|(?:in|under) (?:(?:the|a|standing|dirty|flood) )?(?:water\b(?! (?:tank|closet|heater))|puddles?))",
        ),
        "trapped": _Danger(
            (FIRE,),
            "(?<!不)被困(?!扰|惑|难)|困(?:了|着|住|有)?(?:[0-9]{1,3}|[一二两三四五六七八九十几好]{1,2})[个名位]"
            "|困[着了]?人|困住|困在|关人|關人|(?:关|卡|關|憋|锁)在(?:了)?(?:(?:电梯|電梯)(?!口|门口|外|旁|厅|井)|里[面头边]|轿厢|梯里)"
            f"|(?:电梯|電梯|轿厢|梯)[^，。,.!！?？\n]{{0,8}}(?:[卡困关關夹憋]着|[卡困关關憋]住了?|困了){_IN_A_LIFT}"
            "|困(?:了|着)?(?:我们?|人|孩子|老人|他们?|她们?|俩)?(?:快|将近|整整|有)?(?:[0-9]{1,3}|半"
            "|[一两二三四五六七八九十几好]{1,2})个?多?(?:分钟|小时|钟头)"
            f"|(?:在里面|电梯里|{_SOMEBODY}|他们?|她们?)(?:们|都|也|还|就|现在|根本|一直){{0,3}}出不[来去]"
            f"|(?:{_SOMEBODY}|被)[^，。,.\n]{{0,3}}反?锁在(?!门外|外面|屋外)",
            r"trapped|stuck (?:inside )?(?:in|inside) (?:[a-z]+ ){0,2}(?:lift|elevator)|locked in (?:the )?(?:lift|elevator)"
            r"|(?:lift|elevator)(?: [a-z0-9']+){0,6} (?:stuck|stops?|stopped|jammed|broken?|stalled|hanging|halted)"
            rf"(?: [a-z]+){{0,4}} with (?:[a-z0-9]+ ){{0,4}}?(?:{_YOUNG_OR_OLD}|us|me|him|her|them|someone|somebody|family)"
            r" (?:still |stuck )?(?:in it|in there|inside|on board)"
            rf"|{_YOUNG_OR_OLD} (?:[a-z]+ ){{0,3}}(?:inside|in) (?:a|the|that|our|your) (?:stuck|jammed|stalled|stopped|broken)"
            r" (?:lift|elevator)"
            r"|(?:i|we|he|she|they|people|child(?:ren)?|mother|father) (?:am |are |is |was |were |have been |has been )?stuck"
            r" (?:inside|between (?:the )?(?:floors|levels))"
            r"|(?:i|we|he|she|they) (?:can't|cannot|can not) get out(?! of (?!the (?:lift|elevator|building|flat|room)))",
        ),
        "collapse": _Danger(
            (FIRE,),
            "(?:天花板|吊顶|屋顶|房顶|楼板|石膏板|阳台)(?:刚刚?|突然|忽然|整[块个]|一[大整]?块|大面积|全|都|也){0,4}(?:掉|砸"
            "|垮)了?下来"
            "|坍塌|倒塌|塌了|塌下来|要塌|垮塌|塌方|坠楼|坠落|(?:高空|楼上)[^，。,.\n]{0,4}掉下来?[^，。,.\n]{0,6}砸|溺水"
            "|掉(?:进|到)?水里",
            r"(?:ceiling|roof|wall|balcony|staircase|canopy)(?: (?:has|have|is|just|suddenly|all|partly|half|nearly all)){0,3}"
            r" (?:c(?:a|o)me down|coming down|(?:fell|fallen|falling) (?:down|in|on|through)|crashed (?:down|in|on)|g(?:a"
            r"|i)ven? way|giving way)"
            r"|collaps(?:ed|ing)|caved in|about to collapse|fell from (?:the )?(?:roof|balcony|window)|drown(?:ing|ed)",
        ),
        "injury": _Danger(
            (AMBULANCE,),
            "受伤|受傷|骨折|流血|出血|昏迷|昏倒|晕倒|暈倒|晕过去|不省人事|没有?呼吸|心脏病发|心梗|抽搐|砸(?:伤|到人|中人)|烫伤"
            "|[烧摔夹咬割划扎刺撞擦扭压磕碰跌弄炸电挤轧]伤(?!心)|食物中毒|救命"
            "|出人命|[摔砸烧压撞淹炸]死|死了?(?:好几|[0-9一两二三四五六七八九十几])+个?人|有人死|死了人|(?:有"
            "|发现)[^，。,.\n]{0,2}死人"
            "|摔了(?:一|个|下|很|几)|摔断|(?<![会能])(?:摔倒|滑倒|绊倒|跌倒|摔下|跌下)|[滑跌]了(?:一跤|一下)|(?:滚|摔)下楼"
            f"|伤(?:到|着)了?(?:{_SOMEBODY}|{_LIMB})|伤了(?:一个|两个|个|我家|他家|我们?)?(?:孩子|小孩|老人|宝宝|儿子|女儿|奶奶|爷爷)(?!的?心|感情)|(?<![龙接桌椅墙门灯弯管柜床]){_LIMB}(?:[都也被给摔磕碰划撞擦蹭刮抓打]){{0,3}}(?:破了|肿了|断了|伤了)"
            f"|[砸夹撞咬](?:到|中|了|住|着)了?(?:{_SOMEBODY}|{_LIMB})"
            "|磕破|头破血流|被[^，。,.\n]{0,6}(?:[砸撞咬][到了中住]|夹(?:[到中住]|了(?![，,])))|(?:叫|送"
            "|打)[^，。,.\n]{0,3}救护车",
            r"injured|injury|bleeding|broken (?:leg|arm|bone)s?|unconscious|faint(?:ed|ing)|passed out|not breathing"
            r"|can(?:no|')?t breathe|heart attack|seizure|badly hurt|concussion|an? ambulance"
            rf"|(?:hurt|broke|cut|injured|burn(?:ed|t)|scalded|sprained|twisted|banged|hit|crushed|bit)"
            rf" {_HERS} (?:[a-z]+ )?{_BODY}"
            r"|hurt (?:him|her|my)self|(?:bit|bitten by|attacked by) (?:me|him|her|a dog|the dog"
            r"|(?:my|his|her|our) (?:son|daughter|child))"
            r"|(?<!could )(?<!might )(?<!may )(?<!would )(?<!will )(?<!can )(?<!to )(?<!nearly )(?<!almost )(?<!could have )"
            r"(?<!might have )(?<!would have )(?<!may have )"
            r"(?:hurt|injured|crushed|struck|scalded|knocked (?:down|over)|ran over)"
            rf" (?:an?|the|my|our|his|her|their|your|two|three|some|several) (?:[a-z]+ ){{0,2}}?{_YOUNG_OR_OLD}(?!'s? |s' )"
            rf"|{_WHO} (?:(?:got|was|were|is|are) )?hurt"
            rf"|{_WHO} (?:fell(?! asleep| behind| for| in love| ill| out| short| through| silent| apart)"
            r"|(?:have|has) fallen|(?:slipped|tripped)(?! my)|(?:had|took) a (?:[a-z]+ )?fall)"
            rf"|slipped (?:and|on|over)|(?:fell|landed|dropped) (?:right )?on"
            rf" (?:{_HERS} {_BODY}|a child|(?:my|his|her) (?:son|daughter))",
        ),
        "lift": _Danger(
            (FIRE,),
            "(?:电梯|電梯|轿厢)[^，。,.!！?？\n]{0,8}(?:下坠|急坠|坠[了下]|急降|急速下|蹲底|冲顶|自由落体|往下[掉坠冲滑]"
            "|突然[^，。,.!！?？\n]{0,3}(?:下[降沉滑]|掉)|[掉滑落]了?(?:[0-9]{1,2}|[一两二三四五六七八九十几]{1,2})(?:层|楼)"
            "|从[0-9一二三四五六七八九十]{1,3}[楼层][^，。,.!！?？\n]{0,4}[掉坠滑冲落]到?)",
            r"(?:lift|elevator)(?: (?:in|of|at|on|the|our|tower|block|building|number|car|suddenly|again|has|\w{1,2}\d*)){0,8}"
            r" (?:drop(?:ped|s)(?! (?:in|off|out)\b)|plunged|plummeted|free[- ]?f[ea]ll\w*"
            r"|fell (?:[a-z0-9]+ ){0,2}(?:floors?|stor\w+|levels?))",
        ),
        "threat": _Danger(
            (POLICE,),
            "(?:拿|持|举)着?(?:刀|菜刀|水果刀|枪|斧)[^，。,.\n]{0,2}|砍人|砍(?:死|伤)|捅(?:人|死|伤)|杀人|杀了|要杀|打死"
            "|弄死|绑架"
            "|抢劫|打伤"
            "|(?:有人|有个人|陌生人|陌生男|小偷|贼)[^，。,.!！?？\n]{0,4}(?:在|想|要|试图|企图)[^，。,.!！?？\n]{0,3}(?:撬"
            "|闯|砸|破)[^，。,.!！?？\n]{0,4}(?:门|锁|窗|进|入|我家)",
            r"(?:with|has|had|pulled|holding) a (?:knife|gun)|kill (?:me|him|her|us|you|them)|stabb(?:ed|ing)|kidnapp\w*"
            r"|(?:trying|attempting) to (?:break|force|smash|kick) (?:in|into|down|open|through|my|our|the (?:door|lock"
            r"|window))"
            r"|(?:burglars?|intruders?) (?:is |are )?(?:in|inside|at|trying|outside)"
            r"|robbery|beaten up|attacked (?:me|us|him|her)|threat\w* to kill",
        ),
        "violence": _Danger(
            (POLICE,),
            "打人(?!工|民|情|家|数|生|物|气|力|的)|殴打|围殴|群殴|毒打|暴打|挨(?:了)?(?:打|揍)|打起来了|打了起来|拳打|脚踢"
            "|动手(?:就|要|还|都|把|又)?(?:打|推|扇|踢)|把人(?:给)?打"
            f"|(?:扇|打|抽|挨|甩)了?{_VICTIM}?(?:一个?|两个?|几个?|好几个?)(?:耳光|巴掌|嘴巴)"
            f"|(?:推|搡|踢|踹|捶|打|揍|揪|撞|拽|掐|抓)了{_VICTIM}(?:一个?|[两几好]{{1,2}})(?:[下把脚拳顿掌跟]|趔趄)"
            "(?!价|折|分|电话|门|铃|招呼|文件|手续|流程|时间|日期)"
            f"|(?:推倒|打伤|打倒|揍|掐住|踹倒)了?{_VICTIM}|把{_VICTIM}(?:给|一把|当场|直接)?"
            "(?:推[倒到在了]|打[倒了伤到得在进哭](?!发|印|断)|揍|踹|踢[倒伤]|按[倒在]|摔[倒在]|掐)"
            "|被[^，。,.!！?？\\n]{0,8}?(?:打[了伤得倒哭](?!折|电话|分|断|发|回|[0-9一两几]{1,2}[折分]"
            "|[^，。,.\\n]{0,4}(?:电话|折|差评|低分|标|招呼))|[殴揍踹踢](?:了|打|得|伤|倒)|推倒(?!的(?:那|事))|推搡"
            "|推了一[把下]|扇了?(?:耳光|巴掌|一)|打(?=[，。,.!！?？\\s]|$))"
            "|(?<![让叫请给要等催])(?:保安|门卫|物业|工作人员|管家|员工|师傅|经理|队长|邻居|有人|他们?|她们?)"
            f"(?:还|又|要|在|就|上来就|竟然|居然)?打了?{_VICTIM}(?:了|啊|啦|呢)?(?=[，。,.!！?？\\s]|$)",
            r"(?:physically|violently) (?:attacked|abused|assaulted|pushed|shoved)"
            r"|(?<!almost )(?<!nearly )(?<!could )(?<!might )(?<!would )(?<!to )(?:hit|hitting"
            r"|punch(?:ed|es|ing)|slap(?:ped|s|ping)|kick(?:ed|s|ing)|push(?:ed|es|ing)|shov(?:ed|es|ing)|beat|beating"
            r"|chok(?:ed|es|ing)|grabb(?:ed|ing)|struck"
            rf"|assault(?:ed|ing)) (?:me|him|us|them|her|{_HERS} {_YOUNG_OR_OLD}|(?:an?|the|another) {_YOUNG_OR_OLD})"
            r"(?= *(?:$|[,.!;]|(?:and|twice|again|over|down|so|because|when|while|yesterday|today|tonight|this morning"
            r"|last night|outside|in the (?:face|head|chest|back|stomach|ribs?|lobby|lift|hall|corridor|car park)|against"
            r"|on the (?:head|face|arm|back|chest|shoulder|ground|floor)|to the (?:ground|floor)"
            r"|by the (?:arm|neck|throat|collar|hair)|at the (?:gate|door|entrance|lobby|desk|car park)"
            r"|with (?:his|her|a (?:stick|baton|fist|bat|torch|broom|chair)))\b))"
            r"|(?:was|were|got|been|being|getting) (?:beaten(?! to)|punched|slapped|kicked|shoved|assaulted)"
            r"(?! (?:out|off|by the price))"
            r"|(?:guards?|security|staff|manager|porter|doorman) (?:is |are |just |has |have )?(?:beat(?:ing|en|s)?"
            r"|punch\w*|slapp\w*|assault\w*|hitting|kicking) (?:up )?(?:people|someone|somebody|residents?|tenants?"
            r"|an? (?:resident|tenant|owner|woman|man))",
        ),
        "suicide": _Danger(
            (POLICE, AMBULANCE),
            "自杀|自殺|跳楼|跳樓|不想活|轻生|割腕|活不下去",
            r"suicide|suicidal|kill (?:myself|himself|herself)|jump(?:ing)? (?:off|from) (?:the |a )?"
            r"(?:roof|building|balcony|window)|end my life",
        ),
    }
)

CHINESE: Final = "|".join(danger.zh for danger in DANGERS.values())
ENGLISH: Final = "|".join(danger.en for danger in DANGERS.values())
"""All the table's words; of English ones, what stands between two word ends."""

_PATTERNS = {name: regex(rf"{each.zh}|\b(?:{each.en})(?!\w)", re.ASCII) for name, each in DANGERS.items()}

# Things that only have such a word in their name, and figures of speech.
_NAMED = regex(
    "消防(?:演[练习]|演練|培训|讲座|知识|宣传|检查|栓|门|器材|设施|水带)|火灾(?:演[练习]|险|保险|报警器|警报器|探测器|隐患)"
    "|(?:烟雾|煤气|燃气|漏电)(?!(?:报警器?|探测器)(?:[都也又在老就正刚]|一直|突然|不停地?|狂){0,3}(?:响|叫))(?:报警器|报警"
    "|探测器|保护器?|保护开关|开关)|防(?:火|坠落|漏电|触电)\\w?|大火锅|大火爆|演练|演习|模拟"
    "|(?:煤气|燃气|天然气)(?:费|卡|表|公司|账单|缴费|充值|热水器|灶|管道改造)|坠落(?:物|险)|跳楼(?:价|大甩卖|清仓|甩卖)"
    "|受伤的心"
    "|信息爆炸|知识爆炸|爆炸(?:性|头|新闻)|(?:人气|流量|订单|电话)爆炸|(?<!呼吸)(?<!呼吸很)(?<!呼吸有点)困难|困扰|困惑|犯困|咬伤疫苗"
    "|[热累忙气急烦饿冷吵笑闷臭困憋渴]死"
    "|死人脸|(?:不|非要?|等到?|难道要?)闹?出人命|(?:自尊心?|感情)受伤|嗓子冒烟|忙得冒烟|气得冒烟|杀了?价|大出血|打死(?:也"
    "|都)?不|自燃险"
    "|(?:电焊|焊接|打磨)[^，。,.\n]{0,4}火花"
    "|被[^，。,.\n]{0,6}(?:电话|消息|广告|短信|投诉)[^，。,.\n]{0,2}淹没?"
    r"|fire (?:drill|door|alarm test|extinguisher|escape|exit|safety|station|insurance|inspection|hydrant|hose|code|fighter)\w*"
    r"|gas (?:bill|meter|station|company|stove|card|payment|price)s?|smoke (?:detector|alarm)s?"
    r"|(?:personal )?injury (?:law\w*|claim)"
    r"|kill(?:s|ing)? time|suicide prevention"
    r"|heart attack (?:price|bill)|stock prices? collaps\w*|collapsible|price\w* exploded"
    r"|bills? exploded|sales? (?:is |are )?on fire"
    r"|business is on fire|team is on fire|hair trapped|money (?:is )?trapped"
    r"|trapped in (?:a|this|the) contract|water (?:is )?trapped"
    r"|flood(?:ed|ing) (?:with|by) [a-z]+|flood (?:insurance|light|door|barrier)s?|feelings (?:were |are |got )?hurt"
    r"|hurt by (?:your|the|his|her|their) (?:words?|tone|attitude|reply|answer|comments?|email)"
    r"|tripped (?:the|a|again$)"
    r"|scented flames?|(?:old )?flames of love|fire pit|a fire (?:drill|door|extinguisher|exit|alarm test|escape|hydrant)",
    re.ASCII,
)
# Where vermin is told of, it is what is to be killed; whoever is to be killed as well is named.
_PESTS = regex(
    "虫|蟑螂|小强|老鼠|鼠|蚊|苍蝇|蚂蚁|白蚁|跳蚤|蜂"
    r"|\b(?:cock)?roach(?:es)?\b|\b(?:rats?|mice|mouse|(?:bed ?)?bugs?|ants?|termites?|fleas?|wasps?|hornets?|bees?"
    r"|mosquito(?:e?s)?|fl(?:y|ies)|spiders?|insects?|pests?)\b",
    re.ASCII,
)
_KILLED = regex(
    "(?:[要想会来能]杀|杀了|[打弄]死了?)(?!了?(?:[你我他她您咱人]|保安|物业|经理|邻居|狗|猫))"
    r"|(?<!i'll )(?<!ill )(?<!will )(?<!gonna )(?<!gunna )(?<!going to )\bkill (?:them|it)\b"
    r"|\b(?:wasp|hornet|bee|rat|mosquito|bug|ant|flea|spider|insect)e?s?\b(?: [a-z']+){0,3}? attack(?:ed|s|ing)?\b"
    r"|\battacked by (?:[a-z]+ ){0,3}?(?:wasp|hornet|bee|rat|mosquito|bug|ant|flea|spider|insect)e?s?\b",
    re.ASCII,
)
# In the same clause, before the word: it did not happen, not now, or is only thought of.
_UNREAL = regex(
    "没(?:有)?(?:人|发生|出现|再|闻到|看到|任何)?$|(?:并未|未|并没有|(?<!是)不是|不会|不再|无|无人|非|不曾|从未|从来没"
    "|没有再|没有人|也没|沒有)(?:发生|出现|人|再)?$"
    "|(?:去年|前年|上个月|上月|年前|以前|之前|曾经|上次|当年|历史上|小时候)(?![^，。,.\n]*(?:现在|刚|正|又|今天|目前))"
    "|如果|万一|假如|要是|若是|倘若|会不会|以防|防止|避免|预防|杜绝|以免|免得|容易|怎么防|担心|害怕|怕|(?:会|能|易)(?:引起"
    "|引发|导致)|可能会|存在|隐患"
    "|差点|险些|差一点|迟早|早晚[会要得]|[两几多0-9一二三四五六七八九十]个月前"
    "|新闻|电影|电视剧|小说|游戏"
    r"|\b(?:no|not|never|without|isn't|wasn't|aren't|weren't|didn't|nobody|no one|none|don't|doesn't|hasn't|haven't)\b"
    r"(?: (?:a|an|any|the|been|being|was|is|were|are|signs?|of|one|real|strong|get|getting|people|person)\b){0,4} ?$"
    r"|\b(?:(?:last (?:year|month|week)|previously|used to|in the past)\b(?!.*\b(?:now|again|today)\b)|if|in case"
    r"|prevent\w*|avoid\w*"
    r"|what happens|afraid of|worried about|could cause|might cause|may cause|risk of"
    r"|movie|film|novel|news about|game|course|training)\b",
    re.ASCII,
)
_ASKED = regex(  # behind the word, or by how the clause begins
    r"^[^，。,.!\n]{0,6}(?:吗|么|嘛|怎么办|怎么处理)\s*[?？]|^[^，。,.!\n]{0,3}(?:吗|没有[?？])|^(?:的|了)?(?:电影|风险|隐患"
    r"|可能|危险|怎么办|保险|预案|概率|事故怎么)"
    r"|^ (?:risk|hazard|policy|procedure|drill|prevention|safety|insurance|last (?:year|month|week)|years? ago|months? ago)\b",
    re.ASCII,
)
_ASKING = regex(r"^\s*(?:is|are|was|were|do|does|did|has|have|what|when|where|how|who|which)\b")
_CLAUSE = regex(r"[^，。！；,.!;\n?？]*[，。！；,.!;\n?？]?")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. words: as they were said; calls: the services to call first, by their numbers in China
    (`emergency`), the most urgent first; kinds:
    of danger, by the names in DANGERS; threatens: nothing but what the speaker would do to others."""

    words: tuple[str, ...]
    calls: tuple[str, ...]
    kinds: frozenset[str] = frozenset()
    threatens: bool = False


@lru_cache(maxsize=256)
def danger(text: str) -> Found | None:
    """Return the words of danger in what a customer said, None where there are none. Linear in the length of the text."""
    words: dict[str, None] = {}
    calls: dict[str, None] = {}
    kinds: set[str] = set()
    clauses = _happening(folded := _folded(text))
    over = plights.is_history(folded)
    whole = "".join(clauses)
    patterns = [(name, pattern) for name, pattern in _PATTERNS.items() if may_find(pattern, whole)]
    for clause in clauses:
        for name, pattern in patterns:
            if name == "trapped" and over:
                continue
            for said in _real(clause, pattern):
                words[said] = None
                kinds.add(name)
                calls |= dict.fromkeys(DANGERS[name].calls)
    if breathed := list(_breathing(clauses)):
        words |= dict.fromkeys(breathed)
        kinds.add("gas")
        calls |= dict.fromkeys((FIRE, AMBULANCE))
    for name, said in (*plights.told(clauses, _real), *(() if over else violence.told(clauses))):
        words[said] = None
        kinds.add(name)
        calls |= dict.fromkeys(DANGERS[name].calls)
    order = (FIRE, POLICE, AMBULANCE)
    if not words:
        return None
    threatens = kinds <= {"threat", "violence"} and violence.is_their_own(
        folded, [clause for clause in clauses if any(said in clause for said in words)]
    )
    return Found(tuple(words), tuple(number for number in order if number in calls), frozenset(kinds), threatens)


def lift_may_hold(text: str) -> bool:
    """Say whether a customer tells of a lift that stands still, and not whether anybody is in it."""
    return plights.may_hold(_folded(text))


def _happening(folded: str) -> list[str]:
    """Return the clauses that tell of what happens: no questions, and without what only has such a word in its name."""
    named = _NAMED.sub("~", folded)
    clauses: list[str] = _CLAUSE.findall(_KILLED.sub("~", named) if _PESTS.search(named) else named)
    return [each for each in clauses if not (each.endswith("?") and _ASKING.match(each))]


def _real(clause: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """Yield the words of a clause that a pattern finds and that are neither denied, past, feared nor asked."""
    for hit in pattern.finditer(clause):
        if not _UNREAL.search(clause, 0, hit.start()) and not _ASKED.match(clause[hit.end() :]):
            yield hit[0].strip()


# Who feels so where something smells, or burns gas, may be breathing it: what neither half says alone.
_SICK = regex(
    "头[晕昏]|(?<![真们度])(?<!让人)恶心|想吐|呕吐|胸闷|喘不[过上]气|呼吸困难|[浑全]身(?:发软|没劲|无力)"
    r"|\b(?:dizz(?:y|iness)|light-?headed|nause(?:a|ous|ated)"
    r"|(?:feel|feels|feeling|felt) (?:very |really |so )?(?:sick|faint|ill)"
    r"|throwing up|vomiting|passing out)\b",
    re.ASCII,
)
_ACHES = regex(r"头[疼痛]|\bheadaches?\b", re.ASCII)
_FUMES = regex(
    "[怪异臭]味|刺鼻|臭鸡蛋|味道?(?:不对|怪|很怪|奇怪)"
    "|(?:煤气|燃气|天然气)(?![费表卡公账价缴改])"
    r"|\b(?:(?:weird|strange|funny|odd|bad|rotten egg|eggy|chemical) (?:smell|odou?r)|smell(?:s|ing)? (?:weird|strange|funny"
    r"|odd|bad|like (?:rotten )?eggs?|of (?:rotten )?eggs?)|fumes)\b",
    re.ASCII,
)
_BURNS = regex(
    r"热水器|壁挂炉|燃气灶|煤气灶|锅炉|炭火|烧炭"
    r"|\b(?:boilers?|water heaters?|gas (?:stove|cooker|fire|heater)|furnace|charcoal)\b",
    re.ASCII,
)
_OTHERWISE = regex(  # what makes people feel so, and is no gas
    "油漆|漆味|装修|涂料|甲醛|垃圾|下水|厕所|粪|烟味|油烟|二手烟|香水|[吵噪]|账单|缴费|价格"
    r"|\b(?:paint\w*|varnish|sewage|drains?|rubbish|garbage|bins?|cigarettes?|smokers?|smoking|perfume|nois[ey]\w*|loud|bills?|prices?"
    r"|renovat\w*|lift|elevator)\b|电梯",
    re.ASCII,
)


def _breathing(clauses: list[str]) -> Iterator[str]:
    """Yield the words of somebody who feels sick where it smells of something, or where gas is burned."""
    whole = "".join(clauses)
    if not (may_find(_SICK, whole) or may_find(_ACHES, whole)) or any(_OTHERWISE.search(clause) for clause in clauses):
        return
    sick, aches, fumes, burns = (
        next((said for clause in clauses for said in _real(clause, pattern)), "")
        for pattern in (_SICK, _ACHES, _FUMES, _BURNS)
    )
    if sick and (fumes or burns):
        yield from (sick, fumes or burns)
    elif aches and fumes:
        yield from (aches, fumes)


_FLOODING = regex(
    "爆管|(?:水管|暖气|管道?|管子|阀门|阀|龙头|软管|水箱)[^，。,.!！?？\\n]{0,5}"
    "(?:爆(?:了|开|裂|掉)|崩(?:了|开)|断开?了)|(?:水|污水)[^，。,.!！?？\\n]{0,4}(?:狂喷|喷出|直喷|喷涌|涌出)"
    "|(?:水|污水|粪水)[^，。,.!！?？\\n]{0,4}[漫流涌灌淹漏][到进过满][^，。,.!！?？\\n]{0,3}(?:客厅|卧室|家里|屋|房|一地"
    "|地板上|楼道|电梯|车库)"
    "|(?:家|屋|客厅|卧室|地下室|房间|车库|厨房|房子|电梯井)(?:里|都|全|快要?|已经)*(?:被水?)?淹|水漫金山|倒灌"
    r"|\b(?:burst(?:ing)? (?:water )?(?:pipe|main)s?|(?:pipe|main|hose|radiator|boiler|tank|valve)s?"
    r"(?: (?!not|never|could|might)[a-z]+){0,3} burst"
    r"|flood(?:ed|ing)(?! lights?)|water (?:is )?(?:pouring|gushing|rushing|spraying|streaming|cascading)|ankle[- ]deep)\b",
    re.ASCII,
)
"""Water that floods a home now: no danger to life by itself, and no matter for the morning."""


# ── what else makes a matter grave ────────────────────────────────────────────────────────────────────────────────────

HOTLINES: Final = (
    r"(?<![0-9a-z#.\-/])(?:12345|12315|12363|12378|12388)(?![0-9a-z]|[.\-/][0-9]"
    r"|\s?(?:元|块|度|平米|平方|吨|米|步|[号栋幢](?!热线|线)|rmb|yuan|kwh))"
)
"""Numbers of hotlines in folded text: not a number that only has one inside it, an amount or a car's plate."""

SUES: Final = (
    r"(?:\b(?:(?:will|shall|can|could|should|would|may|might|must|can'?t|cannot|i'?ll|we'?ll|they'?ll|i'?d|we'?d|they'?d)"
    r"(?: (?:really|just|definitely|probably|then|also|both|all|even|now|certainly|absolutely))?"
    r"|(?:going|want|wants|wanted|wanting|have|has|had|need|needs|got|about|ready|plan|plans|planning|intend|intending|threaten"
    r"|threatens|threatened|threatening|like|prepared|happy|right|able|decided|forced|willing|entitled|how|try|trying|not) to"
    r"|gonna|gotta|wanna|i|we|they|dare) sue\b(?!['’]| (?:be|is|was|said|says|told|and|from|at|call|ring|come|phone|text|do"
    r"|get|send|help|see|have|has|had|check|tell|give|look|speak|talk|let|confirm|e-?mail|make|take|please)\b)"
    r"|\bsue (?:you|your|u|ur|them|him|this|that|these|everybody|everyone|for (?:damages|compensation|negligence|money|this|it)"
    r"|the (?:company|firm|clinic|practice|hospital|landlord|owner|council|school|hotel|shop|management|building|agent|agency"
    r"|lot|centre|center|property|developer|builder|station|restaurant|hell|pants|whole|bank|insurer|provider))\b)"
)
"""The verb in folded text; "Sue" alone, or before another name, is somebody's name."""

TOPICS: Final[Mapping[Topic, tuple[str, str]]] = MappingProxyType(
    {
        Topic.LAWSUIT_BEGUN: (
            "已经?(?:向法院|到法院|去法院|在法院)?(?:提?起诉|立案|提起(?:诉讼|仲裁)|申请(?:了)?仲裁|递交?(?:了)?诉状)"
            "|起诉(?:了|书已)"
            "|法院(?:已经?)?(?:受理|立案|传票)|(?:开庭|应诉)通知",
            r"(?:have|has|already|we've|i've) (?:already )?(?:sued|filed (?:a |the )?(?:law)?suit|taken you to court)"
            r"|filed (?:a |the )?(?:law)?suit|lawsuit (?:is|has been|was) (?:filed|under way)|court summons",
        ),
        Topic.PUBLISHED: (
            "已经?(?:被|在|向|给|发到?|上了?|登)?[^，。,.!！?？\n]{0,8}(?:曝光|报道|登报|上热搜|上电视)|(?:上了|冲上)(?:热搜"
            "|电视|新闻|报纸)"
            "|(?:发|传|曝光)(?:到|在|上)?(?:了)?(?:抖音|微博|小红书|朋友圈|网上|快手|公众号)(?:上)?了|(?:记者"
            "|电视台)(?:已经?)?来(?:采访)?过"
            "|(?:抖音|微博|小红书|网)上(?:已经?|都)(?:发|曝光|传)(?:出去)?了|被媒体曝光了",
            r"(?:is|was|has been|already) (?:all over|on|in) (?:the )?(?:news|tv|papers?|social media|twitter|facebook|tiktok)"
            r"|(?:have|has|already|i've|we've) (?:already )?posted (?:it|this|everything) (?:on|to)|went viral"
            r"|has been published",
        ),
        Topic.LAWSUIT: (
            "起诉|打官司|走法律(?:程序|途径)|法律途径|法律手段|诉诸法律|法庭见|法院见|上法院|去法院|到法院|告(?:到"
            "|上)法(?:院|庭)"
            "|(?:找|请|委托|咨询)(?:了|过|个|我的)?律师|律师函|(?:要|去)?告你们|申请仲裁|追究(?:你们)?(?:的)?法律责任",
            rf"{SUES}|\bsuing (?:you|your|the|them)"
            r"|take (?:you|this|it) to court|legal action"
            r"|small claims|(?:see|get|call|instruct|hire|speak to|talk to) (?:a |an |my |our )(?:solicitor|attorney)"
            r"|see you in court|my lawyer|our lawyer|a lawyer|my solicitor|my attorney|go to court|file (?:a )?lawsuit",
        ),
        Topic.EXPOSURE: (
            "曝光|爆光|找媒体|媒体(?:曝光|介入|来|见|记者)|联系媒体|通知媒体|叫媒体|给媒体|记者|电视台|(?:去|找|上|联系|到)报社|上电视|上新闻|登报|热搜|"
            "(?:发|传|放|挂|上)(?:到|在|上|去|个)?(?:抖音|微博|小红书|朋友圈|网上|快手|公众号|业主论坛|视频号|短视频)|网上见"
            "|公之于众",
            r"\b(?:journalists?|reporters?|newspapers?|tv stations?|the press|the media|go public|going public|go viral)\b"
            r"|\b(?:go(?:ing)? to|gonna|tell|call|ring|phone|contact|speak to|talk to|write to|call in|inform|alert)"
            r" (?:(?:tell|call|ring|contact) )?(?:the |a |our |your )?(?:local |daily )?"
            r"(?:papers?(?! (?:shop|towel|bin|round|boy|cup|bag)s?\b)|news(?: (?:desk|channel)s?)?|tv|television|telly"
            r"|bbc|itv|sky news)\b"
            r"|\bthe local (?:papers?|press|news)\b|expose (?:you|this|it)"
            r"|post (?:it|this|everything|about (?:it|this|you)) (?:on|to|online)|social media"
            r"|(?:put|stick|share|post|upload|go|be|end up|tell everyone)"
            r" (?:(?:it|this|everything|the video|you) )?(?:all )?(?:up )?"
            r"(?:over |on |to )(?:tiktok|twitter|facebook|instagram|youtube|weibo"
            r"|wechat|reddit|trustpilot|google reviews|the news|tv)\b",
        ),
        Topic.AUTHORITY: (
            f"{HOTLINES}|市长热线|市民热线|政务热线|信访|上访|住建(?:局|委)|房管局|消协|消费者协会|市监局|市场监管局|"
            "工商局|银保监|纪委|城管|举报(?:你们|到|给|电话)|向[^，。,.\n]{0,6}(?:部门|政府|局)(?:投诉|举报|反映)",
            r"\b(?:consumer (?:council|association|protection)|ombudsman|regulator|trading standards"
            r"|city hotline)\b"
            r"|\b(?:report|complain|go|going|write|writing|speak) (?:this |it |you |about you )?to (?:the |my )?(?:local )?"
            r"(?:council|mp\b|environmental health|housing (?:department|authority|ombudsman))"
            r"|report you to|complain to the (?:authorit|government|council|regulator)\w*",
        ),
        Topic.POLICE: (
            "报(?:了|过|个)?警(?!器|系统|装置|声|铃|电话|灯|信号|主机|按钮|探头)|派出所|叫警察|找警察|警察(?:来|已|都)|公安局"
            "|(?<!被)(?:砸|烧|炸|掀)了?(?:你们|物业)?的?(?:办公室|办公楼|前台|公司|物业|店面|门店|(?:服务"
            "|客服)中心)(?![费单漏坏门])"
            "|(?:弄|揍|打|砍|搞)(?:死|残|扁)你们?|(?:揍|打|收拾|教训)(?:你们一顿|你一顿|死你)",
            r"\bsmash (?:the place|your|(?:it|everything) (?:all )?up)|\bburn (?:your|the|this) (?:office|place|building) down"
            r"|\bbreak (?:your|his|her|their) (?:legs?|neck|face|jaw|arms?|windows)\b"
            r"|\bbeat (?:you|him|her|them|somebody|someone) up\b"
            r"|\b(?:call(?:ed|ing)?|report(?:ed)? (?:it |this )?to|go to|going to|went to) the police\b"
            r"|police (?:came|were called)",
        ),
        Topic.CROWD: (  # how many they are is a number apart
            "拉横幅|拉条幅|联名|联合(?:投诉|签名|起来|其他业主)|集体(?:投诉|维权|上访|签名|诉讼|反映|要求)|维权(?!电话|部)"
            "|业主(?:群)?(?:都|全|一起)"
            "|全体业主|(?:整|全)(?:栋|楼|小区|单元)(?:的)?(?:业主|住户|人|居民)",
            r"\b(?:petition|class action|banners?"
            r"|on behalf of (?:the |all |our |my ){0,2}(?:residents|tenants|owners|neighbou?rs)"
            r"|(?:whole|entire) (?:block|building|estate|tower|floor) (?:wants|is complaining|complains|is (?:angry|furious))"
            r"|all (?:the |of the |of us )?(?:residents|tenants|owners|neighbou?rs))\b",
        ),
        Topic.FRAIL: (
            "孕妇|残疾|轮椅|婴儿|宝宝|幼儿|小孩|孩子|老人|独居|八十多岁|九十多岁|病人|透析|卧床",
            r"\b(?:pregnant|disabled|wheelchair|baby|infants?|toddlers?|child(?:ren)?|elderly|bedridden|dialysis)\b",
        ),
    }
)
_TOPIC_PATTERNS = {topic: regex(f"{zh}|{en}", re.ASCII) for topic, (zh, en) in TOPICS.items()}
# What is said in the same clause before it: it did not happen and will not, or somebody else's words are told.
_DENIED = regex(
    "(?:不想|不会|不打算|不准备|没想|没有?(?:要|说|想)?|并非|(?<!是)不是(?:要|想)?|不用|不要(?!逼)|别(?!逼|怪)|不必|无意"
    "|不愿|不至于|取消"
    "|撤回|撤销|撤|放弃|未)[^就则再才我，。,.!！?？\n]{0,3}$"
    r"|\b(?:no|not|never|don't|do not|won't|wouldn't|didn't|haven't|without|cancel\w*|withdr[ae]w\w*)\b"
    r"(?: (?:to|want|wish|going|be|plan\w*|intend|like|need|any|an?|the|have|my|talk\w*|contact\w*|call\w*|think\w*)){0,4} $",
    re.ASCII,
)
_MERELY_NAMED = regex(
    "(?:律师|记者|法院|派出所|电视台|城管|住建局)(?:楼|路|站|大厦|小区|家属院|宿舍|公寓|附近|旁边|对面|门口)"
    "|(?:(?:12345|市长热线|市民热线|政务热线)(?:热线|的)?)?(?:车牌|牌照|工单|订单|单号|编号|卡号|房号|户号|表号|读数|合同|发票|尾号|后[四五]位|密码|[账帐]号|门牌|金额|余额|一共"
    "|总共|共计)"
    "[^，。,.!！?？\\n\\d打拨找向给去]{0,5}\\d+(?![\\d多]*(?:户(?!号)|[名位个](?:业主|住户|人)|人|家))"
    "|(?:车|[京津沪渝粤苏浙鲁川闽湘鄂豫皖赣冀晋陕辽吉黑桂云贵甘琼宁青藏新蒙])[a-z]?[ ·.-]?\\d{5}(?!\\d)"
    "|(?:抖音|微博|小红书)上(?:看|见|刷)|电视台(?:信号|频道)|朋友圈(?:广告|里看)|警察(?:叔叔)?很好|曝光(?:度|率)"
    r"|\b(?:plate|order|invoice|ref(?:erence)?|meter|room|flat|unit|account|card|ticket|case|receipt|contract|registration"
    r"|serial|code|pin)"
    r"(?: (?:no|number|plate|code|is|was|reads?|reading))*[.: #]*[a-z]{0,3}[ -]?\d+"
    r"|press (?:the )?(?:button|bell|key)|social media (?:ad|post of yours)"
    # Who handed a complaint down, as a colleague's words about it begin: no customer has gone to anybody since.
    r"|\A[^，。,.!！?？\n]{0,8}(?:12345|12315|市[长民]热线|政务热线|信访[局办]?|住建[局委]|房管局|城管局?|消协|市监局)"
    r"(?:市民热线|热线|平台|中心|那边)?(?:又|刚刚?|今天){0,2}"
    r"(?:(?:转|交|派|批)(?:来|过来|下来|办|给我|单)|的?(?:工单|单子|来[件函信])|来的?(?:[一张个份]{1,2})?[件单函])"
    r"|\A(?:the )?(?:city|12345|citizens'?) hotline (?:ticket|letter|case|complaint|form|sent|passed on)\b",
    re.ASCII,
)
_IN_WORDS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "three": 3, "four": 4, "five": 5, "six": 6, "half a dozen": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12, "a dozen": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
        "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "a score": 20, "dozens": 24, "two dozen": 24,
        "a few dozen": 24, "several dozen": 24, "thirty": 30, "three dozen": 36, "forty": 40, "scores": 40,
        "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "a hundred": 100, "one hundred": 100,
        "over a hundred": 100, "hundreds": 200,
    }
)  # fmt: skip
_COMPLAIN_TOO = r"(?:residents|tenants|owners|households|families|neighbou?rs|leaseholders|flats)"
_MANY = regex(
    rf"\b({'|'.join(sorted(_IN_WORDS, key=len, reverse=True))})(?: or (?:so|more))?"
    rf" (?:of us|(?:of )?(?:(?:the|our|my|other|local|angry) ){{0,2}}{_COMPLAIN_TOO})\b"
    rf"|(?<!\d)(\d{{1,4}})(?: or so| or more| other){{1,2}} (?:of us|{_COMPLAIN_TOO})\b"
    r"|(?:我们|共|有|涉及|影响|全部|整栋|周边|这里|至少|代表|联合)[^，。,.\n\d]{0,3}(\d{1,4})多?(?:户|名业主|位业主|个业主|家住户|个人)"
    r"|(?<!\d)(\d{1,4})多?(?:户|[名位个]?(?:业主|住户|居民|人))(?:业主|住户|居民|人家|邻居)?"
    r"(?:都|已经?|一起|一致|也|[ ])*(?:签|联名|联合|集体)"
    r"|(?<!\d)(\d{1,4}) (?:of us|residents|tenants|owners|households|families|neighbou?rs|leaseholders|signatures)\b"
    r"|\b(?:all|our|we are|we're|representing|behalf of) (?:the )?(\d{1,4}) (?:flats|apartments|homes|units)\b"
    r"|(?:我们|共|有)(好几十|几十|数十|上百|几百|[二三四五六七八九]?十|百)(?:几|多)?(?:户|个人|人|家|个业主)"
    r"|(?:我们|共|有)([二三四五六七八九]?十)[一二两三四五六七八九](?:户|个人|家|个业主)",
    re.ASCII,
)
_HURT = regex(
    r"(?<!\d)(\d{1,3})(?:个|名|位)?人?[^，。,.\n\d]{0,4}(?:受伤|伤了|骨折|被砸伤|被烫伤)"
    r"|(?<!\d)(\d{1,3}) (?:people |persons |children )?(?:were |are |got )?(?:injured|hurt)\b",
    re.ASCII,
)
_LOST = regex(
    r"(?:损失|赔偿?|亏|被骗|骗了?|损坏|泡坏)[^，。,.!\n\d]{0,8}(\d{1,9}(?:\.\d{1,2})?)\s*(万)?(?:多)?\s*(?:元|块|rmb|人民币|圆)"
    r"|(?:loss(?:es)? of|lost|damage of)\s*(?:rmb|cny|¥|￥)?\s*(\d{1,9})\b",
    re.ASCII,
)
_TENS: Final[Mapping[str, int]] = MappingProxyType(
    {
        each: 10 * (index + 1)
        for index, each in enumerate(("十", "二十", "三十", "四十", "五十", "六十", "七十", "八十", "九十"))
    }
    | {"几十": 20, "数十": 20, "好几十": 30, "上百": 100, "几百": 200, "百": 100}
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text says of how grave a matter is. topics: each with the words that say so; people, injured, loss (yuan): the
    largest number named, 0 for none.
    """

    topics: Mapping[Topic, str]
    people: int = 0
    injured: int = 0
    loss: int = 0


@lru_cache(maxsize=256)  # what is filed is heard for its danger and for its grade
def hear(text: str) -> Heard:
    """Return what a customer's words say of how grave it is. Linear in the length of the text."""
    folded = _MERELY_NAMED.sub("~", _folded(text))
    topics: dict[Topic, str] = {}
    if (found := danger(text)) is not None:
        topics[Topic.DANGER] = ", ".join(found.words)
    if (flood := next((said for clause in _happening(_folded(text)) for said in _real(clause, _FLOODING)), "")) != "":
        topics[Topic.FLOODING] = flood
    for topic, pattern in _TOPIC_PATTERNS.items():
        if pattern.search(folded) is None:
            continue  # most texts say nothing of the kind, and need not be cut up
        for clause in _CLAUSE.findall(folded):
            hit = pattern.search(clause)
            if hit is not None and topic not in topics and not _DENIED.search(clause, 0, hit.start()):
                topics[topic] = hit[0].strip()
    people = max((_people(n) for m in _MANY.finditer(folded) for n in m.groups() if n), default=0)
    injured = max((int(n) for m in _HURT.finditer(folded) for n in m.groups() if n), default=0)
    loss = max((_yuan(m) for m in _LOST.finditer(folded)), default=0)
    return Heard(topics, people, injured, loss)


def _people(number: str) -> int:
    return int(number) if number.isdigit() else _TENS.get(number) or _IN_WORDS[number]


def _yuan(found: re.Match[str]) -> int:
    return int(float(found[1] or found[3]) * (10_000 if found[2] else 1))


def says(text: str, words: tuple[str, ...]) -> str:
    """Return the first of some plain words that a text holds and does not deny; empty where it holds none."""
    folded = _folded(text)
    for word in words:
        at = folded.find(_folded(word))
        if at >= 0 and not _DENIED.search(folded, 0, at):
            return word
    return ""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:_READ]).casefold().replace("\u2019", "'")
