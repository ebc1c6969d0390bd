"""How large something may be is said so that whoever keeps to it is taken; and what is said helps where it is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sizes import at_least, at_most
from tests.unit.bot.desk_kit import MAIL, MAX_FILE, FakeChannel, open_desk
from tests.unit.bot.test_media import LIFT

UNITS = {"B": 1, "KB": 1 << 10, "MB": 1 << 20}


@pytest.mark.parametrize(
    ("size", "most", "least"),
    [
        (900, "900 B", "900 B"),
        (10_000, "9 KB", "10 KB"),
        (512 << 10, "512 KB", "512 KB"),
        ((1 << 20) - 1, "1023 KB", "1 MB"),
        (1 << 20, "1 MB", "1 MB"),
        (1_600_000, "1.5 MB", "1.6 MB"),
        (25 << 20, "25 MB", "25 MB"),
        ((25 << 20) + 1, "25 MB", "25.1 MB"),
    ],
)
def test_sizes_have_the_unit_that_fits(size: int, most: str, least: str) -> None:
    assert (at_most(size), at_least(size)) == (most, least)


@given(st.integers(1, 1 << 40))
def test_nobody_is_told_of_nothing_or_led_over_the_limit(size: int) -> None:
    for said, within in ((at_most(size), range(1, size + 1)), (at_least(size), range(size, 1 << 50))):
        number, unit = said.split(" ")
        assert float(number) > 0
        assert round(float(number) * UNITS[unit]) in within


@pytest.mark.parametrize(
    ("text", "helps", "no_help"),
    [(LIFT, "分成几个小的", "邮件"), ("The lift is stuck since Monday", "smaller parts", "mail")],
)
async def test_a_file_too_large_in_a_mail_is_not_asked_for_by_mail(
    fresh_sqlite_url: str, text: str, helps: str, no_help: str
) -> None:
    mail = FakeChannel("email", MAIL)
    async with open_desk(fresh_sqlite_url, channels=[mail]) as kit:
        film = {"name": "film.mp4", "handle": "h", "size": MAX_FILE + 1}
        await kit.says(text, "li@example.com", "email", subject="3", attachments=[film])
        await kit.deliver()
        [said] = [line for each in mail.sent for line in each.text.splitlines() if "976 KB" in line]
        assert helps in said
        assert no_help not in said
