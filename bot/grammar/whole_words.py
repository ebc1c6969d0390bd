"""Words that mean the same whatever is pending: "帮助", "TD", "English", to be left alone, a greeting. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.grammar.arguments import EDGES
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import regex

_WHOLE_WORDS: Final[Mapping[tuple[Verb, str], str]] = {
    (
        Verb.HELP,
        "",
    ): "帮助|菜单|help|menu|?|h|功能|指令|命令|commands|使用说明|说明|怎么用|start|开始|你好|您好|在吗|在么|"
    "在不在|有人吗|有人在吗|喂|喂有人吗|你好有人吗|哈喽|哈罗|嗨|你好啊|您好啊|你好呀"
    "|早上好|上午好|下午好|晚上好|hi|hello|hey|hello there|hi there|good morning|good afternoon|good evening|"
    "anyone there|anybody there|亲|亲在吗|你好在吗|您好在吗|你好,在吗|您好,在吗|帮帮我|help me|"
    "how does this work",
    (
        Verb.STOP,
        "",
    ): "退订|td|t|r|stop|unsubscribe|别再发了|不要再发了|别发了|不要发了|别再给我发消息了|别再给我发短信了|"
    "不要再给我发短信了|不要给我发短信|不要再给我发消息了|别给我发消息了|停止发送|取消订阅|拒收|"
    "stop texting me|stop messaging me|stop sending me messages|opt out|stop all|stopall|"
    "don't message me again|do not contact me again|no more messages",
    (
        Verb.PERSON,
        "",
    ): "人工|转人工|人工客服|人工服务|找客服|找人工|客服|转客服|接客服|联系客服|agent|human|operator|"
    "representative|call me|please call me|call me please|打电话给我|给我打电话|回电|人呢|人在哪",
    (
        Verb.LANGUAGE,
        "en",
    ): "english|英文|英语|in english|english please|english, please|speak english|switch to english|切换英文|"
    "切换到英文|说英文|用英文|用英语|change to english|language english|语言 英文|英文版",
    (
        Verb.LANGUAGE,
        "zh",
    ): "chinese|中文|汉语|国语|普通话|in chinese|chinese please|switch to chinese|切换中文|切换到中文|说中文|"
    "用中文|language chinese|语言 中文|中文版|简体中文|mandarin",
}
# Whatever stands around it, to be left alone is all that is wanted.
_LEAVES_ALONE: Final = regex(
    r"(?:请|麻烦|拜托|求|能不能|可不可以|你们?|都)*(?:别|不要|勿|停止|莫|甭)(?:再|给我|跟我|向我|一直|老是?|天天)*"
    r"(?:发|推送|发送|打扰|骚扰|群发)(?:我|了|消息|短信|信息|通知|广告|推送|过来|给|的|这些|这种|"
    r"东西)*(?:[ ,.!]*(?:了|好吗|行吗|谢谢|烦死|烦人|烦|很烦|太烦了))*"
    r"|(?:please |pls |can you |could you )*(?:stop|quit|don'?t|do not|dont|no more) (?:send(?:ing)?|text(?:ing|s)?|"
    r"messag(?:es?|ing)|sms|spam(?:ming)?|contact(?:ing)?|bother(?:ing)?|pester(?:ing)?)"
    r"(?: me| us| these| this| number| here| to| my| phone| any| more| messages?| texts?| sms| spam| anything| again|"
    r" please| pls| anymore)*"
    r"|(?:退订|取消订阅|拒收|停止)(?:短信|消息|通知|信息|推送|了|吧|[ ,.]|谢谢)*"
    r"|(?:please |pls |i want to |how do i |can you )*(?:unsubscribe|opt(?: me)? out|remove me from (?:the|your|"
    r"this) (?:list|mailing list))"
    r"(?: me| us| please| now| from (?:this|these|your)(?: \w+)?)*"
)
_UNSUBSCRIBES: Final = regex(
    r"^(?:please |pls )?(?:don'?t|do not) (?:send|msg|text|message) me (?:any ?more|any more of (?:these|this|them))\b|"
    r"\bno longer (?:wish|want) to receive (?:messages|texts|these)\b|\bremove me from (?:this|the|your) (?:\w+ )?list\b|"
    r"^(?:td|t|退订)[ ,.]+(?:不要|别)再?发了?$|^td别发了$|"
    r"(?:不要|别|请停止|停止)(?:再)?(?:推|传|发)(?:送)?(?:消息|讯息|短信|通知)(?:给我)?$|"
    r"\btake me off (?:this|the|your) (?:\w+ )?list\b|(?:烦死?了?|吵)[,.! ]+(?:请)?(?:不要|别)再发(?:了)?$|"
    r"(?:^|[,.! ])(?:我要|帮我|给我)?退订(?:短信|消息|通知)?(?:$|[,.! ])|什么(?:通知|消息|短信)都(?:不要|"
    r"别)(?:再)?发|(?:以后|再也)(?:不要|别)(?:再)?给我发"
    r"|(?:^|[,.!] ?)(?:please |pls |and )*no more (?:texts|messages|sms|surveys|notifications|emails)\b|\bturn "
    r"(?:off )?(?:these |the |your |all )*(?:messages|texts|notifications|alerts|reminders)\b|"
    r"(?:^|[,.!] ?)(?:please |pls )*(?:don'?t|do not|never) (?:text|message|sms|contact) me (?:again|any ?more)|"
    r"^(?:please |pls )*stop (?:sending|texting|emailing) (?:me |us )?(?:surveys|questions|questionnaires|reminders)\b"
)
_MESSAGES: Final = regex(
    r"消息|讯息|短信|通知|推送|提醒|\b(?:messag(?:e|es|ing)|texts?|texting|sms|notif\w+|reminders?|updates|"
    r"(?:write|writing) (?:to )?me|contact(?:ing)? me)\b"
)
_ONCE_MORE: Final = regex(
    r"恢复|重新|继续|接着|开启|打开|可以(?:再|继续|重新)?(?:给我|向我|跟我)?(?:发|推)|再(?:给我|向我)?发"
    r"|\b(?:again|resume|restart|unmute|back on|you (?:can|may|could)|(?:is|are) (?:fine|ok|okay) now)\b"
)
_NO_MORE: Final = regex(
    r"别|不|勿|停|莫|甭|退订|取消|拒|\b(?:stop|don'?t|do not|never|no|not|quit|off|out|unsubscribe|enough)\b"
)
_WISH_ALONE: Final = {"zh": 16, "en": 44}  # characters in which no more is said than that


def writes_again(key: str) -> bool:
    """Whether somebody whom we left alone lets us write again: "恢复通知", "you can message me again"."""
    longest = _WISH_ALONE["en" if key.isascii() else "zh"]
    wished = len(key) <= longest and _MESSAGES.search(key) and _ONCE_MORE.search(key)
    return bool(wished) and _NO_MORE.search(key) is None


_ENGLISH: Final = frozenset({"英文", "英语", "english"})
_LANGUAGE: Final = regex(
    r"(?:请|麻烦|能不能|能|可以|可不可以|我要|我想|帮我|你)*(?:切换?|换|改|转|说|讲|用|设置?|回复?)(?:成|到|为|回|用)?"
    r"(英文|英语|中文|汉语|国语|普通话)(?:版|回复|吗|吧|说|跟我说|可以吗|[ ?])*"
    r"|(?:can you |could you |please |pls |i want |i prefer |switch |change |speak |write |reply |answer |use |"
    r"talk |to |in |me |it )*"
    r"(english|chinese|mandarin)(?: version| language| please| pls|[ ?])*"
)
_PAUSES: Final = regex("[ ,.!?~]+")
_WHOLE: Final = {word: (verb, locale) for (verb, locale), words in _WHOLE_WORDS.items() for word in words.split("|")}

_GREETING: Final = regex(
    "[ ,.!]*(?:客服|老师|师傅|物业)?(?:你好|您好|有人在?吗|在吗|在不在|hi|hello|hey|喂|嗨|哈喽|亲|anyone|"
    "anybody)(?:你好|您好|请问|"
    "有人在?吗|在吗|在不在|客服|hi|hello|hey|there|喂|嗨|哈喽|亲|啊|呀|anyone|anybody|[ ,.!?~])*+"
)


def whole(key: str) -> Reading | None:
    """Return what a folded text means whatever is pending; None where that depends."""
    bare = key.strip(EDGES)
    if (
        found := _WHOLE.get(bare)
        or _WHOLE.get(_PAUSES.sub("", bare[:40]))
        or _WHOLE.get(bare.rstrip("?"))
        or (("?" in bare and not bare.strip("? ") and _WHOLE["?"]) or None)
    ):
        verb, locale = found
        return verb, {"locale": locale} if locale else {}
    if len(bare) <= 40 and (asked_for := _LANGUAGE.fullmatch(bare)):
        return Verb.LANGUAGE, {"locale": "en" if asked_for[1] in _ENGLISH else "zh"}
    if len(bare) <= 60 and not writes_again(bare) and (_LEAVES_ALONE.fullmatch(bare) or _UNSUBSCRIBES.search(bare)):
        return Verb.STOP, {}
    return (Verb.HELP, {}) if len(bare) <= 30 and _GREETING.fullmatch(key) else None
