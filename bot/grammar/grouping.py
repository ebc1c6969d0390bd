"""Commands on complaints of one matter: "0002 并入 0001", "拆分 0002", "关联 0001 0002", "不是同一件 0001 0002". Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.arguments import Words
from bot.grammar.meaning import Reading, Verb
from bot.grammar.patterns import regex
from complaints.numbers import ANY

_LONGEST: Final = 200
_N: Final = rf"(?:#|no\.? ?|编号)?({ANY})(?!\d)"
_AND: Final = r"(?: ?(?:和|与|跟|同|及|、|,|&|and|with|to|from) ?| +)"
_WHY: Final = r"(?:[ ,.:;]+(.*))?"
_NOT_ONE: Final = "不是同一(?:件|回)?事?情?|不是一(?:件|回)事|并非同一件"
_COMMANDS: Final[tuple[tuple[Verb, re.Pattern[str]], ...]] = tuple(
    (verb, regex(rf"\W*(?:{pattern})\W*", re.DOTALL))
    for verb, pattern in (
        (Verb.MERGE, rf"(?:把|将)? ?{_N} ?(?:并入|并到|并进|合到|归到|归入|merge into|into) ?{_N}{_WHY}"),
        (Verb.SPLIT, rf"(?:拆分|拆出来?|拆开|分拆|split(?: off)?|take out) ?{_N}{_WHY}"),
        (Verb.SPLIT, rf"(?:把|将) ?{_N} ?(?:拆分|拆出来?|拆开)(?:来)?{_WHY}"),
        (Verb.UNLINK, rf"(?:(?:取消|解除|断开)(?:它们的?)?关联|unlink) ?{_N}{_AND}{_N}{_WHY}"),
        (Verb.LINK, rf"(?:关联|link) ?{_N}{_AND}{_N}{_WHY}"),
        (Verb.LINK, rf"(?:把|将)? ?{_N}{_AND}{_N} ?关联(?:起来|上)?{_WHY}"),
        (Verb.APART, rf"(?:{_NOT_ONE}|not (?:the )?same(?: matter)?) ?{_N}{_AND}{_N}{_WHY}"),
        (Verb.APART, rf"{_N}{_AND}{_N} ?(?:{_NOT_ONE}|are not the same(?: matter)?){_WHY}"),
    )
)  # fmt: skip
_INTO: Final = regex(
    rf"\W*(?:把|将|合并|merge)? ?(?P<those>{_N}(?:{_AND}{_N})+) ?"
    rf"(?:都|全部?|一起|一并|均|all)* ?(?:并入|并到|并进|合到|归到|归入|合并到|merged? into|into) ?{_N}{_WHY}\W*",
    re.DOTALL,
)
_EACH: Final = regex(rf"{ANY}")
_BARE: Final = regex(r"\W*(?:拆分|关联|取消关联|不是同一件事?|split|link|unlink)\W*")
_OF_BARE: Final = {"拆分": Verb.SPLIT, "split": Verb.SPLIT, "关联": Verb.LINK, "link": Verb.LINK}


def grouped(words: Words) -> Reading | None:
    """Return what is to become of which complaints; only where the command is all that is said, but for a reason."""
    key = words.key
    if len(key) > _LONGEST:
        return None
    if (several := _INTO.fullmatch(key)) is not None:
        into, why = several.groups()[-2:]
        those = [each.upper() for each in _EACH.findall(several["those"])]
        listed: dict[str, object] = {"reference": those[0], "into": into.upper(), "also": those[1:]}
        return Verb.MERGE, listed | ({"reason": why.strip()} if why and why.strip() else {})
    for verb, pattern in _COMMANDS:
        found = pattern.fullmatch(key)
        if found is None:
            continue
        *numbers, why = found.groups()
        given: dict[str, object] = {"reference": numbers[0].upper()}
        if len(numbers) > 1:
            given["into" if verb is Verb.MERGE else "other"] = numbers[1].upper()
        return verb, given | ({"reason": why.strip()} if why and why.strip() else {})
    if _BARE.fullmatch(key):
        said = key.strip(" \n\t/#:,.!?")
        verb = _OF_BARE.get(said, Verb.APART if said.startswith("不是") else Verb.UNLINK)
        return verb, {}
    return None
