"""A number that nobody can dial as it stands is shown to whoever is to phone, as its customer typed it."""

from __future__ import annotations

import pytest

from bot.grammar.details import unread_number
from tests.unit.bot.desk_kit import asks, open_desk


@pytest.mark.parametrize("typed", ["07700 900123", "(415) 555-0132", "0791 112 3456"])
async def test_what_was_typed_is_shown(fresh_sqlite_url: str, typed: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says("the lift is broken", "c1")
        await kit.says(f"Rob, flat 12, {typed}", "c1")
        [shown] = await asks(kit, "电话 0001", "lead")
        assert typed in shown
        assert "+86" not in shown
        await kit.says("13812345678", "c1")
        [shown] = await asks(kit, "电话 0001", "lead")
        assert "138 1234 5678" in shown
        assert typed not in shown


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("call 07700 900123 please", "07700 900123"),
        ("13812345678", ""),
        ("flat 1202, building 3", ""),
        ("2026-03-02", ""),
        ("TS20260302-0001", ""),
        ("", ""),
    ],
)
def test_unread(text: str, typed: str) -> None:
    assert unread_number(text) == typed
