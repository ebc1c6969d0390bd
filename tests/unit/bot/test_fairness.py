"""Fairness and safety in chat: nobody reads or handles what is about them, notes stay among colleagues, numbers are looked up
on record, and every refusal says whom to ask.
"""

from __future__ import annotations

from bot.storage.models import RevealRow
from bot.storage.work import Work
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import Kit, entry, open_desk

ACCUSED, COLLEAGUE, LEAD, BOSS = "张伟", "李强", "王主管", "刘总"
STAFF = (
    entry(ACCUSED, Role.HANDLER, superior=LEAD),
    entry(COLLEAGUE, Role.HANDLER, superior=LEAD),
    entry(LEAD, Role.AGENT, Role.CENTER_LEAD, superior=BOSS),
    entry(BOSS, Role.LEADER),
)
MATTER = "3栋502卫生间漏水好几天了没人修，我叫王芳，13812345678"
NUMBER = "TS20260302-0001"


async def bound(kit: Kit) -> None:
    for who in STAFF:
        await kit.address(who.name, "chat", who.name)


async def heard(kit: Kit, who: str, text: str) -> str:
    """Let somebody speak and return what they read since."""
    before = len(kit.chat.texts(who))
    await kit.says(text, who)
    await kit.deliver()
    return "\n".join(kit.chat.texts(who)[before:])


async def taken_on(kit: Kit) -> None:
    """A leak, with the one who is accused later."""
    await bound(kit)
    await kit.says(MATTER)
    await kit.says(f"派单 {NUMBER} @{ACCUSED}", LEAD)
    await kit.says(f"接单 {NUMBER}", ACCUSED)
    await kit.deliver()
    assert (await kit.the_complaint()).owner == (await kit.person(ACCUSED)).id


async def test_a_complaint_about_its_assignee_leaves_their_hands_and_their_eyes(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=STAFF) as kit:
        await taken_on(kit)
        before = len(kit.chat.texts(ACCUSED))
        await kit.says("补充 张伟态度恶劣，还骂我妈")
        await kit.deliver()
        complaint = await kit.the_complaint()
        accused, colleague = await kit.person(ACCUSED), await kit.person(COLLEAGUE)
        assert complaint.owner == colleague.id
        assert complaint.respondents == {accused.id}
        told = "\n".join(kit.chat.texts(ACCUSED)[before:])
        assert "按回避规定" in told
        assert "骂" not in told
        assert "涉及 张伟" in "\n".join(kit.chat.texts(LEAD))
        unknown = (await heard(kit, ACCUSED, "进度 TS20260302-0099")).replace("TS20260302-0099", "0001")
        for command in (
            "进度 0001",
            "电话 0001",
            "备注 0001 我知道",
            "办结 0001 修好了",
            "查看记录 0001",
            "派单 0001 @张伟",
        ):
            assert (await heard(kit, ACCUSED, command)).replace(NUMBER, "0001") == unknown, command
        assert NUMBER not in await heard(kit, ACCUSED, "待办")
        assert await kit.the_complaint() == complaint
        assert "没有做任何改动" in await heard(kit, LEAD, "派单 0001 @张伟")
        assert (await kit.the_complaint()).owner == colleague.id


async def test_a_name_said_in_passing_changes_nothing(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=STAFF) as kit:
        await taken_on(kit)
        await kit.says("补充 张伟说明天上午来，我在家等")
        complaint = await kit.the_complaint()
        assert (complaint.owner, complaint.respondents) == ((await kit.person(ACCUSED)).id, frozenset())


async def test_the_centre_says_whom_it_is_about_and_that_it_is_not(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=STAFF) as kit:
        await taken_on(kit)
        assert "不能办理" in await heard(kit, LEAD, "涉及 0001 张伟")
        assert (await kit.the_complaint()).owner == (await kit.person(COLLEAGUE)).id
        assert "不再记为涉及" in await heard(kit, LEAD, "不涉及 0001 张伟")
        assert (await kit.the_complaint()).respondents == frozenset()


async def test_what_names_the_lead_goes_to_their_superior_who_leads_there(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=STAFF) as kit:
        await bound(kit)
        await kit.says(f"投诉王主管，打电话不接还骂人，{MATTER}")
        await kit.deliver()
        assert kit.chat.texts(LEAD) == []
        assert NUMBER in "\n".join(kit.chat.texts(BOSS))
        assert "没有找到" in await heard(kit, LEAD, "进度 0001")
        await heard(kit, BOSS, f"派单 {NUMBER} @{ACCUSED}")
        complaint = await kit.the_complaint()
        assert (complaint.owner, complaint.status) == ((await kit.person(ACCUSED)).id, Status.DISPATCHED)


async def test_a_note_reaches_colleagues_alone(fresh_sqlite_url: str) -> None:
    """Trap 47."""
    async with open_desk(fresh_sqlite_url, staff=STAFF) as kit:
        await taken_on(kit)
        complaint = await kit.the_complaint()
        assert "客户看不到" in await heard(kit, ACCUSED, "备注 0001 这位客户上次也闹过")
        assert "客户看不到" in await heard(kit, LEAD, "note 0001 be careful with her")
        await heard(kit, ACCUSED, "备注")
        assert "已备注" in await heard(kit, ACCUSED, "她爱打市长热线")
        assert (await kit.the_complaint()).last_progress == complaint.last_progress
        status = await heard(kit, LEAD, "进度 0001")
        assert "闹过" in status
        assert "热线" in status
        for text in ("进度", "催办", "我的投诉"):
            await heard(kit, "c1", text)
        await kit.says("办结 0001 换了防水层", ACCUSED)
        await kit.deliver()
        read = "\n".join(kit.chat.texts("c1"))
        assert "换了防水层" in read
        assert "闹过" not in read
        assert "careful" not in read
        assert "热线" not in read


async def test_a_whole_number_is_shown_in_private_and_on_record(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=STAFF) as kit:
        await taken_on(kit)
        assert "138****5678" in await heard(kit, ACCUSED, "进度 0001")
        assert "138 1234 5678" in await heard(kit, ACCUSED, "电话 0001")
        assert "138 1234 5678" in await heard(kit, LEAD, "phone 0001")
        refused = await heard(kit, COLLEAGUE, "电话 0001")
        assert "5678" not in refused
        assert "张伟 在办" in refused
        log = await heard(kit, LEAD, "查看记录 0001")
        assert log.index(LEAD) < log.index(ACCUSED)
        assert COLLEAGUE not in log
        assert len(await kit.rows(RevealRow)) == 4  # what was assigned and taken on showed it, too
        assert LEAD in await heard(kit, ACCUSED, "查看记录 0001")  # whom to ask


async def test_notices_mask_numbers_in_words_but_for_whoever_works_with_them(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=STAFF) as kit:
        await bound(kit)
        await kit.says(MATTER)
        await kit.deliver()
        lead = await kit.person(LEAD)

        async def notices(work: Work) -> None:
            asked = {"words": "电话13812345678", "from": "S4", "to": "S2"}
            for kind, facts in (("review", {}), ("escalation", {"clock": "complete"}), ("grade_proposed", asked)):
                kit.desk.tell(work, kind, kind, [lead], facts, NUMBER)

        await kit.write(notices)
        for text in ("队列", "进度 0001"):
            await heard(kit, LEAD, text)
        read = "\n".join(kit.chat.texts(LEAD))
        assert "138****5678" in read
        assert "13812345678" not in read.replace(" ", "")
        owner = (await kit.the_complaint()).owner
        [name] = [who for who in (ACCUSED, COLLEAGUE) if (await kit.person(who)).id == owner]
        assert "13812345678" in "".join(kit.chat.texts(name))  # who is to phone needs it, and that is on record
        [look] = await kit.rows(RevealRow)
        assert look.by == owner


async def test_a_list_shows_no_more_of_a_customers_number_than_its_ends(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=STAFF) as kit:
        await taken_on(kit)
        customer = (await kit.the_complaint()).complainant
        lead = await kit.person(LEAD)

        async def undelivered(work: Work) -> None:
            kit.desk.tell(
                work, "undeliverable", "u", [lead], {"who": customer, "kind": "survey", "why": "refused"}, NUMBER
            )

        await kit.write(undelivered)
        [row] = await kit.outbox("acknowledgement")
        await kit.tell(LEAD, "unreached", "unreached", items=str(row.id), count="1")
        await kit.deliver()
        [listed] = [text for text in kit.chat.texts(LEAD) if "没有送到人" in text]
        assert "138****5678" in listed
        [to_phone] = [text for text in kit.chat.texts(LEAD) if text.startswith("请打电话")]
        assert "138 1234 5678" in to_phone


async def test_whoever_wants_somebody_about_the_lead_does_not_get_the_lead(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=STAFF) as kit:
        await bound(kit)
        await kit.says(f"匿名投诉 客服中心{LEAD}收装修公司的红包，水管漏水也不管")
        complaint = await kit.the_complaint()
        assert (await kit.person(LEAD)).id in complaint.respondents
        await kit.says("人工")
        readers = {row.person for row in await kit.outbox("person_wanted")}
        assert readers == {(await kit.person(BOSS)).id, complaint.owner}


async def test_who_did_the_work_is_told_that_it_is_over_and_not_that_it_was_never_theirs(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=STAFF) as kit:
        await taken_on(kit)
        await kit.says("办结 0001 换了阀门，不漏了", ACCUSED)
        for command in (
            "办结 0001 换了阀门，不漏了",
            "接单 0001",
            "延期 0001 1天 等配件",
            "暂缓 0001 3天 等客户 出差了",
        ):
            assert "等客户评价" in await heard(kit, ACCUSED, command), command
        assert "不满意会自动重新派办" in await heard(kit, LEAD, f"派单 0001 @{COLLEAGUE}")
        await kit.deliver()
        await kit.says("满意")
        assert (await kit.the_complaint()).status is Status.CLOSED
        for command in ("延期 0001 1天 等配件", "暂缓 0001 3天 等客户 出差了", "继续 0001", "进展 0001 又看了一遍"):
            assert "已结案" in await heard(kit, ACCUSED, command), command
        noted = await heard(kit, ACCUSED, "备注 0001 钥匙在门卫")
        assert "已结案" in noted
        assert f"请找 {LEAD}" in noted
