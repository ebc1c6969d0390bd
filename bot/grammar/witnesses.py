"""Command words about who saw it: "证人 0007 门岗老李：看见水从楼上下来", "witness 0007 the guard: …" (R-072). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.grammar.arguments import headed
from bot.grammar.folding import clean
from bot.grammar.patterns import regex

_HEADS: Final = regex(
    r"(?P<witness>(?:现场)?(?:证人证言|证言|证人|目击者|目击证人)(?:是|为)?(?=$|[ :,0-9tsyl])|(?:a )?witness(?:es)?(?![a-z]))"
)


@dataclass(frozen=True, slots=True)
class Witnessed:
    """Who saw it, and what they say; "" where that is missing."""

    text: str
    reference: str | None = None


def about_witness(text: str) -> Witnessed | None:
    """Return what a witness says; None where the words begin with anything else."""
    command = headed(clean(text).lstrip("/#* "), _HEADS)
    if command is None:
        return None
    return Witnessed(command.rest.said.strip(" \t\n,:，：；;"), command.reference)
