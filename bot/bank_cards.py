"""Numbers of bank cards in what people write: of them nobody reads more than the last four digits.

The message as it came stays as it is, under its own protection; whatever is made of it has the number no more.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from connectors.port import IncomingMessage

_RUN: Final = re.compile(r"(?<![\dA-Za-z+])\d(?:[ \u00a0.-]{0,2}\d){13,40}(?![\dA-Za-z])")
_GROUP: Final = re.compile(r"\d+")
_IN_FOURS: Final = re.compile(r"(?:\d{4}[ \u00a0.-]{1,2}){3}(?:\d{4}|\d{4}[ \u00a0.-]{1,2}\d{1,3})")
"""As it stands on cards: one of its digits may be wrong."""
_BEFORE: Final = 24  # characters in which a card's number is named as one
_LENGTHS: Final = range(14, 20)
_SCHEMES: Final = (
    (re.compile(r"4|6011|64[4-9]|65|50|5[6-8]|67"), frozenset({16, 19})),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|35"), frozenset({16})),
    (re.compile(r"62|9558|60[03]|68"), frozenset({16, 17, 19})),
    (re.compile(r"3[47]"), frozenset({15})),
    (re.compile(r"30[0-5]|36|38"), frozenset({14})),
)
"""How the numbers of whoever issues cards begin, and how long they are."""
_SECRET: Final = re.compile(
    r"(\b(?:cvv2?|cvc2?|cv2|csc|security code|pin(?: code| number)?)|安全码|校验码|验证码|密码|背面(?:后|的)?[三3]位)"
    r"(\W{0,3}(?:is|no|number|code|是|为)?\W{0,3})\d{3,6}(?!\d)",
    re.IGNORECASE,
)
"""What is written beside a card's number and opens it."""


_NAMED: Final = re.compile(
    r"(?:卡号|银行卡|信用卡|储蓄卡|\bcard(?: (?:no|num|number))?\.?)[\s:：,，#]{0,3}(?:是|为|is|:)?[\s:：]{0,3}$",
    re.IGNORECASE,
)
"""Behind it a number is a card's, whatever its last digit."""


def without_cards(text: str) -> str:
    """Return the text with stars in place of all but the last four digits of every card number, and of what opens a card."""
    hidden = _RUN.sub(_hide, text)
    return text if hidden == text else _SECRET.sub(r"\1\2***", hidden)


def card_free(incoming: IncomingMessage) -> IncomingMessage:
    """Return the message without card numbers; itself where it has none."""
    said = {
        "text": incoming.text,
        "visible_reply": incoming.visible_reply,
        "forwarded_text": incoming.forwarded_text,
        "subject": incoming.subject,
    }
    hidden = {name: without_cards(each) for name, each in said.items() if each}
    changed = {name: each for name, each in hidden.items() if each != said[name]}
    return replace(incoming, **changed) if changed else incoming  # type: ignore[arg-type]  # each is a text


def _hide(run: re.Match[str]) -> str:
    """Hide the cards in digits that stand together; a date, or another number, may stand before or behind one."""
    said, groups = run[0], list(_GROUP.finditer(run[0]))
    made, at, first = "", 0, 0
    while first < len(groups):
        start = groups[first].start()
        named = _NAMED.search(run.string[: run.start() + start][-_BEFORE:]) is not None
        tried = range(len(groups) - 1, first - 1, -1)
        last = next((i for i in tried if _is_card(said[start : groups[i].end()], named)), None)
        if last is None:
            first += 1
            continue
        digits = re.sub(r"\D", "", said[start : groups[last].end()])
        made, at, first = f"{made}{said[at:start]}****{digits[-4:]}", groups[last].end(), last + 1
    return made + said[at:]


def _is_card(said: str, named: bool) -> bool:
    digits = "".join(str(int(each)) for each in said if each.isdecimal())
    if len(digits) not in _LENGTHS:
        return False
    issued = any(start.match(digits) and len(digits) in lengths for start, lengths in _SCHEMES)
    return issued and (named or _IN_FOURS.fullmatch(said) is not None or _adds_up(digits))


def _adds_up(digits: str) -> bool:
    """Say whether the last digit is what the others ask for (Luhn)."""
    doubled = [int(each) * 2 for each in digits[-2::-2]]
    return (sum(int(each) for each in digits[::-2]) + sum(each - 9 if each > 9 else each for each in doubled)) % 10 == 0
