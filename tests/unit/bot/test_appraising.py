"""Grades of colleagues by what is on record of a period, with the reasons, and who may read them. R-111."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.grammar.conduct import Conduct, Said, about_conduct
from complaints.errors import PolicyError
from complaints.policy.appraisal import Appraisal, Merit, read_appraisal
from complaints.policy.loading import load
from complaints.policy.table import Table
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, entry, open_desk, reads

STAFF = (
    entry("张伟", Role.HANDLER, unit="工程"),
    entry("李雷", Role.HANDLER, unit="物业"),
    entry("陈工", Role.DEPT_HEAD, unit="工程"),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD),
    entry("周审计", Role.HR_AUDITOR),
)
WHERE = {"张伟": "handler", "李雷": "other", "陈工": "head", "王主管": "lead", "周审计": "hr"}


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    channel = FakeChannel("chat", CHAT)
    async with open_desk(fresh_sqlite_url, channels=[channel], staff=STAFF, chats=WHERE) as kit:
        yield kit


async def handled(kit: Kit, number: int, name: str, who: str, *said: str) -> None:
    """Let a customer complain, a colleague do the work and the customer say what they think of it."""
    await kit.says(f"第{number}家：厨房漏水没人管，我是寅女士，电话1380013800{number}", f"c{number}")
    await kit.says(f"派单 {number:04d} @{name}", "lead")
    await kit.says(f"办结 {number:04d} 换了水管", who)
    await kit.deliver()
    for words in said:
        await kit.says(words, f"c{number}")
        await kit.deliver()


async def asked(kit: Kit, who: str, words: str) -> str:
    await reads(kit, who)
    await kit.says(words, who)
    return await reads(kit, who)


async def test_r111_a_grade_is_told_with_what_it_comes_of(kit: Kit) -> None:
    await handled(kit, 1, "张伟", "handler", "满意")
    await handled(kit, 2, "张伟", "handler", "不满意，还在漏")
    await kit.says("建议奖励 0001 张伟 通报表扬", "lead")
    await kit.says("奖惩 1 同意", "hr")
    told = await asked(kit, "handler", "考评")
    assert "张伟 2026-03 考评（未结束，随时变动）：B，102 分" in told
    assert "基础分 100" in told
    for line in ("一次满意 1 次：+2", "获批奖励 1 次：+5", "客户不满意 1 次：-5"):
        assert line in told
    assert "A 105, B 95, C 80, D 0" in told


async def test_r111_what_was_missed_is_its_holders_then_and_what_nobody_approved_counts_for_nothing(kit: Kit) -> None:
    await kit.says("厨房漏水没人管，我是寅女士，电话13800138000", "c1")
    await kit.says("派单 0001 @张伟", "lead")
    await kit.says("建议处罚 0001 张伟 扣奖200元", "lead")
    kit.clock.move_to(kit.clock.now() + timedelta(days=22))  # longer than the promise
    await kit.says("派单 0001 @李雷 换人", "lead")
    told = await asked(kit, "lead", "考评 张伟")
    assert "超时" in told
    assert "获批处罚" not in told
    assert "超时" not in await asked(kit, "lead", "考评 李雷")
    before = await asked(kit, "lead", "appraisal 张伟 2026-02")
    assert "100 分" in before


async def test_r111_who_reads_whose(kit: Kit) -> None:
    await handled(kit, 1, "张伟", "handler", "满意")
    everybody = await asked(kit, "lead", "考评名单 2026-03")
    assert "张伟：B（102 分）" in everybody
    assert "李雷：B（100 分）" in everybody
    own = await asked(kit, "head", "考评名单")
    assert "张伟" in own
    assert "李雷" not in own
    assert "没有找到您可以看考评的同事" in await asked(kit, "head", "考评 李雷")
    for words in ("考评 李雷", "考评名单"):
        refused = await asked(kit, "handler", words)
        assert refused
        assert "100 分" not in refused
    assert "分" not in await asked(kit, "c1", "考评 张伟")


async def test_a_month_that_there_is_not_is_named(kit: Kit) -> None:
    assert "考评 2026-11" in await asked(kit, "lead", "考评 张伟 2031-01")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("考评", Conduct(Said.APPRAISAL)),
        ("我的考评 2026-Q4", Conduct(Said.APPRAISAL, period="2026-Q4")),
        ("考评 张伟 2026-11", Conduct(Said.APPRAISAL, "张伟", period="2026-11")),
        ("考评名单 2026-11", Conduct(Said.APPRAISALS, period="2026-11")),
        ("appraisal of Tom Lee 2026-q4", Conduct(Said.APPRAISAL, "Tom Lee", period="2026-Q4")),
        ("appraisals", Conduct(Said.APPRAISALS)),
        ("考评机制要改", None),
    ],
)
def test_what_is_said_of_it(text: str, meant: Conduct | None) -> None:
    assert about_conduct(text) == meant


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"start": 100, "points": {"satisfied": 2}}, "appraisal.grades"),
        ({"start": 100, "points": {"satisfed": 2}, "grades": {"A": 1}}, "appraisal.points.satisfed"),
        ({"start": 100, "points": {"missed": -5000}, "grades": {"A": 1}}, "appraisal.points.missed"),
    ],
)
def test_a_wrong_key_is_named(values: dict[str, Any], key: str) -> None:
    with pytest.raises(PolicyError, match=key):
        read_appraisal(Table("appraisal", values))


def test_the_formula_is_the_profiles() -> None:
    formula = load("base").appraisal
    assert set(formula.points) == set(Merit)
    assert [formula.grade(formula.score({merit: 1})) for merit in (Merit.PRAISED, Merit.MISSED, Merit.PENALISED)] == [
        "A", "B", "C",
    ]  # fmt: skip
    assert Appraisal(0, {}, (("good", 10), ("bad", 0))).grade(-3) == "bad"
