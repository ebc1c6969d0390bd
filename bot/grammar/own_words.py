"""The desk's own words: fixed commands at the beginning of a message, read before what words mean by themselves. Pure.

A table of readers for each role; each returns a verb with its arguments, or None. What is an ordinary sentence as well stays
one, and the desk's reading goes along as `Meaning.other`: the conversation knows what waits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from bot.grammar import duties, leaders, leave, notes, rota, task_force, tasks, tools
from bot.grammar.arguments import Words, numbered
from bot.grammar.calls import outcome
from bot.grammar.folding import clean, fold
from bot.grammar.grouping import grouped
from bot.grammar.meaning import Meaning, Pending, Reading, Speaker, Verb
from bot.grammar.surveys import read_call
from complaints.numbers import ANY

Reader: TypeAlias = Callable[[Words], Reading | None]

_RATES: Final = re.compile(
    r"\W*(?:(?:看|查|报)?(?:一下)?(?:[三四]率|响应率|解决率|满意率|闭环率|满意度)|(?:show )?(?:me )?(?:the )?rates)\W*"
    r"(?:(?:最近|近|last )?(?P<days>\d{1,3}))?\s*(?:天|days?)?\W*"
)
_MARK: Final = re.compile(
    r"\W*(?:(?P<mystery>神秘(?:客户|访客|检测)?|mystery(?: case)?)|(?P<drill>演练|drill))\s*:?\s*"
    rf"(?P<number>{ANY})\s*(?P<off>取消|撤销|off|no)?\W*"
)
_APPEAL: Final = re.compile(r"\W*(?:我要|我想|我)?(?:申诉|appeal\b)[\s:,]*")
_NUMBER_BETWEEN: Final = re.compile(r"^called (#?[a-z0-9-]*\d{4,}) back\b", re.IGNORECASE)
_LONGEST_COMMAND: Final = 60  # the commands that say nothing besides: a long text is none


def _told(**told: object) -> dict[str, object]:
    """Return what was said; what was not is left out."""
    return {key: value for key, value in told.items() if value not in (None, "")}


def _rates(words: Words) -> Reading | None:
    found = _RATES.fullmatch(words.key) if len(words.key) <= _LONGEST_COMMAND else None
    return None if found is None else (Verb.RATES, _told(days=int(found["days"]) if found["days"] else None))


def _mark(words: Words) -> Reading | None:
    found = _MARK.fullmatch(words.key) if len(words.key) <= _LONGEST_COMMAND else None
    if found is None:
        return None
    what = "mystery" if found["mystery"] else "drill"
    return Verb.MARK, _told(reference=found["number"].upper(), what=what, off=True if found["off"] else None)


def _called(words: Words) -> Reading | None:
    """Return what a colleague reports of a call-back, if it says anything that can be recorded."""
    said = read_call(_NUMBER_BETWEEN.sub(r"called back \1", words.said))
    if said is None or (not said.understood and said.agreed is None and not said.number):
        return None
    unreached = said.understood and said.rating is None
    return Verb.CALLED, _told(
        reference=said.number,
        rating=said.rating,
        score=said.score,
        comment=said.comment,
        agreed=said.agreed,
        reached=False if unreached else None,
    )


def _ticked(words: Words) -> Reading | None:
    said = duties.ticked(words.said)
    if said is None:
        return None
    reached = outcome(said.text) if said.name == "phoned" else None
    return Verb.TICK, _told(duty=said.name, reference=said.reference, text=said.text, valid=said.valid, reached=reached)


def _corrected(words: Words) -> Reading | None:
    said = duties.correction(words.said)
    if said is not None and said.what == "channel" and duties.FROM_ABOVE.fullmatch(fold(said.value)):
        return Verb.TICK, _told(duty="upper_transfer", reference=said.reference)
    return None if said is None else (Verb.CORRECT, _told(what=said.what, value=said.value, reference=said.reference))


def _phoned(words: Words) -> Reading | None:
    """What came of a phone call, in answer to our question, without the command word."""
    reached = outcome(words.said, bare=True)
    return None if reached is None else (Verb.TICK, _told(duty="phoned", reached=reached, text=words.said))


def _away(words: Words) -> Reading | None:
    about = leave.asks_who_is_away(words.said)
    return None if about is None else (Verb.AWAY, _told(about=about))


def _back(words: Words) -> Reading | None:
    return (Verb.LEAVE, {"ends": True}) if leave.is_back(words.said) else None


def _appealed(words: Words) -> Reading | None:
    item = numbered(words)
    found = _APPEAL.match(item.words.key)
    if found is None:
        return None
    return Verb.APPEAL, item.arguments | _told(text=item.words.part(found.end()).said)


def _among_colleagues(words: Words) -> Reading | None:
    """Return a note, or what is asked of a complaint by its number that customers never hear of."""
    found = notes.read(words)
    return found if found is not None and (found[0] is Verb.NOTE or "reference" in found[1]) else None


_LEADING: Final[Mapping[str, Verb]] = {
    "confirm": Verb.CHECK_GRADE, "refuse": Verb.CHECK_GRADE, "fault": Verb.ASSESS, "injured": Verb.ASSESS,
    "loss": Verb.ASSESS, "people": Verb.ASSESS, "order": Verb.ORDER, "comment": Verb.COMMENT, "help": Verb.ASK_HELP,
    "published": Verb.PUBLISHED,
}  # fmt: skip


def _leading(words: Words) -> Reading | None:
    """What leaders say, and what is said of how grave it is: of a complaint by its number."""
    if (site := leaders.asks_board(words.said)) is not None:
        return Verb.BOARD, _told(site=site)
    told = leaders.said(words.said)
    verb = _LEADING.get(told.name) if told is not None else None
    if told is None or verb is None or told.reference is None:
        return None
    if verb in (Verb.CHECK_GRADE, Verb.ASSESS):
        what = {"agreed": told.name == "confirm"} if verb is Verb.CHECK_GRADE else {"what": told.name}
        # "不是 0007 的问题": without a value it is a sentence of another kind.
        return (verb, _told(reference=told.reference, value=told.value, text=told.text, **what)) if told.value else None
    return verb, _told(reference=told.reference, value=told.value, text=told.text)


def _of_the_work(words: Words) -> Reading | None:
    """What is said of an assisting part, of a result that waits for one, and of a paper that the customer signed."""
    if (part := tasks.unshared(words.said)) is not None:
        return Verb.END_PART, _told(reference=part.reference, who=part.who, text=part.text)
    if (done := tasks.confirmed(words.said)) is not None:
        return Verb.CONFIRM_DONE, _told(reference=done.reference)
    paper = tasks.signed(words.said)
    return (Verb.SIGNED, _told(reference=paper.reference)) if paper is not None and not paper.text else None


_STAFFS: Final[tuple[Reader, ...]] = (
    _among_colleagues,
    tools.drills,
    tools.referrals,
    rota.asked,
    rota.told,
    _away,
    _back,
    _corrected,
    _ticked,
    task_force.called_up,
    tasks.asked_to_share,
    tasks.told_of_step,
    tasks.told_cause,
    _of_the_work,
)
_READERS: Final[Mapping[Speaker, tuple[Reader, ...]]] = {
    Speaker.CUSTOMER: (_appealed,),
    Speaker.EMPLOYEE: (*_STAFFS, _rates, _appealed),
    Speaker.HANDLER: (_called, *_STAFFS, _mark, _rates),
    Speaker.SUPERVISOR: (tools.of_the_centre, grouped, _leading, _called, *_STAFFS, _mark, _rates),
}


def own_words(text: str, role: Speaker, pending: Pending) -> Reading | None:
    """Return what a text says in the desk's own words, None where it says nothing in them."""
    said = clean(text)
    words = Words(fold(said), said)
    readers = _READERS[role]
    if pending is Pending.CALL and role is not Speaker.CUSTOMER:
        readers = (*readers, _phoned)
    return next((found for read in readers if (found := read(words))), None)


def is_ordinary_too(own: Meaning, ordinary: Meaning, role: Speaker, pending: Pending) -> bool:
    """Say whether the desk's words are an ordinary sentence first, to be taken as such unless something waits for them."""
    if own.verb is Verb.TICK:
        duty = own.arguments["duty"]
        if pending is Pending.CALL and duty == "phoned":
            return False
        return ordinary.verb is Verb.VALID or (
            duty in duties.EVERYDAY | duties.BY_NUMBER and ordinary.verb is not Verb.UNCLEAR
        )
    # "已回访客户，明天上门": what an assignee tells of the work
    return own.verb is Verb.CALLED and role is Speaker.HANDLER and "reference" not in own.arguments
