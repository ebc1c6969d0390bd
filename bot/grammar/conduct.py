"""Command words about what a complaint means for colleagues: proposals, what becomes of them, courses. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.grammar.arguments import commanded, numbered
from bot.grammar.folding import clean
from bot.grammar.patterns import regex


class Said(StrEnum):
    """What is wanted."""

    PENALTY = "penalty"
    REWARD = "reward"
    COURSE = "course"
    LIST = "list"
    DECIDE = "decide"
    LEARNED = "learned"
    LOG = "log"
    APPRAISAL = "appraisal"
    APPRAISALS = "appraisals"
    CAUSES = "causes"


@dataclass(frozen=True, slots=True)
class Conduct:
    """A command. text: who and what, or why, or the result of an exam, as it was written. id: of a proposal; days: of which the
    causes are counted. period: of grades, as it was written.
    """

    said: Said
    text: str = ""
    id: int = 0
    days: int = 0
    approved: bool = False
    reference: str | None = None
    period: str = ""


_HEADS: Final = (
    (Said.PENALTY, r"(?:建议|提请|申请|提议)(?:处罚|扣奖|处分|批评)|propose (?:a )?penalty(?: for| after)?"),
    (Said.REWARD, r"(?:建议|提请|申请|提议)(?:奖励|表扬|嘉奖)|propose (?:a )?(?:reward|praise)(?: for| after)?"),
    (Said.COURSE, r"(?:安排|建议)(?:培训|学习)|assign (?:a )?(?:course|training)(?: for| after)?"),
    (Said.LEARNED, r"(?:培训|学习|课程)(?:已?完成|学完了?|结业)|(?:training|course) (?:done|finished|taken)"),
    (Said.LOG, r"培训(?:记录|台账|档案)|training (?:log|records?)"),
)
_HEAD: Final = regex("|".join(f"(?P<{said}>(?:{words}))" for said, words in _HEADS))
_CAUSES: Final = regex(
    r"(?:原因(?:统计|分析|分布|归类)|causes? (?:statistics|stats|count|report))[ ,:]*"
    r"(?:(?:最近|近|last )?(?P<days>\d{1,3}) ?(?:天|days?)?)?"
)
_APPRAISAL: Final = regex(
    r"(?:(?P<all>考评(?:名单|汇总|全部|清单)|appraisals|all appraisals)|(?:我的)?考评(?:结果)?|(?:my )?appraisal(?: of)?)"
    r"(?P<who>(?:[ :]+(?!\d{4}-)[^\d:]{1,30}?)?)(?:[ ,:]+(?P<period>\d{4}-(?:\d\d|q[1-4])))?"
)
_LIST: Final = regex(r"奖惩(?:建议|列表|清单)?|(?:conduct|proposals)(?: list)?")
_DECIDE: Final = regex(
    r"(?:奖惩|conduct|proposal) ?(?P<id>\d{1,6})(?:号|条)?[ ,:]*"
    r"(?:(?P<no>不同意|不批准|驳回|否决|拒绝|reject(?:ed)?|no|disagree)|(?P<yes>同意|批准|通过|核准|approved?|yes|agree))"
    r"(?P<note>(?![a-z]).*)?"
)
_EDGES: Final = " .,!:;，。：；"


def about_conduct(text: str) -> Conduct | None:
    """Return what is wanted; None where the words begin with anything else.

    "建议处罚 0007 张伟 扣奖200元", "奖惩 3 同意", "conduct 3 reject not their fault", "培训完成 85分".
    """
    said = clean(text).lstrip("/#* ")
    words = commanded(said)
    if not words.references:  # its own number would be taken for a complaint's
        whole = numbered(words.words).words
        if decided := _DECIDE.fullmatch(whole.key):
            note = whole.part(decided.start("note")).said.strip(_EDGES) if decided["note"] else ""
            return Conduct(Said.DECIDE, note, int(decided["id"]), approved=bool(decided["yes"]))
        if counted := _CAUSES.fullmatch(whole.key.strip(_EDGES)):
            return Conduct(Said.CAUSES, days=int(counted["days"] or 0))
        if graded := _APPRAISAL.fullmatch(whole.key.strip(_EDGES)):
            which = Said.APPRAISALS if graded["all"] else Said.APPRAISAL
            who = whole.said.strip(_EDGES)[slice(*graded.span("who"))].strip(_EDGES)
            return Conduct(which, who, period=(graded["period"] or "").upper())
        if _LIST.fullmatch(whole.key.strip(_EDGES)):
            return Conduct(Said.LIST)
    head = _HEAD.match(words.words.key)
    if head is None or head.lastgroup is None:
        return None
    what, rest = Said(head.lastgroup), words.words.part(head.end())
    if what in (Said.LEARNED, Said.LOG):
        return Conduct(what, rest.said.strip(_EDGES))
    item = words if words.references else numbered(rest).bare()
    rest = rest if words.references else item.words
    return Conduct(what, rest.said.strip(_EDGES), reference=item.references[0] if item.references else None)
