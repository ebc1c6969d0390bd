"""What complaints are about, as data: packs of categories, and the guess that a customer's own words allow.

A pack is a TOML file: a table is a category of level 1, a table inside it one of level 2, whose code is `LEVEL1.part`.
`packs/` holds those that ship with the package, a company adds its own folder. A guess saves a question; a person at the
desk may always correct it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from complaints.bribery import takes
from complaints.characters import simplified
from complaints.errors import PolicyError
from complaints.patterns import deferred
from complaints.vocabulary import Kind

SHIPPED: Traversable = files("complaints") / "packs"
OTHER = "OTHER"
_NAME = deferred(r"[a-z0-9][a-z0-9-]{0,62}")
_LEVEL_1 = deferred(r"[A-Z][A-Z0-9_]{0,30}")
_LEVEL_2 = deferred(r"[a-z][a-z0-9_]{0,30}")
_LOCALES = ("zh", "en")
_KEYS = (*_LOCALES, "keywords", "aside", "gifts")
WORDS = ("example", "home", "place", "where")
"""What a pack may say in its own words: a complaint as a customer would write it, what tells where they live, what is asked for
so that they are found, and the question where it happened.
"""
_KEPT = 64  # texts whose category is remembered: several ask for it while one message is understood
_READ = 4000  # characters of a message that a guess looks at: what it is about stands at its beginning


@dataclass(frozen=True, slots=True)
class Category:
    """What a complaint can be about. code: `QUAL`, or `QUAL.leak` with parent `QUAL`. keywords: what people write.

    aside: said of almost anything ("and nobody came"), so it counts only where nothing else is told. gifts: that somebody of us
    takes money or gifts, which is what it is about whatever they came to mend.
    """

    code: str
    names: Mapping[str, str]
    parent: str | None
    keywords: tuple[str, ...]
    aside: bool = False
    gifts: bool = False


@dataclass(frozen=True)
class Pack:
    """The categories of a trade, in the order of its file; the last resort is always `OTHER`.

    words: by language, how its customers are spoken to (`WORDS`); the rest is said as a property company says it.
    owners: a caller is asked whether they own or rent (R-013); so says the file, else a pack that has no word for `home`.
    """

    name: str
    categories: tuple[Category, ...]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    owners: bool = True

    def guess(self, text: str) -> str:
        """Return the code that the words of `text` speak for most, the part where one is told; `OTHER` where none does.

        Each keyword counts once, by its length: a longer one says more. The earlier category wins a tie.
        """
        return self._guessed(text[:_READ])

    @cached_property
    def _guessed(self) -> Callable[[str], str]:
        return lru_cache(_KEPT)(self._guess)

    def _guess(self, text: str) -> str:
        of_gifts = next((category.code for category in self.categories if category.gifts), None)
        if of_gifts is not None and takes(text):
            return of_gifts
        pattern, code_of = self._matcher
        found = {match[match.lastgroup or 0] for match in pattern.finditer(_folded(text))}
        keywords = {keyword for keyword in found if not self._by_code[code_of[keyword]].aside} or found
        weights: dict[str, int] = {}
        for keyword in keywords:
            code = code_of[keyword]
            for counted in {code, code.partition(".")[0]}:
                weights[counted] = weights.get(counted, 0) + len(keyword)
        main = self._heaviest(None, weights)
        return OTHER if main is None else self._heaviest(main, weights) or main

    def label(self, code: str, locale: str) -> str:
        """Return the category's name in that language, else in English; a code that the pack does not have, as it is."""
        category = self._by_code.get(code)
        return code if category is None else category.names.get(locale, category.names["en"])

    def names(self, locale: str) -> dict[str, str]:
        """Return what each category is called in that language, by code."""
        return {category.code: self.label(category.code, locale) for category in self.categories}

    def _heaviest(self, parent: str | None, weights: Mapping[str, int]) -> str | None:
        codes = [c.code for c in self.categories if c.parent == parent and c.code in weights]
        return max(codes, key=lambda code: weights[code], default=None)  # of equals, max takes the first

    @cached_property
    def _by_code(self) -> Mapping[str, Category]:
        return {category.code: category for category in self.categories}

    @cached_property
    def _matcher(self) -> tuple[re.Pattern[str], Mapping[str, str]]:
        code_of = {_folded(keyword): category.code for category in self.categories for keyword in category.keywords}
        # Latin words are whole words, give or take an ending; Chinese knows no spaces.
        latin = _any(keyword for keyword in code_of if keyword[0].isascii())
        other = _any(keyword for keyword in code_of if not keyword[0].isascii())
        pattern = rf"(?<![a-z0-9])(?P<latin>{latin})(?:'?s|es|ed|ing)?(?![a-z0-9])|(?P<other>{other})"
        return re.compile(pattern), code_of


def _any(keywords: Iterable[str]) -> str:
    """Return a pattern for any of them, longest first, branching by the first character: most places end there."""
    by_first: dict[str, list[str]] = {}
    for keyword in sorted(keywords, key=lambda keyword: (-len(keyword), keyword)):
        by_first.setdefault(keyword[0], []).append(re.escape(keyword[1:]))
    if not by_first:
        return "(?!)"
    branches = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_first.items())
    return f"(?=[{re.escape(''.join(by_first))}])(?:{branches})"


def _folded(text: str) -> str:
    return simplified(unicodedata.normalize("NFKC", text)).casefold().replace("\u2019", "'")


def available(directories: Sequence[Path] = ()) -> list[str]:
    """Return the names of all packs, a company's own and the shipped ones."""
    names = {entry.name.removesuffix(".toml") for entry in SHIPPED.iterdir() if entry.name.endswith(".toml")}
    for directory in directories:
        names |= {path.stem for path in (directory / "packs").glob("*.toml")}
    return sorted(names)


@cache
def shipped_codes() -> frozenset[str]:
    """Return the codes of every category of every pack that ships."""
    return frozenset(category.code for name in available() for category in load_pack(name).categories)


def load_pack(name: str, directories: Sequence[Path] = ()) -> Pack:
    """Return the pack `name`, a company's own before the shipped one. Raises PolicyError naming file, key and cure."""
    if not _NAME.fullmatch(name):
        raise PolicyError(f"pack {name!r}: a pack's name is made of a-z, 0-9 and '-'")
    candidates: list[Path | Traversable] = [directory / "packs" / f"{name}.toml" for directory in directories]
    for source in (*candidates, SHIPPED / f"{name}.toml"):
        if source.is_file():
            try:
                return parse(tomllib.loads(source.read_text(encoding="utf-8-sig")), name)
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise PolicyError(f"pack {name}: {source} is not valid TOML: {error}") from None
    raise PolicyError(f"pack {name!r} does not exist: choose one of {', '.join(available(directories))}")


def parse(data: Mapping[str, Any], name: str) -> Pack:
    """Return the pack that `data`, as read from TOML, describes."""
    categories: list[Category] = []
    for code, values in data.items():
        if code in ("source", "words", "owners"):
            continue
        where = f"pack {name}.{code}"
        if not _LEVEL_1.fullmatch(code):
            raise PolicyError(f"{where}: the code of a category is made of A-Z, 0-9 and '_', such as QUAL")
        categories.append(_category(code, None, values, where))
        parts = {key: part for key, part in values.items() if key not in _KEYS}
        for key, part in parts.items():
            if not isinstance(part, dict) or not _LEVEL_2.fullmatch(key):
                near = difflib.get_close_matches(key, _KEYS, 1)
                hint = f"did you mean {near[0]}?" if near else "a part is a table such as [QUAL.leak]"
                raise PolicyError(f"{where}.{key} is unknown: {hint}")
            unknown = sorted(part.keys() - set(_KEYS))
            if unknown:
                near = difflib.get_close_matches(unknown[0], _KEYS, 1)
                hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(_KEYS)}"
                raise PolicyError(f"{where}.{key}.{unknown[0]} is unknown: {hint}")
            categories.append(_category(f"{code}.{key}", code, part, f"{where}.{key}"))
    if not any(category.code == OTHER for category in categories):
        raise PolicyError(f"pack {name}.{OTHER} is missing: add it, for what fits nowhere else")
    _refuse_doubles(name, categories)
    words = data.get("words", {})
    said = read_words(words, f"pack {name}.words")
    owners = data.get("owners", "home" not in words)
    if not isinstance(owners, bool):
        raise PolicyError(f"pack {name}.owners must be true or false")
    return Pack(name, tuple(categories), said, owners)


def read_words(table: Any, where: str) -> Mapping[str, Mapping[str, str]]:
    """Return by language what is said in words of its own. Raises PolicyError."""
    if not isinstance(table, dict):
        raise PolicyError(f"{where} must be a table")
    for key, said in table.items():
        if key not in WORDS:
            raise PolicyError(f"{where}.{key} is unknown: known keys: {', '.join(WORDS)}")
        if not isinstance(said, dict) or not _in_languages(said):
            raise PolicyError(
                f'{where}.{key} must be said in a language or both, as in {key} = {{ zh = "…", en = "…" }}'
            )
    told = {key: _in_languages(said) for key, said in table.items()}
    return MappingProxyType(
        {locale: MappingProxyType({key: said[locale] for key, said in told.items()}) for locale in _LOCALES}
    )


def _in_languages(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what is said in each language, in the other's words where only one says it; nothing where a word is none."""
    said = {locale: values[locale] for locale in _LOCALES if locale in values}
    if not said or not all(isinstance(word, str) and word.strip() for word in said.values()):
        return {}
    return {locale: said.get(locale, next(iter(said.values()))).strip() for locale in _LOCALES}


def _category(code: str, parent: str | None, values: Any, where: str) -> Category:
    if not isinstance(values, dict):
        raise PolicyError(f"{where} must be a table")
    names = _in_languages(values)
    if not names:
        raise PolicyError(f'{where}: give the category a name, zh = "…" or en = "…", or both')
    keywords = values.get("keywords", [])
    if not isinstance(keywords, list) or not all(isinstance(word, str) and word.strip() for word in keywords):
        raise PolicyError(f"{where}.keywords must be a list of words")
    aside = values.get("aside", False)
    if not isinstance(aside, bool):
        raise PolicyError(f"{where}.aside must be true or false")
    gifts = values.get("gifts", False)
    if not isinstance(gifts, bool):
        raise PolicyError(f"{where}.gifts must be true or false")
    return Category(code, MappingProxyType(names), parent, tuple(keywords), aside, gifts)


def _refuse_doubles(name: str, categories: Sequence[Category]) -> None:
    seen: dict[str, str] = {}
    for category in categories:
        for keyword in map(_folded, category.keywords):
            if keyword in seen:
                raise PolicyError(
                    f"pack {name}.{category.code}.keywords: {keyword!r} stands under {seen[keyword]} already: keep it once"
                )
            seen[keyword] = category.code


# What may come before the word that says it. Possessive (`*+`): a thousand times "我想要" must not be tried in every split.
_POLITE = (
    r"(?:你好|您好|请问|麻烦|我想要|我想|我要|我们要|我们想|我来|我需要|需要|想|要|申请|请|写一?封|给你们|提一?[个点条]|来一?个"
    r"|[\s,，。.!！:：、#/【\[])*+"
)
_CIVIL = (
    r"(?:hi|hello|please|just|general|i need|we need|i have|i've got|i want to|we want to|i want|i would like to|i'd like to"
    r"|i would like|i'd like|an?\b|my\b|[\s,:])*+"
)
_ALONE = r"(?:[\s:：,，。.!！】\]]|$)"  # the word stands by itself, as a heading does
_TIMES = r"[0-9一二两三四五六七八九十多几半好]+(?:次|天|周|个|遍|回|小时)"
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile("|".join(patterns)))
    for kind, patterns in (
        (
            Kind.REPAIR,
            (
                # Not "报修三次没人来" nor "维修师傅态度差": those complain of the repair.
                rf"{_POLITE}报修(?!了|过|后|都|已|至今|到现在|没|不|电话|{_TIMES})",
                rf"{_POLITE}维修(?:一下|下|申请|服务)?{_ALONE}",
                r"(?:你好|您好|[\s,，])*+(?:我想|我要|我需要|需要|申请|请)(?:你们)?(?:派人|安排人?|上门)*+"
                r"维修(?!师傅|工|人员|费|质量|部|中心)",
                rf"{_CIVIL}(?:repair|maintenance)(?: request| needed| required)?"
                r"(?:\s*[:,.\-]|$| (?:for|to|of|please|on my)\b)",
            ),
        ),
        (
            Kind.CONSULT,
            (
                rf"{_POLITE}咨询(?!电话|台|热线|师|处|中心|人员|窗口|了|过|没|不|都|{_TIMES})",
                rf"{_CIVIL}(?:enquiry|inquiry|question)(?:\s*[:,.\-]|$| (?:about|on|regarding)\b)",
            ),
        ),
        (
            Kind.SUGGESTION,
            (
                rf"{_POLITE}建议(?!箱|没|都|被|了|不采纳|不听|提了|过)",
                rf"{_CIVIL}(?:suggestion(?:\s*[:,.\-]|$| (?:for|to|about)\b)|(?:i |we |may i )?suggest\b)",
            ),
        ),
        (
            Kind.PRAISE,
            (
                rf"{_POLITE}(?:表扬|感谢信|点赞|点个赞)",
                rf"{_CIVIL}(?:praise|compliment|commend|commendation|kudos|thank[- ]you (?:letter|note))\b",
            ),
        ),
    )
)
_FAULT = deferred(r"坏|漏|堵|吵|臭|停|断|故障|涨|乱|脏|骂|打|偷|扰|烟|火|味|虫|裂|霉")
_COMPLAINS = deferred(r"投诉|举报|曝光|骗|维权|\bcomplain|\bcomplaint|\bscam|\bfraud")
_DISCONTENT = deferred(
    # Praise with a "but" in it, or meant bitterly, is no praise.
    r"不|没|未|差|坏|漏|慢|拖|烂|但|可是|却|居然|竟|无语|呵呵|失望|算什么|还好意思|反话|才怪|投诉|垃圾|忽悠"
    r"|n't\b|\bnot\b|\bno\b|\bnever\b|\bnobody\b|\bbut\b|\bhowever\b|\bstill\b|\bbroken|\brude|\bslow"
    r"|\bbad\b|\bworst|\bterrible|\bawful|\buseless|\bfail|\bwaiting\b|\bexcept\b"
    r"|\bjoke\b|\bnothing\b|\bignor"
)


_WHOLLY_PRAISE = deferred(
    r"(?:想|要|来|得|必须|特地|专门)(?:要|来|好好|特别|当面)?(?:表扬|夸)(?:一下|下)?|(?:给|送)[^，。,.!]{0,10}(?:送|写)?(?:一[面封])?(?:锦旗|感谢信)"
    r"|\b(?:want|wanted|like|wish|have|writing|just) to (?:praise|commend|compliment)\b"
    r"|点个?赞[\s!！。.,，~👍]*$|(?:给|为)[^，。,.!]{0,12}(?:点个?赞|好评)|(?:手动|大大的?|必须)点赞"
    r"|(?:good|great|excellent|well) (?:job|work|done)[\s!.]*$|\bthumbs up\b"
)
_WHOLLY_ASKED = deferred(
    r"(?:你好|您好|[\s,，。!！])*(?:请问|想问(?:一?下|问)?|问一?下|咨询一?下)[^。!！]{0,40}"
    r"(?:怎么|如何|怎样|哪里|哪儿|在哪|几点|多少|什么时候|什么时间|能不能|可不可以|可以|需要什么)[^。!！]{0,20}[?？吗呢。\s]*$"
)
_OF_A_CASE = deferred(
    r"(?:来|修|处理|解决|办|回复|上门|赔|退|管|弄)(?:好|完|人|我|一下|[?？吗呢了\s]*$)|多久|还要|进度"
)


def _wholly(folded: str) -> Kind | None:
    """Return praise or a question that says nothing else, by how it ends or begins."""
    if _DISCONTENT.search(folded) or _FAULT.search(folded):
        return None
    if _WHOLLY_PRAISE.search(folded):
        return Kind.PRAISE
    return Kind.CONSULT if _WHOLLY_ASKED.match(folded) and not _OF_A_CASE.search(folded) else None


def guess_kind(text: str) -> Kind:
    """Return what the customer came with, by the explicit word that leads the text; without one, a complaint (R-015).

    A word of discontent outweighs it: a complaint filed as praise or as a question would wait for ever.
    """
    folded = _folded(text[:_READ]).strip()
    if _COMPLAINS.search(folded):
        return Kind.COMPLAINT
    for kind, pattern in _KINDS:
        if pattern.match(folded):
            return Kind.COMPLAINT if kind is Kind.PRAISE and _DISCONTENT.search(folded) else kind
    return _wholly(folded) or Kind.COMPLAINT
