"""Whom the words of whoever works on it are for: a colleague, somebody who is to be told, or in doubt nobody else. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex

_POST: Final = (
    r"(?:主管|经理|主任|领导|老板|老总|总监|队长|班长|所长|部长|局长|书记|组长|店长|同事|上面|上级|总部|头儿)"
    r"(?:们|那边|那里)?"
)
_COLLEAGUE: Final = rf"(?:[\u4e00-\u9fff]{{0,4}}?{_POST}|\x00+)"  # a colleague's own name stands as \x00
_COLLEAGUE_EN: Final = (
    r"(?:(?:the |our |my )?(?:supervisor|manager|boss|team ?lead|lead|head|director|colleagues?|foreman|management|head office|"
    r"others|team)\b|\x00+)"
)
_POLITE: Final = r"(?:请|麻烦|拜托|帮忙?我?|你们?|替我|代我|回头|记得|顺便|就|再|也|先|去|[ ])*"
_BEGINS: Final = r"(?:^|[\s,.;:!?()\[\]]|(?<=\d))"
_TELL_COLLEAGUE: Final = regex(
    rf"{_BEGINS}{_POLITE}(?:(?:跟|和|同|对|向|给){_COLLEAGUE}(?:说|讲|提|转达|交代|带个?话|捎个?话|透露|反映)(?:一?[下声句])?"
    rf"(?!过|了|好|定|清|明[^天早晚日年]|前)|(?:告诉|转告|告知){_COLLEAGUE}(?:一?[下声])?(?!过|了|好))"
    rf"|{_BEGINS}(?:please |pls |kindly |can you |could you |just )*(?:(?:tell|inform|ask) {_COLLEAGUE_EN}"
    rf"|let {_COLLEAGUE_EN} know\b|say to {_COLLEAGUE_EN}|for {_COLLEAGUE_EN} ?[:,-])"
)


def asks_to_tell_colleague(said: str, colleagues: Collection[str] = ()) -> bool:
    """Say whether words are to be told to a colleague, by post or name: "跟王主管说一声 …", "let the boss know …"."""
    return _TELL_COLLEAGUE.search(_known(said, colleagues)) is not None


def _known(said: str, colleagues: Collection[str]) -> str:
    """Fold, and put a mark in place of each colleague's name, longest first: "李娜" is no part of "李娜娜"."""
    key = fold(clean(said)).replace("\x00", " ")
    names = sorted({fold(name.strip()) for name in colleagues if len(name.strip()) > 1}, key=len, reverse=True)
    for name in names:
        edge = r"\b" if name.isascii() else ""
        key = re.sub(rf"{edge}{re.escape(name)}{edge}", lambda found: "\x00" * len(found[0]), key)
    return key
