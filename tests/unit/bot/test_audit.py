"""The audit chain: whatever is done to what was written shows, words can be erased all the same, and nobody waits for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.auditing import Sealer, anchor_line, read_anchors, said
from bot.storage import audit
from bot.storage.audit import RESTORED, Anchor, Head, Verified, record_act
from bot.storage.database import Database
from bot.storage.models import ActRow, EventRow, SealRow
from bot.storage.reveals import add_reveal
from bot.storage.work import Work
from complaints.errors import ComplaintError
from tests.unit.bot.cli_kit import Run, in_database, refused
from tests.unit.bot.desk_kit import MONDAY, Kit, open_desk

RAW = Callable[[Work], Awaitable[None]]


def sql(statement: str) -> RAW:
    async def job(work: Work) -> None:
        await work.session.execute(text(statement))

    return job


async def sealed(kit: Kit) -> Sealer:
    """Let everything that was written be sealed: on PostgreSQL a second look knows that what was under way is over."""
    sealer = Sealer(kit.database, kit.clock)
    await sealer.look()
    await sealer.look()
    return sealer


async def verified(kit: Kit, *anchors: Head | Anchor) -> Verified:
    given = [Anchor(each) if isinstance(each, Head) else each for each in anchors]
    return await kit.database.read(partial(audit.verify, anchors=given))


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    """A desk with three complaints in several runs of the chain."""
    async with open_desk(database_url, before=three_sealed) as kit:
        yield kit


async def three_sealed(kit: Kit) -> None:
    for number in range(3):
        await kit.says(f"{number}号楼电梯坏了三天没人修", f"c{number}")
        await sealed(kit)


@pytest.mark.both_databases
async def test_what_was_written_is_sealed_and_holds(kit: Kit) -> None:
    found = await verified(kit)
    assert not found.broken
    assert found.waiting == 0
    assert found.rows >= await kit.count(EventRow) > 3
    assert found.head.number == await kit.count(SealRow) >= 3
    await kit.says("补充：今天又停了", "c1")
    assert (await verified(kit)).waiting > 0
    await sealed(kit)
    assert not (await verified(kit, found.head)).broken


async def test_nothing_new_seals_nothing(kit: Kit) -> None:
    before = await kit.count(SealRow)
    await sealed(kit)
    assert await kit.count(SealRow) == before


TAMPERINGS = {
    "words changed": ("UPDATE events SET note = 'x' WHERE id = 2", "event 2 of TS"),
    "somebody else did it": ("UPDATE events SET by = 'another' WHERE id = 2", "event 2 of TS"),
    "at another time": ("UPDATE events SET at = '2020-01-01 00:00:00' WHERE id = 2", "event 2 of TS"),
    "of another complaint": ("UPDATE events SET reference = 'TS20260302-0009' WHERE id = 2", "event 2 of TS20260302-0009"),
    "words taken out": ("UPDATE events SET note = '', facts = '{}', seed = digest WHERE id = 2", "event 2 of TS"),
    "seed taken out": ("UPDATE events SET seed = NULL, digest = NULL WHERE id = 2", "event 2 of TS"),
    "taken away": ("DELETE FROM events WHERE id = 2", "taken away"),
    "the last one taken away": ("DELETE FROM events WHERE id = (SELECT max(id) FROM events)", "taken away"),
    "renumbered": ("UPDATE events SET id = 1000000 WHERE id = 2", "taken away"),
    "two swapped": (
        "UPDATE events SET id = -id WHERE id IN (1, 2); UPDATE events SET id = CASE id WHEN -2 THEN 1 ELSE 2 END WHERE id < 0",
        "are not what was sealed",
    ),
    "a seal changed": ("UPDATE seals SET hash = 'x' WHERE number = 2", "seal 2"),
    "a seal taken away": ("DELETE FROM seals WHERE number = 2", "seal 2 is missing"),
    "a seal with fewer rows": ("UPDATE seals SET count = count - 1 WHERE number = 2", "seal 2"),
}  # fmt: skip


class Undone(Exception):
    """What was done in the transaction is taken back."""


async def test_tampering_shows_and_is_named(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        for number in range(3):
            await kit.says(f"{number}号楼电梯坏了三天没人修", f"c{number}")
            await sealed(kit)
        for tampering, (statement, named) in TAMPERINGS.items():
            found: list[Verified] = []

            async def tamper(work: Work, statement: str = statement, found: list[Verified] = found) -> None:
                for each in statement.split("; "):
                    await work.session.execute(text(each))
                found.append(await audit.verify(work))
                raise Undone

            with pytest.raises(Undone):
                await kit.write(tamper)
            assert named in found[0].broken, tampering
            assert said(found[0]).startswith("broken: ")
        assert not (await verified(kit)).broken


async def test_one_put_in_between_shows(database_url: str) -> None:
    async with open_desk(database_url) as kit:
        await kit.says("电梯坏了三天没人修")
        await kit.write(sql("UPDATE events SET id = id + 100 WHERE id > 1"))
        await kit.write(
            sql("INSERT INTO acts (id, kind, at, by, facts) VALUES (7, 'x', '2026-03-02 00:00:00', 'y', '{}')")
        )
        await sealed(kit)
        copied = "reference, kind, at, by, channel, old, new, note, facts, seed, digest"
        await kit.write(sql(f"INSERT INTO events (id, {copied}) SELECT 50, {copied} FROM events WHERE id = 1"))  # noqa: S608
        assert "put in" in (await verified(kit)).broken
        await kit.write(sql("DELETE FROM events WHERE id = 50"))
        await kit.write(sql('UPDATE acts SET facts = \'{"a":"b"}\' WHERE id = 7'))
        if not kit.database.sqlite:
            return  # its sequence does not know of rows with ids of our choice
        assert "acts 1 to 7 are not what was sealed" in (await verified(kit)).broken


async def test_an_end_that_is_gone_shows_by_an_anchor_only(kit: Kit) -> None:
    [anchor] = read_anchors(anchor_line((await verified(kit)).head, MONDAY))
    await kit.write(sql("DELETE FROM events WHERE id >= (SELECT first FROM seals ORDER BY number DESC LIMIT 1)"))
    await kit.write(sql("DELETE FROM seals WHERE number = (SELECT max(number) FROM seals)"))
    assert not (await verified(kit)).broken
    assert "its end is gone" in (await verified(kit, anchor)).broken


async def test_a_chain_that_was_made_anew_shows_by_an_anchor(kit: Kit) -> None:
    anchor = (await verified(kit)).head
    await kit.write(sql("UPDATE events SET note = 'never said', seed = NULL, digest = NULL WHERE id = 1"))
    await kit.write(sql("DELETE FROM seals"))
    await sealed(kit)
    assert not (await verified(kit)).broken
    await kit.says("厨房漏水，物业不管", "c7")
    for _ in range(4):
        await kit.says("补充：今天又停了", "c7")
        await sealed(kit)
    assert "made anew" in (await verified(kit, anchor)).broken


@pytest.mark.both_databases
async def test_erased_words_leave_the_chain_whole(kit: Kit) -> None:
    reference = (await kit.complaints())[1].reference
    anchor = (await verified(kit)).head
    count = await kit.count(EventRow, EventRow.reference == reference)
    assert await kit.write(lambda work: audit.redact(work, [reference], MONDAY)) == count
    assert await kit.write(lambda work: audit.redact(work, [reference], MONDAY)) == 0
    rows = await kit.rows(EventRow, EventRow.reference == reference)
    assert {(row.note, row.facts) for row in rows} == {("", "{}")}
    await sealed(kit)
    found = await verified(kit, anchor)
    assert (found.broken, found.redacted) == ("", count)
    await kit.write(sql("DELETE FROM acts WHERE kind = 'redacted'"))
    assert "nobody erased them" in (await verified(kit)).broken


async def test_words_of_single_events_can_be_erased(kit: Kit) -> None:
    assert await kit.write(lambda work: audit.redact_some(work, [2, 5], MONDAY, "p1")) == 2
    found = await verified(kit)
    assert (found.broken, found.redacted) == ("", 2)
    [act] = await kit.rows(ActRow, ActRow.kind == "redacted")
    assert act.by == "p1"


async def test_events_of_before_there_were_digests_are_sealed_as_they_are(database_url: str) -> None:
    async with open_desk(database_url) as kit:
        await kit.says("电梯坏了三天没人修")
        await kit.write(sql("UPDATE events SET seed = NULL, digest = NULL"))
        assert not (await verified(kit)).broken
        await sealed(kit)
        assert not (await verified(kit)).broken
        await kit.write(sql("UPDATE events SET note = 'x' WHERE id = 1"))
        assert "event 1" in (await verified(kit)).broken


async def test_acts_and_reveals_are_in_the_chain(kit: Kit) -> None:
    reference = (await kit.complaints())[0].reference

    async def act(work: Work) -> None:
        record_act(work, "tried", MONDAY, added=2)
        add_reveal(work, reference, "p1", "chat", MONDAY)

    await kit.write(act)
    await sealed(kit)
    [row] = await kit.rows(ActRow, ActRow.kind == "tried", ActRow.facts.contains('"added":"2"'))
    assert row.by.startswith("shell:")
    await kit.write(sql("UPDATE reveals SET by = 'p2'"))
    assert "reveals 1 to 1" in (await verified(kit)).broken


async def test_what_is_under_way_is_not_passed_over(fresh_postgres_url: str) -> None:
    """Of two processes one has taken a lower id and commits later: its row is sealed with the others, in order."""
    async with open_desk(fresh_postgres_url) as kit, Database(fresh_postgres_url) as other:
        await kit.says("电梯坏了三天没人修")
        await sealed(kit)
        taken, go_on = asyncio.Event(), asyncio.Event()

        async def slow(work: Work) -> None:
            record_act(work, "slow", MONDAY)
            await work.flush()
            taken.set()
            await go_on.wait()

        async def quick(work: Work) -> None:
            record_act(work, "quick", MONDAY + timedelta(seconds=1))

        slowly = asyncio.create_task(other.write(slow))
        await taken.wait()
        await kit.write(quick)
        await sealed(kit)
        assert (await verified(kit)).waiting == 1
        go_on.set()
        await slowly
        await sealed(kit)
        found = await verified(kit)
        assert (found.broken, found.waiting) == ("", 0)


def test_an_anchor_is_read_from_a_line_or_from_each_line_of_a_file(tmp_path: Path) -> None:
    older, newer = Head(3, "a" * 64), Head(12, "b" * 64)
    later = MONDAY + timedelta(days=1)
    path = tmp_path / "anchors.txt"
    path.write_text(f"{anchor_line(older, MONDAY)}\n\n{anchor_line(newer, later)}\n\n")
    read = read_anchors(str(path))
    assert [(each.head, each.at) for each in read] == [(older, MONDAY), (newer, later)]
    assert [each.name.partition(" (")[0] for each in read] == ["line 1", "line 3"]
    [given] = read_anchors(anchor_line(older, MONDAY))
    assert (given.head, given.at) == (older, MONDAY)
    assert read_anchors(anchor_line(Head(0, ""), MONDAY))[0].head == Head(0, "")
    assert read_anchors(f"complaintbot-audit 3 {'a' * 64}")[0].at is None
    assert read_anchors(f"complaintbot-audit 3 {'a' * 64} 2026-02-31T00:00:00Z")[0].at is None
    path.write_text(f"{anchor_line(older, MONDAY)}\ncomplaintbot-audit x\n{anchor_line(newer, later)}\n")
    with pytest.raises(ComplaintError, match="line 2 of"):
        read_anchors(str(path))
    path.write_text("\n")
    for wrong in (str(path), "nowhere", "complaintbot-audit 3"):
        with pytest.raises(ComplaintError):
            read_anchors(wrong)


async def test_every_anchor_of_a_file_has_to_be_in_the_chain(fresh_sqlite_url: str, tmp_path: Path) -> None:
    """A chain that was made anew shows however many anchors were taken of the new one since."""
    path = tmp_path / "anchors.txt"
    async with open_desk(fresh_sqlite_url, before=three_sealed) as kit:

        async def anchored() -> None:
            with path.open("a") as file:
                file.write(f"{anchor_line((await verified(kit)).head, kit.clock.now())}\n")

        await anchored()
        await kit.says("厨房漏水，物业不管", "c7")
        await sealed(kit)
        await anchored()
        found = await verified(kit, *read_anchors(str(path)))
        assert (found.broken, found.anchors) == ("", 2)
        assert "2 anchors hold" in said(found)
        # all that came behind the first anchor is made anew, and anchored again
        last = (await verified(kit)).head.number - 1
        first = read_anchors(str(path))[0].head.number
        assert first <= last
        await kit.write(
            sql("UPDATE events SET note = 'x', seed = NULL, digest = NULL WHERE id = (SELECT max(id) FROM events)")
        )
        await kit.write(sql(f"DELETE FROM seals WHERE number > {first}"))  # noqa: S608
        await sealed(kit)
        await anchored()
        assert not (await verified(kit, read_anchors(str(path))[-1])).broken
        found = await verified(kit, *read_anchors(str(path)))
        assert found.broken.startswith(f"seal {last + 1} is another than the one in line 2 (2026-")
        assert found.broken.endswith(" UTC)")
        assert f"up to seal {first} it is the one of line 1" in found.broken
        assert not found.whole


async def test_what_went_with_a_restoring_is_told_and_not_taken_for_tampering(kit: Kit) -> None:
    """Of the anchors that are not in the chain those are told apart that were taken between the backup and its restoring."""
    held = Anchor((await verified(kit)).head, "line 1", MONDAY)
    lost = Anchor(Head(held.head.number + 40, "f" * 64), "line 2", MONDAY + timedelta(days=2))
    rewritten = Anchor(Head(held.head.number, "e" * 64), "line 3", MONDAY + timedelta(days=2))
    assert "its end is gone" in (await verified(kit, held, lost)).broken

    async def restored(work: Work) -> None:
        made_at = MONDAY + timedelta(days=1)
        record_act(work, RESTORED, MONDAY + timedelta(days=3), made_at=made_at.isoformat(), revision="x")

    await kit.write(restored)
    found = await verified(kit, held, lost, rewritten)
    assert (found.broken, found.anchors, found.gone) == ("", 1, (lost, rewritten))
    first, backup, gone = said(found).splitlines()
    assert first.startswith("whole: ")
    assert "1 anchors hold" in first
    assert "a backup of 2026-03-03 " in backup
    assert backup.startswith("look: on 2026-03-05 ")
    assert gone.startswith("look: line 2, line 3: ")
    for at in (
        MONDAY + timedelta(hours=1),
        MONDAY + timedelta(days=4),
        None,
    ):  # before the backup, or after its restoring
        found = await verified(kit, held, Anchor(lost.head, "line 2", at))
        assert "line 2 is of seal" in found.broken, at
        assert "was restored" in said(found)


def test_by_hand(run: Run, data: Path) -> None:
    """The commands: what they print, and status 1 where something does not hold."""

    async def seal_one(work: Work) -> None:
        record_act(work, "tried", MONDAY)
        await work.flush()
        await audit.seal(work, "acts", 1, MONDAY)

    in_database(data, seal_one)
    anchor = run("audit", "anchor")
    Path("anchors.txt").write_text(anchor.out)
    whole = run("audit", "verify", "--anchor", "anchors.txt")
    assert (whole.status, whole.out) == (0, "whole: 1 seals over 1 rows; 1 anchors hold\n")
    refused(run("audit", "verify", "--anchor", "nowhere.txt"), "neither an anchor nor a file")
    in_database(data, sql("UPDATE acts SET kind = 'never'"))
    broken = run("audit", "verify")
    assert (broken.status, broken.out) == (1, "broken: seal 1: acts 1 to 1 are not what was sealed\n")
    examined = run("doctor", "--json")
    assert examined.status == 1
    assert {"no_staff", "service"} <= {finding["what"] for finding in json.loads(examined.out)}
    assert "→ complaintbot staff import FILE" in run("doctor").out
