"""Violence that is threatened or under way, in whatever words: to kill, burn or blow up, with a weapon, against people.

`told` is asked of the clauses of one text. A threat on a condition is a threat, so "if" takes nothing from it; what is
denied, or happens in a film, is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from complaints.patterns import may_find, regex

_ANY = "[^，。,.!！?？；;\\n]"
_FEW = "[^，。,.!！?？；;\\n没沒不未别無无]"  # between two words of which a denial makes something else

# ── English ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_WOULD = (
    r"\b(?:(?:i|we|he|she|they)'?ll|(?:i|we|you|he|she|they|someone|somebody|man|guy|guest|neighbou?r|husband|wife|son|ex)"
    r" (?:will|shall)"
    r"|gonna|gunna|going to|about to|com(?:e|es|ing) to|wan(?:t|ts|ted) to|wanna|try(?:ing)? to|tr(?:ies|ied) to|ready to"
    r"|threat\w*(?: (?:me|us|him|her|them|to|staff|that|he|she|they|i|will|would|'?d)){1,4})"
    r"(?: (?!not|never|cannot|can't|won't)[a-z']+){0,4}?"
)
_SOMEONE = (
    r"(?:you|u|ya|y'?all|me|him|her|them|us|every ?(?:one|body)|some(?:one|body)|any(?:one|body)|people|guests|staff"
    r"|(?:the|your|you|that|this|my|our|his|her|their|a|an|all|every|some|one of|those|these|ur)"
    r"(?: [a-z]+){0,2}? (?:receptionists?|managers?|guards?|staff|porters?|cleaners?|concierge|chefs?|waiters?|waitress(?:es)?"
    r"|workers?|drivers?|agents?|people|guests?|residents?|tenants?|neighbou?rs?|man|men|guy|guys|woman|women|lady|boy|girl"
    r"|kids?|child(?:ren)?|son|daughter|wife|husband|mother|father|mum|mom|dad|family|boss|bosses|landlord|employees?|clerk"
    r"|team|security|doorman|maid|maids|housekeeper|technicians?|plumber|handler|ass|asses))"
)
_PLACE = (
    r"(?:hotel|hostel|place|house|home|flat|building|block|offices?|desk|lobby|reception|shop|store|restaurant|bar|resort"
    r"|rooms?|cars?|van|estate|tower|gate|company|hq|headquarters|apartments?|property|site|centre|center|school|garage)"
)
_OUR_PLACE = rf"(?:your|this|the|that|my|our|his|her|their|ur|whole|entire)(?: [a-z]+){{0,3}}? {_PLACE}"
_WEAPON = r"(?:knife|knives|machete|guns?|pistol|rifle|shotgun|axe|sword|crowbar|baseball bat|broken bottle)"
_GUY = (
    r"(?:he|she|they|someone|somebody|guy|man|men|woman|guest|bloke|dude|drunk|kid|boy|person|intruder|neighbou?r|husband"
    r"|ex|customer|tenant|resident)"
)

_THREATENS: Final = regex(
    rf"{_WOULD} (?:kill|murder|stab|strangle|behead|shoot|butcher|knife) {_SOMEONE}\b"
    r"(?! (?:(?:an?|the|some|over) )?(?:[a-z]+ )?(?:e-?mails?|mail|messages?|texts?|note|line|pm|dm|question|look|photo)\b)"
    rf"|{_WOULD} (?:slit|cut|slash) (?:your|his|her|their|ur)(?: [a-z]+){{0,2}}? throats?\b"
    rf"|{_WOULD} (?:burn|torch|bomb|firebomb|blow up|set fire to|set light to) (?:{_OUR_PLACE}|you|u|him|her|them|it all)\b"
    r"(?! (?:an?|the) (?:cd|dvd|disc|copy))"
    rf"|\bburn (?:{_OUR_PLACE}|it|this|everything|you|them)(?: (?:all|right|straight)){{0,2}} (?:down|to the ground|to ashes"
    r"|alive|to death)\b"
    rf"|\bburn down {_OUR_PLACE}\b"
    rf"|\bset(?:ting)? (?:fire|light) to (?!the (?:bbq|barbecue|grill|fireplace|candles?)\b)"
    rf"|\bset(?:ting)? (?:{_OUR_PLACE}|you|him|her|them|it|everything|myself) (?:alight|ablaze|on fire)\b"
    rf"|\bblow (?:{_OUR_PLACE}|it all|you|them|everyone) (?:all )?up\b"
    r"|\b(?:you|u)(?:'?re|r| are|'ll be| will be) (?:all )?dead(?: (?:man|men|meat))?(?= *(?:$|[,.!]))"
    rf"|\bwatch (?:you|it|him|her|your hotel|your {_PLACE})(?: all)? burn\b",
    re.ASCII,
)
_ARMED: Final = regex(
    rf"\bw(?:ith|/)? (?:an? |his |her |the )?(?:[a-z]+ )?{_WEAPON}\b(?! (?:and (?:a )?forks?|sharpener|set|block|rack|shop))"
    rf"|\b(?:waving|swinging|brandish\w*|wielding|carrying|pull(?:ed|ing|s)|drew|draws|point(?:ed|ing|s)|armed with|threatening"
    rf" (?:\w+ ){{1,3}}with) (?:an? |his |her |the |out |out a )?(?:[a-z]+ )?{_WEAPON}\b"
    rf"|\b{_GUY}(?:'?s|'?ve| has| have| had)? (?:got |has |have |with )?an? (?:[a-z]+ )?{_WEAPON}\b"
    r"|\b(?:there'?s|there is|have|has|got|planted|plant|planting|leave|left|put) (?:an? |the )"
    r"(?:real |big |pipe |car |petrol )?"
    r"bomb\b|\bbomb (?:threat|alert|in the)\b"
    r"|\bshots (?:were )?fired\b|(?<!like )(?<!like a )\bgun ?shots?\b"
    r"|\bshooting at (?!the (?:hoop|goal|target))|\bopened fire\b"
    r"|\b(?:active|mass) shooter\b|\b(?:taken|held|holding|taking) (?:\w+ ){0,3}hostages?\b",
    re.ASCII,
)
_ATTACKS: Final = regex(
    rf"\battack(?:s|ed|ing)? {_SOMEONE}\b|\b(?:being|was|were|been|got|getting|im|i'm|am) attacked\b"
    rf"|\b(?:murder|stabb|strangl|butcher|shoot|punch|kick)(?:ing|ed) {_SOMEONE}\b|\bbeating up {_SOMEONE}\b"
    r"|\bkill(?:ing|ed) (?:people|some(?:one|body)|him|her)\b|\b(?:is|are|keeps?|started|someone|guy|man) shooting(?= *(?:$"
    r"|[.!,]|outside|in the (?!film)))",
    re.ASCII,
)

# ── Chinese ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_THEM = "(?:你|您|他|她|它|咱)们?(?:全家|所有人|几个|这[群帮些伙]\\w{0,3})?"
_OF_US = (
    "(?:前台|保安|门卫|经理|管家|师傅|服务员|工作人员|员工|物业|客服|店员|收银员?|保洁|司机|队长|老板|主管|邻居|房东|业主|客人"
    "|老婆|老公|孩子|小孩|老人)"
)
_HOUSE = "(?:物业|酒店|宾馆|饭店|大?楼|办公[室楼]|房子?|家|店|门店|前台|大[堂厅]|公司|车|小区|地方|中心|商场|超市|学校)"
_THEIRS = f"(?:[你您他她]们?|物业|这|那|整|全)(?:[个栋座家间]|家)?的?(?:破|狗|鬼)?{_HOUSE}"
_GOES = "(?:要|去|来|就|会|敢|想|直接|真|非|早晚|迟早|扬言|威胁|准备|打算|信不信|一把火|放火|点火|今晚|今天|明天)"
_ONLY_CALLED = (  # "the pump burnt out, why does nobody come"
    f"(?!{_ANY}{{0,4}}(?:快|赶紧|赶快|怎么|都不|也不|还不|不管|不来|不修|没人|能不能|什么|派|为何|却|谁|必须|应该|来修|才|都在))"
)

_THREATENS_ZH: Final = regex(
    f"{_GOES}{_FEW}{{0,5}}?(?:烧[了死掉光]|烧毁){_THEM}{_ONLY_CALLED}(?!的?(?:水|饭|菜))"
    f"|(?:烧[了掉光]|烧毁|炸[了掉平]){_THEIRS}(?!的?(?:水|饭|菜|灯|电|空调|泵|线|设备|[一-龥]{{0,2}}机|鸡))"
    f"{_ONLY_CALLED}"
    "|点了[你他]们?的?(?:破|狗)?(?:物业|办公室|办公楼|大楼|房子?|前台|公司|小区|车)(?=$|[，。,.!！?？\\s])"
    f"|把(?:{_THEM}|{_THEIRS}|{_OF_US})(?:[都全给也]|一起|一块|统统){{0,2}}(?:[烧炸][了死掉光平]|点了)(?!餐|单|名|头)"
    "|一把火(?!锅)|放火(?![锅腿车药龙炬])|纵火|同归于尽|血洗|陪葬(?!品)"
    f"|{_GOES}{_FEW}{{0,5}}?炸(?:了|死|平|掉)?{_THEM}{_ONLY_CALLED}"
    f"|[放装埋有是扔]了?(?:个|颗|一个|一颗)?(?:定时)?炸[弹药](?!酒|价|游戏|头条)"
    f"|{_GOES}{_FEW}{{0,5}}?(?:砍|捅|剁|劈)了?(?:死|翻|伤)?(?:{_THEM}|{_OF_US})(?!的?(?:家|小区|楼|院|门|单元|种|价|树|草|费))"
    f"|(?:砍|捅|剁|宰|杀|弄死|做掉|干掉)了(?:{_THEM}|{_OF_US})(?!的?(?:家|小区|楼|院|门|单元|种|价|树|草|气|费))"
    f"|[要想会]杀(?:了|死)?(?:{_THEM}|{_OF_US}|我)(?!的?(?:价|气|虫|毒))"
    f"|(?:要|取|来拿)了?{_THEM}的?(?:狗|小|老)?命(?!令|案|名|苦)"
    f"|(?:跟|和|同|拉着?|拖着?){_THEM}(?:一起|一块儿?|同|垫背){_FEW}{{0,2}}死",
    re.ASCII,
)
_ARMED_ZH: Final = regex(
    "(?:带|提|拎|挥|抄|亮|掏|拔|揣|握|舞|持|拿|举)(?:着|出|了|起|舞着|动着?){0,2}(?:一?把|根)?(?:菜|水果|西瓜|砍|尖|长|大|小)?"
    "(?:刀(?![叉具片架板剪工头闸口鱼削豆])|匕首|斧头|斧子|枪(?![机版毙口]))"
    "|手[里上中](?:还|就|都|好像)?(?:有|拿|握|攥|是|拎|提)(?:着|把|一把){0,2}(?:菜|水果|砍|尖)?(?:刀(?!叉)|匕首|斧|枪)"
    "|动(?:了|起)?刀子?(?!叉)|捅刀子?|行凶|持械|持刀|持枪|劫持|挟持|枪击|开枪|枪声|人质",
    re.ASCII,
)
_ATTACKS_ZH: Final = regex(
    f"(?:有人|有个{_FEW}{{0,4}}|客人|男的|女的|男子|女子|醉汉|酒鬼|陌生人|一个人|两个人|他们?|她们?)(?:还|又|就|突然)?(?:正在|在|正)"
    f"(?:打(?![扫电理招包印卡折车饭水牌麻球喷鼾盹听气工]|人工)|砍|捅|追打|追砍|暴打|袭击|攻击|掐|踢|踹){_FEW}{{0,2}}?"
    f"(?:{_OF_US}|[我他她人](?!机|行|工|民|数))(?!的?(?:电话|手机|招呼|广告|主意))"
    f"|(?:袭击|砍杀|追杀|追砍)(?:{_THEM}|{_OF_US}|我们?|[路客住]?人|了)",
    re.ASCII,
)

# ── whose it is ──────────────────────────────────────────────────────────────────────────────────────────────────────

_BETWEEN = "[^，。,.!！?？；;\\n投诉报被看见求请让怕保员理]"
_I_WOULD: Final = regex(
    f"(?:我们?|老子|劳资|俺|本人)[今明后天晚早上马现在直接真的一定再都也还迟绝对次]{{0,5}}[要会想敢就来去]{_BETWEEN}{{0,8}}?"
    "(?:打人|(?:[杀砍捅剁劈宰揍烧炸]|弄死|打[死残伤]|放火|点了|同归于尽|做掉|干掉)(?![了死掉伤]{0,2}我))"
    "|(?:我|老子|劳资|俺|本人)[^，。,.!！?？；;\\n被]{0,4}?[带提拿拎]着?(?:把|菜|西瓜|砍){0,2}刀"
    "|(?:[杀砍捅]|弄死|打死|烧|炸)[了死掉光]{0,2}[你您]|把[你您][^，。,.!！?？；;\\n]{0,8}[烧炸砸]",
    re.ASCII,
)
_I_WOULD_EN: Final = regex(
    r"\b(?:(?:i'?ll|i will|i shall|i'?m (?:gonna|gunna|going to|about to|coming to)|im (?:gonna|gunna|going to|coming to)"
    r"|i am going to|i want to|i wanna|gonna)"
    r"(?: (?!call|ring|phone|tell|report|sue|be)[a-z']+){0,4}?"
    r" (?:kill|stab|shoot|murder|burn|bomb|torch|blow|behead|strangle|butcher|beat|punch|smash|set|slit)"
    r"|(?:kill|stab|shoot|murder|burn|bomb|torch|blow up) (?:you|your|ur|u))\b",
    re.ASCII,
)
_REPORTED: Final = regex(
    '[说喊骂吼嚷讲他她]|威胁|扬言|恐吓|发来|["“”‘’「」：:]|被'
    r"|\b(?:said|says?|saying|told|tells?|threat\w*|shout\w*|yell\w*|scream\w*|messag\w*|texted|wrote|writes|heard|afraid"
    r"|scared|sent|he|she|they|someone|somebody|guard|man|guy|neighbou?r|husband)\b",
    re.ASCII,
)


def is_their_own(text: str, clauses: Sequence[str]) -> bool:
    """Say whether all that clauses, folded, tell of violence is what the speaker would do, and nobody else's: of a whole text
    that tells of another's words or deeds it is not, for in doubt somebody is in danger who has to be told whom to call.
    """
    if _REPORTED.search(text) is not None:
        return False
    return all(_I_WOULD.search(each) is not None or _I_WOULD_EN.search(each) is not None for each in clauses)


# ── what is none ──────────────────────────────────────────────────────────────────────────────────────────────────────

_DENIED: Final = regex(
    r"(?:不会|不想|不敢|不是|没有?|没说|从没|绝不|不可能|别|不要|未|假装|恨不得(?:想)?)[^，。,.]{0,3}$|不$"
    r"|\b(?:not|never|without|don'?t|won'?t|wouldn'?t|didn'?t|isn'?t|aren'?t|no)(?: [a-z']+){0,3} ?$"
    r"|\b(?:no ?one|nobody)(?: (?:is|will|would|was))? ?$|\b(?:nearly|almost|(?:could|might|would)(?: have| of|'?ve)?) ?$",
    re.ASCII,
)
_ON_A_SCREEN: Final = regex(
    r"电影|电视剧?|小说|游戏|剧本杀|表演|话剧|演习|演练|新闻|玩具|\b(?:movies?|films?|novel|games?|tv|series|play ?station"
    r"|theatre|toys?|water pistol|nerf|drill|laser tag|paintball|escape room"
    r"|butter knife|(?:glue|nail|heat|price|spray|massage|staple|radar|caulking|water) gun)\b",
    re.ASCII,
)
_NO_ASSAULT: Final = regex(
    r"\b(?:verbal\w*|online|in (?:the |his |her )?(?:reviews?|emails?)|on (?:facebook|twitter|social)|wasps?|bees?|mosquito\w*"
    r"|(?:sea)?gulls?|pigeons?|birds?|bugs?|fleas|ants|midges|flies|heart attack|panic attack|bill|price\w*|smell"
    r"|noise|heat|wifi)\b"
    r"|嘴|言语|语言|网上|评论|马蜂|蜜蜂|蚊|虫|[打在]游戏",
    re.ASCII,
)


_THREATS: Final = (_THREATENS, _THREATENS_ZH, _ARMED, _ARMED_ZH)
_ASSAULTS: Final = (_ATTACKS, _ATTACKS_ZH)


def told(clauses: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the threats, weapons and attacks that clauses, folded, tell of, as (kind, words)."""
    whole = "".join(clauses)
    if not any(may_find(pattern, whole) for pattern in (*_THREATS, *_ASSAULTS)):
        return
    for clause in clauses:
        if _ON_A_SCREEN.search(clause) is not None:
            continue
        for pattern in _THREATS:
            if (said := _said(clause, pattern)) != "":
                yield "threat", said
        if _NO_ASSAULT.search(clause) is None:
            for pattern in _ASSAULTS:
                if (said := _said(clause, pattern)) != "":
                    yield "violence", said


def _said(clause: str, pattern: re.Pattern[str]) -> str:
    found = pattern.search(clause)
    return "" if found is None or _DENIED.search(clause, 0, found.start()) else found[0].strip()
