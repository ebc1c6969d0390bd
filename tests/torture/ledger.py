"""What was said to the service, each message with a word of its own by which it can be found again."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from enum import StrEnum

LETTERS = "bcdfghjklmnpqrstvwxz"  # no vowels: a word that no grammar takes for anything
TOKEN = re.compile(rf"qz[{LETTERS}]{{8}}")


class Kind(StrEnum):
    """What somebody means with a message."""

    MATTER = "matter"  # a customer's first words
    MORE = "more"  # what they add to it
    QUESTION = "question"
    RATING = "rating"
    ACCEPTED = "accepted"
    RESULT = "result"


@dataclass
class Said:
    """One message. taken: whether its channel took it; None where nobody knows, or the channel does not say."""

    token: str
    channel: str
    who: str
    kind: Kind
    taken: bool | None = None

    def __str__(self) -> str:
        return f"{self.token} ({self.kind} by {self.channel} from {self.who})"


@dataclass
class Ledger:
    """All that was said, in the order in which people began to say it."""

    chance: random.Random
    entries: list[Said] = field(default_factory=list)

    def note(self, channel: str, who: str, kind: Kind) -> Said:
        """Write down that somebody is about to say something."""
        said = Said("qz" + "".join(self.chance.choices(LETTERS, k=8)), channel, who, kind)
        self.entries.append(said)
        return said
