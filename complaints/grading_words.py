"""Words of danger: what in a customer's own words says that life or property is in danger now, and whom to call first.

`DANGERS` is the table. Words only propose a grade (R-041): what is denied, long past, feared or merely named (a fire drill, a
gas bill) is kept out as far as words show it; a person looks at the rest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

FIRE, POLICE, AMBULANCE = "119", "110", "120"
_READ = 4000  # characters of a text that are looked at


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
            "起火|(?<![不打点])着火|著火|失火|火灾|火災|大火|明火|火苗|烧起来|燒起來|烧着了|冒烟|冒煙|冒黑烟|冒白烟|浓烟|濃煙|爆炸|燃爆"
            "|自燃|烟雾弥漫",
            r"on fire|caught fire|catching fire|fire broke out|(?:a|big|huge) fire|fire(?=!)|fire in (?:the|our|my)"
            r"|house fire|burning down|in flames|flames|smoke (?:is )?(?:coming|pouring|billowing|everywhere)"
            r"|(?:full of|thick|black|heavy|lots of) smoke|smoking socket|explosion|exploded",
        ),
        "gas": _Danger(
            (FIRE,),
            "(?:煤气|煤氣|燃气|燃氣|天然气|液化气|瓦斯|沼气)[^，。,.!！?？;；\n]{0,4}?"
            "(?:泄漏|泄露|洩漏|中毒|爆炸|味|漏(?!水|接|电|報|报|抄|收|缴|交|算|登|写))"
            "|漏(?:煤|燃|天然)[气氣]|(?:闻到|聞到|闻见)[^，。,.\n]{0,6}(?:煤|燃|天然)[气氣]|一氧化碳中毒",
            r"gas (?:is )?leak\w*|leak\w* (?:of )?gas|smell(?:s|ing)? (?:of |like )?gas|gas smell"
            r"|(?:strong|terrible|heavy) (?:smell of )?gas|gas explosion|carbon monoxide",
        ),
        "live wire": _Danger(
            (FIRE, AMBULANCE),
            "漏电|漏電|触电|觸電|电线(?:掉|断|裸露|垂)[^，。,.\n]{0,8}|电死|被电(?:到|了|倒|击)",
            r"electric shock|electrocuted|live wires?|exposed wires?|sparks? (?:is |are )?(?:coming|flying)|sparking",
        ),
        "trapped": _Danger(
            (FIRE,),
            "(?<!不)被困(?!扰|惑|难)|困(?:了|着|住|有)?(?:[0-9]{1,3}|[一二两三四五六七八九十几好]{1,2})[个名位]"
            "|困人|困住|困在|关人|關人|(?:关|卡|關)在(?:电梯|電梯|里面|轿厢)",
            r"trapped|stuck (?:inside )?(?:in|inside) (?:the |a |our )?(?:lift|elevator)|locked in (?:the )?(?:lift|elevator)",
        ),
        "collapse": _Danger(
            (FIRE,),
            "坍塌|倒塌|塌了|塌下来|要塌|垮塌|塌方|坠楼|坠落|(?:高空|楼上)[^，。,.\n]{0,4}掉下来?[^，。,.\n]{0,6}砸|溺水|掉(?:进|到)?水里",
            r"collaps(?:ed|ing)|caved in|about to collapse|fell from (?:the )?(?:roof|balcony|window)|drown(?:ing|ed)",
        ),
        "injury": _Danger(
            (AMBULANCE,),
            "受伤|受傷|骨折|流血|出血|昏迷|昏倒|晕倒|暈倒|晕过去|不省人事|没有?呼吸|心脏病发|心梗|抽搐|砸(?:伤|到人|中人)|烫伤"
            "|烧伤|摔伤|夹伤|咬伤|割伤|死人|食物中毒|救命",
            r"injured|injury|bleeding|broken (?:leg|arm|bone)s?|unconscious|faint(?:ed|ing)|passed out|not breathing"
            r"|can(?:no|')?t breathe|heart attack|seizure|badly hurt",
        ),
        "threat": _Danger(
            (POLICE,),
            "(?:拿|持|举)着?(?:刀|菜刀|水果刀|枪|斧)[^，。,.\n]{0,2}|砍人|砍(?:死|伤)|捅(?:人|死|伤)|杀人|杀了|要杀|打死|弄死|绑架"
            "|抢劫|打伤",
            r"(?:with|has|had|pulled|holding) a (?:knife|gun)|kill (?:me|him|her|us|you|them)|stabb(?:ed|ing)|kidnapp\w*"
            r"|robbery|beaten up|attacked (?:me|us|him|her)|threat\w* to kill",
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

_PATTERNS = {name: re.compile(rf"{each.zh}|\b(?:{each.en})(?!\w)", re.ASCII) for name, each in DANGERS.items()}

# Things that only have such a word in their name, and figures of speech.
_NAMED = re.compile(
    "消防(?:演[练习]|演練|培训|讲座|知识|宣传|检查|栓|门|器材|设施|水带)|火灾(?:演[练习]|险|保险|报警器|警报器|探测器|隐患)"
    "|(?:烟雾|煤气|燃气|漏电)(?:报警器|报警|探测器|保护器?|保护开关|开关)|防(?:火|坠落|漏电|触电)\\w?|大火锅|大火爆|演练|演习|模拟"
    "|(?:煤气|燃气|天然气)(?:费|卡|表|公司|账单|缴费|充值|热水器|灶|管道改造)|坠落(?:物|险)|跳楼(?:价|大甩卖|清仓|甩卖)|受伤的心"
    "|信息爆炸|知识爆炸|爆炸(?:性|头|新闻)|(?:人气|流量|订单|电话)爆炸|困难|困扰|困惑|犯困|咬伤疫苗|(?:要|快|会|都)?(?:热|累|忙|气|急|烦|饿|冷|吵|笑)"
    "死人|死人脸|嗓子冒烟|忙得冒烟|气得冒烟|杀了?价|大出血|打死(?:也|都)?不|自燃险"
    r"|fire (?:drill|door|alarm test|extinguisher|escape|exit|safety|station|insurance|inspection|hydrant|hose|code|fighter)\w*"
    r"|gas (?:bill|meter|station|company|stove|card|payment|price)s?|smoke (?:detector|alarm)s?"
    r"|(?:personal )?injury (?:law\w*|claim)"
    r"|kill(?:s|ing)? time|suicide prevention"
    r"|heart attack (?:price|bill)|stock prices? collaps\w*|collapsible|price\w* exploded"
    r"|bills? exploded|sales? (?:is |are )?on fire"
    r"|business is on fire|team is on fire|hair trapped|money (?:is )?trapped"
    r"|trapped in (?:a|this|the) contract|water (?:is )?trapped"
    r"|scented flames?|(?:old )?flames of love|fire pit|a fire (?:drill|door|extinguisher|exit|alarm test|escape|hydrant)",
    re.ASCII,
)
# In the same clause, before the word: it did not happen, not now, or is only thought of.
_UNREAL = re.compile(
    "没(?:有)?(?:人|发生|出现|再|闻到|看到|任何)?$|(?:并未|未|并没有|(?<!是)不是|不会|不再|无|无人|非|不曾|从未|从来没|没有再|没有人|也没|沒有)(?:发生|出现|人|再)?$"
    "|(?:去年|前年|上个月|上月|年前|以前|之前|曾经|上次|当年|历史上|小时候)(?![^，。,.\n]*(?:现在|刚|正|又|今天|目前))"
    "|如果|万一|假如|要是|若是|倘若|会不会|以防|防止|避免|预防|杜绝|以免|免得|容易|怎么防|担心|害怕|怕|(?:会|能|易)(?:引起|引发|导致)|可能会|存在|隐患"
    "|新闻|电影|电视剧|小说|游戏"
    r"|\b(?:no|not|never|without|isn't|wasn't|aren't|weren't|didn't|nobody|no one|none|don't|doesn't|hasn't|haven't)\b"
    r"(?: (?:a|an|any|the|been|being|was|is|were|are|signs?|of|one|real|strong|get|getting|people|person)\b){0,4} ?$"
    r"|\b(?:(?:last (?:year|month|week)|previously|used to|in the past)\b(?!.*\b(?:now|again|today)\b)|if|in case"
    r"|prevent\w*|avoid\w*"
    r"|what happens|afraid of|worried about|could cause|might cause|may cause|risk of"
    r"|movie|film|novel|news about|game|course|training)\b",
    re.ASCII,
)
_ASKED = re.compile(  # behind the word, or by how the clause begins
    r"^[^，。,.!\n]{0,6}(?:吗|么|嘛|怎么办|怎么处理)\s*[?？]|^[^，。,.!\n]{0,3}(?:吗|没有[?？])|^(?:的|了)?(?:电影|风险|隐患|可能|危险|怎么办|保险|预案|概率|事故怎么)"
    r"|^ (?:risk|hazard|policy|procedure|drill|prevention|safety|insurance|last (?:year|month|week)|years? ago|months? ago)\b",
    re.ASCII,
)
_ASKING = re.compile(r"^\s*(?:is|are|was|were|do|does|did|has|have|what|when|where|how|who|which)\b")
_CLAUSE = re.compile(r"[^，。！；,.!;\n?？]*[，。！；,.!;\n?？]?")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. words: as they were said; calls: the emergency numbers to call first, the most urgent first."""

    words: tuple[str, ...]
    calls: tuple[str, ...]


def danger(text: str) -> Found | None:
    """Return the words of danger in what a customer said, None where there are none. Linear in the length of the text."""
    folded = unicodedata.normalize("NFKC", text[:_READ]).casefold().replace("\u2019", "'")
    words: dict[str, None] = {}
    calls: dict[str, None] = {}
    for clause in _CLAUSE.findall(_NAMED.sub("~", folded)):
        if clause.endswith("?") and _ASKING.match(clause):
            continue
        for name, pattern in _PATTERNS.items():
            for hit in pattern.finditer(clause):
                if not _UNREAL.search(clause, 0, hit.start()) and not _ASKED.match(clause[hit.end() :]):
                    words[hit[0].strip()] = None
                    calls |= dict.fromkeys(DANGERS[name].calls)
    order = (FIRE, POLICE, AMBULANCE)
    return Found(tuple(words), tuple(number for number in order if number in calls)) if words else None
