"""What a machine's mail reports about mails of ours: bounces and read receipts, standard (RFC 3464, RFC 8098) and not.

The mail must have been recognised as a machine's first: what people write about bounces is no report. Whether the report
is genuine is not judged here; `Receipt.message_id` names the mail it speaks of, and only we can make our ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from connectors.email import headers as h
from connectors.email.automatic import (
    BOUNCE_SUBJECT,
    BOUNCE_WORDS,
    is_bounce_sender,
    is_read_receipt,
)
from connectors.email.charsets import decode
from connectors.email.headers import Header
from connectors.email.mime import Part, read_tree
from connectors.email.troubles import quoted
from connectors.port import Receipt, Reported

_MAX_PARTS = 100
_MAX_RECIPIENTS = 50
_READ_TEXT = 20_000
# "relayed" and "expanded" are missing: handed to a system that reports no more. Nothing is known beyond "sent".
_ACTIONS = {"failed": Reported.FAILED, "delayed": Reported.DELAYED, "delivered": Reported.DELIVERED}
_RETURNED = frozenset({"message/rfc822", "message/global", "message/rfc822-headers", "text/rfc822-headers",
                       "text/rfc822-header", "message/global-headers"})  # fmt: skip
_STATUSES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_DISPOSITIONS = frozenset({"message/disposition-notification", "message/global-disposition-notification"})

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<!\d)([45]\d\d)(?=[ -](?:[45]\.\d|[A-Za-z#<一-鿿]))")
_ID_LINE = re.compile(r"^[\s>|]*Message-I[Dd]\s*:\s*(<[^<>\s]{3,900}>)", re.M | re.I)
_TO_LINE = re.compile(r"^[\s>|]*(?:To|收件人)\s*[:：](.{3,400})$", re.M | re.I)
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,100}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_LATER = re.compile(
    r"(?:temporarily|still) (?:delayed|undelivered|being (?:retried|attempted))|delivery (?:has been |"
    r"is )?(?:delayed|incomplete)|(?:not yet|n't|not) been delivered|"
    r"will (?:be retried|(?:continue|keep) (?:to try|trying|to be retried))|warning message only|warning: message|"
    r"you do not need to resend|"
    r"no need to resend|投递延迟|暂时无法|继续(?:尝试|投递|重试)|(?:将|会)(?:继续|自动)?(?:尝试)?重(?:试|新投递|"
    r"投)|仍在(?:尝试|投递)|延迟(?:投递|通知)",
    re.I,
)
_GIVEN_UP = re.compile(
    r"permanent(?:ly)? |giv(?:en|ing) up|has failed|delivery failed|returned to sender|couldn'?t be delivered|"
    r"failed permanently|最终|"
    r"永久|放弃|退回|退信原因",
    re.I,
)
# The address itself is wrong or dead; a full mailbox or a suspicion of spam is another matter.
_GONE_STATUS = re.compile(r"5\.1\.(?:0*[1236]|10)$|5\.2\.1$|5\.1\.0$|5\.4\.310$|5\.4\.14$")
_GONE_WORDS = re.compile(
    r"user unknown|unknown user|no such (?:user|mailbox|recipient|person|address)|(?:user|mailbox|recipient|"
    r"address|account|e-?mail account)"
    r"(?: that you tried to reach| address| name| account|<[^<>]{1,100}>|\s){0,3}(?: was| is| does)?(?: ?n[o']t| not)? "
    r"(?:found|exist|listed|known|here|unknown|valid|available here)|"
    r"not listed in |does(?: not|n'?t) exist|invalid (?:recipient|mailbox|address)|"
    r"recipient (?:address )?rejected: (?:user|"
    r"undeliverable|invalid)|"
    r"account (?:has been |is )?(?:disabled|deactivated|inactive|deleted|closed)|(?:domain|"
    r"host)(?: name)? (?:not found|does not exist)|"
    r"(?:邮箱|用户|收件人|收信人|账号|帐号|地址|域名)(?:名|地址)?(?:并)?(?:不存在|无效|"
    r"已(?:被)?(?:注销|停用|禁用|删除|冻结))|查无此(?:人|用户)",
    re.I,
)


def reported(header: Header, text: str) -> tuple[Receipt, ...]:
    """Return what a machine's mail reports about mails of ours; nothing where it is another kind of mail.

    text: its readable text. Never raises. `Receipt.address` is whom our mail was addressed to: where the returned copy and
    the report differ (the customer has their mail handed on), the copy's word counts, and `detail` names the other.
    """
    try:
        parts = list(_parts(header))
        standard = _standard(header, parts)
        return standard if standard is not None else _in_words(header, parts, text)
    except (Exception, RecursionError):  # a report that cannot be read is no report; the mail itself is kept
        return ()


# --- the standard forms ----------------------------------------------------------------------------------------------


def _parts(header: Header) -> Iterator[Part]:
    """Walk a mail's parts in order, without looking into a returned mail."""
    kind = header.plain("content-type").lower()
    if not kind.startswith(("multipart/", "message/")):
        return
    tree, _ = read_tree(header)
    waiting = [tree]
    seen = 0
    while waiting and seen < _MAX_PARTS:
        part = waiting.pop(0)
        seen += 1
        yield part
        waiting[:0] = part.children


def _standard(header: Header, parts: list[Part]) -> tuple[Receipt, ...] | None:
    """Return what a standard report says, None where the mail holds none that names anybody."""
    returned = next((h.split(part.data()) for part in parts if part.type in _RETURNED), None)
    for part in parts:
        kind = part.type
        blocks = _blocks(part) if kind in _STATUSES | _DISPOSITIONS else []
        recipients = [block for block in blocks if "final-recipient" in block or "original-recipient" in block]
        if kind in _STATUSES and recipients:
            known = [block for block in recipients if _fate(block)]
            return tuple(_of_recipient(block, header, returned) for block in known[:_MAX_RECIPIENTS])
        if kind in _DISPOSITIONS and blocks:
            fields = {name: value for block in blocks for name, value in block.items()}
            return _of_reader(fields, header, returned)
    return None


def _blocks(part: Part) -> list[Mapping[str, str]]:
    """Return a report's groups of fields, names lower-cased. The first of a delivery report is about the whole mail."""
    # Bounded like a header before it is split: fifty recipients fill a few kilobytes each at most.
    groups = re.split(r"\r?\n[ \t]*(?:\r?\n)+", decode(part.data()[: h.MAX_HEADER]))
    return [fields for group in groups if (fields := _fields(group))]


def _fields(group: str) -> Mapping[str, str]:
    unfolded = re.sub(r"\r?\n[ \t]+", " ", group.strip())
    found: dict[str, str] = {}
    for line in unfolded.splitlines():
        name, colon, value = line.partition(":")
        if colon and name.strip() and " " not in name.strip():
            found.setdefault(name.strip().lower(), value.strip())
    return found


def _fate(block: Mapping[str, str]) -> Reported | None:
    action = block.get("action", "").split("(")[0].split(";")[0].strip().lower()
    if not action:  # some leave it out and give only the code
        action = {"5": "failed", "4": "delayed", "2": "delivered"}.get(block.get("status", "")[:1], "")
    return _ACTIONS.get(action)


def _of_recipient(block: Mapping[str, str], header: Header, returned: Header | None) -> Receipt:
    fate = _fate(block)
    assert fate is not None
    final = _recipient(block.get("final-recipient", ""))
    original = _recipient(block.get("original-recipient", ""))
    status = (_STATUS.search(block.get("status", "")) or _STATUS.search(block.get("diagnostic-code", "")) or [""])[0]
    words = block.get("diagnostic-code", "").partition(";")[2].strip() or block.get("diagnostic-code", "")
    address = _addressed_to(returned, {final.lower(), original.lower()}) or original or final
    return Receipt(
        fate,
        message_id=_original_id(header, returned),
        address=address,
        detail=_detail(status, words, final if final.lower() != address.lower() else ""),
        gone=fate is Reported.FAILED and _is_gone(status, words),
    )


def _of_reader(fields: Mapping[str, str], header: Header, returned: Header | None) -> tuple[Receipt, ...]:
    """What became of a mail at its reader's (RFC 8098): displayed is read; deleted unread has arrived all the same."""
    disposition = fields.get("disposition", "").partition(";")[2].partition("/")[0].strip().lower()
    fates = {"displayed": Reported.READ, "deleted": Reported.DELIVERED, "dispatched": Reported.DELIVERED,
             "processed": Reported.DELIVERED}  # fmt: skip
    fate = fates.get(disposition)
    if fate is None:
        return ()
    ids = h.message_ids([fields.get("original-message-id", "").encode()])
    address = _recipient(fields.get("original-recipient", "")) or _recipient(fields.get("final-recipient", ""))
    return (
        Receipt(
            fate,
            message_id=ids[0] if ids else _original_id(header, returned),
            address=address or _sender(header),
            detail=_detail("", f"the reader's program says: {disposition}"),
        ),
    )


def _recipient(value: str) -> str:
    """Return the address of `rfc822; name@domain`."""
    return h.clean_address(value.partition(";")[2] or value)


def _addressed_to(returned: Header | None, failed: set[str]) -> str:
    """Return whom the returned mail was written to, if that was one person."""
    if returned is None:
        return ""
    recipients = h.addresses(returned.raw("to"))
    known = [address for address in recipients if address.lower() in failed]
    return known[0] if known else recipients[0] if len(recipients) == 1 else ""


def _original_id(header: Header, returned: Header | None) -> str:
    ids = h.message_ids(returned.raw("message-id")) if returned is not None else ()
    return ids[0] if ids else _answered(header)


def _answered(header: Header) -> str:
    ids = h.message_ids(header.raw("in-reply-to")) or h.message_ids(header.raw("references"))
    return ids[-1] if ids else ""


def _sender(header: Header) -> str:
    party = h.first_address(header.plain("from"))
    return party.address if party else ""


# --- the many that follow no standard --------------------------------------------------------------------------------


def _in_words(header: Header, parts: list[Part], text: str) -> tuple[Receipt, ...]:
    """Read a bounce or a read receipt that is only words: qmail, exim, old Exchange, QQ Mail, NetEase, Coremail, Lotus."""
    if is_read_receipt(header, text):
        return (
            Receipt(
                Reported.READ, _answered(header) or _id_in(text), _sender(header), "the reader's program says: read"
            ),
        )
    if not _speaks_of_bounce(header, text):
        return ()
    returned = next((h.split(part.data()) for part in parts if part.type in _RETURNED), None)
    message_id = (h.message_ids(returned.raw("message-id"))[:1] if returned else ()) or (_id_in(text),)
    words = _own_words(text)
    subject = header.text("subject") or ""
    later = bool(_LATER.search(f"{subject}\n{words}")) and not _GIVEN_UP.search(words)
    status = (_STATUS.search(words) or _REPLY_CODE.search(words) or [""])[0]
    return (
        Receipt(
            Reported.DELAYED if later else Reported.FAILED,
            message_id=message_id[0] or _answered(header),
            address=_failed_address(header, returned, text),
            detail=_detail(status, _reason(words)),
            gone=not later and _is_gone(status, f"{subject}\n{words}"),
        ),
    )


def _speaks_of_bounce(header: Header, text: str) -> bool:
    if header.raw("x-failed-recipients"):
        return True
    subject = header.text("subject") or ""
    return (is_bounce_sender(header) or bool(BOUNCE_SUBJECT.match(subject))) and bool(
        BOUNCE_WORDS.search(f"{subject}\n{text[:_READ_TEXT]}")
    )


def _own_words(text: str) -> str:
    """Return the bounce's own words, without the copy of our mail below them."""
    match = _ID_LINE.search(text)
    copy = re.search(
        r"^(?:-{2,}|={2,}).{0,40}(?:copy of|original|原(?:始)?邮件|原文|below this line).{0,80}$", text, re.M | re.I
    )
    end = min((found.start() for found in (match, copy) if found), default=len(text))
    return text[: min(end, _READ_TEXT)] if end > 40 else text[:_READ_TEXT]


def _id_in(text: str) -> str:
    match = _ID_LINE.search(text)
    return match[1] if match else ""


def _failed_address(header: Header, returned: Header | None, text: str) -> str:
    """Return whom our mail did not reach: as the bounce's header says, its copy of our mail, or its first words."""
    ours = {address.lower() for address in h.addresses(chain(header.raw("to"), header.raw("delivered-to")))}
    candidates = [*h.addresses(header.raw("x-failed-recipients"))]
    if returned is not None:
        candidates += h.addresses(returned.raw("to"))
    line = _TO_LINE.search(text)
    if line:
        candidates += _ADDRESS.findall(line[1])
    candidates += _ADDRESS.findall(_own_words(text))
    for address in candidates:
        local = address.partition("@")[0].lower()
        if address.lower() not in ours and not local.startswith(("postmaster", "mailer-daemon", "abuse")):
            return h.clean_address(address)
    return ""


def _reason(words: str) -> str:
    """Return the line of a bounce that says why."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    for pattern in (_REPLY_CODE, _STATUS, _GONE_WORDS, re.compile(r"原因")):
        for index, line in enumerate(lines):
            if pattern.search(line):
                return " ".join(lines[index : index + 2])
    return next((line for line in lines if BOUNCE_WORDS.search(line)), lines[0] if lines else "")


def _is_gone(status: str, words: str) -> bool:
    if status.count(".") == 2 and not status.startswith("5.0"):
        return bool(_GONE_STATUS.search(status))
    return not status.startswith("4") and bool(_GONE_WORDS.search(words))


def _detail(status: str, words: str, final: str = "") -> str:
    words = quoted(h.tidy_line(words))
    parts = [
        status if status and status not in words else "",
        words,
        quoted(f"(handed on to {final})") if final else "",
    ]
    return " ".join(part for part in parts if part)[:300]
