"""Several matters told in one breath: "the lift stops, the corridor light is out and the neighbour's dog barks all night".

What is told of one another's consequences is one matter: "the kitchen leaks and the floor is ruined". Only ever a suggestion.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Final

from complaints.patterns import deferred
from complaints.taxonomy import OTHER
from complaints.whereabouts import named

_CLAUSE: Final = deferred(
    r"((?:[，。；;,.!！\n、]\s*)?(?:\b(?:and also|and|also|plus)\s|还有|另外|以及|而且|同时)|[，。；;,.!！\n、]+)",
    re.IGNORECASE,
)
_ADDS: Final = deferred(r"还有|另外|以及|而且|同时|\b(?:and|also|plus)\b", re.IGNORECASE)
_ADDS_INSIDE: Final = deferred(r"也|又|还(?!是|没|不|未|算|好)|\b(?:as well|too|either)\b", re.IGNORECASE)
_FOLLOWS: Final = deferred(
    r"\s*(?:把|被|害|导致|造成|弄得|搞得|所以|因此|结果|连带|泡|使得|which|so\b|because|since|it\b|that\b|this\b"
    r"|they\b|now the\b|causing)",
    re.IGNORECASE,
)
_CAUSED: Final = deferred(
    r"泡[坏烂了]|淹|滴到|漏到|渗到|流到|溅到|导致|造成|因为|由于|\b(?:because|due to|through|onto|into|ruin\w*"
    r"|soak\w*|drip\w* on)\b",
    re.IGNORECASE,
)
_AGAIN: Final = deferred(
    r"(?:投诉|反映|打电话|报修|报过|问过|说(?!明)|催)|\b(?:told|called|rang|reported|wrote|complained|asked)\b",
    re.IGNORECASE,
)
_WHO_SAYS: Final = deferred(
    r"(?:^|(?<=[\s，。；;,.!！、]))(?:(?:刚才|刚刚?|今天|另外|还有|又|再就是|再有|同时)\s?){0,3}有?一?[个位名]?(?:老|年轻的?)?"
    r"(?:\d{1,4}[栋幢座号单元楼]{1,2}\d{0,4}(?:室|号)?的?)?"
    r"(?P<who>[\u4e00-\u9fff](?:先生|女士|小姐|阿姨|大姐|大爷|大妈|大叔|太太|老师|奶奶|爷爷)|阿姨|大爷|大妈|大姐|大叔|老人家?|奶奶|爷爷"
    r"|业主|住户|客户|顾客|租户|居民|家长|男的|女的|小伙子?|小姑娘|人|(?<=一[个位])|(?<=[还又]有[个位]))"
    r"[ ,，]?(?:\+?\d[\d -]{6,14}\d)?[ ,，]?"
    r"(?:刚才|刚刚?|今天|也|又|还|跟我|和我|对我|打电话|来电|过来|来){0,3}(?:说|讲|反映|告诉我|投诉|报修|称)[:：，,\s]?"
    r"|\b(?:and |also |then |, )*(?P<en>(?:mr|mrs|ms|miss|dr)\.? [a-z'-]+"
    r"|an?(?:other)?(?: (?:old|young|angry|elderly|other|second))?"
    r" (?:lady|man|woman|guy|girl|boy|gentleman|couple|mother|father|mum|dad|customer|client|guest|patient|resident|tenant"
    r"|owner|neighbou?r|one)|some(?:one|body)(?: else)?)"
    r"(?: (?:just|also|in|from|of|at|flat|room|block|unit|rang|called|\+?\d[\d-]{0,14}[a-z]?,?)){0,5}"
    r" (?:says?|said|told (?:me|us)|tells (?:me|us)|complains?|complained|reports|reported)\b(?: that\b)?",
    re.IGNORECASE,
)
"""Whose words follow, where somebody tells what others said."""
_JOINS: Final = deferred(r"^(?:(?:and|also|then)\s+|另外[，,\s]*(?=还?有|一))+", re.IGNORECASE)
_TITLES = frozenset(
    {"先生", "女士", "小姐", "阿姨", "大姐", "大爷", "大妈", "大叔", "太太", "老师", "奶奶", "爷爷", "mr", "mrs", "ms", "miss",
     "dr"}
)  # fmt: skip
_LEAST = 4  # characters of a clause that tells of something
_READ = 400
_MOST = 6


def matters(text: str, guess: Callable[[str], str]) -> tuple[str, ...]:
    """Return the clauses that each tell of a matter of their own, in the words that were said; () where there is but one, or
    nothing says that another is added.

    guess: the category of words, by the pack in use.
    """
    if _CAUSED.search(text[:_READ]) is not None:
        return ()
    found: list[str] = []
    things: set[str] = set()
    kinds: set[str] = set()
    added = False
    pieces = ["", *_CLAUSE.split(text[:_READ])]
    for before, clause in zip(pieces[::2], pieces[1::2], strict=True):
        said = clause.strip()
        if len(said) < _LEAST or _FOLLOWS.match(said) or _AGAIN.search(said):
            continue
        of = named(said).things
        if not of:
            continue
        if of & things:
            return ()  # more about what was told before
        kind = guess(said)
        if kind in kinds and kind != OTHER:
            return ()
        found.append(said)
        added = added or (len(found) > 1 and (_ADDS.search(before) or _ADDS_INSIDE.search(said)) is not None)
        things |= of
        kinds.add(kind)
    return tuple(found[:_MOST]) if added else ()


def by_person(text: str, guess: Callable[[str], str]) -> tuple[str, ...]:
    """Return what each of several persons said of a matter of their own, in the words of whoever tells it; () where it is not
    sure that there are several of both: "有个阿姨说门禁坏了 还有个大爷说健身器材断了".

    guess: as above.
    """
    told = list(_WHO_SAYS.finditer(text[:_READ]))
    if len(told) < 2 or len(text) > _READ or _CAUSED.search(text) is not None:
        return ()
    begins = [0, *(found.start() for found in told[1:]), len(text)]
    pieces = [_JOINS.sub("", text[begin:end].strip(" \t\n，。；;,、")) for begin, end in itertools.pairwise(begins)]
    who = [(found["who"] or found["en"] or "").casefold() for found in told]
    named_ones = [each for each in who if each[1:] in _TITLES or each.split(".")[0].split(" ")[0] in _TITLES]
    if len(set(named_ones)) < len(named_ones):
        return ()  # one of them says two things
    things: set[str] = set()
    for begin, found, end in zip(begins, told, begins[1:], strict=False):
        said = text[max(begin, found.end()) : end].strip()
        of = named(said).things
        if len(said) < _LEAST or of & things or not (of or guess(said) != OTHER):
            return ()
        things |= of
    return tuple(pieces[:_MOST])
