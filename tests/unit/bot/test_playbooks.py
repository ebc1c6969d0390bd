"""Playbooks: offered to whoever gets such a complaint, begun, ticked off, and told to whom they name. R-073, R-114."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.grammar.playbooks import Playbook, Said, about_playbook
from bot.storage.models import EventRow
from complaints.change import EventKind
from complaints.errors import PolicyError
from complaints.policy.loading import available, completed, load, merged
from complaints.policy.playbooks import available as playbooks
from complaints.policy.playbooks import parse, read
from complaints.policy.profile import parse as parse_profile
from complaints.vocabulary import Role, Severity
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, entry, open_desk, reads

STAFF = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD),
    entry("周媒体", Role.MEDIA_OFFICER),
    entry("刘总", Role.LEADER),
    entry("孙悦", Role.HANDLER, unit="外部"),
)


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(
        fresh_sqlite_url,
        channels=[FakeChannel("chat", CHAT)],
        staff=STAFF,
        chats={"张伟": "handler", "王主管": "lead", "周媒体": "press", "刘总": "boss", "孙悦": "other"},
    ) as kit:
        yield kit


async def leaking(kit: Kit) -> None:
    await kit.says("厨房天花板漏水三天没人修，我是3栋502的寅女士，电话13800138000")
    await kit.says("派单 0001 @张伟", "lead")


async def test_the_assignee_is_offered_it_reads_begins_and_ticks_it_and_the_customer_reads_none_of_it(kit: Kit) -> None:
    await leaking(kit)
    assert "处置预案：渗漏水" in await reads(kit, "handler")
    await kit.says("预案", "handler")
    shown = await reads(kit, "handler")
    assert "○ 1. 先止水" in shown
    assert "启动预案 TS20260302-0001" in shown
    await reads(kit, "c1")
    await kit.says("启动预案 0001", "handler")
    assert "已启动预案：渗漏水" in await reads(kit, "handler")
    await kit.says("预案 0001 第2步 已拍照，客户签字", "handler")
    ticked = await reads(kit, "handler")
    assert "✓ 2. 当天上门查看" in ticked
    assert "张伟：已拍照，客户签字" in ticked
    await kit.says("预案 0001 第2步", "handler")
    assert "✓" not in await reads(kit, "handler")  # it is ticked off already
    assert await reads(kit, "c1") == ""
    events = [row.kind for row in await kit.rows(EventRow)]
    assert events.count(EventKind.PLAYBOOK_BEGUN) == events.count(EventKind.PLAYBOOK_STEP) == 1


async def test_of_the_press_the_officer_is_offered_it_and_those_it_names_hear_that_it_was_begun(kit: Kit) -> None:
    await leaking(kit)
    for who in ("handler", "press", "boss"):
        await reads(kit, who)
    await kit.says("媒体介入 0001 都市频道记者来电", "lead")
    assert "处置预案：媒体介入" in await reads(kit, "press")
    await kit.says("启动预案 0001", "lead")
    for who in ("handler", "press", "boss"):
        told = await reads(kit, who)
        assert "王主管 对 TS20260302-0001 启动了预案：媒体介入" in told
        assert "1. 现场和客服一律不回答" in told


async def test_one_may_be_named_and_what_fits_nothing_says_which_there_are(kit: Kit) -> None:
    await kit.says("楼下快递柜太小了，放不下箱子，我是3栋502的寅女士，电话13800138000")
    await kit.says("派单 0001 @张伟", "lead")
    assert "处置预案" not in await reads(kit, "handler")
    await kit.says("预案 0001", "lead")
    assert "可以指定：危及人身、财产安全、媒体介入" in await reads(kit, "lead")
    await kit.says("启动电梯预案 0001", "lead")
    assert "已启动预案：电梯故障停运" in await reads(kit, "lead")


async def test_whose_case_it_is_not_begins_none(kit: Kit) -> None:
    await leaking(kit)
    await reads(kit, "other")
    await kit.says("启动预案 0001", "other")
    refused = await reads(kit, "other")
    assert refused
    assert "渗漏水" not in refused
    await kit.says("启动预案 0001", "c1")
    assert (await kit.the_complaint()).playbook == ""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("预案 0007", Playbook(Said.SHOW, reference="0007")),
        ("启动油品质量异议预案 0007", Playbook(Said.BEGIN, "油品质量异议", reference="0007")),
        ("0007 启动应急预案", Playbook(Said.BEGIN, reference="0007")),
        ("预案 0007 第2步完成 已留样", Playbook(Said.STEP, step=2, note="已留样", reference="0007")),
        ("预案第三步完成 0007 已签字", Playbook(Said.STEP, step=3, note="已签字", reference="0007")),
        ("start the media playbook for 0007", Playbook(Said.BEGIN, "media", reference="0007")),
        ("playbook 0007 step 2 done, sample kept", Playbook(Said.STEP, step=2, note="sample kept", reference="0007")),
        ("预案 0007 第1步还没做", None),
        ("预案是什么时候定的", None),
        ("启动预案以后客户更生气了", None),
    ],
)
def test_what_is_said_of_playbooks(text: str, meant: Playbook | None) -> None:
    assert about_playbook(text) == meant


@pytest.mark.parametrize("name", playbooks())
def test_every_playbook_that_ships_is_read_and_used(name: str) -> None:
    book = parse(name, read(name))
    assert len(book.steps) >= 5
    assert any(name in {each.name for each in load(profile).playbooks} for profile in available())


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("在你们站加油后车子发抖，油品有问题", "fuel-quality"),
        ("你们油里有水 加完就趴窝了", "fuel-quality"),
        ("你们的油加完车打不着火", "fuel-quality"),
        ("加95的油，油表显示少加了十升", "fuel-quality"),
        ("water in the petrol, my engine stopped", "fuel-quality"),
        ("便利店收银排队太久", ""),
        ("加油站那个女的刘芳 神经病一样 骂我", ""),
        ("加油要排队一个小时", ""),
        ("加油员让我下载APP才肯加油", ""),
        ("the man at the petrol station was rude", ""),
    ],
)
def test_a_word_offers_the_playbook_of_disputes_about_fuel(said: str, name: str) -> None:
    books = load("sinopec-sh").playbooks
    fit = next((book.name for book in books if book.fits(Severity.S4, "OTHER", frozenset(), said, 1)), "")
    assert fit == name


def test_a_company_writes_its_own_and_a_slip_is_named(tmp_path: Path) -> None:
    (tmp_path / "playbooks").mkdir()
    own = tmp_path / "playbooks" / "parking.toml"
    own.write_text(
        'title = { zh = "车位", en = "Parking" }\n[when]\ncategories = ["PROP.parking"]\n[[step]]\nzh = "看"\nen = "look"\n'
    )
    (tmp_path / "ours.toml").write_text('inherits = "base"\nplaybooks = ["parking"]\n')
    assert [book.title["en"] for book in load("ours", [tmp_path]).playbooks] == ["Parking"]
    own.write_text('title = { zh = "车位", en = "Parking" }\ntell = ["nobody"]\n[[step]]\nzh = "看"\nen = "look"\n')
    with pytest.raises(PolicyError, match=r"playbook parking\.tell is 'nobody'"):
        load("ours", [tmp_path])
    (tmp_path / "ours.toml").write_text('inherits = "base"\nplaybooks = ["parkin"]\n')
    with pytest.raises(PolicyError, match="playbook 'parkin' does not exist"):
        load("ours", [tmp_path])


def test_a_version_from_before_there_were_any_is_still_read() -> None:
    stored = merged("sinopec-sh")
    assert len(parse_profile(completed(stored), "sinopec-sh").playbooks) == 6
    for key in ("playbooks", "playbook_texts"):
        del stored[key]
    assert len(parse_profile(completed(stored), "sinopec-sh").playbooks) == len(load("base").playbooks)


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("0001 第1步做好了，现场已经围起来", "✓ 1."),
        ("第2步完成，已拍照", "✓ 2."),
        ("0001 step 1 is done, area closed off", "✓ 1."),
    ],
)
async def test_a_step_of_a_playbook_under_way_need_not_say_whose_it_is(kit: Kit, said: str, step: str) -> None:
    await leaking(kit)
    await kit.says("接单 0001", "handler")
    await kit.says("启动预案 0001", "handler")
    await reads(kit, "handler")
    await reads(kit, "c1")
    await kit.says(said, "handler")
    assert step in await reads(kit, "handler")
    assert await reads(kit, "c1") == ""


async def test_a_step_before_any_playbook_is_none_of_one(kit: Kit) -> None:
    await leaking(kit)
    await kit.says("0001 第1步做好了，现场已经围起来", "handler")
    await kit.says("启动预案 0001", "handler")
    await reads(kit, "handler")
    await kit.says("第1步还没做好", "handler")
    assert "✓" not in await reads(kit, "handler")
