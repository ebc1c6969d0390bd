"""What an answer to "are you satisfied?" asks for, or asks about: a receipt, the money on a card, when it comes. Pure.

Whoever wants something yet has rated nothing, and a case that closed over it would lose what they want.
"""

from __future__ import annotations

from typing import Final

from bot.grammar.patterns import regex

_LOOKED_AT: Final = 300  # characters
_THING_ZH: Final = "钱|款|押金|费用?|发票|收据|单据|凭证|报告|照片|合同|钥匙|证明|余额|积分|优惠券|赔偿|补偿"
_THING: Final = (
    r"(?:money|refund|deposit|payment|cash|receipts?|invoices?|bills?|reports?|copy|copies|photos?|pictures?|keys?|letters?"
    r"|certificates?|documents?|paperwork|vouchers?|card|account)"
)
_WELL: Final = "(?:and |so |but |ok |great |thanks |[ ,])*"
_GIVEN: Final = regex(
    rf"(?:{_THING_ZH})(?:也|都|已经|已)*(?:收到|到账|到|退回?|给|拿到|领)了?(?:$|[ ,.!])|(?:收到|拿到)了?(?:{_THING_ZH})"
    r"|(?:退|打|转|汇|存)(?:到|回)[^,.;!?]{0,6}了(?!吗|没)"
    rf"|\b(?:got|received|have|had) (?:the|my|our|a) {_THING}\b"
)
_WANTS: Final = regex(
    r"(?:麻烦|请|帮我|帮忙|给我|替我|能不能|可不可以|能否|可以|顺便|另外|还要|需要|我要)(?:你们?|您|师傅|物业|再|就|先|给我|帮我|帮忙|尽快|也)*"
    r"(?:把[^,.;!?]{1,12}(?:[发寄退打转送补还拿存开汇]|放)|[发寄退转汇]一?[份下个张]?(?:给|到|我|回|去|过来)|打个?电话(?!说|道)|打(?:到|给|回)"
    rf"|(?:送|寄|拿)(?:过来|回来|来|到|给)|[开补要]一?[张份个]?(?:{_THING_ZH})|回个?电话)"
    r"|(?:退|打|转|汇|存|寄|发|送)(?:到|回|给|去)(?!了)(?:我|你们|这张|那张|原来|原|上次|支付宝|微信|银行|卡|账户|邮箱|家里)"
    rf"|把[^,.;!?]{{0,8}}(?:{_THING_ZH})[^,.;!?]{{0,6}}(?:给我|退我|发我|寄我|还我)(?!了)|发我(?:邮箱|微信|手机|一)"
    rf"|(?:还|就)?(?:需要|缺|差|想要)一?[张份个]?(?:{_THING_ZH})(?!了)"
    r"|(?:卡号|账号|帐号|开户行|支付宝|微信号)(?:是|:|为|[ ,])*[*\d]{4}|卡尾号(?:是|:|为|[ ,])*\d{4}"
    r"|\b(?:can|could|would|will) (?:you|u|someone|somebody|he|she|they|i)(?: please| pls| just| also| kindly| even)*"
    r" (?:e-?mail|send|post|mail|put(?! me)|pay|transfer|credit|refund|drop|bring|forward|give|get|tell|let|call|ring|phone"
    r"|text|have|show|check|confirm|come|book|print|resend|do|make|take|pick|collect)\b"
    r"|\b(?:please|pls|plz|just|now|then|also|so)(?: just| also| can you)? "
    r"(?:e-?mail|send|post|mail|put(?! me)|pay|transfer|credit|refund|drop off|bring|forward|give me|call me|ring me|phone me"
    r"|text me|let me|tell me|show me|check|confirm|resend|book)\b"
    r"|^(?:put(?! me)|send|e-?mail|post|mail|transfer|credit|refund|pay|forward|call|ring|phone|text)"
    r" (?:it|that|this|them|me|us|the|my|a)\b"
    rf"|\b(?:i|we)(?:'d| would|'ll| will| still| just| also| do)* (?:need|want|like|require) (?:the|a|an|my|our|some)"
    rf" (?:\w+ )?{_THING}\b"
    rf"|\b(?:just|still|only|also) need (?:the|a|an|my|our|some) (?:\w+ )?{_THING}\b"
    r"|\bmy (?:card|account)(?: number| no)?(?: is|'?s|:)* ?(?:number )?\d{4}"
    r"|\b(?:card|account|acct|sort|invoice|receipt|order|flat|room|patient|policy|phone|mobile|reference)"
    r" (?:no|num|number|code|ending(?: in)?)\b\.?(?: is|:|'s)? ?[*#\d]"
    r"|\bsort \d\d-|\biban\b|(?:^|[ :])[\w.+-]{1,40}@[a-z\d-]{1,40}\.[a-z]"
)
_ASKS: Final = regex(
    rf"(?:什么时候|啥时候|何时|几时|多久|几天|怎么|哪里|哪儿|去哪|往哪|找谁|多少)[^,.;!?]{{0,8}}(?:到账|{_THING_ZH}|[退拿领取给打开补寄])"
    rf"|(?:{_THING_ZH})[^,.;!?]{{0,8}}(?:什么时候|啥时候|何时|几时|多久|几天|怎么|哪里|哪儿|去哪|找谁|多少|呢[? ]*$|吗"
    r"|没有?[? ]*$)"
    r"|[^,.;!?]{0,12}(?:退|打|转|寄|发|送|拿|领|去|来)[^,.;!?]{0,8}还是(?:要|得|需要|让|我|你|去|来|自己|退|打|寄|送|发)"
    r"|(?:想|要)?(?:问|请问)(?:一下|下|个|你们|您|,| )+[^,.;!?]{2,}"
    r"|(?:以后|下次|之后)[^,.;!?]{0,10}(?:多久|怎么|要不要|还要|会不会|几)"
    r"|\b(?:when|how|where|what|which|who)(?: long| much| soon| many)? (?:do|does|will|would|can|could|should|is|are|am|shall"
    rf"|did) (?:i|we|it|that|the|my|you|they)\b[^.;!]{{0,40}}\b(?:{_THING}|get|pay|paid|arrive|collect|pick)\b"
    rf"|^{_WELL}(?:is|are|will|does|do) (?:that|it|this|the|my|i|we|you|they)\b[^.;!]{{2,60}}\bor\b"
    rf"|^{_WELL}(?:is|are|will|does|do) (?:that|it|this|the|my|i|we) [^.;!?]{{0,40}}\b{_THING}\b"
)
_FOR_OTHERS: Final = regex(
    r"\b(?:please|pls|plz|can you|could you|just)(?: please| also)* "
    r"(?:tell|thank|pass|give|let|send) (?:(?:my|our|him|her|them|that|the|your|all|everybody|everyone|a|some|many)\b)"
    r"(?! (?:money|refund|deposit|receipt|invoice|bill|report|copy|keys?))"
    r"|(?:请|麻烦|帮我|替我)(?:你们?|您)?(?:转告|转达|代我|替我|谢谢|表扬|转给师傅)"
)
"""Thanks to be handed on: praise, and no wish."""
_BUT_MIND: Final = regex(r"下次|以后|今后|下回|希望|\bnext time\b|\bin future\b|\bhope\b")


def wants_more(key: str) -> bool:
    """Say whether a folded answer to how satisfied they are asks for something, or about something that is still to come."""
    plain = _FOR_OTHERS.sub(" ", _GIVEN.sub(" ", key[:_LOOKED_AT]))
    if _ASKS.search(plain):
        return True
    return _WANTS.search(plain) is not None and not _BUT_MIND.search(plain)
