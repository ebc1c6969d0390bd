"""What the person said now: a mail's text without the history below it and without the signature.

No ready-made library knows how Chinese clients mark a quotation. Rule of all rules here: when in doubt keep the text. A
quotation left in is untidy, a sentence lost is a complaint lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

_DASHES = r"[-–—_=*·]"
# QQ, WeCom, 163, Sina, Sohu, 139, Outlook: a line of dashes around a word that says "what follows is the mail answered".
_SEPARATOR = re.compile(
    rf"^\s*{_DASHES}{{2,}}(?:\s|&nbsp;)*(?:原始邮件|原始郵件|原邮件|原始信息|原始消息|回复的原邮件|回复的邮件(?:信息)?|邮件原件|回复邮件|"
    rf"Original\s+Message|Original\s+Email|Original|Replied\s+Message|Reply\s+Message)(?:\s|&nbsp;)*[:：]?(?:\s|&nbsp;)*{_DASHES}*\s*$",
    re.I,
)
# What we, and other desks, write above our own text.
_ABOVE_HERE = re.compile(
    rf"^\s*{_DASHES}*\s*[#]*\s*(?:请在(?:此线|此行|这行|本行|分割线)(?:之上|以上|上方|上面)(?:直接)?(?:回复|输入)|"
    rf"(?:please\s+)?(?:reply|type your reply|write)\s+above\s+this\s+line).{{0,20}}$",
    re.I,
)
FORWARD_MARK = re.compile(
    rf"^\s*(?:{_DASHES}{{2,}}(?:\s|&nbsp;)*(?:Forwarded\s+(?:message|mail|email)|转发(?:的)?(?:邮件|消息|信息)(?:信息)?|"
    rf"轉寄(?:的)?(?:郵件|訊息)|轉寄的郵件|已转发的?邮件|转发的原邮件)(?:\s|&nbsp;)*{_DASHES}*|"
    rf"(?:Begin forwarded message|开始转发的(?:邮件|消息)|下面是(?:被)?转发的(?:邮件|消息)|開始轉寄的郵件)\s*[:：])\s*$",
    re.I,
)
_DATE = (
    r"(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}\s*月\s*\d{1,2}\s*日"
    r"|\d{1,2}\.?\s+\w{3,9}\.?,?\s+\d{4}|\w{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})"
)
# "于2026年3月5日周四 10:20写道：" (Gmail, Apple), "在 2026-03-05 10:20:30，"张三" <z@163.com> 写道：" (163), "On ..., X wrote:"
_ATTRIBUTION_ZH = re.compile(rf"^(?=.*{_DATE}).{{0,300}}(?:写道|写到|寫道|编写|撰写|的来信)\s*[:：]?\s*$", re.S)
_ATTRIBUTION_EN = re.compile(
    rf"^\s*(?:On|At|Am|Le|El|Il)\b(?=.*(?:{_DATE}|@)).{{4,300}}(?:wrote|schrieb|écrit|escribió|scritto)\b.{{0,60}}[:：]\s*$",
    re.S | re.I,
)
_ATTRIBUTION_OLD_GMAIL = re.compile(r"^\s*\d{4}-\d{2}-\d{2} \d{1,2}:\d{2} GMT[+-]\d{1,2}:\d{2} .{1,120}:\s*$")
_ATTRIBUTION_END = re.compile(r"(?:写道|写到|寫道|编写|撰写|的来信|wrote|schrieb|écrit|escribió|scritto).{0,60}$", re.I)
_ATTRIBUTION_START = re.compile(
    rf"^\s*(?:On|At|Am|Le|El|Il|在|于|於)\b|{_DATE}|^.{{0,80}}<[^<>\s]+@[^<>\s]+>\s*(?:于|於|在)", re.I
)

_FROM_LINE = re.compile(r"^[\s>*|]*(?:发件人|寄件者|寄件人|From|Von|De)\s*\**\s*[:：]\**\s*(?P<who>.*)$", re.I)
_TIME_LINE = re.compile(
    r"(?:^|[\s;；|])\**(?:发送时间|发件时间|发送日期|发信时间|寄件日期|傳送時間|日期|时间|Sent|Date|Gesendet|Envoyé)\s*\**\s*[:：]\**.{0,40}\d",
    re.I | re.M,
)
_SUBJECT_LINE = re.compile(
    r"(?:^|[\s;；|])\**(?:主\s*题|主\s*旨|标题|Subject|Betreff|Objet)\s*\**\s*[:：]", re.I | re.M
)
_HEADER_LINE = re.compile(
    r"^[\s>*|]*(?:发件人|寄件者|寄件人|发送时间|发件时间|发送日期|发信时间|寄件日期|傳送時間|日期|时间|收件人|收件者|抄送|副本|密送|主\s*题|主\s*旨|标题|"
    r"附件|重要性|回复地址|From|Sent|Date|To|Cc|Subject|Reply-To|Importance|Attachments?)\s*\**\s*[:：]",
    re.I,
)
_RULE = re.compile(rf"^\s*(?:{_DASHES}\s*){{5,}}$|^\s*\*{{3,}}\s*$")
_QUOTED_LINE = re.compile(r"^\s*[>＞|│]")
_ANGLE_LINE = re.compile(r"^\s{0,3}[>＞]")

_GADGET = (
    r"(?:iPhone|iPad|iPod|Mac\w*|Apple\s?Watch|小米|红米|华为|荣耀|三星|魅族|一加|OPPO|vivo|realme|Redmi|Xiaomi|HUAWEI|HONOR|Samsung|Galaxy|"
    r"Android|安卓|Windows|BlackBerry|Outlook|Foxmail|手机|设备|平板|电脑|移动|网易|阿里|新浪|搜狐|QQ|Gmail|邮箱|邮件)"
)
# "发自我的iPhone 15 Pro", "来自 vivo 自带邮箱": a line of that and nothing else; "来自我的邻居的噪音" is a complaint.
_DEVICE = re.compile(
    rf"^\s*[-–—|]*\s*(?:(?:发自|发送自|来自|來自|從|从)\s*(?:我的|我的\s)?\s*{_GADGET}[\sA-Za-z+]{{0,16}}\d{{0,3}}[\sA-Za-z+]{{0,12}}"
    r"(?:自带)?(?:电子)?(?:手机|手機|邮箱|邮件|郵件|大师|客户端|版)*(?:版?邮件)?(?:应用)?(?:发送|傳送|傳送)?|"
    r"Sent from (?:my|Mail for|Outlook|Yahoo|Gmail|Samsung|Huawei|Foxmail|QQ|NetEase).{0,50}|Get Outlook for .{1,20}|"
    r"获取\s*(?:适用于.{1,20}的)?\s*Outlook.{0,30}|使用.{1,12}(?:邮箱|邮件)发送|"
    r"签名由\s*网易.{0,20}|Signature is customized by Netease.{0,20})\s*[。.]?\s*(?:<https?://\S+>)?\s*$",
    re.I,
)
_CARD_EDGE = re.compile(r"^\s*\|[\s|]*$")
_NETEASE_CARD = re.compile(r"签名由\s*网易|Signature is customized by Netease", re.I)
_SIGNATURE_DASHES = re.compile(r"^(?:--|—|——) ?$")
_CONTACT = re.compile(
    r"\d{7,}|\d{3,4}-\d{7,8}|@|https?://|www\.|(?:电话|手机|微信|邮箱|地址|Tel|Phone|Mobile|Fax|传真)\s*[:：]?", re.I
)
_SENTENCE = re.compile(r"[。！？!?；]|\.\s")

# What clients put around the mail they answer: Gmail, Outlook, 163, NetEase Mail Master, QQ, Foxmail, Yahoo, Proton, Aliyun.
_HTML_QUOTES = (
    ".gmail_quote_container, .gmail_quote, .gmail_extra > .gmail_quote, #isReplyContent, .ntes-mailmaster-quote, includetail, "
    ".qmail_quote, #original-content, .xm_mail_oringinal_describe, .foxmail_quote, .yahoo_quoted, .protonmail_quote, "
    "#OLK_SRC_BODY_SECTION, .alimail-quote, .__aliyun_previous_content"
)
_HTML_QUOTES_FROM_HERE = "#divRplyFwdMsg, #appendonsend, #mail-editor-reference-message-container, .moz-cite-prefix"
_HTML_SIGNATURES = (
    ".gmail_signature, .ntes-mailmaster-signature, #ntes-pcmail-signature, #ntes-pcmac-signature, .moz-signature"
)


def visible_reply(text: str, sender_address: str = "") -> str:
    """Return `text` without quoted history and signature.

    sender_address: a last line that is only this address is a signature (Foxmail). Text that answers between the lines of
    a quotation stays, with the lines it answers.
    """
    lines = text.split("\n")
    return _tidy(_without_signature(_without_history(lines), sender_address))


def cuts_history(text: str) -> bool:
    """Tell whether the rules for plain text find quoted history in a text."""
    lines = text.split("\n")
    return _tidy(_without_history(lines)) != _tidy(lines)


def _without_history(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        if _SEPARATOR.match(line) or _ABOVE_HERE.match(line):
            return lines[:index]
        if FORWARD_MARK.match(line):
            return lines[:index] + lines[index:]  # somebody else's words, but handed on: they are the message
        span = attribution(lines, index)
        if span:
            return _around(lines, index, index + span)
        if header_block(lines, index):
            return _up_to_rule(lines[:index])
    return _without_tail_of_quotes(lines)


def attribution(lines: Sequence[str], index: int) -> int:
    """Return how many lines from `index` on say "so-and-so wrote:", 0 where they say no such thing."""
    line = lines[index]
    if not _ATTRIBUTION_START.search(line) or _QUOTED_LINE.match(line):
        return 0
    for count in (1, 2, 3):
        if index + count > len(lines):
            break
        last = lines[index + count - 1]
        if count > 1 and not last.strip():
            break
        if not _ATTRIBUTION_END.search(last) and not _ATTRIBUTION_OLD_GMAIL.match(line):
            continue
        joined = " ".join(part.strip() for part in lines[index : index + count])
        if _ATTRIBUTION_ZH.match(joined) and (
            joined.rstrip().endswith((":", "：")) or _is_quoted_next(lines, index + count)
        ):
            return count
        if _ATTRIBUTION_EN.match(joined) or (count == 1 and _ATTRIBUTION_OLD_GMAIL.match(joined)):
            return count
    return 0


def _is_quoted_next(lines: Sequence[str], index: int) -> bool:
    rest = [line for line in lines[index : index + 4] if line.strip()]
    return bool(rest) and bool(_ANGLE_LINE.match(rest[0]))


def _around(lines: list[str], start: int, end: int) -> list[str]:
    """Return what was said around a quotation that begins with the attribution `lines[start:end]`."""
    rest = lines[end:]
    marked = [bool(_ANGLE_LINE.match(line)) for line in rest]
    if not any(marked):
        return lines[:start]  # this client does not mark quoted lines: all below is history
    first = marked.index(True)
    last = len(marked) - 1 - marked[::-1].index(True)
    between = [
        line for line, quoted in zip(rest[first:last], marked[first:last], strict=True) if line.strip() and not quoted
    ]
    below = _without_signature(rest[last + 1 :], "")
    above_first = [line for line in rest[:first] if line.strip()]
    if not above_first and not between and not any(line.strip() for line in below):
        return lines[:start]
    if not above_first and not between and not any(line.strip() for line in lines[:start]):
        return below  # the answer stands below the quotation
    return lines  # answers between the quoted lines: they mean little without what they answer


def header_block(lines: Sequence[str], index: int) -> bool:
    """Tell whether the header of an older mail begins at `index`, as Outlook, Foxmail and QQ put it above a quotation.

    "发件人：" alone is what people write about parcels: a time and a subject, or an address, must stand beside it.
    """
    match = _FROM_LINE.match(lines[index])
    if match is None:
        return False
    window = "\n".join(lines[index : index + 10])
    return bool(_TIME_LINE.search(window)) and bool("@" in match["who"] or _SUBJECT_LINE.search(window))


def _up_to_rule(lines: list[str]) -> list[str]:
    """Drop the ruler that clients draw above an older mail's header."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if end and _RULE.match(lines[end - 1]):
        return lines[: end - 1]
    return lines


def _without_tail_of_quotes(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or _ANGLE_LINE.match(lines[end - 1])):
        end -= 1
    return lines[:end]


def _without_signature(lines: list[str], sender_address: str) -> list[str]:
    for index in range(len(lines) - 1, max(-1, len(lines) - 16), -1):
        if _SIGNATURE_DASHES.match(lines[index]) and _is_signature(lines[index], lines[index + 1 :]):
            lines = lines[:index]
            break
    while lines:
        last = lines[-1].strip()
        if not last or _RULE.match(last):
            lines = lines[:-1]
        elif _NETEASE_CARD.search(last) or (_CARD_EDGE.match(last) and _CARD_EDGE.match(_card_top(lines))):
            lines = _without_card(lines)
        elif _DEVICE.match(last) or (sender_address and last.strip("<>").lower() == sender_address.lower()):
            lines = lines[:-1]
        else:
            break
    return lines


def _is_signature(dashes: str, tail: list[str]) -> bool:
    said = [line.strip() for line in tail if line.strip()]
    if dashes == "-- ":
        return len(said) <= 12  # the standard's own delimiter (RFC 3676 section 4.3)
    if len(said) > 8 or any(len(line) > 60 for line in said):
        return False
    # Dashes also part two thoughts: a sentence below them is no signature.
    return not any(_SENTENCE.search(line) for line in said) and (
        len(said) <= 2 or any(_CONTACT.search(line) for line in said)
    )


def _card_top(lines: list[str]) -> str:
    return next((line for line in lines[-14:-1] if line.lstrip().startswith("|")), "")


def _without_card(lines: list[str]) -> list[str]:
    """Drop NetEase Mail Master's visiting card: a table drawn with bars, its last line names the program."""
    for index in range(max(0, len(lines) - 14), len(lines)):
        if lines[index].lstrip().startswith("|"):
            return lines[:index]
    return lines[:-1]


def _tidy(lines: Sequence[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


# --- HTML ------------------------------------------------------------------------------------------------------------


def cut_html_quotes(tree: LexborHTMLParser) -> bool:
    """Take quoted history and signatures out of a parsed mail by its structure; True where something was a quotation."""
    cut = _remove_each(tree, _HTML_QUOTES_FROM_HERE, _begins_history, _drop_from_here)
    # Only at the tail: a quotation with text below it is being answered, or is somebody's own layout.
    cut |= _remove_each(tree, _HTML_QUOTES, _ends_mail, LexborNode.decompose)
    cut |= _remove_each(tree, "blockquote", _ends_mail, LexborNode.decompose)
    _remove_each(tree, _HTML_SIGNATURES, lambda node: True, LexborNode.decompose)
    return cut


def _remove_each(
    tree: LexborHTMLParser, selector: str, wanted: Callable[[LexborNode], bool], remove: Callable[[LexborNode], object]
) -> bool:
    """Remove matching nodes one at a time: a node inside one already removed is freed memory and must not be touched."""
    removed = kept = 0
    while removed + kept < 50:
        nodes = tree.css(selector)
        if kept >= len(nodes):
            break
        if wanted(nodes[kept]):
            remove(nodes[kept])
            removed += 1
        else:
            kept += 1
    return removed > 0


def _begins_history(node: LexborNode) -> bool:
    # Thunderbird's "X wrote:" stands above its quotation, and answers may stand inside that.
    return "moz-cite-prefix" not in (node.attributes.get("class") or "") or _is_tail_quote(node.next)


def _ends_mail(node: LexborNode) -> bool:
    return not _says_more_after(node)


def _is_tail_quote(node: LexborNode | None) -> bool:
    while node is not None and node.tag in ("-text", "br") and not node.text(strip=True):
        node = node.next
    return node is not None and node.tag == "blockquote" and not _says_more_after(node)


def _says_more_after(node: LexborNode) -> bool:
    """Tell whether any words follow a node in the document, a signature apart."""
    current: LexborNode | None = node
    words: list[str] = []
    length = 0
    while current is not None and current.tag != "body":
        sibling = current.next
        while sibling is not None:
            if sibling.tag not in ("style", "script", "-comment"):
                words.append(sibling.text(separator="\n"))
                length += len(words[-1].strip())
                if length > 1000:
                    return True  # no signature is that long
            sibling = sibling.next
        current = current.parent
    below = "\n".join(words).replace("\xa0", " ").split("\n")
    return any(line.strip() for line in _without_signature(below, ""))


def _drop_from_here(node: LexborNode) -> None:
    """Remove a node and all that follows it inside its parent."""
    following: list[LexborNode] = []
    sibling = node.next
    while sibling is not None:
        following.append(sibling)
        sibling = sibling.next
    for each in following:
        each.decompose()
    node.decompose()


def without_trailing_attribution(text: str) -> str:
    """Drop the "so-and-so wrote:" left over when the quotation below it was cut away by structure."""
    lines = text.rstrip().split("\n")
    for count in (1, 2, 3):
        start = len(lines) - count
        if start >= 0 and attribution([*lines, "> "], start) == count:
            return "\n".join(lines[:start]).rstrip()
    if lines and _SEPARATOR.match(lines[-1]):
        return "\n".join(lines[:-1]).rstrip()
    return text


# --- forwards --------------------------------------------------------------------------------------------------------


def forwarded_senders(text: str) -> list[str]:
    """Return what stands behind "From:" in each header block of mails handed on inside a text, outermost first."""
    lines = text.split("\n")
    found: list[str] = []
    for index, line in enumerate(lines):
        match = _FROM_LINE.match(line)
        if match is None:
            continue
        neighbours = [
            other
            for other in (*lines[max(0, index - 4) : index], *lines[index + 1 : index + 6])
            if _HEADER_LINE.match(other)
        ]
        marked = any(FORWARD_MARK.match(other) for other in lines[max(0, index - 5) : index])
        if marked or len(neighbours) >= 2:
            found.append(match["who"].strip().strip("*").strip())
    return found
