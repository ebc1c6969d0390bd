"""How far a mailbox has been read: nothing is taken for read that was not had, and it survives being written down."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.email.follower import _cursor_name
from connectors.email.place import Place, as_set, joined, ranges_of, without
from connectors.email.settings import EmailSettings

uid_sets = st.sets(st.integers(1, 60))


def uids_of(ranges: tuple[tuple[int, int], ...]) -> set[int]:
    return {uid for first, last in ranges for uid in range(first, last + 1)}


@given(uid_sets)
def test_ranges_are_the_uids(uids: set[int]) -> None:
    ranges = ranges_of(uids)
    assert uids_of(ranges) == uids
    assert joined(ranges) == ranges


@given(uid_sets, uid_sets)
def test_taking_out(uids: set[int], taken: set[int]) -> None:
    assert without(ranges_of(uids), taken) == ranges_of(uids - taken)


@given(st.lists(st.tuples(st.integers(1, 60), uid_sets), max_size=8))
def test_a_hole_is_what_was_passed_and_never_had(steps: list[tuple[int, set[int]]]) -> None:
    place, last, had = Place(1), 0, set[int]()
    for reached, found in steps:
        found = {uid for uid in found if uid <= max(reached, last)}
        place = place.past(reached, found)
        last, had = max(last, reached), had | found
    assert place.last_uid == last
    assert uids_of(place.holes) == set(range(1, last + 1)) - had
    assert Place.loads(place.dumps()) == place


def test_tries_are_counted_until_they_end() -> None:
    place = Place(1, 5).trying([6, 7]).trying([7])
    assert Place.loads(place.dumps()) == place
    assert place.tried == ((6, 1), (7, 2))
    assert place.done_with([7]).tried == ((6, 1),)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (None, Place()),
        ("", Place()),
        ("1700000000:42", Place(1700000000, 42)),  # as it was written before holes were kept
        ("nonsense", Place()),
        ('{"uidvalidity": 7, "last_uid": 9, "holes": [[2, 3], [5, 5]], "since": "2026-01-31"}',
         Place(7, 9, ((2, 3), (5, 5)), since="2026-01-31")),
        ('{"from_the_future": 1}', Place()),
    ],
)  # fmt: skip
def test_reading_a_place(text: str | None, place: Place) -> None:
    assert Place.loads(text) == place


def test_a_set_as_imap_writes_it() -> None:
    assert as_set(((3, 5), (9, 9))) == "3:5,9"


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_cursor_has_a_name_that_fits_and_is_its_own(one: str, other: str) -> None:
    folders = [prefix + re.sub(r"[\r\n\0]", "", text) for prefix, text in (("x", one), ("y", other))]
    names = {
        _cursor_name(EmailSettings(address="a@b.cn", imap_host="i", imap_user="kf", smtp_host="s", mailbox=folder))
        for folder in folders
    }
    assert len(names) == 2
    assert max(map(len, names)) <= 200
