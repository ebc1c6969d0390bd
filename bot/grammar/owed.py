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
    EDIT = "edit"
    UNDO = "undo"
    TICK = "tick"
    CHORES = "chores"


@dataclass(frozen=True, slots=True)
class OwedSaid:
    """A command. id: of a report or a chore, 0 where none is said. text: a note to a report, what was found in a book. named:
    "box" or "book", where that is said. nothing: nothing was found. whole: `text` with the number before it, which may have
    been its first word. unclear: it may ask for another change than a remark.
    """

    said: Said
    id: int = 0
    text: str = ""
    named: str = ""
    nothing: bool = False
    whole: str = ""
    unclear: bool = False


_REPORTS: Final = regex(
    r"(?:待发|未发|要发的?)报告|报告(?:清单|列表)|(?:list )?(?:reports|reports to send|list of reports)"
)
_SEND: Final = regex(
    r"(?:发送|发出|上报|提交)(?:报告|报表|保修记录表)[ :]*(?:#?(?P<id>\d{1,6})(?:号)?(?:[ ,:]+(?P<note>.+))?)?"
    r"|(?:send|release|submit) (?:the )?report(?: |:)*(?:#?(?P<id_en>\d{1,6})(?:[ ,:]+(?P<note_en>.+))?)?"
)
_A_REPORT: Final = r"(?:报告|报表|半月报|月报|季报|保修记录表)"
_A_REPORT_EN: Final = r"(?:the |this |that |my )?(?:draft )?report"
_EDIT: Final = regex(
    rf"(?:请|帮我|麻烦)?(?:修改|改一下|改|编辑|更改)(?:一下)?(?:这份|这个|草稿)?{_A_REPORT}(?:草稿)?(?P<rest>$|[ ,:].*)"
    rf"|(?:please |pls )?(?:edit|amend|revise|change) {_A_REPORT_EN}(?P<rest_en>$|[ ,:].*)"
)
_ADD: Final = regex(
    rf"(?:请|帮我|麻烦)?[在给往]?(?:这份|这个)?{_A_REPORT}(?:草稿)?(?:里面?|后面|上|末尾)?再?(?:"
    r"(?:加上?|添上?|补充?|附上?|写上?)(?:个|一个)?(?:[一两几]句话?|[一两几]条|附言|备注|说明)(?P<rest>.*)"
    r"|(?:加上|补充|附言|备注|加|添|写上)(?P<apart>$|[ ,:].*))"
    r"|(?:please |pls )?add (?:(?:a |one |another |this )?(?:line|note|remark|sentence|comment) |this |that )?"
    rf"to {_A_REPORT_EN}(?P<rest_en>$|[ ,:].*)"
    rf"|in {_A_REPORT_EN},? (?:please |pls )?(?:add|mention|write)(?: that)?(?P<in_en>[ ,:].*)"
)
_WORD_OF_ADDING: Final = regex(
    r"(?:请|再)?(?:加上?|添上?|补充|附上?)(?:(?:[一两几][句条]话?|附言)[ ,:]*|[ ,:]+)|add(?: a (?:line|note|remark))? ?: *"
)
_LAST: Final = r"(?:(?:最后|末尾|上|刚才|刚加)(?:面)?(?:那|的)?(?:[一1]?[句条个])?(?:话|附言|备注)?|附言)"
_LAST_EN: Final = r"(?:(?:the |my )?(?:last|latest)(?: (?:one|line|remark|note|sentence|comment))?|it|that)"
_UNDO: Final = regex(rf"(?:删除|删掉|删|去掉|撤回|撤销)[ :,]*{_LAST}?|(?:delete|remove|undo|take back)(?: {_LAST_EN})?")
_UNDO_IN: Final = regex(
    rf"(?:删除|删掉|去掉){_A_REPORT}(?:里|后面)?的?(?:{_LAST})|{_A_REPORT}(?:里|后面)?(?:删除|删掉|去掉){_LAST}"
    rf"|(?:delete|remove) {_LAST_EN} (?:from|of|in) {_A_REPORT_EN}"
)
_OTHER_CHANGE: Final = regex(r"(?:删|去掉|撤|把|将|改|换)|(?:delete|remove|undo|take|change|replace|correct|drop)\b")
_ITS_ID: Final = regex(
    r"(?:#?(?P<id>[1-9]\d{0,5})(?:号(?![楼门栋线])|(?=[ ,:]|$))(?! ?[件起宗份单条栋号楼层户个天次月日年%])[ ,:]*)?(?P<rest>.*)"
)
_PICKED: Final = regex(r"(?:第|报告|report|no\.?|number)? ?#?(?P<id>[1-9]\d{0,5}) ?(?:号|个)?(?:报告)?")
_LEFT_ALONE: Final = regex(
    r"(?:算了|不用了?|不加了?|不改了?|取消|没有了?|cancel|never ?mind|forget it|no|none|nothing|leave it)(?:吧|了|thanks| )*"
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
    if edited := _edited(said, key):
        return edited
    ticked = _TICK.fullmatch(key)
    if ticked is None:
        return None
    rest = said[ticked.start("rest") :].strip(_EDGES)
    named = "box" if ticked["box"] else "book" if ticked["book"] else ""
    return OwedSaid(Said.TICK, int(ticked["id"] or 0), rest, named, nothing_found(rest))


def _edited(said: str, key: str) -> OwedSaid | None:
    """Return what is to be said with a report: "改报告 3 …" may ask for more than a remark, "报告加一句 …" does not."""
    flat, said = key.replace("\n", " "), said.replace("\n", " ")
    if _UNDO_IN.fullmatch(flat.strip(_EDGES)):
        return OwedSaid(Said.UNDO)
    added = _ADD.fullmatch(flat)
    found = added or _EDIT.fullmatch(flat)
    if found is None:
        return None
    start = next(found.start(group) for group in found.re.groupindex if found[group] is not None)
    start += len(flat[start:]) - len(flat[start:].lstrip(_EDGES))
    whole = said[start:].strip()
    numbered = _ITS_ID.fullmatch(flat[start:].rstrip())
    if numbered is None:
        return None
    id, rest = int(numbered["id"] or 0), numbered["rest"]
    if _UNDO.fullmatch(rest.strip(_EDGES)):
        return OwedSaid(Said.UNDO, id)
    text = whole[numbered.start("rest") :]
    if added is None and (adds := _WORD_OF_ADDING.match(rest)):
        return OwedSaid(Said.EDIT, id, text[adds.end() :], whole=text[adds.end() :])
    unclear = added is None and _OTHER_CHANGE.match(rest) is not None
    return OwedSaid(Said.EDIT, id, text, whole=whole, unclear=unclear)


def report_picked(text: str) -> int:
    """Return the number of the report that words pick and nothing else; 0 for others."""
    found = _PICKED.fullmatch(clean(text).casefold().strip(_EDGES))
    return int(found["id"]) if found is not None else 0


def left_alone(text: str) -> bool:
    """Say whether words take back that anything was to be added."""
    return _LEFT_ALONE.fullmatch(clean(text).casefold().strip(_EDGES)) is not None


def nothing_found(text: str) -> bool:
    """Say whether words tell that nothing was found."""
    return _NOTHING.fullmatch(clean(text).casefold().strip(_EDGES)) is not None
