"""Tables of characters change what they name, leave the rest, and do not grow with whatever is sent."""

from __future__ import annotations

import pytest

from complaints import characters
from connectors import characters as of_channels
from tests import simplified

EVERY = "".join(map(chr, range(0x110000)))
NAMED = {ord("Ａ"): "A", ord("\0"): None, ord("。"): "."}


@pytest.mark.parametrize("table", [characters.Characters, of_channels.Characters])
def test_what_it_does_not_name_stays(table: type[dict[int, int | str | None]]) -> None:
    made = table(NAMED)
    assert EVERY.translate(made) == EVERY.translate(NAMED)
    assert len(made) <= 20_000
    assert EVERY.translate(made) == EVERY.translate(NAMED)  # what it remembers by now, too


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("電梯壞了，廁所滲漏，請儘快處理", "电梯坏了，厕所渗漏，请尽快处理"),
        ("冇人嚟睇，佢哋話甚麼時候", "没人来看，他哋话什么时候"),
        ("処理済み、計畫變動", "处理済み、计划变动"),
        ("龜裂 齷齪 3棟", "龟裂 龌龊 3栋"),
        ("了解 皇后大道 台阶 lift", "了解 皇后大道 台阶 lift"),
    ],
)
def test_each_character_is_made_simpler_in_its_place(written: str, plain: str) -> None:
    assert characters.simplified(written) == plain


def test_the_table_is_that_of_opencc() -> None:
    assert simplified.WRITTEN.read_text("utf-8") == simplified.table()
