"""A mail's bytes into an `IncomingMessage`. Pure: no network, no clock, no settings."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from email.message import Message
from html import unescape

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from selectolax.lexbor import LexborHTMLParser

from connectors.email import headers as h
from connectors.email.automatic import automatic_reason
from connectors.email.bounces import reported
from connectors.email.charsets import decode
from connectors.email.headers import Header
from connectors.email.quotes import (
    cut_html_quotes,
    cuts_history,
    forwarded_senders,
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
_MIME_TYPE = re.compile(r"[a-z0-9.+_-]{1,100}/[a-z0-9.+_-]{1,100}")
_FORWARD_SUBJECT = re.compile(r"^\s*(?:fwd?|转发|轉寄|轉發|wg|tr)\s*[:：]", re.I)
_REPLY_SUBJECT = re.compile(r"^\s*(?:re|回复|答复|回覆|回信|aw|sv|antw|转复)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]", re.I)
_READABLE = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
_MAX_PARTS = 500
# Longer texts are cut here and come along whole as a file: nobody reads a million characters, and working on them would
# hold everything else up.
_MAX_TEXT = 1_000_000
_DEEPEST_HTML = 150  # lxml drops what is nested more than 256 deep, and the time for it grows with the square
_CONFIG = ParserConfig(css=CSS_PROFILES["strict"], display_links=False, display_images=False, display_anchors=False)
_DROPPED_TAGS = [
    "script",
    "style",
    "head",
    "title",
    "meta",
    "link",
    "noscript",
    "template",
    "object",
    "img",
    "svg",
    "iframe",
]
_TRAILING_BLANKS = re.compile(r"[ \t\u3000]+$", re.M)
_MANY_BLANK_LINES = re.compile(r"\n{4,}")
_ODD_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u200b\u2060\ufeff]")
_TAG = re.compile(r"<[^>]*>")
_BREAKING_TAG = re.compile(r"<(?:br|/?(?:p|div|tr|li|table|h[1-6]|blockquote|ul|ol))\b[^>]*>", re.I)
_HIDDEN_ELEMENT = re.compile(r"<(script|style|head|title)\b.*?</\1\s*>|<!--.*?-->", re.I | re.S)
_NESTING_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b", re.I)
_NOT_NESTING = frozenset({"br", "img", "hr", "input", "meta", "link", "p", "li", "td", "tr", "th", "col", "wbr"})


@dataclass(frozen=True, slots=True)
class _Body:
    """text: all of it. said: the reading quotations are to be cut from. cut: some were cut already, by structure."""

    text: str
    said: str
    cut: bool
    attachments: tuple[Attachment, ...]


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
        body = _Body("", "", False, (oversize,)) if oversize else _read_body(raw, header)
    except (Exception, RecursionError):  # the last resort: the words as they stand are better than no complaint
        body = _plain_body(decode(header.body))
    sender = h.first_address(b", ".join(header.raw("from")[:1]))
    subject = header.text("subject")
    in_reply_to = next(iter(h.message_ids(header.raw("in-reply-to"))), None)
    references = h.message_ids(header.raw("references"))
    reason = automatic_reason(header, own_addresses, own_domains, body.text)
    forwarded = None if reason else _forwarded_from(body, subject, own_domains)
    answers = bool(in_reply_to or references or _REPLY_SUBJECT.match(subject or ""))
    reply_to = h.first_address(b", ".join(header.raw("reply-to")[:1]))
    return IncomingMessage(
        channel=CHANNEL,
        external_id=h.external_id(header),
        conversation=sender.address.lower() if sender else "",
        sender=sender,
        text=body.text,
        visible_reply=_visible(body, sender, answers=answers, forwarded=forwarded is not None),
        reply_address=reply_to.address if reply_to else None,
        subject=subject,
        recipients=h.addresses(value for name in _RECIPIENT_FIELDS for value in header.raw(name)),
        attachments=body.attachments,
        message_id=h.message_id(header),
        in_reply_to=in_reply_to,
        references=references,
        automatic=reason is not None,
        automatic_reason=reason,
        receipts=reported(raw, header, body.text) if reason else (),
        forwarded_from=forwarded,
        reply_to_message=in_reply_to or (references[-1] if references else None),
        sent_at=h.sent_at(header),
    )


def _refuse_the_unreadable(raw: bytes, header: Header) -> None:
    if header.fields and header.fields[0][0] == UNFETCHED_MARK.lower():
        raise NotUnderstood(
            f"the mail server does not hand over a mail ({header.plain(UNFETCHED_MARK.lower())[:200]}): "
            "look at it in the mailbox with a mail program"
        )
    if not raw.strip(b"\0 \t\r\n"):
        raise NotUnderstood("the file is empty: there is no mail in it")
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


def _visible(body: _Body, sender: Party | None, *, answers: bool, forwarded: bool) -> str:
    address = sender.address if sender else ""
    said = without_trailing_attribution(body.said) if body.cut else body.said
    visible = visible_reply(said, address)
    if not visible and (forwarded or not answers):
        return body.text  # what is handed on is the message, or there is nothing it could be quoting from
    if body.cut and points_below(visible.split("\n")):
        return body.text  # the answers stand inside what was cut
    return visible


# --- the body --------------------------------------------------------------------------------------------------------


def _read_body(raw: bytes, header: Header) -> _Body:
    content_type = header.plain("content-type").lower()
    if not content_type or (content_type.startswith("text/plain") and not header.raw("content-disposition")):
        encoding = header.plain("content-transfer-encoding").lower()
        if encoding in ("", "7bit", "8bit", "binary") and "name" not in content_type:
            # Most mails from programs, read without building a tree.
            return _plain_body(_flow(decode(header.body, _parameter(content_type, "charset")), content_type))
    message = email.message_from_bytes(h.from_first_field(raw), policy=email.policy.compat32)
    texts: list[tuple[str, str]] = []
    attachments: list[Attachment] = []
    _walk(message, texts, attachments, top=True)
    return _assemble(texts, attachments)


def _plain_body(text: str) -> _Body:
    return _assemble([(text, "")], [])


def _assemble(texts: list[tuple[str, str]], attachments: list[Attachment]) -> _Body:
    """Put the readable parts together, each (plain, html) with one of them possibly empty."""
    whole: list[str] = []
    said: list[str] = []
    cut = False
    for plain, html in texts:
        for whole_text, name, kind in ((plain, "text.txt", "text/plain"), (html, "text.html", "text/html")):
            if len(whole_text) > _MAX_TEXT:
                data = whole_text.encode("utf-8", "replace")
                attachments.append(Attachment(name, kind, data, len(data)))
        text = _tidy(plain[:_MAX_TEXT])
        if html and not text:
            text = html_to_text(html)
        whole.append(text)
        reading = text
        if html and not (plain.strip() and cuts_history(text)):
            shorter = _html_without_quotes(html)
            if shorter is not None:
                reading, cut = shorter, True
        said.append(reading)
    return _Body(_join(whole), _join(said), cut, tuple(attachments))


def _join(texts: list[str]) -> str:
    return "\n\n".join(text for text in texts if text)


def _walk(
    part: Message, texts: list[tuple[str, str]], attachments: list[Attachment], *, top: bool = False, depth: int = 0
) -> None:
    """Collect a tree's readable texts as (plain, html), one of them possibly empty, and its attachments."""
    if len(attachments) + len(texts) >= _MAX_PARTS or depth > 50:
        return
    content_type = _type_of(part)
    if content_type.startswith("multipart/") and not part.is_multipart():
        content_type = "text/plain"  # its boundary is missing or never used: what is there is text
    if content_type == "message/rfc822":
        attachments.append(_nested(part))
    elif part.is_multipart() and content_type.startswith("multipart/"):
        children = list(_children(part))
        if content_type == "multipart/alternative":
            _walk_alternative(children, texts, attachments, depth)
            return
        for child in children:
            _walk(child, texts, attachments, depth=depth + 1)
    elif _is_attachment(part, content_type, top=top):
        attachments.append(_attachment(part, content_type, len(attachments)))
    else:
        text = _part_text(part, content_type)
        texts.append(
            ("", text)
            if content_type == "text/html" or (content_type != "text/plain" and _is_html(text))
            else (text, "")
        )


def _walk_alternative(
    children: list[Message], texts: list[tuple[str, str]], attachments: list[Attachment], depth: int
) -> None:
    """Read the alternatives as one text: the plain one is shown, the HTML one knows where quotations begin."""
    branches: list[list[tuple[str, str]]] = []
    for child in children:
        branch: list[tuple[str, str]] = []
        _walk(child, branch, attachments, depth=depth + 1)
        if branch:
            branches.append(branch)
    plain = "\n\n".join(text for branch in branches for text, html in branch if text.strip() and not html)
    html = next((html for branch in reversed(branches) for _, html in branch if html.strip()), "")
    if plain or html:
        texts.append((plain, html))


def _children(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (child for child in payload if isinstance(child, Message))


def _type_of(part: Message) -> str:
    try:
        content_type = part.get_content_type()
    except Exception:
        return "text/plain"
    return content_type if _MIME_TYPE.fullmatch(content_type) else "application/octet-stream"


def _is_attachment(part: Message, content_type: str, *, top: bool) -> bool:
    disposition = _raw_header(part, "content-disposition").split(";")[0].strip().lower()
    if disposition == "attachment":
        return True
    if content_type not in _READABLE:
        return True
    return bool(_file_name(part)) and not top


def _attachment(part: Message, content_type: str, number: int) -> Attachment:
    data = _payload(part)
    name = _file_name(part) or _made_up_name(content_type, number)
    return Attachment(name, content_type, data, len(data))


def _made_up_name(content_type: str, number: int) -> str:
    extension = {
        "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/heic": "heic",
        "application/pdf": "pdf", "text/calendar": "ics", "video/mp4": "mp4", "audio/mpeg": "mp3", "text/csv": "csv",
        "message/delivery-status": "txt", "text/vcard": "vcf", "text/x-vcard": "vcf", "text/rfc822-headers": "txt",
    }.get(content_type, "bin")  # fmt: skip
    return f"attachment-{number + 1}.{extension}"


def _nested(part: Message) -> Attachment:
    inner = next(_children(part), None)
    data = b""
    name = _file_name(part)
    if inner is not None:
        try:
            data = inner.as_bytes()
        except Exception:
            data = "\n".join(f"{key}: {value}" for key, value in inner.raw_items()).encode("utf-8", "surrogateescape")
        subject = h.split(data).text("subject") if not name else None
        name = name or (safe_name(subject) + ".eml" if subject else "")
    else:
        data = _payload(part)
    return Attachment(name or "message.eml", "message/rfc822", data, len(data))


def _payload(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except Exception:
        data = None
    if isinstance(data, bytes):
        return data
    payload = part.get_payload()
    if isinstance(payload, str):
        return payload.encode("utf-8", "surrogateescape")
    try:
        return b"".join(child.as_bytes() for child in _children(part))
    except Exception:
        return b""


def _part_text(part: Message, content_type: str) -> str:
    header = _raw_header(part, "content-type")
    text = decode(_payload(part), _parameter(header, "charset"))
    if content_type == "text/html" and not _parameter(header, "charset"):
        match = re.search(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,30})", _payload(part)[:4096], re.I)
        if match:
            text = decode(_payload(part), match[1].decode("ascii", "replace"))
    return text if content_type == "text/html" else _flow(text, header)


def _is_html(text: str) -> bool:
    return text.lstrip()[:200].lower().startswith(("<html", "<!doctype html", "<body", "<div"))


# --- header parameters and file names --------------------------------------------------------------------------------


def _raw_header(part: Message, name: str) -> str:
    """Return a field of a part, unfolded, its raw bytes read as text."""
    for key, value in part.raw_items():
        if key.lower() == name:
            data = str(value).encode("utf-8", "surrogateescape")
            return " ".join(decode(data).split("\r\n")).replace("\n", " ").replace("\r", " ").replace("\t", " ").strip()
    return ""


_PARAMETER = re.compile(r";\s*([\w!#$&+^.-]+?)(\*\d{1,3})?(\*)?\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)", re.S)


def _parameter(header: str, name: str) -> str | None:
    """Return a parameter of a Content-Type or Content-Disposition field: plain, RFC 2231, or with encoded words."""
    pieces: dict[int, tuple[str, bool]] = {}
    single: str | None = None
    extended: str | None = None
    for match in _PARAMETER.finditer(header):
        if match[1].lower() != name:
            continue
        value = match[4].strip()
        if value.startswith('"'):
            value = re.sub(r"\\([\"\\])", r"\1", value[1:].removesuffix('"'))
        if match[2]:
            pieces[int(match[2][1:])] = (value, bool(match[3]))
        elif match[3]:
            extended = value
        elif single is None:
            single = value
    if pieces:
        return _from_2231(pieces)
    if extended is not None:
        return _from_2231({0: (extended, True)})
    return h.decode_words(single) if single else single


def _from_2231(pieces: dict[int, tuple[str, bool]]) -> str:
    charset = ""
    data = b""
    for position, number in enumerate(sorted(pieces)):
        value, percent = pieces[number]
        if percent and position == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        data += _percent_decode(value) if percent else value.encode("utf-8", "replace")
    text = decode(data, charset or None)
    return h.decode_words(text)


def _percent_decode(value: str) -> bytes:
    return re.sub(rb"%([0-9a-fA-F]{2})", lambda match: bytes((int(match[1], 16),)), value.encode("utf-8", "replace"))


def _file_name(part: Message) -> str:
    for field, key in (("content-disposition", "filename"), ("content-type", "name")):
        value = _parameter(_raw_header(part, field), key)
        if value and value.strip():
            if "%" in value and re.search(r"%[0-9A-Fa-f]{2}", value):
                decoded = decode(_percent_decode(value))
                value = decoded if "\ufffd" not in decoded else value
            return safe_name(value)
    return ""


def safe_name(name: str) -> str:
    """Return a file name that is only a name: no path, no control characters, no blanks around, at most 150 characters."""
    name = h.tidy_line(name).replace("\\", "/").rpartition("/")[2].strip().strip(".") or "attachment"
    name = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in name)
    stem, dot, extension = name.rpartition(".")
    if len(name) > 150:
        return f"{stem[: 149 - len(extension)]}{dot}{extension}" if dot and len(extension) <= 10 else name[:150]
    return name


# --- text ------------------------------------------------------------------------------------------------------------


def _flow(text: str, content_type: str) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676)."""
    if "flowed" not in content_type.lower() or (_parameter(content_type, "format") or "").lower() != "flowed":
        return text
    delete_space = (_parameter(content_type, "delsp") or "").lower() == "yes"
    out: list[str] = []
    open_depth: int | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        said = line[depth:]
        said = said[1:] if said.startswith(" ") else said
        soft = said.endswith(" ") and said != "-- "
        if open_depth == depth and out and said != "-- ":
            out[-1] += said
        else:
            out.append(">" * depth + (" " if depth else "") + said)
        if soft and delete_space:
            out[-1] = out[-1][:-1]
        open_depth = depth if soft else None
    return "\n".join(out)


def _tidy(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\xa0", " ").replace("\v", "\n")
    text = _ODD_CHARACTERS.sub("", text)
    # "-- " keeps its blank: it is how a signature begins.
    lines = [line if line == "-- " else line.rstrip() for line in text.split("\n")]
    return _MANY_BLANK_LINES.sub("\n\n\n", "\n".join(lines)).strip("\n").strip()


def html_to_text(html: str) -> str:
    """Return a mail's HTML as plain text: nothing hidden, no scripts, no styles."""
    html = html[:_MAX_TEXT]
    return _tags_dropped(html) if _is_too_deep(html) else _tree_text(_html_tree(html))


def _html_without_quotes(html: str) -> str | None:
    html = html[:_MAX_TEXT]
    if _is_too_deep(html):
        return None
    tree = _html_tree(html)
    return _tree_text(tree) if cut_html_quotes(tree) else None


def _is_too_deep(html: str) -> bool:
    depth = 0
    for match in _NESTING_TAG.finditer(html):
        if match[2].lower() not in _NOT_NESTING:
            depth = max(0, depth - 1) if match[1] else depth + 1
            if depth > _DEEPEST_HTML:
                return True
    return False


def _tags_dropped(html: str) -> str:
    """Return the words of HTML that is not worth, or not safe, building a tree of."""
    return _tidy(unescape(_TAG.sub("", _BREAKING_TAG.sub("\n", _HIDDEN_ELEMENT.sub(" ", html)))))


def _html_tree(html: str) -> LexborHTMLParser:
    tree = LexborHTMLParser(html.replace("\0", ""))
    tree.strip_tags(_DROPPED_TAGS)
    return tree


def _tree_text(tree: LexborHTMLParser) -> str:
    html = tree.html or ""
    try:
        text = get_text(html, _CONFIG) if html else ""
    except (Exception, RecursionError):
        return _tags_dropped(html)
    return _tidy(text)


# --- forwards --------------------------------------------------------------------------------------------------------


def _forwarded_from(body: _Body, subject: str | None, own_domains: Collection[str]) -> str | None:
    """Return the original sender of a mail that hands another one on, `Name <address>`; None where it does not.

    Of several headers, one inside the other, the first from outside our own house is the one that matters: a colleague may
    have handed it to a colleague first.
    """
    handed_on = bool(_FORWARD_SUBJECT.match(subject or ""))
    inline = handed_on or hands_on(body.text)
    found: list[Party] = []
    if inline:
        for who in forwarded_senders(body.text):
            party = h.first_address(who) or (Party("", h.display_name(who)[:100]) if h.display_name(who) else None)
            if party:
                found.append(party)
    # A mail attached to words of one's own is evidence, not a mail handed on: it would make us answer the wrong person.
    if not found and (handed_on or not body.text):
        for attachment in body.attachments:
            if attachment.type == "message/rfc822" and attachment.data:
                inner = h.first_address(b", ".join(h.split(attachment.data).raw("from")[:1]))
                if inner:
                    found.append(inner)
    if not found:
        return None
    ours = tuple(domain.lower() for domain in own_domains)
    outside = [party for party in found if party.address and not _is_in(party.address, ours)]
    return _written(outside[0] if outside else found[-1])


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
