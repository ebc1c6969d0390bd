"""What belies an answer of customers: praise that is none, a fault that is gone, consent with a but. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar import answers
from bot.grammar.arguments import EDGES, Numbered
from bot.grammar.at_home import puts_off, refuses_a_time, tells_times
from bot.grammar.contrary_customers import ASKS_A_STATEMENT, KEEPS_IT
from bot.grammar.customer import TROUBLE
from bot.grammar.meaning import Pending, Reading, Verb
from bot.grammar.patterns import regex
from bot.grammar.rating import Rating, discontent
from bot.grammar.wanting import wants_more

# -- how satisfied ---------------------------------------------------------------------------------------------------
_NOT_CONTENT: Final = regex(
    r"^(?:还是?|但|就是|又|都|仍|依然)*(?<![没不])有(?:点|些|一点|一些|个|几个|很多|大|小)*(?:问题|毛病|故障|"
    r"意见|瑕疵)(?!吗|么|没)"
    r"|(?:可以|行|满意|修好|搞定|好|正常|没事|解决)了?个(?:鬼|屁|毛线?|头|锤子?|球)"
    r"|\bun (?:satisf\w+|happy|pleased|resolved|fixed|solved)|\bthanks? (?:you )?for (?:nothing|wasting|the mess\b)"
    r"|^(?:it|this|that|the \w+)(?:'?s| has| is| does)? ?(?:stopped|quit|ceased|not|n'?t|isn'?t|doesn'?t|no longer) "
    r"work(?:ing|s)?\b"
    r"|\b(?:good|great|nice|well done|brilliant|lovely)(?: (?:job|work))?(?: (?:on|for|by))? "
    r"(?:break|ruin|wreck|damag|flood|destroy|scratch|spoil|mess)ing\b"
)
_SO_FAR: Final = regex(
    r"(?:暂时|目前|眼下|现在)(?:看|来看|来说|为止|上)*[^,.;]{0,3}(?:没(?:有|啥|什么)?(?:问题|漏|响|滴|堵|事)|"
    r"正常|还?好)"
)
_DOUBTS_IT: Final = regex(
    r"^yeah,? right\b|\blol\b|\b(?:sort of|kind of|kinda|sorta)\b|^as if\b|\b(?:sure|yeah),? as if\b|^(?:可以|"
    r"好|行|解决|修好)了吧[ .!?]*$"
    rf"|^{_SO_FAR.pattern}"
)
_SHORT: Final = 40  # characters
_APPEALS: Final = regex(
    r"(?:要|想|必须|得|坚决|需要|继续|会|[ ,])申诉(?!的|成功|成立|有|处理|结果|被|通过)|^申诉(?:[ :,]|$)"
    r"|(?:\bi|\bwe)(?:'ll| will| want to| wish to| would like to|'d like to| have to| must| do)? appeal\b|^appeal(?:[ :,]|$)"
)
_NO_APPEAL: Final = regex(
    r"(?:不|没|无需|不用|别|撤销|撤回|取消|放弃)[^,.; ]{0,3}申诉|\b(?:no|not|n'?t) (?:\w+ )?(?:to )?appeal\b"
)
_PROVES: Final = regex(
    r"(?:可以|能|都?会|愿意)(?:为我|给我|帮我|替我|一起|出来|来|都)?(?:[作做]证|证明|提供(?:证据|证言|录音|录像|照片|截图|视频|监控)"
    r"|(?:查|看|调)(?:一下|取)?(?:监控|录像|记录))"
    r"|(?<!\bi )(?<!\bwe )\b(?:can|could|will|would|is happy to|is willing to|happy to) (?:confirm (?:it|that|this|what)"
    r"|testify|vouch|prove|bear witness|back (?:me|this|it) up|be (?:a )?witness)\b"
)
"""Who can say so, or what shows it: no assent, and no praise."""
_PRAISED: Final = regex(r"满意|专业|不错|很好|谢|\b(?:thank\w*|great|satisfied|pleased)\b")
_SAYS_YES_FIRST: Final = regex(
    r"(?:是的?|对的?|好的?|行|同意|可以|接受|没问题|yes|yeah|ok(?:ay)?|sure|agreed?|i agree)[ ,.!;]"
)
_NOT_LOOKED: Final = regex(
    r"(?:我|们|还|也|都|一直)*(?:没(?:有)?(?:来得及|时间|空|机会)|来不及)(?:去|回家|回去)?(?:看|试|检查|"
    r"用)?(?:呢|一下)?"
    r"|(?:i |we |still )*(?:haven'?t|have not|didn'?t|not) (?:yet )?(?:(?:had|got|have|get) (?:a |the |"
    r"any )?(?:chance|time)|been able) "
    r"to (?:look|check|test|try|see)(?: (?:it|at it|yet))*"
)
_SAME_DAY: Final = (
    r"(?:[ ,]*(?:here|there|round|around|over|in|out|up|by|back|again|just now|already|now|earlier|finally|today|yesterday|"
    r"tonight|last night|(?:this|yesterday) (?:morning|afternoon|evening)|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"(?:at )?(?:noon|lunchtime|\d{1,2}(?:[:.]\d\d)?(?!\d)(?: ?[ap]m)?)|an hour ago|a while ago|"
    r"to (?:look|see|check)|(?:and )?left))*"
)
_CAME: Final = regex(
    r"(?:好的?|嗯|哦|噢|[ ,])*(?:今天|昨天|前天|刚才?|上午|中午|下午|早上|晚上|已经?|有|[ ,])*"
    r"(?:(?:维修|修理|保洁|电梯|物业|你们)?的?(?:师傅|工人|人员|员工|工程师|人|水工|电工)|他们?|她|物业)?"
    r"(?:今天|昨天|前天|刚才?|上午|中午|下午|早上|晚上|已经?|是|有|[ ,])*"
    r"(?:来人|来|到|上门|过来|上来|看|检查|走)(?:过来|过|看过?|瞧过?|检查过?)?"
    r"(?:一下|一眼|一趟|一次)?(?:了|啦)?(?:的|[ ,]*又?走了?)?"
    r"|(?:ok(?:ay)?|well|yes|yeah|hi|so|[ ,])*"
    r"(?:(?:the|a|an|your|that|some|one|this|our|my) )?(?:(?:young|old|nice|repair|maintenance) )?"
    r"(?:he|she|they|some ?(?:one|body)|man|men|guys?|people|person|lads?|chap|bloke|fellow|plumbers?|engineers?|electricians?|"
    r"technicians?|repair ?m[ae]n|handym[ae]n|workm[ae]n|workers?|contractors?|cleaners?|team|staff|caretaker|janitor|super)"
    r"(?:'?s|'?ve| has| have| did| only| just| already| finally)* ?"
    r"(?:was|were|came|come|been|turned up|showed up|shown up|arrived|visited|looked|(?:had|took|taken) a look|popped in|"
    r"called|is|are|left)(?: (?:at|into) (?:it|that|this))?" + _SAME_DAY,
    re.ASCII,
)
"""That somebody was there says nothing of what came of it."""
_FAULTS_ZH: Final = r"(?:漏|响|滴|堵|吵|臭|渗|跳闸|闪|晃|返水|冒水)"
_MENDED: Final = regex(
    rf"(?:已经?|现在|到现在|之后|后来|再也|也|就|都|这两天|昨晚|昨天|今天)*(?:没(?:有)?再?|不再|"
    rf"再没)(?:有)?(?:出现)?{_FAULTS_ZH}"
    r"(?:水|过|了|啦)*"
    r"|(?:it'?s|it is|all|everything(?:'s| is)?|that'?s)(?: all| now)? working(?: now| again| fine| well|"
    r" perfectly| ok)*"
    r"|(?:there (?:is|are|has been|have been) )?no (?:more )?(?:leak(?:s|ing|age)?|nois(?:e|es)|smells?|"
    r"drip(?:s|ping)?|damp|"
    r"problems?|issues?)(?: any ?more| now| at all)*"
    r"|(?:it|the \w+)(?:'?s| is| has|'?ve)? ?(?:isn'?t|not|no longer|stopped|has stopped|"
    r"doesn'?t)(?: been)? (?:leak|drip|rattl|"
    r"smell|buzz|flicker|squeak|flood|overflow)(?:ing|s)?(?: any ?more| now| at all)*"
    r"|the (?:nois(?:e|es)|smells?|leaks?|damp|mould|problem|issue|fault|drip|rattle|stink|buzz(?:ing)?)(?:'s|"
    r" is| are| has| have)?"
    r" (?:all )?(?:gone|stopped)(?: away)?(?: now)?"
    r"|(?:it'?s |it has )?never been better",
    re.ASCII,
)
_AT_LAST: Final = regex(
    r"(?:虽然|就是|[ ,])*(?:也|都|真|确实|太|有点|[ ,])*(?:拖|等|耗|磨|折腾|催|弄|慢)[^没不又还,.;!?]{0,12}[ ,]{0,2}"
    r"(?:但是?|不过|可是|好在|还好|[ ,])*(?:总算|终于|最后|最终|好歹|现在|还是|也|都|算是|给|[ ,])+"
    r"(?:修好|弄好|解决|搞定|处理好|处理完|修完|好)了?(?:吧|啊|呀|[!. ])*"
    r"|(?:well |it |you |they |that |this |we |i |[ ,])*(?:had to wait|took|taken|waited|dragged on|was slow|were slow|slow)"
    r"(?: (?!not\b|never\b|still\b)[a-z\d]{1,12}){0,6}[ ,.]{1,3}(?:but|though|and|at least|finally|in the end)"
    r"(?: (?:now|it|it'?s|is|they|that'?s|finally|all|at last|in the end|at least|got|been|has|was|everything|everything'?s))*"
    r" (?:fixed|works|working|sorted|done|solved|resolved|repaired|mended|ok|okay|fine)(?: it)?"
    r"(?: (?:now|at last|finally|in the end|again|today|eventually))*[ .!]*"
)
"""Late, and done: which of both they mean to say is theirs to say."""
_BACK: Final = regex(
    r"(?:i am|i'?m|i'?ll be|we'?ll be|we are|we'?re|he'?s|they'?re|will be|be|is|are|should be|[ ,])*(?:coming |going |come )?"
    r"back (?:(?:on|in|at|by) )?(?:the )?(?:tomorrow|tmrw|tmr|later|next week|morning|afternoon|evening|tonight|"
    r"(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?: (?:morning|afternoon|evening))?"
    r"(?: (?:to (?:look|see|check|try|finish|fix)|with (?:a |the )?[a-z]{1,14})(?: (?:at )?(?:it|that|this))?)?[ .!]*"
)
_THANKED: Final = regex(
    r"[ ,.!~]*(?:谢谢|多谢|感谢|谢啦|thanks?|thank you|cheers|thx)(?:你们?|您|师傅| you| so much| a lot|了)*[ ,.!~]*$"
)
_YET: Final = regex(r"但|可是|不过|就是|却|又|还|\b(?:but|though|however|still|again)\b")
_CODE: Final = regex(r"(?:绑定码?|bind(?:ing)?(?: code)?)[ :]*[a-z\d]{4,12}", re.ASCII)
"""A one-time code of a colleague, said by somebody whom it does not fit."""


def rated(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for a rating: praise that is none, or that doubts itself."""
    if pending is Pending.RATING and _came(key):
        return Verb.UNCLEAR, item.arguments
    if late_but_done(found, key, item, pending):
        return Verb.UNCLEAR, item.arguments
    if pending is Pending.RATING and found[1].get("rating") != Rating.DISSATISFIED and tells_times(key):
        return Verb.UNCLEAR, item.arguments  # when somebody can be met is no praise
    if (wanted := wanting(found, key, item, pending)) is not None:
        return wanted
    satisfied = found[1].get("rating") == Rating.SATISFIED
    if found[1].get("rating") != Rating.DISSATISFIED and _APPEALS.search(key) and not _NO_APPEAL.search(key):
        return _as(Rating.DISSATISFIED, item) if pending is Pending.RATING else (Verb.COMPLAIN, item.told)
    if satisfied and _PROVES.search(key) and not _SAYS_YES_FIRST.match(key) and not _PRAISED.search(key):
        return (Verb.UNCLEAR, item.arguments) if pending is Pending.RATING else (Verb.ADD, item.told)
    if satisfied and _NOT_CONTENT.search(key):
        return _as(Rating.DISSATISFIED, item)
    if satisfied and _DOUBTS_IT.search(key):
        return Verb.UNCLEAR, item.arguments
    return None if satisfied else unrated(found, key, item, pending)


def wanting(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for a rating, a matter, a question to us or nothing: they want something yet, and it is to be heard."""
    if pending is not Pending.RATING or not wants_more(key):
        return None
    unhappy = found[0] is Verb.COMPLAIN or found[1].get("rating") == Rating.DISSATISFIED
    if unhappy and (discontent(item.words) or TROUBLE.search(key)):
        return None
    return Verb.ADD, item.told


def late_but_done(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for a no, or for a wish to hurry: it took long, and is done; they are asked which they mean."""
    asked = (Pending.RATING, Pending.RESULT, Pending.YES_NO)
    late = pending in asked and len(key) <= 80 and _AT_LAST.fullmatch(key)
    return (Verb.UNCLEAR, item.arguments) if late else None


def pressed(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for an urge: another time for a visit, or that it took long and is done."""
    if puts_off(key):
        return Verb.ADD, {**item.told, "at_home": True}
    return late_but_done(found, key, item, pending)


def comes_back(key: str) -> bool:
    """Whether words say no more than when somebody is back: what is promised is no result."""
    return len(key) <= 80 and _BACK.fullmatch(key.strip(EDGES)) is not None


def unrated(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for a complaint, or for no answer: the fault is gone, or nobody has looked yet."""
    if found[0] is Verb.COMPLAIN and _CODE.fullmatch(key):
        return Verb.UNCLEAR, item.arguments
    if pending not in (Pending.NONE, Pending.RATING):
        return None
    if pending is Pending.RATING and _came(key):
        return Verb.UNCLEAR, item.arguments
    if (wanted := wanting(found, key, item, pending)) is not None:
        return wanted
    if found[0] is Verb.THANKS and ASKS_A_STATEMENT.search(key) and not answers.THANKS.search(key):
        return Verb.ADD, item.told
    if _mended(key):
        return _as(Rating.SATISFIED, item)
    if found[0] is Verb.THANKS and pending is Pending.NONE and _YET.search(key) and discontent(item.words):
        return Verb.COMPLAIN, item.told
    if pending is Pending.RATING and found[0] is Verb.THANKS and _NOT_CONTENT.search(key):
        return _as(Rating.DISSATISFIED, item)
    doubts = _DOUBTS_IT.search(key) if found[0] is not Verb.RATE else _SO_FAR.match(key)
    if pending is Pending.RATING and (_NOT_LOOKED.fullmatch(key) or doubts) and len(key) < _SHORT:
        return Verb.UNCLEAR, item.arguments
    return None


def _came(key: str) -> bool:
    return len(key) <= 80 and _CAME.fullmatch(_THANKED.sub("", key).strip(EDGES)) is not None


def _mended(key: str) -> bool:
    return _MENDED.fullmatch(_THANKED.sub("", key).strip(EDGES)) is not None


def _as(rating: Rating, item: Numbered) -> Reading:
    return Verb.RATE, item.arguments | {"rating": rating.value, "comment": item.words.said}


# -- consent ------------------------------------------------------------------------------------------------------------
_KEEPS: Final = regex(r"\bkeep (?:it|this|the (?:case|complaint))\b|(?:保留|留着)(?:投诉|这个|它|吧|$)")
_UNDER_CONDITIONS: Final = regex(
    r"^(?:那|嗯|我|都|[ ,])*(?:可以|好|行|同意|接受|没问题|ok)[^;]{0,12}?(?:但(?!愿)|(?<=[,. ])不过|可是|就怕|只怕|怕你|只要|"
    r"前提|要是|如果|除非|怎么办|"
    r"[,. ](?:得|必须|需要|要|至少)|行不行|可不可以)"
    r"|^(?:可以是可以|行是行|好是好)"
    r"|^(?:well |i |yes |ok |[ ,])*(?:ok(?:ay)?|yes|yeah|sure|fine|agreed?|alright|all right|deal|"
    r"good)\b[^;]{0,20}?\b(?:but|however|unless|"
    r"provided|providing|only if|if|as if|on condition|as long as(?=.*\b(?:free|pay|refund|cost|charge|"
    r"money)))\b(?! please| only because| they| it'?s (?:before|by|on|in)\b)"
    r"|^(?:ok(?:ay)?|yes|yeah|sure|fine|agreed?)\b.*(?:money back|\brefund\b|\bcompensat\w*)"
    r"|^(?:do|have) i (?:even |really )?(?:have|got) (?:a|any) choice|^(?:what|which) choice|^(?:can|could|will|"
    r"would) (?:you|it|i|we|they)\b"
)
_CONDITION_FIRST: Final = regex(
    r"^(?:那|嗯|我们?|[ ,])*(?:要是|要不是|如果|假如|假若|若是?|只要|只有|除非|倘若)[^;.!?]{1,40}"
    r"(?:同意|接受|可以|答应|认可|没问题|没意见|行|好说|好)(?:了|的|吧|啊|办)*[ .!]*$"
    r"|的话[ ,]*(?:那|我们?|就|才|也|都|[ ,])*(?:同意|接受|可以|答应|认可|没问题|没意见|行|好)(?:了|的|吧|啊)*[ .!]*$"
    r"|^(?:but |well |only |and |[ ,])*(?:if|provided|providing|as long as|so long as|unless|on condition|assuming)\b[^;!?]*"
    r"\b(?:agree|accept|ok(?:ay)?|fine|yes|deal|happy|all right|alright|sure)\b"
    r"|^i(?:'ll| will| would|'d| can| could|'m happy to| am happy to)? ?(?:only )?(?:agree|accept|take it|go along|say yes)\b"
    r"[^;!?]*\b(?:if|provided|providing|as long as|so long as|only when|unless|on condition)\b"
    r"|^(?:please |just |[ ,])*(?:come|fix|send|pay|give|do|bring|refund|put|make|start|finish|repair|replace)\b[^;!?]*"
    r"\band (?:then )?(?:i(?:'ll| will)? (?:agree|accept)|it'?s a deal|you(?:'ll)? have a deal)\b"
)
_RESIGNED: Final = regex(
    r"^(?:well|ok(?:ay)?|alright|fine|[ ,])*if (?:that'?s|that is|this is|there'?s|there is|it has to|it must|"
    r"you (?:say|insist)|need be)\b"
)
"""Grumbling that agrees: "if that's the best you can do, then ok"."""
_NOT_YET: Final = regex(
    r"\b(?:until|till) (?:you|i|we|it|they|the|someone)\b"
    r"|\b(?:but|however) (?:the|my|our) (?:\w+ )?(?:problem|trouble|issue|fault)\b"
    r"|\b(?:\w+ )(?:more )?(?:to go|left|remaining|still to (?:do|come))[ .!]*$|^only (?:one|half|part|the)\b"
    r"|(?:一|就|只要)(?:开|用|按|关|下雨)[^,.;]{0,6}(?:又|还|就(?:又|还|漏|响|跳|坏))|(?:还(?:剩|差|有)|才)[^,.;]{0,8}(?:没|一半|个|间|处)"
)
_SAYS_YES_AFTER_ALL: Final = regex(
    r"\b(?:but|however)\b.*\b(?:ok(?:ay)?|yes|accept(?:ed)?|agreed?|go (?:on|ahead)|do it|fine|all right|"
    r"alright|proceed|take it|thank)\b"
    r"|(?:但|不过|可是).*(?:同意|可以|接受|就这样|就这么|行吧|好吧|谢)"
)
_MINDS: Final = regex(r"(?:i|we) do (?:mind|object)\b.*")
_DOES_NOT_MIND: Final = regex(
    r"(?:我|我们|这个?|也|都|那)*(?:不反对|没(?:有)?(?:什么|啥)?异议|不介意)(?:的|吧|啊|了|这个方案|这样)*"
    r"|(?:no[ ,]+|well[ ,]+)?(?:i|we) (?:do not|don'?t) (?:mind|object)(?: at all| (?:to )?(?:it|that|this|"
    r"the plan))*"
)
_OF_ASSENT: Final = frozenset({Pending.YES_NO, Pending.PLAN, Pending.RESULT})
_AGREES_AND_ASKS: Final = regex(
    r"(?:同意|可以|好的?|行|没问题|ok)[,. ].{2,}(?:行不行|可不可以|行吗|可以吗|好吗)[ ?.]*$"
)


_BEGINS_YES: Final = regex(r"\W*(?:好|行|可以|同意|接受|没问题|嗯|是|对|ok|okay|yes|yeah|sure|fine|agreed?)")


def agreed(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for consent: that it stands, a but, a condition, work that is not finished."""
    if pending in _OF_ASSENT and _PROVES.search(key) and not _SAYS_YES_FIRST.match(key):
        return Verb.UNCLEAR, item.arguments
    if pending is Pending.YES_NO and KEEPS_IT.search(key):
        return Verb.DISAGREE, item.arguments | {"reason": item.words.said}
    if pending is Pending.YES_NO and _KEEPS.search(key):
        return Verb.UNCLEAR, item.arguments
    if pending is Pending.RESULT and _NOT_YET.search(key):
        return Verb.DISAGREE, item.arguments | {"reason": item.words.said}
    if pending is not Pending.PLAN:
        return None
    if not _BEGINS_YES.match(key) and (puts_off(key) or refuses_a_time(key)):
        return Verb.ADD, {**item.told, "at_home": True}  # "friday i'm away, monday works"
    if _MINDS.fullmatch(key):
        return Verb.DISAGREE, item.arguments | {"reason": item.words.said}
    if _CONDITION_FIRST.search(key) and not _RESIGNED.match(key):
        return Verb.UNCLEAR, item.arguments
    return (
        (Verb.UNCLEAR, item.arguments)
        if _UNDER_CONDITIONS.search(key) and not _SAYS_YES_AFTER_ALL.search(key)
        else None
    )


def refused(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    """Of what was taken for a no: that somebody does not mind, or agrees and asks."""
    if (pending is Pending.RESULT and comes_back(key)) or late_but_done(found, key, item, pending):
        return Verb.UNCLEAR, item.arguments
    if pending not in (Pending.PLAN, Pending.YES_NO):
        return None
    if _DOES_NOT_MIND.fullmatch(key):
        return Verb.AGREE, item.arguments
    return (Verb.UNCLEAR, item.arguments) if pending is Pending.PLAN and _AGREES_AND_ASKS.match(key) else None
