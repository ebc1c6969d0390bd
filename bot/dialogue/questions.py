"""The question that waits in a conversation: what gives the next short answer its meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.answers import Answer, Internal
from bot.grammar import Pending, at_home
from bot.grammar.folding import normalise
from bot.grammar.patterns import regex
from bot.storage import codec
from complaints.change import NoticeKind
from complaints.deciding import EXTENSION, HOLD, OWN_LIMIT, PART
from complaints.vocabulary import Side

LEAVE, LEAVE_TIMES, LEAVE_ASKED = "leave", "leave_when", "leave_asked"
ASSIGN, CONTACT = "assign", "contact"
PART_TIME = "part_time"  # of somebody who assists: the lead decides
WANTED = "person_wanted"  # a customer asked for somebody: who contacts them?
LINE = "line"  # whether the customer shall read what an assignee wrote
AS = "said_as"  # of such a line that was a result, or a plan: by which verb it is one
NOTE = "note"  # what becomes of such a line that the customer shall not read
ALL_CLEAR = "all_clear"  # a customer says that the danger is over: is it?
INVALID = "invalid_confirm"  # whether words by which a complaint may be not valid, or only exaggerated, are to end it
ECHO = "visit_echo"  # the time of a visit as we understood it: whoever said it has yet to say that it is right
_STAYS = {LEAVE: LEAVE, LEAVE_TIMES: LEAVE, LINE: LINE, ECHO: ECHO}
"""What goes on waiting behind other questions, and what takes its place: another of the same kind, of a visit one about it."""
_VISITS = 3  # of several visits whose times wait, the last ones named
NEXT = "others"  # of a question for a result: of which others it is asked after it
PASSED = "passed"  # whoever was asked has spoken of another complaint since
_ASIDE = "aside"  # of a line: something else was asked since, and only "send" or "keep back" is about it
_YES_OR_NO = regex(
    r"[嗯恩哦噢]{0,3}[ ,、]{0,2}(?:[对是]{1,3}的?|没错|否|不[是对])[啊呀吧啦嘛]?(?:[ ,、]{1,2}(?:可以|没问题|没错|就这样))?"
    r"|(?:yes|yeah|yep|yup|no|nope|y|n)(?:,? (?:please|thanks))?|(?:yes,? )?(?:that's |that is |thats )?(?:right|correct)"
)
_LETS_OUT = frozenset(
    {"发出", "发", "发给客户", "发出去", "send", "send it", "不发", "先不发", "别发", "keep back", "keep it back"}
)
_TAKES_YES_OR_NO = frozenset({Pending.YES_NO, Pending.PLAN, Pending.RELEASE, Pending.RATING})
_BEFORE_AN_ECHO = frozenset({Pending.PROGRESS, Pending.RESULT})  # what a mere time does not answer


_SHOWN_BY = 5  # messages whose buttons answer one question

_READ_AS = {
    (Pending.NONE, "call"): Pending.CALL,
    (Pending.NONE, "visit_time"): Pending.VISIT_TIME,
    (Pending.YES_NO, "process_callback"): Pending.TOLD,
    (Pending.YES_NO, "visit"): Pending.VISIT,
    (Pending.YES_NO, "visit_echo"): Pending.VISIT,
    (Pending.YES_NO, "visit_outcome"): Pending.VISIT_OUTCOME,
}
"""Questions whose answers have rules of their own, by what they are for."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the bot asked last and what it was about. data: what the answer will be used for.

    behind: what still has to be confirmed while something else was asked: leave, a line for the customer. shown_by: the
    messages of the outbox that put it; offered: the answers under them, label and words; numbered: a digit stands for one.
    """

    ask: Pending
    reference: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    behind: Question | None = None
    shown_by: tuple[int, ...] = ()
    offered: tuple[tuple[str, str], ...] = ()
    numbered: bool = False

    @property
    def pending(self) -> Pending:
        """What the grammar is told of it: how its answer is to be read."""
        return _READ_AS.get((self.ask, str(self.data.get("for"))), self.ask)

    @property
    def only_offers(self) -> bool:
        """Whether nothing was asked: a message without a question had answers under it, put as 1, 2, 3."""
        return self.ask is Pending.MENU and "says" in self.data

    def dumps(self) -> str:
        values: dict[str, object] = {"ask": self.ask, "reference": self.reference, "data": dict(self.data)}
        shown = {"shown_by": self.shown_by, "offered": self.offered, "numbered": self.numbered}
        values |= {name: value for name, value in shown.items() if value}
        return codec.dumps(values | ({"behind": self.behind.dumps()} if self.behind else {}))

    def shown(self, message: int, offered: Sequence[tuple[str, str]], *, numbered: bool = False) -> Question:
        """Return the question as a message of ours has put it, or put it again, with these answers."""
        shown_by = (*[each for each in self.shown_by if each != message], message)[-_SHOWN_BY:]
        return replace(self, shown_by=shown_by, offered=tuple(offered), numbered=numbered)

    def chosen(self, words: str) -> str:
        """Return what a digit stands for where the answers were put as 1, 2, 3; other words as they are."""
        digit = words.strip().rstrip(".。、")
        if not self.numbered or len(digit) != 1 or not digit.isdecimal() or not 0 < int(digit) <= len(self.offered):
            return words
        return self.offered[int(digit) - 1][1]

    def answered_by(self, words: str) -> Question | None:
        """Return which question words answer: a plain yes or no to one that takes neither is for the leave behind it, "send"
        for the line, a mere time for the visit, and then this one goes on waiting. None: a line that is not what was asked
        last, and other words.
        """
        plain = normalise(words).rstrip(".!")
        if plain in _LETS_OUT and self.ask is not Pending.RELEASE:
            return self._first(LINE)
        if self.data.get(_ASIDE) and plain not in _LETS_OUT:
            return self.behind.answered_by(words) if self.behind else None
        if self.behind and self.ask not in _TAKES_YES_OR_NO and _YES_OR_NO.fullmatch(plain):
            return self.behind.answered_by(words) or self
        if self.behind and self.ask in _BEFORE_AN_ECHO and at_home.merely_a_time(plain):
            echo = self._first(ECHO)
            return echo if echo.reference == self.reference else self
        return self

    def _first(self, kind: str) -> Question:
        """Return the question of this kind that waits behind, with all others behind it; itself where there is none."""
        chain = _chain(self)
        meant = next((each for each in chain if each.data.get("for") == kind), self)
        rest: Question | None = None
        for each in reversed([each for each in chain if each is not meant]):
            rest = replace(each, behind=rest)
        return replace(meant, behind=rest)

    @classmethod
    def loads(cls, text: str) -> Question | None:
        if not text:
            return None
        values = codec.loads(text)
        return cls(
            Pending(values["ask"]),
            values["reference"],
            values["data"],
            cls.loads(values.get("behind", "")),
            tuple(values.get("shown_by", ())),
            tuple((label, says) for label, says in values.get("offered", ())),
            bool(values.get("numbered")),
        )


def put(pending: str, question: Question | None) -> str:
    """Return what waits in a conversation where `pending` did, once `question`, or a message without one, was put.

    A question takes the place of the one before, save that what its asker has still to confirm stays behind it.
    """
    kind, waits = _kind(question), Question.loads(pending)
    visits = [each for each in _chain(waits) if _kind(each) == ECHO and not _about_visit(question, each)]

    def gone(each: Question) -> bool:
        if _kind(each) == ECHO:
            return _about_visit(question, each) or each.reference in [old.reference for old in visits[_VISITS:]]
        return _kind(each) is None or _kind(each) == kind

    earlier = _without(waits, gone)
    if question is None:
        return earlier.dumps() if earlier is not None else ""
    return replace(question, behind=earlier).dumps()


def _chain(question: Question | None) -> list[Question]:
    """Return a question and all that waits behind it, the last one asked first."""
    return [question, *_chain(question.behind)] if question is not None else []


def _about_visit(question: Question | None, echo: Question) -> bool:
    """Say whether a question goes on about the visit whose time was to be confirmed."""
    if question is None or question.reference != echo.reference:
        return False
    return str(question.data.get("for") or "").startswith("visit")


def _kind(question: Question | None) -> str | None:
    return _STAYS.get(str(question.data.get("for"))) if question is not None else None


def _without(question: Question | None, gone: Callable[[Question], bool]) -> Question | None:
    """Return a question with what waits behind it, less those that are gone."""
    if question is None:
        return None
    behind = _without(question.behind, gone)
    if gone(question):
        return behind
    aside = {_ASIDE: True} if _kind(question) == LINE else {}
    return replace(question, data={**question.data, **aside}, behind=behind)


ASKED_BACK = frozenset({Answer.UNCLEAR_CUSTOMER, Answer.UNCLEAR_STAFF})
"""What leaves a question waiting, and puts its answers again."""

PUT_IN_TURN = frozenset(
    {
        Answer.WHICH_COMPLAINT,
        Answer.MATTER_ASKED,
        Answer.STEPS_OPEN,
        Answer.GROUPING_CONFIRM,
        Answer.CALL_OUTCOME_NEEDED,
        Answer.LIMIT_NEEDED,
        Answer.HOLD_LIMIT_NEEDED,
        Answer.HOLD_WHO_NEEDED,
        Answer.LEAVE_WHEN,
        Answer.LEAVE_WHO,
    }
)
"""What puts a question that the turn which answered so has left waiting."""

SURVEYING = frozenset({NoticeKind.SURVEY_QUESTION, Internal.CAMPAIGN_QUESTION, Answer.SURVEY_AGAIN})
"""What puts one of several questions: which one, its facts say."""


def asked_by(notice: str, reference: str | None, facts: Mapping[str, str] | None = None) -> Question | None:
    """Return the question that a notice puts to who reads it."""
    match notice:
        case NoticeKind.SURVEY | NoticeKind.SURVEY_REMINDER | Answer.RATE_AGAIN:
            return Question(Pending.RATING, reference)
        case NoticeKind.SURVEY_QUESTION | Internal.CAMPAIGN_QUESTION | Answer.SURVEY_AGAIN if facts and "key" in facts:
            return Question(Pending.NONE, reference, {"survey": facts["key"]})
        case NoticeKind.ALARM | NoticeKind.CONFIRM:
            return Question(Pending.YES_NO, reference, {"for": "alarm"})
        case NoticeKind.GRADE_PROPOSED:
            return Question(Pending.NONE, reference, {"for": "grade"})
        case NoticeKind.ALL_CLEAR:
            return Question(Pending.NONE, reference, {"for": ALL_CLEAR})
        case Answer.INVALID_CONFIRM if facts and "dropped" not in facts:
            return Question(Pending.YES_NO, reference, {"for": INVALID, "text": facts.get("text", "")})
        case NoticeKind.OPINION_ASKED if not (facts and facts.get("late")):
            return Question(Pending.NONE, reference, {"for": "opinion"})
        case NoticeKind.CONTACT_ASKED | Answer.CONTACT_TAKEN:
            return Question(Pending.NONE, reference, {"for": CONTACT})
        case Internal.CHORE if facts and "owed_by" not in facts:
            return Question(Pending.NONE, None, {"for": "chore", "id": facts.get("id", "")})
        case Internal.PERSON_WANTED:
            return Question(Pending.NONE, reference, {"for": WANTED})
        case NoticeKind.PLEASE_PHONE:
            return Question(Pending.NONE, reference, {"for": "call"})
        case NoticeKind.PLAN | Answer.PLAN_WAITS:
            return Question(Pending.PLAN, reference)
        case NoticeKind.EXTENSION_ASKED | NoticeKind.HOLD_ASKED:
            return Question(Pending.YES_NO, reference, {"for": "extension"})
        case NoticeKind.DECISION_WAITS if facts and facts.get("what") in (EXTENSION, HOLD) and "above" not in facts:
            return Question(Pending.YES_NO, reference, {"for": "extension"})
        case NoticeKind.DECISION_WAITS if facts and facts.get("what") in (OWN_LIMIT, PART) and "above" not in facts:
            return Question(Pending.YES_NO, reference, {"for": PART_TIME, "who": facts.get("who", "")})
        case NoticeKind.PROGRESS_ASKED | NoticeKind.PROCESS_RETURNED | Answer.REPORT_NEEDED:
            return Question(Pending.PROGRESS, reference)
        case Answer.REPORT_EMPTY:
            return Question(Pending.PROGRESS, reference, {"again": True})
        case NoticeKind.PART_TIME_ASKED if facts:
            return Question(Pending.YES_NO, reference, {"for": PART_TIME, "who": facts.get("who", "")})
        case NoticeKind.FORCE_CALLED:
            return Question(Pending.YES_NO, reference, {"for": "force"})
        case NoticeKind.CAUSE_ASKED:
            return Question(Pending.REASON, reference, {"for": "cause"})
        case NoticeKind.PROGRESS_RELEASE:
            return Question(Pending.RELEASE, reference)
        case Answer.REWORD_NEEDED:
            return Question(Pending.RELEASE, reference, {"reword": True})
        case Answer.REWORD_CONFIRM if facts:
            return Question(Pending.RELEASE, reference, {"text": facts.get("text", "")})
        case Answer.REPORT_CONFIRM if facts:
            kept = {name: facts[name] for name in ("kept", AS) if facts.get(name)}
            return Question(Pending.RELEASE, reference, {"for": LINE, "text": facts.get("text", ""), **kept})
        case Answer.GIVE_BACK_CONFIRM if facts:
            return Question(Pending.YES_NO, reference, {"for": "give_back", "text": facts.get("text", "")})
        case NoticeKind.PROCESS_CALLBACK:
            which = {"question": facts["question"]} if facts else {}
            return Question(Pending.YES_NO, reference, {"for": "process_callback", **which})
        case Answer.WITHDRAW_CONFIRM:
            return Question(Pending.YES_NO, reference, {"confirm": "withdraw", **(facts or {})})
        case Answer.RESTORE_CONFIRM:
            return Question(Pending.YES_NO, reference, {"confirm": "restore", **(facts or {})})
        case Answer.APPEAL_WHY:
            return Question(Pending.NONE, reference, {"for": "appeal"})
        case Answer.ASSIGN_CONFIRM if facts:
            return Question(Pending.YES_NO, reference, {"for": ASSIGN, "id": facts["id"], "note": facts["note"]})
        case Answer.LEAVE_CONFIRM if facts:
            return Question(Pending.YES_NO, None, {"for": LEAVE, **facts})
        case Internal.LEAVE_ASKED:
            return Question(Pending.YES_NO, None, {"for": LEAVE_ASKED, "id": (facts or {}).get("id", "")})
        case Answer.RESULT_NEEDED:
            return Question(Pending.RESULT, reference, {NEXT: facts[NEXT]} if facts and facts.get(NEXT) else {})
        case NoticeKind.VISIT_REMINDER if facts and facts.get("wanted_by") not in (None, facts.get("side")):
            return Question(Pending.YES_NO, reference, {"for": "visit"})  # as the offer, which is in it
        case NoticeKind.VISIT_OFFER:
            return Question(Pending.YES_NO, reference, {"for": "visit"})
        case Answer.VISIT_ECHO if facts:
            times = {name: facts[name] for name in ("start", "end", "asked") if name in facts}
            return Question(Pending.YES_NO, reference, {"for": "visit_echo", **times})
        case NoticeKind.VISIT_OUTCOME:
            return Question(Pending.YES_NO, reference, {"for": "visit_outcome"})
        case Answer.VISIT_RESULT_NEEDED:
            return Question(Pending.NONE, reference, {"for": "visit_result"})
        case Answer.VISIT_TIME_NEEDED | Answer.VISIT_PAST if reference and facts is not None:
            return Question(Pending.NONE, reference, {"for": "visit_time", "start": facts.get("day", "")})
        case NoticeKind.VISIT_MISSED | NoticeKind.VISIT_DECLINED | NoticeKind.VISIT_LAPSED:
            if facts and facts.get("side") == Side.CUSTOMER and "old_start" not in facts:
                return Question(Pending.NONE, reference, {"for": "visit_time"})
        case NoticeKind.ACKNOWLEDGEMENT if facts and facts.get("ask"):
            return Question(Pending.FACTS, reference)
        case Answer.CONTACT_NEEDED | Answer.FACTS_NEEDED:
            return Question(Pending.FACTS, reference)
    return None
