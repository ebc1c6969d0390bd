"""What a plan offers and on what grounds: its kinds of redress, the money, and the basis in law or contract (R-075, R-078).

The basis is for colleagues: it leaves the words that the customer reads, unless they are to be told it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files

from complaints.parts.work import Redress
from complaints.patterns import deferred

_ARTICLE = r"第\s*[\d一二三四五六七八九十百]{1,5}\s*[条款章项]"
_RULE = rf"(?:》|合同|协议|[法律]|条例|规定|规范|标准|办法|条款|公约|制度|政策|约定|{_ARTICLE})"
_RULE_EN = (
    r"(?:clause|section|article|art\.|paragraph|para\.?|rule|§|contract|agreement|warranty|lease|law|act\b|civil code"
    r"|regulation|standard)"
)
_BASIS = deferred(
    r"(?:^|(?<=[\s，,。；;、.]))(?:"
    r"(?P<told>(?:并?告知(?:客户|业主)?依据|依据\s*[（(]\s*(?:告知|可告知|对客)[^）)]{0,6}[）)]"
    r"|basis\s*\(\s*(?:tell|told)[^)]{0,20}\))\s*[:：]?\s*)"
    # Without a space or a colon it has to end with what a basis can be: "先检测，依据标准更换水泵" is all plan.
    rf"|(?:处理|法律|合同)?依据(?:是|为)?(?:\s*[:：]\s*|\s+(?!的)|(?=[^\s，,。；;]{{0,30}}{_RULE}[。.]?\s*$))"
    r"|(?:on the )?(?:basis|grounds)\s*[:：]\s*"
    rf"|(?=(?:under|as per|according to|pursuant to) (?:the |our |its |their )?{_RULE_EN}))",
    re.IGNORECASE,
)
_ENDS = deferred(r"[\n；;。]|\.\s")
_PARTS = deferred(r"[，,、]\s*|\s+and\s+|\s+(?=[\u3400-\u9fff])")
_EDGES = " \t\r\n，,；;。、"

_DIGITS = {each: value for value, each in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_COUNT = r"\d[\d,，]*(?:\.\d+)?\s?[百千万k]?|[一二两三四五六七八九十百千万零〇]{1,9}"
_SIGN = r"(?:us|hk|au?)?[$¥￥€£]|rmb|cny|usd|hkd|eur|gbp|人民币|港币|美元|欧元"
_UNIT = (
    r"(?:万?元整?|圆|块钱?|角|港币|港元|美元|美金|欧元|英镑|日元|人民币|rmb|cny|yuan|usd|hkd|eur|gbp"
    r"|(?:us |hk )?dollars?|euros?|pounds?|bucks)(?![a-z])"
)
_MONEY = deferred(rf"(?:{_SIGN})\s?(?P<signed>{_COUNT})(?:\s?{_UNIT})?|(?P<named>{_COUNT})\s?{_UNIT}", re.IGNORECASE)
_BARE = deferred(
    r"(?<![\d.])(?P<bare>\d[\d,]*(?:\.\d+)?\s?[百千万]?|[一二两三四五六七八九十]{1,2}[百千万][一二两三四五六七八九十百千零]*)"
    r"(?![\d.]|\s?[个天日号月年周次折%楼层栋户人小时点条款]|[a-z]|\s(?:days?|weeks?|months?|hours?|times?|%)\b)",
    re.IGNORECASE,
)
_THEY_PAY = deferred(
    r"收费|自费|(?:客户|业主|您|自己|对方)(?:自行)?(?:承担|支付|付|出)"
    r"|\b(?:you|they|the customer|the owner) pays?\b|\bat (?:your|their) cost\b",
    re.IGNORECASE,
)
_CLAUSE = deferred(r"[，,。；;\n]+(?!\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of redress. words: how people write of it, in any language; money: a number beside it is money."""

    code: str
    words: re.Pattern[str]
    money: bool


@cache
def kinds() -> tuple[Kind, ...]:
    """Return the kinds, in the order in which they are told."""
    data = tomllib.loads((files("complaints") / "redress.toml").read_text(encoding="utf-8"))
    return tuple(
        Kind(code, re.compile("|".join(each["words"]), re.IGNORECASE), bool(each.get("money", False)))
        for code, each in data.items()
    )


def read(said: str) -> tuple[str, Redress]:
    """Return a plan in the words that its customer reads, and what it offers.

    "减免一个月物业费 赔偿2000元 依据 物业服务合同第12条": all but the last part is for the customer. Where nothing
    else would be left for them, it is no basis but the plan.
    """
    plan, basis, told = _apart(said.strip())
    offered = tuple(each.code for each in kinds() if each.words.search(plan))
    sums = _sums(plan)
    return plan, Redress(offered, "、".join(words for words, _ in sums), _whole(sums), basis, told)


def with_basis(said: str, before: str) -> str:
    """Return better words for a plan, with the basis of those they replace where they name none of their own."""
    old, new = read(before)[1], read(said)[1]
    if new.basis or not old.basis:
        return said
    return f"{said.strip()}\n{'告知依据' if old.basis_told else '依据'}：{old.basis}"


def _apart(said: str) -> tuple[str, str, bool]:
    """Return the words for the customer, the basis, and whether they are to be told it."""
    found = _BASIS.search(said)
    if found is None:
        return said, "", False
    rest = said[found.end() :]
    ends = _ENDS.search(rest)
    basis, after = (rest, "") if ends is None else (rest[: ends.start()], rest[ends.end() :])
    for part in _PARTS.finditer(basis):  # what offers something is the plan going on: "依据 合同第12条，更换水泵"
        if _offers(basis[part.end() :]):
            basis, after = basis[: part.start()], f"{basis[part.end() :]}{rest[len(basis) :]}"
            break
    basis = basis.strip(_EDGES + ".")
    parts = [part for part in (said[: found.start()].strip(_EDGES), after.strip(_EDGES)) if part]
    if not basis or not parts:
        return said, "", False
    told = found["told"] is not None
    if told:
        parts.append(f"{'Basis: ' if found['told'].isascii() else '依据：'}{basis}")
    return "\n".join(parts), basis, told


def _offers(words: str) -> bool:
    return any(each.words.search(words) for each in kinds())


def _sums(plan: str) -> list[tuple[str, Decimal]]:
    """Return the money that the company gives, as it was written and as a number."""
    found: list[tuple[str, Decimal]] = []
    for clause in _CLAUSE.split(plan):
        if _THEY_PAY.search(clause):
            continue
        matches = list(_MONEY.finditer(clause))
        if not matches and any(each.money and each.words.search(clause) for each in kinds()):
            matches = list(_BARE.finditer(clause))
        for match in matches:
            value = _value(next(group for group in match.groups() if group), match[0])
            if value:
                found.append((match[0].strip(), value))
    return found


def _whole(sums: list[tuple[str, Decimal]]) -> int:
    return int(sum((value for _, value in sums), Decimal()))


def _value(count: str, written: str) -> Decimal:
    """Return the number that somebody wrote: "2,000", "1.5万", "两千五百"."""
    count = count.replace(",", "").replace("，", "").replace(" ", "").lower()
    if count[0].isdigit():
        times = {"k": 1000, **_TIMES}.get(count[-1], 1)
        if times == 1 and "万元" in written:
            times = 10_000
        try:
            return Decimal(count.rstrip("百千万k")) * times
        except InvalidOperation:
            return Decimal()
    return Decimal(_chinese(count))


def _chinese(count: str) -> int:
    """Return a number in Chinese numerals; "两千五" is 2500."""
    total, part, digit, last = 0, 0, 0, 1
    for each in count:
        if each in _DIGITS:
            digit, last = _DIGITS[each], 1 if each in "零〇" else last
        elif each == "万":
            total, part, digit, last = (total + part + digit) * 10_000, 0, 0, 10_000
        else:
            part += (digit or 1) * _TIMES[each]
            digit, last = 0, _TIMES[each]
    return total + part + digit * (last // 10 if last > 10 else 1)
