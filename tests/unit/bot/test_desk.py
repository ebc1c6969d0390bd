"""The desk: whom a notice is for, who gets the work, which number a complaint has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import MovableClock
from bot.staff import import_staff
from bot.storage.models import AddressRow, ComplaintRow, EventRow
from bot.storage.work import Work
from complaints.change import Change, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.handling import Filing
from complaints.parts.actors import SYSTEM
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import CHAT, STAFF, FakeChannel, Kit, entry, known_customer, open_desk

MATTER = "电梯坏了三天没人修"

HOUSE = (
    entry("张伟", Role.HANDLER, superior="赵经理", backup="李娜"),
    entry("李娜", Role.HANDLER, superior="赵经理", line=3),
    entry("赵经理", Role.DEPT_HEAD, line=4),
    entry("坐席甲", Role.AGENT, line=5),
    entry("坐席乙", Role.AGENT, line=6),
    entry("王主任", Role.CENTER_LEAD, line=7),
)


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    async with open_desk(database_url, staff=HOUSE, channels=[FakeChannel("chat", CHAT)]) as kit:
        yield kit


async def filed(kit: Kit, **more: object) -> Complaint:
    values: dict[str, object] = {"summary": MATTER, "complainant": "somebody", "channel": "chat", "locale": "zh"} | more

    async def job(work: Work) -> Complaint:
        filing = Filing(reference=await kit.desk.new_reference(work), **values)  # type: ignore[arg-type]
        return await kit.desk.file(work, filing, SYSTEM)

    return await kit.write(job)


async def names(kit: Kit, notice: str) -> list[str]:
    """Return who a notice is for, by name."""

    async def read(work: Work) -> dict[str, str]:
        return {person.id: person.name for person in (await work.directory()).persons.values()}

    known = await kit.database.read(read)
    return sorted(known.get(row.person or "", row.person or "") for row in await kit.outbox(notice) if not row.form)


async def told(kit: Kit, complaint: Complaint, *notices: Notice) -> list[str]:
    """Record a decision that consists of these notices, and return who is told."""
    kinds = {notice.kind for notice in notices}
    before = {row.id for row in await kit.outbox()}

    async def job(work: Work) -> None:
        current = await work.complaint(complaint.reference)
        assert current is not None
        await kit.desk.record(work, Change(current, (), notices))

    await kit.write(job)

    async def read(work: Work) -> dict[str, str]:
        return {person.id: person.name for person in (await work.directory()).persons.values()}

    known = await kit.database.read(read)
    new = [row for row in await kit.outbox() if row.id not in before and row.notice in kinds and not row.form]
    return sorted(known.get(row.person or "", row.person or "") for row in new)


# ── recipients ────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestRecipients:
    async def id_of(self, kit: Kit, name: str) -> str:
        return (await kit.person(name)).id

    async def test_everybody_with_the_role(self, kit: Kit) -> None:
        complaint = await filed(kit)
        assert await told(kit, complaint, Notice(NoticeKind.GIVEN_BACK, To(role=Role.AGENT))) == ["坐席乙", "坐席甲"]

    async def test_the_superior_and_the_stand_in(self, kit: Kit) -> None:
        complaint = await filed(kit)
        who = await self.id_of(kit, "张伟")
        assert await told(kit, complaint, Notice(NoticeKind.ESCALATION, To(superior_of=who))) == ["赵经理"]
        assert await told(kit, complaint, Notice(NoticeKind.OVERDUE, To(backup_of=who))) == ["李娜"]

    async def test_without_a_superior_the_lead_hears_it(self, kit: Kit) -> None:
        """Trap 35: a rung without anybody must not end the ladder."""
        complaint = await filed(kit)
        who = await self.id_of(kit, "赵经理")
        assert await told(kit, complaint, Notice(NoticeKind.ESCALATION, To(superior_of=who))) == ["王主任"]

    async def test_without_a_stand_in_nobody_is_disturbed_instead(self, kit: Kit) -> None:
        complaint = await filed(kit)
        who = await self.id_of(kit, "李娜")
        assert await told(kit, complaint, Notice(NoticeKind.OVERDUE, To(backup_of=who))) == []

    async def test_a_role_that_nobody_holds_goes_to_the_lead(self, kit: Kit) -> None:
        complaint = await filed(kit)
        assert await told(kit, complaint, Notice(NoticeKind.ESCALATION, To(role=Role.LEADER))) == ["王主任"]

    async def test_without_a_lead_the_whole_centre_hears_it(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url, staff=HOUSE[:5], channels=[FakeChannel("chat", CHAT)]) as kit:
            complaint = await filed(kit)
            notice = Notice(NoticeKind.ESCALATION, To(role=Role.LEADER))
            assert await told(kit, complaint, notice) == ["坐席乙", "坐席甲"]

    async def test_each_person_is_told_once_whatever_they_are(self, kit: Kit) -> None:
        complaint = await filed(kit)
        who = await self.id_of(kit, "张伟")
        notices = [
            Notice(NoticeKind.ESCALATION, to)
            for to in (To(superior_of=who), To(role=Role.DEPT_HEAD), To(person=await self.id_of(kit, "赵经理")))
        ]
        assert await told(kit, complaint, *notices) == ["赵经理"]

    async def test_two_kinds_of_notice_are_two_messages(self, kit: Kit) -> None:
        complaint = await filed(kit)
        to = To(role=Role.CENTER_LEAD)
        both = [Notice(NoticeKind.ESCALATION, to), Notice(NoticeKind.STILL_WAITING, to)]
        assert await told(kit, complaint, *both) == ["王主任", "王主任"]

    async def test_an_escalation_of_what_they_are_chased_for_themselves_is_not_told(self, kit: Kit) -> None:
        """Who works on it and leads the centre reads that it is overdue, not that they let it lie."""
        complaint = await filed(kit)
        to = To(role=Role.CENTER_LEAD)
        both = [Notice(NoticeKind.ESCALATION, to), Notice(NoticeKind.OVERDUE, to)]
        assert await told(kit, complaint, *both) == ["王主任"]

    async def test_never_whom_the_complaint_names(self, kit: Kit) -> None:
        """Invariant 7: whoever is complained about does not get to steer it."""
        agent = await self.id_of(kit, "坐席甲")
        complaint = await filed(kit, respondents=frozenset({agent}))
        assert await told(kit, complaint, Notice(NoticeKind.GIVEN_BACK, To(role=Role.AGENT))) == ["坐席乙"]

    async def test_whom_it_names_is_the_only_one_who_would_hear_it(self, kit: Kit) -> None:
        """Then somebody else of the centre hears it: not the person named, and not nobody."""
        lead = await self.id_of(kit, "王主任")
        complaint = await filed(kit, respondents=frozenset({lead}))
        notice = Notice(NoticeKind.DISSATISFIED, To(role=Role.CENTER_LEAD))
        assert await told(kit, complaint, notice) == ["坐席乙", "坐席甲"]

    async def test_the_superior_who_is_named_is_passed_over(self, kit: Kit) -> None:
        boss = await self.id_of(kit, "赵经理")
        complaint = await filed(kit, respondents=frozenset({boss}))
        who = await self.id_of(kit, "张伟")
        assert await told(kit, complaint, Notice(NoticeKind.ESCALATION, To(superior_of=who))) == ["王主任"]

    async def test_who_has_left_hears_nothing(self, fresh_sqlite_url: str) -> None:
        staff = (*HOUSE[:3], entry("坐席甲", Role.AGENT, line=5, active=False), *HOUSE[4:])
        async with open_desk(fresh_sqlite_url, staff=staff, channels=[FakeChannel("chat", CHAT)]) as kit:
            complaint = await filed(kit)
            assert await told(kit, complaint, Notice(NoticeKind.GIVEN_BACK, To(role=Role.AGENT))) == ["坐席乙"]

    async def test_a_superior_who_has_left_is_replaced_by_the_lead(self, fresh_sqlite_url: str) -> None:
        staff = (*HOUSE[:2], entry("赵经理", Role.DEPT_HEAD, line=4, active=False), *HOUSE[3:])
        async with open_desk(fresh_sqlite_url, staff=staff, channels=[FakeChannel("chat", CHAT)]) as kit:
            complaint = await filed(kit)
            who = await self.id_of(kit, "张伟")
            assert await told(kit, complaint, Notice(NoticeKind.ESCALATION, To(superior_of=who))) == ["王主任"]


# ── who gets the work ─────────────────────────────────────────────────────────────────────────────────────────────────


async def assignee(kit: Kit, complaint: Complaint) -> str:
    async def read(work: Work) -> str:
        person = (await work.directory()).get(complaint.owner)
        return person.name if person else ""

    return await kit.database.read(read)


class TestAutomaticAssignment:
    async def test_the_least_loaded_gets_the_next(self, kit: Kit) -> None:
        """R-034: the load is shared, one after the other."""
        owners = [await assignee(kit, await filed(kit)) for _ in range(6)]
        assert sorted(owners) == ["张伟"] * 3 + ["李娜"] * 3
        assert owners[0] != owners[1]

    async def test_load_counts_open_work_only(self, kit: Kit) -> None:
        for address, name in (("z", "张伟"), ("l", "李娜")):
            await kit.address(name, "chat", address)
        first = await filed(kit)
        free = "z" if await assignee(kit, first) == "张伟" else "l"
        await filed(kit)
        await kit.says(f"办结 {first.reference} 换了配件", free)
        third = await filed(kit)
        assert await assignee(kit, third) == await assignee(kit, first)

    async def test_it_holds_within_one_commit_too(self, kit: Kit) -> None:
        complaints = await asyncio.gather(*(filed(kit) for _ in range(8)))
        owners = sorted([await assignee(kit, complaint) for complaint in complaints])
        assert owners == ["张伟"] * 4 + ["李娜"] * 4

    async def test_a_category_goes_to_who_handles_it(self, fresh_sqlite_url: str) -> None:
        staff = [
            entry("水工", Role.HANDLER, categories=("QUAL.leak",)),
            entry("质量组", Role.HANDLER, categories=("QUAL",), line=3),
            entry("什么都管", Role.HANDLER, line=4),
            entry("坐席甲", Role.AGENT, line=5),
        ]
        async with open_desk(fresh_sqlite_url, staff=staff) as kit:
            assert await assignee(kit, await filed(kit, category="QUAL.leak")) == "水工"
            assert await assignee(kit, await filed(kit, category="QUAL.crack")) == "质量组"
            assert await assignee(kit, await filed(kit, category="OTHER")) == "什么都管"

    async def test_never_to_whom_it_names_nor_to_who_brought_it_in(self, kit: Kit) -> None:
        """Invariant 7 and trap 34 of self-dealing: nobody works on their own find or their own fault."""
        named = await kit.person("张伟")
        finder = await kit.person("李娜")
        assert await assignee(kit, await filed(kit, respondents=frozenset({named.id}))) == "李娜"
        assert await assignee(kit, await filed(kit, finder=finder.id)) == "张伟"
        both = await filed(kit, respondents=frozenset({named.id}), finder=finder.id)
        assert both.owner is None
        assert await names(kit, "needs_assignment") == ["坐席乙", "坐席甲"]

    async def test_a_name_in_the_customers_words_is_enough(self, kit: Kit) -> None:
        await kit.says("张伟态度恶劣，骂人，我要投诉")
        complaint = await kit.the_complaint()
        assert complaint.respondents == {(await kit.person("张伟")).id}
        assert await assignee(kit, complaint) == "李娜"

    async def test_nobody_is_able_so_the_centre_is_asked(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url, staff=HOUSE[2:]) as kit:
            complaint = await filed(kit)
            assert complaint.owner is None
            assert await names(kit, "needs_assignment") == ["坐席乙", "坐席甲"]

    async def test_nobody_gets_what_nobody_can_be_reached_about(self, kit: Kit) -> None:
        complaint = await filed(kit, contact_known=False)
        assert complaint.owner is None

    async def test_what_waited_for_a_phone_number_is_given_out_once_it_is_told(self, kit: Kit) -> None:
        await kit.address("张伟", "chat", "z")
        await kit.says("我的投诉 3栋502的客户说电梯坏了两天没人修", "z")
        assert (await kit.the_complaint()).owner is None
        await kit.says("李女士 13612345678", "z")
        assert await assignee(kit, await kit.the_complaint()) == "李娜"

    async def test_exactly_one_owner_at_any_time(self, kit: Kit) -> None:
        complaint = await filed(kit)
        assert len([task for task in complaint.tasks if task.open]) == 1
        assert await kit.count(ComplaintRow, ComplaintRow.owner == complaint.owner) == 1


# ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestReferences:
    async def test_unique_however_many_come_at_once(self, kit: Kit) -> None:
        complaints = await asyncio.gather(*(filed(kit) for _ in range(40)))
        assert sorted(c.reference for c in complaints) == [f"TS20260302-{number:04}" for number in range(1, 41)]

    async def test_unique_between_processes(self, fresh_postgres_url: str) -> None:
        async with (
            open_desk(fresh_postgres_url, staff=HOUSE) as one,
            open_desk(fresh_postgres_url, staff=()) as two,
        ):

            async def many(kit: Kit) -> list[str]:
                return [await kit.write(kit.desk.new_reference) for _ in range(20)]

            await one.write(
                one.desk.new_reference
            )  # two who count the first of a day at once: one is told to try again
            references = [each for some in await asyncio.gather(many(one), many(two)) for each in some]
            assert len(set(references)) == 40

    async def test_the_day_is_that_of_the_desk(self, database_url: str) -> None:
        """At four in the afternoon UTC it is tomorrow in Shanghai."""
        clock = MovableClock(datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC))
        async with open_desk(database_url, clock=clock, staff=STAFF) as kit:
            assert (await filed(kit)).reference == "TS20260302-0001"
            clock.move_to(clock.now() + timedelta(seconds=1))
            assert (await filed(kit)).reference == "TS20260303-0001"

    async def test_a_decision_that_failed_leaves_no_double(self, kit: Kit) -> None:
        async def fails(work: Work) -> None:
            await kit.desk.new_reference(work)
            raise LookupError

        for _ in range(3):
            with pytest.raises(LookupError):
                await kit.write(fails)
        first, second = await filed(kit), await filed(kit)
        assert first.reference != second.reference

    async def test_more_than_ten_thousand_a_day(self, kit: Kit) -> None:
        async def many(work: Work) -> str:
            for _ in range(10_000):
                last = await work.next_number("TS20260302")
            return str(last)

        assert await kit.write(many) == "10000"
        assert (await filed(kit)).reference == "TS20260302-10001"


async def test_every_step_of_a_life_is_in_the_log_with_who_did_it(kit: Kit) -> None:
    await kit.address("张伟", "chat", "z")
    await kit.address("李娜", "chat", "l")
    await kit.says(MATTER)
    complaint = await kit.the_complaint()
    who = "z" if await assignee(kit, complaint) == "张伟" else "l"
    for text, speaker in (("接单", who), ("办结 换了主板", who), ("满意", "c1")):
        await kit.says(text, speaker)
    rows = await kit.rows(EventRow)
    kinds = [row.kind for row in rows]
    assert kinds == ["received", "registered", "dispatched", "accepted", "resolved", "rated", "closed"]
    by: Sequence[str | None] = [row.by for row in rows]
    assert by[0] == complaint.complainant
    assert by[1] is None
    assert by[3] == complaint.owner


# ── a change of staff ─────────────────────────────────────────────────────────────────────────────────────────────────


class TestChangesOfStaff:
    async def test_another_process_sees_it_at_once(self, fresh_postgres_url: str) -> None:
        """The directory is kept in memory, under a version that every import moves."""
        async with (
            open_desk(fresh_postgres_url, staff=[entry("张伟", Role.HANDLER)]) as one,
            open_desk(fresh_postgres_url, staff=()) as two,
        ):
            assert (await two.person("张伟")).roles == {Role.HANDLER}
            await import_staff(one.database, [entry("张伟", Role.AGENT)], one.clock.now())
            assert (await two.person("张伟")).roles == {Role.AGENT}

    async def test_who_left_commands_nothing_and_their_cases_stay(self, database_url: str) -> None:
        async with open_desk(database_url) as kit:
            await kit.says(MATTER)
            owner = (await kit.the_complaint()).owner
            await import_staff(kit.database, [entry("张伟", Role.HANDLER, active=False)], kit.clock.now())
            await kit.says("接单", "handler")
            await kit.says("办结 换了", "handler")
            complaint = await kit.the_complaint()
            assert (complaint.owner, complaint.accepted_at, complaint.resolved_at) == (owner, None, None)

    async def test_the_number_of_a_customer_who_is_hired_speaks_for_the_colleague(self, database_url: str) -> None:
        async with open_desk(database_url) as kit:
            await kit.says(MATTER, "+8613800138000", "sms")
            customer = await known_customer(kit, "+8613800138000", "sms")
            hired = entry("李娜", Role.HANDLER, phone="+8613800138000")
            await import_staff(kit.database, [hired], kit.clock.now())
            assert await known_customer(kit, "+8613800138000", "sms") == (await kit.person("李娜")).id
            assert (await kit.the_complaint()).complainant == customer


async def test_a_number_alone_is_of_no_language(kit: Kit) -> None:
    await kit.says("电梯坏了三天没人修")
    complaint = await kit.the_complaint()
    await kit.says(complaint.reference, "handler")
    [address] = await kit.rows(AddressRow, AddressRow.address == "handler")
    assert address.locale == ""
    await kit.says("接单", "handler")
    [address] = await kit.rows(AddressRow, AddressRow.address == "handler")
    assert address.locale == "zh"
