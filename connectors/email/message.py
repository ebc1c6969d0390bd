"""A mail's bytes into an `IncomingMessage`. Pure: no network, no clock, no settings.

What each piece is read by, in the order in which a mail passes through:

    headers      fields, ids; with words (encoded words), addresses, dates, charsets
    mime         the tree of parts and their bytes; with parameters (RFC 2231 and its kin)
    body         what the tree says; with html, winmail, attachments
    automatic    a machine's mail or a person's; with bounces
    quotes       what was said now, what is history, whose mail is handed on
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from connectors.email import headers as h
from connectors.email.automatic import automatic_reason, is_robot_address
from connectors.email.body import Body, plain_body, read_body
from connectors.email.bounces import reported
from connectors.email.charsets import decode
from connectors.email.headers import Header
from connectors.email.mime import is_mail
from connectors.email.quotes import (
    forwarded_senders,
    forwarded_words,
    hands_on,
    points_below,
    visible_reply,
    without_trailing_attribution,
)
from connectors.port import Attachment, IncomingMessage, NotUnderstood, Party

CHANNEL = "email"
# Lines our own fetch loop puts in front of what it could not fetch whole. Only the very first line of a mail counts, where
# a mail server always puts its own: nobody outside can write them.
OVERSIZE_MARK = "X-Complaintbot-Oversize"
UNFETCHED_MARK = "X-Complaintbot-Unfetched"

_RECIPIENT_FIELDS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to")
# Of a header that goes on without end: with less we would answer whoever, in another thread, to who knows what.
_NEEDED = ("from", "message-id", "subject")
_NOTHING = b"\0 \t\r\n"
# Who else may have sent a mail that names no usable author.
_SENDER_FIELDS = ("sender", "reply-to", "return-path")
_FORWARD_SUBJECT = re.compile(r"^\s*(?:fwd?|转发|轉寄|轉發|wg|tr)\s*[:：]", re.I)
_REPLY_SUBJECT = re.compile(r"^\s*(?:re|回复|答复|回覆|回信|aw|sv|antw|转复)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]", re.I)


def parse_mail(
    raw: bytes, *, own_domains: Collection[str] = (), own_addresses: Collection[str] = ()
) -> IncomingMessage:
    """Understand a mail. Never raises on any bytes, except NotUnderstood where there is nothing in them to read.

    own_domains: domains of our staff: of a mail handed on several times, the first sender outside them is the original
    one. own_addresses: ours, lower-cased: mail from them is our own coming back. What is missing or broken is left empty:
    `sender` is None without a usable From, a Message-ID is made up where there is none.
    """
    header = h.split(raw)
    _refuse_the_unreadable(raw, header)
    oversize = _oversize(header)
    try:
        body = Body("", "", attachments=(oversize,)) if oversize else read_body(header, raw)
    except Exception:  # the last resort: the words as they stand are better than no complaint
        body = plain_body(decode(header.body))
    sender = _sender(header)
    subject = header.text("subject")
    in_reply_to = next(iter(h.message_ids(header.raw("in-reply-to"))), None)
    references = h.message_ids(header.raw("references"))
    reason = automatic_reason(header, own_addresses, own_domains, body.text)
    forwarded, words = _forwarded_from(body, sender, subject, own_domains) if reason is None else (None, "")
    answers = bool(in_reply_to or references or _REPLY_SUBJECT.match(subject or ""))
    reply_to = _first(header, "reply-to")
    return IncomingMessage(
        channel=CHANNEL,
        external_id=h.external_id(header),
        conversation=sender.address.lower() if sender else "",
        sender=sender,
        text=body.text,
        visible_reply=_visible(body, sender, answers=answers, forwarded=forwarded is not None),
        reply_address=reply_to.address if reply_to else None,
        subject=subject,
        recipients=h.addresses(value for name in _RECIPIENT_FIELDS for value in header.values(name)),
        attachments=body.attachments,
        message_id=h.message_id(header),
        in_reply_to=in_reply_to,
        references=references,
        automatic=reason is not None,
        automatic_reason=reason,
        receipts=reported(header, body.text) if reason else (),
        forwarded_from=forwarded,
        forwarded_text=words,
        reply_to_message=in_reply_to or (references[-1] if references else None),
        sent_at=h.sent_at(header),
    )


def _sender(header: Header) -> Party | None:
    """Return the author: the first usable one of From; with none, who else is named as the sender."""
    if author := _first(header, "from"):
        return author
    name = h.display_name(next(header.values("from"), ""))
    for field in _SENDER_FIELDS:
        if party := _first(header, field):
            return Party(party.address, name or party.name)
    return None


def _first(header: Header, field: str) -> Party | None:
    return next((party for value in header.values(field) if (party := h.first_address(value))), None)


def _refuse_the_unreadable(raw: bytes, header: Header) -> None:
    if header.fields and header.fields[0][0] == UNFETCHED_MARK.lower():
        raise NotUnderstood(
            f"the mail server does not hand over a mail ({header.plain(UNFETCHED_MARK.lower())[:200]}): "
            "look at it in the mailbox with a mail program"
        )
    if not (raw[:1000].strip(_NOTHING) or raw.strip(_NOTHING)):
        raise NotUnderstood("the file is empty: there is no mail in it")
    if header.cut and (missing := [name for name in _NEEDED if not header.raw(name)]):
        raise NotUnderstood(
            f"the mail's header is longer than {h.MAX_HEADER} bytes or {h.MAX_FIELDS} fields, and what is read of it has no "
            f"{', '.join(missing)}: look at it in the mailbox with a mail program"
        )
    if not header.fields:
        text = decode(header.body[:4096])
        odd = sum(not (c.isprintable() or c in "\r\n\t\f") or c == "\ufffd" for c in text)
        if b"\0" in raw[:4096] or odd * 10 > len(text):
            raise NotUnderstood("the file is no mail: it has no header and is not text")


def _oversize(header: Header) -> Attachment | None:
    if not header.fields or header.fields[0][0] != OVERSIZE_MARK.lower():
        return None
    digits = header.fields[0][1][:18]
    return Attachment("oversize.eml", "message/rfc822", None, int(digits) if digits.isdigit() else 0)


def _visible(body: Body, sender: Party | None, *, answers: bool, forwarded: bool) -> str:
    address = sender.address if sender else ""
    said = without_trailing_attribution(body.said) if body.cut else body.said
    visible = visible_reply(said, address)
    if not visible and (forwarded or not answers):
        return body.text  # what is handed on is the message, or there is nothing it could be quoting from
    if body.cut and points_below(visible.split("\n")):
        return body.text  # the answers stand inside what was cut
    return visible


# --- forwards --------------------------------------------------------------------------------------------------------


def _forwarded_from(
    body: Body, sender: Party | None, subject: str | None, own_domains: Collection[str]
) -> tuple[str | None, str]:
    """Return the original sender of a mail that hands another one on, `Name <address>`, and what they wrote; None where it
    does not.

    Of several headers, one inside the other, the first from outside our own house is the one that matters: a colleague may
    have handed it to a colleague first.
    """
    handed_on = bool(_FORWARD_SUBJECT.match(subject or ""))
    inline = handed_on or hands_on(body.text)
    found: list[tuple[Party, str]] = []
    if inline:
        for who in forwarded_senders(body.text):
            party = h.first_address(who) or (Party("", h.display_name(who)[:100]) if h.display_name(who) else None)
            if party:
                found.append((party, forwarded_words(body.text, who)))
    ours = tuple(domain.lower() for domain in own_domains)
    colleague = sender is not None and _is_in(sender.address, ours)
    # A mail attached to a customer's own words is evidence, not a mail handed on: it would make us answer the wrong person.
    if not found and (handed_on or colleague or body.embedded or not body.text):
        for attachment in body.attachments:
            if is_mail(attachment.type) and attachment.data and (inner := _sender(h.split(attachment.data))):
                found.append((inner, _words_within(body, attachment.data)))
    found = [each for each in found if not is_robot_address(each[0].address)]  # a bounce that is shown to us
    if not found:
        return None, ""
    outside = [each for each in found if each[0].address and not _is_in(each[0].address, ours)]
    party, words = outside[0] if outside else found[-1]
    return _written(party), words


def _words_within(body: Body, data: bytes) -> str:
    """Return the words of a mail that is attached."""
    if body.embedded:
        return body.text
    try:
        return read_body(h.split(data), data).text
    except Exception:
        return ""


def _is_in(address: str, domains: Collection[str]) -> bool:
    domain = address.rpartition("@")[2].lower()
    return any(domain == own or domain.endswith("." + own) for own in domains)


def _written(party: Party) -> str:
    if not party.address:
        return party.name
    return f"{party.name} <{party.address}>" if party.name and party.name != party.address else party.address


def with_external_id(message: IncomingMessage, external_id: str) -> IncomingMessage:
    """Return the message under the identity it was stored with."""
    return message if message.external_id == external_id else replace(message, external_id=external_id)
