"""What the words keep to themselves: who complained, how they are reached, what colleagues note, links."""

from __future__ import annotations

import itertools
import re

import pytest

from bot.answers import Answer, Internal
from bot.shown import phones_masked
from bot.words import LOCALES
from complaints.change import NoticeKind
from connectors.port import Form
from tests.unit.bot.words_kit import (
    FACTS,
    FULL,
    HOTLINE,
    NAMES,
    REFERENCE,
    STAFF_NOTICES,
    WORDS,
    Case,
    context,
    minimal,
)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("王先生 13712345678，3栋", "王先生 137****5678，3栋"),
        ("call +86 137-1234-5678 on 2026-03-02", "call 137****5678 on 2026-03-02"),
        ("TS20261122-0009 花了 13712 元", "TS20261122-0009 花了 13712 元"),
        ("tv broken, room 6, +447911000333", "tv broken, room 6, 447****0333"),
        ("ring +1 (212) 555-0134 after 6", "ring 121****0134 after 6"),
        ("07911 777888, not 020 7946 0018", "079****7888, not 020****0018"),
        ("办公室 021-6543 2109，400-820 不用", "办公室 021****2109，400-820 不用"),
        ("(212) 555-0134", "21****34"),
        (
            "0001 0002 0003 on 2026-03-02 10:30, 0.125 of 03/2026",
            "0001 0002 0003 on 2026-03-02 10:30, 0.125 of 03/2026",
        ),
    ],
)
def test_a_number_that_is_masked_beside_a_text_is_masked_in_it(said: str, shown: str) -> None:
    assert phones_masked(said) == shown


MARKERS = ("SUMMARY", "RESULT", "PLAN", "LATEST", "CUSTOMER", "13812345678", "138*", "5678", "PLACE", "5-302")
FACT_MARKERS = ("COMMENT", "TEXT", "WHO", "REASON", "NOTE", "DETAIL")


# What the only road of an assignee may be has to say where and what; who complained stays out of it.
TWO_PARTS = {"duty_begins", "duty_done", "overdue"}  # with the longest names of clocks and moments
MATTER_BY_SMS = {
    "assigned": {"PLACE", "5-302"},
    "status": {"SUMMARY", "PLACE", "5-302"},  # as staff read it
    "staff_supplement": {"TEXT"},
    "please_phone": {"WHO"},  # a colleague's name: whom to phone
    "pulled_in": {"WHO"},
}


def test_an_sms_to_staff_carries_no_word_of_the_customer_and_no_contact() -> None:
    """R-032; providers and lock screens read along."""
    for name in (*STAFF_NOTICES, *Internal):
        for locale in LOCALES:
            text = WORDS.render(name, locale, Form.SMS, FULL).text
            found = {marker for marker in (*MARKERS, *FACT_MARKERS) if marker in text}
            assert found == MATTER_BY_SMS.get(str(name), set()), f"{name}: {text}"
            if name in STAFF_NOTICES:
                assert REFERENCE in text
                assert text.endswith(HOTLINE)
                assert "\n" not in text
            if name in STAFF_NOTICES and locale == "zh":
                assert len(text) <= (134 if name in MATTER_BY_SMS or name in TWO_PARTS else 70), f"{name}: {text}"


def test_an_sms_says_the_matter_without_the_customers_name_and_number() -> None:
    told = "我家厨房漏水，我叫CUSTOMER，电话138 1234 5678"
    shown = context(Case(summary=told), FACTS | {"text": told, "staff": "yes", "contact": "yes"})
    for name in ("assigned", "staff_supplement", "status", "accept_done"):
        for locale in LOCALES:
            text = WORDS.render(name, locale, Form.SMS, shown).text
            assert "CUSTOMER" not in text
            assert "1234" not in text.replace("400-800-1234", "")
            assert ("厨房漏水" in text) == (name in ("staff_supplement", "status"))


def test_who_has_to_do_with_it_reads_how_to_reach_the_customer() -> None:
    near = context(Case(), {"staff": "yes", "contact": "yes"})
    far = context(Case(), {"staff": "yes"})
    for locale in LOCALES:
        said = WORDS.render("status", locale, Form.IM, near).text.replace("，", ", ")
        assert re.search(r"CUSTOMER, 138\*\*\*\*5678.+, PLACE 5-302", said)
        assert "13812345678" not in said
        assert "CUSTOMER" not in WORDS.render("status", locale, Form.IM, far).text


def test_what_colleagues_note_is_in_no_words_but_their_own_status() -> None:
    """Trap 47: no words for customers, and none that are not asked for by staff, hold a note."""
    facts = {fact: value for fact, value in FACTS.items() if fact != "staff"}
    for name in NAMES:
        for locale, form in itertools.product(LOCALES, Form):
            said = WORDS.render(name, locale, form, context(Case(), facts)).text
            assert "NOTED" not in said, f"{name}: {said}"
            assert "ACCUSED" not in said or name == NoticeKind.NEW_COMPLAINT, f"{name}: {said}"
    for_staff = context(Case(), {"staff": "yes", "notes": "yes"})
    assert "NOTED among us" in WORDS.render("status", "zh", Form.IM, for_staff).text


def test_no_sms_repeats_what_the_customer_told_or_where_they_live() -> None:
    private = ("SUMMARY", "CUSTOMER", "13812345678", "5678", "PLACE", "COMMENT")
    for name in NAMES:
        for locale in LOCALES:
            text = WORDS.render(name, locale, Form.SMS, FULL).text
            matter = MATTER_BY_SMS.get(str(name), set())
            assert [marker for marker in private if marker in text and marker not in matter] == [], f"{name}: {text}"


def test_only_who_has_to_ring_the_customer_reads_the_whole_phone_number() -> None:
    texts = {name: WORDS.render(name, "zh", Form.EMAIL, FULL).text.replace(" ", "") for name in NAMES}
    assert {name for name, text in texts.items() if "13812345678" in text} == {
        NoticeKind.ASSIGNED,
        Answer.ACCEPT_DONE,
        NoticeKind.STAFF_REOPENED,
        NoticeKind.SURVEY_UNANSWERED,
        NoticeKind.SURVEY_REMARK,
        Internal.PERSON_WANTED,
        Answer.PHONE,
        Answer.NAMED_NOW,  # to whom it belongs, who just said it
    }
    assert "138****5678" in WORDS.render("new_complaint", "zh", Form.IM, FULL).text


# ── approved templates, links ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_variables_of_an_approved_template_hold_nothing_that_anybody_wrote() -> None:
    """Trap 24: number, status, moment, names and the hotline; no words of the complaint."""
    assert WORDS.variables("zh", FULL) == {
        "reference": REFERENCE,
        "status": "已安排专人",
        "due": "11月22日(周日) 15:00",
        "hotline": HOTLINE,
        "company": "Harbour Homes",
        "name": "TO",
    }


def test_what_has_no_value_is_no_variable() -> None:
    for name in NAMES:
        assert all(WORDS.variables("en", minimal(name)).values()), name
        assert "hotline" not in WORDS.variables("en", minimal(name)), name


def test_no_short_message_holds_a_link() -> None:
    """Trap 24: carriers block short messages with links."""
    link = re.compile(r"(?i)https?:|www\.|[a-z0-9-]+\.(?:com|cn|net)")
    texts = [WORDS.render(name, locale, Form.SMS, FULL).text for name in NAMES for locale in LOCALES]
    assert [text for text in texts if link.search(text)] == []
