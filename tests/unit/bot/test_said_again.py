"""What many people say word for word is read once; what differs in anything that matters is read by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.grammar import Pending, Speaker, Verb, reading, understand, understanding


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The texts that the tables were asked about."""
    asked: list[str] = []
    tables = reading.read

    def read(text: str, role: Speaker, pending: Pending, *, guess: bool) -> object:
        asked.append(text)
        return tables(text, role, pending, guess=guess)

    monkeypatch.setattr(reading, "read", read)
    kept = (understanding._said_again, understanding._said_now)
    for each in kept:
        each.cache_clear()
    yield asked
    for each in kept:
        each.cache_clear()


def test_a_short_text_is_read_once(read: list[str]) -> None:
    assert [understand("进度怎么样了?").verb for _ in range(3)] == [Verb.STATUS] * 3
    assert read == ["进度怎么样了?"]


def test_who_says_it_and_what_waits_matter(read: list[str]) -> None:
    meant = [
        understand("1", Speaker.CUSTOMER, Pending.NONE),
        understand("1", Speaker.CUSTOMER, Pending.RATING),
        understand("1", Speaker.HANDLER, Pending.RATING),
        understand("1", Speaker.CUSTOMER, Pending.NONE, guess=False),
    ]
    assert len(read) == 4
    assert meant[0].verb is not meant[1].verb


def test_a_long_text_is_kept_while_it_is_talked_about(read: list[str]) -> None:
    said = [f"我住1栋{room}室,厨房漏水三天了,报修没有人来。电话13800000000" for room in range(101, 121)]
    assert understand(said[0]) is understand(said[0])
    assert read == said[:1]
    for text in said:
        understand(text)
    understand(said[0])
    assert read == [*said, said[0]]  # so many others came between


def test_what_answers_a_survey_is_not_kept(read: list[str]) -> None:
    for _ in range(2):
        understand("好", Speaker.CUSTOMER, Pending.SURVEY_CHOICE, [["好", "good"]])
    assert len(read) == 2
