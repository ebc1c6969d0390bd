"""What a text was taken to mean: a verb out of a closed set, with its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class Speaker(StrEnum):
    """As whom the text is read. A handler and a supervisor are employees too, and anybody may be a customer."""

    CUSTOMER = "customer"
    HANDLER = "handler"
    SUPERVISOR = "supervisor"  # the service centre
    EMPLOYEE = "employee"


class Pending(StrEnum):
    """The question of ours that is still open in this conversation: it alone gives "1", "OK" or "好" a meaning."""

    NONE = "none"
    RATING = "rating"  # how satisfied are you?
    YES_NO = "yes_no"
    PLAN = "plan"  # do you accept this plan?
    RESULT = "result"  # what was done?
    REASON = "reason"
    PROGRESS = "progress"  # how does it stand? in a line
    RELEASE = "release"  # may the customer read this line?
    FACTS = "facts"  # name, phone, room number
    MENU = "menu"  # a numbered choice was shown


class Verb(StrEnum):
    """What a person wants done."""

    COMPLAIN = "complain"
    ADD = "add"  # more words for a complaint that exists
    STATUS = "status"
    URGE = "urge"
    WITHDRAW = "withdraw"
    RATE = "rate"
    AGREE = "agree"
    DISAGREE = "disagree"
    PERSON = "person"
    THANKS = "thanks"
    HELP = "help"
    STOP = "stop"
    LIST = "list"
    MY_DATA = "my_data"
    ERASE_ME = "erase_me"
    BIND = "bind"
    LANGUAGE = "language"
    FACT = "fact"  # the answer to a question about a missing fact
    SKIP = "skip"  # the person would rather not answer it
    REASON = "reason"  # the answer to "why?"
    CHOOSE = "choose"  # the answer to a numbered choice
    ACCEPT = "accept"
    DONE = "done"
    NOT_DONE = "not_done"
    GIVE_BACK = "give_back"
    TRANSFER = "transfer"
    REPORT = "report"
    RELEASE = "release"  # a colleague's line may go to the customer
    REWORD = "reword"  # in these better words
    KEEP_BACK = "keep_back"
    WHY = "why"  # how did these limits come about?
    PROMISES = "promises"  # what was the customer promised, and was it kept?
    PLAN = "plan"
    EXTEND = "extend"
    HOLD = "hold"  # the work has to wait, its clock may stand still
    RESUME = "resume"
    VISIT = "visit"
    LEAVE = "leave"
    ASSIGN = "assign"
    GRADE = "grade"
    VALID = "valid"
    INVALID = "invalid"
    APPROVE = "approve"
    REJECT = "reject"
    MERGE = "merge"
    TASK_FORCE = "task_force"
    CLOSE = "close"
    COMPLAIN_FOR = "complain_for"
    TICK = "tick"  # a duty was done: `bot.grammar.duties`, asked before the rest
    UNCLEAR = "unclear"


Reading: TypeAlias = tuple[Verb, dict[str, object]]
"""A verb with its arguments, before it is known to be the answer."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What `text` was taken to mean. arguments: JSON values only; a key that was not said is absent."""

    text: str
    verb: Verb
    arguments: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return exactly `{"text", "verb", "arguments"}`, ready for `json.dumps`."""
        return {"text": self.text, "verb": self.verb.value, "arguments": dict(self.arguments)}
