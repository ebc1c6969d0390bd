"""Tables of characters change what they name, leave the rest, and do not grow with whatever is sent."""

from __future__ import annotations

import pytest

from complaints import characters
from connectors import characters as of_channels

EVERY = "".join(map(chr, range(0x110000)))
NAMED = {ord("Ａ"): "A", ord("\0"): None, ord("。"): "."}


@pytest.mark.parametrize("table", [characters.Characters, of_channels.Characters])
def test_what_it_does_not_name_stays(table: type[dict[int, int | str | None]]) -> None:
    made = table(NAMED)
    assert EVERY.translate(made) == EVERY.translate(NAMED)
    assert len(made) <= 20_000
    assert EVERY.translate(made) == EVERY.translate(NAMED)  # what it remembers by now, too
