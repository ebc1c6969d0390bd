"""What a colleague bids us do about a complaint by a plain sentence: remind somebody, tell its customer, show its files.

Said without a command word, such a sentence resembles many commands; none of those is meant. Pure.
"""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.arguments import Words
from bot.grammar.folding import clean, fold
from bot.grammar.meaning import Reading, Speaker, Verb
from bot.grammar.patterns import regex
from complaints.numbers import FULL, WITHOUT_LETTERS

_NUMBER: Final = rf"#?(?P<number>{FULL}|{WITHOUT_LETTERS}|\d{{4}})(?!\d)"
_OF_EN: Final = r"(?:of|on|for|in|from|at|about) (?:case |complaint |no\.? ?)?"
_PERSON_EN: Final = r"(?:customer|client|tenant|resident|owner|landlord|caller|guy|man|lady|woman|person|people|family)"
_PERSON: Final = r"(?:客户|业主|住户|租户|租客|房东|投诉人|当事人|那家人?|那位|那边)"
_ASKS_EN: Final = r"(?:please |pls |can you |could you |kindly )?"
_ASKS: Final = r"(?:请|麻烦|帮我|帮忙|你|再|那|去){0,3}"
_LONGEST: Final = 200

_REMIND: Final = regex(
    rf"{_ASKS_EN}(?:remind|nudge|ping|prod|poke|chase(?: up)?) (?!up )(?P<who>[a-z][a-z'-]*(?: [a-z][a-z'-]*)?)"
    rf" (?:about|of|on|re|for|regarding|with|over) (?:case |complaint |no\.? ?)?{_NUMBER}(?P<more>.*)",
)
_REMIND_ZH: Final = regex(
    rf"{_ASKS}(?:提醒|催促|督促|催催|催)(?:一下|下)?[ @]*(?P<who>[\u4e00-\u9fff]{{2,4}}?)[ ,:的]*(?:办一下|办"
    rf"|处理一下|处理|跟进一下|跟进|看看|看一下|看)?[ ,:的]*"
    rf"{_NUMBER}(?P<more>.*)",
)
_REMIND_AFTER: Final = regex(
    rf"{_NUMBER}[ ,:]+(?:{_ASKS_EN}(?:remind|nudge|ping|prod|poke"
    rf"|chase(?: up)?) (?!up )(?P<en>[a-z][a-z'-]*(?: [a-z][a-z'-]*)?)[ .!]*"
    rf"|{_ASKS}(?:提醒|催促|督促|催催|催)(?:一下|下)?[ @]*(?P<zh>[\u4e00-\u9fff]{{2,4}}?)(?:一下|一声)?[ .!吧]*)",
)
_REMIND_ONE: Final = regex(rf"{_ASKS_EN}(?:remind|提醒)[ :,]*{_NUMBER}(?P<more>.*)")
_NOBODY: Final = regex(
    r"[这那此本一下他她它]|客户|业主|住户|租|师傅|厂|进度|处理|办理|快点?|\b(?:my|our|your|this|that|deadline|the|them|him|her|me|us|it|customer"
    r"|client|tenant)\b"
)
_POLITE_END: Final = regex(r"(?:please|pls|thanks|thank you|again|now|吧|一下|谢谢|[ .!])*")
_TELL: Final = regex(
    rf"{_ASKS_EN}(?:(?:tell|inform|notify) (?:the |our )?{_PERSON_EN} {_OF_EN}{_NUMBER}"
    rf"|let (?:the |our )?{_PERSON_EN} {_OF_EN}#?(?P<number_2>{FULL}|{WITHOUT_LETTERS}|\d{{4}}) know)"
    r"(?: that(?!'))?[ ,:]+(?P<text>.{2,})",
)
_TELL_ZH: Final = regex(
    rf"{_ASKS}(?:(?:告诉|通知|转告|告知)(?:一下|下)?[ ]*{_NUMBER}[ ]*(?:这个|那个|这单|那单|的)?{_PERSON}(?:一声|一下)?"
    rf"|[跟和给同对向][ ]*#?(?P<number_2>{FULL}|{WITHOUT_LETTERS}|\d{{4}})[ ]*(?:这个|那个|这单|那单|的)?{_PERSON}"
    r"(?:回复|说明|解释|说|讲)(?!过|了|好|定|清|通|完)(?:一声|一下)?)[ ,:]*(?P<text>.{2,})",
)
_SPOKE: Final = regex(
    rf"(?:i |we |just |i've |i have ){{0,2}}(?:spoke|spoken|talked|chatted) (?:to|with) (?:the "
    rf"|our )?{_PERSON_EN} {_OF_EN}{_NUMBER}"
    rf"(?P<more>.*)"
    rf"|(?:我|我们|刚才?|今天|已经?){{0,3}}[跟和给同对向与][ ]*#?(?P<number_2>{FULL}|{WITHOUT_LETTERS}|\d{{4}})[ ]*"
    rf"(?:这个|那个|这单|那单|的)?{_PERSON}(?:沟通|联系|解释|说|讲|聊|谈)(?:过|了|好|清楚|完).*",
)
_IN_VAIN: Final = (
    r"[ ,.:;-]*(?:and |but |s?he |they |there was |it |went to |just )?"
    r"(?:no[ -]?(?:answer|reply|response|one answered|body answered)|nobody (?:answered|picked up|there|in)"
    r"|no one (?:answered|picked up|there|in)"
    r"|(?:did ?n'?t|did not|won'?t|not) (?:answer|pick up|reply)(?:ing)?|voice ?mail|engaged|busy|rang out"
    r"|switched off)[^?]{0,40}"
)
_RANG: Final = regex(
    rf"(?:i |we |just |i've |tried to |tried ){{0,2}}(?:rang|phoned|called|ring|call|calling|ringing|phoning)"
    rf"(?: (?:the |our )?{_PERSON_EN} {_OF_EN}| (?:case |no\.? ?)?){_NUMBER}"
    rf"{_IN_VAIN}"
    rf"|#?(?P<number_4>{FULL}|{WITHOUT_LETTERS}|\d{{4}})[ ,:]+(?:i |we |just |i've |tried to |tried ){{0,2}}"
    r"(?:rang|phoned|called|ring|call|calling|ringing|phoning)"
    rf"(?: (?:the |our )?(?:{_PERSON_EN}|him|her|them|(?:mr|mrs|ms|miss)\.? [a-z'-]+))?"
    rf"(?: again| back| twice| \d times)?{_IN_VAIN}"
    r"|(?:我|我们|刚才?|今天|已经?){0,3}(?:又|再)?(?:给|打给|打了|打过|打|拨打|拨了|联系了?)[ ]*"
    rf"#?(?P<number_2>{FULL}|{WITHOUT_LETTERS}|\d{{4}})(?!\d)[ ]*(?:这个|那个|这单|那单"
    rf"|的)?{_PERSON}?(?:的)?(?:打了?电话|电话|打了?)?[ ,]*"
    r"(?:但是?|可是|还是|一直|都|也){0,2}(?:没有?人?接|无人接听?|没打通|打不通|没接|不接|没人应|联系不上|关机|占线"
    r"|停机)[^?吗]{0,20}"
    rf"|#?(?P<number_3>{FULL}|{WITHOUT_LETTERS}|\d{{4}})[ ,:]*(?:的)?{_PERSON}?(?:又|再|已经?)?(?:打了?个?"
    rf"|拨了?)(?:好?几次|两次|三次)?电话[ ,]*"
    r"(?:但是?|可是|还是|一直|都|也){0,2}(?:没有?人?接|无人接听?|没打通|打不通|没接|不接|没人应|联系不上|关机|占线"
    r"|停机)[^?吗]{0,20}",
)
_SHOW: Final = r"(?:evidence|proof|photos?|pictures?|pics|files?|attachments?)"
_SHOW_ZH: Final = r"(?:证据|凭证|照片|图片|附件|文件|录音|视频)"
_FILES: Final = regex(
    rf"{_ASKS_EN}(?:show(?: me)? |see |list |get )?(?:the |all |all the )?{_SHOW} (?:{_OF_EN}|to )?{_NUMBER}[ ?.!]*"
    rf"|#?(?P<number_2>{FULL}|{WITHOUT_LETTERS}|\d{{4}})(?!\d)[ ,:]*(?:{_SHOW}|(?:的)?(?:所有|全部)?{_SHOW_ZH}"
    r"(?:呢|在哪里?|有哪些|有吗|给我看看|看看|看一下|发我)?)[ ?.!]*"
    rf"|{_ASKS}(?:我?要?看看|查看|看下|调出|看|查|要)?(?:一下)?(?:所有|全部)?{_SHOW_ZH}[ ,:]*"
    rf"#?(?P<number_3>{FULL}|{WITHOUT_LETTERS}|\d{{4}})[ ?.!]*"
    rf"|{_ASKS}(?:我?要?看看|查看|看下|调出|看|查|要)(?:一下)?[ ]*"
    rf"#?(?P<number_4>{FULL}|{WITHOUT_LETTERS}|\d{{4}})[ ]*(?:的)?(?:所有|全部)?{_SHOW_ZH}[ ?.!]*",
)
_SENDS: Final = regex(
    r"(?:(?:yes|yeah|yep|yup|ok|okay|sure|right|fine|good|go ahead)[ ,.!]+)?(?:and |please |pls |just |you can ){0,2}"
    r"(?:send|release) (?:it|that|this)(?: out| off| now| please| pls| to (?:the )?(?:customer|them)){0,2}[ .!]*"
    r"|(?:对的?|是的?|好的?|嗯|行|可以|ok|没问题)[ ,.!]*(?:就)?(?:这样|这么|直接)?(?:发送|发出去?|发给客户|发给他们?"
    r"|发)(?:吧|了|呗|啊)?[ .!]*",
)

_KEEPS_BACK: Final = regex(
    r"(?:(?:no|nope|nah|please|pls|just|better|actually|oh|[ ,.!])+ ?)?"
    r"(?:(?:do not|don'?t|not|never)(?: to| you)? (?:send|release|pass|forward|share|show|tell)"
    r"(?: (?:it|that|this|them|him|her|anything|on|out|off|yet|please|pls|thanks|to|the|customer|client|patient|tenant)){0,6}"
    r"|(?:keep|hold|leave)(?: (?:it|that|this|one))?(?: (?:back|inside|internal|out|to ourselves|between us|in house|for us))?)"
    r"|(?:先|暂时?|还是|算了|那|就|[ ,])*(?:不要|不用|不必|别|不)(?:再)?(?:发|告诉|通知|说|转)"
    r"(?:出去?|给)?(?:客户|业主|住户|他们?|她们?|对方)?(?:看|听|知道)?了?"
)


def bidden(words: Words, role: Speaker) -> Reading | None:
    """Return what a plain sentence of a colleague bids us do, or tells of a talk, about the complaint that it names.

    `URGE` with `remind`: whoever has it, `who` where they were named, is to say how it stands, which no customer pressed for.
    `REPORT` with `to_tell`: its customer is to read the words.
    """
    key = words.key.strip()
    if not key or len(key) > _LONGEST or not any(each.isdigit() for each in key):
        return None
    words = words.part(len(words.key) - len(words.key.lstrip()))
    if found := _REMIND_ONE.fullmatch(words.key):
        return Verb.URGE, {"reference": _number(found), "remind": True, "text": _more(words, found)}
    if found := (_REMIND.fullmatch(words.key) or _REMIND_ZH.fullmatch(words.key) or _REMIND_AFTER.fullmatch(words.key)):
        name = next(name for name in ("who", "en", "zh") if name in found.re.groupindex and found[name])
        if _NOBODY.search(found[name]):
            return None
        who = words.part(*found.span(name)).said.strip()
        more = _more(words, found) if "more" in found.re.groupindex else ""
        return Verb.URGE, {"reference": _number(found), "remind": True, "who": who, "text": more}
    if found := (_TELL.fullmatch(words.key) or _TELL_ZH.fullmatch(words.key)):
        text = words.part(found.start("text")).said.strip()
        return Verb.REPORT, {"reference": _number(found), "text": text, "to_tell": True}
    if found := _FILES.fullmatch(words.key):
        return Verb.STATUS, {"reference": _number(found)}
    if role is Speaker.SUPERVISOR and (found := _RANG.fullmatch(words.key)):
        return Verb.CALLED, {"reference": _number(found), "reached": False}
    if found := (_SPOKE.fullmatch(words.key) or _RANG.fullmatch(words.key)):
        ahead = found.end("number_4") if found.groupdict().get("number_4") else 0
        told: dict[str, object] = {"reference": _number(found), "text": words.part(ahead).said.strip(" ,:，：")}
        if role is Speaker.SUPERVISOR:
            return Verb.NOTE, {**told, "inside": True, "call": True}
        return Verb.REPORT, told
    return None


def keeps_back(words: Words) -> bool:
    """Say whether words in answer to "shall the customer read this?" are a no: "don't send it", "先别告诉客户"."""
    return _KEEPS_BACK.fullmatch(words.key.strip(" ,.!~吧呀啊哦呢嘛的")) is not None


def sends(words: Words) -> Reading | None:
    """Return the wish to let out what waits for a word: "yes send it", "对，发吧"."""
    return (Verb.RELEASE, {}) if _SENDS.fullmatch(words.key.strip()) else None


def sends_it(said: str) -> bool:
    """Say whether words bid us let out what waits."""
    return _SENDS.fullmatch(fold(clean(said)).strip()) is not None


def told_by_number(said: str) -> str:
    """Return what the customer of a complaint that is named is to be told; "" where nobody bids that."""
    text = clean(said).strip()
    key = fold(text)
    found = (_TELL.fullmatch(key) or _TELL_ZH.fullmatch(key)) if len(key) <= _LONGEST else None
    return Words(key, text).part(found.start("text")).said.strip() if found is not None else ""


def told_of_a_talk(said: str) -> bool:
    """Say whether somebody tells of a talk with the customer of a complaint by its number: no line for that customer."""
    key = fold(clean(said)).strip()
    return len(key) <= _LONGEST and (_SPOKE.fullmatch(key) or _RANG.fullmatch(key)) is not None


def rang_in_vain(said: str) -> str:
    """Return the number of the complaint whose customer a colleague rang in vain; "" where they tell of no such call."""
    key = fold(clean(said)).strip()
    found = _RANG.fullmatch(key) if len(key) <= _LONGEST else None
    return _number(found) if found is not None else ""


def _more(words: Words, found: re.Match[str]) -> str:
    said = words.part(found.start("more")).said.strip(" ,.:;!，。：；！")
    return "" if _POLITE_END.fullmatch(fold(said)) else said


def _number(found: re.Match[str]) -> str:
    groups = found.groupdict()
    return next(value.upper() for name, value in groups.items() if name.startswith("number") and value)
