"""How to reach a customer: told to whoever has the task, and to nobody else (R-032)."""

from __future__ import annotations

from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import CHAT, SMS, STAFF, FakeChannel, Kit, entry, known_customer, open_desk
from tests.unit.bot.test_starting import code_for

MATTER = "厨房水管漏水三天没人修"
PHONE = "13712345678"
SPOKEN = "137 1234 5678"
MASKED = "137****5678"


async def said_to(kit: Kit, who: str) -> list[str]:
    await kit.deliver()
    return kit.chat.texts(who)


async def test_a_number_told_after_the_assignment_reaches_the_assignee(kit: Kit) -> None:
    await kit.says(MATTER)
    assert not any(PHONE in text for text in await said_to(kit, "handler"))
    await kit.says(f"陈静 {PHONE} 6栋1202")
    told = (await said_to(kit, "handler"))[-1]
    assert "有补充" in told
    assert PHONE in told
    await kit.says("接单", "handler")
    assert f"客户：陈静，{SPOKEN}，6栋1202" in (await said_to(kit, "handler"))[-1]
    reference = (await kit.the_complaint()).reference
    for who, asks in (("handler", "进度"), ("lead", reference)):
        await kit.says(asks, who)
        status = (await said_to(kit, who))[-1]
        assert MASKED in status
        assert f"电话 {reference}" in status or f"phone {reference}" in status
        assert SPOKEN not in status
        await kit.says(f"电话 {reference}", who)  # the whole of it is a look that is kept
        assert SPOKEN in (await said_to(kit, who))[-1]


async def test_who_has_done_with_it_reads_no_number_any_more(kit: Kit) -> None:
    await kit.says(f"{MATTER}，{PHONE}")
    await kit.says("退单 不归我管", "handler")
    reference = (await kit.the_complaint()).reference
    await kit.says(f"进度 {reference}", "handler")
    assert SPOKEN not in (await said_to(kit, "handler"))[-1]


async def test_who_wants_a_call_is_asked_for_a_number_that_the_centre_reads(kit: Kit) -> None:
    await kit.says("人工")
    assert "电话号码" in (await said_to(kit, "c1"))[-1]
    await kit.says(PHONE)
    assert SPOKEN in (await said_to(kit, "lead"))[-1]
    await kit.says("人工")
    assert "电话号码" not in (await said_to(kit, "c1"))[-1]


async def test_who_writes_by_sms_is_not_asked_for_their_number(kit: Kit) -> None:
    await kit.says(MATTER, f"+86{PHONE}", "sms")
    await kit.deliver()
    assert "电话" not in kit.sms.texts(f"+86{PHONE}")[0].replace("咨询", "")
    assert SPOKEN in kit.chat.texts("handler")[0]
    customer = await known_customer(kit, f"+86{PHONE}", "sms")
    assert (await kit.database.read(lambda work: work.person(customer))).phone == f"+86{PHONE}"  # type: ignore[union-attr]


async def test_an_assignee_with_nothing_but_sms_can_work(database_url: str) -> None:
    async with open_desk(
        database_url, channels=[FakeChannel("chat", CHAT), FakeChannel("sms", SMS)], staff=[entry("张伟", Role.HANDLER)]
    ) as kit:
        handler = "+8613800138000"
        await kit.address("张伟", "sms", handler)
        await kit.says(f"6栋1202{MATTER}，我叫陈静，{PHONE}")
        await kit.deliver()
        [first] = kit.sms.texts(handler)
        assert "渗漏" in first
        assert "6栋1202" in first
        assert "水管漏水" not in first  # trap 24: the matter is there for the asking
        assert PHONE not in first
        assert "陈静" not in first
        assert first.count("请回复“接单”") == 1
        await kit.says("接单", handler, "sms")
        assert (await kit.the_complaint()).status is Status.WORKING
        await kit.says("进度", handler, "sms")
        await kit.deliver()
        assert "水管漏水" in kit.sms.texts(handler)[-1]
        assert "答复您" not in kit.sms.texts(handler)[-1]
        await kit.says("补充 今天又漏到楼下了")
        await kit.deliver()
        assert "今天又漏到楼下了" in kit.sms.texts(handler)[-1]


async def test_a_second_accept_says_that_it_is_theirs_already(kit: Kit) -> None:
    await kit.says(MATTER)
    for _ in range(2):
        await kit.says("接单", "handler")
    assert "已经在您手上了" in (await said_to(kit, "handler"))[-1]


async def test_whoever_it_is_given_to_may_do_the_work(kit: Kit) -> None:
    await kit.says(MATTER)
    await kit.says("派单 0001 @王主管", "lead")
    await kit.says("接单", "lead")
    assert (await kit.the_complaint()).status is Status.WORKING
    await kit.says("办结 换了水管", "handler")
    assert (await kit.the_complaint()).status is Status.WORKING
    await kit.says("办结 换了水管", "lead")
    assert (await kit.the_complaint()).status is Status.RESOLVED


async def test_a_code_sent_twice_is_no_failure(database_url: str) -> None:
    async with open_desk(database_url, staff=(*STAFF, entry("李娜", Role.HANDLER, line=4))) as kit:
        code = await code_for(kit, "李娜")
        for _ in range(2):
            await kit.says(f"/start {code}", "lina")
        await kit.deliver()
        assert all("绑定好了" in text for text in kit.chat.texts("lina"))
