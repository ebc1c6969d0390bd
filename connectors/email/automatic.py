"""Was this mail written by a machine? Answering one of those starts a loop (trap 14).

The worse error is the other one: a person's complaint taken for a machine's mail. So each sign here is one that mail
clients do not put on what a person writes, and words in the subject count only beside another sign. Source: RFC 3834
section 2 and 5; RFC 5230 section 4.6; the vendors' headers named below.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from connectors.email.headers import Header, clean_address, first_address, tidy_line

OWN_MARK = "X-Complaintbot"

_ROBOT = re.compile(
    r"^(mailer-daemon|postmaster|no[-_.]?reply|do[-_.]?not[-_.]?reply|bounces?|auto-?reply)([-+_.=].*)?$", re.I
)
_AUTO_SUBJECT = re.compile(
    r"^\s*(自动回复|自動回覆|自动答复|自动应答|自動回信|系统退信|automatic reply|auto[- ]?reply|auto(matic)?[- ]response|"
    r"out of (the )?office|undeliverable|undelivered mail|delivery status notification|returned mail|mail delivery failed|"
    r"failure notice|abwesenheitsnotiz|réponse automatique)\s*([:：\-(（【\[]|$|message|autoreply)",
    re.I,
)
_PLUS_TAG = re.compile(r"\+[^@]*@")
_LIST_ID = re.compile(r"<([^<>]+)>")


def automatic_reason(
    header: Header, own_addresses: Collection[str] = (), own_domains: Collection[str] = ()
) -> str | None:
    """Return which sign says that a machine wrote this mail, None for a person's.

    own_addresses: ours, lower-cased; a mail from one of them is our own coming back. own_domains: a mailing list of ours
    (a group address that hands us what people write to it) is no sign.
    """
    reason = _ours(header, own_addresses) or _declared(header, own_domains) or _by_sender(header) or _by_subject(header)
    return tidy_line(reason) if reason else None


def _ours(header: Header, own_addresses: Collection[str]) -> str | None:
    if header.raw(OWN_MARK.lower()):
        return f"carries our own mark {OWN_MARK}"
    sender = first_address(header.plain("from"))
    if sender and {sender.address.lower(), _PLUS_TAG.sub("@", sender.address.lower())} & set(own_addresses):
        return "comes from our own address"
    return None


def _declared(header: Header, own_domains: Collection[str]) -> str | None:
    submitted = _token(header, "auto-submitted")
    if submitted and submitted != "no":
        return f"Auto-Submitted: {submitted[:60]}"
    if any(value.strip() == b"<>" for value in header.raw("return-path")):
        return "empty Return-Path"
    content_type = _token(header, "content-type")
    if content_type in ("multipart/report", "message/delivery-status", "message/disposition-notification"):
        return f"Content-Type: {content_type}"
    for name in ("x-autoreply", "x-autorespond", "x-autoresponse", "x-mail-autoreply", "x-failed-recipients"):
        value = _token(header, name)
        if header.raw(name) and value not in ("no", "false", "0"):
            return f"{name} is set"
    suppress = {part.strip() for part in header.plain("x-auto-response-suppress").lower().split(",")}
    if suppress & {"all", "oof", "autoreply"}:
        return f"X-Auto-Response-Suppress: {', '.join(sorted(suppress))[:60]}"
    return _mailing_list(header, own_domains)


def _mailing_list(header: Header, own_domains: Collection[str]) -> str | None:
    precedence = _token(header, "precedence")
    if precedence in ("bulk", "junk", "auto_reply"):
        return f"Precedence: {precedence}"
    list_id = header.plain("list-id").lower()
    match = _LIST_ID.search(list_id)
    name = match[1] if match else list_id
    if name and any(name == domain or name.endswith("." + domain) for domain in map(str.lower, own_domains)):
        return None
    if name:
        return f"List-Id: {name[:80]}"
    return "Precedence: list" if precedence == "list" else None


def _by_sender(header: Header) -> str | None:
    sender = first_address(header.plain("from"))
    if sender is None or not _ROBOT.match(sender.address.partition("@")[0]):
        return None
    answer_to = first_address(header.plain("reply-to"))
    if (
        answer_to
        and not _ROBOT.match(answer_to.address.partition("@")[0])
        and not _AUTO_SUBJECT.match(_subject(header))
    ):
        return None  # a web form that sends a person's words: Reply-To names the person
    return f"sender is {sender.address.partition('@')[0].lower()[:40]}"


def _by_subject(header: Header) -> str | None:
    match = _AUTO_SUBJECT.match(_subject(header))
    if match is None:
        return None
    # Alone the subject proves nothing ("自动回复: 你们的机器人答非所问" is a complaint). But a person who begins a mail answers
    # none, and a person who answers one has a "Re:" in front.
    answers = header.raw("in-reply-to") or header.raw("references") or header.raw("x-auto-response-suppress")
    return f"subject begins with {match[1]!r} and answers a mail" if answers else None


def _subject(header: Header) -> str:
    return header.text("subject") or ""


def _token(header: Header, name: str) -> str:
    return header.plain(name).split(";")[0].split("(")[0].strip().lower()


def is_robot_address(address: str) -> bool:
    """Tell whether nobody reads an address: answering it is pointless."""
    return bool(_ROBOT.match(clean_address(address).partition("@")[0]))
