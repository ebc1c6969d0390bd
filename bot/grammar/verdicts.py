"""Whether what a customer's words propose is so, said in a sentence: "那个不属实 他说气话", "true, get on with it". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.grammar import answers, arguments
from bot.grammar.arguments import EDGES, Words, commanded
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import deferred, regex

_LONGEST: Final = 80  # characters
_INVALID: Final = regex(
    r"无效|不成立|不予?受理|不予处理|\b(?:invalid|unfounded|unsubstantiated|unjustified|void)\b"
    r"|\bnot (?:a )?(?:valid|justified|upheld|substantiated)\b|\b(?:dismiss|no case)\b"
)
_IN_PASSING: Final = regex(
    r"\b(?:not|isn'?t|ain'?t|wasn'?t) (?:a )?(?:valid|justified|upheld|substantiated)\b|\bno case\b"
)
"""What is said of a complaint in any sentence; the command is "invalid"."""
_UNTRUE: Final = regex(
    r"(?:不|并非|非)属实|不实(?![际用])|不是真的|(?:没有?|不是)(?:那么|这么)(?:严重|紧急|夸张|急|回事)|夸大|言过其实"
    r"|\bnot (?:really |quite |actually )?(?:so\b(?! much| far| sure| long| good| fast| quick)|true\b"
    r"|(?:that|as|so) (?:bad|serious|grave|severe|urgent)\b)"
    r"|\b(?:isn'?t|wasn'?t|ain'?t) (?:really |quite |actually )?"
    r"(?:so\b|true\b|(?:that|as|so) (?:bad|serious|grave|severe|urgent)\b)"
    r"|\b(?:untrue|exaggerat(?:ed|es|ing|ion))\b"
)
_NOT_GRAVE: Final = regex(
    r"(?:不是|不算|不再|已经不|现在不|不)(?:是|算)?(?:很|太|那么)?(?:紧急|重大|严重|急|热点)"
    r"|\b(?:no longer|not|isn'?t|wasn'?t|never)(?: (?:really|so|that|an?|at all))* ?(?:urgent|critical|severe|serious|major"
    r"|(?:an )?emergency)\b"
)
"""What it is not, or no more: said of how grave it is only where it is said what it is instead."""
_TRUE: Final = regex(
    r"属实|(?<!不)是真的|确有其事|\b(?:it|that|this)(?:'?s| is| was) (?:indeed |really |quite |all )?true\b|^(?:yes )?true\b"
)
_GRADED: Final = regex(
    r"(?:定|按|改|算|降|作|\b(?:make|call|grade|keep)(?: it)?\b|\bit'?s)(?:成|为|作|到)?(?=[^,.;]{0,6})"
)
_ONE: Final = deferred(
    r"^\W*(?P<zh>[\u3400-\u9fff]{2,8}?)的?[那这][个件事单]|^\W*(?:the|that) (?P<en>(?!other\b|last\b|new\b|same\b)[a-z]{3,16}) "
    r"(?:one|case|thing|threat|story|business)\b",
    re.IGNORECASE,
)
_OVER: Final = regex(
    r"(?<!没)(?<!没有)(?:救|放|弄|接|走|跑)?出来了|(?<![没未])(?:脱困|脱险|获救|救出|解除|扑灭)|没事了|安全了|虚惊"
    r"|\b(?:rescued|freed|safe(?:ly)?|out now|already out|got out|are out|is out|over now|all clear|put out)\b"
)

_ONLY_INVALID: Final = regex(
    r"(?:好的?|行|嗯|ok|[ ,])*(?:申诉)?(?:那)?(?:就|还是|应该|仍然?|[ ])*(?:判定?|认定|算|是|为)*"
    r"(?:无效|不成立|不属实|维持(?:原[判来样]?|不变)?(?:判定|认定|结论)?|驳回(?:申诉)?)(?:的|了|吧|[ .!])*"
    r"|(?:ok(?:ay)?|fine|well|then|so|no|[ ,])*(?:(?:it|that)(?:'?s| is)|its)?[ ]*(?:still )?"
    r"(?:invalid|not valid|not justified|unfounded)(?: then)?[ .!]*"
    r"|(?:(?:it|the verdict|that) stands|leave it (?:as it is|invalid)|(?:reject|dismiss|deny) (?:it|the appeal))[ .!]*"
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
    severity = _instead(item.words, untrue)
    if untrue is None and (not_grave := _NOT_GRAVE.search(item.words.key)) is not None:
        severity = _instead(item.words, not_grave)
        untrue = not_grave if severity else None
    if untrue is None and not _TRUE.search(key):
        return None
    found = _ONE.match(clean(item.words.said))
    text = item.words.said.strip(EDGES + "，。")
    about = "" if found is None else found["zh"] or found["en"] or ""
    return Verdict(untrue is None, text, item.references[0] if item.references else None, severity, about)


def _instead(words: Words, untrue: re.Match[str] | None) -> str:
    """Return the severity that is said behind what it is not; empty where none is."""
    graded = None if untrue is None else _GRADED.search(words.key, untrue.end())
    return "" if graded is None else arguments.take_severity(words.part(graded.end()))[0] or ""


def finds_invalid(said: str) -> bool:
    """Say whether words themselves find a complaint not valid, and not merely untrue or exaggerated."""
    return _INVALID.search(fold(clean(said))) is not None


def says_invalid_in_passing(said: str) -> bool:
    """Say whether words find it not valid as anybody says it, and not by the command."""
    return _IN_PASSING.search(fold(clean(said))) is not None


def only_finds_invalid(said: str) -> bool:
    """Say whether words find it not valid, or leave that as it is, and give no reason that its customer could read."""
    return _ONLY_INVALID.fullmatch(" ".join(fold(clean(said)).split())) is not None


def is_over(said: str) -> bool:
    """Say whether words tell that the danger is over: "属实 人已经救出来了" confirms no danger that goes on."""
    return _OVER.search(fold(clean(said))) is not None


def bare(said: str) -> bool:
    """Say whether a finding says nothing besides itself: then it gives no reason."""
    key = Words(fold(clean(said)), said).key
    rest = _TRUE.sub("", _UNTRUE.sub("", key))
    return not re.sub(r"[那这个件事]|\b(?:it|that|this|is|was|the|yes|no)\b|'s|[\W_]", "", rest)
