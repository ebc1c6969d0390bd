"""What colleagues say among themselves: "备注 0001 …", "电话 0001", "查看记录 0001", "涉及 0001 张伟". Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.arguments import Words
from bot.grammar.folding import clean, fold
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import regex
from complaints.numbers import ANY

_BEFORE, _AFTER = (rf"(?:#|no\.? ?|编号)? ?(?P<{place}>{ANY})(?!\d)" for place in ("before", "after"))
_START: Final = rf"[/#* ]*(?:{_BEFORE}[ ,:]*)?"
_NOTE: Final = regex(
    rf"{_START}(?:(?:内部|加个?|写个?)?(?:备注|备忘|内部说明)(?!里|上|的|栏|中)"
    r"|(?:internal |private |add (?:a )?)?note(?=[ :,#\d]|$))"
    rf"[ ,:]*(?:{_AFTER}[ ,:]*)?(?P<text>.*)",
    re.DOTALL,
)
_PHONE: Final = regex(
    rf"{_START}(?:看|查|要)?(?:一下)?(?:客户|业主)?(?:的)?(?:电话|手机|联系电话|手机号|电话号码|联系方式)(?:号码?)?"
    rf"[ ,:]*(?:{_AFTER})?[ ?吗]*"
    rf"|[/#* ]*(?:show |get )?(?:the )?(?:customer'?s? )?(?:phone|tel|phone number|contact)[ ,:]*(?:of |for )?"
    rf"#?(?P<en>{ANY})?[ ?]*"
    r"|(?:please |pls |i want to |i need to |let me |can i )?(?:call|ring|phone|dial)(?: up)? (?:the )?"
    r"(?:customer|client|tenant|resident|owner|caller) (?:of |for |on |in |from )?(?:case |complaint )?"
    rf"#?(?P<rings>{ANY})(?: please| pls| now)?[ .!?]*"
    rf"|(?:请|帮我|我要|我想|要|想|现在)*(?:打?给|联系|拨打?|打)[ ]*(?P<rings_zh>{ANY})[ ]*(?:这个|那个|的)?"
    r"(?:客户|业主|住户|租户|租客|投诉人)(?:的)?(?:打个?电话|去?个?电话|电话)[ .!?吧]*"
)
_REVEALS: Final = regex(
    rf"{_START}(?:(?:电话)?查[看阅]记录|谁看过(?:电话)?|access log|who looked(?: at)?|reveals)[ ,:]*(?:{_AFTER})?[ ?]*"
)
_NAMED: Final = regex(
    rf"{_START}(?P<not>不涉及|非当事人|不是当事人|取消回避|not about|does not (?:name|concern|involve))?"
    rf"(?(not)|(?:涉及|被投诉人|当事人|回避|respondent|names?|about|concerns|involves))[ ,:]*"
    rf"(?:{_AFTER}[ ,:]*)?@?(?P<who>[^\s,.;:!?\d]{{1,20}}(?: [a-z]+)?)[ .!]*"
)
_LONGEST: Final = 60  # characters of a command that says nothing besides


def read(words: Words) -> Reading | None:
    """Return what a colleague wants kept, or wants to see, that customers never hear of; None where it is something else."""
    if found := _NOTE.match(words.key):
        return Verb.NOTE, _told(found, text=words.part(found.start("text")).said.strip())
    if len(words.key) > _LONGEST:
        return None
    for verb, pattern in ((Verb.PHONE, _PHONE), (Verb.REVEALS, _REVEALS)):
        if found := pattern.fullmatch(words.key):
            return verb, _told(found)
    if (found := _NAMED.fullmatch(words.key)) and (found["before"] or found["after"]):
        who = words.part(found.start("who"), found.end("who")).said
        return Verb.NAMES, _told(found, who=who) | ({"off": True} if found["not"] else {})
    return None


def read_text(text: str) -> Reading | None:
    """Return the same of a text as it was written."""
    said = clean(text)
    return read(Words(fold(said), said))


def _told(found: re.Match[str], **told: str) -> dict[str, object]:
    groups = found.groupdict()
    number = (
        groups.get("before")
        or groups.get("after")
        or groups.get("en")
        or groups.get("rings")
        or groups.get("rings_zh")
        or ""
    )
    given = {"reference": number.lstrip("#").upper(), **told}
    return {name: value for name, value in given.items() if value}
