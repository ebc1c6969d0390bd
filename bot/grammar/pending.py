"""What words mean while a question of ours is open: "1", "好" and free words answer that question. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.grammar import (
    answers,
    arguments,
    customer,
    likeness,
    progress,
    rating,
    staff,
    wider_answers,
    wider_staff,
)
from bot.grammar.arguments import EDGES, Numbered, Words
from bot.grammar.bidden import keeps_back
from bot.grammar.contrary_answers import comes_back
from bot.grammar.meaning import Pending, Reading, Speaker, Verb
from bot.grammar.patterns import regex
from bot.grammar.speech import command, from_customer, with_text
from bot.grammar.tools import asks_of_the_whole
from bot.grammar.words import STAFF
from complaints.numbers import ANY

_SAYS_ITSELF: Final = frozenset({Verb.COMPLAIN, Verb.STATUS, Verb.URGE, Verb.ADD, Verb.VISIT, Verb.RATE, Verb.HELP})
_YES_NO_ANSWERS: Final = frozenset({Verb.AGREE, Verb.DISAGREE, Verb.APPROVE, Verb.REJECT, Verb.ACCEPT})
_TOLD_OTHERS: Final = frozenset({Pending.PROGRESS, Pending.RESULT, Pending.REASON, Pending.RELEASE})
"""Questions whose answers others read: that somebody takes the work on is none of them."""


def answer(item: Numbered, role: Speaker, words: Words, pending: Pending) -> Reading | None:
    """Return what `words` answer to the question `pending`; None where they answer nothing."""
    if role in STAFF and pending in _TOLD_OTHERS:
        bare = item if item.references else item.bare()
        if staff.takes_on(bare.words.key):
            return Verb.ACCEPT, bare.arguments
    answers_to = _ANSWERS.get(pending)
    return answers_to(item, role, words) if answers_to else None


def _rating_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    key = words.key
    if answers.is_thanks(key):
        return Verb.THANKS, {}
    head = command(item, role, tight=True)
    if head and head[0] not in _YES_NO_ANSWERS | {Verb.DONE, Verb.CLOSE, Verb.VALID}:
        return head
    wish = customer.wish(key)
    if wish and (wish is not Verb.WITHDRAW or key.startswith(("撤", "不投诉", "withdraw"))):
        return with_text(wish, item, role)
    if len(key) <= 24 and wider_answers.undecided(key) and not customer.TROUBLE.search(key):
        return Verb.UNCLEAR, {}
    given = rating.read(item.words if item.references else words, asked=True)
    if given and given["rating"] != rating.Rating.DISSATISFIED and customer.question(key) is Verb.STATUS:
        return Verb.STATUS, item.arguments
    if given is None and not answers.is_question(key) and (value := wider_answers.rated(key)):
        given = {"rating": value.value, "comment": words.said}
    more = rating.goes_on(key)
    if given and not (more and given["rating"] == rating.Rating.SATISFIED):
        return Verb.RATE, item.arguments | given
    if more:
        said = from_customer(item, role, words)
        return said if said[0] in _SAYS_ITSELF else (Verb.UNCLEAR, item.arguments)  # asked again, the words are kept
    return None


def _yes_no_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    key = words.key
    bare = wider_answers.squeezed(key.strip(EDGES + "吧呀啊哦呢嘛的").strip(EDGES) or key)
    if bare in answers.NO_WHOLE or wider_answers.answered(bare) is False:
        return Verb.DISAGREE, {}
    if bare in answers.YES_WHOLE or wider_answers.answered(bare) or key.strip(EDGES) in answers.YES_WHOLE:
        return Verb.AGREE, {}
    if set(bare) <= set("👍👌✅🆗"):
        return Verb.AGREE, {}
    if answers.is_thanks(key):
        return Verb.THANKS, {}
    if wider_answers.holds_back(key):
        said = answers.judged(item)
        return said if said and said[0] is Verb.DISAGREE else (Verb.DISAGREE, item.arguments)
    if wider_answers.undecided(key):
        return Verb.UNCLEAR, item.arguments
    head = command(item, role, tight=True)
    if head and head[0] not in _YES_NO_ANSWERS:
        return head
    if answers.is_question(key) and not answers.BUT.search(key) and not answers.YES.match(key + " "):
        return None
    return answers.judged(item)


def _plan_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    """What a yes-or-no question is answered with; and who asks for something else declines."""
    if answer := _yes_no_pending(item, role, words):
        return answer
    return (Verb.DISAGREE, item.arguments | {"reason": words.said}) if wider_answers.demands(words.key) else None


def _result_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    if role not in STAFF:
        return _solved_pending(item, role, words)
    key = words.key
    bare = key.strip(EDGES)
    if (answers.is_short(bare) and bare != "收到") or answers.is_thanks(key):
        return (Verb.THANKS if answers.THANKS.search(key) else Verb.UNCLEAR), {}
    if answers.calls_off(key):
        return Verb.DISAGREE, {}
    if bare in answers.YES_WHOLE or bare in answers.ON_WHO_READS:
        return Verb.UNCLEAR, {}  # what was done it does not say, and the customer reads the answer
    head = command(item, role, tight=True)
    if head and head[0] not in (Verb.AGREE, Verb.VISIT, Verb.STATUS, Verb.PLAN):
        return head
    if head and head[0] in (Verb.VISIT, Verb.PLAN) and ":" in key[:12]:
        return head
    verb = staff.worked(item, role)
    if verb and verb[0] is not Verb.DONE:
        return verb
    if comes_back(key):
        return Verb.REPORT, item.arguments | {"text": item.words.said}
    if verb is None:
        if wider_staff.left_open(key[:600]):
            return Verb.NOT_DONE, item.arguments | {"text": item.words.said}
        if staff.GIVE_BACK.search(key) and len(key) < 40:
            return Verb.GIVE_BACK, item.arguments | {"reason": item.words.said}
        if wider_staff.hindered(key) or wider_answers.nothing_came(key):
            return Verb.NOT_DONE, item.arguments | {"text": item.words.said}
        if answers.is_question(key) or len(key.strip(EDGES)) < 2:
            return Verb.UNCLEAR, {}
        return Verb.DONE, item.arguments | {"result": item.words.said}
    if "result" not in verb[1] and progress.tells_deed(key):
        return Verb.DONE, verb[1] | {"result": item.words.said}  # it is what we asked for, however short
    return verb


def _solved_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    """Whoever did not do the work can only say whether it is done; in doubt it is not."""
    stage = progress.stage(words.key)
    if wider_answers.undecided(words.key):
        return Verb.UNCLEAR, item.arguments
    if stage in (progress.Stage.NOT_DONE, progress.Stage.UNDER_WAY) or wider_answers.blames(words.key):
        return Verb.DISAGREE, item.arguments | {"reason": words.said}
    if rating.discontent(words) or (stage is None and customer.TROUBLE.search(words.key)):
        return Verb.DISAGREE, item.arguments | {"reason": words.said}
    if stage is progress.Stage.DONE:
        return Verb.AGREE, item.arguments
    return _yes_no_pending(item, role, words)


# A command word set apart from what it brings: of leave and a hold times, of the others words.
_COMMANDS: Final = regex(
    rf"[ #/]*(?:(?:{ANY})[ ,:]+)?"
    r"(?:(?:请假|休假|调休|暂缓|挂起|leave|hold)[ :,]+(?=.{0,20}(?:\d|[今明后]天|[下本这]?周|由.{1,8}代|tomorrow|today))"
    r"|(?:进展|预约|方案|退回|退单|判定无效)[ :]+(?=\S)|(?:progress|visit|plan|give back|invalid) ?:[ ]*(?=\S))"
)


def _reason_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    bare = words.key.strip(EDGES)
    if bare in answers.CANCEL:
        return Verb.DISAGREE, {}
    if role not in STAFF:
        for wish in (customer.wish(words.key), likeness.meant(words.key, role, Pending.NONE)):
            if wish in (Verb.PERSON, Verb.WITHDRAW):
                return with_text(Verb(wish), item, role)
    if answers.is_thanks(words.key):
        return Verb.THANKS, {}
    if answers.is_short(bare):
        return Verb.UNCLEAR, {}
    head = command(item, role, tight=True)
    if head and head[0] not in (
        Verb.REPORT,
        Verb.VISIT,
        Verb.LEAVE,
        Verb.PLAN,
        Verb.EXTEND,
        Verb.HOLD,
        Verb.GIVE_BACK,
        Verb.INVALID,
    ):
        return head
    if head and set(head[1]) - {"reference"} >= {"limit"} and head[0] is Verb.EXTEND:
        return head
    if head and _COMMANDS.match(item.words.key):
        return head
    said = arguments.reason(item.words)
    return (Verb.REASON, item.arguments | {"reason": said}) if len(said) >= 2 else (Verb.UNCLEAR, {})


_TAKES_ON: Final = regex(r"[ #/]*(?:接单|已接单|受理|accept\b)")


def _progress_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    """Whatever is no plain command, and asks nothing, is the line: "客户要求延期到下周" asks for no extension."""
    if answers.is_thanks(words.key):
        return Verb.THANKS, {}
    head = command(item, role, tight=True)
    if head and (head[0] not in _YES_NO_ANSWERS or _TAKES_ON.match(item.bare().words.key)):
        return head
    if asks_of_the_whole(words.said) is not None:
        return Verb.LIST, {"of": "queue" if role is Speaker.SUPERVISOR else "tasks"}
    if answers.is_question(words.key) or staff.own_leave(words.key):
        return None
    item = item if item.references else item.bare()
    said = item.words.key
    if said.strip(EDGES) in answers.ON_WHO_READS or (answers.calls_off(said) and not answers.begins_with_answer(said)):
        return Verb.UNCLEAR, item.arguments  # said too late: it is about a line that waits no more
    return Verb.REPORT, item.arguments | {"text": item.words.said}


def _release_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    """Yes lets the line out, no keeps it back, better words take its place."""
    bare = words.key.strip(EDGES + "吧呀啊哦呢嘛的").strip(EDGES)
    if answers.is_thanks(words.key):
        return Verb.THANKS, {}
    if bare in answers.NO_WHOLE or keeps_back(words):
        return Verb.KEEP_BACK, {}
    if bare in answers.YES_WHOLE or bare in ("发", "ok发", "发出", "发给客户", "send"):
        return Verb.RELEASE, {}
    head = command(item, role, tight=True)
    if head and head[0] in (Verb.DISAGREE, Verb.REJECT):
        return Verb.KEEP_BACK, head[1]
    if head and head[0] in (Verb.AGREE, Verb.APPROVE) and set(head[1]) <= {"reference"}:
        return Verb.RELEASE, head[1]
    if head and head[0] not in _YES_NO_ANSWERS | {Verb.REPORT}:
        return head
    if answers.is_question(words.key) or len(bare) < 4:
        return None
    item = item if item.references else item.bare()
    return Verb.REWORD, item.arguments | {"text": item.words.said}


def _facts_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    key = words.key
    if answers.SKIP.fullmatch(key):
        return Verb.SKIP, {}
    if answers.is_thanks(key):
        return Verb.THANKS, {}
    if answers.is_short(bare := key.strip(EDGES)) and bare not in "12345":
        return Verb.UNCLEAR, {}
    head = command(item, role, tight=True)
    if head and head[0] not in (Verb.AGREE, Verb.ACCEPT, Verb.DONE):
        return head
    wish = customer.wish(key)
    if wish in (Verb.PERSON, Verb.WITHDRAW, Verb.ERASE_ME, Verb.HELP):
        return with_text(wish, item, role)
    if re.search("催|进度|到底", key) and (asked := customer.question(key)):
        return with_text(asked, item, role)
    if re.search(r"为什么|为啥|干嘛|干吗|干什么用|\bwhy\b|what for", key):
        return Verb.UNCLEAR, {}
    return Verb.FACT, {"text": words.said}


def _menu_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    if found := answers.CHOICE.fullmatch(words.key) or answers.CHOICE_LEAD.match(words.key):
        chosen = answers.ORDINALS.get(found[1]) or arguments.number(found[1])
        if chosen is not None:
            return Verb.CHOOSE, {"choice": chosen}
    if answers.NONE_OF_THESE.fullmatch(words.key):
        return Verb.CHOOSE, {"choice": 0}
    item = item if item.references else item.bare()
    if item.references and len(item.words.key) < 2:
        return Verb.CHOOSE, item.arguments
    return None


_ANSWERS: Final[Mapping[Pending, Callable[[Numbered, Speaker, Words], Reading | None]]] = {
    Pending.RATING: _rating_pending,
    Pending.YES_NO: _yes_no_pending,
    Pending.PLAN: _plan_pending,
    Pending.RESULT: _result_pending,
    Pending.REASON: _reason_pending,
    Pending.PROGRESS: _progress_pending,
    Pending.RELEASE: _release_pending,
    Pending.FACTS: _facts_pending,
    Pending.MENU: _menu_pending,
    Pending.TOLD: _yes_no_pending,
    Pending.VISIT: _yes_no_pending,
    Pending.VISIT_OUTCOME: _yes_no_pending,
}
