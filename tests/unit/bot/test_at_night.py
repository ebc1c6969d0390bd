"""What a customer is promised at night: no more than can be kept; nobody is said to be urged who reads of it by day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.clock import MovableClock
from tests.unit.bot.desk_kit import MONDAY, ZONE, Kit, open_desk

NIGHT = datetime(2026, 3, 3, 0, 43, tzinfo=ZONE)
ZH = ("凌晨两点楼下还在唱歌 睡不着", "快点行不行")
EN = ("my neighbour is singing, I cannot sleep at all", "hurry up please")


async def heard(kit: Kit, words: tuple[str, str]) -> list[str]:
    for said in words:
        await kit.says(said)
        await kit.deliver()
    return kit.chat.texts("c1")


@pytest.mark.parametrize("policy", ["base", "mingyuan", "leyoujia-24h", "vanke"])
@pytest.mark.parametrize(
    ("words", "seen", "passed_on", "urged"),
    [
        (ZH, "最晚 3月3日(周二) 07:00 看到", "最晚 3月3日(周二) 07:00 转告", "催了"),
        (EN, "by Tue 3 Mar, 07:00", "by Tue 3 Mar, 07:00", "chased"),
    ],
)
async def test_at_night_the_morning_is_promised(
    fresh_sqlite_url: str, policy: str, words: tuple[str, str], seen: str, passed_on: str, urged: str
) -> None:
    clock = MovableClock(standing_at=NIGHT.astimezone(UTC))
    async with open_desk(fresh_sqlite_url, clock=clock, policy=policy) as kit:
        first, second = await heard(kit, words)
        assert seen in first
        assert passed_on in second
        assert urged not in second
        assert "02:43" not in first + second


@pytest.mark.parametrize(("words", "urged"), [(ZH, "已经催了"), (EN, "have chased")])
async def test_by_day_they_are_urged_at_once(fresh_sqlite_url: str, words: tuple[str, str], urged: str) -> None:
    async with open_desk(fresh_sqlite_url, clock=MovableClock(standing_at=MONDAY)) as kit:
        first, second = await heard(kit, words)
        assert "07:00" not in first
        assert urged in second


async def test_of_what_wakes_somebody_it_is_said_that_it_does(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, clock=MovableClock(standing_at=NIGHT.astimezone(UTC))) as kit:
        await kit.says("着火了 3栋着火了 冒黑烟")
        await kit.deliver()
        assert "已马上通知值班和负责人" in kit.chat.texts("c1")[-1]
        assert "07:00" not in kit.chat.texts("c1")[-1]
