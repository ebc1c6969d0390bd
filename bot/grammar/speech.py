"""What somebody says of their own accord: a command word at the start, else the sentence. Pure.

The two are one: after "我的投诉" or "我要投诉" a sentence may follow that asks or tells something else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.grammar import answers, arguments, centre, customer, rating, staff, wider_customers, wider_staff
from bot.grammar.arguments import EDGES, Numbered, Words
from bot.grammar.meaning import Reading, Speaker, Verb
from bot.grammar.patterns import regex
from bot.grammar.staff_commands import OBEYED, Obey
from bot.grammar.words import ESCALATING, STAFF, Head, head_pattern, heads_for

_ASKS_AFTER: Final = regex(
    "(?:请|帮|麻烦|给|我|你|们|查|看|问|一下|下|这个|投诉|单|的|情况|呢|please|check|look up|look at|"
    "what about|about|进度|进展|progress|status|updates?|news|eta|how(?:'?s| is)|now|on|any|[ ?.])+"
)

_CODE: Final = regex(
    r"(?:账号|账户|码|code|my account|account|:|\s)*((?:[0-9a-z]{4}[ -]){0,3}[0-9a-z]{4,16})$", re.ASCII
)

_HEADS: Final = {role: heads_for(role) for role in Speaker}
_HEAD: Final = {role: head_pattern(_HEADS[role]) for role in Speaker}
_BOUNDARY: Final = regex(r"$|[^a-z0-9_'\u3400-\u9fff]|\d|ts\d|了$", re.ASCII)
_STAFF_VERBS: Final = frozenset(
    {Verb.ACCEPT, Verb.DONE, Verb.NOT_DONE, Verb.GIVE_BACK, Verb.TRANSFER, Verb.REPORT, Verb.PLAN, Verb.EXTEND, Verb.VISIT}
    | {Verb.LEAVE, Verb.ASSIGN, Verb.GRADE, Verb.VALID, Verb.INVALID, Verb.APPROVE, Verb.REJECT, Verb.MERGE, Verb.TASK_FORCE}
    | {Verb.CLOSE, Verb.HOLD, Verb.RESUME}
)  # fmt: skip
_UNSETTLED: Final = regex(
    r"(?:为|作)?(?:不满意|未满意|未达成一致|谈不拢|(?:as )?(?:unsettled|unsatisfied|dissatisfied|not satisfied))[ ,:]*"
)
_REASONED: Final = frozenset(
    {
        Verb.GIVE_BACK,
        Verb.INVALID,
        Verb.REJECT,
        Verb.APPROVE,
        Verb.CLOSE,
        Verb.WITHDRAW,
        Verb.DISAGREE,
        Verb.VALID,
        Verb.TASK_FORCE,
        Verb.KEEP_BACK,
    }
)
# "让张三处理 0007" ends in a complaint's number; "换锁花了 1500" does not.
_ABOUT_A_NUMBER: Final = frozenset({Verb.ASSIGN, Verb.TRANSFER, Verb.APPROVE, Verb.REJECT, Verb.STATUS, Verb.URGE})
_DECIDED: Final = frozenset(
    {Verb.PLAN, Verb.APPROVE, Verb.REJECT, Verb.REPORT, Verb.AGREE, Verb.LEAVE, Verb.EXTEND, Verb.STATUS}
)
_OF_WORK: Final = frozenset({Verb.ACCEPT, Verb.EXTEND, Verb.TRANSFER, Verb.LEAVE})
_OF_CUSTOMERS: Final = frozenset({Verb.REPORT, Verb.NOT_DONE, Verb.DONE, Verb.VISIT, Verb.GIVE_BACK})
_CUSTOMERS: Final = regex(r"客户|业主|住户|租户|租客|顾客|\b(?:customer|client|tenant|resident|owner)\b")
_FREE: Final = frozenset({Verb.COMPLAIN, Verb.COMPLAIN_FOR, Verb.RATE, Verb.BIND, Verb.LEAVE})


# -- command words ----------------------------------------------------------------------------------------------------
def find_head(item: Numbered, role: Speaker, *, tight: bool) -> tuple[Head, Numbered, bool] | None:
    """Return the command at the start, the words after it, and whether a separator follows it."""
    for candidate in (item, item.bare()):
        if found := _HEAD[role].match(candidate.words.key):
            head = _HEADS[role][found[2]]
            closed = bool(_BOUNDARY.match(candidate.words.key, found.end()))
            if not closed and (tight or head.tight):
                continue
            return head, replace(candidate, words=candidate.words.part(found.end())), closed
    return None


def command(item: Numbered, role: Speaker, *, tight: bool) -> Reading | None:
    found = find_head(item, role, tight=tight)
    if found is None:
        return None
    head, rest, closed = found
    return _obey(head, rest, item, role, closed)


def _obey(head: Head, rest: Numbered, item: Numbered, role: Speaker, closed: bool) -> Reading | None:
    """Return what a command means with the words after it; None where those words take it back."""
    verb = head.verb
    if verb not in _FREE:
        if not rest.references:
            rest = rest.bare()
        if verb is Verb.MERGE:
            rest = rest.bare()
        if not rest.references or verb is Verb.MERGE:
            rest = rest.bare(at_start=False)
    elif verb in (Verb.RATE,):
        rest = rest.bare()
    if (
        role is Speaker.SUPERVISOR
        and verb in _DECIDED
        and (decision := centre.decided(item))
        and decision[0] is not verb
    ):
        return decision  # "reject 0057 as invalid", "方案驳回"
    words, given = rest.words, rest.arguments | dict(head.arguments)
    if verb in _WITH_OWN_RULES:
        return _WITH_OWN_RULES[verb](rest, item, role, given, closed)
    if verb is Verb.STATUS and role in STAFF and len(words.key) > 3 and not answers.is_question(words.key):
        verb = Verb.REPORT  # "进度 已联系客户": an assignee tells, a customer asks
    if verb is Verb.CLOSE and (found := _UNSETTLED.match(words.key)):
        rest = replace(rest, words=words.part(found.end())).bare()
        words, given = rest.words, given | rest.arguments | {"unsettled": True}
    if verb in _REASONED:
        if answers.is_question(item.words.key) and verb not in (Verb.WITHDRAW, Verb.DISAGREE):
            return Verb.STATUS, given
        ground, said = str(given.pop("reason", "")), arguments.reason(words)
        return verb, given | ({"reason": ground + said} if said else {})
    return verb, given | ({"text": words.said} if words.said else {})


def _obey_leave(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    if re.match(r"(?:it|this|that) (?:to|with)\b", rest.words.key):
        return None  # "leave it with me"
    limit, _ = arguments.take_limit(rest.words)
    said = rest.words.said
    return Verb.LEAVE, given | ({"limit": limit} if limit else {}) | ({"text": said} if said else {})


def _obey_bind(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
    found = _CODE.search(rest.words.key, 0, 60)
    if found is None and rest.words.key:
        return None
    # The code keeps its case; only the width is folded.
    typed = rest.words.said[found.start(1) : found.end(1)] if found else ""
    code = unicodedata.normalize("NFKC", typed)
    return Verb.BIND, given | ({"code": code} if code else {})


def _obey_rate(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
    rated = rating.read(rest.words, asked=True)
    if rated:
        return Verb.RATE, given | rated
    return None


def _obey_list(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
    if role in STAFF and wider_staff.asks_queue(item.words.key):
        return Verb.LIST, given | {"of": "queue" if role is Speaker.SUPERVISOR else "tasks"}
    if "of" not in given:
        given["of"] = "own" if role is Speaker.CUSTOMER else "entered"
    if wider_customers.names_a_list(item.words.key):
        return Verb.LIST, given
    again = find_head(rest, role, tight=True)
    if rest.words.key.strip(EDGES) not in ("", "please", "pls", "谢谢") and (
        again is None or again[0].verb is not Verb.LIST
    ):  # "list list list" is no deeper than "list"
        verb, told = from_customer(rest, role, rest.words)
        if verb is not Verb.UNCLEAR:
            return verb, {key: value for key, value in given.items() if key != "of"} | told
    elif rest.references:
        return Verb.STATUS, rest.arguments
    return Verb.LIST, given


def _obey_complain_for(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    if not rest.words.key.strip(EDGES + "列表记录有哪些list"):
        return (Verb.STATUS, given) if rest.references else (Verb.LIST, given | {"of": "entered"})
    asked = customer.question(rest.words.key)
    if asked and not customer.TROUBLE.search(rest.words.key) and len(rest.words.key) < 24:
        return asked, given
    return Verb.COMPLAIN_FOR, given | {"text": rest.words.said}


def _is_repair(given: Mapping[str, object]) -> bool:
    return given.get("kind") == "repair"


_SAID_AGAIN: Final = regex(
    r"^(?:(?:我要|我想|i want to )?(?:投诉|complaint|complain)[ ,.!~，。！]*)+(?:$|(?<=[ ,.!~，。！]))"
)


def _obey_complain(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    if role is Speaker.SUPERVISOR and (decision := centre.decided(item)):
        return decision
    if role in STAFF and wider_staff.asks_consent(item.words.key):
        return Verb.PLAN, item.arguments | {"text": item.words.said}  # "建议减免一个月，问问他接不接受"
    if role in STAFF and _is_repair(given) and (told := staff.worked(item, role)):
        return told  # "repair failed"
    words = rest.words
    if words.key and len(words.key) < 24 and not customer.TROUBLE.search(words.key):
        asked = customer.wish(words.key) or customer.question(words.key) or wider_customers.asks_after(words.key)
        if asked and (not closed or len(words.key) < 14):
            return with_text(asked, rest, role)
    text = (
        re.sub(r"^(?:一下|你们|下)(?=[^\s])[ ,，:：]*", "", words.said)
        if words.said.startswith(("一下", "下"))
        else words.said
    )
    text = _SAID_AGAIN.sub("", text).lstrip(" ,，:：.。!！")
    return Verb.COMPLAIN, given | ({"text": text} if text else {})


_WITH_OWN_RULES: Final[Mapping[Verb, Obey]] = {
    **OBEYED,
    Verb.LEAVE: _obey_leave,
    Verb.BIND: _obey_bind,
    Verb.RATE: _obey_rate,
    Verb.LIST: _obey_list,
    Verb.COMPLAIN_FOR: _obey_complain_for,
    Verb.COMPLAIN: _obey_complain,
}


# -- the staff -------------------------------------------------------------------------------------------
def from_staff(item: Numbered, role: Speaker, words: Words) -> Reading:
    if item.references and not item.words.key.strip(EDGES):
        return Verb.STATUS, item.arguments  # a number and nothing else asks after it
    if customer.wish(words.key) is Verb.HELP:
        return Verb.HELP, {}
    if obeyed := command(item, role, tight=False):
        return obeyed
    if answers.is_thanks(words.key):
        return Verb.THANKS, {}
    marked = item if item.references else item.bare()
    last = marked if marked.references else item.bare(at_start=False)
    reading = staff.sentence(marked, role) or _asks(marked, role)
    if last.references and (reading is None or reading[0] in _ABOUT_A_NUMBER):
        reading = staff.sentence(last, role) or _asks(last, role)
    if reading or (reading := wider_staff.from_staff(marked, role)):
        return reading
    return Verb.UNCLEAR, item.arguments if item.references or marked.words.key else marked.arguments


def _asks(item: Numbered, role: Speaker) -> Reading | None:
    """Staff may ask after a complaint, and be customers too; they do not complain by accident."""
    key = item.words.key
    wish = customer.wish(key)
    if wish in (Verb.HELP, Verb.MY_DATA, Verb.ERASE_ME, Verb.PERSON, Verb.LIST):
        return with_text(wish, item, role)
    if asked := customer.question(key):
        return with_text(asked, item, role)
    return None


# -- customers --------------------------------------------------------------------------------------------------------
def with_text(verb: Verb, item: Numbered, role: Speaker) -> Reading:
    if verb is Verb.LIST:
        return verb, item.arguments | {"of": "own" if role is Speaker.CUSTOMER else "entered"}
    if verb in (Verb.URGE, Verb.STATUS, Verb.WITHDRAW, Verb.PERSON):
        item = item if item.references else item.bare()
        return verb, item.arguments | ({"text": item.words.said} if item.words.said else {})
    return verb, item.arguments


def from_customer(item: Numbered, role: Speaker, words: Words) -> Reading:
    key = words.key
    if answers.is_thanks(key) or _thanks_in_passing(key):
        return Verb.THANKS, {}
    if item.references and (not item.words.key.strip(EDGES) or _ASKS_AFTER.fullmatch(item.words.key)):
        return Verb.STATUS, item.arguments
    if not item.references:
        for bare in (item.bare(), item.bare(at_start=False)):
            if bare.references and _ASKS_AFTER.fullmatch(bare.words.key):
                return Verb.STATUS, bare.arguments
    if _gives_orders(item):
        told = command(item, Speaker.HANDLER, tight=True) if role is Speaker.EMPLOYEE else None
        return told if told and told[0] in _OF_WORK | _OF_CUSTOMERS else (Verb.UNCLEAR, {})
    if obeyed := command(item, role, tight=True):
        return obeyed
    if role is Speaker.EMPLOYEE and (told := _as_handler(item)):
        return told
    if wish := customer.wish(item.words.key):
        return with_text(wish, item, role)
    if asked := customer.question(item.words.key):
        return with_text(asked, item, role)
    if obeyed := command(item, role, tight=False):
        return obeyed
    if key.strip(EDGES) in answers.SHORT or customer.is_small_talk(key):
        return Verb.UNCLEAR, item.arguments
    if wider_customers.offers_proof(key):
        return Verb.ADD, item.arguments | {"text": words.said}
    if rated := _rates_unasked(item):
        return Verb.RATE, item.arguments | rated
    if role is Speaker.EMPLOYEE and wider_customers.for_others(key):
        return Verb.COMPLAIN_FOR, item.arguments | {"text": words.said}
    if role is Speaker.EMPLOYEE and (leave := staff.leave(item)):
        return leave
    if customer.presses(key):
        return with_text(Verb.URGE, item, role)
    if customer.describes_trouble(key):
        return Verb.COMPLAIN, item.arguments | {"text": words.said}
    if wider_customers.asks_how_far(item.words.key):
        return with_text(Verb.STATUS, item, role)
    return Verb.UNCLEAR, item.arguments


def _as_handler(item: Numbered) -> Reading | None:
    """Return what a colleague says of work in hand: they speak of the customer, or take on, hand on, put off."""
    key = item.words.key
    if wider_customers.for_others(key) or customer.TROUBLE.search(key):
        return None
    told = staff.sentence(item, Speaker.HANDLER)
    of_work = _OF_WORK | _OF_CUSTOMERS if item.references or _CUSTOMERS.search(key) else _OF_WORK
    return told if told and told[0] in of_work else None


_DONE_WITH: Final = regex(r"done[ ,:#]*(?:ts\d{8}-)?\d{4,6}\b", re.ASCII)  # "done 0001 replaced the lock"


def _gives_orders(item: Numbered) -> bool:
    """A customer who writes a staff command with its number means a command that is not theirs, not a complaint."""
    found = find_head(item, Speaker.SUPERVISOR, tight=True)
    if (
        found is None
        or find_head(item, Speaker.CUSTOMER, tight=True)
        or found[0].verb not in _STAFF_VERBS
        or len(item.words.key) > 40
    ):
        return False
    head, rest, _ = found
    numbered_order = bool(rest.references or rest.bare().references) and head.verb not in (Verb.DONE, Verb.CLOSE)
    reports = "结" in item.words.key[:4] or (_DONE_WITH.match(item.words.key) and not _rates_unasked(item))
    return numbered_order or rest.words.key.startswith("@") or (head.verb is Verb.DONE and bool(reports))


_THANKING: Final = regex(
    r"[ ,.!~]*(?:thank you|thanks|thx|ty|cheers|so much|very much|a lot|谢谢你?们?|多谢|感谢)+[ ,.!~]*"
)
_ONE_WORD_OF_PRAISE: Final = regex(
    r"(?:that'?s |all |ok |yes )*(?:perfect|great|good|excellent|awesome|wonderful|brilliant|fantastic|amazing|"
    r"lovely|super|nice|cool|fine|"
    r"太?好了?|真好|很好|太棒了)"
)


def _thanks_in_passing(key: str) -> bool:
    """Whether somebody whom nobody asked thanks with a word of praise: "perfect, thank you" rates no work."""
    return (
        len(key) <= 40
        and bool(answers.THANKS.search(key))
        and bool(_ONE_WORD_OF_PRAISE.fullmatch(_THANKING.sub("", key)))
    )


def _rates_unasked(item: Numbered) -> dict[str, object] | None:
    """A rating that nobody asked for must say so itself: "垃圾没人清理" is a matter, "差评" is a rating."""
    key = item.words.key
    if len(key) > 80 or answers.is_question(key):
        return None
    given = None if ESCALATING.search(key) else rating.read(item.words, asked=False)  # a threat is no praise
    if given is None:
        return None
    spoken = rating.read_words(key)
    start = spoken[1][0] if spoken else 0
    says_so = bool(re.search(r"满意|好评|差评|中评|失望|satisf|\bhappy\b|unhappy|disappoint", key)) or "score" in given
    if given["rating"] == rating.Rating.SATISFIED:
        after = key[spoken[1][1] :] if spoken else ""
        tail = "" if after.startswith((",", ".", "!", "~", " ")) else after
        told_more = answers.BUT.search(key) or len(tail) > 3
        return given if (start <= 12 or says_so) and not told_more and not customer.TROUBLE.search(key) else None
    if says_so:
        return given if (start <= 8 or "score" in given) and not re.search("投诉|举报|complain", key) else None
    short = len(key) <= (24 if key.isascii() else 6)
    return given if short and spoken and spoken[1][1] > 0 and not customer.TROUBLE.search(key) else None
