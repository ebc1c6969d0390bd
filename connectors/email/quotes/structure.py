"""Where an older mail begins inside a mail's HTML, told by how the programs that wrote it build their mails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from connectors.email.quotes.forwards import hands_on
from connectors.email.quotes.signature import is_rule, without_signature

# The older mail is inside: Gmail, Yahoo, Proton, Tuta, Zoho, Infomaniak, Apple; Mail Master, QQ, Foxmail, Aliyun, Lark.
_HOLDER_CLASSES = frozenset((
    "gmail_quote_container", "gmail_quote", "gmail_extra", "yahoo_quoted", "protonmail_quote", "tutanota_quote",
    "zmail_extra", "ik_mail_quote", "iosymail", "AppleMailQuote", "ntes-mailmaster-quote", "mobile-quote",
    "qmail_quote", "foxmail_quote", "alimail-quote", "__aliyun_previous_content", "lark-mail-quote",
    "history-quote-wrapper", "moz-forward-container",
))  # fmt: skip
# Outlook, 163, Mail Master, Foxmail, Sina, 139, Coremail. A mail answered again puts a prefix before its ids.
_HOLDER_IDS = (
    "OLK_SRC_BODY_SECTION", "isReplyContent", "isForwardContent", "ntes-pcmail-quote", "ntes-pcmac-quote", "original-content",
    "origbody", "reply139content", "oriMsgHtmlSeperator", "mail-editor-reference-message-container",
)  # fmt: skip
_HOLDER_NAMES = frozenset(("quote", "messageReplySection"))  # GMX, Spark
# The older mail begins here and reaches to the end: Outlook, Hotmail, Zimbra, 139, Thunderbird, WeCom.
_BEGINNING_CLASSES = frozenset(("OutlookMessageHeader", "moz-cite-prefix", "xm_mail_oringinal_describe"))
_BEGINNING_IDS = ("divRplyFwdMsg", "stopSpelling", "zwchr", "replySplit")
_SIGNATURE_CLASSES = frozenset((
    "gmail_signature", "gmail_signature_prefix", "ntes-mailmaster-signature", "ntes-signature", "moz-signature",
    "protonmail_signature_block", "tutanota_signature", "editorUserSignature", "xm_mail_signature", "mail_sign",
    "mobile-signature",
))  # fmt: skip
_SIGNATURE_IDS = (
    "ntes-pcmail-signature", "ntes-pcmac-signature", "ms-outlook-mobile-signature", "Zm-_Id_-Sgn", "_FoxFROMNAME",
    "imail_signature",
)  # fmt: skip
_SIGNATURE_NAMES = frozenset(("messageSignatureSection",))
_MARKED = 'blockquote, includetail, [id], [class], [name], [data-signatureblock], [style*="border-top" i]'
_MOST_CANDIDATES = 40
_MOST_STEPS = 2_000
_LONGEST_SIGNATURE = 1_500
_ENOUGH_TO_BE_WORDS = 1_000
_DRAWN_ABOVE = re.compile(
    r"border-top\s*:[^;]*(?:solid[^;]*#(?:e1e1e1|b5c4df|c8c8c8)|#(?:e1e1e1|b5c4df|c8c8c8)[^;]*solid|rgb\((?:225|"
    r"181|200|229),)",
    re.I,
)
_INDENTED = re.compile(r"border\s*:\s*(?:none|0)|margin(?:-left)?\s*:[^;]*40px", re.I)
_QUIET = frozenset({"style", "script", "-comment", "head", "title", "meta", "link"})


class _Role(Enum):
    """What a program uses an element for."""

    HOLDER = auto()
    BEGINNING = auto()
    HEADER = auto()  # a block below a thin rule, which may be the header of an older mail
    SIGNATURE = auto()


def cut_html_quotes(tree: LexborHTMLParser) -> bool:
    """Take quoted history and signatures out of a parsed mail by its structure; True where something was taken out.

    Quotations with words below them stay: their lines get the mark that quoted lines have in plain text. A mail handed on
    stays whole.
    """
    body = tree.body
    if body is None:
        return False
    roles = [(node, role) for node in tree.css(_MARKED) if (role := _role(node)) is not None]
    signed = _drop_signatures(body, [node for node, role in roles if role is _Role.SIGNATURE])
    if hands_on(_words(body)):
        return signed
    return _cut_history(tree) or signed


def _role(node: LexborNode) -> _Role | None:
    attributes = node.attributes
    classes = (attributes.get("class") or "").split()
    name = attributes.get("name") or ""
    identity = attributes.get("id") or ""
    if identity.endswith(_BEGINNING_IDS) or not _BEGINNING_CLASSES.isdisjoint(classes):
        return _Role.BEGINNING
    if (
        identity.endswith(_SIGNATURE_IDS)
        or identity in ("Signature", "signature")
        or name in _SIGNATURE_NAMES
        or "data-signatureblock" in attributes
        or not _SIGNATURE_CLASSES.isdisjoint(classes)
    ):
        return _Role.SIGNATURE
    if (
        node.tag in ("blockquote", "includetail")
        or identity.endswith(_HOLDER_IDS)
        or name in _HOLDER_NAMES
        or not _HOLDER_CLASSES.isdisjoint(classes)
    ):
        return _Role.HOLDER
    return _Role.HEADER if _DRAWN_ABOVE.search(attributes.get("style") or "") else None


def _cut_history(tree: LexborHTMLParser) -> bool:
    answered: dict[int | None, LexborNode] = {}
    found: LexborNode | None = None
    for node, role in islice(_history_marks(tree), _MOST_CANDIDATES):
        if _is_inside(node, answered) or _is_own_indent(node):
            continue
        if role is _Role.HOLDER:
            tail = not _says_more_after(node) and not _is_answered_inside(node)
        else:
            tail = _is_outlook_header(node) if role is _Role.HEADER else _begins_history(node)
        if tail:
            found = node
            break  # after it there is nothing left to cut
        if node.tag == "blockquote":
            answered[node.mem_id] = node
    if found is not None:
        _drop_all_behind(found)
        found.decompose()
    for node in answered.values():
        _mark_as_quoted(tree, node)
    return found is not None or bool(answered)


def _history_marks(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, _Role]]:
    """Yield what may be an older mail, first in the mail first, each once: several selectors find the same."""
    seen = None
    for node in tree.css(_MARKED):
        role = _role(node)
        if role is not None and role is not _Role.SIGNATURE and node.mem_id != seen:
            seen = node.mem_id
            yield node, role


def _is_inside(node: LexborNode, others: Mapping[int | None, LexborNode]) -> bool:
    current = node.parent
    while current is not None and others:
        if current.mem_id in others:
            return True
        current = current.parent
    return False


def _mark_as_quoted(tree: LexborHTMLParser, node: LexborNode) -> None:
    marked = tree.create_node("pre")
    lines = (" ".join(line.split()) for line in _words(node).split("\n"))
    marked.insert_child("\n".join(f"> {line}" for line in lines if line))
    node.insert_before(marked)
    node.decompose()


def _begins_history(node: LexborNode) -> bool:
    # Thunderbird's "X wrote:" stands above its quotation, and answers may stand inside or below that.
    return "moz-cite-prefix" not in (node.attributes.get("class") or "") or _is_tail_quote(node.next)


def _is_outlook_header(node: LexborNode) -> bool:
    """Tell whether a block below a thin rule names sender and time: bold labels with something behind them."""
    labels = [
        bold for bold in node.css("b, strong")[:12] if bold.text(strip=True).rstrip("\xa0 *").endswith((":", "："))
    ]
    text = node.text()[:2_000]
    return len(labels) >= 2 and bool(re.search(r"\d", text)) and len(node.text(strip=True)) <= 1_500


def _is_answered_inside(node: LexborNode) -> bool:
    """Tell whether words stand between the quotations that a holder holds, as Gmail builds a mail answered line by line."""
    quotes = [child for child in _children(node) if child.tag == "blockquote"]
    if not quotes or node.tag == "blockquote":
        return False
    seen = False
    for child in _children(node):
        if child.tag == "blockquote":
            seen = True
        elif seen and child.tag not in _QUIET and _words(child):
            return True
    return False


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    for _ in range(_MOST_STEPS):
        if child is None:
            return
        yield child
        child = child.next


def _is_cited(node: LexborNode) -> bool:
    return node.tag == "blockquote" and not _is_own_indent(node)


def _is_own_indent(node: LexborNode) -> bool:
    """Tell whether a block quotation is a writer's indented paragraph: no program draws a quotation without its line."""
    attributes = node.attributes
    if node.tag != "blockquote" or attributes.get("type") == "cite" or attributes.get("class") or attributes.get("id"):
        return False
    style = attributes.get("style") or ""
    return bool(_INDENTED.search(style)) and "border-left" not in style.lower()


def _is_tail_quote(node: LexborNode | None) -> bool:
    while node is not None and node.tag in ("-text", "br") and not node.text(strip=True):
        node = node.next
    return node is not None and node.tag in ("blockquote", "pre") and not _says_more_after(node)


def _words(node: LexborNode) -> str:
    return node.text(separator="\n").replace("\xa0", " ").strip()


def _says_more_after(node: LexborNode) -> bool:
    """Tell whether any words follow a node in the document, a signature apart."""
    words: list[str] = []
    length = 0
    for steps, sibling in enumerate(_behind(node)):
        # Apple cuts one quotation into several, one right behind the other.
        if sibling.tag not in _QUIET and not _is_cited(sibling):
            words.append(_words(sibling))
            length += len(words[-1])
        if length > _ENOUGH_TO_BE_WORDS or steps > _MOST_STEPS:
            return True  # no signature is that long
    return any(line.strip() and not is_rule(line) for line in without_signature("\n".join(words).split("\n"), ""))


def _behind(node: LexborNode) -> Iterator[LexborNode]:
    """Yield what follows a node: its own siblings, then those of each node around it."""
    current: LexborNode | None = node
    while current is not None and current.tag not in ("body", "html"):
        sibling = current.next
        while sibling is not None:
            yield sibling
            sibling = sibling.next
        current = current.parent


def _drop_all_behind(node: LexborNode) -> None:
    for each in list(_behind(node)):
        each.decompose()


def _drop_signatures(body: LexborNode, marked: list[LexborNode]) -> bool:
    """Remove what programs mark as a signature, unless nothing else would be left: some let people write inside it."""
    left = len(body.text(strip=True))
    dropped: dict[int | None, LexborNode] = {}
    for node in marked[:_MOST_CANDIDATES]:
        length = len(node.text(strip=True))
        if (
            length < left
            and length <= _LONGEST_SIGNATURE
            and node.mem_id not in dropped
            and not _is_inside(node, dropped)
        ):
            dropped[node.mem_id] = node
            left -= length
    for node in dropped.values():
        node.decompose()
    return bool(dropped)
