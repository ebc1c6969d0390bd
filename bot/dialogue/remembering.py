"""What the desk's tools remember of a conversation between two messages: which page was shown, what a form was told.

It outlives restarts, and the questions that notices put meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue.turn import Turn
from bot.storage import codec


def recall(turn: Turn, tool: str) -> dict[str, Any] | None:
    """Return what a tool remembers here; None where it remembers nothing."""
    return _all(turn).get(tool)


def remember(turn: Turn, tool: str, what: Mapping[str, Any] | None) -> None:
    """Let a tool remember something here, or forget it."""
    known = _all(turn)
    known.pop(tool, None)
    if what is not None:
        known[tool] = dict(what)
    turn.conversation.tools = codec.dumps(known) if known else ""


def _all(turn: Turn) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = codec.loads(turn.conversation.tools) if turn.conversation.tools else {}
    return found
