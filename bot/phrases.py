"""Canned words (话术): imported from a file, and filled with the facts of a case.

Their placeholders are a closed set of words in braces. They are filled in one go, so a value that looks like a placeholder
stays what it is; and only words that the service centre keeps are ever filled: a customer's text is no template.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from bot.storage import tools
from bot.storage.database import Database
from bot.storage.work import Work
from bot.tabular import read_each, read_lines
from bot.words import Vocabulary, known_locale, templates_dir
from complaints.errors import ComplaintError

PLACEHOLDERS: Mapping[str, str] = {
    "编号": "number", "单号": "number", "number": "number",
    "姓名": "name", "客户": "name", "name": "name",
    "时限": "due", "期限": "due", "due": "due",
    "地点": "place", "地址": "place", "place": "place",
}  # fmt: skip
"""What may stand in braces, and the fact of the case that takes its place."""

COLUMNS = ("title", "words")
_CHINESE = {"标题": "title", "主题": "title", "话题": "title", "内容": "words", "正文": "words", "话术": "words"}
_BRACED = re.compile(r"[{｛]\s*+([^{}｛｝]{1,20}?)\s*+[}｝]")
MAX_TITLE, MAX_WORDS = 40, 1000


class PhraseError(ComplaintError):
    """Words that cannot be kept or sent. why: empty, long, placeholder or file; what: which."""

    def __init__(self, message: str, why: str = "file", what: str = "") -> None:
        super().__init__(message)
        self.why = why
        self.what = what


@dataclass(frozen=True, slots=True)
class Entry:
    """Canned words as a file has them."""

    title: str
    words: str


def checked(title: str, words: str, where: str = "") -> Entry:
    """Return canned words that may be kept. Raises PhraseError."""
    title, words, at = " ".join(title.split()), words.strip(), f"{where}: " if where else ""
    if not title or not words:
        raise PhraseError(f"{at}canned words need a title and a text", "empty")
    if len(title) > MAX_TITLE or len(words) > MAX_WORDS:
        raise PhraseError(f"{at}a title has at most {MAX_TITLE} characters, a text {MAX_WORDS}", "long")
    for name in _BRACED.findall(words):
        if name.casefold() not in PLACEHOLDERS:
            raise PhraseError(
                f"{at}{{{name}}} stands for nothing; known are {', '.join(PLACEHOLDERS)}", "placeholder", name
            )
    return Entry(title, words)


def named(words: str) -> list[str]:
    """Return the placeholders that stand in canned words, each once."""
    found = [name.casefold() for name in _BRACED.findall(words)]
    return [name for name in dict.fromkeys(found) if name in PLACEHOLDERS]


def fill(words: str, facts: Mapping[str, str]) -> str:
    """Return canned words with the facts of a case in place of their placeholders."""
    return _BRACED.sub(lambda found: facts.get(PLACEHOLDERS.get(found[1].casefold(), ""), found[0]), words)


def moment_said(moment: datetime, now: datetime, locale: str) -> str:
    """Return a local moment in the words of a language."""
    return _vocabulary(known_locale(locale)).when(moment, now.astimezone(moment.tzinfo))


@cache
def _vocabulary(locale: str) -> Vocabulary:
    return Vocabulary(templates_dir() / "_layout" / locale / "words.toml")


def read_phrases(path: Path) -> list[Entry]:
    """Read a .toml file (`[[phrase]]` with title and words), or a table with these columns. Raises PhraseError."""
    lines: Iterable[tuple[int, Mapping[str, str]]] = (
        enumerate(_toml(path), start=1)
        if path.suffix.lower() == ".toml"
        else read_lines(path, COLUMNS, _CHINESE, "title", PhraseError)
    )

    def read(line: tuple[int, Mapping[str, str]]) -> Entry:
        number, values = line
        return checked(str(values.get("title", "")), str(values.get("words", "")), f"{path}, entry {number}")

    return read_each(lines, read, PhraseError)


async def table(work: Work) -> str:
    """Return all canned words, a line for each title and the words below it."""
    rows = await tools.phrases(work, limit=None)
    return "\n".join(f"{row.id}. {row.title}\n    {row.words}" for row in rows)


async def import_phrases(database: Database, entries: Sequence[Entry], now: datetime) -> int:
    """Keep canned words; those with a title that is known give way. Return how many."""

    async def job(work: Work) -> None:
        for entry in entries:
            await tools.keep_phrase(work, entry.title, entry.words, None, now)

    await database.write(job)
    return len(entries)


def _toml(path: Path) -> list[Mapping[str, str]]:
    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise PhraseError(f"{path}: it cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise PhraseError(f"{path}: not a readable .toml file: {error}") from None
    entries = table.get("phrase")
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise PhraseError(f"{path}: write a [[phrase]] with title and words for each")
    return entries
