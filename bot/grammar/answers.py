"""Short answers and small words: thanks, yes, no, a number, "I would rather not say"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.grammar import arguments
from bot.grammar.arguments import EDGES, Numbered
from bot.grammar.folding import PICTURES
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import regex


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split("|"))


THANKS: Final = regex(
    r"谢|辛苦|感恩|多亏|麻烦(?:你|您)了|thank|thx|tks|cheers|appreciate|grateful|🙏|\bty(?:sm|vm)?\b|\bta\b|tq$|3q|唔该"
)
_THANKS_FILL: Final = regex(
    r"么么哒|爱你们?|主管|经理|协调|谢谢|多谢|感谢|唔该|晒|3q|谢|感恩|辛苦|麻烦|你们|您们|你|您|大家|各位|师傅|老师|"
    r"领导|同事|亲|客服|小姐姐|小哥|"
    r"的帮助|的回复|回复|帮忙|帮助|支持|好的|好滴|好|嗯|恩|行|收到|知道|了|啦|嘞|咧|呗|噢|喽|咯|明白|没事|真棒|"
    r"给力|啊|哦|哈|呀|呢|的|哒|吧|非常|"
    r"十分|太|真的|真是|真|很|先|那|万分|再次|也|这么快|及时|不客气|不用谢|今天"
    r"|\b(?:ok|okay|thanks?|thank you|u|ya|lah|thx|tks|ty|tq|cheers|so|very|much|a lot|lots|a bunch|again|many|for|"
    r"your|"
    r"the|help|reply|quick|response|update|letting me know|all|you|really|appreciated?|i|it|that|that'?s|great|"
    r"boss|chief|bro|dude|good work|good job|well done|nice one|ta|x+|ur|are|a|an|such|star|stars|legend|lifesaver|"
    r"life saver|angel|the best|grateful|tysm|tyvm|"
    r"got|and|everyone|team|guys|mate|man|sir|to|is|in advance|support|kind|kindly|hard work|work)\b|"
    r"[^\w\u3400-\u9fff]|_",
    re.ASCII,
)
SHORT: Final = _set(
    "1|2|3|4|5|ok|okay|okey|k|y|n|yes|no|yep|yeah|sure|fine|好|好的|好滴|好吧|好嘞|好啊|行|行吧|可以|嗯|嗯嗯|"
    "恩|哦|噢|是|是的|对|对的|不|否|成|中|明白|知道了|了解|👍|👌|✅|🆗|嗯呢|en|alright|right|cool|great|收到|wait|等等"
)
NO_WHOLE: Final = _set(
    "不|否|别|2|0|n|no|nope|不系|不得|不方便|不准|驳回|cannot|can't|can not|wrong|incorrect|denied|not approved|"
    "not possible|nah|no thanks|no thank you|不用|不用了|不用了谢谢|不要|不是|不是的|不对|错|没有|"
    "不行|取消|cancel|never mind|算了|❌|🙅|👎|not really|no way|不了|并不是|非|没门|先别|别急|慢着|唔得|唔好|唔要|唔系|"
    "hold on|not so fast|wait"
)
YES_WHOLE: Final = _set(
    "1|y|yes|ok|okay|okey|k|yep|yeah|yup|sure|fine|right|correct|好|是|对|嗯|恩|要|中|成|行|可|对头|正确|"
    "没错|当然|👍|👌|✅|🆗|嗯嗯|好嘞|好呀|好啊|好滴|yes please|go ahead|deal|agreed|confirm|confirmed|"
    "please do|of course|absolutely|definitely|alright|sounds good|works for me|good|perfect|great|true|"
    "that's right|affirmative|ok can|可以的|需要|要的|愿意|确定|go for it|all right|all right then|alright then|准了|"
    "批准|是滴|是哒|得|得嘞|得咧|得啦|好嘅|系|系啊|granted|approved|好呀好呀|ya|yah|yea|yess|ye|yass|aye|mhm|mm|mmhm|"
    "uh huh|can|can can|ok lah|can lah|ok la|cool|proceed|please proceed|proceed please|do it|就这啦|就这办|"
    "得啦,就这啦|得啦就这啦"
)
_NO: Final = regex(
    r"凭什么|凭啥|不(?:太|怎么|能|会|想|大|是很|可能|打算){0,2}(?:批(?!评)|同意|接受|认可|行|可以|可(?!能)|要|用|是|"
    r"对|好|愿意|想|"
    r"需要|成|答应|合理|满意|赞成|ok|撤|确认|认同|服|方便|合适|划算|得劲)|这么(?:点|少|低|慢|久)|打发|叫花子|想得美|"
    r"开(?:什么)?玩笑|糊弄|没(?:有)?(?:同意|答应)|(?:无法|难以|没法|不能|拒绝|"
    r"不便)(?:接受|同意|认可)?|(?:接受|认可|答应)不了|反对|有(?:不同)?意见|免谈|休想|太(?:贵|慢|久|少|低|离谱|"
    r"晚|便宜你们|过分)|没(?:有)?诚意|做梦|换个(?:方案|时间)|重新(?:给|出|提|做|拟|制定|协商|商量|谈|"
    r"考虑)(?:个)?(?:方案)?|再(?:谈谈?|协商|商量)"
    r"|\bno\b(?! (?:problem|objection|worries|issues?|doubt))|\bnope\b|\bnah\b|\bnot\b(?! (?:a problem|bad|"
    r"an issue|only))|\bn't\b|\b(?:don'?t|doesn'?t|won'?t|can'?t|isn'?t|wouldn'?t|dont|cant|wont|isnt)\b(?! mind)|"
    r"\b(?:disagree|reject\w*|refuse\w*|decline\w*|unacceptable|unfair|ridiculous|insult\w*|(?:be|are you) (?:joking|"
    r"kidding)|(?:a|your|some) joke|try again|do better|come on|better (?:offer|plan|deal|solution|proposal|option|"
    r"price)|want more|too (?:late|long|expensive|little|"
    r"low|"
    r"slow|much|cheap))\b",
    re.ASCII,
)
_NO_ENDS: Final = regex(r"[ ,.!?:;~\n]|$|了|的|这|方案|因为|由于|that|it|because", re.ASCII)
_NOT_A_NO: Final = regex(
    "不错|不用谢|不客气|不好意思|没(?:什么|啥|有)?(?:不同)?意见|不见不散|不介意|没有?不(?:同意|接受)"
)
YES: Final = regex(
    r"(?:(?:那就?|我们?|都|完全|好的?[, ]?|嗯++[, ]?|可以[, ]?|觉得|看|认为|应该|还|挺)){0,4}(?:中(?=[,.! ])|好(?:呀|"
    r"啊|嘞|哒|滴|咧)|是(?:滴|哒|啊|呀|嘞|我|本人)|确定|同意|接受|认可|可以|行(?![为业程李政人情驶])|好的|"
    r"好(?=[,.!吧 ]|就)|没问题|没(?:什么|啥|有)?(?:不同)?意见|没得说|确认|是的|是(?=[,.! 这那同一])|对的|"
    r"对(?=[,.! ])|嗯|要的|需要|ok|okay|成交|赞成|愿意|答应|就这么办|就这样|就按|按这个|按你们|没错|不错|"
    r"不介意|听你们|1(?=[,. ]))"
    r"|(?:well,? |i |i'?m |we |that |that'?s |it |it'?s |is |sounds |yes,? )*(?:yes|yep|yeah|yup|sure|ok|okay|fine|"
    r"agree[ds]?|accept(?:ed)?|approve|sounds (?:good|great|fine|ok|reasonable|fair)|works|"
    r"good(?! (?:game|match|morning|afternoon|evening|night|day|luck|question|weather|weekend|film|lunch|bye)\b)|great|"
    r"perfect|"
    r"go ahead|deal|happy with|confirm(?:ed)?|no (?:problems?|objections?|worries|issues?)|looks? (?:good|fine|ok|"
    r"okay|great)|let'?s do|alright|please (?:do|proceed|"
    r"go)|correct|right|of course|don'?t mind|acceptable)\b",
    re.ASCII,
)
_ASKS_LAST: Final = regex(r"(?:\?|吗|么|没有|未|是不是|行不行|可不可以)[ ?.!~呀啊]*$|什么(?:结果|意思|内容)", re.ASCII)
_ASKS_FIRST: Final = regex(r"(?:什么|怎么|为什么|为啥|干嘛|干吗|what|why|how|which|where|who)(?![a-z])", re.ASCII)
BUT: Final = regex(r"但|不过|可是|只是|\bbut\b|\bhowever\b")

SKIP: Final = regex(
    r"(?:跳过|先跳过|略过|略|skip(?: it| this)?|pass|n/?a|none|no|nope|无|没有(?:了|房号|电话|手机)?|没|暂无|"
    r"不方便(?:说|透露|提供|给)?|不(?:想|愿|愿意)(?:说|给|透露|提供|填|留|告诉你?)(?:电话|号码|手机|名字|姓名|房号|"
    r"地址|联系方式)?|不(?:愿意?|便)(?:说|透露|提供|给|告知)?|"
    r"不(?:提供|透露|告诉你?|填|给|说|用了?|需要|知道|清楚|记得)(?:了)?|保密|匿名|下一步|下一个|next|以后再说|"
    r"暂时不(?:说|提供|填)|随便"
    r"|(?:i'?d |i would )?(?:rather|prefer) not(?: to)?(?: say| tell| share| give.*)?|(?:i )?(?:don'?t|dont|"
    r"do not) (?:want to (?:say|tell|share|give).*|have (?:one|it|any|a phone.*|a room.*)|know|remember)|"
    r"no thanks|not sure|anonymous|stay anonymous|private|not applicable|nothing|won'?t say|not telling|"
    r"-)[ .!~了吧呢哦]*",
    re.ASCII,
)
CHOICE: Final = regex(
    r"(?:我?选(?:择)?|第|no\.?|number|option|#|the)?\s?(\d{1,2}|[一二两三四五六七八九十]|first|second|third|"
    r"fourth|fifth|one|two|three|four|five)(?:st|nd|rd|th)?\s?(?:个|项|号|条|单|件)?(?: one| option|"
    r" please)?[ .,!)吧]*",
    re.ASCII,
)
CHOICE_LEAD: Final = regex(r"(?:我?选(?:择)?|第|option ?|number ?)(\d{1,2}|[一二两三四五六七八九十])(?!\d)", re.ASCII)
ORDINALS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
NONE_OF_THESE: Final = regex(
    r"(?:都不是|都不对|没有我的|以上都不是|别的|其他|其它|另外的?|新的|none(?: of (?:these|them|the above))?|"
    r"neither|other|another|something else|new(?: one)?)[ .!的]*"
)
CANCEL: Final = _set("取消|算了|不用了|cancel|never mind|nevermind|forget it|不延了|不退了")

ON_WHO_READS: Final = _set(
    "发|ok发|发吧|发出|发给客户|send|send it|不发|不发了|先不发|暂不发|别发|先别发|不要发|不用发|不发给客户|"
    "keep back|keep it back|hold back|don't send|don't send it|do not send|do not send it"
)
"""What is said of a line that waits to be sent, and of nothing else."""
_WAITS: Final = _set(
    "等等|等一下|等会|等会儿|稍等|先等等|等下|慢点|慢着|先别|别急|不要|不了|不用|hold on|not so fast|wait|wait a moment|"
    "wait a minute|one moment|not now"
)
_SLIP: Final = regex(
    r"(?:不好意思|抱歉|刚才|不小心|[我是啊哦 ,])*[点按发说打搞弄看选]错[了啦]?[ ,.!]*(?:不是这[个件单])?[ .!]*"
    r"|(?:sorry|oops|oh|my|[ ,])*(?:i (?:pressed|hit|tapped|clicked) )?(?:the )?"
    r"(?:wrong (?:one|button|case|number|key)|mistake)[ .!]*"
)
_NOT_CLOSED: Final = regex(
    r"(?:暂时|现在|[先还那就我 ,])*(?:不要?|别|不用|不想|取消)(?:办结?|结案|结单|完结|报)[了吧先]?[ .!]*"
    r"|(?:sorry|no|[ ,])*(?:don'?t|do not|not) (?:clos(?:e|ing)|finish|resolve)(?: it)?(?: yet| now)?[ .!]*"
)


def calls_off(key: str) -> bool:
    """Whether a folded text only takes back what its writer began: "算了", "点错了", "wrong button"."""
    bare = key.strip(EDGES)
    return (
        bare in CANCEL or bare in _WAITS or _SLIP.fullmatch(bare) is not None or _NOT_CLOSED.fullmatch(bare) is not None
    )


_HUMS: Final = regex(r"h+m+|m+(?:h+m+)*|u+[hm]+|e+r+m*|a+h+|o+h+|嗯+|呃+|额+|啊+|哦+|噢+|哎+|唉+")


def is_short(bare: str) -> bool:
    """Whether a folded text, without what stands around it, is one of the words that mean nothing by themselves."""
    return bare in SHORT or _HUMS.fullmatch(bare) is not None


def begins_with_answer(key: str) -> bool:
    """Whether a folded text is a yes or a no, or begins with one, whatever follows."""
    whole = key.strip(" ,.!?~吧呀啊哦呢嘛的")
    return whole in YES_WHOLE or whole in NO_WHOLE or bool(YES.match(key + " ") or _NO.match(key))


def is_question(key: str) -> bool:
    """Whether a folded text asks something."""
    # Only the end is searched: a hundred thousand question marks must not cost their square.
    return bool(_ASKS_LAST.search(PICTURES.sub("", key[-60:])) or _ASKS_FIRST.match(key))


def is_thanks(key: str) -> bool:
    """Whether a folded text thanks and says nothing else."""
    return len(key) <= 60 and bool(THANKS.search(key)) and not _THANKS_FILL.sub("", key)


def judged(item: Numbered) -> Reading | None:
    """Return agree or disagree for a sentence that says so; negation first."""
    words = item.words
    plain = _NOT_A_NO.sub(lambda found: "好的" + " " * (len(found[0]) - 2), words.key[:400])
    if found := _NO.search(plain):
        bare = not plain[: found.start()].strip(" 我们,这个方案觉得真") and _NO_ENDS.match(plain, found.end())
        rest = words.part(found.end()) if bare else words  # "不是撤" cut in two would say the opposite
        if rest.key.startswith(("这个", "了", "的", "方案", "that", "it")) and len(rest.key) < 8:
            rest = replace(rest, key="", said="")
        said = arguments.reason(rest)
        return Verb.DISAGREE, item.arguments | ({"reason": said} if len(said) > 1 else {})
    if found := YES.match(plain + " "):
        if re.match(r" ?(?:吗|么|不|\?)", plain[found.end() :]):
            return None
        rest = words.part(min(found.end(), len(plain)))
        return Verb.AGREE, item.arguments | ({"text": rest.said} if len(rest.said) > 2 else {})
    return None
