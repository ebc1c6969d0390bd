"""What belies a reading: words in a text that say the opposite of what rules or likeness took it for. Pure.

Asked last, of every reading: one judge for each verb, in the module of those who speak. In doubt nothing is done, closed or
agreed to, and the person is asked back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.grammar import bargaining, centre, contrary_answers, contrary_customers, contrary_staff, granting, holding
from bot.grammar.arguments import EDGES, Numbered
from bot.grammar.meaning import Pending, Reading, Speaker, Verb
from bot.grammar.whole_words import writes_again
from bot.grammar.words import STAFF

_LONGEST: Final = 200  # characters that are looked at
_OF_TIME: Final = frozenset({Verb.EXTEND, Verb.LEAVE, Verb.APPROVE, Verb.REJECT, Verb.AGREE, Verb.DISAGREE})
"""What "停水三天" asks for, grants or refuses as little as any other fact."""


def corrected(found: Reading, item: Numbered, role: Speaker, pending: Pending) -> Reading:
    """Return a reading, or what a text says where it belies that reading."""
    if role not in STAFF and pending is Pending.PLAN and bargaining.agrees_to_a_sum(item.words.key.strip(EDGES)):
        return Verb.AGREE, {"text": item.words.said}
    if role not in STAFF and bargaining.names_a_sum(item.words.key[:_LONGEST].strip(EDGES), found[0], pending):
        return Verb.ADD, {"text": item.words.said}
    if (
        found[0] in (Verb.AGREE, Verb.DISAGREE)
        and "reference" in found[1]
        and bargaining.begins_with_a_sum(item.words.key)
    ):
        return found[0], {"text": item.words.said}
    item = item if item.references else item.bare()
    key = item.words.key[:_LONGEST].strip(EDGES + "?")
    if (
        role is Speaker.SUPERVISOR
        and pending is Pending.NONE
        and (decided := centre.in_a_sentence(found, key, item)) is not None
    ):
        return decided
    if role is Speaker.SUPERVISOR and (decided := granting.doubted(found, item, pending)) is not None:
        return decided
    if role in STAFF and (waits := holding.said(found, item, pending)) is not None:
        return waits
    if role in STAFF and found[0] in _OF_TIME and holding.stands_still(key):
        return Verb.REPORT, item.told
    judge = (_STAFFS if role in STAFF else _CUSTOMERS).get(found[0])
    meant = (judge and judge(found, key, item, pending)) or found
    return contrary_staff.passed_on(meant, item) if role in STAFF else meant


def _left_alone(found: Reading, key: str, item: Numbered, pending: Pending) -> Reading | None:
    return (Verb.HELP, {}) if writes_again(key) else contrary_answers.unrated(found, key, item, pending)


_Judge = Callable[[Reading, str, Numbered, Pending], Reading | None]
_CUSTOMERS: Final[Mapping[Verb, _Judge]] = {
    Verb.PERSON: contrary_customers.person,
    Verb.ERASE_ME: contrary_customers.erased,
    Verb.MY_DATA: contrary_customers.shown,
    Verb.STOP: _left_alone,
    Verb.WITHDRAW: contrary_customers.withdrawn,
    Verb.RATE: contrary_answers.rated,
    **dict.fromkeys((Verb.HELP, Verb.STATUS), contrary_answers.wanting),
    Verb.URGE: contrary_answers.pressed,
    **dict.fromkeys((Verb.COMPLAIN, Verb.UNCLEAR, Verb.THANKS), contrary_answers.unrated),
    Verb.AGREE: contrary_answers.agreed,
    Verb.DISAGREE: contrary_answers.refused,
}
_STAFFS: Final[Mapping[Verb, _Judge]] = {
    Verb.PLAN: contrary_staff.planned,
    Verb.UNCLEAR: contrary_staff.unplanned,
    Verb.HELP: contrary_staff.of_a_number,
    **dict.fromkeys((Verb.GIVE_BACK, Verb.DONE, Verb.ACCEPT, Verb.LIST, Verb.DISAGREE), contrary_staff.worked),
    **dict.fromkeys((Verb.TRANSFER, Verb.ASSIGN), contrary_staff.handed),
    Verb.INVALID: centre.judged,
    Verb.EXTEND: contrary_staff.longer,
    **dict.fromkeys((Verb.REPORT, Verb.NOT_DONE), contrary_staff.asks_us),
    **dict.fromkeys((Verb.CLOSE, Verb.REJECT), centre.closed),
}
