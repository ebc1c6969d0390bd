"""Somebody contacts the customer themselves, and says what came of it: "我来联系客户", "联系结果 0001 约好周五". Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.arguments import Words, numbered
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex

_CUSTOMER: Final = "(?:客户|业主|住户|租户|投诉人|对方)"
_TAKES: Final = regex(
    rf"(?:这[个单件]|好的?|行|那)?[ ,]*(?:由|让)?我(?:自己|亲自|先|马上|直接)*(?:来|去|会)?(?:自己|亲自|先)?"
    rf"(?:(?:联系|致电|电联)(?:一下)?{_CUSTOMER}|(?:给|跟|和){_CUSTOMER}(?:打(?:个)?电话|联系|沟通)(?:一下)?)[ .!吧了]*"
    r"|(?:ok,? |right,? )?(?:i'll|i will|let me) (?:contact|call|phone|ring) the (?:customer|client|owner|resident|"
    r"tenant)"
    r"(?: myself| now| directly)*[ .!]*"
)
_BARE: Final = regex(
    r"(?:这[个单件]|好的?|行|那)?[ ,]*(?:由|让)?我(?:自己|亲自|先|马上|直接)*(?:来|去|会)(?:自己|亲自|先)?"
    r"(?:联系|回电|回电话)[ .!吧了]*"
    r"|(?:ok,? |right,? )?(?:i'll|i will|let me) (?:contact|call|phone|ring) (?:them|him|her)"
    r"(?: back)?(?: myself| now)*[ .!]*"
)
_RESULT: Final = regex(r"(?:联系结果|contact result)[ :,]*")


def takes_contact(text: str) -> str | None:
    """Return whose customer somebody says they contact, by the number, "" where they name none; None: no such words."""
    return _said_by(_TAKES, text)


def may_take_contact(text: str) -> str | None:
    """Return the same of words that do not say whom they contact: "我来联系". They mean the customer only after a customer
    asked for somebody, and may be an acceptance otherwise.
    """
    return _said_by(_BARE, text)


def _said_by(pattern: re.Pattern[str], text: str) -> str | None:
    item = numbered(_words(text))
    item = item if item.references else item.bare()
    item = item if item.references else item.bare(at_start=False)
    if not pattern.fullmatch(item.words.key.strip()):
        return None
    return item.references[0] if item.references else ""


def contact_result(text: str) -> tuple[str, str] | None:
    """Return (number, words) of what came of a contact, said by its command; the number "" where none is named."""
    words = _words(text)
    head = _RESULT.match(words.key)
    if head is None:
        return None
    item = numbered(words.part(head.end()))
    item = item if item.references else item.bare()
    return (item.references[0] if item.references else ""), item.words.said


def _words(text: str) -> Words:
    said = clean(text)
    return Words(fold(said), said)
