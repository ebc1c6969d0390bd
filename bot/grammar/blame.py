"""What a result says of the cause and of who is responsible: colleagues have fields for it, and no customer reads it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.grammar.folding import clean, fold
from bot.grammar.meaning import Pending, Speaker, Verb
from bot.grammar.patterns import regex
from bot.grammar.understanding import understand

_SOMEBODY: Final = (
    r"(?:\d{1,3}(?:栋|幢|号楼|座|单元|楼|室|-\d)|对门|楼上|楼下|隔壁|邻居|某?(?:业主|住户|租户|租客|商户|家)|前任|施工队"
    r"|装修(?:队|公司))"
)
_CAUSE: Final = regex(
    r"(?:[^,.;\d]{0,6}?(?:根本原因|根因|原因|起因)(?!已|查|找|不明|待|还|未|是什么|了解)(?:主要|应该|经查|就|大概|可能|其实)*"
    r"(?:(?:是|为|在于?|出在|系)[ :]*|[ :]+)|(?:根本原因|根因|原因|起因)$)"
    r"|(?:and |the |main |real |root |it'?s )*(?:cause|reason)(?: of (?:it|this|that))?"
    r"(?:(?: was| is|'s)[ :]+| ?: ?)(?!unknown|found|not )"
    r"|(?:it was |was |and )*caused by "
)
_RESPONSIBLE: Final = regex(
    r"(?:主要|全部|这个?|应该)*(?:责任方|责任人|责任单位|责任)(?!已|心|书|制|险|到人)(?:主要|应该|应|全|都|也)*"
    r"(?:(?:是|为|在于?|归|属于?)[ :]*|[ :]+|$)"
    rf"|(?:都?怪|赖){_SOMEBODY}|(?:由|归)(?=[^,.;]{{1,12}}(?:担责|承担责任|负全责|负责赔))"
    r"|(?:and |the |it was |it'?s |that'?s |is )*(?:fault|responsib(?:le|ility)|blame)(?: party)?"
    r"(?:(?: (?:lies|is|was|of|with|on|goes|to))+ | ?: ?)"
)
_BLAMES: Final = regex(
    rf"(?:其实|就|都)?(?:是|被|由于|因为?|系)[^,.;]{{0,4}}?{_SOMEBODY}[^,.;]{{0,14}}?"
    r"(?:私[自改拉接搭]|乱|偷|故意|擅自|违规|违章|造成|导致|引起|弄[坏堵断]|砸|堵[住了]|扔|倒[了进]|忘)"
    r"|(?:it was |because )?(?:the )?(?:neighbou?rs?|owner|tenant|resident|(?:mr|mrs|ms)\.? [a-z]+)(?: (?:of|in|at) \S+)? "
    r"(?:upstairs |downstairs |next door )?(?:illegally|deliberately|caused|blocked|dumped|tampered|rewired|broke)\b"
)
_DEED: Final = regex(
    r"(?:现在|目前|今天|刚|[ ])*(?:已经?|都|并|换|修|清|装|疏通|补|拆|恢复)"
    r"|(?:now |we |and |have |was )*(?:replaced|fixed|cleared|repaired)\b"
)
_BREAK: Final = regex(r"[,;\n]+|[.!](?= |$)|(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class Told:
    """A result without what is for colleagues alone, and that: the cause, and who is responsible."""

    result: str
    cause: str
    responsible: str


def apart(result: str) -> Told:
    """Take the cause and who is responsible out of a result: "换了阀门，原因是老化，责任在施工单位"."""
    said = clean(result)
    key = fold(said)
    kept: list[str] = []
    fields: dict[str, list[str]] = {"cause": [], "responsible": []}
    field = ""
    for start, end in _clauses(key):
        clause, words = key[start:end], said[start:end]
        if found := _RESPONSIBLE.match(clause):
            field, skip = "responsible", 0 if _BLAMES.match(clause) or clause[:1] in "怪赖都由归" else found.end()
        elif found := _CAUSE.match(clause):
            field, skip = "cause", found.end()
        elif _BLAMES.search(clause):
            field, skip = "cause", 0
        else:
            skip = 0
            if not field or _does(words, clause):
                field = ""
        (fields[field] if field else kept).append(words[skip:].strip())
    if not (fields["cause"] or fields["responsible"]):
        return Told(result, "", "")
    return Told(_joined(kept), _joined(fields["cause"]), _joined(fields["responsible"]))


def names_responsible(said: str) -> bool:
    """Say whether words name a cause with somebody in it, or who is responsible."""
    told = apart(said)
    return bool(told.responsible) or _BLAMES.search(fold(told.cause)) is not None


def _clauses(key: str) -> list[tuple[int, int]]:
    places, start = [], 0
    for found in _BREAK.finditer(key):
        places.append((start, found.start()))
        start = found.end()
    places.append((start, len(key)))
    return [
        (start + len(key[start:end]) - len(key[start:end].lstrip()), end)
        for start, end in places
        if key[start:end].strip()
    ]


def _does(words: str, clause: str) -> bool:
    """Say whether a clause after a cause tells what was done again: all else still belongs to the cause."""
    return bool(_DEED.match(clause)) or understand(words, Speaker.HANDLER, Pending.NONE, guess=False).verb is Verb.DONE


def _joined(parts: list[str]) -> str:
    parts = [part for part in parts if part]
    mark = ", " if all(part.isascii() for part in parts) else "，"
    return mark.join(parts)
