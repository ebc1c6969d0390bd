"""Command words about working together: who leads and who assists, steps of a plan, evidence, causes. Pure.

Asked before the grammar of single commands, by whoever speaks as staff; each returns None where the words are something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from bot.grammar import answers, progress
from bot.grammar.arguments import Numbered, Words, commanded, take_limit, take_own_limit
from bot.grammar.folding import clean, fold
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import regex
from bot.grammar.progress import Stage
from complaints.numbers import ANY

_NAMES_EN: Final = r"@?[a-z][a-z.'-]*(?: (?!for\b|to\b|on\b|with\b|and\b|in\b|assist)[a-z][a-z.'-]*){0,2}"


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who is to assist. limit: as `1d`, None where none was said."""

    who: str
    what: str
    limit: str | None = None


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who leads (None: it stays with whoever has it) and who assists with what. plain: a command; else it may be a sentence
    that tells of somebody who helps, and counts only if it names a colleague. limit: the lead's own.
    """

    lead: str | None
    helpers: tuple[Helper, ...]
    reference: str | None = None
    plain: bool = True
    limit: str | None = None


_HEAD: Final = regex(r"(?P<plain>派单给?|派工给?|派给|指派给?|分派给?|安排给?|派)?(?:请|让|由)?[ :,]*(?=\S)")
_NEGATED: Final = regex(r"(?:不用|不需要|不要|别|无需|没有?|取消|撤销|结束)[^,.;]{0,12}(?:协办|配合|主办|牵头)")
_ROLE: Final = regex(r"(主办|牵头|主责)|(协办|配合)")
_BY: Final = regex(r"(?:之?内|前|以内)?(?:完成|搞定|办好|给结果)?$")
_WITH: Final = regex(
    rf"(?:assign|dispatch|give|allocate)\b(?: (?:it|this|the case))?[ :]*(?:to )?(?P<lead>{_NAMES_EN})"
    rf"(?: (?P<limit>(?:within|in) [a-z0-9 ]{{1,14}}?))?[ ,;]+(?:with|assisted by|helped by) (?P<rest>.+)"
)
_ASSIST: Final = regex(rf"(?:assist(?:ant|ed by)?|helper)[ :]+(?P<rest>{_NAMES_EN}(?: ?[:,]| (?:for|to|on|with)\b).*)")
_ONE_EN: Final = regex(
    rf"(?P<who>{_NAMES_EN})(?: ?[:,] ?| (?=(?:for|to|on|with)\b))(?:(?:for|to|on|with) )?(?P<what>.+)"
)
_NEXT_EN: Final = regex(rf"(?: ?[,;] ?(?:and )?| and )(?:with )?(?={_NAMES_EN}(?: (?:for|to|on|with)\b| ?:))")


def shared(text: str) -> Sharing | None:
    """Return how the work is shared out: "派 0001 张伟 主办，李雷 协办 查水管 2天", "assign 0001 to Tom, with Ann for …"."""
    item = _item(text)
    if item is None or answers.is_question(item.words.key) or _NEGATED.search(item.words.key):
        return None
    found = _chinese(item.words) if _ROLE.search(item.words.key) else _english(item.words)
    if found is None:
        return None
    lead, helpers, plain, limit = found
    reference = _reference(item)
    if reference is None and helpers:  # "请李雷协办 0001 查水管"
        what = Numbered(Words(fold(helpers[0].what), helpers[0].what)).bare()
        reference = _reference(what)
        helpers = (replace(helpers[0], what=what.words.said), *helpers[1:]) if reference else helpers
    return Sharing(lead, helpers, reference, plain or reference is not None, limit)


def _item(text: str) -> Numbered | None:
    item = commanded(clean(text).lstrip("/#"))
    if not item.references and (
        head := re.match(
            r"(?:[a-z]+(?: force| done| part(?: of)?)?|[\u3400-\u9fff]{1,4})[ :]+(?=\d{4}(?!\d))", item.words.key
        )
    ):
        bare = item.words.part(head.end())
        number = bare.key[:4]
        item = Numbered(item.words.without(head.end(), head.end() + 4), (number,))
    return item if item.words.key else None


_Found: TypeAlias = tuple[str | None, tuple[Helper, ...], bool, str | None]


def _chinese(words: Words) -> _Found | None:
    head = _HEAD.match(words.key)
    body = words.part(head.end()) if head else words
    plain = head is not None and head["plain"] is not None
    roles = list(_ROLE.finditer(body.key))
    first = roles[0].start()
    if first > 22:
        return None
    said = body.said
    lead: str | None = None
    limit: str | None = None
    helpers: list[Helper] = []
    if first == 0:  # "主办 张伟 协办 李雷 查水管": the role before the name
        for role, following in zip(roles, [*roles[1:], None], strict=True):
            piece = said[role.end() : following.start() if following else None].strip(" ,;、:，；：。.")
            who, _, what = _cut(piece)
            if role[1]:
                lead, limit = who or None, take_own_limit(what)[0]
            elif who:
                helpers.append(_helper(who, what))
        return (lead, tuple(helpers), True, limit) if helpers else None
    names: list[str] = []
    ends = 0
    cuts: list[int] = []
    for role in roles:  # "张伟 主办，李雷 协办 查水管": the name is the last word before its role
        before = said[ends : role.start()].rstrip(" 来")
        name = re.search(r"@?[^\s,，;；、。.:：@]{1,20}$", before)
        if name is None:
            return None
        names.append(name[0].lstrip("@"))
        cuts.append(ends + name.start())
        ends = role.end()
    for index, role in enumerate(roles):
        until = cuts[index + 1] if index + 1 < len(roles) else None
        what = said[role.end() : until].strip(" ,;、:，；：。.")
        if role[1]:
            lead, limit = names[index], take_own_limit(what)[0]
        else:
            helpers.append(_helper(names[index], what))
    return (lead, tuple(helpers), plain or "@" in said[:ends], limit) if helpers else None


def _cut(piece: str) -> tuple[str, str, str]:
    found = re.match(r"@?([^\s,，;；、:：@]{1,20})[\s,，;；、:：]*", piece)
    return (found[1], "", piece[found.end() :]) if found else ("", "", piece)


def _helper(who: str, what: str) -> Helper:
    words = Words(fold(what), what)
    limit, rest = take_limit(words) if len(fold(what)) == len(what) else (None, words)
    left = _BY.sub("", rest.said).strip(" ,，。.;；") if limit else what
    left = re.sub(r"(?:^|[ ,])(?:within|by|in|限)$", "", left).strip()
    return Helper(who, left, limit)


def _english(words: Words) -> _Found | None:
    found = _WITH.match(words.key) or _ASSIST.match(words.key)
    if found is None:
        return None
    said = words.said
    rest = said[slice(*found.span("rest"))]
    helpers = []
    for piece in _split(rest):
        one = _ONE_EN.match(fold(piece))
        if one is None:
            return None
        helpers.append(
            _helper(piece[slice(*one.span("who"))].lstrip("@"), piece[slice(*one.span("what"))].rstrip(" ."))
        )
    groups = found.groupdict()
    lead = groups.get("lead")
    limit = take_own_limit(groups["limit"])[0] if groups.get("limit") else None
    return (said[slice(*found.span("lead"))].lstrip("@") if lead else None), tuple(helpers), True, limit


def _split(rest: str) -> list[str]:
    folded, pieces, last = fold(rest), [], 0
    for found in _NEXT_EN.finditer(folded):
        pieces.append(rest[last : found.start()])
        last = found.end()
    return [*pieces, rest[last:]]


# ── ending a part, going on without it ────────────────────────────────────────────────────────────────────────────────


_UNSHARE: Final = regex(
    r"(?:取消协办|结束协办|撤销协办|不用协办了?|"
    r"end (?:the )?part(?: of)?|release the part of)[ :]*(?P<who>@?\S{1,20})[ ,]*(?P<why>.*)"
)
_CONFIRM: Final = regex(r"(?:确认办结|不等协办了?(?:直接办结)?|confirm done|go on without(?: the parts)?)[ .!]*")


@dataclass(frozen=True, slots=True)
class Named:
    """A command about somebody, or something that was done. who: a name, or empty. text: what else was said."""

    who: str
    text: str
    reference: str | None = None


def unshared(text: str) -> Named | None:
    """Return whose part is no longer needed: "取消协办 0001 李雷 原因"."""
    item = _item(text)
    found = _UNSHARE.fullmatch(item.words.key) if item is not None else None
    if item is None or found is None:
        return None
    said = item.words.said
    return Named(said[slice(*found.span("who"))].lstrip("@"), said[slice(*found.span("why"))], _reference(item))


def confirmed(text: str) -> Named | None:
    """Return which complaint is done although parts of others are open: "确认办结 0001"."""
    item = _item(text)
    if item is None or _CONFIRM.fullmatch(item.words.key) is None:
        return None
    return Named("", "", _reference(item))


def _reference(item: Numbered) -> str | None:
    return item.references[0] if item.references else None


# ── steps of a plan ───────────────────────────────────────────────────────────────────────────────────────────────────


_DONE: Final = (
    r"(?:已经?)?(?:全部)?(?:完成|做完|办完|办好|做好|弄好|搞定|落实|结束)(?:了|啦)?"
    r"|(?:is |was |has been )?(?:done|finished|completed?)"
)
_STEP: Final = regex(
    rf"(?:步骤|第|step)[ :]*(?P<n>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})"
    rf"[ 步:]*(?:步)?[ :,]*(?:{_DONE})(?=$|[ ,.;:!])[ ,.;:!]*(?P<note>.*)"
)
_DIGITS: Final = {char: n for n, char in enumerate("一二三四五六七八九十", 1)}


@dataclass(frozen=True, slots=True)
class Ticked:
    """A step of the plan that is said to be carried out."""

    number: int
    note: str
    reference: str | None = None


def step_done(text: str) -> Ticked | None:
    """Return which step of a plan is said to be done: "步骤1完成", "step 2 done, painted twice". Never what is not done yet."""
    item = _item(text)
    found = _STEP.fullmatch(item.words.key) if item is not None else None
    if item is None or found is None or answers.is_question(item.words.key):
        return None
    note = item.words.said[slice(*found.span("note"))]
    if note and progress.stage(fold(note)) in (Stage.NOT_DONE, Stage.ASKED, Stage.UNDER_WAY):
        return None
    said = found["n"]
    number = int(said) if said.isdigit() else _DIGITS.get(said, 0)
    return Ticked(number, note, _reference(item)) if number else None


# ── evidence, cause ───────────────────────────────────────────────────────────────────────────────────────────────────


_SIGNED: Final = regex(
    r"(?:这是|附上?|上传|客户)?(?:已?签(?:字|收|名)(?:单|确认单|确认书|的?单子|确认)|签好字的单子"
    r"|signed (?:statement|form|paper|receipt)|"
    r"(?:the )?customer(?:'s)? signature)(?=$|[ ,.:;!])[ ,.:;!]*(?P<text>.*)"
)
_CAUSE: Final = regex(r"(?:根本原因|根因|原因|root cause|cause)(?:是|为| is)?[ :,]+(?P<cause>.+)", re.DOTALL)
_RESPONSIBLE: Final = regex(
    r"(?:责任方|责任人|责任单位|责任|responsible(?: party)?|responsibility)(?:是|为|在| is| lies with)?[ "
    r":,]+(?P<who>.+)",
    re.DOTALL,
)


_OF_NUMBER: Final = regex(rf"(?:for |of |no\.? ?|number |[#(]| )*(?P<number>{ANY})(?![\d-])[ ,.:;!)]*")


def signed(text: str) -> Named | None:
    """Return that a file shows a statement signed by the customer: "签字单", "signed statement 0001"."""
    item = _item(text)
    found = _SIGNED.fullmatch(item.words.key) if item is not None else None
    if item is None or found is None:
        return None
    said = item.words.said[slice(*found.span("text"))]
    if not item.references and (number := _OF_NUMBER.match(fold(said))):
        return Named("", said[number.end() :], number["number"].upper())
    return Named("", said, _reference(item))


@dataclass(frozen=True, slots=True)
class Causes:
    """What it came from and who is responsible, in words; either may be empty."""

    cause: str
    responsible: str
    reference: str | None = None


def causes(text: str) -> Causes | None:
    """Return the cause and who is responsible: "原因 密封圈老化 责任 施工单位", "cause worn seal responsible contractor"."""
    item = _item(text)
    if item is None or answers.is_question(item.words.key):
        return None
    key, said = item.words.key, item.words.said
    second = next((m for m in _RESPONSIBLE.finditer(key) if m.start() == 0 or key[m.start() - 1] in " ,.;:\n"), None)
    first = _CAUSE.match(key)
    if first is None and (second is None or second.start() != 0):
        return None
    responsible = said[slice(*second.span("who"))].strip(" ,.;，。；") if second else ""
    cause = ""
    if first is not None:
        cause = said[first.start("cause") : second.start() if second else None].strip(" ,.;，。；")
    elif second is not None and (later := re.search(r"[ ,.;，。；](?:根因|原因|cause)[ :：是]+", responsible)):
        cause, responsible = responsible[later.end() :], responsible[: later.start()].strip(" ,.;，。；")
    return Causes(cause, responsible, _reference(item))


_RESPONSIBLE_TOLD: Final = regex(
    r"(?:^|[ ,.;:\n]+|(?<=了))(?:主要|全部|这个?|and )?(?:the )?"
    r"(?:责任方|责任人|责任单位|责任|responsible(?: party)?|responsibility|fault)(?:主要|应该|应当|应|全|都|也)?"
    r"(?:(?:是|为|在于?|归|属于?| is| lies with)(?: with)?[ :,]*|[ :,]+)(?P<who>\S.*)",
    re.DOTALL,
)
_CAUSE_TOLD: Final = regex(r"(?:根本原因|根因|原因|(?:the )?(?:root )?cause)(?:就是|是|为|在于| is| was)?[ :,]*")


def causes_told(text: str) -> Causes | None:
    """Return what answers our question for them in a sentence: "原因是漏下单了，责任在采购部"; None where nobody is named."""
    words = Words(fold(text), text)
    second = _RESPONSIBLE_TOLD.search(words.key)
    if second is None:
        return None
    before = text[: second.start()]
    lead = _CAUSE_TOLD.match(words.key[: second.start()])
    cause = before[lead.end() :] if lead is not None else before
    return Causes(cause.strip(" ,.;，。；"), text[second.start("who") :].strip(" ,.;，。；"))


_RESPONSIBLE_ALONE: Final = regex(
    r"(?:这事?|这件事|主要|责任|应该?|全|都|[ ,])*(?:由|归|算)(?P<by>[^,.;!?]{1,20}?)"
    r"(?:来)?(?:全权|全部|主要)?(?:负责|承担|担责|负全责|的责任)"
    r"(?:吧|了|的)*"
    r"|(?:主要|应该?|这是|是|[ ,])*(?P<whose>[^,.;!?的是]{1,12}?)(?:来)?(?:负责|承担责任|担责|负全责|的责任)(?:吧|了)*"
    r"|(?:it'?s |it is |that'?s |that is )?(?P<en>(?:the |our )?[a-z][a-z.-]*(?: [a-z.-]+){0,2}?)"
    r"(?:(?: is|'s| are)(?: fully| solely| to be)?"
    r" (?:responsible|to blame|at fault|liable)|'s? (?:responsibility|fault))"
)


def responsible_alone(text: str) -> str:
    """Return who is responsible, where an answer says nothing besides: "由老吴负责", "Wu is responsible"; else ""."""
    said = clean(text).strip(" .!。！")
    key = fold(said)
    found = _RESPONSIBLE_ALONE.fullmatch(key) if len(key) == len(said) else None
    name = next((name for name in ("by", "whose", "en") if found is not None and found[name]), "")
    return said[slice(*found.span(name))].strip() if found is not None and name else ""


# ── as the grammar's readings ─────────────────────────────────────────────────────────────────────────────────────────


def asked_to_share(words: Words) -> Reading | None:
    """Return a plain command that shares the work out, as ASSIGN with `helpers`."""
    said = shared(words.said)
    if said is None or not said.plain:
        return None
    helpers = [
        {"who": each.who, "what": each.what} | ({"limit": each.limit} if each.limit else {}) for each in said.helpers
    ]
    return Verb.ASSIGN, _known(reference=said.reference, who=said.lead, helpers=helpers)


def told_of_step(words: Words) -> Reading | None:
    """Return a step of the plan that is done, as REPORT with its number."""
    said = step_done(words.said)
    return None if said is None else (Verb.REPORT, _known(reference=said.reference, step=said.number, text=words.said))


def told_cause(words: Words) -> Reading | None:
    """Return a cause and who is responsible, as REASON."""
    said = causes(words.said)
    if said is None:
        return None
    return Verb.REASON, _known(reference=said.reference, cause=said.cause, responsible=said.responsible)


def _known(**told: object) -> dict[str, object]:
    return {key: value for key, value in told.items() if value not in (None, "")}
