"""Command words about what another department thinks: asked for, and answered. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.grammar.arguments import headed
from bot.grammar.folding import clean
from bot.grammar.patterns import regex

_HEADS: Final = regex(
    r"(?P<ask>(?:征求|征询|请求|要求)(?:处理)?意见|ask (?:for )?(?:an |the )?opinion(?: (?:of|on|about))?)"
    r"|(?P<give>(?:我的|我们的|部门|处理)?意见(?:是|为)?(?=$|[ :,0-9tsyl])|(?:my |our )?opinion(?: (?:of|on|about))?(?![a-z]))"
)
_EDGES: Final = " \t\n.,:;，。：；"


@dataclass(frozen=True, slots=True)
class Opinion:
    """A command. asks: somebody else's is asked for, whom the words begin with; else they are one."""

    asks: bool
    text: str
    reference: str | None = None


def about_opinion(text: str) -> Opinion | None:
    """Return what is said of an opinion; None where the words begin with anything else.

    "征求意见 0007 @李雷 这类渗漏怎么修", "意见 0007 建议整面重做防水", "ask opinion of 0007 Tom: how to repair it".
    """
    command = headed(clean(text).lstrip("/#* "), _HEADS)
    if command is None:
        return None
    return Opinion(command.name == "ask", command.rest.said.strip(_EDGES), command.reference)
