"""Whether what a customer's words propose is so, said in a sentence: "那个不属实 他说气话", "true, get on with it". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.grammar import answers, arguments
from bot.grammar.arguments import EDGES, Words, commanded
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex

_LONGEST: Final = 80  # characters
_INVALID: Final = regex(
    r"无效|不成立|不予?受理|不予处理|\b(?:invalid|unfounded|unsubstantiated|unjustified|void)\b"
    r"|\bnot (?:a )?(?:valid|justified|upheld|substantiated)\b|\b(?:dismiss|no case)\b"
)
_UNTRUE: Final = regex(
    r"(?:不|并非|非)属实|不实(?![际用])|不是真的|(?:没有?|不是)(?:那么|这么)(?:严重|紧急|夸张|急|回事)|夸大|言过其实"
    r"|\bnot (?:really |quite |actually )?(?:so\b(?! much| far| sure| long| good| fast| quick)|true\b"
    r"|(?:that|as|so) (?:bad|serious|grave|severe|urgent)\b)"
    r"|\b(?:isn'?t|wasn'?t|ain'?t) (?:really |quite |actually )?"
    r"(?:so\b|true\b|(?:that|as|so) (?:bad|serious|grave|severe|urgent)\b)"
    r"|\b(?:untrue|exaggerat(?:ed|es|ing|ion))\b"
)
_TRUE: Final = regex(
    r"属实|(?<!不)是真的|确有其事|\b(?:it|that|this)(?:'?s| is| was) (?:indeed |really |quite |all )?true\b|^(?:yes )?true\b"
)
_GRADED: Final = regex(r"(?:定|按|改|算|降|作|\b(?:make|call|grade|keep) it|\bit'?s)(?:成|为|作|到)?(?=[^,.;]{0,6})")
_ONE: Final = re.compile(
    r"^\W*(?P<zh>[\u3400-\u9fff]{2,8}?)的?[那这][个件事单]|^\W*(?:the|that) (?P<en>(?!other\b|last\b|new\b|same\b)[a-z]{3,16}) "
    r"(?:one|case|thing|threat|story|business)\b",
    re.IGNORECASE,
)
_OVER: Final = regex(
    r"(?<!没)(?<!没有)(?:救|放|弄|接|走|跑)?出来了|(?<![没未])(?:脱困|脱险|获救|救出|解除|扑灭)|没事了|安全了|虚惊"
    r"|\b(?:rescued|freed|safe(?:ly)?|out now|already out|got out|are out|is out|over now|all clear|put out)\b"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """so: whether it is as the words propose. text: all that was said but the number. severity: what it is to be instead.
    about: a word for the complaint that is meant, "记者那个".
    """

    so: bool
    text: str
    reference: str | None = None
    severity: str = ""
    about: str = ""


def verdict(said: str) -> Verdict | None:
    """Return what words find of what was proposed; None for a question, for "not valid", and for all else."""
    item = commanded(said)
    key = item.words.key.strip(EDGES)
    if not key or len(key) > _LONGEST or answers.is_question(key) or _INVALID.search(key):
        return None
    untrue = _UNTRUE.search(key)
    if untrue is None and not _TRUE.search(key):
        return None
    found = _ONE.match(clean(item.words.said))
    severity = ""
    if untrue is not None and (graded := _GRADED.search(item.words.key, untrue.end())):
        severity = arguments.take_severity(item.words.part(graded.end()))[0] or ""
    text = item.words.said.strip(EDGES + "，。")
    about = "" if found is None else found["zh"] or found["en"] or ""
    return Verdict(untrue is None, text, item.references[0] if item.references else None, severity, about)


def finds_invalid(said: str) -> bool:
    """Say whether words themselves find a complaint not valid, and not merely untrue or exaggerated."""
    return _INVALID.search(fold(clean(said))) is not None


def is_over(said: str) -> bool:
    """Say whether words tell that the danger is over: "属实 人已经救出来了" confirms no danger that goes on."""
    return _OVER.search(fold(clean(said))) is not None


def bare(said: str) -> bool:
    """Say whether a finding says nothing besides itself: then it gives no reason."""
    key = Words(fold(clean(said)), said).key
    rest = _TRUE.sub("", _UNTRUE.sub("", key))
    return not re.sub(r"[那这个件事]|\b(?:it|that|this|is|was|the|yes|no)\b|'s|[\W_]", "", rest)
