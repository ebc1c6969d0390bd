"""Words of a customer that nobody could read, until the next ones say what they are about: then they are filed with those."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.dialogue.remembering import recall, remember
from bot.dialogue.turn import Turn
from bot.grammar.customer import is_small_talk, says_something
from bot.grammar.folding import clean, fold

_UNREAD: Final = "unread"
_WAITS: Final = timedelta(minutes=30)
_LONGEST: Final = 2000  # characters


def keep_unread(turn: Turn) -> None:
    """Keep words that were asked back, with what was kept shortly before; of chat, and of a group, nothing."""
    key = fold(clean(turn.words))
    if turn.is_staff or turn.sealed or turn.room is not None or is_small_talk(key) or not says_something(key):
        return
    text = "\n".join(filter(None, (_kept(turn), turn.words)))[-_LONGEST:]
    remember(turn, _UNREAD, {"text": text, "at": turn.now.isoformat()})


def with_unread(turn: Turn, text: str) -> str:
    """Return what is filed, after the words before it that were not understood, and keep those no longer."""
    before = _kept(turn)
    if recall(turn, _UNREAD) is not None:
        remember(turn, _UNREAD, None)
    return f"{before}\n{text}" if before and before not in text else text


def _kept(turn: Turn) -> str:
    kept = recall(turn, _UNREAD)
    if kept is None or turn.now - datetime.fromisoformat(str(kept["at"])) > _WAITS:
        return ""
    return str(kept["text"])
