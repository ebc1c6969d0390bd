"""No words that anybody can send keep a regular expression busy for ever: tried on every pattern there is."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from bot.grammar import Speaker, Verb, understand
from tests.patterns import attacks

FOR_EVER_S = 120  # all of them together take some seconds; one that is read in 2**60 ways, the age of the world


def test_no_pattern_is_read_in_a_thousand_ways() -> None:
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.patterns"], capture_output=True, text=True, timeout=FOR_EVER_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        told = (error.stdout or b"").decode("utf-8", "replace").strip().splitlines()
        raise AssertionError(f"two ways to read one text, and it tries them all: {told[-1:]}") from None
    assert ended.returncode == 0, ended.stderr
    assert len(ended.stdout.splitlines()) > 500


def test_the_attacks_would_find_one() -> None:
    words = attacks(re.compile(r"[ ,]*(?:现在|现|在)+好"))
    assert "现在" * 60 + "\x00!" in words
    assert "现" * 60 + "\x00!" in words


@pytest.mark.parametrize("words", ["列表", "我的投诉", "list ", "my complaints "])
@pytest.mark.parametrize("role", Speaker)
def test_a_command_said_a_thousand_times_is_understood_once(words: str, role: Speaker) -> None:
    assert understand(words * 2000, role).verb in Verb
