"""How customers of a trade are spoken to: in the words of the pack, else in those of the profile."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import load_rules, words_of_trade
from bot.calendars import Calendars
from bot.settings import load_settings
from bot.words import Vocabulary, templates_dir


@pytest.mark.parametrize(
    ("policy", "pack", "place", "site"),
    [
        ("base", "realestate", "房号或地址", "哪个项目、楼栋和房号"),
        ("sinopec-sh", "realestate", "加油站", "加油站"),
        ("sinopec-sh", "generic", "地址", "地址"),
    ],
)
def test_a_filling_station_asks_for_no_flat(tmp_path: Path, policy: str, pack: str, place: str, site: str) -> None:
    values = {"SERVICE__DATA_DIR": str(tmp_path), "SERVICE__POLICY": policy, "SERVICE__PACK": pack}
    settings = load_settings(None, {f"COMPLAINTBOT_{key}": value for key, value in values.items()})
    trade = words_of_trade(*load_rules(settings, Calendars(settings)))
    words = Vocabulary(templates_dir() / "_layout" / "zh" / "words.toml", trade.get("zh", {}))
    assert (words.word("ask", "place"), words.word("ask", "site")) == (place, site)
    assert ("电梯" in words.word("trade", "example")) is (pack == "realestate" and policy == "base")
