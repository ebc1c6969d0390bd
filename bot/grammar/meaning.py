"""What a text was taken to mean: a verb out of a closed set, with its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias


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
    CALL = "call"  # what came of a phone call?
    TOLD = "told"  # has somebody told you?
    VISIT = "visit"  # does this time suit?
    VISIT_TIME = "visit_time"  # when?
    VISIT_OUTCOME = "visit_outcome"  # did you go, and what came of it?
    SURVEY_RATING = "survey_rating"  # the further questions of a survey, by how they are answered
    SURVEY_SCORE = "survey_score"
    SURVEY_YES_NO = "survey_yes_no"
    SURVEY_CHOICE = "survey_choice"
    SURVEY_TEXT = "survey_text"


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
    SPLIT = "split"  # a merged one goes on by itself
    LINK = "link"
    UNLINK = "unlink"
    APART = "apart"  # two that are not the same matter
    TASK_FORCE = "task_force"
    CLOSE = "close"
    COMPLAIN_FOR = "complain_for"
    TICK = "tick"  # a duty was done
    CORRECT = "correct"  # the category, kind, channel or stage of a complaint is another
    CALLED = "called"  # what a customer said by phone of how satisfied they are
    MARK = "mark"  # a mystery case, a drill
    RATES = "rates"
    ON_DUTY = "on_duty"  # who is on duty?
    SET_DUTY = "set_duty"  # so and so is, then
    AWAY = "away"  # who is on leave?
    APPEAL = "appeal"  # against "invalid"
    NOTE = "note"  # for colleagues alone: `bot.grammar.notes`
    PHONE = "phone"  # the whole number, to phone the customer
    REVEALS = "reveals"  # who had it
    NAMES = "names"  # whom of us a complaint is about
    PHRASE = "phrase"  # canned words: list, find, show, add, change, drop, use
    DRILL = "drill"  # begin or end one, or practise a complaint
    FORM = "form"  # a complaint by phone
    REFER = "refer"  # to whom it is for, with the customer's consent
    CHECK_GRADE = "check_grade"  # is it as grave as was proposed?
    ASSESS = "assess"  # what its severity rests on: whose fault, how many, how much
    ORDER = "order"  # of a leader
    COMMENT = "comment"
    ASK_HELP = "ask_help"  # of the leaders
    BOARD = "board"  # today's numbers
    PUBLISHED = "published"  # under this link
    SIGNED = "signed"  # a photo shows what the customer signed
    END_PART = "end_part"  # of whoever assists
    CONFIRM_DONE = "confirm_done"  # although parts of others are open
    UNCLEAR = "unclear"


DESK_WORDS: Final = frozenset(
    {Verb.TICK, Verb.CORRECT, Verb.CALLED, Verb.MARK, Verb.RATES, Verb.ON_DUTY, Verb.SET_DUTY, Verb.AWAY, Verb.APPEAL}
)
"""Said in fixed words at the beginning: `bot.grammar.own_words`."""

Reading: TypeAlias = tuple[Verb, dict[str, object]]
"""A verb with its arguments, before it is known to be the answer."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What `text` was taken to mean. arguments: JSON values only; a key that was not said is absent.

    other: what the words may mean as well; which of the two it is depends on what waits ("已道歉" is a line of progress, and a
    duty done where somebody waits for an apology).
    """

    text: str
    verb: Verb
    arguments: Mapping[str, object] = field(default_factory=dict)
    other: Meaning | None = None

    def taken_as(self, *verbs: Verb) -> Meaning | None:
        """Return the one of the two meanings that has one of these verbs, if either has."""
        return next((each for each in (self, self.other) if each is not None and each.verb in verbs), None)

    @property
    def answers(self) -> bool:
        """Whether it is the answer to a question whose answers have rules of their own."""
        return self.other is not None and self.verb not in DESK_WORDS and self.other.verb not in DESK_WORDS

    @property
    def ordinary(self) -> Meaning:
        """What the words mean by themselves, neither as an answer of that kind nor as the desk's own words."""
        return self.other if self.other is not None and (self.answers or self.verb in DESK_WORDS) else self

    def said(self, name: str) -> str:
        """Return an argument as words, "" where it was not said."""
        return str(self.arguments.get(name) or "")

    def as_json(self) -> dict[str, object]:
        """Return exactly `{"text", "verb", "arguments"}`, ready for `json.dumps`."""
        return {"text": self.text, "verb": self.verb.value, "arguments": dict(self.arguments)}
