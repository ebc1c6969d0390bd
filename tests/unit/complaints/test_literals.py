"""A pattern that is not asked has nothing to say: with the words it needs looked for, every answer stays as it is."""

from __future__ import annotations

import itertools
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints import literals, patterns
from complaints.patterns import regex
from tests.patterns import patterns as all_of_ours

DATA = Path(__file__).parents[2] / "data"
BANKS = sorted((*DATA.glob("phrases/*.tsv"), *DATA.glob("kept_aside/*.tsv")))
TEXTS = 150


@pytest.mark.parametrize(
    ("source", "flags", "words"),
    [
        pytest.param("漏水|没电", 0, {"漏水", "没电"}, id="one of several"),
        pytest.param("[停断]水", 0, {"停水", "断水"}, id="one of several letters"),
        pytest.param("(?:非常)?满意", 0, {"满意", "非常满意"}, id="what may be missing"),
        pytest.param("很+满意", 0, {"满意"}, id="the rarer of two parts"),
        pytest.param(r"\bleak(?:s|ing)?\b", 0, {"leak", "leaks", "leaking"}, id="endings"),
        pytest.param("(?<!不)(?=满)满(?!分)意", 0, {"满意"}, id="looking round takes no letters"),
        pytest.param("(?:修好|弄好)++了*", 0, {"修好", "弄好"}, id="what may be repeated"),
        pytest.param(r"(?P<n>\d+)(?P<unit>天|小时)(?P=n)", 0, {"天", "小时"}, id="groups"),
        pytest.param("LEAK|漏水", re.IGNORECASE, None, id="a letter that may be small"),
        pytest.param("12315|漏水", re.IGNORECASE, {"12315", "漏水"}, id="what has no small letters"),
        pytest.param("(?i:leak)", 0, None, id="a letter that may be small in one part"),
        pytest.param("漏水|.*", 0, None, id="one that needs nothing"),
        pytest.param("[^水]|[一-龥]", 0, None, id="any letter"),
        pytest.param("(?:漏水)?", 0, None, id="nothing at all"),
        pytest.param("(漏)?(?(1)水|电)", 0, None, id="what depends"),
    ],
)
def test_what_a_pattern_needs(source: str, flags: int, words: set[str] | None) -> None:
    assert literals.needed(source, flags) == words


def test_a_text_has_the_words_that_stand_in_it() -> None:
    literals.know(frozenset({"漏", "漏水", "水管爆裂了"}), -1)
    literals.know(frozenset({"burst pipe", "pipe"}), -2)
    literals.know(frozenset({"漏水"}), -3)
    assert literals.possible("厨房漏水") >= {-1, -3}
    assert not literals.possible("水管爆裂") & {-1, -2, -3}
    assert literals.possible("水管爆裂了, a burst pip") & {-1, -2, -3} == {-1}
    assert -2 in literals.possible("pipe")


def test_words_that_are_known_later_are_found_in_a_text_that_was_looked_at() -> None:
    assert -4 not in literals.possible("阳台栏杆松动")
    literals.know(frozenset({"栏杆松"}), -4)
    assert -4 in literals.possible("阳台栏杆松动")


def test_a_pattern_that_lacks_its_words_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_made", [])
    waiting = regex("漏(?P<what>水|电)")
    assert waiting.search("厨房漏电, 漏水", 4).span() == (6, 8)  # type: ignore[union-attr]
    assert waiting.search("厨房漏电, 漏水", endpos=3) is None
    assert waiting.findall("厨房漏电, 漏水") == ["电", "水"]
    assert waiting.sub("~", "厨房漏电, 漏水", 1) == "厨房~, 漏水"
    asked = frozenset[int]()
    monkeypatch.setattr(literals, "possible", lambda text: asked)
    assert (waiting.search("漏水"), waiting.match("漏水"), waiting.fullmatch("漏水")) == (None, None, None)
    assert (waiting.findall("漏水"), list(waiting.finditer("漏水")), waiting.sub("~", "漏水")) == ([], [], "漏水")


def _bank() -> list[str]:
    """Return what people said, and torn apart and put together anew."""
    lines = [line.split("\t") for path in BANKS for line in path.read_text("utf-8").splitlines() if "\t" in line]
    drawn = random.Random(5)  # noqa: S311 (no secret)
    said = drawn.sample([line[2] for line in lines], TEXTS)
    said += [one[: len(one) // 2] + other[len(other) // 2 :] for one, other in itertools.pairwise(said)]
    return [*said, *(text.lower() for text in said), "\n".join(said[:40])]


def test_every_pattern_of_ours_finds_what_it_finds_unasked_for_words() -> None:
    all_of_ours()  # loads them
    ours = [(waiting, waiting.compiled()) for waiting in patterns._made]
    found = 0
    for text in _bank():  # all patterns ask for the words of one text, then of the next
        for waiting, plain in ours:
            told, asked = plain.search(text), waiting.search(text)
            assert (told is None) == (asked is None), f"{waiting.pattern!r} in {text!r}"
            if told is not None and asked is not None:
                assert (told.span(), told.groups()) == (asked.span(), asked.groups())
                found += 1
    assert len(ours) > 400
    assert sum(waiting._asker is not None for waiting, _ in ours) > 0.8 * len(ours)
    assert found > 5_000


_LETTERS = "ab水电 "
_PARTS = st.recursive(
    st.sampled_from(["a", "b", "ab", "水", "电", "水电", "[a水]", "[^a]", ".", " ", r"\b", r"\w", "^", "$", "A"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda ways: f"(?:{'|'.join(ways)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{0,2}", "?+"])).map(
            lambda each: f"(?:{each[0]}){each[1]}"
        ),
        st.tuples(st.sampled_from(["(?=", "(?!", "(", "(?>"]), inner).map(lambda each: f"{each[0]}{each[1]})"),
    ),
    max_leaves=8,
)


@settings(max_examples=500, deadline=None)
@given(_PARTS, st.sampled_from([0, re.IGNORECASE]), st.lists(st.text(_LETTERS + "A", max_size=8), max_size=8))
def test_whatever_any_pattern_matches_has_a_word_that_it_needs(source: str, flags: int, texts: list[str]) -> None:
    pattern, words = re.compile(source, flags), literals.needed(source, flags)
    for text in texts:
        if pattern.search(text) is not None:
            assert words is None or any(word in text for word in words)
