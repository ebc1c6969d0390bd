"""A mail thread pasted into a chat: what its sender says themselves stands first, wherever they wrote it. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.patterns import deferred

_QUOTED: Final = re.compile(r"\s*[>＞]")
_HEADER: Final = deferred(
    r"\s*(?:from|sent|to|cc|date|subject|发件人|发送时间|发件时间|收件人|抄送|日期|时间|主题)\s*[:：]"
    r"|\s*(?:(?:fwd?|re|aw|转发|回复|答复)\s*[:：]\s*)+.*$"
    r"|\s*-{2,}[^-]{0,40}-{2,}\s*$"
    r"|\s*(?:sent from my|发自我的)\b.*$"
    r"|\s*(?:on\b.{4,80}\bwrote|.{2,60}写道)\s*[:：]\s*$",
    re.IGNORECASE,
)
_SAYS_NOTHING: Final = deferred(r"\W*(?:see below|as below|fyi|below|见下|如下|看下面|请看)?\W*", re.IGNORECASE)


def apart(text: str) -> tuple[str, str]:
    """Return what the sender of a pasted thread says, and what they quote; the second is empty where nothing is quoted, or all.

    Only lines that are marked as quoted tell which words are whose.
    """
    lines = text.splitlines()
    if not any(_QUOTED.match(line) for line in lines):
        return text, ""
    theirs = [_QUOTED.match(line) is not None or _HEADER.match(line) is not None for line in lines]
    own = "\n".join(line for line, quoted in zip(lines, theirs, strict=True) if not quoted).strip()
    if _SAYS_NOTHING.fullmatch(own):
        return text, ""
    return own, "\n".join(line for line, quoted in zip(lines, theirs, strict=True) if quoted).strip()


def own_words(text: str) -> str:
    """Return what the sender of a pasted thread says themselves; all of it where nothing is quoted."""
    return apart(text)[0]


def own_words_first(text: str) -> str:
    """Return the same words, those of the sender before what they quote."""
    own, quoted = apart(text)
    return f"{own}\n{quoted}" if quoted else text
