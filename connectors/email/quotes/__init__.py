"""What the person said now: a mail's text without the history below it and without the signature.

No ready-made library knows how Chinese programs mark a quotation. Rule of all rules here: when in doubt keep the text. A
quotation left in is untidy, a sentence lost is a complaint lost.

    words       what programs write around a quotation, in their languages
    history     where an older mail begins in a text
    signature   signatures, phone footers, legal notices
    forwards    mails handed on
    structure   where an older mail begins in HTML
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from connectors.email.quotes.forwards import forwarded_senders, forwarded_words, hands_on
from connectors.email.quotes.history import attribution, first_boundary, points_below, without_history
from connectors.email.quotes.signature import without_signature
from connectors.email.quotes.structure import cut_html_quotes

__all__ = (
    "cut_html_quotes",
    "cuts_history",
    "forwarded_senders",
    "forwarded_words",
    "hands_on",
    "points_below",
    "visible_reply",
    "without_trailing_attribution",
)


def visible_reply(text: str, sender_address: str = "") -> str:
    """Return `text` without quoted history and signature.

    sender_address: a last line that is only this address is a signature (Foxmail). Text that answers between the lines of
    a quotation stays, with the lines it answers. Of a mail handed on the words above it are left; where there are none,
    the mail handed on.
    """
    lines = text.split("\n")
    said = lines
    for _ in range(2):  # a quotation may stand above the signature, and a signature above the quotation
        before, said = said, without_signature(without_history(said), sender_address)
        if said == before:
            break
    if not any(line.strip() for line in said):
        boundary = first_boundary(lines)
        if boundary is not None and boundary.forward:
            return _tidy(lines[boundary.start :])
    return _tidy(said)


def cuts_history(text: str) -> bool:
    """Tell whether the rules for plain text find quoted history in a text."""
    lines = text.split("\n")
    return _tidy(without_history(lines)) != _tidy(lines)


def without_trailing_attribution(text: str) -> str:
    """Drop the "so-and-so wrote:" left over when the quotation below it was cut away by structure."""
    lines = text.rstrip().split("\n")
    for count in (1, 2, 3, 4):
        start = len(lines) - count
        if start >= 0 and attribution([*lines, "> "], start) == count:
            return "\n".join(lines[:start]).rstrip()
    boundary = first_boundary([*lines[-3:], "> "])
    if boundary is not None and boundary.end == min(3, len(lines)):
        return "\n".join(lines[: len(lines) - min(3, len(lines)) + boundary.start]).rstrip()
    return text


def _tidy(lines: Sequence[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
