"""Mail addresses and the names beside them, in every form that clients write, legal or not.

Own code because the standard library's reading gives up or garbles on what real clients send: names with commas or dots
and no quotes, encoded words inside quotes, raw Chinese, full-width brackets, addresses without brackets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from itertools import islice

from connectors.characters import Characters
from connectors.email.charsets import decode
from connectors.email.words import decode_words, tidy_line
from connectors.port import Party

_MAX_FIELD = 32_768  # characters of a field that are read: enough for a thousand recipients
_LONGEST_NAME = 200
_LONGEST_ADDRESS = 320
_ADDRESS_CHARS = r"[^\s<>@,;:()\"\[\]\\（），；：＜＞《》【】“”]"
_ADDRESS = re.compile(rf"({_ADDRESS_CHARS}{{1,320}}@(?:{_ADDRESS_CHARS}{{1,320}}|\[[\w.:]{{2,60}}\]))")
_QUOTED_LOCAL = re.compile(r'"(?:[^"\\\s<>]|\\.| ){1,200}"@[^\s@<>,;]{1,255}')
# What ends or begins something; all between two of these is one piece.
_SPECIAL = re.compile(
    r"=\?[^?\s=]{1,64}\?(?:[bB]\?[^?<>]*+|[qQ]\?(?:[^?=<>]++|=(?!\?[^=])|\?(?!=))*+)\?="
    r'|<(?P<angle>[^<>]*+)(?P<closed>>?)|["(,;:，；]'
)
# What most programs write: `name <address>` or an address, with nothing in it that could mean anything else.
_USUAL = re.compile(
    r"(?:([^\"<>(),;:@\\\x80-\U0010ffff]*)<([\w.+-]+@[\w-]+(?:\.[\w-]+)*)>|([\w.+-]+@[\w-]+(?:\.[\w-]+)*))\s*", re.A
)
_UNCLOSED = re.compile(rf"[^,;]{{0,{_LONGEST_ADDRESS}}}")
_MOST_PIECES = 50
_BRACKETS = Characters(str.maketrans("＜＞〈〉﹤﹥", "<><><>"))
_MARKS = Characters(str.maketrans("＠﹫", "@@"))
_CLOSERS = re.compile(r'\\.|["()]', re.S)
_TO_BACKSLASH = re.compile(r'(["\\])')
_WITH_BACKSLASH = r"\\\1"
_BACKSLASHED = re.compile(r"\\(.)", re.S)
_EMPTY_BRACKETS = re.compile(r"《\s*》|\[\s*\]|<\s*>|【\s*】|[（(]\s*[)）]")
_MAILTO = re.compile(r"\bmailto:", re.I)
_SOURCE_ROUTE = re.compile(r"^\s*@[^:<>]*:")


@lru_cache(maxsize=16)  # one mail's From is asked for several times, by different judges
def first_address(value: bytes | str) -> Party | None:
    """Return the first address of a From or Reply-To field, in any form, legal or not; None where there is none."""
    return next(mailboxes(value), None)


def addresses(values: Iterable[bytes | str], limit: int = 200) -> tuple[str, ...]:
    """Return every address named in some fields, each once, in order."""
    found: dict[str, None] = {}
    named = (party.address for value in values for party in mailboxes(value))
    for address in islice(named, 10 * limit):
        found[address] = None
        if len(found) >= limit:
            break
    return tuple(found)


def mailboxes(value: bytes | str) -> Iterator[Party]:
    """Yield each mailbox of an address field; what has no address in it is no mailbox."""
    text = (decode(value) if isinstance(value, bytes) else value)[:_MAX_FIELD].translate(_BRACKETS)
    if "@" not in text and "＠" not in text and "=?" in text:
        text = decode_words(text)  # the whole field was encoded, address and all
    if usual := _USUAL.fullmatch(text):
        local, _, domain = (usual[2] or usual[3]).partition("@")
        if len(local) + len(domain) < _LONGEST_ADDRESS:
            yield Party(f"{local}@{domain.lower()}", display_name(usual[1] or ""))
            return
    has_groups = ";" in text
    draft = _Draft()
    for kind, piece in _pieces(text):
        if kind is _Kind.SEPARATOR:
            if party := draft.finished():
                yield party
                draft = _Draft()
            elif (piece == ":" and has_groups) or len(draft.said) > _MOST_PIECES:
                draft = _Draft()  # the name of a group; or nothing that anybody is called
            else:
                draft.said.append(piece)  # a comma inside a name
        elif kind is _Kind.ANGLE:
            address = clean_address(piece)
            if draft.address and address:  # two mailboxes with nothing between them
                begun = _Draft(said=draft.said[draft.before :])
                draft.said = draft.said[: draft.before]
                yield Party(draft.address, draft.name())
                draft = begun
            if address:
                draft.address, draft.before = address, len(draft.said)
            else:
                draft.said.append(piece)
        elif kind is _Kind.COMMENT:
            draft.comments.append(piece)
            draft.said.append(f"({piece})")  # to most who write one it is a part of the name
        else:
            if kind is _Kind.QUOTED:
                draft.quoted.add(len(draft.said))
            draft.said.append(piece)
    if party := draft.finished():
        yield party


class _Kind(Enum):
    WORDS = auto()
    QUOTED = auto()
    ANGLE = auto()
    COMMENT = auto()
    SEPARATOR = auto()


@dataclass(slots=True)
class _Draft:
    """A mailbox while it is read. said: its pieces outside brackets; quoted: which of them stood in quotes; before: how
    many stood before the address.
    """

    address: str = ""
    before: int = 0
    said: list[str] = field(default_factory=list)
    quoted: set[int] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)

    def finished(self) -> Party | None:
        return Party(self.address, self.name()) if self.address else self._without_brackets()

    def name(self) -> str:
        name = display_name("".join(self.said))
        return (
            self._comment() if name in ("", *(f"({tidy_line(decode_words(each))})" for each in self.comments)) else name
        )

    def _without_brackets(self) -> Party | None:
        """Find the address among the words: `zhang@qq.com (张三)`, `张三 zhang@qq.com`, `"a b"@qq.com`."""
        for index in self.quoted:
            if "".join(self.said[index + 1 : index + 2]).startswith("@"):
                address = clean_address(
                    f'"{_TO_BACKSLASH.sub(_WITH_BACKSLASH, self.said[index])}"{self.said[index + 1]}'
                )
                return Party(address) if address else None
        plain = "".join(piece for index, piece in enumerate(self.said) if index not in self.quoted)
        for source in (plain, "".join(self.said), " ".join(self.comments)):
            if "@" not in source and "＠" not in source:
                continue
            source = _MAILTO.sub(" ", source.translate(_MARKS))
            match = _ADDRESS.search(source)
            if match is not None and (address := clean_address(match[1])):
                around = _MAILTO.sub(" ", "".join(self.said).translate(_MARKS)).replace(match[1], " ", 1)
                return Party(address, self._comment() or display_name(around))
        return None

    def _comment(self) -> str:
        return next((name for name in map(display_name, self.comments) if name and "@" not in name), "")


def _pieces(text: str) -> Iterator[tuple[_Kind, str]]:
    """Cut a field into its pieces. Linear, whatever is never closed."""
    position = 0
    unclosed: set[str] = set()
    while match := _SPECIAL.search(text, position):
        start, position = match.span()
        before = text[match.pos : start]
        if before:
            yield _Kind.WORDS, before
        mark = text[start]
        if mark == "=":
            yield _Kind.WORDS, match[0]
        elif mark == "<":
            inside = match["angle"]
            if not match["closed"]:
                inside = _match_of(_UNCLOSED, inside)
                position = start + 1 + len(inside)
            yield _Kind.ANGLE, inside
        elif mark not in '"(':
            yield _Kind.SEPARATOR, mark
        else:
            end = -1 if mark in unclosed else _closing(text, start)
            if end < 0:
                unclosed.add(mark)
                continue
            position = end + 1
            inside = _BACKSLASHED.sub(r"\1", text[start + 1 : end])
            yield (_Kind.COMMENT if mark == "(" else _Kind.QUOTED), inside
    if position < len(text):
        yield _Kind.WORDS, text[position:]


def _match_of(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.match(text)
    return match[0] if match else ""


def _closing(text: str, start: int) -> int:
    """Return where the quote or the (nested) comment that begins at `start` is closed, -1 where it never is."""
    depth = 0
    quotes = text[start] == '"'
    for match in _CLOSERS.finditer(text, start):
        mark = match[0]
        if mark == '"' and quotes and match.start() > start:
            return match.start()
        if not quotes and mark in "()":
            depth += 1 if mark == "(" else -1
            if not depth:
                return match.start()
    return -1


def display_name(text: str) -> str:
    """Return a readable name: unquoted, decoded, one line."""
    text = tidy_line(decode_words(text.strip().strip(";,: ")))
    text = _EMPTY_BRACKETS.sub(" ", text).strip("\"'“”‘’ ;,，；:：")
    if text.count("<") != text.count(">"):
        text = text.strip("<>")
    return tidy_line(text)[:_LONGEST_NAME].strip()


def clean_address(text: str) -> str:
    """Return an address with its domain in lower case, `""` where the text is none."""
    text = _SOURCE_ROUTE.sub("", _MAILTO.sub("", decode_words(text))).strip(" \t<>'") if text else ""
    if not text.isascii():
        text = _narrow(text)
    if _QUOTED_LOCAL.fullmatch(text):
        local, _, domain = text.rpartition("@")
        return f"{local}@{domain.lower()}"
    match = _ADDRESS.search(tidy_line(text).replace(" ", ""))
    if match is None:
        return ""
    local, _, domain = match[1].rpartition("@")
    local, domain = local.strip("'"), domain.strip(".'").lower()
    return f"{local}@{domain}" if local and domain and len(local) + len(domain) < _LONGEST_ADDRESS else ""


def _narrow(text: str) -> str:
    """Return full-width letters, dots and brackets as the plain ones they stand for; other scripts stay."""
    text = text.translate(_MARKS)
    local, at, domain = text.rpartition("@")
    return unicodedata.normalize("NFKC", local) + at + unicodedata.normalize("NFKC", domain).replace("。", ".")
