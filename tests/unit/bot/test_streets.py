"""A street and its number, in English: what was given is known, and not asked for again."""

from __future__ import annotations

import pytest

from bot.grammar.details import Details, find_details
from bot.storage.models import PersonRow
from tests.unit.bot.desk_kit import Kit, asks, known_customer

PHONE = "+447911777888"


@pytest.mark.parametrize(
    ("words", "name", "phone", "place"),
    [
        ("im at 14 elm street headingley", "", "", "14 elm street headingley"),
        ("22 Oak Road Acomb", "", "", "22 Oak Road Acomb"),
        ("3 Mill Lane, York", "", "", "3 Mill Lane, York"),
        ("14 Elm Street, LS6 1AA", "", "", "14 Elm Street, LS6 1AA"),
        ("flat 3, 7 King St", "", "", "flat 3, 7 King St"),
        ("Unit 4 12 Harbour Drive", "", "", "Unit 4 12 Harbour Drive"),
        (f"77 real road leeds, nat smith {PHONE}", "nat smith", PHONE, "77 real road leeds"),
        (f"kim lee {PHONE}, 14 elm street headingley", "kim lee", PHONE, "14 elm street headingley"),
        (f"flat 3, 7 King St, Kim Lee {PHONE}", "Kim Lee", PHONE, "flat 3, 7 King St"),
        (f"Kim Lee, {PHONE}, 22 Oak Road Acomb", "Kim Lee", PHONE, "22 Oak Road Acomb"),
        (f"no internet at 8 fleet st york, pam ray {PHONE}", "pam ray", PHONE, "8 fleet st york"),
        ("the lift at 14 elm street is broken", "", "", "14 elm street"),
        ("14 elm street leaking", "", "", "14 elm street"),
    ],
)
def test_a_street_is_a_place(words: str, name: str, phone: str, place: str) -> None:
    assert find_details(words) == Details(name, phone, place)
    assert find_details(words, answering=True) == Details(name, phone, place)


@pytest.mark.parametrize(
    "words",
    ["there are 5 cars on the road", "2 holes in King Road", "waited 3 days at Oak Road", "10 more street lights broken",
     "the 3 lifts close too fast", f"tap broken {PHONE}", "2 people at the court", "5 am drive"],
)  # fmt: skip
def test_what_only_counts_is_none(words: str) -> None:
    details = find_details(words)
    assert (details.name, details.place) == ("", "")


@pytest.mark.parametrize(
    "words",
    [
        f"Kim Lee, {PHONE}, 22 Oak Road Acomb",
        f"77 real road leeds, nat smith {PHONE}",
        f"flat 3, 7 King St, Kim Lee {PHONE}",
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
async def test_what_was_given_is_not_asked_for(kit: Kit, words: str, at_once: bool) -> None:
    if not at_once:
        await asks(kit, "no internet for three days", "c1")
    answers = await asks(kit, f"no internet again. {words}" if at_once else words, "c1")
    assert not any("please tell us" in answer for answer in answers)
    [row] = await kit.rows(PersonRow, PersonRow.id == await known_customer(kit))
    assert row.name
    assert row.phone == PHONE
    assert row.place.startswith(("22 Oak", "77 real", "flat 3, 7 King"))
