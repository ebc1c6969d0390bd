"""What a complaint means for colleagues: proposed, never carried out by itself, decided by a person; courses. R-109–R-112."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.grammar.conduct import Conduct, Said, about_conduct
from bot.improvements import Improvements
from bot.sites import Entry as SiteEntry
from bot.sites import import_sites
from bot.storage.models import ActRow, ProposalRow
from complaints.policy.loading import load
from complaints.rota import Site
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, entry, open_desk, reads

STAFF = (
    entry("张伟", Role.HANDLER, superior="王主管", sites=("S1",)),
    entry("陈站长", Role.DEPT_HEAD, unit="一站"),
    entry("李片区", Role.DEPT_HEAD, unit="东片区", sites=("S1",)),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD),
    entry("周审计", Role.HR_AUDITOR),
    entry("刘总", Role.LEADER),
)
WHERE = {"张伟": "handler", "陈站长": "head", "李片区": "area", "王主管": "lead", "周审计": "hr", "刘总": "boss"}


@asynccontextmanager
async def desk(url: str, policy: str = "base") -> AsyncIterator[Kit]:
    async with open_desk(url, channels=[FakeChannel("chat", CHAT)], staff=STAFF, policy=policy, chats=WHERE) as kit:
        sites = [SiteEntry("row 1", Site("S1", "一站"), "陈站长", "", "")]
        await import_sites(kit.database, sites)
        await kit.says("一站加油员张伟骂我，服务态度太差，我是寅女士，电话13800138000")
        yield kit


async def proposals(kit: Kit) -> list[tuple[str, str, str, str]]:
    """Return (kind, whom, what, outcome) of each."""
    names = {(await kit.person(name)).id: name for name in WHERE} | {"": "S1"}
    return [(row.kind, names[row.person], row.what, row.outcome) for row in await kit.rows(ProposalRow)]


async def test_r109_a_valid_complaint_proposes_to_the_auditor_and_deducts_nothing_by_itself(
    fresh_sqlite_url: str,
) -> None:
    async with desk(fresh_sqlite_url, "sinopec-sh") as kit:
        await kit.says("判定有效 0001", "lead")
        found = await proposals(kit)
        assert ("penalty", "张伟", "扣奖 200 元", "") in found
        assert ("penalty", "S1", "取消该站评优资格", "") in found
        assert {whom for _, whom, _, _ in found} == {"张伟", "陈站长", "李片区", "S1"}
        told = await reads(kit, "hr")
        assert "处罚 张伟\n扣奖 200 元" in told
        assert "系统不会自动扣款" in told
        assert "扣奖" not in await reads(kit, "handler") + await reads(kit, "boss")  # nothing is decided yet


async def test_r109_the_station_is_proposed_for_once_a_month_its_employee_for_each_complaint(
    fresh_sqlite_url: str,
) -> None:
    async with desk(fresh_sqlite_url, "sinopec-sh") as kit:
        await kit.says("判定有效 0001", "lead")
        await kit.says("一站张伟又骂人，态度恶劣，我是卯先生，电话13800138001", "c2")
        await kit.says("判定有效 0002", "lead")
        whom = [each[1] for each in await proposals(kit)]
        assert (whom.count("张伟"), whom.count("陈站长"), whom.count("S1")) == (2, 1, 1)
        kit.clock.move_to(kit.clock.now() + timedelta(days=31))
        await kit.says("一站张伟还是骂人，态度恶劣，我是辰先生，电话13800138002", "c3")
        await kit.says("判定有效 TS20260402-0001", "lead")
        assert [each[1] for each in await proposals(kit)].count("陈站长") == 2


async def test_the_auditor_decides_and_those_concerned_hear_what_was_approved(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url) as kit:
        await kit.says("建议处罚 0001 张伟 扣奖200元，骂客户", "lead")
        assert "批准之前不算数" in await reads(kit, "lead")
        await kit.says("奖惩", "hr")
        assert "1. 处罚 张伟：扣奖200元，骂客户（TS20260302-0001）" in await reads(kit, "hr")
        await kit.says("奖惩 1 不同意", "hr")
        assert "要写原因" in await reads(kit, "hr")
        await reads(kit, "handler")
        await kit.says("奖惩 1 同意 按办法执行", "hr")
        assert "已批准" in await reads(kit, "hr")
        concerned, proposer = await reads(kit, "handler"), await reads(kit, "lead")
        assert "奖惩建议 1 已批准：处罚 张伟，扣奖200元，骂客户" in concerned
        assert "TS20260302-0001" not in concerned  # it is about them: they read nothing of the case
        assert "周审计 决定：按办法执行" in proposer
        [act] = await kit.rows(ActRow, ActRow.kind == "penalty_approved")
        assert act.by == (await kit.person("周审计")).id
        await kit.says("奖惩 1 不同意 反悔", "hr")
        assert "没有这条等决定的" in await reads(kit, "hr")


async def test_r111_a_rejected_reward_is_told_to_who_proposed_it_alone(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url) as kit:
        await kit.says("涉及 0001 张伟", "lead")
        await kit.says("propose a reward for 0001 李片区: calm and quick on site", "lead")
        await reads(kit, "area")
        await kit.says("conduct 1 reject it is their job", "hr")
        assert "未获批准" in await reads(kit, "lead")
        assert await reads(kit, "area") == ""


@pytest.mark.parametrize(
    ("who", "words"), [("handler", "奖惩"), ("lead", "奖惩 1 同意"), ("handler", "培训记录"), ("c1", "奖惩 1 同意")]
)
async def test_nobody_else_decides_or_reads_it(fresh_sqlite_url: str, who: str, words: str) -> None:
    async with desk(fresh_sqlite_url) as kit:
        await kit.says("建议处罚 0001 张伟 扣奖200元", "area" if who == "c1" else "lead")
        await kit.says(words, who)
        told = await reads(kit, who)
        assert told
        assert "1. 处罚" not in told
        assert [row.outcome for row in await kit.rows(ProposalRow)] == [""]


async def test_nobody_decides_about_themselves_or_what_they_proposed(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url) as kit:
        await kit.says("建议奖励 0001 周审计 通报表扬", "boss")
        assert "由别人决定" not in await reads(kit, "boss")
        await kit.says("奖惩 1 同意", "hr")
        await kit.says("奖惩 1 同意", "boss")
        assert [row.outcome for row in await kit.rows(ProposalRow)] == [""]
        assert "要由别人决定" in await reads(kit, "boss")
        assert "要由别人决定" in await reads(kit, "hr")


async def test_what_nobody_decides_is_asked_about_again(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url) as kit:
        await kit.says("建议处罚 0001 张伟 扣奖200元", "lead")
        await reads(kit, "hr")
        looking = Improvements(kit.database, kit.desk)
        told = []
        for days in (6, 1, 1, 7):
            kit.clock.move_to(kit.clock.now() + timedelta(days=days))
            await looking.look()
            told.append("还没有决定" in await reads(kit, "hr"))
        assert told == [False, True, False, True]


async def test_r112_a_course_is_assigned_taken_with_its_result_and_on_record(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url) as kit:
        await kit.says("安排培训 0001 张伟 服务礼仪", "lead")
        assert "已安排 张伟 培训：服务礼仪" in await reads(kit, "lead")
        assert "安排您参加培训（1）：服务礼仪" in await reads(kit, "handler")
        kit.clock.move_to(kit.clock.now() + timedelta(days=31))
        await Improvements(kit.database, kit.desk).look()
        assert "培训还没有完成" in await reads(kit, "handler")
        await kit.says("培训完成 1 85分", "handler")
        assert "服务礼仪（85分）" in await reads(kit, "handler")
        await kit.says("培训记录", "lead")
        assert "张伟：服务礼仪，4月2日" in await reads(kit, "lead")
        await kit.says("培训完成 90分", "handler")
        assert "没有等您完成的培训" in await reads(kit, "handler")


async def test_how_colleagues_are_trained_stays_what_the_work_came_to(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url) as kit:
        await kit.says("不涉及 0001 张伟", "lead")
        await kit.says("派单 0001 @张伟", "lead")
        await reads(kit, "handler")
        for words in ("安排培训，全体加油员明天上服务礼仪课", "培训已完成，全体员工都签了承诺书"):
            await kit.says(words, "handler")
            told = await reads(kit, "handler")
            assert told
            assert "没有等您完成的培训" not in told
            assert "请带上投诉编号" not in told
        assert await kit.rows(ProposalRow) == []


async def test_r110_r112_a_broken_promise_proposes_and_advises_a_course_and_a_kept_one_does_not(
    fresh_sqlite_url: str,
) -> None:
    async with desk(fresh_sqlite_url, "leyoujia-24h") as kit:
        for number, who, late in (("0001", "c1", True), ("0002", "c2", False)):
            if who == "c2":
                await kit.says("楼下快递柜太小了，我是卯先生，电话13800138001", who)
            await kit.says(f"派单 {number} @李片区", "lead")
            if late:
                kit.clock.move_to(kit.clock.now() + timedelta(hours=30))
            await kit.says(f"办结 {number} 已换人接待并道歉", "area")
            await kit.says("满意", who)
        assert [each[:2] for each in await proposals(kit)] == [("penalty", "李片区"), ("course", "李片区")]


async def test_r017_causes_are_counted_for_whoever_reads_the_rates(fresh_sqlite_url: str) -> None:
    async with desk(fresh_sqlite_url) as kit:
        await kit.says("派单 0001 @李片区", "lead")
        await kit.says("办结 0001 已换人接待并道歉", "area")
        await kit.says("原因 0001 员工态度不好 责任 张伟", "area")
        await kit.says("楼下快递柜坏了，我是卯先生，电话13800138001", "c2")
        await kit.says("派单 0002 @李片区", "lead")
        await kit.says("办结 0002 换了柜门", "area")
        await reads(kit, "lead")
        await kit.says("原因统计", "lead")
        assert "服务态度、礼仪：1\n没有记原因：1" in await reads(kit, "lead")
        await reads(kit, "handler")
        await kit.says("原因统计 90天", "handler")
        assert "：1" not in await reads(kit, "handler")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("原因统计 90天", Conduct(Said.CAUSES, days=90)),
        ("causes count", Conduct(Said.CAUSES)),
        ("原因 密封圈老化", None),
        ("建议处罚 0007 张伟 扣奖200元", Conduct(Said.PENALTY, "张伟 扣奖200元", reference="0007")),
        ("propose a reward for 0007 Tom Lee: well done", Conduct(Said.REWARD, "Tom Lee: well done", reference="0007")),
        ("奖惩", Conduct(Said.LIST)),
        ("奖惩 3 不同意 责任不在本人", Conduct(Said.DECIDE, "责任不在本人", 3)),
        ("conduct 3 approve", Conduct(Said.DECIDE, "", 3, approved=True)),
        ("培训完成 3 85分", Conduct(Said.LEARNED, "3 85分")),
        ("培训记录 张伟", Conduct(Said.LOG, "张伟")),
        ("建议尽快处理", None),
        ("奖惩分明才对", None),
    ],
)
def test_what_is_said_of_it(text: str, meant: Conduct | None) -> None:
    assert about_conduct(text) == meant


def test_only_profiles_whose_source_says_so_propose_anything() -> None:
    rules = {
        name: len(load(name).conduct.rules)
        for name in ("base", "vanke", "mingyuan", "hongkelong", "sinopec-sh", "leyoujia-24h")
    }
    assert rules == {"base": 0, "vanke": 0, "mingyuan": 0, "hongkelong": 0, "sinopec-sh": 5, "leyoujia-24h": 2}
