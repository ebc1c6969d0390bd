"""Where an older mail begins inside a mail's HTML, told by how the programs that wrote it build their mails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from connectors.email.quotes.forwards import hands_on
from connectors.email.quotes.signature import is_rule, without_signature

# The older mail is inside: Gmail, Yahoo, Proton, Tuta, Zoho, GMX, Spark, Infomaniak, Outlook, 163, Mail Master, QQ, WeCom,
# Foxmail, Sina, Sohu, 139, Aliyun and DingTalk, Xiaomi, Coremail. Ids may carry a prefix where a mail was answered again.
_HOLDERS = (
    ".gmail_quote_container, .gmail_quote, .gmail_extra, .yahoo_quoted, .protonmail_quote, .tutanota_quote, "
    ".zmail_extra, "
    '[name="quote"], [name="messageReplySection"], .ik_mail_quote, .iosymail, .AppleMailQuote, '
    '[id$="OLK_SRC_BODY_SECTION"], '
    '[id$="isReplyContent"], [id$="isForwardContent"], [id$="ntes-pcmail-quote"], [id$="ntes-pcmac-quote"], '
    '.ntes-mailmaster-quote, .mobile-quote, includetail, [id$="original-content"], .qmail_quote, .foxmail_quote, '
    '[id$="origbody"], '
    '[id$="reply139content"], [id$="oriMsgHtmlSeperator"], .alimail-quote, .__aliyun_previous_content, '
    ".lark-mail-quote, "
    '[id$="mail-editor-reference-message-container"], [id$="lark-mail-quote"], .history-quote-wrapper, '
    ".moz-forward-container, "
    "blockquote"
)
# The older mail begins here and reaches to the end: Outlook in all its forms, Hotmail, Zimbra, 139, Thunderbird, Xiaomi.
_BEGINNINGS = (
    '[id$="divRplyFwdMsg"], .OutlookMessageHeader, [id$="stopSpelling"], [id$="zwchr"], [id$="replySplit"], '
    '[id$="divFMReplyBody"] > *, '
    '.moz-cite-prefix, .xm_mail_oringinal_describe, div[style*="border-top" i]'
)
_SIGNATURES = (
    ".gmail_signature, .gmail_signature_prefix, .ntes-mailmaster-signature, .ntes-signature, "
    "[id$=ntes-pcmail-signature], "
    "[id$=ntes-pcmac-signature], .moz-signature, [id$=ms-outlook-mobile-signature], [id=Signature], "
    "[id=signature], "
    ".protonmail_signature_block, [data-signatureblock], .tutanota_signature, [id$=Zm-_Id_-Sgn], "
    "[id$=_FoxFROMNAME], "
    '[name="messageSignatureSection"], .editorUserSignature, .xm_mail_signature, .mail_sign, .mobile-signature'
)
_MOST_CANDIDATES = 60
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


def cut_html_quotes(tree: LexborHTMLParser) -> bool:
    """Take quoted history and signatures out of a parsed mail by its structure; True where something was taken out.

    Quotations with words below them stay: their lines get the mark that quoted lines have in plain text. A mail handed on
    stays whole.
    """
    signed = _drop_signatures(tree)
    body = tree.body
    if body is None or hands_on(_words(body)):
        return signed
    return _cut_history(tree) or signed


def _cut_history(tree: LexborHTMLParser) -> bool:
    answered: dict[int | None, LexborNode] = {}
    found: LexborNode | None = None
    for node in _distinct(tree.css(f"{_HOLDERS}, {_BEGINNINGS}")):
        begins = node.css_matches(_BEGINNINGS)
        if _is_inside(node, answered) or (begins and not _begins_history(node)) or _is_own_indent(node):
            continue
        if begins or not (_says_more_after(node) or _is_answered_inside(node)):
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


def _distinct(nodes: list[LexborNode]) -> list[LexborNode]:
    """Return the first nodes, each once: one that several selectors match is found several times."""
    return list({node.mem_id: node for node in nodes[: 4 * _MOST_CANDIDATES]}.values())[:_MOST_CANDIDATES]


def _begins_history(node: LexborNode) -> bool:
    classes = node.attributes.get("class") or ""
    if "moz-cite-prefix" in classes:
        # Thunderbird's "X wrote:" stands above its quotation, and answers may stand inside or below that.
        return _is_tail_quote(node.next)
    if node.css_matches('div[style*="border-top" i]') and not (node.attributes.get("id") or "").endswith(
        "divRplyFwdMsg"
    ):
        return _is_outlook_header(node)
    return True


def _is_outlook_header(node: LexborNode) -> bool:
    """Tell whether a block below a thin rule names sender and time: bold labels with something behind them."""
    if not _DRAWN_ABOVE.search(node.attributes.get("style") or ""):
        return False
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
        if sibling.tag not in _QUIET and not _is_signature(sibling) and not _is_cited(sibling):
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


def _is_signature(node: LexborNode) -> bool:
    return node.tag not in ("-text", "br") and node.css_matches(_SIGNATURES)


def _drop_signatures(tree: LexborHTMLParser) -> bool:
    """Remove what programs mark as a signature, unless nothing else would be left: some let people write inside it."""
    body = tree.body
    dropped = False
    if body is None:
        return dropped
    for rule in tree.css("hr[id=FMSigSeperator]")[:3]:
        following = [node for node, _ in zip(_behind(rule), range(4), strict=False)]
        below = next((node for node in following if node.tag not in ("-text", "br")), None)
        if below is not None and len(_words(below)) <= _LONGEST_SIGNATURE:
            below.decompose()
        rule.decompose()
        dropped = True
    for _ in range(_MOST_CANDIDATES):
        # One at a time: a node inside one already removed is freed memory and must not be touched.
        signature = next(
            (node for node in tree.css(_SIGNATURES)[:_MOST_CANDIDATES] if len(_words(node)) <= _LONGEST_SIGNATURE), None
        )
        if signature is None or len(_words(signature)) == len(_words(body)):
            break
        signature.decompose()
        dropped = True
    return dropped
