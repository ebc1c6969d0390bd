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
from bot.grammar.asides import for_the_lead
from bot.grammar.at_home import asks_ways, at_home
from bot.grammar.bidden import bidden, keeps_back, rang_in_vain, sends
from bot.grammar.brought_in import asks_after_ours, registers
from bot.grammar.calls import outcome
from bot.grammar.contacting import may_take_contact, takes_contact
from bot.grammar.folding import clean, fold
from bot.grammar.grouping import grouped
from bot.grammar.handed_in import handed_in
from bot.grammar.inside import kept_inside
from bot.grammar.meaning import Meaning, Pending, Reading, Speaker, Verb
from bot.grammar.patterns import regex
from bot.grammar.speech import find_head
from bot.grammar.surveys import read_call
from bot.grammar.tools import read_source
from bot.grammar.unnamed import unnamed
from complaints import press
from complaints.numbers import ANY
from complaints.policy.clocks import CHANNELS

Reader: TypeAlias = Callable[[Words], Reading | None]

_RATES: Final = regex(
    r"\W*(?:(?:看|查|报)?(?:一下)?(?:[三四]率|响应率|解决率|满意率|闭环率|满意度)|(?:show )?(?:me )?(?:the )?rates)\W*"
    r"(?:(?:最近|近|last )?(?P<days>\d{1,3}))?\s*(?:天|days?)?\W*"
)
_MARK: Final = regex(
    r"\W*(?:(?P<mystery>神秘(?:客户|访客|检测)?|mystery(?: case)?)|(?P<drill>演练|drill))\s*:?\s*"
    rf"(?P<number>{ANY})\s*(?P<off>取消|撤销|off|no)?\W*"
)
_APPEAL: Final = regex(r"\W*(?:我要|我想|我)?(?:申诉|appeal\b)[\s:,]*")
_NUMBER_BETWEEN: Final = regex(r"^called (#?[a-z0-9-]*\d{4,}) back\b", re.IGNORECASE)
_PLAYBOOK: Final = regex(
    rf"[/#* ]*(?:(?P<before>{ANY})(?!\d)[ ,:]*)?(?:请|现在|马上|立即|立刻|需要)*(?:启动|激活|启用|触发)[^,.;!?\d]{{0,10}}预案"
    rf"[ ,:]*(?P<after>{ANY})?[ .!]*"
    r"|[/#* ]*(?:please )?(?:activate|launch|start|trigger|invoke)(?: the| our)?(?: [a-z]+){0,2} (?:plan|playbook)"
    rf"(?: (?:for|of|on))?[ ,:#]*(?P<en>{ANY})?[ .!]*"
)
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


def _playbook(words: Words) -> Reading | None:
    """Return the wish to set a plan for emergencies in motion: the leaders' means, and no acceptance of a task."""
    found = _PLAYBOOK.fullmatch(words.key) if len(words.key) <= _LONGEST_COMMAND else None
    if found is None:
        return None
    return Verb.TASK_FORCE, _told(reference=(found["before"] or found["after"] or found["en"] or "").upper())


def _contacts(words: Words) -> Reading | None:
    """Return that a colleague takes it on to contact the customer; a task that waits to be accepted is accepted by it."""
    number = takes_contact(words.said)
    number = may_take_contact(words.said) if number is None else number
    return None if number is None else (Verb.ACCEPT, _told(reference=number, contact=True))


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
    reached = False if rang_in_vain(words.said) else outcome(words.said, bare=True)
    return None if reached is None else (Verb.TICK, _told(duty="phoned", reached=reached, text=words.said))


def _away(words: Words) -> Reading | None:
    about = leave.asks_who_is_away(words.said)
    return None if about is None else (Verb.AWAY, _told(about=about))


def _back(words: Words) -> Reading | None:
    if leave.calls_off(words.key):
        return Verb.LEAVE, {"ends": True, "cancels": True}
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


_NEVER_TOLD: Final = frozenset(
    {Verb.ACCEPT, Verb.GIVE_BACK, Verb.TRANSFER, Verb.ASSIGN, Verb.GRADE, Verb.APPROVE, Verb.REJECT, Verb.MERGE, Verb.SPLIT,
     Verb.LINK, Verb.UNLINK, Verb.APART, Verb.TASK_FORCE, Verb.LEAVE, Verb.LIST, Verb.COMPLAIN_FOR}
)  # fmt: skip
"""Commands whose words reach colleagues at most."""


def _not_for_customers(role: Speaker) -> Reader:
    """Return the reader of what says itself that no customer may read it: a note, ahead of a report, a plan and a result."""

    def read(words: Words) -> Reading | None:
        kept = kept_inside(words)
        if kept is None or _goes_to_colleagues(words, role):
            return None
        return Verb.NOTE, _told(reference=kept[0], text=kept[1], inside=True)

    return read


def _goes_to_colleagues(words: Words, role: Speaker) -> bool:
    """Say whether words begin with a command that tells customers nothing: it is done as it stands."""
    if (head := find_head(numbered(words).bare(), role, tight=True)) is not None and head[0].verb in _NEVER_TOLD:
        return True
    if task_force.called_up(words) is not None or tasks.asked_to_share(words) is not None:
        return True
    command = leaders.said(words.said)
    if command is not None and command.name == "help":
        return True
    ticked = _ticked(words)
    return ticked is not None and ticked[1]["duty"] not in duties.EVERYDAY | duties.BY_NUMBER


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


_GRADED: Final = regex(r"(?<![a-z0-9])s[0-4](?![a-z0-9])|[升降定提]到?级|\bup (?:one|a) level\b|\bgrade\b|重大$")
"""That the press asks is why something is graded higher: "press is asking, make it S1"."""
_CLAUSE: Final = regex(r"[,，。;；!！\n]")


def _of_the_press(role: Speaker) -> Reader:
    """Return the reader of a call by a journalist: a mark on the complaint that is named, else a matter of its own."""

    def read(words: Words) -> Reading | None:
        if (
            not press.called(words.said)
            or _GRADED.search(words.key)
            or find_head(numbered(words).bare(), role, tight=True) is not None
        ):
            return None
        item = numbered(words)
        item = item if item.references else item.bare()
        if item.references:
            if not press.called(_CLAUSE.split(item.words.said.strip(), maxsplit=1)[0]):
                return None  # "0066 评为S2，媒体来问过了": the reason of something else
            return Verb.TICK, _told(duty="media", reference=item.references[0], text=item.words.said.strip())
        return Verb.COMPLAIN_FOR, _told(text=words.said, press=True)

    return read


_ANSWERED_IN_WORDS: Final = frozenset(
    {Pending.REASON, Pending.RESULT, Pending.PROGRESS, Pending.CALL, Pending.SURVEY_TEXT}
)
"""Questions to which "记者来采访，耽误了" is an answer."""

_TOLD_BESIDES: Final = frozenset({Pending.REASON, Pending.CALL, Pending.SURVEY_TEXT})
"""Questions to which what the customer wants may be the answer."""

_LETS_OUT: Final = frozenset({Pending.NONE, Pending.RELEASE})
"""Questions beside which "yes, send it" says nothing else."""

_STAFFS: Final[tuple[Reader, ...]] = (
    tools.drills,
    tools.referrals,
    rota.asked,
    rota.told,
    leaders.asks_to_speak,
    registers,
    asks_after_ours,
    _away,
    _back,
    _corrected,
    _ticked,
    task_force.called_up,
    _playbook,
    _contacts,
    tasks.asked_to_share,
    tasks.told_of_step,
    tasks.told_cause,
    _of_the_work,
)


def _inside(role: Speaker) -> tuple[Reader, ...]:
    return (_among_colleagues, _not_for_customers(role))


_READERS: Final[Mapping[Speaker, tuple[Reader, ...]]] = {
    Speaker.CUSTOMER: (_appealed,),
    Speaker.EMPLOYEE: (*_inside(Speaker.EMPLOYEE), *_STAFFS, _rates, _appealed),
    Speaker.HANDLER: (_called, *_inside(Speaker.HANDLER), *_STAFFS, _mark, _rates),
    Speaker.SUPERVISOR: (
        *(tools.of_the_centre, grouped, _leading, _called),
        *_inside(Speaker.SUPERVISOR),
        *(*_STAFFS, _mark, _rates),
    ),
}


def _brought(words: Words) -> Reading | None:
    """What reached an employee by letter or at the desk, in their own words: it is no complaint of theirs."""
    found = handed_in(words.said)
    if found is None:
        return None
    channel = read_source(found.source)
    told: dict[str, object] = {"text": found.text}
    return Verb.COMPLAIN_FOR, told | ({"channel": channel} if channel in CHANNELS else {})


def _bidden(role: Speaker) -> Reader:
    return lambda words: bidden(words, role)


def own_words(text: str, role: Speaker, pending: Pending) -> Reading | None:
    """Return what a text says in the desk's own words, None where it says nothing in them."""
    said = clean(text)
    words = Words(fold(said), said)
    readers = _READERS[role]
    if pending is Pending.RELEASE and keeps_back(words):
        return Verb.KEEP_BACK, {}
    if pending is Pending.NONE:
        readers = (unnamed, *((at_home, asks_ways) if role is Speaker.CUSTOMER else ()), *readers)
    if role is Speaker.EMPLOYEE and pending in (Pending.NONE, Pending.FACTS):
        readers = (*readers, _brought)
    if role in (Speaker.HANDLER, Speaker.SUPERVISOR):
        readers = (*readers, *((sends,) if pending in _LETS_OUT else ()))
    if role is Speaker.HANDLER and pending not in _TOLD_BESIDES:
        readers = (*readers, for_the_lead)
    if pending is Pending.CALL and role is not Speaker.CUSTOMER:
        readers = (*readers, _phoned)
    if role in (Speaker.HANDLER, Speaker.SUPERVISOR):
        readers = (*readers, _bidden(role))
    if role is not Speaker.CUSTOMER and pending not in _ANSWERED_IN_WORDS:
        readers = (*readers, _of_the_press(role))
    return next((found for read in readers if (found := read(words))), None)


def is_ordinary_too(own: Meaning, ordinary: Meaning, role: Speaker, pending: Pending) -> bool:
    """Say whether the desk's words are an ordinary sentence first, to be taken as such unless something waits for them."""
    if own.verb is Verb.TICK:
        duty = own.arguments["duty"]
        if (pending is Pending.CALL and duty == "phoned") or (duty == "answered" and "reference" in own.arguments):
            return False  # a number that was said is the complaint that is meant
        return ordinary.verb is Verb.VALID or (
            duty in duties.EVERYDAY | duties.BY_NUMBER and ordinary.verb is not Verb.UNCLEAR
        )
    # "已回访客户，明天上门": what an assignee tells of the work
    return own.verb is Verb.CALLED and role is Speaker.HANDLER and "reference" not in own.arguments
