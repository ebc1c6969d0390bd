"""Command words about a task force: formed, added to, looked at, dissolved; its minutes and what members report. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.grammar import answers
from bot.grammar.arguments import Words, commanded
from bot.grammar.folding import clean
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import regex
from complaints.numbers import FULL


class Said(StrEnum):
    """What is wanted of a task force."""

    FORM = "form"
    ADD = "add"
    STATE = "state"
    DISSOLVE = "dissolve"
    MINUTES = "minutes"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Force:
    """A command. members: names, without `@`; commander: a name, or empty. text: minutes, a report or a reason."""

    said: Said
    members: tuple[str, ...] = ()
    commander: str = ""
    text: str = ""
    reference: str | None = None


_NO: Final = rf"(?P<no>{FULL}|#?\d{{4,6}}(?!\d))?"
_GAP: Final = r"[ :,，。.]*"
_GROUP: Final = r"(?:(?:专案|专项)(?:工作|处理|整治)?(?:小?组|专班)|(?:工作)?专班)"
_READS: Final = (
    r"(?:请|我想|想|要|再|帮我)*(?:查看|查阅|看|读|翻)(?:看|一下|下|上次的?|的)*"
    r"|(?:please |can you |could you |can i |may i )?(?:show|read|see|send|get|give)(?: me| us)?(?: again)? "
)
_HEADS: Final = (
    (Said.DISSOLVE, rf"(?:解散|撤销|取消){_GROUP}|{_GROUP}解散|(?:dissolve|disband|end) (?:the )?task ?force"),
    (
        Said.ADD,
        rf"(?:加入|增加|补充){_GROUP}(?:成员)?|{_GROUP}(?:加人|增加|加入|添加)|(?:add to|join) (?:the )?task ?force|task "
        r"?force add",
    ),
    (
        Said.FORM,
        rf"(?:成立|组建|启动|设立?|建立)(?:一?个)?{_GROUP}|(?:form|set up|start|create) (?:a |the )?task ?force(?: for| on)?",
    ),
    (
        Said.MINUTES,
        rf"(?:(?P<read>{_READS}))?(?:会议纪要|纪要|(?:the )?(?:last |meeting )?minutes(?: (?:of|for)(?= ))?)",
    ),
    (Said.REPORT, r"专案汇报|汇报|brief(?:ing)?|report to the task ?force"),
    (Said.STATE, rf"{_GROUP}|task ?force(?: for)?"),
)
_HEAD: Final = regex("|".join(f"(?P<{said}>{words})" for said, words in _HEADS) + r"")
_AFTER: Final = regex(rf"{_GAP}{_NO}{_GAP}")
_COMMANDER: Final = regex(
    r"[ ,;，；、]*(?:总?指挥|指挥官|组长|"
    r"commander|commanded by|led by|lead)(?:是|为|由| is)?[ :：]*(?P<who>@?[^\s,，;；、.。]+(?: [a-z][a-z'-]*)?)",
    re.IGNORECASE,
)
_BETWEEN: Final = regex(r"[\s,，;；、@和及]+|\band\b")
_ADDED: Final = regex(r"(?:加|增加|加上|添加|add)[ :：]*")
_NO_NAME: Final = regex(r"成员|members?|with|还没|没有?|吗|呢|进展|情况")


def about_force(text: str) -> Force | None:
    """Return what is wanted of a task force; None where the words begin with anything else.

    "成立专案组 0001 @王主管 @李部长 指挥 刘总", "task force 0001 Tom, Ann; commander Lee", "会议纪要 0001 …".
    """
    item = commanded(clean(text).lstrip("/#"))
    words = item.words
    head = _HEAD.match(words.key)
    if (
        head is None
        or head.lastgroup is None
        or (
            re.match(r"[a-z\u3400-\u9fff]", words.key[head.end() : head.end() + 1])
            and (not _COMMANDER.match(words.key[head.end() :]))
        )
    ):
        return None
    what = Said(head.lastgroup)
    after = _AFTER.match(words.key, head.end())
    assert after is not None, "it may match nothing"
    number = item.references[0] if item.references else (after["no"] or "").lstrip("#").upper() or None
    rest = words.part(after.end())
    if what is Said.MINUTES and head["read"]:
        return Force(what, reference=number)
    if what in (Said.MINUTES, Said.REPORT, Said.DISSOLVE):
        return Force(what, text=rest.said, reference=number)
    if answers.is_question(words.key):
        return Force(Said.STATE, reference=number) if what is Said.STATE else None
    return _with_people(what, rest, number)


def _with_people(what: Said, rest: Words, number: str | None) -> Force | None:
    said, commander = rest.said, ""
    if found := _COMMANDER.search(said):
        commander = found["who"].lstrip("@")
        said = said[: found.start()] + " " + said[found.end() :]
    if added := _ADDED.match(said.strip()):
        what, said = Said.ADD if what is Said.STATE else what, said.strip()[added.end() :]
    said = re.sub(r"^\s*(?:成员|members?|with)[ :：]*", "", said, flags=re.IGNORECASE)
    pieces = (
        re.split(r"[,，;；、@]|\band\b|和|及", said)
        if re.search(r"[a-z]", said, re.IGNORECASE)
        else _BETWEEN.split(said)
    )
    members = tuple(name for piece in pieces if (name := piece.strip(" .。")))
    if any(len(name) > 24 or _NO_NAME.search(name) for name in members):
        return None  # a sentence that speaks of a task force
    if not members and not commander:
        return Force(Said.STATE if what is Said.STATE else what, reference=number)
    return Force(Said.FORM if what is Said.STATE else what, members, commander, reference=number)


def called_up(words: Words) -> Reading | None:
    """Return what is wanted of a task force as the grammar's reading; what a member reports is an ordinary report."""
    said = about_force(words.said)
    if said is None or said.said is Said.REPORT:
        return None
    told: dict[str, object] = {"reference": said.reference, "said": said.said.value, "commander": said.commander}
    told |= {"members": list(said.members), "text": said.text}
    return Verb.TASK_FORCE, {key: value for key, value in told.items() if value}
