"""Command words about reports that are to be sent, and books and boxes of suggestions that were read. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.grammar.folding import clean
from bot.grammar.patterns import regex


class Said(StrEnum):
    """What is wanted."""

    SEND = "send"
    REPORTS = "reports"
    TICK = "tick"
    CHORES = "chores"


@dataclass(frozen=True, slots=True)
class OwedSaid:
    """A command. id: of a report or a chore, 0 where none is said. text: a note to a report, what was found in a book. named:
    "box" or "book", where that is said. nothing: nothing was found.
    """

    said: Said
    id: int = 0
    text: str = ""
    named: str = ""
    nothing: bool = False


_REPORTS: Final = regex(
    r"(?:待发|未发|要发的?)报告|报告(?:清单|列表)|(?:list )?(?:reports|reports to send|list of reports)"
)
_SEND: Final = regex(
    r"(?:发送|发出|上报|提交)(?:报告|报表|保修记录表)[ :]*(?:#?(?P<id>\d{1,6})(?:号)?(?:[ ,:]+(?P<note>.+))?)?"
    r"|(?:send|release|submit) (?:the )?report(?: |:)*(?:#?(?P<id_en>\d{1,6})(?:[ ,:]+(?P<note_en>.+))?)?"
)
_CHORES: Final = regex(r"(?:查阅|意见簿|意见箱)(?:记录|台账|统计)|(?:book|chore)s? (?:log|record)s?")
_TICK: Final = regex(
    r"(?:(?P<box>意见箱(?:已经?|都)?(?:开箱?|打开|查|看)过?了?|(?:已经?|今天|刚)?(?:打?开|查|看)(?:了|过)?意见箱了?|已开箱"
    r"|(?:i |we )?(?:opened|checked) the (?:suggestion )?box)"
    r"|(?P<book>意见簿(?:已经?|都)?(?:查阅|查看|查|看|翻)(?:过|完)?了?|(?:已经?|今天|刚)?(?:查阅|查看|查|看|翻)(?:了|过|完)?意见簿了?"
    r"|(?:i |we )?(?:checked|read) the (?:suggestion )?book)"
    r"|(?P<plain>已查阅?|查过了|(?:i )?checked))"
    r"(?: *#?(?P<id>[1-9]\d{0,5})(?![\d\w]))?(?P<rest>(?! *#?\d{4})$|[ ,.:;!].*)"
)
_NOTHING: Final = regex(
    r"(?:里面|今天|今日|本周|本月|都)?(?:没有?|无|空的?)(?:新的?|任何)?(?:意见|留言|投诉|内容|情况|记录|东西|信|条)?了?|没什么"
    r"|nothing(?: new| found| in it)?|none|empty|no (?:new )?(?:entry|entries|complaints?|suggestions?|letters?)"
)
_EDGES: Final = " \t\n,.!:;，。：；！"


def about_owed(text: str) -> OwedSaid | None:
    """Return what is wanted; None where they begin with anything else: "发送报告 3", "已查意见簿 没有", "checked 3 nothing"."""
    said = clean(text).lstrip("/#* ").strip()
    key = said.casefold().replace("，", ",").replace("。", ".").replace("：", ":").replace("；", ";").replace("！", "!")
    bare = key.strip(_EDGES)
    if _REPORTS.fullmatch(bare):
        return OwedSaid(Said.REPORTS)
    if _CHORES.fullmatch(bare):
        return OwedSaid(Said.CHORES)
    if sends := _SEND.fullmatch(bare):
        id, note = sends["id"] or sends["id_en"] or "0", sends["note"] or sends["note_en"] or ""
        return OwedSaid(Said.SEND, int(id), said.strip(_EDGES)[-len(note) :] if note else "")
    ticked = _TICK.fullmatch(key)
    if ticked is None:
        return None
    rest = said[ticked.start("rest") :].strip(_EDGES)
    named = "box" if ticked["box"] else "book" if ticked["book"] else ""
    return OwedSaid(Said.TICK, int(ticked["id"] or 0), rest, named, nothing_found(rest))


def nothing_found(text: str) -> bool:
    """Say whether words tell that nothing was found."""
    return _NOTHING.fullmatch(clean(text).casefold().strip(_EDGES)) is not None
