"""What the service centre decides, in whole sentences: approved or not, valid or not, one matter or two, closed. Pure.

Refusals come first: "不批准" and "I can't approve it" grant nothing.
"""

from __future__ import annotations

import re
from typing import Final

from bot.grammar import answers, arguments
from bot.grammar.arguments import Numbered
from bot.grammar.meaning import Pending, Reading, Verb
from bot.grammar.patterns import regex
from bot.grammar.progress import clauses

_ASKED_ZH: Final = "延期|延长|延后|退单|方案|转派|申请|结案|请假"
_ASKED_EN: Final = (
    "extension|extra time|more time|requests?|plan|proposal|leave|time off|days? off|transfer|reassignment"
)
_WORK: Final = (
    "调试|安装|更换|换|装|铺|敷|布线|接线|接管|粉刷|刷|喷|涂|砌|焊|浇|灌|密封|疏通|检修|维修|施工|开挖|做防水|做保温"
)
"""What a plan has done anew: said of the plan itself, "重新" sends it back."""
_REJECTS: Final = regex(
    r"[,. ]驳[ .!]*$|(?:延期|延长|拖)[^,.;]{0,3}免谈|^一[天日]都不(?:给|批|准)|^declined\b|"
    r"^no (?:hold|pause|extension)\b|\brequests? (?:is )?refused\b|"
    r"\bextensions? (?:for \w+ )?(?:is |was )?(?:refused|declined)\b|\bno (?:extra|more|further) (?:days?|time|hours?)\b|"
    r"\bturn down \w+'s request|\b(?:can'?t|cannot) (?:let (?:you|him|her|them) have|extend)\b|"
    r"\bnot getting (?:another|any more|an extra)\b|"
    r"退回重|方案[^,.;]{0,4}不(?:成|行|可)|"
    rf"(?:不|拒绝|未|不予|不能|别|驳回)(?:再)?(?:同意|批准|准予|允许|可以|批|准|通过|给)?[^,.;]{{0,8}}(?:{_ASKED_ZH}|"
    rf"延(?=了|$)|拖(?=了|$))|(?:{_ASKED_ZH})[^,.;]{{0,6}}(?:不批|没批|不同意|不通过|没通过|不准|驳回|打回|退回|不行|"
    rf"不可以|拒绝|重写|重做|重新(?!{_WORK}))|^(?:先)?不(?:能|予)?(?:批|准|同意)(?:准|了|吧)?(?:$|[,.! ])"
    rf"|\b(?:reject|deny|refuse|decline|don'?t approve|do not approve|not approve|don'?t allow|turn(?:ed)? down|"
    rf"no)[a-z]* (?:\w+ ){{0,3}}(?:{_ASKED_EN})|\b(?:{_ASKED_EN}) (?:is |are )?(?:rejected|denied|refused|declined|"
    r"turned down|not (?:approved|granted|ok|possible|acceptable))\b"
    r"|\b(?:can'?t|cannot|can not|won'?t|don'?t|do not|not|unable to|not going to|refuse to) (?:\w+ )?(?:approve|allow|"
    r"grant(?:ing)?|approving|allowing|sanction\w*|agree to|authori[sz]e|sign off)\b|^打回去?|\bnot sanctioned\b",
    re.ASCII,
)
_APPROVES: Final = regex(
    r"(?:^|[,. ]|延期|就)(?:照准|准了|批了?)(?:[ ,.!啦吧]|$)|\b(?:more |extra )?time (?:agreed|granted)\b|"
    r"\bextension approve\b|"
    r"^批(?:准|给)?[他她]?(?:\d+|[一两二三几])(?:天|小时)|审[核批]?通过|\bsigned off\b|\b(?:give|let) (?:him|her|"
    r"them)(?: have)? (?:the |those |his |her )?(?:\w+ ){0,2}(?:days?|hours?|extension|time off|leave)\b|"
    rf"(?:同意|批准|准予|允许|可以|准许)[^,.;不]{{0,8}}(?:{_ASKED_ZH})|(?:{_ASKED_ZH})[^,.;不没未]{{0,6}}(?:批准|同意|"
    r"通过|批了|准了|过了|可以|没问题|ok)"
    rf"|\b(?:approve|grant|allow|agree to|sign off(?: on)?)[a-z]* (?:\w+ ){{0,3}}(?:{_ASKED_EN})|\b(?:{_ASKED_EN}) "
    r"(?:is |are )?(?:approved|granted|ok|okay|fine)\b|^(?:ok|okay|fine|yes) to (?:extend|extension|the)\b"
    r"|\b(?:he|she|they|you|him|her|them|[a-z]+) (?:can|may) (?:have|take) (?:his |her |their |your |the )?[^.;]{0,16}"
    r"\b(?:off|leave|extension|more|days?|time)\b|^(?:sanctioned|approved|granted|allowed)\b",
    re.ASCII,
)
_TASK_FORCE: Final = regex(
    r"专案组?|专项(?:工作)?(?:小?组|专班)|专班|(?:联合|应急|工作)小组|\btask ?force\b|\b(?:joint|special|dedicated|"
    r"cross[- ]?\w+) (?:working )?(?:team|group)\b|"
    r"\bworking group\b",
    re.ASCII,
)
_INVALID: Final = regex(
    r"\bnot upheld\b|^unfounded\b|\b(?:doesn'?t|does not) qualify\b|\bnot a complaint\b|"
    r"\bisn'?t (?:a )?valid\b|"
    r"(?:判|定|认定|属于?|是|为|算|按|作|记)(?:为|成|作)?无效|不成立|不算(?:是)?(?:有效)?投诉|(?:投诉|情况|反映|内容|"
    r"完全|根本|"
    r"查)[^,.;]{0,4}不属实|"
    r"查无此事|(?:恶意|虚假|无理|重复)投诉"
    r"|\b(?:is|as|was|it'?s|be|mark(?:ed)?) (?:\w+ )?(?:invalid|unfounded|baseless|groundless|bogus|frivolous|"
    r"unjustified|"
    r"a prank|not justified|not upheld)\b|\bnot (?:a )?(?:valid|justified|legit\w*)\b|\b(?:doesn'?t|does not) count\b|"
    r"\bno (?:grounds|merit|basis)\b",
    re.ASCII,
)
_VALID: Final = regex(
    r"(?:^|[ ,.\d]|这单|判定|认定)成立(?:$|[ ,.!])|^upheld\b|\bcomplaint stands\b|\bfound valid\b|^legit complaint\b|"
    r"\b(?:genuine and )?well founded\b|\bto be (?:justified|valid|founded)\b|"
    r"确有此事|^有效|\bas a valid\b|"
    r"(?:判|定|认定|属于?|是|为|算|按)(?:为|成)?有效|(?:投诉|情况|反映|诉求|事实|问题)[^,.;不]{0,6}(?:成立|属实)|"
    r"确有其事|"
    r"\b(?:is|as|it'?s|mark(?:ed)?(?: it| this)?) (?:valid|justified|founded|legit\w*|upheld)\b",
    re.ASCII,
)
_CLOSES: Final = regex(
    r"(?:这单|那单)?(?:归档关闭|销案|关掉|结了)[ .!]*|"
    r"把[^,.;没未]{1,10}(?:关|结)(?:了|掉|闭)吧?[ .!]*|case closed(?: please)?[ .!]*|"
    r"(?:you may|wrap up and|sign off and) close\b[^.;]{0,30}|(?:the )?case (?:ts\d{8}-)?\d* ?can be closed|"
    r"(?:archive|resolve|settle) and close(?: it| this)?(?: ?\d{4,6})?|"
    r"(?:这[单个件]|此单|那[就么]|现在|已)?(?:可以|能|该|请|就|直接|给我|帮我|先)*(?:关闭?|结案?|结单|销单|归档|关单|"
    r"闭环)"
    r"(?:了|吧|掉|它|啦)*[ .!]*"
    r"|(?:this |it |that |the case |that one |this one )?(?:can|may|should) (?:now )?be (?:closed|archived)(?: now| "
    r"off)?"
    r"[ .!]*|(?:ok|ready|good|safe|fine) to close(?: it| this)?[ .!]*|(?:please |pls |ok |so |you can |can |just |"
    r"now )*(?:close|shut)"
    r"(?: down| out)?(?: it| this| that| the case| this case| the ticket)?(?: off| now| on)?(?: ?\d{4,6})?[ .!]*",
    re.ASCII,
)
_NOT_YET: Final = regex(
    r"[不没别未等再缓]|但|如果|n'?t\b|\b(?:not|no|never|until|unless|if|after|when|wait|"
    r"cannot|but|still)\b"
)
_MERGES: Final = regex(
    r"\b(?:join|group|bundle)\b[^.;]{0,20}\bwith\b|\bduplicates? of\b|重复|并案|合并|并到|并入|合成一|并成一|\bmerge|"
    r"\bcombine|\b(?:roll|"
    r"fold|join|put|bundle)\b[^.;]{0,40}"
    r"\b(?:into one|together|as one)\b"
)
_INTO: Final = regex(r"(?:并|合)(?:到|入|进)|归入|\b(?:into|with|duplicates? of|dup of)\b(?! one)")
"""Which of two goes into which is said."""
_SAME_AS: Final = regex(
    r"\b(?:dup(?:licate)? of|same (?:case|one|thing|matter) as|treat as one with) "
    r"#?(?:ts\d{8}-)?(\d{1,6})(?!\d)"
)
_GRADES: Final = regex(
    r"\b(?:is|as|to|make it) level [0-4]\b|[提升定调降](?:为|成|到)(?:特级|[一二三四]级|最高)|"
    r"\b(?:raise|bump|move|set|mark|push|lift|lower|drop|treat|upgrade|escalate|make)\b[^.;]{0,24}\b(?:top|"
    r"high(?:est|er)?|"
    r"low(?:est|er)?|normal) (?:priority|severity)\b|(?:优先级|等级|级别|严重程度)[^,.;不没]{0,4}(?:调|提|升|降|改|"
    r"定)|[升降提调]一?级"
    r"|\b(?:mark|make|set|rate|classify|treat)(?: \d{4,6}| it| this| that)?(?: as)? (?:low|urgent|high|critical|"
    r"minor|major|"
    r"normal|severe|important)\b",
    re.ASCII,
)
NO_HOLD: Final = regex(
    r"(?:先)?(?:不(?:能|要|许|得|用|可以?)?|别|没必要)(?:再)?(?:给[他她]?)?(?:暂缓|挂起|搁置)"
    r"|(?:don'?t|do not|no need to|can'?t|cannot) (?:put (?:it|this|that|him|her) )?(?:on )?(?:hold|pause)\b",
    re.ASCII,
)
"""A pause is refused, whatever else is to be done: "别暂缓，先去看"."""
_APART: Final = frozenset(",.;:!?，。；：！？、 \n\t-")
_DENIES: Final = regex(r"\b(?:not|no|never|cannot|refuse to)\b|n['’]?t\b", re.IGNORECASE)
_NUMBERS: Final = regex(r"(?<!\d)\d{4,6}(?!\d)")


def _closes(key: str) -> bool:
    """Whether a clause closes the case, and nothing in the text denies it or puts it off."""
    return any(_CLOSES.fullmatch(clause) for clause in clauses(key)) and not _NOT_YET.search(key)


def in_full(found: Reading, item: Numbered) -> Reading:
    """Return a refusal with a reason that says what was said: "不同意延期2天，最多1天" refuses two days, they are no reason.

    A reason stands apart from the word that refuses; where it is written to it, or cut from the middle, it is all of the words.
    """
    verb, given = found
    reason = str(given.get("reason") or "")
    if verb is not Verb.REJECT or not reason:
        return found
    said = (item if item.references else item.bare()).words.said.strip()
    before, at, after = said.rpartition(reason)
    begins = not before.strip() or (
        before[-1] in _APART and (before.rstrip()[-1] in _APART or not _DENIES.search(before))
    )
    whole = at and begins and not after.strip("".join(_APART))
    return found if whole else (verb, {**given, "reason": said})


def decided(item: Numbered) -> Reading | None:
    """Return the service centre's decision in a sentence; None where it decides nothing."""
    words, given = item.words, item.arguments
    key = words.key[:300]
    if answers.is_question(key):
        return None
    if _MERGES.search(key) and len(numbers := [*item.references, *_NUMBERS.findall(key)]) >= 2:
        either = {} if _INTO.search(key) else {"either": True}
        return Verb.MERGE, given | {"reference": numbers[0], "into": numbers[1]} | either
    if (found := _SAME_AS.search(key)) is not None:
        return Verb.MERGE, given | {"into": found[1]}
    if _closes(key):
        return Verb.CLOSE, given
    for verb, pattern in (
        (Verb.REJECT, _REJECTS),
        (Verb.APPROVE, _APPROVES),
        (Verb.TASK_FORCE, _TASK_FORCE),
        (Verb.INVALID, _INVALID),
        (Verb.VALID, _VALID),
    ):
        if found := pattern.search(key):
            said = arguments.reason(words.without(*found.span()))
            return verb, given | ({"reason": said} if len(said) > 2 else {})
    return (Verb.GRADE, given) if _GRADES.search(key) else None


# -- what a sentence of the centre says besides what it was taken for: asked last, by `contrary` ---------------------------
_NOT_INVALID: Final = regex(
    r"(?:别|不要|不能|不可以|不该|不应该?|不得|勿|先不|不用|不是|不算)(?:急着?|先|再|就|轻易|随便|给|"
    r"把它)*(?:判定?|定|算|认定|按|作)?(?:为|成|是)?无效"
    r"|\b(?:not|never|don'?t|isn'?t)\b[^,.;]{0,24}\binvalid\b"
)
_OTHER_DENIAL: Final = regex(
    r"(?:不是|不算|并非)(?:什么|个|一个|真的|真)*(?:媒体|记者|报社|电视台|业主|房东|租客|租户|住户|热点|紧急|急事|s\d|投诉(?:那么|这么)简单|"
    r"(?:那么|这么)(?:简单|严重|急))"
    r"|\b(?:not|isn'?t|no)(?: (?:the|an?|from|with|really))* (?:press|media|journalists?|reporters?|owners?|landlord|tenants?|"
    r"urgent|hot|s\d)\b"
)
"""What somebody or something is not, which leaves the complaint as valid as it was."""
_CALLS_INVALID: Final = regex(
    r"无效|不成立|不属实|不受理|没有依据|\b(?:invalid|dismiss\w*|throw\w* out|unfounded|not (?:a )?(?:valid|genuine))\b"
)
_ASKS_TO_CLOSE: Final = regex(
    r"(?:能不能|可不可以|能否|可否|是否可以)[^,.;]{0,4}(?:结案|关闭|归档|关单|销案)|(?:能|可以|要|"
    r"该)[^,.;]{0,3}(?:结案|关闭|归档|关单)(?:了)?(?:吗|么|不)[ ?]*$"
    r"|^(?:can|could|may|shall|should) (?:we|i) (?:\w+ )?close\b"
)
_ALL: Final = regex(r"全部|所有|全都|统统|一次性|\b(?:all|everything|every (?:one|case|complaint)|them)\b")
_SAYS_NO_REASON: Final = regex(
    r"(?:it|this|that|the)(?: (?:one|case|complaint|ticket))?(?: (?:please|pls|now|off|down))*[ .!]*"
)
_A_NUMBER: Final = r"(?:(?:the )?(?:case|complaint) )?#?(?:ts\d{8}-)?\d{2,6}"
_DECISIONS: Final = (
    (Verb.APPROVE, regex(rf"extensions?(?: for)?(?: {_A_NUMBER})?(?: is)? (?:approved?|granted|fine|ok(?:ay)?)\b")),
    (Verb.REJECT, regex(rf"extensions?(?: for)?(?: {_A_NUMBER})?[ :,]*no\b")),
    (
        Verb.INVALID,
        regex(
            rf"(?:please |pls )?(?:throw out|dismiss) (?:{_A_NUMBER}|this|it)\b"
            r"|i (?:don'?t|do not|can'?t|cannot) see (?:a |any )?(?:valid |genuine )?complaint\b"
        ),
    ),
    (
        Verb.VALID,
        regex(
            rf"(?:{_A_NUMBER}|(?:the |this )?complaint|this|it) (?:stands|is right|is genuine)\b"
            rf"|i accept (?:{_A_NUMBER}|it|this) as (?:a )?(?:valid |genuine )?complaint\b"
        ),
    ),
    (
        Verb.CLOSE,
        regex(
            rf"(?:please |pls )?(?:wrap up|end|finish off) {_A_NUMBER}\b|(?:{_A_NUMBER}|case) closed(?: please| pls)?[ .!]*$"
        ),
    ),
)
"""What the centre decides in English sentences that begin like a handler's, or like a name."""
_ITS_NUMBER: Final = regex(r"(?<!\w)((?:ts\d{8}-)?\d{4,6})(?!\w)")
_GIVES: Final = regex(rf"(?:{_A_NUMBER} )?(?:please |pls )?(?:give|reassign|hand|pass|assign)\b(?!.*\bback\b)")


def in_a_sentence(found: Reading, key: str, item: Numbered) -> Reading | None:
    """Return what a sentence of the centre decides, or who is to have it; None where it does neither."""
    if found[0] is Verb.TRANSFER and _GIVES.match(key):
        return Verb.ASSIGN, found[1]
    decided = next((verb for verb, pattern in _DECISIONS if pattern.match(key)), None)
    if decided is None:
        return None
    verb, given = found if found[0] is decided else (decided, item.told)
    number = _ITS_NUMBER.search(key)
    reference = found[1].get("reference") or (number and number[1].upper())
    return verb, {**given} | ({"reference": reference} if reference else {})


def judged(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for "invalid": a warning not to call it that, or what somebody is not."""
    belied = _NOT_INVALID.search(key) or (_OTHER_DENIAL.search(key) and not _CALLS_INVALID.search(key))
    return (Verb.UNCLEAR, item.arguments) if belied else None


def closed(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for a close: a question, all of them at once, or "it" taken for a reason."""
    item = item if item.references else item.bare(at_start=False)
    if found[0] is Verb.CLOSE and not found[1].get("reference") and _ALL.search(key):
        return Verb.CLOSE, {"all": True}
    if found[0] is Verb.CLOSE and _SAYS_NO_REASON.fullmatch(str(found[1].get("reason") or "none").casefold()):
        return Verb.CLOSE, {name: value for name, value in found[1].items() if name != "reason"}
    return (Verb.STATUS, item.arguments) if _ASKS_TO_CLOSE.search(key) else None
