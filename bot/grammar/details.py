"""The few facts a desk needs besides the matter itself: a name, a phone number, a place (R-009, R-010).

A guess that is wrong is worse than none: the staff would call a customer by the name "leaking kitchen". So a name needs a
surname that exists, or words that announce it, and must end where a name ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from bot.grammar.folding import ALIKE, fold
from bot.grammar.patterns import regex
from bot.phones import MAINLAND, home, with_phones

MAX_SCANNED = 4000

# ── places ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_SPOKEN = "一二三四五六七八九十百零〇两"
_GAP = r"[\s,]{0,4}"  # every repetition is bounded: no text is long enough to be slow
_ROOM = rf"(?:\d{{2,5}}[A-Za-z]?|[{_SPOKEN}]{{3,4}})(?![\d-])(?:室|房|号|户)?"
_FLOOR = rf"(?:\d{{1,3}}|[{_SPOKEN}]{{1,3}})(?:楼|层)"
_UNIT = rf"(?:[A-Za-z\d]{{1,3}}|[{_SPOKEN}]{{1,3}})(?:单元|门|梯)"
_INSIDE = rf"(?:{_GAP}{_UNIT})?(?:{_GAP}{_FLOOR})?(?:{_GAP}{_ROOM})?"
_EN_ROOM = (
    r"\b(?:[Rr]oom|[Uu]nit|[Ff]lat|[Aa]pt\.?|[Aa]partment)(?: [Nn]o\.?)?[\s:#]{0,4}"
    r"[A-Za-z]?-?\d{1,5}(?:-\d{1,5})?[A-Za-z]?\b"
)
_EN_BLOCK = r"\b(?:[Bb]uilding|[Tt]ower|[Bb]lock)(?: [Nn]o\.?)?\s{1,2}(?:\d{1,4}[A-Za-z]?|[A-Z]\d{0,3})\b"
_NO_STREET = (
    r"(?:a|an|the|on|in|of|at|to|for|from|and|or|but|by|with|my|our|your|i|we|it|is|was|are|no|not|cars?|people|persons?|men|man|kids"
    r"|dogs?|trees?|holes?|lights?|lamps?|times?|days?|weeks?|hours?|years?|months?|minutes?|mins?|miles?|lanes?|metres?|yards?|am|pm"
    r"|nd|rd|th|down|up|off|out|more|since|near|outside|next|past)"
)
_NO_TOWN = (
    r"(?:is|has|was|are|have|had|no|not|my|our|and|but|it|its|i|we|the|at|in|on|for|since|with|please|pls|thanks|again|now|still|very|so"
    r"|broken?|broke|leaks?|stuck|down|dead|slow|off|out|flat|room|unit|router|wifi|internet|broadband|phone|tap|taps|lift|door|light|roof"
    r"|boiler|water|power|gas|drain|pipe|name|tel|mobile|call|today|tomorrow|tonight|morning|afternoon|evening|[a-z]{2,}ing|[a-z]{3,}ed)\b"
)
# "14 elm street headingley", "22 Oak Road, Acomb": a house number, a street, and a town where one follows.
_EN_STREET = (
    r"(?<![\w.:/+-])(?<!\d{3}\s)\d{1,4}[A-Za-z]?,?\s"
    rf"(?:(?!(?i:{_NO_STREET})\b)[A-Za-z][A-Za-z'’.]{{1,15}}\s){{1,3}}"
    r"(?:(?i:street|road|lane|avenue|crescent|terrace|gardens|grove|court|mews|boulevard|st|rd|ln|ave|cres|blvd)"
    r"|Close|Drive|Dr|Place|Square|Sq|Parade|Row|Walk)\b\.?"
    rf"(?:,?\s(?!(?i:{_NO_TOWN}))[A-Z][a-z]{{2,15}}(?=[ ]?(?:$|[,.;\n]))|\s(?!{_NO_TOWN})[a-z]{{3,15}}(?=[ ]?(?:$|[,.;\n])))?"
    r"(?:,?\s[A-Za-z]{1,2}\d{1,2}[A-Za-z]?\s?\d[A-Za-z]{2}\b)?"
)
_COUNTED = r"(?:people|persons?|residents|tenants|famil|households|times|days|hours|minutes|years)"
_AFTER = rf"(?:{_EN_ROOM}|\d{{3,4}}[A-Za-z]?\b(?![-\d]|\s?\d|\s{_COUNTED}))"
_PLACE = regex(
    rf"(?<!\d)\d{{1,4}}\s{{0,2}}(?:号楼|栋|幢|座(?!电梯)|号院){_INSIDE}"
    rf"|(?<![A-Za-z])[A-Za-z]\d?\s{{0,2}}[栋幢座](?:{_GAP}{_ROOM}|(?![一-鿿]){_INSIDE})"
    rf"|[{_SPOKEN}]{{1,3}}(?:号楼|栋|幢|座)(?:{_GAP}{_UNIT})?{_GAP}{_ROOM}"
    r"|(?<!\d)\d{1,4}号\s{0,2}\d{3,5}(?!\d)(?:室|房|户)?"
    r"|(?<![\w-])(?![48]00-)\d{1,3}-\d{1,3}-\d{2,5}(?![\w-])"
    r"|(?<![\w-])(?:\d{1,3}|[A-Za-z]\d?)-\d{3,4}(?![\d-])(?!\s?[元块万米度年人])"
    rf"|{_EN_BLOCK}(?:{_GAP}{_AFTER})?"
    rf"|{_EN_ROOM}(?:{_GAP}(?:{_EN_BLOCK}|{_EN_STREET}))?"
    rf"|{_EN_STREET}"
    r"|(?:(?<=房号)|(?<=房间)|(?<=房间号)|(?<=门牌)|(?<=门牌号))[\s:是为]{0,3}[A-Za-z]?\d[\dA-Za-z-]{1,9}"
)
# What may stand before a building: an estate, a house number, a phase.
_ESTATE = regex(
    r"(?:[一-鿿A-Za-z\d]{1,12}(?:小区|花园|公寓|广场|大厦|家园|苑|城|府|湾|里)\s?)?"
    rf"(?:\d{{1,4}}号\s?)?(?:[\d{_SPOKEN}]{{1,2}}期\s?)?$"
)
_LONGEST_ESTATE = 24
_ASKING = (
    "想要?(?=了解|问|咨询|反映|投诉|采访|报道|说)|了解|咨询|反映|反应|投诉|采访|报道|关于|一下|请问|你们|贵司|这里|这边"
)
# "老王头老伴啊我住阳光城6栋": who lives there stands before the estate, which may have 住 in its own name.
_WHO_LIVES = (
    r"[一-鿿]{0,12}?(?:(?:[我他她]们?家?|的|家|现|就|人|都)住(?:在|的是)?(?![宅户院友])|(?:[我他她]家?|家)[就都]?在)"
)
_BEFORE_PLACE = regex(
    rf"^(?!$)(?:{_WHO_LIVES})?(?:{_ASKING}|我们|我家|我|家|住址|地址|住|在|位于|是|为|的|[\s:：,，]){{0,12}}"
)
_BEGINS = regex(r"(?:[一-鿿]{0,12}(?:不是|是|不在|在|为|成))?\s*")  # what an estate's name does not begin with
_BUILDING_ALONE = regex(rf"(?:\d{{1,4}}|[{_SPOKEN}]{{1,3}})\s{{0,2}}(?:号楼|栋|幢|座)$")
_OWN_ROOM = regex(r"(?:我们?家?|本人)(?:是|就)?住(?:在|的是)?\s{0,2}(\d{3,4}(?![\d-]|\s?[元块米度年天])(?:室|房|号)?)")
_BARE_ROOM = regex(r"(?:^|(?<=[\s,;/]))\d{3,4}(?=的?(?:$|[\s,;/.]))")

# ── phone numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────

# These look through a text faster than it is looked through for what they need.
_MOBILE = re.compile(r"(?<![\d+-])(1[3-9]\d{9})(?![\d-])", re.ASCII)
_SPACED_MOBILE = re.compile(
    r"(?<![\d+-])(?:\+?86[\s-]{0,2})?(1[3-9]\d[\s.-]{1,2}\d{4}[\s.-]{1,2}\d{4})(?!\d)", re.ASCII
)
_COUNTS_A_PLACE = regex(rf"(?<!\d)(?:\d{{1,4}}\s{{0,2}}(?:号楼|栋|幢|座|号院|单元|室|层|楼)(?:{_GAP}{_ROOM})?)")
_COMPANIES = ("+86400", "+86800")  # hotlines: nobody is called back there
_NO_DIGIT = regex(r"\D+")
_FOREIGN = regex(
    r"0?7\d{3}[ -]\d{3}[ -]?\d{3}|\(\d{3}\)[ -]?\d{3}[ -]\d{4}|(?!0)\d{3}[ .-]\d{3}[ .-]\d{4}|07\d\d[01]\d{6}"
)
"""National numbers as they are written elsewhere, "07700 900123" and "(415) 555-0132": a city here has three or four digits
after its 0, and a number in it begins with neither 0 nor 1.
"""
_DIGITS = regex(r"\d(?:[\s().-]{0,2}\d){4}")
_DIGITS_OF_PHONE = regex(r"\+?\d(?:[\s().-]{0,2}\d){4,}")

# ── Chinese names ─────────────────────────────────────────────────────────────────────────────────────────────────────

_COMMON = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范"
    "汪廖石金韦贾夏付傅方邹熊白孟秦邱丘侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔汤康易乔赖文樊兰殷施洪翟安颜倪"
    "牛温芦季俞章鲁葛伍申尤毕聂柴焦柳邢岳齐梅庄辛祝左涂谷祁耿牟卜詹关苗凌纪靳盛童欧甄裴席屈鲍霍翁隋甘景柏宁柯阮桂闵娄冉滕邬卞"
)
# These begin common words too: a name only with a title or an announcement.
_RARE = "费管向常解强应司单包阳连路车房成全时边项游楚骆窦丛简闻薄饶鞠宫晏冷池蓝滑米古曲明阴鹿佟商位原"
_DOUBLE = "欧阳|司马|上官|诸葛|司徒|东方|夏侯|皇甫|尉迟|公孙|慕容|令狐|端木|长孙|宇文|南宫|独孤"
_TITLE = "先生|女士|小姐|太太|夫人|师傅|阿姨|叔叔|老师|大姐|大哥|医生"
# What no given name holds but sentences do.
_NO_NAME = (
    "了的吗呢吧不没在是我你他她它们这那要就都也还很请被把给说去到谁什么怎住啊呀和与跟上下里外坏漏修停电水费诉催号楼栋室"
)
_WORDS = "|".join(
    (
        "马[桶路]|方[便式法面向案]|高[兴层温空压峰]|安[全排静装心保检慰]|金[额属钱]|白[天色]|黄[色昏]|石[头膏]|龙头|毛[病巾]"
        "|周[一二三四五六日末围边期]",
        "何[时必况]|任[何由意]|于[是此]|万[一分科]|文[明件化]|施工|江[边苏西]|雷雨|洪[水灾]|严[重格禁肃]|夏[天季]|季[度节]"
        "|申[请明]|焦[虑急]|齐全",
        "左[边右侧]|关[于键注心门闭掉系]|景[观区]|凌晨|宁[可愿]|尤其|毕竟|辛苦|谢谢|胡[乱闹同]|曾经|余[下额]|范围"
        "|付[款钱过清]|莫名|温[度暖]|许[多可]",
        "程[度序]|易[燃拉]|顾[客虑]|钱[款包]|苏州|杭州|郑州|徐州|常州|武汉|沈阳|柳州|宋体|石材|章程|纪[录念委]|田地|盛夏"
        "|祝[您愿好]|陆续|段时|贺卡|童年|欧洲",
    )
)
_GIVEN = rf"(?:(?![{_NO_NAME}])[一-鿿])"
_TITLED = rf"(?:{_DOUBLE}|[{_COMMON}{_RARE}]){_GIVEN}{{0,2}}?(?:{_TITLE})|[老小][{_COMMON}]"
_FULL = rf"(?!{_WORDS})(?:(?:{_DOUBLE}){_GIVEN}{{1,2}}|[{_COMMON}]{_GIVEN}{{1,2}})"
_FULL_ANNOUNCED = rf"(?!{_WORDS})(?:(?:{_DOUBLE}){_GIVEN}{{1,2}}|[{_COMMON}{_RARE}]{_GIVEN}{{1,2}})"
_END = r"(?![一-鿿])|(?=(?:的?(?:电话|手机|联系|号码)|家住|住|投诉|反映|反应|来电|在|要|想|是))"
_ANNOUNCED = regex(
    r"(?:我叫|[他她]叫|(?:客户|业主|对方|人家)叫|本人(?:叫)?|我是(?:[一-鿿\w]{0,10}的)?(?:业主|租户|租客|住户|客户)?|(?:业主"
    r"|住户|租户|联系人|姓名|客户)是?)\s{0,4}"
    rf"({_TITLED}|{_FULL_ANNOUNCED})(?:{_END})"
    rf"|(?:我姓|免贵姓|本人姓|[他她]姓|(?:客户|业主|住户|租户|对方|人家|阿姨|大爷|老人|老太太)姓|(?<![一-鿿])姓)\s{{0,4}}((?:{_DOUBLE}|[{_COMMON}{_RARE}])(?:{_TITLE})?)(?![一-鿿])"
)
# Nobody puts anything but a name right beside the number to call: "6栋1202，王先生 137…", "137… 李雷".
_BESIDE_PHONE = regex(
    rf"(?<![一-鿿])({_TITLED}|{_FULL}|[{_COMMON}])[\s,:]{{0,3}}(?:(?:的?(?:联系)?(?:电话|手机)号?码?)[\s:是]{{0,3}})?(?=\+?\d(?:[\s().-]{{0,2}}\d){{6}})"
    rf"|(?<!\d)1[3-9]\d{{9}}[\s,]{{1,3}}({_TITLED}|{_FULL})(?:{_END})"
)
_FIELD = regex(
    rf"(?:姓名|称呼|联系人|投诉人|业主(?:姓名)?)\s{{0,4}}:\s{{0,4}}(?!未知|不详|匿名|保密|没有|暂无|略)({_TITLED}|{_GIVEN}{{2,4}})(?:{_END})"
)
_IN_ANSWER = regex(rf"(?<![一-鿿])({_TITLED}|{_FULL})(?:{_END})")
_ONLY_SURNAME = regex(rf"(?<![一-鿿])([{_COMMON}])(?![一-鿿])")
_DOTTED = regex(r"(?<![一-鿿·])([一-鿿]{2,8}(?:·[一-鿿]{2,8}){1,2})(?![一-鿿·])")

# ── names in Latin letters ────────────────────────────────────────────────────────────────────────────────────────────

_NOBODY = (
    "(?i:not|none|unknown|no|private|anonymous|n/a|hello|hi|hey|thanks?|thank|yes|ok|okay|please|building|room|flat|unit"
    "|tower|block|apt|"
    "apartment|phone|tel|mobile|number|call|name|my|your|the|this|that|it|its|we|you|they|good|morning|afternoon|evening"
    "|dear|sorry|sure|"
    "fine|never|nothing|today|tomorrow|now|monday|tuesday|wednesday|thursday|friday|saturday|sunday|help|stop|hurry|asap"
    "|what|why|when|"
    "where|who|how|very|so|too|still|just|really|angry|at|in|on|from|and|or|but|is|are|was|with|for|waiting|done|urgent"
    "|water|kitchen|channel|"
    "radio|bbc|itv|cnn|news|television)"
)
_LATIN = r"(?:[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]{0,29}[a-zà-ÿ]|(?:Mr|Mrs|Ms|Dr)\.?|[A-Z]\.)"
_LATIN_NAME = rf"(?!{_NOBODY}\b){_LATIN}(?: (?!{_NOBODY}\b){_LATIN}){{0,3}}"
_LATIN_LOOSE = (
    rf"(?!{_NOBODY}\b)[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’.-]{{0,29}}(?: (?!{_NOBODY}\b)[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’.-]{{0,29}}){{0,3}}"
)
_LATIN_ANNOUNCED = regex(
    r"(?:(?i:\b(?:my|his|her|their|(?:the )?customer['’]?s?) name is|\b(?:s?he|customer) is (?:called|named)"
    r"|\bname\s?[:：]|我叫|姓名\s?[:：]?|联系人\s?[:：]))\s{0,4}"
    rf"({_LATIN_LOOSE})(?=\s{{0,4}}(?:$|[^\w\s'’]|[\n\d]|\s{_NOBODY}\b))"
    rf"|(?i:\bi am|\bi['’]m|\bthis is|我是)\s{{0,4}}({_LATIN_NAME})"
    r"(?=\s{0,4}(?:$|[^\w\s'’]|[\n\d]|\s(?i:and|from|in|at|of)\b))"
)
_LATIN_FULL = (
    rf"(?!{_NOBODY}\b){_LATIN}(?: (?!{_NOBODY}\b){_LATIN}){{1,3}}"  # one word alone may be any that begins a sentence
)
_LATIN_BESIDE_PHONE = regex(
    rf"\b({_LATIN_FULL})[\s,:]{{0,3}}(?:(?i:phone|tel|mobile|number|on|at)\.?[\s:]{{0,3}}){{0,2}}(?=\+?\d(?:[\s().-]{{0,2}}\d){{6}})"
)
_BARE = r"(?:^|(?<=[,;/\n，；]))[ \t]{0,4}"
_BARE_END = r"[ \t]{0,4}(?=$|[,;/\n，；。.])"
_LATIN_BARE = regex(rf"{_BARE}({_LATIN_NAME}){_BARE_END}")
# "jen miller, 4-101, 135…": whoever types on a phone writes no capitals. Words of a sentence or of a matter are no name.
_NO_LOWER = (
    rf"(?:{_NOBODY}\b|(?:a|an|i|u|me|him|her|us|them|he|she|his|their|our|as|if|up|out|off|to|of|by|do|does|did|has|have|had|get|got|can|could"
    r"|will|would|need|want|any|all|one|two|some|same|next|above|below|top|left|right|front|back|side|ground|floor|main|old"
    r"|new|bad|big"
    r"|wife|husband|mum|mom|dad|mother|father|son|daughter|neighbou?rs?|owner|tenant|landlord|man|woman|guy|lady|mate|boss"
    r"|broken?|leaks?"
    r"|tap|taps|door|doors|lock|locks|light|lights|lift|lifts|elevator|gate|window|windows|wall|walls|ceiling|roof|pipe"
    r"|pipes|toilet|shower"
    r"|bathroom|bedroom|lobby|corridor|garage|garden|parking|car|bins?|rubbish|noise|noisy|loud|dog|dogs|cats?|smell|smells"
    r"|smoke|fire|gas"
    r"|power|heater|heating|boiler|ac|internet|wifi|rent|deposit|bill|bills|refund|money|repair|repairs|fix|fixed|send|come"
    r"|came|look|look"
    r"|anytime|after|before|until|day|days|week|night|noon|later|soon|home|house|street|road|court|park|hill|estate"
    r"|residence|tower|lane"
    r"|whatever|skip|idea|sir|madam|not|dont|wont|cant|im|ive|its|thats|theres|[a-z]{3,}ing|(?!fred\b|ahmed\b|jared\b"
    r"|mohammed\b)[a-z]{3,}ed)\b)"
)
_LOWER = regex(
    rf"(?:^|(?<=[,;\n]))[ \t]{{0,4}}((?!{_NO_LOWER})"
    rf"[a-zà-ÿ]{{2,15}}(?: (?!{_NO_LOWER})[a-zà-ÿ][a-zà-ÿ'’-]{{1,19}}){{1,2}}){_BARE_END}"
)
# What a phone's owner says of themselves in an answer, "im kim", "its john smith here", "kim from 402": no name either are
# states, and what is said in a word instead of a name.
_NO_TOLD = (
    rf"(?:{_NO_LOWER}|(?:here|there|speaking|about|afraid|again|alone|already|also|alright|always|annoyed|asleep|available|awake|away"
    r"|back|bed|blind|broke|busy|bye|cheers|cockroach|cold|confused|crap|deaf|disabled|disgusted|done|dunno|elderly|enough|ex"
    r"|ever|every|everything|fed|finally|flood|floods|free|fuming|furious|fuse|glad|gone|great|happy|heat|hmm+|hot|hungry|idk|ill|it"
    r"|just|kk?|late|leak|livid|lol|lost|mad|maybe|mice|mold|mould|much|nah|nope|np|numb|off|outside|over|pass|pest|pests|phone"
    r"|pls|plz|poor|pregnant|private|quite|rats?|ready|retired|roach|roaches|sad|said|scared|secret|shit|sick|single|sleepy|soaked"
    r"|sorted|spam|stuck|such|ta|than|then|thx|totally|ty|ugh|uh|um|unable|under|unhappy|unsafe|unsure|unwell|upset|useless|very"
    r"|weak|well|wet|worse|worst|wtf|ridiculous|awful|terrible|horrible|unacceptable|outrageous|absurd|disgraceful|ya|yeah|yep|yet|yo|yup)\b)"
)
_TOLD = rf"(?!{_NO_TOLD})[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’-]{{1,14}}(?: (?!{_NO_TOLD})[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’-]{{1,19}}){{0,2}}"
_SIMPLY = regex(
    r"[\s,;.\d]{0,40}(?:(?:hi|hello|hey|yes|yeah|ok|sure)[\s,.!]{1,3})?"
    rf"(?:(?:i ?['’]?m|i am|it['’]?s|it is|this is|call me|(?:my )?name(?:['’]?s| is)?)[ :]{{1,2}})?({_TOLD})"
    r"(?: (?:here|speaking))?(?:[\s,]{1,3}(?:from|in|at|of))?[\s,;.!\d]{0,60}",
    re.IGNORECASE,
)
_FEELS = regex(_NO_TOLD, re.IGNORECASE)
_LOWER_BESIDE_PHONE = regex(
    rf"(?:^|(?<=[,;\n]))[ \t]{{0,4}}((?!{_NO_LOWER})[a-zà-ÿ]{{2,15}} (?!{_NO_LOWER})"
    r"(?!(?:slow|dead|down|weak|cold|out|burst|stuck)\b)[a-zà-ÿ][a-zà-ÿ'’-]{1,19})[ ,:]{1,3}(?=\+?\d(?:[ ().-]{0,2}\d){6})"
)
_LETTERED_BLOCK = regex(r"(?<![\w-])[A-Za-z]\d{1,2}[\s,]{1,2}\d{3,4}(?![\w-])")
_CAPITALS = regex(rf"{_BARE}((?!{_NOBODY}\b)[A-Z]{{2,20}}(?: (?!{_NOBODY}\b)[A-Z]{{2,20}}){{1,2}}){_BARE_END}")


_REPORTER = regex(
    rf"(?<![一-鿿])(?:[^,.;:!?\n]{{0,16}}?(?:的|业主|住户|客户|租户|有位|一位|[栋室号户]))?"
    rf"((?:{_DOUBLE}|[{_COMMON}{_RARE}]){_GIVEN}{{0,2}}?(?:{_TITLE}))(?=说|反映|反应|投诉|来电|打来|打电话|称|讲|要求|报修|家|[,:\s]|$)"
)
_LATIN_REPORTER = regex(
    r"\b((?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][A-Za-z'’-]{1,29}(?: [A-Z][A-Za-z'’-]{1,29})?"
    r"|(?:mr|mrs|ms)\.? [A-Za-z][A-Za-z'’-]{1,29})"
)


@dataclass(frozen=True, slots=True)
class Details:
    """What was found; empty where nothing was. phone: E.164."""

    name: str = ""
    phone: str = ""
    place: str = ""


def plain_phone(text: str) -> str:
    """Return the first mobile phone number that is written plainly, E.164, or empty."""
    plain = _MOBILE.search(text, 0, MAX_SCANNED) or _SPACED_MOBILE.search(text, 0, MAX_SCANNED)
    return "+86" + _NO_DIGIT.sub("", plain[1]) if plain is not None else ""


def find_phone(text: str) -> str:
    """Return the first valid phone number, E.164, or empty. One that names no country is of the desk's own."""
    region = home()
    # Most texts that hold a number hold a mobile phone's, written plainly; looking for every kind costs ten times as much.
    if region == MAINLAND and (plain := plain_phone(text)):
        return plain
    # The number of a building that follows is no digit of the phone's: "010 8888 6666 3栋".
    text = _COUNTS_A_PLACE.sub(_blank, text[:MAX_SCANNED])
    if _DIGITS.search(text) is None:
        return ""
    import phonenumbers  # seldom needed, and its tables take a while to load

    for match in phonenumbers.PhoneNumberMatcher(text, region):
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        if region == MAINLAND and _FOREIGN.fullmatch(match.raw_string):
            continue  # whose it is nobody can know: it is asked for again, never dialled as a number of here
        if not number.startswith(_COMPANIES):
            return number
    return ""


_UNREAD = re.compile(r"(?<![\w.-])(?!20\d\d-)\+?\(?\d(?:[ ()-]{0,2}\d){6,14}(?![\w.])")


def unread_number(text: str) -> str:
    """Return what is typed like a phone number and is none that can be dialled, as it was typed; "" where nothing is."""
    text = text[:MAX_SCANNED]
    if find_phone(text):
        return ""
    found = _UNREAD.search(text)
    return found[0].strip() if found is not None else ""


def without_phones(text: str) -> str:
    """Return the text with stars in place of every phone number."""
    text = with_phones(text, lambda _: "***")
    return _SPACED_MOBILE.sub("***", _MOBILE.sub("***", text))


def find_reporter(text: str) -> str:
    """Return who says it, where somebody tells what a customer said: 张女士 of "4栋的张女士说…"."""
    text = text[:MAX_SCANNED]
    found = _REPORTER.search(fold(text)) or _LATIN_REPORTER.search(text)
    return text[slice(*found.span(1))] if found else ""


def find_details(text: str, *, answering: bool = False) -> Details:
    """Read facts out of free words. answering: we asked for them, so a bare word may be a name, a bare number a room."""
    text = text[:MAX_SCANNED]
    return Details(name=_name(text, answering), phone=find_phone(text), place=_place(text, answering))


_OF_CONTACT = regex(
    r"(?:我|我们)?(?:的)?(?:联系)?(?:电话|手机|号码|手机号|联系方式)(?:号码?)?|我(?:叫|是|姓|住在?)|姓名|名字|免贵姓|房号"
    r"|地址|本人|打(?:这个|我)|联系我|请|的|是|在|住|姓"
    r"|\b(?:my|name|is|i am|i'm|im|this is|phone|tel|mobile|cell|number|no|call me|flat|room|apt|unit|address|at|on|it'?s"
    r"|and|the|here|please)\b",
    re.IGNORECASE,
)
_LETTERS = regex(r"[^\W\d_]")
_CAR = regex(
    r"(?:我的?|我们的?)?(?:车牌|牌照|车)?(?:号码?)?(?:是|为)?[\s:：]{0,2}"
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][·.\s-]?[A-Za-z\d]{5,6}(?![A-Za-z\d])"
    r"|(?:\b(?:my |car |number )*(?:plate|reg(?:istration)?)(?: number)?(?: is)?:? )?\b[A-Za-z]{2}\d{2} ?[A-Za-z]{3}\b",
)
"""The plate of a car, given with a name and a number where fuel was bought."""


def contact_alone(text: str) -> bool:
    """Whether words are no more than who somebody is: a phone number, with a name and a place at the most."""
    if len(text) > 120 or not (phone := find_phone(text)):
        return False
    name = _name(text, answering=True)
    rest = _CAR.sub(" ", _MOBILE.sub(" ", _SPACED_MOBILE.sub(" ", text)))
    rest = _DIGITS_OF_PHONE.sub(" ", rest)
    rest = _PLACE.sub(" ", with_plain_digits(rest))
    sure = "" if name.islower() and " " not in name else name  # "fuse 138…" may be the matter
    for each in (sure, _place(text, answering=True)):
        rest = rest.replace(each, " ", 1) if each else rest
    return bool(phone) and _LETTERS.search(_OF_CONTACT.sub(" ", rest)) is None


_GREETED = regex(
    r"你们?好|您好|喂|业主|住户|租户|租客|这里|家|\b(?:hi|hello|hey|dear|all|good (?:morning|afternoon|evening)|from|in|of|a|an"
    r"|your|tenant|resident|owner|nice to meet you|new)\b",
    re.IGNORECASE,
)


def introduces(text: str) -> bool:
    """Whether words are an introduction and nothing else, "my name is Kim Lee, room 402"; a phone number may stand with it."""
    announced = find_details(text).name if len(text) <= 120 else ""
    if not announced or _FEELS.fullmatch(announced):  # "This is Ridiculous"
        return False
    found = find_details(text, answering=True)
    rest = _PLACE.sub(" ", with_plain_digits(_DIGITS_OF_PHONE.sub(" ", text)))
    for each in (found.name, found.place):
        rest = rest.replace(each, " ", 1) if each else rest
    return _LETTERS.search(_GREETED.sub(" ", _OF_CONTACT.sub(" ", rest))) is None and "?" not in fold(text)


def find_places(text: str) -> list[tuple[int, int]]:
    """Return from where to where each place stands in a text, with what stands before a building: an estate, a phase."""
    alike = with_plain_digits(text[:MAX_SCANNED])
    spans = (_whole_place(alike, found) for found in _PLACE.finditer(alike))
    return [(_BEGINS.match(alike, start, end).end(), end) for start, end in spans]  # type: ignore[union-attr]


def with_plain_digits(text: str) -> str:
    """Return a text as long, with digits, dashes, colons and traditional characters made alike; names keep their case."""
    return text.translate(ALIKE)


def _whole_place(alike: str, found: re.Match[str]) -> tuple[int, int]:
    before = alike[max(found.start() - _LONGEST_ESTATE, 0) : found.start()]
    estate = _ESTATE.search(before)
    start = found.start() - (len(estate[0]) if estate else 0)
    return start, found.end()


_SLIP = regex(
    r"(?:打|写|说|发|输|填|报)错|错了|不对(?!劲)|[哦噢呃啊嗯]不|不不|更正|应该?是|改成|口误"
    r"|\b(?:sorry|wait|i meant?|correction|typo|oops|wrong|rather|no)\b"
)
_DENIED_PLACE = regex(r"(?:不是|不在|\bnot(?: in| at)?) ?$")
_MEANT = regex(r"[\s,.;!，。]*(?:是|在|而是|\bbut)? ?")
_SLIP_LENGTH = 16  # characters between a place and the one that is meant
_DENIAL_LENGTH = 8  # characters right before a place


def _put_right(alike: str) -> int:
    """Return from where words tell the place that is meant: "6栋 打错了 是16栋", "不是3栋是13栋"; 0 where none is put right."""
    found = list(_PLACE.finditer(alike))
    for before, after in reversed(list(pairwise(found))):
        if after.start() - before.end() > _SLIP_LENGTH:
            continue
        between = alike[before.end() : after.start()].casefold()
        ahead = alike[max(before.start() - _DENIAL_LENGTH, 0) : before.start()].casefold()
        slipped = _SLIP.search(between) is not None and _DENIED_PLACE.search(between) is None
        if slipped or (_DENIED_PLACE.search(ahead) is not None and _MEANT.fullmatch(between)):
            return before.end()
    return 0


def _place(text: str, answering: bool) -> str:
    text = text[_put_right(with_plain_digits(text)) :]
    alike = with_plain_digits(text)
    found = _PLACE.search(alike)
    if found is None and answering:
        found = _LETTERED_BLOCK.search(alike) or _BARE_ROOM.search(_DIGITS_OF_PHONE.sub(_blank, alike))
    if found is None:
        return ""
    start, end = _whole_place(alike, found)
    start = end - len(_BEFORE_PLACE.sub("", alike[start:end].lstrip()))
    place = text[start:end].strip()
    own = (
        _OWN_ROOM.search(alike) if _BUILDING_ALONE.search(alike[start:end].strip()) else None
    )  # "10栋电梯停了，我住403"
    return place + own[1] if own is not None else place


_LATIN_LETTER = re.compile("[A-Za-zÀ-ÿ]", re.IGNORECASE)


_CALLS = re.compile(
    r"(?<=\w) (?:has |have |had |just )*(?:rang|rung|called|phoned|emailed|texted)"
    r"(?: in| up| us| here| again| back)?\s*$",
    re.IGNORECASE,
)
"""What somebody did, behind their name: "Mrs Patel rang 07400 …"."""


def _name(text: str, answering: bool) -> str:
    folded = fold(text)
    found = _ANNOUNCED.search(folded) or _FIELD.search(folded) or _BESIDE_PHONE.search(folded)
    lettered = found is None and _LATIN_LETTER.search(text) is not None  # else no name in Latin letters is looked for
    latin = None
    if lettered:
        latin = _LATIN_ANNOUNCED.search(text) or _LATIN_BESIDE_PHONE.search(text) or _LOWER_BESIDE_PHONE.search(text)
    if found is None and latin is None and answering:
        # Digits of a phone or a place stand beside a name without saying anything about it.
        bare = _PLACE.sub(_blank, _DIGITS_OF_PHONE.sub(_blank, text))
        told = bare != text
        folded = fold(bare)
        latin = _DOTTED.search(bare) if "·" in bare else None
        found = None if latin else _IN_ANSWER.search(folded) or (_ONLY_SURNAME.search(folded) if told else None)
        if found is None and latin is None and lettered:
            latin = _LATIN_BARE.search(bare) or (_CAPITALS.search(bare) if told else None)
            latin = latin or (_LOWER.search(bare) if find_phone(text) else None) or _SIMPLY.fullmatch(bare)
    match = found or latin
    if match is None:
        return ""
    start, end = match.span(match.lastindex or 0)
    return _CALLS.sub("", text[start:end]).strip()


def _blank(found: re.Match[str]) -> str:
    """Return as many separators: what stands around keeps its place."""
    return "," * len(found[0])
