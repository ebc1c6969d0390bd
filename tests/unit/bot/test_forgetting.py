"""Deleted means deleted: after it, no word, name, number or address is found in any table, the database file or the files."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, or_, select

from bot import erasure
from bot.auditing import Sealer
from bot.erasure import InTheWay
from bot.retention import Retention, lines, look_ahead, purge
from bot.settings import RetentionSection
from bot.storage import audit, board, digests, holds, queues, retention
from bot.storage.board import Scope
from bot.storage.chat import ChatLog
from bot.storage.models import (
    ActRow,
    AddressRow,
    Base,
    ChatLineRow,
    DataRequestRow,
    EventRow,
    FileRow,
    InboxRow,
    OutboxRow,
)
from bot.storage.retention import Kept
from bot.storage.work import Work
from complaints.complaint import Complaint
from complaints.errors import ConfigError
from complaints.forgetting import STAYS
from complaints.rates import Rates, rates
from complaints.vocabulary import Rating, Status
from connectors.port import RawMessage
from tests.unit.bot.desk_kit import ZONE, Kit, known_customer, open_desk

NAME, PHONE, PLACE = "欧阳翠花", "13912345678", "梧桐苑九栋1804"
SPOKEN = "锅炉房的管子又爆了"
WHO = "c-quiet-one"
SECRETS = (NAME, PHONE, "139 1234 5678", PLACE, "锅炉房", "不许告诉邻居", WHO, "换了整条管线", "还在滴水", "boiler.jpg")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
async def kit(database_url: str, tmp_path: Path) -> AsyncIterator[Kit]:
    async with open_desk(database_url, files=tmp_path / "files") as kit:
        yield kit


async def a_life(kit: Kit, who: str = WHO) -> str:
    """Let a customer live through a complaint, from the first word to the rating; return its number."""
    await kit.says(f"{SPOKEN}，我是{NAME}，电话{PHONE}，住{PLACE}", who)
    [complaint] = [each for each in await kit.complaints() if each.complainant == await known_customer(kit, who)]
    number = complaint.reference[-4:]
    await kit.says("不许告诉邻居是我说的，还在滴水", who, attachments=[{"name": "boiler.jpg", "data": "jpeg"}])
    await kit.deliver()
    await kit.says(f"收到 {number}", "handler")
    await kit.says(f"进展 {number} 已联系{NAME}，明天上门", "handler")
    await kit.deliver()
    await kit.says("待办", "handler")
    await kit.says(f"办结 {number} 换了整条管线", "handler")
    await kit.deliver()
    await kit.says("满意", who)
    await kit.deliver()
    await keep_lines(kit)
    return complaint.reference


async def keep_lines(kit: Kit) -> None:
    """Let the log of chats hold all that was said, as web chat keeps it: for customers and colleagues."""
    log = ChatLog(kit.database, kit.clock)
    for row in await kit.rows(InboxRow):
        said = json.loads(row.raw)["text"]
        key = f"in:{row.external_id.rpartition(':')[2]}"
        await log.append("chat", row.conversation, key, outgoing=False, text=said)
    for message in kit.chat.sent:
        await log.append("chat", message.address, message.key, outgoing=True, text=message.text)


def every_byte(url: str) -> bytes:
    """Return the database's file and its log, as the disk has them."""
    path = Path(make_url(url).database or "")
    beside = [Path(f"{path}{ending}") for ending in ("", "-wal")]
    return b"".join(each.read_bytes() for each in beside if each.exists())


async def found_in_tables(kit: Kit) -> list[tuple[str, str, str]]:
    """Return (table, secret, row) of everything that is still there."""

    async def read(work: Work) -> list[tuple[str, str, str]]:
        found = []
        for table in Base.metadata.sorted_tables:
            for row in await work.session.execute(select(table)):
                text = "|".join(v.decode(errors="replace") if isinstance(v, bytes) else str(v) for v in row)
                found += [(table.name, secret, text) for secret in SECRETS if secret in text]
        return found

    return await kit.database.read(read)


async def counted(kit: Kit) -> tuple[Rates, board.Numbers, list[tuple[str, str]]]:
    """Return all that is counted: rates, board, and which kinds of events happened."""

    async def read(work: Work) -> board.Numbers:
        now = kit.clock.now()
        return await board.numbers(work, "nobody", Scope(), now, LONG_AGO, now + timedelta(days=1), LONG_AGO)

    numbers = await kit.database.read(read)
    found = rates(await kit.complaints(), kit.clock.now(), frozenset())
    return found, numbers, [(row.reference, row.kind) for row in await kit.rows(EventRow)]


async def chain_holds(kit: Kit) -> None:
    sealer = Sealer(kit.database, kit.clock)
    while await sealer.look():
        pass
    verified = await kit.database.read(audit.verify)
    assert (verified.broken, verified.waiting, verified.named) == ("", 0, ())


def keeping(kit: Kit, tmp_path: Path, **spans: str) -> Retention:
    return Retention(kit.database, kit.clock, RetentionSection(**spans), ZONE, tmp_path / "files")


async def erase(kit: Kit, who: str = WHO) -> None:
    person = await known_customer(kit, who)
    await kit.write(lambda work: erasure.erase(work, person, kit.clock.now(), by=None, request=1))


@pytest.mark.both_databases
async def test_of_an_erased_person_nothing_is_left(kit: Kit, tmp_path: Path) -> None:
    """Trap 46: free text goes too."""
    reference = await a_life(kit)
    await kit.says(f"顺便问问 {PHONE} 那家处理了吗", "handler")
    await kit.says("电梯坏了三天没人修，物业推给楼下", "neighbour")
    [other] = [each for each in await kit.complaints() if each.reference != reference]
    await kit.says(f"备注 {other.reference[-4:]} 楼上{NAME}说也听见了", "handler")
    await chain_holds(kit)
    assert {table for table, _, _ in await found_in_tables(kit)} >= {
        "people", "addresses", "inbox", "messages", "outbox", "deliveries", "complaints", "events", "chat_lines", "files",
    }  # fmt: skip
    before = await counted(kit)
    await erase(kit)
    assert await found_in_tables(kit) == []
    assert await counted(kit) == before
    await chain_holds(kit)
    forgotten = next(each for each in await kit.complaints() if each.reference == reference)
    assert (forgotten.status, forgotten.summary, forgotten.surveys[-1].rating) == (Status.CLOSED, "", Rating.SATISFIED)
    assert "电梯" in next(each for each in await kit.complaints() if each.reference == other.reference).summary


async def test_the_database_file_and_the_files_hold_nothing_of_it_either(fresh_sqlite_url: str, tmp_path: Path) -> None:
    async with open_desk(fresh_sqlite_url, files=tmp_path / "files") as kit:
        await nothing_is_left_on_the_disk(kit, tmp_path)


async def nothing_is_left_on_the_disk(kit: Kit, tmp_path: Path) -> None:
    await a_life(kit)
    assert SPOKEN.encode() in every_byte(kit.database.url)
    [file] = await kit.rows(FileRow)
    place = tmp_path / "files" / file.path
    place.parent.mkdir(parents=True)
    place.write_bytes(SPOKEN.encode())
    await erase(kit)
    assert await erasure.remove_files(kit.database, tmp_path / "files") == 1
    assert await purge(kit.database)
    left = every_byte(kit.database.url)
    assert [secret for secret in SECRETS if secret.encode() in left] == []
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


async def test_what_is_open_or_held_stands_in_the_way_and_is_named(kit: Kit) -> None:
    await kit.says(SPOKEN, WHO)
    [complaint] = await kit.complaints()
    with pytest.raises(InTheWay) as refused:
        await erase(kit)
    assert refused.value.references == (complaint.reference,)
    await kit.says("撤销投诉", WHO)
    await kit.says("是", WHO)
    await kit.write(lambda work: holds.place(work, complaint.reference, None, "诉讼", "shell:root", kit.clock.now()))
    with pytest.raises(InTheWay) as refused:
        await erase(kit)
    assert (refused.value.references, refused.value.held) == ((), (complaint.reference,))
    await kit.write(lambda work: holds.lift(work, complaint.reference, None, "已结案", "shell:root", kit.clock.now()))
    await erase(kit)


async def test_what_goes_on_in_another_complaint_stands_in_the_way_too(kit: Kit) -> None:
    for who in (WHO, "neighbour"):
        await kit.says("三号楼的电梯坏了三天没人修", who)
    theirs, other = sorted(each.reference for each in await kit.complaints())
    await kit.says(f"合并 {theirs[-4:]} 到 {other[-4:]}", "lead")
    await kit.says("确认", "lead")
    assert next(each for each in await kit.complaints() if each.reference == theirs).status is Status.MERGED
    with pytest.raises(InTheWay) as refused:
        await erase(kit)
    assert refused.value.references == (theirs,)


async def test_after_its_time_a_complaint_is_forgotten_and_still_counted(kit: Kit, tmp_path: Path) -> None:
    """Trap 46: kept for its time and no longer, and no figure goes with it."""
    reference = await a_life(kit)
    kit.clock.move_to(kit.clock.now() + timedelta(days=1200))
    await kit.says("电梯坏了三天没人修", WHO)  # the same customer, today
    before = await counted(kit)
    went = await keeping(kit, tmp_path).run()
    assert went[Kept.COMPLAINTS] == 1
    assert went[Kept.CUSTOMERS] == 0  # they wrote just now
    assert await counted(kit) == before
    old, new = sorted(await kit.complaints(), key=lambda each: each.received_at)
    assert (old.reference, old.summary) == (reference, "")
    assert (new.complainant, "电梯" in new.summary) == (await known_customer(kit, WHO), True)
    assert old.complainant != new.complainant
    assert {secret for _, secret, _ in await found_in_tables(kit)} <= {NAME, PHONE, PLACE, WHO}
    await chain_holds(kit)


@pytest.mark.both_databases
async def test_when_the_last_is_gone_so_is_the_customer(kit: Kit, tmp_path: Path) -> None:
    await a_life(kit)
    kit.clock.move_to(kit.clock.now() + timedelta(days=1200))
    keeper = keeping(kit, tmp_path)
    before = await counted(kit)
    await keeper.look()  # just begun
    await keeper.look()
    assert await found_in_tables(kit) == []
    assert await counted(kit) == before
    assert await kit.count(ActRow, ActRow.kind == "retention") == 1
    await keeper.look()  # the day's work is done
    assert await kit.count(ActRow, ActRow.kind == "retention") == 1


async def test_a_dry_run_says_what_would_go_and_takes_nothing(kit: Kit, tmp_path: Path) -> None:
    await a_life(kit)
    section = RetentionSection(outbox="10d", complaints="never")
    now = kit.clock.now() + timedelta(days=11)
    ahead = await look_ahead(kit.database, section, now)
    found = {each.kept: each for each, _ in ahead}
    assert found[Kept.OUTBOX].count == await kit.count(OutboxRow) > 0
    assert (found[Kept.RAW_MESSAGES].count, found[Kept.COMPLAINTS].count) == (0, 0)
    assert any(
        line.startswith("outbox\t2026-03-03")
        for line in lines(list(await look_ahead(kit.database, section, now)), ZONE)
    )
    assert await found_in_tables(kit)


async def test_a_held_complaint_outlives_its_time(kit: Kit, tmp_path: Path) -> None:
    reference = await a_life(kit)
    await kit.write(lambda work: holds.place(work, reference, None, "诉讼", "shell:root", kit.clock.now()))
    kit.clock.move_to(kit.clock.now() + timedelta(days=1200))
    await keeping(kit, tmp_path).run()
    assert (await kit.the_complaint()).summary
    await kit.write(lambda work: holds.lift(work, reference, None, "已结案", "shell:root", kit.clock.now()))
    await keeping(kit, tmp_path).run()
    assert not (await kit.the_complaint()).summary


@pytest.mark.both_databases
async def test_what_others_said_of_somebody_is_not_blotted_out_while_it_is_held(kit: Kit) -> None:
    """Neither words of theirs, nor what is kept of how they were understood."""
    await a_life(kit)
    await kit.says(f"楼上{NAME}家漏水，没人管", "neighbour")
    [open_case] = [row for row in await kit.complaints() if not row.settled]
    await kit.write(lambda work: holds.place(work, open_case.reference, None, "诉讼", "shell:root", kit.clock.now()))
    before = await found_in_tables(kit)
    with pytest.raises(InTheWay, match=f"under a legal hold: {open_case.reference} ") as refusal:
        await erase(kit)
    assert refusal.value.held == (open_case.reference,)
    assert await found_in_tables(kit) == before
    await kit.write(lambda work: holds.lift(work, open_case.reference, None, "已判决", "shell:root", kit.clock.now()))
    await erase(kit)
    assert await found_in_tables(kit) == []


async def test_a_hold_on_one_person_keeps_what_they_said_of_another(kit: Kit) -> None:
    await a_life(kit)
    await kit.says(f"你好，我想问问{NAME}在不在", "neighbour")
    person = await known_customer(kit, "neighbour")
    await kit.write(lambda work: holds.place(work, None, person, "诉讼", "shell:root", kit.clock.now()))
    with pytest.raises(InTheWay, match=f"person {person}"):
        await erase(kit)
    other = await known_customer(kit, WHO)
    await kit.write(lambda work: holds.lift(work, None, person, "已判决", "shell:root", kit.clock.now()))
    await kit.write(lambda work: holds.place(work, "TS20260302-9999", None, "诉讼", "shell:root", kit.clock.now()))
    await kit.write(lambda work: erasure.check(work, other))  # a hold on what has nothing of them is in nobody's way


async def test_a_hold_keeps_the_chat_in_which_it_was_said(kit: Kit) -> None:
    reference = await a_life(kit)
    await kit.write(lambda work: holds.place(work, reference, None, "诉讼", "shell:root", kit.clock.now()))
    lines = await kit.count(ChatLineRow, ChatLineRow.conversation == WHO)
    assert lines > 0
    assert await expire(kit, Kept.CHAT_LINES) > 0
    assert await kit.count(ChatLineRow, ChatLineRow.conversation == WHO) == lines


async def test_a_hold_keeps_the_way_to_who_would_not_be_named(kit: Kit) -> None:
    await kit.says("匿名投诉 班长天天收红包", WHO)
    reference = (await kit.the_complaint()).reference
    for words in (f"撤销 {reference}", "是"):
        await kit.says(words, WHO)
    await kit.write(lambda work: holds.place(work, reference, None, "诉讼", "shell:root", kit.clock.now()))
    assert await expire(kit, Kept.ANONYMOUS_ADDRESSES) == 0
    await kit.write(lambda work: holds.lift(work, reference, None, "已判决", "shell:root", kit.clock.now()))
    assert await expire(kit, Kept.ANONYMOUS_ADDRESSES) == 1


async def test_a_hold_keeps_the_answers_to_requests(kit: Kit) -> None:
    await kit.says("我的数据", WHO)
    person, now = await known_customer(kit, WHO), kit.clock.now()

    async def answered(work: Work) -> None:
        row = await work.session.get_one(DataRequestRow, 1)
        row.answer, row.answered_at = "资料已寄出", now

    await kit.write(answered)
    await kit.write(lambda work: holds.place(work, None, person, "诉讼", "shell:root", now))
    assert await expire(kit, Kept.DATA_REQUESTS) == 0
    await kit.write(lambda work: holds.lift(work, None, person, "已判决", "shell:root", now))
    assert await expire(kit, Kept.DATA_REQUESTS) == 1


async def expire(kit: Kit, kept: Kept, after: timedelta = timedelta()) -> int:
    """Let go of a kind what is there now, as if its time were over; return how much went."""
    now = kit.clock.now() + after
    went = 0
    while True:
        batch = await kit.write(lambda work: retention.forget_some(work, kept, now + timedelta(seconds=1), now))
        went += batch.went
        if not batch.more:
            return went


async def test_each_kind_goes_alone_and_once(kit: Kit, tmp_path: Path) -> None:
    await a_life(kit)
    await kit.says("电梯坏了三天没人修", "neighbour")  # open: what is needed for it stays
    kept = [row for row in await kit.complaints() if not row.settled]
    others = or_(OutboxRow.reference.is_(None), OutboxRow.reference != kept[0].reference)
    due = OutboxRow.state.not_in(("queued", "held")), others
    for kind, count in (
        (Kept.RAW_MESSAGES, await kit.count(InboxRow) - 1),  # out of one a file has still to be taken
        (Kept.CHAT_LINES, await kit.count(ChatLineRow)),
        (Kept.OUTBOX, await kit.count(OutboxRow, *due)),
        (Kept.FILES, 1),
    ):
        assert (kind, await expire(kit, kind)) == (kind, count)
        assert await expire(kit, kind) == 0
    assert {row.conversation for row in await kit.rows(ChatLineRow)} == {""}  # the last, for its number
    assert await kit.count(InboxRow, InboxRow.raw != b"") == 1
    assert await kit.outbox(None, OutboxRow.reference == kept[0].reference, OutboxRow.facts == "{}") == []


async def test_what_nobody_looked_at_in_quarantine_is_given_up(kit: Kit) -> None:
    await kit.says("x", WHO, broken=True)
    assert await expire(kit, Kept.QUARANTINE) == 1
    [row] = await kit.rows(InboxRow)
    assert (row.state, row.raw, row.conversation) == ("done", b"", "")


@pytest.mark.both_databases
async def test_what_was_forgotten_is_known_when_it_comes_again(kit: Kit) -> None:
    """Also a copy in one breath with something new, and from a sender whom somebody else's identity names."""
    messages = [RawMessage("chat", f"{WHO}:{n}", WHO, json.dumps({"text": SPOKEN}).encode()) for n in (1, 2, 3)]
    other = RawMessage("chat", f"of/{WHO}/1", "room", json.dumps({"text": "hello"}).encode())
    assert await kit.inbox.store([*messages[:2], other]) == [True] * 3
    await kit.understand()
    assert await expire(kit, Kept.RAW_MESSAGES) == 3
    assert {row.external_id for row in await kit.rows(InboxRow)} >= {digests.hidden(f"{WHO}:1"), other.external_id}
    assert await kit.inbox.store(messages) == [False, False, True]
    assert await kit.inbox.store(messages) == [False] * 3
    elsewhere = replace(messages[0], channel="sms")
    assert await kit.inbox.store([elsewhere]) == [True]
    await kit.understand()
    for complaint in await kit.complaints():
        await kit.says(f"撤销 {complaint.reference}", WHO)
        await kit.says("是", WHO)
    await erase(kit)
    assert [row.external_id for row in await kit.rows(InboxRow) if WHO in row.external_id] == []
    assert await kit.inbox.store([*messages, other]) == [False] * 4


async def test_who_would_not_be_named_is_answered_until_their_time_is_over(kit: Kit) -> None:
    await kit.says("匿名投诉 班长天天收红包", WHO)
    [complaint] = await kit.complaints()
    assert await expire(kit, Kept.ANONYMOUS_ADDRESSES) == 0  # it is open
    await kit.says(f"撤销 {complaint.reference}", WHO)
    await kit.says("是", WHO)
    assert (await kit.the_complaint()).settled
    assert await expire(kit, Kept.ANONYMOUS_ADDRESSES) == 1
    assert await kit.rows(AddressRow, AddressRow.person == complaint.complainant) == []


async def test_a_night_looks_only_at_what_is_over(kit: Kit) -> None:
    """Behind the cursor nothing is read again, and before it only one row: the first that is young."""
    await a_life(kit)
    await expire(kit, Kept.OUTBOX)
    cursor = await kit.database.read(lambda work: queues.read_cursor(work, "retention/outbox"))
    assert cursor == str(max(row.id for row in await kit.outbox()))
    await kit.says("电梯坏了三天没人修", "neighbour")
    batch = await kit.write(lambda work: retention.forget_some(work, Kept.OUTBOX, LONG_AGO, kit.clock.now()))
    assert (batch.went, batch.more) == (0, False)


def test_every_text_of_a_complaint_stays_or_goes_by_name() -> None:
    """Whoever adds a text that is counted names it; what is not named goes."""
    for part, names in STAYS.items():
        assert names <= {each.name for each in fields(part)}, part
    assert {"summary", "place", "result", "plan", "cause"}.isdisjoint(STAYS[Complaint])


@pytest.mark.parametrize(("said", "days"), [("90d", 90), ("18m", 540), ("3y", 1095), ("never", None)])
def test_a_time_to_keep_is_days_months_years_or_never(said: str, days: int | None) -> None:
    assert RetentionSection(complaints="never", surveys=said).spans()["surveys"] == (days and timedelta(days=days))


def test_nothing_said_of_a_complaint_is_kept_longer_than_it() -> None:
    assert RetentionSection(complaints="1y", outbox="never").spans()["outbox"] == timedelta(days=365)
    with pytest.raises(ConfigError, match=r"retention\.outbox is '1 year'"):
        RetentionSection(outbox="1 year").check()
