"""The commands of staff that read the words after them by rules of their own. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from bot.grammar import answers, arguments, centre, holding, progress, staff, wider_staff
from bot.grammar.arguments import EDGES, Numbered, Words
from bot.grammar.folding import fold
from bot.grammar.meaning import Reading, Speaker, Verb
from bot.grammar.patterns import regex
from bot.grammar.progress import Stage

Obey: TypeAlias = Callable[[Numbered, Numbered, Speaker, dict[str, object], bool], Reading | None]
"""(the words after it, all words, who speaks, what is known already, whether a separator follows): None where it is none."""

_INTO: Final = regex(r"(?:到|入|进|至|给|into|to|with|和|与|跟|并)\s*#?(\d{1,6})(?!\d)", re.ASCII)


_NUMBERS_ALONE: Final = regex(r"#?\d{4,6}(?!\d)(?:(?: ?(?:和|与|、|,|&|and|\+) ?| )#?\d{4,6}(?!\d)){0,8}[ .]{0,2}")


def _obey_done(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
    words = rest.words
    told = closed and bool(words.key)
    item = item if item.references else item.bare()
    stage = progress.stage(item.words.key)
    if stage is Stage.ASKED:
        return Verb.STATUS, given
    if stage is Stage.NOT_DONE and told and not progress.denies(item.words.key):
        stage = Stage.DONE  # "办结 部分瓷砖已更换": what is partial is in the result, not in the being done
    if stage is Stage.NOT_DONE or re.match(r"\d{1,2} ?%|[一二三四五六七八九]成|一半|不了|不成|half", words.key):
        return Verb.NOT_DONE, given | ({"text": item.words.said} if told else {})
    if (not told and stage in (Stage.UNDER_WAY, Stage.PROMISED)) or progress.comes_later(words.key):
        return Verb.REPORT, given | {"text": item.words.said}
    said = words.said if len(words.key) > 1 and progress.leaves_result(words.key) else ""
    if _NUMBERS_ALONE.fullmatch(words.key):
        said = ""  # "done 0010 0011": another complaint, and nothing that its customer is to read
    return Verb.DONE, given | ({"result": said} if said else {})


def _obey_not_done(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    return Verb.NOT_DONE, given | ({"text": rest.words.said} if rest.words.said else {})


_CANNOT: Final = regex("不(?:了|到|动|下|过来)")


def _obey_accept(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    if _CANNOT.match(rest.words.key):
        return Verb.GIVE_BACK, given | {"reason": item.words.said}
    if (
        rest.words.key
        and (other := staff.sentence(rest, role))
        and other[0] not in (Verb.REPORT, Verb.ACCEPT, Verb.THANKS)
    ):
        return other[0], given | other[1]
    if answers.is_question(item.words.key):
        return Verb.STATUS, given
    return Verb.ACCEPT, given | ({"text": rest.words.said} if len(rest.words.key) > 2 else {})


def _obey_extend(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    limit, words = arguments.take_limit(rest.words)
    if role is Speaker.SUPERVISOR and not limit and (decision := centre.decided(item)):
        return decision
    if limit:
        given["limit"] = limit
    else:
        until, words = arguments.take_till(words)
        if until:
            given["until"] = until
    if not limit and re.match(r"(?:批准?|通过|同意|审批)?了?(?:吗|没|么)", words.key):
        return Verb.STATUS, given
    said = re.sub(
        r"^(?:by|of|for|的?时间|吗|么|申请|再$)[ :,，]*|(?:(?:可以|行|好)?[吗么]|[?？])+$", "", arguments.reason(words)
    ).strip()
    said = arguments.reason(Words(fold(said), said))
    return Verb.EXTEND, given | ({"reason": said} if said else {})


_PUT_ON_HOLD: Final = regex(r"(?:please |pls |can we )*(?:put|place)\b|申请")


def _obey_hold(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
    """Return the wish, with how long, for what and why; None for "hold on" and whatever else only begins like it."""
    waits_for = arguments.waits_for(rest.words)
    told, words = holding.how_long(rest.words)
    plain = told or waits_for or not rest.words.key.strip(EDGES) or _PUT_ON_HOLD.match(item.words.key)
    if answers.is_question(item.words.key) or not plain:
        return None
    said = re.sub(r"^(?:for|by|多久)(?![a-z])[ :,，]*", "", arguments.reason(words)).strip()
    told |= {"waits_for": waits_for} if waits_for else {}
    return Verb.HOLD, given | told | ({"reason": said} if len(said) > 1 else {})


def _obey_assign(verb: Verb) -> Callable[[Numbered, Numbered, Speaker, dict[str, object], bool], Reading | None]:
    def obey(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
        who, words = arguments.take_who(rest.words)
        if who:
            given["who"] = who
        elif verb is Verb.TRANSFER and (staff.GIVE_BACK.search(words.key) or wider_staff.cannot(words.key)):
            return Verb.GIVE_BACK, given | {"reason": item.words.said}
        said = re.sub(r"^(?:处理|去处理|负责|跟进|吧)+[ ,，.。]*", "", arguments.reason(words))
        handed = verb
        if role is Speaker.SUPERVISOR and item.bare().words.key.startswith("交给"):
            handed = Verb.ASSIGN
        return handed, given | ({"reason": said} if len(said) > 1 else {})

    return obey


def _obey_grade(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    severity, words = arguments.take_severity(rest.words)
    if severity:
        given["severity"] = severity
    said = re.sub(r"^(?:为|级|to|as|投诉)+[ ,，:：]*", "", arguments.reason(words))
    return Verb.GRADE, given | ({"reason": said} if said else {})


def _obey_merge(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    if len(rest.references) > 1:
        return Verb.MERGE, given | {"into": rest.references[1]}
    if found := _INTO.search(rest.words.key, 0, 60):
        given["into"] = found[1]
    return Verb.MERGE, given


def obey_alone(verb: Verb) -> Callable[[Numbered, Numbered, Speaker, dict[str, object], bool], Reading | None]:
    """A command that takes a number and nothing else: "为什么 0001", but not "为什么 0001 还没人接"."""

    def obey(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
        return None if rest.words.key.strip(EDGES + "吧的?？") else (verb, given)

    return obey


_RESUME: Final = obey_alone(Verb.RESUME)


def _obey_resume(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    """What stands still goes on, which is said of its number alone; what was closed is opened again, and why."""
    if not given.get("again"):
        return _RESUME(rest, item, role, given, closed)
    if "reference" not in given or answers.is_question(item.words.key):
        return None  # "重开 发票"
    said = arguments.reason(rest.words)
    return Verb.RESUME, given | ({"reason": said} if said else {})


OBEYED: Final[Mapping[Verb, Obey]] = {
    Verb.DONE: _obey_done,
    Verb.NOT_DONE: _obey_not_done,
    Verb.ACCEPT: _obey_accept,
    Verb.EXTEND: _obey_extend,
    Verb.HOLD: _obey_hold,
    Verb.RESUME: _obey_resume,
    Verb.TRANSFER: _obey_assign(Verb.TRANSFER),
    Verb.ASSIGN: _obey_assign(Verb.ASSIGN),
    Verb.GRADE: _obey_grade,
    Verb.MERGE: _obey_merge,
    Verb.WHY: obey_alone(Verb.WHY),
    Verb.PROMISES: obey_alone(Verb.PROMISES),
    Verb.RELEASE: obey_alone(Verb.RELEASE),
}
