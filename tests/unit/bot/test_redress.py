"""What a plan offers and what it rests on, over the real desk: kinds, money, basis, and the lead's consent (R-075, R-078)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.ledger import COLUMNS, line
from bot.policies import PolicyBook
from bot.words import Vocabulary, templates_dir
from complaints.complaint import Complaint
from complaints.vocabulary import Role, Status
from tests.calendars import WeekCalendar
from tests.unit.bot.desk_kit import ZONE, Kit, entry, exchange, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3),
    entry("陈客服", Role.AGENT, line=4),
    entry("冯媒体", Role.MEDIA_OFFICER, line=5),
)
CHATS = {"张伟": "handler", "王主管": "lead", "陈客服": "agent", "冯媒体": "media"}
ZH = "方案 0001 减免一个月物业费 赔偿2000元 依据 物业服务合同第12条"
EN = "plan 0001 one month's fee waived, compensation 2000 yuan under clause 12 of the contract"


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS, before=accepted) as kit:
        yield kit


async def accepted(kit: Kit) -> None:
    await kit.says("投诉 我是3栋502的寅女士，厨房漏水没人管，电话13812345678")
    await exchange(kit, "派单 0001 @张伟", "lead")
    await exchange(kit, "接单 0001", "handler")


async def careful(kit: Kit, folder: Path) -> Complaint:
    """Let plans above 1000 wait for the lead's consent."""
    (folder / "careful.toml").write_text(
        'inherits = "base"\n[title]\nzh = "谨慎"\nen = "Careful"\n[outward]\nconsent_above = 1000\n', encoding="utf-8"
    )
    kit.desk.book = PolicyBook("careful", [folder], WeekCalendar(ZONE))
    await kit.desk.book.store(kit.database)
    await kit.says("投诉 我是5栋101的卯先生，卫生间漏水没人管，电话13912345678", "c2")
    await exchange(kit, "派单 0002 @张伟", "lead")
    await exchange(kit, "接单 0002", "handler")
    return await second(kit)


async def second(kit: Kit) -> Complaint:
    [found] = [each for each in await kit.complaints() if each.reference.endswith("0002")]
    return found


@pytest.mark.parametrize(
    ("plan", "kinds", "amount", "basis"),
    [
        (ZH, ("compensation", "discount"), "2000元", "物业服务合同第12条"),
        (EN, ("compensation", "discount"), "2000 yuan", "under clause 12 of the contract"),
    ],
)
async def test_r075_r078_kinds_money_and_basis_are_kept_and_the_basis_is_no_customers(
    kit: Kit, plan: str, kinds: tuple[str, ...], amount: str, basis: str
) -> None:
    answers = await exchange(kit, plan, "handler")
    assert any("客户看不到" in each and basis in each for each in answers)
    complaint = await kit.the_complaint()
    assert complaint.redress is not None
    assert (complaint.redress.kinds, complaint.redress.amount, complaint.redress.basis) == (kinds, amount, basis)
    [put] = [text for text in kit.chat.texts("c1") if "我们打算这样解决" in text]
    assert amount in put
    assert not any(basis in text or "依据" in text for text in kit.chat.texts("c1"))
    for who in ("handler", "lead"):
        [status] = await exchange(kit, "进度 0001", who)
        assert f"赔偿、减免优惠（{amount}）" in status
        assert f"依据（客户看不到）：{basis}" in status
    [theirs] = await exchange(kit, "进度", "c1")
    assert amount in theirs
    assert basis not in theirs


async def test_r078_the_basis_stands_in_the_ledger(kit: Kit) -> None:
    await exchange(kit, ZH, "handler")
    complaint = await kit.the_complaint()
    words = Vocabulary(templates_dir() / "_layout" / "zh" / "words.toml")
    cells = await kit.database.read(lambda work: line(work, complaint, words, ZONE, kit.clock.now()))
    assert set(COLUMNS) == set(cells)
    assert (cells["redress"], cells["amount"], cells["basis"]) == ("赔偿、减免优惠", "2000元", "物业服务合同第12条")


async def test_r078_whoever_says_so_lets_the_customer_read_the_basis(kit: Kit) -> None:
    await exchange(kit, "方案 0001 换管并道歉；依据（告知客户）物业服务合同第12条", "handler")
    [put] = [text for text in kit.chat.texts("c1") if "我们打算这样解决" in text]
    assert "依据：物业服务合同第12条" in put
    [status] = await exchange(kit, "进度 0001", "handler")
    assert "依据：物业服务合同第12条" in status


async def test_r078_money_above_the_limit_waits_for_the_lead_and_for_nobody_else(kit: Kit, tmp_path: Path) -> None:
    await careful(kit, tmp_path)
    [waits] = await exchange(kit, "方案 0002 赔偿2000元 依据 物业服务合同第12条", "handler")
    assert "2000元" in waits
    assert "客服中心负责人" in waits
    assert (await second(kit)).status is Status.WORKING
    assert not any("2000" in text for text in kit.chat.texts("c2"))
    assert any("其中要付 2000元，要您同意" in text for text in kit.chat.texts("lead"))
    [refused] = await exchange(kit, "发出 0002", "agent")
    assert "负责人同意" in refused
    assert "王主管" in refused
    assert (await second(kit)).status is Status.WORKING
    await exchange(kit, "发出 0002", "lead")
    complaint = await second(kit)
    assert complaint.status is Status.PROPOSED
    assert complaint.redress is not None
    assert complaint.redress.basis == "物业服务合同第12条"
    assert any("2000元" in text for text in kit.chat.texts("c2"))
    assert not any("第12条" in text for text in kit.chat.texts("c2"))


async def test_r078_where_nobody_leads_whoever_promises_hears_that(fresh_sqlite_url: str, tmp_path: Path) -> None:
    staff = (entry("张伟", Role.HANDLER), entry("陈客服", Role.AGENT, line=3))
    async with open_desk(fresh_sqlite_url, staff=staff, chats={"张伟": "handler", "陈客服": "lead"}) as kit:
        await kit.says("投诉 我是3栋502的寅女士，厨房漏水没人管，电话13812345678")
        await careful(kit, tmp_path)
        [waits] = await exchange(kit, "方案 0002 赔偿2000元", "handler")
        assert "现在没有人是负责人" in waits


async def test_r078_the_lead_may_promise_less_and_the_basis_stays(kit: Kit, tmp_path: Path) -> None:
    await careful(kit, tmp_path)
    await exchange(kit, "方案 0002 赔偿2000元 依据 物业服务合同第12条", "handler")
    await exchange(kit, "修改 0002 赔偿1500元", "lead")
    complaint = await second(kit)
    assert complaint.redress is not None
    assert (complaint.plan, complaint.redress.basis) == ("赔偿1500元", "物业服务合同第12条")


@pytest.mark.parametrize("plan", ["方案 0002 赔偿1000元", "方案 0002 维修费5000元由您承担，漏水部分免费修好"])
async def test_r078_what_costs_no_more_than_the_limit_goes_at_once(kit: Kit, tmp_path: Path, plan: str) -> None:
    await careful(kit, tmp_path)
    await exchange(kit, plan, "handler")
    assert (await second(kit)).status is Status.PROPOSED


async def test_r042_the_leader_in_charge_reads_the_plan_and_what_it_rests_on(fresh_sqlite_url: str) -> None:
    staff = (*PEOPLE, entry("刘总", Role.LEADER, line=6))
    chats = {**CHATS, "刘总": "leader"}
    async with open_desk(fresh_sqlite_url, staff=staff, chats=chats, policy="sinopec-sh") as kit:
        await kit.says("投诉 3号枪加了50升油车就熄火，电话13812345678")
        await exchange(kit, "派单 0001 @张伟", "lead")
        await exchange(kit, "接单 0001", "handler")
        await exchange(kit, "方案 0001 退还油款350元 依据 汽油国家标准GB 17930", "handler")
        [copy] = [text for text in kit.chat.texts("leader") if "提出了方案" in text]
        assert "张伟 对 TS20260302-0001 提出了方案" in copy
        assert "退还油款350元" in copy
        assert "依据：汽油国家标准GB 17930" in copy
        assert not any("GB 17930" in text for text in kit.chat.texts("c1"))


async def test_r042_where_the_profile_names_nobody_nobody_reads_it(kit: Kit) -> None:
    await exchange(kit, ZH, "handler")
    assert await kit.outbox("plan_copied") == []


async def test_r078_other_words_go_out_while_the_money_waits(kit: Kit, tmp_path: Path) -> None:
    await careful(kit, tmp_path)
    await exchange(kit, "方案 0002 赔偿2000元", "handler")
    await exchange(kit, "进展 0002 水管已经换好，明天刷墙", "handler")
    assert any("明天刷墙" in text for text in kit.chat.texts("c2"))
    assert len((await second(kit)).unspoken) == 1


async def test_r078_whoever_speaks_to_the_press_lets_it_out_to_the_lead_first(kit: Kit, tmp_path: Path) -> None:
    await careful(kit, tmp_path)
    await exchange(kit, "媒体介入 0002 日报记者来问", "lead")
    await exchange(kit, "方案 0002 赔偿2000元", "handler")
    assert any("想对外说" in text for text in kit.chat.texts("media"))
    await exchange(kit, "发出 0002", "media")
    complaint = await second(kit)
    assert complaint.status is Status.WORKING
    assert [each.passed for each in complaint.unspoken] == [True]
    assert any("其中要付 2000元，要您同意" in text for text in kit.chat.texts("lead"))
    await exchange(kit, "发出 0002", "lead")
    assert (await second(kit)).status is Status.PROPOSED
