"""Command words about playbooks: looked at, set in motion, ticked off step by step. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.grammar import arguments, progress
from bot.grammar.arguments import commanded, numbered
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex
from bot.grammar.progress import Stage
from complaints.numbers import ANY


class Said(StrEnum):
    """What is wanted of a playbook."""

    SHOW = "show"
    BEGIN = "begin"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Playbook:
    """A command. which: words of its title. step, note: which was done, and what is said of it."""

    said: Said
    which: str = ""
    step: int = 0
    note: str = ""
    reference: str | None = None


_BEGIN: Final = regex(
    r"(?:请|现在|马上|立即|立刻|需要)*(?:启动|激活|启用|触发)(?P<zh>[^,.;!?\d]{0,12}?)(?:应急|处置)*预案"
    r"|(?:please )?(?:activate|launch|start|trigger|invoke)(?: the| our)?(?P<en>(?: [a-z]+){0,3}?)"
    r"(?: emergency)? (?:plan|playbook)(?: (?:for|of|on))?(?![a-z])"
)
_SHOW: Final = regex(
    r"(?:查看|看看?|显示|打开)?(?:应急|处置)*预案|(?:show )?(?:me )?(?:the )?playbooks?(?: (?:for|of|on))?(?![a-z])"
)
_STEP: Final = regex(
    r"(?:第|步骤|step ?)(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3}) ?步?[ ,:]*"
    r"(?:已?经?(?:完成|办完|做完|做了|做好|办了|办好|弄好|搞定)了?|(?:is )?(?:done|finished|completed))?[ ,:]*(?P<note>.*)"
)
_BARE_STEP: Final = regex(
    rf"[ #]*(?:(?:{ANY})(?!\d)[ ,:的]*)?(?:第|步骤|step ?)(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}}) ?步?[ ,:]*"
    r"(?!.{0,60}[?吗])"
)
_EDGES: Final = " .,!~;:"
_LONGEST: Final = 300


def step_said(text: str) -> Playbook | None:
    """Return the step that words begin with which do not say whose it is: "0004 第1步做好了，现场已围起来"."""
    if _BARE_STEP.match(fold(clean(text))) is None:
        return None
    found = about_playbook(f"预案 {clean(text)}")
    return found if found is not None and found.said is Said.STEP else None


def about_playbook(text: str) -> Playbook | None:
    """Return what is wanted of a playbook; None where the words begin with anything else, or go on to something else.

    "预案 0007", "启动油品质量异议预案 0007", "预案 0007 第2步 已留样", "playbook 0007 step 2 done, sample kept".
    """
    said = clean(text).lstrip("/#* ")
    if len(said) > _LONGEST:
        return None
    item = commanded(said)
    words = item.words
    head = _BEGIN.match(words.key) or _SHOW.match(words.key)
    if head is None:
        return None
    rest = words.part(head.end())
    if not item.references:
        item = numbered(rest).bare()
        rest = item.words
    reference = item.references[0] if item.references else None
    key = rest.key.strip(_EDGES)
    if "zh" in head.groupdict():
        which = (head["zh"] or head["en"] or "").strip()
        return None if key else Playbook(Said.BEGIN, which, reference=reference)
    if not key:
        return Playbook(Said.SHOW, reference=reference)
    step = _STEP.match(rest.key.lstrip(_EDGES))
    if step is None:
        return None
    shift = len(rest.key) - len(rest.key.lstrip(_EDGES))
    told = rest.part(shift + step.start("note"))
    if reference is None and (later := numbered(told).bare()).references:
        reference, told = later.references[0], later.words
    note = told.said.strip(_EDGES + "，。；：")
    if note and progress.stage(fold(note)) in (Stage.NOT_DONE, Stage.ASKED):
        return None
    number = arguments.number(step["n"])
    return Playbook(Said.STEP, step=number, note=note, reference=reference) if number else None
