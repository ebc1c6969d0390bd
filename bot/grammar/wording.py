"""Command words about what everybody says to the customer of a complaint. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.grammar.arguments import headed
from bot.grammar.folding import clean
from bot.grammar.patterns import regex

_HEADS: Final = regex(
    r"(?P<agree>(?:同意|批准|通过)口径|口径(?:同意|通过|批准)|(?:agree to|approve) (?:the )?wording)"
    r"|(?P<put>(?:统一)?(?:答复)?口径(?:是|为|定为)?(?=$|[ :,0-9tsyl])|(?:the )?(?:agreed )?wording(?: (?:of|for))?(?![a-z]))"
)
_AGREES: Final = regex(r"(?:同意|批准|通过|approved?|agreed?|ok)[ .!]*")


@dataclass(frozen=True, slots=True)
class Wording:
    """A command. agrees: to the one that waits; else what it should be, in words, "" where it is to be shown."""

    agrees: bool
    text: str
    reference: str | None = None


def about_wording(text: str) -> Wording | None:
    """Return what is said of the wording; None where the words begin with anything else: "口径 0007 …", "同意口径 0007"."""
    command = headed(clean(text).lstrip("/#* "), _HEADS)
    if command is None:
        return None
    agrees = command.name == "agree" or _AGREES.fullmatch(command.rest.key.strip()) is not None
    return Wording(agrees, "" if agrees else command.rest.said.strip(" \t\n,:，：；;"), command.reference)
