"""The words that patterns need are worked out once and kept for the next start; what is kept is trusted only if it is ours."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app import settle
from bot.grammar import needed
from bot.grammar.patterns import deferred, regex
from complaints import literals

Sources = tuple[str, ...]
SOURCES: Sources = ("leak(s|ing)", "漏(?:水|电)", "[^a]")


class Taken:
    """How many patterns were taken apart."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        apart = literals.needed

        def counted(source: str, flags: int = 0) -> literals.Literals | None:
            self.count += 1
            return apart(source, flags)

        monkeypatch.setattr(literals, "needed", counted)
        self._monkeypatch = monkeypatch

    def at_a_start(self, folder: Path, sources: Sources = SOURCES) -> int:
        """Return how many patterns are taken apart by a start with these, which find what they should."""
        self._monkeypatch.setattr("complaints.patterns._made", [])
        self._monkeypatch.setattr("complaints.patterns._deferred", [])
        self.count = 0
        made = [regex(source) for source in sources]
        for _ in needed.prepare(folder):
            pass
        for text in ("it leaks", "厨房漏电", "a", "damp"):
            found = [pattern.search(text) is not None for pattern in made]
            assert found == [re.search(source, text) is not None for source in sources]
        return self.count


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Taken:
    return Taken(monkeypatch)


def test_a_second_start_takes_no_pattern_apart(taken: Taken, tmp_path: Path) -> None:
    assert taken.at_a_start(tmp_path) == len(SOURCES)
    assert taken.at_a_start(tmp_path) == 0
    assert [path.name for path in tmp_path.iterdir()] == [needed.NAME]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda told: b"", id="empty"),
        pytest.param(lambda told: told[:-3], id="cut off"),
        pytest.param(lambda told: told.replace(b"leaks", b"leeks"), id="changed"),
        pytest.param(lambda told: b"\xff" + told, id="no text"),
    ],
)
def test_what_is_broken_is_worked_out_anew(taken: Taken, tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    taken.at_a_start(tmp_path)
    whole = (tmp_path / needed.NAME).read_bytes()
    (tmp_path / needed.NAME).write_bytes(spoil(whole))
    assert taken.at_a_start(tmp_path) == len(SOURCES)
    assert (tmp_path / needed.NAME).read_bytes() == whole


def test_other_patterns_have_other_words(taken: Taken, tmp_path: Path) -> None:
    taken.at_a_start(tmp_path)
    assert taken.at_a_start(tmp_path, ("damp(ness)?", *SOURCES[1:])) == len(SOURCES)
    assert taken.at_a_start(tmp_path, SOURCES[1:]) == len(SOURCES) - 1


def test_a_start_without_a_place_to_keep_them_is_a_start(taken: Taken, tmp_path: Path) -> None:
    assert taken.at_a_start(tmp_path / "none") == len(SOURCES)
    assert list(tmp_path.iterdir()) == []


async def test_whoever_is_up_has_compiled_what_waits_for_no_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("complaints.patterns._made", [])
    monkeypatch.setattr("complaints.patterns._deferred", [])
    monkeypatch.setattr("gc.freeze", lambda: None)
    pattern = deferred("damp")
    await settle(tmp_path)
    with monkeypatch.context() as without:
        without.setattr(re, "compile", None)
        assert pattern.search("it is damp")


_ALL = "import bot.app; from complaints.patterns import waiting; print([(each.pattern, each.its_flags) for each in waiting()])"


def test_every_start_makes_the_same_patterns_in_the_same_order() -> None:
    made = [
        subprocess.run(
            [sys.executable, "-c", _ALL], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1]
    assert len(made[0]) > 100_000
