"""A journalist who called, as a colleague tells it: a matter of the press, whose caller is no customer to be written to."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from complaints.complaint import Complaint
from complaints.parts.timing import Mark
from complaints.patterns import deferred
from complaints.vocabulary import Flag

_PRESS_ZH = (
    r"(?:记者|电视台|电台|报社|通讯社|媒体|自媒体|编辑部|栏目组|新闻(?:社|台|频道|栏目|热线|中心)"
    r"|(?<![看播放刷])新闻(?=的(?:人|编辑|小编|同志|老师|.老师|.编辑))|(?:小编|(?<!业)主编|通讯员)(?=[^,，.。;；]{0,6}(?:电话|来电|采访))"
    r"|澎湃|新京报|红星新闻|财新|第一财经|南方周末|周刊|杂志社|焦点访谈|黄金眼|帮女郎|小莉帮忙|问政|民生热线|(?:央|卫)视(?!上班|工作|信号)"
    r"|[都市晚日早时商青]报(?![告修名价到上料警错账停销送])"
    r"|采访(?:车|组))"
)
_CALLS_ZH = (
    r"(?:(?:打|来|拨)(?:了|过来?|进来?|到|给)?(?:一?个|通)?(?:我们?|咱们?|前台|客服|物业|公司|总台)?(?:的|这儿|这里"
    r"|这边)?(?:了)?(?:一?[个通])?电话"
    r"|打(?:过来|进来|来)|来(?:了)?(?:一?个|通)?(?:电话?|电|函|信|访|问|采访)|致电|致函|发函|发邮件|找(?:到|上"
    r"|过)?(?:了)?(?:我|咱|前台|客服|物业|公司|门来)"
    r"|联系(?:了|到|过)?(?:我|咱|前台|客服|物业|公司)|(?:在|就|想|要|又)?问(?:我|咱|起|到|了)|想?要?(?:求)?(?:采访"
    r"|了解)|在(?:门口|楼下|现场|前台|大堂|拍)"
    r"|加(?:了)?我微信|(?:要|让)(?:求)?(?:我们?|咱们?|公司|物业)[^,，.。;；]{0,12}(?:回应|回复|答复|表态|说法))"
)
_THREATENS_ZH = (
    r"(?:[找叫喊请告]|打电话给|打给|联系|通知|曝光给?|投诉到|爆料给?|捅到|上|向|给|跟|对|要|别让|小心)"
    r"(?:了|到|个|一个|那个|本地|当地|省|市|个省|的){0,2}$"
)
_CUSTOMERS_ZH = (
    r"(?:客户|业主|住户|租户|租客|投诉人|他|她|女士|先生|阿姨|大爷)"
    r"[^,，.。;；]{0,6}(?:说|讲|要|想|威胁|扬言|嚷|是|打算|准备)"
)
_IF_ZH = r"如果|要是|万一|假如|再不|不然|否则|是不是|别(?:等|让)"
_CALLED_ZH = deferred(rf"{_PRESS_ZH}[^。.!！?？;；\n]{{0,24}}?{_CALLS_ZH}")
_CALL_OF_ZH = deferred(
    rf"(?:接到|接了|收到|有|来了)(?:一?个|了|一?[通位])?[^,，。.;；找叫]{{0,10}}{_PRESS_ZH}[^,，。.;；]{{0,6}}(?:的"
    rf"|打来的?)?(?:电话|来电|来函|来信|邮件|采访)"
)
_BEFORE_ZH = deferred(rf"(?:{_THREATENS_ZH}|{_CUSTOMERS_ZH}[^,，.。;；]*$)|(?:{_IF_ZH})[^.。;；]*$")

_PRESS_EN = (
    r"(?:journalists?|reporters?|(?:the )?press|(?:news)?papers?(?! (?:shop|towel|bin|round|boy|cup|bag)s?\b)"
    r"|tv (?:station|channel|crew|news)|news (?:desk|channel|crew|team)|broadcasters?"
    r"|bbc|itv|cnn|sky news|reuters|channel (?:\d|four|five|news)|daily (?:mail|news|mirror|express|telegraph)"
    r"|evening (?:post|standard|news)"
    r"|(?:evening|daily|morning|sunday|weekly|local|city) (?:herald|echo|star|chronicle|courier|times|argus|journal|examiner)"
    r"|the (?:herald|echo|chronicle|courier|argus|examiner|observer|inquirer)"
    r"|gazette|tribune|guardian|the times)"
)
_CALLED_EN = deferred(
    rf"\b{_PRESS_EN}\b(?![^.!?;\n]{{0,10}}\bwas not delivered)[^.!?;\n]{{0,40}}?"
    r"\b(?:(?:just )?(?:called|rang|phoned|e-?mailed|wrote|contacted|texted)\b(?! the\b)|(?:is|was"
    r"|are) (?:on the (?:phone|line)|here|outside|at the "
    r"(?:gate|desk|door)|asking)|turned up|has been (?:on|asking|in touch)|asked (?:me|us|about|for)|wants? (?:a |an "
    r"|our |to )?(?:statement|comment|"
    r"answer|reply|response|interview|know|talk|speak)|came (?:by|in|to))\b",
    re.IGNORECASE,
)
_CALL_OF_EN = deferred(
    rf"\b(?:got|had|took|have|received|there was) (?:a |an )?(?:phone )?(?:call|e-?mail|letter|enquiry|inquiry|message"
    rf"|visit) (?:from|of|by) "
    rf"[^.!?;,\n]{{0,30}}?\b{_PRESS_EN}\b",
    re.IGNORECASE,
)
_BEFORE_EN = deferred(
    r"\b(?:if|unless|or else|otherwise|threaten\w*|going to|will|gonna|wants to|about to|might|may|could|should"
    r"|says? (?:s?he|they)|called|call|rang|"
    r"ring|phoned|contact(?:ed)?|tell|told|told by|to|is|are|was|i am|i'm|we are) (?:the |a |an |to )?(?:[\w'-]+ ){0,2}$",
    re.IGNORECASE,
)
_READ = 600  # characters in which it is looked for


def called(text: str) -> bool:
    """Say whether a colleague tells that somebody of the press asked us: "有个记者打我电话问地库的事", "a reporter just rang".

    What a customer threatens with, and who is only said to be one, is no such call.
    """
    said = text[:_READ]
    for pattern, before in ((_CALLED_ZH, _BEFORE_ZH), (_CALLED_EN, _BEFORE_EN)):
        if any(
            before.search(said, max(found.start() - 60, 0), found.start()) is None for found in pattern.finditer(said)
        ):
            return True
    return any(
        before.search(said, max(found.start() - 60, 0), found.start()) is None
        for pattern, before in (
            (_CALL_OF_ZH, re.compile(_IF_ZH)),
            (_CALL_OF_EN, re.compile(r"\b(?:if|unless)\b", re.IGNORECASE)),
        )
        for found in pattern.finditer(said)
    )


_OF_THE_PRESS = deferred(rf"{_PRESS_ZH}|\b{_PRESS_EN}\b|\bmedia\b", re.IGNORECASE)


def caller(name: str) -> bool:
    """Say whether who is named as the caller of a form is somebody of the press: "何记者", "Sue Gray, the Herald"."""
    return _OF_THE_PRESS.search(name) is not None


def asks(complaint: Complaint) -> bool:
    """Say whether a complaint is what the press asked in a call that a colleague told of: nobody is written to about it."""
    return Flag.MEDIA in complaint.flags and not complaint.contact_known and called(complaint.summary)


_WRITES = "of_the_press"  # since when its customer is known to be a journalist


def writes(complaint: Complaint) -> bool:
    """Say whether a complaint's own customer is of the press: whoever alone speaks outward answers them, and nobody else."""
    return complaint.marked(_WRITES) is not None


def known_to_write(complaint: Complaint, now: datetime) -> Complaint:
    """Return a complaint of which it is known from now on that its customer is of the press."""
    return complaint if writes(complaint) else replace(complaint, marks=(*complaint.marks, Mark(_WRITES, now)))
