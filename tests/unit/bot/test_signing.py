"""What the signer takes for genuine, table by table: tokens in odd places, forged ones, codes however written."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tokens import CODE_LENGTH, Signer, new_code

SECRET = "a secret of the tests, long enough to sign"
OURS, THEIRS = Signer(SECRET), Signer(SECRET + "!")
DOMAIN = "example.com"
LOOK_ALIKE = set("0O1IL")


@given(st.integers(1, 10**18 - 1))
def test_a_token_names_its_message(number: int) -> None:
    assert OURS.outbox_id([OURS.message_id(number, DOMAIN)]) == number
    assert OURS.outbox_id([OURS.plus_address(number, f"desk@{DOMAIN}")]) == number


def test_the_same_message_always_has_the_same_token_and_another_another() -> None:
    assert OURS.message_id(7, DOMAIN) == Signer(SECRET).message_id(7, DOMAIN)
    assert len({OURS.message_id(number, DOMAIN) for number in range(1000)}) == 1000


GENUINE = OURS.message_id(41, DOMAIN)
MAC = GENUINE.partition("-")[2].partition("@")[0]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(GENUINE, id="a message id"),
        pytest.param(GENUINE.strip("<>"), id="without its brackets"),
        pytest.param(f"<cb41-{MAC}@mail.provider.example>", id="a relay put its own domain in"),
        pytest.param(f"<abc@x.example> {GENUINE}", id="among others"),
        pytest.param(f"<abc@x.example>{GENUINE}<def@y.example>", id="folded together with others"),
        pytest.param(OURS.plus_address(41, f"desk@{DOMAIN}"), id="a plus address"),
        pytest.param(f"Desk <{OURS.plus_address(41, f'desk@{DOMAIN}')}>", id="a plus address with a name"),
    ],
)
def test_where_a_genuine_token_is_found(text: str) -> None:
    assert OURS.outbox_id([text]) == 41


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("<abc@example.com>", id="somebody else's id"),
        pytest.param(THEIRS.message_id(41, DOMAIN), id="signed with another key"),
        pytest.param(f"<cb42-{MAC}@{DOMAIN}>", id="another message's token"),
        pytest.param(f"<cb41-{'0' * 24}@{DOMAIN}>", id="made up"),
        pytest.param(f"<cb41-{MAC[:-1]}@{DOMAIN}>", id="a letter short"),
        pytest.param(f"<cb41-{MAC[:8]}@{DOMAIN}>", id="cut off"),
        pytest.param(f"<cb41-{MAC}0@{DOMAIN}>", id="a letter too many"),
        pytest.param(f"<cb41-{MAC[:-1]}{'0' if MAC[-1] != '0' else '1'}@{DOMAIN}>", id="the last letter changed"),
        pytest.param(f"<cb41-{MAC}", id="no domain"),
        pytest.param(f"<xcb41-{MAC}@{DOMAIN}>", id="inside another word"),
        pytest.param(f"<cb-{MAC}@{DOMAIN}>", id="no number"),
        pytest.param(f"<cb-41-{MAC}@{DOMAIN}>", id="a negative number"),
        pytest.param(f"<cb{'4' * 5000}-{MAC}@{DOMAIN}>", id="a number beyond all measure"),
        pytest.param(f"<cb41-{MAC.upper()}@{DOMAIN}>" if MAC.upper() != MAC else "", id="in capitals"),
        pytest.param(f"<cb٤١-{MAC}@{DOMAIN}>", id="digits of another script"),
        pytest.param("cb1-" * 20_000 + "@", id="long and close to one"),
    ],
)
def test_what_is_not_genuine_names_nothing(text: str) -> None:
    assert OURS.outbox_id([text]) is None


def test_the_number_is_signed_as_it_is_written() -> None:
    """41 and 041 are one number; both are only genuine with the token of 41, so nothing is gained by writing it so."""
    assert OURS.outbox_id([f"<cb041-{MAC}@{DOMAIN}>"]) in (None, 41)


@pytest.mark.parametrize(
    ("texts", "number"),
    [
        pytest.param([OURS.message_id(1, DOMAIN), OURS.message_id(2, DOMAIN)], 2, id="the last of several"),
        pytest.param([f"{OURS.message_id(1, DOMAIN)} {OURS.message_id(2, DOMAIN)}"], 2, id="the last of one line"),
        pytest.param([OURS.message_id(1, DOMAIN), THEIRS.message_id(2, DOMAIN)], 1, id="a forged one behind it"),
        pytest.param([THEIRS.message_id(2, DOMAIN), OURS.message_id(1, DOMAIN)], 1, id="a forged one before it"),
        pytest.param([OURS.message_id(9, DOMAIN), "<abc@x.example>"], 9, id="others behind it"),
        pytest.param([], None, id="none"),
    ],
)
def test_the_last_genuine_token_counts(texts: list[str], number: int | None) -> None:
    assert OURS.outbox_id(texts) == number


@given(st.lists(st.text(max_size=60), max_size=5))
def test_no_text_makes_it_fail_or_is_taken_for_a_token(texts: list[str]) -> None:
    assert OURS.outbox_id(texts) is None


# --- one-time codes ---------------------------------------------------------------------------------------------------


def test_codes_are_easy_to_read_out_and_never_the_same() -> None:
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(re.fullmatch(rf"[A-Z2-9]{{{CODE_LENGTH}}}", code) for code in codes)
    letters = set("".join(codes))
    assert not letters & LOOK_ALIKE
    assert len(letters) == 31  # every letter left is used: the codes are as hard to guess as they are long


@pytest.mark.parametrize("written", ["ABCD2345", "abcd2345", " AbCd2345\n", "ＡＢＣＤ２３４５"])
def test_a_code_is_known_however_it_is_written(written: str) -> None:
    assert OURS.code_hash(written) == OURS.code_hash("ABCD2345")


def test_what_is_stored_of_a_code_tells_nothing_without_the_secret() -> None:
    stored = OURS.code_hash("ABCD2345")
    assert "ABCD2345" not in stored
    assert stored != THEIRS.code_hash("ABCD2345")
    for plain in (b"ABCD2345", b"code:ABCD2345", b"abcd2345"):
        assert stored != hashlib.sha256(plain).hexdigest()
    assert len(stored) == 64


def test_different_codes_are_stored_differently() -> None:
    codes = [new_code() for _ in range(200)]
    assert len({OURS.code_hash(code) for code in codes}) == len(set(codes))


def test_a_code_is_no_reply_token() -> None:
    """One key makes both: what is stored of the code "7" must not sign message 7."""
    assert MAC not in OURS.code_hash("41")


def test_the_secret_is_never_shown() -> None:
    assert SECRET not in repr(OURS)
