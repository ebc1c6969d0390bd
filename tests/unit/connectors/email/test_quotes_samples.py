"""What the person said now, in mails built as real programs build them: tests/data/replies/."""

from __future__ import annotations

import html
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connectors.email.message import parse_mail
from connectors.email.quotes import visible_reply
from tests.unit.connectors.email.samples import mail

REPLIES = Path(__file__).parents[3] / "data" / "replies"


@dataclass(frozen=True, slots=True)
class Sample:
    """raw: the mail. reply: what must be left, or None where `has` names what must be there, in this order."""

    raw: bytes
    reply: str | None
    has: tuple[str, ...]


def _sample(given: dict[str, Any], said: str, *, answers: bool) -> Sample:
    is_html = "html" in given
    words = html.escape(said).replace("\n", "<br>") if is_html else said
    body = given["html" if is_html else "text"].replace("{said}", words).replace("{blank}", " ")
    head = (
        f"From: {given.get('sender', 'zhangsan@qq.com')}\nSubject: {given.get('subject', 'Re: x' if answers else 'x')}"
    )
    if answers and "subject" not in given:
        head += "\nIn-Reply-To: <9@x.cn>"
    kind = "html" if is_html else "plain"
    whole = said if answers else body
    reply = None if "has" in given else given.get("reply", whole).replace("{said}", said)
    return Sample(mail(f"{head}\nContent-Type: text/{kind}; charset=utf-8", body), reply, tuple(given.get("has", ())))


def samples(name: str) -> list[Any]:
    """Return the samples of a file, each named by its program and language."""
    data = tomllib.loads((REPLIES / f"{name}.toml").read_text(encoding="utf-8"))
    said = data.get("said", {})
    found: list[Any] = []
    for number, given in enumerate(data["sample"], 1):
        language = given.get("language", "")
        words = said.get(language, "").strip()
        sample = _sample(given, words, answers="client" in given)
        name = given.get("client") or given["text"].split("\n")[0][:20]
        found.append(pytest.param(sample, id=f"{number} {name} {language}".strip()))
    return found


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def _check(sample: Sample) -> None:
    visible = parse_mail(sample.raw).visible_reply
    if sample.reply is not None:
        assert _lines(visible) == _lines(sample.reply)
        return
    position = 0
    for words in sample.has:
        position = visible.index(words, position) + len(words)


@pytest.mark.parametrize("sample", samples("chinese_text"))
def test_chinese_programs(sample: Sample) -> None:
    _check(sample)


@pytest.mark.parametrize("sample", samples("other_text"))
def test_programs_in_other_languages(sample: Sample) -> None:
    _check(sample)


@pytest.mark.parametrize("sample", samples("html"))
def test_programs_that_write_html(sample: Sample) -> None:
    """What is quoted is known by how a program builds its mails."""
    _check(sample)


@pytest.mark.parametrize("sample", samples("kept"))
def test_no_word_is_lost_where_nothing_is_quoted(sample: Sample) -> None:
    _check(sample)


@pytest.mark.parametrize("sample", samples("later"))
def test_programs_that_the_rules_were_not_written_for(sample: Sample) -> None:
    _check(sample)


LAST_LINES = ["电话 13800138000", "3. 门坏了", "请回复 z@qq.com：", "From now on: 5 people", "Tel: 138"]


def _endings(name: str) -> list[str]:
    """Return what the programs of a file put below a reply."""
    data = tomllib.loads((REPLIES / f"{name}.toml").read_text(encoding="utf-8"))
    plain = [
        given["text"].replace("{blank}", " ") for given in data["sample"] if "has" not in given and "reply" not in given
    ]
    return [text.removeprefix("{said}").lstrip("\n") for text in plain if text.startswith("{said}")]


@pytest.mark.parametrize("last", LAST_LINES)
@pytest.mark.parametrize("name", ["chinese_text", "other_text"])
def test_the_last_line_is_kept_with_and_without_a_blank_line_below(name: str, last: str) -> None:
    said = f"电梯坏了\n{last}"
    for ending in _endings(name):
        for blank in ("\n", "\n\n"):
            assert visible_reply(said + blank + ending).startswith(said), ending
