"""Duties ticked off in chat, headings put right, and which profile a complaint runs under."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import MovableClock
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.duties import Correction, Ticked, correction, ticked
from bot.policies import PolicyBook
from bot.settings import PolicyChoice
from bot.storage import codec
from bot.storage.models import EventRow, PolicyRow
from complaints.change import EventKind
from complaints.duties import DUTIES
from complaints.errors import PolicyError
from complaints.taxonomy import load_pack
from complaints.vocabulary import Flag, Kind, Milestone, Role, Severity, Status
from tests.calendars import WeekCalendar
from tests.unit.bot.desk_kit import MONDAY, STAFF, ZONE, Kit, entry, open_desk
from tests.unit.complaints.build import filing

LEAK = "我家厨房漏水三天了没人管，电话13712345678"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("已电话", Ticked("phoned", "")),
        ("已电话 张经理", Ticked("phoned", "张经理")),
        ("已电话 无人接听", Ticked("phoned", "无人接听")),
        ("已电话，没人接", Ticked("phoned", "没人接")),
        ("已电话 0007 关机", Ticked("phoned", "关机", "0007")),
        ("phoned 0007 no answer", Ticked("phoned", "no answer", "0007")),
        ("0007 已电话", Ticked("phoned", "", "0007")),
        ("报定性 我看是误解", Ticked("nature_reported", "我看是误解")),
        ("报定性 TS20261121-0007 我看是误解", Ticked("nature_reported", "我看是误解", "TS20261121-0007")),
        ("定性 有效", Ticked("nature_decided", "", None, True)),
        ("定性有效", Ticked("nature_decided", "", None, True)),
        ("定性 无效 属误解", Ticked("nature_decided", "属误解", None, False)),
        ("定性", Ticked("nature_decided", "")),
        ("判定有效", Ticked("valid_confirmed", "")),
        ("报中心 漏到楼下了", Ticked("escalated", "漏到楼下了")),
        ("中心答复：今晚修好", Ticked("centre_replied", "今晚修好")),
        ("回复中心 已查明", Ticked("dept_replied", "已查明")),
        ("答复客户 已下架", Ticked("answered", "已下架")),
        ("论坛已回复 https://bbs.example/t/1?a=2", Ticked("forum_replied", "https://bbs.example/t/1?a=2")),
        ("媒体已答复 书面答复晚报", Ticked("media_replied", "书面答复晚报")),
        ("已道歉，客户接受", Ticked("apologised", "客户接受")),
        ("已赔偿 200元", Ticked("compensated", "200元")),
        ("免除道歉 0007 客户说不必", Ticked("apology_waived", "客户说不必", "0007")),
        ("免除赔偿 客户不要了", Ticked("compensation_waived", "客户不要了")),
        ("服务确认 周六换锁", Ticked("service_confirmed", "周六换锁")),
        ("通报公司 需要工程部支持", Ticked("notified", "需要工程部支持")),
        ("快报 水已止住", Ticked("bulletin", "水已止住")),
        ("媒体介入 晚报记者来电", Ticked("media", "晚报记者来电")),
        ("标记 0007 媒体", Ticked("media", "", "0007")),
        ("标记 0007 媒体介入", Ticked("media", "", "0007")),
        ("标记 0007 为媒体介入了", Ticked("media", "", "0007")),
        ("标记 0007 记者介入 晚报来电", Ticked("media", "晚报来电", "0007")),
        ("mark 0007 media involved", Ticked("media", "", "0007")),
        ("0007 media", Ticked("media", "", "0007")),
        ("press 0007", Ticked("media", "", "0007")),
        ("0007 这是记者的投诉", Ticked("media", "", "0007")),
        ("0007 he is a journalist", Ticked("media", "", "0007")),
        ("标记为媒体投诉 0007 晚报", Ticked("media", "晚报", "0007")),
        ("mark 0007 as media: the Evening Post", Ticked("media", "the Evening Post", "0007")),
        ("客户损失 地板泡坏", Ticked("loss", "地板泡坏")),
        ("上级转办 0007 区住建局", Ticked("upper_transfer", "区住建局", "0007")),
        ("上报上级 0007 我们答复不了", Ticked("reported_up", "我们答复不了", "0007")),
        ("handed down 0007 by the ministry", Ticked("upper_transfer", "by the ministry", "0007")),
        ("report to the superior 0007 we cannot answer", Ticked("reported_up", "we cannot answer", "0007")),
        ("phoned", Ticked("phoned", "")),
        ("report nature: a misunderstanding, I think", Ticked("nature_reported", "a misunderstanding, I think")),
        ("nature invalid a misunderstanding", Ticked("nature_decided", "a misunderstanding", None, False)),
        ("find valid", Ticked("valid_confirmed", "")),
        ("to centre it drips through the ceiling", Ticked("escalated", "it drips through the ceiling")),
        ("to the service center it drips", Ticked("escalated", "it drips")),
        ("centre reply: tonight", Ticked("centre_replied", "tonight")),
        ("reply to centre found it", Ticked("dept_replied", "found it")),
        ("answer customer it is gone", Ticked("answered", "it is gone")),
        ("forum replied https://x.example", Ticked("forum_replied", "https://x.example")),
        ("media replied in writing", Ticked("media_replied", "in writing")),
        ("apologised, accepted", Ticked("apologised", "accepted")),
        ("compensated 200", Ticked("compensated", "200")),
        ("waive the apology: they want none", Ticked("apology_waived", "they want none")),
        ("waive compensation 0007 nothing was lost", Ticked("compensation_waived", "nothing was lost", "0007")),
        ("service confirmed Saturday", Ticked("service_confirmed", "Saturday")),
        ("notify company we need help", Ticked("notified", "we need help")),
        ("bulletin: it has stopped", Ticked("bulletin", "it has stopped")),
    ],
)
def test_a_duty_is_ticked_by_its_words(said: str, meant: Ticked) -> None:
    assert ticked(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "已电话联系客户，明天上门", "已道歉了客户还是不满意", "我已道歉", "没有道歉", "还没赔偿", "他们说已赔偿",
        "定性分析做了", "快报废了", "媒体已答复了吗要不要催", "I phoned", "to centralise it", "bulletins", "接单",
        "办结 换了水管", "进展 已道歉", "不满意", "", "上级转办的投诉怎么处理",
        "已上报上级，等答复",
    ],
)  # fmt: skip
def test_ordinary_words_tick_nothing(said: str) -> None:
    assert ticked(said) is None


@pytest.mark.parametrize(("role", "verb"), [(Speaker.HANDLER, Verb.GIVE_BACK), (Speaker.SUPERVISOR, Verb.INVALID)])
def test_r077_what_is_not_ours_is_put_before_whoever_decides_who_gives_it_as_the_reason(
    role: Speaker, verb: Verb
) -> None:
    meaning = understand("非我方责任 0007 业主自己改的水管", role)
    assert (meaning.verb, meaning.arguments) == (verb, {"reference": "0007", "reason": "非我方责任：业主自己改的水管"})
    bare = understand("非我方责任", role)
    assert (bare.verb, bare.said("reason")) == (verb, "")


def test_everyday_words_stay_an_ordinary_line_which_may_tick_a_duty_as_well() -> None:
    meaning = understand("已道歉，客户接受", Speaker.HANDLER)
    assert (meaning.verb, meaning.other and meaning.other.arguments["duty"]) == (Verb.DONE, "apologised")
    assert understand("判定有效", Speaker.SUPERVISOR).verb is Verb.VALID


def test_r090_what_cannot_be_handled_is_told_to_leaders_where_it_is_named() -> None:
    meaning = understand("暂无法处理 0007 等司法鉴定", Speaker.HANDLER)
    assert (meaning.verb, meaning.other and meaning.other.arguments) == (
        Verb.NOT_DONE, {"duty": "unable", "reference": "0007", "text": "等司法鉴定"}
    )  # fmt: skip
    assert understand("暂无法处理，等配件", Speaker.HANDLER).other is None
    assert {"center_lead", "leader"} == set(DUTIES["unable"].tells)


def test_the_desks_own_words_are_read_before_all_others() -> None:
    meaning = understand("快报 TS20261121-0007 水已止住", Speaker.HANDLER)
    assert (meaning.verb, meaning.arguments) == (
        Verb.TICK, {"duty": "bulletin", "reference": "TS20261121-0007", "text": "水已止住"}
    )  # fmt: skip
    assert understand("已电话 接通", Speaker.HANDLER, Pending.CALL).arguments["reached"] is True
    assert understand("快报 水已止住", Speaker.CUSTOMER).verb is not Verb.TICK


def test_a_heading_is_put_right() -> None:
    assert correction("更正 类别 LISTING") == Correction("category", "LISTING")
    assert correction("0007 更正 来源 电话") == Correction("channel", "phone", "0007")
    assert correction("更正 0002 类别 QUAL.leak") == Correction("category", "QUAL.leak", "0002")
    assert correction("更正 TS20261121-0002 类别 LISTING") == Correction("category", "LISTING", "TS20261121-0002")
    assert correction("correct 0002 kind repair") == Correction("kind", "repair", "0002")
    assert correction("correct kind repair") == Correction("kind", "repair")
    assert correction("更正 0002 地点 翠湖花园5栋3-1804") == Correction("place", "翠湖花园5栋3-1804", "0002")
    assert correction("correct 0002 place Flat 3-1804") == Correction("place", "Flat 3-1804", "0002")
    assert correction("更正：类型 报修") == Correction("kind", "repair")
    assert correction("更正一下，客户姓王") is None
    above = understand("更正 0002 来源 上级转办", Speaker.SUPERVISOR)
    assert (above.verb, above.arguments) == (Verb.TICK, {"duty": "upper_transfer", "reference": "0002"})


# ── in chat ───────────────────────────────────────────────────────────────────────────────────────────────────────────

PEOPLE = (
    *STAFF,
    entry("陈媒体", Role.MEDIA_OFFICER, line=4),
    entry("刘老板", Role.LEADER, line=5),
    entry("周评审", Role.REVIEWER, line=6),
)


async def _open(url: str, policy: str) -> AsyncIterator[Kit]:
    async with open_desk(
        url,
        staff=PEOPLE,
        policy=policy,
        chats={"张伟": "handler", "王主管": "lead", "陈媒体": "press", "刘老板": "boss", "周评审": "judge"},
    ) as kit:
        yield kit


@pytest.fixture
async def developer(database_url: str) -> AsyncIterator[Kit]:
    async for kit in _open(database_url, "hongkelong"):
        yield kit


@pytest.fixture
async def station(database_url: str) -> AsyncIterator[Kit]:
    async for kit in _open(database_url, "sinopec-sh"):
        yield kit


@pytest.fixture
async def group(database_url: str) -> AsyncIterator[Kit]:
    async for kit in _open(database_url, "vanke"):
        yield kit


async def ticks(kit: Kit) -> list[tuple[str, str]]:
    rows = await kit.rows(EventRow, EventRow.kind == EventKind.DUTY_DONE)
    return [(row.facts, row.note) for row in rows]


async def open_clocks(kit: Kit) -> set[str]:
    return {deadline.clock for deadline in (await kit.the_complaint()).running}


async def test_r027_r028_from_unclear_to_decided_in_chat(developer: Kit) -> None:
    await developer.says(LEAK, "c1")
    await developer.says("接单", "handler")
    assert "nature_report" in await open_clocks(developer)
    await developer.says("报定性 我看是楼上装修", "handler")
    assert await open_clocks(developer) & {"nature_report", "nature_decide"} == {"nature_decide"}
    await developer.deliver()
    assert any("定性" in text and "我看是楼上装修" in text for text in developer.chat.texts("lead"))
    await developer.says("定性 有效", "lead")
    assert "nature_decide" not in await open_clocks(developer)
    assert (await developer.the_complaint()).moment(Milestone.VALID_CONFIRMED) is not None


@pytest.mark.parametrize("paid", ["已道歉，客户接受", "免除道歉 客户说不必了"])
async def test_a_debt_to_the_customer_is_chased_after_the_closing_and_ended_by_a_word(
    fresh_sqlite_url: str, paid: str
) -> None:
    async with open_desk(
        fresh_sqlite_url, staff=PEOPLE, policy="sinopec-sh", chats={"张伟": "handler", "王主管": "lead"}
    ) as kit:
        await kit.says(LEAK, "c1")
        await kit.says("接单", "handler")
        await kit.says(f"判定有效 {(await kit.the_complaint()).reference}", "lead")
        await kit.says("办结 换了水管，试水不漏", "handler")
        await kit.deliver()
        await kit.says("满意", "c1")
        assert (await kit.the_complaint()).status is Status.CLOSED
        await kit.sweep(timedelta(days=5))
        await kit.deliver()
        assert any("赔礼道歉”已超时" in text and "卡在哪里" not in text for text in kit.chat.texts("handler"))
        assert any("免除道歉" in text for text in kit.chat.texts("lead"))
        await kit.says(paid, "lead" if paid.startswith("免除") else "handler")
        assert await open_clocks(kit) == set()
        assert "apolog" in (await ticks(kit))[-1][0]


async def test_words_that_are_missing_are_asked_for(developer: Kit) -> None:
    await developer.says(LEAK, "c1")
    await developer.says("接单", "handler")
    await developer.says("回复中心", "handler")
    assert len(await developer.outbox("duty_words_needed")) == 1
    await developer.says("查明是三楼的水管，今晚换", "handler")
    assert [note for _, note in await ticks(developer)] == ["查明是三楼的水管，今晚换"]
    assert "dept_reply_center" not in await open_clocks(developer)


async def test_r097_major_the_company_hears_and_the_centre_ticks(developer: Kit) -> None:
    """R-047: the centre answers the customer of what is major."""
    await developer.says(LEAK, "c1")
    await developer.says("接单", "handler")
    await developer.says(f"定级 {(await developer.the_complaint()).reference} 重大 漏到三户", "lead")
    assert await open_clocks(developer) >= {"severity_notice", "bulletin", "center_reply_customer"}
    await developer.says("快报 三户受影响，已断水抢修", "lead")
    await developer.says("中心答复 今晚八点前恢复供水", "lead")
    assert await open_clocks(developer) & {"severity_notice", "center_reply_customer"} == set()
    await developer.deliver()
    assert any("三户受影响" in text for text in developer.chat.texts("boss"))
    assert any("今晚八点前恢复供水" in text for text in developer.chat.texts("c1"))


async def test_ordinary_words_keep_their_meaning_where_nobody_waits_for_an_apology(developer: Kit) -> None:
    await developer.says(LEAK, "c1")
    await developer.says("接单", "handler")
    await developer.says("已道歉，客户没意见", "handler")
    assert await ticks(developer) == []
    assert (await developer.the_complaint()).status is Status.RESOLVED  # as these words are read without a duty


async def test_an_answer_that_no_clock_waits_for_is_a_line_of_the_assignee_and_refused_to_others(
    developer: Kit,
) -> None:
    await developer.says(LEAK)
    await developer.says("派单 0001 @张伟", "lead")
    for said in ("答复客户 0001 我们正在抢修", "已道歉 0001 客户接受了"):
        await developer.says(said, "lead")
        await developer.deliver()
        refused = developer.chat.texts("lead")[-1]
        assert "没有告诉客户" in refused, said
        assert "中心答复 编号" in refused, said
    await developer.says("答复客户 0001 师傅已到现场换阀门，今天下午三点前修好", "handler")
    assert (await developer.the_complaint()).last_progress == "师傅已到现场换阀门，今天下午三点前修好"


async def test_r043_an_apology_and_the_loss_made_good(station: Kit) -> None:
    await station.says(LEAK, "c1")
    await station.says("接单", "handler")
    await station.says(f"判定有效 {(await station.the_complaint()).reference}", "lead")
    await station.says("客户损失 地板泡坏", "handler")
    assert await open_clocks(station) >= {"apology"}
    await station.says("已道歉，客户接受", "handler")
    assert "apology" not in await open_clocks(station)


async def test_r069_the_press_is_told_and_answers_itself(station: Kit) -> None:
    await station.says(LEAK, "c1")
    await station.says("接单", "handler")
    await station.says("媒体介入 晚报记者来电", "handler")
    complaint = await station.the_complaint()
    assert complaint.flags == {Flag.MEDIA}
    await station.deliver()
    [told] = [text for text in station.chat.texts("press") if "媒体" in text]
    assert "媒体已答复" in told  # and by which words it is ticked off
    await station.says("媒体已答复 书面答复晚报", "press")
    assert "media_reply" not in await open_clocks(station)


async def test_nobody_else_answers_for_the_press(station: Kit) -> None:
    await station.says(LEAK, "c1")
    await station.says("接单", "handler")
    await station.says("媒体介入 晚报记者来电", "handler")
    await station.says("媒体已答复 我跟记者说了", "handler")
    assert "media_reply" in await open_clocks(station)
    assert len(await station.outbox("refused_not_allowed")) == 1


async def test_r026_the_group_finds_it_valid_and_it_is_given_to_somebody(group: Kit) -> None:
    await group.says(LEAK, "c1")
    assert (await group.the_complaint()).task is None
    await group.deliver()
    assert any("判定有效" in text for text in group.chat.texts("judge"))
    await group.says("判定有效", "judge")
    complaint = await group.the_complaint()
    assert complaint.task is not None
    assert complaint.task.assignee == (await group.person("张伟")).id


async def test_r025_the_group_finds_it_invalid_and_the_customer_hears_why(group: Kit) -> None:
    await group.says(LEAK, "c1")
    await group.says("判定无效 楼上装修，属相邻关系", "judge")
    assert (await group.the_complaint()).status is Status.INVALID
    await group.deliver()
    assert any("属相邻关系" in text for text in group.chat.texts("c1"))


async def test_a_customer_ticks_nothing(developer: Kit) -> None:
    await developer.says(LEAK, "c1")
    await developer.says("已道歉", "c1")
    await developer.says("快报 水漫金山", "c2")
    assert await ticks(developer) == []


# ── choosing the profile ──────────────────────────────────────────────────────────────────────────────────────────────


def book(*rows: PolicyChoice, name: str = "base", directory: Path | None = None) -> PolicyBook:
    return PolicyBook(name, [directory] if directory else [], WeekCalendar(ZONE), choose=rows)


CHOICES = (
    PolicyChoice("vanke", kinds=("consult", "service")),
    PolicyChoice("hongkelong", channels=("forum",)),
    PolicyChoice("beijing-12345", severities=("S0",)),
    PolicyChoice("mingyuan", sites=("north",), categories=("QUAL",)),
    PolicyChoice("leyoujia-315", categories=("LISTING",), also=True),
)


@pytest.mark.parametrize(
    ("matter", "chosen"),
    [
        ({}, "base"),
        ({"kind": Kind.CONSULT}, "vanke"),
        ({"channel": "forum"}, "hongkelong"),
        ({"channel": "forum", "kind": Kind.SERVICE}, "vanke"),  # the first row that fits
        ({"severity": Severity.S0}, "beijing-12345"),
        ({"site": "north"}, "base"),
        ({"site": "north", "category": "QUAL"}, "mingyuan"),
        ({"site": "north", "category": "QUAL.leak"}, "mingyuan"),
        ({"category": "LISTING"}, "base+leyoujia-315"),
        ({"channel": "forum", "category": "LISTING"}, "hongkelong+leyoujia-315"),
    ],
)
async def test_the_first_row_that_fits_names_the_profile(
    database_url: str, matter: dict[str, Any], chosen: str
) -> None:
    async with open_desk(database_url) as kit:
        terms = await kit.write(lambda work: book(*CHOICES).choice(work, filing(**matter)))
        assert terms.policy.name == chosen
        if chosen != "base":
            assert (chosen, terms.policy.version) in [(row.name, row.version) for row in await kit.rows(PolicyRow)]


async def test_a_site_names_its_profile_where_no_row_does(database_url: str) -> None:
    async with open_desk(database_url) as kit:
        chosen = await kit.write(lambda work: book(*CHOICES).choice(work, filing(site="south"), "sinopec-sh"))
        assert chosen.policy.name == "sinopec-sh"
        row = await kit.write(lambda work: book(*CHOICES).choice(work, filing(channel="forum"), "sinopec-sh"))
        assert row.policy.name == "hongkelong"
        gone = await kit.write(lambda work: book(*CHOICES).choice(work, filing(site="south"), "taken-away"))
        assert gone.policy.name == "base"


async def test_what_is_put_right_gets_the_clocks_of_what_it_is(database_url: str) -> None:
    async with open_desk(database_url) as kit:
        kit.desk.book = book(PolicyChoice("leyoujia-315", categories=("LISTING",), also=True), name="leyoujia-24h")
        await kit.desk.book.store(kit.database)
        await kit.says(LEAK, "c1")
        await kit.says("接单", "handler")
        before = await kit.the_complaint()
        await kit.says(f"更正 类别 LISTING {before.reference}", "lead")
        await kit.says(f"更正 {before.reference}", "lead")
        after = await kit.the_complaint()
        assert (before.policy.name, after.policy.name) == ("leyoujia-24h", "leyoujia-24h+leyoujia-315")
        assert {d.clock for d in after.running} - {d.clock for d in before.running} == {"answer", "compensate"}
        fresh = book(name="leyoujia-24h")  # another process, or tomorrow's, without the row
        kept = await kit.write(lambda work: fresh.terms(work, after))
        assert kept.policy.ref == after.policy


@pytest.mark.parametrize(
    ("words", "profile", "clocks"),
    [
        pytest.param(
            "你们网上挂的是虚假房源，根本没有这套房", "leyoujia-24h+leyoujia-315", {"answer", "compensate"}, id="also"
        ),
        pytest.param("厨房漏水，没人来修", "mingyuan", {"complete", "plan"}, id="another"),
    ],
)
async def test_what_an_answer_tells_of_the_matter_chooses_the_profile_too(
    fresh_sqlite_url: str, words: str, profile: str, clocks: set[str]
) -> None:
    """Told in two messages it runs under what it would run under had it been told in one."""
    async with open_desk(fresh_sqlite_url, staff=(*STAFF, entry("何员工", Role.EMPLOYEE, line=4))) as kit:
        await kit.address("何员工", "chat", "he")
        listings = PolicyChoice("leyoujia-315", categories=("LISTING",), also=True)
        kit.desk.book = book(listings, PolicyChoice("mingyuan", categories=("QUAL",)), name="leyoujia-24h")
        await kit.desk.book.store(kit.database)
        await kit.says("我的投诉 客户很生气", "he")
        await kit.says(f"李先生 13988887777 {words}", "he")
        complaint = await kit.the_complaint()
        assert complaint.policy.name == profile
        assert clocks <= {deadline.clock for deadline in complaint.running}
        assert all(deadline.started_at == complaint.received_at for deadline in complaint.running)


async def test_a_place_is_put_right_by_the_centre_alone(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says(LEAK, "c1")
        number = (await kit.the_complaint()).reference[-4:]
        await kit.says(f"更正 {number} 地点 翠湖花园5栋3-1804", "handler")
        assert (await kit.the_complaint()).place != "翠湖花园5栋3-1804"
        await kit.says(f"更正 {number} 地点 翠湖花园5栋3-1804", "lead")
        await kit.deliver()
        assert (await kit.the_complaint()).place == "翠湖花园5栋3-1804"
        assert "地点" in kit.chat.texts("lead")[-1]


async def test_an_unknown_heading_is_asked_for_with_the_choices(database_url: str) -> None:
    async with open_desk(database_url) as kit:
        await kit.says(LEAK, "c1")
        await kit.says(f"更正 来源 鸽子 {(await kit.the_complaint()).reference}", "lead")
        await kit.deliver()
        assert any("论坛" in text and "电话" in text for text in kit.chat.texts("lead"))


@pytest.mark.parametrize(
    ("row", "where", "cure"),
    [
        (PolicyChoice(""), "policies.choose.1.policy is empty", "hongkelong"),
        (PolicyChoice("hongkong"), "policies.choose.1.policy", "hongkelong"),
        (PolicyChoice("vanke", kinds=("gripe",)), "policies.choose.1.kinds holds 'gripe'", "complaint"),
        (PolicyChoice("vanke", categories=("QUALITY",)), "policies.choose.1.categories holds 'QUALITY'", "QUAL"),
        (PolicyChoice("vanke", severities=("S9",)), "policies.choose.1.severities holds 'S9'", "S0"),
        (PolicyChoice("vanke", channels=("emial",)), "policies.choose.1.channels holds 'emial'", "email"),
        (PolicyChoice("base", also=True), "policies.choose.1.policy", "adds nothing"),
    ],
)
def test_a_wrong_row_names_itself_the_key_and_the_cure(row: PolicyChoice, where: str, cure: str) -> None:
    with pytest.raises(PolicyError) as error:
        book(row)
    assert where in str(error.value)
    assert cure in str(error.value)


def test_a_company_is_told_which_clock_of_its_own_has_no_name(tmp_path: Path) -> None:
    visit = 'inherits = "base"\n[clocks.site_visit]\nlimit = "2d"\nfrom = "accepted"\nmet_by = ["progress"]\n'
    today, pack = date(2026, 11, 22), load_pack("realestate")
    (tmp_path / "ours.toml").write_text(visit, "utf-8")
    [doubt] = book(name="ours", directory=tmp_path).doubts(pack, {}, today)
    assert "policy ours.clocks.site_visit.title is missing" in doubt
    (tmp_path / "ours.toml").write_text(visit + 'title = { zh = "上门查看", en = "site visit" }\n', "utf-8")
    assert not list(book(name="ours", directory=tmp_path).doubts(pack, {}, today))


def test_a_clock_for_a_category_that_there_is_not_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text('inherits = "base"\n[clocks.accept]\ncategories = ["LEAKS"]\n', "utf-8")
    with pytest.raises(
        PolicyError,
        match=r"policy ours.clocks.accept names the category 'LEAKS': .*choose from [A-Z_, ]*QUAL[A-Z_, ]*, or a part",
    ):
        book(name="ours", directory=tmp_path)


async def test_a_limit_for_accepting_is_not_told_as_that_of_the_work(developer: Kit) -> None:
    await developer.says(LEAK, "c1")
    await developer.deliver()
    [told] = [text for text in developer.chat.texts("handler") if text.startswith("派给您")]
    assert "\n“接单”时限：3月3日" in told
    assert "\n时限：" not in told
    await developer.says("接单", "handler")
    await developer.says(f"派单 {(await developer.the_complaint()).reference} 王主管", "lead")
    await developer.deliver()
    [told] = [text for text in developer.chat.texts("lead") if text.startswith("派给您")]
    assert "\n“接单”时限" not in told


@pytest.mark.parametrize(
    ("asks", "who", "said", "of_all"),
    [
        ("我的待办", "handler", "，“接单”3月3日(周二) 10:00 到期", "，时限"),
        ("队列", "lead", "，“接单”3月3日(周二) 10:00 到期", "，时限"),
        ("进度 0001", "handler", "\n“接单”时限：3月3日", "\n时限："),
        ("my tasks", "handler", ", acceptance due Tue 3 Mar, 10:00", "all of it"),
        ("queue", "lead", ", acceptance due Tue 3 Mar, 10:00", "all of it"),
        ("status 0001", "handler", "\nAcceptance by Tue 3 Mar", "\nDue: "),
    ],
)
async def test_lists_tell_it_no_more_as_that_of_the_work(
    developer: Kit, asks: str, who: str, said: str, of_all: str
) -> None:
    await developer.says(LEAK, "c1")
    if asks.isascii():
        await developer.says("English", who)
    await developer.says(asks, who)
    await developer.deliver()
    read = developer.chat.texts(who)[-1]
    assert said in read
    assert of_all not in read
    await developer.says("accept", "handler")
    await developer.says(asks, who)
    await developer.deliver()
    assert said not in developer.chat.texts(who)[-1]


async def test_leaders_read_what_happened_and_no_phone_number(developer: Kit) -> None:
    await developer.says(LEAK, "c1")
    await developer.says("接单", "handler")
    await developer.says(f"快报 {(await developer.the_complaint()).reference} 客户 13712345678 家已断水", "lead")
    await developer.deliver()
    [told] = developer.chat.texts("boss")
    assert "已断水" in told
    assert "13712345678" not in told


async def test_a_limit_of_the_centre_is_not_told_to_the_assignees_superior(developer: Kit) -> None:
    await developer.says(LEAK, "c1")
    await developer.says("接单", "handler")
    await developer.says(f"定级 {(await developer.the_complaint()).reference} 重大 漏到三户", "lead")
    await developer.sweep(timedelta(minutes=11))
    late = await developer.outbox("overdue")
    assert [codec.loads(row.facts)["clock"] for row in late] == ["severity_notice"]
    assert await developer.outbox("escalation") == []
    await developer.deliver()
    assert any("请马上办" in text for text in developer.chat.texts("lead"))


@pytest.fixture
async def sunday(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    """A desk of a profile that waits for a call on a day off (R-031 E), with a case that is taken on."""
    chats = {"张伟": "handler", "王主管": "lead"}
    clock = MovableClock(MONDAY - timedelta(days=1))
    async with open_desk(
        fresh_sqlite_url, staff=PEOPLE, policy="hongkelong", chats=chats, clock=clock, before=accepted_on_sunday
    ) as kit:
        yield kit


async def accepted_on_sunday(kit: Kit) -> None:
    await kit.says(LEAK, "c1")
    await kit.says("接单", "handler")
    await kit.deliver()
    assert "transfer_holiday" in await open_clocks(kit)
    kit.chat.sent.clear()


@pytest.mark.parametrize(
    "said",
    [
        "spoke to her, all explained",
        "0001 rang him, told him sorry",
        "called Mrs Lee, explained it",
        "给业主打了电话，说明了情况",
        "跟张女士通过电话了，她先不修",
        "电话联系了客户，已解释",
    ],
)
async def test_whoever_spoke_to_them_has_phoned_and_nobody_outside_reads_it(sunday: Kit, said: str) -> None:
    await sunday.says(said, "handler")
    await sunday.deliver()
    assert "transfer_holiday" not in await open_clocks(sunday)
    assert sunday.chat.texts("c1") == []


async def test_a_visit_told_with_the_call_is_arranged_as_well(sunday: Kit) -> None:
    await sunday.says("跟客户通过电话了，约好周五上午十点", "handler")
    await sunday.deliver()
    assert "transfer_holiday" not in await open_clocks(sunday)
    assert "对吗" in sunday.chat.texts("handler")[-1]


@pytest.mark.parametrize(
    "said",
    ["rang her, no answer", "called him, left a message", "给业主打了电话，没人接", "rang her, she didnt pick up"],
)
async def test_whom_nobody_reached_nobody_has_phoned(sunday: Kit, said: str) -> None:
    await sunday.says(said, "handler")
    await sunday.deliver()
    assert "transfer_holiday" in await open_clocks(sunday)
    assert sunday.chat.texts("c1") == []
